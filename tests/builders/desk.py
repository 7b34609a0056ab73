"""A shared spreadsheet as people and daemons meet it: managers and the owner edit it, runs work on it, faults strike.

Every client carries a number of its own in a column that the program does not know. Who deleted what and who typed what is
remembered, so that a test can say of every cell where it must be.
"""

import json
from collections.abc import Callable, Sequence  # dataclasses and rules read annotations
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from threading import RLock
from typing import Any
from urllib.parse import quote

from requests import PreparedRequest, Response

from sheetsync.emulator import Faults, LocalAdapter, Workspace
from sheetsync.emulator.service import answer
from sheetsync.emulator.wire.http import Request
from sheetsync.i18n import language
from sheetsync.services import run as runner
from sheetsync.services.run import Options, RunResult
from sheetsync.sheets.connection import credentials
from sheetsync.sheets.connection.client import PacedClient, SheetsConnection
from sheetsync.sheets.connection.open_book import Opened
from sheetsync.values import reader, to_cell
from tests.builders.bench import HEADINGS, TITLES, day, phone

OWNER, EDITOR = "owner@localhost", "ann@localhost"
OWN, NOTE = "Number", "Remark"
COLUMNS = (*HEADINGS, OWN, NOTE)
"""The team's columns, two of them of their own making."""
METHODS = ("State",)
"""Columns of the team's that a move may set too."""
START = date(2026, 3, 2)


class Wire(LocalAdapter):
    """A daemon's way to the spreadsheet. `before`: what happens just before its n-th request (from 1) is carried out."""

    def __init__(self, workspace: Workspace, faults: Faults | None = None) -> None:
        super().__init__(workspace, credentials.LOCAL_USER, faults=faults)
        self.before: dict[int, Callable[[], object]] = {}
        self._count = 0

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        """Count, let others act, send."""
        self._count += 1
        deed = self.before.pop(self._count, None)
        if deed is not None:
            deed()
        return super().send(request, *args, **options)


KINDS = {"Phone": "phone", "Tax number": "tax_number", "Work began": "date", "Last contact": "date"}


def means(heading: str, cell: Any) -> Any:
    """Return what a cell means: what a run tidies means the same afterwards."""
    if heading not in KINDS:
        return cell
    return reader(KINDS[heading], "US", None)(cell).value or cell


@dataclass
class Client:
    """What people typed of a client, by heading; and whether one of them has deleted it."""

    typed: dict[str, str] = field(default_factory=dict)
    deleted: bool = False


