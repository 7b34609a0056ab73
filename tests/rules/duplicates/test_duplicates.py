"""Clients that stand twice are found with their reasons, and those that only look alike are left in peace."""

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from sheetsync.i18n import language
from sheetsync.method.policy import template
from sheetsync.rules.duplicates import Pair, find, reason_text
from sheetsync.rules.duplicates import candidates as blocks
from sheetsync.rules.duplicates import company_names as names
from sheetsync.workbook.recognition import recognise
from sheetsync.workbook.snapshot import Snapshot
from tests.builders.base import book_of, grid_of
from tests.builders.twins import frame, named, places

ACCOUNTS = """
Acme Corporation,Betasoloin,Betatech,Bioholding,Bioplex,Blackzim,Bluth Company,Bubba Gump,Cancity,Cheers,Codehow,Condax,Conecom,
Dalttechnology,dambase,Domzoom,Doncon,Donquadtech,Dontechi,Donware,Fasehatice,Faxquote,Finhigh,Finjob,Funholding,Ganjaflex,
Gekko & Co,Genco Pura Olive Oil Company,Globex Corporation,Gogozoom,Golddex,Goodsilron,Green-Plus,Groovestreet,Hatfan,Hottechi,
Initech,Inity,Isdom,Iselectrics,J-Texon,Kan-code,Kinnamplus,Konex,Konmatfix,Labdrill,Lexiqvolax,Massive Dynamic,Mathtouch,Nam-zim,
Newex,Ontomedia,Opentech,Plexzap,Plusstrip,Plussunin,Rangreen,Rantouch,Ron-tech,Rundofase,Scotfind,Scottech,Silis,Singletechno,
Sonron,Stanredtax,Statholdings,Streethex,Sumace,Sunnamplex,The New York Inquirer,Toughzap,Treequote,Umbrella Corporation,
Vehement Capital Partners,Warephase,Xx-holding,Xx-zobam,Y-corporation,Yearin,Zathunicon,Zencorporation,Zoomit,Zotware,Zumgoity
"""
PHONE, OTHER_PHONE = "+79990000001", "+79990000002"


def one_tab(data: Path) -> Snapshot:
    """Read the sample of one tab under the headings and the title that its truth gives them."""
    truth, policy = (
        json.loads((data / "one-tab.truth.json").read_text(encoding="utf-8")),
        template("ru"),
    )
    workbook = openpyxl.load_workbook(data / "one-tab.xlsx", read_only=True)
    rows = [
        [cell if cell is None else str(cell) for cell in row]
        for row in workbook.worksheets[0].iter_rows(values_only=True)
    ]
    workbook.close()
    fields = {
        name: policy.words.name("columns", code)
        for name, code in truth["headers"].items()
        if code != "number"
    }
    renamed: list[list[Any]] = [[fields.get(cell or "", cell) for cell in row] for row in rows]
    read = recognise(book_of([grid_of(renamed, "Рабочий список")]), policy, language("ru"))
    grid = replace(read.tabs[0].grid, title="Лист1")
    return replace(read, tabs=(replace(read.tabs[0], grid=grid),))


def planted(data: Path, name: str) -> set[tuple[tuple[str, int], ...]]:
    truth = json.loads((data / f"{name}.truth.json").read_text(encoding="utf-8"))
    return {tuple((tab, row) for tab, row in pair) for pair in truth["duplicates"]}


@pytest.mark.parametrize("name", ["six-tabs", "one-tab"])
def test_exactly_the_planted_duplicates_of_the_samples_are_found(
    name: str, data: Path, six_tabs: Snapshot
) -> None:
    read = six_tabs if name == "six-tabs" else one_tab(data)
    at = places(read)
    found = {(at[pair.first], at[pair.second]) for pair in find(read.base)}
    assert found == planted(data, name)
    assert len(found) == 6


def pair_of(left: dict[str, Any], right: dict[str, Any]) -> tuple[str, ...] | None:
    """Return the reasons for which two rows are one client, or None."""
    found = find(frame([left, right]))
    return found[0].reasons if found else None


