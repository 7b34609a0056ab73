"""The Journal's lines as values, and each as the row of cells in which people read it.

Which lines a run writes, and what their data hold, is `reporting.journal`'s; where the tab stands
and how it is written is the writer's.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from sheetsync.i18n import LANGUAGES, Language, language
from sheetsync.method.policy import Policy
from sheetsync.method.vocabulary import section_of
from sheetsync.values import Cell, clean, to_serial
from sheetsync.values.text import shortened

JOURNAL_LINES = 40_000
"""How much of the Journal a run reads: its newest lines, some three months of a department of ten.

They stand on top; figures over time reach back as far as these. (12 MB, 1.4 s of processor time.)
"""

RULED = " · "
"""What stands in the Journal between why a row moved and the rule by which it did."""


class LineKind(StrEnum):
    """What a line tells of, by its code: `JournalLine.what`."""

    MOVED = "moved"
    EDITED = "edited"
    AIMED = "aimed"
    RANGES = "ranges"
    IDS = "ids"
    VANISHED = "vanished"
    RESTORED = "restored"
    JOINED = "joined"
    IMPORTED = "imported"
    REMOVED = "removed"
    COUNTED = "counted"
    NOTICED = "noticed"
    SCORED = "scored"
    SETTING = "setting"
    RELEASED = "released"
    TOLD = "told"
    WOULD = "would"
    TRIAL = "trial"


WITH_SECTIONS = (
    LineKind.MOVED,
    LineKind.VANISHED,
    LineKind.RESTORED,
    LineKind.JOINED,
    LineKind.IMPORTED,
    LineKind.REMOVED,
    LineKind.WOULD,
)
"""Kinds of lines that have sections, by their codes, in the columns From and To."""


class JournalLine(NamedTuple):
    """One line of the Journal: what was done, to whom, and why.

    `when`: a serial day with its time, in the book's zone. `what`: a `LineKind`, or a word of
    people's that is none. `data`: the same as JSON in codes and bare cells, from which it is
    undone; "" in lines of old.
    """

    when: float
    run: str
    id: str
    company: str
    manager: str
    what: str
    before: str
    after: str
    why: str
    data: str = ""

    def in_cells(self) -> "JournalLine":
        """Return the line with texts that a cell holds, as it will be read back."""
        return self._replace(
            company=shortened(self.company),
            manager=shortened(self.manager),
            before=shortened(self.before),
            after=shortened(self.after),
            why=shortened(self.why),
        )


MINUTES = 24 * 60
COLUMNS = len(JournalLine._fields)


def kind_words(language: Language) -> dict[str, str]:
    """Return the words for what was done, by code."""
    text = language.text
    return {
        LineKind.MOVED: text("moved"),
        LineKind.EDITED: text("edited"),
        LineKind.AIMED: text("formula updated"),
        LineKind.RANGES: text("ranges noted"),
        LineKind.IDS: text("ids given"),
        LineKind.VANISHED: text("vanished"),
        LineKind.RESTORED: text("restored"),
        LineKind.JOINED: text("joined"),
        LineKind.IMPORTED: text("brought in"),
        LineKind.REMOVED: text("taken out"),
        LineKind.COUNTED: text("counted"),
        LineKind.NOTICED: text("noticed"),
        LineKind.SCORED: text("scored"),
        LineKind.SETTING: text("setting changed"),
        LineKind.RELEASED: text("stop released"),
        LineKind.TOLD: text("told"),
        LineKind.WOULD: text("would move"),
        LineKind.TRIAL: text("trial"),
    }


def serial_moment(moment: datetime) -> float:
    """Return a moment of the book's own zone as a serial day with its time, to the minute."""
    minutes = moment.hour * 60 + moment.minute
    return to_serial(moment.date()) + round(minutes / MINUTES, 6)


@cache
def _kinds_by_word() -> dict[str, str]:
    """Return the codes of those words in every language."""
    kinds: dict[str, str] = {}
    for name in LANGUAGES:
        kinds |= {
            word: kind for kind, word in kind_words(language(name)).items()
        }
    return kinds


def headings(language: Language) -> tuple[str, ...]:
    """Return the Journal's headings, in the order of `JournalLine`."""
    text = language.text
    return (
        text("When"),
        text("Run"),
        text("ID"),
        text("Company"),
        text("Manager"),
        text("What"),
        text("From"),
        text("To"),
        text("Why"),
        text("Data"),
    )


def are_headings(row: Sequence[Cell]) -> bool:
    """Tell whether a row begins with the Journal's headings, in any language."""
    known = [headings(language(name))[:3] for name in LANGUAGES]
    return tuple(map(clean, row[:3])) in known


def to_row(line: JournalLine, policy: Policy) -> list[Cell]:
    """Return a line as the cells of the Journal, in the base's language."""
    before = line.before
    after = line.after
    if line.what in WITH_SECTIONS:
        before = _section_name(before, policy)
        after = _section_name(after, policy)
    what = kind_words(language(policy.words.language))[line.what]
    return [
        line.when,
        line.run,
        line.id,
        line.company,
        line.manager,
        what,
        before,
        after,
        line.why,
        line.data or None,
    ]


def from_row(row: Sequence[Cell], policy: Policy) -> JournalLine:
    """Read a row of the Journal back, whatever language it was written in.

    People can reach the tab: what is not understood stays as it was typed, and nothing raises.
    """
    when, *texts, data = [*row, *[None] * COLUMNS][:COLUMNS]
    run, row_id, company, manager, word, before, after, why = [
        clean(cell) for cell in texts
    ]
    what = _kinds_by_word().get(word, word)
    if what in WITH_SECTIONS:
        before = _section_code(before, policy)
        after = _section_code(after, policy)
    return JournalLine(
        float(when) if isinstance(when, int | float) else 0.0,
        run,
        row_id,
        company,
        manager,
        what,
        before,
        after,
        why,
        # Not cleaned: the spaces of a cell that was repaired count.
        data if isinstance(data, str) else "",
    )


def _section_name(code: str, policy: Policy) -> str:
    return policy.words.name("sections", code) if code else ""


def _section_code(word: str, policy: Policy) -> str:
    return section_of(word, policy) or word
