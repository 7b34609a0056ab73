"""Charts: the cells that they draw, how these follow their rows, and how answers tell them.

An Area's `rect` is the anchor cell; its JSON has the spec, the overlay (offsets and size) and the
border. A chart that came with the file has a FileChart as source, which keeps what no spec can say.
Requests are in api/requests/charts.py.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from sheetsync.emulator.model import a1
from sheetsync.emulator.model.ids import fresh_id
from sheetsync.emulator.model.rects import OPEN, Rect, of_json, to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sheetsync.emulator.model.grid import Area, Book, Json, Sheet

    Change = Callable[[int, Rect], "tuple[int, Rect] | None"]

DRAWN = ("basicChart", "pieChart")
# Pixels: what Google documents for a size that nobody named
WIDTH, HEIGHT = 600, 371


class FileRef(NamedTuple):
    """A reference in a chart of the file: its text, and the (tab id, cells) that it stands for.

    None where unknown.
    """

    text: str
    places: tuple[tuple[int, Rect], ...] | None


class FileChart(NamedTuple):
    """A chart that came with the file.

    Its object, the references in it in order, its anchor cell as it is there.

    `anchor` is None once a request has placed the chart anew. The object is never changed: a save
    works on a copy.
    """

    chart: Any
    refs: tuple[FileRef, ...]
    anchor: Rect | None


def mark(refs: tuple[FileRef, ...]) -> str:
    """Tell what tells a chart of the file from others: the cells that it draws."""
    places = [
        f"{tab}:{a1.cells(rect)}"
        for ref in refs
        for tab, rect in ref.places or ()
    ]
    return " ".join(sorted(places))


def shown(sheet: Sheet, chart: Area) -> Json:
    """Give the EmbeddedChart of an answer."""
    out: Json = {
        "chartId": chart.id,
        "spec": chart.json["spec"],
        "position": position(sheet, chart),
    }
    if chart.json.get("border"):
        out["border"] = chart.json["border"]
    return out


def position(sheet: Sheet, chart: Area) -> Json:
    """Give its EmbeddedObjectPosition; zeros are left out, as at Google."""
    cell = {
        "sheetId": sheet.id,
        "rowIndex": chart.rect.top,
        "columnIndex": chart.rect.left,
    }
    overlay = {
        name: number for name, number in chart.json["overlay"].items() if number
    }
    return {
        "overlayPosition": {
            "anchorCell": {name: at for name, at in cell.items() if at},
            **overlay,
        }
    }


def mapped(node: Any, change: Change) -> Any:
    """Give a spec with each of its source ranges changed; those that are gone are left out."""
    if isinstance(node, list):
        new = [mapped(item, change) for item in node]
        return (
            node
            if all(one is other for one, other in zip(new, node, strict=True))
            else new
        )
    if not isinstance(node, dict):
        return node
    out = {
        name: _sources(item, change)
        if name == "sources"
        else mapped(item, change)
        for name, item in node.items()
    }
    return node if all(out[name] is node[name] for name in node) else out


def _sources(ranges: list[Json], change: Change) -> list[Json]:
    out = []
    for item in ranges:
        own = (int(item.get("sheetId", 0)), of_json(item))
        new = change(*own)
        if new is not None:
            plain = (
                new == own and item.get("sheetId") != 0
            )  # answers leave the 0 out, as in every GridRange
            out.append(item if plain else to_json(new[1], new[0]))
    return (
        ranges
        if len(out) == len(ranges)
        and all(a is b for a, b in zip(out, ranges, strict=True))
        else out
    )


def _kept(spec: Json) -> Json:
    """Give the spec without the series and domains whose cells are all gone."""
    out = dict(spec)
    basic = spec.get("basicChart")
    if basic is not None:
        lists = {"series": "series", "domains": "domain"}
        kept = {
            name: [
                item for item in basic.get(name, []) if _alive(item.get(key))
            ]
            for name, key in lists.items()
        }
        out["basicChart"] = {
            **basic,
            **{name: items for name, items in kept.items() if name in basic},
        }
    pie = spec.get("pieChart")
    if pie is not None:
        names = ("series", "domain")
        out["pieChart"] = {
            name: item
            for name, item in pie.items()
            if name not in names or _alive(item)
        }
    return out


def _alive(data: Json | None) -> bool:
    sources = (data or {}).get("sourceRange", {}).get("sources")
    return bool(sources) or sources is None


def _changed(chart: Area, change: Change) -> Area:
    spec = mapped(chart.json["spec"], change)
    source = chart.source
    if isinstance(source, FileChart):
        refs = tuple(_ref(ref, change) for ref in source.refs)
        source = source if refs == source.refs else source._replace(refs=refs)
    if spec is chart.json["spec"] and source is chart.source:
        return chart
    return replace(
        chart, json={**chart.json, "spec": _kept(spec)}, source=source
    )


def _ref(ref: FileRef, change: Change) -> FileRef:
    if ref.places is None:
        return ref
    places = tuple(
        new
        for new in (change(*place) for place in ref.places)
        if new is not None
    )
    return ref if places == ref.places else ref._replace(places=places)


def repointed(chart: Area, shown: Json, spec: Json) -> Area | None:
    """Give a chart of the file that draws other cells and is otherwise as it was.

    None where more than its ranges is another. `shown`: its spec in the form of the new one.
    """
    if not isinstance(chart.source, FileChart):
        return None
    old, new = list(_ranges(shown)), list(_ranges(spec))
    if len(old) != len(new) or _bare(shown) != _bare(spec):
        return None

    def change(tab: int, rect: Rect) -> tuple[int, Rect]:
        for was, now in zip(old, new, strict=True):
            if was[0] == tab == now[0] and was[1].holds(rect):
                return tab, _stretched(rect, was[1], now[1])
        return tab, rect

    refs = tuple(_ref(ref, change) for ref in chart.source.refs)
    source = chart.source._replace(refs=refs)
    return replace(chart, json={**chart.json, "spec": spec}, source=source)


def _ranges(spec: Json) -> Iterator[tuple[int, Rect]]:
    found: list[tuple[int, Rect]] = []

    def note(tab: int, rect: Rect) -> tuple[int, Rect]:
        found.append((tab, rect))
        return tab, rect

    mapped(spec, note)
    return iter(found)


def _bare(spec: Json) -> Json:
    """Give a spec as if all of its ranges were one."""
    bare: Json = mapped(spec, lambda _tab, _rect: (1, Rect(0, 1, 0, 1)))
    return bare


def _stretched(rect: Rect, old: Rect, new: Rect) -> Rect:
    """Give cells within a range where the range's new edges take them.

    A series has its heading in a range of one line, and its numbers in the others down to the end.
    """
    away = new.top - old.top
    if rect.bottom != old.bottom:
        return rect._replace(top=rect.top + away, bottom=rect.bottom + away)
    heading = 1 if rect.top > old.top else 0
    return rect._replace(top=new.top + heading, bottom=new.bottom)


def move(book: Book, sheet: Sheet, cut: Any) -> None:
    """Take along the references of all charts to the tab, and the anchors of those on it."""

    def change(tab: int, rect: Rect) -> tuple[int, Rect] | None:
        new = cut.rect(rect) if tab == sheet.id else rect
        return None if new is None else (tab, new)

    _change_all(book, change)
    sheet.charts = [
        replace(chart, rect=_anchor(sheet, chart.rect, cut))
        for chart in sheet.charts
    ]


def _change_all(book: Book, change: Change) -> None:
    for sheet in book.sheets:
        if sheet.charts:
            sheet.charts = [_changed(chart, change) for chart in sheet.charts]


def _anchor(sheet: Sheet, cell: Rect, cut: Any) -> Rect:
    """Give the anchor afterwards: where its cell is deleted, the one that takes its place."""
    found = (
        cut.rect(cell)
        or cut.rect(Rect(cell.top, OPEN, cell.left, OPEN))
        or cell
    )
    top, left = (
        min(found.top, max(sheet.row_count - 1, 0)),
        min(found.left, max(sheet.column_count - 1, 0)),
    )
    return Rect(top, top + 1, left, left + 1)


def forget(book: Book, sheet_id: int) -> None:
    """Drop what charts draw of a tab that goes."""
    _change_all(
        book, lambda tab, rect: None if tab == sheet_id else (tab, rect)
    )


def renew(book: Book, sheet: Sheet, old_id: int) -> None:
    """Give the charts of a copied tab ids of their own.

    Those that drew its original now draw the copy.

    A chart that only its file could draw is left out where that is not at hand, as in another book.
    """
    taken = ids(book, sheet)
    out = []
    for chart in filter(drawable, sheet.charts):
        new = _changed(
            chart, lambda tab, rect: (sheet.id if tab == old_id else tab, rect)
        )
        taken.append(fresh_id(taken))
        out.append(replace(new, id=taken[-1]))
    sheet.charts = out


def drawable(chart: Area) -> bool:
    """Whether a file can show it: by its own object, or by a spec of a kind that is drawn."""
    return isinstance(chart.source, FileChart) or any(
        name in chart.json["spec"] for name in DRAWN
    )


def ids(book: Book, without: Sheet | None = None) -> list[int]:
    """Give the ids of all charts, but for those of one tab."""
    return [
        int(chart.id)
        for sheet in book.sheets
        if sheet is not without
        for chart in sheet.charts
    ]


def find(book: Book, chart_id: int) -> tuple[Sheet, Area] | None:
    """Give a chart by its id, with its tab."""
    return next(
        ((s, c) for s in book.sheets for c in s.charts if c.id == chart_id),
        None,
    )


def put(sheet: Sheet, chart: Area) -> None:
    """Replace the chart of the same id."""
    sheet.charts = [
        chart if other.id == chart.id else other for other in sheet.charts
    ]


def restored(
    found: list[Area], stored: list[Area], marks: list[str]
) -> list[Area]:
    """Give the charts of a file with the ids and specs that were stored for them.

    A chart is known by the cells that it draws. Where another program changed those, the order
    tells, and the file's spec holds.
    """
    out = list(found)
    left = [
        i
        for i, chart in enumerate(found)
        if isinstance(chart.source, FileChart)
    ]
    lost = []
    for number, entry in enumerate(stored):
        known = marks[number] if number < len(marks) else None
        at = next(
            (i for i in left if mark(found[i].source.refs) == known), None
        )
        if at is None:
            lost.append(entry)
            continue
        left.remove(at)
        out[at] = replace(out[at], id=entry.id, json=_told(out[at], entry))
    if len(lost) == len(left):
        for entry, at in zip(lost, left, strict=True):
            out[at] = replace(out[at], id=entry.id)
    order = {
        entry.id: number for number, entry in enumerate(stored)
    }  # the file's is by kind of anchor
    return _unique(
        sorted(out, key=lambda chart: order.get(chart.id, len(order)))
    )


def _told(chart: Area, entry: Area) -> Json:
    """Give the JSON that was stored, at the place that the file has for it.

    Another program may have moved the chart.
    """
    if chart.rect == entry.rect:
        return dict(entry.json)
    return {**entry.json, "overlay": chart.json["overlay"]}


def _unique(charts: list[Area]) -> list[Area]:
    out: list[Area] = []
    for chart in charts:
        taken = [int(other.id) for other in out]
        out.append(
            chart
            if chart.id not in taken
            else replace(chart, id=fresh_id(taken))
        )
    return out
