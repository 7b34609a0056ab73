"""The rows of a worksheet for a new state of its tab.

Those that did not change stay as they are, the others are written.

Values beside formulas are left to cached_values.py, what is not in rows to patch.py.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from openpyxl.cell.rich_text import TextBlock

from sheetsync.emulator.model import a1
from sheetsync.emulator.model.formulas import for_file
from sheetsync.emulator.model.grid import EMPTY, Cell, ErrorValue, Formula, Line
from sheetsync.emulator.model.rects import Rect
from sheetsync.emulator.xlsx.cells.rich_text import rich_text
from sheetsync.emulator.xlsx.cells.shared_strings import shared_in
from sheetsync.emulator.xlsx.cells.sheet_xml import (
    cells_of,
    placed_cell,
    renumbered_row,
    row_xml,
    start_of,
)
from sheetsync.emulator.xlsx.package.xml_text import xml_of
from sheetsync.emulator.xlsx.styles.openpyxl_reader import since_1904

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sheetsync.emulator.model.grid import Row, Sheet
    from sheetsync.emulator.xlsx.cells.sheet_xml import SheetXml
    from sheetsync.emulator.xlsx.styles.styles import Styles

_BAD = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]"
)  # characters that XML cannot hold
_SIZED = (
    "ht",
    "customHeight",
    "hidden",
    "outlineLevel",
    "collapsed",
    "s",
    "customFormat",
)


# Functions that came after the file format: without a mark, Excel does not know them in a file.
# Texts are passed over.
_FUTURE = re.compile(
    r"""("(?:[^"]|"")*")|(?<![\w.])"""
    r"""(CONCAT|TEXTJOIN|IFS|SWITCH|MAXIFS|MINIFS|XLOOKUP|XMATCH|FILTER|SORT|SORTBY|UNIQUE"""
    r"""|SEQUENCE|RANDARRAY|IFNA|DAYS|ISOWEEKNUM|NUMBERVALUE"""
    r"""|UNICHAR|UNICODE|XOR|SHEET|SHEETS|FORMULATEXT|ISFORMULA"""
    r"""|STDEV\.[SP]|VAR\.[SP]|PERCENTILE\.(?:INC|EXC)|QUARTILE\.(?:INC|EXC)"""
    r"""|RANK\.(?:EQ|AVG)|MODE\.(?:SNGL|MULT)"""
    r"""|NORM\.S\.DIST|NORM\.DIST|NORM\.INV|FORECAST\.LINEAR|TAKE|DROP"""
    r"""|CHOOSECOLS|CHOOSEROWS|HSTACK|VSTACK|TOCOL|TOROW"""
    r"""|WRAPROWS|WRAPCOLS|TEXTBEFORE|TEXTAFTER|TEXTSPLIT|ARRAYTOTEXT)(?=\()""",
    re.IGNORECASE,
)


def clean(text: str) -> str:
    """Give a text without what XML cannot hold; line ends of Windows would come back as two."""
    return _BAD.sub("", text)


class Origins:
    """Where the rows and columns of a tab stood in its last saved state."""

    def __init__(self, old: Sheet, new: Sheet, cuts: Sequence[Any]) -> None:
        self.rows = _origins(
            max(len(old.rows), old.row_count, new.row_count),
            [c for c in cuts if c.rows],
        )
        columns = [cut for cut in cuts if not cut.rows]
        self.columns = (
            _origins(max(old.column_count, new.column_count, 1 << 14), columns)
            if columns
            else None
        )

    def row(self, index: int) -> int | None:
        """Give a row's former index; None where it is new."""
        if self.rows is None:
            return index
        return self.rows[index] if index < len(self.rows) else None

    def column(self, index: int) -> int | None:
        """Give a column's former index; None where it is new."""
        if self.columns is None:
            return index
        return self.columns[index] if index < len(self.columns) else None


def _origins(count: int, cuts: list[Any]) -> list[int | None] | None:
    if not cuts:
        return None
    out: list[int | None] = list(range(count))
    for cut in cuts:
        if not hasattr(cut, "count"):
            out = _moved(out, cut)
        elif cut.count < 0:
            del out[cut.at : cut.at - cut.count]
        else:
            out[cut.at : cut.at] = [None] * cut.count
    return out


def _moved(out: list[int | None], cut: Any) -> list[int | None]:
    new: list[int | None] = [None] * len(out)
    for index, origin in enumerate(out):
        place = cut.index(index)
        if place is not None and place < len(new):
            new[place] = origin
    return new


