"""Where a tab's headings are: below titles and banners, in one row or two, and again further down.

Which field a heading means is `field_lexicon`'s.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sheetsync.adoption.field_lexicon import is_known, is_plain
from sheetsync.adoption.proposal import NO_HEADINGS
from sheetsync.adoption.value_profiles import blank, traits
from sheetsync.values import Cell, clean, fold
from sheetsync.workbook.headings import heading_cells
from sheetsync.workbook.snapshot import Row

DEPTH = 40
"""How many rows from the top headings are looked for in."""

_BELOW = 12
"""How many rows below show whether a column holds values."""
_LONGEST_YEAR = 4
_LONGEST = 200
"""Characters of a heading that are kept."""
_MOST = 0.6
_FEWEST_OF_DATA = 3
"""Filled cells of a row of data above the headings; fewer are a banner."""

_VALUE_TRAITS = frozenset(
    # Words read best as a line.
    "date phone email has_email tax_number number amount digits share url".split()  # noqa: SIM905
)


class Header(NamedTuple):
    """The headings of a tab.

    `row`: where they stand (0-based; -1: nowhere); `names`: each column's heading; `repeats`: rows
    further down that are the headings again; `above`: rows of data above them.
    """

    row: int
    names: tuple[str, ...]
    repeats: tuple[int, ...] = ()
    above: tuple[int, ...] = ()


def find(rows: Sequence[Row], width: int) -> Header:
    """Find a tab's headings, in the uppermost of the rows that look most like them."""
    scores = [_score(rows, row) for row in range(min(len(rows), DEPTH))]
    best = max(scores, default=0.0)
    if best <= 0:
        return Header(NO_HEADINGS, ("",) * width)
    return header_in(rows, scores.index(best), width)


def header_in(rows: Sequence[Row], header: int, width: int) -> Header:
    """Return the headings that stand in a row, 0-based."""
    headings = _bare_headings(rows[header])
    repeats = [
        row
        for row in range(header + 1, len(rows))
        if _repeats(rows[row], headings)
    ]
    above = [row for row in range(header) if _is_data(rows[row])]
    return Header(
        header, _names(rows, header, width), tuple(repeats), tuple(above)
    )


def _score(rows: Sequence[Row], row: int) -> float:
    """Say how much a row looks like headings: known ones, and texts above values."""
    filled = _filled(rows[row])
    texts = _texts(filled)
    distinct = set(map(fold, texts.values()))
    if len(distinct) < 2:  # noqa: PLR2004  # one cell is a title
        return 0.0
    known = sum(map(is_known, texts.values()))
    below = rows[row + 1 : row + 1 + _BELOW]
    contrasts = sum(_holds_values(below, column) for column in texts)
    lists = sum(_tops_list(text, below, place) for place, text in texts.items())
    if known + contrasts + lists < 2:  # noqa: PLR2004  # one alone may be chance
        return 0.0
    values = sum(
        is_value(cell) and not _is_year(cell) for cell in filled.values()
    )
    sentences = len(filled) - len(texts) - values
    return (
        known * 2
        + contrasts
        + len(texts) * 0.1
        - values * 2
        - sentences
        # Where headings stand again further down, the uppermost are the tab's.
        - row * 0.02
    )


def is_value(cell: Cell) -> bool:
    """Tell whether a cell is a value beyond doubt: a number, a date, a phone, an address."""
    if isinstance(cell, bool) or blank(cell):
        return False
    return not traits(cell).isdisjoint(_VALUE_TRAITS)


def _filled(row: Row) -> dict[int, Cell]:
    """Return the cells that say something, by column."""
    return {column: cell for column, cell in enumerate(row) if not blank(cell)}


def _texts(filled: Mapping[int, Cell]) -> dict[int, str]:
    """Return the cells that are short texts and no values, by column."""
    texts = {}
    for column, cell in filled.items():
        if isinstance(cell, str) and is_plain(cell) and not is_value(cell):
            texts[column] = cell
    return texts


def _is_year(cell: Cell) -> bool:
    """Tell whether a number is a heading: 2024, or the number of a month."""
    digits = "" if isinstance(cell, str) else clean(cell)
    return digits.isdigit() and len(digits) <= _LONGEST_YEAR


def _holds_values(rows: Sequence[Row], column: int) -> bool:
    cells = []
    for row in rows:
        if column < len(row) and not blank(row[column]):
            cells.append(row[column])
    return bool(cells) and sum(map(is_value, cells)) >= _MOST * len(cells)


def _tops_list(text: str, rows: Sequence[Row], column: int) -> bool:
    """Tell whether a text stands above words that come again, and is none of them."""
    words = []
    for row in rows:
        if column < len(row) and isinstance(row[column], str):
            words.append(_bare(row[column]))
    listed = set(filter(None, words))
    comes_again = len(listed) < sum(map(bool, words))
    return comes_again and _bare(text) not in listed


def _is_data(row: Row) -> bool:
    cells = _filled(row).values()
    return len(cells) >= _FEWEST_OF_DATA and any(map(is_value, cells))


def _names(rows: Sequence[Row], header: int, width: int) -> tuple[str, ...]:
    """Read the headings, of one row or two."""
    # Read as every run will read them, so that a column that was adopted is known again.
    cells = [*heading_cells(rows, header), *[None] * width]
    return tuple(map(_name, cells[:width]))


def _name(cell: Cell) -> str:
    return "" if blank(cell) else clean(cell)[:_LONGEST]


def _bare_headings(row: Row) -> dict[int, str]:
    """Return the headings that are texts, by column, as rows that repeat them are compared."""
    headings = {}
    for column, cell in _filled(row).items():
        if isinstance(cell, str):
            headings[column] = _bare(cell)
    return headings


def _repeats(row: Row, headings: Mapping[int, str]) -> bool:
    """Tell whether a row is the headings again, but for a cell or two."""
    equal = 0
    for column, name in headings.items():
        equal += column < len(row) and _bare(row[column]) == name
    # One word that is the same may be chance.
    return equal >= 2 and equal >= _MOST * len(headings)  # noqa: PLR2004


def _bare(cell: Cell) -> str:
    return cell.strip()[:_LONGEST].casefold() if isinstance(cell, str) else ""
