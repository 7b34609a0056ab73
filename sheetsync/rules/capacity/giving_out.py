"""Companies of the call base that are given out: what people have ticked, and lists that are short.

METHOD point 7. Who comes first, and who gets how many, is refill.py's.
"""

from collections.abc import Iterable
from functools import cached_property
from typing import cast

import pandas as pd

from sheetsync.method.codes import LabelCode, SectionCode, StateCode
from sheetsync.method.terms import Rule
from sheetsync.rules.capacity.refill import (
    Allotment,
    OfferLine,
    away,
    goal,
    in_order,
    known_managers,
    lacking,
    share_out,
    ticked,
)
from sheetsync.rules.changes.authority import is_guarded, unnamed
from sheetsync.rules.draft.changes import Changes, Route, gathered
from sheetsync.rules.draft.night import ClockedRow, Night, RowPlace
from sheetsync.rules.draft.plan_draft import PlanDraft
from sheetsync.rules.routing.moves import obstacle_to_move, plan_move
from sheetsync.workbook.immovable_ranges import Obstacle, arriving
from sheetsync.workbook.plan import Offer
from sheetsync.workbook.snapshot import as_date

REFILL = Rule(name="refill", to=SectionCode.WORKING.value)
"""The rule of rows that are given out of the call base."""


def give_out(draft: PlanDraft) -> Changes:
    """Carry out what people have ticked on the summary; then, where the policy says so, fill lists.

    Places that a night frees are used the same night.
    """
    lines = ticked(draft.night.snapshot.decisions)
    assigns = _refill(draft.night) == "assign"
    if not (lines or assigns):
        return Changes()
    call_base = CallBase(draft)
    if not call_base.is_open:
        return Changes()
    parts = [call_base.give_as_ticked(line) for line in lines]
    if assigns:
        parts += [
            call_base.give_to_fill(*allotment)
            for allotment in call_base.allotments()
        ]
    return gathered(parts)


def _refill(night: Night) -> str:
    """Return what is done about lists that are short; in a trial of the model people decide."""
    refill = night.policy.cap.refill
    trial = night.trial
    waits = trial.under_way or trial.is_last_day(night.today)
    return "propose" if refill == "assign" and waits else refill


def offers(draft: PlanDraft) -> tuple[Offer, ...]:
    """Return who could get what, as the draft leaves the base.

    What is ticked and was not carried out comes first, then what is proposed. A tick that waits for
    the next run says nothing; one that cannot be carried out says why.
    """
    lines = ticked(draft.night.snapshot.decisions)
    proposes = _refill(draft.night) == "propose"
    if not (lines or proposes):
        return ()
    call_base = CallBase(draft)
    if not call_base.is_open:
        return ()
    left = [line for line in lines if not call_base.has(*line)]
    found = [call_base.offer(line, call_base.why_not(*line)) for line in left]
    if proposes:
        # A tick that waits for the next run keeps its company; one that is in vain does not.
        waiting = [offer.id for offer in found if not offer.why]
        fresh = (
            line for line in call_base.proposals(waiting) if line not in left
        )
        found.extend(map(call_base.offer, fresh))
    return tuple(found)


