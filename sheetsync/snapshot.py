"""What was read from a book, frozen: its grids, which of them are sections, and their rows as typed frames.

Recognising is by tab name and heading; deciding what to do about a row is the enforcer's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

import pandas as pd

from sheetsync.errors import BookUnrecognised
from sheetsync.i18n import Language
from sheetsync.lease import FREE, Standing
from sheetsync.policy import Policy
from sheetsync.schema import (
    Faulty,
    Headings,
    Problem,
    Severity,
    find_headings,
    frame_of,
    repeated_heading,
    section_of,
)
from sheetsync.values import Cell, clean

Row = Sequence[Cell]


class Area(NamedTuple):
    """Rows [top, bottom) and columns [left, right), 0-based; an open side ends far beyond every sheet."""

    top: int
    bottom: int
    left: int
    right: int

    def meets(self, other: "Area") -> bool:
        """Tell whether they have a cell in common."""
        return (
            self.top < other.bottom and other.top < self.bottom and self.left < other.right and other.left < self.right
        )

    def without(self, hole: "Area") -> "list[Area]":
        """Return what is left of it, in up to four pieces."""
        if not self.meets(hole):
            return [self]
        top, bottom = max(self.top, hole.top), min(self.bottom, hole.bottom)
        pieces = [
            Area(self.top, top, self.left, self.right),
            Area(bottom, self.bottom, self.left, self.right),
            Area(top, bottom, self.left, max(self.left, hole.left)),
            Area(top, bottom, min(self.right, hole.right), self.right),
        ]
        return [piece for piece in pieces if piece.top < piece.bottom and piece.left < piece.right]


@dataclass(frozen=True)
class Grid:
    """One tab as it was read. `cells` starts at A1; rows and columns that end empty may be missing.

    `guarded`: what others protect from our account.
    """

    sheet_id: int
    title: str
    index: int
    row_count: int
    column_count: int
    cells: Sequence[Row] = ()
    hidden: bool = False
    basic_filter: Mapping[str, Any] | None = None
    merges: tuple[Area, ...] = ()
    guarded: tuple[Area, ...] = ()
    tables: tuple[Area, ...] = ()

    def cell(self, row: int, column: int) -> Cell:
        """Return the cell at 0-based `row` and `column`, or None beyond what was read."""
        if row >= len(self.cells) or column >= len(self.cells[row]):
            return None
        return self.cells[row][column]


@dataclass(frozen=True)
class Tab:
    """A section's tab: its headings (0-based `header`), its rows typed in `frame` (column `row`: 1 is the top)."""

    grid: Grid
    section: str
    header: int
    fields: Mapping[str, int]
    headings: tuple[str, ...]
    frame: pd.DataFrame
    faulty: tuple[Faulty, ...] = ()

    @property
    def title(self) -> str:
        """The tab's name as people see it."""
        return self.grid.title

    @cached_property
    def end(self) -> int:
        """0-based index of the row after the last client: where arrivals are inserted."""
        return int(self.frame["row"].max()) if len(self.frame) else self.header + 1

    def heading(self, name: str, policy: Policy) -> str:
        """Return a field's heading as it stands in this tab, or as it would be written."""
        at = self.fields.get(name)
        return self.headings[at] if at is not None and at < len(self.headings) else policy.words.name("columns", name)


class JournalLine(NamedTuple):
    """One line of the Journal: what was done, to whom, and why. `when` is a serial day with its time.

    `data` is the same as JSON in codes and bare cells, from which it is undone; "" in lines of old.
    """

    when: float
    run: str
    id: str
    company: str
    manager: str
    what: str
    before: str
    after: str
    why: str
    data: str = ""


@dataclass(frozen=True)
class Book:
    """The spreadsheet as a whole. `time_zone` is an IANA name."""

    id: str
    title: str
    locale: str
    time_zone: str
    grids: tuple[Grid, ...] = ()
    standing: Standing = FREE

    def titled(self, *titles: str) -> Grid | None:
        """Return the first tab that bears one of these titles."""
        wanted = {title.casefold() for title in titles}
        return next((grid for grid in self.grids if grid.title.casefold() in wanted), None)


@dataclass(frozen=True)
class Snapshot:
    """A book read and recognised. `state` is the hidden tab's frame, `journal` its newest lines first.

    `stuck`: rows (section, the sheet's number) of which something is known that keeps them from moving.
    """

    book: Book
    tabs: tuple[Tab, ...]
    problems: tuple[Problem, ...] = ()
    state: pd.DataFrame = field(default_factory=pd.DataFrame)
    journal: tuple[JournalLine, ...] = ()
    first_run: bool = True
    stuck: frozenset[tuple[str, int]] = frozenset()

    @cached_property
    def tab(self) -> Mapping[str, Tab]:
        """Tabs by section."""
        return {tab.section: tab for tab in self.tabs}

    @cached_property
    def base(self) -> pd.DataFrame:
        """All rows of all sections in one frame, with `section`; index 0..n-1 in the order of tabs and rows.

        `began_unread` marks the rows whose day of beginning stands there and cannot be read.
        """
        unread = {tab.section: [f.row for f in tab.faulty if f.field == "began"] for tab in self.tabs}
        frames = [
            tab.frame.assign(section=tab.section, began_unread=tab.frame["row"].isin(unread[tab.section]))
            for tab in self.tabs
        ]
        return pd.concat(frames, ignore_index=True)


