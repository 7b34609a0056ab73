"""Where the lines are that reports lead to: each anchor becomes a row of a tab, once all of them are laid out."""

from collections.abc import Iterator, Sequence

from sheetsync.reporting.layout.model import Anchor, ReportLine, ReportSheet


def linked(sheets: Sequence[ReportSheet]) -> tuple[ReportSheet, ...]:
    """Return the same reports, their anchors as rows (from 1) of tabs; one whose line is not there leads to the tab's top."""
    titles = {sheet.key: sheet.title for sheet in sheets}
    rows: dict[tuple[str, str], int] = {}
    for sheet in sheets:
        for at, line in enumerate(sheet.lines, start=1):
            for name in _names(line.key):
                rows.setdefault((sheet.key, name), at)

    def row(anchor: Anchor) -> tuple[str, int] | None:
        if anchor.sheet not in titles:
            return None
        found = rows.get((anchor.sheet, anchor.line)) or rows.get(
            (anchor.sheet, anchor.otherwise), 1
        )
        return f"tab:{titles[anchor.sheet]}", found

    def led(line: ReportLine) -> ReportLine:
        if not any(isinstance(cell.link, Anchor) for cell in line.cells):
            return line
        cells = (
            c._replace(link=row(c.link)) if isinstance(c.link, Anchor) else c for c in line.cells
        )
        return line._replace(cells=tuple(cells))

    return tuple(sheet._replace(lines=tuple(map(led, sheet.lines))) for sheet in sheets)


def _names(key: str) -> Iterator[str]:
    """Go through the names a line is known by: its key; the first of the revision's of a kind also `found:` and its code."""
    yield key
    kind, *rest = key.split(":", 3)
    if kind in ("problem", "against") and len(rest) > 1:
        yield f"found:{rest[1]}"
