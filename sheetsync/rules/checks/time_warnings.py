"""What is said of a row's time, in words: warnings, stays, extensions that do not count, holds (METHOD point 8).

Found in the picture after the moves, so that the next run, which reads it, has nothing to add. What it does to a row is
deadlines.py's and the enforcer's.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

import pandas as pd

from sheetsync.i18n import Language
from sheetsync.method.policy import Policy
from sheetsync.rules.deadlines.clocks import at_work, unconsented
from sheetsync.rules.deadlines.due_dates import left_until
from sheetsync.rules.deadlines.working_days import counting, known_country
from sheetsync.rules.routing.routes import first, target
from sheetsync.schema import Severity
from sheetsync.workbook.snapshot import Record

REMINDERS = ("deadline_near", "held")
"""Codes of what is said of a row with which nothing is wrong."""


ROUTED = (
    "section",
    "state",
    "label",
    "reached",
    "on_expiry",
    "refusal_reason",
    "manager",
    "amount",
    "no_amount",
)
"""What tells where a row goes when its time is up."""
REPEAT = "repeat"
"""In place of a section: the time is a repeat sale's, and the row stays with the clients."""


class Remark(NamedTuple):
    """Something to be said of the row at index `at`, under the column of `field`."""

    at: int
    code: str
    severity: Severity
    field: str
    message: str
    fix: str


def threshold(left: float, policy: Policy) -> int | None:
    """Return the last warning that `left` days have reached: of 7, 3 and 1 days it is 3 for 2; None before the first."""
    return min((days for days in policy.time.warn_days if 0 <= left <= days), default=None)


def remarks(
    after: pd.DataFrame, spans: pd.DataFrame, policy: Policy, language: Language, today: date
) -> Iterator[Remark]:
    """Say what is to be said of every row's time. `after`: the base as the plan leaves it, with its clocks; `spans`: its `times`."""
    timing = _Timing(after, spans, policy, language, today)
    yield from timing.refused()
    yield from timing.old_clock()
    yield from timing.stays()
    yield from timing.held()
    yield from timing.warnings()


class _Timing:
    """The base as a plan leaves it, and how its times are worded."""

    def __init__(
        self,
        after: pd.DataFrame,
        spans: pd.DataFrame,
        policy: Policy,
        language: Language,
        today: date,
    ) -> None:
        self.after, self.policy, self.language, self.today = after, policy, language, today
        self.times = spans
        self.left = left_until(self.times["due"], policy, today)

    def _rows(self, mask: "pd.Series[bool]") -> Iterator[tuple[int, Record]]:
        if mask.any():
            chosen = self.after[mask]
            yield from zip(map(int, chosen.index), chosen.to_dict("records"), strict=True)

    def warnings(self) -> Iterator[Remark]:
        """Rows whose deadline is near, by the first warning of the policy."""
        text = self.language.text
        near = self.after.loc[self.left.between(0, max(self.policy.time.warn_days)), list(ROUTED)]
        left, due = (column.loc[near.index].tolist() for column in (self.left, self.times["due"]))
        last, said = text("The last warning."), dict[tuple[object, ...], tuple[str, str]]()
        for at, days, day, row in zip(near.index, left, due, near.to_dict("records"), strict=True):
            goes = self._goes(row)
            if (
                days,
                day,
                goes,
            ) not in said:  # words take longer than all the rest, and most rows share theirs
                then = self._then(goes)
                final = threshold(days, self.policy) == min(self.policy.time.warn_days)
                said[days, day, goes] = (
                    self._left(int(days), day.date()),
                    f"{last} {then}" if final else then,
                )
            yield Remark(
                int(at), "deadline_near", Severity.NOTICE, "deadline", *said[days, day, goes]
            )

    def _left(self, left: int, due: date) -> str:
        day, plural = self.language.day(due), self.language.plural
        if left == 0:
            return self.language.text("Today is the last day.")
        if self.policy.time.count == "working":
            return plural(
                "{n} working day left, until {date}.",
                "{n} working days left, until {date}.",
                left,
                date=day,
            )
        return plural("{n} day left, until {date}.", "{n} days left, until {date}.", left, date=day)

    def _goes(self, row: Record) -> str | None:
        """Return the section where a row goes when its time is up; None where a person decides."""
        if row["section"] == "clients":
            return REPEAT
        rule = first(self.policy.on_expiry, row)
        undecided = rule is None or (
            rule.to == "reason" and row["refusal_reason"] not in self.policy.reason
        )
        return None if rule is None or undecided else target(rule, row, self.policy)

    def _then(self, goes: str | None) -> str:
        text = self.language.text
        if goes == REPEAT:
            return text("Then the repeat sale is over.")
        if goes is None:
            return text("Then the head of sales decides, unless it is a deal.")
        name = self.policy.words.name("sections", goes)
        return text("Then it goes to “{section}”, unless it is a deal.", section=name)

    def stays(self) -> Iterator[Remark]:
        """Rows that are longer in a state than it allows."""
        limits = {
            state.code: state.stay_days
            for state in self.policy.states
            if state.stay_days is not None
        }
        if not limits:
            return
        now = pd.Series(pd.Timestamp(self.today).as_unit("s"), index=self.after.index)
        spent = counting(self.policy).between(self.after["state_since"], now)
        for at, row in self._rows(spent > self.after["state"].map(limits).astype("float64")):
            state = self.policy.words.name("states", row["state"])
            since = self.language.day(row["state_since"].date())
            message = self.language.plural(
                "In the state “{state}” since {date}: {n} day, at most {max}.",
                "In the state “{state}” since {date}: {n} days, at most {max}.",
                int(spent.at[at]),
                state=state,
                date=since,
                max=limits[row["state"]],
            )
            fix = self.language.text("Take the next step, or put the company away.")
            yield Remark(at, "stays_too_long", Severity.WARNING, "state", message, fix)

    def refused(self) -> Iterator[Remark]:
        """Rows whose deadline somebody has moved more often, or further, than is allowed."""
        for at, row in self._rows(self.times["refused"].notna()):
            asked, until = self.language.date(row["extended_to"].date()), self.times.at[at, "until"]
            words = refusal(self.times.at[at, "refused"], asked, until, self.policy, self.language)
            yield Remark(at, "extension_refused", Severity.WARNING, "extended_to", *words)

    def old_clock(self) -> Iterator[Remark]:
        """Rows that somebody has carried back from an archive without the head's consent."""
        after, left_on = self.after, self.after["left_on"]
        back = at_work(after) & self.times["due"].notna() & (after["work_since"] < left_on)
        back &= ~(
            after["extended_to"] >= pd.Timestamp(self.today)
        )  # by then the head has given it time
        for at, row in self._rows(back & unconsented(after, self.policy, self.today)):
            day = self.language.day(row["left_on"].date())
            message = self.language.text(
                "Left the list on {date} and is back without consent: its old time goes on.",
                date=day,
            )
            yield Remark(
                at,
                "needs_consent",
                Severity.WARNING,
                "extended_to",
                message,
                consent(self.policy, self.language),
            )

    def held(self) -> Iterator[Remark]:
        """Rows that an undo has brought back."""
        for at, row in self._rows(self.after["held_until"] >= pd.Timestamp(self.today)):
            until = self.language.day(row["held_until"].date())
            message = self.language.text(
                "Brought back by an undo; stays where it is until {date}.", date=until
            )
            yield Remark(at, "held", Severity.NOTICE, "deadline", message, "")


