"""Twenty games of a manager against the method, through the spreadsheet: each evening the player types, cuts, deletes, each night the program runs.

The player wins if a company stays in work for longer than the method gives and no finding names it,
or if more is counted as sold than was paid. (Hundreds of games on the pure core are in tests/rules.)
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from tests.builders.desk import EDITOR, OWNER
from tests.builders.team import Team

GAMES, DAYS, ALLOWED, LONGEST = 20, 17, 14, 40
BEGINS = date(2026, 3, 2)
AWAY = ("rework", "strategic", "hard_refusal")
SOLD = ("deal", "deal_support", "client")
NAMING = ("unread_goes_on", "never_read", "held_by_fault", "sold_unproved", "contradiction")
STATES = ("new", "contact_1", "contact_2", "contact_3", "deal", "deal_support", "client", "refusal")
JUNK = ("жду ответа", "???", "", "soon", "7")
SECTIONS = ("working", "call_base", "clients", *AWAY)


@dataclass
class Game:
    """One company: nights in work since that began, days it is given, whether it was paid."""

    company: str
    in_work: int = 0
    away: int = 0
    allowed: int = ALLOWED
    is_paid: bool = False
    is_deleted: bool = False


@dataclass
class Player:
    """Who tries everything that an editor may do to the cells of a company."""

    team: Team
    dice: Random

    def plays(self, game: Game, today: str) -> None:
        """Do something to a company, or nothing."""
        if game.is_deleted:
            if self.dice.random() < 0.5:
                self.team.join("working", game.company, began=today, manager="Bob")
                game.is_deleted = False
            return
        chance = self.dice.random()
        if chance < 0.05:
            self.team.delete(game.company)
            game.is_deleted = True
        elif chance < 0.5:
            deeds = (self.sets_state, self.types_junk, self.relabels, self.cuts, self.writes_over)
            self.dice.choice((*deeds, self.chooses, self.pays, self.hands, self.blanks_id))(
                game.company, today
            )

    def sets_state(self, company: str, _: str) -> None:
        self.team.put(company, state=self.dice.choice(STATES))

    def types_junk(self, company: str, _: str) -> None:
        field = self.dice.choice(("state", "label", "began", "on_expiry", "manager"))
        self.team.put(company, **{field: self.dice.choice(JUNK)})

    def relabels(self, company: str, _: str) -> None:
        label = self.dice.choice(("large", "medium", "giant", ""))
        self.team.put(company, label=label, amount=self.dice.choice((None, 10, 10_000_000)))

    def cuts(self, company: str, _: str) -> None:
        self.team.cut(company, self.dice.choice(SECTIONS))

    def writes_over(self, company: str, today: str) -> None:
        self.team.put(company, began=self.dice.choice((today, "", "2027-01-01")))

    def chooses(self, company: str, _: str) -> None:
        self.team.put(company, on_expiry=self.dice.choice(("clients", "working", "strategic", "")))

    def pays(self, company: str, today: str) -> None:
        self.team.put(company, paid_on=self.dice.choice((today, "2027-01-01", "")))

    def hands(self, company: str, _: str) -> None:
        self.team.put(company, manager=self.dice.choice(("Baker", "Bob", "")))

    def blanks_id(self, company: str, _: str) -> None:
        title, row = self.team.place(company)
        self.team.write(EDITOR, title, row, [""], self.team.tabs()[title][0].index("ID"))


def named(team: Team) -> set[str]:
    """Return the ids of which a finding on the revision says that their time goes otherwise."""
    ids = set()
    for line in team.shown("revision").splitlines():
        kind, *rest = line.split("·")[0].split(":")
        if kind in ("problem", "unproved") and any(code in NAMING for code in rest):
            ids.add(rest[0])
    return ids


def has_ended(team: Team, game: Game, day: date) -> bool:
    """Tell whether the company's work has ended as the method has it: by a payment, or by a long rest."""
    section, state = team.stands(game.company)
    game.away = game.away + 1 if section in AWAY else 0
    paid = team.read(game.company, "paid_on")
    is_paid = isinstance(paid, int | float) and paid <= (day - date(1899, 12, 30)).days
    game.is_paid = game.is_paid or is_paid
    return is_paid and state in SOLD


def test_the_player_wins_none_of_twenty_games() -> None:
    team = Team("en")
    settings = {"properties": {"title": "Settings", "sheetId": 50}}
    team.batch(OWNER, {"addSheet": settings})
    lines: list[list[Any]] = [["Rules", None], [None, None], ["Rule", "Value"]]
    lines.append(["Share of a tab that may turn unreadable in one night and still move", 1])
    for number, line in enumerate(lines):
        team.write(OWNER, "Settings", number, line)
    games = [Game(f"Firm{number:02}") for number in range(GAMES)]
    for game in games:
        team.join("working", game.company, state="contact_1", began=BEGINS.isoformat())
    player = Player(team, Random(1))  # noqa: S311  # the same draws in every run
    for number in range(DAYS + 1):
        day = BEGINS + timedelta(days=number)
        if number:
            for game in games:
                player.plays(game, day.isoformat())
        team.night(day.isoformat())
        ids = named(team)
        for game in games:
            if game.is_deleted:
                continue
            section, state = team.stands(game.company)
            if has_ended(team, game, day):
                game.in_work, game.allowed = 0, LONGEST
            elif section not in AWAY and state not in ("deal", "deal_support"):
                game.in_work += 1
                in_time = game.in_work <= game.allowed + 1
                assert in_time or team.read(game.company, "id") in ids, (day, game, section, state)
    month = next(
        line for line in team.shown("summary").splitlines() if line.startswith("periods:sold·")
    )
    week = month.split(" | ")[4]
    assert int(week) <= sum(game.is_paid for game in games)
