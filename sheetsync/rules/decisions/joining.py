"""Two rows of one client, joined: the row that is named stays, and has what the other one held.

What it lacks it gets from the other row; the rest goes into its comment. The other row leaves the
base, and its line of the Journal has all that stood in it, so that an undo gives both rows back.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

import pandas as pd

from sheetsync.rules.checks.repeated import Twins, twins
from sheetsync.rules.decisions.decision_words import (
    DecisionKind,
    read_decision,
)
from sheetsync.rules.decisions.execution import NightDecisions
from sheetsync.rules.decisions.feasibility import CompanyDecision
from sheetsync.rules.draft.changes import Changes, gathered
from sheetsync.rules.draft.night import ClockedRow, Night, place_of
from sheetsync.rules.routing.moves import obstacle_to_move, obstacle_to_write
from sheetsync.values import Cell, clean, fold, in_unit
from sheetsync.workbook.plan import Cells, Edit, Removal
from sheetsync.workbook.row_identity import company_key
from sheetsync.workbook.snapshot import Tab, as_text

CARRIED = (
    "tax_number",
    "city",
    "person",
    "role",
    "phone",
    "email",
    "label",
    "category",
    "manager",
    "source",
    "created_on",
    "last_contact",
    "contact_result",
    "next_step",
    "next_on",
    "amount",
    "probability",
)
"""What the row that stays gets where it has nothing.

