"""A formula that moves with its row: references to its own row follow it by heading, others keep their cell.

Splitting a formula into tokens is openpyxl's; computing it is the spreadsheet's.
"""

import re
from collections.abc import Callable, Mapping

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token
from openpyxl.utils.cell import column_index_from_string, get_column_letter

_CELL = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)(\d+)")
_COLUMNS = re.compile(r"(\$?)([A-Za-z]{1,3})")


class Aim:
    """How references change: from `row` of the tab `title` to `new_row` elsewhere (sheet's numbers).

    `columns` maps 0-based columns by heading; a column without one there keeps pointing at the old tab.
    """

    def __init__(
        self, title: str, row: int, new_row: int, columns: Mapping[int, int], headers: tuple[int, int]
    ) -> None:
        self.title, self.row, self.new_row, self.columns, self.headers = title, row, new_row, columns, headers

    def _cell(self, reference: str) -> str | None:
        match = _CELL.fullmatch(reference)
        if match is None:
            return None
        column, row = self.columns.get(column_index_from_string(match[2].upper()) - 1), int(match[4])
        moved = {self.row: self.new_row, self.headers[0]: self.headers[1]}.get(row)
        if column is None or moved is None:
            return None
        return f"{match[1]}{get_column_letter(column + 1)}{match[3]}{moved}"

    def _whole_column(self, reference: str) -> str | None:
        match = _COLUMNS.fullmatch(reference)
        column = self.columns.get(column_index_from_string(match[2].upper()) - 1) if match else None
        return f"{match[1]}{get_column_letter(column + 1)}" if match and column is not None else None

    def _part(self, parts: list[str], turn: Callable[[str], str | None]) -> str | None:
        turned = [turn(part) for part in parts]
        return ":".join(str(part) for part in turned) if all(part is not None for part in turned) else None

    def _listed(self, parts: list[str]) -> str | None:
        """Name the cells of a range one by one, where the other tab no longer has them side by side."""
        corners = [_CELL.fullmatch(part) for part in parts]
        if len(corners) != 2 or not all(corner and int(corner[4]) == self.row for corner in corners):  # noqa: PLR2004  # a range has two
            return None
        first, last = sorted(column_index_from_string(corner[2].upper()) - 1 for corner in corners if corner)
        found = [self.columns.get(column) for column in range(first, last + 1)]
        if None in found or found == list(range(found[0] or 0, (found[0] or 0) + len(found))):
            return None
        return ",".join(f"{get_column_letter(column + 1)}{self.new_row}" for column in found if column is not None)

    def reference(self, text: str) -> str:
        """Re-aim one reference; one that names a tab, or no cell at all, stays as it is."""
        parts = text.split(":")
        if "!" in text or not all(_CELL.fullmatch(p) or _COLUMNS.fullmatch(p) or p.isdigit() for p in parts):
            return text
        moved = self._listed(parts) or self._part(parts, self._cell) or self._part(parts, self._whole_column)
        quoted = self.title.replace("'", "''")
        return moved or f"'{quoted}'!{text}"


def re_aim(formula: str, aim: Aim) -> str:
    """Return `formula` (with its leading `=`) as it must read in the row's new place."""
    tokenizer = Tokenizer(formula)
    parts = [
        aim.reference(token.value) if token.type == Token.OPERAND and token.subtype == Token.RANGE else token.value
        for token in tokenizer.items
    ]
    return "=" + "".join(parts)
