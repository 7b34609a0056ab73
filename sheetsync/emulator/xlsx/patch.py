"""A save: the file as it lies on disk, with only that replaced in it which the new state changes.

What a tab is besides its cells comes from tab_face.py; every part that no change touches is carried
over byte for byte, so that what openpyxl does not know is never lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheetsync.emulator.model.grid import Sheet
from sheetsync.emulator.xlsx.cells.shared_strings import forget, shared_in
from sheetsync.emulator.xlsx.cells.sheet_xml import EMPTY
from sheetsync.emulator.xlsx.opened import Written
from sheetsync.emulator.xlsx.package.relations import (
    OFFICE,
    Relation,
    Types,
    fresh_id,
    fresh_name,
    put_relations,
    reached,
    relations,
    rels_name,
)
from sheetsync.emulator.xlsx.package.xml_text import is_xml
from sheetsync.emulator.xlsx.parts import follow_references as follow
from sheetsync.emulator.xlsx.parts.defined_names import TabOrder, new_names
from sheetsync.emulator.xlsx.parts.stored_state import with_state
from sheetsync.emulator.xlsx.parts.workbook_parts import workbook_part
from sheetsync.emulator.xlsx.parts.workbook_xml import BookXml, Tab
from sheetsync.emulator.xlsx.save_context import SaveContext
from sheetsync.emulator.xlsx.styles.style_table import with_styles
from sheetsync.emulator.xlsx.tab_patch import TabPatch

if TYPE_CHECKING:
    from sheetsync.emulator.model.evaluate import Computation
    from sheetsync.emulator.model.grid import Book, Json
    from sheetsync.emulator.xlsx.opened import Dressing, Shell

_SELECTED = b"tabSelected="
_SHEET_KIND = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
)
_STYLES_KIND = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
)
_CUSTOM_KIND = (
    "application/vnd.openxmlformats-officedocument.custom-properties+xml"
)
_PIVOT_SOURCES = "xl/pivotCache/pivotCacheDefinition"

# Bytes; larger parts are nearly all rows, and reading them takes long
_PROOFREAD = 4 << 20
# Other parts lean on them: not deleted
_ALONE = {"slicer": "slicers", "timeline": "timelines"}


class Patch:
    """One save under way."""

    def __init__(self, book: Book, shell: Shell, computed: Computation) -> None:
        package = shell.package.copy()
        self.shell = shell
        self.parts = dict(shell.parts)
        self.context = SaveContext(
            saved=shell.saved,
            book=book,
            computed=computed,
            package=package,
            types=Types(package),
            styles=shell.styles,
            follow=follow.follower(shell.saved, book),
            moved=any(sheet.cuts for sheet in book.sheets)
            or titles(book) != titles(shell.saved),
        )
        self.workbook_part = workbook_part(package)

    def write(self, old: Dressing | None, new: Dressing | None) -> Written:
        """Give the new file.

        `old` and `new` are the dressings of the two states, None where they are the same.
        """
        package = self.context.package
        reached_before = reached(package) if new is not None else set()
        self._note_deleted()
        for sheet in self.context.book.sheets:
            self._tab(sheet, old, new)
        if new is not None:
            self._workbook()
            self._stored_state(new.state)
        self._shared_texts()
        self._styles()
        self._pivot_sources()
        self._forget_chain()
        if reached_before:
            self._prune(reached_before)
        self.context.types.save(package)
        self._proofread()
        styled = self.shell.styles.counts()
        return Written(package.data(), package, self.parts, new, styled)

    def _note_deleted(self) -> None:
        """See that no tab goes that something elsewhere in the file cannot do without."""
        for sheet in self.context.saved.sheets:
            if self.context.book.sheet(sheet.id) is None:
                part = self.parts[sheet.id]
                self.context.dropped_texts.update(
                    shared_in(self.context.package.read(part))
                )
                self._lose_with(sheet, part)

    def _lose_with(self, sheet: Sheet, part: str) -> None:
        related = relations(self.context.package, part)
        kinds = {relation.kind.rsplit("/", 1)[-1] for relation in related}
        for kind, words in _ALONE.items():
            if kind in kinds:
                self.context.lost.append(f"{words} (on {sheet.title!r})")

    def _tab(
        self, sheet: Sheet, old: Dressing | None, new: Dressing | None
    ) -> None:
        if sheet.id not in self.parts:
            self._add_part(sheet)
        saved = self.context.saved.sheet(sheet.id)
        fresh = saved is None
        was = saved or Sheet(sheet.id, sheet.title)
        old_face = None if fresh or old is None else old.faces.get(sheet.id)
        new_face = None if new is None else new.faces[sheet.id]
        tab = TabPatch(
            self.context, self.parts[sheet.id], was, sheet, fresh=fresh
        )
        tab.write(old_face, new_face)

    def _add_part(self, sheet: Sheet) -> None:
        part = fresh_name(self.context.package, "xl/worksheets/sheet", ".xml")
        self.context.package.put(part, EMPTY)
        self.context.types.put(part, _SHEET_KIND)
        self.parts[sheet.id] = part

    def _workbook(self) -> None:
        """Bring workbook.xml to the new state: its tabs in order, and its names."""
        package = self.context.package
        book_xml = BookXml(package.read(self.workbook_part))
        rels = self._with_new_tabs(relations(package, self.workbook_part))
        own = self._entries(book_xml, rels)
        gone = self._gone(rels, own)
        tabs = own + self._foreign_entries(book_xml, own, gone)
        order = self._order(book_xml, tabs)
        changed = book_xml.tabs != tabs
        if changed:
            book_xml.show(
                order.before,
                order.after,
                [tab.state != "visible" for tab in tabs],
                self._is_selected(rels, order.before[:1]),
            )
        names = new_names(self.context, book_xml.names, order)
        if changed:
            book_xml.put_tabs(tabs)
        if book_xml.names != names:
            book_xml.put_names(names)
        book_xml.recalculate()
        package.put(self.workbook_part, book_xml.data())
        self._put_relations(
            [relation for relation in rels if relation.id not in gone]
        )
        self._drop_parts()

    def _is_selected(self, rels: list[Relation], tabs: list[str]) -> bool:
        """Tell whether one of some tabs, by relation, says itself that it is selected."""
        parts = [relation.target for relation in rels if relation.id in tabs]
        package = self.context.package
        return any(
            part in package and _SELECTED in package.read(part)
            for part in parts
        )

    def _with_new_tabs(self, rels: list[Relation]) -> list[Relation]:
        """Give the workbook's relations, and one to each tab that it does not know yet."""
        known = {relation.target for relation in rels}
        rels = list(rels)
        for sheet in self.context.book.sheets:
            part = self.parts[sheet.id]
            if part not in known:
                rels.append(
                    Relation(fresh_id(rels), OFFICE + "worksheet", part)
                )
        return rels

    def _entries(self, book_xml: BookXml, rels: list[Relation]) -> list[Tab]:
        """Give the entries of the book's tabs, in order.

        What an entry said already, it still says.
        """
        relation_ids = {relation.target: relation.id for relation in rels}
        known = {tab.relation: tab for tab in book_xml.tabs}
        last_number = max((tab.number for tab in book_xml.tabs), default=0)
        entries: list[Tab] = []
        for sheet in self.context.book.sheets:
            relation_id = relation_ids[self.parts[sheet.id]]
            old = known.get(relation_id)
            if old is None:
                last_number += 1
                old = Tab(sheet.title, relation_id, last_number, "visible")
            state = _state(sheet, old)
            entries.append(
                Tab(sheet.title, relation_id, old.number, state, old.text)
            )
        return entries

    def _gone(self, rels: list[Relation], own: list[Tab]) -> set[str]:
        """Give the relations to tabs that the book does not have any more."""
        saved = self.context.saved.sheets
        parts = {
            self.parts[sheet.id] for sheet in saved if sheet.id in self.parts
        }
        ids = {relation.id for relation in rels if relation.target in parts}
        return ids - {tab.relation for tab in own}

    def _foreign_entries(
        self, book_xml: BookXml, own: list[Tab], gone: set[str]
    ) -> list[Tab]:
        """Give the entries of tabs that hold no cells, such as charts.

        They stand behind the others.
        """
        others = gone | {tab.relation for tab in own}
        return [tab for tab in book_xml.tabs if tab.relation not in others]

    def _order(self, book_xml: BookXml, tabs: list[Tab]) -> TabOrder:
        ids_by_part = {
            part: sheet_id for sheet_id, part in self.shell.parts.items()
        }
        rels = relations(self.context.package, self.workbook_part)
        return TabOrder(
            before=[tab.relation for tab in book_xml.tabs],
            after=[tab.relation for tab in tabs],
            ids={
                rel.id: ids_by_part[rel.target]
                for rel in rels
                if rel.target in ids_by_part
            },
        )

    def _drop_parts(self) -> None:
        """Drop the parts of deleted tabs."""
        kept = {sheet.id for sheet in self.context.book.sheets}
        for sheet_id in self.parts.keys() - kept:
            self.context.package.drop(self.parts.pop(sheet_id))

    def _put_relations(self, rels: list[Relation]) -> None:
        if rels != relations(self.context.package, self.workbook_part):
            put_relations(self.context.package, self.workbook_part, rels)

    def _part_of(self, owner: str, kind: str, default: str) -> str:
        """Give the part of a kind that another leads to; the default where the file has none."""
        package = self.context.package
        for relation in relations(package, owner):
            if relation.is_a(kind) and relation.target in package:
                return relation.target
        return default

    def _need(self, part: str, kind: str, content: str, owner: str) -> None:
        """See that a part is known for what it is, and that a relation leads to it."""
        self.context.types.put(part, content)
        rels = relations(self.context.package, owner)
        if not any(relation.target == part for relation in rels):
            rels.append(Relation(fresh_id(rels), OFFICE + kind, part))
            put_relations(self.context.package, owner, rels)

    def _shared_texts(self) -> None:
        """Blank the shared texts that no cell has any more."""
        if not self.context.dropped_texts:
            return
        rels = relations(self.context.package, self.workbook_part)
        tabs = [
            relation.target for relation in rels if relation.is_a("worksheet")
        ]
        for relation in rels:
            if relation.is_a("sharedStrings"):
                forget(
                    self.context.package,
                    relation.target,
                    self.context.dropped_texts,
                    tabs,
                )

    def _styles(self) -> None:
        package, styles = self.context.package, self.shell.styles
        part = self._part_of(self.workbook_part, "styles", "xl/styles.xml")
        known = package.read(part) if part in package else None
        if known is not None and styles.counts() == self.shell.styled:
            return
        package.put(part, with_styles(known, styles))
        self._need(part, "styles", _STYLES_KIND, self.workbook_part)

    def _stored_state(self, state: Json) -> None:
        package = self.context.package
        part = self._part_of("", "custom-properties", "docProps/custom.xml")
        known = package.read(part) if part in package else None
        package.put(part, with_state(known, state))
        self._need(part, "custom-properties", _CUSTOM_KIND, "")

    def _pivot_sources(self) -> None:
        if not self.context.moved:
            return
        package = self.context.package
        for part in [
            name for name in package.names if name.startswith(_PIVOT_SOURCES)
        ]:
            text = package.read(part).decode()
            shifted = follow.shift_source(text, self.context.follow)
            if shifted != text:
                package.put(part, shifted.encode())

    def _forget_chain(self) -> None:
        """Drop the order of computation, which other programs find out anew: it names cells."""
        rels = relations(self.context.package, self.workbook_part)
        chains = {
            relation.target for relation in rels if relation.is_a("calcChain")
        }
        if chains:
            self._put_relations(
                [rel for rel in rels if rel.target not in chains]
            )
            for part in chains:
                self.context.package.drop(part)

    def _proofread(self) -> None:
        """See that what was written can be read."""
        package = self.context.package
        for name in package.changed(self.shell.package):
            if (
                not name.endswith((".xml", ".rels"))
                or package.size(name) > _PROOFREAD
            ):
                continue
            if not is_xml(package.read(name)):
                self.context.lost.append(f"{name} (nobody could read it)")

    def _prune(self, reached_before: set[str]) -> None:
        """Drop what only a dropped tab led to."""
        package = self.context.package
        for part in reached_before - reached(package):
            package.drop(part)
            package.drop(rels_name(part))


def _state(sheet: Sheet, old: Tab) -> str:
    """Give a tab's visibility in the file.

    What hides it there already, such as "veryHidden", stays.
    """
    if not sheet.hidden:
        return "visible"
    return "hidden" if old.state == "visible" else old.state


def titles(book: Book) -> dict[int, str]:
    """Give the tabs' titles by id."""
    return {sheet.id: sheet.title for sheet in book.sheets}
