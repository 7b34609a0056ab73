"""Which courses of work a base tells of: by the days in its rows, and by its Journal."""

from datetime import date

import pytest

from sheetsync.reporting.metrics.facts import Facts
from sheetsync.simulation.courses import Courses, LeftOut, courses_of
from sheetsync.values import to_serial
from tests.builders.base import Base
from tests.builders.journals import EN, journal

TODAY = "2026-03-31"


def courses(
    rows: str,
    lines: str = "",
    known_from: date | None = None,
    without_columns: tuple[str, ...] = (),
) -> Courses:
    base = Base(rows)
    for row in base.rows:
        for name in without_columns:
            row.pop(name)
    projection = base.night(TODAY).projection
    return courses_of(Facts(projection, EN, journal(lines)), known_from)


def told(of: Courses) -> list[tuple[str, int, str]]:
    """Return each course: its ID, its days of work, and how it ended."""
    days = of.frame["ended"] - of.frame["began"]
    return sorted(zip(of.frame["id"], days, of.frame["ending"], strict=True))


BY_DAYS = """
    section      | id     | company | state      | manager | phone        | label  | amount | began      | invoice_on | paid_on    | closed_on  | refusal_reason | return_on
    clients      | AAAAAA | Won     | Client     | Ann     | +12025550101 | Medium | 100    | 2026-01-01 | 2026-01-15 | 2026-02-20 | 2026-02-20 |                |
    clients      | BBBBBB | Closed  | Client     | Ann     | +12025550102 | Medium | 100    | 2026-01-01 |            | 2026-01-31 | 2026-01-31 |                |
    clients      | CCCCCC | Paid    | Client     | Ann     | +12025550103 | Medium | 100    | 2026-01-01 |            | 2026-01-21 |            |                |
    rework       | DDDDDD | Lost    | Refusal    | Ann     | +12025550104 | Medium | 100    | 2026-01-01 |            |            | 2026-01-11 | No money       | 2026-12-01
    rework       | EEEEEE | Away    | Refusal    | Ann     | +12025550105 | Medium | 100    | 2026-01-01 |            |            | 2026-02-10 | Out of time    | 2026-12-01
    working      | FFFFFF | Open    | Contact 1  | Ann     | +12025550106 | Medium | 100    | 2026-03-21 |            |            |            |                |
    working      | GGGGGG | Deal    | Deal       | Ann     | +12025550107 | Medium | 100    | 2026-03-01 | 2026-03-08 |            |            |                |
    call_base    | HHHHHH | New     | New        |         | +12025550108 |        |        |            |            |            |            |                |
"""


def test_without_a_journal_the_days_in_the_rows_tell() -> None:
    # A sale counts on the day it became a deal; a deal that is not paid was watched until then.
    assert told(courses(BY_DAYS)) == [
        ("AAAAAA", 14, "won"),
        ("BBBBBB", 30, "won"),
        ("CCCCCC", 20, "won"),
        ("DDDDDD", 10, "lost"),
        ("EEEEEE", 40, "put_away"),
        ("FFFFFF", 10, "open"),
        ("GGGGGG", 7, "open"),
    ]


ODD = """
    section | id     | company | state     | manager | phone        | label  | amount | began      | paid_on    | closed_on
    clients | AAAAAA | Back    | Client    | Ann     | +12025550101 | Medium | 100    | 2026-02-01 | 2026-01-31 | 2026-01-31
    clients | BBBBBB | Ahead   | Client    | Ann     | +12025550102 | Medium | 100    | 2026-02-01 | 2027-01-31 | 2027-01-31
    clients | CCCCCC | Ancient | Client    | Ann     | +12025550103 | Medium | 100    | 1999-02-01 | 1999-03-01 | 1999-03-01
    clients | DDDDDD | Unsaid  | Client    | Ann     | +12025550104 | Medium | 100    | 2026-02-01 |            |
    clients | EEEEEE | Good    | Client    | Ann     | +12025550105 | Medium | 100    | 2026-02-01 | 2026-02-02 | 2026-02-02
"""


def test_days_that_cannot_be_are_left_out_and_counted() -> None:
    of = courses(ODD)
    assert told(of) == [("EEEEEE", 1, "won")]
    assert of.left_out == {LeftOut.ODD_DAYS: 3, LeftOut.NO_END: 1}


