"""The npm packages googleapis and google-spreadsheet do a job each on a served emulator; gspread finds what they left.

The scripts are in node/. Their packages are fetched once, by npm ci, from whatever registry npm is told to use.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from filelock import FileLock

if TYPE_CHECKING:
    from gspread import Spreadsheet

    from tests.clients.routes import Place

FOLDER = Path(__file__).with_name("node")
REQUIRED = "node" in os.environ.get("SHEETSYNC_REQUIRE", "").replace(",", " ").split()


def _missing(why: str) -> None:
    if REQUIRED:
        pytest.fail(f"SHEETSYNC_REQUIRE asks for node: {why}")
    pytest.skip(why)


@pytest.fixture(scope="session")
def node() -> str:
    """Give the program that runs the scripts, with their packages in place."""
    program, npm = shutil.which("node"), shutil.which("npm")
    if program is None or npm is None:
        _missing("node and npm are not installed")
    assert program is not None
    assert npm is not None
    lock, wanted = FOLDER / "package-lock.json", FOLDER / "node_modules" / ".lock-of-tests"
    with FileLock(FOLDER / ".npm.lock"):  # one worker of many fetches, the others wait
        if not wanted.exists() or wanted.read_bytes() != lock.read_bytes():
            done = subprocess.run(
                [npm, "ci"], cwd=FOLDER, capture_output=True, text=True, check=False, timeout=300
            )
            if done.returncode:
                _missing(f"npm ci could not fetch the packages: {done.stderr[-500:]}")
            wanted.write_bytes(lock.read_bytes())
    return program


def _run(node: str, script: str, place: Place) -> Any:
    command = [node, str(FOLDER / script), place.url, place.id]
    done = subprocess.run(
        command, cwd=FOLDER, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr[:1500]
    return json.loads(done.stdout)


def test_googleapis_keeps_a_guest_list(node: str, place: Place, book: Spreadsheet) -> None:
    assert _run(node, "googleapis.mjs", place) == {
        "updated": 12,
        "appended": "Guests!A5:B5",
        "protection": "the head",
        "read": [[["Ann", 2, 4], ["Eve", 4, 8], ["Zoe", 3]], [[8]]],
        "bold": True,
        "frozen": 1,
        "filtered": 4,
        "refused": [400, "INVALID_ARGUMENT"],
        "listed": [[True, "From Node"]],
        "deleted": 204,
    }
    sheet = book.worksheet("Guests")
    assert sheet.get_all_values() == [
        ["Guest", "Seats", "Twice"],
        ["Ann", "2", "4"],
        ["Eve", "4", "8"],
        ["Zoe", "3", ""],
    ]
    assert [one["description"] for one in book.list_protected_ranges(sheet.id)] == ["the head"]


def test_google_spreadsheet_keeps_a_library(node: str, place: Place, book: Spreadsheet) -> None:
    assert _run(node, "google-spreadsheet.mjs", place) == {
        "title": "Book",
        "rows": [
            [2, "Emma", "1815"],
            [3, "Ulysses", "1922"],
            [4, "Faust", "1808"],
            [5, "Hamlet", "1603"],
        ],
        "sum": [1815 + 1922 + 1603, "=SUM(B2:B4)"],
        "shown": "1815.0",
        "head": [True, "as on the cover"],
        "copy": ["Copy", 0, ["Copy", "Sheet1", "All books"]],
        "left": ["Sheet1", "All books"],
        "size": [25, 6],
        "refused": (
            "Google API error - [400] Invalid requests[0].addSheet: "
            'A sheet with the name "All books" already exists. Please enter another name.'
        ),
        "people": ["owner", "writer"],
    }
    sheet = book.worksheet("All books")
    assert sheet.get("A1:C4") == [
        ["title", "year", "lent"],
        ["Emma", "1815.0", "no"],
        ["Ulysses", "1922", "lost"],
        ["Hamlet", "1603", "yes"],
    ]
    assert sheet.get_note("A1") == "as on the cover"
    assert book.client.fetch_sheet_metadata(book.id)["properties"]["title"] == "Library"


def test_the_lock_file_names_no_registry() -> None:
    lock = json.loads((FOLDER / "package-lock.json").read_text(encoding="utf-8"))
    assert [name for name, one in lock["packages"].items() if "resolved" in one] == []
    assert all("integrity" in one for name, one in lock["packages"].items() if name)
