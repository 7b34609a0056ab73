"""The revision of actions (METHOD point 10): what the head of sales listens to and scores this week.

Words and order; which actions are drawn is `sampling`'s, what was answered `scoring`'s; what the scores come to is told by the summary
(`reports_scores`).
"""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from sheetsync.i18n import Language
from sheetsync.reporting.layout import theme as look
from sheetsync.reporting.layout.model import (
    ReportCell,
    ReportLine,
    ReportSheet,
    company_cell,
    date_cell,
    named,
    padded,
    unique_keys,
    words_of,
)
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.reporting.metrics.journal_frame import History
from sheetsync.rules.action_scoring.sampling import DAY, WEEK, Action, Record, SampleShare, who
from sheetsync.rules.action_scoring.scoring import SCALE, SHEET, ScoreAnswer, tab_of, week_named
from sheetsync.rules.routing.state_graph import resting
from sheetsync.workbook.snapshot import as_date, own_title

WIDTHS = (230, 100, 380, 280, 80, 330, 300)
"""Company, day, what was done, what comes next, score, remark, what is amiss with the score."""
SIGN, MOST_LINES = 5.9, 12
"""Pixels of a sign of ten points, about; lines that a cell shows at most."""
LONGEST = 90
"""Characters of a step, and of a score that is none."""


class _Sampled:
    """Words the tab."""

    def __init__(self, facts: Facts, language: Language) -> None:
        self.facts, self.policy, self.language, self.text = (
            facts,
            facts.policy,
            language,
            language.text,
        )
        self.sample, self.most = facts.sample, facts.policy.review.actions
        self.week = facts.sample.week

    @cached_property
    def rows(self) -> dict[str, dict[str, Any]]:
        """The rows of the companies that are asked about, as they stand after the run, by id."""
        wanted = {action.id for share in self.sample.shares.values() for action in share.drawn}
        base = self.facts.projection.base
        found = base[base["id"].isin(wanted)].drop_duplicates("id")
        return {str(row["id"]): row for row in found.to_dict("records")}

    def lines(self) -> Iterator[ReportLine]:
        """Go through the whole tab."""
        yield from self.top()
        if not self.most:
            return
        yield self.heads()
        yield from self.young()
        for name in people_of(self.facts):
            yield from self.manager(name, self.sample.share(name))
        if not self.sample.shares:
            said = self.text("No contact, step forward or refusal was found in that week.")
            yield ReportLine("gap:none", (), 14)
            yield ReportLine("none", (ReportCell(said, "plain"),))

    def top(self) -> list[ReportLine]:
        """Title, and what is asked, until when."""
        text, language = self.text, self.language
        title = ReportLine("title", (ReportCell(text("Revision of actions"), "title"),), 34)
        if not self.most:
            off = text("Nothing is asked: the Settings tab says that no actions are drawn.")
            return [title, ReportLine("subtitle", (ReportCell(off, "subtitle"),))]
        until = language.date(self.week + WEEK + 6 * DAY)
        asked = language.plural(
            "the week of {week}: up to {n} action of each manager, drawn by lot",
            "the week of {week}: up to {n} actions of each manager, drawn by lot",
            self.most,
            week=week_named(self.week, language),
        )
        told = text(
            "listen, then score from {least} to {most}; asked until {until}, scores stay in the Journal",
            least=SCALE[0],
            most=SCALE[-1],
            until=until,
        )
        return [title, ReportLine("subtitle", (ReportCell(f"{asked} · {told}", "subtitle"),))]

    def young(self) -> Iterator[ReportLine]:
        """Say where the Journal does not tell of the whole week."""
        begins = History(
            self.facts.newest, self.policy, self.facts.projection.snapshot.journal_whole
        ).begins
        if begins is None or begins > self.week:
            day = self.language.date(begins or self.facts.today)
            said = self.text("The Journal tells of actions from {day} on only.", day=day)
            yield ReportLine("young", (ReportCell(said, "plain"),))

    def heads(self) -> ReportLine:
        """Return the headings of all blocks."""
        text = self.text
        words = (
            self.policy.words.name("columns", "company"),
            text("Day"),
            text("What was done"),
            text("What comes next"),
        )
        cells = [
            *(ReportCell(word, "head") for word in words),
            ReportCell(text("Score"), "head_center"),
        ]
        return ReportLine(
            "columns",
            padded([*cells, ReportCell(text("Remark of the head"), "head")], len(WIDTHS), "head"),
        )

    def manager(self, name: str, share: SampleShare) -> Iterator[ReportLine]:
        """Return the block of one manager."""
        given = [self.sample.answer(action) for action in share.drawn]
        done = bool(given) and all(answer.points is not None for answer in given)
        colour = "green" if done else "blue" if given else "grey"
        cells = (
            ReportCell(name, f"block_{colour}"),
            ReportCell(None, f"block_{colour}"),
            ReportCell(self.note(name, share, given), f"block_{colour}_note"),
        )
        yield ReportLine(f"gap:{name}", (), 14)
        yield ReportLine(f"head:{name}", padded(cells, len(WIDTHS), f"block_{colour}"), 26)
        for action, answer in zip(share.drawn, given, strict=True):
            yield self.action(action, answer)

    def note(self, name: str, share: SampleShare, given: Sequence[ScoreAnswer]) -> str:
        """Say how many actions were drawn, why no more, how many are scored, and who was away."""
        text, number = self.text, self.language.number
        if not share.total:
            parts = [text("no actions were found in that week")]
        elif share.total <= self.most:
            parts = [
                self.language.plural(
                    "all that was found: {n} action", "all that was found: {n} actions", share.total
                )
            ]
        else:
            parts = [
                text(
                    "{n} of {all} actions found",
                    n=number(len(share.drawn)),
                    all=number(share.total),
                )
            ]
        scored = sum(answer.points is not None for answer in given)
        parts += [text("scored {n}", n=number(scored))] if scored else []
        return " · ".join([*parts, *self.away(name)])

    def away(self, name: str) -> Iterator[str]:
        """Tell on which days of the week somebody was on leave, and who stood in."""
        member, last = self.policy.member.get(name), self.week + 6 * DAY
        for leave in member.leave if member else ():
            begin, end = max(leave.first, self.week), min(leave.last, last)
            if begin <= end:
                said = self.text(
                    "on leave {first} – {last}",
                    first=self.language.day(begin),
                    last=self.language.day(end),
                )
                stood = member.substitute if member else ""
                yield f"{said}, " + self.text("{name} stood in", name=stood) if stood else said

    def action(self, action: Action, answer: ScoreAnswer) -> ReportLine:
        """Return the line on which one action is scored."""
        row = self.rows.get(action.id)
        gone = ReportCell(action.company or self.text("(no name)"), "text")
        score = answer.score if answer.points is None else answer.points
        wrong = answer.points is None and score is not None
        cells = (
            company_cell(row, self.language) if row else gone,
            date_cell(pd.Timestamp(action.day)),
            ReportCell(self.done(action) or None, "text_wrapped"),
            ReportCell(self.next(row) or None, "note_wrapped"),
            ReportCell(score, "score_wrong" if wrong else "score"),
            ReportCell(answer.remark, "decision_wrapped"),
            ReportCell(self.amiss(answer) if wrong else None, "text_red_wrapped"),
        )
        return ReportLine(action.key, cells, _height(cells))

    def amiss(self, answer: ScoreAnswer) -> str:
        """Say that a score is not of the scale."""
        text = self.text
        return text(
            "“{score}” is not counted: a whole number from {least} to {most}.",
            score=answer.words[0][:LONGEST],
            least=SCALE[0],
            most=SCALE[-1],
        )

    def done(self, action: Action) -> str:
        """Say what was done, before and after."""
        if action.wording:
            return action.wording
        words = "; ".join(dict.fromkeys(self._did(record) for record in action.done))
        return words[:1].upper() + words[1:]

    def _did(self, record: Record) -> str:
        kind, before, after = str(record["kind"]), record.get("before"), record.get("after")
        text = self.text
        if kind == "state":
            states = (
                named("states", code, self.policy) or text("(no state)") for code in (before, after)
            )
            return " → ".join(states)
        if kind == "section":
            return " → ".join(named("sections", code, self.policy) for code in (before, after))
        if kind == "added":
            state = named("states", record.get("state"), self.policy)
            return (
                text("a new company, contact on {day}", day=self._day(record.get("contact")))
                + (f": {state}" if state else "")
                + self._result(record)
            )
        if before:
            return text(
                "contact {before} → {after}", before=self._day(before), after=self._day(after)
            ) + self._result(record)
        return text("first contact {day}", day=self._day(after)) + self._result(record)

    def _result(self, record: Record) -> str:
        said = record.get("result")
        return f" — {said}" if isinstance(said, str) and said else ""

    def _day(self, day: object) -> str:
        try:
            return self.language.short_day(date.fromisoformat(str(day)[:10]))
        except ValueError:
            return "?"

    def next(self, row: dict[str, Any] | None) -> str:
        """Say what comes next with a company, as its row has it now."""
        if row is None:
            return self.text("the row is no longer in the base")
        step, on = words_of(row["next_step"])[:LONGEST], as_date(row["next_on"])
        back = as_date(row["return_on"])
        state = named("states", row["state"], self.policy)
        if row["state"] in resting(self.policy):
            again = (
                self.text("to be called again on {day}", day=self.language.short_day(back))
                if back
                else ""
            )
            return " · ".join(part for part in (state, again) if part)
        told = " · ".join(
            part for part in (step, self.language.short_day(on) if on else "") if part
        )
        in_work = row["state"] in self.policy.states_where("in_work")
        return told or (self.text("no next step") if in_work else state)


