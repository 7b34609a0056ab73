"""The URL table of Drive v3: which call a method and an address mean, and its answer as bytes.

The calls are in files.py, listing.py, permissions.py, comments.py, export.py and upload.py.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from sheetsync.emulator.drive import (
    comments,
    export,
    files,
    listing,
    permissions,
    upload,
)
from sheetsync.emulator.drive.call import Asked
from sheetsync.emulator.drive.errors import (
    DriveError,
    as_drive,
    bad_request,
    needed,
)
from sheetsync.emulator.drive.file_resource import EXPORTS, masked, person
from sheetsync.emulator.drive.items import SHEET, all_items, remove
from sheetsync.emulator.errors import ApiError, FileProblem, of_file
from sheetsync.emulator.wire.http import Reply, Request, told

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheetsync.emulator.model.grid import Json
    from sheetsync.emulator.workspace import Workspace

    Call = Callable[[Asked], Json | Reply | None]

_FILES = "/drive/v3/files"
_FILE = _FILES + "/(?P<file>[^/]+)"
_PERMISSION = _FILE + "/permissions/(?P<permission>[^/]+)"
_COMMENT = _FILE + "/comments/(?P<comment>[^/]+)"


def _about(asked: Asked) -> Json:
    if not asked.fields:
        raise needed(
            "fields", "The 'fields' parameter is required for this method."
        )
    used = str(
        sum(
            item.size
            for item in all_items(asked.workspace)
            if item.owner == asked.user
        )
    )
    out: Json = {
        "kind": "drive#about",
        "user": person(asked.user, asked.user),
        "storageQuota": {
            "usage": used,
            "usageInDrive": used,
            "usageInDriveTrash": "0",
        },
        "maxUploadSize": str(64 * 1024 * 1024),
        "exportFormats": {SHEET: list(EXPORTS)},
        "importFormats": {kind: [SHEET] for kind in upload.TAKEN},
        "appInstalled": False,
        "canCreateDrives": False,
        "canCreateTeamDrives": False,
    }
    return masked(out, asked.fields, "About")


def _empty_trash(asked: Asked) -> None:
    for item in all_items(asked.workspace):
        if item.drive.get("trashed") and item.owner == asked.user:
            remove(asked.workspace, item)


def _generate(_asked: Asked) -> Json:
    raise bad_request("not emulated: drive.files.generateIds")


def _route(
    method: str, path: str, call: Call
) -> tuple[str, re.Pattern[str], Call]:
    return method, re.compile(path, re.DOTALL), call


ROUTES = (
    _route("GET", "/drive/v3/about", _about),
    _route("GET", _FILES, listing.list_files),
    _route("POST", _FILES, files.create),
    _route("DELETE", _FILES + "/trash", _empty_trash),
    _route("GET", _FILES + "/generateIds", _generate),
    _route("GET", _FILE, files.get),
    _route("PATCH", _FILE, files.update),
    _route("DELETE", _FILE, files.delete),
    _route("POST", _FILE + "/copy", files.copy),
    _route("GET", _FILE + "/export", export.export),
    _route("GET", _FILE + "/permissions", permissions.list_permissions),
    _route("POST", _FILE + "/permissions", permissions.create),
    _route("GET", _PERMISSION, permissions.get),
    _route("PATCH", _PERMISSION, permissions.update),
    _route("DELETE", _PERMISSION, permissions.delete),
    _route("GET", _FILE + "/comments", comments.list_comments),
    _route("POST", _FILE + "/comments", comments.create),
    _route("GET", _COMMENT, comments.get),
    _route("PATCH", _COMMENT, comments.update),
    _route("DELETE", _COMMENT, comments.delete),
    _route("POST", "/upload" + _FILES, upload.create),
    _route("PATCH", "/upload" + _FILE, upload.update),
    _route("PUT", "/upload" + _FILE, upload.update),
    _route("PUT", "/upload/drive/v2/files/(?P<file>[^/]+)", upload.update_v2),
)


def answer(workspace: Workspace, request: Request) -> Reply:
    """Give the answer to a request to an address of Drive.

    Parameters that the API does not know are passed over.
    """
    parts = urlsplit(request.url)
    for method, pattern, call in ROUTES:
        match = pattern.fullmatch(parts.path.removesuffix("/"))
        if match and method == request.method:
            path = {
                name: unquote(text) for name, text in match.groupdict().items()
            }
            query = dict(parse_qsl(parts.query, keep_blank_values=True))
            return _answered(call, Asked(workspace, request, path, query))
    raise DriveError(
        404,
        f"Not Found ({request.method} {parts.path} is not emulated)",
        "notFound",
    )


def _answered(call: Call, asked: Asked) -> Reply:
    try:
        out = call(asked)
    except DriveError:
        raise
    except ApiError as error:
        raise as_drive(error) from error
    except FileProblem as problem:
        raise as_drive(of_file(problem)) from problem
    if out is None:
        return Reply(204, b"")
    return out if isinstance(out, Reply) else told(out)
