"""Handover: a manager leaves, and the companies go to others, spread fairly within their limits.

METHOD points 2 and 7. Who has least gets most, within the limits; states and labels are dealt out
evenly; what does not fit stays and is listed. Pure: it returns edits of the manager's cell and
nothing else. Carrying them out, and taking them back, is as with any other plan.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import pandas as pd

from sheetsync.errors import InputError
from sheetsync.i18n import language
from sheetsync.method.codes import SectionCode
from sheetsync.method.policy import Policy
from sheetsync.rules.draft.capacity import load
from sheetsync.rules.draft.night import Night
from sheetsync.values import fold
from sheetsync.workbook.immovable_ranges import guarded, protected
from sheetsync.workbook.plan import Correction, Edit
from sheetsync.workbook.snapshot import RowRecord, Snapshot, Tab, as_text

_LIKENESS = 60
"""How like a known name, in per cent, a mistyped one must be to be suggested."""


class HandoverRequest(NamedTuple):
    """What is asked for, as it was typed.

    `only_working`: the working list alone; `new`: names nobody has heard of are right.
    """

    source: str
    targets: tuple[str, ...]
    only_working: bool = False
    new: bool = False


class HandoverShare(NamedTuple):
    """What one manager gets.

    `before` and `after`: companies of theirs that count to the limit, `limit`.
    """

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
    """A handover worked out: what is to be changed, and who gets how much.

    `left`: what stays; `notes`: what people should know.
    """

    source: str
    correction: Correction
    shares: tuple[HandoverShare, ...]
    left: tuple[StayingRow, ...]
    notes: tuple[str, ...]


def hand_over(
    snapshot: Snapshot, policy: Policy, today: date, wanted: HandoverRequest
) -> Handover:
    """Spread a manager's rows among others.

    Raises InputError where a name is nobody's, or is on both sides.

    Rows of the working list that count to the limit come first; then the rest of the base, section
    by section.
    """
    spoken = language(policy.words.language)
    base = Night(snapshot, policy, today, spoken).base
    people = _People.of(base, policy, today, wanted)
    dealing = _Dealing(snapshot, base, policy, today, people)
    led = base["manager"] == people.source
    in_list = base["section"] == SectionCode.WORKING
    counts = in_list & base["state"].isin(policy.states_where("counts_to_cap"))
    loads = load(base, policy)
    dealing.spread_within_limits(base[counts & led], loads)
    sections = base.loc[led, "section"].unique()
    if wanted.only_working:
        sections = [SectionCode.WORKING]
    for section in sorted(sections, key=policy.rank):
        # What does not count to the limit is spread by how much of the kind each one has already.
        of_kind = ~counts & (base["section"] == section)
        dealing.spread_freely(
            base[of_kind & led], Counter(base.loc[of_kind, "manager"])
        )
    return Handover(
        source=people.source,
        correction=Correction(edits=dealing.edits_in_order()),
        shares=dealing.shares(loads),
        left=tuple(dealing.left),
        notes=people.notes,
    )


class _People(NamedTuple):
    """Who is meant by the names that were typed.

    `spellings`: every spelling of the one who leaves, folded; `takers`: the targets that get
    something.
    """

    source: str
    spellings: frozenset[str]
    targets: tuple[str, ...]
    takers: tuple[str, ...]
    notes: tuple[str, ...]

    @classmethod
    def of(
        cls,
        base: pd.DataFrame,
        policy: Policy,
        today: date,
        wanted: HandoverRequest,
    ) -> "_People":
        """Look the names up. Raises InputError where one is nobody's, or is on both sides."""
        text = language(policy.words.language).text
        names = _Names(base, policy)
        source = names.person(wanted.source)
        targets = tuple(
            dict.fromkeys(
                names.taker(name, new=wanted.new) for name in wanted.targets
            )
        )
        if source in targets:
            raise InputError(
                text(
                    "{manager} cannot take over their own companies.",
                    manager=source,
                ),
                fix=text(
                    "Name the others alone: `sheetsync handover BOOK FROM TO…`."
                ),
            )
        # Nobody who is on leave gets anything, unless that is the only one named.
        away = [name for name in targets if _is_away(name, policy, today)]
        if len(targets) == 1:
            away = []
        absent = [
            text("{manager} is on leave and gets nothing.", manager=name)
            for name in away
        ]
        return cls(
            source=source,
            spellings=names.spellings(source),
            targets=targets,
            takers=tuple(name for name in targets if name not in away),
            notes=(*names.notes, *absent),
        )


def _is_away(name: str, policy: Policy, today: date) -> bool:
    return name in policy.member and policy.member[name].away(today)


