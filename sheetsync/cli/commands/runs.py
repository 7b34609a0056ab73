"""Commands about tonight: what is wrong, what would be done, doing it, and the reports.

The order of a run is the service's; commands about what was done are in `history`.
"""

import json
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console

from sheetsync.cli.commands.common import (
    consent,
    open_for,
    options_of,
    progress,
    refuse_two_answers,
)
from sheetsync.cli.output.plan import plan_json, show_alarms, show_plan
from sheetsync.cli.output.problems import (
    pair_json,
    problem_of_row,
    show_pairs,
    show_problems,
)
from sheetsync.cli.output.terminal import STDOUT, console, emit, print_bytes
from sheetsync.config import BookSettings, plain_address
from sheetsync.delivery.files import place_for, save
from sheetsync.errors import ChangesPending, ExitCode, InputError, PlanRefused
from sheetsync.rules.duplicates import find as find_duplicates
from sheetsync.runlog.record import Kind
from sheetsync.schema import Severity
from sheetsync.services.context import Context
from sheetsync.services.run import Planned, RunResult, preview
from sheetsync.services.run import apply as apply_plan
from sheetsync.services.run import report as write_reports
from sheetsync.services.run import run as run_once
from sheetsync.services.watched_run import Attempt, Watch, watched
from sheetsync.sheets.connection.open_book import Opened
from sheetsync.workbook.plan import Plan, from_json, is_plan, to_json


def check(ctx: Context, book: str) -> int:
    """`sheetsync check`: INPUT where there is an error, or a run would wait for a person."""
    with progress(ctx, ctx.language.text("Reading the base…")) as out:
        planned = preview(open_for(ctx, book), options_of(ctx))
        pairs = find_duplicates(planned.snapshot.base)
    problems = planned.plan.problems
    if ctx.as_json:
        emit(
            {
                "book": planned.snapshot.book.id,
                "today": planned.plan.today.isoformat(),
                "alarms": list(planned.alarms),
                "problems": [
                    problem_of_row(problem, planned.snapshot)
                    for problem in problems
                ],
                "duplicates": [
                    pair_json(pair, planned.snapshot) for pair in pairs
                ],
            }
        )
    else:
        show_alarms(planned, out)
        # What is said of a base is said in its own language, whatever the terminal's.
        language = planned.language
        show_problems(problems, planned.snapshot, language, out)
        show_pairs(pairs, planned.snapshot, language, out)
    has_errors = any(problem.severity is Severity.ERROR for problem in problems)
    return ExitCode.INPUT if planned.alarms or has_errors else ExitCode.DONE


def plan(ctx: Context, book: str, output: Path | None) -> int:
    """`sheetsync plan`: PENDING where there is something to do. `output`: where it is saved."""
    # Where the plan cannot go is said before the book is read.
    check_place_of_plan(ctx, output)
    opened = open_for(ctx, book)
    with progress(ctx, ctx.language.text("Reading the base…")) as out:
        planned = preview(opened, options_of(ctx), touching=True)
    if output is not None:
        save_plan(ctx, planned, opened, book, output)
    if ctx.as_json:
        emit(plan_json(planned, opened.line.sent))
    elif output != STDOUT:
        show_plan(planned, planned.language, out, whole=ctx.verbose > 0)
        if output is not None:
            show_saved(ctx, output, out)
    return (
        ExitCode.DONE
        # A limit of safety waits for a person, even where there is nothing to do.
        if planned.plan.empty and not planned.alarms
        else ExitCode.PENDING
    )


def check_place_of_plan(ctx: Context, output: Path | None) -> None:
    """Make sure that a plan may be written there, be it over another plan. Raises InputError."""
    if output == STDOUT:
        refuse_two_answers(ctx)
    elif output is not None:
        place_for(output, is_plan, ctx.language)


def save_plan(
    ctx: Context, planned: Planned, opened: Opened, book: str, output: Path
) -> None:
    """Write a plan down for `apply`, with where its book is."""
    # Whole, so that `apply` finds the book from any folder.
    address = str(opened.path.resolve()) if opened.path else book
    saved = {"address": address, **to_json(planned.plan)}
    content = json.dumps(saved, ensure_ascii=False, indent=1).encode()
    if output == STDOUT:
        print_bytes(content + b"\n")
    else:
        save(content, output, ctx.language)


def show_saved(ctx: Context, output: Path, out: Console) -> None:
    """Say where a plan was saved, and what carries it out."""
    text = ctx.language.text
    out.print(
        text(
            "Saved to {file}; `sheetsync apply {file}` carries it out.",
            file=output,
        )
    )


def apply(
    ctx: Context, file: Path, book: str | None, *, sure: bool = False
) -> int:
    """`sheetsync apply`. `book` None: where the plan says that its book is.

    `sure`: ask nothing. Raises ChangesPending where a person says no to a book that lies elsewhere.
    """
    saved = _saved_plan(ctx, file)
    if book is None and not sure and _lies_elsewhere(ctx, saved, file):
        question = ctx.language.text(
            "This plan is for {book}. Carry it out there?", book=saved.address
        )
        consent(ctx, question)
    opened = open_for(ctx, book or saved.address)
    with progress(ctx, ctx.language.text("Writing…")) as out:
        result = apply_plan(opened, saved.plan, options_of(ctx))
    show_result(ctx, result, out)
    return ExitCode.DONE


