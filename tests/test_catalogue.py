"""The catalogues say everything the program says, with the same names in braces and right plurals."""

import re

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from sheetsync.i18n import language
from tests.places import ROOT

PACKAGE = ROOT / "sheetsync"
RUSSIAN = PACKAGE / "locale" / "ru" / "LC_MESSAGES" / "sheetsync.po"


def said() -> set[str | tuple[str, str]]:
    keywords = {"text": None, "marked": None, "plural": (1, 2)}
    found = set()
    for _, _, message, _, _ in extract_from_dir(PACKAGE, keywords=keywords):
        found.add(message if isinstance(message, str) else (message[0], message[1]))
    return found


def names(sentence: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", sentence))


def test_every_sentence_is_said_in_russian_too() -> None:
    with RUSSIAN.open("rb") as source:
        catalogue = read_po(source)
    known = {
        m.id if isinstance(m.id, str) else tuple(m.id)
        for m in catalogue
        if m.id and all(m.string if isinstance(m.string, tuple) else [m.string])
    }
    assert said() - known == set()


def test_no_translation_is_left_of_a_sentence_that_is_gone() -> None:
    with RUSSIAN.open("rb") as source:
        known = {m.id if isinstance(m.id, str) else tuple(m.id) for m in read_po(source) if m.id}
    assert known - said() == set()


def test_translations_fill_in_the_same_names() -> None:
    with RUSSIAN.open("rb") as source:
        for message in read_po(source):
            if not message.id:
                continue
            original = message.id if isinstance(message.id, str) else message.id[1]
            strings = message.string if isinstance(message.string, tuple) else (message.string,)
            for string in strings:
                assert isinstance(string, str)
                assert names(string) == names(original), original


@pytest.mark.parametrize(
    ("n", "russian"),
    [
        (1, "1 строка"),
        (2, "2 строки"),
        (5, "5 строк"),
        (11, "11 строк"),
        (21, "21 строка"),
        (112, "112 строк"),
    ],
)
def test_russian_counts_as_russians_do(n: int, russian: str) -> None:
    assert language("ru").plural("{n} row", "{n} rows", n) == russian


@pytest.mark.parametrize("code", ["en", "en_US.UTF-8", "C", "de"])
def test_other_languages_fall_back_to_english(code: str) -> None:
    assert language(code).plural("{n} row", "{n} rows", 1) == "1 row"
