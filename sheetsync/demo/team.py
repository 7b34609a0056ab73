"""The demonstration's team at work: one day of calls, steps forward, refusals and new companies, drawn by lot from a fixed seed.

It types what managers type, and keeps the order of states (METHOD point 6): what becomes of it is the nights' business.
"""

import random
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import product
from typing import Any, NamedTuple

from sheetsync.method.policy import Policy, templates_folder
from sheetsync.values import Cell, to_serial

Row = dict[str, Cell]
"""A row of the base as its cells are typed, by field; `section`: the code of the tab on which it stands."""
DAY = timedelta(days=1)
CALLS_WAITING = 18
"""Companies that the call base holds at most."""
DONE_IN_TIME = 0.78
"""The share of steps due that are done on their day."""
FORGOTTEN = 0.06
"""The share of next steps that nobody remembers for a week or so."""


class Pace(NamedTuple):
    """How clients of a label go: days between two contacts, and the least and most they buy for, in hundreds."""

    days: tuple[int, int]
    amount: tuple[int, int]


PACE = {
    "small": Pace((4, 5), (300, 1200)),
    "medium": Pace((4, 7), (1500, 4500)),
    "large": Pace((5, 8), (6000, 15000)),
}


class Fate(NamedTuple):
    """What a contact in a state comes to: the state after it, and the shares that go on, refuse and are put aside."""

    then: str
    goes_on: float
    refuses: float
    waits: float = 0


FATES = {
    "contact_1": Fate("contact_2", 0.48, 0.12, 0.02),
    "contact_2": Fate("contact_3", 0.47, 0.1, 0.03),
    "contact_3": Fate("deal", 0.48, 0.09, 0.03),
    "deal": Fate("deal_support", 0.5, 0.05),
    "deal_support": Fate("client", 0.4, 0),
}
REASONS = {
    "no_money": 6,
    "competitor": 6,
    "not_now": 5,
    "crisis": 2,
    "off_profile": 2,
    "negative": 1,
    "closed_down": 1,
}


class Cast(NamedTuple):
    """The words of one language: companies to come, people, and what is written into cells, by state."""

    companies: tuple[str, ...]
    told: Mapping[str, Any]


def cast(policy: Policy, lot: random.Random) -> Cast:
    """Read the words of the policy's language, its companies' names in an order drawn by lot."""
    path = templates_folder() / policy.words.language / "demo.toml"
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    names = [
        told["name"].format(lead=lead, tail=tail, form=lot.choice(told["forms"]))
        for lead, tail in product(told["lead"], told["tail"])
    ]
    return Cast(tuple(lot.sample(names, len(names))), told)


