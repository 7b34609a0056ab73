"""What the last run saw of each row: the hidden state tab, as a frame indexed by id.

It dates a change of state without anyone typing a date, and tells whose an id is. Layout here, use in the enforcer.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from sheetsync.values import EPOCH, LAST_DAY, Cell, clean, fold

DATES = (
    "work_since",
    "state_since",
    "section_since",
    "held_until",
    "gone_on",
    "left_on",
    "extended",
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
)
COUNTS = ("extensions", "pushes")
COLUMNS = ("id", *TEXTS[:4], *DATES[:5], *TEXTS[4:8], DATES[5], *COUNTS, DATES[6], TEXTS[8])
"""Headings of the state tab, in order; new ones come last, so that an older tab is read as it stands.

`left_on`: when the row last left the working list. `extensions`: how often its deadline was moved since work began; `pushes`: how
often its next step was put off since its state last advanced. `extended`: the furthest day to which its deadline was moved
lawfully; of a row that has left the working list, the day that stood in its cell then. `held_state`: the state at which a row is
held until `held_until`; another one, whoever set it, ends that the state moves nobody.
"""


NOTED = "#settings"
"""Where the settings in force are noted: rows whose id begins so, which is no client's; the text stands in `values`."""


def noted(rows: Sequence[Sequence[Cell]]) -> str:
    """Return the note of the state tab's rows, put together of its parts; "" where there is none."""
    at = COLUMNS.index("values")
    parts = {
        str(row[0]): str(row[at]) for row in rows if len(row) > at and str(row[0]).startswith(NOTED)
    }
    names = (NOTED, *(f"{NOTED}.{number}" for number in range(2, len(parts) + 1)))
    return "".join(parts.get(name, "") for name in names)


def note_rows(text: str) -> list[list[Cell]]:
    """Return a note as rows of the state tab, cut where a cell would be too long."""
    made = list[list[Cell]]()
    for number, start in enumerate(range(0, len(text), ROOM), start=1):
        row: list[Cell] = [None] * len(COLUMNS)
        row[0] = NOTED if number == 1 else f"{NOTED}.{number}"
        row[COLUMNS.index("values")] = text[start : start + ROOM]
        made.append(row)
    return made


def empty() -> pd.DataFrame:
    """Return the state of a base that has never been run."""
    return read([])


def own_rows(cells: Sequence[Sequence[Cell]]) -> list[Sequence[Cell]]:
    """Return the rows of the state tab below its headings, without what stands beside them and was not written as state."""
    if not cells:
        return []
    pairs = zip(COLUMNS, (*cells[0], *[None] * len(COLUMNS)), strict=False)
    width = next((at for at, (name, heading) in enumerate(pairs) if heading != name), len(COLUMNS))
    return [row[:width] for row in cells[1:]]


def read(rows: Sequence[Sequence[Cell]], headings: Sequence[Cell] = COLUMNS) -> pd.DataFrame:
    """Type the state tab's rows (without its heading row): index `id`, dates as datetime64[s], the rest text.

    `headings`: the tab's own. What an older version let stand in «extended to» is lawful, and counted once.
    """
    width = len(COLUMNS)
    padded = [
        [*row[:width], *[None] * (width - len(row))]
        for row in rows
        if row and row[0] and not str(row[0]).startswith(NOTED)
    ]
    raw = pd.DataFrame(padded, columns=list(COLUMNS), dtype=object)
    frame = pd.DataFrame(
        {"id": [clean(cell) for cell in raw["id"]], **{n: _column(raw[n], n) for n in COLUMNS[1:]}}
    )
    frame["id"] = frame["id"].astype(object)
    if "extended" not in headings:
        frame["extended"] = _let_stand(frame["values"])
        frame["extensions"] = frame["extensions"].where(frame["extended"].isna(), 1)
    return frame.drop_duplicates("id").set_index("id")


def _column(cells: "pd.Series[Any]", name: str) -> "pd.Series[Any]":
    """Type one column of the state tab."""
    if name not in (*DATES, *COUNTS):
        return pd.Series([clean(cell) or None for cell in cells], dtype=object)
    numbers = pd.to_numeric(cells, errors="coerce")
    if name in COUNTS:
        return numbers.clip(0, MOST).fillna(0).astype("int64")
    days = numbers.where(numbers.between(1, (LAST_DAY - EPOCH).days))
    return (pd.Timestamp(EPOCH) + pd.to_timedelta(days, unit="D")).astype("datetime64[s]")


