"""Cells as requests write them: CellData merged into a cell by a field mask, typed values, copies.

What a cell looks like in an answer is left to render.py.
"""

from __future__ import annotations

import marshal
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sheetsync.emulator.errors import bad
from sheetsync.emulator.model import dialect, formulas
from sheetsync.emulator.model import user_entered as typed
from sheetsync.emulator.model.evaluate import today
from sheetsync.emulator.model.grid import Cell, Formula, Note, Rule
from sheetsync.emulator.wire.masks import EVERYTHING, covers, merge
from sheetsync.emulator.wire.masks import below as mask_below

if TYPE_CHECKING:
    from sheetsync.emulator.model.grid import Book, Json, Look, Sheet, Value
    from sheetsync.emulator.model.rects import Rect
    from sheetsync.emulator.wire.masks import Tree

_TWINS = ("backgroundColor", "foregroundColor", "color", "tabColor")
# Whole numbers below it are exact in a float, which is what Google has
_EXACT = 2**53
# Of marshal: equal values give equal bytes
_NO_REFERENCES = 2
_SEVERAL = (
    "ONE_OF_LIST",
    "BOOLEAN",
    "TEXT_NOT_EQ",
    "DATE_NOT_EQ",
)  # conditions of any number of values
_ALONE = ("BLANK", "NOT_BLANK", "TEXT_IS_EMAIL", "TEXT_IS_URL", "DATE_IS_VALID")
_NOT_EMULATED = (
    "pivotTable",
    "dataSourceTable",
    "dataSourceFormula",
    "chipRuns",
)


def value_of(book: Book, data: Json) -> Value:
    """Give the value of an ExtendedValue; a formula is read as the book's locale writes it."""
    given = [name for name in data if name != "errorValue"]
    if "errorValue" in data:
        raise bad("Cannot set an error value: errorValue is read-only")
    if len(given) > 1:
        raise bad(
            f"oneof field 'value' is already set. Cannot set '{given[1]}'"
        )
    if not given:
        return None
    value = data[given[0]]
    if given[0] == "formulaValue":
        if not value.startswith("="):
            raise bad(
                f"Invalid formula: {value[:100]!r} does not begin with '='"
            )
        return _named(
            book,
            Formula(dialect.stored(check_length(book, value), book.locale)),
        )
    if given[0] == "stringValue":
        return check_length(book, value) or None
    return value if isinstance(value, bool) else number(value)


def _named(book: Book, formula: Formula) -> Formula:
    """Give a formula with its references as Google keeps them.

    Letters large, tabs as they are titled.
    """

    def title(tab: str) -> str:
        sheet = book.by_title(tab)
        return tab if sheet is None else sheet.title

    return Formula(formulas.canonical(formula.text, title))


def number(given: float) -> int | float:
    """Give a number as it is kept: whole ones as int."""
    if isinstance(given, int):
        try:
            return given if abs(given) < _EXACT else float(given)
        except OverflowError as error:
            raise bad(
                "Invalid JSON payload received. Parse error: a number is out of range"
            ) from error
    return int(given) if given == int(given) and abs(given) < _EXACT else given


def check_length(book: Book, text: str) -> str:
    """Give the text unless it is longer than a cell may be."""
    if len(text) > book.limits.text:
        raise bad(
            f"Your input contains more than the maximum of {book.limits.text} characters in a "
            f"single cell."
        )
    return text


def twinned(data: Any) -> Any:
    """JSON whose colors stand in both fields, the old one and the one called …Style.

    The newer one counts.
    """
    if isinstance(data, list):
        return [twinned(item) for item in data]
    if not isinstance(data, dict):
        return data
    out = {
        name: twinned(value) if name not in _TWINS else value
        for name, value in data.items()
    }
    for name in _TWINS:
        style = out.get(f"{name}Style")
        if isinstance(style, dict) and "rgbColor" in style:
            out[name] = style["rgbColor"]
        elif isinstance(style, dict):
            out.pop(name, None)
        elif name in out:
            out[f"{name}Style"] = {"rgbColor": out[name]}
    return out


