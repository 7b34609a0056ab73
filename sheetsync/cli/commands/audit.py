"""The command that says what in a period somebody should answer for."""

from datetime import date

from sheetsync.cli.commands.common import open_for, options_of, progress
from sheetsync.cli.output.audit import audit_json, show_audit
from sheetsync.cli.output.terminal import emit
from sheetsync.errors import ExitCode
from sheetsync.services.audit import audit as audit_book
from sheetsync.services.context import Context


def audit(
    ctx: Context, book: str, first: date | None, last: date | None
) -> int:
    """`sheetsync audit`: the lists of a period, in the base's language."""
    with progress(ctx, ctx.language.text("Reading the base…")) as out:
        audited = audit_book(open_for(ctx, book), options_of(ctx), first, last)
    if ctx.as_json:
        emit(audit_json(audited))
    else:
        show_audit(audited, audited.planned.language, out)
    return ExitCode.DONE
