"""The large figures at the top of the summary, each leading to its companies.

What each counts is `metrics.facts`'.
"""

from typing import NamedTuple

import pandas as pd

from sheetsync.i18n import Language
from sheetsync.method.codes import LabelCode, SectionCode, StateCode
from sheetsync.reporting.layout.model import (
    Anchor,
    Link,
    ReportCell,
    ReportLine,
)
from sheetsync.reporting.metrics import explained
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.reporting.tabs.companies_behind_figures import (
    FigureLists,
    row_refs,
)
from sheetsync.schema import money

TILE_HEIGHTS = {"label": 20, "value": 34, "note": 20}
"""The three lines of large figures, and their heights in pixels."""


class _SummaryTile(NamedTuple):
    """A figure at the top: two columns wide, three lines high.

    `how`: the code by which it is told how it is counted.
    """

    colour: str
    label: str
    value: int
    note: str
    how: str
    link: Link | Anchor | None

    def cell(self, part: str, style: str, language: Language) -> ReportCell:
        """Return its cell on one of the three lines."""
        match part:
            case "label":
                return ReportCell(
                    self.label, style, None, explained(self.how, language)
                )
            case "value":
                return ReportCell(
                    self.value, style, self.link if self.value else None
                )
            case _:
                return ReportCell(self.note or None, style)


def tile_lines(
    facts: Facts, language: Language, titles: dict[str, str], lists: FigureLists
) -> list[ReportLine]:
    """Return three lines: labels, figures, notes. `titles`: the managers, by name."""
    tiles = _SummaryTiles(facts, language, lists).tiles([*titles])
    lines = []
    for part, height in TILE_HEIGHTS.items():
        cells: list[ReportCell] = []
        for tile in tiles:
            style = f"kpi_{tile.colour}_{part}"
            cells += [tile.cell(part, style, language), ReportCell(None, style)]
        lines.append(ReportLine(f"tiles:{part}", tuple(cells), height))
    return lines


class _SummaryTiles:
    """Counts the department's day, and words it."""

    def __init__(
        self, facts: Facts, language: Language, lists: FigureLists
    ) -> None:
        self.facts = facts
        self.language = language
        self.text = language.text
        self.lists = lists
        self.working = facts.rows[facts.rows["working"]]

    def tiles(self, managers: list[str]) -> tuple[_SummaryTile, ...]:
        """Return the figures in their order."""
        return (
            self._load(managers),
            self._overdue(),
            self._steps("today", "blue", self.text("Today")),
            self._steps("week", "grey", self.text("Later this week")),
            self._near(),
            self._deals(),
            self._moved(),
        )

    def _load(self, managers: list[str]) -> _SummaryTile:
        load = int(self.working["load"].sum())
        link = Anchor("summary", "head:managers")
        label = self.text("In work")
        note = self._places_of(managers)
        return _SummaryTile("blue", label, load, note, "load", link)

    def _places_of(self, managers: list[str]) -> str:
        """Say how many managers there are, and how many companies their lists may hold."""
        limit = self.facts.one_limit
        if limit is not None:
            return self.language.plural(
                "{n} manager, up to {max} each",
                "{n} managers, up to {max} each",
                len(managers),
                max=limit,
            )
        return self.language.plural(
            "{n} manager, {max} places in all",
            "{n} managers, {max} places in all",
            len(managers),
            max=sum(map(self.facts.limit, managers)),
        )

    def _overdue(self) -> _SummaryTile:
        rows = self.working[self.working["overdue"]]
        label = self.text("Overdue steps")
        link = Anchor("figures", "group:overdue")
        return _SummaryTile(
            "red", label, len(rows), self._oldest(rows), "overdue", link
        )

    def _steps(self, mark: str, colour: str, label: str) -> _SummaryTile:
        """Count the steps that are due today, or after today and until Sunday."""
        rows = self.working[self.working[mark]]
        refs = row_refs(rows.sort_values(["next_on", "manager", "company"]))
        link = self.lists.to(mark, label, refs, explained(mark, self.language))
        return _SummaryTile(colour, label, len(rows), "", mark, link)

    def _oldest(self, overdue: pd.DataFrame) -> str:
        if not len(overdue):
            return ""
        days = int(overdue["late"].max())
        return self.language.plural(
            "the oldest is {n} day late", "the oldest is {n} days late", days
        )

    def _near(self) -> _SummaryTile:
        rows = self.working[self.working["near"]]
        label = self.text("Deadline ≤ {n} days", n=self.facts.near_days)
        refs = row_refs(rows.sort_values(["left", "company", "id"]))
        how = explained("closing", self.language)
        link = self.lists.to("near", label, refs, how, self.lists.time_left)
        return _SummaryTile(
            "amber", label, len(rows), self._large(rows), "closing", link
        )

    def _large(self, near: pd.DataFrame) -> str:
        # A team may have labels of its own: then nothing is told apart.
        if not len(near) or LabelCode.LARGE not in self.facts.policy.label:
            return ""
        large = int((near["label"] == LabelCode.LARGE).sum())
        return self.text(
            "large clients among them {n}", n=self.language.number(large)
        )

    def _deals(self) -> _SummaryTile:
        rows = self.working[self.working["state"] == StateCode.DEAL]
        label = self.text("Deals")
        how = explained("deals", self.language)
        refs = row_refs(rows.sort_values(["manager", "company", "id"]))
        link = self.lists.to("deals", label, refs, how)
        return _SummaryTile(
            "green", label, len(rows), self._worth(rows), "deals", link
        )

    def _worth(self, deals: pd.DataFrame) -> str:
        if not len(deals):
            return ""
        amount = float(pd.to_numeric(deals["amount"]).sum())
        if not amount:
            return self.text("no amounts filled in")
        return money(amount, self.facts.policy, self.language)

    def _moved(self) -> _SummaryTile:
        moved = self.facts.moved
        left = sum(line.before == SectionCode.WORKING for line in moved)
        label = self.text("Moved this night")
        note = self.text(
            "out of the working list {n}", n=self.language.number(left)
        )
        link = Anchor("summary", "head:moves")
        return _SummaryTile("grey", label, len(moved), note, "moved", link)
