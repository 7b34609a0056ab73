"""A manager's leave on the sheets that people see: nothing stops, and somebody who is there has what is urgent."""

from datetime import date
from typing import Any

import pytest

from sheetsync.method.policy import Policy
from sheetsync.method.terms import Leave, Manager
from sheetsync.services import read_and_decide as planning
from sheetsync.sheets.read import reader
from sheetsync.workbook.snapshot import Snapshot
from tests.builders.bench import TITLES
from tests.builders.desk import EDITOR, OWNER, Desk

AWAY = (Leave(first=date(2026, 3, 1), last=date(2026, 3, 8)),)
ZERO, ONE, TWO = (f"Manager {number}" for number in range(3))


@pytest.fixture
def desk() -> Desk:
    """Give a base in which Manager 1 leads a row near its end, one whose time is up, and a call that is due."""
    made = Desk()
    for title, state, began in (
        ("working", "Contact 2", "2026-02-20"),  # 1: four days are left
        ("working", "Contact 1", "2026-02-28"),  # 2
        ("working", "Contact 1", "2026-02-28"),  # 0
        ("working", "Contact 2", "2026-02-01"),  # 1: its time is up
        ("working", "Contact 1", "2026-02-27"),  # 2
        ("working", "Contact 1", "2026-02-27"),  # 0
        ("rework", "Call round", "2026-01-01"),  # 1
    ):
        made.add(TITLES[title], state, began)
    return made


def night(desk: Desk, monkeypatch: pytest.MonkeyPatch, *team: Manager) -> None:
    """Run with this team."""

    def told(*arguments: Any) -> tuple[Snapshot, Policy]:
        snapshot, policy = reader.read_book(*arguments)
        return snapshot, policy.model_copy(update={"team": team})

    monkeypatch.setattr(planning, "read_book", told)
    assert desk.daemon().run().wrote
    assert not desk.daemon(holder="here:2").run().wrote


def sheet(desk: Desk, title: str) -> list[str]:
    """Return a report line by line, its hidden first column left out."""
    rows = desk.call(OWNER, "GET", f"/values/'{title}'").get("values", [])
    return [" | ".join(str(cell) for cell in row[1:] if cell) for row in rows]


def after(lines: list[str], heading: str) -> str:
    """Return everything that stands below a heading."""
    return "\n".join(lines[next(at for at, line in enumerate(lines) if line.startswith(heading)) :])


def test_the_substitute_has_what_is_urgent_in_a_block_of_its_own(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    night(desk, monkeypatch, Manager(name=ONE, leave=AWAY, substitute=TWO), Manager(name=TWO))
    told = after(sheet(desk, f"Overdue · {TWO}"), "For Manager 1, on leave until 8 March 2026")
    assert "Company 1 | Contact 2 | Strategic archive" in told
    assert "Company 7" in told
    assert "Company 2" not in told
    assert "On leave until 8 March 2026; Manager 2 has what is urgent." in sheet(
        desk, f"Overdue · {ONE}"
    )
    assert "For Manager" not in "\n".join(sheet(desk, f"Overdue · {ZERO}"))
    assert desk.place("N4")[0] == TITLES["strategic"]  # leave stops nothing


def test_without_anybody_the_summary_tells_the_head(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = (
        Manager(name=ONE, leave=AWAY, substitute=TWO),
        Manager(name=TWO, leave=AWAY, substitute=ONE),
    )
    night(desk, monkeypatch, *ring)
    told = after(sheet(desk, "Summary"), "On leave, and nobody stands in")
    assert "Company 1 | Manager 1 | Deadline is near" in told
    assert "Company 7 | Manager 1 | Calls due from the archives" in told
    assert (
        "On leave until 8 March 2026; nobody stands in, what is urgent is on the summary."
        in sheet(desk, f"Overdue · {ONE}")
    )


def test_a_substitute_without_rows_gets_a_sheet(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    night(desk, monkeypatch, Manager(name=ONE, leave=AWAY, substitute="Eva"), Manager(name="Eva"))
    assert "Company 1" in after(sheet(desk, "Overdue · Eva"), "For Manager 1")


def test_when_the_manager_is_back_all_is_as_before(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    team = (Manager(name=ONE, leave=AWAY, substitute=TWO), Manager(name=TWO))
    night(desk, monkeypatch, *team)
    desk.today = date(2026, 3, 9)
    desk.type(EDITOR, "N2", "Last contact", "2026-03-08")
    night(desk, monkeypatch, *team)
    for name in (ONE, TWO):
        assert "leave" not in "\n".join(sheet(desk, f"Overdue · {name}"))
