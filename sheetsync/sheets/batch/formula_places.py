"""The ranges that a formula reads, as cells of tabs, and the formula with others in their places.

Splitting a formula into tokens is openpyxl's.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gspread.utils import absolute_range_name
from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token, TokenizerError

from sheetsync.sheets.batch.references import CELL, COLUMN, column_of
from sheetsync.workbook.range_notes import TabArea
from sheetsync.workbook.snapshot import FAR, CellArea

_ROW = re.compile(r"(\$?)(\d+)")
_TITLED = re.compile(r"('(?:[^']|'')+'|[^'!]+)!([^!]+)")
LOST = "#REF!"
"""What stands where the cells of a reference are gone."""


@dataclass(frozen=True)
class Titles:
    """The tabs of a book by their titles, and the other way round."""

    by_id: Mapping[int, str]

    def sheet_id(self, title: str) -> int | None:
        """Return the tab that a formula names, None where there is none."""
        wanted = title.casefold()
        for sheet_id, known in self.by_id.items():
            if known.casefold() == wanted:
                return sheet_id
        return None


@dataclass(frozen=True)
class TakenApart:
    """A formula's tokens; `references`: the numbers of those that name cells or have lost them."""

    tokens: tuple[str, ...]
    references: tuple[int, ...]

    @property
    def skeleton(self) -> str:
        """What the formula says, whichever cells it reads."""
        named = set(self.references)
        parts = []
        for number, token in enumerate(self.tokens):
            parts.append("#" if number in named else token.strip())
        return "".join(parts)

    @property
    def texts(self) -> list[str]:
        """The references as they are written."""
        return [self.tokens[number] for number in self.references]

    def with_texts(self, texts: Sequence[str]) -> str:
        """Return the formula with other references in their places."""
        tokens = [*self.tokens]
        for number, text in zip(self.references, texts, strict=True):
            tokens[number] = text
        return "=" + "".join(tokens)


def taken_apart(formula: str) -> TakenApart | None:
    """Split a formula (with its leading `=`); None where that is not possible."""
    try:
        items = Tokenizer(formula).items
    except (TokenizerError, IndexError):
        # The second one is openpyxl's answer to a bracket that nothing opened.
        return None
    references = []
    for number, token in enumerate(items):
        if token.type == Token.OPERAND and _may_be_cells(token):
            references.append(number)
    return TakenApart(tuple(token.value for token in items), tuple(references))


def _may_be_cells(token: Token) -> bool:
    return token.subtype == Token.RANGE or LOST in token.value


def place_of(reference: str, home: int, titles: Titles) -> TabArea | None:
    """Return the cells that a reference in a formula of the tab `home` names; None for no cells."""
    sheet_id: int | None = home
    cells = reference
    titled = _TITLED.fullmatch(reference)
    if titled is not None:
        sheet_id = titles.sheet_id(_plain(titled[1]))
        cells = titled[2]
    corners = [*map(_corner, cells.split(":"))]
    if sheet_id is None or len(corners) > _CORNERS or None in corners:
        return None
    known = [corner for corner in corners if corner is not None]
    bottom = max(corner.bottom for corner in known)
    area = CellArea(
        _top(known),
        # A file has the deepest row where Google leaves the end open.
        FAR if bottom >= DEEPEST else bottom,
        min(corner.left for corner in known),
        max(corner.right for corner in known),
    )
    is_alone = len(known) == 1
    # `Rates` alone is a name, and so is `AB` or 12 without a second corner.
    if is_alone and CELL.fullmatch(cells) is None:
        return None
    return TabArea(sheet_id, area)


_CORNERS = 2
DEEPEST = 1_048_576
"""The number of the last row that a tab of a file can have."""


def _top(corners: Sequence[CellArea]) -> int:
    """Return the first row of a range: of `E2:E` the second one."""
    with_rows = [corner for corner in corners if corner.bottom < FAR]
    return min(corner.top for corner in with_rows or corners)


def _corner(text: str) -> CellArea | None:
    cell = CELL.fullmatch(text)
    if cell is not None:
        row = int(cell[4])
        column = column_of(cell[2])
        return CellArea(row - 1, row, column, column + 1)
    whole = COLUMN.fullmatch(text)
    if whole is not None:
        column = column_of(whole[2])
        return CellArea(0, FAR, column, column + 1)
    line = _ROW.fullmatch(text)
    if line is not None:
        return CellArea(int(line[2]) - 1, int(line[2]), 0, FAR)
    return None


def _plain(title: str) -> str:
    if not title.startswith("'"):
        return title
    return title[1:-1].replace("''", "'")


def rewritten(reference: str, place: TabArea, home: int, titles: Titles) -> str:
    """Return a reference that names the rows of `place`, written as it was written."""
    titled = _TITLED.fullmatch(reference)
    cells = reference if titled is None else titled[2]
    corners = cells.split(":")
    area = place.area
    if area.bottom >= FAR:
        # `E:E` names no row, and the end of `E2:E` stays where it is.
        corners[0] = _on_row(corners[0], area.top + 1)
    else:
        rows = (area.top + 1, area.bottom)
        if len(corners) == 1 and rows[0] != rows[1]:
            corners = [*corners, *corners]
        corners = [
            _on_row(corner, row)
            for corner, row in zip(corners, rows, strict=False)
        ]
    text = ":".join(corners)
    if titled is None and place.sheet_id == home:
        return text
    return absolute_range_name(titles.by_id[place.sheet_id], text)


def _on_row(corner: str, row: int) -> str:
    return re.sub(r"\d+$", str(row), corner)
