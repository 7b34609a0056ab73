"""One tab in a save: its rows, the elements that changed, and the parts that hang on it.

What would be lost is told in the context's `lost`; nothing is written then, which is left to the
caller.
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
from sheetsync.emulator.xlsx.package.relations import PartRelations, fresh_name
from sheetsync.emulator.xlsx.package.xml_text import element
from sheetsync.emulator.xlsx.parts import follow_references as follow
from sheetsync.emulator.xlsx.parts.drawings import Drawing
from sheetsync.emulator.xlsx.parts.tab_face import NO_FACE
from sheetsync.emulator.xlsx.styles.conditional_formats import (
    merged,
    without_extensions,
)
from sheetsync.emulator.xlsx.styles.validation_lists import without_validations

if TYPE_CHECKING:
    from sheetsync.emulator.model.grid import Sheet
    from sheetsync.emulator.xlsx.package.relations import Relation
    from sheetsync.emulator.xlsx.parts.tab_face import Face, Link
    from sheetsync.emulator.xlsx.save_context import SaveContext

_NOTES_KIND = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
)
_VML_KIND = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_FOREIGN_BOX = re.compile(rb"ObjectType=[\"'](?!Note)\w+")
_BOXES_ID = re.compile(r':id="([^"]*)"')


class TabPatch:
    """Writes one tab into the package of a save."""

    def __init__(
        self,
        context: SaveContext,
        part: str,
        was: Sheet,
        sheet: Sheet,
        *,
        fresh: bool,
    ) -> None:
        self.context = context
        self.part = part
        self.was = was
        self.sheet = sheet
        self.fresh = fresh
        self.cuts = [] if fresh else sheet.cuts
        self._relations = PartRelations(context.package, part)
        self._charts_placed = False

    def write(self, old: Face | None, new: Face | None) -> None:
        """Have the tab's part say the new state; without faces, only cells changed."""
        cells_changed = RowWriter.differ(self.was, self.sheet, self.cuts)
        face_changed = new is not None and new != old
        has_formulas = self.sheet.has_formulas()
        if not (
            cells_changed or face_changed or has_formulas or self.context.moved
        ):
            return
        xml = SheetXml(self.context.package.read(self.part))
        pointed = not self.fresh and follow.point_sheet(
            xml, self.sheet.id, self.context.follow
        )
        if self.cuts:
            self._lose(
                follow.stuck(self.context.package, self.part, xml, self.cuts)
            )
        if cells_changed:
            self._rows(xml)
        if new is not None and new != old:
            self._face(xml, old or NO_FACE, new)
        if self.cuts:
            self._shift(xml)
        refreshed = has_formulas and self._cached_values(xml)
        if pointed or cells_changed or face_changed or self.cuts or refreshed:
            self.context.package.put(self.part, xml.data())
            self._relations.save()

    def _lose(self, words: list[str]) -> None:
        self.context.lost.extend(
            f"{lost} (on {self.sheet.title!r})" for lost in words
        )

    def _rows(self, xml: SheetXml) -> None:
        writer = RowWriter(
            self.context.styles, self.was, self.sheet, xml, self.cuts
        )
        xml.put_rows(list(writer.rows()))
        self.context.dropped_texts.update(writer.dropped)
        if xml.get("dimension") or self.fresh:
            rows, columns = self.sheet.used()
            area = a1.cells(Rect(0, max(rows, 1), 0, max(columns, 1)))
            xml.put("dimension", element("dimension", {"ref": area}))

    def _cached_values(self, xml: SheetXml) -> bool:
        """Put computed values beside the formulas; whether any of them changed."""
        is_day_of_1904 = self.context.styles.is_day_of_1904
        return refresh(xml, self.sheet, self.context.computed, is_day_of_1904)

    def _face(self, xml: SheetXml, old: Face, new: Face) -> None:
        for name, text in new.plain.items():
            self._element(xml, name, old.plain.get(name), text)
        if self.fresh:
            for name, text in new.of_new.items():
                xml.put(name, text)
        if new.links != old.links:
            self._links(xml, new.links)
        if new.notes != old.notes:
            self._notes(xml, new.notes)
        if new.tables != old.tables:
            self._lose(
                put_tables(
                    self.context, self._relations, xml, old.tables, new.tables
                )
            )
        if new.charts != old.charts:
            self._charts(xml, old, new)

    def _element(
        self, xml: SheetXml, name: str, old: str | None, new: str
    ) -> None:
        if new == old:
            return
        if name == "conditionalFormatting":
            self._rules(xml, old or "", new)
            return
        xml.put(name, new)
        if name == "dataValidations":
            # Those that stood among the extensions are written with all others.
            xml.put("extLst", without_validations(xml.get("extLst")))

    def _rules(self, xml: SheetXml, saved: str, new: str) -> None:
        text, gone = merged(xml.get("conditionalFormatting"), saved, new)
        xml.put("conditionalFormatting", text)
        if gone:
            xml.put("extLst", without_extensions(xml.get("extLst"), gone))

    def _links(self, xml: SheetXml, links: tuple[Link, ...]) -> None:
        self._relations.forget_kind("hyperlink")
        lines = []
        for link in links:
            given = dict(link.given)
            if link.target:
                given["r:id"] = self._relations.add(
                    "hyperlink", link.target, outside=True
                )
                xml.need_relations()
            lines.append(element("hyperlink", given))
        xml.put(
            "hyperlinks",
            element("hyperlinks", {}, "".join(lines)) if lines else "",
        )

    def _notes(self, xml: SheetXml, notes: tuple[bytes, bytes] | None) -> None:
        parts = self._relations.of_kind("comments")
        boxes = self._boxes(xml)
        if self._relations.of_kind("threadedComment"):
            self._lose(["threaded comments"])
        if boxes is not None and self._holds_controls(boxes.target):
            self._lose(["form controls"])
        if notes is not None:
            part = parts[0].target if parts else ""
            self._put_notes(
                xml, notes, part, "" if boxes is None else boxes.target
            )
            return
        for relation in parts:
            self._relations.drop(relation.target)
        if boxes is not None:
            self._relations.drop(boxes.target)
        xml.put("legacyDrawing", "")

    def _boxes(self, xml: SheetXml) -> Relation | None:
        """Give the relation to the drawing that holds the boxes of the tab's notes."""
        match = _BOXES_ID.search(xml.get("legacyDrawing"))
        return self._relations.with_id(match[1]) if match else None

    def _holds_controls(self, part: str) -> bool:
        package = self.context.package
        return part in package and bool(_FOREIGN_BOX.search(package.read(part)))

    def _put_notes(
        self,
        xml: SheetXml,
        notes: tuple[bytes, bytes],
        part: str,
        boxes_part: str,
    ) -> None:
        """Write the notes and their boxes; a part whose name is "" is a new one."""
        package, types = self.context.package, self.context.types
        known_part, known_boxes = part, boxes_part
        part = known_part or fresh_name(package, "xl/comments", ".xml")
        boxes_part = known_boxes or fresh_name(
            package, "xl/drawings/vmlDrawing", ".vml"
        )
        text, boxes = notes
        package.put(part, text)
        package.put(boxes_part, boxes)
        types.put(part, _NOTES_KIND)
        types.put(boxes_part, _VML_KIND)
        if not known_part:
            self._relations.add("comments", part)
        if not known_boxes:
            xml.need_relations()
            relation_id = self._relations.add("vmlDrawing", boxes_part)
            xml.put(
                "legacyDrawing", element("legacyDrawing", {"r:id": relation_id})
            )

    def _drawing(self) -> tuple[Drawing, bool]:
        """Give the tab's drawing, and whether the file has it already."""
        package = self.context.package
        known = self._relations.of_kind("drawing")
        part = (
            known[0].target
            if known
            else fresh_name(package, "xl/drawings/drawing", ".xml")
        )
        return Drawing(package, self.context.types, part), bool(known)

    def _charts(self, xml: SheetXml, old: Face, new: Face) -> None:
        drawing, known = self._drawing()
        drawing.charts(old.charts, new.charts, self.cuts)
        self._charts_placed = True
        if not drawing.save():
            self._relations.drop(drawing.part)
            xml.put("drawing", "")
        elif not known:
            xml.need_relations()
            relation_id = self._relations.add("drawing", drawing.part)
            xml.put("drawing", element("drawing", {"r:id": relation_id}))

    def _shift(self, xml: SheetXml) -> None:
        follow.shift_sheet(xml, self.cuts)
        package = self.context.package
        for relation in self._relations.of_kind("pivotTable"):
            text = package.read(relation.target).decode()
            package.put(
                relation.target, follow.shift_pivot(text, self.cuts).encode()
            )
        if not self._charts_placed and self._relations.of_kind("drawing"):
            drawing, _ = self._drawing()
            drawing.shift(self.cuts)
            drawing.save()
