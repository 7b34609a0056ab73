"""A save: the file as it lies on disk, with only that replaced in it which the new state changes.

What a tab is besides its cells comes from faces.py; every part that no change touches is carried over byte for byte.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sheetsync.emulator.model.grid import Sheet
from sheetsync.emulator.xlsx.cells.shared_strings import forget, shared_in
from sheetsync.emulator.xlsx.cells.sheet_xml import EMPTY
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
from sheetsync.emulator.xlsx.parts.defined_names import new_names
from sheetsync.emulator.xlsx.parts.stored_state import with_state
from sheetsync.emulator.xlsx.parts.workbook_xml import BookXml, Tab
from sheetsync.emulator.xlsx.styles.style_table import with_styles
from sheetsync.emulator.xlsx.tab_patch import TabPatch

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheetsync.emulator.model.evaluate import Computation
    from sheetsync.emulator.model.grid import Book, Json
    from sheetsync.emulator.xlsx.load import Shell
    from sheetsync.emulator.xlsx.package.zip_package import Package
    from sheetsync.emulator.xlsx.parts.tab_face import Face

_SHEET_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_STYLES_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_CUSTOM_KIND = "application/vnd.openxmlformats-officedocument.custom-properties+xml"


_PROOFREAD = 4 << 20
_HELD = (("slicer", "slicers"), ("timeline", "timelines"))


class Dressing(NamedTuple):
    """What openpyxl makes of a state besides cells: each tab's face by its id, and the JSON to be stored."""

    faces: dict[int, Face]
    state: Json


class Written(NamedTuple):
    """A state as a file: its bytes, its package, the part that each tab lies in."""

    data: bytes
    package: Package
    parts: dict[int, str]
    dressing: Dressing | None
    styled: tuple[int, ...]


