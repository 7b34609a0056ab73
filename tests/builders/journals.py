"""A Journal written as text, oldest line first, and the figures of a base with it.

A line: `2026-03-03 | A | Ann | contact_1 > contact_2`: what people did, as a run notices it. `run contact_2 > refusal`: a run set
the state; `moved working > rework expired`: a run moved it, by that rule; `undo 5` in front: taking back the run of line 5
(lines count from 1; each is a run of its own unless it begins with `&`: the same run as the line above).
"""

import json
from datetime import date
from typing import Any

from sheetsync.i18n import language
from sheetsync.method.policy import Policy, template
from sheetsync.reporting.metrics import Figures
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.values import to_serial
from sheetsync.workbook.journal import JournalLine
from tests.builders.base import Base

EN = template("en")


def line(when: float, run: str, row_id: str, what: str, data: Any, **other: str) -> JournalLine:
    """Make a line as the Journal holds it."""
    text = data if isinstance(data, str) else json.dumps(data)
    before, after = other.get("before", ""), other.get("after", "")
    return JournalLine(
        when,
        run,
        row_id,
        "",
        other.get("manager", ""),
        what,
        before,
        after,
        other.get("why", ""),
        text,
    )


def journal(text: str, policy: Policy = EN) -> tuple[JournalLine, ...]:
    """Read a Journal's table; the newest run comes first, as on the tab."""
    runs: list[list[JournalLine]] = []
    for at, written in enumerate(
        (each for each in text.strip().splitlines() if each.strip()), start=1
    ):
        day, row_id, manager, told = (cell.strip() for cell in written.split("|"))
        same = told.startswith("&")
        run = runs[-1][0].run if same else f"r{at}"
        made = _line(
            to_serial(date.fromisoformat(day)) + 0.1,
            run,
            row_id,
            manager,
            told.lstrip("& "),
            policy,
        )
        if same:
            runs[-1].append(made)
        else:
            runs.append([made])
    return tuple(each for run in reversed(runs) for each in run)


def _line(
    when: float, run: str, row_id: str, manager: str, told: str, policy: Policy
) -> JournalLine:
    why = ""
    if told.startswith("undo "):
        _, number, told = told.split(" ", 2)
        why = language(policy.words.language).text("undo of run {run}", run=f"r{number}")
    kind, _, rest = told.partition(" ")
    before, _, after = (
        part.strip()
        for part in (rest if kind in ("run", "moved", "amount", "section") else told).partition(">")
    )
    if kind == "run":
        data: Any = {
            "field": "state",
            "before": policy.words.name("states", before),
            "after": policy.words.name("states", after),
        }
        return line(when, run, row_id, "edited", data, manager=manager, why=f"State: {why}")
    if kind == "moved":
        after, _, rule = after.partition(" ")
        data = {"from": before, "to": after, "rule": "undo" if why else rule}
        return line(
            when, run, row_id, "moved", data, manager=manager, why=why, before=before, after=after
        )
    if kind == "reason":
        data = {
            "field": "refusal_reason",
            "before": None,
            "after": policy.words.name("reasons", rest),
        }
        return line(when, run, row_id, "edited", data, manager=manager)
    if kind == "added":
        return line(
            when,
            run,
            row_id,
            "noticed",
            {"kind": "added", "section": "working", "state": rest, "manager": manager},
        )
    if kind == "amount":
        data = {
            "kind": "amount",
            "before": float(before) if before else None,
            "after": float(after),
        }
        return line(when, run, row_id, "noticed", data, manager=manager)
    if kind == "section":
        return line(
            when,
            run,
            row_id,
            "noticed",
            {"kind": "section", "before": before, "after": after},
            manager=manager,
        )
    return line(
        when,
        run,
        row_id,
        "noticed",
        {"kind": "state", "before": before, "after": after},
        manager=manager,
    )


ROWS = """
    section   | id     | company | state     | manager | phone
    call_base | ZZZZZZ | Nobody  | New       |         | +12025550100
"""


def figures(
    lines: "tuple[JournalLine, ...] | str", today: str, rows: str = ROWS, policy: Policy = EN
) -> Figures:
    """Return the figures of a base on a day, with this Journal and no other."""
    told = journal(lines, policy) if isinstance(lines, str) else lines
    return Figures(Facts(Base(rows, policy).night(today).projection, policy, told))
