"""The few colours and type sizes of the program's own tabs, each with one meaning, as pure data.

What stands in the cells is the reports' business; how a format is sent to a spreadsheet is the writer's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

FONT = "Arial"

INK, GREY, PAPER = "#1F2937", "#6B7280", "#F8FAFC"
FAINT = "#9CA3AF"
BLUE, BLUE_PALE = "#2563EB", "#DBEAFE"
RED, RED_PALE = "#B91C1C", "#FEE2E2"
AMBER, AMBER_PALE = "#B45309", "#FEF3C7"
GREEN, GREEN_PALE = "#15803D", "#DCFCE7"
RULE, RULE_STRONG = "#E5E7EB", "#CBD5E1"
DECISION = "#FFFBEB"
"""Fill of the cells in which people answer."""


@dataclass(frozen=True)
class CellStyle:
    """How a cell looks. Colours are `#RRGGBB`; size in points; `kind` DATE without a pattern: the book's own."""

    bold: bool = False
    italic: bool = False
    size: int = 10
    color: str = INK
    background: str | None = None
    align: Literal["LEFT", "RIGHT", "CENTER"] | None = None
    number_format: str | None = None
    kind: Literal["DATE", "NUMBER", "PERCENT"] | None = None
    underline: bool = False
    wrap: bool = False
    border_bottom: Literal["thin", "medium"] | None = None

    @property
    def border_color(self) -> str:
        """Colour of the line below: faint between rows, stronger under headings."""
        return RULE if self.border_bottom == "thin" else RULE_STRONG


_TEXT = CellStyle(border_bottom="thin")
_NUMBER = replace(_TEXT, align="RIGHT", number_format="#,##0", kind="NUMBER")
_DATE = replace(_TEXT, align="LEFT", kind="DATE")
_HEAD = CellStyle(
    bold=True, size=9, color=GREY, background=PAPER, wrap=True, border_bottom="medium"
)

_TILES = {
    "blue": (BLUE, BLUE_PALE),
    "red": (RED, RED_PALE),
    "amber": (AMBER, AMBER_PALE),
    "green": (GREEN, GREEN_PALE),
    "grey": (INK, PAPER),
}
"""Ink and fill by meaning: blue what is there, red late, amber soon, green won, grey for information."""


def _tile(name: str) -> dict[str, CellStyle]:
    ink, fill = _TILES[name]
    value = CellStyle(
        bold=True,
        size=20,
        color=ink,
        background=fill,
        align="LEFT",
        number_format="#,##0",
        kind="NUMBER",
    )
    return {
        f"kpi_{name}_label": CellStyle(size=9, color=ink, background=fill),
        f"kpi_{name}_value": value,
        f"kpi_{name}_note": CellStyle(size=9, color=GREY, background=fill),
        f"block_{name}": CellStyle(bold=True, size=12, color=ink, background=fill),
        f"block_{name}_note": CellStyle(size=9, color=GREY, background=fill),
    }


CELL_STYLES: Mapping[str, CellStyle] = MappingProxyType(
    {
        "blank": CellStyle(),
        "title": CellStyle(bold=True, size=18),
        "subtitle": CellStyle(size=10, color=GREY),
        "notice": CellStyle(bold=True, color=RED),
        "heading": CellStyle(bold=True, size=12),
        "heading_note": CellStyle(size=9, color=GREY),
        "chart_title": CellStyle(bold=True, size=11),
        "head": _HEAD,
        "head_right": replace(_HEAD, align="RIGHT"),
        "head_center": replace(_HEAD, align="CENTER"),
        "text": _TEXT,
        "text_red": replace(_TEXT, bold=True, color=RED),
        "text_amber": replace(_TEXT, bold=True, color=AMBER),
        "link": replace(_TEXT, color=BLUE, underline=True),
        "number": _NUMBER,
        "number_red": replace(_NUMBER, bold=True, color=RED),
        "number_amber": replace(_NUMBER, bold=True, color=AMBER),
        "number_past": replace(_NUMBER, color=GREY),
        "number_zero": replace(_NUMBER, color=FAINT),
        "days_red": replace(_NUMBER, bold=True, color=RED, align="LEFT"),
        "percent": replace(_NUMBER, color=GREY, number_format="0%", kind="PERCENT"),
        "bar": replace(_TEXT, size=8, color=BLUE, align="CENTER"),
        "bar_red": replace(_TEXT, size=8, color=RED, align="CENTER"),
        "date": _DATE,
        "note": replace(_TEXT, color=GREY),
        "plain": CellStyle(color=GREY),
        "decision": replace(_TEXT, background=DECISION),
        "ruling": replace(_TEXT, background=DECISION),
        "score": replace(_TEXT, background=DECISION, align="CENTER", bold=True),
        "score_wrong": replace(_TEXT, background=RED_PALE, align="CENTER", bold=True, color=RED),
        "average": replace(_NUMBER, number_format="0.0"),
        "count": replace(_TEXT, align="RIGHT"),
        "text_wrapped": replace(_TEXT, wrap=True),
        "text_red_wrapped": replace(_TEXT, bold=True, color=RED, wrap=True),
        "note_wrapped": replace(_TEXT, color=GREY, wrap=True),
        "decision_wrapped": replace(_TEXT, background=DECISION, wrap=True),
        "tick": replace(_TEXT, background=DECISION, align="CENTER"),
        "total": CellStyle(bold=True, border_bottom="medium"),
        "total_count": CellStyle(bold=True, align="RIGHT", border_bottom="medium"),
        "total_average": CellStyle(
            bold=True, align="RIGHT", number_format="0.0", kind="NUMBER", border_bottom="medium"
        ),
        "total_number": CellStyle(
            bold=True, align="RIGHT", number_format="#,##0", kind="NUMBER", border_bottom="medium"
        ),
        "total_percent": CellStyle(
            bold=True, align="RIGHT", number_format="0%", kind="PERCENT", border_bottom="medium"
        ),
    }
    | {name: look for tile in _TILES for name, look in _tile(tile).items()}
)
"""Every look the reports use, by name."""
