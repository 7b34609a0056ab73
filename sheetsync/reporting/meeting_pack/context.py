"""What the parts of the page are written with: figures and the period, words for numbers, places of rows, footnotes.

Counts nothing: figures are `figures`', words of the method the policy's.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import quote

import pandas as pd

from sheetsync.i18n import Language, marked
from sheetsync.method.policy import Policy
from sheetsync.reporting.layout.model import Link, words_of
from sheetsync.reporting.meeting_pack.model import Cell, Explained, Head, Place
from sheetsync.reporting.metrics import NOT_ENOUGH, Figure, Figures
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.reporting.metrics.periods import Period, Span
from sheetsync.schema import money
from sheetsync.workbook.snapshot import Snapshot, as_date

DASH = "—"
PERIODS: Mapping[str, tuple[str, str]] = {
    "today": (marked("Today"), marked("Yesterday")),
    "week": (marked("Week"), marked("Last week")),
    "month": (marked("Month"), marked("Last month")),
}
"""What a period and the one before it are called."""
LONGEST = 300
"""Letters of a text from a row at most: nobody reads more of it at a meeting."""


def seen(text: str, limit: int = LONGEST) -> str:
    """Return a text of a row as one line of signs that can be seen and stored; cut at `limit`."""
    kept = "".join(_visible(sign) for sign in text)
    line = " ".join(kept.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _visible(sign: str) -> str:
    """Leave out controls, halves of pairs and signs that turn the direction; joiners belong to words and to emoji."""
    category = unicodedata.category(sign)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    return (
        ""
        if category in ("Cs", "Co", "Cn") or (category == "Cf" and sign not in "\u200c\u200d")
        else sign
    )


def letters(column: int) -> str:
    """Return the letters of a 0-based column."""
    found, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


@dataclass(frozen=True)
class Places:
    """Where rows stand. `root`: the address of the spreadsheet, "" where it has none that people can open."""

    snapshot: Snapshot
    policy: Policy
    language: Language
    root: str = ""

    def of(self, section: str, row: int, heading: str = "") -> Place | None:
        """Return the place of a row (the sheet's number), or of its cell under a heading."""
        tab = self.snapshot.tab.get(section)
        if tab is None:
            return None
        at = (
            tab.headings.index(heading) if heading in tab.headings else tab.fields.get("company", 0)
        )
        words = self.language.text("{tab}, row {row}", tab=seen(tab.title), row=row)
        return Place(words, self._address(tab.grid.sheet_id, f"{letters(at)}{row}"))

    def tab(self, title: str) -> Place:
        """Return the place of a tab as a whole."""
        grid = next((grid for grid in self.snapshot.book.grids if grid.title == title), None)
        return Place(
            self.language.quoted(seen(title)), self._address(grid.sheet_id, "A1") if grid else ""
        )

    def link(self, link: Link | None) -> Place | None:
        """Return the place that a cell of a report leads to."""
        if link is None:
            return None
        name, row, *heading = link
        return (
            self.tab(name.removeprefix("tab:"))
            if name.startswith("tab:")
            else self.of(name, row, *heading)
        )

    def _address(self, sheet_id: int, cells: str) -> str:
        return f"{self.root}#gid={int(sheet_id)}&range={quote(cells)}" if self.root else ""


@dataclass
class Footnotes:
    """The footnotes of a page, numbered as they are first called for."""

    told: dict[str, int] = field(default_factory=dict)

    def of(self, sentence: str) -> int:
        """Return the number of a footnote."""
        return self.told.setdefault(sentence, len(self.told) + 1)

    def explained(self) -> tuple[Explained, ...]:
        """Return the footnotes in their order."""
        return tuple(Explained(number, sentence) for sentence, number in self.told.items())


@dataclass(frozen=True)
class Writing:
    """What every part of the page is given."""

    figures: Figures
    period: Period
    language: Language
    places: Places
    footnotes: Footnotes = field(default_factory=Footnotes)

    @property
    def facts(self) -> Facts:
        """What is due."""
        return self.figures.facts

    @property
    def policy(self) -> Policy:
        """The method, with the base's words."""
        return self.figures.facts.policy

    def heading(self, name: str) -> str:
        """Return what a column of the method is called."""
        return self.policy.words.name("columns", name)

    def number(self, value: float | None) -> str:
        """Write a number; a dash where it is not known."""
        return DASH if value is None else self.language.number(round(value))

    def money(self, value: float | None) -> str:
        """Write a sum; a dash where it is not known."""
        return DASH if value is None else money(value, self.policy, self.language)

    def share(self, value: float | None) -> str:
        """Write a share as a percentage."""
        return DASH if value is None else f"{self.language.number(round(value * 100))}%"

    def value(self, figure: Figure, value: float | None) -> str:
        """Write a value of a figure's kind: its own, the one before, or the difference."""
        if value is None:
            return DASH
        if figure.kind == "days":
            return self.language.number(round(value, 1))
        return {"money": self.money, "share": self.share}.get(figure.kind, self.number)(value)

    def change(self, figure: Figure) -> str:
        """Write how much more or less it is than before: "+3", "−2"; a dash where that is not known."""
        change = figure.change
        if change is None:
            return DASH
        written = self.value(figure, abs(change))
        return (
            written if written == self.value(figure, 0) else ("+" if change > 0 else "−") + written
        )

    def cell(self, figure: Figure, tone: str = "") -> Cell:
        """Write a figure into a table; nothing is grey."""
        shade = "grey" if not figure.value else tone
        return Cell(self.value(figure, figure.value), shade)  # type: ignore[arg-type]  # tones are checked by their users

    def count(self, value: float, tone: str = "") -> Cell:
        """Write a bare number into a table; nothing is grey."""
        return Cell(self.number(value), tone if value else "grey")  # type: ignore[arg-type]  # the same

    def note(self, figure: Figure) -> int:
        """Return the footnote that says how a figure is counted."""
        return self.footnotes.of(self.language.text(figure.how))

    def head(self, text: str, figure: Figure | None = None) -> Head:
        """Return the heading of a column of numbers."""
        return Head(text, number=True, note=self.note(figure) if figure is not None else 0)

    def enough(self, figure: Figure) -> str:
        """Return the sentence that there is not enough history, "" where there is."""
        return "" if figure.enough else self.language.text(NOT_ENOUGH)

    def company(self, row: Mapping[str, Any]) -> Cell:
        """Name a row's company, with where it stands."""
        name = seen(words_of(row["company"])) or self.language.text("(no name)")
        return Cell(name, place=self.places.of(str(row["section"]), int(row["row"])))

    def manager(self, name: object) -> Cell:
        """Name a manager; who has none is said in red."""
        written = seen(words_of(name))
        return Cell(written) if written else Cell(self.language.text("— no manager —"), "red")

    def day(self, day: object) -> str:
        """Write a frame's date; "" where there is none."""
        found = as_date(day)
        if found is None:
            return ""
        same_year = found.year == self.facts.today.year
        return self.language.day(found) if same_year else self.language.date(found)

    def span(self, span: Span, *, year: bool = False) -> str:
        """Write a span of days: "23–25 February"."""
        last = self.language.date(span.last) if year else self.language.day(span.last)
        if span.first == span.last:
            return last
        months = (span.first.year, span.first.month) == (span.last.year, span.last.month)
        first = str(span.first.day) if months else self.language.day(span.first)
        return f"{first}–{last}" if months else f"{first} – {last}"

    @property
    def names(self) -> tuple[str, str]:
        """What the period and the one before it are called."""
        now, before = PERIODS[self.period.code]
        return self.language.text(now), self.language.text(before)

    def month(self, first: date) -> str:
        """Name a month."""
        return self.language.month(first)


def amount_of(value: Any) -> float | None:
    """Return a frame's amount, None where there is none."""
    return None if value is None or pd.isna(value) else float(value)


_PATTERN = re.compile(r"([#0,. ]*[0#])(%?)(.*)", re.DOTALL)


def patterned(value: float, pattern: str, language: Language) -> str:
    """Write a number as a chart's `number_format` has it: decimals, percent, and what stands behind it."""
    match = _PATTERN.search(pattern)
    digits, percent, behind = match.groups() if match else ("0", "", "")
    decimals = len(digits.partition(".")[2])
    written = language.number(round(value * (100 if percent else 1), decimals))
    return written + percent + behind.split(";")[0].replace('"', "")
