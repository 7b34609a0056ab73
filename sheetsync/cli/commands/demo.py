"""`sheetsync demo`: a sample base made, and one night run on it.

How it is made, and what its team has done before, is the demonstration's.
"""

from pathlib import Path

from sheetsync.cli.commands.common import clock
from sheetsync.cli.output.plan import plan_json, show_plan
from sheetsync.cli.output.terminal import console, emit
from sheetsync.demo.build import WEEKS, DemoTrial, SampleBase, make_sample
from sheetsync.errors import ExitCode, InputError
from sheetsync.services.context import Context


def demo(ctx: Context, folder: Path, trial: str | None) -> int:
    """Make the sample base in a folder, and say what its night did.

    `trial`: the trial of the model that it shows, a `DemoTrial`. Raises InputError for another.
    """
    sample = make_sample(folder, ctx, lambda: clock(ctx), _trial(ctx, trial))
    if ctx.as_json:
        emit(_json(sample))
    else:
        _show(ctx, sample)
    return ExitCode.DONE


def _trial(ctx: Context, name: str | None) -> DemoTrial | None:
    """Understand which trial is to be shown."""
    if name is None:
        return None
    try:
        return DemoTrial(name)
    except ValueError as error:
        text = ctx.language.text
        raise InputError(
            text("There is no sample of a trial called “{name}”.", name=name),
            fix=text("Give one of: {names}.", names=", ".join(DemoTrial)),
        ) from error


def _json(sample: SampleBase) -> dict[str, object]:
    night = sample.night
    aside = None if sample.put_aside is None else str(sample.put_aside)
    return plan_json(
        night.planned,
        night.requests,
        wrote=night.wrote,
        path=str(sample.path),
        kept=aside,
    )


def _show(ctx: Context, sample: SampleBase) -> None:
    text = ctx.language.text
    out = console()
    show_plan(sample.night.planned, ctx.language, out)
    after = ctx.language.plural(
        "after {n} week of its team's work",
        "after {n} weeks of its team's work",
        WEEKS,
    )
    if sample.put_aside is not None:
        sentence = text(
            "The sample that was there before is kept: {path}",
            path=sample.put_aside,
        )
        out.print(sentence, markup=False)
    out.print(
        text(
            "This was one night on a sample base, {after}. Open it in Excel or LibreOffice: {path}",
            after=after,
            path=sample.path,
        )
    )
