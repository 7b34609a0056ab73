"""From what a user calls a book to an open line: a path, an address, an id, or a name.

Local files go through the emulator, by the same calls as Google.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import requests

from sheetsync.config import Settings
from sheetsync.emulator import LocalAdapter, Workspace
from sheetsync.emulator import errors as files
from sheetsync.errors import BookInUse, BookNotFound, InputError, NotAWorkbook
from sheetsync.i18n import Language
from sheetsync.sheets.connection import credentials
from sheetsync.sheets.connection.bounded import bound
from sheetsync.sheets.connection.client import (
    CONNECT_SECONDS,
    DEADLINES,
    PATIENCE,
    ROOT,
    PacedClient,
    RequestPace,
    SheetsConnection,
)
from sheetsync.sheets.connection.quota import OF_PROCESS
from sheetsync.sheets.requests.body import BatchRoom

_ADDRESS = re.compile(
    r"https?://docs\.google\.com/spreadsheets/(?:u/\d+/)?d/([A-Za-z0-9_-]+)"
)
_ID = re.compile(r"[A-Za-z0-9_-]{20,}")
_LOCAL_ID = re.compile(r"[A-Za-z0-9_-]+")
"""An id of an emulator's, which may be short."""
FILES = (".xlsx", ".xlsm", ".xls", ".csv", ".ods")
"""Endings that mean a file, be it there or not."""


@dataclass(frozen=True)
class Opened:
    """A book that can be spoken to, under the name people know it by.

    `path`: where it is a local file; `account`: whom protections name, where it is known.
    """

    line: SheetsConnection
    name: str
    path: Path | None = None
    account: str | None = None


def is_file(address: str) -> bool:
    """Tell whether an address means a local file rather than something of Google's."""
    return address.lower().endswith(FILES) or Path(address).exists()


def open_book(
    address: str,
    settings: Settings,
    language: Language,
    now: Callable[[], datetime] | None = None,
) -> Opened:
    """Open a book by path, address, id or name of sheetsync.toml; sends nothing yet.

    Raises InputError or ServiceError.
    """
    named = settings.book(address)
    where = named.address if named else address
    if is_file(where):
        return _local(Path(where), language, now)
    match = _ADDRESS.match(where) or _ID.fullmatch(where)
    if match is not None:
        book_id = match[1] if match.re is _ADDRESS else match[0]
        return _remote(
            book_id, named.name if named else book_id, settings, language
        )
    if settings.api_endpoint and _LOCAL_ID.fullmatch(where):
        return _remote(where, where, settings, language)
    message = language.text(
        "“{book}” is neither a file, nor a Google address, nor a book of sheetsync.toml.",
        book=where,
    )
    fix = language.text(
        "Check the spelling. A Google address looks like https://docs.google.com/spreadsheets/d/…"
    )
    raise BookNotFound(message, fix=fix)


def _remote(
    book_id: str, name: str, settings: Settings, language: Language
) -> Opened:
    account = credentials.find(settings, language)
    http = PacedClient(account, _session(account, settings))
    # gspread by itself waits without end, and a daemon with it.
    http.set_timeout((CONNECT_SECONDS, settings.timeout_seconds))
    deadline = _deadline(settings)
    http.root = (settings.api_endpoint or ROOT).rstrip("/")
    # An emulator has no quota of its own, or says so by itself.
    if settings.api_endpoint is None:
        http.pace = RequestPace()
        http.quotas = OF_PROCESS.of(account, credentials.account(account))
        http.book = book_id
    line = SheetsConnection(
        http,
        book_id,
        language,
        settings.attempts,
        BatchRoom(),
        PATIENCE * deadline,
    )
    return Opened(line, name, account=credentials.account(account))


def _deadline(settings: Settings) -> float:
    return DEADLINES * settings.timeout_seconds


def _session(account: Any, settings: Settings) -> Any:
    """Return a session that signs its requests; neither they nor those for tokens take for ever."""
    transport = import_module("google.auth.transport.requests")
    for_tokens = requests.Session()
    bound(for_tokens, _deadline(settings))
    session = transport.AuthorizedSession(
        account, auth_request=transport.Request(for_tokens)
    )
    bound(session, _deadline(settings))
    return session


def _local(
    path: Path, language: Language, now: Callable[[], datetime] | None
) -> Opened:
    if path.is_dir():
        message = language.text("{file} is a folder.", file=path)
        raise NotAWorkbook(
            message, fix=language.text("Name the workbook in it.")
        )
    workspace = open_file(path, language, now)
    http = PacedClient(credentials.local())
    adapter = LocalAdapter(workspace, user=credentials.LOCAL_USER)
    # Every address ends in the file: no request of a local run can reach a network.
    http.session.mount("https://", adapter)
    http.session.mount("http://", adapter)
    line = SheetsConnection(http, workspace.books[0].id, language, attempts=1)
    return Opened(line, path.name, path, credentials.LOCAL_USER)


def open_file(
    path: Path, language: Language, now: Callable[[], datetime] | None = None
) -> Workspace:
    """Open a local workbook or a folder of them.

    Raises InputError with what is wrong with the file.
    """
    text = language.text
    try:
        if path.is_dir():
            return Workspace.of_folder(path, now=now)
        # No network stands between us and a file: a night is written as one, however large.
        return Workspace.of_file(path, now=now, limited=False)
    except files.NoSuchFile as error:
        book = path.with_suffix(".xlsx")
        fix = text(
            "Check the path, or lay out a new base with `sheetsync init {path}`.",
            path=book,
        )
        raise BookNotFound(
            text("There is no file {path}.", path=path), fix=fix
        ) from error
    except files.NotAWorkbook as error:
        message = text("{path} is not a readable .xlsx workbook.", path=path)
        raise NotAWorkbook(
            message, fix=_how_to_make_one(path, language)
        ) from error
    except files.FileProblem as error:
        fix = text("Close it elsewhere and check its permissions.")
        raise BookInUse(
            text("{path} cannot be opened.", path=path), fix=fix
        ) from error
    except OSError as error:
        fix = text("Check its permissions.")
        raise InputError(
            text("{path} cannot be read.", path=path), fix=fix
        ) from error


def saves_kept_beside(path: Path) -> list[Path]:
    """Return the files in which saves of other programs were kept beside a local workbook."""
    # The disk is looked at here alone.
    from sheetsync.emulator.xlsx.package.leftovers import (  # noqa: PLC0415
        kept_beside,
    )

    return kept_beside(path)


def _how_to_make_one(path: Path, language: Language) -> str:
    """Say how a file of another kind becomes a workbook."""
    if path.suffix.lower() != ".csv":
        return language.text(
            "Save it as .xlsx (Excel workbook), without a password, and try again."
        )
    book = path.with_suffix(".xlsx")
    return language.text(
        "Make a workbook of it: `sheetsync adopt {path} -o {book}`.",
        path=path,
        book=book,
    )
