"""The emulator over HTTP and in-process, spoken to by other people's clients.

What the calls do is tested elsewhere.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

import gspread
import pytest
import requests
from google.auth.credentials import AnonymousCredentials

from sheetsync.emulator import LocalAdapter, Server, Workspace, create_workbook, serve

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    create_workbook(tmp_path / "book.xlsx", title="Book")
    return Workspace.of_folder(tmp_path)


def test_plain_http_with_users(workspace: Workspace) -> None:
    with Server(workspace) as server, requests.Session() as session:
        url = f"{server.url}/v4/spreadsheets/book"
        area = {"range": {"sheetId": 0}, "editors": {"users": ["daemon@localhost"]}}
        body = {"requests": [{"addProtectedRange": {"protectedRange": area}}]}
        assert session.post(f"{url}:batchUpdate", json=body).status_code == 200
        put: dict[str, Any] = {"json": {"values": [["x"]]}, "params": {"valueInputOption": "RAW"}}
        stopped = session.put(f"{url}/values/A1", headers={"Authorization": "Bearer user:ann@example.com"}, **put)
        assert (stopped.status_code, stopped.headers["Content-Type"]) == (400, "application/json; charset=UTF-8")
        allowed = session.put(f"{url}/values/A1", headers={"Authorization": "Bearer user:daemon@localhost"}, **put)
        assert allowed.json()["updatedCells"] == 1
        assert session.delete(url).status_code == 404


def test_many_clients_at_once_are_answered_one_after_another(workspace: Workspace) -> None:
    with Server(workspace) as server:
        url = f"{server.url}/v4/spreadsheets/book/values/A1:append"

        def add(number: int) -> None:
            body, options = {"values": [[number]]}, {"valueInputOption": "RAW"}
            assert requests.post(url, json=body, params=options, timeout=30).status_code == 200

        threads = [threading.Thread(target=add, args=(n,)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        values = requests.get(f"{server.url}/v4/spreadsheets/book/values/A1:A20", timeout=30).json()["values"]
    assert sorted(int(row[0]) for row in values) == list(range(8))


def test_serve_stops_at_ctrl_c_and_stays_on_this_machine(workspace: Workspace) -> None:
    seen: list[str] = []

    def interrupt(url: str) -> None:
        seen.append(url)
        raise KeyboardInterrupt

    serve(workspace, ready=interrupt)
    assert seen[0].startswith("http://127.0.0.1:")
    for host in ("0.0.0.0", "192.168.1.1", "example.com"):  # noqa: S104  # it must refuse them
        with pytest.raises(ValueError, match="loopback"):
            serve(workspace, host=host)


def test_googles_own_python_client(workspace: Workspace) -> None:
    from googleapiclient.discovery import build

    with Server(workspace) as server:
        api: Any = build(
            "sheets",
            "v4",
            credentials=AnonymousCredentials(),  # type: ignore[no-untyped-call]  # google-auth left it untyped
            client_options={"api_endpoint": server.url},
            static_discovery=True,
        )
        with api.spreadsheets() as sheets:
            values = sheets.values()
            body = {"values": [["a", 1], ["b", 2.5]]}
            values.update(spreadsheetId="book", range="A1", valueInputOption="RAW", body=body).execute()
            read = values.get(spreadsheetId="book", range="Sheet1!A:B", valueRenderOption="UNFORMATTED_VALUE").execute()
            assert read["values"] == [["a", 1], ["b", 2.5]]
            requests_ = [{"addSheet": {"properties": {"title": "Two"}}}]
            made = sheets.batchUpdate(spreadsheetId="book", body={"requests": requests_}).execute()
            assert made["replies"][0]["addSheet"]["properties"]["index"] == 1
            values.close()
        api.close()


def test_gspread_in_process(workspace: Workspace) -> None:
    adapter = LocalAdapter(workspace)
    client = gspread.Client(auth=AnonymousCredentials())  # type: ignore[no-untyped-call]  # google-auth left it untyped
    session: Any = client.http_client.session
    session.mount("https://", adapter)
    book = client.open_by_key("book")
    tab = book.add_worksheet("Два", rows=20, cols=5)
    tab.update([["h1", "h2"], ["a", "1"]], "A1")
    tab.append_row(["b", "2"])
    assert tab.get_all_values() == [["h1", "h2"], ["a", "1"], ["b", "2"]]
    found = tab.find("b")
    assert found is not None
    assert found.row == 3
    tab.format("A1:B1", {"textFormat": {"bold": True}})
    tab.freeze(rows=1)
    tab.delete_rows(2)
    tab.insert_row(["c", "3"], 2)
    tab.update_note("A1", "note")
    assert tab.get_note("A1") == "note"
    assert book.worksheet("Два").get_all_records() == [{"h1": "c", "h2": 3}, {"h1": "b", "h2": 2}]
    with pytest.raises(gspread.exceptions.APIError) as caught:
        tab.delete_rows(500)
    assert caught.value.code == 400
    assert adapter.requests[0] == ("GET", "/v4/spreadsheets/book?includeGridData=false")
    session.close()


def test_importing_the_room_is_cheap() -> None:
    code = (
        "import sys, sheetsync.emulator; "
        "print([m for m in ('openpyxl', 'formualizer', 'http.server', 'requests') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )  # our own interpreter
    assert done.stdout.strip() == "[]"
