"""The owner types through any lock: what an edit in the very second of the write shifts is found, put right and told."""

from typing import Any

import pytest

from tests.builders.bench import HEADINGS, TITLES, Shell, client
from tests.builders.cloud import ADDRESS, BOOK, Cloud

TODAY = "2026-03-02"
WORKING, STRATEGIC, CLIENTS, REWORK = (
    TITLES[code] for code in ("working", "strategic", "clients", "rework")
)
WRITE = 5
"""The number of the request that writes; the lock is held since the third."""


def _base(cloud: Cloud) -> None:
    """Two rows whose time is up, between three that stay."""
    on_time = {"Label": "Large"}
    rows = [client(1, **on_time), client(2), client(3, **on_time), client(4), client(5, **on_time)]
    stay = [client(5000 + n, State="Client", **{"Work began": None}) for n in range(30)]
    tabs: dict[str, list[Any]] = {title: [HEADINGS] for title in TITLES.values()}
    tabs[WORKING] += rows
    tabs[CLIENTS] += stay
    cloud.lay_out(tabs)


def _rows(start: int, end: int, tab: int = 0) -> dict[str, Any]:
    return {"sheetId": tab, "dimension": "ROWS", "startIndex": start, "endIndex": end}


def _sheet_id(cloud: Cloud, title: str) -> int:
    store = cloud.workspace.store(BOOK)
    sheet = store.current().by_title(title)
    assert sheet is not None
    return sheet.id


def _edit(name: str, tab: int) -> dict[str, Any]:
    area = {
        "sheetId": tab,
        "startRowIndex": 1,
        "endRowIndex": 6,
        "startColumnIndex": 0,
        "endColumnIndex": len(HEADINGS),
    }
    edits: dict[str, dict[str, Any]] = {
        "a row inserted above": {
            "insertDimension": {"range": _rows(1, 2, tab), "inheritFromBefore": False}
        },
        "a row inserted between": {
            "insertDimension": {"range": _rows(3, 4, tab), "inheritFromBefore": True}
        },
        "a row deleted above": {"deleteDimension": {"range": _rows(1, 2, tab)}},
        "sorted the other way": {
            "sortRange": {
                "range": area,
                "sortSpecs": [{"dimensionIndex": 0, "sortOrder": "DESCENDING"}],
            }
        },
        "a row moved up": {"moveDimension": {"source": _rows(4, 5, tab), "destinationIndex": 1}},
    }
    return edits[name]


EDITS = (
    "a row inserted above",
    "a row inserted between",
    "a row deleted above",
    "sorted the other way",
    "a row moved up",
)


@pytest.mark.parametrize("later", [False, True], ids=["a later night", "the first night"])
@pytest.mark.parametrize("name", EDITS)
def test_no_row_is_lost_or_left_in_the_wrong_tab_by_the_owners_edit(
    sheetsync: Shell,
    cloud: Cloud,
    name: str,
    later: bool,  # noqa: FBT001  # a case
) -> None:
    _base(cloud)
    if later:
        assert sheetsync("run", ADDRESS, "--force", "--today", "2026-02-10").code == 0
    everybody = {f"Company {n}" for n in range(1, 6)} - (
        {"Company 1"} if "deleted" in name else set()
    )
    seen = cloud.count("read") + cloud.count("write")
    cloud.meanwhile[seen + WRITE] = [_edit(name, _sheet_id(cloud, WORKING))]
    told = sheetsync("run", ADDRESS, "--force", "--today", TODAY, "--json")
    assert told.code == 0, told.err
    standing = cloud.companies()
    assert sorted(standing[WORKING] + standing[STRATEGIC]) == sorted(everybody)
    assert {"Company 1", "Company 3", "Company 5"} & everybody <= set(standing[WORKING])
    assert told.json["notes"]
    assert sheetsync("run", ADDRESS, "--force", "--today", TODAY).code == 0
    standing = cloud.companies()
    assert sorted(standing[STRATEGIC]) == ["Company 2", "Company 4"]
    states = {
        row[0]: row[HEADINGS.index("State")]
        for tab in (WORKING, STRATEGIC)
        for row in cloud.cells()[tab][1:]
        if row[0]
    }
    assert {states[f"Company {n}"] for n in (3, 5)} == {"Contact 2"}
    again = sheetsync("run", ADDRESS, "--today", TODAY, "--json")
    assert (again.json["moves"], again.json["wrote"]) == ([], False)


