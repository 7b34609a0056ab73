"""What cannot wait with each manager: the companies, the most urgent first, with all that is due.

What is due with a row, and in which words, is `messages.due_items`'.
"""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from sheetsync.reporting.layout.model import (
    capitalised,
    named,
    phone,
    words_of,
)
from sheetsync.reporting.meeting_pack.model import (
    Cells,
    ColumnHead,
    PageBlock,
    PageCell,
    Table,
    Tone,
)
from sheetsync.reporting.meeting_pack.writer import PageWriter
from sheetsync.reporting.messages.due_items import DueItem, DueItems, Urgency
from sheetsync.reporting.messages.harmless_text import visible
from sheetsync.reporting.metrics.facts import URGENT
from sheetsync.rules.deadlines.absences import Absence

SHOWN = 8
"""Companies listed for one manager at most."""
# What a row lacks can wait for the meeting: it stands on the manager's own sheet.
PRESSING = (
    Urgency.LAST_DAY,
    Urgency.LATE_STEP,
    Urgency.TODAY,
    Urgency.NEAR_DEADLINE,
    Urgency.CALL,
    Urgency.FAR_DEADLINE,
)

Record = dict[str, Any]
Records = dict[int, Record]
"""What a line tells of each row that cannot wait, by the row's label."""


def urgent_block(writer: PageWriter) -> PageBlock:
    """List with each manager the companies that cannot wait; and who has none."""
    text = writer.language.text
    rows = writer.facts.rows
    urgent = rows[rows[[*URGENT]].any(axis=1)]
    by_manager = _items_by_manager(writer, urgent)

    def most_first_nobody_last(name: str) -> tuple[bool, int, str]:
        return not name, -len(by_manager[name]), name

    columns = urgent[["company", "section", "row", "state", "phone"]]
    records: Records = columns.to_dict("index")
    names = sorted(by_manager, key=most_first_nobody_last)
    tables = tuple(
        _table(writer, name, by_manager[name], records) for name in names
    )
    # A manager who is not named at all would look like a forgotten one.
    calm = [
        name
        for name in writer.figures.stocks.managers
        if name not in by_manager
    ]
    sentences = []
    if not tables:
        sentences.append(text("Nothing is urgent with anybody."))
    elif calm:
        calm_names = ", ".join(map(visible, calm))
        sentences.append(
            text("Nothing is urgent with: {names}.", names=calm_names)
        )
    note = text(
        "overdue steps, steps of today, deadlines that are near, calls due"
    )
    return PageBlock(
        "urgent", text("What cannot wait"), note, tables, tuple(sentences)
    )


def _items_by_manager(
    writer: PageWriter, urgent: pd.DataFrame
) -> dict[str, list[DueItem]]:
    managers = urgent["manager"].map(words_of, na_action=None).to_dict()
    by_manager: dict[str, list[DueItem]] = {}
    for item in DueItems(writer.facts, writer.language).of_rows(urgent):
        if item.urgency in PRESSING:
            name = managers[item.row["index"]]
            by_manager.setdefault(name, []).append(item)
    return by_manager


def _table(
    writer: PageWriter, manager: str, items: list[DueItem], records: Records
) -> Table:
    """List one manager's companies, each with all that is due with it."""
    text = writer.language.text
    plural = writer.language.plural
    by_row: dict[int, list[DueItem]] = {}
    for item in sorted(items, key=_most_urgent_first):
        index = int(item.row["index"])
        by_row.setdefault(index, []).append(item)
    heads = (
        ColumnHead(writer.heading("company")),
        ColumnHead(writer.heading("state")),
        ColumnHead(text("What is due")),
        ColumnHead(writer.heading("phone"), whole=True),
    )
    shown = [*by_row.items()][:SHOWN]
    rows = tuple(_row(writer, records[index], due) for index, due in shown)
    more = len(by_row) - len(shown)
    rest = (
        plural("and {n} more company", "and {n} more companies", more)
        if more
        else ""
    )
    return Table(
        visible(manager) or text("— no manager —"),
        heads,
        rows,
        rest=rest,
        shown=True,
        intro=_intro(writer, manager),
    )


def _most_urgent_first(item: DueItem) -> tuple[int, float, str]:
    return item.urgency, item.order, item.row_id


def _intro(writer: PageWriter, manager: str) -> str:
    """Say how much waits with a manager, and whether they are there."""
    text = writer.language.text
    number = writer.number
    numbers = writer.figures.stocks.numbers(manager)
    parts = [
        text("overdue {n}", n=number(numbers["overdue"])),
        text("today {n}", n=number(numbers["today"])),
        text("later this week {n}", n=number(numbers["week"])),
        text("calls due {n}", n=number(numbers["calls"])),
    ]
    absence = writer.facts.away.get(manager)
    if absence is not None:
        parts.append(_leave(writer, absence))
    return " · ".join(parts)


def _leave(writer: PageWriter, absence: Absence) -> str:
    text = writer.language.text
    day = writer.language.day(absence.until)
    if absence.substitute is None:
        return text("on leave until {date}", date=day)
    name = visible(absence.substitute)
    return text("on leave until {date}, {name} stands in", date=day, name=name)


def _row(writer: PageWriter, record: Record, items: Sequence[DueItem]) -> Cells:
    most_urgent, *others = [item.say() for item in items]
    tone = _tone(items[0].urgency)
    number = words_of(record["phone"])
    return (
        writer.company(record),
        PageCell(named("states", record["state"], writer.policy)),
        PageCell(capitalised(most_urgent), tone, small="; ".join(others)),
        PageCell(visible(phone(number)) if number else ""),
    )


def _tone(urgency: Urgency) -> Tone:
    if urgency in (Urgency.LAST_DAY, Urgency.LATE_STEP):
        return "red"
    if urgency == Urgency.NEAR_DEADLINE:
        return "amber"
    return ""
