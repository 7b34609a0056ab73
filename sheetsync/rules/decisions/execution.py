"""What people have decided about companies, carried out: put away, refused, taken into work, handed over, given more time.

A decision is typed beside the company on a manager's sheet or, by the head of sales, on the summary. One that is carried out is
cleared; one that cannot be stays, with what is in its way (METHOD points 7, 8 and 10).
"""

from collections import defaultdict
from dataclasses import dataclass, field

import pandas as pd

from sheetsync.method.terms import Rule
from sheetsync.rules.capacity.refill import known_managers
from sheetsync.rules.checks.time_warnings import refusal
from sheetsync.rules.deadlines.due_dates import times
from sheetsync.rules.deadlines.working_days import counting
from sheetsync.rules.decisions.decision_words import Choice, understood
from sheetsync.rules.decisions.feasibility import Limits, Room, Verdict, by_head
from sheetsync.rules.draft.plan_draft import PlanDraft
from sheetsync.rules.draft.projection import DECIDED
from sheetsync.rules.routing.moves import kept, transfer, unwritable
from sheetsync.rules.routing.routes import Route, arrival
from sheetsync.rules.routing.stability import onward
from sheetsync.values import Cell, clean, fold, to_serial
from sheetsync.workbook.answers import DECISION, Answer, row_of
from sheetsync.workbook.plan import Edit, Move, Pending
from sheetsync.workbook.snapshot import Record, as_date

EARLY = ("strategic", "rework", "refuse", "extend")
"""Decisions that come before the rules of the night, as these would move the row; the others need to know who has room by then."""


