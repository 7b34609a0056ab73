"""How a number is shown: number format patterns (Excel's and Google's are nearly one language) and their defaults.

Only what people see in an answer's formattedValue; parsing what they type is left to typed.py.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Any

_TOKENS = re.compile(
    r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.|AM/PM|am/pm|A/P|General|y+|Y+|m+|M+|d+|D+|h+|H+|s+|S+|\.0+|.', re.DOTALL
)
_COMMA_LOCALES = ("ru", "de", "fr", "es", "it", "pl", "uk", "pt", "tr", "cs", "be", "kk")
_DATES = {"en_US": "M/d/yyyy", "en_GB": "dd/MM/yyyy", "ru_RU": "dd.MM.yyyy", "de_DE": "dd.MM.yyyy"}
_MONTHS: tuple[str, ...] = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
)
_MONTHS += ("November", "December")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_RU_MONTHS: tuple[str, ...] = (
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
)
_RU_MONTHS += ("ноября", "декабря")
_RU_DAYS = ("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье")
_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001  # serials have no zone
_LAST_SERIAL = 2958465.99999  # the end of the year 9999
_SECONDS = 86400


def decimal_mark(locale: str) -> str:
    """Give the mark before a number's fraction."""
    return "," if locale.split("_", maxsplit=1)[0] in _COMMA_LOCALES else "."


def group_mark(locale: str) -> str:
    """Give the mark between thousands."""
    if decimal_mark(locale) == ".":
        return ","
    return "." if locale.split("_", maxsplit=1)[0] in ("de", "es", "it", "pt", "tr") else "\u00a0"


def default_pattern(kind: str, locale: str) -> str:
    """Give the pattern of a number format that names only a type."""
    date = _DATES.get(locale, "yyyy-MM-dd").replace("MM", "mm").replace("M", "m")
    patterns = {
        "DATE": date,
        "TIME": "h:mm:ss",
        "DATE_TIME": f"{date} h:mm:ss",
        "PERCENT": "0.00%",
        "CURRENCY": "#,##0.00 [$₽]" if locale == "ru_RU" else "$#,##0.00",
        "NUMBER": "#,##0.00",
        "SCIENTIFIC": "0.00E+00",
        "TEXT": "@",
    }
    return patterns.get(kind, "General")


@lru_cache(maxsize=1000)
def kind_of(pattern: str) -> str:
    """Google's type of a pattern."""
    bare = re.sub(r'"[^"]*"|\\.|\[\$[^\]]*\]|_.|\*.', "", pattern)
    bare = re.sub(r"\[(?![hms]+\])[^\]]*\]", "", bare, flags=re.IGNORECASE)
    low = bare.lower().replace("general", "")
    if re.search(r"[ydhs]|m", low):
        date, time = re.search(r"[yd]", low), re.search(r"[hs]", low)
        if date and time:
            return "DATE_TIME"
        return "TIME" if time else "DATE"
    if low == "@":
        return "TEXT"
    if "%" in low:
        return "PERCENT"
    if re.search(r"[0#?]e[+-]", low):
        return "SCIENTIFIC"
    return "CURRENCY" if re.search(r"[$€₽£]", pattern) else "NUMBER"


def show(value: float, number_format: dict[str, Any] | None, locale: str) -> str:
    """Give a number as people see it; `number_format` is Google's {type, pattern}."""
    kind = (number_format or {}).get("type", "")
    pattern = (number_format or {}).get("pattern") or default_pattern(kind, locale)
    if pattern in ("General", "@", "") or kind == "TEXT":
        return general(value, locale)
    if kind_of(pattern) in ("DATE", "TIME", "DATE_TIME"):
        return _moment(value, pattern, locale)
    return _number(value, pattern, locale)


def general(value: float, locale: str) -> str:
    """Give a number without a format: at most 10 significant digits after rounding, as Google shows it."""
    if isinstance(value, int) or value == int(value):
        whole = int(value)
        text = str(whole) if abs(whole) < 10**21 else f"{value:.5E}"
    else:
        text = f"{value:.10g}"
        text = text.replace("e", "E")
    return text.replace(".", decimal_mark(locale))


def _section(value: float, pattern: str) -> tuple[float, str]:
    sections = re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', pattern)
    if value < 0 and len(sections) > 1:
        return -value, sections[1]
    if value == 0 and len(sections) > 2:  # noqa: PLR2004  # positive; negative; zero; text
        return value, sections[2]
    return value, sections[0]


