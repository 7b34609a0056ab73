"""Adopting a base: read and guessed at, what was agreed written down, what it lacks added.

One write under the lock, harmless to do again: the Settings tab, missing sections, the program's
own columns, dropdowns and colours. No row is touched: what is wrong with each is written by the
first run.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from types import MappingProxyType
from typing import NamedTuple

from openpyxl.utils import get_column_letter

from sheetsync.adoption import ColumnGuess, Proposal, guess
from sheetsync.adoption.language_guess import languages_known
from sheetsync.adoption.location_guess import ShownCurrencies, guess_location
from sheetsync.adoption.propose import NOTHING_CHOSEN, ChosenTabs
from sheetsync.adoption.reason_words import reason_words
from sheetsync.adoption.settings_entries import entries
from sheetsync.errors import BookUnrecognised, ChangesPending
from sheetsync.i18n import Language, language
from sheetsync.method.policy import Policy, template
from sheetsync.method.settings_tab.mapping import adopted, settings_of
from sheetsync.method.terms import MIXED, Location, kind_of
from sheetsync.rules.draft.projection import Projection
from sheetsync.services.commit import check_headings
from sheetsync.services.known_meanings import (
    tabs_told,
    with_known_meanings,
)
from sheetsync.services.locked import locked
from sheetsync.services.read_and_decide import Options
from sheetsync.sheets.batch.batch import build_columns
from sheetsync.sheets.connection.open_book import Opened
from sheetsync.sheets.read.book_structure import read_structure
from sheetsync.sheets.read.number_formats import read_currencies
from sheetsync.sheets.read.ownership import claimed
from sheetsync.sheets.read.reader import last_good_settings, recognised
from sheetsync.sheets.read.tab_cells import read_cells, read_rules
from sheetsync.sheets.requests.canvas import Canvas
from sheetsync.sheets.requests.cells import (
    GridRange,
    Request,
    color,
    grid_range,
)
from sheetsync.sheets.requests.missing_parts import MissingParts
from sheetsync.sheets.requests.own_tab_requests import own_tab
from sheetsync.sheets.requests.settings_tab import SettingsTab
from sheetsync.workbook.plan import Plan
from sheetsync.workbook.snapshot import Book, Grid, Snapshot


class BookToAdopt(NamedTuple):
    """A book read whole, and what is proposed for it.

    `shown`: the currencies in which bare amounts are shown by their number formats.
    """

    book: Book
    proposal: Proposal
    shown: ShownCurrencies = MappingProxyType({})

    @property
    def shown_apart(self) -> tuple[str, ...]:
        """The currencies that bare amounts are shown in, beside the base's own."""
        own = self.proposal.policy.location.currency
        return tuple(sorted({*self.shown.values()} - {own}))


class AdoptionResult(NamedTuple):
    """What came of an adoption: tabs that were added; rows on tabs of several sections, by tab."""

    added: tuple[str, ...]
    mixed: Mapping[str, int]


def propose(opened: Opened) -> BookToAdopt:
    """Read a book, every tab of it, and guess. Writes nothing.

    Two requests, and one more for how amounts are shown that are bare numbers.
    """
    structure = read_structure(opened.line, opened.name)
    cells = read_cells(opened.line, structure.grids, {})
    grids = [
        replace(grid, cells=cells.get(grid.sheet_id, ()))
        for grid in structure.grids
    ]
    to_adopt = _guessed(
        replace(structure, grids=tuple(grids)), NOTHING_CHOSEN, {}
    )
    shown = read_currencies(opened.line, [*_bare_amounts(to_adopt)])
    proposal = with_location(
        to_adopt.proposal,
        guess_location(to_adopt.book, to_adopt.proposal, shown),
    )
    return BookToAdopt(to_adopt.book, proposal, shown)


def _bare_amounts(to_adopt: BookToAdopt) -> Iterator[GridRange]:
    """Go through the columns of amounts in which bare numbers stand."""
    grids = {grid.sheet_id: grid for grid in to_adopt.book.grids}
    for tab in to_adopt.proposal.tabs:
        grid = grids[tab.sheet_id]
        first = tab.header + 1
        for column in tab.columns:
            if "amount" not in column.fields or not tab.has_headings:
                continue
            cells = grid.column(column.place, first)
            if any(isinstance(cell, int | float) for cell in cells):
                yield grid_range(
                    grid.sheet_id,
                    (first, len(grid.cells)),
                    (column.place, column.place + 1),
                )


def propose_again(to_adopt: BookToAdopt, chosen: ChosenTabs) -> BookToAdopt:
    """Guess anew at a book that was read, now that people have said where its clients stand."""
    return _guessed(to_adopt.book, chosen, to_adopt.shown)


