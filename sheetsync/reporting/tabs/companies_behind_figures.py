"""The figures by row: every figure of the summary has a heading, its companies below it.

The summary's blocks say which companies a figure was counted from, and get the line to lead to; so
nothing is listed that is not shown, and no figure is shown without its rows. Who is gone from the
base is named without a link.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import zip_longest
from typing import Any, NamedTuple

import pandas as pd

from sheetsync.i18n import Language
from sheetsync.reporting.layout import theme
from sheetsync.reporting.layout.lines import (
    HEADING_HEIGHT,
    BlockHeading,
    gap,
    head_cells,
    more_line,
    sentence,
    subtitle_line,
    title_line,
)
from sheetsync.reporting.layout.model import (
    BLANK,
    Anchor,
    ReportCell,
    ReportLine,
    ReportSheet,
    company_cell,
    date_cell,
    named,
    note_cell,
    padded,
    text_cell,
    unique_keys,
    words_of,
)
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.values import Cell
from sheetsync.workbook.frame_rows import records_of
from sheetsync.workbook.snapshot import own_title

FIGURES = "figures"
"""The key of the tab."""
WIDTHS = (270, 150, 160, 180, 100, 360, 110)
"""Company, manager, state, section, a day, what else there is to say, the amount."""
ROWS = 3000
"""Companies listed at most in all, so that a large base writes no large tab."""
ROWS_OF_A_FIGURE = (200, 100, 50, 20, 10, 5)
"""Companies of one figure: as many of these as all figures have room for."""
COLUMNS = [
    "id",
    "company",
    "manager",
    "state",
    "section",
    "row",
    "amount",
    "next_step",
    "next_on",
    "late",
    "overdue",
    "due",
    "left",
    "call_on",
]
"""What is needed of a row of the base."""

Row = dict[str, Any]
RowRef = int | str
"""A row: its label in the base, or an id, of a company that may be gone.

Their order may not hang on labels: the next run reads the base in another order.
"""


class RowDetails(NamedTuple):
    """What is said of a row beside what it is: a day (serial), words, whose it was then.

    `manager`: None where that is whose it is now.
    """

    when: Cell = None
    about: str = ""
    manager: str | None = None


Details = Callable[[RowRef, Row], RowDetails]
"""Says what is to be said of a row; the row is empty where the company is gone."""


class FigurePart(NamedTuple):
    """A part of a figure: its name, how many there are, where they are listed."""

    name: str
    companies: int
    link: Anchor | None


class _ListedFigure(NamedTuple):
    """A figure with its rows, or with its `parts` in their place. `how`: how it is counted."""

    title: str
    how: str
    rows: tuple[RowRef, ...] = ()
    details: Details | None = None
    parts: tuple[FigurePart, ...] = ()


@dataclass
class FigureLists:
    """Gathers what the summary's figures were counted from."""

    facts: Facts
    language: Language
    _listed: dict[str, _ListedFigure | str] = field(default_factory=dict)
    """By key, in the order of the summary: figures, and the titles of groups of them."""

    def to(
        self,
        key: str,
        title: str,
        rows: Iterable[RowRef],
        how: str = "",
        details: Mapping[Any, RowDetails] | Details | None = None,
    ) -> Anchor | None:
        """List the rows of a figure, once for each `key`; return the line to lead to.

        None where there is no row.
        """
        # The same companies stand behind several figures: they are listed once.
        if key not in self._listed:
            refs = tuple(rows)
            if not refs:
                return None
            self._listed[key] = _ListedFigure(
                title, how, refs, _as_function(details)
            )
        return Anchor(FIGURES, f"head:{key}")

    def row(self, key: str, row_id: str) -> Anchor:
        """Return the line of one row of a figure; its heading where the row is not listed."""
        return Anchor(FIGURES, f"row:{key}:{row_id}", f"head:{key}")

    def parts(
        self, key: str, title: str, parts: Iterable[FigurePart], how: str = ""
    ) -> Anchor:
        """List what a figure is made of; return the line to lead to."""
        self._listed.setdefault(
            key, _ListedFigure(title, how, parts=tuple(parts))
        )
        return Anchor(FIGURES, f"head:{key}")

    def group(self, key: str, title: str) -> Anchor:
        """Put a heading above the lists that follow; return the line to lead to."""
        self._listed.setdefault(f"group:{key}", title)
        return Anchor(FIGURES, f"group:{key}")

    def time_left(self, _: RowRef, row: Row) -> RowDetails:
        """Say of a row until when it may be worked."""
        days = int(row["left"])
        words = self.language.text("time is up")
        if days >= 0:
            words = self.language.plural("{n} day left", "{n} days left", days)
        if days == 0:
            words = self.language.text("the last day")
        return RowDetails(date_cell(row["due"]).value, words)

    def call(self, _: RowRef, row: Row) -> RowDetails:
        """Say of a row of an archive when it was to be called."""
        return RowDetails(
            date_cell(row["call_on"]).value, words_of(row["next_step"])
        )

    def sheet(self) -> ReportSheet:
        """Return the tab, with everything that was asked for until now."""
        tab = _FiguresTab(self.facts, self.language, self._listed)
        title = own_title(
            self.facts.projection.snapshot.book, self.facts.policy, FIGURES
        )
        return ReportSheet(
            FIGURES, title, WIDTHS, unique_keys(tab.lines()), 3, theme.BLUE
        )


