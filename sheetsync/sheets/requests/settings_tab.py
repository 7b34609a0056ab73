"""The Settings tab as requests: blocks laid out, entries added below those there, remarks.

What the blocks are, and what the team's own names mean, is method/settings_tab's.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sheetsync.i18n import language
from sheetsync.method.policy import Policy
from sheetsync.method.settings_tab.blocks import (
    BLOCK,
    BLOCKS,
    REMARK,
    SCALARS,
    SettingsBlock,
)
from sheetsync.method.settings_tab.cell_types import SettingsVocabulary
from sheetsync.method.settings_tab.document import (
    Line,
    SettingsDocument,
    default,
)
from sheetsync.method.settings_tab.locate import (
    FIRST,
    BlockPlace,
    headings,
    locate,
    settings,
)
from sheetsync.method.settings_tab.mapping import (
    NOWHERE,
    SettingsReading,
    in_force,
    settings_of,
)
from sheetsync.method.settings_tab.scalars import SCALAR
from sheetsync.method.settings_tab.text_types import Text
from sheetsync.method.settings_tab.vocabulary_in_force import (
    vocabulary_in_force,
)
from sheetsync.method.settings_tab.write import Setting, cells_of
from sheetsync.method.settings_tab.write import settings_of as single_settings
from sheetsync.method.terms import MIXED
from sheetsync.reporting.layout.theme import CELL_STYLES, DECISION
from sheetsync.sheets.requests.canvas import Canvas
from sheetsync.sheets.requests.cells import (
    WHOLE,
    CellFormat,
    Place,
    Request,
    color,
    column_from,
    format_of,
    grid_range,
    styled,
    typed,
)
from sheetsync.sheets.requests.dropdowns import dropdown, one_of_list
from sheetsync.sheets.requests.settings_format import (
    GAP,
    block_format,
    cell_format,
    group_format,
    remark_format,
    setting_dropdown,
    words_offered,
)
from sheetsync.sheets.requests.settings_positions import SettingsPositions
from sheetsync.sheets.requests.tab_requests import (
    add_sheet,
    column_widths,
    grow_columns,
    grow_rows,
    insert_dimension,
    row_heights,
)
from sheetsync.values import Cell, clean, fold
from sheetsync.workbook.snapshot import Grid

ROWS = 200
"""Rows of a new tab."""
ROWS_TO_COME = 50
"""Rows that a tab has below its last line at least."""
SPARE = 14
"""Empty lines below a block's last one that look as the others do."""
HEIGHTS = (30, 62, 36)
"""Pixels of the titles, the help and the headings."""
KEYS = {
    "managers": ("name",),
    "tabs": ("tab",),
    "columns": ("tab", "heading"),
    "words": ("kind", "word"),
}
"""Blocks whose lines are added one by one, and what a line speaks of.

One that is there already is left as it is.
"""
_ANSWER = {"backgroundColorStyle": color(DECISION)}
"""The fill of the cells in which people answer."""


class SettingsRequests(NamedTuple):
    """What brings the tab up to date: what goes before the cells, and what after them."""

    before: list[Request]
    after: list[Request]


class _PlacedSetting(NamedTuple):
    """A single setting, or a group's title, and the row (0-based) in which it is written."""

    row: int
    setting: Setting


