"""Time, as a head of sales reads it: rows, settings and today on the left; what moves, what is said, until when on the right.

Days are those of METHOD point 8: calendar days, or the working days of a country.
"""

from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheetsync.method.policy import Policy, template
from sheetsync.method.terms import Calendar
from sheetsync.rules.deadlines.working_days import Counting, is_working, known_country
from tests.builders.draws import draws
from tests.builders.growth import growth

if TYPE_CHECKING:
    from tests.builders.base import Base, Night

EN, RU = template("en"), template("ru")
TODAY = "2026-03-02"


def ruled(
    policy: Policy = EN,
    *,
    calendar: Calendar | None = None,
    stays: dict[str, int] | None = None,
    **time: Any,
) -> Policy:
    """Return the policy with other numbers of time: fields of `Time`, the longest stays by state, another calendar."""
    states = tuple(
        state.model_copy(update={"stay_days": (stays or {}).get(state.code)})
        for state in policy.states
    )
    return policy.model_copy(
        update={
            "time": policy.time.model_copy(update=time),
            "states": states,
            "calendar": calendar or Calendar(country="RU"),
        }
    )


def said(night: "Night", code: str) -> list[str]:
    """Return the sentences of one kind of problem, without what is to be done."""
    return [problem.message for problem in night.plan.problems if problem.code == code]


def worded(night: "Night", code: str) -> str:
    """Return the one sentence of a kind, with what is to be done."""
    [found] = [
        f"{problem.message} {problem.fix}".strip()
        for problem in night.plan.problems
        if problem.code == code
    ]
    return found


# Which days are worked


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2024-04-27", True),  # Saturdays that were worked for a day off elsewhere
        ("2024-11-02", True),
        ("2024-12-28", True),
        ("2025-11-01", True),
        ("2022-03-05", True),
        ("2018-06-09", True),
        ("2024-04-29", False),  # and the days off that they paid for
        ("2024-04-30", False),
        ("2025-11-03", False),
        ("2026-01-09", False),
        ("2026-03-09", False),  # Women's Day fell on a Sunday
        ("2026-03-06", True),
        ("2026-03-07", False),
        ("2024-02-29", True),
        ("2100-01-01", False),  # far years have the holidays of every year, and no decrees yet
        ("2100-01-11", True),
        ("2299-06-05", True),
    ],
)
def test_russian_working_days_and_moved_saturdays(day: str, *, worked: bool) -> None:
    assert is_working(date.fromisoformat(day), Calendar(country="RU")) is worked


def test_the_teams_own_exceptions_go_before_the_countrys() -> None:
    calendar = Calendar(
        days_off=frozenset({date(2026, 3, 6)}),
        working_days=frozenset({date(2026, 3, 9), date(2026, 3, 7)}),
    )
    assert [is_working(date(2026, 3, day), calendar) for day in (5, 6, 7, 8, 9)] == [
        True,
        False,
        True,
        False,
        True,
    ]


def test_countries_differ_and_what_is_no_country_has_five_days_a_week() -> None:
    assert [
        is_working(date(2026, 3, 6), Calendar(country=code)) for code in ("RU", "IL", "US")
    ] == [True, False, True]
    assert [known_country(code) for code in ("RU", "kz", "DE-BY", "XX", "", "Россия", "date")] == [
        True,
        True,
        True,
        False,
        False,
        False,
        False,
    ]
    assert [is_working(date(2026, 1, day), Calendar(country="Россия")) for day in (1, 2, 3)] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("start", "days", "working", "calendar"),
    [
        ("2026-03-02", 5, "2026-03-10", "2026-03-07"),  # over the 9th, which is off
        ("2024-04-26", 1, "2024-04-27", "2024-04-27"),  # a working Saturday
        ("2024-04-27", 1, "2024-05-02", "2024-04-28"),
        (
            "2026-03-07",
            1,
            "2026-03-10",
            "2026-03-08",
        ),  # from a day off the next day worked is the first
        ("2025-12-30", 1, "2026-01-12", "2025-12-31"),  # the long holidays
        ("2024-02-28", 1, "2024-02-29", "2024-02-29"),  # a leap day
        ("2023-02-28", 1, "2023-03-01", "2023-03-01"),
        ("2026-01-30", 1, "2026-02-02", "2026-01-31"),  # the end of a month
        ("2026-03-02", 0, "2026-03-02", "2026-03-02"),
    ],
)
def test_which_day_comes_so_many_days_later(
    start: str, days: int, working: str, calendar: str
) -> None:
    import pandas as pd

    begins = pd.Series([pd.Timestamp(start)]).astype("datetime64[s]")
    for counts, expected in ((True, working), (False, calendar)):
        found = Counting(Calendar(country="RU"), working=counts).after(
            begins, pd.Series([float(days)])
        )
        assert str(found.iloc[0].date()) == expected


