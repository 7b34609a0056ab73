"""A manager leaves: who gets which companies, within the limits, and what stays; nothing but the manager's cell changes."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheetsync.enforcer import carry
from sheetsync.errors import InputError
from sheetsync.i18n import language
from sheetsync.method.policy import Policy, template
from sheetsync.method.terms import Leave, Manager
from sheetsync.rules.capacity.handover import Handover, HandoverRequest, dealt, filled, hand_over
from sheetsync.rules.draft.capacity import load
from sheetsync.rules.draft.night import Night
from sheetsync.rules.draft.projection import Projection
from sheetsync.workbook.snapshot import CellArea
from tests.builders.base import Base
from tests.builders.draws import draws

if TYPE_CHECKING:
    from collections.abc import Mapping

EN = template("en")
TODAY = date(2026, 3, 2)
BASE = """
    section      | company | state             | label  | manager
    working      | A1      | Contact 1         | small  | Ann
    working      | A2      | Contact 2         | large  | Ann
    working      | A3      | Deal              | medium | Ann
    working      | A4      | Contact 1         | large  | Ann
    working      | A5      | Deal support      | large  | Ann
    rework       | A6      | Refusal           |        | Ann
    strategic    | A7      | Strategic reserve |        | Ann
    clients      | A8      | Client            |        | Ann
    clients      | A9      | Client            |        | Ann
    working      | B1      | Contact 1         | small  | Bob
    working      | B2      | Contact 1         | small  | Bob
    clients      | B3      | Client            |        | Bob
    working      | C1      | Contact 1         | small  | Cid
"""


def policy_of(most: int = 90, *team: Manager) -> Policy:
    """Return the policy with a limit for everybody, and what is known of some."""
    return EN.model_construct(
        **{**dict(EN), "cap": EN.cap.model_copy(update={"min": 0, "max": most}), "team": team}
    )


def handed(text: str, source: str, *targets: str, policy: Policy = EN, **wanted: bool) -> Handover:
    """Hand over in a base written as a table."""
    return hand_over(
        Base(text, policy=policy).snapshot(),
        policy,
        TODAY,
        HandoverRequest(source, targets, **wanted),
    )


def who_gets(text: str, handing: Handover, policy: Policy = EN) -> dict[str, str]:
    """Return the companies that change hands and who gets each."""
    base = Base(text, policy=policy).snapshot().base
    names = {
        (s, int(r)): str(c)
        for s, r, c in zip(base["section"], base["row"], base["company"], strict=True)
    }
    return {names[edit.section, edit.row]: str(edit.after) for edit in handing.correction.edits}


def stays(handing: Handover) -> dict[str, str]:
    """Return the companies that stay, and why."""
    return {left.company: left.why for left in handing.left}


def test_everything_goes_whoever_has_least_gets_most() -> None:
    """Ann's four that count: Bob has 2 and Cid 1; clients by who has fewest clients."""
    handing = handed(BASE, "Ann", "Bob", "Cid")
    given = who_gets(BASE, handing)
    assert sorted(given) == ["A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8", "A9"]
    assert {(share.manager, share.before, share.after) for share in handing.shares} == {
        ("Bob", 2, 4),
        ("Cid", 1, 3),
    }
    assert sorted(given[name] for name in ("A8", "A9")) == ["Bob", "Cid"]
    assert (handing.left, handing.notes) == ((), ())


def test_the_working_list_alone_where_that_is_asked() -> None:
    handing = handed(BASE, "Ann", "Bob", "Cid", only_working=True)
    assert sorted(who_gets(BASE, handing)) == ["A1", "A2", "A3", "A4", "A5"]


def test_one_heir_gets_all() -> None:
    assert set(who_gets(BASE, handed(BASE, "Ann", "Bob")).values()) == {"Bob"}


def test_states_and_labels_are_mixed_evenly() -> None:
    rows = "".join(
        f"    working | {state}-{n} | {state} | {label} | Ann\n"
        for state in ("Contact 1", "Contact 3", "Deal")
        for label in ("large", "small")
        for n in (label + str(k) for k in range(4))
    )
    text = (
        "    section | company | state | label | manager\n"
        + rows
        + "    working | B | Contact 1 | small | Bob\n    working | C | Contact 1 | small | Cid\n"
    )
    given = who_gets(text, handed(text, "Ann", "Bob", "Cid"))
    for state in ("Contact 1", "Contact 3", "Deal"):
        for label in ("large", "small"):
            group = [to for company, to in given.items() if company.startswith(f"{state}-{label}")]
            assert sorted(group) == ["Bob", "Bob", "Cid", "Cid"]


