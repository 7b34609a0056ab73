"""BooleanConditions: for which cells each kind holds, seen through conditional formats.

Filters and validations, which share the same conditions, are tested elsewhere.
"""

from __future__ import annotations

from typing import Any

import pytest

CELLS = [
    "10",
    "2",
    "abc",
    "ABC def",
    "",
    "TRUE",
    "=1/0",
    "2026-03-02",
    "2026-03-01",
    "a@b.ru",
    "https://x.org",
]


def holding(client: Any, kind: str, values: list[str], **options: Any) -> list[str]:
    """Tell in which of CELLS the condition holds, by what was typed there."""
    given = [{"userEnteredValue": value} for value in values] + [
        {"relativeDate": date} for date in options.values()
    ]
    rule = {
        "condition": {"type": kind, "values": given},
        "format": {"textFormat": {"strikethrough": True}},
    }
    area = {
        "sheetId": 0,
        "startRowIndex": 0,
        "endRowIndex": len(CELLS),
        "startColumnIndex": 0,
        "endColumnIndex": 1,
    }
    client.put(f"A1:A{len(CELLS)}", [[text] for text in CELLS], "USER_ENTERED")
    client.batch(
        {"addConditionalFormatRule": {"rule": {"ranges": [area], "booleanRule": rule}, "index": 0}}
    )
    rows = client.cells(f"A1:A{len(CELLS)}", "effectiveFormat.textFormat.strikethrough")
    struck = [
        bool(row and row[0].get("effectiveFormat", {}).get("textFormat", {}).get("strikethrough"))
        for row in rows
    ]
    return [text for text, yes in zip(CELLS, struck, strict=False) if yes]


@pytest.mark.parametrize(
    ("kind", "values", "cells"),
    [
        ("NUMBER_GREATER", ["2"], ["10", "2026-03-02", "2026-03-01"]),
        ("NUMBER_GREATER_THAN_EQ", ["=1+1"], ["10", "2", "2026-03-02", "2026-03-01"]),
        ("NUMBER_LESS", ["10"], ["2"]),
        ("NUMBER_EQ", ["10"], ["10"]),
        ("NUMBER_BETWEEN", ["10", "2"], ["10", "2"]),
        ("NUMBER_LESS", ["no number"], []),
        ("TEXT_CONTAINS", ["AB"], ["abc", "ABC def"]),
        ("TEXT_CONTAINS", ["a?c d*f"], ["ABC def"]),
        ("TEXT_STARTS_WITH", ["abc"], ["abc", "ABC def"]),
        ("TEXT_ENDS_WITH", ["DEF"], ["ABC def"]),
        ("TEXT_EQ", ["abc"], ["abc"]),
        ("DATE_EQ", ["2026-03-02"], ["2026-03-02"]),
        ("DATE_BEFORE", ["2026-03-02"], ["10", "2", "2026-03-01"]),
        ("BLANK", [], [""]),
        ("CUSTOM_FORMULA", ["=LEN(A1)=3"], ["abc"]),
        ("CUSTOM_FORMULA", ["=ISERROR($A1)"], ["=1/0"]),
    ],
)
def test_a_condition_holds_for_its_cells(
    memory: Any, kind: str, values: list[str], cells: list[str]
) -> None:
    assert holding(memory, kind, values) == cells


def test_a_relative_date_is_counted_from_the_books_own_day(memory: Any) -> None:
    assert holding(memory, "DATE_EQ", [], date="TODAY") == ["2026-03-02"]
    assert holding(memory, "DATE_AFTER", [], date="YESTERDAY") == ["2026-03-02"]


def test_a_condition_is_read_in_the_books_locale(memory: Any) -> None:
    memory.batch(
        {"updateSpreadsheetProperties": {"properties": {"locale": "ru_RU"}, "fields": "locale"}}
    )
    assert holding(memory, "NUMBER_EQ", ["9,5+0,5"]) == []
    assert holding(memory, "NUMBER_EQ", ["=SUM(9,5;0,5)"]) == ["10"]
