"""What is said of a row's time: warnings, stays, extensions that do not count, holds.

METHOD point 8. Found in the picture after the moves, so that the next run, which reads it, has
nothing to add. What it does to a row is told in deadlines/ and nightly/.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from enum import Enum
from typing import Any, NamedTuple, cast

import pandas as pd

from sheetsync.i18n import Language
from sheetsync.method.codes import SectionCode
from sheetsync.method.policy import Policy
from sheetsync.rules.deadlines.clocks import at_work, unconsented
from sheetsync.rules.deadlines.due_dates import left_until
from sheetsync.rules.deadlines.label_time import is_raised
from sheetsync.rules.deadlines.last_readable import turned_at_once
from sheetsync.rules.deadlines.sale_proofs import unproved_clients
from sheetsync.rules.deadlines.working_days import counting, known_country
from sheetsync.rules.draft.night import ClockedRow, records
from sheetsync.rules.routing.routes import section_after_expiry
from sheetsync.schema import Severity
from sheetsync.workbook.frame_rows import records_of
from sheetsync.workbook.plan import STAY_SIGNS

REMINDERS = ("deadline_near", "held", "stay_used")
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


HALF, THREE_QUARTERS, OVER = STAY_SIGNS
"""How much of a stay is used up, as the row says it and its colours know it."""


class AfterExpiry(Enum):
    """What comes when a row's time is up, where it goes to no section."""

    REPEAT_SALE_ENDS = "it stays with the clients"
    HEAD_DECIDES = "no rule says where it goes"


class TimeRemark(NamedTuple):
    """Something to be said of the row at a label, under the column of `field`."""

    row_index: int
    code: str
    severity: Severity
    field: str
    message: str
    fix: str


def threshold(left: float, policy: Policy) -> int | None:
    """Return the last warning that `left` days have reached; None before the first.

    Of 7, 3 and 1 days it is 3 for 2.
    """
    return min(
        (days for days in policy.time.warn_days if 0 <= left <= days),
        default=None,
    )


def time_remarks(
    after: pd.DataFrame,
    spans: pd.DataFrame,
    policy: Policy,
    language: Language,
    today: date,
    *,
    on_trial: bool = False,
) -> Iterator[TimeRemark]:
    """Say what is to be said of every row's time.

    `after`: the base as the plan leaves it, with its clocks; `spans`: its `due_dates.times`;
    `on_trial`: whether a trial of the model keeps every row where it is.
    """
    wording = _TimeWording(after, spans, policy, language, today)
    wording.on_trial = on_trial
    yield from wording.unreadable()
    yield from wording.never_read()
    yield from wording.raised_labels()
    yield from wording.refused()
    yield from wording.old_clock()
    yield from wording.stays()
    yield from wording.far_steps()
    yield from wording.held()
    yield from wording.warnings()