def _height(cells: Sequence[ReportCell]) -> int:
    """Return the pixels that a line needs whose cells are wrapped."""
    rows = (
        sum(1 + int(SIGN * len(part)) // (width - 12) for part in str(cell.value or "").split("\n"))
        for cell, width in zip(cells, WIDTHS, strict=True)
        if cell.style.endswith("wrapped")
    )
    return 10 + 16 * min(max(rows), MOST_LINES)


def people_of(facts: Facts) -> list[str]:
    """Return everybody whose actions are reviewed, in the order of the alphabet: the team, who has companies, who has acted."""
    names: dict[str, str] = {}
    acted = (share.name for share in facts.sample.shares.values())
    for name in (*facts.policy.member, *facts.managers, *acted):
        names.setdefault(who(name), name)
    return sorted(names.values())


def sample_sheets(facts: Facts, language: Language) -> tuple[ReportSheet, ...]:
    """Return the tab on which actions are scored; none where none are drawn, unless it is there and has to say so."""
    snapshot = facts.projection.snapshot
    if not facts.policy.review.actions and tab_of(snapshot, facts.policy) is None:
        return ()
    made = _Sampled(facts, language)
    title = own_title(snapshot.book, facts.policy, SHEET)
    return (ReportSheet(SHEET, title, WIDTHS, unique_keys(made.lines()), 3, look.GREEN),)
