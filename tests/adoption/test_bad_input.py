"""Whatever stands in a book, guessing ends in a proposal; what cannot be read has its code."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheetsync.values import Cell
from tests.builders.adopted import Table, codes, fields, proposed, sections
from tests.builders.draws import draws

HEADINGS: list[Cell] = ["Клиент", "Телефон", "Статус", "Менеджер"]
ROWS: Table = [
    ["ООО «Ромашка»", "89161234567", "думает", "Иванов"],
    ["ООО «Вектор»", "89161234568", "отказ", "Петрова"],
    ["ООО «Юг»", "89161234569", "клиент", "Петрова"],
]
WHOLE = {"Клиент": "company", "Телефон": "phone", "Статус": "state", "Менеджер": "manager"}


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ([], "empty"),
        ([[None, "  "], ["#REF!"]], "empty"),
        ([["", None], [""]], "pictures"),
        ([[f"Поле {at}" for at in range(600)]] * 3, "too_wide"),
        ([["просто"], ["заметки"], ["для себя"]], "no_headings"),
        (
            [["Товар", "Цена", "Количество"], ["Труба", 100.0, 5.0], ["Лист", 20.0, 7.0]],
            "not_clients",
        ),
    ],
)
def test_a_tab_that_is_left_alone_has_the_code_of_the_reason(cells: Table, reason: str) -> None:
    proposal = proposed(Лист1=cells)
    assert [tab.reason for tab in proposal.skipped] == [reason]
    assert (proposal.tabs, proposal.words, proposal.managers) == ((), (), ())


def test_a_list_of_one_client_without_headings_is_shown_and_not_sure() -> None:
    (tab,) = proposed(Лист1=[["ООО «Один»", "89161234567", "отказ"]]).tabs
    assert (tab.header, tab.rows, tab.why, tab.sure) == (-1, 1, "only_tab", False)


def test_a_book_without_tabs() -> None:
    assert proposed().tabs == ()


def test_our_own_tabs_are_left_alone() -> None:
    proposal = proposed(Журнал=[HEADINGS, *ROWS], Сводка=[HEADINGS, *ROWS])
    assert [tab.reason for tab in proposal.skipped] == ["own_tab", "own_tab"]


def test_two_headings_that_are_the_same() -> None:
    rows = [
        [*row, text, more]
        for row, text, more in zip(ROWS, ("раз", "два", "три"), ("а", "б", None), strict=True)
    ]
    columns = proposed(Лист1=[[*HEADINGS, "Комментарий", "Комментарий"], *rows]).tabs[0].columns
    assert [(column.fields, column.why, column.sure) for column in columns[-2:]] == [
        (("comment",), "alias", True),
        ((), "twice", False),
    ]


def test_second_phones_are_phones_too() -> None:
    rows = [[*row, 74951234567.0 + at] for at, row in enumerate(ROWS)]
    assert (
        fields(proposed(Лист1=[[*HEADINGS, "Доп. телефон"], *rows]).tabs[0])["Доп. телефон"]
        == "phone"
    )


def test_headings_that_come_again_and_rows_above_them() -> None:
    tab = proposed(Лист1=[ROWS[0], HEADINGS, *ROWS, HEADINGS, *ROWS]).tabs[0]
    assert (tab.header, tab.repeats, tab.above, tab.rows) == (1, (5,), (0,), 6)
    assert fields(tab) == WHOLE


def test_headings_without_rows() -> None:
    proposal = proposed(Клиенты=[HEADINGS])
    assert sections(proposal) == {"Клиенты": "clients"}
    assert fields(proposal.tabs[0]) == WHOLE


def test_cells_of_every_kind_among_the_rows() -> None:
    odd: Table = [
        ["#REF!", True, "x" * 50_000],
        ["a\nb", None, "مرحبا بالعالم", "שלום"],
        [],
        [float("nan"), float("inf"), -1e300, 0.0, "=A1"],
        ["\u200b", "😀", "№"],
    ]
    tab = proposed(Лист1=[HEADINGS, *ROWS, *ROWS, *odd]).tabs[0]
    assert fields(tab)["Телефон"] == "phone"


def test_numbers_as_headings_are_the_teams_own() -> None:
    rows = [[*row, 10.0 + at, 20.0] for at, row in enumerate(ROWS)]
    found = fields(proposed(Лист1=[[*HEADINGS, 2024.0, 2025.0], *rows]).tabs[0])
    assert found["2024"].startswith("-")
    assert {name: found[name] for name in WHOLE} == WHOLE


def test_what_the_program_writes_itself_is_never_taken_from_a_team() -> None:
    names = ["ID", "Срок", "Дней", "Проблемы", "Deadline", "Days left", "Problems"]
    rows: Table = [[*row, 7.0, 46060.0, 5.0, "нет", 46061.0, 3.0, "none"] for row in ROWS]
    tab = proposed(Лист1=[[*HEADINGS, *names], *rows]).tabs[0]
    assert {column.fields for column in tab.columns[4:]} == {()}
    assert [other.field for other in tab.columns[5].alternatives] == ["next_on"]


def test_two_tabs_of_one_section() -> None:
    clients: Table = [[row[0], row[1], "клиент", row[3]] for row in ROWS]
    proposal = proposed(Клиенты=[HEADINGS, *clients], Покупатели=[HEADINGS, *clients[:2]])
    assert sections(proposal) == {"Клиенты": "clients", "Покупатели": "mixed"}
    assert [tab.why for tab in proposal.tabs] == ["title+states", "taken"]


def test_words_are_counted_over_all_rows_and_unknown_ones_have_no_code() -> None:
    rows: Table = [
        ["ООО «К»", f"+7916{at:07d}", "думает" if at % 2 else "не берут трубку", "Ким"]
        for at in range(4000)
    ]
    proposal = proposed(Лист1=[HEADINGS, *rows])
    assert [(word.word, word.count) for word in proposal.words] == [
        ("думает", 2000),
        ("не берут трубку", 2000),
    ]
    assert codes(proposal) == {"думает": "contact_2", "не берут трубку": None}


@pytest.mark.parametrize(
    ("names", "people"),
    [
        (["Иванов", "Иванов", "иванов ", "Иванов И."], [("Иванов", False)]),
        (["Иванов", "Иванова"], [("Иванов", True), ("Иванова", True)]),
        (
            ["Иванов", "Иванов А.", "Иванов Б."],
            [("Иванов", True), ("Иванов А.", True), ("Иванов Б.", True)],
        ),
        (["Сидоренко", "Сидоренко", "Сидроенко"], [("Сидоренко", False)]),
    ],
)
def test_who_is_one_manager_and_who_is_two(
    names: list[str], people: list[tuple[str, bool]]
) -> None:
    rows: Table = [["ООО «К»", f"+7916000000{at}", "думает", name] for at, name in enumerate(names)]
    found = proposed(Лист1=[HEADINGS, *rows]).managers
    assert sorted((who.name, who.sure) for who in found) == sorted(people)


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(
        [
            "Компания",
            "Статус",
            "Телефон",
            "новый",
            "89161234567",
            "a@b.ru",
            "#REF!",
            "=A1",
            "01.02.2026",
        ]
    ),
)


@settings(max_examples=draws(150), deadline=None)
@given(st.lists(st.lists(CELLS, max_size=6), max_size=9), st.text(max_size=8))
def test_no_cells_and_no_title_make_it_fail(cells: Table, title: str) -> None:
    proposal = proposed(**{title: cells})
    assert len(proposal.tabs) + len(proposal.skipped) == 1
    assert all(0 <= column.confidence <= 1 for tab in proposal.tabs for column in tab.columns)


def test_zeros_that_stand_for_no_day_are_dates_and_no_phones() -> None:
    dates = ["0000-00-00", "0000-00-00", "2026-02-14"]
    rows = [[*row, day] for row, day in zip(ROWS, dates, strict=True)]
    assert fields(proposed(Лист1=[[*HEADINGS, "Посл. контакт"], *rows]).tabs[0]) == {
        **WHOLE,
        "Посл. контакт": "last_contact",
    }
    assert fields(proposed(Лист1=[[*HEADINGS, "Вот"], *rows]).tabs[0])["Вот"] == "-"