def refusal(
    limit: str, asked: str, until: Any, policy: Policy, language: Language
) -> tuple[str, str]:
    """Say why a day does not count as an extension, and what is possible.

    `limit`: the one that it breaks, "days" or "times"; `asked`: the day in words; `until`: the deadline without it.
    """
    text, days, times = language.text, policy.time.extension_days, policy.time.extensions
    if limit == "days":
        last = counting(policy).after(pd.Series([until]), pd.Series([float(days)])).iloc[0].date()
        message = language.plural(
            "{date} does not count: a deadline is moved by {n} day at most.",
            "{date} does not count: a deadline is moved by {n} days at most.",
            days,
            date=asked,
        )
        return message, text(
            "The head of sales may give it time until {date}.", date=language.date(last)
        )
    fix = text(
        "The head of sales decides where the company goes, or allows more moves on the Settings tab."
    )
    if not times:
        return text("{date} does not count: deadlines are not moved.", date=asked), fix
    message = language.plural(
        "{date} does not count: a deadline is moved {n} time at most.",
        "{date} does not count: a deadline is moved {n} times at most.",
        times,
        date=asked,
    )
    return message, fix


def consent(policy: Policy, language: Language) -> str:
    """Say how the head of sales consents to a new clock."""
    heading = policy.words.name("columns", "extended_to")
    return language.text(
        "The head of sales consents by a new day, from today on, in “{heading}”.", heading=heading
    )


def awaits_consent(row: Record, policy: Policy, language: Language) -> tuple[str, str]:
    """Say of a row in an archive since when it is out of the list, and how long it needs the head's consent to come back."""
    left = row["left_on"].date()
    until = language.date(left + timedelta(days=policy.time.consent_days))
    day = language.date(left)
    message = language.text(
        "Left the working list on {date}: before {until} it comes back only with the head's consent.",
        date=day,
        until=until,
    )
    return message, consent(policy, language)


def no_holidays(policy: Policy, language: Language) -> tuple[str, str] | None:
    """Say that the country whose working days are to be counted is not known; None where all is well."""
    country = policy.calendar.country
    if policy.time.count != "working" or known_country(country):
        return None
    message = language.text(
        "No holidays are known for the country “{code}”: Monday to Friday count as working days.",
        code=country,
    )
    return message, language.text("Write its two letters, such as RU or KZ.")
