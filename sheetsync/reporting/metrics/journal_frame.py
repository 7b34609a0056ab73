"""The Journal as a frame: what each line tells in codes, in the order it happened, without what was taken back.

People can reach the Journal, so nothing here trusts its words: what cannot be understood is left out, and never raises.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple

import pandas as pd

from sheetsync.i18n import LANGUAGES, language
from sheetsync.method.policy import Policy
from sheetsync.method.terms import MIXED, kind_of
from sheetsync.method.vocabulary import dictionary
from sheetsync.values import EPOCH, LAST_DAY, fold, to_serial
from sheetsync.workbook.journal import JournalLine

TELLING = ("noticed", "moved", "edited")
"""Lines that say what became of a client. Within one run people's changes come first: the run has met them."""
EDITED = {"state": "state", "amount": "amount", "refusal_reason": "reason"}
"""Fields of edited cells that figures are made of, and the kind of entry they give."""


class JournalEntry(NamedTuple):
    """What one line tells. `rank`: 0 and below, people did it. `kind`: state, first, moved, section, amount, reason; "" for all else. `rule`: of a move.

    `undoes`: the run that it takes back.
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


@dataclass(frozen=True)
class History:
    """The Journal, its newest lines first; `whole`: whether these are all of them."""

    journal: Sequence[JournalLine]
    policy: Policy
    whole: bool = True

    @cached_property
    def begins(self) -> date | None:
        """The first day that the Journal tells of wholly; None where it is empty."""
        days = [int(line.when) for line in self.journal if dated(line)]
        return EPOCH + timedelta(days=min(days) + (not self.whole)) if days else None

    def covers(self, first: date) -> bool:
        """Tell whether the Journal reaches back to a day."""
        return self.begins is not None and self.begins <= first

    @cached_property
    def entries(self) -> pd.DataFrame:
        """Return the entries that hold, oldest first, with `day` (serial): `id` and `manager` as text, the rest as in `JournalEntry`.

        A change that was undone, and the undoing itself, are no events: both are left out.
        """
        entry = _LineReader(self.policy).entry
        lines = [line for line in self.journal if line.what in TELLING and dated(line) and line.id]
        frame = pd.DataFrame(
            [entry(line) for line in lines],
            columns=list(JournalEntry._fields),
            index=range(len(lines)),
        )
        frame = frame.astype(
            dict.fromkeys(("run", "id", "manager", "kind", "before", "after", "undoes"), object)
        )
        frame["day"] = frame["when"].astype("float64").astype("int64")
        # The Journal has the newest run on top: it decides where the clock shows the same minute.
        newest = {run: -at for at, run in reversed([*enumerate(frame["run"])])}
        frame["age"] = frame["run"].map(newest).astype("float64")
        frame = (
            frame[frame["kind"] != ""].rename_axis("at").sort_values(["when", "age", "rank", "at"])
        )
        frame = frame.reset_index(drop=True)
        return (
            frame[~_taken_back(frame) & (frame["undoes"] == "")]
            .drop(columns=["age", "rank"])
            .reset_index(drop=True)
        )


def dated(line: JournalLine) -> bool:
    """Tell whether a line bears a moment at all."""
    return math.isfinite(line.when) and 1 <= line.when <= to_serial(LAST_DAY)


def _taken_back(frame: pd.DataFrame) -> "pd.Series[bool]":
    """Mark what a later run took back, unless that was taken back in its turn. What people did stays: no run undoes it."""
    undoing = frame.loc[frame["undoes"] != "", ["undoes", "run", "id", "kind"]]
    gone: set[tuple[str, str, str]] = set()
    for undone, run, row_id, kind in reversed([*undoing.itertuples(index=False)]):
        if (run, row_id, kind) not in gone:
            gone.add((undone, row_id, kind))
    keys = zip(frame["run"], frame["id"], frame["kind"], strict=True)
    return pd.Series([key in gone for key in keys], index=frame.index, dtype=bool) & (
        frame["rank"] > 0
    )


class _LineReader:
    """Reads lines: words back into codes, and which run a line takes back."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.words = {kind: dictionary(policy, kind).spellings for kind in ("state", "reason")}
        said = [language(code).text("undo of run {run}", run="\0") for code in LANGUAGES]
        self.managers: dict[str, str] = {}
        reading = (self._noticed, self._moved, self._edited)
        self.by_what = {
            what: (rank, read)
            for rank, (what, read) in enumerate(zip(TELLING, reading, strict=True))
        }
        self.undoing = [
            (head, tail) for head, _, tail in (sentence.partition("\0") for sentence in said)
        ]

    def entry(self, line: JournalLine) -> JournalEntry:
        """Return what a line tells."""
        rank, read = self.by_what[line.what]
        if line.manager not in self.managers:
            self.managers[line.manager] = self.policy.managers.get(fold(line.manager), line.manager)
        manager = self.managers[line.manager]
        bare = JournalEntry(
            line.when,
            line.run,
            line.id,
            manager,
            rank,
            undoes=self._undoes(line.why) if rank else "",
        )
        return read(bare, _data(line.data), line)

    def _undoes(self, why: str) -> str:
        for head, tail in self.undoing:
            if head in why and why.endswith(tail):
                return why.rpartition(head)[2].removesuffix(tail)
        return ""

    def _noticed(
        self, entry: JournalEntry, data: Mapping[str, Any], _: JournalLine
    ) -> JournalEntry:
        kind, before, after = data.get("kind"), data.get("before"), data.get("after")
        if kind == "state":
            return entry._replace(
                kind="state", before=self._state(before), after=self._state(after)
            )
        if kind == "added":
            first = entry._replace(kind="first", rank=-1, after=self._state(data.get("state")))
            named = data.get("manager")
            return (
                first
                if entry.manager or not isinstance(named, str)
                else first._replace(manager=named)
            )
        if kind == "section":
            return entry._replace(
                kind="section", before=self._section(before), after=self._section(after)
            )
        if kind == "amount":
            return entry._replace(kind="amount", before=_number(before), after=_number(after))
        return entry

    def _moved(
        self, entry: JournalEntry, data: Mapping[str, Any], line: JournalLine
    ) -> JournalEntry:
        before, after = (self._section(place) for place in (line.before, line.after))
        rule = data.get("rule")
        return entry._replace(
            kind="moved", before=before, after=after, rule=rule if isinstance(rule, str) else ""
        )

    def _edited(self, entry: JournalEntry, data: Mapping[str, Any], _: JournalLine) -> JournalEntry:
        field = data.get("field")
        kind = EDITED.get(field, "") if isinstance(field, str) and not data.get("repair") else ""
        cells = [data.get("before"), data.get("after")]
        if kind in self.words:
            before, after = (
                self.words[kind].get(fold(cell)) if isinstance(cell, str) else None
                for cell in cells
            )
            return entry._replace(kind=kind, before=before, after=after)
        return entry._replace(kind=kind, before=_number(cells[0]), after=_number(cells[1]))

    def _state(self, code: object) -> str | None:
        return code if isinstance(code, str) and code in self.policy.state else None

    def _section(self, code: object) -> str | None:
        known = isinstance(code, str) and (code in self.policy.section or kind_of(code) == MIXED)
        return str(code) if known else None


def _number(cell: object) -> float | None:
    plain = isinstance(cell, int | float) and not isinstance(cell, bool)
    return float(cell) if plain and math.isfinite(cell) else None  # type: ignore[arg-type]  # `plain` says so


def _data(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
