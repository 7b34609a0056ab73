"""What the last run saw of each row: the hidden state tab, as a frame indexed by id.

It dates a change of state without anyone typing a date. What is concluded from it is the rules';
whose a row is, row_identity.py's.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, NamedTuple

import pandas as pd

from sheetsync.method.codes import SectionCode
from sheetsync.values import EPOCH, LAST_DAY, Cell, clean
from sheetsync.values.text import CELL_ROOM, in_cell

DATES = (
    "work_since",
    "state_since",
    "section_since",
    "held_until",
    "gone_on",
    "left_on",
    "extended",
    "unread_since",
)
TEXTS = (
    "section",
    "state",
    "manager",
    "reached",
    "company",
    "tax_number",
    "phone",
    "values",
    "held_state",
    "last_state",
    "last_label",
    "last_manager",
    "label_then",
    "label_borne",
    "proof",
    "would",
)
COUNTS = ("extensions", "pushes", "stood_still")
# New ones come last, so that an older tab is read as it stands.
COLUMNS = (
    "id",
    *TEXTS[:4],
    *DATES[:5],
    *TEXTS[4:8],
    DATES[5],
    *COUNTS[:2],
    DATES[6],
    TEXTS[8],
    *TEXTS[9:15],
    DATES[7],
    COUNTS[2],
    TEXTS[15],
)
"""Headings of the state tab, in order.

`work_since` outlives an archive, so that an undo gives a row its old clock back, and one carried
back by hand without the head's consent gains no time. `left_on`: when the row last left the working
list. `extensions`: how often its deadline was moved since work began; `pushes`: how often its next
step was put off since its state last advanced. `extended`: the furthest day to which its deadline
was moved lawfully; of a row that has left the working list, the day that stood in its cell then.
`held_state`: the state at which a row is held until `held_until`; another one, whoever set it, ends
that the state moves nobody. `last_state`, `last_label`, `last_manager`: what could last be read in
these cells; `unread_since`: the night on which one that decides was first found unreadable.
`label_then`: the label with which work began; `label_borne`: the one that the amount of that day
tells. `stood_still`: counted days in which the clock stood, as the row was a deal. `proof`: what
proves that the company is a client, `payment` or `head`. `would`: that it would have moved but for
a trial (trial_record.py).
"""
_VALUES = COLUMNS.index("values")

_MARK = "#"
"""What the ids of rows begin with that are notes of the program's, and no client's."""
HEADS_WORD = "head"
"""The proof of a sale that the head of sales has given; the other is a payment."""
PAYMENT = "payment"
NOTED = f"{_MARK}settings"
"""Where the settings in force are noted, so that a mistake or a deleted tab changes nothing.

The text stands in `values`.
"""
UNFINISHED = f"{_MARK}night"
"""Where a night is noted that is written in several batches, until its last one."""
MOST = 10**6
"""More than anything is counted to."""

# Days among a row's last-seen values that are compared with every row.
_PACKED_DATES = ("began", "last_contact", "next_on", "extended_to")


def noted(rows: Sequence[Sequence[Cell]]) -> str:
    """Return the note of the state tab's rows, put together; "" where there is none."""
    parts: dict[str, str] = {}
    for row in rows:
        if len(row) > _VALUES and str(row[0]).startswith(NOTED):
            parts[str(row[0])] = str(row[_VALUES])
    names = [_note_id(number) for number in range(1, len(parts) + 1)]
    return "".join(parts.get(name, "") for name in names)


def note_rows(text: str) -> list[list[Cell]]:
    """Return a note as rows of the state tab, cut where a cell would be too long."""
    rows = list[list[Cell]]()
    for number, start in enumerate(range(0, len(text), CELL_ROOM), start=1):
        row: list[Cell] = [None] * len(COLUMNS)
        row[0] = _note_id(number)
        row[_VALUES] = text[start : start + CELL_ROOM]
        rows.append(row)
    return rows


class UnfinishedNight(NamedTuple):
    """A night of which not all batches are written yet.

    `run`: the name that all its lines of the Journal bear; `first`: whether it is the first night
    of the base, in which nothing is noticed.
    """

    run: str
    first: bool

    def row(self) -> list[Cell]:
        """Return the row of the state tab that says so."""
        row: list[Cell] = [None] * len(COLUMNS)
        row[0] = UNFINISHED
        row[_VALUES] = _packed(self._asdict())
        return row


