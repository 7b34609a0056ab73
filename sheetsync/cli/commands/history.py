"""Commands about what was done: the history, taking back, bringing back, proposed over, a lock.

A handover is here as it is chosen by a person and taken back by `undo`. Tonight's are in `runs`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from sheetsync.cli.commands.common import (
    can_ask,
    consent,
    open_for,
    options_of,
    progress,
)
from sheetsync.cli.commands.runs import (
    check_place_of_plan,
    result_json,
    save_plan,
    show_result,
    show_saved,
    show_written,
)
from sheetsync.cli.output.handover import handover_json, show_handover
from sheetsync.cli.output.history import (
    line_json,
    run_json,
    show_lines,
    show_runs,
)
from sheetsync.cli.output.plan import plan_json, show_plan
from sheetsync.cli.output.terminal import STDOUT, console, emit
from sheetsync.errors import ChangesPending, ExitCode
from sheetsync.rules.capacity.handover import Handover, HandoverRequest
from sheetsync.rules.corrections.undo import of_company
from sheetsync.services.context import Context
from sheetsync.services.run import Planned, past_runs
from sheetsync.services.run import handover as hand_over
from sheetsync.services.run import restore as bring_back
from sheetsync.services.run import undo as take_back
from sheetsync.services.run import unlock as free_book
from sheetsync.workbook.lock_lease import FREE, Lease, Standing


def history(ctx: Context, book: str, company: str | None) -> int:
    """`sheetsync history`: the runs, or the lines of one company, the newest first."""
    runs, policy = past_runs(open_for(ctx, book), options_of(ctx))
    if not company:
        if ctx.as_json:
            emit({"book": book, "runs": [run_json(run) for run in runs]})
        else:
            show_runs(runs, ctx.language, console())
        return ExitCode.DONE
    lines = of_company([line for run in runs for line in run.lines], company)
    if ctx.as_json:
        emit({"book": book, "lines": [line_json(line) for line in lines]})
    else:
        show_lines(lines, policy, ctx.language, console())
    return ExitCode.DONE


def undo(ctx: Context, book: str, run: str | None, *, yes: bool) -> int:
    """`sheetsync undo`. `run` None: the newest one. `yes`: nobody is asked.

    Raises ChangesPending where a person at the terminal says no.
    """
    left_alone: list[str] = []

    def remember(planned: Planned, sentences: tuple[str, ...]) -> None:
        left_alone.extend(sentences)
        if yes or not can_ask(ctx):
            return
        show_plan(
            planned,
            planned.language,
            console(),
            whole=ctx.verbose > 0,
        )
        consent(ctx, ctx.language.text("Take this back?"))

    with progress(ctx, ctx.language.text("Working…")) as out:
        result = take_back(open_for(ctx, book), options_of(ctx), run, remember)
    if ctx.as_json:
        notes = list(result.notes)
        emit(
            plan_json(
                result.planned,
                result.requests,
                wrote=result.wrote,
                left=left_alone,
                notes=notes,
            )
        )
        return ExitCode.DONE
    show_result(ctx, result, out)
    for sentence in left_alone:
        out.print(f"• {sentence}", markup=False)
    return ExitCode.DONE


class _Shown(NamedTuple):
    """A handover as it was shown before anything was written."""

    planned: Planned
    proposed: Handover


def handover(
    ctx: Context,
    book: str,
    request: HandoverRequest,
    output: Path | None,
    *,
    force: bool,
    dry_run: bool,
) -> int:
    """`sheetsync handover`: PENDING where it was only planned, and there is something to hand over.

    `output`: where the plan is saved; then, as with `dry_run`, nothing is written to the book.
    """
    check_place_of_plan(ctx, output)
    opened = open_for(ctx, book)
    only_plan = dry_run or output is not None
    text = ctx.language.text
    out = console()
    plans: list[_Shown] = []

    # Kept as it was shown: the result tells of the plan that was written, which may be a later one.
    def show(planned: Planned, proposed: Handover) -> None:
        plans.append(_Shown(planned, proposed))
        if not ctx.as_json and output != STDOUT:
            show_handover(planned, proposed, ctx.language, out)

    try:
        with progress(ctx, text("Working…")):
            result = hand_over(
                opened,
                options_of(ctx, force=force),
                request,
                show,
                only_plan=only_plan,
            )
    except ChangesPending as pending:
        if ctx.as_json:
            emit(_waiting_json(plans[-1], opened.line.sent, pending))
        raise
    planned, proposed = plans[-1]
    if output is not None:
        save_plan(ctx, planned, opened, book, output)
    if ctx.as_json:
        emit(result_json(result, handover=handover_json(proposed)))
    elif output != STDOUT:
        show_written(ctx, result, out)
        if output is not None:
            show_saved(ctx, output, out)
    return (
        ExitCode.PENDING
        if only_plan and proposed.correction.edits
        else ExitCode.DONE
    )


def _waiting_json(
    plan: _Shown, requests: dict[str, int], pending: ChangesPending
) -> dict[str, Any]:
    """Return the object of a handover that waits for a person's word."""
    return plan_json(
        plan.planned,
        requests,
        wrote=False,
        waits=pending.message,
        handover=handover_json(plan.proposed),
    )


def restore(ctx: Context, book: str, row_id: str) -> int:
    """`sheetsync restore`."""
    with progress(ctx, ctx.language.text("Working…")) as out:
        result = bring_back(open_for(ctx, book), options_of(ctx), row_id)
    lost = result.planned.restored
    if ctx.as_json or lost is None:
        restored_id = row_id if lost is None else lost.id
        emit(
            plan_json(
                result.planned,
                result.requests,
                wrote=result.wrote,
                restored=restored_id,
            )
        )
        return ExitCode.DONE
    sentence = ctx.language.text(
        "{company} is back: “{tab}”, at the end.",
        company=lost.company or row_id,
        tab=result.planned.snapshot.tab[lost.section].title,
    )
    out.print(sentence, markup=False)
    return ExitCode.DONE


def unlock(ctx: Context, book: str) -> int:
    """`sheetsync unlock`."""
    freed = free_book(open_for(ctx, book)) or FREE
    lease = freed.lease
    if ctx.as_json:
        emit(
            {
                "book": book,
                "freed": None if lease is None else _lease_json(lease),
                "left_behind": len(freed.orphans),
                "beyond": len(freed.beyond),
            }
        )
        return ExitCode.DONE
    out = console()
    for sentence in _freed_sentences(ctx, freed):
        out.print(sentence)
    return ExitCode.DONE


def _freed_sentences(ctx: Context, freed: Standing) -> Iterator[str]:
    """Say what was freed, and what only the owner can free."""
    text = ctx.language.text
    if freed.lease is not None:
        yield text(
            "Freed. The lock was held by {holder}, until {time}.",
            holder=freed.lease.holder or "?",
            time=ctx.language.time(freed.lease.until),
        )
    elif freed.orphans:
        yield text(
            "Freed. A dead run had left its protection on the tabs, without a lock."
        )
    elif not freed.beyond:
        yield text("The base is not locked.")
    if freed.beyond:
        yield text(
            "A protection that another account has left on a tab stays: the owner of the "
            "spreadsheet deletes it under Data → Protect sheets and ranges."
        )


def _lease_json(lease: Lease) -> dict[str, str]:
    return {
        "run": lease.run,
        "holder": lease.holder,
        "until": lease.until.isoformat(),
    }
