"""One call as the thin responses see it: the book, the user, path, query and body.

And computed values on demand.

Which call it is, is decided in service.py; disk and locks are left to workspace.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sheetsync.emulator.model.structure import settle

if TYPE_CHECKING:
    from sheetsync.emulator.model.evaluate import Computation
    from sheetsync.emulator.model.grid import Book, Json


@dataclass(slots=True)
class Call:
    """A call on one book. For a call that writes, `book` is a copy that may be dropped."""

    book: Book
    user: str
    range: str = ""
    query: Json = field(default_factory=dict)
    body: Json = field(default_factory=dict)

    def computed(self) -> Computation:
        """Give the values of the book's formulas, worked out when first asked for."""
        return computed(self.book)


def computed(book: Book) -> Computation:
    """Give the values of a book's formulas; the book must not be changed while they are used."""
    settle(book)
    if book.computed is None:
        if book.compute is None:
            raise RuntimeError("a book that no workspace opened cannot compute")
        book.computed = book.compute(book)
    out: Computation = book.computed
    return out
