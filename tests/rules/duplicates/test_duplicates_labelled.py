"""How well duplicates are found on a labelled base; docs/adopt.md shows the figures, and WRITE_DOCS=1 writes them anew."""

import os

import pytest

from sheetsync.rules.duplicates import find
from tests.builders.twins import CLIENTS, Maker, frame, labelled
from tests.places import DOCS

PAGE = DOCS / "adopt.md"
Couples = set[tuple[int, int]]


@pytest.fixture(scope="module")
def made() -> Maker:
    return labelled()


@pytest.fixture(scope="module")
def found(made: Maker) -> Couples:
    return {(pair.first, pair.second) for pair in find(frame(made.rows))}


def test_the_base_is_as_large_as_it_says(made: Maker) -> None:
    assert len(made.rows) > CLIENTS >= 2000
    assert sum(map(len, made.pairs.values())) >= 500
    assert sum(map(len, made.traps.values())) >= 350


def test_what_is_shown_is_right_and_what_stands_twice_is_shown(made: Maker, found: Couples) -> None:
    true = {couple for couples in made.pairs.values() for couple in couples}
    assert len(found & true) >= 0.95 * len(found)
    assert len(found & true) >= 0.9 * len(true)


def test_the_documentation_shows_the_figures(made: Maker, found: Couples) -> None:
    for heading, kinds in (("planted", made.pairs), ("trap", made.traps)):
        counts = [
            (kind, len(couples), len(found & set(couples))) for kind, couples in kinds.items()
        ]
        if heading == "trap":
            known = {
                couple
                for kinds in (made.pairs, made.traps)
                for couples in kinds.values()
                for couple in couples
            }
            counts.append((f"any other two of the {len(made.rows)} rows", 0, len(found - known)))
        lines = [f"| {kind} | {of or '—'} | {count} |" for kind, of, count in counts]
        assert documented(heading, lines) == lines


def documented(heading: str, lines: list[str]) -> list[str]:
    """Return the rows of a table in the docs; write them there first where that was asked for."""
    text = PAGE.read_text(encoding="utf-8").splitlines()
    top = next(at for at, line in enumerate(text) if line.startswith(f"| {heading} |")) + 2
    end = next(at for at in range(top, len(text)) if not text[at].startswith("|"))
    if os.environ.get("WRITE_DOCS"):
        text[top:end] = lines
        PAGE.write_text("\n".join(text) + "\n", encoding="utf-8")
        return lines
    return text[top:end]
