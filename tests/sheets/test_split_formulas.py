"""Formulas over all clients of a tab that is split up: what they read afterwards, as before -> after, and which are left with a reason."""

import re
from typing import Any

import formualizer
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheetsync.sheets.batch.client_ranges import ClientBlock, kept
from sheetsync.sheets.batch.split_formulas import (
    FormulaCell,
    Split,
    Target,
    Unclear,
    widened,
)

# Six clients stand in rows 2 to 7 of «Base»; «Lost» has its sums in column H.
SAME = {column: column for column in range(6)}
BLOCK = ClientBlock("Base", first=1, end=7, known=7, grown=7)
SPLIT = Split(
    BLOCK,
    (Target("Work", 1, SAME), Target("Lost", 2, {**SAME, 4: 7})),
    {"sums": "'Base'!$E$2:$E$7"},
)
BOARD = FormulaCell("Board", 0, 1)

CARRIED_OVER = {
    '=COUNTIF(Base!C2:C7,"Lost")': (
        '=COUNTIF(Base!C2:C7,"Lost")+COUNTIF(\'Work\'!C2:C,"Lost")+COUNTIF(\'Lost\'!C3:C,"Lost")'
    ),
    "=COUNTIF('Base'!$C$2:$C$7,A2)*2": (
        "=(COUNTIF('Base'!$C$2:$C$7,A2)+COUNTIF('Work'!C2:C,A2)+COUNTIF('Lost'!C3:C,A2))*2"
    ),
    "=SUM(Base!E2:E7)": "=SUM(Base!E2:E7)+SUM('Work'!E2:E)+SUM('Lost'!H3:H)",
    "=SUM(Base!E1:E900)": "=SUM(Base!E1:E900)+SUM('Work'!E2:E)+SUM('Lost'!H3:H)",
    "=SUM(Base!E2:E7,A1)": "=SUM(Base!E2:E7,'Work'!E2:E,'Lost'!H3:H,A1)",
    "=SUM(Base!E2:E7;A1)": "=SUM(Base!E2:E7;'Work'!E2:E;'Lost'!H3:H;A1)",
    "=COUNTA(base!A:A)-1": "=(COUNTA(base!A:A)+COUNTA('Work'!A2:A)+COUNTA('Lost'!A3:A))-1",
    "=AVERAGE(Base!E2:E7)": "=AVERAGE(Base!E2:E7,'Work'!E2:E,'Lost'!H3:H)",
    "=SUM(Sums)": "=SUM(Sums)+SUM('Work'!E2:E)+SUM('Lost'!H3:H)",
    "=SUBTOTAL(9,Base!E2:E7)": "=SUBTOTAL(9,Base!E2:E7,'Work'!E2:E,'Lost'!H3:H)",
    '=SUMIF(Base!C:C,"x",Base!E:E)': (
        "=SUMIF(Base!C:C,\"x\",Base!E:E)+SUMIF('Work'!C2:C,\"x\",'Work'!E2:E)"
        "+SUMIF('Lost'!C3:C,\"x\",'Lost'!H3:H)"
    ),
    '=COUNTIFS(Base!C2:C7,"<>x",Base!D2:D7,"Ann")': (
        '=COUNTIFS(Base!C2:C7,"<>x",Base!D2:D7,"Ann")'
        "+COUNTIFS('Work'!C2:C,\"<>x\",'Work'!D2:D,\"Ann\")"
        "+COUNTIFS('Lost'!C3:C,\"<>x\",'Lost'!D3:D,\"Ann\")"
    ),
    '=SUMPRODUCT((Base!C2:C7="x")*Base!E2:E7)': (
        '=SUMPRODUCT((Base!C2:C7="x")*Base!E2:E7)'
        "+SUMPRODUCT(('Work'!C2:C=\"x\")*'Work'!E2:E)"
        "+SUMPRODUCT(('Lost'!C3:C=\"x\")*'Lost'!H3:H)"
    ),
    "=VLOOKUP(A1,Base!A2:C7,3,FALSE)": (
        "=IFERROR(VLOOKUP(A1,Base!A2:C7,3,FALSE),"
        "IFERROR(VLOOKUP(A1,'Work'!A2:C,3,FALSE),VLOOKUP(A1,'Lost'!A3:C,3,FALSE)))"
    ),
    "=SUM(Base!E2:E7)/COUNT(Base!E2:E7)": (
        "=(SUM(Base!E2:E7)+SUM('Work'!E2:E)+SUM('Lost'!H3:H))"
        "/(COUNT(Base!E2:E7)+COUNT('Work'!E2:E)+COUNT('Lost'!H3:H))"
    ),
    '=IF(SUM(Base!E2:E7)>9,"Base!E2:E7",0)': (
        "=IF((SUM(Base!E2:E7)+SUM('Work'!E2:E)+SUM('Lost'!H3:H))>9,\"Base!E2:E7\",0)"
    ),
}


