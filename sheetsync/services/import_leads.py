"""A list of leads brought into the call base of a standing base: one run, which `undo` takes back.

What the list means is adoption/leads.py's, what becomes of each lead rules/decisions'; all that
happens under the lock is `commit`'s.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from sheetsync.adoption import Proposal, guess
from sheetsync.adoption.leads import LeadList, leads_of
from sheetsync.errors import BookNotFound, InputError
from sheetsync.i18n import Language
from sheetsync.method.codes import SectionCode
from sheetsync.method.policy import Policy
from sheetsync.rules.decisions.imported_rows import (
    Choice,
    Import,
    Repeated,
    imported,
    repeated_leads,
)
from sheetsync.rules.draft.night import Night
from sheetsync.services.commit import commit
from sheetsync.services.context import Context
from sheetsync.services.read_and_decide import (
    Options,
    Planned,
    RunResult,
    Stuck,
    read_and_decide,
    result_of,
)
from sheetsync.services.run import carrying
from sheetsync.sheets.connection.csv_import import lines_of
from sheetsync.sheets.connection.open_book import Opened, open_book
from sheetsync.sheets.read.book_structure import read_structure
from sheetsync.sheets.read.tab_cells import read_cells
from sheetsync.workbook.added_rows import placed, with_rows
from sheetsync.workbook.snapshot import Book, Grid

MOST = 5000
"""Leads of one import at most: so many rows, with all that is said of them, are one batch."""

Choose = Callable[[tuple[Repeated, ...]], Mapping[int, Choice]]
"""Says what becomes of the leads that seem to stand in the base, by their rows in the list."""


class ListOfLeads(NamedTuple):
    """A list as it was read, and what is guessed of it. `name`: what it is called."""

    name: str
    book: Book
    proposal: Proposal


class PlannedImport(NamedTuple):
    """What an import would do: the plan, what becomes of the list, and how the list is read.

    `base`: the rows as they were read, with their ids.
    """

    planned: Planned
    done: Import
    leads: LeadList
    base: pd.DataFrame


def read_list(
    address: str, base: Opened, ctx: Context, now: Callable[[], datetime]
) -> ListOfLeads:
    """Read a list, a .csv file or a workbook, and guess what it means.

    Raises BookNotFound where there is none, InputError where it is the base itself or holds none.
    """
    text = ctx.language.text
    path = Path(address)
    if base.path is not None and path.exists() and path.samefile(base.path):
        raise InputError(
            text("{file} is the base itself.", file=address),
            fix=text("Give the list of new leads."),
        )
    if path.suffix.lower() == ".csv":
        if not path.exists():
            raise BookNotFound(
                text("There is no file {path}.", path=path),
                fix=text("Check the path."),
            )
        rows = lines_of(path, ctx.language)
        width = max(map(len, rows))
        grid = Grid(0, path.stem, 0, len(rows), width, rows)
        book = Book(path.stem, path.stem, "", "UTC", (grid,))
    else:
        book = _whole_book(open_book(address, ctx.settings, ctx.language, now))
    name = path.name if path.exists() else book.title
    return ListOfLeads(name, book, guess(book))


def _whole_book(opened: Opened) -> Book:
    structure = read_structure(opened.line, opened.name)
    cells = read_cells(opened.line, structure.grids, {})
    grids = [
        replace(grid, cells=cells.get(grid.sheet_id, ()))
        for grid in structure.grids
    ]
    return replace(structure, grids=tuple(grids))


def plan_import(
    opened: Opened,
    options: Options,
    leads: ListOfLeads,
    choose: Choose,
    stuck: Stuck = frozenset(),
) -> PlannedImport:
    """Read a base and work out what an import of a list would do; writes nothing.

    Raises InputError where the base has not been run yet, has no call base, or the list no lead.
    """
    planned = read_and_decide(opened, options, stuck)
    _refuse_unready(planned)
    understood = leads_of(leads.book, leads.proposal, planned.policy)
    _refuse_unread(understood, leads, planned.language)
    night = Night(
        planned.snapshot,
        planned.policy,
        planned.plan.today,
        planned.language,
    )
    choices = choose(repeated_leads(night, understood.leads))
    done = imported(night, understood.leads, choices, leads.name)
    unread = _not_read(planned, done)
    if unread:
        # A row that the next reading would pass over is not brought in to be lost from sight.
        understood = understood.without(unread)
        choices = choose(repeated_leads(night, understood.leads))
        done = imported(night, understood.leads, choices, leads.name)
    planned = carrying(planned, done.correction)
    return PlannedImport(planned, done, understood, night.base)


def _not_read(planned: Planned, done: Import) -> frozenset[int]:
    """Return the leads, by their rows in the list, that would not be read as clients."""
    added = placed(planned.snapshot, done.correction.added)
    after = with_rows(planned.snapshot, added, planned.policy)
    read = {*after.index_by_place}
    unread = {row.id for row in added if (row.section, row.row) not in read}
    return frozenset(
        row for row, row_id in done.ids.items() if row_id in unread
    )


def _refuse_unready(planned: Planned) -> None:
    text = planned.language.text
    if planned.snapshot.first_run:
        raise InputError(
            text("No run has worked on this base yet."),
            fix=text(
                "`sheetsync run BOOK` first; the list comes in afterwards."
            ),
        )
    if SectionCode.CALL_BASE not in planned.snapshot.tab:
        name = _name_of_call_base(planned.policy)
        raise InputError(
            text("The base has no tab “{tab}”.", tab=name),
            fix=text("Add the tab, or let `sheetsync init BOOK` do it."),
        )


def _name_of_call_base(policy: Policy) -> str:
    return policy.words.name("sections", SectionCode.CALL_BASE)


def _refuse_unread(
    understood: LeadList, leads: ListOfLeads, language: Language
) -> None:
    text = language.text
    if not understood.leads:
        raise InputError(
            text("No lead was found in “{list}”.", list=leads.name),
            fix=text(
                "Give it one row of headings, such as {headings}, and a row for each lead.",
                headings=", ".join(_headings(leads)),
            ),
        )
    if len(understood.leads) > MOST:
        raise InputError(
            text(
                "“{list}” holds {n} leads; {most} come in at once at most.",
                list=leads.name,
                n=language.number(len(understood.leads)),
                most=language.number(MOST),
            ),
            fix=text("Split the list."),
        )


def _headings(leads: ListOfLeads) -> list[str]:
    words = leads.proposal.policy.words
    return [
        words.name("columns", name) for name in ("company", "phone", "email")
    ]


def write_import(
    opened: Opened,
    options: Options,
    leads: ListOfLeads,
    plan: PlannedImport,
) -> RunResult:
    """Carry an import out as it was planned; nothing is sent where nothing comes in."""
    correction = plan.done.correction
    if not correction.added and not correction.edits:
        return result_of(opened, plan.planned, wrote=False)
    decided = plan.done.done

    def again(stuck: Stuck) -> Planned:
        # What people have typed meanwhile may be a lead: it is not brought in a second time.
        def choose(repeated: tuple[Repeated, ...]) -> Mapping[int, Choice]:
            known = {each.lead.row for each in plan.done.repeated}
            return {
                each.lead.row: decided[each.lead.row]
                if each.lead.row in known
                else Choice.SKIP
                for each in repeated
            }

        return plan_import(opened, options, leads, choose, stuck).planned

    return commit(opened, plan.planned, options, again)
