"""The Settings tab as requests: its blocks laid out side by side, entries added below those that are there, remarks.

What the blocks are is method_tab's, what the team's own names mean mapping.py's.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sheetsync.i18n import language
from sheetsync.method.policy import Policy
from sheetsync.method.settings_tab.blocks import BLOCK, BLOCKS, REMARK, SCALARS, SettingsBlock
from sheetsync.method.settings_tab.cell_types import SettingsVocabulary
from sheetsync.method.settings_tab.document import Line, SettingsDocument, default
from sheetsync.method.settings_tab.locate import FIRST, BlockPlace, headings, locate, settings
from sheetsync.method.settings_tab.mapping import NOWHERE, SettingsReading, in_force, settings_of
from sheetsync.method.settings_tab.scalars import SCALAR
from sheetsync.method.settings_tab.text_types import Text
from sheetsync.method.settings_tab.vocabulary_in_force import vocabulary_in_force
from sheetsync.method.settings_tab.write import Setting, cells_of
from sheetsync.method.settings_tab.write import settings_of as single_settings
from sheetsync.method.terms import MIXED
from sheetsync.reporting.layout.theme import CELL_STYLES, DECISION
from sheetsync.sheets.requests.cells import (
    WHOLE,
    Canvas,
    Request,
    color,
    format_of,
    grid_range,
    typed,
)
from sheetsync.sheets.requests.own_tab_requests import add_sheet, height, widths
from sheetsync.sheets.requests.settings_format import (
    GAP,
    block_format,
    cell_format,
    dropdown,
    listed,
    offering,
    own_words,
    remark_format,
    tinted,
)
from sheetsync.sheets.requests.settings_positions import SettingsPositions
from sheetsync.values import Cell, clean, fold
from sheetsync.workbook.snapshot import Grid

ROWS = 200
"""Rows of a new tab."""
SPARE = 14
"""Empty lines below a block's last one that locate as the others do."""
HEIGHTS = (30, 62, 36)
"""Pixels of the titles, the help and the headings."""
KEYS = {
    "managers": ("name",),
    "tabs": ("tab",),
    "columns": ("tab", "heading"),
    "words": ("kind", "word"),
}
"""Blocks whose lines are added one by one, and what a line speaks of: one that is there already is left as it is."""
_ANSWER = {"backgroundColorStyle": color(DECISION)}
"""The fill of the cells in which people answer."""


