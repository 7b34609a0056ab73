"""How an import of leads is shown: its columns, what stands in the base already, what comes in."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.markup import escape

from sheetsync.adoption.leads import (
    NO_CLIENT,
    TOTAL,
    UNREAD,
    names_of_columns,
)
from sheetsync.cli.output.terminal import SHOWN, show_left_out, table_of
from sheetsync.i18n import Language, marked
from sheetsync.method.codes import SectionCode
from sheetsync.rules.decisions.imported_rows import Choice, Repeated
from sheetsync.rules.duplicates import reason_text
from sheetsync.services.import_leads import PlannedImport
from sheetsync.workbook.snapshot import as_text

DONE = {
    Choice.SKIP: marked("skipped"),
    Choice.JOIN: marked("joined"),
    Choice.BRING: marked("brought in"),
}
PASSED = {
    NO_CLIENT: marked("neither company nor contact"),
    TOTAL: marked("a total"),
    UNREAD: marked("would be read as no client"),
}


def import_json(plan: PlannedImport) -> dict[str, Any]:
    """Return what becomes of a list as JSON data."""
    planned = plan.planned
    return {
        "columns": [
            {"tab": tab.title, "heading": heading, "fields": list(names)}
            for tab in plan.leads.tabs
            for heading, names in names_of_columns(tab, planned.policy)
        ],
        "added": [
            {
                "id": row.id,
                "company": row.company,
                "manager": row.manager,
                "section": row.section,
            }
            for row in planned.added
        ],
        "repeated": [_repeated_json(each, plan) for each in plan.done.repeated],
        "passed_over": [each._asdict() for each in plan.leads.passed_over],
        "base_itself": plan.done.is_base_itself,
        "obstacles": list(plan.done.obstacles),
    }


def _repeated_json(each: Repeated, plan: PlannedImport) -> dict[str, Any]:
    return {
        "row": each.lead.row,
        "company": each.lead.company,
        "stands": _place(each, plan),
        "reasons": list(each.pair.reasons),
        "exact": each.exact,
        "done": plan.done.done[each.lead.row].value,
    }


def _place(each: Repeated, plan: PlannedImport) -> str:
    """Say where a lead stands already."""
    text = plan.planned.language.text
    if each.base_row is None:
        return text("row {row} of the list", row=each.other)
    snapshot = plan.planned.snapshot
    # Rows that come stand after the last client of one tab: labels below it are others then.
    row = plan.base.loc[each.base_row]
    title = snapshot.tab[str(row["section"])].title
    parts = (
        f"{title}, {int(row['row'])}",
        as_text(row["company"]),
        as_text(row["manager"]),
        as_text(row["id"]),
    )
    return " · ".join(part for part in parts if part)


def show_import(plan: PlannedImport, language: Language, out: Console) -> None:
    """Show what a list is understood as, which of it stands in the base, and what comes in."""
    text = language.text
    for tab in plan.leads.tabs:
        heads = (text("Heading"), text("Is"))
        rows = [
            (heading or "—", ", ".join(names) or text("goes into the comment"))
            for heading, names in names_of_columns(tab, plan.planned.policy)
        ]
        table = table_of(*heads, title=tab.title)
        for row in rows[:SHOWN]:
            table.add_row(*map(escape, row))
        out.print(table)
    _show_repeated(plan, language, out)
    for sentence in _sentences(plan, language):
        out.print(sentence, markup=False)
    if plan.done.is_base_itself:
        out.print(
            text(
                "Nearly all of this list stands in the base already: is it the base itself?"
            ),
            style="yellow",
            markup=False,
        )


def _show_repeated(
    plan: PlannedImport, language: Language, out: Console
) -> None:
    repeated = plan.done.repeated
    if not repeated:
        return
    text = language.text
    heads = (text("In the list"), text("Stands"), text("Why"), text("Done"))
    table = table_of(*heads, title=text("Stand in the base already, perhaps"))
    for each in repeated[:SHOWN]:
        cells = (
            each.lead.company or "—",
            _place(each, plan),
            reason_text(each.pair, language),
            text(DONE[plan.done.done[each.lead.row]]),
        )
        table.add_row(*map(escape, cells))
    out.print(table)
    show_left_out(len(repeated), language, out)


def _sentences(plan: PlannedImport, language: Language) -> Iterator[str]:
    plural = language.plural
    counts = Counter(plan.done.done.values())
    tab = plan.planned.snapshot.tab[SectionCode.CALL_BASE].title
    yield plural(
        "{n} lead comes into “{tab}”.",
        "{n} leads come into “{tab}”.",
        counts[Choice.BRING],
        tab=tab,
    )
    if counts[Choice.SKIP]:
        yield plural(
            "{n} lead is skipped.",
            "{n} leads are skipped.",
            counts[Choice.SKIP],
        )
    if counts[Choice.JOIN]:
        yield plural(
            "{n} lead is joined to its company.",
            "{n} leads are joined to their companies.",
            counts[Choice.JOIN],
        )
    for obstacle in plan.done.obstacles[:SHOWN]:
        yield language.text("Not joined: {what}.", what=obstacle)
    for why, words in PASSED.items():
        rows = [
            str(each.row) for each in plan.leads.passed_over if each.why == why
        ]
        if rows:
            yield language.text(
                "Passed over, {why}: row {rows}.",
                why=language.text(words),
                rows=", ".join(rows[:SHOWN]),
            )
