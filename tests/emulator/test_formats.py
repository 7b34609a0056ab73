"""Formats, links, notes, rich text and rules: the JSON that goes in comes out again, also after the disk.

How other programs see them is tested with openpyxl.
"""

from __future__ import annotations

from typing import Any

import openpyxl
import pytest

from sheetsync.emulator.xlsx.package.zip_package import Package
from sheetsync.emulator.xlsx.parts.inspection import note_boxes

RED = {"red": 1}
GREY = {"red": 0.8, "green": 0.8, "blue": 0.8}


def write(cell: dict[str, Any], fields: str = "*", row: int = 0) -> dict[str, Any]:
    return {
        "updateCells": {
            "start": {"sheetId": 0, "rowIndex": row},
            "rows": [{"values": [cell]}],
            "fields": fields,
        }
    }


def colored(name: str, color: dict[str, Any]) -> dict[str, Any]:
    return {name: color, f"{name}Style": {"rgbColor": color}}


def test_a_format_comes_back_as_it_was_set(client: Any) -> None:
    form = {
        "numberFormat": {"type": "DATE", "pattern": "dd.mm.yyyy"},
        **colored("backgroundColor", GREY),
        "textFormat": {
            "bold": True,
            "fontSize": 14,
            "fontFamily": "Roboto",
            **colored("foregroundColor", RED),
        },
        "horizontalAlignment": "CENTER",
        "verticalAlignment": "MIDDLE",
        "wrapStrategy": "WRAP",
        "borders": {"top": {"style": "SOLID_THICK", **colored("color", RED)}},
    }
    client.batch(write({"userEnteredValue": {"numberValue": 46083}, "userEnteredFormat": form}))
    for one in (client, client.again()):
        assert one.cells("A1", "userEnteredFormat,formattedValue") == [
            [{"userEnteredFormat": form, "formattedValue": "02.03.2026"}]
        ]


def test_a_mask_touches_only_what_it_names(client: Any) -> None:
    client.batch(
        write(
            {
                "userEnteredFormat": {
                    "textFormat": {"bold": True, "italic": True},
                    "horizontalAlignment": "LEFT",
                }
            }
        )
    )
    client.batch(
        write(
            {"userEnteredFormat": {"textFormat": {"bold": False}}},
            "userEnteredFormat.textFormat(bold,italic)",
        )
    )
    assert client.cells("A1", "userEnteredFormat") == [
        [{"userEnteredFormat": {"textFormat": {"bold": False}, "horizontalAlignment": "LEFT"}}]
    ]


@pytest.mark.parametrize(
    "uri", ["https://example.com/?q=1", "mailto:a@b.c", "#gid=5&range=A5", "#gid=5&range=B2:C3"]
)
def test_links_come_back_and_lead_somewhere_in_the_file(client: Any, uri: str) -> None:
    cell = {
        "userEnteredValue": {"stringValue": "go"},
        "userEnteredFormat": {"textFormat": {"link": {"uri": uri}}},
    }
    client.batch({"addSheet": {"properties": {"sheetId": 5, "title": "Мой лист"}}}, write(cell))
    opened = client.again()
    assert opened.cells("A1", "hyperlink") == [[{"hyperlink": uri}]]
    book = openpyxl.load_workbook(client.path)
    link = book.worksheets[0]["A1"].hyperlink
    book.close()
    if uri.startswith("#"):
        assert (link.location, link.target) == ("'Мой лист'!" + uri.split("range=")[1], None)
    else:
        assert link.target == uri
    rename = {"properties": {"sheetId": 5, "title": "Other"}, "fields": "title"}
    opened.batch({"updateSheetProperties": rename})
    assert opened.again().cells("A1", "hyperlink") == [[{"hyperlink": uri}]]


def test_notes_and_rich_text_come_back(client: Any) -> None:
    runs = [{"startIndex": 3, "format": {"bold": True}}, {"startIndex": 5, "format": {}}]
    client.batch(
        write(
            {
                "userEnteredValue": {"stringValue": "aa bb cc"},
                "note": "n1\nn2",
                "textFormatRuns": runs,
            }
        )
    )
    for one in (client, client.again()):
        cell = one.cells("A1", "note,textFormatRuns,userEnteredValue")[0][0]
        assert cell["userEnteredValue"] == {"stringValue": "aa bb cc"}
        assert cell["note"] == "n1\nn2"
        assert [run for run in cell["textFormatRuns"] if run.get("startIndex")] == runs
    client.put("A1", [["plain"]])
    assert client.cells("A1", "textFormatRuns,note") == [[{"note": "n1\nn2"}]]


