"""What Google would make of a text typed into a cell (valueInputOption USER_ENTERED), by the book's locale.

Only en_US and ru_RU are told apart (decimal mark, order of a date); other locales type ISO dates and their own decimals.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from sheetsync.emulator.model.evaluate import serial
from sheetsync.emulator.model.formulas import commas
from sheetsync.emulator.model.grid import Formula
from sheetsync.emulator.model.numfmt import decimal_mark

if TYPE_CHECKING:
    from sheetsync.emulator.model.grid import Value

Typed = tuple["Value", dict[str, Any] | None]

_TIME = r"(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?"
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})" + _TIME)
_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{2}|\d{4})" + _TIME)
_MONTH_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{2}|\d{4})" + _TIME)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
_TRUTHS = {"true": True, "false": False}
_RU_TRUTHS = {"истина": True, "ложь": False}
_MAX_DIGITS = 300
_PIVOT = 30  # a year of two digits: 00..29 are 2000s, as Sheets reads it


def read(text: str, locale: str) -> Typed:
    """(value, number format that the typing brings along or None)."""
    if text == "" or text.startswith("'"):
        return text[1:] or None, None
    if text.startswith("=") and len(text) > 1:
        return Formula(commas(text)), None
    truths = {**_TRUTHS, **(_RU_TRUTHS if locale.startswith("ru") else {})}
    if text.strip().lower() in truths:
        return truths[text.strip().lower()], None
    found = _number(text.strip(), locale) or _date(text.strip(), locale)
    if found:
        return found
    if text.startswith("+") and len(text) > 1:
        return Formula("=" + commas(text)), None
    return text, None


def _number(text: str, locale: str) -> Typed | None:
    mark = decimal_mark(locale)
    if len(text) > _MAX_DIGITS:
        return None
    bare = text.removesuffix("%").strip()
    if mark == ",":
        pattern = r"[+-]?(\d{1,3}([ \u00a0\u202f]\d{3})+|\d+)?(,\d*)?([eE][+-]?\d{1,3})?"
    else:
        pattern = r"[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d*)?([eE][+-]?\d{1,3})?"
    if not re.fullmatch(pattern, bare) or not re.match(r"[+-]?[.,]?\d", bare):
        return None
    plain = re.sub(r"[ \u00a0\u202f]", "", bare).replace(",", "." if mark == "," else "")
    number = float(plain)
    if number in (float("inf"), float("-inf")):
        return None
    if text.endswith("%"):
        places = len(plain.partition(".")[2])
        return number / 100, {"type": "PERCENT", "pattern": "0.00%" if places else "0%"}
    return (int(number) if number == int(number) and abs(number) < 2**53 else number), None


def _date(text: str, locale: str) -> Typed | None:
    clock = _CLOCK.fullmatch(text)
    if clock and int(clock[1]) < 24 and int(clock[2]) < 60:  # noqa: PLR2004  # hours and minutes
        time = dt.time(int(clock[1]), int(clock[2]), min(int(clock[3] or 0), 59))
        return serial(time), {"type": "TIME", "pattern": "h:mm:ss" if clock[3] else "h:mm"}
    iso = _ISO.fullmatch(text)
    if iso:
        return _moment((iso[1], iso[2], iso[3]), iso.groups()[3:], "yyyy-mm-dd")
    if decimal_mark(locale) == ",":
        local = _DAY_FIRST.fullmatch(text)
        if local:
            pattern = "dd.mm.yyyy" if len(local[3]) > 2 else "dd.mm.yy"  # noqa: PLR2004  # a year of two digits
            return _moment((local[3], local[2], local[1]), local.groups()[3:], pattern)
        return None
    local = _MONTH_FIRST.fullmatch(text)
    return _moment((local[3], local[1], local[2]), local.groups()[3:], "m/d/yyyy") if local else None


def _moment(date: tuple[str, str, str], time: tuple[str | None, ...], pattern: str) -> Typed | None:
    year = int(date[0])
    if len(date[0]) == 2:  # noqa: PLR2004  # a year of two digits
        year += 2000 if year < _PIVOT else 1900
    try:
        hour, minute, second = (int(part or 0) for part in time)
        moment = dt.datetime(year, int(date[1]), int(date[2]), hour, minute, second)  # noqa: DTZ001  # serials have no zone
    except ValueError:
        return None
    number = serial(moment)
    if time[0] is None:
        return int(number), {"type": "DATE", "pattern": pattern}
    return number, {"type": "DATE_TIME", "pattern": f"{pattern} h:mm:ss"}
