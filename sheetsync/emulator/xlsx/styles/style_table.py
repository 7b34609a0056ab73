"""The file's style tables (styles.xml) with the styles appended that edits brought.

What is there keeps its number.

Which styles there are is left to styles.py, whose tables begin with the file's own in the file's
order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sheetsync.emulator.xlsx.package.xml_text import (
    Element,
    attributes,
    children,
    decoded,
    element,
    find,
    local,
    rebuilt,
    root_of,
    tag,
    xml_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sheetsync.emulator.xlsx.styles.styles import Styles

_ORDER = (
    "numFmts",
    "fonts",
    "fills",
    "borders",
    "cellStyleXfs",
    "cellXfs",
    "cellStyles",
    "dxfs",
    "tableStyles",
)
_FIRST_OWN = 164
EMPTY = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"></styleSheet>'
)


class StyleTable:
    """styles.xml as text, growing at the end of each of its tables."""

    def __init__(self, data: bytes) -> None:
        self.prolog, self.root = root_of(decoded(data))
        self.parts = {
            local(part.name): part for part in children(self.root.inner)
        }
        self.grown = False
        self.order = [local(part.name) for part in children(self.root.inner)]

    def entries(self, name: str) -> list[Element]:
        """Give a table's entries."""
        return children(self.parts[name].inner) if name in self.parts else []

    def append(self, name: str, new: Sequence[str]) -> None:
        """Add entries at a table's end."""
        if not new:
            return
        self.grown = True
        old = self.parts.get(name)
        count = len(self.entries(name)) + len(new)
        given = attributes(old.start) if old else {}
        given["count"] = str(count)
        inner = (old.inner if old else "") + "".join(new)
        text = element(old.name if old else name, given, inner)
        if old is None:
            self._place(name)
        self.parts[name] = Element(name, tag(name, given), inner, text)

    def _place(self, name: str) -> None:
        rank = _ORDER.index(name)
        before = [
            i
            for i, other in enumerate(self.order)
            if other in _ORDER and _ORDER.index(other) < rank
        ]
        self.order.insert(before[-1] + 1 if before else 0, name)

    def number_format(self, pattern: str) -> int:
        """Give the id of an own number format, added where the file has none of that pattern."""
        taken = {_FIRST_OWN - 1}
        for entry in self.entries("numFmts"):
            number = int(entry.get("numFmtId") or 0)
            if entry.get("formatCode") == pattern:
                return number
            taken.add(number)
        fresh = max(taken) + 1
        self.append(
            "numFmts",
            [
                element(
                    "numFmt", {"numFmtId": str(fresh), "formatCode": pattern}
                )
            ],
        )
        return fresh

    def data(self) -> bytes:
        """Give the part's bytes."""
        return (
            self.prolog
            + rebuilt(self.root, [self.parts[name].text for name in self.order])
        ).encode()


def with_styles(data: bytes | None, styles: Styles) -> bytes:
    """Give styles.xml with all styles that the tables of `styles` have by now."""
    book = styles.workbook
    table = StyleTable(data or EMPTY)
    # Nothing of it was taken over: the tables are openpyxl's own
    if not table.entries("cellXfs"):
        table = StyleTable(EMPTY)
    # openpyxl has no public tables.
    _grow(table, "fonts", book._fonts, lambda font: font.to_tree("font"))  # noqa: SLF001
    _grow(table, "fills", book._fills, lambda fill: fill.to_tree())  # noqa: SLF001  # as above
    _grow(
        table,
        "borders",
        book._borders,  # noqa: SLF001  # as above
        lambda border: border.to_tree("border"),
    )
    if not table.entries("cellStyleXfs"):
        table.append(
            "cellStyleXfs",
            ['<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'],
        )
    known = table.entries("cellXfs")
    fresh = enumerate(book._cell_styles[len(known) :], len(known))  # noqa: SLF001  # as above
    table.append(
        "cellXfs",
        [
            _xf(table, styles, style, known, styles.bases.get(number, 0))
            for number, style in fresh
        ],
    )
    _grow(
        table,
        "dxfs",
        book._differential_styles.styles,  # noqa: SLF001  # as above
        lambda dxf: dxf.to_tree("dxf"),
    )
    return table.data() if table.grown or data is None else data


def _grow(
    table: StyleTable,
    name: str,
    entries: Sequence[Any],
    tree: Callable[[Any], Any],
) -> None:
    known = len(table.entries(name))
    table.append(name, [xml_of(tree(entry)) for entry in entries[known:]])


def _xf(
    table: StyleTable,
    styles: Styles,
    style: Any,
    known: list[Element],
    base: int,
) -> str:
    book = styles.workbook
    old = known[base] if base < len(known) else None
    own = style.numFmtId >= _FIRST_OWN
    number = (
        table.number_format(styles.pattern(style.numFmtId))
        if own
        else style.numFmtId
    )
    given = attributes(old.start) if old else {"xfId": "0"}
    before = book._cell_styles[base] if old else None  # noqa: SLF001  # as above
    if before is None or before.numFmtId != style.numFmtId:
        given |= {"numFmtId": str(number), "applyNumberFormat": "1"}
    for name, mark in (
        ("fontId", "applyFont"),
        ("fillId", "applyFill"),
        ("borderId", "applyBorder"),
    ):
        if before is None or getattr(before, name) != getattr(style, name):
            given |= {name: str(getattr(style, name)), mark: "1"}
    inner = old.inner if old else ""
    if style.alignmentId and (
        before is None or before.alignmentId != style.alignmentId
    ):
        given["applyAlignment"] = "1"
        aligned = find(inner, "alignment")
        new = xml_of(book._alignments[style.alignmentId].to_tree())  # noqa: SLF001  # as above
        inner = new + (inner.replace(aligned.text, "", 1) if aligned else inner)
    elif before is not None and before.alignmentId != style.alignmentId:
        aligned = find(inner, "alignment")
        inner = inner.replace(aligned.text, "", 1) if aligned else inner
    return element("xf", given, inner)
