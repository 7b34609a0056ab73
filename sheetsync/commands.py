"""What each command does: opens the book, calls the runner, shows the result, and returns the exit code."""

import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from rich.console import Console

from sheetsync import show
from sheetsync.context import Context
from sheetsync.duplicates import find as find_twice
from sheetsync.errors import ChangesPending, ExitCode, InputError, PlanRefused
from sheetsync.handover import Handing, Wanted
from sheetsync.history import of_company
from sheetsync.plan import from_json, to_json
from sheetsync.runner import Done, Options, Planned, past, preview
from sheetsync.runner import apply as apply_plan
from sheetsync.runner import handover as hand_over
from sheetsync.runner import report as write_reports
from sheetsync.runner import restore as bring_back
from sheetsync.runner import run as run_once
from sheetsync.runner import undo as take_back
from sheetsync.runner import unlock as free_book
from sheetsync.schema import Severity
from sheetsync.sheets.address import Opened, open_book, open_file

if TYPE_CHECKING:
    from sheetsync.emulator import Faults


def _now(ctx: Context) -> datetime:
    now = datetime.now(UTC).astimezone()
    return now if ctx.today is None else datetime.combine(ctx.today, now.time(), now.tzinfo)


def _options(ctx: Context, *, force: bool = False) -> Options:
    return Options(ctx.today, force, ctx.asked)


def _open(ctx: Context, book: str) -> Opened:
    return open_book(book, ctx.settings, ctx.language, lambda: _now(ctx))


@contextmanager
def _progress(ctx: Context, doing: str) -> Iterator[Console]:
    """Show a spinner on a terminal while something takes its time; give the console to print to."""
    waiting = show.console(stderr=True)
    if ctx.as_json or not waiting.is_terminal:
        yield show.console()
        return
    with waiting.status(doing):
        yield show.console()


def check(ctx: Context, book: str) -> int:
    """`sheetsync check`."""
    with _progress(ctx, ctx.language.text("Reading the base…")) as out:
        planned = preview(_open(ctx, book), _options(ctx))
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
    opened = _open(ctx, book)
    with _progress(ctx, ctx.language.text("Reading the base…")) as out:
        planned = preview(opened, _options(ctx))
    if output is not None:
        _save(planned, opened, book, output)
    if ctx.as_json:
        show.emit(show.plan_json(planned, opened.line.sent))
    else:
        show.show_plan(planned, ctx.language, out)
        if output is not None:
            out.print(ctx.language.text("Saved to {file}; `sheetsync apply {file}` carries it out.", file=output))
    return ExitCode.DONE if planned.plan.empty else ExitCode.PENDING


def _save(planned: Planned, opened: Opened, book: str, output: Path) -> None:
    """Write a plan down for `apply`, with where its book is."""
    saved = {"address": str(opened.path.resolve()) if opened.path else book, **to_json(planned.plan)}
    output.write_text(json.dumps(saved, ensure_ascii=False, indent=1), encoding="utf-8")


def apply(ctx: Context, file: Path, book: str | None) -> int:
    """`sheetsync apply`."""
    refusal = ctx.language.text("{file} is not a plan of this program, or was altered.", file=file)
    try:
        saved: Any = json.loads(file.read_text(encoding="utf-8"))
        wanted = from_json(saved, refusal)
    except (OSError, ValueError, PlanRefused) as error:
        raise PlanRefused(refusal, fix=ctx.language.text("Make one: `sheetsync plan BOOK -o FILE`.")) from error
    opened = _open(ctx, book or str(saved.get("address", wanted.book)))
    with _progress(ctx, ctx.language.text("Writing…")) as out:
        done = apply_plan(opened, wanted, _options(ctx))
    _report(ctx, done, out)
    return ExitCode.DONE


