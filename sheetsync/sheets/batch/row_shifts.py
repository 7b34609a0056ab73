"""Where a batch takes the rows that formulas speak of: to another tab, or down below inserted rows.

How whole formulas are rewritten by it is left to formulas_that_move.py.
"""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from gspread.utils import absolute_range_name
from openpyxl.utils.cell import get_column_letter

from sheetsync.sheets.batch.client_ranges import ClientBlock, kept, span_of
from sheetsync.sheets.batch.references import (
    CELL,
    COLUMN,
    column_of,
    plain_title,
    side_by_side,
    titled_cells,
)
from sheetsync.sheets.batch.split_formulas import (
    FormulaCell,
    Split,
    SplitFormula,
    widened,
)

_ROW = re.compile(r"(\$?)(\d+)")


class Landing(NamedTuple):
    """Where a row goes: the tab, its number while the batch runs and after it; and its id.

    `columns`: those of the two tabs that correspond, by heading (0-based).
    """

    title: str
    row: int
    final: int
    columns: Mapping[int, int]
    id: str


class Followed(NamedTuple):
    """A reference that follows its row: as it was, as the batch writes it, as it reads afterwards.

    `id`: of the row that it follows.
    """

    before: str
    written: str
    final: str
    id: str


class Insert(NamedTuple):
    """Rows that a batch inserts into a tab before formulas are written.

    `row`: their 0-based place; `length`: how many.
    """

    title: str
    row: int
    length: int


class RowPart(NamedTuple):
    """Cells of one row that a reference names: the sheet's number, first and last column."""

    row: int
    first: int
    last: int

    @property
    def columns(self) -> range:
        """The 0-based columns."""
        return range(self.first, self.last + 1)


def row_part(reference: str) -> RowPart | None:
    """Read a reference to a cell or to cells of one row; None for anything else."""
    corners = reference.split(":")
    if len(corners) > 2:  # noqa: PLR2004  # a range has two
        return None
    rows: set[int] = set()
    columns: list[int] = []
    for corner in corners:
        cell = CELL.fullmatch(corner)
        if cell is None:
            return None
        rows.add(int(cell[4]))
        columns.append(column_of(cell[2]))
    if len(rows) > 1:
        return None
    return RowPart(rows.pop(), min(columns), max(columns))


class RowShifts:
    """Where a batch takes the rows that formulas speak of.

    Some go to another tab (`landings`, by the title and the number that they leave). Those below
    inserted ones slide down (`inserts`), and whoever writes a formula must say so himself. A range
    over all clients of a tab (`blocks`, by title in small letters) follows none of them; where that
    tab is split up (`splits`), the formula reads all tabs where they go.
    """

    def __init__(
        self,
        landings: Mapping[tuple[str, int], Landing] | None = None,
        inserts: Sequence[Insert] = (),
        blocks: Mapping[str, ClientBlock] = MappingProxyType({}),
        splits: Sequence[Split] = (),
    ) -> None:
        self.blocks = blocks
        self.splits = splits
        self.landings: dict[tuple[str, int], Landing] = {}
        for (title, row), landing in (landings or {}).items():
            self.landings[title.casefold(), row] = landing
        self.inserts = [
            insert._replace(title=insert.title.casefold()) for insert in inserts
        ]
        self.left = {in_formulas(title) for title, _ in self.landings}
        """The tabs that rows leave, as formulas name them, in small letters."""

    def turned(self, reference: str, home: str) -> tuple[str, Followed | None]:
        """Return a reference in a formula of the tab `home` as it must be written.

        And what it follows, where it follows a row to another tab.
        """
        grown = kept(reference, home, self.blocks)
        if grown is not None:
            return grown.written, None
        quoted, cells = titled_cells(reference)
        title = home if quoted is None else plain_title(quoted)
        landing = self._landing(title, cells)
        if landing is None:
            prefix = reference.removesuffix(cells)
            return prefix + self._slid(title, cells), None
        written = absolute_range_name(
            landing.title, _moved(cells, landing, landing.row)
        )
        final = absolute_range_name(
            landing.title, _moved(cells, landing, landing.final)
        )
        return written, Followed(reference, written, final, landing.id)

    def carried_over(self, formula: str, cell: FormulaCell) -> SplitFormula:
        """Aim a formula at all tabs where the clients go of tabs that are split up."""
        text = formula
        for split in self.splits:
            aimed = widened(text, cell, split)
            if aimed.unclear is not None:
                return SplitFormula(formula, aimed.unclear)
            text = aimed.formula
        return SplitFormula(text)

    def _landing(self, title: str, cells: str) -> Landing | None:
        """Return where the one row goes that a reference speaks of, if all its cells go along."""
        part = row_part(cells)
        if part is None or self._is_all_clients(title, cells):
            return None
        landing = self.landings.get((title.casefold(), part.row))
        if landing is None:
            return None
        there = [*map(landing.columns.get, part.columns)]
        return landing if side_by_side(there) else None

    def _is_all_clients(self, title: str, cells: str) -> bool:
        """Tell whether cells are a range over the one client of a tab, and not that client's."""
        block = self.blocks.get(title.casefold())
        span = span_of(cells)
        if block is None or span is None or span.is_of_one_row:
            return False
        return block.is_covered(span)

    def _slid(self, title: str, reference: str) -> str:
        """Return cells, rows or ranges as they are called once the batch's rows are inserted."""
        parts = reference.split(":")
        if not all(map(_is_place, parts)):
            return reference
        for insert in self.inserts:
            if insert.title == title.casefold():
                parts = [_below(part, insert) for part in parts]
        return ":".join(parts)


def _is_place(part: str) -> bool:
    return any(pattern.fullmatch(part) for pattern in (CELL, COLUMN, _ROW))


def _below(part: str, insert: Insert) -> str:
    def slid(digits: re.Match[str]) -> str:
        number = int(digits[0])
        if number > insert.row:
            number += insert.length
        return str(number)

    return re.sub(r"\d+", slid, part)


def _moved(reference: str, landing: Landing, row: int) -> str:
    def there(cell: re.Match[str]) -> str:
        column = landing.columns[column_of(cell[2])]
        return f"{cell[1]}{get_column_letter(column + 1)}{cell[3]}{row}"

    return CELL.sub(there, reference)


def in_formulas(title: str) -> str:
    """Return a tab's title as it stands in formulas, between its apostrophes."""
    return absolute_range_name(title)[1:-1]
