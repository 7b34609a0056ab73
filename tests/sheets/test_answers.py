"""Answers that are none: whatever comes under a 200, nothing reads it before it is known to be the service's own."""

import json
from typing import Any

import pytest

from sheetsync.sheets.connection.answers import WrongAnswer, answer_of
from tests.builders.bench import TITLES, Shell
from tests.builders.cloud import ADDRESS, BOOK, HTML, Cloud, Fault

TODAY = "2026-03-02"
DEEP = "[" * 500_000 + "]" * 500_000
HOSTILE = {
    "null": "null",
    "a list": "[]",
    "a text": '"OK"',
    "nothing": "",
    "nothing told": "{}",
    "half": '{"spreadsheetId": "a-spread',
    "nested deep": DEEP,
    "nested deep inside": f'{{"sheets": {DEEP}}}',
    "a page": HTML,
    "another book": '{"spreadsheetId": "another-book", "properties": {"title": "B"}, "sheets": [{"properties": {}}]}',
    "a list for a dictionary": f'{{"spreadsheetId": "{BOOK}", "properties": [], "sheets": [{{"properties": {{}}}}]}}',
    "null for a list": f'{{"spreadsheetId": "{BOOK}", "sheets": null, "replies": null, "valueRanges": null}}',
    "a number for a text": f'{{"spreadsheetId": "{BOOK}", "properties": {{"title": 7}}, "sheets": [{{"properties": {{"title": 7}}}}]}}',
    "half a character": f'{{"spreadsheetId": "{BOOK}", "properties": {{"title": "\\ud800"}}, "sheets": [{{"properties": {{}}}}]}}',
    "no number": f'{{"spreadsheetId": "{BOOK}", "sheets": [{{"properties": {{"sheetId": 1e999}}}}], "properties": {{"x": NaN}}}}',
}
READ, CELLS, LOCK, AGAIN, WRITE = range(1, 6)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_wrong_body_is_no_answer(name: str) -> None:
    for schema in ("Spreadsheet", "BatchUpdateSpreadsheetResponse"):
        body = json.loads(HOSTILE[name]) if name == "null for a list" else None
        if body is not None and schema == "Spreadsheet":
            body = {"spreadsheetId": BOOK, "sheets": None}
        raw = HOSTILE[name] if body is None else json.dumps(body)
        if schema != "Spreadsheet" and "properties" in raw and BOOK in raw:
            continue  # names that this message does not have
        with pytest.raises(WrongAnswer):
            answer_of(raw.encode(), schema, BOOK)


@pytest.mark.parametrize(
    "rows", [[[{"a": 1}]], ["row"], [[["nested"]]], [None], [[10**40]]], ids=str
)
def test_cells_are_plain_values(rows: Any) -> None:
    body = {"spreadsheetId": BOOK, "valueRanges": [{"valueRange": {"values": rows}}]}
    with pytest.raises(WrongAnswer):
        answer_of(json.dumps(body).encode(), "BatchGetValuesByDataFilterResponse", BOOK)


def test_names_that_google_adds_are_passed_over_and_every_kind_of_cell_is_taken() -> None:
    values = [["a", 1, 1.5, True, None, ""], []]
    body = {
        "spreadsheetId": BOOK,
        "news": {"of": ["tomorrow"]},
        "valueRanges": [{"valueRange": {"values": values, "majorDimension": "NEW"}}],
    }
    read = answer_of(json.dumps(body).encode(), "BatchGetValuesByDataFilterResponse", BOOK)
    assert read == body


@pytest.mark.parametrize("at", [READ, CELLS, LOCK, AGAIN, WRITE])
def test_a_run_meets_a_wrong_body_at_any_request_and_goes_on(
    sheetsync: Shell, cloud: Cloud, at: int
) -> None:
    name = ["null", "a list", "nested deep", "nothing told", "null for a list"][at - 1]
    cloud.script[at] = Fault(200, HOSTILE[name], late=True)
    told = sheetsync("run", ADDRESS, "--force", "--today", TODAY)
    assert told.code == 0, told.err
    assert len(cloud.companies()[TITLES["strategic"]]) == 3
    again = sheetsync("unlock", ADDRESS)
    assert again.out.strip() == "The base is not locked."


@pytest.mark.parametrize("fault", [Fault(200, "{}"), Fault(200, DEEP), Fault(403, HTML)])
def test_a_body_that_stays_wrong_is_told_as_the_services_fault(
    sheetsync: Shell, cloud: Cloud, fault: Fault
) -> None:
    cloud.always["read"] = fault
    for words in (["plan", ADDRESS], ["adopt", ADDRESS]):
        told = sheetsync(*words, "--lang", "ru")
        told.complains(3)
        assert "постороннее" in told.err
        assert "adopt" not in told.err


@pytest.mark.parametrize(
    "body",
    [
        '{"error": {"code": 400, "message": ["a"], "details": {"a": 1}}}',
        '{"error": {"code": 400, "message": null, "details": [7]}}',
        '{"error": "no"}',
        '{"error": []}',
        "null",
        DEEP,
    ],
    ids=range(6),
)
def test_an_error_in_no_known_form_is_one_sentence_too(
    sheetsync: Shell, cloud: Cloud, body: str
) -> None:
    cloud.always["read"] = Fault(400, body)
    sheetsync("plan", ADDRESS).complains(3)
    cloud.always = {"write": Fault(400, body)}
    sheetsync("run", ADDRESS, "--force", "--today", TODAY).complains(3)
    cloud.always.clear()
    assert sheetsync("unlock", ADDRESS, "--json").code == 0
