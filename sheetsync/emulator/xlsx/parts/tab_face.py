"""What a tab is besides its cells, as openpyxl writes it.

So that what changed of it since the last save can be told.

openpyxl writes the whole workbook without cells; which of it comes into the file is left to
patch.py.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any, NamedTuple
from zipfile import ZIP_STORED, ZipFile

from openpyxl.writer.excel import ExcelWriter

from sheetsync.emulator.xlsx.cells.sheet_xml import SheetXml
from sheetsync.emulator.xlsx.package.relations import relations
from sheetsync.emulator.xlsx.package.xml_text import (
    attributes,
    children,
    decoded,
    local,
    root_of,
)
from sheetsync.emulator.xlsx.package.zip_package import Package

if TYPE_CHECKING:
    from sheetsync.emulator.xlsx.package.relations import Relation

PLAIN = (
    "sheetPr",
    "sheetViews",
    "sheetFormatPr",
    "cols",
    "autoFilter",
    "mergeCells",
    "conditionalFormatting",
    "dataValidations",
)
OF_NEW = (
    "printOptions",
    "pageMargins",
    "pageSetup",
    "headerFooter",
    "rowBreaks",
    "colBreaks",
)
_FORMULA = re.compile(r"(<(?:\w+:)?f>)([^<]*)(</(?:\w+:)?f>)")
_CACHE = re.compile(
    r"<((?:\w+:)?(?:str|num|multiLvlStr)Cache)>.*?</\1>", re.DOTALL
)


class Link(NamedTuple):
    """A hyperlink: its element's attributes without the relation, and its address, if any."""

    given: tuple[tuple[str, str], ...]
    target: str


class Chart(NamedTuple):
    """A chart: the anchor's XML with `RELATION` for its relation, and the chart part's own XML."""

    anchor: str
    xml: str

    @property
    def shape(self) -> str:
        """The chart without what its references say and lead to.

        Two of the same shape are one chart over other cells.
        """
        return _CACHE.sub("", _FORMULA.sub(r"\1\3", self.xml))

    @property
    def references(self) -> list[str]:
        """Its references, in order."""
        return [found[2] for found in _FORMULA.finditer(self.xml)]


class Face(NamedTuple):
    """A tab without its cells: elements by name, and what they lead to."""

    plain: dict[str, str]
    links: tuple[Link, ...]
    notes: tuple[bytes, bytes] | None
    charts: tuple[Chart, ...]
    tables: dict[str, str]
    of_new: dict[str, str]


NO_FACE = Face({}, (), None, (), {}, {})


def faces(workbook: Any) -> list[Face]:
    """Have openpyxl write its workbook, and give the face of each tab of cells, in order."""
    for tab in workbook.worksheets:
        # Pictures stay in the drawing that they came in; there is no public list.
        tab._images = []  # noqa: SLF001
        tab.legacy_drawing = None
    target = io.BytesIO()
    # As Workbook.save does, but packed for nobody: it is read at once, and let go.
    with ZipFile(target, "w", ZIP_STORED) as archive:
        ExcelWriter(workbook, archive).save()
    package = Package.of(target.getvalue())
    return [
        _face(package, f"xl/worksheets/sheet{number}.xml")
        for number in range(1, len(workbook.worksheets) + 1)
    ]


def _face(package: Package, part: str) -> Face:
    xml = SheetXml(package.read(part))
    rels = {rel.id: rel for rel in relations(package, part)}
    notes = [rel.target for rel in rels.values() if rel.is_a("comments")]
    boxes = [rel.target for rel in rels.values() if rel.is_a("vmlDrawing")]
    drawing = next(
        (rel.target for rel in rels.values() if rel.is_a("drawing")), None
    )
    return Face(
        {name: xml.get(name) for name in PLAIN},
        tuple(_links(xml.get("hyperlinks"), rels)),
        (package.read(notes[0]), package.read(boxes[0]))
        if notes and boxes
        else None,
        tuple(_charts(package, drawing)) if drawing else (),
        _tables(package, rels),
        {name: xml.get(name) for name in OF_NEW},
    )


def _links(text: str, rels: dict[str, Relation]) -> list[Link]:
    out = []
    for link in [
        child for group in children(text) for child in children(group.inner)
    ]:
        given = attributes(link.start)
        number = next(
            (value for name, value in given.items() if local(name) == "id"), ""
        )
        kept = tuple(
            (name, value)
            for name, value in given.items()
            if local(name) != "id" and "xmlns" not in name
        )
        out.append(Link(kept, rels[number].target if number in rels else ""))
    return out


def _charts(package: Package, drawing: str) -> list[Chart]:
    rels = {rel.id: rel for rel in relations(package, drawing)}
    out = []
    _, root = root_of(decoded(package.read(drawing)))
    for anchor in children(root.inner):
        found = re.search(r'<(?:\w+:)?chart\b[^>]*?:id="([^"]*)"', anchor.text)
        if found and found[1] in rels:
            text = anchor.text.replace(f':id="{found[1]}"', ':id="RELATION"')
            out.append(
                Chart(
                    _named(text, root.start),
                    package.read(rels[found[1]].target).decode(),
                )
            )
    return out


def _named(anchor: str, start: str) -> str:
    """Give an anchor that brings along the namespaces of the root that it is taken out of."""
    spaces = {
        name: value
        for name, value in attributes(start).items()
        if name.startswith("xmlns")
    }
    first = anchor[: anchor.index(">")]
    missing = {
        name: value for name, value in spaces.items() if f"{name}=" not in first
    }
    body = "".join(f' {name}="{value}"' for name, value in missing.items())
    name = first.split()[0]
    return name + body + anchor[len(name) :]


def _tables(package: Package, rels: dict[str, Relation]) -> dict[str, str]:
    out = {}
    for rel in rels.values():
        if rel.is_a("table"):
            text = package.read(rel.target).decode()
            out[attributes(root_of(text)[1].start).get("displayName", "")] = (
                text
            )
    return out
