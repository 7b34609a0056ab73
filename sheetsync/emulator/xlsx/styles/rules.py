"""Data validations and conditional formats between openpyxl's objects and Google's JSON.

A rule that Google's language cannot say gives None and is kept as it is; where rules stand is left
to the callers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sheetsync.emulator.model.cells import condition_values
from sheetsync.emulator.model.formulas import for_file, from_file
from sheetsync.emulator.model.number_format import decimal_mark
from sheetsync.emulator.xlsx.styles.styles import (
    Palette,
    both_colors,
    fill_of,
    font_json,
    rgb_of,
)

if TYPE_CHECKING:
    from sheetsync.emulator.model.grid import Json

_OPERATORS = {
    "NUMBER_GREATER": "greaterThan",
    "NUMBER_GREATER_THAN_EQ": "greaterThanOrEqual",
    "NUMBER_LESS": "lessThan",
    "NUMBER_LESS_THAN_EQ": "lessThanOrEqual",
    "NUMBER_EQ": "equal",
    "NUMBER_NOT_EQ": "notEqual",
    "NUMBER_BETWEEN": "between",
    "NUMBER_NOT_BETWEEN": "notBetween",
}
_NUMBERS = {value: name for name, value in _OPERATORS.items()}
_DATES = {
    "DATE_AFTER": "greaterThan",
    "DATE_ON_OR_AFTER": "greaterThanOrEqual",
    "DATE_BEFORE": "lessThan",
    "DATE_ON_OR_BEFORE": "lessThanOrEqual",
    "DATE_EQ": "equal",
    "DATE_BETWEEN": "between",
    "DATE_NOT_BETWEEN": "notBetween",
}
_DATES_BACK = {value: name for name, value in _DATES.items()}
_RELATIVE = {
    "TODAY": "TODAY()",
    "TOMORROW": "TODAY()+1",
    "YESTERDAY": "TODAY()-1",
    "PAST_WEEK": "TODAY()-7",
    "PAST_MONTH": "EDATE(TODAY(),-1)",
    "PAST_YEAR": "EDATE(TODAY(),-12)",
}
_RELATIVE_BACK = {value: name for name, value in _RELATIVE.items()}
# Serials of all dates that Excel knows: "is a date"
_ANY_DATE = ("1", "2958465")
_LIST_LIMIT = 255  # an inline list in an .xlsx is no longer than this
_POINTS = {
    "min": "MIN",
    "max": "MAX",
    "num": "NUMBER",
    "percent": "PERCENT",
    "percentile": "PERCENTILE",
}
_COLOR_FIELDS = ("backgroundColor", "backgroundColorStyle")


def _values(*texts: str | None) -> list[Json]:
    out: list[Json] = []
    for text in texts:
        if text is None:
            continue
        if text in _RELATIVE_BACK:
            out.append({"relativeDate": _RELATIVE_BACK[text]})
        else:
            number = re.fullmatch(r"-?\d+(\.\d+)?", text)
            out.append(
                {
                    "userEnteredValue": text
                    if number or text.startswith('"')
                    else "=" + from_file(text)
                }
            )
    return out


def fingerprint(source: Any) -> str:
    """Tell what tells a rule of a file from others: its condition.

    Saved beside Google's own words for it.
    """
    formulas = getattr(source, "formula", None) or [
        getattr(source, n, None) for n in ("formula1", "formula2")
    ]
    return "|".join(
        str(part) for part in (source.type, source.operator, *formulas)
    )


def validation_json(source: Any) -> Json | None:
    """Give a DataValidation of openpyxl as Google's DataValidationRule."""
    condition = _validation_condition(source)
    if condition is None:
        return None
    out: Json = {"condition": condition}
    if source.prompt:
        out["inputMessage"] = source.prompt
    if source.showErrorMessage and source.errorStyle in (None, "stop"):
        out["strict"] = True
    if (
        condition["type"] in ("ONE_OF_LIST", "ONE_OF_RANGE")
        and not source.hide_drop_down
    ):
        out["showCustomUi"] = True
    return out


