"""After a night people go on as before: a manager deletes, sorts and inserts rows on the very tabs that the program keeps."""

import pytest

from tests.builders.bench import TITLES
from tests.builders.desk import EDITOR, Desk


@pytest.fixture
def desk() -> Desk:
    """Give a base after its first night."""
    made = Desk()
    for n in range(6):
        made.add(TITLES["working"], "Contact 1" if n % 2 else "Contact 2", "2026-02-28")
    made.daemon().run()
    return made


def test_a_manager_deletes_a_row_after_a_night(desk: Desk) -> None:
    desk.delete("N2")
    assert set(desk.standing()) == {"N1", "N3", "N4", "N5", "N6"}


def test_a_manager_sorts_and_inserts_rows_after_a_night(desk: Desk) -> None:
    tab = desk.sheet_id(TITLES["working"])
    headings, *rows = desk.tabs()[TITLES["working"]]
    area = {
        "sheetId": tab,
        "startRowIndex": 1,
        "endRowIndex": len(rows) + 1,
        "startColumnIndex": 0,
        "endColumnIndex": len(headings),
    }
    desk.batch(
        EDITOR,
        {
            "sortRange": {
                "range": area,
                "sortSpecs": [{"dimensionIndex": 0, "sortOrder": "DESCENDING"}],
            }
        },
    )
    desk.batch(
        EDITOR,
        {
            "insertDimension": {
                "range": desk.rows(TITLES["working"], 2, 3),
                "inheritFromBefore": True,
            }
        },
    )
    assert [desk.place(f"N{n}")[1] for n in range(6, 0, -1)] == [1, 3, 4, 5, 6, 7]
    assert not desk.daemon(holder="here:2").run().planned.plan.moves


def test_what_the_program_remembers_is_not_a_managers_to_change(desk: Desk) -> None:
    with pytest.raises(PermissionError, match="protected"):
        desk.write(EDITOR, "sheetsync · state", 1, ["x"])
