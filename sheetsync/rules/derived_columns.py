"""What a night says of the rows, and the program's own columns as it leaves them.

Each function is a stage: it takes the draft, all of whose moves are decided by then, and returns
problems, or the edits of the program's own columns. What is wrong with a row is worded in checks/.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import pandas as pd

from sheetsync.method.codes import SectionCode
from sheetsync.rules.changes.change_history import (
    missing_rows,
    noticed_changes,
    taken_out,
)
from sheetsync.rules.changes.manual_changes import manual_changes
from sheetsync.rules.checks.method_violations import (
    CODES,
    MENDABLE,
    BaseHistory,
    violations,
)
from sheetsync.rules.checks.rows import by_row, row_findings
from sheetsync.rules.checks.time_warnings import no_holidays, time_remarks
from sheetsync.rules.deadlines.due_dates import left_until
from sheetsync.rules.draft.after_changes import arriving_headings
from sheetsync.rules.draft.changes import Changes
from sheetsync.rules.draft.night import RowPlace
from sheetsync.rules.draft.plan_draft import PlanDraft
from sheetsync.schema import Faulty, Problem, Severity
from sheetsync.values import EPOCH, Cell
from sheetsync.workbook.immovable_ranges import guarded
from sheetsync.workbook.plan import Edit
from sheetsync.workbook.snapshot import Tab, own_title

NEW_COLUMN = 10**6
"""Where a column stands that a move is about to add: beyond every heading that is there."""


def overfull_lists(draft: PlanDraft) -> Changes:
    """Report the working lists over their limit (METHOD point 7)."""
    night = draft.night
    capacity = draft.capacity
    tab = night.snapshot.tab.get(SectionCode.WORKING)
    if tab is None:
        return Changes()
    heading = tab.heading("manager", night.policy)
    problems = []
    for manager, count in sorted(capacity.loads.items()):
        limit = capacity.limit(manager)
        if count > limit:
            message = night.language.text(
                "{manager}: {n} companies in the working list, the limit is {max}.",
                manager=manager,
                n=count,
                max=limit,
            )
            place = (tab.title, 0, heading)
            problems.append(
                Problem("over_cap", Severity.WARNING, *place, message)
            )
    return Changes(problems=tuple(problems))


def time_findings(draft: PlanDraft) -> Changes:
    """Gather what is to be said of each row's time, and of the calendar it is counted by."""
    night = draft.night
    after = draft.after
    sections = night.base["section"].tolist()
    rows = night.base["row"].tolist()
    problems = []
    for remark in time_remarks(
        after.clocked,
        after.times,
        night.policy,
        night.language,
        night.today,
        on_trial=night.trial.under_way,
    ):
        place = RowPlace(
            sections[remark.row_index], int(rows[remark.row_index])
        )
        texts = (remark.message, remark.fix)
        problem = night.problem(
            remark.code, remark.severity, place, remark.field, texts
        )
        problems.append(problem)
    unknown = no_holidays(night.policy, night.language)
    if unknown is not None:
        title = own_title(night.snapshot.book, night.policy, "settings")
        problems.append(
            Problem("unknown_country", Severity.WARNING, title, 0, "", *unknown)
        )
    return Changes(problems=tuple(problems))


def findings_of_rows(draft: PlanDraft) -> Changes:
    """Gather what is wrong with each row after the moves, under the place where it stands now."""
    night = draft.night
    snapshot = draft.night.snapshot
    sections = night.base["section"].tolist()
    rows = night.base["row"].tolist()
    contradicted = frozenset(
        (index + 1, field) for index, field in draft.contradicted
    )
    problems = []
    for problem in row_findings(
        _tabs_after(draft),
        night.policy,
        night.language,
        night.today,
        contradicted,
    ):
        if problem.row:
            index = problem.row - 1
            title = snapshot.tab[sections[index]].title
            problem = problem._replace(tab=title, row=int(rows[index]))  # noqa: PLW2901
        problems.append(problem)
    return Changes(problems=tuple(problems))


def _tabs_after(draft: PlanDraft) -> list[Tab]:
    """Return the tabs as the moves leave them, each row numbered by its place in the base, from 1.

    Problems are found in this picture, so that the next run, which reads it, has nothing to add.
    """
    after = draft.after.clocked
    coming = draft.after.coming
    numbered = after.assign(row=range(1, len(after) + 1))
    faulty = _faulty_after(draft)
    moves = tuple(draft.moves.values())
    tabs = []
    for tab in draft.night.snapshot.tabs:
        added = dict.fromkeys(sorted(coming[tab.section]), NEW_COLUMN)
        frame = numbered[numbered["section"] == tab.section]
        own = tuple(faulty[tab.section])
        tabs.append(
            replace(
                tab,
                frame=frame,
                fields={**added, **tab.fields},
                faulty=own,
                arriving=arriving_headings(
                    draft.night.snapshot, moves, tab.section, draft.night.policy
                ),
            )
        )
    return tabs


