"""Cells read straight from a worksheet's XML are those that openpyxl would tell, however they are written.

What a save makes of them is tested in test_patching.py and test_disk.py.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Border, Font, Side
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from sheetsync.emulator.errors import NotAWorkbook
from sheetsync.emulator.model.grid import Formula
from sheetsync.emulator.xlsx.cells.tab_cells import CellReader
from sheetsync.emulator.xlsx.load import load
from tests.emulator.odd_files import MAIN, parts_of, write_parts

if TYPE_CHECKING:
    from pathlib import Path

    from sheetsync.emulator.model.grid import Book, Sheet

TAB = "xl/worksheets/sheet1.xml"
STRINGS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
TABLE = (
    f'<sst xmlns="{MAIN}"><si><t>plain</t></si><si><t xml:space="preserve"> a &amp; b </t></si>'
    "<si><r><rPr><b/></rPr><t>bold</t></r><r><t> and not</t></r></si><si><t/></si>"
    '<si><t>name</t><rPh sb="0" eb="1"><t>sound</t></rPh></si></sst>'
)
ROWS = (
    '<row r="1"><c r="A1" s="1"><v>46000.5</v></c><c r="B1" t="n"><v>7</v></c><c r="D1" s="2"/></row>'
    '<row r="3" ht="30" customHeight="1"><c r="A3" t="s"><v>0</v></c><c r="B3" t="s"><v>1</v></c>'
    '<c r="C3" s="1" t="s"><v>2</v></c><c r="D3" t="s"><v>3</v></c><c r="E3" t="s"><v>4</v></c></row>'
    '<row r="4"><c r="A4" t="b"><v>1</v></c><c r="B4" t="e"><v>#N/A</v></c><c r="C4" t="str"><v>s&#233;</v></c>'
    '<c r="D4" t="inlineStr"><is><t>&lt;in&gt; x005F_</t></is></c>'
    '<c r="E4" t="inlineStr"><is><r><rPr><i/></rPr><t>rich</t></r><r><t>er</t></r></is></c></row>'
    '<row r="6" hidden="1"><c r="A6"><f>B1+1</f><v>8</v></c><c r="B6"><f aca="false">_xlfn.IFS(A1,2)</f><v/></c>'
    '<c r="C6"><f t="shared" ref="C6:D6" si="0">A1*$B$1</f><v>1</v></c><c r="D6"><f t="shared" si="0"/><v>1</v></c>'
    '<c r="E6"><f t="array" ref="E6:F6">A1:B1</f><v>1</v></c></row>'
)


def written(path: Path, rows: str, *, since_1904: bool = False) -> Path:
    """Write a workbook with a link, notes, a merge and these rows; style 1 is a day, style 2 framed."""
    book = openpyxl.Workbook()
    if since_1904:
        book.epoch = CALENDAR_MAC_1904
    tab: Any = book.active
    tab["A1"].number_format = "dd.mm.yyyy"
    tab["A2"].border = Border(left=Side("thin"))
    tab["A2"].font = Font(bold=True)
    tab["B1"].hyperlink = "https://example.com/"
    tab["H9"].hyperlink = "https://example.com/"
    tab["A3"].comment = Comment("a note", "somebody")
    tab["J9"].comment = Comment("a note where nothing is", "somebody")
    tab.merge_cells("C3:D4")
    tab.column_dimensions["AD"].width = 40
    book.save(path)
    book.close()
    parts = parts_of(path)
    text = parts[TAB].decode()
    start, end = text.index("<sheetData>"), text.index("</sheetData>")
    parts[TAB] = f"{text[:start]}<sheetData>{rows}{text[end:]}".encode()
    parts["xl/sharedStrings.xml"] = TABLE.encode()
    types = parts["[Content_Types].xml"].decode()
    if "sharedStrings" not in types:
        entry = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{STRINGS}"/>'
        parts["[Content_Types].xml"] = types.replace("</Types>", f"{entry}</Types>").encode()
    return write_parts(path, parts)


def opened(path: Path) -> Book:
    book, _ = load(path, path.read_bytes(), "x")
    return book


def by_openpyxl(path: Path, monkeypatch: pytest.MonkeyPatch) -> Book:
    """Open the file with every cell left to openpyxl."""
    with monkeypatch.context() as patched:
        patched.setattr(CellReader, "read", lambda _self, data, _title: (None, data))
        return opened(path)


def looked_at(sheet: Sheet) -> list[Any]:
    """Tell all that a tab's cells hold, the types of their values and the order of formulas too."""
    return [
        (row, column, type(cell.value), cell, cell.look and cell.look.json, repr(cell.rich))
        for row, cells in enumerate(sheet.rows)
        for column, cell in sorted(cells.items())
    ] + [list(sheet.formulas())]


def same(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = opened(path), by_openpyxl(path, monkeypatch)
    for mine, other in zip(ours.sheets, theirs.sheets, strict=True):
        assert looked_at(mine) == looked_at(other)
        assert mine == other
    assert ours == theirs


@pytest.mark.parametrize("since_1904", [False, True])
def test_all_kinds_of_cells_are_read_as_openpyxl_tells_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, since_1904: bool
) -> None:
    same(written(tmp_path / "a.xlsx", ROWS, since_1904=since_1904), monkeypatch)


