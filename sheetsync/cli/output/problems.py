"""How the problems of a base and its possible duplicates are shown: tables, or JSON objects.

Which they are is the rules' to find.
"""

from collections.abc import Sequence
from typing import Any

import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from sheetsync.cli.output.terminal import SHOWN, show_left_out, table_of
from sheetsync.i18n import Language
from sheetsync.rules.duplicates import Pair, reason_text
from sheetsync.schema import Problem, Severity
from sheetsync.workbook.snapshot import Snapshot, as_text

COLOURS = {
    Severity.ERROR: "red",
    Severity.WARNING: "yellow",
    Severity.NOTICE: "dim",
}


def problem_json(problem: Problem) -> dict[str, Any]:
    """Return a problem as a JSON object."""
    return {**problem._asdict(), "severity": problem.severity.value}


def problem_of_row(problem: Problem, snapshot: Snapshot) -> dict[str, Any]:
    """Return a problem as a JSON object that names the company and the manager of its row."""
    company, manager = _whose(problem, snapshot)
    named = {"company": company or None, "manager": manager or None}
    return {**problem_json(problem), **named}


def _whose(problem: Problem, snapshot: Snapshot) -> tuple[str, str]:
    """Return the company and the manager of a problem's row, "" where there is none."""
    sections = {tab.title: tab.section for tab in snapshot.tabs}
    place = (sections.get(problem.tab, ""), problem.row)
    index = snapshot.index_by_place.get(place)
    if index is None:
        return "", ""
    row = snapshot.base.loc[index]
    return as_text(row["company"]), as_text(row["manager"])


def show_problems(
    problems: Sequence[Problem],
    snapshot: Snapshot,
    language: Language,
    out: Console,
) -> None:
    """Show the problems of a base to a person."""
    if not problems:
        out.print(escape(language.text("No problems found.")))
        return
    out.print(_problems_table(problems, snapshot, language))
    show_left_out(len(problems), language, out)


def _problems_table(
    problems: Sequence[Problem], snapshot: Snapshot, language: Language
) -> Table:
    """Return problems as a table: where, whose, what is wrong, what to do; the worst first."""
    text = language.text
    order = list(Severity)
    # A long table is cut, and the errors are not what it may lose.
    worst_first = sorted(
        problems, key=lambda problem: order.index(problem.severity)
    )
    table = table_of(
        text("Tab"),
        text("Row"),
        text("Company"),
        text("Manager"),
        text("What is wrong"),
        text("What to do"),
        title=language.plural("{n} problem", "{n} problems", len(problems)),
    )
    for problem in worst_first[:SHOWN]:
        # What is amiss with a whole tab has no row.
        row = str(problem.row) if problem.row else "—"
        whose = _whose(problem, snapshot)
        cells = (problem.tab, row, *whose, problem.message, problem.fix)
        table.add_row(*map(escape, cells), style=COLOURS[problem.severity])
    return table


def pair_json(pair: Pair, snapshot: Snapshot) -> dict[str, Any]:
    """Return two rows that may be one client as a JSON object."""
    return {
        "rows": [
            _row_json(snapshot, pair.first),
            _row_json(snapshot, pair.second),
        ],
        "reasons": list(pair.reasons),
        "score": round(pair.score, 2),
    }


def _row_json(snapshot: Snapshot, index: int) -> dict[str, Any]:
    """Return where a row stands, by its index label in the base, and whose it is."""
    row = snapshot.base.loc[index]
    company = row["company"]
    return {
        "tab": snapshot.tab[row["section"]].title,
        "row": int(row["row"]),
        "company": None if pd.isna(company) else str(company),
    }


def show_pairs(
    pairs: Sequence[Pair], snapshot: Snapshot, language: Language, out: Console
) -> None:
    """Show rows that may be one client: where each stands, and why."""
    if not pairs:
        return
    text = language.text
    table = table_of(
        text("Company"),
        text("Where"),
        text("The same company?"),
        text("And where"),
        text("Why"),
        title=language.plural(
            "{n} possible duplicate", "{n} possible duplicates", len(pairs)
        ),
    )
    for pair in pairs[:SHOWN]:
        cells = (
            *_company_and_place(snapshot, pair.first),
            *_company_and_place(snapshot, pair.second),
            reason_text(pair, language),
        )
        table.add_row(*map(escape, cells))
    out.print(table)
    show_left_out(len(pairs), language, out)


def _company_and_place(snapshot: Snapshot, index: int) -> tuple[str, str]:
    row = _row_json(snapshot, index)
    return row["company"] or "—", f"{row['tab']}, {row['row']}"
