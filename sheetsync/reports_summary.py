"""The summary of the department: tiles, charts, managers against the cap, sections, what moved this night (METHOD point 10).

Counts and words; which rows are due is `reports_facts`', how they look is `look`'s.
"""

from typing import NamedTuple

import pandas as pd

from sheetsync import look
from sheetsync.figures import Figures
from sheetsync.i18n import Language
from sheetsync.reports_against import counted_lines
from sheetsync.reports_blocks import heading, label_lines, offer_lines
from sheetsync.reports_charts import band, charts
from sheetsync.reports_decisions import head_lines
from sheetsync.reports_facts import PASSING, URGENT, Facts
from sheetsync.reports_parts import (
    Line,
    ReportCell,
    ReportSheet,
    bar,
    company_cell,
    date_cell,
    money,
    named,
    padded,
    unique_keys,
    words_of,
)
from sheetsync.reports_periods import meeting_lines
from sheetsync.schema import Severity
from sheetsync.snapshot import JournalLine, own_title

MOVES_SHOWN = 200
"""Moves listed on the summary; the rest are in the Journal."""

COUNTED = ("overdue", "no_step", "closing", "fill")
TEXT_WIDTHS, NUMBER_WIDTH = (250, 110, 150), 88


class _Tile(NamedTuple):
    """A figure at the top: two columns wide, three lines high."""

    colour: str
    label: str
    value: int
    note: str


