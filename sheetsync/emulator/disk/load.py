"""Reads an .xlsx into a Book: cells, styles, notes, links, rules, sizes, and what xlsx_state.py stored.

The openpyxl workbook stays behind, emptied of cells, as the Shell that a save fills again (xlsx_save.py).
"""

from __future__ import annotations

import datetime as dt
import io
import re
import warnings
from copy import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import openpyxl
from openpyxl.cell.rich_text import CellRichText
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from sheetsync.emulator.disk.parts import losses, note_boxes, open_zip
from sheetsync.emulator.disk.rich import runs_of
from sheetsync.emulator.disk.rules import conditional_json, fingerprint, validation_json
from sheetsync.emulator.disk.state import read_state, stable_number, tab_ids
from sheetsync.emulator.disk.styles import Styles
from sheetsync.emulator.errors import NotAWorkbook
from sheetsync.emulator.model import a1, overlays
from sheetsync.emulator.model.evaluate import serial
from sheetsync.emulator.model.formulas import from_file
from sheetsync.emulator.model.grid import Book, Cell, ErrorValue, Filter, Formula, Line, Look, Name, Note, Rule, Sheet
from sheetsync.emulator.model.rects import OPEN, Rect

if TYPE_CHECKING:
    from pathlib import Path

    from sheetsync.emulator.model.grid import Json, Row, Value

LAST_ROW, LAST_COLUMN = 1 << 20, 1 << 14
_GRID = (1000, 26)  # the size of a new tab at Google
_SPLIT = "topLeft"


@dataclass(slots=True)
class Shell:
    """The file's openpyxl workbook without cells, its tabs by our ids, its style tables, what a save would lose."""

    workbook: Any
    tabs: dict[int, Any]
    styles: Styles
    lost: tuple[str, ...]
    data: bytes
    _cached: dict[str, dict[tuple[int, int], Any]] | None = field(default=None)

    def stored(self, origin: tuple[str, int, int]) -> Value:
        """Give the value that the file held for a formula when it was read; None where it had none."""
        if self._cached is None:
            self._cached = _cached_values(self.data)
        value = self._cached.get(origin[0], {}).get(origin[1:])
        return _plain(value, "n" if not isinstance(value, str) else "s", None)


