"""The head's message: what is to be settled, the figures of the meeting, the load of each manager, and what has moved."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from sheetsync.i18n import Language
from sheetsync.reporting.layout.model import words_of
from sheetsync.reporting.messages.due_items import DueItems, move_key, moved_since
from sheetsync.reporting.messages.meeting_lines import meeting_figures
from sheetsync.reporting.messages.message import LINES, NAME, Message, plain
from sheetsync.reporting.messages.responsibility import Away
from sheetsync.reporting.messages.sent_log import SentLog, sentence_key
from sheetsync.reporting.metrics import Figures
from sheetsync.reporting.metrics.facts import PASSING
from sheetsync.schema import Severity
from sheetsync.workbook.journal import JournalLine

SETTLED = 5
"""How many things to settle are said in full."""
HEAD = "head"

Keyed = tuple[str, str]
"""A line and the key of what it tells."""


class HeadMessage:
    """Makes the head's message. `alarms`: limits of safety that a run would wait for, in words."""

    def __init__(
        self, figures: Figures, memory: SentLog, language: Language, alarms: Sequence[str]
    ) -> None:
        self.figures, self.facts, self.policy = figures, figures.facts, figures.facts.policy
        self.memory, self.language, self.alarms = memory, language, alarms

    def digest(self, alone: Sequence[Away], links: Mapping[str, str]) -> Message | None:
        """Return the message; None where nothing has happened. `alone`: who is on leave and has nobody to stand in."""
        wrong, late, moved = (
            self._fresh(self._wrong(alone)),
            self._fresh(self._loads(), keep=True),
            self._moved(),
        )
        keys = [key for key, _ in (*wrong, *late) if key] + [key for key, _ in moved]
        keys = [key for key in keys if not self.memory.rests(HEAD, key)]
        if not keys:
            return None
        lines = [line for _, line in wrong]
        lines += meeting_figures(self.figures, self.language)
        lines += [line for _, line in late]
        if moved:
            lines += [self._moved_heading(moved), *(line for _, line in moved[:LINES])]
        if len(moved) > LINES:
            more = len(moved) - LINES
            lines.append(
                self.language.plural("… and {n} more company", "… and {n} more companies", more)
            )
        told = keys[: len(keys) - max(len(moved) - LINES, 0)]
        return Message(
            "head",
            self.policy.head,
            self._title(len(moved)),
            tuple(lines),
            tuple(told),
            len(keys),
            links.get(HEAD, ""),
        )

    def _fresh(self, told: Iterator[Keyed], *, keep: bool = False) -> list[Keyed]:
        """Leave out what was told too lately; or keep the line, which shows a figure, and leave out its key."""
        return [(key, line) for key, line in told if keep or not self.memory.rests(HEAD, key)]

    def _title(self, moved: int) -> str:
        day, late = self.language.day(self.facts.today), int(self.facts.rows["overdue"].sum())
        said = [self.language.plural("{n} step overdue", "{n} steps overdue", late)] if late else []
        said += (
            [self.language.plural("{n} company moved", "{n} companies moved", moved)]
            if moved
            else []
        )
        sales = self.language.text("Sales on {day}", day=day)
        return f"{sales}: {', '.join(said)}" if said else sales

    def _wrong(self, alone: Sequence[Away]) -> Iterator[Keyed]:
        """Tell what a person has to settle: what stops the run, tabs and columns, errors, rows of nobody."""
        text, plural = self.language.text, self.language.plural
        for alarm in self.alarms:
            yield (
                sentence_key("alarm", alarm),
                "⚠ " + text("The next run stops for safety: {why}", why=plain(alarm)),
            )
        problems = [
            p for p in self.facts.projection.plan.problems if not p.row or p.code == "settings"
        ]
        found = [
            p
            for p in problems
            if p.severity is not Severity.NOTICE and p.code not in ("over_cap", *PASSING)
        ]
        for problem in found[:SETTLED]:
            where = plain(f"{problem.tab}, {problem.row}" if problem.row else problem.tab, NAME)
            key = f"settle:{problem.code}:{problem.tab}:{problem.row}:{problem.column}"
            yield key, f"• {where}: {plain(problem.message)}"
        if len(found) > SETTLED:
            yield (
                "settle:more",
                plural(
                    "… and {n} more thing to settle",
                    "… and {n} more things to settle",
                    len(found) - SETTLED,
                ),
            )
        if self.facts.errors:
            yield (
                "errors",
                "• " + plural("{n} error to mend", "{n} errors to mend", self.facts.errors),
            )
        nobodys = int((self.facts.rows["working"] & self.facts.rows["manager"].isna()).sum())
        if nobodys:
            yield (
                "nobody",
                "• "
                + plural(
                    "{n} company of the working list has no manager",
                    "{n} companies of the working list have no manager",
                    nobodys,
                ),
            )
        for one in alone:
            waiting = self._waiting(one.name)
            if waiting:
                day, due = (
                    self.language.day(one.until),
                    plural("{n} company waits", "{n} companies wait", waiting),
                )
                name = plain(one.name, NAME)
                said = text(
                    "{name} is on leave until {day}, nobody stands in: {due}",
                    name=name,
                    day=day,
                    due=due,
                )
                yield f"alone:{one.name}", f"• {said}"

    def _waiting(self, name: str) -> int:
        """Count somebody's companies that will not wait until they are back."""
        rows = self.facts.by_manager.get(name)
        return 0 if rows is None else int(rows[["overdue", "closing", "call"]].any(axis=1).sum())

    @cached_property
    def _managers(self) -> list[str]:
        """Who has companies in the working list, those with the most overdue steps first."""
        numbers = {name: self.figures.stocks.numbers(name) for name in self.figures.stocks.managers}
        busy = [name for name, held in numbers.items() if held["load"] or held["overdue"]]
        return sorted(
            busy, key=lambda name: (-numbers[name]["overdue"], -numbers[name]["load"], name)
        )

    def _loads(self) -> Iterator[Keyed]:
        """Tell each manager's load against their limit and what is late; a key only where something is wrong."""
        text, number = self.language.text, self.language.number
        for name in self._managers[:LINES]:
            held, limit = (
                self.figures.stocks.numbers(name),
                self.policy.limit(name, self.facts.today),
            )
            near = int(self.facts.by_manager[name]["near"].sum())
            counts = (
                (text("overdue {n}", n=number(held["overdue"])), held["overdue"]),
                (text("no next step {n}", n=number(held["no_step"])), held["no_step"]),
                (
                    text(
                        "deadline within {days} days {n}", days=self.facts.near_days, n=number(near)
                    ),
                    near,
                ),
            )
            over = held["load"] > limit
            said = [
                text("in work {n} of {max}", n=number(held["load"]), max=number(limit))
                + (" ⚠" if over else "")
            ]
            said += [words for words, count in counts if count]
            wrong = over or held["overdue"]
            yield f"late:{name}" if wrong else "", f"{plain(name, NAME)}: {', '.join(said)}"
        if len(self._managers) > LINES:
            more = len(self._managers) - LINES
            yield (
                "",
                self.language.plural("… and {n} more manager", "… and {n} more managers", more),
            )

    def _moved_heading(self, moved: Sequence[Keyed]) -> str:
        """Say how many have moved, and how many of them because their time was up."""
        told, rules = (
            {key for key, _ in moved},
            {f'"{rule.name}"' for rule in self.policy.on_expiry},
        )
        by_time = [
            line
            for line in self._lines
            if move_key(line) in told and any(rule in line.data for rule in rules)
        ]
        said = self.language.plural("Moved: {n} company", "Moved: {n} companies", len(moved))
        if not by_time:
            return f"{said}:"
        number = self.language.number(len({line.id for line in by_time}))
        deadline = self.language.text("by deadline {n}", n=number)
        return f"{said}, {deadline}:"

    @cached_property
    def _lines(self) -> list[JournalLine]:
        return moved_since(self.facts, self.memory.since(HEAD))

    def _moved(self) -> list[Keyed]:
        """Return the moves that are news; those that are named are worded."""
        whose = {line.id: words_of(line.manager) for line in reversed(self._lines)}
        words = DueItems(self.facts, self.language)
        fresh = [
            matter for matter in words.moves(self._lines) if not self.memory.rests(HEAD, matter.key)
        ]
        told = []
        for at, matter in enumerate(fresh):
            name = plain(whose.get(matter.row_id, ""), NAME)
            who = f" ({name})" if name else ""
            told.append(
                (
                    matter.key,
                    f"• {words.company(matter.row)}{who}: {matter.say()}" if at < LINES else "",
                )
            )
        return told
