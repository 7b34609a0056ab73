"""A file as Drive tells it.

The File, User and Permission resources, and the fields that a caller asks for.

Where items come from is left to items.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sheetsync.emulator.drive.errors import DriveError
from sheetsync.emulator.drive.items import FOLDER, SHEET
from sheetsync.emulator.errors import ApiError
from sheetsync.emulator.model import access
from sheetsync.emulator.wire.masks import parse, project, unknown
from sheetsync.emulator.wire.times import read

if TYPE_CHECKING:
    from sheetsync.emulator.drive.items import Item
    from sheetsync.emulator.model.grid import Json

BRIEF = ("kind", "id", "name", "mimeType")
_BRIEF_PERMISSION = ("kind", "id", "type", "role", "allowFileDiscovery")
_KEPT = (
    "description",
    "properties",
    "appProperties",
    "trashedTime",
    "folderColorRgb",
)
EXPORTS = {
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/x-vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/pdf": "pdf",
}


def masked(
    data: Json, fields: str | None, name: str, brief: tuple[str, ...] = ()
) -> Json:
    """Give the fields asked for.

    Without a mask those that Drive gives by itself (all, where `brief` is empty).
    """
    if not fields:
        return (
            {key: value for key, value in data.items() if key in brief}
            if brief
            else data
        )
    try:
        tree = parse(fields)
    except ApiError as error:
        raise _bad_field(fields[:200]) from error
    wrong = unknown(tree, {"$ref": f"drive.{name}"})
    if wrong:
        raise _bad_field(wrong)
    out: Json = project(data, tree)
    return out


def _bad_field(name: str) -> DriveError:
    return DriveError(
        400, f"Invalid field selection {name}", "invalidParameter", "fields"
    )


def person(email: str, asking: str) -> Json:
    """Give the User resource."""
    return {
        "kind": "drive#user",
        "displayName": email.partition("@")[0],
        "me": email == asking,
        "permissionId": access.permission_id("user", email),
        "emailAddress": email,
    }


def permission(kept: Json) -> Json:
    """Give the Permission resource, whole."""
    order = (
        "id",
        "type",
        "emailAddress",
        "domain",
        "role",
    )  # a file's state has its names in another order
    out: Json = {
        "kind": "drive#permission",
        **{name: kept[name] for name in order if name in kept},
    }
    if kept["type"] in ("user", "group"):
        out |= {
            "displayName": kept["emailAddress"].partition("@")[0],
            "deleted": False,
        }
        out["pendingOwner"] = bool(kept.get("pendingOwner"))
    elif kept["type"] == "domain":
        out["displayName"] = kept["domain"]
    if kept["type"] in ("anyone", "domain"):
        out["allowFileDiscovery"] = bool(kept.get("allowFileDiscovery"))
    return out


def brief_permission(data: Json, fields: str | None) -> Json:
    """Give the fields of a permission that are asked for."""
    return masked(data, fields, "Permission", _BRIEF_PERMISSION)


def file(item: Item, user: str) -> Json:
    """Give the File resource as this user sees it, whole."""
    role = access.role_of(item, user) or "reader"
    edits, owns = role in ("writer", "owner"), role == "owner"
    permissions = access.permissions(item)
    trashed = bool(item.drive.get("trashed"))
    out: Json = {
        "kind": "drive#file",
        "id": item.id,
        "name": item.name,
        "mimeType": item.kind,
        "starred": user in item.drive.get("starredBy", ()),
        "trashed": trashed,
        "explicitlyTrashed": trashed,
        "spaces": ["drive"],
        "version": str(int(read(item.modified).timestamp() * 1000)),
        "webViewLink": _link(item),
        "hasThumbnail": False,
        "createdTime": item.created,
        "modifiedTime": item.modified,
        "owners": [person(item.owner, user)],
        "shared": len(permissions) > 1,
        "ownedByMe": owns,
        "quotaBytesUsed": str(item.size),
        "writersCanShare": True,
        "viewersCanCopyContent": True,
        "copyRequiresWriterPermission": False,
        "isAppAuthorized": True,
        "capabilities": _capabilities(item, role, trashed=trashed),
        **{name: item.drive[name] for name in _KEPT if item.drive.get(name)},
    }
    parents = item.parents(user)
    if parents:
        out["parents"] = parents
    if edits:
        out["permissions"] = [permission(kept) for kept in permissions]
        out["permissionIds"] = [kept["id"] for kept in permissions]
    if item.kind == SHEET:
        address = f"https://docs.google.com/spreadsheets/export?id={item.id}&exportFormat="
        out["exportLinks"] = {
            kind: address + ending for kind, ending in EXPORTS.items()
        }
    return out


def _link(item: Item) -> str:
    if item.kind == FOLDER:
        return f"https://drive.google.com/drive/folders/{item.id}"
    return f"https://docs.google.com/spreadsheets/d/{item.id}/edit?usp=drivesdk"


def _capabilities(item: Item, role: str, *, trashed: bool) -> dict[str, Any]:
    edits, owns, sheet = (
        role in ("writer", "owner"),
        role == "owner",
        item.kind == SHEET,
    )
    return {
        "canAddChildren": edits and not sheet,
        "canComment": role != "reader" and sheet,
        "canCopy": sheet,
        "canDelete": owns,
        "canDownload": sheet,
        "canEdit": edits,
        "canListChildren": not sheet,
        "canModifyContent": edits,
        "canRename": edits,
        "canShare": edits,
        "canTrash": owns,
        "canUntrash": owns and trashed,
    }
