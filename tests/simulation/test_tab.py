"""The tab of the simulation: when there is one, what it draws, and what it says of a base of which little can be said."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from sheetsync.i18n import language
from sheetsync.method.policy import template
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.simulation import tab
from sheetsync.simulation.tab import simulation_charts, simulation_sheets
from tests.builders.base import Base

if TYPE_CHECKING:
    from sheetsync.reporting.layout.model import ReportSheet

TODAY = date(2026, 3, 2)
HEADS = "section | company | state | label | manager | began | tax_number"


def facts_of(rows: list[tuple[str, date]]) -> Facts:
    """Return the facts of a base of one manager, without a Journal: each row's state and its first day."""
    lines = [HEADS]
    for number, (state, began) in enumerate(rows):
        tax = 1000000000 + number
        lines.append(f"working | Company {number} | {state} | large | Ann | {began} | {tax}")
    base = Base("\n".join(lines), template("en"))
    night = base.night(TODAY.isoformat())
    return Facts(night.projection, base.policy, ())


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.fixture(scope="module")
def open_deals() -> Facts:
    """Give forty companies that are all still in work, for a day to forty."""
    return facts_of([("Contact 2", days_ago(n)) for n in range(1, 41)])


def words(sheet: "ReportSheet") -> list[str]:
    return [str(cell.value) for line in sheet.lines for cell in line.cells if cell.value]


def test_of_open_deals_alone_it_says_that_nothing_has_been_won(open_deals: Facts) -> None:
    # The first night of a base has no past: those in work enter late, so that the curve begins where thirty are.
    sheets = simulation_sheets(open_deals, language("en"))
    charts = simulation_charts(open_deals, language("en"))
    assert [sheet.title for sheet in sheets] in ([], ["14, 30, 40 days"])
    assert len(charts) == len(sheets)
    for sheet in sheets:
        assert any("nothing has been won yet" in each for each in words(sheet))


def test_fewer_companies_than_are_needed_have_no_tab() -> None:
    few = facts_of([("Contact 2", days_ago(20))] * 29)
    assert simulation_sheets(few, language("en")) == ()
    assert simulation_charts(few, language("ru")) == ()


def test_days_in_the_future_or_before_2000_give_no_tab() -> None:
    odd = facts_of([("Contact 2", date(1999, 5, 1)), ("Contact 1", date(2027, 1, 1))] * 20)
    assert simulation_sheets(odd, language("en")) == ()


def test_a_base_of_too_many_rows_has_no_tab(
    open_deals: Facts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tab, "MOST_ROWS", 39)
    assert simulation_sheets(open_deals, language("en")) == ()
