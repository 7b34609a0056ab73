"""As large as a spreadsheet can be: cells filled to the last sign, a grid without a cell to spare."""

import json

import pytest

from sheetsync.reporting.journal import data_text
from sheetsync.services import run as runner
from sheetsync.values.text import shortened
from tests.builders.desk import NOTE, OWNER, Desk

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
