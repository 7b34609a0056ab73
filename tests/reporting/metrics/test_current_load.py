"""What stands in a base, what it may bring, and the plan against it: small tables counted by hand."""

import json
from dataclasses import replace
from datetime import date

import pytest

from sheetsync.method.policy import Policy
from sheetsync.method.terms import Manager, Target
from sheetsync.reporting.metrics import Figures, packed
from sheetsync.reporting.metrics.forecast import ENOUGH
from sheetsync.reporting.metrics.periods import week
from sheetsync.reporting.metrics.trends import weekly
from sheetsync.values import to_serial
from sheetsync.workbook.journal import JournalLine, LineKind
from tests.builders.journals import EN, figures, journal, line

TODAY = date(2026, 3, 5)
BASE = """
    section      | id     | company | state        | manager | amount | next_step | next_on    | invoice_on | began      | label | phone        | return_on
    working      | AAAAAA | Alpha   | Contact 1    | Ann     | 100    | call      | 2026-03-04 |            | 2026-03-01 | large | +12025550101 |
    working      | BBBBBB | Beta    | Contact 2    | Ann     | 200    | call      | 2026-03-01 |            | 2026-03-01 | large | +12025550102 |
    working      | CCCCCC | Gamma   | Contact 3    | Ann     |        | call      | 2026-02-25 |            | 2026-03-01 | large | +12025550103 |
    working      | DDDDDD | Delta   | Deal         | Bob     | 1000   | call      | 2026-02-02 | 2026-02-20 | 2026-03-01 | large | +12025550104 |
    working      | EEEEEE | Epsilon | Deal support | Bob     | 5000   |           | 2026-01-02 |            | 2026-03-01 | large | +12025550105 |
    working      | FFFFFF | Zeta    | New          |         |        |           |            |            |            |       | +12025550106 |
    working      | GGGGGG | Eta     | Contact 1    | Bob     | 50     | call      | 2026-04-10 |            | 2026-03-01 | large | +12025550107 |
    working      | HHHHHH | Theta   | Contact 1    | Bob     | 10     |           |            |            | 2026-03-01 | large | +12025550108 |
    rework       | JJJJJJ | Iota    | Call round   | Ann     | 900    |           |            |            |            | large | +12025550109 | 2026-03-01
    hard_refusal | KKKKKK | Kappa   | Refusal      | Ann     | 900    |           |            |            |            | large | +12025550110 |
"""


def anew(**parts: object) -> Policy:
    """Return the policy with other parts, nothing of what the old one had worked out kept."""
    return Policy.model_validate(
        {**{name: getattr(EN, name) for name in Policy.model_fields}, **parts}
    )


def ids(*letters: str) -> tuple[str, ...]:
    return tuple(letter * 6 for letter in letters)


def test_stocks_are_counted_by_manager_with_their_rows() -> None:
    stocks = figures((), "2026-03-05", BASE).stocks
    got = {
        (code, name): (found.value, found.ids)
        for code in (
            "load",
            "overdue",
            "overdue_1",
            "overdue_4",
            "overdue_8",
            "overdue_31",
            "no_step",
            "calls",
        )
        for name in (None, "Ann", "Bob", "")
        if (found := stocks.figure(code, name)).value
    }
    assert got == {
        ("load", None): (7, ids("A", "B", "C", "D", "F", "G", "H")),
        ("load", "Ann"): (3, ids("A", "B", "C")),
        ("load", "Bob"): (3, ids("D", "G", "H")),
        ("load", ""): (1, ids("F")),
        ("overdue", None): (5, ids("A", "B", "C", "D", "E")),
        ("overdue", "Ann"): (3, ids("A", "B", "C")),
        ("overdue", "Bob"): (2, ids("D", "E")),
        ("overdue_1", None): (1, ids("A")),
        ("overdue_1", "Ann"): (1, ids("A")),
        ("overdue_4", None): (1, ids("B")),
        ("overdue_4", "Ann"): (1, ids("B")),
        ("overdue_8", None): (1, ids("C")),
        ("overdue_8", "Ann"): (1, ids("C")),
        ("overdue_31", None): (2, ids("D", "E")),
        ("overdue_31", "Bob"): (2, ids("D", "E")),
        ("no_step", None): (1, ids("H")),
        ("no_step", "Bob"): (1, ids("H")),
        ("calls", None): (1, ids("J")),
        ("calls", "Ann"): (1, ids("J")),
    }
    assert stocks.part("section", "working").value == 8
    assert stocks.open_amount().value == 1360
    assert stocks.open_amount("").value == 0


