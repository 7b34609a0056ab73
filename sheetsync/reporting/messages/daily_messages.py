"""All messages of a day: to every manager who is there, and to the head; and who gets none, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sheetsync.i18n import Language
from sheetsync.reporting.messages.head_message import HeadMessage
from sheetsync.reporting.messages.manager_message import ManagerMessages
from sheetsync.reporting.messages.message import Message
from sheetsync.reporting.messages.responsibility import Away, away
from sheetsync.reporting.messages.sent_log import SentLog
from sheetsync.reporting.metrics import Figures
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.values import to_serial


@dataclass(frozen=True)
class DailyMessages:
    """The messages that one day has. `resting`: managers on leave, who get none."""

    facts: Facts
    messages: tuple[Message, ...]
    resting: tuple[Away, ...]
    sent_log: SentLog


@dataclass(frozen=True)
class _Day:
    """One base on one day. `links`: the address of each manager's tab by name, and of the summary under `head`."""

    facts: Facts
    language: Language
    alarms: Sequence[str]
    links: Mapping[str, str]

    @cached_property
    def sent_log(self) -> SentLog:
        day, repeat = int(to_serial(self.facts.today)), self.facts.policy.notices.repeat_days
        return SentLog(self.facts.journal, day, repeat)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Everybody who may be told something: of the team too whose last companies have become clients."""
        return tuple(sorted({*self.facts.managers, *self.facts.policy.member} - {""}))

    @cached_property
    def away(self) -> dict[str, Away]:
        return away(self.facts.policy, self.names, self.facts.today)

    def managers(self) -> list[Message]:
        made = ManagerMessages(self.facts, self.sent_log, self.language, self.links)
        found = []
        names = {*self.names, *(one.substitute for one in self.away.values() if one.substitute)}
        for name in sorted(names - self.away.keys()):
            instead = [one for one in self.away.values() if one.substitute == name]
            digest = made.digest(name, instead)
            found += [digest] if digest is not None else []
        return found

    def head(self) -> list[Message]:
        alone = [one for one in self.away.values() if one.substitute is None]
        made = HeadMessage(Figures(self.facts), self.sent_log, self.language, self.alarms)
        digest = made.digest(alone, self.links)
        return [digest] if digest is not None else []


def messages_of_day(
    facts: Facts, language: Language, alarms: Sequence[str], links: Mapping[str, str]
) -> DailyMessages:
    """Return the messages of `facts.today`: the managers' in the order of the alphabet, then the head's.

    `alarms`: limits of safety that the next run would break. A base that is the same, and a Journal that is the same, always
    give the same messages; whether it is their hour is the caller's.
    """
    day = _Day(facts, language, alarms, links)
    return DailyMessages(
        facts, (*day.managers(), *day.head()), tuple(day.away.values()), day.sent_log
    )