class SettingsTab:
    """The tab of one book, as it is and as it will be. `grid`: None where it is to be added.

    `policy`: the method in its own words; `good`: the settings that were in force last, where anything is remembered.
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
        self.grid, self.sheet_id, self.policy, self.canvas = grid, sheet_id, policy, canvas
        self.good = default(policy) if good is None else good
        self.positions = SettingsPositions(grid, title)
        self.language = language(policy.words.language)

    def after(self) -> list[list[Cell]]:
        """Return the tab's cells as all that was put leaves them."""
        return self.canvas.over(self.sheet_id, self.positions.cells())

    def requests(
        self, entries: Mapping[str, Sequence[Sequence[str]]], **shade: Any
    ) -> tuple[list[Request], list[Request]]:
        """Lay out what is missing, and add the entries that are not there yet. Returns what goes before the cells, and after."""
        for key in (*self.positions.fresh, *self.positions.added):
            self._heads(BLOCK[key])
        self._ends = {key: self._entries(BLOCK[key], entries.get(key, ())) for key in KEYS}
        doc = in_force(self.policy, settings_of(self.after(), self.policy, self.good))
        speech, then = vocabulary_in_force(self.policy, doc), list[Request]()
        for key in self.positions.fresh:
            if key not in KEYS and key != SCALARS:
                self._ends[key] = self._lines(
                    BLOCK[key], doc.lines[key] or self.good.lines[key], speech
                )
        self._ends[SCALARS] = self._singles([*single_settings(doc, speech)])
        rows = max(ROWS, max(self._ends.values()) + 50, self.grid.row_count if self.grid else 0)
        for key in (*self.positions.fresh, *self.positions.added):
            then += self._dressed(BLOCK[key], speech)
        return self._room(rows, shade), [*then, *self._offers(speech)]

    def _room(self, rows: int, shade: Mapping[str, Any]) -> list[Request]:
        """Return what adds the tab, or the columns and rows that it lacks."""
        grid, positions = self.grid, self.positions
        if grid is None:
            frozen = {"frozenRowCount": FIRST, "hideGridlines": True}
            made = [
                add_sheet(
                    self.sheet_id, positions.title, (rows, positions.width), grid=frozen, **shade
                )
            ]
            return [
                *made,
                *(
                    one
                    for row, pixels in enumerate(HEIGHTS)
                    for one in height(self.sheet_id, row, pixels)
                ),
            ]
        made = []
        for at in positions.inserted:
            where = {
                "sheetId": self.sheet_id,
                "dimension": "COLUMNS",
                "startIndex": at,
                "endIndex": at + 1,
            }
            made.append({"insertDimension": {"range": where, "inheritFromBefore": False}})
        width = grid.column_count + len(positions.inserted)
        for dimension, short in (
            ("ROWS", rows - grid.row_count),
            ("COLUMNS", positions.width - width),
        ):
            if short > 0 and (positions.fresh or positions.inserted or dimension == "ROWS"):
                made.append(
                    {
                        "appendDimension": {
                            "sheetId": self.sheet_id,
                            "dimension": dimension,
                            "length": short,
                        }
                    }
                )
        return made

    def _heads(self, block: SettingsBlock) -> None:
        """Write a block's title, help and headings; of a block of before only the headings that it lacked."""
        text, columns, top = self.language.text, self.positions.at[block.key], self.positions.top
        fresh = block.key in self.positions.fresh
        head = {**format_of(CELL_STYLES["head"]), "verticalAlignment": "BOTTOM"}
        title, note = (
            format_of(CELL_STYLES[f"block_{block.tone}{part}"]) for part in ("", "_note")
        )
        note = {**note, "wrapStrategy": "WRAP", "verticalAlignment": "TOP"}
        said = (
            text(block.help, mixed=self.policy.words.name("sections", MIXED))
            if "{mixed}" in block.help
            else text(block.help)
        )
        for key, heading in headings(block).items():
            if not fresh and key not in self.positions.added[block.key]:
                continue
            first = fresh and key == block.keys[0]
            for row, word, shown in (
                (top, text(block.title), title),
                (top + 1, said, note),
                (top + 2, text(heading), head),
            ):
                cell = typed(word) if first or row == top + 2 else {}
                self.canvas.put(
                    self.sheet_id, row, columns[key], {**cell, "userEnteredFormat": shown}, WHOLE
                )

    def _entries(self, block: SettingsBlock, lines: Sequence[Sequence[str]]) -> int:
        """Add the lines of a block that are not there yet; return the row after its last one."""
        columns, seen = self.positions.at[block.key], self.positions.tab.blocks.get(block.key)
        keys = KEYS[block.key]
        there = (
            [{key: str(line.cells.get(key) or "") for key in keys} for line in seen.lines]
            if seen
            else []
        )
        held = () if seen else self.good.lines[block.key]
        words = [
            cells_of(block, line, vocabulary_in_force(self.policy, self.good)) for line in held
        ]
        words += [dict(zip(block.column, line, strict=False)) for line in lines]
        known, row = {_key(line, keys) for line in there}, self.positions.end(block.key)
        for named in words:
            again = _key(named, keys) in known and named not in words[: len(held)]
            if not again:
                known.add(_key(named, keys))
                for key, word in named.items():
                    self.canvas.put(self.sheet_id, row, columns[key], typed(word))
                row += 1
        return row

    def _lines(
        self, block: SettingsBlock, lines: Sequence[Line], speech: SettingsVocabulary
    ) -> int:
        """Write the lines of a block that is new."""
        columns, row = self.positions.at[block.key], self.positions.first
        for row, line in enumerate(lines, start=self.positions.first):  # the last one counts
            for key, cell in cells_of(block, line, speech).items():
                if cell is not None:
                    self.canvas.put(self.sheet_id, row, columns[key], typed(cell))
        return row + 1

    def _singles(self, settings_: Sequence[Setting]) -> int:
        """Write the single settings that have no line yet, each under its group's title; note where they come to stand."""
        fresh, columns = SCALARS in self.positions.fresh, self.positions.at[SCALARS]
        known = settings(self.positions.tab) if not fresh else {}
        wanted = [*settings_] if fresh else [*_lacking(settings_, known)]
        row = self.positions.first if fresh else self.positions.end(SCALARS) + bool(wanted)
        self._placed: list[tuple[int, Setting]] = []
        for row, setting in enumerate(wanted, start=row):  # noqa: B020  # goes on from where it stood
            self._placed.append((row, setting))
            locate = (
                tinted(BLOCK[SCALARS].tone)
                if setting.scalar is None
                else cell_format(Text(), self.policy)
            )
            if setting.label:
                self.canvas.put(
                    self.sheet_id,
                    row,
                    columns["name"],
                    {**typed(setting.label), "userEnteredFormat": locate},
                    WHOLE,
                )
            if setting.scalar is not None:
                shown = cell_format(setting.scalar.kind, self.policy)
                self.canvas.put(
                    self.sheet_id,
                    row,
                    columns["value"],
                    {**typed(setting.cell), "userEnteredFormat": {**shown, **_ANSWER}},
                    WHOLE,
                )
        return row + 1

    def restate(self, before: SettingsDocument, wanted: SettingsDocument) -> None:
        """Write other settings over those that stand there, cell by cell, where they differ. Beforehand, lay out what is missing."""
        cells = self.after()
        tab, speech = locate(cells), vocabulary_in_force(self.policy, wanted)
        rows, value = settings(tab), self.positions.at[SCALARS]["value"]
        for path, scalar in SCALAR.items():
            if before.scalars[path] != wanted.scalars[path]:
                self.canvas.put(
                    self.sheet_id,
                    rows[path].row,
                    value,
                    typed(scalar.kind.write(wanted.scalars[path], speech)),
                )
        for block in (block for block in BLOCKS if block.key != SCALARS):
            if [*before.lines[block.key]] != [*wanted.lines[block.key]]:
                self._restated(tab.blocks[block.key], block, wanted.lines[block.key], speech, cells)

    def _restated(
        self,
        seen: BlockPlace,
        block: SettingsBlock,
        lines: Sequence[Line],
        speech: SettingsVocabulary,
        cells: Sequence[Sequence[Cell]],
    ) -> None:
        """Write the lines of a block over those that are there; what is left over is emptied."""
        there = [line.row for line in seen.lines]
        rows = [*there, *range(seen.end, seen.end + len(lines))]
        wanted: list[Mapping[str, Cell]] = [cells_of(block, line, speech) for line in lines]
        wanted += [{}] * max(0, len(there) - len(lines))
        for row, line in zip(rows, wanted, strict=False):
            for key, at in seen.columns.items():
                stands = cells[row][at] if row < len(cells) and at < len(cells[row]) else None
                if key != REMARK and clean(stands) != clean(line.get(key)):
                    self.canvas.put(self.sheet_id, row, at, typed(line.get(key)))

    def _offers(self, speech: SettingsVocabulary) -> list[Request]:
        """Return the dropdowns of the single settings that were written."""
        at = self.positions.at[SCALARS]["value"]
        return [
            request
            for row, setting in self._placed
            if setting.scalar is not None
            for request in dropdown(self.sheet_id, _area(row, at), setting.scalar.kind, speech, {})
        ]

    def _dressed(self, block: SettingsBlock, speech: SettingsVocabulary) -> list[Request]:
        """Return the looks and dropdowns of a block that is new, or of its columns that are."""
        columns, fresh = self.positions.at[block.key], block.key in self.positions.fresh
        keys = block.keys if fresh else tuple(self.positions.added[block.key])
        rows = (
            self.positions.first,
            self._ends.get(block.key, self.positions.end(block.key)) + SPARE,
        )
        made = [*block_format(self.sheet_id, block, columns, keys, rows, self.policy)]
        own = own_words(block, self.policy)
        for key in (key for key in keys if key in block.column and block.key != SCALARS):
            area, ranges = (
                _area(self.positions.first, columns[key], below=True),
                self.positions.ranges(),
            )
            if key in own:
                made.append(offering(self.sheet_id, area, listed(own[key])))
            else:
                made += dropdown(self.sheet_id, area, block.column[key].kind, speech, ranges)
        if fresh:
            left, right = columns[block.keys[0]], columns[block.keys[-1]]
            made += widths(self.sheet_id, [GAP], right + 1)
            if left < right:
                area = grid_range(
                    self.sheet_id,
                    (self.positions.top + 1, self.positions.top + 2),
                    (left, right + 1),
                )
                made.append({"mergeCells": {"range": area, "mergeType": "MERGE_ALL"}})
        return made


