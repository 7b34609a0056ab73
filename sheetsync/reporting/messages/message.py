"""A message as data, and texts of rows made fit to stand in one.

What people typed is data wherever it arrives: no control character, no mention and no markup of theirs comes alive.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from sheetsync.method.terms import Person

Role = Literal["manager", "head", "operator"]
LINES = 15
"""Companies that a message names at most; the rest is a number."""
NAME, STEP, LINE = 60, 80, 300
"""Characters of a company's name, of a step, of a whole line, at most."""
_MENTION = re.compile(r"(?<![\w.+-])@(?=\w)")
_MARKUP = re.compile(r"([\\`*_\[\]<>~|])")
_QUIET = "@\u200b"
"""An at sign that mentions nobody: people see no difference."""


@dataclass(frozen=True)
class Message:
    """One message to one person. `keys`: of what it tells; `count`: companies or matters, those left out of the lines too.

    `link`: where to look, "" where the book has no address. `alarm`: it goes out at once, whatever the hour.
    """

    role: Role
    person: Person
    title: str
    lines: tuple[str, ...]
    keys: tuple[str, ...]
    count: int
    link: str = ""
    alarm: bool = False

    @property
    def recipient(self) -> str:
        """Who it is for, as the Journal keeps it: `head`, `operator`, or `manager:` and the name."""
        return f"manager:{self.person.name}" if self.role == "manager" else self.role

    def body(self, *, markup: bool = False) -> str:
        """Return the text below the title. `markup`: for a service that would read its signs as Markdown."""
        lines = [escaped(line) for line in self.lines] if markup else [*self.lines]
        return "\n".join([*lines, *([self.link] if self.link else [])])


def plain(text: str, limit: int = LINE) -> str:
    """Return a text of a row as one harmless line: spaces joined, invisible signs gone, mentions dead, cut at `limit`."""
    seen = "".join(
        sign if _shows(sign) else " " if unicodedata.category(sign) == "Cc" else "" for sign in text
    )
    line = " ".join(seen.split())
    if len(line) > limit:
        line = line[: limit - 1].rstrip() + "…"
    return _MENTION.sub(_QUIET, line)


def _shows(sign: str) -> bool:
    """Tell whether a sign is seen: no control, direction or private sign, no half of a pair."""
    return sign in "\u200d\u200c" or unicodedata.category(sign) not in (
        "Cc",
        "Cf",
        "Cs",
        "Co",
        "Cn",
    )


def escaped(line: str) -> str:
    """Return a line whose signs mean nothing to a reader of Markdown."""
    return _MARKUP.sub(r"\\\1", line)
