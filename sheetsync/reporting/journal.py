"""The Journal's lines: what a run did, to whom and why, as rows that people read and as data that reports count.

Append-only, newest on top; where the tab stands and how it is written is the writer's.

Column Data holds the same as the words beside it, as JSON in codes: `moved` `{"from", "to", "rule"}`; `edited` `{"field", "before", "after"}`
with bare cells; `aimed` `{"at", "references"}`. A line `noticed` is what people did between two runs, seen by the later one, whose
moment it bears; the line's manager is the row's as of then. It is the history that figures over time are counted from, together with
`moved` (whose edit of the state has a line of its own). Its data by `kind`; days are `2026-03-02`, what is empty is null:

- `added` {section, state, manager, label, amount, contact, result}: a row first seen, after the first run on the base;
- `state` {before, after, since, contact, section}: codes; since when it was `before`, and the last contact as the run before saw it;
- `contact` {before, after, result}: a contact written down: the days of the last two, and what came of it in the manager's words;
- `manager` {before, after}: names;
- `section` {before, after}: codes; carried to another tab by hand;
- `returned` {before, after, left_on, since}: back in the working list, carried or let in by this run; the day it had left it, and
  since when its clock counts, null where it has none;
- `next_on` {before, after}: the next step put off (to a later day, without a contact, in the same state or one further back);
- `began` {before, after, since}: the start date rewritten; the clock goes on from `since`;
- `amount` {before, after}: numbers, in the book's currency;
- `reappeared` {section, gone_on}: a row that had vanished stands there again;
- `readded` {before, after, gone_on, section}: the same, typed anew, under another manager (names); `gone_on` null: between two runs.

A line `scored` is what the head of sales answered on the revision of actions, found by the run that it belongs to: `{"week", "day", "by",
"points", "before", "after", "remark_before", "remark"}`: the Monday of the action's week, its day and manager, the score as a number or
null, and the cells as typed (scoring.py).

A line `counted`, one a day and of no run, holds the stocks: `{"all", "managers", "states", "sections"}`, numbers by code (figures/counts.py).

The first run on a base notices nothing. What a run sets itself (`moved`, `edited`) is noticed by none.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import pandas as pd

from sheetsync.i18n import LANGUAGES, Language, language
from sheetsync.method.policy import Policy
from sheetsync.method.terms import MIXED, kind_of
from sheetsync.method.vocabulary import section_of
from sheetsync.reporting.metrics import COUNTED, Figures, packed
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.rules.action_scoring.sampling import spelt
from sheetsync.rules.action_scoring.scoring import SCORED, Scored, scored, week_named
from sheetsync.rules.corrections.deleted_rows import Lost
from sheetsync.rules.draft.projection import Projection
from sheetsync.rules.routing.rule_text import ruling
from sheetsync.values import EPOCH, Cell, clean, to_serial
from sheetsync.workbook.plan import Edit, Move
from sheetsync.workbook.snapshot import RULED, JournalLine

MINUTES = 24 * 60
TOLD = "told"
"""What the line of a message says was done; it belongs to no run (see `digests.memory`)."""
PLACED = ("moved", "vanished", "restored")
"""What has sections in its columns From and To."""
COLUMNS = len(JournalLine._fields)


def words(spoken: Language) -> dict[str, str]:
    """Return the words for what was done, by code."""
    text = spoken.text
    return {
        "moved": text("moved"),
        "edited": text("edited"),
        "aimed": text("formula updated"),
        "ids": text("ids given"),
        "vanished": text("vanished"),
        "restored": text("restored"),
        COUNTED: text("counted"),
        "noticed": text("noticed"),
        SCORED: text("scored"),
        TOLD: text("told"),
    }


@cache
def _codes() -> dict[str, str]:
    """Return the codes of those words in every language."""
    return {word: code for name in LANGUAGES for code, word in words(language(name)).items()}


def headings(spoken: Language) -> tuple[str, ...]:
    """Return the Journal's headings, in the order of `JournalLine`."""
    text = spoken.text
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


