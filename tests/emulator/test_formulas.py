"""Formulas: what they come to, what is said of those that fail, arrays that fill their neighbours, locales' own writing.

That references move along with cells is tested in test_structure.py.
"""

from __future__ import annotations

from typing import Any

import pytest

RAW = {"valueRenderOption": "UNFORMATTED_VALUE"}


def enter(client: Any, a1: str, *rows: list[Any]) -> None:
    client.put(a1, list(rows), "USER_ENTERED")


ERRORS = [
    ("=1/0", "#DIV/0!", "DIVIDE_BY_ZERO", "Function DIVIDE parameter 2 cannot be zero."),
    ("=NotARealFunction()", "#NAME?", "NAME", "Unknown function: 'NotARealFunction'."),
    ('=QUERY(B1:C2,"select B")', "#NAME?", "NAME", "Unknown function: 'QUERY'."),
    ("=SUM(foo)", "#NAME?", "NAME", "Unknown range name: 'foo'."),
    (
        '=VLOOKUP("nope",B1:C9,1,FALSE)',
        "#N/A",
        "N_A",
        "Did not find value 'nope' in VLOOKUP evaluation.",
    ),
    ("=MATCH(B1+1,C1:C9,0)", "#N/A", "N_A", "Did not find value '1' in MATCH evaluation."),
    (
        "=SQRT(-1)",
        "#NUM!",
        "NUM",
        "Function SQRT parameter 1 value is negative. It should be positive or zero.",
    ),
    (
        '="a"+1',
        "#VALUE!",
        "VALUE",
        "Function ADD parameter 1 expects number values. But 'a' is a text and cannot be coerced to a number.",
    ),
    ("=NoTab!A1", "#REF!", "REF", "Unresolved sheet name 'NoTab'."),
    ("=#REF!+1", "#REF!", "REF", "Reference does not exist."),
    (
        "=A1+1",
        "#REF!",
        "REF",
        "Circular dependency detected. To resolve with iterative calculation, see File > Settings.",
    ),
    ("=SUM(1,", "#ERROR!", "ERROR", "Formula parse error."),
    ("=B1:C1 B9:C9", "#ERROR!", "ERROR", "Formula parse error."),
]


@pytest.mark.parametrize(
    ("formula", "code", "kind", "message"), ERRORS, ids=[row[0] for row in ERRORS]
)
def test_an_error_has_googles_type_and_words(
    client: Any, formula: str, code: str, kind: str, message: str
) -> None:
    enter(client, "A1:A2", [formula], ["=A1"])
    for row in client.cells("A1:A2", "effectiveValue,formattedValue"):
        assert row[0] == {
            "effectiveValue": {"errorValue": {"type": kind, "message": message}},
            "formattedValue": code,
        }
    assert client.values("A1") == [[code]]
    assert client.values("A1", **RAW) == [[f"{code} ({message})"]]
    assert client.formulas("A1") == [[formula]]


def test_na_has_no_words(client: Any) -> None:
    enter(client, "A1", ["=NA()"])
    assert client.values("A1", **RAW) == [["#N/A"]]
    assert client.cells("A1", "effectiveValue") == [
        [{"effectiveValue": {"errorValue": {"type": "N_A"}}}]
    ]


def test_a_circle_of_cells_is_an_error_in_each(client: Any) -> None:
    enter(client, "A1:C1", ["=B1", "=A1", "=1+1"])
    assert client.values("A1:C1") == [["#REF!", "#REF!", "2"]]


def test_an_array_fills_its_neighbours(client: Any) -> None:
    enter(client, "A1:B3", [3, "c"], [1, "a"], [2, "b"])
    enter(client, "D1", ["=SORT(A1:B3,1,TRUE)"])
    assert client.values("D1:E9", **RAW) == [[1, "a"], [2, "b"], [3, "c"]]
    assert client.values("D2:E2") == [["2", "b"]]
    assert client.formulas("D1:E9") == [["=SORT(A1:B3,1,TRUE)"]]
    shown = client.cells("D2:E2", "userEnteredValue,effectiveValue,formattedValue")
    assert shown == [
        [
            {"effectiveValue": {"numberValue": 2}, "formattedValue": "2"},
            {"effectiveValue": {"stringValue": "b"}, "formattedValue": "b"},
        ]
    ]
    enter(client, "G1", ["=SUM(D1:D9)"])
    assert client.values("G1") == [["6"]]


