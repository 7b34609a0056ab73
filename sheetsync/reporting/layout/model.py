"""The pieces that reports are made of: cells, lines, charts, sheets; how a phone is written.

Which rows are spoken of is `metrics.facts`', in what order is the reports'.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b
from itertools import count
from typing import Any, Literal, NamedTuple

import pandas as pd

from sheetsync.i18n import Language
from sheetsync.method.policy import Policy
from sheetsync.method.terms import MIXED, kind_of
from sheetsync.values import Cell, to_cell
from sheetsync.values.text import shortened
from sheetsync.workbook.snapshot import as_date

TITLE_LIMIT = 31
"""The longest name that Excel gives a tab, in UTF-16 units; Google's limit is wider."""

_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f]")
_RUSSIAN = re.compile(r"\+7(\d{3})(\d{3})(\d{2})(\d{2})")


class Anchor(NamedTuple):
    """A line of a report, by the report's key and the line's own.

    In which row it stands is known once all reports are laid out. `otherwise`: the line to lead to
    where that one is not there.
    """

    sheet: str
    line: str
    otherwise: str = ""


Link = tuple[str, int] | tuple[str, int, str]
"""Where a cell leads: (code of a section, row in it), or ("tab:" + title of a report, row).

With the heading of a column where it leads to another cell of a row than the company's.
"""

# The mask of a write leaves notes out elsewhere, so that a person's note on a company stays.
NOTED = frozenset({"tiles", "columns", "head", "periods", "then", "plan"})
"""Blocks whose lines may bear notes of ours on their cells, by the first part of the key."""


class ReportCell(NamedTuple):
    """A cell: its value (a date as serial day), its style (`theme.CELL_STYLES`), where it leads.

    `note`: what is said where the cell is pointed at, how a figure is counted say; only on lines of
    `NOTED`.
    """

    value: Cell
    style: str
    link: Link | Anchor | None = None
    note: str = ""


BLANK = ReportCell(None, "text")
"""An empty cell of a line of text."""


class ReportLine(NamedTuple):
    """A row of a report, its height in pixels.

    `key`: unique in its sheet: a block's key, or `block:id` for a company.
    """

    key: str
    cells: tuple[ReportCell, ...]
    height: int = 21


class Series(NamedTuple):
    """One row of numbers of a chart, a value for each of its categories; None leaves a gap.

    `color`: as `#RRGGBB`, one of `theme`'s for charts.
    """

    name: str
    numbers: tuple[float | None, ...]
    color: str


ChartKind = Literal["column", "stacked", "bar", "line"]
"""Columns side by side, columns on top of each other, lying bars (the first on top), lines."""


class ReportChart(NamedTuple):
    """What a chart shows, as plain data: where its numbers stand in a workbook is the writer's.

    `key`: unique in its report and never shown. `categories`: words, which stand under `axis` as
    their heading. `width`: 1 to 3 thirds of the report. `empty`: the sentence that stands in its
    place while there is nothing to draw. `number_format`: as sheets write them. `labels`: whether
    each number is written beside its bar.
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
        if not self.categories:
            return False
        # Zeros alone draw nothing: the sentence in the chart's place says more.
        return any(any(series.numbers) for series in self.series)


class PlacedChart(NamedTuple):
    """A chart that is drawn, at its place on a report.

    `line`, `column`: where its upper left corner stands, 0-based, the column of `cells`; `width`,
    `height`: in pixels.
    """

    chart: ReportChart
    line: int
    column: int
    width: int
    height: int


class ReportSheet(NamedTuple):
    """A tab of the program's own.

    Cells start at column B; `widths` in pixels, one for each of them. `tab_color`: as `#RRGGBB`.
    """

    key: str
    title: str
    widths: tuple[int, ...]
    lines: tuple[ReportLine, ...]
    frozen_rows: int
    tab_color: str
    charts: tuple[PlacedChart, ...] = ()


def padded(
    cells: Iterable[ReportCell], width: int, style: str
) -> tuple[ReportCell, ...]:
    """Fill a line up to `width` cells with empty ones, so that fills and rules run through."""
    filled = tuple(cells)
    return filled + (ReportCell(None, style),) * (width - len(filled))


def unique_keys(lines: Iterable[ReportLine]) -> tuple[ReportLine, ...]:
    """Give each line a key of its own: number those that repeat (an id copied by hand)."""
    times = Counter[str]()
    numbered = list[ReportLine]()
    for line in lines:
        # Answers and notes find their line by its key, in the next run too.
        times[line.key] += 1
        time = times[line.key]
        numbered.append(
            line if time == 1 else line._replace(key=f"{line.key}#{time}")
        )
    return tuple(numbered)


_LONGEST_KEY = 1_000
_END_OF_KEY = 400


def in_cells(sheet: ReportSheet) -> ReportSheet:
    """Return a sheet of which every text fits into a cell, be a name in it ever so long."""
    lines = []
    for line in sheet.lines:
        cells = tuple(map(_in_cell, line.cells))
        lines.append(line._replace(key=_short_key(line.key), cells=cells))
    return sheet._replace(lines=tuple(lines))


def _in_cell(cell: ReportCell) -> ReportCell:
    value = cell.value
    if isinstance(value, str):
        value = shortened(value)
    if value is cell.value and not cell.note:
        return cell
    return cell._replace(value=value, note=shortened(cell.note))


def _short_key(key: str) -> str:
    """Return a key of a line that a cell holds together with what was answered on the line."""
    if len(key) <= _LONGEST_KEY:
        return key
    # The block stands at its beginning, a company's id at its end; names are between.
    digest = blake2b(key.encode(), digest_size=6).hexdigest()
    return f"{key[:_END_OF_KEY]}…{digest}…{key[-_END_OF_KEY:]}"


def words_of(value: Any) -> str:
    """Return a frame's cell as text; nothing as an empty text."""
    if isinstance(value, str):
        return value
    return "" if pd.isna(value) else str(value)


