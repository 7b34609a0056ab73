"""The plan in the making: what one night has decided so far, and the one place where stages meet.

Which stages there are, and in which order, is the enforcer's.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from sheetsync.rules.draft.base_after import BaseAfter
from sheetsync.rules.draft.capacity import Capacity
from sheetsync.rules.draft.changes import NOTHING, Arrival, Changes
from sheetsync.rules.draft.night import Night
from sheetsync.schema import Problem
from sheetsync.workbook.plan import Edit, Move

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class PlanDraft:
    """What one night has decided so far. Rows are named by their labels in the night's base."""

    night: Night
    capacity: Capacity
    """Whose list has room; a stage that tries changes counts them in a copy."""
    after: BaseAfter
    moves: Mapping[int, Move] = field(default_factory=dict)
    edits: tuple[Edit, ...] = ()
    problems: tuple[Problem, ...] = ()
    arrivals: tuple[Arrival, ...] = ()
    settled: frozenset[int] = frozenset()
    """Rows of which a person has decided: no rule of the night moves them."""
    contradicted: frozenset[tuple[int, str]] = frozenset()
    """Cells (row, field) of which a contradiction already says that they are empty."""
    would: Mapping[int, Move] = field(default_factory=dict)
    """What the rules of the night would move, and a trial holds where it is."""
    outcomes: Mapping[str, str] = field(default_factory=dict)
    """What became of people's decisions, by the row's id: "" if done, else what is in the way."""

    @classmethod
    def opened(cls, night: Night) -> "PlanDraft":
        """Return the draft of a night in which nothing has been decided yet."""
        return cls(night, Capacity.of(night), BaseAfter(night, NOTHING, ()))

    @cached_property
    def is_settled(self) -> "pd.Series[bool]":
        """Mark the rows that move already, or of which a person has decided that they stay."""
        return self.night.marked([*self.moves, *self.settled])


Stage = Callable[[PlanDraft], Changes]
"""One step of the night: takes the draft, which it does not change, and returns what it adds."""


def through(draft: PlanDraft, stages: Iterable[Stage]) -> PlanDraft:
    """Return a draft that has gone through some stages; each sees what those before it decided."""
    for stage in stages:
        draft = merged(draft, stage(draft))
    return draft


def merged(draft: PlanDraft, changes: Changes) -> PlanDraft:
    """Return the draft with a stage's changes added, and settle which of two changes wins."""
    # A later move of a row replaces its first: whoever hands over a company that goes elsewhere
    # today has built on that one.
    moves = {**draft.moves, **changes.moves}
    edits = (
        # A move's cells win over what a rule has written there tonight, as on the day of a return.
        *_not_moved_over(draft.edits, changes.moves),
        # What rules and people set wins over repairs, which only change how a cell is written.
        *_wanted(draft, changes),
    )
    # The program's own columns and repairs change nothing that a rule reads: the picture, and what
    # was worked out of it, is kept.
    touches_team = any(
        not edit.derived and not edit.repair for edit in changes.edits
    )
    in_picture = bool(changes.moves) or touches_team
    return replace(
        draft,
        capacity=_counted(draft.capacity, changes)
        if in_picture
        else draft.capacity,
        after=BaseAfter(draft.night, moves, edits)
        if in_picture
        else draft.after,
        moves=moves,
        edits=edits,
        problems=(*draft.problems, *changes.problems),
        arrivals=(*draft.arrivals, *changes.arrivals),
        # The stages of rules leave settled rows out, so that a person's decision wins over them.
        settled=draft.settled | changes.settled,
        contradicted=draft.contradicted | changes.contradicted,
        outcomes={**draft.outcomes, **changes.outcomes},
    )


def _counted(capacity: Capacity, changes: Changes) -> Capacity:
    counted = capacity.copy()
    counted.count(changes)
    return counted


def _not_moved_over(
    edits: tuple[Edit, ...], moves: Mapping[int, Move]
) -> tuple[Edit, ...]:
    """Leave out the edits of cells that moves write."""
    written = _cells_of(moves)
    if not written:
        return edits
    return tuple(edit for edit in edits if _cell_of(edit) not in written)


def _wanted(draft: PlanDraft, changes: Changes) -> tuple[Edit, ...]:
    """Return a stage's edits without the repairs of cells that are written anyway."""
    if not any(edit.repair for edit in changes.edits):
        return changes.edits
    written = _cells_of(draft.moves) | {_cell_of(edit) for edit in draft.edits}
    return tuple(
        edit
        for edit in changes.edits
        if not edit.repair or _cell_of(edit) not in written
    )


def _cells_of(moves: Mapping[int, Move]) -> set[tuple[str, int, str]]:
    return {
        (move.source, move.row, field)
        for move in moves.values()
        for field, _ in move.sets
    }


def _cell_of(edit: Edit) -> tuple[str, int, str]:
    return edit.section, edit.row, edit.field
