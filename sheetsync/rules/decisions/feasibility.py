"""What is in the way of a decision about a company (METHOD points 7, 8 and 10).

Whether it may be put away, refused, taken, handed over, given more time. Nothing is changed here;
carrying out is execution.py's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from sheetsync.method.codes import SectionCode
from sheetsync.rules.capacity.refill import away
from sheetsync.rules.deadlines.clocks import unconsented
from sheetsync.rules.deadlines.due_dates import running
from sheetsync.rules.decisions.decision_words import Decision, DecisionKind
from sheetsync.rules.draft.capacity import Capacity, RowStanding
from sheetsync.rules.draft.night import Night
from sheetsync.rules.draft.plan_draft import PlanDraft
from sheetsync.workbook.answers import Answer, heads_alone

LED = (
    SectionCode.WORKING,
    SectionCode.REWORK,
    SectionCode.STRATEGIC,
    SectionCode.CLIENTS,
)
"""Sections whose companies have a manager who may hand them on."""
RESTING = (SectionCode.REWORK, SectionCode.STRATEGIC, SectionCode.CALL_BASE)
"""Sections from which a company is taken into work."""


class CompanyDecision(NamedTuple):
    """What was decided about a company: the answers that say so (all alike), and what they mean."""

    row_id: str
    answers: tuple[Answer, ...]
    decision: Decision

    @property
    def kind(self) -> DecisionKind:
        """What is to become of the company."""
        return self.decision.kind

    @property
    def by_head(self) -> bool:
        """Whether it stands where only the head of sales answers."""
        return is_heads(self.answers[0])


def is_heads(answer: Answer) -> bool:
    """Tell whether an answer stands where only the head of sales answers."""
    return heads_alone(answer.sheet)


@dataclass(frozen=True)
class DecisionLimits:
    """What a decision of a night may not do. `people`: who may be named, by folded spelling."""

    night: Night
    people: Mapping[str, str]

    def why_not(
        self, wanted: CompanyDecision, draft: PlanDraft, capacity: Capacity
    ) -> str:
        """Say why a decision cannot be carried out; "" where nothing is in its way but a full list.

        `capacity`: tells where the row stands by now.
        """
        why = self._why_not_decided(wanted) or self.why_not_row(wanted.row_id)
        if why:
            return why
        standing = capacity.standing(self.night.index_by_id[wanted.row_id])
        match wanted.kind:
            case DecisionKind.EXTEND:
                return self._why_not_extended(wanted, standing)
            case DecisionKind.WORK:
                return self._why_not_taken(wanted, draft, standing)
            case DecisionKind.HAND:
                return self._why_not_handed(wanted.decision.what, standing)
            case DecisionKind.REFUSE:
                return self._why_not_refused(wanted, standing)
            case DecisionKind.REWORK:
                return self._why_not_reworked(wanted, standing)
            case DecisionKind.SOLD:
                return self._why_not_sold(wanted)
            case _:
                return self._why_not_put_away(wanted, standing)

    def no_room(
        self, wanted: CompanyDecision, draft: PlanDraft, capacity: Capacity
    ) -> str:
        """Say that the list to which a company would come is full; "" where it is not."""
        standing = capacity.standing(self.night.index_by_id[wanted.row_id])
        if wanted.kind is DecisionKind.WORK:
            comes = self.comes_by_rule(wanted.row_id, draft)
            # The place of a row that comes by a rule has been counted with its move.
            return "" if comes else capacity.no_room(str(standing.manager))
        takes_place = (
            standing.section == SectionCode.WORKING
            and standing.state in capacity.counted
        )
        # What does not count to the limit goes to a full list as well.
        if wanted.kind is DecisionKind.HAND and takes_place:
            return capacity.no_room(wanted.decision.what)
        return ""

    def comes_by_rule(self, row_id: str, draft: PlanDraft) -> bool:
        """Tell whether a row comes to the working list this night anyway."""
        move = draft.moves.get(self.night.index_by_id[row_id])
        return move is not None and move.target == SectionCode.WORKING

    def section_name(self, section: str) -> str:
        """Return a section's name."""
        return self.night.policy.words.name("sections", section)

    def _why_not_decided(self, wanted: CompanyDecision) -> str:
        text = self.night.language.text
        if wanted.kind is DecisionKind.NOT_UNDERSTOOD:
            return text("not understood: choose from the list")
        if wanted.kind is DecisionKind.CONTRADICTING:
            return text(
                "two different decisions stand for this company: leave one of them"
            )
        return ""

    def why_not_row(self, row_id: str) -> str:
        """Say why nothing is decided about a row at all; "" where that is possible."""
        text = self.night.language.text
        night = self.night
        if row_id not in night.index_by_id:
            return text("the company is no longer in the base")
        if row_id in night.ids_twice:
            return text("the company's row stands twice in the base")
        if night.unmovable[night.index_by_id[row_id]]:
            heading = night.policy.words.name("columns", "problems")
            return text(
                "its row must be put right first: see “{column}”",
                column=heading,
            )
        return ""

    def _why_not_sold(self, wanted: CompanyDecision) -> str:
        if wanted.by_head:
            return ""
        return self.night.language.text(
            "only the head of sales counts a sale without a payment, on the tab “{tab}”",
            tab=self.night.policy.words.tabs["summary"],
        )

    def _why_not_put_away(
        self, wanted: CompanyDecision, standing: RowStanding
    ) -> str:
        if standing.section != SectionCode.HARD_REFUSAL or wanted.by_head:
            return ""
        section = self.section_name(SectionCode.HARD_REFUSAL)
        return self.night.language.text(
            "companies of “{section}” are moved by hand", section=section
        )

    def _why_not_refused(
        self, wanted: CompanyDecision, standing: RowStanding
    ) -> str:
        has_reason = (
            wanted.decision.what
            or self.night.record(wanted.row_id)["refusal_reason"]
            in self.night.policy.reason
        )
        if not has_reason:
            return self.night.language.text(
                "a refusal needs its reason: choose one from the list"
            )
        return self._why_not_put_away(wanted, standing)

    def _why_not_reworked(
        self, wanted: CompanyDecision, standing: RowStanding
    ) -> str:
        """Say what is in the way of rework: who rests there has a reason to work on."""
        text = self.night.language.text
        own = self.night.record(wanted.row_id)["refusal_reason"]
        code = wanted.decision.what or own or ""
        reason = self.night.policy.reason.get(code)
        if reason is None:
            return text(
                "to rework a company goes with its reason: choose one from the list"
            )
        if reason.section != SectionCode.REWORK:
            return text(
                "“{reason}” is no reason to rework: with it a company goes to “{section}”",
                reason=self.night.policy.words.name("reasons", code),
                section=self.section_name(reason.section),
            )
        return self._why_not_put_away(wanted, standing)

    def _why_not_extended(
        self, wanted: CompanyDecision, standing: RowStanding
    ) -> str:
        text = self.night.language.text
        policy = self.night.policy
        if not wanted.by_head:
            summary = policy.words.tabs["summary"]
            return text(
                "only the head of sales gives more time, on the tab “{tab}”",
                tab=summary,
            )
        row = self._frame(wanted.row_id)
        # A row that leaves tonight has no deadline any more, though as read it shows one still.
        moved = standing.section != row["section"].iloc[0]
        if not moved and running(row, policy).iloc[0]:
            return ""
        known = standing.state in policy.state
        return text(
            "no deadline runs for it: “{section}”, “{state}”",
            section=self.section_name(standing.section),
            state=policy.words.name("states", str(standing.state))
            if known
            else "—",
        )

    def _why_not_taken(
        self, wanted: CompanyDecision, draft: PlanDraft, standing: RowStanding
    ) -> str:
        # What the rules take there tonight needs nobody's consent once more.
        if self.comes_by_rule(wanted.row_id, draft):
            return ""
        # Taken back on the same day, a row would escape the deadline that has just moved it.
        if self._left_today(wanted.row_id, standing.section):
            return self.night.language.text("left the working list today")
        why = self._why_not_taken_from(standing.section, wanted)
        if why:
            return why
        if pd.isna(standing.manager):
            return self.night.language.text(
                "has no manager: put a name into its row first"
            )
        return "" if wanted.by_head else self._needs_consent(wanted.row_id)

    def _why_not_taken_from(self, section: str, wanted: CompanyDecision) -> str:
        """Say why a company is not taken into work out of a section."""
        text = self.night.language.text
        name = self.section_name(section)
        if section == SectionCode.WORKING:
            return text("is in the working list already")
        if section == SectionCode.HARD_REFUSAL:
            summary = self.night.policy.words.tabs["summary"]
            why = text(
                "from “{section}” only the head of sales takes it back, on the tab “{tab}”",
                section=name,
                tab=summary,
            )
            return "" if wanted.by_head else why
        if section not in RESTING:
            return text(
                "from “{section}” a company is taken by hand", section=name
            )
        return ""

    def _left_today(self, row_id: str, section: str) -> bool:
        """Tell whether a row leaves the working list today, by this run or an earlier one."""
        row = self.night.record(row_id)
        was_in = (
            row["section"] == SectionCode.WORKING
            or row["left_on"] == self.night.now
        )
        return bool(section != SectionCode.WORKING and was_in)

    def _needs_consent(self, row_id: str) -> str:
        """Say until when a company comes back only with the head's consent.

        "" where it may come back.
        """
        row = self._frame(row_id)
        policy = self.night.policy
        if not unconsented(row, policy, self.night.today).iloc[0]:
            return ""
        days = pd.Timedelta(days=policy.time.consent_days)
        until = row["left_on"].iloc[0].date() + days
        return self.night.language.text(
            "before {date} only the head of sales takes it back, on the tab “{tab}”",
            date=self.night.language.day(until),
            tab=policy.words.tabs["summary"],
        )

    def _why_not_handed(self, name: str, standing: RowStanding) -> str:
        text = self.night.language.text
        if name not in self.people.values():
            return text("“{name}” is not among the managers", name=name)
        if standing.section not in LED:
            section = self.section_name(standing.section)
            return text(
                "nobody leads companies in “{section}”", section=section
            )
        if standing.manager == name:
            return text("is with {manager} already", manager=name)
        if away(self.night.policy, name, self.night.today):
            return text("{manager} is on leave", manager=name)
        return ""

    def _frame(self, row_id: str) -> pd.DataFrame:
        """Return the row of an id, as it was read, as a frame of one row."""
        return self.night.base.loc[[self.night.index_by_id[row_id]]]
