"""What a run did can be read, and taken back: row by row and cell by cell, except what a person has changed since."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sheetsync.rules.capacity.handover import HandoverRequest
from sheetsync.services import run as runner
from tests.builders.bench import (
    HEADINGS,
    TITLES,
    Shell,
    cells,
    client,
    companies,
    small_base,
    write_base,
)
from tests.builders.desk import COLUMNS, EDITOR, OWNER, Desk

TODAY = "2026-03-02"
WORKING, STRATEGIC, CLIENTS, REWORK = (
    TITLES[code] for code in ("working", "strategic", "clients", "rework")
)


def _base(path: Path) -> Path:
    """Write a base in which one row expires, one is refused for good reason, and one waits for its return date."""
    refused = client(7, State="Refusal", **{"Work began": None})
    stay = [client(5000 + n, State="Client", **{"Work began": None}) for n in range(30)]
    tabs: dict[str, list[Any]] = {title: [HEADINGS] for title in TITLES.values()}
    tabs[WORKING] += [client(1), client(2)]
    tabs[REWORK] += [refused]
    tabs[CLIENTS] += stay
    return write_base(path, tabs)


def _typed(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return what stands in the team's columns of every section."""
    width = len(HEADINGS)
    return {
        title: [row[:width] for row in rows]
        for title, rows in cells(path).items()
        if title in TITLES.values()
    }


def _night(sheetsync: Shell, path: Path, day: str = TODAY) -> Any:
    told = sheetsync("run", path, "--today", day, "--force", "--json")
    assert told.code == 0, told.err
    return told.json


def test_an_undo_puts_back_every_row_and_every_cell(sheetsync: Shell, tmp_path: Path) -> None:
    path = _base(tmp_path / "base.xlsx")
    before = _typed(path)
    assert len(_night(sheetsync, path)["moves"]) == 2
    assert _typed(path) != before
    told = sheetsync("undo", path, "--today", TODAY, "--json")
    assert (told.code, len(told.json["moves"]), told.json["left"]) == (0, 2, []), told.err
    assert {title: sorted(map(str, rows)) for title, rows in _typed(path).items()} == {
        title: sorted(map(str, rows)) for title, rows in before.items()
    }


def test_what_an_undo_brought_back_stays_for_a_visible_number_of_days(
    sheetsync: Shell, tmp_path: Path
) -> None:
    path = _base(tmp_path / "base.xlsx")
    _night(sheetsync, path)
    assert sheetsync("undo", path, "--today", TODAY).code == 0
    same_day = _night(sheetsync, path)
    assert (same_day["moves"], same_day["wrote"]) == ([], False)
    assert _night(sheetsync, path, "2026-03-09")["moves"] == []
    headings, *rows = cells(path)[WORKING]
    deadline = headings.index("Deadline")
    assert {str(row[deadline])[:10] for row in rows} == {"2026-03-09"}
    assert len(_night(sheetsync, path, "2026-03-10")["moves"]) == 2


def test_an_undo_leaves_alone_what_a_person_has_changed_since(
    sheetsync: Shell, tmp_path: Path
) -> None:
    path = _base(tmp_path / "base.xlsx")
    _night(sheetsync, path)
    workbook = openpyxl.load_workbook(path)
    sheet = workbook[STRATEGIC]
    state = next(cell.column for cell in sheet[1] if cell.value == "State")
    sheet.cell(2, state).value = "Contact 1"
    workbook.save(path)
    workbook.close()
    told = sheetsync("undo", path, "--today", TODAY, "--json")
    assert told.code == 0, told.err
    assert len(told.json["left"]) == 1
    assert "“State” has been edited since" in told.json["left"][0]
    found = {row[0]: row[HEADINGS.index("State")] for row in cells(path)[WORKING][1:]}
    assert found == {"Company 1": "Contact 1", "Company 2": "Contact 2"}


def test_a_row_that_has_moved_on_since_stays(sheetsync: Shell, tmp_path: Path) -> None:
    path = _base(tmp_path / "base.xlsx")
    run = _night(sheetsync, path)
    workbook = openpyxl.load_workbook(path)
    row = [cell.value for cell in workbook[STRATEGIC][2]]
    workbook[STRATEGIC].delete_rows(2)
    workbook[CLIENTS].append(row)
    workbook.save(path)
    workbook.close()
    told = sheetsync("undo", path, "--today", TODAY, "--json")
    assert told.code == 0, told.err
    assert len(told.json["moves"]) == len(run["moves"]) - 1
    assert any("moved on since" in sentence for sentence in told.json["left"])


def test_an_undo_can_be_undone(sheetsync: Shell, tmp_path: Path) -> None:
    path = _base(tmp_path / "base.xlsx")
    _night(sheetsync, path)
    after = _typed(path)
    assert sheetsync("undo", path, "--today", TODAY).code == 0
    assert sheetsync("undo", path, "--today", TODAY).code == 0
    assert {title: sorted(map(str, rows)) for title, rows in _typed(path).items()} == {
        title: sorted(map(str, rows)) for title, rows in after.items()
    }


