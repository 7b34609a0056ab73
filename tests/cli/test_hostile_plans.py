"""A plan file may be written by anybody: whatever it says with a right digest, it does nothing that a plan of ours would not."""

import json
import math
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sheetsync.config import Settings
from sheetsync.i18n import language
from sheetsync.rules.draft.fingerprint import fingerprint
from sheetsync.rules.draft.saved_plans import out_of_place
from sheetsync.services.read_and_decide import Options, Planned, read_and_decide
from sheetsync.sheets.connection.open_book import open_book
from sheetsync.workbook.plan import Edit, Plan, Removal, to_json
from tests.builders.bench import Shell, small_base

TODAY = "2026-03-02"


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Planned:
    """Give a base of three rows, all of which move, and the plan that says so."""
    path = small_base(tmp_path_factory.mktemp("hostile") / "base.xlsx")
    opened = open_book(str(path), Settings(), language("en"))

    return read_and_decide(opened, Options(date.fromisoformat(TODAY)))


def _edited(plan: Plan, **changes: Any) -> Plan:
    edit = next(edit for edit in plan.edits if edit.field == "id")
    rest = tuple(other for other in plan.edits if other is not edit)
    return replace(plan, edits=(*rest, edit._replace(**changes)))


def _moved(plan: Plan, **changes: Any) -> Plan:
    first, *rest = plan.moves
    return replace(plan, moves=(first._replace(**changes), *rest))


def _more(plan: Plan, *edits: Edit) -> Plan:
    return replace(plan, edits=(*plan.edits, *edits))


def _name(plan: Plan, **more: Any) -> Edit:
    move = plan.moves[0]
    return Edit(move.source, move.row, move.id, "company", None, "Evil & Co", **more)


def _removal(plan: Plan, into: str) -> Removal:
    move = plan.moves[0]
    return Removal(move.id, move.company, move.manager, move.source, move.row, into)


HOSTILE: dict[str, Callable[[Plan], Plan]] = {
    "a name called the program's own": lambda plan: _more(plan, _name(plan, derived=True)),
    "a name erased": lambda plan: _more(plan, _name(plan, derived=True)._replace(after=None)),
    "a cell written twice": lambda plan: _more(
        plan, _name(plan, derived=False), _name(plan, derived=False)
    ),
    "the program's own called the team's": lambda plan: _more(
        plan, _name(plan, derived=False)._replace(field="deadline")
    ),
    "no field": lambda plan: _more(plan, _name(plan, derived=False)._replace(field="wages")),
    "a row that is none": lambda plan: _moved(plan, row=99),
    "the headings": lambda plan: _moved(plan, row=1),
    "another id": lambda plan: _moved(plan, id="ZZZZZZ"),
    "a row that moves twice": lambda plan: replace(plan, moves=(*plan.moves, plan.moves[0])),
    "a row that moves to where it is": lambda plan: _moved(plan, target=plan.moves[0].source),
    "an own cell set by a move": lambda plan: _moved(plan, sets=(("id", "ZZZZZZ"),)),
    "an id that stands twice": lambda plan: replace(
        plan,
        edits=tuple(
            edit._replace(after=plan.moves[0].id, id=plan.moves[0].id)
            if edit.field == "id"
            else edit
            for edit in plan.edits
        ),
    ),
    "an empty id": lambda plan: _edited(plan, after=""),
    "a row that moves and goes": lambda plan: replace(plan, removals=(_removal(plan, ""),)),
    "a row joined to none": lambda plan: replace(
        plan, moves=(), removals=(_removal(plan, "ZZZZZZ"),)
    ),
    "a hold of nobody": lambda plan: replace(plan, holds=(("ZZZZZZ", plan.today),)),
    "a sale of nobody": lambda plan: replace(plan, sold=frozenset({"ZZZZZZ"})),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_no_plan_says_is_out_of_place(planned: Planned, what: str) -> None:
    assert len(planned.plan.moves) == 3
    assert out_of_place(planned.snapshot, planned.plan, planned.policy) == ()
    hostile = HOSTILE[what](planned.plan)
    assert hostile != planned.plan
    assert out_of_place(planned.snapshot, hostile, planned.policy)


def _saved(planned: Planned, plan: Plan, base: Path) -> dict[str, Any]:
    """Return a plan as its file has it, with marks that fit and a digest that is right."""
    marks = dict(planned.plan.fingerprints or {})
    for edit in plan.edits:
        tab = planned.snapshot.tab[edit.section]
        marks[edit.section, edit.row] = fingerprint(tab, edit.row)
    plan = replace(plan, book="base", fingerprints=marks)
    return {"address": str(base), **to_json(plan)}


def test_a_hostile_plan_with_a_right_digest_changes_nothing(
    planned: Planned, sheetsync: Shell, tmp_path: Path
) -> None:
    base = small_base(tmp_path / "base.xlsx")
    bytes_ = base.read_bytes()
    file = tmp_path / "plan.json"
    for what in ("a name called the program's own", "a row that moves twice"):
        plan = _saved(planned, HOSTILE[what](planned.plan), base)
        file.write_text(json.dumps(plan), encoding="utf-8")
        told = sheetsync("apply", file)
        told.complains(1)
        assert "altered" in told.err
        assert base.read_bytes() == bytes_


@pytest.mark.parametrize(
    ("part", "name", "value"),
    [
        ("moves", "row", True),
        ("moves", "row", -1),
        ("moves", "row", "2"),
        ("moves", "company", 7),
        ("moves", "sets", [["state", {"a": 1}]]),
        ("edits", "after", [1]),
        ("edits", "after", math.inf),
        ("edits", "derived", "yes"),
        ("edits", "section", None),
    ],
)
def test_a_part_of_another_kind_is_no_plan(
    planned: Planned, sheetsync: Shell, tmp_path: Path, part: str, name: str, value: object
) -> None:
    plan = to_json(planned.plan)
    plan[part][0][name] = value
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(plan), encoding="utf-8")
    told = sheetsync("apply", file)
    told.complains(1)
    assert "is not a plan of this program" in told.err


def test_a_plan_for_a_book_that_lies_elsewhere_is_asked_about(
    planned: Planned, sheetsync: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = tmp_path / "elsewhere"
    away.mkdir()
    base = small_base(away / "base.xlsx")
    bytes_ = base.read_bytes()
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(_saved(planned, planned.plan, base)), encoding="utf-8")
    asked: list[str] = []

    def answer(question: str) -> str:
        asked.append(question)
        return "n"

    monkeypatch.setattr("sheetsync.cli.commands.common.can_ask", lambda _: True)
    monkeypatch.setattr("builtins.input", answer)
    assert sheetsync("apply", file).code == 2
    assert str(base) in asked[0]
    assert base.read_bytes() == bytes_
    assert sheetsync("apply", file, "--yes").code == 0
    assert len(asked) == 1