def _guessed(
    book: Book, chosen: ChosenTabs, shown: ShownCurrencies
) -> BookToAdopt:
    proposal = guess(book, chosen)
    book = claimed(book, proposal.policy)
    answered_tabs = tabs_told(proposal, book)
    if answered_tabs:
        proposal = guess(book, {**answered_tabs, **chosen})
    proposal = with_known_meanings(proposal, book)
    proposal = with_location(proposal, guess_location(book, proposal, shown))
    return BookToAdopt(book, proposal, shown)


def no_clients(to_adopt: BookToAdopt, language: Language) -> BookUnrecognised:
    """Return the error that no tab holds clients: which were looked at, why they hold none."""
    text = language.text
    looked_at = [
        f"{language.quoted(tab.title)} ({reason_words(tab.reason, language)})"
        for tab in to_adopt.proposal.skipped
    ]
    fix = text(
        "A tab of clients needs a heading row, with the company, its phone and its state. "
        "Headings are known in these languages: {languages}.",
        languages=", ".join(languages_known()),
    )
    message = text(
        "No tab of “{book}” holds clients. Looked at: {tabs}.",
        book=to_adopt.book.title,
        tabs=", ".join(looked_at) or text("nothing"),
    )
    return BookUnrecognised(message, fix=fix)


def with_location(proposal: Proposal, location: Location) -> Proposal:
    """Return a proposal for a team that works there."""
    policy = proposal.policy.model_copy(update={"location": location})
    return replace(proposal, policy=policy)


def with_trial(proposal: Proposal, begins: date | None) -> Proposal:
    """Return a proposal that begins with a trial of the model, on a day; None: without one."""
    trial = proposal.policy.trial.model_copy(update={"begins": begins})
    policy = proposal.policy.model_copy(update={"trial": trial})
    return replace(proposal, policy=policy)


def in_language(to_adopt: BookToAdopt, wanted: str | None) -> Proposal:
    """Return the proposal in the language that was asked for, or in the one it was guessed in."""
    if wanted is None:
        return to_adopt.proposal
    proposal = to_adopt.proposal
    policy = template(language(wanted).code)
    return with_location(
        replace(proposal, policy=policy), proposal.policy.location
    )


def take_over(
    opened: Opened, to_adopt: BookToAdopt, proposal: Proposal, options: Options
) -> AdoptionResult:
    """Write a proposal down and add what the base lacks, in one batch under the lock.

    Raises ChangesPending where no tab is sure enough to go on: then only the proposal is written
    down, with its questions. Raises BookChanged where headings have changed since they were read.
    """
    canvas = Canvas()
    settings = _settings_with(to_adopt.book, proposal, canvas)
    write = partial(
        _write_under_lock, opened, to_adopt.book, proposal.policy, options
    )
    # As the base will be with the proposal on its tab, so that one batch does everything.
    policy = _adopted_policy(to_adopt.book, proposal, settings.grid)
    snapshot = None
    if any(tab.can_be_taken for tab in proposal.tabs):
        snapshot = _recognised_with(to_adopt.book, policy, settings.grid)
    if snapshot is None:
        # Written down all the same, so that people can answer there and adopt again.
        write(lambda: settings.requests(canvas))
        raise _no_sure_tab(proposal, settings.grid.title)
    missing_parts = MissingParts(snapshot, policy)

    def requests() -> list[Request]:
        # Columns and dropdowns are put beside headings, which somebody may have moved since.
        check_headings(opened, snapshot, policy)
        missing = _requests_of_missing(opened, snapshot, policy, missing_parts)
        return [*settings.requests(canvas), *missing]

    write(requests)
    added = tuple(tab.title for tab in missing_parts.added)
    return AdoptionResult(added, _rows_on_mixed_tabs(snapshot))


class _SettingsWithProposal(NamedTuple):
    """A proposal on the Settings tab: requests before and after the cells, the tab then."""

    before: list[Request]
    after: list[Request]
    grid: Grid

    def requests(self, canvas: Canvas) -> list[Request]:
        return [*self.before, *canvas.requests(), *self.after]


def _settings_with(
    book: Book, proposal: Proposal, canvas: Canvas
) -> _SettingsWithProposal:
    """Put a proposal onto the Settings tab; entries that stand there already stay as they are."""
    policy = proposal.policy
    held, sheet_id, title = own_tab(book, policy, "settings", set())
    tab = SettingsTab(
        held, sheet_id, title, policy, canvas, last_good_settings(book, policy)
    )
    shade = {} if held else {"tabColorStyle": color("#1F2937")}
    before, after = tab.requests(
        entries(proposal, language(policy.words.language)), **shade
    )
    grid = held or Grid(sheet_id, title, len(book.grids), 0, 0)
    return _SettingsWithProposal(
        before, after, replace(grid, cells=tab.after())
    )


