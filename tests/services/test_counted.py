"""Once a day the Journal is told how much there is of everything; that line is no reason to write, and nothing to take back."""

import json
from pathlib import Path
from typing import Any

from tests.builders.bench import Shell, cells, small_base

DAYS = ("2026-03-02", "2026-03-03", "2026-03-04")


def _run(sheetsync: Shell, path: Path, day: str, *more: str) -> Any:
    told = sheetsync("run", path, "--today", day, "--force", "--json", *more)
    assert told.code == 0, told.err
    return told.json


def _lines(path: Path) -> list[dict[str, Any]]:
    headings, *rows = cells(path)["Journal"]
    return [dict(zip(headings, row, strict=True)) for row in rows]


def _counted(path: Path) -> list[dict[str, Any]]:
    return [line for line in _lines(path) if line["What"] == "counted"]


def test_the_first_run_of_a_day_counts_and_a_second_one_writes_nothing(
    sheetsync: Shell, tmp_path: Path
) -> None:
    path = small_base(tmp_path / "base.xlsx")
    for number, day in enumerate(DAYS, start=1):
        assert _run(sheetsync, path, day)["wrote"]
        before = path.read_bytes()
        assert not _run(sheetsync, path, day)["wrote"]
        assert path.read_bytes() == before
        assert len(_counted(path)) == number
    assert [str(line["When"])[:10] for line in _counted(path)] == [*reversed(DAYS)]


def test_what_was_counted_is_what_stands_in_the_base(sheetsync: Shell, tmp_path: Path) -> None:
    path = small_base(tmp_path / "base.xlsx", clients=3)
    _run(sheetsync, path, DAYS[0])
    [line] = _counted(path)
    data, sheets = json.loads(line["Data"]), cells(path)
    working, clients = (len(sheets[title]) - 1 for title in ("Working list", "Clients"))
    assert data["all"]["load"] == working == sum(each["load"] for each in data["managers"].values())
    assert data["sections"].get("working", 0) == working
    assert data["sections"]["clients"] == data["states"]["client"] == clients
    assert line["Why"].startswith(f"{working} compan")
    assert line["Run"] is line["ID"] is None


def test_a_count_is_nothing_that_history_tells_or_undo_takes_back(
    sheetsync: Shell, tmp_path: Path
) -> None:
    path = small_base(tmp_path / "base.xlsx")
    first = _run(sheetsync, path, DAYS[0])
    assert first["moves"]
    assert _run(sheetsync, path, DAYS[1])["wrote"]  # a quiet day, counted
    assert len(_counted(path)) == 2
    told = sheetsync("history", path, "--json").json
    assert len({line["run"] for line in told["runs"]}) == 1
    undone = sheetsync("undo", path, "--today", DAYS[1], "--json")
    assert (undone.code, len(undone.json["moves"])) == (0, len(first["moves"])), undone.err


def test_what_could_be_counted_is_no_reason_to_write(sheetsync: Shell, tmp_path: Path) -> None:
    """A base in which nothing changes overnight, its reports brought up to date by hand: the run finds nothing to do."""
    path = small_base(tmp_path / "base.xlsx", clients=0)
    _run(sheetsync, path, DAYS[0])
    assert sheetsync("report", path, "--today", DAYS[1]).code == 0
    before = path.read_bytes()
    assert not _run(sheetsync, path, DAYS[1])["wrote"]
    assert (path.read_bytes(), len(_counted(path))) == (before, 1)
    assert _run(sheetsync, path, DAYS[2])["wrote"]
    assert len(_counted(path)) == 2


def test_a_move_by_deadline_says_in_its_data_by_which_rule(
    sheetsync: Shell, tmp_path: Path
) -> None:
    path = small_base(tmp_path / "base.xlsx")
    moves = _run(sheetsync, path, DAYS[0])["moves"]
    rules = {
        line["ID"]: json.loads(line["Data"])["rule"]
        for line in _lines(path)
        if line["What"] == "moved"
    }
    assert rules == {move["id"]: move["rule"] for move in moves}
    assert rules
