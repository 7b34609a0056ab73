"""What comes into the working lists, and that none of them grows over its limit: rows sent there, ticked ones, refill.

METHOD point 7. Whatever the program itself does, a list never holds more than `Policy.limit` allows that day; only an undo,
which puts back what was, may, and says so.
"""

from collections.abc import Iterable

import pandas as pd

from sheetsync.method.terms import Rule
from sheetsync.rules.capacity.refill import (
    away,
    goal,
    in_order,
    known_managers,
    lacking,
    share_out,
    ticked,
)
from sheetsync.rules.draft.plan_draft import PlanDraft, load
from sheetsync.rules.draft.projection import after_moves
from sheetsync.rules.routing.moves import Kept, kept, transfer
from sheetsync.rules.routing.routes import Route, written
from sheetsync.schema import Severity
from sheetsync.workbook.immovable_ranges import arriving
from sheetsync.workbook.plan import Offer
from sheetsync.workbook.snapshot import Record, as_date

REFILL = Rule(name="refill", to="working")
"""The rule of rows that are given out of the call base."""


def admit(draft: PlanDraft, arrivals: Iterable[tuple[int, Record, Route]]) -> None:
    """Let rows into the working list while their manager's list has room, oldest contact first."""
    staying = draft.base[~draft.base.index.isin(draft.moves)]
    policy, text = draft.policy, draft.language.text
    busy, counted = load(staying, policy), policy.states_where("counts_to_cap")
    for at, row, route in sorted(
        arrivals, key=lambda entry: (str(entry[1]["last_contact"]), entry[0])
    ):
        manager = "" if pd.isna(row["manager"]) else str(row["manager"])
        limit = policy.limit(manager, draft.today)
        takes = (written(route.rule, "working", row)[0] or row["state"]) in counted
        if not manager:
            texts = (
                text("Cannot be taken into work without a manager."),
                text("Put a name into the manager's column."),
            )
            draft.report("no_manager", Severity.ERROR, row, "manager", texts)
        elif takes and busy[manager] >= limit:
            texts = (
                text(
                    "{manager}'s working list is full ({n} of {max}): the row stays here.",
                    manager=manager,
                    n=busy[manager],
                    max=limit,
                ),
                text("Free a place or choose another manager."),
            )
            draft.report("cap", Severity.ERROR, row, "manager", texts)
        elif transfer(draft, at, row, route):
            busy[manager] += takes


