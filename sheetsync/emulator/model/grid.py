"""The book in memory: sheets, rows, cells and what lies over them. No requests, no file format.

Rows and cells are never changed in place, so that a copy of a book costs a list of rows and a batch
can be dropped.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sheetsync.emulator.model.rects import OPEN, Pointing, Rect, Splice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula's text with its "=".

    `origin` is the cell of the file as loaded, where a computed value may lie.
    """

    text: str
    origin: tuple[str, int, int] | None = None
    array: str | None = None


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """An error that stands in a cell as a value, such as #N/A.

    `message` says why, where it was computed.
    """

    code: str
    message: str = field(default="", compare=False)


Value = bool | int | float | str | Formula | ErrorValue | None


@dataclass(frozen=True, slots=True)
class Look:
    """A cell's userEnteredFormat, and the style of the file that it started from.

    Never change `json`.
    """

    base: int
    json: Mapping[str, Any]
    key: str


@dataclass(frozen=True, slots=True)
class Note:
    """A note; its box is in pixels, as the file has it."""

    text: str
    width: float = 144
    height: float = 79
    author: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    `runs` are Google's textFormatRuns, `rich` the file's own rich text while the text is unchanged.
    """

    value: Value = None
    look: Look | None = None
    note: Note | None = None
    runs: tuple[Json, ...] = ()
    rich: Any = field(default=None, compare=False, repr=False)

    def is_blank(self) -> bool:
        """Nothing at all, so that it need not be kept."""
        return self.value is None and self.look is None and self.note is None


EMPTY = Cell()
Row = dict[int, Cell]


@dataclass(frozen=True, slots=True)
class Line:
    """A row's or a column's own properties.

    Size in the file's unit (points, characters), and whether hidden.

    `hidden` is what a person did, `filtered` what the basic filter does.
    """

    size: float | None = None
    hidden: bool = False
    base: int | None = None
    outline: int = 0
    collapsed: bool = False
    filtered: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A validation or a conditional format.

    Google's JSON where it can be told, else only the file's own object.
    """

    json: Json | None
    source: Any = None
    rects: tuple[Rect, ...] = ()


@dataclass(frozen=True, slots=True)
class Filter:
    """The basic filter: its place, Google's JSON without the range, and the file's own object."""

    rect: Rect
    json: Json
    source: Any = None


@dataclass(frozen=True, slots=True)
class Protection:
    """A protected range.

    `editors` None: nobody was named, so everybody who may edit the book may edit it.
    """

    id: int
    sheet_id: int
    rect: Rect
    json: Json
    editors: tuple[str, ...] | None = None
    free: tuple[Rect, ...] = ()


@dataclass(frozen=True, slots=True)
class Name:
    """A named range."""

    id: str
    name: str
    sheet_id: int
    rect: Rect


@dataclass(frozen=True, slots=True)
class Area:
    """Something with an id of its own that lies over cells.

    A filter view, banding, a table, a chart.
    """

    id: int | str
    rect: Rect
    json: Json
    source: Any = None


@dataclass(frozen=True, slots=True)
class Group:
    """Rows or columns [start, end) that can be folded away; `depth` counts from 1."""

    rows: bool
    start: int
    end: int
    depth: int = 1
    collapsed: bool = False


@dataclass(frozen=True, slots=True)
class FormulaRows:
    """Where a tab had formulas when somebody asked: its rows, and those with formulas by index."""

    rows: list[Row] = field(default_factory=list)
    found: dict[int, list[tuple[int, Formula]]] = field(default_factory=dict)

    def of(self, rows: list[Row]) -> FormulaRows:
        """Give the same for other rows; those that are known are not looked through again."""
        # This object keeps its rows, so that no other has their identity
        known: dict[int, list[tuple[int, Formula]]] = {
            id(row): [] for row in self.rows
        }
        for index, formulas in self.found.items():
            known[id(self.rows[index])] = formulas
        found: dict[int, list[tuple[int, Formula]]] = {}
        for index, row in enumerate(rows):
            formulas_of_row = known.get(id(row))
            if formulas_of_row is None:
                formulas_of_row = _formulas_in(row)
            if formulas_of_row:
                found[index] = formulas_of_row
        return FormulaRows(list(rows), found)


def _formulas_in(row: Row) -> list[tuple[int, Formula]]:
    return [
        (column, cell.value)
        for column, cell in row.items()
        if isinstance(cell.value, Formula)
    ]


