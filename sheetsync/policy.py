"""The sales method as data: sections, states, labels, deadlines, routing, caps, columns and their words.

Read from `templates/`; what the rules mean for a row is the enforcer's business.
"""

import tomllib
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from sheetsync.errors import PolicyError

FieldType = Literal[
    "text", "phone", "email", "tax_number", "date", "amount", "share", "integer", "flag",
    "state", "label", "category", "reason", "section", "manager",
]  # fmt: skip
Special = Literal["stay", "person", "reason", "chosen"]
SPECIAL: tuple[Special, ...] = ("stay", "person", "reason", "chosen")
MIXED = "mixed"
"""A tab whose rows belong in several sections: the state decides where each of them goes. A second such tab is `mixed.2`."""


def kind_of(section: str) -> str:
    """Return what kind of place a section is: `mixed` for every tab of several sections, else its own code."""
    return section.partition(".")[0]


class Frozen(BaseModel):
    """A value of the policy: immutable, and closed to names that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Section(Frozen):
    """A tab of the base (METHOD point 3). `return_days`: when an archived row is called again."""

    code: str
    archive: bool = False
    return_days: int | None = Field(default=None, ge=1, le=3660)


class Label(Frozen):
    """A client's size (METHOD point 4) and the days its work may take (point 8)."""

    code: str
    deadline_days: int = Field(ge=1, le=3660)


class State(Frozen):
    """A state (METHOD point 6). `clocked`: the work clock runs and may run out in it."""

    code: str
    in_work: bool = False
    counts_to_cap: bool = False
    clocked: bool = False
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
    assigned: bool | None = None


class Rule(Frozen):
    """One line of an ordered list of routes.

    `to` is a section's code or a special word: `stay`, `person` (report, do not move), `reason` (the refusal
    reason's section), `chosen` (the section in the manager's column "On expiry").
    """

    name: str
    when: Condition = Condition()
    to: str
    state: str | None = None
    reason: str | None = None


class Column(Frozen):
    """A column of the row. `asked`: wanted from the first day on. `width` in pixels."""

    field: str
    type: FieldType
    owner: Literal["team", "daemon"] = "team"
    asked: bool = False
    width: int = Field(default=100, ge=20, le=1000)


class Cap(Frozen):
    """The size of one manager's working list (METHOD point 7), in companies."""

    min: int = Field(ge=0)
    max: int = Field(ge=1)
    refill: Literal["off", "propose", "assign"]


class Time(Frozen):
    """The method's numbers of days (METHOD point 8)."""

    warn_days: tuple[int, ...]
    unlabelled_days: int = Field(ge=1)
    new_in_working_days: int = Field(ge=0)
    repeat_sale_days: int = Field(ge=1)
    hold_days: int = Field(ge=0)


class Safety(Frozen):
    """Limits beyond which a run stops and waits for a person. Shares are of the rows of the base."""

    max_moved_share: float = Field(gt=0, le=1)
    max_moved_rows: int = Field(ge=1)
    max_vanished_share: float = Field(gt=0, le=1)
    min_rows_for_shares: int = Field(ge=1)


class MappedTab(Frozen):
    """A tab as the team says what it is: the code of a section, `mixed`, or None: not to be touched."""

    title: str
    section: str | None


class MappedColumn(Frozen):
    """A heading of the team's and the fields its column holds; none: their own. `tab` "": in every tab."""

    heading: str
    fields: tuple[str, ...] = ()
    tab: str = ""


class Mapped(Frozen):
    """What the team's tabs and headings mean, as the Settings tab says it."""

    tabs: tuple[MappedTab, ...] = ()
    columns: tuple[MappedColumn, ...] = ()


class Words(Frozen):
    """One language's names: the first spelling is the one written, the others are understood."""

    locale: str
    time_zone: str
    date_format: str
    amount_format: str
    phone_region: str
    sections: dict[str, tuple[str, ...]]
    labels: dict[str, tuple[str, ...]]
    categories: dict[str, tuple[str, ...]]
    states: dict[str, tuple[str, ...]]
    reasons: dict[str, tuple[str, ...]]
    columns: dict[str, tuple[str, ...]]
    tabs: dict[str, str]

    def name(self, kind: str, code: str) -> str:
        """Return the word written for `code`, e.g. `name("states", "deal")`."""
        if kind == "sections" and kind_of(code) == MIXED:
            return f"{self.tabs[MIXED]} {code.partition('.')[2]}".strip()
        spellings: dict[str, tuple[str, ...]] = getattr(self, kind)
        return spellings[code][0]

    @property
    def language(self) -> str:
        """The language's code: `ru` or `en`."""
        return self.locale.split("_")[0]


