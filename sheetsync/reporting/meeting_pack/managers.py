"""Managers: load against the limit, states, and what is overdue and for how long.

What is most urgent with each of them is `urgent`'s; the stocks are the metrics'.
"""

from collections.abc import Mapping

from sheetsync.method.codes import StateCode
from sheetsync.reporting.layout.model import named
from sheetsync.reporting.meeting_pack.model import (
    Cells,
    ColumnHead,
    Heads,
    PageBlock,
    PageCell,
    Table,
    Tone,
)
from sheetsync.reporting.meeting_pack.writer import DASH, PageWriter
from sheetsync.reporting.metrics.current_load import AGE_CODES, AGES

OVERDUE = "overdue"
NEAR = "near"
WAITING = (OVERDUE, *AGE_CODES, "today", "week", NEAR, "calls", "no_step")
"""What waits with a manager, in the order of the columns: codes of stocks, and near deadlines."""
TONES: Mapping[str, Tone] = {OVERDUE: "red", NEAR: "amber"}


def names_of(writer: PageWriter) -> list[str]:
    """Return the managers and, last, nobody ("") where the working list has rows of nobody's."""
    names = [*writer.figures.stocks.managers]
    if writer.facts.unowned:
        names.append("")
    return names


def manager_cell(writer: PageWriter, name: str) -> PageCell:
    """Name a manager, with how long they are on leave."""
    cell = writer.manager(name)
    absence = writer.facts.away.get(name)
    if absence is None:
        return cell
    until = writer.language.day(absence.until)
    leave = writer.language.text("on leave until {date}", date=until)
    return cell._replace(small=leave)


def managers_block(writer: PageWriter) -> PageBlock:
    """Tell each manager's load against their limit, and their companies by state."""
    text = writer.language.text
    title = text("Managers")
    names = names_of(writer)
    if not names:
        nothing = text("No manager has a company yet.")
        return PageBlock("managers", title, sentences=(nothing,))
    note = text("load against the limit, and the working list by state")
    table = _LoadTable(writer).table(title, names)
    return PageBlock("managers", title, note, (table,))


class _LoadTable:
    """The working list by manager and state."""

    def __init__(self, writer: PageWriter) -> None:
        self.writer = writer
        self.stocks = writer.figures.stocks
        # Support of a deal is paid and counts to no limit, but is work all the same.
        self.states = [
            state.code
            for state in writer.policy.states
            if state.counts_to_cap or state.code == StateCode.DEAL_SUPPORT
        ]
        rows = writer.facts.rows
        working = rows[rows["working"]]
        managers = working["manager"].fillna("")
        by_state = working["state"].value_counts()
        by_manager = working.groupby([managers, "state"]).size()
        self.by_state: dict[str, int] = by_state.to_dict()
        self.by_manager: dict[tuple[str, str], int] = by_manager.to_dict()

    def table(self, title: str, names: list[str]) -> Table:
        """Return the table; `names`: of the managers."""
        heads = self._heads()
        rows = tuple(self._row(name) for name in names)
        return Table(title, heads, rows, self._total())

    def _heads(self) -> Heads:
        writer = self.writer
        text = self.writer.language.text
        states = [named("states", code, writer.policy) for code in self.states]
        return (
            ColumnHead(writer.heading("manager")),
            writer.head(text("Load"), self.stocks.figure("load")),
            writer.head(text("Limit"), self.stocks.limit()),
            *map(writer.head, states),
            writer.head(text("In work, amount"), self.stocks.open_amount()),
        )

    def _row(self, name: str) -> Cells:
        counts = [self.by_manager.get((name, code), 0) for code in self.states]
        return (
            manager_cell(self.writer, name),
            self._load(name),
            self._limit(name),
            *map(self.writer.count, counts),
            self.writer.cell(self.stocks.open_amount(name)),
        )

    def _load(self, name: str) -> PageCell:
        load = self.stocks.numbers(name)["load"]
        if not name:
            return self.writer.count(load)
        limit = self.writer.facts.limit(name)
        cell = self.writer.count(load, "red" if load > limit else "")
        # Of a list that may hold nothing there is no share to show.
        if not limit:
            return cell
        return cell._replace(share=min(load / limit, 1.0))

    def _limit(self, name: str) -> PageCell:
        if not name:
            return PageCell(DASH, "grey")
        limit = self.writer.facts.limit(name)
        return PageCell(self.writer.number(limit), "grey")

    def _total(self) -> Cells:
        writer = self.writer
        counts = [self.by_state.get(code, 0) for code in self.states]
        return (
            PageCell(writer.language.text("Total")),
            writer.cell(self.stocks.figure("load")),
            writer.cell(self.stocks.limit()),
            *map(writer.count, counts),
            writer.cell(self.stocks.open_amount()),
        )


