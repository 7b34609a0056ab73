"""The main scenario: a team's six tabs with columns of their own, notes, fills, formulas, dropdowns and filters.

As of 2 March 2026 eighty rows are in the wrong tab; a night puts them right and harms nothing else.
"""

import copy
import json
import re
import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from sheetsync.__main__ import run
from sheetsync.config import Settings
from sheetsync.i18n import language
from sheetsync.method.policy import template
from sheetsync.services.read_and_decide import Options, read_and_decide
from sheetsync.sheets.connection.open_book import open_book
from tests.builders.bench import Shell

TODAY = "2026-03-02"
OWN = ("ID", "Срок", "Дней", "Проблемы", "Причина отказа", "Вернуться")
"""Headings that a run may add."""
MAY_CHANGE = {"Состояние", "Причина отказа", "Вернуться"}
"""Columns of the team's that a move sets."""
Key = tuple[str, str]
POLICY = template("ru")
FIELDS = {word: name for name, words in POLICY.words.columns.items() for word in words}
EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  # a day of a workbook has no zone


class Row(NamedTuple):
    """One client's row as it stands in a file: where, and each cell's (value, fill, note, number format) by heading."""

    tab: str
    number: int
    cells: dict[str, tuple[Any, Any, str | None, str]]


@dataclass(frozen=True)
class Base:
    """A workbook read with openpyxl. `tidied`: cells as a run writes them anew, by (tab, row, field)."""

    path: Path
    tidied: Mapping[tuple[str, int, str], Any] = field(default_factory=dict)

    def book(self) -> Any:
        return openpyxl.load_workbook(self.path)

    def rows(self, tabs: list[str]) -> dict[Key, list[Row]]:
        """Return the rows by tax number and company; those that stand twice in the file stand twice here."""
        found: dict[Key, list[Row]] = {}
        book = self.book()
        for title in tabs:
            sheet = book[title]
            headings = [cell.value for cell in sheet[1]]
            for number in range(2, sheet.max_row + 1):
                cells = {
                    str(heading): self._cell(cell, (title, number, FIELDS.get(str(heading), "")))
                    for heading, cell in zip(headings, sheet[number], strict=False)
                    if heading
                }
                if cells["Компания"][0] is not None:
                    key = (str(cells["ИНН"][0]), str(cells["Компания"][0]))
                    found.setdefault(key, []).append(Row(title, number, cells))
        book.close()
        return found

    def _cell(self, cell: Any, place: tuple[str, int, str]) -> tuple[Any, Any, str | None, str]:
        value, shown = cell.value, cell.number_format
        if place in self.tidied:
            value = self.tidied[place]
            if POLICY.column[place[2]].type == "date":
                value, shown = EXCEL_EPOCH + timedelta(days=value), POLICY.words.date_format
        return value, _fill(cell), cell.comment.text if cell.comment else None, shown


def _fill(cell: Any) -> Any:
    return (
        (cell.fill.fill_type, cell.fill.fgColor.rgb) if cell.fill and cell.fill.fill_type else None
    )


