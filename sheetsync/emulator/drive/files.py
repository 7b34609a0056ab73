"""The files calls of Drive: get, create, copy, update, delete.

Lists are in listing.py, contents that go in and out in upload.py and export.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sheetsync.emulator.drive.errors import (
    DriveError,
    bad_request,
    invalid,
    not_writable,
    refused,
)
from sheetsync.emulator.drive.file_resource import BRIEF, file, masked
from sheetsync.emulator.drive.items import (
    FOLDER,
    SHEET,
    Item,
    change,
    item,
    of_store,
    remove,
    root_of,
)
from sheetsync.emulator.model import access
from sheetsync.emulator.model.ids import fresh_book_id
from sheetsync.emulator.wire.times import rfc3339

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheetsync.emulator.drive.call import Asked
    from sheetsync.emulator.model.grid import Book, Json

_WORDS = ("description", "properties", "appProperties", "folderColorRgb")
# What may stand in the body of an update without meaning a change, or is set otherwise.
_HARMLESS = (
    "kind",
    "mimeType",
    "name",
    "starred",
    "trashed",
    "id",
    "writersCanShare",
    "copyRequiresWriterPermission",
)
_FIXED = (
    "contentHints",
    "indexableText",
    "originalFilename",
    "viewersCanCopyContent",
    "viewedByMeTime",
)
_PARENTS = (
    "The parents field is not directly writable in update requests. "
    "Use the addParents and removeParents parameters instead."
)
_UNTITLED = "Untitled"


def told(asked: Asked, found: Item) -> Json:
    """Give the file in the fields asked for."""
    return masked(file(found, asked.user), asked.fields, "File", BRIEF)


def get(asked: Asked) -> Json:
    """files.get; the contents of a spreadsheet are got by export."""
    found = item(asked.workspace, asked.file, asked.user)
    if asked.query.get("alt") == "media":
        text = (
            "Only files with binary content can be directly downloaded. "
            "Use Export with Docs Editors files."
        )
        raise DriveError(403, text, "fileNotDownloadable", "alt")
    return told(asked, found)


def create(asked: Asked) -> Json:
    """files.create without contents: a spreadsheet or a folder."""
    body = asked.body("File")
    kind = body.get("mimeType")
    if kind not in (SHEET, FOLDER):
        raise bad_request(
            f"not emulated: files of the type {kind or 'application/octet-stream'}"
        )
    return told(
        asked,
        new_sheet(asked, body) if kind == SHEET else _new_folder(asked, body),
    )


def new_sheet(
    asked: Asked, body: Json, fill: Callable[[Book], None] | None = None
) -> Item:
    """Make a spreadsheet of a File resource; it belongs to who asks."""
    kept = _new_state(asked, body)
    permission = access.of_person(asked.user, "owner")

    def make(book: Book) -> None:
        if fill is not None:
            fill(book)

    store = asked.workspace.create(
        body.get("name") or _UNTITLED, owner=permission, fill=make, drive=kept
    )
    return of_store(store)


def _new_folder(asked: Asked, body: Json) -> Item:
    kept = {
        **_new_state(asked, body),
        "permissions": [access.of_person(asked.user, "owner")],
    }
    number = fresh_book_id(asked.workspace.folders)[:33]
    now = rfc3339(asked.workspace.now())
    named = {
        "name": body.get("name") or _UNTITLED,
        "createdTime": now,
        "modifiedTime": now,
    }
    asked.workspace.folders[number] = {**kept, **named}
    return item(asked.workspace, number, asked.user)


def _new_state(asked: Asked, body: Json) -> Json:
    if "id" in body:
        raise invalid(
            "file.id",
            "Generated IDs are not supported for Docs Editors formats.",
        )
    kept: Json = {name: body[name] for name in _WORDS if body.get(name)}
    if "parents" in body:
        kept["parents"] = _parents(asked, body["parents"])
    if body.get("starred"):
        kept["starredBy"] = [asked.user]
    return kept


def _parents(asked: Asked, given: list[str]) -> list[str]:
    if len(given) > 1:
        raise invalid("file.parents", "A file can have only one parent folder.")
    for number in given:
        if any(store.id == number for store in asked.workspace.stores()):
            raise DriveError(
                403,
                "The specified parent is not a folder.",
                "parentNotAFolder",
                "file.parents",
                "other",
            )
    return [
        root_of(asked.user) if number == "root" else number for number in given
    ]


def copy(asked: Asked) -> Json:
    """files.copy: the copy belongs to who asks, and is private."""
    source = item(asked.workspace, asked.file, asked.user)
    body = asked.body("File")
    if source.store is None:
        raise DriveError(
            403, "This file cannot be copied by the user.", "cannotCopyFile"
        )
    if body.get("mimeType", SHEET) != SHEET:
        raise bad_request(f"not emulated: a copy as {body['mimeType']}")
    kept = {
        name: source.drive[name] for name in _WORDS if source.drive.get(name)
    }
    if "parents" in source.drive and asked.user == source.owner:
        kept["parents"] = source.drive["parents"]
    kept |= _new_state(asked, body)
    kept["permissions"] = [access.of_person(asked.user, "owner")]
    title = body.get("name") or f"Copy of {source.name}"
    return told(
        asked, of_store(asked.workspace.copy(source.store, title, kept))
    )


def update(asked: Asked) -> Json:
    """files.update without contents."""
    return told(asked, updated(asked, asked.body("File")))


def updated(asked: Asked, body: Json) -> Item:
    """Give the file after the changes of a File resource, and of addParents and removeParents."""
    found = item(asked.workspace, asked.file, asked.user)
    _check(asked, found, body)
    if body.get("starred") is not None:
        found = change(
            asked.workspace,
            found,
            lambda kept: _starred(kept, asked.user, on=body["starred"]),
        )
    changes = {name: body[name] for name in _WORDS if name in body}
    if "trashed" in body:
        changes["trashed"] = body["trashed"]
        changes["trashedTime"] = (
            rfc3339(asked.workspace.now()) if body["trashed"] else ""
        )
    parents = _moved(asked, found)
    if parents is not None:
        changes["parents"] = parents
    name = body.get("name") or None
    if not changes and name is None:
        return found
    return change(
        asked.workspace, found, lambda kept: _merged(kept, changes), name
    )


def _check(asked: Asked, found: Item, body: Json) -> None:
    if "parents" in body:
        raise not_writable(_PARENTS)
    if any(name not in (*_WORDS, *_HARMLESS, *_FIXED) for name in body):
        raise not_writable()
    if (
        body.get("mimeType", found.kind) != found.kind
        or body.get("id", found.id) != found.id
    ):
        raise not_writable()
    if "trashed" in body and not access.may(found, asked.user, "owner"):
        raise refused()
    others = [
        name
        for name in body
        if name not in ("kind", "mimeType", "id", "starred")
    ]
    if (
        others or "addParents" in asked.query or "removeParents" in asked.query
    ) and not access.may(found, asked.user, "writer"):
        raise refused()


def _starred(kept: Json, user: str, *, on: bool) -> Json:
    others = [name for name in kept.get("starredBy", []) if name != user]
    return {**kept, "starredBy": [*others, user] if on else others}


def _merged(kept: Json, changes: Json) -> Json:
    out = dict(kept)
    for name, value in changes.items():
        new: Any = value
        if name in ("properties", "appProperties"):
            new = {
                key: text
                for key, text in {**kept.get(name, {}), **value}.items()
                if text is not None
            }
        out[name] = new
        if not new and name != "parents":
            del out[name]
    return out


def _moved(asked: Asked, found: Item) -> list[str] | None:
    """Give the folders after the call's parameters; None where they say nothing."""
    added, gone = (
        [
            root_of(asked.user) if one == "root" else one
            for one in asked.query.get(name, "").split(",")
            if one
        ]
        for name in ("addParents", "removeParents")
    )
    if not added and not gone:
        return None
    kept = [one for one in found.parents(found.owner) if one not in gone]
    out = list(dict.fromkeys([*kept, *added]))
    if len(out) > 1:
        raise DriveError(
            403,
            "Increasing the number of parents is not allowed",
            "cannotAddParent",
        )
    return _parents(asked, out)


def delete(asked: Asked) -> None:
    """files.delete: for ever at Google; here the file is put aside (Workspace.remove)."""
    remove(
        asked.workspace, item(asked.workspace, asked.file, asked.user, "owner")
    )
