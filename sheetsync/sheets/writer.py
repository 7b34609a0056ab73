"""One batch for a whole run: new columns, moves, cells, state, Journal and reports; and the check of its answer.

All of it is applied or nothing; the answer carries the ids as they then stand, tab by tab.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

from sheetsync import journal, state
from sheetsync.decisions import asks
from sheetsync.deriving import DERIVED
from sheetsync.i18n import Language, language
from sheetsync.layout import Layout, Seat, TabLayout
from sheetsync.look import LOOKS
from sheetsync.lost import Lost
from sheetsync.method_tab.doc import default
from sheetsync.method_tab.memory import kept
from sheetsync.outcome import Outcome
from sheetsync.policy import template
from sheetsync.recognition import seats
from sheetsync.refill import known_managers
from sheetsync.reports import ReportSheet
from sheetsync.reports_parts import ReportCell, company_cell, words_of
from sheetsync.sheets.cells import WHOLE, Canvas, Request, format_of, grid_range, listed_in, typed
from sheetsync.sheets.census import Census, expect
from sheetsync.sheets.charts import WORDS, ChartWriter
from sheetsync.sheets.course import Course
from sheetsync.sheets.dress import own_columns
from sheetsync.sheets.guards import HEADS, guards
from sheetsync.sheets.hidden import curtain
from sheetsync.sheets.metadata import keep_layout
from sheetsync.sheets.moves import Details, Moving, Place, put_field
from sheetsync.sheets.overwriting import Witnesses, witnesses
from sheetsync.sheets.pointers import Pointer, course_of, pointers, write
from sheetsync.sheets.settings_tab import remark
from sheetsync.sheets.tables import (
    ReportWriter,
    answers_protected,
    journal_requests,
    new_sheet_id,
    protect,
    state_requests,
    widths,
)
from sheetsync.snapshot import Grid, JournalLine, Tab, own_title, own_titles
from sheetsync.values import Cell
from sheetsync.verdict_words import choices, longer


class Batch(NamedTuple):
    """The body of one batchUpdate, what it must leave, the formulas that it aims anew, and the cells that it writes over.

    `memory`: the sheetId of the state tab, where those cells are copied to. `afterwards`: requests that may be refused
    without harm to anybody's rows, and so are not sent with the others.
    """

    body: dict[str, Any]
    census: Census
    pointers: tuple[Pointer, ...] = ()
    witnesses: Witnesses = Witnesses()
    memory: int = 0
    guards: int = 0
    """How many of its requests are about who may type into a column."""
    afterwards: tuple[Request, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to send."""
        return not self.body["requests"]


