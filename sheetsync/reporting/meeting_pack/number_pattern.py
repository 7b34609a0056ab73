"""Numbers as a report's number format writes them: decimals, percent, and what stands behind.

A page has no spreadsheet that would do it. Which format a number has is the report's.
"""

import re

from sheetsync.i18n import Language

_PATTERN = re.compile(r"([#0,. ]*[0#])(%?)(.*)", re.DOTALL)


def patterned(value: float, pattern: str, language: Language) -> str:
    """Write a number as a cell's or a chart's `number_format` has it."""
    digits = "0"
    percent = ""
    behind = ""
    match = _PATTERN.search(pattern)
    if match is not None:
        digits, percent, behind = match.groups()
    _, _, decimals = digits.partition(".")
    if percent:
        value *= 100
    number = language.number(round(value, len(decimals)))
    # Behind a semicolon stands how other numbers are written; quotes mark words.
    unit = behind.split(";")[0].replace('"', "")
    return f"{number}{percent}{unit}"
