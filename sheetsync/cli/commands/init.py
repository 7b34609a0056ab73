"""`sheetsync init`: a new base laid out.

What is laid out is the service's to know.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from sheetsync.cli.commands.common import (
    asked_country,
    can_ask,
    clock,
    first_day,
)
from sheetsync.cli.output.adoption import trial_sentence
from sheetsync.cli.output.terminal import console, emit
from sheetsync.errors import ExitCode, InputError
from sheetsync.method.settings_tab.location_types import country_code
from sheetsync.method.terms import Location
from sheetsync.services.context import Context
from sheetsync.services.create_base import Home, LaidOut, lay_out
from sheetsync.services.lay_out_playbook import (
    lay_out_playbook,
    standing_base,
    wanted_keys,
)
from sheetsync.services.machine_location import machine_location


def init(
    ctx: Context,
    book: str,
    managers: list[str],
    country: str | None,
    *,
    trial: bool,
    playbook: Sequence[str] | None = (),
) -> int:
    """Lay out a base for these managers, who work in a country: its name or code.

    `trial`: it begins with a trial of the model; `playbook`: the tabs of the playbook that are
    wanted too, None: all. Raises InputError for a manager's name that is empty, a country that is
    none, or a name that is no tab's.
    """
    names = [" ".join(name.split()) for name in managers]
    if not all(names):
        raise InputError(
            ctx.language.text("A manager's name is empty."),
            fix=ctx.language.text(
                "Give each name after a `--manager` of its own."
            ),
        )
    keys = None if playbook is None else wanted_keys(playbook, ctx.language)
    location = _location(ctx, book, country)
    begins = first_day(ctx) if trial else None
    now = partial(clock, ctx)
    wants_playbook = keys is None or bool(keys)
    base = None
    # Of a base that stands only the playbook is wanted: its tabs may be called otherwise than ours.
    if wants_playbook and not names:
        base = standing_base(book, ctx, now)
    if base is None:
        home = Home(location, begins)
        laid_out = lay_out(book, ctx, names, now, home)
    else:
        laid_out = LaidOut(base, ())
    pages: tuple[str, ...] = ()
    if wants_playbook:
        pages = lay_out_playbook(book, ctx, keys, now)
    if ctx.as_json:
        completed = laid_out.completed or None
        emit(
            {
                "book": laid_out.book,
                "added": [*laid_out.added, *pages],
                "completed": completed,
            }
        )
    else:
        shown = laid_out._replace(added=(*laid_out.added, *pages))
        _show(ctx, book, shown, names)
        trial_line = trial_sentence(ctx.language, begun=trial)
        # A base that was there has its own Settings tab, on which nothing is changed.
        if laid_out.added:
            console().print(trial_line, markup=False)
    return ExitCode.DONE


def _location(ctx: Context, book: str, country: str | None) -> Location:
    """Return where the team works: as is said, else as this machine stands.

    Somebody at a terminal is asked, where the base is not there yet.
    """
    own = machine_location()
    if country is None and (not can_ask(ctx) or Path(book).exists()):
        return own
    if country is None:
        code: str | None = asked_country(ctx, own.country)
    else:
        code = country_code(country)
    if code is None:
        text = ctx.language.text
        raise InputError(
            text("“{country}” is no country.", country=country or ""),
            fix=text("Give its name or its code of two letters, such as DE."),
        )
    # The machine's zone is the team's only where the country is.
    zone = own.time_zone if code == own.country else ""
    return Location(country=code, time_zone=zone)


def _show(ctx: Context, book: str, laid_out: LaidOut, names: list[str]) -> None:
    text = ctx.language.text
    out = console()
    if laid_out.completed:
        out.print(
            text(
                "The tab “{tab}” has all its blocks now.",
                tab=laid_out.completed,
            )
        )
        if names:
            sentence = text(
                "In its list of managers: {names}.", names=", ".join(names)
            )
            out.print(sentence, markup=False)
    elif laid_out.added:
        tabs = ", ".join(ctx.language.quoted(title) for title in laid_out.added)
        out.print(text("Laid out: {tabs}.", tabs=tabs))
    else:
        out.print(text("Everything is there already."))
    out.print(
        text("Fill in rows, then look with `sheetsync plan {book}`.", book=book)
    )
