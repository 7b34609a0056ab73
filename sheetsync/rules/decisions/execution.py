"""What people have decided about companies, carried out: put away, refused, taken, handed over.

A decision is typed beside the company on a manager's sheet or, by the head of sales, on the
summary. One that is carried out is cleared in the same batch, so that nothing is done twice; one
that cannot be stays, with what is in its way (METHOD points 7, 8 and 10).
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from sheetsync.method.codes import SectionCode, StateCode
from sheetsync.method.terms import Rule
from sheetsync.rules.capacity.refill import known_managers
from sheetsync.rules.changes.authority import is_guarded, unnamed
from sheetsync.rules.checks.time_warnings import refusal
from sheetsync.rules.deadlines.due_dates import times
from sheetsync.rules.deadlines.working_days import counting
from sheetsync.rules.decisions.decision_words import (
    UNTIL_WEEKDAY,
    Decision,
    DecisionKind,
    read_decision,
)
from sheetsync.rules.decisions.feasibility import (
    CompanyDecision,
    DecisionLimits,
    is_heads,
)
from sheetsync.rules.draft.after_changes import DECIDED
from sheetsync.rules.draft.capacity import Capacity
from sheetsync.rules.draft.changes import Changes, Route, gathered
from sheetsync.rules.draft.night import ClockedRow, Night, place_of
from sheetsync.rules.draft.plan_draft import PlanDraft
from sheetsync.rules.routing.moves import (
    edit_of,
    obstacle_to_move,
    obstacle_to_write,
    plan_move,
)
from sheetsync.rules.routing.routes import cells_on_arrival
from sheetsync.rules.routing.stability import Stop, next_section
from sheetsync.values import Cell, clean, fold, to_serial
from sheetsync.workbook.answers import DECISION, Answer, row_of
from sheetsync.workbook.plan import Edit, Pending

EARLY = (
    DecisionKind.STRATEGIC,
    DecisionKind.REWORK,
    DecisionKind.REFUSE,
    DecisionKind.EXTEND,
    DecisionKind.SOLD,
)
"""Decisions that come before the rules of the night, as these would move the row."""
LATE = (DecisionKind.WORK, DecisionKind.HAND)
"""Decisions that come after them, as they need to know who has room by then."""
Written = list[tuple[str, Cell]]
"""Cells that are written: field, cell."""


@dataclass(frozen=True)
class NightDecisions:
    """The decisions that wait for a night; what became of each is in the draft (`outcomes`)."""

    night: Night

    @cached_property
    def answers(self) -> Mapping[str, tuple[Answer, ...]]:
        """What was typed, by the row's id, in the order of the reports."""
        found = defaultdict[str, list[Answer]](list)
        for answer in self.night.snapshot.decisions:
            if answer.column == DECISION:
                found[row_of(answer.line)].append(answer)
        return {row_id: tuple(answers) for row_id, answers in found.items()}

    @cached_property
    def limits(self) -> DecisionLimits:
        """What decisions may not do."""
        names = known_managers(self.night.policy, self.night.base)
        people = {fold(name): name for name in names}
        return DecisionLimits(
            self.night, {**people, **self.night.policy.managers}
        )

    @cached_property
    def wanted(self) -> tuple[CompanyDecision, ...]:
        """What is decided about each company."""
        return tuple(
            self._decision(row_id, answers)
            for row_id, answers in self.answers.items()
        )

    def _decision(
        self, row_id: str, answers: tuple[Answer, ...]
    ) -> CompanyDecision:
        """Return what holds of several answers about one company.

        The head's come first, and contradicting ones decide nothing.
        """
        heads = tuple(answer for answer in answers if is_heads(answer))
        counted = heads or answers
        policy = self.night.policy
        people = self.limits.people
        read = [
            read_decision(answer.value, policy, people) for answer in counted
        ]
        meanings = {(decision.kind, decision.what) for decision in read}
        if len(meanings) > 1:
            return CompanyDecision(
                row_id, counted, Decision(DecisionKind.CONTRADICTING)
            )
        return CompanyDecision(row_id, counted, read[0])

    @cached_property
    def sold(self) -> frozenset[str]:
        """The ids of the companies of which the head says that they are sold."""
        ids = set[str]()
        for wanted in self.wanted:
            is_sale = wanted.kind is DecisionKind.SOLD and wanted.by_head
            if is_sale and not self.limits.why_not_row(wanted.row_id):
                ids.add(wanted.row_id)
        return frozenset(ids)

    def before_rules(self, draft: PlanDraft) -> Changes:
        """Carry out what the night's rules must know of.

        A company that is put away or has more time is not theirs.
        """
        parts = []
        for wanted in self.wanted:
            if wanted.kind in EARLY:
                why = self.limits.why_not(wanted, draft, draft.capacity)
                parts.append(
                    _refused(wanted, why)
                    if why
                    else self._carried_out(wanted, draft)
                )
            elif wanted.kind is DecisionKind.WORK and wanted.by_head:
                parts.append(self._with_consent(wanted, draft))
        return gathered(parts)

    def _with_consent(
        self, wanted: CompanyDecision, draft: PlanDraft
    ) -> Changes:
        """Return that the head has given the consent that the rules would ask for."""
        if self.limits.why_not(wanted, draft, draft.capacity):
            return Changes()
        return Changes(
            settled=frozenset({self.night.index_by_id[wanted.row_id]})
        )

    def after_rules(self, draft: PlanDraft) -> Changes:
        """Carry out what depends on who has room."""
        capacity = draft.capacity.copy()
        parts = []
        waiting = [wanted for wanted in self.wanted if wanted.kind in LATE]
        went = True
        # One company that goes may make room for another: they are tried until none goes any more.
        while went:
            stay = []
            for wanted in waiting:
                part = self._tried(wanted, draft, capacity)
                capacity.count(part)
                parts.append(part)
                if part.outcomes[wanted.row_id]:
                    stay.append(wanted)
            went = len(stay) < len(waiting)
            waiting = stay
        return gathered(parts)

    def _tried(
        self, wanted: CompanyDecision, draft: PlanDraft, capacity: Capacity
    ) -> Changes:
        limits = self.limits
        why = limits.why_not(wanted, draft, capacity) or limits.no_room(
            wanted, draft, capacity
        )
        return (
            _refused(wanted, why) if why else self._carried_out(wanted, draft)
        )

    def pending(self, draft: PlanDraft) -> tuple[Pending, ...]:
        """Return the decisions that stay where they stand, in order, with what is in their way."""
        why = {}
        for wanted in self.wanted:
            if draft.outcomes.get(wanted.row_id) != "":
                why[wanted.row_id] = self._why_it_stays(wanted, draft)
        answers = self.night.snapshot.decisions
        rank = {answer: place for place, answer in enumerate(answers)}
        stay = [answer for row_id in why for answer in self.answers[row_id]]
        stay.sort(key=rank.__getitem__)
        return tuple(
            self._pending(answer, why[row_of(answer.line)]) for answer in stay
        )

    def _why_it_stays(self, wanted: CompanyDecision, draft: PlanDraft) -> str:
        """Say what is in the way of a decision as the night leaves the base."""
        tried = draft.outcomes.get(wanted.row_id, "")
        if tried and wanted.kind is DecisionKind.SAME:
            return tried
        moves = self.night.index_by_id.get(wanted.row_id) in draft.moves
        if tried and wanted.kind in EARLY and not moves:
            return tried
        # Asked anew, as the next run will find it, so that a second run has nothing to write.
        why = self.limits.why_not(wanted, draft, draft.capacity)
        return (
            why or self.limits.no_room(wanted, draft, draft.capacity) or tried
        )

    def _pending(self, answer: Answer, why: str) -> Pending:
        row_id = row_of(answer.line)
        overruled = any(map(is_heads, self.answers[row_id])) and not is_heads(
            answer
        )
        if overruled:
            why = self.night.language.text(
                "the decision of the head of sales on the summary comes first"
            )
        value = clean(answer.value)
        company = self._company(row_id)
        return Pending(answer.sheet, answer.line, row_id, company, value, why)

    def _company(self, row_id: str) -> str:
        """Return the name of a company, also of one that has vanished."""
        state = self.night.snapshot.state
        company = None
        if row_id in self.night.index_by_id:
            company = self.night.record(row_id)["company"]
        elif row_id in state.index:
            company = state.at[row_id, "company"]
        return "" if pd.isna(company) else str(company)

    def _carried_out(
        self, wanted: CompanyDecision, draft: PlanDraft
    ) -> Changes:
        """Return what a decision changes, and what became of it; nothing is in its way so far."""
        carried = _Carrying(self.night, wanted, self._reason(wanted))
        match wanted.kind:
            case DecisionKind.EXTEND:
                return carried.extended()
            case DecisionKind.HAND:
                return carried.handed(draft)
            case DecisionKind.WORK:
                comes = self.limits.comes_by_rule(wanted.row_id, draft)
                return carried.done(Changes()) if comes else carried.taken()
            case DecisionKind.REFUSE:
                return carried.refused_for()
            case DecisionKind.SOLD:
                return carried.sold()
            case _:
                return carried.put_away()

    def _reason(self, wanted: CompanyDecision) -> str:
        """Say who decided, as the Journal tells it, with what was given as an explanation."""
        text = self.night.language.text
        note = wanted.decision.note
        who = text("decided on the manager's sheet")
        if wanted.by_head:
            who = text("decided by the head of sales on the summary")
            if not is_guarded(self.night.snapshot, self.night.policy):
                who = text(
                    "decided on the summary {who}",
                    who=unnamed(self.night.language),
                )
            answers = self.answers[wanted.row_id]
            others = [
                clean(answer.value)
                for answer in answers
                if not is_heads(answer)
            ]
            if others:
                said = "; ".join(dict.fromkeys(others))
                who = text(
                    "{who} (on the manager's sheet: {said})", who=who, said=said
                )
        return f"{who}: {note}" if note else who


