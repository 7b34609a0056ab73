"""How a section's columns are dressed: number formats, dropdowns, colours, and the warning on the program's own.

Used for tabs that the program lays out, and for columns of a team's own that have no rules yet. A dropdown is never
strict: a word of the team's own is reported in the row, never refused at the keyboard.
"""

from collections.abc import Mapping
from typing import Any

from openpyxl.utils import get_column_letter

from sheetsync.i18n import language
from sheetsync.method.policy import Policy
from sheetsync.method.terms import Column
from sheetsync.method.vocabulary import DICTIONARIES
from sheetsync.sheets.requests.cells import Request, color
from sheetsync.sheets.requests.own_tab_requests import protect


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
    """Return the condition of a column's dropdown. `lists`: the ranges of the Settings tab that hold its words."""
    kind = "managers" if column.type == "manager" else DICTIONARIES.get(column.type)
    if kind is not None and kind in lists:
        return {"type": "ONE_OF_RANGE", "values": [{"userEnteredValue": lists[kind]}]}
    if kind is None or kind == "managers":
        return None
    names = [policy.words.name(kind, code) for code in policy.codes(kind)]
    return {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": name} for name in names]}


def dropdown(sheet_id: int, first_row: int, at: int, condition: dict[str, Any]) -> Request:
    """Give a column a dropdown from `first_row` (0-based) on, for the rows to come too."""
    area = {
        "sheetId": sheet_id,
        "startRowIndex": first_row,
        "startColumnIndex": at,
        "endColumnIndex": at + 1,
    }
    return {
        "setDataValidation": {
            "range": area,
            "rule": {"condition": condition, "showCustomUi": True, "strict": False},
        }
    }


def late(sheet_id: int, first_row: int, at: int) -> Request:
    """Colour the days of a column that are past, from `first_row` (0-based) on."""
    letter = get_column_letter(at + 1)
    red = {**_rule_format("red"), "textFormat": {**_rule_format("red")["textFormat"], "bold": True}}
    formula = f"=AND(ISNUMBER(${letter}{first_row}),${letter}{first_row}<TODAY())"
    return _rule(_below(sheet_id, first_row, at), formula, red)


def _below(sheet_id: int, first_row: int, at: int) -> dict[str, int]:
    """Return a column from its heading on: the heading never moves, so rows that arrive below it are covered."""
    return {
        "sheetId": sheet_id,
        "startRowIndex": first_row - 1,
        "startColumnIndex": at,
        "endColumnIndex": at + 1,
    }


def daemon_rules(sheet_id: int, first_row: int, columns: Mapping[str, int]) -> list[Request]:
    """Return the colours of the program's own columns: red is late, amber is soon, problems are red, the rest grey."""
    made: list[Request] = []
    if "days_left" in columns:
        letter = get_column_letter(columns["days_left"] + 1)
        for name in (name for name in ("deadline", "days_left") if name in columns):
            area = _below(sheet_id, first_row, columns[name])
            for limit, shade in ((7, "amber"), (1, "red")):
                formula = f"=AND(ISNUMBER(${letter}{first_row}),${letter}{first_row}<={limit})"
                made.append(_rule(area, formula, _rule_format(shade)))
    if "problems" in columns:
        letter = get_column_letter(columns["problems"] + 1)
        formula = f"=AND(LEN(${letter}{first_row})>0,${letter}{first_row}<>${letter}${first_row})"
        made.append(
            _rule(_below(sheet_id, first_row, columns["problems"]), formula, _rule_format("red"))
        )
    return made


def _rule_format(name: str) -> dict[str, Any]:
    ink, paper = {"red": ("#B91C1C", "#FEE2E2"), "amber": ("#B45309", "#FEF3C7")}[name]
    return {
        "backgroundColorStyle": color(paper),
        "textFormat": {"foregroundColorStyle": color(ink)},
    }


def _rule(area: dict[str, int], formula: str, shown: dict[str, Any]) -> Request:
    condition = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": formula}]}
    return {
        "addConditionalFormatRule": {
            "rule": {"ranges": [area], "booleanRule": {"condition": condition, "format": shown}},
            "index": 0,
        }
    }


def own_columns(
    sheet_id: int, first_row: int, columns: Mapping[str, int], policy: Policy
) -> list[Request]:
    """Dress the program's own columns, neighbours by field: a warning to whoever types there, and their colours.

    It warns and no more: whoever may not edit a column may not delete or sort rows either.
    """
    if not columns:
        return []
    places = columns.values()
    area = {"sheetId": sheet_id, "startColumnIndex": min(places), "endColumnIndex": max(places) + 1}
    said = language(policy.words.language).text("sheetsync fills these columns by itself.")
    return [protect(area, None, said), *daemon_rules(sheet_id, first_row, columns)]
