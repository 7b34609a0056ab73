"""Which actions the head of sales listens to and scores: a few of each manager's week, drawn by lot (METHOD point 10).

An action is a contact, a step forward or a refusal, as runs have noticed them (the Journal); all that was done with one
company on one day is one action. The lot is a digest of the book, the week, the manager, the company and the day alone: whoever
draws, and however often, draws the same, whatever else is in the base. A week's actions are those found after its first
run, up to the first run of the next one, which finds what was done at the end of the week. So a date typed late takes no action out of
reach.
"""

import hashlib
import json
import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from sheetsync.method.policy import Policy
from sheetsync.rules.routing.state_graph import resting
from sheetsync.values import EPOCH, fold, to_serial
from sheetsync.workbook.journal import JournalLine, LineKind

DAY = timedelta(days=1)
WEEK = 7 * DAY
BLOCK = "act"
"""The block of the report's lines on which a score is asked for."""
FRESH = 7
"""Days: the last contact of a row typed anew counts as an action where it is not older."""
OPEN = ("working", "call_base")
"""Sections from which a company is refused by carrying its row to another one."""
ROUND = "call_round"

Record = Mapping[str, Any]


class ActionIdentity(NamedTuple):
    """What an action is known by. `week`: its Monday; `who`: the manager's name, folded; `id`: the company's; `day` of it."""

    week: date
    who: str
    id: str
    day: date


class Action(NamedTuple):
    """One action. `name`: the manager as the Journal has them; `company`: as it was called; `done`: what was noticed, the oldest first.

    `wording`: what was done in words, where the Journal does not reach back to it any more.
    """

    week: date
    name: str
    id: str
    day: date
    company: str
    done: tuple[Record, ...] = ()
    wording: str = ""

    @property
    def ident(self) -> ActionIdentity:
        """What it is known by."""
        return ActionIdentity(self.week, who(self.name), self.id, self.day)

    @property
    def key(self) -> str:
        """The key of its line on the report; `ident_of` reads it back."""
        return f"{BLOCK}:{self.week.isoformat()}:{self.day.isoformat()}:{self.id}:{self.name}"


class SampleShare(NamedTuple):
    """A manager's share of the week: how many actions were found, and those that were drawn, by day."""

    name: str
    total: int = 0
    drawn: tuple[Action, ...] = ()


def ident_of(key: str) -> tuple[ActionIdentity, str] | None:
    """Return what a line of the report asks about, and the manager's name; None where the line asks nothing."""
    block, *parts = key.split(":", 4)
    if block != BLOCK or len(parts) != 4:  # noqa: PLR2004  # week, day, id, manager
        return None
    try:
        week, day = (date.fromisoformat(part) for part in parts[:2])
    except ValueError:
        return None
    return ActionIdentity(week, who(parts[3]), parts[2], day), parts[3]


def who(name: str) -> str:
    """Reduce a manager's name to what tells it from others; one of signs alone is told by them."""
    return fold(name) or name


def monday(day: date) -> date:
    """Return the first day of a day's week (ISO 8601: weeks begin on Mondays)."""
    return day - day.weekday() * DAY


def reviewed(today: date) -> date:
    """Return the Monday of the week that is reviewed: the one that ended last."""
    return monday(today) - WEEK


def actions(
    journal: Iterable[JournalLine], policy: Policy, week: date, today: date
) -> tuple[Action, ...]:
    """Return the actions of the week that begins on `week`, whoever's they are, by day.

    `journal`: its newest lines first. Lines after `today` do not count; rows of nobody are nobody's actions.
    """
    lines = [
        line for line in journal if week <= _day(line) < week + 2 * WEEK and _day(line) <= today
    ]
    firsts = {_first_run(lines, start) for start in (week, week + WEEK)}
    by_run: dict[tuple[float, str, str, str], list[JournalLine]] = {}
    for line in reversed(lines):
        if line.what == "noticed" and line.manager and line.id:
            by_run.setdefault((line.when, line.run, line.id, line.manager), []).append(line)
    found: dict[ActionIdentity, Action] = {}
    for told in by_run.values():
        action = _found(told, policy, firsts)
        if action is not None and action.week == week:
            before = found.get(action.ident)
            found[action.ident] = (
                action if before is None else before._replace(done=before.done + action.done)
            )
    return tuple(
        sorted(
            found.values(), key=lambda action: (action.day, action.company, action.id, action.name)
        )
    )


