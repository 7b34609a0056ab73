"""How long a batch is: what a moved row and a line of the Journal cost, and that formats go once."""

from functools import cache
from typing import Any

from sheetsync.services.planned_write import PlannedWrite, write_of
from sheetsync.services.read_and_decide import read_and_decide
from sheetsync.sheets.requests.body import SHORTEST, BatchRoom, encoded
from sheetsync.sheets.requests.canvas import Canvas
from sheetsync.sheets.requests.cells import WHOLE, styled
from tests.builders.desk import Desk

MOVED_ROW = 3_300
"""Bytes at most of one more row that moves: its requests, what is remembered of it, three lines of
the Journal. Most of it is what people read."""
JOURNAL_LINE = 900


@cache
def night(clients: int) -> PlannedWrite:
    """Return a first night on which so many clients move."""
    desk = Desk()
    for _ in range(clients):
        desk.add("Working list", "Contact 2", "2026-01-05")
    daemon = desk.daemon()
    planned = read_and_decide(daemon.opened, daemon.options)
    assert len(planned.plan.moves) == clients
    return write_of(daemon.opened, planned, daemon.options)


def rows_alone(clients: int) -> int:
    """Return the bytes of the batch without its reports."""
    write = night(clients)
    rows = [(move.source, move.row) for move in write.planned.plan.moves]
    return len(encoded(write.of_rows(rows).batch({}, None).body))


def test_one_more_row_that_moves_makes_a_batch_no_longer_than_it_needs() -> None:
    assert (rows_alone(20) - rows_alone(10)) / 10 < MOVED_ROW


def test_a_line_of_the_journal_costs_little_beside_its_words() -> None:
    write = night(20)
    requests: list[Any] = write.batch({}, None).body["requests"]
    added = {
        request["addSheet"]["properties"]["title"]: request["addSheet"]["properties"]["sheetId"]
        for request in requests
        if "addSheet" in request
    }
    lines = [
        request
        for request in requests
        if request.get("updateCells", {}).get("start", {}).get("sheetId") == added["Journal"]
    ]
    assert sum(len(encoded(request)) for request in lines) / len(write.lines) < JOURNAL_LINE


def test_a_format_that_cells_share_goes_once_whatever_their_number() -> None:
    bold = {"textFormat": {"bold": True}}

    def formats(rows: int) -> list[Any]:
        canvas = Canvas()
        for row in range(rows):
            for column in range(3):
                canvas.put(7, row, column, styled(f"{row}", bold), WHOLE)
        return [request for request in canvas.requests() if "userEnteredFormat" in str(request)]

    assert formats(100) == [
        {
            "repeatCell": {
                "range": {
                    "sheetId": 7,
                    "startRowIndex": 0,
                    "endRowIndex": 100,
                    "startColumnIndex": column,
                    "endColumnIndex": column + 1,
                },
                "cell": {"userEnteredFormat": bold},
                "fields": "userEnteredFormat",
            }
        }
        for column in range(3)
    ]
    assert len(formats(10)) == len(formats(1_000))


def test_letters_travel_as_they_are_and_a_damaged_one_all_the_same() -> None:
    assert encoded({"a": "Журнал"}) == '{"a":"Журнал"}'.encode()
    assert encoded({"a": "\ud800"}) == b'{"a":"\\ud800"}'


def test_a_batch_is_full_by_its_bytes_its_requests_or_its_moves() -> None:
    room = BatchRoom(size=1_000, requests=100, moves=10)
    assert room.load({"requests": []}, 5) == 0.5
    assert room.load({"requests": []}, 20) == 2
    assert room.load({"requests": [{}] * 190}, 0) == 2
    assert room.load({"requests": ["x" * 1_883]}, 0) == 2


def test_a_link_is_written_with_its_colour_beside_the_format_that_others_share() -> None:
    plain = {"textFormat": {"bold": True, "underline": True}}
    linked = {"textFormat": {**plain["textFormat"], "link": {"uri": "#gid=1"}}}
    canvas = Canvas()
    for row in range(5):
        canvas.put(7, row, 0, styled("x", linked if row == 2 else plain), WHOLE)
    ground, link = [r for r in canvas.requests() if "textFormat" in str(r)]
    assert ground["repeatCell"]["range"]["endRowIndex"] == 5
    assert ground["repeatCell"]["cell"] == {"userEnteredFormat": plain}
    assert link["updateCells"]["start"]["rowIndex"] == 2
    assert link["updateCells"]["rows"] == [
        {
            "values": [
                {
                    "userEnteredFormat": {
                        "textFormat": {"link": {"uri": "#gid=1"}, "underline": True}
                    }
                }
            ]
        }
    ]


def test_the_room_for_what_was_too_slow_comes_to_an_end_and_never_to_nothing() -> None:
    body = {"requests": [{"note": "x" * 3_000_000}]}
    rooms = [BatchRoom()]
    moves = 5_000
    while rooms[-1] not in rooms[:-1]:
        rooms.append(rooms[-1].halved(body, moves))
        moves = min(moves, rooms[-1].moves)
    assert [room.moves for room in rooms[:5]] == [5_000, 2_500, 1_250, 625, 312]
    assert (rooms[-1].moves, rooms[-1].swift) == (1, SHORTEST)
    # What the service refuses for its size is as it was: a long single report still goes.
    assert rooms[-1].takes(body)
    assert len(rooms) < 16


def test_reports_that_were_too_slow_leave_the_rows_their_room() -> None:
    body = {"requests": [{"note": "x" * 1_000_000}]}
    assert BatchRoom().halved(body, 0).moves == BatchRoom().moves