def test_runs_of_one_day_that_do_the_very_same_have_names_of_their_own(
    sheetsync: Shell, tmp_path: Path
) -> None:
    path = _base(tmp_path / "base.xlsx")
    _night(sheetsync, path)
    for _ in range(4):
        assert sheetsync("undo", path, "--today", TODAY).code == 0
    runs = sheetsync("history", path, "--json").json["runs"]
    assert [run["moves"] for run in runs] == [2] * 5
    assert len({run["run"] for run in runs}) == 5


def test_a_run_of_a_month_ago_is_undone_by_its_name(sheetsync: Shell, tmp_path: Path) -> None:
    path = small_base(tmp_path / "base.xlsx")
    _night(sheetsync, path)
    first = sheetsync("history", path, "--json").json["runs"][0]
    assert (first["moves"], first["date"]) == (3, TODAY)
    _night(sheetsync, path, "2026-04-02")
    told = sheetsync("undo", path, first["run"], "--today", "2026-04-02", "--json")
    assert (told.code, len(told.json["moves"])) == (0, 3), told.err
    assert companies(path)[WORKING] == ["Company 0", "Company 1", "Company 2"]


def test_the_history_of_a_company_tells_everything_that_was_done_to_it(
    sheetsync: Shell, tmp_path: Path
) -> None:
    path = _base(tmp_path / "base.xlsx")
    _night(sheetsync, path)
    lines = sheetsync("history", path, "--company", "company 1", "--json").json["lines"]
    assert [
        (line["what"], line["before"], line["after"]) for line in lines if line["what"] == "moved"
    ] == [("moved", "working", "strategic")]
    assert {line["company"] for line in lines} == {"Company 1"}
    assert "State" in " ".join(line["why"] for line in lines if line["what"] == "edited")
    shown = sheetsync("history", path, "--company", lines[0]["id"])
    assert WORKING in shown.out


@pytest.mark.parametrize("name", ["260101-aaaaaa", "nonsense"])
def test_a_run_that_the_journal_does_not_know_is_not_undone(
    sheetsync: Shell, tmp_path: Path, name: str
) -> None:
    path = _base(tmp_path / "base.xlsx")
    _night(sheetsync, path)
    bytes_ = path.read_bytes()
    told = sheetsync("undo", path, name)
    told.complains(1)
    assert name in told.err
    assert path.read_bytes() == bytes_


def test_a_base_that_was_never_run_has_nothing_to_undo(sheetsync: Shell, tmp_path: Path) -> None:
    path = _base(tmp_path / "base.xlsx")
    sheetsync("undo", path).complains(1)
    assert sheetsync("history", path).code == 0


def _two_that_move_and_one_that_contradicts() -> tuple[Desk, str]:
    """Lay out a base at rest after its first night: one row has expired, one came to be worked, a deal has no amount."""
    desk = Desk()
    desk.write(OWNER, WORKING, 0, ["Deal amount"], len(COLUMNS))
    deal = desk.add(WORKING, "Deal", "2026-02-20")
    desk.add(WORKING, "Contact 2", "2026-01-10")
    desk.add(STRATEGIC, "Contact 1", "2026-02-20")
    assert len(desk.daemon().run().planned.plan.moves) == 2
    assert not desk.daemon().run().wrote
    return desk, deal


def _restored(desk: Desk) -> None:
    number = desk.add(STRATEGIC, "Strategic reserve", "2026-01-10")
    desk.daemon().run()
    ((_, _, held),) = desk.standing()[number]
    desk.delete(number)
    desk.daemon().run()
    daemon = desk.daemon()
    runner.restore(daemon.opened, daemon.options, held["ID"])


def _handed_over(desk: Desk) -> None:
    daemon, wanted = desk.daemon(), HandoverRequest("Manager 1", ("Manager 2",))
    assert runner.handover(daemon.opened, daemon.options, wanted, None, only_plan=False).wrote


@pytest.mark.parametrize(
    "deed",
    [lambda desk: desk.daemon().undo(), _restored, _handed_over],
    ids=["undo", "restore", "handover"],
)
def test_what_the_rules_say_of_other_rows_still_stands_afterwards(
    deed: Callable[[Desk], object],
) -> None:
    desk, deal = _two_that_move_and_one_that_contradicts()
    deed(desk)
    ((_, _, cells_),) = desk.standing()[deal]
    assert (
        cells_["Problems"]
        == "Contradictory: state “Deal”, and “Deal amount” is empty. A person decides. Fill in “Deal amount”, or correct the state."
    )
    again = desk.daemon().run().planned.plan
    # What is wrong with a row that was brought back is seen by the next night, which reads it.
    assert (again.moves, {edit.id for edit in again.edits} & {cells_["ID"]}) == ((), set())


def test_a_deal_whose_amount_an_undo_takes_away_is_contradictory_again() -> None:
    desk, deal = _two_that_move_and_one_that_contradicts()
    desk.type(EDITOR, deal, "Deal amount", "120 000 ")
    assert desk.daemon().run().wrote
    assert desk.daemon().undo().wrote
    assert not desk.daemon().run().wrote
