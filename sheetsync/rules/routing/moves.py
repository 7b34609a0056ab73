"""One row's move, or one cell's edit, as it is planned: what is in its way, and what is written.

Which rows move, and whether there is room for them, is told by the rooms that call this one.
"""

from collections.abc import Iterable

import pandas as pd

from sheetsync.rules.draft.changes import Changes, Route
from sheetsync.rules.draft.night import ClockedRow, Night, RowPlace, place_of
from sheetsync.rules.routing.routes import cells_on_arrival
from sheetsync.rules.routing.stability import Stop, next_section
from sheetsync.schema import Problem, Severity
from sheetsync.values import Cell, clean, is_bare
from sheetsync.workbook.immovable_ranges import (
    Obstacle,
    arriving,
    guarded,
    leaving,
    protected,
)
from sheetsync.workbook.plan import Edit, Move

Cells = Iterable[tuple[str, Cell]]
"""Cells that are written: field, cell."""


def plan_move(
    night: Night, index: int, row: ClockedRow, route: Route
) -> Changes:
    """Return the move of a row, or the problem that tells what is in its way.

    Nothing where it stands there already.
    """
    target = route.target
    if target is None or target == row["section"]:
        return Changes()
    place = place_of(row)
    wanted = (
        *cells_on_arrival(route.rule, row, target, night.policy, night.today),
        *route.sets,
    )
    obstacle = obstacle_to_move(
        night, place, target, [field for field, _ in wanted]
    )
    if obstacle is not None:
        texts = (obstacle.message, obstacle.fix)
        problem = night.problem(
            obstacle.code, Severity.ERROR, place, "state", texts
        )
        return Changes(problems=(problem,))
    # What a person typed stays, even though it cannot be read: it is reported, not replaced. The
    # state alone says what the row is where it arrives; the Journal keeps what stood there.
    sets = tuple(
        written
        for written in wanted
        if written[0] == "state"
        or (*place, written[0]) not in night.unread_cells
    )
    unsettled = problem_of_unsettled(night, row, target, sets)
    if unsettled is not None:
        return Changes(problems=(unsettled,))
    move = Move(
        str(row["id"]),
        _word(row["company"]),
        # Refill gives a row its manager with the move, so the plan is to name the one who gets it.
        str(dict(route.sets).get("manager") or _word(row["manager"])),
        place.section,
        target,
        place.row,
        route.rule.name,
        route.reason,
        sets,
    )
    return Changes(moves={index: move})


def _word(cell: str | None) -> str:
    return "" if pd.isna(cell) else str(cell)


def plan_edit(
    night: Night, row: ClockedRow, field: str, cell: Cell, why: str
) -> Changes:
    """Return the edit of one cell of a row that stays, or the problem of what is in its way."""
    place = place_of(row)
    obstacle = obstacle_to_write(night, place, field)
    if obstacle is not None:
        texts = (obstacle.message, obstacle.fix)
        problem = night.problem(
            obstacle.code, Severity.ERROR, place, field, texts
        )
        return Changes(problems=(problem,))
    return Changes(edits=(edit_of(night, row, field, cell, why),))


def edit_of(
    night: Night, row: ClockedRow, field: str, cell: Cell, why: str
) -> Edit:
    """Return the edit of one cell of a row that stays."""
    place = place_of(row)
    tab = night.snapshot.tab[row["section"]]
    column = tab.fields.get(field)
    before = None if column is None else tab.grid.cell(place.row - 1, column)
    return Edit(*place, str(row["id"]), field, before, cell, why, derived=False)


def obstacle_to_move(
    night: Night, place: RowPlace, target: str, fields: Iterable[str]
) -> Obstacle | None:
    """Return what keeps a row from going to `target`, where `fields` are written; or None."""
    text = night.language.text
    tabs = night.snapshot.tab
    if target not in tabs:
        name = night.policy.words.name("sections", target)
        message = text(
            "Belongs in “{section}”, and the base has no such tab.",
            section=name,
        )
        fix = text("Add the tab, or let `sheetsync init BOOK` do it.")
        return Obstacle("no_section", message, fix)
    stuck = place in night.snapshot.stuck
    return (
        leaving(tabs[place.section], place.row, night.language, stuck=stuck)
        or arriving(tabs[target], night.language)
        or _shared_column(night, [place.section, target], fields)
        or _other_unit(night, place, target)
    )


