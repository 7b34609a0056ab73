"""The options that commands share, and the Context that a command is given of them.

What one command alone is called with stands in its own signature, in `app`.
"""

import inspect
import os
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer

from sheetsync.i18n import LANGUAGES, Language, language
from sheetsync.services.context import Context, context

YEARS = range(1950, 2100)
"""The years in which there are clients."""


def chosen_language(lang: str | None = None) -> Language:
    """Return the language to speak to the user: as asked, or the environment's."""
    # Our own variable first, then those by which POSIX chooses the language of messages.
    environment = os.environ
    return language(
        lang
        or environment.get("SHEETSYNC_LANG")
        or environment.get("LC_ALL")
        or environment.get("LC_MESSAGES")
        or environment.get("LANG")
        or "en"
    )


def read_day(typed: str) -> datetime:
    """Read the day of an option, of one of the `YEARS`. Raises typer's error for options."""
    # Options are read before `--lang` is known here: the environment's language has to do.
    text = chosen_language().text
    try:
        # A day has no zone: it is the same one whatever clock people live by.
        day = datetime.strptime(typed.strip(), "%Y-%m-%d")  # noqa: DTZ007
    except ValueError as error:
        message = text(
            "“{text}” is no day. Write it as 2026-03-02.", text=typed
        )
        raise typer.BadParameter(message) from error
    if day.year not in YEARS:
        raise typer.BadParameter(
            text("{year} is no year of this program's.", year=day.year)
        )
    return day


def _known_language(code: str | None) -> str | None:
    """Make sure that a language is one of ours. Raises typer's error for options."""
    if code is not None and code not in LANGUAGES:
        message = chosen_language().text(
            "“{code}” is not a language of this program: {codes}.",
            code=code,
            codes=", ".join(LANGUAGES),
        )
        raise typer.BadParameter(message)
    return code


def _option(name: str, kind: Any, default: object) -> inspect.Parameter:
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind
    )


TODAY = _option(
    "today",
    Annotated[
        datetime | None,
        typer.Option(
            "--today",
            parser=read_day,
            metavar="DAY",
            help="The day to act as of, YYYY-MM-DD.",
        ),
    ],
    None,
)
JSON = _option(
    "json",
    Annotated[
        bool,
        typer.Option("--json", help="Print one JSON object and nothing else."),
    ],
    default=False,
)
CONFIG = _option(
    "config",
    Annotated[
        Path | None,
        typer.Option(
            "--config",
            help="The settings file; sheetsync.toml here by default.",
        ),
    ],
    None,
)
VERBOSE = _option(
    "verbose",
    Annotated[
        int,
        typer.Option(
            "-v",
            "--verbose",
            count=True,
            help="-v: the stages of a run, and what the daemon does; -vv: traces of errors, too.",
        ),
    ],
    0,
)
LANG = _option(
    "lang",
    Annotated[
        str | None,
        typer.Option(
            "--lang", callback=_known_language, help="Language: ru or en."
        ),
    ],
    None,
)

OF_EVERY_COMMAND = (CONFIG, VERBOSE, LANG)
OF_ANY_DAY = (JSON, *OF_EVERY_COMMAND)
"""Of a command for which it is no matter what day it is."""
OF_A_DAY = (TODAY, *OF_ANY_DAY)
"""Of a command that acts as of a day."""


def _context(
    today: datetime | None = None,
    *,
    json: bool = False,
    config: Path | None,
    verbose: int,
    lang: str | None,
) -> Context:
    return context(
        chosen_language(lang),
        asked=lang,
        today=today.date() if today else None,
        as_json=json,
        config=config,
        verbose=verbose,
    )


def with_context(
    command: Callable[..., int], shared: tuple[inspect.Parameter, ...]
) -> Callable[..., int]:
    """Return a command as typer calls it: with options in place of its first parameter, a Context.

    `shared`: those options. They stand after the command's own, in `--help` too.
    """

    @wraps(command)
    def called(**arguments: Any) -> int:
        answers = {option.name: arguments.pop(option.name) for option in shared}
        return command(_context(**answers), **arguments)

    _, *own = inspect.signature(command).parameters.values()
    parameters = [*own, *shared]
    # Typer asks for both: order and defaults are the signature's, types the annotations'.
    called.__annotations__ = {
        option.name: option.annotation for option in parameters
    }
    shown: Any = called
    shown.__signature__ = inspect.Signature(parameters)
    return called
