"""The file on disk: read whole, watched for changes by others, replaced in one step.

No workbook is understood here.

A save takes a lock that lives in the system's temp folder, out of the user's sight, keyed by the
file's path.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sheetsync.emulator.errors import (
    FileChanged,
    FileInUse,
    FileReadOnly,
    NoSuchFile,
    NotAWorkbook,
)
from sheetsync.emulator.xlsx.package import crash_points as points

if TYPE_CHECKING:
    from collections.abc import Iterator


class Stamp(NamedTuple):
    """What a file's content looked like when it was read or written."""

    mtime_ns: int
    size: int
    sha256: str


def read(path: Path) -> tuple[bytes, Stamp]:
    """Give the file's bytes and their stamp.

    NoSuchFile, or NotAWorkbook for a folder and the like.
    """
    try:
        with path.open("rb") as source:
            data = source.read()
            info = os.fstat(source.fileno())
    except FileNotFoundError as error:
        raise NoSuchFile(path, "there is no such file") from error
    except OSError as error:
        raise NotAWorkbook(path, "it cannot be read") from error
    return data, Stamp(
        info.st_mtime_ns, info.st_size, hashlib.sha256(data).hexdigest()
    )


def check_unchanged(path: Path, stamp: Stamp) -> None:
    """FileChanged unless the file still holds what was read."""
    try:
        _, now = read(path)
    except (NoSuchFile, NotAWorkbook) as error:
        raise FileChanged(path, "it is gone since it was read") from error
    if now.sha256 != stamp.sha256:
        raise FileChanged(
            path,
            "another program changed it since it was last read: read the spreadsheet again, "
            "then write",
        )


def check_free(path: Path) -> None:
    """FileInUse where LibreOffice or Excel has left the mark of an open file."""
    for name in (f".~lock.{path.name}#", f"~${path.name}"):
        if path.with_name(name).exists():
            raise FileInUse(
                path, f"another program has it open ({name} lies beside it)"
            )


def check_writable(path: Path) -> None:
    """FileReadOnly by the owner's write bit (which stops root too), or a folder that is full."""
    if not path.stat().st_mode & stat.S_IWUSR:
        raise FileReadOnly(path, "it is read-only")
    if (
        not os.access(path.parent, os.W_OK)
        or not path.parent.stat().st_mode & stat.S_IWUSR
    ):
        raise FileReadOnly(path, "its folder takes no new files")


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the save lock; FileInUse where another process holds it."""
    # Loaded for saves only.
    from filelock import FileLock, Timeout  # noqa: PLC0415

    key = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:24]
    lock = FileLock(
        Path(tempfile.gettempdir()) / f"sheetsync-{key}.lock", timeout=0
    )
    try:
        lock.acquire()
    except (Timeout, OSError) as error:
        raise FileInUse(path, "another process is saving it") from error
    try:
        yield
    finally:
        lock.release()


def replace(path: Path, data: bytes, stamp: Stamp | None) -> Stamp:
    """Put `data` in the file's place in one step.

    A crash leaves the old file or the new one, never half of one.

    The caller holds the lock. `stamp` is what the file must still be; None creates it.
    """
    target = path.resolve()
    if stamp is not None:
        check_free(target)
        check_unchanged(target, stamp)
        check_writable(target)
    handle, temporary = tempfile.mkstemp(
        prefix=".sheetsync-", suffix=".tmp", dir=target.parent
    )
    try:
        with os.fdopen(handle, "wb") as out:
            half = len(data) // 2
            out.write(data[:half])
            out.flush()
            points.passed("half-written")
            out.write(data[half:])
            out.flush()
            os.fsync(out.fileno())
        mode = (
            stat.S_IMODE(target.stat().st_mode)
            if stamp is not None
            else 0o666 & ~_umask()
        )
        Path(temporary).chmod(mode)
        points.passed("before-rename")
        Path(temporary).replace(target)
    except OSError as error:
        Path(temporary).unlink(missing_ok=True)
        raise FileReadOnly(
            path, f"it could not be written: {error.strerror}"
        ) from error
    _sync_folder(target.parent)
    info = target.stat()
    return Stamp(
        info.st_mtime_ns, info.st_size, hashlib.sha256(data).hexdigest()
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
