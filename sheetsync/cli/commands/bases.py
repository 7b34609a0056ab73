"""Commands that lay out a base, take one over, and set its method."""

import sys
from pathlib import Path
from typing import Any

from sheetsync.cli.commands.common import clock, open_for, options_of, progress
from sheetsync.cli.output import plan as show
from sheetsync.errors import ChangesPending, ExitCode, InputError
from sheetsync.services.context import Context
from sheetsync.sheets.connection.open_book import Opened


def init(ctx: Context, book: str, managers: list[str]) -> int:
    """`sheetsync init`."""
    from sheetsync.services.create_base import lay_out  # noqa: PLC0415  # needed by this command alone

    names = [" ".join(name.split()) for name in managers]
    if not all(names):
        raise InputError(
            ctx.language.text("A manager's name is empty."),
            fix=ctx.language.text("Give each name after a `--manager` of its own."),
        )
    made = lay_out(book, ctx, names, lambda: clock(ctx))
    if ctx.as_json:
        show.emit(
            {"book": made.book, "added": list(made.added), "completed": made.completed or None}
        )
    else:
        text, out = ctx.language.text, show.console()
        tabs = ", ".join(ctx.language.quoted(title) for title in made.added)
        if made.completed:
            out.print(text("The tab “{tab}” has all its blocks now.", tab=made.completed))
            if names:
                out.print(
                    text("In its list of managers: {names}.", names=", ".join(names)), markup=False
                )
        else:
            out.print(
                text("Laid out: {tabs}.", tabs=tabs)
                if made.added
                else text("Everything is there already.")
            )
        out.print(text("Fill in rows, then look with `sheetsync plan {book}`.", book=book))
    return ExitCode.DONE


def settings(ctx: Context, book: str, export: Path | None, import_: Path | None) -> int:
    """`sheetsync settings`."""
    from sheetsync.cli.output import settings as show_settings  # noqa: PLC0415  # needed by this command alone
    from sheetsync.services import edit_settings as restating  # noqa: PLC0415  # needed by this command alone

    text, opened = ctx.language.text, open_for(ctx, book)
    if export is not None and import_ is not None:
        raise InputError(
            text("`--export` and `--import` do not go together."), fix=text("Give one of them.")
        )
    with progress(ctx, text("Reading the base…")) as out:
        found = restating.look(opened, ctx.asked)
    told: dict[str, Any] = {"book": found.book.id, "mistakes": show_settings.mistakes_json(found)}
    if export is not None:
        restating.export(found, export, ctx.language)
        told |= {"path": str(export)}
        sentence = text("Written: {file}.", file=export)
    elif import_ is not None:
        done = restating.put(
            opened, found, restating.wanted_of(found, import_, ctx.language), options_of(ctx)
        )
        told |= {"changes": [change._asdict() for change in done.changes], "wrote": done.wrote}
        sentence = (
            text("Written onto the Settings tab; the next run obeys.")
            if done.wrote
            else text("Nothing to change: the base says the same.")
        )
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
    from sheetsync.adoption.questions import answered, questions  # noqa: PLC0415  # the same
    from sheetsync.cli.output import adoption as show_adopt  # noqa: PLC0415  # needed by this command alone
    from sheetsync.services import adopt_base as adopting  # noqa: PLC0415  # needed by this command alone

    opened = adopting.opened_for(book, output, ctx, lambda: clock(ctx))
    with progress(ctx, ctx.language.text("Reading the base…")) as out:
        read = adopting.propose(opened, ctx.language)
    proposal = adopting.spoken_in(read, ctx.asked)
    if not ctx.as_json:
        show_adopt.show_proposal(proposal, ctx.language, out)
    asks = sys.stdin is not None and sys.stdin.isatty() and not yes and not ctx.as_json
    if asks:
        for question in questions(proposal, ctx.language):
            proposal = answered(
                proposal, question, show_adopt.ask(question, ctx.language, out, input)
            )
    if not (yes or (asks and _agreed(ctx))):
        if ctx.as_json:
            show.emit({"book": read.book.id, "wrote": False, **show_adopt.proposal_json(proposal)})
        fix = ctx.language.text(
            "`sheetsync adopt BOOK --yes` writes what is sure, and asks about the rest on the tab “{tab}”.",
            tab=proposal.policy.words.tabs["settings"],
        )
        raise ChangesPending(ctx.language.text("Nothing was changed."), fix=fix)
    with progress(ctx, ctx.language.text("Writing…")):
        took = adopting.take_over(opened, read, proposal, options_of(ctx))
    left = [question.text for question in questions(proposal, ctx.language)]
    if ctx.as_json:
        told = {"wrote": True, "added": list(took.added), "left": left, "mixed": took.mixed}
        show.emit(
            {
                "book": read.book.id,
                "path": _path(opened),
                **told,
                **show_adopt.proposal_json(proposal),
            }
        )
    else:
        show_adopt.show_taken(took, left, proposal, ctx.language, out, _path(opened) or book)
    return ExitCode.DONE


def _path(opened: Opened) -> str | None:
    return str(opened.path) if opened.path else None


def _agreed(ctx: Context) -> bool:
    text = ctx.language.text
    said = input(
        text("Write this down and add what is missing? No cell of yours is changed. [y/N] ")
    )
    return said.strip().casefold() in (
        "y",
        "yes",
        text("yes").casefold(),
        text("yes").casefold()[:1],
    )


def demo(ctx: Context, folder: Path) -> int:
    """`sheetsync demo`."""
    from sheetsync.demo.build import WEEKS, play  # noqa: PLC0415  # needed by this command alone

    path, done, kept = play(folder, ctx, lambda: clock(ctx))
    if ctx.as_json:
        aside = None if kept is None else str(kept)
        show.emit(
            show.plan_json(
                done.planned, done.requests, wrote=done.wrote, path=str(path), kept=aside
            )
        )
        return ExitCode.DONE
    out, text = show.console(), ctx.language.text
    show.show_plan(done.planned, ctx.language, out)
    after = ctx.language.plural(
        "after {n} week of its team's work", "after {n} weeks of its team's work", WEEKS
    )
    if kept is not None:
        out.print(text("The sample that was there before is kept: {path}", path=kept), markup=False)
    out.print(
        text(
            "This was one night on a sample base, {after}. Open it in Excel or LibreOffice: {path}",
            after=after,
            path=path,
        )
    )
    return ExitCode.DONE
