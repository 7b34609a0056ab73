"""What is against the method in how people lead their clients: evidence for the head of sales.

METHOD points 6 and 8: steps that the matrix of states does not allow, states without a contact,
steps put off again and again, start dates rewritten, quick returns to gain days, rows deleted and
added again under another name.

They are derived and never stored, from what runs have noticed (the Journal) and what they remember
(the state tab), so that a second run of the day finds the same. Nothing of it is undone, and
nobody is moved for it. What was done stands for `findings_days` with its evidence, also where the
state has been changed again since; what repeats itself counts up.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

import pandas as pd

from sheetsync.i18n import Language
from sheetsync.method.codes import SectionCode
from sheetsync.method.policy import Policy
from sheetsync.rules.changes.change_history import (
    APART_DAYS,
    DatedChange,
    DatedChanges,
)
from sheetsync.rules.changes.reappeared import Vanished, blank
from sheetsync.rules.routing.state_graph import contact_made, judged, resting
from sheetsync.schema import Severity
from sheetsync.workbook.frame_rows import records_of

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
"""Those that a manager can still put right, and reads in the row's Problems column.

The others are the head's to judge.
"""

Record = Mapping[str, Any]


class Violation(NamedTuple):
    """One finding.

    `row_index`: the row's label in the base; `manager`: whose doing it was, "" where the row had
    nobody; `day`: on which it was seen, None where that is not known.
    """

    code: str
    severity: Severity
    row_index: int
    field: str
    manager: str
    message: str
    fix: str
    day: date | None = None


class BaseHistory(NamedTuple):
    """A base and what became of it.

    `base`: every row after the run, with its clocks; `gone`: rows that stand nowhere any more;
    `changes`: what was noticed lately; `fields`: those that the tab of each section has a column
    for.
    """

    base: pd.DataFrame
    gone: pd.DataFrame
    changes: DatedChanges
    fields: Mapping[str, Collection[str]]
    today: date


class StateStep(NamedTuple):
    """A change of state that led from one known state to another."""

    change: DatedChange
    before: str
    after: str

    def verdict(self, policy: Policy) -> str | None:
        """Return what it is by the matrix of states: a code, or None where it is allowed."""
        section = str(self.change.data.get("section"))
        return judged(self.before, self.after, section, policy)


def violations(
    history: BaseHistory, policy: Policy, language: Language
) -> tuple[Violation, ...]:
    """Return everything that is found, in the order of the rows and of `CODES`.

    The same history always gives the same ones.
    """
    base = history.base
    # The Journal knows a row by its ID: one that stands twice would be told the same thing twice.
    changed = base[
        base["id"].isin(history.changes) & base["id"].notna()
    ].drop_duplicates("id")
    finder = _Finder(history, policy, language)
    found = list[Violation]()
    for row in _records(changed):
        found += finder.of_row(row)
    found += [
        *finder.pushed(),
        *finder.quick_returns(),
        *finder.repeated_elsewhere(),
    ]
    return tuple(sorted(found, key=_place))


def _place(violation: Violation) -> tuple[int, int, str]:
    return violation.row_index, CODES.index(violation.code), violation.message


def _records(rows: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Go through rows of a frame as records, with their label as `index`."""
    for index, row in records_of(rows):
        yield {**row, "index": int(index)}