class _TimeWording:
    """The base as a plan leaves it, and how its times are worded."""

    def __init__(
        self,
        after: pd.DataFrame,
        spans: pd.DataFrame,
        policy: Policy,
        language: Language,
        today: date,
    ) -> None:
        self.after = after
        self.spans = spans
        self.policy = policy
        self.language = language
        self.today = today
        self.on_trial = False
        self.now = pd.Timestamp(today).as_unit("s")
        self.left = left_until(spans["due"], policy, today)

    def warnings(self) -> Iterator[TimeRemark]:
        """Go through the rows whose deadline is near, by the first warning of the policy."""
        is_near = self.left.between(0, max(self.policy.time.warn_days))
        # By what could last be read, which is what counts.
        timed = self.after.assign(
            left=self.left,
            due=self.spans["due"],
            state=self.after["last_state"],
            label=self.after["last_label"],
            unproved=unproved_clients(self.after),
        )
        # Words take longer than all the rest, and most rows share theirs.
        worded: dict[
            tuple[float, pd.Timestamp, str | AfterExpiry], tuple[str, str]
        ] = {}
        names = (*ROUTED, "left", "due", "unproved")
        for index, row in records_of(timed, is_near, names):
            told_by = (
                row["left"],
                row["due"],
                self._then(
                    cast("ClockedRow", row), is_unproved=row["unproved"]
                ),
            )
            if told_by not in worded:
                worded[told_by] = self._warning(*told_by)
            yield TimeRemark(
                int(index),
                "deadline_near",
                Severity.NOTICE,
                "deadline",
                *worded[told_by],
            )

    def _warning(
        self, left: float, due: pd.Timestamp, then: str | AfterExpiry
    ) -> tuple[str, str]:
        message = self._left(int(left), due.date())
        consequence = self._consequence(then)
        if threshold(left, self.policy) != min(self.policy.time.warn_days):
            return message, consequence
        last = self.language.text("The last warning.")
        return message, f"{last} {consequence}"

    def _left(self, left: int, due: date) -> str:
        day = self.language.day(due)
        plural = self.language.plural
        if left == 0:
            return self.language.text("Today is the last day.")
        if self.policy.time.count == "working":
            return plural(
                "{n} working day left, until {date}.",
                "{n} working days left, until {date}.",
                left,
                date=day,
            )
        return plural(
            "{n} day left, until {date}.",
            "{n} days left, until {date}.",
            left,
            date=day,
        )

    def _then(self, row: ClockedRow, *, is_unproved: bool) -> str | AfterExpiry:
        """Return the section where a row goes when its time is up, or what comes instead."""
        # A repeat sale never ends in a refusal, whatever the rules on expiry say of its row;
        # what was never sold is no repeat sale.
        if row["section"] == SectionCode.CLIENTS and not is_unproved:
            return AfterExpiry.REPEAT_SALE_ENDS
        return (
            section_after_expiry(row, self.policy) or AfterExpiry.HEAD_DECIDES
        )

    def _consequence(self, then: str | AfterExpiry) -> str:
        text = self.language.text
        if then is AfterExpiry.REPEAT_SALE_ENDS:
            return text("Then the repeat sale is over.")
        if then is AfterExpiry.HEAD_DECIDES:
            return text("Then the head of sales decides, unless it is a deal.")
        name = self.policy.words.name("sections", then)
        if self.on_trial:
            return text(
                "Trial: then it would go to “{section}”, unless it is a deal.",
                section=name,
            )
        return text(
            "Then it goes to “{section}”, unless it is a deal.", section=name
        )

    def unreadable(self) -> Iterator[TimeRemark]:
        """Go through the rows that cannot be read, and whose time goes on all the same."""
        after = self.after
        text = self.language.text
        runs = self.spans["due"].notna()
        goes_on = after["unread_since"].notna() & runs
        at_once = turned_at_once(after, self.policy)
        for index, row in records(after, goes_on & ~at_once):
            message = text(
                "A cell that decides cannot be read. What could be read last goes on counting: "
                "the row moves on {day} all the same.",
                day=self.language.day(self._moves_on(index, row)),
            )
            yield TimeRemark(
                index,
                "unread_goes_on",
                Severity.WARNING,
                "deadline",
                message,
                text("Put the cell right."),
            )
        for index, row in records(after, goes_on & at_once):
            message = text(
                "So much of this tab turned unreadable on {day} that nothing is moved for it.",
                day=self.language.day(row["unread_since"].date()),
            )
            yield TimeRemark(
                index,
                "held_by_fault",
                Severity.ERROR,
                "deadline",
                message,
                text("Put the cells right; the deadline goes on."),
            )

    def _moves_on(self, index: int, row: ClockedRow) -> date:
        """Return the night on which a row moves that cannot be read."""
        after_deadline = self.spans.at[index, "due"] + pd.Timedelta(days=1)
        nights = pd.Timedelta(days=self.policy.time.unread_nights)
        day = max(after_deadline, row["unread_since"] + nights, self.now)
        moves_on: date = pd.Timestamp(day).date()
        return moves_on

    def never_read(self) -> Iterator[TimeRemark]:
        """Go through the rows of which nothing could ever be read, for longer than any deadline."""
        after = self.after
        since = after["unread_since"]
        in_list = after["section"] == SectionCode.WORKING
        never = in_list & since.notna() & after["work_since"].isna()
        today = pd.Series(self.now, index=after.index)
        spent = counting(self.policy).between(since, today)
        text = self.language.text
        fix = text("The head of sales decides where the company goes.")
        for index, row in records(after, never & (spent > self._longest)):
            message = text(
                "Unreadable since {day}, for longer than any deadline.",
                day=self.language.day(row["unread_since"].date()),
            )
            yield TimeRemark(
                index, "never_read", Severity.ERROR, "state", message, fix
            )

    @property
    def _longest(self) -> int:
        """The longest time that a company may be in work, in counted days."""
        time = self.policy.time
        if time.one_deadline_days is not None:
            return time.one_deadline_days
        days = [label.deadline_days for label in self.policy.labels]
        return max([*days, time.unlabelled_days])

    def raised_labels(self) -> Iterator[TimeRemark]:
        """Go through the rows whose label was raised in work, and buys no time."""
        after = self.after
        name = self.policy.words.name
        raised = is_raised(after, self.policy) & self.spans["due"].notna()
        heading = name("columns", "extended_to")
        for index, row in records(after, raised):
            message = self.language.text(
                "The label was raised in work, from “{before}” to “{after}”: "
                "the time of the first goes on, until {day}.",
                before=name("labels", str(after.at[index, "label_then"])),
                after=name("labels", str(row["last_label"])),
                day=self.language.day(self.spans.at[index, "due"].date()),
            )
            fix = self.language.text(
                "More time is the head of sales' to give, in “{heading}”.",
                heading=heading,
            )
            yield TimeRemark(
                index, "label_raised", Severity.WARNING, "label", message, fix
            )

    def stays(self) -> Iterator[TimeRemark]:
        """Go through the rows that have used up half of the longest stay in their state."""
        limits = {
            state.code: state.stay_days
            for state in self.policy.states
            if state.stay_days is not None
        }
        if not limits:
            return
        now = pd.Series(self.now, index=self.after.index)
        spent = counting(self.policy).between(self.after["state_since"], now)
        allowed = self.after["state"].map(limits).astype("float64")
        for index, row in records(self.after, spent >= allowed / 2):
            days = int(spent.at[index])
            most = limits[str(row["state"])]
            if days > most:
                yield self._stays_too_long(index, row, days, most)
            else:
                yield self._stay_used(index, row, days, most)

    def _stays_too_long(
        self, index: int, row: ClockedRow, days: int, most: int
    ) -> TimeRemark:
        message = self.language.plural(
            "In the state “{state}” since {date}: {n} day, at most {max}.",
            "In the state “{state}” since {date}: {n} days, at most {max}.",
            days,
            state=self.policy.words.name("states", str(row["state"])),
            date=self.language.day(row["state_since"].date()),
            max=most,
        )
        fix = self.language.text("Take the next step, or put the company away.")
        return TimeRemark(
            index,
            "stays_too_long",
            Severity.WARNING,
            "state",
            f"{OVER} {message}",
            fix,
        )

    def _stay_used(
        self, index: int, row: ClockedRow, days: int, most: int
    ) -> TimeRemark:
        sign = THREE_QUARTERS if days >= most * 3 / 4 else HALF
        message = self.language.text(
            "“{state}” since {date}: {n} of {max} days are used up.",
            state=self.policy.words.name("states", str(row["state"])),
            date=self.language.day(row["state_since"].date()),
            n=days,
            max=most,
        )
        return TimeRemark(
            index,
            "stay_used",
            Severity.NOTICE,
            "state",
            f"{sign} {message}",
            "",
        )

    def far_steps(self) -> Iterator[TimeRemark]:
        """Go through the rows in work whose next step lies too far ahead."""
        days = self.policy.time.step_horizon_days
        in_work = self.after["state"].isin(self.policy.states_where("in_work"))
        working = self.after["section"] == SectionCode.WORKING
        ahead = (self.after["next_on"] - self.now).dt.days
        far = working & in_work & (ahead > days)
        for index, row in records_of(self.after, far, ("next_on",)):
            message = self.language.plural(
                "The next step is {n} day ahead, on {date}; at most {max}.",
                "The next step is {n} days ahead, on {date}; at most {max}.",
                int(ahead[index]),
                date=self.language.date(row["next_on"].date()),
                max=days,
            )
            fix = self.language.text("Plan a nearer step.")
            yield TimeRemark(
                int(index),
                "step_too_far",
                Severity.WARNING,
                "next_on",
                message,
                fix,
            )

    def refused(self) -> Iterator[TimeRemark]:
        """Go through the rows whose deadline somebody has moved too often, or too far."""
        for index, row in records(self.after, self.spans["refused"].notna()):
            broken = self.spans.at[index, "refused"]
            until = self.spans.at[index, "until"]
            asked = self.language.date(row["extended_to"].date())
            texts = refusal(broken, asked, until, self.policy, self.language)
            yield TimeRemark(
                index,
                "extension_refused",
                Severity.WARNING,
                "extended_to",
                *texts,
            )

    def old_clock(self) -> Iterator[TimeRemark]:
        """Go through the rows that were carried back from an archive without the head's consent."""
        after = self.after
        left_on = self.after["left_on"]
        runs = at_work(after) & self.spans["due"].notna()
        back = runs & (after["work_since"] < left_on)
        # By then the head has given it time.
        has_time = after["extended_to"] >= self.now
        unasked = back & ~has_time & unconsented(after, self.policy, self.today)
        fix = consent(self.policy, self.language)
        for index, row in records(after, unasked):
            message = self.language.text(
                "Left the list on {date} and is back without consent: its old time goes on.",
                date=self.language.day(row["left_on"].date()),
            )
            yield TimeRemark(
                index,
                "needs_consent",
                Severity.WARNING,
                "extended_to",
                message,
                fix,
            )

    def held(self) -> Iterator[TimeRemark]:
        """Go through the rows that an undo has brought back."""
        for index, row in records(
            self.after, self.after["held_until"] >= self.now
        ):
            until = self.language.day(row["held_until"].date())
            message = self.language.text(
                "Brought back by an undo; stays where it is until {date}.",
                date=until,
            )
            yield TimeRemark(
                index, "held", Severity.NOTICE, "deadline", message, ""
            )


