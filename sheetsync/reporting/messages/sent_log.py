"""What was told to whom and when: lines of the Journal, so that a restart, or another machine, does not tell it again.

The lines belong to no run: there is nothing in them to take back. People can reach the Journal, so one that cannot be
understood counts as never written.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import NamedTuple

from sheetsync.i18n import Language
from sheetsync.reporting.messages.message import Message
from sheetsync.reporting.metrics.journal_frame import dated
from sheetsync.workbook.journal import JournalLine, LineKind

_NUMBERS = re.compile(r"\d+")


class _Telling(NamedTuple):
    """One line: when (serial day with its time), to whom, by which channels, an alarm or not, and the marks of what."""

    when: float
    to: str
    by: frozenset[str]
    alarm: bool
    marks: frozenset[str]


@dataclass(frozen=True)
class SentLog:
    """What the Journal knows of messages; `today`: a serial day."""

    journal: Sequence[JournalLine]
    today: int
    repeat_days: int = 1

    @cached_property
    def _tellings(self) -> tuple[_Telling, ...]:
        found = (_read(line) for line in self.journal if line.what == LineKind.TOLD)
        return tuple(telling for telling in found if telling is not None)

    def sent(self, to: str) -> frozenset[str]:
        """Return the channels by which somebody has had the message of today."""
        return frozenset(
            by
            for one in self._tellings
            if self._is_todays(one) and not one.alarm and one.to == to
            for by in one.by
        )

    def alarmed(self, digest: Message) -> frozenset[str]:
        """Return the channels by which somebody has heard today of all that an alarm tells."""
        marks = {_mark(key) for key in digest.keys}
        told = [
            one
            for one in self._tellings
            if self._is_todays(one) and one.alarm and one.to == digest.recipient
        ]
        return frozenset(by for one in told if marks <= one.marks for by in one.by)

    def _is_todays(self, telling: _Telling) -> bool:
        return int(telling.when) == self.today

    @cached_property
    def _last(self) -> Mapping[tuple[str, str], int]:
        """The last day before today on which somebody was told something: by (to, mark)."""
        days: dict[tuple[str, str], int] = {}
        for one in self._tellings:
            day = int(one.when)
            if day < self.today and not one.alarm:
                days.update(
                    {(one.to, mark): max(day, days.get((one.to, mark), day)) for mark in one.marks}
                )
        return days

    def rests(self, to: str, key: str) -> bool:
        """Tell whether somebody was told something too few days ago to be told again."""
        day = self._last.get((to, _mark(key)))
        return day is not None and self.today - day < self.repeat_days

    @cached_property
    def _since(self) -> Mapping[str, float]:
        moments: defaultdict[str, float] = defaultdict(float)
        for one in self._tellings:
            if int(one.when) < self.today and not one.alarm:
                moments[one.to] = max(moments[one.to], one.when)
        return moments

    def since(self, to: str) -> float | None:
        """Return the moment of somebody's last message before today, None where there was none."""
        return self._since.get(to)


def journal_line_of(
    digest: Message, channels: Iterable[str], when: float, language: Language
) -> JournalLine:
    """Return the Journal's line of a message that went out by `channels`."""
    by = sorted(channels)
    data = {
        "to": digest.recipient,
        "by": by,
        "alarm": digest.alarm,
        "items": [*dict.fromkeys(map(_mark, digest.keys))],
    }
    name = digest.person.name or {
        "head": language.text("head of sales"),
        "operator": language.text("operator"),
    }.get(digest.role, "")
    how_many = language.plural("{n} matter", "{n} matters", digest.count)
    why = (
        digest.title
        if digest.alarm
        else f"{digest.title} ({how_many})"
        if digest.role != "manager"
        else digest.title
    )
    packed = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return JournalLine(when, "", "", "", name, LineKind.TOLD, "", ", ".join(by), why, packed)


def _mark(key: str) -> str:
    """Shorten a key: the Journal need not say again what it is about."""
    return blake2b(key.encode("utf-8", "replace"), digest_size=6).hexdigest()


def sentence_key(kind: str, text: str) -> str:
    """Return the key of a sentence, the same however its numbers change."""
    return f"{kind}:{_NUMBERS.sub('#', ' '.join(text.split()))}"


def _read(line: JournalLine) -> _Telling | None:
    try:
        data = json.loads(line.data)
        by, marks = (frozenset(map(str, data[name])) for name in ("by", "items"))
        return (
            _Telling(line.when, str(data["to"]), by, data["alarm"] is True, marks)
            if dated(line)
            else None
        )
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
