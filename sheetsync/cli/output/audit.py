"""How an audit is shown: a table for each list, or a JSON object."""

from typing import Any

from rich.console import Console
from rich.markup import escape

from sheetsync.cli.output.terminal import SHOWN, show_left_out, table_of
from sheetsync.i18n import Language
from sheetsync.reporting.audit import TITLES, AuditLine
from sheetsync.services.audit import AuditedBook


def audit_json(audited: AuditedBook) -> dict[str, Any]:
    """Return an audit as `audit --json` gives it."""
    audit = audited.audit
    lists = {
        name: [_line_json(line) for line in lines]
        for name, lines in audit.lists.items()
    }
    return {
        "book": audited.planned.snapshot.book.id,
        "from": audit.period.first.isoformat(),
        "to": audit.period.last.isoformat(),
        "guarded": not audit.unguarded,
        **lists,
    }


def _line_json(line: AuditLine) -> dict[str, Any]:
    day = None if line.day is None else line.day.isoformat()
    return {**line._asdict(), "day": day}


def show_audit(audited: AuditedBook, language: Language, out: Console) -> None:
    """Show an audit to a person, list by list."""
    text = language.text
    audit = audited.audit
    days = text(
        "From {first} to {last}.",
        first=language.date(audit.period.first),
        last=language.date(audit.period.last),
    )
    out.print(escape(days))
    if audit.unguarded:
        out.print(f"[yellow]{escape(audit.unguarded)}[/yellow]")
    for name, lines in audit.lists.items():
        title = f"{text(TITLES[name])}: {language.number(len(lines))}"
        if not lines:
            out.print(escape(title))
            continue
        table = table_of(
            text("Day"),
            text("Company"),
            text("Manager"),
            text("What was seen"),
            title=title,
        )
        for line in lines[:SHOWN]:
            day = text("now") if line.day is None else language.day(line.day)
            cells = (day, line.company, line.manager, line.what)
            table.add_row(*map(escape, cells))
        out.print(table)
        show_left_out(len(lines), language, out)
