"""What a stage of the night adds to the plan's draft, as one value.

Which of two changes wins is told where they are merged, in plan_draft.py.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from sheetsync.method.terms import Rule
from sheetsync.rules.draft.night import ClockedRow
from sheetsync.schema import Problem
from sheetsync.values import Cell
from sheetsync.workbook.plan import Edit, Move

NOTHING: Mapping[Any, Any] = MappingProxyType({})


class Route(NamedTuple):
    """The rule that held, the section it sends the row to, and why.

    `target` is None where the row stays and a person decides; `sets`: (field, cell) written on
    arrival beside what the rule writes.
    """

    rule: Rule
    target: str | None
    reason: str
    sets: tuple[tuple[str, Cell], ...] = ()


class Arrival(NamedTuple):
    """A row that is bound for the working list, where it needs room, and why it comes."""

    row_index: int
    row: ClockedRow
    route: Route


class Changes(NamedTuple):
    """What a stage adds. Rows are named by their labels in the base."""

    moves: Mapping[int, Move] = NOTHING
    edits: tuple[Edit, ...] = ()
    problems: tuple[Problem, ...] = ()
    arrivals: tuple[Arrival, ...] = ()
    settled: frozenset[int] = frozenset()
    """Rows of which a person has decided: no rule of the night moves them."""
    contradicted: frozenset[tuple[int, str]] = frozenset()
    """Cells (row, field) of which a contradiction already says that they are empty."""
    outcomes: Mapping[str, str] = NOTHING
    """What became of people's decisions, by the row's id: "" if done, else what is in the way."""


def gathered(parts: Iterable[Changes]) -> Changes:
    """Return what many small changes come to; of two moves of one row, the later one holds."""
    moves: dict[int, Move] = {}
    edits: list[Edit] = []
    problems: list[Problem] = []
    arrivals: list[Arrival] = []
    settled: set[int] = set()
    contradicted: set[tuple[int, str]] = set()
    outcomes: dict[str, str] = {}
    # Linear in what they hold, and not merged one by one: a night may have 12,000 of them.
    for part in parts:
        moves.update(part.moves)
        edits.extend(part.edits)
        problems.extend(part.problems)
        arrivals.extend(part.arrivals)
        settled.update(part.settled)
        contradicted.update(part.contradicted)
        outcomes.update(part.outcomes)
    return Changes(
        moves,
        tuple(edits),
        tuple(problems),
        tuple(arrivals),
        frozenset(settled),
        frozenset(contradicted),
        outcomes,
    )
