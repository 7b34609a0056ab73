"""Odd and hostile files: each opens rightly, or is refused as no workbook with the reason; never half of one, never a hang.

The files are made here byte by byte where no program would make them.
"""

from __future__ import annotations

import io
import re
import struct
import time
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from sheetsync.emulator import Workspace, errors
from tests.emulator.odd_files import BOOK, MAIN, SHEET, Kit, parts_of, write_parts

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def kit(tmp_path: Path) -> Kit:
    return Kit(tmp_path / "book.xlsx")


def refused(path: Path) -> str:
    """Give the reason; opening it must not take long."""
    before = path.read_bytes()
    start = time.monotonic()
    with pytest.raises(errors.NotAWorkbook) as caught:
        Workspace.of_file(path)
    assert time.monotonic() - start < 5
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == [path.name]
    return str(caught.value).removeprefix(f"{path}: ")


def test_a_zip_bomb_is_told_by_its_directory(kit: Kit) -> None:
    path = kit.add("xl/media/bomb.bin", b"\0" * (150 << 20)).save()
    assert path.stat().st_size < 1 << 20
    assert re.fullmatch(r"it is a zip bomb: \d+ KB would unpack to 150 MB", refused(path))


def test_a_part_that_is_larger_than_the_directory_says_is_damage(kit: Kit) -> None:
    path = kit.add("xl/media/lie.bin", b"\0" * (1 << 20)).save()
    data = path.read_bytes()
    for size in (struct.pack("<L", 1 << 20),):
        data = data.replace(size, struct.pack("<L", 10))
    path.write_bytes(data)
    assert refused(path) in ("it is damaged", "it is no .xlsx, or only a part of one")


def test_parts_that_overlap_are_refused(kit: Kit) -> None:
    path = kit.add("xl/media/a.bin", b"\0\1" * 90_000).save()
    data = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(data, "a") as archive:
        first = archive.getinfo("xl/media/a.bin")
        for number in range(60):
            twin = zipfile.ZipInfo(f"xl/media/b{number}.bin")
            for name in ("compress_type", "CRC", "file_size", "compress_size", "header_offset"):
                setattr(twin, name, getattr(first, name))
            archive.filelist.append(twin)
        archive.comment = b"changed"
    path.write_bytes(data.getvalue())
    assert refused(path) in ("its parts overlap", "it is no .xlsx, or only a part of one")


@pytest.mark.parametrize(
    "name",
    ["../evil.xml", "/etc/evil.xml", "xl/../../evil.xml", "C:\\evil.xml", "xl\\..\\..\\e.xml"],
)
def test_paths_that_lead_out_are_refused(kit: Kit, name: str) -> None:
    path = kit.save()
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(zipfile.ZipInfo(name), "x")
    assert refused(path).startswith("it holds a part with a path that leads out of it")


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", [SHEET, SHEET.upper()])
def test_a_part_that_is_there_twice_is_refused(kit: Kit, name: str) -> None:
    path = kit.save()
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, "<worksheet/>")
    assert refused(path) == f"it holds the part {name!r} twice"


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_truncated_file_is_no_workbook(kit: Kit, share: float) -> None:
    path = kit.save()
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    assert refused(path) == "it is no .xlsx, or only a part of one"


def test_a_flipped_bit_in_a_part_that_nobody_reads_is_damage(kit: Kit) -> None:
    path = kit.add("customXml/item1.xml", bytes(range(256)) * 40).save()
    data = bytearray(path.read_bytes())
    at = data.index(b"customXml/item1.xml") + 60
    data[at] ^= 0xFF
    path.write_bytes(bytes(data))
    assert refused(path) in ("it is damaged", "it is no .xlsx, or only a part of one")


BOMB = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(98 + i)} "{("&" + chr(97 + i) + ";") * 10}">' for i in range(9)
)
OUTSIDE = '<!DOCTYPE w [<!ENTITY j SYSTEM "file:///etc/passwd">'


@pytest.mark.parametrize(
    "part",
    [SHEET, BOOK, "[Content_Types].xml", "xl/styles.xml", "_rels/.rels", "docProps/core.xml"],
)
@pytest.mark.parametrize("dtd", [BOMB, OUTSIDE])
def test_xml_with_a_dtd_of_its_own_is_refused(kit: Kit, part: str, dtd: str) -> None:
    text = kit.parts[part].decode()
    text = re.sub(r"^<\?xml.*?\?>\s*", "", text)
    kit.parts[part] = (f'<?xml version="1.0"?>{dtd}]>' + text).encode()
    assert refused(kit.save()) == "its XML declares entities, which no spreadsheet program does"


def test_xml_that_is_cut_off_is_damage(kit: Kit) -> None:
    kit.parts[SHEET] = kit.parts[SHEET][:200]
    assert refused(kit.save()) == "it is damaged"


def test_a_dimension_of_a_hundred_million_rows_is_not_believed(kit: Kit, open_client: Any) -> None:
    text = kit.parts[SHEET].decode()
    kit.parts[SHEET] = re.sub(
        r'<dimension ref="[^"]*"', '<dimension ref="A1:XFD100000000"', text
    ).encode()
    client = open_client(kit.save())
    assert client.sheet()["properties"]["gridProperties"] == {"rowCount": 1000, "columnCount": 26}
    client.put("Data!A1", [["x"]])
    assert b'<dimension ref="A1:B5"' in parts_of(kit.path)[SHEET]


