"""files.export: a spreadsheet as CSV, TSV or .xlsx; as PDF or ODS where LibreOffice is at hand.

What comes in from outside is left to upload.py.
"""

from __future__ import annotations

import csv
import io
import shutil
import subprocess  # LibreOffice is another program
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sheetsync.emulator.api.calls import Call
from sheetsync.emulator.api.reading import Reader
from sheetsync.emulator.drive.errors import DriveError, bad_request, needed
from sheetsync.emulator.drive.file_resource import EXPORTS
from sheetsync.emulator.drive.items import item
from sheetsync.emulator.wire.http import Reply

if TYPE_CHECKING:
    from sheetsync.emulator.drive.call import Asked
    from sheetsync.emulator.model.grid import Book

_OFFICE = ("soffice", "libreoffice")
_PATIENCE = 120  # seconds for LibreOffice to start and convert


def export(asked: Asked) -> Reply:
    """files.export: of CSV and TSV the first tab, as at Google."""
    kind = asked.query.get("mimeType")
    if not kind:
        raise needed("mimeType")
    found = item(asked.workspace, asked.file, asked.user)
    if found.store is None:
        raise DriveError(
            403, "Export only supports Docs Editors files.", "fileNotExportable"
        )
    ending = EXPORTS.get(kind)
    if ending is None:
        raise DriveError(
            400,
            "The requested conversion is not supported.",
            "badRequest",
            "convertTo",
        )
    if ending in ("csv", "tsv"):
        with found.store.lock:
            return Reply(
                200, text_of(found.store.current(), asked.user, ending), kind
            )
    data = asked.workspace.exported(found.store)
    return Reply(
        200, data if ending == "xlsx" else _converted(data, ending), kind
    )


def text_of(book: Book, user: str, ending: str) -> bytes:
    """Give the first tab's shown values, a line a row, every line as long as the longest."""
    sheet = book.sheets[0]
    read: list[list[Any]] = (
        Reader(Call(book, user), {}).read(sheet, sheet.rect).get("values", [])
    )
    width = max((len(line) for line in read), default=0)
    lines = [
        [str(value) for value in line] + [""] * (width - len(line))
        for line in read
    ]
    if ending == "tsv":
        return "\r\n".join(
            "\t".join(" ".join(text.split("\t")) for text in _flat(line))
            for line in lines
        ).encode()
    out = io.StringIO()
    csv.writer(out).writerows(lines)
    return out.getvalue().removesuffix("\r\n").encode("utf-8", "replace")


def _flat(line: list[str]) -> list[str]:
    """Give texts without line ends, for a form that cannot quote them."""
    return [" ".join(text.splitlines()) for text in line]


def _converted(data: bytes, ending: str) -> bytes:
    program = next(
        (path for name in _OFFICE if (path := shutil.which(name))), None
    )
    if program is None:
        raise bad_request(
            f"not emulated: export as {ending} without LibreOffice (soffice) on the PATH"
        )
    with tempfile.TemporaryDirectory(prefix="sheetsync-") as folder:
        source = Path(folder) / "book.xlsx"
        source.write_bytes(data)
        profile = (
            Path(folder) / "profile"
        ).as_uri()  # of its own, so that an open LibreOffice is left alone
        command = [
            program,
            "--headless",
            f"-env:UserInstallation={profile}",
            "--convert-to",
            ending,
            "--outdir",
            folder,
        ]
        try:
            # A program of the PATH, a file of ours.
            subprocess.run(  # noqa: S603
                [*command, str(source)],
                capture_output=True,
                timeout=_PATIENCE,
                check=True,
            )
            return source.with_suffix(f".{ending}").read_bytes()
        except (OSError, subprocess.SubprocessError) as error:
            raise bad_request(
                f"LibreOffice could not make {ending} of the spreadsheet"
            ) from error
