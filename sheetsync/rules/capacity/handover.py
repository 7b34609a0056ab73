"""Handover: a manager leaves, and the companies go to others, spread fairly within their limits (METHOD points 2 and 7).

Pure: it returns edits of the manager's cell and nothing else, and says what stays and why. Carrying them out, and taking them
back, is as with any other plan.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import pandas as pd

from sheetsync.errors import InputError
from sheetsync.i18n import language
from sheetsync.method.policy import Policy
from sheetsync.rules.draft.capacity import load
from sheetsync.values import fold
from sheetsync.workbook.immovable_ranges import guarded, protected
from sheetsync.workbook.plan import Correction, Edit
from sheetsync.workbook.row_identity import identify
from sheetsync.workbook.snapshot import Snapshot


class HandoverRequest(NamedTuple):
    """What is asked for, as it was typed. `only_working`: the working list alone; `new`: names nobody has heard of are right."""

    source: str
    targets: tuple[str, ...]
    only_working: bool = False
    new: bool = False


class HandoverShare(NamedTuple):
    """What one manager gets. `before` and `after`: companies of theirs that count to the limit, `limit`."""

    manager: str
    rows: int
    before: int
    after: int
    limit: int


class StayingRow(NamedTuple):
    """A row that stays with the one who leaves: where it stands (the sheet's number), and why."""

    id: str
    company: str
    tab: str
    row: int
    why: str


@dataclass(frozen=True)
class Handover:
    """A handover worked out: what is to be changed, who gets how much, what stays, what people should know."""

    source: str
    correction: Correction
    shares: tuple[HandoverShare, ...]
    left: tuple[StayingRow, ...]
    notes: tuple[str, ...]


def hand_over(snapshot: Snapshot, policy: Policy, today: date, wanted: HandoverRequest) -> Handover:
    """Spread a manager's rows among others. Raises InputError where a name is nobody's, or is on both sides.

    Rows of the working list that count to the limit come first, the furthest states and the largest labels before the others, as
    those that find no place stay; then the rest of the base, section by section.
    """
    giving = _Giving(snapshot, policy, today, wanted)
    base = giving.base
    led = base["manager"] == giving.source
    counts = (base["section"] == "working") & base["state"].isin(
        policy.states_where("counts_to_cap")
    )
    loads = load(base, policy)
    giving.spread(base[counts & led], {name: loads[name] for name in giving.takers}, limited=True)
    sections = (
        ["working"]
        if wanted.only_working
        else sorted(base.loc[led, "section"].unique(), key=policy.rank)
    )
    for section in sections:
        # What does not count to the limit is spread by how much of the kind each one has already.
        kind = ~counts & (base["section"] == section)
        held = Counter(base.loc[kind, "manager"])
        giving.spread(base[kind & led], {name: held[name] for name in giving.takers}, limited=False)
    return giving.done(loads)


@dataclass
class _Giving:
    """A handover as it is worked out."""

    snapshot: Snapshot
    policy: Policy
    today: date
    wanted: HandoverRequest
    edits: list[Edit] = field(default_factory=list)
    left: list[StayingRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.text = language(self.policy.words.language).text
        self.base = self.snapshot.base.assign(
            id=identify(self.snapshot.base, self.snapshot.state).ids
        )
        self.known = self._names()
        self.source = self._person(self.wanted.source, taking=False)
        self.targets = tuple(
            dict.fromkeys(self._person(name, taking=True) for name in self.wanted.targets)
        )
        if self.source in self.targets:
            message = self.text(
                "{manager} cannot take over their own companies.", manager=self.source
            )
            raise InputError(
                message, fix=self.text("Name the others alone: `sheetsync handover BOOK FROM TO…`.")
            )
        self.takers = self._present()
        self.given = Counter[str]()

    def _names(self) -> dict[str, str]:
        """Return every spelling of a manager that is known, folded, and the name it means."""
        met = [str(name) for name in self.base["manager"].dropna().unique()]
        told = [*self.policy.managers.values(), *self.policy.member]
        return {fold(name): name for name in (*told, *met) if fold(name)} | self.policy.managers

    def _person(self, typed: str, *, taking: bool) -> str:
        """Return whose name was typed. Raises InputError where it is nobody's: a slip of the pen makes no new manager."""
        name = self.known.get(fold(typed))
        if name is not None:
            return name
        if taking and self.wanted.new and fold(typed):
            name = " ".join(typed.split())
            self.notes.append(
                self.text(
                    "{manager} is new in this base; add the name to the list on the tab “{tab}”.",
                    manager=name,
                    tab=self.policy.words.tabs["settings"],
                )
            )
            self.known[fold(name)] = name
            return name
        fix = self._perhaps(typed, taking=taking)
        raise InputError(
            self.text("There is no manager “{name}” in this base.", name=typed), fix=fix
        )

    def _perhaps(self, typed: str, *, taking: bool) -> str:
        from rapidfuzz import fuzz, process  # noqa: PLC0415  # only where a name is not known

        near = process.extractOne(
            fold(typed), list(self.known), scorer=fuzz.WRatio, score_cutoff=60
        )
        if near:
            return self.text("Perhaps “{word}”?", word=self.known[near[0]])
        names = ", ".join(sorted(set(self.known.values())))
        if taking:
            return self.text(
                "Known are: {names}. Somebody new is named with `--new`.", names=names or "—"
            )
        return self.text("Known are: {names}.", names=names or "—")

    def _present(self) -> tuple[str, ...]:
        """Return who gets something: nobody who is on leave, unless that is the only one named."""
        away = [
            name
            for name in self.targets
            if name in self.policy.member and self.policy.member[name].away(self.today)
        ]
        if len(self.targets) > 1:
            self.notes += [
                self.text("{manager} is on leave and gets nothing.", manager=name) for name in away
            ]
            return tuple(name for name in self.targets if name not in away)
        return self.targets

    def spread(self, rows: pd.DataFrame, loads: dict[str, int], *, limited: bool) -> None:
        """Give rows to those who have least, within their limits where these count; states and labels are mixed evenly."""
        ready = [row for row in self._by_worth(rows) if self._free(row)]
        rooms = {
            name: max(0, self.policy.limit(name, self.today) - loads[name])
            if limited
            else len(ready)
            for name in self.takers
        }
        quotas = filled(loads, rooms, len(ready))
        fits = sum(quotas.values())
        for row, name in zip(ready[:fits], dealt(quotas), strict=True):
            self._give(row, name)
        for row in ready[fits:]:
            self._stays(row, self._full())

    def _full(self) -> str:
        if not self.takers:
            return self.text("everybody named is on leave")
        return self.text("the working lists of all who could take it are full")

    def _by_worth(self, rows: pd.DataFrame) -> list[dict[str, Any]]:
        """Return rows as records: the furthest state first, within one the largest label, then as they stand."""
        states = {code: -rank for rank, code in enumerate(self.policy.state)}
        labels = {code: rank for rank, code in enumerate(self.policy.label)}
        ranked = rows.assign(
            by_state=rows["state"].map(states).fillna(1),
            by_label=rows["label"].map(labels).fillna(len(labels)),
        )
        records: list[dict[str, Any]] = ranked.sort_values(
            ["by_state", "by_label"], kind="stable"
        ).to_dict("records")
        return records

    def _free(self, row: dict[str, Any]) -> bool:
        """Tell whether the manager's cell of a row may be written; say why where it may not."""
        tab, number = self.snapshot.tab[row["section"]], int(row["row"])
        at, places = (
            tab.fields.get("manager"),
            [*tab.fields.values(), *(at for more in tab.more.values() for at in more)],
        )
        heading = tab.heading("manager", self.policy)
        if at is None:
            return False  # without the column nobody leads the row, so that it is never asked
        if guarded(tab, number, at):
            self._stays(row, protected(tab, language(self.policy.words.language)).message)
        elif places.count(at) > 1:
            self._stays(
                row,
                self.text(
                    "“{heading}” on “{tab}” holds several fields in one cell; the program does not write there.",
                    heading=heading,
                    tab=tab.title,
                ),
            )
        elif (row["section"], number, "manager") in self.snapshot.stuck:
            self._stays(row, self.text("“{heading}” is a formula, and stays.", heading=heading))
        elif fold(str(tab.grid.cell(number - 1, at) or "")) not in self._spelt:
            self._stays(
                row,
                self.text(
                    "the name stands in a further column; put it into “{heading}”", heading=heading
                ),
            )
        else:
            return True
        return False

    @property
    def _spelt(self) -> set[str]:
        """Every spelling, folded, of the one who leaves."""
        return {word for word, name in self.known.items() if name == self.source}

    def _give(self, row: dict[str, Any], name: str) -> None:
        tab, number = self.snapshot.tab[row["section"]], int(row["row"])
        before = tab.grid.cell(number - 1, tab.fields["manager"])
        why = self.text("handover from {manager}", manager=self.source)
        self.edits.append(
            Edit(
                row["section"], number, str(row["id"]), "manager", before, name, why, derived=False
            )
        )
        self.given[name] += 1

    def _stays(self, row: dict[str, Any], why: str) -> None:
        company = "" if pd.isna(row["company"]) else str(row["company"])
        self.left.append(
            StayingRow(
                str(row["id"]),
                company,
                self.snapshot.tab[row["section"]].title,
                int(row["row"]),
                why,
            )
        )

    def done(self, loads: Counter[str]) -> Handover:
        """Return it all in order."""
        rank = self.policy.rank
        edits = tuple(sorted(self.edits, key=lambda edit: (rank(edit.section), edit.row)))
        managers = self.base["manager"].tolist()
        for edit in edits:
            managers[self.snapshot.locate(edit.section, edit.row)] = str(edit.after)
        now = load(self.base.assign(manager=managers), self.policy)
        shares = tuple(
            HandoverShare(
                name, self.given[name], loads[name], now[name], self.policy.limit(name, self.today)
            )
            for name in self.targets
        )
        return Handover(
            self.source, Correction(edits=edits), shares, tuple(self.left), tuple(self.notes)
        )


def filled(loads: dict[str, int], rooms: dict[str, int], rows: int) -> dict[str, int]:
    """Return how many of `rows` each one gets, so that the fewest-loaded get most and nobody more than there is room.

    As water fills a vessel: all levels that rise end equally high, but for the last few rows, which go by the order of names.
    """
    quotas = dict.fromkeys(loads, 0)
    order = {name: rank for rank, name in enumerate(loads)}
    left = rows
    while left > 0:
        open_ = sorted(
            (n for n in loads if quotas[n] < rooms[n]),
            key=lambda n: (loads[n] + quotas[n], order[n]),
        )
        if not open_:
            break
        lowest = loads[open_[0]] + quotas[open_[0]]
        low = [name for name in open_ if loads[name] + quotas[name] == lowest]
        above = [loads[name] + quotas[name] - lowest for name in open_ if name not in low]
        rise = min(
            [*above, *(rooms[name] - quotas[name] for name in low), max(1, left // len(low))]
        )
        for name in low:
            step = min(rise, left)
            quotas[name] += step
            left -= step
    return quotas


def dealt(quotas: dict[str, int]) -> Iterator[str]:
    """Go through the names so that each comes as often as its quota, and evenly among the others at any moment.

    Rows in the order of states and labels, dealt out like this, leave everybody their part of each.
    """
    whole, given = sum(quotas.values()), dict.fromkeys(quotas, 0)
    for turn in range(1, whole + 1):
        name = max(
            quotas,
            key=lambda one: (quotas[one] * turn - given[one] * whole, given[one] < quotas[one]),
        )
        given[name] += 1
        yield name


def sentences(left: Iterable[StayingRow]) -> list[str]:
    """Say of each row that stays where it stands and why."""
    return [f"{one.tab}, {one.row}: {one.company or one.id}: {one.why}" for one in left]
