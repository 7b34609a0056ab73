"""What a file has besides cells follows them.

Positions and references in parts that no model tells.

Cuts are the insertions and deletions since the last save, kept on each tab. What cannot follow is
told in words.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from sheetsync.emulator.model import a1
from sheetsync.emulator.model.formulas import REF_ERROR, rewrite
from sheetsync.emulator.model.rects import OPEN, Rect
from sheetsync.emulator.xlsx.package.relations import relations
from sheetsync.emulator.xlsx.package.xml_text import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from sheetsync.emulator.model.formulas import Ref
    from sheetsync.emulator.model.grid import Book
    from sheetsync.emulator.xlsx.cells.sheet_xml import SheetXml
    from sheetsync.emulator.xlsx.package.zip_package import Package

LAST_ROW, LAST_COLUMN = 1 << 20, 1 << 14
_STUCK_ELEMENTS = (
    ("controls", "form controls"),
    ("oleObjects", "embedded objects"),
    ("AlternateContent", "form controls or embedded objects"),
    ("scenarios", "what-if scenarios"),
    ("customSheetViews", "custom views"),
    ("dataConsolidate", "a consolidation"),
    ("cellWatches", "watched cells"),
)
_STUCK_RELATIONS = (
    ("threadedComment", "threaded comments"),
    ("queryTable", "query tables"),
)
_SHIFTED = ("protectedRanges", "sortState", "ignoredErrors")
_PLACE_ATTRIBUTE = re.compile(r'\b(sqref|ref)="([^"]*)"')
_PLACE_ELEMENT = re.compile(r"(<xm:sqref>)([^<]*)(</xm:sqref>)")
_FORMULA_ELEMENT = re.compile(r"(<xm:f>)([^<]*)(</xm:f>)")
_BREAK = re.compile(r'(<brk\b[^>]*?\bid=")(\d+)(")')
_ANCHOR_POINT = re.compile(r"(<(\w+:)?(col|row)>)(\d+)(</)")
_LOCATION = re.compile(r'(<location\b[^>]*?\bref=")([^"]*)(")')
_SOURCE = re.compile(r"<worksheetSource\b[^>]*>")


def shifted(rect: Rect, cuts: Sequence[Any]) -> Rect | None:
    """Give where a rectangle is after all cuts; None when it is gone."""
    out: Rect | None = rect
    for cut in cuts:
        out = None if out is None else cut.rect(out)
    return out


def _pointed(rect: Rect, cuts: Sequence[Any]) -> Rect | None:
    """Give what a reference to a rectangle points to after all cuts; None when it is gone."""
    out: Rect | None = rect
    for cut in cuts:
        if out is not None and not getattr(cut, "across_tabs", False):
            out = (
                cut.reference(out)
                if hasattr(cut, "reference")
                else cut.rect(out)
            )
    return out


def follower(saved: Book, book: Book) -> Callable[[str, int | None], str]:
    """Give what a formula of the saved state, on a tab of that id, says in the new state."""
    titles = {sheet.title.casefold(): sheet.id for sheet in saved.sheets}

    def follow(formula: str, own: int | None) -> str:
        def change(ref: Ref) -> Ref | None:
            number = own if ref.tab is None else titles.get(ref.tab.casefold())
            if number is None:
                return ref
            sheet = book.sheet(number)
            rect = None if sheet is None else _pointed(ref.rect, sheet.cuts)
            if sheet is None or rect is None:
                return None
            same = (
                ref.tab is None or ref.tab.casefold() == sheet.title.casefold()
            )
            return (
                ref
                if rect == ref.rect and same
                else ref._replace(
                    rect=rect, tab=ref.tab if same else sheet.title
                )
            )

        return rewrite("=" + formula, change)[1:]

    return follow


def refs(text: str, cuts: Sequence[Any]) -> str:
    """Give a list of places such as "A1 B2:C3" after the cuts; "" where all are gone."""
    out = []
    for part in plain(text).split():
        rect = a1.read_cells(part.replace("$", ""))
        moved = rect if rect is None else shifted(_opened(rect), cuts)
        if rect is None:
            out.append(part)
        elif moved is not None:
            out.append(a1.cells(_closed(moved)))
    return " ".join(out)


def _opened(rect: Rect) -> Rect:
    bottom = OPEN if rect.bottom >= LAST_ROW else rect.bottom
    return rect._replace(
        bottom=bottom, right=OPEN if rect.right >= LAST_COLUMN else rect.right
    )


def _closed(rect: Rect) -> Rect:
    return rect._replace(
        bottom=min(rect.bottom, LAST_ROW), right=min(rect.right, LAST_COLUMN)
    )


def stuck(
    package: Package, part: str, xml: SheetXml, cuts: Sequence[Any]
) -> list[str]:
    """Tell what of a tab could not follow when its rows or columns come or go."""
    out: list[str] = []
    if any(hasattr(cut, "count") or hasattr(cut, "start") for cut in cuts):
        out += [words for name, words in _STUCK_ELEMENTS if xml.get(name)]
        kinds = [
            rel.kind.rsplit("/", 1)[-1] for rel in relations(package, part)
        ]
        out += [words for kind, words in _STUCK_RELATIONS if kind in kinds]
    if b't="dataTable"' in xml.inner:
        out.append("what-if data tables")
    for rel in relations(package, part):
        if rel.is_a("pivotTable") and rel.target in package:
            found = _LOCATION.search(package.read(rel.target).decode())
            rect = a1.read_cells(found[2]) if found else None
            moved = None if rect is None else shifted(rect, cuts)
            if rect is None or moved is None or _size(moved) != _size(rect):
                out.append("pivot tables")
    return list(dict.fromkeys(out))


def _size(rect: Rect) -> tuple[int, int]:
    return rect.bottom - rect.top, rect.right - rect.left


def shift_sheet(xml: SheetXml, cuts: Sequence[Any]) -> None:
    """Move what the tab's XML has besides what the model tells."""
    for name in _SHIFTED:
        text = xml.get(name)
        new = _PLACE_ATTRIBUTE.sub(
            lambda m: f'{m[1]}="{refs(m[2], cuts)}"', text
        )
        if new != text:
            xml.put(name, "" if '=""' in new else new)
    for name, rows in (("rowBreaks", True), ("colBreaks", False)):
        text = xml.get(name)
        if text:
            xml.put(
                name,
                _BREAK.sub(
                    lambda m, rows=rows: (
                        m[1] + str(_line(int(m[2]), cuts, rows=rows)) + m[3]
                        # mypy cannot type a lambda's default.
                    ),  # type: ignore[misc]
                    text,
                ),
            )
    text = xml.get("extLst")
    new = _PLACE_ELEMENT.sub(
        lambda m: m[1] + (refs(m[2], cuts) or "A1048576") + m[3], text
    )
    if new != text:
        xml.put("extLst", new)