def _validation_condition(source: Any) -> Json | None:
    kind, first, second = source.type, source.formula1, source.formula2
    if kind == "list" and first:
        return _list_condition(str(first))
    if kind == "custom" and first:
        return {
            "type": "CUSTOM_FORMULA",
            "values": [{"userEnteredValue": "=" + from_file(str(first))}],
        }
    operator = source.operator or "between"
    if (
        kind == "date"
        and operator == "between"
        and (first, second) == _ANY_DATE
    ):
        return {"type": "DATE_IS_VALID"}
    name = {"decimal": _NUMBERS, "whole": _NUMBERS, "date": _DATES_BACK}.get(
        kind, {}
    ).get(operator)
    return {"type": name, "values": _values(first, second)} if name else None


def _list_condition(text: str) -> Json:
    if text.upper() == '"TRUE,FALSE"':
        return {"type": "BOOLEAN"}
    if text.startswith('"'):
        items = text.strip('"').replace('""', '"').split(",")
        return {
            "type": "ONE_OF_LIST",
            "values": [{"userEnteredValue": item.strip()} for item in items],
        }
    return {
        "type": "ONE_OF_RANGE",
        "values": [{"userEnteredValue": "=" + from_file(text)}],
    }


def _bare(text: str, locale: str = "en_US") -> str:
    """Give a condition's value as a formula of the file: without "=", dates as serials."""
    if text.startswith("="):
        return for_file(text)[1:]
    if text in _RELATIVE:
        return _RELATIVE[text]
    # Typing and rules know each other only here.
    from sheetsync.emulator.model.user_entered import read  # noqa: PLC0415

    value, _ = read(text, locale)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return '"' + text.replace('"', '""') + '"'


def validation_source(rule: Json, locale: str) -> Any | None:
    """Google's DataValidationRule as an openpyxl DataValidation without cells.

    None where a file cannot say it.
    """
    # Loaded for files only.
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    fields = _validation_fields(rule, locale)
    if fields is None:
        return None
    out = DataValidation(
        allow_blank=True, showErrorMessage=bool(rule.get("strict")), **fields
    )
    if rule.get("inputMessage"):
        out.prompt, out.showInputMessage = str(rule["inputMessage"])[:255], True
    if fields["type"] == "list":
        out.showDropDown = not rule.get("showCustomUi", False)
    return out


# One return a family of rules
def _validation_fields(rule: Json, locale: str) -> Json | None:
    kind = rule.get("condition", {}).get("type", "")
    values = condition_values(rule)
    if kind == "ONE_OF_LIST":
        text = ",".join(values)
        inline = len(text) <= _LIST_LIMIT and not any(
            "," in value for value in values
        )
        return (
            {"type": "list", "formula1": '"' + text.replace('"', '""') + '"'}
            if inline
            else None
        )
    if kind == "ONE_OF_RANGE" and values:
        return {
            "type": "list",
            "formula1": _bare(
                values[0] if values[0].startswith("=") else "=" + values[0]
            ),
        }
    if kind == "BOOLEAN":
        return None if values else {"type": "list", "formula1": '"TRUE,FALSE"'}
    if kind == "DATE_IS_VALID":
        return {
            "type": "date",
            "operator": "between",
            "formula1": _ANY_DATE[0],
            "formula2": _ANY_DATE[1],
        }
    operator = _OPERATORS.get(kind) or _DATES.get(kind)
    if operator and values:
        bare = [_bare(value, locale) for value in values] + [None]
        type_ = "decimal" if kind in _OPERATORS else "date"
        return {
            "type": type_,
            "operator": operator,
            "formula1": bare[0],
            "formula2": bare[1],
        }
    if kind == "CUSTOM_FORMULA" and values:
        return {"type": "custom", "formula1": _bare(values[0])}
    return None


