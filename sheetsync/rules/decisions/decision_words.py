"""The words of decisions: what the dropdowns offer, and what is meant by what people type.

A decision is read in every language, with or without the dropdown's exact words; what stands after
a dash is its explanation. Whether it can be carried out is feasibility.py's.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple

from sheetsync.i18n import Language, marked
from sheetsync.method.codes import SectionCode
from sheetsync.method.policy import Policy
from sheetsync.method.vocabulary import dictionary
from sheetsync.rules.routing.routes import NOT_GIVEN
from sheetsync.values import Cell, clean, fold
from sheetsync.workbook.row_identity import is_id


class DecisionKind(StrEnum):
    """What is to become of a company."""

    STRATEGIC = "strategic"
    REWORK = "rework"
    WORK = "work"
    REFUSE = "refuse"
    HAND = "hand"
    EXTEND = "extend"
    SOLD = "sold"
    """It is sold, by the head's word."""
    SAME = "same"
    """It is the client of another row, and is joined to it."""
    NOT_UNDERSTOOD = ""
    CONTRADICTING = "several"
    """Several people have decided, and not the same."""


PUT_AWAY = (DecisionKind.STRATEGIC, DecisionKind.REWORK)
"""Decisions that send a company to the archive of their name."""
DAYS = (3, 7, 14, 30)
"""Days by which the dropdown offers to move a deadline, as far as the policy allows that many.

Any other number may be typed.
"""

_EXPLAINED = re.compile(r"\s+[—–-]+\s+|\s*[;(]\s*|,\s+|\n+")
"""What parts a decision from its explanation."""
_TO = marked("to: {section}")
_REFUSE = marked("refuse: {reason}")
_REWORK = marked("to rework: {reason}")
_HAND = marked("hand to: {name}")
_WORK = marked("take into work")
_SAME = marked("same as the row found")
_SOLD = marked("count as sold")
_SALE = re.compile(
    r"(?:count(?:ed)?\s+)?(?:as\s+)?(?:a\s+)?(?:sold|sale)"
    r"|(?:считать\s+)?(?:это\s+)?(?:продаж\w+|продан[оа]?)"
)
_MARKS = ' :,.!«»"“”'
_EXTEND = re.compile(
    r"(?P<stem>(?:продл\w*|extend)?\s*(?:еще)?\s*(?:на|by|for)?\s*(?:еще)?\s*\+?)"
    r"\s*(?P<n>\d{1,4})\s*"
    r"(?:(?:раб\w*|календ\w*|working)\.?\s+)?(?P<unit>дн\w*|ден\w*|days?|недел\w*|weeks?)?\.?"
)
_WEEKS = ("недел", "week")
_MANY = {
    **dict.fromkeys(("a", "an", "one", "один", "одну", "одна", ""), 1),
    **dict.fromkeys(("two", "a couple of", "две", "два", "пару"), 2),
    **dict.fromkeys(("three", "три"), 3),
    **dict.fromkeys(("four", "четыре"), 4),
}
"""Numbers as people write them beside a unit."""
_IN_WORDS = re.compile(
    r"(?:продл\w*|extend)?\s*(?:еще)?\s*(?:на|by|for)?\s*(?:еще)?\s*"
    rf"(?P<many>{'|'.join(sorted(filter(None, _MANY), key=len, reverse=True))})?\s*"
    r"(?P<unit>недел\w*|weeks?|месяц\w*|months?|день|дня|days?)\.?"
)
_MONTHS = ("месяц", "month")
_WEEKDAYS = (
    ("понедельник", "monday"),
    ("вторник", "tuesday"),
    ("сред", "wednesday"),
    ("четверг", "thursday"),
    ("пятниц", "friday"),
    ("суббот", "saturday"),
    ("воскресень", "sunday"),
)
_UNTIL = re.compile(
    r"(?:продл\w*|extend)?\s*(?:до|until|till|to)\s+(?P<day>\w+)\.?"
)
UNTIL_WEEKDAY = "weekday:"
"""What a decision begins with that gives time until a day of the week; its number follows."""
_GIVE = re.compile(
    r"(передать|отдать|hand|give)\b[\s:]*(to\b[\s:]*)?(?P<rest>.*)"
)
_JOIN = re.compile(
    r"(?:это\s+)?(?:дубль|дубликат|то\s+же\s*,?\s+что(?:\s+и)?|тот\s+же\s*,?\s+что(?:\s+и)?"
    r"|объединить\s+с|same\s+as|duplicate\s+of|join\s+(?:with|to)|merge\s+with)"
    r"(?:$|[\s:]+)(?:(?:строк\w*|the\s+row|row|id)\b[\s:]*)?(?P<rest>.*)"
)
_FOUND = (
    "",
    "found",
    "найденной строки",
    "найденной",
    "найденный",
    "найденная",
    "найденного",
)
"""What stands for the row that was found, in place of a row's name."""
_NO = re.compile(r"(отказ(ать)?|refus\w*)\b[\s:,]*(?P<rest>.*)")
_GO = re.compile(
    r"(взять |берем |вернуть |take |bring |move |перенести |отправить |убрать |send )?(back )?"
    r"(в раздел|в|into|to)\b[\s:]*(?P<rest>.+)"
)
_SHORT = {
    SectionCode.WORKING: ("работу", "work"),
    SectionCode.STRATEGIC: (
        "архив",
        "стратегию",
        "стратегический",
        "strategic",
        "archive",
    ),
    SectionCode.REWORK: ("доработку", "проработку", "rework"),
}
"""What people call the sections besides the names that the policy knows."""


