"""Formulas and rows that move: one that moves with its row, and one that stays and speaks of a row that moves.

References to cells of a moving row follow it by heading, others keep their cell. Splitting a formula into tokens is
openpyxl's; computing it is the spreadsheet's.
"""

from collections.abc import Callable, Mapping

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token, TokenizerError
from openpyxl.utils.cell import get_column_letter

from sheetsync.sheets.batch.row_shifts import CELL, COLUMNS, Followed, RowShifts, column_of, quoted


class Aim:
    """How references change in a row that moves: from `row` of the tab `title` to `new_row` elsewhere (sheet's numbers).

    `columns` maps 0-based columns by heading; a column without one there keeps pointing at the old tab. `row_shifts`: where the
    other rows go.
    """

    def __init__(
        self,
        title: str,
        row: int,
        new_row: int,
        columns: Mapping[int, int],
        headers: tuple[int, int],
        row_shifts: RowShifts | None = None,
    ) -> None:
        self.title, self.row, self.new_row, self.columns, self.headers = (
            title,
            row,
            new_row,
            columns,
            headers,
        )
        self.row_shifts = row_shifts or RowShifts()

    def _cell(self, reference: str) -> str | None:
        match = CELL.fullmatch(reference)
        if match is None:
            return None
        column, row = self.columns.get(column_of(match[2])), int(match[4])
        moved = {self.row: self.new_row, self.headers[0]: self.headers[1]}.get(row)
        if column is None or moved is None:
            return None
        return f"{match[1]}{get_column_letter(column + 1)}{match[3]}{moved}"

    def _whole_column(self, reference: str) -> str | None:
        match = COLUMNS.fullmatch(reference)
        column = self.columns.get(column_of(match[2])) if match else None
        return (
            f"{match[1]}{get_column_letter(column + 1)}" if match and column is not None else None
        )

    def _part(self, parts: list[str], turn: Callable[[str], str | None]) -> str | None:
        turned = [turn(part) for part in parts]
        return (
            ":".join(str(part) for part in turned)
            if all(part is not None for part in turned)
            else None
        )

    def _listed(self, parts: list[str]) -> str | None:
        """Name the cells of a range one by one, where the other tab no longer has them side by side."""
        corners = [CELL.fullmatch(part) for part in parts]
        if len(corners) != 2 or not all(  # noqa: PLR2004  # a range has two
            corner and int(corner[4]) == self.row for corner in corners
        ):
            return None
        first, last = sorted(column_of(corner[2]) for corner in corners if corner)
        found = [self.columns.get(column) for column in range(first, last + 1)]
        if None in found or found == list(range(found[0] or 0, (found[0] or 0) + len(found))):
            return None
        return ",".join(
            f"{get_column_letter(column + 1)}{self.new_row}"
            for column in found
            if column is not None
        )

    def reference(self, text: str) -> str:
        """Re-aim one reference; what is no cell at all stays as it is."""
        if "!" in text:
            return self.row_shifts.turned(text, self.title)[0]
        parts = text.split(":")
        cells = all(CELL.fullmatch(p) or COLUMNS.fullmatch(p) or p.isdigit() for p in parts)
        if not cells or (len(parts) == 1 and not CELL.fullmatch(text)):
            return text
        moved = (
            self._listed(parts)
            or self._part(parts, self._cell)
            or self._part(parts, self._whole_column)
        )
        return moved or self.row_shifts.turned(f"{quoted(self.title)}!{text}", self.title)[0]


def _rewritten(formula: str, turn: Callable[[str], str]) -> str | None:
    """Turn every reference of a formula; None where it cannot be taken apart."""
    try:
        tokens = Tokenizer(formula).items
    except (
        TokenizerError,
        IndexError,
    ):  # the second one is openpyxl's answer to a bracket that nothing opened
        return None
    parts = [
        turn(t.value) if t.type == Token.OPERAND and t.subtype == Token.RANGE else t.value
        for t in tokens
    ]
    return "=" + "".join(parts)


def re_aim(formula: str, aim: Aim) -> str | None:
    """Return `formula` (with its leading `=`) as it must read in its row's new place.

    None where it cannot be taken apart: then the spreadsheet's own copy of it has to do.
    """
    return _rewritten(formula, aim.reference)


def follow(formula: str, home: str, row_shifts: RowShifts) -> tuple[str, tuple[Followed, ...]]:
    """Return a formula that stays in the tab `home` as the batch must write it, and the references that follow a row.

    Where there are none of those, the spreadsheet itself keeps the formula right, and nothing is to be written.
    """
    found: list[Followed] = []

    def turn(text: str) -> str:
        written, followed = row_shifts.turned(text, home)
        found.extend([followed] if followed else ())
        return written

    return _rewritten(formula, turn) or formula, tuple(found)
