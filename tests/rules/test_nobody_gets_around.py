"""A game: a player who may do to the cells what any editor can, against the rules of the night.

Each company of a base is a game of its own. The player has won one if the company stays in work longer than the method
allows without a finding or a line that names it, or if more is counted as sold than was paid. Played on the pure core:
decided and carried out in memory. `SHEETSYNC_GAMES=5000 SHEETSYNC_GAME_DAYS=60` plays long ones (`make games`).
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from sheetsync.method.policy import Policy, template
from sheetsync.reporting.metrics import Figures
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.reporting.metrics.periods import window
from tests.builders.policies import capped

if TYPE_CHECKING:
    from tests.builders.base import Base, Night, Row

GAMES = int(os.environ.get("SHEETSYNC_GAMES", "200"))
DAYS = int(os.environ.get("SHEETSYNC_GAME_DAYS", "15"))
AT_ONCE = 200
"""Games that are played in one base: a night costs little more for them than for one."""
LONGEST = 40
"""Days that the method gives a large client."""
CONSENT = 30
"""Days in an archive that end a clock."""
NAMING = {"unread_goes_on", "never_read", "held_by_fault", "sold_unproved", "contradiction"}
"""Findings that say of a company that its time does not go as it should."""
SOLD = ("Deal", "Deal support", "Client")
BEGINS = date(2026, 3, 2)
AWAY = ("rework", "strategic", "hard_refusal")
STATES = ("New", "Contact 1", "Contact 2", "Contact 3", "Deal", "Deal support", "Client", "Refusal")
JUNK = ("жду ответа", "???", None, "soon", "Contact", "7")
LABELS = ("large", "medium", "small", "giant", None)


@dataclass
class Game:
    """One company: what it is called now, since when it is worked, what was paid for it."""

    number: int
    row: "Row"
    in_work: int = 0
    """Nights in which it stood in work, and not as a deal, since that began."""
    away: int = 0
    """Nights in a row in which it has stood in an archive."""
    allowed: int = 14
    """Days that the method gives it."""
    paid: set[str] = field(default_factory=set)
    deleted: "Row | None" = None


def policy() -> Policy:
    """Return the method with room for everybody, and no accident however many cells are junk."""
    english = template("en")
    safety = english.safety.model_copy(update={"max_unread_share": 1.0})
    return capped(english, 0, 10_000, safety=safety)


def opened(base: type["Base"], numbers: range) -> tuple["Base", list[Game]]:
    """Return a base in which every company has just begun, and its games."""
    heads = (
        "section | company | phone | state | label | manager | began | paid_on | invoice_on | amount"
        " | refusal_reason | on_expiry | extended_to | return_on | person | last_contact | next_on"
    )
    rows = [
        f"working | Firm{number:05} | +44 20 794{number:05} | Contact 1 | small | Ann | {BEGINS}"
        + " |" * 10
        for number in numbers
    ]
    begun = base("\n".join([heads, *rows]), policy=policy())
    return begun, [Game(number, row) for number, row in zip(numbers, begun.rows, strict=True)]


class Turn(NamedTuple):
    """What one action of the player's is about."""

    game: Game
    dice: Random
    today: str


# What the player may do


def _types_state(turn: Turn) -> None:
    turn.game.row["state"] = turn.dice.choice(STATES)


def _types_junk(turn: Turn) -> None:
    turn.game.row[turn.dice.choice(["state", "label", "began", "on_expiry", "manager"])] = (
        turn.dice.choice(JUNK)
    )


def _relabels(turn: Turn) -> None:
    turn.game.row["label"] = turn.dice.choice(LABELS)
    turn.game.row["amount"] = turn.dice.choice([None, 10, 10_000_000])


def _cuts(turn: Turn) -> None:
    sections = ("working", "call_base", "clients", "rework", "strategic", "hard_refusal")
    turn.game.row["section"] = turn.dice.choice(sections)


def _renames(turn: Turn) -> None:
    turn.game.row["company"] = f"Firm{turn.game.number:05} {turn.dice.randrange(99)}"


def _blanks(turn: Turn) -> None:
    turn.game.row[turn.dice.choice(["company", "phone", "id", "deadline", "days_left"])] = None


def _writes_over(turn: Turn) -> None:
    turn.game.row.update(deadline="2027-01-01", days_left=300, problems=None)
    turn.game.row["began"] = turn.dice.choice([turn.today, None, "2027-01-01"])


