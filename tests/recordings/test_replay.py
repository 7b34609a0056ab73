"""Replays: what Google was once asked is asked again here, and answered as Google did.

How a replay works is in replay.py, what is known to differ in known.py.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from tests.recordings.known import known_differences
from tests.recordings.replay import FILES, Outcome, replay
from tests.recordings.share import table

if TYPE_CHECKING:
    from pathlib import Path

LEAST = 0.95


@cache
def _outcome(path: Path) -> Outcome:
    return replay(path)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_google_is_answered_for_word_by_word(path: Path) -> None:
    outcome = _outcome(path)
    found = {difference.index: str(difference) for difference in outcome.differences}
    known = {index for name, index in known_differences if name == outcome.name}
    assert [text for index, text in found.items() if index not in known] == []
    assert known - found.keys() == set(), "listed in known.py, and answered as Google did"


def test_at_least_95_percent_of_all_interactions_are_answered_alike() -> None:
    outcomes = [_outcome(path) for path in FILES]
    assert len(outcomes) == 66
    assert sum(one.same for one in outcomes) >= LEAST * sum(one.total for one in outcomes), (
        "\n".join(table(outcomes))
    )


def test_every_known_difference_has_a_file_and_a_reason() -> None:
    assert {name for name, _ in known_differences} <= {path.stem for path in FILES}
    assert all(len(reason) > 20 for reason in known_differences.values())


def _changed(value: Any) -> Any:
    """Change the last scalar of an answer, however deep it stands."""
    if isinstance(value, dict) and value:
        last = list(value)[-1]
        return {**value, last: _changed(value[last])}
    if isinstance(value, list) and value:
        return [*value[:-1], _changed(value[-1])]
    return f"{value} but changed"


@pytest.mark.parametrize(
    "path", [path for path in FILES if "merge_cells" in path.stem], ids=lambda path: path.stem
)
def test_a_replay_tells_when_an_answer_of_google_is_another(path: Path, tmp_path: Path) -> None:
    items = json.loads(path.read_text(encoding="utf-8"))
    for item in items:
        if item["method"] != "DELETE":
            item["response"] = _changed(item["response"])
    (tmp_path / path.name).write_text(json.dumps(items), encoding="utf-8")
    outcome = replay(tmp_path / path.name)
    told = {difference.index for difference in outcome.differences}
    assert told == {index for index, item in enumerate(items) if item["method"] != "DELETE"}
