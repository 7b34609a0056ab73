"""Old lines of the Journal in tabs of their own, its volumes: which they are, and what goes there.

Moving lines is the batch's. Why the Journal ages: docs/adr/0015.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from sheetsync.method.policy import Policy
from sheetsync.values import EPOCH, FIRST_DAY, LAST_DAY, Cell, to_serial
from sheetsync.workbook.journal_periods import (
    MONTHS_OF,
    Period,
    period_around,
    period_of_title,
)
from sheetsync.workbook.layout import VolumeLayout
from sheetsync.workbook.snapshot import (
    MARK,
    Book,
    Grid,
    JournalEnd,
    marked_title,
    own_titles,
)

KEPT_DAYS = 92
"""How long a line stays in the Journal's own tab at least: a run is undone a month later, findings
look back 90 days, and the summary's charts twelve weeks."""
MOST_LINES = 5_000
"""Lines that one night moves at most, as many as rows (`sheets/requests/body.py`).

A Journal of years is caught up with night by night.
"""
GONE_DAYS = 30
"""How long it is said that a volume is gone."""


def claimed_volumes(book: Book, policy: Policy) -> dict[int, Period]:
    """Return the tabs that are volumes, by sheetId, the newest first.

    They are known by what the book remembers, and by their titles where it remembers nothing of
    that period: a file that another program has saved has forgotten all.
    """
    there = {grid.sheet_id for grid in book.grids}
    periods = {
        volume.sheet_id: volume.period
        for volume in book.layout.volumes
        if volume.sheet_id in there
    }
    known = set(periods.values())
    journal = book.titled(*own_titles(policy, "journal"))
    for grid in book.grids:
        period = period_of_title(
            grid.title.removesuffix(MARK), policy.all_words
        )
        if period is not None and period not in known:
            periods.setdefault(grid.sheet_id, period)
    # Whoever gives a volume the Journal's own name, where there is none, makes it the Journal.
    if journal is not None:
        periods.pop(journal.sheet_id, None)
    return dict(sorted(periods.items(), key=_newest_first))


def _newest_first(volume: tuple[int, Period]) -> tuple[int, int, int]:
    sheet_id, period = volume
    # Of a month and the quarter that it is in, the one that ends later holds the later lines.
    return -period.end.toordinal(), -period.first.toordinal(), sheet_id


def missing_volumes(book: Book) -> tuple[VolumeLayout, ...]:
    """Return the volumes that the book remembers and that are not there, or hold no lines."""
    # One that was copied back has another id, and is there.
    there = set(book.volumes.values())
    return tuple(
        volume
        for volume in book.layout.volumes
        if volume.sheet_id not in book.volumes and volume.period not in there
    )


def lines_wanted(
    book: Book, journal: Grid | None, lines: int | None
) -> dict[int, int]:
    """Return how many rows of the Journal and its volumes are read, headings too, by sheetId.

    `lines`: the newest so many, wherever they stand; None: all, and nothing is limited. Where a
    volume is gone, what is older tells nothing of the days between, and is not read.
    """
    if lines is None:
        return {}
    limits: dict[int, int] = {}
    left = lines
    if journal is not None:
        limits[journal.sheet_id] = left + 1
        left = max(0, left - (journal.row_count - 1))
    grids = {grid.sheet_id: grid for grid in book.grids}
    missing = missing_volumes(book)
    for sheet_id, period in book.volumes.items():
        if any(volume.period.first >= period.end for volume in missing):
            left = 0
        # The headings are read at least: by them it is known to be the program's own.
        limits[sheet_id] = left + 1
        left = max(0, left - (grids[sheet_id].row_count - 1))
    return limits


