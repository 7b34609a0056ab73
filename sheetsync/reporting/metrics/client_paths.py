"""Each client's path through the states: one frame of steps, and one of rounds from the beginning of work to its end.

A round begins when a company is taken into work, or when a repeat sale to a client begins; what came before the Journal is
round 0, whose beginning nobody knows.
"""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from sheetsync.reporting.metrics.journal_frame import History
from sheetsync.reporting.metrics.stages import REFUSED, Stages

KEY = ["id", "round"]


@dataclass(frozen=True)
class Paths:
    """The paths that a Journal tells of."""

    history: History

    @cached_property
    def stages(self) -> Stages:
        """The policy's states by stage."""
        return Stages(self.history.policy)

    @cached_property
    def _changes(self) -> pd.DataFrame:
        """Return every change of state as it was told, without those that change nothing; the oldest first."""
        told = self.history.entries
        steps = told[told["kind"].isin(["state", "first"]) & told["after"].notna()].reset_index(
            drop=True
        )
        last = steps.groupby("id")["after"].shift()
        steps["before"] = steps["before"].where(steps["before"].notna(), last)
        same = (steps["after"] == steps["before"]) | (steps["after"] == last)
        return steps[~same].reset_index(drop=True)

    @cached_property
    def steps(self) -> pd.DataFrame:
        """One row a step: `id, when, day, run, manager, before, after, round`, and which of the method's events it is.

        Events are columns of yes and no: `taken, returned, repeat, advanced, invoiced, sold, refused, lost`. `before` None:
        the company was first seen in this state.
        """
        steps, stages = self._changes, self.stages
        before, after = steps["before"], steps["after"]
        rank = {
            name: steps[name].map(stages.rank).astype("float64") for name in ("before", "after")
        }
        works, worked = after.isin(stages.in_work), before.isin(stages.in_work)
        taken = works & rank["before"].isna()
        repeat = after.isin(stages.contacts) & before.isin(stages.paid)
        told = steps.assign(
            taken=taken,
            repeat=repeat,
            returned=taken & before.isin(stages.away),
            advanced=rank["after"] > rank["before"],
            refused=(after == REFUSED),
            lost=worked & after.isin(stages.away),
        )
        told["round"] = (taken | repeat).groupby(told["id"]).cumsum().astype("int64")
        told["sold"] = self._first(told, stages.paid)
        told["invoiced"] = self._first(told, stages.deals)
        return told

    @staticmethod
    def _first(steps: pd.DataFrame, states: tuple[str, ...]) -> "pd.Series[bool]":
        """Mark the first step of each round into one of the states; none where it had been in one before, or was first seen there."""
        there = steps["after"].isin(states)
        was = steps["before"].isin(states) & ~steps["repeat"] & ~steps["taken"]
        seen = (there | was).astype("int64")
        earlier = seen.groupby([steps["id"], steps["round"]]).cumsum() - seen
        return there & ~was & steps["before"].notna() & (earlier == 0)

    @cached_property
    def stood(self) -> pd.DataFrame:
        """In which states a company stood in each round, with `when` it came there: NaN where that was before the Journal."""
        steps = self.steps[["id", "round", "after", "when", "day"]].rename(
            columns={"after": "state"}
        )
        first = self.steps.drop_duplicates("id")
        first = first[first["before"].notna()]
        known = pd.DataFrame(
            {
                "id": first["id"],
                "round": 0,
                "state": first["before"],
                "when": float("nan"),
                "day": -1,
            }
        )
        return pd.concat([known, steps], ignore_index=True) if len(known) else steps

    @cached_property
    def rounds(self) -> pd.DataFrame:
        """One row a round that was ever worked, by `id, round`.

        `began` (serial, NaN: before the Journal), `repeat`, `won`, `state` (the last one), `over`: it ended, sold or not.
        """
        steps, stages = self.steps, self.stages
        starts = steps[steps["taken"] | steps["repeat"]].set_index(KEY)
        stood = self.stood
        worked = stood[stood["state"].isin(stages.funnel)].groupby(KEY).size().index
        last = stood.groupby(KEY)["state"].last().reindex(worked)
        won = stood[stood["state"].isin(stages.paid)].groupby(KEY).size().reindex(worked).notna()
        return pd.DataFrame(
            {
                "began": starts["when"].reindex(worked),
                "repeat": starts["repeat"].reindex(worked) == True,  # noqa: E712  # None and NaN are no
                "won": won,
                "state": last,
                "over": won | ~last.isin(stages.in_work),
            },
            index=worked,
        )
