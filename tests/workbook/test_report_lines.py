"""Which columns of a report tab are the report's, and which line a row is, after what people do to such a tab."""

from collections.abc import Callable, Sequence

import pytest

from sheetsync.values import Cell
from sheetsync.workbook.report_keys import sum_of, token_in, written
from sheetsync.workbook.report_lines import LOST, ReportTab, in_order, recognise_report

DIGEST = "0123456789abcdef"
LINES: dict[str, list[Cell]] = {
    "title": ["Ann · what to do today", None, None, None, None, None],
    "columns:overdue": ["Company", "State", "Next step", "Planned for", "Days late", "Phone"],
    "overdue:1": ["Alpha", "Contact 1", "call", 46070, 14, "+1"],
    "overdue:2": ["Beta", "Contact 2", "write", 46074, 10, "+2"],
    "overdue:3": ["Gamma", "Deal", "visit", 46080, 4.5, None],
}
IN_PLACE = (1, 2, 3, 4, 5, 6)


def tab(
    lines: dict[str, list[Cell]] = LINES, notes: Sequence[Cell] = ("note",)
) -> list[list[Cell]]:
    return [[written(key, cells, (), DIGEST), *cells, *notes] for key, cells in lines.items()]


def look(rows: Sequence[Sequence[Cell]], kind: str = "manager", wide: int = 6) -> ReportTab:
    return recognise_report(rows, kind, wide)


def test_a_tab_that_nobody_has_touched() -> None:
    told = look(tab())
    assert told == ReportTab(IN_PLACE, tuple(LINES))
    assert (told.in_place, told.theirs(10)) == (True, (7, 8, 9))


def _inserted(at: int, count: int = 1) -> Callable[[list[Cell]], list[Cell]]:
    return lambda row: [*row[:at], *["mine"] * count, *row[at:]]


def _deleted(at: int) -> Callable[[list[Cell]], list[Cell]]:
    return lambda row: row[:at] + row[at + 1 :]


@pytest.mark.parametrize(
    ("deed", "columns", "theirs"),
    [
        (_inserted(3), (1, 2, 4, 5, 6, 7), (3, 8)),
        (_inserted(1), (2, 3, 4, 5, 6, 7), (1, 8)),
        (_inserted(7), IN_PLACE, (7, 8)),
        (_inserted(4, 2), (1, 2, 3, 6, 7, 8), (4, 5, 9)),
        (_deleted(3), (1, 2, None, 3, 4, 5), (6,)),
        (_deleted(6), (1, 2, 3, 4, 5, None), (6,)),
        (_deleted(1), (None, 1, 2, 3, 4, 5), (6,)),
        (lambda row: _inserted(5)(_deleted(2)(row)), (1, None, 2, 3, 4, 6), (5, 7)),
        (lambda row: [*row[:4], "typed over", *row[5:]], IN_PLACE, (7,)),
    ],
)
def test_columns_are_found_where_people_have_put_them(
    deed: Callable[[list[Cell]], list[Cell]],
    columns: tuple[int | None, ...],
    theirs: tuple[int, ...],
) -> None:
    rows = [deed(row) for row in tab()]
    told = look(rows)
    assert (told.columns, told.theirs(len(rows[0])), told.keys) == (columns, theirs, tuple(LINES))


def test_cells_come_as_the_report_has_them() -> None:
    rows = [_inserted(3)(row) for row in tab()]
    assert [row[1:] for row in in_order(rows, "manager:Ann")] == list(LINES.values())


def test_a_sort_that_leaves_the_hidden_column_behind_leaves_no_line_behind() -> None:
    rows = tab()
    hidden = [row[0] for row in rows]
    order = [4, 1, 3, 0, 2]
    told = look([[hidden[at], *rows[was][1:]] for at, was in enumerate(order)])
    assert told == ReportTab(IN_PLACE, tuple([*LINES][at] for at in order), mixed=True)


def test_such_a_sort_may_put_a_line_where_an_empty_one_was() -> None:
    rows = tab({**LINES, "gap:closing": [None] * 6})
    hidden = [row[0] for row in rows]
    order = [0, 1, 2, 3, 5, 4]
    told = look([[hidden[at], *rows[was][1:]] for at, was in enumerate(order)])
    assert told.keys == (*(*LINES, "gap:closing")[:4], "gap:closing", "overdue:3")


def test_a_sort_that_takes_it_along_changes_nothing() -> None:
    assert look([*reversed(tab())]).keys == tuple(reversed(LINES))


def test_a_line_that_somebody_has_written_over_is_still_that_line() -> None:
    rows = tab()
    rows[2][1:7] = ["what", "ever", 1, 2, 3, 4]
    assert look(rows) == ReportTab(IN_PLACE, tuple(LINES))


def test_a_row_whose_mark_turns_out_to_be_anothers_is_nobodys_line() -> None:
    more: dict[str, list[Cell]] = {
        f"overdue:{n}": [f"More {n}", "Deal", "visit", 46080 + n, n, f"+{n}"] for n in (4, 5)
    }
    rows = tab({**LINES, **more})
    rows[2][1:7], rows[3][1:7] = ["what", "ever", 1, 2, 3, 4], rows[2][1:7]
    assert look(rows).keys == ("title", "columns:overdue", LOST, "overdue:1", "overdue:3", *more)


@pytest.mark.parametrize(("kind", "columns"), [("manager", 6), ("left", 6), ("revision", 5)])
def test_tabs_of_before_are_as_wide_as_they_were_then(kind: str, columns: int) -> None:
    rows: list[list[Cell]] = [["title·0123456789ab", "Ann"], ["subtitle·0123456789ab", "today"]]
    assert look(rows, kind, 9) == ReportTab(tuple(range(1, columns + 1)), ("title", "subtitle"))


def test_the_summary_of_before_is_as_wide_as_its_managers() -> None:
    rows: list[list[Cell]] = [
        ["title·0123456789ab", "Summary"],
        ["columns:managers·0123456789ab", "a", "b", "c"],
    ]
    assert look(rows, "summary", 9).width == 3
    assert look([[*rows[1], "a note"]], "summary", 3).width == 3


@pytest.mark.parametrize(
    "cell",
    [None, "", 5, True, "Company", "a · b", "key·12345", "·0123456789ab", "key·0123456789abc"],
)
def test_other_cells_are_no_tokens(cell: Cell) -> None:
    assert token_in(cell) is None


def test_a_number_counts_the_same_however_many_digits_are_kept_of_it() -> None:
    assert sum_of(0.1 + 0.2) == sum_of(0.3)
    assert sum_of(5) == sum_of(5.0) != sum_of("5")
    assert {sum_of(value) for value in (None, "", True, False)} == {"00"}