@pytest.mark.parametrize("ref", ["A100000000", "XFE1", "ZZZZ9"])
def test_a_cell_beyond_the_format_is_damage(kit: Kit, ref: str) -> None:
    number = re.sub(r"\D", "", ref)
    kit.put(SHEET, "</sheetData>", f'<row r="{number}"><c r="{ref}"><v>1</v></c></row>')
    assert refused(kit.save()) in (
        "it is damaged",
        "it has a cell beyond the last row or column that there can be",
    )


def test_a_shared_text_that_is_not_there_is_damage(kit: Kit) -> None:
    kit.put(SHEET, "</sheetData>", '<row r="9"><c r="A9" t="s"><v>12345</v></c></row>')
    assert refused(kit.save()) == "it is damaged"


def test_a_style_that_is_not_there_is_damage(kit: Kit) -> None:
    kit.put(SHEET, "</sheetData>", '<row r="9"><c r="A9" s="99999"><v>1</v></c></row>')
    assert refused(kit.save()) == "it is damaged"


@pytest.mark.filterwarnings("ignore:Workbook contains no")
def test_a_file_without_styles_gets_them_when_they_are_needed(kit: Kit, open_client: Any) -> None:
    del kit.parts["xl/styles.xml"]
    for part in ("[Content_Types].xml", "xl/_rels/workbook.xml.rels"):
        kit.parts[part] = re.sub(
            rb"<(Override|Relationship) [^>]*styles[^>]*/>", b"", kit.parts[part]
        )
    client = open_client(kit.save())
    bold = {"userEnteredFormat": {"textFormat": {"bold": True}}}
    rows = {
        "rows": [{"values": [bold]}],
        "fields": "userEnteredFormat",
        "start": {"rowIndex": 0, "columnIndex": 0},
    }
    client.batch({"updateCells": rows})
    again = client.again()
    assert again.cells("Data!A1:B1", "userEnteredFormat") == [[bold]]
    assert again.values("Data!A1:B2") == [["Name", "Sum"], ["a", "1"]]


def test_a_file_without_any_tab_is_refused(kit: Kit) -> None:
    kit.parts[BOOK] = re.sub(rb"<sheets>.*</sheets>", b"<sheets/>", kit.parts[BOOK])
    assert refused(kit.save()) in ("it has no tab of cells", "it is damaged")


def test_a_text_document_in_a_zip_is_refused(tmp_path: Path) -> None:
    path = write_parts(
        tmp_path / "text.xlsx", {"mimetype": b"application/vnd.oasis.opendocument.text"}
    )
    assert refused(path) == "it is damaged"


def test_a_file_with_prefixed_xml_is_edited_like_any_other(kit: Kit, open_client: Any) -> None:
    for part in (SHEET, BOOK, "xl/styles.xml"):
        text = re.sub(r"<(/?)(?=[a-zA-Z])(?!\w+:)", r"<\1x:", kit.parts[part].decode())
        kit.parts[part] = text.replace(f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"').encode()
    client = open_client(kit.save())
    client.put("Data!A2", [["neu"]])
    bold = {"userEnteredFormat": {"textFormat": {"bold": True}}}
    rows = {
        "rows": [{"values": [bold]}],
        "fields": "userEnteredFormat",
        "start": {"rowIndex": 3, "columnIndex": 0},
    }
    client.batch({"updateCells": rows}, {"addSheet": {"properties": {"title": "New"}}})
    again = client.again()
    assert again.values("Data!A1:B5") == [
        ["Name", "Sum"],
        ["neu", "1"],
        ["b", "2"],
        ["c", "3"],
        ["total", "6"],
    ]
    assert again.cells("Data!A4", "userEnteredFormat") == [[bold]]


def test_rows_and_cells_without_numbers_are_counted(kit: Kit, open_client: Any) -> None:
    text = kit.parts[SHEET].decode()
    kit.parts[SHEET] = re.sub(r'(<(?:row|c)) r="[A-Z]*\d+"', r"\1", text).encode()
    client = open_client(kit.save())
    rows = {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    client.put("Data!C2", [["x"]])
    client.batch({"insertDimension": {"range": rows}})
    expected = [["Name", "Sum"], [], ["a", "1", "x"], ["b", "2"], ["c", "3"], ["total", "6"]]
    assert client.again().values("Data!A1:C9") == expected


def test_shared_and_array_formulas_survive_edits_of_their_rows(kit: Kit, open_client: Any) -> None:
    rows = (
        '<row r="7"><c r="A7"><f t="shared" ref="A7:A9" si="0">B2*2</f><v>2</v></c><c r="C7"><f t="array" '
        'ref="C7:C8">B2:B3*2</f><v>2</v></c></row><row r="8"><c r="A8"><f t="shared" si="0"/><v>4</v></c>'
        '<c r="C8"><v>4</v></c></row><row r="9"><c r="A9"><f t="shared" si="0"/><v>6</v></c></row>'
    )
    client = open_client(kit.put(SHEET, "</sheetData>", rows).save())
    client.put("Data!A7", [["gone"]])
    assert client.again().formulas("Data!A7:A9") == [["gone"], ["=B3*2"], ["=B4*2"]]
    client.batch(
        {
            "insertDimension": {
                "range": {"sheetId": 0, "dimension": "ROWS", "startIndex": 0, "endIndex": 1}
            }
        }
    )
    assert client.again().formulas("Data!A8:A10") == [["gone"], ["=B4*2"], ["=B5*2"]]
    assert b'ref="C8:C9"' in parts_of(client.path)[SHEET]
