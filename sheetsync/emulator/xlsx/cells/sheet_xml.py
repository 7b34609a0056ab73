"""A worksheet's XML, cut into its elements, its rows and the cells of a row.

What a cell or an element says is left to the callers: here they are only found, numbered anew and
put back.
"""

from __future__ import annotations

import re

from sheetsync.emulator.model.a1 import column_of, letters
from sheetsync.emulator.xlsx.package.xml_text import (
    Element,
    attributes,
    children,
    decoded,
    element,
    local,
    root_of,
    tag,
)

ORDER = [
    "sheetPr",
    "dimension",
    "sheetViews",
    "sheetFormatPr",
    "cols",
    "sheetData",
    "sheetCalcPr",
    "sheetProtection",
    "protectedRanges",
    "scenarios",
    "autoFilter",
    "sortState",
    "dataConsolidate",
    "customSheetViews",
    "mergeCells",
    "phoneticPr",
    "conditionalFormatting",
    "dataValidations",
    "hyperlinks",
    "printOptions",
    "pageMargins",
    "pageSetup",
    "headerFooter",
    "rowBreaks",
    "colBreaks",
    "customProperties",
    "cellWatches",
    "ignoredErrors",
    "smartTags",
    "drawing",
    "legacyDrawing",
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
]
_ATTRIBUTES = rb"""(?:[^<>"']|"[^"]*"|'[^']*')*?"""
_CELL = re.compile(rb"<c\b(" + _ATTRIBUTES + rb")(?:/>|>(.*?)</c>)", re.DOTALL)
_ROW_START = re.compile(rb"<row\b(" + _ATTRIBUTES + rb")(/?)>")
_REF = re.compile(rb"""\br\s*=\s*["']([A-Za-z]+)(\d+)["']""")
_NUMBER = re.compile(rb"""\br\s*=\s*["'](\d+)["']""")
_CELL_NUMBER = re.compile(rb"""(<c\b[^>]*?\br\s*=\s*["'][A-Za-z]+)\d+""")
_ROW_NUMBER = re.compile(rb"""(<row\b[^>]*?\br\s*=\s*["'])\d+""")
_WITH_PLACES = re.compile(
    rb"<f\b[^>]*?\s(?:ref|si)\s*="
)  # shared and array formulas, data tables: they name cells
RELATIONS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
)
EMPTY = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet '
    b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>'
)


class SheetXml:
    """One worksheet.

    `parts` are its elements by name in order (sheetData without its rows), `rows` its rows by
    number.
    """

    def __init__(self, data: bytes) -> None:
        if (
            b"<sheetData" not in data
            or data[:2] in (b"\xff\xfe", b"\xfe\xff")
            or b"encoding" in data[:100]
        ):
            data = decoded(data).encode()
        start = data.find(b"<sheetData")
        opened = data.find(b">", start) + 1
        closed = data.find(b"</sheetData>", opened)
        self._inner = (
            b""
            if data[opened - 2 : opened] == b"/>" or closed < 0
            else data[opened:closed]
        )
        end = (
            opened
            if data[opened - 2 : opened] == b"/>"
            else closed + len(b"</sheetData>")
        )
        text = data[:start].decode() + "<sheetData/>" + data[end:].decode()
        self.prolog, self.root = root_of(text)
        self.parts: list[Element] = children(self.root.inner)
        self._rows: dict[int, bytes] | None = None

    @property
    def inner(self) -> bytes:
        """Give what stands in sheetData."""
        return self._inner

    @property
    def rows(self) -> dict[int, bytes]:
        """Give the rows' XML by number, from 0."""
        if self._rows is None:
            self._rows = dict(_rows(self._inner))
        return self._rows

    def get(self, name: str) -> str:
        """Give the text of all elements of that name, "" where there is none."""
        return "".join(
            part.text for part in self.parts if local(part.name) == name
        )

    def put(self, name: str, text: str) -> None:
        """Replace all elements of that name; "" drops them."""
        new = children(text)
        at = next(
            (
                i
                for i, part in enumerate(self.parts)
                if local(part.name) == name
            ),
            None,
        )
        self.parts = [part for part in self.parts if local(part.name) != name]
        if at is None:
            at = self._place(name)
        self.parts[at:at] = new

    def _place(self, name: str) -> int:
        rank = ORDER.index(name)
        before = [i for i, part in enumerate(self.parts) if _rank(part) <= rank]
        return before[-1] + 1 if before else 0

    def need_relations(self) -> None:
        """See that r:id can be used."""
        if "xmlns:r=" not in self.root.start:
            start = self.root.start.rstrip("/>") + f' xmlns:r="{RELATIONS}">'
            self.root = self.root._replace(start=start)

    def put_rows(self, rows: list[bytes]) -> None:
        """Replace the rows."""
        self._inner = b"".join(rows)
        self._rows = None

    def map_rows(self, change: re.Pattern[bytes], new: object) -> bool:
        """Have a pattern's finds in the rows replaced; tell whether anything changed."""
        # A function or a template, as re.sub takes.
        inner = change.sub(new, self._inner)  # type: ignore[call-overload]
        changed = bool(inner != self._inner)
        self._inner, self._rows = inner, None if changed else self._rows
        return changed

    def data(self) -> bytes:
        """Give the worksheet's bytes."""
        start = self.root.start
        if start.endswith("/>"):
            start = start[:-2] + ">"
        at = next(
            i for i, part in enumerate(self.parts) if part.name == "sheetData"
        )
        head = (
            self.prolog + start + "".join(part.text for part in self.parts[:at])
        )
        tail = (
            "".join(part.text for part in self.parts[at + 1 :])
            + f"</{self.root.name}>"
        )
        inner = (
            b"<sheetData>" + self._inner + b"</sheetData>"
            if self._inner
            else b"<sheetData/>"
        )
        return b"".join((head.encode(), inner, tail.encode()))


