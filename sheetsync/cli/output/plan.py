"""How a plan, its problems and what was done are shown: tables on a terminal, or one documented JSON object.

Colours only on a terminal; nothing but the JSON object on stdout when it was asked for.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from sheetsync.i18n import Language
from sheetsync.method.policy import Policy
from sheetsync.method.terms import MIXED, kind_of
from sheetsync.reporting.journal import shown_cell
from sheetsync.rules.capacity.handover import Handover, sentences
from sheetsync.rules.corrections.deleted_rows import vanished
from sheetsync.rules.corrections.undo import Run
from sheetsync.rules.duplicates import Pair, reason_text
from sheetsync.rules.routing.rule_text import ruling
from sheetsync.schema import Problem, Severity
from sheetsync.services.run import Planned
from sheetsync.values import EPOCH, Cell
from sheetsync.workbook.journal import WITH_SECTIONS, JournalLine, kind_words
from sheetsync.workbook.plan import Edit, Plan
from sheetsync.workbook.snapshot import Snapshot

VERSION = 1
"""Version of the JSON objects; documented in docs/json.md."""
COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTICE: "dim"}
STRUCTURE = (
    "tab_renamed",
    "column_renamed",
    "column_gone",
    "section_twice",
    "no_headings",
    "headings_twice",
    "settings",
)
"""Problems of whole tabs and columns that a run says in full: they are settled by a person, and soon."""
EXAMPLES = 3
"""Cells that are tidied, of each kind, shown to a person; --json shows all."""
NAMED = 10
"""Rows named in one sentence at most."""
SHOWN = 200
"""How many lines of one table are shown to a person; --json shows all."""


def console(*, stderr: bool = False) -> Console:
    """Return a console that wraps at the terminal's width, or never where there is none."""
    stream = sys.stderr if stderr else sys.stdout
    return Console(stderr=stderr, highlight=False, width=None if stream.isatty() else 200)


def emit(value: Mapping[str, Any]) -> None:
    """Print one JSON object."""
    json.dump({"version": VERSION, **value}, sys.stdout, ensure_ascii=False)
    sys.stdout.write("\n")


def plan_json(planned: Planned, requests: Mapping[str, int], **more: Any) -> dict[str, Any]:
    """Return the object of `plan --json` and `run --json`."""
    plan, titles = planned.plan, {tab.section: tab.title for tab in planned.snapshot.tabs}
    moves = [
        {
            "id": m.id,
            "company": m.company,
            "manager": m.manager,
            "from": m.source,
            "to": m.target,
            "rule": m.rule,
            "reason": m.reason,
        }
        for m in plan.moves
    ]
    edits = [
        {
            "id": e.id,
            "tab": titles[e.section],
            "row": e.row,
            "field": e.field,
            "before": e.before,
            "after": e.after,
            "why": e.why,
            "derived": e.derived,
            "repair": e.repair,
        }
        for e in plan.edits
    ]
    return {
        "book": planned.snapshot.book.id,
        "today": plan.today.isoformat(),
        "digest": plan.digest,
        "moves": moves,
        "rules": {
            name: ruling(name, None, planned.policy, planned.language)
            for name in sorted({m.rule for m in plan.moves})
        },
        "edits": edits,
        "problems": [problem_json(problem) for problem in plan.problems],
        "offers": [offer._asdict() for offer in plan.offers],
        "pending": [one._asdict() for one in plan.pending],
        "vanished": [{"id": row_id, "company": company} for row_id, company in _vanished(planned)],
        "alarms": list(planned.alarms),
        "first_run": planned.snapshot.first_run,
        "requests": {"read": requests["read"], "write": requests["write"]},
        **more,
    }


def problem_json(problem: Problem) -> dict[str, Any]:
    """Return a problem as a JSON object."""
    return {**problem._asdict(), "severity": problem.severity.value}


def moves_table(plan: Plan, policy: Policy, spoken: Language) -> Table:
    """Return the moves as a table: who, from where, to where, why."""
    text = spoken.text
    table = Table(
        title=spoken.plural("{n} row moves", "{n} rows move", len(plan.moves)), title_justify="left"
    )
    for heading in (
        text("Company"),
        text("Manager"),
        text("From"),
        text("To"),
        text("Why"),
        text("Rule"),
    ):
        table.add_column(heading, overflow="fold")
    for move in plan.moves[:SHOWN]:
        names = (policy.words.name("sections", code) for code in (move.source, move.target))
        table.add_row(
            *(
                escape(cell)
                for cell in (
                    move.company,
                    move.manager,
                    *names,
                    move.reason,
                    ruling(move.rule, move.target, policy, spoken),
                )
            )
        )
    return table


