"""google-api-python-client builds a price list, keeps it, and gspread finds the same.

The client is Google's own; its requests and its reading of answers are not ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from googleapiclient.errors import HttpError
from gspread.utils import ValueRenderOption

from tests.clients.routes import google_at

if TYPE_CHECKING:
    import gspread

    from tests.clients.routes import Place

GREEN = {"red": 0.2, "green": 0.6, "blue": 0.2}
ROWS = [
    ["Article", "Price", "In stock"],
    ["Lamp", 12.5, True],
    ["Chair", 40, False],
    ["Table", 95.25, True],
]


def _batch(google: Any, place: Place, *requests: Any) -> Any:
    return google.batchUpdate(spreadsheetId=place.id, body={"requests": list(requests)}).execute()[
        "replies"
    ]


def test_a_price_list_is_built_formatted_and_read_by_gspread(
    google: Any, place: Place, book: gspread.Spreadsheet
) -> None:
    added = {
        "properties": {"title": "Prices", "gridProperties": {"rowCount": 20, "columnCount": 5}}
    }
    tab = _batch(google, place, {"addSheet": added})[0]["addSheet"]["properties"]["sheetId"]
    values = google.values()
    told = values.update(
        spreadsheetId=place.id, range="Prices!A1", valueInputOption="RAW", body={"values": ROWS}
    ).execute()
    assert (told["updatedRange"], told["updatedCells"]) == ("Prices!A1:C4", 12)
    head = {"sheetId": tab, "startRowIndex": 0, "endRowIndex": 1}
    look = {"userEnteredFormat": {"textFormat": {"bold": True}, "backgroundColor": GREEN}}
    _batch(
        google,
        place,
        {
            "repeatCell": {
                "range": head,
                "cell": look,
                "fields": "userEnteredFormat(textFormat.bold,backgroundColor)",
            }
        },
        {
            "updateSheetProperties": {
                "properties": {"sheetId": tab, "gridProperties": {"frozenRowCount": 1}},
                "fields": "gridProperties.frozenRowCount",
            }
        },
    )
    sheet = book.worksheet("Prices")
    assert sheet.get_all_values() == [
        ["Article", "Price", "In stock"],
        ["Lamp", "12.5", "TRUE"],
        ["Chair", "40", "FALSE"],
        ["Table", "95.25", "TRUE"],
    ]
    assert sheet.frozen_row_count == 1
    cell = google.get(spreadsheetId=place.id, ranges=["Prices!A1"], includeGridData=True).execute()[
        "sheets"
    ][0]["data"][0]["rowData"][0]["values"][0]
    assert cell["effectiveFormat"]["textFormat"]["bold"] is True
    assert cell["effectiveFormat"]["backgroundColor"]["green"] == pytest.approx(0.6, abs=0.01)


def test_rows_are_appended_and_deleted(
    google: Any, place: Place, book: gspread.Spreadsheet
) -> None:
    values = google.values()
    values.update(
        spreadsheetId=place.id, range="A1", valueInputOption="RAW", body={"values": ROWS}
    ).execute()
    told = values.append(
        spreadsheetId=place.id,
        range="Sheet1!A1",
        valueInputOption="USER_ENTERED",
        insertDataOption="INSERT_ROWS",
        includeValuesInResponse=True,
        body={"values": [["Sofa", "=B2*20", "TRUE"]]},
    ).execute()
    assert told["tableRange"] == "Sheet1!A1:C4"
    assert told["updates"]["updatedData"]["values"] == [["Sofa", "250", "TRUE"]]
    rows = {"sheetId": 0, "dimension": "ROWS", "startIndex": 2, "endIndex": 4}
    _batch(google, place, {"deleteDimension": {"range": rows}})
    assert book.sheet1.col_values(1) == ["Article", "Lamp", "Sofa"]
    assert book.sheet1.acell("B3", value_render_option=ValueRenderOption.formula).value == "=B2*20"
    read = values.batchGet(
        spreadsheetId=place.id, ranges=["A2:A", "B3"], valueRenderOption="UNFORMATTED_VALUE"
    ).execute()
    assert [one["values"] for one in read["valueRanges"]] == [[["Lamp"], ["Sofa"]], [[250]]]


def test_a_filter_and_a_protection_are_set_and_taken_away(
    google: Any, place: Place, book: gspread.Spreadsheet
) -> None:
    google.values().update(
        spreadsheetId=place.id, range="A1", valueInputOption="RAW", body={"values": ROWS}
    ).execute()
    table = {
        "sheetId": 0,
        "startRowIndex": 0,
        "endRowIndex": 4,
        "startColumnIndex": 0,
        "endColumnIndex": 3,
    }
    kept = {"range": table, "description": "prices", "editors": {"users": ["boss@example.com"]}}
    replies = _batch(
        google,
        place,
        {"setBasicFilter": {"filter": {"range": table}}},
        {"addProtectedRange": {"protectedRange": kept}},
    )
    number = replies[1]["addProtectedRange"]["protectedRange"]["protectedRangeId"]
    found = book.fetch_sheet_metadata({"fields": "sheets(basicFilter,protectedRanges)"})["sheets"][
        0
    ]
    assert {
        "sheetId": 0,
        "startRowIndex": 0,
        "startColumnIndex": 0,
        **found["basicFilter"]["range"],
    } == table
    assert found["protectedRanges"][0]["description"] == "prices"
    _batch(
        google,
        place,
        {"clearBasicFilter": {"sheetId": 0}},
        {"deleteProtectedRange": {"protectedRangeId": number}},
    )
    assert book.list_protected_ranges(0) == []
    assert "basicFilter" not in book.fetch_sheet_metadata()["sheets"][0]


def test_a_refusal_is_an_error_with_googles_details(google: Any, place: Place) -> None:
    with pytest.raises(HttpError) as caught:
        _batch(google, place, {"deleteSheet": {"sheetId": 77}})
    assert caught.value.status_code == 400
    assert caught.value.reason == "Invalid requests[0].deleteSheet: No sheet with id: 77"
    with pytest.raises(HttpError) as caught:
        google.get(spreadsheetId="nobody").execute()
    assert (caught.value.status_code, caught.value.reason) == (
        404,
        "Requested entity was not found.",
    )


def test_filters_by_range_and_by_metadata_find_the_same_row(google: Any, place: Place) -> None:
    google.values().update(
        spreadsheetId=place.id, range="A1", valueInputOption="RAW", body={"values": ROWS}
    ).execute()
    row = {"sheetId": 0, "dimension": "ROWS", "startIndex": 2, "endIndex": 3}
    made = {
        "metadataKey": "client",
        "metadataValue": "7",
        "location": {"dimensionRange": row},
        "visibility": "DOCUMENT",
    }
    _batch(google, place, {"createDeveloperMetadata": {"developerMetadata": made}})
    _batch(google, place, {"insertDimension": {"range": {**row, "startIndex": 0, "endIndex": 1}}})
    found = (
        google.values()
        .batchGetByDataFilter(
            spreadsheetId=place.id,
            body={"dataFilters": [{"developerMetadataLookup": {"metadataKey": "client"}}]},
        )
        .execute()["valueRanges"]
    )
    assert [one["valueRange"]["values"] for one in found] == [[["Chair", "40", "FALSE"]]]
    by_grid = {"gridRange": {"sheetId": 0, "startRowIndex": 3, "endRowIndex": 4}}
    told = google.getByDataFilter(
        spreadsheetId=place.id, body={"dataFilters": [by_grid], "includeGridData": True}
    ).execute()
    cells = told["sheets"][0]["data"][0]["rowData"][0]["values"]
    assert [cell.get("formattedValue") for cell in cells[:3]] == ["Chair", "40", "FALSE"]


def test_a_spreadsheet_is_created_listed_by_drive_and_deleted(google: Any, place: Place) -> None:
    made = google.create(
        body={
            "properties": {"title": "Plan", "locale": "de_DE"},
            "sheets": [{"properties": {"title": "Mai"}}],
        }
    ).execute()
    assert [sheet["properties"]["title"] for sheet in made["sheets"]] == ["Mai"]
    drive = google_at(place.url, "drive", "v3")
    files = drive.files()
    listed = files.list(
        q="name = 'Plan' and trashed = false", fields="files(id,name,mimeType)"
    ).execute()["files"]
    assert listed == [
        {
            "id": made["spreadsheetId"],
            "name": "Plan",
            "mimeType": "application/vnd.google-apps.spreadsheet",
        }
    ]
    assert (
        files.update(fileId=made["spreadsheetId"], body={"name": "Plan 2"}).execute()["name"]
        == "Plan 2"
    )
    assert (
        google.get(spreadsheetId=made["spreadsheetId"]).execute()["properties"]["title"] == "Plan 2"
    )
    files.delete(fileId=made["spreadsheetId"]).execute()
    with pytest.raises(HttpError) as caught:
        files.get(fileId=made["spreadsheetId"]).execute()
    assert caught.value.status_code == 404
    assert caught.value.error_details[0]["reason"] == "notFound"
    drive.close()


def test_an_address_too_long_for_a_get_is_sent_as_a_post_and_answered_as_a_get(
    google: Any, place: Place
) -> None:
    google.values().update(
        spreadsheetId=place.id, range="A1", valueInputOption="RAW", body={"values": ROWS}
    ).execute()
    ranges = [f"Sheet1!A{row}:C{row}" for row in range(1, 201)]
    request = google.values().batchGet(spreadsheetId=place.id, ranges=ranges)
    assert (
        len(request.uri) > 2048
    )  # from here on the client puts the query into a POST's body, and says so in a header
    found = request.execute()["valueRanges"]
    assert len(found) == 200
    assert [one.get("values") for one in found[:4]] == [
        [["Article", "Price", "In stock"]],
        [["Lamp", "12.5", "TRUE"]],
        [["Chair", "40", "FALSE"]],
        [["Table", "95.25", "TRUE"]],
    ]