class _Names:
    """The names of managers that are known: every spelling, folded, and the name it means.

    `notes`: what people should know of names that are new.
    """

    def __init__(self, base: pd.DataFrame, policy: Policy) -> None:
        self.policy = policy
        self.text = language(policy.words.language).text
        self.notes: list[str] = []
        in_base = map(str, base["manager"].dropna().unique())
        names = (*policy.managers.values(), *policy.member, *in_base)
        # What the Settings tab says a spelling means goes before how the base spells a name.
        self.known = {
            fold(name): name for name in names if fold(name)
        } | policy.managers

    def person(self, typed: str) -> str:
        """Return whose name was typed. Raises InputError where it is nobody's."""
        name = self.known.get(fold(typed))
        if name is None:
            raise self._unknown(
                typed, self.text("Known are: {names}.", names=self._listed())
            )
        return name

    def taker(self, typed: str, *, new: bool) -> str:
        """Return who is to take over, somebody `new` too. Raises InputError where it is nobody."""
        name = self.known.get(fold(typed))
        if name is not None:
            return name
        # Only where that is asked for: a slip of the pen makes no new manager.
        if new and fold(typed):
            return self._somebody_new(typed)
        others = self.text(
            "Known are: {names}. Somebody new is named with `--new`.",
            names=self._listed(),
        )
        raise self._unknown(typed, others)

    def spellings(self, wanted: str) -> frozenset[str]:
        """Return every spelling of a name, folded."""
        return frozenset(
            spelling for spelling, name in self.known.items() if name == wanted
        )

    def _somebody_new(self, typed: str) -> str:
        name = " ".join(typed.split())
        self.known[fold(name)] = name
        self.notes.append(
            self.text(
                "{manager} is new in this base; add the name to the list on the tab “{tab}”.",
                manager=name,
                tab=self.policy.words.tabs["settings"],
            )
        )
        return name

    def _unknown(self, typed: str, others: str) -> InputError:
        """Return the error of a name that is nobody's: what it might have been, or who there is."""
        # Only where a name is not known.
        from rapidfuzz import fuzz, process  # noqa: PLC0415

        near = process.extractOne(
            fold(typed),
            list(self.known),
            scorer=fuzz.WRatio,
            score_cutoff=_LIKENESS,
        )
        fix = (
            self.text("Perhaps “{word}”?", word=self.known[near[0]])
            if near
            else others
        )
        message = self.text(
            "There is no manager “{name}” in this base.", name=typed
        )
        return InputError(message, fix=fix)

    def _listed(self) -> str:
        return ", ".join(sorted(set(self.known.values()))) or "—"


class _Dealing:
    """The companies of the one who leaves, as they are dealt out.

    `edits`: those that give one away; `left`: the rows that stay; `dealt`: how many each one got.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        base: pd.DataFrame,
        policy: Policy,
        today: date,
        people: _People,
    ) -> None:
        self.snapshot = snapshot
        self.base = base
        self.policy = policy
        self.today = today
        self.people = people
        self.language = language(policy.words.language)
        self.text = self.language.text
        self.edits: list[Edit] = []
        self.left: list[StayingRow] = []
        self.dealt = Counter[str]()

    def spread_within_limits(
        self, rows: pd.DataFrame, loads: Counter[str]
    ) -> None:
        """Give rows to those who have least, as far as their limits have room for more."""
        rooms = {}
        for name in self.people.takers:
            rooms[name] = max(
                0, self.policy.limit(name, self.today) - loads[name]
            )
        self._spread(self._free_rows(rows), loads, rooms)

    def spread_freely(self, rows: pd.DataFrame, loads: Counter[str]) -> None:
        """Give rows to those who have least; no limit counts them."""
        free = self._free_rows(rows)
        self._spread(free, loads, dict.fromkeys(self.people.takers, len(free)))

    def _spread(
        self,
        rows: Sequence[RowRecord],
        loads: Counter[str],
        rooms: Mapping[str, int],
    ) -> None:
        """Give out rows, states and labels mixed evenly; those that find no room stay."""
        quotas = filled(
            {name: loads[name] for name in self.people.takers}, rooms, len(rows)
        )
        fitting = sum(quotas.values())
        for row, name in zip(rows[:fitting], dealt(quotas), strict=True):
            self._give(row, name)
        for row in rows[fitting:]:
            self._stays(row, self._why_full())

    def _why_full(self) -> str:
        if not self.people.takers:
            return self.text("everybody named is on leave")
        return self.text("the working lists of all who could take it are full")

    def _free_rows(self, rows: pd.DataFrame) -> list[RowRecord]:
        """Return the rows whose manager's cell may be written; the others stay."""
        free = []
        # The furthest states and the largest labels go first, as those that find no place stay.
        for row in _by_worth(rows, self.policy):
            tab = self.snapshot.tab[row["section"]]
            column = tab.fields.get("manager")
            if column is None:
                # Without the column nobody leads the row, so it is never asked.
                continue
            obstacle = self._obstacle(row, tab, column)
            if obstacle is None:
                free.append(row)
            else:
                self._stays(row, obstacle)
        return free

    def _obstacle(self, row: RowRecord, tab: Tab, column: int) -> str | None:
        """Say why the manager's cell of a row may not be written; None where it may."""
        number = int(row["row"])
        heading = tab.heading("manager", self.policy)
        if guarded(tab, number, column):
            return protected(tab, self.language).message
        if _is_shared(tab, column):
            return self.text(
                "“{heading}” on “{tab}” holds several fields in one cell; "
                "the program does not write there.",
                heading=heading,
                tab=tab.title,
            )
        if (row["section"], number, "manager") in self.snapshot.stuck:
            return self.text(
                "“{heading}” is a formula, and stays.", heading=heading
            )
        name = str(tab.grid.cell(number - 1, column) or "")
        if fold(name) not in self.people.spellings:
            return self.text(
                "the name stands in a further column; put it into “{heading}”",
                heading=heading,
            )
        return None

    def _give(self, row: RowRecord, name: str) -> None:
        tab = self.snapshot.tab[row["section"]]
        number = int(row["row"])
        edit = Edit(
            section=row["section"],
            row=number,
            id=str(row["id"]),
            field="manager",
            before=tab.grid.cell(number - 1, tab.fields["manager"]),
            after=name,
            why=self.text(
                "handover from {manager}", manager=self.people.source
            ),
            derived=False,
        )
        self.edits.append(edit)
        self.dealt[name] += 1

    def _stays(self, row: RowRecord, why: str) -> None:
        staying = StayingRow(
            id=str(row["id"]),
            company=as_text(row["company"]),
            tab=self.snapshot.tab[row["section"]].title,
            row=int(row["row"]),
            why=why,
        )
        self.left.append(staying)

    def edits_in_order(self) -> tuple[Edit, ...]:
        """Return the edits by section and row."""
        rank = self.policy.rank
        return tuple(
            sorted(self.edits, key=lambda edit: (rank(edit.section), edit.row))
        )

    def shares(self, loads: Counter[str]) -> tuple[HandoverShare, ...]:
        """Return what each of those named gets. `loads`: what they had before."""
        after = load(self._base_after(), self.policy)
        return tuple(
            HandoverShare(
                manager=name,
                rows=self.dealt[name],
                before=loads[name],
                after=after[name],
                limit=self.policy.limit(name, self.today),
            )
            for name in self.people.targets
        )

    def _base_after(self) -> pd.DataFrame:
        managers = self.base["manager"].astype(object).copy()
        for edit in self.edits:
            managers[self.snapshot.locate(edit.section, edit.row)] = edit.after
        return self.base.assign(manager=managers)


