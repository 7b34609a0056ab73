"""The documents name files that are there, and draw the rooms that the import contract has."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.places import ROOT
from tools import reference_tables

PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"))
    if path.name != "CHANGELOG.md"  # it tells of what was
)
FILE = re.compile(r"`((?:[\w.*-]+/)*[\w*-]+\.(?:py|toml|json|po|md))`")
"""A file's name in a page, from the package's folder or the project's; a star stands for any."""
USERS_OWN = ("sheetsync.toml", "policy.toml", "faults.json", "sheet.json", "settings.toml")
"""Files that people have, and the project has not."""


def lies_somewhere(name: str, page: Path) -> bool:
    folders = (ROOT, ROOT / "sheetsync", page.parent, *page.parent.glob("*"))
    return any(folder.is_dir() and any(folder.glob(name)) for folder in folders)


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_a_page_names_is_there(page: str) -> None:
    path = ROOT / page
    named = set(FILE.findall(path.read_text(encoding="utf-8")))
    gone = {name for name in named - {*USERS_OWN} if not lies_somewhere(name, path)}
    assert gone == set()


@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_a_page_leads_to_a_file(page: str) -> None:
    path = ROOT / page
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", path.read_text(encoding="utf-8"))
    assert {link for link in links if not (path.parent / link).exists()} == set()


def test_the_drawing_of_the_rooms_has_every_room_of_the_import_contract() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = contracts["tool"]["importlinter"]["contracts"][0]["layers"]
    rooms = {room.strip() for layer in layers for room in re.split("[|:]", layer)}
    drawing = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").split("```")[1]
    drawn = {*re.findall(r"\b([a-z_0-9]+)(?:/|\.py)(?= |$)", drawing, re.MULTILINE)}
    assert rooms - {"__main__"} <= drawn


@pytest.mark.parametrize("name", reference_tables.PAGES)
def test_a_table_of_the_programs_own_lists_is_as_they_are_now(name: str) -> None:
    page = (reference_tables.DOCS / name).read_text(encoding="utf-8")
    written = reference_tables.with_table(page, reference_tables.PAGES[name])
    assert written == page, "python -m tools.reference_tables"


def test_the_architecture_is_read_in_a_few_minutes() -> None:
    assert len((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").split()) <= 1_500


def test_every_file_that_the_code_speaks_of_is_there() -> None:
    files = {path.name for path in ROOT.glob("*.py")}
    for folder in ("sheetsync", "tests", "benchmarks", "tools"):
        files |= {path.name for path in (ROOT / folder).rglob("*.py")}
    gone = set()
    for path in (ROOT / "sheetsync").rglob("*.py"):
        for name in re.findall(r"(?<![\w*])[a-z_]+\.py\b", path.read_text(encoding="utf-8")):
            if name not in files:
                gone.add((path.relative_to(ROOT).as_posix(), name))
    assert gone == set()
