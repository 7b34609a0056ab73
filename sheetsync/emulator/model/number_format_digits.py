"""Numbers shown by a section of a number format, or without one, with the marks of a locale.

Which section applies is left to number_format.py; dates and times to number_format_dates.py.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from sheetsync.emulator.model.locales import customs

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheetsync.emulator.model.number_format_patterns import Section, Token

_EXACT = 10**15  # digits beyond the fifteenth are shown as zeros
_LARGEST = 1e21
_SMALLEST = 1e-10
_DIGITS = 10  # significant ones of a number without a format
_TIE = 1e-9
_PLAIN = re.compile(r"(#,##)?0(?:\.(0+))?")
_FRACTION = re.compile(r"([0#?,]*) *([0#?]+) */ *([0#?]+|[1-9]\d*)")


def general(value: float, locale: str) -> str:
    """Give a number without a format.

    At most 10 significant digits, what stands before the point in full.
    """
    if isinstance(value, int) and -_EXACT < value < _EXACT:
        return str(value)
    if abs(value) >= _LARGEST:
        text = f"{value:.5E}"
        mantissa, _, power = text.partition("E")
        text = f"{mantissa.rstrip('0').rstrip('.')}E{power}"
    elif value == int(value):
        text = f"{Decimal(f'{value:.15g}'):f}"
    elif abs(value) < _SMALLEST:
        mantissa, _, power = f"{value:.5E}".partition("E")
        text = f"{mantissa.rstrip('0').rstrip('.')}E{power}"
    else:
        # Those before the point are never cut off
        digits = max(_DIGITS, len(str(int(abs(value)))))
        text = f"{value:.{digits}g}"
        text = f"{Decimal(text):f}" if "e" in text else text
    mark = customs(locale).decimal
    return text if mark == "." else text.replace(".", mark)


class Layout(NamedTuple):
    """A number section, read.

    What stands before and after the digits, and how the digits are made.
    """

    before: str
    after: str
    body: str
    percents: int
    thousands: int


@lru_cache(maxsize=2000)
def writer(section: Section, locale: str) -> Callable[[float], str]:
    """Give the function that shows numbers by a section of kind number."""
    layout = _layout(section.tokens)
    scale = 100.0**layout.percents / 1000.0**layout.thousands

    plain = _PLAIN.fullmatch(layout.body)
    body = (
        _fixed(plain, locale)
        if plain
        else lambda value: _body(value, layout.body, locale)
    )

    def write(value: float) -> str:
        shown = body(abs(value) * scale if scale != 1 else abs(value))
        return f"{'-' if value < 0 else ''}{layout.before}{shown}{layout.after}"

    return write


def _fixed(plain: re.Match[str], locale: str) -> Callable[[float], str]:
    """Give the fast way for the most usual bodies: 0, 0.00, #,##0 and #,##0.00."""
    words = customs(locale)
    places = len(plain[2] or "")
    form = f"{{:{',' if plain[1] else ''}.{places}f}}".format
    marks = str.maketrans({",": words.group, ".": words.decimal})
    step, english = 10**places, (words.decimal, words.group) == (".", ",")

    def write(value: float) -> str:
        scaled = value * step
        if abs(scaled % 1 - 0.5) < _TIE * (scaled + 1):
            value = float(_rounded(value, places))
        text = form(value)
        return text if english else text.translate(marks)

    return write


def _layout(tokens: tuple[Token, ...]) -> Layout:
    """Read the tokens.

    The body runs from the first digit to the last, and literals inside stand between two marks.
    """
    places = [
        i
        for i, token in enumerate(tokens)
        if token.kind in ("digit", "exponent", "general")
    ]
    first, last = (
        (places[0], places[-1]) if places else (len(tokens), len(tokens) - 1)
    )
    if (
        first
        and tokens[first - 1].text == "."
        and tokens[first - 1].kind == "other"
    ):
        first -= 1
    while (
        last + 1 < len(tokens)
        and tokens[last + 1].kind == "other"
        and tokens[last + 1].text in (",", ".")
    ):
        last += 1
    percents = sum(1 for token in tokens if token == ("other", "%"))
    body = "".join(_inside(token) for token in tokens[first : last + 1])
    fixed = _FRACTION.search(
        _plain(body)
        + _plain("".join(token.text for token in tokens[last + 1 :]))
    )
    if fixed and fixed[3].isdigit() and fixed[3].strip("0"):
        return Layout(_plain_of(tokens[:first]), "", fixed[0], percents, 0)
    bare = _unscaled(body)
    return Layout(
        _plain_of(tokens[:first]),
        _plain_of(tokens[last + 1 :]),
        bare,
        percents,
        len(body) - len(bare),
    )


def _unscaled(body: str) -> str:
    whole, mark, rest = body.partition(".")
    return whole.rstrip(",") + mark + rest.rstrip(",")


