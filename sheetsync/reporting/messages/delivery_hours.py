"""Whose hour has come, by the wall clock of the book's zone. Pure: the present moment is a parameter."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sheetsync.method.terms import Notices
from sheetsync.reporting.messages.message import Message

LATE = timedelta(hours=8)
"""A daemon that was away at an hour makes up for it so long afterwards; later the day's message has lost its point."""


class DeliveryHours(NamedTuple):
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


def hours_of(notices: Notices) -> DeliveryHours:
    """Return the hours of a policy."""
    return DeliveryHours(notices.managers_at, notices.head_at)


def hour_has_come(digest: Message, notices: Notices, now: datetime) -> bool:
    """Tell whether a message is due by the wall clock of `now`."""
    return digest.role in hours_of(notices).come(now)
