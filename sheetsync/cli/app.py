"""The command line: what each command is called with.

What it does is in `commands`, how it is shown in `output`, the options that all share in `options`.
"""

# Heavy rooms are imported by the command that needs them, so that `--help` answers at once.
# ruff: noqa: PLC0415

from collections.abc import Callable
from datetime import datetime
from inspect import Parameter, getdoc
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from sheetsync import __version__
from sheetsync.cli.options import (
    OF_A_DAY,
    OF_ANY_DAY,
    OF_EVERY_COMMAND,
    read_day,
    with_context,
)
from sheetsync.services.context import Context

app = typer.Typer(
    name="sheetsync",
    help="Turns a team's spreadsheet into a sales base that keeps its own rules.",
    no_args_is_help=True,
    add_completion=True,
    # `main` tells of errors, in a sentence; traces are shown on `-vv` alone.
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

BookArgument = Annotated[
    str,
    typer.Argument(
        metavar="BOOK",
        help="An .xlsx path, a Google address or id, or a name from sheetsync.toml.",
    ),
]
ForceOption = Annotated[
    bool,
    typer.Option(
        "--force",
        help="Go ahead with the first run, or past a limit of safety.",
    ),
]


CommandFunction = TypeVar("CommandFunction", bound=Callable[..., int])


def _command(
    shared: tuple[Parameter, ...], *, help_: str = "", name: str | None = None
) -> Callable[[CommandFunction], CommandFunction]:
    """Make a function a command of its own name, with the shared options beside its own.

    `help_`: what `--help` says of it; its docstring where none is given. `name`: of a command whose
    word no function may bear.
    """

    def register(function: CommandFunction) -> CommandFunction:
        # Help is one paragraph, as the list of commands shows no more than the first.
        words = (help_ or getdoc(function) or "").split()
        app.command(name, help=" ".join(words))(with_context(function, shared))
        return function

    return register


@app.callback(invoke_without_command=True)
def _program(
    *,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and leave.")
    ] = False,
) -> None:
    if version:
        typer.echo(f"sheetsync {__version__}")
        raise typer.Exit


@_command(OF_A_DAY)
def demo(
    ctx: Context,
    folder: Annotated[Path, typer.Argument(metavar="[DIR]")] = Path("demo"),
    trial: Annotated[
        str | None,
        typer.Option(
            "--trial",
            metavar="under-way|over",
            help="Show a trial of the model, in a file of its own.",
        ),
    ] = None,
) -> int:
    """Make a sample base, run one night on it, say what happened and where the file is."""
    from sheetsync.cli.commands import demo

    return demo.demo(ctx, folder, trial)


@_command(OF_A_DAY)
def init(  # its own options
    ctx: Context,
    book: BookArgument,
    manager: Annotated[
        list[str] | None,
        typer.Option("--manager", help="A manager's name; give one for each."),
    ] = None,
    country: Annotated[
        str | None,
        typer.Option(
            help="Where the team works: whose phones, tax numbers and days off; "
            "this machine's by default."
        ),
    ] = None,
    *,
    trial: Annotated[
        bool,
        typer.Option(
            "--trial",
            help="Begin with a trial: for 40 days nothing is moved, only shown.",
        ),
    ] = False,
    playbook: Annotated[
        bool,
        typer.Option(
            "--playbook",
            help="Lay out the playbook too: the algorithm, objections, materials, roles and so on.",
        ),
    ] = False,
    playbook_tab: Annotated[
        list[str] | None,
        typer.Option(
            "--playbook-tab",
            help="Lay out this tab of the playbook; give one for each.",
        ),
    ] = None,
) -> int:
    """Lay out a new base: tabs, headings, dropdowns, colours.

    Adds what is missing, changes nothing that is there.
    """
    from sheetsync.cli.commands import init

    names = None if playbook else playbook_tab or []
    return init.init(
        ctx, book, manager or [], country, trial=trial, playbook=names
    )


@_command(
    OF_A_DAY,
    help_="Take over an existing base: guess its tabs, columns and words, ask about the rest, "
    "write down what they mean.",
)
def adopt(  # noqa: PLR0913  # its own options
    ctx: Context,
    book: BookArgument,
    *,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="The workbook to make of a .csv."),
    ] = None,
    yes: Annotated[
        bool,
        typer.Option(
            "--yes",
            help="Take what is sure without asking; the rest is asked on the Settings tab.",
        ),
    ] = False,
    tab: Annotated[
        str,
        typer.Option(
            "--tab", metavar="TITLE", help="The tab that holds the clients."
        ),
    ] = "",
    heading_row: Annotated[
        int | None,
        typer.Option(
            "--heading-row",
            metavar="ROW",
            min=1,
            help="The number of the row that holds its headings.",
        ),
    ] = None,
    headings: Annotated[
        str,
        typer.Option(
            "--headings",
            metavar="TEXTS",
            help="Headings to put into a row above its clients, which have none: "
            '"Company; Phone; State; Manager", from the first column on.',
        ),
    ] = "",
    trial: Annotated[
        bool,
        typer.Option(
            "--trial",
            help="Begin with a trial: for 40 days nothing is moved, only shown.",
        ),
    ] = False,
) -> int:
    """Take over an existing base, or the workbook made of a table."""
    from sheetsync.cli.commands import adopt
    from sheetsync.services.told_place import ToldPlace, headings_of

    named = headings_of(headings) if headings.strip() else ()
    place = ToldPlace(tab, heading_row or 0, named)
    return adopt.adopt(ctx, book, output, place, yes=yes, trial=trial)


