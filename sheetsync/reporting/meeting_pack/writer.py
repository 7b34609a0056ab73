"""What the parts of the page are written with: figures, the period, numbers in words, cells.

Counts nothing: figures are the metrics', words of the method the policy's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from sheetsync.i18n import Language
from sheetsync.method.policy import Policy
from sheetsync.reporting.layout.model import words_of
from sheetsync.reporting.meeting_pack.footnotes import Footnotes
from sheetsync.reporting.meeting_pack.model import ColumnHead, PageCell, Tone
from sheetsync.reporting.meeting_pack.places import BookPlaces
from sheetsync.reporting.messages.harmless_text import visible
from sheetsync.reporting.metrics import NOT_ENOUGH, Figure, Figures
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.reporting.metrics.periods import Period, Span
from sheetsync.reporting.summary.events import PERIOD_NAMES
from sheetsync.schema import money
from sheetsync.workbook.snapshot import as_date

DASH = "—"
"""What stands for what is not known."""


@dataclass(frozen=True)
class PageWriter:
    """What every part of the page is given."""

    figures: Figures
    period: Period
    language: Language
    places: BookPlaces
    footnotes: Footnotes = field(default_factory=Footnotes)

    @property
    def facts(self) -> Facts:
        """What is due."""
        return self.figures.facts

    @property
    def policy(self) -> Policy:
        """The method, with the base's words."""
        return self.figures.facts.policy

    @property
    def period_is_known(self) -> bool:
        """Whether the Journal reaches back to where the period begins."""
        return self.figures.history.covers(self.period.now.first)

    @property
    def past_is_known(self) -> bool:
        """Whether the Journal reaches back to where the period before begins."""
        return self.figures.history.covers(self.period.before.first)

    def heading(self, name: str) -> str:
        """Return what a column of the method is called."""
        return self.policy.words.name("columns", name)

    def number(self, value: float | None) -> str:
        """Write a number; a dash where it is not known."""
        if value is None:
            return DASH
        return self.language.number(round(value))

    def money(self, value: float | None) -> str:
        """Write a sum; a dash where it is not known."""
        if value is None:
            return DASH
        return money(value, self.policy, self.language)

    def share(self, value: float | None) -> str:
        """Write a share as a percentage."""
        if value is None:
            return DASH
        return f"{self.language.number(round(value * 100))}%"

    def value(self, figure: Figure, value: float | None) -> str:
        """Write a value of a figure's kind: its own, the one before, or the difference."""
        if value is None:
            return DASH
        if figure.kind == "days":
            return self.language.number(round(value, 1))
        if figure.kind == "money":
            return self.money(value)
        if figure.kind == "share":
            return self.share(value)
        return self.number(value)

    def change(self, figure: Figure) -> str:
        """Write how much more or less it is than before: "+3", "−2"; a dash: not known."""
        change = figure.change
        if change is None:
            return DASH
        amount = self.value(figure, abs(change))
        # What is nothing once it is rounded has no sign.
        if amount == self.value(figure, 0):
            return amount
        sign = "+" if change > 0 else "−"
        return sign + amount

    def was(self, figure: Figure) -> str:
        """Say what a figure was, "" where that is not known."""
        if figure.before is None:
            return ""
        before = self.value(figure, figure.before)
        return self.language.text("was {n}", n=before)

    def cell(self, figure: Figure, tone: Tone = "") -> PageCell:
        """Write a figure into a table; nothing is grey."""
        # Grey, so that what is there stands out.
        value = self.value(figure, figure.value)
        return PageCell(value, tone if figure.value else "grey")

    def before_cell(self, figure: Figure) -> PageCell:
        """Write what a figure was before into a table."""
        return PageCell(self.value(figure, figure.before), "grey")

    def bar_cell(self, figure: Figure, most: float) -> PageCell:
        """Write a figure with a bar beside it, which `most` would fill."""
        share = (figure.value or 0) / most
        return self.cell(figure)._replace(share=share)

    def count(self, value: float, tone: Tone = "") -> PageCell:
        """Write a bare number into a table; nothing is grey."""
        return PageCell(self.number(value), tone if value else "grey")

    def note(self, figure: Figure) -> int:
        """Return the footnote that says how a figure is counted."""
        return self.footnotes.number_of(self.language.text(figure.how))

    def head(self, text: str, figure: Figure | None = None) -> ColumnHead:
        """Return the heading of a column of numbers."""
        note = 0 if figure is None else self.note(figure)
        return ColumnHead(text, number=True, note=note)

    def enough(self, figure: Figure) -> str:
        """Return the sentence that there is not enough history, "" where there is."""
        if figure.enough:
            return ""
        return self.language.text(NOT_ENOUGH)

    def company(self, row: Mapping[str, Any]) -> PageCell:
        """Name a row's company, with where it stands."""
        name = visible(words_of(row["company"]))
        place = self.places.row(str(row["section"]), int(row["row"]))
        return PageCell(name or self.language.text("(no name)"), place=place)

    def manager(self, name: object) -> PageCell:
        """Name a manager; who has none is told in red."""
        words = visible(words_of(name))
        if words:
            return PageCell(words)
        return PageCell(self.language.text("— no manager —"), "red")

    def day(self, value: object) -> str:
        """Write a frame's date; "" where there is none."""
        day = as_date(value)
        if day is None:
            return ""
        if day.year == self.facts.today.year:
            return self.language.day(day)
        return self.language.date(day)

    def span(self, span: Span, *, year: bool = False) -> str:
        """Write a span of days: "23–25 February"."""
        first, last = span
        end = self.language.date(last) if year else self.language.day(last)
        if first == last:
            return end
        # A month that both days share is named once.
        if (first.year, first.month) == (last.year, last.month):
            return f"{first.day}–{end}"
        return f"{self.language.day(first)} – {end}"

    def compared(self, *, year: bool = False) -> str:
        """Say which days the period has, and with which it is compared."""
        now = self.span(self.period.now, year=year)
        before = self.span(self.period.before)
        return self.language.text(
            "{now}; compared with {before}", now=now, before=before
        )

    @property
    def names(self) -> tuple[str, str]:
        """What the period and the one before it are called."""
        now, before = PERIOD_NAMES[self.period.code]
        return self.language.text(now), self.language.text(before)

    def month(self, first: date) -> str:
        """Name a month."""
        return self.language.month(first)

    def days_between(self, least: int, most: int | None) -> str:
        """Write a number of days from `least` to `most`; None: any more."""
        if most is None:
            return self.language.text("more than {n}", n=least - 1)
        return f"{least}–{most}"


def largest(figures: Iterable[Figure]) -> float:
    """Return the largest value, which fills a bar; 1 where all are nothing."""
    values = [figure.value or 0 for figure in figures]
    return max(values, default=0) or 1


def amount_of(value: Any) -> float | None:
    """Return a frame's amount, None where there is none."""
    if value is None or pd.isna(value):
        return None
    return float(value)
