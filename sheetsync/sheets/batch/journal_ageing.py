"""Old lines of the Journal taken into a volume, as requests of the night's own batch.

Which lines, and into which tab: workbook/journal_volumes.py. The service moves them, so that a
batch is as short for five thousand lines as for one, and holds each of them once whatever happens.
"""

from typing import NamedTuple

from sheetsync.rules.draft.projection import Projection
from sheetsync.sheets.requests.cells import Request, grid_range, paste
from sheetsync.sheets.requests.own_tab_requests import (
    JOURNAL_DATA,
    JOURNAL_WIDTHS,
)
from sheetsync.sheets.requests.tab_requests import (
    add_sheet,
    column_widths,
    delete_dimension,
    grow_columns,
    hide_column,
    insert_dimension,
    new_sheet_id,
    protect,
)
from sheetsync.workbook.journal_volumes import AgedLines, aged_lines
from sheetsync.workbook.layout import VolumeLayout
from sheetsync.workbook.snapshot import Grid, own_titles


class JournalAgeing(NamedTuple):
    """Lines that go from the Journal's tab into a volume, whose sheetId is `volume_id`."""

    journal: Grid
    lines: AgedLines
    volume_id: int

    @property
    def added(self) -> VolumeLayout | None:
        """The volume, where this batch adds it."""
        if self.lines.grid is not None:
            return None
        return VolumeLayout(self.volume_id, self.lines.period, self.lines.title)

    def requests(
        self, inserted: int, account: str | None, why: str
    ) -> list[Request]:
        """Cut the lines and paste them on top of their volume.

        `inserted`: the rows that have come in above them; `why`: what the volume's protection says.
        """
        # Cut and not copied: formulas and notes of people's that hang on a line go along, and
        # nothing is there twice, not even between two requests.
        first, end = self._rows(inserted)
        # Columns that people have added beside the Journal's own go along.
        columns = (0, self.journal.column_count)
        source = grid_range(self.journal.sheet_id, (first, end), columns)
        target = {"sheetId": self.volume_id, "rowIndex": 1, "columnIndex": 0}
        cut = {
            "source": source,
            "destination": target,
            "pasteType": "PASTE_NORMAL",
        }
        return [*self._room(account, why), {"cutPaste": cut}]

    def deletes(self, inserted: int) -> list[Request]:
        """Delete the rows that the lines have left."""
        first, end = self._rows(inserted)
        return [delete_dimension(self.journal.sheet_id, "ROWS", first, end)]

    def _rows(self, inserted: int) -> tuple[int, int]:
        return self.lines.first + inserted, self.lines.end + inserted

    def _room(self, account: str | None, why: str) -> list[Request]:
        """Add the volume, or make room in it below its headings."""
        count = self.lines.end - self.lines.first
        grid = self.lines.grid
        if grid is None:
            return self._new_volume(count, account, why)
        inserted = insert_dimension(
            self.volume_id, "ROWS", 1, 1 + count, like_before=False
        )
        return [*grow_columns(grid, self.journal.column_count), inserted]

    def _new_volume(
        self, count: int, account: str | None, why: str
    ) -> list[Request]:
        width = max(self.journal.column_count, len(JOURNAL_WIDTHS))
        size = (1 + count, width)
        frozen = {"frozenRowCount": 1}
        columns = (0, self.journal.column_count)
        headings = grid_range(self.journal.sheet_id, (0, 1), columns)
        top = grid_range(self.volume_id, (0, 1), columns)
        return [
            add_sheet(self.volume_id, self.lines.title, size, frozen),
            *column_widths(self.volume_id, JOURNAL_WIDTHS),
            hide_column(self.volume_id, JOURNAL_DATA),
            paste(headings, top, "PASTE_NORMAL"),
            protect({"sheetId": self.volume_id}, account, why),
        ]


def journal_ageing(projection: Projection) -> JournalAgeing | None:
    """Return what of the Journal a night takes into a volume, None for nothing."""
    snapshot = projection.snapshot
    policy = projection.policy
    book = snapshot.book
    journal = book.titled(*own_titles(policy, "journal"))
    lines = aged_lines(book, snapshot.journal_end, policy, projection.today)
    if journal is None or lines is None:
        return None
    if lines.grid is not None:
        return JournalAgeing(journal, lines, lines.grid.sheet_id)
    sheet_id = new_sheet_id(lines.title, book, set())
    return JournalAgeing(journal, lines, sheet_id)
