"""The lines that a run writes into the Journal: what was done, to whom and why, as words and data.

Append-only, newest on top: people see the last night at once, and only the top is ever read. A line
as the cells of the tab is `workbook.journal`'s; where the tab stands is the writer's.

Column Data holds the same as the words beside it, as JSON in codes. By what was done:

- `moved` {from, to, rule, row, above, below, gap}: codes of sections, the rule's name, and where
  the row had stood (corrections/former_places.py);
- `edited` {field, before, after}: bare cells; `repair` too, where only the form of a
  cell is another;
- `aimed` {at, references}: the cell of a formula, and each reference as it was and as it is;
- `ranges` {notes}: what lost rows at an edge, as it was and as it is (workbook/range_notes.py);
- `noticed`: what people did between two runs, by `kind`, see below;
- `scored` {week, day, by, points, before, after, remark_before, remark}: what the head of sales
  answered on the revision of actions, found by the run that it belongs to: the Monday of the
  action's week, its day and manager, the score as a number or null, and the cells as typed
  (action_scoring/scoring.py);
- `setting` {path, place, looser, held, named}: a setting that is another than at the run before:
  its path, or its block, and how people find it; whether it leaves more time, room or other limits;
  whether it is typed and not in force yet; whether only the head, a deputy or the owner could type
  there;
- `would` {from, to, rule, trial}: what a trial of the model holds where it is, once a row,
  section and rule; `trial` is the first day of that trial;
- `trial` {did, begins, began, until, ended, prolonged}: a trial was `begun`, `prolonged`, `changed`
  or `ended`, and its days; or rows were `released` after it, with their number `rows`;
- `counted` {all, managers, states, sections}: the stocks, numbers by code, one line a day and of no
  run (metrics/daily_counts.py).

A line `noticed` is seen by the later of two runs, whose moment it bears; the line's manager is the
row's as of then. Figures over time are counted from these, together with `moved` (whose edit of the
state has a line of its own). Its data by `kind`; days are `2026-03-02`, what is empty is null:

- `added` {section, state, manager, label, amount, contact, result}: a row first seen, after the
  first run on the base;
- `state` {before, after, since, contact, section}: codes; since when it was `before`, and the last
  contact as the run before saw it;
- `contact` {before, after, result}: a contact written down: the days of the last two, and what came
  of it in the manager's words;
- `manager` {before, after}: names;
- `section` {before, after}: codes; carried to another tab by hand;
- `returned` {before, after, left_on, since}: back in the working list, carried or let in by this
  run; the day it had left it, and since when its clock counts, null where it has none;
- `next_on` {before, after}: the next step put off (to a later day, without a contact, in the same
  state or one further back);
- `began` {before, after, since}: the start date rewritten; the clock goes on from `since`;
- `amount` {before, after}: numbers, in the book's currency;
- `label`, `category` {before, after}: codes; the word was replaced or cleared;
- `extended_to` {before, after}: the day of the extension;
- `sold` {}: counts as sold by the head's word; the line of a new base speaks of all its clients;
- `reappeared` {section, gone_on}: a row that had vanished stands there again;
- `readded` {before, after, gone_on, section}: the same, typed anew, under another manager (names);
  `gone_on` null: between two runs.

The first run on a base notices nothing. What a run sets itself (`moved`, `edited`) is noticed by
none.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import count
from typing import Any, NamedTuple, TypeGuard

import pandas as pd

from sheetsync.i18n import Language, language
from sheetsync.method.codes import SectionCode
from sheetsync.method.policy import Policy
from sheetsync.method.terms import MIXED, kind_of
from sheetsync.reporting.metrics import Figures, packed
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.rules.action_scoring.sampling import spelt
from sheetsync.rules.action_scoring.scoring import (
    ScoreChange,
    score_changes,
    week_named,
)
from sheetsync.rules.changes.authority import (
    is_guarded,
    settings_are_guarded,
    unnamed,
)
from sheetsync.rules.changes.manual_changes import ManualChange
from sheetsync.rules.changes.settings_changes import setting_changes
from sheetsync.rules.corrections.deleted_rows import LostRow
from sheetsync.rules.corrections.former_places import FormerPlace, places_of
from sheetsync.rules.draft.projection import Projection
from sheetsync.rules.routing.rule_text import ruling
from sheetsync.rules.safeguards import stop_of
from sheetsync.rules.trial.words import TrialDeed, trial_deed, trial_words
from sheetsync.values import EPOCH, Cell, clean, to_serial
from sheetsync.values.text import in_cell
from sheetsync.workbook.journal import (
    RULED,
    JournalLine,
    LineKind,
    serial_moment,
)
from sheetsync.workbook.last_run_state import HEADS_WORD
from sheetsync.workbook.plan import Edit, Move, NewRow, Removal
from sheetsync.workbook.range_notes import RangeNote

DAYS_BY_KIND = {
    "next_on": "next_on",
    "began": "began",
    "contact": "last_contact",
    "extended_to": "extended_to",
}
"""Kinds of what people did whose data have days, and the field as which these are written."""


class _Subject(NamedTuple):
    """Whose row a line speaks of, as of then."""

    id: str
    company: str
    manager: str


NOBODY = _Subject("", "", "")


class RunRecord(NamedTuple):
    """What a run writes into the Journal.

    `figures`: those of the day that it counted, without the line that says so; None where another
    run has counted them.
    """

    lines: tuple[JournalLine, ...]
    figures: Figures | None = None


def lines_of(
    projection: Projection,
    moment: datetime,
    lost: LostRow | None = None,
    added: Sequence[NewRow] = (),
) -> tuple[JournalLine, ...]:
    """Return what a run writes into the Journal (`record_of`)."""
    return record_of(projection, moment, lost, added).lines


def record_of(
    projection: Projection,
    moment: datetime,
    lost: LostRow | None = None,
    added: Sequence[NewRow] = (),
) -> RunRecord:
    """Return what a run writes into the Journal: what it did, and what people did before it.

    Each move and each edit of a team's cell has a line, ids have one for all. What people did, rows
    that somebody has deleted, one that is brought back (`lost`), and those that come into the base
    (`added`) or leave it, have lines too; and the first lines of a day say how much there is of
    everything.

    `moment` is in the book's own zone.
    """
    run = _RunLines(projection, moment, {row.id for row in added})
    deeds = (
        *run.released(),
        *run.trial(),
        *run.would(),
        *run.moved(),
        *run.settings(),
        *run.noticed(),
        *run.sold(),
        *run.returned(),
        *run.scored(),
        *run.set_by_moves(),
        *run.typed(),
        *run.restored(lost),
        *run.added(added),
        *run.removed(),
        *run.vanished(),
        *run.ids(),
    )
    lines = tuple(line.in_cells() for line in deeds)
    figures = run.figures(lines)
    if figures is None:
        return RunRecord(lines)
    return RunRecord((*lines, run.counted(figures)), figures)


class _RunLines:
    """Makes the lines of one run, kind by kind."""

    def __init__(
        self,
        projection: Projection,
        moment: datetime,
        added: Collection[str] = (),
    ) -> None:
        self.added_ids = added
        self.projection = projection
        self.plan = projection.plan
        self.policy = projection.policy
        self.language = language(projection.policy.words.language)
        self.when = serial_moment(moment)
        self.snapshot = projection.snapshot
        self.run = self._name_of_run(moment)
        # An ID that was copied by hand stands twice: its first row speaks for it.
        self._rows = projection.base.drop_duplicates("id").set_index("id")

    def _name_of_run(self, moment: datetime) -> str:
        """Return the name that all lines of the run bear, all parts of a night the same."""
        begun = self.snapshot.unfinished
        day = f"{moment:%y%m%d}-"
        # What was left over from another day is a run of its own: whoever undoes by the day finds
        # it under the day on which it was done.
        if begun is not None and begun.run.startswith(day):
            return begun.run
        known_runs = {line.run for line in self.snapshot.journal}
        return _unused(f"{day}{self.plan.digest[:6]}", known_runs)

    def _line(
        self,
        what: LineKind,
        subject: _Subject,
        before: str = "",
        after: str = "",
        why: str = "",
        data: str = "",
    ) -> JournalLine:
        return JournalLine(
            self.when, self.run, *subject, what, before, after, why, data
        )

    def _subject(self, row_id: str) -> _Subject:
        # One by one: a whole row of the frame takes ten times as long, and edits are many.
        company = self._rows.at[row_id, "company"]
        manager = self._rows.at[row_id, "manager"]
        return _Subject(row_id, _word(company), _word(manager))

    def _value(self, kind: str, value: Any) -> str:
        return _value_words(kind, value, self.policy)

    def moved(self) -> Iterator[JournalLine]:
        """Tell each move, and by which rule it is."""
        for move in self.plan.moves:
            source = move.source
            target = move.target
            rule = ruling(move.rule, target, self.policy, self.language)
            why = RULED.join(part for part in (move.reason, rule) if part)
            kept: dict[str, Any] = {"from": source, "to": target}
            kept["rule"] = move.rule
            former = self._former_places[source].get(move.id)
            if former is not None:
                kept |= former.data()
            data = json.dumps(kept)
            subject = _Subject(move.id, move.company, move.manager)
            yield self._line(LineKind.MOVED, subject, source, target, why, data)

    @cached_property
    def _former_places(self) -> dict[str, dict[str, FormerPlace]]:
        """Where the rows of each section stood before the run, by their ids."""
        base = self.projection.with_ids
        places: dict[str, dict[str, FormerPlace]] = {}
        for section, rows in base.groupby("section", sort=False):
            header = self.snapshot.tab[str(section)].header + 1
            places[str(section)] = places_of(
                [*map(str, rows["id"])], [*map(int, rows["row"])], header
            )
        return places

    def set_by_moves(self) -> Iterator[JournalLine]:
        """Tell the cells that moves set on arrival, as far as they change."""
        for move in self.plan.moves:
            for field, after in move.sets:
                before = self._cell_before(move, field)
                if before != after:
                    place = (move.source, move.row, move.id)
                    yield self._edited(
                        Edit(*place, field, before, after, move.reason)
                    )

    def _cell_before(self, move: Move, field: str) -> Cell:
        """Return a cell as it was before its row moved; None where it was empty."""
        tab = self.snapshot.tab[move.source]
        column = tab.fields.get(field)
        if column is None:
            return None
        cell = tab.grid.cell(move.row - 1, column)
        return None if cell == "" else cell

    def typed(self) -> Iterator[JournalLine]:
        """Tell each edit of a team's cell."""
        for edit in self.plan.edits:
            if not edit.derived:
                yield self._edited(edit)

    def _edited(self, edit: Edit) -> JournalLine:
        field = edit.field
        data: dict[str, Cell] = {
            "field": field,
            "before": edit.before,
            "after": edit.after,
        }
        if edit.repair:
            data["repair"] = True
        column = self.policy.words.name("columns", field)
        return self._line(
            LineKind.EDITED,
            self._subject(edit.id),
            shown_cell(field, edit.before, self.policy),
            shown_cell(field, edit.after, self.policy),
            f"{column}: {edit.why}",
            data_text(data),
        )

    def ids(self) -> Iterator[JournalLine]:
        """Tell how many rows were given an id, in one line."""
        rows = sum(edit.field == "id" for edit in self.plan.edits)
        if rows:
            why = self.language.plural("{n} row", "{n} rows", rows)
            yield self._line(LineKind.IDS, NOBODY, why=why)

    def restored(self, lost: LostRow | None) -> Iterator[JournalLine]:
        """Tell that a deleted row is brought back."""
        if lost:
            subject = _Subject(lost.id, lost.company, lost.manager)
            yield self._line(LineKind.RESTORED, subject, after=lost.section)

    def added(self, rows: Iterable[NewRow]) -> Iterator[JournalLine]:
        """Tell each row that comes into the base: out of a list, or back out of a join."""
        for row in rows:
            subject = _Subject(row.id, row.company, row.manager)
            kind = LineKind.IMPORTED if row.source else LineKind.RESTORED
            data = {
                "section": row.section,
                "source": row.source,
                "cells": dict(row.cells),
                "others": dict(row.others),
            }
            yield self._line(
                kind,
                subject,
                after=row.section,
                why=row.source,
                data=json.dumps(data, ensure_ascii=False),
            )

    def removed(self) -> Iterator[JournalLine]:
        """Tell each row that leaves the base, with all that had been typed there."""
        for row in self.plan.removals:
            subject = _Subject(row.id, row.company, row.manager)
            kind = LineKind.JOINED if row.into else LineKind.REMOVED
            data = {
                "section": row.section,
                "into": row.into,
                "cells": dict(row.cells),
                "others": dict(row.others),
            }
            yield self._line(
                kind,
                subject,
                before=row.section,
                why=row.why,
                data=json.dumps(data, ensure_ascii=False),
            )

    def vanished(self) -> Iterator[JournalLine]:
        """Tell each row that the last run knew and this one does not find."""
        removed = {row.id for row in self.plan.removals}
        before = self.snapshot.state
        after = self.projection.state
        # What was gone already was told by the run that missed it.
        known = after.loc[before.index[before["gone_on"].isna()]]
        for row_id, row in known[known["gone_on"].notna()].iterrows():
            if row_id in removed:
                continue
            why = self.language.text(
                "deleted by hand; `sheetsync restore BOOK {id}` brings it back",
                id=row_id,
            )
            subject = _subject_of(row_id, row)
            section = _word(row["section"])
            yield self._line(
                LineKind.VANISHED, subject, before=section, why=why
            )

    def sold(self) -> Iterator[JournalLine]:
        """Tell what counts as sold by the head's word: tonight's, or what stood in a new base."""
        text = self.language.text
        for row_id in sorted(self.plan.sold):
            yield self._line(
                LineKind.NOTICED,
                self._subject(row_id),
                why=text("sold, by the word of the head of sales"),
                data=data_text({"kind": "sold"}),
            )
        if not self.snapshot.first_run:
            return
        rows = int((self._rows["proof"] == HEADS_WORD).sum())
        if rows:
            why = self.language.plural(
                "{n} company stood among clients and counts as sold",
                "{n} companies stood among clients and count as sold",
                rows,
            )
            data = data_text({"kind": "sold"})
            yield self._line(LineKind.NOTICED, NOBODY, why=why, data=data)

    def noticed(self) -> Iterator[JournalLine]:
        """Tell each thing that people did."""
        for change in self.projection.noticed:
            # What comes by this very run is no doing of people's.
            if change.id in self.added_ids:
                continue
            if not self.projection.concerns(change.id):
                continue
            before, after = self._before_and_after(change)
            subject = _Subject(change.id, change.company, change.manager)
            why = noticed_words(change.data, self.language)
            data = data_text(change.data)
            yield self._line(
                LineKind.NOTICED, subject, before, after, why, data
            )

    def _before_and_after(self, change: ManualChange) -> tuple[str, str]:
        kind = change.kind
        data = change.data
        before = self._value(kind, data.get("before"))
        after = self._value(kind, data.get("after"))
        # A row that comes from nowhere has at least the section in which it stands.
        if kind in ("added", "reappeared", "readded") and not after:
            after = self._value("section", data.get("section"))
        return before, after

    def returned(self) -> Iterator[JournalLine]:
        """Tell each row that is back in the working list, carried there or let in by this run."""
        if not self.projection.returned.any():
            return
        back = self.projection.base[self.projection.returned]
        sections = self.snapshot.state["section"].reindex(back["id"])
        for section, row in zip(sections, back.to_dict("records"), strict=True):
            if not self.projection.concerns(str(row["id"])):
                continue
            before = str(section)
            after = SectionCode.WORKING
            data = {
                "kind": "returned",
                "before": before,
                "after": after,
                "left_on": _iso_day(row["left_on"]),
                "since": _iso_day(row["work_since"]),
            }
            yield self._line(
                LineKind.NOTICED,
                _subject_of(row["id"], row),
                self._value("section", before),
                self._value("section", after),
                noticed_words(data, self.language),
                data_text(data),
            )

    def released(self) -> Iterator[JournalLine]:
        """Tell that the head has released a stop for safety, and by whom that could be done."""
        stop = stop_of(self.snapshot, self.plan, self.policy)
        if stop is None or not stop.released:
            return
        rows = self.language.plural("{n} row", "{n} rows", len(stop.moves))
        parts = [*stop.alarms, rows]
        if not is_guarded(self.snapshot, self.policy):
            parts.append(unnamed(self.language))
        why = RULED.join(parts)
        yield self._line(LineKind.RELEASED, NOBODY, why=why)

    def would(self) -> Iterator[JournalLine]:
        """Tell what a trial holds where it is, and has not held before."""
        trial = self.projection.trial
        begins = "" if trial is None else trial.begins.isoformat()
        for move in self.projection.newly_would:
            rule = ruling(move.rule, move.target, self.policy, self.language)
            why = RULED.join(part for part in (move.reason, rule) if part)
            data = {
                "from": move.source,
                "to": move.target,
                "rule": move.rule,
                "trial": begins,
            }
            subject = _Subject(move.id, move.company, move.manager)
            yield self._line(
                LineKind.WOULD,
                subject,
                move.source,
                move.target,
                why,
                json.dumps(data),
            )

    def trial(self) -> Iterator[JournalLine]:
        """Tell that a trial has begun, is prolonged or ended, and what was let go after one."""
        record = self.projection.trial
        if record is None:
            return
        deed = trial_deed(self.snapshot.trial, self.plan.trial)
        if deed is not None:
            why = trial_words(deed, record, self.language)
            yield self._trial_line({"did": deed, **record.data()}, why)
        released = self.plan.released
        rows = sum(move.id in released for move in self.plan.moves)
        if rows:
            why = self.language.plural(
                "{n} row that the trial held was let go",
                "{n} rows that the trial held were let go",
                rows,
            )
            data = {"did": TrialDeed.RELEASED, "rows": rows, **record.data()}
            yield self._trial_line(data, why)

    def _trial_line(self, data: Mapping[str, Any], why: str) -> JournalLine:
        words = [why]
        if not is_guarded(self.snapshot, self.policy):
            words.append(unnamed(self.language))
        return self._line(
            LineKind.TRIAL,
            NOBODY,
            why=RULED.join(words),
            data=json.dumps(data),
        )

    def settings(self) -> Iterator[JournalLine]:
        """Tell each change of a setting since the last run, and who could have made it."""
        # A part of a night notes the settings as a whole night does, and so tells of them too.
        for setting in setting_changes(self.snapshot, self.policy):
            change = setting.change
            parts = (change.block, change.name, change.setting)
            place = " · ".join(part for part in parts if part)
            data = {
                "path": change.path,
                "place": place,
                "looser": change.looser,
                "held": setting.held,
                "named": settings_are_guarded(self.snapshot, self.policy),
            }
            yield self._line(
                LineKind.SETTING,
                NOBODY,
                change.before,
                change.after,
                setting_words(data, self.language),
                data_text(data),
            )

    def scored(self) -> Iterator[JournalLine]:
        """Tell each score of the head of sales that is new, another one, or taken away."""
        # What is of no row of a part is told by the night's last batch.
        if self.projection.part is not None:
            return
        for change in score_changes(self.snapshot, self.policy):
            manager = spelt(change.name, self.policy)
            subject = _Subject(change.ident.id, change.company, manager)
            before, _ = change.before.words
            after, _ = change.after.words
            why = _score_words(change, self.language)
            data = data_text(change.data)
            yield self._line(LineKind.SCORED, subject, before, after, why, data)

    def figures(self, lines: Sequence[JournalLine]) -> Figures | None:
        """Return the figures of the day, `lines` of this run included; None where they stand."""
        if self.projection.part is not None:
            return None
        known = self.snapshot.journal
        if any(self._counts_today(line) for line in known):
            return None
        return Figures(Facts(self.projection, self.policy, (*lines, *known)))

    def counted(self, figures: Figures) -> JournalLine:
        """Tell how much there is of everything.

        It is written along with something else and is never a reason to write.
        """
        plural = self.language.plural
        load = int(figures.stocks.figure("load").value or 0)
        overdue = int(figures.stocks.figure("overdue").value or 0)
        in_work = plural("{n} company in work", "{n} companies in work", load)
        late = plural("{n} overdue", "{n} overdue", overdue)
        why = f"{in_work}, {late}"
        data = packed(figures.counted())
        line = self._line(LineKind.COUNTED, NOBODY, why=why, data=data)
        # It belongs to no run: there is nothing in it to take back.
        return line._replace(run="")

    def _counts_today(self, line: JournalLine) -> bool:
        today = int(self.when)
        return line.what == LineKind.COUNTED and today <= line.when < today + 1


