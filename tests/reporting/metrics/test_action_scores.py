"""Averages of the head's scores against an independent count by SQL, and what of the Journal counts at all."""

import json
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheetsync.method.policy import template
from sheetsync.reporting.metrics.action_scores import WEEKS, Scores
from sheetsync.reporting.metrics.journal_frame import History
from sheetsync.rules.action_scoring.sampling import DAY, WEEK, Action, SampleShare, reviewed
from sheetsync.rules.action_scoring.scoring import Sample, ScoreAnswer, latest
from sheetsync.values import to_serial
from sheetsync.workbook.journal import JournalLine, from_row, to_row
from tests.builders.journals import EN, line

TODAY = date(2026, 3, 19)
REVIEWED = reviewed(TODAY)
MANAGERS = ("Ann", "Bob", "—")

given_score = st.fixed_dictionaries(
    {
        "weeks": st.integers(0, 6),
        "by": st.sampled_from(MANAGERS),
        "id": st.sampled_from("ABCD"),
        "day": st.integers(0, 6),
        "typed": st.sampled_from(["1", "2", "3", "4", "5", "7", "good", ""]),
        "remark": st.sampled_from(["", "slow"]),
    }
)
Given = dict[str, Any]


def scored(at: int, told: Given, back: int = 0) -> JournalLine:
    """Make the line of a score, found so many days before today."""
    week = REVIEWED - told["weeks"] * WEEK
    points = int(told["typed"]) if told["typed"] in {"1", "2", "3", "4", "5"} else None
    data = {
        "week": week.isoformat(),
        "day": (week + told["day"] * DAY).isoformat(),
        "by": told["by"],
        "points": points,
        "after": told["typed"],
        "remark": told["remark"],
    }
    when = to_serial(TODAY - timedelta(back)) + at / 10_000
    return line(when, f"r{at}", told["id"], "scored", data, manager=told["by"])


def scores(lines: list[JournalLine], sample: Sample | None = None, *, whole: bool = True) -> Scores:
    """Return the figures of a Journal; its lines are given oldest first."""
    history = History((*reversed(lines),), EN, whole)
    return Scores(history, sample or Sample(REVIEWED, {}, {}))


def counted(told: list[Given], first: date, last: date, manager: str | None) -> float | None:
    """Count by SQL: of each action the last word, where it is one of the scale."""
    with closing(sqlite3.connect(":memory:")) as base:
        base.execute(
            "create table marks (seq integer, week text, day integer, by text, id text, typed text)"
        )
        rows = [
            (
                at,
                (REVIEWED - one["weeks"] * WEEK).isoformat(),
                one["day"],
                one["by"],
                one["id"],
                one["typed"],
            )
            for at, one in enumerate(told)
        ]
        base.executemany("insert into marks values (?, ?, ?, ?, ?, ?)", rows)
        whose = "" if manager is None else "and by = :by"
        # What is put in is one of two fixed texts.
        (found,) = base.execute(
            f"""
            select avg(cast(typed as integer)) from marks
            where seq in (select max(seq) from marks group by week, day, by, id)
              and typed in ('1', '2', '3', '4', '5') and week between :first and :last {whose}
            """,  # noqa: S608
            {"first": first.isoformat(), "last": last.isoformat(), "by": manager},
        ).fetchone()
        base.close()
        return None if found is None else float(found)


@settings(deadline=None)
@given(st.lists(given_score, max_size=40))
def test_averages_are_what_sql_counts(told: list[Given]) -> None:
    old = line(to_serial(TODAY - timedelta(100)), "r", "A", "noticed", {"kind": "amount"})
    found = scores([old, *(scored(at, one) for at, one in enumerate(told))])
    first = REVIEWED - (WEEKS - 1) * WEEK
    for manager in (None, *MANAGERS):
        average = found.average(manager)
        assert average.value == pytest.approx(counted(told, REVIEWED, REVIEWED, manager))
        assert average.before == pytest.approx(
            counted(told, REVIEWED - WEEK, REVIEWED - WEEK, manager)
        )
        assert found.lately(manager).value == pytest.approx(counted(told, first, REVIEWED, manager))


def test_where_the_journal_does_not_reach_back_there_is_no_longer_average() -> None:
    told: Given = {"weeks": 0, "by": "Ann", "id": "A", "day": 1, "typed": "4", "remark": ""}
    young = scores([scored(1, told)])
    assert (young.average().value, young.average().before) == (4, None)
    assert (young.lately().value, young.lately().enough) == (None, False)
    old = line(to_serial(REVIEWED - 2 * WEEK), "r", "A", "noticed", {"kind": "amount"})
    assert scores([old, scored(1, told)]).lately().value == 4
    assert scores([old, scored(1, told)], whole=False).lately().enough is False


def test_what_is_drawn_and_scored_is_counted_by_manager_and_the_lowest_come_first() -> None:
    drawn = tuple(Action(REVIEWED, "Ann", row_id, REVIEWED + DAY, row_id) for row_id in "ABCD")
    answers = {
        drawn[0].ident: ScoreAnswer(4),
        drawn[1].ident: ScoreAnswer("7"),
        drawn[2].ident: ScoreAnswer("2", "late"),
    }
    sample = Sample(REVIEWED, {"ann": SampleShare("Ann", 9, drawn)}, answers)
    typed = [("A", "4", "fine"), ("B", "7", "?"), ("C", "2", "late"), ("D", "1", "")]
    lines = [
        scored(at, {"weeks": 0, "by": "Ann", "id": i, "day": 1, "typed": t, "remark": r})
        for at, (i, t, r) in enumerate(typed)
    ]
    found = scores(lines, sample)
    assert (found.scored_actions("Ann"), found.scored_actions("Bob")) == ((2, 4), (0, 0))
    assert [mark.answer.words for mark in found.lowest("Ann")] == [("2", "late"), ("4", "fine")]


@pytest.mark.parametrize(
    "data",
    [
        "",
        "no json",
        "[]",
        "[" * 100_000,
        "{}",
        '{"week": 5, "day": null, "by": "Ann"}',
        '{"week": "2026-03-09", "day": "2026-03-10", "by": 7}',
        '{"week": "x", "day": "2026-03-10", "by": "Ann"}',
    ],
)
def test_a_line_that_people_have_spoilt_is_left_out(data: str) -> None:
    assert latest([line(46000.5, "r", "A", "scored", data)]) == {}


def test_the_journals_words_are_read_back_in_both_languages() -> None:
    told = scored(1, {"weeks": 0, "by": "Ann", "id": "A", "day": 1, "typed": "4", "remark": "fine"})
    for code in ("en", "ru"):
        policy = template(code)
        again = from_row(to_row(told, policy), policy)
        assert (again.what, json.loads(again.data)) == ("scored", json.loads(told.data))
