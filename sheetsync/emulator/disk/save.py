"""Writes a Book back through its Shell into the bytes of an .xlsx, with computed values beside the formulas.

Which file, and whether it may be written, is left to files.py.
"""

from __future__ import annotations

import io
import re
from copy import copy
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from openpyxl.cell.cell import Cell as FileCell
from openpyxl.comments import Comment
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.datavalidation import DataValidationList
from openpyxl.worksheet.dimensions import ColumnDimension, DimensionHolder, RowDimension
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.merge import MergedCellRange

from sheetsync.emulator.disk.cached import with_values
from sheetsync.emulator.disk.load import LAST_COLUMN, LAST_ROW, Shell, named_place
from sheetsync.emulator.disk.rich import rich_text
from sheetsync.emulator.disk.rules import conditional_source, fingerprint, validation_source
from sheetsync.emulator.disk.state import store_id, write_state
from sheetsync.emulator.disk.styles import rgb_of
from sheetsync.emulator.model import a1, overlays
from sheetsync.emulator.model.formulas import for_file
from sheetsync.emulator.model.grid import Cell, ErrorValue, Formula, Line, Rule, Sheet
from sheetsync.emulator.model.rects import Rect, union

if TYPE_CHECKING:
    from sheetsync.emulator.model.evaluate import Computation
    from sheetsync.emulator.model.grid import Book, Json

_BAD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # characters that XML cannot hold


def save(book: Book, shell: Shell, computed: Computation) -> bytes:
    """Give the bytes of the file for this state of the book."""
    workbook = shell.workbook
    _order_tabs(book, shell)
    conditions: Json = {}
    unsaid: dict[int, Json] = {}
    for sheet in book.sheets:
        writer = _TabWriter(book, shell, sheet, conditions)
        writer.write(shell.tabs[sheet.id])
        unsaid[sheet.id] = writer.unsaid
    _write_names(book, workbook)
    write_state(workbook, _state(book, conditions, unsaid))
    for tab in workbook.worksheets:
        _keep_images(tab)
    target = io.BytesIO()
    workbook.save(target)
    for sheet in book.sheets:
        shell.tabs[sheet.id]._cells = {}  # noqa: SLF001  # the grid holds them
    return with_values(target.getvalue(), book, computed)


def _keep_images(tab: Any) -> None:
    """Keep pictures' bytes: openpyxl closes them as it writes, and the next save needs them again."""
    for image in tab._images:  # noqa: SLF001  # there is no public list
        if hasattr(image.ref, "read"):
            data = getattr(image, "kept", None) or image._data()  # noqa: SLF001  # as above
            image.kept = data
            image.ref = io.BytesIO(data)


def _order_tabs(book: Book, shell: Shell) -> None:
    workbook = shell.workbook
    for sheet in book.sheets:
        if sheet.id not in shell.tabs:
            shell.tabs[sheet.id] = workbook.create_sheet()
    mine = [shell.tabs[sheet.id] for sheet in book.sheets]
    others = [tab for tab in workbook._sheets if tab not in workbook.worksheets]  # noqa: SLF001  # tabs that are charts
    for number, tab in enumerate(mine):  # no title may be taken while tabs swap theirs
        tab._WorkbookChild__title = f"\0{number}"  # noqa: SLF001  # the setter would rename titles that clash
    workbook._sheets = mine + others  # noqa: SLF001  # the only way to order and drop tabs without loss
    for sheet, tab in zip(book.sheets, mine, strict=True):
        tab._WorkbookChild__title = sheet.title  # noqa: SLF001  # as above
        tab.sheet_state = ("hidden" if tab.sheet_state == "visible" else tab.sheet_state) if sheet.hidden else "visible"
        store_id(tab, sheet.id)
    shown = next((i for i, sheet in enumerate(book.sheets) if not sheet.hidden), 0)
    if workbook._active_sheet_index >= len(mine) or book.sheets[workbook._active_sheet_index].hidden:  # noqa: SLF001  # the setter refuses hidden tabs
        workbook._active_sheet_index = shown  # noqa: SLF001  # as above


def _write_names(book: Book, workbook: Any) -> None:
    wanted = {name.name: name for name in book.names}
    for name, defined in list(workbook.defined_names.items()):
        place = named_place(book, str(defined.attr_text or ""))
        if name not in wanted and place is not None and not defined.hidden and not name.startswith("_"):
            del workbook.defined_names[name]
    for name, entry in wanted.items():
        sheet = book.sheet(entry.sheet_id)
        if sheet is None:
            continue
        text = f"{a1.quoted(sheet.title)}!{_absolute(entry.rect)}"
        old = workbook.defined_names.get(name)
        if old is None:
            workbook.defined_names[name] = DefinedName(name, attr_text=text)
        elif old.attr_text != text:
            old.attr_text = text


def _absolute(rect: Rect) -> str:
    closed = _closed(rect)
    start = f"${a1.letters(closed.left)}${closed.top + 1}"
    return f"{start}:${a1.letters(closed.right - 1)}${closed.bottom}"