@pytest.mark.parametrize(
    ("day", "age"),
    [
        ("2026-03-04", 1),
        ("2026-03-02", 1),
        ("2026-03-01", 4),
        ("2026-02-26", 4),
        ("2026-02-25", 8),
        ("2026-02-03", 8),
        ("2026-02-02", 31),
    ],
)
def test_ages_of_what_is_overdue_meet_without_a_gap(day: str, age: int) -> None:
    stocks = figures((), "2026-03-05", BASE.replace("2026-03-04", day)).stocks
    assert [
        code
        for code in ("overdue_1", "overdue_4", "overdue_8", "overdue_31")
        if "AAAAAA" in stocks.figure(code).ids
    ] == [f"overdue_{age}"]


def test_a_limit_is_a_managers_own_and_a_ramp_has_its_end() -> None:
    team = (Manager(name="Ann", cap=60), Manager(name="Cyd", ramp_cap=20, ramp_until=TODAY))
    stocks = figures((), "2026-03-05", BASE, anew(team=team)).stocks
    assert [stocks.limit(name).value for name in ("Ann", "Bob", "Cyd", "", None)] == [
        60,
        90,
        20,
        None,
        170,
    ]


def counted(day: str, data: object) -> JournalLine:
    return line(to_serial(date.fromisoformat(day)) + 0.1, "", "", LineKind.COUNTED, data)


def test_a_stock_is_compared_with_what_was_counted_at_the_end_of_the_period_before() -> None:
    """This week is Monday to Thursday: last week until Thursday, 26 February; the 27th is not asked."""
    lines = (
        counted("2026-02-27", {"all": {"load": 9}}),
        counted(
            "2026-02-25",
            {"all": {"load": 5}, "managers": {"Ann": {"load": 2}}, "states": {"deal": 4}},
        ),
        counted("2026-02-23", {"all": {"load": 4}}),
    )
    stocks = figures(lines, "2026-03-05", BASE).stocks
    assert stocks.figure("load", period=week(TODAY)).before == 5
    assert stocks.figure("load", period=week(TODAY)).change == 2
    assert stocks.figure("load", "Ann", week(TODAY)).before == 2
    assert stocks.figure("load", "Bob", week(TODAY)).before is None
    assert stocks.part("state", "deal", week(TODAY)).before == 4
    assert stocks.part("state", "new", week(TODAY)).before == 0
    assert stocks.part("section", "working", week(TODAY)).before is None
    assert figures((), "2026-03-05", BASE).stocks.figure("load", period=week(TODAY)).before is None


def test_the_forecast_is_amount_times_the_policys_probability_until_history_tells() -> None:
    """0.1 x (100 + 50 + 10) + 0.25 x 200 + 0.8 x 1000; paid deals are no forecast, nor what has no amount."""
    forecast = figures((), "2026-03-05", BASE).forecast
    assert forecast.total().value == pytest.approx(866)
    assert forecast.total("Ann").value == pytest.approx(60)
    assert forecast.total("").value == 0
    assert forecast.unpriced().ids == ids("C")
    assert {code: chance.figure.value for code, chance in forecast.chances.items()} == {
        "contact_1": 0.1,
        "contact_2": 0.25,
        "contact_3": 0.5,
        "deal": 0.8,
    }


def test_the_forecast_stands_in_the_month_of_the_invoice_or_of_the_next_step() -> None:
    """A past one is still expected: this month; who has neither date has no month."""
    by_month = figures((), "2026-03-05", BASE).forecast.by_month()
    assert {
        month: (round(found.value or 0, 2), found.ids) for month, found in by_month.items()
    } == {
        date(2026, 3, 1): (860, ids("A", "B", "D")),
        date(2026, 4, 1): (5, ids("G")),
        None: (1, ids("H")),
    }
    assert [*by_month] == [date(2026, 3, 1), date(2026, 4, 1), None]


def finished(count: int, won: int) -> str:
    lines = []
    for at in range(count):
        end = "deal_support" if at < won else "refusal"
        lines += [
            f"2026-02-01 | X{at} | Ann | new > contact_1",
            f"2026-02-02 | X{at} | Ann | contact_1 > {end}",
        ]
    return "\n".join(lines)


def test_a_probability_is_measured_once_thirty_are_over() -> None:
    few, enough = (
        figures(finished(n, 12), "2026-03-05", BASE).forecast.chances["contact_1"]
        for n in (ENOUGH - 1, ENOUGH)
    )
    assert (few.figure.value, few.won, few.over, few.measured) == (0.1, 12, 29, False)
    assert (enough.figure.value, enough.won, enough.over, enough.measured) == (0.4, 12, 30, True)
    assert len(enough.figure.ids) == 30


def test_who_is_still_in_work_and_repeat_sales_measure_nothing() -> None:
    told = (
        finished(29, 12)
        + """
        2026-02-01 | Y | Ann | new > contact_1
        2026-02-01 | R | Ann | client > contact_1
        2026-02-02 | R | Ann | contact_1 > deal_support
        2026-02-02 | S | Ann | contact_1 > refusal
    """
    )
    chance = figures(told, "2026-03-05", BASE).forecast.chances["contact_1"]
    assert (chance.won, chance.over) == (12, 30)  # S stood in contact 1 before the Journal began


