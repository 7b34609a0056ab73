"""Decides what a run does: ids, moves by deadline and by state, days left, problems; and the limits of safety.

Pure: takes what was read, the policy and the day, and returns a plan. Reads no clock and writes nothing.
"""

from datetime import date

import pandas as pd

from sheetsync.i18n import language
from sheetsync.method.policy import Policy
from sheetsync.method.terms import Rule
from sheetsync.rules.capacity.admission import admit, give_out, offers
from sheetsync.rules.checks.contradictions import contradictions_after, report_contradiction
from sheetsync.rules.checks.repairs import repairs
from sheetsync.rules.checks.time_warnings import awaits_consent
from sheetsync.rules.deadlines.clocks import at_work, unconsented
from sheetsync.rules.deadlines.working_days import counting
from sheetsync.rules.decisions.execution import Verdicts
from sheetsync.rules.derived_columns import derive, list_findings, too_long
from sheetsync.rules.draft.plan_draft import PlanDraft
from sheetsync.rules.draft.projection import fingerprint
from sheetsync.rules.routing.moves import goes_on, transfer, unwritable
from sheetsync.rules.routing.routes import Expiry, Route, expiry_route, marked_by, state_route
from sheetsync.schema import Severity
from sheetsync.values import Cell
from sheetsync.workbook.plan import Correction, Edit, Plan
from sheetsync.workbook.snapshot import Record, Snapshot

SENT_BACK = Rule(name="new_too_long", to="call_base")
"""The rule of rows that were given out and nobody has called (METHOD point 8)."""


def _expired(draft: PlanDraft) -> "pd.Series[bool]":
    base = draft.base
    return at_work(base) & base["due"].notna() & (base["due"] < pd.Timestamp(draft.today))


def _settled(draft: PlanDraft) -> "pd.Series[bool]":
    """Rows whose night is settled already: they move, or a person has decided that they stay."""
    index = draft.base.index
    return pd.Series(index.isin([*draft.moves, *draft.decided]), index=index)


Arrival = tuple[int, Record, Route]
"""A row that is bound for the working list: its index, its record, and why."""


def _expiries(draft: PlanDraft) -> list[Arrival]:
    """Move rows whose time is up; say so of those that cannot be moved. Returns those bound for the working list."""
    expired, stuck, text = (
        _expired(draft) & ~_settled(draft),
        draft.unmovable,
        draft.language.text,
    )
    counted = counting(draft.policy)
    spent = counted.between(draft.base["work_since"], draft.base["due"])
    arrivals = []
    for at, row in draft.records(expired & ~stuck):
        due = row["due"].date()
        expiry = Expiry(int(spent.at[at]), due, working=counted.working)
        route = expiry_route(row, expiry, draft.policy, draft.language)
        if route is None:
            continue
        if route.target is None:
            report_contradiction(draft, at, row, route.rule)
        elif route.target == "working" and row["section"] != "working":
            arrivals.append((at, row, route))
        else:
            transfer(draft, at, row, route)
    for _, row in draft.records(expired & stuck):
        when = draft.language.day(row["due"].date())
        texts = (
            text(
                "The time was up on {date}, but the row is not moved until this is put right.",
                date=when,
            ),
            "",
        )
        draft.report("held_by_fault", Severity.ERROR, row, "deadline", texts)
    return arrivals


def _barred(draft: PlanDraft) -> "pd.Series[bool]":
    """Rows that are not given out: they cannot be moved, or are held, also by what is being undone just now."""
    return (
        draft.unmovable
        | _held(draft)
        | draft.base["id"].isin([row_id for row_id, _ in draft.holds])
    )


