"""The steps in which files change places on disk, each of them at once, as far as the system can.

Linux has renameat2, macOS renamex_np; Python's own library has neither. What a system or a file
system lacks is told by what these functions answer, and left to the caller.
"""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# Every path is given whole, so that no folder is taken to start from.
_NO_FOLDER = -100
_UNABLE = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM)


class _Renaming(NamedTuple):
    """A system's renaming with flags, and its flags."""

    call: Callable[[bytes, bytes, int], int]
    swaps: int
    spares: int


def exchange(one: Path, other: Path) -> bool:
    """Let two files change names in one step.

    False where the system or the file system cannot; FileNotFoundError where one of them is gone.
    """
    renaming = _renaming()
    if renaming is None:
        return False
    return _done(renaming.call, one, other, renaming.swaps)


def put_where_nothing_is(source: Path, target: Path) -> None:
    """Rename a file to a name that nothing has; FileExistsError where something has it."""
    renaming = _renaming()
    if renaming is not None and _done(
        renaming.call, source, target, renaming.spares
    ):
        return
    if sys.platform == "win32":
        # There a renaming never replaces.
        source.rename(target)
        return
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno not in _UNABLE:
            raise
        _put_after_a_look(source, target)
        return
    source.unlink()


def _put_after_a_look(source: Path, target: Path) -> None:
    """Rename where no step does it at once: FAT on an old system, some network folders."""
    if target.exists():
        raise FileExistsError(errno.EEXIST, "it is there", str(target))
    source.rename(target)


def _done(
    call: Callable[[bytes, bytes, int], int],
    source: Path,
    target: Path,
    flags: int,
) -> bool:
    """Carry a renaming out; False where it is not to be had."""
    if call(os.fsencode(source), os.fsencode(target), flags) == 0:
        return True
    code = ctypes.get_errno()
    if code in _UNABLE:
        return False
    raise OSError(code, os.strerror(code), str(target))


def _renaming() -> _Renaming | None:
    """Give the system's own renaming; None where it has none."""
    if sys.platform == "win32":
        return None
    library = ctypes.CDLL(None, use_errno=True)
    linux = getattr(library, "renameat2", None)
    if linux is not None:
        return _Renaming(_within_no_folder(linux), swaps=2, spares=1)
    macos = getattr(library, "renamex_np", None)
    if macos is not None:
        return _Renaming(_plain(macos), swaps=2, spares=4)
    return None


def _within_no_folder(
    function: Callable[..., int],
) -> Callable[[bytes, bytes, int], int]:
    def call(source: bytes, target: bytes, flags: int) -> int:
        return function(
            _NO_FOLDER, source, _NO_FOLDER, target, ctypes.c_uint(flags)
        )

    return call


def _plain(
    function: Callable[..., int],
) -> Callable[[bytes, bytes, int], int]:
    def call(source: bytes, target: bytes, flags: int) -> int:
        return function(source, target, ctypes.c_uint(flags))

    return call
