"""The workbooks being served: which there are, by id; new ones made, old ones put aside.

Where one of them lives is left to stores.py, what the calls do to service.py and drive/.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import re
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sheetsync.emulator.errors import (
    ApiError,
    FileProblem,
    FileReadOnly,
    NoSuchFile,
    WouldLoseParts,
)
from sheetsync.emulator.model.grid import FILE_LIMITS, UNLIMITED_FILE
from sheetsync.emulator.stores import Clock, FileStore, MemoryStore, Store
from sheetsync.emulator.wire.times import rfc3339
from sheetsync.emulator.xlsx.package import files, replacing
from sheetsync.emulator.xlsx.package.save_lock import locked
from sheetsync.emulator.xlsx.parts.new_file import blank, first_title, free_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sheetsync.emulator.model.grid import Book, Json

TRASH = ".trash"
# What the name of a tab in an .xlsx may not hold
_ODD = re.compile(r"[\\/*?:\[\]]")
_CONTENTS = (
    "title",
    "locale",
    "time_zone",
    "auto_recalc",
    "sheets",
    "names",
    "protections",
    "metadata",
)
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
    """Give a file's spreadsheet id: its stem where that can be one, else one made of its name.

    Always the same.
    """
    return path.stem if _ID.fullmatch(path.stem) else _hashed(path)


def _hashed(path: Path) -> str:
    return "x" + hashlib.sha256(path.name.encode()).hexdigest()[:24]


def _workbooks(folder: Path) -> list[Path]:
    return sorted(
        p
        for p in folder.glob("*.xlsx")
        if p.is_file() and not p.name.startswith(("~$", "."))
    )


class Workspace:
    """The workbooks that one adapter or server answers for.

    New ones go to `home`; without one, to memory. `limited`: whether what Google refuses for its
    size alone is refused here too: long bodies, batches of too many requests, ten million cells.
    """

    def __init__(
        self,
        paths: Iterable[Path],
        now: Clock | None = None,
        home: Path | None = None,
        *,
        watched: bool = False,
        limited: bool = True,
    ) -> None:
        self.clock: Clock = now or _now
        self.home = home
        self.folders: dict[str, Json] = {}
        self.limited = limited
        self._watched = watched
        self._stores: dict[str, Store] = {}
        self._lock = threading.RLock()
        self._take_in([self._of_file(path, book_id(path)) for path in paths])

    def _of_file(self, path: Path, number: str) -> FileStore:
        limits = FILE_LIMITS if self.limited else UNLIMITED_FILE
        return FileStore(path, number, self.now, limits)

    def now(self) -> dt.datetime:
        """Give the time that the workspace's clock shows.

        Another clock may be put in its place at any time.
        """
        return self.clock()

    @classmethod
    def of_file(
        cls, path: Path, *, now: Clock | None = None, limited: bool = True
    ) -> Workspace:
        """One .xlsx; new ones are made beside it. Raises NoSuchFile or NotAWorkbook."""
        return cls([Path(path)], now, Path(path).parent, limited=limited)

    @classmethod
    def of_folder(cls, path: Path, *, now: Clock | None = None) -> Workspace:
        """Every .xlsx in a folder, later ones too, but not the lock files that Excel leaves."""
        folder = Path(path)
        if not folder.is_dir():
            raise NoSuchFile(folder, "there is no such folder")
        return cls(_workbooks(folder), now, folder, watched=True)

    @classmethod
    def in_memory(cls, *, now: Clock | None = None) -> Workspace:
        """No files at all: a workspace that begins empty and forgets everything."""
        return cls([], now)

    @property
    def books(self) -> tuple[BookInfo, ...]:
        """The workbooks: id, title, path."""
        return tuple(
            BookInfo(store.id, store.title, getattr(store, "path", None))
            for store in self.stores()
        )

    def stores(self) -> tuple[Store, ...]:
        """Give all workbooks, those too that were put into the served folder meanwhile."""
        with self._lock:
            self._look_again()
            return tuple(self._stores.values())

    def store(self, number: str) -> Store:
        """Give the workbook of that id; ApiError 404 where there is none."""
        with self._lock:
            if number not in self._stores:
                self._look_again()
            if number not in self._stores:
                raise ApiError(404, "Requested entity was not found.")
            return self._stores[number]

    def create(
        self,
        title: str,
        *,
        locale: str = "en_US",
        time_zone: str = "Etc/GMT",
        owner: Json | None = None,
        fill: Callable[[Book], None] | None = None,
        drive: Json | None = None,
    ) -> Store:
        """Make a spreadsheet of a new id, with one empty tab or what `fill` makes of it.

        `owner` is the permission of who owns it alone; without one it is open to everybody. `drive`
        is what else Drive shall know of it.
        """
        kept = {
            **(drive or {}),
            **({} if owner is None else {"permissions": [owner]}),
        }

        def change(book: Book) -> None:
            if fill is not None:
                fill(book)

        if self.home is None:
            book = _empty(title, locale, time_zone)
            return self._made_in_memory(book, kept, change)
        return self._made_on_disk(
            title, blank(title, locale, time_zone), kept, change
        )

    def copy(self, source: Store, title: str, drive: Json) -> Store:
        """Make a copy of a workbook under a new id; `drive` is what Drive shall know of it."""

        def change(book: Book) -> None:
            book.title = title

        with source.lock:
            book = source.current().copy()
            path = getattr(source, "path", None)
            data = path.read_bytes() if path is not None else None
        if data is None or self.home is None:
            return self._made_in_memory(book, drive, change)
        return self._made_on_disk(title, data, drive, change)

    def exported(self, store: Store) -> bytes:
        """Give a workbook as an .xlsx, without what Drive keeps of it.

        Where a save would lose parts, the file as it is.
        """
        with store.lock:
            book = store.current().copy()
            path = getattr(store, "path", None)
            data = (
                path.read_bytes()
                if path is not None
                else blank(book.title, book.locale, book.time_zone)
            )

        def change(loaded: Book) -> None:
            if path is None:
                for name in _CONTENTS:
                    setattr(loaded, name, getattr(book, name))
                _fit_titles(loaded)

        try:
            return _changed(
                path or Path("book.xlsx"), data, book.id, self.now, {}, change
            )
        except WouldLoseParts:
            return data

    def remove(self, number: str) -> None:
        """Serve a workbook no longer; its file goes to the folder `.trash` beside it.

        FileProblem where it cannot.
        """
        with self._lock:
            store = self.store(number)
            with store.lock:
                path = getattr(store, "path", None)
                if path is not None:
                    _put_aside(path)
                del self._stores[number]

    def _made_in_memory(
        self, book: Book, drive: Json, change: Callable[[Book], None]
    ) -> Store:
        with self._lock:
            book.id = self._fresh_id()
            book.drive = self._known(book.id, drive)
            store = MemoryStore(book, self.now)
            change(book)
            self._stores[book.id] = store
            return store

    def _made_on_disk(
        self,
        title: str,
        data: bytes,
        drive: Json,
        change: Callable[[Book], None],
    ) -> Store:
        """Write the new file in one step, so that there is never half of one."""
        # Loaded when a book is made.
        from sheetsync.emulator.model.ids import fresh_book_id  # noqa: PLC0415

        with self._lock:
            home = self.home or Path()
            number = fresh_book_id(self._stores)
            try:
                path = free_path(home, title)
            except OSError as error:
                raise NoSuchFile(
                    home, "the folder for new files cannot be read"
                ) from error
            with locked(path):
                kept = {**self._known(number, drive), "file": path.name}
                made = _changed(path, data, number, self.now, kept, change)
                _write_new(path, made)
            store = self._of_file(path, number)
            self._stores[number] = store
            return store

    def _fresh_id(self) -> str:
        # Loaded when a book is made.
        from sheetsync.emulator.model.ids import fresh_book_id  # noqa: PLC0415

        return fresh_book_id(self._stores)

    def _known(self, number: str, drive: Json) -> Json:
        return {"createdTime": rfc3339(self.now()), **drive, "id": number}

    def _look_again(self) -> None:
        """Take in the files that were put into the served folder since it was last looked at."""
        if not self._watched or self.home is None:
            return
        known = {
            getattr(store, "path", None) for store in self._stores.values()
        }
        fresh = []
        for path in _workbooks(self.home):
            if path not in known:
                try:
                    fresh.append(self._of_file(path, book_id(path)))
                except FileProblem:
                    # Half copied, or no workbook: looked at again the next time
                    continue
        self._take_in(fresh)

    def _take_in(self, opened: list[FileStore]) -> None:
        """Give each file its id.

        The one that it was made with, for the original before its copies; else its name's.
        """
        ids: dict[Path, str] = {}
        for store in sorted(
            opened, key=lambda store: store.drive.get("file") != store.path.name
        ):
            given = str(store.drive.get("id") or "")
            if (
                _ID.fullmatch(given)
                and given not in ids.values()
                and self._is_free(given)
            ):
                ids[store.path] = given
        for store in opened:
            if store.path not in ids:
                own = [book_id(store.path), _hashed(store.path)]
                own += [f"{own[1]}-{number}" for number in range(2, 9)]
                taken = set(ids.values())
                ids[store.path] = next(
                    name
                    for name in own
                    if name not in taken and self._is_free(name)
                )
            store.renumber(ids[store.path])
            self._stores[store.id] = store

    def _is_free(self, number: str) -> bool:
        """Whether no workbook has the id, or the file of that one is gone.

        Then it was renamed or replaced.
        """
        path = getattr(self._stores.get(number), "path", None)
        return number not in self._stores or (
            path is not None and not path.exists()
        )


def _empty(title: str, locale: str, time_zone: str) -> Book:
    # The model is loaded when it is used.
    from sheetsync.emulator.model.grid import Book, Sheet  # noqa: PLC0415

    return Book(
        "", title, locale, time_zone, sheets=[Sheet(0, first_title(locale))]
    )


def _changed(
    path: Path,
    data: bytes,
    number: str,
    now: Clock,
    drive: Json,
    change: Callable[[Book], None],
) -> bytes:
    """Give the bytes of a workbook after a change, without touching any file."""
    # openpyxl is loaded when a file is.
    from sheetsync.emulator.api.calls import computed  # noqa: PLC0415
    from sheetsync.emulator.model.evaluate import Computation  # noqa: PLC0415  # as above
    from sheetsync.emulator.xlsx.load import load  # noqa: PLC0415  # as above
    from sheetsync.emulator.xlsx.save import save  # noqa: PLC0415  # as above

    book, shell = load(path, data, number)
    if shell.lost:
        raise WouldLoseParts(path, shell.lost)
    draft = book.copy()
    draft.limits = FILE_LIMITS
    draft.compute = lambda changed: Computation(changed, now(), shell.stored)
    change(draft)
    draft.drive = drive
    return save(draft, shell, computed(draft)).data


def _fit_titles(book: Book) -> None:
    """Rename tabs that an .xlsx cannot hold under their names, as an export of Google's does."""
    # Loaded when a book is exported.
    from sheetsync.emulator.model import structure  # noqa: PLC0415

    for sheet in book.sheets:
        plain = (
            _ODD.sub("_", sheet.title)[: FILE_LIMITS.title].strip("'")
            or "Sheet"
        )
        if plain == sheet.title:
            continue
        names = itertools.chain(
            [plain],
            (
                f"{plain[: FILE_LIMITS.title - 5]}_{number}"
                for number in itertools.count(2)
            ),
        )
        structure.rename(
            book,
            sheet,
            next(
                name for name in names if book.by_title(name) in (None, sheet)
            ),
        )


def _write_new(path: Path, data: bytes) -> None:
    if path.exists():
        raise FileReadOnly(path, "a file of that name appeared meanwhile")
    try:
        replacing.create(path, data)
    except OSError as error:
        raise FileReadOnly(
            path, f"it could not be written: {error.strerror}"
        ) from error


def _put_aside(path: Path) -> None:
    if not path.exists():
        return
    with locked(path):
        files.check_free(path)
        try:
            trash = path.parent / TRASH
            trash.mkdir(exist_ok=True)
            path.rename(free_path(trash, path.stem))
        except OSError as error:
            raise FileReadOnly(
                path, f"it could not be moved to {TRASH}: {error.strerror}"
            ) from error


def create_workbook(
    path: Path, *, title: str, locale: str = "en_US", time_zone: str = "UTC"
) -> None:
    """Make a new .xlsx with one empty tab.

    FileExistsError where there is a file of that name already.
    """
    target = Path(path)
    if target.exists():
        raise FileExistsError(str(target))
    if not target.parent.is_dir():
        raise NoSuchFile(target, "there is no such folder")
    data = blank(title, locale, time_zone)
    with locked(target):
        replacing.create(target, data)
