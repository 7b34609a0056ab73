"""A lease: which run may write to a book just now, whose it is, until when it is waited for.

Kept in the book itself as developer metadata; taking and giving back is left to sheets/lock.py.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

LENGTH = timedelta(minutes=5)
"""How long others wait for a run that does not answer any more."""


class Lease(NamedTuple):
    """A run's claim on a book. `holder` is `host:process`; `until` has a zone."""

    run: str
    holder: str
    until: datetime

    @property
    def host(self) -> str:
        """The machine that holds it."""
        return self.holder.rpartition(":")[0]

    def text(self) -> str:
        """Return the lease as it stands in the book, its end in UTC."""
        until = self.until.astimezone(UTC).isoformat()
        return json.dumps(
            {"run": self.run, "holder": self.holder, "until": until}
        )


class Standing(NamedTuple):
    """What a book says of its lock: the lease, its fences, and the run that wrote last.

    `orphans`: fences of ours that belong to no lease, so that nobody would ever take them down;
    `beyond`: those of them that another account has put up, which ours may not delete.
    """

    lease: Lease | None = None
    fences: tuple[int, ...] = ()
    last: str = ""
    orphans: tuple[int, ...] = ()
    beyond: tuple[int, ...] = ()

    @property
    def is_free(self) -> bool:
        """Whether nothing of a lock is left that could be taken away."""
        return self.lease is None and not self.orphans


FREE = Standing()
"""A book that nobody has ever locked."""


def of_text(text: str) -> Lease:
    """Read a lease back. One that cannot be read belongs to nobody and is long over."""
    try:
        data = json.loads(text)
        until = datetime.fromisoformat(data["until"])
        if not until.tzinfo:
            until = until.replace(tzinfo=UTC)
        return Lease(str(data["run"]), str(data["holder"]), until)
    # An error here would keep every run out of the book for good.
    except (KeyError, TypeError, ValueError):
        return Lease("", "", datetime.min.replace(tzinfo=UTC))
