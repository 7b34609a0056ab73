"""One row's move as it is planned: what keeps the row where it is, what is written on its arrival, and what it left behind.

Which rows move, and whether there is room for them, is told by the rooms that call this one.
"""

from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd

from sheetsync.rules.draft.plan_draft import PlanDraft
from sheetsync.rules.routing.routes import Route, arrival
from sheetsync.rules.routing.stability import onward
from sheetsync.schema import Severity
from sheetsync.values import Cell
from sheetsync.workbook.immovable_ranges import arriving, guarded, leaving, protected
from sheetsync.workbook.plan import Move
from sheetsync.workbook.snapshot import Record


class Kept(NamedTuple):
    """Why a row cannot move: a problem's code, and what to say and to do."""

    code: str
    texts: tuple[str, str]


def kept(draft: PlanDraft, row: Record, target: str, names: Iterable[str]) -> Kept | None:
    """Return what keeps a row from going to `target`, where the fields `names` are written; None where nothing does."""
    text, tabs = draft.language.text, draft.snapshot.tab
    if target not in tabs:
        name = draft.policy.words.name("sections", target)
        said = text("Belongs in “{section}”, and the base has no such tab.", section=name)
        return Kept("no_section", (said, text("Add the tab, or let `sheetsync init BOOK` do it.")))
    tab, place = tabs[row["section"]], (row["section"], int(row["row"]))
    stuck = place in draft.snapshot.stuck
    obstacle = leaving(tab, place[1], draft.language, stuck=stuck) or arriving(
        tabs[target], draft.language
    )
    if obstacle is not None:
        return Kept(obstacle.code, (obstacle.message, obstacle.fix))
    shared = shared_column(draft, [row["section"], target], names)
    return Kept("shared_column", shared) if shared else None


def transfer(draft: PlanDraft, at: int, row: Record, route: Route) -> bool:
    """Plan a move, where nothing is in its way; otherwise report it. Tells whether the row moves."""
    target = route.target
    if target is None or target == row["section"]:
        return False
    wanted = (*arrival(route.rule, row, target, draft.policy, draft.today), *route.sets)
    if target not in draft.snapshot.tab:
        wanted = ()
    obstacle = kept(draft, row, target, [name for name, _ in wanted])
    if obstacle is not None:
        draft.report(obstacle.code, Severity.ERROR, row, "state", obstacle.texts)
        return False
    tab = draft.snapshot.tab[row["section"]]
    unread = {fault.field for fault in tab.faulty if fault.row == row["row"]}
    # What a person typed stays where it is, even though it cannot be read; it is reported, not replaced.
    sets = tuple((name, cell) for name, cell in wanted if name not in unread)
    if goes_on(draft, row, target, sets):
        return False
    words = {name: "" if pd.isna(row[name]) else str(row[name]) for name in ("company", "manager")}
    given = dict(route.sets).get("manager")
    draft.moves[at] = Move(
        str(row["id"]),
        words["company"],
        str(given) if given else words["manager"],
        row["section"],
        target,
        int(row["row"]),
        route.rule.name,
        route.reason,
        sets,
    )
    return True


def goes_on(draft: PlanDraft, row: Record, section: str, sets: Iterable[tuple[str, Cell]]) -> bool:
    """Report a change after which the rules would send a row on at once: rules that contradict each other move nobody."""
    sent, text = onward(draft, row, section, sets), draft.language.text
    if sent is None:
        return False
    words, settings = draft.policy.words, draft.policy.words.tabs["settings"]
    names = {
        "section": words.name("sections", section),
        "next": words.name("sections", sent or row["section"]),
    }
    message = (
        text(
            "The rules would send this row to “{section}” and from there at once to “{next}”.",
            **names,
        )
        if sent
        else text(
            "The rules would send this row to “{section}”, where a person would have to decide.",
            section=names["section"],
        )
    )
    fix = text("Put the rules right on the tab “{tab}”; until then the row stays.", tab=settings)
    draft.report("unsettled", Severity.ERROR, row, "state", (message, fix))
    return True


def unwritable(draft: PlanDraft, row: Record, name: str) -> tuple[str, str, str] | None:
    """Return what keeps a cell of a row that stays from being written: a problem's code, and what to say and to do."""
    tab, place, text = (
        draft.snapshot.tab[row["section"]],
        (str(row["section"]), int(row["row"])),
        draft.language.text,
    )
    if guarded(tab, place[1], tab.fields.get(name)):
        obstacle = protected(tab, draft.language)
        return obstacle.code, obstacle.message, obstacle.fix
    if shared := shared_column(draft, [row["section"]], [name]):
        return "shared_column", *shared
    if (*place, name) in draft.snapshot.stuck:
        heading = tab.heading(name, draft.policy)
        return "computed", text("“{heading}” is a formula, and stays.", heading=heading), ""
    return None


def shared_column(
    draft: PlanDraft, sections: Iterable[str], names: Iterable[str]
) -> tuple[str, str] | None:
    """Say that a field which would be written stands in a column with others, whose cells are people's alone."""
    text, wanted = draft.language.text, [*names]
    for tab in (draft.snapshot.tab[section] for section in sections):
        places = [*tab.fields.values()]
        for name in wanted:
            if name in tab.fields and places.count(tab.fields[name]) > 1:
                heading = tab.heading(name, draft.policy)
                message = text(
                    "“{heading}” on “{tab}” holds several fields in one cell; the program does not write there.",
                    heading=heading,
                    tab=tab.title,
                )
                return message, text("Give each field a column of its own.")
    return None
