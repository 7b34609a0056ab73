"""The tools beside the product say what they are asked."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.places import ROOT
from tools.coverage_floor import complaints, floor_of

DENSE = '''"""What it is for."""


def dense(rows):
    """Two questions in a line."""
    return [row for row in rows if row] if rows else None  # why
'''


@pytest.mark.parametrize(
    ("covered", "floor", "before", "words"),
    [
        (93.2, 93.0, 93.0, []),
        (92.9, 93.0, 93.0, ["write tests"]),
        (93.2, 92.5, 93.0, ["does not sink"]),
        (95.0, 93.0, 93.0, ["raise fail_under"]),
    ],
)
def test_the_floor_of_coverage_rises_and_never_sinks(
    covered: float, floor: float, before: float, words: list[str]
) -> None:
    sentences = complaints(covered, floor, before)
    assert [word in sentence for word, sentence in zip(words, sentences, strict=True)] == [
        True for _ in words
    ]


def test_the_floor_is_read_from_the_project() -> None:
    assert floor_of((ROOT / "pyproject.toml").read_text(encoding="utf-8")) > 80


def test_readability_counts_what_a_reader_holds(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text(DENSE, encoding="utf-8")
    command = [
        sys.executable,
        str(ROOT / "tools" / "readability.py"),
        str(tmp_path),
        "--worst",
        "1",
    ]
    table = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    # One function of two lines of code: a comprehension with its if, and a ternary.
    assert "6 lines, 2 of code, 1 functions" in table
    assert "decisions per 100 lines of code                150.0" in table
    assert "3 decisions" in table
