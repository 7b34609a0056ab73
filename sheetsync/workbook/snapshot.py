"""What was read from a book, frozen: its grids, its sections, and their rows as typed frames.

Recognising is recognition.py's; drafting what to do about a row is the enforcer's.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from itertools import zip_longest
from typing import Any, NamedTuple, TypedDict

import pandas as pd

from sheetsync.method.policy import Policy
from sheetsync.method.settings_tab.mapping import SettingsReading
from sheetsync.playbook.reading import TabReading
from sheetsync.schema import Faulty, Problem
from sheetsync.values import Cell, Home, unit_of
from sheetsync.workbook.answers import Answer
from sheetsync.workbook.headings import MissingColumn, RenamedColumn
from sheetsync.workbook.journal import JournalLine, LineKind
from sheetsync.workbook.journal_periods import Period
from sheetsync.workbook.last_run_state import UnfinishedNight
from sheetsync.workbook.layout import UNKNOWN, Layout
from sheetsync.workbook.lock_lease import FREE, Standing
from sheetsync.workbook.range_owners import RangeOwner
from sheetsync.workbook.trial_record import TrialRecord

Row = Sequence[Cell]


class RowRecord(TypedDict):
    """A row of `Snapshot.base` by its columns.

    Codes for words of the method, NaT for no day, NaN for no number.

    A text or code is None (in a frame that has been worked on, also NaN) where nothing stands, or
    nothing that can be read.
    """

    section: str
    row: int
    """The sheet's own number; 1 is the top."""
    id: str | None
    company: str | None
    tax_number: str | None
    city: str | None
    person: str | None
    role: str | None
    phone: str | None
    email: str | None
    label: str | None
    category: str | None
    state: str | None
    manager: str | None
    source: str | None
    created_on: pd.Timestamp
    began: pd.Timestamp
    last_contact: pd.Timestamp
    contact_result: str | None
    next_step: str | None
    next_on: pd.Timestamp
    deadline: pd.Timestamp
    days_left: float
    amount: float
    probability: float
    invoice_on: pd.Timestamp
    paid_on: pd.Timestamp
    closed_on: pd.Timestamp
    refusal_reason: str | None
    on_expiry: str | None
    return_on: pd.Timestamp
    extended_to: pd.Timestamp
    comment: str | None
    problems: str | None
    began_unread: bool
    """Whether the cell of the start date holds what cannot be read; `amount_unread` likewise."""
    amount_unread: bool
    no_amount: bool
    """Whether the tab has the column of amounts, and nothing stands in it."""
    extended_unread: bool
    """Whether the cell of the extension holds what cannot be read."""
    unread: bool
    """Whether a cell that decides where the row goes (`DECIDING`) holds what cannot be read."""
    trusted: bool
    """Whether the row counts as the team's own word: it stood there when the base was first run, or
    came with a list."""


FAR = 10**9
"""Where an open side of a range ends: beyond every tab."""


class CellArea(NamedTuple):
    """Rows [top, bottom) and columns [left, right), 0-based.

    An open side ends far beyond every sheet.
    """

    top: int
    bottom: int
    left: int
    right: int

    @property
    def is_empty(self) -> bool:
        """Whether it holds no cell."""
        return self.top >= self.bottom or self.left >= self.right

    def meets(self, other: "CellArea") -> bool:
        """Tell whether they have a cell in common."""
        in_rows = self.top < other.bottom and other.top < self.bottom
        in_columns = self.left < other.right and other.left < self.right
        return in_rows and in_columns

    def without(self, hole: "CellArea") -> "list[CellArea]":
        """Return what is left of it, in up to four pieces."""
        if not self.meets(hole):
            return [self]
        top = max(self.top, hole.top)
        bottom = min(self.bottom, hole.bottom)
        pieces = [
            CellArea(self.top, top, self.left, self.right),
            CellArea(bottom, self.bottom, self.left, self.right),
            CellArea(top, bottom, self.left, max(self.left, hole.left)),
            CellArea(top, bottom, min(self.right, hole.right), self.right),
        ]
        return [piece for piece in pieces if not piece.is_empty]


