"""Whose row is it: ids given, kept, or put right after a sort, a paste or the fill handle.

What is remembered of an id is last_run_state.py's.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import pandas as pd

from sheetsync.values import fold
from sheetsync.workbook.frame_rows import records_of
from sheetsync.workbook.last_run_state import unpacked

# An id counts only while the row's content agrees with what the state tab remembers of it (company,
# tax number or phone).

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that reads like a digit or another letter."""
LENGTH = 6
_PAIRS = tuple(low + high for high, low in product(ALPHABET, repeat=2))
TELLING = ("tax_number", "phone", "company")
"""Fields that tell whose a row is, the surest first."""
PEOPLE = ("email", "person")
"""Fields that tell that a row of which all those were changed is still the same company's."""

_LEGAL_FORMS = frozenset(
    {"ооо", "оао", "зао", "пао", "ао", "ип", "нпо", "рао", "гк", "нко", "тоо"}
    | {"llc", "ltd", "inc", "gmbh"}
)


@dataclass(frozen=True)
class Identities:
    """The id of every row of the base (same index).

    `renamed`: the id that a row bore of which every known word was changed, None of all others: it
    is another company, and has a new one.
    """

    ids: "pd.Series[Any]"
    renamed: "pd.Series[Any]"


def is_id(text: str) -> bool:
    """Tell whether a text is what an id looks like."""
    return len(text) == LENGTH and set(text) <= set(ALPHABET)


def new_id(seed: str, taken: set[str]) -> str:
    """Make an id of six signs from `seed`, the same on every run, unlike any in `taken`."""
    for attempt in range(1_000_000):
        digest = hashlib.blake2b(
            f"{seed}\0{attempt}".encode(), digest_size=8
        ).digest()
        number = int.from_bytes(digest, "big")
        row_id = (
            _PAIRS[number & 1023]
            + _PAIRS[number >> 10 & 1023]
            + _PAIRS[number >> 20 & 1023]
        )
        if row_id not in taken:
            return row_id
    # There are 2**30 ids, and a base has 10**7 rows at most.
    raise AssertionError(
        "a million ids in a row were taken"
    )  # pragma: no cover


def company_key(company: object) -> str:
    """Reduce a company's name to what tells it from others: no legal form, quotes, case or ё."""
    words = [fold(word) for word in str(company).replace("-", " ").split()]
    return "".join(word for word in words if word not in _LEGAL_FORMS)


def alike(base: pd.DataFrame, remembered: pd.DataFrame) -> "pd.Series[bool]":
    """Tell for each row whether its company, tax number or phone is the one remembered for its id.

    What was remembered as blank contradicts nobody. Both frames bear the same index.
    """
    # A row that held no company yet keeps its id when it is filled in.
    agrees = remembered[list(TELLING)].isna().all(axis=1)
    for name in TELLING:
        agrees |= base[name].notna() & (base[name] == remembered[name])
    both_named = base["company"].notna() & remembered["company"].notna()
    # A legal form or a quote more makes no other company.
    for index in base.index[~agrees & both_named]:
        name = company_key(base.at[index, "company"])
        agrees[index] = name == company_key(remembered.at[index, "company"])
    return agrees


def same_people(row: Mapping[str, Any], remembered: Mapping[str, Any]) -> bool:
    """Tell whether a row names the person, or bears the e-mail, that is remembered of it."""
    return any(
        not pd.isna(row[name]) and row[name] == remembered.get(name)
        for name in PEOPLE
    )


def identify(base: pd.DataFrame, state: pd.DataFrame) -> Identities:
    """Give every row of the base its id. `state`: the state tab, indexed by id."""
    remembered = state.reindex(base["id"])
    remembered.index = base.index
    known = base["id"].isin(state.index)
    agrees = known & alike(base, remembered)
    # An id that nothing is remembered of is contradicted by nothing, and stays.
    keeps_id = _keepers(base, agrees, remembered) & (agrees | ~known)
    ids = base["id"].where(keeps_id)
    new_owners = _NewOwners(base, state, ids)
    # Who lost an id gets it back before a row that only carries it can keep it.
    new_owners.give_remembered()
    new_owners.give_the_rest(known)
    new_ids = pd.Series(new_owners.ids, dtype=object).reindex(base.index)
    renamed = pd.Series(new_owners.renamed, dtype=object).reindex(base.index)
    return Identities(ids.where(ids.notna(), new_ids), renamed)


