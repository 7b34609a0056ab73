"""A plan: the moves and cell edits of one run as sorted, frozen, serialisable data, with a digest.

Says what is to be done and why; how it is sent to a spreadsheet is the writer's.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from sheetsync.errors import PlanRefused
from sheetsync.schema import Problem, Severity
from sheetsync.values import Cell
from sheetsync.workbook.range_notes import RangeNote
from sheetsync.workbook.trial_record import TrialRecord, trial_record

FORMAT = 1
"""Version of the plan's JSON form; a reader refuses any other."""

DERIVED = ("deadline", "days_left", "problems", "id")
"""Fields of the program's own columns, in the order in which they are added to a tab."""
STAY_SIGNS = ("◑", "◕", "●")
"""How much of a stay is used up, in Problems: half, three quarters, all; colours go by them."""


class Move(NamedTuple):
    """A row going to another section.

    `row` is the sheet's number when read; `sets`: (field, cell) written on arrival.
    """

    id: str
    company: str
    manager: str
    source: str
    target: str
    row: int
    rule: str
    reason: str
    sets: tuple[tuple[str, Cell], ...] = ()


class Edit(NamedTuple):
    """A cell to write. `derived`: the program's own column, which the Journal does not list.

    `repair`: the same value, only written otherwise.
    """

    section: str
    row: int
    id: str
    field: str
    before: Cell
    after: Cell
    why: str = ""
    derived: bool = True
    repair: bool = False


Cells = tuple[tuple[str, Cell], ...]
"""Cells of a row, each under the name of its field, or under its heading."""


class Removal(NamedTuple):
    """A row that leaves the base: its client is joined to another row, or its import taken back.

    `row` is the sheet's number when read; `into`: the id of the row that keeps the client, "" where
    none does. `cells` by field and `others` by heading: all that people had typed there.
    """

    id: str
    company: str
    manager: str
    section: str
    row: int
    into: str = ""
    why: str = ""
    cells: Cells = ()
    others: Cells = ()


class NewRow(NamedTuple):
    """A row that comes into the base after the last client of its section.

    `cells` by field and `others` by heading, as they would be typed; `source`: the list that it is
    from, "" where it stood in the base before. `row`: the sheet's number that it will have, 0 until
    that is known.
    """

    id: str
    company: str
    manager: str
    section: str
    cells: Cells
    others: Cells = ()
    source: str = ""
    row: int = 0


class RowBack(NamedTuple):
    """Where a row that an undo brings back goes in its tab.

    `before`: the sheet's number, as read, of the row that it is inserted before.
    """

    id: str
    before: int


class TakenBack(NamedTuple):
    """What a plan takes back of a run, beside rows and cells.

    `notes`: what its ranges were; `rows`: section, id and the sheet's number of each row that it
    had moved, as they were before; `emptied`: rows (section, the sheet's number) that it left
    behind empty.
    """

    notes: tuple[RangeNote, ...] = ()
    rows: tuple[tuple[str, str, int], ...] = ()
    emptied: tuple[tuple[str, int], ...] = ()


NOTHING_TAKEN_BACK = TakenBack()


class Pending(NamedTuple):
    """A decision of a person that stays where it is typed: report and line, company, words, why.

    `why` it was not carried out is empty where nothing is in its way, and it only waits for a run.
    """

    sheet: str
    line: str
    id: str
    company: str
    value: str
    why: str


class Offer(NamedTuple):
    """A company of the call base that a manager could get (METHOD point 7), as its row has it.

    `ticked`: a person has said yes; `why`: and why that could not be carried out, in words.
    """

    id: str
    company: str
    manager: str
    label: str = ""
    city: str = ""
    ticked: bool = False
    why: str = ""


@dataclass(frozen=True)
class Plan:
    """What one run would do.

    `fingerprints`: by (section, row), what each row holds whose move or edit depends on it.
    `holds`: ids that no deadline moves until the day given with them. `blanks`: (section, row) of
    empty rows to delete; never saved. `offers`: who could get what, which nothing but a tick
    carries out. `pending`: decisions that are not carried out. `removals`: rows that leave
    the base. `back`: where rows that move land that do not go after the last client of their tab,
    from the top; `taken_back`: what else of a run is; neither is ever saved. `sold`: ids of which
    the head of sales has said that they are sold. `would`: what the rules would move and a trial of
    the model holds where it is; `trial`: what is to be noted of that trial, None: nothing new;
    `released`: ids of rows that the head has let go after one: they count to no limit of safety.
    """

    book: str
    today: date
    moves: tuple[Move, ...] = ()
    edits: tuple[Edit, ...] = ()
    problems: tuple[Problem, ...] = ()
    fingerprints: Mapping[tuple[str, int], str] | None = None
    holds: tuple[tuple[str, date], ...] = ()
    blanks: tuple[tuple[str, int], ...] = ()
    offers: tuple[Offer, ...] = ()
    pending: tuple[Pending, ...] = ()
    removals: tuple[Removal, ...] = ()
    back: tuple[RowBack, ...] = ()
    taken_back: TakenBack = NOTHING_TAKEN_BACK
    sold: frozenset[str] = frozenset()
    would: tuple[Move, ...] = ()
    trial: TrialRecord | None = None
    released: frozenset[str] = frozenset()

    @property
    def empty(self) -> bool:
        """Whether nothing would be moved, edited or deleted."""
        changes = (self.moves, self.edits, self.blanks, self.removals)
        return not (any(changes) or self.sold)

    @property
    def removed_places(self) -> frozenset[tuple[str, int]]:
        """Where the rows stand that leave the base: section, the sheet's number."""
        return frozenset((row.section, row.row) for row in self.removals)

    @cached_property
    def digest(self) -> str:
        """Twelve hexadecimal digits that other moves, edits, or rows they rest on would change."""
        marks = sorted(_marks(self))
        parts: list[object] = [
            self.book,
            self.today.isoformat(),
            self.moves,
            self.edits,
            marks,
        ]
        # Left out where there are none, as plans were saved before there were any.
        if self.holds:
            parts.append(_days(self.holds))
        if self.removals:
            parts.append(self.removals)
        if self.sold:
            parts.append(sorted(self.sold))
        if self.would or self.trial or self.released:
            trial = self.trial.data() if self.trial else None
            parts += [self.would, trial, sorted(self.released)]
        essence = json.dumps(parts, ensure_ascii=False)
        return hashlib.sha256(essence.encode()).hexdigest()[:12]


