"""Texts of rows made fit to stand in a message or on a page: one line of signs that can be seen.

What people typed is data wherever it arrives: no control character, no mention and no markup of
theirs comes alive. HTML is escaped by the page's templates.
"""

import re
import unicodedata

LINE = 300
"""Characters of a whole line, at most: nobody reads more of it in a message or at a meeting."""
# Inside a word it is an e-mail address, which mentions nobody.
_MENTION = re.compile(r"(?<![\w.+-])@(?=\w)")
_MARKUP = re.compile(r"([\\`*_\[\]<>~|])")
_QUIET = "@\u200b"
"""An at sign that mentions nobody: people see no difference."""
_JOINERS = "\u200c\u200d"
"""Signs without a width that belong to words and to emoji."""
_UNSEEN = ("Cf", "Cs", "Co", "Cn")
"""Categories of signs that turn the direction, halves of pairs, private and unassigned signs."""


def plain(text: str, limit: int = LINE) -> str:
    """Return a text of a row as one harmless line of a message, in which mentions are dead."""
    return _MENTION.sub(_QUIET, visible(text, limit))


def visible(text: str, limit: int = LINE) -> str:
    """Return a text of a row as one line of signs that can be seen and stored, cut at `limit`."""
    signs = "".join(map(_shown, text))
    line = " ".join(signs.split())
    if len(line) <= limit:
        return line
    return line[: limit - 1].rstrip() + "…"


def _shown(sign: str) -> str:
    category = unicodedata.category(sign)
    if category == "Cc":
        # A line break or a tabulator stands between words.
        return " "
    hidden = category in _UNSEEN and sign not in _JOINERS
    return "" if hidden else sign


def escaped(line: str) -> str:
    """Return a line whose signs mean nothing to a reader of Markdown."""
    return _MARKUP.sub(r"\\\1", line)
