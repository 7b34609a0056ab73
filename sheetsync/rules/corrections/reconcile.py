"""What to put back after a write that went wrong: the owner of a spreadsheet can type through any lock.

An owner's row inserted or sorted in that second shifts what stands at an index, and a batch moves whatever stands there: the
wrong client may have moved, none can be lost. Pure: given what was to move and what moved, it returns the changes that put the
strangers back, or says which rows need a person, where it cannot be certain.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import pandas as pd

from sheetsync.i18n import Language
from sheetsync.rules.draft.projection import Projection
from sheetsync.values import Cell
from sheetsync.workbook.plan import Correction, Edit, Move
from sheetsync.workbook.row_identity import identify
from sheetsync.workbook.snapshot import Snapshot, Tab


class MisdirectedRow(NamedTuple):
    """A row that moved in another's stead: the move that was meant, and what tells the row that it hit.

    `place`: its tab and row as people see them; `row`: the sheet's number. `blurred`: the move wrote notes or formulas, over
    what nobody remembers. `written`: all that it wrote, by column.
    """

    meant: Move
    telling: tuple[tuple[str, Cell], ...]
    place: str
    blurred: bool
    row: int
    written: Mapping[int, Cell]

    @property
    def name(self) -> str:
        """What the row says of itself; "" for an empty one."""
        return ", ".join(str(cell) for _, cell in self.telling if cell not in (None, ""))


class Overwritten(NamedTuple):
    """A cell that held something else than was read when it was written over.

    Whose it was meant to be, what somebody had `typed` there, and what stands there `after` the write.
    """

    id: str
    field: str
    typed: Cell
    after: Cell


class Mending(NamedTuple):
    """What puts things back, who was hit in words, and what a person must look at. `given`: whose cells were given back.

    `snapshot` is the base without its blank rows, and with what is to be remembered of it: the rows that were to move and did
    not go on as before.
    """

    correction: Correction
    snapshot: Snapshot
    hit: tuple[str, ...]
    unclear: tuple[str, ...]
    given: tuple[str, ...] = ()


def mend(
    before: Projection,
    strangers: Sequence[MisdirectedRow],
    now: Snapshot,
    language: Language,
    blanks: Collection[tuple[str, int]] = (),
    cells: Sequence[Overwritten] = (),
) -> Mending:
    """Work out how to put back rows that moved in another's stead.

    `before`: the picture in which the plan was made; `now`: the base as it was read after the write. `blanks`: rows that are
    certain to be empty, and are deleted. `cells`: what was written over unseen.
    """
    bare = tuple(
        _without(tab, {row for section, row in blanks if section == tab.section})
        for tab in now.tabs
    )
    mending = _Mending(before, replace(now, tabs=bare), language)
    for stranger in strangers:
        if (stranger.meant.target, stranger.row) in blanks:
            mending.hit.append(mending.text("an empty row, deleted again"))
        else:
            mending.put_back(stranger)
    mending.give_back(cells, {stranger.meant.id for stranger in strangers})
    chosen = Correction(tuple(mending.moves), tuple(mending.edits))
    snapshot = replace(
        mending.now, state=mending.state(), noticing=False
    )  # what differs is the write's own doing
    return Mending(
        chosen, snapshot, tuple(mending.hit), tuple(mending.unclear), tuple(mending.given)
    )


def _without(tab: Tab, rows: Collection[int]) -> Tab:
    """Return a tab as if these rows were not there."""
    return (
        replace(tab, frame=tab.frame[~tab.frame["row"].isin(rows)].reset_index(drop=True))
        if rows
        else tab
    )


class _Mending:
    def __init__(self, before: Projection, now: Snapshot, language: Language) -> None:
        self.before, self.now, self.text = before, now, language.text
        base = now.base.assign(id=identify(now.base, now.state).ids)
        self.rows: dict[str, dict[str, Any]] = {
            str(record["id"]): record for record in base.to_dict("records")
        }
        self.meant = {move.id: move for move in before.plan.moves}
        self.moves: list[Move] = []
        self.edits: list[Edit] = []
        self.hit: list[str] = []
        self.unclear: list[str] = []
        self.given: list[str] = []
        self.spoken_for: set[str] = set()

    def put_back(self, stranger: MisdirectedRow) -> None:
        """Add what puts one stranger back; say so where that is not certain."""
        meant = self.rows.get(stranger.meant.id)
        if not stranger.name and meant is not None and meant["section"] == stranger.meant.target:
            return  # the answer told less than there is: the row has come to where it belongs
        if not stranger.name:
            self.hit.append(
                self.text("an empty row, now at {place}; delete it", place=stranger.place)
            )
            return
        old = self._who(stranger)
        row = self.rows.get(old[0]) if old else None
        if old is None or row is None or stranger.blurred:
            self.unclear.append(
                self.text(
                    "“{row}” may have moved in place of “{company}”",
                    row=stranger.name,
                    company=stranger.meant.company,
                )
            )
            return
        row_id, section, number = old
        own = self.meant.get(row_id)
        if own is None and row["section"] == stranger.meant.target != section:
            why = self.text("put back: it had moved by mistake while somebody edited the base")
            company, manager = (
                "" if pd.isna(row[key]) else str(row[key]) for key in ("company", "manager")
            )
            self.moves.append(
                Move(
                    row_id, company, manager, row["section"], section, int(row["row"]), "mend", why
                )
            )
        if own is None or own.target != stranger.meant.target:
            self.hit.append(stranger.name)
        self._cells(stranger, (row_id, section, number), row)

    def give_back(self, cells: Sequence[Overwritten], strange: Collection[str]) -> None:
        """Give back what somebody typed in that second into cells that were written over, wherever they stand now.

        `strange`: ids of rows in whose stead others moved; their cells are given back with those.
        """
        after, why = (
            self.before.base,
            self.text("given back: it was typed in the second it was written over"),
        )
        meant = {
            str(i): (str(s), int(r))
            for i, s, r in zip(after["id"], after["section"], after["row"], strict=True)
        }
        here = {(str(row["section"]), int(row["row"])): row_id for row_id, row in self.rows.items()}
        for cell in cells:
            place = meant[cell.id]
            hit, tab = here.get(place), self.now.tab.get(place[0])
            if cell.id in strange or hit is None or tab is None or cell.field not in tab.fields:
                continue
            held = tab.grid.cell(place[1] - 1, tab.fields[cell.field])
            if (None if held == "" else held) == cell.after:
                self.edits.append(
                    Edit(*place, hit, cell.field, held, cell.typed, why, derived=False)
                )
                self.given.append(str(self.rows[hit]["company"]))
                self.spoken_for |= {hit} if cell.field == "state" else set()

    def state(self) -> pd.DataFrame:
        """Return what is remembered, with the rows that did not move after all as they were before."""
        plan = self.before.plan
        ids = tuple(edit for edit in plan.edits if edit.field == "id")
        calm = Projection(
            self.before.snapshot, replace(plan, moves=(), edits=ids, holds=()), self.before.policy
        ).state
        state = self.now.state.copy()
        for row_id, move in self.meant.items():
            row = self.rows.get(row_id)
            if (
                row is not None
                and row["section"] == move.source
                and row_id in calm.index
                and row_id in state.index
            ):
                state.loc[row_id] = calm.loc[row_id]
        # Whoever set a state in that very second did not bring a row back: it had not left when he typed.
        state.loc[state.index.isin([*self.spoken_for]), "left_on"] = pd.NaT
        return state

    def _who(self, stranger: MisdirectedRow) -> tuple[str, str, int] | None:
        """Return (id, section, row) of the one row, of those that stood in the tab the move came from, that was hit."""
        section = stranger.meant.source
        tab, found = self.before.snapshot.tab[section], []
        for row in tab.frame["row"]:
            cells = [
                (tab.grid.cell(int(row) - 1, tab.fields[name]), cell)
                for name, cell in stranger.telling
                if name in tab.fields
            ]
            if cells and all(
                (None if held == "" else held) == (None if cell == "" else cell)
                for held, cell in cells
            ):
                found.append(int(row))
        if len(found) != 1:
            return None
        index = self.before.snapshot.locate(section, found[0])
        return str(self.before.with_ids.at[index, "id"]), section, found[0]

    def _cells(
        self, stranger: MisdirectedRow, old: tuple[str, str, int], row: dict[str, Any]
    ) -> None:
        """Give a stranger back the cells that the move meant for another has set on it."""
        row_id, section, number = old
        was, now = self.before.snapshot.tab[section], self.now.tab[row["section"]]
        own = dict(self.meant[row_id].sets) if row_id in self.meant else {}
        for name, written in stranger.meant.sets:
            before = was.grid.cell(number - 1, was.fields[name]) if name in was.fields else None
            wanted = own.get(name, None if before == "" else before)
            held = (
                now.grid.cell(int(row["row"]) - 1, now.fields[name]) if name in now.fields else None
            )
            if held == written != wanted:
                why = self.text("put back: it had moved by mistake while somebody edited the base")
                self.edits.append(
                    Edit(
                        row["section"],
                        int(row["row"]),
                        row_id,
                        name,
                        held,
                        wanted,
                        why,
                        derived=False,
                    )
                )
