"""A Spreadsheet as the API answers it.

Properties, tabs, names, metadata, and grid data where it is asked for.

The cells are shown by render.py; which ranges and which mask apply is decided by the calls.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from sheetsync.emulator.api.effective import DEFAULT_FORMAT
from sheetsync.emulator.api.render import CellView, grid_data
from sheetsync.emulator.model import groups, overlays
from sheetsync.emulator.model.protections import of_file, to_answer
from sheetsync.emulator.model.rects import to_json
from sheetsync.emulator.wire.masks import EVERYTHING, below, covers, project

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheetsync.emulator.model.evaluate import Computation
    from sheetsync.emulator.model.grid import Book, Json, Protection, Sheet
    from sheetsync.emulator.model.rects import Rect
    from sheetsync.emulator.wire.masks import Tree

_THEME = (
    ("TEXT", (0, 0, 0)),
    ("BACKGROUND", (1, 1, 1)),
    ("ACCENT1", (0.25882354, 0.52156866, 0.95686275)),
    ("ACCENT2", (0.91764706, 0.2627451, 0.20784314)),
    ("ACCENT3", (0.9843137, 0.7372549, 0.015686275)),
    ("ACCENT4", (0.20392157, 0.65882355, 0.3254902)),
    ("ACCENT5", (1, 0.42745098, 0.003921569)),
    ("ACCENT6", (0.27450982, 0.7411765, 0.7764706)),
    ("LINK", (0.06666667, 0.33333334, 0.8)),
)


def _theme() -> Json:
    colors = []
    for kind, channels in _THEME:
        color = {
            n: v
            for n, v in zip(("red", "green", "blue"), channels, strict=True)
            if v
        }
        colors.append({"colorType": kind, "color": {"rgbColor": color}})
    return {"primaryFontFamily": "Arial", "themeColors": colors}


def book_properties(book: Book) -> Json:
    """SpreadsheetProperties."""
    return {
        "title": book.title,
        "locale": book.locale,
        "autoRecalc": book.auto_recalc,
        "timeZone": book.time_zone,
        "defaultFormat": DEFAULT_FORMAT,
        "spreadsheetTheme": _theme(),
    }


def sheet_properties(book: Book, sheet: Sheet) -> Json:
    """SheetProperties; what is at its default is left out, as at Google."""
    index = next(
        i for i, other in enumerate(book.sheets) if other.id == sheet.id
    )
    grid: Json = {
        "rowCount": sheet.row_count,
        "columnCount": sheet.column_count,
    }
    if sheet.frozen_rows:
        grid["frozenRowCount"] = sheet.frozen_rows
    if sheet.frozen_columns:
        grid["frozenColumnCount"] = sheet.frozen_columns
    grid |= groups.shown_controls(sheet)
    if sheet.gridlines_hidden:
        grid["hideGridlines"] = True
    out: Json = {
        "sheetId": sheet.id,
        "title": sheet.title,
        "index": index,
        "sheetType": "GRID",
        "gridProperties": grid,
    }
    if sheet.hidden:
        out["hidden"] = True
    if sheet.tab_color is not None:
        out["tabColor"] = sheet.tab_color
        out["tabColorStyle"] = {"rgbColor": sheet.tab_color}
    if sheet.right_to_left:
        out["rightToLeft"] = True
    return out


def metadata_json(entry: Json) -> Json:
    """Give a DeveloperMetadata with its location completed."""
    location = dict(entry.get("location", {}))
    if location.get("spreadsheet"):
        location["locationType"] = "SPREADSHEET"
    elif "sheetId" in location:
        location["locationType"] = "SHEET"
    else:
        dimension = location.get("dimensionRange", {}).get("dimension", "ROWS")
        location["locationType"] = "ROW" if dimension == "ROWS" else "COLUMN"
    return {**entry, "location": location}


def location_tab(entry: Json) -> tuple[int | None, bool]:
    """Where a metadata entry hangs: its tab's id (None: the spreadsheet), and whether on a line."""
    location = entry.get("location", {})
    place = location.get("dimensionRange")
    if place is not None:
        return int(place.get("sheetId", 0)), True
    return (int(location["sheetId"]) if "sheetId" in location else None), False


