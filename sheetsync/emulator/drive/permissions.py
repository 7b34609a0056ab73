"""The permissions calls of Drive: who is let in, in which role, and who the owner is.

What a role allows is decided in model/access.py.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sheetsync.emulator.drive.errors import (
    DriveError,
    bad_request,
    invalid,
    needed,
    not_writable,
    refused,
)
from sheetsync.emulator.drive.file_resource import (
    brief_permission,
    masked,
    permission,
)
from sheetsync.emulator.drive.items import Item, change, item
from sheetsync.emulator.model import access

if TYPE_CHECKING:
    from sheetsync.emulator.drive.call import Asked
    from sheetsync.emulator.model.grid import Json

_TYPES = ("user", "group", "domain", "anyone")
_DRIVE_ROLES = ("organizer", "fileOrganizer")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_DOMAIN = re.compile(r"[^@\s/]+")
_UNFIT = "The specified {} is invalid or not applicable for the given permission type."
_TRANSFER = "The transferOwnership parameter must be enabled when the permission role is 'owner'."
_LARGEST = 100


def list_permissions(asked: Asked) -> Json:
    """permissions.list, for who may share the file."""
    found = item(asked.workspace, asked.file, asked.user, "writer")
    kept = [permission(one) for one in access.permissions(found)]
    size, start = (
        asked.number("pageSize", _LARGEST, _LARGEST),
        asked.query.get("pageToken") or "0",
    )
    if not start.isdecimal():
        raise invalid("pageToken")
    page = kept[int(start) : int(start) + size]
    out: Json = {"kind": "drive#permissionList"}
    if int(start) + size < len(kept):
        out["nextPageToken"] = str(int(start) + size)
    if not asked.fields:
        return {
            **out,
            "permissions": [brief_permission(one, None) for one in page],
        }
    return masked({**out, "permissions": page}, asked.fields, "PermissionList")


def get(asked: Asked) -> Json:
    """permissions.get."""
    found = item(asked.workspace, asked.file, asked.user)
    kept = _one(asked, found)
    if (
        not access.may(found, asked.user, "writer")
        and kept.get("emailAddress") != asked.user
    ):
        raise refused()
    return brief_permission(permission(kept), asked.fields)


def create(asked: Asked) -> Json:
    """permissions.create. No mail is ever sent; who has a permission already gets the new role."""
    found = item(asked.workspace, asked.file, asked.user, "writer")
    made = _described(asked.body("Permission"))
    if made.get("emailAddress", "").casefold() == found.owner.casefold():
        return brief_permission(
            permission(access.permissions(found)[0]), asked.fields
        )
    if made["role"] == "owner":
        _check_transfer(asked, found, made)
    _store(asked, found, made)
    return brief_permission(permission(made), asked.fields)


def update(asked: Asked) -> Json:
    """permissions.update: the role, or the day on which it ends."""
    found = item(asked.workspace, asked.file, asked.user, "writer")
    kept = _one(asked, found)
    body = asked.body("Permission")
    if any(
        name
        not in ("role", "pendingOwner", "expirationTime", "kind", "id", "type")
        for name in body
    ):
        raise not_writable()
    role = _role(str(body.get("role", kept["role"])))
    made = {**kept, "role": role}
    if role == "owner" and kept["role"] != "owner":
        _check_transfer(asked, found, made)
    if kept["role"] == "owner" and role != "owner":
        raise refused()
    _store(
        asked,
        found,
        _offered(
            asked,
            found,
            made,
            bool(body.get("pendingOwner", kept.get("pendingOwner"))),
        ),
    )
    return brief_permission(permission(made), asked.fields)


def delete(asked: Asked) -> None:
    """permissions.delete; anybody may give up a permission of their own."""
    found = item(asked.workspace, asked.file, asked.user)
    kept = _one(asked, found)
    own = kept.get("emailAddress", "").casefold() == asked.user.casefold()
    if not own and not access.may(found, asked.user, "writer"):
        raise refused()
    if kept["role"] == "owner":
        raise DriveError(
            403, "The owner of a file cannot be removed.", "forbidden"
        )
    rest = [one for one in access.permissions(found) if one["id"] != kept["id"]]
    change(asked.workspace, found, lambda state: {**state, "permissions": rest})


def _one(asked: Asked, found: Item) -> Json:
    number = asked.path["permission"]
    for kept in access.permissions(found):
        if number in (kept["id"], {"anyone": "anyoneWithLink"}.get(kept["id"])):
            return kept
    raise DriveError(
        404, f"Permission not found: {number}.", "notFound", "permissionId"
    )


def _role(role: str) -> str:
    if role in _DRIVE_ROLES:
        raise bad_request(
            f"not emulated: the role {role} (it is for shared drives)"
        )
    if role not in access.ROLES:
        raise invalid(
            "permission.role", f"The specified role is invalid: {role}"
        )
    return role


def _described(body: Json) -> Json:
    for name in ("type", "role"):
        if not body.get(name):
            raise needed(
                f"permission.{name}",
                f"The permission {name} field is required.",
            )
    kind, role = body["type"], _role(body["role"])
    if kind not in _TYPES:
        raise invalid(
            "permission.type", f"The specified type is invalid: {kind}"
        )
    if kind in ("user", "group"):
        email = body.get("emailAddress", "")
        if not _EMAIL.fullmatch(email):
            raise invalid(
                "permission.emailAddress", _UNFIT.format("emailAddress")
            )
        return access.of_person(email, role, kind)
    if role == "owner":
        raise invalid(
            "permission.role", f"An owner must be a user, not {kind}."
        )
    found = bool(body.get("allowFileDiscovery", False))
    if kind == "anyone":
        number = access.permission_id("anyone", discoverable=found)
        return {
            "id": number,
            "type": "anyone",
            "role": role,
            "allowFileDiscovery": found,
        }
    domain = body.get("domain", "")
    if not _DOMAIN.fullmatch(domain):
        raise invalid("permission.domain", _UNFIT.format("domain"))
    number = access.permission_id("domain", domain)
    return {
        "id": number,
        "type": "domain",
        "role": role,
        "domain": domain,
        "allowFileDiscovery": found,
    }


def _check_transfer(asked: Asked, found: Item, made: Json) -> None:
    if not asked.flag("transferOwnership"):
        raise DriveError(403, _TRANSFER, "forbidden", "transferOwnership")
    if made["type"] != "user":
        raise invalid("permission.type", "An owner must be a user.")
    taken = (
        made.get("pendingOwner")
        and made["emailAddress"].casefold() == asked.user.casefold()
    )
    if not taken and not access.may(found, asked.user, "owner"):
        raise refused()


# The field's own value.
def _offered(asked: Asked, found: Item, made: Json, offered: bool) -> Json:  # noqa: FBT001
    """Note that the owner offers the file to a writer.

    The writer takes it by giving the own permission the role of owner.
    """
    rest = {
        name: value for name, value in made.items() if name != "pendingOwner"
    }
    if not offered or made["role"] == "owner":
        return rest
    if made["type"] != "user" or made["role"] != "writer":
        raise invalid(
            "permission.pendingOwner",
            "A pending owner must be a user with the role writer.",
        )
    if not made.get("pendingOwner") and not access.may(
        found, asked.user, "owner"
    ):
        raise refused()
    return {**rest, "pendingOwner": True}


def _store(asked: Asked, found: Item, made: Json) -> None:
    """Put the permission in.

    A new owner leaves the old one a writer, and anyone has one permission only.
    """
    own = [one for one in access.permissions(found) if not _same(one, made)]
    if made["role"] == "owner":
        own = [
            {**one, "role": "writer"} if one["role"] == "owner" else one
            for one in own
        ]
    both = [made, *own] if made["role"] == "owner" else [*own, made]
    if both != access.permissions(found):
        change(
            asked.workspace, found, lambda state: {**state, "permissions": both}
        )


def _same(one: Json, other: Json) -> bool:
    return (
        bool(one["id"] == other["id"])
        or one["type"] == other["type"] == "anyone"
    )
