"""One manager's sheet: what to do today, the most urgent first (METHOD point 10, "daily").

Chooses, sorts and words the rows; which rows are due is `reports_facts`', how they look is `look`'s.
"""

from collections.abc import Callable, Collection
from typing import Any, NamedTuple

import pandas as pd

from sheetsync.i18n import Language
from sheetsync.reporting.layout import theme as look
from sheetsync.reporting.layout.model import (
    ReportCell,
    ReportLine,
    ReportSheet,
    company_cell,
    date_cell,
    named,
    padded,
    phone,
    unique_keys,
    words_of,
)
from sheetsync.reporting.metrics import explained
from sheetsync.reporting.metrics.facts import URGENT, Facts, destination
from sheetsync.reporting.tabs.decision_column import decided, heads_of
from sheetsync.reporting.tabs.manager_day import moved_lines, tiles
from sheetsync.workbook.snapshot import managers_key, own_titles

WIDTHS = (250, 150, 230, 95, 90, 145, 190, 220)
"""Company, state, what it is about, a date, days, phone, the decision, what is in its way: the same columns for every block."""

LEFT = "left"
"""The kind of a sheet whose manager has no company, and the key of its line that says so."""

Row = dict[str, Any]


class _Block(NamedTuple):
    """A block of the sheet: its mark in the facts, colour, note and columns, how it is sorted, what a row shows."""

    key: str
    colour: str
    title: str
    note: str
    heads: tuple[str, ...]
    order: tuple[str, ...]
    shows: Callable[[Row], tuple[ReportCell, ...]]


