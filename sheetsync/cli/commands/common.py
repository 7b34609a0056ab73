"""What every command begins with: the clock, the options of a run, the book, a spinner.

What is done with them is each command's own.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from functools import partial

from rich.console import Console
from rich.status import Status

from sheetsync.cli.output.interruption import note_stage
from sheetsync.cli.output.stages import stage_json, stage_words
from sheetsync.cli.output.terminal import console
from sheetsync.errors import ChangesPending, InputError
from sheetsync.method.settings_tab.location_types import country_code
from sheetsync.services.context import Context
from sheetsync.services.read_and_decide import Options
from sheetsync.services.stages import Progress
from sheetsync.sheets.connection.open_book import Opened, open_book

YES = frozenset({"y", "yes", "д", "да"})
"""Answers that say yes, in both languages."""


def clock(ctx: Context) -> datetime:
    """Return the present moment in this machine's zone, on the day that was asked for."""
    now = datetime.now(UTC).astimezone()
    if ctx.today is None:
        return now
    return datetime.combine(ctx.today, now.time(), now.tzinfo)


def first_day(ctx: Context) -> date:
    """Return the day on which what begins now begins."""
    return ctx.today or clock(ctx).date()


def options_of(ctx: Context, *, force: bool = False) -> Options:
    """Return how a run is to be done, as the command line says."""
    return Options(
        ctx.today, force, ctx.asked, on_progress=partial(show_progress, ctx)
    )


def can_ask(ctx: Context) -> bool:
    """Tell whether somebody sits at the terminal who can answer."""
    # Python has no stdin at all where it was started without one; `--json` prints one object only.
    return sys.stdin is not None and sys.stdin.isatty() and not ctx.as_json


def refuse_two_answers(ctx: Context) -> None:
    """Raise InputError where a file goes to standard output and the JSON object would too."""
    if ctx.as_json:
        text = ctx.language.text
        raise InputError(
            text("`--json` and `-o -` do not go together."),
            fix=text("Give one of them."),
        )


def consent(ctx: Context, question: str) -> None:
    """Ask at a terminal whether to go ahead; elsewhere nobody is there to be asked.

    Raises ChangesPending at any answer but yes, before anything is written.
    """
    if not can_ask(ctx):
        return
    text = ctx.language.text
    spinner = _spinner.get()
    # It would write over the question.
    if spinner is not None:
        spinner.stop()
    answer = input(f"{question} [y/N] ").strip().casefold()
    if answer not in YES:
        raise ChangesPending(
            text("Nothing was written."),
            fix=text("`--yes` goes ahead without asking."),
        )
    if spinner is not None:
        spinner.start()


def asked_country(ctx: Context, own: str) -> str:
    """Ask in which country the team works, until a country is named; return its ISO 3166 code.

    `own`: the machine's, for an answer of nothing.
    """
    text = ctx.language.text
    while True:
        answer = input(
            text(
                "In which country does the team work? [{default}]: ",
                default=own,
            )
        ).strip()
        code = country_code(answer) if answer else own
        if code is not None:
            return code
        sentence = text("“{country}” is no country.", country=answer)
        console().print(sentence, markup=False, style="yellow")


def open_for(ctx: Context, book: str) -> Opened:
    """Open a book by its path, address or name."""
    return open_book(book, ctx.settings, ctx.language, lambda: clock(ctx))


_spinner: ContextVar[Status | None] = ContextVar("_spinner", default=None)
"""The spinner that turns just now, beside which the stages of a run are shown."""


def show_progress(ctx: Context, stage: Progress) -> None:
    """Show a stage beside the spinner; else, where more was asked for, as a line on stderr."""
    note_stage(stage.stage)
    spinner = _spinner.get()
    if spinner is not None:
        spinner.update(stage_words(stage, ctx.language))
    elif ctx.verbose:
        line = stage_json(stage)
        if not ctx.as_json:
            line = stage_words(stage, ctx.language)
        console(stderr=True).print(line, markup=False, soft_wrap=True)


@contextmanager
def progress(ctx: Context, doing: str) -> Iterator[Console]:
    """Show a spinner on a terminal while something takes its time; give the console to print to."""
    # On stderr, so that what is piped holds the answer alone.
    waiting = console(stderr=True)
    if ctx.as_json or not waiting.is_terminal:
        yield console()
        return
    with waiting.status(doing) as spinner:
        token = _spinner.set(spinner)
        try:
            yield console()
        finally:
            _spinner.reset(token)
