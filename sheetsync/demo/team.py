"""The demonstration's team at work: one day of calls, steps, refusals and new companies.

All is drawn by lot from a fixed seed, so that the sample is the same every time. The team types
what managers type, and keeps the order of states (METHOD point 6): what becomes of it is the
nights' business, in `history`.
"""

import random
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import cycle, product
from operator import mul
from typing import Any, NamedTuple

from sheetsync.method.codes import LabelCode, SectionCode, StateCode
from sheetsync.method.policy import Policy, templates_folder
from sheetsync.values import Cell, to_serial

SampleRow = dict[str, Cell]
"""A row of the base as its cells are typed, by field; `section`: the code of its tab."""
DAY = timedelta(days=1)
SATURDAY = 5
CALLS_WAITING = (40, 200)
"""Companies that the call base holds: in the weeks when the team is small, and once it is busy."""
COME_IN = 24
"""Companies of a list that is being written into the call base on a day, at most."""
LISTS = (67, 52, 84, 60)
"""How many companies each manager keeps in work once the team is busy, in the order of names.

Within the limits of the method (point 7) but for one, whose list the night offers to refill.
"""
SMALL_LIST = 16
"""How many they keep before."""
TAKEN_A_DAY = 4
"""Companies that a manager takes into work on one day, at most."""

# Shares of all cases, as they are drawn by lot.
DONE_IN_TIME = 0.88
"""Steps due that are done on their day."""
FORGOTTEN = 0.04
"""Next steps that nobody remembers for a week or so."""
ORDERS_AGAIN = 0.002
"""Clients who order again on a day: each about once in a year and a half."""
CALLED_FROM_ARCHIVE = 0.15
"""Companies of an archive whose day has come and that are called: archives wait for quiet days."""
WORKED_AGAIN = 0.5
"""Of those, the ones that are worked again."""
ANSWERS_FIRST_CALL = 0.8
"""New companies that answer the first call."""


class BuyingPace(NamedTuple):
    """How clients of a label go: days between two contacts; what they buy for, in hundreds."""

    days: tuple[int, int]
    amount: tuple[int, int]


PACES = {
    "small": BuyingPace((4, 5), (300, 1200)),
    "medium": BuyingPace((4, 7), (1500, 4500)),
    "large": BuyingPace((5, 8), (6000, 15000)),
}


class Fate(NamedTuple):
    """What a contact in a state comes to: the state after it.

    The others are the shares that go on, refuse and are put aside.
    """

    then: StateCode
    goes_on: float
    refuses: float
    waits: float = 0