WORKED = """
    section | id     | company | state     | manager | phone        | label  | began
    working | AAAAAA | Acme    | {state}   | Ann     | +12025550101 | Medium | 2026-03-02
"""
REFUSED = """
    section | id     | company | state   | manager | phone        | label  | began      | refusal_reason | return_on
    rework  | AAAAAA | Acme    | Refusal | Ann     | +12025550101 | Medium | 2026-03-02 | {reason}       | 2026-12-01
"""


@pytest.mark.parametrize(
    ("rows", "lines", "ends"),
    [
        # The day of the deal is the event, once it is paid.
        (
            WORKED.format(state="Deal support"),
            """
            2026-03-02 | A | Ann | new > contact_1
            2026-03-12 | A | Ann | contact_1 > deal
            2026-03-22 | A | Ann | deal > deal_support
            """,
            (10, "won"),
        ),
        # It was paid at once.
        (
            WORKED.format(state="Deal support"),
            """
            2026-03-02 | A | Ann | new > contact_1
            2026-03-22 | A | Ann | contact_1 > deal_support
            """,
            (20, "won"),
        ),
        # A deal that came to nothing, and is worked on.
        (
            WORKED.format(state="Contact 2"),
            """
            2026-03-02 | A | Ann | new > contact_1
            2026-03-12 | A | Ann | contact_1 > deal
            2026-03-22 | A | Ann | deal > contact_2
            """,
            (29, "open"),
        ),
        # Refused by a person: lost on that day.
        (
            REFUSED.format(reason="No money"),
            """
            2026-03-02 | A | Ann | new > contact_1
            2026-03-12 | A | Ann | contact_1 > refusal
            2026-03-12 | A | Ann | &moved working > rework refused
            """,
            (10, "lost"),
        ),
        # Its time was up: nobody said no.
        (
            REFUSED.format(reason="Out of time"),
            """
            2026-03-02 | A | Ann | new > contact_1
            2026-03-16 | A | Ann | moved working > rework expired
            2026-03-16 | A | Ann | &run contact_1 > refusal
            """,
            (14, "put_away"),
        ),
    ],
)
def test_the_journal_tells_when_a_course_ended_and_how(
    rows: str, lines: str, ends: tuple[int, str]
) -> None:
    of_row = lines.replace("| A |", "| AAAAAA |")
    assert told(courses(rows, of_row)) == [("AAAAAA", *ends)]


def test_a_company_that_came_back_has_a_course_of_its_own_shown_apart() -> None:
    of = courses(
        WORKED.format(state="Contact 1"),
        """
        2026-01-01 | AAAAAA | Ann | new > contact_1
        2026-01-15 | AAAAAA | Ann | contact_1 > refusal
        2026-03-20 | AAAAAA | Ann | refusal > contact_1
        """,
    )
    assert told(of.first_rounds) == [("AAAAAA", 14, "lost")]
    assert [course[2] for course in told(of.later_rounds)] == ["open"]


IN_WORK = """
    section | id     | company | state     | manager | phone        | label | amount | began      | paid_on    | closed_on
    working | AAAAAA | Early   | Contact 1 | Ann     | +12025550101 | Large | 100    | 2026-03-01 |            |
    working | BBBBBB | Later   | Contact 1 | Ann     | +12025550102 | Large | 100    | 2026-03-20 |            |
    clients | CCCCCC | Before  | Client    | Ann     | +12025550103 | Large | 100    | 2026-02-01 | {paid}     | {paid}
"""


def test_a_company_in_work_when_the_journal_began_enters_late() -> None:
    of = courses(
        IN_WORK.format(paid="2026-03-30"),
        "2026-03-11 | BBBBBB | Ann | amount 1 > 100",
    )
    assert of.known_from == date(2026, 3, 11)
    entered = dict(zip(of.frame["id"], of.watched.entered, strict=True))
    # Early had been in work for ten days; of the one that began later every day was seen.
    assert entered == {"AAAAAA": 10, "BBBBBB": -1, "CCCCCC": 38}


def test_a_base_that_holds_what_ended_before_its_journal_tells_of_all() -> None:
    of = courses(
        IN_WORK.format(paid="2026-03-01"),
        "2026-03-11 | BBBBBB | Ann | amount 1 > 100",
    )
    assert of.known_from is None
    assert {*of.watched.entered} == {-1}


def test_what_ended_before_the_day_that_is_named_is_left_out() -> None:
    of = courses(IN_WORK.format(paid="2026-03-01"), known_from=date(2026, 3, 11))
    assert sorted(of.frame["id"]) == ["AAAAAA", "BBBBBB"]
    assert of.left_out == {LeftOut.BEFORE_KNOWN: 1}
    assert of.frame["began"].min() == to_serial(date(2026, 3, 1))
