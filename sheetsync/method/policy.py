"""The sales method as data.

Sections, states, labels, deadlines, routing, caps, columns and their words.

Read from `templates/`; what the rules mean for a row is the enforcer's business.
"""

import tomllib
from collections.abc import Sequence
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, ValidationError, model_validator

from sheetsync.errors import PolicyError
from sheetsync.method.terms import (
    MIXED,
    SPECIAL,
    Calendar,
    Cap,
    Column,
    Deputy,
    ForeignWords,
    Frozen,
    JournalKeeping,
    Label,
    Location,
    Manager,
    Mapped,
    Notices,
    Person,
    Reason,
    Review,
    Rule,
    Safety,
    Section,
    Spellings,
    State,
    Target,
    Time,
    Trial,
    Words,
)
from sheetsync.values import (
    Hint,
    Home,
    Vocabulary,
    rates_of,
    without_accents,
)


class Policy(Frozen):
    """The whole method, validated as one. Lookups by code are properties."""

    version: int
    sections: tuple[Section, ...]
    labels: tuple[Label, ...]
    categories: tuple[str, ...]
    states: tuple[State, ...]
    reasons: tuple[Reason, ...]
    cap: Cap
    time: Time
    calendar: Calendar = Calendar()
    location: Location = Location()
    safety: Safety
    repairs: bool
    split_one_tab: bool = True
    """Whether the rows of a tab of several sections are sent to the tabs of their sections.

    Else it is the working list, and rows leave it for the archives alone.
    """
    new_manager_rows: int = Field(default=3, ge=1, le=1000)
    """How many rows make a manager of a name that the Settings tab does not know."""
    on_expiry: tuple[Rule, ...]
    by_state: tuple[Rule, ...]
    columns: tuple[Column, ...]
    label_by: str = "amount"
    """What labels are told by.

    A field of the method, or the heading of a column of the team's own.
    """
    sale_proof: Literal["paid_on", "invoice_on", "state"] = "paid_on"
    """Which date proves a sale (METHOD point 6); `state`: the team keeps none, the state tells."""
    head: Person = Person()
    """The head of sales (METHOD point 0)."""
    deputy: Deputy = Deputy()
    """Who has the head's rights for some days (METHOD point 8)."""
    team: tuple[Manager, ...] = ()
    targets: tuple[Target, ...] = ()
    notices: Notices = Notices()
    trial: Trial = Trial()
    review: Review = Review()
    journal: JournalKeeping = JournalKeeping()
    words: Words
    other_words: tuple[Words, ...] = ()
    foreign_words: tuple[ForeignWords, ...] = ()
    """Languages that are read and never written."""
    mapped: Mapped = Mapped()
    hints: dict[str, Hint] = Field(default_factory=dict)
    """What all columns of a type tell together, by type, where a base was read."""
    managers: dict[str, str] = Field(default_factory=dict)
    """Spellings of managers' names, folded, and the name that each of them means."""

    @property
    def all_words(self) -> tuple[Words, ...]:
        """The words of every language that is understood, the book's own first."""
        return (self.words, *self.other_words)

    @property
    def region(self) -> str:
        """The base's country (ISO 3166), else the one that its language suggests."""
        return self.location.country or self.words.phone_region

    @cached_property
    def home(self) -> Home:
        """Where the base is at home, as values are read."""
        return Home(
            self.region,
            bool(self.location.country),
            self.location.currency,
            rates_of(self.location.rates) or (),
            self.hints,
        )

    @cached_property
    def days(self) -> Calendar:
        """The calendar that counts: of its own country, or of the base's."""
        country = self.calendar.country or self.region
        return self.calendar.model_copy(update={"country": country})

    @property
    def spellings(self) -> tuple[Spellings, ...]:
        """How all languages that are read call what the method knows, the book's own first."""
        return (*self.all_words, *self.foreign_words)

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

    @cached_property
    def laid_out_columns(self) -> tuple[Column, ...]:
        """The columns that a new tab is given, in their order."""
        return tuple(column for column in self.columns if column.laid_out)

    @cached_property
    def vocabularies(self) -> dict[str, Vocabulary]:
        """The dictionaries that have been built so far, by type of column (`vocabulary`)."""
        return {}

    @cached_property
    def member(self) -> dict[str, Manager]:
        """Managers of whom more than the name is known, by name."""
        return {manager.name: manager for manager in self.team}

    def limit(self, manager: str, day: date) -> int:
        """Return how many companies a manager's list may hold that day (METHOD points 7, 12)."""
        known = self.member.get(manager)
        return self.cap.max if known is None else known.limit(day, self.cap.max)

    def heads(self, day: date) -> tuple[Person, ...]:
        """Return who has the rights of the head of sales that day: the head, then the deputy."""
        if self.deputy.in_office(day):
            return (self.head, self.deputy)
        return (self.head,)

    def rank(self, section: str) -> tuple[int, str]:
        """Return where a section comes in the order of the method.

        Tabs of several sections come last.
        """
        codes = self.codes("sections")
        return (
            (codes.index(section), "")
            if section in codes
            else (len(codes), section)
        )

    def states_where(
        self, flag: Literal["in_work", "counts_to_cap", "clocked"]
    ) -> tuple[str, ...]:
        """Return the codes of the states for which `flag` holds."""
        return tuple(
            state.code for state in self.states if getattr(state, flag)
        )

    def codes(self, kind: str) -> tuple[str, ...]:
        """Return the codes of a dictionary of the method.

        `states`, `labels`, `categories`, `reasons`, `sections`.
        """
        # Categories have nothing but a code, so they stand there as codes.
        return tuple(
            getattr(entry, "code", entry) for entry in getattr(self, kind)
        )

    @model_validator(mode="after")
    def _codes_agree(self) -> Self:
        """Refuse rules that name what does not exist, all of them at once."""
        # All of them in one error, so that whoever mends a file need not try again for each.
        mistakes = [
            *self._unknown_in_rules(),
            *self._unknown_in_words(),
            *self._unknown_in_dictionaries(),
        ]
        if self.cap.min > self.cap.max:
            mistakes.append(
                f"cap: min {self.cap.min} is over max {self.cap.max}"
            )
        if mistakes:
            raise ValueError("; ".join(mistakes))
        return self

    def _unknown_in_dictionaries(self) -> list[str]:
        mistakes = []
        for state in self.states:
            for name in state.requires:
                if name not in self.column:
                    mistakes.append(f"state {state.code}: no column {name!r}")
        for reason in self.reasons:
            if reason.section not in self.section:
                mistakes.append(
                    f"reason {reason.code}: no section {reason.section!r}"
                )
        for state in self.states:
            for following in state.next:
                if following not in self.state:
                    mistakes.append(
                        f"state {state.code}: no next state {following!r}"
                    )
        return mistakes

    def _unknown_in_rules(self) -> list[str]:
        known: dict[str, set[str]] = {
            # Rules send the rows of a tab of several sections home, and send no row there.
            "section": {*self.section, MIXED},
            "state": {*self.state},
            "label": {*self.label},
            "reached": {*self.state},
        }
        mistakes = []
        for rule in (*self.on_expiry, *self.by_state):
            for key, codes in known.items():
                for code in getattr(rule.when, key) or ():
                    if code not in codes:
                        mistakes.append(f"rule {rule.name}: no {key} {code!r}")
            if rule.to not in (*SPECIAL, *self.section):
                mistakes.append(f"rule {rule.name}: no section {rule.to!r}")
            if rule.state is not None and rule.state not in self.state:
                mistakes.append(f"rule {rule.name}: no state {rule.state!r}")
            if rule.reason is not None and rule.reason not in self.reason:
                mistakes.append(f"rule {rule.name}: no reason {rule.reason!r}")
        return mistakes

    def _unknown_in_words(self) -> list[str]:
        mistakes = []
        # Only the book's own language is written; words that others lack are merely not understood.
        for kind in ("sections", "labels", "categories", "states", "reasons"):
            names = getattr(self.words, kind)
            for code in self.codes(kind):
                if not names.get(code):
                    mistakes.append(f"words: no name for {kind} {code!r}")
        for column in self.columns:
            if not self.words.columns.get(column.field):
                mistakes.append(f"words: no heading for {column.field!r}")
        return mistakes


