"""What is against the method in how people lead their clients: evidence for the head of sales (METHOD points 6 and 8).

Steps that the matrix of states does not allow, states without a contact, steps put off again and again, start dates rewritten,
quick returns to gain days, rows deleted and added again under another name. Found out of what runs have noticed (the Journal)
and what they remember (the state tab); nothing of it is undone, and nobody is moved for it.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

import pandas as pd

from sheetsync.i18n import Language
from sheetsync.method.policy import Policy
from sheetsync.rules.changes.manual_changes import ManualChange
from sheetsync.rules.changes.reappeared import Vanished, blank
from sheetsync.rules.routing.state_graph import contact_made, judged, resting
from sheetsync.schema import Severity
from sheetsync.values import EPOCH
from sheetsync.workbook.journal import JournalLine

DAYS = 30
"""How long after it was noticed a thing is reported."""
APART = 60
"""Days between a row's vanishing and the same client's coming, at most, for which both are told together."""
CODES = (
    "skipped_step",
    "backward_step",
    "no_contact_made",
    "pushed",
    "began_rewritten",
    "quick_return",
    "readded",
)
"""The codes of these findings, in the order in which they are listed."""
MENDABLE = ("no_contact_made", "pushed")
"""Those that a manager can still put right, and reads in the row's Problems column; the others are the head's to judge."""

Record = Mapping[str, Any]


class Violation(NamedTuple):
    """One finding. `row_index`: the row's index in the base; `manager`: whose doing it was, "" where the row had nobody."""

    code: str
    severity: Severity
    row_index: int
    field: str
    manager: str
    message: str
    fix: str


class DatedChange(NamedTuple):
    """What was noticed of a row, and on which day."""

    day: date
    id: str
    manager: str
    data: Record


DatedChanges = Mapping[str, Sequence[DatedChange]]
"""By id, the oldest first."""


def noticed_changes(
    journal: Iterable[JournalLine], now: Iterable[ManualChange], today: date
) -> DatedChanges:
    """Gather what was noticed lately. `journal`: its newest lines first; `now`: what this very run notices."""
    first, found = today - timedelta(days=DAYS + APART), list[DatedChange]()
    for line in journal:
        day = EPOCH + timedelta(days=int(line.when))
        if line.what == "noticed" and first <= day <= today and (data := _data(line)) is not None:
            found.append(DatedChange(day, line.id, line.manager, data))
    by_id: defaultdict[str, list[DatedChange]] = defaultdict(list)
    for step in (
        *reversed(found),
        *(DatedChange(today, one.id, one.manager, one.data) for one in now),
    ):
        by_id[step.id].append(step)
    return by_id


def _data(line: JournalLine) -> Record | None:
    try:
        found = json.loads(line.data)
    except ValueError:
        return None
    return found if isinstance(found, dict) and "kind" in found else None


def missing_rows(
    base: pd.DataFrame, state: pd.DataFrame, unread: Collection[str], today: date
) -> pd.DataFrame:
    """Return the rows of the state tab that stand nowhere in the base (column `id`), those missed only now with today as the day."""
    gone = state[
        ~state.index.isin(base["id"])
        & (state["gone_on"].notna() | ~state["section"].isin([*unread]))
    ]
    return gone.assign(gone_on=gone["gone_on"].fillna(pd.Timestamp(today).as_unit("s")))


class BaseHistory(NamedTuple):
    """What is looked at. `base`: every row after the run, with its clocks; `gone`: rows that stand nowhere any more.

    `fields`: the fields that the tab of each section has a column for.
    """

    base: pd.DataFrame
    gone: pd.DataFrame
    steps: DatedChanges
    fields: Mapping[str, Collection[str]]
    today: date


