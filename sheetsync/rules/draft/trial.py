"""Whether a trial of the model is under way (METHOD point 9), and whether it holds all rows.

In a trial no rule moves a row. Once its days are over it goes on holding until the head of sales
ends or prolongs it. What has gathered by then waits, part by part, for the head's word.
"""

from collections.abc import Collection
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from sheetsync.method.policy import Policy
from sheetsync.workbook.answers import END_TRIAL, PROLONG_TRIAL, TRIAL
from sheetsync.workbook.snapshot import Snapshot
from sheetsync.workbook.trial_record import TrialRecord

PROLONGED_DAYS = 10
"""By how many days the head's tick prolongs a trial."""


class TrialPhase(StrEnum):
    """Where a trial stands on a night."""

    NONE = "none"
    UNDER_WAY = "under_way"
    AWAITED = "awaited"
    """Its days are over, and the head's word is awaited: nothing moves yet."""
    ENDED = "ended"


class TrialOddity(StrEnum):
    """What is odd about how a trial was asked for, and is to be said."""

    MISSED = "missed"
    """It would have been over before its first night."""
    EARLIER = "earlier"
    """It began before its first night, from which on it can tell anything."""
    ANOTHER = "another"
    """Another first day is typed while it is under way, and has not come yet."""
    BOTH = "both"
    """It is to end and to be prolonged at once."""


class TrialTonight(NamedTuple):
    """The trial as a night finds it. `record`: as it is to be noted; None where there was none.

    `closing`: whether it is this night that ends it.
    """

    phase: TrialPhase
    record: TrialRecord | None = None
    closing: bool = False
    oddity: TrialOddity | None = None

    @property
    def under_way(self) -> bool:
        """Whether the rules only say what they would do."""
        return self.phase in (TrialPhase.UNDER_WAY, TrialPhase.AWAITED)

    @property
    def holds_all(self) -> bool:
        """Whether no rule moves any row tonight."""
        return self.closing or self.under_way

    def is_last_day(self, today: date) -> bool:
        """Whether the trial ended today, be it in this run or in an earlier one."""
        return self.record is not None and self.record.ended == today


def phase_of(record: TrialRecord | None, today: date) -> TrialPhase:
    """Return where a noted trial stands on a day."""
    if record is None:
        return TrialPhase.NONE
    if record.ended is not None:
        return TrialPhase.ENDED
    if today > record.until:
        return TrialPhase.AWAITED
    return TrialPhase.UNDER_WAY


def trial_tonight(
    snapshot: Snapshot, policy: Policy, today: date
) -> TrialTonight:
    """Return the trial of a night: by the settings, what was noted, and the head's ticks."""
    record = snapshot.trial
    asked = policy.trial.begins
    under_way = record is not None and record.ended is None
    if under_way and asked is None:
        return _ended(record, today)
    is_known = record is not None and record.begins == asked
    if asked is None or (is_known and not under_way):
        return _as_noted(record, today)
    if not is_known and asked <= today:
        begun = _begun(asked, policy.trial.days, today)
        if begun is not None:
            return begun
    oddity = None if is_known else _oddity_of(asked, today, under_way)
    if record is None or not under_way:
        return _as_noted(record, today)._replace(oddity=oddity)
    until = record.until
    if is_known:
        until = _last_day(asked, policy.trial.days, record.prolonged)
    kept = record._replace(until=until)
    return _answered(kept, _ticked(snapshot), today, oddity)


def _last_day(begins: date, days: int, prolonged: int = 0) -> date:
    return begins + timedelta(days=days - 1 + prolonged)


def _as_noted(record: TrialRecord | None, today: date) -> TrialTonight:
    return TrialTonight(phase_of(record, today), record)


def _begun(begins: date, days: int, today: date) -> TrialTonight | None:
    """Return a trial on its first night; None where it would be over already."""
    record = TrialRecord(begins, today, _last_day(begins, days))
    if record.until < today:
        return None
    # Its days count from the day that was typed: a trial that was forgotten comes to life no more.
    earlier = TrialOddity.EARLIER if begins < today else None
    return TrialTonight(TrialPhase.UNDER_WAY, record, oddity=earlier)


def _oddity_of(
    asked: date,
    today: date,
    under_way: bool,  # noqa: FBT001  # as it was worked out
) -> TrialOddity | None:
    if asked <= today:
        return TrialOddity.MISSED
    return TrialOddity.ANOTHER if under_way else None


def _answered(
    record: TrialRecord,
    ticked: Collection[str],
    today: date,
    oddity: TrialOddity | None,
) -> TrialTonight:
    """Return a trial that is under way, after what the head has ticked on its tab."""
    if {END_TRIAL, PROLONG_TRIAL} <= {*ticked}:
        return _as_noted(record, today)._replace(oddity=TrialOddity.BOTH)
    if END_TRIAL in ticked:
        return _ended(record, today)
    if PROLONG_TRIAL in ticked:
        record = _prolonged(record, today)
    if oddity is None and record.begins < record.began == today:
        oddity = TrialOddity.EARLIER
    return _as_noted(record, today)._replace(oddity=oddity)


def _prolonged(record: TrialRecord, today: date) -> TrialRecord:
    # Days that have gone by while the word was awaited were a trial too.
    until = max(record.until, today) + timedelta(days=PROLONGED_DAYS)
    more = (until - record.until).days
    return record._replace(until=until, prolonged=record.prolonged + more)


def _ended(record: TrialRecord | None, today: date) -> TrialTonight:
    ended = None if record is None else record._replace(ended=today)
    return TrialTonight(TrialPhase.ENDED, ended, closing=True)


def _ticked(snapshot: Snapshot) -> set[str]:
    """Return the lines of the trial's tab on which the head has ticked."""
    return {
        answer.line
        for answer in snapshot.decisions
        if answer.sheet == TRIAL and answer.yes
    }
