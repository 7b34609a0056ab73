"""The package's own files.

Which part points to which (.rels), and what each part is ([Content_Types].xml).

The zip is left to zip_package.py.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import quoteattr

from defusedxml.ElementTree import fromstring

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sheetsync.emulator.xlsx.package.zip_package import Package

TYPES = "[Content_Types].xml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_CONTENT = "http://schemas.openxmlformats.org/package/2006/content-types"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


class Relation(NamedTuple):
    """One arrow from a part.

    Its id there, its kind (a URL), where it points, and whether out of the file.
    """

    id: str
    kind: str
    target: str
    outside: bool = False

    def is_a(self, name: str) -> bool:
        """Whether it is of that kind, e.g. "worksheet"; strict and transitional names alike."""
        return self.kind.rsplit("/", 1)[-1] == name


def rels_name(part: str) -> str:
    """Give the name of the part that holds another's relations."""
    folder, _, file = part.rpartition("/")
    return f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels"


def resolved(part: str, target: str) -> str:
    """Give the name of the part that a target, as it stands in a part's relations, points to."""
    if target.startswith("/"):
        return posixpath.normpath(target.lstrip("/"))
    return posixpath.normpath(posixpath.join(posixpath.dirname(part), target))


def relations(package: Package, part: str) -> list[Relation]:
    """Give a part's relations, targets within the file as full names."""
    name = rels_name(part)
    if name not in package:
        return []
    out = []
    for node in fromstring(package.read(name)):
        outside = node.get("TargetMode") == "External"
        target = node.get("Target", "")
        full = (
            target
            if outside or target.startswith("#")
            else resolved(part, target)
        )
        out.append(
            Relation(node.get("Id", ""), node.get("Type", ""), full, outside)
        )
    return out


def put_relations(package: Package, part: str, found: list[Relation]) -> None:
    """Write a part's relations anew; none drops the file that holds them."""
    name = rels_name(part)
    if not found:
        package.drop(name)
        return
    lines = []
    for rel in found:
        inside = not rel.outside and not rel.target.startswith("#")
        target = quoteattr("/" + rel.target if inside else rel.target)
        mode = ' TargetMode="External"' if rel.outside else ""
        lines.append(
            f"<Relationship Id={quoteattr(rel.id)} Type={quoteattr(rel.kind)} "
            f"Target={target}{mode}/>"
        )
    text = f'{_HEAD}<Relationships xmlns="{_RELATIONS}">{"".join(lines)}</Relationships>'
    package.put(name, text.encode())


def fresh_id(found: Iterable[Relation]) -> str:
    """Give a relation id that is not taken."""
    taken = {rel.id for rel in found}
    number = len(taken) + 1
    while f"rId{number}" in taken:
        number += 1
    return f"rId{number}"


class PartRelations:
    """The relations of one part while a save changes them.

    The package has them once they are saved.
    """

    def __init__(self, package: Package, part: str) -> None:
        self.package = package
        self.part = part
        self._relations = relations(package, part)

    def of_kind(self, kind: str) -> list[Relation]:
        """Give those of a kind, e.g. "table"."""
        return [relation for relation in self._relations if relation.is_a(kind)]

    def with_id(self, relation_id: str) -> Relation | None:
        """Give the one of an id; None where there is none."""
        return next(
            (rel for rel in self._relations if rel.id == relation_id), None
        )

    def add(self, kind: str, target: str, *, outside: bool = False) -> str:
        """Add one of a kind such as "table"; give its id."""
        relation_id = fresh_id(self._relations)
        self._relations.append(
            Relation(relation_id, OFFICE + kind, target, outside)
        )
        return relation_id

    def forget_kind(self, kind: str) -> None:
        """Drop those of a kind, but not what they lead to."""
        self._relations = [
            relation for relation in self._relations if not relation.is_a(kind)
        ]

    def drop(self, target: str) -> None:
        """Drop a part and what leads to it from here."""
        self._relations = [
            relation
            for relation in self._relations
            if relation.target != target
        ]
        self.package.drop(target)

    def save(self) -> None:
        """Write them into the package, unless nothing changed."""
        if self._relations != relations(self.package, self.part):
            put_relations(self.package, self.part, self._relations)


def fresh_name(package: Package, start: str, end: str) -> str:
    """Give a part name such as xl/tables/table7.xml that is not taken."""
    return package.free_name(start, end)


def reached(package: Package) -> set[str]:
    """Give all parts that some way from the package's root leads to."""
    todo, seen = [""], {""}
    while todo:
        part = todo.pop()
        for rel in relations(package, part):
            if (
                not rel.outside
                and rel.target in package
                and rel.target not in seen
            ):
                seen.add(rel.target)
                todo.append(rel.target)
    return seen - {""}


class Types:
    """What each part is."""

    def __init__(self, package: Package) -> None:
        self.defaults: dict[str, str] = {}
        self.parts: dict[str, str] = {}
        for node in fromstring(package.read(TYPES)):
            if node.tag.endswith("}Default"):
                self.defaults[node.get("Extension", "")] = node.get(
                    "ContentType", ""
                )
            else:
                self.parts[node.get("PartName", "").lstrip("/")] = node.get(
                    "ContentType", ""
                )
        self._was = (dict(self.defaults), dict(self.parts))

    def of(self, part: str) -> str | None:
        """Give a part's content type."""
        ending = part.rpartition(".")[2].lower()
        endings = {name.lower(): kind for name, kind in self.defaults.items()}
        return self.parts.get(part) or endings.get(ending)

    def put(self, part: str, kind: str | None) -> None:
        """Say what a part is."""
        if kind is not None and self.of(part) != kind:
            self.parts[part] = kind

    def save(self, package: Package) -> None:
        """Write them, without parts that are gone; unless nothing changed."""
        self.parts = {
            part: kind for part, kind in self.parts.items() if part in package
        }
        if (self.defaults, self.parts) == self._was:
            return
        lines = [
            f"<Default Extension={quoteattr(e)} ContentType={quoteattr(k)}/>"
            for e, k in self.defaults.items()
        ]
        lines += [
            f"<Override PartName={quoteattr('/' + p)} ContentType={quoteattr(k)}/>"
            for p, k in self.parts.items()
        ]
        package.put(
            TYPES,
            f'{_HEAD}<Types xmlns="{_CONTENT}">{"".join(lines)}</Types>'.encode(),
        )
