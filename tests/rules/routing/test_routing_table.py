"""METHOD point 8 as tables: given rows, what the night does with them, by which rule, and in what words."""

from typing import TYPE_CHECKING

import pytest

from sheetsync.i18n import language
from sheetsync.method.policy import Policy, template
from sheetsync.method.terms import Condition, Rule
from sheetsync.rules.routing.rule_text import ruling
from tests.builders.policies import changed

if TYPE_CHECKING:
    from tests.builders.base import Base

TODAY = "2026-03-02"
EN, RU = template("en"), template("ru")


# A state set by hand


def test_a_state_set_by_hand_sends_a_row_where_the_method_says(play: "type[Base]") -> None:
    """A refusal by its reason, the reserve and clients to their own tabs; off-profile before any reason."""
    play("""
        section   | company     | state             | label       | manager | refusal_reason | began
        working   | broke       | Refusal           | small       | Ann     | No money       | 2026-03-01
        working   | crisis      | Refusal           | small       | Ann     | Crisis         | 2026-03-01
        working   | rival       | Refusal           | small       | Ann     | Competitor     | 2026-03-01
        working   | later       | Refusal           | small       | Ann     | Not now        | 2026-03-01
        working   | angry       | Refusal           | small       | Ann     | Negative       | 2026-03-01
        working   | closed      | Refusal           | small       | Ann     | Closed down    | 2026-03-01
        working   | not ours    | Refusal           | small       | Ann     | Off-profile    | 2026-03-01
        working   | off, broke  | Refusal           | off-profile | Ann     | No money       | 2026-03-01
        working   | no reason   | Refusal           | small       | Ann     |                | 2026-03-01
        working   | reserve     | Strategic reserve | small       | Ann     |                | 2026-03-01
        call_base | sold        | Client            | small       | Ann     |                |
        strategic | round       | Call round        | small       | Ann     |                |
    """).becomes(
        TODAY,
        """
        section      | company    | state             | rule                | return_on
        rework       | broke      | Refusal           | refused             | 2026-05-31
        rework       | crisis     | Refusal           | refused             | 2026-05-31
        rework       | rival      | Refusal           | refused             | 2026-05-31
        rework       | later      | Refusal           | refused             | 2026-05-31
        hard_refusal | angry      | Refusal           | refused             |
        hard_refusal | closed     | Refusal           | refused             |
        hard_refusal | not ours   | Refusal           | refused             |
        hard_refusal | off, broke | Refusal           | refused_off_profile |
        working      | no reason  | Refusal           |                     |
        strategic    | reserve    | Strategic reserve | reserved            | 2026-08-29
        clients      | sold       | Client            | became_client       |
        rework       | round      | Call round        | to_call_round       | 2026-05-31
        """,
    )


@pytest.mark.parametrize("archive", ["rework", "strategic"])
@pytest.mark.parametrize("state", ["Contact 1", "Contact 2", "Contact 3"])
def test_work_in_an_archive_comes_back_with_a_new_clock(
    play: "type[Base]", archive: str, state: str
) -> None:
    """Whatever day work had once begun: the fourteen days of a small client count from the day it is seen at work again."""
    play(f"""
        section   | company | state     | label | manager | began
        {archive} | Acme    | {state}   | small | Ann     | 2025-06-01
    """).becomes(
        TODAY,
        f"""
        section | company | state   | rule         | deadline
        working | Acme    | {state} | back_to_work | 2026-03-16
        """,
    )


def test_deals_and_later_states_never_run_out_of_time(play: "type[Base]") -> None:
    play("""
        section | company | state        | label       | manager | began      | amount | on_expiry
        working | deal    | Deal         | small       | Ann     | 2025-01-01 | 100    | Rework
        working | support | Deal support | off-profile | Ann     | 2025-01-01 |        | Rework
    """).becomes(
        TODAY,
        """
        section | company | state        | rule | deadline
        working | deal    | Deal         |      |
        working | support | Deal support |      |
        """,
    )


# Contradictions