def _closed(rect: Rect) -> Rect:
    return rect._replace(bottom=min(rect.bottom, LAST_ROW), right=min(rect.right, LAST_COLUMN))


def _refs(rects: tuple[Rect, ...]) -> str:
    return " ".join(a1.cells(_closed(rect)) for rect in rects)


def _state(book: Book, conditions: Json, unsaid: dict[int, Json]) -> Json:
    from sheetsync.emulator.model.protect import to_stored  # noqa: PLC0415  # protections know the book, not the file

    sheets: list[Json] = []
    for sheet in book.sheets:
        stored: Json = {"id": sheet.id, "title": sheet.title, "rows": sheet.row_count, "columns": sheet.column_count}
        if sheet.filter is not None and sheet.filter.json:
            stored["filter"] = sheet.filter.json
        stored.update(unsaid[sheet.id])
        stored.update(overlays.to_stored(sheet))
        sheets.append(stored)
    return {
        "v": 1,
        "title": book.title,
        "locale": book.locale,
        "timeZone": book.time_zone,
        "sheets": sheets,
        "protections": [to_stored(protection) for protection in book.protections],
        "metadata": book.metadata,
        "drive": book.drive,
        "names": {name.name: name.id for name in book.names},
        "conditions": conditions,
    }


class _TabWriter:
    """Writes one Sheet into one worksheet."""

    def __init__(self, book: Book, shell: Shell, sheet: Sheet, conditions: Json) -> None:
        self.book = book
        self.shell = shell
        self.sheet = sheet
        self.conditions = conditions
        self.unsaid: Json = {}  # rules that no file can say, by the name of their list
        self.titles = {other.id: other.title for other in book.sheets}

    def write(self, tab: Any) -> None:
        sheet = self.sheet
        tab._cells = {}  # noqa: SLF001  # filled directly: ten times faster than ws.cell()
        for index, row in enumerate(sheet.rows):
            for column in sorted(row):
                tab._cells[index + 1, column + 1] = self._cell(tab, index, column, row[column])  # noqa: SLF001  # as above
        tab.merged_cells = MultiCellRange([MergedCellRange(tab, a1.cells(_closed(r))) for r in sheet.merges])
        self._rules(tab)
        self._view(tab)
        self._lines(tab)

    def _cell(self, tab: Any, row: int, column: int, cell: Cell) -> FileCell:
        out: Any = FileCell(tab, row=row + 1, column=column + 1)
        if cell.look is not None:
            out._style = self.shell.styles.array_of(cell.look)  # noqa: SLF001  # shared styles, as openpyxl itself reads them
            link = cell.look.json.get("textFormat", {}).get("link", {}).get("uri")
            if link:
                out._hyperlink = self._link(str(link), out.coordinate)  # noqa: SLF001  # the setter would write a value
        out._value, out.data_type = self._value(cell, row, column)  # noqa: SLF001  # the setter would guess types
        if cell.note is not None:
            note = cell.note
            out.comment = Comment(_clean(note.text), note.author or "sheetsync", round(note.height), round(note.width))
        return out  # type: ignore[no-any-return]  # a Cell under Any: its private fields are set here

    def _value(self, cell: Cell, row: int, column: int) -> tuple[Any, str]:
        value = cell.value
        if isinstance(value, Formula):
            text = for_file(_clean(value.text))
            return (ArrayFormula(_array_ref(value.array, row, column), text) if value.array else text), "f"
        if isinstance(value, ErrorValue):
            return value.code, "e"
        if isinstance(value, bool):
            return value, "b"
        if isinstance(value, str):
            text = _clean(value)
            if cell.runs and cell.rich is not None and str(cell.rich) == value:
                return cell.rich, "s"
            return (rich_text(text, cell.runs) if cell.runs else text), "s"
        return value, "n"

    def _link(self, uri: str, ref: str) -> Hyperlink:
        if not uri.startswith("#"):
            return Hyperlink(ref=ref, target=_clean(uri))
        query = {name: values[0] for name, values in parse_qs(uri[1:]).items()}
        gid = query.get("gid", "")
        if gid.isdigit() and int(gid) in self.titles:
            location = f"{a1.quoted(self.titles[int(gid)])}!{query.get('range', 'A1')}"
            return Hyperlink(ref=ref, location=location)
        return Hyperlink(ref=ref, location=_clean(uri[1:]))

    def _rules(self, tab: Any) -> None:
        tab.data_validations = DataValidationList()
        for rule in self.sheet.validations:
            source = self._source(rule, None)
            if source is None:
                self._keep("validations", 0, rule)
            else:
                source.sqref = MultiCellRange(_refs(union(rule.rects)))
                tab.data_validations.append(source)
        tab.conditional_formatting = ConditionalFormattingList()
        for number, rule in enumerate(self.sheet.conditionals):
            corner = a1.cells(
                Rect(rule.rects[0].top, rule.rects[0].top + 1, rule.rects[0].left, rule.rects[0].left + 1)
            )
            source = self._source(rule, corner)
            if source is None:
                self._keep("conditionals", number, rule)
            else:
                source.priority = number + 1
                tab.conditional_formatting.add(_refs(rule.rects), source)
        self._filter(tab)
        for name in list(tab.tables):
            del tab.tables[name]
        for table in self.sheet.tables:
            if table.rects:
                _place_table(table.source, a1.cells(_closed(table.rects[0])))
                tab.tables.add(table.source)

    def _keep(self, name: str, number: int, rule: Rule) -> None:
        kept = {"at": number, "json": rule.json, "rects": [list(rect) for rect in rule.rects]}
        self.unsaid.setdefault(name, []).append(kept)

    def _source(self, rule: Rule, corner: str | None) -> Any | None:
        """Give the file's own object for a rule: the one it came with, or one made of its JSON."""
        if rule.source is not None:
            source = copy(rule.source)
        elif corner is None:
            source = validation_source(rule.json or {}, self.book.locale)
        else:
            source = conditional_source(rule.json or {}, corner, self.book.locale)
        condition = _condition(rule.json)
        if source is not None and condition:
            self.conditions[fingerprint(source)] = condition
        return source

    def _filter(self, tab: Any) -> None:
        kept = self.sheet.filter
        tab.auto_filter = AutoFilter()
        if kept is not None:
            tab.auto_filter = copy(kept.source) if kept.source is not None else AutoFilter()
            tab.auto_filter.ref = a1.cells(_closed(kept.rect.clip(self.sheet.row_count, self.sheet.column_count)))

    def _view(self, tab: Any) -> None:
        sheet = self.sheet
        pane = tab.sheet_view.pane
        was = (int(pane.ySplit or 0), int(pane.xSplit or 0)) if pane is not None and "frozen" in pane.state else (0, 0)
        if was != (sheet.frozen_rows, sheet.frozen_columns):
            corner = f"{a1.letters(sheet.frozen_columns)}{sheet.frozen_rows + 1}"
            tab.freeze_panes = None if corner == "A1" else corner
        tab.sheet_view.showGridLines = False if sheet.gridlines_hidden else tab.sheet_view.showGridLines or None
        tab.sheet_view.rightToLeft = True if sheet.right_to_left else None
        color = tab.sheet_properties.tabColor
        if self.shell.styles.palette.json(color) != sheet.tab_color:
            tab.sheet_properties.tabColor = "FF" + str(rgb_of(sheet.tab_color, None)) if sheet.tab_color else None

    def _lines(self, tab: Any) -> None:
        tab.row_dimensions = DimensionHolder(worksheet=tab, default_factory=None)
        for index, line in sorted(self.sheet.row_lines.items()):
            row = RowDimension(tab, index=index + 1, ht=line.size, **_common(line))
            self._style(row, line)
            tab.row_dimensions[index + 1] = row
        columns: Any = DimensionHolder(worksheet=tab)
        for first, last, line in _runs(self.sheet.column_lines):
            name = a1.letters(first)
            column = ColumnDimension(tab, index=name, min=first + 1, max=last + 1, **_common(line))
            if line.size is not None:
                column.width = line.size
            self._style(column, line)
            columns[name] = column
        tab.column_dimensions = columns

    def _style(self, dimension: Any, line: Line) -> None:
        if line.base is not None:
            dimension._style = self.shell.workbook._cell_styles[line.base]  # noqa: SLF001  # openpyxl has no public table


