"""The settings as one document: every number and word of the method as plain data.

Out of a policy, and back into one. It is what the tab, the state tab and a policy file have in
common: three ways to write it, and one reading (`read`) with one set of checks serves all. Codes
stand for words, days are `2026-03-02`.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, TypeVar

from sheetsync.i18n import Language, language, marked
from sheetsync.method.policy import Policy
from sheetsync.method.settings_tab.blocks import (
    BLOCKS,
    DICTIONARIES,
    RULES,
    SCALARS,
)
from sheetsync.method.settings_tab.cell_types import Plain
from sheetsync.method.settings_tab.scalars import SCALAR
from sheetsync.method.terms import (
    Condition,
    Frozen,
    Person,
    Rule,
    Section,
    Spellings,
    State,
    Words,
)
from sheetsync.values import fold

Line = Mapping[str, Plain]
Spelt = TypeVar("Spelt", bound=Spellings)


class SettingsDocument(NamedTuple):
    """All settings: `scalars` by path, `lines` by block.

    `also` in a line: names that an entry bore before.
    """

    scalars: Mapping[str, Plain]
    lines: Mapping[str, Sequence[Line]]


RULE_NAMES = {
    "expired_off_profile": marked("Time is up: off profile"),
    "expired_chosen": marked("Time is up: as the manager chose"),
    "expired_warm": marked("Time is up: the offer was discussed"),
    "expired": marked("Time is up: all others"),
    "client_with_refusal": marked("A client with a reason of refusal"),
    "deal_without_amount": marked("A deal without an amount"),
    "repeat_sale": marked("A repeat sale stays with the clients"),
    "refused_off_profile": marked("A refusal of one off profile"),
    "refused": marked("A refusal, by its reason"),
    "reserved": marked("Put into the strategic reserve"),
    "became_client": marked("Has become a client"),
    "to_call_round": marked("To be called again"),
    "work_in_hard_refusal": marked("Work with a hard refusal"),
    "back_to_work": marked("Back to work out of an archive"),
    "taken_to_work": marked("Taken to work out of the call base"),
    "new_without_manager": marked("Several sections: new, without a manager"),
    "refused_without_reason": marked(
        "Several sections: a refusal without a reason"
    ),
    "sorted_to_work": marked("Several sections: new or in work"),
    "assigned": marked("A new company has got a manager"),
}
"""The method's own rules, as people read them."""
_WHEN = tuple(Condition.model_fields)
_SAID_ONCE = (
    "name",
    "email",
    "address",
    "cap",
    "ramp_cap",
    "ramp_until",
    "substitute",
)
"""What is said of a manager once, on the first line; further lines add leaves."""
_OPEN_TEXTS = frozenset(
    f"{person}.{name}"
    for person in ("head", "deputy")
    for name in Person.model_fields
)
"""Single settings that are texts which may be empty; nothing else is written as one."""


def default(policy: Policy) -> SettingsDocument:
    """Return the settings that a policy stands for; what is the team's own is left empty."""
    own_language = language(policy.words.language)
    lines: dict[str, tuple[Line, ...]] = {
        block.key: () for block in BLOCKS if block.key != SCALARS
    }
    for kind in DICTIONARIES:
        lines[kind] = tuple(
            _entry(kind, code, policy) for code in policy.codes(kind)
        )
    for kind in RULES:
        lines[kind] = tuple(
            _rule(rule, own_language) for rule in getattr(policy, kind)
        )
    return SettingsDocument(
        {path: _scalar(policy, path) for path in SCALAR}, lines
    )


def _scalar(policy: Policy, path: str) -> Plain:
    value: Any = policy
    for name in path.split("."):
        value = getattr(value, name)
    # A cell cannot tell an empty text from nothing.
    if value == "":
        return None
    if isinstance(value, date):
        return value.isoformat()
    return _plain(value)


def _plain(value: Any) -> Plain:
    """Return a field of the policy as it is kept: a list where it is a tuple."""
    plain: Plain = list(value) if isinstance(value, tuple) else value
    return plain


def _entry(kind: str, code: str, policy: Policy) -> Line:
    line: dict[str, Plain] = {"name": policy.words.name(kind, code)}
    dictionaries: dict[str, Mapping[str, Frozen]] = {
        "sections": policy.section,
        "labels": policy.label,
        "reasons": policy.reason,
        "states": policy.state,
    }
    if kind in dictionaries:
        # What is an archive is the method's own: no setting can turn a section into one.
        fields = dictionaries[kind][code].model_dump(
            exclude={"code", "archive"}
        )
        for name, value in fields.items():
            line[name] = None if value == () else _plain(value)
    return {**line, "code": code}


def _rule(rule: Rule, own_language: Language) -> Line:
    sentence = RULE_NAMES.get(rule.name)
    conditions = {name: _plain(getattr(rule.when, name)) for name in _WHEN}
    return {
        "name": own_language.text(sentence) if sentence else rule.name,
        **conditions,
        "to": rule.to,
        "set_state": rule.state,
        "set_reason": rule.reason,
        "code": rule.name,
    }


