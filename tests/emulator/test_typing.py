"""Typing (USER_ENTERED): the value and the number format that a text becomes in each locale.

How numbers are shown by patterns is tested in test_formats.py.
"""

from __future__ import annotations

from typing import Any

import pytest

NBSP, NARROW = "\u00a0", "\u202f"


def typed(client: Any, texts: list[str]) -> list[tuple[Any, str | None, str]]:
    """(value, pattern that came along, text shown) of each text, typed into a column."""
    client.put(f"A1:A{len(texts)}", [[text] for text in texts], "USER_ENTERED")
    out = []
    for row in client.cells(
        f"A1:A{len(texts)}", "effectiveValue,userEnteredFormat.numberFormat,formattedValue"
    ):
        cell = row[0]
        value = next(iter(cell["effectiveValue"].values()))
        pattern = cell.get("userEnteredFormat", {}).get("numberFormat", {}).get("pattern")
        out.append((value, pattern, cell["formattedValue"]))
    return out


def use(client: Any, locale: str) -> None:
    properties = {"properties": {"locale": locale}, "fields": "locale"}
    client.batch({"updateSpreadsheetProperties": properties})


RUSSIAN = {
    "31.12.2025": (46022, "dd.mm.yyyy", "31.12.2025"),
    "31.12": (46387, "dd.mm", "31.12"),
    "1.5": (46143, "d.m", "1.5"),
    "1-2": (46054, "d-m", "1-2"),
    "12,5": (12.5, None, "12,5"),
    "1 234,50 ₽": (1234.5, f'#,##0.00\\{NBSP}"₽"', f"1{NBSP}234,50{NBSP}₽"),
    f"1{NBSP}234,5": (1234.5, "#,##0.00", f"1{NBSP}234,50"),
    f"1{NARROW}234": (1234, "#,##0", f"1{NBSP}234"),
    "ложь": (False, None, "ЛОЖЬ"),
    "TRUE": (True, None, "ИСТИНА"),
    "50%": (0.5, "0%", "50%"),
    "12,5 %": (0.125, "0.00%", "12,50%"),
    "12:30": (0.5208333333333334, "h:mm", "12:30"),
    "31.12.2025 14:05": (46022.586805555555, "dd.mm.yyyy h:mm:ss", "31.12.2025 14:05:00"),
    "31 дек. 2025": (46022, "dd mmm yyyy", "31 дек. 2025"),
    "31 декабря 2025 г.": (46022, "dd mmmm yyyy", "31 декабря 2025"),
    "1 мая": (46143, "d mmmm", "1 мая"),
    "25:00": (1.0416666666666667, "[h]:mm:ss", "25:00:00"),
    "00123": (123, None, "123"),
    " 12 ": (12, None, "12"),
    "+79991234567": (79991234567, None, "79991234567"),
}


def test_typing_in_russian_brings_value_and_format(ru: Any) -> None:
    assert dict(zip(RUSSIAN, typed(ru, list(RUSSIAN)), strict=True)) == RUSSIAN


ENGLISH = {
    "12/31/2025": (46022, "mm/dd/yyyy", "12/31/2025"),
    "1/2": (46024, "m/d", "1/2"),
    "$1,234.50": (1234.5, '"$"#,##0.00', "$1,234.50"),
    "-$5": (-5, '"$"#,##0', "-$5"),
    "€5": (5, "[$€]#,##0", "€5"),
    "(1,234)": (-1234, "#,##0", "-1,234"),
    "1.5e3": (1500, "0.00E+00", "1.50E+03"),
    "Jan 2, 2026": (46024, "mmm d, yyyy", "Jan 2, 2026"),
    "2-Jan-2026": (46024, "d-mmm-yyyy", "2-Jan-2026"),
    "1:30 PM": (0.5625, "h:mm am/pm", "1:30 PM"),
    "12/31/2025 1:30 pm": (46022.5625, "mm/dd/yyyy h:mm:ss am/pm", "12/31/2025 1:30:00 PM"),
    "2026-01-02T03:04:05": (46024.12783564815, "yyyy-mm-dd h:mm:ss", "2026-01-02 3:04:05"),
}


