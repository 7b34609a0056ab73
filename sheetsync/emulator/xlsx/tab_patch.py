"""One tab in a save: its rows, the elements that changed, and the parts that hang on it.

What would be lost is told in `lost`; nothing is written then, which is left to the caller.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sheetsync.emulator.model import a1
from sheetsync.emulator.model.rects import Rect
from sheetsync.emulator.xlsx.cells.cached_values import refresh
from sheetsync.emulator.xlsx.cells.row_writer import RowWriter
from sheetsync.emulator.xlsx.cells.sheet_xml import SheetXml
from sheetsync.emulator.xlsx.overlays.table_parts import put_tables
from sheetsync.emulator.xlsx.package.relations import (
    OFFICE,
    Relation,
    fresh_id,
    fresh_name,
    put_relations,
    relations,
)
from sheetsync.emulator.xlsx.package.xml_text import element
from sheetsync.emulator.xlsx.parts import follow_references as follow
from sheetsync.emulator.xlsx.parts.drawings import Drawing
from sheetsync.emulator.xlsx.styles.conditional_formats import merged, without_extensions

if TYPE_CHECKING:
    from sheetsync.emulator.model.grid import Sheet
    from sheetsync.emulator.xlsx.parts.tab_face import Face, Link
    from sheetsync.emulator.xlsx.patch import Patch

_NOTES_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_KIND = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_FOREIGN_BOX = re.compile(rb"ObjectType=[\"'](?!Note)\w+")


class TabPatch:
    """Writes one tab into the package of a save."""

    def __init__(self, patch: Patch, sheet: Sheet, was: Sheet, *, fresh: bool) -> None:
        self.patch = patch
        self.sheet = sheet
        self.was = was
        self.fresh = fresh
        self.cuts = () if fresh else sheet.cuts
        self.part = patch.parts[sheet.id]
        self.lost: list[str] = []
        self._relations = relations(patch.package, self.part)

    def write(self, old: Face | None, new: Face | None) -> None:
        """Have the tab's part say the new state; without faces, only cells changed."""
        changed = RowWriter.differ(self.was, self.sheet, self.cuts)
        formulas = next(self.sheet.formulas(), None) is not None
        if not changed and not formulas and not self.patch.moved and (new is None or new == old):
            return
        xml = SheetXml(self.patch.package.read(self.part))
        touched = not self.fresh and follow.point_sheet(xml, self.sheet.id, self.patch.follow)
        if self.cuts:
            self.lost += follow.stuck(self.patch.package, self.part, xml, self.cuts)
        if changed:
            writer = RowWriter(self.patch.shell.styles, self.was, self.sheet, xml, self.cuts)
            xml.put_rows(list(writer.rows()))
            self.patch.dropped |= writer.dropped
            self._dimension(xml)
            touched = True
        if new is not None and new != old:
            touched = True
            self._face(xml, old, new)
        if self.cuts:
            touched = True
            self._shift(xml)
        if formulas:
            touched = (
                refresh(
                    xml, self.sheet, self.patch.computed, self.patch.shell.styles.is_day_of_1904
                )
                or touched
            )
        if touched:
            self._save(xml)

    def _save(self, xml: SheetXml) -> None:
        self.patch.package.put(self.part, xml.data())
        if self._relations != relations(self.patch.package, self.part):
            put_relations(self.patch.package, self.part, self._relations)

    def _dimension(self, xml: SheetXml) -> None:
        rows, columns = self.sheet.used()
        area = a1.cells(Rect(0, max(rows, 1), 0, max(columns, 1)))
        if xml.get("dimension") or self.fresh:
            xml.put("dimension", element("dimension", {"ref": area}))

    def _face(self, xml: SheetXml, old: Face | None, new: Face) -> None:
        for name, text in new.plain.items():
            before = None if old is None else old.plain[name]
            if text != before and name == "conditionalFormatting":
                self._rules(xml, before or "", text)
            elif text != before:
                xml.put(name, text)
        if self.fresh:
            for name, text in new.of_new.items():
                xml.put(name, text)
        if old is None or new.links != old.links:
            self._links(xml, new.links)
        if new.notes != (None if old is None else old.notes):
            self._notes(xml, new.notes)
        if new.tables != ({} if old is None else old.tables):
            self.lost += put_tables(self, xml, {} if old is None else old.tables, new.tables)
        if new.charts != (() if old is None else old.charts):
            self._charts(xml, old, new)

    def _rules(self, xml: SheetXml, saved: str, new: str) -> None:
        text, gone = merged(xml.get("conditionalFormatting"), saved, new)
        xml.put("conditionalFormatting", text)
        if gone:
            xml.put("extLst", without_extensions(xml.get("extLst"), gone))

    def _links(self, xml: SheetXml, links: tuple[Link, ...]) -> None:
        self._relations = [rel for rel in self._relations if not rel.is_a("hyperlink")]
        lines = []
        for link in links:
            given = dict(link.given)
            if link.target:
                given["r:id"] = self.relate(OFFICE + "hyperlink", link.target, outside=True)
                xml.need_relations()
            lines.append(element("hyperlink", given))
        xml.put("hyperlinks", element("hyperlinks", {}, "".join(lines)) if lines else "")

    def relate(self, kind: str, target: str, *, outside: bool = False) -> str:
        """Give the id of a new relation of the tab."""
        number = fresh_id(self._relations)
        self._relations.append(Relation(number, kind, target, outside))
        return number

    def unrelate(self, target: str) -> None:
        """Drop a relation of the tab, and the part that it leads to."""
        self._relations = [rel for rel in self._relations if rel.target != target]
        self.patch.package.drop(target)

    def related(self, kind: str) -> list[Relation]:
        """Give the tab's relations of a kind."""
        return [rel for rel in self._relations if rel.is_a(kind)]

    def _notes(self, xml: SheetXml, notes: tuple[bytes, bytes] | None) -> None:
        package, types = self.patch.package, self.patch.types
        parts, boxes = self.related("comments"), self._boxes(xml)
        if self.related("threadedComment"):
            self.lost.append("threaded comments")
        if (
            boxes
            and boxes[0].target in package
            and _FOREIGN_BOX.search(package.read(boxes[0].target))
        ):
            self.lost.append("form controls")
        if notes is None:
            for rel in (*parts, *boxes):
                self.unrelate(rel.target)
            xml.put("legacyDrawing", "")
            return
        part = parts[0].target if parts else fresh_name(package, "xl/comments", ".xml")
        box = boxes[0].target if boxes else fresh_name(package, "xl/drawings/vmlDrawing", ".vml")
        package.put(part, notes[0])
        package.put(box, notes[1])
        types.put(part, _NOTES_KIND)
        types.put(box, _VML_KIND)
        if not parts:
            self.relate(OFFICE + "comments", part)
        if not boxes:
            xml.need_relations()
            number = self.relate(OFFICE + "vmlDrawing", box)
            xml.put("legacyDrawing", element("legacyDrawing", {"r:id": number}))

    def _boxes(self, xml: SheetXml) -> list[Relation]:
        found = re.search(r':id="([^"]*)"', xml.get("legacyDrawing"))
        return [rel for rel in self._relations if found and rel.id == found[1]]

    def _drawing(self) -> tuple[Drawing, bool]:
        rels = self.related("drawing")
        package = self.patch.package
        part = rels[0].target if rels else fresh_name(package, "xl/drawings/drawing", ".xml")
        return Drawing(package, self.patch.types, part), bool(rels)

    def _charts(self, xml: SheetXml, old: Face | None, new: Face) -> None:
        drawing, known = self._drawing()
        drawing.charts(() if old is None else old.charts, new.charts, self.cuts)
        if not drawing.save():
            self.unrelate(drawing.part)
            xml.put("drawing", "")
        elif not known:
            xml.need_relations()
            xml.put(
                "drawing",
                element("drawing", {"r:id": self.relate(OFFICE + "drawing", drawing.part)}),
            )
        self._drawn = True

    _drawn = False

    def _shift(self, xml: SheetXml) -> None:
        follow.shift_sheet(xml, self.cuts)
        package = self.patch.package
        for rel in self.related("pivotTable"):
            text = package.read(rel.target).decode()
            package.put(rel.target, follow.shift_pivot(text, self.cuts).encode())
        if not self._drawn and self.related("drawing"):
            drawing, _ = self._drawing()
            drawing.shift(self.cuts)
            drawing.save()