class _Finder:
    """Finds what is against the method in one base, and words it."""

    def __init__(
        self, history: BaseHistory, policy: Policy, language: Language
    ) -> None:
        self.history = history
        self.policy = policy
        self.language = language
        self.text = language.text
        self.first_day = history.today - timedelta(
            days=policy.time.findings_days
        )

    def of_row(self, row: Record) -> Iterator[Violation]:
        """Tell what was noticed of one row."""
        yield from self._forbidden_steps(row)
        yield from self._step_without_contact(row)
        yield from self._began_rewritten(row)
        yield from self._readded(row)

    def _forbidden_steps(self, row: Record) -> Iterator[Violation]:
        """Tell the steps that the matrix does not allow, those too that were put right again."""
        changes = self.history.changes[row["id"]]
        steps = _steps([change for change in changes if change.kind == "state"])
        times = Counter[str]()
        for step, righted in _with_mending(steps, self.policy):
            code = step.verdict(self.policy)
            # Older steps were gone through too, as a later one may have taken one of them back.
            if code is None or step.change.day < self.first_day:
                continue
            times[code] += 1
            parts = [self._step_message(code, step)]
            if righted is not None:
                day = self.language.day(righted)
                parts.append(self.text("Put right on {day}.", day=day))
            parts += self._repeated(times[code])
            fix = self.text("Put the state right, or say in the comment why.")
            yield Violation(
                code=code,
                severity=Severity.NOTICE if righted else Severity.WARNING,
                row_index=row["index"],
                field="state",
                # Theirs who led the row on that day: a handover since makes it nobody else's doing.
                manager=step.change.manager,
                message=" ".join(parts),
                fix="" if righted else fix,
                day=step.change.day,
            )

    def _repeated(self, times: int) -> list[str]:
        """Say that a thing repeats itself on a row; nothing for the first time."""
        if times == 1:
            return []
        days = self.policy.time.findings_days
        return [
            self.text("Time {n} within {days} days.", n=times, days=days),
        ]

    def _step_message(self, code: str, step: StateStep) -> str:
        following = ", ".join(
            map(self._state, self.policy.state[step.before].next)
        )
        words = {
            "manager": self._who(step.change.manager),
            "day": self.language.day(step.change.day),
            "before": self._state(step.before),
            "after": self._state(step.after),
            "allowed": following or "—",
        }
        if code == "skipped_step":
            return self.text(
                "{manager}, {day}: “{before}” → “{after}”, a step is skipped. "
                "After “{before}” the method allows: {allowed}.",
                **words,
            )
        return self.text(
            "{manager}, {day}: “{before}” → “{after}”, a step back. "
            "After “{before}” the method allows: {allowed}.",
            **words,
        )

    def _step_without_contact(self, row: Record) -> Iterator[Violation]:
        """Tell that the state in which a row stands was set without a contact."""
        last_change = self._last_change(row["id"], "state")
        has_column = "last_contact" in self.history.fields.get(
            row["section"], ()
        )
        # A team that writes no contacts down is not asked for them.
        if last_change is None or not has_column:
            return
        if self._needs_contact(row, last_change):
            yield Violation(
                code="no_contact_made",
                severity=Severity.WARNING,
                row_index=row["index"],
                field="last_contact",
                manager=last_change.manager,
                message=self._contact_message(row, last_change),
                fix=self.text(
                    "Write down the day of the contact, or put the state back."
                ),
                day=last_change.day,
            )

    def _needs_contact(self, row: Record, change: DatedChange) -> bool:
        """Tell whether a change of state, if it still stands, led on without a contact."""
        before = change.data.get("before")
        after = change.data.get("after")
        if row["state"] != after or before not in self.policy.state:
            return False
        if not self._leads_on(before, str(after)):
            return False
        return not contact_made(row["last_contact"], change.data)

    def _leads_on(self, before: str, after: str) -> bool:
        """Tell whether a change leads on to a contact or a deal."""
        # Putting a company away takes no contact.
        if after not in self.policy.states_where("in_work"):
            return False
        order = [*self.policy.state]
        return before in resting(self.policy) or order.index(
            after
        ) > order.index(before)

    def _contact_message(self, row: Record, change: DatedChange) -> str:
        words = {
            "manager": self._who(change.manager),
            "day": self.language.day(change.day),
            "after": self._state(change.data.get("after")),
        }
        if blank(row["last_contact"]):
            return self.text(
                "{manager}, {day}: “{after}” is set, and no day of a contact stands there.",
                **words,
            )
        return self.text(
            "{manager}, {day}: “{after}” is set without a contact; the last one was on {last}.",
            **words,
            last=self._day(row["last_contact"]),
        )

    def _began_rewritten(self, row: Record) -> Iterator[Violation]:
        """Tell that the start date was rewritten while the clock ran, and stands so still."""
        changes = self._recent_changes(row["id"], "began")
        if not changes or blank(row["work_since"]) or row["began_unread"]:
            return
        clock = str(row["work_since"])[:10]
        written = None if blank(row["began"]) else str(row["began"])[:10]
        first = changes[0].data.get("before")
        last = changes[-1]
        # The old date written back puts it right; a clock that began anew since is another one.
        if written in (first, clock) or last.data.get("since") != clock:
            return
        yield Violation(
            code="began_rewritten",
            severity=Severity.NOTICE,
            row_index=row["index"],
            field="began",
            manager=last.manager,
            message=self._began_message(last, first, written, clock),
            fix=self.text(
                "Write the old date back; more time is the head of sales' to give."
            ),
            day=last.day,
        )

    def _began_message(
        self, last: DatedChange, first: object, written: str | None, clock: str
    ) -> str:
        words = {
            "manager": self._who(last.manager),
            "day": self.language.day(last.day),
            "before": self._day(first),
            "since": self._day(clock),
        }
        if written is None:
            return self.text(
                "{manager}, {day}: the start date was cleared, it was {before}. "
                "The clock counts from {since} as before.",
                **words,
            )
        return self.text(
            "{manager}, {day}: the start date was rewritten, {before} → {after}. "
            "The clock counts from {since} as before.",
            **words,
            after=self._day(written),
        )

    def _readded(self, row: Record) -> Iterator[Violation]:
        """Tell that a row was deleted and typed anew under another manager.

        It is known by what it holds.
        """
        change = self._last_change(row["id"], "readded")
        # With the first manager again, there is nothing left for the head to decide.
        if change is None or change.data.get("before") == row["manager"]:
            return
        gone = change.data.get("gone_on")
        if (
            gone is not None
            and (change.day - date.fromisoformat(gone)).days > APART_DAYS
        ):
            return
        yield self._readding(
            row["index"],
            change,
            change.manager,
            self._readded_message(row["id"], change, gone),
        )

    def _readded_message(
        self, row_id: str, change: DatedChange, gone: str | None
    ) -> str:
        words = {
            "before": self._who(change.data.get("before")),
            "after": self._who(change.data.get("after")),
            "day": self.language.day(change.day),
            "id": row_id,
        }
        if gone is None:
            return self.text(
                "Deleted under {before} and added again under {after}, seen on {day} (ID {id}).",
                **words,
            )
        return self.text(
            "Deleted under {before}, seen on {gone}; "
            "added again under {after}, seen on {day} (ID {id}).",
            **words,
            gone=self._day(gone),
        )

    def _readding(
        self, index: int, change: DatedChange, manager: str, message: str
    ) -> Violation:
        return Violation(
            code="readded",
            severity=Severity.WARNING,
            row_index=index,
            field="manager",
            manager=manager,
            message=message,
            fix=self.text("The head of sales decides whose client it is."),
            day=change.day,
        )

    def pushed(self) -> Iterator[Violation]:
        """Tell the next steps that were put off too often since the state last advanced."""
        base = self.history.base
        in_work = (
            base["state"].isin(self.policy.states_where("in_work"))
            & base["id"].notna()
        )
        standing = base[in_work & (base["pushes"] >= self.policy.time.pushes)]
        times = Counter[str]()
        for row in self._changed_rows():
            stands = row["index"] in standing.index
            for put_off in self._overtaken(row["id"], stands=stands):
                times[row["id"]] += 1
                yield self._overtaken_push(row, put_off, times[row["id"]])
        for row in _records(standing):
            last = self._last_change(row["id"], "next_on")
            parts = [self._pushed_message(row, last)]
            parts += self._repeated(times[row["id"]] + 1)
            yield Violation(
                code="pushed",
                severity=Severity.WARNING,
                row_index=row["index"],
                field="next_on",
                manager=_name(row["manager"]),
                message=" ".join(parts),
                fix=self.text(
                    "Take the step and write down the contact, or put the company away."
                ),
                day=None if last is None else last.day,
            )

    def _changed_rows(self) -> Iterator[dict[str, Any]]:
        base = self.history.base
        changed = base[base["id"].isin(self.history.changes)]
        yield from _records(changed.drop_duplicates("id"))

    def _overtaken(
        self, row_id: str, *, stands: bool
    ) -> list[list[DatedChange]]:
        """Return the steps of a row that were put off too often and that something has ended since.

        `stands`: whether the last of them is told as one that goes on.
        """
        series: list[list[DatedChange]] = [[]]
        for change in self.history.changes[row_id]:
            if change.kind == "next_on":
                series[-1].append(change)
            elif change.kind == "contact" or self._advances(change):
                series.append([])
        ended = series[:-1] if stands else series
        return [
            changes
            for changes in ended
            if len(changes) >= self.policy.time.pushes
            and changes[-1].day >= self.first_day
        ]

    def _advances(self, change: DatedChange) -> bool:
        """Tell whether a change led to a further state, or out of work."""
        after = change.data.get("after")
        if change.kind != "state" or after not in self.policy.state:
            return False
        if after not in self.policy.states_where("in_work"):
            return True
        order = [*self.policy.state]
        before = change.data.get("before")
        return before in order and order.index(after) > order.index(before)

    def _overtaken_push(
        self, row: Record, put_off: Sequence[DatedChange], times: int
    ) -> Violation:
        last = put_off[-1]
        message = self.language.plural(
            "The next step was put off {n} time without a contact.",
            "The next step was put off {n} times without a contact.",
            len(put_off),
        )
        parts = [message, self._push_evidence(last), *self._repeated(times)]
        return Violation(
            code="pushed",
            severity=Severity.NOTICE,
            row_index=row["index"],
            field="next_on",
            manager=last.manager,
            message=" ".join(parts),
            fix="",
            day=last.day,
        )

    def _pushed_message(self, row: Record, last: DatedChange | None) -> str:
        message = self.language.plural(
            "The next step was put off {n} time without a contact.",
            "The next step was put off {n} times without a contact.",
            int(row["pushes"]),
        )
        if last is None:
            return message
        return f"{message} {self._push_evidence(last)}"

    def _push_evidence(self, last: DatedChange) -> str:
        return self.text(
            "Last: {before} → {after} ({manager}, {day}).",
            before=self._day(last.data.get("before")),
            after=self._day(last.data.get("after")),
            manager=self._who(last.manager),
            day=self.language.day(last.day),
        )

    def quick_returns(self) -> Iterator[Violation]:
        """Tell the rows that were carried back into the working list too soon.

        Without the head's consent no clock began anew. Those too that have left it again since.
        """
        times = Counter[str]()
        standing = self.history.base[self._came_back_too_soon()]
        since = dict(
            zip(standing["id"], standing["section_since"], strict=True)
        )
        for row in self._changed_rows():
            stands_since = since.get(row["id"])
            for change in self._returns(row["id"]):
                if self._day(change.day) == self._day(stands_since):
                    continue
                times[row["id"]] += 1
                data = change.data
                days = (data["left_on"], change.day, data["since"])
                again = times[row["id"]]
                yield self._quick_return(row, change.manager, days, again)
        for row in _records(standing):
            days = (row["left_on"], row["section_since"], row["work_since"])
            manager = _name(row["manager"])
            again = times[row["id"]] + 1
            yield self._quick_return(row, manager, days, again)

    def _returns(self, row_id: str) -> list[DatedChange]:
        """Return when a row came back too soon, with its old clock, as far as the Journal tells."""
        most = self.policy.time.consent_days
        returns = []
        for change in self._recent_changes(row_id, "returned"):
            left = change.data.get("left_on")
            since = change.data.get("since")
            if left is None or since is None or not most:
                continue
            days = (change.day - date.fromisoformat(left)).days
            if since < left and 0 <= days <= most:
                returns.append(change)
        return returns

    def _quick_return(
        self, row: Record, manager: str, days: tuple[Any, Any, Any], times: int
    ) -> Violation:
        """Return the finding. `days`: when it left, when it came back, since when time counts."""
        left, back, since = days
        message = self.text(
            "{manager}: left the working list on {left} and was put back by {back} "
            "without the head's consent; the clock goes on from {since}.",
            manager=self._who(manager),
            left=self._day(left),
            back=self._day(back),
            since=self._day(since),
        )
        return Violation(
            code="quick_return",
            severity=Severity.WARNING,
            row_index=row["index"],
            field="state",
            manager=manager,
            message=" ".join([message, *self._repeated(times)]),
            fix=self.text("The head of sales decides whether it stays."),
            day=date.fromisoformat(str(back)[:10]),
        )

    def _came_back_too_soon(self) -> "pd.Series[bool]":
        base = self.history.base
        days = self.policy.time.consent_days
        left = base["left_on"]
        back = base["section_since"]
        in_list = (base["section"] == SectionCode.WORKING) & base["id"].notna()
        soon = (back >= left) & ((back - left).dt.days <= days)
        lately = back >= pd.Timestamp(self.first_day)
        # A clock older than the leaving is the old one: with the head's consent another had begun.
        old_clock = (base["work_since"] < left) & (days > 0)
        # An undo has brought it back, or the head of sales.
        held = base["held_until"] >= back
        return in_list & soon & lately & old_clock & ~held

    def repeated_elsewhere(self) -> Iterator[Violation]:
        """Tell new rows that repeat one that vanished under another manager.

        They hold its tax number, phone or name.
        """
        added = self._added()
        if not added:
            return
        days = self.policy.time.findings_days + APART_DAYS
        vanished = Vanished.of(self.history.gone, self.history.today, days)
        base = self.history.base
        for row in _records(base[base["id"].isin(added)].drop_duplicates("id")):
            change = added[row["id"]]
            manager = _name(change.data.get("manager"))
            repeated = vanished.like(row, manager) if manager else None
            if repeated is None:
                continue
            old, field = repeated
            if self._is_told_together(old["gone_on"].date(), change.day):
                message = self._repeated_message(row["id"], change, old, field)
                yield self._readding(row["index"], change, manager, message)

    def _added(self) -> dict[str, DatedChange]:
        """Return the change by which each new row was noticed."""
        added = {}
        for row_id, changes in self.history.changes.items():
            for change in changes:
                if change.kind == "added":
                    added[row_id] = change
        return added

    def _is_told_together(self, gone: date, came: date) -> bool:
        return (
            # A second row may be typed before the first is deleted, so either may come first.
            abs((came - gone).days) <= APART_DAYS
            and max(came, gone) >= self.first_day
        )

    def _repeated_message(
        self, row_id: str, change: DatedChange, old: Record, field: str
    ) -> str:
        return self.text(
            "Added under {after}, seen on {day} (ID {id}); a row with the same “{what}” "
            "vanished under {before}, seen on {gone} (ID {old}).",
            after=self._who(change.data.get("manager")),
            day=self.language.day(change.day),
            id=row_id,
            what=self.policy.words.name("columns", field),
            before=self._who(old["manager"]),
            gone=self.language.day(old["gone_on"].date()),
            old=old["id"],
        )

    def _recent_changes(self, row_id: str, kind: str) -> list[DatedChange]:
        """Return what was noticed of a row within the days that are reported."""
        changes = self.history.changes.get(row_id, ())
        return [
            change
            for change in changes
            if change.kind == kind and change.day >= self.first_day
        ]

    def _last_change(self, row_id: str, kind: str) -> DatedChange | None:
        changes = self._recent_changes(row_id, kind)
        return changes[-1] if changes else None

    def _who(self, manager: object) -> str:
        return _name(manager) or self.text("— no manager —")

    def _day(self, day: object) -> str:
        return (
            "?"
            if blank(day)
            else self.language.day(date.fromisoformat(str(day)[:10]))
        )

    def _state(self, code: object) -> str:
        if isinstance(code, str) and code in self.policy.state:
            return self.policy.words.name("states", code)
        return self.text("(no state)")


