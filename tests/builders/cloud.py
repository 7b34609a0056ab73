"""Google as the program's real transport meets it: every request is intercepted, and answered by the emulator, in memory.

A fault may be put in the place of an answer, before the request is carried out or after.
"""

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import responses
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from requests import PreparedRequest

from sheetsync.emulator import Workspace
from sheetsync.emulator.service import answer
from sheetsync.emulator.wire.http import Reply, Request
from sheetsync.values import to_cell
from tests.builders.bench import TITLES

BOOK = "a-spreadsheet-id-of-google-0123456789"
ADDRESS = f"https://docs.google.com/spreadsheets/d/{BOOK}/edit#gid=0"
OWNER = "owner@localhost"
ROBOT = "robot@project.iam.gserviceaccount.com"
TOKEN = "https://oauth2.googleapis.com/token"
HTML = "<!DOCTYPE html><html><title>Error 502 (Server Error)!!1</title></html>"
SettingsReading = tuple[int, dict[str, str], str]


class Killed(BaseException):
    """The process dies here, as by kill -9: no `except Exception` sees it."""


class Fault(NamedTuple):
    """What comes instead of an answer: a status with a body, or an exception.

    `late`: after the work was done. `delayed`: the work is done only just before the next write after this one.
    """

    status: int = 503
    body: str = '{"error": {"code": 503, "message": "The service is currently unavailable.", "status": "UNAVAILABLE"}}'
    error: BaseException | None = None
    late: bool = False
    delayed: bool = False


def refusal(status: int, message: str) -> Fault:
    """Make an error as Google words it."""
    return Fault(status, json.dumps({"error": {"code": status, "message": message, "status": "X"}}))


