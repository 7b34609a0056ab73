"""Guessing at the sample bases: every tab, column and word as in the truth, and all of it sure."""

import csv
import json
from collections.abc import Sequence
from datetime import datetime
from itertools import permutations
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest

from sheetsync.adoption import Proposal, guess
from sheetsync.adoption.assignment import pair
from sheetsync.method.policy import template
from sheetsync.values import fold, to_cell
from sheetsync.workbook.snapshot import Book, Grid
from tests.builders.adopted import codes, fields, sections

NOBODYS = ("number", "days_formula")


def read(path: Path) -> Book:
    workbook = openpyxl.load_workbook(path, read_only=True)
    grids = tuple(
        Grid(
            at,
            tab.title,
            at,
            1000,
            26,
            [[_cell(cell) for cell in row] for row in tab.iter_rows(values_only=True)],
        )
        for at, tab in enumerate(workbook)
    )
    workbook.close()
    return Book(path.stem, path.stem, "ru_RU", "Europe/Moscow", grids)


def _cell(value: Any) -> Any:
    return to_cell(value) if isinstance(value, datetime) else value


def surely_as_in(truth: dict[str, Any], proposal: Proposal) -> None:
    """Hold a proposal against a truth file."""
    assert sections(proposal) == truth["tabs"]
    assert proposal.skipped == ()
    expected = {
        heading: "-" if field in NOBODYS else field for heading, field in truth["headers"].items()
    }
    for tab in proposal.tabs:
        found = fields(tab)
        assert {heading: found[heading] for heading in expected} == expected
        assert {found[heading] for heading in found if heading not in expected} <= {"-"}


@pytest.mark.parametrize("name", ["one-tab", "six-tabs"])
def test_a_sample_base_is_guessed_in_whole_and_surely(data: Path, name: str) -> None:
    truth = json.loads((data / f"{name}.truth.json").read_text(encoding="utf-8"))
    book = read(data / f"{name}.xlsx")
    proposal = guess(book)
    assert proposal.policy is template("ru")
    surely_as_in(truth, proposal)
    assert all(word.sure for word in proposal.words)
    meant = {(word.kind, fold(word.word)): word.code for word in proposal.words}
    places = {grid.title: grid for grid in book.grids}
    at = {
        tab.title: {c.fields[0]: c.place for c in tab.columns if c.fields} for tab in proposal.tabs
    }
    for row in truth["rows"]:
        for field, kind in (("state", "states"), ("label", "labels")):
            if field in at[row["tab"]]:
                cell = places[row["tab"]].cell(row["row"] - 1, at[row["tab"]][field])
                assert meant[kind, fold(str(cell))] == row[field]
    assert {manager.name for manager in proposal.managers} == {
        "Иванов",
        "Петрова",
        "Сидоренко",
        "Ким",
    }
    assert all(manager.sure for manager in proposal.managers)


def test_where_the_headings_stand_and_how_many_clients_are_below(data: Path) -> None:
    tab = guess(read(data / "one-tab.xlsx")).tabs[0]
    assert (tab.header, tab.repeats, tab.above, tab.why) == (2, (), (), "only_tab")
    assert tab.rows == 260


def test_an_english_export_of_a_crm(data: Path) -> None:
    with (data / "sales_pipeline.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    proposal = guess(
        Book("crm", "crm", "en_US", "UTC", (Grid(0, "sales_pipeline", 0, 9000, 10, rows),))
    )
    assert proposal.policy is template("en")
    assert sections(proposal) == {"sales_pipeline": "mixed"}
    assert fields(proposal.tabs[0]) == {
        "opportunity_id": "-",
        "sales_agent": "manager",
        "product": "-",
        "account": "company",
        "deal_stage": "state",
        "engage_date": "began",
        "close_date": "closed_on",
        "close_value": "amount",
        "engage_quarter": "-",
        "close_quarter": "-",
    }
    assert codes(proposal) == {
        "Won": "client",
        "Lost": "refusal",
        "Engaging": "contact_1",
        "Prospecting": "new",
    }
    assert (proposal.words[0].word, proposal.words[0].count) == ("Won", 4238)
    assert len(proposal.managers) == 30
    assert sum(manager.count for manager in proposal.managers) == 8800


@pytest.mark.parametrize(
    "kind", ["sections", "labels", "categories", "states", "reasons", "columns"]
)
def test_no_word_of_both_templates_means_two_things(kind: str) -> None:
    met: dict[str, str] = {}
    for language in ("ru", "en"):
        for code, spellings in getattr(template(language).words, kind).items():
            for word in spellings:
                assert met.setdefault(fold(word), code) == code, word


def total(scores: Sequence[Sequence[float]], pairs: dict[int, int]) -> float:
    return sum(scores[row][column] for row, column in pairs.items())


def test_fields_are_paired_with_columns_for_the_best_total() -> None:
    chance = Random(7)  # noqa: S311  # sample data, not secrets
    for _ in range(200):
        height, width = chance.randint(1, 4), chance.randint(1, 5)
        scores = [
            [chance.choice((0.0, chance.random())) for _ in range(width)] for _ in range(height)
        ]
        orders = permutations(range(max(height, width)))
        best = max(
            sum(scores[row][o[row]] for row in range(height) if o[row] < width) for o in orders
        )
        pairs = pair(scores)
        assert len(set(pairs.values())) == len(pairs)
        assert total(scores, pairs) == pytest.approx(best)
