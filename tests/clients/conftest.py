"""What the tests of clients share: an emulator that is served, over a folder of files and in memory alone.

How each client gets there is said in routes.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sheetsync.emulator import Server, Workspace, create_workbook
from tests.clients.routes import Place, google_at, gspread_at, pygsheets_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Any

    import gspread


@pytest.fixture(params=["folder", "memory"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Give a served emulator with one empty spreadsheet called Book."""
    if request.param == "folder":
        create_workbook(tmp_path / "book.xlsx", title="Book", time_zone="Etc/GMT")
        workspace = Workspace.of_folder(tmp_path)
    else:
        workspace = Workspace.in_memory()
        workspace.create("Book")
    with Server(workspace) as server:
        yield Place(server.url, workspace.books[0].id, workspace)


@pytest.fixture
def book(place: Place) -> Iterator[gspread.Spreadsheet]:
    """Give the spreadsheet as gspread opens it over HTTP."""
    client = gspread_at(place.url)
    yield client.open_by_key(place.id)
    client.http_client.session.close()


@pytest.fixture
def google(place: Place) -> Iterator[Any]:
    """Give the spreadsheets of Google's own client."""
    service = google_at(place.url)
    yield service.spreadsheets()
    service.close()


@pytest.fixture
def pyg(place: Place) -> Iterator[Any]:
    """Give the spreadsheet as pygsheets opens it."""
    client = pygsheets_at(place.url)
    try:
        yield client.open_by_key(place.id)
    finally:
        client.sheet.service.close()
        client.drive.service.close()
