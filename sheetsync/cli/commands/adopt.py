"""`sheetsync adopt`: an existing base taken over, after what is not sure was asked.

What is guessed is the adoption's, what is written the service's.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from rich.console import Console

from sheetsync.adoption import Proposal
from sheetsync.adoption.place_questions import (
    is_place_unsure,
    row_question,
    tab_of,
    tab_question,
)
from sheetsync.adoption.proposal import NO_HEADINGS
from sheetsync.adoption.questions import answered, questions
from sheetsync.adoption.sale_proof import proof_question, with_proof
from sheetsync.cli.commands.common import (
    asked_country,
    can_ask,
    clock,
    first_day,
    options_of,
    progress,
)
from sheetsync.cli.output import adoption as show
from sheetsync.cli.output.adoption import trial_sentence
from sheetsync.cli.output.terminal import emit
from sheetsync.errors import ChangesPending, ExitCode, SheetsyncError
from sheetsync.services import adopt_base
from sheetsync.services.adopt_base import BookToAdopt
from sheetsync.services.context import Context
from sheetsync.services.machine_location import machine_location
from sheetsync.services.open_for_adoption import open_for_adoption
from sheetsync.services.told_place import (
    ToldPlace,
    chosen_row,
    put_headings,
    tab_told,
)
from sheetsync.sheets.connection.open_book import Opened


def adopt(
    ctx: Context,
    book: str,
    output: Path | None,
    place: ToldPlace,
    *,
    yes: bool,
    trial: bool = False,
) -> int:
    """Propose what a base means, ask, and write down what was agreed.

    `output`: the workbook to make of a table; `place`: where its clients stand, as far as that was
    said; `yes`: nobody is asked; `trial`: it begins with a trial of the model.

    Raises ChangesPending where nobody has agreed or too little is sure, BookUnrecognised where no
    tab holds clients, InputError where `place` is none of the book.
    """
    opened = open_for_adoption(book, output, ctx, lambda: clock(ctx))
    with progress(ctx, ctx.language.text("Reading the base…")) as out:
        to_adopt = adopt_base.propose(opened)
    if place.says_anything:
        to_adopt = _at_told_place(ctx, opened, to_adopt, place)
    asks = not yes and can_ask(ctx)
    if asks and not place.says_anything and is_place_unsure(to_adopt.proposal):
        to_adopt = _with_place_told(ctx, to_adopt, out)
    proposal = adopt_base.in_language(to_adopt, ctx.asked)
    if not ctx.as_json:
        show.show_proposal(proposal, ctx.language, out)
    if not proposal.tabs:
        raise _told_with(
            adopt_base.no_clients(to_adopt, ctx.language),
            _proposal_json(to_adopt, proposal),
        )
    agreed = yes
    if asks:
        proposal = _asked(ctx, proposal, out)
        agreed = _agreed(ctx)
    if not agreed:
        raise _left_undone(ctx, to_adopt, proposal)
    begins = first_day(ctx) if trial else None
    proposal = adopt_base.with_trial(proposal, begins)
    still_asked = [
        *_still_asked(ctx, proposal),
        *_shown_apart(ctx, to_adopt),
    ]
    path = str(opened.path) if opened.path else None
    written = {
        **_proposal_json(to_adopt, proposal),
        "wrote": True,
        "path": path,
        "left": still_asked,
    }
    with progress(ctx, ctx.language.text("Writing…")):
        try:
            result = adopt_base.take_over(
                opened, to_adopt, proposal, options_of(ctx)
            )
        except ChangesPending as error:
            if not ctx.as_json:
                show.show_still_asked(still_asked, proposal, ctx.language, out)
            raise _told_with(error, written) from error
    if ctx.as_json:
        added = {"added": list(result.added), "mixed": result.mixed}
        emit({**written, **added})
    else:
        show.show_result(
            result, still_asked, proposal, ctx.language, out, path or book
        )
        out.print(trial_sentence(ctx.language, begun=trial), markup=False)
    return ExitCode.DONE


def _still_asked(ctx: Context, proposal: Proposal) -> list[str]:
    """Return what nobody has answered: it stands on the Settings tab with a question mark."""
    still_asked = [
        question.text for question in questions(proposal, ctx.language)
    ]
    if not proposal.policy.location.country:
        still_asked.append(
            ctx.language.text(
                "In which country does the team work? Until the settings say so, "
                "phones without their country's code stay as they are."
            )
        )
    proof = proof_question(proposal, ctx.language)
    if proof is not None:
        still_asked.append(proof.text)
    return still_asked


def _shown_apart(ctx: Context, to_adopt: BookToAdopt) -> Iterator[str]:
    """Say of amounts that number formats alone show in other currencies that no night tells."""
    if to_adopt.shown_apart:
        yield ctx.language.text(
            "Some amounts are shown in {currencies} by the format of their cells alone, and would "
            "count as the base's own: write the currency into these cells, or into a column of "
            "its own.",
            currencies=", ".join(to_adopt.shown_apart),
        )


def _told_with(
    error: SheetsyncError, details: Mapping[str, object]
) -> SheetsyncError:
    """Return an error of the same kind with what `--json` prints beside it."""
    return type(error)(error.message, fix=error.fix, details=details)


def _at_told_place(
    ctx: Context, opened: Opened, to_adopt: BookToAdopt, place: ToldPlace
) -> BookToAdopt:
    """Guess anew at what the options say; headings that were given are put above the rows first."""
    grid = tab_told(to_adopt, place, ctx.language)
    if not place.headings:
        chosen = chosen_row(grid, place.row, ctx.language)
        return adopt_base.propose_again(to_adopt, chosen)
    row = put_headings(
        opened, to_adopt, grid, place.headings, options_of(ctx), ctx.language
    )
    headed = adopt_base.propose(opened)
    return adopt_base.propose_again(headed, {grid.sheet_id: row})


def _with_place_told(
    ctx: Context, to_adopt: BookToAdopt, out: Console
) -> BookToAdopt:
    """Ask which tab holds the clients and which row its headings, and guess anew.

    Raises BookUnrecognised where no tab does, ChangesPending where they have no headings.
    """
    language = ctx.language
    show.show_proposal(to_adopt.proposal, language, out)
    question = tab_question(to_adopt.proposal, language)
    answer = question and show.ask(question, language, out, input)
    if not answer:
        raise adopt_base.no_clients(to_adopt, language)
    grid = tab_of(to_adopt.book, answer)
    guesses = {tab.sheet_id: tab.header for tab in to_adopt.proposal.tabs}
    header = guesses.get(grid.sheet_id, NO_HEADINGS)
    asked = row_question(grid, header, language)
    row = show.ask(asked, language, out, input)
    if not row:
        raise adopt_base.no_headings(to_adopt.proposal, grid.title, language)
    return adopt_base.propose_again(to_adopt, {grid.sheet_id: int(row[0])})


def _asked(ctx: Context, proposal: Proposal, out: Console) -> Proposal:
    """Put every question, and return the proposal with the answers."""
    for question in questions(proposal, ctx.language):
        answer = show.ask(question, ctx.language, out, input)
        proposal = answered(proposal, question, answer)
    return _with_proof(ctx, _at_home(ctx, proposal), out)


def _with_proof(ctx: Context, proposal: Proposal, out: Console) -> Proposal:
    """Ask what proves a sale, where no column tells."""
    question = proof_question(proposal, ctx.language)
    if question is None:
        return proposal
    (proof,) = show.ask(question, ctx.language, out, input)
    return with_proof(proposal, proof)


def _at_home(ctx: Context, proposal: Proposal) -> Proposal:
    """Ask in which country the team works, where the cells do not say."""
    location = proposal.policy.location
    if location.country:
        return proposal
    code = asked_country(ctx, machine_location().country)
    return adopt_base.with_location(
        proposal, location.model_copy(update={"country": code})
    )


def _agreed(ctx: Context) -> bool:
    text = ctx.language.text
    answer = input(
        text(
            "Write this down and add what is missing? No cell of yours is changed. [y/N] "
        )
    )
    # People answer in their own language, though the question shows “y”.
    yes = text("yes").casefold()
    return answer.strip().casefold() in ("y", "yes", yes, yes[:1])


def _left_undone(
    ctx: Context, to_adopt: BookToAdopt, proposal: Proposal
) -> ChangesPending:
    """Return the error that nobody has agreed, with the proposal beside it."""
    fix = ctx.language.text(
        "`sheetsync adopt BOOK --yes` writes what is sure, "
        "and asks about the rest on the tab “{tab}”.",
        tab=proposal.policy.words.tabs["settings"],
    )
    return ChangesPending(
        ctx.language.text("Nothing was changed."),
        fix=fix,
        details=_proposal_json(to_adopt, proposal),
    )


def _proposal_json(
    to_adopt: BookToAdopt, proposal: Proposal
) -> dict[str, object]:
    return {
        "book": to_adopt.book.id,
        "wrote": False,
        **show.proposal_json(proposal),
    }