class _Sheet:
    """Words the blocks of one manager after the other."""

    def __init__(self, facts: Facts, language: Language) -> None:
        self.facts, self.policy, self.language = facts, facts.policy, language
        self.column = {name: self.policy.words.name("columns", name) for name in self.policy.column}
        self.blocks = (
            self._overdue(),
            self._closing(),
            self._no_step(),
            self._calls(),
            self._contrary(),
            self._fill(),
        )

    def _line(self, row: Row, *middle: ReportCell, second: str = "") -> tuple[ReportCell, ...]:
        state = ReportCell(second or named("states", row["state"], self.policy), "text")
        return (
            company_cell(row, self.language),
            state,
            *middle,
            ReportCell(phone(words_of(row["phone"])) if words_of(row["phone"]) else None, "text"),
        )

    def _heads(self, *middle: str, second: str = "state") -> tuple[str, ...]:
        return (
            self.column["company"],
            self.column.get(second, second),
            *middle,
            self.column["phone"],
        )

    def _overdue(self) -> _Block:
        text = self.language.text

        def shows(row: Row) -> tuple[ReportCell, ...]:
            step = ReportCell(words_of(row["next_step"]) or None, "text")
            return self._line(
                row, step, date_cell(row["next_on"]), ReportCell(int(row["late"]), "days_red")
            )

        heads = self._heads(self.column["next_step"], text("Planned for"), text("Days late"))
        note = text("the oldest first; do it or set a new date")
        return _Block(
            "overdue", "red", text("Overdue steps"), note, heads, ("next_on", "company"), shows
        )

    def _closing(self) -> _Block:
        text = self.language.text

        def shows(row: Row) -> tuple[ReportCell, ...]:
            goes = ReportCell(destination(row, self.policy, self.language), "text")
            return self._line(
                row, goes, date_cell(row["due"]), _left(row, self.facts, self.language)
            )

        heads = self._heads(text("Where it will go"), self.column["deadline"], text("Time left"))
        note = text("moves by itself unless it becomes a deal")
        return _Block(
            "closing", "amber", text("Deadline is near"), note, heads, ("left", "company"), shows
        )

    def _no_step(self) -> _Block:
        text = self.language.text

        def shows(row: Row) -> tuple[ReportCell, ...]:
            return self._line(
                row,
                ReportCell(self._step_lacks(row), "text"),
                date_cell(row["last_contact"]),
                ReportCell(None, "text"),
            )

        heads = self._heads(text("What is missing"), self.column["last_contact"], "")
        note = text("set a step and its date")
        return _Block(
            "no_step", "grey", text("No next step"), note, heads, ("last_contact", "company"), shows
        )

    def _step_lacks(self, row: Row) -> str:
        text, step = self.language.text, words_of(row["next_step"])
        if not step:
            return text("the step and its date") if pd.isna(row["next_on"]) else text("the step")
        if (row["at"], "next_on") in self.facts.unreadable_cells:
            return text("a date that can be read, for: {step}", step=step)
        return text("the date, for: {step}", step=step)

    def _calls(self) -> _Block:
        text = self.language.text

        def shows(row: Row) -> tuple[ReportCell, ...]:
            about = named("reasons", row["refusal_reason"], self.policy) or named(
                "states", row["state"], self.policy
            )
            waits = (
                (pd.Timestamp(self.facts.today) - row["call_on"]).days
                if pd.notna(row["call_on"])
                else None
            )
            days = ReportCell(
                self.language.plural("{n} day", "{n} days", waits) if waits and waits > 0 else None,
                "note",
            )
            section = named("sections", row["section"], self.policy)
            return self._line(
                row, ReportCell(about, "text"), date_cell(row["call_on"]), days, second=section
            )

        heads = self._heads(
            text("Why it is there"), text("Call on"), text("Waiting"), second=text("Section")
        )
        note = text("the return date has come: take it into work or set a new date")
        return _Block(
            "call",
            "blue",
            text("Calls due from the archives"),
            note,
            heads,
            ("call_on", "company"),
            shows,
        )

    def _contrary(self) -> _Block:
        text, said = self.language.text, self.facts.problem_messages("contradiction")

        def shows(row: Row) -> tuple[ReportCell, ...]:
            blank = ReportCell(None, "text")
            return self._line(row, ReportCell(said[row["at"]], "text_amber"), blank, blank)

        heads = self._heads(text("What contradicts itself"), "", "")
        note = text("no rule moves such a company until somebody puts it right")
        return _Block(
            "contrary", "amber", text("Contradictions"), note, heads, ("rank", "company"), shows
        )

    def _fill(self) -> _Block:
        text = self.language.text

        def shows(row: Row) -> tuple[ReportCell, ...]:
            blank = ReportCell(None, "text")
            return self._line(row, ReportCell(self._gaps(row), "text"), blank, blank)

        heads = self._heads(text("What to fill in"), "", "")
        note = text("the state of the company asks for this")
        return _Block("fill", "grey", text("To fill in"), note, heads, ("rank", "company"), shows)

    def _gaps(self, row: Row) -> str:
        lacks, tab = (
            self.facts.missing_cells.loc[row["at"]],
            self.facts.projection.snapshot.tab[row["section"]],
        )
        words = []
        for name in lacks.index[lacks]:
            heading = tab.heading(str(name), self.policy)
            bad = (row["at"], name) in self.facts.unreadable_cells
            words.append(
                self.language.text("{column} (cannot be read)", column=heading) if bad else heading
            )
        return ", ".join(words)

    def block(self, block: _Block, rows: pd.DataFrame) -> list[ReportLine]:
        """Return a block's lines: a gap, its heading with the count, its columns, its rows."""
        mask = rows[block.key]
        if not mask.any():
            return []
        chosen = rows[mask].sort_values([*block.order, "row"], na_position="first")
        fill, width = f"block_{block.colour}", len(WIDTHS)
        how = explained("calls" if block.key == "call" else block.key, self.language)
        title = ReportCell(f"{block.title} · {self.language.number(len(chosen))}", fill, None, how)
        heading = (title, ReportCell(None, fill), ReportCell(block.note, f"{fill}_note"))
        lines = [
            ReportLine(f"gap:{block.key}", (), 16),
            ReportLine(f"head:{block.key}", padded(heading, width, fill), 26),
            ReportLine(f"columns:{block.key}", heads_of(block.heads, self.language)),
        ]
        records = chosen.to_dict("records")
        return lines + [ReportLine(f"{block.key}:{row['id']}", block.shows(row)) for row in records]

    def subtitle(self) -> str:
        """Say which day it is, and what becomes of a decision."""
        day = f"{self.language.date(self.facts.today)}, {self.language.weekday(self.facts.today)}"
        said = self.language.text("what is chosen under “Decision” is carried out by the next run")
        return f"{day} · {said}"

    def _own_leave(self, name: str) -> list[ReportLine]:
        """Say on the sheet of a manager who is away who has the urgent rows."""
        absence, text = self.facts.away.get(name), self.language.text
        if absence is None:
            return []
        until = self.language.date(absence.until)
        said = text(
            "On leave until {date}; {name} has what is urgent.", date=until, name=absence.substitute
        )
        if absence.substitute is None:
            said = text(
                "On leave until {date}; nobody stands in, what is urgent is on the summary.",
                date=until,
            )
        return [ReportLine("leave", (ReportCell(said, "text_amber"),))]

    def _for(self, name: str) -> list[ReportLine]:
        """Return the urgent rows of a manager who is away, for the sheet of who stands in."""
        rows = self._ranked(self.facts.by_manager[name])
        found = [
            line for block in self.blocks if block.key in URGENT for line in self.block(block, rows)
        ]
        if not found:
            return []
        until = self.language.date(self.facts.away[name].until)
        said = ReportCell(
            self.language.text("For {name}, on leave until {date}", name=name, date=until),
            "heading",
        )
        own = [_for_another(line, name) for line in found]
        return [ReportLine(f"gap:for:{name}", (), 18), ReportLine(f"for:{name}", (said,), 26), *own]

    def _ranked(self, rows: pd.DataFrame) -> pd.DataFrame:
        order = {state: -rank for rank, state in enumerate(self.policy.state)}
        return rows.assign(at=rows.index, rank=rows["state"].map(order))

    def lines(self, name: str, rows: pd.DataFrame, key: str) -> tuple[ReportLine, ...]:
        """Return the whole sheet of one manager. `key`: what decisions on its tab are known by."""
        text = self.language.text
        rows = self._ranked(rows)
        top = [
            ReportLine(
                "title", (ReportCell(text("{name} · what to do today", name=name), "title"),), 34
            ),
            ReportLine("subtitle", (ReportCell(self.subtitle(), "subtitle"),)),
        ]
        top += [*self._own_leave(name), *tiles(name, rows, self.facts, self.language)]
        body = [line for block in self.blocks for line in self.block(block, rows)]
        body += [
            line
            for away, absence in self.facts.away.items()
            if absence.substitute == name
            for line in self._for(away)
        ]
        if not body:
            calm = text("Nothing is due: every step is in time and every row is complete.")
            body = [
                ReportLine("gap:calm", (), 16),
                ReportLine("calm", (ReportCell(calm, "plain"),)),
            ]
        body += moved_lines(name, self.facts, self.language, len(WIDTHS))
        return decided(
            unique_keys([*top, *body]), self.facts.pending(key), self.facts, self.language
        )


