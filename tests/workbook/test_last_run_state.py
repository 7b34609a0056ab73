"""What the last run saw is read as it was written: by an older version too, and whatever stands beside it."""

from sheetsync.values import Cell
from sheetsync.workbook import last_run_state as state

ROW: list[Cell] = [
    "c-1",
    "working",
    "contact_1",
    "Anna",
    "contact_1",
    46000,
    46000,
    46000,
    None,
    None,
    "Alpha",
]


def sheet(headings: tuple[str, ...], *rows: list[Cell]) -> list[list[Cell]]:
    return [[*headings], *rows]


def test_a_state_tab_of_an_older_version_is_read_without_the_columns_it_lacks() -> None:
    older = state.COLUMNS[:14]
    frame = state.read(state.own_rows(sheet(older, ROW)))
    assert frame.loc["c-1", ["section", "company", "extensions", "pushes"]].tolist() == [
        "working",
        "Alpha",
        0,
        0,
    ]
    assert frame["left_on"].isna().all()


def test_what_stands_beside_the_state_is_not_taken_for_it() -> None:
    older = state.COLUMNS[:14]
    beside: list[Cell] = [*ROW, *[None] * (14 - len(ROW)), None, "+7 912 000-00-01", 7]
    frame = state.read(state.own_rows(sheet(older, beside)))
    assert frame.loc["c-1", ["extensions", "pushes"]].tolist() == [0, 0]
    assert frame["left_on"].isna().all()


def test_what_was_written_is_read_back() -> None:
    frame = state.read(state.own_rows(sheet(state.COLUMNS, ROW)))
    frame["extensions"], frame["pushes"] = 2, 3
    again = state.read(state.own_rows(sheet(state.COLUMNS, *state.rows_of(frame))))
    assert again.equals(frame)


def test_a_state_tab_without_headings_remembers_nothing() -> None:
    assert len(state.read(state.own_rows([]))) == 0
    assert len(state.read(state.own_rows([["", ""], ["c-1", "working"]]))) == 0
