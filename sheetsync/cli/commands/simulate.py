"""`sheetsync simulate`: what 14, 30 or 40 days would do, by the team's own deals."""

from datetime import date

from sheetsync.cli.commands.common import open_for, options_of, progress
from sheetsync.cli.output.simulation import show_simulation, simulation_json
from sheetsync.cli.output.terminal import emit
from sheetsync.errors import ExitCode
from sheetsync.services.context import Context
from sheetsync.services.simulate import question_of
from sheetsync.services.simulate import simulate as reckon


def simulate(
    ctx: Context,
    book: str,
    days: str | None,
    by: str | None,
    known_from: date | None,
) -> int:
    """Reckon and show. `days` as typed, `by` a field, `known_from` a day.

    Raises InputError where the question cannot be understood.
    """
    question = question_of(days, by, known_from, ctx.language)
    opened = open_for(ctx, book)
    with progress(ctx, ctx.language.text("Reckoning…")) as out:
        simulated = reckon(opened, options_of(ctx), question)
    if ctx.as_json:
        emit(simulation_json(simulated, opened.line.sent))
    else:
        language = simulated.planned.language if not ctx.asked else ctx.language
        show_simulation(simulated.simulation, language, out)
    return ExitCode.DONE