def _no_sure_tab(proposal: Proposal, settings_title: str) -> ChangesPending:
    spoken = language(proposal.policy.words.language)
    headless = [tab for tab in proposal.tabs if not tab.has_headings]
    if len(headless) == len(proposal.tabs):
        largest = max(headless, key=lambda tab: tab.rows)
        return no_headings(proposal, largest.title, spoken)
    fix = spoken.text(
        "Answer on the tab “{tab}” which tab is which section and what its columns hold, "
        "then adopt again.",
        tab=settings_title,
    )
    message = spoken.text(
        "What was guessed is written down, and no tab is sure enough to go on."
    )
    return ChangesPending(message, fix=fix)


def no_headings(
    proposal: Proposal, title: str, spoken: Language
) -> ChangesPending:
    """Return the error that clients stand without headings, with headings that would do."""
    headings = []
    for tab in proposal.tabs:
        for column in tab.columns if tab.title == title else ():
            headings.append(_heading_that_would_do(column, proposal.policy))
    fix = spoken.text(
        "Put a row of headings above its first one, perhaps {headings}, and adopt again.",
        headings="; ".join(headings) or "…",
    )
    names = _headings_in_order(proposal, title)
    if names:
        fix += " " + spoken.text(
            'Or let `sheetsync adopt BOOK --headings "{headings}"` put it there.',
            headings=names,
        )
    message = spoken.text(
        "“{tab}” holds clients without headings, and no column can be known without its own.",
        tab=title,
    )
    return ChangesPending(message, fix=fix)


def _headings_in_order(proposal: Proposal, title: str) -> str:
    """Return headings that would do for a tab, as `--headings` takes them; "" for none."""
    names: dict[int, str] = {}
    for tab in proposal.tabs:
        for column in tab.columns if tab.title == title else ():
            of_fields = [
                proposal.policy.words.name("columns", name)
                for name in column.fields
            ]
            names[column.place] = ", ".join(of_fields)
    width = max(names, default=-1) + 1
    return "; ".join(names.get(place, "") for place in range(width))


def _heading_that_would_do(column: ColumnGuess, policy: Policy) -> str:
    """Return a column's letter with the names of what it seems to hold."""
    letter = get_column_letter(column.place + 1)
    names = [policy.words.name("columns", name) for name in column.fields]
    return f"{letter}: {', '.join(names) or '…'}"


def _adopted_policy(book: Book, proposal: Proposal, settings: Grid) -> Policy:
    """Return the policy with all that the Settings tab says once the proposal stands on it."""
    policy = proposal.policy
    reading = settings_of(
        settings.cells, policy, last_good_settings(book, policy)
    )
    return adopted(policy, reading)


def _recognised_with(
    book: Book, policy: Policy, settings: Grid
) -> Snapshot | None:
    """Recognise a book as it will be with this Settings tab; None where that is not enough yet."""
    others = [grid for grid in book.grids if grid.sheet_id != settings.sheet_id]
    try:
        return recognised(replace(book, grids=(*others, settings)), policy)
    except BookUnrecognised:
        return None


def _requests_of_missing(
    opened: Opened,
    snapshot: Snapshot,
    policy: Policy,
    missing_parts: MissingParts,
) -> list[Request]:
    """Return what a base lacks: sections, the program's own columns, dropdowns, colours.

    Dropdowns and colours come where nobody has set any.
    """
    parts = missing_parts.requests(read_rules(opened.line, snapshot.tabs))
    nothing_moves = Projection(
        snapshot, Plan(snapshot.book.id, date.min), policy
    )
    return [*parts, *build_columns(nothing_moves, missing_parts.added)]


def _rows_on_mixed_tabs(snapshot: Snapshot) -> dict[str, int]:
    """Count the rows of each tab of several sections, by title."""
    counts = snapshot.base["section"].value_counts()
    return {
        snapshot.tab[str(code)].title: int(count)
        for code, count in counts.items()
        if kind_of(str(code)) == MIXED
    }


def _write_under_lock(
    opened: Opened,
    book: Book,
    policy: Policy,
    options: Options,
    requests: Callable[[], list[Request]],
) -> None:
    """Lock all tabs, work out the requests, and write them; nothing where there are none."""
    tabs = [grid.sheet_id for grid in book.grids]
    with locked(
        opened, book, language(policy.words.language), tabs, options
    ) as lock:
        batch = requests()
        if batch:
            lock.write({"requests": batch}, "spreadsheetId")
