"""What a team has in its spreadsheet around its clients: figures over them, a name, a filter, a group, lists, colours, a chart.

`furnish` puts it there as people do, `around` tells how it stands.
"""

from typing import Any

from tests.builders.bench import TITLES
from tests.builders.desk import OWNER, Desk

FIGURES = 77
SHEET = "Figures"
WORKING = TITLES["working"]
STATE_COLUMN, MANAGER_COLUMN = 4, 5
RED = {"red": 1.0}


def furnish(desk: Desk) -> None:
    """Put a dashboard and all else around the clients of the working list and of the archive."""
    working = desk.sheet_id(WORKING)
    last = len(desk.tabs()[WORKING])
    states = _column(working, STATE_COLUMN, last)
    chart = {"domain": _source(_column(working, 0, last)), "series": _source(states)}
    requests: list[dict[str, Any]] = [
        {"addSheet": {"properties": {"title": SHEET, "sheetId": FIGURES}}},
        {"addNamedRange": {"namedRange": {"name": "States", "range": states}}},
        {"setBasicFilter": {"filter": _filter(working, last)}},
        {"addDimensionGroup": {"range": desk.rows(WORKING, 2, 4)}},
        {"addConditionalFormatRule": {"rule": _colours(states), "index": 0}},
        {
            "setDataValidation": {
                "range": _column(working, MANAGER_COLUMN, last),
                "rule": {
                    "condition": {
                        "type": "ONE_OF_RANGE",
                        "values": [{"userEnteredValue": f"={SHEET}!$D$1:$D$5"}],
                    }
                },
            }
        },
        {
            "addChart": {
                "chart": {
                    "chartId": FIGURES,
                    "spec": {"pieChart": chart},
                    "position": {
                        "overlayPosition": {"anchorCell": {"sheetId": FIGURES, "rowIndex": 8}}
                    },
                }
            }
        },
    ]
    desk.batch(OWNER, *requests)
    formulas = (
        f"=COUNTIF('{WORKING}'!E2:E{last},\"Contact 1\")",
        f"=COUNTA('{WORKING}'!A2:A{last})",
        "=COUNTA(States)",
        f"=COUNTA('{TITLES['strategic']}'!A2:A2)",
        f"=COUNTA('{WORKING}'!A:A)",
    )
    cells = [{"values": [{"userEnteredValue": {"formulaValue": text}}]} for text in formulas]
    start = {"sheetId": FIGURES}
    desk.batch(
        OWNER, {"updateCells": {"start": start, "rows": cells, "fields": "userEnteredValue"}}
    )


def _column(sheet_id: int, column: int, last: int) -> dict[str, int]:
    return {
        "sheetId": sheet_id,
        "startRowIndex": 1,
        "endRowIndex": last,
        "startColumnIndex": column,
        "endColumnIndex": column + 1,
    }


def _source(area: dict[str, int]) -> dict[str, Any]:
    return {"sourceRange": {"sources": [area]}}


def _filter(sheet_id: int, last: int) -> dict[str, Any]:
    """Make a filter by a manager whom nobody has, so that it hides nothing."""
    area = {"sheetId": sheet_id, "startRowIndex": 0, "endRowIndex": last, "endColumnIndex": 6}
    hidden = {"columnIndex": MANAGER_COLUMN, "filterCriteria": {"hiddenValues": ["Nobody"]}}
    return {"range": {**area, "startColumnIndex": 0}, "filterSpecs": [hidden]}


def _colours(area: dict[str, int]) -> dict[str, Any]:
    condition = {"type": "TEXT_EQ", "values": [{"userEnteredValue": "Refusal"}]}
    return {
        "ranges": [area],
        "booleanRule": {"condition": condition, "format": {"backgroundColor": RED}},
    }


def around(desk: Desk) -> dict[str, Any]:
    """Return what stands around the clients: formulas, and the ranges of all else."""
    fields = (
        "namedRanges(name,range),sheets(properties(sheetId),basicFilter(range(endRowIndex)),"
        "rowGroups(range),conditionalFormats,charts(chartId,spec(pieChart)),"
        "data(rowData(values(userEnteredValue))))"
    )
    ranges = "".join(f"&ranges={title}" for title in (f"{SHEET}!A1:A5",))
    formulas = desk.call(OWNER, "GET", f"?fields={fields}{ranges}&includeGridData=true")
    told = desk.call(OWNER, "GET", f"?fields={fields.rpartition(',data')[0]})")
    stands: dict[str, Any] = {"names": told.get("namedRanges", [])}
    for sheet in told["sheets"]:
        number = sheet["properties"].get("sheetId", 0)
        rules = [rule for rule in sheet.get("conditionalFormats", []) if "Refusal" in str(rule)]
        if number == FIGURES:
            stands["charts"] = sheet.get("charts")
        if number == desk.sheet_id(WORKING):
            stands["filter"] = sheet.get("basicFilter")
            stands["groups"] = sheet.get("rowGroups")
            stands["colours"] = rules
    (figures,) = (s for s in formulas["sheets"] if s["properties"].get("sheetId") == FIGURES)
    stands["formulas"] = figures["data"][0].get("rowData")
    return stands
