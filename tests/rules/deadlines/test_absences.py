"""Who stands in for whom: a table of the team, the day, and whose sheet has what is urgent."""

from datetime import date

import pytest

from sheetsync.method.policy import template
from sheetsync.method.terms import Leave, Manager
from sheetsync.rules.deadlines.absences import absences

EN = template("en")
DAY = date(2026, 3, 10)
WEEK = (Leave(first=date(2026, 3, 9), last=date(2026, 3, 15)),)


def away(name: str, substitute: str = "", leave: tuple[Leave, ...] = WEEK) -> Manager:
    return Manager(name=name, substitute=substitute, leave=leave)


@pytest.mark.parametrize(
    ("team", "stands_in"),
    [
        ((away("Ann", "Bob"), Manager(name="Bob")), "Bob"),
        ((away("Ann", "bob "), Manager(name="Bob")), "Bob"),
        ((away("Ann", "Kim"),), "Kim"),  # known by the base's rows alone
        ((away("Ann", "Bob"), away("Bob", "Kim")), "Kim"),  # the substitute's substitute
        ((away("Ann", "Bob"), away("Bob", "Eva"), away("Eva", "Kim")), "Kim"),
        ((away("Ann", "Bob"), away("Bob", "Ann")), None),  # a ring
        ((away("Ann", "Ann"),), None),
        ((away("Ann", "Nobody we know"),), None),
        ((away("Ann", "Bob"), away("Bob", "Nobody we know")), None),
        ((away("Ann"),), None),
    ],
)
def test_who_stands_in_for_ann(team: tuple[Manager, ...], stands_in: str | None) -> None:
    policy = EN.model_copy(update={"team": team})
    assert absences(policy, DAY, ["Ann", "Kim"])["Ann"].substitute == stands_in


def test_who_is_back_or_not_gone_yet_is_not_away() -> None:
    policy = EN.model_copy(update={"team": (away("Ann", "Bob"), Manager(name="Bob"))})
    found = {day: "Ann" in absences(policy, date(2026, 3, day), []) for day in (8, 9, 15, 16)}
    assert found == {8: False, 9: True, 15: True, 16: False}


def test_leaves_that_follow_each_other_are_one() -> None:
    leave = (
        *WEEK,
        Leave(first=date(2026, 3, 16), last=date(2026, 3, 20)),
        Leave(first=date(2026, 3, 22), last=date(2026, 3, 30)),
    )
    policy = EN.model_copy(update={"team": (away("Ann", leave=leave),)})
    assert absences(policy, DAY, [])["Ann"].until == date(2026, 3, 20)
    for_ever = EN.model_copy(
        update={"team": (away("Ann", leave=(Leave(first=DAY, last=date.max),)),)}
    )
    assert absences(for_ever, DAY, [])["Ann"].until == date.max
