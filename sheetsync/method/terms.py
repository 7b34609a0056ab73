"""The parts of the sales method as values.

Sections, labels, states, rules, people, time, limits, words.

Each is frozen and closed to names it does not know. The whole, and how its parts agree, is
`policy`'s.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

FieldType = Literal[
    "text",
    "phone",
    "email",
    "tax_number",
    "date",
    "amount",
    "share",
    "integer",
    "flag",
    "state",
    "label",
    "category",
    "reason",
    "section",
    "manager",
]
Special = Literal["stay", "person", "reason", "chosen"]
SPECIAL: tuple[Special, ...] = ("stay", "person", "reason", "chosen")
MIXED = "mixed"
"""A tab whose rows belong in several sections: the state decides where each of them goes.

A second such tab is `mixed.2`.
"""


@cache
def kind_of(section: str) -> str:
    """Return what kind of place a section is.

    `mixed` for every tab of several sections, else its own code.
    """
    return section.partition(".")[0]


class Frozen(BaseModel):
    """A value of the policy: immutable, and closed to names that it does not know."""

    # A number under a misspelt name would be passed over, and the method's own hold in silence.
    model_config = ConfigDict(frozen=True, extra="forbid")

    def model_copy(
        self, *, update: Mapping[str, Any] | None = None, deep: bool = False
    ) -> Self:
        """Return a changed copy, which works out anew what follows from its fields."""
        copied = super().model_copy(update=update, deep=deep)
        # A lookup that was copied along would go on answering of the fields as they were.
        for name in copied.__dict__.keys() - type(self).model_fields.keys():
            del copied.__dict__[name]
        return copied


class Section(Frozen):
    """A tab of the base (METHOD point 3). `return_days`: when an archived row is called again."""

    code: str
    archive: bool = False
    return_days: int | None = Field(default=None, ge=1, le=3660)


class Label(Frozen):
    """A client's size (METHOD point 4), and the days its work may take (point 8).

    `at_least`: from what amount on a client is of it, in the book's currency; None: no amount tells
    this label.
    """

    code: str
    deadline_days: int = Field(ge=1, le=3660)
    at_least: float | None = Field(default=None, ge=0)


class State(Frozen):
    """A state (METHOD point 6). `clocked`: the work clock runs and may run out in it.

    `stay_days`: the longest stay, None: no limit. `probability`: of a sale, for the forecast.
    `next`: the states that may follow.
    """

    code: str
    in_work: bool = False
    counts_to_cap: bool = False
    clocked: bool = False
    stay_days: int | None = Field(default=None, ge=1, le=3660)
    probability: float | None = Field(default=None, ge=0, le=1)
    requires: tuple[str, ...] = ()
    next: tuple[str, ...] = ()


class Reason(Frozen):
    """A reason of refusal and the section it sends a row to."""

    code: str
    section: str


class Condition(Frozen):
    """What must hold of a row; every part that is given. Empty: always."""

    section: tuple[str, ...] | None = None
    state: tuple[str, ...] | None = None
    label: tuple[str, ...] | None = None
    reached: tuple[str, ...] | None = None
    chosen: bool | None = None
    has_reason: bool | None = None
    has_amount: bool | None = None
    assigned: bool | None = None


class Rule(Frozen):
    """One line of an ordered list of routes.

    `to` is a section's code or a special word: `stay`, `person` (report, do not move), `reason`
    (the refusal reason's section), `chosen` (the section in the manager's column "On expiry").
    """

    name: str
    when: Condition = Condition()
    to: str
    state: str | None = None
    reason: str | None = None


class Column(Frozen):
    """A column of the row. `asked`: wanted from the first day on. `width` in pixels.

    `laid_out`: new tabs have it; else it is read where a team's own tab has one.
    """

    field: str
    type: FieldType
    owner: Literal["team", "daemon"] = "team"
    asked: bool = False
    laid_out: bool = True
    width: int = Field(default=100, ge=20, le=1000)


class Cap(Frozen):
    """The size of one manager's working list (METHOD point 7), in companies."""

    min: int = Field(ge=0, le=100_000)
    max: int = Field(ge=1, le=100_000)
    refill: Literal["off", "propose", "assign"]


