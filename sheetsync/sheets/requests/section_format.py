"""How a section's columns look: number formats, dropdowns, colours, the warning on our own.

Used for tabs that the program lays out, and for columns of a team's own that have no rules yet;
rules of theirs are kept.
"""

from collections.abc import Mapping
from typing import Any, Literal

from openpyxl.utils import get_column_letter

from sheetsync.i18n import language
from sheetsync.method.policy import Policy
from sheetsync.method.terms import Column
from sheetsync.method.vocabulary import DICTIONARIES
from sheetsync.reporting.layout.theme import AMBER, AMBER_PALE, RED, RED_PALE
from sheetsync.sheets.requests.cells import Request, color, column_from, whole_columns
from sheetsync.sheets.requests.dropdowns import dropdown, one_of_list, one_of_range
from sheetsync.sheets.requests.tab_requests import protect

SOON, LATE = 7, 1
"""Days left from which on a deadline is amber, and red."""
Tone = Literal["red", "amber"]
_TONES: Mapping[Tone, tuple[str, str]] = {"red": (RED, RED_PALE), "amber": (AMBER, AMBER_PALE)}
"""Ink and fill."""


def number_format(column: Column, policy: Policy) -> dict[str, Any] | None:
    """Return how the numbers of a column are shown; None where it holds none."""
    patterns = {
        "date": ("DATE", policy.words.date_format),
        "amount": ("NUMBER", policy.words.amount_format),
        "share": ("PERCENT", "0%"),
    }
    if column.type not in patterns:
        return None
    kind, pattern = patterns[column.type]
    return {"type": kind, "pattern": pattern}


def choices(column: Column, policy: Policy, lists: Mapping[str, str]) -> dict[str, Any] | None:
    """Return the condition of a column's dropdown, None where it offers nothing.

    `lists`: the ranges of the Settings tab that hold its words.
    """
    kind = "managers" if column.type == "manager" else DICTIONARIES.get(column.type)
    if kind is None:
        return None
    if kind in lists:
        return one_of_range(lists[kind])
    if kind == "managers":
        return None
    return one_of_list(policy.words.name(kind, code) for code in policy.codes(kind))


def column_dropdown(
    sheet_id: int, first_row: int, column: int, condition: Mapping[str, Any]
) -> Request:
    """Give a column a dropdown from `first_row` (0-based) on, for the rows to come too."""
    return dropdown(column_from(sheet_id, first_row, column), condition)


def past_days_in_red(sheet_id: int, first_row: int, column: int) -> Request:
    """Colour the days of a column that are past, from `first_row` (0-based) on."""
    letter = get_column_letter(column + 1)
    formula = f"=AND(ISNUMBER(${letter}{first_row}),${letter}{first_row}<TODAY())"
    red = _rule_format("red")
    red["textFormat"]["bold"] = True
    return _rule(_below_heading(sheet_id, first_row, column), formula, red)


def daemon_rules(sheet_id: int, first_row: int, columns: Mapping[str, int]) -> list[Request]:
    """Return the colours of the program's own columns: red is late, amber is soon.

    `columns`: where they stand, by field (0-based); `first_row`: of the first client (0-based).
    """
    requests: list[Request] = []
    if "days_left" in columns:
        letter = get_column_letter(columns["days_left"] + 1)
        for name in ("deadline", "days_left"):
            if name not in columns:
                continue
            area = _below_heading(sheet_id, first_row, columns[name])
            requests.append(_days_left_rule(area, f"${letter}{first_row}", SOON, "amber"))
            requests.append(_days_left_rule(area, f"${letter}{first_row}", LATE, "red"))
    if "problems" in columns:
        letter = get_column_letter(columns["problems"] + 1)
        heading = f"${letter}${first_row}"
        formula = f"=AND(LEN(${letter}{first_row})>0,${letter}{first_row}<>{heading})"
        area = _below_heading(sheet_id, first_row, columns["problems"])
        requests.append(_rule(area, formula, _rule_format("red")))
    return requests


def _days_left_rule(area: Mapping[str, int], cell: str, limit: int, tone: Tone) -> Request:
    formula = f"=AND(ISNUMBER({cell}),{cell}<={limit})"
    return _rule(area, formula, _rule_format(tone))


def _below_heading(sheet_id: int, first_row: int, column: int) -> dict[str, int]:
    """Return a column from its heading on.

    The heading never moves: a range that began at the first client would begin below the rows that
    arrive above it, or become #REF! with it.
    """
    return column_from(sheet_id, first_row - 1, column)


def _rule_format(tone: Tone) -> dict[str, Any]:
    ink, paper = _TONES[tone]
    return {
        "backgroundColorStyle": color(paper),
        "textFormat": {"foregroundColorStyle": color(ink)},
    }


def _rule(area: Mapping[str, int], formula: str, shown: dict[str, Any]) -> Request:
    condition = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": formula}]}
    rule = {"ranges": [area], "booleanRule": {"condition": condition, "format": shown}}
    return {"addConditionalFormatRule": {"rule": rule, "index": 0}}


def own_columns(
    sheet_id: int, first_row: int, columns: Mapping[str, int], policy: Policy
) -> list[Request]:
    """Return the warning and the colours of the program's own columns, which are neighbours.

    `columns`: where they stand, by field (0-based).
    """
    if not columns:
        return []
    # It warns and no more: whoever may not edit a column may not delete or sort rows either.
    area = whole_columns(sheet_id, min(columns.values()), max(columns.values()) + 1)
    message = language(policy.words.language).text("sheetsync fills these columns by itself.")
    return [protect(area, None, message), *daemon_rules(sheet_id, first_row, columns)]
