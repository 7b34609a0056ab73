"""Which tabs of a book are the playbook's: known by id, whatever people call them.

What stands on one is playbook/'s. None of them is ever written by a night.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from sheetsync.i18n import LANGUAGES
from sheetsync.method.policy import Policy
from sheetsync.playbook.declaration import (
    PlaybookTab,
    playbook_tabs,
    spellings_of,
)
from sheetsync.playbook.reading import TabReading, read_tab
from sheetsync.workbook.layout import PlaybookLayout, id_of_title
from sheetsync.workbook.snapshot import Book, Grid, marked_title

GONE_DAYS = 7
"""How long it is said of a tab of the playbook that it is gone."""


def playbook_candidates(book: Book) -> dict[int, str]:
    """Return the tabs (sheetIds) that may be the playbook's, by what no cell tells, with the key.

    Known by the id that a night remembers, or that `init` gave; then by title, as in a copy of the
    spreadsheet.
    """
    sections = book.layout.by_id
    free = [grid for grid in book.grids if grid.sheet_id not in sections]
    remembered = {tab.sheet_id: tab.key for tab in book.layout.playbook}
    keys = {tab.key for code in LANGUAGES for tab in playbook_tabs(code)}
    by_title = _keys_by_title(keys)
    by_id = {id_of_title(title): key for title, key in by_title.items()}
    candidates: dict[int, str] = {}
    for known in (remembered, by_id):
        for grid in free:
            key = known.get(grid.sheet_id)
            if key in keys:
                _seat(candidates, grid, str(key))
    titles = {title.casefold(): key for title, key in by_title.items()}
    for grid in free:
        key = titles.get(grid.title.casefold())
        if key is not None:
            _seat(candidates, grid, key)
    return candidates


def _seat(candidates: dict[int, str], grid: Grid, key: str) -> None:
    """Note a tab, where neither it nor another of its key is noted."""
    if grid.sheet_id not in candidates and key not in candidates.values():
        candidates[grid.sheet_id] = key


def _keys_by_title(keys: set[str]) -> dict[str, str]:
    titles: dict[str, str] = {}
    for key in sorted(keys):
        for tab in spellings_of(key):
            titles.setdefault(tab.title, key)
            titles.setdefault(marked_title(tab.title), key)
    return titles


def with_playbook(
    book: Book, policy: Policy
) -> tuple[Book, tuple[TabReading, ...]]:
    """Return a book, its cells read, that knows the playbook's tabs, and these as they were read.

    A tab that only its title makes one is the team's own where none of our headings stand on it.
    """
    candidates = playbook_candidates(book)
    if not candidates:
        return book, ()
    remembered = {tab.sheet_id for tab in book.layout.playbook}
    tabs = {tab.key: tab for tab in _tabs(policy)}
    grids = {grid.sheet_id: grid for grid in book.grids}
    readings = []
    seats: dict[str, int] = {}
    for sheet_id, key in candidates.items():
        # The team's own word for a tab of theirs is nothing of ours.
        if sheet_id in book.theirs or key not in tabs:
            continue
        grid = grids[sheet_id]
        reading = read_tab(tabs[key], grid.title, grid.cells, policy)
        if reading.found or sheet_id in remembered | _ids_of(key):
            seats[key] = sheet_id
            readings.append(reading)
    readings.sort(key=lambda reading: (reading.tab.order, reading.tab.key))
    return replace(book, playbook=seats), tuple(readings)


def _ids_of(key: str) -> set[int]:
    return {id_of_title(tab.title) for tab in spellings_of(key)}


def _tabs(policy: Policy) -> Iterator[PlaybookTab]:
    """Go through the tabs that are known, in the book's language where it has them."""
    own = playbook_tabs(policy.words.language)
    yield from own
    keys = {tab.key for tab in own}
    for code in LANGUAGES:
        for tab in playbook_tabs(code):
            if tab.key not in keys:
                keys.add(tab.key)
                yield tab


def missing_playbook(book: Book) -> tuple[PlaybookLayout, ...]:
    """Return the tabs of the playbook that the book remembers and that are not there."""
    return tuple(
        tab for tab in book.layout.playbook if tab.key not in book.playbook
    )


def layout_of_playbook(book: Book, today: date) -> tuple[PlaybookLayout, ...]:
    """Return what is remembered of the playbook's tabs from now on."""
    titles = {grid.sheet_id: grid.title for grid in book.grids}
    tabs = [
        PlaybookLayout(key, sheet_id, titles[sheet_id])
        for key, sheet_id in book.playbook.items()
    ]
    for tab in missing_playbook(book):
        tabs.append(tab._replace(gone_on=tab.gone_on or today))
    return tuple(sorted(tabs, key=lambda tab: tab.key))
