"""Decides what a run does: ids, moves by deadline and by state, days left, problems; and the limits of safety.

Pure: takes what was read, the policy and the day, and returns a plan. Reads no clock and writes nothing.
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import pandas as pd

from sheetsync.clocks import aligned, at_work, kinds
from sheetsync.deciding import Deciding, load
from sheetsync.deriving import derive, list_findings
from sheetsync.findings import DECIDING
from sheetsync.i18n import language
from sheetsync.obstacles import arriving, guarded, leaving, protected
from sheetsync.outcome import fingerprint
from sheetsync.plan import Edit, Move, Plan
from sheetsync.policy import Policy
from sheetsync.repairs import repairs
from sheetsync.routing import Expiry, Record, Route, arrival, expiry_route, state_route
from sheetsync.schema import Severity
from sheetsync.settling import onward
from sheetsync.snapshot import Snapshot
from sheetsync.values import Cell


def _move(deciding: Deciding, at: int, row: Record, route: Route) -> None:
    """Plan a move, where its section has a tab; otherwise report it."""
    target, text = route.target, deciding.language.text
    if target is None or target == row["section"]:
        return
    if target not in deciding.snapshot.tab:
        name = deciding.policy.words.name("sections", target)
        texts = text("Belongs in “{section}”, and the base has no such tab.", section=name), text("Add the tab.")
        deciding.report("no_section", Severity.ERROR, row, "state", texts)
        return
    tab = deciding.snapshot.tab[row["section"]]
    place = (row["section"], int(row["row"]))
    stuck = place in deciding.snapshot.stuck
    obstacle = leaving(tab, place[1], deciding.language, stuck=stuck) or arriving(
        deciding.snapshot.tab[target], deciding.language
    )
    if obstacle is not None:
        deciding.report(obstacle.code, Severity.ERROR, row, "state", (obstacle.message, obstacle.fix))
        return
    shared = _shared(deciding, [row["section"], target], [name for name, _ in arrival(route.rule, row, target, deciding.policy, deciding.today)])  # fmt: skip
    if shared:
        deciding.report("shared_column", Severity.ERROR, row, "state", shared)
        return
    unread = {fault.field for fault in tab.faulty if fault.row == row["row"]}
    wanted = arrival(route.rule, row, target, deciding.policy, deciding.today)
    # What a person typed stays where it is, even though it cannot be read; it is reported, not replaced.
    sets = tuple((name, cell) for name, cell in wanted if name not in unread)
    if _goes_on(deciding, row, target, sets):
        return
    words = {name: "" if pd.isna(row[name]) else str(row[name]) for name in ("company", "manager")}
    deciding.moves[at] = Move(
        str(row["id"]),
        words["company"],
        words["manager"],
        row["section"],
        target,
        int(row["row"]),
        route.rule.name,
        route.reason,
        sets,
    )


def _goes_on(deciding: Deciding, row: Record, section: str, sets: Iterable[tuple[str, Cell]]) -> bool:
    """Report a change after which the rules would send a row on at once: rules that contradict each other move nobody."""
    sent, text = onward(deciding, row, section, sets), deciding.language.text
    if sent is None:
        return False
    words, settings = deciding.policy.words, deciding.policy.words.tabs["settings"]
    names = {"section": words.name("sections", section), "next": words.name("sections", sent or row["section"])}
    message = text("The rules would send this row to “{section}” and from there at once to “{next}”.", **names) if sent else text("The rules would send this row to “{section}”, where a person would have to decide.", section=names["section"])  # fmt: skip
    fix = text("Put the rules right on the tab “{tab}”; until then the row stays.", tab=settings)
    deciding.report("unsettled", Severity.ERROR, row, "state", (message, fix))
    return True


def _shared(deciding: Deciding, sections: Iterable[str], names: Iterable[str]) -> tuple[str, str] | None:
    """Say that a field which would be written stands in a column with others, whose cells are people's alone."""
    text, wanted = deciding.language.text, [*names]
    for tab in (deciding.snapshot.tab[section] for section in sections):
        places = [*tab.fields.values()]
        for name in wanted:
            if name in tab.fields and places.count(tab.fields[name]) > 1:
                heading = tab.heading(name, deciding.policy)
                message = text("“{heading}” on “{tab}” holds several fields in one cell; the program does not write there.", heading=heading, tab=tab.title)  # fmt: skip
                return message, text("Give each field a column of its own.")
    return None


def _expired(deciding: Deciding) -> "pd.Series[bool]":
    base = deciding.base
    return at_work(base) & base["due"].notna() & (base["due"] < pd.Timestamp(deciding.today))


def _unmovable(deciding: Deciding) -> "pd.Series[bool]":
    """Rows that no decision may move: a field it needs cannot be read, or the id is somebody else's."""
    began = deciding.faults(["began"]) & ~deciding.base["remembered"]
    return deciding.faults(DECIDING) | began | deciding.identities.unclear


