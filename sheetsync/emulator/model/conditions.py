"""Whether a cell fulfils a BooleanCondition: of a conditional format, a filter or a validation.

Which cells a rule is laid over, and what follows from it, is left to those who ask.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from sheetsync.emulator.model import user_entered as typed
from sheetsync.emulator.model.grid import ErrorValue, Formula

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheetsync.emulator.model.grid import Json, Value


_RELATIVE = {
    "PAST_YEAR": "=EDATE(TODAY(),-12)",
    "PAST_MONTH": "=EDATE(TODAY(),-1)",
    "PAST_WEEK": "=TODAY()-7",
    "YESTERDAY": "=TODAY()-1",
    "TODAY": "=TODAY()",
    "TOMORROW": "=TODAY()+1",
}
_EMAIL = re.compile(r"[^@\s,;<>\"]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_URL = re.compile(
    r"((https?|ftp)://|mailto:|www\.)\S+|[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}(/\S*)?",
    re.IGNORECASE,
)

_NUMBERS: dict[str, Callable[[float, list[float]], bool]] = {
    "GREATER": lambda value, given: value > given[0],
    "GREATER_THAN_EQ": lambda value, given: value >= given[0],
    "LESS": lambda value, given: value < given[0],
    "LESS_THAN_EQ": lambda value, given: value <= given[0],
    "BEFORE": lambda value, given: value < given[0],
    "ON_OR_BEFORE": lambda value, given: value <= given[0],
    "AFTER": lambda value, given: value > given[0],
    "ON_OR_AFTER": lambda value, given: value >= given[0],
    "EQ": lambda value, given: value in given,
    "NOT_EQ": lambda value, given: value not in given,
    "BETWEEN": lambda value, given: min(given) <= value <= max(given),
    "NOT_BETWEEN": lambda value, given: not min(given) <= value <= max(given),
}
_TEXTS: dict[str, Callable[[str, list[str]], bool]] = {
    "CONTAINS": lambda text, given: bool(_wild(given[0]).search(text)),
    "NOT_CONTAINS": lambda text, given: not _wild(given[0]).search(text),
    "STARTS_WITH": lambda text, given: text.startswith(given[0]),
    "ENDS_WITH": lambda text, given: text.endswith(given[0]),
    "EQ": lambda text, given: text in given,
    "NOT_EQ": lambda text, given: text not in given,
    "IS_EMAIL": lambda text, _: bool(_EMAIL.fullmatch(text.strip())),
    "IS_URL": lambda text, _: bool(_URL.fullmatch(text.strip())),
}


def holds(
    condition: Json,
    value: Value,
    shown_text: str,
    locale: str,
    compute: Callable[[str], Value],
) -> bool:
    """Whether a cell fulfils a BooleanCondition.

    `value` is the cell's computed value (never a Formula), `shown_text` what people see in it.
    `compute` gives the value of a formula text (with its "=", as stored: "," between arguments) as
    if it stood in that cell: references in the condition must have been moved by the caller from
    the first cell of the rule's range to this one. A condition that cannot be read, or compares
    with what is no number where one is needed, holds for no cell.
    """
    kind = str(condition.get("type", ""))
    given = condition.get("values", [])
    family, _, test = kind.partition("_")
    if kind in ("BLANK", "NOT_BLANK"):
        return (value is None or value == "") == (kind == "BLANK")
    if kind == "CUSTOM_FORMULA":
        return bool(given) and _true(_operand(given[0], locale, compute))
    if family == "TEXT" and test in _TEXTS:
        return _text(
            test,
            [_operand_text(item, locale, compute) for item in given],
            value,
            shown_text,
        )
    if family in ("NUMBER", "DATE") and test in _NUMBERS:
        return _number(
            kind, [_operand(item, locale, compute) for item in given], value
        )
    return _listed(kind, given, value, shown_text, compute)


def _true(value: Value) -> bool:
    return value is True or (isinstance(value, (int, float)) and value != 0)


def _operand(item: Json, locale: str, compute: Callable[[str], Value]) -> Value:
    """Give the value of a ConditionValue, read as if it were typed."""
    relative = _RELATIVE.get(str(item.get("relativeDate", "")))
    value = (
        compute(relative)
        if relative
        else typed.read(str(item.get("userEnteredValue", "")), locale)[0]
    )
    return compute(value.text) if isinstance(value, Formula) else value


def _operand_text(
    item: Json, locale: str, compute: Callable[[str], Value]
) -> str:
    text = str(item.get("userEnteredValue", ""))
    if not text.startswith("="):
        return text.removeprefix("'").casefold()
    value = _operand(item, locale, compute)
    return (
        ""
        if value is None or isinstance(value, ErrorValue)
        else str(value).casefold()
    )


def _text(test: str, given: list[str], value: Value, shown_text: str) -> bool:
    if isinstance(value, ErrorValue) or (
        not given and not test.startswith("IS_")
    ):
        return False
    if test not in ("NOT_CONTAINS", "NOT_EQ") and (
        value is None or value == ""
    ):
        return False
    return _TEXTS[test](shown_text.casefold(), given)


def _wild(text: str) -> re.Pattern[str]:
    """Read a text in which ? is any character and * any number of them.

    ~ before one of them takes that away.
    """
    parts = re.findall(r"~[?*~]|.", text, re.DOTALL)
    signs = {"?": ".", "*": ".*"}
    return re.compile(
        "".join(signs.get(part) or re.escape(part[-1]) for part in parts),
        re.DOTALL,
    )


def _number(kind: str, given: list[Value], value: Value) -> bool:
    family, _, test = kind.partition("_")
    numbers = [
        float(item)
        for item in given
        if isinstance(item, (int, float)) and not isinstance(item, bool)
    ]
    if len(numbers) < (2 if test.endswith("BETWEEN") else 1) or len(
        numbers
    ) < len(given):
        return False
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return (
            test == "NOT_EQ" and isinstance(value, (str, bool)) and value != ""
        )
    if family == "DATE":
        return _NUMBERS[test](
            math.floor(value), [math.floor(number) for number in numbers]
        )
    return _NUMBERS[test](value, numbers)


def _listed(
    kind: str,
    given: list[Any],
    value: Value,
    shown_text: str,
    compute: Callable[[str], Value],
) -> bool:
    texts = [str(item.get("userEnteredValue", "")) for item in given]
    if kind == "DATE_IS_VALID":
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if kind == "BOOLEAN":
        return (
            isinstance(value, bool)
            if not texts
            else shown_text in texts or (len(texts) == 1 and value is None)
        )
    if kind == "ONE_OF_LIST":
        return shown_text in texts or (
            isinstance(value, (int, float, str)) and str(value) in texts
        )
    if (
        kind == "ONE_OF_RANGE"
        and texts
        and value is not None
        and not isinstance(value, ErrorValue)
    ):
        sought = (
            '"' + value.replace('"', '""') + '"'
            if isinstance(value, str)
            else str(value).upper()
        )
        return _true(
            compute(f"=SUMPRODUCT(--({texts[0].removeprefix('=')}={sought}))")
        )
    return False