def aimed_line(
    line: JournalLine,
    changes: Sequence[Move | Removal],
    where: str,
    references: Sequence[tuple[str, str]],
    language: Language,
) -> JournalLine:
    """Return the line of a formula that points at rows which move, or are joined to others.

    `references`: each as it was and as it is. `line`: any other of the same run. The undo of a move
    needs none of it: it moves the rows back, and the formula follows them again. That of a join
    leaves the formula at the row that stayed.
    """
    first = changes[0]
    words = language.text(
        "{place} reads this company's row, which has moved", place=where
    )
    if isinstance(first, Removal):
        words = language.text(
            "{place} read this company's row, and reads the one it was joined to",
            place=where,
        )
    aimed = JournalLine(
        line.when,
        line.run,
        first.id,
        first.company,
        first.manager,
        LineKind.AIMED,
        _listed(before for before, _ in references),
        _listed(after for _, after in references),
        words,
        data_text({"at": where, "references": references}),
    )
    return aimed.in_cells()


def widened_line(
    line: JournalLine,
    where: str,
    formulas: tuple[str, str],
    language: Language,
) -> JournalLine:
    """Return the line of a formula that is aimed at all tabs where the clients of one go.

    `formulas`: as it was and as it is. `line`: any other of the same run.
    """
    before, after = formulas
    widened = JournalLine(
        line.when,
        line.run,
        *NOBODY,
        LineKind.AIMED,
        before,
        after,
        language.text(
            "{place} reads the clients on every tab where they are now",
            place=where,
        ),
        data_text({"at": where, "references": [formulas]}),
    )
    return widened.in_cells()


