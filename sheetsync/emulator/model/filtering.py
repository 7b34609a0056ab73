"""Filters: criteria of a basic filter or a filter view in one form, and the rows it hides.

A filter decides when it is set, as Google's editor does; edits after that hide and show nothing.
Requests are in api/requests/filters.py.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from sheetsync.emulator.model.conditions import holds
from sheetsync.emulator.model.display import format_in, formatted
from sheetsync.emulator.model.formulas import copied
from sheetsync.emulator.model.grid import Cell, Formula, Line
from sheetsync.emulator.model.rects import OPEN, Rect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sheetsync.emulator.model.grid import Book, Json, Sheet, Value

_WHITE = {"red": 1, "green": 1, "blue": 1}


def normal(json: Json) -> Json:
    """Give a filter's JSON with its criteria as filterSpecs only.

    Where both are given, filterSpecs count.
    """
    out = {
        name: value
        for name, value in json.items()
        if name not in ("criteria", "filterSpecs")
    }
    specs = json.get("filterSpecs")
    if specs is None:
        criteria = json.get("criteria", {})
        specs = [
            {"columnIndex": int(key), "filterCriteria": criteria[key]}
            for key in sorted(criteria, key=int)
        ]
    if specs:
        out["filterSpecs"] = [
            {"columnIndex": 0, "filterCriteria": {}, **spec} for spec in specs
        ]
    return out


def told(json: Json) -> Json:
    """Give the same as answers have it: criteria beside filterSpecs."""
    specs = json.get("filterSpecs")
    if not specs:
        return {
            name: value for name, value in json.items() if name != "filterSpecs"
        }
    return {
        **json,
        "criteria": {
            str(spec["columnIndex"]): spec["filterCriteria"] for spec in specs
        },
    }


def moved(json: Json, cut: Any) -> Json:
    """Give a filter's JSON after rows or columns came, went or moved.

    Criteria of columns that are gone go too.
    """
    out = dict(json)
    for name, key in (
        ("filterSpecs", "columnIndex"),
        ("sortSpecs", "dimensionIndex"),
    ):
        if name not in json:
            continue
        places = [
            (spec, cut.rect(_column(spec.get(key, 0)))) for spec in json[name]
        ]
        kept = [
            {**spec, key: place.left}
            for spec, place in places
            if place is not None
        ]
        out.pop(name)
        if kept:
            out[name] = kept
    return out


def _column(index: int) -> Rect:
    return Rect(0, OPEN, index, index + 1)


class Values(Protocol):
    """Whoever knows what formulas come to: a Computation, or what a file holds of them."""

    def value(self, sheet: Sheet, row: int, column: int) -> Value:
        """Give a cell's value; never a Formula."""


class Seen:
    """What a tab's cells hold and show, formulas computed."""

    def __init__(self, book: Book, sheet: Sheet, computed: Values) -> None:
        self.book = book
        self.sheet = sheet
        self.computed = computed

    def value(self, row: int, column: int) -> Value:
        """Give a cell's value, never a Formula."""
        return self.computed.value(self.sheet, row, column)

    def text(self, row: int, column: int) -> str:
        """Give what people see in it."""
        form = format_in(self.book, self.sheet, self.sheet.cell(row, column))
        return formatted(self.value(row, column), form, self.book.locale)


def failing(seen: Seen, rect: Rect, json: Json) -> set[int]:
    """Give the rows below the header of `rect` that do not fulfil the filter's criteria."""
    out: set[int] = set()
    for spec in json.get("filterSpecs", []):
        rows = range(rect.top + 1, min(rect.bottom, seen.sheet.row_count))
        out.update(
            _failing(seen, rows, spec["columnIndex"], spec["filterCriteria"])
        )
    return out


def _failing(
    seen: Seen, rows: range, column: int, criteria: Json
) -> Iterable[int]:
    hidden = set(criteria.get("hiddenValues", []))
    condition = criteria.get("condition")
    fulfil = (
        set(rows)
        if condition is None
        else _fulfilling(seen, rows, column, condition)
    )
    for row in rows:
        if (
            row not in fulfil
            or seen.text(row, column) in hidden
            or not _colored(seen, row, column, criteria)
        ):
            yield row


def _fulfilling(
    seen: Seen, rows: range, column: int, condition: Json
) -> set[int]:
    """Give the rows that fulfil a condition.

    Its formulas are worked out together, as each run computes the book.
    """
    own = {row: _moved_condition(condition, row - rows.start) for row in rows}
    asked: dict[tuple[int, str], Value] = {}

    def check(row: int, compute: Callable[[str], Value]) -> bool:
        return holds(
            own[row],
            seen.value(row, column),
            seen.text(row, column),
            seen.book.locale,
            compute,
        )

    def note(row: int, text: str) -> None:
        asked[row, text] = None

    for row in rows:
        check(row, partial(note, row))
    if asked:
        asked = _computed(seen, asked)

    def computed(row: int, text: str) -> Value:
        return asked.get((row, text))

    return {row for row in rows if check(row, partial(computed, row))}


def _moved_condition(condition: Json, down: int) -> Json:
    if not down or "values" not in condition:
        return condition
    values = []
    for item in condition["values"]:
        text = str(item.get("userEnteredValue", ""))
        values.append(
            {**item, "userEnteredValue": copied(text, down, 0)}
            if text.startswith("=")
            else item
        )
    return {**condition, "values": values}


def _computed(
    seen: Seen, asked: dict[tuple[int, str], Value]
) -> dict[tuple[int, str], Value]:
    """Give the values of formulas as if each stood in its row, right of all that is filled."""
    if seen.book.compute is None:
        return asked
    draft = seen.book.copy()
    sheet = next(sheet for sheet in draft.sheets if sheet.id == seen.sheet.id)
    free = sheet.used()[1] + 1
    places: dict[tuple[int, str], int] = {}
    taken: dict[int, int] = {}
    for row, text in asked:
        places[row, text] = free + taken.get(row, 0)
        taken[row] = taken.get(row, 0) + 1
    for (row, text), column in places.items():
        sheet.put(row, column, Cell(Formula(text)))
    computed: Values = draft.compute(draft) if draft.compute else seen.computed
    return {
        (row, text): computed.value(sheet, row, column)
        for (row, text), column in places.items()
    }


def _colored(seen: Seen, row: int, column: int, criteria: Json) -> bool:
    look = seen.sheet.cell(row, column).look
    form = look.json if look is not None else {}
    back = _color(criteria, "visibleBackgroundColor")
    if back is not None and not _same(
        back, form.get("backgroundColor", _WHITE)
    ):
        return False
    front = _color(criteria, "visibleForegroundColor")
    return front is None or _same(
        front, form.get("textFormat", {}).get("foregroundColor", {})
    )


def _color(criteria: Json, name: str) -> Json | None:
    style = criteria.get(f"{name}Style", {}).get("rgbColor")
    found = criteria.get(name) if style is None else style
    return found if isinstance(found, dict) else None


def _same(one: Json, other: Json) -> bool:
    return all(
        round(one.get(part, 0) * 255) == round(other.get(part, 0) * 255)
        for part in ("red", "green", "blue")
    )


def hide(sheet: Sheet, rows: set[int]) -> None:
    """Let the basic filter hide these rows and no others."""
    known = {row for row, line in sheet.row_lines.items() if line.filtered}
    for row in known | rows:
        line = replace(sheet.row_lines.get(row, Line()), filtered=row in rows)
        if line == Line():
            sheet.row_lines.pop(row, None)
        else:
            sheet.row_lines[row] = line
