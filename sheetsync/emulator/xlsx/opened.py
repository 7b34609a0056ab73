"""An opened file: what is kept of it beside the book from one save to the next.

Reading it is left to load.py, writing it to save.py and patch.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from sheetsync.emulator.xlsx.cells.cached_values import stored_values
from sheetsync.emulator.xlsx.parts.workbook_parts import tab_parts

if TYPE_CHECKING:
    from pathlib import Path

    from sheetsync.emulator.model.grid import Book, Json, Value
    from sheetsync.emulator.xlsx.package.zip_package import Package
    from sheetsync.emulator.xlsx.parts.tab_face import Face
    from sheetsync.emulator.xlsx.styles.styles import Styles


class Dressing(NamedTuple):
    """What openpyxl makes of a state besides cells.

    Each tab's face by its id, the JSON to store.
    """

    faces: dict[int, Face]
    state: Json


class Written(NamedTuple):
    """A state as a file.

    `parts` is the part that each tab lies in, by its id; `styled` how much of the style tables the
    file has; `dressing` None where only cells changed.
    """

    data: bytes
    package: Package
    parts: dict[int, str]
    dressing: Dressing | None
    styled: tuple[int, ...]


@dataclass(slots=True)
class Shell:
    """What a save needs besides the book.

    The file as it lies on disk, and openpyxl's workbook of it.

    The workbook is emptied of cells, `tabs` are its worksheets by the tabs' ids. `saved` is the
    state that `package` holds, `parts` the part of each tab by its id, `dressing` what openpyxl
    makes of that state besides cells (None until it is asked for), `styled` how much of the style
    tables is in the file, `loaded` the package as it was read.
    """

    path: Path
    workbook: Any
    tabs: dict[int, Any]
    styles: Styles
    lost: tuple[str, ...]
    package: Package
    loaded: Package
    saved: Book
    parts: dict[int, str]
    dressing: Dressing | None = None
    styled: tuple[int, ...] = ()
    _values: dict[str, dict[tuple[int, int], Value]] = field(
        default_factory=dict
    )

    def stored(self, origin: tuple[str, int, int]) -> Value:
        """Give the value that the file held for a formula when it was read; None where it had none.

        `origin` is the title of the formula's tab, its row and its column, from 0.
        """
        title, row, column = origin
        if title not in self._values:
            self._values[title] = self._read_stored(title)
        return self._values[title].get((row, column))

    def _read_stored(self, title: str) -> dict[tuple[int, int], Value]:
        part = tab_parts(self.loaded).get(title, "")
        if part not in self.loaded:
            return {}
        return stored_values(self.loaded.read(part), self.styles.is_day_of_1904)

    def settle(self, written: Written, book: Book) -> None:
        """Take over what was written, once it is on disk."""
        self.package = written.package
        self.parts = written.parts
        self.dressing = written.dressing or self.dressing
        self.styled = written.styled
        self.saved = book
        for sheet in book.sheets:
            sheet.cuts = []
