"""The cells of the summary's tables of figures: headings, figures, and the names before them.

What a table is of is said where it stands.
"""

from sheetsync.reporting.layout.model import Anchor, Link, ReportCell

UNKNOWN = "—"
"""What stands in the place of a figure that is not known."""


def figure_cell(
    value: float | None,
    style: str = "number",
    link: Link | Anchor | None = None,
) -> ReportCell:
    """Write a figure, leading to its rows; a dash where it is not known."""
    if value is None:
        return ReportCell(UNKNOWN, "number_zero")
    number = value if style == "percent" else round(value)
    if value:
        return ReportCell(number, style, link)
    return ReportCell(
        number, style if style.startswith("total") else "number_zero"
    )


def name_cell(
    name: str, link: Link | Anchor | None = None, note: str = ""
) -> ReportCell:
    """Name the figures of a line, leading to their rows too."""
    # Not every program follows the link of a cell that holds a number.
    return ReportCell(name, "link" if link else "text", link, note)


def name_head(words: str) -> ReportCell:
    """Return the heading of the names of a table's lines."""
    return ReportCell(words, "head")


def figure_head(words: str, how: str = "") -> ReportCell:
    """Return the heading of figures. `how`: how they are counted, the note on it."""
    return ReportCell(words, "head_right", None, how)
