"""Reads one section's tab: which column is which field, which row is a client, what is amiss.

Which tabs are read, and as which section, is recognition.py's.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

import pandas as pd

from sheetsync.schema import Beside, Problem, frame_of
from sheetsync.values import (
    Cell,
    clean,
    currency_of,
    unit_of,
    with_countries,
    with_currencies,
)
from sheetsync.workbook.client_rows import ReadTab, sort_rows
from sheetsync.workbook.column_evidence import held_by
from sheetsync.workbook.headings import (
    Headings,
    Lookup,
    MissingColumn,
    RenamedColumn,
    find_headings,
    repeated_headings,
)
from sheetsync.workbook.last_run_state import remembered
from sheetsync.workbook.layout import Seat, TabLayout
from sheetsync.workbook.recognition_problems import RecognitionProblems
from sheetsync.workbook.row_countries import row_countries
from sheetsync.workbook.row_identity import is_id
from sheetsync.workbook.snapshot import Grid, RowCountries, Tab

CONTACTS = frozenset({"phone", "email"})
"""Fields of which one is enough for a tab."""

ColumnChange = RenamedColumn | MissingColumn


class TabReading(NamedTuple):
    """A section's tab as it was read, the columns that it has lost, and what is amiss with it."""

    tab: Tab
    missing: list[MissingColumn]
    problems: list[Problem]


# How a column of currencies is headed, in the languages whose headings are known.
_CURRENCY = re.compile(
    r"currenc|валют|moneda|moeda|w[äa]hrung|devise|valuta|walut|para birimi",
    re.IGNORECASE,
)