def twinned_mask(tree: Tree) -> Tree:
    """Give a mask that names both fields of each color it names."""
    out: Tree = {}
    for name, child in tree.items():
        bare = name.removesuffix("Style")
        if bare in _TWINS:
            out[bare] = out[f"{bare}Style"] = {}
        else:
            out[name] = twinned_mask(child)
    return out


def check_mask(tree: Tree) -> None:
    """ApiError 400 for fields of a cell that are not emulated: no edit is lost in silence."""
    for name in _NOT_EMULATED:
        if name in tree:
            raise bad(f"not emulated: {name}")


def apply(book: Book, cell: Cell, data: Json, tree: Tree) -> Cell:
    """Give the cell with the masked fields of a CellData.

    Validation is left to place_validation.
    """
    if covers(tree, "userEnteredValue"):
        value = value_of(book, data.get("userEnteredValue", {}))
        cell = Cell(value, cell.look, cell.note, (), cell.rich)
    if covers(tree, "userEnteredFormat"):
        mask = mask_below(tree, "userEnteredFormat")
        cell = set_format(book, cell, data.get("userEnteredFormat", {}), mask)
    if covers(tree, "note"):
        cell = replace(cell, note=_note(cell.note, data.get("note", "")))
    if covers(tree, "textFormatRuns") and (
        isinstance(cell.value, str) or "textFormatRuns" in tree
    ):
        cell = replace(
            cell, runs=_runs(cell, data.get("textFormatRuns", [])), rich=None
        )
    return cell


def set_format(book: Book, cell: Cell, form: Json, tree: Tree) -> Cell:
    """Set the masked parts of a CellFormat.

    Under a mask of all, nothing of the old format stays.
    """
    old = cell.look
    # Thousands of cells of a request get the same format, and finding it out takes long.
    key = (
        None if old is None else (old.base, old.key),
        marshal.dumps(form, _NO_REFERENCES),
        marshal.dumps(tree, _NO_REFERENCES),
    )
    if key not in book.set_formats:
        book.set_formats[key] = _formatted(book, old, form, tree)
    return Cell(
        cell.value, book.set_formats[key], cell.note, cell.runs, cell.rich
    )


def _formatted(
    book: Book, old: Look | None, form: Json, tree: Tree
) -> Look | None:
    new = twinned(form)
    if tree:
        new = merge(dict(old.json) if old else {}, new, twinned_mask(tree))
    return book.look(new, old.base if old and new else 0)


_LINE, _LEAST, _WIDE = 32, 2, 230
"""Letters of a line in a wide box; lines up to which a box is of the usual size.

The width of a wide one.
"""


def _note(old: Note | None, text: str) -> Note | None:
    if not text:
        return None
    width, height = _box(text)
    if old is None:
        return Note(text, width, height)
    # A box that somebody has drawn keeps its size.
    return (
        replace(old, text=text, width=width, height=height)
        if (old.width, old.height) == _box(old.text)
        else replace(old, text=text)
    )