class Time(Frozen):
    """The method's numbers of days (METHOD point 8).

    `count`: which days are counted in deadlines and stays.

    `one_deadline_days`: one number for all labels. `new_in_working`: what becomes of a `new` row
    that waits too long. `consent_days`: who comes back so soon after leaving the working list needs
    the head's consent. `extensions`: how often a deadline may be moved, `extension_days` by how
    many days at a time. `pushes`: from how many times on it is reported that a next step was put
    off. `step_horizon_days`: how far ahead a next step may lie; `findings_days`: how long what was
    done against the method is reported. `unread_nights`: so long a finding stands before a row
    moves whose cells cannot be read; `refusal_without_reason_days`: so long a refusal may lack its
    reason.
    """

    warn_days: tuple[Annotated[int, Field(ge=0, le=366)], ...] = Field(
        min_length=1
    )
    unlabelled_days: int = Field(ge=1, le=3660)
    one_deadline_days: int | None = Field(default=None, ge=1, le=3660)
    count: Literal["calendar", "working"] = "calendar"
    new_in_working_days: int = Field(ge=0, le=3660)
    new_in_working: Literal["report", "send_back"] = "report"
    repeat_sale_days: int = Field(ge=1, le=3660)
    hold_days: int = Field(ge=0, le=3660)
    consent_days: int = Field(default=30, ge=0, le=3660)
    extensions: int = Field(default=2, ge=0, le=100)
    extension_days: int = Field(default=30, ge=1, le=3660)
    pushes: int = Field(default=3, ge=1, le=1000)
    step_horizon_days: int = Field(default=30, ge=1, le=3660)
    findings_days: int = Field(default=30, ge=1, le=366)
    unread_nights: int = Field(default=3, ge=0, le=3660)
    refusal_without_reason_days: int = Field(default=3, ge=0, le=3660)


def _text(value: object) -> object:
    """Take an empty cell of the Settings tab for a text of no letters."""
    return "" if value is None else value


OpenText = Annotated[str, BeforeValidator(_text)]
"""A text that may be left empty."""


class Calendar(Frozen):
    """Which days are worked.

    Those of a country (ISO 3166 code), and the team's own exceptions from them.
    """

    # "": the country where the team works.
    country: OpenText = ""
    days_off: frozenset[date] = frozenset()
    working_days: frozenset[date] = frozenset()


class Location(Frozen):
    """Where the team works; what nobody has said is "".

    `country`: ISO 3166 code; whose phones those without a code are, whose tax numbers, whose days
    off. `currency`: ISO 4217 code, of amounts that name none; `rates`: what one of
    each other currency is in it, such as `EUR 98.5; USD 90`; `heading_units`: whether bare amounts
    under a heading such as "тыс. руб." are multiplied by what it says. `time_zone`: IANA name, of a
    local file; a Google spreadsheet has one of its own.
    """

    country: OpenText = ""
    currency: OpenText = ""
    rates: OpenText = ""
    heading_units: Literal["ask", "multiply", "as_they_stand"] = "ask"
    time_zone: OpenText = ""


class Leave(Frozen):
    """Days on which a manager is away, both included."""

    first: date
    last: date

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise ValueError(f"{self.last} is before {self.first}")
        return self


class Person(Frozen):
    """Whom messages are for. `address`: a messenger's, as apprise writes them."""

    name: str = ""
    email: str = ""
    address: str = ""


class Manager(Person):
    """A manager (METHOD points 7 and 12).

    `cap`: of their own; `ramp_cap`: until `ramp_until`, that day included.

    `substitute`: the name of who gets the warnings while they are away.
    """

    cap: int | None = Field(default=None, ge=0, le=100_000)
    ramp_cap: int | None = Field(default=None, ge=0, le=100_000)
    ramp_until: date | None = None
    leave: tuple[Leave, ...] = ()
    substitute: str = ""

    def away(self, day: date) -> bool:
        """Tell whether they are on leave that day."""
        return any(leave.first <= day <= leave.last for leave in self.leave)

    def limit(self, day: date, common: int) -> int:
        """Return how many companies their working list may hold that day.

        `common`: everybody's limit.
        """
        # A cap while they are new goes before one of their own, which is for the time after.
        if self.ramp_cap is not None and (
            self.ramp_until is None or day <= self.ramp_until
        ):
            return self.ramp_cap
        # Not `self.cap or common`: a cap of nought is one, and gives them no company.
        return common if self.cap is None else self.cap


class Deputy(Person):
    """Who has the rights of the head of sales from `first` to `last`, both days included.

    Nobody is one without both days.
    """

    first: date | None = None
    last: date | None = None

    def in_office(self, day: date) -> bool:
        """Tell whether they stand in for the head that day."""
        if self.first is None or self.last is None:
            return False
        return self.first <= day <= self.last


