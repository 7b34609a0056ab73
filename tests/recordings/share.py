"""The share of Google's recorded answers that the emulator gives too, file by file: python -m tests.recordings.share.

With --differences each one that is answered otherwise is named, with its reason where one is known.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tests.recordings.known import known_differences
from tests.recordings.replay import FILES, Outcome, replay

if TYPE_CHECKING:
    from collections.abc import Iterator


def table(outcomes: list[Outcome], *, differences: bool = False) -> Iterator[str]:
    """Give the lines of the table, the total last."""
    for outcome in outcomes:
        yield _line(outcome.same, outcome.total, outcome.name)
        for found in outcome.differences if differences else ():
            reason = known_differences.get((outcome.name, found.index), "NOT KNOWN")
            yield f"{'':18}{found}\n{'':18}-> {reason}"
    yield _line(
        sum(one.same for one in outcomes), sum(one.total for one in outcomes), "all recordings"
    )


def _line(same: int, total: int, name: str) -> str:
    return f"{same:5} of {total:4} {same / total:6.1%}  {name}"


if __name__ == "__main__":
    lines = table([replay(path) for path in FILES], differences="--differences" in sys.argv)
    sys.stdout.write("\n".join(lines) + "\n")
