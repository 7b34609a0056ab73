"""Where people decide on the reports: the column of a manager's sheet, and the head of sales' block on the summary.

A decision that could not be carried out stays in its cell, with what is in its way beside it; one whose line is gone is listed
on its own. What a decision does is told by `verdicts`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from sheetsync.i18n import Language
from sheetsync.reporting.layout.model import (
    ReportCell,
    ReportLine,
    company_cell,
    date_cell,
    padded,
    unique_keys,
    words_of,
)
from sheetsync.reporting.metrics.facts import Facts, destination
from sheetsync.workbook.answers import ASKED, DECISION, UNMET, asked, row_of
from sheetsync.workbook.plan import Pending

AT = ASKED["manager", "overdue"][DECISION]
"""The column of a manager's sheet in which is decided; the next one says what is in the way."""
SHOWN = 30
"""Companies that await a decision of the head, listed at most; those that have one are always listed."""
WIDTH = 11
"""Columns of the head's block: company, manager, decision, what awaits it (over four), the deadline, what is in the way (over three)."""


def heads_of(heads: Sequence[str], language: Language) -> tuple[ReportCell, ...]:
    """Return the headings of a block of a manager's sheet, those of the decision after them."""
    said = (language.text("Decision"), language.text("What is in the way"))
    return tuple(ReportCell(head or None, "head") for head in (*heads, *said))


def decided(
    lines: Sequence[ReportLine], waiting: Sequence[Pending], facts: Facts, language: Language
) -> tuple[ReportLine, ...]:
    """Return a manager's sheet with its cells to decide in: those that wait stay on their line, or go to another of their company."""
    asking = [line for line in lines if asked("manager", line.key)]
    placed, left = dict[str, Pending](), list[Pending]()
    for one in waiting:
        exact = [line.key for line in asking if line.key == one.line]
        (placed.setdefault(exact[0], one) if exact else left.append(one))
    unmet = list[Pending]()
    for one in left:
        other = next(
            (n.key for n in asking if row_of(n.key) == one.id and n.key not in placed), None
        )
        (placed.setdefault(other, one) if other else unmet.append(one))
    made = [
        _answered(line, placed.get(line.key)) if asked("manager", line.key) else line
        for line in lines
    ]
    if not unmet:
        return tuple(made)
    at = next((at for at, line in enumerate(made) if line.key.startswith("gap:")), len(made))
    return unique_keys([*made[:at], *_unmet(unmet, facts, language), *made[at:]])


def _answered(
    line: ReportLine, waiting: Pending | None, look: str = "decision", at: int = AT
) -> ReportLine:
    value, why = (waiting.value, waiting.why or None) if waiting else (None, None)
    cells = padded(line.cells, at, "text")[:at]
    return line._replace(cells=(*cells, ReportCell(value, look), ReportCell(why, "text_red")))


def _unmet(unmet: Iterable[Pending], facts: Facts, language: Language) -> list[ReportLine]:
    """Return the block of decisions that were not carried out and whose company is not listed any more."""
    text, fill = language.text, "block_red"
    said = (
        ReportCell(text("Decisions that were not carried out"), fill),
        ReportCell(None, fill),
        ReportCell(text("correct or clear them"), f"{fill}_note"),
    )
    heads = (facts.policy.words.name("columns", "company"), "", "", "", "", "")
    lines = [
        ReportLine(f"gap:{UNMET}", (), 16),
        ReportLine(f"head:{UNMET}", padded(said, AT + 2, fill), 26),
        ReportLine(f"columns:{UNMET}", heads_of(heads, language)),
    ]
    for one in unmet:
        place = facts.places.get(one.id)
        name = ReportCell(
            one.company or language.text("(no name)"), "link" if place else "text", place
        )
        lines.append(_answered(ReportLine(f"{UNMET}:{one.id}", (name,)), one))
    return lines