Its state, and what only goes with a state, is its own: the other row's stand in the comment.
"""
UNTOLD = ("id", "company", "comment", "deadline", "days_left", "problems")
"""Fields that are not listed in the comment, or in their own way."""


class Joins(NamedTuple):
    """The joins of a night: rows that leave, and what becomes of those that stay."""

    removals: tuple[Removal, ...] = ()
    changes: Changes = Changes()


def joins_of(night: Night) -> Joins:
    """Return what people have joined. `night`: with every row as it was read."""
    decisions = NightDecisions(night)
    # Most nights join nothing, and look no further.
    if not any(
        read_decision(answer.value, night.policy, {}).kind is DecisionKind.SAME
        for answers in decisions.answers.values()
        for answer in answers
    ):
        return Joins()
    wanted = [
        each for each in decisions.wanted if each.kind is DecisionKind.SAME
    ]
    joining = _Joining(night, decisions, {each.row_id for each in wanted})
    removals: list[Removal] = []
    parts: list[Changes] = []
    for each in wanted:
        why, join = joining.joined(each, {row.into for row in removals})
        if join is None:
            parts.append(Changes(outcomes={each.row_id: why}))
        else:
            removals.append(join.removal)
            parts.append(
                Changes(edits=join.written.edits, outcomes={each.row_id: ""})
            )
    return Joins(tuple(removals), gathered(parts))


@dataclass(frozen=True)
class _Joining:
    """What may be joined in a night. `leaving`: ids of the rows that are to be joined to others."""

    night: Night
    decisions: NightDecisions
    leaving: set[str]

    def joined(
        self, wanted: CompanyDecision, joined_to: Collection[str]
    ) -> "tuple[str, _Join | None]":
        """Return a join, or what is in its way. `joined_to`: ids that get a row tonight already."""
        target = self._target(wanted)
        if isinstance(target, str):
            return target, None
        if str(target["id"]) in joined_to:
            text = self.night.language.text
            return text("another row is joined to that one tonight"), None
        row = self.night.record(wanted.row_id)
        join = _Join(self.night, row, target, wanted.decision.note)
        why = self._obstacle(wanted, target) or join.written.why_not_written
        return (why, None) if why else ("", join)

    def _target(self, wanted: CompanyDecision) -> "ClockedRow | str":
        """Return the row that stays, or what is in the way of knowing it."""
        text = self.night.language.text
        why = self._why_not_row(wanted.row_id)
        if why:
            return why
        name = wanted.decision.what
        ids = self._found(wanted.row_id) if not name else self._named(name)
        ids = [row_id for row_id in ids if row_id != wanted.row_id]
        if not ids:
            return (
                text("no other row of “{name}” is in the base", name=name)
                if name
                else text("no row was found that is the same: name its ID")
            )
        if len(ids) > 1:
            return text(
                "several rows may be meant: name one ID of {ids}",
                ids=", ".join(sorted(ids)),
            )
        return self._why_not_row(ids[0]) or self.night.record(ids[0])

    def _why_not_row(self, row_id: str) -> str:
        return self.decisions.limits.why_not_row(row_id)

    def _found(self, row_id: str) -> list[str]:
        index = self.night.index_by_id[row_id]
        ids = self.night.base["id"]
        return [str(ids[twin.row_index]) for twin in self._twins.get(index, ())]

    @cached_property
    def _twins(self) -> Twins:
        return twins(self.night.base)

    def _named(self, name: str) -> list[str]:
        if name in self.night.index_by_id:
            return [name]
        base = self.night.base
        key = company_key(name)
        companies = base["company"].map(company_key, na_action="ignore")
        return [str(row_id) for row_id in base.loc[companies == key, "id"]]

    def _obstacle(self, wanted: CompanyDecision, target: ClockedRow) -> str:
        """Say why two rows are not joined; "" where nothing is in the way."""
        night = self.night
        text = night.language.text
        if str(target["id"]) in self.leaving:
            return text("that row is itself to be joined to another one")
        row = night.record(wanted.row_id)
        whose, theirs = as_text(row["manager"]), as_text(target["manager"])
        # A manager may not take, or give away, a colleague's client by joining it.
        if whose and theirs and whose != theirs and not wanted.by_head:
            return text(
                "the rows are of two managers: only the head of sales joins them, "
                "on the tab “{tab}”",
                tab=night.policy.words.tabs["summary"],
            )
        in_the_way = obstacle_to_move(
            night, place_of(row), str(row["section"]), ()
        )
        return in_the_way.message if in_the_way is not None else ""


class Incoming(NamedTuple):
    """What a row gets from another one: that leaves the base, or that stands in a list of leads.

    `cells` by field and `others` by heading; `readings`: what the cells read as; `head`: the line
    that begins what is told in the comment; `why`: as the Journal says it; `note`: of a person;
    `units`: what amounts are counted in where they stood, by field, beside 1.
    """

    cells: Mapping[str, Cell]
    others: Cells
    readings: Mapping[str, object]
    head: str
    why: str
    note: str = ""
    units: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True)
class JoinedCells:
    """The cells of a row that gets what another one held. `target`: the row that stays."""

    night: Night
    target: ClockedRow
    incoming: Incoming

    @cached_property
    def tab(self) -> Tab:
        """Where the row that stays was read."""
        return self.night.snapshot.tab[str(self.target["section"])]

    @cached_property
    def edits(self) -> tuple[Edit, ...]:
        """What the row lacks, and the rest in its comment."""
        edits = []
        kept_words = list[str]()
        for name, cell_there in self.incoming.cells.items():
            if name in UNTOLD:
                continue
            cell = self._in_our_unit(name, cell_there)
            there = _cell(self.tab, self.target, name)
            if there in (None, "") and name in CARRIED:
                edits.append(self._edit(name, there, cell))
            elif not self._same(name, there, cell):
                kept_words.append(self._told(name, cell))
        kept_words += [
            f"{heading}: {clean(cell)}"
            for heading, cell in self.incoming.others
        ]
        before = _cell(self.tab, self.target, "comment")
        edits.append(self._edit("comment", before, self._comment(kept_words)))
        return tuple(edits)

    @property
    def is_new(self) -> bool:
        """Whether there is anything that the row does not say already."""
        comment = self.incoming.cells.get("comment")
        listed = [name for name in self.incoming.cells if name not in UNTOLD]
        is_said = any(
            not self._same(
                name,
                _cell(self.tab, self.target, name),
                self._in_our_unit(name, self.incoming.cells[name]),
            )
            for name in listed
        )
        return is_said or bool(self.incoming.others) or bool(clean(comment))

    def _in_our_unit(self, name: str, cell: Cell) -> Cell:
        """Return an amount as it stands under our own heading, which may count in thousands."""
        if self.night.policy.location.heading_units == "as_they_stand":
            return cell
        if self.night.policy.column[name].type != "amount":
            return cell
        unit = self.incoming.units.get(name, 1)
        return in_unit(cell, unit, self.tab.unit(name))

    def _same(self, name: str, there: Cell, here: Cell) -> bool:
        """Tell whether both rows say the same, however it is written."""
        ours = self.incoming.readings.get(name)
        if ours is not None and ours == self.target.get(name):
            return True
        return fold(clean(there)) == fold(clean(here))

    def _told(self, name: str, cell: Cell) -> str:
        heading = self.tab.heading(name, self.night.policy)
        return f"{heading}: {self._shown(name, cell)}"

    def _shown(self, name: str, cell: Cell) -> str:
        value = self.night.value_written(name, cell)
        is_date = self.night.policy.column[name].type == "date"
        if is_date and pd.notna(value):
            return self.night.language.date(value.date())
        return clean(cell)

    def _comment(self, kept_words: list[str]) -> str:
        """Return the comment of the row that stays, with what the other one had besides."""
        own = clean(_cell(self.tab, self.target, "comment"))
        theirs = clean(self.incoming.cells.get("comment"))
        parts = (
            own,
            self.incoming.head,
            "; ".join(kept_words),
            theirs,
            self.incoming.note,
        )
        return "\n".join(part for part in parts if part)

    def _edit(self, name: str, before: Cell, after: Cell) -> Edit:
        return Edit(
            *place_of(self.target),
            str(self.target["id"]),
            name,
            None if before == "" else before,
            after,
            self.incoming.why,
            derived=False,
        )

    @property
    def why_not_written(self) -> str:
        """Say which cell of the row that stays cannot be written; "" where all can."""
        for edit in self.edits:
            place = place_of(self.target)
            obstacle = obstacle_to_write(self.night, place, edit.field)
            if obstacle is not None:
                return obstacle.message
        return ""


class _Join:
    """One row of the base joined to another."""

    def __init__(
        self, night: Night, row: ClockedRow, target: ClockedRow, note: str
    ) -> None:
        self.night = night
        self.row = row
        self.target = target
        self.tab = night.snapshot.tab[str(row["section"])]
        language = night.language
        company = as_text(row["company"]) or language.text("(no name)")
        head = language.text(
            "{date}: joined with “{company}” (ID {id}).",
            date=language.date(night.today),
            company=company,
            id=row["id"],
        )
        why = language.text(
            "joined with “{company}” (ID {id})", company=company, id=row["id"]
        )
        self.written = JoinedCells(
            night,
            target,
            Incoming(
                self.cells,
                self.others,
                row,
                head,
                why,
                note,
                {name: self.tab.unit(name) for name in self.cells},
            ),
        )

    @cached_property
    def cells(self) -> dict[str, Cell]:
        """What stands in the row that leaves, by field."""
        cells: dict[str, Cell] = {}
        for column in self.night.policy.columns:
            cell = _cell(self.tab, self.row, column.field)
            if column.owner == "team" and cell not in (None, ""):
                cells[column.field] = cell
        return cells

    @cached_property
    def others(self) -> tuple[tuple[str, Cell], ...]:
        """What stands there in the team's own columns, by heading."""
        fields = {*self.tab.fields.values()}
        for columns in self.tab.more.values():
            fields.update(columns)
        line = int(self.row["row"]) - 1
        others = []
        for column, heading in enumerate(self.tab.headings):
            cell = self.tab.grid.cell(line, column)
            if column not in fields and heading and cell not in (None, ""):
                others.append((heading, cell))
        for name, columns in self.tab.more.items():
            heading = self.night.policy.words.name("columns", name)
            for column in columns:
                cell = self.tab.grid.cell(line, column)
                if cell not in (None, ""):
                    others.append((heading, cell))
        return tuple(others)

    @property
    def removal(self) -> Removal:
        """The row that leaves."""
        why = self.night.language.text(
            "joined to “{company}” (ID {id})",
            company=as_text(self.target["company"]),
            id=self.target["id"],
        )
        return Removal(
            str(self.row["id"]),
            as_text(self.row["company"]),
            as_text(self.row["manager"]),
            *place_of(self.row),
            into=str(self.target["id"]),
            why=why,
            cells=tuple(self.cells.items()),
            others=self.others,
        )


def _cell(tab: Tab, row: ClockedRow, name: str) -> Cell:
    """Return the cell of a field as it was read; None where the tab has no such column."""
    column = tab.fields.get(name)
    if column is None:
        return None
    return tab.grid.cell(int(row["row"]) - 1, column)
