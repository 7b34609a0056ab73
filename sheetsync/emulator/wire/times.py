"""Times as Google's APIs write and read them: RFC 3339, in UTC, with milliseconds.

What the times are of is left to the calls.
"""

from __future__ import annotations

import datetime as dt


def rfc3339(when: dt.datetime) -> str:
    """Give a time as Google writes it: 2023-07-20T08:47:53.621Z."""
    return (
        when.astimezone(dt.UTC)
        .isoformat(timespec="milliseconds")
        .replace("+00:00", "Z")
    )


def read(text: str) -> dt.datetime:
    """Give the time of a text; without a zone it is UTC. ValueError where it is none."""
    when = dt.datetime.fromisoformat(text)
    return when if when.tzinfo else when.replace(tzinfo=dt.UTC)
