"""Every request of a run meets every fault: no row is lost or doubled, and the next run ends where an undisturbed one does.

The projection table in docs/faults.md is what these tests found; it is written anew with WRITE_DOCS=1.
"""

import os
from typing import NamedTuple

import pytest
import requests

from sheetsync.sheets.requests.body import BatchRoom
from tests.builders.bench import Shell
from tests.builders.cloud import ADDRESS, Cloud, Fault, Killed, refusal
from tests.places import DOCS

TODAY = "2026-03-02"
REQUESTS = ("read the structure", "read the cells", "take the lock", "read again", "write")
SEAM = 5
"""Requests of the first part of a night: the next one begins the second part."""
LOST = requests.exceptions.ConnectionError("Connection reset by peer")
HANG = requests.exceptions.ReadTimeout("read timed out")
FAULTS = {
    "refused": refusal(400, "Invalid requests[0]"),
    "over the quota": refusal(429, "Quota exceeded"),
    "503": Fault(),
    "lost before": Fault(error=LOST),
    "lost after": Fault(error=LOST, late=True),
    "hang, never done": Fault(error=HANG),
    "hang, done meanwhile": Fault(error=HANG, late=True),
    "hang, done much later": Fault(error=HANG, delayed=True),
    "killed before": Fault(error=Killed()),
    "killed after": Fault(error=Killed(), late=True),
}
PAGE = DOCS / "faults.md"


class Projection(NamedTuple):
    """What a run under a fault came to: what it said, what it had moved, what the next run still had to move."""

    said: str
    moved: int
    left: int


def _standing(cloud: Cloud) -> dict[str, list[str]]:
    return {title: sorted(names) for title, names in cloud.companies().items()}


def _said(told_code: int, err: str) -> str:
    if told_code == 0:
        return "done"
    if "the parts before it are written" in err:
        return "stops and says that the first part stands"
    if "nothing was written" in err or "nothing was changed" in err.lower():
        return "nothing done, and says so"
    assert "may or may not" in err
    return "does not know, and says so"


def _night(sheetsync: Shell) -> str:
    try:
        told = sheetsync("run", ADDRESS, "--force", "--today", TODAY)
    except Killed:
        return "killed"
    return _said(told.code, told.err)


def play(sheetsync: Shell, cloud: Cloud, at: int, fault: Fault) -> Projection:
    """Run under one fault at the `at`-th request, then run again undisturbed, and compare where every row stands."""
    before = _standing(cloud)
    cloud.script[at] = fault
    said = _night(sheetsync)
    cloud.flush()
    moved = sum(len(set(names) - set(before[title])) for title, names in _standing(cloud).items())
    told = sheetsync("run", ADDRESS, "--force", "--today", TODAY, "--json")
    assert told.code == 0, told.err
    return Projection(said, moved, len(told.json["moves"]))


def _cell(projection: Projection) -> str:
    """Tell a projection in the words of the table."""
    if projection.said == "killed" and projection.moved and projection.left:
        return "killed, the first part stands; the next run moves the rest"
    if projection.moved and projection.left:
        return f"{projection.said}; the next run moves the rest"
    if projection.said == "killed":
        return (
            "killed; all rows had moved" if projection.moved else "killed; the next run moves them"
        )
    return projection.said if not projection.left else f"{projection.said}; the next run moves them"


def _documented(name: str, at: int, cell: str, table: int = 0) -> str:
    """Return the cell of a table (from 0) in the docs; write it there first where that was asked for."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    rows = [n for n, text in enumerate(lines) if text.startswith(f"| {name} |")]
    line = rows[table]
    cells = [part.strip() for part in lines[line].strip("|").split("|")]
    if os.environ.get("WRITE_DOCS"):
        cells[at] = cell
        lines[line] = "| " + " | ".join(cells) + " |"
        PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return cells[at]


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("at", range(1, 6), ids=REQUESTS)
def test_no_fault_at_any_request_loses_or_doubles_a_row(
    sheetsync: Shell, cloud: Cloud, at: int, name: str
) -> None:
    everybody = sorted(name for names in cloud.companies().values() for name in names)
    projection = play(sheetsync, cloud, at, FAULTS[name])
    assert sorted(name for names in cloud.companies().values() for name in names) == everybody
    assert cloud.companies()["Strategic archive"] == [f"Company {n}" for n in range(3)]
    assert projection.moved + projection.left == 3
    if projection.said == "done":
        assert projection.moved == 3
    if projection.said == "nothing done, and says so":
        assert projection.moved == 0
    assert _documented(name, at, _cell(projection)) == _cell(projection)


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("at", range(1, 6), ids=REQUESTS)
def test_no_fault_between_two_parts_of_a_night_loses_or_doubles_a_row(
    sheetsync: Shell, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, at: int, name: str
) -> None:
    monkeypatch.setattr(
        "sheetsync.sheets.connection.open_book.BatchRoom", lambda: BatchRoom(moves=2)
    )
    everybody = sorted(name for names in cloud.companies().values() for name in names)
    projection = play(sheetsync, cloud, SEAM + at, FAULTS[name])
    assert sorted(name for names in cloud.companies().values() for name in names) == everybody
    assert cloud.companies()["Strategic archive"] == [f"Company {n}" for n in range(3)]
    assert projection.moved + projection.left == 3
    # The first part stands whatever becomes of the second.
    assert projection.moved >= 1
    if projection.said == "done":
        assert projection.moved == 3
    if projection.said.startswith("stops"):
        assert projection.left >= 1
    assert _documented(name, at, _cell(projection), table=1) == _cell(projection)
