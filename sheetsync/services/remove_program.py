"""Taking the program out of a base: its tabs, columns, colours, protections and what it keeps.

No row of the team's is touched, and none of their columns. It is shown first, then done in one
batch under the lock; a base that is removed from is to the next run like one that was never run.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from openpyxl.utils import get_column_letter

from sheetsync.errors import BookChanged
from sheetsync.i18n import language
from sheetsync.method.policy import Policy
from sheetsync.services.locked import locked
from sheetsync.services.read_and_decide import Options
from sheetsync.sheets.connection.open_book import Opened
from sheetsync.sheets.read.own_parts import (
    OwnPart,
    OwnTab,
    own_dropdowns,
    own_rules,
)
from sheetsync.sheets.read.reader import read_book
from sheetsync.sheets.requests.cells import Request, column_from
from sheetsync.sheets.requests.protection import is_heads
from sheetsync.sheets.requests.tab_requests import delete_dimension
from sheetsync.sheets.session.metadata import KEYS, forget, kept
from sheetsync.workbook.plan import DERIVED
from sheetsync.workbook.snapshot import Grid, Snapshot, is_own

FENCE = re.compile(r"\[sheetsync (\w+)")
"""How the fence of a run is marked, with the run's id."""
KEPT = "developerMetadata(metadataId,metadataValue)"


@dataclass(frozen=True)
class Removal:
    """What is taken out of a base. `first_rows`: of the clients, by sheetId (0-based)."""

    tabs: tuple[OwnTab, ...]
    columns: tuple[OwnPart, ...]
    rules: tuple[OwnPart, ...]
    dropdowns: tuple[OwnPart, ...]
    protections: tuple[OwnPart, ...]
    first_rows: tuple[tuple[int, int], ...]

    @property
    def seen(self) -> tuple[tuple[NamedTuple, ...], ...]:
        """What must be under the lock as it was shown."""
        return (self.tabs, self.columns, self.rules, self.dropdowns)

    @property
    def empty(self) -> bool:
        """Whether nothing of the program's is in the base."""
        parts = (self.tabs, self.columns, self.rules, self.protections)
        return not any(parts)


def removal_of(opened: Opened, options: Options, run: str = "") -> Removal:
    """Read what of a base is the program's. `run`: who holds the lock, whose fences stay.

    Raises what reading a base raises. Four requests.
    """
    snapshot, policy = read_book(
        opened.line, opened.name, options.language, options.journal
    )
    tabs = tuple(_own_tabs(snapshot, policy))
    gone = {tab.sheet_id for tab in tabs}
    columns = tuple(_own_columns(snapshot))
    standing = [
        grid for grid in snapshot.book.grids if grid.sheet_id not in gone
    ]
    return Removal(
        tabs=tabs,
        columns=columns,
        rules=tuple(own_rules(opened.line, columns)),
        dropdowns=tuple(own_dropdowns(opened.line, snapshot.tabs, tabs)),
        protections=tuple(_own_protections(standing, run)),
        first_rows=tuple(
            (tab.grid.sheet_id, tab.header + 1) for tab in snapshot.tabs
        ),
    )


def _own_tabs(snapshot: Snapshot, policy: Policy) -> Iterator[OwnTab]:
    """Go through the reports, the Settings tab, the Journal with its volumes, and the like."""
    book = snapshot.book
    for grid in book.grids:
        # A tab of the team's may bear one of our names.
        named = is_own(grid.title, policy) and grid.sheet_id not in book.theirs
        if named or grid.sheet_id in book.volumes:
            yield OwnTab(grid.sheet_id, grid.title)


def _own_columns(snapshot: Snapshot) -> Iterator[OwnPart]:
    """Go through the columns that the program writes, from the right."""
    for tab in snapshot.tabs:
        places = {tab.fields[name] for name in DERIVED if name in tab.fields}
        for column in sorted(places, reverse=True):
            heading = tab.headings[column] if column < len(tab.headings) else ""
            letter = get_column_letter(column + 1)
            yield OwnPart(
                tab.grid.sheet_id, column, f"{tab.title}, {letter}: {heading}"
            )


def _own_protections(grids: Sequence[Grid], run: str) -> Iterator[OwnPart]:
    """Go through the protections of ours on tabs that stay."""
    for grid in grids:
        for number, description in grid.protections:
            fence = FENCE.search(description)
            ours = fence is not None and fence[1] != run
            if ours or is_heads(description):
                yield OwnPart(
                    grid.sheet_id, number, f"{grid.title}: {description}"
                )


def remove(opened: Opened, options: Options, removal: Removal) -> None:
    """Take out what was shown, in one batch under the lock; nothing where nothing is.

    Raises BookLocked, BookChanged where the base is not as it was shown.
    """
    if removal.empty:
        return
    snapshot, policy = read_book(
        opened.line, opened.name, options.language, options.journal
    )
    spoken = language(policy.words.language)
    sections = [tab.grid.sheet_id for tab in snapshot.tabs]
    with locked(opened, snapshot.book, spoken, sections, options) as lock:
        now = removal_of(opened, options, lock.lease.run)
        if now.seen != removal.seen:
            raise BookChanged(
                spoken.text("The base has changed meanwhile."),
                fix=spoken.text("Run the command again; nothing was written."),
            )
        lock.write({"requests": [*_requests(now)]}, "spreadsheetId")
    # The write itself has noted its run, as any write does.
    held = opened.line.read("get", "", params={"fields": KEPT})
    left = [forget(number) for number in KEYS.keys() & kept(held).keys()]
    if left:
        opened.line.write({"requests": left}, "spreadsheetId")


def _requests(removal: Removal) -> Iterator[Request]:
    """Go through the requests of the batch: what reads a column or a tab goes before it."""
    for part in removal.protections:
        yield {"deleteProtectedRange": {"protectedRangeId": part.place}}
    for part in removal.rules:
        yield {
            "deleteConditionalFormatRule": {
                "sheetId": part.sheet_id,
                "index": part.place,
            }
        }
    first_rows = dict(removal.first_rows)
    for part in removal.dropdowns:
        area = column_from(part.sheet_id, first_rows[part.sheet_id], part.place)
        # Without a rule it takes away the one that is there.
        yield {"setDataValidation": {"range": area}}
    for part in removal.columns:
        yield delete_dimension(
            part.sheet_id, "COLUMNS", part.place, part.place + 1
        )
    for tab in removal.tabs:
        yield {"deleteSheet": {"sheetId": tab.sheet_id}}