def test_the_box_of_a_note_is_as_large_as_its_words(client: Any) -> None:
    """Spreadsheet programs show of a note what its box has room for."""
    for text in ("short", "word " * 40, "line\n" * 12, "short again"):
        client.batch(write({"note": text}))
        ((width, height),) = next(
            iter(note_boxes(Package.of(client.path.read_bytes())).values())
        ).values()
        lines = sum(max(1, -(-len(line) * 6.5 // width)) for line in text.split("\n"))
        assert height >= lines * 15


def test_texts_that_look_like_formulas_stay_texts_on_disk(client: Any) -> None:
    client.batch(write({"userEnteredValue": {"stringValue": "=1+1"}}))
    book = openpyxl.load_workbook(client.path)
    assert (book.worksheets[0]["A1"].value, book.worksheets[0]["A1"].data_type) == ("=1+1", "s")
    book.close()
    assert client.again().cells("A1", "userEnteredValue") == [
        [{"userEnteredValue": {"stringValue": "=1+1"}}]
    ]


CONDITIONS = [
    {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": "=$B2>1"}]},
    {"type": "TEXT_EQ", "values": [{"userEnteredValue": 'say "x"'}]},
    {"type": "TEXT_CONTAINS", "values": [{"userEnteredValue": "abc"}]},
    {"type": "NUMBER_LESS", "values": [{"userEnteredValue": "5"}]},
    {"type": "NUMBER_BETWEEN", "values": [{"userEnteredValue": "1"}, {"userEnteredValue": "2"}]},
    {"type": "DATE_BEFORE", "values": [{"relativeDate": "TODAY"}]},
    {"type": "DATE_AFTER", "values": [{"userEnteredValue": "2026-01-01"}]},
    {"type": "NOT_BLANK"},
    {"type": "BLANK"},
]


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda c: c["type"])
def test_conditional_formats_come_back(client: Any, condition: Any) -> None:
    form = {**colored("backgroundColor", RED), "textFormat": {"bold": True}}
    ranges = [{"sheetId": 0, "startRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 3}]
    rule = {"ranges": ranges, "booleanRule": {"condition": condition, "format": form}}
    client.batch({"addConditionalFormatRule": {"rule": rule, "index": 0}})
    want = {
        "ranges": [{k: v for k, v in ranges[0].items() if k != "sheetId"}],
        "booleanRule": rule["booleanRule"],
    }
    assert client.sheet()["conditionalFormats"] == [want]
    assert client.again().sheet()["conditionalFormats"] == [want]
    book = openpyxl.load_workbook(client.path)
    assert [len(f.rules) for f in book.worksheets[0].conditional_formatting] == [1]
    book.close()


RULES = [
    {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "да"}, {"userEnteredValue": "нет"}]},
    {"type": "ONE_OF_RANGE", "values": [{"userEnteredValue": "=Sheet1!$A$2:$A"}]},
    {"type": "BOOLEAN"},
    {"type": "DATE_IS_VALID"},
    {"type": "NUMBER_GREATER_THAN_EQ", "values": [{"userEnteredValue": "0"}]},
    {
        "type": "DATE_BETWEEN",
        "values": [{"userEnteredValue": "2026-01-01"}, {"userEnteredValue": "2026-12-31"}],
    },
    {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": "=LEN(C2)<5"}]},
]


@pytest.mark.parametrize("condition", RULES, ids=lambda c: c["type"])
def test_validations_come_back_and_stand_once_in_the_file(client: Any, condition: Any) -> None:
    rule = {"condition": condition, "strict": True, "inputMessage": "Подсказка"}
    if condition["type"].startswith("ONE_OF"):
        rule["showCustomUi"] = True
    cells = [{"values": [{"dataValidation": rule}]} for _ in range(20)]
    where = {"sheetId": 0, "rowIndex": 1, "columnIndex": 2}
    client.batch({"updateCells": {"start": where, "rows": cells, "fields": "dataValidation"}})
    for one in (client, client.again()):
        assert one.cells("C2:C21", "dataValidation") == [[{"dataValidation": rule}]] * 20
    book = openpyxl.load_workbook(client.path)
    assert [str(v.sqref) for v in book.worksheets[0].data_validations.dataValidation] == ["C2:C21"]
    book.close()


def test_sheet_properties_come_back(client: Any) -> None:
    grid = {
        "rowCount": 50,
        "columnCount": 7,
        "frozenRowCount": 2,
        "frozenColumnCount": 1,
        "hideGridlines": True,
    }
    given = {
        "sheetId": 9,
        "title": "Скрытый",
        "gridProperties": grid,
        **colored("tabColor", RED),
        "hidden": True,
    }
    client.batch({"addSheet": {"properties": given}})
    for one in (client, client.again()):
        properties = one.sheet(1)["properties"]
        assert properties == {**given, "index": 1, "sheetType": "GRID"}


def test_borders_are_drawn_around_and_inside(client: Any) -> None:
    side = {"style": "SOLID", **colored("color", {})}
    area = {
        "sheetId": 0,
        "startRowIndex": 0,
        "endRowIndex": 2,
        "startColumnIndex": 0,
        "endColumnIndex": 2,
    }
    client.batch({"updateBorders": {"range": area, "top": side, "innerVertical": side}})
    borders = [
        [cell.get("userEnteredFormat", {}).get("borders", {}) for cell in row]
        for row in client.again().cells("A1:B2", "userEnteredFormat.borders")
    ]
    assert [[sorted(cell) for cell in row] for row in borders] == [
        [["right", "top"], ["left", "top"]],
        [["right"], ["left"]],
    ]


def test_rules_that_no_file_can_say_are_kept_all_the_same(client: Any) -> None:
    condition = {
        "type": "ONE_OF_LIST",
        "values": [{"userEnteredValue": "a, b"}, {"userEnteredValue": "c"}],
    }
    where = {
        "sheetId": 0,
        "startRowIndex": 0,
        "endRowIndex": 3,
        "startColumnIndex": 0,
        "endColumnIndex": 1,
    }
    boolean = {"condition": {"type": "TEXT_IS_EMAIL"}, "format": {"textFormat": {"bold": True}}}
    client.batch(
        {"setDataValidation": {"range": where, "rule": {"condition": condition}}},
        {"addConditionalFormatRule": {"rule": {"ranges": [where], "booleanRule": boolean}}},
    )
    opened = client.again()
    assert opened.cells("A3", "dataValidation") == [[{"dataValidation": {"condition": condition}}]]
    assert opened.sheet()["conditionalFormats"] == client.sheet()["conditionalFormats"]
    assert opened.sheet()["conditionalFormats"][0]["booleanRule"] == boolean


def shown(client: Any, cases: list[tuple[Any, dict[str, Any]]]) -> list[str]:
    """Tell what people see of values under number formats, all in one column."""
    rows = []
    for value, form in cases:
        kind = "stringValue" if isinstance(value, str) else "numberValue"
        cell = {"userEnteredValue": {kind: value}, "userEnteredFormat": {"numberFormat": form}}
        rows.append({"values": [cell]})
    fields = "userEnteredValue,userEnteredFormat.numberFormat"
    client.batch({"updateCells": {"start": {"sheetId": 0}, "rows": rows, "fields": fields}})
    return [row[0] if row else "" for row in client.values(f"A1:A{len(cases)}")]


MONEY = '_("$"* #,##0.00_);_("$"* \\(#,##0.00\\);_("$"* "-"??_);_(@_)'
NUMBERS = [
    (1234.5, "#,##0.00", "1,234.50"),
    (1.005, "0.00", "1.01"),
    (2.675, "0.00", "2.68"),
    (-1.99, '"$"#,##0.00', "-$1.99"),
    (99.95, MONEY, " $ 99.95 "),
    (-23.45, MONEY, " $ (23.45)"),
    (0, MONEY, " $ - "),
    (1234567, '0.0,,"M"', "1.2M"),
    (1234567, "#,##0,", "1,235"),
    (0.256, "0.0%", "25.6%"),
    (0.00321, "0.00E+00", "3.21E-03"),
    (12345, "##0.0E+0", "12.3E+3"),
    (12345.6789, "# ??/??", "12345 55/81"),
    (5.3, "# ?/8", "5 2/8"),
    (150, '[>100]"big";[<=100]0.0', "big"),
    (50, '[>100]"big";[<=100]0.0', "50.0"),
    (-5, "0;(0)", "(5)"),
    (-5, "[Red]0.0;[Blue]-0", "-5"),
    (0, '0;-0;"zero"', "zero"),
    (79991234567, "+0 (000) 000-00-00", "+7 (999) 123-45-67"),
    (5, '"№ "000', "№ 005"),
    (3, "0.##", "3."),
    (3.14159, "0.0#", "3.14"),
    (5, '@" pcs"', "5 pcs"),
    (5, 'General" pcs"', "5 pcs"),
    ("five", '0;0;0;"<"@">"', "<five>"),
    (1.5, "[h]:mm:ss", "36:00:00"),
    (-1.5, "[hh]:mm", "-36:00"),
    (0.5104166, "h:mm am/pm", "12:15 PM"),
    (46000.75, "dddd, mmm d, yy", "Tuesday, Dec 9, 25"),
    (46000.752, 'hh"h" mm"m" ss.000', "18h 02m 52.800"),
    (5, ";;;", ""),
    (46000, "mmmmm", "D"),
]


def test_patterns_show_numbers_as_google_does(client: Any) -> None:
    cases = [(value, {"type": "NUMBER", "pattern": pattern}) for value, pattern, _ in NUMBERS]
    assert shown(client, cases) == [text for _, _, text in NUMBERS]


def test_a_type_without_a_pattern_shows_the_locales_own_way(client: Any, ru: Any) -> None:
    kinds = ["DATE", "TIME", "DATE_TIME", "CURRENCY", "PERCENT", "NUMBER", "SCIENTIFIC", "TEXT"]
    cases = [(46000.5, {"type": kind}) for kind in kinds]
    english = [
        "12/9/2025",
        "12:00:00 PM",
        "12/9/2025 12:00:00",
        "$46,000.50",
        "4600050.00%",
        "46,000.50",
        "4.60E+04",
    ]
    russian = [
        "09.12.2025",
        "12:00:00",
        "09.12.2025 12:00:00",
        "46\u00a0000,50\u00a0₽",
        "4600050,00%",
    ]
    assert shown(client, cases) == [*english, "46000.5"]
    assert shown(ru, cases) == [*russian, "46\u00a0000,50", "4,60E+04", "46000,5"]


def test_months_and_days_have_the_locales_names(ru: Any) -> None:
    patterns = {
        "d mmmm yyyy": "9 декабря 2025",
        "ddd dd.mm": "вт 09.12",
        "dddd": "вторник",
        "mmm yy": "дек. 25",
        '#,##0.00 "руб"': "46\u00a0000,00 руб",
    }
    cases = [(46000, {"type": "DATE", "pattern": pattern}) for pattern in patterns]
    assert shown(ru, cases) == list(patterns.values())


def test_numbers_without_a_format_have_ten_digits(client: Any) -> None:
    numbers = {
        1 / 3: "0.3333333333",
        100000 / 3: "33333.33333",
        1234567890.123: "1234567890",
        1 / 3000: "0.0003333333333",
        1e-7: "0.0000001",
        1e22: "1E+22",
        12345678901234567890: "12345678901234600000",
        -2.5: "-2.5",
    }
    client.put(f"A1:A{len(numbers)}", [[number] for number in numbers])
    assert client.values(f"A1:A{len(numbers)}") == [[text] for text in numbers.values()]


def test_values_stand_where_google_puts_them(client: Any) -> None:
    client.put("A1:E1", [["text", 1, True, "=1/0", '=""']], "USER_ENTERED")
    cells = client.cells("A1:E1", "effectiveFormat(horizontalAlignment,textFormat.fontFamily)")[0]
    assert [cell["effectiveFormat"].get("horizontalAlignment") for cell in cells] == [
        "LEFT",
        "RIGHT",
        "CENTER",
        "CENTER",
        None,
    ]
    assert {cell["effectiveFormat"]["textFormat"]["fontFamily"] for cell in cells} == {"Arial"}


def test_links_in_a_part_of_a_text_are_shown_as_links(client: Any) -> None:
    link = {"link": {"uri": "https://example.com/"}}
    runs = [{"format": link}, {"startIndex": 3, "format": {}}]
    client.batch(write({"userEnteredValue": {"stringValue": "aa bb"}, "textFormatRuns": runs}))
    cell = client.cells("A1", "textFormatRuns,hyperlink")[0][0]
    assert "hyperlink" not in cell
    first, second = cell["textFormatRuns"]
    assert (first["format"]["underline"], first["format"]["link"], "startIndex" in first) == (
        True,
        link["link"],
        False,
    )
    assert second == {"startIndex": 3, "format": {}}
    client.batch(write({"userEnteredValue": {"stringValue": "aa bb"}, "textFormatRuns": runs[:1]}))
    assert client.cells("A1", "hyperlink") == [[{"hyperlink": "https://example.com/"}]]


def test_banding_shows_in_the_effective_format_under_the_cells_own(client: Any) -> None:
    colors = {"firstBandColor": RED, "secondBandColor": GREY}
    area = {
        "sheetId": 0,
        "startRowIndex": 0,
        "endRowIndex": 3,
        "startColumnIndex": 0,
        "endColumnIndex": 1,
    }
    client.batch({"addBanding": {"bandedRange": {"range": area, "rowProperties": colors}}})
    client.batch(
        write({"userEnteredFormat": {"backgroundColor": {"blue": 1}}}, "userEnteredFormat", row=2)
    )
    rows = client.cells("A1:A3", "effectiveFormat.backgroundColor")
    assert [row[0]["effectiveFormat"]["backgroundColor"] for row in rows] == [
        RED,
        GREY,
        {"blue": 1},
    ]