def conditional_json(source: Any, palette: Palette) -> Json | None:
    """Give a conditional format of openpyxl as a rule without ranges."""
    if source.type == "colorScale":
        return _gradient_json(source.colorScale, palette)
    condition = _conditional_condition(source)
    if condition is None:
        return None
    return {
        "booleanRule": {
            "condition": condition,
            "format": _dxf_json(source.dxf, palette),
        }
    }


def _gradient_json(scale: Any, palette: Palette) -> Json | None:
    """Give a color scale as gradientRule.

    None where a point is a formula or has no color that can be told.
    """
    names = (
        ("minpoint", "maxpoint")
        if len(scale.cfvo) == 2  # noqa: PLR2004  # two ends, or a middle too
        else ("minpoint", "midpoint", "maxpoint")
    )
    out: Json = {}
    for name, point, color in zip(names, scale.cfvo, scale.color, strict=False):
        told = palette.json(color)
        if point.type not in _POINTS or told is None:
            return None
        out[name] = {**both_colors("color", told), "type": _POINTS[point.type]}
        if point.type not in ("min", "max") and point.val is not None:
            out[name]["value"] = f"{float(point.val):g}"
    return {"gradientRule": out} if len(out) == len(names) else None


def _dxf_json(dxf: Any, palette: Palette) -> Json:
    out: Json = {}
    if dxf is None:
        return out
    if dxf.font is not None:
        text = font_json(dxf.font, None, palette)
        out.update({"textFormat": text} if text else {})
    if dxf.fill is not None:
        color = palette.json(dxf.fill.bgColor)
        if color is not None:
            out.update(both_colors("backgroundColor", color))
    return out


def _conditional_condition(source: Any) -> Json | None:
    formulas = [str(formula) for formula in source.formula or []]
    if source.type == "expression" and formulas:
        return {
            "type": "CUSTOM_FORMULA",
            "values": [{"userEnteredValue": "=" + from_file(formulas[0])}],
        }
    if source.type == "cellIs" and source.operator in _NUMBERS and formulas:
        text = re.fullmatch(r'"((?:[^"]|"")*)"', formulas[0])
        if text and source.operator == "equal":
            return {
                "type": "TEXT_EQ",
                "values": [{"userEnteredValue": text[1].replace('""', '"')}],
            }
        values = _values(*formulas[:2])
        if (
            any("relativeDate" in value for value in values)
            and source.operator in _DATES_BACK
        ):
            return {"type": _DATES_BACK[source.operator], "values": values}
        return {"type": _NUMBERS[source.operator], "values": values}
    texts = {
        "containsText": "TEXT_CONTAINS",
        "beginsWith": "TEXT_STARTS_WITH",
        "endsWith": "TEXT_ENDS_WITH",
    }
    if source.type in texts and source.text:
        return {
            "type": texts[source.type],
            "values": [{"userEnteredValue": source.text}],
        }
    blank = {"containsBlanks": "BLANK", "notContainsBlanks": "NOT_BLANK"}
    return {"type": blank[source.type]} if source.type in blank else None


def conditional_source(rule: Json, corner: str, locale: str) -> Any | None:
    """Google's rule as an openpyxl Rule; `corner` is the A1 of its ranges' first cell.

    None where that fails.
    """
    # Loaded for files only.
    from openpyxl.formatting.rule import Rule  # noqa: PLC0415

    boolean = rule.get("booleanRule")
    if boolean is None:
        return (
            _gradient(rule["gradientRule"], locale)
            if "gradientRule" in rule
            else None
        )
    fields = _conditional_fields(boolean.get("condition", {}), corner, locale)
    return (
        None
        if fields is None
        else Rule(dxf=_dxf(boolean.get("format", {})), **fields)
    )


