"""Reads the cells of a worksheet's XML straight into the grid, and leaves the rest to openpyxl.

openpyxl makes an element, a dictionary and a cell of every cell before anybody asks for one. Here a
worksheet is checked by expat and cut by expressions that fit what programs write; what does not fit
(rich texts, shared and array formulas, ...) stays in the XML that openpyxl gets, and a tab that is
odd as a whole stays there whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sheetsync.emulator.model.a1 import column_of
from sheetsync.emulator.model.formulas import from_file
from sheetsync.emulator.model.grid import Cell, ErrorValue, Formula
from sheetsync.emulator.xlsx.cells.shared_strings import without_escapes
from sheetsync.emulator.xlsx.package.xml_text import (
    MAIN,
    decoded,
    is_xml,
    plain,
)
from sheetsync.emulator.xlsx.styles.openpyxl_reader import (
    since_1899,
    unprefixed,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sheetsync.emulator.model.grid import Book, Look, Row, Value
    from sheetsync.emulator.xlsx.styles.styles import Styles

LAST_ROW, LAST_COLUMN = 1 << 20, 1 << 14
_ROOT = re.compile(r"<worksheet\b[^<>]*>")
_MAIN_SPACE = re.compile(rf"""\sxmlns\s*=\s*["']{re.escape(MAIN)}["']""")
_DATA = re.compile(r"<sheetData(?:\s[^<>]*)?>")
_ROW = re.compile(r"\s*<row ([^<>/]*)(/?)>")
_ROW_NUMBER = re.compile(r'(?:^| )r="(\d+)"')
# What openpyxl keeps nothing of: names in other spaces are passed over
_BARE_ROW = re.compile(r'(?:r="\d+"|spans="[^"]*"|\w+:\w+="[^"]*"|\s)*')
_CELL = re.compile(
    r'<c r="([A-Z]{1,3})(\d+)"'
    r"((?: [^<>/]*)?(?:/>|>[^<]*(?:<(?!/c>)[^<]*)*</c>))"
)
_AROUND = len('<c r=""')
_REST = re.compile(
    r'(?: s="(\d+)")?(?: t="(\w+)")?(?:/>|>'
    r'(?:<f(?: aca="(?:false|0)")?>([^<]+)</f>)?'
    r"(?:<v>([^<]*)</v>|<v ?/>"
    r'|<is><t(?: xml:space="preserve")?>([^<]*)</t></is>)?'
    r"</c>)"
)
# Cells that are alike are one object; what is remembered of them is let go now and then
_MOST_ALIKE = 50_000
_ODD: Any = object()


class _OddTab(Exception):
    """A tab is written in a way that is left to openpyxl."""


@dataclass(slots=True)
class TabCells:
    """What was read of a tab: its rows, and where cells were left to openpyxl.

    `ends` is how far each row's cells reach, whatever they hold.
    """

    rows: list[Row] = field(default_factory=list)
    left: set[tuple[int, int]] = field(default_factory=set)
    ends: dict[int, int] = field(default_factory=dict)


class CellReader:
    """Reads the tabs of one workbook, whose looks, texts and equal cells are shared."""

    def __init__(
        self, book: Book, styles: Styles, texts: Sequence[Any]
    ) -> None:
        self._book = book
        self._styles = styles
        self._texts = texts
        self._looks: dict[str, tuple[Look | None, bool]] = {}
        self._alike: dict[str, Cell | None] = {}
        self._columns: dict[str, int] = {}

    def read(self, data: bytes, title: str) -> tuple[TabCells | None, bytes]:
        """Give a tab's cells, and its XML with what of them is left to openpyxl.

        None and the same XML where all are.
        """
        try:
            text, start, end = _opened(data)
            cells, kept = self._rows(text[start:end], title)
        except _OddTab:
            return None, data
        return cells, f"{text[:start]}{kept}{text[end:]}".encode()

    def _style(self, style: str) -> tuple[Look | None, bool]:
        known = self._looks.get(style)
        if known is None:
            # openpyxl has no public table.
            table = self._styles.workbook._cell_styles  # noqa: SLF001
            # Of equal styles openpyxl tells one
            number = int(table.add(table[int(style or 0)]))
            look = self._book.look(self._styles.json(number), number)
            known = look, self._styles.is_day_of_1904(number)
            self._looks[style] = known
        return known

    def _rows(self, inner: str, title: str) -> tuple[TabCells, str]:
        out = TabCells()
        kept: list[str] = []
        at = last = 0
        while (start := _ROW.match(inner, at)) is not None:
            named = _ROW_NUMBER.search(start[1])
            number = int(named[1]) if named else 0
            if not last < number <= LAST_ROW:
                raise _OddTab
            at, text = _inside(inner, start)
            out.rows += [{} for _ in range(last, number)]
            last = number
            odd = self._row(text, number, title, out) if text else ""
            if odd or not _BARE_ROW.fullmatch(start[1]):
                kept.append(f"<row {start[1]}>{odd}</row>")
        if inner[at:].strip():
            raise _OddTab
        while out.rows and not out.rows[-1]:
            out.rows.pop()
        return out, "".join(kept)

    def _row(self, text: str, number: int, title: str, out: TabCells) -> str:
        """Read a row's cells; give the XML of those that are left to openpyxl."""
        row = out.rows[-1]
        own = str(number)
        found = _CELL.findall(text)
        odd: list[str] = []
        last = -1
        length = len(found) * (_AROUND + len(own))
        for letters, place, rest in found:
            column = self._columns.get(letters, -1)
            if column < 0:
                column = self._column(letters)
            if column <= last or place != own:
                raise _OddTab
            last = column
            length += len(letters) + len(rest)
            cell = self._alike.get(rest, _ODD)
            if cell is _ODD:
                cell = self._cell(rest, (title, number - 1, column))
            if cell is _ODD:
                odd.append(f'<c r="{letters}{place}"{rest}')
                out.left.add((number, column + 1))
            elif cell is not None:
                row[column] = cell
        # Whatever stands between cells must be nothing
        if length != len(text) and _CELL.sub("", text).strip():
            raise _OddTab
        out.ends[number - 1] = last + 1
        return "".join(odd)

    def _column(self, letters: str) -> int:
        column = column_of(letters)
        if column >= LAST_COLUMN:
            raise _OddTab
        self._columns[letters] = column
        return column

    def _cell(self, rest: str, origin: tuple[str, int, int]) -> Any:
        """Give a cell by its XML behind its place.

        None where it holds nothing, _ODD where it is left to openpyxl.
        """
        match = _REST.fullmatch(rest)
        if match is None:
            return _ODD
        style, kind, formula, value, text = match.groups()
        try:
            look, of_1904 = self._style(style or "")
            if formula is not None:
                words = from_file(unprefixed("=" + plain(formula)))
                return Cell(Formula(words, origin), look)
            cell = self._plain(kind or "n", value, text, look)
        except (ValueError, IndexError):
            return _ODD
        if of_1904 and cell is not None and cell is not _ODD:
            cell = replace(cell, value=since_1899(cell.value))
        if len(self._alike) >= _MOST_ALIKE:
            self._alike.clear()
        self._alike[rest] = cell
        return cell

    def _plain(
        self, kind: str, value: str | None, text: str | None, look: Look | None
    ) -> Any:
        if kind == "inlineStr" and text is not None:
            return Cell(without_escapes(plain(text)), look)
        if text is not None or kind not in _KINDS:
            return _ODD
        if not value:
            # Typed and without a value, a cell is read in ways of its own
            if kind not in ("n", "str"):
                return _ODD
            return None if look is None else Cell(None, look)
        if kind == "s":
            shared = self._texts[int(value)]
            return Cell(shared, look) if type(shared) is str else _ODD
        return Cell(_KINDS[kind](plain(value)), look)


def _number(text: str) -> Value:
    return float(text) if any(sign in text for sign in ".eE") else int(text)


def _truth(text: str) -> Value:
    return bool(int(text))


_KINDS: dict[str, Callable[[str], Value]] = {
    "n": _number,
    "s": str,
    "b": _truth,
    "str": str,
    "e": ErrorValue,
}


def _opened(data: bytes) -> tuple[str, int, int]:
    """Give a worksheet's text, and where its rows begin and end in it.

    _OddTab where a look at the text alone could take something else for rows.
    """
    if not is_xml(data):
        raise _OddTab
    # As parsers have it
    text = decoded(data).replace("\r\n", "\n").replace("\r", "\n")
    root, opening = _ROOT.search(text), _DATA.search(text)
    if root is None or opening is None or not _MAIN_SPACE.search(root[0]):
        raise _OddTab
    start, end = opening.end(), text.rfind("</sheetData>")
    # Comments, sections of plain characters, declarations, processing instructions
    marked = "<!" in text or text.find("<?", root.start()) >= 0
    if marked or end < start or text.count("<sheetData") != 1:
        raise _OddTab
    if text.find("xmlns", start, end) >= 0:
        raise _OddTab
    return text, start, end


def _inside(inner: str, start: re.Match[str]) -> tuple[int, str]:
    """Give where a row ends, and what stands in it."""
    if start[2]:
        return start.end(), ""
    end = inner.find("</row>", start.end())
    if end < 0:
        raise _OddTab
    return end + len("</row>"), inner[start.end() : end]
