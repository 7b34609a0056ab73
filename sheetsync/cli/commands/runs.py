"""Commands about tonight: what is wrong, what would be done, doing it, and the reports."""

import json
from pathlib import Path
from typing import Any

from rich.console import Console

from sheetsync.cli.commands.common import open_for, options_of, progress
from sheetsync.cli.output import plan as show
from sheetsync.delivery.files import place_for, save
from sheetsync.errors import ChangesPending, ExitCode, InputError, PlanRefused
from sheetsync.rules.duplicates import find as find_twice
from sheetsync.schema import Severity
from sheetsync.services.context import Context
from sheetsync.services.run import Done, Planned, preview
from sheetsync.services.run import apply as apply_plan
from sheetsync.services.run import report as write_reports
from sheetsync.services.run import run as run_once
from sheetsync.sheets.connection.open_book import Opened
from sheetsync.workbook.plan import from_json, is_plan, to_json


def check(ctx: Context, book: str) -> int:
    """`sheetsync check`."""
    with progress(ctx, ctx.language.text("Reading the base…")) as out:
        planned = preview(open_for(ctx, book), options_of(ctx))
        twice = find_twice(planned.snapshot.base)
    problems = planned.plan.problems
    if ctx.as_json:
        found = [show.problem_json(problem) for problem in problems]
        pairs = [show.pair_json(pair, planned.snapshot) for pair in twice]
        day = planned.plan.today.isoformat()
        show.emit(
            {
                "book": planned.snapshot.book.id,
                "today": day,
                "alarms": list(planned.alarms),
                "problems": found,
                "duplicates": pairs,
            }
        )
    else:
        show.show_alarms(planned, out)
        show.show_problems(problems, ctx.language, out)
        show.show_pairs(twice, planned.snapshot, ctx.language, out)
    bad = bool(planned.alarms) or any(problem.severity is Severity.ERROR for problem in problems)
    return ExitCode.INPUT if bad else ExitCode.DONE


def plan(ctx: Context, book: str, output: Path | None) -> int:
    """`sheetsync plan`."""
    place_for_plan(ctx, output)
    opened = open_for(ctx, book)
    with progress(ctx, ctx.language.text("Reading the base…")) as out:
        planned = preview(opened, options_of(ctx))
    if output is not None:
        save_plan(ctx, planned, opened, book, output)
    if ctx.as_json:
        show.emit(show.plan_json(planned, opened.line.sent))
    else:
        show.show_plan(planned, ctx.language, out)
        if output is not None:
            out.print(
                ctx.language.text(
                    "Saved to {file}; `sheetsync apply {file}` carries it out.", file=output
                )
            )
    return ExitCode.DONE if planned.plan.empty and not planned.alarms else ExitCode.PENDING


def place_for_plan(ctx: Context, output: Path | None) -> None:
    """Make sure that a plan may be written there, be it over another plan. Raises InputError."""
    if output is not None:
        place_for(output, is_plan, ctx.language)


def save_plan(ctx: Context, planned: Planned, opened: Opened, book: str, output: Path) -> None:
    """Write a plan down for `apply`, with where its book is."""
    saved = {
        "address": str(opened.path.resolve()) if opened.path else book,
        **to_json(planned.plan),
    }
    save(json.dumps(saved, ensure_ascii=False, indent=1).encode(), output, ctx.language)


def apply(ctx: Context, file: Path, book: str | None) -> int:
    """`sheetsync apply`."""
    refusal = ctx.language.text("{file} is not a plan of this program, or was altered.", file=file)
    if not file.exists():
        raise InputError(
            ctx.language.text("There is no file {path}.", path=file),
            fix=ctx.language.text("Make one: `sheetsync plan BOOK -o FILE`."),
        )
    try:
        saved: Any = json.loads(file.read_text(encoding="utf-8"))
        wanted = from_json(saved, refusal)
    except (OSError, ValueError, PlanRefused) as error:
        raise PlanRefused(
            refusal, fix=ctx.language.text("Make one: `sheetsync plan BOOK -o FILE`.")
        ) from error
    opened = open_for(ctx, book or str(saved.get("address", wanted.book)))
    with progress(ctx, ctx.language.text("Writing…")) as out:
        done = apply_plan(opened, wanted, options_of(ctx))
    show_report(ctx, done, out)
    return ExitCode.DONE


def run(ctx: Context, book: str, *, force: bool) -> int:
    """`sheetsync run`."""
    opened = open_for(ctx, book)
    seen: list[Planned] = []
    try:
        with progress(ctx, ctx.language.text("Working…")) as out:
            done = run_once(opened, options_of(ctx, force=force), seen.append)
    except ChangesPending as pending:
        if ctx.as_json:
            show.emit(show.plan_json(seen[0], opened.line.sent, wrote=False, waits=pending.message))
        else:
            show.show_plan(seen[0], ctx.language, show.console())
        raise
    show_report(ctx, done, out)
    return ExitCode.DONE


def report(ctx: Context, book: str) -> int:
    """`sheetsync report`."""
    with progress(ctx, ctx.language.text("Writing the reports…")) as out:
        done = write_reports(open_for(ctx, book), options_of(ctx))
    if ctx.as_json:
        show.emit(show.plan_json(done.planned, done.requests, wrote=done.wrote))
    else:
        text = ctx.language.text
        out.print(
            text("The reports are written.") if done.wrote else text("The reports are up to date.")
        )
    return ExitCode.DONE


def show_report(ctx: Context, done: Done, out: Console) -> None:
    """Say what a run has written."""
    if ctx.as_json:
        show.emit(
            show.plan_json(done.planned, done.requests, wrote=done.wrote, notes=list(done.notes))
        )
        return
    show.show_plan(done.planned, ctx.language, out)
    for note in done.notes:
        out.print(note, markup=False, style="yellow")
    text = ctx.language.text
    out.print(
        text("Written, and checked: every row stands once.")
        if done.wrote
        else text("Nothing was written.")
    )