@given(
    st.dates(date(1950, 1, 1), date(2199, 12, 31)),
    st.integers(1, 400),
    st.frozensets(st.dates(date(2020, 1, 1), date(2030, 1, 1)), max_size=5),
)
def test_so_many_days_later_is_so_many_days_away(
    start: date, days: int, off: frozenset[date]
) -> None:
    import pandas as pd

    counted = Counting(Calendar(country="RU", days_off=off), working=True)
    begins = pd.Series([pd.Timestamp(start)]).astype("datetime64[s]")
    end = counted.after(begins, pd.Series([float(days)]))
    assert counted.between(begins, end).iloc[0] == days
    assert is_working(end.iloc[0].date(), counted.calendar)


def test_a_hundred_times_the_deadlines_in_working_days_take_far_less_than_that_time() -> None:
    import numpy as np
    import pandas as pd

    counted = Counting(Calendar(country="RU"), working=True)

    def count(rows: int) -> None:
        many = np.datetime64("2026-01-01", "s") + (np.arange(rows) % 365).astype("timedelta64[D]")
        begins, days = pd.Series(many), pd.Series(np.arange(rows) % 60 + 1.0)
        assert (counted.between(begins, counted.after(begins, days)) == days).all()

    assert growth(lambda: count(500), lambda: count(50_000)) < 50


# Deadlines


def test_one_number_for_all_goes_before_the_labels(play: "type[Base]") -> None:
    play(
        """
        section | company | state     | label  | manager | began
        working | small   | Contact 1 | small  | Ann     | 2026-02-15
        working | large   | Contact 1 | large  | Ann     | 2026-01-30
        working | none    | Contact 1 |        | Ann     | 2026-02-10
        """,
        ruled(one_deadline_days=30),
    ).becomes(
        TODAY,
        """
        section | company | deadline
        working | small   | 2026-03-17
        rework  | large   |
        working | none    | 2026-03-12
        """,
    )


def test_deadlines_and_days_left_in_working_days(play: "type[Base]") -> None:
    """Fourteen working days from 16 February pass over 23 February and 9 March, which are off in Russia."""
    base = play(
        """
        section | company | state     | label | manager | began
        working | Acme    | Contact 1 | small | Ann     | 2026-02-16
        """,
        ruled(count="working"),
    )
    base.becomes(TODAY, "company | deadline | days_left \n Acme | 2026-03-10 | 5")
    base.becomes("2026-03-07", "company | days_left \n Acme | 1")
    base.becomes("2026-03-10", "company | days_left \n Acme | 0")
    night = base.becomes("2026-03-11", "section | company \n rework | Acme")
    assert (
        night.why("Acme") == "14 working days were up on 10 March; got no further than “Contact 1”"
    )