def _found(
    told: Sequence[JournalLine], policy: Policy, firsts: Collection[tuple[float, str] | None]
) -> Action | None:
    """Return what one run has found of one company as an action; None where nothing of it is one.

    `firsts`: the weeks' first runs. They find what was done in the week before, but for contacts of the new one.
    """
    line, day = told[-1], _day(told[-1])
    done = tuple(
        data for each in told if (data := _data(each)) is not None and is_action(data, policy, day)
    )
    if not done:
        return None
    met = max((met for record in done if (met := _met(record, day)) is not None), default=None)
    early = (line.when, line.run) in firsts and (met is None or met < monday(day))
    week = monday(day) - WEEK if early else monday(day)
    return Action(week, line.manager, line.id, met or day, line.company, done)


def is_action(data: Record, policy: Policy, found: date) -> bool:
    """Tell whether what was noticed can be listened to and scored: a contact, a step forward, a refusal."""
    kind, before, after = data["kind"], data.get("before"), data.get("after")
    if kind == "contact":
        return _date(after) is not None
    if kind == "added":
        met = _met(data, found)
        return met is not None and (found - met).days <= FRESH
    if kind == "section":
        return before in OPEN and after in policy.section and after not in OPEN
    return kind == "state" and isinstance(after, str) and _is_step(before, after, policy)


def _is_step(before: object, after: str, policy: Policy) -> bool:
    """Tell whether a change of state is a step forward, a beginning, or a refusal; a row put down for a call is none."""
    order, rest, in_work = [*policy.state], resting(policy), policy.states_where("in_work")
    if after not in order or after in (order[0], ROUND):
        return False
    if after in rest:
        return before == ROUND or before not in rest
    if before in in_work or before == "deal_support":
        return order.index(after) > order.index(str(before))
    return after in in_work or (before in order and order.index(after) > order.index(str(before)))


def draw(
    found: Iterable[Action], policy: Policy, book: str, kept: Collection[ActionIdentity] = ()
) -> dict[str, SampleShare]:
    """Draw each manager's share, by what tells the manager from others (`who`).

    `book`: its id. `kept`: what was answered already, and stays; it takes a place of the others.
    """
    whose: defaultdict[str, list[Action]] = defaultdict(list)
    for action in found:
        whose[who(spelt(action.name, policy))].append(action)
    most = policy.review.actions
    return {
        one: SampleShare(
            spelt(mine[-1].name, policy), len(mine), tuple(_drawn(mine, most, book, kept))
        )
        for one, mine in whose.items()
    }


def spelt(name: str, policy: Policy) -> str:
    """Return a manager's name as it is spelt now."""
    return policy.managers.get(fold(name), name)


def _drawn(
    mine: Sequence[Action], most: int, book: str, kept: Collection[ActionIdentity]
) -> Iterator[Action]:
    stay = {action.ident for action in mine if action.ident in kept}
    free = sorted(
        (action for action in mine if action.ident not in stay),
        key=lambda action: lot(book, action.ident),
    )
    stay |= {action.ident for action in free[: max(most - len(stay), 0)]}
    return (action for action in mine if action.ident in stay)


def lot(book: str, ident: ActionIdentity) -> bytes:
    """Return the lot of an action; the smallest are drawn."""
    parts = [book, ident.week.isoformat(), ident.who, ident.id, ident.day.isoformat()]
    return hashlib.blake2b(json.dumps(parts).encode(), digest_size=16).digest()


def _day(line: JournalLine) -> date:
    """Return the day a line bears; one that is in no week where it bears none."""
    known = math.isfinite(line.when) and 1 <= line.when < to_serial(date.max)
    return EPOCH + timedelta(days=int(line.when)) if known else date.min


def _first_run(lines: Iterable[JournalLine], start: date) -> tuple[float, str] | None:
    """Return the moment of the first run of a week and its name, "" where it has only counted; None where there was none yet.

    `lines`: the newest first. Messages are no runs. Of two runs in one minute, the one that stands further down was first.
    """
    begin, end = to_serial(start), to_serial(start + WEEK)
    known = [
        line
        for line in lines
        # A day's counts are written under no run's name, and so tell when it was, too.
        if begin <= line.when < end and (line.run or line.what == LineKind.COUNTED)
    ]
    when = min((line.when for line in known), default=None)
    if when is None:
        return None
    return when, next((line.run for line in reversed(known) if line.when == when and line.run), "")


def _met(data: Record, found: date) -> date | None:
    """Return the day of a contact that was written down, if it can have been that one."""
    day = _date({"contact": data.get("after"), "added": data.get("contact")}.get(str(data["kind"])))
    return day if day is not None and day <= found else None


def _date(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _data(line: JournalLine) -> Record | None:
    try:
        found = json.loads(line.data)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and isinstance(found.get("kind"), str) else None
