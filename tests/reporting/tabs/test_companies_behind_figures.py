"""Every figure of the summary leads to its rows: a heading with as many companies, each of them a link; nothing without end."""

from datetime import date
from typing import TYPE_CHECKING

import pytest

from sheetsync.i18n import language
from sheetsync.method.policy import template
from sheetsync.method.terms import Target
from sheetsync.reporting.layout.links import linked
from sheetsync.reporting.layout.model import NOTED, Anchor
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.reporting.tabs.companies_behind_figures import (
    ROWS,
    ROWS_OF_A_FIGURE,
    FigureLists,
)
from sheetsync.reports import ReportCell, ReportLine, ReportSheet, reports
from tests.builders.base import Base
from tests.builders.journals import ROWS as ROWS_OF_NOBODY

if TYPE_CHECKING:
    from collections.abc import Iterator

EN = template("en")
TEXT = """
    section   | company | state     | label | manager | began      | next_step | next_on    | last_contact | amount | phone        | refusal_reason
    working   | Alpha   | New       | large | Ann     |            |           |            |              | 1000   | +12025550101 |
    working   | Beta    | Contact 2 | large | Ann     | 2026-02-27 | call      | 2026-03-01 | 2026-03-01   | 2000   | +12025550102 |
    working   | Gamma   | Deal      | large | Bob     | 2026-02-27 | call      | 2026-02-10 | 2026-03-01   | 4000   | +12025550103 |
    working   | Delta   | Contact 1 | large |         | 2026-02-27 | call      | 2026-01-10 | 2026-03-01   |        | +12025550104 |
    working   | Twin    | Contact 1 | large | Bob     | 2026-02-27 |           |            | 2026-03-01   | 10     | +12025550104 |
    working   | Soon    | Contact 1 | small | Bob     | 2026-02-20 | call      | 2026-03-20 | 2026-03-01   | 10     | +12025550106 |
    rework    | Theta   | Refusal   | large | Bob     |            |           |            |              |        | +12025550105 | No money
    call_base | Iota    | New       | large |         |            |           |            |              |        | +12025550107 |
"""
SAID = {
    "2026-03-02": {"Alpha": "Contact 1"},
    "2026-03-03": {"Gamma": "Deal support", "Twin": "Refusal"},
    "2026-03-04": {"Beta": "Contact 3", "Theta": "Contact 1"},
}


@pytest.fixture(scope="module")
def sheets() -> dict[str, ReportSheet]:
    """Give the reports of a base after some nights, by key."""
    month = Target(month=date(2026, 3, 1), amount=8000, taken=3)
    base = Base(
        TEXT,
        EN.model_copy(update={"targets": (month, month.model_copy(update={"manager": "Ann"}))}),
    )
    night = base.night("2026-02-01")
    for day, states in SAID.items():
        for company, state in states.items():
            base.row(company)["state"] = state
        night = base.night(day)
    return {
        sheet.key: sheet
        for sheet in reports(night.projection, base.policy, language("en"), base.journal)
    }


def leading(sheet: ReportSheet) -> "Iterator[tuple[ReportLine, int, ReportCell]]":
    """Go through the cells of a report that lead somewhere."""
    return (
        (line, at, cell)
        for line in sheet.lines
        for at, cell in enumerate(line.cells)
        if cell.link is not None
    )


def end(cell: ReportCell, sheets: dict[str, ReportSheet]) -> tuple[ReportSheet, ReportLine]:
    """Return the line that a cell leads to."""
    assert cell.link is not None
    title, row = cell.link[0], cell.link[1]
    sheet = next(s for s in sheets.values() if f"tab:{s.title}" == title)
    return sheet, sheet.lines[int(row) - 1]


COUNTS = (
    "managers",
    "came",
    "periods",
    "then",
    "funnel",
    "reasons",
    "lengths",
    "ages",
    "findings",
    "forecast",
)
MONEY = ("sold_amount", "average_deal", "deal_length", "open_amount", "forecast")


