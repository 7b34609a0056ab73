"""Formulas and rows that move: one that moves with its row, and one that stays and speaks of a row that moves.

References to cells of a moving row follow it by heading, others keep their cell. Splitting a formula into tokens is
openpyxl's; computing it is the spreadsheet's.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token, TokenizerError
from openpyxl.utils.cell import column_index_from_string, get_column_letter

_CELL = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)(\d+)")
_COLUMNS = re.compile(r"(\$?)([A-Za-z]{1,3})")
_ROW = re.compile(r"(\$?)(\d+)")
_TITLED = re.compile(r"('(?:[^']|'')+'|[^'!]+)!([^!]+)")


class Landing(NamedTuple):
    """Where a row goes: the tab, its row's number while the batch runs and after it, columns by heading, and its id."""

    title: str
    row: int
    final: int
    columns: Mapping[int, int]
    id: str


class Followed(NamedTuple):
    """A reference that follows its row: as it was, as the batch writes it, as it reads once all is done; and the row's id."""

    before: str
    written: str
    final: str
    id: str


class Insert(NamedTuple):
    """Rows that a batch inserts into a tab before formulas are written: the 0-based place and how many."""

    title: str
    at: int
    length: int


class Course:
    """Where a batch takes the rows that formulas speak of.

    Some go to another tab; those below inserted ones slide down, and whoever writes a formula must say so himself.
    """

    def __init__(
        self, landings: Mapping[tuple[str, int], Landing] | None = None, inserts: Sequence[Insert] = ()
    ) -> None:
        self.landings = {(title.casefold(), row): landing for (title, row), landing in (landings or {}).items()}
        self.inserts = [insert._replace(title=insert.title.casefold()) for insert in inserts]
        self.left = {title.replace("'", "''") for title, _ in self.landings}
        """The tabs that rows leave, as formulas name them, in small letters."""

    def turned(self, text: str, home: str) -> tuple[str, Followed | None]:
        """Return a reference in a formula of the tab `home` as it must be written, and what it follows if it does."""
        titled = _TITLED.fullmatch(text)
        title, bare = (_plain(titled[1]), titled[2]) if titled else (home, text)
        landing = self._landing(title, bare)
        if landing is not None:
            written, final = (_moved(bare, landing, row) for row in (landing.row, landing.final))
            prefix = f"{quoted(landing.title)}!"
            return prefix + written, Followed(text, prefix + written, prefix + final, landing.id)
        return text[: len(text) - len(bare)] + self._slid(title, bare), None

    def _landing(self, title: str, bare: str) -> Landing | None:
        """Return where the one row goes that a reference speaks of, if every cell of it has its place there."""
        corners = [_CELL.fullmatch(part) for part in bare.split(":")]
        if len(corners) > 2:  # noqa: PLR2004  # a range has two
            return None
        rows = {int(corner[4]) if corner else 0 for corner in corners}
        landing = self.landings.get((title.casefold(), rows.pop())) if len(rows) == 1 else None
        if landing is None:
            return None
        ends = sorted(_column(corner[2]) for corner in corners if corner)
        there = [landing.columns.get(column) for column in range(ends[0], ends[-1] + 1)]
        first = there[0]
        return landing if first is not None and there == list(range(first, first + len(there))) else None

    def _slid(self, title: str, bare: str) -> str:
        """Return cells, rows or ranges as they are called once the batch's rows are inserted."""
        parts = bare.split(":")
        if not all(_CELL.fullmatch(part) or _COLUMNS.fullmatch(part) or _ROW.fullmatch(part) for part in parts):
            return bare
        for insert in (insert for insert in self.inserts if insert.title == title.casefold()):
            parts = [_below(part, insert) for part in parts]
        return ":".join(parts)


def _below(part: str, insert: Insert) -> str:
    def row(found: re.Match[str]) -> str:
        number = int(found[0])
        return str(number + insert.length if number > insert.at else number)

    return re.sub(r"\d+", row, part)


def _moved(bare: str, landing: Landing, row: int) -> str:
    def cell(found: re.Match[str]) -> str:
        return f"{found[1]}{get_column_letter(landing.columns[_column(found[2])] + 1)}{found[3]}{row}"

    return _CELL.sub(cell, bare)


