"""The way from a book to a proposal: tabs read, columns guessed over all of them, then the rest.

Each question is answered by a module of its own; here is their order.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import NamedTuple

from sheetsync.adoption import headings, tabs
from sheetsync.adoption.column_guesses import ObservedColumn, guess_columns
from sheetsync.adoption.field_scores import typed
from sheetsync.adoption.guesses_by_values import with_guesses_by_values
from sheetsync.adoption.ignored_tabs import (
    is_of_others,
    names_anybody,
    reason_unread,
)
from sheetsync.adoption.language_guess import language_of
from sheetsync.adoption.managers import managers_of, several_in
from sheetsync.adoption.outcome_columns import (
    OUTCOME,
    told_words,
    with_outcomes,
)
from sheetsync.adoption.owners import (
    TitleOwner,
    UnmanagedTab,
    banner_names,
    owners_by_title,
)
from sheetsync.adoption.people import Likeness, likeness
from sheetsync.adoption.proposal import (
    NO_HEADINGS,
    SURE,
    ColumnGuess,
    ManagerGuess,
    Proposal,
    SeveralGuess,
    SkippedTab,
    TabGuess,
    WordGuess,
)
from sheetsync.adoption.value_profiles import (
    ValueProfile,
    blank,
    profile_of,
    sample,
)
from sheetsync.adoption.word_guesses import KINDS, meaning, words_of
from sheetsync.method.codes import LabelCode, SectionCode, StateCode
from sheetsync.method.policy import Policy, template
from sheetsync.method.terms import MIXED
from sheetsync.schema import frame_of
from sheetsync.values import Cell, clean, fold
from sheetsync.workbook.client_rows import ReadTab, sort_rows
from sheetsync.workbook.snapshot import Book, Grid, PassedRow, Row

_OF_ANYTHING = ("amount", "comment", "category", "label")
"""Fields that lists of other things than clients have too."""
_FEW, _TRUSTED = 3, 5
"""Fewer rows without headings are no list; so many cells of a column outweigh its like."""
_TEXTS, _LONGEST_TEXT, _LONGEST_WORD = 30, 200, 100
"""Cells of a column that tell the language, and how much of them and of a word is looked at."""
_LIKELY = 0.6
"""The confidence from which on a word is taken for what it likely means."""
_DOUBTED = 0.4
"""The confidence at most in a tab that seems to be of others."""
_HEADLESS = 0.8
"""What is left of the confidence in a tab without headings."""


ChosenTabs = Mapping[int, int | None]
"""Tabs that people have said are of clients, by id: the 0-based row of their headings, if told."""
NOTHING_CHOSEN: ChosenTabs = MappingProxyType({})


@dataclass(frozen=True)
class TabContents:
    """A tab as it was read: its headings, its rows of data, each column's filled cells by place."""

    grid: Grid
    header: headings.Header
    rows: Sequence[Row]
    columns: Mapping[int, Sequence[Cell]]
    passed: tuple[PassedRow, ...] = ()

    @property
    def has_headings(self) -> bool:
        """Tell whether its columns have names."""
        return self.header.row != NO_HEADINGS

    @property
    def places(self) -> list[int]:
        """The columns that hold something, or have a heading at least."""
        return [
            place
            for place, cells in self.columns.items()
            if cells or self.header.names[place]
        ]

    @property
    def rows_below(self) -> Mapping[int, Row]:
        """The rows below the headings that say anything, by 0-based index."""
        repeats = set(self.header.repeats)
        return {
            number: cells
            for number, cells in enumerate(self.grid.cells)
            if number > self.header.row
            and number not in repeats
            and not all(map(blank, cells))
        }

    def some_cells(self) -> list[Cell]:
        """Return a few cells of each column."""
        return [
            cell
            for cells in self.columns.values()
            for cell in sample(cells, _TEXTS)
        ]

    def column_of(self, place: int | None) -> list[Cell]:
        """Return a column's cell of each row of data, None where the row, or the column, ends."""
        if place is None:
            return [None] * len(self.rows)
        return [row[place] if place < len(row) else None for row in self.rows]


