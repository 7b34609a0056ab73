"""The settings as one document: every number and word of the method as plain data; out of a policy, and back into one.

It is what the tab, the state tab and a policy file have in common. Codes stand for words, days are `2026-03-02`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sheetsync.i18n import Language, language, marked
from sheetsync.method.policy import Policy
from sheetsync.method.settings_tab.blocks import BLOCKS, DICTIONARIES, RULES, SCALARS
from sheetsync.method.settings_tab.cell_types import Plain
from sheetsync.method.settings_tab.scalars import SCALAR
from sheetsync.method.terms import Condition, Rule, State, Words
from sheetsync.values import fold

Line = Mapping[str, Plain]


class SettingsDocument(NamedTuple):
    """All settings: `scalars` by path, `lines` by block. `also` in a line: names that an entry bore before."""

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
    "refused_without_reason": marked("Several sections: a refusal without a reason"),
    "sorted_to_work": marked("Several sections: new or in work"),
    "assigned": marked("A new company has got a manager"),
}
"""The method's own rules, as people read them."""
_WHEN = tuple(Condition.model_fields)


def default(policy: Policy) -> SettingsDocument:
    """Return the settings that a policy stands for, in its own language; what is the team's own is left empty."""
    spoken = language(policy.words.language)
    lines: dict[str, Sequence[Line]] = {block.key: () for block in BLOCKS if block.key != SCALARS}
    for kind in DICTIONARIES:
        lines[kind] = tuple(_entry(kind, code, policy) for code in policy.codes(kind))
    for kind in RULES:
        lines[kind] = tuple(_rule(rule, spoken) for rule in getattr(policy, kind))
    return SettingsDocument({path: _at(policy, path) for path in SCALAR}, lines)


def _at(policy: Policy, path: str) -> Plain:
    found: Any = policy
    for name in path.split("."):
        found = getattr(found, name)
    return list(found) if isinstance(found, tuple) else (None if found == "" else found)


def _entry(kind: str, code: str, policy: Policy) -> Line:
    line: dict[str, Plain] = {"name": policy.words.name(kind, code)}
    if kind != "categories":
        found = {
            "sections": policy.section,
            "labels": policy.label,
            "reasons": policy.reason,
            "states": policy.state,
        }[kind][code]  # type: ignore[index]  # four dictionaries of one shape
        named = found.model_dump(exclude={"code", "archive"})
        line |= {
            name: list(value) or None if isinstance(value, tuple) else value
            for name, value in named.items()
        }
    return {**line, "code": code}


def _rule(rule: Rule, spoken: Language) -> Line:
    named = RULE_NAMES.get(rule.name)
    when = {name: getattr(rule.when, name) for name in _WHEN}
    return {
        "name": spoken.text(named) if named else rule.name,
        **{
            name: list(value) if isinstance(value, tuple) else value for name, value in when.items()
        },
        "to": rule.to,
        "set_state": rule.state,
        "set_reason": rule.reason,
        "code": rule.name,
    }


def policy_of(base: Policy, doc: SettingsDocument) -> Policy:
    """Return a policy with these settings. Raises pydantic's ValidationError where they do not agree."""
    made: dict[str, Any] = {name: getattr(base, name) for name in Policy.model_fields}
    for path, value in doc.scalars.items():
        _put(made, path, value)
    made |= {kind: _entries(kind, doc, base) for kind in DICTIONARIES}
    made |= {kind: tuple(_rule_of(line) for line in doc.lines[kind]) for kind in RULES}
    made["calendar"] = {**_dumped(made["calendar"]), **_days(doc.lines["days"])}
    made["team"] = _team(doc.lines["managers"])
    made["targets"] = tuple(
        {**line, "manager": line["manager"] or ""} for line in doc.lines["plan"]
    )
    made["words"] = _words(base.words, doc)
    made["other_words"] = tuple(_still(words, doc) for words in base.other_words)
    return Policy.model_validate(made)


def _dumped(value: Any) -> dict[str, Any]:
    return dict(value) if isinstance(value, dict) else dict(value.model_dump())


def _put(made: dict[str, Any], path: str, value: Plain) -> None:
    name, _, rest = path.partition(".")
    if not rest:
        made[name] = value
        return
    made[name] = {**_dumped(made[name]), rest: "" if value is None and name == "head" else value}


def _entries(kind: str, doc: SettingsDocument, base: Policy) -> tuple[Any, ...]:
    lines = doc.lines[kind]
    if kind == "categories":
        return tuple(str(line["code"]) for line in lines)
    if kind == "sections":
        return tuple(
            base.section[str(line["code"])].model_copy(update={"return_days": line["return_days"]})
            for line in lines
        )
    rest: list[dict[str, Any]] = [
        {name: value for name, value in line.items() if name not in ("name", "also")}
        for line in lines
    ]
    if kind == "states":
        rest = [
            {**line, **{name: line.get(name) or () for name in ("requires", "next")}}
            for line in rest
        ]
        return tuple(State.model_validate(line) for line in rest)
    return tuple(rest)


def _rule_of(line: Line) -> Rule:
    when = {
        name: tuple(found) if isinstance(found := line[name], list) else found for name in _WHEN
    }
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
    found: dict[str, set[Plain]] = {"off": set(), "worked": set()}
    for line in lines:
        day = line["day"]
        if isinstance(day, str):
            found[str(line["kind"])].add(day)
    return {"days_off": frozenset(found["off"]), "working_days": frozenset(found["worked"])}


def _team(lines: Iterable[Line]) -> tuple[Any, ...]:
    """Gather the lines of each manager: who they are from the first, leaves from all."""
    people: dict[str, dict[str, Any]] = {}
    for line in lines:
        names = ("name", "email", "address", "cap", "ramp_cap", "ramp_until", "substitute")
        known = {name: line.get(name) for name in names}
        known |= {name: known[name] or "" for name in ("email", "address", "substitute")}
        person = people.setdefault(fold(str(line["name"])), {**known, "leave": []})
        if line.get("leave_from") and line.get("leave_to"):
            person["leave"].append({"first": line["leave_from"], "last": line["leave_to"]})
    return tuple(people.values())


def spellings(words: Words, kind: str, lines: Sequence[Line]) -> dict[str, tuple[str, ...]]:
    """Return how each entry is written, then how else it may be: a name is nobody else's."""
    names = {fold(str(line["name"])): str(line["code"]) for line in reversed(lines)}
    known: Mapping[str, tuple[str, ...]] = getattr(words, kind)
    made = {}
    for line in lines:
        code, also = str(line["code"]), line.get("also")
        said = [str(line["name"]), *(also if isinstance(also, list) else ()), *known.get(code, ())]
        own = [str(word) for word in said if names.get(fold(str(word)), code) == code]
        made[code] = tuple(dict.fromkeys([str(line["name"]), *own]))
    return made


def _words(words: Words, doc: SettingsDocument) -> Words:
    return words.model_copy(
        update={kind: spellings(words, kind, doc.lines[kind]) for kind in DICTIONARIES}
    )


def _still(words: Words, doc: SettingsDocument) -> Words:
    """Return another language's words without those of entries that are gone."""
    there = {kind: {str(line["code"]) for line in doc.lines[kind]} for kind in DICTIONARIES}
    return words.model_copy(
        update={
            kind: {code: said for code, said in getattr(words, kind).items() if code in there[kind]}
            for kind in DICTIONARIES
        }
    )
