"""The Settings tab as cells, without a spreadsheet: laid out as `init` does, changed as a person would."""

from dataclasses import dataclass, field
from functools import cache

from sheetsync.i18n import language
from sheetsync.method.policy import Policy, template
from sheetsync.method.settings_tab.blocks import BLOCK, CODE, REMARK
from sheetsync.method.settings_tab.document import SettingsDocument, default
from sheetsync.method.settings_tab.last_good import kept, remembered
from sheetsync.method.settings_tab.locate import locate, settings
from sheetsync.method.settings_tab.mapping import SettingsReading, adopted, settings_of
from sheetsync.sheets.requests.canvas import Canvas
from sheetsync.sheets.requests.settings_tab import SettingsTab
from sheetsync.values import Cell


@cache
def _laid_out(code: str, managers: tuple[str, ...]) -> list[list[Cell]]:
    tab = SettingsTab(None, 7, "Settings", template(code), Canvas())
    tab.requests({"managers": [(name,) for name in managers]})
    return tab.after()


@dataclass
class Page:
    """One Settings tab and what is remembered of it."""

    policy: Policy = field(default_factory=lambda: template("en"))
    managers: tuple[str, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        """Lay the tab out."""
        self._columns: dict[str, dict[str, int]] = {}
        self.cells: list[list[Cell]] = [
            [*row] for row in _laid_out(self.policy.words.language, self.managers)
        ]

    def column(self, block: str, key: str) -> int:
        """Return where a column stands."""
        if block not in self._columns:
            self._columns = {
                name: dict(seen.columns) for name, seen in locate(self.cells).blocks.items()
            }
        return self._columns[block][key]

    def row(self, block: str, name: str) -> int:
        """Return the row of the line of this name, or the first free one where there is none."""
        at = self.column(
            block, "name" if "name" in BLOCK[block].column else BLOCK[block].columns[0].key
        )
        found = [
            row
            for row in range(3, len(self.cells))
            if at < len(self.cells[row]) and self.cells[row][at] == name
        ]
        return found[0] if found else locate(self.cells).blocks[block].end

    def put(self, block: str, line: str | int, **cells: Cell) -> "Page":
        """Type into the cells of a line: that of a name, or of a 0-based row."""
        row = line if isinstance(line, int) else self.row(block, line)
        for key, cell in cells.items():
            self.type(row, self.column(block, key), cell)
        return self

    def type(self, row: int, column: int, cell: Cell) -> None:
        """Type into one cell."""
        self.cells += [[] for _ in range(row + 1 - len(self.cells))]
        self.cells[row] += [None] * (column + 1 - len(self.cells[row]))
        self.cells[row][column] = cell

    def add(self, block: str, **cells: Cell) -> "Page":
        """Type a new line below the others."""
        return self.put(block, locate(self.cells).blocks[block].end, **cells)

    def set(self, path: str, cell: Cell) -> "Page":
        """Type a single setting."""
        self.type(settings(locate(self.cells))[path].row, self.column("rules", "value"), cell)
        return self

    def clear(self, block: str, name: str) -> "Page":
        """Empty a whole line."""
        row = self.row(block, name)
        return self.put(block, row, **dict.fromkeys(BLOCK[block].keys))

    def told(self) -> SettingsReading:
        """Read the tab."""
        return settings_of(self.cells, self.policy, self.good())

    def good(self) -> SettingsDocument:
        """Return what is remembered."""
        return remembered(self.note, self.policy)

    def now(self) -> Policy:
        """Return the policy that holds."""
        return adopted(self.policy, self.told())

    def night(self) -> SettingsReading:
        """Read the tab, write remarks and codes as a run does, and remember what was good."""
        told = self.told()
        for place in told.remark_cells:
            self.type(*place, None)
        for remark in told.remarks:
            self.type(remark.row, remark.column, remark.text)
        for place, code in told.codes.items():
            self.type(*place, code)
        assert told.method is not None
        self.note = kept(told.method, default(self.policy))
        return told

    def beside(self, block: str, line: str | int) -> str:
        """Return the remark of a line."""
        row = line if isinstance(line, int) else self.row(block, line)
        at = self.column(block, REMARK)
        return " ".join(
            one.text for one in self.told().remarks if (one.row, one.column) == (row, at)
        )

    def drop(self, block: str) -> "Page":
        """Empty a whole block, its title and headings too."""
        for at in locate(self.cells).blocks[block].columns.values():
            for row in self.cells:
                if at < len(row):
                    row[at] = None
        return self


def text(policy: Policy, said: str) -> str:
    """Return a word of the program's own in the language of a policy."""
    return language(policy.words.language).text(said)


__all__ = ["CODE", "Page", "text"]