@_command(
    OF_ANY_DAY,
    help_="Show which settings are not the method's own, and mistakes in them; "
    "write them to a file, or take them from one.",
)
def settings(
    ctx: Context,
    book: BookArgument,
    export: Annotated[
        Path | None,
        typer.Option(
            "--export",
            metavar="FILE",
            help="Write all settings to a .toml file.",
        ),
    ] = None,
    import_: Annotated[
        Path | None,
        typer.Option(
            "--import",
            metavar="FILE",
            help="Put the settings of a .toml file onto the Settings tab.",
        ),
    ] = None,
) -> int:
    """Show the settings of a base, write them to a file, or take them from one."""
    from sheetsync.cli.commands import settings

    return settings.settings(ctx, book, export, import_)


@_command(OF_A_DAY)
def check(ctx: Context, book: BookArgument) -> int:
    """Show every problem of the base; write nothing. Exit 1 if there are errors."""
    from sheetsync.cli.commands import runs

    return runs.check(ctx, book)


@_command(OF_A_DAY)
def plan(
    ctx: Context,
    book: BookArgument,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="Save the plan, for `apply`."),
    ] = None,
) -> int:
    """Show what the next run would do, and why; write nothing.

    Exit 2 if there is something to do.
    """
    from sheetsync.cli.commands import runs

    return runs.plan(ctx, book, output)


@_command(OF_ANY_DAY)
def apply(
    ctx: Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A plan saved by `plan -o`.")
    ],
    book: Annotated[
        str | None,
        typer.Option(
            "--book",
            help="The book, where it has moved since the plan was made.",
        ),
    ] = None,
    *,
    yes: Annotated[
        bool,
        typer.Option(
            "--yes", help="Do not ask whether a book elsewhere is meant."
        ),
    ] = False,
) -> int:
    """Carry out exactly a saved plan; refused if a row it touches has changed since."""
    from sheetsync.cli.commands import runs

    return runs.apply(ctx, file, book, sure=yes)


@_command(OF_A_DAY)
def run(ctx: Context, book: BookArgument, *, force: ForceOption = False) -> int:
    """Plan and apply once: move rows, write the reports.

    The first run on a base waits for --force.
    """
    from sheetsync.cli.commands import runs

    return runs.run(ctx, book, force=force)


@_command(OF_A_DAY)
def simulate(
    ctx: Context,
    book: BookArgument,
    days: Annotated[
        str | None,
        typer.Option("--days", help="Limits in days: 14,30,40 by default."),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            metavar="label|manager|category|source",
            help="Tell companies apart by this.",
        ),
    ] = None,
    known_from: Annotated[
        datetime | None,
        typer.Option(
            "--known-from",
            parser=read_day,
            metavar="DAY",
            help="From when on the base tells of all that ended; its own word by default.",
        ),
    ] = None,
) -> int:
    """Reckon from the team's own deals what limits of 14, 30 or 40 days would do.

    Writes nothing.
    """
    from sheetsync.cli.commands import simulate

    day = None if known_from is None else known_from.date()
    return simulate.simulate(ctx, book, days, by, day)


@_command(OF_ANY_DAY)
def history(
    ctx: Context,
    book: BookArgument,
    company: Annotated[
        str | None,
        typer.Option(
            "--company",
            help="A part of the name, or an ID: everything done to it.",
        ),
    ] = None,
) -> int:
    """Show what runs have done, out of the Journal; the newest first."""
    from sheetsync.cli.commands import history

    return history.history(ctx, book, company)


@_command(OF_A_DAY)
def audit(
    ctx: Context,
    book: BookArgument,
    first: Annotated[
        datetime | None,
        typer.Option(
            "--from",
            parser=read_day,
            metavar="YYYY-MM-DD",
            help="The first day; 30 days back where none is given.",
        ),
    ] = None,
    last: Annotated[
        datetime | None,
        typer.Option(
            "--to",
            parser=read_day,
            metavar="YYYY-MM-DD",
            help="The last day; today where none is given.",
        ),
    ] = None,
) -> int:
    """List what somebody should answer for: more time, unproved sales, settings, open findings."""
    from sheetsync.cli.commands import audit

    return audit.audit(
        ctx,
        book,
        first.date() if first else None,
        last.date() if last else None,
    )


