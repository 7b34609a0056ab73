"""The command line: what each command is called with. What it does is in `commands`, how it is shown in `show`.

Heavy rooms are imported by the command that needs them, so that `--help` answers at once.
"""

import os
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from sheetsync import __version__
from sheetsync.i18n import LANGUAGES, Language, language
from sheetsync.services.context import Context, context

app = typer.Typer(
    name="sheetsync",
    help="Turns a team's spreadsheet into a sales base that keeps its own rules.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

YEARS = range(1950, 2100)
"""The years in which there are clients."""

Book = Annotated[
    str,
    typer.Argument(
        metavar="BOOK", help="An .xlsx path, a Google address or id, or a name from sheetsync.toml."
    ),
]


def _day(text: str) -> datetime:
    """Read the day of `--today`, of one of the `YEARS`. Raises typer's error for options."""
    try:
        day = datetime.strptime(text.strip(), "%Y-%m-%d")  # noqa: DTZ007  # a day has no zone
    except ValueError as error:
        said = chosen_language().text("“{text}” is no day. Write it as 2026-03-02.", text=text)
        raise typer.BadParameter(said) from error
    if day.year not in YEARS:
        raise typer.BadParameter(
            chosen_language().text("{year} is no year of this program's.", year=day.year)
        )
    return day


def _known(code: str | None) -> str | None:
    """Make sure that a language is one of ours. Raises typer's error for options."""
    if code is not None and code not in LANGUAGES:
        raise typer.BadParameter(
            chosen_language().text(
                "“{code}” is not a language of this program: {codes}.",
                code=code,
                codes=", ".join(LANGUAGES),
            )
        )
    return code


Today = Annotated[
    datetime | None,
    typer.Option("--today", parser=_day, metavar="DAY", help="The day to act as of, YYYY-MM-DD."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Config = Annotated[
    Path | None, typer.Option("--config", help="The settings file; sheetsync.toml here by default.")
]
Verbose = Annotated[
    int,
    typer.Option(
        "-v", "--verbose", count=True, help="-v: the daemon says more; -vv: traces of errors, too."
    ),
]
Lang = Annotated[str | None, typer.Option("--lang", callback=_known, help="Language: ru or en.")]
Latency = Annotated[
    str | None,
    typer.Option(
        "--latency", metavar="SECONDS", help="Answer late: 0.2, or from 0.1-0.5 by chance."
    ),
]
Quotas = Annotated[
    bool, typer.Option("--quotas", help="Keep Google's quotas a minute; answer 429 beyond them.")
]
FailRate = Annotated[
    float, typer.Option("--fail-rate", min=0, max=1, help="The share of calls that end in a 503.")
]
Seed = Annotated[
    int | None, typer.Option("--seed", help="Of all chances: the same seed, the same faults.")
]
FaultsFile = Annotated[
    Path | None,
    typer.Option(
        "--faults", metavar="FILE", help="What else goes wrong: JSON, see the emulator's README."
    ),
]
Force = Annotated[
    bool, typer.Option("--force", help="Go ahead with the first run, or past a limit of safety.")
]


def chosen_language(lang: str | None = None) -> Language:
    """Return the language to speak to the user: as asked, or the environment's."""
    environment = os.environ
    return language(
        lang
        or environment.get("SHEETSYNC_LANG")
        or environment.get("LC_ALL")
        or environment.get("LC_MESSAGES")
        or environment.get("LANG")
        or "en"
    )


def _context(
    today: datetime | None,
    as_json: bool,  # noqa: FBT001  # the options that every command has
    config: Path | None,
    verbose: int,
    lang: str | None,
) -> Context:
    day: date | None = today.date() if today else None
    return context(
        chosen_language(lang),
        asked=lang,
        today=day,
        as_json=as_json,
        config=config,
        verbose=verbose,
    )


@app.callback(invoke_without_command=True)
def _program(
    version: Annotated[  # noqa: FBT002  # an option
        bool, typer.Option("--version", help="Print the version and leave.")
    ] = False,
) -> None:
    if version:
        typer.echo(f"sheetsync {__version__}")
        raise typer.Exit


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]")] = Path("demo"),
    today: Today = None,
    json: Json = False,  # noqa: FBT002  # a command's options
    config: Config = None,
    verbose: Verbose = 0,
    lang: Lang = None,
) -> int:
    """Make a sample base, run one night on it, say what happened and where the file is."""
    from sheetsync.cli import commands  # noqa: PLC0415  # see above

    return commands.demo(_context(today, json, config, verbose, lang), folder)


@app.command()
def init(
    book: Book,
    manager: Annotated[
        list[str] | None, typer.Option("--manager", help="A manager's name; give one for each.")
    ] = None,
    today: Today = None,
    json: Json = False,  # noqa: FBT002  # a command's options
    config: Config = None,
    verbose: Verbose = 0,
    lang: Lang = None,
) -> int:
    """Lay out a new base: tabs, headings, dropdowns, colours. Adds what is missing, changes nothing that is there."""
    from sheetsync.cli import commands  # noqa: PLC0415  # see above

    return commands.init(_context(today, json, config, verbose, lang), book, manager or [])


@app.command()
def adopt(  # noqa: PLR0917, PLR0913  # a command's options
    book: Book,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="The workbook to make of a .csv.")
    ] = None,
    yes: Annotated[  # noqa: FBT002  # a command's options
        bool,
        typer.Option(
            "--yes", help="Take what is sure without asking; the rest is asked on the Settings tab."
        ),
    ] = False,
    today: Today = None,
    json: Json = False,  # noqa: FBT002  # a command's options
    config: Config = None,
    verbose: Verbose = 0,
    lang: Lang = None,
) -> int:
    """Take over an existing base: guess its tabs, columns and words, ask about the rest, write down what they mean."""
    from sheetsync.cli import commands  # noqa: PLC0415  # see above

    return commands.adopt(_context(today, json, config, verbose, lang), book, output, yes=yes)