def capitalised(words: str) -> str:
    """Return words that begin with a capital letter."""
    return words[:1].upper() + words[1:]


def text_cell(words: str) -> ReportCell:
    """Write words as plain text; no words leave the cell empty."""
    return ReportCell(words or None, "text")


def note_cell(words: str) -> ReportCell:
    """Write words in grey; no words leave the cell empty."""
    return ReportCell(words or None, "note")


def named(kind: str, code: Any, policy: Policy) -> str:
    """Return the word for a code of the method; the code itself where it is unknown, "" for none.

    `kind`: the words' part of the policy: "states", "sections", "labels", "reasons".
    """
    word = words_of(code)
    mixed = kind == "sections" and kind_of(word) == MIXED
    known = mixed or word in getattr(policy.words, kind)
    return policy.words.name(kind, word) if known else word


def company_cell(row: dict[str, Any], language: Language) -> ReportCell:
    """Name a row's company, leading to where it stands."""
    name = words_of(row["company"]) or language.text("(no name)")
    section = str(row["section"])
    number = int(row["row"])
    return ReportCell(name, "link", (section, number))


def company_name_cell(
    name: str, place: Link | None, language: Language
) -> ReportCell:
    """Name a company that may be gone, leading to where it stands, if it does."""
    return ReportCell(
        name or language.text("(no name)"), "link" if place else "text", place
    )


def date_cell(value: Any) -> ReportCell:
    """Write a frame's date as a serial day."""
    return ReportCell(to_cell(as_date(value)), "date")


@lru_cache(maxsize=100_000)
def phone(number: str) -> str:
    """Write an E.164 number as people read it: `+7 912 345-67-89`.

    What is not a number stays as it is.
    """
    if match := _RUSSIAN.fullmatch(number):
        return "+7 {} {}-{}-{}".format(*match.groups())
    import phonenumbers  # noqa: PLC0415  # only for numbers from abroad

    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    return str(
        phonenumbers.format_number(
            parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL
        )
    )


def bar(value: int, limit: int, cells: int = 10) -> str:
    """Draw how much of a limit is used: full blocks, a begun one among them, then light ones."""
    # Rounded up, so that the least use can be seen.
    begun = -(-value * cells // limit) if limit else 0
    full = min(cells, begun)
    return "█" * full + "░" * (cells - full)


def _cut(text: str, limit: int) -> str:
    # A sign beyond the basic plane counts as two, so the text is measured as it is encoded.
    while len(text.encode("utf-16-le", "replace")) > 2 * limit:
        text = text[:-1]
    return text.rstrip()


def _title_words(name: str) -> str:
    """Return a name without the signs that no tab may bear; a dash where nothing is left."""
    words = _FORBIDDEN.sub(" ", name).split()
    return " ".join(words).strip("'") or "-"


def _short_title(title: str) -> str:
    # Cutting may leave an apostrophe at the end, with which no tab may be called.
    return _cut(title, TITLE_LIMIT).rstrip("'")


def legal_title(name: str) -> str:
    """Return a name as a tab may bear it."""
    return _short_title(_title_words(name))


def tab_titles(
    names: Sequence[str], policy: Policy, taken: Iterable[str]
) -> dict[str, str]:
    """Return a legal title for each manager's tab, unlike any other and any in `taken`."""
    # Programs take two titles for one that differ in capitals alone.
    used = {title.casefold() for title in taken}
    titles = {}
    for name in names:
        whole = policy.words.tabs["manager"].format(name=_title_words(name))
        titles[name] = _first_unused(_numbered(whole), used)
        used.add(titles[name].casefold())
    return titles


def _first_unused(titles: Iterable[str], used: Collection[str]) -> str:
    return next(title for title in titles if title.casefold() not in used)


def _numbered(title: str) -> Iterator[str]:
    """Go through a title as it may stand on tabs: as it is, then with a number after it."""
    yield _short_title(title)
    for number in count(2):
        mark = f" ({number})"
        yield _cut(title, TITLE_LIMIT - len(mark)) + mark