def to_row(line: JournalLine, policy: Policy) -> list[Cell]:
    """Return a line as the cells of the Journal, in the base's language."""
    spoken = language(policy.words.language)
    before, after = line.before, line.after
    if line.what in PLACED:
        before, after = (
            policy.words.name("sections", code) if code else "" for code in (before, after)
        )
    what = words(spoken)[line.what]
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
    """Read a row of the Journal back, whatever language it was written in."""
    padded: list[Cell] = [*row, *[None] * COLUMNS][:COLUMNS]
    when = padded[0] if isinstance(padded[0], int | float) else 0
    run, row_id, company, manager, what, before, after, why = [clean(cell) for cell in padded[1:-1]]
    data = (
        padded[-1] if isinstance(padded[-1], str) else ""
    )  # as it is: the spaces of a cell that was repaired count
    what = _codes().get(what, what)
    if what in PLACED:
        before, after = (section_of(word, policy) or word for word in (before, after))
    return JournalLine(float(when), run, row_id, company, manager, what, before, after, why, data)


def lines_of(
    projection: Projection, moment: datetime, lost: Lost | None = None
) -> tuple[JournalLine, ...]:
    """Return what a run writes into the Journal: each move, each edit of a team's cell, and ids as one line.

    What people did since the last run, rows that somebody has deleted, and one that is brought back (`lost`), have lines too;
    and the first lines of a day say how much there is of everything.

    `moment` is in the book's own zone.
    """
    plan, policy = projection.plan, projection.policy
    when = (moment.date() - EPOCH).days + round((moment.hour * 60 + moment.minute) / MINUTES, 6)
    run = _name(
        f"{moment:%y%m%d}-{plan.digest[:6]}", {line.run for line in projection.snapshot.journal}
    )
    spoken = language(policy.words.language)
    who = _Who(projection, when, run)
    moved = [_moved(move, who, policy, spoken) for move in plan.moves]
    typed = [edit for edit in plan.edits if not edit.derived]
    edited = [line for move in plan.moves for line in _set_by(move, who, policy)]
    edited += [who.edited(edit, policy) for edit in typed]
    given = sum(edit.field == "id" for edit in plan.edits)
    ids = (
        [
            JournalLine(
                when, run, "", "", "", "ids", "", "", spoken.plural("{n} row", "{n} rows", given)
            )
        ]
        if given
        else []
    )
    back = (
        [
            JournalLine(
                when, run, lost.id, lost.company, lost.manager, "restored", "", lost.section, ""
            )
        ]
        if lost
        else []
    )
    seen = _noticed(projection, when, run, spoken)
    marks = [_scored(one, when, run, policy, spoken) for one in scored(projection.snapshot, policy)]
    lines = (*moved, *seen, *marks, *edited, *back, *_vanished(projection, when, run), *ids)
    return (*lines, *_counted(projection, when, lines))


def _counted(
    projection: Projection, when: float, lines: Sequence[JournalLine]
) -> Iterator[JournalLine]:
    """Tell how much there is of everything, once a day. The line belongs to no run: there is nothing in it to take back."""
    known = projection.snapshot.journal
    if any(line.what == COUNTED and int(when) <= line.when < int(when) + 1 for line in known):
        return
    figures = Figures(Facts(projection, projection.policy, (*lines, *known)))
    load, overdue = (int(figures.stocks.figure(code).value or 0) for code in ("load", "overdue"))
    plural = language(projection.policy.words.language).plural
    work = plural("{n} company in work", "{n} companies in work", load)
    late = plural("{n} overdue", "{n} overdue", overdue)
    yield JournalLine(
        when, "", "", "", "", COUNTED, "", "", f"{work}, {late}", packed(figures.counted())
    )


def _name(name: str, known: set[str]) -> str:
    """Return a name for a run that no other bears: an undo of an undo may do the very same on the same day."""
    return next(
        new
        for new in (name, *(f"{name}-{n}" for n in range(2, len(known) + 3)))
        if new not in known
    )


