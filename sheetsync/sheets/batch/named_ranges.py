"""Named ranges over all clients of a tab: they take in the rows that come at its end.

Everything else that becomes of a named range is the spreadsheet's own doing.
"""

from collections.abc import Iterator
from typing import NamedTuple

from sheetsync.sheets.batch.client_blocks import blocks_of
from sheetsync.sheets.batch.client_ranges import RowSpan
from sheetsync.sheets.batch.row_moves import RowMoves
from sheetsync.sheets.requests.cells import Request, grid_range
from sheetsync.workbook.snapshot import FAR, CellArea, NamedArea


class GrownName(NamedTuple):
    """A named range with the rows that come: its cells while a batch runs, and after it."""

    name: NamedArea
    area: CellArea
    final: CellArea


def grown_names(row_moves: RowMoves) -> Iterator[GrownName]:
    """Go through the named ranges over all clients of a tab that others come to."""
    blocks = blocks_of(row_moves)
    tabs = {tab.grid.sheet_id: tab for tab in row_moves.snapshot.tabs}
    for name in row_moves.snapshot.book.names:
        area = name.area
        if name.sheet_id not in tabs or area.bottom >= FAR:
            continue
        block = blocks[tabs[name.sheet_id].title.casefold()]
        span = RowSpan(area.top, area.bottom, None)
        if block.is_pushed_down(span):
            below = area._replace(bottom=area.bottom + block.arriving)
            yield GrownName(name, below, below)
        elif block.is_cut_short(span):
            grown = area._replace(bottom=block.grown)
            yield GrownName(name, grown, grown._replace(bottom=block.final))
        elif span.is_within(block.vanishing):
            yield GrownName(
                name,
                area._replace(top=block.grown, bottom=block.grown + 1),
                area._replace(top=block.final, bottom=block.final + 1),
            )


def name_requests(row_moves: RowMoves) -> list[Request]:
    """Have named ranges over all clients of a tab take in those that come to it."""
    requests: list[Request] = []
    for grown in grown_names(row_moves):
        area = grown.area
        columns = None if area.right >= FAR else (area.left, area.right)
        rows = (area.top, area.bottom)
        cells = grid_range(grown.name.sheet_id, rows, columns)
        named = {"namedRangeId": grown.name.id, "range": cells}
        requests.append(
            {"updateNamedRange": {"namedRange": named, "fields": "range"}}
        )
    return requests
