"""How a tab becomes rows: headings found, columns missing or doubled, cells that cannot be read, and a real base."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from pydantic import ValidationError

from sheetsync.enforcer import decide
from sheetsync.errors import BookUnrecognised
from sheetsync.i18n import language
from sheetsync.method.policy import template
from sheetsync.method.terms import Mapped, MappedColumn
from sheetsync.schema import Client, Faulty, client, explain
from sheetsync.values import CellFault
from sheetsync.workbook import last_run_state as state_tab
from sheetsync.workbook.headings import Lookup, headings_in
from sheetsync.workbook.layout import Seat
from sheetsync.workbook.recognition import recognise
from sheetsync.workbook.snapshot import Book, Grid, Row, Snapshot, as_date

if TYPE_CHECKING:
    from tests.builders.base import Base

EN = template("en")
TODAY = date(2026, 3, 2)
HEADINGS: Row = ["Company", "State", "Manager", "Phone"]
ACME: Row = ["Acme", "New", "Ann", "+1 202 555 0101"]


def book(**tabs: list[Row]) -> Book:
    grids = [
        Grid(at, name.replace("_", " "), at, 1000, 26, rows)
        for at, (name, rows) in enumerate(tabs.items())
    ]
    return Book("book", "Base", "en_US", "UTC", tuple(grids))


def recognised(**tabs: list[Row]) -> Snapshot:
    return recognise(book(**tabs), EN, language("en"))


def codes(snapshot: Snapshot, today: date = TODAY) -> list[tuple[str, str, int, str]]:
    found = decide(replace(snapshot, state=state_tab.empty()), EN, today).problems
    return [(problem.code, problem.tab, problem.row, problem.column) for problem in found]


def test_headings_are_found_below_title_rows() -> None:
    tab = recognised(
        Working_list=[["Our clients, 2026"], [], [None, "as of today"], HEADINGS, ACME]
    ).tab["working"]
    assert (tab.header, tab.end) == (3, 5)
    assert tab.frame[["row", "company", "state", "phone"]].to_dict("records") == [
        {"row": 5, "company": "Acme", "state": "new", "phone": "+12025550101"}
    ]


def test_headings_are_known_by_any_spelling_and_in_any_order() -> None:
    tab = recognised(
        working=[["ТЕЛЕФОН", "Favourite cake", "e-MAIL", " company  name ", "Стадия"]]
    ).tab["working"]
    assert dict(tab.fields) == {"phone": 0, "email": 2, "company": 3, "state": 4}
    assert tab.heading("company", EN) == "company name"
    assert tab.heading("deadline", EN) == "Deadline"


def test_blank_rows_are_no_clients_and_a_row_of_faults_is_one() -> None:
    rows: list[Row] = [
        HEADINGS,
        ACME,
        [None, None],
        ["", " ", "", ""],
        [None, "nonsense"],
        ["Beta", "New"],
    ]
    frame = recognised(Working_list=rows).tab["working"].frame
    assert frame["row"].tolist() == [2, 5, 6]


def test_a_missing_column_is_one_finding_not_one_per_row() -> None:
    rows: list[Row] = [
        ["Company", "State", "Phone"],
        *(
            [name, "Contact 1", f"+1 202 555 01{number:02}"]
            for number, name in enumerate(["Aspen", "Birch", "Cedar", "Dogwood", "Elm", "Fir"])
        ),
    ]
    found = sorted(codes(recognised(Working_list=rows)))
    assert found == [
        ("no_column", "Working list", 0, "Contact person"),
        ("no_column", "Working list", 0, "Last contact"),
        ("no_column", "Working list", 0, "Manager"),
        ("no_column", "Working list", 0, "Next step"),
        ("no_column", "Working list", 0, "Next step on"),
    ]


def test_phone_or_email_is_enough() -> None:
    rows: list[Row] = [
        ["Company", "State", "Manager", "E-mail"],
        ["Acme", "New", "Ann", "a@b.com"],
        ["Beta", "New", "Ann", None],
    ]
    assert codes(recognised(Working_list=rows)) == [("no_contact", "Working list", 3, "E-mail")]


def test_a_heading_row_that_stands_again_is_no_client_and_is_told() -> None:
    snapshot = recognised(Working_list=[HEADINGS, ACME, HEADINGS, ACME], Clients=[HEADINGS])
    assert list(snapshot.tab["working"].frame["row"]) == [2, 4]
    [problem] = snapshot.problems
    assert (problem.code, problem.tab, problem.severity) == (
        "headings_twice",
        "Working list",
        "warning",
    )
    assert problem.message == "The headings stand again in 1 row below; it is not read as a client."


def test_of_a_doubled_column_the_first_is_read() -> None:
    snapshot = recognised(Working_list=[[*HEADINGS, "company"], [*ACME, "Other"]])
    assert [(problem.code, problem.column) for problem in snapshot.problems] == [
        ("column_twice", "Company")
    ]
    assert snapshot.tab["working"].frame["company"].tolist() == ["Acme"]


def test_two_headings_of_one_field_are_named_as_they_stand() -> None:
    snapshot = recognised(Working_list=[[*HEADINGS, "Client name"], [*ACME, "Other"]])
    assert [problem.message for problem in snapshot.problems] == [
        "“Company” and “Client name” mean the same; only “Company” is read."
    ]


def test_a_heading_of_two_fields_that_stands_twice_with_a_column_for_each_is_no_finding() -> None:
    # The team says that “Contact” holds a person and an e-mail; each has a column of its own.
    mapped = MappedColumn(heading="Contact", fields=("person", "email"))
    policy = EN.model_copy(update={"mapped": Mapped(columns=(mapped,))})
    cells = ["Company", "State", "Contact", "Contact"]
    seats = {"person": Seat(2, "Contact"), "email": Seat(3, "Contact")}
    headings = headings_in(cells, 0, Lookup(policy), seats)
    assert (headings.fields["person"], headings.fields["email"]) == (2, 3)
    assert headings.doubled == ()


def test_two_tabs_of_one_section_are_reported_and_the_first_is_read() -> None:
    snapshot = recognised(Working_list=[HEADINGS, ACME], Pipeline=[HEADINGS])
    assert [(problem.code, problem.tab) for problem in snapshot.problems] == [
        ("section_twice", "Pipeline")
    ]
    assert snapshot.tab["working"].title == "Working list"


def test_sections_stand_in_the_order_of_the_method() -> None:
    snapshot = recognised(Clients=[HEADINGS, ACME], Cake=[["x"]], Working_list=[HEADINGS, ACME])
    assert [tab.section for tab in snapshot.tabs] == ["working", "clients"]
    assert snapshot.base["section"].tolist() == ["working", "clients"]


def test_a_book_without_sections_is_refused_with_what_to_do() -> None:
    with pytest.raises(BookUnrecognised) as refused:
        recognised(Sheet1=[HEADINGS, ACME])
    assert refused.value.message == "No tab of “Base” is a known section. Its tabs: “Sheet1”."
    assert "“Working list”" in refused.value.fix
    assert "sheetsync init" in refused.value.fix


def test_a_section_without_headings_is_refused_with_what_to_do() -> None:
    with pytest.raises(BookUnrecognised) as refused:
        recognised(Working_list=[["just", "words"]])
    assert "Put headings such as “Company” and “State” into its first row." in refused.value.message
    assert refused.value.fix


@pytest.mark.parametrize("rows", [[], [[]], [[None]], [[""] * 5] * 20])
def test_an_empty_tab_is_refused(rows: list[Row]) -> None:
    with pytest.raises(BookUnrecognised):
        recognised(Working_list=rows)


@pytest.mark.parametrize(
    ("column", "cell", "code", "severity", "message"),
    [
        (
            "Company",
            "#REF!",
            "cell_error",
            "warning",
            "Company: the formula gives #REF!. Mend the formula",
        ),
        (
            "State",
            "#N/A",
            "unknown_state",
            "error",
            "State: “#N/A” is not a known word. Accepted: New, Contact 1,",
        ),
        (
            "State",
            "Contcat 1",
            "unknown_state",
            "error",
            "State: “Contcat 1” is not a known word. Perhaps “Contact 1”?",
        ),
        (
            "Label",
            "gigantic!",
            "unknown_label",
            "error",
            "Label: “gigantic!” is not a known word. Accepted: Large client,",
        ),
        (
            "Work began",
            "yesterday",
            "relative_date",
            "error",
            "Work began: “yesterday” means another day every day. Write",
        ),
        (
            "Last contact",
            "31.02.2026",
            "no_such_day",
            "warning",
            "Last contact: “31.02.2026”: there is no such day.",
        ),
        (
            "Last contact",
            "12 May",
            "no_year",
            "warning",
            "Last contact: “12 May”: the year is missing. Write it as",
        ),
        (
            "Last contact",
            "01.01.0190",
            "odd_year",
            "warning",
            "Last contact: “01.01.0190”: the year is out of",
        ),
        (
            "Deal amount",
            "lots",
            "not_an_amount",
            "warning",
            "Deal amount: “lots” is not a sum of money.",
        ),
        (
            "Probability",
            "high",
            "not_a_share",
            "warning",
            "Probability: “high” is not a probability.",
        ),
        ("Phone", "ask", "not_a_phone", "warning", "Phone: “ask” is not a phone number."),
        ("E-mail", "ask", "not_an_email", "warning", "E-mail: “ask” is not an e-mail address."),
    ],
)
def test_a_bad_cell_gets_a_sentence_and_what_to_do(
    column: str, cell: str, code: str, severity: str, message: str
) -> None:
    headings: Row = [
        "Company",
        "State",
        "Manager",
        "Phone",
        "E-mail",
        "Label",
        "Work began",
        "Last contact",
        "Deal amount",
        "Probability",
    ]
    row = [cell if heading == column else None for heading in headings]
    snapshot = replace(recognised(Working_list=[headings, row]), state=state_tab.empty())
    plan = decide(snapshot, EN, TODAY)
    [problem] = [found for found in plan.problems if found.code == code]
    assert (problem.row, problem.column, problem.severity) == (2, column, severity)
    assert f"{problem.message} {problem.fix}".startswith(message)
    assert plan.moves == ()


def test_a_bad_tax_number_is_explained() -> None:
    message, fix = explain(
        Faulty(2, "tax_number", "ask", CellFault("not_a_tax_number")),
        "Tax number",
        EN,
        language("en"),
    )
    assert (message, fix) == ("Tax number: “ask” is not a tax number.", "It has 10 or 12 digits.")


def test_a_cell_of_the_programs_own_column_is_no_finding(play: "type[Base]") -> None:
    base = play("""
        section | company | state | manager | phone           | deadline | days_left
        working | Acme    | New   | Ann     | +1 202 555 0101 | soon     | a few
    """)
    assert base.night("2026-03-02").codes == {}
    base.shows("""
        company | deadline | days_left
        Acme    | soon     | a few
    """)


# The 630 rows of a real-looking Russian base, against what their author meant by each cell.


@pytest.fixture(scope="module")
def truth(data: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((data / "six-tabs.truth.json").read_text(encoding="utf-8"))
    return read


def test_every_row_of_the_sample_base_is_read_and_nothing_else(
    six_tabs: Snapshot, truth: dict[str, Any]
) -> None:
    places = sorted(zip(six_tabs.base["section"], six_tabs.base["row"], strict=True))
    assert places == sorted((row["section"], row["row"]) for row in truth["rows"])
    assert six_tabs.problems == ()
    assert [fault for tab in six_tabs.tabs for fault in tab.faulty] == []
    assert {tab.title: tab.section for tab in six_tabs.tabs} == truth["tabs"]


@pytest.mark.parametrize(
    "name",
    ["state", "label", "phone", "tax_number", "email", "manager", "person", "company", "next_step"],
)
def test_words_and_numbers_of_the_sample_base_are_read_as_meant(
    six_tabs: Snapshot, truth: dict[str, Any], name: str
) -> None:
    found = {(row["section"], row["row"]): row[name] for row in six_tabs.base.to_dict("records")}
    assert found == {(row["section"], row["row"]): row[name] for row in truth["rows"]}


@pytest.mark.parametrize("name", ["began", "last_contact", "next_on"])
def test_dates_of_the_sample_base_are_read_as_meant(
    six_tabs: Snapshot, truth: dict[str, Any], name: str
) -> None:
    found = {
        (row["section"], row["row"]): as_date(row[name]) for row in six_tabs.base.to_dict("records")
    }
    meant = {
        (row["section"], row["row"]): date.fromisoformat(row[name]) if row[name] else None
        for row in truth["rows"]
    }
    assert found == meant


def test_amounts_of_the_sample_base_are_read_as_written(
    six_tabs: Snapshot, truth: dict[str, Any]
) -> None:
    """The file's author meant 120000.5 in 35 cells and wrote “120 000 руб.” there: half a rouble was lost in the writing."""
    found = {
        (row["section"], row["row"]): row["amount"] for row in six_tabs.base.to_dict("records")
    }
    off = 0
    for row in truth["rows"]:
        read, meant = found[row["section"], row["row"]], row["amount"]
        assert (
            pd.isna(read)
            if meant is None
            else abs(read - meant) <= (0.5 if meant == 120000.5 else 0)
        )
        off += meant is not None and read != meant
    assert off == 35