def test_contradictions_stay_where_they_are_and_name_both_things(play: "type[Base]") -> None:
    """A client with a reason of refusal, work with who is not ours, a deal without an amount: a person decides."""
    night = play("""
        section      | company    | state     | label | manager | refusal_reason | amount | invoice_on
        working      | turncoat   | Client    | small | Ann     | No money       | 5000   |
        working      | for free   | Deal      | small | Ann     |                |        | 2026-03-01
        working      | paid       | Deal      | small | Ann     |                | 5000   | 2026-03-01
        call_base    | found free | Deal      | small | Ann     |                |        | 2026-03-01
        hard_refusal | enemy      | Contact 1 | small | Ann     |                |        |
    """).becomes(
        TODAY,
        """
        section      | company    | state     | rule | found
        working      | turncoat   | Client    |      | contradiction
        working      | for free   | Deal      |      | contradiction
        working      | paid       | Deal      |      |
        call_base    | found free | Deal      |      | contradiction
        hard_refusal | enemy      | Contact 1 |      | contradiction
        """,
    )
    told = {p.message: p.fix for p in night.plan.problems if p.code == "contradiction"}
    assert told == {
        "Contradictory: state “Client” with a reason of refusal. A person decides.": "Correct the state or move the row.",
        "Contradictory: state “Deal”, and “Deal amount” is empty. A person decides.": (
            "Fill in “Deal amount”, or correct the state."
        ),
        "Contradictory: state “Contact 1” in “Hard refusal, off-profile”. A person decides.": (
            "Correct the state or move the row."
        ),
    }


def test_a_deal_without_an_amount_is_told_once_not_twice(play: "type[Base]") -> None:
    """The other fields that its state asks for are still asked for; the amount is in one sentence only."""
    base = play("""
        section | company | state | manager | amount | invoice_on
        working | Acme    | Deal  | Ann     |        |
    """)
    base.night(TODAY)
    said = str(base.row("Acme")["problems"])
    assert said.count("Deal amount") == 2  # what is wrong, and what to do, of one finding
    assert "For the state “Deal” fill in: “Invoice on”." in said
    base.rests(TODAY)


def test_an_amount_that_cannot_be_read_is_no_missing_amount(play: "type[Base]") -> None:
    base = play("""
        section | company | state | manager | amount | invoice_on
        working | Acme    | Deal  | Ann     | lots   | 2026-03-01
    """)
    assert "contradiction" not in base.night(TODAY).codes


def test_of_a_tab_without_the_column_nothing_is_known_of_amounts(play: "type[Base]") -> None:
    base = play("""
        section | company | state | manager
        working | Acme    | Deal  | Ann
    """)
    night = base.night(TODAY)
    assert "contradiction" not in night.codes
    assert night.codes["no_column"]


def test_a_deal_that_arrives_where_amounts_are_asked_for_is_told_that_night(
    play: "type[Base]",
) -> None:
    """What the second run would find, the first one says: the column comes with another row."""
    base = play("""
        section | company | state     | manager | amount
        working | Acme    | Deal      | Ann     |
        working | Beta    | Contact 1 | Ann     | 100
    """)
    night = base.night(TODAY)
    assert night.codes["contradiction"] == 1
    base.rests(TODAY)


# What the team's own rules may say


SOFT = """
        section      | company | state   | label | manager | refusal_reason
        hard_refusal | dear    | Refusal | small | Ann     | No money
        hard_refusal | rival   | Refusal | small | Ann     | Competitor
        hard_refusal | angry   | Refusal | small | Ann     | Negative
"""


def test_a_soft_reason_among_hard_refusals_goes_to_rework_as_the_method_says(
    play: "type[Base]",
) -> None:
    play(SOFT).becomes(
        TODAY,
        """
        section      | company | rule
        rework       | dear    | refused
        rework       | rival   | refused
        hard_refusal | angry   |
        """,
    )


def test_a_rule_that_says_stays_keeps_them_where_the_team_has_put_them(play: "type[Base]") -> None:
    """A first line of the list: what stands among hard refusals stays, whatever its reason."""
    stays = Rule(
        name="Old refusals",
        when=Condition(section=("hard_refusal",), state=("refusal",)),
        to="stay",
    )
    policy = changed(EN, by_state=(stays, *EN.by_state))
    play(SOFT, policy=policy).becomes(
        TODAY,
        """
        section      | company | rule
        hard_refusal | dear    |
        hard_refusal | rival   |
        hard_refusal | angry   |
        """,
    )


