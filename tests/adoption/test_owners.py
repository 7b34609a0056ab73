"""Whose clients stand on a tab or below a row, as its title or the row says; what is asked of it."""

import pytest

from sheetsync.adoption import Proposal
from sheetsync.adoption.questions import answered, questions
from sheetsync.adoption.settings_entries import entries
from sheetsync.i18n import language
from tests.builders.adopted import proposed

EN = language("en")
CLIENTS = """
Company | Phone | Status | Last contact
Acme Ltd | +1 202 555 0101 | Contact 1 | 46000
Birch Ltd | +1 202 555 0102 | Contact 2 | 46001
Cedar Ltd | +1 202 555 0103 | Refusal | 46002
"""
MANAGED = """
Company | Phone | Status | Manager
Dogwood Ltd | +1 202 555 0104 | Contact 1 | Иванов
Elm Ltd | +1 202 555 0105 | Contact 2 | Петрова
Fir Ltd | +1 202 555 0106 | Contact 1 | Иванов
Gum Ltd | +1 202 555 0107 | Contact 2 | Петрова
"""


def owners(proposal: Proposal) -> dict[str, str]:
    """Return title -> manager, a question mark behind one who is asked about."""
    return {
        tab.title: tab.owner + ("" if tab.owner_sure else "?") for tab in proposal.tabs if tab.owner
    }


@pytest.mark.parametrize(
    ("titles", "managers"),
    [
        (("Иванов", "Петрова", "Ким", "Архив"), ["Иванов", "Петрова", "Ким"]),
        (("Иванов И.И.", "Сидоренко Анна", "Общая база"), ["Иванов И.И.", "Сидоренко Анна"]),
        (("Baker", "Smith"), ["Baker", "Smith"]),
        (("Anna", "Tom", "Leads"), ["Anna", "Tom"]),
        (("García", "López"), ["García", "López"]),
        (("Müller", "Schmidt"), ["Müller", "Schmidt"]),
        (("Baker (active)", "Manager: Smith"), ["Baker", "Smith"]),
        (("Иванов 2026", "Петрова 2026"), ["Иванов", "Петрова"]),
        (("Клиенты Иванова", "База"), ["Иванова?"]),
        (("Quark", "Zorbo"), ["Quark?", "Zorbo?"]),
        (("Leads", "Customers"), []),
        (("Москва", "Казань"), []),
        (("January", "February"), []),
        (("Elif Demir", "Arşiv"), ["Elif Demir"]),
        (("Schmidt", "Archiv", "Kunden neu"), ["Schmidt"]),
        (("Sheet1", "Sheet2"), []),
        (("Clients",), []),
        (("Клиентская база",), []),
        (("База клиентов", "Московская область"), []),
        (("Список партнёров", "Клиенты партнёров"), []),
    ],
)
def test_a_title_that_is_a_name_tells_the_manager_of_a_tab_without_managers(
    titles: tuple[str, ...], managers: list[str]
) -> None:
    tabs = {title.replace(" ", "_"): CLIENTS for title in titles}
    assert [*owners(proposed(**tabs)).values()] == managers


def test_a_title_means_the_manager_whom_rows_of_other_tabs_name() -> None:
    proposal = proposed(Работа=MANAGED, Отказы_Петровой=CLIENTS, Иванов=CLIENTS)
    assert owners(proposal) == {"Отказы Петровой": "Петрова", "Иванов": "Иванов"}
    assert [manager.name for manager in proposal.managers] == ["Иванов", "Петрова"]
    assert ("Менеджер", "Отказы Петровой", "Петрова") in entries(proposal, language("ru"))[
        "words"
    ] or ("Manager", "Отказы Петровой", "Петрова") in entries(proposal, EN)["words"]


def test_a_tab_whose_rows_name_managers_is_nobodys_by_its_title() -> None:
    assert owners(proposed(Baker=MANAGED, Smith=MANAGED)) == {}


@pytest.mark.parametrize(
    "nobody", ["Unassigned", "Не назначен", "(No owner)", "Sin asignar", "нет", "—"]
)
def test_words_for_nobody_are_no_manager(nobody: str) -> None:
    rows = MANAGED + f"Hazel Ltd | +1 202 555 0108 | Contact 1 | {nobody}\n" * 5
    assert [manager.name for manager in proposed(Работа=rows).managers] == ["Иванов", "Петрова"]


