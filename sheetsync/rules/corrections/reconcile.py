"""What to put back after a write that went wrong: an owner can type through any lock.

An owner's row inserted or sorted in that second shifts what stands at an index, and a batch moves
whatever stands there: the wrong client may have moved, none can be lost. Pure: given what was to
move and what moved, it returns the changes that put the strangers back, or says which rows need a
person, where it cannot be certain. Finding who moved is the batch's verification.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import pandas as pd

from sheetsync.i18n import Language
from sheetsync.rules.draft.projection import Projection
from sheetsync.values import Cell
from sheetsync.workbook.plan import Correction, Edit, Move
from sheetsync.workbook.row_identity import identify
from sheetsync.workbook.snapshot import RowRecord, Snapshot, Tab, as_text

Place = tuple[str, int]
"""A section, and the sheet's number of a row."""


class MisdirectedRow(NamedTuple):
    """A row that moved in another's stead.

    `meant`: the move that was meant for the other; `telling`: cells by field that tell the row that
    it hit; `place`: its tab and row as people see them; `row`: the sheet's number. `blurred`: the
    move wrote notes or formulas, over what nobody remembers. `written`: all that it wrote, by
    column.
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
        return ", ".join(
            str(cell) for _, cell in self.telling if cell not in (None, "")
        )


class Overwritten(NamedTuple):
    """A cell that held something else than was read when it was written over.

    `id`: whose it was meant to be; `typed`: what somebody had written there; `after`: what stands
    there since the write.
    """

    id: str
    field: str
    typed: Cell
    after: Cell


class Mending(NamedTuple):
    """What puts things back, who was hit in words, and what a person must look at.

    `snapshot`: the base without its blank rows, and with what is to be remembered of it: the rows
    that were to move and did not go on as before. `given`: whose cells were given back.
    """

    correction: Correction
    snapshot: Snapshot
    hit: tuple[str, ...]
    unclear: tuple[str, ...]
    given: tuple[str, ...] = ()


class _RowBefore(NamedTuple):
    """A row as it was read before the write: whose it is, and where it stood."""

    id: str
    section: str
    number: int


def mend(
    before: Projection,
    strangers: Sequence[MisdirectedRow],
    now: Snapshot,
    language: Language,
    blanks: Collection[Place] = (),
    cells: Sequence[Overwritten] = (),
) -> Mending:
    """Work out how to put back rows that moved in another's stead.

    `before`: the picture in which the plan was made; `now`: the base as it was read after the
    write. `blanks`: rows that are certain to be empty, and are deleted. `cells`: what was written
    over unseen.
    """
    tabs = [_without_rows(tab, blanks) for tab in now.tabs]
    mending = _Mending(before, replace(now, tabs=tuple(tabs)), language)
    for stranger in strangers:
        if (stranger.meant.target, stranger.row) in blanks:
            mending.hit.append(mending.text("an empty row, deleted again"))
        else:
            mending.put_back(stranger)
    mending.give_back(cells, {stranger.meant.id for stranger in strangers})
    # What differs from the state tab now is the write's own doing, and nobody's change.
    snapshot = replace(mending.now, state=mending.state(), noticing=False)
    return Mending(
        correction=Correction(tuple(mending.moves), tuple(mending.edits)),
        snapshot=snapshot,
        hit=tuple(mending.hit),
        unclear=tuple(mending.unclear),
        given=tuple(mending.given),
    )


def _without_rows(tab: Tab, blanks: Collection[Place]) -> Tab:
    """Return a tab as if its blank rows were not there."""
    numbers = [number for section, number in blanks if section == tab.section]
    if not numbers:
        return tab
    kept = tab.frame[~tab.frame["row"].isin(numbers)]
    return replace(tab, frame=kept.reset_index(drop=True))


class _Mending:
    """The base after a write, and what is worked out to put it right.

    `rows`: by id, as they stand now; `meant`: the moves of the plan by id. `moves` and `edits` put
    things back; `hit`, `unclear` and `given` become those of `Mending`; `restated`: ids of rows
    whose state somebody set in that second.
    """

    def __init__(
        self, before: Projection, now: Snapshot, language: Language
    ) -> None:
        self.before = before
        self.now = now
        self.text = language.text
        base = now.base.assign(id=identify(now.base, now.state).ids)
        self.rows: dict[str, RowRecord] = {
            str(row["id"]): row for row in base.to_dict("records")
        }
        self.meant = {move.id: move for move in before.plan.moves}
        self.moves: list[Move] = []
        self.edits: list[Edit] = []
        self.hit: list[str] = []
        self.unclear: list[str] = []
        self.given: list[str] = []
        self.restated: set[str] = set()

    def put_back(self, stranger: MisdirectedRow) -> None:
        """Add what puts one stranger back; say so where that is not certain."""
        if not stranger.name:
            self._tell_empty(stranger)
            return
        old = self._row_before(stranger)
        row = self.rows.get(old.id) if old else None
        # The notes and formulas that a blurred move wrote over are remembered nowhere.
        if old is None or row is None or stranger.blurred:
            message = self.text(
                "“{row}” may have moved in place of “{company}”",
                row=stranger.name,
                company=stranger.meant.company,
            )
            self.unclear.append(message)
            return
        target = stranger.meant.target
        own_move = self.meant.get(old.id)
        if own_move is None and row["section"] == target != old.section:
            self.moves.append(self._move_back(old, row))
        if own_move is None or own_move.target != target:
            self.hit.append(stranger.name)
        self.edits += self._cells_back(stranger, old, row)

    def _tell_empty(self, stranger: MisdirectedRow) -> None:
        """Say that an empty row moved, where it did so in another's stead."""
        row = self.rows.get(stranger.meant.id)
        # Where the row that was meant stands where it belongs, the answer told less than there is.
        if row is None or row["section"] != stranger.meant.target:
            message = self.text(
                "an empty row, now at {place}; delete it", place=stranger.place
            )
            self.hit.append(message)

    def _move_back(self, old: _RowBefore, row: RowRecord) -> Move:
        return Move(
            id=old.id,
            company=as_text(row["company"]),
            manager=as_text(row["manager"]),
            source=row["section"],
            target=old.section,
            row=int(row["row"]),
            rule="mend",
            reason=self._why(),
        )

    def _why(self) -> str:
        return self.text(
            "put back: it had moved by mistake while somebody edited the base"
        )

    def _row_before(self, stranger: MisdirectedRow) -> _RowBefore | None:
        """Return the one row that was hit; None where several could be it, or none.

        It is one of those that stood in the tab the move came from.
        """
        tab = self.before.snapshot.tab[stranger.meant.source]
        telling = {
            name: _bare(cell)
            for name, cell in stranger.telling
            if name in tab.fields
        }
        if not telling:
            return None
        numbers = [
            number
            for number in map(int, tab.frame["row"])
            if _holds(tab, number, telling)
        ]
        # Rows that hold the same cannot be told apart, and a guess would move another client.
        if len(numbers) != 1:
            return None
        row_id = self._ids_before[tab.section, numbers[0]]
        return _RowBefore(row_id, tab.section, numbers[0])

    @property
    def _ids_before(self) -> dict[Place, str]:
        base = self.before.with_ids
        places = zip(base["section"], map(int, base["row"]), strict=True)
        return dict(zip(places, map(str, base["id"]), strict=True))

    def _cells_back(
        self, stranger: MisdirectedRow, old: _RowBefore, row: RowRecord
    ) -> Iterator[Edit]:
        """Give a stranger back the cells that the move meant for another has set on it."""
        own_move = self.meant.get(old.id)
        own = dict(own_move.sets) if own_move else {}
        tab_before = self.before.snapshot.tab[old.section]
        tab_now = self.now.tab[row["section"]]
        for name, written in stranger.meant.sets:
            held = _cell(tab_now, int(row["row"]), name)
            wanted = own.get(name, _bare(_cell(tab_before, old.number, name)))
            # A cell that holds something else by now is a person's, and stays.
            if held == written != wanted:
                yield Edit(
                    section=row["section"],
                    row=int(row["row"]),
                    id=old.id,
                    field=name,
                    before=held,
                    after=wanted,
                    why=self._why(),
                    derived=False,
                )

    def give_back(
        self, cells: Sequence[Overwritten], strange: Collection[str]
    ) -> None:
        """Give back what somebody typed in that second into cells that were written over.

        They are found wherever they stand now. `strange`: ids of rows in whose stead others moved;
        their cells are given back with those.
        """
        place_of = self._places_meant()
        id_at = {
            (str(row["section"]), int(row["row"])): row_id
            for row_id, row in self.rows.items()
        }
        for cell in cells:
            place = place_of[cell.id]
            row_id = id_at.get(place)
            if cell.id in strange or row_id is None:
                continue
            edit = self._cell_back(cell, place, row_id)
            if edit is None:
                continue
            self.edits.append(edit)
            self.given.append(str(self.rows[row_id]["company"]))
            if cell.field == "state":
                self.restated.add(row_id)

    def _places_meant(self) -> dict[str, Place]:
        """Return where each row was to stand after the write, by its id."""
        base = self.before.base
        places = zip(
            map(str, base["section"]), map(int, base["row"]), strict=True
        )
        return dict(zip(map(str, base["id"]), places, strict=True))

    def _cell_back(
        self, cell: Overwritten, place: Place, row_id: str
    ) -> Edit | None:
        """Return the edit that gives a cell back; None where it does not hold what was written."""
        section, number = place
        tab = self.now.tab.get(section)
        if tab is None or cell.field not in tab.fields:
            return None
        held = _cell(tab, number, cell.field)
        # Whoever has typed there once more means that, and not what was written over.
        if _bare(held) != cell.after:
            return None
        return Edit(
            section=section,
            row=number,
            id=row_id,
            field=cell.field,
            before=held,
            after=cell.typed,
            why=self.text(
                "given back: it was typed in the second it was written over"
            ),
            derived=False,
        )

    def state(self) -> pd.DataFrame:
        """Return what is remembered, with the rows that did not move after all as before."""
        calm = self._state_without_moves()
        state = self.now.state.copy()
        for row_id, move in self.meant.items():
            row = self.rows.get(row_id)
            stayed = row is not None and row["section"] == move.source
            # Remembered as moved, it would be taken by the next run for carried back by hand.
            if stayed and row_id in calm.index and row_id in state.index:
                state.loc[row_id] = calm.loc[row_id]
        # Whoever set a state in that very second did not bring a row back: it had not left yet.
        state.loc[state.index.isin([*self.restated]), "left_on"] = pd.NaT
        return state

    def _state_without_moves(self) -> pd.DataFrame:
        """Return what would be remembered had the run but given ids."""
        plan = self.before.plan
        ids = tuple(edit for edit in plan.edits if edit.field == "id")
        calm = replace(plan, moves=(), edits=ids, holds=())
        return Projection(self.before.snapshot, calm, self.before.policy).state


def _bare(cell: Cell) -> Cell:
    """Return a cell's value; an empty text is nothing."""
    return None if cell == "" else cell


def _cell(tab: Tab, number: int, name: str) -> Cell:
    """Return a row's cell; None where the tab has no such column. `number`: the sheet's own."""
    column = tab.fields.get(name)
    return None if column is None else tab.grid.cell(number - 1, column)


def _holds(tab: Tab, number: int, cells: Mapping[str, Cell]) -> bool:
    """Tell whether a row holds all of these cells, by field."""
    return all(
        _bare(_cell(tab, number, name)) == cell for name, cell in cells.items()
    )
