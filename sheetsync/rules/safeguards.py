"""The limits of safety: what a plan, or a base that has changed too much, waits for a person with.

Pure. The plan is the enforcer's; waiting, and telling people, the services'.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple

from sheetsync.i18n import Language, language
from sheetsync.method.policy import Policy
from sheetsync.method.terms import MIXED, kind_of
from sheetsync.rules.draft.night import Night
from sheetsync.rules.trial.release import most_of_one_night
from sheetsync.values import EPOCH
from sheetsync.workbook.answers import RELEASE, line_key
from sheetsync.workbook.plan import Move, Plan
from sheetsync.workbook.snapshot import Snapshot, as_date, own_titles

WOULD_MOVE = "would"
"""The beginning of the keys of lines that name what a stopped run would move."""
MOST_LISTED = 2000
"""Rows that a stop lists at most: of more than these none is released but by `--force`."""


class Stop(NamedTuple):
    """A stop that the head may release on the summary: why, what would move, whether it is ticked.

    `alarms` are in words.
    """

    alarms: tuple[str, ...]
    moves: tuple[Move, ...]
    released: bool


def tripped(snapshot: Snapshot, plan: Plan, policy: Policy) -> tuple[str, ...]:
    """Name the limits of safety that a plan breaks, in words; empty where it may go ahead.

    Moves that the head has released on the summary do not count.
    """
    limits = _Limits(snapshot, plan, policy)
    moves = unreleased(snapshot, plan, policy)
    return (*limits.too_many_moves(moves), *limits.others())


def stop_of(snapshot: Snapshot, plan: Plan, policy: Policy) -> Stop | None:
    """Return the stop of a plan that moves too much, with what it would move; None for no such.

    Where anything else is amiss, what would move may be read wrongly, and nobody can release it.
    """
    # A first run waits for a person whatever it moves.
    if snapshot.first_run:
        return None
    limits = _Limits(snapshot, plan, policy)
    alarms = tuple(limits.too_many_moves(plan.moves))
    if not alarms or any(limits.others()) or len(plan.moves) > MOST_LISTED:
        return None
    rest = unreleased(snapshot, plan, policy)
    return Stop(alarms, plan.moves, not any(limits.too_many_moves(rest)))


def stop_notice(stop: Stop, language: Language) -> str:
    """Say why a run has stopped, and what a person can do."""
    text = language.text
    why = " ".join((text("Stopped for safety:"), *stop.alarms))
    return f"{why} {how_to_go_on(language)}"


def how_to_go_on(language: Language) -> str:
    """Say what releases a stop for safety."""
    return language.text(
        "Look at the base and the plan; `run --force` goes ahead, as does the box on the summary."
    )


def key_of_move(move: Move) -> str:
    """Return the key of the line that says that a row would move."""
    return f"{WOULD_MOVE}:{move.target}:{move.id}"


def unreleased(
    snapshot: Snapshot, plan: Plan, policy: Policy
) -> tuple[Move, ...]:
    """Return the moves of a plan that nobody has released: all of them without a tick."""
    ticked = any(
        answer.line == RELEASE and answer.yes for answer in snapshot.decisions
    )
    summary = snapshot.book.titled(*own_titles(policy, "summary"))
    if not ticked or summary is None:
        return plan.moves
    listed = {line_key(row[0]) for row in summary.cells if row}
    return tuple(move for move in plan.moves if key_of_move(move) not in listed)


class _Limits:
    """What a plan, and the base that it was made of, are measured by."""

    def __init__(self, snapshot: Snapshot, plan: Plan, policy: Policy) -> None:
        self.snapshot = snapshot
        self.plan = plan
        self.policy = policy
        self.state = snapshot.state
        self.safety = policy.safety
        self.language = language(policy.words.language)
        self.text = self.language.text
        self.rows = len(snapshot.base)

    def others(self) -> Iterator[str]:
        """Go through the limits that speak of what was read, and not of what would move."""
        yield from self.too_many_vanished()
        yield from self.tabs_unread()
        yield from self.tabs_lost()
        yield from self.columns_gone()
        yield from self.ids_overwritten()

    def too_many_moves(self, moves: Sequence[Move]) -> Iterator[str]:
        """Say that more rows would move than may in one night.

        What the head has let go after a trial does not count: it was read before it was ticked.
        """
        moves = [move for move in moves if move.id not in self.plan.released]
        if len(moves) <= self._allowed:
            return
        # What came due over a pause would have moved on as many nights, and is no accident.
        at_once = self._most_of_one_night(moves)
        if at_once > self._allowed:
            yield self.text(
                "{n} of {rows} rows would move; up to {limit} may in one night.",
                n=at_once,
                rows=self.rows,
                limit=self._allowed,
            )

    @cached_property
    def _allowed(self) -> int:
        """How many rows may move in one night: a share and a number, whichever is more."""
        safety = self.safety
        most = safety.max_moved_rows
        # In a base as small as this, a few ordinary moves are a large share already.
        if self.rows < safety.min_rows_for_shares:
            return most
        return most_of_one_night(self.rows, safety)

    def _most_of_one_night(self, moves: Sequence[Move]) -> int:
        """Count the moves of the night of which there are most, had every night been run."""
        due = self._due_days(moves)
        nights = Counter(due[move.source, move.row] for move in moves)
        return max(nights.values())

    def _due_days(
        self, moves: Sequence[Move]
    ) -> dict[tuple[str, int], date | None]:
        """Return since when each move has been due, None for tonight.

        A deadline that was over before the last run has come tonight: it is another than it was.
        """
        by_time = {rule.name for rule in self.policy.on_expiry}
        since = self._last_run
        today = self.plan.today
        nights: dict[tuple[str, int], date | None] = {
            (move.source, move.row): None for move in moves
        }
        timed = [move for move in moves if move.rule in by_time]
        if since is None or not timed:
            return nights
        night = Night(self.snapshot, self.policy, today, self.language)
        due = night.base["due"]
        for move in timed:
            label = self.snapshot.locate(move.source, move.row)
            day = as_date(due[label])
            if day is not None and since <= day < today - timedelta(days=1):
                nights[move.source, move.row] = day
        return nights

    @property
    def _last_run(self) -> date | None:
        """The day of the newest line of the Journal, None where there is none."""
        moments = [line.when for line in self.snapshot.journal[:1]]
        if not moments or not moments[0]:
            return None
        return EPOCH + timedelta(days=int(moments[0]))

    def too_many_vanished(self) -> Iterator[str]:
        """Say that more rows of the last run are gone than people delete in a day."""
        known = len(self.state)
        if not known or known < self.safety.min_rows_for_shares:
            return
        # Of the rows of a tab that cannot be read, nothing is known.
        readable = self.state[
            ~self.state["section"].isin([*self.snapshot.unread])
        ]
        missed_before = readable["gone_on"].notna()
        stands = readable.index.isin(plan_ids(self.snapshot, self.plan))
        gone = int((~missed_before & ~stands).sum())
        if gone > known * self.safety.max_vanished_share:
            yield self.text(
                "{n} of {rows} rows that the last run knew are gone.",
                n=gone,
                rows=known,
            )

    def tabs_unread(self) -> Iterator[str]:
        """Name the tabs that are there and cannot be read, unless they are to be left alone."""
        lost = self._lost_sections()
        for section, title in self.snapshot.unread.items():
            if section not in lost and title not in self._left_alone():
                yield self.text(
                    "The tab “{tab}” is not read any more; `sheetsync check` says why.",
                    tab=title,
                )

    def tabs_lost(self) -> Iterator[str]:
        """Name the sections whose tab the last run read and this one does not find."""
        for section in self._lost_sections():
            if section in self.policy.section or kind_of(section) == MIXED:
                yield self.text(
                    "The tab of the section “{section}” is gone or unreadable.",
                    section=self.policy.words.name("sections", section),
                )

    def _lost_sections(self) -> list[str]:
        """Return the sections that had rows and have no tab now, each once."""
        if not len(self.state):
            return []
        # Once a run was let through, the rows of a lost tab are remembered as gone: it waits once.
        sections = self.state.loc[
            self.state["gone_on"].isna(), "section"
        ].dropna()
        alone = self._left_alone()
        unread = self.snapshot.unread
        return [
            section
            for section in dict.fromkeys(sections)
            if section not in self.snapshot.tab
            and unread.get(section) not in alone
        ]

    def _left_alone(self) -> set[str]:
        """Return the tabs that the team wants left alone, by title."""
        return {
            tab.title for tab in self.policy.mapped.tabs if tab.section is None
        }

    def columns_gone(self) -> Iterator[str]:
        """Name the columns that the last run read and this one does not find."""
        for title, missing in self.snapshot.missing:
            message = self._column_gone(missing.before, title)
            fix = self.text(
                "Put it back, or give it its heading again. "
                "If it is not needed any more: `run --force`."
            )
            yield f"{message} {fix}"
        # A book whose layout is not remembered yet: what its rows held tells of the columns.
        if not self.snapshot.book.layout.tabs:
            yield from self._fields_gone()

    def _fields_gone(self) -> Iterator[str]:
        state = self.state
        for tab in self.snapshot.tabs:
            known = state[
                (state["section"] == tab.section) & state["gone_on"].isna()
            ]
            for field in ("company", "state"):
                if field not in tab.fields and known[field].notna().any():
                    heading = self.policy.words.name("columns", field)
                    yield self._column_gone(heading, tab.title)

    def _column_gone(self, heading: str, title: str) -> str:
        return self.text(
            "The column “{heading}” of “{tab}” is gone.",
            heading=heading,
            tab=title,
        )

    def ids_overwritten(self) -> Iterator[str]:
        """Say that too many rows bear IDs that are not theirs.

        Somebody has written over the program's column.
        """
        if not len(self.state) or self.rows < self.safety.min_rows_for_shares:
            return
        wrong = 0
        for edit in self.plan.edits:
            # A row without an ID is a new one: nobody has written over anything.
            if edit.field == "id" and edit.before is not None:
                wrong += 1
        if wrong > self.rows * self.safety.max_vanished_share:
            yield self.text(
                "{n} of {rows} rows bear an ID that is not theirs.",
                n=wrong,
                rows=self.rows,
            )


def plan_ids(snapshot: Snapshot, plan: Plan) -> list[str]:
    """Return the id of every row of the base as of after the plan."""
    ids = [str(row_id) for row_id in snapshot.base["id"]]
    for edit in plan.edits:
        if edit.field == "id":
            ids[snapshot.locate(edit.section, edit.row)] = str(edit.after)
    return ids