def run(ctx: Context, book: str, *, force: bool) -> int:
    """`sheetsync run`."""
    opened = _open(ctx, book)
    seen: list[Planned] = []
    try:
        with _progress(ctx, ctx.language.text("Working…")) as out:
            done = run_once(opened, _options(ctx, force=force), seen.append)
    except ChangesPending as pending:
        if ctx.as_json:
            show.emit(show.plan_json(seen[0], opened.line.sent, wrote=False, pending=pending.message))
        else:
            show.show_plan(seen[0], ctx.language, show.console())
        raise
    _report(ctx, done, out)
    return ExitCode.DONE


def history(ctx: Context, book: str, company: str | None) -> int:
    """`sheetsync history`."""
    found, policy = past(_open(ctx, book), _options(ctx))
    lines = of_company([line for run in found for line in run.lines], company) if company else ()
    if ctx.as_json:
        told = [show.line_json(line) for line in lines] if company else [show.run_json(run) for run in found]
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

    with _progress(ctx, ctx.language.text("Working…")) as out:
        done = take_back(_open(ctx, book), _options(ctx), wanted, shown)
    if ctx.as_json:
        show.emit(show.plan_json(done.planned, done.requests, wrote=done.wrote, left=left))
        return ExitCode.DONE
    _report(ctx, done, out)
    for sentence in left:
        out.print(f"• {sentence}", markup=False)
    return ExitCode.DONE


def handover(ctx: Context, book: str, wanted: Wanted, output: Path | None, *, force: bool, dry: bool) -> int:
    """`sheetsync handover`."""
    opened = _open(ctx, book)
    seen: list[tuple[Planned, Handing]] = []
    only_plan = dry or output is not None
    text, out = ctx.language.text, show.console()

    def shown(planned: Planned, handing: Handing) -> None:
        seen.append((planned, handing))
        if not ctx.as_json:
            show.show_handover(planned, handing, ctx.language, out)

    try:
        with _progress(ctx, text("Working…")):
            done = hand_over(opened, _options(ctx, force=force), wanted, shown, only_plan=only_plan)
    except ChangesPending as pending:
        if ctx.as_json:
            planned, handing = seen[-1]
            told = show.handover_json(handing)
            show.emit(show.plan_json(planned, opened.line.sent, wrote=False, pending=pending.message, handover=told))
        raise
    planned, handing = seen[-1]
    if output is not None:
        _save(planned, opened, book, output)
    if ctx.as_json:
        told = show.handover_json(handing)
        show.emit(show.plan_json(done.planned, done.requests, wrote=done.wrote, notes=list(done.notes), handover=told))
    else:
        for note in done.notes:
            out.print(note, markup=False, style="yellow")
        out.print(text("Written, and checked: every row stands once.") if done.wrote else text("Nothing was written."))
        if output is not None:
            out.print(text("Saved to {file}; `sheetsync apply {file}` carries it out.", file=output))
    return ExitCode.PENDING if only_plan and handing.chosen.edits else ExitCode.DONE


def restore(ctx: Context, book: str, row_id: str) -> int:
    """`sheetsync restore`."""
    with _progress(ctx, ctx.language.text("Working…")) as out:
        done = bring_back(_open(ctx, book), _options(ctx), row_id)
    lost = done.planned.restored
    if ctx.as_json or lost is None:
        show.emit(show.plan_json(done.planned, done.requests, wrote=done.wrote, restored=row_id))
        return ExitCode.DONE
    tab = done.planned.snapshot.tab[lost.section].title
    out.print(
        ctx.language.text("{company} is back: “{tab}”, at the end.", company=lost.company or row_id, tab=tab),
        markup=False,
    )
    return ExitCode.DONE


