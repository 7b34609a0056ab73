"""The Settings tab as requests: its blocks laid out side by side, entries added below those that are there, remarks.

What the entries mean is mapping.py's.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl.utils import get_column_letter

from sheetsync.i18n import language
from sheetsync.look import LOOKS
from sheetsync.mapping import FIRST, KINDS, RULES, Block, Told, blocks, kind_words, left_alone, own_column, places
from sheetsync.policy import Policy
from sheetsync.sheets.cells import WHOLE, Canvas, Request, format_of, grid_range, typed
from sheetsync.sheets.tables import add_sheet, height, widths
from sheetsync.snapshot import Grid
from sheetsync.terms import MIXED
from sheetsync.values import clean, fold

ROWS, GAP = 200, 24
"""Rows of a new tab; pixels between two blocks."""
HELP_HEIGHT = 52


class SettingsTab:
    """The tab of one book, as it is and as it will be. `grid`: None where it is to be added."""

    def __init__(self, grid: Grid | None, sheet_id: int, policy: Policy, canvas: Canvas) -> None:
        self.grid, self.sheet_id, self.policy, self.canvas = grid, sheet_id, policy, canvas
        self.language = language(policy.words.language)
        self.blocks = blocks(self.language, policy.words)
        self.at = places(grid.cells) if grid else {}

    def requests(self, entries: Mapping[str, Sequence[Sequence[str]]], **shade: Any) -> list[Request]:
        """Lay out the blocks that are missing, and add the entries that are not there yet."""
        before: list[Request] = []
        after: list[Request] = []
        left = max((len(row) for row in self.grid.cells[:FIRST]), default=0) + 1 if self.grid else 0
        on = self.language.text("yes")
        entries = {**entries, "rules": [(self.language.text(said), on) for said in RULES.values()]}
        for block in self.blocks:
            if block.key not in self.at:
                self.at[block.key] = left
                after += self._new(block, left)
                left += len(block.headings) + 1
        depth = max(self._entries(block, entries.get(block.key, ())) for block in self.blocks)
        if self.grid is None:
            frozen = {"frozenRowCount": FIRST, "hideGridlines": True}
            title = self.policy.words.tabs["settings"]
            before.append(add_sheet(self.sheet_id, title, (max(ROWS, depth + 50), left), grid=frozen, **shade))
            after += height(self.sheet_id, 1, HELP_HEIGHT)
        else:
            before += self._room(depth, left)
        return [*before, *after]

    def _room(self, depth: int, width: int) -> list[Request]:
        grid = self.grid
        if grid is None:
            return []
        made: list[Request] = []
        for dimension, short in (("ROWS", depth - grid.row_count), ("COLUMNS", width - grid.column_count)):
            if short > 0:
                made.append({"appendDimension": {"sheetId": self.sheet_id, "dimension": dimension, "length": short}})
        return made

    def _new(self, block: Block, left: int) -> list[Request]:
        """Write a block's title, help and headings; return its widths and dropdowns."""
        put, right = self.canvas.put, left + len(block.headings)
        put(self.sheet_id, 0, left, {**typed(block.title), "userEnteredFormat": format_of(LOOKS["title"])}, WHOLE)
        told = {**format_of(LOOKS["subtitle"]), "wrapStrategy": "WRAP", "verticalAlignment": "TOP"}
        put(self.sheet_id, 1, left, {**typed(block.help), "userEnteredFormat": told}, WHOLE)
        for at, heading in enumerate(block.headings, start=left):
            put(self.sheet_id, 2, at, {**typed(heading), "userEnteredFormat": format_of(LOOKS["head"])}, WHOLE)
        made = [*widths(self.sheet_id, [*block.widths, GAP], left)]
        if right - left > 1:
            area = grid_range(self.sheet_id, (1, 2), (left, right))
            made.append({"mergeCells": {"range": area, "mergeType": "MERGE_ALL"}})
        return [*made, *self._choices(block, left)]

    def _choices(self, block: Block, left: int) -> list[Request]:
        """Return the dropdowns of a block; a word of one's own is explained beside it, never refused."""
        words, spoken = self.policy.words, self.language
        sections = [words.name("sections", code) for code in (*self.policy.codes("sections"), MIXED)]
        fields = [words.name("columns", column.field) for column in self.policy.columns if column.owner == "team"]
        kinds = [kind_words(kind, self.policy)[0] for kind in (*KINDS, "managers")]
        lists = {
            ("tabs", 1): [*sections, left_alone(spoken)],
            ("columns", 2): [*fields, own_column(spoken)],
            ("words", 0): kinds,
            ("rules", 1): [spoken.text("yes"), spoken.text("no")],
        }
        made = []
        for (key, offset), names in lists.items():
            if key != block.key:
                continue
            area = {"sheetId": self.sheet_id, "startRowIndex": FIRST, "startColumnIndex": left + offset}
            condition = {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": name} for name in names]}
            rule = {"condition": condition, "showCustomUi": True, "strict": False}
            whole = {**area, "endColumnIndex": left + offset + 1}
            made.append({"setDataValidation": {"range": whole, "rule": rule}})
        return made

    def _entries(self, block: Block, lines: Sequence[Sequence[str]]) -> int:
        """Add the lines of a block that are not there yet; return the row after its last one."""
        left, width = self.at[block.key], max(len(block.headings) - 1, 1)
        held = [[clean(self.grid.cell(row, left + at)) for at in range(width)] for row in range(FIRST, len(self.grid.cells))] if self.grid else []  # fmt: skip
        while held and not any(held[-1]):
            held.pop()
        known = {_key(line, width) for line in held}
        row = FIRST + len(held)
        for line in lines:
            if _key(line, width) not in known:
                known.add(_key(line, width))
                for at, text in enumerate(line, start=left):
                    self.canvas.put(self.sheet_id, row, at, typed(text))
                row += 1
        return row


def _key(line: Sequence[str], width: int) -> tuple[str, ...]:
    """Reduce a line to what it speaks of: all but its answer, which is its last cell."""
    return tuple(fold(text) or text for text in (line[: width - 1] if width > 1 else line))


def remark(grid: Grid | None, told: Told, canvas: Canvas) -> None:
    """Write the remarks of the Settings tab where they differ from those that stand there."""
    if grid is None:
        return
    wanted = {(one.row, one.column): one.text for one in told.remarks}
    look = {**format_of(LOOKS["text_amber"]), "wrapStrategy": "WRAP"}
    for place in sorted({*wanted, *told.remark_cells}):
        if wanted.get(place, "") != told.remark_cells.get(place, ""):
            canvas.put(grid.sheet_id, *place, {**typed(wanted.get(place)), "userEnteredFormat": look}, WHOLE)


def managers_range(sheet_id_title: str, at: int) -> str:
    """Return in A1 the managers' list that feeds the dropdowns of the section tabs."""
    letter = get_column_letter(at + 1)
    return f"='{sheet_id_title}'!${letter}${FIRST + 1}:${letter}${ROWS}"
