"""The program's own tabs within a batch: reports and their charts, the Journal, the state tab.

What stands on a report is told by reporting/, how one is written by requests/report_tab.py.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sheetsync.i18n import Language, language
from sheetsync.method.policy import template
from sheetsync.method.settings_tab.document import default
from sheetsync.method.settings_tab.last_good import kept
from sheetsync.reporting.layout.model import ReportCell, company_cell, words_of
from sheetsync.reports import ReportSheet
from sheetsync.rules.capacity.refill import known_managers
from sheetsync.rules.changes.authority import heads_addresses
from sheetsync.rules.decisions.decision_words import (
    everybodys_words,
    heads_words,
)
from sheetsync.sheets.batch.builder import BatchDraft
from sheetsync.sheets.batch.chart_updates import (
    WORDS,
    ChartRequests,
    ChartWriter,
)
from sheetsync.sheets.requests.cells import Request
from sheetsync.sheets.requests.dropdowns import words_of_tab
from sheetsync.sheets.requests.own_tab_requests import (
    OwnTab,
    journal_requests,
    own_tab,
    state_requests,
)
from sheetsync.sheets.requests.report_tab import (
    PlacedReport,
    ReportWriter,
    answer_protections,
)
from sheetsync.sheets.requests.tab_requests import new_sheet_id, protect
from sheetsync.sheets.requests.tab_visibility import visibility_requests
from sheetsync.values import Cell
from sheetsync.workbook import journal
from sheetsync.workbook import last_run_state as state
from sheetsync.workbook.answers import TRIAL, asks
from sheetsync.workbook.journal import JournalLine
from sheetsync.workbook.snapshot import Book
from sheetsync.workbook.trial_record import TrialRecord


class ReportTabs(NamedTuple):
    """What writes the report tabs; their cells are on the draft's canvas.

    `requests`: what adds tabs and rows, before the cells; `drawings`: on charts, after the cells
    that these draw; `afterwards`: what is sent by itself, once all is written.
    """

    requests: list[Request]
    drawings: list[Request]
    afterwards: list[Request]


class OwnTabs(NamedTuple):
    """What writes all of the program's own tabs; their cells are on the draft's canvas.

    `requests`: what adds tabs and rows; `reports`: as by themselves; `state_tab`: where the state
    is kept, and copies of cells beside it.
    """

    requests: list[Request]
    reports: ReportTabs
    state_tab: OwnTab


def own_tabs(
    draft: BatchDraft,
    sheets: Sequence[ReportSheet],
    lines: Sequence[JournalLine],
) -> OwnTabs:
    """Return what writes all of the program's own tabs. `lines`: the new ones of the Journal."""
    taken: set[int] = set()
    if draft.ageing is not None and draft.ageing.added is not None:
        taken.add(draft.ageing.added.sheet_id)
    reports = ReportTabs([], [], [])
    # Between two parts of a night the reports stay as they were: they are of the whole base.
    if draft.projection.part is None:
        reports = report_tabs(draft, sheets, taken)
    journal_tab = own_tab(draft.snapshot.book, draft.policy, "journal", taken)
    state_tab = own_tab(draft.snapshot.book, draft.policy, "state", taken)
    requests = [
        *reports.requests,
        *_journal(draft, journal_tab, lines),
        *_ageing(draft, len(lines)),
        *_state(draft, state_tab),
    ]
    return OwnTabs(requests, reports, state_tab)


def _journal(
    draft: BatchDraft, tab: OwnTab, lines: Sequence[JournalLine]
) -> list[Request]:
    spoken = language(draft.policy.words.language)
    rows = [journal.to_row(line, draft.policy) for line in lines]
    requests = journal_requests(
        tab, journal.headings(spoken), rows, draft.canvas
    )
    return requests + _protected(
        tab, draft.account, spoken.text("The Journal of sheetsync.")
    )


def _ageing(draft: BatchDraft, lines: int) -> list[Request]:
    """Take old lines into their volume. `lines`: how many come in above them."""
    if draft.ageing is None:
        return []
    spoken = language(draft.policy.words.language)
    why = spoken.text("Old lines of the Journal of sheetsync.")
    return draft.ageing.requests(lines, draft.account, why)


def _state(draft: BatchDraft, tab: OwnTab) -> list[Request]:
    spoken = language(draft.policy.words.language)
    rows = [*state.rows_of(draft.projection.state), *_settings_in_force(draft)]
    if draft.scope.unfinished is not None:
        rows.append(draft.scope.unfinished.row())
    trial = _trial_noted(draft)
    if trial is not None:
        rows.append(trial.row())
    requests = state_requests(tab, rows, draft.canvas, draft.size_of_copies)
    why = spoken.text("What sheetsync remembers of the last run.")
    return requests + _protected(tab, draft.account, why)


def _trial_noted(draft: BatchDraft) -> TrialRecord | None:
    """Return what is noted of a trial: what the head has ticked once its tab is written anew."""
    written = draft.scope.reports
    if written is not None and TRIAL not in written:
        return draft.snapshot.trial
    return draft.projection.trial


def _protected(tab: OwnTab, account: str | None, why: str) -> list[Request]:
    """Protect a tab that is added for the program alone; one that is there has its protection."""
    if tab.grid is not None:
        return []
    return [protect({"sheetId": tab.sheet_id}, account, why)]