def test_a_country_that_nobody_knows_is_said_once_and_stops_nothing(play: "type[Base]") -> None:
    base = play(
        """
        section | company | state     | label | manager | began
        working | Acme    | Contact 1 | small | Ann     | 2026-02-23
        working | Beta    | Contact 1 | small | Ann     | 2026-02-23
        """,
        ruled(count="working", calendar=Calendar(country="Atlantis")),
    )
    night = base.becomes(TODAY, "company | deadline \n Acme | 2026-03-13 \n Beta | 2026-03-13")
    assert said(night, "unknown_country") == [
        "No holidays are known for the country “Atlantis”: Monday to Friday count as working days."
    ]


def test_a_clock_over_the_end_of_a_year_a_leap_day_and_far_years(play: "type[Base]") -> None:
    for began, today, deadline in (
        ("2025-12-25", "2025-12-31", "2026-01-08"),
        ("2028-02-15", "2028-02-20", "2028-02-29"),
        ("2099-12-31", "2100-01-01", "2100-01-14"),
        ("2199-12-25", "2199-12-30", "2199-12-31"),  # the last day that there is
    ):
        base = play(
            f"section | company | state | label | manager | began \n working | Acme | Contact 1 | small | Ann | {began}"
        )
        base.becomes(today, f"section | company | deadline \n working | Acme | {deadline}")


# Warnings


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (8, None),
        (
            7,
            "7 days left, until 9 March. Then it goes to “Refusal, to rework”, unless it is a deal.",
        ),
        (
            4,
            "4 days left, until 6 March. Then it goes to “Refusal, to rework”, unless it is a deal.",
        ),
        (
            3,
            "3 days left, until 5 March. Then it goes to “Refusal, to rework”, unless it is a deal.",
        ),
        (
            1,
            "1 day left, until 3 March. The last warning. Then it goes to “Refusal, to rework”, unless it is a deal.",
        ),
        (
            0,
            "Today is the last day. The last warning. Then it goes to “Refusal, to rework”, unless it is a deal.",
        ),
    ],
)
def test_the_row_says_how_many_days_are_left(
    play: "type[Base]", left: int, words: str | None
) -> None:
    began = date(2026, 2, 16 + left).isoformat()
    base = play(
        f"section | company | state | label | manager | phone | began \n working | Acme | Contact 1 | small | Ann | +1 202 555 0100 | {began}"
    )
    night = base.night(TODAY)
    base.rests(TODAY)
    assert said(night, "deadline_near") == ([words.split(". ")[0] + "."] if words else [])
    assert base.row("Acme").get("problems") == words


def test_the_warning_in_russian_and_in_working_days(play: "type[Base]") -> None:
    for policy, words in (
        (
            RU,
            "Осталось 4 дня, до 6 марта. Если не станет сделкой, уйдёт на лист «Отказ с проработкой».",
        ),
        (
            ruled(RU, count="working"),
            "Осталось 4 рабочих дня, до 6 марта. Если не станет сделкой, уйдёт на лист «Отказ с проработкой».",
        ),
    ):
        base = play(
            "section | company | state | label | manager | extended_to | began \n working | Заря | 1 контакт | маленький | Анна | 2026-03-06 | 2026-02-10",
            policy,
        )
        assert worded(base.night(TODAY), "deadline_near") == words


def test_warnings_begin_where_the_settings_say(play: "type[Base]") -> None:
    base = play(
        """
        section | company | state     | label | manager | began
        working | ten     | Contact 1 | small | Ann     | 2026-02-26
        working | eleven  | Contact 1 | small | Ann     | 2026-02-27
        working | off     | Contact 1 | off-profile | Ann     | 2026-02-20
        working | chosen  | Deal      | small | Ann     | 2026-02-20
        """,
        ruled(warn_days=(10,)),
    )
    night = base.night(TODAY)
    assert said(night, "deadline_near") == [
        "10 days left, until 12 March.",
        "4 days left, until 6 March.",
    ]


# The longest stay