def _lies_elsewhere(ctx: Context, saved: "_SavedPlan", file: Path) -> bool:
    """Tell whether a plan's book is neither one of the settings nor a file near the plan or us."""
    known = {book.address for book in ctx.settings.books}
    known |= {book.name for book in ctx.settings.books}
    if saved.address in known:
        return False
    near = (Path.cwd(), file.resolve().parent)
    return Path(saved.address).parent not in near


class _SavedPlan(NamedTuple):
    """A plan out of a file, and where its book was when it was made."""

    plan: Plan
    address: str


def _saved_plan(ctx: Context, file: Path) -> _SavedPlan:
    """Read a plan that was saved.

    Raises InputError where there is no such file, PlanRefused where it is no plan.
    """
    text = ctx.language.text
    fix = text("Make one: `sheetsync plan BOOK -o FILE`.")
    if not file.exists():
        raise InputError(text("There is no file {path}.", path=file), fix=fix)
    refusal = text(
        "{file} is not a plan of this program, or was altered.", file=file
    )
    try:
        saved: Any = json.loads(file.read_text(encoding="utf-8"))
        wanted = from_json(saved, refusal)
    # Unreadable, altered or never a plan: what is to be done about it is the same.
    except (OSError, ValueError, RecursionError, PlanRefused) as error:
        raise PlanRefused(refusal, fix=fix) from error
    return _SavedPlan(wanted, str(saved.get("address", wanted.book)))


def run(ctx: Context, book: str, *, force: bool) -> int:
    """`sheetsync run`. Raises ChangesPending where a person's word is needed, the plan shown."""
    attempt = Attempt()

    def work() -> RunResult:
        # A base that cannot be opened is a run that has failed, and the run log is to say so.
        attempt.opened = open_for(ctx, book)
        options = options_of(ctx, force=force)
        return run_once(attempt.opened, options, attempt.plans.append)

    try:
        with progress(ctx, ctx.language.text("Working…")) as out:
            result = watched(
                _watch(ctx), _settings_of(ctx, book), Kind.RUN, attempt, work
            )
    except ChangesPending as pending:
        planned = attempt.plans[0]
        if ctx.as_json and attempt.opened is not None:
            emit(
                plan_json(
                    planned,
                    attempt.opened.line.sent,
                    wrote=False,
                    waits=pending.message,
                )
            )
        elif not ctx.as_json:
            # Whoever is to give their word has to see what for, though nothing is written.
            show_plan(
                planned,
                planned.language,
                console(),
                whole=ctx.verbose > 0,
            )
        raise
    show_result(ctx, result, out)
    return ExitCode.DONE


def _watch(ctx: Context) -> Watch:
    """Return who looks on at a run: what of that fails is told on stderr, beside the answer."""

    def tell(_: str, why: str, fix: str) -> None:
        lines = console(stderr=True)
        lines.print(why, markup=False, style="yellow")
        if fix:
            lines.print(f"→ {fix}", markup=False)

    return Watch(ctx.settings, ctx.language, tell)


def _settings_of(ctx: Context, book: str) -> BookSettings:
    """Return a book of sheetsync.toml, or what stands for one that it does not name."""
    named = ctx.settings.book(book)
    if named is not None:
        return named
    known = [
        settings
        for settings in ctx.settings.books
        if plain_address(settings.address) == plain_address(book)
    ]
    if known:
        return known[0]
    # What is typed is not held to the rules of a file: whether it leads anywhere is open_book's.
    return BookSettings.model_construct(name=book, address=book)


def report(ctx: Context, book: str) -> int:
    """`sheetsync report`."""
    with progress(ctx, ctx.language.text("Writing the reports…")) as out:
        result = write_reports(open_for(ctx, book), options_of(ctx))
    text = ctx.language.text
    if ctx.as_json:
        emit(plan_json(result.planned, result.requests, wrote=result.wrote))
    elif result.wrote:
        out.print(text("The reports are written."))
    else:
        out.print(text("The reports are up to date."))
    return ExitCode.DONE


def result_json(result: RunResult, **more: Any) -> dict[str, Any]:
    """Return the object of a command that has written a plan; `more`: what is the command's own."""
    notes = list(result.notes)
    return plan_json(
        result.planned, result.requests, wrote=result.wrote, notes=notes, **more
    )


def show_result(ctx: Context, result: RunResult, out: Console) -> None:
    """Say what a run has written."""
    if ctx.as_json:
        emit(result_json(result))
        return
    planned = result.planned
    show_plan(planned, planned.language, out, whole=ctx.verbose > 0)
    show_written(ctx, result, out)


def show_written(ctx: Context, result: RunResult, out: Console) -> None:
    """Say what a person should look at, and whether anything was written."""
    text = ctx.language.text
    for note in result.notes:
        out.print(note, markup=False, style="yellow")
    if result.wrote:
        out.print(text("Written, and checked: every row stands once."))
    else:
        out.print(text("Nothing was written."))
