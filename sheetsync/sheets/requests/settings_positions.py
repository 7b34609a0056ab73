"""Where each column of each block of the Settings tab stands, or will stand.

Blocks that are missing come at the right. Columns that a block of before lacks are inserted beside
the one that goes before them. What they hold is settings_tab.py's.
"""

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
        self.grid, self.title = grid, title
        self.tab = locate(grid.cells if grid else ())
        self.top = self.tab.top
        self.columns = {key: dict(block.columns) for key, block in self.tab.blocks.items()}
        self.inserted: list[int] = []
        self.added: dict[str, list[str]] = {}
        self._widen_blocks()
        self.fresh = [block.key for block in BLOCKS if block.key not in self.columns]
        self.width = self._first_free()
        for key in self.fresh:
            keys = BLOCK[key].keys
            self.columns[key] = {name: self.width + offset for offset, name in enumerate(keys)}
            self.width += len(keys) + 1

    def _widen_blocks(self) -> None:
        """Make room for the columns that blocks lack, from the right."""
        from_the_right = sorted(self.tab.blocks.items(), key=lambda item: -item[1].left)
        for key, block in from_the_right:
            for name in BLOCK[key].keys:
                if name not in self.columns[key]:
                    self._insert(key, name, block.left)

    def _insert(self, key: str, name: str, left: int) -> None:
        """Insert a column of a block behind those that go before it.

        `left`: the column in which the block begins.
        """
        order, own = BLOCK[key].keys, self.columns[key]
        before = [own[other] for other in order[: order.index(name)] if other in own]
        place = max(before, default=left - 1) + 1
        for columns in self.columns.values():
            columns.update({other: at + 1 for other, at in columns.items() if at >= place})
        own[name] = place
        self.inserted.append(place)
        self.added.setdefault(key, []).append(name)

    def _first_free(self) -> int:
        """Return the first free column, with an empty one before it."""
        held = max((len(row) for row in self._cells), default=0)
        ends = [place + 1 for columns in self.columns.values() for place in columns.values()]
        if held:
            ends.append(held + len(self.inserted))
        used = max(ends, default=0)
        return used + 1 if used else 0

    @property
    def _cells(self) -> list[list[Cell]]:
        return [list(row) for row in self.grid.cells] if self.grid else []

    @property
    def first(self) -> int:
        """0-based row of a block's first entry."""
        return self.top + FIRST

    @property
    def complete(self) -> bool:
        """Whether nothing of the tab is missing."""
        return not self.fresh and not self.inserted and settings(self.tab).keys() == SCALAR.keys()

    def cells(self) -> list[list[Cell]]:
        """Return the tab's cells with the columns that are to be inserted."""
        rows = self._cells
        for place in self.inserted:
            for row in rows:
                if len(row) > place:
                    row.insert(place, None)
        return rows

    def end(self, key: str) -> int:
        """Return the row after a block's last line."""
        return self.tab.blocks[key].end if key in self.tab.blocks else self.first

    def ranges(self) -> dict[str, str]:
        """Return the lists that feed dropdowns, by the block whose names they are."""
        places = {
            key: columns["name"] for key, columns in self.columns.items() if "name" in columns
        }
        return {key: names_range(self.title, place, self.first) for key, place in places.items()}


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
    ranges = {}
    for key, block in tab.blocks.items():
        if "name" in block.columns:
            ranges[key] = names_range(grid.title, block.columns["name"], tab.top + FIRST)
    return ranges
