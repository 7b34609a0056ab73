"""`sheetsync simulate`: a public pipeline's table to four decimals, and questions that cannot be answered."""

import csv
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sheetsync.simulation.competing_risks import FROM_THE_START, Incidence, Watched
from sheetsync.simulation.win_score import Deal, judge
from sheetsync.values import to_serial
from tests.builders.bench import Shell, small_base
from tests.places import DATA

LAST_DAY = "2017-12-31"
"""The last day of the public pipeline."""

SHARES = {
    14: (0.1876, 0.1505, 0.6619),
    30: (0.2190, 0.1622, 0.6188),
    40: (0.2271, 0.1658, 0.6071),
    90: (0.3970, 0.2521, 0.3509),
}
"""Won, lost, open by day: as another program has it of the same file."""
LATER = {14: (63.9, 63.3), 30: (57.8, 57.1), 40: (56.3, 55.5), 90: (23.6, 22.8)}
"""Percent of the wins after a day: by the estimate, and of those seen."""


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of the pipeline as CSV, to be adopted once."""
    folder = tmp_path_factory.mktemp("pipeline")
    shutil.copy(DATA / "sales_pipeline.csv", folder / "pipeline.csv")
    return folder


def adopted(sheetsync: Shell, folder: Path) -> Path:
    path = folder / "pipeline.xlsx"
    if not path.exists():
        told = sheetsync("adopt", folder / "pipeline.csv", "-o", path, "--yes")
        assert told.code == 0, told.err
    return path


def simulated(sheetsync: Shell, path: Path, *options: str) -> dict[str, Any]:
    told = sheetsync("simulate", path, "--today", LAST_DAY, "--json", *options)
    assert told.code == 0, told.err
    answer: dict[str, Any] = told.json
    return answer


def test_the_public_pipeline_answers_its_table(sheetsync: Shell, pipeline: Path) -> None:
    path = adopted(sheetsync, pipeline)
    before = path.read_bytes()
    answer = simulated(sheetsync, path, "--days", "14,30,40,90", "--by", "manager")
    assert answer["courses"] == {"won": 4238, "lost": 2473, "put_away": 0, "open": 1589}
    by_day = {
        day["day"]: tuple(round(day[end], 4) for end in ("won", "lost", "open"))
        for day in answer["days"]
    }
    assert by_day == SHARES
    later = {
        stake["limit"]: tuple(
            round(stake[f"wins_later_{how}"] * 100, 1) for how in ("estimated", "observed")
        )
        for stake in answer["stakes"]
    }
    assert later == LATER
    assert len(answer["groups"]) == 30
    assert sum(group["courses"] for group in answer["groups"]) == 8300
    assert answer["drift"]["differs"] is True
    assert path.read_bytes() == before

    # As if adopted on 1 July 2017: those in work by then enter late, of the others nobody knows.
    answer = simulated(sheetsync, path, "--days", "40", "--known-from", "2017-07-01")
    assert sum(answer["courses"].values()) == 5601
    assert round(answer["days"][0]["won"], 4) == 0.2716


def test_late_entry_is_what_makes_the_difference() -> None:
    """The same rows as if all had been watched from their first day: .2042, which is wrong."""
    with (DATA / "sales_pipeline.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["engage_date"]]
    first = to_serial(date(2017, 7, 1))
    began = np.array([_serial(row["engage_date"]) for row in rows], dtype=np.int64)
    ended = np.array([_serial(row["close_date"]) for row in rows], dtype=np.int64)
    stage = np.array([row["deal_stage"] for row in rows])
    known = ended > first
    late = np.where(began < first, first - began, FROM_THE_START)
    early = np.full(len(rows), FROM_THE_START)
    won_by_40 = []
    for entered in (early, late):
        everybody = Watched(entered, ended - began, stage == "Won", stage == "Lost")
        won_by_40.append(round(Incidence(everybody.among(known)).by(40).won, 4))
    assert won_by_40 == [0.2042, 0.2716]


def _serial(written: str) -> int:
    if not written:
        return to_serial(date.fromisoformat(LAST_DAY))
    day, month, year = map(int, written.split("-"))
    return to_serial(date(2000 + year, month, day))


def test_a_score_that_foretells_nothing_is_said_to(data: Path) -> None:
    with (data / "sales_pipeline.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["deal_stage"] in ("Won", "Lost")]
    rows.sort(key=lambda row: _serial(row["close_date"]))
    deals = [Deal((row["sales_agent"], row["product"]), row["deal_stage"] == "Won") for row in rows]
    judgement = judge(deals)
    assert judgement is not None
    assert round(judgement.by_share, 4) == 0.2294
    assert not judgement.holds


def test_a_score_that_foretells_is_said_to() -> None:
    # Ann wins nine of ten, Bob one of ten; the share alone says one half of both.
    deals = []
    for number in range(200):
        unlike_most = number % 10 == 0
        deals += [Deal(("Ann",), not unlike_most), Deal(("Bob",), unlike_most)]
    judgement = judge(deals)
    assert judgement is not None
    assert judgement.holds
    assert judge(deals[:99]) is None


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--days", "14,soon"), "“soon” is no number of days"),
        (("--days", "0"), "“0” is no number of days"),
        (("--days", "-3"), "“-3” is no number of days"),
        (("--days", ""), "“” is no number of days"),
        (("--days", "14,99999"), "“99999” is no number of days"),
        (("--days", ",".join(map(str, range(1, 14)))), "more than 12 limits"),
        (("--by", "colour"), "Nothing is told apart by “colour”"),
        (("--known-from", "1999-12-31"), "too long ago"),
    ],
)
def test_a_question_that_makes_no_sense_is_told_before_anything_is_read(
    sheetsync: Shell, options: tuple[str, ...], says: str
) -> None:
    told = sheetsync("simulate", "no-such-file.xlsx", *options)
    told.complains(1)
    assert says in told.err


def test_of_a_small_base_nothing_is_said(sheetsync: Shell, tmp_path: Path) -> None:
    path = small_base(tmp_path / "base.xlsx")
    told = sheetsync("simulate", path, "--today", "2026-03-02")
    assert told.code == 0, told.err
    assert "nothing is said" in told.out
    assert "At stake" not in told.out


@pytest.mark.parametrize("options", [(), ("--json",), ("--by", "manager", "--json")])
def test_a_base_without_a_company_in_work_has_nothing_to_reckon_with(
    sheetsync: Shell, tmp_path: Path, options: tuple[str, ...]
) -> None:
    told = sheetsync("simulate", small_base(tmp_path / "base.xlsx", clients=0), *options)
    assert told.code == 0, told.err
    if options:
        assert sum(told.json["courses"].values()) == 0
        assert (told.json["stakes"], told.json["curve"], told.json["score"]) == ([], [], None)
    else:
        assert "nothing to reckon with" in told.out