def _for_another(line: ReportLine, name: str) -> ReportLine:
    """Give a line a key of its own; without notes, which only stand where `NOTED` has them."""
    return line._replace(
        key=f"for:{name}:{line.key}", cells=tuple(cell._replace(note="") for cell in line.cells)
    )


def _left(row: Row, facts: Facts, language: Language) -> ReportCell:
    """Write the days that are left, in words; red from the last warning on."""
    days = int(row["left"])
    if days < 0:
        return ReportCell(language.text("time is up"), "text_red")
    words = language.plural("{n} day", "{n} days", days) if days else language.text("today")
    return ReportCell(words, "text_red" if days <= facts.warn_days[0] else "text_amber")


def manager_sheets(
    facts: Facts, language: Language, titles: dict[str, str]
) -> tuple[ReportSheet, ...]:
    """Return a sheet for each manager of `titles` (name -> title of the tab), in that order."""
    sheet = _Sheet(facts, language)
    made = []
    for name, title in titles.items():
        rows = facts.by_manager[name]
        colour = (
            look.RED if rows["overdue"].any() else look.AMBER if rows["near"].any() else look.GREEN
        )
        key = managers_key(title, facts.policy) or ""
        made.append(
            ReportSheet(f"manager:{name}", title, WIDTHS, sheet.lines(name, rows, key), 2, colour)
        )
    return tuple(made)


def left_sheets(facts: Facts, language: Language, kept: Collection[str]) -> tuple[ReportSheet, ...]:
    """Return a sheet for each manager's tab of ours that nobody's rows fill any more; `kept`: the titles of all others.

    It says so, as an old list on it would be taken for work to do, and is hidden once (`sheets.hidden`); deleting it is left to
    people, whose notes may stand there.
    """
    book, made = facts.projection.snapshot.book, []
    prefixes = tuple(title.split("{")[0] for title in own_titles(facts.policy, "manager"))
    for grid in book.grids:
        if (
            grid.sheet_id in book.theirs
            or grid.title in kept
            or not grid.title.startswith(prefixes)
            or not grid.cells
        ):
            continue
        said = language.text(
            "No company in work or in an archive is with this manager. The tab may be deleted."
        )
        lines: tuple[ReportLine, ...] = (
            ReportLine("title", (ReportCell(grid.title, "title"),), 34),
            ReportLine(LEFT, (ReportCell(said, "subtitle"),)),
        )
        waiting = facts.pending(managers_key(grid.title, facts.policy) or "")
        lines = decided(lines, waiting, facts, language)
        made.append(ReportSheet(f"{LEFT}:{grid.title}", grid.title, WIDTHS, lines, 2, look.GREY))
    return tuple(made)