def _by_worth(rows: pd.DataFrame, policy: Policy) -> list[RowRecord]:
    """Return rows as records: the furthest state first, within one the largest label.

    Otherwise they come as they stand.
    """
    states = {code: -rank for rank, code in enumerate(policy.state)}
    labels = {code: rank for rank, code in enumerate(policy.label)}
    ranked = rows.assign(
        by_state=rows["state"].map(states).fillna(1),
        by_label=rows["label"].map(labels).fillna(len(labels)),
    )
    ordered = ranked.sort_values(["by_state", "by_label"], kind="stable")
    records: list[RowRecord] = ordered.to_dict("records")
    return records


def _is_shared(tab: Tab, column: int) -> bool:
    """Tell whether a column holds another field beside."""
    columns = [*tab.fields.values()]
    for further in tab.more.values():
        columns += further
    return columns.count(column) > 1


def filled(
    loads: Mapping[str, int], rooms: Mapping[str, int], rows: int
) -> dict[str, int]:
    """Return how many of `rows` each one gets.

    The fewest-loaded get most, and nobody more than there is room (`rooms`). As water fills a
    vessel: all levels that rise end equally high, but for the last few rows, which go by the order
    of names.
    """
    quotas = dict.fromkeys(loads, 0)
    left = rows
    while left > 0:
        levels = {
            name: loads[name] + quotas[name]
            for name in loads
            if quotas[name] < rooms[name]
        }
        if not levels:
            break
        lowest = min(levels.values())
        rising = [name for name, level in levels.items() if level == lowest]
        steps = [level - lowest for level in levels.values() if level > lowest]
        steps += [rooms[name] - quotas[name] for name in rising]
        # At least one: with fewer rows left than lists that rise, none would ever be given.
        steps.append(max(1, left // len(rising)))
        rise = min(steps)
        for name in rising:
            step = min(rise, left)
            quotas[name] += step
            left -= step
    return quotas


def dealt(quotas: Mapping[str, int]) -> Iterator[str]:
    """Go through the names so that each comes as often as its quota, evenly among the others.

    Rows in the order of states and labels, dealt out like this, leave everybody their part of each.
    """
    total = sum(quotas.values())
    dealt_out = dict.fromkeys(quotas, 0)
    for turn in range(1, total + 1):
        lags = {
            name: quotas[name] * turn - dealt_out[name] * total
            for name in quotas
        }
        name = max(
            quotas,
            # A name that has all of its quota must not win a tie.
            key=lambda name: (lags[name], dealt_out[name] < quotas[name]),
        )
        dealt_out[name] += 1
        yield name


def sentences(left: Iterable[StayingRow]) -> list[str]:
    """Say of each row that stays where it stands and why."""
    return [
        f"{row.tab}, {row.row}: {row.company or row.id}: {row.why}"
        for row in left
    ]
