"""How a handover is shown: who gets how much, company by company, what stays and why; or JSON.

Who gets what is the rules' to decide; the plan that carries it out is shown by `plan`.
"""

from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from sheetsync.cli.output.plan import company_or_id, show_alarms, show_digest
from sheetsync.cli.output.terminal import SHOWN, show_left_out, table_of
from sheetsync.i18n import Language
from sheetsync.rules.capacity.handover import Handover, sentences
from sheetsync.services.run import Planned


def handover_json(handover: Handover) -> dict[str, Any]:
    """Return who gets how much of a handover, what stays and why, as a JSON object."""
    return {
        "from": handover.source,
        "to": [share._asdict() for share in handover.shares],
        "left": [row._asdict() for row in handover.left],
        "notes": list(handover.notes),
    }


def show_handover(
    planned: Planned, handover: Handover, language: Language, out: Console
) -> None:
    """Show a handover to a person before it is carried out."""
    out.print(_shares_table(handover, language))
    _show_companies(planned, handover, language, out)
    _show_what_stays(handover, language, out)
    for note in handover.notes:
        out.print(f"[yellow]{escape(note)}[/yellow]")
    show_alarms(planned, out)
    show_digest(planned.plan, language, out)


def _shares_table(handover: Handover, language: Language) -> Table:
    text = language.text
    title = language.plural(
        "{n} company of {manager}'s goes to others",
        "{n} companies of {manager}'s go to others",
        len(handover.correction.edits),
        manager=handover.source,
    )
    table = table_of(
        text("Manager"),
        text("Gets"),
        text("In work now"),
        text("In work then"),
        text("Limit"),
        title=escape(title),
        overflow="ellipsis",
    )
    for share in handover.shares:
        counts = (share.rows, share.before, share.after, share.limit)
        table.add_row(escape(share.manager), *map(str, counts))
    return table


def _show_companies(
    planned: Planned, handover: Handover, language: Language, out: Console
) -> None:
    """Say of each company where it stands, and who gets it."""
    edits = handover.correction.edits
    for edit in edits[:SHOWN]:
        title = planned.snapshot.tab[edit.section].title
        company = company_or_id(edit, planned.snapshot)
        out.print(escape(f"{title}, {edit.row}: {company} → {edit.after}"))
    show_left_out(len(edits), language, out)


def _show_what_stays(
    handover: Handover, language: Language, out: Console
) -> None:
    if handover.left:
        heading = language.plural(
            "{n} company stays with {manager}:",
            "{n} companies stay with {manager}:",
            len(handover.left),
            manager=handover.source,
        )
        out.print(escape(heading))
    for sentence in sentences(handover.left[:SHOWN]):
        out.print(escape(f"• {sentence}"))
    show_left_out(len(handover.left), language, out)
