"""What the head's scores of actions come to: averages by week, and what they were lowest for.

METHOD point 10, revision of actions. Which actions are drawn is `rules.action_scoring`'s. Scores
are the Journal's, each action's last word alone; they count to the week of the action, whenever
they were given.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

import pandas as pd

from sheetsync.reporting.metrics.figure import Figure, Whose
from sheetsync.reporting.metrics.journal_frame import History
from sheetsync.rules.action_scoring.sampling import WEEK, spelt, who
from sheetsync.rules.action_scoring.scoring import JournalScore, Sample, latest

WEEKS = 4
"""How many weeks the longer average is of, the one that is reviewed included."""


class ScoredActions(NamedTuple):
    """How many of the actions that were drawn have been scored."""

    scored: int
    drawn: int


@dataclass(frozen=True)
class Scores:
    """The Journal's scores, and the sample that is asked about now."""

    history: History
    sample: Sample

    @cached_property
    def journalled(self) -> tuple[JournalScore, ...]:
        """The scores that count, the newest first."""
        last_words = latest(self.history.journal).values()
        return tuple(
            score for score in last_words if score.answer.points is not None
        )

    @cached_property
    def frame(self) -> pd.DataFrame:
        """Their `week` (a Monday), `who` (the manager as spelt now, folded), `id` and `points`."""
        rows = []
        for score in self.journalled:
            action = score.ident
            manager = self._manager_of(score)
            points = score.answer.points
            rows.append((action.week, manager, action.id, points))
        return pd.DataFrame(rows, columns=["week", "who", "id", "points"])

    def _manager_of(self, score: JournalScore) -> str:
        # Under a name of before, or in another spelling, it is the same manager.
        name = spelt(score.name, self.history.policy)
        return who(name)

    @property
    def week(self) -> date:
        """The Monday of the week that is reviewed."""
        return self.sample.week

    def average(self, manager: Whose = None) -> Figure:
        """Return the average of the week that is reviewed, with that of the week before.

        `manager` None: of all.
        """
        week_before = self.week - WEEK
        now = self._between(self.week, self.week, manager)
        past = self._between(week_before, week_before, manager)
        ids = tuple(now["id"])
        return Figure("score", _mean(now), _mean(past), ids)

    def lately(self, manager: Whose = None) -> Figure:
        """Return the average over the last weeks."""
        first = self.week - (WEEKS - 1) * WEEK
        scores = self._between(first, self.week, manager)
        # A week is scored in the next one: that far back the Journal must reach.
        enough = self.history.covers(first + WEEK)
        value = _mean(scores) if enough else None
        ids = tuple(scores["id"])
        return Figure("score_lately", value, ids=ids, enough=enough)

    def _between(self, first: date, last: date, manager: Whose) -> pd.DataFrame:
        frame = self.frame
        wanted = frame["week"].between(first, last)
        if manager is not None:
            wanted &= frame["who"] == who(manager)
        return frame[wanted]

    def scored_actions(self, manager: str) -> ScoredActions:
        """Return how many of a manager's drawn actions are scored, and how many were drawn."""
        drawn = self.sample.share(manager).drawn
        scored = 0
        for action in drawn:
            answer = self.sample.answer(action)
            scored += answer.points is not None
        return ScoredActions(scored, len(drawn))

    def lowest(self, manager: str) -> Sequence[JournalScore]:
        """Return a manager's scores of the reviewed week that bear a remark, the lowest first.

        Of alike ones the latest day comes first.
        """
        scores = []
        for score in self.journalled:
            _, remark = score.answer.words
            of_week = score.ident.week == self.week
            if of_week and remark and self._manager_of(score) == who(manager):
                scores.append(score)
        return sorted(scores, key=_lowest_first)


def _lowest_first(score: JournalScore) -> tuple[int, int, str]:
    points = score.answer.points or 0
    day = score.ident.day.toordinal()
    return points, -day, score.company


def _mean(scores: pd.DataFrame) -> float | None:
    if not len(scores):
        return None
    return float(scores["points"].mean())
