"""The program's own tabs within a batch: reports and their charts, the Journal, the state tab."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from sheetsync.i18n import Language, language
from sheetsync.method.policy import template
from sheetsync.method.settings_tab.document import default
from sheetsync.method.settings_tab.last_good import kept
from sheetsync.reporting.layout.model import ReportCell, company_cell, words_of
from sheetsync.reports import ReportSheet
from sheetsync.rules.capacity.refill import known_managers
from sheetsync.rules.decisions.decision_words import choices, longer
from sheetsync.sheets.batch.builder import BatchDraft
from sheetsync.sheets.batch.chart_updates import WORDS, ChartWriter
from sheetsync.sheets.requests.cells import Request, listed_in
from sheetsync.sheets.requests.own_tab_requests import (
    ReportWriter,
    answers_protected,
    journal_requests,
    new_sheet_id,
    protect,
    state_requests,
)
from sheetsync.sheets.requests.tab_visibility import curtain
from sheetsync.values import Cell
from sheetsync.workbook import journal
from sheetsync.workbook import last_run_state as state
from sheetsync.workbook.answers import asks
from sheetsync.workbook.journal import JournalLine
from sheetsync.workbook.snapshot import Grid, own_title, own_titles


def report_tabs(
    writing: BatchDraft, sheets: Sequence[ReportSheet], taken: set[int]
) -> list[Request]:
    """Return the requests of the report tabs; their cells go to the canvas."""
    snapshot, book, made = writing.snapshot, writing.snapshot.book, list[Request]()
    grids = {title: book.titled(title) for title in (sheet.title for sheet in sheets)}
    ids = {
        title: grid.sheet_id if grid else new_sheet_id(title, book, taken)
        for title, grid in grids.items()
    }
    links = {f"tab:{title}": sheet_id for title, sheet_id in ids.items()} | {
        t.section: t.grid.sheet_id for t in snapshot.tabs
    }
    columns = {tab.section: writing.by_heading(tab) for tab in snapshot.tabs}
    hidden, words, rules = _choices(writing, taken)
    spoken, dates = language(writing.policy.words.language), writing.policy.words.date_format
    writer = ReportWriter(
        links, columns, dates, rules, spoken, lambda: _companies(writing, spoken), writing.details
    )
    made += curtain([(sheet, grids[sheet.title]) for sheet in sheets], book)
    for sheet in sheets:
        grid, sheet_id = grids[sheet.title], ids[sheet.title]
        made += writer.requests(sheet, grid, sheet_id, writing.canvas)
        if asks(sheet.key):
            editors = (writing.account, writing.policy.head.email)
            writing.afterwards += answers_protected(sheet, grid, sheet_id, editors, spoken)
    seated = [(sheet, ids[sheet.title]) for sheet in sheets]
    return [
        *made,
        *_charts(
            writing,
            seated,
            {g.sheet_id: g for g in grids.values() if g},
            hidden,
            words,
            writer.shifted,
        ),
    ]


def _companies(writing: BatchDraft, spoken: Language) -> dict[str, ReportCell]:
    """Return the cell that names each company and leads to it, by id."""
    base = writing.projection.base.drop_duplicates("id")[["id", "company", "section", "row"]]
    return {
        str(row["id"]): company_cell(row, spoken)
        for row in base.to_dict("records")
        if words_of(row["id"])
    }


class _Hidden(NamedTuple):
    """The hidden tab of what the reports draw and offer: as it was read, its title and its sheetId."""

    grid: Grid | None
    title: str
    sheet_id: int


def _choices(writing: BatchDraft, taken: set[int]) -> tuple[_Hidden, list[str], dict[str, Request]]:
    """Return the hidden tab, the words that dropdowns of decisions offer there, and the rules of cells of these looks."""
    policy, book = writing.policy, writing.snapshot.book
    held = book.titled(*own_titles(policy, "charts"))
    title = held.title if held else own_title(book, policy, "charts")
    hidden = _Hidden(held, title, held.sheet_id if held else new_sheet_id(title, book, taken))
    spoken, names = language(policy.words.language), known_managers(policy, writing.projection.base)
    heads, everybodys = longer(policy, spoken), choices(policy, names, spoken)
    words = [*heads, *everybodys]
    first, last = WORDS + 1 + len(heads), WORDS + len(words)
    return (
        hidden,
        words,
        {"decision": listed_in(title, first, last), "ruling": listed_in(title, WORDS + 1, last)},
    )


def _charts(
    writing: BatchDraft,
    seated: Sequence[tuple[ReportSheet, int]],
    reports: Mapping[int, Grid],
    hidden: _Hidden,
    words: Sequence[str],
    shifted: Collection[int],
) -> list[Request]:
    """Return the requests of the tab that holds the charts' numbers; those of the charts are kept for the batch's end."""
    policy, book = writing.policy, writing.snapshot.book
    held, title, sheet_id = hidden
    known = {chart.id for grid in book.grids for chart in grid.charts}
    writer = ChartWriter(held, sheet_id, reports, known, words, shifted)
    writing.drawings = writer.requests(seated, writing.canvas)
    made = writer.room(title)
    if held is None and made:
        why = language(policy.words.language).text(
            "The numbers that sheetsync draws its charts from."
        )
        made.append(protect({"sheetId": sheet_id}, writing.account, why))
    return made


def own_tabs(
    writing: BatchDraft, sheets: Sequence[ReportSheet], lines: Sequence[JournalLine]
) -> list[Request]:
    """Return the requests of the program's own tabs: those that add tabs and rows; their cells go to the canvas."""
    policy, canvas, book = writing.policy, writing.canvas, writing.snapshot.book
    spoken, taken = language(policy.words.language), set[int]()
    made = report_tabs(writing, sheets, taken)
    held = book.titled(*own_titles(policy, "journal"))
    title = held.title if held else own_title(book, policy, "journal")
    sheet_id = held.sheet_id if held else new_sheet_id(title, book, taken)
    made += journal_requests(
        held,
        sheet_id,
        title,
        journal.headings(spoken),
        [journal.to_row(line, policy) for line in lines],
        canvas,
    )
    if held is None:
        made.append(
            protect(
                {"sheetId": sheet_id}, writing.account, spoken.text("The Journal of sheetsync.")
            )
        )
    memory = book.titled(*own_titles(policy, "state"))
    title = memory.title if memory else own_title(book, policy, "state")
    sheet_id = memory.sheet_id if memory else new_sheet_id(title, book, taken)
    writing.memory = (sheet_id, title)
    slots, rows = (
        writing.overwritten_cells.size,
        [*state.rows_of(writing.projection.state), *_noted(writing)],
    )
    made += state_requests(memory, sheet_id, title, rows, canvas, slots)
    if memory is None:
        made.append(
            protect(
                {"sheetId": sheet_id},
                writing.account,
                spoken.text("What sheetsync remembers of the last run."),
            )
        )
    return made


def _noted(writing: BatchDraft) -> list[list[Cell]]:
    """Return what is kept of the settings in force: so that a mistake, or a tab that is gone, changes nothing."""
    method = writing.snapshot.settings_reading.method
    return state.note_rows(
        "" if method is None else kept(method, default(template(writing.policy.words.language)))
    )
