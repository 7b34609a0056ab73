"""Each client's path through the states: a frame of steps, and one of rounds of work.

What a period counts of them is `events`', the funnel's and the forecast's. A round begins when a
company is taken into work, or when a repeat sale to a client begins; what came before the Journal
is round 0, whose beginning nobody knows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from sheetsync.method.codes import StateCode
from sheetsync.reporting.metrics.journal_frame import History
from sheetsync.reporting.metrics.stages import Stages
from sheetsync.workbook.journal import JournalLine

ROUND_KEY = ["id", "round"]
"""The columns that name a round of work with a company."""


@dataclass(frozen=True)
class Paths:
    """The paths that a Journal tells of."""

    history: History
    unproved: frozenset[str] = frozenset()
    """Ids of companies of which no payment is known, nor the head's word: none of them is sold."""

    def beside(self, journal: Sequence[JournalLine]) -> "Paths":
        """Return the paths of a Journal in which the same is told of every client."""
        paths = Paths(self.history.beside(journal))
        vars(paths).update(steps=self.steps, rounds=self.rounds)
        return paths

    @cached_property
    def stages(self) -> Stages:
        """The policy's states by stage."""
        return Stages(self.history.policy)

    @cached_property
    def _changes(self) -> pd.DataFrame:
        """Return every change of state, the oldest first, without those that change nothing."""
        entries = self.history.entries
        of_states = entries["kind"].isin(["state", "first"])
        understood = entries["after"].notna()
        changes = entries[of_states & understood].reset_index(drop=True)
        # A line that does not say what was before goes on from the last that is known.
        last = changes.groupby("id")["after"].shift()
        before = changes["before"]
        before = before.where(before.notna(), last)
        same = (changes["after"] == before) | (changes["after"] == last)
        changes = changes.assign(before=before)
        return changes[~same].reset_index(drop=True)

    @cached_property
    def steps(self) -> pd.DataFrame:
        """One row a step: `id, when, day, run, manager, before, after, round`, and its events.

        Events of the method are columns of yes and no: `taken, returned, repeat, advanced,
        invoiced, sold, refused, lost`. `before` None: the company was first seen in this state.
        """
        changes = self._changes
        stages = self.stages
        before = changes["before"]
        after = changes["after"]
        rank_before = before.map(stages.rank).astype("float64")
        rank_after = after.map(stages.rank).astype("float64")
        in_work = after.isin(stages.in_work)
        was_no_stage = rank_before.isna()
        taken = in_work & was_no_stage
        # A repeat sale to a client begins a round of its own, and is no taking into work.
        repeat = after.isin(stages.contacts) & before.isin(stages.paid)
        steps = changes.assign(
            taken=taken,
            repeat=repeat,
            returned=taken & before.isin(stages.away),
            advanced=rank_after > rank_before,
            refused=after == StateCode.REFUSAL,
            lost=before.isin(stages.in_work) & after.isin(stages.away),
        )
        begins = taken | repeat
        rounds = begins.groupby(steps["id"]).cumsum()
        steps["round"] = rounds.astype("int64")
        is_proved = ~steps["id"].isin(self.unproved)
        steps["sold"] = self._first_into(steps, stages.paid) & is_proved
        steps["invoiced"] = self._first_into(steps, stages.deals)
        return steps

    @staticmethod
    def _first_into(
        steps: pd.DataFrame, states: tuple[str, ...]
    ) -> "pd.Series[bool]":
        """Mark the first step of each round into one of the states.

        None where the company had been in one of them before, or was first seen there: so a sale
        is the first payment since work began.
        """
        begins = steps["repeat"] | steps["taken"]
        seen_before = steps["before"].notna()
        there = steps["after"].isin(states)
        # A round begins afresh: what was paid before it belongs to an earlier one.
        was_there = steps["before"].isin(states) & ~begins
        touches = (there | was_there).astype("int64")
        by_round = touches.groupby([steps["id"], steps["round"]])
        earlier = by_round.cumsum() - touches
        return there & ~was_there & seen_before & (earlier == 0)

    @cached_property
    def stood(self) -> pd.DataFrame:
        """In which states a company stood in each round, with `when` and `day` it came there.

        `when` is NaN, `day` -1, where that was before the Journal.
        """
        steps = self.steps
        arrivals = steps[["id", "round", "after", "when", "day"]]
        arrivals = arrivals.rename(columns={"after": "state"})
        first_steps = steps.drop_duplicates("id")
        first_steps = first_steps[first_steps["before"].notna()]
        if not len(first_steps):
            return arrivals
        columns = {
            "id": first_steps["id"],
            "round": 0,
            "state": first_steps["before"],
            "when": float("nan"),
            "day": -1,
        }
        origins = pd.DataFrame(columns)
        return pd.concat([origins, arrivals], ignore_index=True)

    @cached_property
    def rounds(self) -> pd.DataFrame:
        """One row a round that was ever worked, by `id, round`.

        `began` (serial, NaN: before the Journal), `repeat`, `won`, `state` (the last one), `over`:
        it ended, sold or not.
        """
        steps = self.steps
        stood = self.stood
        stages = self.stages
        begins = steps["taken"] | steps["repeat"]
        starts = steps[begins].set_index(ROUND_KEY)
        worked = _rounds_through(stood, stages.funnel)
        is_proved = ~worked.get_level_values("id").isin(self.unproved)
        won = worked.isin(_rounds_through(stood, stages.paid)) & is_proved
        last_state = stood.groupby(ROUND_KEY)["state"].last().reindex(worked)
        in_work = last_state.isin(stages.in_work)
        columns = {
            "began": starts["when"].reindex(worked),
            # Compared with True: None and NaN, of a round whose beginning is not known, are no.
            "repeat": starts["repeat"].reindex(worked) == True,  # noqa: E712
            "won": won,
            "state": last_state,
            "over": won | ~in_work,
        }
        return pd.DataFrame(columns, index=worked)


def _rounds_through(
    stood: pd.DataFrame, states: tuple[str, ...]
) -> pd.MultiIndex:
    """Return the rounds that ever stood in one of the states."""
    through = stood[stood["state"].isin(states)]
    return through.groupby(ROUND_KEY).size().index
