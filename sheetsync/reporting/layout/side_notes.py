"""People's own notes beside the lines of a report: which line each belongs to tomorrow.

A note follows its line, then its company; what has neither stands in a block at the report's end
until its company is listed again. What the notes say is never looked at, and the rows are moved
elsewhere, by `sheets.requests.row_order`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import count
from typing import NamedTuple

from sheetsync.i18n import Language
from sheetsync.reporting.layout.lines import HEADING_HEIGHT
from sheetsync.reporting.layout.model import ReportCell, ReportLine
from sheetsync.values import Cell

KEPT = "kept:"
"""Before the key of a line that is gone: in the block of such lines."""
UNSEEN = "kept*:"
"""The same, of a line whose note is nothing that reading values tells."""
BLOCK_FRAME = ("gap:kept", "head:kept")
"""The lines above those of the block: its gap and its heading."""
_REPEATED = re.compile(r"#\d+$")


class SideNote(IntEnum):
    """What people have beside a line; NOTE: on a cell, which its value does not tell."""

    NOTHING = 0
    FORMAT = 1
    NOTE = 2
    VALUE = 3


class ReadRow(NamedTuple):
    """A row of a report tab as it was read.

    `key`: of its line, "" for none. `name`: its first cell. `foreign`: it is no line, and something
    stands in it anywhere.
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

    @property
    def must_stay(self) -> bool:
        """Whether more than colours stands beside it: none of that may be lost."""
        return self.side_note > SideNote.FORMAT


@dataclass(frozen=True)
class ArrangedLines:
    """A report with its block of notes.

    `row_by_place`: which row as it was read comes to stand at which place, both 0-based.
    """

    lines: tuple[ReportLine, ...]
    row_by_place: Mapping[int, int] = field(default_factory=dict)

    @property
    def wanted(self) -> list[int | None]:
        """The row that is wanted at each place; None: any that nobody wants."""
        places = max(self.row_by_place, default=-1) + 1
        return [self.row_by_place.get(place) for place in range(places)]


def company_of(key: str, companies: Mapping[str, object]) -> str:
    """Return the id of the company that a line is about, "" for none."""
    # Where a key repeats, the number at its end is no part of the id.
    parts = _REPEATED.sub("", key).split(":")
    return next((part for part in parts if part in companies), "")


def arranged_lines(
    lines: Sequence[ReportLine],
    rows: Sequence[ReadRow],
    companies: Mapping[str, ReportCell],
    language: Language,
) -> ArrangedLines:
    """Give every row beside which something stands its place.

    No row is given two places, none with a note or a value goes without; rows with colours alone
    may. `companies`: the cell that names each by its id, leading to where it stands.
    """
    # All other rows are interchangeable: a tab without notes pays nothing.
    if not any(row.side_note or row.foreign for row in rows):
        return ArrangedLines(tuple(lines))
    arrangement = _Arrangement(lines, rows, companies)
    arrangement.place_at_own_lines()
    arrangement.place_at_companies()
    arrangement.place_in_block(language)
    arrangement.place_at_frame()
    arrangement.place_foreign()
    return ArrangedLines(tuple(arrangement.lines), arrangement.row_by_place)