class Decision(NamedTuple):
    """What an answer means.

    `what`: the code of a reason, a name as typed, a number of days (or `UNTIL_WEEKDAY` and the
    number of one, 0 for Monday), or the row that is the same, ""
    for the one that was found; `note`: the explanation.
    """

    kind: DecisionKind
    what: str = ""
    note: str = ""


NOT_UNDERSTOOD = Decision(DecisionKind.NOT_UNDERSTOOD)


def everybodys_words(
    policy: Policy, names: Iterable[str], language: Language
) -> list[str]:
    """Return the words of a manager's dropdown, in its order. `names`: to whom a company may go."""
    words = policy.words
    text = language.text
    offered = [text(_WORK)]
    strategic = words.name("sections", SectionCode.STRATEGIC)
    offered.append(text(_TO, section=strategic))
    for code in policy.codes("reasons"):
        # A refusal of people's has its reason.
        if code == NOT_GIVEN:
            continue
        # Whoever can be won back goes to rework, and the reason says why they are there.
        is_soft = policy.reason[code].section == SectionCode.REWORK
        phrase = _REWORK if is_soft else _REFUSE
        offered.append(text(phrase, reason=words.name("reasons", code)))
    offered += [text(_HAND, name=name) for name in names]
    return [*offered, text(_SAME)]


def heads_words(policy: Policy, language: Language) -> list[str]:
    """Return what only the head of sales may decide: by how many days a deadline is moved.

    As far as the policy allows; and that a company counts as sold.
    """
    most = policy.time.extension_days if policy.time.extensions else 0
    extensions = [
        language.plural("extend by {n} day", "extend by {n} days", days)
        for days in DAYS
        if days <= most
    ]
    return [*extensions, language.text(_SOLD)]


def read_decision(
    value: Cell, policy: Policy, people: Mapping[str, str]
) -> Decision:
    """Read a decision as somebody typed or chose it.

    `people`: who may be named, by folded spelling.
    """
    decision = NOT_UNDERSTOOD
    for words, note in _readings(clean(value)):
        read = _read(words.casefold().replace("ё", "е"), policy)
        if read.kind is DecisionKind.HAND and fold(read.what) not in people:
            # Nobody's name: it is told as it was typed.
            name = words.strip(_MARKS)[-len(read.what) :] if read.what else ""
            decision = read._replace(what=name)
        elif read.kind is DecisionKind.HAND:
            return Decision(DecisionKind.HAND, people[fold(read.what)], note)
        elif read.kind is not DecisionKind.NOT_UNDERSTOOD:
            return _with_reason(read._replace(note=note or read.note), policy)
    return decision


def _with_reason(decision: Decision, policy: Policy) -> Decision:
    """Take the reason of one who is put away from the explanation, where that says nothing else."""
    needs_reason = decision.kind in (DecisionKind.REWORK, DecisionKind.REFUSE)
    if not needs_reason or decision.what:
        return decision
    code = _reason(decision.note, policy)
    return decision._replace(what=code, note="") if code else decision


def _readings(whole: str) -> Iterator[tuple[str, str]]:
    """Go through what a decision may say: all of it, then without its explanation."""
    # All of it comes first, as names and reasons may hold a dash themselves.
    yield whole, ""
    parted = _EXPLAINED.search(whole)
    if parted is not None:
        yield whole[: parted.start()], whole[parted.end() :].strip(" )")


