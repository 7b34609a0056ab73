"""When a book has its night: the hours of its settings, on the wall clock of its own zone, and the tries after one that failed.

Pure: the present moment is a parameter.
"""

from datetime import UTC, datetime, time, timedelta

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=15), timedelta(hours=2)
"""How long a daemon waits after a run that could not be; twice as long each time, up to the longest."""


def due(hours: tuple[str, ...], last: datetime, now: datetime) -> bool:
    """Tell whether one of the hours (`HH:MM`, in the zone of `now`) has come since `last`.

    An hour that a change of clocks skips is due at the next minute that exists; one that comes twice is due once.
    """
    times = [time.fromisoformat(f"{hour:0>5}") for hour in hours]
    # Yesterday's too: a machine that slept, or a long run of another book, may have gone past midnight.
    days = (now.date() - timedelta(days=1), now.date())
    return any(
        _came(datetime.combine(day, hour, now.tzinfo), last, now) for day in days for hour in times
    )


def _came(mark: datetime, last: datetime, now: datetime) -> bool:
    """Tell whether a moment of the wall clock, its first one if it comes twice, lies after `last` and not after `now`."""
    first = mark.astimezone(UTC)
    if first.astimezone(mark.tzinfo).replace(tzinfo=None) == mark.replace(tzinfo=None):
        return last.astimezone(UTC) < first <= now.astimezone(UTC)
    since, until = last.astimezone(mark.tzinfo).replace(tzinfo=None), now.replace(tzinfo=None)
    return since < mark.replace(tzinfo=None) <= until


def coming(hours: tuple[str, ...], now: datetime) -> datetime | None:
    """Return the next of the hours, in the zone of `now`; None where there are none."""
    times = [time.fromisoformat(f"{hour:0>5}") for hour in hours]
    marks = [
        datetime.combine(now.date() + timedelta(days=day), hour, now.tzinfo)
        for day in (0, 1)
        for hour in times
    ]
    return min((mark for mark in marks if mark.astimezone(UTC) > now.astimezone(UTC)), default=None)


def next_try(hours: tuple[str, ...], tries: int, now: datetime) -> datetime:
    """Return when a run that could not be is tried again, after `tries` tries since the last regular hour.

    The pauses grow; none goes beyond the next regular hour.
    """
    pause = min(FIRST_PAUSE * 2 ** min(tries, 10), LONGEST_PAUSE)
    later = (now.astimezone(UTC) + pause).astimezone(now.tzinfo)
    regular = coming(hours, now)
    return later if regular is None or later.astimezone(UTC) < regular.astimezone(UTC) else regular
