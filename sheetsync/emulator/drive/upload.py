"""Uploads: CSV, TSV or .xlsx made a spreadsheet, or put in place of all that one holds.

The parts of a request are split here; what is asked of the file besides is left to files.py.
"""

from __future__ import annotations

import base64
import binascii
import csv
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sheetsync.emulator.api.copies import portable
from sheetsync.emulator.api.requests.dimensions import check_size
from sheetsync.emulator.drive.call import resource
from sheetsync.emulator.drive.errors import bad_request, invalid
from sheetsync.emulator.drive.file_resource import file
from sheetsync.emulator.drive.files import new_sheet, told, updated
from sheetsync.emulator.drive.items import SHEET, Item, item, of_store
from sheetsync.emulator.errors import NotAWorkbook
from sheetsync.emulator.model.cells import enter
from sheetsync.emulator.model.grid import EMPTY, Sheet
from sheetsync.emulator.model.protections import guard
from sheetsync.emulator.model.structure import settle

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheetsync.emulator.drive.call import Asked
    from sheetsync.emulator.model.grid import Book, Json

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TEXTS = {
    "text/csv": "",
    "text/plain": "",
    "application/csv": "",
    "text/tab-separated-values": "\t",
}
TAKEN = (*_TEXTS, _XLSX)
_SIZE = (1000, 26)


class Content(NamedTuple):
    """What was sent: the JSON beside it, its MIME type, its bytes."""

    body: Json
    kind: str
    data: bytes


def content(asked: Asked) -> Content:
    """Give the parts of an upload; DriveError 400 where it is none that is emulated."""
    how, kind = asked.query.get("uploadType", ""), asked.request.content_type
    if how == "media":
        return Content({}, _bare(kind), asked.request.body)
    if how != "multipart":
        raise bad_request(f"not emulated: uploadType={how}")
    boundary = re.search(r'boundary="?([^";]+)"?', kind)
    if not kind.startswith("multipart/") or boundary is None:
        raise invalid("uploadType", "Malformed multipart body.")
    parts = _parts(asked.request.body, boundary[1].encode())
    if len(parts) != len(("metadata", "media")):
        raise invalid("uploadType", "Malformed multipart body.")
    return Content(
        resource(parts[0][1], "File"), _bare(parts[1][0]), parts[1][1]
    )


def _bare(kind: str) -> str:
    return kind.partition(";")[0].strip().lower()


def _parts(body: bytes, boundary: bytes) -> list[tuple[str, bytes]]:
    """Give (content type, bytes) of each part.

    Lines of the frame end as the first one does: some clients send LF alone.
    """
    line = body.partition(b"--" + boundary)[2].partition(b"\n")[0]
    end = b"\r\n" if line.endswith(b"\r") else b"\n"
    out = []
    for piece in (end + body).split(end + b"--" + boundary)[1:]:
        if piece.startswith(b"--"):
            break
        head, _, data = piece.partition(end + end)
        words = {
            name.lower(): value
            for name, value in re.findall(
                rb"(?m)^([\w-]+):[ \t]*(.*?)[ \t\r]*$", head
            )
        }
        if words.get(b"content-transfer-encoding", b"").lower() == b"base64":
            data = _unpacked(data)
        out.append((words.get(b"content-type", b"").decode("latin-1"), data))
    return out


def _unpacked(data: bytes) -> bytes:
    try:
        return base64.b64decode(data)
    except binascii.Error as error:
        raise invalid("uploadType", "Malformed multipart body.") from error


def create(asked: Asked) -> Json:
    """files.create with contents that become a spreadsheet."""
    sent = content(asked)
    if sent.body.get("mimeType") != SHEET:
        raise bad_request(
            f"not emulated: files of the type {sent.body.get('mimeType') or sent.kind}"
        )
    return told(asked, new_sheet(asked, sent.body, reader_of(sent)))


def update(asked: Asked) -> Json:
    """files.update with contents: they take the place of all tabs."""
    return told(asked, _replaced(asked))


