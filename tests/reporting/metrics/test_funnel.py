"""The funnel of a cohort, deals and their length: Journals small enough to be counted on one's fingers."""

from datetime import date

from sheetsync.reporting.metrics.periods import month, week, window
from tests.builders.journals import figures

TODAY = date(2026, 3, 31)
COHORT = """
    2026-01-01 | Z | Ann | section working > rework
    2026-02-20 | O | Ann | new > contact_1
    2026-03-02 | A | Ann | new > contact_1
    2026-03-06 | A | Ann | contact_1 > contact_2
    2026-03-10 | A | Ann | contact_2 > deal
    2026-03-20 | A | Ann | deal > deal_support
    2026-03-02 | B | Ann | new > contact_1
    2026-03-12 | B | Ann | contact_1 > contact_2
    2026-03-15 | B | Ann | contact_2 > refusal
    2026-03-03 | CCCCCC | Bob | new > contact_1
    2026-03-04 | DDDDDD | Bob | new > contact_2
    2026-03-05 | O | Ann | contact_1 > deal
    2026-03-06 | R | Bob | client > contact_1
"""
HERE = """
    section   | id     | company | state     | manager | phone
    working   | CCCCCC | Gamma   | Contact 1 | Bob     | +12025550101
    working   | DDDDDD | Delta   | Contact 2 | Bob     | +12025550102
"""


def test_a_cohort_is_followed_through_the_states_row_by_row() -> None:
    """O began before the window and R is a repeat sale: neither is of this cohort, though both moved in it."""
    steps = figures(COHORT, "2026-03-31", HERE).funnel.stages(month(TODAY))
    reached = {step.state: set(step.reached.ids) for step in steps}
    assert reached["contact_1"] == {"A", "B", "CCCCCC", "DDDDDD"}
    assert reached["contact_2"] == {"A", "B", "DDDDDD"}
    assert reached["contact_3"] == reached["deal"] == reached["deal_support"] == {"A"}
    assert reached["client"] == set()
    assert [step.conversion.value for step in steps] == [None, 0.75, 1 / 3, 1, 1, 0]
    assert [step.days.value for step in steps] == [7, 4, None, 10, None, None]
    assert {step.state: step.still_open.ids for step in steps if step.still_open.value} == {
        "contact_1": ("CCCCCC",),
        "contact_2": ("DDDDDD",),
    }


def test_the_cohort_before_is_seen_as_it_stood_then() -> None:
    """O came to a deal in March: in the window before, which ended in February, it had only begun."""
    steps = figures(COHORT, "2026-03-31", HERE).funnel.stages(month(TODAY))
    assert [step.reached.before for step in steps] == [1, 0, 0, 0, 0, 0]
    assert [step.conversion.before for step in steps][:3] == [None, 0, None]


def test_a_managers_cohort_is_whom_they_took_into_work() -> None:
    steps = figures(COHORT, "2026-03-31", HERE).funnel.stages(month(TODAY), "Bob")
    assert [set(step.reached.ids) for step in steps[:3]] == [
        {"CCCCCC", "DDDDDD"},
        {"DDDDDD"},
        set(),
    ]


def test_a_row_that_is_gone_is_not_still_open() -> None:
    steps = figures(COHORT, "2026-03-31").funnel.stages(month(TODAY))
    assert [step.still_open.value for step in steps] == [0] * 6


def test_nobody_taken_gives_no_conversion() -> None:
    steps = figures(COHORT, "2026-03-31").funnel.stages(week(TODAY))
    assert [step.reached.value for step in steps] == [0] * 6
    assert [step.conversion.value for step in steps] == [None] * 6


DEALS = """
    section | id     | company | state        | manager | amount | phone        | began
    working | AAAAAA | Alpha   | Deal support | Ann     | 100    | +12025550101 | 2026-03-01
    working | BBBBBB | Beta    | Deal support | Ann     | 200    | +12025550102 | 2026-01-01
    clients | CCCCCC | Gamma   | Client       | Bob     | 600    | +12025550103 | 2026-02-01
    clients | DDDDDD | Delta   | Client       | Bob     |        | +12025550104 |
"""
SOLD = """
    2026-01-01 | Z      | Ann | section working > rework
    2026-02-10 | DDDDDD | Bob | deal > deal_support
    2026-03-08 | AAAAAA | Ann | deal > deal_support
    2026-03-16 | BBBBBB | Ann | deal > deal_support
    2026-02-24 | CCCCCC | Bob | new > contact_1
    2026-03-18 | CCCCCC | Bob | contact_1 > deal
    2026-03-19 | CCCCCC | Bob | deal > client
"""


def test_the_average_and_the_middle_deal_are_of_those_that_have_an_amount() -> None:
    deals = figures(SOLD, "2026-03-31", DEALS).deals
    average, middle = deals.average(month(TODAY)), deals.middle(month(TODAY))
    assert (average.value, average.before, set(average.ids)) == (
        300,
        None,
        {"AAAAAA", "BBBBBB", "CCCCCC"},
    )
    assert middle.value == 200
    assert deals.average(month(TODAY), "Bob").value == 600
    assert deals.average(week(TODAY)).value is None


def test_a_length_goes_from_the_work_clock_to_the_payment() -> None:
    """A: its clock, 1 to 8 March. B: 74 days. C is a client and has no clock any more: the Journal saw it begin. D: unknown."""
    deals = figures(SOLD, "2026-03-31", DEALS).deals
    assert deals.lengths("sold", month(TODAY).now) == {"AAAAAA": 7, "BBBBBB": 74, "CCCCCC": 23}
    assert deals.lengths("sold", month(TODAY).before) == {}
    assert deals.length(month(TODAY)).value == 23
    assert deals.days_to_deal(month(TODAY)).value == 22
    buckets = deals.distribution(month(TODAY))
    assert [(b.least, b.most, b.figure.value) for b in buckets] == [
        (0, 7, 1),
        (8, 14, 0),
        (15, 30, 1),
        (31, 40, 0),
        (41, 60, 0),
        (61, 90, 1),
        (91, None, 0),
    ]
    assert buckets[2].figure.ids == ("CCCCCC",)
    cut = deals.distribution(window(TODAY, 100))
    assert [b.figure.value for b in cut] == [None] * 7
