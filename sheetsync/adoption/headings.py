"""Where a tab's headings are: below titles and banners, in one row or two, and again further down."""

from collections.abc import Sequence
from typing import NamedTuple

from sheetsync.adoption.field_lexicon import is_plain, scored
from sheetsync.adoption.proposal import NO_HEADINGS
from sheetsync.adoption.value_profiles import blank, traits
from sheetsync.values import Cell, clean, fold
from sheetsync.workbook.headings import heading_cells
from sheetsync.workbook.snapshot import Row

DEPTH = 40
"""How many rows from the top headings are looked for in."""

_BELOW = 12
_KNOWN = 0.72
_VALUES = frozenset(
    (
        "date",
        "phone",
        "email",
        "has_email",
        "tax_number",
        "number",
        "amount",
        "digits",
        "share",
        "url",
    )
)


class Header(NamedTuple):
    """A heading row (0-based; -1: none), each column's heading, its repeats below, rows of data above."""

    at: int
    names: tuple[str, ...]
    repeats: tuple[int, ...] = ()
    above: tuple[int, ...] = ()


def is_value(cell: Cell) -> bool:
    """Tell whether a cell is a value beyond doubt: a number, a date, a phone, an address."""
    return not isinstance(cell, bool) and not blank(cell) and bool(traits(cell) & _VALUES)


def _filled(row: Row) -> list[tuple[int, Cell]]:
    return [(at, cell) for at, cell in enumerate(row) if not blank(cell)]


def _score(rows: Sequence[Row], at: int) -> float:
    """Say how much a row looks like headings: known ones, and texts above values."""
    filled = _filled(rows[at])
    texts = [
        (column, cell)
        for column, cell in filled
        if isinstance(cell, str) and is_plain(cell) and not is_value(cell)
    ]
    if len(filled) < 2 or len({fold(cell) for _, cell in texts}) < 2:  # noqa: PLR2004  # one cell is a title
        return 0.0
    known = sum(scored(cell).best >= _KNOWN for _, cell in texts)
    below = rows[at + 1 : at + 1 + _BELOW]
    contrast = sum(_values_below(below, column) for column, _ in texts)
    values = sum(is_value(cell) and not _is_year(cell) for _, cell in filled)
    sentences = len(filled) - len(texts) - values
    if known < 2 and contrast < 2 and not (known and contrast):  # noqa: PLR2004  # one alone may be chance
        return 0.0
    return known * 2 + contrast + len(texts) * 0.1 - values * 2 - sentences - at * 0.02


def _is_year(cell: Cell) -> bool:
    return not isinstance(cell, str) and clean(cell).isdigit() and len(clean(cell)) <= 4  # noqa: PLR2004  # 2024


def _values_below(rows: Sequence[Row], column: int) -> bool:
    cells = [row[column] for row in rows if column < len(row) and not blank(row[column])]
    return bool(cells) and sum(map(is_value, cells)) >= 0.6 * len(cells)  # most of them


def _names(rows: Sequence[Row], at: int, width: int) -> tuple[str, ...]:
    """Read the headings, of one row or two, as every run will read them."""
    row = [*heading_cells(rows, at), *[None] * width][:width]
    return tuple("" if blank(cell) else clean(cell)[:200] for cell in row)


def _bare(cell: Cell) -> str:
    return cell.strip()[:200].casefold() if isinstance(cell, str) else ""


def _same(row: Row, heads: Sequence[tuple[int, str]]) -> bool:
    """Tell whether a row repeats the headings, but for a few."""
    met = sum(column < len(row) and _bare(row[column]) == name for column, name in heads)
    return met >= 2 and met >= 0.6 * len(heads)  # noqa: PLR2004  # a cell or two were changed


def find(rows: Sequence[Row], width: int) -> Header:
    """Find a tab's headings."""
    best = max(((_score(rows, at), -at) for at in range(min(len(rows), DEPTH))), default=(0.0, 0))
    if best[0] <= 0:
        return Header(NO_HEADINGS, ("",) * width)
    at = -best[1]
    heads = [(column, _bare(cell)) for column, cell in _filled(rows[at]) if isinstance(cell, str)]
    repeats = tuple(other for other in range(at + 1, len(rows)) if _same(rows[other], heads))
    above = tuple(
        other
        for other in range(at)
        if len(_filled(rows[other])) >= 3  # noqa: PLR2004
        and any(is_value(cell) for _, cell in _filled(rows[other]))
    )
    return Header(at, _names(rows, at, width), repeats, above)
