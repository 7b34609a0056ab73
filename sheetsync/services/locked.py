"""The lock of a book, held while something is written and given back whatever happens.

How it is taken, and what it keeps others from, is the sheets room's.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sheetsync.i18n import Language
from sheetsync.services.read_and_decide import Options
from sheetsync.sheets.connection.open_book import Opened
from sheetsync.sheets.session.lock import Claim, Lock
from sheetsync.workbook.snapshot import Book


def claim_of(
    opened: Opened, language: Language, tabs: Iterable[int], options: Options
) -> Claim:
    """Say who takes a lock over some tabs (sheetIds), and in which language others are told."""
    return Claim(
        opened.line,
        language,
        opened.account,
        tuple(tabs),
        options.now,
        options.holder,
    )


@contextmanager
def locked(
    opened: Opened,
    book: Book,
    language: Language,
    tabs: Iterable[int],
    options: Options,
) -> Iterator[Lock]:
    """Hold the lock of a book, which stood as it was read with `book`. Raises BookLocked."""
    lock = claim_of(opened, language, tabs, options).take(book.standing)
    try:
        yield lock
    finally:
        # Until the fences are down nobody can type there.
        lock.release()
