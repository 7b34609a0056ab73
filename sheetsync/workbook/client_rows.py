"""Which row of a tab is a client: the one place that says so, by what the row holds.

A row with a client's own data, or with an id, is a client whatever it is called. Of the others,
totals, banners and notes are none, and each is passed over with its reason. Pure; headings that
stand again are `headings`' to find.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from sheetsync.method.policy import Policy
from sheetsync.method.row_words import phrase_of, row_words
from sheetsync.method.vocabulary import dictionary, section_of
from sheetsync.schema import Faulty
from sheetsync.values import ERRORS, Cell, clean, fold
from sheetsync.workbook.snapshot import (
    CellArea,
    Grid,
    PassedReason,
    PassedRow,
)

if TYPE_CHECKING:
    import numpy.typing as npt

OWN_DATA = (
    "tax_number",
    "person",
    "role",
    "phone",
    "email",
    "state",
    "created_on",
    "began",
    "last_contact",
    "contact_result",
    "next_step",
    "next_on",
    "invoice_on",
    "paid_on",
    "closed_on",
    "refusal_reason",
    "on_expiry",
    "return_on",
    "extended_to",
)
"""Fields that only a client has; a total may have a manager, a town, a sum, a remark."""
SUMS = ("amount", "probability")
"""Fields that hold sums of other rows where no client is named."""
GROUPS = ("manager", "city", "category", "label", "source")
"""Fields by which lists are cut into groups."""
_FEWEST_DIGITS = 5
"""Digits of a contact that cannot be read, and is one all the same."""


@dataclass(frozen=True)
class ReadTab:
    """A tab below its headings, as it was typed.

    `frame`: a row of it for each row from `first` (0-based) on; `fields`: the column of each field;
    `managers`: spellings of managers' names, folded, and the name of each.
    """

    grid: Grid
    first: int
    frame: pd.DataFrame
    faulty: Sequence[Faulty]
    fields: Mapping[str, int]
    policy: Policy
    managers: Mapping[str, str]

    @cached_property
    def groups(self) -> frozenset[str]:
        """What rows are grouped by, as words: managers, towns and the like, and sections."""
        names = {*self.managers.values()}
        for field in GROUPS:
            column = self.fields.get(field)
            if column is not None:
                cells = self.grid.column(column, self.first)
                names.update(cell for cell in cells if isinstance(cell, str))
        for words in self.policy.all_words:
            for kind in (words.sections, words.states, words.labels):
                for spellings in kind.values():
                    names.update(spellings)
        return frozenset(" ".join(phrase_of(name)) for name in names)


class SortedRows(NamedTuple):
    """The rows of a tab's frame: which are clients, and which are passed over, from the top."""

    clients: "npt.NDArray[np.bool_]"
    passed: tuple[PassedRow, ...]


def sort_rows(tab: ReadTab, headings: Collection[int] = ()) -> SortedRows:
    """Tell the clients of a tab from what is none.

    `headings`: the sheet's numbers of rows that are headings again.
    """
    frame = tab.frame
    rows = frame["row"].tolist()
    says_anything = _says_anything(tab)
    clients = says_anything.copy()
    passed: list[PassedRow] = []
    for place in np.flatnonzero(~_has_own_data(tab)).tolist():
        row = rows[place]
        if row in headings:
            clients[place] = False
            continue
        reason = _passed(tab, row)
        if reason is not None:
            clients[place] = False
            passed.append(reason)
    clients &= ~frame["row"].isin([*headings]).to_numpy()
    return SortedRows(clients, tuple(passed))


def _says_anything(tab: ReadTab) -> "npt.NDArray[np.bool_]":
    """Mark the rows in which anything stands that the method asks for, be it unreadable."""
    says_anything = np.zeros(len(tab.frame), dtype=bool)
    for column in tab.policy.columns:
        if column.owner == "team" or column.field == "id":
            says_anything |= pd.notna(tab.frame[column.field].to_numpy())
    return says_anything | _in_rows(tab, {fault.row for fault in tab.faulty})


def _has_own_data(tab: ReadTab) -> "npt.NDArray[np.bool_]":
    """Mark the rows that hold what only a client has."""
    has_own = np.zeros(len(tab.frame), dtype=bool)
    # Where clients are people, what a total is called stands in the person's place.
    named = "person" if "company" not in tab.fields else "company"
    for field in (*OWN_DATA, "id"):
        if field == named:
            continue
        has_own |= _holds_own(tab.frame[field], field)
    unread = {fault.row for fault in tab.faulty if _is_own(fault)}
    has_own |= _in_rows(tab, unread)
    return has_own


def _holds_own(values: "pd.Series[Any]", field: str) -> "npt.NDArray[np.bool_]":
    """Mark the rows in which a field holds a value of a client's own."""
    filled: npt.NDArray[np.bool_] = pd.notna(values.to_numpy())
    if field not in ("phone", "tax_number"):
        return filled
    # A total counts the cells above it in any column: 18 is neither a phone nor a tax number.
    lengths = np.zeros(len(values), dtype=int)
    lengths[filled] = [len(str(value)) for value in values[filled].tolist()]
    return lengths >= _FEWEST_DIGITS