class Desk:
    """One spreadsheet in memory, its people and its daemons."""

    def __init__(self) -> None:
        self.today = START
        self.workspace = Workspace.in_memory(now=self._now)
        self.clients: dict[str, Client] = {}
        self._number = 0
        self.titles = {title: title for title in TITLES.values()}
        """What each section's tab is called now, by what it was called at first, as which tests know it."""
        self.busy = False
        """Whether a run is at work, which nobody interrupts."""
        self.id = self.workspace.create("Base").id
        self.workspace.store(self.id)
        tabs = [
            {"addSheet": {"properties": {"title": title, "sheetId": 10 + n}}}
            for n, title in enumerate(TITLES.values())
        ]
        self.batch(OWNER, *tabs, {"deleteSheet": {"sheetId": 0}})
        for title in TITLES.values():
            self.write(OWNER, title, 0, list(COLUMNS))

    def _now(self) -> datetime:
        return datetime.combine(self.today, time(9), UTC)

    def copy(self) -> "Desk":
        """Return this desk once more as it stands, so that many tests may begin with one night; neither sees what is done to the other."""
        locks = [self.workspace._lock, *(store.lock for store in self.workspace.stores())]  # noqa: SLF001  # no test's business
        return deepcopy(self, {id(lock): RLock() for lock in locks})

    def call(self, user: str, method: str, path: str, body: Any = None) -> Any:
        """Send one request as a person; the answer, which must be a success."""
        data = b"" if body is None else json.dumps(body).encode()
        reply = answer(
            self.workspace, Request(method, f"/v4/spreadsheets/{self.id}{path}", user, data)
        )
        told = json.loads(reply.body)
        if reply.status == 200:
            return told
        message = told["error"]["message"]
        if user == EDITOR and "protected" in message and not self.busy and self.free():
            return self.call(user, method, path, body)
        raise PermissionError(message)

    def free(self) -> bool:
        """Free the base from a run that has died in it, as a person does who cannot type; whether there was one."""
        return runner.unlock(self.daemon(holder="somebody:1").opened) is not None

    def batch(self, user: str, *requests: dict[str, Any]) -> Any:
        """Send one batchUpdate as a person. Raises PermissionError where it is refused."""
        return self.call(user, "POST", ":batchUpdate", {"requests": list(requests)})

    def write(
        self, user: str, title: str, row: int, cells: Sequence[str | float | None], column: int = 0
    ) -> None:
        """Type into neighbouring cells of a tab (0-based row and column)."""
        tab = self.titles.get(title, title)
        width = f"'{tab}'!R{row + 1}C{column + 1}:R{row + 1}C{column + len(cells)}"
        self.call(
            user,
            "PUT",
            f"/values/{quote(width, safe='')}?valueInputOption=RAW",
            {"values": [list(cells)]},
        )

    def write_rows(
        self, user: str, title: str, row: int, rows: Sequence[Sequence[str | datetime | None]]
    ) -> None:
        """Type whole rows from the 0-based `row` on, on a sheet made long enough."""
        longer = {"sheetId": self.sheet_id(title), "dimension": "ROWS", "length": len(rows)}
        self.batch(user, {"appendDimension": longer})
        place = quote(f"'{self.titles.get(title, title)}'!A{row + 1}", safe="")
        self.call(
            user,
            "PUT",
            f"/values/{place}?valueInputOption=RAW",
            {
                "values": [
                    [to_cell(c) if isinstance(c, datetime) else c for c in row] for row in rows
                ]
            },
        )

    def tabs(self) -> dict[str, list[list[Any]]]:
        """Return the rows of every section's tab, by title, headings first."""
        wanted = "&".join(f"ranges={quote(self.titles[title])}" for title in TITLES.values())
        told = self.call(
            OWNER, "GET", f"/values:batchGet?valueRenderOption=UNFORMATTED_VALUE&{wanted}"
        )
        return {
            title: found.get("values", [])
            for title, found in zip(TITLES.values(), told["valueRanges"], strict=True)
        }

    def rename(self, title: str, now: str) -> None:
        """Call a tab something else, as long as no other bears that name."""
        taken = {sheet["properties"]["title"] for sheet in self.call(OWNER, "GET", "")["sheets"]}
        if now not in taken:
            changed = {
                "properties": {"sheetId": self.sheet_id(title), "title": now},
                "fields": "title",
            }
            self.batch(EDITOR, {"updateSheetProperties": changed})
            self.titles[title] = now

    def sheet_id(self, title: str) -> int:
        """Return a section tab's id."""
        return 10 + list(TITLES.values()).index(title)

    def standing(self) -> dict[str, list[tuple[str, int, dict[str, Any]]]]:
        """Return where each client stands: (tab, 0-based row, cells by heading), once for each row that bears its number."""
        found: dict[str, list[tuple[str, int, dict[str, Any]]]] = {}
        for title, (headings, *rows) in self.tabs().items():
            for at, row in enumerate(rows, start=1):
                cells = dict(zip(headings, [*row, *[""] * (len(headings) - len(row))], strict=True))
                number = str(cells.get(OWN, ""))
                if number:
                    found.setdefault(number, []).append((title, at, cells))
        return found

    def sheets(self) -> list[str]:
        """Return the titles of all tabs."""
        return [sheet["properties"]["title"] for sheet in self.call(OWNER, "GET", "")["sheets"]]

    def values(self, title: str) -> list[list[Any]]:
        """Return the rows of any tab."""
        answer = self.call(
            OWNER, "GET", f"/values/{quote(title, safe='')}?valueRenderOption=UNFORMATTED_VALUE"
        )
        rows: list[list[Any]] = answer.get("values", [])
        return rows

    def journal(self) -> list[dict[str, Any]]:
        """Return the Journal's lines by heading, the newest first."""
        titles = [sheet["properties"]["title"] for sheet in self.call(OWNER, "GET", "")["sheets"]]
        if "Journal" not in titles:
            return []
        rows = self.call(OWNER, "GET", "/values/Journal?valueRenderOption=UNFORMATTED_VALUE").get(
            "values", []
        )
        headings = rows[0]
        return [
            dict(zip(headings, [*row, *[""] * (len(headings) - len(row))], strict=True))
            for row in rows[1:]
        ]

    def place(self, number: str) -> tuple[str, int]:
        """Return (tab, 0-based row) of a client."""
        ((title, row, _),) = self.standing()[number]
        return title, row

    def add(self, title: str, state: str, began: str, label: str = "Small") -> str:
        """Type a new client at the end of a tab."""
        self._number += 1
        number = f"N{self._number}"
        typed = {
            "Company": f"Company {self._number}",
            "Tax number": str(1000000000 + self._number),
            "Phone": phone(self._number),
            "Label": label,
            "State": state,
            "Manager": f"Manager {self._number % 3}",
            "Work began": began,
            "Last contact": "2026-02-10",
            OWN: number,
            NOTE: f"remark of {self._number}",
        }
        rows = self.tabs()[title]
        headings = rows[0]
        self.write_rows(
            EDITOR, title, len(rows), [[day(typed.get(heading)) for heading in headings]]
        )
        self.clients[number] = Client(typed)
        return number

    def type(self, user: str, number: str, heading: str, text: str) -> None:
        """Type into one cell of a client."""
        title, row = self.place(number)
        column = self.tabs()[title][0].index(heading)
        self.write(user, title, row, [text], column)
        self.clients[number].typed[heading] = text

    def delete(self, number: str) -> None:
        """Delete a client's row by hand."""
        title, row = self.place(number)
        self.batch(EDITOR, {"deleteDimension": {"range": self.rows(title, row, row + 1)}})
        self.clients[number].deleted = True

    def rows(self, title: str, start: int, end: int) -> dict[str, Any]:
        """Return a range of rows of a tab."""
        return {
            "sheetId": self.sheet_id(title),
            "dimension": "ROWS",
            "startIndex": start,
            "endIndex": end,
        }

    def carry(self, number: str, title: str) -> None:
        """Cut a client's row and paste it at the end of another tab, as people do: cells, by column."""
        source, row = self.place(number)
        if source == title:
            return
        headings = self.tabs()[title][0]
        cells = self.standing()[number][0][2]
        self.write(
            EDITOR, title, len(self.tabs()[title]), [cells.get(name) or None for name in headings]
        )
        self.batch(EDITOR, {"deleteDimension": {"range": self.rows(source, row, row + 1)}})

    def daemon(self, faults: Faults | None = None, *, holder: str = "here:1") -> "Daemon":
        """Start a daemon, as a process of its own."""
        return Daemon(self, Wire(self.workspace, faults), holder)


class Daemon:
    """One process of the program, on its own line to the spreadsheet."""

    def __init__(self, desk: Desk, wire: Wire, holder: str) -> None:
        self.desk, self.wire = desk, wire
        self.left: tuple[str, ...] = ()
        http = PacedClient(credentials.local())
        http.session.mount("https://", wire)
        http.set_timeout((10, 60))
        self.opened = Opened(
            SheetsConnection(http, desk.id, language("en"), attempts=3),
            "Base",
            account=credentials.LOCAL_USER,
        )
        self.options = Options(desk.today, force=True, language="en", holder=holder)

    def run(self) -> RunResult:
        """Run one night."""
        return runner.run(self.opened, self.options)

    def undo(self) -> RunResult:
        """Take the newest run back; `left` is what it has left alone."""

        def shown(_: object, left: tuple[str, ...]) -> None:
            self.left = left

        return runner.undo(self.opened, self.options, None, shown)
