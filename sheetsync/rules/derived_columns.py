"""The program's own columns as a decision leaves them: ids, deadlines, days left, and the problems of every row.

What is decided is the enforcer's; what is wrong with a row is said by the findings.
"""

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from sheetsync.rules.changes.change_history import missing_rows, noticed_changes
from sheetsync.rules.changes.manual_changes import manual_changes
from sheetsync.rules.checks.labels import check_labels
from sheetsync.rules.checks.method_violations import (
    CODES,
    MENDABLE,
    BaseHistory,
    violations,
)
from sheetsync.rules.checks.rows import by_row, row_findings
from sheetsync.rules.checks.time_warnings import no_holidays, remarks
from sheetsync.rules.deadlines.due_dates import left_until, times
from sheetsync.rules.draft.plan_draft import PlanDraft, load
from sheetsync.rules.draft.projection import after_moves, coming_columns, with_clocks
from sheetsync.schema import Problem, Severity
from sheetsync.values import Cell, to_cell
from sheetsync.workbook.immovable_ranges import guarded
from sheetsync.workbook.plan import Edit
from sheetsync.workbook.snapshot import Tab, as_date, own_title

if TYPE_CHECKING:
    from collections.abc import Callable

DERIVED = ("deadline", "days_left", "problems", "id")
"""The program's own columns, in the order in which they are added to a tab."""

NEW_COLUMN = 10**6
"""Where a column stands that a move is about to add: beyond every heading that is there."""


def list_findings(draft: PlanDraft) -> None:
    """Report ids that belong to somebody else, `new` rows that wait too long, and lists over the cap."""
    text, base, time, policy = (
        draft.language.text,
        draft.base,
        draft.policy.time,
        draft.policy,
    )
    for _, row in draft.records(draft.identities.unclear):
        texts = (
            text("The ID {id} belongs to another company.", id=row["id"]),
            text("Clear the ID cell if this is a new client."),
        )
        draft.report("unclear_id", Severity.ERROR, row, "id", texts)
    for _, row in draft.records(too_long(draft) & ~base.index.isin(draft.moves)):
        texts = (
            text("New for more than {n} days, and nobody has called.", n=time.new_in_working_days),
            text("Call, or send it back."),
        )
        draft.report("new_too_long", Severity.WARNING, row, "state", texts)
    after = after_moves(draft.snapshot, base, draft.moves, draft.edits, policy)
    for manager, count in sorted(load(after, policy).items()):
        limit = policy.limit(manager, draft.today)
        if count > limit and "working" in draft.snapshot.tab:
            tab = draft.snapshot.tab["working"]
            message = text(
                "{manager}: {n} companies in the working list, the limit is {max}.",
                manager=manager,
                n=count,
                max=limit,
            )
            draft.problems.append(
                Problem(
                    "over_cap",
                    Severity.WARNING,
                    tab.title,
                    0,
                    tab.heading("manager", draft.policy),
                    message,
                )
            )


def too_long(draft: PlanDraft) -> "pd.Series[bool]":
    """Mark the `new` rows of the working list that have waited for longer than they may (METHOD point 8)."""
    base = draft.base
    waiting = (base["section"] == "working") & (base["state"] == "new") & base["known"]
    since = base["state_since"].where(
        base["state_since"] > base["section_since"], base["section_since"]
    )
    waited = -left_until(since, draft.policy, draft.today)
    return waiting & (waited > draft.policy.time.new_in_working_days)


def derive(draft: PlanDraft) -> None:
    """Write the program's own columns where they differ from what they hold."""
    base = after_moves(draft.snapshot, draft.base, draft.moves, draft.edits, draft.policy)
    base = with_clocks(base, draft.base, draft.moves, draft.holds, draft.policy, draft.today)
    spans = times(base, draft.policy)
    due = spans["due"]
    left = left_until(due, draft.policy, draft.today)
    _of_time(draft, base, spans)
    _findings(draft, base)
    _transitions(draft, base)
    check_labels(draft, base.assign(due=due))
    texts = _texts(draft)
    columns: dict[str, tuple[list[Cell], Callable[[Any], Cell]]] = {
        "id": ([str(i) for i in base["id"]], lambda cell: cell),
        "deadline": ([to_cell(as_date(day)) for day in due], lambda cell: to_cell(as_date(cell))),
        "days_left": (
            [None if pd.isna(n) else int(n) for n in left],
            lambda cell: None if pd.isna(cell) else int(cell),
        ),
        "problems": (texts, lambda cell: None if pd.isna(cell) else cell),
    }
    ids = columns["id"][0]
    for name in DERIVED:
        wanted, plain = columns[name]
        present = draft.snapshot.base[name]
        for at, (section, row, before, after) in enumerate(
            zip(draft.base["section"], draft.base["row"], present, wanted, strict=True)
        ):
            if (kept := plain(before)) != after and not _closed(draft, section, int(row), name):
                draft.edits.append(Edit(section, int(row), str(ids[at]), name, kept, after))


