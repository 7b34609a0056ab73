"""The clocks of companies whose row is new, and that were worked under another row.

METHOD point 8: a clock ends by no copy, no row typed anew, no other manager. What tells that it is
the same company are exact keys: the tax number, the name, the phone.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from sheetsync.workbook.frame_rows import records_of
from sheetsync.workbook.row_identity import TELLING, company_key

INHERITED = (
    "section",
    "work_since",
    "left_on",
    "gone_on",
    "extended",
    "extensions",
    "pushes",
    "reached",
    "last_label",
    "label_then",
    "label_borne",
    "stood_still",
)
"""What a new row takes over of the company's clock, as the state tab has it."""
COMMON = 3
"""So many companies with one phone, and it tells nobody: a switchboard's."""

Record = Mapping[str, Any]


def with_inherited(
    before: pd.DataFrame, base: pd.DataFrame, state: pd.DataFrame
) -> pd.DataFrame:
    """Return what is remembered of each row; of a new one, the clock of the same company.

    `before`: the state tab on the index of `base`; `state`: the tab itself.
    """
    is_new = ~base["id"].isin(state.index)
    if not is_new.any() or not len(state):
        return before
    # A sale has ended its clock: what comes after it is another round.
    worked = state[state["work_since"].notna() & state["proof"].isna()]
    owners = _Worked(worked)
    filled = before
    for index, row in records_of(base, is_new, TELLING):
        owner = owners.like(row)
        if owner is not None:
            if filled is before:
                filled = before.copy()
            for name in INHERITED:
                filled.at[index, name] = owner[name]
    return filled


class _Worked:
    """Remembered rows whose clock was never ended, by what they hold."""

    def __init__(self, rows: pd.DataFrame) -> None:
        self._by_key: defaultdict[tuple[str, str], list[Record]] = defaultdict(
            list
        )
        names = (*TELLING, *INHERITED)
        for _, row in records_of(rows, names=[*dict.fromkeys(names)]):
            for key in _keys(row):
                self._by_key[key].append(row)

    def like(self, row: Record) -> Record | None:
        """Return the remembered row of the same company that was worked first, or None."""
        for key in _keys(row):
            same = [
                other
                for other in self._by_key.get(key, ())
                if not _differs(row["tax_number"], other["tax_number"])
            ]
            if same and (key[0] != "phone" or len(same) < COMMON):
                return min(same, key=lambda other: other["work_since"])
        return None


def _keys(row: Record) -> Iterator[tuple[str, str]]:
    for name in TELLING:
        if not pd.isna(row[name]):
            is_name = name == "company"
            key = company_key(row[name]) if is_name else str(row[name])
            if key:
                yield name, key


def _differs(value: Any, other: Any) -> bool:
    """Tell whether both are known and unlike."""
    return not pd.isna(value) and not pd.isna(other) and value != other
