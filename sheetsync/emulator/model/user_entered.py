"""What Google would make of a text typed into a cell (USER_ENTERED), by the book's locale.

Numbers are read by amounts.py, dates by dates.py; a formula's own language is dialect.py's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sheetsync.emulator.model import dialect
from sheetsync.emulator.model import user_entered_dates as dates
from sheetsync.emulator.model import user_entered_numbers as amounts
from sheetsync.emulator.model.grid import Formula
from sheetsync.emulator.model.locales import customs

if TYPE_CHECKING:
    from sheetsync.emulator.model.grid import Value
    from sheetsync.emulator.model.user_entered_dates import Today

Typed = tuple["Value", dict[str, Any] | None]
_LONGEST = 400  # characters of what may be a number or a date
_ENGLISH = {"true": True, "false": False}


def read(text: str, locale: str, today: Today | None = None) -> Typed:
    """(value, number format that the typing brings along or None).

    Without `today`, dates must name their year.
    """
    if text == "" or text.startswith("'"):
        return text[1:] or None, None
    if text.startswith(("=", "+")) and len(text) > 1:
        number = amounts.read(text.strip(), locale) if text[0] == "+" else None
        return number or (
            Formula(
                dialect.stored(text if text[0] == "=" else "=" + text, locale)
            ),
            None,
        )
    bare = text.strip() if len(text) <= _LONGEST else ""
    if not bare:
        return text, None
    truth = _truth(bare, locale)
    if truth is not None:
        return truth, None
    return (
        amounts.read(bare, locale)
        or dates.read(bare, locale, today)
        or (text, None)
    )


def _truth(text: str, locale: str) -> bool | None:
    low = text.casefold()
    if low in _ENGLISH:
        return _ENGLISH[low]
    words = [word.casefold() for word in customs(locale).truths]
    return words.index(low) == 0 if low in words else None