class Cloud:
    """One spreadsheet at Google. `faults` by kind of request ("read", "write", "token") are used up one by one."""

    def __init__(self, mock: responses.RequestsMock) -> None:
        self.workspace = Workspace.in_memory()
        store = self.workspace.create("Base")
        self.workspace._stores[BOOK] = store  # noqa: SLF001  # Google chose the id, and the address tells it
        store.renumber(BOOK)
        self.sent: list[tuple[str, PreparedRequest]] = []
        self.faults: defaultdict[str, list[Fault]] = defaultdict(list)
        self.always: dict[str, Fault] = {}
        self.script: dict[int, Fault] = {}
        self.meanwhile: dict[int, list[Any]] = {}
        self._under_way: list[PreparedRequest] = []
        mock.add_callback(responses.POST, TOKEN, callback=self._token)
        for method in (responses.GET, responses.POST, responses.PUT):
            mock.add_callback(method, _any("https://sheets.googleapis.com/"), callback=self._answer)

    def count(self, kind: str) -> int:
        """Tell how many requests of a kind were sent."""
        return sum(sent == kind for sent, _ in self.sent)

    def _fault(self, kind: str) -> Fault | None:
        return self.faults[kind].pop(0) if self.faults[kind] else self.always.get(kind)

    def _token(self, request: PreparedRequest) -> SettingsReading:
        self.sent.append(("token", request))
        fault = self._fault("token")
        if fault is not None:
            return self._failed(fault)
        return (
            200,
            {},
            json.dumps({"access_token": "token", "expires_in": 3600, "token_type": "Bearer"}),
        )

    def _failed(self, fault: Fault) -> SettingsReading:
        if fault.error is not None:
            raise fault.error
        kind = "text/html" if fault.body.startswith("<") else "application/json"
        return fault.status, {"Content-Type": kind}, fault.body

    def _answer(self, request: PreparedRequest) -> SettingsReading:
        kind = "write" if ":batchUpdate" in (request.url or "") else "read"
        self.sent.append((kind, request))
        fault = self.script.pop(self.count("read") + self.count("write"), None) or self._fault(kind)
        for deed in self.meanwhile.pop(self.count("read") + self.count("write"), ()):
            self.owner(deed)
        if kind == "write":
            self.flush()
        if fault is not None and fault.delayed:
            self._under_way.append(request)
            return self._failed(fault)
        if fault is not None and not fault.late:
            return self._failed(fault)
        reply = self._done(request)
        if fault is not None:
            return self._failed(fault)
        return reply.status, {"Content-Type": reply.content_type}, reply.body.decode()

    def _done(self, request: PreparedRequest) -> Reply:
        body = request.body.encode() if isinstance(request.body, str) else request.body
        data = body if isinstance(body, bytes) else b""
        return answer(self.workspace, Request(request.method or "", request.url or "", ROBOT, data))

    def owner(self, *requests_: Any) -> None:
        """Edit the spreadsheet by batchUpdate requests as its owner does, whom no protection stops."""
        self._call("POST", ":batchUpdate", {"requests": list(requests_)})

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        data = b"" if body is None else json.dumps(body).encode()
        reply = answer(
            self.workspace, Request(method, f"/v4/spreadsheets/{BOOK}{path}", OWNER, data)
        )
        assert reply.status == 200, reply.body
        return json.loads(reply.body)

    def lay_out(self, tabs: Mapping[str, Sequence[Sequence[object]]]) -> None:
        """Make the spreadsheet anew: tabs by title, the first of them with the id 0."""
        old = [sheet.id for sheet in self.workspace.store(BOOK).current().sheets]
        fresh = [
            {"addSheet": {"properties": {"title": f"new {number}"}}} for number in range(bool(old))
        ]
        self.owner(*fresh, *({"deleteSheet": {"sheetId": number}} for number in old))
        (spare,) = (sheet.id for sheet in self.workspace.store(BOOK).current().sheets)
        added = [
            {"addSheet": {"properties": {"title": title, "sheetId": at}}}
            for at, title in enumerate(tabs)
        ]
        self.owner(*added, {"deleteSheet": {"sheetId": spare}})
        for title, lines in tabs.items():
            place = quote(f"'{title}'!A1", safe="")
            body = {"values": [[_bare(cell) for cell in line] for line in lines]}
            self._call("PUT", f"/values/{place}?valueInputOption=RAW", body)

    def type(self, title: str, row: int, column: int, text: str) -> None:
        """Type into one cell (0-based row and column) as the owner."""
        place = quote(f"'{title}'!R{row + 1}C{column + 1}", safe="")
        self._call("PUT", f"/values/{place}?valueInputOption=RAW", {"values": [[text]]})

    def cells(self, render: str = "UNFORMATTED_VALUE") -> dict[str, list[tuple[Any, ...]]]:
        """Read every tab's values, or formulas; what is empty is None."""
        found = {}
        for sheet in self.workspace.store(BOOK).current().sheets:
            place = quote(f"'{sheet.title}'", safe="")
            rows = self._call("GET", f"/values/{place}?valueRenderOption={render}").get(
                "values", []
            )
            width = max(map(len, rows), default=0)
            found[sheet.title] = [
                tuple(c if c != "" else None for c in [*row, *[None] * (width - len(row))])
                for row in rows
            ]
        return found

    def kept(self) -> list[Any]:
        """Return the developer metadata and the protections of the spreadsheet."""
        fields = "developerMetadata,sheets(protectedRanges)"
        answer = self._call("GET", f"?fields={quote(fields)}")
        protected = [sheet.get("protectedRanges", []) for sheet in answer.get("sheets", [])]
        return [*answer.get("developerMetadata", []), *filter(None, protected)]

    def companies(self) -> dict[str, list[str]]:
        """Tell which companies stand in which tab, from the top."""
        cells = self.cells()
        return {
            title: [str(row[0]) for row in cells[title][1:] if row and row[0]]
            for title in TITLES.values()
        }

    def flush(self) -> None:
        """Carry out what was still under way."""
        for request in self._under_way:
            self._done(request)
        self._under_way.clear()


def _bare(cell: object) -> Any:
    """Return a cell as values are sent: a day as its serial number."""
    return to_cell(cell) if isinstance(cell, datetime) else cell


def _any(root: str) -> Any:
    return re.compile(re.escape(root) + ".*")


def key_file(path: Path) -> Path:
    """Write a service account's key, as Google's console gives it, with a key that opens nothing."""
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    content = {
        "type": "service_account",
        "project_id": "project",
        "private_key_id": "1",
        "private_key": pem.decode(),
        "client_email": ROBOT,
        "client_id": "1",
        "token_uri": TOKEN,
    }
    path.write_text(json.dumps(content), encoding="utf-8")
    return path
