"""A stranger's pattern over hostile texts: the server answers, and goes on answering."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from sheetsync.emulator import LocalAdapter, Workspace
from sheetsync.emulator.api.requests import replacing

URL = "https://sheets.googleapis.com/v4/spreadsheets"


def answered(text: str, pattern: str, **more: Any) -> requests.Response:
    """Search a book of one text."""
    workspace = Workspace.in_memory()
    number = workspace.create("Book").id
    find = {"find": pattern, "replacement": "x", "allSheets": True, "searchByRegex": True, **more}
    with requests.Session() as session:
        session.mount("https://", LocalAdapter(workspace))
        place = f"{URL}/{number}"
        put = {"values": [[text]] * 3}
        session.put(f"{place}/values/A1?valueInputOption=RAW", json=put)
        return session.post(f"{place}:batchUpdate", json={"requests": [{"findReplace": find}]})


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "(.*a){20}b", r"^(\w+\s?)*$"])
def test_a_pattern_that_would_take_years_is_refused(
    monkeypatch: pytest.MonkeyPatch,
    pattern: str,
    whole: bool,  # noqa: FBT001  # a case
) -> None:
    monkeypatch.setattr(replacing, "_SECONDS", 0.2)
    answer = answered("a" * 3000 + "!", pattern, matchEntireCell=whole)
    # Some engines see that such a text cannot fit, and say so at once.
    if answer.status_code == 200:
        assert answer.json()["replies"] in ([{"findReplace": {}}], [{}])
        return
    assert answer.status_code == 400
    assert "took more than" in answer.json()["error"]["message"]


def test_a_pattern_that_looks_ahead_or_names_its_groups_works_as_before() -> None:
    answer = answered("ann: 12, bob: 7", r"(?<name>\w+): (?=\d)(\d+)", replacement="${name}=$2")
    assert answer.json()["replies"][0]["findReplace"]["occurrencesChanged"] == 6