@pytest.mark.parametrize("formula", CARRIED_OVER)
def test_a_formula_over_all_clients_reads_all_tabs_where_they_went(formula: str) -> None:
    carried = widened(formula, BOARD, SPLIT)
    assert (carried.formula, carried.unclear) == (CARRIED_OVER[formula], None)
    # What was carried over once is left alone afterwards.
    assert widened(carried.formula, BOARD, SPLIT) == carried


@pytest.mark.parametrize(
    "formula",
    [
        "=1+1",
        "=Base!E9",
        "=Base!B5",
        "=SUM(Base!E9:E12)",
        "=SUM(Base!A1:F1)",
        "=SUM(Plan!E2:E7)",
        "=SUM(E2:E7)",
        '="Base!E2:E7"',
        "=SUM('[Old.xlsx]Base'!E2:E7)",
        "=INDIRECT(A1)",
    ],
)
def test_a_formula_that_reads_other_cells_is_left_as_it_is(formula: str) -> None:
    assert widened(formula, BOARD, SPLIT) == (formula, None)


LEFT = {
    "=SUM(Base!E2:E4)": Unclear.PART,
    '=SUMIF(Base!C2:C7,"x",Base!E1:E6)': Unclear.PART,
    "=AVERAGEIF(Base!C2:C7,1,Base!E2:E7)": Unclear.FUNCTION,
    "=INDEX(Base!A2:A7,3)": Unclear.FUNCTION,
    "=ROWS(Base!A2:A7)": Unclear.FUNCTION,
    "=COUNTBLANK(Base!A2:A7)": Unclear.FUNCTION,
    "=ARRAYFORMULA(Base!E2:E7*2)": Unclear.FUNCTION,
    "=VLOOKUP(A1,Base!A2:C7,3)": Unclear.FUNCTION,
    "=UNIQUE({Base!A2:A7;A1:A3})": Unclear.FUNCTION,
    "=OFFSET(Base!A1,1,0,COUNTA(Base!A2:A7))": Unclear.TEXT,
    '=SUM(INDIRECT("Base!E2:E7"))': Unclear.TEXT,
    '=COUNTIF(Base!C2:C7,"<>x")': Unclear.BLANKS,
    '=COUNTIF(Base!C2:C7,"")': Unclear.BLANKS,
    '=SUMPRODUCT(--(Base!C2:C7<>"x"))': Unclear.BLANKS,
    "=SUM(Base!D2:E7)": Unclear.COLUMNS,
    "=SUM(Base!2:7)": Unclear.COLUMNS,
    "=SUM(Base!E2:E7)-SUM(Work!E2:E9)": Unclear.OTHERS,
    "=SUM(Base!E2:E7": Unclear.UNREADABLE,
    "=SUM(Base!E2:E7)" + "+0" * 4_000: Unclear.LONG,
}


@pytest.mark.parametrize("formula", LEFT)
def test_what_cannot_be_carried_over_for_certain_is_left_with_a_reason(formula: str) -> None:
    assert widened(formula, BOARD, SPLIT) == (formula, LEFT[formula])


def test_a_formula_that_would_read_itself_is_left() -> None:
    cell = FormulaCell("Work", 40, 4)
    assert widened("=SUM(Base!E2:E7)", cell, SPLIT).unclear == Unclear.CIRCLE


def test_tabs_that_hold_clients_of_others_too_are_not_added() -> None:
    split = Split(BLOCK, SPLIT.targets, others=True)
    assert widened("=SUM(Base!E2:E7)", BOARD, split).unclear == Unclear.OTHERS


# Five clients in rows 2 to 6, the last one typed in since; two more come below, two leave.
# Nobody is on «Empty», where three come.
GONE = frozenset((2, 3))
GROWING = {
    "base": ClientBlock("Base", first=1, end=6, known=5, grown=8, vanishing=GONE),
    "empty": ClientBlock("Empty", first=1, end=1, known=1, grown=4),
}


