"""How a plan is shown: its moves as a table, all else in sentences; or one documented JSON object.

Problems one by one are shown by `problems`, a handover by `handover`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from sheetsync.cli.output.problems import problem_json
from sheetsync.cli.output.terminal import SHOWN, show_left_out, table_of
from sheetsync.i18n import Language, marked
from sheetsync.method.policy import Policy
from sheetsync.reporting.journal import shown_cell
from sheetsync.rules.corrections.deleted_rows import vanished
from sheetsync.rules.routing.rule_text import ruling
from sheetsync.schema import Severity
from sheetsync.services.run import Planned
from sheetsync.values import Cell
from sheetsync.workbook.out_of_sight import protected_tabs, unseen_rows
from sheetsync.workbook.plan import Edit, Move, Plan, Removal
from sheetsync.workbook.snapshot import Snapshot
from sheetsync.workbook.touched_ranges import (
    RangeKind,
    TouchedRange,
    to_json,
)

STRUCTURE = (
    "tab_renamed",
    "column_renamed",
    "column_gone",
    "section_twice",
    "no_headings",
    "headings_twice",
    "settings",
)
"""Problems of whole tabs and columns that a run says in full: a person settles them, and soon."""
EXAMPLES = 3
"""Cells that are tidied, of each kind, shown to a person; --json shows all."""
NAMED = 10
"""Rows named in one sentence at most."""


def plan_json(
    planned: Planned, requests: Mapping[str, int], **more: Any
) -> dict[str, Any]:
    """Return the object of `plan --json` and `run --json`."""
    plan = planned.plan
    return {
        "book": planned.snapshot.book.id,
        "today": plan.today.isoformat(),
        "digest": plan.digest,
        "moves": [_move_json(move) for move in plan.moves],
        "rules": _rules_json(planned),
        "edits": [_edit_json(edit, planned.snapshot) for edit in plan.edits],
        "problems": [problem_json(problem) for problem in plan.problems],
        "offers": [offer._asdict() for offer in plan.offers],
        "pending": [decision._asdict() for decision in plan.pending],
        "removals": [
            _removal_json(removal, planned.snapshot)
            for removal in plan.removals
        ],
        "would": [_move_json(move) for move in plan.would],
        "released": sorted(plan.released),
        "vanished": [
            {"id": row_id, "company": company}
            for row_id, company in _vanished(planned)
        ],
        "touches": [to_json(touched) for touched in planned.touched],
        "unseen": [
            unseen._asdict() for unseen in unseen_rows(planned.snapshot, plan)
        ],
        "protected_tabs": protected_tabs(planned.snapshot, plan),
        "alarms": list(planned.alarms),
        "first_run": planned.snapshot.first_run,
        "batches": planned.batches,
        "requests": {"read": requests["read"], "write": requests["write"]},
        **more,
    }


def _move_json(move: Move) -> dict[str, Any]:
    return {
        "id": move.id,
        "company": move.company,
        "manager": move.manager,
        "from": move.source,
        "to": move.target,
        "rule": move.rule,
        "reason": move.reason,
    }


def _removal_json(removal: Removal, snapshot: Snapshot) -> dict[str, Any]:
    return {
        "id": removal.id,
        "company": removal.company,
        "manager": removal.manager,
        "tab": snapshot.tab[removal.section].title,
        "row": removal.row,
        "into": removal.into,
        "why": removal.why,
    }


def _edit_json(edit: Edit, snapshot: Snapshot) -> dict[str, Any]:
    return {
        "id": edit.id,
        "tab": snapshot.tab[edit.section].title,
        "row": edit.row,
        "field": edit.field,
        "before": edit.before,
        "after": edit.after,
        "why": edit.why,
        "derived": edit.derived,
        "repair": edit.repair,
    }


def _rules_json(planned: Planned) -> dict[str, str]:
    """Return the rules of the plan's moves in words, by name."""
    names = sorted({move.rule for move in planned.plan.moves})
    return {
        name: ruling(name, None, planned.policy, planned.language)
        for name in names
    }


