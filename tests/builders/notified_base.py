"""A base whose people can be told: who they are, what is due with their companies, and what the Journal says they were told."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sheetsync.method.policy import Policy, template
from sheetsync.method.terms import Manager, Notices, Person
from sheetsync.sheets.read.reader import read_book
from tests.builders.bench import TITLES, cells, day, write_base

FIELDS = (
    "company",
    "phone",
    "label",
    "state",
    "manager",
    "began",
    "person",
    "last_contact",
    "next_step",
    "next_on",
)
HEADINGS = tuple(template("en").words.name("columns", field) for field in FIELDS)
MONDAY = "2026-03-02"
ANN, BEN = (
    Manager(name="Ann", email="ann@firm.com", address="111"),
    Manager(name="Ben", email="ben@firm.com"),
)
EVE = Person(name="Eve", email="eve@firm.com", address="999")
CALM = Notices(managers_at="09:00", head_at="09:30")


def late(name: str, manager: str, since: str = "2026-02-27") -> list[Any]:
    """Make a company whose next step is overdue."""
    row = (
        name,
        "+7 912 345-67-89",
        "Large",
        "Contact 1",
        manager,
        "2026-02-25",
        "Jo",
        "2026-02-25",
        "call",
        since,
    )
    return [day(cell) for cell in row]


def tabs(*rows: list[Any]) -> dict[str, list[Any]]:
    """Make six tabs with these rows in the working list."""
    made: dict[str, list[Any]] = {title: [HEADINGS] for title in TITLES.values()}
    made[TITLES["working"]] += rows
    return made


def base(path: Path, *rows: list[Any]) -> Path:
    """Write a base; without rows, one company of Ann's and one of Ben's, both late."""
    return write_base(path, tabs(*(rows or (late("Alfa", "Ann"), late("Beta", "Ben")))))


def journal(path: Path) -> list[tuple[Any, ...]]:
    """Return the Journal's lines of messages: (manager, channels, why), the newest first."""
    return [(row[4], row[7], row[8]) for row in cells(path)["Journal"] if row[5] == "told"]


def people(monkeypatch: pytest.MonkeyPatch, **changes: Any) -> Callable[..., None]:
    """Let every book have a team, a head and hours, as the Settings tab would say; returns how to change them."""
    said: dict[str, Any] = {"team": (ANN, BEN), "head": EVE, "notices": CALM, **changes}

    def known(*arguments: Any) -> Any:
        snapshot, policy = read_book(*arguments)
        kept = {name: getattr(policy, name) for name in Policy.model_fields}
        return snapshot, Policy.model_construct(**{**kept, **said})

    monkeypatch.setattr("sheetsync.services.read_and_decide.read_book", known)
    return said.update


def settings(path: Path, *channels: str, more: str = "") -> Path:
    """Write a settings file with these channels."""
    listed = ", ".join(f"'{channel}'" for channel in channels)
    path.write_text(
        f"{more}\n[notify]\nchannels = [{listed}]\ntimeout_seconds = 5\n", encoding="utf-8"
    )
    return path