def _box(text: str) -> tuple[float, float]:
    """Return the width and height, in pixels, of a box that shows a whole note.

    Spreadsheet programs do not fit it to its text.
    """
    lines = sum(max(1, -(-len(line) // _LINE)) for line in text.split("\n"))
    return (144, 79) if lines <= _LEAST else (_WIDE, 15 + lines * 17)


def _runs(cell: Cell, runs: list[Json]) -> tuple[Json, ...]:
    if not runs:
        return ()
    if not isinstance(cell.value, str):
        raise bad("textFormatRuns can only be set on cells with text")
    starts = [run.get("startIndex", 0) for run in runs]
    if (
        starts != sorted(set(starts))
        or starts[-1] >= len(cell.value.encode("utf-16-le")) // 2
        or starts[0] < 0
    ):
        raise bad(
            "textFormatRuns.startIndex must ascend and lie inside the text"
        )
    return tuple(twinned(run) for run in runs)


def enter(book: Book, cell: Cell, given: Any, *, parse: bool) -> Cell:
    """Give the cell after a values call wrote `given` into it.

    `parse`: as if a person had typed it.
    """
    if isinstance(given, str):
        check_length(book, given)
    text_format = (
        cell.look is not None
        and cell.look.json.get("numberFormat", {}).get("type") == "TEXT"
    )
    if not parse or not isinstance(given, str) or text_format:
        return replace(cell, value=_raw(given), runs=())
    value, number_format = typed.read(given, book.locale, lambda: today(book))
    value = (
        _named(book, value)
        if isinstance(value, Formula)
        else number(value)
        if type(value) is float
        else value
    )
    out = replace(cell, value=value, runs=())
    if number_format and not (cell.look and "numberFormat" in cell.look.json):
        out = set_format(
            book,
            out,
            {"numberFormat": number_format},
            {"numberFormat": EVERYTHING},
        )
    return out


def _raw(given: Any) -> Value:
    if isinstance(given, (int, float)) and not isinstance(given, bool):
        return number(given)
    return (
        given or None
        if isinstance(given, str)
        else (given if isinstance(given, bool) else None)
    )


def place_validation(sheet: Sheet, rect: Rect, rule: Rule | None) -> None:
    """Lay a validation over a rectangle, or take away what is there (None).

    Neighbours with the same rule join.
    """
    out: list[Rule] = []
    for old in sheet.validations:
        rects = tuple(
            part for old_rect in old.rects for part in old_rect.minus(rect)
        )
        if rects:
            out.append(old if rects == old.rects else replace(old, rects=rects))
    if rule is not None:
        same = next(
            (
                i
                for i, old in enumerate(out)
                if (old.json, old.source) == (rule.json, rule.source)
            ),
            None,
        )
        if same is None:
            out.append(replace(rule, rects=(rect,)))
        else:
            out[same] = replace(out[same], rects=_joined(out[same].rects, rect))
    sheet.validations = out


def _joined(rects: tuple[Rect, ...], new: Rect) -> tuple[Rect, ...]:
    for i, rect in enumerate(rects):
        if (rect.left, rect.right, rect.bottom) == (
            new.left,
            new.right,
            new.top,
        ):
            return (
                *rects[:i],
                rect._replace(bottom=new.bottom),
                *rects[i + 1 :],
            )
        if (rect.left, rect.right, rect.top) == (
            new.left,
            new.right,
            new.bottom,
        ):
            return (*rects[:i], rect._replace(top=new.top), *rects[i + 1 :])
    return (*rects, new)


def condition_values(rule: Json) -> list[str]:
    """Give the values of a rule's condition, as texts."""
    values = rule.get("condition", rule).get("values", [])
    return [
        str(v.get("userEnteredValue", v.get("relativeDate", "")))
        for v in values
    ]


def check_rule(rule: Json) -> Json:
    """Give a DataValidationRule that can be kept; ApiError 400 otherwise."""
    condition = rule.get("condition", {})
    kind = condition.get("type")
    if not kind or kind == "CONDITION_TYPE_UNSPECIFIED":
        raise bad("rule.condition.type is required")
    _check_count(kind, len(condition.get("values", [])))
    return rule


def _check_count(kind: str, count: int) -> None:
    """ApiError 400 where a condition has more or fewer values than its type takes."""
    if kind == "ONE_OF_LIST" and count == 0:
        raise bad(
            f"ConditionType '{kind}' requires at least one ConditionValue"
        )
    if kind in _SEVERAL:
        return
    wanted = 2 if kind.endswith("BETWEEN") else 0 if kind in _ALONE else 1
    if count != wanted:
        words = (
            "no ConditionValues",
            "exactly one ConditionValue",
            "exactly two ConditionValues",
        )[wanted]
        raise bad(
            f"ConditionType '{kind}' requires {words}, but {count} values were supplied."
        )
