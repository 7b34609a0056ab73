"""What the head's scores of actions come to (METHOD point 10, revision of actions): averages by week, and what they were lowest for.

Scores are the Journal's, each action's last word alone; they count to the week of the action, whenever they were given.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from sheetsync.reporting.metrics.figure import Figure
from sheetsync.reporting.metrics.journal_frame import History
from sheetsync.rules.action_scoring.sampling import WEEK, spelt, who
from sheetsync.rules.action_scoring.scoring import JournalScore, Sample, latest

WEEKS = 4
"""How many weeks the longer average is of, the one that is reviewed included."""


@dataclass(frozen=True)
class Scores:
    """The Journal's scores, and the sample that is asked about now."""

    history: History
    sample: Sample

    @cached_property
    def marks(self) -> tuple[JournalScore, ...]:
        """The scores that count, the newest first."""
        return tuple(
            mark for mark in latest(self.history.journal).values() if mark.answer.points is not None
        )

    @cached_property
    def frame(self) -> pd.DataFrame:
        """Their `week` (a Monday), `who` (the manager's name, as it is spelt now, folded), `id` and `points`."""
        rows = [
            (
                mark.ident.week,
                who(spelt(mark.name, self.history.policy)),
                mark.ident.id,
                mark.answer.points,
            )
            for mark in self.marks
        ]
        return pd.DataFrame(rows, columns=["week", "who", "id", "points"])

    @property
    def week(self) -> date:
        """The Monday of the week that is reviewed."""
        return self.sample.week

    def average(self, manager: str | None = None) -> Figure:
        """Return the average of the week that is reviewed, with that of the week before; `manager` None: of all."""
        now, before = (
            self._of(manager, self.week, self.week),
            self._of(manager, self.week - WEEK, self.week - WEEK),
        )
        return Figure("score", _mean(now), _mean(before), tuple(now["id"]))

    def lately(self, manager: str | None = None) -> Figure:
        """Return the average over the last weeks. A week is scored in the next one: that far back the Journal must reach."""
        first = self.week - (WEEKS - 1) * WEEK
        found, enough = self._of(manager, first, self.week), self.history.covers(first + WEEK)
        return Figure(
            "score_lately", _mean(found) if enough else None, None, tuple(found["id"]), enough
        )

    def _of(self, manager: str | None, first: date, last: date) -> pd.DataFrame:
        frame = self.frame
        mine = frame["week"].between(first, last)
        return frame[mine if manager is None else mine & (frame["who"] == who(manager))]

    def given(self, manager: str) -> tuple[int, int]:
        """Return how many of a manager's drawn actions have been scored, and how many were drawn."""
        drawn = self.sample.share(manager).drawn
        return sum(self.sample.answer(action).points is not None for action in drawn), len(drawn)

    def lowest(self, manager: str) -> Sequence[JournalScore]:
        """Return a manager's scores of the reviewed week that bear a remark, the lowest first, of alike ones the latest day."""
        told = [
            mark
            for mark in self.marks
            if mark.ident.week == self.week
            and mark.answer.words[1]
            and who(spelt(mark.name, self.history.policy)) == who(manager)
        ]
        return sorted(
            told, key=lambda mark: (mark.answer.points, -mark.ident.day.toordinal(), mark.company)
        )


def _mean(found: pd.DataFrame) -> float | None:
    return float(found["points"].mean()) if len(found) else None
