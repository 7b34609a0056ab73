"""The front door of the program's own sheets (METHOD point 10): the order of the tabs.

Pure: no clock, no service. The writer lays the sheets out; `layout.theme` says what each style is.
"""

from collections.abc import Sequence

from sheetsync.i18n import Language
from sheetsync.method.policy import Policy
from sheetsync.reporting.layout.links import linked
from sheetsync.reporting.layout.model import (
    ReportCell,
    ReportLine,
    ReportSheet,
    in_cells,
    tab_titles,
)
from sheetsync.reporting.metrics import Figures
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.reporting.summary.page import summary_sheet
from sheetsync.reporting.tabs.action_review import sample_sheets
from sheetsync.reporting.tabs.audit import audit_sheets
from sheetsync.reporting.tabs.companies_behind_figures import FigureLists
from sheetsync.reporting.tabs.manager import left_sheets, manager_sheets
from sheetsync.reporting.tabs.revision import revision_sheet
from sheetsync.reporting.tabs.trial import trial_sheets
from sheetsync.rules.draft.projection import Projection
from sheetsync.rules.safeguards import Stop
from sheetsync.simulation.tab import simulation_sheets
from sheetsync.workbook.journal import JournalLine
from sheetsync.workbook.snapshot import OWN, own_title

__all__ = [
    "ReportCell",
    "ReportLine",
    "ReportSheet",
    "manager_titles",
    "reports",
]


def manager_titles(facts: Facts) -> dict[str, str]:
    """Return the title of each manager's tab, unlike that of any other."""
    snapshot = facts.projection.snapshot
    policy = facts.policy
    book = snapshot.book
    own = [own_title(book, policy, key) for key in OWN]
    theirs = [
        grid.title for grid in book.grids if grid.sheet_id in book.not_by_title
    ]
    sections = [tab.title for tab in snapshot.tabs]
    return tab_titles(facts.managers, policy, [*own, *theirs, *sections])


def reports(
    projection: Projection,
    policy: Policy,
    language: Language,
    journal: Sequence[JournalLine],
    stop: Stop | None = None,
    counted: Figures | None = None,
) -> tuple[ReportSheet, ...]:
    """Return the program's own sheets in the order of the tabs.

    The same arguments give the same ones.

    `journal`: newest lines first, those of the run being written included; the figures of the night
    are the lines dated `projection.today`. `stop`: one for safety that the summary shows.
    `counted`: what a run has counted of this projection (`RunRecord.figures`), which is not worked
    out again then.
    """
    if counted is None:
        figures = Figures(Facts(projection, policy, journal, stop))
    else:
        figures = counted.beside(journal)
    facts = figures.facts
    titles = manager_titles(facts)
    # What the summary's figures were counted from: complete once the summary is.
    lists = FigureLists(facts, language)
    summary = summary_sheet(figures, language, titles, lists)
    sheets = (
        summary,
        *manager_sheets(facts, language, titles),
        revision_sheet(facts, language),
        *sample_sheets(facts, language),
        *trial_sheets(facts, language),
        *simulation_sheets(facts, language),
        lists.sheet(),
        *audit_sheets(facts, language),
        # Managers' tabs of ours that nobody's rows fill any more.
        *left_sheets(facts, language, {*titles.values()}),
    )
    return tuple(map(in_cells, linked(sheets)))