def _expiries(deciding: Deciding) -> None:
    """Move rows whose time is up; say so of those that cannot be moved."""
    expired, stuck, text = _expired(deciding), _unmovable(deciding), deciding.language.text
    for at, row in deciding.records(expired & ~stuck):
        due = row["due"].date()
        expiry = Expiry((row["due"] - row["work_since"]).days, due)
        route = expiry_route(row, expiry, deciding.policy, deciding.language)
        if route is not None and route.target is None:
            _contradicts(deciding, row)
        elif route is not None:
            _move(deciding, at, row, route)
    for _, row in deciding.records(expired & stuck):
        when = deciding.language.day(row["due"].date())
        texts = text("The time was up on {date}, but the row is not moved until this is put right.", date=when), ""
        deciding.report("held_by_fault", Severity.ERROR, row, "deadline", texts)


def _state_routes(deciding: Deciding) -> None:
    """Move rows by their state. Those bound for the working list wait for the others: they need room."""
    base, arrivals = deciding.base, []
    open_rows = base["state"].notna() & ~_unmovable(deciding) & ~base.index.isin(deciding.moves) & ~_held(deciding)
    for at, row in deciding.records(open_rows & _may_leave(deciding)):
        route = state_route(row, deciding.policy, deciding.language)
        if route is None:
            continue
        if route.target is None:
            _contradicts(deciding, row)
        elif route.target == "working" and row["section"] != "working":
            arrivals.append((at, row, route))
        else:
            _move(deciding, at, row, route)
    _arrivals(deciding, arrivals)


def _held(deciding: Deciding) -> "pd.Series[bool]":
    """Rows that an undo brought back and nobody has given another state since: no rule moves them while they are held."""
    base = deciding.base
    same = base["state"] == aligned(base, deciding.snapshot.state)["state"]
    return same & (base["held_until"] >= pd.Timestamp(deciding.today))


def _may_leave(deciding: Deciding) -> "pd.Series[bool]":
    """Rows that some rule by state may speak of; a shortcut past the many that stay."""
    base, named, where = deciding.base, pd.Series(data=False, index=deciding.base.index), kinds(deciding.base)
    for rule in deciding.policy.by_state:
        mask = pd.Series(data=True, index=base.index)
        for found, codes in (
            (where, rule.when.section),
            (base["state"], rule.when.state),
            (base["label"], rule.when.label),
        ):
            mask &= found.isin(codes) if codes is not None else True
        for name, wanted in (("refusal_reason", rule.when.has_reason), ("manager", rule.when.assigned)):
            mask &= (base[name].notna() == wanted) if wanted is not None else True
        if rule.to != "stay":
            named |= mask & (base["section"] != rule.to)
    return named


def _contradicts(deciding: Deciding, row: Record) -> None:
    """Report a row that says two things at once; a person decides."""
    text = deciding.language.text
    message = text("Contradictory: {why}. A person decides.", why=_contradiction(row, deciding))
    deciding.report(
        "contradiction", Severity.ERROR, row, "state", (message, text("Correct the state or move the row."))
    )


def _contradiction(row: Record, deciding: Deciding) -> str:
    words, text = deciding.policy.words, deciding.language.text
    state = words.name("states", row["state"])
    if not pd.isna(row["refusal_reason"]):
        return text("state “{state}” with a reason of refusal", state=state)
    return text("state “{state}” in “{section}”", state=state, section=words.name("sections", row["section"]))


def _arrivals(deciding: Deciding, arrivals: list[tuple[int, Record, Route]]) -> None:
    """Let rows into the working list while their manager's list has room, oldest contact first."""
    staying = deciding.base[~deciding.base.index.isin(deciding.moves)]
    busy, cap, text = load(staying, deciding.policy), deciding.policy.cap.max, deciding.language.text
    counted = deciding.policy.states_where("counts_to_cap")
    for at, row, route in sorted(arrivals, key=lambda entry: (str(entry[1]["last_contact"]), entry[0])):
        manager = "" if pd.isna(row["manager"]) else str(row["manager"])
        takes = (route.rule.state or row["state"]) in counted
        if not manager:
            texts = text("Cannot be taken into work without a manager."), text("Put a name into the manager's column.")
            deciding.report("no_manager", Severity.ERROR, row, "manager", texts)
        elif takes and busy[manager] >= cap:
            texts = text("{manager}'s working list is full ({n} of {max}): the row stays here.", manager=manager, n=busy[manager], max=cap), text("Free a place or choose another manager.")  # fmt: skip
            deciding.report("cap", Severity.ERROR, row, "manager", texts)
        else:
            busy[manager] += takes
            _move(deciding, at, row, route)