def test_an_array_that_finds_its_place_taken_is_an_error(client: Any) -> None:
    enter(client, "A1:A3", ["=SEQUENCE(3)"], [None], ["x"])
    message = "Array result was not expanded because it would overwrite data in A3."
    assert client.values("A1:A3", **RAW) == [[f"#REF! ({message})"], [], ["x"]]
    client.put("A3", [[""]])
    assert client.values("A1:A3", **RAW) == [[1], [2], [3]]


def test_an_array_that_leaves_the_grid_is_an_error(client: Any) -> None:
    enter(client, "A998", ["=SEQUENCE(5)"])
    enter(client, "Z1", ["=SEQUENCE(1,3)"])
    message = "Result was not automatically expanded, please insert more"
    assert client.values("A998", **RAW) == [[f"#REF! ({message} rows (2).)"]]
    assert client.values("Z1", **RAW) == [[f"#REF! ({message} columns (2).)"]]


def test_an_array_of_a_range_without_an_end_ends_with_the_grid(client: Any) -> None:
    enter(client, "A1:B3", ["h", "=ARRAYFORMULA(A2:A*2)"], [1, None], [2, None])
    assert client.values("B999:B1000", **RAW) == [[0]]
    assert client.values("B1:B2", **RAW) == [[2], [4]]


@pytest.mark.parametrize(
    ("formula", "rows"),
    [
        ("=ARRAYFORMULA(A1:A3*2)", [[2], [4], [6]]),
        ("=FILTER(A1:A3,A1:A3>1)", [[2], [3]]),
        ("=UNIQUE(B1:B3)", [["x"], ["y"]]),
        ("=TRANSPOSE(A1:A3)", [[1, 2, 3]]),
        ("={A1;A3}", [[1], [3]]),
        ("=LET(x,A2,x*10)", [[20]]),
    ],
)
def test_functions_of_arrays_work(client: Any, formula: str, rows: list[list[Any]]) -> None:
    enter(client, "A1:B3", [1, "x"], [2, "y"], [3, "x"])
    enter(client, "E5", [formula])
    assert client.values("E5:Z9", **RAW) == rows


def test_ranges_without_an_end_cover_what_is_there(client: Any) -> None:
    enter(client, "A1:A4", ["head"], [1], [2], [3])
    enter(client, "C1:C3", ["=SUM(A2:A)"], ["=COUNTA(A:A)"], ["=SUM(2:3)-C1"])
    assert client.values("C1:C2", **RAW) == [[6], [4]]


def test_names_and_tabs_with_spaces_and_quotes(client: Any) -> None:
    client.batch({"addSheet": {"properties": {"sheetId": 7, "title": "It's my tab"}}})
    enter(client, "'It''s my tab'!A1:A2", [4], [5])
    area = {
        "sheetId": 7,
        "startRowIndex": 0,
        "endRowIndex": 2,
        "startColumnIndex": 0,
        "endColumnIndex": 1,
    }
    client.batch({"addNamedRange": {"namedRange": {"name": "my_numbers", "range": area}}})
    enter(
        client,
        "A1:C1",
        ["=SUM('It''s my tab'!A:A)", "=SUM(My_Numbers)", '="my_numbers"&MAX(my_numbers)'],
    )
    assert client.values("A1:C1", **RAW) == [[9, 9, "my_numbers5"]]