def _read(words: str, policy: Policy) -> Decision:
    """Read folded words, without their explanation."""
    longer = _EXTEND.fullmatch(words)
    if longer is not None:
        return _extension(longer)
    longer_in_words = _extension_in_words(words)
    if longer_in_words is not None:
        return longer_in_words
    if _SALE.fullmatch(words.strip(_MARKS)) is not None:
        return Decision(DecisionKind.SOLD)
    same = _JOIN.fullmatch(words)
    if same is not None:
        return _same_row(same["rest"].strip(_MARKS))
    hand = _GIVE.fullmatch(words)
    if hand is not None:
        return Decision(DecisionKind.HAND, hand["rest"].strip(_MARKS))
    no = _NO.fullmatch(words)
    refusal = None if no is None else _refusal(no["rest"].strip(_MARKS), policy)
    return refusal or _section_decision(words, policy)


def _extension(match: re.Match[str]) -> Decision:
    """Read so many days or weeks."""
    unit = match["unit"] or ""
    days = int(match["n"]) * (7 if unit.startswith(_WEEKS) else 1)
    # A bare number may mean anything: time is given only where somebody has said so.
    if not days or not (match["stem"] or unit):
        return NOT_UNDERSTOOD
    return Decision(DecisionKind.EXTEND, str(days))


def _extension_in_words(words: str) -> Decision | None:
    """Read “two weeks”, “for a month”, “until Friday”; None where it is no such thing."""
    spelt = _IN_WORDS.fullmatch(words)
    if spelt is not None:
        unit = spelt["unit"]
        days = _MANY[spelt["many"] or ""]
        if unit.startswith(_WEEKS):
            days *= 7
        elif unit.startswith(_MONTHS):
            days *= 30
        return Decision(DecisionKind.EXTEND, str(days))
    until = _UNTIL.fullmatch(words)
    if until is None:
        return None
    for number, names in enumerate(_WEEKDAYS):
        if until["day"].startswith(names):
            return Decision(DecisionKind.EXTEND, f"{UNTIL_WEEKDAY}{number}")
    return None


def _same_row(name: str) -> Decision:
    """Read which row is the same: by its id, its company, or as the one that was found."""
    if name in _FOUND:
        return Decision(DecisionKind.SAME)
    first, _, rest = name.partition(" ")
    if is_id(first.strip(_MARKS).upper()):
        note = rest.strip(_MARKS + "—–-;()")
        return Decision(DecisionKind.SAME, first.strip(_MARKS).upper(), note)
    return Decision(DecisionKind.SAME, name)


def _refusal(reason: str, policy: Policy) -> Decision | None:
    """Read a reason of refusal; None where it is none that is known."""
    if not reason:
        return Decision(DecisionKind.REFUSE)
    code = _reason(reason, policy)
    return Decision(DecisionKind.REFUSE, code) if code else None


def _reason(words: str, policy: Policy) -> str:
    """Return the code of a reason of refusal; "" where the words are none."""
    return dictionary(policy, "reason").spellings.get(fold(words), "")


def _section_decision(words: str, policy: Policy) -> Decision:
    section = _section(words, policy)
    if section == SectionCode.WORKING:
        return Decision(DecisionKind.WORK)
    if section in PUT_AWAY:
        return Decision(DecisionKind(section))
    return _rework_for_reason(words, policy)


def _rework_for_reason(words: str, policy: Policy) -> Decision:
    """Read “to rework: no money”: the reason stands behind the last colon."""
    place, colon, reason = words.rpartition(":")
    code = _reason(reason, policy) if colon else ""
    if code and _section(place, policy) == SectionCode.REWORK:
        return Decision(DecisionKind.REWORK, code)
    return NOT_UNDERSTOOD


def _section(words: str, policy: Policy) -> str | None:
    """Return the section that a decision names, in full or for short, after "to" or by itself."""
    known = dictionary(policy, "section").spellings
    for name in _named(words):
        short = next(
            (code for code, own in _SHORT.items() if name in own), None
        )
        section = short or known.get(fold(name))
        if section:
            return section
    return None


def _named(words: str) -> Iterator[str]:
    yield words.strip(_MARKS)
    goal = _GO.fullmatch(words)
    if goal is not None:
        yield goal["rest"].strip(_MARKS)
