"""Several nights of a base: its Journal, written as runs write it and read back, gives figures that agree with the base itself."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from sheetsync.i18n import language
from sheetsync.method.policy import template
from sheetsync.reporting import journal
from sheetsync.reporting.metrics import Figures
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.reporting.metrics.periods import month, today_only
from sheetsync.reports import reports
from sheetsync.rules.draft.projection import Projection
from sheetsync.workbook.journal import JournalLine, LineKind, from_row, to_row
from sheetsync.workbook.snapshot import Snapshot
from tests.builders.base import Base, Night

if TYPE_CHECKING:
    from collections.abc import Iterator

START = date(2026, 3, 2)
TEXT = """
    section      | company | state      | label | manager | began      | next_step | next_on    | amount | phone        | return_on  | refusal_reason
    working      | Alpha   | Contact 1  | small | Ann     | 2026-02-16 | call      | 2026-03-01 | 100    | +12025550101 |            |
    working      | Beta    | Contact 2  | small | Ann     | 2026-02-17 | call      | 2026-02-20 | 200    | +12025550102 |            |
    working      | Gamma   | Contact 1  | large | Bob     | 2026-03-01 | call      | 2026-03-20 | 300    | +12025550103 |            |
    working      | Delta   | Deal       | large | Bob     | 2026-03-01 | call      | 2026-03-20 | 400    | +12025550104 |            |
    rework       | Epsilon | Refusal    | small | Ann     |            |           |            | 500    | +12025550105 | 2026-03-04 | no money
    call_base    | Zeta    | New        | small |         |            |           |            |        | +12025550106 |            |
"""


def nights(
    base: Base, count: int, said: "dict[int, dict[str, str]]"
) -> "Iterator[tuple[date, Night, tuple[JournalLine, ...]]]":
    """Play nights; before each, people set the states in `said`. Yields the Journal as it is read back."""
    policy, lines = base.policy, tuple[JournalLine, ...]()
    for number in range(count):
        day = START + timedelta(days=number)
        for company, state in said.get(number, {}).items():
            base.row(company)["state"] = state
        night = base.night(day.isoformat())
        night = Night(
            _with(night.snapshot, lines),
            night.plan,
            Projection(_with(night.snapshot, lines), night.plan, policy),
        )
        moment = datetime(day.year, day.month, day.day, 2, tzinfo=UTC)
        written = journal.lines_of(night.projection, moment)
        lines = (
            *(from_row(to_row(line, policy), policy) for line in written),
            *lines,
        )
        yield day, night, lines


def _with(snapshot: Snapshot, lines: tuple[JournalLine, ...]) -> Snapshot:
    return replace(snapshot, journal=lines)


SAID = {
    1: {"Gamma": "Contact 2", "Delta": "Deal support"},
    2: {"Gamma": "Contact 3"},
    4: {"Epsilon": "Contact 1", "Delta": "Client"},
}


@pytest.mark.parametrize("code", ["en", "ru"])
def test_the_figures_of_each_night_are_those_of_the_base(code: str) -> None:
    policy = template(code)
    states = {
        policy_en: policy.words.name("states", each)
        for each, (policy_en, *_) in template("en").words.states.items()
    }
    text = TEXT
    for english in sorted(states, key=len, reverse=True):
        text = text.replace(f"| {english} ", f"| {states[english]} ")
    base = Base(text, policy)
    said = {
        number: {company: states[state] for company, state in each.items()}
        for number, each in SAID.items()
    }
    expired: set[str] = set()
    day, told = (
        START,
        Figures(Facts(Base(text, policy).night(START.isoformat()).projection, policy, ())),
    )
    for day, night, lines in nights(base, 6, said):
        told = Figures(Facts(night.projection, policy, lines))
        moved = {move.id for move in night.plan.moves if move.rule.startswith("expired")}
        expired |= moved
        assert set(told.flows.figure("by_deadline", today_only(day)).ids) == moved
        assert sum(line.what == LineKind.COUNTED for line in lines) == (day - START).days + 1
        working = [row for row in base.rows if row["section"] == "working"]
        supported = policy.words.name("states", "deal_support")
        assert told.stocks.figure("load").value == sum(row["state"] != supported for row in working)
        assert told.counts.on(day, "load") == told.stocks.figure("load").value
        assert told.counts.on(day, "overdue", "Ann") == told.stocks.figure("overdue", "Ann").value
    by_name = {str(row["company"]): str(row["id"]) for row in base.rows}
    assert expired == {by_name["Alpha"], by_name["Beta"]}
    days = [START + timedelta(days=n) for n in range(6)]
    assert [told.counts.on(day, "load") for day in days] == [4, 2, 1, 1, 2, 2]
    # From the second of March on the Journal knows; the month began a day earlier.
    assert told.flows.figure("sold", month(day)).value is None
    step = told.paths.steps.set_index("id")
    assert [*step.loc[[by_name["Gamma"]], "after"]] == ["contact_2", "contact_3"]
    assert [*step.loc[[by_name["Epsilon"]], "after"]] == ["call_round", "contact_1"]
    assert set(step.index[step["sold"]]) == {by_name["Delta"]}
    assert told.deals.lengths("sold", today_only(START + timedelta(days=1)).now) == {
        by_name["Delta"]: 2
    }


def test_a_second_run_of_a_day_counts_nothing() -> None:
    base = Base(TEXT)
    [(_, _, lines)] = nights(base, 1, {})
    again = _with(base.snapshot(), lines)
    plan = base.decide(START.isoformat())
    later = datetime(START.year, START.month, START.day, 23, 59, tzinfo=UTC)
    told = journal.lines_of(Projection(again, plan, base.policy), later)
    assert [line.what for line in told] == []
    next_day = journal.lines_of(Projection(again, plan, base.policy), later + timedelta(minutes=2))
    assert [line.what for line in next_day] == [LineKind.COUNTED]


def test_reports_made_of_what_a_run_has_counted_are_those_that_are_made_anew() -> None:
    base = Base(TEXT)
    words = language("en")
    for day, night, read_back in nights(base, 3, {1: {"Gamma": "Contact 2", "Delta": "Client"}}):
        moment = datetime(day.year, day.month, day.day, 2, tzinfo=UTC)
        record = journal.record_of(night.projection, moment)
        assert record.figures is not None
        assert record.lines[-1].what == LineKind.COUNTED
        lines = (*record.lines, *night.snapshot.journal)
        assert len(lines) == len(read_back)
        anew = reports(night.projection, base.policy, words, lines)
        assert reports(night.projection, base.policy, words, lines, counted=record.figures) == anew


def test_the_day_is_told_in_the_words_of_the_base() -> None:
    said = {}
    for code in ("en", "ru"):
        policy = template(code)
        base = Base(
            "section | company | state | manager | phone\nworking | Alpha | Contact 1 | Ann | +12025550101",
            policy,
        )
        [(_, _, lines)] = nights(base, 1, {})
        row = to_row(next(line for line in lines if line.what == LineKind.COUNTED), policy)
        said[code] = (row[5], row[8])
    assert said == {
        "en": ("counted", "1 company in work, 0 overdue"),
        "ru": ("подсчёт", "1 компания в работе, 0 просрочено"),
    }
