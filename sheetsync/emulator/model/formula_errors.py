"""Google's words for what went wrong in a formula, as far as its text and its cells tell.

The errors themselves are the engine's; a message that cannot be known is left empty.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sheetsync.emulator.model.engine import knows
from sheetsync.emulator.model.formulas import Ref, split

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheetsync.emulator.model.grid import Book

CODES = {
    "Div": "#DIV/0!",
    "Name": "#NAME?",
    "Ref": "#REF!",
    "Value": "#VALUE!",
    "Num": "#NUM!",
    "Na": "#N/A",
    # What engine.py puts in the place of a formula that cannot be read
    "Null": "#ERROR!",
    "Circ": "#REF!",
    "Spill": "#REF!",
}
_CIRCULAR = (
    "Circular dependency detected. "
    "To resolve with iterative calculation, see File > Settings."
)
_TEXTS = re.compile(r'"(?:[^"]|"")*"')
_FUNCTION = re.compile(r"([^\W\d][\w.]*)\(")
_WORD = re.compile(r"(?<![\w.$!:'])([^\W\d][\w.]*)(?![\w.(!:'])")
_LOOKUP = re.compile(
    r"\b(VLOOKUP|HLOOKUP|MATCH|XLOOKUP|XMATCH|LOOKUP)\(\s*"
    r"((?:\"(?:[^\"]|\"\")*\"|[^,()\"]|\([^()]*\))+)",
    re.IGNORECASE,
)
_ATOM = r"""("(?:[^"]|"")*"|[\w.$!']+)"""
_BINARY = re.compile(rf"=\s*{_ATOM}\s*([-+*/^])\s*{_ATOM}\s*")
_OPERATORS = {
    "+": "ADD",
    "-": "MINUS",
    "*": "MULTIPLY",
    "/": "DIVIDE",
    "^": "POW",
}


def message(
    kind: str, formula: str, book: Book, evaluate: Callable[[str], Any]
) -> str:
    """Word the error that a formula itself brings about.

    `evaluate` gives the value of a part of it.
    """
    bare = _TEXTS.sub('""', formula)
    worded: dict[str, Callable[[], str]] = {
        "Circ": lambda: _CIRCULAR,
        "Div": lambda: _division(bare),
        "Name": lambda: _unknown(bare),
        "Ref": lambda: _reference(formula, book),
        "Na": lambda: _missing(formula, bare, evaluate),
        "Value": lambda: _operand(formula, evaluate),
        "Num": lambda: _negative(bare),
    }
    return (
        worded[kind]()
        if kind in worded
        else ("Formula parse error." if kind not in CODES else "")
    )


def _division(bare: str) -> str:
    if "/" in bare:
        return "Function DIVIDE parameter 2 cannot be zero."
    found = _FUNCTION.search(bare)
    if found is None:
        return ""
    name = found[1].upper()
    if name in ("MOD", "QUOTIENT"):
        return f"Function {name} parameter 2 cannot be zero."
    return f"Evaluation of function {name} caused a divide by zero error."


def _unknown(bare: str) -> str:
    for match in _FUNCTION.finditer(bare):
        if not knows(match[1]):
            return f"Unknown function: '{match[1]}'."
    for part in split(bare):
        found = _WORD.search(part) if isinstance(part, str) else None
        if found and found[1].upper() not in ("TRUE", "FALSE"):
            return f"Unknown range name: '{found[1]}'."
    return ""


def _reference(formula: str, book: Book) -> str:
    for part in split(formula):
        if (
            isinstance(part, Ref)
            and part.tab is not None
            and book.by_title(part.tab) is None
        ):
            return f"Unresolved sheet name '{part.tab}'."
    return "Reference does not exist."


def _missing(formula: str, bare: str, evaluate: Callable[[str], Any]) -> str:
    found = _LOOKUP.search(formula)
    if found:
        sought = evaluate("=" + found[2].strip())
        return f"Did not find value '{_told(sought)}' in {found[1].upper()} evaluation."
    return (
        "No matches are found in FILTER evaluation."
        if re.search(r"\bFILTER\(", bare, re.IGNORECASE)
        else ""
    )


def _told(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return "" if value is None else str(value)


def _operand(formula: str, evaluate: Callable[[str], Any]) -> str:
    found = _BINARY.fullmatch(formula)
    if found is None:
        return ""
    for index, part in ((1, found[1]), (2, found[3])):
        value = evaluate("=" + part)
        if isinstance(value, str):
            needs = f"Function {_OPERATORS[found[2]]} parameter {index} expects number values."
            return f"{needs} But '{value}' is a text and cannot be coerced to a number."
    return ""


def _negative(bare: str) -> str:
    if re.search(r"\bSQRT\(", bare, re.IGNORECASE):
        return "Function SQRT parameter 1 value is negative. It should be positive or zero."
    return ""
