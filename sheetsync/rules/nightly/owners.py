"""The managers of rows that do not name them are written into the managers' column.

A row that leaves a manager's own tab, or the place below their name, would be nobody's otherwise.
"""

from collections.abc import Iterator

from sheetsync.i18n import Language
from sheetsync.rules.draft.changes import Changes
from sheetsync.rules.draft.night import Night, RowPlace
from sheetsync.rules.draft.plan_draft import PlanDraft
from sheetsync.rules.routing.moves import obstacle_to_write
from sheetsync.workbook.plan import Edit
from sheetsync.workbook.snapshot import OwnerSource, RowOwner, Tab


def named_owners(draft: PlanDraft) -> Changes:
    """Write the manager into each row whose manager stands above it, or on its tab."""
    night = draft.night
    edits: list[Edit] = []
    for tab in night.snapshot.tabs:
        edits += _edits(night, tab)
    return Changes(edits=tuple(edits))


def _edits(night: Night, tab: Tab) -> Iterator[Edit]:
    ids = night.base["id"]
    column = tab.fields.get("manager")
    for owner in tab.owners:
        place = RowPlace(tab.section, owner.row)
        # What is merged says so by itself as long as the row stands there, and it cannot move.
        if owner.source is OwnerSource.MERGED:
            continue
        if obstacle_to_write(night, place, "manager") is None:
            before = (
                None if column is None else tab.grid.cell(owner.row - 1, column)
            )
            yield Edit(
                *place,
                str(ids.at[night.snapshot.locate(*place)]),
                "manager",
                before,
                owner.manager,
                _why(owner, tab, night.language),
                derived=False,
            )


def _why(owner: RowOwner, tab: Tab, language: Language) -> str:
    text = language.text
    if owner.source is OwnerSource.TITLE:
        return text("stands on the tab “{tab}”", tab=tab.title)
    return text("stands below the name of {manager}", manager=owner.manager)
