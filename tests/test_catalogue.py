"""The catalogues say everything the program says, with the same names in braces and right plurals."""

import ast
import re

import pytest
from babel.messages.pofile import read_po

from sheetsync.i18n import language
from tests.places import ROOT

PACKAGE = ROOT / "sheetsync"
RUSSIAN = PACKAGE / "locale" / "ru" / "LC_MESSAGES" / "sheetsync.po"


SPEAKING = ("text", "marked", "plural")
"""The functions whose first argument is a sentence; of `plural` the first two."""


def sentences() -> set[str | tuple[str, str]]:
    """Return every sentence in the code, those inside f-strings too, which Babel sees on some Pythons alone."""
    spoken: set[str | tuple[str, str]] = set()
    for path in PACKAGE.rglob("*.py"):
        if "emulator" in path.relative_to(PACKAGE).parts:
            continue  # it speaks Google's words, and no user's language
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and called(node.func) in SPEAKING:
                literals = [part.value for part in node.args if isinstance(part, ast.Constant)]
                texts = [literal for literal in literals if isinstance(literal, str)]
                if called(node.func) == "plural":
                    spoken.add((texts[0], texts[1]))
                elif texts:
                    spoken.add(texts[0])
    return spoken


def called(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


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
    assert sentences() - known == set()


def test_no_translation_is_left_of_a_sentence_that_is_gone() -> None:
    with RUSSIAN.open("rb") as source:
        known = {m.id if isinstance(m.id, str) else tuple(m.id) for m in read_po(source) if m.id}
    assert known - sentences() == set()


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
