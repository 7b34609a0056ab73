"""What people did between two runs: the base as it is read beside what the last run saw of it.

METHOD point 6. A run does not see who typed what and when, only what differs; it writes that down
and takes none of it back. What a run sets itself is remembered as it leaves it, and noticed by no
later one.

What of it is against the method is `method_violations`' to say.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

import pandas as pd

from sheetsync.method.policy import Policy
from sheetsync.rules.deadlines.clocks import aligned, put_off
from sheetsync.values import EPOCH, clean, fold
from sheetsync.workbook.frame_rows import records_of
from sheetsync.workbook.journal import LineKind
from sheetsync.workbook.last_run_state import recall
from sheetsync.workbook.row_identity import alike
from sheetsync.workbook.snapshot import Snapshot, as_text

LONGEST_RESULT = 200
"""Characters of a contact's result that the Journal keeps."""


class ManualChange(NamedTuple):
    """One thing that people did to a row.

    `row_index`: its label in the base; `data`: JSON in codes, as the Journal keeps it. It always
    holds `kind`; what else, is said where the Journal's lines are written (`reporting.journal`).
    """

    row_index: int
    id: str
    company: str
    manager: str
    data: Mapping[str, Any]

    @property
    def kind(self) -> str:
        """What was done: `added`, `state`, `manager` and so on."""
        return str(self.data["kind"])


def manual_changes(
    base: pd.DataFrame, snapshot: Snapshot, policy: Policy, today: date
) -> tuple[ManualChange, ...]:
    """Return what people did since the last run, in the order of the rows.

    `base`: the rows as read, each with its id.
    """
    # On the first run all is new. After a write that put right what an owner's edit had shifted,
    # what differs is the write's own doing.
    if not snapshot.noticing or snapshot.first_run or not len(snapshot.state):
        return ()
    comparison = _Comparison(base, snapshot, policy, today)
    changes = [change for notice in comparison.questions for change in notice()]
    return tuple(sorted(changes, key=lambda change: change.row_index))


def _differ(
    after: "pd.Series[Any]", before: "pd.Series[Any]"
) -> "pd.Series[bool]":
    """Mark the rows of two columns that hold different things; nothing is like nothing."""
    differs: pd.Series[bool] = (after != before) & ~(
        after.isna() & before.isna()
    )
    return differs


