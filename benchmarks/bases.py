"""Bases for benchmarks: an `.xlsx` of five sections, with so much to move and to tidy."""

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl

from sheetsync.method.policy import Policy, template

TODAY = date(2026, 3, 2)
SECTIONS = ("working", "call_base", "rework", "strategic", "clients")
STATES = {
    "working": ("contact_1", "contact_2", "contact_3"),
    "call_base": ("new",),
    "rework": ("refusal", "call_round"),
    "strategic": ("strategic_reserve",),
    "clients": ("client",),
}
COLUMNS = (
    "company",
    "tax_number",
    "phone",
    "label",
    "state",
    "manager",
    "began",
    "last_contact",
    "next_step",
    "next_on",
    "refusal_reason",
    "return_on",
    "amount",
    "comment",
)


class Size(NamedTuple):
    """How large a base is. `due`: how many rows are out of time; `untidy`: cells written amiss."""

    rows: int
    managers: int
    due: int
    untidy: int = 0

    @property
    def words(self) -> str:
        """The size as a table has it."""
        return f"{self.rows:,} rows, {self.managers} managers"


def write_base(path: Path, size: Size) -> None:
    """Write a base; the same one for the same size."""
    chance = random.Random(size.rows)  # noqa: S311  # sample data, not secrets
    policy = template("en")
    book = openpyxl.Workbook(write_only=True)
    per_tab = size.rows // len(SECTIONS)
    untidy = {*chance.sample(range(size.rows), size.untidy)}
    number = 0
    for section in SECTIONS:
        tab: Any = book.create_sheet(policy.words.name("sections", section))
        tab.append([policy.words.name("columns", name) for name in COLUMNS])
        for place in range(per_tab):
            row = _row(section, number, size, policy, chance)
            # A fifth of the base is the working list: those who are due stand at its top.
            if section == "working" and place < size.due:
                row["began"] = TODAY - timedelta(days=90)
            if number in untidy:
                row["last_contact"] = str(row["last_contact"])
            tab.append([row.get(name) for name in COLUMNS])
            number += 1
    book.save(path)


def _row(
    section: str,
    number: int,
    size: Size,
    policy: Policy,
    chance: random.Random,
) -> dict[str, Any]:
    words = policy.words
    state = chance.choice(STATES[section])
    row: dict[str, Any] = {
        "company": f"Company {number}",
        "tax_number": f"{1_000_000_000 + number}",
        "phone": f"+7 912 {number // 10_000:03d}-{number // 100 % 100:02d}-{number % 100:02d}",
        "label": words.name("labels", chance.choice(("large", "small"))),
        "state": words.name("states", state),
        "manager": f"Manager {chance.randrange(size.managers)}",
        "last_contact": TODAY - timedelta(days=chance.randrange(1, 9)),
        "comment": f"remark of {number}",
    }
    if section == "working":
        row["began"] = TODAY - timedelta(days=chance.randrange(1, 9))
        row["next_step"] = "call"
        row["next_on"] = TODAY + timedelta(days=chance.randrange(1, 9))
    if section == "rework":
        row["refusal_reason"] = words.name("reasons", "no_money")
    if section in ("rework", "strategic"):
        row["return_on"] = TODAY + timedelta(days=chance.randrange(30, 300))
    return row
