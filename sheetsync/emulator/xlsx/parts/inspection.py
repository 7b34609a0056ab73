"""Looks into a file before it is trusted: what no save can carry over; sizes of its note boxes.

The zip itself is looked at in zip_package.py, what a change of a tab would lose in tab_patch.py.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sheetsync.emulator.xlsx.package.relations import relations
from sheetsync.emulator.xlsx.parts.workbook_parts import tab_parts

if TYPE_CHECKING:
    from sheetsync.emulator.xlsx.package.zip_package import Package

_LOST = (  # what any change of the file breaks
    ("_xmlsignatures/", "digital signatures"),
    ("xl/revisions/", "shared change history"),
)
_BOX = re.compile(r"<\w+:shape .*?</\w+:shape>", re.DOTALL)
_PIXELS = {"pt": 4 / 3, "px": 1.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4}


def losses(package: Package) -> tuple[str, ...]:
    """Tell what every save would lose, in words; empty where everything can be carried over."""
    found = [
        words
        for name in package.names
        for start, words in _LOST
        if name.startswith(start)
    ]
    return tuple(dict.fromkeys(found))


def note_boxes(
    package: Package,
) -> dict[str, dict[tuple[int, int], tuple[float, float]]]:
    """Give for each tab's title.

    (row, column) -> (width, height) of its notes' boxes, in pixels.
    """
    out: dict[str, dict[tuple[int, int], tuple[float, float]]] = {}
    for title, part in tab_parts(package).items():
        for rel in relations(package, part):
            if rel.is_a("vmlDrawing") and rel.target in package:
                out.setdefault(title, {}).update(
                    _boxes(package.read(rel.target).decode("utf-8", "replace"))
                )
    return out


def _boxes(text: str) -> dict[tuple[int, int], tuple[float, float]]:
    out: dict[tuple[int, int], tuple[float, float]] = {}
    for shape in _BOX.findall(text):
        row, column = (
            re.search(r"<\w+:Row>(\d+)", shape),
            re.search(r"<\w+:Column>(\d+)", shape),
        )
        width, height = _length(shape, "width"), _length(shape, "height")
        if row and column and width and height:
            out[int(row[1]), int(column[1])] = (width, height)
    return out


def _length(shape: str, name: str) -> float | None:
    found = re.search(rf"[;'\"\s]{name}:\s*([\d.]+)(pt|px|in|cm|mm)", shape)
    return float(found[1]) * _PIXELS[found[2]] if found else None
