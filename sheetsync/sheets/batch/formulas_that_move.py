"""Formulas and rows that move: one that moves with its row, one that stays and speaks of it.

References to cells of a moving row follow it by heading, others keep their cell. Splitting a
formula into tokens is openpyxl's; computing it is the spreadsheet's.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from gspread.utils import absolute_range_name, rowcol_to_a1
from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token, TokenizerError
from openpyxl.utils.cell import get_column_letter

from sheetsync.sheets.batch.client_ranges import TitledSpan, titled_span
from sheetsync.sheets.batch.references import (
    CELL,
    COLUMN,
    column_of,
    side_by_side,
)
from sheetsync.sheets.batch.row_shifts import (
    Followed,
    RowShifts,
    row_part,
)


@dataclass(frozen=True)
class Aim:
    """How references change in a row that moves, from `row` of the tab `title` to `new_row`.

    Both are the sheet's numbers, so are `headers`, the rows of the headings here and there.
    `columns` maps 0-based columns by heading: one without a counterpart keeps pointing at the old
    tab. `row_shifts`: where the other rows go.
    """

    title: str
    row: int
    new_row: int
    columns: Mapping[int, int]
    headers: tuple[int, int]
    row_shifts: RowShifts = field(default_factory=RowShifts)

    def reference(self, text: str) -> str:
        """Re-aim one reference; what is no cell at all stays as it is."""
        if "!" in text:
            return self.row_shifts.turned(text, self.title)[0]
        parts = text.split(":")
        if not _names_cells(parts):
            return text
        moved = (
            self._one_by_one(text)
            or self._each(parts, self._cell)
            or self._each(parts, self._whole_column)
        )
        if moved:
            return moved
        # What does not move along is in the old tab, and must say so from the new one.
        return self.row_shifts.turned(
            absolute_range_name(self.title, text), self.title
        )[0]

    def _one_by_one(self, text: str) -> str | None:
        """Name the cells of a range each, where the other tab no longer has them side by side."""
        # A range from the first to the last would take in columns that were not in it.
        if ":" not in text:
            return None
        part = row_part(text)
        if part is None or part.row != self.row:
            return None
        there = [
            column
            for column in map(self.columns.get, part.columns)
            if column is not None
        ]
        if len(there) < len(part.columns) or side_by_side(there):
            return None
        return ",".join(
            rowcol_to_a1(self.new_row, column + 1) for column in there
        )

    def _each(
        self, parts: Sequence[str], turn: Callable[[str], str | None]
    ) -> str | None:
        """Turn a cell, or both corners of a range; None where one of them does not move."""
        moved = [part for part in map(turn, parts) if part is not None]
        if len(moved) < len(parts):
            return None
        return ":".join(moved)

    def _cell(self, reference: str) -> str | None:
        cell = CELL.fullmatch(reference)
        if cell is None:
            return None
        here, there = self.headers
        new_rows = {self.row: self.new_row, here: there}
        row = new_rows.get(int(cell[4]))
        column = self.columns.get(column_of(cell[2]))
        if column is None or row is None:
            return None
        return f"{cell[1]}{get_column_letter(column + 1)}{cell[3]}{row}"

    def _whole_column(self, reference: str) -> str | None:
        match = COLUMN.fullmatch(reference)
        if match is None:
            return None
        column = self.columns.get(column_of(match[2]))
        if column is None:
            return None
        return f"{match[1]}{get_column_letter(column + 1)}"


def _names_cells(parts: Sequence[str]) -> bool:
    """Tell whether a reference's parts are cells, columns or rows; a word alone may be a name."""
    # `Rates` alone may be a named range, and `B` one of LET's or LAMBDA's own names.
    if len(parts) == 1:
        return CELL.fullmatch(parts[0]) is not None
    return all(map(_is_place, parts))


def _is_place(part: str) -> bool:
    if part.isdigit():
        return True
    return any(pattern.fullmatch(part) for pattern in (CELL, COLUMN))


def rewritten(formula: str, turn: Callable[[str], str]) -> str | None:
    """Turn every reference of a formula; None where it cannot be taken apart."""
    try:
        tokens = Tokenizer(formula).items
    except (TokenizerError, IndexError):
        # The second one is openpyxl's answer to a bracket that nothing opened.
        return None
    parts = ["="]
    for token in tokens:
        if (token.type, token.subtype) == (Token.OPERAND, Token.RANGE):
            parts.append(turn(token.value))
        else:
            parts.append(token.value)
    return "".join(parts)


def re_aim(formula: str, aim: Aim) -> str | None:
    """Return `formula` (with its leading `=`) as it must read in its row's new place.

    None where it cannot be taken apart: then the spreadsheet's own copy of it has to do.
    """
    return rewritten(formula, aim.reference)


def follow(
    formula: str, home: str, row_shifts: RowShifts
) -> tuple[str, tuple[Followed, ...]]:
    """Return a formula that stays in the tab `home` as the batch must write it.

    And the references in it that follow a row. Where there are none, the spreadsheet itself keeps
    the formula right, and nothing is to be written.
    """
    references: list[Followed] = []

    def turn(text: str) -> str:
        written, followed = row_shifts.turned(text, home)
        if followed is not None:
            references.append(followed)
        return written

    text = rewritten(formula, turn)
    return text or formula, tuple(references)


def spans_in(formula: str, home: str) -> list[TitledSpan]:
    """Return the ranges of rows that a formula of the tab `home` reads."""
    spans: list[TitledSpan] = []

    def look(text: str) -> str:
        named = titled_span(text, home)
        if named is not None:
            spans.append(named)
        return text

    rewritten(formula, look)
    return spans