class _Comparison:
    """The rows of a base beside what the last run saw of them.

    `before`: the state tab's lines on the index of the base; `values_before`: the days and the
    amount that were last seen; `known`: rows that were there; `same`: those that still hold
    something of what was.
    """

    def __init__(
        self,
        base: pd.DataFrame,
        snapshot: Snapshot,
        policy: Policy,
        today: date,
    ) -> None:
        self.base = base
        self.snapshot = snapshot
        self.policy = policy
        self.today = today
        self.before = aligned(base, snapshot.state)
        self.values_before = recall(self.before)
        self.known = base["id"].isin(snapshot.state.index)
        # Of a row that holds nothing of what was remembered, it is not known what it was.
        self.same = self.known & alike(base, self.before)

    @property
    def questions(self) -> tuple[Callable[[], Iterator[ManualChange]], ...]:
        """What is asked of all rows, in the order in which it is told of one."""
        return (
            self._added,
            self._reappeared,
            self._readded,
            self._moved,
            self._state_set,
            self._contacted,
            self._given_to_other,
            self._step_put_off,
            self._began_rewritten,
            self._amount_changed,
            self._label_changed,
            self._category_changed,
            self._extension_changed,
        )

    def _added(self) -> Iterator[ManualChange]:
        names = ("section", "state", "manager", "label", "amount")
        columns = {name: self.base[name] for name in names}
        columns |= {
            "contact": self.base["last_contact"],
            "result": self._contact_result,
        }
        yield from self._changes("added", ~self.known, **columns)

    def _reappeared(self) -> Iterator[ManualChange]:
        gone_on = self.before["gone_on"]
        missed = (gone_on - pd.Timestamp(EPOCH)).dt.days
        restored = self.base["id"].map(self._restored_on()).astype("float64")
        # A row that the program has brought back since is nobody's doing; NaN compares as false.
        mask = self._is_back & ~self._is_readded & ~(restored >= missed)
        yield from self._changes(
            "reappeared", mask, section=self.base["section"], gone_on=gone_on
        )

    def _restored_on(self) -> dict[str, int]:
        """Return the serial day on which the program last brought a row back, by its id."""
        restored: dict[str, int] = {}
        # The newest line comes first, so the first of each row is the one that counts.
        for line in self.snapshot.journal:
            if line.what == LineKind.RESTORED:
                restored.setdefault(line.id, int(line.when))
        return restored

    def _readded(self) -> Iterator[ManualChange]:
        yield from self._changes(
            "readded",
            self._is_readded,
            before=self._manager_before,
            after=self.base["manager"],
            gone_on=self.before["gone_on"],
            section=self.base["section"],
        )

    def _moved(self) -> Iterator[ManualChange]:
        before = self.before["section"]
        after = self.base["section"]
        # A tab that is taken for another section now has moved nobody.
        stays = after.map(self._section_before) == before
        mask = self.same & (after != before) & ~stays
        yield from self._changes("section", mask, before=before, after=after)

    def _state_set(self) -> Iterator[ManualChange]:
        before = self.before["state"]
        yield from self._changes(
            "state",
            self._changed("state", before),
            before=before,
            after=self.base["state"],
            since=self.before["state_since"],
            contact=self.values_before["last_contact"],
            section=self.base["section"],
        )

    def _contacted(self) -> Iterator[ManualChange]:
        """Tell the contacts written down.

        It is a later day than before, or any day where none stood.
        """
        before = self.values_before["last_contact"]
        after = self.base["last_contact"]
        # A day typed ahead is no contact yet, so an earlier one in its stead is one.
        was_to_come = before > pd.Timestamp(self.today)
        is_new = after.notna() & (
            before.isna() | (after > before) | was_to_come
        )
        mask = self._changed("last_contact", before) & is_new
        yield from self._changes(
            "contact",
            mask,
            before=before,
            after=after,
            result=self._contact_result,
        )

    def _given_to_other(self) -> Iterator[ManualChange]:
        before = self._manager_before
        # A row typed anew under another manager is told as that, and once.
        mask = self._changed("manager", before) & ~self._is_readded
        yield from self._changes(
            "manager", mask, before=before, after=self.base["manager"]
        )

    def _step_put_off(self) -> Iterator[ManualChange]:
        later = put_off(self.base, self.before, self.values_before, self.policy)
        mask = self.same & later & self._readable("next_on")
        yield from self._changes_of_value("next_on", mask)

    def _began_rewritten(self) -> Iterator[ManualChange]:
        before = self.values_before["began"]
        mask = self._changed("began", before) & before.notna()
        yield from self._changes_of_value(
            "began", mask, since=self.before["work_since"]
        )

    def _amount_changed(self) -> Iterator[ManualChange]:
        before = self.values_before["amount"]
        mask = self._changed("amount", before)
        if self.snapshot.amounts_then is not None:
            # What reads otherwise by a setting alone is nobody's edit.
            mask &= _differ(self._amounts_then, before)
        yield from self._changes_of_value("amount", mask)

    @property
    def _amounts_then(self) -> "pd.Series[Any]":
        """What the amounts would be by the settings of the last run."""
        amounts = self.snapshot.amounts_then or {}
        names = ("section", "row")
        places = zip(*(self.base[name] for name in names), strict=True)
        return pd.Series(
            [amounts.get(place) for place in places],
            self.base.index,
            dtype="float64",
        )

    def _label_changed(self) -> Iterator[ManualChange]:
        yield from self._word_changed("label")

    def _category_changed(self) -> Iterator[ManualChange]:
        yield from self._word_changed("category")

    def _word_changed(self, name: str) -> Iterator[ManualChange]:
        """Tell that a word was replaced, or cleared; one that comes first was no change."""
        before = self.values_before[name]
        mask = self._changed(name, before) & before.notna()
        yield from self._changes_of_value(name, mask)

    def _extension_changed(self) -> Iterator[ManualChange]:
        mask = self._changed("extended_to", self.values_before["extended_to"])
        yield from self._changes_of_value("extended_to", mask)

    def _changes_of_value(
        self, name: str, mask: "pd.Series[bool]", **columns: "pd.Series[Any]"
    ) -> Iterator[ManualChange]:
        before = self.values_before[name]
        after = self.base[name]
        return self._changes(name, mask, before=before, after=after, **columns)

    def _changes(
        self, kind: str, mask: "pd.Series[bool]", **columns: "pd.Series[Any]"
    ) -> Iterator[ManualChange]:
        """Go through the marked rows; `columns`: what the data holds of each, by its name there."""
        marked = mask & self.base["id"].notna()
        if not marked.any():
            return
        cells = {
            name: column[marked].tolist() for name, column in columns.items()
        }
        names = ("id", "company", "manager")
        for number, (index, row) in enumerate(
            records_of(self.base, marked, names)
        ):
            data = {"kind": kind}
            for name, values in cells.items():
                data[name] = _plain(values[number])
            yield ManualChange(
                int(index),
                str(row["id"]),
                as_text(row["company"]),
                as_text(row["manager"]),
                data,
            )

    def _changed(
        self, name: str, before: "pd.Series[Any]"
    ) -> "pd.Series[bool]":
        """Mark the rows in which a readable cell holds something else than before."""
        differs = _differ(self.base[name], before)
        # An unreadable word, or a column that is gone, reads as empty, and nobody has cleared it.
        return self.same & differs & self._readable(name)

    def _readable(self, name: str) -> "pd.Series[bool]":
        """Mark the rows whose tab has the column, and in which it could be read."""
        tabs = self.snapshot.tabs
        having = self.base["section"].isin(
            [tab.section for tab in tabs if name in tab.fields]
        )
        unread: set[tuple[str, int]] = set()
        for tab in tabs:
            unread.update(
                (tab.section, fault.row)
                for fault in tab.faulty
                if fault.field == name
            )
        if not unread:
            return having
        places = zip(self.base["section"], self.base["row"], strict=True)
        is_unread = [place in unread for place in places]
        return having & ~pd.Series(is_unread, index=self.base.index, dtype=bool)

    @cached_property
    def _is_back(self) -> "pd.Series[bool]":
        """Rows that the last run had missed, and that stand in the base again."""
        return self.same & self.before["gone_on"].notna()

    @cached_property
    def _is_readded(self) -> "pd.Series[bool]":
        """Rows typed anew, known by what they hold alone, under another manager than before."""
        before = self._manager_before
        after = self.base["manager"]
        is_other = before.notna() & after.notna() & (before != after)
        # Who changes the name alone leaves the ID beside it; a row without one was typed anew.
        id_as_read = self.snapshot.base["id"].reindex(self.base.index)
        without_id = id_as_read.isna() & self._readable("id")
        return self.same & is_other & (self._is_back | without_id)

    @cached_property
    def _contact_result(self) -> "pd.Series[Any]":
        """What a contact came to, in the manager's words, as far as the Journal has room."""
        results = self.base["contact_result"].astype(object)
        return results.map(
            lambda words: clean(words)[:LONGEST_RESULT], na_action="ignore"
        )

    @cached_property
    def _manager_before(self) -> "pd.Series[Any]":
        """The managers of before, as they are spelt now: a new spelling is no other manager."""
        spellings = {
            fold(str(name)): str(name)
            for name in self.base["manager"].dropna().unique()
        }
        spellings |= self.policy.managers
        names = self.before["manager"]
        spelt = {}
        for name in names.dropna().unique():
            spelt[name] = spellings.get(fold(clean(str(name))), str(name))
        return names.map(spelt)

    @cached_property
    def _section_before(self) -> dict[str, str]:
        """For each section now, what its tab was to the last run."""
        before = {
            tab.sheet_id: tab.section for tab in self.snapshot.book.layout.tabs
        }
        return {
            tab.section: before.get(tab.grid.sheet_id, tab.section)
            for tab in self.snapshot.tabs
        }


def _plain(value: Any) -> Any:
    """Return a frame's cell as JSON holds it: a day as `2026-03-02`, nothing as None."""
    if value is None or pd.isna(value):
        return None
    return value.isoformat()[:10] if isinstance(value, pd.Timestamp) else value