@pytest.fixture(scope="module")
def truth(data: Path) -> Any:
    return json.loads((data / "six-tabs.truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def tabs(truth: Any) -> list[str]:
    return list(truth["tabs"])


@pytest.fixture(scope="module")
def source(data: Path) -> Base:
    """Give the base before its first night, with the cells that the plan says it will tidy."""
    opened = open_book(str(data / "six-tabs.xlsx"), Settings(), language("ru"))
    planned = read_and_decide(opened, Options(date.fromisoformat(TODAY), language="ru"))
    titles = {section: tab.title for section, tab in planned.snapshot.tab.items()}
    tidied = {(titles[e.section], e.row, e.field): e.after for e in planned.plan.edits if e.repair}
    assert len(tidied) > 1000
    return Base(data / "six-tabs.xlsx", tidied)


@pytest.fixture(scope="module")
def night(source: Base, tmp_path_factory: pytest.TempPathFactory) -> Base:
    """Give the base after its first night."""
    path = tmp_path_factory.mktemp("night") / "six-tabs.xlsx"
    shutil.copy(source.path, path)
    assert run(["run", str(path), "--today", TODAY, "--force", "--lang", "ru"]) == 0
    return Base(path)


@pytest.fixture
def book(source: Base, tmp_path: Path) -> Path:
    path = tmp_path / "base.xlsx"
    shutil.copy(source.path, path)
    return path


@pytest.fixture
def after(night: Base, tmp_path: Path) -> Path:
    path = tmp_path / "six-tabs.xlsx"
    shutil.copy(night.path, path)
    return path


def _moves(source: Base, tabs: list[str], night: Base) -> list[tuple[Row, Row]]:
    """Pair every row of the source with the same row after the night, twins in their order."""
    before, then = source.rows(tabs), night.rows(tabs)
    return [
        pair
        for key, rows in before.items()
        for pair in zip(rows, _in_order(then[key], rows), strict=True)
    ]


def _in_order(rows: list[Row], before: list[Row]) -> list[Row]:
    """Return the twins of `before`, by all that no run changes."""
    left = copy.copy(rows)
    found = []
    for row in before:
        twin = next(
            r
            for r in left
            if all(
                r.cells[h][0] == c[0]
                for h, c in row.cells.items()
                if h not in MAY_CHANGE and not str(c[0]).startswith("=")
            )
        )
        left.remove(twin)
        found.append(twin)
    return found


def test_a_plan_shows_eighty_moves_with_reasons_and_writes_nothing(
    sheetsync: Shell, book: Path
) -> None:
    bytes_ = book.read_bytes()
    told = sheetsync("plan", book, "--today", TODAY, "--json")
    assert told.code == 2
    assert len(told.json["moves"]) == 80
    assert all(
        move["reason"] and move["rule"] and move["from"] != move["to"]
        for move in told.json["moves"]
    )
    assert told.json["requests"] == {
        "read": 3,
        "write": 0,
    }  # the third: which cells to tidy are formulas
    assert book.read_bytes() == bytes_
    shown = sheetsync("plan", book, "--today", TODAY)
    assert shown.code == 2
    assert told.json["moves"][0]["company"] in shown.out
    assert book.read_bytes() == bytes_


def test_a_first_run_waits_for_a_persons_word(sheetsync: Shell, book: Path) -> None:
    bytes_ = book.read_bytes()
    told = sheetsync("run", book, "--today", TODAY)
    told.complains(2)
    assert "--force" in told.err
    assert book.read_bytes() == bytes_
    told = sheetsync("run", book, "--today", TODAY, "--json")
    assert told.code == 2
    assert (told.json["wrote"], len(told.json["moves"])) == (False, 80)
    assert book.read_bytes() == bytes_


def test_every_row_stands_in_exactly_one_tab(
    truth: Any, tabs: list[str], source: Base, night: Base
) -> None:
    before, after = source.rows(tabs), night.rows(tabs)
    assert sum(map(len, before.values())) == len(truth["rows"]) == 630
    assert Counter({key: len(rows) for key, rows in before.items()}) == Counter(
        {key: len(rows) for key, rows in after.items()}
    )
    moved = [pair for pair in _moves(source, tabs, night) if pair[0].tab != pair[1].tab]
    assert len(moved) == 80
    ids = [row.cells["ID"][0] for rows in after.values() for row in rows]
    assert len(set(ids)) == len(ids) == 630


def test_a_row_keeps_its_cells_notes_and_fills(tabs: list[str], source: Base, night: Base) -> None:
    noted = filled = 0
    for before, after in _moves(source, tabs, night):
        for heading, (value, fill, note, number_format) in before.cells.items():
            now = after.cells[heading]
            noted, filled = noted + bool(note), filled + bool(fill)
            place = (after.tab, after.number, heading)
            assert (place, *now[1:3]) == (place, fill, note)
            if heading in MAY_CHANGE and before.tab != after.tab:
                continue
            if isinstance(value, str) and value.startswith("="):
                assert (place, now[0]) == (
                    place,
                    re.sub(r"(?<=[A-Z])\d+", str(after.number), value),
                )
            else:
                assert (place, now[0], now[3]) == (place, value, number_format)
    assert noted
    assert filled


def test_the_teams_own_column_travels_with_its_row(
    tabs: list[str], source: Base, night: Base
) -> None:
    pairs = [pair for pair in _moves(source, tabs, night) if pair[0].tab != pair[1].tab]
    cakes = [
        (before.cells["Любимый торт"][0], after.cells["Любимый торт"][0]) for before, after in pairs
    ]
    assert all(before == after for before, after in cakes)
    assert any(before for before, _ in cakes)


def test_every_formula_counts_from_its_own_row(tabs: list[str], night: Base) -> None:
    for rows in night.rows(tabs).values():
        for row in rows:
            assert row.cells["Дней без контакта"][0] == f"=TODAY()-J{row.number}"


def test_the_teams_columns_keep_their_order(tabs: list[str], source: Base, night: Base) -> None:
    before, after = source.book(), night.book()
    for title in tabs:
        held = [cell.value for cell in before[title][1]]
        now = [cell.value for cell in after[title][1]]
        assert now[: len(held)] == held
        assert set(now[len(held) :]) <= set(OWN)
        assert after[title].freeze_panes == before[title].freeze_panes
        for letter, dimension in before[title].column_dimensions.items():
            assert after[title].column_dimensions[letter].width == pytest.approx(
                dimension.width, abs=0.5
            )
    assert after.sheetnames[: len(tabs)] == tabs


def test_dropdowns_and_filters_stay_and_reach_the_new_rows_and_columns(
    tabs: list[str], source: Base, night: Base
) -> None:
    before, after = source.book(), night.book()
    filters = 0
    for title in tabs:
        held = [(v.type, v.formula1) for v in before[title].data_validations.dataValidation]
        now = [(v.type, v.formula1) for v in after[title].data_validations.dataValidation]
        assert now == held
        for rule in after[title].data_validations.dataValidation:
            clients = [
                n for n in range(2, after[title].max_row + 1) if after[title].cell(n, 1).value
            ]
            assert all(f"G{n}" in rule.sqref for n in clients)
        if before[title].auto_filter.ref:
            filters += 1
            sheet = after[title]
            width = max(cell.column for cell in sheet[1] if cell.value)
            depth = max(n for n in range(1, sheet.max_row + 1) if sheet.cell(n, 1).value)
            assert after[title].auto_filter.ref == f"A1:{get_column_letter(width)}{depth}"
        else:
            assert not after[title].auto_filter.ref
    assert filters


def test_the_journal_has_a_line_for_every_move(tabs: list[str], source: Base, night: Base) -> None:
    sheet = night.book()["Журнал"]
    lines = [row for row in sheet.iter_rows(min_row=2, values_only=True) if row[0]]
    moves = {(str(row[3]), row[6], row[7]) for row in lines if row[6] in tabs}
    assert len([row for row in lines if row[6] in tabs]) == 80
    pairs = [pair for pair in _moves(source, tabs, night) if pair[0].tab != pair[1].tab]
    assert moves == {
        (str(before.cells["Компания"][0]).strip(), before.tab, after.tab) for before, after in pairs
    }
    assert all(row[8] for row in lines if row[6] in tabs)


def test_what_the_program_remembers_is_hidden(night: Base) -> None:
    sheet = night.book()["sheetsync · состояние"]
    assert sheet.sheet_state == "hidden"
    assert len([row for row in sheet.iter_rows(min_row=2, values_only=True) if row[0]]) == 630


def test_a_second_run_on_the_same_day_writes_nothing(sheetsync: Shell, after: Path) -> None:
    bytes_ = after.read_bytes()
    told = sheetsync("run", after, "--today", TODAY, "--json", "--lang", "ru")
    assert (told.code, told.json["moves"], told.json["edits"]) == (0, [], [])
    assert (told.json["requests"]["write"], told.json["wrote"]) == (0, False)
    assert after.read_bytes() == bytes_
    assert sheetsync("plan", after, "--today", TODAY, "--lang", "ru").code == 0


def test_the_next_days_run_loses_nobody(
    sheetsync: Shell, after: Path, source: Base, tabs: list[str]
) -> None:
    told = sheetsync("run", after, "--today", "2026-03-03", "--json", "--lang", "ru")
    assert told.code == 0
    before, then = source.rows(tabs), Base(after).rows(tabs)
    assert {key: len(rows) for key, rows in before.items()} == {
        key: len(rows) for key, rows in then.items()
    }
    again = sheetsync("run", after, "--today", "2026-03-03", "--json", "--lang", "ru")
    assert (again.code, again.json["moves"], again.json["requests"]["write"]) == (0, [], 0)
