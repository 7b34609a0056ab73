"""A list of leads brought into a base: which of them stand there already, and what becomes of each.

Pure: a list and a night in, the changes out. What the list's columns mean is adoption/leads.py's;
carrying it out is an ordinary run's business.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, NamedTuple

import pandas as pd

from sheetsync.method.codes import SectionCode, StateCode
from sheetsync.rules.decisions.joining import Incoming, JoinedCells
from sheetsync.rules.draft.night import Night
from sheetsync.rules.duplicates import Pair, find
from sheetsync.schema import frame_of
from sheetsync.values import Cell, clean, in_unit
from sheetsync.workbook.added_rows import column_headed
from sheetsync.workbook.plan import Cells, Correction, Edit, NewRow
from sheetsync.workbook.row_identity import new_id
from sheetsync.workbook.snapshot import Tab, as_text

EXACT = ("tax_number", "phone", "email", "company")
"""Reasons by which a lead is taken for a client that stands in the base, without a question."""
MOST_KNOWN = 0.8
"""The share of a list from which on, if it is known, the list seems to be the base itself."""
FEWEST = 3
"""A shorter list says nothing of what it is."""
_COMPARED = ("company", "tax_number", "phone", "email")


class Choice(StrEnum):
    """What becomes of a lead that seems to stand in the base."""

    SKIP = "skip"
    JOIN = "join"
    BRING = "bring"


class Lead(NamedTuple):
    """A row of a list. `row`: its number there; `cells` by field, `others` by heading."""

    row: int
    cells: Cells
    others: Cells = ()

    def cell(self, name: str) -> Cell:
        """Return the cell of a field; None where the lead has none."""
        return dict(self.cells).get(name)

    @property
    def company(self) -> str:
        """What it is called."""
        return clean(self.cell("company"))


class Repeated(NamedTuple):
    """A lead that seems to stand in the base, or further up in the list.

    `base_row`: the label of the base's row, None where it is a row of the list (`other`). `exact`:
    whether more than a likeness of names says so.
    """

    lead: Lead
    base_row: int | None
    other: int
    pair: Pair
    exact: bool


class Import(NamedTuple):
    """What becomes of a list: the changes, and which leads were skipped, joined or brought in.

    By their rows in the list. `ids`: of those that come in; `obstacles`: why some could not be
    joined, in words.
    """

    correction: Correction
    repeated: tuple[Repeated, ...]
    done: Mapping[int, Choice]
    ids: Mapping[int, str]
    obstacles: tuple[str, ...] = ()

    @property
    def is_base_itself(self) -> bool:
        """Whether nearly all of the list stands in the base already."""
        known = sum(
            each.exact and each.base_row is not None for each in self.repeated
        )
        return len(self.done) >= FEWEST and known >= MOST_KNOWN * len(self.done)


def repeated_leads(night: Night, leads: Sequence[Lead]) -> tuple[Repeated, ...]:
    """Return the leads that seem to stand in the base, or in the list before, in its order."""
    if not leads:
        return ()
    base = night.base[[*_COMPARED]]
    frame = _frame_of(night, leads)[[*_COMPARED]]
    together = pd.concat([base, frame], ignore_index=True)
    first_lead = len(base)
    by_lead: dict[int, Repeated] = {}
    for pair in find(together):
        # Two rows of the base are no matter of the list's.
        if pair.second < first_lead:
            continue
        lead = leads[pair.second - first_lead]
        exact = any(reason in EXACT for reason in pair.reasons)
        index = pair.first if pair.first < first_lead else None
        other = 0 if index is not None else leads[pair.first - first_lead].row
        repeated = Repeated(lead, index, other, pair, exact)
        known = by_lead.get(lead.row)
        if known is None or pair.score > known.pair.score:
            by_lead[lead.row] = repeated
    return tuple(by_lead[row] for row in sorted(by_lead))


def _frame_of(night: Night, leads: Sequence[Lead]) -> pd.DataFrame:
    """Return leads as typed rows, as the base's are."""
    fields = {
        column.field: place for place, column in enumerate(night.policy.columns)
    }
    rows = [[dict(lead.cells).get(name) for name in fields] for lead in leads]
    frame, _ = frame_of(rows, 1, fields, night.policy)
    return frame


def safe_choices(repeated: Sequence[Repeated]) -> dict[int, Choice]:
    """Return what is done unasked: exact repetitions are skipped, all others come in."""
    return {
        each.lead.row: Choice.SKIP if each.exact else Choice.BRING
        for each in repeated
    }


def imported(
    night: Night,
    leads: Sequence[Lead],
    choices: Mapping[int, Choice],
    source: str,
) -> Import:
    """Return what becomes of a list. `choices`: by row, of leads that seem to stand in the base."""
    return _Importing(night, leads, source).done(choices)


