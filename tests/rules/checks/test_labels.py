"""METHOD points 4 and 5: what label a client should have by its worth, off-profile ones out of place, unknown categories."""

from typing import TYPE_CHECKING, Any

import pytest

from sheetsync.i18n import language
from sheetsync.method.policy import Policy, template
from sheetsync.reports import reports
from sheetsync.schema import Severity
from tests.builders.policies import measured

if TYPE_CHECKING:
    from tests.builders.base import Base, Night

TODAY = "2026-03-02"
EN, RU = template("en"), template("ru")
STEPS = {"large": 1_000_000.0, "medium": 100_000.0, "small": 0.0}


def said(night: "Night", *codes: str) -> list[str]:
    found = [problem for problem in night.plan.problems if problem.code in codes]
    return [f"{p.message} {p.fix}".strip() for p in sorted(found, key=lambda p: (p.tab, p.row))]


@pytest.mark.parametrize(
    ("label", "amount", "found"),
    [
        ("large", "1000000", None),
        ("large", "999999", "label_differs"),
        ("medium", "100000", None),
        ("medium", "1 млн", "label_differs"),
        ("medium", "99 тыс.", "label_differs"),
        ("small", "99999.99", None),
        ("small", "0", None),
        ("small", "100000", "label_differs"),
        ("off-profile", "5000000", None),
        ("", "5000", "label_suggested"),
        ("", "", None),
        ("large", "", None),
        ("large", "lots", "not_an_amount"),
        ("enormus", "5000", "unknown_label"),
    ],
)
def test_a_label_against_the_amount(
    play: "type[Base]", label: str, amount: str, found: str | None
) -> None:
    """A threshold is the first amount of its label; where no amount can be read, nothing is said."""
    base = play(
        f"""
        section | company | state     | label   | amount   | manager | phone        | began
        working | Acme    | Contact 1 | {label} | {amount} | Ann     | +79120000001 | 2026-03-01
        """,
        policy=measured(EN, STEPS),
    )
    base.night(TODAY)
    told = {*str(base.codes_found[id(base.row("Acme"))] or "").split(", ")} - {
        "incomplete",
        "no_column",
        "unread_goes_on",
        "",
    }
    assert told == ({found} if found else set())
    base.rests(TODAY)


WORTH = """
    section | company | state     | label  | amount  | manager | began
    working | one     | Contact 1 | {0} | 250000  | Ann     | 2026-03-01
    working | two     | Contact 1 | {1} | 250000  | Ann     | 2026-03-01
    working | three   | Contact 1 |        | 1500000 | Ann     | 2026-03-01
"""


@pytest.mark.parametrize(
    ("policy", "sentences"),
    [
        (
            EN,
            [
                "“Deal amount” is 250,000, and “Large client” begins at 1,000,000. By the amount it is “Medium client” (from 100,000 on): correct one of the two.",
                "“Deal amount” is 250,000; from 100,000 on that is “Medium client”. Correct the label or the amount.",
                "No label; by “Deal amount” (1,500,000) it is “Large client”.",
            ],
        ),
        (
            RU,
            [
                "«Сумма сделки»: 250 000 ₽, а «Крупный клиент» — от 1 000 000 ₽. Судя по сумме, это «Средний клиент» (от 100 000 ₽): исправьте одно из двух.",
                "«Сумма сделки»: 250 000 ₽, а от 100 000 ₽ это уже «Средний клиент». Исправьте метку или сумму.",
                "Метки нет; по столбцу «Сумма сделки» (1 500 000 ₽) это «Крупный клиент».",
            ],
        ),
    ],
    ids=["en", "ru"],
)
def test_the_sentence_names_the_amount_the_threshold_and_the_label(
    play: "type[Base]", policy: Policy, sentences: list[str]
) -> None:
    night = play(WORTH.format("large", "small"), policy=measured(policy, STEPS)).night(TODAY)
    found = said(night, "label_differs", "label_suggested")
    assert [text.replace("\xa0", " ").replace("\u202f", " ") for text in found] == sentences
    severities = {p.code: p.severity for p in night.plan.problems if p.code.startswith("label")}
    assert severities == {"label_differs": Severity.WARNING, "label_suggested": Severity.NOTICE}