@dataclass
class Verdicts:
    """The decisions of one night. `barred`: rows that nothing may move, as something in them must be put right first."""

    draft: PlanDraft
    barred: "pd.Series[bool]"
    done: set[str] = field(default_factory=set)
    """Ids of the rows whose decision was carried out."""
    said: dict[str, str] = field(default_factory=dict)
    """Why a decision that was tried could not be carried out, by the row's id."""

    def __post_init__(self) -> None:
        self.policy, self.today = self.draft.policy, self.draft.today
        self.text = self.draft.language.text
        found = defaultdict[str, list[Answer]](list)
        for answer in self.draft.snapshot.decisions:
            if answer.column == DECISION:
                found[row_of(answer.line)].append(answer)
        self.answers = dict(found)
        if not found:
            return
        self.base = self.draft.base
        self.limits = Limits(self.draft, self.barred, self._people())
        self.verdicts = [self._verdict(row_id, answers) for row_id, answers in found.items()]

    def _people(self) -> dict[str, str]:
        """Return whom a company may be handed to, by every spelling that is known."""
        names = known_managers(self.policy, self.base)
        return {**{fold(name): name for name in names}, **self.policy.managers}

    def _verdict(self, row_id: str, answers: list[Answer]) -> Verdict:
        """Return what holds of several answers about one company: the head's come first, and contradicting ones decide nothing."""
        heads = tuple(answer for answer in answers if by_head(answer))
        counted = heads or tuple(answers)
        read = [understood(answer.value, self.policy, self.limits.people) for answer in counted]
        alike = len({(choice.kind, choice.what) for choice in read}) == 1
        return Verdict(row_id, counted, read[0] if alike else Choice("several"))

    def before_rules(self) -> None:
        """Carry out what the night's rules must know of: a company that is put away or has more time is not theirs."""
        for verdict in self.verdicts if self.answers else ():
            if verdict.choice.kind in EARLY:
                self._try(verdict, None)
            elif (
                verdict.choice.kind == "work"
                and verdict.by_head
                and not self.limits.why_not(verdict, None)
            ):
                self.draft.decided.add(
                    self.limits.at[verdict.row_id]
                )  # the consent that rules ask for is given

    def after_rules(self) -> None:
        """Carry out what depends on who has room: one company that goes may make room for another."""
        late = [
            v for v in (self.verdicts if self.answers else ()) if v.choice.kind in ("work", "hand")
        ]
        went = True
        while went:
            went = False
            for verdict in late:
                went |= verdict.row_id not in self.done and self._try(verdict, Room(self.draft))

    def _try(self, verdict: Verdict, room: Room | None) -> bool:
        why = self.limits.why_not(verdict, room)
        if not why:
            why = self._carry(verdict, self.limits.row(verdict.row_id))
        if why:
            self.said[verdict.row_id] = why
            return False
        self.done.add(verdict.row_id)
        return True

    def pending(self) -> tuple[Pending, ...]:
        """Return the decisions that stay where they stand, in their order, with what is in their way."""
        if not self.answers:
            return ()
        why = {
            verdict.row_id: self._stays(verdict)
            for verdict in self.verdicts
            if verdict.row_id not in self.done
        }
        left = [answer for row_id in why for answer in self.answers[row_id]]
        order = {answer: rank for rank, answer in enumerate(self.draft.snapshot.decisions)}
        return tuple(
            self._pending(answer, why[row_of(answer.line)])
            for answer in sorted(left, key=order.__getitem__)
        )

    def _pending(self, answer: Answer, why: str) -> Pending:
        row_id, state = row_of(answer.line), self.draft.snapshot.state
        known = self.limits.row(row_id)["company"] if row_id in self.limits.at else None
        if row_id not in self.limits.at and row_id in state.index:
            known = state.at[row_id, "company"]
        overruled = any(map(by_head, self.answers[row_id])) and not by_head(answer)
        said = (
            self.text("the decision of the head of sales on the summary comes first")
            if overruled
            else why
        )
        return Pending(
            answer.sheet,
            answer.line,
            row_id,
            "" if pd.isna(known) else str(known),
            clean(answer.value),
            said,
        )

    def _stays(self, verdict: Verdict) -> str:
        """Say what is in the way of a decision as the night leaves the base, which is what the next run will find."""
        room = Room(self.draft)
        moved = (
            verdict.row_id in self.limits.at and self.limits.at[verdict.row_id] in self.draft.moves
        )
        if not moved and verdict.row_id in self.said and verdict.choice.kind in EARLY:
            return self.said[verdict.row_id]
        return self.limits.why_not(verdict, room) or self.said.get(verdict.row_id, "")

    def _carry(self, verdict: Verdict, row: Record) -> str:
        kind, reason = verdict.choice.kind, self._reason(verdict)
        if kind == "extend":
            return self._extend(verdict, row, reason)
        if kind == "hand":
            return self._hand(verdict, row, reason)
        if kind == "work":
            return (
                ""
                if self.limits.came(verdict)
                else self._send(row, "working", self._working_state(row), reason)
            )
        if kind == "refuse":
            code = verdict.choice.what or str(row["refusal_reason"])
            sets = [
                ("state", "refusal"),
                *([("refusal_reason", code)] if code != row["refusal_reason"] else []),
            ]
            return self._send(row, self.policy.reason[code].section, sets, reason)
        return self._send(
            row, kind, [("state", "refusal" if kind == "rework" else "strategic_reserve")], reason
        )

    def _reason(self, verdict: Verdict) -> str:
        """Say who decided, as the Journal tells it, with what was given as an explanation."""
        text, note = self.text, verdict.choice.note
        who = (
            text("decided by the head of sales on the summary")
            if verdict.by_head
            else text("decided on the manager's sheet")
        )
        others = (
            [clean(answer.value) for answer in self.answers[verdict.row_id] if not by_head(answer)]
            if verdict.by_head
            else []
        )
        if others:
            who = text(
                "{who} (on the manager's sheet: {said})",
                who=who,
                said="; ".join(dict.fromkeys(others)),
            )
        return f"{who}: {note}" if note else who

    def _working_state(self, row: Record) -> list[tuple[str, str]]:
        """Return the state of a company that is taken into work: `new` in the call base, else the first one of work."""
        waits = (row["section"], row["state"]) == ("call_base", "new")
        if waits or row["state"] in self.policy.states_where("in_work"):
            return []
        return [("state", self.policy.states_where("clocked")[0])]

    def _send(self, row: Record, section: str, codes: list[tuple[str, str]], reason: str) -> str:
        """Plan that a row goes to a section with these codes set; in its own section, only the cells are written."""
        kinds = {"state": "states", "refusal_reason": "reasons"}
        route = Route(Rule(name=DECIDED, to=section), section, reason)
        sets = [
            (name, self.policy.words.name(kinds[name], code))
            for name, code in codes
            if row[name] != code
        ]
        if section == row["section"]:
            rests = {**row, "return_on": pd.NaT}  # it is put away anew
            cells = [
                *sets,
                *(
                    cell
                    for cell in arrival(route.rule, rests, section, self.policy, self.today)
                    if cell[0] == "return_on"
                ),
            ]
            return self._write(row, cells, reason)
        before = len(self.draft.problems)
        at = self.limits.at[str(row["id"])]
        if transfer(self.draft, at, row, route._replace(sets=tuple(sets))):
            self._take_back_edits(self.draft.moves[at])
            return ""
        told = self.draft.problems[before:]
        del self.draft.problems[before:]  # said beside the decision, and no fault of the row's
        return " ".join(problem.message for problem in told) or self.text("is there already")

    def _take_back_edits(self, move: Move) -> None:
        """Let no rule of this night write a cell that the move sets, as that of a return date would."""
        sets, place = {name for name, _ in move.sets}, (move.source, move.row)
        kept = [
            edit
            for edit in self.draft.edits
            if (edit.section, edit.row) != place or edit.field not in sets
        ]
        self.draft.edits[:] = kept

    def _write(self, row: Record, cells: list[tuple[str, Cell]], reason: str) -> str:
        """Plan that cells of a row that stays are written."""
        sent = onward(self.draft, row, str(row["section"]), cells)
        if sent is not None:
            goal = self.limits.section(sent or str(row["section"]))
            return self.text(
                "the rules of the Settings tab would at once send it to “{section}”", section=goal
            )
        for name, _ in cells:
            if obstacle := unwritable(self.draft, row, name):
                return obstacle[1]
        tab = self.draft.snapshot.tab[row["section"]]
        for name, cell in cells:
            at = tab.fields.get(name)
            old = None if at is None else tab.grid.cell(int(row["row"]) - 1, at)
            if (None if old == "" else old) != cell:
                place = (str(row["section"]), int(row["row"]), str(row["id"]))
                self.draft.edits.append(Edit(*place, name, old, cell, reason, derived=False))
        self.draft.decided.add(self.limits.at[str(row["id"])])
        return ""

    def _hand(self, verdict: Verdict, row: Record, reason: str) -> str:
        at, name = self.limits.at[verdict.row_id], verdict.choice.what
        move = self.draft.moves.get(at)
        if move is None:
            return self._write(row, [("manager", name)], reason)
        obstacle = kept(self.draft, row, move.target, ["manager"])
        if obstacle is not None:
            return obstacle.texts[0]
        sets = (*(cell for cell in move.sets if cell[0] != "manager"), ("manager", name))
        self.draft.moves[at] = move._replace(
            manager=name, sets=sets, reason=f"{move.reason}; {reason}"
        )
        return ""

    def _after(self, day: pd.Timestamp, days: float) -> pd.Timestamp:
        start = pd.Series([day]).astype("datetime64[s]")
        found: pd.Timestamp = counting(self.policy).after(start, pd.Series([days])).iloc[0]
        return found

    def _extend(self, verdict: Verdict, row: Record, reason: str) -> str:
        """Plan a new day in the head's column: so many counted days after the deadline, or after today if that were past."""
        at, days = self.limits.at[verdict.row_id], float(verdict.choice.what)
        day = self._after(row["due"], days)
        if day < pd.Timestamp(self.today):
            until = times(self.base.loc[[at]], self.policy)["until"].iloc[0]
            day = min(
                self._after(pd.Timestamp(self.today), days),
                self._after(until, float(self.policy.time.extension_days)),
            )
        frame = self.base.loc[[at]].assign(extended_to=day)
        found = times(frame, self.policy)
        refused = found["refused"].iloc[0]
        if pd.notna(refused):
            asked = self.draft.language.date(as_date(day))  # type: ignore[arg-type]  # a day that was just made
            return " ".join(
                refusal(
                    str(refused), asked, found["until"].iloc[0], self.policy, self.draft.language
                )
            )
        return self._write(row, [("extended_to", to_serial(day.date()))], reason)
