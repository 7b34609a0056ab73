"""What runs have done, out of the Journal, and how to take one back.

A line a run, or everything that was done to one company. Pure: it returns the changes that would
put things back, and says which it leaves alone because a person has been there since. Carrying
them out is an ordinary run's business.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import pandas as pd

from sheetsync.i18n import language
from sheetsync.method.policy import Policy
from sheetsync.rules.changes.journal_data import data_of
from sheetsync.rules.corrections.former_places import (
    FormerPlace,
    TabNow,
    former_place,
    places_now,
)
from sheetsync.rules.draft.after_changes import frame_value
from sheetsync.rules.draft.capacity import load
from sheetsync.rules.draft.night import Night
from sheetsync.values import Cell, fold
from sheetsync.workbook.immovable_ranges import array
from sheetsync.workbook.journal import JournalLine, LineKind
from sheetsync.workbook.plan import (
    Correction,
    Edit,
    Move,
    NewRow,
    Removal,
    RowBack,
    TakenBack,
)
from sheetsync.workbook.range_notes import RangeNote, note_of
from sheetsync.workbook.range_owners import NoteKind
from sheetsync.workbook.row_identity import identify
from sheetsync.workbook.snapshot import RowRecord, Snapshot, as_text

SEEN = (
    LineKind.NOTICED,
    LineKind.VANISHED,
    LineKind.SCORED,
    LineKind.SETTING,
    LineKind.RELEASED,
    LineKind.WOULD,
    LineKind.TRIAL,
)
"""What people did and a run has only seen: nothing that could be taken back."""


class Run(NamedTuple):
    """One run as the Journal tells it.

    `when` is a serial day with its time, in the book's zone; `moves`, `edits` and `noticed` are
    counts of its lines, `noticed` of what it has only seen.
    """

    run: str
    when: float
    moves: int
    edits: int
    noticed: int
    lines: tuple[JournalLine, ...]


def runs(journal: Sequence[JournalLine]) -> tuple[Run, ...]:
    """Gather the Journal's lines by run, the newest run first."""
    by_run: dict[str, list[JournalLine]] = {}
    for line in journal:
        # What was only counted belongs to no run: there is nothing in it to take back.
        if line.run:
            by_run.setdefault(line.run, []).append(line)
    return tuple(_run(name, lines) for name, lines in by_run.items())


def _run(name: str, lines: Sequence[JournalLine]) -> Run:
    kinds = [line.what for line in lines]
    return Run(
        run=name,
        when=lines[0].when,
        moves=kinds.count(LineKind.MOVED),
        edits=kinds.count(LineKind.EDITED),
        noticed=sum(map(kinds.count, SEEN)),
        lines=tuple(lines),
    )


def last_deed(known: Sequence[Run]) -> Run | None:
    """Return the newest run that did something, and not only saw what people did."""
    return next((run for run in known if len(run.lines) > run.noticed), None)


def of_company(
    journal: Sequence[JournalLine], wanted: str
) -> tuple[JournalLine, ...]:
    """Return the lines of companies whose name holds `wanted`, or whose id it is, in order."""
    row_id = wanted.strip()
    name = fold(wanted)
    return tuple(
        line for line in journal if line.id == row_id or _is_named(line, name)
    )


def _is_named(line: JournalLine, name: str) -> bool:
    return bool(name) and name in fold(line.company)


def notes_of(lines: Sequence[JournalLine]) -> tuple[RangeNote, ...]:
    """Return what a run noted of ranges, `lines` the newest first.

    Of what several parts of a night have changed, how it was before the first and after the last.
    """
    notes: dict[tuple[str, int, str, str], RangeNote] = {}
    for line in reversed(lines):
        data = data_of(line, "notes") or {}
        for item in data.get("notes") or ():
            note = note_of(item)
            if note is None:
                continue
            same = (note.kind, note.sheet_id, note.key, note.row_id)
            first = notes.get(same, note)
            notes[same] = note._replace(before=first.before)
    return tuple(notes.values())


class Reversal(NamedTuple):
    """How to take a run back: what is to be done, and what is left alone, in words."""

    correction: Correction
    left: tuple[str, ...]


