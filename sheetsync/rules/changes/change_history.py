"""What people did lately, by row: what the Journal has of it, and what this run notices.

What of it is against the method is `method_violations`' to say.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import pandas as pd

from sheetsync.rules.changes.journal_data import Data, data_of
from sheetsync.rules.changes.manual_changes import ManualChange
from sheetsync.values import EPOCH
from sheetsync.workbook.journal import JournalLine, LineKind
from sheetsync.workbook.plan import Removal

APART_DAYS = 60
"""Days between a row's vanishing and the same client's coming for which both are told together."""


class DatedChange(NamedTuple):
    """What was noticed of a row, and on which day. `data`: as in `ManualChange`."""

    day: date
    id: str
    manager: str
    data: Data

    @property
    def kind(self) -> str:
        """What was done: `added`, `state`, `manager` and so on."""
        return str(self.data["kind"])


DatedChanges = Mapping[str, Sequence[DatedChange]]
"""By id, the oldest first."""


def noticed_changes(
    journal: Iterable[JournalLine],
    now: Iterable[ManualChange],
    today: date,
    reported_days: int,
) -> DatedChanges:
    """Gather what was noticed as far back as anything of it can be told.

    `journal`: its newest lines first; `now`: what this very run notices; `reported_days`: how long
    after it was noticed a thing is reported.
    """
    before = [*_journalled(journal, today, reported_days)]
    by_id: defaultdict[str, list[DatedChange]] = defaultdict(list)
    for change in reversed(before):
        by_id[change.id].append(change)
    for noticed in now:
        by_id[noticed.id].append(
            DatedChange(today, noticed.id, noticed.manager, noticed.data)
        )
    return by_id


def _journalled(
    journal: Iterable[JournalLine], today: date, reported_days: int
) -> Iterator[DatedChange]:
    # Of a vanishing and a coming that are told together, the older may lie so much further back.
    first = today - timedelta(days=reported_days + APART_DAYS)
    for line in journal:
        day = EPOCH + timedelta(days=int(line.when))
        if line.what != LineKind.NOTICED or not first <= day <= today:
            continue
        data = data_of(line, "kind")
        if data is not None:
            yield DatedChange(day, line.id, line.manager, data)


def taken_out(
    journal: Iterable[JournalLine], tonight: Iterable[Removal] = ()
) -> frozenset[str]:
    """Return the ids of rows that runs took out: joined to another, or an import taken back."""
    kinds = (LineKind.JOINED, LineKind.REMOVED)
    before = {line.id for line in journal if line.what in kinds}
    return frozenset(before.union(row.id for row in tonight))


def missing_rows(
    base: pd.DataFrame,
    state: pd.DataFrame,
    unread: Collection[str],
    today: date,
    taken_out: Collection[str] = (),
) -> pd.DataFrame:
    """Return the rows of the state tab that stand nowhere in the base (column `id`).

    Those missed only now have today as the day. `unread`: sections of which nothing is known.
    `taken_out`: ids of rows that the program itself took out, which nobody misses.
    """
    missed_before = state["gone_on"].notna()
    # A tab that cannot be read may hold the row still; what was missed before is certain.
    known = missed_before | ~state["section"].isin([*unread])
    stands = state.index.isin(base["id"]) | state.index.isin([*taken_out])
    missing = state[~stands & known]
    day = pd.Timestamp(today).as_unit("s")
    return missing.assign(gone_on=missing["gone_on"].fillna(day))
