"""Decides what a run does: the order of the night, from what was read to the plan.

Pure: takes what was read, the policy and the day, and returns a plan. Reads no clock and writes
nothing. What each stage decides is told in rules/.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from operator import itemgetter

from sheetsync.i18n import language
from sheetsync.method.policy import Policy
from sheetsync.rules.capacity.admission import admission
from sheetsync.rules.capacity.giving_out import give_out, offers
from sheetsync.rules.checks.contradictions import contradictions_after
from sheetsync.rules.checks.journal_volumes import volumes_gone
from sheetsync.rules.checks.labels import label_findings
from sheetsync.rules.checks.playbook import (
    algorithm_findings,
    playbook_problems,
)
from sheetsync.rules.checks.repairs import repairs
from sheetsync.rules.checks.repeated import repeated_findings
from sheetsync.rules.checks.sales import sale_findings
from sheetsync.rules.checks.uncalled import uncalled_findings
from sheetsync.rules.decisions.execution import NightDecisions
from sheetsync.rules.decisions.joining import joins_of
from sheetsync.rules.derived_columns import (
    derived_columns,
    findings_of_rows,
    overfull_lists,
    time_findings,
    violation_findings,
)
from sheetsync.rules.draft.changes import Changes
from sheetsync.rules.draft.fingerprint import fingerprints
from sheetsync.rules.draft.night import Night
from sheetsync.rules.draft.plan_draft import PlanDraft, Stage, merged, through
from sheetsync.rules.nightly.expiry import expiries
from sheetsync.rules.nightly.owners import named_owners, owners_of_leaving
from sheetsync.rules.nightly.refusals import refusals_without_reason
from sheetsync.rules.nightly.renamed import renamed
from sheetsync.rules.nightly.returns import returns
from sheetsync.rules.nightly.rounds import new_rounds
from sheetsync.rules.nightly.sent_back import sent_back
from sheetsync.rules.nightly.states import by_state
from sheetsync.rules.trial.held_back import let_go, ruled
from sheetsync.rules.trial.release import released_ids
from sheetsync.rules.trial.words import trial_findings
from sheetsync.schema import Problem, Severity
from sheetsync.workbook.plan import Correction, Edit, Move, Plan
from sheetsync.workbook.snapshot import Snapshot

RULES: Sequence[Stage] = (
    renamed,
    new_rounds,
    expiries,
    by_state,
    refusals_without_reason,
    sent_back,
    admission,
    returns,
)
"""The rules of the night: they move rows, and say why others stay."""
FINDINGS: Sequence[Stage] = (
    contradictions_after,
    uncalled_findings,
    overfull_lists,
    time_findings,
    findings_of_rows,
    algorithm_findings,
    violation_findings,
    label_findings,
    repeated_findings,
    sale_findings,
    trial_findings,
)
"""What is said of the rows as the moves leave them."""


def decide(snapshot: Snapshot, policy: Policy, today: date) -> Plan:
    """Work out what a run on `today` would do.

    Never raises on bad data; the same input gives the same plan.
    """
    spoken = language(policy.words.language)
    # A row that is joined to another is no client of the night any more.
    as_read = Night(snapshot, policy, today, spoken)
    joins = joins_of(as_read)
    night = Night(
        snapshot.without({(row.section, row.row) for row in joins.removals}),
        policy,
        today,
        spoken,
        removals=joins.removals,
        sold=NightDecisions(as_read).sold,
    )
    decisions = NightDecisions(night)
    before_rules = (
        # Before anything moves, as a row that has left its tab could not be told whose it was.
        named_owners,
        decisions.before_rules,
    )
    after_rules = (
        decisions.after_rules,
        give_out,
        owners_of_leaving,
        repaired_cells,
        problems_of_reading,
        *FINDINGS,
        derived_columns,
    )
    draft = merged(PlanDraft.opened(night), joins.changes)
    draft = ruled(through(draft, before_rules), RULES)
    draft = through(draft, after_rules)
    return _with_trial(_plan(draft, decisions), draft)


def _with_trial(plan: Plan, draft: PlanDraft) -> Plan:
    """Return a night's plan with what a trial of the model holds, and what is noted of it."""
    night = draft.night
    trial = night.trial
    if trial.record is None:
        return plan
    noted = trial.record == night.snapshot.trial
    free = released_ids(night.snapshot, night.policy)
    return replace(
        plan,
        would=_in_order(draft.would, night),
        trial=None if noted else trial.record,
        released=let_go(plan.moves, free),
    )


def carry(
    snapshot: Snapshot, policy: Policy, today: date, chosen: Correction
) -> Plan:
    """Return the plan of exactly the chosen changes.

    The program's own columns are brought up to date with it.
    """
    places = {(row.section, row.row) for row in chosen.removals}
    snapshot = snapshot.without(places)
    night = Night(
        snapshot,
        policy,
        today,
        language(policy.words.language),
        holds=chosen.holds,
        removals=chosen.removals,
    )
    moves = {
        snapshot.locate(move.source, move.row): move for move in chosen.moves
    }
    draft = merged(PlanDraft.opened(night), Changes(moves, chosen.edits))
    stages = (problems_of_reading, words_of_rules, *FINDINGS, derived_columns)
    plan = _plan(through(draft, stages), NightDecisions(night))
    return replace(
        plan,
        back=chosen.back,
        taken_back=chosen.taken_back,
        blanks=chosen.taken_back.emptied,
    )