@dataclass
class Writing:
    """What goes into one batch, as it is put together."""

    outcome: Outcome
    details: Details
    account: str | None
    canvas: Canvas = field(default_factory=Canvas)
    afterwards: list[Request] = field(default_factory=list)
    memory: tuple[int, str] = (0, "")
    drawings: list[Request] = field(default_factory=list)
    """Requests on charts, which come after the cells that they draw."""

    def __post_init__(self) -> None:
        self.snapshot, self.policy = self.outcome.snapshot, self.outcome.policy
        self.moving = Moving(self.snapshot, self.outcome.plan, self.policy, self.details)

    @cached_property
    def witnesses(self) -> Witnesses:
        """The cells of the team's that are written over."""
        return witnesses(self.moving)

    def place_columns(self) -> None:
        """Find the column of everything that the plan sets, adding those that a tab lacks."""
        for tab in self.snapshot.tabs:
            for name in DERIVED:
                self.moving.columns[tab.section].field(name)
        for move in self.outcome.plan.moves:
            for name, _ in move.sets:
                self.moving.columns[move.target].field(name)
        for edit in self.outcome.plan.edits:
            self.moving.columns[self.moving.section(edit.section, edit.row)].field(edit.field)

    def fields(self, course: Course) -> None:
        """Put every cell the plan sets: on the rows that stay, and on the landing places of those that move."""
        self.moving.put_right(self.canvas, course)
        for edit in self.outcome.plan.edits:
            columns = self.moving.columns[self.moving.section(edit.section, edit.row)]
            place = self.moving.place(edit.section, edit.row)
            put_field(self.canvas, place, columns, edit.field, edit.after, self.policy)

    def layout(self) -> Layout:
        """Return the book's structure as the batch leaves it."""
        tabs = []
        for tab in self.snapshot.tabs:
            columns = self.moving.columns[tab.section]
            added = {a.field: a for a in columns.added if a.field is not None}
            known = seats(tab.fields, tab.headings, tab.renamed)
            new = {name: Seat(a.at, a.heading) for name, a in added.items()}
            tabs.append(TabLayout(tab.section, tab.grid.sheet_id, tab.title, {**known, **new}))
        unread = [t for t in self.snapshot.book.layout.tabs if t.section in self.snapshot.unread]
        return Layout(self.policy.words.language, (*tabs, *unread))

    def by_heading(self, tab: Tab) -> dict[str, int]:
        """Return a tab's columns by heading as the batch leaves them, and the company's under no name."""
        added = {column.heading: column.at for column in self.moving.columns[tab.section].added}
        known = {heading: at for at, heading in reversed([*enumerate(tab.headings)]) if heading}
        return {**added, **known, "": tab.fields.get("company", 0)}

    def new_columns(self, tab: Tab) -> tuple[list[Request], list[Request]]:
        """Return (room for the columns that a tab lacks, their formats and rules)."""
        columns, grid = self.moving.columns[tab.section], tab.grid
        if not columns.added:
            return [], []
        short = columns.width - grid.column_count
        room = (
            [{"appendDimension": {"sheetId": grid.sheet_id, "dimension": "COLUMNS", "length": short}}]
            if short > 0
            else []
        )
        dress: list[Request] = []
        for added in columns.added:
            column = self.policy.column.get(added.field or "")
            owned = column is not None and column.owner == "daemon"
            heading = {**typed(added.heading), "userEnteredFormat": format_of(LOOKS["head"])}
            self.canvas.put(
                grid.sheet_id,
                tab.header,
                added.at,
                heading if owned else typed(added.heading),
                WHOLE if owned else "userEnteredValue",
            )
            if not owned:
                dress.append(_copy_heading_format(tab, added.at))
            dress += widths(grid.sheet_id, [column.width if column else 120], added.at)
        ours = {added.field: added.at for added in columns.added if added.field in DERIVED}
        return room, [*dress, *own_columns(grid.sheet_id, tab.header + 1, ours, self.policy)]

    def guards(self) -> list[Request]:
        """Return what brings the protection of the head's column up to date, tab by tab."""
        made: list[Request] = []
        for tab in self.snapshot.tabs:
            keys = self.moving.columns[tab.section].keys
            at = keys.get(("field", HEADS, 0), tab.fields.get(HEADS))
            made += guards(tab, at, self.policy, self.account)
        return made

    def brought_back(self, lost: Lost) -> list[Request]:
        """Make room after the last client and put a deleted row there, as it was remembered."""
        tab, columns = self.snapshot.tab[lost.section], self.moving.columns[lost.section]
        place = Place(tab.grid.sheet_id, tab.end)
        for name, value in (*lost.cells, ("id", lost.id)):
            put_field(self.canvas, place, columns, name, value, self.policy)
        rows = {"sheetId": tab.grid.sheet_id, "dimension": "ROWS", "startIndex": tab.end, "endIndex": tab.end + 1}
        bare = not len(tab.frame) and tab.end < tab.grid.row_count
        return [{"insertDimension": {"range": rows, "inheritFromBefore": not bare}}]

    def widened_filter(self, tab: Tab) -> list[Request]:
        """Make a filter that covers the table cover the new columns and rows too, its conditions unchanged."""
        held = tab.grid.basic_filter
        if not held:
            return []
        area, columns = dict(held.get("range", {})), self.moving.columns[tab.section]
        wide, deep = area.get("endColumnIndex"), area.get("endRowIndex")
        new = dict(area)
        # A column that stands outside the filter would stay behind when people sort by it.
        if wide is not None and columns.added:
            new["endColumnIndex"] = max(wide, columns.width)
        if deep is not None and deep >= tab.end:
            new["endRowIndex"] = max(deep, self.moving.first_free(tab))
        if new == area:
            return []
        kept = {name: held[name] for name in ("sortSpecs", "filterSpecs", "criteria") if name in held}
        if "filterSpecs" in kept:
            kept.pop("criteria", None)
        return [{"setBasicFilter": {"filter": {"range": new, **kept}}}]


def _copy_heading_format(tab: Tab, at: int) -> Request:
    row = (tab.header, tab.header + 1)
    source = grid_range(tab.grid.sheet_id, row, (0, 1))
    return {
        "copyPaste": {
            "source": source,
            "destination": grid_range(tab.grid.sheet_id, row, (at, at + 1)),
            "pasteType": "PASTE_FORMAT",
        }
    }