def _as_function(
    details: Mapping[Any, RowDetails] | Details | None,
) -> Details | None:
    if details is None or callable(details):
        return details

    def details_of(ref: RowRef, _: Row) -> RowDetails:
        return details.get(ref, RowDetails())

    return details_of


def row_refs(rows: pd.DataFrame) -> tuple[int, ...]:
    """Return a frame's rows as references, in its order."""
    return tuple(map(int, rows.index))


class _FiguresTab:
    """Words the tab."""

    def __init__(
        self,
        facts: Facts,
        language: Language,
        listed: Mapping[str, _ListedFigure | str],
    ) -> None:
        self.facts = facts
        self.policy = facts.policy
        self.language = language
        self.listed = listed

    @cached_property
    def base(self) -> pd.DataFrame:
        """The rows of the base."""
        return self.facts.rows.reindex(columns=COLUMNS)

    @cached_property
    def index_by_id(self) -> dict[str, int]:
        """The first row of each id, by its label."""
        ids = self.base["id"].dropna().drop_duplicates()
        return {str(row_id): int(index) for index, row_id in ids.items()}

    @cached_property
    def last_names(self) -> dict[str, str]:
        """What companies were called when the Journal last spoke of them, by id."""
        names: dict[str, str] = {}
        # The oldest line first, so that the newest name stays.
        for line in reversed(self.facts.journal):
            if line.id and line.company:
                names[line.id] = line.company
        return names

    def lines(self) -> Iterator[ReportLine]:
        """Go through the whole tab."""
        text = self.language.text
        yield title_line(text("Figures by row"))
        about = text("the companies behind each figure of the summary")
        yield subtitle_line(f"{self.language.date(self.facts.today)} · {about}")
        yield ReportLine("columns", self._heads())
        if self.listed:
            yield from self._body()
        else:
            yield sentence(
                "none", text("No figure of the summary has a company yet.")
            )

    def _heads(self) -> tuple[ReportCell, ...]:
        text = self.language.text
        columns = self.policy.words.columns
        words = (
            columns["company"][0],
            columns["manager"][0],
            columns["state"][0],
            text("Section"),
            text("Day"),
            text("More"),
        )
        return (
            *head_cells(words),
            ReportCell(columns["amount"][0], "head_right"),
        )

    def _body(self) -> Iterator[ReportLine]:
        figures = [*self._figures()]
        limit = _row_limit([len(figure.rows) for figure in figures])
        # Read in one go: one by one takes a hundred times as long.
        records = self._records(
            ref for figure in figures for ref in figure.rows[:limit]
        )
        following = [*self.listed.values()][1:]
        for (key, entry), after in zip_longest(self.listed.items(), following):
            if isinstance(entry, _ListedFigure):
                yield from self._figure(key, entry, limit, records)
            # A group of which no figure has a row has no heading either.
            elif isinstance(after, _ListedFigure):
                yield gap(key, 20)
                yield ReportLine(
                    key, (ReportCell(entry, "heading"),), HEADING_HEIGHT
                )

    def _figures(self) -> Iterator[_ListedFigure]:
        for entry in self.listed.values():
            if isinstance(entry, _ListedFigure):
                yield entry

    def _records(self, refs: Iterable[RowRef]) -> dict[RowRef, Row]:
        """Return the rows of the base by reference; nothing for who is gone."""
        index_by_ref: dict[RowRef, int] = {}
        for ref in refs:
            index = ref if isinstance(ref, int) else self.index_by_id.get(ref)
            if index is not None:
                index_by_ref[ref] = index
        indexes = [*dict.fromkeys(index_by_ref.values())]
        record_by_index = dict(records_of(self.base.loc[indexes]))
        return {
            ref: record_by_index[index] for ref, index in index_by_ref.items()
        }

    def _figure(
        self,
        key: str,
        figure: _ListedFigure,
        limit: int,
        records: Mapping[RowRef, Row],
    ) -> Iterator[ReportLine]:
        """Go through one figure: its heading with the count, its parts, its rows."""
        count = len(figure.rows) or sum(part.companies for part in figure.parts)
        title = f"{figure.title} · {self.language.number(count)}"
        yield from BlockHeading(key, "grey", title, figure.how or None).lines(
            len(WIDTHS)
        )
        for part in figure.parts:
            yield _part_line(key, part)
        details = figure.details or self._next_step
        for ref in figure.rows[:limit]:
            row = records.get(ref)
            if row is None:
                yield self._gone_line(key, str(ref), details(ref, {}))
            else:
                yield self._row_line(key, ref, row, details(ref, row))
        if len(figure.rows) > limit:
            yield more_line(
                f"more:{key}", len(figure.rows) - limit, self.language
            )

    def _gone_line(
        self, key: str, row_id: str, details: RowDetails
    ) -> ReportLine:
        text = self.language.text
        cells = (
            ReportCell(
                self.last_names.get(row_id) or text("(no name)"), "text"
            ),
            text_cell(details.manager or ""),
            BLANK,
            note_cell(text("no longer in the base")),
            ReportCell(details.when, "date"),
            note_cell(details.about),
            BLANK,
        )
        return ReportLine(f"row:{key}:{row_id}", cells)

    def _row_line(
        self, key: str, ref: RowRef, row: Row, details: RowDetails
    ) -> ReportLine:
        manager = details.manager
        if manager is None:
            manager = words_of(row["manager"])
        amount = None if pd.isna(row["amount"]) else float(row["amount"])
        cells = (
            company_cell(row, self.language),
            text_cell(manager),
            text_cell(named("states", row["state"], self.policy)),
            ReportCell(named("sections", row["section"], self.policy), "text"),
            ReportCell(details.when, "date"),
            note_cell(details.about),
            ReportCell(amount, "number"),
        )
        return ReportLine(f"row:{key}:{_known_as(ref, row)}", cells)

    def _next_step(self, _: RowRef, row: Row) -> RowDetails:
        """Say of a row which step is next, and how late it is."""
        if not row:
            return RowDetails()
        late = ""
        if row["overdue"]:
            days = int(row["late"])
            late = self.language.plural("{n} day late", "{n} days late", days)
        about = (late, words_of(row["next_step"]))
        when = date_cell(row["next_on"]).value
        return RowDetails(when, " · ".join(part for part in about if part))


def _part_line(key: str, part: FigurePart) -> ReportLine:
    cells = (
        ReportCell(part.name, "link" if part.link else "text", part.link),
        ReportCell(part.companies, "number", part.link),
    )
    return ReportLine(
        f"part:{key}:{part.name}", padded(cells, len(WIDTHS), "text")
    )


def _known_as(ref: RowRef, row: Row) -> str:
    """Return what a row is known by in its line's key: its id, or its place where it has none."""
    if isinstance(ref, str):
        return ref
    # Never its label in the base: in the next run, which reads the row elsewhere, that is another.
    return words_of(row["id"]) or f"{row['section']}.{row['row']}"


def _row_limit(counts: Sequence[int]) -> int:
    """Return how many rows of each figure there is room for."""
    for limit in ROWS_OF_A_FIGURE:
        if sum(min(count, limit) for count in counts) <= ROWS:
            return limit
    return ROWS_OF_A_FIGURE[-1]