def _closed(draft: PlanDraft, section: str, row: int, name: str) -> bool:
    """Tell whether others protect this cell of the program's own columns from us."""
    tab = draft.snapshot.tab[section]
    return bool(tab.grid.guarded) and guarded(tab, row, tab.fields.get(name))


def _tabs_after(draft: PlanDraft, after: pd.DataFrame) -> list[Tab]:
    """Return the tabs as the moves leave them, each row numbered by its place in the base, from 1.

    Problems are found in this picture, so that the next run, which reads it, has nothing to add.
    """
    tabs = []
    faulty = [
        f._replace(row=draft.snapshot.locate(tab.section, f.row) + 1)
        for tab in draft.snapshot.tabs
        for f in tab.faulty
    ]
    where = dict(enumerate(after["section"], start=1))
    numbered = after.assign(row=range(1, len(after) + 1))
    for tab in draft.snapshot.tabs:
        fields = {
            **dict.fromkeys(
                sorted(coming_columns(draft.snapshot, tab.section, draft.moves.values())),
                NEW_COLUMN,
            ),
            **tab.fields,
        }
        frame = numbered[numbered["section"] == tab.section]
        here = tuple(fault for fault in faulty if where[fault.row] == tab.section)
        tabs.append(replace(tab, frame=frame, fields=fields, faulty=here))
    return tabs


def _findings(draft: PlanDraft, after: pd.DataFrame) -> None:
    """Gather what is wrong with each row after the moves, under the tab and row where it stands now."""
    titles = {section: tab.title for section, tab in draft.snapshot.tab.items()}
    now = [
        (titles[section], int(row))
        for section, row in zip(draft.base["section"], draft.base["row"], strict=True)
    ]
    told = frozenset((at + 1, name) for at, name in draft.told)
    tabs = _tabs_after(draft, after)
    for problem in row_findings(tabs, draft.policy, draft.language, draft.today, told):
        tab, row = now[problem.row - 1] if problem.row else (problem.tab, 0)
        draft.problems.append(problem._replace(tab=tab, row=row))


def _transitions(draft: PlanDraft, after: pd.DataFrame) -> None:
    """Gather what is against the method in what people did, under the tab and row where each row stands now."""
    snapshot, policy, today = draft.snapshot, draft.policy, draft.today
    now = manual_changes(draft.base, snapshot, policy, today)
    moves = draft.moves.values()
    fields = {
        code: {*tab.fields, *coming_columns(snapshot, code, moves)}
        for code, tab in snapshot.tab.items()
    }
    gone = missing_rows(draft.base, snapshot.state, snapshot.unread, today)
    seen = BaseHistory(after, gone, noticed_changes(snapshot.journal, now, today), fields, today)
    for one in violations(seen, policy, draft.language):
        heading = snapshot.tab[after.at[one.row_index, "section"]].heading(one.field, policy)
        title, row = (
            snapshot.tab[draft.base.at[one.row_index, "section"]].title,
            int(draft.base.at[one.row_index, "row"]),
        )
        draft.problems.append(
            Problem(one.code, one.severity, title, row, heading, one.message, one.fix)
        )


def _of_time(draft: PlanDraft, after: pd.DataFrame, spans: pd.DataFrame) -> None:
    """Gather what is to be said of each row's time after the moves, and of the calendar it is counted by."""
    base, policy, language = draft.base, draft.policy, draft.language
    sections, rows = base["section"].tolist(), base["row"].tolist()
    for remark in remarks(after, spans, policy, language, draft.today):
        row = {"section": sections[remark.at], "row": rows[remark.at]}
        draft.report(remark.code, remark.severity, row, remark.field, (remark.message, remark.fix))
    if (unknown := no_holidays(policy, language)) is not None:
        title = own_title(draft.snapshot.book, policy, "settings")
        draft.problems.append(Problem("unknown_country", Severity.WARNING, title, 0, "", *unknown))


def _texts(draft: PlanDraft) -> list[Cell]:
    """Return the Problems cell of every row."""
    found: defaultdict[tuple[str, int], list[Problem]] = defaultdict(list)
    for problem in draft.problems:
        if problem.row and (problem.code in MENDABLE or problem.code not in CODES):
            found[problem.tab, problem.row].append(problem)
    texts = by_row(found)
    titles = {section: tab.title for section, tab in draft.snapshot.tab.items()}
    places = zip(draft.base["section"], draft.base["row"], strict=True)
    return [texts.get((titles[section], int(row))) for section, row in places]
