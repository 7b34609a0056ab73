"""Reading a base in two requests: its structure, and the cells of the tabs that matter.

One more where the Settings tab has just named a tab. Recognising sections and columns is
workbook/recognition.py's.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sheetsync.i18n import language
from sheetsync.method.policy import Policy, template
from sheetsync.method.settings_tab.blocks import BLOCK
from sheetsync.method.settings_tab.document import SettingsDocument, policy_of
from sheetsync.method.settings_tab.last_good import differing, remembered
from sheetsync.method.settings_tab.mapping import (
    SettingsReading,
    adopted,
    settings_of,
)
from sheetsync.method.terms import Location
from sheetsync.method.vocabulary import section_of
from sheetsync.schema import Problem, Severity
from sheetsync.sheets.connection.client import SheetsConnection
from sheetsync.sheets.read.book_structure import read_structure
from sheetsync.sheets.read.ownership import claimed
from sheetsync.sheets.read.tab_cells import read_cells, read_cells_and_end
from sheetsync.sheets.requests.cells import grid_range
from sheetsync.workbook import last_run_state as state_tab
from sheetsync.workbook.answers import Answer, asks, decisions_of
from sheetsync.workbook.journal import JOURNAL_LINES, JournalLine, from_row
from sheetsync.workbook.journal_volumes import (
    MOST_LINES,
    claimed_volumes,
    lines_wanted,
    missing_volumes,
)
from sheetsync.workbook.playbook_tabs import (
    playbook_candidates,
    with_playbook,
)
from sheetsync.workbook.recognition import recognise
from sheetsync.workbook.report_lines import in_order
from sheetsync.workbook.snapshot import (
    Book,
    Grid,
    JournalEnd,
    Row,
    Snapshot,
    is_own,
    own_titles,
    reports_of,
)
from sheetsync.workbook.tab_sections import sections_of
from sheetsync.workbook.trial_record import noted_trial


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
    lines: int | None = JOURNAL_LINES,
) -> tuple[Snapshot, Policy]:
    """Read and recognise a book, with the newest `lines` of its Journal, None: all of them.

    Two requests, one more for a tab that was just mapped.

    Raises BookUnrecognised where it is no base.
    """
    book = read_structure(line, book_id)
    policy = choose_policy(book, wanted)
    book = replace(book, volumes=claimed_volumes(book, policy))
    limits = lines_wanted(book, _journal_tab(book, policy), lines)
    cells, end = _read_relevant(line, book, policy, limits)
    book = claimed(_filled(book, cells), policy)
    settings = book.titled(*own_titles(policy, "settings"))
    reading = SettingsReading()
    good = last_good_settings(book, policy)
    # A tab that is gone has said something once, and that still holds.
    if settings is not None or differing(good, policy):
        reading = settings_of(_cells(settings), policy, good)
        policy = adopted(policy, reading)
        book = _with_mapped_tabs(line, book, policy, cells)
    book, playbook = with_playbook(book, policy)
    snapshot = _with_amounts_then(
        recognised(book, policy), policy, policy_of(policy, good).location
    )
    title = settings.title if settings else ""
    mistakes = _mistakes(title, reading, policy)
    snapshot = replace(
        snapshot,
        settings_reading=reading,
        journal_whole=_is_whole(snapshot, lines, limits),
        journal_end=end,
        playbook=playbook,
        problems=(*snapshot.problems, *mistakes),
    )
    return snapshot, policy


def _with_amounts_then(
    snapshot: Snapshot, policy: Policy, before: Location
) -> Snapshot:
    """Add what amounts would be by the settings of the last run, where these have changed.

    What only reads otherwise than before was changed by nobody.
    """
    if snapshot.first_run or _as_amounts_go(before) == _as_amounts_go(
        policy.location
    ):
        return snapshot
    policy_then = policy.model_copy(update={"location": before})
    base = recognised(snapshot.book, policy_then).base
    places = zip(base["section"], base["row"], strict=True)
    amounts = dict(zip(places, base["amount"].tolist(), strict=True))
    return replace(snapshot, amounts_then=amounts)


def _as_amounts_go(location: Location) -> tuple[str, ...]:
    """Return what of a location says how amounts are read."""
    return (
        location.country,
        location.currency,
        location.rates,
        location.heading_units,
    )


def _journal_tab(book: Book, policy: Policy) -> Grid | None:
    return book.titled(*own_titles(policy, "journal"))


def _is_whole(
    snapshot: Snapshot, lines: int | None, limits: Mapping[int, int]
) -> bool:
    """Tell whether all lines of the Journal were read, and none of its volumes is gone."""
    book = snapshot.book
    cut_off = [
        grid
        for grid in book.grids
        if grid.sheet_id in book.volumes
        and grid.row_count > limits.get(grid.sheet_id, grid.row_count)
    ]
    if cut_off or missing_volumes(book):
        return False
    return lines is None or len(snapshot.journal) < lines


def _read_relevant(
    line: SheetsConnection,
    book: Book,
    policy: Policy,
    limits: Mapping[int, int],
) -> tuple[dict[int, Sequence[Row]], JournalEnd | None]:
    """Read the tabs that matter, by sheetId, and when the Journal's oldest lines were written.

    `limits`: how many rows of the Journal and of its volumes: the newest lines stand on top.
    """
    of_playbook = playbook_candidates(book)
    relevant = [
        grid
        for grid in book.grids
        if grid.sheet_id in of_playbook or _matters(grid, book, policy)
    ]
    journal = _journal_tab(book, policy)
    if journal is None:
        return read_cells(line, relevant, limits), None
    unread = limits.get(journal.sheet_id, journal.row_count)
    if unread >= journal.row_count:
        cells = read_cells(line, relevant, limits)
        rows = cells.get(journal.sheet_id, ())
        return cells, _end_of(rows[1:], 1)
    # Lines so old that no night reads them any more: of them only the day is asked.
    first = max(unread, journal.row_count - MOST_LINES)
    moments = grid_range(journal.sheet_id, (first, journal.row_count), (0, 1))
    read = read_cells_and_end(line, relevant, limits, moments)
    return read.cells, _end_of(read.end, first)


def _end_of(rows: Sequence[Row], first: int) -> JournalEnd:
    """Return when lines were written. `first`: the 0-based row of the first of them."""
    moments = tuple(row[0] if row else None for row in rows)
    return JournalEnd(first, moments)


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
        or grid.sheet_id in book.volumes
    )


def recognised(book: Book, policy: Policy) -> Snapshot:
    """Recognise a book, with what the last run remembered."""
    spoken = language(policy.words.language)
    state = book.titled(*own_titles(policy, "state"))
    last_run = state_tab.empty()
    unfinished = None
    trial = None
    if state is not None and state.cells:
        rows = state_tab.own_rows(state.cells)
        last_run = state_tab.read(rows, state.cells[0])
        unfinished = state_tab.unfinished_night(rows)
        trial = noted_trial(rows)
    snapshot = recognise(book, policy, spoken, last_run)
    return replace(
        snapshot,
        journal=_journal(book, policy),
        # Until the last batch of the first night, what a row was before is known to nobody.
        first_run=state is None or bool(unfinished and unfinished.first),
        unfinished=unfinished,
        trial=trial,
        decisions=tuple(_answers(book, policy)),
    )


def _journal(book: Book, policy: Policy) -> tuple[JournalLine, ...]:
    """Return the Journal's lines as far as they were read, the newest first, volumes too."""
    rows = [*_cells(_journal_tab(book, policy))[1:]]
    grids = {grid.sheet_id: grid for grid in book.grids}
    for sheet_id in book.volumes:
        rows += grids[sheet_id].cells[1:]
    return tuple(from_row(row, policy) for row in rows if row)


def _answers(book: Book, policy: Policy) -> Iterator[Answer]:
    """Go through what people have answered on the reports."""
    for sheet, grid in reports_of(book, policy):
        if asks(sheet):
            yield from decisions_of(sheet, in_order(grid.cells, sheet))