@pytest.mark.parametrize("typed", [False, True], ids=["blank", "with a cell typed"])
@pytest.mark.parametrize("later", [False, True], ids=["the first night", "a later night"])
def test_an_empty_row_that_moved_by_mistake_is_deleted_again_if_it_is_certain_to_be_empty(
    sheetsync: Shell,
    cloud: Cloud,
    later: bool,  # noqa: FBT001  # cases
    typed: bool,  # noqa: FBT001  # cases
) -> None:
    _base(cloud)
    if later:
        assert sheetsync("run", ADDRESS, "--force", "--today", "2026-02-10").code == 0
    tab, seen = _sheet_id(cloud, WORKING), cloud.count("read") + cloud.count("write")
    insert = {"insertDimension": {"range": _rows(2, 3, tab), "inheritFromBefore": True}}
    place = {"sheetId": tab, "rowIndex": 2, "columnIndex": HEADINGS.index("Last contact")}
    cell = {"userEnteredValue": {"stringValue": "room for Ann"}}
    deed = {
        "updateCells": {"start": place, "rows": [{"values": [cell]}], "fields": "userEnteredValue"}
    }
    cloud.meanwhile[seen + WRITE] = [insert, deed] if typed else [insert]
    told = sheetsync("run", ADDRESS, "--force", "--today", TODAY, "--json")
    assert told.code == 0, told.err
    said = " ".join(told.json["notes"])
    assert ("empty row, deleted again" in said, "empty row, now at" in said) == (not typed, typed)
    if typed:
        assert "room for Ann" in str(cloud.cells()[STRATEGIC])
        return
    assert sheetsync("run", ADDRESS, "--force", "--today", TODAY).code == 0
    archive, working = cloud.cells()[STRATEGIC][1:], cloud.companies()[WORKING]
    assert sorted(str(row[0]) for row in archive) == ["Company 2", "Company 4"]
    assert sorted(working) == ["Company 1", "Company 3", "Company 5"]
    again = sheetsync("run", ADDRESS, "--today", TODAY, "--json")
    assert (again.json["moves"], again.json["wrote"]) == ([], False)


def test_a_cell_the_owner_types_while_its_row_moves_goes_with_it_and_is_told(
    sheetsync: Shell, cloud: Cloud
) -> None:
    _base(cloud)
    typed = {"userEnteredValue": {"stringValue": "Ann herself"}}
    place = {"sheetId": 0, "rowIndex": 2, "columnIndex": HEADINGS.index("Manager")}
    cloud.meanwhile[WRITE] = [
        {
            "updateCells": {
                "start": place,
                "rows": [{"values": [typed]}],
                "fields": "userEnteredValue",
            }
        }
    ]
    told = sheetsync("run", ADDRESS, "--force", "--today", TODAY, "--json")
    assert told.code == 0, told.err
    assert f"{STRATEGIC}, 2" in " ".join(told.json["notes"])
    moved = {row[0]: row[HEADINGS.index("Manager")] for row in cloud.cells()[STRATEGIC][1:]}
    assert moved["Company 2"] == "Ann herself"


@pytest.mark.parametrize(
    "name", [name for name in EDITS if not name.startswith("sorted")]
)  # that sort leaves the column out
def test_a_cell_in_a_column_that_only_its_own_tab_has_is_never_lost_by_the_owners_edit(
    sheetsync: Shell, cloud: Cloud, name: str
) -> None:
    on_time = {"Label": "Large"}
    rows = [client(1, **on_time), client(2), client(3, **on_time), client(4), client(5, **on_time)]
    # Nobody whose time is up has a cake: the column would not come to the other tab for their sake.
    cakes = [
        [*row, None if row[0] in ("Company 2", "Company 4") else f"cake of {row[0]}"]
        for row in rows
    ]
    tabs: dict[str, list[Any]] = {title: [HEADINGS] for title in TITLES.values()}
    tabs[WORKING] = [(*HEADINGS, "Cake"), *cakes]
    tabs[CLIENTS] += [client(5000 + n, State="Client", **{"Work began": None}) for n in range(30)]
    cloud.lay_out(tabs)
    cloud.meanwhile[WRITE] = [_edit(name, _sheet_id(cloud, WORKING))]
    assert sheetsync("run", ADDRESS, "--force", "--today", TODAY).code == 0
    assert sheetsync("run", ADDRESS, "--force", "--today", TODAY).code == 0
    left = {1, 3, 5} - ({1} if "deleted" in name else set())
    held = {row[0]: row for row in cloud.cells()[WORKING][1:] if row[0]}
    assert {
        number for number in left if f"cake of Company {number}" in held[f"Company {number}"]
    } == left