class Policy(Frozen):
    """The whole method, validated as one. Lookups by code are properties."""

    version: int
    sections: tuple[Section, ...]
    labels: tuple[Label, ...]
    categories: tuple[str, ...]
    states: tuple[State, ...]
    new_next: tuple[str, ...]
    reasons: tuple[Reason, ...]
    cap: Cap
    time: Time
    safety: Safety
    repairs: bool
    on_expiry: tuple[Rule, ...]
    by_state: tuple[Rule, ...]
    columns: tuple[Column, ...]
    words: Words
    other_words: tuple[Words, ...] = ()
    mapped: Mapped = Mapped()
    managers: dict[str, str] = Field(default_factory=dict)
    """Spellings of managers' names, folded, and the name that each of them means."""

    @cached_property
    def section(self) -> dict[str, Section]:
        """Sections by code."""
        return {section.code: section for section in self.sections}

    @cached_property
    def state(self) -> dict[str, State]:
        """States by code, in the order of the funnel."""
        return {state.code: state for state in self.states}

    @cached_property
    def label(self) -> dict[str, Label]:
        """Labels by code."""
        return {label.code: label for label in self.labels}

    @cached_property
    def reason(self) -> dict[str, Reason]:
        """Reasons of refusal by code."""
        return {reason.code: reason for reason in self.reasons}

    @cached_property
    def column(self) -> dict[str, Column]:
        """Columns by field."""
        return {column.field: column for column in self.columns}

    def rank(self, section: str) -> tuple[int, str]:
        """Return where a section comes in the order of the method; tabs of several sections come last."""
        codes = self.codes("sections")
        return (codes.index(section), "") if section in codes else (len(codes), section)

    def states_where(self, flag: Literal["in_work", "counts_to_cap", "clocked"]) -> tuple[str, ...]:
        """Return the codes of the states for which `flag` holds."""
        return tuple(state.code for state in self.states if getattr(state, flag))

    def codes(self, kind: str) -> tuple[str, ...]:
        """Return the codes of a dictionary of the method: `states`, `labels`, `categories`, `reasons`, `sections`."""
        return tuple(getattr(entry, "code", entry) for entry in getattr(self, kind))

    @model_validator(mode="after")
    def _codes_agree(self) -> Self:
        """Refuse rules that name what does not exist, all of them at once."""
        mistakes = [*self._unknown_in_rules(), *self._unknown_in_words()]
        mistakes += [
            f"state {s.code}: no column {f!r}" for s in self.states for f in s.requires if f not in self.column
        ]
        mistakes += [
            f"reason {r.code}: no section {r.section!r}" for r in self.reasons if r.section not in self.section
        ]
        mistakes += [f"state {s.code}: no next state {n!r}" for s in self.states for n in s.next if n not in self.state]
        mistakes += [f"new_next: no state {n!r}" for n in self.new_next if n not in self.state]
        if self.cap.min > self.cap.max:
            mistakes.append(f"cap: min {self.cap.min} is over max {self.cap.max}")
        if mistakes:
            raise ValueError("; ".join(mistakes))
        return self

    def _unknown_in_rules(self) -> list[str]:
        known: dict[str, set[str]] = {
            "section": {*self.section, MIXED}, "state": {*self.state}, "label": {*self.label}, "reached": {*self.state},
        }  # fmt: skip
        mistakes = []
        for rule in (*self.on_expiry, *self.by_state):
            named = {key: getattr(rule.when, key) or () for key in known}
            mistakes += [
                f"rule {rule.name}: no {key} {code!r}"
                for key, codes in named.items()
                for code in codes
                if code not in known[key]
            ]
            if rule.to not in (*SPECIAL, *self.section):
                mistakes.append(f"rule {rule.name}: no section {rule.to!r}")
            if rule.state is not None and rule.state not in self.state:
                mistakes.append(f"rule {rule.name}: no state {rule.state!r}")
            if rule.reason is not None and rule.reason not in self.reason:
                mistakes.append(f"rule {rule.name}: no reason {rule.reason!r}")
        return mistakes

    def _unknown_in_words(self) -> list[str]:
        mistakes = []
        for kind in ("sections", "labels", "categories", "states", "reasons"):
            spoken = getattr(self.words, kind)
            mistakes += [f"words: no name for {kind} {code!r}" for code in self.codes(kind) if not spoken.get(code)]
        return mistakes + [
            f"words: no heading for {c.field!r}" for c in self.columns if not self.words.columns.get(c.field)
        ]


def templates_folder() -> Path:
    """Return the folder of the templates: inside an installed package, or beside it in a source tree."""
    package = Path(__file__).parent
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PolicyError(
            f"{path.name}: {error}", fix="Mend the file, or take the one that came with the program."
        ) from error


def build(method: dict[str, Any], words: dict[str, Any], *others: dict[str, Any]) -> Policy:
    """Validate the method and its words as one policy; every mistake is listed in one PolicyError."""
    try:
        return Policy.model_validate({**method, "words": words, "other_words": others})
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, mistake['loc'])) or 'policy'}: {mistake['msg']}" for mistake in error.errors()]
        raise PolicyError("\n".join(lines), fix="Mend each line above in the policy file.") from error


@cache
def template(language: str) -> Policy:
    """Return the policy that ships with the program, in `ru` or `en`; words of the others are understood too."""
    folder = templates_folder()
    method = _read(folder / "method.toml")
    others = [_read(path) for path in sorted(folder.glob("*/words.toml")) if path.parent.name != language]
    return build(method, _read(folder / language / "words.toml"), *others)
