"""`sheetsync demo`: a sample base made, and one night run on it.

How it is made, and what its team has done before, is the demonstration's.
"""

from collections.abc import Iterator
from pathlib import Path

from sheetsync.cli.commands.common import clock
from sheetsync.cli.output.plan import (
    company_or_id,
    plan_json,
    show_plan,
    show_routes,
)
from sheetsync.cli.output.terminal import console, emit
from sheetsync.demo.build import WEEKS, DemoTrial, SampleBase, make_sample
from sheetsync.errors import ExitCode, InputError
from sheetsync.i18n import Language
from sheetsync.services.context import Context
from sheetsync.services.run import Planned

EXTENDED = "extended_to"
"""The column in which the head's word gives more time."""


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
    planned = sample.night.planned
    language = planned.language
    text = language.text
    out = console()
    after = language.plural(
        "after {n} week of its team's work",
        "after {n} weeks of its team's work",
        WEEKS,
    )
    out.print(
        text("One night on a sample base, {after}.", after=after), markup=False
    )
    if ctx.verbose:
        show_plan(planned, language, out, whole=True)
    else:
        show_routes(planned, language, out)
        for sentence in _what_else(planned, language):
            out.print(sentence, markup=False)
    if sample.put_aside is not None:
        sentence = text(
            "The sample that was there before is kept: {path}",
            path=sample.put_aside,
        )
        out.print(sentence, markup=False)
    out.print(
        text("Open in Excel or LibreOffice: {path}", path=sample.path),
        markup=False,
        soft_wrap=True,
    )
    for sentence in _what_to_look_at(sample, language):
        out.print(sentence, markup=False, soft_wrap=True)


def _what_else(planned: Planned, language: Language) -> Iterator[str]:
    """Say in a few lines what the night did beside moving rows."""
    plan = planned.plan
    text = language.text
    if plan.offers:
        yield language.plural(
            "{n} company is offered to managers whose lists are short.",
            "{n} companies are offered to managers whose lists are short.",
            len(plan.offers),
        )
    for edit in plan.edits:
        if edit.field == EXTENDED:
            yield text(
                "The head gave more time: {company}.",
                company=company_or_id(edit, planned.snapshot),
            )
    for decision in plan.pending:
        if decision.why:
            yield text(
                "Refused: {company}, “{value}”: {why}.",
                company=decision.company,
                value=decision.value,
                why=decision.why.rstrip("."),
            )


def _what_to_look_at(sample: SampleBase, language: Language) -> Iterator[str]:
    """Say which tabs to open first, and what to try next."""
    text = language.text
    planned = sample.night.planned
    tabs = planned.policy.words.tabs
    manager = min(planned.snapshot.base["manager"].dropna().map(str))
    yield text(
        "The head begins on “{summary}”, a manager on “{manager}”; why each row moved is on "
        "“{journal}”.",
        summary=tabs["summary"],
        manager=tabs["manager"].format(name=manager),
        journal=tabs["journal"],
    )
    yield text("Try next:")
    yield f"  sheetsync undo {sample.path}"
    yield f"  sheetsync check {sample.path}"
    yield f"  sheetsync adopt {text('your.xlsx')}"