def test_a_label_without_a_threshold_is_not_checked(play: "type[Base]") -> None:
    night = play(
        WORTH.format("small", "medium"), policy=measured(EN, {"large": 1_000_000.0})
    ).night(TODAY)
    assert night.codes.get("label_differs") is None
    assert night.codes["label_suggested"] == 1


def test_below_every_threshold_no_label_is_told(play: "type[Base]") -> None:
    night = play(
        WORTH.format("medium", "     "),
        policy=measured(EN, {"large": 1_000_000.0, "medium": 300_000.0}),
    ).night(TODAY)
    assert len(said(night, "label_differs")) == 1
    assert said(night, "label_differs")[0].endswith("Correct the label or the amount.")
    assert night.codes["label_suggested"] == 1


def test_nothing_is_said_where_the_policy_has_no_thresholds(play: "type[Base]") -> None:
    night = play(WORTH.format("large", "small")).night(TODAY)
    assert not said(night, "label_differs", "label_suggested")


def test_labels_may_be_told_by_a_column_of_the_teams_own(play: "type[Base]") -> None:
    """Its cells are read as amounts are, in whatever form; the deal's own amount says nothing then."""
    base = play(
        """
        section   | company | state     | label | amount  | Yearly potential | manager | began
        working   | small   | Contact 1 | large | 5000000 | 40 тыс. руб.     | Ann     | 2026-03-01
        working   | right   | Contact 1 | large | 10      | 2,5 млн          | Ann     | 2026-03-01
        working   | words   | Contact 1 | large | 10      | big              | Ann     | 2026-03-01
        working   | leaves  | Contact 1 | small | 10      | 7 000 000        | Ann     | 2025-03-01
        """,
        policy=measured(EN, STEPS, "yearly  POTENTIAL"),
    )
    night = base.night(TODAY)
    assert night.codes["label_differs"] == 2
    assert said(night, "label_differs")[0].startswith("“yearly  POTENTIAL” is ")
    base.rests(TODAY)


def test_refused_for_good_nobody_is_measured(play: "type[Base]") -> None:
    night = play(
        """
        section      | company | state   | label | amount | refusal_reason
        hard_refusal | angry   | Refusal | large | 5      | Negative
        hard_refusal | closed  | Refusal |       | 5      | Closed down
        """,
        policy=measured(EN, STEPS),
    ).night(TODAY)
    assert not said(night, "label_differs", "label_suggested")


# Off-profile


def test_off_profile_outside_its_section_is_told_only_where_no_rule_moves_it(
    play: "type[Base]",
) -> None:
    """A running clock takes it away in time, a refusal at once; elsewhere a person has to."""
    play("""
        section      | company | state             | label       | manager | refusal_reason | began
        working      | clocked | Contact 1         | off-profile | Ann     |                | 2026-03-01
        working      | refused | Refusal           | off-profile | Ann     |                | 2026-03-01
        working      | expired | Contact 1         | off-profile | Ann     |                | 2026-01-01
        hard_refusal | home    | Refusal           | off-profile | Ann     | Off-profile    |
        working      | deal    | Deal              | off-profile | Ann     |                | 2026-03-01
        call_base    | new     | New               | off-profile |         |                |
        strategic    | kept    | Strategic reserve | off-profile | Ann     |                |
        clients      | client  | Client            | off-profile | Ann     |                |
    """).becomes(
        TODAY,
        """
        section      | company | found
        working      | clocked |
        hard_refusal | refused | incomplete
        hard_refusal | expired |
        hard_refusal | home    |
        working      | deal    | off_profile_here
        call_base    | new     | off_profile_here
        strategic    | kept    | off_profile_here
        clients      | client  | off_profile_here
        """,
    )


