"""What is settled before a night's rules are asked: the base as read, whose each row is.

Frozen. What has been decided so far is plan_draft.py's; which rules there are is the enforcer's.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple, cast

import pandas as pd

from sheetsync.i18n import Language
from sheetsync.method.policy import Policy
from sheetsync.rules.deadlines.base_marks import with_marks
from sheetsync.rules.deadlines.clocks import clocks
from sheetsync.rules.deadlines.due_dates import times
from sheetsync.rules.deadlines.last_readable import moves_anyway
from sheetsync.rules.draft.after_changes import after_moves, frame_value
from sheetsync.rules.draft.trial import TrialTonight, trial_tonight
from sheetsync.schema import Problem, Severity
from sheetsync.values import Cell
from sheetsync.workbook.frame_rows import records_of
from sheetsync.workbook.plan import Edit, Move, Removal
from sheetsync.workbook.row_identity import Identities, identify
from sheetsync.workbook.snapshot import DECIDING, RowRecord, Snapshot

UNASKED = frozenset(
    {
        "city",
        "person",
        "role",
        "phone",
        "email",
        "category",
        "source",
        "created_on",
        "deadline",
        "days_left",
        "contact_result",
        "next_step",
        "next_on",
        "probability",
        "invoice_on",
        "paid_on",
        "closed_on",
        "paid",
        "by_state",
        "by_head",
        "measure",
        "trusted",
        "unread",
        "last_manager",
        "comment",
        "problems",
    }
)
"""Fields that no rule of a night asks of a single row: a record of one goes without them."""


class ClockedRow(RowRecord):
    """A row of a night's base: as it was read, with its clocks (`clocks`) and its deadline.

    Days are NaT where there is none; `due` is the last day in time (NaT where no clock runs).
    """

    known: bool
    fresh: bool
    remembered: bool
    work_since: pd.Timestamp
    state_since: pd.Timestamp
    section_since: pd.Timestamp
    held_until: pd.Timestamp
    held_state: str | None
    reached: str | None
    worked: pd.Timestamp
    left_on: pd.Timestamp
    extended: pd.Timestamp
    extensions: int
    pushes: int
    last_state: str | None
    last_label: str | None
    unread_since: pd.Timestamp
    proof: str | None
    due: pd.Timestamp


def records(
    frame: pd.DataFrame, mask: "pd.Series[bool]"
) -> Iterator[tuple[int, ClockedRow]]:
    """Go through the marked rows of a frame, each with its label; without what is `UNASKED`."""
    names = [name for name in frame.columns if name not in UNASKED]
    yield from cast(
        "Iterator[tuple[int, ClockedRow]]", records_of(frame, mask, names)
    )


class RowPlace(NamedTuple):
    """Where a row was read: its section, and the sheet's own number (1 is the top)."""

    section: str
    row: int


def place_of(row: RowRecord) -> RowPlace:
    """Return where a row was read."""
    return RowPlace(str(row["section"]), int(row["row"]))


