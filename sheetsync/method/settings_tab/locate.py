"""Where the blocks stand on the Settings tab, and what is written in them: found by titles and headings, in any language.

Blocks stand side by side: a title, a sentence of help, headings, then one entry a line for as long as people like.
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
from sheetsync.method.settings_tab.cell_types import spoken
from sheetsync.method.settings_tab.draft import Raw, RawLine
from sheetsync.method.settings_tab.scalars import GROUPS, SCALAR
from sheetsync.values import Cell, clean, fold

FIRST = 3
"""How many rows below a block's title its first entry stands: the title, the help and the headings are above."""
TOP = 10
"""In how many rows from the top the titles are looked for."""
REMARK_HEADING, CODE_HEADING = marked("Remark"), marked("Code")
FORMER = {marked("Answer"): "value"}
"""Headings of before that are still known."""


@dataclass(frozen=True)
class BlockPlace:
    """A block as it stands: its first column (0-based), its columns by key, its lines, and what its remarks say by row.

    `end`: the row after its last line. `room`: the first column of the next block, or beyond the last cell.
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


def locate(cells: Sequence[Sequence[Cell]]) -> SettingsTab:
    """Find the blocks of a tab. Never raises; a tab without any has none."""
    top, at = _titles(cells)
    ordered = sorted(at.items(), key=lambda found: found[1])
    width = max((len(row) for row in cells), default=0) + 1
    rooms = [*(left for _, left in ordered[1:]), width]
    return SettingsTab(
        top,
        {
            key: _block(cells, BLOCK[key], top, left, room)
            for (key, left), room in zip(ordered, rooms, strict=False)
        },
    )


def _titles(cells: Sequence[Sequence[Cell]]) -> tuple[int, dict[str, int]]:
    known = {said: block.key for block in BLOCKS for said in spoken(block.title)}
    for row, line in enumerate(cells[:TOP]):
        found: dict[str, int] = {}
        for at, cell in enumerate(line):
            key = known.get(fold(clean(cell))) if isinstance(cell, str) else None
            if key is not None:
                found.setdefault(key, at)
        if found:
            return row, found
    return 0, {}


def headings(block: SettingsBlock) -> dict[str, str]:
    """Return the headings of a block by column, as marked."""
    named = {column.key: column.heading for column in block.columns}
    return {
        key: named.get(key) or {REMARK: REMARK_HEADING, CODE: CODE_HEADING}[key]
        for key in block.keys
    }


def _block(
    cells: Sequence[Sequence[Cell]], block: SettingsBlock, top: int, left: int, room: int
) -> BlockPlace:
    columns = _columns(cells, block, top, left, room)
    lines, remarks, end = list[RawLine](), dict[int, str](), top + FIRST
    for row in range(top + FIRST, len(cells)):
        line = {key: cells[row][at] for key, at in columns.items() if at < len(cells[row])}
        if said := clean(line.pop(REMARK, None)):
            remarks[row] = said
        if any(clean(cell) for key, cell in line.items() if key != CODE):
            lines.append(RawLine(row, line))
            end = row + 1
    return BlockPlace(left, columns, lines, remarks, end, room)


def _columns(
    cells: Sequence[Sequence[Cell]], block: SettingsBlock, top: int, left: int, room: int
) -> dict[str, int]:
    """Find a block's columns by heading; one whose heading was changed is where it was put."""
    row = cells[top + FIRST - 1] if top + FIRST - 1 < len(cells) else ()
    said = {at: fold(clean(row[at])) for at in range(left, min(room, len(row))) if clean(row[at])}
    known = {fold_: key for key, heading in headings(block).items() for fold_ in spoken(heading)}
    known |= {
        fold_: key
        for heading, key in FORMER.items()
        if key in block.keys
        for fold_ in spoken(heading)
    }
    found: dict[str, int] = {}
    for at, heading in said.items():
        if heading in known:
            found.setdefault(known[heading], at)
    for offset, key in enumerate(block.keys):
        at = left + offset
        if (
            key not in found
            and at < room
            and at not in found.values()
            and (at in said or not said or offset == 0)
        ):
            found[key] = at
    return found


def raw_of(tab: SettingsTab) -> Raw:
    """Return what stands on a tab as it is read of."""
    lines = {key: seen.lines for key, seen in tab.blocks.items() if key not in (SCALARS, *OWN)}
    columns = {key: frozenset(seen.columns) for key, seen in tab.blocks.items()}
    ends = {key: seen.end for key, seen in tab.blocks.items()}
    scalars = (
        {path: line for path, line in settings(tab).items() if path in SCALAR}
        if SCALARS in tab.blocks
        else {}
    )
    return Raw(lines, columns, scalars, ends)


def settings(tab: SettingsTab) -> dict[str, RawLine]:
    """Return the lines of single settings by path; the first of several."""
    seen = tab.blocks.get(SCALARS)
    labels = {fold_: path for path, scalar in SCALAR.items() for fold_ in spoken(scalar.label)}
    found: dict[str, RawLine] = {}
    for line in seen.lines if seen else ():
        path = labels.get(fold(clean(_of(line, "name"))))
        if path is not None:
            found.setdefault(path, line)
    return found


def _of(line: RawLine, key: str) -> Cell:
    cell = line.cells.get(key)
    return cell if cell is None or isinstance(cell, str | int | float) else None


def strangers(tab: SettingsTab) -> dict[int, str]:
    """Name the lines of single settings that are none: by row, "again" for one that stands twice, "" for one unknown."""
    seen, known = tab.blocks.get(SCALARS), settings(tab)
    labels = {fold_ for scalar in SCALAR.values() for fold_ in spoken(scalar.label)}
    titles = {fold_ for group in GROUPS for fold_ in spoken(group.title)}
    rows = {line.row for line in known.values()}
    found = {}
    for line in seen.lines if seen else ():
        name = fold(clean(_of(line, "name")))
        if line.row not in rows and not (name in titles and not clean(_of(line, "value"))):
            found[line.row] = "again" if name in labels else ""
    return found