FATES = {
    StateCode.CONTACT_1: Fate(StateCode.CONTACT_2, 0.48, 0.12, 0.02),
    StateCode.CONTACT_2: Fate(StateCode.CONTACT_3, 0.47, 0.1, 0.03),
    StateCode.CONTACT_3: Fate(StateCode.DEAL, 0.48, 0.09, 0.03),
    StateCode.DEAL: Fate(StateCode.DEAL_SUPPORT, 0.5, 0.05),
    StateCode.DEAL_SUPPORT: Fate(StateCode.CLIENT, 0.4, 0),
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
"""Reasons of refusal, and how often each is drawn."""
WITH_AMOUNT = (
    StateCode.CONTACT_2,
    StateCode.CONTACT_3,
    StateCode.DEAL,
    StateCode.DEAL_SUPPORT,
)
"""States that ask for an amount."""
WITHOUT_STEPS = (
    StateCode.REFUSAL,
    StateCode.STRATEGIC_RESERVE,
    StateCode.CLIENT,
    StateCode.CALL_ROUND,
)
"""States in which a row of the working list is not called."""


class Cast(NamedTuple):
    """The words of one language: companies to come, and what is written into cells, by kind."""

    companies: tuple[str, ...]
    words: Mapping[str, Any]


def cast(policy: Policy, lot: random.Random) -> Cast:
    """Read the words of the policy's language, its companies' names in an order drawn by lot."""
    path = templates_folder() / policy.words.language / "demo.toml"
    words = tomllib.loads(path.read_text(encoding="utf-8"))
    names = []
    for lead, tail in product(words["lead"], words["tail"]):
        names.append(
            words["name"].format(
                lead=lead, tail=tail, form=lot.choice(words["forms"])
            )
        )
    return Cast(tuple(lot.sample(names, len(names))), words)


class DemoTeam:
    """The managers and the rows they type in. `rows` is the base itself, and changes as they work.

    `busy`: the day from which on the team takes more companies into work than before.
    """

    def __init__(
        self,
        policy: Policy,
        rows: list[SampleRow],
        managers: Sequence[str],
        lot: random.Random,
        busy: date,
    ) -> None:
        self.policy = policy
        self.rows = rows
        self.managers = managers
        self.lot = lot
        self.busy = busy
        self._lists = dict(zip(managers, cycle(LISTS), strict=False))
        self._forgotten: dict[str, date] = {}
        # A company takes one step at a time, so that no night misses any.
        self._changed_since_night: set[str] = set()
        self._cast = cast(policy, lot)
        self._names = iter(self._cast.companies)
        words = policy.words
        self._states = {
            words.name("states", code): code for code in policy.state
        }
        self._labels = {
            words.name("labels", code): code for code in policy.label
        }

    @property
    def remarks(self) -> Mapping[str, Sequence[str]]:
        """What the head of sales writes beside a score, by the score."""
        remarks: Mapping[str, Sequence[str]] = self._cast.words["remarks"]
        return remarks

    def seen_by_night(self) -> None:
        """Let states be changed again: a night has seen how they stand."""
        self._changed_since_night.clear()

    def _state_of(self, row: SampleRow) -> str | None:
        return self._states.get(str(row.get("state")))

    def _label_of(self, row: SampleRow) -> str | None:
        return self._labels.get(str(row.get("label")))

    def slip(self, day: date) -> None:
        """Make the mistakes of a last evening, for the night to find.

        A word is misspelt; steps, an amount and a person are left out; somebody calls sold what
        nobody has paid.
        """
        misspelt = self._cast.words["mistakes"]["state"]
        client = self.policy.words.name("states", StateCode.CLIENT)
        first, last = 0, -1
        slips = (
            (StateCode.CONTACT_2, "state", misspelt, first),
            (StateCode.CONTACT_1, "next_on", None, first),
            (StateCode.CONTACT_3, "next_on", None, first),
            (StateCode.DEAL, "amount", None, first),
            (StateCode.CONTACT_1, "person", None, last),
            (StateCode.DEAL_SUPPORT, "state", client, last),
            (StateCode.DEAL_SUPPORT, "paid_on", None, last),
        )
        # The states of before the first slip, as a misspelt one is none any more.
        working = [
            (self._state_of(row), row)
            for row in self.rows
            if row["section"] == SectionCode.WORKING
        ]
        for state, field, cell, place in slips:
            rows = [
                row
                for row_state, row in working
                if row_state == state
                and row.get("last_contact") != to_serial(day)
            ]
            if not rows:
                continue
            row = rows[place]
            row[field] = cell
            if field == "next_on":
                row["next_step"] = None

    def work(self, day: date) -> None:
        """Do a day's work: the steps that are due, the archives' calls, then new companies."""
        for row in [*self.rows]:
            state = self._state_of(row)
            section = row["section"]
            if section in (SectionCode.WORKING, SectionCode.CLIENTS):
                if self._is_met(row, state, day):
                    self._meet(row, state, day)
            elif section in (SectionCode.REWORK, SectionCode.STRATEGIC):
                self._call_again(row, state, day)
        self._come_in(day)
        self._take(day)

    def _come_in(self, day: date) -> None:
        """Write a part of a list of new companies into the call base, as long as there is room."""
        sections = [row["section"] for row in self.rows]
        room = CALLS_WAITING[day >= self.busy]
        wanted = room - sections.count(SectionCode.CALL_BASE)
        for _ in range(min(wanted, COME_IN)):
            self._comes_in(day)

    def _is_met(self, row: SampleRow, state: str | None, day: date) -> bool:
        """Tell whether a company of the working list or a client is spoken to that day."""
        if row["section"] == SectionCode.CLIENTS:
            if state == StateCode.CLIENT:
                return self.lot.random() < ORDERS_AGAIN
        elif state in WITHOUT_STEPS:
            return False
        next_on = row.get("next_on")
        if self._forgotten.get(str(row["company"]), day) > day:
            return False
        if next_on is not None and float(next_on) > to_serial(day):
            return False
        return self.lot.random() < DONE_IN_TIME

    def _meet(self, row: SampleRow, state: str | None, day: date) -> None:
        """Speak to a company: it goes on, refuses, is put aside, or is spoken to again later."""
        contacted_in = state if state in FATES else StateCode.CONTACT_1
        self._contact(row, contacted_in, day)
        if state is None:
            self._put(row, StateCode.CONTACT_2, day)
        elif state in (StateCode.NEW, StateCode.CLIENT):
            self._put(row, StateCode.CONTACT_1, day)
        else:
            self._decide(row, StateCode(state), day)

    def _decide(self, row: SampleRow, state: StateCode, day: date) -> None:
        """Draw what a contact in a state comes to."""
        fate = FATES[state]
        drawn = self.lot.random()
        stays_client = row["section"] == SectionCode.CLIENTS
        refuses_below = fate.goes_on + fate.refuses
        waits_below = refuses_below + fate.waits
        if row["company"] in self._changed_since_night:
            self._put(row, state, day)
        elif drawn < fate.goes_on:
            quick = (
                state == StateCode.CONTACT_2 and self._label_of(row) == "small"
            )
            self._put(row, StateCode.DEAL if quick else fate.then, day)
        elif drawn < refuses_below and not stays_client:
            self._refuse(row)
        elif drawn < waits_below and not stays_client:
            self._put_aside(row, day)
        else:
            self._put(row, state, day)

    def _contact(self, row: SampleRow, state: str, day: date) -> None:
        words = self._cast.words
        row["last_contact"] = to_serial(day)
        row["contact_result"] = self.lot.choice(words["results"][state])
        row["person"] = row.get("person") or self.lot.choice(words["people"])

    def _put(self, row: SampleRow, state: StateCode, day: date) -> None:
        """Write a state down, with what it asks for."""
        before = row.get("state")
        row["state"] = self.policy.words.name("states", state)
        if row["state"] != before:
            self._changed_since_night.add(str(row["company"]))
        self._fill_what_is_asked(row, state, day)
        if state not in FATES:
            _plan_no_step(row)
            return
        if state == StateCode.CONTACT_1 and row["section"] not in (
            SectionCode.WORKING,
            SectionCode.CLIENTS,
        ):
            # What refusal or payment came before is no matter of the work that begins now; a
            # client who buys again has paid all the same.
            row |= dict.fromkeys(
                ("refusal_reason", "return_on", "invoice_on", "paid_on")
            )
        self._plan_step(row, state, day)

    def _pace_of(self, row: SampleRow) -> BuyingPace:
        return PACES.get(self._label_of(row) or "", PACES["small"])

    def _fill_what_is_asked(
        self, row: SampleRow, state: StateCode, day: date
    ) -> None:
        """Fill in the amount and the days that a state asks for, where they are missing."""
        if state in WITH_AMOUNT and row.get("amount") is None:
            row["amount"] = 100.0 * self.lot.randrange(
                *self._pace_of(row).amount, 50
            )
        if state == StateCode.DEAL and row.get("invoice_on") is None:
            row["invoice_on"] = to_serial(day)
        if state == StateCode.DEAL_SUPPORT:
            row["paid_on"] = row.get("paid_on") or to_serial(day)

    def _plan_step(self, row: SampleRow, state: StateCode, day: date) -> None:
        """Write down the next step; some are forgotten for a while."""
        row["next_step"] = self.lot.choice(self._cast.words["steps"][state])
        days = self.lot.randint(*self._pace_of(row).days)
        row["next_on"] = to_serial(worked(day + days * DAY))
        if self.lot.random() < FORGOTTEN:
            remembered_on = worked(day + self.lot.randint(10, 22) * DAY)
            self._forgotten[str(row["company"])] = remembered_on

    def _refuse(self, row: SampleRow) -> None:
        name = self.policy.words.name
        (reason,) = self.lot.choices([*REASONS], [*REASONS.values()])
        row["state"] = name("states", StateCode.REFUSAL)
        row["refusal_reason"] = name("reasons", reason)
        _plan_no_step(row)
        if reason == "off_profile":
            row["label"] = name("labels", LabelCode.OFF_PROFILE)

    def _put_aside(self, row: SampleRow, day: date) -> None:
        row["state"] = self.policy.words.name(
            "states", StateCode.STRATEGIC_RESERVE
        )
        _plan_no_step(row)
        row["return_on"] = to_serial(day + self.lot.randint(60, 150) * DAY)

    def _call_again(self, row: SampleRow, state: str | None, day: date) -> None:
        """Call a company of an archive whose day has come: it is worked again, or stays away."""
        if not _is_due_again(row, state, day):
            return
        if self.lot.random() > CALLED_FROM_ARCHIVE:
            return
        self._contact(row, StateCode.CONTACT_1, day)
        manager = str(row.get("manager"))
        has_room = self._loads()[manager] < self._lists.get(manager, 0)
        if self.lot.random() < WORKED_AGAIN and has_room:
            self._put(row, StateCode.CONTACT_1, day)
        elif state == StateCode.CALL_ROUND:
            self._refuse(row)
            row["return_on"] = None
        else:
            self._put_aside(row, day)

    def _comes_in(self, day: date) -> None:
        """Write a new company into the call base."""
        lot = self.lot
        words = self._cast.words
        names = self.policy.words
        number = len(self.rows)
        # Each is drawn by lot, so their order is part of the sample.
        company = next(self._names)
        city = lot.choice(words["cities"])
        source = lot.choice(words["sources"])
        (label,) = lot.choices(("small", "medium", "large"), (4, 4, 3))
        category = lot.choice(self.policy.categories)
        tax = tax_number(lot)
        last_digits = lot.randrange(10, 100)
        role = lot.choice(words["roles"])
        # Made-up numbers of America are a hundred in each area.
        areas = words.get("areas", [""])
        phone = words["phone"].format(
            n=number % 100,
            m=number // 100 + 10,
            k=last_digits,
            area=areas[number // 100 % len(areas)],
        )
        self.rows.append(
            {
                "section": SectionCode.CALL_BASE,
                "company": company,
                "city": city,
                "source": source,
                "state": names.name("states", StateCode.NEW),
                "label": names.name("labels", label),
                "category": names.name("categories", category),
                "tax_number": tax,
                "phone": phone,
                "email": f"info{number}@example.com",
                "role": role,
                "created_on": to_serial(day),
            }
        )

    def _take(self, day: date) -> None:
        """Take companies of the call base into work, the oldest first."""
        # How many each takes is known before anybody is called.
        takers: list[str] = []
        loads = self._loads()
        for name in self.managers:
            takers += [name] * self._hands(name, loads[name], day)
        waiting = [
            row
            for row in self.rows
            if row["section"] == SectionCode.CALL_BASE
            and not row.get("manager")
        ]
        # There may be fewer companies than hands, or more.
        for name, row in zip(takers, waiting, strict=False):
            row["manager"] = name
            if self.lot.random() < ANSWERS_FIRST_CALL:
                row["began"] = to_serial(day)
                self._contact(row, StateCode.CONTACT_1, day)
                self._put(row, StateCode.CONTACT_1, day)

    def _loads(self) -> Counter[str]:
        """Count each manager's companies in work, with those that the next night brings there."""
        counted = self.policy.states_where("counts_to_cap")
        loads = Counter[str]()
        for row in self.rows:
            called = row["section"] == SectionCode.CALL_BASE
            taken = called and row.get("manager")
            works = row["section"] == SectionCode.WORKING
            if taken or (works and self._state_of(row) in counted):
                loads[str(row.get("manager"))] += 1
        return loads

    def _hands(self, name: str, load: int, day: date) -> int:
        """Return how many companies a manager takes that day, to keep the list as long as it is."""
        list_kept = SMALL_LIST if day < self.busy else self._lists[name]
        most = 1 if day < self.busy else TAKEN_A_DAY
        return max(0, min(most, list_kept - load))


def _plan_no_step(row: SampleRow) -> None:
    row["next_step"] = None
    row["next_on"] = None


def _is_due_again(row: SampleRow, state: str | None, day: date) -> bool:
    """Tell whether a company of an archive is to be called again."""
    if state == StateCode.CALL_ROUND:
        return True
    return_on = row.get("return_on")
    if state != StateCode.STRATEGIC_RESERVE or return_on is None:
        return False
    return float(return_on) <= to_serial(day)


def worked(day: date) -> date:
    """Return a day, or the Monday after it."""
    return day if day.weekday() < SATURDAY else day + (7 - day.weekday()) * DAY


def tax_number(lot: random.Random) -> str:
    """Return a made-up tax number of a company (ИНН), its check digit right."""
    weights = (2, 4, 10, 3, 5, 9, 4, 6, 8)
    first = lot.randint(1, 9)
    others = [lot.randint(0, 9) for _ in weights[1:]]
    digits = [first, *others]
    # So the check digit is defined: a remainder of ten stands for 0.
    check = sum(map(mul, weights, digits)) % 11 % 10
    return "".join(map(str, [*digits, check]))