def own_titles(policy: Policy, key: str) -> tuple[str, ...]:
    """Return the titles that one of the program's own tabs may bear: in the book's language, then in others."""
    return (policy.words.tabs[key], *(words.tabs[key] for words in policy.other_words))


def is_own(title: str, policy: Policy) -> bool:
    """Tell whether a tab of this title is one of the program's own: report, journal or state."""
    fixed = {name for key in ("summary", "journal", "state") for name in own_titles(policy, key)}
    prefixes = tuple(name.split("{")[0] for name in own_titles(policy, "manager"))
    return title in fixed or title.startswith(prefixes)


def _is_client(frame: pd.DataFrame, policy: Policy) -> "pd.Series[bool]":
    asked = [column.field for column in policy.columns if column.owner == "team" or column.field == "id"]
    return frame[asked].notna().any(axis=1)


def _tab(grid: Grid, section: str, headings: Headings, policy: Policy) -> Tab:
    first = headings.at + 1
    frame, faulty = frame_of(grid.cells[first:], first + 1, headings.fields, policy)
    bad = {fault.row for fault in faulty}
    kept = frame[_is_client(frame, policy) | frame["row"].isin(bad)].reset_index(drop=True)
    named = tuple(clean(cell) for cell in grid.cells[headings.at])
    return Tab(grid, section, headings.at, headings.fields, named, kept, faulty)


class _Recogniser:
    """Goes through the tabs of one book and gathers what it finds and what is wrong with them."""

    def __init__(self, policy: Policy, language: Language) -> None:
        self.policy, self.language = policy, language
        self.tabs: dict[str, Tab] = {}
        self.problems: list[Problem] = []

    def _report(self, code: str, where: tuple[str, str], message: str, fix: str) -> None:
        severity = Severity.WARNING if code == "column_twice" else Severity.ERROR
        self.problems.append(Problem(code, severity, where[0], 0, where[1], message, fix))

    def look_at(self, grid: Grid, section: str) -> None:
        """Take a tab as the section it is named after, or say why it cannot be."""
        text, words = self.language.text, self.policy.words
        headings = find_headings(grid.cells, self.policy)
        again = repeated_heading(grid.cells, headings, self.policy) if headings else None
        if section in self.tabs:
            message = text(
                "“{other}” and “{tab}” are the same section.", other=self.tabs[section].title, tab=grid.title
            )
            fix = text("Rename or merge one of them; only the first is read.")
            self._report("section_twice", (grid.title, ""), message, fix)
        elif headings is None:
            first, second = words.name("columns", "company"), words.name("columns", "state")
            fix = text("Put headings such as “{first}” and “{second}” into its first row.", first=first, second=second)
            self._report("no_headings", (grid.title, ""), text("The tab has no heading row."), fix)
        elif again is not None:
            rows = sorted((headings.at + 1, again + 1))
            message = text("The heading row stands twice: in rows {first} and {second}.", first=rows[0], second=rows[1])
            fix = text("Delete the second one; the tab is left alone until then.")
            self._report("headings_twice", (grid.title, ""), message, fix)
        else:
            self._columns(grid, headings)
            self.tabs[section] = _tab(grid, section, headings, self.policy)

    def _columns(self, grid: Grid, headings: Headings) -> None:
        text = self.language.text
        for name in dict.fromkeys(headings.doubled):
            heading = clean(grid.cell(headings.at, headings.fields[name]))
            message = text("Two columns are headed “{heading}”.", heading=heading)
            self._report("column_twice", (grid.title, heading), message, text("Rename one; only the first is read."))
        contact = {"phone", "email"} & headings.fields.keys()
        for column in self.policy.columns:
            if not column.asked or column.field in headings.fields or (column.field in ("phone", "email") and contact):
                continue
            heading = self.policy.words.name("columns", column.field)
            message = text("The tab has no column “{heading}”.", heading=heading)
            fix = text("Add it, or rename the column that holds it.")
            self._report("no_column", (grid.title, heading), message, fix)


def recognise(book: Book, policy: Policy, language: Language) -> Snapshot:
    """Find the sections of a book and type their rows.

    Raises BookUnrecognised where nothing can be read as a base; everything less is a problem of the snapshot.
    """
    found = _Recogniser(policy, language)
    for grid in book.grids:
        section = section_of(grid.title, policy)
        if section is not None:
            found.look_at(grid, section)
    if not found.tabs:
        raise _unrecognised(book, policy, language, found.problems)
    order = policy.codes("sections")
    tabs = tuple(sorted(found.tabs.values(), key=lambda tab: order.index(tab.section)))
    return Snapshot(book, tabs, tuple(found.problems))


def _unrecognised(book: Book, policy: Policy, language: Language, problems: Sequence[Problem]) -> BookUnrecognised:
    if problems:
        lines = "\n".join(f"{problem.tab}: {problem.message} {problem.fix}" for problem in problems)
        return BookUnrecognised(lines, fix=language.text("Mend this and run the command again; nothing was changed."))
    names = ", ".join(language.quoted(policy.words.name("sections", code)) for code in policy.codes("sections"))
    titles = ", ".join(language.quoted(grid.title) for grid in book.grids) or language.text("none")
    return BookUnrecognised(
        language.text("No tab of “{book}” is a known section. Its tabs: {titles}.", book=book.title, titles=titles),
        fix=language.text("Name the tabs {names}, or lay out a new base with `sheetsync init`.", names=names),
    )


def as_date(value: Any) -> date | None:
    """Turn a cell of a frame's date column into a day, or None."""
    return None if value is None or pd.isna(value) else pd.Timestamp(value).date()