@pytest.mark.parametrize(
    ("policy", "sentence"),
    [
        (
            EN,
            "“Off-profile client” belongs in “Hard refusal, off-profile”, and no rule takes the row there from here. Set the state “Refusal”, or correct the label.",
        ),
        (
            RU,
            "Компаниям с меткой «Непрофильный клиент» место на листе «Жёсткий отказ и непрофильные», но отсюда строку туда не переносит ни одно правило. Поставьте состояние «Отказ» или исправьте метку.",
        ),
    ],
    ids=["en", "ru"],
)
def test_it_says_what_to_do(play: "type[Base]", policy: Policy, sentence: str) -> None:
    night = play(
        "section | company | state | label\ncall_base | Acme | New | off-profile", policy=policy
    ).night(TODAY)
    assert said(night, "off_profile_here") == [sentence]


# Categories


@pytest.mark.parametrize(
    ("policy", "word", "fix"),
    [
        (
            EN,
            "Trde",
            "Perhaps “Trade”? A new one is added on the tab “Settings”, block “Categories”.",
        ),
        (
            EN,
            "Zoo",
            "Accepted: Production, Trade. A new one is added on the tab “Settings”, block “Categories”.",
        ),
        (
            RU,
            "Торгвля",
            "Возможно, «Торговля»? Новую категорию добавляют на листе «Настройки», блок «Категории».",
        ),
    ],
)
def test_an_unknown_category_names_the_closest_and_how_to_add_one(
    play: "type[Base]", policy: Policy, word: str, fix: str
) -> None:
    rows = f"section | company | state | category\ncall_base | Acme | New | {word}"
    (found,) = [
        p
        for p in play(rows, policy=policy).night(TODAY).plan.problems
        if p.code == "unknown_category"
    ]
    assert found.fix == fix


# The summary


@pytest.mark.parametrize(
    ("policy", "heads"),
    [
        (
            EN,
            [
                "Labels and categories",
                "Label differs from the amount",
                "No label, and the amount tells one",
                "Off-profile, and no rule moves it",
                "Category that nobody knows",
            ],
        ),
        (
            RU,
            [
                "Метки и категории",
                "Метка расходится с суммой",
                "Метки нет, а сумма её подсказывает",
                "Непрофильные, которых не переносит ни одно правило",
                "Неизвестная категория",
            ],
        ),
    ],
    ids=["en", "ru"],
)
def test_the_summary_counts_them_in_one_place(
    play: "type[Base]", policy: Any, heads: list[str]
) -> None:
    own = measured(policy, STEPS)
    night = play(
        """
        section   | company | state     | label       | amount  | category | manager | began
        working   | one     | Contact 1 | large       | 5       | Trade    | Ann     | 2026-03-01
        working   | two     | Contact 1 | small       | 5000000 | Zoo      | Ann     | 2026-03-01
        working   | three   | Contact 1 |             | 5000000 | Trade    | Ann     | 2026-03-01
        call_base | four    | New       | off-profile |         | Trade    |         |
        """,
        policy=own,
    ).night(TODAY)
    summary = reports(night.projection, own, language(own.words.language), ())[0]
    lines = [
        line
        for line in summary.lines
        if line.key == "head:labels" or line.key.startswith("labels:")
    ]
    assert [str(line.cells[0].value) for line in lines] == heads
    assert [line.cells[1].value for line in lines[1:]] == [2, 1, 1, 1]


def test_a_base_where_all_is_well_has_no_such_block(play: "type[Base]") -> None:
    night = play("section | company | state | label\ncall_base | Acme | New | small").night(TODAY)
    summary = reports(night.projection, EN, language("en"), ())[0]
    assert not [line for line in summary.lines if "labels" in line.key]