class Patch:
    """One save under way. `old` and `new` are the dressings of the two states, None where they are the same."""

    def __init__(self, book: Book, shell: Shell, computed: Computation) -> None:
        self.book = book
        self.shell = shell
        self.saved = shell.saved
        self.computed = computed
        self.package = shell.package.copy()
        self.types = Types(self.package)
        self.parts = dict(shell.parts)
        self.lost: list[str] = []
        self.dropped: set[int] = set()  # shared texts that may be nobody's any more
        self.workbook_part = workbook_part(self.package)
        self.moved = any(sheet.cuts for sheet in book.sheets) or titles(book) != titles(self.saved)
        self.follow: Callable[[str, int | None], str] = follow.follower(self.saved, book)

    def write(self, old: Dressing | None, new: Dressing | None) -> Written:
        """Give the new file."""
        before = reached(self.package) if new is not None else set()
        self._deleted()
        for sheet in self.book.sheets:
            self._tab(sheet, old, new)
        if new is not None:
            self._workbook()
            self._custom(new.state)
        self._texts()
        self._styles()
        self._pivots()
        self._forget_chain()
        self._prune(before)
        self.types.save(self.package)
        self._proofread()
        return Written(
            self.package.data(), self.package, self.parts, new, self.shell.styles.counts()
        )

    def _deleted(self) -> None:
        """See that no tab goes that something elsewhere in the file cannot do without."""
        for sheet in self.saved.sheets:
            if self.book.sheet(sheet.id) is None:
                self.dropped |= shared_in(self.package.read(self.parts[sheet.id]))
                kinds = {
                    rel.kind.rsplit("/", 1)[-1]
                    for rel in relations(self.package, self.parts[sheet.id])
                }
                held = [words for kind, words in _HELD if kind in kinds]
                self.lost.extend(f"{words} (on {sheet.title!r})" for words in held)

    def _tab(self, sheet: Sheet, old: Dressing | None, new: Dressing | None) -> None:
        was = self.saved.sheet(sheet.id)
        if sheet.id not in self.parts:
            self.parts[sheet.id] = fresh_name(self.package, "xl/worksheets/sheet", ".xml")
            self.package.put(self.parts[sheet.id], EMPTY)
            self.types.put(self.parts[sheet.id], _SHEET_KIND)
        fresh = was is None
        tab = TabPatch(self, sheet, was or Sheet(sheet.id, sheet.title), fresh=fresh)
        face = None if new is None else new.faces[sheet.id]
        tab.write(None if fresh or old is None else old.faces.get(sheet.id), face)
        self.lost.extend(f"{words} (on {sheet.title!r})" for words in tab.lost)

    def _workbook(self) -> None:
        book = BookXml(self.package.read(self.workbook_part))
        rels = relations(self.package, self.workbook_part)
        by_part = {rel.target: rel.id for rel in rels}
        known = {tab.relation: tab for tab in book.tabs}
        tabs: list[Tab] = []
        for sheet in self.book.sheets:
            part = self.parts[sheet.id]
            if part not in by_part:
                by_part[part] = fresh_id(rels)
                rels.append(Relation(by_part[part], OFFICE + "worksheet", part))
            old = known.get(by_part[part])
            number = (
                old.number
                if old
                else max([tab.number for tab in (*book.tabs, *tabs)], default=0) + 1
            )
            state = (
                ("hidden" if old is None or old.state == "visible" else old.state)
                if sheet.hidden
                else "visible"
            )
            tabs.append(Tab(sheet.title, by_part[part], number, state, old.text if old else ""))
        ours = {self.parts[sheet.id] for sheet in self.saved.sheets if sheet.id in self.parts}
        gone = {rel.id for rel in rels if rel.target in ours} - {tab.relation for tab in tabs}
        others = [
            tab
            for tab in book.tabs
            if tab.relation not in gone and tab.relation not in {t.relation for t in tabs}
        ]
        tabs += others
        was, now = [tab.relation for tab in book.tabs], [tab.relation for tab in tabs]
        if book.tabs != tabs:
            hidden = [tab.state != "visible" for tab in tabs]
            book.show(was, now, hidden)
        names = new_names(self, book.names, was, now)
        if book.tabs != tabs:
            book.put_tabs(tabs)
        if book.names != names:
            book.put_names(names)
        book.recalculate()
        self.package.put(self.workbook_part, book.data())
        self._put_relations([rel for rel in rels if rel.id not in gone])
        kept = {sheet.id for sheet in self.book.sheets}
        for number in [number for number in self.parts if number not in kept]:
            self.package.drop(self.parts.pop(number))

    def relation_of(self, sheet_id: int) -> str:
        """Give the workbook's relation to a tab of the last saved state."""
        part = self.shell.parts.get(sheet_id)
        return next(
            (rel.id for rel in relations(self.package, self.workbook_part) if rel.target == part),
            "",
        )

    def _put_relations(self, rels: list[Relation]) -> None:
        if rels != relations(self.package, self.workbook_part):
            put_relations(self.package, self.workbook_part, rels)

    def _need(self, part: str, kind: str, content: str, owner: str) -> None:
        """See that a part is known for what it is, and that a relation leads to it."""
        self.types.put(part, content)
        rels = relations(self.package, owner)
        if not any(rel.target == part for rel in rels):
            put_relations(
                self.package, owner, [*rels, Relation(fresh_id(rels), OFFICE + kind, part)]
            )

    def _texts(self) -> None:
        rels = relations(self.package, self.workbook_part)
        for rel in rels:
            if rel.is_a("sharedStrings") and self.dropped:
                forget(
                    self.package,
                    rel.target,
                    self.dropped,
                    [r.target for r in rels if r.is_a("worksheet")],
                )

    def _styles(self) -> None:
        rels = relations(self.package, self.workbook_part)
        part = next(
            (rel.target for rel in rels if rel.is_a("styles") and rel.target in self.package),
            "xl/styles.xml",
        )
        if part in self.package and self.shell.styles.counts() == self.shell.styled:
            return
        self.package.put(
            part,
            with_styles(
                self.package.read(part) if part in self.package else None, self.shell.styles
            ),
        )
        self._need(part, "styles", _STYLES_KIND, self.workbook_part)

    def _custom(self, state: Json) -> None:
        rels = relations(self.package, "")
        part = next(
            (r.target for r in rels if r.is_a("custom-properties") and r.target in self.package),
            "docProps/custom.xml",
        )
        old = self.package.read(part) if part in self.package else None
        self.package.put(part, with_state(old, state))
        self._need(part, "custom-properties", _CUSTOM_KIND, "")

    def _pivots(self) -> None:
        if not self.moved:
            return
        for part in [
            name
            for name in self.package.names
            if name.startswith("xl/pivotCache/pivotCacheDefinition")
        ]:
            text = self.package.read(part).decode()
            new = follow.shift_source(text, self.follow)
            if new != text:
                self.package.put(part, new.encode())

    def _forget_chain(self) -> None:
        """Drop the order of computation, which other programs find out anew: it names cells."""
        rels = relations(self.package, self.workbook_part)
        chains = {rel.target for rel in rels if rel.is_a("calcChain")}
        if chains:
            self._put_relations([rel for rel in rels if rel.target not in chains])
            for part in chains:
                self.package.drop(part)

    def _proofread(self) -> None:
        """See that what was written can be read; the parts of very large tabs, nearly all rows, are spared the time."""
        for name in self.package.changed(self.shell.package):
            if (
                name.endswith((".xml", ".rels"))
                and self.package.size(name) <= _PROOFREAD
                and not is_xml(self.package.read(name))
            ):
                self.lost.append(f"{name} (nobody could read it)")

    def _prune(self, before: set[str]) -> None:
        """Drop what only a dropped tab led to."""
        for part in before - reached(self.package) if before else ():
            self.package.drop(part)
            self.package.drop(rels_name(part))


def workbook_part(package: Package) -> str:
    """Give the name of the part that lists the tabs."""
    for rel in relations(package, ""):
        if rel.is_a("officeDocument") and rel.target in package:
            return rel.target
    return "xl/workbook.xml"


def tab_parts(package: Package) -> dict[str, str]:
    """Give the part of each tab by its title."""
    part = workbook_part(package)
    if part not in package:
        return {}
    targets = {rel.id: rel.target for rel in relations(package, part)}
    return {tab.title: targets.get(tab.relation, "") for tab in BookXml(package.read(part)).tabs}


def titles(book: Book) -> dict[int, str]:
    """Give the tabs' titles by id."""
    return {sheet.id: sheet.title for sheet in book.sheets}