def unlock(ctx: Context, book: str) -> int:
    """`sheetsync unlock`."""
    lease = free_book(_open(ctx, book))
    if ctx.as_json:
        held = None if lease is None else {"run": lease.run, "holder": lease.holder, "until": lease.until.isoformat()}
        show.emit({"book": book, "freed": held})
        return ExitCode.DONE
    text, out = ctx.language.text, show.console()
    if lease is None:
        out.print(text("The base is not locked."))
    else:
        out.print(text("Freed. The lock was held by {holder}, until {time}.", holder=lease.holder or "?", time=ctx.language.time(lease.until)))  # fmt: skip
    return ExitCode.DONE


def report(ctx: Context, book: str) -> int:
    """`sheetsync report`."""
    with _progress(ctx, ctx.language.text("Writing the reports…")) as out:
        done = write_reports(_open(ctx, book), _options(ctx))
    if ctx.as_json:
        show.emit(show.plan_json(done.planned, done.requests, wrote=done.wrote))
    else:
        text = ctx.language.text
        out.print(text("The reports are written.") if done.wrote else text("The reports are up to date."))
    return ExitCode.DONE


def _report(ctx: Context, done: Done, out: Console) -> None:
    if ctx.as_json:
        show.emit(show.plan_json(done.planned, done.requests, wrote=done.wrote, notes=list(done.notes)))
        return
    show.show_plan(done.planned, ctx.language, out)
    for note in done.notes:
        out.print(note, markup=False, style="yellow")
    text = ctx.language.text
    out.print(text("Written, and checked: every row stands once.") if done.wrote else text("Nothing was written."))


def init(ctx: Context, book: str, managers: list[str]) -> int:
    """`sheetsync init`."""
    from sheetsync.setup import lay_out  # noqa: PLC0415  # needed by this command alone

    made = lay_out(book, ctx, managers, lambda: _now(ctx))
    if ctx.as_json:
        show.emit({"book": made.book, "added": list(made.added)})
    else:
        text, out = ctx.language.text, show.console()
        tabs = ", ".join(ctx.language.quoted(title) for title in made.added)
        out.print(text("Laid out: {tabs}.", tabs=tabs) if made.added else text("Everything is there already."))
        out.print(text("Fill in rows, then look with `sheetsync plan {book}`.", book=book))
    return ExitCode.DONE


def settings(ctx: Context, book: str, export: Path | None, import_: Path | None) -> int:
    """`sheetsync settings`."""
    from sheetsync import restating, show_settings  # noqa: PLC0415  # needed by this command alone

    text, opened = ctx.language.text, _open(ctx, book)
    if export is not None and import_ is not None:
        raise InputError(text("`--export` and `--import` do not go together."), fix=text("Give one of them."))
    with _progress(ctx, text("Reading the base…")) as out:
        found = restating.look(opened, ctx.asked)
    told: dict[str, Any] = {"book": found.book.id, "mistakes": show_settings.mistakes_json(found)}
    if export is not None:
        restating.export(found, export, ctx.language)
        told |= {"path": str(export)}
        sentence = text("Written: {file}.", file=export)
    elif import_ is not None:
        done = restating.put(opened, found, restating.wanted_of(found, import_, ctx.language), _options(ctx))
        told |= {"changes": [change._asdict() for change in done.changes], "wrote": done.wrote}
        sentence = text("Written onto the Settings tab; the next run obeys.") if done.wrote else text("Nothing to change: the base says the same.")  # fmt: skip
        if not ctx.as_json:
            show_settings.show_changes(done.changes, ctx.language, out)
    else:
        told |= {"differs": [change._asdict() for change in found.differs()]}
        sentence = ""
        if not ctx.as_json:
            show_settings.show(found, ctx.language, out)
    if ctx.as_json:
        show.emit(told)
    elif sentence:
        out.print(sentence, markup=False)
    return ExitCode.DONE