@dataclass(frozen=True)
class _GuessedTab:
    """A tab with the guesses at its columns and the count of its states.

    `is_doubtful`: it seems to be of others, and there is no better one.
    """

    contents: TabContents
    columns: tuple[ColumnGuess, ...]
    tally: tabs.StateTally
    is_doubtful: bool = False

    @property
    def sheet_id(self) -> int:
        """The tab's id."""
        return self.contents.grid.sheet_id

    @property
    def fields(self) -> set[str]:
        """The fields that its columns are taken for."""
        return {field for column in self.columns for field in column.fields}

    @property
    def managed(self) -> bool:
        """Tell whether any row names its manager."""
        return any(
            "manager" in column.fields
            and bool(self.contents.columns[column.place])
            for column in self.columns
        )


def guess(book: Book, chosen: ChosenTabs = NOTHING_CHOSEN) -> Proposal:
    """Propose how a book that knows nothing of the method is to be read.

    `chosen`: what people have said of tabs. Never fails on what stands in the book.
    """
    read, skipped = _read(book, chosen)
    policy = template(_language(read))
    of_clients, of_others = _told_apart(_guess_columns(read, policy), chosen)
    owners = _owners_of(of_clients)
    without_passed = [*map(partial(_clients_of, of_clients, owners), read)]
    if without_passed != read:
        # What a column holds is told by its clients alone.
        of_clients, of_others = _told_apart(
            _guess_columns(without_passed, policy), chosen
        )
    understood = {
        tab.contents.grid.sheet_id: tab.tally.understood_share
        for tab in of_clients
    }
    order = {grid.sheet_id: place for place, grid in enumerate(book.grids)}
    left_alone = sorted(
        (*skipped, *of_others), key=lambda tab: order[tab.sheet_id]
    )
    several = several_in([*_cells(of_clients, "manager")])
    words: list[WordGuess] = []
    for field, kind in KINDS.items():
        words += words_of(kind, _cells(of_clients, field))
    return Proposal(
        policy=policy,
        tabs=tabs.settle(
            [_guess_tab(tab, owners.by_title) for tab in of_clients], understood
        ),
        words=tuple(words),
        managers=_with_owners(
            managers_of(_single_names(of_clients, several)), owners
        ),
        skipped=tuple(left_alone),
        several=several,
    )


class _Owners(NamedTuple):
    """The managers whom no cell of a row names: by a tab's title, and by the rows above clients."""

    by_title: Mapping[str, TitleOwner]
    in_banners: tuple[str, ...]
    in_cells: tuple[str, ...]

    @property
    def names(self) -> dict[str, str]:
        """All managers that are known for sure, by their folded names."""
        titled = [
            owner.name
            for owner in self.by_title.values()
            if owner.confidence >= SURE
        ]
        names = [*self.in_cells, *titled, *self.in_banners]
        return {fold(name): name for name in reversed(names)}


def _owners_of(guessed: Sequence["_GuessedTab"]) -> _Owners:
    """Find the managers by titles and lone rows."""
    cells = [*_cells(guessed, "manager")]
    in_cells = [
        manager.name
        for manager in managers_of(cells)
        if likeness(manager.name) is not Likeness.NONE
    ]
    unmanaged = [
        tab for tab in guessed if tab.contents.has_headings and not tab.managed
    ]
    by_title = owners_by_title(
        [
            UnmanagedTab(
                tab.contents.grid.title,
                tuple(map(fold, tab.contents.header.names)),
            )
            for tab in unmanaged
        ],
        in_cells,
    )
    titled = [owner.name for owner in by_title.values()]
    in_banners: list[str] = []
    for tab in guessed:
        if tab.contents.has_headings:
            in_banners += banner_names(
                tab.contents.rows_below,
                _place_of("company", tab.columns),
                tab.contents.grid.merges,
                [*in_cells, *titled],
                managed=tab.managed,
            )
    return _Owners(by_title, tuple(dict.fromkeys(in_banners)), tuple(in_cells))