def unfinished_night(rows: Sequence[Sequence[Cell]]) -> UnfinishedNight | None:
    """Return what the state tab's rows say of a night in several batches, None for nothing."""
    for row in rows:
        if len(row) > _VALUES and str(row[0]) == UNFINISHED:
            said = unpacked(str(row[_VALUES]))
            return UnfinishedNight(
                str(said.get("run", "")), bool(said.get("first"))
            )
    return None


def _note_id(number: int) -> str:
    return NOTED if number == 1 else f"{NOTED}.{number}"


def _is_note(row: Sequence[Cell]) -> bool:
    return str(row[0]).startswith(_MARK)


def empty() -> pd.DataFrame:
    """Return the state of a base that has never been run."""
    return _empty().copy()


@cache
def _empty() -> pd.DataFrame:
    return read([])


def own_rows(cells: Sequence[Sequence[Cell]]) -> list[Sequence[Cell]]:
    """Return the rows of the state tab below its headings.

    What stands beside them and was not written as state is left out.
    """
    if not cells:
        return []
    # An older version's columns end sooner, and copies of cells stand beside them.
    width = 0
    for name, heading in zip(COLUMNS, cells[0], strict=False):
        if heading != name:
            break
        width += 1
    return [row[:width] for row in cells[1:]]


def read(
    rows: Sequence[Sequence[Cell]], headings: Sequence[Cell] = COLUMNS
) -> pd.DataFrame:
    """Type the state tab's rows (without its heading row).

    Index `id`; dates as datetime64[s], counts as int64, the rest text. `headings`: the tab's own.
    """
    width = len(COLUMNS)
    kept = [row for row in rows if row and row[0] and not _is_note(row)]
    padded = [[*row[:width], *[None] * (width - len(row))] for row in kept]
    cells = pd.DataFrame(padded, columns=list(COLUMNS), dtype=object)
    columns: dict[str, Any] = {
        "id": pd.Series([clean(cell) for cell in cells["id"]], dtype=object)
    }
    for name in COLUMNS[1:]:
        columns[name] = _column(cells[name], name)
    frame = pd.DataFrame(columns)
    # What an older version let stand in «extended to» stays lawful, and counts as one extension.
    if "extended" not in headings:
        frame["extended"] = _let_stand(frame["values"])
        frame["extensions"] = frame["extensions"].where(
            frame["extended"].isna(), 1
        )
    # What an older version let stand among clients counts as the head's word.
    if "proof" not in headings:
        is_client = frame["section"] == SectionCode.CLIENTS
        frame["proof"] = frame["proof"].mask(is_client, HEADS_WORD)
    return frame.drop_duplicates("id").set_index("id")


def _column(cells: "pd.Series[Any]", name: str) -> "pd.Series[Any]":
    """Type one column of the state tab."""
    if name in TEXTS:
        return pd.Series([clean(cell) or None for cell in cells], dtype=object)
    numbers = pd.to_numeric(cells, errors="coerce")
    if name in COUNTS:
        return numbers.clip(0, MOST).fillna(0).astype("int64")
    days = numbers.where(numbers.between(1, (LAST_DAY - EPOCH).days))
    return (pd.Timestamp(EPOCH) + pd.to_timedelta(days, unit="D")).astype(
        "datetime64[s]"
    )


def _let_stand(packed: "pd.Series[Any]") -> "pd.Series[Any]":
    """Return the days in «extended to» that the last run saw."""
    days = packed.str.extract(
        r'"extended_to":"(\d{4}-\d{2}-\d{2})', expand=False
    )
    return pd.to_datetime(days, errors="coerce").astype("datetime64[s]")


def rows_of(frame: pd.DataFrame) -> list[list[Cell]]:
    """Return the frame as the rows of the state tab, dates as serial days, nothing as None."""
    ids: list[Cell] = [str(row_id) for row_id in frame.index]
    columns = [ids, *(_cells_of(frame[name], name) for name in COLUMNS[1:])]
    return [list(row) for row in zip(*columns, strict=True)]