def head_lines(facts: Facts, language: Language) -> list[ReportLine]:
    """Return the summary's block in which the head of sales decides: what awaits it, and what was decided and could not be done."""
    text, words = language.text, facts.policy.words
    told = facts.pending("summary")
    waiting = {one.id: one for one in reversed(told)}
    found = _awaiting(facts, language)
    listed = [at for at in found if facts.rows.at[at, "id"] in waiting]
    rest = [at for at in found if at not in set(listed)]
    lines = [_of_row(at, found[at], waiting, facts, language) for at in (*listed, *rest[:SHOWN])]
    shown = {waiting[str(facts.rows.at[at, "id"])] for at in listed}
    lines += [_of_id(one, facts, language) for one in told if one not in shown]
    if not lines:
        return []
    if len(rest) > SHOWN:
        more = language.plural("and {n} more", "and {n} more", len(rest) - SHOWN)
        lines.append(ReportLine("more:decide", (ReportCell(more, "plain"),)))
    note = text("chosen in the yellow cell, carried out by the next run")
    cells = (
        ReportCell(text("The head of sales decides"), "heading"),
        ReportCell(None, "blank"),
        ReportCell(note, "heading_note"),
    )
    names = (
        words.columns["company"][0],
        words.columns["manager"][0],
        text("Decision"),
        text("What it is about"),
    )
    late = (words.columns["deadline"][0], text("What is in the way"))
    heads = [ReportCell(name or None, "head") for name in (*names, "", "", "", *late, "", "")]
    return [
        ReportLine("gap:decide", (), 18),
        ReportLine("head:decide", cells, 26),
        ReportLine("columns:decide", tuple(heads)),
        *lines,
    ]


def _awaiting(facts: Facts, language: Language) -> dict[int, str]:
    """Return the rows that only the head settles, by index, with what is to be settled: the gravest first."""
    base, text = facts.rows, language.text
    found = {**facts.problem_messages("needs_consent"), **facts.problem_messages("contradiction")}
    labels = {label: rank for rank, label in enumerate(facts.policy.label)}
    last = base[base["working"] & (base["left"] <= facts.warn_days[0])]
    last = last.assign(
        rank=last["label"].map(labels).fillna(len(labels)), worth=-pd.to_numeric(last["amount"])
    )
    for at, row in last.sort_values(["left", "rank", "worth", "company"]).to_dict("index").items():
        goes = destination(_named(row), facts.policy, language)
        found.setdefault(int(str(at)), text("its time is up; then: {section}", section=goes))
    return found


def _named(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(name): value for name, value in row.items()}


def _of_row(
    at: int, about: str, waiting: Mapping[str, Pending], facts: Facts, language: Language
) -> ReportLine:
    row: dict[str, Any] = facts.rows.loc[at].to_dict()
    due = date_cell(row["due"]) if pd.notna(row["due"]) else ReportCell(None, "text")
    return _ruled(
        str(row["id"]),
        company_cell(row, language),
        words_of(row["manager"]),
        about,
        due,
        waiting.get(str(row["id"])),
    )


def _of_id(one: Pending, facts: Facts, language: Language) -> ReportLine:
    place = facts.places.get(one.id)
    name = ReportCell(one.company or language.text("(no name)"), "link" if place else "text", place)
    return _ruled(one.id, name, "", "", ReportCell(None, "text"), one)


def _ruled(
    row_id: str,
    name: ReportCell,
    manager: str,
    about: str,
    due: ReportCell,
    waiting: Pending | None,
) -> ReportLine:
    blank = ReportCell(None, "text")
    value, why = (waiting.value, waiting.why or None) if waiting else (None, None)
    said = (
        ReportCell(value, "ruling"),
        ReportCell(about or None, "text"),
        blank,
        blank,
        blank,
        due,
    )
    cells = (name, ReportCell(manager or None, "text"), *said, ReportCell(why, "text_red"))
    return ReportLine(f"decide:{row_id}", padded(cells, WIDTH, "text"))