class _Arrangement:
    """Gives rows their places, one rule after the other; `waiting`: those that have none yet."""

    def __init__(
        self,
        lines: Sequence[ReportLine],
        rows: Sequence[ReadRow],
        companies: Mapping[str, ReportCell],
    ) -> None:
        self.lines = [*lines]
        self.rows = rows
        self.companies = companies
        self.row_by_place: dict[int, int] = {}
        self.waiting: list[int] = []

    def place_at_own_lines(self) -> None:
        """Place rows at their own lines: notes before colours, listed rows before the block's."""
        places = {line.key: place for place, line in enumerate(self.lines)}
        # Colours give way to notes, as they may be lost; the block to the line itself, come back.
        for row in sorted(self._marked(), key=self._rank):
            place = places.get(self.rows[row].own_key)
            if place is None or place in self.row_by_place:
                self.waiting.append(row)
            else:
                self.row_by_place[place] = row

    def _marked(self) -> Iterator[int]:
        for number, row in enumerate(self.rows):
            if row.key and row.side_note:
                yield number

    def _rank(self, row: int) -> tuple[bool, bool]:
        return self.rows[row].side_note == SideNote.FORMAT, self.rows[row].kept

    def place_at_companies(self) -> None:
        """Place rows whose line is gone at the first free line of the same company."""
        if not self.waiting:
            return
        free_places = self._free_places()
        for row in [*self.waiting]:
            company = company_of(self.rows[row].own_key, self.companies)
            places = free_places.get(company)
            if places:
                self.row_by_place[places.pop(0)] = row
                self.waiting.remove(row)

    def _free_places(self) -> dict[str, list[int]]:
        """Return the lines beside which nothing of people's stands yet, by company."""
        free: dict[str, list[int]] = {}
        for place, line in enumerate(self.lines):
            company = company_of(line.key, self.companies)
            if company and place not in self.row_by_place:
                free.setdefault(company, []).append(place)
        return free

    def place_in_block(self, language: Language) -> None:
        """Add the block of lines that are gone, and place their rows there."""
        homeless = self._homeless()
        if not homeless:
            return
        self.lines += _block_heading(language)
        used = set[str]()
        # Those that are in it already keep their order above those that come.
        for row in sorted(
            homeless, key=lambda row: (not self.rows[row].kept, row)
        ):
            self.row_by_place[len(self.lines)] = row
            self.lines.append(self._kept_line(self.rows[row], used))

    def _homeless(self) -> list[int]:
        """Return the rows that must stay and have no place in the report."""
        notes = [row for row in self.waiting if self.rows[row].must_stay]
        homeless = [
            row for row in notes if self.rows[row].key not in BLOCK_FRAME
        ]
        # What people wrote beside the block's heading stays when the block itself is over.
        return homeless or notes

    def _kept_line(self, row: ReadRow, used: set[str]) -> ReportLine:
        key = _unused(row.own_key, used)
        used.add(key)
        mark = KEPT if row.side_note == SideNote.VALUE else UNSEEN
        name = self.companies.get(company_of(key, self.companies))
        return ReportLine(mark + key, (name or ReportCell(_name(row), "text"),))

    def place_at_frame(self) -> None:
        """Place what stands beside the block's own heading there, where there is a block."""
        places = {
            line.key: place
            for place, line in enumerate(self.lines)
            if line.key in BLOCK_FRAME
        }
        placed = {*self.row_by_place.values()}
        for row in self.waiting:
            place = places.get(self.rows[row].key)
            if (
                place is not None
                and place not in self.row_by_place
                and row not in placed
            ):
                self.row_by_place[place] = row

    def place_foreign(self) -> None:
        """Place people's own rows below everything.

        Each stands where it did, or as much further down as the report needs the room.
        """
        free = len(self.lines)
        for number, row in enumerate(self.rows):
            if row.foreign:
                place = max(number, free)
                self.row_by_place[place] = number
                free = place + 1


def _block_heading(language: Language) -> list[ReportLine]:
    text = language.text
    above, heading = BLOCK_FRAME
    cells = (
        ReportCell(
            text("Notes on companies that are no longer listed"), "heading"
        ),
        ReportCell(None, "blank"),
        ReportCell(
            text(
                "a line goes when its notes are cleared; "
                "when the company is listed again, they go back to it"
            ),
            "heading_note",
        ),
    )
    return [
        ReportLine(above, (), 18),
        ReportLine(heading, cells, HEADING_HEIGHT),
    ]


def _unused(key: str, used: set[str]) -> str:
    """Return a key that none of the block's lines has yet: people copy rows."""
    if key not in used:
        return key
    base = _REPEATED.sub("", key)
    numbered = (f"{base}#{number}" for number in count(2))
    return next(new for new in numbered if new not in used)


def _name(row: ReadRow) -> str:
    return ("" if row.name is None else str(row.name)) or "—"
