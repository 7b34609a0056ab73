"""The revision of actions (METHOD point 10): what the head of sales listens to and scores.

Words and order; which actions are drawn is `action_scoring.sampling`'s, what was answered
`action_scoring.scoring`'s; what the scores come to is told by the summary (`scores_block`).
"""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from sheetsync.i18n import Language
from sheetsync.reporting.layout import theme
from sheetsync.reporting.layout.lines import (
    BlockHeading,
    gap,
    head_cells,
    sentence,
    subtitle_line,
    title_line,
)
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
from sheetsync.rules.action_scoring.sampling import (
    DAY,
    WEEK,
    Action,
    SampleShare,
    who,
)
from sheetsync.rules.action_scoring.scoring import (
    SCALE,
    SHEET,
    ScoreAnswer,
    tab_of,
    week_named,
)
from sheetsync.rules.changes.journal_data import Data
from sheetsync.rules.routing.state_graph import resting
from sheetsync.workbook.snapshot import as_date, own_title

WIDTHS = (230, 100, 380, 280, 80, 330, 300)
"""Company, day, what was done, what comes next, score, remark, what is amiss with the score."""
SIGN_WIDTH = 5.9
"""Pixels of a sign of ten points, about."""
PADDING = 12
"""Pixels beside and around the text of a cell."""
LINE_HEIGHT = 16
MOST_LINES = 12
"""Lines that a cell shows at most."""
LONGEST = 90
"""Characters of a step, and of a score that is none."""

Row = dict[str, Any]


def sample_sheets(facts: Facts, language: Language) -> tuple[ReportSheet, ...]:
    """Return the tab on which actions are scored.

    None where no actions are drawn, unless the tab is there and has to say so.
    """
    snapshot = facts.projection.snapshot
    # A tab of before says that nothing is asked any more: its old questions would mislead.
    if (
        not facts.policy.review.actions
        and tab_of(snapshot, facts.policy) is None
    ):
        return ()
    lines = unique_keys(_ActionReview(facts, language).lines())
    title = own_title(snapshot.book, facts.policy, SHEET)
    return (ReportSheet(SHEET, title, WIDTHS, lines, 3, theme.GREEN),)


def people_of(facts: Facts) -> list[str]:
    """Return everybody whose actions are reviewed, in the order of the alphabet.

    The team, who has companies, who has acted; each as the first of these spells the name.
    """
    acted = (share.name for share in facts.sample.shares.values())
    names: dict[str, str] = {}
    for name in (*facts.policy.member, *facts.managers, *acted):
        names.setdefault(who(name), name)
    return sorted(names.values())


