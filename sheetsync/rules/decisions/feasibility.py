"""What is in the way of a decision about a company: whether it may be put away, refused, taken, handed over, given more time.

Nothing is changed here; carrying out is `verdicts`' (METHOD points 7, 8 and 10).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import pandas as pd

from sheetsync.rules.capacity.refill import away
from sheetsync.rules.deadlines.clocks import unconsented
from sheetsync.rules.deadlines.due_dates import running
from sheetsync.rules.decisions.decision_words import Choice
from sheetsync.rules.draft.plan_draft import PlanDraft, load
from sheetsync.rules.draft.projection import after_moves
from sheetsync.workbook.answers import Answer, heads_alone
from sheetsync.workbook.snapshot import Record

LED = ("working", "rework", "strategic", "clients")
"""Sections whose companies have a manager who may hand them on."""
RESTING = ("rework", "strategic", "call_base")
"""Sections from which a company is taken into work."""


class Verdict(NamedTuple):
    """What was decided about a row: the answers that say so (all alike), and what they say."""

    row_id: str
    answers: tuple[Answer, ...]
    choice: Choice

    @property
    def by_head(self) -> bool:
        """Whether it stands where only the head of sales answers."""
        return by_head(self.answers[0])


def by_head(answer: Answer) -> bool:
    """Tell whether an answer stands where only the head of sales answers."""
    return heads_alone(answer.sheet)


class Room:
    """The base as the night's changes so far leave it, and whose list has room."""

    def __init__(self, draft: PlanDraft) -> None:
        self.draft = draft
        self.after: pd.DataFrame = after_moves(
            draft.snapshot, draft.base, draft.moves, draft.edits, draft.policy
        )
        self.busy = load(self.after, draft.policy)

    def full(self, manager: str) -> str:
        """Say that a manager's list is full; "" where it has room."""
        limit, text = (
            self.draft.policy.limit(manager, self.draft.today),
            self.draft.language.text,
        )
        if self.busy[manager] < limit:
            return ""
        return text(
            "{manager}'s list is full: {n} of {max}",
            manager=manager,
            n=self.busy[manager],
            max=limit,
        )