def refusal(
    limit: str, asked: str, until: Any, policy: Policy, language: Language
) -> tuple[str, str]:
    """Say why a day does not count as an extension, and what is possible.

    `limit`: the one that it breaks, "days" or "times"; `asked`: the day in words; `until`: the
    deadline without it.
    """
    if limit == "days":
        return _too_far(asked, until, policy, language)
    fix = language.text(
        "The head of sales decides where the company goes, "
        "or allows more moves on the Settings tab."
    )
    if not policy.time.extensions:
        message = language.text(
            "{date} does not count: deadlines are not moved.", date=asked
        )
        return message, fix
    message = language.plural(
        "{date} does not count: a deadline is moved {n} time at most.",
        "{date} does not count: a deadline is moved {n} times at most.",
        policy.time.extensions,
        date=asked,
    )
    return message, fix


def _too_far(
    asked: str, until: Any, policy: Policy, language: Language
) -> tuple[str, str]:
    days = policy.time.extension_days
    last = (
        counting(policy)
        .after(pd.Series([until]), pd.Series([float(days)]))
        .iloc[0]
    )
    message = language.plural(
        "{date} does not count: a deadline is moved by {n} day at most.",
        "{date} does not count: a deadline is moved by {n} days at most.",
        days,
        date=asked,
    )
    day = language.date(last.date())
    return message, language.text(
        "The head of sales may give it time until {date}.", date=day
    )


def consent(policy: Policy, language: Language) -> str:
    """Say how the head of sales consents to a new clock."""
    heading = policy.words.name("columns", "extended_to")
    return language.text(
        "The head of sales consents by a new day, from today on, in “{heading}”.",
        heading=heading,
    )


def awaits_consent(
    row: ClockedRow, policy: Policy, language: Language
) -> tuple[str, str]:
    """Say of a row in an archive since when it is out of the list.

    And how long it needs the head's consent to come back.
    """
    left = row["left_on"].date()
    # Calendar days, whatever deadlines are counted in: people keep this date in their diaries.
    until = left + timedelta(days=policy.time.consent_days)
    message = language.text(
        "Left the working list on {date}: "
        "before {until} it comes back only with the head's consent.",
        date=language.date(left),
        until=language.date(until),
    )
    return message, consent(policy, language)


def no_holidays(policy: Policy, language: Language) -> tuple[str, str] | None:
    """Say that the country whose working days are counted is not known; None where all is well."""
    country = policy.days.country
    if policy.time.count != "working" or known_country(country):
        return None
    message = language.text(
        "No holidays are known for the country “{code}”: Monday to Friday count as working days.",
        code=country,
    )
    return message, language.text("Write its two letters, such as RU or KZ.")