def test_a_count_leads_to_a_heading_that_counts_the_same(sheets: dict[str, ReportSheet]) -> None:
    checked = 0
    for line, _, cell in leading(sheets["summary"]):
        kind, _, code = line.key.partition(":")
        if (
            kind not in COUNTS
            or cell.style in ("link", "percent")
            or code in MONEY
            or kind == "forecast"
        ):
            continue
        if not str(cell.link[0] if cell.link else "").startswith("tab:"):
            continue  # the tab of a section
        sheet, target = end(cell, sheets)
        if sheet.key == "revision" or target.key.startswith(("row:", "group:working", "overdue:")):
            continue  # into a list, at its first row of the kind
        if line.key.startswith("funnel:") and cell.value != int(
            str(target.cells[0].value).rpartition(" · ")[2]
        ):
            continue  # days and shares lead to those that they are of
        assert str(target.cells[0].value).endswith(f" · {cell.value}"), (
            line.key,
            cell,
            target.cells[0],
        )
        checked += 1
    assert checked > 40


def test_every_figure_of_the_working_list_and_of_a_period_leads_somewhere(
    sheets: dict[str, ReportSheet],
) -> None:
    for line in sheets["summary"].lines:
        kind, _, _ = line.key.partition(":")
        if kind in ("managers", "periods", "ages", "reasons", "came") and not line.key.endswith(
            ":before"
        ):
            past = {"number_past", "number_zero"} if kind == "ages" else {"number_zero"}
            bare = [
                c
                for c in line.cells
                if isinstance(c.value, int | float) and c.value and c.style not in past
            ]
            assert all(cell.link for cell in bare), (line.key, [c for c in bare if not c.link])
    values = next(line for line in sheets["summary"].lines if line.key == "tiles:value").cells
    assert all(cell.link for cell in values if cell.value)


def test_below_a_heading_stand_its_companies_each_a_link_to_its_row(
    sheets: dict[str, ReportSheet],
) -> None:
    lines = sheets["figures"].lines
    heads = [at for at, line in enumerate(lines) if line.key.startswith("head:")]
    assert len(heads) > 20
    for at in heads:
        told = int(str(lines[at].cells[0].value).rpartition(" · ")[2])
        below = []
        for line in lines[at + 1 :]:
            if not line.key.startswith(("row:", "part:")):
                break
            below.append(line)
        if below[0].key.startswith("part:"):
            assert sum(int(str(line.cells[1].value)) for line in below) == told
        else:
            assert len(below) == told, lines[at].key
            assert all(line.cells[0].link and line.cells[0].link[0] in EN.section for line in below)


def test_the_name_of_a_line_leads_where_its_figures_do(sheets: dict[str, ReportSheet]) -> None:
    for line in sheets["summary"].lines:
        if line.key.partition(":")[0] in (
            "periods",
            "then",
            "funnel",
            "reasons",
            "lengths",
            "chances",
        ):
            name, *figures = (cell.link for cell in line.cells)
            assert (name in figures) if any(figures) else name is None, line.key


def test_a_managers_figures_lead_to_the_blocks_of_their_own_sheet(
    sheets: dict[str, ReportSheet],
) -> None:
    line = next(line for line in sheets["summary"].lines if line.key == "managers:Ann")
    overdue = line.cells[3]
    sheet, target = end(overdue, sheets)
    assert (sheet.key, target.key) == ("manager:Ann", "head:overdue")
    assert str(target.cells[0].value).endswith(f" · {overdue.value}")


def test_an_age_of_overdue_steps_leads_to_the_first_step_of_that_age(
    sheets: dict[str, ReportSheet],
) -> None:
    line = next(line for line in sheets["summary"].lines if line.key == "ages:Bob")
    assert [cell.value for cell in line.cells[4:9]] == [1, 0, 0, 1, 0]
    _, target = end(line.cells[7], sheets)
    assert target.cells[0].value == "Gamma"
    nobody = next(line for line in sheets["summary"].lines if line.key == "ages:")
    assert end(nobody.cells[8], sheets)[1].key == "head:overdue:nobody"


def test_lists_stand_in_the_order_in_which_the_summary_shows_their_figures(
    sheets: dict[str, ReportSheet],
) -> None:
    groups = [
        line.key
        for line in sheets["figures"].lines
        if line.key.startswith("group:") and "working" not in line.key
    ]
    assert groups == [
        "group:all",
        "group:overdue",
        "group:periods",
        "group:funnel",
        "group:reasons",
        "group:forecast",
        "group:lengths",
        "group:came:today",
        "group:came:week",
        "group:came:month",
    ]


