"""What the emulator's tests share: a fresh workbook and a client that checks every answer against Google's schemas.

The tests themselves say what must hold.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

import pytest
import requests

from sheetsync.emulator import LocalAdapter, Workspace, create_workbook
from sheetsync.emulator.wire.check import check
from sheetsync.emulator.wire.schema import document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

ROOT = "https://sheets.googleapis.com/v4/spreadsheets/"
NOW = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)


def _called(method: str, path: str) -> str:
    """Name the call, as the discovery document does."""
    rest = path.split("?", maxsplit=1)[0]
    for pattern, name in (
        (r"PUT [^/]+/values/.*", "values.update"),
        (r"GET [^/]+/values/.*", "values.get"),
        (r"POST [^/]+/values/.*:(append|clear)", r"values.\1"),
        (r"\w+ [^/]+/values:(\w+)", r"values.\1"),
        (r"POST [^/:]+:(\w+)", r"\1"),
        (r"GET [^/:]+", "get"),
    ):
        if re.fullmatch(pattern, f"{method} {rest}"):
            return "sheets.spreadsheets." + re.sub(pattern, name, f"{method} {rest}")
    raise ValueError(path)


class Client:
    """Speaks to one workbook in-process. `ok` wants a 200 of the right shape, `fail` returns (code, message)."""

    def __init__(
        self, path: Path, user: str | None = None, workspace: Workspace | None = None
    ) -> None:
        self.path = path
        self.workspace = workspace or Workspace.of_file(path, now=lambda: NOW)
        self.adapter = LocalAdapter(self.workspace, user)
        self.session = requests.Session()
        self.session.mount("https://", self.adapter)
        self.id = self.workspace.books[0].id

    def send(self, method: str, path: str, json: Any = None, **params: Any) -> requests.Response:
        return self.session.request(method, ROOT + self.id + path, json=json, params=params)

    def ok(self, method: str, path: str, json: Any = None, **params: Any) -> Any:
        response = self.send(method, path, json, **params)
        assert response.status_code == 200, response.text
        name = document()["methods"][_called(method, self.id + path)]["response"]
        assert check(response.json(), name) == response.json()
        return response.json()

    def fail(self, method: str, path: str, json: Any = None, **params: Any) -> tuple[int, str]:
        response = self.send(method, path, json, **params)
        assert response.status_code != 200, response.text
        error = response.json()["error"]
        assert error["code"] == response.status_code
        return error["code"], error["message"]

    def batch(self, *requests_: Any, **body: Any) -> Any:
        return self.ok("POST", ":batchUpdate", {"requests": list(requests_), **body})

    def refused(self, *requests_: Any) -> str:
        code, message = self.fail("POST", ":batchUpdate", {"requests": list(requests_)})
        assert code == 400
        return message

    def put(self, a1: str, rows: list[list[Any]], option: str = "RAW") -> Any:
        return self.ok("PUT", f"/values/{a1}", {"values": rows}, valueInputOption=option)

    def values(self, a1: str, **options: Any) -> Any:
        return self.ok("GET", f"/values/{a1}", **options).get("values", [])

    def formulas(self, a1: str) -> Any:
        return self.values(a1, valueRenderOption="FORMULA")

    def cells(self, a1: str, fields: str) -> list[list[dict[str, Any]]]:
        mask = f"sheets.data.rowData.values({fields})"
        data = self.ok("GET", "", ranges=a1, fields=mask)["sheets"][0]["data"][0]
        return [row.get("values", []) for row in data.get("rowData", [])]

    def sheet(self, index: int = 0) -> Any:
        return self.ok("GET", "")["sheets"][index]

    def again(self, user: str | None = None) -> Client:
        """Open the file anew, as another process would."""
        self.session.close()
        return Client(self.path, user)

    def as_user(self, user: str) -> Client:
        return Client(self.path, user, self.workspace)


@pytest.fixture
def open_client() -> Iterator[Callable[[Path], Client]]:
    opened: list[Client] = []

    def opener(path: Path) -> Client:
        opened.append(Client(path))
        return opened[-1]

    yield opener
    for client in opened:
        client.session.close()


@pytest.fixture
def client(tmp_path: Path, open_client: Callable[[Path], Client]) -> Client:
    path = tmp_path / "book.xlsx"
    create_workbook(path, title="Book", time_zone="Etc/GMT")
    return open_client(path)


@pytest.fixture
def ru(tmp_path: Path, open_client: Callable[[Path], Client]) -> Client:
    path = tmp_path / "ru.xlsx"
    create_workbook(path, title="База", locale="ru_RU", time_zone="Europe/Moscow")
    return open_client(path)


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Client]:
    workspace = Workspace.in_memory(now=lambda: NOW)
    workspace.create("Book")
    client = Client(tmp_path / "nowhere.xlsx", None, workspace)
    yield client
    client.session.close()