def _other_unit(night: Night, place: RowPlace, target: str) -> Obstacle | None:
    """Return the obstacle of an amount that would mean another one there; None without one."""
    if night.policy.location.heading_units == "as_they_stand":
        return None
    source = night.snapshot.tab[place.section]
    there = night.snapshot.tab[target]
    text = night.language.text
    for column in night.policy.columns:
        field = column.field
        if column.type != "amount" or field not in source.fields:
            continue
        if source.unit(field) == there.unit(field):
            continue
        cell = source.grid.cell(place.row - 1, source.fields[field])
        # Nothing is as much in any unit.
        if not cell or not is_bare(cell):
            continue
        message = text(
            "“{heading}” of “{tab}” counts otherwise than “{other_heading}” of “{other_tab}”: "
            "there {amount} would be another sum.",
            heading=source.heading(field, night.policy),
            tab=source.title,
            other_heading=there.heading(field, night.policy),
            other_tab=there.title,
            amount=clean(cell),
        )
        fix = text("Let both headings count in the same unit.")
        return Obstacle("other_unit", message, fix)
    return None


def obstacle_to_write(
    night: Night, place: RowPlace, field: str
) -> Obstacle | None:
    """Return what keeps a cell of a row that stays from being written; None where nothing does."""
    tab = night.snapshot.tab[place.section]
    # One cell that others protect would fail the whole batch, and all else that the night does.
    if guarded(tab, place.row, tab.fields.get(field)):
        return protected(tab, night.language)
    shared = _shared_column(night, [place.section], [field])
    if shared is not None:
        return shared
    if (*place, field) in night.snapshot.stuck:
        heading = tab.heading(field, night.policy)
        message = night.language.text(
            "“{heading}” is a formula, and stays.", heading=heading
        )
        return Obstacle("computed", message, "")
    return None


def _shared_column(
    night: Night, sections: Iterable[str], fields: Iterable[str]
) -> Obstacle | None:
    """Return the obstacle of a field that stands in a column with others; None without one."""
    text = night.language.text
    wanted = [*fields]
    for section in sections:
        tab = night.snapshot.tab[section]
        for field in wanted:
            # Cells of several fields are people's alone: the program reads them and never writes.
            if field in tab.shared:
                message = text(
                    "“{heading}” on “{tab}” holds several fields in one cell; "
                    "the program does not write there.",
                    heading=tab.heading(field, night.policy),
                    tab=tab.title,
                )
                return Obstacle(
                    "shared_column",
                    message,
                    text("Give each field a column of its own."),
                )
    return None


def problem_of_unsettled(
    night: Night, row: ClockedRow, section: str, cells: Cells
) -> Problem | None:
    """Return the problem of a change after which the rules would send a row on at once, or None."""
    # Rules that contradict each other move nobody: the next run would move the row once more.
    onward = next_section(night, row, section, cells)
    if onward is Stop.RESTS:
        return None
    text = night.language.text
    words = night.policy.words
    here = words.name("sections", section)
    if onward is Stop.PERSON_DECIDES:
        message = text(
            "The rules would send this row to “{section}”, where a person would have to decide.",
            section=here,
        )
    else:
        message = text(
            "The rules would send this row to “{section}” and from there at once to “{next}”.",
            section=here,
            next=words.name("sections", onward),
        )
    settings = words.tabs["settings"]
    fix = text(
        "Put the rules right on the tab “{tab}”; until then the row stays.",
        tab=settings,
    )
    return night.problem(
        "unsettled", Severity.ERROR, place_of(row), "state", (message, fix)
    )