def show_plan(planned: Planned, language: Language, out: Console) -> None:
    """Show a plan to a person: a table of its moves, sentences of the rest, alarms, its digest."""
    plan = planned.plan
    if plan.moves:
        out.print(_moves_table(plan, planned.policy, language))
        show_left_out(len(plan.moves), language, out)
    for sentences in SUMMARY:
        for sentence in sentences(planned, language):
            out.print(escape(sentence))
    show_alarms(planned, out)
    show_digest(plan, language, out)


def show_alarms(planned: Planned, out: Console) -> None:
    """Say for what a run would wait for a person."""
    for alarm in planned.alarms:
        out.print(f"[red]{escape(alarm)}[/red]")


def show_digest(plan: Plan, language: Language, out: Console) -> None:
    """Say by which digest a plan is known, and for which day it is."""
    day = language.date(plan.today)
    out.print(
        escape(
            language.text(
                "Plan {digest} for {date}.", digest=plan.digest, date=day
            )
        )
    )


def _moves_table(plan: Plan, policy: Policy, language: Language) -> Table:
    """Return the moves as a table: who, from where, to where, why."""
    text = language.text
    table = table_of(
        text("Company"),
        text("Manager"),
        text("From"),
        text("To"),
        text("Why"),
        text("Rule"),
        title=language.plural(
            "{n} row moves", "{n} rows move", len(plan.moves)
        ),
    )
    for move in plan.moves[:SHOWN]:
        cells = (
            move.company,
            move.manager,
            policy.words.name("sections", move.source),
            policy.words.name("sections", move.target),
            move.reason,
            ruling(move.rule, move.target, policy, language),
        )
        table.add_row(*map(escape, cells))
    return table


def _nothing_to_do(planned: Planned, language: Language) -> Iterator[str]:
    if planned.plan.empty and not planned.plan.would:
        yield language.text("Nothing to do: every row is where it belongs.")


def _several_batches(planned: Planned, language: Language) -> Iterator[str]:
    if planned.batches > 1:
        yield language.plural(
            "More than Google takes at once: written in {n} batch, each whole in itself.",
            "More than Google takes at once: written in {n} batches, each whole in itself.",
            planned.batches,
        )


def _new_ids(planned: Planned, language: Language) -> Iterator[str]:
    count = sum(edit.field == "id" for edit in planned.plan.edits)
    if count:
        yield language.plural(
            "{n} row gets an ID.", "{n} rows get an ID.", count
        )


def _repairs(planned: Planned, language: Language) -> Iterator[str]:
    """Say how many cells are tidied, for which reasons, with some examples of each."""
    repairs: dict[str, list[Edit]] = {}
    for edit in planned.plan.edits:
        if edit.repair:
            repairs.setdefault(edit.why, []).append(edit)
    if not repairs:
        return
    counts = Counter({why: len(edits) for why, edits in repairs.items()})
    total = language.plural(
        "{n} cell is tidied, its value unchanged",
        "{n} cells are tidied, their values unchanged",
        counts.total(),
    )
    reasons = [
        f"{why} {language.number(count)}" for why, count in counts.most_common()
    ]
    yield f"{total}: " + ", ".join(reasons)
    examples = [edit for edits in repairs.values() for edit in edits[:EXAMPLES]]
    yield from _edit_sentences(planned, examples)


def _changed_cells(planned: Planned, _: Language) -> Iterator[str]:
    """Say which cells of the team's own are changed, those that are only tidied aside."""
    changed = [
        edit
        for edit in planned.plan.edits
        if not edit.derived and not edit.repair
    ]
    yield from _edit_sentences(planned, changed[:SHOWN])


def _removed_rows(planned: Planned, language: Language) -> Iterator[str]:
    """Say which rows leave the base, and where what they held is afterwards."""
    tabs = planned.snapshot.tab
    for removal in planned.plan.removals[:SHOWN]:
        yield language.text(
            "{tab}, {row}, {company}: the row leaves the base, {why}.",
            tab=tabs[removal.section].title,
            row=removal.row,
            company=removal.company or removal.id,
            why=removal.why,
        )


