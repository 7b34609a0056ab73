"""The blocks of the planning meeting on the summary: figures as the nights before have left them, and dashes where nothing is known."""

from datetime import date
from typing import TYPE_CHECKING

from sheetsync.i18n import language
from sheetsync.method.policy import Policy, template
from sheetsync.method.terms import Target
from sheetsync.reports import reports
from sheetsync.values import Cell

if TYPE_CHECKING:
    from tests.builders.base import Base, Night

EN = template("en")
ROWS = """
    section | company | state     | label | manager | began      | next_step | next_on    | last_contact | amount | refusal_reason
    working | Alpha   | New       | large | Ann     |            |           |            |              | 1000   |
    working | Beta    | Contact 2 | large | Ann     | 2026-02-27 | call      | 2026-03-20 | 2026-03-01   | 2000   |
    working | Gamma   | Deal      | large | Bob     | 2026-02-27 | call      | 2026-03-20 | 2026-03-01   | 4000   |
"""


def block(base: "Base", night: "Night", key: str) -> dict[str, list[Cell]]:
    """Return the lines of one block of the summary, by the rest of their keys."""
    summary = reports(night.projection, base.policy, language("en"), base.journal)[0]
    found = [(line.key.split(":", 1), line.cells) for line in summary.lines if ":" in line.key]
    return {rest: [cell.value for cell in cells] for (kind, rest), cells in found if kind == key}


def with_targets(*targets: Target) -> Policy:
    return EN.model_copy(update={"targets": targets})


def test_what_happened_today_stands_beside_yesterday(play: "type[Base]") -> None:
    base = play(ROWS)
    base.night("2026-03-02")
    base.night("2026-03-03")
    base.row("Alpha").update(state="Contact 1", last_contact="2026-03-04")
    base.row("Beta").update(state="Refusal", refusal_reason="No money")
    base.row("Gamma").update(state="Deal support")
    told = block(base, base.night("2026-03-04"), "periods")
    assert {
        code: cells[1:3]
        for code, cells in told.items()
        if code in ("taken", "sold", "sold_amount", "refused")
    } == {
        "taken": [1, 0],
        "sold": [1, 0],
        "sold_amount": [4000, 0],
        "refused": [1, 0],
    }
    assert told["taken"][0] == "Taken into work"


def test_a_young_base_says_that_there_is_not_enough_history(play: "type[Base]") -> None:
    base = play(ROWS)
    night = base.night("2026-03-11")  # a Wednesday
    assert block(base, night, "periods")["taken"][1:7] == [0, "—", "—", "—", "—", "—"]
    assert "not enough history yet" in str(block(base, night, "head")["periods"][2])
    assert block(base, night, "funnel") == {"none": ["Not enough history yet."]}


def test_why_they_refused_is_told_the_most_frequent_first(play: "type[Base]") -> None:
    base = play(ROWS)
    base.night("2026-03-01")
    base.row("Alpha").update(state="Refusal", refusal_reason="Crisis")
    base.row("Beta").update(state="Refusal", refusal_reason="No money")
    base.row("Gamma").update(state="Refusal", refusal_reason="No money")
    told = block(base, base.night("2026-03-03"), "reasons")
    assert [cells[:2] for cells in told.values()] == [["No money", 2], ["Crisis", 1]]


def test_the_plan_of_the_month_stands_against_what_is_sold(play: "type[Base]") -> None:
    month = date(2026, 3, 1)
    base = play(
        ROWS,
        with_targets(
            Target(month=month, amount=8000, deals=4), Target(month=month, manager="Bob", deals=1)
        ),
    )
    base.night("2026-03-01")
    base.row("Gamma").update(state="Deal support")
    told = block(base, base.night("2026-03-31"), "plan")
    assert told == {
        ":amount": ["Amount sold", "all", 8000, 4000, 0.5],
        ":deals": ["Sold", "all", 4, 1, 0.25],
        "Bob:deals": ["Sold", "Bob", 1, 1, 1],
    }


def test_without_a_plan_nothing_is_said_of_it(play: "type[Base]") -> None:
    base = play(ROWS)
    assert block(base, base.night("2026-03-02"), "plan") == {}


def test_the_forecast_is_the_amount_times_the_chance_of_its_state(play: "type[Base]") -> None:
    base = play(ROWS)
    told = block(base, base.night("2026-03-02"), "forecast")
    assert told["total"] == ["Total", 2000 * 0.25 + 4000 * 0.8]


def test_a_second_run_of_the_day_shows_the_same(play: "type[Base]") -> None:
    base = play(ROWS)
    base.night("2026-03-02")
    base.row("Gamma").update(state="Deal support")
    first, again = (block(base, base.night("2026-03-03"), "periods") for _ in range(2))
    assert first == again
