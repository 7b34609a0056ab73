"""E-mail addresses: one or several in a cell, in angle brackets, with `mailto:` and words around."""

import re

from sheetsync.values.cells import EMPTY, Cell, Reading, plain, unread

_ADDRESS = r"\w[\w.+'&%#=!~*$-]*@(?:[\w-]+\.)+(?:xn--[\w-]+|[^\W\d_]{2,})"
_WHOLE = re.compile(_ADDRESS)
_WITHIN = re.compile(rf"(?<![\w@.-]){_ADDRESS}(?![\w@-])")
_LABEL = re.compile(r"(?<![\w@.-])(?:e-?mail|mailto|mail|почта)(?: ?: ?| )")
_TORN = re.compile(
    r"[a-z0-9._-] $"
)  # `ivan petrov@mail.ru`: a space within the address, and its first half is lost


def emails(cell: Cell) -> tuple[str, ...]:
    """Return every address of a cell in lower case, in the order in which they stand, each once."""
    text = _LABEL.sub("", plain(cell).casefold())
    return tuple(dict.fromkeys(match[0] for match in _WITHIN.finditer(text)))


def read_email(cell: Cell) -> Reading:
    """Read a cell's first address, in lower case. Of an address torn by a space nothing is taken."""
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
    found = emails(cell)
    return Reading(found[0]) if found else EMPTY
