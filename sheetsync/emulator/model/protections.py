"""Who may edit what: users, protected ranges, and how the latter are told and stored.

The book's owner may always; a protection that names nobody, or only warns, stops nobody. Requests
are left to their modules.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

from sheetsync.emulator.errors import bad
from sheetsync.emulator.model.access import OWNER, domain_of, owner_of
from sheetsync.emulator.model.grid import Protection
from sheetsync.emulator.model.rects import OPEN, Rect, of_json, to_json

if TYPE_CHECKING:
    from sheetsync.emulator.model.grid import Book, Json, Sheet

IN_FILE = "Protected in the file"

__all__ = [
    "OWNER",
    "REFUSED",
    "guard",
    "guard_sheet",
    "may_edit",
    "of_request",
    "of_stored",
    "to_answer",
    "to_stored",
]

REFUSED = (
    "You are trying to edit a protected cell or object. "
    "Please contact the spreadsheet owner to remove protection if you need to edit."
)


def may_edit(book: Book, protection: Protection, user: str) -> bool:
    """Whether this protection of the book lets that person edit."""
    owner = owner_of(book)
    if (
        user == owner
        or protection.editors is None
        or protection.json.get("warningOnly")
    ):
        return True
    named = protection.json.get("editors", {})
    if user in protection.editors or user in named.get("groups", ()):
        return True
    return bool(named.get("domainUsersCanEdit")) and domain_of(
        user
    ) == domain_of(owner)


def guard(book: Book, user: str, sheet: Sheet, rect: Rect) -> None:
    """ApiError 400 where a protection stops the user from editing (part of) the rectangle."""
    for protection in book.protections:
        if protection.sheet_id != sheet.id or may_edit(book, protection, user):
            continue
        touched = protection.rect.meets(rect)
        if touched is not None and not _freed(touched, protection.free):
            raise bad(REFUSED)


def _freed(touched: Rect, free: tuple[Rect, ...]) -> bool:
    rest = [touched]
    for hole in free:
        rest = [part for rect in rest for part in rect.minus(hole)]
    return not rest


def guard_sheet(book: Book, user: str, sheet: Sheet) -> None:
    """Give the same for an edit of a tab as a whole: only a protection of all of it stops that."""
    for protection in book.protections:
        whole = protection.rect == Rect(0, OPEN, 0, OPEN)
        if (
            protection.sheet_id == sheet.id
            and whole
            and not may_edit(book, protection, user)
        ):
            raise bad(REFUSED)


def to_answer(book: Book, protection: Protection, user: str) -> Json:
    """Give a ProtectedRange as this user sees it: who may not edit it does not see its editors."""
    out: Json = {"protectedRangeId": protection.id}
    if "namedRangeId" in protection.json:
        out["namedRangeId"] = protection.json["namedRangeId"]
    out["range"] = to_json(protection.rect, protection.sheet_id)
    for name in ("description", "warningOnly"):
        if protection.json.get(name):
            out[name] = protection.json[name]
    if may_edit(book, protection, user):
        out["requestingUserCanEdit"] = True
        owner, named = owner_of(book), protection.editors
        users = (
            [owner] if named is None else list(dict.fromkeys([*named, owner]))
        )
        out["editors"] = {**protection.json.get("editors", {}), "users": users}
    if protection.free:
        out["unprotectedRanges"] = [
            to_json(rect, protection.sheet_id) for rect in protection.free
        ]
    return out


def of_file(sheet: Sheet) -> list[Json]:
    """Give a tab's own protection in the file as the ProtectedRange that warns whoever types.

    It stops nobody here, as its password does in Excel: the API knows no passwords.
    """
    if not sheet.locked:
        return []
    return [
        {
            "protectedRangeId": zlib.crc32(f"file {sheet.id}".encode()) >> 1,
            "range": {"sheetId": sheet.id},
            "description": IN_FILE,
            "warningOnly": True,
            "requestingUserCanEdit": True,
        }
    ]


def of_request(
    book: Book, data: Json, number: int, place: tuple[int, Rect], user: str
) -> Protection:
    """Give a protection as a request describes it.

    Who names editors and is not the owner is one of them.
    """
    sheet_id, rect = place
    named = data.get("editors") or {}
    users = named.get("users")
    editors: tuple[str, ...] | None = None
    if users or named.get("groups"):
        own = [] if user == owner_of(book) else [user]
        editors = tuple(dict.fromkeys([*(users or []), *own]))
    told = ("description", "warningOnly", "namedRangeId", "tableId")
    kept: Json = {name: data[name] for name in told if name in data}
    if editors is not None and not data.get("warningOnly"):
        kept["editors"] = {
            name: value for name, value in named.items() if name != "users"
        }
    free = tuple(of_json(item) for item in data.get("unprotectedRanges", []))
    return Protection(number, sheet_id, rect, kept, editors, free)


def to_stored(protection: Protection) -> Json:
    """Tell what the file keeps of a protection."""
    return {
        "id": protection.id,
        "sheet": protection.sheet_id,
        "rect": list(protection.rect),
        "json": protection.json,
        "editors": None
        if protection.editors is None
        else list(protection.editors),
        "free": [list(rect) for rect in protection.free],
    }


def of_stored(stored: Any) -> Protection:
    """Give a protection from the file; a damaged entry becomes one that protects nothing."""
    try:
        editors = stored["editors"]
        return Protection(
            int(stored["id"]),
            int(stored["sheet"]),
            Rect(*stored["rect"]),
            dict(stored["json"]),
            None if editors is None else tuple(editors),
            tuple(Rect(*rect) for rect in stored["free"]),
        )
    except (KeyError, TypeError, ValueError):
        return Protection(0, -1, Rect(), {})
