"""A cell's effectiveFormat.

The defaults, banding, the cell's own format, links, and the conditional formats that hold.

Which cells are shown, and the rest of what an answer tells of them, is left to render.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sheetsync.emulator.model import gradients
from sheetsync.emulator.model.banding import color_at
from sheetsync.emulator.model.conditions import holds
from sheetsync.emulator.model.display import format_in, formatted
from sheetsync.emulator.model.formulas import copied
from sheetsync.emulator.model.grid import ErrorValue, Formula

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheetsync.emulator.model.evaluate import Computation
    from sheetsync.emulator.model.grid import (
        Book,
        Cell,
        Json,
        Rule,
        Sheet,
        Value,
    )

_BLACK: dict[str, Any] = {}
_WHITE = {"red": 1, "green": 1, "blue": 1}
_BLUE = {"red": 0.06666667, "green": 0.33333334, "blue": 0.8}
DEFAULT_FORMAT: dict[str, Any] = {
    "backgroundColor": _WHITE,
    "padding": {"top": 2, "right": 3, "bottom": 2, "left": 3},
    "verticalAlignment": "BOTTOM",
    "wrapStrategy": "OVERFLOW_CELL",
    "textFormat": {
        "foregroundColor": _BLACK,
        "fontFamily": "arial,sans,sans-serif",
        "fontSize": 10,
        "bold": False,
        "italic": False,
        "strikethrough": False,
        "underline": False,
        "foregroundColorStyle": {"rgbColor": _BLACK},
    },
    "backgroundColorStyle": {"rgbColor": _WHITE},
}
LINKED = {
    "foregroundColor": _BLUE,
    "underline": True,
    "foregroundColorStyle": {"rgbColor": _BLUE},
}
_TEXT = {**DEFAULT_FORMAT["textFormat"], "fontFamily": "Arial"}


class Effective:
    """Tells the format in which the cells of one tab are seen."""

    def __init__(
        self, book: Book, sheet: Sheet, computed: Callable[[], Computation]
    ) -> None:
        self.book = book
        self.sheet = sheet
        self._computed = computed
        self._rules = [
            rule
            for rule in sheet.conditionals
            if rule.json is not None and rule.rects
        ]
        self._scales: dict[int, Callable[[float], Json] | None] = {}

    def number_format(self, cell: Cell, row: int, column: int) -> Json | None:
        """Give the number format in force, that of a formula's result included."""
        form = format_in(self.book, self.sheet, cell)
        if form is None and isinstance(cell.value, Formula):
            kind = self._computed().kind(self.sheet, row, column)
            return {"type": kind} if kind else None
        return form

    def format(
        self, cell: Cell, value: Value, at: tuple[int, int], link: str | None
    ) -> Json | None:
        """Give the effectiveFormat of the cell at (row, column); `value` is its computed value."""
        band = color_at(self.sheet, *at)
        said = self._said_by_rules(cell, value, at) if self._rules else {}
        if value is None and cell.is_blank() and band is None and not said:
            return None
        own: Json = dict(cell.look.json) if cell.look else {}
        text = {
            **_TEXT,
            **(_linked(link) if link else {}),
            **own.get("textFormat", {}),
        }
        out: Json = {**DEFAULT_FORMAT, **_background(band), **_alignment(value)}
        if value is not None:
            out["hyperlinkDisplayType"] = "LINKED" if link else "PLAIN_TEXT"
        form = self.number_format(cell, *at)
        form = {"numberFormat": form} if form else {}
        return {
            **out,
            **own,
            **form,
            **said,
            "textFormat": {**text, **said.get("textFormat", {})},
        }

    def _said_by_rules(
        self, cell: Cell, value: Value, at: tuple[int, int]
    ) -> Json:
        """Give what conditional formats say.

        Where two of them say something, the first one counts.
        """
        out: Json = {}
        form = self.number_format(cell, *at)
        for index in range(len(self._rules) - 1, -1, -1):
            rule = self._rules[index]
            if any(rect.has(*at) for rect in rule.rects):
                said = self._said(index, rule, value, at, form)
                text = {
                    **out.get("textFormat", {}),
                    **said.get("textFormat", {}),
                }
                out = {**out, **said, **({"textFormat": text} if text else {})}
        return out

    def _said(
        self,
        index: int,
        rule: Rule,
        value: Value,
        at: tuple[int, int],
        form: Json | None,
    ) -> Json:
        json = rule.json or {}
        if "gradientRule" in json:
            scale = self._scale(index, rule)
            if (
                scale is None
                or isinstance(value, bool)
                or not isinstance(value, (int, float))
            ):
                return {}
            color = scale(value)
            return {
                "backgroundColor": color,
                "backgroundColorStyle": {"rgbColor": color},
            }
        boolean = json.get("booleanRule", {})
        condition = _moved(boolean.get("condition", {}), rule, at)
        shown = formatted(value, form, self.book.locale)
        fits = holds(
            condition,
            value,
            shown,
            self.book.locale,
            lambda text: self._compute(at[0], text),
        )
        return dict(boolean.get("format", {})) if fits else {}

    def _compute(self, row: int, text: str) -> Value:
        return self._computed().trial(self.sheet, row, text)

    def _scale(self, index: int, rule: Rule) -> Callable[[float], Json] | None:
        if index not in self._scales:
            values: list[float] = []
            for rect in rule.rects:
                inside = rect.clip(
                    len(self.sheet.rows), self.sheet.column_count
                )
                for row in range(inside.top, inside.bottom):
                    values.extend(self._numbers(row, inside.left, inside.right))
            gradient = (rule.json or {})["gradientRule"]
            self._scales[index] = gradients.scale(
                gradient,
                values,
                self.book.locale,
                lambda text: self._compute(0, text),
            )
        return self._scales[index]

    def _numbers(self, row: int, left: int, right: int) -> list[float]:
        computed = self._computed()
        columns = [
            column for column in self.sheet.row(row) if left <= column < right
        ]
        found = [computed.value(self.sheet, row, column) for column in columns]
        return [
            value
            for value in found
            if isinstance(value, (int, float)) and not isinstance(value, bool)
        ]


def _linked(link: str) -> Json:
    return {**LINKED, "link": {"uri": link}}


def _background(band: Json | None) -> Json:
    if band is None:
        return {}
    color = {"backgroundColor": band["rgbColor"]} if "rgbColor" in band else {}
    return {**color, "backgroundColorStyle": band}


def _alignment(value: Value) -> Json:
    """Tell where a value stands of itself.

    Texts left, numbers right, truths and errors in the middle.
    """
    if value is None or value == "":
        return {}
    if isinstance(value, (bool, ErrorValue)):
        return {"horizontalAlignment": "CENTER"}
    return {
        "horizontalAlignment": "LEFT" if isinstance(value, str) else "RIGHT"
    }


def _moved(condition: Json, rule: Rule, at: tuple[int, int]) -> Json:
    """Give the condition with its relative references moved from the rule's first cell to here."""
    first = rule.rects[0]
    down, right = at[0] - first.top, at[1] - first.left
    if not (down or right) or "values" not in condition:
        return condition
    values = []
    for item in condition["values"]:
        text = str(item.get("userEnteredValue", ""))
        values.append(
            {**item, "userEnteredValue": copied(text, down, right)}
            if text.startswith("=")
            else item
        )
    return {**condition, "values": values}