def _inside(token: Token) -> str:
    return token.text if token.kind != "literal" else f"\x00{token.text}\x00"


def _plain(text: str) -> str:
    return text.replace("\x00", "")


def _plain_of(tokens: tuple[Token, ...]) -> str:
    return "".join(token.text for token in tokens)


def _body(value: float, body: str, locale: str) -> str:
    if not body:
        return ""
    if body.lower() == "general":
        return general(value, locale)
    exponent = re.search(r"[eE]([+-])(0+)$", body)
    if exponent:
        return _scientific(value, body[: exponent.start()], exponent, locale)
    fraction = _FRACTION.fullmatch(_plain(body))
    if fraction:
        return _as_fraction(value, fraction)
    return _decimal(value, body, locale)


def _scientific(
    value: float, mantissa: str, exponent: re.Match[str], locale: str
) -> str:
    whole, _, fraction = mantissa.partition(".")
    step = max(len(re.sub("[^0#?]", "", whole)), 1)
    power = (
        0
        if value == 0
        else Decimal(repr(float(value))).adjusted() // step * step
    )
    shown = _decimal(value / 10.0**power, mantissa, locale)
    if shown.startswith("10") and step == 1:  # 9.999 rounded up
        power, shown = power + 1, _decimal(1, mantissa, locale)
    sign = "-" if power < 0 else ("+" if exponent[1] == "+" else "")
    return (
        f"{shown}E{sign}{abs(power):0{len(exponent[2])}d}"
        if fraction or shown
        else ""
    )


def _as_fraction(value: float, match: re.Match[str]) -> str:
    mixed = bool(match[1])
    whole = int(value) if mixed else 0
    rest = Fraction(value - whole)
    if match[3].isdigit() and match[3].strip("0"):
        below = int(match[3])
        above = round(rest * below)
    else:
        near = rest.limit_denominator(10 ** len(match[3]) - 1)
        above, below = near.numerator, near.denominator
    if mixed and above == below:
        whole, above = whole + 1, 0
    if not above and mixed:
        return str(whole)
    lead = f"{whole} " if whole else ""
    return f"{lead}{above}/{below}"


def _decimal(value: float, body: str, locale: str) -> str:
    words = customs(locale)
    whole, _, fraction = body.partition(".")
    places = sum(fraction.count(sign) for sign in "0#?")
    integer, _, decimals = _rounded(value, places).partition(".")
    digits = re.sub("\x00[^\x00]*\x00", "", whole)
    least = digits.count("0")
    integer = integer.lstrip("0").rjust(least, "0")
    if "," in digits:
        integer = _grouped(integer, words.group)
    if "\x00" in whole or any(sign not in "0#?,\x00" for sign in whole):
        integer = _spread(integer, whole)
    tail = _decimals(decimals, fraction)
    return integer + (
        words.decimal + tail if "." in body else ""
    )  # the mark stays where no digit follows it


def _rounded(value: float, places: int) -> str:
    """Round half away from zero, as people do: binary fractions may fall to the wrong side."""
    text = f"{value:.{places}f}"
    scaled = value * 10.0**places
    if (
        abs(scaled - int(scaled) - 0.5) < _TIE * max(scaled, 1)
        and scaled < _EXACT
    ):
        return str(
            Decimal(repr(float(value))).quantize(
                Decimal(1).scaleb(-places), ROUND_HALF_UP
            )
        )
    return text


def _grouped(integer: str, mark: str) -> str:
    head = len(integer) % 3
    parts = ([integer[:head]] if head else []) + [
        integer[i : i + 3] for i in range(head, len(integer), 3)
    ]
    return mark.join(parts)


def _spread(integer: str, whole: str) -> str:
    """Lay digits over placeholders with literals among them, from the right: 000-000."""
    left = list(integer)
    out: list[str] = []
    pieces = [
        piece
        for piece in re.findall("\x00[^\x00]*\x00|.", whole)
        if piece != ","
    ]
    first = next((i for i, piece in enumerate(pieces) if piece in "0#?"), 0)
    for index in range(len(pieces) - 1, -1, -1):
        piece = pieces[index]
        if piece not in ("0", "#", "?"):
            out.append(piece.replace("\x00", ""))
            continue
        out.append(left.pop() if left else "")
        if index == first:
            out.extend(reversed(left))
    return "".join(reversed(out))


def _decimals(decimals: str, fraction: str) -> str:
    """Drop zeros that nobody asked for; texts among the places come through."""
    signs = [
        sign
        for sign in re.sub("\x00[^\x00]*\x00", "", fraction)
        if sign in "0#?"
    ]
    kept = list(decimals)
    while kept and signs[len(kept) - 1] != "0" and kept[-1] == "0":
        kept.pop()
    literals = "".join(re.findall("\x00([^\x00]*)\x00", fraction))
    return "".join(kept) + literals
