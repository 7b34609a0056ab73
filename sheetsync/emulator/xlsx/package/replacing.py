"""A new version in a file's place: in one step, and never over what another program saved.

The new version is written beside the file and changes names with it. Only then is it certain what
stood there: what was taken out is looked at (leftovers.py), and goes back where it is not what was
read. Where nothing changes names at once (Windows, old systems, some network folders) the file is
taken out first, looked at, and the new version put where nothing stands: for an instant there is no
file of that name, and a run that is killed in it is put right by the next one.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from sheetsync.emulator.errors import FileChanged
from sheetsync.emulator.xlsx.package import crash_points as points
from sheetsync.emulator.xlsx.package import exchange, leftovers
from sheetsync.emulator.xlsx.package.files import (
    Stamp,
    check_free,
    check_unchanged,
    check_writable,
    problem_of,
)
from sheetsync.emulator.xlsx.package.rights import keep_rights

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sheetsync.emulator.xlsx.package.leftovers import Settled


def create(path: Path, data: bytes) -> Stamp:
    """Write a file that was not there; FileExistsError where one appeared meanwhile.

    The caller holds the lock. A crash leaves the whole file or none.
    """
    target = path.resolve()
    try:
        with _written_beside(target, data) as fresh:
            stamp = _stamp(fresh, data)
            fresh.chmod(0o666 & ~_umask())
            points.passed("before-rename")
            points.passed("checked")
            exchange.put_where_nothing_is(fresh, target)
    except FileExistsError:
        raise
    except OSError as error:
        raise problem_of(path, error) from error
    _sync_folder(target.parent)
    return stamp


def replace(path: Path, data: bytes, stamp: Stamp) -> Stamp:
    """Put `data` in the file's place, which must still hold what `stamp` says.

    The caller holds the lock. A crash leaves the old file or the new one, never half of one.
    Raises FileProblem, and then the file holds what people or other programs made of it.
    """
    target = path.resolve()
    _check(target, stamp)
    try:
        with _written_beside(target, data) as fresh:
            now = _stamp(fresh, data)
            keep_rights(fresh, target)
            points.passed("before-rename")
            _check(target, stamp)
            points.passed("checked")
            _take_the_place(target, fresh, leftovers.Versions.of(stamp, now))
    except OSError as error:
        raise problem_of(path, error) from error
    _sync_folder(target.parent)
    return now


def _check(target: Path, stamp: Stamp) -> None:
    check_free(target)
    check_unchanged(target, stamp)
    check_writable(target)


def _stamp(fresh: Path, data: bytes) -> Stamp:
    """Give what the file will be known by; another program may have the name a moment later."""
    info = fresh.stat()
    return Stamp(
        info.st_mtime_ns, info.st_size, hashlib.sha256(data).hexdigest()
    )


@contextlib.contextmanager
def _written_beside(target: Path, data: bytes) -> Iterator[Path]:
    """Give a file in the target's folder with the data safely on disk.

    It goes if it is not used.
    """
    handle, name = tempfile.mkstemp(
        prefix=leftovers.fresh_prefix(target),
        suffix=leftovers.FRESH,
        dir=target.parent,
    )
    fresh = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            half = len(data) // 2
            out.write(data[:half])
            out.flush()
            points.passed("half-written")
            out.write(data[half:])
            out.flush()
            os.fsync(out.fileno())
        yield fresh
    finally:
        with contextlib.suppress(OSError):
            fresh.unlink()


def _take_the_place(
    target: Path, fresh: Path, versions: leftovers.Versions
) -> None:
    """Let the new version and the file change names, and look at what came out."""
    out = leftovers.name_for(target, versions, leftovers.SWAPPED)
    fresh.rename(out)
    try:
        is_exchanged = exchange.exchange(out, target)
    except OSError:
        out.unlink()
        raise
    if not is_exchanged:
        out.rename(fresh)
        _take_out_and_put_in(target, fresh, versions)
        return
    points.passed("exchanged")
    settled = leftovers.settle(target, out)
    if settled.is_foreign:
        _refuse(target, settled)


def _take_out_and_put_in(
    target: Path, fresh: Path, versions: leftovers.Versions
) -> None:
    """Put the new version in where names are not changed in one step."""
    out = leftovers.name_for(target, versions, leftovers.TAKEN_OUT)
    target.rename(out)
    points.passed("exchanged")
    if leftovers.is_foreign(out):
        _refuse(target, leftovers.settle(target, out))
    try:
        exchange.put_where_nothing_is(fresh, target)
    except FileExistsError:
        # Another program has saved into the gap; what we took out is what it read, or older.
        _refuse(target, leftovers.settle(target, out))
    except OSError:
        leftovers.settle(target, out)
        raise
    out.unlink()


def _refuse(target: Path, settled: Settled) -> NoReturn:
    """Raise what a save has met that could not be made."""
    raise FileChanged(
        target,
        "another program saved it at the same moment: read the spreadsheet again, then write",
        settled.kept,
    )


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _sync_folder(folder: Path) -> None:
    """Let the new name survive a power cut too.

    Where folders cannot be synced (Windows), the system decides.
    """
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
