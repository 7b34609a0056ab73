"""Reads an .xlsx into a Book.

Cells, styles, notes, links, rules, sizes, and what stored_state.py stored.

The openpyxl workbook stays behind, emptied of cells, as the Shell that a save fills again
(save.py).
"""

from __future__ import annotations

import contextlib
import gc
import re
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from defusedxml.common import DefusedXmlException
from openpyxl.cell.cell import MergedCell
from openpyxl.cell.rich_text import CellRichText
from openpyxl.utils.units import DEFAULT_COLUMN_WIDTH

from sheetsync.emulator.errors import NotAWorkbook
from sheetsync.emulator.model import a1, groups
from sheetsync.emulator.model.grid import (
    Book,
    Cell,
    Line,
    Look,
    Name,
    Note,
    Rule,
    Sheet,
)
from sheetsync.emulator.model.rects import Rect
from sheetsync.emulator.xlsx.cells.cached_values import plain_value
from sheetsync.emulator.xlsx.cells.rich_text import runs_of
from sheetsync.emulator.xlsx.cells.sheet_xml import SheetXml, cells_of
from sheetsync.emulator.xlsx.cells.tab_cells import (
    LAST_COLUMN,
    LAST_ROW,
    CellReader,
)
from sheetsync.emulator.xlsx.opened import Shell
from sheetsync.emulator.xlsx.overlays import overlays
from sheetsync.emulator.xlsx.package.zip_package import open_package
from sheetsync.emulator.xlsx.parts.defined_names import (
    is_range,
    named_place,
    opened,
)
from sheetsync.emulator.xlsx.parts.inspection import losses, note_boxes
from sheetsync.emulator.xlsx.parts.stored_state import (
    read_state,
    stable_number,
    tab_ids,
)
from sheetsync.emulator.xlsx.parts.workbook_parts import tab_parts
from sheetsync.emulator.xlsx.styles import extra_formats as extras
from sheetsync.emulator.xlsx.styles.openpyxl_reader import (
    file_value,
    since_1899,
)
from sheetsync.emulator.xlsx.styles.rules import (
    conditional_json,
    fingerprint,
    validation_json,
)
from sheetsync.emulator.xlsx.styles.styles import Styles
from sheetsync.emulator.xlsx.styles.validation_lists import of_extensions
from sheetsync.emulator.xlsx.workbook_reader import WorkbookReader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sheetsync.emulator.model.grid import Json, Row
    from sheetsync.emulator.xlsx.cells.tab_cells import TabCells
    from sheetsync.emulator.xlsx.package.zip_package import Package

_GRID = (1000, 26)  # the size of a new tab at Google
_MOST_MERGED = 10_000  # rows of a merge that are looked at for formats
_STYLE = re.compile(rb"""\ss=["'](\d+)["']""")


def load(path: Path, data: bytes, book_id: str) -> tuple[Book, Shell]:
    """Give the book and the shell of a file's bytes; NotAWorkbook where it cannot be read."""
    package = open_package(path, data)
    try:
        with _without_collections(), warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # openpyxl warns of what it drops; a save keeps it all the same
            return _loaded(path, package, book_id)
    except NotAWorkbook:
        raise
    except Exception as error:
        raise NotAWorkbook(path, _why(error)) from error


def _why(error: BaseException | None) -> str:
    """Tell what is wrong with a file by what reading it raised."""
    while error is not None:
        if isinstance(error, DefusedXmlException):
            return (
                "its XML declares entities, which no spreadsheet program does"
            )
        error = error.__cause__ or error.__context__
    return "it is damaged"


