"""What is asked of the rows of the playbook's tabs, and what of it is done.

Pure: today and the people who are known are given. What it comes to for each point of the method is
launch.py's.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from sheetsync.i18n import Language
from sheetsync.method.policy import Policy
from sheetsync.playbook.declaration import PlaybookColumn
from sheetsync.playbook.reading import PlaybookRow, SectionReading, TabReading
from sheetsync.values import clean, fold

LONGEST_NAME = 40
"""Signs of a row's name that are told."""


class ChecklistItem(NamedTuple):
    """One thing that is asked: how much of it is done (0 to 1); what is missing, in a sentence."""

    done: float
    missing: str


@dataclass(frozen=True)
class CheckedBy:
    """What rows are held against. `people`: folded names of whoever may be named."""

    policy: Policy
    language: Language
    today: date
    people: frozenset[str]


def row_items(reading: TabReading, by: CheckedBy) -> Iterator[ChecklistItem]:
    """Go through what a tab's rows are asked: an item for each row, or for a table without any."""
    for section in reading.sections:
        if section.section.counts:
            yield from _items_of(reading, section, by)


def _items_of(
    reading: TabReading, section: SectionReading, by: CheckedBy
) -> Iterator[ChecklistItem]:
    text = by.language.text
    title = section.section.title
    if not section.found:
        message = text(
            "“{tab}”: the headings of “{table}” are gone.",
            tab=reading.title,
            table=title,
        )
        yield ChecklistItem(0.0, message)
        return
    if not section.rows:
        message = text(
            "“{tab}”: nothing stands under “{table}”.",
            tab=reading.title,
            table=title,
        )
        yield ChecklistItem(0.0, message)
        return
    repeated = _repeated(section)
    for row in section.rows:
        wrong = [*wrong_in(row, section, repeated, by)]
        message = ""
        if wrong:
            message = text(
                "“{tab}”, row {row}, {name}: {wrong}.",
                tab=reading.title,
                row=row.number,
                name=_name(row, section),
                wrong="; ".join(wrong),
            )
        yield ChecklistItem(float(not wrong), message)


def _name(row: PlaybookRow, section: SectionReading) -> str:
    first = section.section.columns[0].key
    name = row.cell(first).raw
    return name[:LONGEST_NAME] or "—"


def _repeated(section: SectionReading) -> Collection[tuple[str, str]]:
    """Return the cells (column, folded) of columns without repetition that stand there twice."""
    times: Counter[tuple[str, str]] = Counter()
    for column in section.section.columns:
        if column.unique:
            for row in section.rows:
                words = fold(row.cell(column.key).raw)
                if words:
                    times[column.key, words] += 1
    return {cell for cell, count in times.items() if count > 1}


def wrong_in(
    row: PlaybookRow,
    section: SectionReading,
    repeated: Collection[tuple[str, str]],
    by: CheckedBy,
) -> Iterator[str]:
    """Say what is wrong with a row. `repeated`: cells (column, folded) that stand there twice."""
    gone = {column.key for column in section.missing}
    for column in section.section.columns:
        # A column that is gone is told once, of the tab.
        if column.key in gone:
            continue
        cell = row.cell(column.key)
        if not cell.raw:
            if column.required:
                yield by.language.text("no “{column}”", column=column.title)
        elif cell.faulty:
            yield by.language.text(
                "“{column}” cannot be read: {value}",
                column=column.title,
                value=cell.raw[:LONGEST_NAME],
            )
        elif column.required and cell.value is False:
            yield by.language.text(
                "“{column}” is not ticked", column=column.title
            )
        else:
            yield from _wrong_value(row, column, by)
        if (column.key, fold(cell.raw)) in repeated:
            yield by.language.text(
                "“{column}” stands here twice", column=column.title
            )


def _wrong_value(
    row: PlaybookRow, column: PlaybookColumn, by: CheckedBy
) -> Iterator[str]:
    """Say what is wrong with a cell that can be read."""
    cell = row.cell(column.key)
    if isinstance(cell.value, date):
        yield from _wrong_day(cell.value, column, by)
    if column.on_team and fold(cell.raw) not in by.people:
        yield by.language.text(
            "“{name}” is not on the Settings tab", name=cell.raw[:LONGEST_NAME]
        )
    if column.type == "required_cells":
        yield from _other_cells(row, cell.raw, by)


def _wrong_day(
    day: date, column: PlaybookColumn, by: CheckedBy
) -> Iterator[str]:
    text = by.language.text
    told = by.language.date(day)
    if column.not_future and day > by.today:
        yield text(
            "“{column}” is in the future: {day}", column=column.title, day=told
        )
    if column.not_past and day < by.today:
        yield text("“{column}” is over: {day}", column=column.title, day=told)
    stale = column.stale_days
    if stale is not None and by.today - day > timedelta(days=stale):
        yield text(
            "“{column}” is long ago: {day}", column=column.title, day=told
        )


def required_cells(state: str, policy: Policy) -> str:
    """Return the headings of what the Settings tab asks for in a state; "" for an unknown one."""
    known = policy.state.get(state)
    if known is None:
        return ""
    return ", ".join(
        policy.words.name("columns", name) for name in known.requires
    )


def _other_cells(row: PlaybookRow, words: str, by: CheckedBy) -> Iterator[str]:
    """Say where a row asks for other cells than the Settings tab, which is the one that counts."""
    state = row.cell("state").value
    if not isinstance(state, str):
        return
    wanted = required_cells(state, by.policy)
    if _set_of(words) == _set_of(wanted):
        return
    yield by.language.text(
        "the Settings tab asks for other cells: {columns}",
        columns=wanted or "—",
    )


def _set_of(words: str) -> frozenset[str]:
    parts = (fold(clean(part)) for part in words.split(","))
    return frozenset(part for part in parts if part)