def _name(manager: object) -> str:
    return "" if blank(manager) else str(manager)


def _steps(changes: Sequence[DatedChange]) -> list[StateStep]:
    """Return changes of state as steps; a cell that was empty for a night hides none."""
    steps = list[StateStep]()
    state_before_gap = None
    for change in changes:
        before = change.data.get("before") or state_before_gap
        after = change.data.get("after")
        if after is None:
            state_before_gap = before
        elif before is not None:
            steps.append(StateStep(change, str(before), str(after)))
            state_before_gap = None
    return steps


def _with_mending(
    steps: Sequence[StateStep], policy: Policy
) -> list[tuple[StateStep, date | None]]:
    """Return each step with the day on which the very next one took it back, None for never.

    The one that took it back is left out.
    """
    standing = list[StateStep]()
    righted: dict[int, date] = {}
    told = list[StateStep]()
    for step in steps:
        last = standing[-1] if standing else None
        if last is not None and _takes_back(step, last, policy):
            righted[id(standing.pop())] = step.change.day
        else:
            standing.append(step)
            told.append(step)
    return [(step, righted.get(id(step))) for step in told]


def _takes_back(step: StateStep, last: StateStep, policy: Policy) -> bool:
    is_return = (last.before, last.after) == (step.after, step.before)
    # A step back out of one that was allowed takes nothing back: it is a finding of its own.
    return is_return and last.verdict(policy) is not None