def _state_routes(draft: PlanDraft, waiting: list[int]) -> list[Arrival]:
    """Move rows by their state. Returns those bound for the working list, which need room there.

    `waiting`: rows that are bound for it already, as their time is up.
    """
    base, arrivals = draft.base, list[Arrival]()
    archives = [section.code for section in draft.policy.sections if section.archive]
    early = base["section"].isin(archives) & unconsented(base, draft.policy, draft.today)
    open_rows = base["state"].notna() & ~draft.unmovable & ~_held(draft)
    open_rows &= ~_settled(draft) & ~base.index.isin(waiting)
    for at, row in draft.records(open_rows & _may_leave(draft)):
        route = state_route(row, draft.policy, draft.language)
        if route is None:
            continue
        if route.target is None:
            report_contradiction(draft, at, row, route.rule)
        elif route.target == "working" and early.at[at]:
            words = awaits_consent(row, draft.policy, draft.language)
            draft.report("needs_consent", Severity.WARNING, row, "extended_to", words)
        elif route.target == "working" and row["section"] != "working":
            arrivals.append((at, row, route))
        else:
            transfer(draft, at, row, route)
    return arrivals


def _held(draft: PlanDraft) -> "pd.Series[bool]":
    """Rows that an undo brought back and nobody has given another state since: no rule moves them while they are held."""
    base = draft.base
    return (base["state"] == base["held_state"]) & (base["held_until"] >= pd.Timestamp(draft.today))


def _may_leave(draft: PlanDraft) -> "pd.Series[bool]":
    """Rows that some rule by state speaks of; a shortcut past the many that stay."""
    base, named = draft.base, pd.Series(data=False, index=draft.base.index)
    for rule in draft.policy.by_state:
        if rule.to != "stay":
            named |= marked_by(rule.when, base) & (base["section"] != rule.to)
    return named


def _sent_back(draft: PlanDraft) -> None:
    """Send `new` rows that nobody has called for too long back to the call base, where the policy says so (METHOD point 8)."""
    time = draft.policy.time
    if time.new_in_working != "send_back":
        return
    free = ~draft.unmovable & ~_held(draft) & ~_settled(draft)
    why = draft.language.plural(
        "nobody has called for more than {n} day",
        "nobody has called for more than {n} days",
        time.new_in_working_days,
    )
    for at, row in draft.records(too_long(draft) & free):
        transfer(draft, at, row, Route(SENT_BACK, "call_base", why))


def _edit(draft: PlanDraft, row: Record, name: str, after: Cell, why: str) -> None:
    tab = draft.snapshot.tab[row["section"]]
    if obstacle := unwritable(draft, row, name):
        code, *texts = obstacle
        draft.report(code, Severity.ERROR, row, name, (texts[0], texts[1]))
        return
    before = tab.grid.cell(int(row["row"]) - 1, tab.fields[name]) if name in tab.fields else None
    draft.edits.append(
        Edit(
            row["section"], int(row["row"]), str(row["id"]), name, before, after, why, derived=False
        )
    )


def _returns(draft: PlanDraft) -> None:
    """Rows of `rework` whose return date has come are due to be called again; repeat sales out of time rest again."""
    base, words, text = draft.base, draft.policy.words, draft.language.text
    now, free = pd.Timestamp(draft.today), ~_settled(draft) & ~draft.unmovable
    days = draft.policy.section["rework"].return_days
    given = base["return_on"].where(
        base["return_on"].notna(), base["section_since"] + pd.Timedelta(days=days or 0)
    )
    due = free & (base["section"] == "rework") & (base["state"] == "refusal") & (given <= now)
    for _, row in draft.records(due & ~draft.faults(["return_on"])):
        if not goes_on(draft, row, "rework", [("state", words.name("states", "call_round"))]):
            _edit(
                draft,
                row,
                "state",
                words.name("states", "call_round"),
                text("the return date has come"),
            )
    over = free & (base["section"] == "clients") & base["due"].notna() & (base["due"] < now)
    for at, row in draft.records(over & base["refusal_reason"].notna()):
        report_contradiction(draft, at, row)
    for _, row in draft.records(over & base["refusal_reason"].isna() & (base["state"] != "client")):
        if not goes_on(draft, row, "clients", [("state", words.name("states", "client"))]):
            _edit(
                draft,
                row,
                "state",
                words.name("states", "client"),
                text("the time of the repeat sale is up"),
            )