def problems_table(problems: Sequence[Problem], spoken: Language) -> Table:
    """Return problems as a table: where, what is wrong, what to do; the worst first."""
    text = spoken.text
    order = list(Severity)
    worst = sorted(problems, key=lambda problem: order.index(problem.severity))
    table = Table(
        title=spoken.plural("{n} problem", "{n} problems", len(problems)), title_justify="left"
    )
    for heading in (text("Tab"), text("Row"), text("What is wrong"), text("What to do")):
        table.add_column(heading, overflow="fold")
    for problem in worst[:SHOWN]:
        row = str(problem.row) if problem.row else "—"
        cells = (problem.tab, row, problem.message, problem.fix)
        table.add_row(*(escape(cell) for cell in cells), style=COLOURS[problem.severity])
    return table


def show_plan(planned: Planned, spoken: Language, out: Console) -> None:
    """Show a plan to a person: moves with reasons, edits in a sentence, problems in a sentence, the digest."""
    plan, text = planned.plan, spoken.text
    if plan.moves:
        out.print(moves_table(plan, planned.policy, spoken))
        _left_out(len(plan.moves), spoken, out)
    for sentence in _summary(planned, spoken):
        out.print(escape(sentence))
    show_alarms(planned, out)
    out.print(
        escape(text("Plan {digest} for {date}.", digest=plan.digest, date=spoken.date(plan.today)))
    )


def handover_json(handing: Handover) -> dict[str, Any]:
    """Return who gets how much of a handover, what stays and why, as a JSON object."""
    return {
        "from": handing.source,
        "to": [share._asdict() for share in handing.shares],
        "left": [one._asdict() for one in handing.left],
        "notes": list(handing.notes),
    }


def show_handover(planned: Planned, handing: Handover, spoken: Language, out: Console) -> None:
    """Show a handover to a person: who gets how much, company by company, and what stays and why."""
    text, count = spoken.text, len(handing.correction.edits)
    title = spoken.plural(
        "{n} company of {manager}'s goes to others",
        "{n} companies of {manager}'s go to others",
        count,
        manager=handing.source,
    )
    table = Table(title=escape(title), title_justify="left")
    for heading in (
        text("Manager"),
        text("Gets"),
        text("In work now"),
        text("In work then"),
        text("Limit"),
    ):
        table.add_column(heading)
    for share in handing.shares:
        table.add_row(escape(share.manager), *(str(number) for number in share[1:]))
    out.print(table)
    companies = {
        (s, int(r)): c
        for s, r, c in zip(
            *(planned.snapshot.base[n] for n in ("section", "row", "company")), strict=True
        )
    }
    for edit in handing.correction.edits[:SHOWN]:
        name = companies.get((edit.section, edit.row))
        who = edit.id if pd.isna(name) else str(name)
        out.print(
            escape(f"{planned.snapshot.tab[edit.section].title}, {edit.row}: {who} → {edit.after}")
        )
    _left_out(count, spoken, out)
    if handing.left:
        out.print(
            escape(
                spoken.plural(
                    "{n} company stays with {manager}:",
                    "{n} companies stay with {manager}:",
                    len(handing.left),
                    manager=handing.source,
                )
            )
        )
    for sentence in sentences(handing.left[:SHOWN]):
        out.print(escape(f"• {sentence}"))
    _left_out(len(handing.left), spoken, out)
    for note in handing.notes:
        out.print(f"[yellow]{escape(note)}[/yellow]")
    show_alarms(planned, out)
    out.print(
        escape(
            text(
                "Plan {digest} for {date}.",
                digest=planned.plan.digest,
                date=spoken.date(planned.plan.today),
            )
        )
    )


def show_alarms(planned: Planned, out: Console) -> None:
    """Say for what a run would wait for a person."""
    for alarm in planned.alarms:
        out.print(f"[red]{escape(alarm)}[/red]")


def _left_out(count: int, spoken: Language, out: Console) -> None:
    if count > SHOWN:
        out.print(escape(spoken.text("… and {n} more; --json shows all.", n=count - SHOWN)))


def _cell(edit: Edit, cell: Cell, planned: Planned) -> str:
    return shown_cell(edit.field, cell, planned.policy) or "—"