def _edit(deciding: Deciding, row: Record, name: str, after: Cell, why: str) -> None:
    tab = deciding.snapshot.tab[row["section"]]
    if guarded(tab, int(row["row"]), tab.fields.get(name)):
        obstacle = protected(tab, deciding.language)
        deciding.report(obstacle.code, Severity.ERROR, row, name, (obstacle.message, obstacle.fix))
        return
    if shared := _shared(deciding, [row["section"]], [name]):
        deciding.report("shared_column", Severity.ERROR, row, name, shared)
        return
    before = tab.grid.cell(int(row["row"]) - 1, tab.fields[name]) if name in tab.fields else None
    deciding.edits.append(
        Edit(row["section"], int(row["row"]), str(row["id"]), name, before, after, why, derived=False)
    )


def _returns(deciding: Deciding) -> None:
    """Rows of `rework` whose return date has come are due to be called again; repeat sales out of time rest again."""
    base, words, text = deciding.base, deciding.policy.words, deciding.language.text
    now, free = pd.Timestamp(deciding.today), ~base.index.isin(deciding.moves) & ~_unmovable(deciding)
    days = deciding.policy.section["rework"].return_days
    given = base["return_on"].where(base["return_on"].notna(), base["section_since"] + pd.Timedelta(days=days or 0))
    due = free & (base["section"] == "rework") & (base["state"] == "refusal") & (given <= now)
    for _, row in deciding.records(due & ~deciding.faults(["return_on"])):
        if not _goes_on(deciding, row, "rework", [("state", words.name("states", "call_round"))]):
            _edit(deciding, row, "state", words.name("states", "call_round"), text("the return date has come"))
    over = free & (base["section"] == "clients") & base["due"].notna() & (base["due"] < now)
    for _, row in deciding.records(over & base["refusal_reason"].notna()):
        _contradicts(deciding, row)
    for _, row in deciding.records(over & base["refusal_reason"].isna() & (base["state"] != "client")):
        if not _goes_on(deciding, row, "clients", [("state", words.name("states", "client"))]):
            _edit(deciding, row, "state", words.name("states", "client"), text("the time of the repeat sale is up"))


def decide(snapshot: Snapshot, policy: Policy, today: date) -> Plan:
    """Work out what a run on `today` would do. Never raises on bad data; the same input gives the same plan."""
    deciding = Deciding(snapshot, policy, today, language(policy.words.language))
    deciding.problems += snapshot.problems
    _expiries(deciding)
    _state_routes(deciding)
    _returns(deciding)
    _repairs(deciding)
    return _finished(deciding)


def _repairs(deciding: Deciding) -> None:
    """Write cells as they should be, where no rule sets them anyway."""
    taken = {(edit.section, edit.row, edit.field) for edit in deciding.edits}
    taken |= {(move.source, move.row, name) for move in deciding.moves.values() for name, _ in move.sets}
    found = repairs(deciding.snapshot, deciding.identities.ids, deciding.policy, deciding.language)
    deciding.edits += [edit for edit in found if (edit.section, edit.row, edit.field) not in taken]


class Chosen(NamedTuple):
    """Changes that somebody has chosen, instead of the rules: moves, edits of cells, and rows to be held."""

    moves: tuple[Move, ...] = ()
    edits: tuple[Edit, ...] = ()
    holds: tuple[tuple[str, date], ...] = ()


def carry(snapshot: Snapshot, policy: Policy, today: date, chosen: Chosen) -> Plan:
    """Return the plan of exactly the chosen changes, with the program's own columns brought up to date."""
    deciding = Deciding(snapshot, policy, today, language(policy.words.language), holds=chosen.holds)
    deciding.problems += snapshot.problems
    base = snapshot.base
    place = {
        (section, int(row)): at for at, (section, row) in enumerate(zip(base["section"], base["row"], strict=True))
    }
    deciding.moves = {place[move.source, move.row]: move for move in chosen.moves}
    deciding.edits += chosen.edits
    return _finished(deciding)


def _finished(deciding: Deciding) -> Plan:
    """Bring the program's own columns up to date, and return everything in order."""
    snapshot, policy, today = deciding.snapshot, deciding.policy, deciding.today
    list_findings(deciding)
    derive(deciding)
    moves = sorted(deciding.moves.values(), key=lambda move: (policy.rank(move.source), move.row))
    order = {name: rank for rank, name in enumerate(policy.column)}
    edits = sorted(deciding.edits, key=lambda edit: (policy.rank(edit.section), edit.row, order[edit.field]))
    problems = sorted(
        deciding.problems, key=lambda p: (p.tab, p.row, list(Severity).index(p.severity), p.code, p.column)
    )
    touched = {(m.source, m.row) for m in moves} | {
        (e.section, e.row) for e in edits if not e.derived or e.field == "id"
    }
    marks = {place: fingerprint(snapshot.tab[place[0]], place[1]) for place in sorted(touched)}
    return Plan(snapshot.book.id, today, tuple(moves), tuple(edits), tuple(problems), marks, deciding.holds)
