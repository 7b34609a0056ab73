"""The 630 rows of the sample base: the first night as worked out here from its truth file, and the night as decided."""

import json
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from sheetsync.enforcer import decide
from sheetsync.i18n import language
from sheetsync.method.policy import template
from sheetsync.method.vocabulary import DICTIONARIES, dictionary
from sheetsync.rules.draft.projection import Projection
from sheetsync.rules.safeguards import tripped
from sheetsync.values import reader, to_cell
from sheetsync.workbook import last_run_state as state_tab
from sheetsync.workbook.plan import Plan
from sheetsync.workbook.recognition import recognise
from sheetsync.workbook.snapshot import Snapshot

POLICY = template("ru")
TODAY = date(2026, 3, 2)
DAYS = {"small": 14, "medium": 30, "large": 40, "off_profile": 14}


@pytest.fixture(scope="module")
def truth(data: Path) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = json.loads(
        (data / "six-tabs.truth.json").read_text(encoding="utf-8")
    )["rows"]
    return read


@pytest.fixture(scope="module")
def plan(six_tabs: Snapshot) -> Plan:
    return decide(six_tabs, POLICY, TODAY)


def expected_moves(truth: list[dict[str, Any]]) -> dict[tuple[str, int], tuple[str, str]]:
    """Work out the night by hand: who is out of time in the working list, and how far each of them got."""
    moves = {}
    for row in truth:
        if row["section"] != "working" or row["state"] not in (
            "contact_1",
            "contact_2",
            "contact_3",
        ):
            continue
        if date.fromisoformat(row["began"]) + timedelta(days=DAYS[row["label"]]) < TODAY:
            warm = row["state"] != "contact_1"
            moves["working", row["row"]] = (
                ("strategic", "expired_warm") if warm else ("rework", "expired")
            )
    return moves


def test_exactly_the_rows_that_are_out_of_time_move(
    plan: Plan, truth: list[dict[str, Any]]
) -> None:
    found = {(move.source, move.row): (move.target, move.rule) for move in plan.moves}
    assert found == expected_moves(truth)
    assert Counter(found.values()) == {("strategic", "expired_warm"): 48, ("rework", "expired"): 32}


def test_a_moved_row_is_given_what_its_new_section_asks_for(plan: Plan) -> None:
    sets = {(move.target, move.sets) for move in plan.moves}
    assert sets == {
        (
            "strategic",
            (
                ("state", "Стратегический запас"),
                ("return_on", to_cell(TODAY + timedelta(days=180))),
            ),
        ),
        (
            "rework",
            (
                ("state", "Отказ"),
                ("refusal_reason", "Срок вышел"),
                ("return_on", to_cell(TODAY + timedelta(days=90))),
            ),
        ),
    }


def test_nothing_that_people_typed_is_edited(plan: Plan) -> None:
    assert all(edit.derived or edit.repair for edit in plan.edits)
    assert {edit.field for edit in plan.edits if edit.derived} == {
        "id",
        "deadline",
        "days_left",
        "problems",
    }


def test_what_is_tidied_means_the_same(six_tabs: Snapshot, plan: Plan) -> None:
    tidied = [edit for edit in plan.edits if edit.repair]
    assert {edit.field for edit in tidied} >= {"phone", "tax_number", "began", "company"}
    for edit in tidied:
        kind = POLICY.column[edit.field].type
        words = dictionary(POLICY, kind) if kind in DICTIONARIES else None
        read = reader(kind, "RU", words)
        assert read(edit.before).value == read(edit.after).value, edit
    after = Projection(six_tabs, plan, POLICY).base
    assert after["phone"].equals(six_tabs.base["phone"])


def test_every_row_gets_an_id_of_its_own(plan: Plan, truth: list[dict[str, Any]]) -> None:
    assert len({edit.after for edit in plan.edits if edit.field == "id"}) == len(truth) == 630


def test_no_row_is_lost_or_doubled(
    six_tabs: Snapshot, plan: Plan, truth: list[dict[str, Any]]
) -> None:
    after = Projection(six_tabs, plan, POLICY).base
    assert sorted(after["company"]) == sorted(six_tabs.base["company"])
    assert not after.duplicated(["section", "row"]).any()
    moves = expected_moves(truth)
    stands = Counter(moves.get((row["section"], row["row"]), (row["section"],))[0] for row in truth)
    assert after.groupby("section").size().to_dict() == stands


def test_the_night_stays_within_the_limits_of_safety(six_tabs: Snapshot, plan: Plan) -> None:
    assert tripped(six_tabs, plan, POLICY) == ()


def test_the_reason_names_the_deadline_and_how_far_it_got(six_tabs: Snapshot) -> None:
    """In English, where the sentence is the programmer's own."""
    words = template("en").model_copy(update={"other_words": (POLICY.words,)})
    read = replace(recognise(six_tabs.book, words, language("en")), state=state_tab.empty())
    why = {move.company: move.reason for move in decide(read, words, TODAY).moves}
    assert why["ЗАО «Вишняков»"] == "14 days were up on 14 February; reached “Contact 2”"
    assert (
        why['НПО "Ситников"'] == "14 days were up on 26 February; got no further than “Contact 1”"
    )
