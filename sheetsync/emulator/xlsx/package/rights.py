"""Whose a file is and who may use it, carried over to the file that takes its place."""

from __future__ import annotations

import contextlib
import os
import stat
from typing import TYPE_CHECKING

from sheetsync.emulator.errors import FileReadOnly

if TYPE_CHECKING:
    from pathlib import Path

# What an owner's rights are moved by to be the group's, and everybody's.
_GROUP, _OTHERS = 3, 6


def keep_rights(fresh: Path, old: Path) -> None:
    """Give a new file the owner, group, mode and extended attributes of the one that it replaces.

    Without the right to give files away the group and the mode are kept; FileReadOnly where the
    owner could not use the file any more as before.
    """
    before = old.stat()
    if not hasattr(os, "chown"):
        fresh.chmod(stat.S_IMODE(before.st_mode))
        return
    is_owner_kept = _given(fresh, before.st_uid, before.st_gid)
    is_group_kept = is_owner_kept or _given(fresh, -1, before.st_gid)
    if not is_owner_kept and not _may_go_on(before, as_group=is_group_kept):
        raise FileReadOnly(
            old, "it is another account's, who could not use it afterwards"
        )
    fresh.chmod(stat.S_IMODE(before.st_mode))
    _copy_attributes(fresh, old)


def _given(path: Path, owner: int, group: int) -> bool:
    """Give a file to somebody; False where we may not."""
    try:
        os.chown(path, owner, group)
    except OSError:
        return False
    return True


def _may_go_on(before: os.stat_result, *, as_group: bool) -> bool:
    """Whether the owner that a file loses may do with it what they could, as one of many."""
    if before.st_uid == os.geteuid():
        return True
    owners = (before.st_mode & stat.S_IRWXU) >> _OTHERS
    shift = _GROUP if as_group else 0
    others = (before.st_mode >> shift) & stat.S_IRWXO
    return owners & ~others == 0


def _copy_attributes(fresh: Path, old: Path) -> None:
    """Copy what Linux keeps beside the mode: access lists, labels, people's own marks."""
    if not hasattr(os, "listxattr"):
        return
    with contextlib.suppress(OSError):
        for name in os.listxattr(old):
            # Some are the system's own to set; each goes by itself.
            with contextlib.suppress(OSError):
                os.setxattr(fresh, name, os.getxattr(old, name))