@_command(OF_A_DAY)
def undo(
    ctx: Context,
    book: BookArgument,
    run: Annotated[
        str | None,
        typer.Argument(
            metavar="[RUN]",
            help="As `history` lists it; the newest where none is given.",
        ),
    ] = None,
    *,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do not ask at the terminal.")
    ] = False,
) -> int:
    """Put back what a run did, except what somebody has edited since. Can itself be undone.

    At a terminal it shows what it will do, and asks.
    """
    from sheetsync.cli.commands import history

    return history.undo(ctx, book, run, yes=yes)


@_command(OF_A_DAY)
def handover(  # noqa: PLR0913  # each is an option of its own
    ctx: Context,
    book: BookArgument,
    source: Annotated[
        str, typer.Argument(metavar="FROM", help="The manager who leaves.")
    ],
    targets: Annotated[
        list[str],
        typer.Argument(metavar="TO...", help="Who takes over; one or more."),
    ],
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            help="Save the plan, for `apply`, and write nothing.",
        ),
    ] = None,
    only: Annotated[
        str,
        typer.Option(
            "--only",
            metavar="all|working",
            help="Hand over everything, or the working list alone.",
        ),
    ] = "all",
    new: Annotated[
        bool,
        typer.Option(
            "--new",
            help="A name that the base does not know is a new manager's.",
        ),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the plan and write nothing.")
    ] = False,
    force: ForceOption = False,
) -> int:
    """Spread the companies of a manager who leaves among others, within their limits.

    Can be undone.
    """
    from sheetsync.cli.commands import history
    from sheetsync.rules.capacity.handover import HandoverRequest

    if only not in ("all", "working"):
        raise typer.BadParameter(only, param_hint="--only")
    request = HandoverRequest(
        source, tuple(targets), only_working=only == "working", new=new
    )
    return history.handover(
        ctx, book, request, output, force=force, dry_run=dry_run
    )


@_command(OF_A_DAY, name="import")
def import_leads(
    ctx: Context,
    book: BookArgument,
    leads: Annotated[
        str,
        typer.Argument(
            metavar="LIST", help="A .csv or .xlsx file of leads, or a book."
        ),
    ],
    *,
    yes: Annotated[
        bool,
        typer.Option(
            "--yes",
            help="Ask nothing: bring in what is new, skip what stands in the base already.",
        ),
    ] = False,
    repeated: Annotated[
        str,
        typer.Option(
            "--repeated",
            metavar="skip|join|bring",
            help="What becomes of leads that stand in the base already.",
        ),
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show it and write nothing.")
    ] = False,
) -> int:
    """Bring a list of leads into the call base; what stands in the base already is shown first.

    Can be undone.
    """
    from sheetsync.cli.commands import import_leads

    if repeated not in ("", "skip", "join", "bring"):
        raise typer.BadParameter(repeated, param_hint="--repeated")
    options = import_leads.ImportOptions(yes, dry_run, repeated)
    return import_leads.import_leads(ctx, book, leads, options)


@_command(OF_A_DAY)
def restore(
    ctx: Context,
    book: BookArgument,
    row_id: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="The row's ID, as the Journal gives it."
        ),
    ],
) -> int:
    """Bring back a row that somebody has deleted: its values, not its colours and notes."""
    from sheetsync.cli.commands import history

    return history.restore(ctx, book, row_id)


@_command(OF_ANY_DAY)
def unlock(ctx: Context, book: BookArgument) -> int:
    """Free a base from the lock of a run that has died; says who held it."""
    from sheetsync.cli.commands import history

    return history.unlock(ctx, book)


@_command(OF_A_DAY)
def report(
    ctx: Context,
    book: BookArgument,
    pack: Annotated[
        str | None,
        typer.Option(
            "--pack",
            metavar="day|week|month|last-week|last-month",
            help="Make a page for the planning meeting instead; the book is only read.",
        ),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="Where the page goes: an .html or a .pdf, or - for standard output.",
        ),
    ] = None,
) -> int:
    """Write the report tabs only; move nothing.

    With --pack: one page for the planning meeting, to look at or to print.
    """
    from sheetsync.cli.commands import meeting_pack, runs

    # `-o` alone is a mistake that is told there, not one that is passed over.
    if pack is None and output is None:
        return runs.report(ctx, book)
    return meeting_pack.pack(ctx, book, pack, output)


