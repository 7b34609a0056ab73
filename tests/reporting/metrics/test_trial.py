"""A trial of 35 simulated days over a base that people change: its report, against SQL that knows the Journal and the base alone."""

import json
import random
import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

import pytest

from sheetsync.i18n import language
from sheetsync.method.policy import template
from sheetsync.method.terms import Trial
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.reporting.metrics.trial import TrialFigures, trial_figures
from sheetsync.reporting.tabs.trial import trial_sheets
from sheetsync.workbook.answers import Answer
from tests.builders.base import Base

FIRST = date(2026, 3, 2)
DAYS = 35
COMPANIES = 60
POLICY = template("en").model_copy(update={"trial": Trial(begins=FIRST, days=DAYS)})
HEADS = "section | company | state | label | manager | began | amount | paid_on | invoice_on | refusal_reason | tax_number"


class Played(NamedTuple):
    """The base after the last night, with its figures."""

    base: Base
    figures: TrialFigures
    facts: Facts


def first_rows(draw: random.Random) -> str:
    """Draw a working list: companies begun up to forty days before the trial."""
    lines = [HEADS]
    for number in range(COMPANIES):
        began = FIRST - timedelta(days=draw.randrange(40))
        state = draw.choice(["Contact 1", "Contact 2", "Contact 3"])
        label = draw.choice(["small", "medium", "large"])
        manager = draw.choice(["Ann", "Bob", "Cid"])
        amount = draw.randrange(100, 900)
        lines.append(
            f"working | Company {number} | {state} | {label} | {manager} | {began} | {amount} | | | | {1000000000 + number}"
        )
    return "\n".join(lines)


def people_work(base: Base, draw: random.Random, day: date) -> None:
    """Change some rows as people do: pay, refuse, delete, hand over, put away by hand.

    What is paid stays so: a sale that is taken back counts as none.
    """
    unpaid = [row for row in base.rows if not row["paid_on"]]
    for row in draw.sample(unpaid, k=min(3, len(unpaid))):
        deed = draw.random()
        if deed < 0.4 and row["section"] == "working":
            row.update(state="Deal support", invoice_on=str(day), paid_on=str(day))
        elif deed < 0.6:
            row.update(state="Refusal", refusal_reason=draw.choice(["Crisis", "Negative"]))
        elif deed < 0.7:
            row.update(manager=draw.choice(["Ann", "Bob", "Cid"]))
        elif deed < 0.8:
            row.update(section="strategic", state="Strategic reserve")
        elif deed < 0.85:
            base.rows.remove(row)


@pytest.fixture(scope="module")
def played() -> Played:
    draw = random.Random(21)  # noqa: S311  # a draw that is always the same
    base = Base(first_rows(draw), POLICY)
    for number in range(DAYS):
        day = FIRST + timedelta(days=number)
        night = base.night(day.isoformat())
        assert night.plan.moves == ()
        people_work(base, draw, day)
    base.decisions = (Answer("trial", "end", "tick", value=True),)
    night = base.night((FIRST + timedelta(days=DAYS)).isoformat())
    assert night.plan.moves == ()
    facts = Facts(night.projection, POLICY, base.journal)
    figures = trial_figures(facts)
    assert figures is not None
    return Played(base, figures, facts)