def _in_rows(tab: ReadTab, rows: set[int]) -> "npt.NDArray[np.bool_]":
    """Mark the rows of these numbers."""
    marks: npt.NDArray[np.bool_] = tab.frame["row"].isin([*rows]).to_numpy()
    return marks


def _is_own(fault: Faulty) -> bool:
    """Tell whether a cell that cannot be read was meant as a contact or a day of a client's."""
    if fault.field not in OWN_DATA or not isinstance(fault.raw, str):
        return False
    digits = sum(map(str.isdigit, fault.raw))
    return digits >= _FEWEST_DIGITS or "@" in fault.raw


class _Cells(NamedTuple):
    """What a row says: its texts from the left, and whether numbers stand beside them."""

    texts: tuple[tuple[int, str], ...]
    has_numbers: bool


def _cells_of(row: Sequence[Cell]) -> _Cells:
    texts: list[tuple[int, str]] = []
    has_numbers = False
    for column, cell in enumerate(row):
        if isinstance(cell, str):
            text = clean(cell)
            if text and text not in ERRORS:
                texts.append((column, text))
        elif cell is not None and not isinstance(cell, bool):
            has_numbers = True
    return _Cells(tuple(texts), has_numbers)


def _passed(tab: ReadTab, row: int) -> PassedRow | None:
    """Say why a row without a client's own data is none; None: nothing says so."""
    cells = _cells_of(tab.grid.cells[row - 1])
    if not cells.texts:
        is_sum = any(_stands(tab, row, field) for field in SUMS)
        return PassedRow(row, PassedReason.SUMS, "") if is_sum else None
    column, text = _head(tab, cells.texts)
    words = row_words()
    if words.adds_up(text, tab.groups):
        return PassedRow(row, PassedReason.TOTAL, text)
    if words.is_note(text):
        return PassedRow(row, PassedReason.NOTE, text)
    manager = _named_manager(tab, cells.texts)
    if manager:
        return PassedRow(row, PassedReason.MANAGER, text, manager)
    is_alone = len(cells.texts) == 1
    if is_alone and _is_banner(tab, row, column, cells):
        return PassedRow(row, PassedReason.GROUP, text)
    return None


def _stands(tab: ReadTab, row: int, field: str) -> bool:
    """Tell whether anything stands in a field's cell."""
    column = tab.fields.get(field)
    if column is None:
        return False
    return tab.grid.cell(row - 1, column) not in (None, "")


def _head(tab: ReadTab, texts: Sequence[tuple[int, str]]) -> tuple[int, str]:
    """Return what a row is called, and its column: the company, else its first text."""
    company = tab.fields.get("company")
    return next((place for place in texts if place[0] == company), texts[0])


def _named_manager(tab: ReadTab, texts: Sequence[tuple[int, str]]) -> str:
    """Return the manager whom a row names and nothing else; "" where it says more, or another."""
    distinct = dict.fromkeys(text for _, text in texts)
    # The name may stand in the cell beside “Manager:”.
    if len(distinct) > 2:  # noqa: PLR2004
        return ""
    for name in row_words().names_in(" ".join(distinct)):
        if fold(name) in tab.managers:
            return tab.managers[fold(name)]
    return ""


def _is_banner(tab: ReadTab, row: int, column: int, cells: _Cells) -> bool:
    """Tell whether a row of one text is a heading above a group: merged, or a word of sections."""
    if any(_spreads(area, row, column) for area in tab.grid.merges):
        return True
    [(_, text)] = cells.texts
    if cells.has_numbers:
        return False
    states = dictionary(tab.policy, "state").spellings
    return fold(text) in states or section_of(text, tab.policy) is not None


def _spreads(area: CellArea, row: int, column: int) -> bool:
    """Tell whether merged cells spread a cell over others of its row."""
    cell = CellArea(row - 1, row, column, column + 1)
    return area.meets(cell) and area.right - area.left > 1


def banners_above(passed: Sequence[PassedRow]) -> Iterator[tuple[int, str]]:
    """Go through the rows from which on another manager's clients stand: (row, manager).

    The manager is "" below a total of a whole group, and below a grand total.
    """
    leading = ""
    for row in passed:
        if row.reason is PassedReason.MANAGER:
            leading = row.manager
            yield row.row, leading
        elif row.reason is PassedReason.TOTAL and _ends_group(row, leading):
            leading = ""
            yield row.row, leading


def _ends_group(total: PassedRow, leading: str) -> bool:
    """Tell whether a total ends the group of the manager above it: a bare one, or in their name."""
    words = phrase_of(total.text)
    is_bare = len(words) == 1
    return is_bare or set(phrase_of(leading)) <= set(words)
