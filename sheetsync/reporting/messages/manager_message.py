"""A manager's message: a line a company, the most urgent first, and those of whoever they stand in for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sheetsync.i18n import Language
from sheetsync.reporting.messages.due_items import MOVED, DueItem, DueItems, moved_since
from sheetsync.reporting.messages.message import LINE, LINES, NAME, Message, plain
from sheetsync.reporting.messages.responsibility import Away, person
from sheetsync.reporting.messages.sent_log import SentLog
from sheetsync.reporting.metrics.facts import Facts


@dataclass(frozen=True)
class _Company:
    """All that is told of one company, the most urgent first. `of`: whose it is."""

    of: str
    matters: tuple[DueItem, ...]

    @property
    def order(self) -> tuple[int, float, str]:
        first = self.matters[0]
        return first.urgency, first.order, str(first.row["company"])


class ManagerMessages:
    """Makes every manager's message out of one base."""

    def __init__(
        self, facts: Facts, memory: SentLog, language: Language, links: Mapping[str, str]
    ) -> None:
        self.facts, self.memory, self.language, self.links = facts, memory, language, links
        self.matters = DueItems(facts, language)

    def _due(self, of: str, to: str, since: float | None) -> list[DueItem]:
        """Return what is due with somebody's companies, and was not told to this recipient too lately."""
        rows = self.facts.by_manager.get(of)
        due = [*self.matters.of_rows(rows)] if rows is not None else []
        due += self.matters.moves(moved_since(self.facts, since, of))
        return [matter for matter in due if not self.memory.rests(to, matter.key)]

    def _companies(self, of: str, to: str, since: float | None) -> list[_Company]:
        by_row: dict[str, list[DueItem]] = {}
        for matter in sorted(self._due(of, to, since), key=lambda one: (one.urgency, one.order)):
            by_row.setdefault(matter.row_id, []).append(matter)
        return [_Company(of, tuple(matters)) for matters in by_row.values()]

    def digest(self, name: str, absent: Iterable[Away]) -> Message | None:
        """Return a manager's message, with the companies of those they stand in for; None where nothing is due."""
        to, absences = f"manager:{name}", {one.name: one for one in absent}
        since = self.memory.since(to)
        found = [company for of in (name, *absences) for company in self._companies(of, to, since)]
        if not found:
            return None
        shown = sorted(found, key=lambda company: company.order)[:LINES]
        more = len(found) - len(shown)
        lines = [self._line(company) for company in shown if company.of == name]
        for of, one in absences.items():
            theirs = [self._line(company) for company in shown if company.of == of]
            lines += [self._instead(one), *theirs] if theirs else []
        if more:
            lines.append(
                self.language.plural("… and {n} more company", "… and {n} more companies", more)
            )
        keys = tuple(matter.key for company in shown for matter in company.matters)
        return Message(
            "manager",
            person(self.facts.policy, name),
            self._title(found),
            tuple(lines),
            keys,
            len(found),
            self.links.get(name, ""),
        )

    def _line(self, company: _Company) -> str:
        row = company.matters[0].row
        said, number = (
            "; ".join(matter.say() for matter in company.matters),
            self.matters.phone(row),
        )
        # The phone goes last, and is never what a long line loses.
        tail = f" · {number}" if number else ""
        return f"• {plain(f'{self.matters.company(row)} — {said}', LINE - len(tail))}{tail}"

    def _instead(self, one: Away) -> str:
        until = self.language.day(one.until)
        return self.language.text(
            "{name} is on leave until {day}, you stand in:", name=plain(one.name, NAME), day=until
        )

    def _title(self, found: Sequence[_Company]) -> str:
        """Say how many companies wait; where all there is are moves, that these are news."""
        day, plural = self.language.day(self.facts.today), self.language.plural
        waiting = [company for company in found if company.matters[0].urgency != MOVED]
        if not waiting:
            return plural(
                "{day}: {n} of your companies has moved",
                "{day}: {n} of your companies have moved",
                len(found),
                day=day,
            )
        return plural(
            "To do on {day}: {n} company", "To do on {day}: {n} companies", len(waiting), day=day
        )
