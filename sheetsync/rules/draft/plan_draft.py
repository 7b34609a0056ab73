"""One decision as it is worked out: the base with its ids and clocks, and what has been found and decided so far.

Holds and asks; which rules there are is the enforcer's.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import pandas as pd

from sheetsync.i18n import Language
from sheetsync.method.policy import Policy
from sheetsync.rules.deadlines.clocks import clocks
from sheetsync.rules.deadlines.due_dates import times
from sheetsync.rules.draft.projection import after_moves
from sheetsync.schema import Problem, Severity
from sheetsync.workbook.plan import Edit, Move
from sheetsync.workbook.row_identity import Identities, identify
from sheetsync.workbook.snapshot import Record, Snapshot

DECIDING = ("state", "label", "refusal_reason", "on_expiry", "extended_to")
"""Fields that a move depends on: a fault there is an error, elsewhere a warning."""


@dataclass
class PlanDraft:
    """One decision as it is worked out: the base with its clocks, and what has been found so far."""

    snapshot: Snapshot
    policy: Policy
    today: date
    language: Language
    problems: list[Problem] = field(default_factory=list)
    moves: dict[int, Move] = field(default_factory=dict)
    edits: list[Edit] = field(default_factory=list)
    holds: tuple[tuple[str, date], ...] = ()
    decided: set[int] = field(default_factory=set)
    """Rows, by index, of which a person has decided: no rule of the night moves them."""
    typed: tuple[Edit, ...] = ()
    """Cells that are taken as these edits leave them."""
    placed: Mapping[int, Move] = field(default_factory=dict)
    """Rows, by index, that are taken to stand where these moves put them: they count in the lists there."""
    told: set[tuple[int, str]] = field(default_factory=set)
    """Cells, by index of the row and field, of which a contradiction already says that they are empty."""

    @cached_property
    def identities(self) -> Identities:
        """Whose each row is."""
        return identify(self.snapshot.base, self.snapshot.state)

    @cached_property
    def base(self) -> pd.DataFrame:
        """Every row with its id, clocks, deadline and whether a fault or an unclear id keeps it where it is."""
        base = self._as_typed(self.snapshot.base.assign(id=self.identities.ids))
        clock = clocks(base, self.snapshot.state, self.policy, self.today)
        base = pd.concat([base, clock], axis=1)
        base["due"] = times(base, self.policy)["due"]
        return base

    def _as_typed(self, base: pd.DataFrame) -> pd.DataFrame:
        if not self.typed and not self.placed:
            return base
        after = after_moves(self.snapshot, base, self.placed, self.typed, self.policy)
        having = after["section"].isin(
            [code for code, tab in self.snapshot.tab.items() if "amount" in tab.fields]
        )
        return after.assign(no_amount=having & after["amount"].isna() & ~after["amount_unread"])

    def report(
        self, code: str, severity: Severity, row: Record, name: str, texts: tuple[str, str]
    ) -> None:
        """Add a problem of one row, under the column `name`."""
        tab = self.snapshot.tab[row["section"]]
        heading = tab.heading(name, self.policy)
        self.problems.append(Problem(code, severity, tab.title, int(row["row"]), heading, *texts))

    def faults(self, names: Iterable[str]) -> "pd.Series[bool]":
        """Mark the rows in which one of these fields could not be read."""
        wanted = set(names)
        unread = [
            self.snapshot.locate(tab.section, faulty.row)
            for tab in self.snapshot.tabs
            for faulty in tab.faulty
            if faulty.field in wanted
        ]
        return pd.Series(self.base.index.isin(unread), index=self.base.index)

    @cached_property
    def unmovable(self) -> "pd.Series[bool]":
        """Rows that no decision may move: a field it needs cannot be read, or the id is somebody else's."""
        began = self.faults(["began"]) & ~self.base["remembered"]
        return self.faults(DECIDING) | began | self.identities.unclear

    def records(self, mask: "pd.Series[bool]") -> Iterator[tuple[int, Record]]:
        """Go through the marked rows as dictionaries, with their index."""
        if not mask.any():
            return
        chosen = self.base[mask]
        for at, record in zip(chosen.index, chosen.to_dict("records"), strict=True):
            yield int(at), record


def load(base: pd.DataFrame, policy: Policy) -> Counter[str]:
    """Count each manager's companies in the working list that count to the cap (METHOD point 7)."""
    counted = base[
        (base["section"] == "working") & base["state"].isin(policy.states_where("counts_to_cap"))
    ]
    return Counter(str(name) for name in counted["manager"].dropna())
