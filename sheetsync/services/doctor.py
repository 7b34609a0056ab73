"""Looks at what a run needs: settings, credentials, sharing, clock, channels, people.

It says how to mend each; of the book it changes nothing.
"""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import NamedTuple

import requests

from sheetsync.delivery.recipients import (
    ADDRESS,
    EMAIL,
    Channel,
    DeliveryRoute,
    Reach,
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
from sheetsync.services.read_and_decide import Options, Planned, read_and_decide
from sheetsync.sheets.connection import credentials
from sheetsync.sheets.connection.client import ROOT
from sheetsync.sheets.connection.open_book import (
    is_file,
    open_book,
    saves_kept_beside,
)
from sheetsync.workbook.snapshot import Book

SKEW = timedelta(minutes=5)
"""Google refuses signatures whose time is further off than this."""
CLOCK_SECONDS = 10
"""How long Google may take to say what time it is."""
GOOGLE_CELLS = 10_000_000
"""A Google spreadsheet holds no more (API fact)."""
MEGABYTE = 1_000_000
GOOGLE_BYTES = 100 * MEGABYTE
"""A workbook that Google makes a spreadsheet of is no larger (its help on uploads)."""
EXAMPLES = ("12345678", "#general", "@sheetsync", "+79123456789", "general")
"""Addresses such as messengers have them: a channel is well if it understands one."""


class Diagnosis(NamedTuple):
    """One thing looked at: whether it is well, in words, and what to do where it is not."""

    code: str
    well: bool
    sentence: str
    fix: str = ""


def _well(code: str, sentence: str, fix: str = "") -> Diagnosis:
    return Diagnosis(code, well=True, sentence=sentence, fix=fix)


def _ill(code: str, sentence: str, fix: str) -> Diagnosis:
    return Diagnosis(code, well=False, sentence=sentence, fix=fix)


def examine(ctx: Context, book: str | None) -> Iterator[Diagnosis]:
    """Look at everything, in the order in which it would fail. `book` None: all but the book."""
    text = ctx.language.text
    version = ".".join(map(str, sys.version_info[:3]))
    yield _well("python", text("Python {version}", version=version))
    names = ", ".join(named.name for named in ctx.settings.books)
    yield _well(
        "settings",
        text("sheetsync.toml: {books}", books=names or text("no books")),
    )
    address = None if book is None else _address(ctx, book)
    if address is None or not is_file(address):
        yield from _google(ctx, wanted=address is not None)
    yield from _channels(ctx)
    yield from _operator(ctx)
    if book is not None:
        yield from _book(ctx, book)
    quota = text(
        "Google allows 60 reads and 60 writes a minute for an account; a run takes 5 to 7 requests."
    )
    yield _well("quota", quota)


def _address(ctx: Context, book: str) -> str:
    named = ctx.settings.book(book)
    return named.address if named else book


def _channels(ctx: Context) -> Iterator[Diagnosis]:
    """Look at every channel of messages, without sending anything."""
    text = ctx.language.text
    channels = channels_of(ctx.settings.notify)
    if not channels:
        yield _well(
            "notify", text("Messages: no channels, nobody is told anything.")
        )
    for channel in channels:
        trouble = mistake(channel, ctx.language)
        if not trouble and not _is_understood(channel):
            trouble = text(
                "The channel {name} is not understood.", name=channel.name
            )
        if trouble:
            yield _ill("notify", trouble, _fix_of_channel(ctx))
        else:
            yield _well("notify", text("Messages: {name}", name=channel.name))


def _fix_of_channel(ctx: Context) -> str:
    return ctx.language.text(
        "Mend it in [notify] of sheetsync.toml; docs/notify.md shows how each service is written."
    )


def _is_understood(channel: Channel) -> bool:
    if EMAIL in channel.template:
        urls = [channel.filled(EMAIL, "name@example.com")]
    else:
        urls = [channel.filled(ADDRESS, example) for example in EXAMPLES]
    return any(understood(DeliveryRoute(channel.name, url)) for url in urls)


def _operator(ctx: Context) -> Iterator[Diagnosis]:
    """Look at whether the one can be reached who is told what no manager can mend."""
    text = ctx.language.text
    notify = ctx.settings.notify
    if not notify.operator:
        return
    reached = operator(notify, ctx.language)
    not_understood = []
    for route in reached.routes:
        if not understood(route):
            not_understood.append(
                text("The channel {name} is not understood.", name=route.name)
            )
    mistakes = [*reached.faults, *not_understood]
    names = ", ".join(route.name for route in reached.routes)
    if mistakes:
        yield _ill("notify_operator", " ".join(mistakes), _fix_of_channel(ctx))
    elif not names:
        yield _ill(
            "notify_operator",
            text("Nothing reaches the operator."),
            _fix_of_channel(ctx),
        )
    else:
        yield _well("notify_operator", text("Messages: {name}", name=names))


def _people(ctx: Context, planned: Planned) -> Iterator[Diagnosis]:
    """Look at whether everybody of the team can be reached."""
    text = ctx.language.text
    channels = channels_of(ctx.settings.notify)
    if not channels:
        return
    unreached = []
    misunderstood = []
    for person in _team(ctx, planned):
        ways = reach(person, channels, ctx.language)
        if _is_lost(ways):
            unreached.append(_name_and_faults(person, ways))
        elif not all(understood(route) for route in ways.routes):
            misunderstood.append(person.name)
    lost = [*unreached, *misunderstood]
    if not lost:
        yield _well(
            "notify_people", text("Messages reach everybody of the team.")
        )
        return
    settings = planned.policy.words.tabs["settings"]
    yield _ill(
        "notify_people",
        text("Messages do not reach: {people}", people="; ".join(lost)),
        text(
            "Write their e-mail or messenger on the tab “{tab}”.", tab=settings
        ),
    )


def _team(ctx: Context, planned: Planned) -> list[Person]:
    """Return the head of sales, the people of the Settings tab, and whom the rows name beside."""
    policy = planned.policy
    name = policy.head.name or ctx.language.text("head of sales")
    head = policy.head.model_copy(update={"name": name})
    others = [
        name for name in facts_of(planned).managers if name not in policy.member
    ]
    return [head, *policy.team, *(Person(name=name) for name in others)]


def _is_lost(ways: Reach) -> bool:
    return not ways.routes or bool(ways.faults)


def _name_and_faults(person: Person, ways: Reach) -> str:
    return (
        f"{person.name}: {' '.join(ways.faults)}"
        if ways.faults
        else person.name
    )


def _failed(code: str, error: SheetsyncError) -> Diagnosis:
    return _ill(code, error.message, error.fix)


def _google(ctx: Context, *, wanted: bool) -> Iterator[Diagnosis]:
    """Look at the key and the clock. `wanted`: a book of Google's is to be looked at."""
    diagnosis = _credentials(ctx)
    # Who has local files alone needs no key.
    if not diagnosis.well and not wanted and _has_only_files(ctx):
        sentence = ctx.language.text("No key for Google: local files only.")
        yield _well("credentials", sentence, diagnosis.fix)
        return
    yield diagnosis
    yield from _readers_of_key(ctx)
    yield _clock(ctx)


def _readers_of_key(ctx: Context) -> Iterator[Diagnosis]:
    """Warn of a key that other users of this machine may read, as many mounted secrets are."""
    text = ctx.language.text
    path = credentials.key_file(ctx.settings)
    if path is None or not path.exists():
        return
    if credentials.is_read_by_others(path):
        yield _well(
            "key_file",
            text(
                "Other users of this machine may read the key {path}.",
                path=path,
            ),
            text("If they are not meant to: `chmod go-r {path}`.", path=path),
        )


def _has_only_files(ctx: Context) -> bool:
    """Tell whether the settings name neither a key nor a book of Google's."""
    if credentials.are_named(ctx.settings):
        return False
    return all(is_file(book.address) for book in ctx.settings.books)


def _credentials(ctx: Context) -> Diagnosis:
    text = ctx.language.text
    try:
        account = credentials.account(
            credentials.find(ctx.settings, ctx.language)
        )
    except SheetsyncError as error:
        return _failed("credentials", error)
    owner = account or text("a user's own")
    return _well("credentials", text("Credentials: {account}", account=owner))


def _clock(ctx: Context) -> Diagnosis:
    text = ctx.language.text
    try:
        # A refusal tells the time as well, so the status of the answer does not matter.
        answer = requests.head(
            ctx.settings.api_endpoint or ROOT, timeout=CLOCK_SECONDS
        )
        google_time = parsedate_to_datetime(answer.headers["Date"])
    except (requests.RequestException, KeyError, ValueError):
        fix = text("Check the network, a proxy or a firewall.")
        return _ill(
            "clock", text("Google's service could not be reached."), fix
        )
    skew = abs(datetime.now(UTC) - google_time)
    sentence = text(
        "This machine's clock is {n} s off.", n=round(skew.total_seconds())
    )
    if skew < SKEW:
        return _well("clock", sentence)
    fix = text(
        "Set the clock, e.g. by NTP; Google refuses signatures of another time."
    )
    return _ill("clock", sentence, fix)


def _local_file(ctx: Context, path: Path, book: Book) -> Iterator[Diagnosis]:
    """Look at what would matter of a file on an upload, and at what lies beside it."""
    text = ctx.language.text
    fit = _google_fit(ctx, path, book)
    if fit:
        fix = text(
            "As a file it goes on working. Before an upload, delete empty rows and columns at the "
            "ends of its tabs, or move old rows into a file of their own."
        )
        yield _well("upload", fit, fix)
    for kept in saves_kept_beside(path):
        sentence = text(
            "“{kept}” holds what another program saved while sheetsync was saving the base.",
            kept=kept.name,
        )
        fix = text(
            "Put what the base lacks of it into the base, then delete “{kept}”.",
            kept=kept.name,
        )
        yield _ill("kept", sentence, fix)


def _google_fit(ctx: Context, path: Path, book: Book) -> str:
    """Say why Google would not take a file; "" where it would."""
    # Google counts the cells of a tab from its first to its last row and column, empty ones too.
    cells = sum(grid.row_count * grid.column_count for grid in book.grids)
    size = path.stat().st_size
    number = ctx.language.number
    if cells > GOOGLE_CELLS:
        return ctx.language.text(
            "Google would not take this file: its tabs have {cells} cells, and a Google "
            "spreadsheet holds {most}.",
            cells=number(cells),
            most=number(GOOGLE_CELLS),
        )
    if size > GOOGLE_BYTES:
        return ctx.language.text(
            "Google would not take this file: it has {size} MB, and an upload may have {most}.",
            size=number(size // MEGABYTE),
            most=number(GOOGLE_BYTES // MEGABYTE),
        )
    return ""


def _fences(ctx: Context, name: str, book: Book) -> Diagnosis:
    """Look whether people are kept out of tabs by what a dead run has left behind."""
    text = ctx.language.text
    left = {*book.standing.orphans, *book.standing.beyond}
    titles = [
        grid.title
        for grid in book.grids
        if left.intersection(number for number, _ in grid.protections)
    ]
    if not left:
        return _well("fences", text("No dead run keeps people out of a tab."))
    sentence = text(
        "People cannot type on these tabs, as a dead run has left its protection there: {tabs}.",
        tabs=", ".join(map(ctx.language.quoted, titles)),
    )
    fix = text("`sheetsync unlock {book}` takes it away.", book=name)
    if book.standing.beyond:
        fix = text(
            "Another account has put it there: the owner of the spreadsheet deletes it under "
            "Data → Protect sheets and ranges."
        )
    return _ill("fences", sentence, fix)


def _book(ctx: Context, book: str) -> Iterator[Diagnosis]:
    """Look at whether a book can be read, its people be told, and it be written to."""
    text = ctx.language.text
    try:
        opened = open_book(book, ctx.settings, ctx.language)
        planned = read_and_decide(
            opened, Options(ctx.today, language=ctx.asked)
        )
    except SheetsyncError as error:
        yield _failed("book", error)
        return
    snapshot = planned.snapshot
    title = snapshot.book.title
    readable = text(
        "“{book}” can be read: {tabs}; {rows}.",
        book=title,
        tabs=", ".join(tab.title for tab in snapshot.tabs),
        rows=ctx.language.plural("{n} row", "{n} rows", len(snapshot.base)),
    )
    yield _well("book", readable)
    if opened.path is not None:
        yield from _local_file(ctx, opened.path, snapshot.book)
    yield _fences(ctx, book, snapshot.book)
    yield from _people(ctx, planned)
    # A title set to what it is: the one write that changes nothing, and shows that we may write.
    same_title = {"properties": {"title": title}, "fields": "title"}
    write = {"requests": [{"updateSpreadsheetProperties": same_title}]}
    try:
        opened.line.write(write, "spreadsheetId")
    except SheetsyncError as error:
        yield _failed("sharing", error)
        return
    yield _well("sharing", text("The account may edit it."))
