"""The top of a manager's sheet, and its end: the day in large figures, and what moved since yesterday and why."""

from typing import NamedTuple

import pandas as pd

from sheetsync.i18n import Language
from sheetsync.reporting.layout.model import ReportCell, ReportLine, bar, named, padded, words_of
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.values import to_serial
from sheetsync.workbook.journal import RULED, JournalLine

MOVED = "moved"
"""The block of what moved, and the beginning of its lines' keys."""
DAYS = 1
"""Days before today whose moves a manager is still told of: the sheet of Monday morning speaks of the weekend's last night."""


class _Tile(NamedTuple):
    """A large figure: its colour while it is not zero, what it counts, what is said below it, over how many columns."""

    colour: str
    label: str
    value: int
    note: str = ""
    columns: int = 1


def tiles(name: str, rows: pd.DataFrame, facts: Facts, language: Language) -> list[ReportLine]:
    """Return three lines: what is counted, the figures, what belongs to them. `rows`: the manager's."""
    made = _tiles(name, rows, facts, language)
    lines = [ReportLine("gap:tiles", (), 12)]
    for part, height in (("label", 20), ("value", 34), ("note", 20)):
        cells: list[ReportCell] = []
        for tile in made:
            style = f"kpi_{tile.colour if tile.value else 'grey'}_{part}"
            shown = getattr(tile, part)
            cells += [ReportCell(shown if part == "value" else shown or None, style)]
            cells += [ReportCell(None, style)] * (tile.columns - 1)
        lines.append(ReportLine(f"tiles:{part}", tuple(cells), height))
    return lines


def _tiles(name: str, rows: pd.DataFrame, facts: Facts, language: Language) -> tuple[_Tile, ...]:
    text, plural, limit = language.text, language.plural, facts.limit(name)
    count = {
        key: int(rows[key].sum())
        for key in ("load", "overdue", "closing", "no_step", "call", "fill")
    }
    oldest = (
        plural(
            "by up to {n} day", "by up to {n} days", int(rows.loc[rows["overdue"], "late"].max())
        )
        if count["overdue"]
        else ""
    )
    large = (
        int((rows["closing"] & (rows["label"] == "large")).sum())
        if "large" in facts.policy.label
        else 0
    )
    among = text("large clients among them {n}", n=language.number(large)) if large else ""
    most = text("of {max}", max=limit)
    drawn = f"{bar(count['load'], limit)}  {most}"
    return (
        _Tile("red" if count["load"] > limit else "blue", text("In work"), count["load"], drawn),
        _Tile("red", text("Overdue steps"), count["overdue"], oldest),
        _Tile("amber", text("Deadline ≤ {n} days", n=facts.warn_days[-1]), count["closing"], among),
        _Tile("grey", text("No next step"), count["no_step"], columns=2),
        _Tile("blue", text("Calls due"), count["call"]),
        _Tile("grey", text("To fill in"), count["fill"]),
    )


def moved_lines(name: str, facts: Facts, language: Language, width: int) -> list[ReportLine]:
    """Return the block of a manager's companies that moved yesterday or today: from where, to where, when and why."""
    first, last = to_serial(facts.today) - DAYS, to_serial(facts.today)
    found: dict[str, JournalLine] = {}
    for line in facts.journal:  # the newest first: of a company that moved twice, where it is now
        if line.what == "moved" and line.manager == name and first <= int(line.when) <= last:
            found.setdefault(line.id, line)
    if not found:
        return []
    text, fill, words = language.text, "block_grey", facts.policy.words
    said = text("Moved since yesterday")
    title = ReportCell(f"{said} · {language.number(len(found))}", fill)
    note = ReportCell(
        text("“{tab}” tells everything that was done", tab=words.tabs["journal"]), f"{fill}_note"
    )
    heads = (words.name("columns", "company"), text("From"), text("To"), text("When"), text("Why"))
    return [
        ReportLine(f"gap:{MOVED}", (), 16),
        ReportLine(f"head:{MOVED}", padded((title, ReportCell(None, fill), note), width, fill), 26),
        ReportLine(
            f"columns:{MOVED}", padded((ReportCell(head, "head") for head in heads), width, "head")
        ),
        *(_moved(line, facts, language, width) for line in found.values()),
    ]


def _moved(line: JournalLine, facts: Facts, language: Language, width: int) -> ReportLine:
    place = facts.places.get(line.id)
    cells = (
        ReportCell(
            words_of(line.company) or language.text("(no name)"), "link" if place else "text", place
        ),
        ReportCell(named("sections", line.before, facts.policy), "text"),
        ReportCell(named("sections", line.after, facts.policy), "text"),
        ReportCell(int(line.when), "date"),
        ReportCell(line.why.partition(RULED)[0] or None, "note"),
    )
    return ReportLine(f"{MOVED}:{line.id}", padded(cells, width, "text"))