@dataclass
class Team:
    """The managers and the rows they type in; `rows` is the base itself, and is changed as they work."""

    policy: Policy
    rows: list[Row]
    managers: Sequence[str]
    lot: random.Random
    busy: date
    """The day from which on the team takes more companies into work than before."""
    forgotten: dict[str, date] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    """Companies whose state was changed since the last night: it takes one step at a time, so that no night misses any."""

    def __post_init__(self) -> None:
        self._cast = cast(self.policy, self.lot)
        self._names = iter(self._cast.companies)
        self._codes = {self.policy.words.name("states", code): code for code in self.policy.state}
        self._labels = {self.policy.words.name("labels", code): code for code in self.policy.label}

    @property
    def remarks(self) -> Mapping[str, Sequence[str]]:
        """What the head of sales writes beside a score, by the score."""
        told: Mapping[str, Sequence[str]] = self._cast.told["remarks"]
        return told

    def seen(self) -> None:
        """Let states be changed again: a night has seen how they stand."""
        self.changed.clear()

    def slips(self, day: date) -> None:
        """Make the mistakes of a last evening, for the night to find: a word misspelt, a step and an amount left out."""
        working = [row for row in self.rows if row["section"] == "working"]
        told = {
            state: [r for r in working if self._codes.get(str(r.get("state"))) == state]
            for state in FATES
        }
        for state, name, cell in (
            ("contact_2", "state", self._cast.told["mistakes"]["state"]),
            ("contact_1", "next_on", None),
            ("contact_3", "next_on", None),
            ("deal", "amount", None),
            ("contact_1", "person", None),
        ):
            rows = [row for row in told[state] if row.get("last_contact") != to_serial(day)]
            if rows:
                row = rows[0] if name != "person" else rows[-1]
                row |= {name: cell, **({"next_step": None} if name == "next_on" else {})}

    def work(self, day: date) -> None:
        """Do a day's work: first the steps that are due, then the archives' calls, then new companies."""
        for row in [*self.rows]:
            state = self._codes.get(str(row.get("state")))
            if row["section"] in ("working", "clients") and self._due(row, state, day):
                self._meet(row, state, day)
            elif row["section"] in ("rework", "strategic"):
                self._call_again(row, state, day)
        for _ in range(self.lot.randint(1, 3) if day < self.busy else self.lot.randint(5, 8)):
            self._comes_in(day)
        self._take(day)

    def _due(self, row: Row, state: str | None, day: date) -> bool:
        if row["section"] == "clients":
            if state == "client":
                return self.lot.random() < 0.002  # noqa: PLR2004  # a client orders again about once in a year and a half
        elif state in ("refusal", "strategic_reserve", "client", "call_round"):
            return False
        next_on = row.get("next_on")
        late = self.forgotten.get(str(row["company"]), day) > day
        return (
            not late
            and (next_on is None or float(next_on) <= to_serial(day))
            and self.lot.random() < DONE_IN_TIME
        )

    def _meet(self, row: Row, state: str | None, day: date) -> None:
        """Speak to a company: it goes on, refuses, is put aside, or is to be spoken to again."""
        self._contact(row, state if state in FATES else "contact_1", day)
        if state is None:
            self._put(row, "contact_2", day)
        elif state in ("new", "client"):
            self._put(row, "contact_1", day)
        else:
            self._decide(row, state, day)

    def _decide(self, row: Row, state: str, day: date) -> None:
        fate, drawn = FATES[state], self.lot.random()
        resting = row["section"] == "clients"  # a client who does not buy again stays one
        if row["company"] in self.changed:
            self._put(row, state, day)
        elif drawn < fate.goes_on:
            quick = state == "contact_2" and self._labels.get(str(row.get("label"))) == "small"
            self._put(row, "deal" if quick else fate.then, day)
        elif drawn < fate.goes_on + fate.refuses and not resting:
            self._refuse(row)
        elif drawn < fate.goes_on + fate.refuses + fate.waits and not resting:
            self._aside(row, day)
        else:
            self._put(row, state, day)

    def _contact(self, row: Row, state: str, day: date) -> None:
        row["last_contact"] = to_serial(day)
        row["contact_result"] = self.lot.choice(self._cast.told["results"][state])
        row["person"] = row.get("person") or self.lot.choice(self._cast.told["people"])

    def _put(self, row: Row, state: str, day: date) -> None:
        """Write a state down, with what it asks for."""
        before, row["state"] = row.get("state"), self.policy.words.name("states", state)
        if row["state"] != before:
            self.changed.add(str(row["company"]))
        pace = PACE.get(self._labels.get(str(row.get("label")), ""), PACE["small"])
        if (
            state in ("contact_2", "contact_3", "deal", "deal_support")
            and row.get("amount") is None
        ):
            row["amount"] = 100.0 * self.lot.randrange(*pace.amount, 50)
        if state == "deal" and row.get("invoice_on") is None:
            row["invoice_on"] = to_serial(day)
        if state == "deal_support":
            row["paid_on"] = row.get("paid_on") or to_serial(day)
        if state not in FATES:
            row["next_step"] = row["next_on"] = None
            return
        if state == "contact_1" and row["section"] != "working":
            row |= dict.fromkeys(("refusal_reason", "return_on", "invoice_on", "paid_on"))
        row["next_step"] = self.lot.choice(self._cast.told["steps"][state])
        row["next_on"] = to_serial(worked(day + self.lot.randint(*pace.days) * DAY))
        if self.lot.random() < FORGOTTEN:
            self.forgotten[str(row["company"])] = worked(day + self.lot.randint(10, 22) * DAY)

    def _refuse(self, row: Row) -> None:
        (reason,) = self.lot.choices([*REASONS], [*REASONS.values()])
        name = self.policy.words.name
        row |= {"state": name("states", "refusal"), "refusal_reason": name("reasons", reason)}
        row["next_step"] = row["next_on"] = None
        if reason == "off_profile":
            row["label"] = name("labels", "off_profile")

    def _aside(self, row: Row, day: date) -> None:
        row["state"] = self.policy.words.name("states", "strategic_reserve")
        row |= {
            "next_step": None,
            "next_on": None,
            "return_on": to_serial(day + self.lot.randint(60, 150) * DAY),
        }

    def _call_again(self, row: Row, state: str | None, day: date) -> None:
        """Call a company of an archive whose day has come: it is worked again, or stays away."""
        due = row.get("return_on")
        if state != "call_round" and (
            state != "strategic_reserve" or due is None or float(due) > to_serial(day)
        ):
            return
        if self.lot.random() > 0.15:  # noqa: PLR2004  # archives are called when there is time
            return
        self._contact(row, "contact_1", day)
        if self.lot.random() < 0.5:  # noqa: PLR2004  # every second one
            self._put(row, "contact_1", day)
        elif state == "call_round":
            self._refuse(row)
            row["return_on"] = None
        else:
            self._aside(row, day)

    def _comes_in(self, day: date) -> None:
        """Write a new company into the call base, as long as there is room."""
        if sum(row["section"] == "call_base" for row in self.rows) >= CALLS_WAITING:
            return
        told, name, lot, words = self._cast.told, next(self._names), self.lot, self.policy.words
        number = len(self.rows)
        pick = {
            field: lot.choice(told[key])
            for field, key in (("city", "cities"), ("source", "sources"))
        }
        label = lot.choices(("small", "medium", "large"), (4, 4, 3))[0]
        self.rows.append(
            {
                "section": "call_base",
                "company": name,
                **pick,
                "state": words.name("states", "new"),
                "label": words.name("labels", label),
                "category": words.name("categories", lot.choice(self.policy.categories)),
                "tax_number": tax_number(lot),
                "phone": told["phone"].format(
                    n=number % 100, m=number // 100 + 10, k=lot.randrange(10, 100)
                ),
                "email": f"info{number}@example.com",
                "role": lot.choice(told["roles"]),
                "created_on": to_serial(day),
            }
        )

    def _take(self, day: date) -> None:
        """Take companies of the call base into work, the oldest first: a manager calls one of them every day or so."""
        takers = [name for name in self.managers for _ in range(self._hands(day))]
        waiting = (
            row for row in self.rows if row["section"] == "call_base" and not row.get("manager")
        )
        for name, row in zip(takers, waiting, strict=False):
            row["manager"] = name
            if self.lot.random() < 0.8:  # noqa: PLR2004  # the others did not answer the first call
                row["began"] = to_serial(day)
                self._contact(row, "contact_1", day)
                self._put(row, "contact_1", day)

    def _hands(self, day: date) -> int:
        """Return how many companies one manager takes that day."""
        return self.lot.choice((0, 1) if day < self.busy else (1, 1, 2))


def worked(day: date) -> date:
    """Return a day, or the Monday after it."""
    return day if day.weekday() < 5 else day + (7 - day.weekday()) * DAY  # noqa: PLR2004  # Saturday


def tax_number(lot: random.Random) -> str:
    """Return a made-up tax number of a company (ИНН), its check digit right."""
    digits = [lot.randint(1, 9), *(lot.randint(0, 9) for _ in range(8))]
    check = sum(w * d for w, d in zip((2, 4, 10, 3, 5, 9, 4, 6, 8), digits, strict=True)) % 11 % 10
    return "".join(str(digit) for digit in (*digits, check))