@contextlib.contextmanager
def _without_collections() -> Iterator[None]:
    """Spare the collector the millions of objects that are made and all kept."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _loaded(path: Path, package: Package, book_id: str) -> tuple[Book, Shell]:
    lost, boxes = losses(package), note_boxes(package)
    reader = WorkbookReader(package)
    workbook = reader.read_frame()
    state = read_state(workbook)
    book = Book(book_id, str(state.get("title") or path.stem))
    book.locale = str(state.get("locale") or "en_US")
    book.time_zone = str(state.get("timeZone") or "Etc/GMT")
    book.auto_recalc = str(state.get("autoRecalc") or "ON_CHANGE")
    styles = Styles(workbook, book.locale)
    by_title = tab_parts(package)
    cells = _Cells(CellReader(book, styles, reader.shared_strings), by_title)
    reader.read_tabs(cells.without)
    tabs = list(workbook.worksheets)
    if not tabs:
        raise NotAWorkbook(path, "it has no tab of cells")
    for tab in tabs:
        for validation in of_extensions(package.read(by_title[tab.title])):
            tab.data_validations.append(validation)
    ids = tab_ids(tabs, state)
    parts = {
        number: by_title[tab.title]
        for number, tab in zip(ids, tabs, strict=True)
    }
    own = dict(zip(ids, tabs, strict=True))
    shell = Shell(
        path,
        workbook,
        own,
        styles,
        lost,
        package,
        package,
        book,
        parts,
    )
    titles = {tab.title: sheet_id for sheet_id, tab in shell.tabs.items()}
    for sheet_id, tab in shell.tabs.items():
        if any(
            row > LAST_ROW or column > LAST_COLUMN
            # openpyxl has no public list.
            for row, column in tab._cells  # noqa: SLF001
        ):
            raise NotAWorkbook(
                path,
                "it has a cell beyond the last row or column that there can be",
            )
        tab_reader = _TabReader(
            book, shell, titles, boxes.get(tab.title, {}), state
        )
        read = cells.of(parts[sheet_id])
        book.sheets.append(tab_reader.read(sheet_id, tab, read))
        tab._cells = {}  # noqa: SLF001  # the grid holds them now
    _read_stored(book, state)
    book.names = list(_names(book, workbook, state))
    return book, shell


class _Cells:
    """The tabs whose cells were read before openpyxl read the rest of them, by their parts."""

    def __init__(self, reader: CellReader, parts: dict[str, str]) -> None:
        self._reader = reader
        self._titles = {part: title for title, part in parts.items()}
        self._read: dict[str, TabCells] = {}

    def without(self, part: str, data: bytes) -> bytes:
        """Read a tab's cells; give its XML with those that are left to openpyxl."""
        if part not in self._titles:
            return data
        cells, left = self._reader.read(data, self._titles[part])
        if cells is not None:
            self._read[part] = cells
        return left

    def of(self, part: str) -> TabCells | None:
        """Give a tab's cells, once; None where they were all left to openpyxl."""
        return self._read.pop(part, None)


def _names(book: Book, workbook: Any, state: Json) -> list[Name]:
    ids = state.get("names", {})
    out: list[Name] = []
    for name, defined in workbook.defined_names.items():
        text = str(defined.attr_text or "")
        place = named_place(book, text)
        if place is None or not is_range(
            book, name, text, hidden=bool(defined.hidden)
        ):
            continue
        known = str(
            ids.get(name)
            or stable_number(name, [int(n.id) for n in out if n.id.isdigit()])
        )
        out.append(Name(known, name, place[0], place[1]))
    return out


def _read_stored(book: Book, state: Json) -> None:
    # Protections know the book, not the file.
    from sheetsync.emulator.model.protections import of_stored  # noqa: PLC0415

    known = {sheet.id for sheet in book.sheets}
    book.drive = dict(state.get("drive") or {})
    book.metadata = [
        m for m in state.get("metadata", []) if isinstance(m, dict)
    ]
    book.protections = [
        p
        for p in map(of_stored, state.get("protections", []))
        if p.sheet_id in known
    ]
    for stored in state.get("sheets", []):
        sheet = book.sheet(stored.get("id", -1))
        if sheet is None:
            continue
        used = sheet.used()
        sheet.row_count = max(used[0], int(stored.get("rows", 0)), 1)
        sheet.column_count = max(used[1], int(stored.get("columns", 0)), 1)
        for name, rules in (
            ("validations", sheet.validations),
            ("conditionals", sheet.conditionals),
        ):
            for kept in stored.get(name, []):
                rule = Rule(
                    kept["json"],
                    None,
                    tuple(Rect(*rect) for rect in kept["rects"]),
                )
                rules.insert(kept["at"], rule)
        overlays.restore(book, sheet, stored)
        groups.of_stored(sheet, stored)
        extras.of_stored(book, sheet, stored)


