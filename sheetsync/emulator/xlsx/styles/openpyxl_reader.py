"""What openpyxl has for a cell, as the model has it: days as the numbers that they are in the file.

openpyxl would make datetimes of them, which count otherwise before March 1900, are rounded, and end
in the year 9999.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from openpyxl.styles.numbers import is_date_format, is_timedelta_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from sheetsync.emulator.model.evaluate import serial
from sheetsync.emulator.model.formulas import from_file
from sheetsync.emulator.model.grid import ErrorValue, Formula

if TYPE_CHECKING:
    from sheetsync.emulator.model.grid import Value

_FIRST_DAY_OF_1904 = 1462  # as days are counted since 1899-12-30


def counts_from_1904(workbook: Any) -> bool:
    """Whether the file counts days as old Macs did."""
    return bool(workbook.epoch == CALENDAR_MAC_1904)


def is_day(pattern: str) -> bool:
    """Whether a number of that pattern is a day, not a span of time."""
    return bool(is_date_format(pattern)) and not is_timedelta_format(pattern)


def since_1899(value: Value) -> Value:
    """Give a day of a file that counts from 1904; a time of day has no day to be counted."""
    if (
        isinstance(value, bool)
        or not isinstance(value, (int, float))
        or 0 <= value < 1
    ):
        return value
    return value + _FIRST_DAY_OF_1904


def since_1904(value: Value) -> Value:
    """Give a day for a file that counts from 1904."""
    if (
        isinstance(value, bool)
        or not isinstance(value, (int, float))
        or 0 <= value < 1
    ):
        return value
    return value - _FIRST_DAY_OF_1904


def file_value(
    value: Any, data_type: str, origin: tuple[str, int, int] | None
) -> Value:
    """Give what openpyxl has for a cell as the model has it."""
    if isinstance(value, (ArrayFormula, DataTableFormula)):
        text = getattr(value, "text", None) or ""
        return Formula(
            from_file(f"={str(text).removeprefix('=')}"), origin, value.ref
        )
    if data_type == "f":
        return Formula(from_file(unprefixed(str(value))), origin)
    if data_type == "e":
        return ErrorValue(str(value))
    if isinstance(value, str):
        return str(value)
    if isinstance(value, (dt.date, dt.time, dt.timedelta)):
        number = serial(value)
        return int(number) if number == int(number) else number
    return value if isinstance(value, (bool, int, float)) else None


def unprefixed(formula: str) -> str:
    """Give a formula without the marks that files put before newer functions."""
    return (
        re.sub(r"_xlfn\.(?:_xlws\.)?", "", formula)
        if "_xlfn." in formula
        else formula
    )