def _settings_in_force(draft: BatchDraft) -> list[list[Cell]]:
    """Return what is noted of the settings in force, for when the tab is damaged or gone."""
    method = draft.snapshot.settings_reading.method
    if method is None:
        return state.note_rows("")
    methods_own = default(template(draft.policy.words.language))
    return state.note_rows(kept(method, methods_own))


def report_tabs(
    draft: BatchDraft, sheets: Sequence[ReportSheet], taken: set[int]
) -> ReportTabs:
    """Return what writes the report tabs. `taken`: ids of tabs that the same batch adds."""
    tabs = _tabs_of(draft, sheets, taken)
    numbers = own_tab(draft.snapshot.book, draft.policy, "charts", taken)
    words = _decision_words(draft, numbers.title)
    writer = _report_writer(draft, tabs, words.rules)
    requests = visibility_requests(tabs, draft.snapshot.book)
    afterwards: list[Request] = []
    shifted: set[int] = set()
    chosen = [tab for tab in tabs if _is_chosen(draft, tab.sheet)]
    for tab in chosen:
        order = writer.order(tab)
        if order.shifted:
            shifted.add(tab.sheet_id)
        requests += writer.requests(tab, order, draft.canvas)
        # An address that the service refuses may not stop a night, so this protection is sent by
        # itself.
        if asks(tab.sheet.key):
            heads = heads_addresses(draft.policy, draft.projection.today)
            afterwards += answer_protections(
                tab, draft.account, heads, writer.language
            )
    # The numbers of all charts stand on one tab: they are written all together, or not.
    if chosen != tabs and not any(tab.sheet.charts for tab in chosen):
        return ReportTabs(requests, [], afterwards)
    chart_writer = ChartWriter(
        tab=numbers,
        reports=chosen,
        taken={*_chart_ids(draft.snapshot.book)},
        words=words.offered,
        shifted=shifted,
    )
    charts = chart_writer.requests(draft.canvas)
    requests += _room_for_numbers(draft, numbers, charts)
    return ReportTabs(requests, charts.drawings, afterwards)


def _is_chosen(draft: BatchDraft, sheet: ReportSheet) -> bool:
    reports = draft.scope.reports
    return reports is None or sheet.key in reports


def _chart_ids(book: Book) -> Iterator[int]:
    for grid in book.grids:
        for chart in grid.charts:
            yield chart.id


def _tabs_of(
    draft: BatchDraft, sheets: Sequence[ReportSheet], taken: set[int]
) -> list[PlacedReport]:
    """Find the tab of each report, or choose the id of the one to be added."""
    book = draft.snapshot.book
    tabs = []
    for sheet in sheets:
        grid = book.titled(sheet.title)
        sheet_id = (
            grid.sheet_id if grid else new_sheet_id(sheet.title, book, taken)
        )
        tabs.append(PlacedReport(sheet, grid, sheet_id))
    return tabs


def _report_writer(
    draft: BatchDraft,
    tabs: Sequence[PlacedReport],
    rules: Mapping[str, Request],
) -> ReportWriter:
    sheet_ids = {f"tab:{tab.sheet.title}": tab.sheet_id for tab in tabs}
    columns: dict[str, dict[str, int]] = {}
    for section in draft.snapshot.tabs:
        sheet_ids[section.section] = section.grid.sheet_id
        columns[section.section] = draft.by_heading(section)
    spoken = language(draft.policy.words.language)

    def companies() -> dict[str, ReportCell]:
        return _companies(draft, spoken)

    dates = draft.policy.words.date_format
    return ReportWriter(
        sheet_ids, columns, dates, rules, spoken, companies, draft.reread
    )


def _companies(draft: BatchDraft, spoken: Language) -> dict[str, ReportCell]:
    """Return the cell that names each company and leads to it, by id."""
    base = draft.projection.base.drop_duplicates("id")
    rows = base[["id", "company", "section", "row"]].to_dict("records")
    named = [row for row in rows if words_of(row["id"])]
    return {str(row["id"]): company_cell(row, spoken) for row in named}


class _DecisionWords(NamedTuple):
    """The words that dropdowns of decisions offer, and the rules of the cells that do, by style."""

    offered: list[str]
    rules: dict[str, Request]


def _decision_words(draft: BatchDraft, title: str) -> _DecisionWords:
    """Return the words of decisions: the head's own first, then everybody's.

    `title`: of the hidden tab on which they stand.
    """
    policy = draft.policy
    spoken = language(draft.policy.words.language)
    heads = heads_words(policy, spoken)
    everybodys = everybodys_words(
        policy, known_managers(policy, draft.projection.base), spoken
    )
    first = WORDS + 1  # as the sheet counts its rows
    first_of_everybodys = first + len(heads)
    last = WORDS + len(heads) + len(everybodys)
    rules = {
        "decision": words_of_tab(title, first_of_everybodys, last),
        "ruling": words_of_tab(title, first, last),
    }
    return _DecisionWords([*heads, *everybodys], rules)


def _room_for_numbers(
    draft: BatchDraft, numbers: OwnTab, charts: ChartRequests
) -> list[Request]:
    """Return the requests of the tab that holds the charts' numbers."""
    if not charts.room:
        return []
    spoken = language(draft.policy.words.language)
    why = spoken.text("The numbers that sheetsync draws its charts from.")
    return charts.room + _protected(numbers, draft.account, why)