def _chooses(turn: Turn) -> None:
    turn.game.row["on_expiry"] = turn.dice.choice(
        ["Clients", "Working list", "Call base", "Rework", None]
    )


def _pays(turn: Turn) -> None:
    turn.game.row["paid_on"] = turn.dice.choice([turn.today, "2027-01-01", None])


def _hands(turn: Turn) -> None:
    turn.game.row["manager"] = turn.dice.choice(["Ann", "Bob", None])


MOVES: tuple[Callable[[Turn], None], ...] = (
    _types_state,
    _types_state,
    _types_junk,
    _relabels,
    _cuts,
    _renames,
    _blanks,
    _writes_over,
    _chooses,
    _pays,
    _hands,
)


def plays(base: "Base", game: Game, dice: Random, today: str) -> None:
    """Let the player do something to a company, or nothing."""
    if game.deleted is not None:
        if dice.random() < 0.5:
            game.row, game.deleted = {**game.deleted, "id": None}, None
            base.rows.append(game.row)
        return
    chance = dice.random()
    if chance < 0.05:
        game.deleted = game.row
        base.rows = [row for row in base.rows if row is not game.row]
    elif chance < 0.6:
        dice.choice(MOVES)(Turn(game, dice, today))


# Who has won


def named(night: "Night", game: Game) -> set[str]:
    """Return the codes of what is found in a company's row, by its place before the night."""
    return set((night.found(*PLACES[game.number]) or "").split(", "))


PLACES: dict[int, tuple[str, int]] = {}


def _note_places(base: "Base", games: list[Game]) -> None:
    seen: dict[str, int] = {}
    by_row = {}
    for row in base.rows:
        section = str(row["section"])
        seen[section] = seen.get(section, 1) + 1
        by_row[id(row)] = (section, seen[section])
    for game in games:
        if game.deleted is None:
            PLACES[game.number] = by_row[id(game.row)]


def overstays(base: "Base", night: "Night", games: list[Game]) -> Iterator[str]:
    """Go through the companies that are in work for too long, and that nothing names."""
    for game in games:
        if game.deleted is not None or _ended(base, night, game):
            continue
        # In an archive for a while, or as a deal, a company is not in work.
        if game.row["section"] in AWAY or game.row["state"] in ("Deal", "Deal support"):
            continue
        game.in_work += 1
        if game.in_work > game.allowed + 1 and not named(night, game) & NAMING:
            yield f"{game.in_work} nights in work: {game.row}"


def _ended(base: "Base", night: "Night", game: Game) -> bool:
    """Tell whether the company's work has ended as the method has it; another may begin then."""
    day = night.plan.today.isoformat()
    if game.row["section"] in AWAY:
        game.away += 1
    else:
        game.away = 0
    paid = base.shown(game.row, "paid_on")
    is_paid = paid is not None and str(paid) <= day and game.row["state"] in SOLD
    # Its every known word was changed: it went to the call base, and is told as deleted.
    is_other = base.rules.get(id(game.row)) == "renamed"
    if not (is_paid or is_other or game.away > CONSENT):
        return False
    # What begins then may have any label.
    game.in_work, game.allowed = 0, LONGEST
    return True


def test_the_player_wins_no_game(play: "type[Base]") -> None:
    for first in range(0, GAMES, AT_ONCE):
        base, games = opened(play, range(first, min(first + AT_ONCE, GAMES)))
        # The same draws in every run: a change is judged by itself.
        dice = Random(first)  # noqa: S311
        for day in range(DAYS + 1):
            today = (BEGINS + timedelta(days=day)).isoformat()
            if day:
                for game in games:
                    plays(base, game, dice, today)
            _note_places(base, games)
            night = base.night(today)
            for game in games:
                paid = base.shown(game.row, "paid_on")
                if paid is not None and str(paid) <= today:
                    game.paid.add(str(paid))
            won = [*overstays(base, night, games)]
            assert not won, "\n".join([today, *won])
        assert _sold(base, base.nights[-1]) <= sum(bool(game.paid) for game in games)


def _sold(base: "Base", night: "Night") -> float:
    """Return how many sales the figures count over all days of the games."""
    flows = Figures(Facts(night.projection, base.policy, base.journal)).flows
    return flows.figure("sold", window(night.plan.today, DAYS)).value or 0
