"""Where the clients of a book stand, as the options of `adopt` say it: tab, heading row, headings.

What is guessed of the rest is `adopt_base`'s. Headings are the one thing of a team's tabs that
adopting writes, and only where somebody has given them for rows without any.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sheetsync.adoption.propose import ChosenTabs
from sheetsync.adoption.value_profiles import blank
from sheetsync.errors import InputError
from sheetsync.i18n import Language
from sheetsync.services.adopt_base import BookToAdopt
from sheetsync.services.locked import locked
from sheetsync.services.read_and_decide import Options
from sheetsync.sheets.connection.open_book import Opened
from sheetsync.sheets.requests.canvas import Canvas
from sheetsync.sheets.requests.cells import Request, typed
from sheetsync.sheets.requests.tab_requests import insert_dimension
from sheetsync.values import clean, fold
from sheetsync.workbook.snapshot import Grid

_BETWEEN = re.compile(r"[;\n]")


@dataclass(frozen=True)
class ToldPlace:
    """What the options say.

    `tab`: the title of the tab that holds the clients; `row`: its heading row, the sheet's number,
    0 where it is not said; `headings`: to be put above rows that have none, from the first column
    on, "" for a column that gets none.
    """

    tab: str = ""
    row: int = 0
    headings: tuple[str, ...] = ()

    @property
    def says_anything(self) -> bool:
        """Whether any option was given."""
        return bool(self.tab or self.row or self.headings)


def headings_of(text: str) -> tuple[str, ...]:
    """Return the headings of an option: between semicolons, or commas where there are none."""
    parts = _BETWEEN.split(text)
    if len(parts) == 1:
        parts = text.split(",")
    return tuple(part.strip() for part in parts)


def tab_told(to_adopt: BookToAdopt, place: ToldPlace, spoken: Language) -> Grid:
    """Return the tab that is meant: the named one, else the one that seems to hold most clients.

    Raises InputError where there is none of that name, or nothing in it.
    """
    text = spoken.text
    grids = to_adopt.book.grids
    if place.tab:
        wanted = fold(place.tab)
        named = [grid for grid in grids if fold(grid.title) == wanted]
    else:
        sizes = {tab.sheet_id: tab.rows for tab in to_adopt.proposal.tabs}
        seeming = [grid for grid in grids if grid.sheet_id in sizes]
        named = sorted(seeming, key=lambda grid: -sizes[grid.sheet_id])
    tabs = ", ".join(spoken.quoted(grid.title) for grid in grids)
    fix = text("Name one of its tabs with `--tab`: {tabs}.", tabs=tabs)
    if not named:
        message = text("There is no tab “{tab}”.", tab=place.tab)
        if not place.tab:
            message = text("It is not clear which tab holds the clients.")
        raise InputError(message, fix=fix)
    if not any(_filled_rows(named[0])):
        message = text("The tab “{tab}” is empty.", tab=named[0].title)
        raise InputError(message, fix=fix)
    return named[0]


def chosen_row(grid: Grid, row: int, spoken: Language) -> ChosenTabs:
    """Return the choice of a tab, with its heading row where that is said.

    Raises InputError where nothing stands in that row.
    """
    text = spoken.text
    if not row:
        return {grid.sheet_id: None}
    if row - 1 not in _filled_rows(grid):
        message = text(
            "Nothing stands in row {row} of “{tab}”.", row=row, tab=grid.title
        )
        fix = text("Give the number of the row that holds the headings.")
        raise InputError(message, fix=fix)
    return {grid.sheet_id: row - 1}


def put_headings(
    opened: Opened,
    to_adopt: BookToAdopt,
    grid: Grid,
    headings: Sequence[str],
    options: Options,
    spoken: Language,
) -> int:
    """Put headings into a new row above a tab's first, and return its 0-based place. One write.

    Where they stand there already, nothing is written.
    """
    first = next(_filled_rows(grid))
    held = [fold(clean(cell)) for cell in grid.cells[first]]
    wanted = [*map(fold, headings)]
    if held[: len(wanted)] == wanted:
        return first
    room = insert_dimension(
        grid.sheet_id, "ROWS", first, first + 1, like_before=False
    )
    canvas = Canvas()
    for column, heading in enumerate(headings):
        if heading:
            canvas.put(grid.sheet_id, first, column, typed(heading))
    requests: list[Request] = [room, *canvas.requests()]
    tabs = [each.sheet_id for each in to_adopt.book.grids]
    with locked(opened, to_adopt.book, spoken, tabs, options) as lock:
        lock.write({"requests": requests}, "spreadsheetId")
    return first


def _filled_rows(grid: Grid) -> Iterator[int]:
    """Go through the 0-based rows in which anything stands."""
    for row, cells in enumerate(grid.cells):
        if not all(map(blank, cells)):
            yield row
