"""Users, protections and developer metadata: who may edit what, and the ids that make a lock.

The owner signs without a token; `user:EMAIL` is an editor.
"""

from __future__ import annotations

from typing import Any

DAEMON, PERSON = "sheetsync@localhost", "ann@example.com"
REFUSED = (
    "You are trying to edit a protected cell or object. "
    "Please contact the spreadsheet owner to remove protection if you need to edit."
)
FIRST_ROW = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 1}


def protect(**fields: Any) -> dict[str, Any]:
    return {"addProtectedRange": {"protectedRange": {"range": FIRST_ROW, **fields}}}


def write(text: str = "x", row: int = 0) -> dict[str, Any]:
    cells = [{"values": [{"userEnteredValue": {"stringValue": text}}]}]
    return {
        "updateCells": {
            "start": {"sheetId": 0, "rowIndex": row},
            "rows": cells,
            "fields": "userEnteredValue",
        }
    }


def test_a_protection_stops_everybody_it_does_not_name(client: Any) -> None:
    daemon, person = client.as_user(DAEMON), client.as_user(PERSON)
    editors = {"users": [DAEMON], "domainUsersCanEdit": False}
    number = daemon.batch(protect(editors=editors))["replies"][0]["addProtectedRange"][
        "protectedRange"
    ]["protectedRangeId"]
    assert person.refused(write()) == f"Invalid requests[0].updateCells: {REFUSED}"
    rows = {"sheetId": 0, "dimension": "ROWS", "startIndex": 0, "endIndex": 1}
    assert REFUSED in person.refused({"deleteDimension": {"range": rows}})
    assert REFUSED in person.refused({"deleteProtectedRange": {"protectedRangeId": number}})
    code, text = person.fail("PUT", "/values/A1", {"values": [["x"]]}, valueInputOption="RAW")
    assert (code, text) == (400, REFUSED)
    person.batch(write(row=1))
    daemon.batch(write("daemon"))
    client.batch(write("owner"))
    assert "editors" not in person.sheet()["protectedRanges"][0]
    daemon.batch({"deleteProtectedRange": {"protectedRangeId": number}})
    person.batch(write("person"))
    assert client.values("A1:A2") == [["person"], ["x"]]
    for one in (daemon, person):
        one.session.close()


def test_a_protection_that_names_nobody_or_only_warns_stops_nobody(client: Any) -> None:
    person = client.as_user(PERSON)
    client.batch(protect(), protect(warningOnly=True, editors={"users": [DAEMON]}))
    person.batch(write("x"))
    assert client.values("A1") == [["x"]]
    person.session.close()


def test_holes_in_a_protection_are_free(client: Any) -> None:
    person = client.as_user(PERSON)
    hole = {**FIRST_ROW, "startColumnIndex": 0, "endColumnIndex": 1}
    client.batch(protect(editors={"users": [DAEMON]}, unprotectedRanges=[hole]))
    person.put("A1", [["x"]])
    assert person.fail("PUT", "/values/B1", {"values": [["x"]]}, valueInputOption="RAW") == (
        400,
        REFUSED,
    )
    person.session.close()


def test_protections_survive_the_disk_and_are_no_excel_protection(client: Any) -> None:
    import openpyxl

    client.batch(protect(editors={"users": [DAEMON]}, description="lock"))
    assert openpyxl.load_workbook(client.path).worksheets[0].protection.sheet is False
    opened = client.again()
    assert opened.sheet()["protectedRanges"] == client.sheet()["protectedRanges"]
    person = opened.as_user(PERSON)
    assert REFUSED in person.refused(write())
    for one in (opened, person):
        one.session.close()


def test_a_gone_protection_fails_the_batch_that_deletes_it(client: Any) -> None:
    text = client.refused(write(), {"deleteProtectedRange": {"protectedRangeId": 12345}})
    assert text == "Invalid requests[1].deleteProtectedRange: No protected range with ID: 12345"
    assert client.values("A1") == []


def test_metadata_with_an_id_in_use_is_a_mutex(client: Any) -> None:
    entry = {
        "metadataId": 77,
        "metadataKey": "lock",
        "metadataValue": "run 1",
        "visibility": "DOCUMENT",
    }
    create = {
        "createDeveloperMetadata": {
            "developerMetadata": {**entry, "location": {"spreadsheet": True}}
        }
    }
    client.batch(create)
    assert "77" in client.refused(write(), create)
    assert client.values("A1") == []
    opened = client.again()
    assert "77" in opened.refused(create)
    lookup = {"developerMetadataLookup": {"metadataId": 77}}
    update = {
        "developerMetadata": {"metadataValue": "run 2"},
        "fields": "metadataValue",
        "dataFilters": [lookup],
    }
    opened.batch({"updateDeveloperMetadata": update})
    found = opened.ok("GET", "", fields="developerMetadata")["developerMetadata"]
    assert found == [
        {
            **entry,
            "metadataValue": "run 2",
            "location": {"spreadsheet": True, "locationType": "SPREADSHEET"},
        }
    ]
    reply = opened.batch({"deleteDeveloperMetadata": {"dataFilter": lookup}})["replies"][0]
    assert reply["deleteDeveloperMetadata"]["deletedDeveloperMetadata"][0]["metadataId"] == 77
    opened.batch(create)
    opened.session.close()


def test_metadata_on_a_row_follows_it_and_dies_with_it(client: Any) -> None:
    place = {"sheetId": 0, "dimension": "ROWS", "startIndex": 3, "endIndex": 4}
    entry = {"metadataKey": "row", "visibility": "DOCUMENT", "location": {"dimensionRange": place}}
    client.batch({"createDeveloperMetadata": {"developerMetadata": entry}})
    client.put("A4", [["mine"]])
    client.batch({"deleteDimension": {"range": {**place, "startIndex": 0, "endIndex": 2}}})
    lookup = {"dataFilters": [{"developerMetadataLookup": {"metadataKey": "row"}}]}
    found = client.ok("POST", "/values:batchGetByDataFilter", lookup)
    assert found["valueRanges"][0]["valueRange"]["values"] == [["mine"]]
    client.batch({"deleteDimension": {"range": {**place, "startIndex": 1, "endIndex": 2}}})
    assert "valueRanges" not in client.ok("POST", "/values:batchGetByDataFilter", lookup)
