"""The program's own columns as a decision leaves them: ids, deadlines, days left, and the problems of every row.

What is decided is the enforcer's; what is wrong with a row is said by the findings.
"""

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from sheetsync.rules.changes.manual_changes import noticed
from sheetsync.rules.checks.labels import check_labels
from sheetsync.rules.checks.method_violations import (
    CODES,
    MENDABLE,
    Picture,
    findings,
    missed,
    steps,
)
from sheetsync.rules.checks.rows import by_row, row_findings
from sheetsync.rules.checks.time_warnings import no_holidays, remarks
from sheetsync.rules.deadlines.due_dates import left_until, times
from sheetsync.rules.draft.plan_draft import Deciding, load
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


def list_findings(deciding: Deciding) -> None:
    """Report ids that belong to somebody else, `new` rows that wait too long, and lists over the cap."""
    text, base, time, policy = (
        deciding.language.text,
        deciding.base,
        deciding.policy.time,
        deciding.policy,
    )
    for _, row in deciding.records(deciding.identities.unclear):
        texts = (
            text("The ID {id} belongs to another company.", id=row["id"]),
            text("Clear the ID cell if this is a new client."),
        )
        deciding.report("unclear_id", Severity.ERROR, row, "id", texts)
    for _, row in deciding.records(too_long(deciding) & ~base.index.isin(deciding.moves)):
        texts = (
            text("New for more than {n} days, and nobody has called.", n=time.new_in_working_days),
            text("Call, or send it back."),
        )
        deciding.report("new_too_long", Severity.WARNING, row, "state", texts)
    after = after_moves(base, deciding.moves, deciding.edits, policy)
    for manager, count in sorted(load(after, policy).items()):
        limit = policy.limit(manager, deciding.today)
        if count > limit and "working" in deciding.snapshot.tab:
            tab = deciding.snapshot.tab["working"]
            message = text(
                "{manager}: {n} companies in the working list, the limit is {max}.",
                manager=manager,
                n=count,
                max=limit,
            )
            deciding.problems.append(
                Problem(
                    "over_cap",
                    Severity.WARNING,
                    tab.title,
                    0,
                    tab.heading("manager", deciding.policy),
                    message,
                )
            )


def too_long(deciding: Deciding) -> "pd.Series[bool]":
    """Mark the `new` rows of the working list that have waited for longer than they may (METHOD point 8)."""
    base = deciding.base
    waiting = (base["section"] == "working") & (base["state"] == "new") & base["known"]
    since = base["state_since"].where(
        base["state_since"] > base["section_since"], base["section_since"]
    )
    waited = -left_until(since, deciding.policy, deciding.today)
    return waiting & (waited > deciding.policy.time.new_in_working_days)


def derive(deciding: Deciding) -> None:
    """Write the program's own columns where they differ from what they hold."""
    base = after_moves(deciding.base, deciding.moves, deciding.edits, deciding.policy)
    base = with_clocks(
        base, deciding.base, deciding.moves, deciding.holds, deciding.policy, deciding.today
    )
    spans = times(base, deciding.policy)
    due = spans["due"]
    left = left_until(due, deciding.policy, deciding.today)
    _of_time(deciding, base, spans)
    _findings(deciding, base)
    _transitions(deciding, base)
    check_labels(deciding, base.assign(due=due))
    texts = _texts(deciding)
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
        present = deciding.snapshot.base[name]
        for at, (section, row, before, after) in enumerate(
            zip(deciding.base["section"], deciding.base["row"], present, wanted, strict=True)
        ):
            if (kept := plain(before)) != after and not _closed(deciding, section, int(row), name):
                deciding.edits.append(Edit(section, int(row), str(ids[at]), name, kept, after))


def _closed(deciding: Deciding, section: str, row: int, name: str) -> bool:
    """Tell whether others protect this cell of the program's own columns from us."""
    tab = deciding.snapshot.tab[section]
    return bool(tab.grid.guarded) and guarded(tab, row, tab.fields.get(name))


