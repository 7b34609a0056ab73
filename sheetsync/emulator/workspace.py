"""The workbooks being served: which there are, by id; opened once, made anew where a call asks for one.

Where one of them lives is left to stores.py, what the calls do to service.py.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sheetsync.emulator.disk import files
from sheetsync.emulator.errors import ApiError, NoSuchFile
from sheetsync.emulator.stores import Clock, FileStore, MemoryStore, Store

if TYPE_CHECKING:
    from collections.abc import Iterable

_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True)
class BookInfo:
    """One workbook of a workspace: its spreadsheet id, its title, its file (None in memory)."""

    id: str
    title: str
    path: Path | None


def book_id(path: Path) -> str:
    """Give a file's spreadsheet id: its stem where that can be one, else one made of its name; always the same."""
    if _ID.fullmatch(path.stem):
        return path.stem
    import hashlib  # noqa: PLC0415  # only for names that are no ids

    return "x" + hashlib.sha256(path.name.encode()).hexdigest()[:24]


class Workspace:
    """The workbooks that one adapter or server answers for."""

    def __init__(self, paths: Iterable[Path], now: Clock | None = None) -> None:
        self._now = now or _now
        self._stores: dict[str, Store] = {}
        for path in paths:
            number = book_id(path)
            self._stores[number] = FileStore(path, number, self._now)

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

    @classmethod
    def in_memory(cls, *, now: Clock | None = None) -> Workspace:
        """No files at all: a workspace that begins empty and forgets everything."""
        return cls([], now)

    def create(self, title: str, *, locale: str = "en_US", time_zone: str = "Etc/GMT") -> Store:
        """Make an empty spreadsheet with one tab, of a new id."""
        from sheetsync.emulator.model.grid import Book, Sheet  # noqa: PLC0415  # the model is loaded when it is used
        from sheetsync.emulator.model.ids import fresh_book_id  # noqa: PLC0415  # as above

        number = fresh_book_id(self._stores)
        tab = Sheet(0, "Лист1" if locale.startswith("ru") else "Sheet1")
        book = Book(number, title, locale, time_zone, sheets=[tab])
        self._stores[number] = MemoryStore(book, self._now)
        return self._stores[number]

    @property
    def books(self) -> tuple[BookInfo, ...]:
        """The workbooks: id, title, path."""
        return tuple(BookInfo(store.id, store.title, getattr(store, "path", None)) for store in self._stores.values())

    def store(self, number: str) -> Store:
        """Give the workbook of that id; ApiError 404 where there is none."""
        if number not in self._stores:
            raise ApiError(404, "Requested entity was not found.")
        return self._stores[number]


def create_workbook(path: Path, *, title: str, locale: str = "en_US", time_zone: str = "UTC") -> None:
    """Make a new .xlsx with one empty tab; FileExistsError where there is a file of that name already."""
    import io  # noqa: PLC0415  # rarely used: kept off the way of every start

    import openpyxl  # noqa: PLC0415  # as above

    from sheetsync.emulator.disk.state import store_id, write_state  # noqa: PLC0415  # as above

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
