"""Has openpyxl's workbook say what a book is besides cells, for a save to compare.

What of it comes into the file, and the cells, are left to patch.py; whether the file may be written
to files.py.
"""

from __future__ import annotations

import itertools
import operator
from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from openpyxl.cell.cell import Cell as FileCell
from openpyxl.comments import Comment
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.datavalidation import DataValidationList
from openpyxl.worksheet.dimensions import ColumnDimension, DimensionHolder
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.merge import MergedCellRange
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties

from sheetsync.emulator.errors import WouldLoseParts
from sheetsync.emulator.model import a1, groups, overlays
from sheetsync.emulator.model.carry_overlays import corner_of, rebased
from sheetsync.emulator.model.grid import Cell, Formula, Line, Rule, Sheet
from sheetsync.emulator.model.rects import Rect, union
from sheetsync.emulator.xlsx.cells.row_writer import clean
from sheetsync.emulator.xlsx.opened import Dressing
from sheetsync.emulator.xlsx.overlays import overlays as disk_overlays
from sheetsync.emulator.xlsx.parts.defined_names import closed
from sheetsync.emulator.xlsx.parts.tab_face import faces
from sheetsync.emulator.xlsx.patch import Patch
from sheetsync.emulator.xlsx.styles import extra_formats as extras
from sheetsync.emulator.xlsx.styles.rules import (
    conditional_source,
    fingerprint,
    validation_source,
)
from sheetsync.emulator.xlsx.styles.styles import rgb_of

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from sheetsync.emulator.model.evaluate import Computation
    from sheetsync.emulator.model.grid import Book, Json, Look, Row, Value
    from sheetsync.emulator.xlsx.opened import Shell, Written
    from sheetsync.emulator.xlsx.parts.tab_face import Face


def save(book: Book, shell: Shell, computed: Computation) -> Written:
    """Give the file for this state of the book.

    WouldLoseParts where something of it could not be kept.
    """
    old = new = None
    if not _only_cells(shell.saved, book):
        old = shell.dressing or _dressed(
            shell.saved, shell, _Later(shell.saved)
        )
        # A lock, for one, changes no tab: openpyxl has nothing else to say of them then.
        faces_kept = old.faces if _same_tabs(shell.saved, book) else None
        new = _dressed(book, shell, computed, faces_kept)
    patch = Patch(book, shell, computed)
    written = patch.write(old, new)
    lost = patch.context.lost
    if lost:
        raise WouldLoseParts(shell.path, tuple(dict.fromkeys(lost)))
    return written


class _Later:
    """The values of a state, computed only if somebody asks."""

    def __init__(self, book: Book) -> None:
        self.book = book

    def value(self, sheet: Sheet, row: int, column: int) -> Value:
        """Give a cell's value; never a Formula."""
        found = sheet.cell(row, column).value
        if not isinstance(found, Formula) or self.book.compute is None:
            return None if isinstance(found, Formula) else found
        if self.book.computed is None:
            self.book.computed = self.book.compute(self.book)
        value: Value = self.book.computed.value(sheet, row, column)
        return value


def _only_cells(old: Book, new: Book) -> bool:
    """Whether two states differ in nothing but cells that nothing else of the file depends on."""
    if (
        extras.used(new)
        or replace(old, sheets=[]) != replace(new, sheets=[])
        or len(old.sheets) != len(new.sheets)
    ):
        return False
    return all(
        _same_frame(a, b) for a, b in zip(old.sheets, new.sheets, strict=True)
    )


def _same_tabs(old: Book, new: Book) -> bool:
    """Whether two states differ in nothing but protections, metadata and what Drive knows."""
    if _without_tabs(old) != _without_tabs(new):
        return False
    if len(old.sheets) != len(new.sheets):
        return False
    return all(map(_same_tab, old.sheets, new.sheets))


def _without_tabs(book: Book) -> Book:
    return replace(book, sheets=[], protections=[], metadata=[], drive={})


def _same_tab(old: Sheet, new: Sheet) -> bool:
    if new.cuts or len(old.rows) != len(new.rows):
        return False
    # Rows are never changed in place: what is another row is another object.
    if any(map(operator.is_not, old.rows, new.rows)):
        return False
    return replace(old, rows=[]) == replace(new, rows=[])


