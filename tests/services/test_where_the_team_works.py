"""A new base is told where its team works: by whoever lays it out, by the machine, by the spreadsheet; never by a language."""

import io
import itertools
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sheetsync.config import Settings
from sheetsync.i18n import language
from sheetsync.method.terms import Location
from sheetsync.sheets.connection.open_book import open_book
from sheetsync.sheets.read.reader import read_book
from tests.builders.bench import HEADINGS, TITLES, TODAY, Shell, cells, client, write_base


def location_of(path: Path) -> Location:
    line = open_book(str(path), Settings(), language("en")).line
    return read_book(line, path.name, None)[1].location


@pytest.fixture(autouse=True)
def nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the machine into no country: a server on UTC, its language nobody's choice."""
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setenv("LANG", "en_US.UTF-8")


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_a_language_is_no_country(sheetsync: Shell, tmp_path: Path, lang: str) -> None:
    path = tmp_path / "base.xlsx"
    assert sheetsync("init", path, "--lang", lang).code == 0
    assert location_of(path) == Location()


def test_the_machines_zone_tells_the_country(
    sheetsync: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Almaty")
    path = tmp_path / "base.xlsx"
    assert sheetsync("init", path, "--lang", "en").code == 0
    assert location_of(path) == Location(country="KZ", time_zone="Asia/Almaty")


@pytest.mark.parametrize("country", ["Беларусь", "Belarus", "by"])
def test_another_country_is_said_by_its_name_or_code(
    sheetsync: Shell, tmp_path: Path, country: str
) -> None:
    path = tmp_path / "base.xlsx"
    assert sheetsync("init", path, "--country", country).code == 0
    assert location_of(path).country == "BY"


def test_what_is_no_country_is_refused_and_nothing_is_laid_out(
    sheetsync: Shell, tmp_path: Path
) -> None:
    path = tmp_path / "base.xlsx"
    told = sheetsync("init", path, "--country", "Atlantis", "--lang", "en")
    assert told.code == 1
    assert "“Atlantis” is no country." in told.err
    assert not path.exists()


def test_somebody_at_a_terminal_is_asked_until_a_country_is_named(
    sheetsync: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Terminal("Atlantis\nГрузия\n"))
    path = tmp_path / "base.xlsx"
    assert sheetsync("init", path, "--lang", "en").code == 0
    assert location_of(path).country == "GE"


def test_the_zone_that_the_settings_tab_says_is_the_runs(
    sheetsync: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    path = tmp_path / "base.xlsx"
    assert sheetsync("init", path, "--lang", "en").code == 0
    opened = open_book(str(path), Settings(), language("en"))
    book = read_book(opened.line, path.name, None)[0].book
    assert book.time_zone == "Pacific/Auckland"


def test_an_amount_that_a_setting_alone_makes_another_was_changed_by_nobody(
    sheetsync: Shell, tmp_path: Path
) -> None:
    headings = (*HEADINGS, "Amount, k$")
    tabs: dict[str, list[Any]] = {title: [headings] for title in TITLES.values()}
    tabs[TITLES["working"]] += [
        [*client(number, **{"Work began": "2026-02-25"}), 10 + number] for number in range(3)
    ]
    path = write_base(tmp_path / "base.xlsx", tabs)
    assert sheetsync("adopt", path, "--yes", "--today", TODAY).code == 0
    assert sheetsync("run", path, "--today", TODAY, "--force").code == 0
    workbook = openpyxl.load_workbook(path)
    for row in workbook["Settings"].iter_rows():
        for cell, beside in itertools.pairwise(row):
            if str(cell.value).startswith("Amounts under a heading"):
                beside.value = "are multiplied"
    sheet = workbook[TITLES["working"]]
    [changed] = [row for row in sheet.iter_rows() if row[0].value == "Company 2"]
    changed[len(HEADINGS)].value = 20
    workbook.save(path)
    assert sheetsync("run", path, "--today", TODAY, "--force").code == 0
    edited = [line for line in cells(path)["Journal"] if "the amount was changed" in map(str, line)]
    assert [line[3] for line in edited] == ["Company 2"]
