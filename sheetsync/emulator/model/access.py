"""Who may see and edit a book: its owner, and the permissions that Drive keeps of it.

A book that was never shared through the API is open to everybody on this machine. Protected ranges
are in protections.py.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Protocol

from sheetsync.emulator.errors import ApiError

if TYPE_CHECKING:
    from sheetsync.emulator.model.grid import Json

OWNER = "owner@localhost"
ROLES = ("reader", "commenter", "writer", "owner")
_DENIED = "The caller does not have permission"


class Shared(Protocol):
    """What has permissions: a book, or anything else that Drive keeps."""

    @property
    def drive(self) -> Json:
        """What Drive keeps of it."""


def permission_id(
    kind: str, whom: str = "", *, discoverable: bool = False
) -> str:
    """Give the id of a permission: always the same for the same person, group or domain."""
    if kind == "anyone":
        return "anyone" if discoverable else "anyoneWithLink"
    number = int.from_bytes(
        hashlib.sha256(f"{kind}:{whom.casefold()}".encode()).digest()[:8], "big"
    )
    return f"{number:020d}" + ("k" if kind == "domain" else "")


def of_person(email: str, role: str, kind: str = "user") -> Json:
    """Give the permission of a person or a group."""
    who = "user" if kind == "user" else "group"
    return {
        "id": permission_id(who, email),
        "type": kind,
        "role": role,
        "emailAddress": email,
    }


def permissions(book: Shared) -> list[Json]:
    """Give the permissions of a book, its owner's first.

    Those of a file that nobody ever shared are made up.
    """
    kept: list[Json] | None = book.drive.get("permissions")
    if kept is not None:
        return kept
    everybody = {
        "id": permission_id("anyone", discoverable=True),
        "type": "anyone",
        "role": "writer",
    }
    return [
        of_person(OWNER, "owner"),
        {**everybody, "allowFileDiscovery": True},
    ]


def owner_of(book: Shared) -> str:
    """Give the email of the book's owner."""
    return next(
        (
            str(p.get("emailAddress"))
            for p in permissions(book)
            if p["role"] == "owner"
        ),
        OWNER,
    )


def domain_of(email: str) -> str:
    """Give what stands after the @."""
    return email.rpartition("@")[2].casefold()


def _names(permission: Json, user: str) -> bool:
    if permission["type"] in ("user", "group"):
        return bool(
            permission.get("emailAddress", "").casefold() == user.casefold()
        )
    if permission["type"] == "domain":
        return bool(permission.get("domain", "").casefold() == domain_of(user))
    return True


def role_of(book: Shared, user: str) -> str | None:
    """Give the best role that the user has in the book, or None."""
    found = [
        ROLES.index(p["role"])
        for p in permissions(book)
        if p["role"] in ROLES and _names(p, user)
    ]
    return ROLES[max(found)] if found else None


def finds(book: Shared, user: str) -> bool:
    """Whether the user sees the book in lists: a link alone has to be known."""
    for permission in permissions(book):
        open_to = permission["type"] in ("user", "group") or permission.get(
            "allowFileDiscovery"
        )
        if open_to and _names(permission, user):
            return True
    return False


def may(book: Shared, user: str, role: str) -> bool:
    """Whether the user has that role or a better one."""
    own = role_of(book, user)
    return own is not None and ROLES.index(own) >= ROLES.index(role)


def check(book: Shared, user: str, role: str) -> None:
    """ApiError 403, as the Sheets API words it, unless the user has that role or a better one."""
    if not may(book, user, role):
        raise ApiError(403, _DENIED)