class TabReader:
    """Reads one tab. `before`: what is remembered of it; `state`: what the last run saw of rows."""

    def __init__(
        self,
        grid: Grid,
        before: TabLayout,
        state: pd.DataFrame,
        words: RecognitionProblems,
    ) -> None:
        self.grid = grid
        self.before = before
        self.state = state
        self.words = words
        self.policy = words.policy
        self.lookup = Lookup(self.policy, grid.title)
        columns = self.policy.columns
        self._own_fields = [
            column.field for column in columns if column.owner == "daemon"
        ]
        self._team_fields = [
            column.field for column in columns if column.owner == "team"
        ]

    @cached_property
    def headings(self) -> Headings | None:
        """The heading row as it stands, None where there is none."""
        return find_headings(self.grid.cells, self.lookup, self.before.fields)

    def cells_of(
        self, kinds: Collection[str]
    ) -> Iterator[tuple[str, Sequence[Cell]]]:
        """Go through the columns of some types: the type, and the cells below the heading."""
        if self.headings is None:
            return
        for name, main in self.headings.fields.items():
            column = self.policy.column.get(name)
            if column is None or column.type not in kinds:
                continue
            for place in (main, *self.headings.more.get(name, ())):
                below = self.grid.column(place, self.headings.row + 1)
                if column.type == "amount":
                    below = self._with_currencies(below)
                if column.type == "phone":
                    below = self._with_countries(below, self.headings)
                yield column.type, below

    def _with_countries(
        self, phones: Sequence[Cell], headings: Headings
    ) -> Sequence[Cell]:
        first = headings.row + 1
        countries = row_countries(self.grid, headings.named, first)
        if not countries.codes:
            return phones
        unless = self._unless(countries)
        return with_countries(phones, countries.codes, unless)

    def _unless(self, countries: RowCountries) -> str:
        return "" if countries.are_named else self.policy.region

    def _with_currencies(self, amounts: Sequence[Cell]) -> Sequence[Cell]:
        if self.headings is None:
            return amounts
        place = self._currency_column(self.headings)
        if place is None:
            return amounts
        named = self.grid.column(place, self.headings.row + 1)
        return with_currencies(amounts, named, 1)

    def taken_by_team(self) -> list[str]:
        """Return the program's own fields whose headings the team uses for columns of its own."""
        has_run = len(self.state) > 0
        if self.headings is None or (has_run and not self.before.fields):
            return []
        headings = self.headings
        return [
            name
            for name in self._unproven(headings)
            if not self._is_ours(headings, name)
        ]

    def read(self, section: str, taken_by_team: Collection[str]) -> TabReading:
        """Read the tab as a section. `taken_by_team`: as of all tabs of the book.

        Raises ValueError where it has no heading row.
        """
        if self.headings is None:
            raise ValueError(self.grid.title)
        headings, changes = self._follow(
            self._without_others(self.headings, taken_by_team)
        )
        notable = [
            change for change in changes if self._is_notable(section, change)
        ]
        repeated = repeated_headings(self.grid.cells, headings, self.lookup)
        problems = [
            *self._problems_of_title(),
            *map(self._problem_of_change, notable),
            *self._problems_of_columns(headings),
            *self._problems_of_repeated(repeated),
            *self._problems_of_units(headings),
        ]
        renamed = tuple(
            change for change in changes if isinstance(change, RenamedColumn)
        )
        missing = [
            change for change in notable if isinstance(change, MissingColumn)
        ]
        tab = self._tab(section, headings, renamed, repeated)
        passed = self.words.passed_over(self.grid.title, tab.passed)
        return TabReading(tab, missing, [*problems, *passed])

    def _tab(
        self,
        section: str,
        headings: Headings,
        renamed: tuple[RenamedColumn, ...],
        repeated: Sequence[int],
    ) -> Tab:
        first = headings.row + 1
        rows = self.grid.cells[first:]
        countries = row_countries(self.grid, headings.named, first)
        frame, faulty = frame_of(
            rows,
            first + 1,
            headings.fields,
            self.policy,
            headings.more,
            Beside(
                self._units_in_force(headings),
                self._currency_column(headings),
                countries.codes,
                self._unless(countries),
            ),
        )
        sorted_rows = sort_rows(
            ReadTab(
                self.grid,
                first,
                frame,
                faulty,
                headings.fields,
                self.policy,
                self.policy.managers,
            ),
            {row + 1 for row in repeated},
        )
        clients = sorted_rows.clients
        if not clients.all():
            frame = frame[clients].reset_index(drop=True)
        numbers = {*frame["row"].tolist()}
        return Tab(
            self.grid,
            section,
            headings.row,
            headings.fields,
            headings.named,
            frame,
            tuple(cell for cell in faulty if cell.row in numbers),
            headings.more,
            renamed,
            sorted_rows.passed,
            countries=countries,
        )

    def _units(self, headings: Headings) -> dict[int, int]:
        """Return what the headings of amounts say that they are counted in, by column, beside 1."""
        units: dict[int, int] = {}
        for column in self.policy.columns:
            place = headings.fields.get(column.field)
            if column.type == "amount" and place is not None:
                unit = unit_of(headings.named[place])
                if unit > 1:
                    units[place] = unit
        return units

    def _currency_column(self, headings: Headings) -> int | None:
        """Return the column that names the currency of each row's amount, as exports have one."""
        taken = {*headings.fields.values()}
        for place, heading in enumerate(headings.named):
            if place in taken or not _CURRENCY.search(heading):
                continue
            cells = self.grid.column(place, headings.row + 1)
            named = [cell for cell in cells if cell not in (None, "")]
            if named and all(currency_of(clean(cell)) for cell in named):
                return place
        return None

    def _units_in_force(self, headings: Headings) -> dict[int, int]:
        if self.policy.location.heading_units == "multiply":
            return self._units(headings)
        return {}

    def _unproven(self, headings: Headings) -> list[str]:
        """Return the program's own fields whose heading was not seen in its place before."""
        unproven = []
        for name in self._own_fields:
            if name not in headings.fields:
                continue
            column = headings.fields[name]
            if self.before.fields.get(name) != Seat(
                column, headings.named[column]
            ):
                unproven.append(name)
        return unproven

    def _is_ours(self, headings: Headings, name: str) -> bool:
        """Tell whether a column under one of the program's headings is the program's.

        It is where it holds nothing, or what the program writes there; but for ids, that counts
        only where the tab had such a column, which may have come to stand elsewhere.
        """
        cells = self._filled(headings, headings.fields[name])
        if name == "id":
            return all(is_id(clean(cell)) for cell in cells)
        was_there = name in self.before.fields
        if was_there and name in ("deadline", "days_left"):
            return all(isinstance(cell, int | float) for cell in cells)
        if was_there and name == "problems":
            return True
        return not cells

    def _filled(self, headings: Headings, column: int) -> list[Cell]:
        """Return what stands in a column below its heading."""
        cells = self.grid.column(column, headings.row + 1)
        return [cell for cell in cells if cell not in (None, "")]

    def _without_others(
        self, headings: Headings, taken_by_team: Collection[str]
    ) -> Headings:
        """Leave out a column of the team's that only bears the name of one of the program's own."""
        others = set(taken_by_team).intersection(self._unproven(headings))
        fields = {
            name: column
            for name, column in headings.fields.items()
            if name not in others
        }
        doubled = tuple(
            each
            for each in headings.doubled
            if each.field not in self._own_fields
        )
        return replace(headings, fields=fields, doubled=doubled)

    def _follow(
        self, headings: Headings
    ) -> tuple[Headings, list[ColumnChange]]:
        """Look for the columns that were there and whose headings are not any more.

        Returned are the headings with those that were found, and what became of each.
        """
        fields = dict(headings.fields)
        changes: list[ColumnChange] = []
        for name, seat in self._lost_seats(headings).items():
            column = self._column_holding(headings, fields, name)
            if column is None and self._stands_empty(headings, fields, seat):
                # Nothing is left in it by which it could be known; it is where it was.
                column = seat.column
            if column is None:
                changes.append(MissingColumn(name, seat.heading))
                continue
            fields[name] = column
            changes.append(
                RenamedColumn(name, seat.heading, headings.name_of(column))
            )
        return replace(headings, fields=fields), changes

    def _lost_seats(self, headings: Headings) -> dict[str, Seat]:
        """Return where the team's columns stood that no heading names now."""
        by_team = set(self._team_fields).difference(headings.fields)
        return {
            name: seat
            for name, seat in self.before.fields.items()
            if name in by_team and self.lookup.allows(seat.heading, name)
        }

    def _column_holding(
        self, headings: Headings, fields: Mapping[str, int], name: str
    ) -> int | None:
        """Return the one unclaimed column that holds what was remembered of a field, or None."""
        # Without ids no cell can be held against what is remembered of its row.
        if "id" not in fields:
            return None
        first = headings.row + 1
        ids = [clean(cell) for cell in self.grid.column(fields["id"], first)]
        width = max((len(row) for row in self.grid.cells), default=0)
        unclaimed = set(range(width)).difference(fields.values())
        columns = {
            column: self.grid.column(column, first) for column in unclaimed
        }
        return held_by(columns, ids, name, self.state, self.policy)

    def _stands_empty(
        self, headings: Headings, fields: Mapping[str, int], seat: Seat
    ) -> bool:
        """Tell whether a renamed column stands where it was, empty.

        Its heading may mean nothing else, and no other field may stand there.
        """
        heading = self.grid.cell(headings.row, seat.column)
        if heading in (None, "") or self.lookup.fields(heading):
            return False
        return seat.column not in fields.values() and not self._filled(
            headings, seat.column
        )

    def _is_notable(self, section: str, change: ColumnChange) -> bool:
        """Tell whether a change is told: of a column that is gone only if anything was in it."""
        if isinstance(change, RenamedColumn):
            return True
        here = self.state[
            (self.state["section"] == section) & self.state["gone_on"].isna()
        ]
        return any(
            change.field in remembered(row) for _, row in here.iterrows()
        )

    def _problem_of_change(self, change: ColumnChange) -> Problem:
        if isinstance(change, RenamedColumn):
            return self.words.column_renamed(self.grid.title, change)
        return self.words.column_gone(self.grid.title, change)

    def _problems_of_title(self) -> Iterator[Problem]:
        if self.before.section and self.before.title != self.grid.title:
            yield self.words.tab_renamed(self.grid.title, self.before.title)

    def _problems_of_columns(self, headings: Headings) -> Iterator[Problem]:
        named_pairs = set[tuple[str, str]]()
        for unread in headings.doubled:
            first = headings.name_of(headings.fields[unread.field])
            pair = (first, headings.name_of(unread.column))
            # A third column of one heading is no other finding.
            if pair not in named_pairs:
                named_pairs.add(pair)
                yield self.words.column_twice(self.grid.title, *pair)
        present = set(headings.fields)
        # The method asks for a phone or an e-mail, not for both.
        if present & CONTACTS:
            present |= CONTACTS
        for column in self.policy.columns:
            if column.asked and column.field not in present:
                yield self.words.no_column(self.grid.title, column.field)

    def _problems_of_repeated(self, rows: Sequence[int]) -> Iterator[Problem]:
        if rows:
            yield self.words.headings_twice(self.grid.title, rows)

    def _problems_of_units(self, headings: Headings) -> Iterator[Problem]:
        if self.policy.location.heading_units != "ask":
            return
        for place, unit in self._units(headings).items():
            below = self.grid.column(place, headings.row + 1)
            if not any(isinstance(cell, int | float) for cell in below):
                continue
            yield self.words.unit_in_heading(headings.named[place], unit)
