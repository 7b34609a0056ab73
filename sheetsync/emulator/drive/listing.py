"""files.list: what the user may find, filtered, ordered, a page at a time.

The query language is read in query.py.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from typing import TYPE_CHECKING, Any

from sheetsync.emulator.drive.errors import invalid
from sheetsync.emulator.drive.file_resource import BRIEF, file, masked
from sheetsync.emulator.drive.items import FOLDER, Item, all_items
from sheetsync.emulator.drive.query import compiled
from sheetsync.emulator.model import access

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheetsync.emulator.drive.call import Asked
    from sheetsync.emulator.model.grid import Json

_PAGE, _LARGEST = 100, 1000


def _natural(item: Item, _user: str) -> list[tuple[int, Any]]:
    parts = re.findall(r"[0-9]+|[^0-9]+", item.name.casefold())
    return [
        (0, int(part)) if part[0] in "0123456789" else (1, part)
        for part in parts
    ]


_KEYS: dict[str, Callable[[Item, str], Any]] = {
    "createdTime": lambda item, _: item.created,
    "folder": lambda item, _: item.kind != FOLDER,
    "modifiedByMeTime": lambda item, _: item.modified,
    "modifiedTime": lambda item, _: item.modified,
    "name": lambda item, _: item.name.casefold(),
    "name_natural": _natural,
    "quotaBytesUsed": lambda item, _: item.size,
    "recency": lambda item, _: item.modified,
    "sharedWithMeTime": lambda item, _: item.created,
    "starred": lambda item, user: user not in item.drive.get("starredBy", ()),
    "viewedByMeTime": lambda item, _: item.modified,
}
_NEWEST_FIRST = "modifiedTime desc"


def list_files(asked: Asked) -> Json:
    """files.list.

    Drives of teams do not exist here, so the parameters about them change nothing.
    """
    size = asked.number("pageSize", _PAGE, _LARGEST)
    test = compiled(asked.query["q"]) if asked.query.get("q") else None
    seen = [
        item
        for item in all_items(asked.workspace)
        if access.finds(item, asked.user)
    ]
    found = [item for item in seen if test is None or test(item, asked.user)]
    found = _ordered(
        found, asked.query.get("orderBy") or _NEWEST_FIRST, asked.user
    )
    start = _start(asked)
    page = found[start : start + size]
    out: Json = {"kind": "drive#fileList", "incompleteSearch": False}
    if start + size < len(found):
        out["nextPageToken"] = _token(asked, start + size)
    whole = [file(item, asked.user) for item in page]
    if not asked.fields:
        return {
            **out,
            "files": [{name: data[name] for name in BRIEF} for data in whole],
        }
    return masked({**out, "files": whole}, asked.fields, "FileList")


def _ordered(items: list[Item], text: str, user: str) -> list[Item]:
    out = sorted(items, key=lambda item: (item.name.casefold(), item.id))
    for part in reversed(text.split(",")):
        words = part.split()
        if (
            not words
            or words[0] not in _KEYS
            or words[1:] not in ([], ["desc"])
        ):
            raise invalid("orderBy")
        key = _KEYS[words[0]]
        # Recency: the latest first
        down = bool(words[1:]) != (words[0] == "recency")
        # A default binds it now.
        out.sort(key=lambda item, key=key: key(item, user), reverse=down)  # type: ignore[misc]
    return out


def _mark(asked: Asked) -> str:
    text = "\n".join(
        [asked.user, asked.query.get("q", ""), asked.query.get("orderBy", "")]
    )
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def _token(asked: Asked, start: int) -> str:
    return base64.urlsafe_b64encode(f"{_mark(asked)}:{start}".encode()).decode()


def _start(asked: Asked) -> int:
    text = asked.query.get("pageToken")
    if not text:
        return 0
    try:
        mark, _, start = (
            base64.urlsafe_b64decode(text.encode("ascii", "replace"))
            .decode()
            .partition(":")
        )
        if mark == _mark(asked):
            return int(start)
    except (binascii.Error, ValueError):
        pass
    raise invalid("pageToken")
