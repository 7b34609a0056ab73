"""Values: trimming, rendering, typing, appending, as Google's recorded answers have them.

Structure and formats are tested elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sheetsync.emulator import Workspace, create_workbook
from tests.emulator.conftest import Client

if TYPE_CHECKING:
    from pathlib import Path


def test_empty_ends_are_left_out_and_gaps_are_not(client: Any) -> None:
    client.put("A1:D4", [["a", "", "c", ""], ["", "", "", ""], ["", "b", "", ""], ["", "", "", ""]])
    assert client.ok("GET", "/values/Sheet1!A1:D4") == {
        "range": "Sheet1!A1:D4",
        "majorDimension": "ROWS",
        "values": [["a", "", "c"], [], ["", "b"]],
    }
    assert client.values("Sheet1!A1:D4", majorDimension="COLUMNS") == [["a"], ["", "", "b"], ["c"]]


def test_an_empty_range_has_no_values(client: Any) -> None:
    assert client.ok("GET", "/values/Sheet1") == {
        "range": "Sheet1!A1:Z1000",
        "majorDimension": "ROWS",
    }


def test_null_skips_and_an_empty_text_clears(client: Any) -> None:
    client.put("A1:C1", [["a", "b", "c"]])
    answer = client.put("A1:C1", [[None, "", "C"]])
    assert client.values("A1:C1") == [["a", "", "C"]]
    assert answer["updatedCells"] == 2


def test_raw_keeps_texts_that_look_like_something_else(client: Any) -> None:
    texts = ["=1+1", "0012", "+79991234567", "2020-01-01", "TRUE", "'x"]
    client.put("A1:F1", [texts])
    assert client.again().values("A1:F1", valueRenderOption="UNFORMATTED_VALUE") == [texts]


@pytest.mark.parametrize(
    ("typed", "value", "shown"),
    [
        ("2020-01-01", 43831, "2020-01-01"),
        ("12/31/2025", 46022, "12/31/2025"),
        ("1,234.5", 1234.5, "1,234.50"),
        ("12%", 0.12, "12%"),
        ("TRUE", True, "TRUE"),
        ("'0012", "0012", "0012"),
        ("=1/4", 0.25, "0.25"),
        ("=1/0", "#DIV/0! (Function DIVIDE parameter 2 cannot be zero.)", "#DIV/0!"),
        ("=NoSuch(1)", "#NAME? (Unknown function: 'NoSuch'.)", "#NAME?"),
        ("31.12.2025", "31.12.2025", "31.12.2025"),
        ("12,5", "12,5", "12,5"),
        ("+7", 7, "7"),
    ],
)
def test_typing_in_english(client: Any, typed: str, value: Any, shown: str) -> None:
    client.put("A1", [[typed]], "USER_ENTERED")
    assert client.values("A1", valueRenderOption="UNFORMATTED_VALUE") == [[value]]
    assert client.values("A1") == [[shown]]


@pytest.mark.parametrize(
    ("typed", "value", "shown"),
    [
        ("31.12.2025", 46022, "31.12.2025"),
        ("31.12.25", 46022, "31.12.25"),
        ("12,5", 12.5, "12,5"),
        ("1 234,5", 1234.5, "1\u00a0234,50"),
        ("ИСТИНА", True, "ИСТИНА"),
        ("1.5", 46143, "1.5"),
        ('=IF(1>0;"да";"нет")', "да", "да"),
        ("32.12.2025", "32.12.2025", "32.12.2025"),
    ],
)
def test_typing_in_russian(ru: Any, typed: str, value: Any, shown: str) -> None:
    ru.put("A1", [[typed]], "USER_ENTERED")
    assert ru.values("A1", valueRenderOption="UNFORMATTED_VALUE") == [[value]]
    assert ru.values("A1") == [[shown]]


def test_today_is_the_books_own_day(ru: Any) -> None:
    ru.put("A1:B1", [["=TODAY()", "=TODAY()-45000"]], "USER_ENTERED")
    assert ru.values("A1:B1", valueRenderOption="UNFORMATTED_VALUE") == [[46083, 1083]]
    assert ru.values("A1:A1") == [["02.03.2026"]]


def test_writing_outside_the_grid_is_refused_and_changes_nothing(client: Any) -> None:
    code, text = client.fail(
        "PUT", "/values/A1000", {"values": [["a"], ["b"]]}, valueInputOption="RAW"
    )
    assert code == 400
    assert "exceeds grid limits. Max rows: 1000, max columns: 26" in text
    assert client.values("A1000") == []


@pytest.mark.parametrize("text", ["NoSuch!A1", "A0", "Sheet1!", "A1:", "ÄÖ", "1A"])
def test_a_range_that_cannot_be_read_is_refused_in_googles_words(client: Any, text: str) -> None:
    assert client.fail("GET", f"/values/{text}") == (400, f"Unable to parse range: {text}")


def test_value_input_option_is_required(client: Any) -> None:
    code, text = client.fail("PUT", "/values/A1", {"values": [["a"]]})
    assert (code, text) == (400, "'valueInputOption' is required but not specified")


def test_batches_by_filter(client: Any) -> None:
    place = {"gridRange": {"sheetId": 0, "startRowIndex": 1, "endRowIndex": 2}}
    data = [{"dataFilter": place, "majorDimension": "ROWS", "values": [["x", "y"]]}]
    body = {"valueInputOption": "RAW", "data": data}
    answer = client.ok("POST", "/values:batchUpdateByDataFilter", body)
    assert answer["totalUpdatedCells"] == 2
    read = client.ok(
        "POST", "/values:batchGetByDataFilter", {"dataFilters": [place, {"a1Range": "B2"}]}
    )
    assert [found["valueRange"]["values"] for found in read["valueRanges"]] == [
        [["x", "y"]],
        [["y"]],
    ]
    cleared = client.ok("POST", "/values:batchClearByDataFilter", {"dataFilters": [place]})
    assert cleared["clearedRanges"] == ["Sheet1!A2:Z2"]
    assert client.values("A1:Z5") == []


def test_append_goes_below_the_table_and_makes_room(client: Any) -> None:
    client.put("B2:C3", [["h1", "h2"], ["1", "2"]])
    options = {"valueInputOption": "RAW"}
    answer = client.ok("POST", "/values/Sheet1:append", {"values": [["3", "4"]]}, **options)
    assert answer["tableRange"] == "Sheet1!B2:C3"
    assert answer["updates"]["updatedRange"] == "Sheet1!B4:C4"
    client.put("A1000", [["last"]])
    client.ok("POST", "/values/A1000:append", {"values": [["new"]]}, **options)
    assert client.sheet()["properties"]["gridProperties"]["rowCount"] == 1001


def test_characters_that_no_file_can_hold_are_dropped_at_once(client: Any) -> None:
    client.put("A1:C1", [["a\x00b\x1f", "x\r\ny", "😀 ок "]])
    client.put("A2", [[1 / 3]])
    before = client.values("A1:C2", valueRenderOption="UNFORMATTED_VALUE")
    assert before[0] == ["ab", "x\ny", "😀 ок "]
    assert client.again().values("A1:C2", valueRenderOption="UNFORMATTED_VALUE") == before


def test_a_text_longer_than_a_cell_is_refused(client: Any) -> None:
    code, text = client.fail(
        "PUT", "/values/A1", {"values": [["x" * 32_768]]}, valueInputOption="RAW"
    )
    assert code == 400
    assert "maximum" in text


APPEND = {"valueInputOption": "RAW"}


@pytest.mark.parametrize(
    ("asked", "table", "written"),
    [
        ("Sheet1", "Sheet1!B4:D6", "Sheet1!B7"),
        ("Sheet1!A1", "Sheet1!A1:C2", "Sheet1!A3"),
        ("B4", "Sheet1!B4:D6", "Sheet1!B7"),
        ("C5:D5", "Sheet1!B4:D6", "Sheet1!B7"),
        ("B2:D4", "Sheet1!B4:D6", "Sheet1!B7"),
        ("A3:G10", "Sheet1!B4:D6", "Sheet1!B7"),
        ("E4", None, "Sheet1!E4"),
    ],
)
def test_append_finds_the_table_as_googles_guide_tells(
    client: Any, asked: str, table: str | None, written: str
) -> None:
    client.put("A1:C2", [["x", "y", "z"], ["x", "y", "z"]])
    client.put("B4:D6", [["1", "2", "3"]] * 3)
    answer = client.ok("POST", f"/values/{asked}:append", {"values": [["new"]]}, **APPEND)
    assert answer.get("tableRange") == table
    assert answer["updates"]["updatedRange"] == written


def test_append_sees_a_table_that_changed_since_the_last_append(client: Any) -> None:
    def append() -> Any:
        return client.ok("POST", "/values/A1:append", {"values": [["a", "b"]]}, **APPEND).get(
            "tableRange"
        )

    assert [append(), append()] == [None, "Sheet1!A1:B1"]
    client.put("C1", [["c"]])
    assert append() == "Sheet1!A1:C2"
    client.ok("POST", "/values/A2:C2:clear")
    assert append() == "Sheet1!A1:C1"
    client.batch(
        {
            "deleteDimension": {
                "range": {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 3}
            }
        }
    )
    assert append() == "Sheet1!A1:C1"


def test_insert_rows_pushes_down_what_is_below_and_overwrite_does_not(client: Any) -> None:
    client.put("A1:A4", [["head"], ["one"], [""], ["total"]])
    client.put("C1", [["=A4"]], "USER_ENTERED")
    body = {"values": [["two"], ["three"]]}
    client.ok("POST", "/values/A1:append", body, **APPEND, insertDataOption="INSERT_ROWS")
    assert client.values("A1:A7") == [["head"], ["one"], ["two"], ["three"], [], ["total"]]
    assert client.formulas("C1") == [["=A6"]]
    client.put("A10:A13", [["h"], ["1"], [""], ["t"]])
    client.ok("POST", "/values/A10:append", body, **APPEND, insertDataOption="OVERWRITE")
    assert client.values("A10:A13") == [["h"], ["1"], ["two"], ["three"]]


def test_cells_under_a_merged_one_hold_nothing(client: Any) -> None:
    area = {
        "sheetId": 0,
        "startRowIndex": 0,
        "endRowIndex": 1,
        "startColumnIndex": 0,
        "endColumnIndex": 2,
    }
    client.batch({"mergeCells": {"range": area, "mergeType": "MERGE_ALL"}})
    assert client.put("A1:C1", [["a", "b", "c"]])["updatedCells"] == 3
    assert client.values("A1:C1") == [["a", "", "c"]]


def test_columns_as_the_major_dimension_trim_each_column(client: Any) -> None:
    client.ok(
        "PUT",
        "/values/A1:C3",
        {"majorDimension": "COLUMNS", "values": [["a", "b", "c"], [], ["x"]]},
        valueInputOption="RAW",
    )
    answer = client.ok(
        "GET", "/values:batchGet", ranges=["A1:C3", "B1:B3", "C1"], majorDimension="COLUMNS"
    )
    assert [found.get("values") for found in answer["valueRanges"]] == [
        [["a", "b", "c"], [], ["x"]],
        None,
        [["x"]],
    ]


def test_values_in_a_response_are_those_after_the_write(client: Any) -> None:
    client.put("A1:B1", [[1, "=A1*2"]], "USER_ENTERED")
    data = [
        {"range": "B1", "values": [["=A1*3"]]},
        {"range": "A1", "values": [[5]]},
        {"range": "B1", "values": [[None]]},
    ]
    body = {"valueInputOption": "USER_ENTERED", "includeValuesInResponse": True, "data": data}
    answer = client.ok("POST", "/values:batchUpdate", body)
    assert [found["updatedData"]["values"] for found in answer["responses"]] == [
        [["3"]],
        [["5"]],
        [["15"]],
    ]


def test_a_batch_tells_the_state_after_it_with_the_ranges_asked_for(client: Any) -> None:
    write = {
        "updateCells": {
            "start": {"sheetId": 0},
            "rows": [{"values": [{"userEnteredValue": {"numberValue": 2}}]}],
        }
    }
    write["updateCells"]["fields"] = "userEnteredValue"
    options = {
        "includeSpreadsheetInResponse": True,
        "responseRanges": ["A1:B2"],
        "responseIncludeGridData": True,
    }
    client.batch({"addSheet": {"properties": {"title": "Other"}}})
    told = client.batch(write, **options)["updatedSpreadsheet"]
    assert [sheet["properties"]["title"] for sheet in told["sheets"]] == ["Sheet1"]
    data = told["sheets"][0]["data"][0]
    assert data["rowData"][0]["values"][0]["effectiveValue"] == {"numberValue": 2}
    assert (len(data["rowMetadata"]), len(data["columnMetadata"])) == (2, 2)
    without = client.batch(write, **{**options, "responseIncludeGridData": False})[
        "updatedSpreadsheet"
    ]
    assert "data" not in without["sheets"][0]


@pytest.mark.parametrize(
    "mask",
    [
        "sheets.data.rowData.values.userEnteredValue,sheets(properties(title,index))",
        "sheets/data/rowData/values/userEnteredValue,sheets/properties/title,sheets/properties/index",
        "sheets(data(rowData(values(userEnteredValue))),properties.title,properties/index)",
    ],
)
def test_masks_of_every_writing_ask_for_the_same(client: Any, mask: str) -> None:
    client.put("A1", [["a"]])
    assert client.ok("GET", "", fields=mask) == {
        "sheets": [
            {
                "properties": {"title": "Sheet1", "index": 0},
                "data": [{"rowData": [{"values": [{"userEnteredValue": {"stringValue": "a"}}]}]}],
            }
        ]
    }


def test_a_star_in_a_mask_is_everything_below(client: Any) -> None:
    whole = client.ok("GET", "", ranges="A1", includeGridData=True)
    assert client.ok("GET", "", ranges="A1", fields="*", includeGridData=True) == whole
    assert client.ok("GET", "", fields="properties(*)") == {"properties": whole["properties"]}


def _appended(dimension: str, length: int) -> dict[str, Any]:
    return {"appendDimension": {"sheetId": 0, "dimension": dimension, "length": length}}


def test_a_grid_grows_to_googles_limits_and_no_further(memory: Any) -> None:
    rows = {"sheetId": 0, "dimension": "ROWS", "startIndex": 100, "endIndex": 1_000}
    memory.batch({"deleteDimension": {"range": rows}})
    memory.batch(_appended("COLUMNS", 18_278 - 26))
    assert "above the limit of 18278 columns" in memory.refused(_appended("COLUMNS", 1))
    assert "above the limit of 10000000 cells" in memory.refused(_appended("ROWS", 10_000))


def test_a_local_file_has_its_own_limits_alone(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    create_workbook(path, title="Book", time_zone="Etc/GMT")
    local = Client(path, None, Workspace.of_file(path, limited=False))
    local.batch(_appended("ROWS", 1_000_000))  # 26 million cells
    assert "above the limit of 1048576 rows" in local.refused(_appended("ROWS", 100_000))
    served = Client(path, None, Workspace.of_file(path))
    assert "above the limit of 10000000 cells" in served.refused(_appended("ROWS", 1))
    for client in (local, served):
        client.session.close()


def test_in_memory_googles_own_limits_hold(memory: Any) -> None:
    memory.put("A1", [["x" * 50_000]])
    code, text = memory.fail(
        "PUT", "/values/A1", {"values": [["x" * 50_001]]}, valueInputOption="RAW"
    )
    assert (code, "50000 characters" in text) == (400, True)
    title = "Plan: 2026/27 [draft]? " + "x" * 60
    memory.batch({"addSheet": {"properties": {"title": title}}})
    data = [{"range": f"'{title}'!A1", "values": [["here"]]}]
    memory.ok("POST", "/values:batchUpdate", {"valueInputOption": "RAW", "data": data})
    found = memory.ok("GET", "/values:batchGet", ranges=f"'{title}'")["valueRanges"][0]
    assert (found["range"], found["values"]) == (f"'{title}'!A1:Z1000", [["here"]])
    assert "100" in memory.refused({"addSheet": {"properties": {"title": "x" * 101}}})


def test_numbers_keep_every_digit_and_too_large_ones_are_refused(client: Any) -> None:
    numbers = [0.1 + 0.2, 13436.424411240123, 2**53 - 1, 5e-324, 1.7976931348623157e308, -12]
    client.put("A1:F1", [numbers])
    assert client.again().values("A1:F1", valueRenderOption="UNFORMATTED_VALUE") == [numbers]
    code, text = client.fail("PUT", "/values/A1", {"values": [[10**400]]}, valueInputOption="RAW")
    assert (code, "out of range" in text) == (400, True)


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (89991234567.5, "89991234568"),
        (12345678901.25, "12345678901"),
        (1234567890.75, "1234567891"),
        (0.1 + 0.2, "0.3"),
    ],
)
def test_digits_before_the_point_are_never_cut_off(client: Any, number: float, shown: str) -> None:
    client.put("A1", [[number]])
    assert client.values("A1") == [[shown]]
    assert client.values("A1", valueRenderOption="UNFORMATTED_VALUE") == [[number]]