@app.command()
def settings(
    book: Book,
    export: Annotated[
        Path | None,
        typer.Option("--export", metavar="FILE", help="Write all settings to a .toml file."),
    ] = None,
    import_: Annotated[
        Path | None,
        typer.Option(
            "--import",
            metavar="FILE",
            help="Put the settings of a .toml file onto the Settings tab.",
        ),
    ] = None,
    json: Json = False,  # noqa: FBT002  # a command's options
    config: Config = None,
    verbose: Verbose = 0,
    lang: Lang = None,
) -> int:
    """Show which settings are not the method's own, and mistakes in them; write them to a file, or take them from one."""
    from sheetsync.cli import commands  # noqa: PLC0415  # see above

    return commands.settings(_context(None, json, config, verbose, lang), book, export, import_)


@app.command()
def check(
    book: Book,
    today: Today = None,
    json: Json = False,  # noqa: FBT002  # a command's options
    config: Config = None,
    verbose: Verbose = 0,
    lang: Lang = None,
) -> int:
    """Show every problem of the base; write nothing. Exit 1 if there are errors."""
    from sheetsync.cli import commands  # noqa: PLC0415  # see above

    return commands.check(_context(today, json, config, verbose, lang), book)


@app.command()
def plan(
    book: Book,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Save the plan, for `apply`.")
    ] = None,
    today: Today = None,
    json: Json = False,  # noqa: FBT002  # a command's options
    config: Config = None,
    verbose: Verbose = 0,
    lang: Lang = None,
) -> int:
    """Show what the next run would do, and why; write nothing. Exit 2 if there is something to do."""
    from sheetsync.cli import commands  # noqa: PLC0415  # see above

    return commands.plan(_context(today, json, config, verbose, lang), book, output)


@app.command()
def apply(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A plan saved by `plan -o`.")],
    book: Annotated[
        str | None,
        typer.Option("--book", help="The book, where it has moved since the plan was made."),
    ] = None,
    json: Json = False,  # noqa: FBT002  # a command's options
    config: Config = None,
    verbose: Verbose = 0,
    lang: Lang = None,
) -> int:
    """Carry out exactly a saved plan; refused if a row it touches has changed since."""
    from sheetsync.cli import commands  # noqa: PLC0415  # see above

    return commands.apply(_context(None, json, config, verbose, lang), file, book)