@dataclass(slots=True)
class Sheet:
    """One tab.

    `row_count` and `column_count` are the size of the grid, whatever of it is filled.
    """

    id: int
    title: str
    row_count: int = 1000
    column_count: int = 26
    rows: list[Row] = field(default_factory=list)
    merges: list[Rect] = field(default_factory=list)
    validations: list[Rule] = field(default_factory=list)
    conditionals: list[Rule] = field(default_factory=list)
    tables: list[Area] = field(default_factory=list)
    filter: Filter | None = None
    row_lines: dict[int, Line] = field(default_factory=dict)
    column_lines: dict[int, Line] = field(default_factory=dict)
    frozen_rows: int = 0
    frozen_columns: int = 0
    hidden: bool = False
    gridlines_hidden: bool = False
    right_to_left: bool = False
    locked: bool = False  # by the file's own protection, which stops people in other programs
    tab_color: Json | None = None
    row_size: float | None = None
    column_size: float | None = None
    views: list[Area] = field(default_factory=list)
    bands: list[Area] = field(default_factory=list)
    charts: list[Area] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    row_control_after: bool = False  # where the +/- of its groups stands
    column_control_after: bool = False
    cuts: list[Any] = field(
        default_factory=list, compare=False, repr=False
    )  # splices and the like since the last save
    formula_rows: FormulaRows = field(
        default_factory=FormulaRows, compare=False, repr=False
    )  # what formulas() remembers; rows are never changed in place

    def copy(self) -> Sheet:
        """Give a sheet that may be changed without the first one noticing."""
        return replace(
            self,
            rows=list(self.rows),
            merges=list(self.merges),
            validations=list(self.validations),
            conditionals=list(self.conditionals),
            tables=list(self.tables),
            row_lines=dict(self.row_lines),
            column_lines=dict(self.column_lines),
            views=list(self.views),
            bands=list(self.bands),
            charts=list(self.charts),
            groups=list(self.groups),
            cuts=list(self.cuts),
        )

    @property
    def rect(self) -> Rect:
        """The whole grid."""
        return Rect(0, self.row_count, 0, self.column_count)

    def row(self, index: int) -> Row:
        """Give a row's cells by column; never change it."""
        return self.rows[index] if index < len(self.rows) else {}

    def cell(self, row: int, column: int) -> Cell:
        """One cell, EMPTY where nothing is."""
        return self.row(row).get(column, EMPTY)

    def put_row(self, index: int, cells: Row) -> None:
        """Replace a row; blank cells are dropped."""
        while len(self.rows) <= index:
            self.rows.append({})
        self.rows[index] = {
            column: cell
            for column, cell in cells.items()
            if not cell.is_blank()
        }

    def put(self, row: int, column: int, cell: Cell) -> None:
        """Replace one cell."""
        self.put_row(row, {**self.row(row), column: cell})

    def edit(
        self, rect: Rect, change: Callable[[Cell, int, int], Cell]
    ) -> None:
        """Every cell of a rectangle becomes change(cell, row, column)."""
        area = rect.clip(self.row_count, self.column_count)
        for row in range(area.top, area.bottom):
            cells = dict(self.row(row))
            for column in range(area.left, area.right):
                cells[column] = change(cells.get(column, EMPTY), row, column)
            self.put_row(row, cells)

    def used(self) -> tuple[int, int]:
        """Rows and columns up to the last cell that holds anything."""
        rows = max((i + 1 for i, row in enumerate(self.rows) if row), default=0)
        columns = max((max(row) + 1 for row in self.rows if row), default=0)
        return rows, columns

    def filled_rows(self) -> int:
        """Rows up to the last that holds a value."""
        for index in range(len(self.rows) - 1, -1, -1):
            if any(
                cell.value is not None for cell in self.rows[index].values()
            ):
                return index + 1
        return 0

    def formulas(self) -> Iterator[tuple[int, int, Formula]]:
        """Every formula: row, column, formula."""
        # A list's equality begins with its items' identity
        if self.formula_rows.rows != self.rows:
            self.formula_rows = self.formula_rows.of(self.rows)
        for index, found in self.formula_rows.found.items():
            for column, formula in found:
                yield index, column, formula

    def has_formulas(self) -> bool:
        """Whether there is any formula."""
        return next(self.formulas(), None) is not None

    def validation_at(self, row: int, column: int) -> Rule | None:
        """Give the validation that holds for a cell."""
        for rule in self.validations:
            if any(rect.has(row, column) for rect in rule.rects):
                return rule
        return None


@dataclass(frozen=True, slots=True)
class Limits:
    """What a cell, a title, a tab and a book may hold: Google's limits, or those of the file.

    `cells`: of all tabs together; None where nothing bounds them.
    """

    text: int = 50_000
    title: int = 100
    any_title: bool = True
    rows: int | None = None
    columns: int = 18_278
    cells: int | None = 10_000_000


