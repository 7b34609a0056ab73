"""A run as the run log keeps it: when it was, what came of it, what it has cost.

Values alone; how they are kept is `store`'s.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

NOTHING: Mapping[str, int] = MappingProxyType({})


class Outcome(StrEnum):
    """What came of a run. `UNDER_WAY`: nothing yet; `BROKEN_OFF`: its process was stopped."""

    UNDER_WAY = "under_way"
    WROTE = "wrote"
    QUIET = "quiet"
    WAITS = "waits"
    FAILED = "failed"
    BROKEN_OFF = "broken_off"


WELL = frozenset({Outcome.WROTE, Outcome.QUIET})
"""After these the base, and the reports in it, are as of the run."""
LOOKED = frozenset({*WELL, Outcome.WAITS})
"""After these the night is done with, be it that a person has to say the next word."""


class Kind(StrEnum):
    """What was to be done: a whole run, or the reports alone."""

    RUN = "run"
    REPORTS = "reports"


@dataclass(frozen=True)
class RunRecord:
    """One run of one book.

    `run`: its id in the log, eight hexadecimal digits. `book`: its name in sheetsync.toml, else its
    address. `began`, `ended`: in UTC; `ended` None while it is under way. `zone`: the book's, as
    IANA names it, "" where it is not known. `moves`: how many rows between which tabs, under
    `from → to`. `problems`: how many of each code. `requests`: sent, `read` and `write`. `waited`:
    seconds spent waiting for Google's quota. `error`, `fix`: what a person reads where it waits or
    has failed; `exit_code`: the command line's.
    """

    run: str
    book: str
    kind: Kind
    began: datetime
    outcome: Outcome = Outcome.UNDER_WAY
    ended: datetime | None = None
    zone: str = ""
    moves: Mapping[str, int] = field(default_factory=lambda: NOTHING)
    edits: int = 0
    problems: Mapping[str, int] = field(default_factory=lambda: NOTHING)
    requests: Mapping[str, int] = field(default_factory=lambda: NOTHING)
    waited: float = 0.0
    error: str = ""
    fix: str = ""
    exit_code: int = 0

    @property
    def moved(self) -> int:
        """How many rows have gone to another tab, or are to."""
        return sum(self.moves.values())

    @property
    def lasted(self) -> timedelta:
        """How long the run took; nothing while it is under way."""
        return timedelta() if self.ended is None else self.ended - self.began

    def json(self) -> dict[str, Any]:
        """Return the record as `--json` and the status page tell it, moments in UTC."""
        return {
            "run": self.run,
            "book": self.book,
            "kind": str(self.kind),
            "outcome": str(self.outcome),
            "began": self.began.isoformat(),
            "ended": self.ended.isoformat() if self.ended else None,
            "moves": dict(self.moves),
            "edits": self.edits,
            "problems": dict(self.problems),
            "requests": dict(self.requests),
            "waited": self.waited,
            "error": self.error,
            "fix": self.fix,
            "exit_code": self.exit_code,
        }
