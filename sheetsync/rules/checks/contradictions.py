"""Rows that say two things at once: a client with a reason of refusal, a deal without an amount. A person decides.

Found in the picture after the moves, which is what the next run will read (METHOD point 8, point 6).
"""

import pandas as pd

from sheetsync.method.terms import Rule
from sheetsync.rules.draft.plan_draft import PlanDraft
from sheetsync.rules.draft.projection import after_moves, coming_columns
from sheetsync.rules.routing.routes import first, marked_by
from sheetsync.schema import Severity
from sheetsync.workbook.snapshot import Record


def report_contradiction(draft: PlanDraft, at: int, row: Record, rule: Rule | None = None) -> None:
    """Report a row that says two things at once, as a rule found it. `at`: its index; `row`: as it stands, or will stand."""
    text, stands = draft.language.text, {**row, "section": draft.base.at[at, "section"]}
    if rule is not None and rule.when.has_amount is False:
        heading = _heading(draft, row, "amount")
        state = draft.policy.words.name("states", row["state"])
        why = text("state “{state}”, and “{column}” is empty", state=state, column=heading)
        fix = text("Fill in “{column}”, or correct the state.", column=heading)
        name = "amount"
    else:
        why, fix, name = _other(row, draft), text("Correct the state or move the row."), "state"
    draft.told.add((at, name))
    message = text("Contradictory: {why}. A person decides.", why=why)
    draft.report("contradiction", Severity.ERROR, stands, name, (message, fix))


def _heading(draft: PlanDraft, row: Record, name: str) -> str:
    return draft.snapshot.tab[row["section"]].heading(name, draft.policy)


def _other(row: Record, draft: PlanDraft) -> str:
    words, text = draft.policy.words, draft.language.text
    state = words.name("states", row["state"])
    if not pd.isna(row["refusal_reason"]):
        return text("state “{state}” with a reason of refusal", state=state)
    return text(
        "state “{state}” in “{section}”",
        state=state,
        section=words.name("sections", row["section"]),
    )


def contradictions_after(draft: PlanDraft) -> None:
    """Report the contradictions that the moves bring about: where a row arrives, its tab may ask for more than the old one."""
    policy, moves, base = draft.policy, draft.moves, draft.base
    rules = [rule for rule in policy.by_state if rule.to == "person"]
    coming = [
        s
        for s in draft.snapshot.tab
        if "amount" in coming_columns(draft.snapshot, s, moves.values())
    ]
    if not rules or not (moves or coming):
        return
    after = after_moves(draft.snapshot, base, moves, draft.edits, policy)
    having = [
        *coming,
        *(section for section, tab in draft.snapshot.tab.items() if "amount" in tab.fields),
    ]
    after["no_amount"] = (
        after["section"].isin(having) & after["amount"].isna() & ~after["amount_unread"]
    )
    touched = base.index.isin(moves) | (after["no_amount"] & after["section"].isin(coming))
    found = pd.Series(data=False, index=base.index)
    for rule in rules:
        found |= marked_by(rule.when, after)
    told = {at for at, _ in draft.told}
    for at, row in after[found & touched & after["state"].notna()].to_dict("index").items():
        held = first(policy.by_state, row)
        if held is not None and held.to == "person" and at not in told:
            report_contradiction(draft, int(str(at)), row, held)
