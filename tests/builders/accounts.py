"""Whether the Journal accounts for what runs did: every change of a client has its line, and every line its change.

The program's own columns and its reports are left out, as they are derived from the rest.
"""

import json
from typing import Any, NamedTuple

from sheetsync.method.policy import template
from tests.builders.bench import TITLES
from tests.builders.desk import Desk

POLICY = template("en")
DERIVED = {
    POLICY.words.name("columns", field) for field in ("deadline", "days_left", "problems", "id")
}
HEADINGS = {field: POLICY.words.name("columns", field) for field in POLICY.column}


class Account(NamedTuple):
    """A base at one moment: each client's tab and cells by its number, and how long the Journal was."""

    clients: dict[str, tuple[str, dict[str, Any]]]
    lines: int


def taken(desk: Desk) -> Account:
    """Look at a base before runs work on it."""
    standing = {number: found[0] for number, found in desk.standing().items()}
    return Account(
        {n: (tab, cells) for n, (tab, _, cells) in standing.items()}, len(desk.journal())
    )


def _chain(steps: list[tuple[Any, Any]], first: Any, last: Any, about: object) -> None:
    """Assert that steps lead from the first to the last, each from where the one before it ended."""
    at = first
    for before, after in steps:
        assert (before or None) == (at or None), (
            "a line that begins elsewhere",
            about,
            steps,
            first,
            last,
        )
        at = after
    assert (at or None) == (last or None), ("a change without its line", about, steps, first, last)


def settle(desk: Desk, before: Account) -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Assert that the lines which came since lead from the base as it was to the base as it is.

    Returns, for each client, the tab it stood in, the one it stands in, and its cells as they were.
    """
    journal = desk.journal()
    now = {number: found[0] for number, found in desk.standing().items()}
    ids = {str(cells["ID"]): number for number, (_, _, cells) in now.items() if cells.get("ID")}
    moves: dict[str, list[tuple[Any, Any]]] = {}
    edits: dict[tuple[str, str], list[tuple[Any, Any]]] = {}
    fresh = journal[: len(journal) - before.lines]
    for run in reversed(list(dict.fromkeys(line["Run"] for line in fresh))):
        for line in (
            line for line in fresh if line["Run"] == run and line["What"] in {"moved", "edited"}
        ):
            number, data = ids[line["ID"]], json.loads(line["Data"])
            if line["What"] == "moved":
                assert (line["From"], line["To"]) == (TITLES[data["from"]], TITLES[data["to"]])
                moves.setdefault(number, []).append((line["From"], line["To"]))
            else:
                edits.setdefault((number, HEADINGS[data["field"]]), []).append(
                    (data["before"], data["after"])
                )
    for number, (tab, _, cells) in now.items():
        old_tab, old = before.clients[number]
        _chain(moves.get(number, []), old_tab, tab, number)
        for heading in {*old, *cells} - DERIVED:
            _chain(
                edits.get((number, heading), []),
                old.get(heading),
                cells.get(heading),
                (number, heading),
            )
    assert set(moves) | {number for number, _ in edits} <= set(now)
    return {
        number: (before.clients[number][0], tab, before.clients[number][1])
        for number, (tab, _, _) in now.items()
    }
