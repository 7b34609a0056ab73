"""What happened in a period, out of small Journals that can be counted by hand, with the rows of each figure."""

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from sheetsync.enforcer import decide
from sheetsync.method.policy import template
from sheetsync.reporting.metrics import Figures
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.reporting.metrics.journal_frame import History
from sheetsync.reporting.metrics.periods import month, today_only, week
from sheetsync.rules.draft.projection import Projection
from sheetsync.values import fold, to_serial
from tests.builders.base import Base
from tests.builders.journals import EN, figures, journal, line

if TYPE_CHECKING:
    from sheetsync.workbook.journal import JournalLine

TODAY = date(2026, 3, 5)
"""A Thursday."""
LONG_AGO = "2026-01-01 | Z | Ann | section working > rework"


def counted(
    told: Figures, code: str, manager: str | None = None
) -> tuple[float | None, float | None, set[str]]:
    found = told.flows.figure(code, week(TODAY), manager)
    return found.value, found.before, set(found.ids)


def test_each_event_of_a_path_is_counted_in_its_week_with_its_row() -> None:
    told = figures(
        f"""
        {LONG_AGO}
        2026-02-23 | A | Ann | added new
        2026-02-24 | A | Ann | new > contact_1
        2026-03-02 | A | Ann | contact_1 > contact_3
        2026-03-03 | B | Bob | call_round > contact_1
        2026-03-03 | C | Bob | added contact_2
        2026-03-04 | C | Bob | contact_2 > refusal
        2026-03-04 | A | Ann | contact_3 > deal
        2026-03-05 | A | Ann | deal > deal_support
        """,
        "2026-03-05",
    )
    assert counted(told, "taken") == (2, 1, {"B", "C"})
    assert counted(told, "returned") == (1, 0, {"B"})
    assert counted(told, "advanced") == (1, 0, {"A"})  # three steps, one company
    assert counted(told, "invoiced") == (1, 0, {"A"})
    assert counted(told, "sold") == (1, 0, {"A"})
    assert counted(told, "lost") == counted(told, "refused") == (1, 0, {"C"})
    assert counted(told, "taken", "Ann") == (0, 1, set())
    assert counted(told, "taken", "Bob") == (2, 0, {"B", "C"})


def test_a_sale_is_the_first_payment_since_work_began() -> None:
    """Going back and forth, and the closing documents, sell nothing twice; who was first seen as a client was sold before."""
    told = figures(
        f"""
        {LONG_AGO}
        2026-02-02 | A | Ann | deal > deal_support
        2026-03-02 | A | Ann | deal_support > deal
        2026-03-03 | A | Ann | deal > deal_support
        2026-03-04 | A | Ann | deal_support > client
        2026-03-02 | B | Ann | added client
        2026-03-02 | C | Ann | deal_support > client
        2026-03-02 | D | Ann | deal > client
        2026-03-02 | E | Ann | client > contact_1
        2026-03-03 | E | Ann | contact_1 > deal
        2026-03-04 | E | Ann | deal > deal_support
        """,
        "2026-03-05",
    )
    assert counted(told, "sold") == (2, 0, {"D", "E"})
    assert told.flows.figure("sold", month(TODAY)).before == 1  # A, on the second of February
    assert counted(told, "taken") == (0, 0, set())  # E is a repeat sale


SOLD = """
    section | id     | company | state        | manager | amount  | phone
    working | AAAAAA | Alpha   | Deal support | Ann     | 100000  | +12025550101
    working | BBBBBB | Beta    | Deal support | Ann     |         | +12025550102
    clients | CCCCCC | Gamma   | Contact 1    | Bob     | 7000    | +12025550103
"""


def test_the_amount_sold_is_the_rows_and_says_which_lack_one() -> None:
    told = figures(
        f"""
        {LONG_AGO}
        2026-03-02 | AAAAAA | Ann | deal > deal_support
        2026-03-03 | BBBBBB | Ann | deal > deal_support
        """,
        "2026-03-05",
        SOLD,
    )
    amount, bare = told.flows.amount(week(TODAY)), told.flows.unpriced(week(TODAY))
    assert (amount.value, amount.before, set(amount.ids)) == (100_000, 0, {"AAAAAA", "BBBBBB"})
    assert (bare.value, bare.ids) == (1, ("BBBBBB",))
    assert told.flows.amount(week(TODAY), "Bob").value == 0
    only = figures(
        f"{LONG_AGO}\n2026-03-03 | BBBBBB | Ann | deal > deal_support", "2026-03-05", SOLD
    )
    assert only.flows.amount(week(TODAY)).value is None  # sold, and nobody knows for how much


