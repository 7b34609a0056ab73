"""Text as it may be printed: nothing in it that a terminal takes for an order.

A cell, a file's name or a service's words may hold C0 and C1 controls: with U+009B a terminal is
told to move, to paint, or to send what its user never typed. Halves of characters cannot be
printed at all. How a message of a messenger is made harmless is reporting's.
"""

import re

_ORDERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""Controls but for the tabulator and the end of a line, and halves of characters."""


def printable(text: str) -> str:
    """Return a text without controls, lines and tabulators kept."""
    if text.isprintable():
        return text
    return _ORDERS.sub("", text)


def printable_json(text: str) -> str:
    """Return JSON in which controls are written out, so that it says the same."""
    if text.isprintable():
        return text
    return _ORDERS.sub(lambda order: f"\\u{ord(order[0]):04x}", text)
