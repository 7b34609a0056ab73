"""Which actions the head of sales listens to and scores: a few of each manager's week, by lot.

METHOD point 10. An action is a contact, a step forward or a refusal, as runs have noticed them (the
Journal); all that was done with one company on one day is one action. What was answered about them
is `scoring`'s.

A week's actions are those found after its first run, up to the first run of the next one, which
finds what was done at the end of the week.
"""

import hashlib
import json
import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from sheetsync.method.codes import SectionCode, StateCode
from sheetsync.method.policy import Policy
from sheetsync.rules.changes.journal_data import Data, data_of
from sheetsync.rules.routing.state_graph import resting
from sheetsync.values import EPOCH, fold, to_serial
from sheetsync.workbook.journal import JournalLine, LineKind

DAY = timedelta(days=1)
WEEK = 7 * DAY
BLOCK = "act"
"""The block of the report's lines on which a score is asked for."""
FRESH_DAYS = 7
"""The last contact of a row typed anew counts as an action where it is not older."""
OPEN = (SectionCode.WORKING, SectionCode.CALL_BASE)
"""Sections from which a company is refused by carrying its row to another one."""

_KEY_PARTS = 4
"""Week, day, the company's id and the manager's name in the key of a line."""


class ActionIdentity(NamedTuple):
    """What an action is known by.

    `week`: its Monday; `who`: the manager's name, folded; `id`: the company's; `day` of it.
    """

    week: date
    who: str
    id: str
    day: date


class Action(NamedTuple):
    """One action.

    `name`: the manager as the Journal has them; `company`: as it was called; `done`: the data of
    what was noticed, the oldest first; `wording`: what was done in words, where the Journal does
    not reach back to it any more.
    """

    week: date
    name: str
    id: str
    day: date
    company: str
    done: tuple[Data, ...] = ()
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
    """A manager's share of the week: how many actions there were, and those drawn, by day."""

    name: str
    total: int = 0
    drawn: tuple[Action, ...] = ()


class RunMoment(NamedTuple):
    """A run: its serial day with the time, and its name, "" where it has only counted."""

    when: float
    run: str


def ident_of(key: str) -> tuple[ActionIdentity, str] | None:
    """Return what a line of the report asks about, and the manager's name.

    None where the line asks nothing.
    """
    # The name stands last, as it may hold colons itself.
    block, *parts = key.split(":", _KEY_PARTS)
    if block != BLOCK or len(parts) != _KEY_PARTS:
        return None
    first, second, row_id, name = parts
    try:
        week = date.fromisoformat(first)
        day = date.fromisoformat(second)
    except ValueError:
        return None
    return ActionIdentity(week, who(name), row_id, day), name


def who(name: str) -> str:
    """Reduce a manager's name to what tells it from others; one of signs alone is told by them."""
    return fold(name) or name


