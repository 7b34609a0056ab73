"""The same nights by the patterns of published scripts and by sheetsync, under the same faults.

What is lost and doubled; what becomes of formats, notes and formulas; how long it takes by the
emulator's clock. Each night is started again after its fault, as cron does. Run by `make bench`;
the README and docs/benchmarks.md show its table.
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
from gspread.exceptions import GSpreadException

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.figures import Figure, add_to_file
from benchmarks.scripts import (
    FROM,
    TO,
    clear_and_rewrite,
    row_by_row,
    whole_tabs,
)
from sheetsync.emulator import Crashed, Fault, Faults
from sheetsync.errors import SheetsyncError
from tests.builders.bench import client
from tests.builders.desk import (
    COLUMNS,
    EDITOR,
    NOTE,
    OWN,
    OWNER,
    Daemon,
    Desk,
    Wire,
    means,
)

ROWS, NIGHTS = 30, 100
KINDS = (
    "drop",
    "drop after",
    "hang",
    "hang after",
    "503",
    "crash",
    "crash after",
    "a manager deletes a row",
    "a manager types",
)
QUOTA, TRIP = 60, 0.2
"""Google's writes, and reads, a minute for one user; how long a request takes, in seconds."""
MANY = 1000
FAILURES = (
    Crashed,
    requests.RequestException,
    GSpreadException,
    SheetsyncError,
    # What scripts stumble over when they meet half a table.
    LookupError,
    ValueError,
)
TYPED = "called back"


class Score(NamedTuple):
    """What came of all nights together. `wrong`: cells that hold what nobody typed."""

    lost: int
    doubled: int
    wrong: int
    requests: int
    writes: int


Work = Callable[[Desk, Wire], None]


def ours(desk: Desk, wire: Wire) -> None:
    """Do the night with sheetsync."""
    Daemon(desk, wire, f"here:{9_000_000 + random.randrange(10**6)}").run()  # noqa: S311  # a process that is gone


WORKS: dict[str, tuple[Work, int]] = {
    "append, then delete, row by row": (row_by_row, 1 + ROWS),
    "gspread, both tabs in one write": (whole_tabs, 6),
    "pandas, clear and rewrite": (clear_and_rewrite, 9),
    "sheetsync": (ours, 5),
}
"""Who does the night, and how many requests he sends in one without a fault."""


def _faults(kind: str, nth: int) -> Faults:
    after = kind.endswith("after")
    if kind.startswith("crash"):
        point = "before-answer" if after else "before-call"
        return Faults((Fault("crash", point=point, nth=nth, times=1),))
    if kind == "503":
        return Faults((Fault("error", status=503, nth=nth, times=1),))
    if kind.startswith(("drop", "hang")):
        name = kind.split(maxsplit=1)[0]
        return Faults((Fault(name, after=after, nth=nth, times=1),))
    return Faults()


def night(name: str, kind: str, share: float) -> Score:
    """Play one night with one fault, and start it again as cron would.

    `share`: how far through its requests the fault strikes.
    """
    work, total = WORKS[name]
    desk = Desk()
    for n in range(ROWS):
        desk.add(FROM, "Contact 2", "2026-01-10" if n % 2 else "2026-02-27")
    calm_wire = Wire(desk.workspace)
    nth = max(1, round(share * total))
    wire = Wire(desk.workspace, _faults(kind, nth))
    if kind == "a manager deletes a row":
        wire.before[nth] = lambda: _delete(desk)
    if kind == "a manager types":
        wire.before[nth] = lambda: _type(desk)
    with contextlib.suppress(*FAILURES):
        work(desk, wire)
    with contextlib.suppress(*FAILURES):
        work(desk, calm_wire)
    calls = [*wire.requests, *calm_wire.requests]
    return Score(*_damage(desk), len(calls), sum(map(_writes, calls)))


def _damage(desk: Desk) -> tuple[int, int, int]:
    """Return how many clients are lost, doubled, and wrong, those that came back among them."""
    found = _standing(desk)
    lost = doubled = wrong = 0
    for number, client_ in desk.clients.items():
        rows = found.get(number, [])
        if client_.deleted:
            wrong += bool(rows)
            continue
        lost += not rows
        doubled += len(rows) > 1
        if rows:
            wrong += any(
                means(name, rows[0].get(name))
                != means(name, client_.typed[name])
                for name in ("Phone", NOTE, OWN)
            )
    return lost, doubled, wrong


