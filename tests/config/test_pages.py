"""The reference page, the schema and the example are made from the model, and stay so; WRITE_DOCS=1 writes them anew."""

import json
import os
import tomllib
from pathlib import Path

import pytest

from sheetsync.config import load
from sheetsync.config.pages import example, reference, schema
from sheetsync.i18n import language
from tests.places import DOCS


def kept(name: str, content: str) -> str:
    path = DOCS / name
    if os.environ.get("WRITE_DOCS"):
        path.write_text(content, encoding="utf-8")
    return path.read_text(encoding="utf-8")


def test_the_reference_page_is_the_models() -> None:
    assert kept("configuration.md", reference()) == reference()


def test_the_published_schema_is_the_models() -> None:
    made = json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"
    assert kept("sheetsync.schema.json", made) == made
    assert "ping" in schema()["$defs"]["BookSettings"]["properties"]


@pytest.mark.parametrize("code", ["en", "ru"])
def test_the_example_can_be_used_as_it_is_and_with_every_line_in_force(
    tmp_path: Path, code: str
) -> None:
    file = tmp_path / "sheetsync.toml"
    file.write_text(example(language(code)), encoding="utf-8")
    assert [book.name for book in load(file, language(code)).books] == ["sales"]
    lines = example(language("en")).splitlines()
    in_force = [line.removeprefix("# ") if " = " in line else line for line in lines]
    file.write_text("\n".join(in_force), encoding="utf-8")
    assert load(file, language(code)).monitor.port == 9187
    assert tomllib.loads(file.read_text(encoding="utf-8"))["daemon"]["working_hours"]
