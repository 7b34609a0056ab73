"""A client that seems to stand twice is told in both rows; a phone that many companies share is one finding."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.builders.base import Base, Night

TODAY = "2026-03-02"
HEADS = "section | company | state | manager | phone | email | tax_number"


def of_code(night: "Night", code: str) -> dict[tuple[str, int], str]:
    return {(p.tab, p.row): p.message for p in night.plan.problems if p.code == code}


def test_two_rows_of_one_phone_name_each_other_wherever_they_stand(play: "type[Base]") -> None:
    base = play(f"""
        {HEADS}
        working   | Acme LLC | Contact 1 | Ann | +12025550101 | |
        call_base | Beta     | New       |     | +12025550101 | |
        working   | Gamma    | Contact 1 | Bob | +12025550103 | |
    """)
    night = base.night(TODAY)
    acme, beta = base.row("Acme LLC")["id"], base.row("Beta")["id"]
    assert of_code(night, "repeated") == {
        (
            "Working list",
            2,
        ): f"Perhaps the same client as “Beta” (Cold-call base · {beta}): the same phone.",
        (
            "Cold-call base",
            2,
        ): f"Perhaps the same client as “Acme LLC” (Working list · Ann · {acme}): the same phone.",
    }
    assert f"same as {beta}" in str(base.row("Acme LLC")["problems"])
    base.rests(TODAY)


def test_a_name_counts_in_one_tab_alone(play: "type[Base]") -> None:
    base = play(f"""
        {HEADS}
        working   | Acme LLC | Contact 1 | Ann | +12025550101 | |
        working   | «ACME»   | Contact 1 | Bob | +12025550102 | |
        call_base | Beta     | New       |     | +12025550103 | |
        rework    | Beta     | Refusal   | Ann | +12025550104 | |
    """)
    assert set(of_code(base.night(TODAY), "repeated")) == {("Working list", 2), ("Working list", 3)}
    base.rests(TODAY)


def test_two_tax_numbers_are_two_clients_of_one_phone(play: "type[Base]") -> None:
    base = play(f"""
        {HEADS}
        working | Acme | Contact 1 | Ann | +12025550101 | | 7701234567
        working | Beta | Contact 1 | Ann | +12025550101 | | 5001112223
    """)
    assert of_code(base.night(TODAY), "repeated") == {}


def test_one_phone_on_many_companies_is_one_finding_and_no_pair(play: "type[Base]") -> None:
    names = ("Acme", "Beta", "Gamma", "Delta", "Omega", "Sigma", "Kappa", "Lambda", "Zeta")
    rows = "\n".join(f"working | {name} | Contact 1 | Ann | +12025550101 | |" for name in names)
    base = play(f"{HEADS}\n{rows}")
    night = base.night(TODAY)
    assert of_code(night, "repeated") == {}
    assert of_code(night, "shared_contact") == {
        ("Working list", 0): "+12025550101 stands on 9 companies: a switchboard or a sample?"
    }
    base.rests(TODAY)


def test_many_such_phones_are_one_finding_too(play: "type[Base]") -> None:
    firms = (
        "Acme",
        "Birch",
        "Cedar",
        "Dingo",
        "Elm",
        "Falcon",
        "Gorse",
        "Heron",
        "Iris",
        "Jade",
        "Kite",
        "Lemon",
    )
    rows = "\n".join(
        f"working | {firm} | Contact 1 | Ann | +1202555010{place % 4} | |"
        for place, firm in enumerate(firms)
    )
    night = play(f"{HEADS}\n{rows}").night(TODAY)
    [message] = of_code(night, "shared_contact").values()
    assert message.startswith("Phone: 4 values stand on several companies each, in 12 rows")
    assert of_code(night, "repeated") == {}


def test_spellings_of_one_company_are_no_crowd(play: "type[Base]") -> None:
    base = play(f"""
        {HEADS}
        working   | Romashka LLC   | Contact 1 | Ann | +12025550101 | |
        call_base | Romashka       | New       |     | +12025550101 | |
        rework    | Romashka Trade | Refusal   | Bob | +12025550101 | |
    """)
    night = base.night(TODAY)
    assert len(of_code(night, "repeated")) == 3
    assert of_code(night, "shared_contact") == {}