def test_an_earlier_sale_keeps_its_amount_when_the_repeat_sale_has_another() -> None:
    told = figures(
        f"""
        {LONG_AGO}
        2026-02-03 | CCCCCC | Bob | deal > deal_support
        2026-03-02 | CCCCCC | Bob | client > contact_1
        2026-03-03 | CCCCCC | Bob | amount 50000 > 7000
        """,
        "2026-03-05",
        SOLD,
    )
    assert told.flows.amount(month(TODAY)).before == 50_000


def test_rows_that_are_gone_keep_their_sale_as_the_last_run_remembers_it() -> None:
    base = Base(SOLD)
    base.night("2026-03-04")
    base.rows = [row for row in base.rows if row["id"] != "AAAAAA"]
    snapshot = base.snapshot()
    projection = Projection(snapshot, decide(snapshot, EN, TODAY), EN)
    told = journal(f"{LONG_AGO}\n2026-03-02 | AAAAAA | Ann | deal > deal_support")
    assert Figures(Facts(projection, EN, told)).flows.amount(week(TODAY)).value == 100_000


def test_moved_by_deadline_is_what_the_rules_of_expiry_moved() -> None:
    told = figures(
        f"""
        {LONG_AGO}
        2026-03-02 | A | Ann | moved working > rework expired
        2026-03-02 | A | Ann | & run contact_1 > refusal
        2026-03-03 | B | Ann | moved working > strategic expired_warm
        2026-03-03 | C | Ann | moved working > rework refused
        2026-03-03 | D | Ann | moved call_base > working taken_to_work
        2026-03-04 | E | Bob | section rework > working
        """,
        "2026-03-05",
    )
    assert counted(told, "by_deadline") == (2, 0, {"A", "B"})
    assert counted(told, "moved_out") == (3, 0, {"A", "B", "C"})
    assert counted(told, "moved_in") == (2, 0, {"D", "E"})
    assert counted(told, "lost") == (1, 0, {"A"})


UNDONE = f"""
    {LONG_AGO}
    2026-03-02 | A | Ann | moved working > rework expired
    2026-03-02 | A | Ann | & run contact_1 > refusal
    2026-03-02 | B | Ann | & moved working > rework expired
    2026-03-03 | A | Ann | undo 2 moved rework > working
    2026-03-03 | A | Ann | & undo 2 run refusal > contact_1
"""


@pytest.mark.parametrize("code", ["en", "ru"])
def test_what_was_undone_has_not_happened(code: str) -> None:
    policy = template(code)
    told = figures(journal(UNDONE, policy), "2026-03-05", policy=policy)
    assert counted(told, "by_deadline") == (1, 0, {"B"})
    assert [
        counted(told, each)[0] for each in ("lost", "refused", "taken", "returned", "moved_in")
    ] == [0] * 5


def test_an_undo_takes_back_what_the_run_did_and_not_what_it_had_noticed() -> None:
    """Ann took A a step further; the same night its time was up, and the head brought it back: her step stays."""
    told = figures(
        f"""
        {LONG_AGO}
        2026-03-02 | A | Ann | contact_1 > contact_2
        2026-03-02 | A | Ann | & moved working > strategic expired_warm
        2026-03-02 | A | Ann | & run contact_2 > strategic_reserve
        2026-03-03 | A | Ann | undo 2 moved strategic > working
        2026-03-03 | A | Ann | & undo 2 run strategic_reserve > contact_2
        """,
        "2026-03-05",
    )
    assert [*told.paths.steps["after"]] == ["contact_2"]
    assert counted(told, "advanced") == (1, 0, {"A"})
    assert [counted(told, code)[0] for code in ("by_deadline", "lost", "returned")] == [0, 0, 0]


