"""Requests that change the texts of cells: findReplace, trimWhitespace, textToColumns.

How a text that somebody types is understood is left to the model.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import regex

from sheetsync.emulator.api.calls import computed
from sheetsync.emulator.api.locations import bounded, tab
from sheetsync.emulator.api.requests.dimensions import check_size
from sheetsync.emulator.errors import bad
from sheetsync.emulator.model.cells import check_length, enter
from sheetsync.emulator.model.filtering import Seen
from sheetsync.emulator.model.formulas import commas
from sheetsync.emulator.model.grid import EMPTY, Formula
from sheetsync.emulator.model.protections import guard
from sheetsync.emulator.model.rects import Rect

if TYPE_CHECKING:
    from sheetsync.emulator.errors import ApiError
    from sheetsync.emulator.model.grid import Book, Cell, Json, Sheet

_SCOPES = ("range", "sheetId", "allSheets")
_GROUP = re.compile(r"\\(.)|\$(\d+)|\$\{(\w+)\}", re.DOTALL)
_SECONDS = 5.0
"""How long all texts of a request may be searched: some patterns would take years for one of them.

A stranger's pattern goes to `regex`, which Python's own `re` lacks the time limit of; an engine of
linear time, re2, has neither what looks ahead nor what looks back, and Google's is Java's.
"""
_DELIMITERS = {"COMMA": ",", "SEMICOLON": ";", "PERIOD": ".", "SPACE": " "}
_DETECTED = (",", ";", "\t", "|", " ")


def _scope(book: Book, params: Json) -> list[tuple[Sheet, Rect]]:
    given = [
        name for name in _SCOPES if name in params and params[name] is not False
    ]
    if len(given) != 1:
        raise bad("Exactly one of range, sheetId and allSheets must be set")
    if given[0] == "range":
        return [bounded(book, params["range"])]
    sheets = (
        book.sheets
        if given[0] == "allSheets"
        else [tab(book, params["sheetId"])]
    )
    return [(sheet, sheet.rect) for sheet in sheets]


def _pattern(params: Json) -> regex.Pattern[str]:
    """Give what is searched, as Python reads it.

    Java's own way of naming groups is put into Python's.
    """
    find = params.get("find", "")
    if not find:
        raise bad("find must be specified")
    text = (
        re.sub(r"\(\?<(?![=!])", "(?P<", find)
        if params.get("searchByRegex")
        else re.escape(find)
    )
    flags = 0 if params.get("matchCase") else regex.IGNORECASE
    try:
        return regex.compile(text, flags)
    except (regex.error, OverflowError, RecursionError) as error:
        raise bad(f"Invalid regular expression: {find[:100]}") from error


@dataclass(slots=True)
class _Search:
    """What is searched, what comes in its place, until when, and how often it was found."""

    pattern: regex.Pattern[str]
    replacement: str
    by_pattern: bool
    whole: bool
    ends: float
    found: int = 0
    changes: list[tuple[Sheet, int, int, str]] = field(default_factory=list)

    def replaced(self, text: str) -> str | None:
        """Give the text with all that is found replaced; None where nothing is.

        ApiError 400 where the time is over.
        """
        left = self.ends - time.monotonic()
        if left <= 0:
            raise _too_slow()
        try:
            return self._replaced(text, left)
        except TimeoutError as error:
            raise _too_slow() from error

    def _replaced(self, text: str, seconds: float) -> str | None:
        if self.whole:
            match = self.pattern.fullmatch(text, timeout=seconds)
            self.found += bool(match)
            return None if match is None else self._filled(match)
        new, count = self.pattern.subn(self._filled, text, timeout=seconds)
        self.found += count
        return new if count else None

    def _filled(self, match: regex.Match[str]) -> str:
        if not self.by_pattern:
            return self.replacement
        return _GROUP.sub(lambda mark: _group(match, mark), self.replacement)


def _too_slow() -> ApiError:
    return bad(f"The search took more than {_SECONDS:.0f} seconds")


def _group(match: regex.Match[str], mark: re.Match[str]) -> str:
    """Give what a mark of the replacement stands for.

    A character after a backslash, $1, ${name}.
    """
    if mark[1] is not None:
        return mark[1]
    if mark[3] is not None:
        if mark[3] not in match.re.groupindex:
            raise bad(f"Invalid replacement: no group with name {mark[3]}")
        return match[mark[3]] or ""
    digits, rest = mark[2], ""
    while len(digits) > 1 and int(digits) > match.re.groups:
        digits, rest = digits[:-1], digits[-1] + rest
    if int(digits) > match.re.groups:
        raise bad(f"Invalid replacement: no group {digits}")
    return (match[int(digits)] or "") + rest


def find_replace(book: Book, user: str, params: Json) -> Json:
    """findReplace: in what people see in a cell or, if asked for, in formulas.

    What comes out is taken as typed.
    """
    places = _scope(book, params)
    search = _Search(
        pattern=_pattern(params),
        replacement=params.get("replacement", ""),
        by_pattern=bool(params.get("searchByRegex")),
        whole=bool(params.get("matchEntireCell")),
        ends=time.monotonic() + _SECONDS,
    )
    # Earlier requests of the batch may have changed what formulas come to
    book.computed = None
    values = computed(book)
    book.computed = None
    for sheet, rect in places:
        seen = Seen(book, sheet, values)
        for row, column, cell in _filled_cells(sheet, rect):
            if not isinstance(cell.value, Formula):
                new = search.replaced(seen.text(row, column))
            else:
                new = (
                    search.replaced(cell.value.text)
                    if params.get("includeFormulas")
                    else None
                )
            if new is not None:
                search.changes.append(
                    (sheet, row, column, check_length(book, new))
                )
    for sheet, row, column, _ in search.changes:
        guard(book, user, sheet, Rect(row, row + 1, column, column + 1))
    counts = _counted(search)
    for sheet, row, column, text in search.changes:
        sheet.put(row, column, _entered(book, sheet.cell(row, column), text))
    return {name: count for name, count in counts.items() if count}


def _filled_cells(sheet: Sheet, rect: Rect) -> list[tuple[int, int, Cell]]:
    return [
        (row, column, cell)
        for row in range(rect.top, min(rect.bottom, len(sheet.rows)))
        for column, cell in sorted(sheet.row(row).items())
        if rect.left <= column < rect.right and cell.value is not None
    ]


def _counted(search: _Search) -> dict[str, int]:
    formulas = sum(
        isinstance(sheet.cell(row, column).value, Formula)
        for sheet, row, column, _ in search.changes
    )
    return {
        "valuesChanged": len(search.changes) - formulas,
        "formulasChanged": formulas,
        "rowsChanged": len(
            {(sheet.id, row) for sheet, row, *_ in search.changes}
        ),
        "sheetsChanged": len({sheet.id for sheet, *_ in search.changes}),
        "occurrencesChanged": search.found,
    }


def _entered(book: Book, cell: Cell, text: str) -> Cell:
    if isinstance(cell.value, Formula) and text.startswith("="):
        return replace(cell, value=Formula(commas(text)))
    return enter(book, cell, text, parse=True)


def trim_whitespace(book: Book, user: str, params: Json) -> Json:
    """trimWhitespace: texts lose spaces at both ends, and more than one between words."""
    if "range" not in params:
        raise bad("range is required")
    sheet, rect = bounded(book, params["range"])
    changes = []
    for row, column, cell in _filled_cells(sheet, rect):
        if (
            isinstance(cell.value, str)
            and (text := " ".join(cell.value.split())) != cell.value
        ):
            changes.append((row, column, text))
    guard(book, user, sheet, rect)
    for row, column, text in changes:
        sheet.put(
            row,
            column,
            replace(
                sheet.cell(row, column), value=text or None, runs=(), rich=None
            ),
        )
    return {"cellsChangedCount": len(changes)} if changes else {}


def text_to_columns(book: Book, user: str, params: Json) -> None:
    """textToColumns: the first part stays, the others go into the columns to the right."""
    if "source" not in params:
        raise bad("source is required")
    sheet, rect = bounded(book, params["source"], "source")
    if rect.right - rect.left != 1:
        raise bad("source must span exactly one column")
    texts = {
        row: cell.value
        for row, _, cell in _filled_cells(sheet, rect)
        if isinstance(cell.value, str)
    }
    delimiter = _delimiter(params, list(texts.values()))
    parts = {
        row: text.split(delimiter)
        for row, text in texts.items()
        if delimiter in text
    }
    width = max(map(len, parts.values()), default=1)
    grown = max(rect.left + width - sheet.column_count, 0)
    check_size(book, grown * sheet.row_count)
    guard(book, user, sheet, rect._replace(right=rect.left + width))
    sheet.column_count += grown
    for row, found in parts.items():
        cells = dict(sheet.row(row))
        for offset, text in enumerate(found):
            column = rect.left + offset
            cells[column] = enter(
                book, cells.get(column, EMPTY), text, parse=True
            )
        sheet.put_row(row, cells)


def _delimiter(params: Json, texts: list[str]) -> str:
    kind = params.get("delimiterType")
    if kind == "CUSTOM":
        if not params.get("delimiter"):
            raise bad("delimiter must be specified for delimiterType CUSTOM")
        return str(params["delimiter"])
    if kind == "AUTODETECT":
        return max(
            _DETECTED, key=lambda sign: sum(sign in text for text in texts)
        )
    if kind not in _DELIMITERS:
        raise bad("delimiterType must be specified")
    return _DELIMITERS[kind]


KINDS = {
    "findReplace": find_replace,
    "trimWhitespace": trim_whitespace,
    "textToColumns": text_to_columns,
}