def _same_frame(old: Sheet, new: Sheet) -> bool:
    if new.cuts or new.charts or new.tables or new.filter is not None:
        return False
    if replace(old, rows=[]) != replace(new, rows=[]):
        return False
    empty: Row = {}
    pairs = itertools.zip_longest(old.rows, new.rows, fillvalue=empty)
    return not any(a is not b and (_marked(a) or _marked(b)) for a, b in pairs)


def _marked(row: Row) -> bool:
    return any(cell.note is not None or _uri(cell) for cell in row.values())


def _uri(cell: Cell) -> str:
    return "" if cell.look is None else _uri_of(cell.look)


def _uri_of(look: Look) -> str:
    text = look.json.get("textFormat", {})
    return str(text.get("link", {}).get("uri", ""))


def _dressed(
    book: Book,
    shell: Shell,
    computed: Any,
    faces_kept: dict[int, Face] | None = None,
) -> Dressing:
    """Have openpyxl's workbook say all of a state but its cells.

    `faces_kept`: the faces of the tabs, by their ids, where they are known.
    """
    _order_tabs(book, shell)
    conditions: Json = {}
    unsaid: dict[int, Json] = {}
    linked = {id(look) for look in book.looks.values() if _uri_of(look)}
    for sheet in book.sheets:
        writer = _TabWriter(book, shell, sheet, conditions, linked)
        writer.write(shell.tabs[sheet.id])
        unsaid[sheet.id] = writer.unsaid
    for number, kept in disk_overlays.write(book, shell, computed).items():
        unsaid[number].update(kept)
    faces_now = faces_kept or _faces(book, shell)
    for sheet in book.sheets:
        shell.tabs[sheet.id]._cells = {}  # noqa: SLF001  # the grid holds them
    return Dressing(faces_now, _state(book, conditions, unsaid))


def _faces(book: Book, shell: Shell) -> dict[int, Face]:
    ids = [sheet.id for sheet in book.sheets]
    return dict(zip(ids, faces(shell.workbook), strict=True))


def _new_tab(workbook: Workbook) -> Worksheet:
    """Add a tab to a file, printed as Google prints by default: the whole width on a page.

    The API knows no page set-up, so that the one of a new tab is chosen here.
    """
    tab: Worksheet = workbook.create_sheet()
    tab.page_setup.orientation = "landscape"
    tab.page_setup.paperSize = tab.PAPERSIZE_A4
    tab.page_setup.fitToHeight = 0
    tab.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    margin = 0.4
    tab.page_margins = PageMargins(margin, margin, margin, margin)
    return tab


def _order_tabs(book: Book, shell: Shell) -> None:
    workbook = shell.workbook
    for sheet in book.sheets:
        if sheet.id not in shell.tabs:
            shell.tabs[sheet.id] = _new_tab(workbook)
    mine = [shell.tabs[sheet.id] for sheet in book.sheets]
    # No title may be taken while tabs swap theirs
    for number, tab in enumerate(mine):
        # The setter would rename titles that clash.
        tab._WorkbookChild__title = f"\0{number}"  # noqa: SLF001
    # The only way to order and drop tabs without loss.
    workbook._sheets = list(mine)  # noqa: SLF001
    for sheet, tab in zip(book.sheets, mine, strict=True):
        tab._WorkbookChild__title = sheet.title  # noqa: SLF001  # as above
        tab.sheet_state = (
            ("hidden" if tab.sheet_state == "visible" else tab.sheet_state)
            if sheet.hidden
            else "visible"
        )
        tab._pivots = []  # noqa: SLF001  # they are carried over as they are
    shown = next(
        (i for i, sheet in enumerate(book.sheets) if not sheet.hidden), 0
    )
    if (
        # The setter refuses hidden tabs.
        workbook._active_sheet_index >= len(mine)  # noqa: SLF001
        # The setter refuses hidden tabs.
        or book.sheets[workbook._active_sheet_index].hidden  # noqa: SLF001
    ):
        workbook._active_sheet_index = shown  # noqa: SLF001  # as above


