"""The Journal as a frame: what each line tells in codes, in the order it happened.

What was taken back is left out; what the entries come to is the other modules'. People can reach
the Journal, so nothing here trusts its words: what cannot be understood is left out, and never
raises.
"""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple

import pandas as pd

from sheetsync.i18n import LANGUAGES, language
from sheetsync.method.policy import Policy
from sheetsync.method.terms import MIXED, kind_of
from sheetsync.method.vocabulary import dictionary
from sheetsync.values import EPOCH, LAST_DAY, fold, to_serial
from sheetsync.workbook.journal import JournalLine, LineKind

TELLING = (LineKind.NOTICED, LineKind.MOVED, LineKind.EDITED)
"""Lines that say what became of a client.

Within one run people's changes come first: the run has met them.
"""
EDITED_FIELDS = {
    "state": "state",
    "amount": "amount",
    "refusal_reason": "reason",
}
"""Fields of edited cells that figures are made of, and the kind of entry they give."""
TEXTS = ("run", "id", "manager", "kind", "before", "after", "undoes")
"""Columns of the frame that hold codes and names, or in `before` and `after` numbers too."""
RUN = "\0"
"""What stands for the run in the sentence of an undo while its beginning and end are told apart."""


class JournalEntry(NamedTuple):
    """What one line tells.

    `when`: a serial moment. `rank`: 0 and below, people did it. `kind`: state, first, moved,
    section, amount, reason; "" for all else. `rule`: of a move. `undoes`: the run it takes back.
    """

    when: float
    run: str
    id: str
    manager: str
    rank: int
    kind: str = ""
    before: Any = None
    after: Any = None
    rule: str = ""
    undoes: str = ""

    def changed(self, kind: str, before: Any, after: Any) -> "JournalEntry":
        """Return the entry with what changed: codes or numbers, None where they say nothing."""
        return self._replace(kind=kind, before=before, after=after)


@dataclass(frozen=True)
class History:
    """The Journal, its newest lines first; `whole`: whether these are all of them."""

    journal: Sequence[JournalLine]
    policy: Policy
    whole: bool = True

    def beside(self, journal: Sequence[JournalLine]) -> "History":
        """Return the history of a Journal in which the same is told of every client."""
        history = replace(self, journal=journal)
        vars(history)["entries"] = self.entries
        return history

    @cached_property
    def begins(self) -> date | None:
        """The first day that the Journal tells of wholly; None where it is empty."""
        days = [int(line.when) for line in self.journal if dated(line)]
        if not days:
            return None
        first = EPOCH + timedelta(days=min(days))
        if self.whole:
            return first
        # Of the oldest day that was read, the lines further down were not.
        return first + timedelta(days=1)

    def covers(self, first: date) -> bool:
        """Tell whether the Journal reaches back to a day."""
        begins = self.begins
        return begins is not None and begins <= first

    @cached_property
    def entries(self) -> pd.DataFrame:
        """Return the entries that hold, oldest first, by the fields of `JournalEntry`, with `day`.

        `day` is serial. A change that was undone, and the undoing itself, are no events: both are
        left out. An entry counts on the day a run found it.
        """
        reader = _LineReader(self.policy)
        lines = filter(_tells_of_a_client, self.journal)
        frame = _framed([*map(reader.entry, lines)])
        frame = _in_order(frame)
        is_no_undo = frame["undoes"] == ""
        frame = frame[is_no_undo & ~_taken_back(frame)]
        frame = frame.drop(columns=["age", "rank"])
        return frame.reset_index(drop=True)


def _tells_of_a_client(line: JournalLine) -> bool:
    return line.what in TELLING and dated(line) and bool(line.id)


def dated(line: JournalLine) -> bool:
    """Tell whether a line bears a moment at all."""
    last = to_serial(LAST_DAY)
    return math.isfinite(line.when) and 1 <= line.when <= last


def _framed(entries: list[JournalEntry]) -> pd.DataFrame:
    columns = [*JournalEntry._fields]
    frame = pd.DataFrame(entries, columns=columns, index=range(len(entries)))
    # An empty Journal has no values to tell the types by.
    frame = frame.astype(dict.fromkeys(TEXTS, object))
    when = frame["when"].astype("float64")
    return frame.assign(day=when.astype("int64"))