def test_a_row_that_stays_too_long_in_a_state_is_told_and_not_moved(play: "type[Base]") -> None:
    base = play(
        """
        section   | company | state             | label | manager
        working   | Acme    | Contact 2         | large | Ann
        working   | Beta    | Deal              | large | Ann
        strategic | Gamma   | Strategic reserve | large | Ann
        """,
        ruled(stays={"contact_2": 10, "deal": 20, "strategic_reserve": 5}),
    )
    base.night(TODAY)
    assert said(base.night("2026-03-12"), "stays_too_long") == [
        "● In the state “Strategic reserve” since 2 March: 10 days, at most 5."
    ]
    night = base.becomes(
        "2026-03-13", "section | company \n working | Acme \n working | Beta \n strategic | Gamma"
    )
    assert set(said(night, "stays_too_long")) == {
        "● In the state “Contact 2” since 2 March: 11 days, at most 10.",
        "● In the state “Strategic reserve” since 2 March: 11 days, at most 5.",
    }
    base.row("Acme")["state"] = "Contact 3"
    assert len(said(base.night("2026-03-14"), "stays_too_long")) == 1


def test_a_deal_ages_by_default_and_its_row_says_so_from_half_of_its_days_on(
    play: "type[Base]",
) -> None:
    """Thirty days in a deal, forty-five in its support: METHOD point 8."""
    base = play("""
        section | company | state        | label | manager | phone
        working | Acme    | Deal         | large | Ann     | +1 202 555 0101
        working | Beta    | Deal support | large | Ann     | +1 202 555 0102
        working | Gamma   | Contact 2    | large | Ann     | +1 202 555 0103
    """)
    base.night("2026-03-01")
    for day, used, over in (
        ("2026-03-15", [], []),
        ("2026-03-16", ["◑ “Deal” since 1 March: 15 of 30 days are used up."], []),
        (
            "2026-03-24",
            [
                "◑ “Deal support” since 1 March: 23 of 45 days are used up.",
                "◕ “Deal” since 1 March: 23 of 30 days are used up.",
            ],
            [],
        ),
        (
            "2026-04-01",
            ["◑ “Deal support” since 1 March: 31 of 45 days are used up."],
            ["● In the state “Deal” since 1 March: 31 days, at most 30."],
        ),
    ):
        night = base.night(day)
        assert sorted(said(night, "stay_used")) == used
        assert said(night, "stays_too_long") == over
        assert {move.company for move in night.plan.moves} <= {"Gamma"}


def test_a_next_step_further_ahead_than_the_horizon_is_a_finding(play: "type[Base]") -> None:
    base = play("""
        section   | company | state     | label | manager | next_on    | phone
        working   | Acme    | Contact 2 | large | Ann     | 2026-04-02 | +1 202 555 0101
        working   | Beta    | Contact 2 | large | Ann     | 2026-04-01 | +1 202 555 0102
        strategic | Gamma   | Strategic reserve | large | Ann | 2026-09-01 | +1 202 555 0103
    """)
    assert said(base.night(TODAY), "step_too_far") == [
        "The next step is 31 days ahead, on 2 April 2026; at most 30."
    ]


def test_after_a_hold_the_reason_counts_the_days_in_time(play: "type[Base]") -> None:
    """The row was brought back and held until 25 March; its fourteen days were up on 16 March."""
    base = play("""
        section | company | state     | label | manager | began      | phone
        working | Acme    | Contact 1 | small | Ann     | 2026-03-02 | +1 202 555 0101
    """)
    base.night(TODAY)
    base.state["held_until"] = pd.Series(
        pd.Timestamp("2026-03-25"), base.state.index, dtype="datetime64[s]"
    )
    assert not base.night("2026-03-25").plan.moves
    night = base.night("2026-03-26")
    assert night.why("Acme").startswith("14 days were up on 16 March")