class JournalEnd(NamedTuple):
    """When the lines at the end of the Journal's tab were written, as its cells tell it.

    `first`: the 0-based row of the first one; `moments`: from there on down, as they were read.
    """

    first: int
    moments: tuple[Cell, ...]


class Guard(NamedTuple):
    """A protection that the program has made to last: its id, what it covers, its description.

    `warns`: whether it stops nobody and only warns.
    """

    number: int
    area: CellArea
    description: str
    warns: bool = False


class NamedArea(NamedTuple):
    """A named range: its id in the book, its name, the tab (sheetId) and the cells it names."""

    id: str
    name: str
    sheet_id: int
    area: CellArea


class ColourRule(NamedTuple):
    """Where a conditional format holds, as people see it, and the formulas that it asks."""

    cells: str
    formulas: tuple[str, ...]


class DrawnChart(NamedTuple):
    """A chart as it stands on a tab: its id in the book, its spec and its place.

    `spec` and `place` (an OverlayPosition) are as the API has them.
    """

    id: int
    spec: Mapping[str, Any]
    place: Mapping[str, Any]


@dataclass(frozen=True)
class Grid:
    """One tab as it was read. `cells` starts at A1; rows and columns that end empty may be missing.

    `guarded`: what others protect from our account; `ours`: what the program protects for good.
    `protections`: every protection on it, by number, with its description.
    `filtered_rows`, `hidden_rows`: the 0-based rows that a filter or a person hides.
    `warns_everywhere`: whoever types on it is warned, or stopped where the file protects it.
    """

    sheet_id: int
    title: str
    index: int
    row_count: int
    column_count: int
    cells: Sequence[Row] = ()
    hidden: bool = False
    basic_filter: Mapping[str, Any] | None = None
    merges: tuple[CellArea, ...] = ()
    guarded: tuple[CellArea, ...] = ()
    tables: tuple[CellArea, ...] = ()
    ours: tuple[Guard, ...] = ()
    protections: tuple[tuple[int, str], ...] = ()
    charts: tuple[DrawnChart, ...] = ()
    colours: tuple[ColourRule, ...] = ()
    frozen_rows: int = 0
    filtered_rows: frozenset[int] = frozenset()
    hidden_rows: frozenset[int] = frozenset()
    warns_everywhere: bool = False

    def cell(self, row: int, column: int) -> Cell:
        """Return the cell at 0-based `row` and `column`, or None beyond what was read."""
        if row >= len(self.cells) or column >= len(self.cells[row]):
            return None
        return self.cells[row][column]

    @cached_property
    def columns(self) -> Sequence[Sequence[Cell]]:
        """The cells by column, each as long as the grid; a row that ends before it holds None."""
        # Rows are what is read and columns what is worked with: the grid is turned once.
        return [*zip_longest(*self.cells)]

    def column(self, column: int, first: int) -> Sequence[Cell]:
        """Return the cells of a 0-based column from row `first` (0-based) to the last one read."""
        if column >= len(self.columns):
            return [None] * (len(self.cells) - first)
        return self.columns[column][first:]


class PassedReason(StrEnum):
    """Why a row is no client.

    A total of others; sums that nothing stands before; the name of a manager above their clients;
    another heading above a group; a note.
    """

    TOTAL = "total"
    SUMS = "sums"
    MANAGER = "manager"
    GROUP = "group"
    NOTE = "note"


class PassedRow(NamedTuple):
    """A row that is passed over: the sheet's number, why, and what it is called.

    `manager`: whose clients stand below, "" where it names nobody.
    """

    row: int
    reason: PassedReason
    text: str
    manager: str = ""


class OwnerSource(StrEnum):
    """What tells a row's manager, where its own cell does not."""

    MERGED = "merged"
    BANNER = "banner"
    TITLE = "title"


class RowOwner(NamedTuple):
    """The manager of a row, by the sheet's number of the row, and what tells it."""

    row: int
    manager: str
    source: OwnerSource


class RowCountries(NamedTuple):
    """The country of each row below the headings (ISO 3166, "" where none is told).

    Empty where no column tells any. `are_named`: the column names countries. A city is weaker:
    there is a Moscow in Idaho, so that numbers of the base's own country stay its own.
    """

    codes: Sequence[str] = ()
    are_named: bool = True


