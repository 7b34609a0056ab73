"""Computed values beside the formulas of a worksheet's XML.

Put there for other programs, and read from there.

Only what stands beside a formula is touched, and only where it is another value; computing is left
to evaluate.py.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from sheetsync.emulator.model.a1 import column_of
from sheetsync.emulator.model.formulas import from_file
from sheetsync.emulator.model.grid import ErrorValue, Formula
from sheetsync.emulator.xlsx.cells.sheet_xml import SheetXml
from sheetsync.emulator.xlsx.package.xml_text import plain
from sheetsync.emulator.xlsx.styles.openpyxl_reader import (
    since_1899,
    since_1904,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheetsync.emulator.model.evaluate import Computation
    from sheetsync.emulator.model.grid import Sheet, Value

_ATTRIBUTES = rb"""(?:[^<>"']|"[^"]*"|'[^']*')*?"""
_CELL = re.compile(
    rb"<c\b("
    + _ATTRIBUTES
    + rb")>\s*(<f\b"
    + _ATTRIBUTES
    + rb"(?:/>|>[^<]*</f>))\s*"
    rb"(?:<v\b[^>]*/>|<v\b[^>]*>([^<]*)</v>)?\s*</c>"
)
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]+)(\d+)["']""")
_KIND = re.compile(rb"""\s+t\s*=\s*["'](\w+)["']""")
_STYLE = re.compile(rb"""\bs\s*=\s*["'](\d+)["']""")
_NO_NUMBER = {"nan", "inf", "-inf"}


def refresh(
    xml: SheetXml,
    sheet: Sheet,
    computed: Computation,
    is_day_of_1904: Callable[[int], bool],
) -> bool:
    """Give each formula cell its value of now; tell whether anything changed."""

    def fill(match: re.Match[bytes]) -> bytes:
        place = _PLACE.search(match[1])
        if place is None:
            return match[0]
        row, column = int(place[2]) - 1, column_of(place[1].decode())
        if not isinstance(sheet.cell(row, column).value, Formula):
            return match[0]
        value = computed.value(sheet, row, column)
        if isinstance(value, ErrorValue) and value.code == "#ERROR!":
            value = ErrorValue("#VALUE!")
        if is_day_of_1904(_style(match[1])):
            value = since_1904(value)
        kind = _KIND.search(match[1])
        now = _read(
            kind[1].decode() if kind else "n",
            None if match[3] is None else match[3].decode(),
        )
        if type(now) is type(value) and now == value and match[3] is not None:
            return match[0]
        if value is None and not match[3]:
            return match[0]
        word, text = _written(value)
        return (
            b"<c"
            + _KIND.sub(b"", match[1])
            + word
            + b">"
            + match[2]
            + text
            + b"</c>"
        )

    return xml.map_rows(_CELL, fill)


def _style(attributes: bytes) -> int:
    found = _STYLE.search(attributes)
    return int(found[1]) if found else 0


def stored_values(
    data: bytes, is_day_of_1904: Callable[[int], bool]
) -> dict[tuple[int, int], Value]:
    """Give the values that a worksheet's XML has beside its formulas, by (row, column)."""
    out: dict[tuple[int, int], Value] = {}
    for match in _CELL.finditer(SheetXml(data).inner):
        place, kind = _PLACE.search(match[1]), _KIND.search(match[1])
        if place is not None and match[3]:
            value = _read(kind[1].decode() if kind else "n", match[3].decode())
            if is_day_of_1904(_style(match[1])):
                value = since_1899(value)
            out[int(place[2]) - 1, column_of(place[1].decode())] = value
    return out


def plain_value(cell: bytes, origin: tuple[str, int, int]) -> Value:
    """Give the value or formula that one cell's XML has.

    None where it is among the shared texts.
    """
    kind = _KIND.search(cell, 0, cell.find(b">"))
    formula = re.search(rb"<f>([^<]*)</f>", cell)
    if formula:
        return Formula(from_file("=" + plain(formula[1].decode())), origin)
    if kind and kind[1] == b"inlineStr":
        return (
            "".join(
                plain(text.decode())
                for text in re.findall(rb"<t\b[^>]*>([^<]*)</t>", cell)
            )
            or None
        )
    value = re.search(rb"<v\b[^>]*>([^<]*)</v>", cell)
    return (
        _read(kind[1].decode() if kind else "n", value[1].decode())
        if value and not (kind and kind[1] == b"s")
        else None
    )


def _read(kind: str, text: str | None) -> Value:
    if text is None or (text == "" and kind != "str"):
        return None
    said = plain(text)
    if kind == "str":
        return said
    if kind == "b":
        return said.strip() in ("1", "true")
    if kind == "e":
        return ErrorValue(said)
    try:
        number = float(said)
    except ValueError:
        return None
    # Exact in a float.
    return int(number) if number.is_integer() and abs(number) < 1e15 else number  # noqa: PLR2004


def _written(value: Value) -> tuple[bytes, bytes]:
    """Give the type attribute and the value's element."""
    if isinstance(value, bool):
        return b' t="b"', f"<v>{int(value)}</v>".encode()
    if isinstance(value, str):
        return b' t="str"', f"<v>{escape(value)}</v>".encode()
    if isinstance(value, ErrorValue):
        return b' t="e"', f"<v>{escape(value.code)}</v>".encode()
    if value is None or repr(value) in _NO_NUMBER:
        return b"", b"<v></v>"
    return b"", f"<v>{value!r}</v>".encode()