def _own_columns(planned: Planned, language: Language) -> Iterator[str]:
    count = sum(
        # New IDs have a sentence of their own.
        edit.derived and edit.field != "id"
        for edit in planned.plan.edits
    )
    if count:
        yield language.plural(
            "{n} cell of the program's own columns is brought up to date.",
            "{n} cells of the program's own columns are brought up to date.",
            count,
        )


def _touched_ranges(planned: Planned, language: Language) -> Iterator[str]:
    """Say which formulas, charts and names read rows that move, and what becomes of them."""
    touched = planned.touched
    if not touched:
        return
    yield language.plural(
        "{n} formula, chart or name of yours reads rows that move:",
        "{n} formulas, charts and names of yours read rows that move:",
        len(touched),
    )
    # What is not kept comes first: it is what somebody has to say yes to.
    for reader in sorted(touched, key=lambda reader: not reader.why):
        yield _touched(reader, language)


def _touched(touched: TouchedRange, language: Language) -> str:
    kind = language.text(KINDS[touched.kind])
    place = f"{kind} {touched.where}: {touched.before}"
    if touched.after:
        place = f"{place} → {touched.after}"
    if not touched.why:
        return place
    return language.text(
        "{place}; not kept: {why}.", place=place, why=touched.why
    )


KINDS = {
    RangeKind.FORMULA: marked("formula"),
    RangeKind.NAME: marked("named range"),
    RangeKind.CHART: marked("chart"),
    RangeKind.PIVOT: marked("pivot table"),
    RangeKind.FORMAT: marked("conditional format"),
    RangeKind.DROPDOWN: marked("dropdown"),
}
"""What reads rows, in words."""


def _new_offers(planned: Planned, language: Language) -> Iterator[str]:
    # To what is ticked somebody has said yes already.
    count = sum(not offer.ticked for offer in planned.plan.offers)
    if count:
        yield language.plural(
            "{n} company could be taken into a working list: tick it on “{tab}”.",
            "{n} companies could be taken into working lists: tick them on “{tab}”.",
            count,
            tab=planned.policy.words.tabs["summary"],
        )


def _decisions_in_the_way(
    planned: Planned, language: Language
) -> Iterator[str]:
    # A decision with nothing in its way only waits for the next run.
    hindered = [decision for decision in planned.plan.pending if decision.why]
    for decision in hindered[:SHOWN]:
        yield language.text(
            "Decision that cannot be carried out: {company}, “{value}”: {why}.",
            company=decision.company or decision.id,
            value=decision.value,
            # The sentence around it has a full stop of its own.
            why=decision.why.rstrip("."),
        )


def _deleted_rows(planned: Planned, language: Language) -> Iterator[str]:
    """Say which rows people have deleted since the last run, and how they come back."""
    gone = _vanished(planned)
    if not gone:
        return
    names = ", ".join(
        f"{company or '—'} ({row_id})" for row_id, company in gone[:NAMED]
    )
    if len(gone) > NAMED:
        names += ", " + language.text("… and {n} more", n=len(gone) - NAMED)
    yield language.plural(
        "{n} row that the last run knew is gone: {names}.",
        "{n} rows that the last run knew are gone: {names}.",
        len(gone),
        names=names,
    )
    yield language.text(
        "If they were not to be deleted: `sheetsync restore BOOK ID` brings one back."
    )


def _unseen_rows(planned: Planned, language: Language) -> Iterator[str]:
    """Say how many of the rows that leave their tab nobody sees there."""
    for unseen in unseen_rows(planned.snapshot, planned.plan):
        if unseen.filtered:
            yield language.plural(
                "“{tab}”: {n} row of these is filtered out, so that nobody sees it there now.",
                "“{tab}”: {n} rows of these are filtered out, so that nobody sees them there now.",
                unseen.filtered,
                tab=unseen.tab,
            )
        if unseen.hidden:
            yield language.plural(
                "“{tab}”: {n} row of these is hidden, so that nobody sees it there now.",
                "“{tab}”: {n} rows of these are hidden, so that nobody sees them there now.",
                unseen.hidden,
                tab=unseen.tab,
            )