UNKNOWN_COUNTRIES = RowCountries()
"""A tab that tells no row's country."""


@dataclass(frozen=True)
class Tab:
    """A section's tab: its headings (0-based `header`), and its rows typed in `frame`.

    The frame's column `row` is the sheet's own number: 1 is the top. `fields`: the first column of
    each field (0-based); `more`: further ones; `renamed`: those known by what they hold. `passed`:
    the rows that are no clients; `owners`: the managers of rows that do not name them themselves,
    and whom the frame has all the same; `countries`: of every row
    below the headings; `arriving`: the headings of fields whose columns come with
    rows.
    """

    grid: Grid
    section: str
    header: int
    fields: Mapping[str, int]
    headings: tuple[str, ...]
    frame: pd.DataFrame
    faulty: tuple[Faulty, ...] = ()
    more: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    renamed: tuple[RenamedColumn, ...] = ()
    passed: tuple[PassedRow, ...] = ()
    owners: tuple[RowOwner, ...] = ()
    countries: RowCountries = UNKNOWN_COUNTRIES
    arriving: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The tab's name as people see it."""
        return self.grid.title

    @cached_property
    def end(self) -> int:
        """0-based index of the row after the last client: where arrivals are inserted."""
        if not len(self.frame):
            return self.header + 1
        return int(self.frame["row"].max())

    @cached_property
    def shared(self) -> frozenset[str]:
        """The fields that stand in one column with others."""
        times = Counter(self.fields.values())
        return frozenset(
            name for name, column in self.fields.items() if times[column] > 1
        )

    def unit(self, name: str) -> int:
        """Return what the heading of a field of amounts says that it counts in: 1,000, or 1."""
        column = self.fields.get(name)
        if column is None or column >= len(self.headings):
            return unit_of(self.arriving.get(name, ""))
        return unit_of(self.headings[column])

    @cached_property
    def used(self) -> frozenset[int]:
        """The columns in which any row below the headings holds something."""
        columns = set[int]()
        for place, cells in enumerate(self.grid.columns):
            below = cells[self.header + 1 :]
            if not all(cell is None or cell == "" for cell in below):
                columns.add(place)
        return frozenset(columns)

    def heading(self, name: str, policy: Policy) -> str:
        """Return a field's heading as it stands in this tab, or as it would be written."""
        column = self.fields.get(name)
        if column is None or column >= len(self.headings):
            return self.arriving.get(name) or policy.words.name("columns", name)
        return self.headings[column]


DECIDING = ("state", "label", "refusal_reason", "on_expiry", "extended_to")
"""Fields that a move depends on: a fault there is an error, elsewhere a warning."""
NO_ZONE = "Etc/GMT"
"""What a local file that was never given a zone answers."""


@dataclass(frozen=True)
class Book:
    """The spreadsheet as a whole. `time_zone` is an IANA name.

    `theirs`: tabs (sheetIds) of the team's, whatever their names; `volumes`: those of the Journal's
    old lines, likewise, by the period of each, the newest first. `names`: its named ranges;
    `owners`: whatever lies on its cells by ranges of its own; `playbook`: the tabs (sheetIds) of
    the playbook that are there, by key.
    """

    id: str
    title: str
    locale: str
    time_zone: str
    grids: tuple[Grid, ...] = ()
    standing: Standing = FREE
    layout: Layout = UNKNOWN
    theirs: frozenset[int] = frozenset()
    volumes: Mapping[int, Period] = field(default_factory=dict)
    names: tuple[NamedArea, ...] = ()
    owners: tuple[RangeOwner, ...] = ()
    playbook: Mapping[str, int] = field(default_factory=dict)

    @property
    def not_by_title(self) -> frozenset[int]:
        """The tabs (sheetIds) that are none of our reports or lists, whatever title they bear."""
        # A team's own tab may bear one of our names, and a volume may have been given one by hand:
        # neither is ever written over.
        return self.theirs | self.volumes.keys()

    def titled(self, *titles: str) -> Grid | None:
        """Return the first tab of ours that bears one of these titles."""
        wanted = {title.casefold() for title in titles}
        others = self.not_by_title
        ours = (grid for grid in self.grids if grid.sheet_id not in others)
        return next(
            (grid for grid in ours if grid.title.casefold() in wanted), None
        )


