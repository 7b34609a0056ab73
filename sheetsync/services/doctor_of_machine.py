"""What `doctor` looks at on this machine: versions, the run log, the port, who may read the key."""

import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import requests

from sheetsync import __version__
from sheetsync.errors import SheetsyncError
from sheetsync.runlog.place import state_folder
from sheetsync.runlog.store import RunLog
from sheetsync.services.context import Context
from sheetsync.services.diagnosis import Diagnosis, failed, ill, well
from sheetsync.services.metrics import check_installed
from sheetsync.services.status import (
    WRONG,
    BookState,
    BookStatus,
    statuses,
)
from sheetsync.services.status_words import STATES, moment
from sheetsync.sheets.connection import credentials

PORT_SECONDS = 2


def versions(ctx: Context) -> Diagnosis:
    """Say which versions are at work."""
    python = ".".join(map(str, sys.version_info[:3]))
    words = ctx.language.text("Python {version}", version=python)
    return well("python", f"sheetsync {__version__}, {words}")


def run_log(ctx: Context) -> Iterator[Diagnosis]:
    """Look at the run log, and at what it says of each book of the settings."""
    text = ctx.language.text
    log = RunLog(state_folder(ctx.settings), ctx.language)
    try:
        log.try_out()
        books = statuses(ctx.settings, log, datetime.now(UTC))
    except SheetsyncError as error:
        yield failed("run_log", error)
        return
    yield well("run_log", text("Run log: {file}", file=log.path))
    for status in books:
        yield _last_run(ctx, status)._replace(book=status.name)


def _last_run(ctx: Context, status: BookStatus) -> Diagnosis:
    language = ctx.language
    words = language.text(
        "“{book}”: {state}; in order as of {time}.",
        book=status.name,
        state=language.text(STATES[status.state]),
        time=moment(status.as_of, language),
    )
    if status.state in WRONG or status.state is BookState.WAITS:
        if status.error:
            words = f"{words} {status.error}"
        fix = status.fix or language.text(
            "See whether the daemon, or cron, is running, and what its log says."
        )
        return ill("last_run", words, fix)
    return well("last_run", words)


def monitor(ctx: Context) -> Iterator[Diagnosis]:
    """Look at the port and the file of the metrics, where they are wanted."""
    settings = ctx.settings.monitor
    if settings.port is None and settings.textfile is None:
        return
    try:
        check_installed(ctx.language)
    except SheetsyncError as error:
        yield failed("monitor", error)
        return
    if settings.port is not None:
        yield _port(ctx, settings.port)
    if settings.textfile is not None:
        yield _textfile(ctx, settings.textfile)


def _port(ctx: Context, port: int) -> Diagnosis:
    """Ask the daemon on its port; nobody there is no fault, as runs may be cron's."""
    text = ctx.language.text
    try:
        answer = requests.get(
            f"http://127.0.0.1:{port}/healthz", timeout=PORT_SECONDS
        )
    except requests.ConnectionError:
        return well(
            "monitor", text("Nobody listens on port {port}.", port=port)
        )
    except requests.RequestException:
        answer = None
    if answer is not None and answer.text == "ok\n":
        return well(
            "monitor", text("The daemon answers on port {port}.", port=port)
        )
    return ill(
        "monitor",
        text("What answers on port {port} is no daemon in order.", port=port),
        text(
            "Restart the daemon, or give another `port` in [monitor] of sheetsync.toml."
        ),
    )


def _textfile(ctx: Context, path: Path) -> Diagnosis:
    text = ctx.language.text
    if os.access(path.parent, os.W_OK):
        return well("monitor", text("Metrics: {file}", file=path))
    return ill(
        "monitor",
        text("{file} cannot be written.", file=path),
        text("Check the path and the permissions."),
    )


def key_rights(ctx: Context) -> Iterator[Diagnosis]:
    """Look at whether others than its owner may read or write the key.

    Mounted secrets are often readable, so that is a warning alone; a key that everybody may change
    is refused, and told with the credentials.
    """
    path = credentials.file_in_use(ctx.settings)
    if path is None or not path.exists():
        return
    text = ctx.language.text
    if credentials.is_read_by_others(path):
        yield well(
            "key_rights",
            text(
                "Other users of this machine may read the key {file}.",
                file=path,
            ),
            text("If they are not meant to: `chmod go-r {file}`.", file=path),
        )
    else:
        yield well(
            "key_rights",
            text("The key {file} is its owner's alone.", file=path),
        )