def _rank(part: Element) -> int:
    name = local(part.name)
    if name == "AlternateContent":
        return (
            ORDER.index("controls")
            if "controls" in part.inner
            else ORDER.index("oleObjects")
        )
    return ORDER.index(name) if name in ORDER else len(ORDER)


def _rows(inner: bytes) -> list[tuple[int, bytes]]:
    out: list[tuple[int, bytes]] = []
    number, at = -1, inner.find(b"<row")
    while at >= 0:
        following = inner.find(b"<row", at + 4)
        piece = inner[at:following] if following >= 0 else inner[at:]
        named = _NUMBER.search(piece, 0, piece.find(b">"))
        number = int(named[1]) - 1 if named else number + 1
        out.append((number, piece.rstrip()))
        at = following
    return out


def cells_of(row: bytes) -> dict[int, bytes]:
    """Give a row's cells by column."""
    out: dict[int, bytes] = {}
    column = -1
    for match in _CELL.finditer(row):
        named = _REF.search(match[1])
        column = column_of(named[1].decode()) if named else column + 1
        out[column] = match[0]
    return out


def start_of(row: bytes) -> dict[str, str]:
    """Give the attributes of a row."""
    match = _ROW_START.match(row)
    return attributes(match[0].decode()) if match else {}


def row_xml(given: dict[str, str], cells: list[bytes]) -> bytes:
    """Give a row."""
    if not cells:
        return element("row", given).encode()
    return b"".join((tag("row", given).encode(), *cells, b"</row>"))


def renumbered_row(row: bytes, index: int) -> bytes | None:
    """Give a row as it stands elsewhere.

    None where its cells name others and must be written anew.
    """
    if _WITH_PLACES.search(row):
        return None
    number = str(index + 1).encode()
    if not _ROW_NUMBER.match(row):
        return None
    return _CELL_NUMBER.sub(
        lambda m: m[1] + number,
        _ROW_NUMBER.sub(lambda m: m[1] + number, row, count=1),
    )


def placed_cell(cell: bytes, row: int, column: int) -> bytes | None:
    """Give a cell as it stands elsewhere.

    None where it names other cells and must be written anew.
    """
    ref = f"{letters(column)}{row + 1}".encode()
    named = _REF.search(cell, 0, cell.find(b">"))
    if named and named[1] + named[2] == ref:
        return None if b't="shared"' in cell else cell
    if _WITH_PLACES.search(cell):
        return None
    if not named:
        return cell.replace(b"<c", b'<c r="' + ref + b'"', 1)
    return cell[: named.start(1)] + ref + cell[named.end(2) :]
