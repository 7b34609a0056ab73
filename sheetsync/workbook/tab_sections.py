"""Which tab of a book is which section: as the team says, by its id, or by its name.

What stands in such a tab is recognition.py's.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sheetsync.method.codes import SectionCode
from sheetsync.method.policy import Policy
from sheetsync.method.terms import MIXED, kind_of
from sheetsync.method.vocabulary import section_of
from sheetsync.workbook.snapshot import Book, Grid, is_own


class SectionTab(NamedTuple):
    """A tab and the section it is taken for. `by_team`: the team says so itself."""

    grid: Grid
    section: str
    by_team: bool = False


def sections_of(book: Book, policy: Policy) -> Iterator[SectionTab]:
    """Name the section of every tab that has one.

    Those that the team names come first, then those known by id, then those known by title. A tab
    of several sections that is to stay whole is the working list, and whatever is typed on the tab
    of that name is sent to it.
    """
    named = [*_named_sections(book, policy)]
    whole = _kept_whole(named, policy)
    works = any(tab.section == SectionCode.WORKING for tab in named)
    for tab in named:
        is_spare = section_of(tab.grid.title, policy) == SectionCode.WORKING
        if whole is not None and tab.grid.sheet_id == whole.grid.sheet_id:
            yield tab._replace(section=SectionCode.WORKING)
        elif whole is not None and tab.section == SectionCode.WORKING:
            yield tab._replace(section=MIXED)
        elif (
            not (whole or works) and is_spare and kind_of(tab.section) == MIXED
        ):
            # It was the spare one of a base that is split up now.
            yield tab._replace(section=SectionCode.WORKING)
        else:
            yield tab


def _kept_whole(
    named: Sequence[SectionTab], policy: Policy
) -> SectionTab | None:
    """Return the one tab of several sections where it is not to be split up."""
    if policy.split_one_tab:
        return None
    mixed = [
        tab
        for tab in named
        if kind_of(tab.section) == MIXED
        and section_of(tab.grid.title, policy) != SectionCode.WORKING
    ]
    return mixed[0] if len(mixed) == 1 else None


def _named_sections(book: Book, policy: Policy) -> Iterator[SectionTab]:
    by_team = _sections_by_team(book, policy)
    for grid in book.grids:
        section = by_team.get(grid.sheet_id)
        if section:
            yield SectionTab(grid, section, by_team=True)
    remembered = book.layout.by_id
    others = [grid for grid in book.grids if grid.sheet_id not in by_team]
    for grid in others:
        if grid.sheet_id in remembered:
            yield SectionTab(grid, remembered[grid.sheet_id].section)
    not_by_title = remembered.keys() | book.volumes.keys()
    yield from _sections_by_title(
        [grid for grid in others if grid.sheet_id not in not_by_title], policy
    )


def _sections_by_team(book: Book, policy: Policy) -> dict[int, str | None]:
    """Return sheetId -> section as the team says it, None where the tab is none."""
    titles_before = book.layout.by_title
    sections: dict[int, str | None] = {}
    for mapped in policy.mapped.tabs:
        if mapped.title in titles_before:
            sections[titles_before[mapped.title].sheet_id] = mapped.section
    # Second, as the tab that bears a name now goes before the one that bore it at the last run.
    for mapped in policy.mapped.tabs:
        for grid in book.grids:
            if grid.title == mapped.title:
                sections[grid.sheet_id] = mapped.section
    return sections


def _sections_by_title(
    grids: Sequence[Grid], policy: Policy
) -> Iterator[SectionTab]:
    names = {
        policy.words.name("sections", code) for code in policy.codes("sections")
    }
    # Of one section the first tab is read, which must not be one that only sounds like it.
    for grid in sorted(grids, key=lambda grid: grid.title not in names):
        section = section_of(grid.title, policy)
        if section is not None and not is_own(grid.title, policy):
            yield SectionTab(grid, section)
