"""Excel's tables of a tab in a save: one that only moved keeps all it has, another is written anew under its old id.

What a table is, is left to openpyxl and to the overlays.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sheetsync.emulator.xlsx.package.relations import OFFICE, fresh_name, relations
from sheetsync.emulator.xlsx.package.xml_text import attributes, decoded, element, root_of

if TYPE_CHECKING:
    from sheetsync.emulator.xlsx.cells.sheet_xml import SheetXml
    from sheetsync.emulator.xlsx.package.zip_package import Package
    from sheetsync.emulator.xlsx.tab_patch import TabPatch

_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml"
_REF = re.compile(r'(\bref=")([^"]*)(")')
_ID = re.compile(r'(<table\b[^>]*?\bid=")(\d+)(")')


def put_tables(tab: TabPatch, xml: SheetXml, old: dict[str, str], new: dict[str, str]) -> list[str]:
    """Have the tab's tables be those; tell what would be lost."""
    package, lost = tab.patch.package, []
    known = {
        _name(package, rel.target): rel for rel in tab.related("table") if rel.target in package
    }
    for name in [name for name in known if name not in new]:
        tab.unrelate(known.pop(name).target)
    for name, text in new.items():
        if name not in known:
            part = fresh_name(package, "xl/tables/table", ".xml")
            package.put(
                part,
                _ID.sub(lambda m: f"{m[1]}{_fresh_number(package)}{m[3]}", text, count=1).encode(),
            )
            tab.patch.types.put(part, _KIND)
            tab.relate(OFFICE + "table", part)
        elif text != old.get(name):
            part = known[name].target
            if not _moved(package, part, old.get(name, ""), text):
                lost += ["query tables"] if relations(package, part) else []
                number = attributes(root_of(decoded(package.read(part)))[1].start).get("id", "1")
                package.put(
                    part,
                    _ID.sub(
                        lambda m, number=number: f"{m[1]}{number}{m[3]}",  # type: ignore[misc]  # mypy cannot type a lambda's default
                        text,
                        count=1,
                    ).encode(),
                )
    parts = [element("tablePart", {"r:id": rel.id}) for rel in tab.related("table")]
    xml.need_relations()
    xml.put(
        "tableParts",
        element("tableParts", {"count": str(len(parts))}, "".join(parts)) if parts else "",
    )
    return lost


def _moved(package: Package, part: str, old: str, new: str) -> bool:
    """Move the file's own table where it only lies elsewhere; False where more has changed."""
    if _unplaced(old) != _unplaced(new):
        return False
    pairs = dict(
        zip((m[2] for m in _REF.finditer(old)), (m[2] for m in _REF.finditer(new)), strict=True)
    )
    text = decoded(package.read(part))
    package.put(part, _REF.sub(lambda m: m[1] + pairs.get(m[2], m[2]) + m[3], text).encode())
    return True


def _unplaced(text: str) -> str:
    return _ID.sub("", _REF.sub("", text))


def _name(package: Package, part: str) -> str:
    return attributes(root_of(decoded(package.read(part)))[1].start).get("displayName", "")


def _fresh_number(package: Package) -> int:
    parts = [
        name for name in package.names if name.startswith("xl/tables/") and name.endswith(".xml")
    ]
    found = (
        attributes(root_of(decoded(package.read(part)))[1].start).get("id", "0") for part in parts
    )
    return max((int(number) for number in found if number.isdigit()), default=0) + 1
