"""How many requests a run sends: as many for a thousand moves as for one, and at most six."""

from datetime import date
from pathlib import Path

import pytest

from sheetsync.config import Settings
from sheetsync.emulator import LocalAdapter
from sheetsync.i18n import language
from sheetsync.services.run import Options, run
from sheetsync.sheets.connection.open_book import open_book
from tests.builders.bench import TITLES, Shell, client, companies, small_base
from tests.builders.desk import OWN, OWNER, Desk

TODAY = "2026-03-02"


@pytest.mark.parametrize("moves", [1, 50])
def test_a_run_sends_five_requests_however_many_rows_move(
    sheetsync: Shell, tmp_path: Path, moves: int
) -> None:
    path = small_base(tmp_path / "base.xlsx", clients=moves)
    told = sheetsync("run", path, "--today", TODAY, "--force", "--json")
    assert (told.code, len(told.json["moves"])) == (0, moves), told.err
    assert told.json["requests"] == {"read": 3, "write": 2}
    assert len(companies(path)["Strategic archive"]) == moves
    assert companies(path)["Working list"] == []


def test_a_thousand_rows_move_by_the_same_five_requests() -> None:
    desk = Desk()
    rows = [[*client(n, **{"Work began": "2026-01-10"}), f"N{n}", "mine"] for n in range(1000)]
    desk.write_rows(OWNER, TITLES["working"], 1, rows)
    daemon = desk.daemon()
    done = daemon.run()
    assert len(done.planned.plan.moves) == 1000
    assert dict(done.requests) == {"read": 3, "write": 2}
    assert len(daemon.wire.requests) == 5
    tabs = desk.tabs()
    assert len(tabs[TITLES["working"]]) == 1
    number = tabs[TITLES["strategic"]][0].index(OWN)
    assert [row[number] for row in tabs[TITLES["strategic"]][1:]] == [f"N{n}" for n in range(1000)]


def test_what_a_run_counts_is_what_the_service_saw(tmp_path: Path) -> None:
    path = small_base(tmp_path / "base.xlsx", clients=10)
    opened = open_book(str(path), Settings(), language("en"))
    adapter = opened.line._http.session.get_adapter("https://sheets.googleapis.com/")  # noqa: SLF001  # the transport itself
    assert isinstance(adapter, LocalAdapter)
    done = run(opened, Options(date(2026, 3, 2), force=True))
    calls = [
        path.split("?")[0].removeprefix("/v4/spreadsheets/base") for _, path in adapter.requests
    ]
    assert calls == [
        "",
        "/values:batchGetByDataFilter",
        ":batchUpdate",
        ":getByDataFilter",
        ":batchUpdate",
    ]
    assert sum(done.requests.values()) == len(calls) <= 6


def test_a_run_that_has_nothing_to_do_only_reads(sheetsync: Shell, tmp_path: Path) -> None:
    path = small_base(tmp_path / "base.xlsx", clients=0)
    assert sheetsync("run", path, "--today", TODAY, "--force").code == 0
    told = sheetsync("run", path, "--today", TODAY, "--json")
    assert (told.code, told.json["requests"]) == (0, {"read": 2, "write": 0})
