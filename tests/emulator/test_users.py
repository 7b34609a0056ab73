"""People and what they may do: owners, editors, commenters, readers, and everybody else.

Protected ranges as such are in test_guard.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests

from sheetsync.emulator import LocalAdapter, Workspace, create_workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SHEETS = "https://sheets.googleapis.com/v4/spreadsheets"
FILES = "https://www.googleapis.com/drive/v3/files"
ANN, BOB, EVE = "ann@example.com", "bob@example.com", "eve@elsewhere.org"
OWNER, DAEMON = "owner@localhost", "sheetsync@localhost"
DENIED = (403, "The caller does not have permission")
UNFIT = (403, "The user does not have sufficient permissions for this file.")


class Person:
    """Somebody who signs each request with a token of their own."""

    def __init__(self, workspace: Workspace, email: str) -> None:
        self.session = requests.Session()
        self.session.mount("https://", LocalAdapter(workspace))
        self.session.headers["Authorization"] = f"Bearer user:{email}"
        self.email = email

    def does(self, method: str, url: str, json: Any = None, **params: Any) -> Any:
        """Give the answer's JSON (None for none), or (code, message) of an error."""
        response = self.session.request(method, url, json=json, params=params)
        if response.status_code >= 400:
            return response.status_code, response.json()["error"]["message"]
        return response.json() if response.content else None

    def create(self) -> str:
        return str(self.does("POST", SHEETS, {})["spreadsheetId"])

    def reads(self, number: str) -> Any:
        return self.does("GET", f"{SHEETS}/{number}/values/A1")

    def writes(self, number: str, text: str = "x") -> Any:
        path = f"{SHEETS}/{number}/values/A1"
        return self.does("PUT", path, {"values": [[text]]}, valueInputOption="RAW")

    def shares(self, number: str, role: str, **permission: Any) -> Any:
        body = (
            {"role": role, **permission}
            if "type" in permission
            else {"role": role, "type": "user", **permission}
        )
        return self.does("POST", f"{FILES}/{number}/permissions", body)

    def sees(self) -> list[str]:
        return [file["id"] for file in self.does("GET", FILES)["files"]]


@pytest.fixture
def workspace() -> Workspace:
    return Workspace.in_memory()


@pytest.fixture
def meet(workspace: Workspace) -> Iterator[Callable[[str], Person]]:
    met: list[Person] = []

    def one(email: str) -> Person:
        met.append(Person(workspace, email))
        return met[-1]

    yield one
    for person in met:
        person.session.close()


def test_a_new_spreadsheet_is_its_makers_alone(meet: Callable[[str], Person]) -> None:
    ann, bob = meet(ANN), meet(BOB)
    number = ann.create()
    assert ann.writes(number)["updatedCells"] == 1
    assert bob.reads(number) == DENIED
    assert bob.writes(number) == DENIED
    assert bob.does("GET", f"{FILES}/{number}") == (404, f"File not found: {number}.")
    assert (ann.sees(), bob.sees()) == ([number], [])
    assert bob.reads("1" * 44) == (404, "Requested entity was not found.")


@pytest.mark.parametrize(
    ("role", "writes", "comments", "shares"),
    [
        ("reader", False, False, False),
        ("commenter", False, True, False),
        ("writer", True, True, True),
    ],
)
def test_a_role_allows_what_it_says(
    meet: Callable[[str], Person], role: str, *, writes: bool, comments: bool, shares: bool
) -> None:
    ann, bob = meet(ANN), meet(BOB)
    number = ann.create()
    ann.shares(number, role, emailAddress=BOB)
    assert "range" in bob.reads(number)
    assert bob.sees() == [number]
    assert (bob.writes(number) != DENIED) is writes
    said = bob.does("POST", f"{FILES}/{number}/comments", {"content": "hm"}, fields="id")
    assert (said != UNFIT) is comments
    assert (bob.shares(number, "reader", emailAddress=EVE) != UNFIT) is shares
    assert (bob.does("GET", f"{FILES}/{number}/permissions") != UNFIT) is shares
    assert (bob.does("PATCH", f"{FILES}/{number}", {"name": "B"}) != UNFIT) is writes
    assert bob.does("DELETE", f"{FILES}/{number}") == UNFIT
    assert bob.does("PATCH", f"{FILES}/{number}", {"trashed": True}) == UNFIT
    assert bob.does("GET", f"{FILES}/{number}", fields="capabilities(canEdit,canDelete)") == {
        "capabilities": {"canEdit": writes, "canDelete": False}
    }


