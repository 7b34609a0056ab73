"""What holds of cells of every type: nothing is empty, texts stay texts, words are known, and no cell makes a reader raise."""

import json
import math
from collections import defaultdict
from pathlib import Path
from typing import get_args

import openpyxl
import pytest
from hypothesis import given, settings

from sheetsync.method.policy import template
from sheetsync.method.terms import FieldType
from sheetsync.method.vocabulary import DICTIONARIES, dictionary
from sheetsync.values import (
    NOTHING,
    PLAIN,
    Cell,
    Hint,
    Home,
    Reading,
    canonical,
    clean,
    emails,
    fold,
    hint_of,
    phones,
    reader,
    suggest,
)
from tests.builders.growth import growth
from tests.builders.reading import CELLS, RU, fault, read


@pytest.mark.parametrize("cell", [None, "", "   ", "\u00a0"])
@pytest.mark.parametrize("kind", sorted(get_args(FieldType)))
def test_an_empty_cell_is_empty_in_every_column(kind: str, cell: Cell) -> None:
    assert read(kind, cell) == Reading(None)


def test_text_is_trimmed_and_a_formula_error_is_none() -> None:
    assert read("text", "  ООО   «Ромашка» ") == Reading("ООО «Ромашка»")
    assert read("text", 5.0) == Reading("5")
    assert fault("text", "#REF!") == "cell_error"


@pytest.mark.parametrize(
    "cell", ["=1+1", "+7", "@x", "+7 912 345-67-89", "нет", "n/a", "?", "46022", "TRUE"]
)
def test_what_looks_like_something_else_stays_a_text(cell: Cell) -> None:
    assert read("text", cell) == Reading(cell)


@pytest.mark.parametrize("cell", ["-", "—", "–", " — ", "--", "−"])
@pytest.mark.parametrize(
    "kind",
    ["text", "manager", "phone", "email", "tax_number", "date", "amount", "share", "integer"],
)
def test_a_lone_dash_is_nothing(kind: str, cell: Cell) -> None:
    assert read(kind, cell) == Reading(None)


@pytest.mark.parametrize("cell", [*sorted(NOTHING), "Нет.", "Н/Д", "Б/Н", "N/A", "None"])
@pytest.mark.parametrize("region", ["RU", "US"])
@pytest.mark.parametrize(
    "kind", ["phone", "email", "tax_number", "date", "amount", "share", "integer"]
)
def test_what_says_that_nothing_is_known_is_empty(kind: str, region: str, cell: Cell) -> None:
    assert read(kind, cell, region) == Reading(None)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("да", True),
        ("Да.", True),
        ("YES", True),
        ("+", True),
        (True, True),
        (1, True),
        ("есть", True),
        ("✓", True),
        ("нет", False),
        ("No", False),
        ("-", False),
        (False, False),
        (0, False),
        ("?", None),
        ("н/д", None),
    ],
)
def test_yes_and_no_are_read_in_both_languages(cell: Cell, value: bool | None) -> None:  # noqa: FBT001  # a table's column
    found = read("flag", cell)
    assert found == Reading(value)
    assert found.value is value


@pytest.mark.parametrize("cell", ["может быть", 2, "да нет", 0.5])
def test_what_is_neither_yes_nor_no_is_a_fault(cell: Cell) -> None:
    assert fault("flag", cell) == "not_a_flag"


def test_every_spelling_of_the_sample_base_is_understood(data: Path) -> None:
    """The states and labels of its 630 rows, spelling by spelling."""
    truth = json.loads((data / "six-tabs.truth.json").read_text(encoding="utf-8"))
    book = openpyxl.load_workbook(data / "six-tabs.xlsx", read_only=True)
    sheets = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}
    spelt: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for row in truth["rows"]:
        cells = dict(zip(sheets[row["tab"]][0], sheets[row["tab"]][row["row"] - 1], strict=True))
        spelt["state", row["state"]].add(str(cells["Состояние"]))
        spelt["label", row["label"]].add(str(cells["Метка"]))
    book.close()
    assert sum(map(len, spelt.values())) == 40
    for (kind, code), spellings in spelt.items():
        for word in spellings:
            assert read(kind, word) == Reading(code), word


@pytest.mark.parametrize(
    ("kind", "cell", "code"),
    [
        ("state", "НОВЫЙ КЛИЕНТ", "new"),
        ("state", "новый  клиент.", "new"),
        ("state", "контакт № 2", "contact_2"),
        ("state", "2к", "contact_2"),
        ("state", "Выставлен счет", "deal"),
        ("state", "счёт выставлен", "deal"),
        ("state", "Contact 2", "contact_2"),  # a base of two languages
        ("label", "VIP", "large"),
        ("section", "Стратег. архив", "strategic"),
        ("reason", "Нет бюджета", "no_money"),
        ("state", "Новыи\u0306 клиент", "new"),  # й as two signs
        ("state", "Выставлен сче\u0308т", "deal"),
    ],
)
def test_a_word_is_read_whatever_its_spelling(kind: str, cell: str, code: str) -> None:
    assert read(kind, cell) == Reading(code)


def test_an_unknown_word_is_met_with_the_nearest_one() -> None:
    found = read("state", "Сделкка")
    assert found.fault is not None
    assert (found.fault.code, found.fault.suggestion) == ("unknown_word", "Сделка")
    assert suggest("абракадабра", dictionary(RU, "state")) == ""


def test_a_word_is_not_taken_for_its_opposite() -> None:
    assert suggest("Необработан", dictionary(RU, "state")) == "Новый клиент"
    assert suggest("Обработан", dictionary(RU, "state")) == ""
    assert fault("state", "—") == "unknown_word"
    assert fault("label", 42) == "unknown_word"


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("kind", sorted(DICTIONARIES))
def test_what_is_written_for_a_code_is_read_as_that_code(language: str, kind: str) -> None:
    policy = template(language)
    words = dictionary(policy, kind)
    for code in policy.codes(DICTIONARIES[kind]):
        assert reader(kind, "RU", words)(policy.words.name(DICTIONARIES[kind], code)) == Reading(
            code
        )


@settings(max_examples=400, deadline=None)
@given(CELLS)
def test_no_cell_of_any_kind_makes_a_reader_raise(cell: Cell) -> None:
    assert isinstance(clean(cell), str)
    assert isinstance(fold(clean(cell)), str)
    assert isinstance(emails(cell), tuple)
    for kind in get_args(FieldType):
        for region in ("RU", "US"):
            assert isinstance(phones(cell, region), tuple)
            for hint in (PLAIN, Hint(part=True), hint_of(kind, [cell, 46022], Home(region))):
                found = read(kind, cell, region, hint)
                assert found.value is None or found.fault is None
                if isinstance(found.value, float):
                    assert math.isfinite(found.value)


@pytest.mark.parametrize(
    "piece", ["12.05.", "мая", "+7(", "a.", "8", "1,000", "(", "x@", "- ", "инн "]
)
def test_the_time_of_reading_a_cell_grows_as_its_length_does(piece: str) -> None:
    def read_all(length: int) -> None:
        cell = (piece * length)[:length]
        for kind in get_args(FieldType):
            for hint in (PLAIN, Hint(part=True)):
                canonical(kind, cell, read(kind, cell, hint=hint), hint)
            hint_of(kind, [cell], Home("RU"))

    longest = 50_000  # that a sheet allows
    # Four times as long: 4 where time grows with it, 16 where with its square.
    assert growth(lambda: read_all(longest // 4), lambda: read_all(longest), attempts=2) < 10
