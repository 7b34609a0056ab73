"""Where each column of each block of the Settings tab stands, or will stand: blocks that are missing come at the right.

Columns that a block of before lacks are inserted beside the one that goes before them.
"""

from openpyxl.utils import get_column_letter

from sheetsync.method.settings_tab.blocks import BLOCK, BLOCKS
from sheetsync.method.settings_tab.locate import FIRST, locate, settings
from sheetsync.method.settings_tab.scalars import SCALAR
from sheetsync.values import Cell
from sheetsync.workbook.snapshot import Grid


class SettingsPositions:
    """The positions of one tab. `at`: 0-based column by block and key; `fresh`: blocks that are missing; `added`: columns that are."""

    def __init__(self, grid: Grid | None, title: str) -> None:
        self.grid, self.title = grid, title
        self.tab = locate(grid.cells if grid else ())
        self.top = self.tab.top
        self.at = {key: dict(seen.columns) for key, seen in self.tab.blocks.items()}
        self.inserted: list[int] = []
        self.added: dict[str, list[str]] = {}
        self.fresh: list[str] = []
        for key, seen in sorted(self.tab.blocks.items(), key=lambda item: -item[1].left):
            self._widen(key, seen.left)
        self.width = self._right()
        for block in BLOCKS:
            if block.key not in self.at:
                self.fresh.append(block.key)
                self.at[block.key] = {
                    key: self.width + offset for offset, key in enumerate(block.keys)
                }
                self.width += len(block.keys) + 1

    def _widen(self, key: str, left: int) -> None:
        order, own = BLOCK[key].keys, self.at[key]
        for name in (name for name in order if name not in own):
            place = (
                max(
                    (own[other] for other in order[: order.index(name)] if other in own),
                    default=left - 1,
                )
                + 1
            )
            for columns in self.at.values():
                columns.update({other: at + 1 for other, at in columns.items() if at >= place})
            own[name] = place
            self.inserted.append(place)
            self.added.setdefault(key, []).append(name)

    def _right(self) -> int:
        """Return the first free column, with an empty one before it."""
        held = max((len(row) for row in (self.grid.cells if self.grid else ())), default=0)
        ends = [at + 1 for columns in self.at.values() for at in columns.values()]
        used = max([held + len(self.inserted) if held else 0, *ends])
        return used + 1 if used else 0

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
        rows = [list(row) for row in (self.grid.cells if self.grid else ())]
        for at in self.inserted:
            for row in (row for row in rows if len(row) > at):
                row.insert(at, None)
        return rows

    def end(self, key: str) -> int:
        """Return the row after a block's last line."""
        return self.tab.blocks[key].end if key in self.tab.blocks else self.first

    def ranges(self) -> dict[str, str]:
        """Return the lists that feed dropdowns, by the block whose names they are."""
        return {
            key: names_range(self.title, at["name"], self.first)
            for key, at in self.at.items()
            if "name" in at
        }


def names_range(title: str, column: int, first: int) -> str:
    """Return a column of a tab from a row on (both 0-based) in A1, without an end: a longer list needs no new rule."""
    letter, quoted = get_column_letter(column + 1), title.replace("'", "''")
    return f"='{quoted}'!${letter}${first + 1}:${letter}"


def ranges_of(grid: Grid | None) -> dict[str, str]:
    """Return the lists of a Settings tab that feed dropdowns; none where there is no tab."""
    if grid is None:
        return {}
    tab = locate(grid.cells)
    named = {
        key: seen.columns["name"] for key, seen in tab.blocks.items() if "name" in seen.columns
    }
    return {key: names_range(grid.title, at, tab.top + FIRST) for key, at in named.items()}
