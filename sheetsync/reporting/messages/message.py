"""A message as data: to whom, its lines, and the keys of what it tells.

Texts of rows are made fit to stand in one by `harmless_text`; sending is the delivery's.
"""

from dataclasses import dataclass
from typing import Literal

from sheetsync.method.terms import Person
from sheetsync.reporting.messages.harmless_text import escaped

Role = Literal["manager", "head", "deputy", "operator"]
LINES = 15
"""Companies that a message names at most; the rest is a number."""
NAME = 60
"""Characters of a name at most: of a company, a manager, a column, a book."""
STEP = 80
"""Characters of a step at most."""


@dataclass(frozen=True)
class Message:
    """One message to one person.

    `keys`: of what it tells; `count`: companies or things, those left out of the lines too.
    `link`: where to look, "" where the book has no address. `alarm`: it goes out at once, whatever
    the hour.
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
        """Who it is for, as the Journal keeps it: a role, or `manager:` and a name."""
        if self.role == "manager":
            return recipient_of(self.person.name)
        return self.role

    def body(self, *, markup: bool = False) -> str:
        """Return the text below the title.

        `markup`: for a service that would read its signs as Markdown.
        """
        lines = [*self.lines]
        if markup:
            lines = [*map(escaped, lines)]
        # The link stays as it is: with its signs escaped it would lead nowhere.
        if self.link:
            lines.append(self.link)
        return "\n".join(lines)


def recipient_of(manager: str) -> str:
    """Return how the Journal names a manager as one who is told something."""
    return f"manager:{manager}"