def overdue_block(writer: PageWriter) -> PageBlock:
    """Tell what is overdue by manager and age, and what else waits.

    That is deadlines, calls, rows without a step.
    """
    text = writer.language.text
    title = text("Overdue by manager and age")
    waiting = _waiting_by_manager(writer)
    busy = [name for name, numbers in waiting.items() if any(numbers.values())]
    if not busy:
        return PageBlock(
            "overdue", title, sentences=(text("Nothing is overdue."),)
        )

    def most_overdue_first(name: str) -> tuple[int, int, str]:
        numbers = waiting[name]
        return -numbers[OVERDUE], -numbers[NEAR], name

    heads = _waiting_heads(writer)
    most = max(numbers[OVERDUE] for numbers in waiting.values()) or 1
    rows = []
    for name in sorted(busy, key=most_overdue_first):
        overdue, *others = _waiting_cells(writer, waiting[name])
        bar = overdue._replace(share=waiting[name][OVERDUE] / most)
        rows.append((manager_cell(writer, name), bar, *others))
    # Summed up here, with nobody's rows, so that the total is that of the lines above it.
    sums = dict.fromkeys(WAITING, 0)
    for numbers in waiting.values():
        for key, number in numbers.items():
            sums[key] += number
    total = (PageCell(text("Total")), *_waiting_cells(writer, sums))
    note = text("steps that were to be done before today, and what waits")
    table = Table(title, heads, tuple(rows), total)
    return PageBlock("overdue", title, note, (table,))


def _waiting_by_manager(writer: PageWriter) -> dict[str, dict[str, int]]:
    """Return by manager how much of `WAITING` there is."""
    rows = writer.facts.rows
    managers = rows.loc[rows["near"], "manager"]
    near = managers.fillna("").value_counts()
    waiting = {}
    for name in names_of(writer):
        numbers = writer.figures.stocks.numbers(name)
        numbers[NEAR] = int(near.get(name, 0))
        waiting[name] = {key: numbers[key] for key in WAITING}
    return waiting


def _waiting_heads(writer: PageWriter) -> Heads:
    text = writer.language.text
    stocks = writer.figures.stocks
    overdue = writer.head(text("Overdue"), stocks.figure("overdue"))
    ages = []
    for least, most in AGES:
        days = writer.days_between(least, most)
        ages.append(writer.head(text("{days} days", days=days)))
    return (
        ColumnHead(writer.heading("manager")),
        overdue,
        *ages,
        writer.head(text("Today"), stocks.figure("today")),
        writer.head(text("Later this week"), stocks.figure("week")),
        writer.head(text("Deadline ≤ {n} days", n=writer.facts.near_days)),
        writer.head(text("Calls due"), stocks.figure("calls")),
        writer.head(text("No step"), stocks.figure("no_step")),
    )


def _waiting_cells(
    writer: PageWriter, numbers: dict[str, int]
) -> list[PageCell]:
    cells = []
    for key in WAITING:
        tone = TONES.get(key, "")
        cells.append(writer.count(numbers[key], tone))
    return cells