def problems_of_reading(draft: PlanDraft) -> Changes:
    """Report what was found when the book was read, but for columns that the plan adds."""
    night = draft.night
    names = night.policy.words
    added: set[tuple[str, str]] = set()
    filled = {*draft.after.rows["section"]}
    # A tab without a row lacks nothing: whoever comes there brings their columns along.
    empty = {
        tab.title for tab in night.snapshot.tabs if tab.section not in filled
    }
    for tab in night.snapshot.tabs:
        for field in draft.after.coming[tab.section]:
            added.add((tab.title, names.name("columns", field)))
    problems = [
        problem
        for problem in night.snapshot.problems
        if problem.code != "no_column"
        or (
            problem.tab not in empty
            and (problem.tab, problem.column) not in added
        )
    ]
    gone = volumes_gone(night.snapshot.book, night.language, night.today)
    playbook = playbook_problems(night.snapshot, night.language, night.today)
    return Changes(problems=(*problems, *gone, *playbook))


def repaired_cells(draft: PlanDraft) -> Changes:
    """Write cells as they should be."""
    night = draft.night
    return Changes(
        edits=tuple(
            repairs(
                night.snapshot,
                night.identities.ids,
                night.policy,
                night.language,
            )
        )
    )


def words_of_rules(draft: PlanDraft) -> Changes:
    """Say what the rules of the night say of the rows that chosen changes leave to them.

    They move nobody here. A run on the same day finds the same then, and has nothing to write.
    """
    chosen = draft.night
    snapshot = draft.night.snapshot
    night = Night(
        snapshot,
        chosen.policy,
        chosen.today,
        chosen.language,
        chosen.holds,
        typed=draft.edits,
        placed=draft.moves,
    )
    settled = Changes(settled=frozenset(draft.moves))
    heard = ruled(merged(PlanDraft.opened(night), settled), RULES)
    moving = {
        (snapshot.tab[move.source].title, move.row)
        for move in draft.moves.values()
    }
    return Changes(
        problems=tuple(
            problem
            for problem in heard.problems
            if (problem.tab, problem.row) not in moving
        ),
        contradicted=heard.contradicted,
    )


def _plan(draft: PlanDraft, decisions: NightDecisions) -> Plan:
    """Return everything that is decided, in order."""
    night = draft.night
    moves = _in_order(draft.moves, night)
    edits = _edits_in_order(draft)
    return Plan(
        night.snapshot.book.id,
        night.today,
        moves,
        edits,
        tuple(sorted(draft.problems, key=_place_of_problem)),
        _fingerprints(night, moves, edits),
        night.holds,
        offers=offers(draft),
        pending=decisions.pending(draft),
        removals=night.removals,
        sold=frozenset(
            row_id for row_id in night.sold if draft.outcomes.get(row_id) == ""
        ),
    )


def _in_order(moves: Mapping[int, Move], night: Night) -> tuple[Move, ...]:
    rank = _ranks(night)
    return tuple(
        sorted(moves.values(), key=lambda move: (rank[move.source], move.row))
    )


def _edits_in_order(draft: PlanDraft) -> tuple[Edit, ...]:
    rank = _ranks(draft.night)
    order = {
        field: place for place, field in enumerate(draft.night.policy.column)
    }
    return tuple(
        sorted(
            draft.edits,
            key=lambda edit: (rank[edit.section], edit.row, order[edit.field]),
        )
    )


def _ranks(night: Night) -> dict[str, tuple[int, str]]:
    """Return where each section comes in the order of the method."""
    return {
        section: night.policy.rank(section) for section in night.snapshot.tab
    }


SEVERITY_RANK = {severity: rank for rank, severity in enumerate(Severity)}


def _place_of_problem(
    problem: Problem,
) -> tuple[str, int, int, str, str, str]:
    return (
        problem.tab,
        problem.row,
        SEVERITY_RANK[problem.severity],
        problem.code,
        problem.column,
        problem.message,
    )


def _fingerprints(
    night: Night, moves: Sequence[Move], edits: Sequence[Edit]
) -> dict[tuple[str, int], str]:
    """Return what the rows that a plan touches rest on.

    The program's own columns touch none, but for ids.
    """
    snapshot = night.snapshot
    touched = {(move.source, move.row) for move in moves}
    touched |= {(row.section, row.row) for row in night.removals}
    touched.update(
        (edit.section, edit.row)
        for edit in edits
        if not edit.derived or edit.field == "id"
    )
    marks: dict[tuple[str, int], str] = {}
    for section, places in groupby(sorted(touched), key=itemgetter(0)):
        rows = [row for _, row in places]
        for row, mark in zip(
            rows, fingerprints(snapshot.tab[section], rows), strict=True
        ):
            marks[section, row] = mark
    return marks
