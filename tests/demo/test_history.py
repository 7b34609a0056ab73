"""The demonstration's past: the same for the same day and language, lawful, and enough of it to hold a meeting about."""

import json
from collections import Counter
from datetime import date
from functools import cache
from typing import Any

import pytest

from sheetsync.demo.build import starter_rows
from sheetsync.demo.history import WEEKS, Past, begins, play
from sheetsync.method.policy import template
from sheetsync.values import to_serial

TODAY = date(2026, 3, 4)  # a Wednesday
LANGUAGES = pytest.mark.parametrize("lang", ["ru", "en"])


def played(lang: str, today: date = TODAY) -> Past:
    policy = template(lang)
    rows = starter_rows(policy, begins(today))
    managers = sorted(
        {str(row["manager"]) for found in rows.values() for row in found if row.get("manager")}
    )
    return play(rows, policy, managers, today)


past = cache(played)


def told(lang: str, what: str) -> list[dict[str, Any]]:
    return [json.loads(line.data) for line in past(lang).journal if line.what == what]


@LANGUAGES
def test_the_past_is_the_same_every_time(lang: str) -> None:
    again = played(lang)
    assert again.rows == past(lang).rows
    assert again.journal == past(lang).journal
    assert again.state.equals(past(lang).state)


@LANGUAGES
def test_every_row_is_remembered_where_it_stands_and_none_has_vanished(lang: str) -> None:
    found = past(lang)
    stands = {
        str(row["id"]): section
        for section, rows in found.rows.items()
        for row in rows
        if row.get("id")
    }
    assert stands == found.state["section"].to_dict()
    assert found.state["gone_on"].isna().all()
    assert (
        sum(map(len, found.rows.values())) - len(stands) < 60
    )  # the last days' companies, which no night has seen


@LANGUAGES
def test_the_team_keeps_the_order_of_states(lang: str) -> None:
    policy = template(lang)
    steps = [
        (data["before"], data["after"]) for data in told(lang, "noticed") if data["kind"] == "state"
    ]
    known = [
        (before, after)
        for before, after in steps
        if before in policy.state and after in policy.state
    ]
    assert len(known) > 300
    assert [step for step in known if step[1] not in policy.state[step[0]].next] == []
    assert {data["kind"] for data in told(lang, "noticed")} <= {
        "added",
        "label",
        "sold",
        "state",
        "contact",
        "manager",
        "amount",
        "next_on",
        "returned",
    }


@LANGUAGES
def test_there_is_something_to_meet_about(lang: str) -> None:
    policy, found = template(lang), past(lang)
    working = found.rows["working"]
    loads = Counter(row["manager"] for row in working)
    assert len(loads) == 4
    assert all(40 <= load <= policy.cap.max for load in loads.values())
    assert sum(load < policy.cap.min for load in loads.values()) <= 1
    assert len(found.rows["call_base"]) > 150
    late = [
        row
        for row in working
        if row.get("next_on") and float(row["next_on"] or 0) < to_serial(TODAY)
    ]
    assert 8 <= len(late) <= 60
    paid = [data for data in told(lang, "noticed") if data.get("after") == "deal_support"]
    assert len(paid) >= WEEKS
    assert len({line.before for line in found.journal if line.what == "moved"}) >= 3
    assert {data["points"] for data in told(lang, "scored")} == {2, 3, 4, 5}


@pytest.mark.parametrize("today", [date(2026, 1, 5), date(2026, 2, 28), date(2026, 5, 31)])
def test_it_ends_on_the_evening_before_any_day(today: date) -> None:
    found = played("en", today)
    assert max(line.when for line in found.journal) < to_serial(today)
    met = [
        float(row["last_contact"])  # type: ignore[arg-type]  # a serial day
        for rows in found.rows.values()
        for row in rows
        if row.get("last_contact")
    ]
    assert to_serial(today) - 3 <= max(met) < to_serial(today)


@LANGUAGES
def test_it_is_short_enough_to_be_played_at_once(lang: str) -> None:
    found = past(lang)
    nights = {line.when for line in found.journal if line.what == "counted"}
    assert WEEKS <= len(nights) <= WEEKS + 5
    assert sum(map(len, found.rows.values())) < 900
    assert len(found.journal) < 8000
