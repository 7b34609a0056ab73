"""An audit lists what somebody should answer for: more time, unproved sales, settings, open findings."""

from datetime import date
from typing import TYPE_CHECKING

import pytest

from sheetsync.i18n import language
from sheetsync.method.policy import template
from sheetsync.reporting.audit import Period, audit_of, month_before
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.reports import reports
from sheetsync.values import to_serial
from sheetsync.workbook.journal import JournalLine, LineKind

if TYPE_CHECKING:
    from tests.builders.base import Base

EN = template("en")
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
ROWS = """
    section | company | state     | label | manager | began      | last_contact | phone        | paid_on    | extended_to | id
    working | Acme    | Contact 1 | small | Ann     | 2026-03-01 | 2026-03-01   | +12025550101 |            |             | AAAAAA
    working | Beta    | Contact 1 | small | Bob     | 2026-03-01 | 2026-03-01   | +12025550102 |            |             | BBBBBB
    clients | Gamma   | Client    | small | Bob     |            |              | +12025550103 |            |             | CCCCCC
"""
SETTING = JournalLine(
    to_serial(date(2026, 3, 4)) + 0.1,
    "run",
    "",
    "",
    "",
    LineKind.SETTING,
    "2",
    "3",
    "Rules · extensions",
    '{"path": "time.extensions", "place": "Rules", "looser": true, "held": false, "named": true}',
)


@pytest.fixture
def base(play: "type[Base]") -> "Base":
    """Give a base after a night in which time was given and a row was cut into the clients."""
    base = play(ROWS)
    base.night("2026-03-02")
    base.row("Acme").update(extended_to="2026-03-25", state="Contact 3", last_contact="2026-03-05")
    base.row("Beta").update(section="clients", state="Client")
    base.night("2026-03-05")
    return base


def listed(base: "Base", period: Period, *more: JournalLine) -> dict[str, list[tuple[str, str]]]:
    night = base.nights[-1]
    facts = Facts(night.projection, EN, (*more, *base.journal))
    audit = audit_of(facts, period, language("en"))
    return {
        name: [(line.company, line.what) for line in lines] for name, lines in audit.lists.items()
    }


def test_a_moved_deadline_is_more_time_than_the_method_gives(base: "Base") -> None:
    assert listed(base, MARCH)["more_time"] == [
        ("Acme", "the extension was changed: — → 2026-03-25"),
        ("Acme", "deadline moved 1 time, until 25 March 2026"),
    ]


def test_a_row_that_came_to_the_clients_without_a_payment_is_a_sale_without_proof(
    base: "Base",
) -> None:
    """Who stood there when the base was first run is not listed."""
    assert [company for company, _ in listed(base, MARCH)["sales_without_proof"]] == ["Beta"]
    base.row("Beta").update(paid_on="2026-03-05")
    base.night("2026-03-06")
    assert listed(base, MARCH)["sales_without_proof"] == []


def test_settings_and_findings_of_the_period_are_listed_and_no_others(base: "Base") -> None:
    march = listed(base, MARCH, SETTING)
    assert march["settings"] == [("", "Rules · extensions: 2 → 3")]
    assert any("a step is skipped" in what for _, what in march["findings"])
    april = Period(date(2026, 4, 1), date(2026, 4, 2))
    base.night("2026-04-10")
    later = listed(base, april, SETTING)
    assert later["settings"] == []
    assert later["more_time"] == []


def test_the_month_before_is_a_whole_one() -> None:
    assert month_before(date(2026, 3, 15)) == Period(date(2026, 2, 1), date(2026, 2, 28))
    assert month_before(date(2026, 1, 1)) == Period(date(2025, 12, 1), date(2025, 12, 31))


def tab(base: "Base", *more: JournalLine) -> list[list[object]] | None:
    """Return the lines of the audit's tab as the last night writes it, None where it writes none."""
    night = base.nights[-1]
    journal = (*more, *base.journal)
    sheets = reports(night.projection, EN, language("en"), journal)
    for sheet in sheets:
        if sheet.key == "audit":
            return [[cell.value for cell in line.cells] for line in sheet.lines]
    return None


def test_the_tab_tells_of_the_month_before_and_is_the_same_all_month(base: "Base") -> None:
    assert tab(base) is None
    base.night("2026-04-01")
    first = tab(base, SETTING)
    assert first is not None
    assert ["Audit of March 2026"] in first
    assert any("Rules · extensions: 2 → 3" in line for line in first)
    base.night("2026-04-20")
    assert tab(base, SETTING) == first
