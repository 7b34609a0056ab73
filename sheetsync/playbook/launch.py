"""The launch checklist: for each point of the method how much of it is done, and what is missing.

What the base itself tells is given; what people have filled in is read from the playbook's tabs.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sheetsync.i18n import marked
from sheetsync.playbook.checks import (
    CheckedBy,
    ChecklistItem,
    row_items,
    wrong_in,
)
from sheetsync.playbook.reading import (
    PlaybookRow,
    SectionReading,
    TabReading,
)

LAUNCH = "launch"
"""The key of the tab on which the head ticks the points."""
POINTS = "points"
"""The key of its table."""
TITLES: Mapping[str, str] = {
    "0": marked("Who leads the department"),
    "1": marked("The product and the company described"),
    "2": marked("Roles"),
    "3a": marked("The algorithm of selling"),
    "3": marked("Sections of the base"),
    "4": marked("Labels"),
    "5": marked("Categories"),
    "6": marked("States"),
    "7": marked("Size of the working list"),
    "8": marked("Longest time in work"),
    "9": marked("Trial of the model"),
    "10": marked("Control"),
    "11": marked("Training"),
    "12": marked("Hiring and ramp-up"),
    "13": marked("Help"),
}
"""The points of the method in its order; a point of a team's own is called as its tab."""


@dataclass(frozen=True)
class PointProgress:
    """A point and what is asked of it. `title`: an English sentence to be translated, or a name."""

    point: str
    title: str
    items: tuple[ChecklistItem, ...]

    @property
    def share(self) -> float:
        """How much of it is done, 0 to 1."""
        if not self.items:
            return 0.0
        return sum(item.done for item in self.items) / len(self.items)

    @property
    def missing(self) -> tuple[str, ...]:
        """What is missing, each in a sentence."""
        return tuple(item.missing for item in self.items if item.done < 1)


def launch_progress(
    readings: Sequence[TabReading],
    told_by_base: Mapping[str, Sequence[ChecklistItem]],
    by: CheckedBy,
) -> tuple[PointProgress, ...]:
    """Return the points in their order. `told_by_base`: what the base tells, by point.

    A point of which nothing tells anything is left out.
    """
    items: dict[str, list[ChecklistItem]] = {point: [] for point in TITLES}
    titles = {**TITLES}
    for point, told in told_by_base.items():
        items.setdefault(point, []).extend(told)
    for reading in readings:
        point = reading.tab.point
        titles.setdefault(point, reading.tab.title)
        items.setdefault(point, []).extend(row_items(reading, by))
    for point, item in _ticks(readings, by):
        items.setdefault(point, []).append(item)
    progress = []
    for point, asked in items.items():
        if asked:
            title = titles.get(point, point)
            progress.append(PointProgress(point, title, tuple(asked)))
    return tuple(progress)


def _ticks(
    readings: Sequence[TabReading], by: CheckedBy
) -> Iterator[tuple[str, ChecklistItem]]:
    """Go through the points that the head ticks by hand."""
    for reading in readings:
        table = reading.section(POINTS)
        if reading.tab.key != LAUNCH or table is None:
            continue
        for row in table.rows:
            point = _point_of(row.cell("point").raw)
            if point is None:
                continue
            yield point, _tick(row, table, reading.title, by)


def _tick(
    row: PlaybookRow, table: SectionReading, title: str, by: CheckedBy
) -> ChecklistItem:
    """Return whether a point is ticked, and on a day that can be."""
    text = by.language.text
    if row.cell("done").value is not True:
        message = text(
            "“{tab}”, row {row}: not ticked as done.", tab=title, row=row.number
        )
        return ChecklistItem(0.0, message)
    wrong = [*wrong_in(row, table, (), by)]
    if not wrong:
        return ChecklistItem(1.0, "")
    message = text(
        "“{tab}”, row {row}: {wrong}.",
        tab=title,
        row=row.number,
        wrong="; ".join(wrong),
    )
    return ChecklistItem(0.0, message)


def _point_of(words: str) -> str | None:
    """Return the point that a cell names by its beginning: "3a. The algorithm"."""
    first = words.casefold().split(maxsplit=1)[:1]
    # Both alphabets have a letter that looks like this one.
    name = "".join(first).rstrip(".:)").replace("а", "a")
    return name if name in TITLES else None