class Target(Frozen):
    """What is planned for a month (its first day).

    By a manager, or by all where no name is given.
    """

    month: date
    manager: str = ""
    amount: float | None = Field(default=None, ge=0)
    deals: int | None = Field(default=None, ge=0)
    taken: int | None = Field(default=None, ge=0)


class Notices(Frozen):
    """When messages go out.

    Hours as `HH:MM` in the book's zone, also on days off or not, an item again after so many days.
    """

    managers_at: str = Field(
        default="09:00", pattern=r"^([01]\d|2[0-3]):[0-5]\d$"
    )
    head_at: str = Field(default="09:30", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    on_days_off: bool = False
    repeat_days: int = Field(default=1, ge=1, le=366)


class Trial(Frozen):
    """The trial of the model (METHOD point 9): days in which no rule moves a row.

    `begins`: its first day, None: there is none; `days`: how many it has, that day included.
    """

    begins: date | None = None
    days: int = Field(default=40, ge=30, le=40)


class Review(Frozen):
    """The revision of actions (METHOD point 10).

    `actions`: how many of each manager's week the head is asked to score; 0: none.
    """

    actions: int = Field(default=5, ge=0, le=50)


class JournalKeeping(Frozen):
    """How the Journal is kept.

    `volumes`: which of its old lines go into one tab; `never`: none leave it.
    """

    volumes: Literal["quarter", "month", "never"] = "quarter"


class Safety(Frozen):
    """Limits beyond which a run stops and waits for a person.

    Shares are of the rows of the base. `free_moved_rows`: so many rows may move in one night
    whatever their share, as long as they are no more than half of the base. `max_unread_share` is
    of the rows of a tab, and stops the moves of those that turned unreadable alone.
    """

    max_moved_share: float = Field(gt=0, le=1)
    free_moved_rows: int = Field(default=25, ge=0)
    max_moved_rows: int = Field(ge=1)
    max_vanished_share: float = Field(gt=0, le=1)
    max_unread_share: float = Field(default=0.05, gt=0, le=1)
    min_rows_for_shares: int = Field(ge=1)


class MappedTab(Frozen):
    """A tab as the team says what it is: the code of a section, `mixed`, or None.

    Not to be touched.
    """

    title: str
    section: str | None


class MappedColumn(Frozen):
    """A heading of the team's and the fields its column holds; none: their own.

    `tab` "": in every tab.
    """

    heading: str
    fields: tuple[str, ...] = ()
    tab: str = ""


class Mapped(Frozen):
    """What the team's tabs and headings mean, as the Settings tab says it."""

    tabs: tuple[MappedTab, ...] = ()
    columns: tuple[MappedColumn, ...] = ()


class Spellings(Frozen):
    """How one language calls what the method knows, by code."""

    sections: dict[str, tuple[str, ...]]
    labels: dict[str, tuple[str, ...]]
    categories: dict[str, tuple[str, ...]]
    states: dict[str, tuple[str, ...]]
    reasons: dict[str, tuple[str, ...]]
    columns: dict[str, tuple[str, ...]]


class ForeignWords(Spellings):
    """A language that is read and never written: no base is laid out in it.

    `code`: as in ISO 639-1; `name`: as its speakers call it; `template`: the language of the
    program's own that its teams are answered in. Of headings: `beside` are words that say little
    beside another one; `others` are no field of the method; `like` mean now one thing and now
    another, as the English one does that each is put to.
    """

    code: str
    name: str
    template: str
    beside: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    like: dict[str, str] = Field(default_factory=dict)


class Words(Spellings):
    """One language's names: the first spelling is the one written, the others are understood."""

    locale: str
    time_zone: str
    date_format: str
    amount_format: str
    phone_region: str
    tabs: dict[str, str]

    def name(self, kind: str, code: str) -> str:
        """Return the word written for `code`, e.g. `name("states", "deal")`."""
        # No dictionary lists these: there are as many of them as a team has such tabs.
        if kind == "sections" and kind_of(code) == MIXED:
            return f"{self.tabs[MIXED]} {code.partition('.')[2]}".strip()
        spellings: dict[str, tuple[str, ...]] = getattr(self, kind)
        return spellings[code][0]

    @property
    def language(self) -> str:
        """The language's code: `ru` or `en`."""
        return self.locale.split("_")[0]
