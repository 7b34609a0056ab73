"""`sheetsync import`: a list of leads brought into the call base, repetitions shown first.

What the list means is guessed as by `adopt`; what is written is the service's.
"""

import sys
from collections.abc import Mapping
from typing import NamedTuple

from rich.console import Console

from sheetsync.adoption.questions import AnswerChoice, Question, questions
from sheetsync.adoption.questions import answered as with_answer
from sheetsync.cli.commands.common import (
    clock,
    open_for,
    options_of,
    progress,
)
from sheetsync.cli.commands.runs import show_written
from sheetsync.cli.output.adoption import ask
from sheetsync.cli.output.imported import import_json, show_import
from sheetsync.cli.output.plan import plan_json
from sheetsync.cli.output.terminal import ask_line, emit
from sheetsync.errors import ChangesPending, ExitCode
from sheetsync.i18n import Language
from sheetsync.rules.decisions.imported_rows import (
    Choice,
    Repeated,
    safe_choices,
)
from sheetsync.services import import_leads as service
from sheetsync.services.context import Context
from sheetsync.services.import_leads import (
    Choose,
    ListOfLeads,
    PlannedImport,
)
from sheetsync.sheets.connection.open_book import Opened


class ImportOptions(NamedTuple):
    """How a list is brought in.

    `yes`: nobody is asked; `dry_run`: nothing is written; `repeated`: what becomes of what stands
    in the base already, "" where that is asked, or the safe thing done.
    """

    yes: bool = False
    dry_run: bool = False
    repeated: str = ""


def import_leads(
    ctx: Context, book: str, address: str, options: ImportOptions
) -> int:
    """Bring a list in: PENDING where it was only planned, and there is something to bring.

    Raises ChangesPending where nobody has agreed.
    """
    opened = open_for(ctx, book)
    text = ctx.language.text
    asks = _can_ask(ctx) and not options.yes and not options.dry_run
    with progress(ctx, text("Reading the list…")) as out:
        leads = service.read_list(address, opened, ctx, lambda: clock(ctx))
    if asks:
        leads = _with_columns_asked(leads, ctx.language, out)
    choose = _choose(options.repeated)
    with progress(ctx, text("Reading the base…")):
        plan = service.plan_import(opened, options_of(ctx), leads, choose)
    if not ctx.as_json:
        show_import(plan, ctx.language, out)
    if options.dry_run:
        return _only_planned(ctx, plan, opened)
    if asks:
        plan = _asked(ctx, opened, leads, plan, out)
    elif not options.yes and _brings(plan):
        raise _left_undone(ctx, plan, opened)
    with progress(ctx, text("Writing…")):
        result = service.write_import(opened, options_of(ctx), leads, plan)
    if ctx.as_json:
        emit(
            plan_json(
                result.planned,
                result.requests,
                wrote=result.wrote,
                notes=list(result.notes),
                imported=import_json(plan),
            )
        )
    else:
        show_written(ctx, result, out)
        if result.wrote:
            out.print(text("`sheetsync undo BOOK` takes it back."))
    return ExitCode.DONE


def _can_ask(ctx: Context) -> bool:
    return sys.stdin is not None and sys.stdin.isatty() and not ctx.as_json


def _brings(plan: PlannedImport) -> bool:
    correction = plan.done.correction
    return bool(correction.added or correction.edits)


def _choose(wanted: str) -> Choose:
    """Return what becomes of repetitions: one thing of all, or what is safe."""
    if not wanted:
        return safe_choices

    def choose(repeated: tuple[Repeated, ...]) -> Mapping[int, Choice]:
        return {each.lead.row: Choice(wanted) for each in repeated}

    return choose


def _with_columns_asked(
    leads: ListOfLeads, language: Language, out: Console
) -> ListOfLeads:
    """Ask what the columns hold of which the guess is not sure."""
    proposal = leads.proposal
    for question in questions(proposal, language):
        if question.kind == "column":
            answer = ask(question, language, out, ask_line)
            proposal = with_answer(proposal, question, answer)
    return leads._replace(proposal=proposal)


def _asked(
    ctx: Context,
    opened: Opened,
    leads: ListOfLeads,
    plan: PlannedImport,
    out: Console,
) -> PlannedImport:
    """Ask what becomes of repetitions, and whether to write. Raises ChangesPending on a no."""
    text = ctx.language.text
    chosen: dict[int, Choice] = {}
    for exact in (True, False):
        group = [each for each in plan.done.repeated if each.exact is exact]
        if group:
            choice = _choice(group, ctx.language, out)
            chosen |= {each.lead.row: choice for each in group}
    if chosen:
        plan = service.plan_import(
            opened, options_of(ctx), leads, lambda _: chosen
        )
        show_import(plan, ctx.language, out)
    answer = ask_line(text("Bring them in? [y/N] "))
    yes = text("yes").casefold()
    if answer.strip().casefold() not in ("y", "yes", yes, yes[:1]):
        raise ChangesPending(text("Nothing was changed."), fix="")
    return plan


def _choice(group: list[Repeated], language: Language, out: Console) -> Choice:
    text = language.text
    safe = safe_choices(group)[group[0].lead.row]
    choices = {
        Choice.SKIP: text("skip them"),
        Choice.JOIN: text("join them to their companies"),
        Choice.BRING: text("bring them in all the same"),
    }
    order = sorted(choices, key=lambda choice: choice is not safe)
    if group[0].exact:
        words = language.plural(
            "{n} lead stands in the base already. What becomes of it?",
            "{n} leads stand in the base already. What becomes of them?",
            len(group),
        )
    else:
        words = language.plural(
            "{n} lead is named nearly like a company of the base. What becomes of it?",
            "{n} leads are named nearly like companies of the base. What becomes of them?",
            len(group),
        )
    offered = tuple(
        AnswerChoice(choices[choice], (choice.value,)) for choice in order
    )
    [value] = ask(
        Question("repeated", (), words, offered), language, out, input
    )
    return Choice(value)


def _only_planned(ctx: Context, plan: PlannedImport, opened: Opened) -> int:
    if ctx.as_json:
        emit(_planned_json(plan, opened))
    return ExitCode.PENDING if _brings(plan) else ExitCode.DONE


def _planned_json(plan: PlannedImport, opened: Opened) -> dict[str, object]:
    return plan_json(
        plan.planned,
        opened.line.sent,
        wrote=False,
        imported=import_json(plan),
    )


def _left_undone(
    ctx: Context, plan: PlannedImport, opened: Opened
) -> ChangesPending:
    if ctx.as_json:
        emit(_planned_json(plan, opened))
    fix = ctx.language.text(
        "`sheetsync import BOOK LIST --yes` brings in what is new "
        "and skips what stands in the base already."
    )
    return ChangesPending(ctx.language.text("Nothing was changed."), fix=fix)