def _tabs_after(deciding: Deciding, after: pd.DataFrame) -> list[Tab]:
    """Return the tabs as the moves leave them, each row numbered by its place in the base, from 1.

    Problems are found in this picture, so that the next run, which reads it, has nothing to add.
    """
    base, tabs = deciding.base, []
    place = {
        (section, row): at
        for at, (section, row) in enumerate(zip(base["section"], base["row"], strict=True))
    }
    faulty = [
        f._replace(row=place[tab.section, f.row] + 1)
        for tab in deciding.snapshot.tabs
        for f in tab.faulty
    ]
    where = dict(enumerate(after["section"], start=1))
    numbered = after.assign(row=range(1, len(after) + 1))
    for tab in deciding.snapshot.tabs:
        fields = {
            **dict.fromkeys(
                sorted(coming_columns(deciding.snapshot, tab.section, deciding.moves.values())),
                NEW_COLUMN,
            ),
            **tab.fields,
        }
        frame = numbered[numbered["section"] == tab.section]
        here = tuple(fault for fault in faulty if where[fault.row] == tab.section)
        tabs.append(replace(tab, frame=frame, fields=fields, faulty=here))
    return tabs


def _findings(deciding: Deciding, after: pd.DataFrame) -> None:
    """Gather what is wrong with each row after the moves, under the tab and row where it stands now."""
    titles = {section: tab.title for section, tab in deciding.snapshot.tab.items()}
    now = [
        (titles[section], int(row))
        for section, row in zip(deciding.base["section"], deciding.base["row"], strict=True)
    ]
    told = frozenset((at + 1, name) for at, name in deciding.told)
    tabs = _tabs_after(deciding, after)
    for problem in row_findings(tabs, deciding.policy, deciding.language, deciding.today, told):
        tab, row = now[problem.row - 1] if problem.row else (problem.tab, 0)
        deciding.problems.append(problem._replace(tab=tab, row=row))


def _transitions(deciding: Deciding, after: pd.DataFrame) -> None:
    """Gather what is against the method in what people did, under the tab and row where each row stands now."""
    snapshot, policy, today = deciding.snapshot, deciding.policy, deciding.today
    now = noticed(deciding.base, snapshot, policy, today)
    moves = deciding.moves.values()
    fields = {
        code: {*tab.fields, *coming_columns(snapshot, code, moves)}
        for code, tab in snapshot.tab.items()
    }
    gone = missed(deciding.base, snapshot.state, snapshot.unread, today)
    seen = Picture(after, gone, steps(snapshot.journal, now, today), fields, today)
    for one in findings(seen, policy, deciding.language):
        heading = snapshot.tab[after.at[one.at, "section"]].heading(one.field, policy)
        title, row = (
            snapshot.tab[deciding.base.at[one.at, "section"]].title,
            int(deciding.base.at[one.at, "row"]),
        )
        deciding.problems.append(
            Problem(one.code, one.severity, title, row, heading, one.message, one.fix)
        )


def _of_time(deciding: Deciding, after: pd.DataFrame, spans: pd.DataFrame) -> None:
    """Gather what is to be said of each row's time after the moves, and of the calendar it is counted by."""
    base, policy, language = deciding.base, deciding.policy, deciding.language
    sections, rows = base["section"].tolist(), base["row"].tolist()
    for remark in remarks(after, spans, policy, language, deciding.today):
        row = {"section": sections[remark.at], "row": rows[remark.at]}
        deciding.report(
            remark.code, remark.severity, row, remark.field, (remark.message, remark.fix)
        )
    if (unknown := no_holidays(policy, language)) is not None:
        title = own_title(deciding.snapshot.book, policy, "settings")
        deciding.problems.append(
            Problem("unknown_country", Severity.WARNING, title, 0, "", *unknown)
        )


def _texts(deciding: Deciding) -> list[Cell]:
    """Return the Problems cell of every row."""
    found: defaultdict[tuple[str, int], list[Problem]] = defaultdict(list)
    for problem in deciding.problems:
        if problem.row and (problem.code in MENDABLE or problem.code not in CODES):
            found[problem.tab, problem.row].append(problem)
    texts = by_row(found)
    titles = {section: tab.title for section, tab in deciding.snapshot.tab.items()}
    places = zip(deciding.base["section"], deciding.base["row"], strict=True)
    return [texts.get((titles[section], int(row))) for section, row in places]
