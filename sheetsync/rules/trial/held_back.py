"""The rules of a night under a trial: what they would move stays, and is said.

In a trial they move nothing. After it, what had gathered waits for the head's word, and everything
else moves as on any other night.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from sheetsync.rules.deadlines.clocks import aligned
from sheetsync.rules.draft.changes import Changes
from sheetsync.rules.draft.night import Night, RowPlace
from sheetsync.rules.draft.plan_draft import PlanDraft, Stage, merged, through
from sheetsync.rules.draft.trial import TrialPhase
from sheetsync.rules.trial.release import released_ids
from sheetsync.schema import Problem, Severity
from sheetsync.workbook.plan import Move
from sheetsync.workbook.trial_record import WouldMark, would_mark

WOULD_MOVE = "would_move"
"""The code of what is said of a row that a trial holds."""
WAITS = "waits_for_release"
"""The code of what is said of a row that waits for the head's word after a trial."""
CODES = (WOULD_MOVE, WAITS)


def ruled(draft: PlanDraft, rules: Sequence[Stage]) -> PlanDraft:
    """Ask the rules of the night, and hold where it is what a trial holds."""
    trial = draft.night.trial
    heard = through(draft, rules)
    if trial.phase is TrialPhase.NONE:
        return heard
    would = {
        index: move
        for index, move in heard.moves.items()
        if index not in draft.moves
    }
    if trial.holds_all:
        return _held(draft, heard, would)
    waiting = _waiting(draft.night, would)
    if not waiting:
        return heard
    settled = merged(draft, Changes(settled=waiting))
    # Asked anew without them, as a list that they would have left is as full as it was.
    others = through(settled, rules)
    held = {index: would[index] for index in sorted(waiting)}
    problems = tuple(_problem(draft.night, move) for move in held.values())
    return replace(
        merged(others, Changes(problems=problems)),
        would=held,
        settled=others.settled - waiting,
    )


def _held(
    draft: PlanDraft, heard: PlanDraft, would: Mapping[int, Move]
) -> PlanDraft:
    """Return the draft with all that the rules say and write, but for the rows that would move."""
    night = draft.night
    places = {(move.source, move.row) for move in would.values()}
    titles = {
        (night.snapshot.tab[section].title, row) for section, row in places
    }
    problems = [
        problem
        for problem in heard.problems[len(draft.problems) :]
        if (problem.tab, problem.row) not in titles
    ]
    problems += [_problem(night, move) for move in would.values()]
    written = {*draft.edits}
    edits = [
        edit
        for edit in heard.edits
        if edit not in written and (edit.section, edit.row) not in places
    ]
    said = Changes(
        edits=tuple(edits),
        problems=tuple(problems),
        contradicted=heard.contradicted,
    )
    return replace(merged(draft, said), would=would)


def _waiting(night: Night, would: Mapping[int, Move]) -> frozenset[int]:
    """Return the rows that had gathered in the trial, and that nobody has let go yet."""
    free = released_ids(night.snapshot, night.policy)
    cells = aligned(night.base, night.snapshot.state)["would"]
    waiting = set()
    for index, move in would.items():
        mark = would_mark(cells[index])
        if mark is None or move.id in free:
            continue
        if _still_waits(night, index, mark):
            waiting.add(index)
    return frozenset(waiting)


def _still_waits(night: Night, index: int, mark: WouldMark) -> bool:
    """Tell whether a row would move now for what it would have moved for in the trial."""
    record = night.trial.record
    if record is None or record.begins != mark.trial or mark.moved:
        return False
    if record.ended is None:
        return True
    due = night.base.at[index, "due"]
    was_due = pd.notna(due) and due < pd.Timestamp(record.ended)
    return bool(was_due or night.base.at[index, "state"] == mark.state)


def _problem(night: Night, move: Move) -> Problem:
    text = night.language.text
    section = night.policy.words.name("sections", move.target)
    code = WOULD_MOVE
    message = text(
        "Trial: it would move to “{section}” now ({reason}).",
        section=section,
        reason=move.reason,
    )
    if not night.trial.under_way:
        code = WAITS
        message = text(
            "After the trial it waits for the head's word, and then moves to “{section}” "
            "({reason}).",
            section=section,
            reason=move.reason,
        )
    place = RowPlace(move.source, move.row)
    return night.problem(code, Severity.NOTICE, place, "state", (message, ""))


def let_go(moves: Iterable[Move], free: Collection[str]) -> frozenset[str]:
    """Return the ids of those that move as the head has let them go."""
    return frozenset(move.id for move in moves if move.id in free)
