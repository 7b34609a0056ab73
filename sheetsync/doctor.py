"""Looks at what a run needs, settings, credentials, sharing, clock, and says how to mend each."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import NamedTuple

import requests

from sheetsync.context import Context
from sheetsync.errors import SheetsyncError
from sheetsync.runner import Options, look
from sheetsync.sheets import credentials
from sheetsync.sheets.address import is_file, open_book
from sheetsync.sheets.client import ROOT

SKEW = timedelta(minutes=5)
"""Google refuses signatures whose time is further off than this."""


class Finding(NamedTuple):
    """One thing looked at: whether it is well, in words, and what to do where it is not."""

    code: str
    well: bool
    said: str
    fix: str = ""


def examine(ctx: Context, book: str | None) -> Iterator[Finding]:
    """Look at everything, in the order in which it would fail. `book` None: all but the book."""
    text = ctx.language.text
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding("python", True, text("Python {version}", version=version))  # noqa: FBT003  # a finding that is well
    names = ", ".join(named.name for named in ctx.settings.books)
    yield Finding("settings", True, text("sheetsync.toml: {books}", books=names or text("no books")))  # noqa: FBT003  # the same
    named = ctx.settings.book(book).address if book and ctx.settings.book(book) else book  # type: ignore[union-attr]  # just looked
    if named is None or not is_file(named):
        yield _credentials(ctx)
        yield _clock(ctx)
    if book is not None:
        yield from _book(ctx, book)
    quota = text("Google allows 60 reads and 60 writes a minute for an account; a run takes at most 6 requests.")
    yield Finding("quota", True, quota)  # noqa: FBT003  # a fact to know


def _failed(code: str, error: SheetsyncError) -> Finding:
    return Finding(code, False, error.message, error.fix)  # noqa: FBT003  # a finding that is not well


def _credentials(ctx: Context) -> Finding:
    try:
        account = credentials.account(credentials.find(ctx.settings, ctx.language))
    except SheetsyncError as error:
        return _failed("credentials", error)
    said = ctx.language.text("Credentials: {account}", account=account or ctx.language.text("a user's own"))
    return Finding("credentials", True, said)  # noqa: FBT003  # a finding that is well


def _clock(ctx: Context) -> Finding:
    text = ctx.language.text
    try:
        answer = requests.head(ctx.settings.api_endpoint or ROOT, timeout=10)
        theirs = parsedate_to_datetime(answer.headers["Date"])
    except (requests.RequestException, KeyError, ValueError):
        fix = text("Check the network, a proxy or a firewall.")
        return Finding("clock", False, text("Google's service could not be reached."), fix)  # noqa: FBT003  # not well
    off = abs(datetime.now(UTC) - theirs)
    fix = "" if off < SKEW else text("Set the clock, e.g. by NTP; Google refuses signatures of another time.")
    return Finding("clock", off < SKEW, text("This machine's clock is {n} s off.", n=round(off.total_seconds())), fix)


def _book(ctx: Context, book: str) -> Iterator[Finding]:
    text = ctx.language.text
    try:
        opened = open_book(book, ctx.settings, ctx.language)
        planned = look(opened, Options(ctx.today, language=ctx.asked))
    except SheetsyncError as error:
        yield _failed("book", error)
        return
    found = planned.snapshot
    tabs = ", ".join(tab.title for tab in found.tabs)
    rows = ctx.language.plural("{n} row", "{n} rows", len(found.base))
    yield Finding(
        "book",
        well=True,
        said=text("“{book}” can be read: {tabs}; {rows}.", book=found.book.title, tabs=tabs, rows=rows),
    )
    try:
        # A title set to what it is: the one write that changes nothing, and shows that we may write.
        title = {"properties": {"title": found.book.title}, "fields": "title"}
        opened.line.write({"requests": [{"updateSpreadsheetProperties": title}]}, "spreadsheetId")
    except SheetsyncError as error:
        yield _failed("sharing", error)
        return
    yield Finding("sharing", True, text("The account may edit it."))  # noqa: FBT003  # well
