"""Filters, filter views and banded ranges: what they hide and color, how they follow their cells, what the file says of them.

Files are made and read here with openpyxl, as another program would.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from openpyxl.worksheet.filters import (
    CustomFilter,
    CustomFilters,
    DateGroupItem,
    FilterColumn,
    Filters,
    Top10,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ROWS: list[list[Any]] = [
    ["Name", "Sum", "When"],
    ["Ann", 5, "2026-03-01"],
    ["Bob", 12, "2026-03-02"],
    ["ann b", 7, ""],
    ["", 30, ""],
]
PLACE = {
    "sheetId": 0,
    "startRowIndex": 0,
    "endRowIndex": 5,
    "startColumnIndex": 0,
    "endColumnIndex": 3,
}
SHOWN = {name: value for name, value in PLACE.items() if name != "sheetId"}


@pytest.fixture
def people(client: Any) -> Any:
    client.put("A1", ROWS, "USER_ENTERED")
    return client


def condition(kind: str, *values: str, **more: str) -> dict[str, Any]:
    given = [{"userEnteredValue": value} for value in values] or [dict(more)] * bool(more)
    return {"condition": {"type": kind, **({"values": given} if given else {})}}


def spec(column: int, criteria: dict[str, Any]) -> dict[str, Any]:
    return {"columnIndex": column, "filterCriteria": criteria}


def set_filter(client: Any, *specs: dict[str, Any], **more: Any) -> None:
    client.batch(
        {"setBasicFilter": {"filter": {"range": PLACE, "filterSpecs": list(specs), **more}}}
    )


def hidden(client: Any, name: str = "hiddenByFilter") -> list[int]:
    answer = client.ok("GET", "", ranges="A1:A20", fields="sheets.data.rowMetadata")
    lines = answer["sheets"][0]["data"][0]["rowMetadata"]
    return [index for index, line in enumerate(lines) if line.get(name)]


@pytest.mark.parametrize(
    ("column", "criteria", "rows"),
    [
        (0, {"hiddenValues": ["Bob"]}, [2]),
        (0, {"hiddenValues": [""]}, [4]),
        (1, {"hiddenValues": ["5", "30"]}, [1, 4]),
        (1, condition("NUMBER_GREATER", "7"), [1, 3]),
        (1, condition("NUMBER_BETWEEN", "6", "12"), [1, 4]),
        (1, condition("NUMBER_NOT_BETWEEN", "6", "12"), [2, 3]),
        (1, condition("NUMBER_EQ", "=3+4"), [1, 2, 4]),
        (0, condition("TEXT_CONTAINS", "ANN"), [2, 4]),
        (0, condition("TEXT_NOT_CONTAINS", "ann"), [1, 3]),
        (0, condition("TEXT_STARTS_WITH", "ann "), [1, 2, 4]),
        (0, condition("TEXT_ENDS_WITH", "b"), [1, 4]),
        (0, condition("TEXT_EQ", "bob"), [1, 3, 4]),
        (0, condition("BLANK"), [1, 2, 3]),
        (0, condition("NOT_BLANK"), [4]),
        (2, condition("DATE_BEFORE", relativeDate="TODAY"), [2, 3, 4]),
        (2, condition("DATE_EQ", "2026-03-02"), [1, 3, 4]),
        (1, condition("CUSTOM_FORMULA", "=MOD(B2,2)=0"), [1, 3]),
        (0, condition("CUSTOM_FORMULA", "=$B2>=12"), [1, 3]),
        (1, {**condition("NUMBER_GREATER", "5"), "hiddenValues": ["30"]}, [1, 4]),
    ],
)
def test_a_basic_filter_hides_the_rows_that_fail(
    people: Any, column: int, criteria: Any, rows: list[int]
) -> None:
    set_filter(people, spec(column, criteria))
    for client in (people, people.again()):
        assert hidden(client) == rows
        told = client.sheet()["basicFilter"]
        assert told["filterSpecs"] == [spec(column, criteria)]
        assert told["criteria"] == {str(column): criteria}
    book = openpyxl.load_workbook(people.path)
    tab: Any = book.active
    assert [row - 1 for row in range(1, 9) if tab.row_dimensions[row].hidden] == rows
    book.close()
    people.batch({"clearBasicFilter": {"sheetId": 0}})
    assert hidden(people) == []
    assert "basicFilter" not in people.again().sheet()


def test_criteria_of_several_columns_hide_together_and_the_old_map_is_read(people: Any) -> None:
    criteria = {"0": {"hiddenValues": ["Bob"]}, "1": condition("NUMBER_LESS", "20")}
    people.batch({"setBasicFilter": {"filter": {"range": PLACE, "criteria": criteria}}})
    assert hidden(people) == [2, 4]
    told = people.sheet()["basicFilter"]
    assert told["criteria"] == criteria
    assert told["filterSpecs"] == [spec(0, criteria["0"]), spec(1, criteria["1"])]


def test_colors_are_filtered_too(people: Any) -> None:
    red = {"red": 1}
    form = {"backgroundColor": red}
    cell = {"cell": {"userEnteredFormat": form}, "fields": "userEnteredFormat.backgroundColor"}
    place = {"startRowIndex": 2, "endRowIndex": 3, "startColumnIndex": 0, "endColumnIndex": 1}
    people.batch({"repeatCell": {"range": place, **cell}})
    set_filter(people, spec(0, {"visibleBackgroundColorStyle": {"rgbColor": red}}))
    assert hidden(people) == [1, 3, 4]
    assert hidden(people.again()) == [1, 3, 4]


def test_a_filter_decides_when_it_is_set(people: Any) -> None:
    set_filter(people, spec(0, {"hiddenValues": ["Bob"]}))
    people.put("A2", [["Bob"]])
    assert hidden(people) == [2]
    set_filter(people, spec(0, {"hiddenValues": ["Bob"]}))
    assert hidden(people) == [1, 2]


def test_hidden_rows_move_and_rows_hidden_by_hand_stay_so(people: Any) -> None:
    by_hand = {
        "range": {"dimension": "ROWS", "startIndex": 2, "endIndex": 4},
        "fields": "hiddenByUser",
    }
    people.batch({"updateDimensionProperties": {**by_hand, "properties": {"hiddenByUser": True}}})
    set_filter(people, spec(0, {"hiddenValues": ["Bob", "Ann"]}))
    people.batch(
        {"insertDimension": {"range": {"dimension": "ROWS", "startIndex": 0, "endIndex": 1}}}
    )
    for client in (people, people.again()):
        assert hidden(client) == [2, 3]
        assert hidden(client, "hiddenByUser") == [3, 4]
    people.batch({"clearBasicFilter": {"sheetId": 0}})
    assert hidden(people.again(), "hiddenByUser") == [3, 4]


def test_rows_are_shown_again_when_the_filtered_column_goes(people: Any) -> None:
    set_filter(
        people,
        spec(0, {"hiddenValues": ["Bob"]}),
        sortSpecs=[{"dimensionIndex": 2, "sortOrder": "ASCENDING"}],
    )
    people.batch(
        {"deleteDimension": {"range": {"dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}}}
    )
    for client in (people, people.again()):
        assert hidden(client) == []
        told = client.sheet()["basicFilter"]
        assert told["range"]["endColumnIndex"] == 2
        assert told["sortSpecs"] == [{"dimensionIndex": 1, "sortOrder": "ASCENDING"}]
        assert "criteria" not in told


def saved_filter(path: Path) -> Any:
    book = openpyxl.load_workbook(path)
    tab: Any = book.active
    book.close()
    return tab.auto_filter


def test_criteria_are_in_the_file_in_its_own_terms(people: Any) -> None:
    set_filter(
        people, spec(0, {"hiddenValues": ["Bob"]}), spec(1, condition("NUMBER_BETWEEN", "6", "12"))
    )
    saved = saved_filter(people.path)
    assert saved.ref == "A1:C5"
    names, sums = saved.filterColumn
    assert (names.colId, names.filters.filter, names.filters.blank) == (0, ["Ann", "ann b"], True)
    both = [(each.operator, each.val) for each in sums.customFilters.customFilter]
    assert (both, sums.customFilters._and) == (  # noqa: SLF001  # openpyxl's name
        [("greaterThanOrEqual", "6"), ("lessThanOrEqual", "12")],
        True,
    )
    set_filter(
        people,
        spec(0, condition("TEXT_STARTS_WITH", "a*b")),
        spec(1, condition("CUSTOM_FORMULA", "=B2>6")),
    )
    texts, listed = saved_filter(people.path).filterColumn
    assert [(each.operator, each.val) for each in texts.customFilters.customFilter] == [
        ("equal", "a~*b*")
    ]
    assert listed.filters.filter == ["12", "7", "30"]


def test_a_filter_has_the_name_by_which_other_programs_know_it(people: Any) -> None:
    set_filter(people, spec(0, {"hiddenValues": ["Bob"]}))
    people.batch(
        {"insertDimension": {"range": {"dimension": "ROWS", "startIndex": 0, "endIndex": 1}}}
    )
    assert names(people.path) == ["Sheet1!$A$2:$C$6"]
    people.batch({"clearBasicFilter": {"sheetId": 0}})
    assert names(people.path) == []


def names(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        text = archive.read("xl/workbook.xml").decode()
    return re.findall(r"_xlnm._FilterDatabase[^>]*>([^<]*)<", text)


def foreign(path: Path, *columns: FilterColumn, hide: tuple[int, ...] = ()) -> Path:
    book = openpyxl.Workbook()
    tab: Any = book.active
    for row in ROWS[:3]:
        tab.append([None if value == "" else value for value in row])
    tab["C2"], tab["C3"] = dt.date(2026, 3, 1), dt.date(2025, 4, 2)
    tab.append(["ann b", 7])
    tab.append([None, 30])
    tab.auto_filter.ref = "A1:C5"
    tab.auto_filter.filterColumn.extend(columns)
    for number in hide:
        tab.row_dimensions[number].hidden = True
    book.save(path)
    book.close()
    return path


def custom(column: int, *pairs: tuple[Any, str], both: bool = False) -> FilterColumn:
    filters = [CustomFilter(operator, value) for operator, value in pairs]
    return FilterColumn(
        colId=column, customFilters=CustomFilters(_and=both or None, customFilter=filters)
    )


@pytest.mark.parametrize(
    ("column", "criteria"),
    [
        (
            FilterColumn(colId=0, filters=Filters(filter=["Ann", "ann b"])),
            {"hiddenValues": ["Bob", ""]},
        ),
        (
            FilterColumn(colId=0, filters=Filters(filter=["Bob"], blank=True)),
            {"hiddenValues": ["Ann", "ann b"]},
        ),
        (
            FilterColumn(
                colId=2,
                filters=Filters(
                    dateGroupItem=[DateGroupItem(year=2026, month=3, dateTimeGrouping="month")]
                ),
            ),
            {"hiddenValues": ["2025-04-02", ""]},
        ),
        (custom(1, ("greaterThan", "6")), condition("NUMBER_GREATER", "6")),
        (
            custom(1, ("greaterThanOrEqual", "6"), ("lessThanOrEqual", "9"), both=True),
            condition("NUMBER_BETWEEN", "6", "9"),
        ),
        (custom(0, ("equal", "*n*")), condition("TEXT_CONTAINS", "n")),
        (custom(0, ("notEqual", "*n*")), condition("TEXT_NOT_CONTAINS", "n")),
        (custom(0, ("equal", "a~*b*")), condition("TEXT_STARTS_WITH", "a*b")),
        (custom(0, ("equal", "*b")), condition("TEXT_ENDS_WITH", "b")),
        (custom(0, ("equal", "Bob")), condition("TEXT_EQ", "Bob")),
        (custom(0, ("notEqual", " ")), condition("NOT_BLANK")),
    ],
)
def test_filters_of_other_programs_are_told(
    tmp_path: Path, open_client: Callable[[Path], Any], column: FilterColumn, criteria: Any
) -> None:
    path = foreign(tmp_path / "foreign.xlsx", column, hide=(3,))
    before = saved_filter(path).filterColumn
    client = open_client(path)
    told = client.sheet()["basicFilter"]
    assert told["filterSpecs"] == [spec(column.colId, criteria)]
    assert told["range"] == SHOWN
    assert hidden(client) == [2]
    assert hidden(client, "hiddenByUser") == []
    client.put("E9", [["x"]])
    assert saved_filter(path).filterColumn == before
    assert client.again().sheet()["basicFilter"] == told


def test_a_filter_that_google_has_no_words_for_stays_as_it_is(
    tmp_path: Path, open_client: Callable[[Path], Any]
) -> None:
    most = FilterColumn(colId=1, top10=Top10(val=1, filterVal=30))
    client = open_client(foreign(tmp_path / "foreign.xlsx", most, hide=(2, 3, 4)))
    assert "criteria" not in client.sheet()["basicFilter"]
    client.batch(
        {"insertDimension": {"range": {"dimension": "ROWS", "startIndex": 0, "endIndex": 1}}}
    )
    assert hidden(client.again()) == [2, 3, 4]
    saved = saved_filter(client.path)
    assert (saved.ref, saved.filterColumn[0].top10.filterVal) == ("A2:C6", 30)


ANN = FilterColumn(colId=0, filters=Filters(filter=["Ann"]))
ABOVE_SIX = custom(1, ("greaterThan", "6"))
MOST = FilterColumn(colId=1, top10=Top10(val=1, filterVal=30))


@pytest.mark.parametrize(
    ("column", "hides", "hidden_then"),
    [(ANN, (3, 4, 5), [2, 3, 4, 5]), (ABOVE_SIX, (2,), [1, 5]), (MOST, (2, 3, 4), [1, 2, 3])],
    ids=["a list of values", "a condition", "what Google has no words for"],
)
def test_rows_that_arrive_leave_a_files_own_filter_as_it_is(
    tmp_path: Path,
    open_client: Callable[[Path], Any],
    column: FilterColumn,
    hides: tuple[int, ...],
    hidden_then: list[int],
) -> None:
    client = open_client(foreign(tmp_path / "foreign.xlsx", column, hide=hides))
    before = saved_filter(client.path).filterColumn
    held = client.sheet()["basicFilter"]
    wider = {**held, "range": {**SHOWN, "endRowIndex": 6}}
    for _ in range(2):
        client.put("A6:B6", [["Stone", 5]])
        client.batch({"setBasicFilter": {"filter": wider}})
        saved = saved_filter(client.path)
        assert (saved.ref, saved.filterColumn) == ("A1:C6", before)
        assert hidden(client) == hidden_then
        client = client.again()
        wider = client.sheet()["basicFilter"]


def test_another_filter_takes_the_place_of_a_files_own(
    tmp_path: Path, open_client: Callable[[Path], Any]
) -> None:
    client = open_client(foreign(tmp_path / "foreign.xlsx", ANN, hide=(3, 4, 5)))
    other = spec(0, {"hiddenValues": ["Ann"]})
    client.batch({"setBasicFilter": {"filter": {"range": SHOWN, "filterSpecs": [other]}}})
    assert saved_filter(client.path).filterColumn[0].filters.filter == ["Bob", "ann b"]
    assert hidden(client) == [1]


def test_a_filter_changed_by_another_program_counts(people: Any) -> None:
    set_filter(
        people,
        spec(0, condition("CUSTOM_FORMULA", "=B2>6")),
        sortSpecs=[{"sortOrder": "ASCENDING"}],
    )
    book = openpyxl.load_workbook(people.path)
    tab: Any = book.active
    tab.auto_filter.filterColumn = [custom(1, ("lessThan", "6"))]
    book.save(people.path)
    book.close()
    told = people.again().sheet()["basicFilter"]
    assert told["filterSpecs"] == [spec(1, condition("NUMBER_LESS", "6"))]
    assert told["sortSpecs"] == [{"sortOrder": "ASCENDING"}]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"range": PLACE, "tableId": "1"}, "Only one of"),
        ({"tableId": "1"}, "No table with id: 1"),
        (
            {"range": PLACE, "filterSpecs": [spec(3, {"hiddenValues": ["x"]})]},
            "is outside the range of the filter",
        ),
        (
            {"range": PLACE, "filterSpecs": [spec(1, {"condition": {}})]},
            "condition.type is required",
        ),
        ({"range": PLACE, "criteria": {"x": {}}}, "the keys must be column indexes"),
        ({"range": {"sheetId": 5}}, "No grid with id: 5"),
    ],
)
def test_filters_that_cannot_be_are_refused(people: Any, given: Any, message: str) -> None:
    assert message in people.refused({"setBasicFilter": {"filter": given}})
    assert message in people.refused({"addFilterView": {"filter": given}})


def test_filter_views_hide_nothing_and_survive(people: Any) -> None:
    view = {
        "title": "Big",
        "range": PLACE,
        "filterSpecs": [spec(1, condition("NUMBER_GREATER", "7"))],
        "filterViewId": 8,
    }
    (reply,) = people.batch({"addFilterView": {"filter": view}})["replies"]
    told = {**view, "range": SHOWN, "criteria": {"1": condition("NUMBER_GREATER", "7")}}
    assert reply == {"addFilterView": {"filter": told}}
    assert "already exists" in people.refused({"addFilterView": {"filter": view}})
    assert hidden(people) == []
    assert people.again().sheet()["filterViews"] == [told]
    (copy,) = people.batch({"duplicateFilterView": {"filterId": 8}})["replies"]
    new = copy["duplicateFilterView"]["filter"]
    assert new == {**told, "title": "Copy of Big", "filterViewId": new["filterViewId"]}
    people.batch({"deleteFilterView": {"filterId": 8}})
    assert people.again().sheet()["filterViews"] == [new]
    assert "No filter view with id: 8" in people.refused({"deleteFilterView": {"filterId": 8}})


def test_filter_views_are_updated_by_mask_and_follow_columns(people: Any) -> None:
    view = {
        "title": "Big",
        "range": PLACE,
        "criteria": {"1": {"hiddenValues": ["5"]}},
        "filterViewId": 8,
    }
    people.batch(
        {
            "addFilterView": {
                "filter": {**view, "sortSpecs": [{"dimensionIndex": 2, "sortOrder": "DESCENDING"}]}
            }
        }
    )
    change = {"filterViewId": 8, "title": "Small", "criteria": {"0": {"hiddenValues": ["Bob"]}}}
    people.batch({"updateFilterView": {"filter": change, "fields": "title,criteria"}})
    people.batch(
        {"insertDimension": {"range": {"dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}}}
    )
    (told,) = people.again().sheet()["filterViews"]
    assert (told["title"], told["criteria"]) == ("Small", {"1": {"hiddenValues": ["Bob"]}})
    assert told["sortSpecs"] == [{"dimensionIndex": 3, "sortOrder": "DESCENDING"}]
    people.batch(
        {"deleteDimension": {"range": {"dimension": "COLUMNS", "startIndex": 1, "endIndex": 2}}}
    )
    (told,) = people.sheet()["filterViews"]
    assert "criteria" not in told
    assert told["range"]["endColumnIndex"] == 3


def test_a_filter_view_of_a_named_range_covers_what_that_covers(people: Any) -> None:
    people.batch(
        {"addNamedRange": {"namedRange": {"namedRangeId": "n1", "name": "all", "range": PLACE}}}
    )
    people.batch({"addFilterView": {"filter": {"title": "v", "namedRangeId": "n1"}}})
    wider = {
        "namedRange": {"namedRangeId": "n1", "range": {**PLACE, "endRowIndex": 9}},
        "fields": "range",
    }
    people.batch({"updateNamedRange": wider})
    (told,) = people.sheet()["filterViews"]
    assert (told["namedRangeId"], told["range"]["endRowIndex"]) == ("n1", 9)


BANDS = {"headerColor": {"red": 1}, "firstBandColor": {"green": 1}, "secondBandColor": {"blue": 1}}


def background(client: Any, a1: str) -> list[list[Any]]:
    fields = "effectiveFormat.backgroundColorStyle"
    answer = client.cells(a1, fields)
    return [
        [cell["effectiveFormat"]["backgroundColorStyle"]["rgbColor"] for cell in row]
        for row in answer
    ]


def test_banding_is_told_and_colors_cells_without_a_color_of_their_own(people: Any) -> None:
    band = {"bandedRangeId": 6, "range": {**PLACE, "endColumnIndex": 2}, "rowProperties": BANDS}
    (reply,) = people.batch({"addBanding": {"bandedRange": band}})["replies"]
    told = reply["addBanding"]["bandedRange"]
    assert told["rowProperties"]["headerColorStyle"] == {"rgbColor": {"red": 1}}
    assert told["rowProperties"]["headerColor"] == {"red": 1}
    red, green, blue = {"red": 1}, {"green": 1}, {"blue": 1}
    for client in (people, people.again()):
        assert client.sheet()["bandedRanges"] == [told]
        assert background(client, "B1:B5") == [[red], [green], [blue], [green], [blue]]
    people.batch(
        {"insertDimension": {"range": {"dimension": "ROWS", "startIndex": 0, "endIndex": 1}}}
    )
    assert people.sheet()["bandedRanges"][0]["range"]["startRowIndex"] == 1


def test_banding_is_changed_and_deleted_and_never_laid_twice(people: Any) -> None:
    band = {"bandedRangeId": 6, "range": PLACE, "rowProperties": BANDS}
    people.batch({"addBanding": {"bandedRange": band}})
    refusal = "already has alternating background colors"
    assert refusal in people.refused({"addBanding": {"bandedRange": {**band, "bandedRangeId": 7}}})
    assert "already exists" in people.refused({"addBanding": {"bandedRange": band}})
    change = {"bandedRangeId": 6, "rowProperties": {"firstBandColor": {"red": 0.5}}}
    people.batch(
        {"updateBanding": {"bandedRange": change, "fields": "rowProperties.firstBandColor"}}
    )
    (told,) = people.again().sheet()["bandedRanges"]
    assert told["rowProperties"]["firstBandColorStyle"] == {"rgbColor": {"red": 0.5}}
    assert told["rowProperties"]["secondBandColor"] == {"blue": 1}
    people.batch({"deleteBanding": {"bandedRangeId": 6}})
    assert "bandedRanges" not in people.again().sheet()
    assert "No banded range with id: 6" in people.refused({"deleteBanding": {"bandedRangeId": 6}})
    none = {"range": PLACE, "rowProperties": {}}
    assert "At least one of" in people.refused({"addBanding": {"bandedRange": none}})
    bare = {"range": PLACE, "rowProperties": {"headerColor": {}}}
    assert "firstBandColor is required" in people.refused({"addBanding": {"bandedRange": bare}})


def test_a_duplicated_tab_has_overlays_of_its_own(people: Any) -> None:
    people.batch(
        {"addFilterView": {"filter": {"title": "v", "range": PLACE, "filterViewId": 8}}},
        {
            "addBanding": {
                "bandedRange": {"bandedRangeId": 6, "range": PLACE, "rowProperties": BANDS}
            }
        },
        {"duplicateSheet": {"sourceSheetId": 0, "insertSheetIndex": 1}},
    )
    first, copy = people.sheet(0), people.sheet(1)
    assert (first["filterViews"][0]["filterViewId"], first["bandedRanges"][0]["bandedRangeId"]) == (
        8,
        6,
    )
    assert copy["filterViews"][0]["filterViewId"] != 8
    assert copy["bandedRanges"][0]["bandedRangeId"] != 6
    assert copy["bandedRanges"][0]["range"]["sheetId"] == copy["properties"]["sheetId"]
    people.batch({"deleteSheet": {"sheetId": 0}})
    people.batch(
        {
            "addFilterView": {
                "filter": {
                    "title": "v",
                    "filterViewId": 8,
                    "range": {"sheetId": copy["properties"]["sheetId"]},
                }
            }
        }
    )