def policy_of(base: Policy, doc: SettingsDocument) -> Policy:
    """Return a policy with these settings.

    Raises pydantic's ValidationError where they disagree.
    """
    fields: dict[str, Any] = {
        name: getattr(base, name) for name in Policy.model_fields
    }
    for path, value in doc.scalars.items():
        _put(fields, path, value)
    for kind in DICTIONARIES:
        fields[kind] = _entries(kind, doc, base)
    for kind in RULES:
        fields[kind] = tuple(_rule_of(line) for line in doc.lines[kind])
    fields["calendar"] = {
        **_dumped(fields["calendar"]),
        **_days(doc.lines["days"]),
    }
    fields["team"] = _team(doc.lines["managers"])
    plan = doc.lines["plan"]
    fields["targets"] = tuple(
        {**line, "manager": line["manager"] or ""} for line in plan
    )
    fields["words"] = _words(base.words, doc)
    fields["other_words"] = tuple(
        _words_that_stay(words, doc) for words in base.other_words
    )
    fields["foreign_words"] = tuple(
        _words_that_stay(words, doc) for words in base.foreign_words
    )
    # Validated anew, as sound cells may contradict each other.
    return Policy.model_validate(fields)


def _dumped(value: Any) -> dict[str, Any]:
    return dict(value) if isinstance(value, dict) else dict(value.model_dump())


def _put(fields: dict[str, Any], path: str, value: Plain) -> None:
    """Set a single setting at its place in the policy."""
    name, _, rest = path.partition(".")
    if not rest:
        fields[name] = value
        return
    empty_text = value is None and path in _OPEN_TEXTS
    fields[name] = {**_dumped(fields[name]), rest: "" if empty_text else value}


def _entries(kind: str, doc: SettingsDocument, base: Policy) -> tuple[Any, ...]:
    lines = doc.lines[kind]
    if kind == "categories":
        return tuple(str(line["code"]) for line in lines)
    if kind == "sections":
        return tuple(_section(line, base) for line in lines)
    if kind == "states":
        return tuple(_state(line) for line in lines)
    return tuple(_without_names(line) for line in lines)


def _section(line: Line, base: Policy) -> Section:
    section = base.section[str(line["code"])]
    return section.model_copy(update={"return_days": line["return_days"]})


def _state(line: Line) -> State:
    lists = {name: line.get(name) or () for name in ("requires", "next")}
    return State.model_validate({**_without_names(line), **lists})


def _without_names(line: Line) -> dict[str, Any]:
    return {
        name: value
        for name, value in line.items()
        if name not in ("name", "also")
    }


def _rule_of(line: Line) -> Rule:
    when = {}
    for name in _WHEN:
        value = line[name]
        when[name] = tuple(value) if isinstance(value, list) else value
    return Rule.model_validate(
        {
            "name": line["code"],
            "when": when,
            "to": line["to"],
            "state": line["set_state"],
            "reason": line["set_reason"],
        }
    )


def _days(lines: Iterable[Line]) -> dict[str, Any]:
    by_kind: dict[str, set[Plain]] = {"off": set(), "worked": set()}
    for line in lines:
        day = line["day"]
        if isinstance(day, str):
            by_kind[str(line["kind"])].add(day)
    return {
        "days_off": frozenset(by_kind["off"]),
        "working_days": frozenset(by_kind["worked"]),
    }


def _team(lines: Iterable[Line]) -> tuple[Any, ...]:
    """Gather the lines of each manager: who they are from the first, leaves from all."""
    people: dict[str, dict[str, Any]] = {}
    for line in lines:
        person = people.setdefault(fold(str(line["name"])), _person(line))
        if line.get("leave_from") and line.get("leave_to"):
            person["leave"].append(
                {"first": line["leave_from"], "last": line["leave_to"]}
            )
    return tuple(people.values())


def _person(line: Line) -> dict[str, Any]:
    person: dict[str, Any] = {name: line.get(name) for name in _SAID_ONCE}
    for name in ("email", "address", "substitute"):
        person[name] = person[name] or ""
    return {**person, "leave": []}


def spellings(
    words: Words, kind: str, lines: Sequence[Line]
) -> dict[str, tuple[str, ...]]:
    """Return how each entry is written, then how else it may be: a name is nobody else's."""
    # Read from the end, so that of two lines of one name the first owns it.
    owners = {
        fold(str(line["name"])): str(line["code"]) for line in reversed(lines)
    }
    known: Mapping[str, tuple[str, ...]] = getattr(words, kind)
    by_code = {}
    for line in lines:
        code = str(line["code"])
        name = str(line["name"])
        also = line.get("also")
        former = map(str, also) if isinstance(also, list) else ()
        candidates = [name, *former, *known.get(code, ())]
        # A name takes its word from the entry that it meant before.
        own = [
            word for word in candidates if owners.get(fold(word), code) == code
        ]
        by_code[code] = tuple(dict.fromkeys([name, *own]))
    return by_code


def _words(words: Words, doc: SettingsDocument) -> Words:
    update = {
        kind: spellings(words, kind, doc.lines[kind]) for kind in DICTIONARIES
    }
    return words.model_copy(update=update)


def _words_that_stay(words: Spelt, doc: SettingsDocument) -> Spelt:
    """Return another language's words without those of entries that are gone."""
    update = {}
    for kind in DICTIONARIES:
        # A word of an entry that is gone would be read as a code that the policy does not have.
        codes = {str(line["code"]) for line in doc.lines[kind]}
        known: Mapping[str, tuple[str, ...]] = getattr(words, kind)
        update[kind] = {code: known[code] for code in known if code in codes}
    return words.model_copy(update=update)
