"""The comments calls of Drive: list, get, create, update, delete.

Of replies only what a comment shows.

They are kept with the file; nothing of them stands in a cell.
"""

from __future__ import annotations

import html
import secrets
from typing import TYPE_CHECKING

from sheetsync.emulator.drive.errors import DriveError, invalid, needed, refused
from sheetsync.emulator.drive.file_resource import masked, person
from sheetsync.emulator.drive.items import Item, change, item
from sheetsync.emulator.model import access
from sheetsync.emulator.wire.times import read, rfc3339

if TYPE_CHECKING:
    from sheetsync.emulator.drive.call import Asked
    from sheetsync.emulator.model.grid import Json

_PAGE, _LARGEST = 20, 100


def _fields(asked: Asked) -> str:
    if not asked.fields:
        raise needed(
            "fields", "The 'fields' parameter is required for this method."
        )
    return asked.fields


def _kept(found: Item) -> list[Json]:
    return list(found.drive.get("comments", []))


def told(kept: Json, user: str) -> Json:
    """Give the Comment resource, whole."""
    author = {
        name: value
        for name, value in person(kept["author"], user).items()
        if name != "permissionId"
    }
    shown = {name: value for name, value in kept.items() if name != "author"}
    out: Json = {
        "kind": "drive#comment",
        **shown,
        "author": author,
        "replies": [],
    }
    if kept["deleted"]:
        return {
            name: value
            for name, value in out.items()
            if name not in ("content", "author")
        }
    return {
        **out,
        "htmlContent": html.escape(kept["content"], quote=False),
        "resolved": False,
    }


def list_comments(asked: Asked) -> Json:
    """comments.list, the newest first."""
    fields = _fields(asked)
    found = item(asked.workspace, asked.file, asked.user)
    kept = [
        one
        for one in _kept(found)
        if asked.flag("includeDeleted") or not one["deleted"]
    ]
    since = asked.query.get("startModifiedTime")
    if since:
        try:
            kept = [
                one for one in kept if read(one["modifiedTime"]) >= read(since)
            ]
        except ValueError as error:
            raise invalid("startModifiedTime") from error
    kept.reverse()
    size, start = (
        asked.number("pageSize", _PAGE, _LARGEST),
        asked.query.get("pageToken") or "0",
    )
    if not start.isdecimal():
        raise invalid("pageToken")
    page = kept[int(start) : int(start) + size]
    out: Json = {
        "kind": "drive#commentList",
        "comments": [told(one, asked.user) for one in page],
    }
    if int(start) + size < len(kept):
        out["nextPageToken"] = str(int(start) + size)
    return masked(out, fields, "CommentList")


def get(asked: Asked) -> Json:
    """comments.get."""
    fields = _fields(asked)
    kept = _one(asked, item(asked.workspace, asked.file, asked.user))
    return masked(told(kept, asked.user), fields, "Comment")


def create(asked: Asked) -> Json:
    """comments.create, for who may comment."""
    fields = _fields(asked)
    found = item(asked.workspace, asked.file, asked.user, "commenter")
    body = asked.body("Comment")
    now = rfc3339(asked.workspace.now())
    made: Json = {
        "id": "AAAA" + secrets.token_urlsafe(6),
        "createdTime": now,
        "modifiedTime": now,
        "author": asked.user,
        "deleted": False,
        "content": _content(body),
        **{
            name: body[name]
            for name in ("anchor", "quotedFileContent")
            if name in body
        },
    }
    change(
        asked.workspace,
        found,
        lambda state: {**state, "comments": [*state.get("comments", []), made]},
    )
    return masked(told(made, asked.user), fields, "Comment")


def _content(body: Json) -> str:
    text = body.get("content")
    if not text:
        raise needed("comment.content", "The comment content is required.")
    return str(text)


def update(asked: Asked) -> Json:
    """comments.update: another text, by its author."""
    fields = _fields(asked)
    text = _content(asked.body("Comment"))
    made = _changed(
        asked, {"content": text, "modifiedTime": rfc3339(asked.workspace.now())}
    )
    return masked(told(made, asked.user), fields, "Comment")


def delete(asked: Asked) -> None:
    """comments.delete: it stays, marked as deleted and without its text."""
    _changed(
        asked,
        {
            "deleted": True,
            "content": "",
            "modifiedTime": rfc3339(asked.workspace.now()),
        },
    )


def _changed(asked: Asked, news: Json) -> Json:
    found = item(asked.workspace, asked.file, asked.user, "commenter")
    kept = _one(asked, found)
    if asked.user not in (kept["author"], found.owner) or not access.may(
        found, asked.user, "commenter"
    ):
        raise refused()
    made = {**kept, **news}
    rest = [made if one["id"] == made["id"] else one for one in _kept(found)]
    change(asked.workspace, found, lambda state: {**state, "comments": rest})
    return made


def _one(asked: Asked, found: Item) -> Json:
    number = asked.path["comment"]
    hidden = not asked.flag("includeDeleted")
    for kept in _kept(found):
        if kept["id"] == number and not (hidden and kept["deleted"]):
            return kept
    raise DriveError(
        404, f"Comment not found: {number}.", "notFound", "commentId"
    )
