"""The save lock of a file: it stands beside it, and is gone when nobody saves.

Beside it, because two users' temp folders may differ; the file's folder is the same for all who
save it. Through a link, beside the file that it leads to.
"""

from __future__ import annotations

import contextlib
import hashlib
import unicodedata
from typing import TYPE_CHECKING

from sheetsync.emulator.errors import FileGone, SavedByAnotherRun
from sheetsync.emulator.xlsx.package.files import problem_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def prefix(target: Path) -> str:
    """Give what the names of all files begin with that a save of `target` lays beside it.

    Of one length whatever the file's name is: many a Cyrillic name is as long as names may be.
    """
    plain = unicodedata.normalize("NFC", target.name).casefold()
    key = hashlib.sha256(plain.encode("utf-8", "surrogateescape")).hexdigest()
    return f".sheetsync-{key[:16]}"


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the save lock; SavedByAnotherRun where another process holds it.

    FileProblem where the folder takes no lock.
    """
    # Loaded for saves only.
    from filelock import FileLock, Timeout  # noqa: PLC0415

    target = path.resolve()
    # It would be made anew, and a folder that was moved stood twice.
    if not target.parent.is_dir():
        raise FileGone(path, "its folder is gone")
    place = target.parent / f"{prefix(target)}.lock"
    lock = FileLock(place, timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise SavedByAnotherRun(
            path, "another run is saving it just now"
        ) from error
    except OSError as error:
        raise problem_of(path, error) from error
    try:
        yield
    finally:
        # While it is held: whoever has it open already sees that it has no name any more, and
        # tries again.
        with contextlib.suppress(OSError):
            place.unlink()
        lock.release()