def point_sheet(
    xml: SheetXml, own: int, follow: Callable[[str, int | None], str]
) -> bool:
    """Have the formulas of the tab's extensions follow; tell whether anything changed."""
    text = xml.get("extLst")
    new = _FORMULA_ELEMENT.sub(
        lambda m: m[1] + escape(follow(plain(m[2]), own)) + m[3], text
    )
    if new != text:
        xml.put("extLst", new)
    return new != text


def _line(index: int, cuts: Sequence[Any], *, rows: bool) -> int:
    """Give where a boundary between rows or columns is.

    A deleted one stays at the rim of what is gone.
    """
    for cut in cuts:
        if cut.rows != rows:
            continue
        if hasattr(cut, "count"):
            if cut.count < 0:
                index = (
                    index + cut.count
                    if index >= cut.at - cut.count
                    else min(index, cut.at)
                )
            elif index >= cut.at:
                index += cut.count
        else:
            moved = cut.index(index)
            index = index if moved is None else moved
    return max(index, 0)


def shift_anchor(anchor: str, cuts: Sequence[Any]) -> str:
    """Give an anchor of a drawing with its cells where they are now."""
    if "absolute" in anchor[: anchor.find(">")]:
        return anchor
    return _ANCHOR_POINT.sub(
        lambda m: m[1] + str(_line(int(m[4]), cuts, rows=m[3] == "row")) + m[5],
        anchor,
    )


def shift_pivot(text: str, cuts: Sequence[Any]) -> str:
    """Give a pivot table where its cells are now."""
    return _LOCATION.sub(lambda m: m[1] + refs(m[2], cuts) + m[3], text)


def shift_source(text: str, follow: Callable[[str, int | None], str]) -> str:
    """Give a pivot cache that names the cells it was made of where they are now."""

    def change(match: re.Match[str]) -> str:
        found = dict(re.findall(r'(\w+)="([^"]*)"', match[0]))
        if "sheet" not in found or "ref" not in found:
            return match[0]
        tab = "'" + plain(found["sheet"]).replace("'", "''") + "'"
        new = follow(f"{tab}!{found['ref']}", None)
        title, mark, cells = new.rpartition("!")
        if not mark or REF_ERROR in new:
            return match[0]
        title = title.removeprefix("'").removesuffix("'").replace("''", "'")
        out = match[0].replace(f'ref="{found["ref"]}"', f'ref="{cells}"')
        return out.replace(
            f'sheet="{found["sheet"]}"',
            f'sheet="{escape(title, {chr(34): "&quot;"})}"',
        )

    return _SOURCE.sub(change, text)