@pytest.mark.parametrize("yes", [True, False])
def test_who_may_be_a_manager_is_asked_and_the_answer_settles_the_tab(*, yes: bool) -> None:
    proposal = proposed(Quark=CLIENTS, Zorbo=CLIENTS)
    assert [tab.sure for tab in proposal.tabs] == [False, False]
    asked = [question for question in questions(proposal, EN) if question.kind == "owner"]
    assert [question.text for question in asked] == [
        "Are the clients of the tab “Quark” (3 rows) those of the manager Quark?",
        "Are the clients of the tab “Zorbo” (3 rows) those of the manager Zorbo?",
    ]
    for question in asked:
        proposal = answered(proposal, question, question.choices[0 if yes else 1].value)
    assert owners(proposal) == ({"Quark": "Quark", "Zorbo": "Zorbo"} if yes else {})
    assert [tab.sure for tab in proposal.tabs] == [True, True]
    assert [manager.name for manager in proposal.managers] == (["Quark", "Zorbo"] if yes else [])


def test_of_several_names_in_a_cell_the_first_is_suggested_and_an_answer_settles_it() -> None:
    lines = MANAGED + "Hazel Ltd | +1 202 555 0108 | Contact 1 | Петрова, Сидоров\n"
    proposal = proposed(Работа=lines)
    assert [manager.name for manager in proposal.managers] == ["Петрова", "Иванов"]
    [asked] = [question for question in questions(proposal, EN) if question.kind == "several"]
    assert asked.text == "“Петрова, Сидоров” names several people (1 row): whose client is it?"
    assert [choice.label for choice in asked.choices] == [
        "Петрова",
        "Сидоров",
        "I do not know yet",
    ]
    settled = answered(proposal, asked, asked.choices[1].value)
    assert [manager.name for manager in settled.managers] == ["Петрова", "Иванов", "Сидоров"]
    assert [(cell.owner, cell.sure) for cell in settled.several] == [("Сидоров", True)]


@pytest.mark.parametrize(
    ("first", "second"),
    [("Baker", "Smith"), ("Manager: Quark", "Manager: Zorbo"), ("Иванов (2)", "Петрова (2)")],
)
def test_names_in_lone_rows_are_the_managers_of_the_rows_below(first: str, second: str) -> None:
    lines = f"""
Company | Phone | Status | Last contact
{first} | | |
Acme Ltd | +1 202 555 0101 | Contact 1 | 46000
Birch Ltd | +1 202 555 0102 | Contact 2 | 46001
Total | | | 2
{second} | | |
Cedar Ltd | +1 202 555 0103 | Refusal | 46002
Dogwood Ltd | +1 202 555 0104 | Refusal | 46002
"""
    proposal = proposed(Sales=lines)
    [tab] = proposal.tabs
    assert tab.rows == 4
    names = [first.removeprefix("Manager: "), second.removeprefix("Manager: ")]
    assert [manager.name for manager in proposal.managers] == [
        name.removesuffix(" (2)") for name in names
    ]
    assert [row.text for row in tab.passed] == [first, "Total", second]


def test_a_client_who_is_a_person_and_has_nothing_but_a_name_is_no_manager() -> None:
    lines = """
Company | Phone | Status | Last contact
John Baker | +1 202 555 0101 | Contact 1 | 46000
Mary Smith | | |
Paul Jones | +1 202 555 0103 | Refusal | 46002
Anna Brown | | |
Tom Hill | +1 202 555 0105 | Refusal | 46002
"""
    proposal = proposed(Sales=lines)
    assert proposal.managers == ()
    assert proposal.tabs[0].passed == ()


def test_of_an_empty_column_it_is_asked_what_it_is_for() -> None:
    proposal = proposed(
        Leads="""
Company | Phone | Status | Not
Acme Inc | +1 202-555-0152 | New |
Globex LLC | +1 202-555-0153 | New |
Initech Ltd | +1 202-555-0154 | New |
"""
    )
    [asked] = [question for question in questions(proposal, EN) if question.kind == "column"]
    assert asked.text == "What is the empty column “Not” of “Leads” for?"
