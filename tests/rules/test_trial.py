"""A trial of the model (METHOD point 9): which days it has, what it holds, what it lets go, and what of it is odd."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from sheetsync.method.policy import Policy, template
from sheetsync.method.terms import Trial
from sheetsync.rules.draft.trial import TrialOddity, TrialPhase, trial_tonight
from sheetsync.rules.trial.release import parts_of
from sheetsync.workbook.answers import Answer
from sheetsync.workbook.journal import LineKind
from sheetsync.workbook.last_run_state import UnfinishedNight
from sheetsync.workbook.plan import Move, from_json, to_json
from sheetsync.workbook.snapshot import Book, Snapshot
from sheetsync.workbook.trial_record import TrialRecord, noted_trial, would_mark
from tests.builders.policies import capped

if TYPE_CHECKING:
    from tests.builders.base import Base

EN = template("en")
FIRST = date(2026, 3, 2)
RECORD = TrialRecord(FIRST, FIRST, date(2026, 4, 10))
"""A trial of 40 days from FIRST on."""
ENDED = RECORD._replace(ended=date(2026, 4, 12))


def policy_of(begins: date | None, days: int = 40) -> Policy:
    return EN.model_copy(update={"trial": Trial(begins=begins, days=days)})


def snapshot_of(record: TrialRecord | None = None, *ticks: str) -> Snapshot:
    book = Book("book", "Base", "en_US", "UTC", ())
    answers = tuple(Answer("trial", line, "tick", value=True) for line in ticks)
    return Snapshot(book, (), trial=record, decisions=answers)


Case = tuple[
    date | None,
    TrialRecord | None,
    tuple[str, ...],
    date,
    str,
    date | None,
    date | None,
    str | None,
]
"""The first day typed, what was noted, ticks, today -> phase, last day, day of its end, oddity."""
CASES: list[Case] = [
    # Nothing is tried, nothing was; or not yet.
    (None, None, (), date(2026, 3, 2), "none", None, None, None),
    (date(2026, 3, 5), None, (), date(2026, 3, 2), "none", None, None, None),
    # The first night, the last day, the day after: it goes on holding.
    (FIRST, None, (), FIRST, "under_way", RECORD.until, None, None),
    (FIRST, RECORD, (), date(2026, 4, 10), "under_way", RECORD.until, None, None),
    (FIRST, RECORD, (), date(2026, 4, 11), "awaited", RECORD.until, None, None),
    # The head's word: the end, at any time, the first night too; ten days more, also from a day after its end.
    (FIRST, RECORD, ("end",), FIRST, "ended", RECORD.until, FIRST, None),
    (
        FIRST,
        RECORD,
        ("end",),
        date(2026, 4, 12),
        "ended",
        RECORD.until,
        date(2026, 4, 12),
        None,
    ),
    (FIRST, RECORD, ("prolong",), date(2026, 4, 1), "under_way", date(2026, 4, 20), None, None),
    (
        FIRST,
        RECORD,
        ("prolong",),
        date(2026, 4, 15),
        "under_way",
        date(2026, 4, 25),
        None,
        None,
    ),
    (
        FIRST,
        RECORD,
        ("end", "prolong"),
        date(2026, 4, 1),
        "under_way",
        RECORD.until,
        None,
        "both",
    ),
    # The cell is emptied: that is the end; typed again it does not come to life.
    (None, RECORD, (), date(2026, 3, 20), "ended", RECORD.until, date(2026, 3, 20), None),
    (FIRST, ENDED, (), date(2026, 4, 20), "ended", RECORD.until, ENDED.ended, None),
    (None, ENDED, ("prolong",), date(2026, 4, 20), "ended", RECORD.until, ENDED.ended, None),
    # A start in the past: its days count from there; one too far back is none.
    (date(2026, 2, 20), None, (), FIRST, "under_way", date(2026, 3, 31), None, "earlier"),
    (date(2025, 12, 1), None, (), FIRST, "none", None, None, "missed"),
    (date(1999, 1, 1), None, (), FIRST, "none", None, None, "missed"),
    # Begun twice: the old one goes on until the new one comes.
    (
        date(2026, 4, 1),
        RECORD,
        (),
        date(2026, 3, 20),
        "under_way",
        RECORD.until,
        None,
        "another",
    ),
    (
        date(2026, 4, 1),
        RECORD,
        (),
        date(2026, 4, 1),
        "under_way",
        date(2026, 5, 10),
        None,
        None,
    ),
    (date(2026, 5, 1), ENDED, (), date(2026, 5, 1), "under_way", date(2026, 6, 9), None, None),
    (
        date(2025, 1, 1),
        RECORD,
        (),
        date(2026, 3, 20),
        "under_way",
        RECORD.until,
        None,
        "missed",
    ),
]


@pytest.mark.parametrize("case", CASES)
def test_a_trial_has_the_days_that_settings_and_the_heads_ticks_give_it(case: Case) -> None:
    begins, record, ticks, today, phase, until, ended, oddity = case
    trial = trial_tonight(snapshot_of(record, *ticks), policy_of(begins), today)
    assert trial.phase is TrialPhase(phase)
    assert (trial.record and trial.record.until) == until
    assert (trial.record and trial.record.ended) == ended
    assert trial.oddity == (TrialOddity(oddity) if oddity else None)


def test_another_length_holds_from_the_next_night_on() -> None:
    trial = trial_tonight(snapshot_of(RECORD), policy_of(FIRST, 30), date(2026, 4, 1))
    assert (trial.phase, trial.record and trial.record.until) == (
        TrialPhase.AWAITED,
        date(2026, 3, 31),
    )


def test_what_is_noted_of_a_trial_is_read_back_and_nonsense_is_none() -> None:
    assert noted_trial([UnfinishedNight("r", first=False).row(), ENDED.row()]) == ENDED
    row = ENDED.row()
    row[row.index(ENDED.row()[0])] = "#trial"
    broken = ["{}" if isinstance(cell, str) and cell.startswith("{") else cell for cell in row]
    assert noted_trial([broken]) is None
    assert would_mark('{"trial":"soon"}') is None
    assert would_mark(None) is None


ROWS = """
    section   | company | state     | label | manager | began      | paid_on    | refusal_reason
    working   | late    | Contact 2 | small | Ann     | 2026-02-01 |            |
    working   | refused | Refusal   | small | Ann     | 2026-02-20 |            | Crisis
    working   | in time | Contact 1 | small | Ann     | 2026-02-27 |            |
    working   | paid    | Client    | small | Ann     | 2026-02-01 | 2026-02-20 |
    rework    | again   | Contact 1 | small | Ann     | 2026-01-01 |            |