def test_what_does_not_fit_stays_and_is_told_the_least_worth_first() -> None:
    """Room for one with Bob and for two with Cid: the deal, the second contact and the large first contact go."""
    policy = policy_of(3)
    handing = handed(BASE, "Ann", "Bob", "Cid", policy=policy, only_working=True)
    given = who_gets(BASE, handing, policy)
    assert sorted(given) == ["A2", "A3", "A4", "A5"]
    assert stays(handing) == {"A1": "the working lists of all who could take it are full"}
    assert {share.manager: (share.after, share.limit) for share in handing.shares} == {
        "Bob": (3, 3),
        "Cid": (3, 3),
    }


def test_a_limit_of_ones_own_and_a_ramp_hold_here_too() -> None:
    policy = policy_of(
        90, Manager(name="Bob", cap=3), Manager(name="Cid", ramp_cap=2, ramp_until=TODAY)
    )
    handing = handed(BASE, "Ann", "Bob", "Cid", policy=policy, only_working=True)
    assert {share.manager: (share.after, share.limit) for share in handing.shares} == {
        "Bob": (3, 3),
        "Cid": (2, 2),
    }
    assert len(handing.left) == 2


def test_nobody_on_leave_gets_anything_unless_named_alone() -> None:
    away = Manager(name="Bob", leave=(Leave(first=TODAY, last=date(2026, 3, 9)),))
    policy = policy_of(90, away)
    handing = handed(BASE, "Ann", "Bob", "Cid", policy=policy)
    assert set(who_gets(BASE, handing, policy).values()) == {"Cid"}
    assert handing.notes == ("Bob is on leave and gets nothing.",)
    alone = handed(BASE, "Ann", "Bob", policy=policy)
    assert set(who_gets(BASE, alone, policy).values()) == {"Bob"}


@pytest.mark.parametrize("spelt", ["ann", "ANN", " Ann ", "ann."])
def test_the_one_who_leaves_is_known_by_any_spelling(spelt: str) -> None:
    assert len(handed(BASE, spelt, "BOB").correction.edits) == 9


def test_a_spelling_of_the_settings_tab_counts() -> None:
    policy = EN.model_construct(
        **{**dict(EN), "managers": {"ann": "Ann Smith", "annsmith": "Ann Smith", "as": "Ann Smith"}}
    )
    assert len(handed(BASE, "A.S.", "Bob", policy=policy).correction.edits) == 9


@pytest.mark.parametrize(
    ("source", "targets", "message", "fix"),
    [
        ("Anm", ["Bob"], "There is no manager “Anm” in this base.", "Perhaps “Ann”?"),
        ("Ann", ["Boob"], "There is no manager “Boob” in this base.", "Perhaps “Bob”?"),
        (
            "Ann",
            ["Xerxes"],
            "There is no manager “Xerxes” in this base.",
            "Known are: Ann, Bob, Cid. Somebody new is named with `--new`.",
        ),
        (
            "Ann",
            ["Bob", "ann"],
            "Ann cannot take over their own companies.",
            "Name the others alone: `sheetsync handover BOOK FROM TO…`.",
        ),
    ],
)
def test_a_name_that_cannot_be_meant_is_told_and_nothing_is_done(
    source: str, targets: list[str], message: str, fix: str
) -> None:
    with pytest.raises(InputError) as told:
        handed(BASE, source, *targets)
    assert (told.value.message, told.value.fix) == (message, fix)


def test_a_new_manager_is_named_as_such() -> None:
    handing = handed(BASE, "Ann", "Xerxes", new=True)
    assert set(who_gets(BASE, handing).values()) == {"Xerxes"}
    assert "Xerxes is new in this base" in handing.notes[0]


def test_a_protected_cell_stays_and_is_told() -> None:
    snapshot = Base(BASE).snapshot()
    tab = snapshot.tab["clients"]
    fenced = replace(tab, grid=replace(tab.grid, guarded=(CellArea(1, 2, 0, 40),)))
    tabs = tuple(fenced if one is tab else one for one in snapshot.tabs)
    handing = hand_over(replace(snapshot, tabs=tabs), EN, TODAY, HandoverRequest("Ann", ("Bob",)))
    assert stays(handing) == {"A8": "Somebody protects cells of “Clients” from this program."}


