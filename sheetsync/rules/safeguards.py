"""The limits of safety: what a plan, or a base that has changed too much, waits for a person with.

Pure. The plan is the enforcer's; waiting, and telling people, the services'.
"""

from collections.abc import Iterator
from itertools import chain

from sheetsync.i18n import language
from sheetsync.method.policy import Policy
from sheetsync.method.terms import MIXED, kind_of
from sheetsync.workbook.plan import Plan
from sheetsync.workbook.snapshot import Snapshot


def tripped(snapshot: Snapshot, plan: Plan, policy: Policy) -> tuple[str, ...]:
    """Name the limits of safety that a plan breaks, in words; empty where it may go ahead."""
    limits = _Limits(snapshot, plan, policy)
    return tuple(
        chain(
            limits.too_many_moves(),
            limits.too_many_vanished(),
            limits.tabs_unread(),
            limits.tabs_lost(),
            limits.columns_gone(),
            limits.ids_overwritten(),
        )
    )


class _Limits:
    """What a plan, and the base that it was made of, are measured by."""

    def __init__(self, snapshot: Snapshot, plan: Plan, policy: Policy) -> None:
        self.snapshot = snapshot
        self.plan = plan
        self.policy = policy
        self.state = snapshot.state
        self.safety = policy.safety
        self.text = language(policy.words.language).text
        self.rows = len(snapshot.base)

    def too_many_moves(self) -> Iterator[str]:
        """Say that more rows would move than may in one night."""
        moves = len(self.plan.moves)
        share = self.safety.max_moved_share
        # In a small base, a few ordinary moves are a large share already.
        enough = self.rows >= self.safety.min_rows_for_shares
        too_large_share = enough and moves > self.rows * share
        if too_large_share or moves > self.safety.max_moved_rows:
            yield self.text(
                "{n} of {rows} rows would move; the limit is {share}%.",
                n=moves,
                rows=self.rows,
                share=round(share * 100),
            )

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