class Answer:
    """Builds a Spreadsheet for one user.

    `grid` says whether grid data is wanted, `places` restricts it.
    """

    def __init__(
        self,
        book: Book,
        user: str,
        computed: Callable[[], Computation],
        tree: Tree | None,
    ) -> None:
        self.book = book
        self.user = user
        self.computed = computed
        self.tree = tree

    def spreadsheet(
        self, *, grid: bool, places: list[tuple[Sheet, Rect]] | None
    ) -> Json:
        """Give the Spreadsheet.

        With `places` only their tabs, and their cells where grid data is wanted.
        """
        book, tree = self.book, self.tree
        with_data = grid if tree is None else covers(tree, "sheets", "data")
        out: Json = {"spreadsheetId": book.id}
        if covers(tree, "properties"):
            out["properties"] = book_properties(book)
        if covers(tree, "sheets"):
            rects = _by_tab(places)
            out["sheets"] = [
                self._sheet(
                    sheet,
                    [sheet.rect] if rects is None else rects[sheet.id],
                    with_data=with_data,
                )
                for sheet in book.sheets
                if rects is None or sheet.id in rects
            ]
        if book.names and covers(tree, "namedRanges"):
            out["namedRanges"] = [name_json(book, name) for name in book.names]
        loose = [
            metadata_json(entry)
            for entry in book.metadata
            if location_tab(entry)[0] is None
        ]
        if loose:
            out["developerMetadata"] = loose
        out["spreadsheetUrl"] = (
            f"https://docs.google.com/spreadsheets/d/{book.id}/edit"
        )
        shown: Json = self._projected(out)
        return shown

    def _projected(self, out: Json) -> Json:
        if not self.tree:
            return out
        sheets = out.pop("sheets", None)
        shown: Json = project(out, self.tree)
        if sheets is not None:
            inner = below(self.tree, "sheets")
            rest = (
                {**inner, "data": EVERYTHING} if "data" in inner else inner
            )  # grid data is masked as it is made
            shown["sheets"] = project(sheets, rest)
        return shown

    @cached_property
    def _has_formulas(self) -> bool:
        return self.book.has_formulas()

    @cached_property
    def _metadata(self) -> dict[tuple[int | None, bool], list[Json]]:
        out: dict[tuple[int | None, bool], list[Json]] = {}
        for entry in self.book.metadata:
            out.setdefault(location_tab(entry), []).append(entry)
        return out

    @cached_property
    def _protections(self) -> dict[int, list[Protection]]:
        out: dict[int, list[Protection]] = {}
        for protection in self.book.protections:
            out.setdefault(protection.sheet_id, []).append(protection)
        return out

    def _sheet(
        self,
        sheet: Sheet,
        rects: list[Rect],
        *,
        with_data: bool,
    ) -> Json:
        book = self.book
        out: Json = {"properties": sheet_properties(book, sheet)}
        if with_data:
            mask = below(self.tree, "sheets", "data")
            view = CellView(
                (book, self._has_formulas),
                sheet,
                self.computed,
                below(mask, "rowData", "values"),
            )
            out["data"] = [
                grid_data(view, rect.clip(*sheet.rect[1::2]), mask)
                for rect in rects
            ]
        out.update(
            {name: items for name, items in self._lists(sheet).items() if items}
        )
        if sheet.filter is not None:
            out["basicFilter"] = overlays.filter_json(sheet, sheet.filter)
        return out

    def _lists(self, sheet: Sheet) -> dict[str, list[Any]]:
        rules = [rule for rule in sheet.conditionals if rule.json is not None]
        metadata = self._metadata.get((sheet.id, False), [])
        return {
            "merges": [to_json(rect, sheet.id) for rect in sheet.merges],
            "conditionalFormats": [
                {
                    "ranges": [to_json(rect, sheet.id) for rect in rule.rects],
                    **(rule.json or {}),
                }
                for rule in rules
            ],
            "protectedRanges": [
                to_answer(self.book, protection, self.user)
                for protection in self._protections.get(sheet.id, [])
            ]
            + of_file(sheet),
            "developerMetadata": [metadata_json(entry) for entry in metadata],
            **overlays.shown(self.book, sheet),
            **groups.shown(sheet),
        }


def _by_tab(
    places: list[tuple[Sheet, Rect]] | None,
) -> dict[int, list[Rect]] | None:
    """Give the places of each tab that has any; None where none are named."""
    if places is None:
        return None
    out: dict[int, list[Rect]] = {}
    for sheet, rect in places:
        out.setdefault(sheet.id, []).append(rect)
    return out


def name_json(book: Book, name: Any) -> Json:
    """Give a NamedRange, closed at the grid's sides as Google gives it."""
    sheet = book.sheet(name.sheet_id)
    rect = (
        name.rect
        if sheet is None
        else name.rect.clip(sheet.row_count, sheet.column_count)
    )
    return {
        "namedRangeId": name.id,
        "name": name.name,
        "range": to_json(rect, name.sheet_id),
    }
