"""The few colours and type sizes of the program's own tabs and charts, each with one meaning.

What stands in the cells is the reports' business; how a format is sent to a spreadsheet is the
writer's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

FONT = "Arial"

INK = "#1F2937"
GREY = "#6B7280"
FAINT = "#9CA3AF"
PAPER = "#F8FAFC"
BLUE, BLUE_PALE = "#2563EB", "#DBEAFE"
RED, RED_PALE = "#B91C1C", "#FEE2E2"
AMBER, AMBER_PALE = "#B45309", "#FEF3C7"
YELLOW_PALE = "#FEFCE8"
GREEN, GREEN_PALE = "#15803D", "#DCFCE7"
RULE, RULE_STRONG = "#E5E7EB", "#CBD5E1"
DECISION = "#FFFBEB"
"""Fill of the cells in which people answer."""

CHART_COMPANIES = BLUE
"""What stands in the working list, or came into it."""
CHART_LIMIT = RULE_STRONG
CHART_OUT = FAINT
"""What left the working list."""
CHART_ELSEWHERE = RULE_STRONG
"""What moved without touching the working list."""
CHART_OVERDUE = RED
CHART_OVERDUE_LONG = AMBER
CHART_SOLD = GREEN


@dataclass(frozen=True)
class CellStyle:
    """How a cell looks. Colours are `#RRGGBB`, the size is in points.

    `kind`: what the number format is for; DATE without a pattern is the book's own.
    """

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
    bold=True,
    size=9,
    color=GREY,
    background=PAPER,
    wrap=True,
    border_bottom="medium",
)

_TOTAL = CellStyle(bold=True, border_bottom="medium")

_TILES = {
    "blue": (BLUE, BLUE_PALE),
    "red": (RED, RED_PALE),
    "amber": (AMBER, AMBER_PALE),
    "green": (GREEN, GREEN_PALE),
    "grey": (INK, PAPER),
}
"""Ink and fill by meaning: blue is there, red late, amber soon, green won, grey for information."""


def _coloured(name: str) -> dict[str, CellStyle]:
    """Return the styles of a colour's large figures and headings of blocks."""
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
        f"block_{name}": CellStyle(
            bold=True, size=12, color=ink, background=fill
        ),
        f"block_{name}_note": CellStyle(size=9, color=GREY, background=fill),
    }


_PLAIN: dict[str, CellStyle] = {
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
    "days": replace(_NUMBER, align="LEFT"),
    "days_red": replace(_NUMBER, bold=True, color=RED, align="LEFT"),
    "percent": replace(_NUMBER, color=GREY, number_format="0%", kind="PERCENT"),
    "bar": replace(_TEXT, size=8, color=BLUE, align="CENTER"),
    "bar_red": replace(_TEXT, size=8, color=RED, align="CENTER"),
    "date": _DATE,
    "note": replace(_TEXT, color=GREY),
    "plain": CellStyle(color=GREY),
    "decision": replace(_TEXT, background=DECISION),
    # Looks like `decision`; by its name the writer knows which words it offers.
    "ruling": replace(_TEXT, background=DECISION),
    "score": replace(_TEXT, background=DECISION, align="CENTER", bold=True),
    "score_wrong": replace(
        _TEXT, background=RED_PALE, align="CENTER", bold=True, color=RED
    ),
    "average": replace(_NUMBER, number_format="0.0"),
    "count": replace(_TEXT, align="RIGHT"),
    "text_wrapped": replace(_TEXT, wrap=True),
    "text_red_wrapped": replace(_TEXT, bold=True, color=RED, wrap=True),
    "note_wrapped": replace(_TEXT, color=GREY, wrap=True),
    "decision_wrapped": replace(_TEXT, background=DECISION, wrap=True),
    "tick": replace(_TEXT, background=DECISION, align="CENTER"),
    "total": _TOTAL,
    "total_count": replace(_TOTAL, align="RIGHT"),
    # Totals stand without a faint line below: a strong one ends the table.
    "total_average": replace(
        _TOTAL, align="RIGHT", number_format="0.0", kind="NUMBER"
    ),
    "total_number": replace(
        _TOTAL, align="RIGHT", number_format="#,##0", kind="NUMBER"
    ),
    "total_percent": replace(
        _TOTAL, align="RIGHT", number_format="0%", kind="PERCENT"
    ),
}


def _all_styles() -> dict[str, CellStyle]:
    styles = dict(_PLAIN)
    for colour in _TILES:
        styles |= _coloured(colour)
    return styles


CELL_STYLES: Mapping[str, CellStyle] = MappingProxyType(_all_styles())
"""Every style the reports use, by name."""