def test_stays_are_counted_in_working_days_too(play: "type[Base]") -> None:
    base = play(
        "section | company | state | label | manager \n working | Acme | Contact 1 | large | Ann",
        ruled(stays={"contact_1": 5}, count="working"),
    )
    base.night(TODAY)
    for day, found in (
        ("2026-03-10", []),
        ("2026-03-11", ["● In the state “Contact 1” since 2 March: 6 days, at most 5."]),
    ):
        assert said(base.night(day), "stays_too_long") == found


# Extension, by the head of sales


def test_a_deadline_is_moved_so_often_and_no_more(play: "type[Base]") -> None:
    base = play(
        "section | company | state | label | manager | began | extended_to \n working | Acme | Contact 1 | small | Ann | 2026-02-20 |"
    )
    base.becomes(TODAY, "company | deadline \n Acme | 2026-03-06")
    for day, asked, deadline, moved in (
        ("2026-03-03", "2026-03-20", "2026-03-20", 1),
        ("2026-03-04", "2026-03-20", "2026-03-20", 1),  # the same day is no new one
        ("2026-03-05", "2026-04-10", "2026-04-10", 2),
        ("2026-03-06", "2026-04-20", "2026-04-10", 2),  # the third time
        ("2026-03-07", "2026-04-20", "2026-04-10", 2),  # and the night after
        ("2026-03-08", "2026-03-25", "2026-03-25", 2),  # an earlier day takes time away
        ("2026-03-09", "2026-04-10", "2026-04-10", 2),  # and may be given back
        ("2026-03-10", None, None, 2),
    ):
        base.row("Acme")["extended_to"] = asked
        night = base.night(day)
        base.rests(day)
        assert base.shown(base.row("Acme"), "deadline") == deadline, day
        assert list(base.state["extensions"]) == [moved], day
        refused = asked == "2026-04-20"
        assert [p.code for p in night.plan.problems if p.code == "extension_refused"] == [
            "extension_refused"
        ] * refused
    assert base.row("Acme")["section"] == "rework"


def test_what_is_said_of_an_extension_that_does_not_count(play: "type[Base]") -> None:
    row = "section | company | state | label | manager | began | extended_to \n working | Acme | {state} | {label} | Ann | 2026-02-20 | 2026-05-01"
    english, russian = (
        row.format(state="Contact 1", label="small"),
        row.format(state="1 контакт", label="маленький"),
    )
    for policy, text, words in (
        (
            EN,
            english,
            "1 May 2026 does not count: a deadline is moved by 30 days at most. The head of sales may give it time until 5 April 2026.",
        ),
        (
            RU,
            russian,
            "1 мая 2026 не считается: за раз срок продлевают не больше чем на 30 дней. РОП может продлить срок самое большее до 5 апреля 2026.",
        ),
        (
            ruled(extensions=0),
            english,
            "1 May 2026 does not count: deadlines are not moved. The head of sales decides where the company goes, or allows more moves on the Settings tab.",
        ),
    ):
        base = play(text, policy)
        assert worded(base.night(TODAY), "extension_refused") == words
        base.rests(TODAY)
        assert base.shown(base.row("Acme"), "deadline") == "2026-03-06"
        base.night("2026-03-07")
        assert base.row("Acme")["section"] == "rework"


def test_more_moves_allowed_later_let_the_day_count(play: "type[Base]") -> None:
    base = play(
        "section | company | state | label | manager | began | extended_to \n working | Acme | Contact 1 | small | Ann | 2026-02-20 | 2026-03-20",
        ruled(extensions=0),
    )
    base.becomes(TODAY, "company | deadline \n Acme | 2026-03-06")
    base.policy = EN
    base.becomes("2026-03-03", "company | deadline \n Acme | 2026-03-20")


def test_an_extension_is_counted_in_the_days_of_deadlines(play: "type[Base]") -> None:
    """Five working days after Friday the 6th of March end on Monday the 16th, as the 9th is off."""
    for asked, deadline in (("2026-03-16", "2026-03-16"), ("2026-03-17", "2026-03-06")):
        base = play(
            f"section | company | state | label | manager | began | extended_to \n working | Acme | Contact 1 | small | Ann | 2026-02-13 | {asked}",
            ruled(count="working", extension_days=5),
        )
        base.becomes("2026-03-02", f"company | deadline \n Acme | {deadline}")