def test_typing_in_english_brings_value_and_format(client: Any) -> None:
    assert dict(zip(ENGLISH, typed(client, list(ENGLISH)), strict=True)) == ENGLISH


@pytest.mark.parametrize(
    ("locale", "text", "value", "shown"),
    [
        ("de_DE", "31. Dez. 2025", 46022, "31. Dez. 2025"),
        ("de_DE", "1.234,5", 1234.5, "1.234,50"),
        ("de_DE", "5 €", 5, f"5{NBSP}€"),
        ("de_DE", "WAHR", True, "WAHR"),
        ("fr_FR", "31/12/2025", 46022, "31/12/2025"),
        ("fr_FR", "5 janv. 2026", 46027, "5 janv. 2026"),
        ("en_GB", "31/12/2025", 46022, "31/12/2025"),
        ("sv_SE", "2025-12-31", 46022, "2025-12-31"),
        ("pt_BR", "R$ 1.234,50", 1234.5, f"R${NBSP}1.234,50"),
    ],
)
def test_other_locales_type_their_own_way(
    client: Any, locale: str, text: str, value: Any, shown: str
) -> None:
    use(client, locale)
    told = typed(client, [text])[0]
    assert (told[0], told[2]) == (value, shown)


@pytest.mark.parametrize(
    "text",
    ["nan", "inf", "Infinity", "1" * 400, "1.2.3.4", "12 34", "1_000", "−5", "1e999", "-", "May"],
)
def test_what_is_no_number_stays_a_text_in_every_locale(client: Any, ru: Any, text: str) -> None:
    for one in (client, ru):
        assert typed(one, [text]) == [(text, None, text)]


@pytest.mark.parametrize("text", ["31.12.2025", "12,5", "13/13/2025", "2/29/2025", "1,23"])
def test_what_is_no_number_in_english_stays_a_text_there(client: Any, text: str) -> None:
    assert typed(client, [text]) == [(text, None, text)]


def test_an_apostrophe_keeps_a_text_and_is_not_part_of_it(ru: Any) -> None:
    assert typed(ru, ["'0012", "'=1+1", "'31.12.2025"]) == [
        ("0012", None, "0012"),
        ("=1+1", None, "=1+1"),
        ("31.12.2025", None, "31.12.2025"),
    ]


def test_a_cell_formatted_as_text_takes_everything_as_text(ru: Any) -> None:
    cell = {"userEnteredFormat": {"numberFormat": {"type": "TEXT"}}}
    area = {"sheetId": 0, "endRowIndex": 3, "endColumnIndex": 1}
    ru.batch(
        {"repeatCell": {"range": area, "cell": cell, "fields": "userEnteredFormat.numberFormat"}}
    )
    ru.put("A1:A3", [["0012"], ["31.12.2025"], ["=1+1"]], "USER_ENTERED")
    assert ru.values("A1:A3", valueRenderOption="UNFORMATTED_VALUE") == [
        ["0012"],
        ["31.12.2025"],
        ["=1+1"],
    ]


def test_a_format_that_the_cell_has_already_is_kept(client: Any) -> None:
    cell = {"userEnteredFormat": {"numberFormat": {"type": "NUMBER", "pattern": "0.000"}}}
    area = {"sheetId": 0, "endRowIndex": 1, "endColumnIndex": 1}
    client.batch(
        {"repeatCell": {"range": area, "cell": cell, "fields": "userEnteredFormat.numberFormat"}}
    )
    assert typed(client, ["50%"]) == [(0.5, "0.000", "0.500")]


def test_a_phone_number_with_a_plus_and_spaces_is_a_broken_formula(ru: Any) -> None:
    ru.put("A1", [["+7 999 123-45-67"]], "USER_ENTERED")
    assert ru.formulas("A1") == [["=+7 999 123-45-67"]]
    assert ru.values("A1") == [["#ERROR!"]]
