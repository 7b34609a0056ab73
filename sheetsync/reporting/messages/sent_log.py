"""What was told to whom and when: lines of the Journal, so that nothing is told again too soon.

After a restart, or by another machine, no more than by the same one. Which things are told is the
messages'. The lines belong to no run: there is nothing in them to take back. People can reach the
Journal, so one that cannot be understood counts as never written.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from sheetsync.i18n import Language
from sheetsync.reporting.messages.message import Message
from sheetsync.reporting.metrics.journal_frame import dated
from sheetsync.rules.changes.journal_data import mark_of
from sheetsync.workbook.journal import JournalLine, LineKind

_NUMBERS = re.compile(r"\d+")


class _SentMessage(NamedTuple):
    """One line: when (serial day with its time), to whom, by which channels, and the marks of what.

    `alarm`: whether it was one.
    """

    when: float
    recipient: str
    channels: frozenset[str]
    alarm: bool
    marks: frozenset[str]


@dataclass(frozen=True)
class SentLog:
    """What the Journal knows of messages; `today`: a serial day."""

    journal: Sequence[JournalLine]
    today: int
    repeat_days: int = 1

    @cached_property
    def _messages(self) -> tuple[_SentMessage, ...]:
        lines = [line for line in self.journal if line.what == LineKind.TOLD]
        messages = map(_read, lines)
        return tuple(message for message in messages if message is not None)

    def _todays(
        self, recipient: str, *, alarms: bool
    ) -> Iterator[_SentMessage]:
        for message in self._messages:
            of_today = int(message.when) == self.today
            if (
                of_today
                and message.alarm is alarms
                and message.recipient == recipient
            ):
                yield message

    def sent(self, recipient: str) -> frozenset[str]:
        """Return the channels by which somebody has had the message of today."""
        channels = frozenset[str]()
        for message in self._todays(recipient, alarms=False):
            channels |= message.channels
        return channels

    def alarmed(self, alarm: Message) -> frozenset[str]:
        """Return the channels by which somebody has heard today of all that an alarm tells."""
        marks = frozenset(map(mark_of, alarm.keys))
        channels = frozenset[str]()
        for message in self._todays(alarm.recipient, alarms=True):
            # An alarm that has one reason more goes out again as a whole.
            if marks <= message.marks:
                channels |= message.channels
        return channels

    @property
    def _earlier(self) -> Iterator[_SentMessage]:
        """The messages of days before today that were no alarms."""
        # Today's are left out: a message that goes out by a second channel must be the same.
        for message in self._messages:
            if int(message.when) < self.today and not message.alarm:
                yield message

    @cached_property
    def _last_day(self) -> Mapping[tuple[str, str], int]:
        """The last day before today on which somebody was told something: by (recipient, mark)."""
        days: dict[tuple[str, str], int] = {}
        for message in self._earlier:
            day = int(message.when)
            for mark in message.marks:
                key = (message.recipient, mark)
                days[key] = max(day, days.get(key, day))
        return days

    def rests(self, recipient: str, key: str) -> bool:
        """Tell whether somebody was told something too few days ago to be told again."""
        day = self._last_day.get((recipient, mark_of(key)))
        return day is not None and self.today - day < self.repeat_days

    def knows(self, recipient: str, key: str) -> bool:
        """Tell whether somebody was told something on any day before today."""
        return (recipient, mark_of(key)) in self._last_day

    @cached_property
    def _last_moment(self) -> Mapping[str, float]:
        moments: dict[str, float] = {}
        for message in self._earlier:
            last = moments.get(message.recipient, 0.0)
            moments[message.recipient] = max(last, message.when)
        return moments

    def since(self, recipient: str) -> float | None:
        """Return the moment of somebody's last message before today, None where there was none."""
        return self._last_moment.get(recipient)


def journal_line_of(
    message: Message, channels: Iterable[str], when: float, language: Language
) -> JournalLine:
    """Return the Journal's line of a message that went out by `channels`; `when` is serial."""
    by = sorted(channels)
    # A message may tell the same thing of several rows; the Journal keeps each mark once.
    marks = dict.fromkeys(map(mark_of, message.keys))
    data = {
        "to": message.recipient,
        "by": by,
        "alarm": message.alarm,
        "items": [*marks],
    }
    packed = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return JournalLine(
        when,
        run="",
        id="",
        company="",
        manager=message.person.name or _role_name(message, language),
        what=LineKind.TOLD,
        before="",
        after=", ".join(by),
        why=_summary(message, language),
        data=packed,
    )


def _role_name(message: Message, language: Language) -> str:
    if message.role == "head":
        return language.text("head of sales")
    if message.role == "deputy":
        return language.text("deputy of the head of sales")
    if message.role == "operator":
        return language.text("operator")
    return ""


def _summary(message: Message, language: Language) -> str:
    # An alarm's title says what it is about, a manager's how many companies it tells of.
    if message.alarm or message.role == "manager":
        return message.title
    how_many = language.plural("{n} matter", "{n} matters", message.count)
    return f"{message.title} ({how_many})"


def sentence_key(kind: str, text: str) -> str:
    """Return the key of a sentence, the same however its numbers change."""
    words = " ".join(text.split())
    return f"{kind}:{_NUMBERS.sub('#', words)}"


def _read(line: JournalLine) -> _SentMessage | None:
    if not dated(line):
        return None
    try:
        data = json.loads(line.data)
        channels = frozenset(map(str, data["by"]))
        marks = frozenset(map(str, data["items"]))
        recipient = str(data["to"])
        return _SentMessage(
            line.when, recipient, channels, data["alarm"] is True, marks
        )
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
