"""Where a batch takes the rows that formulas speak of: some go to another tab, some slide below rows that are inserted.

How whole formulas are rewritten by it is formulas.py's.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from openpyxl.utils.cell import column_index_from_string, get_column_letter

CELL = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)(\d+)")
COLUMNS = re.compile(r"(\$?)([A-Za-z]{1,3})")
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


class RowShifts:
    """Where a batch takes the rows that formulas speak of.

    Some go to another tab; those below inserted ones slide down, and whoever writes a formula must say so himself.
    """

    def __init__(
        self,
        landings: Mapping[tuple[str, int], Landing] | None = None,
        inserts: Sequence[Insert] = (),
    ) -> None:
        self.landings = {
            (title.casefold(), row): landing for (title, row), landing in (landings or {}).items()
        }
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
        corners = [CELL.fullmatch(part) for part in bare.split(":")]
        if len(corners) > 2:  # noqa: PLR2004  # a range has two
            return None
        rows = {int(corner[4]) if corner else 0 for corner in corners}
        landing = self.landings.get((title.casefold(), rows.pop())) if len(rows) == 1 else None
        if landing is None:
            return None
        ends = sorted(column_of(corner[2]) for corner in corners if corner)
        there = [landing.columns.get(column) for column in range(ends[0], ends[-1] + 1)]
        first = there[0]
        return (
            landing
            if first is not None and there == list(range(first, first + len(there)))
            else None
        )

    def _slid(self, title: str, bare: str) -> str:
        """Return cells, rows or ranges as they are called once the batch's rows are inserted."""
        parts = bare.split(":")
        if not all(
            CELL.fullmatch(part) or COLUMNS.fullmatch(part) or _ROW.fullmatch(part)
            for part in parts
        ):
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
        return f"{found[1]}{get_column_letter(landing.columns[column_of(found[2])] + 1)}{found[3]}{row}"

    return CELL.sub(cell, bare)


def column_of(letters: str) -> int:
    """Return the 0-based column of its letters."""
    return column_index_from_string(letters.upper()) - 1


def _plain(title: str) -> str:
    return title[1:-1].replace("''", "'") if title.startswith("'") else title


def quoted(title: str) -> str:
    """Return a tab's title as a formula names it."""
    return "'" + title.replace("'", "''") + "'"
