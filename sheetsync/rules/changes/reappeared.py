"""Which vanished row a new one repeats: found by exact keys, tax number, phone or name, never row against row."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

import pandas as pd

from sheetsync.workbook.row_identity import company_key

COMMON = 5
"""Vanished rows that may share a phone or a name and still be told by it."""


class Vanished(NamedTuple):
    """Vanished rows by what they held: field -> what stood there -> ids."""

    rows: Mapping[str, dict[str, Any]]
    by: Mapping[str, Mapping[str, Sequence[str]]]

    @classmethod
    def of(cls, gone: pd.DataFrame, today: date, days: int) -> "Vanished":
        """Read the rows that vanished within the last `days`."""
        late = gone[gone["gone_on"] >= pd.Timestamp(today - timedelta(days=days))]
        rows = {str(row["id"]): row for row in late.reset_index(names="id").to_dict("records")}
        by: dict[str, dict[str, list[str]]] = {
            name: {} for name in ("tax_number", "phone", "company")
        }
        for row_id, row in rows.items():
            for name, known in by.items():
                if key := _key(name, row[name]):
                    known.setdefault(key, []).append(row_id)
        return cls(rows, by)

    def like(self, row: Mapping[str, Any], manager: str) -> tuple[dict[str, Any], str] | None:
        """Return the row that vanished under another manager and is repeated by this one, and the field by which it is known.

        Of several it is the latest.
        """
        for name, known in self.by.items():
            ids = known.get(_key(name, row[name]) or "", ())
            if name != "tax_number" and len(ids) > COMMON:
                continue
            own = [self.rows[i] for i in ids if _other(self.rows[i]["manager"], manager)]
            if name == "company":
                own = [old for old in own if not _other(old["tax_number"], row["tax_number"])]
            if own:
                return max(own, key=lambda old: (old["gone_on"], old["id"])), name
        return None


def _key(name: str, value: object) -> str | None:
    if blank(value):
        return None
    return (company_key(value) if name == "company" else str(value)) or None


def _other(one: object, other: object) -> bool:
    """Tell whether two things are known and differ."""
    return not blank(one) and not blank(other) and one != other


def blank(value: object) -> bool:
    """Tell whether a cell of a frame holds nothing."""
    return value is None or value == "" or bool(pd.isna(value))  # type: ignore[call-overload,unused-ignore]  # a scalar