@dataclass(frozen=True)
class Snapshot:
    """A book read and recognised. `state` is the hidden tab's frame.

    `journal`: its newest lines first; `journal_whole`: whether these are all. `journal_end`: the
    oldest lines on the Journal's own tab, None where there is none. `stuck`: rows
    (section, the sheet's number) of which something is known that keeps them from moving, and cells
    (with their field) that are formulas. `missing`: columns that are gone, with the tab's title.
    `unread`: sections whose tab is there and cannot be read, and what it is called; of its rows
    nothing is known. `settings_reading`: what the Settings tab says. `noticing`: whether what
    differs from what is remembered was people's doing. `decisions`: what people answered on the
    report tabs. `unfinished`: a night of which not all batches are written yet. `trial`: what was
    noted of a trial of the model. `home`: where the base is at home, and what its columns of a type
    tell together; None where nobody has looked.
    `amounts_then`: what each row's amount (section, the sheet's number) would be by the settings of
    the last run; None where these have not changed.
    `local`: whether it is a file, in which no protection stops anybody. `playbook`: the playbook's
    tabs as they were read.
    """

    book: Book
    tabs: tuple[Tab, ...]
    problems: tuple[Problem, ...] = ()
    state: pd.DataFrame = field(default_factory=pd.DataFrame)
    journal: tuple[JournalLine, ...] = ()
    first_run: bool = True
    stuck: frozenset[tuple[str, int] | tuple[str, int, str]] = frozenset()
    missing: tuple[tuple[str, MissingColumn], ...] = ()
    unread: Mapping[str, str] = field(default_factory=dict)
    settings_reading: SettingsReading = field(default_factory=SettingsReading)
    journal_whole: bool = True
    journal_end: JournalEnd | None = None
    noticing: bool = True
    decisions: tuple[Answer, ...] = ()
    unfinished: UnfinishedNight | None = None
    trial: TrialRecord | None = None
    home: Home | None = None
    amounts_then: Mapping[tuple[str, int], float] | None = None
    local: bool = False
    playbook: tuple[TabReading, ...] = ()

    @cached_property
    def tab(self) -> Mapping[str, Tab]:
        """Tabs by section."""
        return {tab.section: tab for tab in self.tabs}

    @cached_property
    def base(self) -> pd.DataFrame:
        """All rows of all sections in one frame, with `section`; index 0..n-1.

        They stand in the order of tabs and rows. `began_unread`, `amount_unread` and
        `extended_unread` mark the rows in which that cell holds what cannot be read, `unread` those
        in which one of `DECIDING` does; `no_amount` those whose tab has the column, and nothing in
        it; `trusted` those that are taken at the team's word.
        """
        base = pd.concat(
            [_rows_of(tab) for tab in self.tabs], ignore_index=True
        )
        if self.first_run:
            return base.assign(trusted=True)
        brought = {
            line.id for line in self.journal if line.what == LineKind.IMPORTED
        }
        return base.assign(trusted=base["id"].isin(brought))

    @cached_property
    def index_by_place(self) -> Mapping[tuple[str, int], int]:
        """The label in `base` of each row by where it was read.

        That is its section and the sheet's number (1 is the top).
        """
        sections = self.base["section"].tolist()
        rows = map(int, self.base["row"].tolist())
        return {
            place: index
            for index, place in enumerate(zip(sections, rows, strict=True))
        }

    def locate(self, section: str, row: int) -> int:
        """Return the label in `base` of the row read at the sheet's number `row` of a section.

        Frames made of `base` keep its labels, so it is the row's label there too. Raises KeyError
        where no row was read.
        """
        return self.index_by_place[section, row]

    def without(self, places: Collection[tuple[str, int]]) -> "Snapshot":
        """Return the base as if these rows (section, the sheet's number) were no clients.

        Their cells stay where they are: only a batch deletes them.
        """
        if not places:
            return self
        tabs = tuple(_tab_without(tab, places) for tab in self.tabs)
        return replace(self, tabs=tabs)