@pytest.fixture(scope="module")
def tables(played: Played) -> Iterator[sqlite3.Connection]:
    """Put the Journal and the base, as they stand in their tabs, into SQL."""
    with sqlite3.connect(":memory:") as db:
        db.execute("create table journal (n, day, id, what, target, rule)")
        # The newest line stands on top.
        for number, line in enumerate(reversed(played.base.journal)):
            data = json.loads(line.data) if line.what == "would" else {}
            row = (number, int(line.when), line.id, line.what, line.after, data.get("rule"))
            db.execute("insert into journal values (?, ?, ?, ?, ?, ?)", row)
        db.execute("create table base (id, section, state, manager, amount, paid_on)")
        for row in played.base.rows:
            paid = played.base.shown(row, "paid_on")
            serial = (date.fromisoformat(str(paid)) - date(1899, 12, 30)).days if paid else None
            cells = (row["id"], row["section"], row["state"], row["manager"], row["amount"], serial)
            db.execute("insert into base values (?, ?, ?, ?, cast(? as real), ?)", cells)
        db.execute(
            """create view would as
               select id, min(day) as since,
                      (select target from journal l where l.id = j.id and l.what = 'would'
                       order by n desc limit 1) as target,
                      (select rule from journal l where l.id = j.id and l.what = 'would'
                       order by n desc limit 1) as rule
               from journal j where what = 'would' group by id"""
        )
        db.execute(
            """create view away as select * from would
               where target in ('rework', 'strategic', 'hard_refusal')"""
        )
        db.execute(
            """create view sold as select away.*, amount from away join base using (id)
               where paid_on >= since"""
        )
        yield db
    db.close()


def one(db: sqlite3.Connection, query: str) -> float:
    return float(db.execute(query).fetchone()[0] or 0)


def test_so_many_would_have_left_and_were_sold_afterwards_for_so_much(
    played: Played, tables: sqlite3.Connection
) -> None:
    figures = played.figures
    assert len(figures.left) == one(tables, "select count(*) from away") > 25
    assert len(figures.sold) == one(tables, "select count(*) from sold") > 3
    amounts = sum(row.amount or 0 for row in figures.sold)
    assert amounts == pytest.approx(one(tables, "select sum(amount) from sold"))
    gone = "select count(*) from away where id not in (select id from base)"
    assert sum(figures.fate(row) == "gone" for row in figures.left) == one(tables, gone)


def test_the_rules_fired_as_often_as_the_journal_tells(
    played: Played, tables: sqlite3.Connection
) -> None:
    query = """select rule, target, count(*), sum(id in (select id from sold))
               from would group by rule, target"""
    told = {(count.rule, count.target, count.rows, count.sold) for count in played.figures.rules}
    # Of what would have gone elsewhere than to an archive nothing is counted as sold by the query.
    away = {"rework", "strategic", "hard_refusal"}
    assert {line for line in told if line[1] in away} == {
        row for row in tables.execute(query) if row[1] in away
    }
    assert {line[:3] for line in told} == {row[:3] for row in tables.execute(query)}


def test_the_lists_are_as_full_without_them_as_the_base_tells(
    played: Played, tables: sqlite3.Connection
) -> None:
    query = """select manager, count(*), count(*) - count(away.id)
               from base left join away using (id)
               where section = 'working'
                 and state in ('New', 'Contact 1', 'Contact 2', 'Contact 3', 'Deal')
               group by manager order by manager"""
    loads = [(load.manager, load.now, load.without) for load in played.figures.loads]
    assert loads == [tuple(row) for row in tables.execute(query)]


def test_all_sales_of_the_trial_are_those_paid_in_its_days(
    played: Played, tables: sqlite3.Connection
) -> None:
    first = (FIRST - date(1899, 12, 30)).days
    query = f"select count(*) from base where paid_on between {first} and {first + DAYS}"  # noqa: S608
    sales = played.figures.sales
    assert len(sales) == one(tables, query)
    assert sum(sale.late for sale in sales) == len(played.figures.sold)


def test_the_end_is_told_with_what_it_rests_on(played: Played) -> None:
    (sheet,) = trial_sheets(played.facts, language("en"))
    verdict = played.figures.verdict
    words = [
        str(cell.value)
        for line in sheet.lines
        if line.key.startswith("verdict")
        for cell in line.cells
    ]
    assert f"{verdict.late} of {verdict.sales} sales came from companies" in words[1]
    parts = [line for line in sheet.lines if line.key.startswith("part:")]
    assert len(parts) == 3