def _area(row: int, at: int, *, below: bool = False) -> dict[str, int]:
    """Return a cell's place, or its column from there on, for the rows to come too."""
    area = {"startRowIndex": row, "startColumnIndex": at, "endColumnIndex": at + 1}
    return area if below else {**area, "endRowIndex": row + 1}


def _lacking(settings_: Sequence[Setting], known: Mapping[str, Any]) -> Iterator[Setting]:
    """Go through the settings that a tab has no line for, each group under its title."""
    title = Setting("")
    for setting in settings_:
        if setting.scalar is None:
            title = setting if setting.label else title
        elif setting.scalar.path not in known:
            if title.label:
                yield title
            title = Setting("")
            yield setting


def _key(line: Mapping[str, Cell], keys: Sequence[str]) -> tuple[str, ...]:
    """Reduce a line to what it speaks of."""
    said = [str(line.get(key) or "") for key in keys]
    return tuple(fold(text) or text for text in said)


def remark(grid: Grid | None, told: SettingsReading, canvas: Canvas) -> None:
    """Write the remarks of the Settings tab where they differ from those that stand there, and the codes of new lines."""
    if grid is None:
        return
    wanted = {(one.row, one.column): one.text for one in told.remarks if one.column != NOWHERE}
    for place in sorted({*wanted, *told.remark_cells}):
        if wanted.get(place, "") != told.remark_cells.get(place, ""):
            cell = {**typed(wanted.get(place)), "userEnteredFormat": remark_format()}
            canvas.put(grid.sheet_id, *place, cell, WHOLE)
    for place, code in told.codes.items():
        canvas.put(grid.sheet_id, *place, typed(code))
