"""Files that commands write.

As a whole or not at all, where they can go, and never over something else.
"""

import os
import re
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from sheetsync.errors import InputError
from sheetsync.i18n import Language

_SUFFIX = ".tmp"
_TEMPORARY = re.compile(r"\..*\.\w{8}\.tmp", re.DOTALL)
_DEAD_SECONDS = 3600


def place_for(
    path: Path, is_alike: Callable[[str], bool] | None, language: Language
) -> None:
    """Make sure that a file may be written there, before anything is read or done for it.

    `is_alike` tells of a file's text whether it is one of the same kind, which the new one
    replaces; None: its name says so. An empty file is replaced too. Raises InputError where another
    one stands there, be it the base itself, and where there is no such folder.
    """
    text = language.text
    other = language.text("Give another name.")
    if not path.parent.is_dir():
        fix = text("Make the folder first, or give another one.")
        raise InputError(
            text("There is no folder {folder}.", folder=path.parent), fix=fix
        )
    if path.is_dir():
        raise InputError(text("{file} is a folder.", file=path), fix=other)
    if (
        is_alike is not None
        and path.is_file()
        # An empty file holds nothing that could be lost.
        and path.stat().st_size
        and not _holds(path, is_alike)
    ):
        raise InputError(
            text(
                "{file} is there already and holds something else; it is left as it is.",
                file=path,
            ),
            fix=other,
        )


def _holds(path: Path, is_alike: Callable[[str], bool]) -> bool:
    try:
        return is_alike(path.read_text(encoding="utf-8"))
    # What is no text in UTF-8 is none of ours.
    except (OSError, ValueError):
        return False


def save(content: bytes, path: Path, language: Language) -> None:
    """Write a file as a whole or not at all: whoever opens it meanwhile sees the old one.

    Raises InputError.

    Through a link, the file it leads to; what is no file (a pipe, a device) is written as it is.
    """
    # Else the link would be replaced, and the file that it leads to would stay as it was.
    path = path.resolve()
    try:
        # Nobody who reads a pipe or a device would hear of a file in its place.
        if path.exists() and not path.is_file():
            path.write_bytes(content)
            return
        _sweep(path)
        handle, temporary = tempfile.mkstemp(
            # In the same folder: only within one file system is a file replaced at once.
            dir=path.parent,
            prefix=_prefix(path),
            suffix=_SUFFIX,
        )
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                # On the disk before the old one goes: a power cut leaves one of them whole.
                os.fsync(file.fileno())
            # A temporary file is its maker's alone to read.
            Path(temporary).chmod(_mode(path))
            Path(temporary).replace(path)
        except BaseException:
            with suppress(OSError):
                Path(temporary).unlink()
            raise
    except OSError as error:
        message = language.text(
            "{file} cannot be written: {why}.",
            file=path,
            why=error.strerror or error,
        )
        raise InputError(
            message, fix=language.text("Check the path and the permissions.")
        ) from error


def _prefix(path: Path) -> str:
    return f".{path.name[:40]}."


def _sweep(path: Path) -> None:
    """Delete what a killed run has left of this file; what is young may be a living run's."""
    dead = time.time() - _DEAD_SECONDS
    # A folder may take files and not be listed.
    with suppress(OSError):
        for left in path.parent.iterdir():
            is_ours = left.name.startswith(_prefix(path))
            if is_ours and _TEMPORARY.fullmatch(left.name):
                _delete_if_older(left, dead)


def _delete_if_older(left: Path, than: float) -> None:
    with suppress(OSError):
        if left.stat().st_mtime < than:
            left.unlink()


def _mode(path: Path) -> int:
    """Return the rights of the file that is replaced; of a new one those that files here get."""
    with suppress(OSError):
        return path.stat().st_mode & 0o777
    # The mask can be read only by setting another one.
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
