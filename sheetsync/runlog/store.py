"""The run log on this machine's disk: one SQLite file, a line a run, totals that never fall.

SQLite, as the daemon and commands write at the same time, and a killed process leaves no half line.
What a record means is `record`'s. Every error of the file is a RunLogFailed: no run may fail for
the sake of its own log, so whoever writes catches it, and says so.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sheetsync.errors import InputError
from sheetsync.i18n import Language
from sheetsync.runlog.record import Kind, Outcome, RunRecord

FILE = "runs.sqlite"
KEPT_DAYS = 400
"""A year, and the same month of the year before."""
KEPT_RUNS = 2_000
"""Of one book, at most: a book that runs every hour keeps some three months."""
WAIT_SECONDS = 5.0
"""How long one process waits for another that is writing its line."""

_TABLES = """
CREATE TABLE IF NOT EXISTS runs (
    run TEXT PRIMARY KEY, book TEXT NOT NULL, kind TEXT NOT NULL, began TEXT NOT NULL,
    ended TEXT, outcome TEXT NOT NULL, zone TEXT NOT NULL, said TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS runs_of_book ON runs (book, began);
CREATE TABLE IF NOT EXISTS totals (
    book TEXT NOT NULL, name TEXT NOT NULL, label TEXT NOT NULL, value REAL NOT NULL,
    PRIMARY KEY (book, name, label)
);
"""
_PUT = "INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_ADD = """
INSERT INTO totals VALUES (?, ?, ?, ?)
ON CONFLICT (book, name, label) DO UPDATE SET value = value + excluded.value
"""
_PRUNE = """
DELETE FROM runs WHERE book = ? AND (began < ? OR run NOT IN (
    SELECT run FROM runs WHERE book = ? ORDER BY began DESC LIMIT ?
))
"""


class RunLogFailed(InputError):
    """The run log cannot be read or written: no room, no permission, or another file."""


class RunLog:
    """The run log in a folder, which is made when the first line is written."""

    def __init__(self, folder: Path, language: Language) -> None:
        self.path = folder / FILE
        self.language = language

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """Give the file within one transaction, its tables in place. Raises RunLogFailed."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with (
                closing(
                    sqlite3.connect(self.path, timeout=WAIT_SECONDS)
                ) as file,
                file,
            ):
                file.executescript(_TABLES)
                yield file
        except (OSError, sqlite3.Error) as error:
            raise self._failed(error) from error

    def _failed(self, error: Exception) -> RunLogFailed:
        text = self.language.text
        message = text(
            "The run log {file} cannot be used: {why}.",
            file=self.path,
            why=error,
        )
        fix = text(
            "Check the disk and the permissions. If the file is damaged, move it away: a new one "
            "is begun, and the base is not touched by it."
        )
        return RunLogFailed(message, fix=fix)

    def _is_begun(self) -> bool:
        """Tell whether there is a log; a folder that cannot be looked into is an error."""
        try:
            self.path.stat()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise self._failed(error) from error
        return True

    def begin(self, record: RunRecord) -> None:
        """Write down that a run has begun. One of the same book that never ended is broken off.

        Raises RunLogFailed.
        """
        with self._opened() as file:
            file.execute(
                "UPDATE runs SET outcome = ? WHERE book = ? AND outcome = ?",
                (Outcome.BROKEN_OFF, record.book, Outcome.UNDER_WAY),
            )
            file.execute(_PUT, _line(record))

    def end(self, record: RunRecord) -> None:
        """Write down what came of a run, and let go of what is old. Raises RunLogFailed."""
        oldest = record.began - timedelta(days=KEPT_DAYS)
        prune = (record.book, oldest.isoformat(), record.book, KEPT_RUNS)
        with self._opened() as file:
            file.execute(_PUT, _line(record))
            file.executemany(_ADD, _totals_of(record))
            file.execute(_PRUNE, prune)

    def try_out(self) -> None:
        """Make sure that the log can be written. Raises RunLogFailed."""
        with self._opened() as file:
            file.execute("BEGIN IMMEDIATE")

    def runs(self, book: str, most: int = KEPT_RUNS) -> tuple[RunRecord, ...]:
        """Return the runs of a book, the newest first. Raises RunLogFailed."""
        if not self._is_begun():
            return ()
        with self._opened() as file:
            lines = file.execute(
                "SELECT * FROM runs WHERE book = ? ORDER BY began DESC LIMIT ?",
                (book, most),
            ).fetchall()
        return tuple(map(_record, lines))

    def books(self) -> tuple[str, ...]:
        """Return the books of which there are runs, by name. Raises RunLogFailed."""
        if not self._is_begun():
            return ()
        with self._opened() as file:
            lines = file.execute(
                "SELECT DISTINCT book FROM runs ORDER BY book"
            ).fetchall()
        return tuple(book for (book,) in lines)

    def totals(self) -> Mapping[tuple[str, str, str], float]:
        """Return what has been counted since the log began, by (book, name, label).

        Names: `runs` (label: kind and outcome), `seconds`, `moves`, `edits`, `requests` (label:
        read or write), `waited`. Raises RunLogFailed.
        """
        if not self._is_begun():
            return {}
        with self._opened() as file:
            lines = file.execute("SELECT * FROM totals").fetchall()
        return {
            (book, name, label): value for book, name, label, value in lines
        }


def _totals_of(record: RunRecord) -> list[tuple[str, str, str, float]]:
    counted = [
        ("runs", f"{record.kind} {record.outcome}", 1.0),
        ("seconds", "", record.lasted.total_seconds()),
        ("waited", "", record.waited),
    ]
    # What a run that waits or has failed would have done was not done.
    if record.outcome is Outcome.WROTE and record.kind is Kind.RUN:
        counted.append(("moves", "", float(record.moved)))
        counted.append(("edits", "", float(record.edits)))
    for kind, count in record.requests.items():
        counted.append(("requests", kind, float(count)))
    return [(record.book, *total) for total in counted]


def _line(record: RunRecord) -> tuple[Any, ...]:
    said = {
        "moves": dict(record.moves),
        "edits": record.edits,
        "problems": dict(record.problems),
        "requests": dict(record.requests),
        "waited": record.waited,
        "error": record.error,
        "fix": record.fix,
        "exit_code": record.exit_code,
    }
    return (
        record.run,
        record.book,
        str(record.kind),
        record.began.isoformat(),
        record.ended.isoformat() if record.ended else None,
        str(record.outcome),
        record.zone,
        json.dumps(said, ensure_ascii=False),
    )


def _record(line: tuple[Any, ...]) -> RunRecord:
    run, book, kind, began, ended, outcome, zone, said = line
    record = RunRecord(
        run,
        book,
        Kind(kind),
        datetime.fromisoformat(began),
        Outcome(outcome),
        datetime.fromisoformat(ended) if ended else None,
        zone,
    )
    return replace(record, **json.loads(said))