def _standing(desk: Desk) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of each client; a tab may have lost its headings."""
    try:
        found = desk.standing()
    except (ValueError, LookupError):
        found = {}
    return {
        number: [cells for _, _, cells in rows]
        for number, rows in found.items()
    }


def _writes(call: tuple[str, str]) -> bool:
    method, path = call
    kinds = (":append", ":batchUpdate", ":clear")
    return method == "PUT" or any(kind in path for kind in kinds)


def seconds(writes: int, reads: int) -> float:
    """Return how long requests take.

    Each its trip, and no more of a kind in any minute than the quota lets through.
    """
    full = (max(writes, reads) - 1) // QUOTA
    return max((writes + reads) * TRIP, full * 60)


def calm(work: Work, rows: int) -> tuple[int, int]:
    """Play one night without a fault that moves `rows` rows.

    Return its writes and reads, counted.
    """
    desk = Desk()
    began = {"Work began": "2026-01-10"}
    typed = [[*client(n, **began), f"N{n}", ""] for n in range(rows)]
    desk.write_rows(OWNER, FROM, 1, typed)
    wire = Wire(desk.workspace)
    work(desk, wire)
    writes = sum(map(_writes, wire.requests))
    return writes, len(wire.requests) - writes


YELLOW = {"red": 1, "green": 1}
EXTRA = len(COLUMNS)
"""The column of the team's own in which formulas stand."""


def kept(work: Work) -> tuple[int, int, int]:
    """Play one night without a fault; how many formats, notes and formulas of all rows are left."""
    desk = Desk()
    for n in range(ROWS):
        desk.add(FROM, "Contact 2", "2026-01-10" if n % 2 else "2026-02-27")
    sheet_id = desk.sheet_id(FROM)
    first = {"sheetId": sheet_id, "rowIndex": 1, "columnIndex": 0}
    looks = {"userEnteredFormat": {"backgroundColor": YELLOW}}
    noted = [
        {"values": [{"note": f"of {number}", **looks}]}
        for number in desk.clients
    ]
    counted = [
        {"values": [{"userEnteredValue": {"formulaValue": f"=LEN(A{row})"}}]}
        for row in range(2, ROWS + 2)
    ]
    desk.write(OWNER, FROM, 0, ["Length"], EXTRA)
    fields = "note,userEnteredFormat.backgroundColor"
    desk.batch(
        OWNER,
        {"updateCells": {"start": first, "rows": noted, "fields": fields}},
        {
            "updateCells": {
                "start": {**first, "columnIndex": EXTRA},
                "rows": counted,
                "fields": "userEnteredValue",
            }
        },
    )
    work(desk, Wire(desk.workspace))
    counts = Counter[str]()
    for title in (FROM, TO):
        counts.update(_treasures(desk, title))
    return counts["formats"], counts["notes"], counts["formulas"]


def _treasures(desk: Desk, title: str) -> Counter[str]:
    """Count the formats, notes and formulas that stand beside the client whose they are."""
    fields = "sheets.data.rowData.values(userEnteredValue,note,userEnteredFormat(backgroundColor))"
    path = f"?includeGridData=true&ranges={quote(title)}&fields={fields}"
    (sheet,) = desk.call(OWNER, "GET", path)["sheets"]
    counts = Counter[str]()
    place = COLUMNS.index(OWN)
    for row in sheet["data"][0].get("rowData", ())[1:]:
        cells = row.get("values", [])
        if len(cells) <= place:
            continue
        value = cells[place].get("userEnteredValue", {})
        number = value.get("stringValue")
        color = cells[0].get("userEnteredFormat", {}).get("backgroundColor")
        counts["formats"] += bool(number) and color == YELLOW
        counts["notes"] += (
            bool(number) and cells[0].get("note") == f"of {number}"
        )
        formulas = [
            "formulaValue" in cell.get("userEnteredValue", {}) for cell in cells
        ]
        counts["formulas"] += bool(number) and any(formulas)
    return counts


def _delete(desk: Desk) -> None:
    with contextlib.suppress(PermissionError, ValueError, KeyError):
        desk.delete("N1")


def _type(desk: Desk) -> None:
    """Type into a cell of a client that stays."""
    with contextlib.suppress(PermissionError, ValueError, KeyError):
        desk.type(EDITOR, "N3", NOTE, TYPED)


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
        "| | rows lost | rows doubled | rows changed | nights with damage | requests a night | "
        f"formats, notes, formulas kept of {ROWS} | seconds, 15 rows | seconds, 1,000 rows |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for name, (work, _) in WORKS.items():
        dice, sums, damaged = random.Random(1), Counter[str](), 0  # noqa: S311  # the same nights for all
        for _ in range(NIGHTS):
            score = night(name, dice.choice(KINDS), dice.random())
            sums.update(score._asdict())
            damaged += bool(score.lost or score.doubled or score.wrong)
        few, many = (seconds(*calm(work, rows)) for rows in (ROWS // 2, MANY))
        left = ", ".join(map(str, kept(work)))
        cells = [
            sums["lost"],
            sums["doubled"],
            sums["wrong"],
            damaged,
            round(sums["requests"] / NIGHTS),
            left,
            f"{few:,.1f}",
            f"{many:,.1f}",
        ]
        print(f"| {name} | " + " | ".join(map(str, cells)) + " |", flush=True)
        remark = (
            f"lost {sums['lost']}, doubled {sums['doubled']}, changed {sums['wrong']}, "
            f"damaged nights {damaged}, kept {left}"
        )
        add_to_file(
            [Figure(f"moves by: {name}", f"{MANY:,} rows", many, remark=remark)]
        )


if __name__ == "__main__":
    main()
