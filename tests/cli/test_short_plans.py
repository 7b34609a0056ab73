"""A plan on a terminal: how many rows go which way, ten of them with the reason, and all only where they are asked for."""

from pathlib import Path

import pytest

from tests.builders.bench import Shell, write_base
from tests.builders.notified_base import late, tabs

MOVING = 12


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Give a base of which twelve rows have refused and go to the archive, and one stays."""
    rows = [late(f"Company {number}", "Ann") for number in range(MOVING)]
    for row in rows:
        row[3] = "Strategic reserve"
    return write_base(tmp_path / "base.xlsx", tabs(*rows, late("Stays", "Ben")))


def test_a_plan_is_a_line_per_route_and_ten_rows(sheetsync: Shell, base: Path) -> None:
    out = sheetsync("plan", base, "--today", "2026-03-02").out
    assert out.startswith("12 rows move:\n    12  Working list → Strategic archive\n")
    named = [line for line in out.splitlines() if line.startswith("• Company ")]
    assert len(named) == 10
    assert named[0].startswith("• Company 0 (Ann) → Strategic archive: ")
    assert "… and 2 more; -v shows all." in out


def test_the_whole_plan_is_shown_where_it_is_asked_for(sheetsync: Shell, base: Path) -> None:
    out = sheetsync("plan", base, "--today", "2026-03-02", "-v").out
    assert all(f"Company {number}" in out for number in range(MOVING))
    assert "shows all" not in out
