"""A whole column: what it tells about its cells, and each distinct cell read once.

How a single cell is read is `readers`'.
"""

from collections import Counter
from collections.abc import (
    Callable,
    Hashable,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar, overload

from sheetsync.values.amounts import amount_hint
from sheetsync.values.cells import (
    AT_ONCE,
    DASHES,
    EMPTY,
    EPOCH,
    ERRORS,
    FIRST_DAY,
    LAST_DAY,
    Cell,
    CellFault,
    Reading,
    Value,
    are_clean,
    plain,
    to_serial,
)
from sheetsync.values.column_conventions import PLAIN, Hint, Home
from sheetsync.values.date_parts import spelt_date
from sheetsync.values.dates import read_date
from sheetsync.values.phone_regions import phone_regions
from sheetsync.values.readers import Reader
from sheetsync.values.tax_numbers import tax_hint
from sheetsync.values.text import read_text

_Form = TypeVar("_Form")

EARLIEST, LATEST = to_serial(FIRST_DAY), to_serial(LAST_DAY) + 1
"""Between these serial days a number is a date."""


def hint_of(kind: str, cells: Sequence[Cell], home: Home) -> Hint:
    """Work out how the cells of a column are to be read.

    Of dates their order and their middle day, of phones and tax numbers whose they are, of others
    nothing. The column is looked at as a whole, as no cell alone tells day from month, or one
    country from another; without evidence a date is day first.
    """
    if kind in home.hints:
        return home.hints[kind]
    region = home.region
    if kind == "phone":
        phones = phone_regions(cells, region, is_known=home.is_known)
        return Hint(regions=phones.regions, borne_out=phones.borne_out)
    if kind == "tax_number":
        return tax_hint(cells, region, is_known=home.is_known)
    if kind == "amount":
        return amount_hint(cells, home)
    if kind != "date":
        return PLAIN
    counts = Counter(cells)
    order = _order_of(cell for cell in counts if isinstance(cell, str))
    days: Counter[int] = Counter()
    for cell, times in counts.items():
        day = _serial_day(cell, region, order)
        if day is not None:
            days[day] += times
    if not days:
        return order
    return replace(
        order, around=date.fromordinal(_lower_median(days) + EPOCH.toordinal())
    )


def _order_of(texts: Iterable[str]) -> Hint:
    """Tell the order of day and month from the dates that can be read in one way only.

    Of both orders: day first.
    """
    orders = set[bool]()
    for text in texts:
        spelt = spelt_date(plain(text))
        if spelt is not None and spelt.month_first is not None:
            orders.add(spelt.month_first)
    if not orders:
        return PLAIN
    if len(orders) > 1:
        return Hint(order="mixed")
    return Hint(month_first=True in orders, order="seen")


def _serial_day(cell: Cell, region: str, order: Hint) -> int | None:
    """Return the day that a cell tells, as a serial number, or None."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return int(cell) if EARLIEST <= cell < LATEST else None
    value = read_date(cell, region, order).value
    if isinstance(value, date):
        return to_serial(value)
    return None


def _lower_median(days: Counter[int]) -> int:
    before_the_median = (days.total() + 1) // 2
    for day in sorted(days):
        before_the_median -= days[day]
        if before_the_median <= 0:
            return day
    return 0


POOLED = ("phone", "tax_number", "amount")
"""Types of which all columns of a base are of one kind, wherever they stand."""


def at_home(home: Home, cells_by_kind: Mapping[str, Sequence[Cell]]) -> Home:
    """Return where a base is at home, with what all its columns of a type tell together."""
    hints = {
        kind: hint_of(kind, cells_by_kind.get(kind, ()), home)
        for kind in POOLED
    }
    return replace(home, hints=hints)


@dataclass(frozen=True)
class ReadColumn(Sequence[Reading]):
    """What was read of a column's cells, each distinct one once.

    `keys`: for each cell what tells it from others; `values` and `faults`: by key, a fault only
    where the cell cannot be read.
    """

    keys: Sequence[Hashable]
    values: Mapping[Any, Value]
    faults: Mapping[Any, CellFault]

    def __len__(self) -> int:
        """Return how many cells the column has."""
        return len(self.keys)

    @overload
    def __getitem__(self, place: int) -> Reading: ...
    @overload
    def __getitem__(self, place: slice) -> "ReadColumn": ...
    def __getitem__(self, place: int | slice) -> "Reading | ReadColumn":
        """Return the reading of a cell by its 0-based place, or those of a slice."""
        if isinstance(place, slice):
            return replace(self, keys=self.keys[place])
        key = self.keys[place]
        return Reading(self.values[key], self.faults.get(key))

    def as_forms(self, form: Callable[[Value], _Form]) -> Iterator[_Form]:
        """Go through the values from the top, each distinct one turned into another form once."""
        forms = {key: form(value) for key, value in self.values.items()}
        return map(forms.__getitem__, self.keys)

    def as_values(self) -> list[Value]:
        """Return the values from the top."""
        return [*map(self.values.__getitem__, self.keys)]


def read_cells(cells: Iterable[Cell], read: Reader) -> ReadColumn:
    """Read a column's cells, each distinct cell once; an empty one is EMPTY."""
    keys, cell_by_key = told_apart([*cells])
    values: dict[Any, Value] = {}
    faults: dict[Any, CellFault] = {}
    if read is read_text:
        values.update(_texts_as_they_are(cell_by_key))
    for key, cell in cell_by_key.items():
        if key in values:
            continue
        reading = EMPTY if cell is None or cell == "" else read(cell)
        values[key] = reading.value
        if reading.fault is not None:
            faults[key] = reading.fault
    return ReadColumn(keys, values, faults)


def _texts_as_they_are(cell_by_key: Mapping[Any, Cell]) -> dict[Any, Value]:
    """Return the texts of a column that `read_text` leaves as they are.

    Most columns of texts hold few others, which is seen in one look at many of them.
    """
    texts = [
        (key, cell)
        for key, cell in cell_by_key.items()
        if isinstance(cell, str) and cell not in ERRORS and cell.strip(DASHES)
    ]
    values: dict[Any, Value] = {}
    for first in range(0, len(texts), AT_ONCE):
        some = dict(texts[first : first + AT_ONCE])
        if are_clean(some.values()):
            values.update(some)
    return values


def told_apart(
    cells: Sequence[Cell],
) -> tuple[Sequence[Hashable], Mapping[Any, Cell]]:
    """Return a key for each cell, equal for cells that are read alike, and the cell of each key."""
    kinds = set(map(type, cells))
    if len(kinds - {str, type(None)}) <= 1:
        return cells, {cell: cell for cell in dict.fromkeys(cells)}
    # To Python 1, 1.0 and TRUE are equal; to a reader they are not.
    keys = [*zip(map(type, cells), cells, strict=True)]
    return keys, {key: key[1] for key in dict.fromkeys(keys)}


def first_readable(columns: Sequence[ReadColumn]) -> ReadColumn:
    """Return, row by row, the first that has a value, else the first fault, else nothing."""
    if len(columns) == 1:
        return columns[0]
    readings = [_first_readable(row) for row in zip(*columns, strict=True)]
    return of_readings(readings)


def of_readings(readings: Sequence[Reading]) -> ReadColumn:
    """Return a column of readings that were put together otherwise than cell by cell."""
    values = {place: read.value for place, read in enumerate(readings)}
    faults = {
        place: read.fault
        for place, read in enumerate(readings)
        if read.fault is not None
    }
    return ReadColumn(range(len(readings)), values, faults)


def _first_readable(readings: Sequence[Reading]) -> Reading:
    for reading in readings:
        if reading.value is not None:
            return reading
    for reading in readings:
        if reading.fault is not None:
            return reading
    return EMPTY
