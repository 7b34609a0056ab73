"""A whole column: what it tells about its cells, and each distinct cell read once.

How a single cell is read is `readers`'.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from sheetsync.values.cells import (
    EMPTY,
    EPOCH,
    FIRST_DAY,
    LAST_DAY,
    Cell,
    Reading,
    plain,
    to_serial,
)
from sheetsync.values.column_conventions import PLAIN, Hint
from sheetsync.values.date_parts import spelt_date
from sheetsync.values.dates import read_date
from sheetsync.values.readers import Reader

EARLIEST, LATEST = to_serial(FIRST_DAY), to_serial(LAST_DAY) + 1
"""Between these serial days a number is a date."""


def hint_of(kind: str, cells: Sequence[Cell], region: str) -> Hint:
    """Work out how the cells of a column are to be read.

    Of dates their order and their middle day, of others nothing. The column is looked at as a
    whole, as no cell alone tells day from month; without evidence a date is day first.
    """
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


def read_cells(cells: Iterable[Cell], read: Reader) -> list[Reading]:
    """Read a column's cells, each distinct cell once."""
    known: dict[tuple[type, Cell], Reading] = {}
    readings = []
    for cell in cells:
        if cell is None or cell == "":
            readings.append(EMPTY)
            continue
        # To Python 1, 1.0 and TRUE are equal; to a reader they are not.
        key = (type(cell), cell)
        if key not in known:
            known[key] = read(cell)
        readings.append(known[key])
    return readings


def first_readable(columns: Sequence[list[Reading]]) -> list[Reading]:
    """Return, row by row, the first that has a value, else the first fault, else nothing."""
    if len(columns) == 1:
        return columns[0]
    return [_first_readable(row) for row in zip(*columns, strict=True)]


def _first_readable(readings: Sequence[Reading]) -> Reading:
    for reading in readings:
        if reading.value is not None:
            return reading
    for reading in readings:
        if reading.fault is not None:
            return reading
    return EMPTY
