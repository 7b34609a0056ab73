"""When a book has its night: the hours of its settings, and the tries after one that failed.

Pure: the present moment is a parameter. At which hour people are told is left to
`reporting.messages.delivery_hours`.
"""

from datetime import UTC, datetime, time, timedelta

FIRST_PAUSE = timedelta(minutes=15)
LONGEST_PAUSE = timedelta(hours=2)
"""How long a daemon waits after a run that could not be: first, and at most."""
LATE = timedelta(hours=1)
"""How long a run may wait for its turn until its hour counts as missed."""
SATURDAY = 5
LAST_DOUBLING = 10
"""The try after which pauses are not doubled any more; the longest is reached long before."""


def due(hours: tuple[str, ...], last: datetime, now: datetime) -> bool:
    """Tell whether one of the hours (`HH:MM`, in the zone of `now`) has come since `last`.

    An hour that a change of clocks skips is due at the next minute that exists; one that comes
    twice is due once.
    """
    return latest(hours, last, now) is not None


def latest(
    hours: tuple[str, ...], last: datetime, now: datetime
) -> datetime | None:
    """Return the newest of the hours that has come since `last`, None where none has.

    In the zone of `now`; otherwise as `due`.
    """
    # Yesterday's too: a machine that slept, or a long run of another book, may have gone past
    # midnight.
    marks = _marks(hours, (-1, 0), now)
    return max(
        (mark for mark in marks if _came(mark, last, now)),
        key=_in_utc,
        default=None,
    )


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def is_missed(mark: datetime, now: datetime) -> bool:
    """Tell whether a regular hour has gone by without its run: the program was down, or asleep."""
    return _in_utc(now) - _in_utc(mark) > LATE


def are_working_hours(hours: tuple[str, str], now: datetime) -> bool:
    """Tell whether people are at work from Monday to Friday between two hours (`HH:MM`).

    In the zone of `now`. Hours that go past midnight are those of a team that works by night.
    """
    first, last = (time.fromisoformat(f"{hour:0>5}") for hour in hours)
    clock = now.time()
    if first <= last:
        return now.weekday() < SATURDAY and first <= clock < last
    day = now if clock >= first else now - timedelta(days=1)
    return day.weekday() < SATURDAY and (clock >= first or clock < last)


def _marks(
    hours: tuple[str, ...], days: tuple[int, ...], now: datetime
) -> list[datetime]:
    """Return the hours as moments of some days, counted from today, in the zone of `now`."""
    marks = []
    for day in days:
        for hour in hours:
            clock = time.fromisoformat(f"{hour:0>5}")
            date = now.date() + timedelta(days=day)
            marks.append(datetime.combine(date, clock, now.tzinfo))
    return marks


def _came(mark: datetime, last: datetime, now: datetime) -> bool:
    """Tell whether a moment of the wall clock lies after `last` and not after `now`.

    Its first one, where it comes twice.
    """
    first = mark.astimezone(UTC)
    wall_mark = mark.replace(tzinfo=None)
    exists = first.astimezone(mark.tzinfo).replace(tzinfo=None) == wall_mark
    if exists:
        return last.astimezone(UTC) < first <= now.astimezone(UTC)
    wall_last = last.astimezone(mark.tzinfo).replace(tzinfo=None)
    return wall_last < wall_mark <= now.replace(tzinfo=None)


def coming(hours: tuple[str, ...], now: datetime) -> datetime | None:
    """Return the next of the hours, in the zone of `now`; None where there are none."""
    # Compared in UTC, as two moments of one zone are compared by the wall clock.
    marks = []
    for mark in _marks(hours, (0, 1), now):
        if mark.astimezone(UTC) > now.astimezone(UTC):
            marks.append(mark)
    return min(marks, default=None)


def next_try(hours: tuple[str, ...], tries: int, now: datetime) -> datetime:
    """Return when a run that could not be is tried again, after so many tries.

    `tries`: since the last regular hour. The pauses double; none goes beyond the next regular hour.
    """
    pause = min(FIRST_PAUSE * 2 ** min(tries, LAST_DOUBLING), LONGEST_PAUSE)
    later: datetime = (now.astimezone(UTC) + pause).astimezone(now.tzinfo)
    regular = coming(hours, now)
    if regular is None or later.astimezone(UTC) < regular.astimezone(UTC):
        return later
    return regular
