"""Which tab of a book is which section: as the team says, by its id, or by its name.

What stands in such a tab is recognition.py's.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sheetsync.method.policy import Policy
from sheetsync.method.vocabulary import section_of
from sheetsync.workbook.snapshot import Book, Grid, is_own


class SectionTab(NamedTuple):
    """A tab and the section it is taken for. `by_team`: the team says so itself."""

    grid: Grid
    section: str
    by_team: bool = False


def sections_of(book: Book, policy: Policy) -> Iterator[SectionTab]:
    """Name the section of every tab that has one.

    Those that the team names come first, then those known by id, then those known by title.
    """
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