MOST_NOTES = 5_000
"""Ranges that one run remembers at most, beyond which an undo gives none back: some 20 lines."""


def range_lines(
    line: JournalLine, notes: Sequence[RangeNote], language: Language
) -> Iterator[JournalLine]:
    """Go through the lines that remember ranges which lost rows at their edges.

    `line`: any other of the same run.
    """
    told: list[list[str | int]] = []
    for note in notes[:MOST_NOTES]:
        data = note.data()
        if told and not in_cell(_notes_text([*told, data])):
            yield _range_line(line, told, language)
            told = []
        if in_cell(_notes_text([data])):
            told.append(data)
    if told:
        yield _range_line(line, told, language)


def _notes_text(told: Sequence[Sequence[str | int]]) -> str:
    return json.dumps({"notes": told}, ensure_ascii=False)


def _range_line(
    line: JournalLine, told: Sequence[Sequence[str | int]], language: Language
) -> JournalLine:
    why = language.plural(
        "{n} formula, name or rule lost rows at its edge; an undo gives them back",
        "{n} formulas, names or rules lost rows at their edges; an undo gives them back",
        len(told),
    )
    return JournalLine(
        line.when,
        line.run,
        *NOBODY,
        LineKind.RANGES,
        "",
        "",
        why,
        _notes_text(told),
    )


