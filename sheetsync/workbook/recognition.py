"""Recognises a base in a book that was read: which column is which field, and what is amiss.

Which tab is which section is tab_sections.py's; what is to be done about a row, the enforcer's.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count

import pandas as pd

from sheetsync.i18n import Language
from sheetsync.method.policy import Policy
from sheetsync.method.terms import MIXED, kind_of
from sheetsync.schema import Problem, frame_of
from sheetsync.values import Cell, clean, fold
from sheetsync.workbook import last_run_state as state_tab
from sheetsync.workbook.column_evidence import held_by
from sheetsync.workbook.headings import (
    Headings,
    Lookup,
    MissingColumn,
    RenamedColumn,
    find_headings,
    repeated_headings,
)
from sheetsync.workbook.layout import Seat, TabLayout
from sheetsync.workbook.recognition_problems import RecognitionProblems, unrecognised
from sheetsync.workbook.row_identity import is_id
from sheetsync.workbook.snapshot import Book, Grid, Snapshot, Tab
from sheetsync.workbook.tab_sections import SectionTab, sections_of

TOTALS = frozenset({"итого", "всего", "итог", "total", "totals", "sum", "subtotal"})
"""What stands for a company's name, folded, in a row that adds up the others."""


def recognise(
    book: Book, policy: Policy, language: Language, state: pd.DataFrame | None = None
) -> Snapshot:
    """Find the sections of a book and type their rows.

    `state`: what the last run saw, where there was one. Raises BookUnrecognised where nothing can
    be read as a base; everything less is a problem of the snapshot.
    """
    remembered = state_tab.empty() if state is None else state
    recogniser = _Recogniser(book, policy, language, remembered)
    section_tabs = tuple(sections_of(book, policy))
    for section_tab in section_tabs:
        recogniser.learn(section_tab)
    for section_tab in section_tabs:
        recogniser.take(section_tab)
    if not recogniser.tabs:
        raise unrecognised(book, policy, language, recogniser.problems)
    tabs = sorted(recogniser.tabs.values(), key=lambda tab: policy.rank(tab.section))
    return Snapshot(
        book,
        _with_managers_named(tabs, policy),
        tuple(recogniser.problems),
        remembered,
        missing=tuple(recogniser.missing),
        unread=_unread_sections(book, tabs),
    )


def seats(
    fields: Mapping[str, int], headings: Sequence[str], renamed: Sequence[RenamedColumn]
) -> dict[str, Seat]:
    """Return where each field stands, under the heading it is known by.

    A renamed column keeps its old heading in memory until somebody says what the new one means, so
    that the question is asked every night.
    """
    old_headings = {column.field: column.before for column in renamed}
    places: dict[str, Seat] = {}
    for name, column in fields.items():
        heading = headings[column] if column < len(headings) else ""
        places[name] = Seat(column, old_headings.get(name) or heading)
    return places


