"""Where the blocks stand on the Settings tab: found by titles and headings, in any language.

Blocks stand side by side: a title, a sentence of help, headings, then one entry a line for as long
as people like. What the lines mean is `read`'s and `mapping`'s.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sheetsync.i18n import marked
from sheetsync.method.settings_tab.blocks import (
    BLOCK,
    BLOCKS,
    CODE,
    OWN,
    REMARK,
    SCALARS,
    SettingsBlock,
)
from sheetsync.method.settings_tab.cell_types import marked_spellings
from sheetsync.method.settings_tab.draft import Raw, RawLine
from sheetsync.method.settings_tab.scalars import GROUPS, SCALAR
from sheetsync.values import Cell, clean, fold

FIRST = 3
"""How many rows below a block's title its first entry stands: title, help, headings come first."""
TOP = 10
"""In how many rows from the top the titles are looked for."""
REMARK_HEADING, CODE_HEADING = marked("Remark"), marked("Code")
FORMER = {marked("Answer"): "value"}
"""Headings of before that are still known."""


@dataclass(frozen=True)
class BlockPlace:
    """A block as it stands: its first column (0-based), columns by key, lines, and remarks by row.

    `end`: the row after its last line. `room`: the first column of the next block, or beyond the
    last cell.
    """

    left: int
    columns: Mapping[str, int]
    lines: Sequence[RawLine]
    remarks: Mapping[int, str]
    end: int
    room: int


class SettingsTab(NamedTuple):
    """The Settings tab as it stands: the 0-based row of the titles, and its blocks."""

    top: int
    blocks: Mapping[str, BlockPlace]


class _Span(NamedTuple):
    """Where one block may stand: below which row of titles, and in which columns [left, room)."""

    top: int
    left: int
    room: int


Cells = Sequence[Sequence[Cell]]


def locate(cells: Cells) -> SettingsTab:
    """Find the blocks of a tab. Never raises; a tab without any has none."""
    top, left_of = _titles(cells)
    keys = sorted(left_of, key=left_of.__getitem__)
    width = max((len(row) for row in cells), default=0) + 1
    lefts = [left_of[key] for key in keys]
    blocks = {}
    for key, left, room in zip(keys, lefts, [*lefts[1:], width], strict=False):
        blocks[key] = _block(cells, BLOCK[key], _Span(top, left, room))
    return SettingsTab(top, blocks)


def _titles(cells: Cells) -> tuple[int, dict[str, int]]:
    """Return the row of the titles, and the first column of each block."""
    known = {
        title: block.key
        for block in BLOCKS
        for title in marked_spellings(block.title)
    }
    for row, line in enumerate(cells[:TOP]):
        left_of: dict[str, int] = {}
        for column, cell in enumerate(line):
            key = (
                known.get(fold(clean(cell))) if isinstance(cell, str) else None
            )
            if key is not None:
                left_of.setdefault(key, column)
        if left_of:
            return row, left_of
    return 0, {}


def headings(block: SettingsBlock) -> dict[str, str]:
    """Return the headings of a block by column, as marked."""
    by_key = {REMARK: REMARK_HEADING, CODE: CODE_HEADING}
    by_key |= {column.key: column.heading for column in block.columns}
    return {key: by_key[key] for key in block.keys}


def _block(cells: Cells, block: SettingsBlock, span: _Span) -> BlockPlace:
    columns = _columns(cells, block, span)
    lines: list[RawLine] = []
    remarks: dict[int, str] = {}
    end = span.top + FIRST
    for row in range(span.top + FIRST, len(cells)):
        width = len(cells[row])
        line = {
            key: cells[row][column]
            for key, column in columns.items()
            if column < width
        }
        # What the program has said beside a line is no part of it, and makes none of an empty row.
        remark = clean(line.pop(REMARK, None))
        if remark:
            remarks[row] = remark
        # A hidden code stays behind where people have emptied its line.
        if any(clean(cell) for key, cell in line.items() if key != CODE):
            lines.append(RawLine(row, line))
            end = row + 1
    return BlockPlace(span.left, columns, lines, remarks, end, span.room)


def _columns(cells: Cells, block: SettingsBlock, span: _Span) -> dict[str, int]:
    """Find a block's columns by heading; one whose heading was changed is where it was put."""
    written = _headings_there(cells, span)
    known = _known_headings(block)
    columns: dict[str, int] = {}
    for column, heading in written.items():
        if heading in known:
            columns.setdefault(known[heading], column)
    for offset, key in enumerate(block.keys):
        column = span.left + offset
        if key in columns or column >= span.room or column in columns.values():
            continue
        # Without any heading only the first column is sure: what people put beside it is theirs.
        if column in written or not written or offset == 0:
            columns[key] = column
    return columns


def _headings_there(cells: Cells, span: _Span) -> dict[int, str]:
    """Return the folded headings that stand in a block's columns."""
    below_titles = span.top + FIRST - 1
    row = cells[below_titles] if below_titles < len(cells) else ()
    columns = range(span.left, min(span.room, len(row)))
    return {
        column: fold(clean(row[column]))
        for column in columns
        if clean(row[column])
    }


def _known_headings(block: SettingsBlock) -> dict[str, str]:
    """Return the column that each heading means, in any language, those of before included."""
    known: dict[str, str] = {}
    for key, heading in headings(block).items():
        known |= dict.fromkeys(marked_spellings(heading), key)
    for heading, key in FORMER.items():
        if key in block.keys:
            known |= dict.fromkeys(marked_spellings(heading), key)
    return known


def raw_of(tab: SettingsTab) -> Raw:
    """Return what stands on a tab as it is read of."""
    # Single settings are found by their labels, and a team's own names are read by `mapping`.
    lines = {
        key: place.lines
        for key, place in tab.blocks.items()
        if key not in (SCALARS, *OWN)
    }
    columns = {
        key: frozenset(place.columns) for key, place in tab.blocks.items()
    }
    ends = {key: place.end for key, place in tab.blocks.items()}
    return Raw(lines, columns, settings(tab), ends)


def settings(tab: SettingsTab) -> dict[str, RawLine]:
    """Return the lines of single settings by path; the first of several."""
    paths = {
        label: path
        for path, scalar in SCALAR.items()
        for label in marked_spellings(scalar.label)
    }
    lines: dict[str, RawLine] = {}
    for line in _scalar_lines(tab):
        path = paths.get(fold(_text(line, "name")))
        if path is not None:
            lines.setdefault(path, line)
    return lines


def _scalar_lines(tab: SettingsTab) -> Sequence[RawLine]:
    place = tab.blocks.get(SCALARS)
    return place.lines if place else ()


def _text(line: RawLine, key: str) -> str:
    cell = line.cells.get(key)
    return clean(cell) if isinstance(cell, str | int | float) else ""


def unknown_settings(tab: SettingsTab) -> dict[int, str]:
    """Name the lines of single settings that are none, by row.

    "again" for one that stands twice, "" for one that nobody knows.
    """
    labels = {
        label
        for scalar in SCALAR.values()
        for label in marked_spellings(scalar.label)
    }
    titles = {
        title for group in GROUPS for title in marked_spellings(group.title)
    }
    known_rows = {line.row for line in settings(tab).values()}
    unknown = {}
    for line in _scalar_lines(tab):
        name = fold(_text(line, "name"))
        # The titles of groups stand among the lines, and are no mistakes.
        is_title = name in titles and not _text(line, "value")
        if line.row not in known_rows and not is_title:
            unknown[line.row] = "again" if name in labels else ""
    return unknown