def _let_stand(packed: "pd.Series[Any]") -> "pd.Series[Any]":
    """Return the days in «extended to» that the last run saw."""
    days = packed.str.extract(r'"extended_to":"(\d{4}-\d{2}-\d{2})', expand=False)
    return pd.to_datetime(days, errors="coerce").astype("datetime64[s]")


def rows_of(frame: pd.DataFrame) -> list[list[Cell]]:
    """Return the frame as the rows of the state tab, dates as serial days, nothing as None."""
    columns: list[list[Cell]] = [[str(key) for key in frame.index]]
    for name in COLUMNS[1:]:
        if name in DATES:
            days = (pd.to_datetime(frame[name]) - pd.Timestamp(EPOCH)).dt.days
            columns.append([None if pd.isna(day) else int(day) for day in days])
        elif name in COUNTS:
            columns.append([int(count) or None for count in frame[name].fillna(0)])
        else:
            columns.append(
                [None if value is None or pd.isna(value) else str(value) for value in frame[name]]
            )
    return [list(row) for row in zip(*columns, strict=True)]


def company_key(company: object) -> str:
    """Reduce a company's name to what tells it from others: no legal form, quotes, case or ё."""
    words = [fold(word) for word in str(company).replace("-", " ").split()]
    return "".join(word for word in words if word not in LEGAL_FORMS)


LEGAL_FORMS = frozenset(
    {
        "ооо",
        "оао",
        "зао",
        "пао",
        "ао",
        "ип",
        "нпо",
        "рао",
        "гк",
        "нко",
        "тоо",
        "llc",
        "ltd",
        "inc",
        "gmbh",
    }
)


MOST = 10**6
"""More than anything is counted to."""
ROOM = 30_000
"""Characters of one cell that are used at most: a workbook's cell holds 32,767, a spreadsheet's 50,000."""


def values_json(record: Mapping[str, Any]) -> str:
    """Pack a row's last-seen values into the one JSON cell they are restored from."""
    seen = {key: _plain(value) for key, value in record.items() if not pd.isna(value)}
    packed = _packed(seen)
    if len(packed) > ROOM:
        longest = ROOM // max(len(seen), 1)
        packed = _packed(
            {
                key: value[: longest // 2] if isinstance(value, str) else value
                for key, value in seen.items()
            }
        )
    return packed


def _packed(seen: Mapping[str, Any]) -> str:
    return json.dumps(seen, ensure_ascii=False, separators=(",", ":"))


def recall(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the last-seen days and amount of rows of the state tab, on their index: what is compared with every row.

    Columns `began`, `last_contact`, `next_on` (datetime64[s]) and `amount` (float64). All cells are read as one text, which is
    many times faster than one by one.
    """
    texts = [text if isinstance(text, str) and text else "{}" for text in rows["values"]]
    try:
        seen = json.loads(f"[{','.join(texts)}]")
    except ValueError:
        seen = []
    if len(seen) != len(texts) or not all(isinstance(one, dict) for one in seen):
        seen = [_unpacked(text) for text in texts]
    days = {
        name: _days([one.get(name) for one in seen], rows.index)
        for name in ("began", "last_contact", "next_on")
    }
    amounts = pd.Series([one.get("amount") for one in seen], index=rows.index, dtype=object)
    return pd.DataFrame(
        {**days, "amount": pd.to_numeric(amounts, errors="coerce").astype("float64")}
    )


def _days(texts: list[Any], index: "pd.Index[Any]") -> "pd.Series[Any]":
    if not any(texts):
        return pd.Series(pd.NaT, index=index, dtype="datetime64[s]")
    days = pd.Series(texts, index=index, dtype=object)
    return pd.to_datetime(days, format="%Y-%m-%d", errors="coerce").astype("datetime64[s]")


def _unpacked(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def remembered(seen: "pd.Series[Any]") -> dict[str, Any]:
    """Return what a row of the state tab remembers of a client, by field: codes, and days as `2026-03-02`."""
    values = _unpacked(str(seen["values"] or "{}"))
    named = {name: seen[name] for name in ("company", "tax_number", "phone", "state", "manager")}
    return {name: value for name, value in {**values, **named}.items() if not pd.isna(value)}


def _plain(value: object) -> object:
    if isinstance(value, pd.Timestamp | date):
        return value.isoformat()[:10]
    return value