def test_nothing_of_a_refused_batch_is_written(meet: Callable[[str], Person]) -> None:
    ann, bob = meet(ANN), meet(BOB)
    number = ann.create()
    ann.shares(number, "reader", emailAddress=BOB)
    add = {"requests": [{"addSheet": {"properties": {"title": "B"}}}]}
    for path, body in (
        (":batchUpdate", add),
        ("/values/A1:clear", {}),
        ("/values:batchClear", {"ranges": ["A1"]}),
    ):
        assert bob.does("POST", f"{SHEETS}/{number}{path}", body) == DENIED
    assert len(ann.does("GET", f"{SHEETS}/{number}")["sheets"]) == 1


def test_a_permission_is_changed_and_taken_back(meet: Callable[[str], Person]) -> None:
    ann, bob = meet(ANN), meet(BOB)
    number = ann.create()
    made = ann.shares(number, "writer", emailAddress=BOB)
    assert made == {"kind": "drive#permission", "id": made["id"], "type": "user", "role": "writer"}
    path = f"{FILES}/{number}/permissions/{made['id']}"
    assert ann.does("PATCH", path, {"role": "reader"})["role"] == "reader"
    assert ann.does("GET", path, fields="emailAddress,role") == {
        "emailAddress": BOB,
        "role": "reader",
    }
    assert bob.writes(number) == DENIED
    assert ann.does("DELETE", path) is None
    assert bob.reads(number) == DENIED
    assert ann.does("DELETE", path) == (404, f"Permission not found: {made['id']}.")


def test_a_link_opens_to_all_and_a_domain_to_its_people(meet: Callable[[str], Person]) -> None:
    ann, bob, eve = meet(ANN), meet(BOB), meet(EVE)
    number = ann.create()
    ann.shares(number, "writer", type="domain", domain="example.com", allowFileDiscovery=True)
    assert bob.writes(number) != DENIED
    assert eve.reads(number) == DENIED
    assert ann.shares(number, "reader", type="anyone")["id"] == "anyoneWithLink"
    assert "range" in eve.reads(number)
    assert eve.writes(number) == DENIED
    assert (bob.sees(), eve.sees()) == ([number], [])  # a link has to be known


def test_a_file_changes_its_owner(meet: Callable[[str], Person]) -> None:
    ann, bob = meet(ANN), meet(BOB)
    number = ann.create()
    path = f"{FILES}/{number}/permissions"
    body = {"type": "user", "role": "owner", "emailAddress": BOB}
    assert ann.does("POST", path, body)[0] == 403
    assert bob.does("POST", path, body, transferOwnership=True) == (
        404,
        f"File not found: {number}.",
    )
    assert ann.does("POST", path, body, transferOwnership=True)["role"] == "owner"
    roles = bob.does("GET", path, fields="permissions(emailAddress,role)")["permissions"]
    assert roles == [
        {"emailAddress": BOB, "role": "owner"},
        {"emailAddress": ANN, "role": "writer"},
    ]
    assert ann.does("DELETE", f"{FILES}/{number}") == UNFIT
    mine = bob.does("GET", path)["permissions"][0]["id"]
    assert ann.does("DELETE", f"{path}/{mine}") == (403, "The owner of a file cannot be removed.")
    assert bob.does("DELETE", f"{FILES}/{number}") is None


@pytest.mark.parametrize(
    "permission",
    [
        {"type": "user"},
        {"type": "user", "role": "reader", "emailAddress": "nobody"},
        {"type": "user", "role": "king", "emailAddress": BOB},
        {"type": "planet", "role": "reader"},
        {"type": "domain", "role": "reader"},
        {"type": "anyone", "role": "owner"},
        {"role": "reader"},
        {"type": "user", "role": "organizer", "emailAddress": BOB},
    ],
)
def test_a_permission_without_sense_is_refused(
    meet: Callable[[str], Person], permission: dict[str, str]
) -> None:
    ann = meet(ANN)
    number = ann.create()
    before = ann.does("GET", f"{FILES}/{number}/permissions")
    code, _ = ann.does("POST", f"{FILES}/{number}/permissions", permission)
    assert code == 400
    assert ann.does("GET", f"{FILES}/{number}/permissions") == before