class _Recogniser:
    """Goes through the tabs of one book and gathers what it finds and what is wrong with them."""

    def __init__(self, book: Book, policy: Policy, language: Language, state: pd.DataFrame) -> None:
        self.book = book
        self.policy = policy
        self.state = state
        self.words = RecognitionProblems(policy, language)
        self.tabs: dict[str, Tab] = {}
        self.missing: list[tuple[str, MissingColumn]] = []
        self.problems: list[Problem] = []
        self._own_fields = [c.field for c in policy.columns if c.owner == "daemon"]
        self._taken_by_team: set[str] = set()

    def learn(self, section_tab: SectionTab) -> None:
        """Note which of the program's headings the team uses for columns of its own, on any tab."""
        grid = section_tab.grid
        before = self._before(grid)
        has_run = len(self.state) > 0
        if has_run and not before.fields:
            return
        headings = find_headings(grid.cells, self._lookup(grid), before.fields)
        if headings is None:
            return
        for name in self._unproven(headings, before):
            if not _is_ours(grid, headings, name, seen=name in before.fields):
                self._taken_by_team.add(name)

    def take(self, section_tab: SectionTab) -> None:
        """Take a tab as its section, or say why it cannot be."""
        grid = section_tab.grid
        section = self._section_code(section_tab)
        if section in self.tabs:
            self.problems.append(self.words.section_twice(grid.title, self.tabs[section].title))
            return
        before = self._before(grid)
        headings = find_headings(grid.cells, self._lookup(grid), before.fields)
        if headings is None:
            self.problems.append(self.words.no_headings(grid.title))
            return
        self.tabs[section] = self._tab(grid, section, headings, before)

    def _lookup(self, grid: Grid) -> Lookup:
        return Lookup(self.policy, grid.title)

    def _section_code(self, section_tab: SectionTab) -> str:
        """Return the section's code; a further tab of several sections gets a number.

        So does one of which the team says that it is the same section as another.
        """
        again = section_tab.by_team and section_tab.section in self.tabs
        if kind_of(section_tab.section) != MIXED and not again:
            return section_tab.section
        before = self._before(section_tab.grid).section
        if kind_of(before) == MIXED and before not in self.tabs:
            return before
        taken = {*self.tabs, *(tab.section for tab in self.book.layout.tabs)}
        return next(code for code in _codes_of_mixed() if code not in taken)

    def _before(self, grid: Grid) -> TabLayout:
        """Return what is remembered of a tab.

        It is known by its id, or by its name where it was replaced by another of that name.
        """
        layout = self.book.layout
        if grid.sheet_id in layout.by_id:
            return layout.by_id[grid.sheet_id]
        nothing = TabLayout("", grid.sheet_id, grid.title)
        return layout.by_title.get(grid.title, nothing)

    def _tab(self, grid: Grid, section: str, headings: Headings, before: TabLayout) -> Tab:
        if before.section and before.title != grid.title:
            self.problems.append(self.words.tab_renamed(grid.title, before.title))
        headings = self._without_others(headings, before)
        headings, changes = self._followed(grid, headings, before)
        for change in changes:
            self._tell_change(grid, section, change)
        self.problems.extend(self._problems_of_columns(grid, headings))

        first = headings.row + 1
        rows = grid.cells[first:]
        frame, faulty = frame_of(rows, first + 1, headings.fields, self.policy, headings.more)
        repeated = repeated_headings(grid.cells, headings, self._lookup(grid))
        if repeated:
            self.problems.append(self.words.headings_twice(grid.title, repeated))
        numbers_of_repeated = {row + 1 for row in repeated}
        faulty = tuple(cell for cell in faulty if cell.row not in numbers_of_repeated)
        unreadable = frame["row"].isin({cell.row for cell in faulty})
        clients = (_is_client(frame, self.policy) | unreadable) & ~frame["row"].isin(
            numbers_of_repeated
        )
        return Tab(
            grid,
            section,
            headings.row,
            headings.fields,
            headings.named,
            frame[clients].reset_index(drop=True),
            faulty,
            headings.more,
            tuple(change for change in changes if isinstance(change, RenamedColumn)),
        )

    def _unproven(self, headings: Headings, before: TabLayout) -> list[str]:
        """Return the program's own fields whose heading was not seen in its place before."""
        unproven = []
        for name in self._own_fields:
            if name not in headings.fields:
                continue
            column = headings.fields[name]
            seat = Seat(column, headings.named[column])
            if before.fields.get(name) != seat:
                unproven.append(name)
        return unproven

    def _without_others(self, headings: Headings, before: TabLayout) -> Headings:
        """Leave out a column of the team's that only bears the name of one of the program's own."""
        others = self._taken_by_team.intersection(self._unproven(headings, before))
        fields = {name: column for name, column in headings.fields.items() if name not in others}
        doubled = tuple(name for name in headings.doubled if name not in self._own_fields)
        return replace(headings, fields=fields, doubled=doubled)

    def _followed(
        self, grid: Grid, headings: Headings, before: TabLayout
    ) -> tuple[Headings, list[RenamedColumn | MissingColumn]]:
        """Look for the columns that were there and whose headings are not any more.

        Returned are the headings with those that were found, and what became of each.
        """
        fields = dict(headings.fields)
        changes: list[RenamedColumn | MissingColumn] = []
        for name, seat in self._lost_seats(grid, headings, before).items():
            column = self._column_holding(grid, headings.row, fields, name)
            if column is None and self._stands_empty(grid, headings, fields, seat):
                # Nothing is left in it by which it could be known; it is where it was.
                column = seat.column
            if column is None:
                changes.append(MissingColumn(name, seat.heading))
                continue
            fields[name] = column
            changes.append(RenamedColumn(name, seat.heading, headings.name_of(column)))
        return replace(headings, fields=fields), changes

    def _lost_seats(self, grid: Grid, headings: Headings, before: TabLayout) -> dict[str, Seat]:
        """Return where the team's columns stood that no heading names now."""
        team = {column.field for column in self.policy.columns if column.owner == "team"}
        lookup = self._lookup(grid)
        lost: dict[str, Seat] = {}
        for name, seat in before.fields.items():
            if name not in team or name in headings.fields:
                continue
            if lookup.allows(seat.heading, name):
                lost[name] = seat
        return lost

    def _column_holding(
        self, grid: Grid, header: int, fields: Mapping[str, int], name: str
    ) -> int | None:
        """Return the one unclaimed column that holds what was remembered of a field, or None."""
        if "id" not in fields:
            return None
        ids = [clean(cell) for cell in grid.column(fields["id"], header + 1)]
        width = max((len(row) for row in grid.cells), default=0)
        unclaimed = set(range(width)).difference(fields.values())
        columns = {column: grid.column(column, header + 1) for column in sorted(unclaimed)}
        return held_by(columns, ids, name, self.state, self.policy)

    def _stands_empty(
        self, grid: Grid, headings: Headings, fields: Mapping[str, int], seat: Seat
    ) -> bool:
        """Tell whether a renamed column stands where it was, empty.

        Its heading may mean nothing else, and no other field may stand there.
        """
        heading = grid.cell(headings.row, seat.column)
        if heading in (None, "") or seat.column in fields.values():
            return False
        if self._lookup(grid).fields(heading):
            return False
        return not _filled(grid.column(seat.column, headings.row + 1))

    def _tell_change(self, grid: Grid, section: str, change: RenamedColumn | MissingColumn) -> None:
        """Ask about a renamed column; report one that is gone, if there was anything in it."""
        if isinstance(change, RenamedColumn):
            self.problems.append(self.words.column_renamed(grid.title, change))
        elif self._held_anything(section, change.field):
            self.missing.append((grid.title, change))
            self.problems.append(self.words.column_gone(grid.title, change))

    def _held_anything(self, section: str, name: str) -> bool:
        here = self.state[(self.state["section"] == section) & self.state["gone_on"].isna()]
        return any(name in state_tab.remembered(row) for _, row in here.iterrows())

    def _problems_of_columns(self, grid: Grid, headings: Headings) -> Iterator[Problem]:
        for name in dict.fromkeys(headings.doubled):
            heading = clean(grid.cell(headings.row, headings.fields[name]))
            yield self.words.column_twice(grid.title, heading)
        contacts = {"phone", "email"}
        has_contact = not contacts.isdisjoint(headings.fields)
        for column in self.policy.columns:
            if not column.asked or column.field in headings.fields:
                continue
            if column.field in contacts and has_contact:
                continue
            yield self.words.no_column(grid.title, column.field)