def _summary(planned: Planned, spoken: Language) -> Iterable[str]:
    plan = planned.plan
    if plan.empty:
        yield spoken.text("Nothing to do: every row is where it belongs.")
    ids = sum(edit.field == "id" for edit in plan.edits)
    if ids:
        yield spoken.plural("{n} row gets an ID.", "{n} rows get an ID.", ids)
    repaired = Counter(edit.why for edit in plan.edits if edit.repair)
    if repaired:
        total = spoken.plural(
            "{n} cell is tidied, its value unchanged",
            "{n} cells are tidied, their values unchanged",
            repaired.total(),
        )
        yield f"{total}: " + ", ".join(
            f"{why} {spoken.number(count)}" for why, count in repaired.most_common()
        )
        for why in repaired:
            yield from _edits(
                planned, [edit for edit in plan.edits if edit.repair and edit.why == why][:EXAMPLES]
            )
    yield from _edits(
        planned, [edit for edit in plan.edits if not edit.derived and not edit.repair][:SHOWN]
    )
    other = sum(edit.derived and edit.field != "id" for edit in plan.edits)
    if other:
        yield spoken.plural(
            "{n} cell of the program's own columns is brought up to date.",
            "{n} cells of the program's own columns are brought up to date.",
            other,
        )
    if fresh := sum(not offer.ticked for offer in plan.offers):
        yield spoken.plural(
            "{n} company could be taken into a working list: tick it on “{tab}”.",
            "{n} companies could be taken into working lists: tick them on “{tab}”.",
            fresh,
            tab=planned.policy.words.tabs["summary"],
        )
    for one in [one for one in plan.pending if one.why][:SHOWN]:
        yield spoken.text(
            "Decision that cannot be carried out: {company}, “{value}”: {why}.",
            company=one.company or one.id,
            value=one.value,
            why=one.why.rstrip("."),
        )
    yield from _gone(planned, spoken)
    whole = [p for p in plan.problems if p.code in STRUCTURE]
    for problem in whole[:SHOWN]:
        place = f"{problem.tab}, {problem.row}" if problem.row else problem.tab
        yield f"{place}: {problem.message} {problem.fix}".rstrip()
    errors = sum(problem.severity is Severity.ERROR for problem in plan.problems)
    if plan.problems:
        found = spoken.plural("{n} problem", "{n} problems", len(plan.problems))
        serious = spoken.plural("{n} error", "{n} errors", errors)
        yield spoken.text(
            "{found}, {serious} among them; `sheetsync check` lists them.",
            found=found,
            serious=serious,
        )


def _edits(planned: Planned, edits: Sequence[Edit]) -> Iterable[str]:
    """Say of cells of the team's that are changed whose they are, what stands there, and what will."""
    if not edits:
        return
    companies = planned.snapshot.base["company"]
    for edit in edits:
        tab = planned.snapshot.tab[edit.section]
        company = companies[planned.snapshot.locate(edit.section, edit.row)]
        who = edit.id if pd.isna(company) else str(company)
        heading = tab.heading(edit.field, planned.policy)
        change = f"{_cell(edit, edit.before, planned)} → {_cell(edit, edit.after, planned)}"
        yield f"{tab.title}, {edit.row}, {who}: {heading} {change} ({edit.why})"


def _vanished(planned: Planned) -> list[tuple[str, str]]:
    """Return the rows that people have deleted, but for the one that this very run brings back."""
    back = planned.restored.id if planned.restored is not None else None
    return [one for one in vanished(planned.snapshot) if one[0] != back]


def _gone(planned: Planned, spoken: Language) -> Iterable[str]:
    """Say which rows people have deleted since the last run, and how they come back."""
    gone = _vanished(planned)
    if not gone:
        return
    names = ", ".join(f"{company or '—'} ({row_id})" for row_id, company in gone[:NAMED])
    more = spoken.text("… and {n} more", n=len(gone) - NAMED) if len(gone) > NAMED else ""
    yield spoken.plural(
        "{n} row that the last run knew is gone: {names}.",
        "{n} rows that the last run knew are gone: {names}.",
        len(gone),
        names=", ".join(part for part in (names, more) if part),
    )
    yield spoken.text(
        "If they were not to be deleted: `sheetsync restore BOOK ID` brings one back."
    )


def _moment(when: float, spoken: Language) -> str:
    minutes = round((when % 1) * 24 * 60)
    return f"{spoken.date(EPOCH + timedelta(days=int(when)))}, {minutes // 60:02}:{minutes % 60:02}"