def test_a_protection_stops_all_but_those_it_names_and_the_books_own_owner(
    meet: Callable[[str], Person],
) -> None:
    ann, bob, eve, owner = meet(ANN), meet(BOB), meet(EVE), meet(OWNER)
    number = ann.create()
    for email in (BOB, EVE, OWNER):
        ann.shares(number, "writer", emailAddress=email)
    cells = {"sheetId": 0, "endRowIndex": 1}
    protect = {
        "addProtectedRange": {"protectedRange": {"range": cells, "editors": {"users": [BOB]}}}
    }
    bob.does("POST", f"{SHEETS}/{number}:batchUpdate", {"requests": [protect]})
    for one in (ann, bob):
        assert one.writes(number)["updatedCells"] == 1
    for one in (eve, owner):
        assert one.writes(number)[0] == 400
    told = bob.does("GET", f"{SHEETS}/{number}", fields="sheets.protectedRanges.editors.users")
    assert told["sheets"][0]["protectedRanges"][0]["editors"]["users"] == [BOB, ANN]


def test_a_protection_may_be_open_to_the_owners_domain(meet: Callable[[str], Person]) -> None:
    ann, bob, eve = meet(ANN), meet(BOB), meet(EVE)
    number = ann.create()
    for email in (BOB, EVE):
        ann.shares(number, "writer", emailAddress=email)
    editors = {"users": [ANN], "domainUsersCanEdit": True}
    protect = {
        "addProtectedRange": {"protectedRange": {"range": {"sheetId": 0}, "editors": editors}}
    }
    ann.does("POST", f"{SHEETS}/{number}:batchUpdate", {"requests": [protect]})
    assert bob.writes(number)["updatedCells"] == 1
    assert eve.writes(number)[0] == 400


def test_a_file_that_was_never_shared_is_open_until_its_owner_closes_it(tmp_path: Path) -> None:
    create_workbook(tmp_path / "book.xlsx", title="Book")
    workspace = Workspace.of_folder(tmp_path)
    owner, daemon = Person(workspace, OWNER), Person(workspace, DAEMON)
    assert daemon.writes("book")["updatedCells"] == 1
    assert daemon.sees() == ["book"]
    told = owner.does(
        "GET", f"{FILES}/book/permissions", fields="permissions(id,type,role,emailAddress)"
    )
    assert told["permissions"] == [
        {
            "id": told["permissions"][0]["id"],
            "type": "user",
            "role": "owner",
            "emailAddress": OWNER,
        },
        {"id": "anyone", "type": "anyone", "role": "writer"},
    ]
    owner.shares("book", "reader", emailAddress=DAEMON)
    assert owner.does("DELETE", f"{FILES}/book/permissions/anyone") is None
    again = Workspace.of_folder(tmp_path)  # kept in the file
    for person in (Person(again, DAEMON), daemon):
        assert person.writes("book") == DENIED
        assert "range" in person.reads("book")
        person.session.close()
    owner.session.close()


def test_a_user_gives_up_a_permission_of_their_own(meet: Callable[[str], Person]) -> None:
    ann, bob = meet(ANN), meet(BOB)
    number = ann.create()
    made = ann.shares(number, "reader", emailAddress=BOB)
    assert bob.does("DELETE", f"{FILES}/{number}/permissions/{made['id']}") is None
    assert bob.reads(number) == DENIED


def test_a_copy_is_private_and_its_makers(meet: Callable[[str], Person]) -> None:
    ann, bob = meet(ANN), meet(BOB)
    number = ann.create()
    ann.shares(number, "reader", emailAddress=BOB)
    copy = bob.does("POST", f"{FILES}/{number}/copy", {})["id"]
    assert bob.writes(copy)["updatedCells"] == 1
    assert ann.reads(copy) == DENIED


def test_a_tab_is_copied_only_where_the_user_may_write(meet: Callable[[str], Person]) -> None:
    ann, bob = meet(ANN), meet(BOB)
    anns, bobs = ann.create(), bob.create()
    path = f"{SHEETS}/{anns}/sheets/0:copyTo"
    assert bob.does("POST", path, {"destinationSpreadsheetId": bobs}) == DENIED
    assert ann.does("POST", path, {"destinationSpreadsheetId": bobs}) == DENIED
    ann.shares(anns, "reader", emailAddress=BOB)
    assert bob.does("POST", path, {"destinationSpreadsheetId": bobs})["title"] == "Copy of Sheet1"


def test_without_a_token_a_request_is_the_owners(workspace: Workspace) -> None:
    workspace.create("Open")
    with requests.Session() as session:
        session.mount("https://", LocalAdapter(workspace))
        about = "https://www.googleapis.com/drive/v3/about"
        for token in ("Bearer ya29.something", "Basic eDp5", None):
            told = session.get(
                about, params={"fields": "user"}, headers={"Authorization": token} if token else {}
            )
            assert told.json()["user"]["emailAddress"] == OWNER
