"""Where the lines are that reports lead to: anchors become rows of tabs, once all are laid out.

Which figure leads to which line is said where the figure is shown.
"""

from collections.abc import Iterator, Sequence

from sheetsync.reporting.layout.model import (
    Anchor,
    ReportCell,
    ReportLine,
    ReportSheet,
)


def linked(sheets: Sequence[ReportSheet]) -> tuple[ReportSheet, ...]:
    """Return the same reports, their anchors as rows (from 1) of tabs.

    An anchor whose line is not there leads to the tab's top; one of no tab, nowhere.
    """
    resolver = _Anchors(sheets)
    return tuple(
        sheet._replace(lines=resolver.lines(sheet)) for sheet in sheets
    )


class _Anchors:
    """Knows in which row of which tab each line stands."""

    def __init__(self, sheets: Sequence[ReportSheet]) -> None:
        self.titles = {sheet.key: sheet.title for sheet in sheets}
        self.rows: dict[tuple[str, str], int] = {}
        for sheet in sheets:
            for row, line in enumerate(sheet.lines, start=1):
                for name in _names(line.key):
                    # Of the revision's lines of one code the first is meant.
                    self.rows.setdefault((sheet.key, name), row)

    def lines(self, sheet: ReportSheet) -> tuple[ReportLine, ...]:
        """Return a report's lines, their anchors as places."""
        return tuple(self._line(line) for line in sheet.lines)

    def _line(self, line: ReportLine) -> ReportLine:
        # Most lines lead to no other: they stay as they are.
        if not any(isinstance(cell.link, Anchor) for cell in line.cells):
            return line
        return line._replace(cells=tuple(map(self._cell, line.cells)))

    def _cell(self, cell: ReportCell) -> ReportCell:
        if not isinstance(cell.link, Anchor):
            return cell
        return cell._replace(link=self._place(cell.link))

    def _place(self, anchor: Anchor) -> tuple[str, int] | None:
        if anchor.sheet not in self.titles:
            return None
        top = 1
        otherwise = self.rows.get((anchor.sheet, anchor.otherwise), top)
        row = self.rows.get((anchor.sheet, anchor.line), otherwise)
        return f"tab:{self.titles[anchor.sheet]}", row


def _names(key: str) -> Iterator[str]:
    """Go through the names a line is known by: its key, and `found:` with the code of a finding."""
    yield key
    kind, *parts = key.split(":", 3)
    if kind in ("problem", "against") and len(parts) > 1:
        yield f"found:{parts[1]}"
