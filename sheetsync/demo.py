"""The demonstration: a sample base with made-up companies, and one night on it, through the very same code."""

import csv
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

from sheetsync.context import Context
from sheetsync.policy import Policy, template, templates_folder
from sheetsync.runner import Done, Options, run
from sheetsync.schema import DICTIONARIES
from sheetsync.setup import create_file, fill
from sheetsync.sheets.address import open_book
from sheetsync.values import Cell, to_serial

FILE = "sheetsync-demo.xlsx"


def starter_rows(policy: Policy, today: date) -> dict[str, list[dict[str, Cell]]]:
    """Return the sample rows by section. In the file dates are days from today, words are codes."""
    folder = templates_folder() / policy.words.language
    rows: dict[str, list[dict[str, Cell]]] = {section: [] for section in policy.codes("sections")}
    with (folder / "starter.csv").open(encoding="utf-8", newline="") as lines:
        for record in csv.DictReader(lines):
            section = record.pop("section")
            rows[section].append({field: _cell(field, text, policy, today) for field, text in record.items() if text})
    return rows


def _cell(field: str, text: str, policy: Policy, today: date) -> Cell:
    kind = policy.column[field].type
    if kind == "date":
        return to_serial(today + timedelta(days=int(text)))
    if kind in DICTIONARIES:
        names = getattr(policy.words, DICTIONARIES[kind])
        # A word that is no code is there on purpose: the demonstration has mistakes to show.
        return str(names[text][0]) if text in names else text
    return float(text) if kind in ("amount", "share") else text


def play(folder: Path, ctx: Context, now: Callable[[], datetime]) -> tuple[Path, Done]:
    """Make the sample base in `folder`, anew each time, and run one night on it."""
    policy = template(ctx.asked or ctx.language.code)
    path = folder / FILE
    path.unlink(missing_ok=True)
    create_file(path, policy, path.stem)
    today = ctx.today or now().date()
    rows = starter_rows(policy, today)
    managers = sorted({str(row["manager"]) for found in rows.values() for row in found if row.get("manager")})
    fill(open_book(str(path), ctx.settings, ctx.language, now), policy, managers, rows)
    opened = open_book(str(path), ctx.settings, ctx.language, now)
    return path, run(opened, Options(today, force=True, language=ctx.asked))