@pytest.mark.parametrize(
    ("reference", "after"),
    [
        ("Base!E2:E6", "Base!E2:E8"),
        ("Base!$E$1:$E$6", "Base!$E$1:$E$8"),
        ("Base!E2:E5", "Base!E2:E8"),
        ("Base!A2:E6", "Base!A2:E8"),
        ("E2:E6", "E2:E8"),
        ("Base!2:6", "Base!2:8"),
        ("Base!E2:E4", None),
        ("Base!E3:E6", None),
        ("Base!E3:$E$4", "Base!E9:$E$9"),
        ("Base!E2:E9", None),
        ("Base!E2:E", None),
        ("Base!E:E", None),
        ("Base!E6", None),
        ("Base!A6:E6", None),
        ("Plan!E2:E6", None),
        ("Empty!E2:E2", "Empty!E2:E5"),
        ("Empty!A2:E2", "Empty!A2:E5"),
        ("Empty!E2:E9", "Empty!E2:E12"),
        ("Empty!E2:E", "Empty!E2:E"),
        ("Empty!E1:E9", None),
        ("Empty!E:E", None),
        ("Empty!E3:E9", None),
        ("Empty!E2", None),
    ],
)
def test_a_range_over_all_clients_takes_in_those_that_come(
    reference: str, after: str | None
) -> None:
    grown = kept(reference, "Base", GROWING)
    assert (grown and grown.written) == after


FIGURES = (
    "=SUM(Base!E2:E{n})",
    "=COUNT(Base!E2:E{n})",
    "=COUNTA(Base!A2:A{n})*2",
    '=COUNTIF(Base!C2:C{n},"x")',
    '=COUNTIF(Base!E2:E{n},">2")',
    '=SUMIF(Base!C:C,"y",Base!E:E)',
    '=SUMIF(Base!E2:E{n},"<4")',
    '=SUMIFS(Base!E2:E{n},Base!C2:C{n},"<>x",Base!A2:A{n},"a*")',
    '=COUNTIFS(Base!C2:C{n},"x",Base!E2:E{n},">=3")',
    "=MAX(Base!E1:E{n})-MIN(Base!E2:E{n})",
    '=SUMPRODUCT((Base!C2:C{n}="x")*(Base!E2:E{n}>1))',
    '=IFERROR(VLOOKUP("a0",Base!A2:C{n},3,FALSE),"none")',
)
_client = st.tuples(st.sampled_from("xyz"), st.integers(0, 5), st.sampled_from(["Work", "Lost"]))


def _figures(formulas: list[str], tabs: dict[str, list[tuple[Any, ...]]]) -> list[Any]:
    book = formualizer.Workbook()
    for title, rows in {**tabs, "Board": []}.items():
        book.add_sheet(title)
        for row, cells in enumerate(rows, start=1):
            for column, value in enumerate(cells, start=1):
                if value is not None:
                    book.set_value(title, row, column, value)
    for row, formula in enumerate(formulas, start=1):
        book.set_formula("Board", row, 1, formula)
    return [book.evaluate_cell("Board", row, 1) for row, _ in enumerate(formulas, start=1)]


@given(clients=st.lists(_client, min_size=2, max_size=9))
@settings(max_examples=40, deadline=None)
def test_whichever_way_clients_are_split_up_every_figure_stays(clients: Any) -> None:
    heads = ("Company", None, "State", None, "Amount")
    rows = [(f"a{n}", None, state, None, amount) for n, (state, amount, _) in enumerate(clients)]
    end = len(rows) + 1
    split = Split(
        ClientBlock("Base", 1, end, end, end),
        tuple(Target(title, 1, SAME) for title in ("Work", "Lost")),
    )
    before = [formula.format(n=end) for formula in FIGURES]
    carried = [widened(formula, BOARD, split) for formula in before]
    assert [formula.unclear for formula in carried] == [None] * len(FIGURES)
    after = [_closed(formula.formula) for formula in carried]
    whole = {"Base": [heads, *rows], "Work": [heads], "Lost": [heads]}
    parts: dict[str, list[Any]] = {"Base": [heads], "Work": [heads], "Lost": [heads]}
    for row, (_, _, tab) in zip(rows, clients, strict=True):
        parts[tab].append(row)
    assert _figures(after, parts) == _figures(before, whole)


_OPEN = re.compile(r"(![A-Z]+2:[A-Z]+)(?=[,)=>*])")


def _closed(formula: str) -> str:
    """End open ranges somewhere: the engine reads none."""
    return _OPEN.sub(r"\g<1>99", formula)