def test_a_cell_that_was_tidied_in_another_row_is_given_back(
    sheetsync: Shell, cloud: Cloud
) -> None:
    rows = [
        client(n, Label="Large", Phone=f"+7912{n:07d}" if n < 4 else f"+7 495 000-00-0{n}")
        for n in range(1, 7)
    ]
    tabs: dict[str, Any] = {title: [HEADINGS] for title in TITLES.values()}
    tabs[WORKING] += rows
    cloud.lay_out(tabs)
    area = {
        "sheetId": _sheet_id(cloud, WORKING),
        "startRowIndex": 1,
        "endRowIndex": 7,
        "startColumnIndex": 0,
        "endColumnIndex": 20,
    }
    down = {
        "sortRange": {
            "range": area,
            "sortSpecs": [{"dimensionIndex": 0, "sortOrder": "DESCENDING"}],
        }
    }
    assert sheetsync("run", ADDRESS, "--force", "--today", "2026-01-05").code == 0
    for number in range(1, 4):
        cloud.type(WORKING, number, HEADINGS.index("Phone"), f"+7912{number:07d}")
    seen = cloud.count("read") + cloud.count("write")
    cloud.meanwhile[seen + WRITE + 1] = [
        down
    ]  # one read more: which of the cells to tidy are formulas
    told = sheetsync("run", ADDRESS, "--force", "--today", "2026-01-05", "--json")
    assert told.code == 0, told.err
    assert told.json["notes"]
    assert sheetsync("run", ADDRESS, "--force", "--today", "2026-01-05").code == 0
    phones = {
        row[0]: "".join(sign for sign in str(row[HEADINGS.index("Phone")]) if sign.isdigit())
        for row in cloud.cells()[WORKING][1:7]
    }
    assert phones == {
        f"Company {n}": f"7912{n:07d}" if n < 4 else f"749500000{n:02d}" for n in range(1, 7)
    }


def test_a_cell_the_owner_types_in_the_second_it_is_tidied_is_given_back_and_told(
    sheetsync: Shell, cloud: Cloud
) -> None:
    rows = [client(n, Label="Large") for n in range(1, 5)]
    tabs: dict[str, Any] = {title: [HEADINGS] for title in TITLES.values()}
    tabs[WORKING] += rows
    cloud.lay_out(tabs)
    assert sheetsync("run", ADDRESS, "--force", "--today", "2026-02-05").code == 0
    column = HEADINGS.index("Phone")
    cloud.type(WORKING, 2, column, "+79120000002")
    seen = cloud.count("read") + cloud.count("write")
    newer = {"userEnteredValue": {"stringValue": "+7 495 111-22-33"}}
    place = {"sheetId": _sheet_id(cloud, WORKING), "rowIndex": 2, "columnIndex": column}
    typed = {
        "updateCells": {"start": place, "rows": [{"values": [newer]}], "fields": "userEnteredValue"}
    }
    cloud.meanwhile[seen + WRITE + 1] = [typed]
    told = sheetsync("run", ADDRESS, "--force", "--today", "2026-02-05", "--json")
    assert told.code == 0, told.err
    assert cloud.cells()[WORKING][2][column] == "+7 495 111-22-33"
    assert "Company 2" in " ".join(told.json["notes"])
    assert sheetsync("run", ADDRESS, "--today", "2026-02-05", "--json").json["wrote"] is False


def test_a_state_the_owner_sets_in_the_second_its_row_moves_is_given_back_and_told(
    sheetsync: Shell, cloud: Cloud
) -> None:
    _base(cloud)
    further = {"userEnteredValue": {"stringValue": "Contact 3"}}
    place = {"sheetId": 0, "rowIndex": 2, "columnIndex": HEADINGS.index("State")}
    cloud.meanwhile[WRITE] = [
        {
            "updateCells": {
                "start": place,
                "rows": [{"values": [further]}],
                "fields": "userEnteredValue",
            }
        }
    ]
    told = sheetsync("run", ADDRESS, "--force", "--today", TODAY, "--json")
    assert told.code == 0, told.err
    assert "Company 2" in " ".join(told.json["notes"])
    states = {
        row[0]: row[HEADINGS.index("State")]
        for tab in (WORKING, STRATEGIC)
        for row in cloud.cells()[tab][1:]
    }
    assert states["Company 2"] == "Contact 3"
    assert sheetsync("run", ADDRESS, "--force", "--today", TODAY).code == 0
    assert "Company 2" in cloud.companies()[WORKING]