def _cells_of(column: "pd.Series[Any]", name: str) -> list[Cell]:
    if name in DATES:
        days = (pd.to_datetime(column) - pd.Timestamp(EPOCH)).dt.days
        return [_serial(day) for day in days]
    if name in COUNTS:
        return [int(number) or None for number in column.fillna(0)]
    return [_text(value) for value in column]


def _serial(day: float) -> int | None:
    return None if pd.isna(day) else int(day)


def _text(value: Any) -> str | None:
    return None if pd.isna(value) else str(value)


def values_json(record: Mapping[str, Any]) -> str:
    """Pack a row's last-seen values into the one JSON cell they are restored from.

    Where a cell has no room for them, long texts are cut.
    """
    values = {
        name: _bare(value)
        for name, value in record.items()
        if isinstance(value, str) or not pd.isna(value)
    }
    packed = _packed(values)
    if in_cell(packed):
        return packed
    longest = CELL_ROOM // max(len(values), 1) // 2
    # Signs that JSON escapes take up to six characters each.
    while longest and not in_cell(packed):
        for name, value in values.items():
            if isinstance(value, str):
                values[name] = value[:longest]
        packed = _packed(values)
        longest //= 2
    return packed


def _bare(value: object) -> object:
    if isinstance(value, str):
        return value
    if isinstance(value, pd.Timestamp | date):
        return value.isoformat()[: len("2026-03-02")]
    return value


# Made once: `json.dumps` makes one for each call that is not its plainest.
_written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _packed(values: Mapping[str, Any]) -> str:
    return _written(values)


def recall(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the last-seen days, amount and words of rows of the state tab, on their index.

    These are what is compared with every row: columns `began`, `last_contact`, `next_on`,
    `extended_to` (datetime64[s]), `amount` (float64), `label` and `category` (codes).
    """
    packed = rows["values"]
    values: list[dict[str, Any]] = [{}] * len(rows)
    # On a first night, and of rows that are new, nothing is remembered.
    if packed.notna().any():
        values = _unpacked_all([_text(text) or "{}" for text in packed])
    columns = {}
    for name in _PACKED_DATES:
        columns[name] = _days(
            [record.get(name) for record in values], rows.index
        )
    amounts = pd.Series(
        [record.get("amount") for record in values], rows.index, dtype=object
    )
    columns["amount"] = pd.to_numeric(amounts, errors="coerce").astype(
        "float64"
    )
    for name in ("label", "category"):
        words = [record.get(name) for record in values]
        columns[name] = pd.Series(words, rows.index, dtype=object)
    return pd.DataFrame(columns)


def _days(texts: Sequence[Any], index: "pd.Index[Any]") -> "pd.Series[Any]":
    if not any(texts):
        return pd.Series(pd.NaT, index=index, dtype="datetime64[s]")
    days = pd.Series(texts, index=index, dtype=object)
    return pd.to_datetime(days, format="%Y-%m-%d", errors="coerce").astype(
        "datetime64[s]"
    )


def _unpacked_all(texts: Sequence[str]) -> list[dict[str, Any]]:
    """Unpack many cells; one that cannot be read holds nothing."""
    # Read as one text they are unpacked many times faster than one by one.
    try:
        values: list[Any] = json.loads(f"[{','.join(texts)}]")
    except ValueError:
        values = []
    # A broken cell may read as two, and would shift all that stand below it.
    if len(values) == len(texts) and all(
        isinstance(record, dict) for record in values
    ):
        return values
    return [unpacked(text) for text in texts]


def unpacked(text: object) -> dict[str, Any]:
    """Return what a cell of `values` holds; nothing where it cannot be read."""
    try:
        values = json.loads(str(text))
    except ValueError:
        return {}
    return values if isinstance(values, dict) else {}


def remembered(row: "pd.Series[Any]") -> dict[str, Any]:
    """Return what a row of the state tab remembers of a client, by field.

    Codes, and days as `2026-03-02`.
    """
    values = unpacked(str(row["values"] or "{}"))
    for name in ("company", "tax_number", "phone", "state", "manager"):
        values[name] = row[name]
    return {name: value for name, value in values.items() if not pd.isna(value)}