def run_json(run: Run) -> dict[str, Any]:
    """Return a run as `history --json` gives it."""
    day = EPOCH + timedelta(days=int(run.when))
    return {
        "run": run.run,
        "date": day.isoformat(),
        "moves": run.moves,
        "edits": run.edits,
        "noticed": run.noticed,
    }


def line_json(line: JournalLine) -> dict[str, Any]:
    """Return a Journal line as `history --company --json` gives it."""
    day = EPOCH + timedelta(days=int(line.when))
    return {
        "date": day.isoformat(),
        **{
            name: getattr(line, name)
            for name in ("run", "id", "company", "manager", "what", "before", "after", "why")
        },
    }


def show_runs(found: Sequence[Run], spoken: Language, out: Console) -> None:
    """Show runs to a person, the newest first."""
    text = spoken.text
    if not found:
        out.print(escape(text("The Journal is empty: nothing has been done yet.")))
        return
    table = Table()
    for heading in (text("Run"), text("When"), text("Moved"), text("Edited"), text("Noticed")):
        table.add_column(heading)
    for run in found[:SHOWN]:
        table.add_row(
            run.run, _moment(run.when, spoken), str(run.moves), str(run.edits), str(run.noticed)
        )
    out.print(table)
    _left_out(len(found), spoken, out)


def show_lines(
    lines: Sequence[JournalLine], policy: Policy, spoken: Language, out: Console
) -> None:
    """Show what was done to a company, the newest first."""
    text = spoken.text
    if not lines:
        out.print(escape(text("The Journal knows nothing of it.")))
        return
    table = Table()
    for heading in (
        text("Run"),
        text("When"),
        text("Company"),
        text("What"),
        text("From"),
        text("To"),
        text("Why"),
    ):
        table.add_column(heading, overflow="fold")
    said = kind_words(spoken)
    for line in lines[:SHOWN]:
        places = [line.before, line.after]
        if line.what in WITH_SECTIONS:
            places = [
                policy.words.name("sections", code) if _placed(code, policy) else code
                for code in places
            ]
        cells = (
            line.run,
            _moment(line.when, spoken),
            line.company,
            said.get(line.what, line.what),
            *places,
            line.why,
        )
        table.add_row(*(escape(cell) for cell in cells))
    out.print(table)
    _left_out(len(lines), spoken, out)


def _placed(code: str, policy: Policy) -> bool:
    return code in policy.section or kind_of(code) == MIXED


def show_problems(problems: Sequence[Problem], spoken: Language, out: Console) -> None:
    """Show the problems of a base to a person."""
    if not problems:
        out.print(escape(spoken.text("No problems found.")))
        return
    out.print(problems_table(problems, spoken))
    _left_out(len(problems), spoken, out)


def pair_json(pair: Pair, snapshot: Snapshot) -> dict[str, Any]:
    """Return two rows that may be one client as a JSON object."""
    return {
        "rows": [_row_json(snapshot, at) for at in (pair.first, pair.second)],
        "reasons": list(pair.reasons),
        "score": round(pair.score, 2),
    }


def _row_json(snapshot: Snapshot, at: int) -> dict[str, Any]:
    row = snapshot.base.loc[at]
    company = None if pd.isna(row["company"]) else str(row["company"])
    return {"tab": snapshot.tab[row["section"]].title, "row": int(row["row"]), "company": company}


def show_pairs(pairs: Sequence[Pair], snapshot: Snapshot, spoken: Language, out: Console) -> None:
    """Show rows that may be one client: where each stands, and why."""
    if not pairs:
        return
    text = spoken.text
    title = spoken.plural("{n} possible duplicate", "{n} possible duplicates", len(pairs))
    table = Table(title=title, title_justify="left")
    for heading in (
        text("Company"),
        text("Where"),
        text("The same company?"),
        text("And where"),
        text("Why"),
    ):
        table.add_column(heading, overflow="fold")
    for pair in pairs[:SHOWN]:
        first, second = (_row_json(snapshot, at) for at in (pair.first, pair.second))
        cells = [
            part
            for row in (first, second)
            for part in (row["company"] or "—", f"{row['tab']}, {row['row']}")
        ]
        table.add_row(*(escape(cell) for cell in (*cells, reason_text(pair, spoken))))
    out.print(table)
    _left_out(len(pairs), spoken, out)
