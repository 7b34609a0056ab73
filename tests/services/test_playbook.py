"""The playbook's tabs in a spreadsheet: laid out once, read every night, written by none."""

from pathlib import Path

import pytest

from sheetsync.playbook import declaration
from sheetsync.services.lay_out_playbook import add_tabs
from tests.builders.bench import TITLES
from tests.builders.desk import EDITOR, Desk

ALL = ("Launch", "Algorithm", "Objections", "Materials", "Roles")


@pytest.fixture(scope="module")
def first_night() -> Desk:
    """Give a base with a playbook after a night: a company that nobody plans anything for, one whose step is late."""
    desk = Desk()
    desk.add(TITLES["working"], "Contact 1", "2026-02-25", label="Large")
    desk.add(TITLES["working"], "Contact 2", "2026-02-25", label="Large")
    desk.clients.clear()
    add_tabs(desk.daemon().opened, None, None)
    assert desk.daemon().run().wrote
    return desk


@pytest.fixture
def desk(first_night: Desk) -> Desk:
    return first_night.copy()


def quiet(desk: Desk) -> bool:
    """Tell whether a night finds nothing to write, and says so in two requests."""
    done = desk.daemon().run()
    return not done.wrote and sum(done.requests.values()) == 2


def said(desk: Desk, title: str) -> str:
    """Return all that stands on a tab."""
    return "\n".join(" | ".join(map(str, row)) for row in desk.values(title))


def sheet_id(desk: Desk, title: str) -> int:
    for sheet in desk.call(EDITOR, "GET", "")["sheets"]:
        if sheet["properties"]["title"] == title:
            return int(sheet["properties"]["sheetId"])
    raise KeyError(title)


def test_the_tabs_are_laid_out_once_with_their_starter_rows(desk: Desk) -> None:
    assert set(ALL) <= set(desk.sheets())
    assert add_tabs(desk.daemon().opened, None, None) == ()
    assert "Contact 1" in said(desk, "Algorithm")
    assert "Contact person, Last contact, Next step, Next step on" in said(desk, "Algorithm")


def test_a_second_night_is_quiet_and_no_night_writes_a_tab_of_the_playbook(desk: Desk) -> None:
    desk.write(EDITOR, "Objections", 2, ["our own remark"], 8)
    before = [desk.values(title) for title in ALL]
    assert quiet(desk)
    desk.add(TITLES["working"], "Contact 3", "2026-02-25", label="Large")
    assert desk.daemon().run().wrote
    assert [desk.values(title) for title in ALL] == before
    desk.daemon().undo()
    assert [desk.values(title) for title in ALL] == before


def test_the_algorithm_suggests_the_next_step_in_the_row_and_on_the_managers_tab(
    desk: Desk,
) -> None:
    # The last contact was on 10 February, three and five days before the steps of the algorithm.
    first = "Late by the algorithm: send an offer made for the need, and agree the day to discuss it, by 13 February."
    assert first in said(desk, TITLES["working"])
    second = "Late by the algorithm: answer the objection and settle the terms, by 15 February."
    assert second in said(desk, TITLES["working"])
    tabs = [title for title in desk.sheets() if title.startswith("Overdue")]
    assert any(first in said(desk, title) for title in tabs)


def test_the_summary_has_a_share_for_each_point_and_what_is_missing(desk: Desk) -> None:
    lines = said(desk, "Summary")
    assert "Launch of the department" in lines
    assert "0. Who leads the department | 0 |" in lines
    assert "3. Sections of the base | 0.5 |  | “Launch”, row 11: not ticked as done." in lines
    assert (
        "“Materials”, row 7, Company presentation: no “Link”; no “Owner”; no “Updated on”." in lines
    )


def test_a_tab_that_was_renamed_and_whose_columns_moved_goes_on_counting(desk: Desk) -> None:
    tab = sheet_id(desk, "Algorithm")
    move = {
        "source": {"sheetId": tab, "dimension": "COLUMNS", "startIndex": 5, "endIndex": 6},
        "destinationIndex": 0,
    }
    named = {"properties": {"sheetId": tab, "title": "How we sell"}, "fields": "title"}
    desk.batch(EDITOR, {"moveDimension": move}, {"updateSheetProperties": named})
    desk.daemon().run()
    assert "Late by the algorithm: answer the objection" in said(desk, TITLES["working"])
    assert add_tabs(desk.daemon().opened, None, None) == ()
    assert quiet(desk)


def test_a_tab_that_was_deleted_or_pasted_over_is_a_sentence_and_the_rest_goes_on(
    desk: Desk,
) -> None:
    desk.batch(EDITOR, {"deleteSheet": {"sheetId": sheet_id(desk, "Algorithm")}})
    desk.write(EDITOR, "Roles", 5, ["Goods", "Sum", "", "", "", ""])
    desk.daemon().run()
    lines = said(desk, "Summary")
    assert "The playbook's tab “Algorithm” is gone" in lines
    assert "The headings of “Who answers for what” are gone." in lines
    assert "by the algorithm" not in said(desk, TITLES["working"])
    assert quiet(desk)
    assert add_tabs(desk.daemon().opened, None, ["algorithm"]) == ("Algorithm",)
    desk.daemon().run()
    assert "Late by the algorithm" in said(desk, TITLES["working"])


def test_adding_a_tab_is_adding_a_file(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "en" / "playbook"
    folder.mkdir(parents=True)
    (folder / "tenders.toml").write_text(
        """
        title = "Tenders"
        point = "tenders"
        [[sections]]
        key = "tenders"
        title = "Tenders we take part in"
        columns = [
          { key = "tender", title = "Tender", required = true },
          { key = "until", title = "Apply until", type = "date", required = true },
        ]
        rows = [{ tender = "Northern depot" }]
        """,
        encoding="utf-8",
    )
    (tmp_path / "ru" / "playbook").mkdir(parents=True)
    monkeypatch.setattr(declaration, "templates_folder", lambda: tmp_path)
    assert add_tabs(desk.daemon().opened, None, None) == ("Tenders",)
    desk.daemon().run()
    assert "tenders. Tenders | 0 |" in said(desk, "Summary")
    assert "“Tenders”, row 7, Northern depot: no “Apply until”." in said(desk, "Summary")
    assert quiet(desk)


def test_a_teams_own_tab_of_such_a_name_stays_theirs() -> None:
    own = Desk()
    own.add(TITLES["working"], "Contact 1", "2026-02-25")
    own.batch(EDITOR, {"addSheet": {"properties": {"title": "Roles", "sheetId": 77}}})
    own.write(EDITOR, "Roles", 0, ["Actor", "Part"])
    assert "Roles · sheetsync" in add_tabs(own.daemon().opened, None, None)
    own.daemon().run()
    assert own.values("Roles") == [["Actor", "Part"]]
    assert "Actor" not in said(own, "Summary")
