"""What the Settings tab says of a team's own names, line by line; what it cannot mean is remarked upon and left out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetsync.i18n import language
from sheetsync.method.policy import Policy, template
from sheetsync.method.settings_tab.blocks import BLOCK
from sheetsync.method.settings_tab.locate import FIRST, headings
from sheetsync.method.settings_tab.mapping import SettingsReading, adopted, places, settings_of
from sheetsync.values import Cell
from sheetsync.workbook.headings import Lookup
from sheetsync.workbook.layout import Layout, Seat, TabLayout, of_text
from sheetsync.workbook.recognition import recognise
from tests.builders.base import book_of, grid_of

RU, EN = template("ru"), template("en")


def tab_of(policy: Policy, **entries: list[tuple[str, ...]]) -> list[list[Cell]]:
    """Lay out the blocks that say what the team's own names mean, and the managers', with these lines."""
    text = language(policy.words.language).text
    rows: list[list[Cell]] = [[] for _ in range(FIRST + max(map(len, entries.values()), default=0))]
    for key in ("managers", "tabs", "columns", "words", "rules"):
        named = [text(heading) for heading in headings(BLOCK[key]).values()]
        for row, line in zip(
            rows,
            [(text(BLOCK[key].title),), (), named, *entries.get(key, []), *[()] * len(rows)],
            strict=False,
        ):
            row += [*line, *[None] * (len(named) + 1 - len(line))]
    return rows


def told(policy: Policy = RU, **entries: list[tuple[str, ...]]) -> SettingsReading:
    return settings_of(tab_of(policy, **entries), policy)


@pytest.mark.parametrize(
    ("said", "section"),
    [
        ("Рабочий список", "working"),
        ("в работе", "working"),
        ("Clients", "clients"),
        ("Смешанная", "mixed"),
        ("не трогать", None),
        ("not to be touched", None),
        ("Клиенты?", None),
    ],
)
def test_a_tab_is_the_section_that_its_line_names(said: str, section: str | None) -> None:
    (mapped,) = told(tabs=[("Наши горячие", said)]).mapped.tabs
    assert (mapped.title, mapped.section) == ("Наши горячие", section)


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ("Компания", ("company",)),
        ("Телефон, E-mail", ("phone", "email")),
        ("свой столбец", ()),
        ("Последний контакт?", ()),
        ("?", ()),
    ],
)
def test_a_heading_is_the_field_that_its_line_names(said: str, fields: tuple[str, ...]) -> None:
    (mapped,) = told(columns=[("", "Что-то", said)]).mapped.columns
    assert mapped.fields == fields


@pytest.mark.parametrize(
    ("block", "line"),
    [
        ("tabs", ("Лист1", "Полка")),
        ("columns", ("", "Что-то", "Размер обуви")),
        ("columns", ("", "Что-то", "")),
        ("columns", ("", "Что-то", "Дней")),  # the program's own
        ("words", ("Состояние", "думает", "улетел")),
        ("words", ("Погода", "дождь", "Отказ")),
        ("rules", ("Летать по ночам", "да")),
        ("rules", ("Приводить в порядок ячейки: пробелы, телефоны, даты, ИНН", "как-нибудь")),
    ],
)
def test_a_line_that_cannot_be_understood_is_explained_beside_itself(
    block: str, line: tuple[str, ...]
) -> None:
    good: dict[str, list[tuple[str, ...]]] = {
        "tabs": [("Лист2", "Клиенты")],
        "columns": [("", "Фирмочка", "Компания")],
        "words": [("Состояние", "купили", "Клиент")],
    }
    lines = {**good, block: [line, *good.get(block, [])]}
    found = told(RU, **lines)
    (remark,) = found.remarks
    left = places(tab_of(RU, **lines))[block]
    assert (remark.row, remark.column) == (FIRST, left + len(line))
    assert remark.text
    assert [m.title for m in found.mapped.tabs if m.section] == ["Лист2"]
    assert [m.heading for m in found.mapped.columns if m.fields] == ["Фирмочка"]
    assert found.words["states"] == (("купили", "client"),)


def test_the_teams_first_word_is_the_one_that_is_written_and_the_others_are_read() -> None:
    policy = adopted(
        RU,
        told(words=[("Состояние", "КП ушло", "2 контакт"), ("Состояние", "Сделка", "3 контакт")]),
    )
    assert policy.words.name("states", "contact_2") == "КП ушло"
    assert policy.words.name("states", "contact_3") == "Сделка"
    assert policy.words.name("states", "deal") != "Сделка"
    assert "2 контакт" in policy.words.states["contact_2"]


def test_a_category_of_the_teams_own_is_one_more_category() -> None:
    policy = adopted(RU, told(words=[("Категория", "Аптеки", "Аптеки")]))
    assert "аптеки" in policy.categories
    assert policy.words.name("categories", "аптеки") == "Аптеки"


def test_a_line_for_one_tab_goes_before_one_for_all() -> None:
    policy = adopted(
        RU, told(columns=[("", "Контакт", "Контактное лицо"), ("Склад", "Контакт", "Телефон")])
    )
    assert Lookup(policy, "Склад").fields("Контакт") == ("phone",)
    assert Lookup(policy, "Офис").fields("контакт ") == ("person",)


def test_spellings_of_a_manager_are_one_manager() -> None:
    policy = adopted(RU, told(managers=[("Иванов",)], words=[("Менеджер", "Ванька", "Иванов")]))
    rows: list[list[Cell]] = [
        ["Компания", "Состояние", "Менеджер", "Телефон"],
        ["А", "Отказ", "ИВАНОВ", ""],
        ["Б", "Отказ", "ванька", ""],
        ["В", "Отказ", "Петрова", ""],
        ["Г", "Отказ", "петрова", ""],
        ["Д", "Отказ", "Петрова", ""],
    ]
    base = recognise(book_of([grid_of(rows, "Клиенты")]), policy, language("ru")).base
    assert [*base["manager"]] == ["Иванов", "Иванов", "Петрова", "Петрова", "Петрова"]


def test_two_tabs_that_are_said_to_be_one_section_are_both_read() -> None:
    rows: list[list[Cell]] = [["Компания", "Состояние", "Менеджер"], ["А", "Отказ", "Иванов"]]
    policy = adopted(RU, told(tabs=[("Первый", "Клиенты"), ("Второй", "Клиенты")]))
    book = book_of(
        [grid_of(rows, "Первый", 1), grid_of(rows, "Второй", 2), grid_of(rows, "Третий", 3)]
    )
    assert [tab.section for tab in recognise(book, policy, language("ru")).tabs] == [
        "clients",
        "mixed",
    ]


@given(
    st.lists(
        st.lists(
            st.one_of(st.text(max_size=12), st.floats(), st.booleans(), st.none()), max_size=18
        ),
        max_size=8,
    )
)
def test_no_settings_tab_makes_the_reading_raise(cells: list[list[Cell]]) -> None:
    adopted(EN, settings_of(cells, EN))
    adopted(EN, settings_of([*tab_of(EN)[:FIRST], *cells], EN))


def test_a_layout_is_read_back_as_it_was_kept_and_stays_within_its_room() -> None:
    seats = {f"field {n}": Seat(n, f"Heading {n}") for n in range(30)}
    small = Layout("ru", (TabLayout("working", 7, "Рабочий", seats),))
    assert of_text(small.text()) == small
    large = Layout("ru", tuple(TabLayout(f"mixed.{n}", n, f"Лист {n}", seats) for n in range(60)))
    assert len(large.text()) < 30_000
    assert [tab.sheet_id for tab in of_text(large.text()).tabs] == [*range(60)]


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"tabs": [[1]]}', '{"language": "ru", "tabs": [["a", "b", "c", {}]]}']
)
def test_a_layout_that_cannot_be_read_is_none(text: str) -> None:
    assert of_text(text).tabs == ()