def violations(seen: BaseHistory, policy: Policy, language: Language) -> tuple[Violation, ...]:
    """Return everything that is found, in the order of the rows and of `CODES`. The same picture always gives the same ones."""
    telling = _Telling(seen, policy, language)
    rows = seen.base[seen.base["id"].isin(seen.steps) & seen.base["id"].notna()].drop_duplicates(
        "id"
    )
    found = [one for row in _records(rows) for one in telling.of_row(row)]
    found += [*telling.pushed(), *telling.quick(), *telling.elsewhere()]
    return tuple(sorted(found, key=lambda one: (one.row_index, CODES.index(one.code), one.message)))


def _records(rows: pd.DataFrame) -> Iterator[dict[str, Any]]:
    if not len(rows):
        return
    for at, row in zip(rows.index, rows.to_dict("records"), strict=True):
        yield {**row, "at": int(at)}


class _Telling:
    """Words the findings of one picture."""

    def __init__(self, seen: BaseHistory, policy: Policy, language: Language) -> None:
        self.seen, self.policy, self.language, self.text = seen, policy, language, language.text
        self.first = seen.today - timedelta(days=DAYS)

    def _lately(self, row_id: str, kind: str) -> list[DatedChange]:
        """Return what was noticed of a row within the days that are reported."""
        return [
            step
            for step in self.seen.steps.get(row_id, ())
            if step.data["kind"] == kind and step.day >= self.first
        ]

    def _who(self, manager: object) -> str:
        return self.text("— no manager —") if blank(manager) else str(manager)

    def _day(self, day: object) -> str:
        return "?" if blank(day) else self.language.day(date.fromisoformat(str(day)[:10]))

    def _state(self, code: object) -> str:
        known = isinstance(code, str) and code in self.policy.state
        return self.policy.words.name("states", str(code)) if known else self.text("(no state)")

    def of_row(self, row: Record) -> Iterator[Violation]:
        """Tell what was noticed of one row."""
        yield from self._transitions(row)
        yield from self._uncalled(row)
        yield from self._began(row)
        yield from self._readded(row)

    def _transitions(self, row: Record) -> Iterator[Violation]:
        """Tell the steps that the matrix does not allow, but for those that were put right again."""
        walked = _walked(
            [step for step in self.seen.steps[row["id"]] if step.data["kind"] == "state"]
        )
        for step, before, after in _standing(walked, self.policy):
            code = judged(before, after, str(step.data.get("section")), self.policy)
            if code is None or step.day < self.first:
                continue
            allowed = (
                ", ".join(self._state(state) for state in self.policy.state[before].next) or "—"
            )
            words = {
                "manager": self._who(step.manager),
                "day": self.language.day(step.day),
                "before": self._state(before),
                "after": self._state(after),
                "allowed": allowed,
            }
            if code == "skipped_step":
                message = self.text(
                    "{manager}, {day}: “{before}” → “{after}”, a step is skipped. After “{before}” the method allows: {allowed}.",
                    **words,
                )
            else:
                message = self.text(
                    "{manager}, {day}: “{before}” → “{after}”, a step back. After “{before}” the method allows: {allowed}.",
                    **words,
                )
            fix = self.text("Put the state right, or say in the comment why.")
            yield Violation(code, Severity.WARNING, row["at"], "state", step.manager, message, fix)

    def _uncalled(self, row: Record) -> Iterator[Violation]:
        """Tell that the state in which a row stands was set without a contact."""
        changes = self._lately(row["id"], "state")
        if not changes or "last_contact" not in self.seen.fields.get(row["section"], ()):
            return
        step = changes[-1]
        before, after = step.data.get("before"), step.data.get("after")
        if (
            row["state"] != after
            or before not in self.policy.state
            or not self._onward(before, str(after))
        ):
            return
        if contact_made(row["last_contact"], step.data):
            return
        words = {
            "manager": self._who(step.manager),
            "day": self.language.day(step.day),
            "after": self._state(after),
        }
        if blank(row["last_contact"]):
            message = self.text(
                "{manager}, {day}: “{after}” is set, and no day of a contact stands there.", **words
            )
        else:
            message = self.text(
                "{manager}, {day}: “{after}” is set without a contact; the last one was on {last}.",
                **words,
                last=self._day(row["last_contact"]),
            )
        fix = self.text("Write down the day of the contact, or put the state back.")
        yield Violation(
            "no_contact_made",
            Severity.WARNING,
            row["at"],
            "last_contact",
            step.manager,
            message,
            fix,
        )

    def _onward(self, before: str, after: str) -> bool:
        """Tell whether a change leads on to a contact or a deal."""
        order = [*self.policy.state]
        if after not in self.policy.states_where("in_work"):
            return False
        return before in resting(self.policy) or order.index(after) > order.index(before)

    def _began(self, row: Record) -> Iterator[Violation]:
        """Tell that the start date was rewritten while the clock ran, and stands so still."""
        changes = self._lately(row["id"], "began")
        if not changes or blank(row["work_since"]):
            return
        first, last = changes[0].data.get("before"), changes[-1]
        now, clock = (
            None if blank(row["began"]) else str(row["began"])[:10],
            str(row["work_since"])[:10],
        )
        if now in (first, clock) or last.data.get("since") != clock or row["began_unread"]:
            return
        words = {
            "manager": self._who(last.manager),
            "day": self.language.day(last.day),
            "before": self._day(first),
            "since": self._day(clock),
        }
        if now is None:
            message = self.text(
                "{manager}, {day}: the start date was cleared, it was {before}. The clock counts from {since} as before.",
                **words,
            )
        else:
            message = self.text(
                "{manager}, {day}: the start date was rewritten, {before} → {after}. The clock counts from {since} as before.",
                **words,
                after=self._day(now),
            )
        fix = self.text("Write the old date back; more time is the head of sales' to give.")
        yield Violation(
            "began_rewritten", Severity.NOTICE, row["at"], "began", last.manager, message, fix
        )

    def _readded(self, row: Record) -> Iterator[Violation]:
        """Tell that a row was deleted and typed anew under another manager; it is known by what it holds."""
        for step in self._lately(row["id"], "readded")[-1:]:
            before, gone = step.data.get("before"), step.data.get("gone_on")
            if before == row["manager"] or (
                gone is not None and (step.day - date.fromisoformat(gone)).days > APART
            ):
                continue
            words = {
                "before": self._who(before),
                "after": self._who(step.data.get("after")),
                "day": self.language.day(step.day),
                "id": row["id"],
            }
            if gone is None:
                message = self.text(
                    "Deleted under {before} and added again under {after}, seen on {day} (ID {id}).",
                    **words,
                )
            else:
                message = self.text(
                    "Deleted under {before}, seen on {gone}; added again under {after}, seen on {day} (ID {id}).",
                    **words,
                    gone=self._day(gone),
                )
            yield Violation(
                "readded",
                Severity.WARNING,
                row["at"],
                "manager",
                step.manager,
                message,
                self._decides(),
            )

    def _decides(self) -> str:
        return self.text("The head of sales decides whose client it is.")

    def pushed(self) -> Iterator[Violation]:
        """Tell the next steps that were put off too often since the state last advanced."""
        base = self.seen.base
        in_work = base["state"].isin(self.policy.states_where("in_work")) & base["id"].notna()
        for row in _records(base[in_work & (base["pushes"] >= self.policy.time.pushes)]):
            count = int(row["pushes"])
            message = self.language.plural(
                "The next step was put off {n} time without a contact.",
                "The next step was put off {n} times without a contact.",
                count,
            )
            for step in self._lately(row["id"], "next_on")[-1:]:
                words = {"manager": self._who(step.manager), "day": self.language.day(step.day)}
                before, after = (self._day(step.data.get(name)) for name in ("before", "after"))
                message += " " + self.text(
                    "Last: {before} → {after} ({manager}, {day}).",
                    before=before,
                    after=after,
                    **words,
                )
            fix = self.text("Take the step and write down the contact, or put the company away.")
            manager = "" if blank(row["manager"]) else str(row["manager"])
            yield Violation("pushed", Severity.WARNING, row["at"], "next_on", manager, message, fix)

    def quick(self) -> Iterator[Violation]:
        """Tell the rows that were carried back into the working list too soon, without the head's consent: no clock began anew."""
        base, within = self.seen.base, self.policy.time.consent_days
        back = (
            (base["section"] == "working")
            & (base["section_since"] >= base["left_on"])
            & base["id"].notna()
        )
        back &= (base["section_since"] - base["left_on"]).dt.days <= within
        back &= base["section_since"] >= pd.Timestamp(self.first)
        back &= (base["work_since"] < base["left_on"]) & (within > 0)
        back &= ~(
            base["held_until"] >= base["section_since"]
        )  # an undo has brought it back, or the head of sales
        for row in _records(base[back]):
            words = {
                "left": self._day(row["left_on"]),
                "back": self._day(row["section_since"]),
                "since": self._day(row["work_since"]),
            }
            message = self.text(
                "{manager}: left the working list on {left} and was put back by {back} without the head's consent; the clock goes on from {since}.",
                manager=self._who(row["manager"]),
                **words,
            )
            fix = self.text("The head of sales decides whether it stays.")
            manager = "" if blank(row["manager"]) else str(row["manager"])
            yield Violation(
                "quick_return", Severity.WARNING, row["at"], "state", manager, message, fix
            )

    def elsewhere(self) -> Iterator[Violation]:
        """Tell new rows that hold the tax number, phone or name of one that vanished under another manager."""
        lost = Vanished.of(self.seen.gone, self.seen.today, DAYS + APART)
        added = {
            i: step
            for i, told in self.seen.steps.items()
            for step in told
            if step.data["kind"] == "added"
        }
        if not added or not len(lost.rows):
            return
        base = self.seen.base
        for row in _records(base[base["id"].isin(added)].drop_duplicates("id")):
            step = added[row["id"]]
            manager = step.data.get("manager")
            found = None if blank(manager) else lost.like(row, str(manager))
            if found is None:
                continue
            old, field = found
            gone = old["gone_on"].date()
            if abs((step.day - gone).days) > APART or max(step.day, gone) < self.first:
                continue
            words = {
                "before": self._who(old["manager"]),
                "after": self._who(manager),
                "gone": self.language.day(gone),
                "day": self.language.day(step.day),
                "id": row["id"],
                "old": old["id"],
            }
            what = self.policy.words.name("columns", field)
            message = self.text(
                "Added under {after}, seen on {day} (ID {id}); a row with the same “{what}” vanished under {before}, seen on {gone} (ID {old}).",
                **words,
                what=what,
            )
            yield Violation(
                "readded",
                Severity.WARNING,
                row["at"],
                "manager",
                str(manager),
                message,
                self._decides(),
            )


def _walked(changes: Sequence[DatedChange]) -> list[tuple[DatedChange, str, str]]:
    """Return changes of state as (step, before, after); a cell that was empty for a night hides no step."""
    walked, last = list[tuple[DatedChange, str, str]](), None
    for step in changes:
        before, after = step.data.get("before") or last, step.data.get("after")
        if after is None:
            last = before
        elif before is not None:
            walked.append((step, str(before), str(after)))
            last = None
    return walked


def _standing(
    walked: Sequence[tuple[DatedChange, str, str]], policy: Policy
) -> list[tuple[DatedChange, str, str]]:
    """Leave out a forbidden step that the very next change took back, and that change with it."""
    kept = list[tuple[DatedChange, str, str]]()
    for step, before, after in walked:
        wrong = kept and judged(
            kept[-1][1], kept[-1][2], str(kept[-1][0].data.get("section")), policy
        )
        if wrong and (kept[-1][1], kept[-1][2]) == (after, before):
            kept.pop()
        else:
            kept.append((step, before, after))
    return kept
