"""The demonstration: a sample base, its team's past weeks, and one night on it.

The companies are made up, the code is the program's own. What the team did is left to `team`, the
nights of the past to `history`.
"""

import csv
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from sheetsync.demo.history import WEEKS, Past, begins, play
from sheetsync.i18n import language
from sheetsync.method.policy import Policy, template, templates_folder
from sheetsync.method.settings_tab.cell_types import Plain
from sheetsync.method.settings_tab.document import (
    Line,
    SettingsDocument,
    default,
    policy_of,
)
from sheetsync.method.settings_tab.last_good import kept
from sheetsync.method.terms import Location
from sheetsync.method.vocabulary import DICTIONARIES
from sheetsync.reporting.layout.theme import CELL_STYLES
from sheetsync.services.context import Context
from sheetsync.services.create_base import create_file, fill
from sheetsync.services.run import Options, RunResult, run
from sheetsync.sheets.connection.open_book import Opened, open_book
from sheetsync.sheets.read.book_structure import read_structure
from sheetsync.sheets.requests.canvas import Canvas
from sheetsync.sheets.requests.cells import (
    Request,
    format_of,
    grid_range,
    typed,
)
from sheetsync.sheets.requests.own_tab_requests import (
    JOURNAL_WIDTHS,
    MOMENT,
    OwnTab,
    journal_requests,
    state_requests,
)
from sheetsync.sheets.requests.tab_requests import new_sheet_id, protect
from sheetsync.values import Cell, to_serial
from sheetsync.workbook.journal import headings, to_row
from sheetsync.workbook.last_run_state import note_rows, rows_of

__all__ = ["WEEKS", "DemoTrial", "make_sample", "starter_rows"]

FILE = "sheetsync-demo.xlsx"


class DemoTrial(StrEnum):
    """A trial of the model that a sample base shows."""

    UNDER_WAY = "under-way"
    OVER = "over"


FILES = {
    None: FILE,
    DemoTrial.UNDER_WAY: "sheetsync-demo-trial.xlsx",
    DemoTrial.OVER: "sheetsync-demo-trial-over.xlsx",
}
"""A trial has a file of its own: in it nothing moves, which the plain sample is there to show."""
BEGUN_BEFORE = {DemoTrial.UNDER_WAY: 24, DemoTrial.OVER: 50}
"""How many days ago the trial began."""
TRIAL_DAYS = 35

MONTH_PLAN: dict[str, Plain] = {"amount": 1_100_000, "deals": 3, "taken": 22}
"""What each manager is to do in the month."""


def starter_rows(
    policy: Policy, today: date
) -> dict[str, list[dict[str, Cell]]]:
    """Return the sample rows by section. In the file dates are days from today, words are codes."""
    rows: dict[str, list[dict[str, Cell]]] = {}
    for section in policy.codes("sections"):
        rows[section] = []
    path = templates_folder() / policy.words.language / "starter.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        for record in csv.DictReader(lines):
            section = record.pop("section")
            rows[section].append(_row(record, policy, today))
    return rows


def _row(
    record: Mapping[str, str], policy: Policy, today: date
) -> dict[str, Cell]:
    return {
        field: _cell(field, text, policy, today)
        for field, text in record.items()
        if text
    }


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
    """The sample base: its file, and what its night did.

    `put_aside`: where the one went that was there before.
    """

    path: Path
    night: RunResult
    put_aside: Path | None


def make_sample(
    folder: Path,
    ctx: Context,
    now: Callable[[], datetime],
    trial: DemoTrial | None = None,
) -> SampleBase:
    """Make the sample base in `folder`, anew each time, and run one night on it.

    `trial`: one that it is to show. Its past is played in memory.
    """
    policy = _at_home(template(ctx.asked or ctx.language.code))
    path = folder / FILES[trial]
    put_aside = _put_aside(path)
    create_file(path, policy, path.stem, ctx.language)
    today = ctx.today or now().date()
    # As they stood before the first night: the weeks that are played bring them up to today.
    rows = starter_rows(policy, begins(today))
    managers = _managers_of(rows)
    doc = sample_settings(policy, managers, today)
    if trial is not None:
        doc = _with_trial(doc, today - timedelta(days=BEGUN_BEFORE[trial]))
    past = play(rows, policy_of(policy, doc), managers, today)
    blank = open_book(str(path), ctx.settings, ctx.language, now)
    fill(blank, policy, managers, past.rows, doc)
    _remember(blank, policy, past, settings_before(doc))
    opened = open_book(str(path), ctx.settings, ctx.language, now)
    # A first run waits for a person, and nobody is asked in a demonstration.
    night = run(opened, Options(today, force=True, language=ctx.asked))
    return SampleBase(path, night, put_aside)


def _at_home(policy: Policy) -> Policy:
    """Return a policy of a team that works where the sample's language suggests."""
    words = policy.words
    location = Location(country=words.phone_region, time_zone=words.time_zone)
    return policy.model_copy(update={"location": location})


