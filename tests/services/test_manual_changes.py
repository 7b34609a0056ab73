"""Two nights and what people did between them: in the Journal once, on the revision and the summary, never undone."""

import json
from datetime import date
from typing import Any

import pytest

from sheetsync.services import run as runner
from tests.builders.bench import TITLES
from tests.builders.desk import EDITOR, OWNER, Desk

WORKING, STRATEGIC, CLIENTS = (TITLES[code] for code in ("working", "strategic", "clients"))


@pytest.fixture
def desk() -> Desk:
    """Give a base of four clients at their first contact that a run has seen on 2 March."""
    made = Desk()
    for _ in range(4):
        made.add(WORKING, "Contact 1", "2026-03-01", label="Large")
    for _ in range(30):
        made.add(CLIENTS, "Client", "2026-03-01")
    made.daemon().run()
    return made


def noticed(desk: Desk) -> list[dict[str, Any]]:
    """Return the data of what people did, the newest first; who counts as sold is no deed of theirs."""
    lines = [json.loads(line["Data"]) for line in desk.journal() if line["What"] == "noticed"]
    return [data for data in lines if data["kind"] != "sold"]


def shown(desk: Desk, title: str) -> str:
    """Return everything that a tab of the program's own shows."""
    rows = desk.call(OWNER, "GET", f"/values/{title}?valueRenderOption=UNFORMATTED_VALUE").get(
        "values", []
    )
    return "\n".join(" | ".join(str(cell) for cell in row[1:]) for row in rows)


def night(desk: Desk, day: str) -> Any:
    """Play a night."""
    desk.today = date.fromisoformat(day)
    return desk.daemon().run()


def test_the_first_night_notices_nothing(desk: Desk) -> None:
    assert noticed(desk) == []


def test_what_people_did_stands_in_the_journal_once_and_a_second_run_writes_nothing(
    desk: Desk,
) -> None:
    desk.type(EDITOR, "N1", "State", "Contact 3")
    desk.type(EDITOR, "N2", "Manager", "Manager 9")
    done = night(desk, "2026-03-03")
    assert done.wrote
    assert sorted((one["kind"], one["before"], one["after"]) for one in noticed(desk)) == [
        ("manager", "Manager 2", "Manager 9"),
        ("state", "contact_1", "contact_3"),
    ]
    (line,) = (
        line
        for line in desk.journal()
        if line["What"] == "noticed" and line["Company"] == "Company 1"
    )
    assert (line["From"], line["To"], line["Why"]) == (
        "Contact 1",
        "Contact 3",
        "the state was changed",
    )
    again = night(desk, "2026-03-03")
    assert (again.wrote, again.requests["write"]) == (False, 0)
    later = night(desk, "2026-03-04")
    assert len(noticed(desk)) == 2
    assert {problem.code for problem in later.planned.plan.problems} >= {
        "skipped_step",
        "no_contact_made",
    }


def test_a_night_that_has_nothing_else_to_do_writes_what_it_has_noticed(desk: Desk) -> None:
    desk.type(EDITOR, "N1", "Manager", "Manager 2")
    done = night(desk, "2026-03-02")
    assert (done.planned.plan.empty, done.wrote) == (True, True)
    assert [one["kind"] for one in noticed(desk)] == ["manager"]


def test_the_revision_lists_it_by_manager_and_the_summary_counts_it(desk: Desk) -> None:
    desk.type(EDITOR, "N1", "State", "Contact 3")
    desk.type(EDITOR, "N4", "State", "Deal")
    night(desk, "2026-03-03")
    revision = shown(desk, "Revision")
    assert "Manager 1: steps and dates" in revision
    assert "Manager 1, 3 March: “Contact 1” → “Contact 3”, a step is skipped." in revision
    summary = shown(desk, "Summary")
    assert "Against the method" in summary
    assert "steps skipped | 1 | 1 · 0 ↑ | Manager 1 1" in summary
    assert "states set without a contact | 2 | 2 · 0 ↑ | Manager 1 2" in summary


def test_a_state_that_moves_its_row_the_same_night_is_noticed_and_moved(desk: Desk) -> None:
    desk.type(EDITOR, "N1", "State", "Strategic reserve")
    night(desk, "2026-03-03")
    assert desk.place("N1")[0] == STRATEGIC
    assert [(one["kind"], one["after"]) for one in noticed(desk)] == [
        ("state", "strategic_reserve")
    ]
    assert not night(desk, "2026-03-03").wrote


def test_a_row_carried_away_and_back_by_hand_is_told_and_its_clock_goes_on(desk: Desk) -> None:
    desk.type(EDITOR, "N1", "State", "Strategic reserve")
    desk.carry("N1", STRATEGIC)
    night(desk, "2026-03-05")
    desk.type(EDITOR, "N1", "State", "Contact 1")
    desk.carry("N1", WORKING)
    night(desk, "2026-03-09")
    kinds = [one["kind"] for one in noticed(desk)]
    assert (kinds.count("section"), kinds.count("returned"), kinds.count("state")) == (2, 1, 2)
    told = "left the working list on 5 March and was put back by 9 March without the head's consent"
    assert told in shown(desk, "Revision")
    assert not night(desk, "2026-03-09").wrote


def test_a_row_deleted_and_typed_anew_under_another_manager_is_told(desk: Desk) -> None:
    cells = desk.standing()["N1"][0][2]
    desk.delete("N1")
    night(desk, "2026-03-03")
    headings = desk.tabs()[WORKING][0]
    typed = [{**cells, "ID": "", "Manager": "Manager 2"}.get(name) or None for name in headings]
    desk.write(EDITOR, WORKING, len(desk.tabs()[WORKING]), typed)
    night(desk, "2026-03-05")
    assert [one["kind"] for one in noticed(desk)] == ["readded"]
    assert (
        "Deleted under Manager 1, seen on 3 March; added again under Manager 2, seen on 5 March"
        in shown(desk, "Revision")
    )
    assert not night(desk, "2026-03-05").wrote


def test_an_undo_passes_over_a_night_that_has_only_seen(desk: Desk) -> None:
    desk.type(EDITOR, "N1", "State", "Strategic reserve")
    night(desk, "2026-03-03")
    desk.type(EDITOR, "N2", "Manager", "Manager 9")
    night(desk, "2026-03-03")
    assert desk.journal()[0]["What"] == "noticed"
    done = desk.daemon().undo()
    assert [move.target for move in done.planned.plan.moves] == ["working"]
    assert desk.place("N1")[0] == WORKING
    assert desk.standing()["N2"][0][2]["Manager"] == "Manager 9"
    assert not any(
        problem.code == "quick_return"
        for problem in night(desk, "2026-03-03").planned.plan.problems
    )


def test_the_report_alone_shows_what_the_next_run_will_find(desk: Desk) -> None:
    desk.type(EDITOR, "N1", "State", "Contact 3")
    desk.today = date(2026, 3, 3)
    daemon = desk.daemon()
    runner.report(daemon.opened, daemon.options)
    assert "a step is skipped" in shown(desk, "Revision")
    assert noticed(desk) == []
    night(desk, "2026-03-03")
    assert len(noticed(desk)) == 1


def test_a_row_that_the_program_has_brought_back_is_nothing_to_notice(desk: Desk) -> None:
    """Until somebody deletes it again, and types it anew."""
    row_id = desk.standing()["N1"][0][2]["ID"]
    desk.delete("N1")
    night(desk, "2026-03-03")
    daemon = desk.daemon()
    runner.restore(daemon.opened, daemon.options, row_id)
    night(desk, "2026-03-04")
    assert noticed(desk) == []
