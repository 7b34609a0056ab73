"""Cell styles between openpyxl's tables and Google's userEnteredFormat JSON.

A cell keeps its file style; only the parts whose JSON an edit changed are built anew
(Styles.index_of). Reading and writing of cells is left to load.py and save.py.
"""

from __future__ import annotations

import colorsys
import re
from copy import copy
from typing import TYPE_CHECKING, Any

from openpyxl.styles import Alignment, Border, Color, Font, PatternFill, Side
from openpyxl.styles.colors import COLOR_INDEX
from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_REVERSE

from sheetsync.emulator.model.number_format import default_pattern, kind_of
from sheetsync.emulator.xlsx.styles.openpyxl_reader import (
    counts_from_1904,
    is_day,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openpyxl import Workbook
    from openpyxl.styles.cell_style import StyleArray

    from sheetsync.emulator.model.grid import Json, Look

_SIDES = ("top", "bottom", "left", "right")
_BORDERS = {
    "thin": "SOLID",
    "hair": "DOTTED",
    "dotted": "DOTTED",
    "dashed": "DASHED",
    "dashDot": "DASHED",
    "dashDotDot": "DASHED",
    "mediumDashed": "DASHED",
    "mediumDashDot": "DASHED",
    "mediumDashDotDot": "DASHED",
    "slantDashDot": "DASHED",
    "medium": "SOLID_MEDIUM",
    "thick": "SOLID_THICK",
    "double": "DOUBLE",
}
_BORDERS_BACK = {
    "SOLID": "thin",
    "SOLID_MEDIUM": "medium",
    "SOLID_THICK": "thick",
    "DOTTED": "dotted",
    "DASHED": "dashed",
    "DOUBLE": "double",
}
_ACROSS = {
    "left": "LEFT",
    "center": "CENTER",
    "right": "RIGHT",
    "centerContinuous": "CENTER",
}
_UP = {"top": "TOP", "center": "MIDDLE", "bottom": "BOTTOM"}
_THEME = (
    "lt1",
    "dk1",
    "lt2",
    "dk2",
    "accent1",
    "accent2",
    "accent3",
    "accent4",
    "accent5",
    "accent6",
    "hlink",
)
_OFFICE: tuple[str, ...] = (
    "FFFFFF",
    "000000",
    "EEECE1",
    "1F497D",
    "4F81BD",
    "C0504D",
    "9BBB59",
    "8064A2",
    "4BACC6",
    "F79646",
)
_OFFICE += ("0000FF",)
_MAX_TURN = 90
_FIRST_OWN_FORMAT = 164  # below stand the file format's built-in number formats


def rgb_json(code: str) -> Json:
    """RRGGBB as Google's color; a channel at 0 is left out, as in Google's answers."""
    parts = zip(
        ("red", "green", "blue"), (code[0:2], code[2:4], code[4:6]), strict=True
    )
    return {
        name: round(int(value, 16) / 255, 8)
        for name, value in parts
        if int(value, 16)
    }


def rgb_code(color: Json) -> str:
    """Google's color as RRGGBB."""
    channels = (
        min(max(float(color.get(name, 0)), 0.0), 1.0)
        for name in ("red", "green", "blue")
    )
    return "".join(f"{round(channel * 255):02X}" for channel in channels)


def both_colors(name: str, color: Json) -> Json:
    """Give a color in the old field and the new one (…Style), as answers give it."""
    return {name: color, f"{name}Style": {"rgbColor": color}}


class Palette:
    """What a file's theme and index colors are in RGB."""

    def __init__(self, theme: bytes | str | None) -> None:
        text = (
            theme.decode("utf-8", "replace")
            if isinstance(theme, bytes)
            else theme or ""
        )
        self._theme = [
            self._slot(text, name, fallback)
            for name, fallback in zip(_THEME, _OFFICE, strict=True)
        ]

    @staticmethod
    def _slot(text: str, name: str, fallback: str) -> str:
        found = re.search(
            rf"<a:{name}>.*?(?:lastClr|srgbClr val)=\"([0-9A-Fa-f]{{6}})\"",
            text,
            re.DOTALL,
        )
        return found[1].upper() if found else fallback

    def json(self, color: Color | None) -> Json | None:
        """Google's color, or None where the file leaves it to the program."""
        if color is None:
            return None
        code = self._code(color)
        return (
            None
            if code is None
            else rgb_json(_tinted(code, float(color.tint or 0)))
        )

    def _code(self, color: Color) -> str | None:
        if color.type == "theme" and isinstance(color.theme, int):
            return (
                self._theme[color.theme]
                if color.theme < len(self._theme)
                else None
            )
        if color.type == "indexed" and isinstance(color.indexed, int):
            return (
                COLOR_INDEX[color.indexed][2:]
                if color.indexed < len(COLOR_INDEX)
                else None
            )
        if color.type == "rgb" and isinstance(color.rgb, str):
            return color.rgb[-6:]
        return None


def _tinted(code: str, tint: float) -> str:
    if not tint:
        return code
    hue, light, saturation = colorsys.rgb_to_hls(
        *(int(code[i : i + 2], 16) / 255 for i in (0, 2, 4))
    )
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    channels = colorsys.hls_to_rgb(hue, min(max(light, 0), 1), saturation)
    return "".join(f"{round(channel * 255):02X}" for channel in channels)


def font_json(font: Any, default: Any, palette: Palette) -> Json:
    """Give a font as textFormat; what is as in the file's default font is left out."""
    out: Json = {}
    for name, value in (
        ("bold", font.b),
        ("italic", font.i),
        ("strikethrough", font.strike),
        ("underline", font.u),
    ):
        if value and value != "none":
            out[name] = True
    if font.name and (default is None or font.name != default.name):
        out["fontFamily"] = font.name
    if font.sz and (default is None or font.sz != default.sz):
        out["fontSize"] = round(font.sz)
    color = palette.json(font.color)
    if color is not None and (
        default is None or color != palette.json(default.color)
    ):
        out.update(both_colors("foregroundColor", color))
    return out


def fill_json(fill: Any, palette: Palette) -> Json:
    """Give a fill as backgroundColor; patterns other than solid have no equal at Google."""
    if not isinstance(fill, PatternFill) or fill.fill_type != "solid":
        return {}
    color = palette.json(fill.fgColor)
    return {} if color is None else both_colors("backgroundColor", color)


def border_json(border: Any, palette: Palette) -> Json:
    """Give the four sides as borders."""
    out: Json = {}
    for name in _SIDES:
        side = getattr(border, name)
        if side is not None and side.style:
            color = palette.json(side.color) or {}
            out[name] = {
                "style": _BORDERS.get(side.style, "SOLID"),
                **both_colors("color", color),
            }
    return {"borders": out} if out else {}


def alignment_json(alignment: Any) -> Json:
    """Alignment, wrapping and rotation."""
    out: Json = {}
    if alignment.horizontal in _ACROSS:
        out["horizontalAlignment"] = _ACROSS[alignment.horizontal]
    if alignment.vertical in ("top", "center"):
        out["verticalAlignment"] = _UP[alignment.vertical]
    if alignment.wrap_text:
        out["wrapStrategy"] = "WRAP"
    turn = alignment.textRotation
    # The file format's word for letters one under another.
    if turn == 255:  # noqa: PLR2004
        out["textRotation"] = {"vertical": True}
    elif turn:
        out["textRotation"] = {
            "angle": turn if turn <= _MAX_TURN else _MAX_TURN - turn
        }
    return out


def number_json(pattern: str, locale: str) -> Json:
    """Give a number format pattern as numberFormat."""
    if pattern == "General" or not pattern:
        return {}
    # built-in format 14: the date as the user's own locale writes it
    if pattern == "mm-dd-yy":
        return {
            "numberFormat": {
                "type": "DATE",
                "pattern": default_pattern("DATE", locale),
            }
        }
    return {"numberFormat": {"type": kind_of(pattern), "pattern": pattern}}


def rgb_of(color: Json | None, style: Json | None) -> str | None:
    """RRGGBB of a color given in either field; the newer one counts."""
    if style and "rgbColor" in style:
        return rgb_code(style["rgbColor"])
    return None if color is None else rgb_code(color)


class Styles:
    """A workbook's style tables, read and added to."""

    def __init__(self, workbook: Workbook, locale: str) -> None:
        self.workbook: Any = workbook
        self.locale = locale
        self.palette = Palette(self.workbook.loaded_theme)
        self._json: dict[int, Json] = {}
        # The style of the file that each style made here began as
        self.bases: dict[int, int] = {}
        self._numbers: dict[tuple[int, str], int] = {}  # by a look
        # By what of a look a style can say
        self._built: dict[tuple[int, str], int] = {}
        self.macintosh = counts_from_1904(workbook)
        self._days: dict[int, bool] = {}

    def json(self, index: int) -> Json:
        """Give the userEnteredFormat of a style of the file."""
        if index not in self._json:
            # openpyxl has no public table.
            self._json[index] = self._read(self.workbook._cell_styles[index])  # noqa: SLF001
        return self._json[index]

    def _read(self, style: StyleArray) -> Json:
        book = self.workbook
        fonts, fills, borders = book._fonts, book._fills, book._borders  # noqa: SLF001  # as above
        out: Json = number_json(self.pattern(style.numFmtId), self.locale)
        text = font_json(
            fonts[style.fontId], fonts[0] if fonts else None, self.palette
        )
        if text:
            out["textFormat"] = text
        out.update(fill_json(fills[style.fillId], self.palette))
        out.update(border_json(borders[style.borderId], self.palette))
        out.update(alignment_json(book._alignments[style.alignmentId]))  # noqa: SLF001  # as above
        return out

    def pattern(self, number: int) -> str:
        """Give the pattern of a number format id."""
        if number < _FIRST_OWN_FORMAT:
            return BUILTIN_FORMATS.get(number, "General")
        own = self.workbook._number_formats  # noqa: SLF001  # as above
        at = number - _FIRST_OWN_FORMAT
        return str(own[at]) if at < len(own) else "General"

    def is_day_of_1904(self, index: int) -> bool:
        """Whether numbers of a style are days that the file counts from 1904."""
        if not self.macintosh:
            return False
        if index not in self._days:
            self._days[index] = is_day(
                self.pattern(self.workbook._cell_styles[index].numFmtId)  # noqa: SLF001  # as above
            )
        return self._days[index]

    def index_of(self, look: Look) -> int:
        """Give a look's number.

        The file's own style where nothing changed, else one with the changed parts anew.
        """
        key = (look.base, look.key)
        if key not in self._numbers:
            self._numbers[key] = self._number_of(look)
        return self._numbers[key]

    def _number_of(self, look: Look) -> int:
        # Links are no part of a style: a page of a thousand links has few styles.
        key = (look.base, repr(_without_link(look.json)))
        if key not in self._built:
            table = self.workbook._cell_styles  # noqa: SLF001  # as above
            style = self._build(look)
            same = style == table[look.base]
            self._built[key] = look.base if same else int(table.add(style))
            if not same:
                self.bases.setdefault(self._built[key], look.base)
        return self._built[key]

    def counts(self) -> tuple[int, ...]:
        """Tell how far the tables have grown."""
        book = self.workbook
        tables = (
            book._fonts,  # noqa: SLF001  # as above
            book._fills,  # noqa: SLF001  # as above
            book._borders,  # noqa: SLF001  # as above
            book._cell_styles,  # noqa: SLF001  # as above
            book._differential_styles.styles,  # noqa: SLF001  # as above
        )
        return tuple(len(table) for table in tables)

    def _build(self, look: Look) -> StyleArray:
        book = self.workbook
        table = book._cell_styles  # noqa: SLF001  # as above
        old = self.json(look.base)
        new = dict(look.json)
        style: StyleArray = copy(table[look.base])
        text = _textual(new.get("textFormat", {}))
        if text != _textual(old.get("textFormat", {})):
            style.fontId = book._fonts.add(  # noqa: SLF001  # as above
                self.font(book._fonts[style.fontId], text)  # noqa: SLF001  # as above
            )
        if _back(new) != _back(old):
            style.fillId = book._fills.add(fill_of(new))  # noqa: SLF001  # as above
        if new.get("borders", {}) != old.get("borders", {}):
            style.borderId = book._borders.add(  # noqa: SLF001  # as above
                border_of(new.get("borders", {}))
            )
        if _placing(new) != _placing(old):
            aligned = alignment_of(book._alignments[style.alignmentId], new)  # noqa: SLF001
            style.alignmentId = book._alignments.add(aligned)  # noqa: SLF001  # as above
        if new.get("numberFormat") != old.get("numberFormat"):
            style.numFmtId = self._number(new.get("numberFormat") or {})
        return style

    def _number(self, number_format: Json) -> int:
        kind = number_format.get("type", "")
        pattern = number_format.get("pattern") or default_pattern(
            kind, self.locale
        )
        if pattern in BUILTIN_FORMATS_REVERSE:
            return BUILTIN_FORMATS_REVERSE[pattern]
        own: int = self.workbook._number_formats.add(pattern)  # noqa: SLF001  # as above
        return own + _FIRST_OWN_FORMAT

    def font(self, base: Any, text: Json) -> Font:
        """Give a font for a textFormat, starting from a font of the file."""
        font = copy(base)
        default = self.workbook._fonts[0]  # noqa: SLF001  # as above
        font.b, font.i = bool(text.get("bold")), bool(text.get("italic"))
        font.strike = bool(text.get("strikethrough")) or None
        font.u = "single" if text.get("underline") else None
        if "fontFamily" in text:
            font.name, font.scheme = text["fontFamily"], None
        else:
            font.name, font.scheme = default.name, default.scheme
        font.sz = text.get("fontSize", default.sz)
        code = rgb_of(
            text.get("foregroundColor"), text.get("foregroundColorStyle")
        )
        font.color = default.color if code is None else Color(rgb="FF" + code)
        # openpyxl's fonts are copied untyped.
        return font  # type: ignore[no-any-return]


def _without_link(form: Mapping[str, Any]) -> Json:
    text = {
        name: value
        for name, value in form.get("textFormat", {}).items()
        if name != "link"
    }
    return {**form, "textFormat": text}


def _textual(text: Json) -> Json:
    return {
        name: value
        for name, value in text.items()
        if name != "link" and value is not False
    }


def _back(form: Json) -> str | None:
    return rgb_of(form.get("backgroundColor"), form.get("backgroundColorStyle"))


def _placing(form: Json) -> list[Any]:
    return [
        form.get(n)
        for n in (
            "horizontalAlignment",
            "verticalAlignment",
            "wrapStrategy",
            "textRotation",
        )
    ]


def fill_of(form: Json) -> PatternFill:
    """Give the fill for a background color."""
    code = _back(form)
    if code is None:
        return PatternFill()
    return PatternFill(fill_type="solid", fgColor=Color(rgb="FF" + code))


def border_of(borders: Json) -> Border:
    """Give the border for Google's four sides."""
    sides: dict[str, Any] = {}
    for name in _SIDES:
        side = borders.get(name)
        if side and side.get("style", "NONE") in _BORDERS_BACK:
            code = rgb_of(side.get("color", {}), side.get("colorStyle"))
            style: Any = _BORDERS_BACK[side["style"]]
            sides[name] = Side(style=style, color=Color(rgb=f"FF{code}"))
    return Border(**sides)


def alignment_of(base: Any, form: Json) -> Alignment:
    """Give the alignment, starting from one of the file (it keeps indents)."""
    out = copy(base)
    across = {
        value: name
        for name, value in _ACROSS.items()
        if name != "centerContinuous"
    }
    out.horizontal = across.get(form.get("horizontalAlignment", ""))
    out.vertical = {value: name for name, value in _UP.items()}.get(
        form.get("verticalAlignment", "")
    )
    out.wrap_text = form.get("wrapStrategy") in ("WRAP", "LEGACY_WRAP") or None
    turn = form.get("textRotation", {})
    angle = int(turn.get("angle", 0))
    out.textRotation = (
        255
        if turn.get("vertical")
        else (angle if angle >= 0 else _MAX_TURN - angle)
    )
    # openpyxl's alignments are copied untyped.
    return out  # type: ignore[no-any-return]
