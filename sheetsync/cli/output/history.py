"""How runs and the Journal's lines are shown: tables, the newest first, or JSON objects.

Reading them out of the Journal is the rules'.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from rich.console import Console
from rich.markup import escape

from sheetsync.cli.output.terminal import SHOWN, show_left_out, table_of
from sheetsync.i18n import Language
from sheetsync.method.policy import Policy
from sheetsync.method.terms import MIXED, kind_of
from sheetsync.rules.corrections.undo import Run
from sheetsync.values import EPOCH
from sheetsync.workbook.journal import WITH_SECTIONS, JournalLine, kind_words

LINE_KEYS = (
    "run",
    "id",
    "company",
    "manager",
    "what",
    "before",
    "after",
    "why",
)
"""Fields of a Journal line that go into JSON as they are."""


def run_json(run: Run) -> dict[str, Any]:
    """Return a run as `history --json` gives it."""
    return {
        "run": run.run,
        "date": _day(run.when).isoformat(),
        "moves": run.moves,
        "edits": run.edits,
        "noticed": run.noticed,
    }


def line_json(line: JournalLine) -> dict[str, Any]:
    """Return a Journal line as `history --company --json` gives it."""
    fields = {key: getattr(line, key) for key in LINE_KEYS}
    return {"date": _day(line.when).isoformat(), **fields}


def show_runs(runs: Sequence[Run], language: Language, out: Console) -> None:
    """Show runs to a person, the newest first."""
    text = language.text
    if not runs:
        out.print(
            escape(text("The Journal is empty: nothing has been done yet."))
        )
        return
    table = table_of(
        text("Run"),
        text("When"),
        text("Moved"),
        text("Edited"),
        text("Noticed"),
        overflow="ellipsis",
    )
    for run in runs[:SHOWN]:
        counts = (run.moves, run.edits, run.noticed)
        table.add_row(run.run, _moment(run.when, language), *map(str, counts))
    out.print(table)
    show_left_out(len(runs), language, out)


def show_lines(
    lines: Sequence[JournalLine],
    policy: Policy,
    language: Language,
    out: Console,
) -> None:
    """Show what was done to a company, the newest first."""
    text = language.text
    if not lines:
        out.print(escape(text("The Journal knows nothing of it.")))
        return
    table = table_of(
        text("Run"),
        text("When"),
        text("Company"),
        text("What"),
        text("From"),
        text("To"),
        text("Why"),
    )
    deeds = kind_words(language)
    for line in lines[:SHOWN]:
        cells = (
            line.run,
            _moment(line.when, language),
            line.company,
            # People can reach the Journal: a word that is none of ours is shown as it stands.
            deeds.get(line.what, line.what),
            *_from_and_to(line, policy),
            line.why,
        )
        table.add_row(*map(escape, cells))
    out.print(table)
    show_left_out(len(lines), language, out)


def _from_and_to(line: JournalLine, policy: Policy) -> tuple[str, str]:
    """Return what was before and after, as people call it where it is a section."""
    if line.what not in WITH_SECTIONS:
        return line.before, line.after
    return _section_name(line.before, policy), _section_name(line.after, policy)


def _section_name(code: str, policy: Policy) -> str:
    # A line of old, or one that people have typed into, may hold a word that is no code.
    known = code in policy.section or kind_of(code) == MIXED
    return policy.words.name("sections", code) if known else code


def _day(serial: float) -> date:
    return EPOCH + timedelta(days=int(serial))


def _moment(serial: float, language: Language) -> str:
    minutes = round((serial % 1) * 24 * 60)
    return (
        f"{language.date(_day(serial))}, {minutes // 60:02}:{minutes % 60:02}"
    )
