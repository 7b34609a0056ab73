"""All messages of a day: to every manager who is there, and to the head; who gets none, and why.

What stands in a message is `manager_message`'s and `head_message`'s.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sheetsync.i18n import Language
from sheetsync.reporting.messages.head_message import HeadMessage
from sheetsync.reporting.messages.manager_message import ManagerMessages
from sheetsync.reporting.messages.message import Message, Role
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
    """One base on one day.

    `links`: the address of each manager's tab by name, and of the summary under `head`.
    """

    facts: Facts
    language: Language
    alarms: Sequence[str]
    links: Mapping[str, str]

    @cached_property
    def sent_log(self) -> SentLog:
        today = to_serial(self.facts.today)
        repeat_days = self.facts.policy.notices.repeat_days
        return SentLog(self.facts.journal, today, repeat_days)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Everybody who may be told something."""
        # Of the team, those too whose last companies have become clients: that is news.
        names = {*self.facts.managers, *self.facts.policy.member}
        names.discard("")
        return tuple(sorted(names))

    @cached_property
    def away(self) -> dict[str, Away]:
        return away(self.facts.policy, self.names, self.facts.today)

    def of_managers(self) -> list[Message]:
        """Return the managers' messages in the order of the alphabet."""
        every = ManagerMessages(
            self.facts, self.sent_log, self.language, self.links
        )
        # A substitute is told of others' companies, though they may have none of their own.
        names = {*self.names, *self._by_substitute}
        messages = []
        for name in sorted(names):
            # Who is on leave is told nothing.
            if not name or name in self.away:
                continue
            absences = self._by_substitute.get(name, [])
            message = every.message(name, absences)
            if message is not None:
                messages.append(message)
        return messages

    @cached_property
    def _by_substitute(self) -> dict[str, list[Away]]:
        """Who is on leave, by who stands in for them; "": nobody does."""
        by_substitute: dict[str, list[Away]] = {}
        for absent in self.away.values():
            by_substitute.setdefault(absent.substitute or "", []).append(absent)
        return by_substitute

    def of_heads(self) -> list[Message]:
        """Return the head's message, and the same to a deputy who has the head's rights."""
        alone = self._by_substitute.get("", [])
        figures = Figures(self.facts)
        roles: list[Role] = ["head"]
        if self.facts.policy.deputy.in_office(self.facts.today):
            roles.append("deputy")
        messages = []
        for role in roles:
            of_role = HeadMessage(
                figures, self.sent_log, self.language, self.alarms, role
            )
            message = of_role.message(alone, self.links)
            if message is not None:
                messages.append(message)
        return messages


def messages_of_day(
    facts: Facts,
    language: Language,
    alarms: Sequence[str],
    links: Mapping[str, str],
) -> DailyMessages:
    """Return the messages of `facts.today`: the managers' in the order of the alphabet, the head's.

    `alarms`: limits of safety that the next run would break. A base that is the same, and a Journal
    that is the same, always give the same messages; whether it is their hour is the caller's.
    """
    day = _Day(facts, language, alarms, links)
    messages = [*day.of_managers(), *day.of_heads()]
    resting = tuple(day.away.values())
    return DailyMessages(facts, tuple(messages), resting, day.sent_log)
