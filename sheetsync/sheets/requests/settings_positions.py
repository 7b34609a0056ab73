"""Where each column of each block of the Settings tab stands, or will stand.

Blocks that are missing come at the right. Columns that a block of before lacks are inserted beside
the one that goes before them. What they hold is settings_tab.py's.
"""

from collections.abc import Mapping

from gspread.utils import absolute_range_name
from openpyxl.utils import get_column_letter

from sheetsync.method.settings_tab.blocks import BLOCK, BLOCKS
from sheetsync.method.settings_tab.locate import FIRST, locate, settings
from sheetsync.method.settings_tab.scalars import SCALAR
from sheetsync.values import Cell
from sheetsync.workbook.snapshot import Grid


class SettingsPositions:
    """The columns of one tab's blocks.

    `columns`: 0-based, by block and key; `fresh`: blocks that are missing; `added`: columns that
    are, by block; `inserted`: where these are inserted, one after the other. `width`: the first
    column (0-based) beyond all of them.
    """

    def __init__(self, grid: Grid | None, title: str) -> None:
        self.title = title
        self._held = [list(row) for row in grid.cells] if grid else []
        self.tab = locate(self._held)
        self.top = self.tab.top
        self.columns = {
            key: dict(block.columns) for key, block in self.tab.blocks.items()
        }
        self.inserted: list[int] = []
        self.added: dict[str, list[str]] = {}
        self._widen_blocks()
        self.fresh = [
            block.key for block in BLOCKS if block.key not in self.columns
        ]
        self.width = self._first_free()
        for key in self.fresh:
            keys = BLOCK[key].keys
            places = range(self.width, self.width + len(keys))
            self.columns[key] = dict(zip(keys, places, strict=True))
            self.width += len(keys) + 1

    def _widen_blocks(self) -> None:
        """Make room for the columns that blocks lack, from the right."""
        blocks = self.tab.blocks
        for key in sorted(blocks, key=lambda key: -blocks[key].left):
            for name in BLOCK[key].keys:
                if name not in self.columns[key]:
                    self._insert(key, name)

    def _insert(self, key: str, name: str) -> None:
        """Insert a column of a block behind those that go before it."""
        order = BLOCK[key].keys
        own = self.columns[key]
        place = self.tab.blocks[key].left
        for other in order[: order.index(name)]:
            if other in own:
                place = max(place, own[other] + 1)
        for columns in self.columns.values():
            for other, column in columns.items():
                if column >= place:
                    columns[other] = column + 1
        own[name] = place
        self.inserted.append(place)
        self.added.setdefault(key, []).append(name)

    def _first_free(self) -> int:
        """Return the first free column, with an empty one before it."""
        used = 0
        for columns in self.columns.values():
            used = max([used, *(column + 1 for column in columns.values())])
        held = max(map(len, self._held), default=0)
        if held:
            used = max(used, held + len(self.inserted))
        return used + 1 if used else 0

    @property
    def first(self) -> int:
        """0-based row of a block's first entry."""
        return self.top + FIRST

    @property
    def complete(self) -> bool:
        """Whether nothing of the tab is missing."""
        if self.fresh or self.inserted:
            return False
        return settings(self.tab).keys() == SCALAR.keys()

    def cells(self) -> list[list[Cell]]:
        """Return the tab's cells with the columns that are to be inserted."""
        rows = [list(row) for row in self._held]
        for place in self.inserted:
            for row in rows:
                if len(row) > place:
                    row.insert(place, None)
        return rows

    def end(self, key: str) -> int:
        """Return the row after a block's last line."""
        return (
            self.tab.blocks[key].end if key in self.tab.blocks else self.first
        )

    def ranges(self) -> dict[str, str]:
        """Return the lists that feed dropdowns, by the block whose names they are."""
        return _ranges(self.columns, self.title, self.first)


def names_range(title: str, column: int, first: int) -> str:
    """Return a column of a tab from a row on (both 0-based), as a formula.

    It has no end: a longer list needs no new rule.
    """
    letter = get_column_letter(column + 1)
    area = f"${letter}${first + 1}:${letter}"
    return f"={absolute_range_name(title, area)}"


def ranges_of(grid: Grid | None) -> dict[str, str]:
    """Return the lists of a Settings tab that feed dropdowns; none where there is no tab."""
    if grid is None:
        return {}
    tab = locate(grid.cells)
    columns = {key: block.columns for key, block in tab.blocks.items()}
    return _ranges(columns, grid.title, tab.top + FIRST)


def _ranges(
    columns: Mapping[str, Mapping[str, int]], title: str, first: int
) -> dict[str, str]:
    """Return the columns that hold names, by block, from the row `first` on."""
    ranges = {}
    for key, own in columns.items():
        if "name" in own:
            ranges[key] = names_range(title, own["name"], first)
    return ranges