@_command(OF_A_DAY)
def notify(
    ctx: Context,
    book: BookArgument,
    *,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run", help="Show the messages; send and write nothing."
        ),
    ] = False,
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="NAME",
            help="Only this manager's message, or the head's: head.",
        ),
    ] = None,
) -> int:
    """Send the day's messages that were not sent yet, to the managers and the head.

    Exit 3 if one reached nobody.
    """
    from sheetsync.cli.commands import notify

    return notify.notify(ctx, book, to, dry_run=dry_run)


@_command(OF_EVERY_COMMAND)
def daemon(ctx: Context) -> int:
    """Run every book of sheetsync.toml at its hours, until stopped."""
    from sheetsync.cli.commands import daemon

    return daemon.daemon(ctx)


@_command(OF_ANY_DAY)
def remove(
    ctx: Context,
    book: BookArgument,
    *,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do not ask at the terminal.")
    ] = False,
) -> int:
    """Take the program out of a base: its tabs, columns, colours and protections, shown first.

    Cannot be undone. Exit 2 if nobody has said yes.
    """
    from sheetsync.cli.commands import remove

    return remove.remove(ctx, book, yes=yes)


@_command(OF_ANY_DAY)
def config(
    ctx: Context,
    *,
    check: Annotated[
        bool,
        typer.Option(
            "--check",
            help="Say whether it can be used; every mistake with its line.",
        ),
    ] = False,
    example: Annotated[
        bool,
        typer.Option("--example", help="Print a file to begin with."),
    ] = False,
    schema: Annotated[
        bool,
        typer.Option("--schema", help="Print its JSON Schema, for editors."),
    ] = False,
) -> int:
    """Check sheetsync.toml, or print an example of it."""
    from sheetsync.cli.commands import config

    if check + example + schema != 1:
        raise typer.BadParameter("--check, --example, --schema")
    if check:
        return config.check(ctx)
    return config.example(ctx) if example else config.schema(ctx)


@_command(OF_ANY_DAY)
def status(
    ctx: Context,
    *,
    locks: Annotated[
        bool,
        typer.Option(
            "--locks",
            help="Ask each book who holds its lock, too; else nothing is asked of Google.",
        ),
    ] = False,
) -> int:
    """Say of each book of sheetsync.toml when it last ran, what it did, and when it will again.

    Exit 2 if somebody is wanted, 3 if something is wrong.
    """
    from sheetsync.cli.commands import status

    return status.status(ctx, locks=locks)


@_command(OF_ANY_DAY)
def doctor(
    ctx: Context,
    book: Annotated[str | None, typer.Argument(metavar="[BOOK]")] = None,
) -> int:
    """Check settings, key, clock, and every book of sheetsync.toml; say how to mend each."""
    from sheetsync.cli.commands import doctor

    return doctor.doctor(ctx, book)


@_command(OF_A_DAY)
def serve(  # noqa: PLR0913  # each is an option of its own
    ctx: Context,
    path: Annotated[
        Path,
        typer.Argument(
            metavar="PATH", help="An .xlsx file, or a folder of them."
        ),
    ],
    *,
    port: Annotated[
        int,
        typer.Option("--port", min=0, max=65535, help="0 takes a free one."),
    ] = 8765,
    latency: Annotated[
        str | None,
        typer.Option(
            "--latency",
            metavar="SECONDS",
            help="Answer late: 0.2, or from 0.1-0.5 by chance.",
        ),
    ] = None,
    quotas: Annotated[
        bool,
        typer.Option(
            "--quotas",
            help="Keep Google's quotas a minute; answer 429 beyond them.",
        ),
    ] = False,
    fail_rate: Annotated[
        float,
        typer.Option(
            "--fail-rate",
            min=0,
            max=1,
            help="The share of calls that end in a 503.",
        ),
    ] = 0.0,
    seed: Annotated[
        int | None,
        typer.Option(
            "--seed", help="Of all chances: the same seed, the same faults."
        ),
    ] = None,
    faults: Annotated[
        Path | None,
        typer.Option(
            "--faults",
            metavar="FILE",
            help="What else goes wrong: JSON, see the emulator's README.",
        ),
    ] = None,
    is_open: Annotated[
        bool,
        typer.Option(
            "--open",
            help="Ask for no token: any program of this machine may then change the books.",
        ),
    ] = False,
    control: Annotated[
        bool,
        typer.Option(
            "--control",
            help="Let /__emulator__/ set faults and the clock while it runs.",
        ),
    ] = False,
) -> int:
    """Serve workbooks on loopback by the Google Sheets API, for any Sheets client."""
    from sheetsync.cli.commands import serve

    options = serve.FaultOptions(latency, quotas, fail_rate, seed, faults)
    entrance = serve.Entrance(is_open, control)
    return serve.serve(ctx, path, port, options, entrance)
