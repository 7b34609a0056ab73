"""Rows that say two things at once: a client with a reason of refusal, a deal without an amount.

A person decides. Found in the picture after the moves, which is what the next run will read
(METHOD points 6 and 8); of a tab without the column nothing is known.
"""

import numpy as np
import pandas as pd

from sheetsync.method.terms import Rule
from sheetsync.rules.draft.changes import Changes, gathered
from sheetsync.rules.draft.night import ClockedRow, Night, RowPlace, records
from sheetsync.rules.draft.plan_draft import PlanDraft
from sheetsync.rules.routing.routes import Marks, first_rule
from sheetsync.schema import Severity


def contradiction(
    night: Night, index: int, row: ClockedRow, rule: Rule | None = None
) -> Changes:
    """Report a row that says two things at once, as it stands or will stand after the moves.

    `rule`: by which it was found; None: by none of the policy's.
    """
    if rule is not None and rule.when.has_amount is False:
        field = "amount"
        why, fix = _lacks_amount(night, row)
    else:
        field = "state"
        why = _contradicts_state(night, row)
        fix = night.language.text("Correct the state or move the row.")
    # Problems are named by where the row was read, though this row may be of the picture after.
    place = RowPlace(night.sections[index], int(row["row"]))
    message = night.language.text(
        "Contradictory: {why}. A person decides.", why=why
    )
    problem = night.problem(
        "contradiction", Severity.ERROR, place, field, (message, fix)
    )
    return Changes(
        problems=(problem,), contradicted=frozenset({(index, field)})
    )


def _lacks_amount(night: Night, row: ClockedRow) -> tuple[str, str]:
    """Say what contradicts, and what to do."""
    text = night.language.text
    heading = night.snapshot.tab[row["section"]].heading("amount", night.policy)
    state = night.policy.words.name("states", str(row["state"]))
    why = text(
        "state “{state}”, and “{column}” is empty", state=state, column=heading
    )
    return why, text(
        "Fill in “{column}”, or correct the state.", column=heading
    )


def _contradicts_state(night: Night, row: ClockedRow) -> str:
    words = night.policy.words
    text = night.language.text
    state = words.name("states", str(row["state"]))
    if pd.notna(row["refusal_reason"]):
        return text("state “{state}” with a reason of refusal", state=state)
    section = words.name("sections", row["section"])
    return text("state “{state}” in “{section}”", state=state, section=section)


def contradictions_after(draft: PlanDraft) -> Changes:
    """Report the contradictions that the moves bring about: another tab may ask for more."""
    night = draft.night
    asks = [rule for rule in night.policy.by_state if rule.to == "person"]
    gaining = [
        section
        for section, fields in draft.after.coming.items()
        if "amount" in fields
    ]
    if not asks or not (draft.moves or gaining):
        return Changes()
    after = _with_amounts_asked(draft, gaining)
    marks = Marks(after)
    contradicts = np.zeros(len(after), dtype=bool)
    for rule in asks:
        contradicts |= marks.by(rule.when)
    newly_asked = after["no_amount"] & after["section"].isin(gaining)
    # What a row lacks in the tab where it arrives is said that night, as the next run would say it;
    # rows that stay have been asked by their state.
    touched = night.marked(draft.moves) | newly_asked
    told = night.marked(index for index, _ in draft.contradicted)
    found = []
    for index, row in records(
        after, contradicts & touched & ~told & after["state"].notna()
    ):
        # Each rule was asked by itself above, but only the first one that holds counts.
        rule_held = first_rule(night.policy.by_state, row)
        if rule_held is not None and rule_held.to == "person":
            found.append(contradiction(night, index, row, rule_held))
    return gathered(found)


def _with_amounts_asked(draft: PlanDraft, gaining: list[str]) -> pd.DataFrame:
    """Return the base after the moves; `no_amount` as the tabs that gain the column will ask."""
    after = draft.after.rows
    having = [*gaining, *draft.night.sections_with("amount")]
    empty = after["amount"].isna() & ~after["amount_unread"]
    return after.assign(no_amount=after["section"].isin(having) & empty)
