"""A plan is kept as JSON and comes back whole, or not at all; its digest tells any two plans apart."""

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from sheetsync.errors import PlanRefused
from sheetsync.workbook.plan import Plan, from_json, to_json

if TYPE_CHECKING:
    from tests.builders.base import Base

BASE = """
    section   | company | state     | label | manager | began      | refusal_reason | phone
    working   | Acme    | Contact 1 | small | Ann     | 2026-02-01 |                | +1 202 555 0101
    working   | Beta    | Contact 2 | small | Ann     | 2026-02-01 |                | +1 202 555 0102
    working   | Gamma   | Refusal   | small | Bob     | 2026-02-25 | No money       | +1 202 555 0103
    call_base | Delta   | New       |       | Bob     |            |                | nonsense
"""


@pytest.fixture
def plan(play: "type[Base]") -> Plan:
    made = play(BASE).decide("2026-03-02")
    assert (len(made.moves), bool(made.edits), bool(made.problems), bool(made.fingerprints)) == (
        4,
        True,
        True,
        True,
    )
    return made


def test_a_plan_comes_back_whole(plan: Plan) -> None:
    back = from_json(json.loads(json.dumps(to_json(plan), ensure_ascii=False)), "refused")
    assert back == plan
    assert back.digest == plan.digest
    assert (back.moves, back.edits, back.problems) == (plan.moves, plan.edits, plan.problems)


def test_an_empty_plan_comes_back_and_is_empty() -> None:
    empty = Plan("book", date(2026, 3, 2), fingerprints={})
    assert empty.empty
    assert from_json(to_json(empty), "refused") == empty


def tampered(data: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """Change one thing in a plan's JSON."""
    *way, last = path.split(".")
    place: Any = data
    for step in way:
        place = place[int(step)] if step.isdigit() else place[step]
    if value is KeyError:
        del place[last]
    else:
        place[int(last) if last.isdigit() else last] = value
    return data


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("book", "another"),
        ("today", "2026-03-03"),
        ("today", "someday"),
        ("digest", "000000000000"),
        ("format", 2),
        ("moves", []),
        ("moves.0.target", "clients"),
        ("moves.0.row", 3),
        ("moves.0.reason", "because"),
        ("moves.0.sets.0", ["state", "Client"]),
        ("moves.0.colour", "red"),
        ("moves.0.sets", KeyError),
        ("moves.0", "a move"),
        ("edits.0.after", "XXXXXX"),
        ("edits.0.field", KeyError),
        ("edits", KeyError),
        ("problems.0.severity", "fatal"),
        ("fingerprints", 5),
        ("fingerprints.0", ["working"]),
    ],
)
def test_a_plan_that_was_tampered_with_is_refused(plan: Plan, path: str, value: Any) -> None:
    with pytest.raises(PlanRefused, match="it no longer fits"):
        from_json(tampered(json.loads(json.dumps(to_json(plan))), path, value), "it no longer fits")


@pytest.mark.parametrize("junk", [None, 5, "plan", [], {}, {"format": 1}, [{"format": 1}]])
def test_what_is_no_plan_is_refused(junk: Any) -> None:
    with pytest.raises(PlanRefused):
        from_json(junk, "no plan")


def test_any_change_of_a_move_or_an_edit_changes_the_digest(plan: Plan) -> None:
    move, edit = plan.moves[0], plan.edits[0]
    changed: dict[str, Any] = {
        "id": "X",
        "company": "X",
        "manager": "X",
        "source": "X",
        "target": "X",
        "row": 99,
        "rule": "X",
        "reason": "X",
        "sets": (),
    }
    others = [
        replace(plan, moves=(move._replace(**{name: value}), *plan.moves[1:]))
        for name, value in changed.items()
    ]
    others += [
        replace(plan, moves=plan.moves[1:]),
        replace(plan, moves=plan.moves[::-1]),
        replace(plan, moves=()),
    ]
    changed = {
        "section": "X",
        "row": 99,
        "id": "X",
        "field": "X",
        "before": "X",
        "after": "X",
        "why": "X",
        "derived": not edit.derived,
        "repair": not edit.repair,
    }
    others += [
        replace(plan, edits=(edit._replace(**{name: value}), *plan.edits[1:]))
        for name, value in changed.items()
    ]
    others += [replace(plan, book="X"), replace(plan, today=date(2026, 3, 3)), plan]
    assert len({other.digest for other in others}) == len(others)
    assert all(len(other.digest) == 12 for other in others)


def test_the_same_base_gives_the_same_plan(play: "type[Base]", plan: Plan) -> None:
    again = play(BASE).decide("2026-03-02")
    assert (again, again.digest) == (plan, plan.digest)
    assert list(to_json(again)["fingerprints"]) == list(to_json(plan)["fingerprints"])


def test_a_plan_is_sorted_as_people_read_the_base(plan: Plan) -> None:
    assert [(move.source, move.row) for move in plan.moves] == [
        ("working", 2),
        ("working", 3),
        ("working", 4),
        ("call_base", 2),
    ]
