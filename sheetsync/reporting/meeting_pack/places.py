"""Where rows and tabs stand in the book, in words, and as an address where the book has one.

What is linked is the blocks' choice.
"""

from dataclasses import dataclass
from string import ascii_uppercase
from urllib.parse import quote

from sheetsync.i18n import Language
from sheetsync.method.policy import Policy
from sheetsync.reporting.layout.model import Link
from sheetsync.reporting.meeting_pack.model import BookPlace
from sheetsync.reporting.messages.harmless_text import visible
from sheetsync.workbook.snapshot import Snapshot


def column_letters(column: int) -> str:
    """Return the letters of a 0-based column: `A`, `Z`, `AA`."""
    letters = ""
    rest = column + 1
    while rest:
        rest, letter = divmod(rest - 1, len(ascii_uppercase))
        letters = ascii_uppercase[letter] + letters
    return letters


@dataclass(frozen=True)
class BookPlaces:
    """Places of one book.

    `root`: the address of the spreadsheet, "" where it has none that people can open.
    """

    snapshot: Snapshot
    policy: Policy
    language: Language
    root: str = ""

    def row(
        self, section: str, row: int, heading: str = ""
    ) -> BookPlace | None:
        """Return the place of a row (the sheet's number), or of its cell under a heading."""
        tab = self.snapshot.tab.get(section)
        if tab is None:
            return None
        column = tab.fields.get("company", 0)
        if heading in tab.headings:
            column = tab.headings.index(heading)
        title = visible(tab.title)
        words = self.language.text("{tab}, row {row}", tab=title, row=row)
        cell = f"{column_letters(column)}{row}"
        return BookPlace(words, self._address(tab.grid.sheet_id, cell))

    def tab(self, title: str) -> BookPlace:
        """Return the place of a tab as a whole."""
        words = self.language.quoted(visible(title))
        for grid in self.snapshot.book.grids:
            if grid.title == title:
                return BookPlace(words, self._address(grid.sheet_id, "A1"))
        return BookPlace(words)

    def link(self, link: Link | None) -> BookPlace | None:
        """Return the place that a cell of a report leads to."""
        if link is None:
            return None
        name, row, *heading = link
        if name.startswith("tab:"):
            return self.tab(name.removeprefix("tab:"))
        return self.row(name, row, *heading)

    def _address(self, sheet_id: int, cells: str) -> str:
        # A file has no address that opens, and a book that is served here none for other people.
        if not self.root:
            return ""
        return f"{self.root}#gid={int(sheet_id)}&range={quote(cells)}"
