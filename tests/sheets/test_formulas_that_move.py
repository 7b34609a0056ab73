"""Formulas that move with their row: what each reference reads afterwards, as before -> after."""

import pytest

from sheetsync.sheets.batch.formulas_that_move import Aim, follow, re_aim
from sheetsync.sheets.batch.row_shifts import Landing, RowShifts

# Row 3 of «Old» goes to row 9 elsewhere; headings stand in row 1 there and in row 2 here.
SAME = {0: 0, 1: 1, 2: 2, 3: 3}
SHIFTED = {0: 1, 1: 2, 2: 3, 3: 4}
SHUFFLED = {0: 2, 1: 0, 2: 1, 3: 5}


@pytest.mark.parametrize(
    ("columns", "before", "after"),
    [
        (SAME, "=TODAY()-B3", "=TODAY()-B9"),
        (SAME, "=SUM(A3:C3)", "=SUM(A9:C9)"),
        (SHIFTED, "=SUM(A3:C3)", "=SUM(B9:D9)"),
        (SHUFFLED, "=SUM(A3:C3)", "=SUM(C9,A9,B9)"),
        (SHUFFLED, "=$A$3&B$3", "=$C$9&A$9"),
        (SAME, "=B$1", "=B$2"),
        (SAME, "=A5", "='Old'!A5"),
        (SAME, "=Rates!B2*C3", "=Rates!B2*C9"),
        (SHIFTED, "=COUNTIF(A:A,A3)", "=COUNTIF(B:B,B9)"),
        (SAME, '="A3 is text"&A3', '="A3 is text"&A9'),
        (SAME, "=Z3", "='Old'!Z3"),
        (SAME, "=LAMBDA(x,x+B3)(1)", "=LAMBDA(x,x+B9)(1)"),
    ],
)
def test_references_follow_their_row_by_heading(
    columns: dict[int, int], before: str, after: str
) -> None:
    assert re_aim(before, Aim("Old", 3, 9, columns, (1, 2))) == after


@pytest.mark.parametrize("formula", ["=B3#", '="B3', "=B3)"])
def test_a_formula_that_cannot_be_taken_apart_is_left_to_the_spreadsheet(formula: str) -> None:
    assert re_aim(formula, Aim("Old", 3, 9, SAME, (1, 2))) is None
    landing = Landing("New", 9, 8, SAME, "id")
    assert follow(formula, "Plan", RowShifts({("Plan", 3): landing})) == (formula, ())