def _cached_values(data: bytes) -> dict[str, dict[tuple[int, int], Any]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        workbook = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    out: dict[str, dict[tuple[int, int], Any]] = {}
    for tab in workbook.worksheets:
        out[tab.title] = {(r - 1, c - 1): cell.value for (r, c), cell in tab._cells.items()}  # noqa: SLF001  # far faster than iter_rows
    return out


def load(path: Path, data: bytes, book_id: str) -> tuple[Book, Shell]:
    """Give the book and the shell of a file's bytes; NotAWorkbook where it cannot be read."""
    with open_zip(path, data) as archive:
        lost, boxes = losses(archive), note_boxes(archive)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of what it drops; `lost` says it to the user
            workbook: Any = openpyxl.load_workbook(io.BytesIO(data), rich_text=True)
    except Exception as error:
        raise NotAWorkbook(path, "it is damaged") from error
    state = read_state(workbook)
    tabs = list(workbook.worksheets)
    if not tabs:
        raise NotAWorkbook(path, "it has no tab of cells")
    ids = tab_ids(tabs, state)
    book = Book(book_id, str(state.get("title") or path.stem))
    book.locale = str(state.get("locale") or "en_US")
    book.time_zone = str(state.get("timeZone") or "Etc/GMT")
    shell = Shell(workbook, dict(zip(ids, tabs, strict=True)), Styles(workbook, book.locale), lost, data)
    titles = {tab.title: sheet_id for sheet_id, tab in shell.tabs.items()}
    for sheet_id, tab in shell.tabs.items():
        reader = _TabReader(book, shell, titles, boxes.get(tab.title, {}), state)
        book.sheets.append(reader.read(sheet_id, tab))
        tab._cells = {}  # noqa: SLF001  # the grid holds them now
    _read_stored(book, state)
    book.names = list(_names(book, workbook, state))
    return book, shell


def _names(book: Book, workbook: Any, state: Json) -> list[Name]:
    ids = state.get("names", {})
    out: list[Name] = []
    for name, defined in workbook.defined_names.items():
        place = named_place(book, str(defined.attr_text or ""))
        if place is None or defined.hidden or name.startswith("_"):
            continue
        known = str(ids.get(name) or stable_number(name, [int(n.id) for n in out if n.id.isdigit()]))
        out.append(Name(known, name, place[0], place[1]))
    return out


def named_place(book: Book, text: str) -> tuple[int, Rect] | None:
    """(tab id, cells) that a defined name's text such as 'My tab'!$A$1:$B$2 stands for."""
    tab, mark, cells = text.rpartition("!")
    title = tab.removeprefix("'").removesuffix("'").replace("''", "'")
    sheet = next((sheet for sheet in book.sheets if sheet.title == title), None)
    rect = a1.read_cells(cells.replace("$", "")) if mark else None
    return None if sheet is None or rect is None else (sheet.id, opened(rect))


def opened(rect: Rect) -> Rect:
    """Give a rectangle of a file: a side at the format's last row or column is open."""
    bottom = OPEN if rect.bottom >= LAST_ROW else rect.bottom
    return rect._replace(bottom=bottom, right=OPEN if rect.right >= LAST_COLUMN else rect.right)


def _read_stored(book: Book, state: Json) -> None:
    from sheetsync.emulator.model.protect import of_stored  # noqa: PLC0415  # protections know the book, not the file

    known = {sheet.id for sheet in book.sheets}
    book.drive = dict(state.get("drive") or {})
    book.metadata = [m for m in state.get("metadata", []) if isinstance(m, dict)]
    book.protections = [p for p in map(of_stored, state.get("protections", [])) if p.sheet_id in known]
    for stored in state.get("sheets", []):
        sheet = book.sheet(stored.get("id", -1))
        if sheet is None:
            continue
        used = sheet.used()
        sheet.row_count = max(used[0], int(stored.get("rows", 0)), 1)
        sheet.column_count = max(used[1], int(stored.get("columns", 0)), 1)
        for name, rules in (("validations", sheet.validations), ("conditionals", sheet.conditionals)):
            for kept in stored.get(name, []):
                rule = Rule(kept["json"], None, tuple(Rect(*rect) for rect in kept["rects"]))
                rules.insert(kept["at"], rule)
        overlays.of_stored(book, sheet, stored)
        if sheet.filter is not None and "filter" in stored:
            sheet.filter = Filter(sheet.filter.rect, dict(stored["filter"]), sheet.filter.source)


class _TabReader:
    """Reads one worksheet into one Sheet."""

    def __init__(self, book: Book, shell: Shell, titles: dict[str, int], boxes: Any, state: Json) -> None:
        self.book = book
        self.shell = shell
        self.titles = titles
        self.boxes = boxes
        self.conditions: Json = state.get("conditions", {})
        self.looks: dict[int, Look | None] = {}
        self.formats: Json = state.get("formats", {})

    def read(self, sheet_id: int, tab: Any) -> Sheet:
        sheet = Sheet(sheet_id, tab.title)
        self._cells(sheet, tab)
        self._rules(sheet, tab)
        self._view(sheet, tab)
        self._lines(sheet, tab)
        rows, columns = sheet.used()
        sheet.row_count, sheet.column_count = max(rows, _GRID[0]), max(columns, _GRID[1])
        sheet.hidden = tab.sheet_state != "visible"
        sheet.tab_color = self.shell.styles.palette.json(tab.sheet_properties.tabColor)
        return sheet

    def _cells(self, sheet: Sheet, tab: Any) -> None:
        rows: list[Row] = [{} for _ in range(max((key[0] for key in tab._cells), default=0))]  # noqa: SLF001  # fast
        for (row, column), cell in tab._cells.items():  # noqa: SLF001  # as above
            read = self._cell(sheet.title, row - 1, column - 1, cell)
            if not read.is_blank():
                rows[row - 1][column - 1] = read
        while rows and not rows[-1]:
            rows.pop()
        sheet.rows = rows

    def _cell(self, title: str, row: int, column: int, cell: Any) -> Cell:
        style = cell.style_id
        if style not in self.looks:
            self.looks[style] = self.book.look(self.shell.styles.json(style), style)
        look = self.looks[style]
        link = getattr(cell, "hyperlink", None)
        if link is not None:
            look = self._linked(look, link)
        value = cell.value
        if value is None and look is None and getattr(cell, "comment", None) is None:
            return Cell()
        comment = getattr(cell, "comment", None)
        note = self._note(row, column, comment) if comment is not None else None
        read = _plain(value, getattr(cell, "data_type", "n"), (title, row, column))
        if isinstance(value, CellRichText):
            return Cell(str(value), look, note, runs_of(value, self.shell.styles.palette), value)
        return Cell(read, look, note)

    def _note(self, row: int, column: int, comment: Any) -> Note:
        width, height = self.boxes.get((row, column), (comment.width, comment.height))
        return Note(str(comment.content or ""), width, height, str(comment.author or ""))

    def _linked(self, look: Look | None, link: Any) -> Look | None:
        uri = self._uri(link)
        if not uri:
            return look
        form = dict(look.json) if look else {}
        form["textFormat"] = {**form.get("textFormat", {}), "link": {"uri": uri}}
        return self.book.look(form, look.base if look else 0)

    def _uri(self, link: Any) -> str:
        if link.target:
            return str(link.target) + (f"#{link.location}" if link.location else "")
        tab, mark, cells = str(link.location or "").rpartition("!")
        title = tab.removeprefix("'").removesuffix("'").replace("''", "'")
        if mark and title in self.titles:
            return f"#gid={self.titles[title]}&range={cells.replace('$', '')}"
        return f"#{link.location}" if link.location else ""

    def _rules(self, sheet: Sheet, tab: Any) -> None:
        sheet.merges = [_rect(merged) for merged in tab.merged_cells.ranges]
        for source in tab.data_validations.dataValidation:
            rects = tuple(opened(_rect(part)) for part in source.sqref.ranges)
            sheet.validations.append(Rule(self._condition(validation_json(source), source), source, rects))
        found = []
        for formatting in tab.conditional_formatting:
            rects = tuple(opened(_rect(part)) for part in formatting.cells.ranges)
            for source in formatting.rules:
                read = conditional_json(source, self.shell.styles.palette)
                known = self.conditions.get(fingerprint(source))
                if known and "booleanRule" in (read or {}):
                    read = {"booleanRule": {**(read or {})["booleanRule"], "condition": known}}
                found.append((source.priority, Rule(read, source, rects)))
        sheet.conditionals = [rule for _, rule in sorted(found, key=lambda pair: pair[0])]
        for table in tab.tables.values():
            rect = a1.read_cells(table.ref.replace("$", ""))
            sheet.tables.append(Rule(None, table, (rect,) if rect else ()))
        if tab.auto_filter.ref:
            rect = a1.read_cells(tab.auto_filter.ref.replace("$", ""))
            sheet.filter = Filter(rect, {}, copy(tab.auto_filter)) if rect else None

    def _condition(self, rule: Json | None, source: Any) -> Json | None:
        known = self.conditions.get(fingerprint(source))
        return {**(rule or {}), "condition": known} if known else rule

    def _view(self, sheet: Sheet, tab: Any) -> None:
        view = tab.sheet_view
        pane = view.pane
        if pane is not None and pane.state in ("frozen", "frozenSplit"):
            sheet.frozen_rows, sheet.frozen_columns = int(pane.ySplit or 0), int(pane.xSplit or 0)
        sheet.gridlines_hidden = view.showGridLines is False
        sheet.right_to_left = bool(view.rightToLeft)

    def _lines(self, sheet: Sheet, tab: Any) -> None:
        for number, line in tab.row_dimensions.items():
            read = _line(line, line.ht)
            if read != Line():
                sheet.row_lines[number - 1] = read
        for line in tab.column_dimensions.values():
            line.reindex()
            width = line.width if line.customWidth or line.hidden else None
            read = _line(line, width)
            for number in range(line.min or 1, min(line.max or 1, LAST_COLUMN) + 1):
                if read != Line() and number <= _GRID[1] + tab.max_column:
                    sheet.column_lines[number - 1] = read
        sheet.row_size = tab.sheet_format.defaultRowHeight
        sheet.column_size = tab.sheet_format.defaultColWidth


def _line(line: Any, size: float | None) -> Line:
    base = line.style_id if line.has_style else None
    return Line(size, bool(line.hidden), base, line.outlineLevel or 0, bool(line.collapsed))


def _rect(part: Any) -> Rect:
    return Rect(part.min_row - 1, part.max_row, part.min_col - 1, part.max_col)


def _plain(value: Any, data_type: str, origin: tuple[str, int, int] | None) -> Value:
    if isinstance(value, (ArrayFormula, DataTableFormula)):
        text = getattr(value, "text", None) or ""
        return Formula(from_file(f"={str(text).removeprefix('=')}"), origin, value.ref)
    if data_type == "f":
        return Formula(from_file(_unprefixed(str(value))), origin)
    if data_type == "e":
        return ErrorValue(str(value))
    if isinstance(value, str):
        return str(value)
    if isinstance(value, (dt.date, dt.time, dt.timedelta)):
        number = serial(value)
        return int(number) if number == int(number) else number
    return value if isinstance(value, (bool, int, float)) else None


def _unprefixed(formula: str) -> str:
    return re.sub(r"_xlfn\.(?:_xlws\.)?", "", formula) if "_xlfn." in formula else formula
