"""Whose row is it: ids given, kept, or put right after a sort, a paste or the fill handle detached them.

An id counts only while the row's content agrees with what the state tab remembers of it (company, tax number or phone).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from sheetsync.workbook.last_run_state import company_key

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that reads like a digit or another letter."""
LENGTH = 6


@dataclass(frozen=True)
class Identities:
    """The id of every row of the base (same index), and the rows whose id belongs to somebody else."""

    ids: "pd.Series[Any]"
    unclear: "pd.Series[bool]"


def new_id(seed: str, taken: set[str]) -> str:
    """Make an id of six signs from `seed`, the same on every run, unlike any in `taken`."""
    for attempt in range(1_000_000):
        digest = hashlib.blake2b(f"{seed}\0{attempt}".encode(), digest_size=8).digest()
        number = int.from_bytes(digest, "big")
        made = "".join(ALPHABET[number >> shift & 31] for shift in range(0, 5 * LENGTH, 5))
        if made not in taken:
            return made
    raise AssertionError(
        "a million ids in a row were taken"
    )  # pragma: no cover  # 2**30 ids, at most 10**7 rows


def _same(left: "pd.Series[Any]", right: "pd.Series[Any]") -> "pd.Series[bool]":
    return left.notna() & (left == right)


def alike(base: pd.DataFrame, remembered: pd.DataFrame) -> "pd.Series[bool]":
    """Tell for each row whether its company, tax number or phone is the one remembered for its id."""
    names = ["tax_number", "phone", "company"]
    agrees = remembered[names].isna().all(axis=1)  # what was remembered as blank contradicts nobody
    for name in names:
        agrees |= _same(base[name], remembered[name])
    doubtful = base.index[~agrees & base["company"].notna() & remembered["company"].notna()]
    for at in doubtful:
        agrees[at] = company_key(base.at[at, "company"]) == company_key(
            remembered.at[at, "company"]
        )
    return agrees


@dataclass
class _Lost:
    """Remembered rows that no row of the base stands for, found again by what they hold."""

    by: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    @classmethod
    def of(cls, state: pd.DataFrame) -> "_Lost":
        found: dict[str, dict[str, list[str]]] = {
            name: {} for name in ("tax_number", "phone", "company")
        }
        for name, entries in found.items():
            for key, value in state[name].items():
                if value is not None and not pd.isna(value):
                    entries.setdefault(
                        company_key(value) if name == "company" else str(value), []
                    ).append(str(key))
        return cls(found)

    def owner(self, row: Mapping[str, Any], free: set[str]) -> str | None:
        """Return the one remembered id that this row can only be, or None. A company's name alone must be unique."""
        for name, entries in self.by.items():
            value = row[name]
            if value is None or pd.isna(value):
                continue
            candidates = [
                i
                for i in entries.get(company_key(value) if name == "company" else str(value), ())
                if i in free
            ]
            if len(candidates) == 1:
                return candidates[0]
        return None


def _keepers(
    base: pd.DataFrame, agrees: "pd.Series[bool]", remembered: pd.DataFrame
) -> "pd.Series[bool]":
    """Of rows that share an id, mark the one that keeps it: agreeing and where it was, agreeing, or the first."""
    at_home = agrees & (remembered["section"] == base["section"])
    rank = 2 - agrees.astype("int8") - at_home.astype("int8")
    ordered = base.assign(rank=rank)[base["id"].notna()].sort_values("rank", kind="stable")
    first = ordered[~ordered["id"].duplicated()].index
    return pd.Series(base.index.isin(first), index=base.index)


def identify(base: pd.DataFrame, state: pd.DataFrame) -> Identities:
    """Give every row of the base its id. `base`: all rows; `state`: the state tab, indexed by id."""
    remembered = state.reindex(base["id"])
    remembered.index = base.index
    known = base["id"].isin(state.index)
    agrees = known & alike(base, remembered)
    keeps = _keepers(base, agrees, remembered) & (agrees | ~known)
    ids = base["id"].where(keeps)
    taken = {str(i) for i in state.index} | {str(i) for i in base["id"].dropna()}
    free = {str(i) for i in state.index} - {str(i) for i in ids.dropna()}
    given, doubtful = _given(base, ids, _Lost.of(state.loc[sorted(free)]), free), set[int]()
    borne = {*ids.dropna(), *given.values()}
    for at, row in _sure_first(base, ids):
        if at in given:
            continue
        # A remembered id that nobody else bears, on a row with nothing in common with what is remembered.
        if known[at] and row["id"] not in borne:
            given[at] = row["id"]
            doubtful.add(at)
        else:
            given[at] = new_id(
                f"{row['section']}|{row['company']}|{row['tax_number']}|{row['phone']}|{row['row']}",
                taken,
            )
            taken.add(given[at])
        borne.add(given[at])
    unclear = pd.Series(base.index.isin(doubtful), index=base.index)
    return Identities(
        ids.where(ids.notna(), pd.Series(given, dtype=object).reindex(base.index)), unclear
    )


def _given(
    base: pd.DataFrame, ids: "pd.Series[Any]", lost: _Lost, free: set[str]
) -> dict[int, str]:
    """Give rows without an id of their own the remembered one that they can only be."""
    found: dict[int, str] = {}
    for at, row in _sure_first(base, ids) if free else ():
        owner = lost.owner(row, free)
        if owner is not None:
            found[at] = owner
            free.discard(owner)
    return found


def _sure_first(base: pd.DataFrame, ids: "pd.Series[Any]") -> list[tuple[int, dict[str, Any]]]:
    """Return the rows without an id, as records: those that carry a foreign id first, then those that carry none."""
    open_rows = base.loc[ids.isna(), ["section", "row", "id", "company", "tax_number", "phone"]]
    rows = list(zip(open_rows.index, open_rows.to_dict("records"), strict=True))
    return sorted(rows, key=lambda entry: bool(pd.isna(entry[1]["id"])))
