"""The figures by row: a tab on which every figure of the summary has a heading with its companies below it.

The summary's blocks say which companies a figure was counted from, and get the line to lead to; so nothing is listed that is not
shown. Who is gone from the base is named without a link.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import zip_longest
from typing import Any, NamedTuple

import pandas as pd

from sheetsync.i18n import Language
from sheetsync.reporting.layout import theme as look
from sheetsync.reporting.layout.model import (
    Anchor,
    ReportCell,
    ReportLine,
    ReportSheet,
    company_cell,
    date_cell,
    named,
    padded,
    unique_keys,
    words_of,
)
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.values import Cell, to_cell
from sheetsync.workbook.snapshot import as_date, own_title

FIGURES = "figures"
"""The key of the tab."""
WIDTHS = (270, 150, 160, 180, 100, 360, 110)
"""Company, manager, state, section, a day, what else there is to say, the amount."""
ROWS, LIMITS = 3000, (200, 100, 50, 20, 10, 5)
"""Companies listed at most in all; those of one figure: as many of these as they all have room for."""
KEPT = [
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

Row = dict[str, Any]
RowRef = int | str
"""A row: its label in the base, or an id, of a company that may be gone. Their order may not hang on labels."""


class RowDetails(NamedTuple):
    """What is said of a row beside what it is: a day (serial), words, whose it was then (None: whose it is)."""

    when: Cell = None
    about: str = ""
    manager: str | None = None


class _Listed(NamedTuple):
    """A figure with its rows. `say`: what is said of each; `parts`: in their place, names with their counts and lines."""

    title: str
    how: str
    rows: tuple[RowRef, ...] = ()
    say: Callable[[RowRef, Row], RowDetails] | None = None
    parts: tuple[tuple[str, int, Anchor | None], ...] = ()


@dataclass
class FigureLists:
    """Gathers what the summary's figures were counted from."""

    facts: Facts
    language: Language
    _held: dict[str, _Listed | str] = field(default_factory=dict)

    def to(
        self,
        key: str,
        title: str,
        rows: Iterable[RowRef],
        how: str = "",
        say: Mapping[Any, RowDetails] | Callable[[RowRef, Row], RowDetails] | None = None,
    ) -> Anchor | None:
        """List the rows of a figure, once for each `key`; return the line to lead to, None where there is no row."""
        if key not in self._held:
            chosen = tuple(rows)
            if not chosen:
                return None
            told = (
                say
                if say is None or callable(say)
                else (lambda place, _row: say.get(place, RowDetails()))
            )
            self._held[key] = _Listed(title, how, chosen, told)
        return Anchor(FIGURES, f"head:{key}")

    def row(self, key: str, row_id: str) -> Anchor:
        """Return the line of one row of a figure; its heading where it is not among those listed."""
        return Anchor(FIGURES, f"row:{key}:{row_id}", f"head:{key}")

    def parts(
        self, key: str, title: str, parts: Iterable[tuple[str, int, Anchor | None]], how: str = ""
    ) -> Anchor:
        """List what a figure is made of: names, how many, and where each of them is listed."""
        self._held.setdefault(key, _Listed(title, how, parts=tuple(parts)))
        return Anchor(FIGURES, f"head:{key}")

    def group(self, key: str, title: str) -> Anchor:
        """Put a heading above the lists that follow."""
        self._held.setdefault(f"group:{key}", title)
        return Anchor(FIGURES, f"group:{key}")

    @cached_property
    def _base(self) -> pd.DataFrame:
        return self.facts.rows.reindex(columns=KEPT)

    @cached_property
    def _by_id(self) -> dict[str, int]:
        ids = self._base["id"].dropna().drop_duplicates()
        return {str(row_id): int(at) for at, row_id in ids.items()}

    @cached_property
    def _names(self) -> dict[str, str]:
        """What companies were called when the Journal last spoke of them."""
        return {
            line.id: line.company
            for line in reversed(self.facts.journal)
            if line.id and line.company
        }

    def sheet(self) -> ReportSheet:
        """Return the tab, with everything that was asked for until now."""
        text, policy = self.language.text, self.facts.policy
        column = policy.words.columns
        heads = (
            *(column[name][0] for name in ("company", "manager", "state")),
            text("Section"),
            text("Day"),
            text("More"),
            column["amount"][0],
        )
        about = text("the companies behind each figure of the summary")
        subtitle = ReportCell(f"{self.language.date(self.facts.today)} · {about}", "subtitle")
        lines = [
            ReportLine("title", (ReportCell(text("Figures by row"), "title"),), 34),
            ReportLine("subtitle", (subtitle,)),
            ReportLine(
                "columns",
                tuple(
                    ReportCell(word, "head_right" if at == 6 else "head")  # noqa: PLR2004  # the amount
                    for at, word in enumerate(heads)
                ),
            ),
            *self._body(),
        ]
        title = own_title(self.facts.projection.snapshot.book, policy, FIGURES)
        return ReportSheet(FIGURES, title, WIDTHS, unique_keys(lines), 3, look.BLUE)

    def _body(self) -> Iterator[ReportLine]:
        if not self._held:
            yield ReportLine(
                "none",
                (
                    ReportCell(
                        self.language.text("No figure of the summary has a company yet."), "plain"
                    ),
                ),
            )
            return
        listed = {key: held for key, held in self._held.items() if isinstance(held, _Listed)}
        limit = _limit([len(held.rows) for held in listed.values()])
        records = self._records(row for held in listed.values() for row in held.rows[:limit])
        following = [*self._held.values()][1:]
        for (key, held), after in zip_longest(self._held.items(), following):
            if isinstance(held, str):
                if not isinstance(after, _Listed):
                    continue  # no figure of the block has a row
                yield ReportLine(f"gap:{key}", (), 20)
                yield ReportLine(key, (ReportCell(held, "heading"),), 26)
                continue
            yield from self._head(key, held)
            for name, count, link in held.parts:
                cells = (
                    ReportCell(name, "link" if link else "text", link),
                    ReportCell(count, "number", link),
                )
                yield ReportLine(f"part:{key}:{name}", padded(cells, len(WIDTHS), "text"))
            for place in held.rows[:limit]:
                yield self._line(key, held, place, records.get(place))
            if len(held.rows) > limit:
                rest = self.language.plural("and {n} more", "and {n} more", len(held.rows) - limit)
                yield ReportLine(f"more:{key}", (ReportCell(rest, "plain"),))

    def _head(self, key: str, held: _Listed) -> Iterator[ReportLine]:
        count = len(held.rows) or sum(number for _, number, _ in held.parts)
        title = ReportCell(f"{held.title} · {self.language.number(count)}", "block_grey")
        # The sentence is as long as the tab is wide: it stands where nothing follows.
        cells = (
            title,
            ReportCell(None, "block_grey"),
            ReportCell(held.how or None, "block_grey_note"),
        )
        yield ReportLine(f"gap:{key}", (), 14)
        yield ReportLine(f"head:{key}", padded(cells, len(WIDTHS), "block_grey"), 26)

    def _records(self, row_refs: Iterable[RowRef]) -> dict[RowRef, Row]:
        """Return the rows of the base by place; nothing for who is gone."""
        at = {
            place: place if isinstance(place, int) else self._by_id.get(place) for place in row_refs
        }
        known = {place: index for place, index in at.items() if index is not None}
        frame = self._base.loc[[*dict.fromkeys(known.values())]]
        records = dict(zip(frame.index, frame.to_dict("records"), strict=True))
        return {place: records[index] for place, index in known.items()}

    def _line(self, key: str, held: _Listed, place: RowRef, row: Row | None) -> ReportLine:
        policy, language = self.facts.policy, self.language
        said = (held.say or self._step)(place, row or {})
        if row is None:
            name = self._names.get(str(place)) or language.text("(no name)")
            gone = (
                ReportCell(name, "text"),
                ReportCell(said.manager or None, "text"),
                ReportCell(None, "text"),
                ReportCell(language.text("no longer in the base"), "note"),
            )
            cells = (
                *gone,
                ReportCell(said.when, "date"),
                ReportCell(said.about or None, "note"),
                ReportCell(None, "text"),
            )
            return ReportLine(f"row:{key}:{place}", cells)
        # By its id: a row's label in the base is another one in the next run, which reads it where it came to stand.
        known = (
            place
            if isinstance(place, str)
            else words_of(row["id"]) or f"{row['section']}.{row['row']}"
        )
        amount = None if pd.isna(row["amount"]) else float(row["amount"])
        manager = words_of(row["manager"]) if said.manager is None else said.manager
        cells = (
            company_cell(row, language),
            ReportCell(manager or None, "text"),
            ReportCell(named("states", row["state"], policy) or None, "text"),
            ReportCell(named("sections", row["section"], policy), "text"),
            ReportCell(said.when, "date"),
            ReportCell(said.about or None, "note"),
            ReportCell(amount, "number"),
        )
        return ReportLine(f"row:{key}:{known}", cells)

    def _step(self, _: RowRef, row: Row) -> RowDetails:
        """Say of a row which step is next, and how late it is."""
        if not row:
            return RowDetails()
        late = (
            self.language.plural("{n} day late", "{n} days late", int(row["late"]))
            if row["overdue"]
            else ""
        )
        return RowDetails(
            date_cell(row["next_on"]).value,
            " · ".join(part for part in (late, words_of(row["next_step"])) if part),
        )

    def left(self, _: RowRef, row: Row) -> RowDetails:
        """Say of a row until when it may be worked."""
        days = int(row["left"])
        words = (
            self.language.plural("{n} day left", "{n} days left", days)
            if days >= 0
            else self.language.text("time is up")
        )
        return RowDetails(date_cell(row["due"]).value, words)

    def call(self, _: RowRef, row: Row) -> RowDetails:
        """Say of a row of an archive when it was to be called."""
        return RowDetails(to_cell(as_date(row["call_on"])), words_of(row["next_step"]))


def row_refs(rows: pd.DataFrame) -> tuple[int, ...]:
    """Return a frame's rows as places, in its order."""
    return tuple(map(int, rows.index))


def _limit(counts: Sequence[int]) -> int:
    """Return how many rows of each figure there is room for."""
    fitting = (limit for limit in LIMITS if sum(min(count, limit) for count in counts) <= ROWS)
    return next(fitting, LIMITS[-1])