def update_v2(asked: Asked) -> Json:
    """Answer the same call of Drive v2, which some clients still make."""
    data = file(_replaced(asked), asked.user)
    names = {
        "title": "name",
        "alternateLink": "webViewLink",
        "createdDate": "createdTime",
    }
    names |= {
        name: name
        for name in (
            "kind",
            "id",
            "mimeType",
            "shared",
            "quotaBytesUsed",
            "version",
            "exportLinks",
        )
    }
    names |= {"modifiedDate": "modifiedTime"}
    return {new: data[old] for new, old in names.items()}


def _replaced(asked: Asked) -> Item:
    found = item(asked.workspace, asked.file, asked.user, "writer")
    sent = content(asked)
    if found.store is None:
        raise bad_request("A folder has no contents.")
    fill = reader_of(sent)
    with found.store.lock:
        found.store.current()
        draft = found.store.draft()
        settle(draft)
        for sheet in draft.sheets:
            guard(draft, asked.user, sheet, sheet.rect)
        _emptied(draft)
        fill(draft)
        found.store.commit(draft)
    return updated(asked, sent.body) if sent.body else of_store(found.store)


def _emptied(book: Book) -> None:
    """Drop all that hangs on cells; the first tab stays, empty, with its id and title."""
    first = book.sheets[0]
    book.sheets = [Sheet(first.id, first.title, *_SIZE)]
    book.names, book.protections = [], []
    book.metadata = [
        entry
        for entry in book.metadata
        if entry.get("location", {}).get("spreadsheet")
    ]


def reader_of(sent: Content) -> Callable[[Book], None]:
    """Give what puts the contents into a book.

    DriveError 400 for a type that makes no spreadsheet.
    """
    if sent.kind in (
        _XLSX,
        "application/octet-stream",
    ) and sent.data.startswith(b"PK"):
        return lambda book: _take_tabs(book, sent.data)
    if sent.kind not in _TEXTS:
        raise bad_request(
            f"not emulated: a spreadsheet made of {sent.kind or 'contents without a type'}"
        )
    try:
        text = sent.data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = sent.data.decode("cp1252", "replace")
    return lambda book: _take_lines(book, text, _TEXTS[sent.kind])


def _take_lines(book: Book, text: str, delimiter: str) -> None:
    """Enter each field of a text as if it was typed into the first tab."""
    lines = _lines(text, delimiter or _delimiter(text))
    sheet = book.sheets[0]
    width = max((len(line) for line in lines), default=0)
    sheet.row_count, sheet.column_count = (
        max(len(lines), _SIZE[0]),
        max(width, _SIZE[1]),
    )
    check_size(book, 0)
    for row, line in enumerate(lines):
        cells = {
            column: enter(book, EMPTY, field, parse=True)
            for column, field in enumerate(line)
            if field
        }
        if cells:
            sheet.put_row(row, cells)


def _lines(text: str, delimiter: str) -> list[list[str]]:
    try:
        return list(
            csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        )
    except csv.Error as error:
        raise bad_request(f"The text cannot be read: {error}") from error


def _delimiter(text: str) -> str:
    """Give the comma, unless the first line has none and has another mark of fields."""
    first = text.partition("\n")[0]
    return (
        ","
        if "," in first
        else next((mark for mark in "\t;" if mark in first), ",")
    )


def _take_tabs(book: Book, data: bytes) -> None:
    """Take the tabs of an .xlsx over, as far as the API can tell them."""
    # openpyxl is loaded when a file is.
    from sheetsync.emulator.xlsx.load import load  # noqa: PLC0415

    try:
        other, _ = load(Path("upload.xlsx"), data, book.id)
    except NotAWorkbook as error:
        raise bad_request(
            "The contents are no .xlsx that can be read."
        ) from error
    book.sheets = [portable(sheet, book) for sheet in other.sheets]
    check_size(book, 0)
    known: Any = {sheet.id for sheet in book.sheets}
    book.names = [name for name in other.names if name.sheet_id in known]
