"""A tab's drawing part.

Its charts follow the API, while pictures, shapes and all else in it stay as they are.

Where anchors move to is left to follow_references.py.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sheetsync.emulator.xlsx.package.relations import (
    OFFICE,
    Relation,
    fresh_id,
    fresh_name,
    put_relations,
    relations,
)
from sheetsync.emulator.xlsx.package.xml_text import (
    children,
    decoded,
    rebuilt,
    root_of,
)
from sheetsync.emulator.xlsx.parts.follow_references import shift_anchor

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from sheetsync.emulator.xlsx.package.relations import Types
    from sheetsync.emulator.xlsx.package.zip_package import Package
    from sheetsync.emulator.xlsx.parts.tab_face import Chart

EMPTY = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    b'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"></xdr:wsDr>'
)
KIND = "application/vnd.openxmlformats-officedocument.drawing+xml"
CHART_KIND = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_CHART = re.compile(r'<(?:\w+:)?chart\b[^>]*?:id="([^"]*)"')
_MARK = re.compile(r"<(?:\w+:)?from>.*?</(?:\w+:)?from>", re.DOTALL)
_PLACE = re.compile(
    r"<(?:\w+:)?(from|to|ext|pos)\b(?:>(.*?)</(?:\w+:)?\1>|[^>]*/>)", re.DOTALL
)
_TAG_START = re.compile(r"<(/?)(?:\w+:)?")
_REFERENCE = re.compile(r"(<(?:\w+:)?f>)([^<]*)(</(?:\w+:)?f>)")


def _corner(anchor: str) -> tuple[str, ...]:
    """Tell where an anchor begins, whatever its prefixes."""
    found = _MARK.search(anchor)
    return tuple(re.findall(r">(-?\d+)<", found[0])) if found else ()


class Drawing:
    """A drawing part being changed."""

    def __init__(self, package: Package, types: Types, part: str) -> None:
        self.package = package
        self.types = types
        self.part = part
        self.prolog, self.root = root_of(
            decoded(package.read(part) if part in package else EMPTY)
        )
        self.anchors = [anchor.text for anchor in children(self.root.inner)]
        self.relations = relations(package, part)

    def shift(self, cuts: Sequence[Any]) -> None:
        """Move every anchor with its cells."""
        self.anchors = [shift_anchor(anchor, cuts) for anchor in self.anchors]

    def charts(
        self,
        old: tuple[Chart, ...],
        new: tuple[Chart, ...],
        cuts: Sequence[Any],
    ) -> None:
        """Have its charts, which were `old` at the last save, be `new`."""
        before = list(self.anchors)
        kept = {
            number: self._of(chart, before) for number, chart in enumerate(old)
        }
        left = dict(kept)
        self.anchors = [
            shift_anchor(a, cuts)
            for i, a in enumerate(before)
            if i not in kept.values()
        ]
        for chart in new:
            number = _match(chart, old, left)
            place = left.pop(number, None) if number is not None else None
            if number is None or place is None:
                self._add(chart)
            else:
                self._keep(before[place], old[number], chart)

    def _of(self, chart: Chart, anchors: list[str]) -> int | None:
        corner = _corner(chart.anchor)
        found = [
            i
            for i, text in enumerate(anchors)
            if _CHART.search(text) and _corner(text) == corner
        ]
        return found[0] if len(found) == 1 else None

    def _keep(self, anchor: str, old: Chart, new: Chart) -> None:
        found = _CHART.search(anchor)
        part = next(
            (
                rel.target
                for rel in self.relations
                if found and rel.id == found[1]
            ),
            None,
        )
        if part is None or part not in self.package:
            self._add(new)
            return
        if (
            _corner(old.anchor) != _corner(new.anchor)
            or old.anchor != new.anchor
        ):
            anchor = _replaced(anchor, new.anchor)
        self.anchors.append(anchor)
        if old.references != new.references:
            pairs = dict(zip(old.references, new.references, strict=False))
            text = decoded(self.package.read(part))
            text = _REFERENCE.sub(
                lambda m: m[1] + pairs.get(m[2], m[2]) + m[3], text
            )
            self.package.put(part, text.encode())

    def _add(self, chart: Chart) -> None:
        part = fresh_name(self.package, "xl/charts/chart", ".xml")
        self.package.put(part, chart.xml.encode())
        self.types.put(part, CHART_KIND)
        number = fresh_id(self.relations)
        self.relations.append(Relation(number, OFFICE + "chart", part))
        self.anchors.append(
            chart.anchor.replace(':id="RELATION"', f':id="{number}"')
        )

    def save(self) -> bool:
        """Write it; tell whether anything is left in it."""
        text = "".join(self.anchors)
        used = set(
            re.findall(r':(?:id|embed|link|pict|dm|lo|qs|cs)="([^"]*)"', text)
        )
        self.relations = [
            rel
            for rel in self.relations
            if rel.id in used or rel.is_a("diagramDrawing")
        ]
        if not self.anchors:
            return False
        self.package.put(
            self.part, (self.prolog + rebuilt(self.root, self.anchors)).encode()
        )
        put_relations(self.package, self.part, self.relations)
        self.types.put(self.part, KIND)
        return True


def _match(
    chart: Chart, old: tuple[Chart, ...], left: dict[int, int | None]
) -> int | None:
    """Give the former chart that this one is.

    The same one if it is there, else one of the same shape.
    """
    same = [number for number in left if old[number] == chart]
    alike = same or [
        number for number in left if old[number].shape == chart.shape
    ]
    return alike[0] if alike else None


def _replaced(anchor: str, new: str) -> str:
    """Give an anchor of the file with the corners of another one."""
    inners = {
        found[1]: found[2]
        for found in _PLACE.finditer(new)
        if found[1] in ("from", "to")
    }
    prefix = re.search(r"<(\w+:)?from>", anchor)
    if (
        not prefix
        or "from" not in inners
        or {"to"} & set(inners)
        != {"to"} & set(re.findall(r"<(?:\w+:)?(to)>", anchor))
    ):
        number = _CHART.search(anchor)
        return new.replace(
            ':id="RELATION"', f':id="{number[1]}"' if number else ""
        )
    for name, inner in inners.items():
        moved = _TAG_START.sub(rf"<\1{prefix[1] or ''}", inner or "")
        pattern = rf"(<(?:\w+:)?{name}>).*?(</(?:\w+:)?{name}>)"
        anchor = re.sub(
            pattern,
            # mypy cannot type a lambda's default.
            lambda m, moved=moved: m[1] + moved + m[2],  # type: ignore[misc]
            anchor,
            count=1,
            flags=re.DOTALL,
        )
    return anchor