FILE_LIMITS = Limits(
    text=32_767,
    title=31,
    any_title=False,
    rows=1_048_576,
    columns=16_384,
)
UNLIMITED_FILE = replace(FILE_LIMITS, cells=None)


@dataclass(slots=True)
class Book:
    """A spreadsheet.

    `looks` is shared by all copies; it only ever grows. Never change what is in `drive`: replace
    it.

    `set_formats` are the looks that came of setting formats: (old look, format, mask) -> look, and
    shared likewise.

    `memo` is shared too: what a call found out and the next may ask again, by tab; an entry must be
    checked before it is used.

    `drive` is what the Drive API knows of the file (permissions, comments, ...), as JSON of drive/.
    """

    id: str
    title: str
    locale: str = "en_US"
    time_zone: str = "Etc/GMT"
    auto_recalc: str = "ON_CHANGE"
    sheets: list[Sheet] = field(default_factory=list)
    names: list[Name] = field(default_factory=list)
    protections: list[Protection] = field(default_factory=list)
    metadata: list[Json] = field(default_factory=list)
    drive: Json = field(default_factory=dict)
    limits: Limits = field(default=Limits(), compare=False)
    looks: dict[tuple[int, str], Look] = field(
        default_factory=dict, compare=False, repr=False
    )
    set_formats: dict[tuple[Any, bytes, bytes], Look | None] = field(
        default_factory=dict, compare=False, repr=False
    )
    memo: dict[int, Any] = field(
        default_factory=dict, compare=False, repr=False
    )
    compute: Callable[[Book], Any] | None = field(
        default=None, compare=False, repr=False
    )
    computed: Any = field(default=None, compare=False, repr=False)
    pending: list[tuple[int, str, Pointing]] = field(
        default_factory=list, compare=False
    )
    places: dict[int, int] = field(
        default_factory=dict, compare=False, repr=False
    )  # where sheet() has found the tabs

    def copy(self) -> Book:
        """Give a book that may be changed without the first one noticing."""
        return replace(
            self,
            sheets=[sheet.copy() for sheet in self.sheets],
            names=list(self.names),
            protections=list(self.protections),
            metadata=list(self.metadata),
            computed=None,
            pending=[],
        )

    def sheet(self, sheet_id: int) -> Sheet | None:
        """Give the tab of that id."""
        place = self.places.get(sheet_id, len(self.sheets))
        if place < len(self.sheets) and self.sheets[place].id == sheet_id:
            return self.sheets[place]
        # Tabs came, went or moved since
        self.places = {sheet.id: at for at, sheet in enumerate(self.sheets)}
        at = self.places.get(sheet_id)
        return None if at is None else self.sheets[at]

    def by_title(self, title: str) -> Sheet | None:
        """Give the tab of that title; as at Google, capitals do not count."""
        exact = next(
            (sheet for sheet in self.sheets if sheet.title == title), None
        )
        if exact:
            return exact
        wanted = title.casefold()
        return next(
            (
                sheet
                for sheet in self.sheets
                if sheet.title.casefold() == wanted
            ),
            None,
        )

    def has_formulas(self) -> bool:
        """Whether there is any formula on any tab."""
        return any(sheet.has_formulas() for sheet in self.sheets)

    def look(self, json_form: Mapping[str, Any], base: int = 0) -> Look | None:
        """Give the one Look for this format; None for no format on no style."""
        if not json_form and not base:
            return None
        key = json.dumps(json_form, sort_keys=True, ensure_ascii=False)
        return self.looks.setdefault((base, key), Look(base, json_form, key))


def splice_lines(lines: dict[int, Line], splice: Splice) -> dict[int, Line]:
    """Row or column properties after an insertion or deletion."""
    moved = ((splice.index(index), line) for index, line in lines.items())
    return {index: line for index, line in moved if index is not None}


def splice_rules(rules: list[Rule], splice: Splice) -> list[Rule]:
    """Give validations or conditional formats after it; those whose cells are all gone go too."""
    out = [replace(rule, rects=splice.rects(rule.rects)) for rule in rules]
    return [rule for rule in out if rule.rects]


__all__ = [
    "EMPTY",
    "OPEN",
    "Area",
    "Book",
    "Cell",
    "ErrorValue",
    "Filter",
    "Formula",
    "Json",
    "Line",
    "Look",
    "Name",
]
__all__ += [
    "Group",
    "Note",
    "Protection",
    "Rect",
    "Row",
    "Rule",
    "Sheet",
    "Splice",
    "Value",
    "splice_lines",
    "splice_rules",
]
