"""Times the decision alone on large bases made in memory.

Seconds and rows a second, and that growth is linear.

Prints figures and judges nothing: machines differ.
"""

import dataclasses
import random
import resource
import time
from datetime import date

from sheetsync.enforcer import decide
from sheetsync.i18n import language
from sheetsync.method.policy import Policy, template
from sheetsync.values import Cell, to_serial
from sheetsync.workbook import last_run_state as state
from sheetsync.workbook.answers import Answer
from sheetsync.workbook.recognition import recognise
from sheetsync.workbook.row_identity import identify
from sheetsync.workbook.snapshot import Book, Grid, Snapshot

TODAY = date(2026, 3, 2)
SECTIONS = ("working", "call_base", "rework", "strategic", "clients")
STATES = {
    "working": ("contact_1", "contact_2", "contact_3", "deal"),
    "call_base": ("new",),
    "rework": ("refusal", "call_round"),
    "strategic": ("strategic_reserve",),
    "clients": ("client",),
}


def made(rows: int, policy: Policy) -> Snapshot:
    """Return a base of `rows` rows in five tabs, 20 columns wide.

    One row in eight of the working list is out of time.
    """
    chance = random.Random(1)  # noqa: S311  # sample data, not secrets
    fields = [
        column.field for column in policy.columns if column.owner == "team"
    ][:20]
    grids = []
    for index, section in enumerate(SECTIONS):
        cells: list[list[Cell]] = [
            [policy.words.name("columns", field) for field in fields]
        ]
        cells += [
            [value(field, section, at, chance, policy) for field in fields]
            for at in range(rows // len(SECTIONS))
        ]
        grids.append(
            Grid(
                index,
                policy.words.name("sections", section),
                index,
                len(cells),
                len(fields),
                cells,
            )
        )
    book = Book("bench", "bench", "ru_RU", "Europe/Moscow", tuple(grids))
    return dataclasses.replace(
        recognise(book, policy, language("ru")), state=state.empty()
    )


def value(
    field: str, section: str, at: int, chance: random.Random, policy: Policy
) -> Cell:
    """Return a plausible cell."""
    kind = policy.column[field].type
    known: dict[str, Cell] = {
        "company": f"ООО «Компания {section} {at}»",
        "state": policy.words.name("states", chance.choice(STATES[section])),
        "manager": f"Менеджер {chance.randrange(600)}",
        "label": policy.words.name(
            "labels", chance.choice(("large", "medium", "small"))
        ),
        "phone": 79000000000 + SECTIONS.index(section) * 10_000_000 + at,
        "began": to_serial(TODAY) - chance.randrange(0, 45),
        "refusal_reason": policy.words.name("reasons", "no_money")
        if section == "rework"
        else None,
    }
    if field in known:
        return known[field]
    return (
        to_serial(TODAY) - chance.randrange(30)
        if kind == "date"
        else f"текст {at}"
        if kind == "text"
        else None
    )


def main() -> None:
    """Print a line a size."""
    policy = template("ru")
    for rows in (10_000, 50_000, 300_000):
        start = time.perf_counter()
        snapshot = made(rows, policy)
        read = time.perf_counter() - start
        start = time.perf_counter()
        plan = decide(snapshot, policy, TODAY)
        took = time.perf_counter() - start
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{rows:>7} rows: made and typed {read:5.1f} s, decided {took:5.2f} s, "
            f"{len(plan.moves)} moves, {memory:.0f} MB"
        )
    resting = made(4_000, policy)
    for count in (0, 100, 400):
        snapshot = dataclasses.replace(
            resting, decisions=decided(resting, count)
        )
        start = time.perf_counter()
        plan = decide(snapshot, policy, TODAY)
        took = time.perf_counter() - start
        print(
            f"   4000 rows, {count:>3} decisions: decided {took:5.2f} s, {len(plan.moves)} moves"
        )


def decided(snapshot: Snapshot, count: int) -> tuple[Answer, ...]:
    """Return so many decisions: to take companies of archives into work, or hand them over."""
    ids = identify(snapshot.base, snapshot.state).ids
    resting = snapshot.base["section"].isin(["rework", "strategic"])
    words = ("взять в работу", "передать Менеджер 5")
    return tuple(
        Answer("summary", f"decide:{row_id}", "decision", words[place % 2])
        for place, row_id in enumerate(ids[resting][:count])
    )


if __name__ == "__main__":
    main()