def _faulty_after(draft: PlanDraft) -> defaultdict[str, list[Faulty]]:
    """Return the cells that could not be read by the section where they stand after the moves."""
    snapshot = draft.night.snapshot
    sections = draft.after.rows["section"].tolist()
    # A cell that a move writes over can be read from then on.
    written = {
        (index, field)
        for index, move in draft.moves.items()
        for field, _ in move.sets
    }
    faulty = defaultdict[str, list[Faulty]](list)
    for tab in snapshot.tabs:
        for cell in tab.faulty:
            index = snapshot.locate(tab.section, cell.row)
            if (index, cell.field) in written:
                continue
            faulty[sections[index]].append(cell._replace(row=index + 1))
    return faulty


def violation_findings(draft: PlanDraft) -> Changes:
    """Gather what is against the method in what people did, under the place of each row now."""
    night = draft.night
    snapshot = draft.night.snapshot
    policy = draft.night.policy
    changes = manual_changes(night.base, snapshot, policy, night.today)
    history = BaseHistory(
        draft.after.clocked,
        missing_rows(
            night.base,
            snapshot.state,
            snapshot.unread,
            night.today,
            taken_out(snapshot.journal, night.removals),
        ),
        noticed_changes(
            snapshot.journal,
            changes,
            night.today,
            policy.time.findings_days,
        ),
        {
            section: draft.after.coming[section].union(tab.fields)
            for section, tab in snapshot.tab.items()
        },
        night.today,
    )
    problems = []
    for violation in violations(history, policy, night.language):
        index = violation.row_index
        stands_in = snapshot.tab[draft.after.rows.at[index, "section"]]
        read_in = snapshot.tab[night.base.at[index, "section"]]
        problems.append(
            Problem(
                violation.code,
                violation.severity,
                read_in.title,
                int(night.base.at[index, "row"]),
                stands_in.heading(violation.field, policy),
                violation.message,
                violation.fix,
            )
        )
    return Changes(problems=tuple(problems))


class _DerivedColumn(NamedTuple):
    """One of the program's own columns: its cells as they were read, and as they should be."""

    field: str
    held: Sequence[Cell]
    wanted: Sequence[Cell]


def derived_columns(draft: PlanDraft) -> Changes:
    """Write the program's own columns where they differ from what they hold."""
    night = draft.night
    sections = night.base["section"].tolist()
    rows = night.base["row"].tolist()
    ids = night.base["id"].tolist()
    edits = []
    for field, held, wanted in _columns(draft):
        for index, (before, after) in enumerate(zip(held, wanted, strict=True)):
            if before != after:
                place = RowPlace(sections[index], rows[index])
                if not _is_closed(draft, place, field):
                    edits.append(
                        Edit(*place, str(ids[index]), field, before, after)
                    )
    return Changes(edits=tuple(edits))


def _columns(draft: PlanDraft) -> Iterator[_DerivedColumn]:
    """Go through the program's own columns, in the order in which they are added to a tab."""
    night = draft.night
    read = night.snapshot.base
    due = draft.after.times["due"]
    left = left_until(due, night.policy, night.today)
    yield _DerivedColumn(
        "deadline", _day_cells(read["deadline"]), _day_cells(due)
    )
    yield _DerivedColumn(
        "days_left", _number_cells(read["days_left"]), _number_cells(left)
    )
    texts = [
        text if isinstance(text, str) else None
        for text in read["problems"].tolist()
    ]
    yield _DerivedColumn("problems", texts, _problem_cells(draft))
    ids = [str(row_id) for row_id in night.base["id"].tolist()]
    yield _DerivedColumn("id", read["id"].tolist(), ids)


def _day_cells(days: "pd.Series[Any]") -> list[Cell]:
    """Return days as serial numbers."""
    return _number_cells((days - pd.Timestamp(EPOCH)).dt.days)


def _number_cells(numbers: "pd.Series[Any]") -> list[Cell]:
    """Return whole numbers as cells, None where there is none."""
    return [
        None if math.isnan(number) else int(number)
        for number in numbers.tolist()
    ]


def _is_closed(draft: PlanDraft, place: RowPlace, field: str) -> bool:
    """Tell whether others protect this cell of the program's own columns from us."""
    tab = draft.night.snapshot.tab[place.section]
    return bool(tab.grid.guarded) and guarded(
        tab, place.row, tab.fields.get(field)
    )


def _problem_cells(draft: PlanDraft) -> list[Cell]:
    """Return the Problems cell of every row."""
    found: defaultdict[tuple[str, int], list[Problem]] = defaultdict(list)
    for problem in draft.problems:
        # Of what is against the method, what a manager cannot mend any more is the head's to judge.
        mendable = (
            problem.code in MENDABLE and problem.severity is not Severity.NOTICE
        )
        if problem.row and (mendable or problem.code not in CODES):
            found[problem.tab, problem.row].append(problem)
    texts: list[Cell] = [None] * len(draft.night.base)
    snapshot = draft.night.snapshot
    sections = {tab.title: tab.section for tab in snapshot.tabs}
    for (title, row), text in by_row(found).items():
        index = snapshot.index_by_place.get((sections.get(title, ""), row))
        if index is not None:
            texts[index] = text
    return texts
