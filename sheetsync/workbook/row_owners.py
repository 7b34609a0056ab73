"""Whose a client is that names no manager: by merged cells, a banner above, or the tab's title.

A name counts only where the Settings tab knows it. What is written of it is the rules' to say.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from sheetsync.method.policy import Policy
from sheetsync.method.vocabulary import section_of
from sheetsync.values import Cell, clean, fold, is_nobody
from sheetsync.workbook.client_rows import banners_above
from sheetsync.workbook.snapshot import OwnerSource, RowOwner, Tab


def with_owners(tab: Tab, policy: Policy) -> Tab:
    """Give the rows of a tab that name no manager the one that stands above or around them."""
    owners = {owner.row: owner for owner in _owners(tab, policy)}
    if not owners:
        return tab
    managers = tab.frame["manager"].astype(object).copy()
    for index, row in tab.frame["row"].items():
        if row in owners:
            managers[index] = owners[row].manager
    return replace(
        tab,
        frame=tab.frame.assign(manager=managers),
        owners=tuple(owners.values()),
    )


def _owners(tab: Tab, policy: Policy) -> Iterator[RowOwner]:
    """Go through the rows without a manager that have one all the same, from the top."""
    if not policy.managers or not len(tab.frame):
        return
    titled = title_owner(tab.title, policy)
    merged = _merged_owners(tab, policy)
    banners = [*banners_above(tab.passed)]
    if not titled and not merged and not banners:
        return
    answered = {
        *(cell.row for cell in tab.faulty if cell.field == "manager"),
        *_said_to_be_nobodys(tab),
    }
    above = ""
    following = iter([*banners, (0, "")])
    next_row, next_manager = next(following)
    nobodys = tab.frame.loc[tab.frame["manager"].isna(), "row"].tolist()
    for row in nobodys:
        while next_row and next_row < row:
            above = next_manager
            next_row, next_manager = next(following)
        if row in answered:
            continue
        if row in merged:
            yield RowOwner(row, merged[row], OwnerSource.MERGED)
        elif above:
            yield RowOwner(row, above, OwnerSource.BANNER)
        elif titled:
            yield RowOwner(row, titled, OwnerSource.TITLE)


def title_owner(title: str, policy: Policy) -> str:
    """Return the manager whose name a tab bears; "" where it bears none, or a section's name too.

    A title that is both is the section's: the rows that name nobody stay nobody's.
    """
    if section_of(title, policy) is not None:
        return ""
    return policy.managers.get(fold(title), "")


def _said_to_be_nobodys(tab: Tab) -> Iterator[int]:
    """Go through the sheet's numbers of the rows whose own cell says in words: nobody's."""
    column = tab.fields.get("manager")
    if column is None:
        return
    for row in tab.frame["row"]:
        words = clean(tab.grid.cell(row - 1, column))
        # A lone dash is as good as an empty cell.
        if fold(words) and is_nobody(words):
            yield row


def _merged_owners(tab: Tab, policy: Policy) -> Mapping[int, str]:
    """Return the manager of each row (the sheet's number) by cells merged over several rows."""
    column = tab.fields.get("manager")
    owners: dict[int, str] = {}
    if column is None:
        return owners
    for area in tab.grid.merges:
        if area.left <= column < area.right and area.bottom - area.top > 1:
            name = _known(tab.grid.cell(area.top, area.left), policy)
            bottom = min(area.bottom, len(tab.grid.cells))
            if name:
                owners.update(
                    dict.fromkeys(range(area.top + 1, bottom + 1), name)
                )
    return owners


def _known(cell: Cell, policy: Policy) -> str:
    """Return the manager that a cell names, "" where it names none that is known."""
    return policy.managers.get(fold(clean(cell)), "")
