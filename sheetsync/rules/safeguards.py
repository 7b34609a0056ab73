"""The limits of safety: what a plan, or a base that has changed too much since the last run, waits for a person with.

Pure; the plan is the enforcer's, waiting and telling people the runner's.
"""

from collections.abc import Iterator

import pandas as pd

from sheetsync.i18n import language
from sheetsync.method.policy import Policy
from sheetsync.method.terms import MIXED, kind_of
from sheetsync.workbook.plan import Plan
from sheetsync.workbook.snapshot import Snapshot


def tripped(snapshot: Snapshot, plan: Plan, policy: Policy) -> tuple[str, ...]:
    """Name the limits of safety that a plan breaks, in words; empty where it may go ahead unasked."""
    text, safety, rows = language(policy.words.language).text, policy.safety, len(snapshot.base)
    known, reasons = len(snapshot.state), []
    enough = rows >= safety.min_rows_for_shares
    if len(plan.moves) > safety.max_moved_rows or (
        enough and len(plan.moves) > rows * safety.max_moved_share
    ):
        reasons.append(
            text(
                "{n} of {rows} rows would move; the limit is {share}%.",
                n=len(plan.moves),
                rows=rows,
                share=round(safety.max_moved_share * 100),
            )
        )
    alive = set(plan_ids(snapshot, plan))
    state = (
        snapshot.state[~snapshot.state["section"].isin([*snapshot.unread])]
        if known
        else snapshot.state
    )
    gone = (
        [i for i, when in state["gone_on"].items() if pd.isna(when) and i not in alive]
        if known
        else []
    )
    if known >= safety.min_rows_for_shares and len(gone) > known * safety.max_vanished_share:
        reasons.append(
            text("{n} of {rows} rows that the last run knew are gone.", n=len(gone), rows=known)
        )
    here = snapshot.state[snapshot.state["gone_on"].isna()]["section"].dropna() if known else ()
    alone = {mapped.title for mapped in policy.mapped.tabs if mapped.section is None}
    lost = [
        s
        for s in dict.fromkeys(here)
        if s not in snapshot.tab and snapshot.unread.get(s) not in alone
    ]
    reasons += [
        text("The tab “{tab}” is not read any more; `sheetsync check` says why.", tab=tab)
        for code, tab in snapshot.unread.items()
        if code not in lost and tab not in alone
    ]
    reasons += [
        text(
            "The tab of the section “{section}” is gone or unreadable.",
            section=policy.words.name("sections", code),
        )
        for code in lost
        if code in policy.section or kind_of(code) == MIXED
    ]
    return (*reasons, *_columns_gone(snapshot, policy), *_overwritten(snapshot, plan, policy))


def _columns_gone(snapshot: Snapshot, policy: Policy) -> Iterator[str]:
    """Name the columns that the last run read and this one does not find."""
    text, state = language(policy.words.language).text, snapshot.state
    for title, missing in snapshot.missing:
        said = text("The column “{heading}” of “{tab}” is gone.", heading=missing.before, tab=title)
        yield f"{said} {text('Put it back, or give it its heading again. If it is not needed any more: `run --force`.')}"
    if snapshot.book.layout.tabs:
        return
    for tab in snapshot.tabs:
        known = state[(state["section"] == tab.section) & state["gone_on"].isna()]
        for name in ("company", "state"):
            if name not in tab.fields and known[name].notna().any():
                heading = policy.words.name("columns", name)
                yield text(
                    "The column “{heading}” of “{tab}” is gone.", heading=heading, tab=tab.title
                )


def _overwritten(snapshot: Snapshot, plan: Plan, policy: Policy) -> Iterator[str]:
    """Say where too many rows bear IDs that are not theirs: somebody has written over the program's column."""
    rows, safety = len(snapshot.base), policy.safety
    wrong = sum(edit.field == "id" and edit.before is not None for edit in plan.edits)
    if (
        len(snapshot.state)
        and rows >= safety.min_rows_for_shares
        and wrong > rows * safety.max_vanished_share
    ):
        text = language(policy.words.language).text
        yield text("{n} of {rows} rows bear an ID that is not theirs.", n=wrong, rows=rows)


def plan_ids(snapshot: Snapshot, plan: Plan) -> list[str]:
    """Return the id of every row of the base as of after the plan."""
    ids = [str(row_id) for row_id in snapshot.base["id"]]
    for edit in plan.edits:
        if edit.field == "id":
            ids[snapshot.locate(edit.section, edit.row)] = str(edit.after)
    return ids