def _keepers(
    base: pd.DataFrame, agrees: "pd.Series[bool]", remembered: pd.DataFrame
) -> "pd.Series[bool]":
    """Of rows that share an id, mark the one that keeps it.

    It is one that agrees and stands where it was, or else agrees, or else the first.
    """
    at_home = agrees & (remembered["section"] == base["section"])
    rank = 2 - agrees.astype("int8") - at_home.astype("int8")
    ranked = base.assign(rank=rank)[base["id"].notna()].sort_values(
        "rank", kind="stable"
    )
    first = ranked[~ranked["id"].duplicated()].index
    return pd.Series(base.index.isin(first), index=base.index)


class _NewOwners:
    """The rows that keep no id of their own, and the ids that they get.

    `ids`: by the row's index; `renamed`: likewise, the ids that rows bore whose company is
    another one now.
    """

    def __init__(
        self, base: pd.DataFrame, state: pd.DataFrame, ids: "pd.Series[Any]"
    ) -> None:
        self.ids: dict[int, str] = {}
        self.renamed: dict[int, str] = {}
        self._state = state
        remembered = set(map(str, state.index))
        self._open_rows = _foreign_first(base, ids)
        self._borne = set(map(str, ids.dropna()))
        self._free = remembered - self._borne
        # A row that is gone keeps its id, under which it may be brought back.
        self._taken = remembered | set(map(str, base["id"].dropna()))
        # Sorted, as a set has no order of its own, and the same base is to get the same ids.
        self._lost = _LostRows(state.loc[sorted(self._free)])

    def give_remembered(self) -> None:
        """Give rows the remembered id that they can only be."""
        for index, row in self._open_rows:
            if not self._free:
                return
            owner = self._lost.owner(row, self._free)
            if owner is not None:
                self._give(index, owner)
                self._free.discard(owner)

    def give_the_rest(self, known: "pd.Series[bool]") -> None:
        """Give every other row the id it carries, if it is remembered and free, or a new one.

        `known`: whether the state tab remembers the id that a row carries.
        """
        is_known = dict(zip(known.index.tolist(), known.tolist(), strict=True))
        for index, row in self._open_rows:
            if index in self.ids:
                continue
            if is_known[index] and row["id"] not in self._borne:
                # A row that says nothing of itself any more is still the one that stood there.
                if not any(_told_by(row)):
                    self._give(index, row["id"])
                    continue
                remembered = self._state.loc[row["id"], "values"]
                if same_people(row, unpacked(remembered)):
                    self._give(index, row["id"])
                    continue
                # Nothing in the row is what is remembered of its id, which nobody else bears.
                self.renamed[index] = str(row["id"])
            row_id = new_id(_seed(row), self._taken)
            self._taken.add(row_id)
            self._give(index, row_id)

    def _give(self, index: int, row_id: str) -> None:
        self.ids[index] = row_id
        self._borne.add(row_id)


def _seed(row: Mapping[str, Any]) -> str:
    return f"{row['section']}|{row['company']}|{row['tax_number']}|{row['phone']}|{row['row']}"


def _foreign_first(
    base: pd.DataFrame, ids: "pd.Series[Any]"
) -> list[tuple[int, Mapping[str, Any]]]:
    """Return the rows without an id, as records.

    Those that carry a foreign id come first, then those that carry none.
    """
    names = ("section", "row", "id", *TELLING, *PEOPLE)
    records = records_of(base, ids.isna(), names)
    return sorted(records, key=lambda entry: bool(pd.isna(entry[1]["id"])))


class _LostRows:
    """Remembered rows that no row of the base stands for, found again by what they hold."""

    def __init__(self, rows: pd.DataFrame) -> None:
        self._ids: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for name in TELLING:
            for row_id, value in rows[name].dropna().items():
                self._ids[name, _comparable(name, value)].append(str(row_id))

    def owner(self, row: Mapping[str, Any], free: set[str]) -> str | None:
        """Return the one remembered id that this row can only be, or None.

        A company's name alone must be unique. `free`: ids that nobody bears yet.
        """
        for name, value in _told_by(row):
            ids = self._ids.get((name, _comparable(name, value)), ())
            candidates = free.intersection(ids)
            if len(candidates) == 1:
                return candidates.pop()
        return None


def _told_by(row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name in TELLING:
        if not pd.isna(row[name]):
            yield name, row[name]


def _comparable(name: str, value: object) -> str:
    return company_key(value) if name == "company" else str(value)