class Taking:
    """The base as the moves so far leave it, and who could get what of its call base.

    `barred`: rows that nothing may move now: a cell that must be read cannot be, an unclear id, a row that is held.
    """

    def __init__(self, draft: PlanDraft, barred: "pd.Series[bool]") -> None:
        self.draft, self.policy, self.barred = draft, draft.policy, barred
        self.text, self.today = draft.language.text, draft.today
        base = draft.base
        self.after = after_moves(draft.snapshot, base, draft.moves, draft.edits, self.policy)
        self.moved = self.after["section"] != base["section"]
        self.after.loc[self.moved, "section_since"] = pd.Timestamp(self.today).as_unit("s")
        self.busy = load(self.after, self.policy)
        self.names = known_managers(self.policy, self.after)
        self._places = {name: base[name].to_numpy() for name in ("section", "row")}
        self._words = {name: base[name].to_numpy() for name in ("company", "label", "city")}
        gone = (base["section"] == "working") & self.moved
        self._left = gone | (self.after["left_on"] >= pd.Timestamp(self.today))
        """Rows that have left the working list today, which do not come back the same day."""
        self._taken: dict[int, str] = {}
        """Rows that were given out since, and who got them."""
        self._at = {str(row_id): at for at, row_id in enumerate(base["id"])}
        self._twice = frozenset(base.loc[base["id"].duplicated(keep=False), "id"])

    @property
    def on(self) -> bool:
        """Whether lists are refilled at all, and rows can come to the working list."""
        tab = self.draft.snapshot.tab.get("working")
        return (
            self.policy.cap.refill != "off"
            and tab is not None
            and arriving(tab, self.draft.language) is None
        )

    def shared(self, without: Iterable[tuple[str, str]] = ()) -> list[tuple[int, str]]:
        """Return who gets which row (by its index), up to each list's lower end; `without`: ids that are spoken for."""
        short = lacking(self.policy, self.names, self.busy, self.today)
        if not short:
            return []
        spoken = {row_id for row_id, _ in without}
        free = self._free & ~self.after["id"].isin(spoken)
        return share_out(
            in_order(self.after, free, self.moved, self.policy), short, self.busy, self._fits
        )

    @property
    def _free(self) -> "pd.Series[bool]":
        """Rows of the call base that are nobody's, and did not leave the working list today."""
        after = self.after
        mine = (
            (after["section"] == "call_base") & (after["state"] == "new") & after["manager"].isna()
        )
        return (
            mine
            & after["company"].notna()
            & (after["label"] != "off_profile")
            & ~self.barred
            & ~self._left
        )

    def _fits(self, at: int) -> bool:
        return self._obstacle(at) is None

    def _obstacle(self, at: int) -> Kept | None:
        place = {name: column[at] for name, column in self._places.items()}
        return kept(self.draft, place, "working", ["manager"])

    def take(self, at: int, manager: str, reason: str) -> bool:
        """Plan that a manager gets a row; tells whether that is possible."""
        row = self.draft.base.loc[at].to_dict()
        if not transfer(
            self.draft, at, row, Route(REFILL, "working", reason, (("manager", manager),))
        ):
            return False
        self._taken[at] = manager
        self.busy[manager] += 1
        return True

    def why_not(self, row_id: str, manager: str) -> str:
        """Say why a row cannot be given to a manager just now; "" where it can."""
        text, limit = self.text, self.policy.limit(manager, self.today)
        if row_id not in self._at or row_id in self._twice:
            return text("the company is no longer in the base")
        if said := self._of_row(self._at[row_id]):
            return said
        if manager not in self.names:
            return text("{manager} is not among the managers", manager=manager)
        if away(self.policy, manager, self.today):
            return text("{manager} is on leave", manager=manager)
        if self.busy[manager] >= limit:
            return text(
                "{manager}'s list is full: {n} of {max}",
                manager=manager,
                n=self.busy[manager],
                max=limit,
            )
        obstacle = self._obstacle(self._at[row_id])
        return obstacle.texts[0] if obstacle else ""

    def _of_row(self, at: int) -> str:
        row, text, words = self._row(at), self.text, self.policy.words
        if row["section"] != "call_base":
            return text(
                "now stands in “{section}”", section=words.name("sections", str(row["section"]))
            )
        if pd.notna(row["manager"]):
            return text("has a manager now: {manager}", manager=row["manager"])
        if self._left[at]:
            return text("left the working list today")
        held = as_date(row["held_until"])
        if held is not None and held >= self.today:
            return text("is held until {date}", date=self.draft.language.day(held))
        if self.barred[at] or pd.isna(row["state"]):
            return text("its row must be put right first")
        if row["state"] != "new":
            return text("its state is “{state}” now", state=words.name("states", str(row["state"])))
        return ""

    def _row(self, at: int) -> Record:
        row: Record = self.after.loc[at].to_dict()
        return (
            {**row, "section": "working", "manager": self._taken[at]} if at in self._taken else row
        )

    def has(self, row_id: str, manager: str) -> bool:
        """Tell whether a manager has a row in the working list already."""
        row = self._row(self._at[row_id]) if row_id in self._at else None
        return row is not None and row["section"] == "working" and row["manager"] == manager

    def offer(self, row_id: str, manager: str, why: str | None = None) -> Offer:
        """Return the line that offers a row; `why` None: nobody has ticked it."""
        at, state = self._at.get(row_id), self.draft.snapshot.state
        if at is not None:
            held = [column[at] for column in self._words.values()]
        else:
            held = [state.at[row_id, "company"] if row_id in state.index else None, None, None]
        company, label, city = ("" if pd.isna(cell) else str(cell) for cell in held)
        return Offer(row_id, company, manager, label, city, why is not None, why or "")


def give_out(draft: PlanDraft, barred: "pd.Series[bool]") -> None:
    """Carry out what people have ticked on the summary; then, where the policy says so, fill the lists that are short."""
    wanted, assigns = ticked(draft.snapshot.decisions), draft.policy.cap.refill == "assign"
    if not (wanted or assigns):
        return
    taking, text = Taking(draft, barred), draft.language.text
    if not taking.on:
        return
    for row_id, manager in wanted:
        if not taking.has(row_id, manager) and not taking.why_not(row_id, manager):
            at = taking._at[row_id]  # noqa: SLF001
            taking.take(at, manager, text("ticked on the summary for {manager}", manager=manager))
    for at, manager in taking.shared() if assigns else ():
        most = goal(draft.policy, manager, draft.today)
        why = text(
            "taken to fill {manager}'s list ({n} of {min})",
            manager=manager,
            n=taking.busy[manager] + 1,
            min=most,
        )
        taking.take(at, manager, why)


def offers(draft: PlanDraft, barred: "pd.Series[bool]") -> tuple[Offer, ...]:
    """Return who could get what, as the moves leave the base: what is ticked and was not carried out, then what is proposed.

    A tick that waits for the next run says nothing; one that cannot be carried out says why.
    """
    proposes, wanted = draft.policy.cap.refill == "propose", ticked(draft.snapshot.decisions)
    if not (proposes or wanted):
        return ()
    taking = Taking(draft, barred)
    if not taking.on:
        return ()
    left = [pair for pair in wanted if not taking.has(*pair)]
    told = [taking.offer(*pair, taking.why_not(*pair)) for pair in left]
    waiting = [pair for pair, offer in zip(left, told, strict=True) if not offer.why]
    names = draft.base["id"]
    shared = taking.shared(waiting) if proposes else []
    fresh = [(str(names[at]), manager) for at, manager in shared]
    return (*told, *(taking.offer(*pair) for pair in fresh if pair not in left))
