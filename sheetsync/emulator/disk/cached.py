"""Puts computed values beside the formulas of a written .xlsx, which openpyxl leaves empty.

Only the XML of cells that hold a formula is touched; computing is left to evaluate.py.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from sheetsync.emulator.model.a1 import column_of
from sheetsync.emulator.model.grid import ErrorValue

if TYPE_CHECKING:
    from sheetsync.emulator.model.evaluate import Computation
    from sheetsync.emulator.model.grid import Book, Sheet, Value

_CELL = re.compile(r'<c r="([A-Z]+)(\d+)"([^>]*)>(<f[^>]*>.*?</f>|<f[^>]*/>)<v ?/></c>', re.DOTALL)


def with_values(data: bytes, book: Book, computed: Computation) -> bytes:
    """Put a value into each formula cell. Tabs are written in the book's order as sheet1.xml and on."""
    todo = {
        f"xl/worksheets/sheet{number + 1}.xml": sheet
        for number, sheet in enumerate(book.sheets)
        if next(sheet.formulas(), None) is not None
    }
    if not todo:
        return data
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename in todo:
                content = _filled(content.decode("utf-8"), todo[entry.filename], computed).encode("utf-8")
            out.writestr(entry, content)
    return target.getvalue()


def _filled(xml: str, sheet: Sheet, computed: Computation) -> str:
    def fill(match: re.Match[str]) -> str:
        value = computed.value(sheet, int(match[2]) - 1, column_of(match[1]))
        kind, text = _written(value)
        attributes = re.sub(r' t="[^"]*"', "", match[3])
        return f'<c r="{match[1]}{match[2]}"{attributes}{kind}>{match[4]}{text}</c>'

    return _CELL.sub(fill, xml)


def _written(value: Value) -> tuple[str, str]:
    if isinstance(value, bool):
        return ' t="b"', f"<v>{int(value)}</v>"
    if isinstance(value, str):
        return ' t="str"', f"<v>{escape(value)}</v>"
    if isinstance(value, ErrorValue):
        return ' t="e"', f"<v>{value.code if value.code != '#ERROR!' else '#VALUE!'}</v>"
    return ("", "<v></v>") if value is None else ("", f"<v>{value!r}</v>")