def spelt(name: str, policy: Policy) -> str:
    """Return a manager's name as it is spelt now."""
    return policy.managers.get(fold(name), name)


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

    `journal`: its newest lines first. Lines after `today` do not count; rows of nobody are nobody's
    actions.
    """
    # The first run of the next week, which closes this one, may come on any of its days.
    last = min(today, week + 2 * WEEK - DAY)
    lines = [line for line in journal if week <= _day(line) <= last]
    first_runs = {_first_run(lines, week), _first_run(lines, week + WEEK)}
    by_identity: dict[ActionIdentity, Action] = {}
    for noticed in _noticed_together(lines):
        action = _action(noticed, policy, first_runs)
        if action is None or action.week != week:
            continue
        known = by_identity.get(action.ident)
        if known is not None:
            action = known._replace(done=known.done + action.done)
        by_identity[action.ident] = action
    return tuple(sorted(by_identity.values(), key=_by_day))


def _by_day(action: Action) -> tuple[date, str, str, str]:
    return action.day, action.company, action.id, action.name


def _noticed_together(
    lines: Sequence[JournalLine],
) -> Iterable[list[JournalLine]]:
    """Gather what each run has noticed of each company and manager, the oldest first.

    `lines`: the newest first.
    """
    together: defaultdict[tuple[float, str, str, str], list[JournalLine]] = (
        defaultdict(list)
    )
    for line in reversed(lines):
        if line.what == LineKind.NOTICED and line.manager and line.id:
            together[line.when, line.run, line.id, line.manager].append(line)
    return together.values()


def _first_run(lines: Iterable[JournalLine], week: date) -> RunMoment | None:
    """Return the first run of a week; None where there was none yet.

    `lines`: the newest first. Messages are no runs.
    """
    begin = to_serial(week)
    end = to_serial(week + WEEK)
    runs = [
        line for line in lines if begin <= line.when < end and _is_of_run(line)
    ]
    if not runs:
        return None
    when = min(line.when for line in runs)
    # Of two runs in one minute, the one that stands further down was first.
    names = (
        line.run for line in reversed(runs) if line.when == when and line.run
    )
    return RunMoment(when, next(names, ""))


def _is_of_run(line: JournalLine) -> bool:
    """Tell whether a run wrote a line."""
    # A day's counts are written under no run's name, and so tell when it was, too.
    return bool(line.run) or line.what == LineKind.COUNTED


def _action(
    noticed: Sequence[JournalLine],
    policy: Policy,
    first_runs: Collection[RunMoment | None],
) -> Action | None:
    """Return what one run has noticed of one company as an action; None where nothing is one.

    The weeks' first runs find what was done in the week before, but for contacts of the new one.
    """
    line = noticed[-1]
    day = _day(line)
    done = [*_actions_among(noticed, policy, day)]
    if not done:
        return None
    contacts = [
        met
        for met in (_contact_day(data, day) for data in done)
        if met is not None
    ]
    met = max(contacts, default=None)
    # The day of finding counts, not the day typed, so that a date typed late or back takes no
    # action out of reach.
    week = monday(day)
    is_first = (line.when, line.run) in first_runs
    if is_first and (met is None or met < week):
        week -= WEEK
    return Action(
        week, line.manager, line.id, met or day, line.company, tuple(done)
    )


def _actions_among(
    noticed: Iterable[JournalLine], policy: Policy, day: date
) -> Iterator[Data]:
    for line in noticed:
        data = data_of(line, "kind")
        if (
            data is not None
            and isinstance(data["kind"], str)
            and is_action(data, policy, day)
        ):
            yield data


def is_action(data: Data, policy: Policy, found: date) -> bool:
    """Tell whether what was noticed can be scored: a contact, a step forward, a refusal.

    `found`: the day on which a run noticed it.
    """
    kind = data["kind"]
    before = data.get("before")
    after = data.get("after")
    if kind == "contact":
        return _date(after) is not None
    if kind == "added":
        met = _contact_day(data, found)
        return met is not None and (found - met).days <= FRESH_DAYS
    if kind == "section":
        return before in OPEN and after in policy.section and after not in OPEN
    return (
        kind == "state"
        and isinstance(after, str)
        and _is_step(before, after, policy)
    )


def _is_step(before: object, after: str, policy: Policy) -> bool:
    """Tell whether a change of state is a step forward, a beginning, or a refusal."""
    states = [*policy.state]
    # Putting a row down for a call is not calling.
    if after not in states or after in (states[0], StateCode.CALL_ROUND):
        return False
    resting_states = resting(policy)
    if after in resting_states:
        # Between two archives a row is refused no second time; a call round has asked anew.
        return before == StateCode.CALL_ROUND or before not in resting_states
    in_work = policy.states_where("in_work")
    was_worked = before in in_work or before == StateCode.DEAL_SUPPORT
    if after in in_work and not was_worked:
        return True
    return before in states and states.index(after) > states.index(str(before))


def draw(
    found: Iterable[Action],
    policy: Policy,
    book: str,
    kept: Collection[ActionIdentity] = (),
) -> dict[str, SampleShare]:
    """Draw each manager's share, by what tells the manager from others (`who`).

    `book`: its id. `kept`: what was answered already, and stays; it takes a place of the others.
    """
    by_manager: defaultdict[str, list[Action]] = defaultdict(list)
    for action in found:
        by_manager[who(spelt(action.name, policy))].append(action)
    shares = {}
    for manager, mine in by_manager.items():
        drawn = _drawn(mine, policy.review.actions, book, kept)
        shares[manager] = SampleShare(
            spelt(mine[-1].name, policy), len(mine), drawn
        )
    return shares


def _drawn(
    mine: Sequence[Action],
    most: int,
    book: str,
    kept: Collection[ActionIdentity],
) -> tuple[Action, ...]:
    """Return the actions that stay, and of the others those of the smallest lots, by day."""
    chosen = {action.ident for action in mine if action.ident in kept}
    others = [action.ident for action in mine if action.ident not in chosen]
    others.sort(key=lambda ident: lot(book, ident))
    chosen.update(others[: max(most - len(chosen), 0)])
    return tuple(action for action in mine if action.ident in chosen)


def lot(book: str, ident: ActionIdentity) -> bytes:
    """Return the lot of an action; the smallest are drawn.

    `book`: a spreadsheet's id or a file's name: a copy under another name is another book.
    """
    # Of these alone, and kept nowhere: whoever draws, on whatever machine and however often, draws
    # the same, whatever else is in the base.
    parts = [
        book,
        ident.week.isoformat(),
        ident.who,
        ident.id,
        ident.day.isoformat(),
    ]
    # Python's own `hash` of a text is another one in each process.
    return hashlib.blake2b(json.dumps(parts).encode(), digest_size=16).digest()


def _day(line: JournalLine) -> date:
    """Return the day a line bears; one that is in no week where it bears none."""
    # People can reach the Journal: a day that is no day must not end the run.
    is_day = math.isfinite(line.when) and 1 <= line.when < to_serial(date.max)
    return EPOCH + timedelta(days=int(line.when)) if is_day else date.min


def _contact_day(data: Data, found: date) -> date | None:
    """Return the day of a contact that was written down, if it can have been that one."""
    written = {"contact": data.get("after"), "added": data.get("contact")}
    day = _date(written.get(data["kind"]))
    return day if day is not None and day <= found else None


def _date(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
