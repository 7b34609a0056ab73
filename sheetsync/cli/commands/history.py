"""Commands about what was done: the history, taking back, bringing back, handing over, and a lock that is left behind."""

from pathlib import Path

from sheetsync.cli.commands.common import open_for, options_of, progress
from sheetsync.cli.commands.runs import place_for_plan, save_plan, show_report
from sheetsync.cli.output import plan as show
from sheetsync.errors import ChangesPending, ExitCode
from sheetsync.rules.capacity.handover import Handover, HandoverRequest
from sheetsync.rules.corrections.undo import of_company
from sheetsync.services.context import Context
from sheetsync.services.run import Planned, past
from sheetsync.services.run import handover as hand_over
from sheetsync.services.run import restore as bring_back
from sheetsync.services.run import undo as take_back
from sheetsync.services.run import unlock as free_book


def history(ctx: Context, book: str, company: str | None) -> int:
    """`sheetsync history`."""
    found, policy = past(open_for(ctx, book), options_of(ctx))
    lines = of_company([line for run in found for line in run.lines], company) if company else ()
    if ctx.as_json:
        told = (
            [show.line_json(line) for line in lines]
            if company
            else [show.run_json(run) for run in found]
        )
        show.emit({"book": book, "lines" if company else "runs": told})
    elif company:
        show.show_lines(lines, policy, ctx.language, show.console())
    else:
        show.show_runs(found, ctx.language, show.console())
    return ExitCode.DONE


def undo(ctx: Context, book: str, wanted: str | None) -> int:
    """`sheetsync undo`."""
    left: list[str] = []

    def shown(_: Planned, alone: tuple[str, ...]) -> None:
        left.extend(alone)

    with progress(ctx, ctx.language.text("Working…")) as out:
        done = take_back(open_for(ctx, book), options_of(ctx), wanted, shown)
    if ctx.as_json:
        show.emit(
            show.plan_json(
                done.planned, done.requests, wrote=done.wrote, left=left, notes=list(done.notes)
            )
        )
        return ExitCode.DONE
    show_report(ctx, done, out)
    for sentence in left:
        out.print(f"• {sentence}", markup=False)
    return ExitCode.DONE


def handover(
    ctx: Context, book: str, wanted: HandoverRequest, output: Path | None, *, force: bool, dry: bool
) -> int:
    """`sheetsync handover`."""
    place_for_plan(ctx, output)
    opened = open_for(ctx, book)
    seen: list[tuple[Planned, Handover]] = []
    only_plan = dry or output is not None
    text, out = ctx.language.text, show.console()

    def shown(planned: Planned, handing: Handover) -> None:
        seen.append((planned, handing))
        if not ctx.as_json:
            show.show_handover(planned, handing, ctx.language, out)

    try:
        with progress(ctx, text("Working…")):
            done = hand_over(
                opened, options_of(ctx, force=force), wanted, shown, only_plan=only_plan
            )
    except ChangesPending as pending:
        if ctx.as_json:
            planned, handing = seen[-1]
            told = show.handover_json(handing)
            show.emit(
                show.plan_json(
                    planned, opened.line.sent, wrote=False, waits=pending.message, handover=told
                )
            )
        raise
    planned, handing = seen[-1]
    if output is not None:
        save_plan(ctx, planned, opened, book, output)
    if ctx.as_json:
        told = show.handover_json(handing)
        show.emit(
            show.plan_json(
                done.planned, done.requests, wrote=done.wrote, notes=list(done.notes), handover=told
            )
        )
    else:
        for note in done.notes:
            out.print(note, markup=False, style="yellow")
        out.print(
            text("Written, and checked: every row stands once.")
            if done.wrote
            else text("Nothing was written.")
        )
        if output is not None:
            out.print(
                text("Saved to {file}; `sheetsync apply {file}` carries it out.", file=output)
            )
    return ExitCode.PENDING if only_plan and handing.correction.edits else ExitCode.DONE


def restore(ctx: Context, book: str, row_id: str) -> int:
    """`sheetsync restore`."""
    with progress(ctx, ctx.language.text("Working…")) as out:
        done = bring_back(open_for(ctx, book), options_of(ctx), row_id)
    lost = done.planned.restored
    if ctx.as_json or lost is None:
        back = row_id if lost is None else lost.id
        show.emit(show.plan_json(done.planned, done.requests, wrote=done.wrote, restored=back))
        return ExitCode.DONE
    tab = done.planned.snapshot.tab[lost.section].title
    out.print(
        ctx.language.text(
            "{company} is back: “{tab}”, at the end.", company=lost.company or row_id, tab=tab
        ),
        markup=False,
    )
    return ExitCode.DONE


def unlock(ctx: Context, book: str) -> int:
    """`sheetsync unlock`."""
    lease = free_book(open_for(ctx, book))
    if ctx.as_json:
        held = (
            None
            if lease is None
            else {"run": lease.run, "holder": lease.holder, "until": lease.until.isoformat()}
        )
        show.emit({"book": book, "freed": held})
        return ExitCode.DONE
    text, out = ctx.language.text, show.console()
    if lease is None:
        out.print(text("The base is not locked."))
    else:
        out.print(
            text(
                "Freed. The lock was held by {holder}, until {time}.",
                holder=lease.holder or "?",
                time=ctx.language.time(lease.until),
            )
        )
    return ExitCode.DONE
