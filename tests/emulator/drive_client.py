"""A person's session with Drive, for the tests that speak to it.

The tests themselves say what must hold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gspread
import requests
from google.auth.credentials import AnonymousCredentials

from sheetsync.emulator import LocalAdapter

if TYPE_CHECKING:
    from sheetsync.emulator import Workspace

NOBODY: Any = AnonymousCredentials()  # type: ignore[no-untyped-call]  # google-auth ships no types for it
FILES = "https://www.googleapis.com/drive/v3/files"
UPLOAD = "https://www.googleapis.com/upload/drive/v3/files"
SHEET = "application/vnd.google-apps.spreadsheet"
FOLDER = "application/vnd.google-apps.folder"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Drive:
    """A session of one person on a workspace."""

    def __init__(self, workspace: Workspace, user: str = "ann@example.com") -> None:
        self.workspace = workspace
        self.session = requests.Session()
        self.session.mount("https://", LocalAdapter(workspace, user))

    def send(
        self, method: str, path: str = "", json: Any = None, **params: Any
    ) -> requests.Response:
        return self.session.request(
            method, path if path.startswith("https:") else FILES + path, json=json, params=params
        )

    def ok(self, method: str, path: str = "", json: Any = None, **params: Any) -> Any:
        response = self.send(method, path, json, **params)
        assert response.status_code == 200, response.text
        return response.json()

    def fail(
        self, method: str, path: str = "", json: Any = None, **params: Any
    ) -> tuple[int, str, str]:
        response = self.send(method, path, json, **params)
        assert response.status_code >= 400, response.text
        error = response.json()["error"]
        assert error["code"] == response.status_code
        return error["code"], error["errors"][0]["reason"], error["message"]

    def make(self, name: str, **fields: Any) -> str:
        made = self.ok("POST", json={"name": name, "mimeType": SHEET, **fields})
        return str(made["id"])

    def names(self, **params: Any) -> list[str]:
        return [file["name"] for file in self.ok("GET", **params)["files"]]

    def gspread(self) -> Any:
        client = gspread.Client(auth=NOBODY)
        client.http_client.session.mount("https://", self.session.get_adapter("https://"))
        return client
