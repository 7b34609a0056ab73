"""The base as the plan's draft leaves it so far: made once, and only when somebody asks.

Problems are found in this picture, because that is what the next run will read: so a second run has
nothing to write (docs/adr/0005). What the plan makes of the book in the end is projection.py's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from sheetsync.rules.deadlines.due_dates import times
from sheetsync.rules.draft.after_changes import (
    after_moves,
    coming_columns,
    with_clocks,
)
from sheetsync.rules.draft.night import Night
from sheetsync.workbook.plan import Edit, Move


@dataclass(frozen=True)
class BaseAfter:
    """A night's base with moves and edits carried out; its frames bear that base's labels."""

    night: Night
    moves: Mapping[int, Move]
    edits: tuple[Edit, ...]

    @cached_property
    def rows(self) -> pd.DataFrame:
        """Every row in its section, with its cells as they will read; the clocks are old."""
        night = self.night
        return after_moves(
            night.snapshot, night.base, self.moves, self.edits, night.policy
        )

    @cached_property
    def clocked(self) -> pd.DataFrame:
        """`rows`, with their clocks brought up to date."""
        night = self.night
        return with_clocks(
            self.rows,
            night.base,
            self.moves,
            night.holds,
            night.policy,
            night.today,
        )

    @cached_property
    def times(self) -> pd.DataFrame:
        """The deadline of each row of `clocked`, and of its extension (`due_dates.times`)."""
        return times(self.clocked, self.night.policy)

    @cached_property
    def coming(self) -> Mapping[str, frozenset[str]]:
        """The fields whose columns moves and edits add to the tab of each section."""
        return coming_columns(
            self.night.snapshot, self.moves.values(), self.edits
        )