def reverse(
    snapshot: Snapshot, policy: Policy, run: Run, today: date
) -> Reversal:
    """Work out how to take a run back, as far as nobody has changed its rows and cells since."""
    undoing = _Undoing(snapshot, policy, run)
    moves = undoing.moves_back()
    removals = undoing.removals_back()
    added = undoing.rows_back()
    edits = undoing.edits_back()
    # Rows that go back are held, so that no rule moves them again on the next night.
    until = today + timedelta(days=policy.time.hold_days)
    holds = {(move.id, until) for move in moves}
    holds |= {(row.id, until) for row in added}
    correction = Correction(
        tuple(moves),
        tuple(edits),
        tuple(sorted(holds)),
        tuple(removals),
        tuple(added),
        undoing.places_back(moves),
        undoing.taken_back(),
    )
    return Reversal(
        correction, (*undoing.left, *undoing.overfull(moves, today))
    )


class _Undoing:
    """One run as it is taken back; finds each of its rows as it stands now.

    `left`: in words, what is left alone.
    """

    def __init__(self, snapshot: Snapshot, policy: Policy, run: Run) -> None:
        self.snapshot = snapshot
        self.policy = policy
        self.run = run
        self.language = language(policy.words.language)
        self.text = self.language.text
        base = snapshot.base
        # An ID counts only while the content agrees: a sort may leave another's beside the row.
        self.base = base.assign(id=identify(base, snapshot.state).ids)
        self.rows: dict[str, RowRecord] = {
            str(row["id"]): row for row in self.base.to_dict("records")
        }
        self.moved = [line for line in run.lines if line.what == LineKind.MOVED]
        self.left: list[str] = []

    def moves_back(self) -> list[Move]:
        """Return the moves of the rows that are where the run had put them."""
        moves = []
        for line in self.moved:
            obstacle = self._obstacle_to_move(line)
            if obstacle is None:
                moves.append(self._move_back(line))
            else:
                self._leave(line, obstacle)
        return moves

    def places_back(self, moves: Sequence[Move]) -> tuple[RowBack, ...]:
        """Return where the rows that go back stood, as far as the Journal tells it."""
        going = {move.id for move in moves}
        moved: dict[str, dict[str, FormerPlace]] = {}
        for line in self.moved:
            former = former_place(line)
            if former is not None:
                moved.setdefault(line.before, {})[line.id] = former
        places: list[RowBack] = []
        for section, formers in moved.items():
            if section not in self.snapshot.tab:
                continue
            going_back = [
                former for former in formers.values() if former.id in going
            ]
            found = places_now(self._tab_now(section), going_back, formers)
            places += found.rows
            self._say_unsure(section, found.unsure)
        return tuple(places)

    def taken_back(self) -> TakenBack:
        """Return what the run's ranges were, and where its rows had stood."""
        rows = []
        for line in self.moved:
            former = former_place(line)
            if former is not None:
                rows.append((line.before, line.id, former.row))
        notes = notes_of(self._lines_of(LineKind.RANGES))
        emptied = [
            *self._emptied(
                note for note in notes if note.kind == NoteKind.EMPTIED
            )
        ]
        ranges = [note for note in notes if note.kind != NoteKind.EMPTIED]
        return TakenBack(tuple(ranges), tuple(rows), tuple(emptied))

    def _emptied(self, notes: Iterable[RangeNote]) -> Iterator[tuple[str, int]]:
        """Go through the rows that the run left behind empty, and that still are."""
        sections = {
            tab.grid.sheet_id: tab.section for tab in self.snapshot.tabs
        }
        clients = self.snapshot.index_by_place
        for note in notes:
            section = sections.get(note.sheet_id)
            if section is None or not note.key.isdecimal():
                continue
            tab = self.snapshot.tab[section]
            row = int(note.key)
            # Clients that have come since stand above it.
            while (section, row) in clients:
                row += 1
            cells = (tab.grid.cells[row - 1 : row] or [()])[0]
            is_empty = all(cell in (None, "") for cell in cells)
            if is_empty and tab.header + 1 < row <= tab.grid.row_count:
                yield section, row

    def _tab_now(self, section: str) -> TabNow:
        """Return the clients of a tab as they stand now."""
        rows = self.base[self.base["section"] == section]
        numbers = dict(
            zip(map(str, rows["id"]), map(int, rows["row"]), strict=True)
        )
        tab = self.snapshot.tab[section]
        return TabNow(
            numbers,
            tab.header + 1,
            len(tab.grid.cells),
            self._left_empty(section),
        )

    def _left_empty(self, section: str) -> frozenset[int]:
        """Return the rows of a tab that the run left behind empty."""
        notes = notes_of(self._lines_of(LineKind.RANGES))
        emptied = self._emptied(
            note for note in notes if note.kind == NoteKind.EMPTIED
        )
        return frozenset(row for there, row in emptied if there == section)

    def _say_unsure(self, section: str, ids: Sequence[str]) -> None:
        """Say of how many rows it cannot be told for certain where they stood."""
        if ids:
            self.left.append(
                self.language.plural(
                    "“{tab}”: {n} row comes back where it may not have stood: the rows "
                    "around it have changed.",
                    "“{tab}”: {n} rows come back where they may not have stood: the rows "
                    "around them have changed.",
                    len(ids),
                    tab=self.snapshot.tab[section].title,
                )
            )

    def _lines_of(self, *kinds: LineKind) -> list[JournalLine]:
        return [line for line in self.run.lines if line.what in kinds]

    def rows_back(self) -> list[NewRow]:
        """Return the rows that the run took out of the base, as they stood."""
        rows = []
        for line in self._lines_of(LineKind.JOINED, LineKind.REMOVED):
            data = data_of(line, "section", "cells", "others")
            if line.id in self.rows:
                self._leave(line, self.text("stands in the base again."))
            elif data is None or data["section"] not in self.snapshot.tab:
                self._leave(line, self.text("the tab it came from is gone."))
            else:
                cells = tuple(data["cells"].items())
                others = tuple(data["others"].items())
                rows.append(
                    NewRow(
                        line.id,
                        line.company,
                        line.manager,
                        data["section"],
                        cells,
                        others,
                    )
                )
        return rows

    def removals_back(self) -> list[Removal]:
        """Return the rows that the run brought in and nobody has touched since."""
        removals = []
        for line in self._lines_of(LineKind.IMPORTED):
            row = self.rows.get(line.id)
            if row is None:
                self._leave(
                    line, self.text("the row is no longer in the base.")
                )
            elif self._was_touched(line, row):
                self._leave(
                    line, self.text("has been worked on since, and stays.")
                )
            else:
                removals.append(self._removal(line, row))
        return removals

    def _was_touched(self, line: JournalLine, row: RowRecord) -> bool:
        """Tell whether a row that was brought in is not any more as it came."""
        data = data_of(line, "section", "cells") or {}
        if row["section"] != data.get("section"):
            return True
        tab = self.snapshot.tab[row["section"]]
        came = data.get("cells", {})
        for name in tab.fields:
            column = self.policy.column[name]
            cell = self._cell(row, name)
            held = None if cell == "" else cell
            if column.owner == "team" and held != came.get(name):
                # The first night may have written it otherwise, never as another value.
                readings = [
                    frame_value(name, each, self.policy)
                    for each in (held, came.get(name))
                ]
                if str(readings[0]) != str(readings[1]):
                    return True
        return False

    def _removal(self, line: JournalLine, row: RowRecord) -> Removal:
        data = data_of(line, "cells", "others") or {}
        return Removal(
            line.id,
            as_text(row["company"]),
            as_text(row["manager"]),
            row["section"],
            int(row["row"]),
            why=self._why(),
            cells=tuple(data["cells"].items()),
            others=tuple(data["others"].items()),
        )

    def edits_back(self) -> list[Edit]:
        """Return the edits of the cells that hold what the run had written.

        A row that cannot go back keeps its cells too.
        """
        stuck = {line.id for line in self.moved if self._is_stuck(line)}
        # A row that came with the run goes with all its cells, or stays with them.
        stuck |= {line.id for line in self._lines_of(LineKind.IMPORTED)}
        edits: list[Edit] = []
        for line in self.run.lines:
            if line.what == LineKind.EDITED and line.id not in stuck:
                edits += self._edit_back(line)
        return edits

    def _leave(self, line: JournalLine, why: str) -> None:
        self.left.append(f"{line.company or line.id}: {why}")

    def _obstacle_to_move(self, line: JournalLine) -> str | None:
        """Say why a row stays where it is; None where it may go back."""
        row = self.rows.get(line.id)
        if row is None:
            return self.text("the row is no longer in the base.")
        if row["section"] != line.after:
            return self.text("has been moved on since, and stays where it is.")
        if line.before not in self.snapshot.tab:
            return self.text("the tab it came from is gone.")
        return array(self.language).message if self._is_stuck(line) else None

    def _is_stuck(self, line: JournalLine) -> bool:
        """Tell whether a row is known not to be movable."""
        row = self.rows.get(line.id)
        return (
            row is not None
            and (row["section"], int(row["row"])) in self.snapshot.stuck
        )

    def _move_back(self, line: JournalLine) -> Move:
        row = self.rows[line.id]
        return Move(
            id=line.id,
            company=as_text(row["company"]),
            manager=as_text(row["manager"]),
            source=line.after,
            target=line.before,
            row=int(row["row"]),
            rule="undo",
            reason=self._why(),
        )

    def _why(self) -> str:
        return self.text("undo of run {run}", run=self.run.run)

    def _edit_back(self, line: JournalLine) -> Iterator[Edit]:
        """Go through the edit that gives a cell back, if it may be; say so where it may not."""
        data = data_of(line, "field", "before", "after") or {}
        row = self.rows.get(line.id)
        # Of a row that had moved, its absence is told with the move.
        if row is None and line.id not in {moved.id for moved in self.moved}:
            self._leave(line, self.text("the row is no longer in the base."))
        if row is None or data.get("field") not in self.policy.column:
            return
        if data.get("cut"):
            self._leave(line, self._too_long(data["field"]))
            return
        cell = self._cell(row, data["field"])
        obstacle = self._obstacle_to_edit(
            row, data["field"], cell, data["after"]
        )
        if obstacle is not None:
            self._leave(line, obstacle)
            return
        yield Edit(
            section=row["section"],
            row=int(row["row"]),
            id=line.id,
            field=data["field"],
            before=cell,
            after=data["before"],
            why=self._why(),
            derived=False,
            # Marked as a repair too: the next one is to see that somebody has taken it back.
            repair=bool(data.get("repair")),
        )

    def _too_long(self, name: str) -> str:
        """Say that a cell's text was longer than the Journal could keep."""
        return self.text(
            "“{heading}” held a longer text than the Journal can keep, and stays; "
            "the version history of the spreadsheet has it.",
            heading=self.policy.words.name("columns", name),
        )

    def _cell(self, row: RowRecord, name: str) -> Cell:
        """Return what a row's cell holds now; None where its tab has no such column."""
        tab = self.snapshot.tab[row["section"]]
        column = tab.fields.get(name)
        return (
            None
            if column is None
            else tab.grid.cell(int(row["row"]) - 1, column)
        )

    def _obstacle_to_edit(
        self, row: RowRecord, name: str, cell: Cell, written: Cell
    ) -> str | None:
        """Say why a cell stays as it is; None where it may be given back. `written`: by the run."""
        if (row["section"], int(row["row"]), name) in self.snapshot.stuck:
            heading = self.snapshot.tab[row["section"]].heading(
                name, self.policy
            )
            return self.text(
                "“{heading}” is a formula, and stays.", heading=heading
            )
        if (None if cell == "" else cell) != written:
            heading = self.policy.words.name("columns", name)
            return self.text(
                "“{heading}” has been edited since, and stays.", heading=heading
            )
        return None

    def overfull(self, moves: Sequence[Move], today: date) -> Iterator[str]:
        """Say whose working list the rows brought back will overfill: an undo may."""
        base = Night(self.snapshot, self.policy, today, self.language).base
        before = load(base, self.policy)
        after = load(_with_moves(base, moves), self.policy)
        for manager, count in sorted(after.items()):
            limit = self.policy.limit(manager, today)
            # A list that people have overfilled is reported anyway: this is of what the undo adds.
            if count > limit and count > before[manager]:
                yield self.text(
                    "{manager}: {n} companies in the working list, the limit is {max}.",
                    manager=manager,
                    n=count,
                    max=limit,
                )


def _with_moves(base: pd.DataFrame, moves: Sequence[Move]) -> pd.DataFrame:
    """Return a base with rows in the sections that they go to."""
    targets = {move.id: move.target for move in moves}
    sections = base["id"].astype(str).map(targets)
    return base.assign(
        section=sections.where(sections.notna(), base["section"])
    )
