"""Where one workbook lives while it is served: in memory over a file, or in memory alone.

What calls do to it is left to service.py; how a file is read, checked and replaced to xlsx/.
"""

from __future__ import annotations

import abc
import datetime as dt
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from sheetsync.emulator.api.calls import computed
from sheetsync.emulator.errors import FileProblem, NoSuchFile, WouldLoseParts
from sheetsync.emulator.model.grid import FILE_LIMITS, Limits
from sheetsync.emulator.xlsx.package import crash_points as points
from sheetsync.emulator.xlsx.package import files, leftovers, replacing
from sheetsync.emulator.xlsx.package.save_lock import locked

if TYPE_CHECKING:
    from pathlib import Path

    from sheetsync.emulator.model.evaluate import Computation
    from sheetsync.emulator.model.grid import Book, Json

Clock = Callable[[], dt.datetime]
Point = Callable[[str], None]


class Store(abc.ABC):
    """One workbook: its state, and the lock that calls take in turn.

    `at` is called with the name of each point that a commit passes (xlsx/package/crash_points.py).
    What it raises ends the commit there.
    """

    def __init__(self, number: str, now: Clock) -> None:
        self.id = number
        self.lock = threading.RLock()
        self.at: Point = points.passed
        self.modified = now()
        self._now = now
        self._book: Book

    @property
    def title(self) -> str:
        """The spreadsheet's title."""
        return self._book.title

    @property
    def drive(self) -> Json:
        """What Drive keeps of the file, as it was last read."""
        return self._book.drive

    def renumber(self, number: str) -> None:
        """Serve the workbook under another id."""
        self.id = self._book.id = number

    def current(self) -> Book:
        """Give the state to read from."""
        if self._book.computed is not None and self._book.computed.volatile:
            self._book.computed = None  # TODAY() may have moved on
        return self._book

    def draft(self) -> Book:
        """Give a copy of the state as it was last read, for a call that writes."""
        return self._book.copy()

    def commit(self, draft: Book) -> None:
        """Make the draft the state; where that fails (FileProblem) nothing is changed."""
        if draft == self._book:
            return
        self.at("before-commit")
        # A call may have asked for values before its last edit
        draft.computed = None
        self._keep(draft)
        self._book = draft
        self.modified = self._now()
        self.at("after-commit")

    @abc.abstractmethod
    def _keep(self, draft: Book) -> None:
        """Put the draft where it outlives the process, if there is such a place."""

    @abc.abstractmethod
    def _compute(self, book: Book) -> Computation: ...


class MemoryStore(Store):
    """A workbook that no file holds: for tests, and for servers that shall forget."""

    def __init__(self, book: Book, now: Clock) -> None:
        super().__init__(book.id, now)
        self._book = book
        book.compute = self._compute

    def _keep(self, draft: Book) -> None:
        """Keep nothing: memory is all there is, and no file has to follow."""
        for sheet in draft.sheets:
            sheet.cuts = []

    def _compute(self, book: Book) -> Computation:
        # Only where formulas are read.
        from sheetsync.emulator.model.evaluate import Computation  # noqa: PLC0415

        return Computation(book, self._now(), lambda _: None)


_UNKNOWN = files.Stamp(0, 0, "")


class FileStore(Store):
    """A workbook over an .xlsx: the state in memory is what the file holds too."""

    def __init__(
        self,
        path: Path,
        number: str,
        now: Clock,
        limits: Limits = FILE_LIMITS,
    ) -> None:
        super().__init__(number, now)
        self.path = path
        self._limits = limits
        self._seen: tuple[int, int] = (0, 0)
        self._open()

    def _open(self) -> None:
        # openpyxl is loaded when a file is.
        from sheetsync.emulator.xlsx.load import load  # noqa: PLC0415

        leftovers.sweep(self.path)
        data, self._stamp = files.read(self.path)
        self._seen = (self._stamp.mtime_ns, self._stamp.size)
        self.modified = dt.datetime.fromtimestamp(
            self._stamp.mtime_ns / 1e9, dt.UTC
        )
        self._book, self._shell = load(self.path, data, self.id)
        self._book.limits = self._limits
        self._book.compute = self._compute

    def _compute(self, book: Book) -> Computation:
        # Only where formulas are read.
        from sheetsync.emulator.model.evaluate import Computation  # noqa: PLC0415

        return Computation(book, self._now(), self._shell.stored)

    def current(self) -> Book:
        """Give the state to read from.

        A file that another program changed meanwhile is read anew.
        """
        try:
            info = self.path.stat()
        except OSError as error:
            raise NoSuchFile(self.path, "it is gone") from error
        if (info.st_mtime_ns, info.st_size) != self._seen:
            _, stamp = files.read(self.path)
            self._seen = (info.st_mtime_ns, info.st_size)
            if stamp.sha256 != self._stamp.sha256:
                self._open()
        return super().current()

    def _keep(self, draft: Book) -> None:
        if self._shell.lost:
            raise WouldLoseParts(self.path, self._shell.lost)
        # openpyxl is loaded when a file is.
        from sheetsync.emulator.xlsx.save import save  # noqa: PLC0415

        with locked(self.path):
            files.check_free(self.path)
            files.check_unchanged(self.path, self._stamp)
            files.check_writable(self.path)
            self.at("before-save")
            written = save(draft, self._shell, computed(draft))
            self.at("before-replace")
            # Whatever ends the save from here on, the next read is of the file.
            stamp = self._stamp
            self._stamp = _UNKNOWN
            self._seen = (0, 0)
            try:
                now = replacing.replace(self.path, written.data, stamp)
            except FileProblem:
                self._stamp = stamp
                raise
            self.at("after-replace")
        self._stamp, self._seen = now, (now.mtime_ns, now.size)
        self._shell.settle(written, draft)
