"""What Drive's calls do to a folder of .xlsx: new files, their names and ids, files put aside, files that come later.

The calls themselves are in test_drive.py.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from sheetsync.emulator import Workspace, create_workbook
from tests.emulator.drive_client import SHEET, Drive

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Drive]:
    made = Drive(Workspace.of_folder(tmp_path))
    yield made
    made.session.close()


def test_new_files_are_named_after_their_titles_and_keep_their_ids(
    folder: Drive, tmp_path: Path
) -> None:
    titles = ["Отчёт: 1/2", "Отчёт  1?2", "..", "CON", "a" * 300, "я" * 300, "x\ty"]
    ids = {folder.make(title): title for title in titles}
    names = sorted(path.name for path in tmp_path.glob("*.xlsx"))
    assert names == sorted(
        [
            "Отчёт 1 2.xlsx",
            "Отчёт 1 2 (2).xlsx",
            "spreadsheet.xlsx",
            "_CON.xlsx",
            "a" * 180 + ".xlsx",
            "я" * 90 + ".xlsx",
            "x y.xlsx",
        ]
    )
    folder.gspread().open_by_key(next(iter(ids))).update_title("renamed")
    assert sorted(path.name for path in tmp_path.glob("*.xlsx")) == names
    again = {info.id: info.title for info in Workspace.of_folder(tmp_path).books}
    assert again == {**ids, next(iter(ids)): "renamed"}


def test_copies_made_outside_get_ids_of_their_own(folder: Drive, tmp_path: Path) -> None:
    number = folder.make("B")
    shutil.copy(tmp_path / "B.xlsx", tmp_path / "A.xlsx")
    infos = {info.path.name: info.id for info in Workspace.of_folder(tmp_path).books if info.path}
    assert infos == {"A.xlsx": "A", "B.xlsx": number}
    assert folder.names(q="name = 'B'") == ["B", "B"]
    (tmp_path / "B.xlsx").rename(tmp_path / "C.xlsx")
    infos = {info.id: info.path.name for info in Workspace.of_folder(tmp_path).books if info.path}
    assert infos[number] in ("A.xlsx", "C.xlsx")
    assert len(infos) == 2


def test_files_put_into_a_served_folder_later_appear(folder: Drive, tmp_path: Path) -> None:
    (tmp_path / "broken.xlsx").write_bytes(b"half a copy")
    create_workbook(tmp_path / "late.xlsx", title="Late")
    assert folder.gspread().open_by_key("late").title == "Late"
    create_workbook(tmp_path / "later.xlsx", title="Later")
    assert folder.names(orderBy="name") == ["Late", "Later"]


def test_deleting_puts_the_file_aside(folder: Drive, tmp_path: Path) -> None:
    for _ in range(2):
        assert folder.send("DELETE", f"/{folder.make('A')}").status_code == 204
    assert sorted(path.name for path in (tmp_path / ".trash").iterdir()) == ["A (2).xlsx", "A.xlsx"]
    assert Workspace.of_folder(tmp_path).books == ()
    number = folder.make("B")
    (tmp_path / ".~lock.B.xlsx#").write_text("")
    response = folder.send("DELETE", f"/{number}")
    assert response.status_code == 409
    assert response.json()["error"]["details"][0]["@type"] == "type.sheetsync/FileInUse"
    assert (tmp_path / "B.xlsx").exists()


def test_a_file_that_cannot_be_made_is_said_so_and_leaves_nothing(
    folder: Drive, tmp_path: Path
) -> None:
    number = folder.make("A")
    moved = tmp_path.with_name(tmp_path.name + "-gone")
    tmp_path.rename(moved)
    response = folder.send("POST", json={"name": "B", "mimeType": SHEET})
    moved.rename(tmp_path)
    assert response.status_code == 409
    assert [info.id for info in folder.workspace.books] == [number]


def test_beside_a_single_file_new_ones_are_made_and_not_served_again(
    client: Any, tmp_path: Path
) -> None:
    drive = Drive(client.workspace)
    number = drive.make("New")
    assert (tmp_path / "New.xlsx").exists()
    assert [info.id for info in client.workspace.books] == ["book", number]
    assert [info.id for info in Workspace.of_file(client.path).books] == ["book"]
    drive.session.close()
