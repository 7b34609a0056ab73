"""What may be typed into a cell: lists of words, boxes to tick, scores, as the API has them.

No list is strict: a word that is not offered is explained beside the cell, never refused at the
keyboard.
"""

from collections.abc import Iterable
from typing import Any

from gspread.utils import absolute_range_name

from sheetsync.rules.action_scoring.scoring import SCALE
from sheetsync.sheets.requests.cells import GridRange, Request

Condition = dict[str, Any]
"""A BooleanCondition: what a cell offers."""


def one_of_list(words: Iterable[str]) -> Condition:
    """Return the condition of a cell that offers these words."""
    values = [{"userEnteredValue": word} for word in words]
    return {"type": "ONE_OF_LIST", "values": values}


def one_of_range(formula: str) -> Condition:
    """Return the condition of a cell that offers the words of a range (`='Tab'!$A$2:$A`)."""
    return {"type": "ONE_OF_RANGE", "values": [{"userEnteredValue": formula}]}


def dropdown(area: GridRange, condition: Condition) -> Request:
    """Give a range a dropdown."""
    rule = {
        "condition": condition,
        "showCustomUi": True,
        "strict": False,
    }
    return {"setDataValidation": {"range": area, "rule": rule}}


def _lenient(condition: Condition) -> dict[str, Any]:
    """Return the rule (DataValidationRule) of a cell that lets other words through."""
    return {
        "condition": condition,
        "strict": False,
        "showCustomUi": True,
    }


TICK = {"condition": {"type": "BOOLEAN"}, "strict": True, "showCustomUi": True}
"""The rule of a cell that is a box to tick."""
SCORE = _lenient(one_of_list(str(points) for points in SCALE))
"""The rule of a cell that is given a score."""


def words_of_tab(title: str, first: int, last: int) -> dict[str, Any]:
    """Return the rule of a cell for which the first column of a tab offers words.

    `first`, `last`: numbers of the sheet's rows.
    """
    # A list by itself would be cut by Excel at 255 characters, so the words stand on a hidden tab.
    words = absolute_range_name(title, f"$A${first}:$A${last}")
    return _lenient(one_of_range(f"={words}"))
