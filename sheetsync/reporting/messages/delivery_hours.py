"""Whose hour to be told something has come, by the wall clock of the book's zone.

Pure: the present moment is a parameter. At which hour of the night a book is run, and when a try
is made again, is `daemon.schedule`'s.
"""

from datetime import datetime, time, timedelta
from typing import NamedTuple

from sheetsync.method.terms import Notices
from sheetsync.reporting.messages.message import Message

LATE = timedelta(hours=8)
"""How long afterwards a daemon that was away at an hour makes up for it.

Later the day's message has lost its point.
"""


class DeliveryHours(NamedTuple):
    """The hours at which people are told, as times of day (`HH:MM`) in the book's zone."""

    managers: str
    head: str

    def come(self, now: datetime) -> frozenset[str]:
        """Return whose hour has come and is not long past: `manager`, `head`."""
        come = set[str]()
        if _has_come(self.managers, now):
            come.add("manager")
        if _has_come(self.head, now):
            come.add("head")
        return frozenset(come)


def _has_come(hour: str, now: datetime) -> bool:
    # By the wall clock alone: on the night when clocks change, an hour is told when they show it.
    wall_clock = now.replace(tzinfo=None)
    due = datetime.combine(wall_clock.date(), time.fromisoformat(hour))
    return due <= wall_clock < due + LATE


def hours_of(notices: Notices) -> DeliveryHours:
    """Return the hours of a policy."""
    return DeliveryHours(notices.managers_at, notices.head_at)


def hour_has_come(message: Message, notices: Notices, now: datetime) -> bool:
    """Tell whether a message is due by the wall clock of `now`."""
    # A deputy is told what the head is, at the head's hour.
    role = "head" if message.role == "deputy" else message.role
    return role in hours_of(notices).come(now)