@dataclass(frozen=True)
class _Importing:
    """A list on its way into a base. `source`: what the list is called."""

    night: Night
    leads: Sequence[Lead]
    source: str

    def done(self, choices: Mapping[int, Choice]) -> Import:
        repeated = repeated_leads(self.night, self.leads)
        by_row = {each.lead.row: each for each in repeated}
        outcomes: dict[int, Choice] = {}
        edits = list[Edit]()
        coming = list[Lead]()
        obstacles = list[str]()
        joined_to = set[int]()
        for lead in self.leads:
            repetition = by_row.get(lead.row)
            choice = Choice.BRING
            if repetition is not None:
                choice = choices.get(lead.row, Choice.SKIP)
            if choice is Choice.JOIN and repetition is not None:
                why = self._why_not_joined(repetition, joined_to)
                if why:
                    obstacles.append(f"{lead.company}: {why}")
                    choice = Choice.SKIP
                else:
                    joined_to.add(repetition.base_row or 0)
                    edits += self._join(repetition).edits
            if choice is Choice.BRING:
                coming.append(lead)
            outcomes[lead.row] = choice
        added = [*self._new_rows(coming)]
        ids = {
            lead.row: row.id for lead, row in zip(coming, added, strict=True)
        }
        correction = Correction(edits=tuple(edits), added=tuple(added))
        return Import(correction, repeated, outcomes, ids, tuple(obstacles))

    def _why_not_joined(
        self, repeated: Repeated, joined_to: Collection[int]
    ) -> str:
        text = self.night.language.text
        if repeated.base_row is None:
            return text("stands in the list before")
        if repeated.base_row in joined_to:
            return text("another row of the list is joined to that company")
        join = self._join(repeated)
        if not join.is_new:
            return text("says nothing that is not there already")
        if self.night.unmovable[repeated.base_row]:
            heading = self.night.policy.words.name("columns", "problems")
            return text(
                "its row must be put right first: see “{column}”",
                column=heading,
            )
        return join.why_not_written

    def _join(self, repeated: Repeated) -> JoinedCells:
        language = self.night.language
        lead = repeated.lead
        row: Any = self.night.base.loc[repeated.base_row].to_dict()
        head = language.text(
            "{date}: from the list “{list}”.",
            date=language.date(self.night.today),
            list=self.source,
        )
        why = language.text("joined with a row of “{list}”", list=self.source)
        incoming = Incoming(
            dict(lead.cells), lead.others, self._values[lead.row], head, why
        )
        return JoinedCells(self.night, row, incoming)

    @cached_property
    def _values(self) -> dict[int, dict[str, Any]]:
        """What the cells of each lead read as, by its row in the list."""
        frame = _frame_of(self.night, self.leads)
        records = frame.to_dict("records")
        return {
            lead.row: {str(name): value for name, value in record.items()}
            for lead, record in zip(self.leads, records, strict=True)
        }

    def _in_units_of(self, tab: Tab, lead: Lead) -> dict[str, Cell]:
        """Return a lead's cells as they stand under a tab's headings, which may be in thousands."""
        cells = dict(lead.cells)
        if self.night.policy.location.heading_units == "as_they_stand":
            return cells
        for column in self.night.policy.columns:
            name = column.field
            if column.type == "amount" and name in cells:
                cells[name] = in_unit(cells[name], 1, tab.unit(name))
        return cells

    def _new_rows(self, leads: Sequence[Lead]) -> Iterator[NewRow]:
        """Go through the rows that come into the call base, each with an id of its own."""
        policy = self.night.policy
        taken = {*map(str, self.night.base["id"])}
        taken.update(map(str, self.night.snapshot.state.index))
        new = policy.words.name("states", StateCode.NEW)
        tab = self.night.snapshot.tab[SectionCode.CALL_BASE]
        for lead in leads:
            row_id = new_id(f"{self.source}\0{lead.row}\0{lead.cells}", taken)
            taken.add(row_id)
            cells = {"state": new, **self._in_units_of(tab, lead)}
            beside = [
                f"{heading}: {clean(cell)}"
                for heading, cell in lead.others
                if column_headed(tab, heading) is None
            ]
            # What the base has no column for stands in the comment.
            comment = [clean(cells.get("comment")), "; ".join(beside)]
            if any(comment):
                cells["comment"] = "\n".join(filter(None, comment))
            yield NewRow(
                row_id,
                lead.company,
                as_text(self._values[lead.row]["manager"]),
                SectionCode.CALL_BASE,
                tuple(cells.items()),
                lead.others,
                self.source,
            )