def _clients_of(
    guessed: Sequence["_GuessedTab"], owners: _Owners, contents: TabContents
) -> TabContents:
    """Return what a tab holds of clients, without the rows that are none."""
    tab = next((tab for tab in guessed if tab.contents is contents), None)
    if tab is None or not contents.has_headings:
        return contents
    fields = {
        field: column.place
        for column in reversed(tab.columns)
        for field in column.fields
    }
    first = contents.header.row + 1
    policy = template("ru")
    frame, faulty = frame_of(
        contents.grid.cells[first:], first + 1, fields, policy
    )
    read_tab = ReadTab(
        contents.grid, first, frame, faulty, fields, policy, owners.names
    )
    repeats = {row + 1 for row in contents.header.repeats}
    passed = sort_rows(read_tab, repeats).passed
    if not passed:
        return contents
    return _below(contents.grid, contents.header, passed)


def _with_owners(
    managers: Sequence[ManagerGuess], owners: _Owners
) -> tuple[ManagerGuess, ...]:
    """Add the managers of titles and of rows above clients to those that cells name."""
    known = {fold(manager.name) for manager in managers}
    for manager in managers:
        known.update(map(fold, manager.spellings))
    added: list[ManagerGuess] = []
    titled = [
        (owner.name, "title")
        for owner in owners.by_title.values()
        if owner.confidence >= SURE
    ]
    for name, why in (
        *titled,
        *((name, "banner") for name in owners.in_banners),
    ):
        if fold(name) not in known:
            known.add(fold(name))
            added.append(ManagerGuess(SURE, why, name, (), 0))
    return (*managers, *added)


def _single_names(
    guessed: Sequence["_GuessedTab"], several: Sequence[SeveralGuess]
) -> Iterator[Cell]:
    """Go through the managers of all rows; where a cell names several, its first."""
    owner_of = {guess.cell: guess.owner for guess in several}
    for cell in _cells(guessed, "manager"):
        text = clean(cell)[:_LONGEST_WORD] if isinstance(cell, str) else ""
        yield owner_of.get(text, cell)


def _read(
    book: Book, chosen: ChosenTabs
) -> tuple[list[TabContents], list[SkippedTab]]:
    """Read a book's tabs; those that are not, or cannot be, understood come with the reason."""
    read = []
    skipped = []
    for grid in book.grids:
        reason = reason_unread(grid)
        if reason is None:
            read.append(_contents(grid, chosen.get(grid.sheet_id)))
        else:
            skipped.append(SkippedTab(grid.title, reason, grid.sheet_id))
    return read, skipped


def _contents(grid: Grid, heading_row: int | None) -> TabContents:
    """Take a tab apart. `heading_row`: where somebody has said that its headings are, 0-based."""
    width = max(map(len, grid.cells))
    if heading_row is None:
        header = headings.find(grid.cells, width)
    else:
        header = headings.header_in(grid.cells, heading_row, width)
    return _below(grid, header)


def _below(
    grid: Grid, header: headings.Header, passed: tuple[PassedRow, ...] = ()
) -> TabContents:
    """Gather what stands below a tab's headings. `passed`: rows that are known to be no clients."""
    width = max(map(len, grid.cells))
    left_out = {*header.repeats, *(row.row - 1 for row in passed)}
    # One cell alone is a title, but in a tab of one column, where empty rows count too.
    fewest = 2 if width > 1 else 0
    rows: list[Row] = []
    columns: dict[int, list[Cell]] = {place: [] for place in range(width)}
    for number, cells in enumerate(grid.cells):
        if number <= header.row or number in left_out:
            continue
        filled = {
            place: cell for place, cell in enumerate(cells) if not blank(cell)
        }
        if len(filled) < fewest:
            continue
        rows.append(cells)
        for place, cell in filled.items():
            columns[place].append(cell)
    return TabContents(grid, header, rows, columns, passed)


def _language(read: Sequence[TabContents]) -> str:
    names: list[str] = []
    texts: list[str] = []
    for tab in read:
        names += filter(None, tab.header.names)
        for cell in tab.some_cells():
            if isinstance(cell, str):
                texts.append(clean(cell)[:_LONGEST_TEXT])
    return language_of(names, texts)


