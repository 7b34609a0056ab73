"""The demonstration as people get it: one honest night on a base with a past, that can be looked at, repeated and taken back."""

from pathlib import Path

import pytest

from sheetsync.demo.history import WEEKS
from sheetsync.i18n import language
from sheetsync.method.policy import template
from tests.builders.bench import Shell, cells

TODAY = "2026-03-04"


def companies(path: Path, lang: str) -> list[str]:
    found, words = cells(path), template(lang).words
    return sorted(
        str(row[0])
        for section in template(lang).codes("sections")
        for row in found[words.name("sections", section)][1:]
        if row[0]
    )


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_the_demonstration_is_honest(sheetsync: Shell, tmp_path: Path, lang: str) -> None:
    asked, words = ("--today", TODAY, "--lang", lang), template(lang).words
    told = sheetsync("demo", tmp_path, *asked)
    assert (told.code, str(WEEKS) in told.out) == (0, True), told.err
    # Short enough for one screen, with what to open and what to try next.
    assert len(told.out.splitlines()) <= 20
    assert all(command in told.out for command in ("undo", "check", "adopt"))
    (path,) = tmp_path.glob("*.xlsx")

    # Its night noticed what the team did on the last evening, and neither lost anybody nor found a flood.
    runs = sheetsync("history", path, "--lang", lang, "--json").json["runs"]
    assert len(runs) > WEEKS
    assert 5 <= runs[0]["noticed"] <= 500

    # Its problems are a handful of every kind, and what is against the method nobody did.
    found = sheetsync("check", path, *asked, "--json").json["problems"]
    codes = [problem["code"] for problem in found]
    there = {"unknown_state", "contradiction", "incomplete", "sold_unproved", "deadline_near"}
    assert there <= {*codes}
    reminders = {"deadline_near", "stay_used"}
    handful = {"unknown_state", "unread_goes_on", "sold_unproved", "contradiction", "incomplete"}
    assert {*codes} <= {*handful, *reminders}
    assert len([code for code in codes if code not in reminders]) <= 8

    # The summary knows charts, periods, funnel, plan and scores.
    shown = [
        [cell for cell in row if cell is not None] for row in cells(path)[words.tabs["summary"]]
    ]
    waits = language(lang).text("not enough history yet").casefold()
    assert [row for row in shown if any(waits in str(cell).casefold() for cell in row)] == []

    # A setting that somebody has loosened stands on it, and a sale that nobody has paid.
    assert [row for row in shown if "2 → 3" in map(str, row)]
    unproved = next(problem for problem in found if problem["code"] == "sold_unproved")
    assert [row for row in shown if unproved["company"] in row]

    # A second run the same day writes nothing, and undo takes the night back.
    bytes_, before = path.read_bytes(), companies(path, lang)
    again = sheetsync("run", path, *asked, "--json")
    assert (again.code, again.json["moves"], again.json["edits"]) == (0, [], [])
    assert path.read_bytes() == bytes_
    moves = len(sheetsync("undo", path, *asked, "--json").json["moves"])
    assert moves == runs[0]["moves"] > 0
    assert companies(path, lang) == before
