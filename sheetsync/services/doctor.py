"""Looks at what a run needs, settings, credentials, sharing, clock, and says how to mend each."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import NamedTuple

import requests

from sheetsync.delivery.recipients import (
    ADDRESS,
    EMAIL,
    Channel,
    DeliveryRoute,
    channels_of,
    mistake,
    operator,
    reach,
)
from sheetsync.delivery.sender import understood
from sheetsync.errors import SheetsyncError
from sheetsync.method.terms import Person
from sheetsync.services.context import Context
from sheetsync.services.notify import facts_of
from sheetsync.services.run import Options, Planned, read_and_decide
from sheetsync.sheets.connection import credentials
from sheetsync.sheets.connection.client import ROOT
from sheetsync.sheets.connection.open_book import is_file, open_book

SKEW = timedelta(minutes=5)
"""Google refuses signatures whose time is further off than this."""


class Diagnosis(NamedTuple):
    """One thing looked at: whether it is well, in words, and what to do where it is not."""

    code: str
    well: bool
    sentence: str
    fix: str = ""


def examine(ctx: Context, book: str | None) -> Iterator[Diagnosis]:
    """Look at everything, in the order in which it would fail. `book` None: all but the book."""
    text = ctx.language.text
    version = ".".join(map(str, sys.version_info[:3]))
    yield Diagnosis("python", True, text("Python {version}", version=version))  # noqa: FBT003  # a finding that is well
    names = ", ".join(named.name for named in ctx.settings.books)
    yield Diagnosis(
        "settings",
        True,  # noqa: FBT003  # the same
        text("sheetsync.toml: {books}", books=names or text("no books")),
    )
    named = ctx.settings.book(book).address if book and ctx.settings.book(book) else book  # type: ignore[union-attr]  # just looked
    if named is None or not is_file(named):
        yield from _google(ctx, wanted=named is not None)
    yield from _channels(ctx)
    if book is not None:
        yield from _book(ctx, book)
    quota = text(
        "Google allows 60 reads and 60 writes a minute for an account; a run takes 5 to 7 requests."
    )
    yield Diagnosis("quota", True, quota)  # noqa: FBT003  # a fact to know


EXAMPLES = ("12345678", "#general", "@sheetsync", "+79123456789", "general")
"""Addresses such as messengers have them: a channel is well if it understands one."""


def _channels(ctx: Context) -> Iterator[Diagnosis]:
    """Look at every channel of messages, without sending anything."""
    text, notify = ctx.language.text, ctx.settings.notify
    channels = channels_of(notify)
    fix = text(
        "Mend it in [notify] of sheetsync.toml; docs/notify.md shows how each service is written."
    )
    if not channels:
        yield Diagnosis("notify", True, text("Messages: no channels, nobody is told anything."))  # noqa: FBT003  # a choice
    for channel in channels:
        said = mistake(channel, ctx.language)
        if not said and not _is_understood(channel):
            said = text("The channel {name} is not understood.", name=channel.name)
        yield Diagnosis(
            "notify",
            not said,
            said or text("Messages: {name}", name=channel.name),
            fix if said else "",
        )
    theirs = operator(notify, ctx.language)
    wrong = [
        *theirs.faults,
        *(
            text("The channel {name} is not understood.", name=r.name)
            for r in theirs.routes
            if not understood(r)
        ),
    ]
    if notify.operator:
        names = ", ".join(route.name for route in theirs.routes)
        said = " ".join(wrong) or (
            text("Messages: {name}", name=names) if names else text("Nothing reaches the operator.")
        )
        yield Diagnosis(
            "notify_operator", not wrong and bool(names), said, "" if names and not wrong else fix
        )


def _is_understood(channel: Channel) -> bool:
    holder, values = (
        (EMAIL, ("name@example.com",)) if EMAIL in channel.template else (ADDRESS, EXAMPLES)
    )
    return any(
        understood(DeliveryRoute(channel.name, channel.filled(holder, value))) for value in values
    )


def _people(ctx: Context, planned: Planned) -> Iterator[Diagnosis]:
    """Look at whether everybody of the team can be reached."""
    text, policy, channels = ctx.language.text, planned.policy, channels_of(ctx.settings.notify)
    if not channels:
        return
    head = policy.head.model_copy(update={"name": policy.head.name or text("head of sales")})
    names = facts_of(planned).managers
    people = [
        head,
        *policy.team,
        *(Person(name=name) for name in names if name not in policy.member),
    ]
    found = [(person, reach(person, channels, ctx.language)) for person in people]
    lost = [(person, ways) for person, ways in found if not ways.routes or ways.faults]
    lost += [
        (person, ways)
        for person, ways in found
        if not ways.faults and any(not understood(r) for r in ways.routes)
    ]
    told = "; ".join(
        f"{person.name}: {' '.join(ways.faults)}" if ways.faults else person.name
        for person, ways in lost
    )
    said = (
        text("Messages do not reach: {people}", people=told)
        if lost
        else text("Messages reach everybody of the team.")
    )
    fix = (
        text(
            "Write their e-mail or messenger on the tab “{tab}”.", tab=policy.words.tabs["settings"]
        )
        if lost
        else ""
    )
    yield Diagnosis("notify_people", not lost, said, fix)


def _failed(code: str, error: SheetsyncError) -> Diagnosis:
    return Diagnosis(code, False, error.message, error.fix)  # noqa: FBT003  # a finding that is not well


def _google(ctx: Context, *, wanted: bool) -> Iterator[Diagnosis]:
    """Look at the key and the clock. Without a key nothing is amiss where nobody wants more than local files."""
    found = _credentials(ctx)
    if (
        not found.well
        and not wanted
        and not credentials.are_named(ctx.settings)
        and all(is_file(book.address) for book in ctx.settings.books)
    ):
        yield Diagnosis(
            "credentials",
            True,  # noqa: FBT003  # a choice
            ctx.language.text("No key for Google: local files only."),
            found.fix,
        )
        return
    yield found
    yield _clock(ctx)


def _credentials(ctx: Context) -> Diagnosis:
    try:
        account = credentials.account(credentials.find(ctx.settings, ctx.language))
    except SheetsyncError as error:
        return _failed("credentials", error)
    said = ctx.language.text(
        "Credentials: {account}", account=account or ctx.language.text("a user's own")
    )
    return Diagnosis("credentials", True, said)  # noqa: FBT003  # a finding that is well


def _clock(ctx: Context) -> Diagnosis:
    text = ctx.language.text
    try:
        answer = requests.head(ctx.settings.api_endpoint or ROOT, timeout=10)
        theirs = parsedate_to_datetime(answer.headers["Date"])
    except (requests.RequestException, KeyError, ValueError):
        fix = text("Check the network, a proxy or a firewall.")
        return Diagnosis("clock", False, text("Google's service could not be reached."), fix)  # noqa: FBT003  # not well
    off = abs(datetime.now(UTC) - theirs)
    fix = (
        ""
        if off < SKEW
        else text("Set the clock, e.g. by NTP; Google refuses signatures of another time.")
    )
    return Diagnosis(
        "clock",
        off < SKEW,
        text("This machine's clock is {n} s off.", n=round(off.total_seconds())),
        fix,
    )


def _book(ctx: Context, book: str) -> Iterator[Diagnosis]:
    text = ctx.language.text
    try:
        opened = open_book(book, ctx.settings, ctx.language)
        planned = read_and_decide(opened, Options(ctx.today, language=ctx.asked))
    except SheetsyncError as error:
        yield _failed("book", error)
        return
    found = planned.snapshot
    tabs = ", ".join(tab.title for tab in found.tabs)
    rows = ctx.language.plural("{n} row", "{n} rows", len(found.base))
    yield Diagnosis(
        "book",
        well=True,
        sentence=text(
            "“{book}” can be read: {tabs}; {rows}.", book=found.book.title, tabs=tabs, rows=rows
        ),
    )
    yield from _people(ctx, planned)
    try:
        # A title set to what it is: the one write that changes nothing, and shows that we may write.
        title = {"properties": {"title": found.book.title}, "fields": "title"}
        opened.line.write({"requests": [{"updateSpreadsheetProperties": title}]}, "spreadsheetId")
    except SheetsyncError as error:
        yield _failed("sharing", error)
        return
    yield Diagnosis("sharing", True, text("The account may edit it."))  # noqa: FBT003  # well
