"""Drive v3 as clients use it: files made, found, copied, exported, imported, put aside; in memory and in a folder.

Who may do what is in test_users.py.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from googleapiclient.discovery import build_from_document
from googleapiclient.http import MediaInMemoryUpload
from gspread.utils import ExportFormat

from sheetsync.emulator import Server, Workspace
from sheetsync.emulator.wire.check import check
from tests.emulator.drive_client import FOLDER, NOBODY, SHEET, UPLOAD, XLSX, Drive

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(params=["memory", "folder"])
def drive(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Drive]:
    workspace = (
        Workspace.in_memory() if request.param == "memory" else Workspace.of_folder(tmp_path)
    )
    made = Drive(workspace)
    yield made
    made.session.close()


def test_a_file_is_made_told_and_deleted_as_google_recorded(drive: Drive) -> None:
    made = drive.ok(
        "POST", json={"name": "Test Spreadsheet", "mimeType": SHEET}, supportsAllDrives=True
    )
    assert made == {
        "kind": "drive#file",
        "id": made["id"],
        "name": "Test Spreadsheet",
        "mimeType": SHEET,
    }
    assert len(made["id"]) == 44
    asked = {
        "supportsAllDrives": True,
        "includeItemsFromAllDrives": True,
        "fields": "id,name,createdTime,modifiedTime",
    }
    told = drive.ok("GET", f"/{made['id']}", **asked)
    assert list(told) == ["id", "name", "createdTime", "modifiedTime"]
    assert told["createdTime"].endswith("Z")
    assert told["createdTime"] <= told["modifiedTime"]
    gone = drive.send("DELETE", f"/{made['id']}", supportsAllDrives=True)
    assert (gone.status_code, gone.content) == (204, b"")
    assert drive.fail("GET", f"/{made['id']}") == (
        404,
        "notFound",
        f"File not found: {made['id']}.",
    )
    response = drive.send("GET", f"https://sheets.googleapis.com/v4/spreadsheets/{made['id']}")
    assert response.json()["error"]["message"] == "Requested entity was not found."


def test_all_fields_of_a_file_are_fields_that_google_has(drive: Drive) -> None:
    number = drive.make("A", description="what it is", properties={"k": "v"}, starred=True)
    told = drive.ok("GET", f"/{number}", fields="*")
    assert check(told, "drive.File") == told
    assert (told["description"], told["properties"], told["starred"]) == (
        "what it is",
        {"k": "v"},
        True,
    )
    assert told["owners"][0]["emailAddress"] == "ann@example.com"
    assert told["owners"][0]["me"] is True
    assert drive.fail("GET", f"/{number}", fields="nonsense")[:2] == (400, "invalidParameter")
    assert drive.fail("GET", f"/{number}", alt="media")[:2] == (403, "fileNotDownloadable")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("name = 'Sales 2026'", ["Sales 2026"]),
        ('name = "it\'s \\"new\\""', ['it\'s "new"']),
        ("name = 'it\\'s \"new\"'", ['it\'s "new"']),
        ("name contains '20'", ["Old sales 2025", "Sales 2026"]),
        ("name contains '026'", []),
        ("name contains 'sal 2026'", ["Sales 2026"]),
        ("name != 'Sales 2026' and mimeType = '" + SHEET + "'", ['it\'s "new"', "Old sales 2025"]),
        ("mimeType = '" + FOLDER + "'", ["Team"]),
        (
            "mimeType contains 'vnd.google-apps' and not name contains 'sales'",
            ['it\'s "new"', "Team"],
        ),
        ("trashed = true", ["Old sales 2025"]),
        ("starred and not trashed", ["Team"]),
        ("sharedWithMe or name = 'Team'", ["Team"]),
        ("trashed=false and name contains 'sales'", ["Sales 2026"]),
        ("name = 'nothing' and trashed = true or name = 'Team'", ["Team"]),
        ("name = 'Team' or name = 'Team' and name = 'nothing'", []),
        ("name = 'Team' or (name = 'Team' and name = 'nothing')", ["Team"]),
        ("'TEAM' in parents", ["Sales 2026"]),
        ("parents in 'TEAM'", ["Sales 2026"]),
        ("'root' in parents", ['it\'s "new"', "Old sales 2025", "Team"]),
        ("'me' in owners and starred = true", ["Team"]),
        ("'bob@example.com' in owners", []),
        ("properties has { key='region' and value='north' }", ["Sales 2026"]),
        ("fullText contains 'quarter'", ["Sales 2026"]),
        ("fullText contains 'quart'", []),
        ("modifiedTime > '2020-01-01T00:00:00' and createdTime < '2020-01-01'", []),
        ("visibility = 'limited' and name = 'Team'", ["Team"]),
    ],
)
def test_files_are_found_by_query(drive: Drive, query: str, found: list[str]) -> None:
    team = drive.ok("POST", json={"name": "Team", "mimeType": FOLDER, "starred": True})["id"]
    drive.make(
        "Sales 2026", parents=[team], properties={"region": "north"}, description="first quarter"
    )
    old = drive.make("Old sales 2025")
    drive.make('it\'s "new"')
    drive.ok("PATCH", f"/{old}", {"trashed": True})
    assert drive.names(q=query.replace("TEAM", team), orderBy="name") == found


@pytest.mark.parametrize(
    "query",
    [
        "name",
        "name = ",
        "name = x",
        "name ~ 'x'",
        "name = 'x' and",
        "(name = 'x'",
        "size > 5",
        "'x' in nothing",
        "'",
        "not",
    ],
)
def test_a_query_that_cannot_be_read_is_refused(drive: Drive, query: str) -> None:
    assert drive.fail("GET", q=query) == (400, "invalid", "Invalid Value")


def test_lists_come_in_pages_and_in_order(drive: Drive) -> None:
    for name in ("b10", "a", "b9"):
        drive.make(name)
    asked: Any = {
        "orderBy": "name_natural desc",
        "pageSize": 2,
        "fields": "nextPageToken,files(name)",
    }
    first = drive.ok("GET", **asked)
    assert first["files"] == [{"name": "b10"}, {"name": "b9"}]
    assert drive.ok("GET", pageToken=first["nextPageToken"], **asked) == {"files": [{"name": "a"}]}
    assert drive.names(orderBy="name") == ["a", "b10", "b9"]
    assert drive.fail("GET", pageToken=first["nextPageToken"], orderBy="name")[:2] == (
        400,
        "invalid",
    )
    assert drive.fail("GET", pageSize=0)[:2] == (400, "invalid")
    assert drive.fail("GET", orderBy="colour")[:2] == (400, "invalid")


def test_a_file_is_renamed_moved_and_described(drive: Drive) -> None:
    number = drive.make("A")
    drive.ok(
        "PATCH",
        f"/{number}",
        {"name": "B", "description": "text"},
        addParents="F1",
        removeParents="root",
    )
    told = drive.ok("GET", f"/{number}", fields="name,description,parents")
    assert told == {"name": "B", "description": "text", "parents": ["F1"]}
    assert drive.gspread().open_by_key(number).title == "B"
    assert drive.fail("PATCH", f"/{number}", {}, addParents="F2")[:2] == (403, "cannotAddParent")
    assert drive.fail("PATCH", f"/{number}", {"parents": ["F2"]})[:2] == (403, "fieldNotWritable")
    assert drive.fail("PATCH", f"/{number}", {"size": "3"})[:2] == (403, "fieldNotWritable")


def test_a_copy_holds_all_and_goes_its_own_way(drive: Drive) -> None:
    client = drive.gspread()
    book = client.create("A")
    book.sheet1.update([["x", 2], ["=B1*2", ""]], "A1", value_input_option="USER_ENTERED")
    book.sheet1.format("A1", {"textFormat": {"bold": True}})
    copy = client.copy(book.id, "A too", copy_permissions=True)
    assert copy.sheet1.get_all_values() == [["x", "2"], ["4", ""]]
    assert copy.sheet1.acell("A2", value_render_option="FORMULA").value == "=B1*2"
    copy.sheet1.update([["changed"]], "A1")
    assert book.sheet1.acell("A1").value == "x"
    told = drive.ok("POST", f"/{book.id}/copy", {})
    assert told["name"] == "Copy of A"
    assert told["id"] not in (book.id, copy.id)


def test_comments_are_kept_and_copied(drive: Drive) -> None:
    client = drive.gspread()
    book = client.create("A")
    path = f"/{book.id}/comments"
    assert drive.fail("GET", path) == (
        400,
        "required",
        "The 'fields' parameter is required for this method.",
    )
    made = drive.ok("POST", path, {"content": "a < b"}, fields="*")
    assert check(made, "drive.Comment") == made
    assert (made["htmlContent"], made["author"]["me"]) == ("a &lt; b", True)
    drive.ok("PATCH", f"{path}/{made['id']}", {"content": "later"}, fields="content")
    copy = client.copy(book.id)
    told = drive.ok("GET", f"/{copy.id}/comments", fields="comments(content)")
    assert told == {"comments": [{"content": "later"}]}
    assert drive.send("DELETE", f"{path}/{made['id']}").status_code == 204
    assert drive.ok("GET", path, fields="comments(id)") == {"comments": []}
    assert drive.ok("GET", path, fields="comments(deleted)", includeDeleted=True) == {
        "comments": [{"deleted": True}]
    }
    assert drive.fail("GET", f"{path}/{made['id']}", fields="id")[:2] == (404, "notFound")


def test_csv_is_the_first_tab_as_it_is_shown(drive: Drive) -> None:
    book = drive.gspread().create("A")
    assert book.export(ExportFormat.CSV) == b""
    book.sheet1.update([["a1", "B2"]])
    assert book.export(ExportFormat.CSV) == b"a1,B2"  # recorded
    book.add_worksheet("other", 5, 5)
    book.sheet1.update(
        [["a", 'say "x", y'], ["", "two\nlines"], ["=1/2"]], value_input_option="USER_ENTERED"
    )
    text = book.export(ExportFormat.CSV).decode()
    assert list(csv.reader(io.StringIO(text, newline=""))) == [
        ["a", 'say "x", y'],
        ["", "two\nlines"],
        ["0.5", ""],
    ]
    assert "\r\n" in text
    assert book.export(ExportFormat.TSV).decode().splitlines()[1] == "\ttwo lines"


def test_an_exported_xlsx_is_read_by_others_and_names_nobody(drive: Drive) -> None:
    book = drive.gspread().create("A")
    book.sheet1.update([["x", "=1+2"]], value_input_option="USER_ENTERED")
    data = book.export(ExportFormat.EXCEL)
    assert openpyxl.load_workbook(io.BytesIO(data), data_only=True).active["B1"].value == 3  # type: ignore[index]  # an active tab
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert not any(b"ann@example.com" in archive.read(name) for name in archive.namelist())


def test_exports_that_cannot_be_are_refused(drive: Drive, monkeypatch: pytest.MonkeyPatch) -> None:
    number = drive.make("A")
    assert drive.fail("GET", f"/{number}/export")[:2] == (400, "required")
    assert (
        drive.fail("GET", f"/{number}/export", mimeType="image/png")[2]
        == "The requested conversion is not supported."
    )
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert "LibreOffice" in drive.fail("GET", f"/{number}/export", mimeType="application/pdf")[2]


def test_csv_takes_the_place_of_all_tabs(drive: Drive) -> None:
    client = drive.gspread()
    book = client.create("A")
    book.sheet1.update([["old"] * 5] * 5)
    book.add_worksheet("other", 5, 5)
    client.import_csv(book.id, 'имя,сумма\n"Анна, Б",12.5\n=1+1,\n')
    assert [tab.title for tab in book.worksheets()] == ["Sheet1"]
    assert book.sheet1.get_all_values() == [["имя", "сумма"], ["Анна, Б", "12.5"], ["2", ""]]
    client.import_csv(book.id, "a;b\n1;2")
    assert book.sheet1.get("A1:C2", value_render_option="UNFORMATTED_VALUE") == [["a", "b"], [1, 2]]


def test_uploads_with_metadata_make_and_change_spreadsheets(drive: Drive) -> None:
    def sent(method: str, path: str, body: Any, kind: str, data: bytes) -> Any:
        head = b"--sep\r\nContent-Type: application/json\r\n\r\n" + json.dumps(body).encode()
        whole = (
            head
            + b"\r\n--sep\r\nContent-Type: "
            + kind.encode()
            + b"\r\n\r\n"
            + data
            + b"\r\n--sep--"
        )
        kinds = {"Content-Type": "multipart/related; boundary=sep"}
        response = drive.session.request(
            method, UPLOAD + path, data=whole, headers=kinds, params={"uploadType": "multipart"}
        )
        return response.status_code, response.json()

    client = drive.gspread()
    code, made = sent(
        "POST", "", {"name": "From text", "mimeType": SHEET}, "text/csv", b"a,b\r\n1,2\r\n"
    )
    assert (code, made["name"], made["mimeType"]) == (200, "From text", SHEET)
    assert client.open_by_key(made["id"]).sheet1.get_all_values() == [["a", "b"], ["1", "2"]]
    workbook = openpyxl.Workbook()
    workbook.worksheets[0].title = "First"
    workbook.worksheets[0]["A1"] = "in bold"
    workbook.create_sheet("Second")["B2"] = "=1+1"
    file = io.BytesIO()
    workbook.save(file)
    code, _ = sent("PATCH", f"/{made['id']}", {"name": "From Excel"}, XLSX, file.getvalue())
    book = client.open_by_key(made["id"])
    assert (code, book.title) == (200, "From Excel")
    assert [(tab.title, tab.get_all_values()) for tab in book.worksheets()] == [
        ("First", [["in bold"]]),
        ("Second", [["", ""], ["", "2"]]),
    ]
    assert sent("POST", "", {"name": "x"}, "text/csv", b"a")[0] == 400
    assert sent("PATCH", f"/{made['id']}", {}, XLSX, b"PK no zip")[0] == 400
    assert sent("PATCH", f"/{made['id']}", {}, "image/png", b"x")[0] == 400
    assert client.open_by_key(made["id"]).sheet1.acell("A1").value == "in bold"


def test_what_is_not_emulated_says_so(drive: Drive) -> None:
    assert "not emulated" in drive.fail("POST", json={"name": "x", "mimeType": "text/plain"})[2]
    assert "not emulated" in drive.fail("GET", "/generateIds")[2]
    assert "not emulated" in drive.fail("POST", UPLOAD, uploadType="resumable")[2]
    assert drive.fail("GET", "/x/revisions")[0] == 404
    assert drive.fail("POST", json={"name": 5, "mimeType": SHEET})[0] == 400
    assert drive.fail("POST", json=["x"])[0] == 400


def test_a_folder_goes_with_what_lies_in_it_and_the_trash_is_emptied(drive: Drive) -> None:
    team = drive.ok("POST", json={"name": "Team", "mimeType": FOLDER})["id"]
    drive.make("inside", parents=[team])
    thrown = drive.make("thrown away")
    drive.ok("PATCH", f"/{thrown}", {"trashed": True})
    assert drive.ok("GET", f"/{thrown}", fields="trashed,explicitlyTrashed") == {
        "trashed": True,
        "explicitlyTrashed": True,
    }
    drive.make("stays")
    drive.send("DELETE", "/trash")
    drive.send("DELETE", f"/{team}")
    assert drive.names() == ["stays"]
    assert (
        drive.fail(
            "POST", json={"name": "x", "mimeType": SHEET, "parents": [drive.make("no folder")]}
        )[0]
        == 403
    )


def test_who_asks_is_told_of_themselves(drive: Drive) -> None:
    about = "https://www.googleapis.com/drive/v3/about"
    told = drive.ok("GET", about, fields="user(emailAddress,me,displayName)")
    assert told == {"user": {"emailAddress": "ann@example.com", "me": True, "displayName": "ann"}}
    assert SHEET in drive.ok("GET", about, fields="importFormats")["importFormats"]["text/csv"]
    assert drive.fail("GET", about)[:2] == (400, "required")


def test_pdf_is_made_by_libreoffice(
    drive: Drive, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    office = tmp_path / "soffice"  # stands for LibreOffice, which takes seconds to start
    office.write_text(
        '#!/bin/sh\nfor last; do :; done\nprintf %s "%PDF of $last" > "$(dirname "$last")/book.pdf"\n'
    )
    office.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda name: str(office) if name == "soffice" else None)
    response = drive.send("GET", f"/{drive.make('A')}/export", mimeType="application/pdf")
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF of ")


def test_googles_own_client_speaks_to_the_served_drive(tmp_path: Path) -> None:
    import googleapiclient

    source = (
        tmp_path.__class__(googleapiclient.__file__).parent
        / "discovery_cache"
        / "documents"
        / "drive.v3.json"
    )
    document = json.loads(source.read_text(encoding="utf-8"))
    with Server(Workspace.in_memory()) as server:
        document["rootUrl"] = f"{server.url}/"
        drive = build_from_document(document, credentials=NOBODY)
        media = MediaInMemoryUpload(b"a,b\n1,2\n", mimetype="text/csv")
        made = (
            drive.files().create(body={"name": "A", "mimeType": SHEET}, media_body=media).execute()
        )
        drive.permissions().create(
            fileId=made["id"], body={"type": "anyone", "role": "reader"}
        ).execute()
        assert (
            drive.files().export(fileId=made["id"], mimeType="text/csv").execute() == b"a,b\r\n1,2"
        )
        assert drive.files().delete(fileId=made["id"]).execute() == ""
        assert drive.files().list().execute()["files"] == []
        drive.close()
