"""Rich text: a file's text blocks as Google's textFormatRuns and back.

A run's startIndex counts UTF-16 units as Google does; plain texts never come here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Color

from sheetsync.emulator.xlsx.styles.styles import Palette, font_json, rgb_of

if TYPE_CHECKING:
    from sheetsync.emulator.model.grid import Json


class _Font:
    """An inline font under the names of a cell's font."""

    def __init__(self, font: Any) -> None:
        self.b, self.i, self.strike, self.u = (
            font.b,
            font.i,
            font.strike,
            font.u,
        )
        self.name, self.sz, self.color = font.rFont, font.sz, font.color


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def runs_of(text: CellRichText, palette: Palette) -> tuple[Json, ...]:
    """Give the textFormatRuns of a file's rich text."""
    out: list[Json] = []
    at = 0
    for block in text:
        form = (
            font_json(_Font(block.font), None, palette)
            if isinstance(block, TextBlock)
            else {}
        )
        start = {"startIndex": at} if at else {}
        out.append({**start, "format": form})
        at += _units(block.text if isinstance(block, TextBlock) else str(block))
    return tuple(out)


def rich_text(text: str, runs: tuple[Json, ...]) -> CellRichText:
    """Give the file's rich text for a text and its runs."""
    data = text.encode("utf-16-le")
    starts = [min(int(run.get("startIndex", 0)) * 2, len(data)) for run in runs]
    blocks: list[Any] = []
    if starts and starts[0]:
        blocks.append(data[: starts[0]].decode("utf-16-le", "replace"))
    for run, start, end in zip(
        runs, starts, [*starts[1:], len(data)], strict=True
    ):
        part = data[start:end].decode("utf-16-le", "replace")
        form = run.get("format", {})
        if part:
            blocks.append(TextBlock(_inline(form), part) if form else part)
    return CellRichText(blocks)


def _inline(form: Json) -> InlineFont:
    code = rgb_of(form.get("foregroundColor"), form.get("foregroundColorStyle"))
    return InlineFont(
        rFont=form.get("fontFamily"),
        sz=form.get("fontSize"),
        b=form.get("bold"),
        i=form.get("italic"),
        strike=form.get("strikethrough"),
        u="single" if form.get("underline") else None,
        color=None if code is None else Color(rgb="FF" + code),
    )
