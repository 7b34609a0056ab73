"""The top of a manager's sheet and its end: the day in large figures, what moved since yesterday.

What is to be done between the two is `manager`'s.
"""

from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from sheetsync.i18n import Language
from sheetsync.method.codes import LabelCode
from sheetsync.reporting.layout.lines import BlockHeading, gap
from sheetsync.reporting.layout.model import (
    ReportCell,
    ReportLine,
    bar,
    company_name_cell,
    named,
    note_cell,
    padded,
    words_of,
)
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.values import Cell, to_serial
from sheetsync.workbook.journal import RULED, JournalLine, LineKind

MOVED = "moved"
"""The block of what moved, and the beginning of its lines' keys."""
DAYS = 1
"""Days before today whose moves a manager is still told of.

The sheet of Monday morning speaks of the weekend's last night.
"""
TILE_HEIGHTS = {"label": 20, "value": 34, "note": 20}
"""The three lines of large figures, and their heights in pixels."""


class _DayTile(NamedTuple):
    """A large figure: what it counts, what is said below it, and over how many columns it stands.

    `colour`: while it is not zero.
    """

    colour: str
    label: str
    value: int
    note: str = ""
    columns: int = 1

    def cells(self, part: str) -> list[ReportCell]:
        """Return its cells on one of the three lines."""
        colour = self.colour if self.value else "grey"
        style = f"kpi_{colour}_{part}"
        # A nought is shown; a note without words leaves its cell empty.
        shown: dict[str, Cell] = {
            "label": self.label,
            "value": self.value,
            "note": self.note or None,
        }
        blank = ReportCell(None, style)
        return [ReportCell(shown[part], style), *[blank] * (self.columns - 1)]


def tiles(
    name: str, rows: pd.DataFrame, facts: Facts, language: Language
) -> list[ReportLine]:
    """Return the manager's day in large figures. `rows`: the manager's."""
    day = _DayTiles(name, rows, facts, language).tiles()
    lines = [gap("tiles", 12)]
    for part, height in TILE_HEIGHTS.items():
        cells = tuple(cell for tile in day for cell in tile.cells(part))
        lines.append(ReportLine(f"tiles:{part}", cells, height))
    return lines


class _DayTiles:
    """Counts a manager's day, and words it."""

    def __init__(
        self, name: str, rows: pd.DataFrame, facts: Facts, language: Language
    ) -> None:
        self.rows = rows
        self.facts = facts
        self.language = language
        self.limit = facts.limit(name)
        self.load = self._count("load")

    def _count(self, mark: str) -> int:
        return int(self.rows[mark].sum())

    def tiles(self) -> tuple[_DayTile, ...]:
        """Return the figures in their order."""
        text = self.language.text
        near = text("Deadline ≤ {n} days", n=self.facts.warn_days[-1])
        overdue = self._count("overdue")
        return (
            _DayTile(
                self._load_colour(),
                text("In work"),
                self.load,
                self._load_bar(),
            ),
            _DayTile("red", text("Overdue steps"), overdue, self._oldest()),
            _DayTile("blue", text("Today"), self._count("today")),
            _DayTile(
                "grey", text("Later this week"), self._count("week"), columns=2
            ),
            _DayTile("amber", near, self._count("closing"), self._large()),
            _DayTile("blue", text("Calls due"), self._count("call")),
            _DayTile("grey", text("No next step"), self._count("no_step")),
        )

    def _load_colour(self) -> str:
        return "red" if self.load > self.limit else "blue"

    def _load_bar(self) -> str:
        most = self.language.text("of {max}", max=self.limit)
        return f"{bar(self.load, self.limit)}  {most}"

    def _oldest(self) -> str:
        late = self.rows.loc[self.rows["overdue"], "late"]
        if not len(late):
            return ""
        return self.language.plural(
            "by up to {n} day", "by up to {n} days", int(late.max())
        )

    def _large(self) -> str:
        # A team may have labels of its own: then nothing is told apart.
        if LabelCode.LARGE not in self.facts.policy.label:
            return ""
        closing = self.rows.loc[self.rows["closing"], "label"]
        large = int((closing == LabelCode.LARGE).sum())
        if not large:
            return ""
        return self.language.text(
            "large clients among them {n}", n=self.language.number(large)
        )


def moved_lines(
    name: str, facts: Facts, language: Language, width: int
) -> Iterator[ReportLine]:
    """Go through the block of a manager's companies that moved yesterday or today.

    From where, to where, when and why. `width`: the columns of the sheet.
    """
    moves = _last_moves(name, facts)
    if not moves:
        return
    text = language.text
    words = facts.policy.words
    title = text("Moved since yesterday")
    note = text(
        "“{tab}” tells everything that was done", tab=words.tabs["journal"]
    )
    title = f"{title} · {language.number(len(moves))}"
    yield from BlockHeading(MOVED, "grey", title, note).lines(width, above=16)
    company = words.name("columns", "company")
    heads = (company, text("From"), text("To"), text("When"), text("Why"))
    cells = padded((ReportCell(head, "head") for head in heads), width, "head")
    yield ReportLine(f"columns:{MOVED}", cells)
    for move in moves:
        yield _moved_line(move, facts, language, width)


def _last_moves(name: str, facts: Facts) -> list[JournalLine]:
    """Return a manager's moves since yesterday, one of each company."""
    today = to_serial(facts.today)
    by_company: dict[str, JournalLine] = {}
    for line in facts.journal:
        if line.what != LineKind.MOVED or line.manager != name:
            continue
        if today - DAYS <= int(line.when) <= today:
            # The newest line comes first: of a company that moved twice it tells where it is now.
            by_company.setdefault(line.id, line)
    return [*by_company.values()]


def _moved_line(
    move: JournalLine, facts: Facts, language: Language, width: int
) -> ReportLine:
    # The rule by which a row moved is told by the Journal; a manager needs the reason.
    reason, _, _ = move.why.partition(RULED)
    cells = (
        company_name_cell(
            words_of(move.company), facts.places.get(move.id), language
        ),
        ReportCell(named("sections", move.before, facts.policy), "text"),
        ReportCell(named("sections", move.after, facts.policy), "text"),
        ReportCell(int(move.when), "date"),
        note_cell(reason),
    )
    return ReportLine(f"{MOVED}:{move.id}", padded(cells, width, "text"))