def test_an_undo_that_was_undone_lets_the_move_stand() -> None:
    again = """
    2026-03-04 | A | Ann | undo 5 moved working > rework
    2026-03-04 | A | Ann | & undo 5 run contact_1 > refusal
    """
    told = figures(UNDONE + again, "2026-03-05")
    assert counted(told, "by_deadline") == (2, 0, {"A", "B"})
    assert counted(told, "lost") == (1, 0, {"A"})


REFUSED = """
    section      | id     | company | state   | manager | refusal_reason | phone
    rework       | AAAAAA | Alpha   | Refusal | Ann     | no money       | +12025550101
    hard_refusal | BBBBBB | Beta    | Refusal | Ann     | negative       | +12025550102
    rework       | CCCCCC | Gamma   | Refusal | Bob     | no money       | +12025550103
"""


def test_refusals_stand_by_their_reason_the_most_frequent_first() -> None:
    told = figures(
        f"""
        {LONG_AGO}
        2026-02-24 | B2 | Ann | contact_1 > refusal
        2026-03-02 | AAAAAA | Ann | contact_1 > refusal
        2026-03-02 | BBBBBB | Ann | contact_2 > refusal
        2026-03-03 | CCCCCC | Bob | call_round > refusal
        2026-03-04 | D | Bob | run contact_1 > refusal
        2026-03-04 | D | Bob | & reason out_of_time
        """,
        "2026-03-05",
        REFUSED,
    )
    found = told.flows.reasons(week(TODAY))
    assert {code: (each.value, each.before, each.ids) for code, each in found.items()} == {
        "no_money": (2, 0, ("AAAAAA", "CCCCCC")),
        "negative": (1, 0, ("BBBBBB",)),
        "out_of_time": (1, 0, ("D",)),
        "": (0, 1, ()),  # last week's row is unknown, and so is its reason
    }
    assert [*found] == ["no_money", "negative", "out_of_time", ""]
    assert [*told.flows.reasons(week(TODAY), "Bob")] == ["no_money", "out_of_time"]


def test_a_base_adopted_yesterday_has_not_enough_history() -> None:
    told = figures("2026-03-04 | A | Ann | new > contact_1", "2026-03-05")
    day, seven = (
        told.flows.figure("taken", today_only(TODAY)),
        told.flows.figure("taken", week(TODAY)),
    )
    assert (day.value, day.before, day.enough) == (0, 1, True)
    assert (seven.value, seven.before, seven.ids, seven.enough) == (None, None, (), False)
    assert told.flows.amount(week(TODAY)).value is None
    assert told.flows.reasons(week(TODAY)) == {}
    assert all(
        not step.reached.enough and step.reached.value is None
        for step in told.funnel.stages(week(TODAY))
    )
    assert told.deals.average(week(TODAY)).value is told.deals.length(week(TODAY)).value is None


def test_a_journal_that_was_cut_is_not_believed_on_its_first_day() -> None:
    told = journal("2026-03-02 | A | Ann | new > contact_1")
    assert History(told, EN).begins == date(2026, 3, 2)
    assert History(told, EN, whole=False).begins == date(2026, 3, 3)
    assert History((), EN).begins is None
    assert not History((), EN).covers(TODAY)


def test_words_of_the_other_language_and_spellings_are_read_back() -> None:
    edited = {"field": "state", "before": "1-й контакт", "after": "КП отправлено"}
    told = figures(
        (
            line(to_serial(TODAY) + 0.1, "r2", "A", "edited", edited, manager="Ann"),
            line(to_serial(date(2026, 1, 1)), "r1", "Z", "noticed", {"kind": "next_on"}),
        ),
        "2026-03-05",
    )
    assert counted(told, "advanced") == (1, 0, {"A"})


def test_a_repaired_spelling_is_no_step() -> None:
    edited = {"field": "state", "before": "CONTACT 1 ", "after": "Contact 1", "repair": True}
    told = figures((line(to_serial(TODAY), "r", "A", "edited", edited),), "2026-03-05")
    assert len(told.paths.steps) == 0


