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

FORMAT = 1
"""Version of the plan's JSON form; a reader refuses any other."""

DERIVED = ("deadline", "days_left", "problems", "id")
"""Fields of the program's own columns, in the order in which they are added to a tab."""


class Move(NamedTuple):
    """A row going to another section. `row` is the sheet's number when read; `sets`: (field, cell) written on arrival."""

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


class Pending(NamedTuple):
    """A decision of a person that stays where it is typed: report and line, the company, the words, and why it was not carried out.

    `why` is empty where nothing is in its way, and it only waits for a run.
    """

    sheet: str
    line: str
    id: str
    company: str
    value: str
    why: str


class Offer(NamedTuple):
    """A company of the call base that a manager could get (METHOD point 7): codes and words as they stand in its row.

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

    `fingerprints`: (section, row) of every row whose move or edit depends on what it holds. `holds`: ids that no
    deadline moves until the day given with them. `blanks`: (section, row) of empty rows to delete; never saved. `offers`: who could get what, which
    nothing but a tick carries out. `pending`: decisions that are not carried out.
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

    @property
    def empty(self) -> bool:
        """Whether nothing would be moved, edited or deleted."""
        return not (self.moves or self.edits or self.blanks)

    @cached_property
    def digest(self) -> str:
        """Twelve hexadecimal digits that any other moves, edits, or rows they rest on would change."""
        marks = [
            [section, row, mark]
            for (section, row), mark in sorted((self.fingerprints or {}).items())
        ]
        held = [[[row_id, day.isoformat()] for row_id, day in self.holds]] if self.holds else []
        rests = [self.book, self.today.isoformat(), self.moves, self.edits, marks, *held]
        essence = json.dumps(rests, ensure_ascii=False)
        return hashlib.sha256(essence.encode()).hexdigest()[:12]


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
        "holds": [[row_id, day.isoformat()] for row_id, day in plan.holds],
        "offers": [offer._asdict() for offer in plan.offers],
        "pending": [pending._asdict() for pending in plan.pending],
        "fingerprints": [
            [section, row, mark] for (section, row), mark in (plan.fingerprints or {}).items()
        ],
    }


def is_plan(text: str) -> bool:
    """Tell whether a file's text is a plan, of whatever version. Raises ValueError where it is no JSON."""
    found = json.loads(text)
    return isinstance(found, dict) and {"format", "digest", "moves"} <= found.keys()


def from_json(data: Any, refusal: str) -> Plan:
    """Read a plan back. Raises PlanRefused (saying `refusal`) on anything that is not a whole, unaltered plan."""
    try:
        if data["format"] != FORMAT:
            raise PlanRefused(refusal)
        plan = Plan(
            book=str(data["book"]),
            today=date.fromisoformat(data["today"]),
            moves=tuple(
                Move(**{**move, "sets": tuple((f, c) for f, c in move["sets"])})
                for move in data["moves"]
            ),
            edits=tuple(Edit(**edit) for edit in data["edits"]),
            problems=tuple(
                Problem(**{**found, "severity": Severity(found["severity"])})
                for found in data["problems"]
            ),
            fingerprints={(section, row): mark for section, row, mark in data["fingerprints"]},
            holds=tuple(
                (str(row_id), date.fromisoformat(day)) for row_id, day in data.get("holds", ())
            ),
            offers=tuple(Offer(**offer) for offer in data.get("offers", ())),
            pending=tuple(Pending(**pending) for pending in data.get("pending", ())),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise PlanRefused(refusal) from error
    if plan.digest != data["digest"]:
        raise PlanRefused(refusal)
    return plan


class Correction(NamedTuple):
    """Changes that somebody has chosen, instead of the rules: moves, edits of cells, and rows to be held."""

    moves: tuple[Move, ...] = ()
    edits: tuple[Edit, ...] = ()
    holds: tuple[tuple[str, date], ...] = ()