def test_every_row_of_the_sample_base_keeps_the_contract(
    six_tabs: Snapshot, truth: dict[str, Any]
) -> None:
    found = {(row["section"], row["row"]): client(row) for row in six_tabs.base.to_dict("records")}
    meant = {(row["section"], row["row"]): row for row in truth["rows"]}
    assert {at: (c.state, c.label, c.phone, c.tax_number) for at, c in found.items()} == {
        at: (row["state"], row["label"], row["phone"], row["tax_number"])
        for at, row in meant.items()
    }
    assert {at: c.next_on and c.next_on.isoformat() for at, c in found.items()} == {
        at: row["next_on"] for at, row in meant.items()
    }


def test_the_contract_and_the_columns_of_the_method_are_the_same_fields() -> None:
    assert set(Client.model_fields) == set(template("ru").column)


@pytest.mark.parametrize("lacking", ["company", "state"])
def test_a_row_without_what_makes_it_a_client_breaks_the_contract(lacking: str) -> None:
    with pytest.raises(ValidationError, match=lacking):
        client({"company": "Acme", "state": "new", lacking: None})


def test_a_tab_of_the_sections_own_name_comes_before_one_that_only_sounds_like_it() -> None:
    snapshot = recognised(Our_clients=[HEADINGS, ACME], Clients=[HEADINGS, ACME])
    assert [tab.title for tab in snapshot.tabs] == ["Clients"]
    assert [(problem.code, problem.tab) for problem in snapshot.problems] == [
        ("section_twice", "Our clients")
    ]
