"""Times the pure core on bases made in memory: typing the cells, and deciding.

First nights of growing bases, and the whole night of a small one, all of which is the fixed cost of
frames. `--large` adds 300,000 rows. Seconds of one processor; peak memory is that of the process,
the cells that were made included, so that a line's is its own only as bases grow.

Prints figures and judges nothing: machines differ.
"""

import dataclasses
import gc
import random
import sys
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.figures import Figure, add_to_file, peak_memory
from sheetsync.enforcer import decide
from sheetsync.i18n import language
from sheetsync.method.policy import Policy, template
from sheetsync.reports import reports
from sheetsync.rules.draft.projection import Projection
from sheetsync.values import Cell, to_serial
from sheetsync.workbook import last_run_state as state
from sheetsync.workbook.answers import Answer
from sheetsync.workbook.plan import Plan
from sheetsync.workbook.recognition import recognise
from sheetsync.workbook.row_identity import identify
from sheetsync.workbook.snapshot import Book, Grid, Snapshot

TODAY = date(2026, 3, 2)
SIZES = (1_000, 10_000, 50_000)
LARGE = 300_000
SMALL = 630
"""Rows of a base as most teams have it; `tests/data/six-tabs.xlsx` has as many."""
NIGHTS = 10
"""Nights of the small base, of which the mean is told."""
MANAGERS = 600
"""Managers of a large base; a small one has as many as have some 80 rows each."""
SECTIONS = ("working", "call_base", "rework", "strategic", "clients")
STATES = {
    "working": ("contact_1", "contact_2", "contact_3", "deal"),
    "call_base": ("new",),
    "rework": ("refusal", "call_round"),
    "strategic": ("strategic_reserve",),
    "clients": ("client",),
}


def cells_of(rows: int, policy: Policy) -> Book:
    """Return a book of `rows` rows in five tabs, 20 columns wide.

    One row in eight of the working list is out of time.
    """
    chance = random.Random(1)  # noqa: S311  # sample data, not secrets
    team = min(MANAGERS, max(rows // 80, 2))
    fields = [
        column.field for column in policy.columns if column.owner == "team"
    ][:20]
    grids = []
    for index, section in enumerate(SECTIONS):
        cells: list[list[Cell]] = [
            [policy.words.name("columns", field) for field in fields]
        ]
        cells += [
            [
                value(field, section, at, chance, policy, team)
                for field in fields
            ]
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
    return Book("bench", "bench", "ru_RU", "Europe/Moscow", tuple(grids))


def typed(book: Book, policy: Policy) -> Snapshot:
    """Return the cells of a book as typed frames, that of the whole base made."""
    snapshot = dataclasses.replace(
        recognise(book, policy, language("ru")), state=state.empty()
    )
    assert len(snapshot.base)
    return snapshot


def value(
    field: str,
    section: str,
    at: int,
    chance: random.Random,
    policy: Policy,
    team: int,
) -> Cell:
    """Return a plausible cell. `team`: how many managers there are."""
    kind = policy.column[field].type
    known: dict[str, Cell] = {
        "company": f"ООО «Компания {section} {at}»",
        "state": policy.words.name("states", chance.choice(STATES[section])),
        "manager": f"Менеджер {chance.randrange(team)}",
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


def projected(snapshot: Snapshot, plan: Plan, policy: Policy) -> Projection:
    """Return the base as a plan leaves it, its frames made."""
    after = Projection(snapshot, plan, policy)
    assert len(after.base) == len(after.state)
    return after


_Result = TypeVar("_Result")


def timed(work: Callable[[], _Result]) -> tuple[float, _Result]:
    """Return the seconds that some work takes one processor, and what it returns."""
    gc.collect()
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def main() -> None:
    """Print a line a size, then the nights of a small base, then what decisions cost."""
    policy = template("ru")
    sizes = (*SIZES, LARGE) if "--large" in sys.argv else SIZES
    for rows in sizes:
        first_night(rows, policy)
    small_nights(policy)
    resting = typed(cells_of(4_000, policy), policy)
    for count in (0, 100, 400):
        snapshot = dataclasses.replace(
            resting, decisions=decided(resting, count)
        )
        took, plan = timed(partial(decide, snapshot, policy, TODAY))
        print(
            f"   4000 rows, {count:>3} decisions: decided {took:5.2f} s, "
            f"{len(plan.moves)} moves"
        )


def first_night(rows: int, policy: Policy) -> None:
    """Print what typing and deciding cost on the first night of a base of some rows."""
    book = cells_of(rows, policy)
    read, snapshot = timed(partial(typed, book, policy))
    took, plan = timed(partial(decide, snapshot, policy, TODAY))
    memory = peak_memory()
    print(
        f"{rows:>7} rows: typed {read:5.2f} s, decided {took:5.2f} s, "
        f"{len(plan.moves)} moves, {memory} MB at most"
    )
    size = f"{rows:,} rows"
    moves = f"{len(plan.moves):,} moves"
    add_to_file(
        [
            Figure("type", size, processor=read, memory=memory),
            Figure("decide", size, processor=took, remark=moves),
        ]
    )


def small_nights(policy: Policy) -> None:
    """Print what a night on a small base costs, step by step: the mean of some nights."""
    book = cells_of(SMALL, policy)
    words = language("ru")
    steps = dict.fromkeys(("typed", "decided", "projected", "reported"), 0.0)
    for _ in range(NIGHTS):
        took, snapshot = timed(partial(typed, book, policy))
        steps["typed"] += took
        took, plan = timed(partial(decide, snapshot, policy, TODAY))
        steps["decided"] += took
        took, after = timed(partial(projected, snapshot, plan, policy))
        steps["projected"] += took
        took, _ = timed(partial(reports, after, policy, words, ()))
        steps["reported"] += took
    told = ", ".join(
        f"{step} {seconds / NIGHTS * 1000:.0f} ms"
        for step, seconds in steps.items()
    )
    print(f"{SMALL:>7} rows, a night: {told}")


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
