"""The demonstration: a sample base with made-up companies, its team's past weeks, and one night on it, through the very same code."""

import csv
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import NamedTuple

from sheetsync.demo.history import WEEKS, Past, begins
from sheetsync.demo.history import play as weeks
from sheetsync.i18n import language
from sheetsync.method.policy import Policy, template, templates_folder
from sheetsync.method.settings_tab.cell_types import Plain
from sheetsync.method.settings_tab.document import Line, SettingsDocument, default, policy_of
from sheetsync.method.vocabulary import DICTIONARIES
from sheetsync.reporting.layout.theme import CELL_STYLES
from sheetsync.services.context import Context
from sheetsync.services.create_base import create_file, fill
from sheetsync.services.run import Options, RunResult, run
from sheetsync.sheets.connection.open_book import Opened, open_book
from sheetsync.sheets.read.reader import read_structure
from sheetsync.sheets.requests.cells import Canvas, Request, format_of, grid_range, typed
from sheetsync.sheets.requests.own_tab_requests import (
    JOURNAL_WIDTHS,
    MOMENT,
    journal_requests,
    new_sheet_id,
    protect,
    state_requests,
)
from sheetsync.values import Cell, to_serial
from sheetsync.workbook.journal import headings, to_row
from sheetsync.workbook.last_run_state import rows_of

__all__ = ["WEEKS", "make_sample", "starter_rows"]

FILE = "sheetsync-demo.xlsx"
PLAN: dict[str, Plain] = {"amount": 1_100_000, "deals": 3, "taken": 22}
"""What each manager is to do in the month."""


def starter_rows(policy: Policy, today: date) -> dict[str, list[dict[str, Cell]]]:
    """Return the sample rows by section. In the file dates are days from today, words are codes."""
    folder = templates_folder() / policy.words.language
    rows: dict[str, list[dict[str, Cell]]] = {section: [] for section in policy.codes("sections")}
    with (folder / "starter.csv").open(encoding="utf-8", newline="") as lines:
        for record in csv.DictReader(lines):
            section = record.pop("section")
            rows[section].append(
                {field: _cell(field, text, policy, today) for field, text in record.items() if text}
            )
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


class SampleBase(NamedTuple):
    """The sample base: its file, what its night did, and where the one went that was there before."""

    path: Path
    night: RunResult
    put_aside: Path | None


def _kept(path: Path) -> Path | None:
    """Put a sample aside that was made before, as somebody may have typed into it."""
    if not path.exists():
        return None
    names = (path.with_stem(f"{path.stem}-{n}") for n in count(1))
    return path.rename(next(name for name in names if not name.exists()))


def make_sample(folder: Path, ctx: Context, now: Callable[[], datetime]) -> SampleBase:
    """Make the sample base in `folder`, anew each time, and run one night on it. Its past is played in memory."""
    policy = template(ctx.asked or ctx.language.code)
    path = folder / FILE
    kept = _kept(path)
    create_file(path, policy, path.stem)
    today = ctx.today or now().date()
    rows = starter_rows(policy, begins(today))
    managers = sorted(
        {str(row["manager"]) for found in rows.values() for row in found if row.get("manager")}
    )
    doc = planned(policy, managers, today)
    past = weeks(rows, policy_of(policy, doc), managers, today)
    blank = open_book(str(path), ctx.settings, ctx.language, now)
    fill(blank, policy, managers, past.rows, doc)
    remember(blank, policy, past)
    opened = open_book(str(path), ctx.settings, ctx.language, now)
    return SampleBase(path, run(opened, Options(today, force=True, language=ctx.asked)), kept)


def planned(policy: Policy, managers: Sequence[str], today: date) -> SettingsDocument:
    """Return the settings of the sample base: the method's own, and a plan of the month for each manager."""
    doc, month = default(policy), today.replace(day=1).isoformat()
    plan: list[Line] = [{"month": month, "manager": name, **PLAN} for name in managers]
    return doc._replace(lines={**doc.lines, "plan": plan})


def remember(opened: Opened, policy: Policy, past: Past) -> None:
    """Add the tabs that the nights of the past would have left: the Journal, and what is remembered of every row."""
    book, canvas, spoken = (
        read_structure(opened.line, opened.name),
        Canvas(),
        language(policy.words.language),
    )
    titles, taken = {key: policy.words.tabs[key] for key in ("journal", "state")}, set[int]()
    journal, memory = (new_sheet_id(title, book, taken) for title in titles.values())
    lines = [to_row(line, policy) for line in past.journal]
    made = [
        *journal_requests(None, journal, titles["journal"], headings(spoken), (), canvas),
        {"appendDimension": {"sheetId": journal, "dimension": "ROWS", "length": len(lines)}},
        *_dressed(journal, len(lines)),
        *state_requests(None, memory, titles["state"], rows_of(past.state), canvas),
        protect({"sheetId": journal}, opened.account, spoken.text("The Journal of sheetsync.")),
        protect(
            {"sheetId": memory},
            opened.account,
            spoken.text("What sheetsync remembers of the last run."),
        ),
    ]
    for at, line in enumerate(lines, start=1):
        for column, cell in enumerate(line):
            if cell not in (None, ""):
                canvas.put(journal, at, column, typed(cell))
    opened.line.write({"requests": [*made, *canvas.requests()]}, "spreadsheetId")


def _dressed(sheet_id: int, lines: int) -> list[Request]:
    """Return the looks of the Journal's lines by the column: cell by cell they would be most of what is sent."""
    text = format_of(CELL_STYLES["text"])
    looks = ((1, len(JOURNAL_WIDTHS), text), (0, 1, {**text, "numberFormat": MOMENT}))
    return [
        {
            "repeatCell": {
                "range": grid_range(sheet_id, (1, 1 + lines), (left, right)),
                "cell": {"userEnteredFormat": look},
                "fields": "userEnteredFormat",
            }
        }
        for left, right, look in looks
    ]
