"""Laying out the playbook's tabs in a base that stands: whole, or one by one, at any time.

Only what is missing is added, in one batch. What is there is left as people have made it.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from sheetsync.errors import BookUnrecognised, InputError
from sheetsync.i18n import Language
from sheetsync.playbook.declaration import (
    PlaybookTab,
    key_named,
    playbook_tabs,
)
from sheetsync.services.context import Context
from sheetsync.sheets.batch.verification import ANSWER
from sheetsync.sheets.connection.open_book import Opened, is_file, open_book
from sheetsync.sheets.read.reader import read_book
from sheetsync.sheets.requests.canvas import Canvas
from sheetsync.sheets.requests.playbook_tab import (
    PlaybookPlace,
    PlaybookWriter,
)
from sheetsync.sheets.requests.settings_positions import ranges_of
from sheetsync.sheets.requests.tab_requests import new_sheet_id
from sheetsync.workbook.snapshot import Book, marked_title, own_titles


def wanted_keys(names: Sequence[str], spoken: Language) -> tuple[str, ...]:
    """Return the keys of the tabs that are named, by key or title in any language.

    Raises InputError for a name that is no tab's.
    """
    keys: list[str] = []
    for name in names:
        key = key_named(name)
        if key is None:
            known = ", ".join(
                f"{tab.key} ({tab.title})" for tab in playbook_tabs(spoken.code)
            )
            raise InputError(
                spoken.text("The playbook has no tab “{name}”.", name=name),
                fix=spoken.text("Its tabs: {tabs}.", tabs=known),
            )
        keys.append(key)
    return tuple(dict.fromkeys(keys))


def standing_base(
    book: str, ctx: Context, now: Callable[[], datetime]
) -> str | None:
    """Return the id of a book that is a base already, None where it is none or is not there."""
    named = ctx.settings.book(book)
    address = named.address if named else book
    if is_file(address) and not Path(address).exists():
        return None
    opened = open_book(book, ctx.settings, ctx.language, now)
    try:
        snapshot, _ = read_book(opened.line, opened.name, ctx.asked, 0)
    except BookUnrecognised:
        return None
    return snapshot.book.id


def lay_out_playbook(
    book: str,
    ctx: Context,
    keys: Sequence[str] | None,
    now: Callable[[], datetime],
) -> tuple[str, ...]:
    """Add the playbook's tabs of these keys (None: all) that the base lacks; return their titles.

    Raises BookUnrecognised where the book is no base.
    """
    return add_tabs(
        open_book(book, ctx.settings, ctx.language, now), ctx.asked, keys
    )


def add_tabs(
    opened: Opened, asked: str | None, keys: Sequence[str] | None
) -> tuple[str, ...]:
    """Add what an open base lacks of the playbook: two reads, and one write.

    `asked`: the language that it is to be read in, None: its own.
    """
    snapshot, policy = read_book(opened.line, opened.name, asked, 0)
    tabs = [
        tab
        for tab in playbook_tabs(policy.words.language)
        if (keys is None or tab.key in keys)
        and tab.key not in snapshot.book.playbook
    ]
    if not tabs:
        return ()
    titles = _titles(tabs, snapshot.book)
    settings = snapshot.book.titled(*own_titles(policy, "settings"))
    canvas = Canvas()
    writer = PlaybookWriter(policy, ranges_of(settings), canvas)
    taken: set[int] = set()
    # Behind the tabs that people work in all day.
    first = 1 + max(grid.index for grid in snapshot.book.grids)
    for number, tab in enumerate(tabs):
        title = titles[tab.key]
        sheet_id = new_sheet_id(title, snapshot.book, taken)
        writer.add(tab, PlaybookPlace(sheet_id, title, first + number))
    requests = [
        *writer.requests.before,
        *canvas.requests(),
        *writer.requests.after,
    ]
    opened.line.write({"requests": requests}, ANSWER)
    return tuple(titles.values())


def _titles(tabs: Sequence[PlaybookTab], book: Book) -> dict[str, str]:
    """Return the title of each tab, unlike that of any that is there."""
    taken = {grid.title.casefold() for grid in book.grids}
    titles: dict[str, str] = {}
    for tab in tabs:
        title = tab.title
        while title.casefold() in taken:
            title = marked_title(title)
        taken.add(title.casefold())
        titles[tab.key] = title
    return titles
