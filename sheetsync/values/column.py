"""A whole column: what it tells about its cells, and each distinct cell read once."""

from collections import Counter
from collections.abc import Iterable, Sequence
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
from sheetsync.values.date_parts import spelt
from sheetsync.values.dates import read_date
from sheetsync.values.readers import Reader

EARLIEST, LATEST = to_serial(FIRST_DAY), to_serial(LAST_DAY) + 1
"""Between these serial days a number is a date."""


def _order(texts: Iterable[str]) -> Hint:
    """Tell the order of day and month from the dates that can be read in one way only; of both orders: day first."""
    dates = [found for found in map(spelt, map(plain, texts)) if found is not None]
    seen = {found.month_first for found in dates if found.month_first is not None}
    if not seen:
        return PLAIN
    return Hint(month_first=seen == {True}, order="mixed" if len(seen) > 1 else "seen")


def _middle(days: Counter[int]) -> int:
    """Return the lower median."""
    half = (days.total() + 1) // 2
    for day in sorted(days):
        half -= days[day]
        if half <= 0:
            return day
    return 0


def hint_of(kind: str, cells: Sequence[Cell], region: str) -> Hint:
    """Work out how the cells of a column are to be read: of dates their order and their middle day, of others nothing."""
    if kind != "date":
        return PLAIN
    counts = Counter(cells)
    order = _order(cell for cell in counts if isinstance(cell, str))
    days: Counter[int] = Counter()
    for cell, times in counts.items():
        if (
            isinstance(cell, int | float)
            and EARLIEST <= cell < LATEST
            and not isinstance(cell, bool)
        ):
            days[int(cell)] += times
            continue
        value = read_date(cell, region, order).value
        if isinstance(value, date):
            days[to_serial(value)] += times
    around = date.fromordinal(_middle(days) + EPOCH.toordinal()) if days else None
    return Hint(order.month_first, around, part=False, order=order.order)


def read_cells(cells: Iterable[Cell], read: Reader) -> list[Reading]:
    """Read a column's cells, each distinct cell once."""
    known: dict[tuple[type, Cell], Reading] = {}
    readings = []
    for cell in cells:
        if cell is None or cell == "":
            readings.append(EMPTY)
            continue
        key = (type(cell), cell)
        reading = known.get(key)
        if reading is None:
            reading = known[key] = read(cell)
        readings.append(reading)
    return readings


def first_readable(columns: Sequence[list[Reading]]) -> list[Reading]:
    """Return, row by row, the first reading that has a value, or else the first that has a fault, or else nothing."""
    if len(columns) == 1:
        return columns[0]
    return [
        next(
            (r for r in row if r.value is not None),
            next((r for r in row if r.fault is not None), EMPTY),
        )
        for row in zip(*columns, strict=True)
    ]
