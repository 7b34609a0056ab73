"""The pieces that reports are made of: cells, lines, sheets, and how a phone, a sum or a tab's name is written.

Knows nothing of sales; which rows are spoken of is `reports_facts`', in what order is the reports'.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Literal, NamedTuple

import pandas as pd

from sheetsync.i18n import Language
from sheetsync.method.policy import Policy
from sheetsync.method.terms import MIXED, kind_of
from sheetsync.schema import money as money  # noqa: PLC0414  # one of the pieces, told from here too
from sheetsync.values import Cell, to_cell
from sheetsync.workbook.snapshot import as_date

TITLE_LIMIT = 31
"""The longest name that Excel gives a tab, in UTF-16 units; Google's limit is wider."""

_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f]")
_RUSSIAN = re.compile(r"\+7(\d{3})(\d{3})(\d{2})(\d{2})")


class Anchor(NamedTuple):
    """A line of a report, by the report's key and the line's: where it stands is known once all reports are laid out.

    `otherwise`: the line to lead to where that one is not there.
    """

    sheet: str
    line: str
    otherwise: str = ""


Link = tuple[str, int] | tuple[str, int, str]

NOTED = frozenset({"tiles", "columns", "head", "periods", "then", "plan"})
"""Blocks whose lines may bear notes on their cells, by the first part of the key: of all other lines notes are people's."""


class ReportCell(NamedTuple):
    """A cell: its value (a date as serial day), its look (`look.LOOKS`), and where it leads.

    `link`: (code of a section, number of a row in it), with the heading of a column where it leads to another cell than
    the company's; or ("tab:" + title of a report, row), or the line itself. `note`: what is said where the cell is pointed
    at, how a figure is counted say; only on lines of `NOTED`.
    """

    value: Cell
    style: str
    link: Link | Anchor | None = None
    note: str = ""


class ReportLine(NamedTuple):
    """A row of a report, unique in its sheet by `key`: a block's key, or `block:id` for a company. Height in pixels."""

    key: str
    cells: tuple[ReportCell, ...]
    height: int = 21


class Series(NamedTuple):
    """One row of numbers of a chart, a value for each of its categories; None leaves a gap. `color` as `#RRGGBB`."""

    name: str
    numbers: tuple[float | None, ...]
    color: str


ChartKind = Literal["column", "stacked", "bar", "line"]
"""Columns side by side, columns on top of each other, lying bars (the first category on top), lines."""


class ReportChart(NamedTuple):
    """What a chart shows, as plain data: where its numbers stand in a workbook is the writer's.

    `key` is unique in its report and never shown. `categories` are words, which stand under `axis` as their heading.
    `width`: 1 to 3 thirds of the report. `empty`: the sentence that stands in its place while there is nothing to draw.
    `number_format` as sheets write them. `labels`: whether each number is written beside its bar.
    """

    key: str
    kind: ChartKind
    title: str
    axis: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    empty: str
    width: int = 1
    number_format: str = "#,##0"
    labels: bool = False

    @property
    def drawn(self) -> bool:
        """Whether there is anything to draw."""
        return bool(self.categories) and any(
            number for series in self.series for number in series.numbers
        )


class PlacedChart(NamedTuple):
    """A chart that is drawn, at its place on a report: over the line and column (0-based, of `cells`) of its corner, in pixels."""

    chart: ReportChart
    line: int
    column: int
    width: int
    height: int


class ReportSheet(NamedTuple):
    """A tab of the program's own. Cells start at column B; `widths` in pixels, one for each of them."""

    key: str
    title: str
    widths: tuple[int, ...]
    lines: tuple[ReportLine, ...]
    frozen_rows: int
    tab_color: str
    charts: tuple[PlacedChart, ...] = ()


def padded(cells: Iterable[ReportCell], width: int, look: str) -> tuple[ReportCell, ...]:
    """Fill a line up to `width` cells with empty ones of `look`, so that fills and rules run through."""
    given = tuple(cells)
    return given + (ReportCell(None, look),) * (width - len(given))


def unique_keys(lines: Iterable[ReportLine]) -> tuple[ReportLine, ...]:
    """Give each line a key of its own: number those that repeat (an id copied by hand)."""
    seen: dict[str, int] = {}
    told = []
    for line in lines:
        seen[line.key] = count = seen.get(line.key, 0) + 1
        told.append(line if count == 1 else line._replace(key=f"{line.key}#{count}"))
    return tuple(told)


def words_of(value: Any) -> str:
    """Return a frame's cell as text; nothing as an empty text."""
    return "" if value is None or pd.isna(value) else str(value)


def named(kind: str, code: Any, policy: Policy) -> str:
    """Return the word for a code of the method, the code itself where it is unknown, "" where there is none."""
    text = words_of(code)
    known = text in getattr(policy.words, kind) or (kind == "sections" and kind_of(text) == MIXED)
    return policy.words.name(kind, text) if known else text


def company_cell(row: dict[str, Any], language: Language) -> ReportCell:
    """Name a row's company, leading to where it stands."""
    name = words_of(row["company"]) or language.text("(no name)")
    return ReportCell(name, "link", (str(row["section"]), int(row["row"])))


def date_cell(value: Any) -> ReportCell:
    """Write a frame's date as a serial day."""
    return ReportCell(to_cell(as_date(value)), "date")


@lru_cache(maxsize=100_000)
def phone(number: str) -> str:
    """Write an E.164 number as people read it: `+7 912 345-67-89`; what is not a number stays as it is."""
    if match := _RUSSIAN.fullmatch(number):
        return "+7 {} {}-{}-{}".format(*match.groups())
    import phonenumbers  # noqa: PLC0415  # only for numbers from abroad

    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


def bar(value: int, limit: int, cells: int = 10) -> str:
    """Draw how much of a limit is used: full blocks, then light ones."""
    full = min(cells, -(-value * cells // limit)) if limit else 0
    return "█" * full + "░" * (cells - full)


def _cut(text: str, limit: int) -> str:
    while len(text.encode("utf-16-le", "replace")) > 2 * limit:
        text = text[:-1]
    return text.rstrip()


def legal_title(name: str) -> str:
    """Return a name as a tab may bear it."""
    return _cut(" ".join(_FORBIDDEN.sub(" ", name).split()).strip("'") or "-", TITLE_LIMIT).rstrip(
        "'"
    )


def tab_titles(names: Sequence[str], policy: Policy, taken: Iterable[str]) -> dict[str, str]:
    """Return a legal title for each manager's tab, unlike any other and any in `taken`."""
    used = {title.casefold() for title in taken}
    titles = {}
    for name in names:
        legal = " ".join(_FORBIDDEN.sub(" ", name).split()).strip("'") or "-"
        whole = policy.words.tabs["manager"].format(name=legal)
        title, count = _cut(whole, TITLE_LIMIT).rstrip("'"), 1
        while title.casefold() in used:
            count += 1
            mark = f" ({count})"
            title = _cut(whole, TITLE_LIMIT - len(mark)) + mark
        used.add(title.casefold())
        titles[name] = title
    return titles