def _marks(plan: Plan) -> list[list[object]]:
    fingerprints = plan.fingerprints or {}
    return [
        [section, row, mark] for (section, row), mark in fingerprints.items()
    ]


def _days(holds: tuple[tuple[str, date], ...]) -> list[list[str]]:
    return [[row_id, day.isoformat()] for row_id, day in holds]


def to_json(plan: Plan) -> dict[str, Any]:
    """Return the plan as JSON data; `from_json` gives the same plan back."""
    return {
        "format": FORMAT,
        "book": plan.book,
        "today": plan.today.isoformat(),
        "digest": plan.digest,
        "moves": [move._asdict() for move in plan.moves],
        "edits": [edit._asdict() for edit in plan.edits],
        "problems": [problem._asdict() for problem in plan.problems],
        "holds": _days(plan.holds),
        "offers": [offer._asdict() for offer in plan.offers],
        "pending": [pending._asdict() for pending in plan.pending],
        "removals": [removal._asdict() for removal in plan.removals],
        "sold": sorted(plan.sold),
        "would": [move._asdict() for move in plan.would],
        "trial": plan.trial.data() if plan.trial else None,
        "released": sorted(plan.released),
        "fingerprints": _marks(plan),
    }


def is_plan(text: str) -> bool:
    """Tell whether a file's text is a plan, of whatever version.

    Raises ValueError where it is no JSON.
    """
    data = json.loads(text)
    return (
        isinstance(data, dict) and {"format", "digest", "moves"} <= data.keys()
    )


def from_json(data: Any, refusal: str) -> Plan:
    """Read a plan back.

    Raises PlanRefused (saying `refusal`) on anything that is not a whole, unaltered plan.
    """
    try:
        plan = _read(data) if data["format"] == FORMAT else None
    except (KeyError, TypeError, ValueError) as error:
        raise PlanRefused(refusal) from error
    if plan is None or plan.digest != data["digest"]:
        raise PlanRefused(refusal)
    return plan


def _read(data: Any) -> Plan:
    """Read the parts of a plan. Raises KeyError, TypeError or ValueError where they are no such."""
    holds = data.get("holds", ())
    return Plan(
        str(data["book"]),
        date.fromisoformat(data["today"]),
        tuple(_move(move) for move in data["moves"]),
        tuple(Edit(**edit) for edit in data["edits"]),
        tuple(_problem(problem) for problem in data["problems"]),
        {(section, row): mark for section, row, mark in data["fingerprints"]},
        tuple((str(row_id), date.fromisoformat(day)) for row_id, day in holds),
        offers=tuple(Offer(**offer) for offer in data.get("offers", ())),
        pending=tuple(
            Pending(**pending) for pending in data.get("pending", ())
        ),
        removals=tuple(map(_removal, data.get("removals", ()))),
        sold=frozenset(map(str, data.get("sold", ()))),
        would=tuple(_move(move) for move in data.get("would", ())),
        trial=trial_record(data.get("trial") or {}),
        released=frozenset(map(str, data.get("released", ()))),
    )


def _removal(data: Any) -> Removal:
    cells = tuple((field, cell) for field, cell in data["cells"])
    others = tuple((heading, cell) for heading, cell in data["others"])
    return Removal(**{**data, "cells": cells, "others": others})


def _move(data: Any) -> Move:
    sets = tuple((field, cell) for field, cell in data["sets"])
    return Move(**{**data, "sets": sets})


def _problem(data: Any) -> Problem:
    return Problem(**{**data, "severity": Severity(data["severity"])})


class Correction(NamedTuple):
    """Changes that somebody has chosen, instead of the rules.

    Moves, edits, rows to be held, rows that leave the base, rows that come into it, where those
    that move land, and what else of a run is taken back.
    """

    moves: tuple[Move, ...] = ()
    edits: tuple[Edit, ...] = ()
    holds: tuple[tuple[str, date], ...] = ()
    removals: tuple[Removal, ...] = ()
    added: tuple[NewRow, ...] = ()
    back: tuple[RowBack, ...] = ()
    taken_back: TakenBack = NOTHING_TAKEN_BACK
