"""A row that somebody has deleted by hand, as the state tab remembers it: values, not looks.

Finding out that it is gone is the projection's, writing it back the writer's.
"""

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

import pandas as pd

from sheetsync.errors import InputError
from sheetsync.i18n import language
from sheetsync.method.policy import Policy
from sheetsync.method.vocabulary import DICTIONARIES
from sheetsync.values import (
    PLAIN,
    Cell,
    Reading,
    canonical,
    to_serial,
)
from sheetsync.workbook.last_run_state import remembered
from sheetsync.workbook.row_identity import identify
from sheetsync.workbook.snapshot import Snapshot, as_text, is_own


class LostRow(NamedTuple):
    """A row that somebody has deleted, as the last run saw it.

    `cells`: by field, as they would be typed.
    """

    id: str
    company: str
    manager: str
    section: str
    cells: tuple[tuple[str, Cell], ...]


def vanished(snapshot: Snapshot) -> tuple[tuple[str, str], ...]:
    """Return (id, company) of the rows that the last run knew and that stand nowhere now."""
    state = snapshot.state
    # Of a tab that cannot be read nothing is known: its rows may stand there still.
    is_read = ~state["section"].isin([*snapshot.unread])
    # A deleted row is told once, on the night on which it is first missed.
    known = state[state["gone_on"].isna() & is_read]
    if not len(known):
        return ()
    present = identify(snapshot.base, state).ids
    companies = known.loc[~known.index.isin(present), "company"]
    return tuple(
        (str(row_id), as_text(company)) for row_id, company in companies.items()
    )


def lost_row(snapshot: Snapshot, policy: Policy, row_id: str) -> LostRow:
    """Return what is remembered of a deleted row.

    Raises InputError where it is not lost, was never seen, or its tab is not there to take it.
    """
    state = snapshot.state
    base = snapshot.base.assign(id=identify(snapshot.base, state).ids)
    known_id = _as_known(row_id, {*base["id"], *state.index})
    _refuse_present(snapshot, policy, base[base["id"] == known_id], known_id)
    _refuse_standing(snapshot, policy, known_id)
    if known_id not in state.index:
        text = language(policy.words.language).text
        raise InputError(
            text("No run has ever seen a row with the ID {id}.", id=known_id),
            fix=text("The Journal lists the IDs of deleted rows."),
        )
    seen = state.loc[known_id]
    section = str(seen["section"])
    _refuse_without_tab(snapshot, policy, section)
    values = remembered(seen).items()
    cells = {
        name: _cell(name, value, policy)
        for name, value in values
        if name in policy.column
    }
    return LostRow(
        id=known_id,
        company=as_text(seen["company"]),
        manager=as_text(seen["manager"]),
        section=section,
        cells=tuple(sorted(cells.items())),
    )


def _as_known(typed: str, known: Collection[str]) -> str:
    """Return an id as it is known, whatever the case in which it was typed."""
    bare = typed.strip()
    # Ours are in capitals, but a team's own stand in whatever letters they were typed in.
    if bare not in known and bare.upper() in known:
        return bare.upper()
    return bare


def _refuse_present(
    snapshot: Snapshot, policy: Policy, rows: pd.DataFrame, row_id: str
) -> None:
    """Raise InputError where a row of this id stands in the base."""
    if not len(rows):
        return
    text = language(policy.words.language).text
    row = rows.iloc[0]
    title = snapshot.tab[row["section"]].title
    raise InputError(
        text(
            "{id} stands in the base: {tab}, row {row}.",
            id=row_id,
            tab=title,
            row=int(row["row"]),
        ),
        fix=text("There is nothing to restore."),
    )


def _refuse_standing(snapshot: Snapshot, policy: Policy, row_id: str) -> None:
    """Raise InputError where a tab that was read as no section has a row of this id."""
    text = language(policy.words.language).text
    sections = {tab.grid.sheet_id for tab in snapshot.tabs}
    for grid in snapshot.book.grids:
        if grid.sheet_id in sections or is_own(grid.title, policy):
            continue
        for number, cells in enumerate(grid.cells, start=1):
            # The row brought back would be a second one of its id.
            if row_id in cells:
                message = text(
                    "{id} stands in the base: {tab}, row {row}.",
                    id=row_id,
                    tab=grid.title,
                    row=number,
                )
                raise InputError(
                    message, fix=text("There is nothing to restore.")
                )


def _refuse_without_tab(
    snapshot: Snapshot, policy: Policy, section: str
) -> None:
    """Raise InputError where the section's tab is not read just now, or gone."""
    text = language(policy.words.language).text
    if section in snapshot.unread:
        raise InputError(
            text(
                "“{tab}”, where it stood, is not read just now; it may stand there still.",
                tab=snapshot.unread[section],
            ),
            fix=text(
                "Mend the tab first: `sheetsync check BOOK` says what is wrong with it."
            ),
        )
    if section not in snapshot.tab:
        raise InputError(
            text("The tab it came from is gone."),
            fix=text("Add the tab, or let `sheetsync init BOOK` do it."),
        )


def _cell(name: str, value: Any, policy: Policy) -> Cell:
    """Return a remembered value as it would be typed: a word for a code, a serial day."""
    kind = policy.column[name].type
    text = str(value)
    if kind == "date":
        return to_serial(date.fromisoformat(text[:10]))
    if kind == "phone":
        return canonical(kind, text, Reading(text), PLAIN) or text
    words = DICTIONARIES.get(kind)
    if words is not None and text in policy.codes(words):
        return policy.words.name(words, text)
    return value if isinstance(value, int | float | bool) else text