def _vanished(projection: Projection, when: float, run: str) -> list[JournalLine]:
    """Return a line for each row that the last run knew and this one does not find."""
    before, after = projection.snapshot.state, projection.state
    spoken = language(projection.policy.words.language)
    known = before.index[before["gone_on"].isna()]
    gone = after.loc[[i for i in known if pd.notna(after.at[i, "gone_on"])]]
    return [
        JournalLine(
            when,
            run,
            str(i),
            _word(row["company"]),
            _word(row["manager"]),
            "vanished",
            _word(row["section"]),
            "",
            spoken.text("deleted by hand; `sheetsync restore BOOK {id}` brings it back", id=i),
        )
        for i, row in gone.iterrows()
    ]


def _noticed(projection: Projection, when: float, run: str, spoken: Language) -> list[JournalLine]:
    """Return a line for each thing that people did, and for each row that is back in the working list."""
    policy, lines = projection.policy, list[JournalLine]()
    for one in projection.noticed:
        before, after = (
            _said(one.kind, one.data.get(name), policy) for name in ("before", "after")
        )
        if one.kind in ("added", "reappeared", "readded"):
            after = after or _said("section", one.data.get("section"), policy)
        data = json.dumps(one.data, ensure_ascii=False)
        why = _why(one.data, spoken)
        lines.append(
            JournalLine(
                when, run, one.id, one.company, one.manager, "noticed", before, after, why, data
            )
        )
    if not projection.returned.any():
        return lines
    back = projection.base[projection.returned]
    was = projection.snapshot.state["section"].reindex(back["id"])
    for section, row in zip(was, back.to_dict("records"), strict=True):
        days = {
            name: None if pd.isna(day) else day.isoformat()[:10]
            for name, day in (("left_on", row["left_on"]), ("since", row["work_since"]))
        }
        told = {"kind": "returned", "before": str(section), "after": "working", **days}
        places = (_said("section", told[name], policy) for name in ("before", "after"))
        names = (str(row["id"]), _word(row["company"]), _word(row["manager"]))
        told_of = (when, run, *names, "noticed", *places, _why(told, spoken), json.dumps(told))
        lines.append(JournalLine._make(told_of))
    return lines


def _scored(one: Scored, when: float, run: str, policy: Policy, spoken: Language) -> JournalLine:
    """Return the line of a score that is new, another one, or taken away."""
    text, (score, remark) = spoken.text, one.after.words
    why = text("revision of actions, {week}", week=week_named(one.ident.week, spoken))
    if score and one.after.points is None:
        why += ": " + text("“{score}” is not counted", score=score)
    why += f" · {remark}" if remark else ""
    data = json.dumps(one.data, ensure_ascii=False)
    names = (one.ident.id, one.company, spelt(one.name, policy))
    return JournalLine(when, run, *names, SCORED, one.before.words[0], score, why, data)


def _said(kind: str, value: Any, policy: Policy) -> str:
    """Write what was there before, or after, as people read it."""
    if value is None:
        return ""
    if kind == "state":
        return policy.words.name("states", value) if value in policy.state else str(value)
    if kind == "section":
        return (
            policy.words.name("sections", value)
            if value in policy.section or kind_of(value) == MIXED
            else str(value)
        )
    if kind in ("next_on", "began", "contact"):
        return shown(
            "last_contact" if kind == "contact" else kind,
            to_serial(date.fromisoformat(value)),
            policy,
        )
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _why(data: Mapping[str, Any], spoken: Language) -> str:
    """Say what people did."""
    text = spoken.text
    if data["kind"] == "began" and data["since"]:
        return text(
            "the start date was rewritten; the clock counts from {since} as before",
            since=spoken.day(date.fromisoformat(data["since"])),
        )
    if data["kind"] == "returned":
        return text(
            "back in the working list, which it left on {left}",
            left=spoken.day(date.fromisoformat(data["left_on"])),
        )
    return {
        "added": text("a new row"),
        "state": text("the state was changed"),
        "contact": text("a contact was written down"),
        "manager": text("the manager was changed"),
        "section": text("carried to another tab by hand"),
        "next_on": text("the next step was put off"),
        "began": text("the start date was rewritten"),
        "amount": text("the amount was changed"),
        "reappeared": text("had vanished, and stands in the base again"),
        "readded": text("deleted, and added again under another manager"),
    }[data["kind"]]