class CallBase:
    """The call base as a draft leaves it, and whose lists are short of companies.

    What is given out is counted, so that the next company goes to whoever lacks most by then.
    """

    def __init__(self, draft: PlanDraft) -> None:
        self.night = draft.night
        self.capacity = draft.capacity.copy()
        self.policy = draft.night.policy
        self.today = draft.night.today
        self.text = draft.night.language.text
        self.after = draft.after.rows
        self.managers = known_managers(self.policy, self.after)
        self._taken: dict[int, str] = {}
        """Rows that were given out, by label, and who got them."""

    @property
    def is_open(self) -> bool:
        """Whether lists are refilled at all, and rows can come to the working list."""
        tab = self.night.snapshot.tab.get(SectionCode.WORKING)
        if tab is None or self.policy.cap.refill == "off":
            return False
        return arriving(tab, self.night.language) is None

    def allotments(self, spoken_for: Iterable[str] = ()) -> list[Allotment]:
        """Return who gets which row, up to each list's lower end. `spoken_for`: ids left out."""
        loads = self.capacity.loads
        short = lacking(self.policy, self.managers, loads, self.today)
        if not short:
            return []
        free = self._free & ~self.after["id"].isin([*spoken_for])
        # What came today has stood in the call base since today.
        since = self.after["section_since"].mask(
            self._arrived, self.night.now.as_unit("s")
        )
        after = self.after.assign(section_since=since)
        rows = in_order(after, free, self._arrived, self.policy)
        return share_out(rows, short, loads, self._fits)

    def proposals(self, spoken_for: Iterable[str]) -> list[OfferLine]:
        """Return who could get which company, by its id."""
        ids = self.night.base["id"]
        allotments = self.allotments(spoken_for)
        return [
            OfferLine(str(ids[index]), manager) for index, manager in allotments
        ]

    @cached_property
    def _arrived(self) -> "pd.Series[bool]":
        """Rows that stand in another section than the one they were read in."""
        return self.after["section"] != self.night.base["section"]

    @cached_property
    def _left_today(self) -> "pd.Series[bool]":
        """Rows that have left the working list today, which do not come back the same day."""
        gone = (
            self.night.base["section"] == SectionCode.WORKING
        ) & self._arrived
        return gone | (self.after["left_on"] >= self.night.now)

    @property
    def _free(self) -> "pd.Series[bool]":
        """Rows of the call base that are nobody's, and did not leave the working list today."""
        after = self.after
        waits = (after["section"] == SectionCode.CALL_BASE) & (
            after["state"] == StateCode.NEW
        )
        is_ours = after["company"].notna() & (
            after["label"] != LabelCode.OFF_PROFILE
        )
        # A name that cannot be read is somebody's all the same.
        is_named = self.night.faults(["manager"])
        nobodys = waits & after["manager"].isna() & ~is_named
        return nobodys & is_ours & ~self.night.barred & ~self._left_today

    def _fits(self, index: int) -> bool:
        return self._obstacle(index) is None

    def _obstacle(self, index: int) -> Obstacle | None:
        base = self.night.base
        place = RowPlace(base.at[index, "section"], int(base.at[index, "row"]))
        return obstacle_to_move(
            self.night, place, SectionCode.WORKING, ["manager"]
        )

    def give_as_ticked(self, line: OfferLine) -> Changes:
        """Plan that a manager gets the company that somebody has ticked, where that is possible."""
        if self.has(*line) or self.why_not(*line):
            return Changes()
        why = self.text(
            "ticked on the summary for {manager}", manager=line.manager
        )
        if not is_guarded(self.night.snapshot, self.policy):
            why = f"{why} {unnamed(self.night.language)}"
        return self._give(
            self.night.index_by_id[line.row_id], line.manager, why
        )

    def give_to_fill(self, index: int, manager: str) -> Changes:
        """Plan that a manager whose list is short gets a row."""
        why = self.text(
            "taken to fill {manager}'s list ({n} of {min})",
            manager=manager,
            n=self.capacity.loads[manager] + 1,
            min=goal(self.policy, manager, self.today),
        )
        return self._give(index, manager, why)

    def _give(self, index: int, manager: str, why: str) -> Changes:
        row = self.night.base.loc[index].to_dict()
        route = Route(REFILL, REFILL.to, why, (("manager", manager),))
        changes = plan_move(self.night, index, row, route)
        if changes.moves:
            self._taken[index] = manager
            self.capacity.reserve(manager)
        return changes

    def has(self, row_id: str, manager: str) -> bool:
        """Tell whether a manager has a row in the working list already."""
        if row_id not in self.night.index_by_id:
            return False
        row = self._row(self.night.index_by_id[row_id])
        return (
            row["section"] == SectionCode.WORKING and row["manager"] == manager
        )

    def why_not(self, row_id: str, manager: str) -> str:
        """Say why a row cannot be given to a manager just now; "" where it can."""
        if (
            row_id not in self.night.index_by_id
            or row_id in self.night.ids_twice
        ):
            return self.text("the company is no longer in the base")
        index = self.night.index_by_id[row_id]
        why = self._why_not_row(index) or self._why_not_manager(manager)
        if why:
            return why
        obstacle = self._obstacle(index)
        return obstacle.message if obstacle else ""

    def _why_not_row(self, index: int) -> str:
        """Say why nobody can be given a row."""
        row = self._row(index)
        text = self.text
        words = self.policy.words
        held_until = as_date(row["held_until"])
        if row["section"] != SectionCode.CALL_BASE:
            section = words.name("sections", str(row["section"]))
            return text("now stands in “{section}”", section=section)
        if pd.notna(row["manager"]):
            return text("has a manager now: {manager}", manager=row["manager"])
        if self._left_today[index]:
            return text("left the working list today")
        if held_until is not None and held_until >= self.today:
            return text(
                "is held until {date}", date=self.night.language.day(held_until)
            )
        if self.night.barred[index] or pd.isna(row["state"]):
            return text("its row must be put right first")
        if row["state"] != StateCode.NEW:
            state = words.name("states", str(row["state"]))
            return text("its state is “{state}” now", state=state)
        return ""

    def _why_not_manager(self, manager: str) -> str:
        """Say why somebody can be given nothing."""
        if manager not in self.managers:
            return self.text(
                "{manager} is not among the managers", manager=manager
            )
        if away(self.policy, manager, self.today):
            return self.text("{manager} is on leave", manager=manager)
        return self.capacity.no_room(manager)

    def _row(self, index: int) -> ClockedRow:
        """Return a row as the moves, and what was given out since, leave it."""
        row = self.after.loc[index].to_dict()
        if index in self._taken:
            row |= {
                "section": SectionCode.WORKING,
                "manager": self._taken[index],
            }
        return cast("ClockedRow", row)

    def offer(self, line: OfferLine, why: str | None = None) -> Offer:
        """Return the line that offers a row. `why`: what is in the way of a tick; None: no tick."""
        index = self.night.index_by_id.get(line.row_id)
        state = self.night.snapshot.state
        if index is not None:
            base = self.night.base
            cells = [
                base.at[index, field] for field in ("company", "label", "city")
            ]
        else:
            # Named as it was last seen, or nobody would know which company the tick is for.
            known = line.row_id in state.index
            cells = [
                state.at[line.row_id, "company"] if known else None,
                None,
                None,
            ]
        company, label, city = (
            "" if pd.isna(cell) else str(cell) for cell in cells
        )
        is_ticked = why is not None
        return Offer(
            line.row_id,
            company,
            line.manager,
            label,
            city,
            is_ticked,
            why or "",
        )