_LONGEST_DATUM = 500
"""Characters of a text, and pieces of a list, in data that a cell has no room for."""


def data_text(data: Mapping[str, Any]) -> str:
    """Return the data of a line as JSON that one cell holds.

    Where they are longer their texts and lists are cut, and `cut` says so: an undo leaves alone
    what it cannot give back whole.
    """
    whole = json.dumps(data, ensure_ascii=False)
    if in_cell(whole):
        return whole
    cut: dict[str, Any] = {}
    for name, value in data.items():
        sliced = isinstance(value, str | list | tuple)
        cut[name] = value[:_LONGEST_DATUM] if sliced else value
    return json.dumps({**cut, "cut": True}, ensure_ascii=False)


def _listed(references: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(references))


def _unused(name: str, known: set[str]) -> str:
    """Return a name for a run that no other bears."""
    # An undo of an undo may do the very same on the same day.
    if name not in known:
        return name
    numbered = (f"{name}-{number}" for number in count(2))
    return next(new for new in numbered if new not in known)


def _subject_of(row_id: object, row: Mapping[Any, Any]) -> _Subject:
    return _Subject(str(row_id), _word(row["company"]), _word(row["manager"]))


def _word(value: object) -> str:
    return "" if pd.isna(value) else str(value)


def _iso_day(day: Any) -> str | None:
    return None if pd.isna(day) else str(day.isoformat()[:10])


