"""Where rows that an undo brings back stood, and where that is now.

A row is known by its neighbours' ids and not by its number alone: other runs and people have
inserted, deleted and sorted since. Pure; whether a row may go back at all is undo.py's.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sheetsync.rules.changes.journal_data import Data, data_of
from sheetsync.workbook.journal import JournalLine
from sheetsync.workbook.plan import RowBack


class FormerPlace(NamedTuple):
    """Where a row stood in its tab before a run moved it.

    `row`: the sheet's number; `above`, `below`: the ids of the clients next to it, "" for none;
    `gap`: how many rows below the one above it (or below the headings) it stood, 1 for the next.
    """

    id: str
    row: int
    above: str = ""
    below: str = ""
    gap: int = 1

    def data(self) -> dict[str, Any]:
        """Return it as data of the Journal, without what goes without saying."""
        data: dict[str, Any] = {"row": self.row, "above": self.above}
        data["below"] = self.below
        if self.gap != 1:
            data["gap"] = self.gap
        return data


def former_place(line: JournalLine) -> FormerPlace | None:
    """Return where a row that moved had stood, None where its line does not tell it."""
    data = data_of(line, "row", "above", "below")
    if data is None or not _is_sound(data):
        return None
    return FormerPlace(
        line.id, data["row"], data["above"], data["below"], data.get("gap", 1)
    )


def _is_sound(data: Data) -> bool:
    """Tell whether data are of the types that they must be: people can reach the Journal."""
    numbers = (data["row"], data.get("gap", 1))
    ids = (data["above"], data["below"])
    are_numbers = all(type(number) is int and number > 0 for number in numbers)
    return are_numbers and all(isinstance(row_id, str) for row_id in ids)


def places_of(
    ids: Sequence[str], rows: Sequence[int], header: int
) -> dict[str, FormerPlace]:
    """Return where each client of a tab stands, by its id.

    `ids`, `rows`: of the clients from the top, with the sheet's numbers; `header`: the sheet's
    number of the headings.
    """
    places: dict[str, FormerPlace] = {}
    above = ""
    row_above = header
    following = [*ids, ""][1:]
    for row_id, row, below in zip(ids, rows, following, strict=True):
        places[row_id] = FormerPlace(row_id, row, above, below, row - row_above)
        above = row_id
        row_above = row
    return places


@dataclass(frozen=True)
class TabNow:
    """A tab into which rows go back: the sheet's number of each client's row, by id from the top.

    `header`: the number of the headings; `last`: of the last row that holds anything; `left_empty`:
    rows that the run has left behind empty, which go with its undo and had not been there.
    """

    rows: Mapping[str, int]
    header: int
    last: int
    left_empty: frozenset[int] = frozenset()

    def next_client(self, row: int) -> int:
        """Return the number of the first client's row from `row` on, or of the row after all."""
        below = [number for number in self.rows.values() if number >= row]
        return min(below, default=max(row, self.last + 1))

    @property
    def end(self) -> int:
        """The number of the last client's row, of the headings where there is none."""
        return max(self.rows.values(), default=self.header)


@dataclass
class FoundPlaces:
    """Where rows go back in one tab: each before a row that is there, in their order.

    `unsure`: the ids of those neither of whose neighbours stands there any more, or whose
    neighbours have changed places.
    """

    rows: list[RowBack] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)


def places_now(
    tab: TabNow,
    going_back: Sequence[FormerPlace],
    moved: Mapping[str, FormerPlace],
) -> FoundPlaces:
    """Find the places of rows that go back into a tab.

    `moved`: where all rows of the run had stood in it, those that cannot go back among them.
    """
    search = _Search(tab, moved)
    for former in sorted(going_back, key=lambda former: former.row):
        search.place(former)
    return search.found


class _Search:
    """The places of one tab, row by row from the top."""

    def __init__(self, tab: TabNow, moved: Mapping[str, FormerPlace]) -> None:
        self.tab = tab
        self.moved = moved
        self.found = FoundPlaces()
        self._slots: dict[str, int] = {}

    def place(self, former: FormerPlace) -> None:
        """Put one row before a row that is there."""
        slot = self._below_neighbour(former)
        if slot is None:
            slot = self._above_neighbour(former)
        if slot is None:
            slot = self._by_number(former)
            self.found.unsure.append(former.id)
        elif self._have_changed_places(former):
            self.found.unsure.append(former.id)
        self._slots[former.id] = slot
        self.found.rows.append(RowBack(former.id, slot))

    def _below_neighbour(self, former: FormerPlace) -> int | None:
        """Return the place below the row that stood above it, None where that is gone."""
        gap = former.gap
        for above in self._upwards(former):
            if above in self._slots:
                return self._after_gap(self._slots[above], gap)
            if above in self.tab.rows:
                return self._after_gap(self.tab.rows[above] + 1, gap)
            if not above:
                return self._after_gap(self.tab.header + 1, gap)
            # Of a row that stays where it went, the one above it is as good.
            if above in self.moved:
                gap = self.moved[above].gap
        return None

    def _upwards(self, former: FormerPlace) -> Iterator[str]:
        """Go up through the rows that stood above, as far as the run moved them too."""
        above = former.above
        passed = {former.id}
        while above not in passed:
            passed.add(above)
            yield above
            if above not in self.moved:
                return
            above = self.moved[above].above

    def _after_gap(self, row: int, gap: int) -> int:
        """Return a place `gap` rows further, but not beyond the next client."""
        place = row
        for _ in range(gap - 1):
            while place in self.tab.left_empty:
                place += 1
            place += 1
        return min(place, self.tab.next_client(row))

    def _above_neighbour(self, former: FormerPlace) -> int | None:
        """Return the place above the row that stood below it, None where that is gone."""
        below = former.below
        passed = {former.id}
        while below in self.moved and below not in passed:
            passed.add(below)
            below = self.moved[below].below
        return self.tab.rows.get(below)

    def _by_number(self, former: FormerPlace) -> int:
        """Return the row that it had, or the one after the last client."""
        first = self.tab.header + 1
        return max(first, min(former.row, self.tab.end + 1))

    def _have_changed_places(self, former: FormerPlace) -> bool:
        """Tell whether the rows above and below it stand in another order now."""
        above = self.tab.rows.get(former.above)
        below = self.tab.rows.get(former.below)
        return above is not None and below is not None and below < above