class _ActionReview:
    """Words the tab."""

    def __init__(self, facts: Facts, language: Language) -> None:
        self.facts = facts
        self.policy = facts.policy
        self.language = language
        self.text = language.text
        self.sample = facts.sample
        self.week = facts.sample.week
        self.most = facts.policy.review.actions

    @cached_property
    def rows(self) -> dict[str, Row]:
        """The rows of the companies that are asked about, as they stand after the run, by id."""
        shares = self.sample.shares.values()
        wanted = {action.id for share in shares for action in share.drawn}
        base = self.facts.projection.base
        rows = base[base["id"].isin(wanted)].drop_duplicates("id")
        return {str(row["id"]): row for row in rows.to_dict("records")}

    def lines(self) -> Iterator[ReportLine]:
        """Go through the whole tab."""
        text = self.text
        yield title_line(text("Revision of actions"))
        if not self.most:
            off = text(
                "Nothing is asked: the Settings tab says that no actions are drawn."
            )
            yield subtitle_line(off)
            return
        yield subtitle_line(self._subtitle())
        yield self._heads()
        yield from self._young()
        for name in people_of(self.facts):
            yield from self._manager(name, self.sample.share(name))
        if not self.sample.shares:
            none = text(
                "No contact, step forward or refusal was found in that week."
            )
            yield gap("none", 14)
            yield sentence("none", none)

    def _subtitle(self) -> str:
        """Say what is asked, until when."""
        drawn = self.language.plural(
            "the week of {week}: up to {n} action of each manager, drawn by lot",
            "the week of {week}: up to {n} actions of each manager, drawn by lot",
            self.most,
            week=week_named(self.week, self.language),
        )
        # A week is scored in the one after it, to its last day.
        last_day = self.week + WEEK + 6 * DAY
        task = self.text(
            "listen, then score from {least} to {most}; "
            "asked until {until}, scores stay in the Journal",
            least=SCALE[0],
            most=SCALE[-1],
            until=self.language.date(last_day),
        )
        return f"{drawn} · {task}"

    def _young(self) -> Iterator[ReportLine]:
        """Say where the Journal does not tell of the whole week."""
        whole = self.facts.projection.snapshot.journal_whole
        # As far as the next run will read it, so that it says the same.
        begins = History(self.facts.newest, self.policy, whole).begins
        if begins is None or begins > self.week:
            day = self.language.date(begins or self.facts.today)
            words = self.text(
                "The Journal tells of actions from {day} on only.", day=day
            )
            yield sentence("young", words)

    def _heads(self) -> ReportLine:
        """Return the headings of all blocks."""
        text = self.text
        words = (
            self.policy.words.name("columns", "company"),
            text("Day"),
            text("What was done"),
            text("What comes next"),
        )
        score = ReportCell(text("Score"), "head_center")
        remark = ReportCell(text("Remark of the head"), "head")
        cells = (*head_cells(words), score, remark)
        return ReportLine("columns", padded(cells, len(WIDTHS), "head"))

    def _manager(self, name: str, share: SampleShare) -> Iterator[ReportLine]:
        """Go through the block of one manager."""
        answers = [self.sample.answer(action) for action in share.drawn]
        note = self._note(name, share, answers)
        yield from BlockHeading(name, _block_colour(answers), name, note).lines(
            len(WIDTHS)
        )
        for action, answer in zip(share.drawn, answers, strict=True):
            yield self._action_line(action, answer)

    def _note(
        self, name: str, share: SampleShare, answers: Sequence[ScoreAnswer]
    ) -> str:
        """Say how many actions were drawn, why no more, how many are scored, and who was away."""
        parts = [self._drawn(share)]
        scored = sum(answer.points is not None for answer in answers)
        if scored:
            parts.append(
                self.text("scored {n}", n=self.language.number(scored))
            )
        return " · ".join([*parts, *self._away(name)])

    def _drawn(self, share: SampleShare) -> str:
        if not share.total:
            return self.text("no actions were found in that week")
        if share.total <= self.most:
            return self.language.plural(
                "all that was found: {n} action",
                "all that was found: {n} actions",
                share.total,
            )
        return self.text(
            "{n} of {all} actions found",
            n=self.language.number(len(share.drawn)),
            all=self.language.number(share.total),
        )

    def _away(self, name: str) -> Iterator[str]:
        """Tell on which days of the week somebody was on leave, and who stood in."""
        member = self.policy.member.get(name)
        if member is None:
            return
        language = self.language
        for leave in member.leave:
            first = max(leave.first, self.week)
            last = min(leave.last, self.week + 6 * DAY)
            if first > last:
                continue
            days = self.text(
                "on leave {first} – {last}",
                first=language.day(first),
                last=language.day(last),
            )
            if member.substitute:
                days += ", " + self.text(
                    "{name} stood in", name=member.substitute
                )
            yield days

    def _action_line(self, action: Action, answer: ScoreAnswer) -> ReportLine:
        """Return the line on which one action is scored."""
        row = self.rows.get(action.id)
        gone = ReportCell(action.company or self.text("(no name)"), "text")
        cells = (
            company_cell(row, self.language) if row else gone,
            date_cell(pd.Timestamp(action.day)),
            ReportCell(self._deed(action) or None, "text_wrapped"),
            ReportCell(self._next(row) or None, "note_wrapped"),
            *self._answer_cells(answer),
        )
        return ReportLine(action.key, cells, _height(cells))

    def _answer_cells(
        self, answer: ScoreAnswer
    ) -> tuple[ReportCell, ReportCell, ReportCell]:
        """Return score and remark as they are answered, and what is amiss with the score."""
        remark = ReportCell(answer.remark, "decision_wrapped")
        # What was typed stays in its cell, even where it is no score.
        if answer.points is None and answer.score is not None:
            score = ReportCell(answer.score, "score_wrong")
            return (
                score,
                remark,
                ReportCell(self._not_a_score(answer), "text_red_wrapped"),
            )
        return (
            ReportCell(answer.points, "score"),
            remark,
            ReportCell(None, "text_red_wrapped"),
        )

    def _not_a_score(self, answer: ScoreAnswer) -> str:
        """Say that a score is not of the scale."""
        return self.text(
            "“{score}” is not counted: a whole number from {least} to {most}.",
            score=answer.words[0][:LONGEST],
            least=SCALE[0],
            most=SCALE[-1],
        )

    def _deed(self, action: Action) -> str:
        """Say what was done, before and after."""
        if action.wording:
            return action.wording
        # What several runs noticed of the same change is said once.
        deeds = dict.fromkeys(map(self._deed_words, action.done))
        words = "; ".join(deeds)
        return words[:1].upper() + words[1:]

    def _deed_words(self, record: Data) -> str:
        match record["kind"]:
            case "state":
                return self._state_change(record)
            case "section":
                before = named("sections", record.get("before"), self.policy)
                after = named("sections", record.get("after"), self.policy)
                return f"{before} → {after}"
            case "added":
                return self._added(record) + self._result(record)
            case _:
                return self._contact(record) + self._result(record)

    def _state_change(self, record: Data) -> str:
        none = self.text("(no state)")
        before = named("states", record.get("before"), self.policy) or none
        after = named("states", record.get("after"), self.policy) or none
        return f"{before} → {after}"

    def _added(self, record: Data) -> str:
        contact = self._day(record.get("contact"))
        words = self.text("a new company, contact on {day}", day=contact)
        state = named("states", record.get("state"), self.policy)
        return f"{words}: {state}" if state else words

    def _contact(self, record: Data) -> str:
        before = record.get("before")
        after = self._day(record.get("after"))
        if not before:
            return self.text("first contact {day}", day=after)
        return self.text(
            "contact {before} → {after}", before=self._day(before), after=after
        )

    def _result(self, record: Data) -> str:
        result = record.get("result")
        return f" — {result}" if isinstance(result, str) and result else ""

    def _day(self, day: object) -> str:
        try:
            return self.language.short_day(date.fromisoformat(str(day)[:10]))
        except ValueError:
            return "?"

    def _next(self, row: Row | None) -> str:
        """Say what comes next with a company, as its row has it now."""
        if row is None:
            return self.text("the row is no longer in the base")
        state = named("states", row["state"], self.policy)
        if row["state"] in resting(self.policy):
            return _joined(state, self._call_again(row))
        step = words_of(row["next_step"])[:LONGEST]
        planned = _joined(step, self._short_day(as_date(row["next_on"])))
        if planned:
            return planned
        in_work = row["state"] in self.policy.states_where("in_work")
        return self.text("no next step") if in_work else state

    def _call_again(self, row: Row) -> str:
        day = self._short_day(as_date(row["return_on"]))
        return self.text("to be called again on {day}", day=day) if day else ""

    def _short_day(self, day: date | None) -> str:
        return self.language.short_day(day) if day else ""


def _block_colour(answers: Sequence[ScoreAnswer]) -> str:
    if not answers:
        return "grey"
    return (
        "green"
        if all(answer.points is not None for answer in answers)
        else "blue"
    )


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _height(cells: Sequence[ReportCell]) -> int:
    """Return the pixels that a line needs whose cells are wrapped."""
    lines = []
    for cell, width in zip(cells, WIDTHS, strict=True):
        if cell.style.endswith("wrapped"):
            lines.append(_lines_of(str(cell.value or ""), width))
    return 10 + LINE_HEIGHT * min(max(lines), MOST_LINES)


def _lines_of(words: str, width: int) -> int:
    """Return in how many lines a text stands in a column of `width` pixels."""
    room = width - PADDING
    # An empty line takes the room of one.
    return sum(
        1 + int(SIGN_WIDTH * len(part)) // room for part in words.split("\n")
    )
