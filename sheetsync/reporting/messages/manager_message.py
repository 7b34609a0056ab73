"""A manager's message: a line a company, the most urgent first, own ones and those stood in for.

What is due with a company is `due_items`'; who is told at all, the day's.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sheetsync.i18n import Language
from sheetsync.reporting.messages.due_items import (
    DueItem,
    DueItems,
    Urgency,
    moves_since,
)
from sheetsync.reporting.messages.harmless_text import LINE, plain
from sheetsync.reporting.messages.message import (
    LINES,
    NAME,
    Message,
    recipient_of,
)
from sheetsync.reporting.messages.responsibility import Away, person
from sheetsync.reporting.messages.sent_log import SentLog
from sheetsync.reporting.metrics.current_load import STEPS
from sheetsync.reporting.metrics.facts import Facts


@dataclass(frozen=True)
class _Company:
    """All that is told of one company, the most urgent first. `manager`: whose it is."""

    manager: str
    items: tuple[DueItem, ...]

    @property
    def urgency(self) -> Urgency:
        return self.items[0].urgency

    @property
    def order(self) -> tuple[int, float, str, str]:
        first = self.items[0]
        company = str(first.row["company"])
        return first.urgency, first.order, company, first.row_id


class ManagerMessages:
    """Makes every manager's message out of one base."""

    def __init__(
        self,
        facts: Facts,
        sent_log: SentLog,
        language: Language,
        links: Mapping[str, str],
    ) -> None:
        self.facts = facts
        self.sent_log = sent_log
        self.language = language
        self.links = links
        self.due_items = DueItems(facts, language)

    def message(self, name: str, absences: Sequence[Away]) -> Message | None:
        """Return a manager's message, with the companies of those they stand in for.

        None where nothing is due.
        """
        companies = self._companies(name, name)
        for absent in absences:
            companies += self._companies(absent.name, name)
        if not companies:
            return None
        # What is most urgent is named, be it with an own company or one that is stood in for.
        named = sorted(companies, key=lambda company: company.order)[:LINES]
        lines = [*self._figures(companies), *self._lines_of(name, named)]
        for absent in absences:
            theirs = self._lines_of(absent.name, named)
            if theirs:
                lines += [self._stands_in_for(absent), *theirs]
        # Only those that are named have their keys in it: the rest is not taken for told.
        more = len(companies) - len(named)
        if more:
            plural = self.language.plural
            lines.append(
                plural(
                    "… and {n} more company", "… and {n} more companies", more
                )
            )
        return Message(
            "manager",
            person(self.facts.policy, name),
            self._title(companies),
            tuple(lines),
            tuple(item.key for company in named for item in company.items),
            len(companies),
            self.links.get(name, ""),
        )

    def _figures(self, companies: Sequence[_Company]) -> Iterator[str]:
        """Tell the steps of the day: the figures that the tabs and the summary have too.

        They are of all companies, those told already among them.
        """
        waits = any(company.urgency != Urgency.MOVED for company in companies)
        owners = {company.manager for company in companies}
        rows = [
            self.facts.by_manager[owner]
            for owner in sorted(owners)
            if owner in self.facts.by_manager
        ]
        if not waits or not rows:
            return
        number = self.language.number
        counts = {
            mark: number(sum(int(of[mark].sum()) for of in rows))
            for mark in STEPS
        }
        figures = self.language.text(
            "Steps: {overdue} overdue, {today} today, {week} later this week",
            **counts,
        )
        yield figures

    def _companies(self, manager: str, reader: str) -> list[_Company]:
        """Return a manager's companies with which something is due, as `reader` is told of them."""
        by_row: dict[str, list[DueItem]] = {}
        for item in sorted(self._due(manager, reader), key=_most_urgent_first):
            by_row.setdefault(item.row_id, []).append(item)
        return [_Company(manager, tuple(items)) for items in by_row.values()]

    def _due(self, manager: str, reader: str) -> list[DueItem]:
        """Return what is due with a manager's companies, and was not told too lately."""
        recipient = recipient_of(reader)
        due: list[DueItem] = []
        rows = self.facts.by_manager.get(manager)
        if rows is not None:
            due += self.due_items.of_rows(rows)
        since = self.sent_log.since(recipient)
        due += self.due_items.moves(moves_since(self.facts, since, manager))
        rests = self.sent_log.rests
        return [item for item in due if not rests(recipient, item.key)]

    def _lines_of(
        self, manager: str, companies: Sequence[_Company]
    ) -> list[str]:
        return [
            self._line(company)
            for company in companies
            if company.manager == manager
        ]

    def _line(self, company: _Company) -> str:
        row = company.items[0].row
        due = "; ".join(item.say() for item in company.items)
        number = self.due_items.phone(row)
        # The phone goes last, and is never what a long line loses.
        tail = f" · {number}" if number else ""
        line = plain(f"{self.due_items.company(row)} — {due}", LINE - len(tail))
        return f"• {line}{tail}"

    def _stands_in_for(self, absent: Away) -> str:
        text = self.language.text
        until = self.language.day(absent.until)
        name = plain(absent.name, NAME)
        return text(
            "{name} is on leave until {day}, you stand in:",
            name=name,
            day=until,
        )

    def _title(self, companies: Sequence[_Company]) -> str:
        """Say how many companies wait; where all there is are moves, that these are news."""
        plural = self.language.plural
        day = self.language.day(self.facts.today)
        waiting = [
            company for company in companies if company.urgency != Urgency.MOVED
        ]
        if waiting:
            return plural(
                "To do on {day}: {n} company",
                "To do on {day}: {n} companies",
                len(waiting),
                day=day,
            )
        return plural(
            "{day}: {n} of your companies has moved",
            "{day}: {n} of your companies have moved",
            len(companies),
            day=day,
        )


def _most_urgent_first(item: DueItem) -> tuple[int, float, str]:
    return item.urgency, item.order, item.row_id