def _counted_from(rule: Rule, cells: MultiCellRange) -> Rule:
    """Give a rule whose formulas count from the cell that is written first."""
    first = a1.read_cells(str(cells).split(maxsplit=1)[0])
    return (
        rule
        if first is None
        else rebased(rule, corner_of(rule.rects), (first.top, first.left))
    )


def _refs(rects: tuple[Rect, ...]) -> str:
    return " ".join(a1.cells(closed(rect)) for rect in rects)


def _state(book: Book, conditions: Json, unsaid: dict[int, Json]) -> Json:
    # Protections know the book, not the file.
    from sheetsync.emulator.model.protections import to_stored  # noqa: PLC0415

    sheets: list[Json] = []
    formats = extras.by_look(book)
    for sheet in book.sheets:
        stored: Json = {
            "id": sheet.id,
            "title": sheet.title,
            "rows": sheet.row_count,
            "columns": sheet.column_count,
        }
        if sheet.filter is not None and sheet.filter.json:
            stored["filter"] = sheet.filter.json
        stored.update(unsaid[sheet.id])
        stored.update(overlays.to_stored(sheet))
        stored.update(groups.to_stored(sheet))
        stored.update(extras.to_stored(formats, sheet))
        sheets.append(stored)
    return {
        "v": 1,
        "title": book.title,
        "locale": book.locale,
        "timeZone": book.time_zone,
        "autoRecalc": book.auto_recalc,
        "sheets": sheets,
        "protections": [
            to_stored(protection) for protection in book.protections
        ],
        "metadata": book.metadata,
        "drive": book.drive,
        "names": {name.name: name.id for name in book.names},
        "conditions": conditions,
    }


