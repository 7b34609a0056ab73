"""A CSV file as a workbook: every line a row, text as text, plain numbers as numbers.

In which encoding it was written is guessed: Cyrillic ones with charset-normalizer, which cannot
tell the Latin ones of a short list, by their letters. What it means is left to adoption/.
"""

import csv
import re
from pathlib import Path

from charset_normalizer import from_bytes

from sheetsync.errors import InputError, NotAWorkbook
from sheetsync.i18n import Language
from sheetsync.sheets.connection.client import SheetsConnection
from sheetsync.sheets.requests.canvas import Canvas
from sheetsync.sheets.requests.cells import Request, typed
from sheetsync.values import Cell

UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
USUAL = "cp1251"
"""What Excel writes in Russia: taken for granted unless another encoding is clearly better."""
SINGLE_BYTE = (USUAL, "koi8_r", "cp866", "cp1252")
CLEARLY = 0.2
"""By how much less of a mess (0 to 1, as charset-normalizer counts it) another encoding must be.

Of a file with few words beyond ASCII nothing is certain: there the usual one stays.
"""
_LETTERS = {
    "cp1252": "äöüßáéíóúñàâæçèêëîïôœùûÿìòãõåø",
    "cp1250": "ąćęłńóśźżáčďéěíňřšťúůýžäöüßőű",
    "cp1254": "çğıİöşüâîû",
}
"""Encodings of Latin letters, the commonest first, and the letters that texts in each have."""
_WORD = re.compile(r"[^\W\d_]+")
SPARE_ROWS = 100
"""Rows of the new workbook below the last line."""
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,9})?")
"""Digits that mean the same as a number.

No sign or zero in front that would be lost, no more than a cell holds.
"""


def lines_of(path: Path, language: Language) -> list[list[Cell]]:
    """Read a CSV file whatever its encoding and separator.

    Raises InputError where it cannot be read or is empty, NotAWorkbook where it is no CSV file.
    """
    text = language.text
    try:
        raw = path.read_bytes()
    except OSError as error:
        message = text("{path} cannot be read.", path=path)
        raise InputError(message, fix=text("Check its permissions.")) from error
    content = _decoded(raw)
    if content is None or "\0" in content:
        message = text("{path} is not a readable CSV file.", path=path)
        raise NotAWorkbook(
            message, fix=text("Save it as CSV (UTF-8) and try again.")
        )
    lines = csv.reader(content.splitlines(keepends=True), _dialect(content))
    rows = [[*map(_cell, line)] for line in lines]
    # Some programs write a sheet's empty rows too.
    while rows and set(rows[-1]) <= {None}:
        rows.pop()
    if not rows:
        message = text("{path} is empty.", path=path)
        raise InputError(
            message, fix=text("Give a file with a heading row and clients.")
        )
    return rows


def _decoded(raw: bytes) -> str | None:
    """Return the text of a file, None where no encoding reads it."""
    # What reads as UTF-8 is nothing else; UTF-16 begins with a mark.
    encodings = ["utf-8-sig"]
    if raw.startswith(UTF_16_MARKS):
        encodings.append("utf-16")
    for encoding in encodings:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    try:
        return raw.decode(_single_byte_encoding(raw))
    except UnicodeDecodeError:
        return None


def _single_byte_encoding(raw: bytes) -> str:
    """Guess which encoding of one byte a letter a file is in."""
    if _is_of_latin_letters(raw):
        return max(
            _LETTERS, key=lambda encoding: _likely_letters(raw, encoding)
        )
    matches = from_bytes(
        raw, cp_isolation=[*SINGLE_BYTE], enable_fallback=False
    )
    best = matches.best()
    if best is None:
        return USUAL
    # Encodings that read a file alike are told together.
    usual = [match for match in matches if USUAL in match.could_be_from_charset]
    if usual and usual[0].chaos - best.chaos < CLEARLY:
        return USUAL
    return best.encoding


def _is_of_latin_letters(raw: bytes) -> bool:
    """Tell whether most words beyond ASCII would be of two alphabets at once: `Sгo` for `São`."""
    words = _WORD.findall(raw.decode(USUAL, errors="replace"))
    beyond_ascii = [word for word in words if not word.isascii()]
    mixed = [word for word in beyond_ascii if re.search("[A-Za-z]", word)]
    return len(mixed) > len(beyond_ascii) / 2


def _likely_letters(raw: bytes, encoding: str) -> int:
    """Count the signs beyond ASCII that are likely in an encoding, less the others."""
    text = raw.decode(encoding, errors="replace")
    beyond_ascii = [sign for sign in text if not sign.isascii()]
    letters = _LETTERS[encoding] + _LETTERS[encoding].upper()
    likely = sum(sign in letters for sign in beyond_ascii)
    return likely - (len(beyond_ascii) - likely)


def _dialect(content: str) -> type[csv.Dialect]:
    first_lines = "\n".join(content.splitlines()[:20])
    try:
        dialect = csv.Sniffer().sniff(first_lines, delimiters=",;\t|")
    except csv.Error:
        return csv.excel
    # The sniffer says no where the first lines have none: a quote is always doubled (RFC 4180).
    dialect.doublequote = True
    dialect.quotechar = '"'
    return dialect


def _cell(part: str) -> Cell:
    text = part.strip()
    if not text:
        return None
    return float(text) if _NUMBER.fullmatch(text) else part


def fill(
    line: SheetsConnection, sheet_id: int, title: str, rows: list[list[Cell]]
) -> None:
    """Write rows into the one blank tab of a new workbook, and name it. One write."""
    width = max(map(len, rows))
    canvas = Canvas()
    for index, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell is not None:
                canvas.put(sheet_id, index, column, typed(cell))
    size = {
        "rowCount": len(rows) + SPARE_ROWS,
        "columnCount": max(width, 10),
        "frozenRowCount": 1,
    }
    properties = {"sheetId": sheet_id, "title": title, "gridProperties": size}
    fields = "title,gridProperties(rowCount,columnCount,frozenRowCount)"
    shape: Request = {
        "updateSheetProperties": {"properties": properties, "fields": fields}
    }
    line.write({"requests": [shape, *canvas.requests()]}, "spreadsheetId")