def _column(letters: str) -> int:
    return column_index_from_string(letters.upper()) - 1


def _plain(title: str) -> str:
    return title[1:-1].replace("''", "'") if title.startswith("'") else title


def quoted(title: str) -> str:
    """Return a tab's title as a formula names it."""
    return "'" + title.replace("'", "''") + "'"


class Aim:
    """How references change in a row that moves: from `row` of the tab `title` to `new_row` elsewhere (sheet's numbers).

    `columns` maps 0-based columns by heading; a column without one there keeps pointing at the old tab. `course`: where the
    other rows go.
    """

    def __init__(
        self,
        title: str,
        row: int,
        new_row: int,
        columns: Mapping[int, int],
        headers: tuple[int, int],
        course: Course | None = None,
    ) -> None:
        self.title, self.row, self.new_row, self.columns, self.headers = title, row, new_row, columns, headers
        self.course = course or Course()

    def _cell(self, reference: str) -> str | None:
        match = _CELL.fullmatch(reference)
        if match is None:
            return None
        column, row = self.columns.get(_column(match[2])), int(match[4])
        moved = {self.row: self.new_row, self.headers[0]: self.headers[1]}.get(row)
        if column is None or moved is None:
            return None
        return f"{match[1]}{get_column_letter(column + 1)}{match[3]}{moved}"

    def _whole_column(self, reference: str) -> str | None:
        match = _COLUMNS.fullmatch(reference)
        column = self.columns.get(_column(match[2])) if match else None
        return f"{match[1]}{get_column_letter(column + 1)}" if match and column is not None else None

    def _part(self, parts: list[str], turn: Callable[[str], str | None]) -> str | None:
        turned = [turn(part) for part in parts]
        return ":".join(str(part) for part in turned) if all(part is not None for part in turned) else None

    def _listed(self, parts: list[str]) -> str | None:
        """Name the cells of a range one by one, where the other tab no longer has them side by side."""
        corners = [_CELL.fullmatch(part) for part in parts]
        if len(corners) != 2 or not all(corner and int(corner[4]) == self.row for corner in corners):  # noqa: PLR2004  # a range has two
            return None
        first, last = sorted(_column(corner[2]) for corner in corners if corner)
        found = [self.columns.get(column) for column in range(first, last + 1)]
        if None in found or found == list(range(found[0] or 0, (found[0] or 0) + len(found))):
            return None
        return ",".join(f"{get_column_letter(column + 1)}{self.new_row}" for column in found if column is not None)

    def reference(self, text: str) -> str:
        """Re-aim one reference; what is no cell at all stays as it is."""
        if "!" in text:
            return self.course.turned(text, self.title)[0]
        parts = text.split(":")
        cells = all(_CELL.fullmatch(p) or _COLUMNS.fullmatch(p) or p.isdigit() for p in parts)
        if not cells or (len(parts) == 1 and not _CELL.fullmatch(text)):
            return text
        moved = self._listed(parts) or self._part(parts, self._cell) or self._part(parts, self._whole_column)
        return moved or self.course.turned(f"{quoted(self.title)}!{text}", self.title)[0]


def _rewritten(formula: str, turn: Callable[[str], str]) -> str | None:
    """Turn every reference of a formula; None where it cannot be taken apart."""
    try:
        tokens = Tokenizer(formula).items
    except TokenizerError:
        return None
    parts = [turn(t.value) if t.type == Token.OPERAND and t.subtype == Token.RANGE else t.value for t in tokens]
    return "=" + "".join(parts)


def re_aim(formula: str, aim: Aim) -> str | None:
    """Return `formula` (with its leading `=`) as it must read in its row's new place.

    None where it cannot be taken apart: then the spreadsheet's own copy of it has to do.
    """
    return _rewritten(formula, aim.reference)


def follow(formula: str, home: str, course: Course) -> tuple[str, tuple[Followed, ...]]:
    """Return a formula that stays in the tab `home` as the batch must write it, and the references that follow a row.

    Where there are none of those, the spreadsheet itself keeps the formula right, and nothing is to be written.
    """
    found: list[Followed] = []

    def turn(text: str) -> str:
        written, followed = course.turned(text, home)
        found.extend([followed] if followed else ())
        return written

    return _rewritten(formula, turn) or formula, tuple(found)
