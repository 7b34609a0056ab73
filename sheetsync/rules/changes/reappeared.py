"""Which vanished row a new one repeats: by exact keys, tax number, phone or name, never row by row.

What is said of it is `method_violations`'.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from sheetsync.workbook.row_identity import TELLING, company_key

COMMON = 5
"""Vanished rows that may share a phone or a name and still be told by it."""

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Vanished:
    """Vanished rows, each with its `id`, by what they held: field -> what stood there -> rows."""

    by: Mapping[str, Mapping[str, Sequence[Record]]]

    @classmethod
    def of(cls, gone: pd.DataFrame, today: date, days: int) -> "Vanished":
        """Read the rows that vanished within the last `days`. `gone`: as the state tab has them."""
        first = pd.Timestamp(today - timedelta(days=days))
        late = gone[gone["gone_on"] >= first].reset_index(names="id")
        by: dict[str, defaultdict[str, list[Record]]] = {
            name: defaultdict(list) for name in TELLING
        }
        for row in late.to_dict("records"):
            for name, rows in by.items():
                key = _key(name, row[name])
                if key:
                    rows[key].append(row)
        return cls(by)

    def like(self, row: Record, manager: str) -> tuple[Record, str] | None:
        """Return the row that vanished under another manager and is repeated by this one.

        With it comes the field by which it is known. Of several it is the latest.
        """
        for name in TELLING:
            rows = self.by[name].get(_key(name, row[name]) or "", ())
            # A switchboard's phone tells nobody apart; a tax number decides, however many bear it.
            if len(rows) > COMMON and name != "tax_number":
                continue
            repeated = [
                old for old in rows if _repeats(row, manager, old, name)
            ]
            if repeated:
                # The id breaks ties, so that a second run of the day names the same row.
                return max(
                    repeated, key=lambda old: (old["gone_on"], old["id"])
                ), name
        return None


def _key(name: str, value: object) -> str | None:
    if blank(value):
        return None
    return (company_key(value) if name == "company" else str(value)) or None


def _repeats(row: Record, manager: str, old: Record, name: str) -> bool:
    """Tell whether a row of the same tax number, phone or name was another manager's client."""
    # Whoever types a company of their own anew takes it from nobody.
    if not _differ(old["manager"], manager):
        return False
    # Two firms of one name with two tax numbers are two.
    return name != "company" or not _differ(
        old["tax_number"], row["tax_number"]
    )


def _differ(value: object, other: object) -> bool:
    """Tell whether two things are known and differ."""
    return not blank(value) and not blank(other) and value != other


def blank(value: object) -> bool:
    """Tell whether a cell of a frame holds nothing."""
    if value is None or value == "":
        return True
    return bool(pd.isna(value))  # type: ignore[call-overload,unused-ignore]  # a scalar