def adopt(ctx: Context, book: str, output: Path | None, *, yes: bool) -> int:
    """`sheetsync adopt`."""
    from sheetsync import adopting, show_adopt  # noqa: PLC0415  # needed by this command alone
    from sheetsync.adopt.questions import answered, questions  # noqa: PLC0415  # the same

    opened = adopting.opened_for(book, output, ctx, lambda: _now(ctx))
    with _progress(ctx, ctx.language.text("Reading the base…")) as out:
        read = adopting.propose(opened, ctx.language)
    proposal = adopting.spoken_in(read, ctx.asked)
    if not ctx.as_json:
        show_adopt.show_proposal(proposal, ctx.language, out)
    asks = sys.stdin is not None and sys.stdin.isatty() and not yes and not ctx.as_json
    if asks:
        for question in questions(proposal, ctx.language):
            proposal = answered(proposal, question, show_adopt.ask(question, ctx.language, out, input))
    if not (yes or (asks and _agreed(ctx))):
        if ctx.as_json:
            show.emit({"book": read.book.id, "wrote": False, **show_adopt.proposal_json(proposal)})
        fix = ctx.language.text("`sheetsync adopt BOOK --yes` writes what is sure, and asks about the rest on the tab “{tab}”.", tab=proposal.policy.words.tabs["settings"])  # fmt: skip
        raise ChangesPending(ctx.language.text("Nothing was changed."), fix=fix)
    with _progress(ctx, ctx.language.text("Writing…")):
        took = adopting.take_over(opened, read, proposal, _options(ctx))
    left = [question.text for question in questions(proposal, ctx.language)]
    if ctx.as_json:
        told = {"wrote": True, "added": list(took.added), "left": left, "mixed": took.mixed}
        show.emit({"book": read.book.id, "path": _path(opened), **told, **show_adopt.proposal_json(proposal)})
    else:
        show_adopt.show_taken(took, left, proposal, ctx.language, out, _path(opened) or book)
    return ExitCode.DONE


def _path(opened: Opened) -> str | None:
    return str(opened.path) if opened.path else None


def _agreed(ctx: Context) -> bool:
    text = ctx.language.text
    said = input(text("Write this down and add what is missing? No cell of yours is changed. [y/N] "))
    return said.strip().casefold() in ("y", "yes", text("yes").casefold(), text("yes").casefold()[:1])


def demo(ctx: Context, folder: Path) -> int:
    """`sheetsync demo`."""
    from sheetsync.demo import play  # noqa: PLC0415  # needed by this command alone

    path, done = play(folder, ctx, lambda: _now(ctx))
    if ctx.as_json:
        show.emit(show.plan_json(done.planned, done.requests, wrote=done.wrote, path=str(path)))
        return ExitCode.DONE
    out, text = show.console(), ctx.language.text
    show.show_plan(done.planned, ctx.language, out)
    out.print(text("This was one night on a sample base. Open it in Excel or LibreOffice: {path}", path=path))
    return ExitCode.DONE


def notify(ctx: Context, book: str, to: str | None, *, dry_run: bool) -> int:
    """`sheetsync notify`."""
    from sheetsync import show_notices  # noqa: PLC0415  # needed by this command alone
    from sheetsync.notifying import Telling, Wanted  # noqa: PLC0415  # the same

    text, settings = ctx.language.text, ctx.settings
    if not dry_run and not settings.notify.channels:
        fix = text('Add [notify] with channels = ["mailto://…?to={{email}}"]; `--dry-run` shows the messages without.')
        raise InputError(text("sheetsync.toml names no channels: nobody can be told."), fix=fix)
    telling = Telling(_open(ctx, book), _options(ctx), settings.notify, shown=settings.api_endpoint is None)
    with _progress(ctx, text("Reading the base…") if dry_run else text("Working…")) as out:
        found = telling.foresee(Wanted(only=to)) if dry_run else telling.tell(Wanted(only=to))
    if ctx.as_json:
        show.emit(show_notices.notified_json(found))
    else:
        show_notices.show_notified(found, ctx.language, out, whole=dry_run)
    show_notices.show_trouble(found, ctx.language, show.console(stderr=True))
    if found.trouble is not None:
        return found.trouble.exit_code
    return ExitCode.SERVICE if found.lost else ExitCode.DONE


