"""People's own notes beside the lines of a report: which line each belongs to tomorrow, and those whose line is gone.

A note follows its line, then its company; what has neither stands in a block at the report's end until its company is listed
again. What the notes say is never looked at. Pure; the rows are moved by sheets.side_note.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

from sheetsync.i18n import Language
from sheetsync.reporting.layout.model import ReportCell, ReportLine
from sheetsync.values import Cell

KEPT, UNSEEN = "kept:", "kept*:"
"""Before the key of a line that is gone: in the block of such lines. `UNSEEN`: its note is nothing that reading values tells."""
_GAP, _HEAD = "gap:kept", "head:kept"
_REPEATED = re.compile(r"#\d+$")


class SideNote(IntEnum):
    """What people have beside a line: nothing, only colours, a note that values do not tell, a value."""

    NOTHING = 0
    FORMAT = 1
    NOTE = 2
    VALUE = 3


class ReadRow(NamedTuple):
    """A row of a report tab as it was read: its line, "" for none, what stands beside it, its first cell's text.

    `foreign`: it is no line, and something stands in it anywhere.
    """

    key: str
    side_note: SideNote
    name: Cell
    foreign: bool = False

    @property
    def own_key(self) -> str:
        """The line that the note was written beside, be it listed now or not."""
        return self.key.removeprefix(KEPT).removeprefix(UNSEEN)

    @property
    def kept(self) -> bool:
        """Whether it is a line of the block at the end."""
        return self.key.startswith((KEPT, UNSEEN))

    @property
    def unseen(self) -> bool:
        """Whether it is one whose note values do not tell."""
        return self.key.startswith(UNSEEN)


@dataclass(frozen=True)
class ArrangedLines:
    """A report with its block of notes; `row_by_place`: which row as it was read comes to stand at which place (both 0-based)."""

    lines: tuple[ReportLine, ...]
    row_by_place: Mapping[int, int] = field(default_factory=dict)

    @property
    def wanted(self) -> list[int | None]:
        """The row that is wanted at each place; None: any that nobody wants."""
        return [
            self.row_by_place.get(place) for place in range(max(self.row_by_place, default=-1) + 1)
        ]


def company_of(key: str, companies: Mapping[str, object]) -> str:
    """Return the id of the company that a line is about, "" for none."""
    return next((part for part in _REPEATED.sub("", key).split(":") if part in companies), "")


def arranged_lines(
    lines: Sequence[ReportLine],
    rows: Sequence[ReadRow],
    companies: Mapping[str, ReportCell],
    language: Language,
) -> ArrangedLines:
    """Give every row beside which something stands its place. `companies`: each by its id, leading to where it stands.

    No row is given two places, none with a note or a value goes without; rows with colours alone may.
    """
    if not any(row.side_note or row.foreign for row in rows):
        return ArrangedLines(tuple(lines))
    seats, waiting = _exact(lines, rows)
    _by_company(seats, waiting, lines, rows, companies)
    left = [at for at in waiting if rows[at].side_note > SideNote.FORMAT and not _frame(rows[at])]
    block = list(_block(left, rows, companies, language))
    if (
        not block
    ):  # what people wrote beside the block's heading stays when the block itself is over
        left = [at for at in waiting if rows[at].side_note > SideNote.FORMAT]
        block = list(_block(left, rows, companies, language))
    told = (*lines, *(line for line, _ in block))
    seats |= {len(lines) + at: row for at, (_, row) in enumerate(block) if row is not None}
    _frames(seats, told, waiting, rows)
    return ArrangedLines(told, seats | _foreign(rows, len(told)))


def _exact(
    lines: Sequence[ReportLine], rows: Sequence[ReadRow]
) -> tuple[dict[int, int], list[int]]:
    """Seat each row at its own line: listed ones before those of the block, notes before mere colours. Returns the others too."""
    places = {line.key: at for at, line in enumerate(lines)}
    marked = [at for at, row in enumerate(rows) if row.key and row.side_note]
    marked.sort(key=lambda at: (rows[at].side_note == SideNote.FORMAT, rows[at].kept))
    seats, waiting = dict[int, int](), list[int]()
    for at in marked:
        place = places.get(rows[at].own_key)
        if place is None or place in seats:
            waiting.append(at)
        else:
            seats[place] = at
    return seats, waiting


def _by_company(
    seats: dict[int, int],
    waiting: list[int],
    lines: Sequence[ReportLine],
    rows: Sequence[ReadRow],
    companies: Mapping[str, ReportCell],
) -> None:
    """Seat rows whose line is gone at another line of the same company, the first that has nothing of people's yet."""
    free: dict[str, list[int]] = {}
    for place, line in enumerate(lines) if waiting else ():
        company = company_of(line.key, companies)
        if company and place not in seats:
            free.setdefault(company, []).append(place)
    for at in [*waiting]:
        places = free.get(company_of(rows[at].own_key, companies))
        if places:
            seats[places.pop(0)] = at
            waiting.remove(at)


def _frame(row: ReadRow) -> bool:
    return row.key in (_GAP, _HEAD)


def _block(
    left: Sequence[int],
    rows: Sequence[ReadRow],
    companies: Mapping[str, ReportCell],
    language: Language,
) -> Iterator[tuple[ReportLine, int | None]]:
    """Go through the block's lines, each with its row: first those that are in it already, in their order."""
    if not left:
        return
    text = language.text
    title = ReportCell(text("Notes on companies that are no longer listed"), "heading")
    note = ReportCell(
        text(
            "a line goes when its notes are cleared; when the company is listed again, they go back to it"
        ),
        "heading_note",
    )
    yield ReportLine(_GAP, (), 18), None
    yield ReportLine(_HEAD, (title, ReportCell(None, "blank"), note), 26), None
    used = set[str]()
    for at in sorted(left, key=lambda at: (not rows[at].kept, at)):
        row = rows[at]
        key = _unused(row.own_key, used)
        name = companies.get(company_of(key, companies)) or ReportCell(
            _text(row.name) or "—", "text"
        )
        yield ReportLine((KEPT if row.side_note == SideNote.VALUE else UNSEEN) + key, (name,)), at


def _unused(key: str, used: set[str]) -> str:
    base, number, found = _REPEATED.sub("", key), 1, key
    while found in used:
        number += 1
        found = f"{base}#{number}"
    used.add(found)
    return found


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell)


def _frames(
    seats: dict[int, int],
    told: Sequence[ReportLine],
    waiting: Sequence[int],
    rows: Sequence[ReadRow],
) -> None:
    """Seat what stands beside the block's own heading there, where there is a block."""
    places = {line.key: at for at, line in enumerate(told) if line.key in (_GAP, _HEAD)}
    used = {*seats.values()}
    for at in waiting:
        place = places.get(rows[at].key)
        if place is not None and place not in seats and at not in used:
            seats[place] = at


def _foreign(rows: Sequence[ReadRow], end: int) -> dict[int, int]:
    """Seat rows of people's own below everything: where they stand, or as far down as the report needs the room."""
    seats, place = dict[int, int](), end
    for at, row in enumerate(rows):
        if row.foreign:
            seats[place := max(at, place)] = at
            place += 1
    return seats