class _TabReader:
    """Reads one worksheet into one Sheet."""

    def __init__(
        self,
        book: Book,
        shell: Shell,
        titles: dict[str, int],
        boxes: Any,
        state: Json,
    ) -> None:
        self.book = book
        self.shell = shell
        self.titles = titles
        self.boxes = boxes
        self.conditions: Json = state.get("conditions", {})
        self.looks: dict[int, Look | None] = {}
        self.doubtful: list[
            tuple[int, int]
        ] = []  # cells whose text may be the address that openpyxl puts there
        self.raw: SheetXml | None = None

    def read(self, sheet_id: int, tab: Any, cells: TabCells | None) -> Sheet:
        sheet = Sheet(sheet_id, tab.title)
        self._unmerged(sheet, tab)
        if cells is None:
            self._cells(sheet, tab)
            end = tab.max_column
        else:
            merges = [_rect(merged) for merged in tab.merged_cells.ranges]
            end = self._end(sheet, cells, merges)
            self._read_cells(sheet, cells, tab, merges)
            end = max(end, tab.max_column)
        self._rules(sheet, tab)
        self._hidden_cells(sheet)
        self._view(sheet, tab)
        self._lines(sheet, tab, end)
        overlays.read(self.book, self.shell, sheet, tab, self.titles)
        rows, columns = sheet.used()
        sheet.row_count, sheet.column_count = (
            max(rows, _GRID[0]),
            max(columns, _GRID[1]),
        )
        sheet.hidden = tab.sheet_state != "visible"
        sheet.tab_color = self.shell.styles.palette.json(
            tab.sheet_properties.tabColor
        )
        return sheet

    def _end(self, sheet: Sheet, cells: TabCells, merges: list[Rect]) -> int:
        """Tell how far a tab's cells reach, whatever they hold; those under merges do not count."""
        ends = dict(cells.ends)
        bottom = max(ends, default=-1) + 1
        by_row: dict[int, list[Rect]] = {}
        for rect in merges:
            for row in range(rect.top, min(rect.bottom, bottom)):
                by_row.setdefault(row, []).append(rect)
        for row, rects in by_row.items():
            if _under(rects, row, ends.get(row, 0) - 1):
                columns = self._row_cells(sheet, row)
                free = [c for c in columns if not _under(rects, row, c)]
                ends[row] = max(free, default=-1) + 1
        return max(ends.values(), default=0)

    def _read_cells(
        self, sheet: Sheet, cells: TabCells, tab: Any, merges: list[Rect]
    ) -> None:
        """Take the cells that were read, and over them what openpyxl has of some."""
        rows = cells.rows
        for rect in merges:
            for index in range(rect.top, min(rect.bottom, len(rows))):
                under = [c for c in rows[index] if _under([rect], index, c)]
                for column in under:
                    del rows[index][column]
        for (row, column), cell in tab._cells.items():  # noqa: SLF001  # as above
            rows += [{} for _ in range(len(rows), row)]
            if (row, column) in cells.left:
                read = self._cell(sheet.title, row - 1, column - 1, cell)
            else:
                known = rows[row - 1].get(column - 1)
                read = self._over(known, row - 1, column - 1, cell)
            if not read.is_blank():
                rows[row - 1][column - 1] = read
        # In the order of the file, in which formulas are computed
        for row in {row for row, _ in cells.left}:
            rows[row - 1] = dict(sorted(rows[row - 1].items()))
        while rows and not rows[-1]:
            rows.pop()
        sheet.rows = rows

    def _over(
        self, known: Cell | None, row: int, column: int, cell: Any
    ) -> Cell:
        """Give a cell with the link and the note that openpyxl has for it."""
        if known is None:
            known = Cell(None, self._look(0))
        note = self._note(row, column, cell.comment) if cell.comment else None
        look = known.look
        if cell.hyperlink is not None:
            look = self._linked(look, cell.hyperlink)
        return replace(known, look=look, note=note)

    def _cells(self, sheet: Sheet, tab: Any) -> None:
        rows: list[Row] = [
            {}
            # Fast.
            for _ in range(max((key[0] for key in tab._cells), default=0))  # noqa: SLF001
        ]
        for (row, column), cell in tab._cells.items():  # noqa: SLF001  # as above
            read = self._cell(sheet.title, row - 1, column - 1, cell)
            if not read.is_blank():
                rows[row - 1][column - 1] = read
        while rows and not rows[-1]:
            rows.pop()
        sheet.rows = rows

    def _unmerged(self, sheet: Sheet, tab: Any) -> None:
        """Undo what openpyxl does to cells of merges.

        It spreads borders, and makes cells that the file does not have.
        """
        cells = tab._cells  # noqa: SLF001  # as above
        for key in [
            key for key, cell in cells.items() if isinstance(cell, MergedCell)
        ]:
            del cells[key]
        for merged in tab.merged_cells.ranges:
            row, column = merged.min_row, merged.min_col
            raw = self._row_cells(sheet, row - 1).get(column - 1)
            if raw is None:
                cells.pop((row, column), None)
            elif (row, column) in cells:
                style = _STYLE.search(raw, 0, raw.find(b">"))
                number = int(style[1]) if style else 0
                cells[row, column]._style = self.shell.workbook._cell_styles[  # noqa: SLF001
                    number
                ]

    def _row_cells(self, sheet: Sheet, row: int) -> dict[int, bytes]:
        """Give a row's cells as they stand in the file, where openpyxl tells less of them."""
        if self.raw is None:
            self.raw = SheetXml(
                self.shell.loaded.read(self.shell.parts[sheet.id])
            )
        return cells_of(self.raw.rows.get(row, b""))

    def _hidden_cells(self, sheet: Sheet) -> None:
        """Give back what openpyxl takes away.

        The formats of cells under a merge, and the emptiness of linked empty cells.
        """
        for row, column in self.doubtful:
            found = self._row_cells(sheet, row).get(column, b"")
            if b"<v" not in found and b"<is" not in found:
                sheet.put(
                    row, column, replace(sheet.cell(row, column), value=None)
                )
        for rect in sheet.merges:
            for index in range(
                rect.top, min(rect.bottom, rect.top + _MOST_MERGED)
            ):
                for column, cell in self._row_cells(sheet, index).items():
                    style = _STYLE.search(cell, 0, cell.find(b">"))
                    under = rect.has(index, column) and (index, column) != (
                        rect.top,
                        rect.left,
                    )
                    number = int(style[1]) if style and under else 0
                    look = None
                    if 0 < number < self.shell.styles.counts()[3]:
                        look = self.book.look(
                            self.shell.styles.json(number), number
                        )
                    value = (
                        plain_value(cell, (sheet.title, index, column))
                        if under
                        else None
                    )
                    if number and self.shell.styles.is_day_of_1904(number):
                        value = since_1899(value)
                    if look is not None or value is not None:
                        sheet.put(
                            index,
                            column,
                            replace(
                                sheet.cell(index, column),
                                look=look,
                                value=value,
                            ),
                        )

    def _cell(self, title: str, row: int, column: int, cell: Any) -> Cell:
        style = cell.style_id
        look = self._look(style)
        link = getattr(cell, "hyperlink", None)
        if link is not None:
            look = self._linked(look, link)
        value = cell.value
        if (
            value is None
            and look is None
            and getattr(cell, "comment", None) is None
        ):
            return Cell()
        comment = getattr(cell, "comment", None)
        note = self._note(row, column, comment) if comment is not None else None
        read = file_value(
            value, getattr(cell, "data_type", "n"), (title, row, column)
        )
        if isinstance(value, (int, float)) and self.shell.styles.is_day_of_1904(
            style
        ):
            read = since_1899(read)
        if link is not None and value in (link.target, link.location):
            self.doubtful.append((row, column))
        if isinstance(value, CellRichText):
            return Cell(
                str(value),
                look,
                note,
                runs_of(value, self.shell.styles.palette),
                value,
            )
        return Cell(read, look, note)

    def _look(self, style: int) -> Look | None:
        if style not in self.looks:
            self.looks[style] = self.book.look(
                self.shell.styles.json(style), style
            )
        return self.looks[style]

    def _note(self, row: int, column: int, comment: Any) -> Note:
        width, height = self.boxes.get(
            (row, column), (comment.width, comment.height)
        )
        return Note(
            str(comment.content or ""), width, height, str(comment.author or "")
        )

    def _linked(self, look: Look | None, link: Any) -> Look | None:
        uri = self._uri(link)
        if not uri:
            return look
        form = dict(look.json) if look else {}
        form["textFormat"] = {
            **form.get("textFormat", {}),
            "link": {"uri": uri},
        }
        return self.book.look(form, look.base if look else 0)

    def _uri(self, link: Any) -> str:
        if link.target:
            return str(link.target) + (
                f"#{link.location}" if link.location else ""
            )
        tab, mark, cells = str(link.location or "").rpartition("!")
        title = tab.removeprefix("'").removesuffix("'").replace("''", "'")
        if mark and title in self.titles:
            return f"#gid={self.titles[title]}&range={cells.replace('$', '')}"
        return f"#{link.location}" if link.location else ""

    def _rules(self, sheet: Sheet, tab: Any) -> None:
        # Openpyxl keeps a set
        merges = (_rect(merged) for merged in tab.merged_cells.ranges)
        sheet.merges = sorted(merges)
        for source in tab.data_validations.dataValidation:
            rects = _in_order(source.sqref)
            sheet.validations.append(
                Rule(
                    self._condition(validation_json(source), source),
                    source,
                    rects,
                )
            )
        found = []
        for formatting in tab.conditional_formatting:
            rects = _in_order(formatting.cells)
            for source in formatting.rules:
                read = conditional_json(source, self.shell.styles.palette)
                known = self.conditions.get(fingerprint(source))
                if known and "booleanRule" in (read or {}):
                    read = {
                        "booleanRule": {
                            **(read or {})["booleanRule"],
                            "condition": known,
                        }
                    }
                found.append((source.priority, Rule(read, source, rects)))
        sheet.conditionals = [
            rule for _, rule in sorted(found, key=lambda pair: pair[0])
        ]

    def _condition(self, rule: Json | None, source: Any) -> Json | None:
        known = self.conditions.get(fingerprint(source))
        return {**(rule or {}), "condition": known} if known else rule

    def _view(self, sheet: Sheet, tab: Any) -> None:
        view = tab.sheet_view
        pane = view.pane
        if pane is not None and pane.state in ("frozen", "frozenSplit"):
            sheet.frozen_rows, sheet.frozen_columns = (
                int(pane.ySplit or 0),
                int(pane.xSplit or 0),
            )
        sheet.locked = bool(tab.protection.sheet)
        sheet.gridlines_hidden = view.showGridLines is False
        sheet.right_to_left = bool(view.rightToLeft)

    def _lines(self, sheet: Sheet, tab: Any, end: int) -> None:
        for number, line in tab.row_dimensions.items():
            read = _line(line, line.ht)
            if read != Line():
                sheet.row_lines[number - 1] = read
        for line in tab.column_dimensions.values():
            line.reindex()
            unsized = line.width == DEFAULT_COLUMN_WIDTH and (
                line.hidden or line.outlineLevel
            )  # written for want of one
            width = None if unsized or not line.customWidth else line.width
            read = _line(line, width)
            for number in range(
                line.min or 1, min(line.max or 1, LAST_COLUMN) + 1
            ):
                if read != Line() and number <= _GRID[1] + end:
                    sheet.column_lines[number - 1] = read
        # A default that nobody chose is the program's own: Google's is another.
        if tab.sheet_format.customHeight:
            sheet.row_size = tab.sheet_format.defaultRowHeight
        sheet.column_size = tab.sheet_format.defaultColWidth
        outline = tab.sheet_properties.outlinePr
        after = (
            outline is None or outline.summaryBelow,
            outline is None or outline.summaryRight,
        )
        groups.of_lines(sheet, after=(bool(after[0]), bool(after[1])))


def _line(line: Any, size: float | None) -> Line:
    base = line.style_id if line.has_style else None
    return Line(
        size,
        bool(line.hidden),
        base,
        line.outlineLevel or 0,
        bool(line.collapsed),
    )


def _rect(part: Any) -> Rect:
    return Rect(part.min_row - 1, part.max_row, part.min_col - 1, part.max_col)


def _under(merges: list[Rect], row: int, column: int) -> bool:
    """Whether a merge shows another cell in this one's place."""
    return any(
        rect.has(row, column) and (row, column) != (rect.top, rect.left)
        for rect in merges
    )


def _in_order(cells: Any) -> tuple[Rect, ...]:
    """Give the rectangles of a rule in the order in which they are written.

    Its formulas count from the first.
    """
    found = (
        a1.read_cells(part.replace("$", "")) for part in str(cells).split()
    )
    return tuple(opened(rect) for rect in found if rect is not None)
