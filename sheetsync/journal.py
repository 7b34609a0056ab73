"""The Journal's lines: what a run did, to whom and why, as rows that people read and as data that reports count.

Append-only, newest on top; where the tab stands and how it is written is the writer's.
"""

from collections.abc import Sequence
from datetime import datetime

import pandas as pd

from sheetsync.i18n import LANGUAGES, Language, language
from sheetsync.outcome import Outcome
from sheetsync.policy import Policy
from sheetsync.schema import section_of
from sheetsync.snapshot import JournalLine
from sheetsync.values import EPOCH, Cell, clean

MINUTES = 24 * 60


def words(spoken: Language) -> dict[str, str]:
    """Return the words for what was done, by code."""
    return {"moved": spoken.text("moved"), "edited": spoken.text("edited"), "ids": spoken.text("ids given")}


def headings(spoken: Language) -> tuple[str, ...]:
    """Return the Journal's headings, in the order of `JournalLine`."""
    text = spoken.text
    return (
        text("When"), text("Run"), text("ID"), text("Company"), text("Manager"),
        text("What"), text("From"), text("To"), text("Why"),
    )  # fmt: skip


def to_row(line: JournalLine, policy: Policy) -> list[Cell]:
    """Return a line as the cells of the Journal, in the base's language."""
    spoken = language(policy.words.language)
    before, after = line.before, line.after
    if line.what == "moved":
        before, after = (policy.words.name("sections", code) for code in (before, after))
    what = words(spoken)[line.what]
    return [line.when, line.run, line.id, line.company, line.manager, what, before, after, line.why]


def from_row(row: Sequence[Cell], policy: Policy) -> JournalLine:
    """Read a row of the Journal back, whatever language it was written in."""
    padded: list[Cell] = [*row, *[None] * 9][:9]
    when = padded[0] if isinstance(padded[0], int | float) else 0
    run, row_id, company, manager, what, before, after, why = [clean(cell) for cell in padded[1:]]
    codes = {word: code for name in LANGUAGES for code, word in words(language(name)).items()}
    what = codes.get(what, what)
    if what == "moved":
        before, after = (section_of(word, policy) or word for word in (before, after))
    return JournalLine(float(when), run, row_id, company, manager, what, before, after, why)


def lines_of(outcome: Outcome, moment: datetime) -> tuple[JournalLine, ...]:
    """Return what a run writes into the Journal: each move, each edit of a team's cell, and ids as one line.

    `moment` is in the book's own zone.
    """
    plan, policy = outcome.plan, outcome.policy
    when = (moment.date() - EPOCH).days + round((moment.hour * 60 + moment.minute) / MINUTES, 6)
    run = f"{moment:%y%m%d}-{plan.digest[:6]}"
    spoken = language(policy.words.language)
    moved = [
        JournalLine(when, run, m.id, m.company, m.manager, "moved", m.source, m.target, m.reason) for m in plan.moves
    ]
    rows = outcome.base.set_index("id")
    edited = []
    for edit in (edit for edit in plan.edits if not edit.derived):
        company, manager = (rows.at[edit.id, name] for name in ("company", "manager"))
        whose, who = ("" if pd.isna(cell) else str(cell) for cell in (company, manager))
        heading = policy.words.name("columns", edit.field)
        before, after = clean(edit.before), clean(edit.after)
        edited.append(JournalLine(when, run, edit.id, whose, who, "edited", before, after, f"{heading}: {edit.why}"))
    given = sum(edit.field == "id" for edit in plan.edits)
    ids = (
        [JournalLine(when, run, "", "", "", "ids", "", "", spoken.plural("{n} row", "{n} rows", given))]
        if given
        else []
    )
    return (*moved, *edited, *ids)