class _Summary:
    """Words the summary, block by block."""

    def __init__(self, facts: Facts, language: Language, titles: dict[str, str]) -> None:
        self.facts, self.policy, self.language, self.titles = facts, facts.policy, language, titles
        self.states = [s.code for s in self.policy.states if s.counts_to_cap or s.code == "deal_support"]
        self.width = len(TEXT_WIDTHS) + len(self.states) + len(COUNTED)

    @property
    def working(self) -> pd.DataFrame:
        """Rows of the working list."""
        return self.facts.rows[self.facts.rows["working"]]

    def top(self) -> list[Line]:
        """Title, and the day in one line."""
        text, facts, number = self.language.text, self.facts, self.language.number
        day = f"{self.language.date(facts.today)}, {self.language.weekday(facts.today)}"
        moved = text("moved this night {n}", n=number(len(facts.moved)))
        errors = text("errors to mend {n}", n=number(facts.errors)) if facts.errors else text("no errors")
        return [
            Line("title", (ReportCell(text("Sales department summary"), "title"),), 34),
            Line("subtitle", (ReportCell(f"{day} · {moved} · {errors}", "subtitle"),)),
            Line("gap:tiles", (), 12),
        ]

    def _tiles(self) -> tuple[_Tile, ...]:
        text, plural, working = self.language.text, self.language.plural, self.working
        late, near, deals = working[working["overdue"]], working[working["near"]], working[working["state"] == "deal"]
        oldest = plural("the oldest is {n} day late", "the oldest is {n} days late", int(late["late"].max())) if len(late) else ""  # fmt: skip
        large = text("large clients among them {n}", n=self.language.number(int((near["label"] == "large").sum())))
        amount = float(pd.to_numeric(deals["amount"]).sum())
        worth = money(amount, self.policy, self.language) if amount else text("no amounts filled in")
        left = sum(line.before == "working" for line in self.facts.moved)
        one = self.facts.one_limit
        people = plural("{n} manager, up to {max} each", "{n} managers, up to {max} each", len(self.titles), max=one)
        if one is None:
            places = sum(map(self.facts.limit, self.titles))
            people = plural("{n} manager, {max} places in all", "{n} managers, {max} places in all", len(self.titles), max=places)  # fmt: skip
        return (
            _Tile("blue", text("In work"), int(working["load"].sum()), people),
            _Tile("red", text("Overdue steps"), len(late), oldest),
            _Tile(
                "amber",
                text("Deadline ≤ {n} days", n=self.facts.near),
                len(near),
                large if len(near) and "large" in self.policy.label else "",
            ),
            _Tile("green", text("Deals"), len(deals), worth if len(deals) else ""),
            _Tile(
                "grey",
                text("Moved this night"),
                len(self.facts.moved),
                text("out of the working list {n}", n=self.language.number(left)),
            ),
        )

    def tiles(self) -> list[Line]:
        """Return three lines: labels, figures, notes."""
        tiles = self._tiles()
        parts = (("label", 20), ("value", 34), ("note", 20))
        lines = []
        for part, height in parts:
            cells = []
            for tile in tiles:
                style = f"kpi_{tile.colour}_{part}"
                cells += [ReportCell(getattr(tile, part) if part == "value" else getattr(tile, part) or None, style)]
                cells += [ReportCell(None, style)]
            lines.append(Line(f"tiles:{part}", tuple(cells), height))
        return lines

    def structure(self) -> list[Line]:
        """Return what is amiss with whole tabs and columns, which the head of sales settles."""
        text, told = (
            self.language.text,
            [p for p in self.facts.outcome.plan.problems if not p.row or p.code == "settings"],
        )
        shown = [p for p in told if p.severity is not Severity.NOTICE and p.code not in ("over_cap", *PASSING)]
        if not shown:
            return []
        lines = [
            Line(
                f"structure:{problem.code}:{problem.tab}:{problem.row}:{problem.column}",
                (
                    ReportCell(problem.tab, "text"),
                    ReportCell(problem.column or problem.row or None, "text"),
                    ReportCell(None, "text"),
                    ReportCell(f"{problem.message} {problem.fix}".strip(), "text_amber"),
                ),
            )
            for problem in shown
        ]
        return [*self._heading("structure", text("Tabs and columns to settle")), *lines]

    def unattended(self) -> list[Line]:
        """Return the urgent rows of managers who are away without anybody to stand in: the head of sales has them."""
        text = self.language.text
        due = {"overdue": text("Overdue steps"), "closing": text("Deadline is near"), "call": text("Calls due from the archives")}  # fmt: skip
        days = {"overdue": "next_on", "closing": "due", "call": "call_on"}
        lines = []
        for name, absence in self.facts.away.items():
            if absence.substitute is not None:
                continue
            rows = self.facts.by_manager[name]
            until = text("on leave until {date}", date=self.language.day(absence.until))
            for key in URGENT:
                for row in rows[rows[key]].sort_values([days[key], "row"]).to_dict("records"):
                    cells = (
                        company_cell(row, self.language),
                        ReportCell(name, "text"),
                        ReportCell(due[key], "text_amber"),
                        date_cell(row[days[key]]),
                        ReportCell(None, "text"),
                        ReportCell(until, "note"),
                    )
                    lines.append(Line(f"unattended:{key}:{row['id']}", padded(cells, self.width, "text")))
        if not lines:
            return []
        more = [Line("unattended:more", (ReportCell(text("and more"), "plain"),))] if len(lines) > MOVES_SHOWN else []
        return [*self._heading("unattended", text("On leave, and nobody stands in")), *lines[:MOVES_SHOWN], *more]

    def _heading(self, key: str, title: str, note: str = "") -> list[Line]:
        return heading(key, title, note)

    def managers(self) -> list[Line]:
        """Return managers against the cap and by state, those rows that nobody leads, and the totals."""
        text, working = self.language.text, self.working
        note = text("load is counted without clients and deals being supported; the limit is {max}", max=self.policy.cap.max)  # fmt: skip
        if self.facts.one_limit is None:
            note = text("load is counted without clients and deals being supported; some have a limit of their own")
        states = pd.crosstab(working["manager"].fillna(""), working["state"]).reindex(columns=self.states, fill_value=0)
        marks = ["load", *COUNTED]
        rows = self.facts.rows
        counts = rows[marks].astype("int64").groupby(rows["manager"].fillna("")).sum()
        table = counts.join(states).reindex(columns=[*marks, *self.states]).fillna(0).astype("int64")
        names = [*self.titles, *([""] if working["manager"].isna().any() else [])]
        table = table.reindex(names, fill_value=0)
        lines = [self._manager(name, {str(k): int(v) for k, v in table.loc[name].items()}) for name in names]
        total = table.sum()
        numbers = [int(total[key]) for key in (*self.states, *COUNTED)]
        cells = [ReportCell(text("Total"), "total"), ReportCell(int(total["load"]), "total_number")]
        cells += [ReportCell(None, "total"), *(ReportCell(number, "total_number") for number in numbers)]
        title = self._heading("managers", text("Managers"), note)
        return [*title, self._manager_heads(), *lines, Line("managers:total", tuple(cells))]

    def _manager_heads(self) -> Line:
        text, days, one = self.language.text, self.facts.warn[-1], self.facts.one_limit
        counted = (text("Overdue"), text("No step"), text("Deadline ≤ {n} days", n=days), text("To fill in"))
        numbers = [*(named("states", code, self.policy) for code in self.states), *counted]
        first = (
            ReportCell(self.policy.words.name("columns", "manager"), "head"),
            ReportCell(text("Load"), "head_right"),
            ReportCell(text("of the limit") if one is None else text("of {max}", max=one), "head_center"),
        )
        return Line("columns:managers", (*first, *(ReportCell(word, "head_right") for word in numbers)), 34)

    def _manager(self, name: str, counts: dict[str, int]) -> Line:
        load, cap = counts["load"], self.facts.limit(name)
        over = bool(name) and load > cap
        who = ReportCell(name, "link", (f"tab:{self.titles[name]}", 1)) if name else self._nobody()
        told = bar(load, cap) if self.facts.one_limit is not None else f"{bar(load, cap)} {cap}"
        drawn = ReportCell(told if name else None, "bar_red" if over else "bar")
        looks = {"overdue": "number_red", "closing": "number_amber"}
        numbers = [(counts[key], looks.get(key, "number")) for key in (*self.states, *COUNTED)]
        return Line(
            f"managers:{name}",
            (
                who,
                ReportCell(load, "number_red" if over else "number"),
                drawn,
                *(ReportCell(number, style if number else "number_zero") for number, style in numbers),
            ),
        )

    def _nobody(self) -> ReportCell:
        return ReportCell(self.language.text("— no manager —"), "text_red")

    def sections(self) -> list[Line]:
        """Return how many rows stand in each section, and their share of the base."""
        text, rows = self.language.text, self.facts.rows
        counts, whole = rows["section"].value_counts(), max(len(rows), 1)
        heads = (
            ReportCell(text("Section"), "head"),
            ReportCell(text("Companies"), "head_right"),
            ReportCell(text("Share"), "head_right"),
        )
        lines = [*self._heading("sections", text("The base by section")), Line("columns:sections", heads)]
        for code in sorted(self.facts.outcome.snapshot.tab, key=self.policy.rank):
            count = int(counts.get(code, 0))
            name = ReportCell(self.policy.words.name("sections", code), "link", (code, 1))
            cells = (name, ReportCell(count, "number"), ReportCell(count / whole, "percent"))
            lines.append(Line(f"sections:{code}", cells))
        total = (
            ReportCell(text("Total"), "total"),
            ReportCell(len(rows), "total_number"),
            ReportCell(None, "total"),
        )
        return [*lines, Line("sections:total", total)]

    def moves(self) -> list[Line]:
        """Return what moved this night, as the Journal has it: where from, where to and why."""
        text, moved = self.language.text, self.facts.moved
        title = self._heading("moves", text("Moved this night"))
        if not moved:
            return [*title, Line("moves:none", (ReportCell(text("Nothing was moved."), "plain"),))]
        words = (self.policy.words.name("columns", "company"), self.policy.words.name("columns", "manager"))
        heads = (*words, text("From"), text("To"), None, None, text("Why"))
        lines = [Line("columns:moves", padded((ReportCell(head, "head") for head in heads), self.width, "head"))]
        base = self.facts.rows.drop_duplicates("id").set_index("id")
        lines += [self._move(line, base) for line in moved[:MOVES_SHOWN]]
        if len(moved) > MOVES_SHOWN:
            journal, more = self.policy.words.tabs["journal"], len(moved) - MOVES_SHOWN
            rest = self.language.plural("and {n} more, see “{tab}”", "and {n} more, see “{tab}”", more, tab=journal)
            lines.append(Line("moves:more", (ReportCell(rest, "plain"),)))
        return [*title, *lines]

    def _move(self, line: JournalLine, base: pd.DataFrame) -> Line:
        stands = (str(base.at[line.id, "section"]), int(base.at[line.id, "row"])) if line.id in base.index else None
        company = words_of(line.company) or self.language.text("(no name)")
        blank = ReportCell(None, "text")
        cells = (
            ReportCell(company, "link" if stands else "text", stands),
            ReportCell(line.manager or None, "text"),
            ReportCell(named("sections", line.before, self.policy), "text"),
            ReportCell(named("sections", line.after, self.policy), "text"),
            blank,
            blank,
            ReportCell(line.why or None, "note"),
        )
        return Line(f"moves:{line.id}", padded(cells, self.width, "text"))


def summary_sheet(facts: Facts, language: Language, titles: dict[str, str]) -> ReportSheet:
    """Return the summary; `titles` names each manager's tab."""
    made = _Summary(facts, language, titles)
    widths = (*TEXT_WIDTHS, *(NUMBER_WIDTH,) * (made.width - len(TEXT_WIDTHS)))
    lines = [*made.top(), *made.tiles()]
    free, placed = band(charts(facts, language), widths, len(lines))
    blocks = (
        made.structure(),
        made.unattended(),
        head_lines(facts, language),
        made.managers(),
        meeting_lines(Figures(facts), language),
        offer_lines(facts, language),
        label_lines(facts, language),
        counted_lines(facts, language, made.width),
        made.sections(),
        made.moves(),
    )
    lines += [*free, *(line for block in blocks for line in block)]
    title = own_title(facts.outcome.snapshot.book, facts.policy, "summary")
    return ReportSheet("summary", title, widths, unique_keys(lines), 2, look.BLUE, placed)
