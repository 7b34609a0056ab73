"""What the answer of a run's write shows: whether every row stands where the plan put it.

Under the lock nobody but the owner can type; what his edit has shifted is seen here and nowhere
else. Putting it right is left to `commit`.
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from sheetsync.errors import BrokenPromise
from sheetsync.rules.corrections.reconcile import MisdirectedRow, Overwritten
from sheetsync.services.read_and_decide import Planned
from sheetsync.services.reread_under_lock import cells_of_row
from sheetsync.sheets.batch.batch import Batch
from sheetsync.sheets.batch.deleted_rows import WronglyDeleted
from sheetsync.sheets.batch.verification import (
    AnswerCells,
    ArrivedRow,
    Misplaced,
    Verification,
)
from sheetsync.sheets.requests.cells import RereadCells, formula_of

ROWS_NAMED = 20
"""Rows named in one sentence at most."""


class WriteOutcome(NamedTuple):
    """What a write's answer shows.

    `misdirected`: rows that moved in another's stead; `shifted`: rows came or went in that second;
    `edited`: rows that somebody typed into; `pointing`: where the formulas stand that were aimed
    anew; `wrongly_deleted`: rows that went in another's stead, and are to be put back;
    `unprotected`: the head's column could not be protected; `not_aged`: the volume into which old
    lines of the Journal could not go, "" for none; `ranges_left`: what an undo could not give its
    ranges back, as people see it.
    """

    misdirected: tuple[MisdirectedRow, ...] = ()
    shifted: bool = False
    edited: tuple[str, ...] = ()
    pointing: tuple[str, ...] = ()
    overwritten: tuple[Overwritten, ...] = ()
    wrongly_deleted: tuple[WronglyDeleted, ...] = ()
    unprotected: bool = False
    not_aged: str = ""
    ranges_left: tuple[str, ...] = ()

    @property
    def disturbed(self) -> bool:
        """Whether an edit past the lock has to be put right."""
        return bool(self.misdirected or self.shifted or self.overwritten)


def outcome_of(
    planned: Planned, batch: Batch, answer: AnswerCells, details: RereadCells
) -> WriteOutcome:
    """Check what was written by the answer: ids, and every moved row by content.

    `details`: the rows as they were read under the lock. Raises BrokenPromise where a row that was
    to move stands nowhere, or twice.
    """
    verification = batch.verification
    misplaced = verification.misplaced(answer)
    misdirected = verification.misdirected(answer)
    # A row that moved in another's stead is put right by `commit`, and explains what is misplaced.
    if misplaced and not misdirected:
        _check_each_stands_once(planned, verification, answer, misplaced)
    titles = verification.titles
    edited = [
        f"{titles[row.sheet_id]}, {row.row + 1}"
        for row in verification.edited(answer)
    ]
    return WriteOutcome(
        misdirected=tuple(
            _misdirected(row, answer, planned, details) for row in misdirected
        ),
        shifted=bool(misplaced),
        edited=tuple(edited),
        pointing=tuple(pointer.where for pointer in batch.pointers),
        overwritten=batch.overwritten_cells.overwritten(
            batch.state_tab_id, answer
        ),
        wrongly_deleted=batch.rows_to_delete.wrong(batch.state_tab_id, answer),
        ranges_left=batch.ranges_left,
    )


def _check_each_stands_once(
    planned: Planned,
    verification: Verification,
    answer: AnswerCells,
    misplaced: Sequence[Misplaced],
) -> None:
    """Raise BrokenPromise where a moved row's id is not found exactly once in all tabs together."""
    standing: Counter[str] = Counter()
    for (sheet_id, _, column), cell in answer.items():
        if column == verification.columns.get(sheet_id):
            standing[str(cell)] += 1
    if all(standing[move.id] == 1 for move in planned.plan.moves):
        return
    text = planned.language.text
    rows = []
    for place in misplaced[:ROWS_NAMED]:
        rows.append(
            f"{verification.titles[place.sheet_id]}, {place.row + 1}: {place.id}"
        )
    fix = text(
        "Somebody may have edited the base in that second. Look at these rows and at the Journal."
    )
    raise BrokenPromise(
        text(
            "After writing, some rows are not where they should be: {rows}.",
            rows="; ".join(rows),
        ),
        fix=fix,
    )


def _misdirected(
    arrived: ArrivedRow,
    answer: AnswerCells,
    planned: Planned,
    details: RereadCells,
) -> MisdirectedRow:
    """Say which row moved in the stead of the one that was meant, as far as the answer tells."""
    move = arrived.move
    source = planned.snapshot.tab[move.source]
    target = planned.snapshot.tab[move.target]
    names = {column: name for name, column in target.fields.items()}
    telling = []
    for column in arrived.telling:
        if column in names:
            cell = answer.get((arrived.sheet_id, arrived.row, column))
            telling.append((names[column], cell))
    meant = cells_of_row(details, source, move.row)
    return MisdirectedRow(
        meant=move,
        telling=tuple(telling),
        place=f"{target.title}, {arrived.row + 1}",
        blurred=any(formula_of(cell) or cell.get("note") for cell in meant),
        row=arrived.row + 1,
        written=arrived.written,
    )