class SettingsTab:
    """The tab of one book, as it is and as it will be. `grid`: None where it is to be added.

    `policy`: the method in its own words; `good`: the settings that were in force last, where
    anything is remembered.
    """

    def __init__(
        self,
        grid: Grid | None,
        sheet_id: int,
        title: str,
        policy: Policy,
        canvas: Canvas,
        good: SettingsDocument | None = None,
    ) -> None:
        self.grid = grid
        self.sheet_id = sheet_id
        self.policy = policy
        self.canvas = canvas
        self.good = default(policy) if good is None else good
        self.positions = SettingsPositions(grid, title)
        self.language = language(policy.words.language)

    def after(self) -> list[list[Cell]]:
        """Return the tab's cells as all that was put leaves them."""
        return self.canvas.over(self.sheet_id, self.positions.cells())

    def requests(
        self, entries: Mapping[str, Sequence[Sequence[str]]], **properties: Any
    ) -> SettingsRequests:
        """Lay out what is missing, and add the entries that are not there yet.

        `entries`: lines by block, cells from the left; `properties`: of the tab, where it is to be
        added (SheetProperties).
        """
        # Headings and entries are put first: the settings in force are read from the tab as it will
        # be.
        keys = (*self.positions.fresh, *self.positions.added)
        incomplete = [BLOCK[key] for key in keys]
        for block in incomplete:
            self._put_headings(block)
        ends: dict[str, int] = {}
        for key in KEYS:
            ends[key] = self._put_entries(BLOCK[key], entries.get(key, ()))
        reading = settings_of(self.after(), self.policy, self.good)
        doc = in_force(self.policy, reading)
        vocabulary = vocabulary_in_force(self.policy, doc)
        for key in self.positions.fresh:
            if key not in KEYS and key != SCALARS:
                lines = doc.lines[key] or self.good.lines[key]
                ends[key] = self._put_lines(BLOCK[key], lines, vocabulary)
        placed = self._placed_settings([*single_settings(doc, vocabulary)])
        self._put_settings(placed)
        ends[SCALARS] = self._end_of_settings(placed)
        after: list[Request] = []
        for block in incomplete:
            after += self._formats(block, ends, vocabulary)
        after += self._dropdowns(placed, vocabulary)
        rows = max(ROWS, max(ends.values()) + ROWS_TO_COME)
        return SettingsRequests(self._room(rows, properties), after)

    def _room(self, rows: int, properties: Mapping[str, Any]) -> list[Request]:
        """Return what adds the tab, or the columns and rows that it lacks."""
        grid = self.grid
        positions = self.positions
        sheet_id = self.sheet_id
        if grid is None:
            frozen = {"frozenRowCount": FIRST, "hideGridlines": True}
            size = (rows, positions.width)
            return [
                add_sheet(
                    sheet_id, positions.title, size, frozen, **properties
                ),
                *row_heights(sheet_id, dict(enumerate(HEIGHTS))),
            ]
        requests = []
        for place in positions.inserted:
            requests.append(
                insert_dimension(
                    sheet_id, "COLUMNS", place, place + 1, like_before=False
                )
            )
        requests += grow_rows(grid, rows)
        if positions.fresh or positions.inserted:
            requests += grow_columns(
                grid, positions.width - len(positions.inserted)
            )
        return requests

    def _put_headings(self, block: SettingsBlock) -> None:
        """Write a block's title, help and headings; of an older block the headings it lacked."""
        text = self.language.text
        top = self.positions.top
        fresh = block.key in self.positions.fresh
        title = format_of(CELL_STYLES[f"block_{block.tone}"])
        note = {
            **format_of(CELL_STYLES[f"block_{block.tone}_note"]),
            "wrapStrategy": "WRAP",
            "verticalAlignment": "TOP",
        }
        head = {**format_of(CELL_STYLES["head"]), "verticalAlignment": "BOTTOM"}
        for key, heading in headings(block).items():
            if not fresh and key not in self.positions.added[block.key]:
                continue
            first = fresh and key == block.keys[0]
            column = self.positions.columns[block.key][key]
            self._put(top, column, text(block.title) if first else None, title)
            self._put(
                top + 1, column, self._help(block) if first else None, note
            )
            self._put(top + 2, column, text(heading), head)

    def _help(self, block: SettingsBlock) -> str:
        if "{mixed}" not in block.help:
            return self.language.text(block.help)
        mixed = self.policy.words.name("sections", MIXED)
        return self.language.text(block.help, mixed=mixed)

    def _put(
        self, row: int, column: int, value: Cell, cell_format: CellFormat
    ) -> None:
        self.canvas.put(
            self.sheet_id, row, column, styled(value, cell_format), WHOLE
        )

    def _put_entries(
        self, block: SettingsBlock, entries: Iterable[Sequence[str]]
    ) -> int:
        """Add the lines of a block that are not there yet; return the row after its last one."""
        keys = KEYS[block.key]
        columns = self.positions.columns[block.key]
        there = self.positions.tab.blocks.get(block.key)
        remembered: list[Mapping[str, Cell]] = []
        known = set[tuple[str, ...]]()
        if there is None:
            vocabulary = vocabulary_in_force(self.policy, self.good)
            remembered = [
                cells_of(block, line, vocabulary)
                for line in self.good.lines[block.key]
            ]
        else:
            known = {_spoken_of(line.cells, keys) for line in there.lines}
        added = [
            dict(zip(block.column, entry, strict=False)) for entry in entries
        ]
        row = self.positions.end(block.key)
        for line in (*remembered, *added):
            if _spoken_of(line, keys) in known and line not in remembered:
                continue
            known.add(_spoken_of(line, keys))
            for key, cell in line.items():
                self.canvas.put(self.sheet_id, row, columns[key], typed(cell))
            row += 1
        return row

    def _put_lines(
        self,
        block: SettingsBlock,
        lines: Sequence[Line],
        vocabulary: SettingsVocabulary,
    ) -> int:
        """Write the lines of a block that is new; return the row after them, one at least."""
        columns = self.positions.columns[block.key]
        for row, line in enumerate(lines, start=self.positions.first):
            for key, cell in cells_of(block, line, vocabulary).items():
                if cell is not None:
                    self.canvas.put(
                        self.sheet_id, row, columns[key], typed(cell)
                    )
        return self.positions.first + max(len(lines), 1)

    def _placed_settings(
        self, single: Sequence[Setting]
    ) -> list[_PlacedSetting]:
        """Give the single settings that have no line yet a row, under their group's title."""
        if SCALARS in self.positions.fresh:
            return [
                _PlacedSetting(row, setting)
                for row, setting in enumerate(
                    single, start=self.positions.first
                )
            ]
        lacking = _lacking(single, settings(self.positions.tab))
        below = self.positions.end(SCALARS) + 1
        return [
            _PlacedSetting(row, setting)
            for row, setting in enumerate(lacking, start=below)
        ]

    def _end_of_settings(self, placed: Sequence[_PlacedSetting]) -> int:
        return placed[-1].row + 1 if placed else self.positions.end(SCALARS) + 1

    def _put_settings(self, placed: Iterable[_PlacedSetting]) -> None:
        columns = self.positions.columns[SCALARS]
        title = group_format(BLOCK[SCALARS].tone)
        name = cell_format(Text(), self.policy)
        for row, setting in placed:
            scalar = setting.scalar
            if setting.label:
                self._put(
                    row,
                    columns["name"],
                    setting.label,
                    name if scalar else title,
                )
            if scalar is not None:
                answer = {**cell_format(scalar.kind, self.policy), **_ANSWER}
                self._put(row, columns["value"], setting.cell, answer)

    def restate(
        self, before: SettingsDocument, wanted: SettingsDocument
    ) -> None:
        """Write other settings over those that stand there, cell by cell, where they differ.

        What is missing must be laid out beforehand.
        """
        cells = self.after()
        tab = locate(cells)
        vocabulary = vocabulary_in_force(self.policy, wanted)
        line_by_path = settings(tab)
        value_column = self.positions.columns[SCALARS]["value"]
        for path, scalar in SCALAR.items():
            if before.scalars[path] != wanted.scalars[path]:
                value = scalar.kind.write(wanted.scalars[path], vocabulary)
                row = line_by_path[path].row
                self.canvas.put(self.sheet_id, row, value_column, typed(value))
        for block in BLOCKS:
            if block.key == SCALARS:
                continue
            lines = [*wanted.lines[block.key]]
            if lines != [*before.lines[block.key]]:
                written = [cells_of(block, line, vocabulary) for line in lines]
                self._write_over(tab.blocks[block.key], written, cells)

    def _write_over(
        self,
        there: BlockPlace,
        lines: Sequence[Mapping[str, Cell]],
        cells: Sequence[Sequence[Cell]],
    ) -> None:
        """Write the lines of a block over those that are there; what is left over is emptied."""
        rows = [line.row for line in there.lines]
        left_over = len(rows) - len(lines)
        wanted: list[Mapping[str, Cell]] = [*lines, *[{}] * left_over]
        rows += range(there.end, there.end - left_over)
        for row, line in zip(rows, wanted, strict=True):
            for key, column in there.columns.items():
                # What reads the same stays as people have typed it.
                value = line.get(key)
                stands = _cell(cells, row, column)
                if key != REMARK and clean(stands) != clean(value):
                    self.canvas.put(self.sheet_id, row, column, typed(value))

    def _dropdowns(
        self, placed: Iterable[_PlacedSetting], vocabulary: SettingsVocabulary
    ) -> list[Request]:
        """Return the dropdowns of the single settings that were written."""
        column = self.positions.columns[SCALARS]["value"]
        requests: list[Request] = []
        for row, setting in placed:
            if setting.scalar is not None:
                cell = {
                    **column_from(self.sheet_id, row, column),
                    "endRowIndex": row + 1,
                }
                requests += setting_dropdown(
                    cell, setting.scalar.kind, vocabulary, {}
                )
        return requests

    def _formats(
        self,
        block: SettingsBlock,
        ends: Mapping[str, int],
        vocabulary: SettingsVocabulary,
    ) -> list[Request]:
        """Return the formats and dropdowns of a block that is new, or of its columns that are."""
        positions = self.positions
        sheet_id = self.sheet_id
        columns = positions.columns[block.key]
        fresh = block.key in positions.fresh
        keys = block.keys if fresh else tuple(positions.added[block.key])
        end = ends.get(block.key, positions.end(block.key)) + SPARE
        rows = (positions.first, end)
        requests = [
            *block_format(sheet_id, block, columns, keys, rows, self.policy)
        ]
        for key in keys:
            if key in block.column and block.key != SCALARS:
                requests += self._block_dropdown(block, key, vocabulary)
        if fresh:
            left = columns[block.keys[0]]
            right = columns[block.keys[-1]]
            requests += column_widths(sheet_id, [GAP], right + 1)
            if left < right:
                note_row = (positions.top + 1, positions.top + 2)
                area = grid_range(sheet_id, note_row, (left, right + 1))
                requests.append(
                    {"mergeCells": {"range": area, "mergeType": "MERGE_ALL"}}
                )
        return requests

    def _block_dropdown(
        self, block: SettingsBlock, key: str, vocabulary: SettingsVocabulary
    ) -> list[Request]:
        """Return the dropdown of a block's column, from its first line on; or nothing."""
        column = column_from(
            self.sheet_id,
            self.positions.first,
            self.positions.columns[block.key][key],
        )
        offered = words_offered(block, key, self.policy)
        if offered:
            return [dropdown(column, one_of_list(offered))]
        ranges = self.positions.ranges()
        return setting_dropdown(
            column, block.column[key].kind, vocabulary, ranges
        )