def layout_of_volumes(
    book: Book, today: date, added: VolumeLayout | None
) -> tuple[VolumeLayout, ...]:
    """Return what is remembered of the volumes from now on. `added`: the one of this batch."""
    titles = {grid.sheet_id: grid.title for grid in book.grids}
    volumes = [
        VolumeLayout(sheet_id, period, titles[sheet_id])
        for sheet_id, period in book.volumes.items()
    ]
    for volume in missing_volumes(book):
        gone_on = volume.gone_on or today
        volumes.append(volume._replace(gone_on=gone_on))
    if added is not None:
        volumes.append(added)
    return tuple(sorted(volumes, key=lambda volume: volume[:2]))


class AgedLines(NamedTuple):
    """The Journal's oldest lines, which go into a volume.

    `first`, `end`: their rows in the Journal as it was read, 0-based, the end beyond the last one.
    `grid`: the volume's tab, None where it is to be added under `title`.
    """

    period: Period
    first: int
    end: int
    grid: Grid | None
    title: str


def aged_lines(
    book: Book, end: JournalEnd | None, policy: Policy, today: date
) -> AgedLines | None:
    """Return the lines that go into a volume, of the oldest period that is over for long enough.

    None where none do, and where people have made something of their own of the Journal.
    """
    journal = book.titled(*own_titles(policy, "journal"))
    months = MONTHS_OF.get(policy.journal.volumes)
    if months is None or end is None or journal is None or _is_used(journal):
        return None
    periods = tuple(book.volumes.values())
    rows = _oldest_rows(end, periods, months)
    if rows is None or rows.period.end + timedelta(days=KEPT_DAYS) > today:
        return None
    sheet_ids = {period: sheet_id for sheet_id, period in book.volumes.items()}
    sheet_id = sheet_ids.get(rows.period)
    grid = next(
        (grid for grid in book.grids if grid.sheet_id == sheet_id), None
    )
    title = grid.title if grid else _free_title(rows.period, book, policy)
    return AgedLines(rows.period, rows.first, rows.end, grid, title)


def _is_used(journal: Grid) -> bool:
    """Tell whether people have filtered the Journal, merged cells or made a table of it."""
    # Whether a cut takes hidden rows along is not known (docs/google-unknowns.md); a filter that
    # hides nothing is no matter.
    filter_ = journal.basic_filter or {}
    hides = bool(filter_.get("criteria") or filter_.get("filterSpecs"))
    return hides or bool(journal.merges) or bool(journal.tables)


class _Rows(NamedTuple):
    period: Period
    first: int
    end: int


def _oldest_rows(
    end: JournalEnd, periods: Sequence[Period], months: int
) -> _Rows | None:
    """Return the lines of one period at the very end; None where no line there bears a day."""
    rows: _Rows | None = None
    last = end.first + len(end.moments)
    for place, day in _days_from_below(end.moments[-MOST_LINES:]):
        row = last - 1 - place
        if rows is None:
            # Lines without a day, of people's doing, go along with the one above them.
            period = _period_of(day, periods, months)
            rows = _Rows(period, row, last)
        elif not rows.period.holds(day):
            break
        rows = rows._replace(first=row)
    return rows


def _days_from_below(moments: Sequence[Cell]) -> Iterator[tuple[int, date]]:
    """Go through the days of the lines, the lowest first, each with how many stand below it."""
    first = to_serial(FIRST_DAY)
    last = to_serial(LAST_DAY)
    for place, moment in enumerate(reversed(moments)):
        if isinstance(moment, int | float) and first <= moment <= last:
            yield place, EPOCH + timedelta(days=int(moment))


def _period_of(day: date, periods: Sequence[Period], months: int) -> Period:
    """Return the period of a volume that has the day already, or the one that is to be added."""
    # So a setting that is changed leaves the volumes one after another.
    there = (period for period in periods if period.holds(day))
    return next(there, period_around(day, months))


def _free_title(period: Period, book: Book, policy: Policy) -> str:
    """Return a title for a new volume that no tab bears."""
    taken = {grid.title.casefold() for grid in book.grids}
    title = period.title(policy.words)
    while title.casefold() in taken:
        title = marked_title(title)
    return title
