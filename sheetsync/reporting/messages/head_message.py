"""The head's message: what is to be settled, the meeting's figures, each manager's load, the moves.

The figures are the metrics', in words of `meeting_lines`; what was told before, the sent log's.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from sheetsync.i18n import Language
from sheetsync.method.terms import Person
from sheetsync.reporting.layout.model import words_of
from sheetsync.reporting.messages.due_items import (
    DueItems,
    move_key,
    moves_since,
)
from sheetsync.reporting.messages.harmless_text import plain
from sheetsync.reporting.messages.meeting_lines import meeting_figures
from sheetsync.reporting.messages.message import (
    LINES,
    NAME,
    Message,
    Role,
)
from sheetsync.reporting.messages.responsibility import Away
from sheetsync.reporting.messages.sent_log import SentLog, sentence_key
from sheetsync.reporting.metrics import Figures
from sheetsync.reporting.metrics.facts import URGENT
from sheetsync.rules.changes.settings_changes import JournalledSetting
from sheetsync.schema import Problem
from sheetsync.workbook.journal import JournalLine

SETTLED = 5
"""How many things to settle are said in full."""
HEAD = "head"
SETTING = 200
"""Characters of what is said of a changed setting at most."""


class KeyedLine(NamedTuple):
    """A line in words and the key of what it tells; "" for one that only shows a figure."""

    key: str
    words: str


class HeadMessage:
    """Makes the head's message, or a deputy's (`role`), who is told the same.

    `alarms`: limits of safety that a run would wait for, in words.
    """

    def __init__(
        self,
        figures: Figures,
        sent_log: SentLog,
        language: Language,
        alarms: Sequence[str],
        role: Role = "head",
    ) -> None:
        self.figures = figures
        self.facts = figures.facts
        self.policy = figures.facts.policy
        self.sent_log = sent_log
        self.language = language
        self.alarms = alarms
        self.role: Role = role

    def message(
        self, alone: Sequence[Away], links: Mapping[str, str]
    ) -> Message | None:
        """Return the message; None where nothing has happened.

        `alone`: who is on leave and has nobody to stand in.
        """
        to_settle = self._fresh(self._to_settle(alone))
        loads = [*self._loads()]
        # A load is shown with every message, and is a reason for one only where something is wrong.
        news = [*to_settle, *self._fresh(loads)]
        keys = [line.key for line in news if line.key]
        count = len(keys) + len(self._moves)
        if not count:
            return None
        named = self._moves[:LINES]
        # What is not named is not taken for told, and comes with the next message.
        keys += [line.key for line in named]
        lines = [
            *(line.words for line in to_settle),
            *meeting_figures(self.figures, self.language),
            *(line.words for line in loads),
            *self._move_lines(named),
        ]
        return Message(
            self.role,
            self._person,
            self._title(),
            tuple(lines),
            tuple(keys),
            count,
            links.get(HEAD, ""),
        )

    @property
    def _person(self) -> Person:
        policy = self.policy
        return policy.head if self.role == "head" else policy.deputy

    def _rests(self, key: str) -> bool:
        return self.sent_log.rests(self.role, key)

    def _fresh(self, lines: Iterable[KeyedLine]) -> list[KeyedLine]:
        """Leave out what was told too lately."""
        return [line for line in lines if not self._rests(line.key)]

    def _title(self) -> str:
        text = self.language.text
        plural = self.language.plural
        parts = []
        late = int(self.facts.rows["overdue"].sum())
        if late:
            parts.append(plural("{n} step overdue", "{n} steps overdue", late))
        moved = len(self._moves)
        if moved:
            parts.append(
                plural("{n} company moved", "{n} companies moved", moved)
            )
        day = self.language.day(self.facts.today)
        title = text("Sales on {day}", day=day)
        if not parts:
            return title
        return f"{title}: {', '.join(parts)}"

    def _to_settle(self, alone: Sequence[Away]) -> Iterator[KeyedLine]:
        """Tell what a person has to settle, the gravest first."""
        yield from map(self._alarm, self.alarms)
        yield from self._settings()
        yield from self._problems()
        yield from self._errors()
        yield from self._unowned_rows()
        yield from self._left_alone(alone)

    def _alarm(self, alarm: str) -> KeyedLine:
        text = self.language.text
        sentence = text(
            "The next run stops for safety: {why}", why=plain(alarm)
        )
        return KeyedLine(sentence_key("alarm", alarm), f"⚠ {sentence}")

    def _settings(self) -> Iterator[KeyedLine]:
        """Tell each change of a setting once, those that loosen the method first."""
        untold = [
            setting
            for setting in self.facts.settings_changed
            if not self.sent_log.knows(self.role, setting.key)
        ]
        for setting in untold[:LINES]:
            yield KeyedLine(setting.key, self._setting(setting))
        more = len(untold) - LINES
        if more > 0:
            plural = self.language.plural
            sentence = plural(
                "… and {n} more change of settings",
                "… and {n} more changes of settings",
                more,
            )
            yield KeyedLine("settings:more", sentence)

    def _setting(self, setting: JournalledSetting) -> str:
        line = setting.line
        sign = "⚠" if setting.looser else "•"
        before = plain(line.before) or "—"
        after = plain(line.after) or "—"
        sentence = self.language.text(
            "Setting changed: {what}: {before} → {after}",
            what=plain(line.why, SETTING),
            before=before,
            after=after,
        )
        return f"{sign} {sentence}"

    def _problems(self) -> Iterator[KeyedLine]:
        problems = self.facts.to_settle
        yield from map(_problem_line, problems[:SETTLED])
        more = len(problems) - SETTLED
        if more > 0:
            plural = self.language.plural
            sentence = plural(
                "… and {n} more thing to settle",
                "… and {n} more things to settle",
                more,
            )
            yield KeyedLine("settle:more", sentence)

    def _errors(self) -> Iterator[KeyedLine]:
        errors = self.facts.errors
        if errors:
            sentence = self.language.plural(
                "{n} error to fix", "{n} errors to fix", errors
            )
            yield KeyedLine("errors", f"• {sentence}")

    def _unowned_rows(self) -> Iterator[KeyedLine]:
        rows = self.facts.unowned
        if rows:
            sentence = self.language.plural(
                "{n} company of the working list has no manager",
                "{n} companies of the working list have no manager",
                rows,
            )
            yield KeyedLine("nobody", f"• {sentence}")

    def _left_alone(self, alone: Sequence[Away]) -> Iterator[KeyedLine]:
        text = self.language.text
        plural = self.language.plural
        for absent in alone:
            waiting = self._waiting(absent.name)
            # A leave in which nothing is due concerns nobody.
            if not waiting:
                continue
            sentence = text(
                "{name} is on leave until {day}, nobody stands in: {due}",
                name=plain(absent.name, NAME),
                day=self.language.day(absent.until),
                due=plural("{n} company waits", "{n} companies wait", waiting),
            )
            yield KeyedLine(f"alone:{absent.name}", f"• {sentence}")

    def _waiting(self, name: str) -> int:
        """Count somebody's companies that will not wait until they are back."""
        rows = self.facts.by_manager.get(name)
        if rows is None:
            return 0
        waits = rows[[*URGENT]].any(axis=1)
        return int(waits.sum())

    @cached_property
    def _managers(self) -> list[str]:
        """Who has companies in the working list, those with the most overdue steps first."""
        stocks = self.figures.stocks
        by_urgency = []
        for name in stocks.managers:
            numbers = stocks.numbers(name)
            load = numbers["load"]
            overdue = numbers["overdue"]
            if load or overdue:
                by_urgency.append((-overdue, -load, name))
        return [name for _, _, name in sorted(by_urgency)]

    def _loads(self) -> Iterator[KeyedLine]:
        """Tell each manager's load against their limit, and what is late."""
        yield from map(self._load, self._managers[:LINES])
        more = len(self._managers) - LINES
        if more > 0:
            plural = self.language.plural
            yield KeyedLine(
                "",
                plural(
                    "… and {n} more manager", "… and {n} more managers", more
                ),
            )

    def _load(self, name: str) -> KeyedLine:
        """Tell one manager's load; with a key only where something is wrong."""
        text = self.language.text
        number = self.language.number
        numbers = self.figures.stocks.numbers(name)
        load = numbers["load"]
        overdue = numbers["overdue"]
        stepless = numbers["no_step"]
        limit = self.facts.limit(name)
        over = load > limit
        in_work = text(
            "in work {n} of {max}", n=number(load), max=number(limit)
        )
        parts = [f"{in_work} ⚠" if over else in_work]
        if overdue:
            parts.append(text("overdue {n}", n=number(overdue)))
        if numbers["today"]:
            parts.append(text("today {n}", n=number(numbers["today"])))
        if numbers["week"]:
            parts.append(text("later this week {n}", n=number(numbers["week"])))
        if stepless:
            parts.append(text("no next step {n}", n=number(stepless)))
        rows = self.facts.by_manager[name]
        near = int(rows["near"].sum())
        if near:
            days = self.facts.near_days
            parts.append(
                text(
                    "deadline within {days} days {n}", days=days, n=number(near)
                )
            )
        key = f"late:{name}" if over or overdue else ""
        return KeyedLine(key, f"{plain(name, NAME)}: {', '.join(parts)}")

    @cached_property
    def _move_records(self) -> list[JournalLine]:
        """The Journal's moves since the head's last message, the newest first."""
        return moves_since(self.facts, self.sent_log.since(self.role))

    @cached_property
    def _moves(self) -> list[KeyedLine]:
        """The moves that are news; those that are named are worded."""
        # The newest line comes last, and says whose the company was when it moved.
        managers = {
            line.id: line.manager for line in reversed(self._move_records)
        }
        due_items = DueItems(self.facts, self.language)
        moves = list[KeyedLine]()
        for item in due_items.moves(self._move_records):
            if self._rests(item.key):
                continue
            line = ""
            # Wording looks up the row; of those that are not named only the key counts.
            if len(moves) < LINES:
                manager = plain(words_of(managers.get(item.row_id)), NAME)
                whose = f" ({manager})" if manager else ""
                line = f"• {due_items.company(item.row)}{whose}: {item.say()}"
            moves.append(KeyedLine(item.key, line))
        return moves

    def _move_lines(self, named: Sequence[KeyedLine]) -> Iterator[str]:
        if not named:
            return
        yield self._moved_heading()
        for move in named:
            yield move.words
        more = len(self._moves) - len(named)
        if more:
            plural = self.language.plural
            yield plural(
                "… and {n} more company", "… and {n} more companies", more
            )

    def _moved_heading(self) -> str:
        """Say how many have moved, and how many of them because their time was up."""
        moved = self.language.plural(
            "Moved: {n} company", "Moved: {n} companies", len(self._moves)
        )
        by_deadline = self._moved_by_deadline()
        if not by_deadline:
            return f"{moved}:"
        number = self.language.number(by_deadline)
        deadline = self.language.text("by deadline {n}", n=number)
        return f"{moved}, {deadline}:"

    def _moved_by_deadline(self) -> int:
        """Count the companies among the moves that a rule of the deadline has moved."""
        keys = {move.key for move in self._moves}
        # The rule's name as the data of a line have it, which are JSON.
        rules = [f'"{rule.name}"' for rule in self.policy.on_expiry]
        companies = set[str]()
        for line in self._move_records:
            by_rule = any(rule in line.data for rule in rules)
            if by_rule and move_key(line) in keys:
                companies.add(line.id)
        return len(companies)


def _problem_line(problem: Problem) -> KeyedLine:
    place = f"{problem.tab}, {problem.row}" if problem.row else problem.tab
    key = f"settle:{problem.code}:{problem.tab}:{problem.row}:{problem.column}"
    return KeyedLine(key, f"• {plain(place, NAME)}: {plain(problem.message)}")