def _word(value: object) -> str:
    return "" if pd.isna(value) else str(value)


class _Who:
    """Makes the lines of one run, each with the row's company and manager."""

    def __init__(self, projection: Projection, when: float, run: str) -> None:
        self.when, self.run, self.tab = when, run, projection.snapshot.tab
        self._rows = projection.base.drop_duplicates("id").set_index("id")

    def _names(self, row_id: str) -> tuple[str, str]:
        company, manager = (self._rows.at[row_id, name] for name in ("company", "manager"))
        return "" if pd.isna(company) else str(company), "" if pd.isna(manager) else str(manager)

    def edited(self, edit: Edit, policy: Policy) -> JournalLine:
        """Return the line of one cell."""
        change: dict[str, Cell] = {"field": edit.field, "before": edit.before, "after": edit.after}
        data = json.dumps(
            {**change, **({"repair": True} if edit.repair else {})}, ensure_ascii=False
        )
        company, manager = self._names(edit.id)
        old, new = (shown(edit.field, cell, policy) for cell in (edit.before, edit.after))
        why = f"{policy.words.name('columns', edit.field)}: {edit.why}"
        return JournalLine(
            self.when, self.run, edit.id, company, manager, "edited", old, new, why, data
        )


def _moved(move: Move, who: _Who, policy: Policy, spoken: Language) -> JournalLine:
    data = json.dumps({"from": move.source, "to": move.target, "rule": move.rule})
    names = (move.id, move.company, move.manager)
    why = RULED.join(
        part for part in (move.reason, ruling(move.rule, move.target, policy, spoken)) if part
    )
    return JournalLine(who.when, who.run, *names, "moved", move.source, move.target, why, data)


def _set_by(move: Move, who: _Who, policy: Policy) -> Iterator[JournalLine]:
    """Tell the cells that a move sets on arrival, as far as they change."""
    tab = who.tab[move.source]
    for field, after in move.sets:
        before = tab.grid.cell(move.row - 1, tab.fields[field]) if field in tab.fields else None
        before = None if before == "" else before
        if before != after:
            yield who.edited(
                Edit(move.source, move.row, move.id, field, before, after, move.reason), policy
            )


def aimed(
    line: JournalLine,
    moves: Sequence[Move],
    where: str,
    references: Sequence[tuple[str, str]],
    spoken: Language,
) -> JournalLine:
    """Return the line of a formula that points at rows which move: `references` as they were and as they are.

    `line`: any other of the same run. An undo needs none of it: it moves the rows back, and the formula follows them again.
    """
    first = moves[0]
    before, after = ("; ".join(dict.fromkeys(pair[at] for pair in references)) for at in (0, 1))
    why = spoken.text("{place} reads this company's row, which has moved", place=where)
    data = json.dumps({"at": where, "references": references}, ensure_ascii=False)
    names = (first.id, first.company, first.manager)
    return JournalLine(line.when, line.run, *names, "aimed", before, after, why, data)


def shown(field: str, cell: Cell, policy: Policy) -> str:
    """Write a cell as people see it: a day as a date."""
    if (
        policy.column[field].type == "date"
        and isinstance(cell, int | float)
        and not isinstance(cell, bool)
    ):
        day = EPOCH + timedelta(days=int(cell))
        return (
            policy.words.date_format.replace("yyyy", f"{day:%Y}")
            .replace("mm", f"{day:%m}")
            .replace("dd", f"{day:%d}")
        )
    return clean(cell)
