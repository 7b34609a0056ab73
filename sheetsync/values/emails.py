"""E-mail addresses: one or several in a cell, in angle brackets, with `mailto:` and words around.

Whether a domain is a company's own is judged in `rules.duplicates`.
"""

import re

from sheetsync.values.cells import Cell, Reading, plain, unread

_ADDRESS = r"\w[\w.+'&%#=!~*$-]*@(?:[\w-]+\.)+(?:xn--[\w-]+|[^\W\d_]{2,})"
_WHOLE = re.compile(_ADDRESS)
_WITHIN = re.compile(rf"(?<![\w@.-]){_ADDRESS}(?![\w@-])")
_LABEL = re.compile(r"(?<![\w@.-])(?:e-?mail|mailto|mail|почта)(?: ?: ?| )")
# Before `petrov@mail.ru` in `ivan petrov@mail.ru`: of an address torn by a space half is lost.
_TORN = re.compile(r"[a-z0-9._-] $")


def emails(cell: Cell) -> tuple[str, ...]:
    """Return every address of a cell in lower case, in the order in which they stand, each once."""
    text = _LABEL.sub("", plain(cell).casefold())
    addresses = (match[0] for match in _WITHIN.finditer(text))
    return tuple(dict.fromkeys(addresses))


def read_email(cell: Cell) -> Reading:
    """Read a cell's first address, in lower case. Of an address torn by a space nothing is taken.

    Fault: not_an_email.
    """
    text = plain(cell).casefold()
    if _WHOLE.fullmatch(text):
        return Reading(text)
    text = _LABEL.sub("", text)
    match = _WITHIN.search(text)
    if match is None or _TORN.search(text[: match.start()]):
        return unread(plain(cell), "not_an_email")
    return Reading(match[0])


def email_within(cell: Cell) -> Reading:
    """Read the first address that stands in a cell among other things."""
    return Reading(next(iter(emails(cell)), None))