def _tab_without(tab: Tab, places: Collection[tuple[str, int]]) -> Tab:
    numbers = {row for section, row in places if section == tab.section}
    if not numbers:
        return tab
    kept = tab.frame[~tab.frame["row"].isin(numbers)]
    faulty = tuple(cell for cell in tab.faulty if cell.row not in numbers)
    return replace(tab, frame=kept.reset_index(drop=True), faulty=faulty)


def _rows_of(tab: Tab) -> pd.DataFrame:
    amount_unread = _unread(tab, "amount")
    # Of a tab without the column nothing is known, so that no amount is missing there.
    no_amount = (
        tab.frame["amount"].isna() & ~amount_unread & ("amount" in tab.fields)
    )
    return tab.frame.assign(
        section=tab.section,
        began_unread=_unread(tab, "began"),
        amount_unread=amount_unread,
        no_amount=no_amount,
        extended_unread=_unread(tab, "extended_to"),
        unread=_unread(tab, *DECIDING),
    )


def _unread(tab: Tab, *names: str) -> "pd.Series[bool]":
    """Mark the rows in which the cell of one of some fields cannot be read."""
    rows = [faulty.row for faulty in tab.faulty if faulty.field in names]
    return tab.frame["row"].isin(rows)


OWN = (
    "summary",
    "revision",
    "sample",
    "trial",
    "simulation",
    "figures",
    "audit",
    "settings",
    "journal",
    "state",
    "charts",
)
"""The program's own tabs that are there once; a manager's bears their name."""
REPORTS = OWN[: OWN.index("settings")]
"""Those of them that are reports."""


def own_titles(policy: Policy, key: str) -> tuple[str, ...]:
    """Return the titles that one of the program's own tabs may bear, the book's language first."""
    languages = (policy.words, *policy.other_words)
    titles = [words.tabs[key] for words in languages]
    return (*titles, *map(marked_title, titles))


MARK = " · sheetsync"
"""What a title of ours ends with where a tab of the team's bears it without."""


def marked_title(title: str) -> str:
    """Return a title of ours where the team has a tab that bears it."""
    return f"{title}{MARK}"


def own_title(book: Book, policy: Policy, key: str) -> str:
    """Return the title of one of the program's own tabs, unlike that of any tab of the team's."""
    title = policy.words.tabs[key]
    taken = {
        grid.title.casefold()
        for grid in book.grids
        if grid.sheet_id in book.not_by_title
    }
    if title.casefold() in taken:
        return marked_title(title)
    return title


def is_own(title: str, policy: Policy) -> bool:
    """Tell whether a tab of this title is one of the program's own.

    These are reports, the journal, the state, the settings and the charts' numbers.
    """
    if any(title in own_titles(policy, key) for key in OWN):
        return True
    return title.startswith(_prefixes(policy))


def _prefixes(policy: Policy) -> tuple[str, ...]:
    """Return what the title of a manager's tab begins with, in every language."""
    return tuple(
        title.partition("{")[0] for title in own_titles(policy, "manager")
    )


def reports_of(book: Book, policy: Policy) -> Iterator[tuple[str, Grid]]:
    """Go through the report tabs that are there: the report's key, and the tab.

    A manager's report is `manager:NAME`, as far as its title tells.
    """
    for grid in book.grids:
        if grid.sheet_id in book.not_by_title:
            continue
        key = _report_key(grid.title, policy)
        if key is not None:
            yield key, grid


def _report_key(title: str, policy: Policy) -> str | None:
    for key in REPORTS:
        if title in own_titles(policy, key):
            return key
    return managers_key(title, policy)


def managers_key(title: str, policy: Policy) -> str | None:
    """Return the key of a manager's report by the title of its tab; None where it is no such."""
    for prefix in _prefixes(policy):
        if title.startswith(prefix):
            return f"manager:{title.removeprefix(prefix)}"
    return None


def as_date(value: Any) -> date | None:
    """Turn a cell of a frame's date column into a day, or None."""
    return None if pd.isna(value) else pd.Timestamp(value).date()


def as_text(value: Any) -> str:
    """Turn a cell of a frame into a text, "" where it holds nothing."""
    return "" if pd.isna(value) else str(value)