def _value_words(kind: str, value: Any, policy: Policy) -> str:
    """Write what was there before, or after, as people read it."""
    if value is None:
        return ""
    if kind == "state" and value in policy.state:
        return policy.words.name("states", value)
    if kind == "section" and (
        value in policy.section or kind_of(value) == MIXED
    ):
        return policy.words.name("sections", value)
    if kind == "label" and value in policy.label:
        return policy.words.name("labels", value)
    if kind == "category" and value in policy.categories:
        return policy.words.name("categories", value)
    if kind in DAYS_BY_KIND:
        return shown_cell(
            DAYS_BY_KIND[kind], to_serial(date.fromisoformat(value)), policy
        )
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value)


def noticed_words(data: Mapping[str, Any], language: Language) -> str:
    """Say what people did. `data`: of a line `noticed`."""
    text = language.text
    kind = data["kind"]
    if kind == "began" and data["since"]:
        since = language.day(date.fromisoformat(data["since"]))
        return text(
            "the start date was rewritten; the clock counts from {since} as before",
            since=since,
        )
    if kind == "returned":
        left = language.day(date.fromisoformat(data["left_on"]))
        return text(
            "back in the working list, which it left on {left}", left=left
        )
    return {
        "added": text("a new row"),
        "state": text("the state was changed"),
        "contact": text("a contact was written down"),
        "manager": text("the manager was changed"),
        "section": text("carried to another tab by hand"),
        "next_on": text("the next step was put off"),
        "began": text("the start date was rewritten"),
        "amount": text("the amount was changed"),
        "label": text("the label was changed"),
        "category": text("the category was changed"),
        "extended_to": text("the extension was changed"),
        "reappeared": text("had vanished, and stands in the base again"),
        "readded": text("deleted, and added again under another manager"),
    }[kind]


