"""Every number and word of the method is a cell of the Settings tab: changed there, it holds; a mistake there changes nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from sheetsync.i18n import language
from sheetsync.method.policy import Policy, template
from sheetsync.method.settings_tab.blocks import BLOCK, DICTIONARIES
from sheetsync.method.settings_tab.diff import changes
from sheetsync.method.settings_tab.document import RULE_NAMES, default
from sheetsync.method.settings_tab.mapping import in_force
from sheetsync.method.settings_tab.number_types import Day
from sheetsync.method.settings_tab.scalars import SCALAR
from sheetsync.method.settings_tab.toml_file import parse, to_toml
from sheetsync.method.settings_tab.vocabulary_in_force import vocabulary_in_force
from sheetsync.method.terms import (
    Cap,
    Frozen,
    JournalKeeping,
    Location,
    Notices,
    Person,
    Review,
    Safety,
    Time,
    Trial,
)
from sheetsync.values import Cell, to_serial
from tests.builders.base import Base
from tests.builders.settings_cells import Page

EN, RU = template("en"), template("ru")
LATE = to_serial(date(2026, 12, 31))


def at(policy: Policy, path: str) -> Any:
    found: Any = policy
    for name in path.split("."):
        found = getattr(found, name)
    return found


@pytest.mark.parametrize("policy", [EN, RU], ids=["en", "ru"])
def test_a_tab_as_it_is_laid_out_says_what_the_method_says(policy: Policy) -> None:
    page = Page(policy)
    told = page.told()
    assert (told.remarks, told.codes, told.gone) == ((), {}, ())
    assert page.now() == policy


SINGLE: dict[str, tuple[Cell, Any, Cell]] = {
    "head.name": ("Olga", "Olga", "#REF!"),
    "head.email": ("olga@firm.com", "olga@firm.com", "olga at firm"),
    "head.address": ("@olga", "@olga", "#REF!"),
    "deputy.name": ("Dan", "Dan", "#REF!"),
    "deputy.email": ("dan@firm.com", "dan@firm.com", "dan at firm"),
    "deputy.address": ("@dan", "@dan", "#REF!"),
    "deputy.first": ("2026-03-02", date(2026, 3, 2), "soon"),
    "deputy.last": ("2026-03-09", date(2026, 3, 9), "later"),
    "cap.min": (40, 40, -1),
    "cap.max": (70, 70, "many"),
    "cap.refill": ("assign by itself", "assign", "perhaps"),
    "time.one_deadline_days": (21, 21, 0),
    "time.unlabelled_days": ("25", 25, "soon"),
    "time.warn_days": ("2; 10 5", (10, 5, 2), "7.3"),
    "time.count": ("working days", "working", "some days"),
    "calendar.country": ("Kazakhstan", "KZ", "Atlantis"),
    "time.new_in_working_days": (5, 5, "five"),
    "time.new_in_working": ("it goes back to the call base", "send_back", "shout"),
    "time.repeat_sale_days": (60, 60, 0),
    "time.hold_days": (0, 0, -7),
    "time.consent_days": (45, 45, 4000),
    "time.extensions": (3, 3, 1.5),
    "time.extension_days": (10, 10, ""),
    "time.step_horizon_days": (20, 20, 0),
    "time.findings_days": (60, 60, "long"),
    "time.pushes": (5, 5, 0),
    "label_by": ("Yearly potential", "Yearly potential", "Phone"),
    "safety.max_moved_share": ("35 %", 0.35, "all"),
    "safety.free_moved_rows": (30, 30, -1),
    "safety.max_moved_rows": (50, 50, 0),
    "safety.max_vanished_share": (0.1, 0.1, 0),
    "safety.min_rows_for_shares": (100, 100, "—"),
    "safety.max_unread_share": ("10%", 0.1, "none"),
    "time.unread_nights": (5, 5, "never"),
    "time.refusal_without_reason_days": (7, 7, "a while"),
    "sale_proof": ("the date of the invoice", "invoice_on", "a handshake"),
    "notices.managers_at": (0.375, "09:00", "25:00"),
    "notices.head_at": ("8:15", "08:15", "in the morning"),
    "notices.on_days_off": ("yes", True, "sometimes"),
    "notices.repeat_days": (2, 2, 0),
    "review.actions": (3, 3, "all"),
    "journal.volumes": ("by month", "month", "by week"),
    "repairs": ("no", False, "somehow"),
    "trial.begins": ("2026-04-01", date(2026, 4, 1), "soon"),
    "trial.days": (35, 35, 41),
    "location.country": ("Беларусь", "BY", "Atlantis"),
    "location.currency": ("Kazakhstani Tenge", "KZT", "shells"),
    "location.rates": ("$ 90,5; EUR = 98", "USD 90.5; EUR 98", "a lot"),
    "location.heading_units": ("are multiplied", "multiply", "perhaps"),
    "location.time_zone": ("алматы", "Asia/Almaty", "Mars/Olympus"),
    "split_one_tab": ("no", False, "somehow"),
    "new_manager_rows": (5, 5, 0),
}


def test_every_rule_of_the_method_has_a_name_that_people_read() -> None:
    assert {rule.name for rule in (*EN.on_expiry, *EN.by_state)} == {*RULE_NAMES}


def test_no_setting_is_left_out() -> None:
    parts: dict[str, type[Frozen]] = {
        "cap": Cap,
        "time": Time,
        "safety": Safety,
        "notices": Notices,
        "head": Person,
        "review": Review,
        "location": Location,
        "journal": JournalKeeping,
        "trial": Trial,
    }
    assert {
        f"{part}.{name}" for part, model in parts.items() for name in model.model_fields
    } <= SCALAR.keys()
    assert SINGLE.keys() == SCALAR.keys()


@pytest.mark.parametrize("path", SINGLE)
def test_a_single_setting_is_what_its_cell_says(path: str) -> None:
    cell, value, _ = SINGLE[path]
    page = Page().set(path, cell)
    assert page.told().remarks == ()
    assert at(page.now(), path) == value


@pytest.mark.parametrize("path", SINGLE)
def test_a_mistake_in_a_setting_is_explained_beside_it_and_the_last_good_value_holds_for_three_nights(
    path: str,
) -> None:
    good, value, bad = SINGLE[path]
    page = Page().set(path, good)
    page.night()
    page.set(path, bad)
    for _ in range(3):
        told = page.night()
        (remark,) = told.remarks
        assert (remark.row, remark.column) == (
            page.row("rules", RULE_LABELS[path]),
            page.column("rules", "remark"),
        )
        assert len(remark.text) > 15
        assert at(page.now(), path) == value
    page.set(path, good)
    assert page.night().remarks == ()


RULE_LABELS = {path: scalar.label for path, scalar in SCALAR.items()}

ENTRIES: list[tuple[str, str, str, Cell, Callable[[Policy], Any], Any]] = [
    (
        "sections",
        "Refusal, to rework",
        "return_days",
        60,
        lambda p: p.section["rework"].return_days,
        60,
    ),
    (
        "sections",
        "Strategic archive",
        "return_days",
        "200",
        lambda p: p.section["strategic"].return_days,
        200,
    ),
    (
        "sections",
        "Clients",
        "name",
        "Our clients",
        lambda p: p.words.name("sections", "clients"),
        "Our clients",
    ),
    ("labels", "Small client", "deadline_days", 10, lambda p: p.label["small"].deadline_days, 10),
    (
        "labels",
        "Large client",
        "at_least",
        "1 000 000",
        lambda p: p.label["large"].at_least,
        1_000_000.0,
    ),
    (
        "labels",
        "Medium client",
        "name",
        "Class B",
        lambda p: p.words.name("labels", "medium"),
        "Class B",
    ),
    (
        "categories",
        "Trade",
        "name",
        "Shops",
        lambda p: p.words.name("categories", "trade"),
        "Shops",
    ),
    (
        "reasons",
        "Crisis",
        "section",
        "Hard refusal, off-profile",
        lambda p: p.reason["crisis"].section,
        "hard_refusal",
    ),
    (
        "reasons",
        "Negative",
        "name",
        "Quarrel",
        lambda p: p.words.name("reasons", "negative"),
        "Quarrel",
    ),
    (
        "states",
        "Contact 1",
        "name",
        "Acquainted",
        lambda p: p.words.name("states", "contact_1"),
        "Acquainted",
    ),
    ("states", "New", "in_work", "yes", lambda p: p.state["new"].in_work, True),
    ("states", "Deal", "counts_to_cap", "no", lambda p: p.state["deal"].counts_to_cap, False),
    ("states", "Contact 3", "clocked", "no", lambda p: p.state["contact_3"].clocked, False),
    ("states", "Deal", "stay_days", 45, lambda p: p.state["deal"].stay_days, 45),
    ("states", "Contact 2", "probability", 0.4, lambda p: p.state["contact_2"].probability, 0.4),
    (
        "states",
        "Contact 1",
        "requires",
        "Phone; Role",
        lambda p: p.state["contact_1"].requires,
        ("phone", "role"),
    ),
    (
        "states",
        "Client",
        "next",
        "Contact 1, Refusal",
        lambda p: p.state["client"].next,
        ("contact_1", "refusal"),
    ),
    (
        "on_expiry",
        "Time is up: the offer was discussed",
        "reached",
        "Contact 3",
        lambda p: p.on_expiry[2].when.reached,
        ("contact_3",),
    ),
    (
        "on_expiry",
        "Time is up: all others",
        "to",
        "Refusal, to rework",
        lambda p: p.on_expiry[3].to,
        "rework",
    ),
    (
        "on_expiry",
        "Time is up: all others",
        "set_reason",
        "Crisis",
        lambda p: p.on_expiry[3].reason,
        "crisis",
    ),
    (
        "on_expiry",
        "Time is up: all others",
        "set_state",
        "Call round",
        lambda p: p.on_expiry[3].state,
        "call_round",
    ),
    (
        "on_expiry",
        "Time is up: off profile",
        "label",
        "Small client, Off-profile client",
        lambda p: p.on_expiry[0].when.label,
        ("small", "off_profile"),
    ),
    (
        "by_state",
        "To be called again",
        "to",
        "Strategic archive",
        lambda p: next(r.to for r in p.by_state if r.name == "to_call_round"),
        "strategic",
    ),
    (
        "by_state",
        "Taken to work out of the call base",
        "assigned",
        "yes",
        lambda p: next(r.when.assigned for r in p.by_state if r.name == "taken_to_work"),
        True,
    ),
    (
        "by_state",
        "Taken to work out of the call base",
        "has_amount",
        "yes",
        lambda p: next(r.when.has_amount for r in p.by_state if r.name == "taken_to_work"),
        True,
    ),
    (
        "by_state",
        "Work with a hard refusal",
        "section",
        "Hard refusal, off-profile; Clients",
        lambda p: next(r.when.section for r in p.by_state if r.name == "work_in_hard_refusal"),
        ("hard_refusal", "clients"),
    ),
    ("managers", "Ann", "email", "ann@firm.com", lambda p: p.member["Ann"].email, "ann@firm.com"),
    ("managers", "Ann", "address", "@ann", lambda p: p.member["Ann"].address, "@ann"),
    ("managers", "Ann", "cap", 60, lambda p: p.limit("Ann", date(2026, 3, 2)), 60),
    ("managers", "Ann", "ramp_cap", 20, lambda p: p.limit("Ann", date(2026, 3, 2)), 20),
    ("managers", "Ann", "substitute", "bob", lambda p: p.member["Ann"].substitute, "Bob"),
]


@pytest.mark.parametrize(
    ("block", "name", "column", "cell", "found", "value"),
    ENTRIES,
    ids=[f"{b} {n} {c}" for b, n, c, *_ in ENTRIES],
)
def test_a_cell_of_a_list_is_what_holds(
    block: str, name: str, column: str, cell: Cell, found: Callable[[Policy], Any], value: Any
) -> None:
    page = Page(managers=("Ann", "Bob"))
    assert found(page.now()) != value or (block, column) == ("on_expiry", "to")
    page.put(block, name, **{column: cell})
    assert page.told().remarks == ()
    assert found(page.now()) == value


def test_every_column_of_every_list_is_tried() -> None:
    tried = {(block, column) for block, _, column, *_ in ENTRIES}
    for block in (*DICTIONARIES, "managers"):
        assert {column.key for column in BLOCK[block].columns} - {
            c for b, c in tried if b == block
        } <= {"name", "ramp_until", "leave_from", "leave_to"}
    rules = {column for block, column in tried if block in ("on_expiry", "by_state")}
    assert {column.key for column in BLOCK["on_expiry"].columns} - rules <= {
        "name",
        "state",
        "chosen",
        "has_reason",
    }


def test_people_are_away_ramp_up_and_are_stood_in_for() -> None:
    page = Page(managers=("Ann", "Bob"))
    page.put(
        "managers",
        "Ann",
        leave_from="01.07.2026",
        leave_to=to_serial(date(2026, 7, 14)),
        ramp_cap=10,
        ramp_until="2026-06-01",
        substitute="Bob",
    )
    page.add("managers", name="ann", leave_from="01.12.2026", leave_to="05.12.2026")
    assert page.told().remarks == ()
    policy = page.now()
    assert [
        policy.member["Ann"].away(date(2026, *day)) for day in ((6, 30), (7, 14), (12, 5), (12, 6))
    ] == [False, True, True, False]
    assert [policy.limit("Ann", date(2026, *day)) for day in ((6, 1), (6, 2))] == [10, 90]
    assert [*policy.member] == ["Ann", "Bob"]


def test_days_off_and_plan_figures() -> None:
    page = Page(managers=("Ann",))
    page.add("days", day="02.03.2026", kind="day off").add("days", day=LATE, kind="working day")
    page.add("plan", month="03.2026", amount="2 млн", deals=5, taken=20).add(
        "plan", month="2026-03-15", manager="ann", amount=500000
    )
    assert page.told().remarks == ()
    policy = page.now()
    assert policy.calendar.days_off == {date(2026, 3, 2)}
    assert policy.calendar.working_days == {date(2026, 12, 31)}
    assert [(t.month, t.manager, t.amount, t.deals) for t in policy.targets] == [
        (date(2026, 3, 1), "", 2_000_000.0, 5),
        (date(2026, 3, 1), "Ann", 500_000.0, None),
    ]


def test_a_word_that_is_changed_is_written_and_the_old_one_understood() -> None:
    page = Page(RU).put("states", "1 контакт", name="Знакомство")
    page.night()
    page.put("states", "Знакомство", name="Первая встреча")
    page.night()
    words = page.now().words
    assert words.name("states", "contact_1") == "Первая встреча"
    assert {"Знакомство", "1 контакт", "первый контакт"} <= {*words.states["contact_1"]}


def test_a_name_takes_a_word_from_what_it_meant_before() -> None:
    policy = Page(RU).put("states", "2 контакт", name="Переговоры").now()
    assert policy.words.name("states", "contact_2") == "Переговоры"
    assert "переговоры" not in policy.words.states["contact_3"]


def test_new_lines_are_new_entries_and_keep_their_codes_when_renamed() -> None:
    page = Page(RU)
    page.add("categories", name="Аптеки").add(
        "reasons", name="Далеко", section="Отказ с проработкой"
    )
    page.add(
        "states", name="Тест-драйв", in_work="да", counts_to_cap="да", clocked="да", next="Сделка"
    )
    page.add("labels", name="Гигант", deadline_days=60)
    told = page.night()
    assert sorted(told.codes.values()) == ["аптеки", "гигант", "далеко", "тестдрайв"]
    policy = page.now()
    assert policy.categories[-1] == "аптеки"
    assert policy.reason["далеко"].section == "rework"
    assert policy.state["тестдрайв"].clocked
    assert policy.label["гигант"].deadline_days == 60
    page.put("categories", "Аптеки", name="Аптечные сети")
    assert page.now().words.name("categories", "аптеки") == "Аптечные сети"
    assert page.night().codes == {}


def test_the_order_of_lines_is_the_order_of_states_labels_and_rules() -> None:
    page = Page()
    swapped = {
        key: [
            page.cells[row][page.column("on_expiry", key)]
            if page.column("on_expiry", key) < len(page.cells[row])
            else None
            for row in (3, 6)
        ]
        for key in (*BLOCK["on_expiry"].column, "code")
    }
    for row, which in ((3, 1), (6, 0)):
        page.put("on_expiry", row, **{key: cells[which] for key, cells in swapped.items()})
    assert [rule.name for rule in page.now().on_expiry] == [
        "expired",
        "expired_chosen",
        "expired_warm",
        "expired_off_profile",
    ]
    assert page.told().remarks == ()


def test_names_sorted_without_their_codes_are_still_themselves() -> None:
    page = Page()
    column, names = (
        page.column("reasons", "name"),
        [EN.words.name("reasons", code) for code in EN.codes("reasons")],
    )
    for row, name in enumerate(sorted(names), start=3):
        page.type(row, column, name)
    policy = page.now()
    assert {code: policy.words.name("reasons", code) for code in policy.codes("reasons")} == dict(
        zip(EN.codes("reasons"), names, strict=True)
    )


@pytest.mark.parametrize(
    ("block", "name", "stays"),
    [
        ("categories", "Trade", False),
        ("reasons", "Crisis", False),
        ("reasons", "Out of time", True),
        ("reasons", "Off-profile", True),
        ("labels", "Small client", False),
        ("labels", "Off-profile client", True),
        ("states", "Contact 2", True),
        ("sections", "Clients", True),
        ("by_state", "To be called again", False),
    ],
)
def test_a_line_that_is_taken_away_is_gone_unless_something_needs_it(
    block: str,
    name: str,
    stays: bool,  # noqa: FBT001  # a column of the table
) -> None:
    page = Page()
    page.clear(block, name)
    told = page.night()
    policy = page.now()
    codes = [rule.name for rule in policy.by_state] if block == "by_state" else policy.codes(block)
    before = [rule.name for rule in EN.by_state] if block == "by_state" else EN.codes(block)
    assert len(codes) == len(before) - (not stays)
    assert [name in remark.text for remark in told.remarks] == ([True] if stays else [])
    again = page.night()
    # What was in force at the last run is another thing by now.
    assert again.remarks == told.remarks
    assert stays or replace(again, before=told.before) == told


BAD: list[tuple[str, str, dict[str, Cell], str]] = [
    ("sections", "Clients", {"return_days": 5}, "Only archives"),
    ("sections", "Strategic archive", {"return_days": None}, "An archive says"),
    ("labels", "Small client", {"deadline_days": "long"}, "“Days in work”: “long”"),
    ("labels", "Small client", {"deadline_days": None}, "is empty"),
    ("reasons", "Crisis", {"section": "The moon"}, "The moon"),
    ("states", "Contact 1", {"name": "Refusal"}, "stands twice"),
    ("states", "Contact 1", {"name": "???"}, "cannot be read"),
    ("states", "Refusal", {"clocked": "yes"}, "in work"),
    ("states", "Deal", {"requires": "Phone, Shoe size"}, "Shoe size"),
    ("states", "Deal", {"next": "Moon"}, "Moon"),
    ("states", "Deal", {"probability": "120 %"}, "percentage"),
    ("on_expiry", "Time is up: all others", {"to": "Working list"}, "leaves the working list"),
    ("on_expiry", "Time is up: all others", {"set_reason": "Sloth"}, "Sloth"),
    ("on_expiry", "Time is up: off profile", {"label": "Tiny"}, "Tiny"),
    ("by_state", "A repeat sale stays with the clients", {"set_state": "Refusal"}, "given nothing"),
    ("managers", "Ann", {"cap": "lots"}, "lots"),
    ("managers", "Ann", {"leave_from": "05.07.2026", "leave_to": "01.07.2026"}, "before it begins"),
    ("managers", "Ann", {"leave_from": "05.07.2026"}, "first and a last day"),
    ("managers", "Ann", {"ramp_until": "05.07.2026"}, "how many"),
    ("managers", "Ann", {"substitute": "Ann"}, "own substitute"),
    ("managers", "Ann", {"substitute": "Zoe"}, "Zoe"),
    ("managers", "Ann", {"email": "ann"}, "ann"),
]


@pytest.mark.parametrize(("block", "name", "cells", "why"), BAD)
def test_a_mistake_in_a_list_is_explained_beside_its_line_and_what_was_good_holds(
    block: str, name: str, cells: dict[str, Cell], why: str
) -> None:
    page = Page(managers=("Ann", "Bob"))
    page.night()
    good, row = page.now(), page.row(block, name)
    page.put(block, row, **cells)
    for _ in range(2):
        page.night()
        assert why in page.beside(block, row)
        assert page.now() == good


def test_the_least_above_the_most_is_put_back_where_it_was_changed() -> None:
    page = Page().set("cap.max", 60)
    page.night()
    page.set("cap.min", 61)
    assert "least" in page.beside("rules", RULE_LABELS["cap.min"])
    assert (page.now().cap.min, page.now().cap.max) == (50, 60)
    page.set("cap.min", 50).set("cap.max", 40)
    assert "least" in page.beside("rules", RULE_LABELS["cap.max"])
    assert (page.now().cap.min, page.now().cap.max) == (50, 60)


def test_amounts_of_labels_fall_from_line_to_line() -> None:
    page = (
        Page()
        .put("labels", "Large client", at_least=100)
        .put("labels", "Medium client", at_least=500)
    )
    assert "smaller" in page.beside("labels", "Medium client")
    assert [label.at_least for label in page.now().labels] == [100, None, None, None]


def test_a_new_rule_that_cannot_be_read_whole_does_not_count() -> None:
    page = Page().add("by_state", name="Odd", state="Refusal, Moon", to="Clients")
    row = page.row("by_state", "Odd")
    assert "does not count" in page.beside("by_state", row)
    assert page.now().by_state == EN.by_state


def test_of_two_lines_that_contradict_each_other_the_first_counts() -> None:
    page = Page(managers=("Ann",)).put("managers", "Ann", email="ann@firm.com")
    page.add("managers", name="Ann", email="other@firm.com")
    page.add("plan", month="03.2026", deals=5).add("plan", month="03.2026", deals=6)
    page.add("days", day="02.03.2026", kind="day off").add(
        "days", day="02.03.2026", kind="working day"
    )
    page.add("rules", name=RULE_LABELS["cap.max"], value=10)
    policy = page.now()
    assert len(page.told().remarks) == 4
    assert (policy.member["Ann"].email, policy.targets[0].deals, policy.cap.max) == (
        "ann@firm.com",
        5,
        90,
    )
    assert policy.calendar.working_days == frozenset()


def test_a_list_that_is_gone_or_emptied_goes_on_as_it_was_last() -> None:
    page = (
        Page(managers=("Ann",))
        .put("labels", "Small client", deadline_days=9)
        .put("managers", "Ann", cap=5)
    )
    page.night()
    good = page.now()
    page.drop("labels").drop("managers")
    for _ in range(3):
        assert set(page.night().gone) == {"labels", "managers"}
        assert page.now() == good
    page.cells = []
    assert page.now() == good


def test_columns_may_be_moved_and_further_ones_put_between() -> None:
    page = Page().put("labels", "Small client", deadline_days=9)
    left = page.column("labels", "name")
    for row in page.cells:
        if len(row) > left + 1:
            row.insert(left + 1, "my note" if row is page.cells[4] else None)
        if len(row) > left + 3:
            row[left + 2], row[left + 3] = row[left + 3], row[left + 2]
    assert page.told().remarks == ()
    assert page.now().label["small"].deadline_days == 9


def test_a_tab_is_read_in_either_language() -> None:
    page = Page(RU, ("Анна",)).put("labels", "Маленький клиент", deadline_days=9)
    page.policy = EN
    policy = page.now()
    assert policy.label["small"].deadline_days == 9
    assert policy.words.name("labels", "small") == "Маленький клиент"


def nights(page: Page, rows: str, *days: str) -> Base:
    """Play nights on a base by what a page says; each must be quiet when it is run again."""
    base = Base(rows, page.now())
    for day in days:
        base.night(day)
        base.rests(day)
    return base


OBEYED: list[tuple[str, Callable[[Page], Page], str, str]] = [
    (
        "a deadline",
        lambda p: p.put("labels", "Small client", deadline_days=10),
        "working | Acme | Contact 1 | Small client | Ann | 2026-02-16 |",
        "rework",
    ),
    (
        "one deadline for all",
        lambda p: p.set("time.one_deadline_days", None).put(
            "labels", "Small client", deadline_days=40
        ),
        "working | Acme | Contact 1 | Small client | Ann | 2026-02-16 |",
        "working",
    ),
    (
        "days without a label",
        lambda p: p.set("time.unlabelled_days", 5),
        "working | Acme | Contact 1 | | Ann | 2026-02-16 |",
        "rework",
    ),
    (
        "where to",
        lambda p: p.put(
            "on_expiry",
            "Time is up: all others",
            to="Strategic archive",
            set_state="Strategic reserve",
            set_reason=None,
        ),
        "working | Acme | Contact 1 | Small client | Ann | 2026-01-16 |",
        "strategic",
    ),
    (
        "what counts as warm",
        lambda p: p.put(
            "on_expiry",
            "Time is up: the offer was discussed",
            reached="Contact 1, Contact 2, Contact 3",
        ),
        "working | Acme | Contact 1 | Small client | Ann | 2026-01-16 |",
        "strategic",
    ),
    (
        "a reason's section",
        lambda p: p.put("reasons", "Crisis", section="Hard refusal, off-profile"),
        "working | Acme | Refusal | | Ann | | Crisis",
        "hard_refusal",
    ),
    (
        "a new reason",
        lambda p: p.add("reasons", name="Too far", section="Hard refusal, off-profile"),
        "working | Acme | Refusal | | Ann | | Too far",
        "hard_refusal",
    ),
    (
        "a renamed reason",
        lambda p: p.put("reasons", "Crisis", name="Bad times"),
        "working | Acme | Refusal | | Ann | | bad times",
        "rework",
    ),
    (
        "a rule by state",
        lambda p: p.put("by_state", "To be called again", to="Strategic archive"),
        "working | Acme | Call round | | Ann | |",
        "strategic",
    ),
    (
        "time that does not run",
        lambda p: p.put("states", "Contact 1", clocked="no"),
        "working | Acme | Contact 1 | Small client | Ann | 2026-01-16 |",
        "working",
    ),
    (
        "a state of the team's own",
        lambda p: p.add(
            "states", name="Test drive", in_work="yes", counts_to_cap="yes", clocked="yes"
        ),
        "working | Acme | Test drive | Small client | Ann | 2026-01-16 |",
        "rework",
    ),
    (
        "a full list",
        lambda p: p.set("cap.min", 1).set("cap.max", 1),
        "working | Beta | Contact 1 | Large client | Ann | 2026-03-01 |\nrework | Acme | Contact 1 | | Ann | |",
        "rework",
    ),
]


@pytest.mark.parametrize(
    ("change", "rows", "section"), [case[1:] for case in OBEYED], ids=[case[0] for case in OBEYED]
)
def test_the_next_run_obeys(change: Callable[[Page], Page], rows: str, section: str) -> None:
    page = change(Page(managers=("Ann",)))
    assert page.told().remarks == ()
    table = f"section | company | state | label | manager | began | refusal_reason\n{rows}"
    base = nights(page, table, "2026-03-02")
    assert base.row("Acme")["section"] == section


def test_what_a_state_asks_for_is_what_its_cell_says() -> None:
    page = Page(managers=("Ann",)).put("states", "Contact 1", requires="Role")
    base = nights(
        page,
        "section | company | state | manager | phone | role\nworking | Acme | Contact 1 | Ann | +12025550101 |",
        "2026-03-02",
    )
    assert "“role”" in str(base.row("Acme")["problems"]) or "Role" in str(
        base.row("Acme")["problems"]
    )


def test_an_archives_days_are_the_day_of_return() -> None:
    page = Page(managers=("Ann",)).put("sections", "Refusal, to rework", return_days=10)
    rows = "section | company | state | manager | refusal_reason | return_on\nworking | Acme | Refusal | Ann | Crisis |"
    base = nights(page, rows, "2026-03-02")
    assert base.shown(base.row("Acme"), "return_on") == "2026-03-12"


def test_rules_that_chase_a_row_in_a_circle_move_nobody_and_say_so() -> None:
    page = Page(managers=("Ann",))
    for row, (name, here, there) in enumerate(
        (
            ("One", "Refusal, to rework", "Strategic archive"),
            ("Two", "Strategic archive", "Refusal, to rework"),
        ),
        start=3,
    ):
        page.put("by_state", row, **dict.fromkeys(BLOCK["by_state"].keys))
        page.put("by_state", row, name=name, section=here, state="Refusal", to=there)
    assert page.told().remarks == ()
    base = nights(
        page,
        "section | company | state | manager\nrework | Acme | Refusal | Ann",
        "2026-03-02",
        "2026-03-03",
    )
    assert base.row("Acme")["section"] == "rework"
    assert "at once" in str(base.row("Acme")["problems"])


def test_a_file_is_read_back_exactly() -> None:
    page = Page(RU, ("Анна", "Борис")).put("labels", "Крупный клиент", at_least=1_000_000)
    page.put(
        "managers",
        "Анна",
        leave_from="01.07.2026",
        leave_to="14.07.2026",
        cap=40,
        substitute="Борис",
    )
    page.add("plan", month="03.2026", amount=500).add("days", day="02.03.2026", kind="выходной")
    page.add("reasons", name='Сказал "нет" \\ навсегда', section="Отказ с проработкой").set(
        "time.warn_days", "14, 2"
    )
    now = in_force(RU, page.told())
    file = to_toml(now, language("ru"))
    for start in (now, default(RU)):
        parsed = parse(file, RU, start, language("ru"))
        assert parsed.mistakes == ()
        assert [
            *changes(
                now,
                parsed.reading.doc,
                vocabulary_in_force(RU, now),
                vocabulary_in_force(RU, parsed.reading.doc),
            )
        ] == []
        assert to_toml(parsed.reading.doc, language("ru")) == file


@pytest.mark.parametrize(
    ("code", "words"), [("en", "April 2026"), ("ru", "апрель 2026"), ("en", "апрель 2026 г.")]
)
def test_a_month_of_the_plan_is_written_and_read_in_words(code: str, words: str) -> None:
    policy = template(code)
    vocabulary = vocabulary_in_force(policy, default(policy))
    kind = Day(month=True)
    assert kind.read(words, vocabulary).value == "2026-04-01"
    assert kind.write("2026-04-01", vocabulary) == vocabulary.language.month(date(2026, 4, 1))
    written = str(kind.write("2026-04-01", vocabulary))
    assert kind.read(written, vocabulary).value == "2026-04-01"


def test_two_people_of_one_name_and_a_manager_who_stands_there_twice_are_told() -> None:
    page = Page(managers=("Ann", "Ben"))
    page.put("managers", "Ann", email="ann@firm.com")
    two = page.add("managers", name="Ann", email="anna@firm.com")
    twice = page.add("managers", name="Ben")
    remarks = [remark.text for remark in twice.told().remarks]
    assert two is twice
    assert any("Do two people bear this name?" in remark for remark in remarks)
    assert any("stands above already" in remark for remark in remarks)