def _number(value: float, pattern: str, locale: str) -> str:
    value, section = _section(value, pattern)
    section = re.sub(r"\[\$([^\]-]*)[^\]]*\]", r'"\1"', section)
    section = re.sub(r"\[[^\]]*\]", "", section)
    placeholders = re.compile(r"[0#?][0#?,]*(?:\.[0#?]*)?(?:[eE][+-]0+)?|\.[0#?]+|General")
    outside = re.split(r'("[^"]*"|\\.|_.|\*.)', section)
    out, done = [], False
    percent = section.count("%")
    for i, part in enumerate(outside):
        if i % 2:
            out.append(_literal(part))
            continue
        found = None if done else placeholders.search(part)
        if found:
            done = True
            digits = _digits(value * 100**percent, found[0], locale)
            out.append(part[: found.start()] + digits + placeholders.sub("", part[found.end() :]))
        else:
            out.append(part)
    sign = "-" if value < 0 else ""
    return sign + "".join(out)


def _literal(part: str) -> str:
    if part.startswith('"'):
        return part[1:-1]
    return part[1:] if part.startswith("\\") else ("" if part.startswith("*") else " ")


def _digits(value: float, pattern: str, locale: str) -> str:
    value = abs(value)
    if pattern == "General":
        return general(value, locale)
    exponent = re.search(r"[eE][+-](0+)$", pattern)
    if exponent:
        places = len(pattern[: exponent.start()].partition(".")[2])
        mantissa, _, power = f"{value:.{places}E}".partition("E")
        return f"{mantissa.replace('.', decimal_mark(locale))}E{power[0]}{abs(int(power)):0{len(exponent[1])}d}"
    whole, _, fraction = pattern.partition(".")
    scale = len(whole) - len(whole.rstrip(","))
    text = f"{value / 1000**scale + 1e-12 * (value > 0):.{len(fraction)}f}"
    integer, _, decimals = text.partition(".")
    least = fraction.count("0")
    while len(decimals) > least and decimals.endswith("0"):
        decimals = decimals[:-1]
    integer = integer.zfill(whole.count("0")) if whole.count("0") else integer.lstrip("0")
    if "," in whole.rstrip(","):
        integer = re.sub(r"(?<=\d)(?=(\d{3})+$)", group_mark(locale), integer)
    return integer + (decimal_mark(locale) + decimals if decimals else "")


def _moment(value: float, pattern: str, locale: str) -> str:
    if not 0 <= value <= _LAST_SERIAL:
        return general(value, locale)
    moment = _EPOCH + dt.timedelta(seconds=round(value * _SECONDS))
    _, section = _section(value, pattern)
    tokens = [token for token in _TOKENS.findall(section) if token]
    half = any(token.upper() in ("AM/PM", "A/P") for token in tokens)
    out = []
    for i, token in enumerate(tokens):
        if token[0] in '"\\_*':
            out.append(_literal(token))
        elif _is_minute(tokens, i):
            out.append(f"{moment.minute:0{len(token)}d}")
        else:
            shown = _clock(token, moment, value, half=half) or _part(token, moment, locale)
            out.append(shown if shown is not None else ("" if token[0] == "[" else token))
    return "".join(out)


def _is_minute(tokens: list[str], at: int) -> bool:
    """Tell m for minutes from m for months: it stands after hours or before seconds."""
    if tokens[at].lower() not in ("m", "mm"):
        return False
    before = next((t for t in reversed(tokens[:at]) if t[:1].lower() in "ymdhs[" and t[:2] != "[$"), "")
    after = next((t for t in tokens[at + 1 :] if t[:1].lower() in "ymdhs"), "")
    return before[:2].lower().strip("[") in ("h", "hh") or after[:1] in ("s", "S")


def _part(token: str, moment: dt.datetime, locale: str) -> str | None:
    """Give a date's part; None for a token that is none."""
    low = token.lower()
    russian = locale.startswith("ru")
    if low[0] == "y":
        return f"{moment.year % 100:02d}" if low in ("y", "yy") else f"{moment.year:04d}"
    if low[0] == "m":
        return _named(_RU_MONTHS if russian else _MONTHS, moment.month - 1, moment.month, len(low))
    if low[0] == "d":
        return _named(_RU_DAYS if russian else _DAYS, moment.weekday(), moment.day, len(low))
    return f"{moment.second:0{min(len(low), 2)}d}" if low[0] == "s" else None


def _clock(token: str, moment: dt.datetime, value: float, *, half: bool) -> str | None:
    """Give the hour or the half of the day; None for a token that is neither."""
    low = token.lower()
    if low[0] == "h":
        hour = (moment.hour % 12 or 12) if half else moment.hour
        return f"{hour:0{min(len(low), 2)}d}"
    if low in ("am/pm", "a/p"):
        return "AM" if moment.hour < 12 else "PM"  # noqa: PLR2004  # noon
    return str(int(value * 24)) if low in ("[h]", "[hh]") else None


def _named(names: tuple[str, ...], index: int, number: int, length: int) -> str:
    if length <= 2:  # noqa: PLR2004  # d, dd, m, mm are numbers
        return f"{number:0{length}d}"
    return names[index][:3] if length == 3 else names[index]  # noqa: PLR2004  # ddd, mmm