@dataclass(frozen=True)
class Night:
    """What a night's rules look at. Its frames and marks bear the labels of the snapshot's base."""

    snapshot: Snapshot
    policy: Policy
    today: date
    language: Language
    holds: tuple[tuple[str, date], ...] = ()
    """Ids of rows that a correction holds where they are, and until which day."""
    typed: tuple[Edit, ...] = ()
    """Cells that are taken as these edits leave them."""
    placed: Mapping[int, Move] = field(default_factory=dict)
    """Rows, by label, that are taken to stand, and to count, where these moves put them."""
    removals: tuple[Removal, ...] = ()
    """Rows that leave the base with this night: `snapshot` is without them."""
    sold: frozenset[str] = frozenset()
    """Ids of rows of which the head of sales says tonight that they are sold."""

    @cached_property
    def now(self) -> pd.Timestamp:
        """Today, as frames have it."""
        return pd.Timestamp(self.today)

    @cached_property
    def trial(self) -> TrialTonight:
        """The trial of the model, as this night finds it."""
        return trial_tonight(self.snapshot, self.policy, self.today)

    @cached_property
    def identities(self) -> Identities:
        """Whose each row is."""
        return identify(self.snapshot.base, self.snapshot.state)

    @cached_property
    def base(self) -> pd.DataFrame:
        """Every row with its id, its clocks and its deadline `due`."""
        base = self._as_typed(self.snapshot.base.assign(id=self.identities.ids))
        base = with_marks(base, self.snapshot, self.policy, self.sold)
        clock = clocks(base, self.snapshot.state, self.policy, self.today)
        base = pd.concat([base, clock], axis=1)
        base["due"] = times(base, self.policy)["due"]
        return base

    def _as_typed(self, base: pd.DataFrame) -> pd.DataFrame:
        if not self.typed and not self.placed:
            return base
        after = after_moves(
            self.snapshot, base, self.placed, self.typed, self.policy
        )
        # A move may have brought a row to a tab that asks for amounts, or out of one.
        having = after["section"].isin(self.sections_with("amount"))
        return after.assign(
            no_amount=having & after["amount"].isna() & ~after["amount_unread"]
        )

    @cached_property
    def sections(self) -> Mapping[int, str]:
        """The section in which each row was read, by its label."""
        base = self.base
        return dict(
            zip(base.index.tolist(), base["section"].tolist(), strict=True)
        )

    def sections_with(self, field_name: str) -> list[str]:
        """Return the sections whose tab has a column for a field."""
        tabs = self.snapshot.tabs
        return [tab.section for tab in tabs if field_name in tab.fields]

    @cached_property
    def index_by_id(self) -> Mapping[str, int]:
        """The label of each row by its id; of an id that stands twice, the last."""
        return {
            str(row_id): index for index, row_id in enumerate(self.base["id"])
        }

    @cached_property
    def ids_twice(self) -> frozenset[str]:
        """Ids that more than one row bears."""
        ids = self.base["id"]
        return frozenset(ids[ids.duplicated(keep=False)])

    def marked(self, indexes: Iterable[int]) -> "pd.Series[bool]":
        """Mark rows that are named by their labels."""
        return pd.Series(
            self.base.index.isin([*indexes]), index=self.base.index
        )

    @cached_property
    def unread_cells(self) -> frozenset[tuple[str, int, str]]:
        """Cells that hold what cannot be read: section, the sheet's number of the row, field."""
        return frozenset(
            (tab.section, faulty.row, faulty.field)
            for tab in self.snapshot.tabs
            for faulty in tab.faulty
        )

    def faults(self, names: Iterable[str]) -> "pd.Series[bool]":
        """Mark the rows in which one of these fields could not be read."""
        wanted = {*names}
        return self.marked(
            self.snapshot.locate(section, row)
            for section, row, field_name in self.unread_cells
            if field_name in wanted
        )

    @cached_property
    def unmovable(self) -> "pd.Series[bool]":
        """Rows that no rule moves as they are: a field that it needs is unreadable.

        Those whose time is up move all the same once that has stood for some nights
        (`moves_anyway`).
        """
        # Once a clock is remembered, a start date that becomes unreadable changes nothing.
        began = self.faults(["began"]) & ~self.base["remembered"]
        return self.faults(DECIDING) | began

    @cached_property
    def moves_anyway(self) -> "pd.Series[bool]":
        """Rows that cannot be read and that move all the same once their time is up."""
        return moves_anyway(self.base, self.policy, self.today)

    @cached_property
    def held(self) -> "pd.Series[bool]":
        """Rows that an undo brought back, in the same state still: no rule moves them."""
        base = self.base
        # The hold is of the row as the undo left it: whoever sets another state ends it.
        return (base["state"] == base["held_state"]) & (
            base["held_until"] >= self.now
        )

    @cached_property
    def barred(self) -> "pd.Series[bool]":
        """Rows that are not given out: unmovable or held, also by what is being undone."""
        being_held = self.base["id"].isin([row_id for row_id, _ in self.holds])
        return self.unmovable | self.held | being_held

    @cached_property
    def _written(self) -> dict[tuple[str, type, Cell], Any]:
        return {}

    def value_written(self, field_name: str, cell: Cell) -> Any:
        """Return what a written cell reads as (`frame_value`), each distinct one read once."""
        key = (field_name, type(cell), cell)
        if key not in self._written:
            self._written[key] = frame_value(field_name, cell, self.policy)
        return self._written[key]

    def records(
        self, mask: "pd.Series[bool]"
    ) -> Iterator[tuple[int, ClockedRow]]:
        """Go through the marked rows of the base, each with its label."""
        return records(self.base, mask)

    def record(self, row_id: str) -> ClockedRow:
        """Return the row of an id, as it was read. Raises KeyError where no row bears it."""
        row: ClockedRow = self.base.loc[self.index_by_id[row_id]].to_dict()
        return row

    def problem(
        self,
        code: str,
        severity: Severity,
        place: RowPlace,
        field_name: str,
        texts: tuple[str, str],
    ) -> Problem:
        """Make a problem of one row, under the column of a field.

        `texts`: what is wrong, and what to do.
        """
        tab = self.snapshot.tab[place.section]
        heading = tab.heading(field_name, self.policy)
        return Problem(code, severity, tab.title, place.row, heading, *texts)
