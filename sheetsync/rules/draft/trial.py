"""Whether a trial of the model is under way (METHOD point 9), and whether it holds all rows.

In a trial no rule moves a row. Once its days are over it goes on holding until the head of sales
ends or prolongs it. What has gathered by then waits, part by part, for the head's word.
"""

from collections.abc import Collection
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from sheetsync.method.policy import Policy
from sheetsync.method.terms import Trial
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
    if record is None or record.ended is not None:
        return _at_rest(record, policy.trial, today)
    return _going_on(record, policy.trial, _ticked(snapshot), today)


def _at_rest(
    record: TrialRecord | None, asked: Trial, today: date
) -> TrialTonight:
    """Return the trial of a night on which none is under way: one may begin."""
    noted = _as_noted(record, today)
    begins = asked.begins
    is_known = record is not None and record.begins == begins
    if begins is None or is_known or begins > today:
        return noted
    begun = _begun(begins, asked.days, today)
    return begun or noted._replace(oddity=TrialOddity.MISSED)


def _going_on(
    record: TrialRecord, asked: Trial, ticked: Collection[str], today: date
) -> TrialTonight:
    """Return a trial that is under way, after what settings and the head's ticks make of it."""
    begins = asked.begins
    if begins is None:
        return _ended(record, today)
    if begins == record.begins:
        until = _last_day(begins, asked.days, record.prolonged)
        return _answered(record._replace(until=until), ticked, today, None)
    if begins > today:
        return _answered(record, ticked, today, TrialOddity.ANOTHER)
    begun = _begun(begins, asked.days, today)
    return begun or _answered(record, ticked, today, TrialOddity.MISSED)


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


def _ended(record: TrialRecord, today: date) -> TrialTonight:
    ended = record._replace(ended=today)
    return TrialTonight(TrialPhase.ENDED, ended, closing=True)


def _ticked(snapshot: Snapshot) -> set[str]:
    """Return the lines of the trial's tab on which the head has ticked."""
    return {
        answer.line
        for answer in snapshot.decisions
        if answer.sheet == TRIAL and answer.yes
    }
