"""The words of decisions: what the dropdowns offer, and what people make of it.

A decision is read in every language, with or without the dropdown's exact words; what stands after a dash is its explanation.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sheetsync.i18n import Language, marked
from sheetsync.method.policy import Policy
from sheetsync.method.vocabulary import dictionary
from sheetsync.values import Cell, clean, fold

PUT_AWAY = ("strategic", "rework")
"""Sections to which a decision sends a company."""
DAYS = (3, 7, 14, 30)
"""Days by which the dropdown offers to move a deadline, as far as the policy allows that many; any other number may be typed."""

_EXPLAINED = re.compile(r"\s+[—–-]+\s+|\s*[;(]\s*|,\s+|\n+")
"""What parts a decision from its explanation."""
_TO, _REFUSE, _HAND, _WORK = (
    marked("to: {section}"),
    marked("refuse: {reason}"),
    marked("hand to: {name}"),
    marked("take into work"),
)
_MARKS = ' :,.!«»"“”'
_EXTEND = re.compile(
    r"(?P<stem>(?:продл\w*|extend)?\s*(?:еще)?\s*(?:на|by|for)?\s*(?:еще)?\s*\+?)\s*(?P<n>\d{1,4})\s*"
    r"(?:(?:раб\w*|календ\w*|working)\.?\s+)?(?P<unit>дн\w*|ден\w*|days?|недел\w*|weeks?)?\.?"
)
_GIVE = re.compile(r"(передать|отдать|hand|give)\b[\s:]*(to\b[\s:]*)?(?P<rest>.*)")
_NO = re.compile(r"(отказ(ать)?|refus\w*)\b[\s:,]*(?P<rest>.*)")
_GO = re.compile(
    r"(взять |берем |вернуть |take |bring |move |перенести |отправить |убрать |send )?(back )?(в раздел|в|into|to)\b[\s:]*(?P<rest>.+)"
)
_SHORT = {
    "working": ("работу", "work"),
    "strategic": ("архив", "стратегию", "стратегический", "strategic", "archive"),
    "rework": ("доработку", "проработку", "rework"),
}
"""What people call the sections besides the names that the policy knows."""


class Choice(NamedTuple):
    """What a decision says. `kind`: strategic, rework, work, refuse, hand, extend, or "" where it is not understood.

    `what`: the code of a reason, a name as typed, or a number of days; `note`: the explanation.
    """

    kind: str
    what: str = ""
    note: str = ""


def choices(policy: Policy, names: Iterable[str], spoken: Language) -> list[str]:
    """Return what a manager may decide: the words of the dropdown, in its order. `names`: to whom a company may go."""
    words, text = policy.words, spoken.text
    away = [text(_TO, section=words.name("sections", code)) for code in PUT_AWAY]
    refusals = [
        text(_REFUSE, reason=words.name("reasons", code)) for code in policy.codes("reasons")
    ]
    return [text(_WORK), *away, *refusals, *(text(_HAND, name=name) for name in names)]


def longer(policy: Policy, spoken: Language) -> list[str]:
    """Return what only the head of sales may decide: by how many days a deadline is moved, as far as the policy allows."""
    plural, most = spoken.plural, policy.time.extension_days if policy.time.extensions else 0
    return [
        plural("extend by {n} day", "extend by {n} days", days) for days in DAYS if days <= most
    ]


def understood(value: Cell, policy: Policy, people: Mapping[str, str]) -> Choice:
    """Read a decision as somebody typed or chose it. `people`: who may be named, by folded spelling."""
    whole, found = clean(value), Choice("")
    for said, note in _readings(whole):
        read = _read(said.casefold().replace("ё", "е"), policy)
        if read.kind == "hand" and fold(read.what) in people:
            return Choice("hand", people[fold(read.what)], note)
        if read.kind and read.kind != "hand":
            return read._replace(note=note)
        if read.kind:  # nobody's name, as it was typed
            found = read._replace(what=said.strip(_MARKS)[-len(read.what) :] if read.what else "")
    return found


def _readings(whole: str) -> Sequence[tuple[str, str]]:
    """Return a decision with all it says, then without its explanation: names and reasons may hold a dash themselves."""
    parted = _EXPLAINED.search(whole)
    if parted is None:
        return [(whole, "")]
    return [(whole, ""), (whole[: parted.start()], whole[parted.end() :].strip(" )"))]


def _read(said: str, policy: Policy) -> Choice:
    if longer_ := _EXTEND.fullmatch(said):
        unit = longer_["unit"] or ""
        days = int(longer_["n"]) * (7 if unit.startswith(("недел", "week")) else 1)
        return Choice("extend", str(days)) if days and (longer_["stem"] or unit) else Choice("")
    if hand := _GIVE.fullmatch(said):
        return Choice("hand", hand["rest"].strip(_MARKS))
    if (refusal := _NO.fullmatch(said)) and (
        found := _refusal(refusal["rest"].strip(_MARKS), policy)
    ) is not None:
        return found
    section = _section(said, policy)
    return Choice("work" if section == "working" else section if section in PUT_AWAY else "")


def _refusal(reason: str, policy: Policy) -> Choice | None:
    if not reason:
        return Choice("refuse")
    code = dictionary(policy, "reason").spellings.get(fold(reason))
    return Choice("refuse", code) if code else None


def _section(said: str, policy: Policy) -> str | None:
    """Return the section that a decision names, by its name or for short, after "to" or by itself."""
    goal = _GO.fullmatch(said)
    known = dictionary(policy, "section").spellings
    for name in (said, *([goal["rest"]] if goal else [])):
        bare = name.strip(_MARKS)
        short = next((code for code, words in _SHORT.items() if bare in words), None)
        if found := short or known.get(fold(bare)):
            return found
    return None