def _guess_columns(
    read: Sequence[TabContents], policy: Policy
) -> list[_GuessedTab]:
    """Guess the columns of all tabs."""
    guessed = []
    shared = _shared_profiles(read)
    for contents in read:
        observed = [
            _observed(contents, place, shared)
            for place in sorted(contents.places)
        ]
        columns = with_guesses_by_values(
            guess_columns(observed, policy), observed
        )
        columns = with_outcomes(columns, observed)
        tally = _tally(contents, columns, policy)
        guessed.append(_GuessedTab(contents, columns, tally))
    return guessed


def _told_apart(
    guessed: Sequence[_GuessedTab], chosen: ChosenTabs
) -> tuple[list[_GuessedTab], list[SkippedTab]]:
    """Tell the tabs of clients from those of others, which come with the reason.

    Where there seem to be none of clients, the likeliest one is, and is asked about.
    """
    reasons: dict[int, str] = {}
    for tab in guessed:
        reason = _reason_of_others(tab)
        if reason is not None and tab.sheet_id not in chosen:
            reasons[tab.sheet_id] = reason
    of_clients = [tab for tab in guessed if tab.sheet_id not in reasons]
    likeliest = _likeliest([tab for tab in guessed if tab.sheet_id in reasons])
    # Columns without headings cannot be known again, so that such a tab alone is no base.
    if likeliest and not any(tab.contents.has_headings for tab in of_clients):
        del reasons[likeliest.sheet_id]
        of_clients.append(replace(likeliest, is_doubtful=True))
    of_others = [
        SkippedTab(tab.contents.grid.title, reasons[tab.sheet_id], tab.sheet_id)
        for tab in guessed
        if tab.sheet_id in reasons
    ]
    return of_clients, of_others


def _likeliest(others: Sequence[_GuessedTab]) -> _GuessedTab | None:
    """Return the tab that has most of what lists of clients have; None where none has anything."""
    likely = []
    for tab in others:
        headed = tab.contents.has_headings
        # Names alone, or beside a price, may be of anything.
        telling = tab.fields.difference(_OF_ANYTHING)
        is_list = bool(tab.contents.rows) and len(telling) > 1
        if is_list and names_anybody(tab.fields, headed=headed):
            likely.append(tab)
    return max(likely, key=_likeness, default=None)


def _likeness(tab: _GuessedTab) -> tuple[bool, int, int]:
    return tab.contents.has_headings, len(tab.fields), len(tab.contents.rows)


def _shared_profiles(read: Sequence[TabContents]) -> Mapping[str, ValueProfile]:
    """Look at all columns of one heading together, whatever tabs they stand in."""
    cells: defaultdict[str, list[Cell]] = defaultdict(list)
    for tab in read:
        for place in tab.places:
            name = fold(tab.header.names[place])
            if name:
                cells[name] += sample(tab.columns[place])
    return {name: profile_of(shared) for name, shared in cells.items()}


def _observed(
    tab: TabContents, place: int, shared_profiles: Mapping[str, ValueProfile]
) -> ObservedColumn:
    """Look at a column with its like on other tabs, unless it plainly holds something else."""
    heading = tab.header.names[place]
    cells = tab.columns[place]
    own = profile_of(cells)
    shared = shared_profiles.get(fold(heading), own)
    differs = own.filled >= _TRUSTED and typed(own) != typed(shared)
    return ObservedColumn(place, heading, cells, own if differs else shared)


def _tally(
    tab: TabContents, columns: Sequence[ColumnGuess], policy: Policy
) -> tabs.StateTally:
    """Count a tab's rows by state."""
    state = _place_of("state", columns)
    reason = _place_of("refusal_reason", columns)
    if state is None and reason is None:
        return tabs.StateTally(rows=len(tab.rows))
    reasons = tab.column_of(reason)
    labels = tab.column_of(_place_of("label", columns))
    states: list[str | None]
    # Without a column of states, whoever has a reason of refusal has refused.
    if state is None:
        states = [
            None if blank(cell) else StateCode.REFUSAL for cell in reasons
        ]
    else:
        states = _states(tab, columns)
    sections = [*map(partial(_section_of_refusal, policy), labels, reasons)]
    managed = [
        not blank(cell) for cell in tab.column_of(_place_of("manager", columns))
    ]
    return tabs.count_states([*map(tabs.StateOfRow, states, sections, managed)])