def templates_folder() -> Path:
    """Return the folder of the templates."""
    # The wheel packs the templates into the package; a source tree has them beside it.
    package = Path(__file__).parent.parent
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PolicyError(
            f"{path.name}: {error}",
            fix="Mend the file, or take the one that came with the program.",
        ) from error


def build(
    method: dict[str, Any],
    words: dict[str, Any],
    *others: dict[str, Any],
    foreign: Sequence[dict[str, Any]] = (),
) -> Policy:
    """Validate the method and its words as one policy.

    `others`: words of the other languages that are written; `foreign`: of those that are only
    read. Every mistake is listed in one PolicyError.
    """
    try:
        return Policy.model_validate(
            {
                **method,
                "words": words,
                "other_words": others,
                "foreign_words": foreign,
            }
        )
    except ValidationError as error:
        lines = []
        for mistake in error.errors():
            # What the policy finds wrong as a whole has no place of its own.
            lines.append(
                f"{'.'.join(map(str, mistake['loc'])) or 'policy'}: {mistake['msg']}"
            )
        raise PolicyError(
            "\n".join(lines), fix="Mend each line above in the policy file."
        ) from error


@cache
def template(language: str) -> Policy:
    """Return the policy that ships with the program, in `ru` or `en`.

    Words of the others are understood too.
    """
    folder = templates_folder()
    method = _read(folder / "method.toml")
    others = []
    # Sorted, as of two meanings of a word the first counts, and a folder has no order of its own.
    for path in sorted(folder.glob("*/words.toml")):
        if path.parent.name != language:
            others.append(_read(path))
    words = _read(folder / language / "words.toml")
    return build(method, words, *others, foreign=_foreign_words())


@cache
def _foreign_words() -> tuple[dict[str, Any], ...]:
    files = sorted((templates_folder() / "foreign").glob("*.toml"))
    return tuple(map(_read_foreign, files))


def _read_foreign(path: Path) -> dict[str, Any]:
    """Read the words of a language that is only read, each with accents and without."""
    data = _read(path)
    for kind in Spellings.model_fields:
        for code, spellings in data.get(kind, {}).items():
            bare = map(without_accents, spellings)
            data[kind][code] = [*dict.fromkeys((*spellings, *bare))]
    return {**data, "code": path.stem}
