"""A row that somebody has deleted by hand, as the state tab remembers it: its values, not its looks.

Finding out that it is gone is the projection's, writing it back the writer's.
"""

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

import pandas as pd

from sheetsync.errors import InputError
from sheetsync.i18n import language
from sheetsync.method.policy import Policy
from sheetsync.values import PLAIN, Cell, Reading, canonical, to_serial
from sheetsync.workbook.last_run_state import remembered
from sheetsync.workbook.row_identity import identify
from sheetsync.workbook.snapshot import Snapshot


class LostRow(NamedTuple):
    """A row that somebody has deleted, as the last run saw it: `cells` by field, as they would be typed."""

    id: str
    company: str
    manager: str
    section: str
    cells: tuple[tuple[str, Cell], ...]


def vanished(snapshot: Snapshot) -> tuple[tuple[str, str], ...]:
    """Return (id, company) of the rows that the last run knew and that stand nowhere now: deleted by hand since."""
    known = snapshot.state[
        snapshot.state["gone_on"].isna() & ~snapshot.state["section"].isin([*snapshot.unread])
    ]
    if not len(known):
        return ()
    here = identify(snapshot.base, snapshot.state).ids
    gone = known.loc[~known.index.isin(here), "company"]
    return tuple((str(row_id), "" if pd.isna(name) else str(name)) for row_id, name in gone.items())


def lost_row(snapshot: Snapshot, policy: Policy, row_id: str) -> LostRow:
    """Return what is remembered of a deleted row. Raises InputError where it is not lost, or was never seen."""
    text, state = language(policy.words.language).text, snapshot.state
    base = snapshot.base.assign(id=identify(snapshot.base, state).ids)
    row_id = _as_known(row_id, {*base["id"], *state.index})
    here = base[base["id"] == row_id]
    if len(here):
        tab, row = snapshot.tab[here["section"].iloc[0]].title, int(here["row"].iloc[0])
        fix = text("There is nothing to restore.")
        raise InputError(
            text("{id} stands in the base: {tab}, row {row}.", id=row_id, tab=tab, row=row), fix=fix
        )
    if row_id not in state.index:
        fix = text("The Journal lists the IDs of deleted rows.")
        raise InputError(text("No run has ever seen a row with the ID {id}.", id=row_id), fix=fix)
    seen = state.loc[row_id]
    if seen["section"] in snapshot.unread:
        fix = text("Mend the tab first: `sheetsync check BOOK` says what is wrong with it.")
        tab = snapshot.unread[str(seen["section"])]
        raise InputError(
            text(
                "“{tab}”, where it stood, is not read just now; it may stand there still.", tab=tab
            ),
            fix=fix,
        )
    if seen["section"] not in snapshot.tab:
        fix = text("Add the tab, or let `sheetsync init BOOK` do it.")
        raise InputError(text("The tab it came from is gone."), fix=fix)
    cells = {
        name: _cell(name, value, policy)
        for name, value in remembered(seen).items()
        if name in policy.column
    }
    names = ("" if pd.isna(seen[name]) else str(seen[name]) for name in ("company", "manager"))
    company, manager = names
    return LostRow(row_id, company, manager, str(seen["section"]), tuple(sorted(cells.items())))


def _as_known(typed: str, known: Collection[str]) -> str:
    """Return an id as it is known: ours are in capitals, a team's own in whatever letters they typed."""
    bare = typed.strip()
    return next((one for one in (bare, bare.upper()) if one in known), bare)


def _cell(name: str, value: Any, policy: Policy) -> Cell:
    """Return a remembered value as it would be typed: words for codes, a serial number for a day."""
    kind = policy.column[name].type
    if kind == "date":
        return to_serial(date.fromisoformat(str(value)[:10]))
    if kind == "phone":
        return canonical(kind, str(value), Reading(str(value)), PLAIN) or str(value)
    plural = {
        "state": "states",
        "label": "labels",
        "category": "categories",
        "reason": "reasons",
        "section": "sections",
    }.get(kind)
    if plural is not None and str(value) in policy.codes(plural):
        return policy.words.name(plural, str(value))
    return value if isinstance(value, int | float | bool) else str(value)