def test_what_an_older_version_let_stand_is_lawful(play: "type[Base]") -> None:
    from sheetsync.workbook import last_run_state as state_tab

    base = play(
        "section | company | state | label | manager | began | extended_to \n working | Acme | Contact 1 | small | Ann | 2026-02-20 | 2026-09-01"
    )
    base.night(TODAY)
    first = state_tab.COLUMNS.index("extended")
    old = [row[:first] for row in state_tab.rows_of(base.state)]
    base.state = state_tab.read(old, state_tab.COLUMNS[:first])
    night = base.becomes("2026-03-03", "company | deadline \n Acme | 2026-09-01")
    assert (said(night, "extension_refused"), list(base.state["extensions"])) == ([], [1])


# Consent to come back


LEFT = """
    section | company | state     | label | manager | began      | extended_to
    working | Acme    | Contact 1 | small | Ann     | 2026-02-01 |
"""


def test_who_comes_back_too_soon_waits_for_consent(play: "type[Base]") -> None:
    base = play(LEFT)
    base.becomes(TODAY, "section | company \n rework | Acme")
    base.row("Acme")["state"] = "Contact 1"
    night = base.becomes(
        "2026-03-10",
        "section | company | state | deadline | found \n rework | Acme | Contact 1 | | needs_consent, skipped_step",
    )
    assert worded(night, "needs_consent") == (
        "Left the working list on 2 March 2026: before 1 April 2026 it comes back only with the head's consent. "
        "The head of sales consents by a new day, from today on, in “Extended to”."
    )
    base.becomes("2026-03-31", "section | company \n rework | Acme")
    base.becomes("2026-04-01", "section | company | deadline \n working | Acme | 2026-04-15")


@pytest.mark.parametrize(
    ("consent", "days", "section"),
    [
        ("2026-03-09", 30, "rework"),  # yesterday is no consent
        ("2026-03-10", 30, "working"),
        ("2026-03-20", 30, "working"),
        (None, 8, "working"),  # the eighth day after leaving
        (None, 9, "rework"),
        (None, 0, "working"),  # nobody's consent is asked for
    ],
)
def test_consent_is_a_day_from_today_on(
    play: "type[Base]", consent: str | None, days: int, section: str
) -> None:
    base = play(LEFT, ruled(consent_days=days))
    base.night(TODAY)
    base.row("Acme").update(state="Contact 1", extended_to=consent)
    base.becomes("2026-03-10", f"section | company \n {section} | Acme")
    if section == "working":
        assert base.shown(base.row("Acme"), "deadline") == "2026-03-24"


def test_the_day_that_stood_there_when_it_left_is_no_consent(play: "type[Base]") -> None:
    base = play(LEFT.replace("2026-02-01 |", "2026-02-20 | 2026-04-01"))
    base.night(TODAY)
    base.row("Acme").update(state="Refusal", refusal_reason="No money")
    base.becomes("2026-03-03", "section | company \n rework | Acme")
    base.row("Acme").update(state="Contact 1", refusal_reason=None)
    base.becomes("2026-03-05", "section | company \n rework | Acme")
    base.becomes("2026-03-06", "section | company \n rework | Acme")
    base.row("Acme")["extended_to"] = "2026-03-15"
    base.becomes("2026-03-07", "section | company | deadline \n working | Acme | 2026-03-21")


def test_who_never_left_the_list_needs_no_consent(play: "type[Base]") -> None:
    base = play(
        "section | company | state | label | manager \n rework | Acme | Refusal | small | Ann"
    )
    base.night(TODAY)
    base.row("Acme")["state"] = "Contact 1"
    base.becomes("2026-03-03", "section | company | deadline \n working | Acme | 2026-03-17")