@app.command()
def run(
    book: Book,
    force: Force = False,  # noqa: FBT002  # a command's options
    today: Today = None,
    json: Json = False,  # noqa: FBT002  # a command's options
    config: Config = None,
    verbose: Verbose = 0,
    lang: Lang = None,
) -> int:
    """Plan and apply once: move rows, write the reports. The first run on a base waits for --force."""
    from sheetsync.cli import commands  # noqa: PLC0415  # see above

    return commands.run(_context(today, json, config, verbose, lang), book, force=force)


@app.command()
def history(
    book: Book,
    company: Annotated[
        str | None,
        typer.Option("--company", help="A part of the name, or an ID: everything done to it."),
    ] = None,
    json: Json = False,  # noqa: FBT002  # a command's options
    config: Config = None,
    verbose: Verbose = 0,
    lang: Lang = None,
) -> int:
    """Show what runs have done, out of the Journal; the newest first."""
    from sheetsync.cli import commands  # noqa: PLC0415  # see above

    return commands.history(_context(None, json, config, verbose, lang), book, company)


@app.command()
def undo(
    book: Book,
    run: Annotated[
        str | None,
        typer.Argument(
            metavar="[RUN]", help="As `history` lists it; the newest where none is given."
        ),
    ] = None,
    today: Today = None,
    json: Json = False,  # noqa: FBT002  # a command's options
    config: Config = None,
    verbose: Verbose = 0,
    lang: Lang = None,
) -> int:
    """Put back what a run did, except what somebody has edited since. Can itself be undone."""
    from sheetsync.cli import commands  # noqa: PLC0415  # see above

    return commands.undo(_context(today, json, config, verbose, lang), book, run)


@app.command()
def handover(  # noqa: PLR0917, PLR0913  # a command's options
    book: Book,
    source: Annotated[str, typer.Argument(metavar="FROM", help="The manager who leaves.")],
    targets: Annotated[
        list[str], typer.Argument(metavar="TO...", help="Who takes over; one or more.")
    ],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="Save the plan, for `apply`, and write nothing."),
    ] = None,
    only: Annotated[
        str,
        typer.Option(
            "--only", metavar="all|working", help="Hand over everything, or the working list alone."
        ),
    ] = "all",
    new: Annotated[  # noqa: FBT002  # a command's options
        bool, typer.Option("--new", help="A name that the base does not know is a new manager's.")
    ] = False,
    dry_run: Annotated[  # noqa: FBT002  # a command's options
        bool, typer.Option("--dry-run", help="Show the plan and write nothing.")
    ] = False,
    force: Force = False,  # noqa: FBT002  # a command's options
    today: Today = None,
    json: Json = False,  # noqa: FBT002  # a command's options
    config: Config = None,
    verbose: Verbose = 0,
    lang: Lang = None,
) -> int:
    """Spread the companies of a manager who leaves among others, within their limits. Can be undone."""
    from sheetsync.cli import commands  # noqa: PLC0415  # see above
    from sheetsync.rules.capacity.handover import HandoverRequest  # noqa: PLC0415  # the same

    if only not in ("all", "working"):
        raise typer.BadParameter(only, param_hint="--only")
    wanted = HandoverRequest(source, tuple(targets), only_working=only == "working", new=new)
    return commands.handover(
        _context(today, json, config, verbose, lang), book, wanted, output, force=force, dry=dry_run
    )


@app.command()
def restore(
    book: Book,
    row_id: Annotated[
        str, typer.Argument(metavar="ID", help="The row's ID, as the Journal gives it.")
    ],
    today: Today = None,
    json: Json = False,  # noqa: FBT002  # a command's options
    config: Config = None,
    verbose: Verbose = 0,
    lang: Lang = None,
) -> int:
    """Bring back a row that somebody has deleted: its values, not its colours and notes."""
    from sheetsync.cli import commands  # noqa: PLC0415  # see above

    return commands.restore(_context(today, json, config, verbose, lang), book, row_id)