class RowWriter:
    """Writes the rows of one tab."""

    def __init__(
        self,
        styles: Styles,
        old: Sheet,
        new: Sheet,
        xml: SheetXml,
        cuts: Sequence[Any],
    ) -> None:
        self.styles = styles
        self.old = old
        self.new = new
        self.xml = xml
        self.origins = Origins(old, new, cuts)
        # Shared texts that cells had which are gone or written anew
        self.dropped: set[int] = set()
        # What stands behind the places of cells that are one object, by its identity
        self._written: dict[int, tuple[Cell, str]] = {}

    @staticmethod
    def differ(old: Sheet, new: Sheet, cuts: Sequence[Any]) -> bool:
        """Whether any row is to be written anew."""
        if (
            cuts
            or len(old.rows) != len(new.rows)
            or old.row_lines != new.row_lines
        ):
            return True
        return any(
            a is not b and a != b
            for a, b in zip(old.rows, new.rows, strict=True)
        )

    def rows(self) -> Iterator[bytes]:
        """Give all rows in order."""
        if self.origins.rows is None:
            kept = {
                index for index in self.xml.rows if index < self.new.row_count
            }
        else:
            kept = {
                i
                for i, origin in enumerate(self.origins.rows)
                if origin is not None and origin in self.xml.rows
            }
        filled = (index for index, row in enumerate(self.new.rows) if row)
        for index in sorted(kept.union(filled, self.new.row_lines)):
            yield self._row(index)
        left = {
            index if self.origins.rows is None else self.origins.rows[index]
            for index in kept
        }
        for origin in self.xml.rows.keys() - left:
            self.dropped |= shared_in(self.xml.rows[origin])

    def _row(self, index: int) -> bytes:
        origin = self.origins.row(index)
        old = b"" if origin is None else self.xml.rows.get(origin, b"")
        was: Row = {} if origin is None else self.old.row(origin)
        row = self.new.row(index)
        line = self.new.row_lines.get(index)
        same_line = origin is not None and line == self.old.row_lines.get(
            origin
        )
        if (
            old
            and same_line
            and (row is was or row == was)
            and self.origins.columns is None
            and b't="shared"' not in old
        ):
            kept = old if origin == index else renumbered_row(old, index)
            if kept is not None:
                return kept
        given = start_of(old) if old else {}
        given["r"] = str(index + 1)
        given.pop("spans", None)
        if not same_line:
            given = {
                name: value
                for name, value in given.items()
                if name not in _SIZED
            } | _sized(line)
        made = row_xml(
            given,
            list(self._cells(index, row, was, cells_of(old) if old else {})),
        )
        if b't="s"' in old:
            self.dropped |= shared_in(old) - shared_in(made)
        return made

    def _cells(
        self, index: int, row: Row, was: Row, olds: dict[int, bytes]
    ) -> Iterator[bytes]:
        for column in sorted(row):
            cell = row[column]
            origin = self.origins.column(column)
            if origin is not None and origin in olds:
                before = was.get(origin, EMPTY)
                if cell is before or cell == before:
                    kept = placed_cell(olds[origin], index, column)
                    if kept is not None:
                        yield kept
                        continue
            yield self._cell(index, column, cell)

    def _cell(self, row: int, column: int, cell: Cell) -> bytes:
        if isinstance(cell.value, Formula):
            rest = self._rest(cell, row, column)
        else:
            known = self._written.get(id(cell))
            if known is None:
                known = cell, self._rest(cell, row, column)
                self._written[id(cell)] = known
            rest = known[1]
        return f'<c r="{a1.letters(column)}{row + 1}"{rest}'.encode()

    def _rest(self, cell: Cell, row: int, column: int) -> str:
        """Give a cell's XML behind its place, which only a formula names again."""
        number = 0 if cell.look is None else self.styles.index_of(cell.look)
        style = "" if cell.look is None else f' s="{number}"'
        if self.styles.is_day_of_1904(number):
            cell = replace(cell, value=since_1904(cell.value))
        kind, inner = _content(cell, row, column)
        start = f"{style}{kind}"
        return f"{start}>{inner}</c>" if inner else f"{start}/>"


def _sized(line: Line | None) -> dict[str, str]:
    if line is None:
        return {}
    out: dict[str, str] = {}
    if line.size is not None:
        out |= {"ht": f"{line.size:g}", "customHeight": "1"}
    if line.hidden or line.filtered:
        out["hidden"] = "1"
    if line.outline:
        out["outlineLevel"] = str(line.outline)
    if line.collapsed:
        out["collapsed"] = "1"
    if line.base is not None:
        out |= {"s": str(line.base), "customFormat": "1"}
    return out


def _content(cell: Cell, row: int, column: int) -> tuple[str, str]:
    """Give the type attribute and what stands in the cell."""
    value = cell.value
    if isinstance(value, Formula):
        return "", _formula(value, row, column)
    if isinstance(value, ErrorValue):
        return ' t="e"', f"<v>{escape(value.code)}</v>"
    if isinstance(value, bool):
        return ' t="b"', f"<v>{int(value)}</v>"
    if isinstance(value, str):
        return ' t="inlineStr"', f"<is>{_text(cell, clean(value))}</is>"
    return "", "" if value is None else f"<v>{value!r}</v>"


def _formula(value: Formula, row: int, column: int) -> str:
    text = escape(_FUTURE.sub(_marked, for_file(clean(value.text)))[1:])
    if not value.array:
        return f"<f>{text}</f>"
    rect = a1.read_cells(value.array) or Rect(row, row + 1, column, column + 1)
    moved = rect.moved(row - rect.top, column - rect.left)
    return f'<f t="array" ref="{a1.cells(moved)}">{text}</f>'


def _marked(match: re.Match[str]) -> str:
    """Give a function's name as files write those that came after the format."""
    name = match[2]
    if not name:
        return match[0]
    return (
        "_xlfn._xlws." if name.upper() in ("FILTER", "SORT") else "_xlfn."
    ) + name


def _text(cell: Cell, text: str) -> str:
    if not cell.runs:
        return _run_text(text)
    kept = cell.rich is not None and str(cell.rich) == cell.value
    blocks = cell.rich if kept else rich_text(text, cell.runs)
    return "".join(_block(block) for block in blocks)


def _block(block: Any) -> str:
    if not isinstance(block, TextBlock):
        return f"<r>{_run_text(clean(str(block)))}</r>"
    return f"<r>{xml_of(block.font.to_tree('rPr'))}{_run_text(clean(block.text))}</r>"


def _run_text(text: str) -> str:
    spaced = (
        ' xml:space="preserve"'
        if text != text.strip() or "\n" in text or "  " in text
        else ""
    )
    return f"<t{spaced}>{escape(text).replace(chr(13), '&#13;')}</t>"