@dataclass(frozen=True)
class Limits:
    """What a decision may not do. `barred`: rows that nothing may move; `people`: who may be named, by folded spelling."""

    draft: PlanDraft
    barred: "pd.Series[bool]"
    people: Mapping[str, str]

    @property
    def base(self) -> pd.DataFrame:
        """Every row as it was read."""
        return self.draft.base

    @cached_property
    def at(self) -> dict[str, int]:
        """The index of each row by its id."""
        return {str(row_id): at for at, row_id in enumerate(self.base["id"])}

    @cached_property
    def twice(self) -> frozenset[str]:
        """Ids that more than one row bears."""
        return frozenset(self.base.loc[self.base["id"].duplicated(keep=False), "id"])

    def row(self, row_id: str) -> Record:
        """Return a row as it was read; where it goes this night is in `draft.moves`."""
        row: Record = self.base.loc[self.at[row_id]].to_dict()
        return row

    def why_not(self, verdict: Verdict, room: Room | None) -> str:
        """Say why a decision cannot be carried out; "" where nothing is in its way so far. `room`: the base as the moves leave it."""
        choice, text = verdict.choice, self.draft.language.text
        if not choice.kind:
            return text("not understood: choose from the list")
        if choice.kind == "several":
            return text("two different decisions stand for this company: leave one of them")
        if verdict.row_id not in self.at:
            return text("the company is no longer in the base")
        if verdict.row_id in self.twice:
            return text("the company's row stands twice in the base")
        if self.barred.iloc[self.at[verdict.row_id]]:
            return text(
                "its row must be put right first: see “{column}”", column=self._column("problems")
            )
        row = self.row(verdict.row_id)
        if room is not None:
            row |= {
                name: room.after.at[self.at[verdict.row_id], name]
                for name in ("section", "state", "manager")
            }
        checks: dict[str, Callable[[Verdict, Record, Room | None], str]] = {
            "extend": self._not_extended,
            "work": self._not_taken,
            "hand": self._not_handed,
            "refuse": self._not_refused,
        }
        return checks.get(choice.kind, self._not_put_away)(verdict, row, room)

    def _column(self, name: str) -> str:
        return self.draft.policy.words.name("columns", name)

    def section(self, code: str) -> str:
        """Return a section's name."""
        return self.draft.policy.words.name("sections", code)

    def _not_put_away(self, verdict: Verdict, row: Record, _: Room | None) -> str:
        if row["section"] == "hard_refusal" and not verdict.by_head:
            return self.draft.language.text(
                "companies of “{section}” are moved by hand", section=self.section("hard_refusal")
            )
        return ""

    def _not_refused(self, verdict: Verdict, row: Record, room: Room | None) -> str:
        if not (verdict.choice.what or row["refusal_reason"] in self.draft.policy.reason):
            return self.draft.language.text("a refusal needs its reason: choose one from the list")
        return self._not_put_away(verdict, row, room)

    def _not_extended(self, verdict: Verdict, row: Record, room: Room | None) -> str:
        text = self.draft.language.text
        if not verdict.by_head:
            summary = self.draft.policy.words.tabs["summary"]
            return text("only the head of sales gives more time, on the tab “{tab}”", tab=summary)
        frame = self.base.loc[[self.at[verdict.row_id]]]
        if (room is not None and row["section"] != frame["section"].iloc[0]) or not running(
            frame, self.draft.policy
        ).iloc[0]:
            return text(
                "no deadline runs for it: “{section}”, “{state}”",
                section=self.section(row["section"]),
                state=self._state(row["state"]),
            )
        return ""

    def _state(self, code: object) -> str:
        return (
            self.draft.policy.words.name("states", str(code))
            if code in self.draft.policy.state
            else "—"
        )

    def _not_taken(self, verdict: Verdict, row: Record, room: Room | None) -> str:
        text, section = self.draft.language.text, str(row["section"])
        if self.came(verdict):
            return ""
        if self._left_today(self.at[verdict.row_id], section):
            return text("left the working list today")
        if section == "working":
            return text("is in the working list already")
        if section == "hard_refusal" and not verdict.by_head:
            summary = self.draft.policy.words.tabs["summary"]
            return text(
                "from “{section}” only the head of sales takes it back, on the tab “{tab}”",
                section=self.section(section),
                tab=summary,
            )
        if section not in (*RESTING, "hard_refusal"):
            return text(
                "from “{section}” a company is taken by hand", section=self.section(section)
            )
        if pd.isna(row["manager"]):
            return text("has no manager: put a name into its row first")
        if not verdict.by_head and (until := self._consent(self.at[verdict.row_id])):
            return until
        return room.full(str(row["manager"])) if room is not None else ""

    def came(self, verdict: Verdict) -> bool:
        """Tell whether a row comes to the working list this night by a rule."""
        move = self.draft.moves.get(self.at[verdict.row_id])
        return move is not None and move.target == "working"

    def _left_today(self, at: int, section: str) -> bool:
        """Tell whether a row leaves the working list today, by this run or an earlier one: it does not come back the same day."""
        read, today = self.base.loc[at], pd.Timestamp(self.draft.today)
        return section != "working" and (read["section"] == "working" or read["left_on"] == today)

    def _consent(self, at: int) -> str:
        """Say until when a company comes back only with the head's consent; "" where it may come back."""
        row, days = self.base.loc[[at]], self.draft.policy.time.consent_days
        if not unconsented(row, self.draft.policy, self.draft.today).iloc[0]:
            return ""
        until = row["left_on"].iloc[0].date() + pd.Timedelta(days=days)
        summary = self.draft.policy.words.tabs["summary"]
        return self.draft.language.text(
            "before {date} only the head of sales takes it back, on the tab “{tab}”",
            date=self.draft.language.day(until),
            tab=summary,
        )

    def _not_handed(self, verdict: Verdict, row: Record, room: Room | None) -> str:
        text, name = self.draft.language.text, verdict.choice.what
        if name not in self.people.values():
            return text("“{name}” is not among the managers", name=name)
        if row["section"] not in LED:
            return text(
                "nobody leads companies in “{section}”", section=self.section(str(row["section"]))
            )
        if row["manager"] == name:
            return text("is with {manager} already", manager=name)
        if away(self.draft.policy, name, self.draft.today):
            return text("{manager} is on leave", manager=name)
        counts = row["section"] == "working" and row["state"] in self.draft.policy.states_where(
            "counts_to_cap"
        )
        return room.full(name) if counts and room is not None else ""