def _protected_tabs(planned: Planned, language: Language) -> Iterator[str]:
    """Say which tabs are changed on which people may not type without further ado."""
    for title in protected_tabs(planned.snapshot, planned.plan):
        yield language.text(
            "“{tab}” is protected against typing; the program changes it all the same, and the "
            "protection stays.",
            tab=title,
        )


def _structure_problems(planned: Planned, _: Language) -> Iterator[str]:
    # Rows that are no clients are named beside a change; a run that has nothing to do is quiet.
    passed = () if planned.plan.empty else ("passed_over",)
    codes = (*STRUCTURE, *passed)
    problems = [
        problem for problem in planned.plan.problems if problem.code in codes
    ]
    for problem in problems[:SHOWN]:
        place = f"{problem.tab}, {problem.row}" if problem.row else problem.tab
        # Not every problem comes with something to do about it.
        yield f"{place}: {problem.message} {problem.fix}".rstrip()


def _count_of_problems(planned: Planned, language: Language) -> Iterator[str]:
    problems = planned.plan.problems
    if not problems:
        return
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    yield language.text(
        "{found}, {serious} among them; `sheetsync check` lists them.",
        found=language.plural("{n} problem", "{n} problems", len(problems)),
        serious=language.plural("{n} error", "{n} errors", errors),
    )


def _trial(planned: Planned, language: Language) -> Iterator[str]:
    """Say how many rows a trial of the model holds where they are."""
    plan = planned.plan
    if not plan.would:
        return
    tab = planned.policy.words.tabs["trial"]
    record = plan.trial or planned.snapshot.trial
    if record is not None and record.ended is not None:
        yield language.plural(
            "{n} row waits since the trial of the model for a tick on the tab “{tab}”.",
            "{n} rows wait since the trial of the model for a tick on the tab “{tab}”.",
            len(plan.would),
            tab=tab,
        )
        return
    yield language.plural(
        "Trial of the model: {n} row would move and stays; the tab “{tab}” lists it.",
        "Trial of the model: {n} rows would move and stay; the tab “{tab}” lists them.",
        len(plan.would),
        tab=tab,
    )


SUMMARY = (
    _nothing_to_do,
    _trial,
    _unseen_rows,
    _protected_tabs,
    _new_ids,
    _repairs,
    _changed_cells,
    _removed_rows,
    _touched_ranges,
    _own_columns,
    _new_offers,
    _decisions_in_the_way,
    _deleted_rows,
    _structure_problems,
    _count_of_problems,
    _several_batches,
)
"""What a plan does beside moving rows, in sentences, in this order."""


def _edit_sentences(planned: Planned, edits: Sequence[Edit]) -> Iterable[str]:
    """Say of cells of the team's whose they are, what stands there now, and what will."""
    snapshot = planned.snapshot
    policy = planned.policy
    for edit in edits:
        tab = snapshot.tab[edit.section]
        place = f"{tab.title}, {edit.row}, {company_or_id(edit, snapshot)}"
        before = _as_shown(edit, edit.before, policy)
        after = _as_shown(edit, edit.after, policy)
        yield f"{place}: {tab.heading(edit.field, policy)} {before} → {after} ({edit.why})"


def _as_shown(edit: Edit, cell: Cell, policy: Policy) -> str:
    return shown_cell(edit.field, cell, policy) or "—"


def company_or_id(edit: Edit, snapshot: Snapshot) -> str:
    """Name the row of an edit: by its company, or by its ID where it has none."""
    index = snapshot.index_by_place.get((edit.section, edit.row))
    company = None if index is None else snapshot.base["company"][index]
    # A row without a company has nothing else that people could look for.
    return edit.id if pd.isna(company) else str(company)


def _vanished(planned: Planned) -> list[tuple[str, str]]:
    """Return (id, company) of the rows that people have deleted and that are not back."""
    # What this very run brings back is not gone.
    restored_id = planned.restored.id if planned.restored is not None else None
    return [row for row in vanished(planned.snapshot) if row[0] != restored_id]
