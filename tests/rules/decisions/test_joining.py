"""Two rows of one client are joined by a decision: the named row stays and loses nothing of what the other one held."""

from typing import TYPE_CHECKING

import pytest

from sheetsync.method.policy import template
from sheetsync.rules.decisions.decision_words import DecisionKind, read_decision
from sheetsync.workbook.answers import Answer
from sheetsync.workbook.plan import from_json, to_json

if TYPE_CHECKING:
    from tests.builders.base import Base, Night

DAY_BEFORE, TODAY = "2026-03-01", "2026-03-02"
TWO = """
    section   | company  | state     | manager | city   | person | phone        | email      | amount | comment      | cake
    working   | Acme     | Contact 1 | Ann     |        | Pam    | +12025550101 |            |        | calls back   |
    working   | Acme LLC | Contact 2 | Ann     | Boston | Jim    | +12025550101 | a@acme.com | 500    | wants a demo | medovik
    working   | Beta     | Contact 1 | Bob     | Boston |        | +12025550101 |            |        |              |
"""


def played(
    play: "type[Base]", company: str, words: str, sheet: str = "manager:Ann", text: str = TWO
) -> "tuple[Base, Night]":
    """Play a night, then one after `words` are typed beside a company, `{Name}` in them being the ID of a company."""
    base = play(text)
    base.night(DAY_BEFORE)
    ids = {str(row["company"]): str(row["id"]) for row in base.rows}
    for name, row_id in ids.items():
        words = words.replace(f"<{name}>", row_id)
    line = f"decide:{ids[company]}" if sheet == "summary" else f"twice:{ids[company]}"
    base.decisions = (Answer(sheet, line, "decision", words),)
    night = base.night(TODAY)
    base.decisions = tuple(
        Answer(pending.sheet, pending.line, "decision", pending.value)
        for pending in night.plan.pending
    )
    base.rests(TODAY)
    return base, night


def test_the_named_row_stays_and_has_what_it_lacked_and_the_rest_in_its_comment(
    play: "type[Base]",
) -> None:
    base, night = played(play, "Acme LLC", "same as <Acme> — the same boss")
    assert [row["company"] for row in base.rows] == ["Acme", "Beta"]
    acme = base.row("Acme")
    assert (acme["city"], acme["person"], acme["email"], acme["amount"]) == (
        "Boston",
        "Pam",
        "a@acme.com",
        "500",
    )
    assert acme["state"] == "Contact 1"
    comment = str(acme["comment"]).splitlines()
    assert comment[0] == "calls back"
    assert (
        comment[1].startswith("3/2/2026: joined with “Acme LLC” (ID ")
        or "joined with “Acme LLC”" in comment[1]
    )
    assert set(comment[2].split("; ")) == {
        "Contact person: Jim",
        "State: Contact 2",
        "cake: medovik",
    }
    assert comment[3:] == ["wants a demo", "the same boss"]
    assert night.plan.pending == ()
    assert from_json(to_json(night.plan), "") == night.plan


def test_the_journal_has_both_rows_and_tells_of_no_deletion(play: "type[Base]") -> None:
    base, _ = played(play, "Acme LLC", "same as <Acme>")
    kinds = [(line.what, line.company) for line in base.journal if line.run.startswith("260302")]
    assert ("joined", "Acme LLC") in kinds
    assert ("edited", "Acme") in kinds
    assert "vanished" not in {kind for kind, _ in kinds}
    night = base.night("2026-03-03")
    assert night.plan.removals == ()
    assert {line.what for line in base.journal} & {"vanished"} == set()
    assert "readded" not in night.codes


def test_the_row_found_needs_no_name_where_it_is_the_only_one(play: "type[Base]") -> None:
    two = "\n".join(TWO.strip().splitlines()[:3])
    base, _ = played(play, "Acme LLC", "same as the row found", text=two)
    assert [row["company"] for row in base.rows] == ["Acme"]


def test_several_that_may_be_meant_are_named_and_nothing_is_joined(play: "type[Base]") -> None:
    base, night = played(play, "Acme", "same as the row found")
    [pending] = night.plan.pending
    assert pending.why.startswith("several rows may be meant: name one ID of ")
    assert len(base.rows) == 3


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (
            "same as <Beta>",
            "the rows are of two managers: only the head of sales joins them, on the tab “Summary”",
        ),
        ("same as Nobody Inc", "no other row of “nobody inc” is in the base"),
        ("same as <Acme LLC>", "no other row of “"),
    ],
)
def test_what_cannot_be_joined_stays_and_says_why(play: "type[Base]", words: str, why: str) -> None:
    base, night = played(play, "Acme LLC", words)
    [pending] = night.plan.pending
    assert pending.why.startswith(why)
    assert len(base.rows) == 3


def test_the_head_joins_rows_of_two_managers(play: "type[Base]") -> None:
    base, night = played(play, "Acme LLC", "same as <Beta>", sheet="summary")
    assert night.plan.pending == ()
    assert [row["company"] for row in base.rows] == ["Acme", "Beta"]
    assert base.row("Beta")["manager"] == "Bob"
    assert "Manager: Ann" in str(base.row("Beta")["comment"])


def test_two_rows_that_name_each_other_are_both_left(play: "type[Base]") -> None:
    base = play(TWO)
    base.night(DAY_BEFORE)
    ids = {str(row["company"]): str(row["id"]) for row in base.rows}
    base.decisions = (
        Answer("manager:Ann", f"twice:{ids['Acme']}", "decision", f"same as {ids['Acme LLC']}"),
        Answer("manager:Ann", f"twice:{ids['Acme LLC']}", "decision", f"same as {ids['Acme']}"),
    )
    night = base.night(TODAY)
    assert {pending.why for pending in night.plan.pending} == {
        "that row is itself to be joined to another one"
    }
    assert len(base.rows) == 3


@pytest.mark.parametrize(
    "words",
    [
        "same as K7Q2MX",
        "Same as: k7q2mx",
        "дубль K7Q2MX",
        "это дубль: K7Q2MX",
        "то же, что K7Q2MX",
        "объединить с K7Q2MX",
        "дубль строки K7Q2MX",
        "merge with K7Q2MX",
    ],
)
def test_a_join_is_read_in_every_language(words: str) -> None:
    read = read_decision(words, template("en"), {})
    assert (read.kind, read.what) == (DecisionKind.SAME, "K7Q2MX")


@pytest.mark.parametrize(
    "words", ["same as the row found", "дубль найденной строки", "дубль", "same as"]
)
def test_the_row_that_was_found_has_no_name(words: str) -> None:
    read = read_decision(words, template("en"), {})
    assert (read.kind, read.what) == (DecisionKind.SAME, "")
