"""What is proposed for a book: frozen values, each with its confidence and the code of its reason.

How the guesses are made, asked about and written down is left to the other modules of the room.
"""

from dataclasses import dataclass
from typing import NamedTuple

from sheetsync.method.policy import Policy
from sheetsync.workbook.snapshot import PassedRow

SURE = 0.8
"""From this confidence on a guess is taken without a question."""

NO_HEADINGS = -1
"""The header of a tab whose rows begin without a heading row."""


NOT_CLIENTS = ("not_clients", "no_headings")
"""Reasons of tabs left alone that hold something all the same."""


@dataclass(frozen=True)
class Guessed:
    """A guess. `confidence` is from 0 to 1; `why` a code."""

    confidence: float
    why: str

    @property
    def sure(self) -> bool:
        """Tell whether it may be taken without a question."""
        return self.confidence >= SURE


class Alternative(NamedTuple):
    """Another field that a column might be."""

    field: str
    confidence: float


@dataclass(frozen=True)
class ColumnGuess(Guessed):
    """A column of a tab, its `place` counted from 0.

    No fields: the team's own. Two or more: a composite column.

    `why`: alias, similar, values, alias+values, similar+values, composite; held (by its values
    alone, as its heading is unknown); outcome (a state that is read before another one); own
    (nobody's field); twice (its field has a better column in the tab); unknown (nothing fits well
    enough: see `alternatives`).
    """

    place: int
    heading: str
    fields: tuple[str, ...]
    examples: tuple[str, ...] = ()
    alternatives: tuple[Alternative, ...] = ()


@dataclass(frozen=True)
class TabGuess(Guessed):
    """A tab of clients: its section's code or `mixed`, where each row's state decides.

    `header`: its 0-based heading row; `rows`: its number of clients; `repeats`: 0-based rows below
    that are the headings again; `above`: rows of data above the headings.

    `owner`: the manager whose clients stand on it, where its title says so and no row does;
    `passed`: the rows that are no clients.

    `why`: title, title+states, states, only_tab, taken (a better tab has the section), no_states;
    likeliest (it seems to hold none, and no other tab holds more of what such tabs hold).
    """

    sheet_id: int
    title: str
    section: str
    header: int
    columns: tuple[ColumnGuess, ...]
    rows: int = 0
    repeats: tuple[int, ...] = ()
    above: tuple[int, ...] = ()
    owner: str = ""
    owner_confidence: float = 1.0
    passed: tuple[PassedRow, ...] = ()

    @property
    def sure(self) -> bool:
        """Tell whether it may be taken without a question about its section, or its manager."""
        # Rows that leave before their manager is known would be nobody's.
        return self.section_sure and self.owner_sure

    @property
    def section_sure(self) -> bool:
        """Tell whether its section may be taken without a question."""
        return self.confidence >= SURE

    @property
    def owner_sure(self) -> bool:
        """Tell whether its manager may; so may it that it has none."""
        return not self.owner or self.owner_confidence >= SURE

    @property
    def has_headings(self) -> bool:
        """Tell whether its columns have names; without them none can be known again."""
        return self.header != NO_HEADINGS

    @property
    def names_anybody(self) -> bool:
        """Tell whether a column is sure to hold companies, or people."""
        fields = {
            field
            for column in self.columns
            if column.sure
            for field in column.fields
        }
        return not fields.isdisjoint(("company", "person"))

    @property
    def can_be_taken(self) -> bool:
        """Tell whether enough is sure of the tab for it to be worked with."""
        return self.sure and self.has_headings and self.names_anybody


@dataclass(frozen=True)
class WordGuess(Guessed):
    """A word of the team's in its commonest spelling, and the code it seems to mean, if any.

    `kind`: states, labels, categories or reasons. `why`: alias, similar, own (the team's own
    category), unknown.
    """

    kind: str
    word: str
    count: int
    code: str | None


@dataclass(frozen=True)
class ManagerGuess(Guessed):
    """A manager in the commonest spelling, the others in `spellings`.

    `why`: only, same (but for case and signs), near; title (of a tab), banner (above clients).
    """

    name: str
    spellings: tuple[str, ...]
    count: int


@dataclass(frozen=True)
class SeveralGuess(Guessed):
    """A cell in a managers' column that names several people, the first of whom is the owner.

    `cell`: as it is written; `names`: of the people in it, in order; `owner`: whose the rows are,
    as far as that was answered. `why`: several.
    """

    cell: str
    names: tuple[str, ...]
    count: int
    owner: str


class SkippedTab(NamedTuple):
    """A tab left alone.

    `reason`: empty, pictures, too_wide, no_headings, not_clients, own_tab, told (somebody
    said so).
    """

    title: str
    reason: str
    sheet_id: int = 0

    @property
    def sure(self) -> bool:
        """Tell whether it may be left alone unasked; one that seems to hold something may not."""
        return self.reason != "too_wide"


@dataclass(frozen=True)
class Proposal:
    """What is proposed for a whole book. `policy`: the template in the language that fits best."""

    policy: Policy
    tabs: tuple[TabGuess, ...] = ()
    words: tuple[WordGuess, ...] = ()
    managers: tuple[ManagerGuess, ...] = ()
    skipped: tuple[SkippedTab, ...] = ()
    several: tuple[SeveralGuess, ...] = ()
    proof_told: bool = False
    """Whether somebody has said what proves a sale (`policy.sale_proof`)."""