def test_who_is_gone_from_the_base_is_named_without_a_link() -> None:
    base = Base(TEXT)
    base.night("2026-02-01")
    base.row("Gamma")["state"] = "Deal support"
    base.night("2026-03-03")
    gone = str(base.row("Gamma")["id"])
    base.rows = [row for row in base.rows if row["company"] != "Gamma"]
    night = base.night("2026-03-03")
    sheet = next(
        s for s in reports(night.projection, EN, language("en"), base.journal) if s.key == "figures"
    )
    (line,) = [
        line
        for line in sheet.lines
        if line.key.startswith("row:sold:2026-03-01") and line.key.endswith(gone)
    ]
    assert (line.cells[0].value, line.cells[0].link) == ("Gamma", None)
    assert line.cells[3].value == "no longer in the base"
    assert line.cells[1].value == "Bob"


def test_only_lines_of_known_blocks_bear_notes_and_every_such_block_does(
    sheets: dict[str, ReportSheet],
) -> None:
    noted = {
        line.key.partition(":")[0]
        for s in sheets.values()
        for line in s.lines
        if any(c.note for c in line.cells)
    }
    assert noted == NOTED


def test_no_anchor_is_left_and_one_without_its_line_leads_to_the_top() -> None:
    cells = (
        ReportCell(1, "number", Anchor("b", "gone")),
        ReportCell(1, "number", Anchor("b", "gone", "x")),
    )
    lost = ReportCell(1, "number", Anchor("nowhere", "x"))
    one = ReportSheet("a", "A", (1,), (ReportLine("l", (*cells, lost)),), 1, "#000000")
    two = ReportSheet("b", "B", (1,), (ReportLine("y", ()), ReportLine("x", ())), 1, "#000000")
    [made, _] = linked([one, two])
    assert [cell.link for cell in made.lines[0].cells] == [("tab:B", 1), ("tab:B", 2), None]


@pytest.mark.parametrize(("figures", "rows"), [(1, 1000), (100, 100), (2000, 50)])
def test_a_long_list_is_cut_and_says_how_much_more_there_is(figures: int, rows: int) -> None:
    night = Base(TEXT).night("2026-03-02")
    lists = FigureLists(Facts(night.projection, EN, ()), language("en"))
    for figure in range(figures):
        lists.to(f"f{figure}", f"Figure {figure}", [f"ID{n}" for n in range(rows)])
    lines = lists.sheet().lines
    shown = sum(line.key.startswith("row:") for line in lines)
    assert shown <= max(ROWS, ROWS_OF_A_FIGURE[-1] * figures)
    more = [str(line.cells[0].value) for line in lines if line.key.startswith("more:")]
    each = shown // figures
    assert more == ([f"and {rows - each:,} more"] * figures if each < rows else [])


def test_a_heading_of_a_block_without_any_row_is_left_out() -> None:
    lists = FigureLists(Facts(Base(TEXT).night("2026-03-02").projection, EN, ()), language("en"))
    lists.group("one", "One")
    lists.group("two", "Two")
    lists.to("figure", "Figure", ["GONE"])
    lists.group("three", "Three")
    assert [line.key for line in lists.sheet().lines[3:]] == [
        "gap:group:two",
        "group:two",
        "gap:figure",
        "head:figure",
        "row:figure:GONE",
    ]


def test_a_base_in_which_nothing_happened_says_so() -> None:
    night = Base(ROWS_OF_NOBODY).night("2026-03-02")
    assert (
        FigureLists(Facts(night.projection, EN, ()), language("en")).sheet().lines[-1].key == "none"
    )


def test_the_same_reports_come_of_a_second_run_of_the_day() -> None:
    base = Base(TEXT)
    base.night("2026-02-01")
    base.row("Gamma")["state"] = "Client"
    made = []
    for _ in range(3):
        night = base.night("2026-03-02")
        made.append(reports(night.projection, EN, language("en"), base.journal))
    assert made[1] == made[2]
    assert [sheet for sheet in made[0] if sheet.key == "figures"] == [
        s for s in made[1] if s.key == "figures"
    ]