def test_a_row_carried_back_by_hand_without_consent_goes_on_by_its_old_time(
    play: "type[Base]",
) -> None:
    base = play(
        "section | company | state | label | manager | began | extended_to \n working | Acme | Contact 1 | small | Ann | 2026-02-20 |"
    )
    base.night(TODAY)
    base.row("Acme").update(section="strategic", state="Strategic reserve")
    base.night("2026-03-03")
    base.row("Acme").update(section="working", state="Contact 1")
    night = base.becomes(
        "2026-03-04", "section | company | deadline \n working | Acme | 2026-03-06"
    )
    assert said(night, "needs_consent") == [
        "Left the list on 3 March and is back without consent: its old time goes on."
    ]
    base.row("Acme")["extended_to"] = "2026-03-16"
    assert (
        said(base.becomes("2026-03-05", "company | deadline \n Acme | 2026-03-16"), "needs_consent")
        == []
    )


def test_a_row_sent_back_to_the_call_base_begins_anew(play: "type[Base]") -> None:
    base = play(
        "section | company | state | label | manager | began \n working | Acme | Contact 1 | small | Ann |"
    )
    base.night(TODAY)
    base.row("Acme").update(section="call_base", state="New", manager=None)
    base.night("2026-03-20")
    base.row("Acme").update(state="Contact 1", manager="Ann")
    base.becomes("2026-04-20", "section | company | deadline \n working | Acme | 2026-05-04")


def test_words_of_consent_in_russian(play: "type[Base]") -> None:
    base = play(
        "section | company | state | label | manager | began \n working | Заря | 1 контакт | маленький | Анна | 2026-02-01",
        RU,
    )
    base.night(TODAY)
    base.row("Заря")["state"] = "1 контакт"
    assert worded(base.night("2026-03-10"), "needs_consent") == (
        "Ушла из рабочего списка 2 марта 2026: раньше 1 апреля 2026 вернуть можно только с согласия РОПа. "
        "Согласие РОПа — новая дата в столбце «Продлён до», не раньше сегодняшней."
    )


# Coming back, and repeat sales


def test_return_days_are_calendar_days_whatever_deadlines_are_counted_in(
    play: "type[Base]",
) -> None:
    base = play(
        "section | company | state | label | manager | began \n working | Acme | Contact 1 | small | Ann | 2026-01-01",
        ruled(count="working"),
    )
    base.becomes(TODAY, "section | company | return_on \n rework | Acme | 2026-05-31")
    base.becomes("2026-05-30", "company | state \n Acme | Refusal")
    base.becomes("2026-05-31", "company | state \n Acme | Call round")


def test_a_repeat_sale_is_uncapped_warned_of_and_never_refused(play: "type[Base]") -> None:
    """Two clients buy again although the manager's list holds one at most; one of them is off-profile by now."""
    base = play(
        """
        section | company | state  | label       | manager | on_expiry
        clients | Acme    | Client | small       | Ann     |
        clients | Beta    | Client | off-profile | Ann     | Blacklist
        working | Gamma   | New    | small       | Ann     |
        """,
        ruled(
            EN.model_copy(update={"cap": EN.cap.model_copy(update={"min": 0, "max": 1})}),
            repeat_sale_days=10,
        ),
    )
    base.night("2026-03-01")
    for company in ("Acme", "Beta"):
        base.row(company)["state"] = "Contact 1"
    night = base.night(TODAY)
    base.rests(TODAY)
    assert {base.shown(base.row(name), "deadline") for name in ("Acme", "Beta")} == {"2026-03-12"}
    assert not {"cap", "over_cap"} & night.codes.keys()
    warned = base.night("2026-03-12")
    assert said(warned, "deadline_near") == ["Today is the last day."] * 2
    fixes = {problem.fix for problem in warned.plan.problems if problem.code == "deadline_near"}
    assert fixes == {"The last warning. Then the repeat sale is over."}
    base.night("2026-03-13")
    assert {(row["section"], row["state"]) for row in base.rows if row["company"] != "Gamma"} == {
        ("clients", "Client")
    }