def build(
    outcome: Outcome,
    details: Details,
    sheets: Sequence[ReportSheet],
    lines: Sequence[JournalLine],
    account: str | None,
    lost: Lost | None = None,
    *,
    guarded: bool = True,
) -> Batch:
    """Put together the one batch of a run.

    `details`: the touched rows as re-read; `lines`: new Journal lines; `lost`: a deleted row to be brought back; `guarded`:
    whether columns are protected with it.
    """
    writing = Writing(outcome, details, account)
    writing.place_columns()
    snapshot, moving, canvas = outcome.snapshot, writing.moving, writing.canvas
    inserts, spoken = moving.inserts(), language(outcome.policy.words.language)
    # Which formulas point at moving rows does not hang on where the Journal's lines stand; how they read does.
    told = [*lines, *_aimed(pointers(moving, course_of(moving, outcome, inserts)), lines, spoken)]
    tables = _tables(writing, sheets, told)
    course = course_of(moving, outcome, [*tables, *inserts])
    pointing = pointers(moving, course)
    write(pointing, canvas)
    writing.fields(course)
    rooms, dresses, filters = list[Request](), list[Request](), list[Request]()
    for tab in snapshot.tabs:
        filters += writing.widened_filter(tab)
        room, dress = writing.new_columns(tab)
        rooms, dresses = rooms + room, dresses + dress
    remark(snapshot.book.titled(*own_titles(outcome.policy, "settings")), snapshot.told, canvas)
    moved = [*inserts, *moving.copies(), *(writing.brought_back(lost) if lost else ())]
    kept = keep_layout(snapshot.book.layout, writing.layout())
    protected = writing.guards() if guarded else []
    requests = [
        *tables,
        *rooms,
        *moved,
        *writing.witnesses.copies(writing.memory[0]),
        *canvas.requests(),
        *dresses,
        *writing.drawings,
        *filters,
        *moving.emptied(),
        *moving.deletes(),
        *protected,
        *kept,
    ]
    census = expect(outcome, moving, lost)
    body = _body(requests, census)
    if writing.witnesses.cells:
        body["responseRanges"].append(writing.witnesses.area(writing.memory[1]))
    later = tuple(writing.afterwards)
    return Batch(body, census, pointing, writing.witnesses, writing.memory[0], len(protected), later)


def _aimed(found: Sequence[Pointer], lines: Sequence[JournalLine], spoken: Language) -> list[JournalLine]:
    """Return the Journal's lines of formulas that are aimed anew, one each, after the run's other lines."""
    return [
        journal.aimed(
            lines[0],
            [move for move, _ in pointer.followed],
            pointer.where,
            [(one.before, one.final) for _, one in pointer.followed],
            spoken,
        )
        for pointer in found
    ]


def build_columns(outcome: Outcome, added: Sequence[TabLayout] = ()) -> list[Request]:
    """Give every tab the program's own columns, at the right of everything, filters widened to cover them.

    Rows are left alone. `added`: tabs that come with the same batch, to be remembered too.
    """
    writing = Writing(outcome, {}, None)
    writing.place_columns()
    rooms, dresses, filters = list[Request](), list[Request](), list[Request]()
    for tab in outcome.snapshot.tabs:
        filters += writing.widened_filter(tab)
        room, dress = writing.new_columns(tab)
        rooms, dresses = rooms + room, dresses + dress
    layout = writing.layout()
    kept = keep_layout(outcome.snapshot.book.layout, replace(layout, tabs=(*layout.tabs, *added)))
    return [*rooms, *writing.canvas.requests(), *dresses, *filters, *kept]


def build_reports(
    outcome: Outcome, sheets: Sequence[ReportSheet], account: str | None, details: Details | None = None
) -> Batch:
    """Put together a batch that writes the report tabs and nothing else. `details`: their rows as re-read."""
    writing = Writing(outcome, details or {}, account)
    requests = _report_tabs(writing, sheets, set())
    body = _body([*requests, *writing.canvas.requests(), *writing.drawings], Census())
    return Batch(body, Census(), afterwards=tuple(writing.afterwards))