@app.command()
def unlock(
    book: Book,
    json: Json = False,  # noqa: FBT002  # a command's options
    config: Config = None,
    verbose: Verbose = 0,
    lang: Lang = None,
) -> int:
    """Free a base from the lock of a run that has died; says who held it."""
    from sheetsync.cli import commands  # noqa: PLC0415  # see above

    return commands.unlock(_context(None, json, config, verbose, lang), book)


@app.command()
def report(  # noqa: PLR0917, PLR0913  # a command's options
    book: Book,
    pack: Annotated[
        str | None,
        typer.Option(
            "--pack",
            metavar="day|week|month",
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
    today: Today = None,
    json: Json = False,  # noqa: FBT002  # a command's options
    config: Config = None,
    verbose: Verbose = 0,
    lang: Lang = None,
) -> int:
    """Write the report tabs only; move nothing. With --pack: one page for the planning meeting, to look at or to print."""
    from sheetsync.cli import commands  # noqa: PLC0415  # see above

    asked = _context(today, json, config, verbose, lang)
    return (
        commands.report(asked, book)
        if pack is None and output is None
        else commands.pack(asked, book, pack, output)
    )


@app.command()
def notify(  # noqa: PLR0917, PLR0913  # a command's options
    book: Book,
    dry_run: Annotated[  # noqa: FBT002  # a command's options
        bool, typer.Option("--dry-run", help="Show the messages; send and write nothing.")
    ] = False,
    to: Annotated[
        str | None,
        typer.Option(
            "--to", metavar="NAME", help="Only this manager's message, or the head's: head."
        ),
    ] = None,
    today: Today = None,
    json: Json = False,  # noqa: FBT002  # a command's options
    config: Config = None,
    verbose: Verbose = 0,
    lang: Lang = None,
) -> int:
    """Send the day's messages that were not sent yet, to the managers and the head. Exit 3 if one reached nobody."""
    from sheetsync.cli import commands  # noqa: PLC0415  # see above

    return commands.notify(_context(today, json, config, verbose, lang), book, to, dry_run=dry_run)


@app.command()
def daemon(config: Config = None, verbose: Verbose = 0, lang: Lang = None) -> int:
    """Run every book of sheetsync.toml at its hours, until stopped."""
    from sheetsync.cli import commands  # noqa: PLC0415  # see above

    return commands.daemon(_context(None, False, config, verbose, lang))  # noqa: FBT003  # a daemon prints no JSON


@app.command()
def doctor(
    book: Annotated[str | None, typer.Argument(metavar="[BOOK]")] = None,
    json: Json = False,  # noqa: FBT002  # a command's options
    config: Config = None,
    verbose: Verbose = 0,
    lang: Lang = None,
) -> int:
    """Check settings, credentials, sharing and clock; say how to mend each."""
    from sheetsync.cli import commands  # noqa: PLC0415  # see above

    return commands.doctor(_context(None, json, config, verbose, lang), book)


@app.command()
def serve(  # noqa: PLR0917, PLR0913  # a command's options
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help="An .xlsx file, or a folder of them.")
    ],
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="0 takes a free one.")
    ] = 8765,
    latency: Latency = None,
    quotas: Quotas = False,  # noqa: FBT002  # a command's options
    fail_rate: FailRate = 0.0,
    seed: Seed = None,
    faults: FaultsFile = None,
    today: Today = None,
    json: Json = False,  # noqa: FBT002  # a command's options
    config: Config = None,
    verbose: Verbose = 0,
    lang: Lang = None,
) -> int:
    """Serve workbooks on loopback by the Google Sheets API, for any Sheets client."""
    from sheetsync.cli import commands  # noqa: PLC0415  # see above

    trouble = commands.Trouble(latency, quotas, fail_rate, seed, faults)
    return commands.serve(_context(today, json, config, verbose, lang), path, port, trouble)
