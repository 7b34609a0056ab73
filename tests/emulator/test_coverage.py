"""The coverage table of the emulator's README says what the code does: every kind and every call, and nothing else."""

import re
from pathlib import Path

import sheetsync.emulator
from sheetsync.emulator.api.batch import KINDS
from sheetsync.emulator.service import ROUTES
from sheetsync.emulator.wire.schema import request_kinds

README = Path(sheetsync.emulator.__file__).with_name("README.md").read_text(encoding="utf-8")


def _table(heading: str) -> list[tuple[str, str]]:
    """Return the rows of the table with this heading: what stands left and right."""
    lines = README.partition(f"| {heading} | |\n| --- | --- |\n")[2].splitlines()
    rows = [
        line.strip("|").split(" | ", maxsplit=1)
        for line in lines[: next(i for i, s in enumerate(lines) if not s)]
    ]
    return [(left.strip(), right.strip()) for left, right in rows]


def _words(text: str) -> set[str]:
    return set(re.findall(r"[A-Za-z]+(?:\.[A-Za-z]+)*", text))


def test_every_kind_stands_in_the_table_as_what_it_is() -> None:
    rows = _table("Kind of batchUpdate")
    refused = set().union(*(_words(left) for left, right in rows if "not emulated" in right))
    emulated = set().union(*(_words(left) for left, right in rows if "not emulated" not in right))
    assert emulated == set(KINDS)
    assert refused == request_kinds() - set(KINDS)


def test_every_call_of_the_sheets_api_stands_in_the_table() -> None:
    told: set[str] = set()
    for left, _ in _table("Call"):
        first, *others = (name.strip() for name in left.split(","))
        if first.startswith("spreadsheets."):
            told |= {first, *(f"{first.rpartition('.')[0]}.{name}" for name in others)}
    assert told == {route.name.removeprefix("sheets.") for route in ROUTES}