def _cell(cells: Sequence[Sequence[Cell]], row: int, column: int) -> Cell:
    """Return a cell of rows that may be too few or too short for it."""
    if row >= len(cells) or column >= len(cells[row]):
        return None
    return cells[row][column]


def _lacking(
    single: Iterable[Setting], known: Mapping[str, Any]
) -> Iterator[Setting]:
    """Go through the settings that a tab has no line for, each group under its title."""
    title: Setting | None = None
    for setting in single:
        if setting.scalar is None:
            title = setting if setting.label else title
        elif setting.scalar.path not in known:
            if title is not None:
                yield title
            title = None
            yield setting


def _spoken_of(line: Mapping[str, Any], keys: Sequence[str]) -> tuple[str, ...]:
    """Reduce a line to what it speaks of."""
    words = []
    for key in keys:
        word = str(line.get(key) or "")
        words.append(fold(word) or word)
    return tuple(words)


def put_remarks(
    grid: Grid | None, reading: SettingsReading, canvas: Canvas
) -> None:
    """Write the remarks of the Settings tab where they differ, and the codes of new lines."""
    if grid is None:
        return
    wanted: dict[Place, str] = {}
    for remark in reading.remarks:
        if remark.column != NOWHERE:
            wanted[remark.row, remark.column] = remark.text
    for place in sorted({*wanted, *reading.remark_cells}):
        if wanted.get(place, "") != reading.remark_cells.get(place, ""):
            cell = styled(wanted.get(place), remark_format())
            canvas.put(grid.sheet_id, *place, cell, WHOLE)
    for place, code in reading.codes.items():
        canvas.put(grid.sheet_id, *place, typed(code))