def test_a_cell_that_is_a_formula_stays_and_is_told() -> None:
    snapshot = replace(Base(BASE).snapshot(), stuck=frozenset({("working", 2, "manager")}))
    assert stays(hand_over(snapshot, EN, TODAY, HandoverRequest("Ann", ("Bob",)))) == {
        "A1": "“Manager” is a formula, and stays."
    }


def test_a_cell_of_several_fields_is_peoples_alone(play: "type[Base]") -> None:
    snapshot = play(BASE).snapshot()
    tab = snapshot.tab["rework"]
    shared = replace(tab, fields={**tab.fields, "comment": tab.fields["manager"]})
    tabs = tuple(shared if one is tab else one for one in snapshot.tabs)
    handing = hand_over(replace(snapshot, tabs=tabs), EN, TODAY, HandoverRequest("Ann", ("Bob",)))
    assert list(stays(handing)) == ["A6"]


# For any base

NAMES = ("Ann", "Bob", "Cid", "Dan")
ROWS = st.lists(
    st.tuples(
        st.sampled_from(("working", "call_base", "rework", "strategic", "clients")),
        st.sampled_from(
            ("New", "Contact 1", "Contact 2", "Deal", "Deal support", "Refusal", "Client")
        ),
        st.sampled_from(("small", "large", "")),
        st.sampled_from(NAMES),
    ),
    min_size=1,
    max_size=40,
)


def limits(most: "Mapping[str, int]") -> Policy:
    return policy_of(90, *(Manager(name=name, cap=cap) for name, cap in most.items()))


@settings(max_examples=draws(30))
@given(ROWS, st.fixed_dictionaries(dict.fromkeys(NAMES, st.integers(0, 12))), st.booleans())
def test_no_limit_is_exceeded_every_row_has_one_manager_and_nothing_else_changes(
    rows: list[Any],
    most: dict[str, int],
    only: bool,  # noqa: FBT001  # a draw
) -> None:
    text = "section | company | state | label | manager\n" + "\n".join(
        f"{section} | K{n} | {state} | {label} | {manager}"
        for n, (section, state, label, manager) in enumerate(
            [*rows, *(("clients", "Client", "", name) for name in NAMES)]
        )
    )
    policy = limits(most)
    snapshot = Base(text, policy=policy).snapshot()
    handing = hand_over(
        snapshot, policy, TODAY, HandoverRequest("Ann", NAMES[1:], only_working=only)
    )
    plan = carry(snapshot, policy, TODAY, handing.correction)
    assert plan.moves == ()
    assert {edit.field for edit in plan.edits if not edit.derived} <= {"manager"}
    before, after = snapshot.base, Projection(snapshot, plan, policy).base
    as_read = Night(snapshot, policy, TODAY, language("en")).base
    then, now = load(as_read, policy), load(after, policy)
    assert all(now[name] <= max(most[name], then[name]) for name in NAMES[1:])
    assert after["manager"].notna().all()
    changed = before["manager"] != after["manager"]
    assert (before.loc[changed, "manager"] == "Ann").all()
    assert after.loc[changed, "manager"].isin(NAMES[1:]).all()
    for name in ("section", "row", "company", "state", "label"):
        assert before[name].equals(after[name])
    asked = (before["manager"] == "Ann") & ((before["section"] == "working") | (not only))
    assert int(asked.sum()) == int(changed.sum()) + len(handing.left)
    if handing.left:
        assert all(now[name] >= most[name] for name in NAMES[1:])


@given(
    st.dictionaries(
        st.sampled_from("abcdef"), st.tuples(st.integers(0, 90), st.integers(0, 90)), min_size=1
    ),
    st.integers(0, 300),
)
def test_the_fewest_loaded_get_most_and_nobody_more_than_there_is_room(
    held: dict[str, tuple[int, int]], rows: int
) -> None:
    loads, rooms = (
        {n: load for n, (load, _) in held.items()},
        {n: room for n, (_, room) in held.items()},
    )
    quotas = filled(loads, rooms, rows)
    assert sum(quotas.values()) == min(rows, sum(rooms.values()))
    assert all(0 <= quotas[name] <= rooms[name] for name in held)
    for poor in held:
        for rich in held:
            if quotas[rich] and quotas[poor] < rooms[poor]:
                assert loads[rich] + quotas[rich] <= loads[poor] + quotas[poor] + 1
    turns = list(dealt(quotas))
    assert {name: turns.count(name) for name in held} == quotas