@pytest.mark.parametrize(
    ("left", "right", "reason"),
    [
        ("Ромашка", "ООО «Ромашка»", "company"),
        ("ОБЩЕСТВО С ОГРАНИЧЕННОЙ ОТВЕТСТВЕННОСТЬЮ “РОМАШКА”", "Ромашка, ООО", "company"),
        ("Total S.A.", "Total B.V.", "company"),
        ("Acme, Inc.", "ACME Corporation", "company"),
        ("ТОО Берёзка", "березка", "company"),
        ("Щукин и партнёры", "Щукин & партн.", "company"),
        ("Ромашка", "Romashka LLC", "similar"),
        ("Яндекс", "Yandex", "similar"),
        ("Новые", "Novye", "similar"),
        ("Қазақстан Темір", "Kazakstan Temir", "similar"),
        ("Łódź Trans", "Lodz Trans", "similar"),
        ("Строй Инвест", "Инвест-Строй", "similar"),
        ("СтройИнвест", "Строй Инвест", "similar"),
        ("Газпромбанк", "Газпромбнак", "similar"),
        ("Лидер Сервис", "Лидр Сервис", "similar"),
    ],
)
def test_one_name_written_twice_is_one_client(left: str, right: str, reason: str) -> None:
    assert pair_of({"company": left}, {"company": right}) == (reason,)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Альфа-1", "Альфа-2"),
        ("Альфа", "Альфа-2"),
        ("Вега I", "Вега II"),
        ("Мир", "Мирт"),
        ("Мир Строй", "Мирт Строй"),
        ("ИП Иванов А.", "ИП Иванова Б."),
        ("ИП Иванов А.", "ИП Иванова"),
        ("Орловский и К", "Орловская и К"),
        ("Ромашка", "Ромашка Трейд"),
        ("ООО", "ООО"),
        ("—", "—"),
    ],
)
def test_names_that_only_look_alike_are_two_clients(left: str, right: str) -> None:
    assert pair_of({"company": left}, {"company": right}) is None


def row(
    company: str | None, tax: str | None = None, phone: str | None = None, email: str | None = None
) -> dict[str, Any]:
    return {"company": company, "tax_number": tax, "phone": phone, "email": email}


@pytest.mark.parametrize(
    ("left", "right", "reasons"),
    [
        (row("Гранит", "111"), row("Сатурн", "111"), ("tax_number",)),
        (row("Гранит", "1111111111", PHONE), row("Сатурн", "2222222222", PHONE), None),
        (
            row("Гранит", "1111111111", PHONE),
            row("Гранит", "2222222222", PHONE),
            ("phone", "company"),
        ),
        (row("Гранит", "1111111111", PHONE), row("Гранит", "2222222222", OTHER_PHONE), None),
        (
            row("Гранит", "7701234567", PHONE),
            row("Граниит", "7701234576", PHONE),
            ("phone", "similar"),
        ),
        (row("Гранит Юг", "1111111111", PHONE), row("Гранит Север", "2222222222", PHONE), None),
        (row("Гранит", None, PHONE), row("Сатурн", None, PHONE), ("phone",)),
        (
            row("Гранит", None, None, "a@granit.ru"),
            row("Гранит Юг", "2", None, "b@granit.ru"),
            ("domain",),
        ),
        (
            row("Гранит", None, None, "a@granit.ru"),
            row(None, None, None, "b@granit.ru"),
            ("domain",),
        ),
        (row("Гранит", None, None, "a@granit.ru"), row("Сатурн", None, None, "b@granit.ru"), None),
        (row("Гранит", None, None, "a@mail.ru"), row("Гранит Юг", None, None, "b@mail.ru"), None),
        (row("Гранит", None, None, "a@wp.pl"), row("Гранит Юг", None, None, "b@wp.pl"), None),
        (row("Гранит", None, None, "a@mail.kz"), row("Гранит Юг", None, None, "b@mail.kz"), None),
        (
            row("Гранит", None, None, "a@mail.ru"),
            row("Сатурн", None, None, "a@mail.ru"),
            ("email",),
        ),
    ],
)
def test_contacts_count_unless_names_or_tax_numbers_contradict(
    left: dict[str, Any], right: dict[str, Any], reasons: tuple[str, ...] | None
) -> None:
    assert pair_of(left, right) == reasons