def _codes_of_mixed() -> Iterator[str]:
    """Go through the codes of tabs of several sections."""
    # Such a tab is a section of its own, whose rows the rules by state send home: so splitting a
    # base that was kept in one list is a plan like any other, with the cap, the breaker and undo.
    yield MIXED
    for number in count(2):
        yield f"{MIXED}.{number}"


def _filled(cells: Iterable[Cell]) -> list[Cell]:
    return [cell for cell in cells if cell not in (None, "")]


def _is_ours(grid: Grid, headings: Headings, name: str, *, seen: bool) -> bool:
    """Tell whether a column under one of the program's headings is the program's.

    It is where it holds nothing, or what the program writes there. `seen`: the tab had such a
    column, which may have come to stand elsewhere.
    """
    cells = _filled(grid.column(headings.fields[name], headings.row + 1))
    if name == "id":
        return all(is_id(clean(cell)) for cell in cells)
    if seen and name in ("deadline", "days_left"):
        return all(isinstance(cell, int | float) for cell in cells)
    if seen and name == "problems":
        return True
    return not cells


def _is_client(frame: pd.DataFrame, policy: Policy) -> "pd.Series[bool]":
    """Mark the rows that say anything of a client, and do not add up others."""
    by_team = [column.field for column in policy.columns if column.owner == "team"]
    totals = frame["company"].map(_is_total, na_action="ignore").fillna(value=False).astype(bool)
    return frame[[*by_team, "id"]].notna().any(axis=1) & ~totals


def _is_total(company: object) -> bool:
    return fold(str(company)) in TOTALS


def _unread_sections(book: Book, tabs: Collection[Tab]) -> dict[str, str]:
    """Return the sections whose tab is there and was not read, with its title."""
    read = {tab.grid.sheet_id for tab in tabs}
    unread: dict[str, str] = {}
    titles = {grid.sheet_id: grid.title for grid in book.grids}
    for before in book.layout.tabs:
        if before.sheet_id in titles and before.sheet_id not in read:
            unread[before.section] = titles[before.sheet_id]
    return unread


def _with_managers_named(tabs: Sequence[Tab], policy: Policy) -> tuple[Tab, ...]:
    """Give every manager one spelling: the team's own, or the commonest of the base."""
    spellings = Counter(str(name) for tab in tabs for name in tab.frame["manager"].dropna())
    names = dict(policy.managers)
    for name in sorted(spellings, key=lambda name: (-spellings[name], name)):
        names.setdefault(fold(name) or name, name)

    def spelt(name: str) -> str:
        return names[fold(name) or name]

    named = []
    for tab in tabs:
        managers = tab.frame["manager"].map(spelt, na_action="ignore")
        named.append(replace(tab, frame=tab.frame.assign(manager=managers)))
    return tuple(named)
