"""Excel's tables of a tab in a save: one that only moved keeps all it has.

Another is written anew under its old id. What a table is, is left to openpyxl and to tables.py.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sheetsync.emulator.xlsx.package.relations import fresh_name, relations
from sheetsync.emulator.xlsx.package.xml_text import (
    attributes,
    decoded,
    element,
    root_of,
)

if TYPE_CHECKING:
    from sheetsync.emulator.xlsx.cells.sheet_xml import SheetXml
    from sheetsync.emulator.xlsx.package.relations import PartRelations
    from sheetsync.emulator.xlsx.package.zip_package import Package
    from sheetsync.emulator.xlsx.save_context import SaveContext

_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml"
_REF = re.compile(r'(\bref=")([^"]*)(")')
_ID = re.compile(r'(<table\b[^>]*?\bid=")(\d+)(")')


def put_tables(
    context: SaveContext,
    relations_of_tab: PartRelations,
    xml: SheetXml,
    old: dict[str, str],
    new: dict[str, str],
) -> list[str]:
    """Have the tab's tables be the new ones, XML by name; tell, in words, what would be lost."""
    package = context.package
    parts = {
        _name(package, relation.target): relation.target
        for relation in relations_of_tab.of_kind("table")
        if relation.target in package
    }
    for name, part in parts.items():
        if name not in new:
            relations_of_tab.drop(part)
    lost: list[str] = []
    for name, text in new.items():
        if name not in parts:
            part = fresh_name(package, "xl/tables/table", ".xml")
            package.put(part, _numbered(text, str(_fresh_number(package))))
            context.types.put(part, _KIND)
            relations_of_tab.add("table", part)
        elif text != old.get(name):
            lost += _rewritten(package, parts[name], old.get(name, ""), text)
    _list_tables(xml, relations_of_tab)
    return lost


def _rewritten(package: Package, part: str, old: str, new: str) -> list[str]:
    """Bring a table's part to its new state; tell what is lost where it is written anew."""
    if _moved(package, part, old, new):
        return []
    has_query = bool(relations(package, part))
    package.put(part, _numbered(new, _attribute(package, part, "id", "1")))
    return ["query tables"] if has_query else []


def _list_tables(xml: SheetXml, relations_of_tab: PartRelations) -> None:
    """Name the tables in the tab's own XML."""
    xml.need_relations()
    entries = [
        element("tablePart", {"r:id": relation.id})
        for relation in relations_of_tab.of_kind("table")
    ]
    if not entries:
        xml.put("tableParts", "")
        return
    xml.put(
        "tableParts",
        element("tableParts", {"count": str(len(entries))}, "".join(entries)),
    )


def _numbered(text: str, number: str) -> bytes:
    """Give a table's XML with another id."""
    return _ID.sub(
        lambda match: match[1] + number + match[3], text, count=1
    ).encode()


def _moved(package: Package, part: str, old: str, new: str) -> bool:
    """Move the file's own table where it only lies elsewhere; False where more has changed."""
    if _unplaced(old) != _unplaced(new):
        return False
    new_places = dict(zip(_places(old), _places(new), strict=True))
    text = decoded(package.read(part))

    def replaced(match: re.Match[str]) -> str:
        return match[1] + new_places.get(match[2], match[2]) + match[3]

    package.put(part, _REF.sub(replaced, text).encode())
    return True


def _places(text: str) -> list[str]:
    return [match[2] for match in _REF.finditer(text)]


def _unplaced(text: str) -> str:
    return _ID.sub("", _REF.sub("", text))


def _name(package: Package, part: str) -> str:
    return _attribute(package, part, "displayName", "")


def _attribute(package: Package, part: str, name: str, default: str) -> str:
    """Give an attribute of a table part's own element."""
    _, root = root_of(decoded(package.read(part)))
    return attributes(root.start).get(name, default)


def _fresh_number(package: Package) -> int:
    """Give an id that no table of the file has."""
    parts = (name for name in package.names if name.startswith("xl/tables/"))
    ids = (
        _attribute(package, part, "id", "0")
        for part in parts
        if part.endswith(".xml")
    )
    return (
        max((int(number) for number in ids if number.isdigit()), default=0) + 1
    )
