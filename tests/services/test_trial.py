"""A trial of the model in a file: the nights that only say, the head's ticks, the parts let go, an undo; each night one batch and quiet after."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest

from sheetsync.__main__ import run
from tests.builders.bench import TITLES, Shell, cells, small_base

WORKING, STRATEGIC = TITLES["working"], TITLES["strategic"]
FIRST, SECOND, END, AFTER = "2026-03-02", "2026-03-03", "2026-03-20", "2026-03-21"
BOX = 5


class Nights(NamedTuple):
    """What stood in the file after each night, by its name, and the file of the last."""

    path: Path
    after: dict[str, dict[str, list[Any]]]


def typed(path: Path, change: Callable[[Any], None]) -> None:
    """Change a file as a person would."""
    workbook = openpyxl.load_workbook(path)
    change(workbook)
    workbook.save(path)
    workbook.close()


def first_day(day: str | None) -> Callable[[Any], None]:
    """Type the first day of the trial on the Settings tab."""

    def change(workbook: Any) -> None:
        sheet = workbook["Settings"]
        for row in sheet.iter_rows():
            for cell in row:
                if str(cell.value).startswith("First day of the trial"):
                    value = datetime.fromisoformat(day) if day else None
                    sheet.cell(cell.row, cell.column + 1).value = value

    return change


def tick(*lines: str) -> Callable[[Any], None]:
    """Tick the boxes of lines of the trial's tab, by the beginning of their keys."""

    def change(workbook: Any) -> None:
        for row in workbook["Trial"].iter_rows():
            if str(row[0].value).startswith(lines):
                row[BOX - 1].value = True

    return change


def night(path: Path, day: str, *more: str) -> None:
    """Run a night, and again: the second has nothing to write."""
    assert run(["run", str(path), "--today", day, *more]) == 0
    bytes_ = path.read_bytes()
    assert run(["run", str(path), "--today", day]) == 0
    assert path.read_bytes() == bytes_


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Nights:
    """Play a trial of forty companies whose time is long up, more than a night may move, to its end and one part."""
    path = small_base(tmp_path_factory.mktemp("trial") / "base.xlsx", clients=40, resting=60)
    assert run(["init", str(path), "--lang", "en"]) == 0
    typed(path, first_day(FIRST))
    after = {}
    night(path, FIRST, "--force")
    after["first"] = cells(path)
    typed(path, tick("end·"))
    night(path, END)
    after["end"] = cells(path)
    typed(path, tick("part:"))
    # Reports that are written by themselves let nothing go, and leave the ticks for the next run.
    assert run(["report", str(path), "--today", AFTER]) == 0
    after["reported"] = cells(path)
    night(path, AFTER)
    after["released"] = cells(path)
    return Nights(path, after)


def journalled(rows: dict[str, list[Any]], what: str) -> list[Any]:
    return [row for row in rows["Journal"] if row[5] == what]


def test_the_first_night_moves_nothing_and_tells_all_that_would(nights: Nights) -> None:
    rows = nights.after["first"]
    assert len(rows[WORKING]) == 1 + 40
    assert len(journalled(rows, "would move")) == 40
    assert journalled(rows, "moved") == []
    problems = rows[WORKING][0].index("Problems")
    assert str(rows[WORKING][1][problems]).startswith("Trial: it would move to “Strategic archive”")
    keys = [str(row[0]) for row in rows["Trial"]]
    assert sum(key.startswith("would:") for key in keys) == 40 + 0


def test_the_tab_shows_the_lists_with_and_without_what_would_have_left(nights: Nights) -> None:
    lines = nights.after["first"]["Trial"]
    loads = [list(row[1:5]) for row in lines if str(row[0]).startswith("load:")]
    assert loads == [
        ["Manager 0", 14, 0, 90],
        ["Manager 1", 13, 0, 90],
        ["Manager 2", 13, 0, 90],
    ]