def test_a_rule_by_amount_holds_only_where_the_amount_is_known(play: "type[Base]") -> None:
    """Whoever has an amount is worth keeping; without one, to rework; what cannot be read falls to the last line."""
    lists = (
        Rule(
            name="Worth it",
            when=Condition(has_amount=True),
            to="strategic",
            state="strategic_reserve",
        ),
        Rule(
            name="Nothing in it",
            when=Condition(has_amount=False),
            to="hard_refusal",
            state="refusal",
            reason="negative",
        ),
        *EN.on_expiry,
    )
    play(
        """
        section | company | state     | label | manager | began      | amount
        working | rich    | Contact 1 | small | Ann     | 2026-02-01 | 900
        working | poor    | Contact 1 | small | Ann     | 2026-02-01 |
        working | unclear | Contact 1 | small | Ann     | 2026-02-01 | a lot
        """,
        policy=changed(EN, on_expiry=lists),
    ).becomes(
        TODAY,
        """
        section      | company | rule
        strategic    | rich    | Worth it
        hard_refusal | poor    | Nothing in it
        rework       | unclear | expired
        """,
    )


# The rule in words


@pytest.mark.parametrize(
    ("rule", "target", "english", "russian"),
    [
        (
            "expired_off_profile",
            "hard_refusal",
            "rule 1 of 4: label “Off-profile client” → “Hard refusal, off-profile”",
            "правило 1 из 4: метка «Непрофильный клиент» → «Жёсткий отказ и непрофильные»",
        ),
        (
            "expired_chosen",
            "strategic",
            "rule 2 of 4: the manager chose a section → the chosen section, “Strategic archive”",
            "правило 2 из 4: менеджер выбрал раздел → выбранный раздел, «Стратегический архив»",
        ),
        (
            "expired_warm",
            "strategic",
            "rule 3 of 4: reached “Contact 2” or further → “Strategic archive”",
            "правило 3 из 4: дошли до состояния «2 контакт» или дальше → «Стратегический архив»",
        ),
        (
            "expired",
            "rework",
            "rule 4 of 4: in all other cases → “Refusal, to rework”",
            "правило 4 из 4: во всех остальных случаях → «Отказ с проработкой»",
        ),
        (
            "expired",
            "hard_refusal",
            "rule 4 of 4: in all other cases → “Refusal, to rework”, and from there “Hard refusal, off-profile”",
            "правило 4 из 4: во всех остальных случаях → «Отказ с проработкой», а оттуда «Жёсткий отказ и непрофильные»",
        ),
        (
            "refused",
            "rework",
            "state rule 5 of 15: state “Refusal”, a reason of refusal is given → the section of the reason, “Refusal, to rework”",
            "правило по состоянию 5 из 15: состояние «Отказ», причина отказа указана → раздел, указанный для этой причины, «Отказ с проработкой»",
        ),
        (
            "back_to_work",
            "working",
            "state rule 10 of 15: in “Refusal, to rework” or “Strategic archive”, any state of work → “Working list”",
            "правило по состоянию 10 из 15: лист «Отказ с проработкой» или «Стратегический архив», любое рабочее состояние → «Рабочий список»",
        ),
        (
            "new_too_long",
            "call_base",
            "a new company may wait for 3 days",
            "новый клиент ждёт звонка не дольше 3 дней",
        ),
        ("undo", "working", "", ""),
    ],
)
def test_a_rule_is_a_sentence_with_its_number(
    rule: str, target: str, english: str, russian: str
) -> None:
    assert ruling(rule, target, EN, language("en")) == english
    assert ruling(rule, target, RU, language("ru")) == russian


def test_a_rule_of_the_teams_own_is_called_by_its_name() -> None:
    own = Rule(
        name="Госзакупки", when=Condition(label=("large",), has_amount=False), to="strategic"
    )
    policy = changed(RU, on_expiry=(own, *RU.on_expiry))
    assert ruling("Госзакупки", "strategic", policy, language("ru")) == (
        "правило 1 из 5 «Госзакупки»: метка «Крупный клиент», сумма не заполнена → «Стратегический архив»"
    )


@pytest.mark.parametrize("policy", [EN, RU])
def test_every_rule_of_the_templates_has_a_sentence(policy: Policy) -> None:
    spoken = language(policy.words.language)
    said = [
        ruling(rule.name, None, policy, spoken) for rule in (*policy.on_expiry, *policy.by_state)
    ]
    assert all(said)
    assert len(set(said)) == len(said)
