"""Where the first reports of a new book come to stand: the summary, the managers, then the rest.

Only in a book that is laid out as the program lays one out, and has no report yet: a team's own
order is theirs, and nobody's tab is ever moved.
"""

from collections.abc import Iterable, Mapping, Sequence

from sheetsync.method.policy import Policy
from sheetsync.reporting.layout.model import ReportSheet, legal_title
from sheetsync.workbook.answers import kind_of_report
from sheetsync.workbook.snapshot import Book, is_own, own_titles, reports_of

FIRST = ("summary", "manager")
"""Kinds of reports that stand before the sections."""


def places_of_new(
    sheets: Sequence[ReportSheet], book: Book, policy: Policy
) -> Mapping[str, int]:
    """Return the places of reports by their keys; nothing where each goes after all tabs.

    As the requests add them one after the other, each place counts those before it.
    """
    settings = book.titled(*own_titles(policy, "settings"))
    # Without settings nobody has laid the book out, whatever its team calls its tabs.
    if settings is None or any(reports_of(book, policy)):
        return {}
    if _is_adopted(policy) or not _is_as_laid_out(book, policy):
        return {}
    keys = [sheet.key for sheet in sheets]
    places = {}
    first = [key for key in keys if kind_of_report(key) in FIRST]
    for place, key in enumerate(first):
        places[key] = place
    others = [key for key in keys if key not in places]
    for place, key in enumerate(others, settings.index + len(first)):
        places[key] = place
    return places


def _is_adopted(policy: Policy) -> bool:
    """Tell whether the settings say what a team's own tabs or headings mean, as `adopt` writes."""
    return bool(policy.mapped.tabs or policy.mapped.columns)


def _is_as_laid_out(book: Book, policy: Policy) -> bool:
    """Tell whether a book has the method's sections in their order, and else the program's tabs."""
    theirs = [
        grid.title
        for grid in sorted(book.grids, key=lambda grid: grid.index)
        if grid.sheet_id in book.not_by_title or not is_own(grid.title, policy)
    ]
    return theirs == [*_section_titles(policy)]


def _section_titles(policy: Policy) -> Iterable[str]:
    for section in policy.codes("sections"):
        yield legal_title(policy.words.name("sections", section))
