"""What a company's name says of its form rather than of itself: legal forms, tails of partnerships.

Kept by hand. Of the lists on PyPI, cleanco 2.3 lacks more than half of these words, most Russian
and Kazakh ones among them; rigour 2.6, the fullest, lacks a quarter and needs PyICU, which pip has
to compile against the system's ICU. Neither knows the tails of partnerships.
"""

import re
from collections.abc import Sequence

_FORMS = """
    ооо оао зао пао ао нао одо ип чп уп чуп нпо рао гк нко ано тоо фгуп гуп муп кфх
    зат тов пат прат фоп
    ooo oao zao pao ao nao ip npo rao gk too
    инк инкорпорэйтед инкорпорейтед лтд лимитед корп корпорейшн
    llc llp lp ltd limited inc incorporated corp corporation company co plc
    gmbh ag kg ug se sa sas sarl srl spa bv nv oy oyj ab as asa aps pty pte
    jsc pjsc ojsc cjsc
"""
LEGAL_FORMS = frozenset(_FORMS.split())
"""Folded words that say nothing of whose name it is where they stand at its beginning or end."""

_SPELLED_OUT = re.compile(
    r"(?:общество|товарищество)\s+с\s+(?:ограниченной|дополнительной)\s+ответственностью"
    r"|(?:(?:открытое|закрытое|публичное|непубличное)\s+)?акционерное\s+общество"
    r"|индивидуальн\w+\s+предпринимател\w+"
    r"|научно-производственное\s+объединение|группа\s+компаний"
    r"|limited\s+liability\s+(?:company|partnership)|(?:public\s+)?joint[\s-]+stock\s+company"
    r"|group\s+of\s+companies"
)
_DOTTED = re.compile(r"\b(?:\w\.\s?){1,4}\w\b\.?")
_PARTNERS = re.compile(
    r"(?:&|\bи\b|\band\b)\s*(?:партн[её]р\w*|партн\b\.?|п-ры|partners?\b|ptnrs\b)"
)
_AND_CO = re.compile(
    r"(?:&|\bи\b|\band\b)\s*(?:ко?|co|company|компания)\b\.?\s*(?=\W*$)"
)


def without_phrases(text: str) -> str:
    """Take the forms of several words out of a name in lower case.

    Partners of every spelling become one word.
    """
    text = _DOTTED.sub(_undotted, _SPELLED_OUT.sub(" ", text))
    return _AND_CO.sub(" ", _PARTNERS.sub(" партнеры ", text))


def without_forms(words: Sequence[str]) -> tuple[str, ...]:
    """Strip legal forms from both ends; a name of nothing else is none."""
    left = 0
    right = len(words)
    while left < right and words[left] in LEGAL_FORMS:
        left += 1
    while right > left and words[right - 1] in LEGAL_FORMS:
        right -= 1
    return tuple(words[left:right])


def _undotted(match: re.Match[str]) -> str:
    """Write S.A. as SA, and leave initials apart."""
    joined = re.sub(r"\W", "", match[0])
    return joined if joined in LEGAL_FORMS else match[0]