def _report_tabs(writing: Writing, sheets: Sequence[ReportSheet], taken: set[int]) -> list[Request]:
    """Return the requests of the report tabs; their cells go to the canvas."""
    snapshot, book, made = writing.snapshot, writing.snapshot.book, list[Request]()
    grids = {title: book.titled(title) for title in (sheet.title for sheet in sheets)}
    ids = {title: grid.sheet_id if grid else new_sheet_id(title, book, taken) for title, grid in grids.items()}
    links = {f"tab:{title}": sheet_id for title, sheet_id in ids.items()} | {
        t.section: t.grid.sheet_id for t in snapshot.tabs
    }
    columns = {tab.section: writing.by_heading(tab) for tab in snapshot.tabs}
    hidden, words, rules = _choices(writing, taken)
    spoken, dates = language(writing.policy.words.language), writing.policy.words.date_format
    writer = ReportWriter(links, columns, dates, rules, spoken, lambda: _companies(writing, spoken), writing.details)
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
        *_charts(writing, seated, {g.sheet_id: g for g in grids.values() if g}, hidden, words, writer.shifted),
    ]


def _companies(writing: Writing, spoken: Language) -> dict[str, ReportCell]:
    """Return the cell that names each company and leads to it, by id."""
    base = writing.outcome.base.drop_duplicates("id")[["id", "company", "section", "row"]]
    return {str(row["id"]): company_cell(row, spoken) for row in base.to_dict("records") if words_of(row["id"])}


class _Hidden(NamedTuple):
    """The hidden tab of what the reports draw and offer: as it was read, its title and its sheetId."""

    grid: Grid | None
    title: str
    sheet_id: int


def _choices(writing: Writing, taken: set[int]) -> tuple[_Hidden, list[str], dict[str, Request]]:
    """Return the hidden tab, the words that dropdowns of decisions offer there, and the rules of cells of these looks."""
    policy, book = writing.policy, writing.snapshot.book
    held = book.titled(*own_titles(policy, "charts"))
    title = held.title if held else own_title(book, policy, "charts")
    hidden = _Hidden(held, title, held.sheet_id if held else new_sheet_id(title, book, taken))
    spoken, names = language(policy.words.language), known_managers(policy, writing.outcome.base)
    heads, everybodys = longer(policy, spoken), choices(policy, names, spoken)
    words = [*heads, *everybodys]
    first, last = WORDS + 1 + len(heads), WORDS + len(words)
    return hidden, words, {"decision": listed_in(title, first, last), "ruling": listed_in(title, WORDS + 1, last)}


def _charts(
    writing: Writing,
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
        words = language(policy.words.language).text("The numbers that sheetsync draws its charts from.")
        made.append(protect({"sheetId": sheet_id}, writing.account, words))
    return made


def _tables(writing: Writing, sheets: Sequence[ReportSheet], lines: Sequence[JournalLine]) -> list[Request]:
    """Return the requests of the program's own tabs: those that add tabs and rows; their cells go to the canvas."""
    policy, canvas, book = writing.policy, writing.canvas, writing.snapshot.book
    spoken, taken = language(policy.words.language), set[int]()
    made = _report_tabs(writing, sheets, taken)
    held = book.titled(*own_titles(policy, "journal"))
    title = held.title if held else own_title(book, policy, "journal")
    sheet_id = held.sheet_id if held else new_sheet_id(title, book, taken)
    made += journal_requests(
        held, sheet_id, title, journal.headings(spoken), [journal.to_row(line, policy) for line in lines], canvas
    )
    if held is None:
        made.append(protect({"sheetId": sheet_id}, writing.account, spoken.text("The Journal of sheetsync.")))
    memory = book.titled(*own_titles(policy, "state"))
    title = memory.title if memory else own_title(book, policy, "state")
    sheet_id = memory.sheet_id if memory else new_sheet_id(title, book, taken)
    writing.memory = (sheet_id, title)
    slots, rows = writing.witnesses.size, [*state.rows_of(writing.outcome.state), *_noted(writing)]
    made += state_requests(memory, sheet_id, title, rows, canvas, slots)
    if memory is None:
        made.append(
            protect({"sheetId": sheet_id}, writing.account, spoken.text("What sheetsync remembers of the last run."))
        )
    return made


def _noted(writing: Writing) -> list[list[Cell]]:
    """Return what is kept of the settings in force: so that a mistake, or a tab that is gone, changes nothing."""
    method = writing.snapshot.told.method
    return state.note_rows("" if method is None else kept(method, default(template(writing.policy.words.language))))


def _body(requests: list[Request], census: Census) -> dict[str, Any]:
    return {
        "requests": requests,
        "includeSpreadsheetInResponse": True,
        "responseRanges": census.ranges(),
        "responseIncludeGridData": True,
    }
