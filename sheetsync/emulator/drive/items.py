"""What Drive holds, as plain items: spreadsheets and folders; found, changed and removed by id.

How an item is told is left to file_resource.py, which call does what to it to files.py and
permissions.py.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheetsync.emulator.drive.errors import no_file, refused
from sheetsync.emulator.errors import ApiError, NoSuchFile
from sheetsync.emulator.model import access
from sheetsync.emulator.wire.times import rfc3339

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheetsync.emulator.model.grid import Json
    from sheetsync.emulator.stores import Store
    from sheetsync.emulator.workspace import Workspace

SHEET = "application/vnd.google-apps.spreadsheet"
FOLDER = "application/vnd.google-apps.folder"


@dataclass(frozen=True, slots=True)
class Item:
    """A spreadsheet (with its store) or a folder, as it is now. Never change `drive`."""

    id: str
    name: str
    drive: Json
    modified: str
    size: int = 0
    store: Store | None = None

    @property
    def kind(self) -> str:
        """The MIME type."""
        return FOLDER if self.store is None else SHEET

    @property
    def created(self) -> str:
        """When it was made, in RFC 3339.

        A file that nobody made through the API counts from its last change.
        """
        return str(self.drive.get("createdTime") or self.modified)

    @property
    def owner(self) -> str:
        """The owner's email."""
        return access.owner_of(self)

    def parents(self, user: str) -> list[str]:
        """Give the ids of the folders it lies in, as far as the user may know them."""
        kept = self.drive.get("parents")
        if kept is not None:
            return list(kept)
        return [root_of(user)] if user == self.owner else []


def root_of(user: str) -> str:
    """Give the id of a user's top folder, which calls may also name `root`."""
    return (
        "0A" + hashlib.sha256(user.casefold().encode()).hexdigest()[:15] + "PVA"
    )


def of_store(store: Store) -> Item:
    """Give the item of a workbook, read anew where its file was changed."""
    with store.lock:
        book = store.current()
        path = getattr(store, "path", None)
        size = path.stat().st_size if path is not None else 0
        return Item(
            book.id,
            book.title,
            book.drive,
            rfc3339(store.modified),
            size,
            store,
        )


def _of_folder(number: str, kept: Json) -> Item:
    return Item(number, str(kept["name"]), kept, str(kept["modifiedTime"]))


def all_items(workspace: Workspace) -> list[Item]:
    """Give everything that there is; a file that is gone is left out."""
    out = [
        _of_folder(number, kept)
        for number, kept in list(workspace.folders.items())
    ]
    for store in workspace.stores():
        try:
            out.append(of_store(store))
        except (NoSuchFile, OSError):
            continue
    return out


def item(
    workspace: Workspace, number: str, user: str, role: str = "reader"
) -> Item:
    """Give the item of that id; DriveError 404 where the user sees none, 403 without the role."""
    if number == "root" or number == root_of(user):
        found = Item(
            root_of(user),
            "My Drive",
            {"permissions": [access.of_person(user, "owner")]},
            rfc3339(workspace.now()),
        )
    elif number in workspace.folders:
        found = _of_folder(number, workspace.folders[number])
    else:
        try:
            found = of_store(workspace.store(number))
        except ApiError as error:
            raise no_file(number) from error
    if access.role_of(found, user) is None:
        raise no_file(number)
    if not access.may(found, user, role):
        raise refused()
    return found


def change(
    workspace: Workspace,
    old: Item,
    make: Callable[[Json], Json],
    name: str | None = None,
) -> Item:
    """Give the item after `make` changed what Drive keeps of it, and after a rename."""
    if old.store is None:
        if old.id not in workspace.folders:
            raise refused()
        kept = {
            **make(workspace.folders[old.id]),
            "modifiedTime": rfc3339(workspace.now()),
        }
        workspace.folders[old.id] = {
            **kept,
            "name": old.name if name is None else name,
        }
        return _of_folder(old.id, workspace.folders[old.id])
    with old.store.lock:
        old.store.current()
        draft = old.store.draft()
        draft.drive = make(draft.drive)
        draft.title = draft.title if name is None else name
        old.store.commit(draft)
    return of_store(old.store)


def remove(workspace: Workspace, old: Item) -> None:
    """Remove an item; with a folder goes what lies in it and belongs to the same person."""
    if old.store is not None:
        workspace.remove(old.id)
        return
    if workspace.folders.pop(old.id, None) is None:
        raise refused()
    for other in all_items(workspace):
        if (
            old.id in other.drive.get("parents", ())
            and other.owner == old.owner
        ):
            remove(workspace, other)
