"""What of a team's tab is the program's, as only the service tells it: colours, dropdowns.

What is done with it is `services.remove_program`'s.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from gspread.utils import absolute_range_name
from openpyxl.utils import get_column_letter

from sheetsync.sheets.connection.client import SheetsConnection
from sheetsync.workbook.snapshot import Tab

RULES = "sheets(properties(sheetId),conditionalFormats)"
DROPDOWNS = (
    "sheets(properties(sheetId),"
    "data(startColumn,rowData(values(dataValidation(condition)))))"
)


class OwnTab(NamedTuple):
    """A tab of the program's."""

    sheet_id: int
    title: str


class OwnPart(NamedTuple):
    """Something of the program's on a tab of the team's.

    `place`: a column (0-based), the number of a rule from 0, or the id of a protection.
    `name`: as people see it.
    """

    sheet_id: int
    place: int
    name: str


def own_rules(
    line: SheetsConnection, columns: Sequence[OwnPart]
) -> Iterator[OwnPart]:
    """Go through the colours that ask our columns, the last first: they mean nothing alone."""
    letters: dict[int, list[str]] = {}
    for part in columns:
        letter = get_column_letter(part.place + 1)
        letters.setdefault(part.sheet_id, []).append(letter)
    answer = line.read("get", "", params={"fields": RULES})
    for sheet in answer.get("sheets", ()):
        sheet_id = sheet.get("properties", {}).get("sheetId", 0)
        ours = "|".join(letters.get(sheet_id, ()))
        rules = [*enumerate(sheet.get("conditionalFormats", ()))]
        for number, rule in reversed(rules if ours else []):
            formula = _formula(rule)
            if re.search(rf"(?<![A-Z$])\$?(?:{ours})\$?\d", formula):
                yield OwnPart(sheet_id, number, formula)


def _formula(rule: Mapping[str, Any]) -> str:
    condition = rule.get("booleanRule", {}).get("condition", {})
    values = condition.get("values", ())
    return " ".join(value.get("userEnteredValue", "") for value in values)


def own_dropdowns(
    line: SheetsConnection, sections: Sequence[Tab], tabs: Sequence[OwnTab]
) -> Iterator[OwnPart]:
    """Go through the columns of sections whose dropdowns read a tab that goes."""
    rows = [
        (tab, tab.header + 2)
        for tab in sections
        if tab.header + 1 < tab.grid.row_count
    ]
    if not rows or not tabs:
        return
    ranges = [
        absolute_range_name(tab.title, f"{row}:{row}") for tab, row in rows
    ]
    answer = line.read(
        "get", "", params={"fields": DROPDOWNS, "ranges": ranges}
    )
    for sheet in answer.get("sheets", ()):
        sheet_id = sheet.get("properties", {}).get("sheetId", 0)
        for column, formula in _dropdowns_of(sheet):
            if any(_reads(formula, tab.title) for tab in tabs):
                yield OwnPart(sheet_id, column, formula)


def _dropdowns_of(sheet: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    """Go through the columns of a row that was asked for, with the range that each offers."""
    for block in sheet.get("data", ()):
        for row in block.get("rowData", ()):
            cells = row.get("values", ())
            for column, cell in enumerate(cells, block.get("startColumn", 0)):
                yield column, _range_of(cell)


def _range_of(cell: Mapping[str, Any]) -> str:
    condition = cell.get("dataValidation", {}).get("condition", {})
    if condition.get("type") != "ONE_OF_RANGE":
        return ""
    return str(condition["values"][0].get("userEnteredValue", ""))


def _reads(formula: str, title: str) -> bool:
    quoted = title.replace("'", "''")
    return formula.startswith((f"='{quoted}'!", f"={title}!"))