def test_amounts_that_nobody_filled_in_give_no_forecast_rather_than_nothing() -> None:
    bare = figures((), "2026-03-05", BASE.replace("100 ", "    ").replace("200 ", "    "))
    assert bare.forecast.total("Ann").value is None
    assert bare.stocks.open_amount("Ann").value is None


TARGETS = (
    Target(month=date(2026, 3, 1), manager="Ann", amount=1000, deals=4, taken=10),
    Target(month=date(2026, 3, 1), manager="Bob", amount=500, deals=1),
    Target(month=date(2026, 2, 1), manager="Ann", amount=9),
)
MARCH = """
    2026-01-01 | Z | Ann | section working > rework
    2026-03-02 | AAAAAA | Ann | deal > deal_support
    2026-03-02 | BBBBBB | Ann | new > contact_1
    2026-03-03 | DDDDDD | Bob | deal > deal_support
"""


def test_the_plan_of_the_month_stands_against_what_was_sold_and_taken() -> None:
    policy = anew(targets=TARGETS)
    targets = figures(MARCH, "2026-03-05", BASE, policy).targets
    assert targets.managers == ("Ann", "Bob")
    ann = {m: targets.against(m, "Ann") for m in ("amount", "deals", "taken")}
    assert {
        m: (each.plan, each.fact.value, each.done, each.on_course) for m, each in ann.items()
    } == {
        "amount": (1000, 100, 0.1, False),
        "deals": (4, 1, 0.25, True),
        "taken": (10, 1, 0.1, False),
    }
    whole = targets.against("amount")
    assert (whole.plan, whole.fact.value, whole.elapsed) == (1500, 1100, 5 / 31)
    assert targets.against("taken", "Bob").done is None
    own = replace(
        targets,
        flows=figures(
            MARCH,
            "2026-03-05",
            BASE,
            anew(targets=(*TARGETS, Target(month=date(2026, 3, 1), amount=9000))),
        ).flows,
    )
    assert (own.plan("amount"), own.plan("deals")) == (9000, 5)


def test_without_history_or_plan_nothing_is_said() -> None:
    policy = anew(targets=TARGETS)
    young = figures(
        "2026-03-04 | AAAAAA | Ann | deal > deal_support", "2026-03-05", BASE, policy
    ).targets
    assert (young.against("amount", "Ann").done, young.against("amount").fact.enough) == (
        None,
        False,
    )
    assert figures(MARCH, "2026-03-05", BASE).targets.plan("amount") is None


def test_series_have_gaps_where_nothing_was_counted() -> None:
    lines = (
        counted(
            "2026-03-04",
            {"all": {"overdue": 5}, "managers": {"Ann": {"overdue": 1}}, "states": {"deal": 2}},
        ),
        counted("2026-03-02", {"all": {"overdue": 7}}),
        counted("2026-02-20", {"all": {"overdue": 3}}),
    )
    counts = figures(lines, "2026-03-05").counts
    days = [date(2026, 3, day) for day in range(2, 6)]
    assert [counts.on(day, "overdue") for day in days] == [7, None, 5, None]
    assert [(p.day, p.value) for p in weekly(counts, "overdue", TODAY, 3)] == [
        (date(2026, 2, 16), 3),
        (date(2026, 2, 23), None),
        (date(2026, 3, 2), 5),
    ]
    assert [counts.on(day, "overdue", "Ann") for day in days] == [None, None, 1, None]
    assert [counts.part(day, "states", "deal") for day in days] == [None, None, 2, None]


def test_what_is_counted_is_read_back_as_it_was() -> None:
    told = figures((), "2026-03-05", BASE)
    again = Figures(replace(told.facts, journal=(counted("2026-03-05", packed(told.counted())),)))
    for code in (
        "load",
        "overdue",
        "overdue_31",
        "calls",
        "no_step",
        "cap",
        "open_amount",
        "forecast",
    ):
        assert again.counts.on(TODAY, code) == told.counted()["all"][code], code
    assert again.counts.on(TODAY, "load", "Ann") == 3
    assert again.counts.part(TODAY, "states", "contact_1") == 3


def test_a_count_of_very_many_managers_still_fits_a_cell() -> None:
    managers = {
        f"Manager {n}": {"load": n, "overdue": 1, "forecast": 123456.78} for n in range(2000)
    }
    text = packed({"all": {"load": 5}, "managers": managers, "states": {}, "sections": {}})
    assert len(text) <= 30_000
    kept = json.loads(text)["managers"]
    assert "Manager 1999" in kept
    assert 100 < len(kept) < 2000


def test_a_count_is_not_in_the_way_of_the_figures() -> None:
    lines = (
        counted("2026-03-05", {"all": {"load": 1}}),
        *journal("2026-03-05 | AAAAAA | Ann | new > contact_1"),
    )
    assert [*figures(lines, "2026-03-05").paths.steps["id"]] == ["AAAAAA"]