def daemon(ctx: Context) -> int:
    """`sheetsync daemon`."""
    from sheetsync.daemon import Daemon  # noqa: PLC0415  # needed by this command alone

    keeper = Daemon(ctx)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: keeper.stop())
    keeper.serve()
    return ExitCode.DONE


def doctor(ctx: Context, book: str | None) -> int:
    """`sheetsync doctor`."""
    from sheetsync.doctor import examine  # noqa: PLC0415  # needed by this command alone

    findings = list(examine(ctx, book))
    if ctx.as_json:
        show.emit({"findings": [finding._asdict() for finding in findings]})
    else:
        out = show.console()
        for finding in findings:
            out.print(f"{'[green]✓[/green]' if finding.well else '[red]✗[/red]'} {finding.said}", markup=True)
            if finding.fix:
                out.print(f"    → {finding.fix}", markup=False)
    return ExitCode.DONE if all(finding.well for finding in findings) else ExitCode.SERVICE


class Trouble(NamedTuple):
    """What goes wrong while books are served, as the options of `serve` say it."""

    latency: str | None = None
    quotas: bool = False
    fail_rate: float = 0.0
    seed: int | None = None
    faults: Path | None = None


def _faults(ctx: Context, trouble: Trouble) -> "Faults":
    """Add up the file of faults and the options; InputError where one of them makes no sense."""
    from sheetsync.emulator import Fault, Faults, Quotas  # noqa: PLC0415  # needed by `serve` alone

    try:
        said = Faults.from_json(json.loads(trouble.faults.read_text(encoding="utf-8"))) if trouble.faults else Faults()
        more = [Fault("delay", seconds=_seconds(ctx, trouble.latency))] if trouble.latency else []
        if trouble.fail_rate:
            more.append(Fault("error", status=503, rate=trouble.fail_rate))
    except (OSError, ValueError, RecursionError) as error:
        why = (
            ctx.language.text("line {n} is not JSON", n=error.lineno)
            if isinstance(error, json.JSONDecodeError)
            else error
        )
        fix = ctx.language.text("The emulator's README says what can go wrong, and how to write it.")
        raise InputError(ctx.language.text("The faults cannot be used: {why}.", why=why), fix=fix) from error
    quotas = said.quotas or (Quotas() if trouble.quotas else None)
    return Faults((*said.faults, *more), quotas, said.seed if trouble.seed is None else trouble.seed)


def _seconds(ctx: Context, latency: str) -> float | tuple[float, float]:
    least, dash, most = latency.partition("-")
    try:
        return (float(least), float(most)) if dash else float(least)
    except ValueError as error:
        message = ctx.language.text("“{text}” is no time in seconds, such as 0.2 or 0.1-0.5", text=latency)
        raise ValueError(message) from error


def serve(ctx: Context, path: Path, port: int, trouble: Trouble) -> int:
    """`sheetsync serve`."""
    from sheetsync.emulator import serve as serve_books  # noqa: PLC0415  # needed by this command alone

    faults = _faults(ctx, trouble)
    workspace = open_file(path, ctx.language, lambda: _now(ctx))

    def ready(root: str) -> None:
        for book in workspace.books:
            url = f"{root}/v4/spreadsheets/{book.id}"
            if ctx.as_json:
                line = {
                    "version": show.VERSION,
                    "id": book.id,
                    "name": book.title,
                    "path": str(book.path),
                    "url": url,
                    "root": root,
                }
                print(json.dumps(line, ensure_ascii=False), flush=True)  # noqa: T201  # a line a book, read by programs
            else:
                print(f"{book.title}: {url}", flush=True)  # noqa: T201  # shown at once, the command goes on
        sys.stdout.flush()

    signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
    serve_books(workspace, port=port, ready=ready, faults=faults)
    return ExitCode.DONE
