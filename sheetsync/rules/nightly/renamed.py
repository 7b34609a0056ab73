"""Rows of which every known word was changed: another company, which goes to the call base as new.

METHOD point 8: nothing that is typed ends a clock. The company that stood there is missed from this
night on, and may be brought back under its id.
"""

import pandas as pd

from sheetsync.method.codes import SectionCode, StateCode
from sheetsync.method.terms import MIXED, Rule
from sheetsync.rules.deadlines.clocks import kinds
from sheetsync.rules.draft.changes import Changes, Route, gathered
from sheetsync.rules.draft.night import Night
from sheetsync.rules.draft.plan_draft import PlanDraft
from sheetsync.rules.routing.moves import plan_move
from sheetsync.workbook.frame_rows import is_among

RENAMED = Rule(
    name="renamed",
    to=SectionCode.CALL_BASE.value,
    state=StateCode.NEW.value,
)
"""The rule of rows that hold another company than the last run saw."""


def renamed(draft: PlanDraft) -> Changes:
    """Send the rows of the working list that hold another company now to the call base."""
    night = draft.night
    before = night.identities.renamed
    in_work = is_among(kinds(night.base), (SectionCode.WORKING, MIXED))
    marked = before.notna() & in_work & ~draft.is_settled
    parts = []
    for index, row in night.records(marked):
        route = Route(
            RENAMED,
            RENAMED.to,
            _why(night, str(before[index])),
            # Work with this company has not begun: what stands there was the other one's.
            (("began", None),) if pd.notna(row["began"]) else (),
        )
        parts.append(plan_move(night, index, row, route))
    return gathered(parts)


def _why(night: Night, before: str) -> str:
    company = night.snapshot.state.at[before, "company"]
    return night.language.text(
        "every known word of “{company}” (ID {id}) was changed: this is another company",
        company=before if pd.isna(company) else company,
        id=before,
    )
