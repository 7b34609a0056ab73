"""`sheetsync doctor`: what a run needs, looked at one by one.

What is looked at is the service's to know.
"""

from collections.abc import Sequence

from rich.markup import escape

from sheetsync.cli.output.terminal import console, emit
from sheetsync.errors import ExitCode
from sheetsync.services.context import Context
from sheetsync.services.diagnosis import Diagnosis
from sheetsync.services.doctor import examine


def doctor(ctx: Context, book: str | None) -> int:
    """Say of each thing whether it is well, and what to do; SERVICE where one is not."""
    diagnoses = list(examine(ctx, book))
    if ctx.as_json:
        emit({"findings": [_json(diagnosis) for diagnosis in diagnoses]})
    else:
        _show(diagnoses)
    return (
        ExitCode.DONE
        if all(diagnosis.well for diagnosis in diagnoses)
        else ExitCode.SERVICE
    )


def _json(diagnosis: Diagnosis) -> dict[str, object]:
    return {
        "code": diagnosis.code,
        "book": diagnosis.book or None,
        "well": diagnosis.well,
        "said": diagnosis.sentence,
        "fix": diagnosis.fix,
    }


def _show(diagnoses: Sequence[Diagnosis]) -> None:
    out = console()
    heading = ""
    for diagnosis in diagnoses:
        if diagnosis.book != heading:
            heading = diagnosis.book
            out.print(heading, markup=False)
        mark = "[green]✓[/green]" if diagnosis.well else "[red]✗[/red]"
        out.print(f"{mark} {escape(diagnosis.sentence)}", markup=True)
        if diagnosis.fix:
            # A fix may name a section such as [notify], which markup would take for a style.
            out.print(f"    → {diagnosis.fix}", markup=False)