def _conditional_fields(
    condition: Json, corner: str, locale: str
) -> Json | None:
    kind, values = condition.get("type", ""), condition_values(condition)
    if kind == "CUSTOM_FORMULA" and values:
        return {"type": "expression", "formula": [_bare(values[0])]}
    if kind == "BLANK":
        return {"type": "containsBlanks", "formula": [f"LEN(TRIM({corner}))=0"]}
    if kind == "NOT_BLANK":
        return {
            "type": "notContainsBlanks",
            "formula": [f"LEN(TRIM({corner}))>0"],
        }
    operator = _OPERATORS.get(kind) or _DATES.get(kind)
    if operator and values:
        bare = [_bare(value, locale) for value in values[:2]]
        if kind in _DATES and operator.startswith(
            "less"
        ):  # a blank cell counts as 0 and is no early date
            sign = "<=" if "Equal" in operator else "<"
            return {
                "type": "expression",
                "formula": [f'AND({corner}<>"",{corner}{sign}{bare[0]})'],
            }
        return {"type": "cellIs", "operator": operator, "formula": bare}
    return _text_fields(kind, values, corner)


def _text_fields(kind: str, values: list[str], corner: str) -> Json | None:
    if not values:
        return None
    text = '"' + values[0].replace('"', '""') + '"'
    size = len(values[0])
    if kind == "TEXT_EQ":
        return {"type": "cellIs", "operator": "equal", "formula": [text]}
    formulas = {
        "TEXT_CONTAINS": (
            "containsText",
            "containsText",
            f"NOT(ISERROR(SEARCH({text},{corner})))",
        ),
        "TEXT_NOT_CONTAINS": (
            "notContainsText",
            "notContains",
            f"ISERROR(SEARCH({text},{corner}))",
        ),
        "TEXT_STARTS_WITH": (
            "beginsWith",
            "beginsWith",
            f"LEFT({corner},{size})={text}",
        ),
        "TEXT_ENDS_WITH": (
            "endsWith",
            "endsWith",
            f"RIGHT({corner},{size})={text}",
        ),
    }
    if kind not in formulas:
        return None
    type_, operator, formula = formulas[kind]
    return {
        "type": type_,
        "operator": operator,
        "text": values[0],
        "formula": [formula],
    }


def _dxf(form: Json) -> Any:
    # Loaded for files only.
    from openpyxl.styles import Color, Font, PatternFill  # noqa: PLC0415
    from openpyxl.styles.differential import DifferentialStyle  # noqa: PLC0415  # as above

    text = form.get("textFormat", {})
    code = rgb_of(text.get("foregroundColor"), text.get("foregroundColorStyle"))
    font = Font(
        b=text.get("bold"),
        i=text.get("italic"),
        strike=text.get("strikethrough"),
        u="single" if text.get("underline") else None,
        color=None if code is None else Color(rgb="FF" + code),
    )
    back = any(name in form for name in _COLOR_FIELDS)
    color = fill_of(form).fgColor
    fill = (
        PatternFill(fill_type="solid", bgColor=color, fgColor=color)
        if back
        else None
    )
    return DifferentialStyle(font=font if text else None, fill=fill)


def _gradient(gradient: Json, locale: str) -> Any | None:
    # Loaded for files only.
    from openpyxl.formatting.rule import ColorScaleRule  # noqa: PLC0415

    kinds = {
        "MIN": "min",
        "MAX": "max",
        "NUMBER": "num",
        "PERCENT": "percent",
        "PERCENTILE": "percentile",
    }
    fields: Json = {}
    for place, name in (
        ("start", "minpoint"),
        ("mid", "midpoint"),
        ("end", "maxpoint"),
    ):
        point = gradient.get(name)
        if point is None:
            continue
        fields[f"{place}_type"] = kinds.get(
            point.get("type", ""), "min" if place == "start" else "max"
        )
        fields[f"{place}_color"] = "FF" + (
            rgb_of(point.get("color"), point.get("colorStyle")) or "FFFFFF"
        )
        if "value" in point:
            value = str(point["value"])
            fields[f"{place}_value"] = (
                float(value.replace(decimal_mark(locale), "."))
                if value
                else None
            )
    try:
        # openpyxl left it untyped.
        return ColorScaleRule(**fields)  # type: ignore[no-untyped-call]
    except (TypeError, ValueError):
        return None