ODD = {
    "without places": "<row><c><v>1</v></c><c><v>2</v></c></row>",
    "out of order": '<row r="2"><c r="C2"><v>1</v></c><c r="A2"><v>2</v></c></row>',
    "twice": '<row r="2"><c r="A2"><v>1</v></c><c r="A2"><v>2</v></c></row>',
    "of another row": '<row r="2"><c r="A5"><v>1</v></c></row>',
    "behind a comment": '<row r="2"><!-- <c r="A2"><v>1</v></c> --><c r="B2"><v>2</v></c></row>',
    "as characters": '<row r="2"><c r="A2" t="str"><v><![CDATA[a<b]]></v></c></row>',
    "on lines of their own": '\n<row r="2">\n  <c r="A2">\n    <v>1</v>\n  </c>\n</row>\n',
    "with other attributes": '<row r="2" spans="1:2"><c t="n" r="A2"><v>1</v></c><c r="B2" cm="1"><v>2</v></c></row>',
    "with ends of lines of Windows": '<row r="2"><c r="A2" t="inlineStr"><is><t>a\r\nb\rc&#13;d</t></is></c></row>',
    "with a kind and no value": '<row r="2"><c r="A2" s="2" t="e"/><c r="B2" s="2" t="s"/><c r="C2" t="inlineStr"/></row>',
}


@pytest.mark.parametrize("rows", ODD.values(), ids=ODD)
def test_cells_that_are_written_oddly_are_read_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: str
) -> None:
    same(written(tmp_path / "a.xlsx", rows), monkeypatch)


def test_a_tab_with_a_prefix_or_in_another_encoding_is_read_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = written(tmp_path / "a.xlsx", ROWS)
    parts = parts_of(plain)
    text = parts[TAB].decode()
    prefixed = (
        text.replace(f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"')
        .replace("<", "<x:")
        .replace("<x:/", "</x:")
    )
    for data in (
        prefixed.encode(),
        f'<?xml version="1.0" encoding="UTF-16"?>{text}'.encode("utf-16"),
    ):
        other = write_parts(tmp_path / "b.xlsx", {**parts, TAB: data})
        same(other, monkeypatch)
        assert looked_at(opened(other).sheets[0]) == looked_at(opened(plain).sheets[0])


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="2"><c r="A2"><v>no number</v></c></row>',
        '<row r="2"><c r="A2" s="999"><v>1</v></c></row>',
        '<row r="2"><c r="A2" t="s"><v>999</v></c></row>',
        '<row r="2"><c r="A2"><v>1</v></row>',
        '<row r="2"><c r="XFE2"><v>1</v></c></row>',
        '<row r="1048577"><c r="A1048577"><v>1</v></c></row>',
    ],
)
def test_cells_that_cannot_be_are_refused_as_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: str
) -> None:
    path = written(tmp_path / "a.xlsx", rows)
    with pytest.raises(NotAWorkbook) as ours:
        opened(path)
    with pytest.raises(NotAWorkbook) as theirs:
        by_openpyxl(path, monkeypatch)
    assert str(ours.value) == str(theirs.value)


def test_a_linked_cell_with_an_empty_value_stays_empty(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.xlsx", '<row r="1"><c r="B1"><v/></c></row><row r="9"><c r="H9"/></row>'
    )
    sheet = opened(path).sheets[0]
    assert sheet.cell(0, 1).value is None
    assert sheet.cell(8, 7).value is None
    assert sheet.cell(0, 1).look == sheet.cell(8, 7).look


def test_cells_that_are_alike_are_one_object_but_formulas_know_their_place(tmp_path: Path) -> None:
    lines = [
        f'<row r="{n}"><c r="A{n}" s="1"><v>46000</v></c><c r="B{n}"><f>1+1</f><v>2</v></c></row>'
        for n in (4, 5)
    ]
    sheet = opened(written(tmp_path / "a.xlsx", "".join(lines))).sheets[0]
    assert sheet.cell(3, 0) is sheet.cell(4, 0)
    first, second = sheet.cell(3, 1).value, sheet.cell(4, 1).value
    assert isinstance(first, Formula)
    assert isinstance(second, Formula)
    assert (first.origin, second.origin) == (("Sheet", 3, 1), ("Sheet", 4, 1))


def test_random_cells_are_read_as_openpyxl_tells_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kinds = (
        '<c r="{0}" s="{1}"><v>{2}</v></c>',
        '<c r="{0}" s="{1}" t="n"/>',
        '<c r="{0}" t="s"><v>{1}</v></c>',
        '<c r="{0}" s="{1}" t="inlineStr"><is><t>text {2}</t></is></c>',
        '<c r="{0}" s="{1}" t="inlineStr"><is><r><t>a{2}</t></r><r><rPr><b/></rPr><t>b</t></r></is></c>',
        '<c r="{0}" t="str"><f>"x{2}"</f><v>x</v></c>',
        '<c r="{0}" s="{1}"><f t="array" ref="{0}">SUM({2})</f><v>{2}</v></c>',
    )
    for seed in range(20):
        chance = random.Random(seed)  # noqa: S311  # sample data, not secrets
        rows = []
        for row in range(1, 12):
            cells = [
                chance.choice(kinds).format(
                    f"{letter}{row}", chance.randrange(3), chance.randrange(100)
                )
                for letter in "ABCDEFGH"
                if chance.randrange(3)
            ]
            rows.append(f'<row r="{row}">{"".join(cells)}</row>')
        same(written(tmp_path / "a.xlsx", "".join(rows)), monkeypatch)