def _states(
    tab: TabContents, columns: Sequence[ColumnGuess]
) -> list[str | None]:
    """Return each row's state: the outcome where a column tells one, else the stage."""
    of_states = [column for column in columns if column.fields == ("state",)]
    of_states.sort(key=lambda column: column.why != OUTCOME)
    by_column = []
    for column in of_states:
        cells = tab.column_of(column.place)
        by_column.append([_code(cell, "states") for cell in cells])
    return [
        next(filter(None, codes), codes[-1])
        for codes in zip(*by_column, strict=True)
    ]


def _place_of(field: str, columns: Sequence[ColumnGuess]) -> int | None:
    """Return the first column that holds a field alone."""
    return next(
        (column.place for column in columns if column.fields == (field,)), None
    )


def _code(cell: Cell, kind: str) -> str | None:
    """Return the code of a word, "" where it is unknown, None where there is none."""
    if blank(cell):
        return None
    guessed = meaning(kind, clean(cell)[:_LONGEST_WORD])
    return guessed.code or "" if guessed.confidence >= _LIKELY else ""


def _section_of_refusal(
    policy: Policy, label: Cell, reason: Cell
) -> str | None:
    """Return the section that a refused row's reason or label sends it to."""
    if _code(label, "labels") == LabelCode.OFF_PROFILE:
        return SectionCode.HARD_REFUSAL
    code = _code(reason, "reasons")
    return policy.reason[code].section if code else None


def _reason_of_others(tab: _GuessedTab) -> str | None:
    """Return why a tab is no list of clients; None where it is one."""
    contents = tab.contents
    if not contents.has_headings and len(contents.rows) < _FEW:
        return "no_headings"
    of_others = is_of_others(
        contents.grid.title,
        tab.fields,
        section=tabs.named_section(contents.grid.title)[0] is not None,
        # Other lists may have a known word too; among clients most states are understood.
        understood=tab.tally.understood_share >= 0.5,  # noqa: PLR2004
        headed=contents.has_headings,
    )
    if not of_others:
        return None
    return "not_clients" if contents.has_headings else "no_headings"


def _guess_tab(tab: _GuessedTab, owners: Mapping[str, TitleOwner]) -> TabGuess:
    contents = tab.contents
    owner = owners.get(contents.grid.title, TitleOwner("", 1.0))
    header = tab.contents.header
    guessed = tabs.guess_section(contents.grid.title, tab.tally)
    section = guessed.section
    confidence = guessed.confidence
    why = guessed.why
    if tab.is_doubtful:
        confidence = min(confidence, _DOUBTED)
        why = "likeliest"
    elif not contents.has_headings:
        confidence *= _HEADLESS
    elif (
        confidence < SURE and tab.tally.filled and _names_companies(tab.columns)
    ):
        # No row of such a tab moves but by a state that is understood.
        section = MIXED
        confidence = SURE
    return TabGuess(
        confidence=round(confidence, 2),
        why=why,
        sheet_id=contents.grid.sheet_id,
        title=contents.grid.title,
        section=section,
        header=header.row,
        columns=tab.columns,
        rows=len(contents.rows),
        repeats=header.repeats,
        above=header.above,
        owner=owner.name,
        owner_confidence=owner.confidence,
        passed=contents.passed,
    )


def _names_companies(columns: Sequence[ColumnGuess]) -> bool:
    return any(column.sure and "company" in column.fields for column in columns)


def _cells(guessed: Sequence[_GuessedTab], field: str) -> Iterator[Cell]:
    """Go through all cells of a field, over all tabs and rows."""
    for tab in guessed:
        for column in tab.columns:
            if column.fields == (field,):
                cells = tab.contents.columns[column.place]
                yield from told_words(column, cells)