@pytest.mark.parametrize(
    "formula", ["=far!A1", "='FAR'!A1", '=INDIRECT("f"&"ar!A1")', "=far_away", "=middle!A1"]
)
def test_a_value_of_another_tab_is_there_however_it_is_named(client: Any, formula: str) -> None:
    for number, title in ((7, "Far"), (8, "Middle")):
        client.batch({"addSheet": {"properties": {"sheetId": number, "title": title}}})
    client.put("Far!A1", [[6]])
    enter(client, "Middle!A1", ["=Far!A1"])
    cell = {"startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 1}
    name = {"name": "far_away", "range": {"sheetId": 7, **cell}}
    client.batch({"addNamedRange": {"namedRange": name}})
    enter(client, "A1", [formula])
    assert client.values("A1", **RAW) == [[6]]


def test_a_formula_that_only_names_an_empty_cell_is_empty(client: Any) -> None:
    enter(client, "A1:C1", ["=Z9", "=A1", "=Z9+0"])
    assert client.values("A1:C1", **RAW) == [["", "", 0]]
    assert client.cells("A1", "userEnteredValue,effectiveValue,formattedValue") == [
        [{"userEnteredValue": {"formulaValue": "=Z9"}}]
    ]


def test_a_date_goes_on_through_formulas(client: Any) -> None:
    enter(client, "A1:E1", ["=DATE(2026,3,2)", "=A1", "=B1+1", "=MAX(A1:C1)", "=C1-A1"])
    assert client.values("A1:D1") == [["3/2/2026", "3/2/2026", "3/3/2026", "3/3/2026"]]
    assert client.cells("B1", "effectiveFormat.numberFormat") == [
        [{"effectiveFormat": {"numberFormat": {"type": "DATE"}}}]
    ]


def test_values_follow_every_change(client: Any) -> None:
    enter(client, "A1:B1", [1, "=A1*2"])
    assert client.values("B1") == [["2"]]
    client.put("A1", [[5]])
    assert client.values("B1") == [["10"]]


def test_where_the_decimal_mark_is_a_comma_semicolons_part_the_arguments(ru: Any) -> None:
    texts = ["=SUM(1,5;2)", '=IF(1>0;"a;b,c";"нет")', "=SUM({1,5\\2;3\\4})", "=ROUND('Лист1'!A1;0)"]
    enter(ru, "A1:D1", texts)
    assert ru.values("A1:D1", **RAW) == [[3.5, "a;b,c", 10.5, 4]]
    assert ru.formulas("A1:D1") == [texts]
    assert ru.cells("A1", "userEnteredValue") == [
        [{"userEnteredValue": {"formulaValue": "=SUM(1,5;2)"}}]
    ]
    assert ru.again().formulas("A1:D1") == [texts]


def test_semicolons_are_taken_in_english_too(client: Any) -> None:
    enter(client, "A1", ["=SUM(1.5;2)"])
    assert (client.values("A1"), client.formulas("A1")) == ([["3.5"]], [["=SUM(1.5,2)"]])


def test_a_conditional_format_shows_in_the_effective_format(client: Any) -> None:
    red, bold = {"red": 1}, {"bold": True}
    area = {
        "sheetId": 0,
        "startRowIndex": 1,
        "endRowIndex": 4,
        "startColumnIndex": 0,
        "endColumnIndex": 2,
    }
    late = {"condition": {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": "=$A2>1"}]}}
    large = {"condition": {"type": "NUMBER_GREATER", "values": [{"userEnteredValue": "2"}]}}
    rules = [
        {**late, "format": {"backgroundColor": red}},
        {**large, "format": {"textFormat": bold}},
    ]
    client.batch(
        *(
            {
                "addConditionalFormatRule": {
                    "rule": {"ranges": [area], "booleanRule": rule},
                    "index": 0,
                }
            }
            for rule in rules
        )
    )
    enter(client, "A2:A4", [1], [2], ["=1+2"])
    shown = client.cells("A2:B4", "effectiveFormat(backgroundColor,textFormat.bold)")
    told = [[cell.get("effectiveFormat", {}) for cell in row] for row in shown]
    colors = [[form.get("backgroundColor") == red for form in row] for row in told]
    assert colors == [[False], [True, True], [True, True]]
    assert [row[0]["textFormat"]["bold"] for row in told] == [False, False, True]


def test_a_color_scale_shows_in_the_effective_format(client: Any) -> None:
    area = {
        "sheetId": 0,
        "startRowIndex": 0,
        "endRowIndex": 3,
        "startColumnIndex": 0,
        "endColumnIndex": 1,
    }
    points = {
        "minpoint": {"type": "MIN", "color": {}},
        "maxpoint": {"type": "MAX", "color": {"red": 1}},
    }
    client.batch(
        {
            "addConditionalFormatRule": {
                "rule": {"ranges": [area], "gradientRule": points},
                "index": 0,
            }
        }
    )
    enter(client, "A1:A3", [0], [51], [255])
    shown = client.cells("A1:A3", "effectiveFormat.backgroundColor")
    colors = [row[0].get("effectiveFormat", {}).get("backgroundColor", {}) for row in shown]
    assert colors == [{}, {"red": 0.2}, {"red": 1}]


def test_a_link_made_by_a_formula_looks_like_a_link(client: Any) -> None:
    enter(client, "A1", ['=HYPERLINK("https://example.com", "click")'])
    fields = "hyperlink,effectiveFormat(hyperlinkDisplayType,textFormat(underline,link))"
    assert client.cells("A1", fields) == [
        [
            {
                "hyperlink": "https://example.com",
                "effectiveFormat": {
                    "hyperlinkDisplayType": "LINKED",
                    "textFormat": {"underline": True, "link": {"uri": "https://example.com"}},
                },
            }
        ]
    ]