def _in_order(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the entries that figures are made of, oldest first, with the `age` of their run."""
    # The Journal has the newest run on top: it decides where the clock shows the same minute.
    runs = frame["run"].drop_duplicates()
    ages = dict(zip(runs, -runs.index, strict=True))
    age = frame["run"].map(ages).astype("float64")
    frame = frame.assign(age=age).rename_axis("line")
    frame = frame[frame["kind"] != ""]
    frame = frame.sort_values(["when", "age", "rank", "line"])
    return frame.reset_index(drop=True)


def _taken_back(frame: pd.DataFrame) -> "pd.Series[bool]":
    """Mark what a later run took back, unless that was taken back in its turn.

    What people did stays: no run undoes it.
    """
    undoing = frame[frame["undoes"] != ""]
    undoing = undoing[["undoes", "run", "id", "kind"]]
    newest_first = undoing.iloc[::-1]
    undone = set[tuple[str, str, str]]()
    for undone_run, run, row_id, kind in newest_first.itertuples(
        index=False, name=None
    ):
        # An undo that was taken back itself undoes nothing any more.
        if (run, row_id, kind) not in undone:
            undone.add((undone_run, row_id, kind))
    keys = zip(frame["run"], frame["id"], frame["kind"], strict=True)
    marks = [key in undone for key in keys]
    by_runs = frame["rank"] > 0
    return by_runs & pd.Series(marks, index=frame.index, dtype=bool)


class _UndoSentence(NamedTuple):
    """How the sentence of an undo begins and ends in one language, around the run's name."""

    beginning: str
    end: str

    def run_in(self, why: str) -> str | None:
        """Return the run that a line says it takes back, None where it says no such thing."""
        if self.beginning not in why or not why.endswith(self.end):
            return None
        _, _, rest = why.rpartition(self.beginning)
        return rest.removesuffix(self.end)


def _undo_sentences() -> list[_UndoSentence]:
    sentences = []
    for code in LANGUAGES:
        sentence = language(code).text("undo of run {run}", run=RUN)
        beginning, _, end = sentence.partition(RUN)
        sentences.append(_UndoSentence(beginning, end))
    return sentences


_Read = Callable[[JournalEntry, Mapping[str, Any], JournalLine], JournalEntry]


class _LineReader:
    """Reads lines: words back into codes, and which run a line takes back."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.codes = {
            "state": dictionary(policy, "state").spellings,
            "reason": dictionary(policy, "reason").spellings,
        }
        self.undo_sentences = _undo_sentences()
        self.managers: dict[str, str] = {}
        self.reads: dict[str, _Read] = {
            LineKind.NOTICED: self._noticed,
            LineKind.MOVED: self._moved,
            LineKind.EDITED: self._edited,
        }

    def entry(self, line: JournalLine) -> JournalEntry:
        """Return what a line tells; of a kind of `TELLING`."""
        rank = TELLING.index(line.what)
        manager = self._manager(line.manager)
        bare = JournalEntry(line.when, line.run, line.id, manager, rank)
        # What people did is no undo, whatever words stand in the line.
        if line.what != LineKind.NOTICED:
            bare = bare._replace(undoes=self._undoes(line.why))
        read = self.reads[line.what]
        return read(bare, _data(line.data), line)

    def _manager(self, written: str) -> str:
        """Return a manager as they are spelt now."""
        # Spelt otherwise, or under a name of before, it is the same manager.
        if written not in self.managers:
            folded = fold(written)
            self.managers[written] = self.policy.managers.get(folded, written)
        return self.managers[written]

    def _undoes(self, why: str) -> str:
        for sentence in self.undo_sentences:
            run = sentence.run_in(why)
            if run is not None:
                return run
        return ""

    def _noticed(
        self, entry: JournalEntry, data: Mapping[str, Any], _: JournalLine
    ) -> JournalEntry:
        kind = data.get("kind")
        before = data.get("before")
        after = data.get("after")
        if kind == "state":
            codes = self._state(before), self._state(after)
            return entry.changed("state", *codes)
        if kind == "section":
            codes = self._section(before), self._section(after)
            return entry.changed("section", *codes)
        if kind == "amount":
            return entry.changed("amount", _number(before), _number(after))
        if kind == "added":
            return self._added(entry, data)
        return entry

    def _added(
        self, entry: JournalEntry, data: Mapping[str, Any]
    ) -> JournalEntry:
        state = self._state(data.get("state"))
        # Before all else of its run: a row must be there before anything becomes of it.
        first = entry._replace(kind="first", rank=-1, after=state)
        manager = data.get("manager")
        if entry.manager or not isinstance(manager, str):
            return first
        return first._replace(manager=manager)

    def _moved(
        self, entry: JournalEntry, data: Mapping[str, Any], line: JournalLine
    ) -> JournalEntry:
        sections = self._section(line.before), self._section(line.after)
        moved = entry.changed("moved", *sections)
        rule = data.get("rule")
        return moved._replace(rule=rule) if isinstance(rule, str) else moved

    def _edited(
        self, entry: JournalEntry, data: Mapping[str, Any], _: JournalLine
    ) -> JournalEntry:
        kind = _kind_of_edit(data)
        before = data.get("before")
        after = data.get("after")
        if kind in self.codes:
            codes = self._code(kind, before), self._code(kind, after)
            return entry.changed(kind, *codes)
        return entry.changed(kind, _number(before), _number(after))

    def _code(self, kind: str, cell: object) -> str | None:
        if not isinstance(cell, str):
            return None
        return self.codes[kind].get(fold(cell))

    def _state(self, code: object) -> str | None:
        known = isinstance(code, str) and code in self.policy.state
        return str(code) if known else None

    def _section(self, code: object) -> str | None:
        if not isinstance(code, str):
            return None
        known = code in self.policy.section or kind_of(code) == MIXED
        return code if known else None


def _kind_of_edit(data: Mapping[str, Any]) -> str:
    """Return the kind of entry an edited cell gives, "" for one that no figure is made of."""
    field = data.get("field")
    # A repair changes a cell's form, never its value.
    if not isinstance(field, str) or data.get("repair"):
        return ""
    return EDITED_FIELDS.get(field, "")


def _number(cell: object) -> float | None:
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return None
    return float(cell) if math.isfinite(cell) else None


def _data(text: str) -> Mapping[str, Any]:
    """Read the data of a line; nothing where it is none of ours."""
    try:
        data = json.loads(text) if text else {}
    # People can reach the cell: what they break there may not stop a night.
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}
