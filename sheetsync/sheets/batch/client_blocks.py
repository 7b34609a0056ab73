"""Where the clients of each tab stand while a batch runs, and which tab is split up by it.

A tab of several sections is split up where its rows go to sections that are all empty: so it is on
the first night of a base that was kept in one list (docs/adr/0016). What formulas make of it is
split_formulas.py's and client_ranges.py's.
"""

from collections.abc import Mapping

from sheetsync.method.terms import MIXED, kind_of
from sheetsync.sheets.batch.client_ranges import ClientBlock
from sheetsync.sheets.batch.row_moves import RowMoves, end_of_known
from sheetsync.sheets.batch.split_formulas import Split, Target
from sheetsync.sheets.requests.column_places import Columns
from sheetsync.workbook.snapshot import Snapshot, Tab


def blocks_of(row_moves: RowMoves) -> dict[str, ClientBlock]:
    """Return the clients of each tab, by its title in small letters."""
    blocks = {}
    for tab in row_moves.snapshot.tabs:
        blocks[tab.title.casefold()] = _block(tab, row_moves)
    return blocks


def _block(tab: Tab, row_moves: RowMoves) -> ClientBlock:
    first = tab.header + 1
    if len(tab.frame):
        first = int(tab.frame["row"].min()) - 1
    return ClientBlock(
        title=tab.title,
        first=first,
        end=tab.end,
        known=end_of_known(tab, row_moves.snapshot),
        grown=row_moves.first_free(tab),
        vanishing=row_moves.vanishing(tab.section),
    )


def is_split(snapshot: Snapshot, section: str) -> bool:
    """Tell whether rows that leave a section's tab split it up for the first time."""
    if kind_of(section) != MIXED:
        return False
    clients = sum(len(tab.frame) for tab in _homes(snapshot))
    return snapshot.first_run or not clients


def _homes(snapshot: Snapshot) -> list[Tab]:
    """Return the tabs of the method's own sections."""
    return [tab for tab in snapshot.tabs if kind_of(tab.section) != MIXED]


def splits_of(
    row_moves: RowMoves, names: Mapping[str, str]
) -> tuple[Split, ...]:
    """Return the tabs that a batch splits up. `names`: the named ranges as references."""
    snapshot = row_moves.snapshot
    sources = sorted({move.source for move in row_moves.plan.moves})
    split = [source for source in sources if is_split(snapshot, source)]
    blocks = blocks_of(row_moves)
    return tuple(
        Split(
            block=blocks[snapshot.tab[source].title.casefold()],
            targets=tuple(
                _target(row_moves, source, home) for home in _homes(snapshot)
            ),
            names=names,
            others=_holds_others(snapshot, source),
        )
        for source in split
    )


def _target(row_moves: RowMoves, source: str, home: Tab) -> Target:
    here = row_moves.columns[source]
    there = row_moves.columns[home.section]
    return Target(home.title, home.header + 1, _columns(here, there))


def _columns(here: Columns, there: Columns) -> dict[int, int]:
    """Map the columns of a tab to those of another that it has as well, or will have."""
    columns = {}
    for key, column in here.keys.items():
        place = there.find(key)
        if place is not None:
            columns[column] = place
    return columns


def _holds_others(snapshot: Snapshot, source: str) -> bool:
    """Tell whether the sections will hold more than what comes from one tab."""
    for tab in snapshot.tabs:
        if tab.section == source:
            continue
        below = tab.grid.cells[tab.header + 1 :]
        # A sum or a note there would be taken for a client's by whoever adds up the column.
        if any(cell not in (None, "") for row in below for cell in row):
            return True
    return False
