"""Which part of a file lists the tabs, and in which part each tab lies.

What stands in workbook.xml itself is left to workbook_xml.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheetsync.emulator.xlsx.package.relations import relations
from sheetsync.emulator.xlsx.parts.workbook_xml import BookXml

if TYPE_CHECKING:
    from sheetsync.emulator.xlsx.package.zip_package import Package


def workbook_part(package: Package) -> str:
    """Give the name of the part that lists the tabs."""
    for relation in relations(package, ""):
        if relation.is_a("officeDocument") and relation.target in package:
            return relation.target
    return "xl/workbook.xml"


def tab_parts(package: Package) -> dict[str, str]:
    """Give the part of each tab by its title."""
    part = workbook_part(package)
    if part not in package:
        return {}
    targets = {
        relation.id: relation.target for relation in relations(package, part)
    }
    return {
        tab.title: targets.get(tab.relation, "")
        for tab in BookXml(package.read(part)).tabs
    }
