"""What the parts of one save work with.

Both states, the package that becomes the file, and what is noted on the way.

What each of them writes is left to patch.py and to those whom it hands the context.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheetsync.emulator.model.evaluate import Computation
    from sheetsync.emulator.model.grid import Book
    from sheetsync.emulator.xlsx.package.relations import Types
    from sheetsync.emulator.xlsx.package.zip_package import Package
    from sheetsync.emulator.xlsx.styles.styles import Styles


@dataclass(frozen=True, slots=True)
class SaveContext:
    """One save under way, from the state `saved` that the file holds to the state `book`."""

    saved: Book
    book: Book
    computed: Computation
    package: Package
    types: Types
    styles: Styles
    follow: Callable[[str, int | None], str]
    """A formula and the id of its tab -> the formula as it reads in the new state."""
    moved: bool
    """Whether references may have to follow.

    Cells moved on some tab, or tabs came, went or changed titles.
    """
    lost: list[str] = field(default_factory=list)
    """What this save could not keep, in words; where there is any, nothing is written."""
    dropped_texts: set[int] = field(default_factory=set)
    """Shared texts, by number, that may be nobody's any more."""
