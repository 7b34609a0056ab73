"""Values: trimming, rendering, typing, appending, as Google's recorded answers have them.

Structure and formats are tested elsewhere.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

DATA = Path(__file__).with_name("data")


def test_empty_ends_are_left_out_and_gaps_are_not(client: Any) -> None:
    client.put("A1:D4", [["a", "", "c", ""], ["", "", "", ""], ["", "b", "", ""], ["", "", "", ""]])
    assert client.ok("GET", "/values/Sheet1!A1:D4") == {
        "range": "Sheet1!A1:D4",
        "majorDimension": "ROWS",
        "values": [["a", "", "c"], [], ["", "b"]],
    }
    assert client.values("Sheet1!A1:D4", majorDimension="COLUMNS") == [["a"], ["", "", "b"], ["c"]]


def test_an_empty_range_has_no_values(client: Any) -> None:
    assert client.ok("GET", "/values/Sheet1") == {"range": "Sheet1!A1:Z1000", "majorDimension": "ROWS"}


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
        ("1,234.5", 1234.5, "1234.5"),
        ("12%", 0.12, "12%"),
        ("TRUE", True, "TRUE"),
        ("'0012", "0012", "0012"),
        ("=1/4", 0.25, "0.25"),
        ("=1/0", "#DIV/0!", "#DIV/0!"),
        ("=NOSUCH(1)", "#NAME?", "#NAME?"),
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
        ("1 234,5", 1234.5, "1234,5"),
        ("ИСТИНА", True, "ИСТИНА"),
        ("1.5", "1.5", "1.5"),
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
    code, text = client.fail("PUT", "/values/A1000", {"values": [["a"], ["b"]]}, valueInputOption="RAW")
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
    read = client.ok("POST", "/values:batchGetByDataFilter", {"dataFilters": [place, {"a1Range": "B2"}]})
    assert [found["valueRange"]["values"] for found in read["valueRanges"]] == [[["x", "y"]], [["y"]]]
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


def _recorded() -> list[Any]:
    return [pytest.param(path, id=path.stem) for path in sorted(DATA.glob("recorded_*.json"))]


@pytest.mark.parametrize("path", _recorded())
def test_recorded_answers_of_google_are_given_again(client: Any, path: Path) -> None:
    ids: dict[int, int] = {}
    for item in json.loads(path.read_text(encoding="utf-8")):
        parts = urlsplit(item["uri"])
        tail = re.sub(r"^/v4/spreadsheets/[^/:]+", "", parts.path)
        params: dict[str, Any] = {}
        for name, value in parse_qsl(parts.query):
            params.setdefault(name, []).append(value)
        body = json.loads(re.sub(r"\d{6,}", lambda m: str(ids.get(int(m[0]), m[0])), json.dumps(item["body"])))
        response = client.send(item["method"], tail, body, **params)
        assert response.status_code == item["status"], response.text
        told = _comparable(response.json(), {})
        want = _comparable(item["response"], ids)
        _learn(item["response"], response.json(), ids)
        if "properties" in want:  # a whole spreadsheet: titles and zones are the recorder's own
            assert told["sheets"] == _comparable(item["response"], ids)["sheets"]
            continue
        assert told == _comparable(item["response"], ids)


def _learn(recorded: Any, told: Any, ids: dict[int, int]) -> None:
    for theirs, ours in zip(recorded.get("replies", []), told.get("replies", []), strict=True):
        if "addSheet" in theirs:
            ids[theirs["addSheet"]["properties"]["sheetId"]] = ours["addSheet"]["properties"]["sheetId"]
        if "addNamedRange" in theirs:
            old, new = (reply["addNamedRange"]["namedRange"]["namedRangeId"] for reply in (theirs, ours))
            ids[int(old)] = int(new)


def _comparable(answer: Any, ids: dict[int, int]) -> Any:
    """Take out what is the recorder's own: the spreadsheet's id and ids that the service chose."""
    if isinstance(answer, list):
        return [_comparable(item, ids) for item in answer]
    if not isinstance(answer, dict):
        return answer
    out = {name: _comparable(value, ids) for name, value in answer.items()}
    for name in ("spreadsheetId", "spreadsheetUrl", "protectedRangeId", "users", "namedRangeId"):
        out.pop(name, None)
    if isinstance(out.get("sheetId"), int):
        out["sheetId"] = ids.get(out["sheetId"], out["sheetId"])
    return out


def test_characters_that_no_file_can_hold_are_dropped_at_once(client: Any) -> None:
    client.put("A1:C1", [["a\x00b\x1f", "x\r\ny", "😀 ок "]])
    client.put("A2", [[1 / 3]])
    before = client.values("A1:C2", valueRenderOption="UNFORMATTED_VALUE")
    assert before[0] == ["ab", "x\ny", "😀 ок "]
    assert client.again().values("A1:C2", valueRenderOption="UNFORMATTED_VALUE") == before


def test_a_text_longer_than_a_cell_is_refused(client: Any) -> None:
    code, text = client.fail("PUT", "/values/A1", {"values": [["x" * 32_768]]}, valueInputOption="RAW")
    assert code == 400
    assert "maximum" in text
