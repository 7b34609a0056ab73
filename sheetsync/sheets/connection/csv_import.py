"""A CSV file as a workbook: every line a row, text as text, plain numbers as numbers.

Guessing what it means is left to adopt.
"""

import csv
import re
from pathlib import Path

from sheetsync.errors import InputError, NotAWorkbook
from sheetsync.i18n import Language
from sheetsync.sheets.connection.client import SheetsConnection
from sheetsync.sheets.requests.cells import Canvas, Request, typed
from sheetsync.values import Cell

ENCODINGS = ("utf-8-sig", "utf-16", "cp1251")
"""Tried one after the other; the last one reads anything."""
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,9})?")
"""Digits that mean the same as a number: no sign or zero in front that would be lost, no more than a cell holds."""


def lines_of(path: Path, language: Language) -> list[list[Cell]]:
    """Read a CSV file whatever its encoding and separator. Raises InputError where it is none."""
    text = language.text
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(
            text("{path} cannot be read.", path=path), fix=text("Check its permissions.")
        ) from error
    content = _decoded(raw)
    if content is None or "\0" in content:
        fix = text("Save it as CSV (UTF-8) and try again.")
        raise NotAWorkbook(text("{path} is not a readable CSV file.", path=path), fix=fix)
    rows = [
        [_cell(part) for part in line]
        for line in csv.reader(content.splitlines(keepends=True), _dialect(content))
    ]
    while rows and not any(cell is not None for cell in rows[-1]):
        rows.pop()
    if not rows:
        raise InputError(
            text("{path} is empty.", path=path),
            fix=text("Give a file with a heading row and clients."),
        )
    return rows


def _decoded(raw: bytes) -> str | None:
    for encoding in ENCODINGS:
        if encoding == "utf-16" and raw[:2] not in (b"\xff\xfe", b"\xfe\xff"):
            continue
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _dialect(content: str) -> type[csv.Dialect]:
    try:
        found = csv.Sniffer().sniff("\n".join(content.splitlines()[:20]), delimiters=",;\t|")
    except csv.Error:
        return csv.excel
    found.doublequote = True  # the sniffer says no where the first lines have none: a quote is always doubled (RFC 4180)
    found.quotechar = '"'
    return found


def _cell(part: str) -> Cell:
    text = part.strip()
    if not text:
        return None
    return float(text) if _NUMBER.fullmatch(text) else part


def fill(line: SheetsConnection, sheet_id: int, title: str, rows: list[list[Cell]]) -> None:
    """Write rows into the one blank tab of a new workbook, and name it. One write."""
    width = max(len(row) for row in rows)
    canvas = Canvas()
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell is not None:
                canvas.put(sheet_id, at, column, typed(cell))
    size = {"rowCount": len(rows) + 100, "columnCount": max(width, 10), "frozenRowCount": 1}
    properties = {"sheetId": sheet_id, "title": title, "gridProperties": size}
    fields = "title,gridProperties(rowCount,columnCount,frozenRowCount)"
    shape: Request = {"updateSheetProperties": {"properties": properties, "fields": fields}}
    line.write({"requests": [shape, *canvas.requests()]}, "spreadsheetId")
