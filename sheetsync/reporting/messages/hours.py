"""Whose hour has come, by the wall clock of the book's zone. Pure: the present moment is a parameter."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sheetsync.method.terms import Notices
from sheetsync.reporting.messages.message import Digest

LATE = timedelta(hours=8)
"""A daemon that was away at an hour makes up for it so long afterwards; later the day's message has lost its point."""


class Hours(NamedTuple):
    """The hours at which people are told, as times of day in the book's zone."""

    managers: str
    head: str

    def come(self, now: datetime) -> frozenset[str]:
        """Return whose hour has come and is not long past: `manager`, `head`."""
        marks = {"manager": self.managers, "head": self.head}
        return frozenset(role for role, at in marks.items() if _came(at, now))


def _came(at: str, now: datetime) -> bool:
    mark = now.replace(hour=int(at[:2]), minute=int(at[3:]), second=0, microsecond=0, tzinfo=None)
    return mark <= now.replace(tzinfo=None) < mark + LATE


def hours(notices: Notices) -> Hours:
    """Return the hours of a policy."""
    return Hours(notices.managers_at, notices.head_at)


def its_hour(digest: Digest, notices: Notices, now: datetime) -> bool:
    """Tell whether a message is due by the wall clock of `now`."""
    return digest.role in hours(notices).come(now)
