"""How a section's columns are dressed: number formats, dropdowns, and the colour of a step that is late.

Used for tabs that the program lays out, and for columns of a team's own that have no rules yet. A dropdown is never
strict: a word of the team's own is reported in the row, never refused at the keyboard.
"""

from typing import Any

from openpyxl.utils import get_column_letter

from sheetsync.policy import Column, Policy
from sheetsync.schema import DICTIONARIES
from sheetsync.sheets.cells import Request, color


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


def choices(column: Column, policy: Policy, managers: str | None) -> dict[str, Any] | None:
    """Return the condition of a column's dropdown. `managers`: the range of their list, where there is one."""
    if column.type == "manager":
        return {"type": "ONE_OF_RANGE", "values": [{"userEnteredValue": managers}]} if managers else None
    if column.type not in DICTIONARIES:
        return None
    kind = DICTIONARIES[column.type]
    names = [policy.words.name(kind, code) for code in policy.codes(kind)]
    return {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": name} for name in names]}


def dropdown(sheet_id: int, first_row: int, at: int, condition: dict[str, Any]) -> Request:
    """Give a column a dropdown from `first_row` (0-based) on, for the rows to come too."""
    area = {"sheetId": sheet_id, "startRowIndex": first_row, "startColumnIndex": at, "endColumnIndex": at + 1}
    return {
        "setDataValidation": {"range": area, "rule": {"condition": condition, "showCustomUi": True, "strict": False}}
    }


def late(sheet_id: int, first_row: int, at: int) -> Request:
    """Colour the days of a column that are past, from `first_row` (0-based) on."""
    letter = get_column_letter(at + 1)
    formula = f"=AND(ISNUMBER(${letter}{first_row + 1}),${letter}{first_row + 1}<TODAY())"
    area = {"sheetId": sheet_id, "startRowIndex": first_row, "startColumnIndex": at, "endColumnIndex": at + 1}
    red = {
        "backgroundColorStyle": color("#FEE2E2"),
        "textFormat": {"foregroundColorStyle": color("#B91C1C"), "bold": True},
    }
    condition = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": formula}]}
    rule = {"ranges": [area], "booleanRule": {"condition": condition, "format": red}}
    return {"addConditionalFormatRule": {"rule": rule, "index": 0}}
