"""Reading a base in two requests: its structure, and the cells of the tabs that matter.

One more where the Settings tab has just named a tab. Recognising sections and columns is
workbook/recognition.py's.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sheetsync.i18n import language
from sheetsync.method.policy import Policy, template
from sheetsync.method.settings_tab.blocks import BLOCK
from sheetsync.method.settings_tab.document import SettingsDocument
from sheetsync.method.settings_tab.last_good import differing, remembered
from sheetsync.method.settings_tab.mapping import (
    SettingsReading,
    adopted,
    settings_of,
)
from sheetsync.method.vocabulary import section_of
from sheetsync.schema import Problem, Severity
from sheetsync.sheets.connection.client import SheetsConnection
from sheetsync.sheets.read.book_structure import read_structure
from sheetsync.sheets.read.ownership import claimed
from sheetsync.sheets.read.tab_cells import read_cells
from sheetsync.workbook import last_run_state as state_tab
from sheetsync.workbook.answers import Answer, asks, decisions_of
from sheetsync.workbook.journal import JOURNAL_LINES, JournalLine, from_row
from sheetsync.workbook.recognition import recognise
from sheetsync.workbook.report_lines import in_order
from sheetsync.workbook.snapshot import (
    Book,
    Grid,
    Row,
    Snapshot,
    is_own,
    own_titles,
    reports_of,
)
from sheetsync.workbook.tab_sections import sections_of


def choose_policy(book: Book, wanted: str | None) -> Policy:
    """Choose the language of a base: as asked, as it was, or the one that knows most tabs."""
    if wanted or book.layout.language:
        return template(language(wanted or book.layout.language).code)
    policies = [template(code) for code in ("ru", "en")]
    return max(policies, key=lambda policy: _evidence(book, policy))


def _evidence(book: Book, policy: Policy) -> tuple[int, bool]:
    """Return how many tabs a language knows, and whether the locale is of it, to be compared."""
    names: set[str] = set()
    for words in policy.words.sections.values():
        names.update(map(str.casefold, words))
    known = sum(grid.title.strip().casefold() in names for grid in book.grids)
    return known, book.locale.startswith(policy.words.language)


def read_book(
    line: SheetsConnection,
    book_id: str,
    wanted: str | None,
    lines: int = JOURNAL_LINES,
) -> tuple[Snapshot, Policy]:
    """Read and recognise a book, with the newest `lines` of its Journal.

    Two requests, one more for a tab that was just mapped.

    Raises BookUnrecognised where it is no base.
    """
    book = read_structure(line, book_id)
    policy = choose_policy(book, wanted)
    cells = _read_relevant(line, book, policy, lines)
    book = claimed(_filled(book, cells), policy)
    settings = book.titled(*own_titles(policy, "settings"))
    reading = SettingsReading()
    good = last_good_settings(book, policy)
    # A tab that is gone has said something once, and that still holds.
    if settings is not None or differing(good, policy):
        reading = settings_of(_cells(settings), policy, good)
        policy = adopted(policy, reading)
        book = _with_mapped_tabs(line, book, policy, cells)
    snapshot = recognised(book, policy)
    title = settings.title if settings else ""
    mistakes = _mistakes(title, reading, policy)
    snapshot = replace(
        snapshot,
        settings_reading=reading,
        journal_whole=len(snapshot.journal) < lines,
        problems=(*snapshot.problems, *mistakes),
    )
    return snapshot, policy


def _read_relevant(
    line: SheetsConnection, book: Book, policy: Policy, lines: int
) -> dict[int, Sequence[Row]]:
    """Read the tabs that matter, by sheetId; of the Journal its newest lines alone."""
    relevant = [grid for grid in book.grids if _matters(grid, book, policy)]
    # The Journal grows without end, and its newest lines stand on top.
    limits: dict[int, int] = {}
    journal = book.titled(*own_titles(policy, "journal"))
    if journal is not None:
        limits[journal.sheet_id] = lines + 1
    return read_cells(line, relevant, limits)


def _cells(grid: Grid | None) -> Sequence[Row]:
    """Return what stands on a tab, nothing where there is none."""
    return grid.cells if grid else ()


def _with_mapped_tabs(
    line: SheetsConnection,
    book: Book,
    policy: Policy,
    cells: Mapping[int, Sequence[Row]],
) -> Book:
    """Return a book with the tabs that the Settings tab calls sections.

    Those that were not read are read now: one request, or none.
    """
    mapped = {seated.grid.sheet_id for seated in sections_of(book, policy)}
    not_read = mapped - cells.keys()
    unread = [grid for grid in book.grids if grid.sheet_id in not_read]
    filled = _filled(book, {**cells, **read_cells(line, unread, {})})
    return replace(filled, theirs=book.theirs | mapped)


def own_cells(line: SheetsConnection, book: Book, policy: Policy) -> Book:
    """Read the Settings tab and what is remembered of it, where there is either: one request."""
    own = []
    for key in ("settings", "state"):
        grid = book.titled(*own_titles(policy, key))
        if grid is not None:
            own.append(grid)
    if not own:
        return book
    return claimed(_filled(book, read_cells(line, own, {})), policy)


def last_good_settings(book: Book, policy: Policy) -> SettingsDocument:
    """Return the settings in force at the last run, over the method's own.

    The state tab notes them.
    """
    state = book.titled(*own_titles(policy, "state"))
    return remembered(state_tab.noted(_cells(state)[1:]), policy)


def _mistakes(
    title: str, reading: SettingsReading, policy: Policy
) -> Iterator[Problem]:
    """Go through what of the Settings tab cannot be understood, and what of it is gone.

    `title`: of the tab, "" where there is none.
    """
    spoken = language(policy.words.language)
    for remark in reading.remarks:
        if not remark.asked:
            yield _problem(title, remark.row + 1, remark.text)
    fix = spoken.text("`sheetsync init BOOK` lays it out again.")
    if not title and reading.gone:
        name = policy.words.tabs["settings"]
        message = spoken.text(
            "The tab “{tab}” is gone; what it said last still holds.", tab=name
        )
        yield _problem(name, 0, message, fix)
        return
    for key in reading.gone:
        block = spoken.text(BLOCK[key].title)
        message = spoken.text(
            "“{block}” is gone from this tab; what stood there last still holds.",
            block=block,
        )
        yield _problem(title, 0, message, fix)


def _problem(tab: str, row: int, message: str, fix: str = "") -> Problem:
    return Problem("settings", Severity.WARNING, tab, row, "", message, fix)


def _filled(book: Book, cells: Mapping[int, Sequence[Row]]) -> Book:
    """Return a book with the cells that were read, by sheetId."""
    grids = []
    for grid in book.grids:
        filled = replace(grid, cells=cells.get(grid.sheet_id, ()))
        grids.append(filled)
    return replace(book, grids=tuple(grids))


def _matters(grid: Grid, book: Book, policy: Policy) -> bool:
    """Tell whether a tab's cells are wanted.

    It was a section, is named like one, or is the program's own.
    """
    return (
        grid.sheet_id in book.layout.by_id
        or bool(section_of(grid.title, policy))
        or is_own(grid.title, policy)
    )


def recognised(book: Book, policy: Policy) -> Snapshot:
    """Recognise a book, with what the last run remembered."""
    spoken = language(policy.words.language)
    state = book.titled(*own_titles(policy, "state"))
    last_run = state_tab.empty()
    unfinished = None
    if state is not None and state.cells:
        rows = state_tab.own_rows(state.cells)
        last_run = state_tab.read(rows, state.cells[0])
        unfinished = state_tab.unfinished_night(rows)
    snapshot = recognise(book, policy, spoken, last_run)
    return replace(
        snapshot,
        journal=_journal(book, policy),
        # Until the last batch of the first night, what a row was before is known to nobody.
        first_run=state is None or bool(unfinished and unfinished.first),
        unfinished=unfinished,
        decisions=tuple(_answers(book, policy)),
    )


def _journal(book: Book, policy: Policy) -> tuple[JournalLine, ...]:
    """Return the Journal's lines as far as they were read, the newest first."""
    journal = book.titled(*own_titles(policy, "journal"))
    rows = filter(None, _cells(journal)[1:])
    return tuple(from_row(row, policy) for row in rows)


def _answers(book: Book, policy: Policy) -> Iterator[Answer]:
    """Go through what people have answered on the reports."""
    for sheet, grid in reports_of(book, policy):
        if asks(sheet):
            yield from decisions_of(sheet, in_order(grid.cells, sheet))
