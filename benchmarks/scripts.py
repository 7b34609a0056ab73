"""How published scripts carry rows from one tab to another, for a comparison: three patterns.

They are ours, written after what such scripts do: row by row through the API; both tabs written
anew by one request of gspread's; both cleared and written anew from frames of pandas.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from urllib.parse import quote

import gspread
import pandas as pd
import requests

from sheetsync.sheets.connection import credentials
from sheetsync.values import to_serial
from tests.builders.bench import TITLES
from tests.builders.desk import Desk, Wire

FROM, TO = TITLES["working"], TITLES["strategic"]
ROOT = "https://sheets.googleapis.com/v4/spreadsheets/"
LATEST = to_serial(date(2026, 2, 1))
"""Whose work began before this day is out of time."""


def _is_due(headings: Sequence[str], row: Sequence[Any]) -> bool:
    cells = dict(zip(headings, row, strict=False))
    began = cells.get("Work began") or LATEST
    return cells.get("State") == "Contact 2" and float(began) < LATEST


def row_by_row(desk: Desk, wire: Wire) -> None:
    """Append each row to the other tab, then delete it from the first."""
    session = requests.Session()
    session.mount("https://", wire)

    def call(method: str, path: str, **options: Any) -> Any:
        answer = session.request(
            method, ROOT + desk.id + path, timeout=60, **options
        )
        answer.raise_for_status()
        return answer.json()

    headings, *rows = call("GET", f"/values/{quote(FROM)}")["values"]
    gone = 0
    for index, row in enumerate(rows, start=1):
        if not _is_due(headings, row):
            continue
        call(
            "POST",
            f"/values/{quote(TO)}:append?valueInputOption=RAW",
            json={"values": [_moved(headings, row)]},
        )
        place = {"range": desk.rows(FROM, index - gone, index - gone + 1)}
        call(
            "POST",
            ":batchUpdate",
            json={"requests": [{"deleteDimension": place}]},
        )
        gone += 1


def _moved(headings: Sequence[str], row: Sequence[Any]) -> list[Any]:
    moved = [*row]
    moved[headings.index("State")] = "Strategic reserve"
    return moved


def _book(desk: Desk, wire: Wire) -> gspread.Spreadsheet:
    client = gspread.Client(credentials.local())
    client.http_client.session.mount("https://", wire)
    client.set_timeout((10, 60))
    return client.open_by_key(desk.id)


def whole_tabs(desk: Desk, wire: Wire) -> None:
    """Read both tabs, sort the rows out, and write both anew by one request (gspread)."""
    book = _book(desk, wire)
    target = book.worksheet(TO)
    headings, *rows = book.worksheet(FROM).get_all_values()
    there = target.get_all_values()
    due = [row for row in rows if _is_due(headings, row)]
    if not due:
        return
    staying = [row for row in rows if not _is_due(headings, row)]
    emptied = [[""] * len(headings)] * len(due)
    moved = [_moved(headings, row) for row in due]
    _make_room(target, len(there) + len(moved))
    written = {
        FROM: [headings, *staying, *emptied],
        TO: [*there, *moved],
    }
    data = [
        {"range": f"'{title}'!A1", "values": values}
        for title, values in written.items()
    ]
    book.values_batch_update({"valueInputOption": "RAW", "data": data})


def _make_room(sheet: gspread.Worksheet, rows: int) -> None:
    if sheet.row_count < rows:
        sheet.resize(rows=rows)


def clear_and_rewrite(desk: Desk, wire: Wire) -> None:
    """Read both tabs into frames, clear both and write them anew (gspread and pandas)."""
    book = _book(desk, wire)
    source, target = book.worksheet(FROM), book.worksheet(TO)
    frame = pd.DataFrame(source.get_all_records())
    there = pd.DataFrame(target.get_all_records())
    if frame.empty:
        return
    due = pd.Series([*_each_due(frame)], index=frame.index)
    if not due.any():
        return
    moved = frame[due].assign(State="Strategic reserve")
    for sheet, rows in (
        (source, frame[~due]),
        (target, pd.concat([there, moved])),
    ):
        cells = rows.fillna("").astype(object)
        _make_room(sheet, 1 + len(cells))
        sheet.clear()
        sheet.update([cells.columns.tolist(), *cells.to_numpy().tolist()])


def _each_due(frame: pd.DataFrame) -> Iterator[bool]:
    headings = [*map(str, frame.columns)]
    for row in frame.itertuples(index=False):
        yield _is_due(headings, row)