# Clocks that jump


DAYS = st.lists(st.integers(-40, 40), min_size=2, max_size=5)


@settings(max_examples=draws(8))
@given(DAYS)
def test_no_clock_runs_backwards_into_a_move(days: list[int]) -> None:
    """Whatever day the machine believes it is, a run raises nothing, and rows move only when their last day is past."""
    from datetime import timedelta

    from tests.builders.base import Base

    base = Base(
        """
        section   | company | state             | label | manager | began      | refusal_reason | return_on
        working   | Acme    | Contact 1         | small | Ann     | 2026-03-01 |                |
        working   | Beta    | Contact 2         | large | Ann     |            |                |
        rework    | Gamma   | Refusal           | small | Ann     |            |                |
        strategic | Delta   | Strategic reserve | small | Ann     |            |                |
        clients   | Eps     | Contact 1         | small | Ann     |            |                |
    """,
        ruled(stays={"contact_1": 3}),
    )
    for offset in days:
        today = date(2026, 3, 2) + timedelta(days=offset)
        before = {
            str(row["company"]): (row["section"], base.shown(row, "deadline")) for row in base.rows
        }
        night = base.night(today.isoformat())
        base.rests(today.isoformat())
        for move in night.plan.moves:
            deadline = before[move.company][1]
            assert deadline is None or str(deadline) < today.isoformat()


def test_a_day_that_goes_back_keeps_what_is_held_and_who_needs_consent(play: "type[Base]") -> None:
    base = play(LEFT)
    base.night(TODAY)
    base.row("Acme")["state"] = "Contact 1"
    base.becomes("2026-02-20", "section | company \n rework | Acme")
    base.becomes("2026-03-05", "section | company \n rework | Acme")


def test_the_state_tab_remembers_what_is_new_in_it(play: "type[Base]") -> None:
    from sheetsync.workbook import last_run_state as state_tab

    base = play(
        "section | company | state | label | manager | began | extended_to \n working | Acme | Contact 1 | small | Ann | 2026-02-20 | 2026-03-20"
    )
    base.night(TODAY)
    frame: pd.DataFrame = state_tab.read(state_tab.rows_of(base.state))
    assert (frame["extensions"].iloc[0], str(frame["extended"].iloc[0].date())) == (1, "2026-03-20")
    narrow = state_tab.read(
        [row[:9] for row in state_tab.rows_of(base.state)], state_tab.COLUMNS[:9]
    )
    assert list(narrow.columns) == list(state_tab.COLUMNS[1:])


def test_a_state_that_somebody_sets_ends_a_hold_for_every_run_after(play: "type[Base]") -> None:
    """The run that meets it asks for the head's consent; a second one, which knows the state by then, asks for it still."""
    base = play(
        """
        section | company | state     | manager | label | began      | refusal_reason
        working | alpha   | Contact 1 | Ann     | small | 2026-03-01 |
        working | beta    | Contact 1 | Ann     | small | 2026-03-01 |
        """
    )
    base.night("2026-03-01")
    base.row("alpha").update(state="Refusal", refusal_reason="Crisis")
    base.night("2026-03-02")
    row_id = str(base.row("alpha")["id"])
    base.state.loc[row_id, "held_until"], base.state.loc[row_id, "held_state"] = (
        pd.Timestamp("2026-03-10"),
        "refusal",
    )
    base.row("alpha")["state"] = "Contact 1"
    night = base.night("2026-03-03")
    assert "needs_consent" in night.codes
    base.rests("2026-03-03")
    assert "needs_consent" in {problem.code for problem in base.decide("2026-03-03").problems}
    base.row("alpha")["state"] = "Refusal"
    assert "needs_consent" not in base.night("2026-03-04").codes
    base.rests("2026-03-04")
