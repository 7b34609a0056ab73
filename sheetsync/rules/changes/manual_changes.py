"""What people did between two runs: the base as it is read, compared with what the last run saw of it (METHOD point 6).

A run does not see who typed what and when, only what differs; it writes that down and takes none of it back. The very first
run on a base notices nothing, as all of it is new then. What a run sets itself is remembered as it leaves it, and noticed by
no later one.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

import pandas as pd

from sheetsync.method.policy import Policy
from sheetsync.rules.deadlines.clocks import aligned, put_off
from sheetsync.values import EPOCH, clean, fold
from sheetsync.workbook.last_run_state import recall
from sheetsync.workbook.row_identity import alike
from sheetsync.workbook.snapshot import Snapshot

RESULT = 200
"""Characters of a contact's result that the Journal keeps."""


class ManualChange(NamedTuple):
    """One thing that people did to a row. `row_index`: its index in the base; `data`: JSON in codes, as the Journal keeps it.

    `data` always holds `kind`; what else it holds is said where the Journal's lines are (journal.py).
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
    """Return what people did since the last run, in the order of the rows. `base`: the rows as read, each with its id."""
    if not snapshot.noticing or snapshot.first_run or not len(snapshot.state):
        return ()
    compared = _Compared(base, snapshot, policy, today)
    found = [one for tell in compared.tellers for one in tell()]
    return tuple(sorted(found, key=lambda one: one.row_index))


class _Compared:
    """The rows of a base beside what the last run saw of them."""

    def __init__(self, base: pd.DataFrame, snapshot: Snapshot, policy: Policy, today: date) -> None:
        self.base, self.snapshot, self.policy, self.today = base, snapshot, policy, today
        self.before = aligned(base, snapshot.state)
        self.known = base["id"].isin(snapshot.state.index)
        # Of a row that holds nothing of what was remembered for its id, it is not known what it was.
        self.same = self.known & alike(base, self.before)

    @property
    def tellers(self) -> tuple[Callable[[], Iterator[ManualChange]], ...]:
        """What is asked of all rows, in the order in which it is told of one."""
        return (
            self.added,
            self.reappeared,
            self.readded,
            self.section,
            self.state,
            self.contact,
            self.manager,
            self.next_on,
            self.began,
            self.amount,
        )

    @cached_property
    def was(self) -> pd.DataFrame:
        return recall(self.before)

    @cached_property
    def back(self) -> "pd.Series[bool]":
        """Rows that the last run had missed, and that stand in the base again."""
        return self.same & self.before["gone_on"].notna()

    @cached_property
    def _name_before(self) -> "pd.Series[Any]":
        names = self.before["manager"]
        return names.map({name: self._spelt(name) for name in names.dropna().unique()})

    def _spelt(self, name: object) -> str:
        """Return a manager's name as it is spelt now: a new spelling of it is no other manager."""
        return self._spellings.get(fold(clean(str(name))), str(name))

    @cached_property
    def _spellings(self) -> dict[str, str]:
        now = {fold(str(name)): str(name) for name in self.base["manager"].dropna().unique()}
        return now | self.policy.managers

    @cached_property
    def _anew(self) -> "pd.Series[bool]":
        """Rows typed anew, that are known by what they hold alone, under another manager than before."""
        blank = self.snapshot.base["id"].reindex(self.base.index).isna() & self._readable("id")
        other = (
            self.base["manager"].notna()
            & self._name_before.notna()
            & (self.base["manager"] != self._name_before)
        )
        return self.same & other & (self.back | blank)

    def _readable(self, name: str) -> "pd.Series[bool]":
        """Rows whose tab has the column, and in which it could be read."""
        tabs = self.snapshot.tabs
        having = self.base["section"].isin([tab.section for tab in tabs if name in tab.fields])
        unread = [
            self.snapshot.locate(tab.section, fault.row)
            for tab in tabs
            for fault in tab.faulty
            if fault.field == name
        ]
        return having & ~self.base.index.isin(unread)

    def _changed(self, name: str, before: "pd.Series[Any]") -> "pd.Series[bool]":
        now = self.base[name]
        differs = (now != before) & ~(now.isna() & before.isna())
        return self.same & differs & self._readable(name)

    def _tell(
        self, kind: str, mask: "pd.Series[bool]", **columns: "pd.Series[Any]"
    ) -> Iterator[ManualChange]:
        """Go through the marked rows; `columns`: what the data holds of each."""
        mask = mask & self.base["id"].notna()
        if not mask.any():
            return
        told = {name: [_plain(cell) for cell in column[mask]] for name, column in columns.items()}
        rows = self.base.loc[mask, ["id", "company", "manager"]].to_dict("records")
        for number, (at, row) in enumerate(zip(self.base.index[mask], rows, strict=True)):
            data = {"kind": kind, **{name: cells[number] for name, cells in told.items()}}
            yield ManualChange(
                int(at), str(row["id"]), _word(row["company"]), _word(row["manager"]), data
            )

    def added(self) -> Iterator[ManualChange]:
        base = self.base
        columns = {name: base[name] for name in ("section", "state", "manager", "label", "amount")}
        columns |= {"contact": base["last_contact"], "result": self._result}
        yield from self._tell("added", ~self.known, **columns)

    def reappeared(self) -> Iterator[ManualChange]:
        restored = dict[
            str, int
        ]()  # by the program, on which day last; the Journal's newest lines come first
        for line in self.snapshot.journal:
            if line.what == "restored":
                restored.setdefault(line.id, int(line.when))
        missed = (self.before["gone_on"] - pd.Timestamp(EPOCH)).dt.days
        mask = (
            self.back & ~self._anew & ~(self.base["id"].map(restored).astype("float64") >= missed)
        )
        yield from self._tell(
            "reappeared", mask, section=self.base["section"], gone_on=self.before["gone_on"]
        )

    def readded(self) -> Iterator[ManualChange]:
        gone, base = self.before["gone_on"], self.base
        columns = {
            "before": self._name_before,
            "after": base["manager"],
            "gone_on": gone,
            "section": base["section"],
        }
        yield from self._tell("readded", self._anew, **columns)

    def section(self) -> Iterator[ManualChange]:
        known = {tab.sheet_id: tab.section for tab in self.snapshot.book.layout.tabs}
        meant = {
            tab.section: known.get(tab.grid.sheet_id, tab.section) for tab in self.snapshot.tabs
        }
        # A tab that is taken for another section now has moved nobody.
        here = self.base["section"].map(meant) == self.before["section"]
        mask = self.same & (self.base["section"] != self.before["section"]) & ~here
        yield from self._tell(
            "section", mask, before=self.before["section"], after=self.base["section"]
        )

    def state(self) -> Iterator[ManualChange]:
        before, base = self.before, self.base
        columns = {
            "before": before["state"],
            "after": base["state"],
            "since": before["state_since"],
            "contact": self.was["last_contact"],
            "section": base["section"],
        }
        yield from self._tell("state", self._changed("state", before["state"]), **columns)

    @cached_property
    def _result(self) -> "pd.Series[Any]":
        """What a contact came to, in the manager's words, as far as the Journal has room for them."""
        return (
            self.base["contact_result"]
            .astype(object)
            .map(lambda words: clean(words)[:RESULT], na_action="ignore")
        )

    def contact(self) -> Iterator[ManualChange]:
        """Tell the contacts written down: a later day than before, or any day where none stood, or one that was not yet."""
        was, now = self.was["last_contact"], self.base["last_contact"]
        later = now.notna() & (was.isna() | (now > was) | (was > pd.Timestamp(self.today)))
        mask = self._changed("last_contact", was) & later
        yield from self._tell("contact", mask, before=was, after=now, result=self._result)

    def manager(self) -> Iterator[ManualChange]:
        mask = self._changed("manager", self._name_before) & ~self._anew
        yield from self._tell("manager", mask, before=self._name_before, after=self.base["manager"])

    def next_on(self) -> Iterator[ManualChange]:
        mask = (
            self.same
            & put_off(self.base, self.before, self.was, self.policy)
            & self._readable("next_on")
        )
        yield from self._tell(
            "next_on", mask, before=self.was["next_on"], after=self.base["next_on"]
        )

    def began(self) -> Iterator[ManualChange]:
        mask = self._changed("began", self.was["began"]) & self.was["began"].notna()
        yield from self._tell(
            "began",
            mask,
            before=self.was["began"],
            after=self.base["began"],
            since=self.before["work_since"],
        )

    def amount(self) -> Iterator[ManualChange]:
        amount = self.was["amount"]
        yield from self._tell(
            "amount", self._changed("amount", amount), before=amount, after=self.base["amount"]
        )


def _word(value: object) -> str:
    return "" if pd.isna(value) else str(value)  # type: ignore[call-overload,unused-ignore]  # a scalar of a frame


def _plain(value: Any) -> Any:
    """Return a frame's cell as JSON holds it: a day as `2026-03-02`, nothing as None."""
    if value is None or pd.isna(value):
        return None
    return value.isoformat()[:10] if isinstance(value, pd.Timestamp) else value