def _put_aside(path: Path) -> Path | None:
    """Put a sample aside that was made before, as somebody may have typed into it."""
    if not path.exists():
        return None
    names = (path.with_stem(f"{path.stem}-{number}") for number in count(1))
    return path.rename(next(name for name in names if not name.exists()))


def _managers_of(rows: Mapping[str, Sequence[Mapping[str, Cell]]]) -> list[str]:
    managers: set[str] = set()
    for of_section in rows.values():
        for row in of_section:
            if row.get("manager"):
                managers.add(str(row["manager"]))
    return sorted(managers)


EXTENSIONS_BEFORE = 2
"""How often a deadline might be extended until somebody loosened that."""


def sample_settings(
    policy: Policy, managers: Sequence[str], today: date
) -> SettingsDocument:
    """Return the settings of the sample base: the method's own, and each manager's plan."""
    doc = default(policy)
    month = today.replace(day=1).isoformat()
    plan: list[Line] = [
        {"month": month, "manager": name, **MONTH_PLAN} for name in managers
    ]
    scalars = {**doc.scalars, "time.extensions": EXTENSIONS_BEFORE + 1}
    return doc._replace(scalars=scalars, lines={**doc.lines, "plan": plan})


def _with_trial(doc: SettingsDocument, begins: date) -> SettingsDocument:
    """Return settings with a trial of the model that began on a day."""
    trial: dict[str, Plain] = {
        "trial.begins": begins.isoformat(),
        "trial.days": TRIAL_DAYS,
    }
    return doc._replace(scalars={**doc.scalars, **trial})


def settings_before(doc: SettingsDocument) -> SettingsDocument:
    """Return the settings as they were before somebody loosened one, which the night finds."""
    scalars = {**doc.scalars, "time.extensions": EXTENSIONS_BEFORE}
    return doc._replace(scalars=scalars)


def _remember(
    opened: Opened, policy: Policy, past: Past, before: SettingsDocument
) -> None:
    """Add the tabs that the nights of the past would have left.

    They are the Journal, and the state tab, which remembers every row and the settings (`before`).
    """
    book = read_structure(opened.line, opened.name)
    text = language(policy.words.language).text
    tabs = policy.words.tabs
    taken_ids: set[int] = set()
    journal_id = new_sheet_id(tabs["journal"], book, taken_ids)
    state_id = new_sheet_id(tabs["state"], book, taken_ids)
    lines = [to_row(line, policy) for line in past.journal]
    canvas = Canvas()
    journal = _journal_requests(journal_id, policy, len(lines), canvas)
    methods_own = default(template(policy.words.language))
    remembered = [
        *rows_of(past.state),
        *note_rows(kept(before, methods_own)),
    ]
    if past.trial is not None:
        remembered.append(past.trial.row())
    state = state_requests(
        OwnTab(None, state_id, tabs["state"]), remembered, canvas
    )
    _put_lines(journal_id, lines, canvas)
    protections = [
        protect(
            {"sheetId": journal_id},
            opened.account,
            text("The Journal of sheetsync."),
        ),
        protect(
            {"sheetId": state_id},
            opened.account,
            text("What sheetsync remembers of the last run."),
        ),
    ]
    requests = [*journal, *state, *protections, *canvas.requests()]
    opened.line.write({"requests": requests}, "spreadsheetId")


def _journal_requests(
    sheet_id: int, policy: Policy, line_count: int, canvas: Canvas
) -> list[Request]:
    """Return what adds the Journal, with room and looks for so many lines."""
    title = policy.words.tabs["journal"]
    columns = headings(language(policy.words.language))
    more_rows = {"sheetId": sheet_id, "dimension": "ROWS", "length": line_count}
    return [
        *journal_requests(OwnTab(None, sheet_id, title), columns, (), canvas),
        {"appendDimension": more_rows},
        *_looks_of_lines(sheet_id, line_count),
    ]


def _put_lines(
    sheet_id: int, lines: Sequence[Sequence[Cell]], canvas: Canvas
) -> None:
    for row, line in enumerate(lines, start=1):
        for column, cell in enumerate(line):
            # Bare: the looks of lines come by the column.
            if cell not in (None, ""):
                canvas.put(sheet_id, row, column, typed(cell))


def _looks_of_lines(sheet_id: int, lines: int) -> list[Request]:
    """Return the looks of the Journal's lines by the column.

    Cell by cell they would be most of what is sent.
    """
    text = format_of(CELL_STYLES["text"])
    moment = {**text, "numberFormat": MOMENT}
    return [
        _look_of_columns(sheet_id, lines, (1, len(JOURNAL_WIDTHS)), text),
        _look_of_columns(sheet_id, lines, (0, 1), moment),
    ]


def _look_of_columns(
    sheet_id: int,
    lines: int,
    columns: tuple[int, int],
    style: Mapping[str, Any],
) -> Request:
    area = grid_range(sheet_id, (1, 1 + lines), columns)
    cell = {"userEnteredFormat": style}
    return {
        "repeatCell": {
            "range": area,
            "cell": cell,
            "fields": "userEnteredFormat",
        }
    }
