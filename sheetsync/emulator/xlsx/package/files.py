"""The file on disk: read whole, watched for changes by others.

No workbook is understood here. How a new version takes its place is said in replacing.py.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from typing import TYPE_CHECKING, NamedTuple

from sheetsync.emulator.errors import (
    DiskFull,
    FileChanged,
    FileGone,
    FileInUse,
    FileReadOnly,
    NoSuchFile,
    NotAWorkbook,
)

if TYPE_CHECKING:
    from pathlib import Path

    from sheetsync.emulator.errors import FileProblem

_FULL = (errno.ENOSPC, errno.EDQUOT)


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
    """FileChanged unless the file still holds what was read; FileGone where there is none."""
    try:
        _, now = read(path)
    except (NoSuchFile, NotAWorkbook) as error:
        raise FileGone(path, "it is gone since it was read") from error
    if now.sha256 != stamp.sha256:
        raise FileChanged(
            path,
            "another program changed it since it was last read: read the spreadsheet again, "
            "then write",
        )


def check_free(path: Path) -> None:
    """FileInUse where LibreOffice or Excel has left the mark of an open file, or it is written."""
    for name in (f".~lock.{path.name}#", f"~${path.name}"):
        if _lies_there(path.with_name(name)):
            raise FileInUse(
                path, f"another program has it open ({name} lies beside it)"
            )
    if is_being_written(path):
        raise FileInUse(path, "another program is writing to it")


def _lies_there(mark: Path) -> bool:
    """Whether there is such a mark; none of a name that is longer than names may be."""
    try:
        return mark.exists()
    except OSError:
        return False


def check_writable(path: Path) -> None:
    """FileReadOnly by the owner's write bit (which stops root too), or that of the folder.

    FileGone where there is no such file any more.
    """
    try:
        mode = path.stat().st_mode
        folder = path.parent.stat().st_mode
    except OSError as error:
        raise problem_of(path, error) from error
    if not mode & stat.S_IWUSR:
        raise FileReadOnly(path, "it is read-only")
    if not folder & stat.S_IWUSR or not os.access(path.parent, os.W_OK):
        raise FileReadOnly(path, "its folder takes no new files")


def problem_of(path: Path, error: OSError) -> FileProblem:
    """Give the problem that an error of the disk is while `path` is saved."""
    why = f"it could not be written: {error.strerror}"
    if error.errno in _FULL:
        return DiskFull(path, why)
    if error.errno == errno.ENOENT:
        return FileGone(path, "it is gone since it was read")
    return FileReadOnly(path, why)


def is_being_written(path: Path) -> bool:
    """Whether some program has the file open for writing; False where the system does not tell.

    Linux tells by refusing a lease.
    """
    try:
        # Only systems of the Unix kind have it.
        import fcntl  # noqa: PLC0415
        import signal  # noqa: PLC0415  # as above

        lease, read, end = fcntl.F_SETLEASE, fcntl.F_RDLCK, fcntl.F_UNLCK
        # Who opens the file meanwhile is told to us by a signal, and the usual one ends a process.
        harmless = (fcntl.F_SETSIG, signal.SIGURG)
    except (ImportError, AttributeError):
        return False
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.fcntl(handle, *harmless)
        fcntl.fcntl(handle, lease, read)
        fcntl.fcntl(handle, lease, end)
    except OSError as error:
        return error.errno == errno.EAGAIN
    finally:
        os.close(handle)
    return False