"""


def test_in_a_trial_no_rule_moves_a_row_and_each_that_would_says_where_to(
    play: "type[Base]",
) -> None:
    base = play(ROWS, policy_of(FIRST))
    night = base.night("2026-03-02")
    assert night.plan.moves == ()
    assert {(move.company, move.target) for move in night.plan.would} == {
        ("late", "strategic"),
        ("refused", "rework"),
        ("paid", "clients"),
        ("again", "working"),
    }
    assert "Trial: it would move to “Strategic archive” now" in night.told("late", "would_move")
    assert night.plan.trial == RECORD
    # What is written of a plan brings all of it back.
    assert from_json(to_json(night.plan), "") == replace(
        night.plan, back=(), taken_back=night.plan.taken_back
    )


def test_without_a_trial_the_same_rows_move(play: "type[Base]") -> None:
    night = play(ROWS, EN).night("2026-03-02")
    assert {move.company for move in night.plan.moves} == {"late", "refused", "paid", "again"}
    assert (night.plan.would, night.plan.trial) == ((), None)


def test_in_a_trial_lists_are_not_filled_by_the_program_itself(play: "type[Base]") -> None:
    rows = """
        section   | company | state | label | manager
        call_base | fresh   | New   | large |
        working   | own     | New   | small | Ann
    """
    policy = capped(policy_of(FIRST), 50, 90, "assign")
    night = play(rows, policy).night("2026-03-02")
    assert night.plan.moves == ()
    assert [offer.company for offer in night.plan.offers] == ["fresh"]
    without = play(rows, capped(EN, 50, 90, "assign")).night("2026-03-02")
    assert [move.company for move in without.plan.moves] == ["fresh"]


def move_of(number: int, manager: str) -> Move:
    return Move(f"ID{number}", f"Company {number}", manager, "working", "rework", number, "r", "w")


def test_what_has_gathered_comes_in_parts_of_one_manager_each() -> None:
    moves = [move_of(n, "Ann" if n < 25 else "Bob: junior") for n in range(30)]
    parts = parts_of(moves, 10)
    assert [(p.manager, p.number, p.parts, len(p.moves)) for p in parts] == [
        ("Ann", 1, 3, 10),
        ("Ann", 2, 3, 10),
        ("Ann", 3, 3, 5),
        ("Bob: junior", 1, 1, 5),
    ]
    assert len({part.key for part in parts}) == 4
    assert [move for part in parts for move in part.moves] == moves
    assert all(":" not in part.key for part in parts)


def test_once_it_is_ended_what_had_gathered_waits_and_everything_else_moves(
    play: "type[Base]",
) -> None:
    """`late` was held in the trial; `later` comes due after it; `worked on` has become a refusal since."""
    base = play(
        """
        section | company   | state     | label | manager | began      | refusal_reason
        working | late      | Contact 2 | small | Ann     | 2026-02-01 |
        working | worked on | Contact 2 | small | Ann     | 2026-02-01 |
        working | later     | Contact 2 | large | Ann     | 2026-03-05 |
        """,
        policy_of(FIRST),
    )
    base.night("2026-03-02")
    base.decisions = (Answer("trial", "end", "tick", value=True),)
    closing = base.night("2026-04-10")
    assert closing.plan.moves == ()
    base.decisions = ()
    base.rests("2026-04-10")
    base.row("worked on").update(state="Contact 1", label="Large")
    waiting = base.night("2026-04-11")
    assert {move.company for move in waiting.plan.would} == {"late", "worked on"}
    assert "waits for the head's word" in waiting.told("late", "waits_for_release")
    assert [move.company for move in base.night("2026-04-15").plan.moves] == ["later"]


def test_each_would_be_move_is_journalled_once_in_its_trial(play: "type[Base]") -> None:
    base = play(ROWS, policy_of(FIRST))
    for day in ("2026-03-02", "2026-03-03", "2026-03-20"):
        base.night(day)
    would = [line for line in base.journal if line.what == LineKind.WOULD]
    assert sorted((line.company, line.before, line.after) for line in would) == [
        ("again", "rework", "working"),
        ("in time", "working", "rework"),
        ("late", "working", "strategic"),
        ("paid", "working", "clients"),
        ("refused", "working", "rework"),
    ]
    assert [line.what for line in base.journal].count(LineKind.TRIAL) == 1


def test_a_trial_in_which_nothing_comes_due_is_quiet(play: "type[Base]") -> None:
    rows = """
        section | company | state     | label | manager | began
        working | in time | Contact 1 | small | Ann     | 2026-02-27
    """
    base = play(rows, policy_of(FIRST))
    night = base.night("2026-03-02")
    assert (night.plan.moves, night.plan.would) == ((), ())
    base.rests("2026-03-02")
