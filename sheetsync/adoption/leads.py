"""What a list of leads means: its rows as fields of the base's method, and what is passed over.

Columns are guessed as those of a base that is adopted; what is nobody's field stays under its
heading. What becomes of each lead is `rules.decisions.imported_rows`'.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from sheetsync.adoption.proposal import (
    SURE,
    ColumnGuess,
    Proposal,
    TabGuess,
)
from sheetsync.adoption.value_profiles import blank
from sheetsync.adoption.word_guesses import meaning
from sheetsync.method.policy import Policy
from sheetsync.method.row_words import row_words
from sheetsync.method.vocabulary import dictionary
from sheetsync.rules.decisions.imported_rows import Lead
from sheetsync.schema import read_column
from sheetsync.values import Cell, clean, fold, in_unit, unit_of
from sheetsync.workbook.headings import Lookup
from sheetsync.workbook.snapshot import Book, Row

NEEDED = ("company", "person", "phone", "email")
"""Fields of which a lead has one at least; of an unsure guess at one of them the best is taken."""
LIKELY = 0.6
"""The confidence from which on an unsure guess is taken where nothing surer is there."""
KINDS = {
    "state": ("state", "states"),
    "label": ("label", "labels"),
    "refusal_reason": ("reason", "reasons"),
}
"""Fields whose words are translated into the base's own: their dictionary, and its words."""
_CONTACTS = re.compile(r"[\w.+-]+@[\w.-]+|\+?[\d()\s.-]{6,}")
_WORD = re.compile(r"[^\W\d_]{2}")
NO_CLIENT = "no_client"
TOTAL = "total"
UNREAD = "unread"


class PassedOver(NamedTuple):
    """A row of a list that is no lead: its tab, its number, and the code of the reason."""

    tab: str
    row: int
    why: str


class LeadList(NamedTuple):
    """A list that was understood: its tabs with their columns, its leads, what is passed over."""

    tabs: tuple[TabGuess, ...]
    leads: tuple[Lead, ...]
    passed_over: tuple[PassedOver, ...]

    def without(self, rows: Collection[int]) -> "LeadList":
        """Return it with some leads passed over, which would not be read as clients."""
        tab = self.tabs[0].title
        left = [PassedOver(tab, row, UNREAD) for row in sorted(rows)]
        kept = tuple(lead for lead in self.leads if lead.row not in rows)
        return self._replace(leads=kept, passed_over=(*self.passed_over, *left))


def leads_of(book: Book, proposal: Proposal, policy: Policy) -> LeadList:
    """Return the leads of a list as the method's fields. `policy`: of the base they are for."""
    grids = {grid.sheet_id: grid for grid in book.grids}
    headed = tuple(tab for tab in proposal.tabs if tab.has_headings)
    tabs = headed or tuple(filter(_tells_contacts, proposal.tabs))
    leads: list[Lead] = []
    passed_over: list[PassedOver] = []
    offset = 0
    for tab in tabs:
        rows = grids[tab.sheet_id].cells
        reader = _TabOfLeads(tab, policy)
        for number, row in enumerate(rows, start=1):
            if number - 1 <= tab.header or number - 1 in tab.repeats:
                continue
            if all(map(blank, row)) or reader.is_heading(row):
                continue
            lead = reader.lead(offset + number, row)
            why = _why_no_lead(lead)
            if why:
                passed_over.append(PassedOver(tab.title, number, why))
            else:
                leads.append(lead)
        # Rows of several tabs are told apart by numbers that no two have.
        offset += len(rows)
    return LeadList(tabs, tuple(leads), tuple(passed_over))


def _tells_contacts(tab: TabGuess) -> bool:
    """Tell whether a tab without headings holds phones or e-mails, and so a list all the same."""
    fields = {name for column in tab.columns for name in column.fields}
    return bool(fields & {"phone", "email"})


def _why_no_lead(lead: Lead) -> str:
    if not any(lead.cell(name) for name in NEEDED):
        return NO_CLIENT
    has_contact = lead.cell("phone") or lead.cell("email")
    if row_words().adds_up(lead.company, ()) and not has_contact:
        return TOTAL
    return ""


def fields_of(tab: TabGuess, policy: Policy) -> dict[int, tuple[str, ...]]:
    """Return the fields of each column that is taken for one, by its place."""
    lookup = Lookup(policy)
    if not tab.has_headings:
        # What the cells look like is all that is known of it.
        return {
            column.place: column.fields
            for column in tab.columns
            if column.fields
        }
    fields = {
        column.place: column.fields
        for column in tab.columns
        if column.sure and column.fields
    }
    # A list is short: its headings are believed where its cells tell too little.
    fields.update(_fields_named(tab, lookup, fields))
    fields.update(_fields_needed(tab, fields))
    return fields


_Fields = dict[int, tuple[str, ...]]
"""The fields of columns, by their place."""


