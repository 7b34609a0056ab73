"""As large as a spreadsheet can be: cells filled to the last sign, a grid without a cell to spare."""

import json
from datetime import timedelta

import pytest

from sheetsync.errors import BookFull
from sheetsync.reporting.journal import data_text
from sheetsync.services import run as runner
from sheetsync.sheets.requests.body import BatchRoom
from sheetsync.values.text import shortened
from tests.builders.desk import NOTE, OWNER, Daemon, Desk

FULL = 50_000
"""Signs that a cell of a Google spreadsheet holds (API fact)."""
TEXTS = {
    "letters": "x" * FULL,
    "quotes": '"' * FULL,
    "signs of two units": "😀" * (FULL // 2),
}


def filled(heading: str, text: str, clients: int = 3) -> Desk:
    """Return a base whose clients are all due to move, a cell of each filled to its end."""
    desk = Desk()
    for _ in range(clients):
        number = desk.add("Working list", "Contact 2", "2026-01-05")
        desk.type(OWNER, number, heading, text)
    return desk


def longest(desk: Desk, title: str) -> int:
    """Return the UTF-16 units of the longest cell of a tab."""
    cells = [str(cell) for row in desk.values(title) for cell in row]
    return max(len(cell.encode("utf-16-le")) // 2 for cell in cells)


@pytest.mark.parametrize("text", TEXTS.values(), ids=list(TEXTS))
@pytest.mark.parametrize("heading", ["Company", "Manager", "State", NOTE])
def test_cells_filled_to_the_last_sign_stop_no_night_and_lose_nothing(
    heading: str, text: str
) -> None:
    desk = filled(heading, text)
    desk.daemon().run()
    for title in desk.sheets():
        assert longest(desk, title) <= FULL
    for number, client in desk.clients.items():
        ((_, _, cells),) = desk.standing()[number]
        if heading != "State":
            assert cells[heading] == client.typed[heading] == text
    assert not desk.daemon().run().wrote


def test_what_the_journal_had_no_room_for_says_so_and_is_left_alone_by_undo() -> None:
    desk = Desk()
    number = desk.add("Working list", "Contact 2", "2026-01-05")
    desk.daemon().run()
    lines = desk.journal()
    edited = next(n for n, line in enumerate(lines, start=1) if line["What"] == "edited")
    assert json.loads(lines[edited - 1]["Data"])["field"] == "state"
    long = data_text({"field": "state", "before": "x" * FULL, "after": "Strategic reserve"})
    assert len(long) < FULL
    desk.write(OWNER, "Journal", edited, [long], len(lines[0]) - 1)
    left: list[str] = []
    daemon = desk.daemon()
    runner.undo(daemon.opened, daemon.options, None, lambda _, alone: left.extend(alone))
    ((tab, _, cells),) = desk.standing()[number]
    assert (tab, cells["State"]) == ("Working list", "Strategic reserve")
    assert "longer text than the Journal can keep" in left[0]


@pytest.mark.parametrize("text", ["x" * 30_000, "😀" * 15_000, "", "a"])
def test_a_text_that_a_cell_holds_is_left_as_it_is(text: str) -> None:
    assert shortened(text) == text
    assert data_text({"after": text[:100]}) == json.dumps({"after": text[:100]}, ensure_ascii=False)


@pytest.mark.parametrize("text", ["x" * 30_001, "😀" * 15_001, "x" + "😀" * 15_000])
def test_a_longer_one_is_cut_between_its_characters(text: str) -> None:
    short = shortened(text)
    assert len(short.encode("utf-16-le")) // 2 <= 30_000
    assert short[-1] == "…"
    assert text.startswith(short[:-1])


def grown(desk: Desk, title: str, rows: int = 0, columns: int = 0) -> None:
    """Give a section's tab empty rows and columns, as people do who scroll and paste."""
    sheet_id = desk.sheet_id(title)
    for dimension, length in (("ROWS", rows), ("COLUMNS", columns)):
        if length:
            added = {"sheetId": sheet_id, "dimension": dimension, "length": length}
            desk.batch(OWNER, {"appendDimension": added})


def due(clients: int = 3) -> Desk:
    """Return a base whose clients are all due to move."""
    desk = Desk()
    for _ in range(clients):
        desk.add("Working list", "Contact 2", "2026-01-05")
    return desk


def cells_of(desk: Desk) -> int:
    """Return how many cells the spreadsheet has, empty ones too."""
    sheets = desk.call(OWNER, "GET", "")["sheets"]
    grids = [sheet["properties"]["gridProperties"] for sheet in sheets]
    return sum(grid["rowCount"] * grid["columnCount"] for grid in grids)


MOST = 10_000_000


def full_to(desk: Desk, free: int) -> None:
    """Fill the spreadsheet with empty rows until so many cells are free, or a few less."""
    columns = 26
    grown(desk, "Clients", rows=(MOST - cells_of(desk) - free) // columns)


def limited(daemon: Daemon) -> Daemon:
    """Give a daemon Google's limits."""
    daemon.opened.line.room = BatchRoom()
    return daemon


def test_a_full_spreadsheet_is_told_before_anything_is_written() -> None:
    desk = due()
    full_to(desk, free=100)
    cells, places = cells_of(desk), desk.standing()
    with pytest.raises(BookFull) as stop:
        limited(desk.daemon()).run()
    assert "10,000,000" in stop.value.message
    assert f"{cells:,}" in stop.value.message
    assert "“Clients”" in stop.value.fix
    assert (cells_of(desk), desk.standing()) == (cells, places)
    assert desk.free() is False  # nobody is locked out


def test_a_base_of_nearly_ten_million_cells_has_its_night() -> None:
    desk = due()
    full_to(desk, free=100_000)
    limited(desk.daemon()).run()
    assert {tab for ((tab, _, _),) in desk.standing().values()} == {"Strategic archive"}
    assert cells_of(desk) <= MOST
    assert not limited(desk.daemon()).run().wrote


def test_rows_that_move_within_a_nearly_full_spreadsheet_move_in_parts() -> None:
    desk = Desk()
    for _ in range(12):
        desk.add("Working list", "Contact 2", "2026-02-28")
    limited(desk.daemon()).run()
    desk.today += timedelta(days=20)
    moves = len(runner.preview(desk.daemon().opened, desk.daemon().options).plan.moves)
    assert moves == 12
    # Room for the Journal's lines and for some of the rows: each stands twice until it is deleted.
    full_to(desk, free=800)
    daemon = limited(desk.daemon())
    daemon.run()
    assert cells_of(desk) <= MOST
    assert daemon.opened.line.sent["write"] > 2  # more than a lock and a write
    assert not limited(desk.daemon()).run().wrote


def test_a_night_in_parts_that_would_stop_half_done_for_want_of_cells_does_not_begin() -> None:
    desk = Desk()
    for _ in range(12):
        desk.add("Working list", "Contact 2", "2026-02-28")
    limited(desk.daemon()).run()
    desk.today += timedelta(days=20)
    # All of it would fit at last, but not what the parts add on the way.
    full_to(desk, free=600)
    before = desk.standing()
    with pytest.raises(BookFull):
        limited(desk.daemon()).run()
    assert desk.standing() == before


def test_a_spreadsheet_beyond_the_limit_that_we_know_is_left_to_google() -> None:
    desk = due()
    daemon = limited(desk.daemon())
    # One source speaks of twenty million cells: such a book shows that it is right.
    daemon.opened.line.room = BatchRoom(cells=1_000)
    daemon.run()
    assert {tab for ((tab, _, _),) in desk.standing().values()} == {"Strategic archive"}


def test_a_tab_without_a_column_to_spare_is_named() -> None:
    desk = due()
    widest = 18_278
    desk.batch(
        OWNER,
        {
            "deleteDimension": {
                "range": {
                    "sheetId": desk.sheet_id("Working list"),
                    "dimension": "ROWS",
                    "startIndex": 10,
                    "endIndex": 1_000,
                }
            }
        },
    )
    grown(desk, "Working list", columns=widest - 26)
    desk.write(OWNER, "Working list", 0, ["The last one"], widest - 1)
    before = desk.standing()
    with pytest.raises(BookFull) as stop:
        limited(desk.daemon()).run()
    assert "“Working list”" in stop.value.message
    assert "18,278" in stop.value.message
    assert desk.standing() == before
    assert desk.free() is False


def test_what_google_says_of_a_full_spreadsheet_is_said_in_words_for_people() -> None:
    desk = due()
    full_to(desk, free=100)
    daemon = desk.daemon()
    with pytest.raises(BookFull) as stop:
        runner.report(daemon.opened, daemon.options)
    assert "The spreadsheet is full" in stop.value.message