def test_what_people_did_comes_before_what_the_same_run_did_and_a_lower_line_before_a_higher_one() -> (
    None
):
    """Within one minute the Journal's own order decides: the newest run stands on top."""
    when = to_serial(TODAY) + 0.1
    told = figures(
        (
            line(
                when,
                "r2",
                "A",
                "noticed",
                {"kind": "state", "before": "refusal", "after": "contact_1"},
            ),
            line(
                when,
                "r1",
                "A",
                "edited",
                {"field": "state", "before": "Contact 2", "after": "Refusal"},
            ),
            line(
                when,
                "r1",
                "A",
                "noticed",
                {"kind": "state", "before": "contact_1", "after": "contact_2"},
            ),
        ),
        "2026-03-05",
    )
    assert [*told.paths.steps["after"]] == ["contact_2", "refusal", "contact_1"]


def test_the_same_line_twice_is_one_step() -> None:
    lines = journal(
        "2026-03-03 | A | Ann | new > contact_1\n2026-03-04 | A | Ann | contact_1 > contact_2"
    )
    assert len(figures((lines[0], lines[0], lines[1], lines[1]), "2026-03-05").paths.steps) == 2


def test_managers_are_called_by_the_name_that_a_spelling_means() -> None:
    policy = EN.model_copy(update={"managers": {fold("ANN K."): "Ann"}})
    told = figures("2026-03-05 | A | ANN K. | new > contact_1", "2026-03-05", policy=policy)
    assert told.flows.figure("taken", today_only(TODAY), "Ann").value == 1
    assert told.flows.managers(today_only(TODAY).now) == ("Ann",)


GARBAGE = [
    "",
    "null",
    "[]",
    "7",
    '"x"',
    "{",
    "{}",
    '{"kind": 5}',
    '{"kind": ["state"]}',
    '{"kind": "state"}',
    '{"kind": "state", "before": {}, "after": []}',
    '{"kind": "state", "before": "a", "after": "b"}',
    '{"kind": "added", "state": 7, "manager": {}}',
    '{"kind": "amount", "before": "x", "after": NaN}',
    '{"kind": "amount", "before": Infinity, "after": true}',
    '{"field": {}, "before": 1, "after": 2}',
    '{"field": "state", "before": [], "after": {}}',
    '{"field": "state", "before": null, "after": "no such word"}',
    '{"field": "refusal_reason", "before": 1, "after": 2}',
    '{"from": 1, "to": 2, "rule": 3}',
    "[" * 5000,
    '{"all": 5}',
    '{"all": {"load": "x"}}',
    '{"managers": {"Ann": 7}, "all": {"load": true}}',
]


@pytest.mark.parametrize("what", ["noticed", "edited", "moved", "counted", "aimed", "что-то", ""])
def test_nothing_that_people_type_into_the_journal_raises_or_counts(what: str) -> None:
    when = to_serial(TODAY) + 0.1
    odd = [line(when, "r", "A", what, data, before="{}", after="???") for data in GARBAGE]
    never = [
        each._replace(when=moment)
        for each in odd
        for moment in (float("nan"), float("inf"), 1e18, 0.0, -5.0)
    ]
    told = figures((*odd, *never, *(each._replace(id="") for each in odd)), "2026-03-05")
    for code in told.flows.events:
        assert told.flows.figure(code, today_only(TODAY)).value == 0
    assert told.flows.reasons(today_only(TODAY)) == {}
    assert told.stocks.figure("load", period=today_only(TODAY)).before is None
    assert [step.reached.value for step in told.funnel.stages(today_only(TODAY))] == [0] * 6
    json.dumps(told.counted())


def test_a_clock_that_jumped_ahead_gives_no_length_and_no_event_of_today() -> None:
    lines: tuple[JournalLine, ...] = journal("""
        2026-03-01 | AAAAAA | Ann | new > deal
        2031-01-01 | AAAAAA | Ann | deal > deal_support
        2026-03-02 | BBBBBB | Ann | deal > deal_support
    """)
    told = figures(lines, "2026-03-05", SOLD)
    assert told.flows.figure("sold", month(TODAY)).ids == ("BBBBBB",)
    assert all(days >= 0 for days in told.deals.lengths("sold", month(TODAY).now).values())
