"""The managers of rows that do not name them are written into the managers' column.

A row that leaves a manager's own tab, or the place below their name, would be nobody's otherwise.
A name that an undo has taken back is not written again while the row stays where that tells it.
"""

from collections.abc import Collection, Iterator, Sequence

from sheetsync.i18n import Language
from sheetsync.rules.changes.journal_data import data_of
from sheetsync.rules.draft.changes import Changes
from sheetsync.rules.draft.night import Night, RowPlace
from sheetsync.rules.draft.plan_draft import PlanDraft
from sheetsync.rules.routing.moves import obstacle_to_write
from sheetsync.workbook.journal import JournalLine, LineKind
from sheetsync.workbook.plan import Edit
from sheetsync.workbook.snapshot import OwnerSource, RowOwner, Tab


def named_owners(draft: PlanDraft) -> Changes:
    """Write the manager into each row whose manager stands above it, or on its tab."""
    undone = _taken_back(draft.night.snapshot.journal)
    edits = _all_edits(draft.night)
    return Changes(edits=tuple(edit for edit in edits if edit.id not in undone))


def owners_of_leaving(draft: PlanDraft) -> Changes:
    """Write the managers that an undo has taken back into the rows that move tonight after all."""
    if not draft.moves:
        return Changes()
    undone = _taken_back(draft.night.snapshot.journal)
    if not undone:
        return Changes()
    leaving = {
        (move.source, move.row)
        for move in draft.moves.values()
        if "manager" not in dict(move.sets)
    }
    edits = [
        edit
        for edit in _all_edits(draft.night)
        if edit.id in undone and (edit.section, edit.row) in leaving
    ]
    return Changes(edits=tuple(edits))


def _taken_back(journal: Sequence[JournalLine]) -> Collection[str]:
    """Return the ids of the rows whose manager's cell was left empty by the program's last edit."""
    last: dict[str, object] = {}
    # The newest line comes first, so the first of each row is the one that counts.
    for line in journal:
        if line.what != LineKind.EDITED:
            continue
        data = data_of(line, "field", "after")
        if data is not None and data["field"] == "manager":
            last.setdefault(line.id, data["after"])
    return {row_id for row_id, cell in last.items() if cell in (None, "")}


def _all_edits(night: Night) -> Iterator[Edit]:
    for tab in night.snapshot.tabs:
        yield from _edits(night, tab)


def _edits(night: Night, tab: Tab) -> Iterator[Edit]:
    ids = night.base["id"]
    column = tab.fields.get("manager")
    for owner in tab.owners:
        place = RowPlace(tab.section, owner.row)
        # What is merged says so by itself as long as the row stands there, and it cannot move.
        if owner.source is OwnerSource.MERGED:
            continue
        if obstacle_to_write(night, place, "manager") is None:
            before = (
                None if column is None else tab.grid.cell(owner.row - 1, column)
            )
            yield Edit(
                *place,
                str(ids.at[night.snapshot.locate(*place)]),
                "manager",
                before,
                owner.manager,
                _why(owner, tab, night.language),
                derived=False,
            )


def _why(owner: RowOwner, tab: Tab, language: Language) -> str:
    text = language.text
    if owner.source is OwnerSource.TITLE:
        return text("stands on the tab “{tab}”", tab=tab.title)
    return text("stands below the name of {manager}", manager=owner.manager)
