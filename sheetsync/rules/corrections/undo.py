"""What runs have done, out of the Journal: a line a run, or everything that was done to one company; and undoing one.

Pure: it returns the changes that would put things back, and says which it leaves alone because a person has been there
since. Carrying them out is an ordinary run's business.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

import pandas as pd

from sheetsync.i18n import language
from sheetsync.method.policy import Policy
from sheetsync.rules.draft.capacity import load
from sheetsync.values import Cell, fold
from sheetsync.workbook.immovable_ranges import array
from sheetsync.workbook.journal import JournalLine, LineKind
from sheetsync.workbook.plan import Correction, Edit, Move
from sheetsync.workbook.row_identity import identify
from sheetsync.workbook.snapshot import Snapshot

SEEN = (LineKind.NOTICED, LineKind.VANISHED, LineKind.SCORED)
"""What people did and a run has only seen: nothing that could be taken back."""


class Run(NamedTuple):
    """One run as the Journal tells it. `when` is a serial day with its time, in the book's zone; `noticed`: what it has seen."""

    run: str
    when: float
    moves: int
    edits: int
    noticed: int
    lines: tuple[JournalLine, ...]


def runs(journal: Sequence[JournalLine]) -> tuple[Run, ...]:
    """Gather the Journal's lines by run, the newest run first; what was only counted belongs to none."""
    by_run: dict[str, list[JournalLine]] = {}
    for line in journal:
        if line.run:
            by_run.setdefault(line.run, []).append(line)
    return tuple(
        Run(
            run,
            lines[0].when,
            sum(line.what == "moved" for line in lines),
            sum(line.what == "edited" for line in lines),
            sum(line.what in SEEN for line in lines),
            tuple(lines),
        )
        for run, lines in by_run.items()
    )


def last_deed(known: Sequence[Run]) -> Run | None:
    """Return the newest run that did something; one that has only seen what people did is none."""
    return next((run for run in known if any(line.what not in SEEN for line in run.lines)), None)


def of_company(journal: Sequence[JournalLine], wanted: str) -> tuple[JournalLine, ...]:
    """Return the lines of companies whose name holds `wanted`, or whose id it is; the newest first."""
    key = fold(wanted)
    return tuple(
        line for line in journal if line.id == wanted.strip() or (key and key in fold(line.company))
    )


class Reversal(NamedTuple):
    """How to take a run back: what is to be done, and what is left alone, in words."""

    correction: Correction
    left: tuple[str, ...]


def reverse(snapshot: Snapshot, policy: Policy, run: Run, today: date) -> Reversal:
    """Work out how to take a run back, row by row and cell by cell, as far as nobody has changed them since."""
    undoing = _Undoing(snapshot, policy, run)
    moves = [
        move
        for line in run.lines
        if line.what == "moved" and (move := undoing.move(line)) is not None
    ]
    stuck = {line.id for line in run.lines if line.what == "moved" and undoing.stuck(line)}
    told = [line for line in run.lines if line.what == "edited" and line.id not in stuck]
    edits = [edit for line in told if (edit := undoing.edit(line)) is not None]
    until = today + timedelta(days=policy.time.hold_days)
    holds = tuple(sorted({(move.id, until) for move in moves}))
    full = undoing.overfull(moves, today)
    return Reversal(Correction(tuple(moves), tuple(edits), holds), (*undoing.left, *full))


class _Undoing:
    """Finds each row of a run as it stands now."""

    def __init__(self, snapshot: Snapshot, policy: Policy, run: Run) -> None:
        self.snapshot, self.policy, self.run = snapshot, policy, run
        self.text = language(policy.words.language).text
        base = snapshot.base
        self.base = base.assign(id=identify(base, snapshot.state).ids)
        self.rows: dict[str, dict[str, Any]] = {
            str(record["id"]): record for record in self.base.to_dict("records")
        }
        self.left: list[str] = []

    def _leave(self, line: JournalLine, why: str) -> None:
        self.left.append(f"{line.company or line.id}: {why}")

    def move(self, line: JournalLine) -> Move | None:
        """Return the move back; None, and a word, where the row is not where the run had put it."""
        row = self.rows.get(line.id)
        source, target = line.after, line.before
        if row is None:
            self._leave(line, self.text("the row is no longer in the base."))
        elif row["section"] != source:
            self._leave(line, self.text("has been moved on since, and stays where it is."))
        elif target not in self.snapshot.tab:
            self._leave(line, self.text("the tab it came from is gone."))
        elif self.stuck(line):
            self._leave(line, array(language(self.policy.words.language)).message)
        else:
            company, manager = (
                "" if pd.isna(row[name]) else str(row[name]) for name in ("company", "manager")
            )
            why = self.text("undo of run {run}", run=self.run.run)
            return Move(line.id, company, manager, source, target, int(row["row"]), "undo", why)
        return None

    def stuck(self, line: JournalLine) -> bool:
        """Tell whether a row is known not to be movable."""
        row = self.rows.get(line.id)
        return row is not None and (row["section"], int(row["row"])) in self.snapshot.stuck

    def edit(self, line: JournalLine) -> Edit | None:
        """Return the edit back; None, and a word, where the cell does not hold what the run had written."""
        data = _data(line)
        row = self.rows.get(line.id)
        if row is None or data.get("field") not in self.policy.column:
            if row is None and not any(
                other.id == line.id and other.what == "moved" for other in self.run.lines
            ):
                self._leave(line, self.text("the row is no longer in the base."))
            return None
        name, tab = str(data["field"]), self.snapshot.tab[row["section"]]
        if (row["section"], int(row["row"]), name) in self.snapshot.stuck:
            self._leave(
                line,
                self.text(
                    "“{heading}” is a formula, and stays.", heading=tab.heading(name, self.policy)
                ),
            )
            return None
        now = tab.grid.cell(int(row["row"]) - 1, tab.fields[name]) if name in tab.fields else None
        if (None if now == "" else now) != data["after"]:
            heading = self.policy.words.name("columns", name)
            self._leave(
                line, self.text("“{heading}” has been edited since, and stays.", heading=heading)
            )
            return None
        before: Cell = data["before"]
        why = self.text("undo of run {run}", run=self.run.run)
        repair = bool(data.get("repair"))
        return Edit(
            row["section"],
            int(row["row"]),
            line.id,
            name,
            now,
            before,
            why,
            derived=False,
            repair=repair,
        )

    def overfull(self, moves: Sequence[Move], today: date) -> Iterator[str]:
        """Say whose working list the rows brought back will overfill: an undo may."""
        back = {move.id: move.target for move in moves}
        where = [
            back.get(str(i), section)
            for i, section in zip(self.base["id"], self.base["section"], strict=True)
        ]
        after = self.base.assign(section=pd.Series(where, index=self.base.index, dtype=object))
        before = load(self.base, self.policy)
        for manager, count in sorted(load(after, self.policy).items()):
            limit = self.policy.limit(manager, today)
            if count > limit and count > before[manager]:
                yield self.text(
                    "{manager}: {n} companies in the working list, the limit is {max}.",
                    manager=manager,
                    n=count,
                    max=limit,
                )


def _data(line: JournalLine) -> dict[str, Any]:
    try:
        found = json.loads(line.data)
    except ValueError:
        return {}
    return found if isinstance(found, dict) and {"field", "before", "after"} <= found.keys() else {}