def _fields_named(tab: TabGuess, lookup: Lookup, sure: _Fields) -> _Fields:
    """Return the fields that further columns have by their headings."""
    named: _Fields = {}
    held = _held(sure)
    for column in tab.columns:
        names = lookup.fields(column.heading)
        if column.place not in sure and names and not held & {*names}:
            named[column.place] = names
            held.update(names)
    return named


def _fields_needed(tab: TabGuess, taken: _Fields) -> _Fields:
    """Return the likeliest columns of what a lead needs and no column holds yet."""
    needed: _Fields = {}
    held = _held(taken)
    for column in sorted(tab.columns, key=lambda each: -each.confidence):
        if column.place in taken:
            continue
        wanted = [name for name in NEEDED if name not in held]
        name = next((name for name in wanted if _may_be(column, name)), "")
        if name:
            needed[column.place] = (name,)
            held.add(name)
    return needed


def _held(fields: _Fields) -> set[str]:
    return {name for names in fields.values() for name in names}


def _may_be(column: ColumnGuess, name: str) -> bool:
    return name in column.fields and column.confidence >= LIKELY


class _TabOfLeads:
    """Reads the rows of one tab of a list."""

    def __init__(self, tab: TabGuess, policy: Policy) -> None:
        self.policy = policy
        self.fields = fields_of(tab, policy)
        self.lookup = None if tab.has_headings else Lookup(policy)
        self.headings = {column.place: column.heading for column in tab.columns}

    def is_heading(self, row: Row) -> bool:
        """Tell whether a row of a tab without known headings is its headings all the same."""
        return self.lookup is not None and any(map(self.lookup.fields, row))

    def lead(self, number: int, row: Row) -> Lead:
        """Return a row as a lead."""
        cells: dict[str, Cell] = {}
        others: list[tuple[str, Cell]] = []
        for place, cell in enumerate(row):
            if blank(cell):
                continue
            heading = self.headings.get(place, "") or f"{place + 1}"
            own = [*self._own(place, self._amount(place, cell))]
            if not own:
                others.append((heading, cell))
            for name, value in own:
                self._put(cells, others, name, heading, value)
        if "company" not in cells and "person" in cells:
            cells["company"] = cells["person"]
        return Lead(number, tuple(cells.items()), tuple(others))

    def _amount(self, place: int, cell: Cell) -> Cell:
        """Return a cell; an amount under a heading in thousands in ones, as it is brought in."""
        columns = self.policy.column
        names = self.fields.get(place, ())
        is_amount = any(columns[name].type == "amount" for name in names)
        if (
            not is_amount
            or self.policy.location.heading_units == "as_they_stand"
        ):
            return cell
        return in_unit(cell, unit_of(self.headings.get(place, "")), 1)

    def _put(
        self,
        cells: dict[str, Cell],
        others: list[tuple[str, Cell]],
        name: str,
        heading: str,
        value: Cell,
    ) -> None:
        """Put a value into its field, or beside it where it cannot be there."""
        held = cells.get(name)
        if name == "person" and held is not None and held != value:
            # A first name and a last name are one person.
            cells[name] = f"{clean(held)} {clean(value)}"
        elif held is not None and clean(held) != clean(value):
            others.append((heading, value))
        elif name in KINDS:
            word = self._word(name, value)
            if word is None:
                others.append((heading, value))
            else:
                cells[name] = word
        else:
            cells[name] = value

    def _own(self, place: int, cell: Cell) -> Iterator[tuple[str, Cell]]:
        """Go through the fields that a cell holds."""
        names = [
            name
            for name in self.fields.get(place, ())
            if self.policy.column[name].owner == "team"
        ]
        if len(names) == 1:
            yield names[0], cell
            return
        rest = _CONTACTS.sub("", clean(cell)).strip(" ,;/|·")
        for name in names:
            is_text = self.policy.column[name].type == "text"
            if is_text and _WORD.search(rest):
                # A number or an address is no part of a name.
                yield name, rest
            elif not is_text and self._reads(name, cell):
                yield name, cell

    def _reads(self, name: str, cell: Cell) -> bool:
        """Tell whether a cell of several fields holds this one."""
        column = self.policy.column[name]
        [reading] = read_column([cell], column, self.policy, part=True)
        return reading.value is not None

    def _word(self, name: str, value: Cell) -> str | None:
        """Return the base's own word for a word of the list's; None where it means nothing sure."""
        words, kind = KINDS[name]
        if fold(clean(value)) in dictionary(self.policy, words).spellings:
            return clean(value)
        guessed = meaning(kind, clean(value))
        known = guessed.code in self.policy.codes(kind)
        if guessed.code is None or guessed.confidence < SURE or not known:
            return None
        return self.policy.words.name(kind, guessed.code)


def names_of_columns(
    tab: TabGuess, policy: Policy
) -> Sequence[tuple[str, tuple[str, ...]]]:
    """Return the headings of a list, each with the names of its fields; none: nobody's field."""
    fields = fields_of(tab, policy)
    named = []
    for column in tab.columns:
        own = fields.get(column.place, ())
        names = tuple(policy.words.name("columns", name) for name in own)
        named.append((column.heading, names))
    return named
