"""The same night done by the pattern of published scripts and by sheetsync, under the same faults.

What is lost and doubled.

The pattern is ours, written after what such scripts do: read all, append the row to the other tab,
delete it from the first, row by row; started again by cron when it failed. Run by `make bench`; the
README shows its table.
"""

import contextlib
import random
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import requests
import stamina

sys.path.insert(0, str(Path(__file__).parents[1]))

from sheetsync.emulator import Crashed, Fault, Faults
from sheetsync.errors import SheetsyncError
from tests.builders.bench import TITLES, client
from tests.builders.desk import NOTE, OWN, OWNER, Daemon, Desk, Wire, means

ROWS, NIGHTS = 30, 100
FROM, TO = TITLES["working"], TITLES["strategic"]
KINDS = (
    "drop",
    "drop after",
    "hang",
    "hang after",
    "503",
    "crash",
    "crash after",
    "a manager deletes a row",
)
QUOTA, TRIP = 60, 0.3
"""Google's writes, and reads, a minute for one user; how long a request takes, in seconds."""
MANY = 1000
ROOT = "https://sheets.googleapis.com/v4/spreadsheets/"


class Score(NamedTuple):
    """What came of all nights together."""

    lost: int
    doubled: int
    wrong: int
    requests: int
    writes: int


def script(desk: Desk, wire: Wire) -> None:
    """Do the night as published scripts do it: append, then delete, row by row."""
    session = requests.Session()
    session.mount("https://", wire)

    def call(method: str, path: str, **options: Any) -> Any:
        answer = session.request(
            method, ROOT + desk.id + path, timeout=60, **options
        )
        answer.raise_for_status()
        return answer.json()

    headings, *rows = call("GET", f"/values/{quote(FROM)}")["values"]
    state, began = headings.index("State"), headings.index("Work began")
    gone = 0
    for at, row in enumerate(rows, start=1):
        if (
            len(row) > began
            and row[state] == "Contact 2"
            and row[began] < "2026-02-01"
        ):
            moved = [*row]
            moved[state] = "Strategic reserve"
            call(
                "POST",
                f"/values/{quote(TO)}:append?valueInputOption=RAW",
                json={"values": [moved]},
            )
            place = {"range": desk.rows(FROM, at - gone, at - gone + 1)}
            call(
                "POST",
                ":batchUpdate",
                json={"requests": [{"deleteDimension": place}]},
            )
            gone += 1


def ours(desk: Desk, wire: Wire) -> None:
    """Do the night with sheetsync."""
    Daemon(desk, wire, f"here:{9_000_000 + random.randrange(10**6)}").run()  # noqa: S311  # a process that is gone


def _faults(kind: str, at: int) -> Faults:
    after = kind.endswith("after")
    if kind.startswith("crash"):
        return Faults(
            (
                Fault(
                    "crash",
                    point="before-answer" if after else "before-call",
                    nth=at,
                    times=1,
                ),
            )
        )
    if kind == "503":
        return Faults((Fault("error", status=503, nth=at, times=1),))
    if kind.startswith(("drop", "hang")):
        return Faults(
            (Fault(kind.split(maxsplit=1)[0], after=after, nth=at, times=1),)
        )
    return Faults()


def night(
    work: Callable[[Desk, Wire], None], kind: str, share: float
) -> tuple[Score, int]:
    """Play one night with one fault, and start it again as cron would.

    `share`: how far through its requests the fault strikes.
    """
    desk = Desk()
    for n in range(ROWS):
        desk.add(FROM, "Contact 2", "2026-01-10" if n % 2 else "2026-02-27")
    calm = Wire(desk.workspace)
    total = 1 + ROWS if work is script else 5
    at = max(1, round(share * total))
    wire = Wire(desk.workspace, _faults(kind, at))
    if kind == "a manager deletes a row":
        wire.before[at] = lambda: _delete(desk)
    with contextlib.suppress(
        Crashed, requests.RequestException, SheetsyncError
    ):
        work(desk, wire)
    with contextlib.suppress(requests.RequestException, SheetsyncError):
        work(desk, calm)
    found = desk.standing()
    alive = [
        number for number, client in desk.clients.items() if not client.deleted
    ]
    lost = sum(number not in found for number in alive)
    doubled = sum(len(found.get(number, ())) > 1 for number in alive)
    wrong = sum(
        any(
            means(name, cells.get(name))
            != means(name, desk.clients[number].typed[name])
            for name in ("Phone", NOTE, OWN)
        )
        for number in alive
        for _, _, cells in found.get(number, ())[:1]
    )
    calls = [path for w in (wire, calm) for _, path in w.requests]
    writes = sum(":append" in path or ":batchUpdate" in path for path in calls)
    return Score(lost, doubled, wrong, len(calls), writes), at


def seconds(writes: int, reads: int) -> float:
    """Return how long requests take.

    Each its trip, and no more of a kind in any minute than the quota lets through.
    """
    full = (max(writes, reads) - 1) // QUOTA
    return max((writes + reads) * TRIP, full * 60)


def calm(work: Callable[[Desk, Wire], None], rows: int) -> tuple[int, int]:
    """Play one night without a fault that moves `rows` rows.

    Return its writes and reads, counted.
    """
    desk = Desk()
    desk.write_rows(
        OWNER,
        FROM,
        1,
        [
            [*client(n, **{"Work began": "2026-01-10"}), f"N{n}", ""]
            for n in range(rows)
        ],
    )
    wire = Wire(desk.workspace)
    work(desk, wire)
    writes = sum(
        ":append" in path or ":batchUpdate" in path for _, path in wire.requests
    )
    return writes, len(wire.requests) - writes


def _delete(desk: Desk) -> None:
    with contextlib.suppress(PermissionError, ValueError, KeyError):
        desk.delete("N1")


def main() -> None:
    """Play all nights and print the table."""
    stamina.set_testing(True, attempts=5, cap=True)
    print(
        f"{NIGHTS} nights, {ROWS // 2} rows to move in each, one fault a night, then started again"
    )
    print(
        f"seconds: of a night without a fault, from its requests as counted: {TRIP} s each, "
        f"{QUOTA} writes and reads a minute"
    )
    print(
        "| | rows lost | rows doubled | cells changed | nights with damage | requests a night | "
        "writes a night | seconds, 15 rows | seconds, 1,000 rows |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for name, work in (
        ("append, then delete, row by row", script),
        ("sheetsync", ours),
    ):
        dice, sums, damaged = random.Random(1), Counter[str](), 0  # noqa: S311  # the same nights for both
        for _ in range(NIGHTS):
            score, _ = night(work, dice.choice(KINDS), dice.random())
            sums.update(score._asdict())
            damaged += bool(score.lost or score.doubled or score.wrong)
        cells = [
            sums["lost"],
            sums["doubled"],
            sums["wrong"],
            damaged,
            round(sums["requests"] / NIGHTS),
            round(sums["writes"] / NIGHTS),
            *(
                f"{seconds(*calm(work, rows)):,.1f}"
                for rows in (ROWS // 2, MANY)
            ),
        ]
        print(f"| {name} | " + " | ".join(map(str, cells)) + " |")


if __name__ == "__main__":
    main()