def _place_table(table: Any, ref: str) -> None:
    """Move an Excel table, with the filter on it, to where its cells are now."""
    if table.autoFilter is not None and table.autoFilter.ref == table.ref:
        table.autoFilter.ref = ref
    table.ref = ref


def _array_ref(ref: str, row: int, column: int) -> str:
    """Give the cells of an array formula, which may have moved since it was read."""
    rect = a1.read_cells(ref) or Rect(row, row + 1, column, column + 1)
    return a1.cells(rect.moved(row - rect.top, column - rect.left))


def _condition(rule: Json | None) -> Json | None:
    found = (rule or {}).get("booleanRule", rule or {}).get("condition")
    return found if isinstance(found, dict) else None


def _common(line: Line) -> Json:
    return {"hidden": line.hidden, "outlineLevel": line.outline or None, "collapsed": line.collapsed}


def _runs(lines: dict[int, Line]) -> list[tuple[int, int, Line]]:
    """Neighbours that are alike, together: (first, last, line)."""
    out: list[tuple[int, int, Line]] = []
    for index, line in sorted(lines.items()):
        if out and out[-1][1] == index - 1 and out[-1][2] == line:
            out[-1] = (out[-1][0], index, line)
        else:
            out.append((index, index, line))
    return out


def _clean(text: str) -> str:
    return _BAD.sub("", text)