def test_the_heads_tick_ends_it_and_still_nothing_moves(nights: Nights) -> None:
    rows = nights.after["end"]
    assert len(rows[WORKING]) == 1 + 40
    parts = [row for row in rows["Trial"] if str(row[0]).startswith("part:")]
    assert [(row[1], row[3], row[4]) for row in parts] == [
        ("Manager 0", "14 companies", False),
        ("Manager 1", "13 companies", False),
        ("Manager 2", "13 companies", False),
    ]
    assert [row[8].split(" · ")[0] for row in journalled(rows, "trial")] == [
        "the trial of the model that began on 2 March 2026 is over",
        "the trial of the model begins, until 10 April 2026",
    ]


def test_reports_written_by_themselves_keep_the_ticks_and_let_nothing_go(nights: Nights) -> None:
    rows = nights.after["reported"]
    assert len(rows[WORKING]) == 1 + 40
    parts = [row for row in rows["Trial"] if str(row[0]).startswith("part:")]
    assert [row[4] for row in parts] == [True, True, True]


def test_what_is_let_go_moves_in_one_night_past_the_breaker(nights: Nights) -> None:
    """Forty of a hundred rows: on any other night up to 25 may move."""
    rows = nights.after["released"]
    assert len(rows[WORKING]) == 1
    assert len(rows[STRATEGIC]) == 1 + 40
    assert "40 rows that the trial held were let go" in journalled(rows, "trial")[0][8]
    assert "Nothing waits any more." in [row[1] for row in rows["Trial"]]


def test_a_part_that_was_let_go_is_undone_like_any_run(
    sheetsync: Shell, nights: Nights, tmp_path: Path
) -> None:
    path = tmp_path / "undone.xlsx"
    path.write_bytes(nights.path.read_bytes())
    assert sheetsync("undo", path, "--today", AFTER, "--yes").code == 0
    rows = cells(path)
    assert len(rows[WORKING]) == 1 + 40
    bytes_ = path.read_bytes()
    assert sheetsync("run", path, "--today", AFTER).code == 0
    assert path.read_bytes() == bytes_


def test_adopt_begins_with_a_trial_where_that_is_asked_for(
    sheetsync: Shell, tmp_path: Path
) -> None:
    path = small_base(tmp_path / "adopted.xlsx", clients=3, resting=30)
    adopted = sheetsync("adopt", path, "--yes", "--trial", "--today", FIRST)
    assert adopted.code == 0
    assert "A trial of the model begins" in adopted.out
    plan = sheetsync("plan", path, "--today", FIRST, "--json").json
    assert (len(plan["moves"]), len(plan["would"])) == (0, 3)


def test_init_offers_a_trial_and_begins_with_one(sheetsync: Shell, tmp_path: Path) -> None:
    offered = sheetsync("init", tmp_path / "plain.xlsx", "--lang", "en")
    assert "give `--trial`" in offered.out
    path = tmp_path / "new.xlsx"
    assert sheetsync("init", path, "--lang", "en", "--trial", "--today", FIRST).code == 0
    changed = sheetsync("settings", path, "--json").json["differs"]
    assert [line["setting"] for line in changed if "trial" in line["setting"]] == [
        "First day of the trial; empty: no trial"
    ]


def test_a_run_from_before_that_is_undone_in_the_midst_of_a_trial_changes_nothing_of_it(
    sheetsync: Shell, tmp_path: Path
) -> None:
    path = small_base(tmp_path / "base.xlsx", clients=3, resting=30)
    assert sheetsync("init", path, "--lang", "en").code == 0
    assert sheetsync("run", path, "--today", "2026-03-01", "--force").code == 0
    assert len(cells(path)[STRATEGIC]) == 1 + 3
    typed(path, first_day(FIRST))
    night(path, FIRST)
    assert sheetsync("undo", path, "--today", SECOND, "--yes").code == 0
    assert len(cells(path)[WORKING]) == 1 + 3
    night(path, SECOND)
    held = sheetsync("plan", path, "--today", SECOND, "--json").json
    assert (len(held["moves"]), len(held["would"])) == (0, 0)
    # The hold of an undo is over, and the trial still holds them.
    later = sheetsync("plan", path, "--today", END, "--json").json
    assert (len(later["moves"]), len(later["would"])) == (0, 3)
