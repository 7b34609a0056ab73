"""The workbooks being served: opened once, kept in memory, saved before a changing call is answered.

What the calls do is left to service.py; the file on disk to files.py.
"""

from __future__ import annotations

import datetime as dt
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sheetsync.emulator import files
from sheetsync.emulator.calls import computed
from sheetsync.emulator.errors import ApiError, NoSuchFile, WouldLoseParts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sheetsync.emulator.evaluate import Computation
    from sheetsync.emulator.grid import Book

Clock = Callable[[], dt.datetime]
_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True)
class BookInfo:
    """One workbook of a workspace: its spreadsheet id, its title, its file."""

    id: str
    title: str
    path: Path


def book_id(path: Path) -> str:
    """Give a file's spreadsheet id: its stem where that can be one, else one made of its name; always the same."""
    if _ID.fullmatch(path.stem):
        return path.stem
    import hashlib  # noqa: PLC0415  # only for names that are no ids

    return "x" + hashlib.sha256(path.name.encode()).hexdigest()[:24]


class Store:
    """One workbook: the state in memory that the file holds too, and the lock that calls take in turn."""

    def __init__(self, path: Path, number: str, now: Clock) -> None:
        self.path = path
        self.id = number
        self.lock = threading.RLock()
        self._now = now
        self._seen: tuple[int, int] = (0, 0)
        self._open()

    def _open(self) -> None:
        from sheetsync.emulator.xlsx_load import load  # noqa: PLC0415  # openpyxl is loaded when a file is

        data, self._stamp = files.read(self.path)
        self._seen = (self._stamp.mtime_ns, self._stamp.size)
        self._book, self._shell = load(self.path, data, self.id)
        self._book.compute = self._compute

    def _compute(self, book: Book) -> Computation:
        from sheetsync.emulator.evaluate import Computation  # noqa: PLC0415  # only where formulas are read

        return Computation(book, self._now(), self._shell.stored)

    def current(self) -> Book:
        """Give the state to read from. A file that another program changed meanwhile is read anew."""
        try:
            info = self.path.stat()
        except OSError as error:
            raise NoSuchFile(self.path, "it is gone") from error
        if (info.st_mtime_ns, info.st_size) != self._seen:
            _, stamp = files.read(self.path)
            self._seen = (info.st_mtime_ns, info.st_size)
            if stamp.sha256 != self._stamp.sha256:
                self._open()
        self._book.computed = None  # TODAY() may have moved on
        return self._book

    def draft(self) -> Book:
        """Give a copy of the state as it was last read, for a call that writes."""
        return self._book.copy()

    def commit(self, draft: Book) -> None:
        """Save the draft and make it the state; where the save fails (FileProblem) nothing is changed."""
        if draft == self._book:
            return
        if self._shell.lost:
            raise WouldLoseParts(self.path, self._shell.lost)
        from sheetsync.emulator.xlsx_save import save  # noqa: PLC0415  # openpyxl is loaded when a file is

        with files.locked(self.path):
            files.check_free(self.path)
            files.check_unchanged(self.path, self._stamp)
            files.check_writable(self.path)
            data = save(draft, self._shell, computed(draft))
            self._stamp = files.replace(self.path, data, self._stamp)
        self._seen = (self._stamp.mtime_ns, self._stamp.size)
        self._book = draft

    @property
    def title(self) -> str:
        """The spreadsheet's title."""
        return self._book.title


class Workspace:
    """The workbooks that one adapter or server answers for."""

    def __init__(self, paths: Iterable[Path], now: Clock | None = None) -> None:
        self._stores: dict[str, Store] = {}
        for path in paths:
            number = book_id(path)
            self._stores[number] = Store(path, number, now or _now)

    @classmethod
    def of_file(cls, path: Path, *, now: Clock | None = None) -> Workspace:
        """One .xlsx. Raises NoSuchFile or NotAWorkbook."""
        return cls([Path(path)], now)

    @classmethod
    def of_folder(cls, path: Path, *, now: Clock | None = None) -> Workspace:
        """Every .xlsx in a folder, without the lock files that Excel leaves beside open ones."""
        folder = Path(path)
        if not folder.is_dir():
            raise NoSuchFile(folder, "there is no such folder")
        names = sorted(p for p in folder.glob("*.xlsx") if p.is_file() and not p.name.startswith(("~$", ".")))
        return cls(names, now)

    @property
    def books(self) -> tuple[BookInfo, ...]:
        """The workbooks: id, title, path."""
        return tuple(BookInfo(store.id, store.title, store.path) for store in self._stores.values())

    def store(self, number: str) -> Store:
        """Give the workbook of that id; ApiError 404 where there is none."""
        if number not in self._stores:
            raise ApiError(404, "Requested entity was not found.")
        return self._stores[number]


def create_workbook(path: Path, *, title: str, locale: str = "en_US", time_zone: str = "UTC") -> None:
    """Make a new .xlsx with one empty tab; FileExistsError where there is a file of that name already."""
    import io  # noqa: PLC0415  # rarely used: kept off the way of every start

    import openpyxl  # noqa: PLC0415  # as above

    from sheetsync.emulator.xlsx_state import store_id, write_state  # noqa: PLC0415  # as above

    target = Path(path)
    if target.exists():
        raise FileExistsError(str(target))
    if not target.parent.is_dir():
        raise NoSuchFile(target, "there is no such folder")
    workbook = openpyxl.Workbook()
    tab: Any = workbook.active
    tab.title = "Лист1" if locale.startswith("ru") else "Sheet1"
    store_id(tab, 0)
    sheets = [{"id": 0, "title": tab.title, "rows": 1000, "columns": 26}]
    write_state(workbook, {"v": 1, "title": title, "locale": locale, "timeZone": time_zone, "sheets": sheets})
    data = io.BytesIO()
    workbook.save(data)
    with files.locked(target):
        files.replace(target, data.getvalue(), None)
