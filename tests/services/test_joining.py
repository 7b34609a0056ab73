"""A join over the wire: one row stays, the other leaves the base, and an undo gives both back as they were."""

import pytest

from sheetsync.services import run as runner
from tests.builders.bench import TITLES
from tests.builders.desk import COLUMNS, OWNER, Desk
from tests.services.test_decisions import ANN, busy, run, sheet, words

WORKING = TITLES["working"]
PHONE = "+12025550177"


def twins(desk: Desk) -> tuple[str, str]:
    """Add two clients of one phone, each with what the other lacks."""
    one, other, _ = busy(desk, 3)
    for number in (one, other):
        desk.type(OWNER, number, "Phone", PHONE)
    desk.type(OWNER, one, "Tax number", "")
    desk.type(OWNER, one, "Remark", "their dog is Rex")
    return one, other


def typed(desk: Desk) -> list[list[object]]:
    """Return what stands in the team's columns of the working list, in any order."""
    rows = desk.tabs()[WORKING][1:]
    return sorted(([*row, *[""] * len(COLUMNS)][: len(COLUMNS)] for row in rows), key=str)


def decide_same(desk: Desk, number: str, words_of_decision: str) -> None:
    """Type a decision beside a company on Ann's sheet, in whichever block it stands."""
    _, _, cells = desk.standing()[number][0]
    for at, row in enumerate(sheet(desk, ANN)):
        if f":{cells['ID']}·" in str(row[0] if row else ""):
            desk.write(OWNER, ANN, at, [words_of_decision], 7)
            return
    raise AssertionError(number)


def test_two_rows_are_joined_told_and_given_back_by_an_undo() -> None:
    desk = Desk()
    one, other = twins(desk)
    run(desk)
    assert "same as the row found" in words(desk)
    before = typed(desk)
    decide_same(desk, other, "same as the row found")
    result = run(desk)
    assert [removal.company for removal in result.planned.plan.removals]
    standing = desk.standing()
    assert other not in standing
    [(_, _, cells)] = standing[one]
    assert str(cells["Tax number"]) == "1000000002"
    assert {"joined", "edited"} <= {line["What"] for line in desk.journal()}
    # Nobody misses the row on a later night, and nothing is left to write.
    assert not run(desk).wrote
    left: list[str] = []
    daemon = desk.daemon()
    runner.undo(daemon.opened, daemon.options, None, lambda _, told: left.extend(told))
    assert left == []
    assert typed(desk) == before
    assert not [line for line in desk.journal() if line["What"] == "vanished"]


def test_a_formula_that_read_the_joined_row_reads_the_one_that_stays() -> None:
    desk = Desk()
    one, other = twins(desk)
    run(desk)
    decide_same(desk, other, "same as the row found")
    (_, gone, _), (_, stays, _) = desk.standing()[other][0], desk.standing()[one][0]
    desk.batch(OWNER, {"addSheet": {"properties": {"title": "Dash", "sheetId": 77}}})
    formula = {"formulaValue": f"='{WORKING}'!A{gone + 1}&\"!\""}
    cell = {"rows": [{"values": [{"userEnteredValue": formula}]}], "fields": "userEnteredValue"}
    start = {"sheetId": 77, "rowIndex": 0, "columnIndex": 0}
    desk.batch(OWNER, {"updateCells": {**cell, "start": start}})
    kept = desk.tabs()[WORKING][stays][0]
    run(desk)
    assert other not in desk.standing()
    assert desk.values("Dash") == [[f"{kept}!"]]
    [line] = [line for line in desk.journal() if line["What"] == "formula updated"]
    assert "and reads the one it was joined to" in line["Why"]


@pytest.mark.parametrize("at", range(1, 9))
@pytest.mark.parametrize("order", ["ASCENDING", "DESCENDING"])
def test_an_owner_who_sorts_in_the_very_second_loses_nobody(at: int, order: str) -> None:
    """Before the n-th request the owner sorts through the lock: another client stands where the joined one stood."""
    desk = Desk()
    _, other = twins(desk)
    bystanders = busy(desk, 4)
    desk.type(OWNER, bystanders[-1], "Remark", "prefers letters")
    run(desk)
    decide_same(desk, other, "same as the row found")
    there = {*desk.standing()}
    sheet_id = desk.rows(WORKING, 1, 2)["sheetId"]
    area = {"sheetId": sheet_id, "startRowIndex": 1, "endRowIndex": 40}
    sort = {"sortRange": {"range": area, "sortSpecs": [{"dimensionIndex": 0, "sortOrder": order}]}}
    daemon = desk.daemon()
    daemon.wire.before[at] = lambda: desk.batch(OWNER, sort)
    notes = daemon.run().notes
    assert there - {*desk.standing()} <= {other}
    if other in desk.standing():
        assert "are back where they stood" in " ".join(notes)
    # Nobody is missed, and in the end the two are one.
    run(desk)
    assert there - {*desk.standing()} <= {other}
    [(_, _, cells)] = desk.standing()[bystanders[-1]]
    assert cells["Remark"] == "prefers letters"
    assert not [line for line in desk.journal() if line["What"] == "vanished"]