def _refused(wanted: CompanyDecision, why: str) -> Changes:
    """Return that a decision cannot be carried out."""
    return Changes(outcomes={wanted.row_id: why})


class _Carrying:
    """One decision that is carried out. `why`: who decided, and with which explanation."""

    def __init__(self, night: Night, wanted: CompanyDecision, why: str) -> None:
        self.night = night
        self.wanted = wanted
        self.why = why
        self.policy = night.policy
        self.words = night.policy.words
        self.text = night.language.text
        self.index = night.index_by_id[wanted.row_id]
        self.row: ClockedRow = night.record(wanted.row_id)

    def done(self, changes: Changes) -> Changes:
        """Return changes by which the decision is carried out."""
        return changes._replace(outcomes={self.wanted.row_id: ""})

    def put_away(self) -> Changes:
        """Put the company into an archive."""
        if self.wanted.kind is DecisionKind.REWORK:
            return self._sent(
                SectionCode.REWORK.value, StateCode.REFUSAL, self._reason()
            )
        return self._sent(
            SectionCode.STRATEGIC.value, StateCode.STRATEGIC_RESERVE
        )

    def sold(self) -> Changes:
        """Let the company rest among clients; that it is sold is remembered (`Night.sold`)."""
        return self._sent(SectionCode.CLIENTS.value, StateCode.CLIENT)

    def refused_for(self) -> Changes:
        """Put the company where the reason of its refusal sends it; without one, its own holds."""
        reason = self._reason()
        return self._sent(
            self.policy.reason[reason].section, StateCode.REFUSAL, reason
        )

    def _reason(self) -> str:
        """Return the reason that is given, else the row's own."""
        return self.wanted.decision.what or str(self.row["refusal_reason"])

    def taken(self) -> Changes:
        """Take the company into work.

        Its state is `new` out of the call base, else its own or the first one of work.
        """
        section = self.row["section"]
        state = self.row["state"]
        # Nobody has called it yet, so no work clock is to begin.
        waits = section == SectionCode.CALL_BASE and state == StateCode.NEW
        if waits or state in self.policy.states_where("in_work"):
            return self._sent(SectionCode.WORKING.value)
        return self._sent(
            SectionCode.WORKING.value, self.policy.states_where("clocked")[0]
        )

    def _sent(
        self, section: str, state: str | None = None, reason: str | None = None
    ) -> Changes:
        """Send the row to a section with these codes; in its own, only the cells are written."""
        cells: Written = []
        if state not in (None, self.row["state"]):
            cells.append(("state", self.words.name("states", str(state))))
        if reason not in (None, self.row["refusal_reason"]):
            cells.append(
                ("refusal_reason", self.words.name("reasons", str(reason)))
            )
        route = Route(
            Rule(name=DECIDED, to=section), section, self.why, tuple(cells)
        )
        if section == self.row["section"]:
            return self._written([*cells, *self._new_return_date(route)])
        changes = plan_move(self.night, self.index, self.row, route)
        if changes.moves:
            return self.done(changes)
        # Said beside the decision, and no fault of the row's.
        why = " ".join(problem.message for problem in changes.problems)
        return _refused(self.wanted, why or self.text("is there already"))

    def _new_return_date(self, route: Route) -> Written:
        """Return the return date of a row that is put away anew where it rests already."""
        rests = self.row.copy()
        # The date that stands there is of the time before, and not what is decided now.
        rests["return_on"] = pd.NaT
        section = str(route.target)
        today = self.night.today
        cells = cells_on_arrival(route.rule, rests, section, self.policy, today)
        return [(field, cell) for field, cell in cells if field == "return_on"]

    def _written(self, cells: Written) -> Changes:
        """Write cells of the row where it stands, unless something is in the way."""
        why = self._why_not_written(cells)
        if why:
            return _refused(self.wanted, why)
        edits = [
            edit_of(self.night, self.row, *cell, self.why) for cell in cells
        ]
        # What stands there already is carried out without being written.
        changed = tuple(edit for edit in edits if _differs(edit))
        return self.done(
            Changes(edits=changed, settled=frozenset({self.index}))
        )

    def _why_not_written(self, cells: Written) -> str:
        here = self.row["section"]
        onward = next_section(self.night, self.row, here, cells)
        if onward is not Stop.RESTS:
            section = here if onward is Stop.PERSON_DECIDES else onward
            return self.text(
                "the rules of the Settings tab would at once send it to “{section}”",
                section=self.words.name("sections", section),
            )
        for field, _ in cells:
            obstacle = obstacle_to_write(self.night, place_of(self.row), field)
            if obstacle is not None:
                return obstacle.message
        return ""

    def handed(self, draft: PlanDraft) -> Changes:
        """Give the row to another manager; one that moves tonight goes to them where it arrives."""
        name = self.wanted.decision.what
        move = draft.moves.get(self.index)
        if move is None:
            return self._written([("manager", name)])
        obstacle = obstacle_to_move(
            self.night, place_of(self.row), move.target, ["manager"]
        )
        if obstacle is not None:
            return _refused(self.wanted, obstacle.message)
        kept = [cell for cell in move.sets if cell[0] != "manager"]
        sets = (*kept, ("manager", name))
        handed = move._replace(
            manager=name, sets=sets, reason=f"{move.reason}; {self.why}"
        )
        return self.done(Changes(moves={self.index: handed}))

    def extended(self) -> Changes:
        """Set a new day in the head's column: so many counted days after the deadline.

        Or after today, if that were past.
        """
        day = self._asked_day(self.wanted.decision.what)
        if day <= self.row["due"]:
            date_asked = self.night.language.date(day.date())
            why = self.text("{date} is not after the deadline", date=date_asked)
            return _refused(self.wanted, why)
        frame = self.night.base.loc[[self.index]].assign(extended_to=day)
        # Judged as the next night will judge it, so that no day is written which does not count.
        spans = times(frame, self.policy).iloc[0]
        if pd.isna(spans["refused"]):
            return self._written([("extended_to", to_serial(day.date()))])
        language = self.night.language
        asked = language.date(day.date())
        broken = str(spans["refused"])
        texts = refusal(broken, asked, spans["until"], self.policy, language)
        return _refused(self.wanted, " ".join(texts))

    def _asked_day(self, what: str) -> pd.Timestamp:
        """Return the day until which time is asked for."""
        if what.startswith(UNTIL_WEEKDAY):
            weekday = int(what.removeprefix(UNTIL_WEEKDAY))
            # The next such day, and never today.
            ahead = (weekday - self.night.today.weekday() - 1) % 7 + 1
            return self.night.now + pd.Timedelta(days=ahead)
        days = float(what)
        day = self._day_after(self.row["due"], days)
        return self._day_from_today(days) if day < self.night.now else day

    def _day_from_today(self, days: float) -> pd.Timestamp:
        """Return the day so many days after today, but no later than the deadline may be moved."""
        until = times(self.night.base.loc[[self.index]], self.policy)[
            "until"
        ].iloc[0]
        # The limit counts from the deadline: all its days, counted from today, would go beyond it.
        most = float(self.policy.time.extension_days)
        return min(
            self._day_after(self.night.now, days), self._day_after(until, most)
        )

    def _day_after(self, day: pd.Timestamp, days: float) -> pd.Timestamp:
        start = pd.Series([day]).astype("datetime64[s]")
        return counting(self.policy).after(start, pd.Series([days])).iloc[0]


def _differs(edit: Edit) -> bool:
    return (None if edit.before == "" else edit.before) != edit.after