def decide(snapshot: Snapshot, policy: Policy, today: date) -> Plan:
    """Work out what a run on `today` would do. Never raises on bad data; the same input gives the same plan."""
    draft = PlanDraft(snapshot, policy, today, language(policy.words.language))
    draft.problems += snapshot.problems
    verdicts = Verdicts(draft, draft.unmovable)
    verdicts.before_rules()
    _by_rules(draft)
    verdicts.after_rules()
    give_out(draft, _barred(draft))
    _repairs(draft)
    return _finished(draft, verdicts)


def _by_rules(draft: PlanDraft) -> None:
    """Let the rules of the night move rows, and say why others stay."""
    arrivals = _expiries(draft)
    arrivals += _state_routes(draft, [at for at, _, _ in arrivals])
    _sent_back(draft)
    admit(draft, arrivals)
    _returns(draft)


def _repairs(draft: PlanDraft) -> None:
    """Write cells as they should be, where no rule sets them anyway."""
    taken = {(edit.section, edit.row, edit.field) for edit in draft.edits}
    taken |= {
        (move.source, move.row, name) for move in draft.moves.values() for name, _ in move.sets
    }
    found = repairs(draft.snapshot, draft.identities.ids, draft.policy, draft.language)
    draft.edits += [edit for edit in found if (edit.section, edit.row, edit.field) not in taken]


def carry(snapshot: Snapshot, policy: Policy, today: date, chosen: Correction) -> Plan:
    """Return the plan of exactly the chosen changes, with the program's own columns brought up to date."""
    draft = PlanDraft(snapshot, policy, today, language(policy.words.language), holds=chosen.holds)
    draft.problems += snapshot.problems
    draft.moves = {snapshot.locate(move.source, move.row): move for move in chosen.moves}
    draft.edits += chosen.edits
    _ask_rules(draft)
    return _finished(draft, Verdicts(draft, draft.unmovable))


def _ask_rules(draft: PlanDraft) -> None:
    """Say what the rules of the night say of the rows that the chosen changes leave to them; they move nobody here.

    A run on the same day finds the same then, and has nothing to write.
    """
    moving, snapshot = {*draft.moves}, draft.snapshot
    night = PlanDraft(
        snapshot,
        draft.policy,
        draft.today,
        draft.language,
        decided=moving,
        holds=draft.holds,
    )
    night.typed, night.placed = tuple(draft.edits), draft.moves
    _by_rules(night)
    gone = {(snapshot.tab[move.source].title, move.row) for move in draft.moves.values()}
    draft.problems += [
        problem for problem in night.problems if (problem.tab, problem.row) not in gone
    ]
    draft.told |= night.told


def _finished(draft: PlanDraft, verdicts: Verdicts) -> Plan:
    """Bring the program's own columns up to date, and return everything in order."""
    snapshot, policy, today = draft.snapshot, draft.policy, draft.today
    contradictions_after(draft)
    list_findings(draft)
    derive(draft)
    moves = sorted(draft.moves.values(), key=lambda move: (policy.rank(move.source), move.row))
    order = {name: rank for rank, name in enumerate(policy.column)}
    edits = sorted(
        draft.edits, key=lambda edit: (policy.rank(edit.section), edit.row, order[edit.field])
    )
    problems = sorted(
        draft.problems,
        key=lambda p: (p.tab, p.row, list(Severity).index(p.severity), p.code, p.column),
    )
    touched = {(m.source, m.row) for m in moves} | {
        (e.section, e.row) for e in edits if not e.derived or e.field == "id"
    }
    marks = {place: fingerprint(snapshot.tab[place[0]], place[1]) for place in sorted(touched)}
    told, left = offers(draft, _barred(draft)), verdicts.pending()
    changes = (tuple(moves), tuple(edits), tuple(problems))
    return Plan(snapshot.book.id, today, *changes, marks, draft.holds, offers=told, pending=left)
