"""One manager's sheet: what to do today, the most urgent first (METHOD point 10, "daily").

Puts the blocks in order, those of who is away after the manager's own; what they show is
`manager_blocks`'.
"""

from collections.abc import Collection, Iterator, Sequence

import pandas as pd

from sheetsync.i18n import Language
from sheetsync.reporting.layout import theme
from sheetsync.reporting.layout.lines import (
    HEADING_HEIGHT,
    gap,
    sentence,
    subtitle_line,
    title_line,
)
from sheetsync.reporting.layout.model import (
    ReportCell,
    ReportLine,
    ReportSheet,
    unique_keys,
)
from sheetsync.reporting.metrics.facts import URGENT, Facts
from sheetsync.reporting.tabs.decision_column import with_decisions
from sheetsync.reporting.tabs.manager_blocks import (
    WIDTHS,
    manager_blocks,
)
from sheetsync.reporting.tabs.manager_day import moved_lines, tiles
from sheetsync.rules.deadlines.absences import Absence
from sheetsync.workbook.answers import asked
from sheetsync.workbook.snapshot import Book, Grid, managers_key, own_titles

LEFT = "left"
"""The kind of a sheet whose manager has no company, and the key of its line that says so."""


def manager_sheets(
    facts: Facts, language: Language, titles: dict[str, str]
) -> tuple[ReportSheet, ...]:
    """Return a sheet for each manager of `titles` (name -> title of the tab), in that order."""
    sheet = _ManagerSheet(facts, language)
    return tuple(sheet.of(name, title) for name, title in titles.items())


class _ManagerSheet:
    """Words the sheets of all managers, one after the other."""

    def __init__(self, facts: Facts, language: Language) -> None:
        self.facts = facts
        self.language = language
        self.blocks = manager_blocks(facts, language)

    def of(self, name: str, title: str) -> ReportSheet:
        """Return the sheet of one manager."""
        key = managers_key(title, self.facts.policy) or ""
        rows = self.facts.by_manager[name]
        top = self._top(name, rows)
        body = self._body(name)
        lines = unique_keys([*top, *body])
        lines = with_decisions(
            lines, self.facts.pending(key), self.facts, self.language
        )
        return ReportSheet(
            f"manager:{name}", title, WIDTHS, lines, 2, _tab_color(rows)
        )

    def _top(self, name: str, rows: pd.DataFrame) -> Iterator[ReportLine]:
        """Go through the title, the date, and the day in large figures."""
        text = self.language.text
        today = self.facts.today
        yield title_line(text("{name} · what to do today", name=name))
        day = f"{self.language.date(today)}, {self.language.weekday(today)}"
        what = text(
            "what is chosen under “Decision” is carried out by the next run"
        )
        yield subtitle_line(f"{day} · {what}")
        absence = self.facts.away.get(name)
        if absence is not None:
            yield sentence("leave", self._on_leave(absence), "text_amber")
        yield from tiles(name, rows, self.facts, self.language)

    def _on_leave(self, absence: Absence) -> str:
        """Say on the sheet of a manager who is away who has the urgent rows."""
        text = self.language.text
        until = self.language.date(absence.until)
        if absence.substitute is None:
            return text(
                "On leave until {date}; nobody stands in, what is urgent is on the summary.",
                date=until,
            )
        return text(
            "On leave until {date}; {name} has what is urgent.",
            date=until,
            name=absence.substitute,
        )

    def _body(self, name: str) -> Iterator[ReportLine]:
        """Go through the blocks, or say that there is nothing to be done; then what moved."""
        due = [*self._due(name)]
        if not any(asked("manager", line.key) for line in due):
            text = self.language.text
            calm = text(
                "Nothing is due: every step is in time and every row is complete."
            )
            yield gap("calm", 16)
            yield sentence("calm", calm)
        yield from due
        yield from moved_lines(name, self.facts, self.language, len(WIDTHS))

    def _due(self, name: str) -> Iterator[ReportLine]:
        for block in self.blocks:
            yield from block.lines(name)
        # Who stands in has the urgent rows below the own ones.
        for away, absence in self.facts.away.items():
            if absence.substitute == name:
                yield from self._stood_in_for(away)

    def _stood_in_for(self, name: str) -> Iterator[ReportLine]:
        """Go through the urgent rows of a manager who is away, for the sheet of who stands in."""
        urgent = [*self._urgent(name)]
        if not urgent:
            return
        until = self.language.date(self.facts.away[name].until)
        title = self.language.text(
            "For {name}, on leave until {date}", name=name, date=until
        )
        yield gap(f"for:{name}", 18)
        yield ReportLine(
            f"for:{name}", (ReportCell(title, "heading"),), HEADING_HEIGHT
        )
        for line in urgent:
            yield _for_another(line, name)

    def _urgent(self, name: str) -> Iterator[ReportLine]:
        for block in self.blocks:
            if block.key in URGENT:
                yield from block.lines(name)


def _tab_color(rows: pd.DataFrame) -> str:
    if rows["overdue"].any():
        return theme.RED
    return theme.AMBER if rows["near"].any() else theme.GREEN


def _for_another(line: ReportLine, name: str) -> ReportLine:
    """Give a line of somebody else's a key of its own."""
    # Notes only stand on lines that `NOTED` has, by the beginning of their keys.
    cells = tuple(cell._replace(note="") for cell in line.cells)
    # By its key an answer on it is known to be about another's row.
    return line._replace(key=f"for:{name}:{line.key}", cells=cells)


def left_sheets(
    facts: Facts, language: Language, other_titles: Collection[str]
) -> tuple[ReportSheet, ...]:
    """Return a sheet for each manager's tab of ours that nobody's rows fill any more.

    It says so, and is hidden once, by the run that first says so
    (`sheets.requests.tab_visibility`). `other_titles`: those of managers who have rows.
    """
    book = facts.projection.snapshot.book
    others = [grid for grid in book.grids if grid.title not in other_titles]
    left = _managers_tabs(others, book, facts)
    return tuple(_left_sheet(grid, facts, language) for grid in left)


def _managers_tabs(
    grids: Sequence[Grid], book: Book, facts: Facts
) -> Iterator[Grid]:
    """Go through those tabs that are managers' sheets of ours, with something on them."""
    # The title is known up to the manager's name, in every language of the program.
    titles = own_titles(facts.policy, "manager")
    prefixes = tuple(title.split("{")[0] for title in titles)
    for grid in grids:
        ours = grid.sheet_id not in book.not_by_title
        if ours and grid.cells and grid.title.startswith(prefixes):
            yield grid


def _left_sheet(grid: Grid, facts: Facts, language: Language) -> ReportSheet:
    # An old list would be taken for work; people delete the tab, as their notes may be there.
    empty = language.text(
        "No company in work or in an archive is with this manager. The tab may be deleted."
    )
    lines = [title_line(grid.title), sentence(LEFT, empty, "subtitle")]
    pending = facts.pending(managers_key(grid.title, facts.policy) or "")
    decided = with_decisions(lines, pending, facts, language)
    return ReportSheet(
        f"{LEFT}:{grid.title}", grid.title, WIDTHS, decided, 2, theme.GREY
    )
