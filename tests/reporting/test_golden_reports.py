"""Every report of a small base with some history, line by line, as the golden files have it: in both languages.

A change of any sheet shows there as a change of its text. WRITE_DOCS=1 writes the files in tests/reporting/golden anew.
"""

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sheetsync.i18n import language
from sheetsync.method.policy import template
from sheetsync.reporting.layout.model import PlacedChart, ReportCell, ReportLine, ReportSheet
from sheetsync.reports import reports
from sheetsync.workbook.answers import Answer
from tests.builders.packs import DEEDS, NIGHTS, STORY, with_plan

if TYPE_CHECKING:
    from tests.builders.base import Base

GOLDEN = Path(__file__).with_name("golden")
UNDONE = {"en": ("Beta", "Ann", "call them"), "ru": ("АО «Бета»", "Иванов", "позвонить")}
"""A company, whose sheet it stands on, and a decision that nobody can carry out."""


def cell(told: ReportCell) -> str:
    """Write a cell: what it shows, how it looks, where it leads, the first words of its note."""
    shown = "" if told.value is None else str(told.value)
    leads = f" → {':'.join(map(str, told.link))}" if told.link else ""
    note = f" {{{told.note[:60]}}}" if told.note else ""
    return f"{shown} [{told.style}]{leads}{note}"


def line(told: ReportLine) -> str:
    return f"{told.key} ({told.height})\n" + "".join(
        f"    {cell(one)}\n" for one in told.cells if one.value is not None
    )


def chart(placed: PlacedChart) -> str:
    drawn = placed.chart
    rows = "".join(f"    {one.name}: {one.numbers}\n" for one in drawn.series)
    where = f"{placed.line},{placed.column} {placed.width}x{placed.height}"
    return f"chart {drawn.key} {drawn.kind} at {where}: {drawn.title}\n    {drawn.axis}: {drawn.categories}\n{rows}"


def text(sheet: ReportSheet) -> str:
    """Write a whole sheet."""
    head = f"# {sheet.title} ({sheet.key}), columns {sheet.widths}, {sheet.frozen_rows} frozen, {sheet.tab_color}\n"
    return head + "".join(map(line, sheet.lines)) + "".join(map(chart, sheet.charts))


def told(play: "type[Base]", code: str) -> str:
    """Play the story of the pack with a plan for the month and a decision that stays, and write all its sheets."""
    base = play(STORY[code], with_plan(template(code), date(2026, 3, 1), amount=800_000))
    base.night(NIGHTS[0])
    for day, deeds in zip(NIGHTS[1:], DEEDS[code], strict=False):
        for company, changes in deeds.items():
            base.row(company).update(changes)
        base.night(day)
    company, manager, said = UNDONE[code]
    base.decisions = (
        Answer(f"manager:{manager}", f"overdue:{base.row(company)['id']}", "decision", said),
    )
    base.night(NIGHTS[-1])
    night = base.night("2026-03-09")  # a Monday: last week's actions are drawn
    sheets = reports(night.projection, base.policy, language(code), base.journal)
    return "\n".join(map(text, sheets))


@pytest.mark.parametrize("code", ["en", "ru"])
def test_every_report_is_written_as_the_golden_one(play: "type[Base]", code: str) -> None:
    made, golden = told(play, code), GOLDEN / f"reports.{code}.txt"
    if os.environ.get("WRITE_DOCS"):
        golden.write_text(made, encoding="utf-8")
    assert made == golden.read_text(encoding="utf-8"), (
        "a report differs; WRITE_DOCS=1 writes it anew"
    )
