"""Two weeks of a team under pressure, through the spreadsheet, in both languages: what is typed gets nobody around the method.

Each story is one company of a list of Baker's, small unless said otherwise (14 days), in work since 1 March.
"""

from dataclasses import dataclass, field

import pytest

from tests.builders.desk import EDITOR
from tests.builders.team import Team

BEGAN = "2026-03-01"
STORIES = {
    "Alder": "chooses clients on expiry",
    "Birch": "is cut into clients without a payment",
    "Cedar": "is called new again",
    "Dogwood": "gets words for a state",
    "Elm": "gets a larger label",
    "Fir": "is refused without a reason",
    "Gum": "is paid",
    "Hazel": "loses its ID",
    "Ivy": "comes back from rework",
}
NIGHTS = ("2026-03-03", "2026-03-07", "2026-03-13", "2026-03-14", "2026-03-15", "2026-03-16")


@dataclass
class Fortnight:
    """What stood where after each night, by day and company; and the spreadsheet as it is at the end."""

    team: Team
    stood: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict)
    problems: dict[str, dict[str, str]] = field(default_factory=dict)
    revision: dict[str, str] = field(default_factory=dict)
    summary: dict[str, str] = field(default_factory=dict)

    def play(self, day: str) -> None:
        """Play a night and note what stands where."""
        self.team.night(day)
        self.stood[day] = {company: self.team.stands(company) for company in STORIES}
        self.problems[day] = {
            company: str(self.team.read(company, "problems")) for company in STORIES
        }
        self.revision[day] = self.team.shown("revision")
        self.summary[day] = self.team.shown("summary")


@pytest.fixture(scope="module", params=["en", "ru"])
def fortnight(request: pytest.FixtureRequest) -> Fortnight:
    team = Team(request.param)
    for number in range(30):
        team.join("clients", f"Old client {number}", state="client", manager="Young")
    for company in ("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Hazel"):
        team.join("working", company, began=BEGAN, last_contact=BEGAN)
    team.join("working", "Gum", state="deal", amount=1000, invoice_on=BEGAN, began=BEGAN)
    team.join("rework", "Ivy", state="refusal", refusal_reason="no_money", return_on="2026-06-01")
    played = Fortnight(team)
    played.play("2026-03-02")
    team.put("Alder", on_expiry="clients")
    team.put("Birch", state="client")
    team.cut("Birch", "clients")
    team.put("Fir", state="refusal")
    team.put("Gum", state="deal_support", paid_on="2026-03-03")
    team.put("Ivy", state="contact_1")
    played.play("2026-03-03")
    team.put("Cedar", state="new")
    team.put("Gum", state="client")
    team.put("Elm", label="large")
    title, row = team.place("Hazel")
    team.write(EDITOR, title, row, [""], team.tabs()[title][0].index("ID"))
    played.play("2026-03-07")
    team.put("Dogwood", state="waiting for their director, he is away")
    for day in NIGHTS[2:]:
        played.play(day)
    return played


def where(fortnight: Fortnight, company: str) -> dict[str, str]:
    """Return section by day."""
    return {day: stood[company][0] for day, stood in fortnight.stood.items()}


@pytest.mark.parametrize("company", ["Alder", "Cedar", "Dogwood", "Elm", "Hazel"])
def test_nothing_that_is_typed_gives_a_company_more_than_its_days(
    fortnight: Fortnight, company: str
) -> None:
    stood = where(fortnight, company)
    assert {stood[day] for day in ("2026-03-02", "2026-03-03", "2026-03-07", "2026-03-15")} == {
        "working"
    }
    assert stood["2026-03-16"] in ("strategic", "rework")


@pytest.mark.parametrize("company", ["Alder", "Birch"])
def test_a_sale_without_a_payment_is_none(fortnight: Fortnight, company: str) -> None:
    words = fortnight.team.words
    assert fortnight.stood["2026-03-16"][company] == ("strategic", "strategic_reserve")
    named = (
        words.name("sections", "clients")
        if company == "Alder"
        else words.name("columns", "paid_on")
    )
    assert named in fortnight.problems["2026-03-03"][company]


def test_a_company_cut_into_clients_hears_where_it_goes_and_stands_among_unproved_sales(
    fortnight: Fortnight,
) -> None:
    archive = fortnight.team.words.name("sections", "strategic")
    assert archive in fortnight.problems["2026-03-13"]["Birch"]
    lines = [line for line in fortnight.revision["2026-03-13"].splitlines() if "Birch" in line]
    assert any("sold_unproved" in line for line in lines)
    asked = [line for line in fortnight.summary["2026-03-13"].splitlines() if "Birch" in line]
    assert any(line.startswith("decide:") for line in asked)


def test_a_paid_company_is_the_one_sale_of_its_day(fortnight: Fortnight) -> None:
    assert fortnight.stood["2026-03-07"]["Gum"] == ("clients", "client")
    sold = {
        day: next(line for line in lines.splitlines() if line.startswith("periods:sold·"))
        for day, lines in fortnight.summary.items()
    }
    assert sold["2026-03-03"].split(" | ")[2] == "1"
    assert sold["2026-03-16"].split(" | ")[2] == "0"


def test_a_refusal_without_a_reason_goes_to_rework_after_three_days(fortnight: Fortnight) -> None:
    assert fortnight.stood["2026-03-03"]["Fir"] == ("working", "refusal")
    assert fortnight.stood["2026-03-07"]["Fir"] == ("rework", "refusal")
    words = fortnight.team.words
    assert fortnight.team.read("Fir", "refusal_reason") == words.name("reasons", "not_given")


def test_who_comes_back_from_rework_begins_a_round_without_the_old_reason(
    fortnight: Fortnight,
) -> None:
    team = fortnight.team
    assert fortnight.stood["2026-03-03"]["Ivy"] == ("working", "contact_1")
    assert (team.read("Ivy", "refusal_reason"), team.read("Ivy", "return_on")) == ("", "")
    assert team.words.name("reasons", "no_money") in team.told("journal", "Ivy")


def test_a_larger_label_lengthens_nothing_and_says_until_when(fortnight: Fortnight) -> None:
    assert "15" in fortnight.problems["2026-03-07"]["Elm"]
    assert "Elm" in fortnight.revision["2026-03-13"]


def test_a_step_back_stays_on_the_revision_though_the_company_has_left(
    fortnight: Fortnight,
) -> None:
    lines = fortnight.revision["2026-03-16"].splitlines()
    assert [line for line in lines if "backward_step" in line and "Cedar" in line]


def test_what_cannot_be_read_says_on_which_day_the_row_moves(fortnight: Fortnight) -> None:
    assert "16" in fortnight.problems["2026-03-13"]["Dogwood"]


def test_a_second_run_of_the_last_day_writes_nothing(fortnight: Fortnight) -> None:
    assert not fortnight.team.night("2026-03-16").wrote