def test_a_domain_or_phone_that_many_companies_share_is_a_providers() -> None:
    firms = ["Гранит", "Гранит Юг", "Сатурн", "Нева", "Кедр", "Маяк"]
    at_one = [row(name, None, PHONE, f"{at}@example.org") for at, name in enumerate(firms)]
    assert find(frame(at_one)) == ()
    assert find(frame(at_one[:3])) != ()


def test_a_client_that_stands_often_is_paired_with_its_first_row_only() -> None:
    pairs = find(named("Кедр", *["Гранит"] * 100))
    assert [(pair.first, pair.second) for pair in pairs] == [(1, at) for at in range(2, 101)]


def test_a_row_between_two_that_contradict_each_other_is_paired_with_both() -> None:
    base = frame([row("Гранит", "1111111111"), row("Гранит", "2222222222"), row("Гранит")])
    assert [(pair.first, pair.second) for pair in find(base)] == [(0, 2), (1, 2)]


def test_opportunities_give_pairs_of_the_same_account_only() -> None:
    accounts = ACCOUNTS.replace("\n", "").split(",")
    assert len(accounts) == 85
    listed = accounts * 103
    random.Random(3).shuffle(listed)  # noqa: S311  # sample data, not secrets
    pairs = find(named(*listed))
    assert len(pairs) == 85 * 102
    assert all(listed[pair.first] == listed[pair.second] for pair in pairs)
    assert {pair.first for pair in pairs} == {listed.index(name) for name in accounts}


def test_labels_of_the_base_are_kept_and_its_columns_may_be_missing() -> None:
    base = named("Гранит", "Кедр", "Гранит").set_axis([7, 3, 5])
    assert find(base) == (Pair(7, 5, ("company",), 0.75),)
    assert find(pd.DataFrame()) == ()


def test_a_cell_with_a_whole_text_in_it_is_read_as_any_other() -> None:
    text = "договор поставки " * 2_000
    assert [pair.reasons for pair in find(named(text, text.upper(), text + "1"))] == [("company",)]


def test_more_reasons_make_surer() -> None:
    name, both, all_three = (
        find(frame([row("Гранит", *cells), row("Гранит", *cells)]))[0].score
        for cells in ((), (None, PHONE), ("1", PHONE))
    )
    assert 0 < name < both < all_three <= 1


def test_reasons_are_said_in_words() -> None:
    pair = Pair(0, 1, ("tax_number", "phone", "similar"), 0.9)
    assert (
        reason_text(pair, language("en"))
        == "the same tax number, the same phone, nearly the same name"
    )
    assert reason_text(pair, language("ru")) == "тот же ИНН, тот же телефон, почти то же название"


def test_comparisons_grow_with_the_rows_and_not_with_their_square(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Names that share all their beginnings and endings, where a comparison of each with each would take millions."""
    counted = [0]

    def nearness(left: names.CompanyName, right: names.CompanyName) -> float:
        counted[0] += 1
        return names.nearness(left, right)

    monkeypatch.setattr(blocks, "nearness", nearness)
    chance = random.Random(5)  # noqa: S311  # sample data, not secrets
    middles = ["".join(chance.choices("абвгдежзиклмнопрст", k=8)) for _ in range(8_000)]
    compared = {}
    for rows in (2_000, 8_000):
        counted[0] = 0
        find(named(*(f"Строй{middle} инвест" for middle in middles[:rows])))
        compared[rows] = counted[0]
    assert compared[8_000] <= 10 * max(compared[2_000], 2_000)
