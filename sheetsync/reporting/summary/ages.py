"""Load and overdue steps by manager on the summary: by how late they are, and as they were before.

How managers stand now, by state, is `team`'s.
"""

from collections.abc import Iterator

import pandas as pd

from sheetsync.method.codes import SectionCode
from sheetsync.reporting.layout.lines import TWO_LINES, heading_lines
from sheetsync.reporting.layout.model import Anchor, ReportCell, ReportLine
from sheetsync.reporting.metrics import Figures, explained
from sheetsync.reporting.metrics.current_load import AGE_CODES, AGES
from sheetsync.reporting.metrics.periods import month, week
from sheetsync.reporting.summary.figure_table import (
    figure_cell,
    figure_head,
    name_head,
)
from sheetsync.reporting.summary.team import NOBODY, ORDER, TeamRows
from sheetsync.reporting.tabs.companies_behind_figures import row_refs


class AgesBlock:
    """Words the block."""

    def __init__(self, figures: Figures, team: TeamRows) -> None:
        self.counts = figures.counts
        self.stocks = figures.stocks
        self.team = team
        self.language = team.language
        self.text = team.language.text
        self.lists = team.lists
        today = figures.facts.today
        last_week = week(today).before
        last_month = month(today).before
        self.days_before = [
            self.counts.last(last_week),
            self.counts.last(last_month),
        ]
        late = team.working[team.working["overdue"]]
        self.first_late = _first_of_each_age(late)

    def lines(self) -> Iterator[ReportLine]:
        """Go through the managers, and the totals."""
        self._list_all()
        note = self.text("days late")
        if None in self.days_before:
            note = self.text("days late; — was not counted then")
        yield from heading_lines(
            "ages", self.text("Load and overdue steps by manager"), note
        )
        yield self._heads()
        for manager in self.team.names:
            yield self._manager_line(manager)
        yield self._total_line()

    def _heads(self) -> ReportLine:
        text = self.text
        overdue = explained("overdue", self.language)
        counted = text(
            "As it was counted in the Journal on the same day of the week, or of the month, before."
        )
        before = (
            figure_head(text("A week ago"), counted),
            figure_head(text("A month ago"), counted),
        )
        cells = (
            name_head(self.team.policy.words.name("columns", "manager")),
            figure_head(text("Load"), explained("load", self.language)),
            *before,
            figure_head(text("Overdue"), overdue),
            *(
                figure_head(self._age(least, most), overdue)
                for least, most in AGES
            ),
            *before,
        )
        return ReportLine("columns:ages", cells, TWO_LINES)

    def _age(self, least: int, most: int | None) -> str:
        if most is None:
            return self.text("more than {n} days", n=least - 1)
        return self.text("{least}–{most} days", least=least, most=most)

    def _manager_line(self, manager: str) -> ReportLine:
        numbers = self.stocks.numbers(manager)
        links = (
            self._nobodys_links() if manager == NOBODY else self._links(manager)
        )
        load_link = Anchor("figures", f"group:working:{manager}")
        cells = (
            self.team.name_cell(manager),
            figure_cell(numbers["load"], "number", load_link),
            *self._before("load", manager),
            figure_cell(numbers["overdue"], "number_red", links["overdue"]),
            *(
                figure_cell(numbers[code], "number", links[code])
                for code in AGE_CODES
            ),
            *self._before("overdue", manager),
        )
        return ReportLine(f"ages:{manager}", cells)

    def _total_line(self) -> ReportLine:
        numbers = self.stocks.numbers()
        overdue = Anchor("figures", "group:overdue")
        cells = (
            ReportCell(self.text("Total"), "total"),
            figure_cell(
                numbers["load"], "total_number", (SectionCode.WORKING, 1)
            ),
            *self._before("load", None),
            figure_cell(numbers["overdue"], "total_number", overdue),
            *(
                figure_cell(
                    numbers[code],
                    "total_number",
                    Anchor("figures", f"head:{code}"),
                )
                for code in AGE_CODES
            ),
            *self._before("overdue", None),
        )
        return ReportLine("ages:total", cells)

    def _before(self, code: str, manager: str | None) -> Iterator[ReportCell]:
        """Go through a stock a week and a month ago. `manager`: "" is nobody, None all of them."""
        for day in self.days_before:
            value = None if day is None else self.counts.on(day, code, manager)
            yield figure_cell(value, "number_past")

    def _nobodys_links(self) -> dict[str, Anchor]:
        """Return where the figures of rows lead that nobody leads: to their list."""
        return dict.fromkeys(
            ("overdue", *AGE_CODES), Anchor("figures", "head:overdue:nobody")
        )

    def _links(self, manager: str) -> dict[str, Anchor]:
        """Return where a manager's figures lead: to the first step of that age on their sheet."""
        sheet = f"manager:{manager}"
        block = "head:overdue"
        links = {"overdue": Anchor(sheet, block)}
        for code in AGE_CODES:
            row_id = self.first_late.get((manager, code))
            first = "" if row_id is None else f"overdue:{row_id}"
            links[code] = Anchor(sheet, first, block)
        return links

    def _list_all(self) -> None:
        """List everybody's overdue steps by how late they are, the oldest first."""
        rows = self.team.rows
        late = rows[rows["overdue"]].sort_values(ORDER["overdue"])
        if len(late):
            count = self.language.number(len(late))
            title = self.text("Overdue steps")
            self.lists.group("overdue", f"{title} · {count}")
        how = explained("overdue", self.language)
        overdue = self.text("Overdue")
        for code, (least, most) in reversed(
            [*zip(AGE_CODES, AGES, strict=True)]
        ):
            title = f"{overdue} · {self._age(least, most)}"
            self.lists.to(code, title, row_refs(_aged(late, least, most)), how)


def _first_of_each_age(late: pd.DataFrame) -> dict[tuple[str, str], str]:
    """Return the id of the first of some late rows for each manager and age (`AGE_CODES`)."""
    first: dict[tuple[str, str], str] = {}
    for code, (least, most) in zip(AGE_CODES, AGES, strict=True):
        aged = _aged(late[["manager", "id", "late"]], least, most)
        for manager, row_id in zip(aged["manager"], aged["id"], strict=True):
            first.setdefault((manager, code), row_id)
    return first


def _aged(late: pd.DataFrame, least: int, most: int | None) -> pd.DataFrame:
    """Return the rows that are so many days late, both ends included."""
    return late[late["late"].between(least, most or float("inf"))]
