"""In which currency amounts are shown by the number formats of their cells: one request.

Nights read values alone, unformatted; only adopting looks at how they are shown.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sheetsync.sheets.connection.client import SheetsConnection
from sheetsync.sheets.requests.cells import GridRange
from sheetsync.values import currency_of_pattern

_FIELDS = (
    "sheets(properties(sheetId),"
    "data(startRow,startColumn,rowData(values(userEnteredFormat(numberFormat)))))"
)


def read_currencies(
    line: SheetsConnection, areas: Sequence[GridRange]
) -> dict[tuple[int, int, int], str]:
    """Return the ISO 4217 codes that the cells of areas are shown in: by sheetId, row and column.

    Rows and columns are 0-based; of cells whose format names no currency nothing is told.
    """
    if not areas:
        return {}
    filters = [{"gridRange": dict(area)} for area in areas]
    answer = line.read(
        "post",
        ":getByDataFilter",
        params={"fields": _FIELDS},
        json={"dataFilters": filters},
    )
    currencies: dict[tuple[int, int, int], str] = {}
    for sheet in answer.get("sheets", ()):
        sheet_id = sheet["properties"].get("sheetId", 0)
        for block in sheet.get("data", ()):
            for (row, column), code in _currencies_of_block(block).items():
                currencies[sheet_id, row, column] = code
    return currencies


def _currencies_of_block(
    block: Mapping[str, Any],
) -> dict[tuple[int, int], str]:
    """Return the currencies of a GridData, by 0-based row and column."""
    currencies: dict[tuple[int, int], str] = {}
    left = block.get("startColumn", 0)
    rows = block.get("rowData", ())
    for row, row_data in enumerate(rows, start=block.get("startRow", 0)):
        for column, cell in enumerate(row_data.get("values", ()), start=left):
            number_format = cell.get("userEnteredFormat", {}).get(
                "numberFormat", {}
            )
            code = currency_of_pattern(number_format.get("pattern", ""))
            if code is not None:
                currencies[row, column] = code
    return currencies