class _TabWriter:
    """Writes one Sheet into one worksheet."""

    def __init__(
        self,
        book: Book,
        shell: Shell,
        sheet: Sheet,
        conditions: Json,
        linked: set[int],
    ) -> None:
        self.book = book
        self.shell = shell
        self.sheet = sheet
        self.conditions = conditions
        # The looks with a link, by their identity: a book has each look once
        self.linked = linked
        # Rules that no file can say, by the name of their list
        self.unsaid: Json = {}
        self.titles = {other.id: other.title for other in book.sheets}

    def write(self, tab: Any) -> None:
        sheet = self.sheet
        # Filled directly: openpyxl looks for notes and links in its cells.
        tab._cells = {}  # noqa: SLF001
        for index, row in enumerate(sheet.rows):
            for column, cell in row.items():
                if cell.note is not None or id(cell.look) in self.linked:
                    tab._cells[index + 1, column + 1] = self._cell(  # noqa: SLF001  # as above
                        tab, index, column, cell
                    )
        tab.merged_cells = MultiCellRange(
            [MergedCellRange(tab, a1.cells(closed(r))) for r in sheet.merges]
        )
        self._rules(tab)
        self._view(tab)
        self._lines(tab)

    def _cell(self, tab: Any, row: int, column: int, cell: Cell) -> FileCell:
        """Give a cell that stands for one with a note or a link; its value is of no account."""
        out: Any = FileCell(tab, row=row + 1, column=column + 1)
        out._value = 0  # noqa: SLF001  # links of empty cells are passed over
        if _uri(cell):
            # The setter would write a value.
            out._hyperlink = self._link(_uri(cell), out.coordinate)  # noqa: SLF001
        if cell.note is not None:
            note = cell.note
            out.comment = Comment(
                clean(note.text),
                note.author or "sheetsync",
                round(note.height),
                round(note.width),
            )
        # A Cell under Any: its private fields are set here.
        return out  # type: ignore[no-any-return]

    def _link(self, uri: str, ref: str) -> Hyperlink:
        if not uri.startswith("#"):
            return Hyperlink(ref=ref, target=clean(uri))
        query = {name: values[0] for name, values in parse_qs(uri[1:]).items()}
        gid = query.get("gid", "")
        if gid.isdigit() and int(gid) in self.titles:
            location = (
                f"{a1.quoted(self.titles[int(gid)])}!{query.get('range', 'A1')}"
            )
            return Hyperlink(ref=ref, location=location)
        return Hyperlink(ref=ref, location=clean(uri[1:]))

    def _rules(self, tab: Any) -> None:
        tab.data_validations = DataValidationList()
        for rule in self.sheet.validations:
            cells = MultiCellRange(_refs(union(rule.rects)))
            source = self._source(_counted_from(rule, cells), None)
            if source is None:
                self._keep("validations", 0, rule)
            else:
                source.sqref = cells
                tab.data_validations.append(source)
        tab.conditional_formatting = ConditionalFormattingList()
        for number, rule in enumerate(self.sheet.conditionals):
            cells = MultiCellRange(_refs(rule.rects))
            corner = str(cells).split(maxsplit=1)[0].partition(":")[0]
            source = self._source(_counted_from(rule, cells), corner)
            if source is None:
                self._keep("conditionals", number, rule)
            else:
                source.priority = number + 1
                tab.conditional_formatting.add(str(cells), source)

    def _keep(self, name: str, number: int, rule: Rule) -> None:
        kept = {
            "at": number,
            "json": rule.json,
            "rects": [list(rect) for rect in rule.rects],
        }
        self.unsaid.setdefault(name, []).append(kept)

    def _source(self, rule: Rule, corner: str | None) -> Any | None:
        """Give the file's own object for a rule: the one it came with, or one made of its JSON."""
        if rule.source is not None:
            source = copy(rule.source)
        elif corner is None:
            source = validation_source(rule.json or {}, self.book.locale)
        else:
            source = conditional_source(
                rule.json or {}, corner, self.book.locale
            )
        condition = _condition(rule.json)
        if source is not None and condition:
            self.conditions[fingerprint(source)] = condition
        return source

    def _view(self, tab: Any) -> None:
        sheet = self.sheet
        pane = tab.sheet_view.pane
        was = (
            (int(pane.ySplit or 0), int(pane.xSplit or 0))
            if pane is not None and "frozen" in pane.state
            else (0, 0)
        )
        if was != (sheet.frozen_rows, sheet.frozen_columns):
            corner = (
                f"{a1.letters(sheet.frozen_columns)}{sheet.frozen_rows + 1}"
            )
            tab.freeze_panes = None if corner == "A1" else corner
        tab.sheet_view.showGridLines = (
            False
            if sheet.gridlines_hidden
            else tab.sheet_view.showGridLines or None
        )
        tab.sheet_view.rightToLeft = True if sheet.right_to_left else None
        color = tab.sheet_properties.tabColor
        if self.shell.styles.palette.json(color) != sheet.tab_color:
            tab.sheet_properties.tabColor = (
                "FF" + str(rgb_of(sheet.tab_color, None))
                if sheet.tab_color
                else None
            )

    def _lines(self, tab: Any) -> None:
        tab.row_dimensions = DimensionHolder(
            worksheet=tab, default_factory=None
        )  # rows are written elsewhere
        depth = max(
            (line.outline for line in self.sheet.row_lines.values()), default=0
        )
        tab.sheet_format.outlineLevelRow = depth or None
        columns: Any = DimensionHolder(worksheet=tab)
        for first, last, line in _runs(self.sheet.column_lines):
            name = a1.letters(first)
            column = ColumnDimension(
                tab, index=name, min=first + 1, max=last + 1, **_common(line)
            )
            if line.size is not None:
                column.width = line.size
            self._style(column, line)
            columns[name] = column
        tab.column_dimensions = columns

    def _style(self, dimension: Any, line: Line) -> None:
        if line.base is not None:
            # openpyxl has no public table.
            dimension._style = self.shell.workbook._cell_styles[line.base]  # noqa: SLF001


def _condition(rule: Json | None) -> Json | None:
    found = (rule or {}).get("booleanRule", rule or {}).get("condition")
    return found if isinstance(found, dict) else None


def _common(line: Line) -> Json:
    return {
        "hidden": line.hidden or line.filtered,
        "outlineLevel": line.outline,
        "collapsed": line.collapsed,
    }


def _runs(lines: dict[int, Line]) -> list[tuple[int, int, Line]]:
    """Neighbours that are alike, together: (first, last, line)."""
    out: list[tuple[int, int, Line]] = []
    for index, line in sorted(lines.items()):
        if out and out[-1][1] == index - 1 and out[-1][2] == line:
            out[-1] = (out[-1][0], index, line)
        else:
            out.append((index, index, line))
    return out
