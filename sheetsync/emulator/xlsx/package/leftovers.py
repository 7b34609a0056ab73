"""What a save lays beside the file: how it is named, and what becomes of it, at once or later.

A name says whose file it belongs to and, where a file was taken out, what it may hold without
anybody losing anything: the version that was read, and the one that we wrote. Whatever else lies
there is a save of another program, and is never deleted.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
import time
from typing import TYPE_CHECKING, NamedTuple

from sheetsync.emulator.errors import FileProblem
from sheetsync.emulator.xlsx.package import exchange
from sheetsync.emulator.xlsx.package.files import is_being_written
from sheetsync.emulator.xlsx.package.save_lock import locked, prefix

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sheetsync.emulator.xlsx.package.files import Stamp

FRESH = ".part"
"""A new version being written: ours, whole or half."""
SWAPPED = ".swap"
"""It has changed names with the file, or is about to."""
TAKEN_OUT = ".out"
"""The file itself, taken out where nothing changes names at once."""
KEPT = "saved by another program, kept"
"""What the name says of a file that holds what another program saved."""

_DIGITS = 16
_TURNS = 5
_LONGEST_STEM = 60
# What earlier versions of the program named theirs; those of a killed run are long dead by then.
_EARLIER = (".sheetsync-", ".tmp")
_DEAD_SECONDS = 3600


class Versions(NamedTuple):
    """The beginnings of two checksums: of what was read, and of what we write."""

    read: str
    ours: str

    @classmethod
    def of(cls, read: Stamp, ours: Stamp) -> Versions:
        """Take them of the stamps."""
        return cls(read.sha256[:_DIGITS], ours.sha256[:_DIGITS])


class Settled(NamedTuple):
    """What was found in a file that was taken out.

    `is_foreign`: a save of another program, which stands in the file again, or is `kept` beside it.
    """

    is_foreign: bool
    kept: Path | None = None


def fresh_prefix(target: Path) -> str:
    """Give what the name of a new version begins with."""
    return f"{prefix(target)}-"


def name_for(target: Path, versions: Versions, kind: str) -> Path:
    """Give the name under which a version is beside the file while names change."""
    turn = f"{os.getpid()}x{time.monotonic_ns()}"
    name = f"{prefix(target)}-{versions.read}-{versions.ours}-{turn}{kind}"
    return target.with_name(name)


def is_foreign(out: Path) -> bool:
    """Whether a file that was taken out holds what another program saved, or is about to save."""
    return is_being_written(out) or _checksum(out) not in _versions(out)


def settle(target: Path, out: Path) -> Settled:
    """Let a file that was taken out go, or put it back where it is another program's.

    Where a later save stands in the file by now, it is kept beside it.
    """
    met_foreign = False
    for _ in range(_TURNS):
        if not out.exists():
            return Settled(met_foreign)
        if not is_foreign(out):
            _let_go(target, out)
            return Settled(met_foreign)
        met_foreign = True
        if not _is_put_back(target, out):
            break
    return Settled(is_foreign=True, kept=_keep(target, out))


def kept_beside(path: Path) -> list[Path]:
    """Give the files that were kept beside a workbook, the oldest first."""
    target = path.resolve()
    start = _kept_start(target)
    try:
        entries = sorted(target.parent.iterdir())
    except OSError:
        return []
    return [entry for entry in entries if entry.name.startswith(start)]


def sweep(path: Path) -> None:
    """Clear away what killed runs have left beside a file, before it is read.

    Nothing that lives is touched: whoever saves holds the lock. A folder that cannot be written to
    stays as it is.
    """
    target = path.resolve()
    if not any(_left(target)):
        return
    with contextlib.suppress(OSError, FileProblem), locked(target):
        for left in sorted(_left(target)):
            _clear(target, left)


def _left(target: Path) -> Iterator[Path]:
    """Give what lies beside a file of its saves, and of any file's by earlier versions.

    The lock of a killed run is among it, which goes as it is held and released.
    """
    begins = prefix(target)
    for path in _files_of_saves(target.parent):
        if path.name.startswith(begins) or _is_earlier_and_dead(path):
            yield path


def _files_of_saves(folder: Path) -> list[Path]:
    """Give what lies in a folder of any file's saves; nothing where it cannot be read."""
    try:
        return list(folder.glob(".sheetsync-*"))
    except OSError:
        return []


def _is_earlier_and_dead(path: Path) -> bool:
    """Whether a killed run of an earlier version has left it, which did not say of which file."""
    start, end = _EARLIER
    if not (path.name.startswith(start) and path.name.endswith(end)):
        return False
    try:
        age = time.time() - path.stat().st_mtime
    except OSError:
        return False
    return age > _DEAD_SECONDS


def _clear(target: Path, left: Path) -> None:
    if left.suffix in (SWAPPED, TAKEN_OUT):
        settle(target, left)
    elif left.suffix in (FRESH, _EARLIER[1]):
        left.unlink(missing_ok=True)


def _let_go(target: Path, out: Path) -> None:
    """Delete what nobody loses; what was taken out goes back where the file is missing."""
    if out.suffix == TAKEN_OUT and not target.exists():
        with contextlib.suppress(FileExistsError):
            exchange.put_where_nothing_is(out, target)
            return
    out.unlink(missing_ok=True)


def _is_put_back(target: Path, out: Path) -> bool:
    """Put a foreign save back into its place, as far as no later one stands there.

    What comes out then is looked at anew.
    """
    try:
        if not target.exists():
            exchange.put_where_nothing_is(out, target)
            return True
        if _checksum(target) != _versions(out).ours:
            return False
        return exchange.exchange(out, target)
    except OSError:
        return False


def _keep(target: Path, out: Path) -> Path:
    """Lay a save of another program beside the file, under a name that says what it is."""
    saved = dt.datetime.fromtimestamp(out.stat().st_mtime).astimezone()
    start = f"{_kept_start(target)}{saved:%Y-%m-%d %H.%M.%S}"
    number = 1
    while True:
        end = f" {number})" if number > 1 else ")"
        kept = target.with_name(f"{start}{end}{target.suffix}")
        try:
            exchange.put_where_nothing_is(out, kept)
        except FileExistsError:
            number += 1
            continue
        return kept


def _kept_start(target: Path) -> str:
    return f"{target.stem[:_LONGEST_STEM]} ({KEPT} "


def _versions(out: Path) -> Versions:
    """Give what the name of a file that was taken out says it may hold."""
    read, ours = out.name.removeprefix(".sheetsync-").split("-")[1:3]
    return Versions(read, ours)


def _checksum(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError:
        return ""
    return hashlib.sha256(data).hexdigest()[:_DIGITS]