def setting_words(data: Mapping[str, Any], language: Language) -> str:
    """Say which setting changed, what that does, and who could do it. `data`: of its line."""
    text = language.text
    parts = [str(data["place"])]
    if data["looser"]:
        parts.append(text("loosens the method"))
    if data["held"]:
        parts.append(
            text(
                "comes into force once the head of before was told and a night has passed"
            )
        )
    by_head = text("by the head of sales, a deputy or the owner of the book")
    parts.append(by_head if data["named"] else unnamed(language))
    return RULED.join(parts)


def _score_words(change: ScoreChange, language: Language) -> str:
    score, remark = change.after.words
    why = language.text(
        "revision of actions, {week}",
        week=week_named(change.ident.week, language),
    )
    if score and change.after.points is None:
        why += ": " + language.text("“{score}” is not counted", score=score)
    return f"{why} · {remark}" if remark else why


def shown_cell(field: str, cell: Cell, policy: Policy) -> str:
    """Write a cell as people see it: a day as a date, in the base's own format."""
    if policy.column[field].type != "date" or not _is_number(cell):
        return clean(cell)
    day = EPOCH + timedelta(days=int(cell))
    written = policy.words.date_format.replace("yyyy", f"{day:%Y}")
    return written.replace("mm", f"{day:%m}").replace("dd", f"{day:%d}")


def _is_number(cell: Cell) -> TypeGuard[float]:
    return isinstance(cell, int | float) and not isinstance(cell, bool)
