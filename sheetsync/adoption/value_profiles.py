"""What the values of a column look like: shares of dates, phones, e-mails, names and the like among a sample of them."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import pairwise

from stdnum.ru import inn

from sheetsync.method.policy import template
from sheetsync.method.vocabulary import DICTIONARIES, dictionary
from sheetsync.values import Cell, Vocabulary, clean, fold, reader

SAMPLE = 150
"""How many cells of a column are looked at."""

LONGEST = 300
"""Characters of a cell that are looked at."""

_PHONE = re.compile(
    r"(?:т|тел|моб|раб|ph|tel)?\.?:?\s*\+?[\d(][\d\s().\-–\u00a0]{5,22}(?:\s*(?:доб|ext|вн|x|#)\.?\s*\d{1,6})?",
    re.IGNORECASE,
)
_PHONE_IN = re.compile(
    r"(?<!\d)(?:\+\d{1,3}|8|7)?[\s(\-]*\d{3,4}[\s)\-]*\d{2,3}[\s-]?\d{2}[\s-]?\d{2}(?!\d)"
)
_EMAIL_IN = re.compile(r"[^@\s,;<>()]+@[^@\s,;<>()]+\.[^@\s,;<>().]{2,}")
_URL = re.compile(
    r"(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]+)*\.(?:ru|com|org|net|рф|io|kz|by|ua|su|biz|info)(?:/\S*)?",
    re.IGNORECASE,
)
_COMPANY = re.compile(
    r"(?:^|[\s,«\"(])(?:ООО|ОАО|ЗАО|ПАО|НАО|АО|ИП|НПО|НПП|РАО|ГК|ТОО|ЧП|ТД|УК|ФГУП|МУП|ГУП|НКО|АНО|ОсОО|ЧУП|КФХ|LLC|L\.L\.C|Inc|Ltd|Limited"
    r"|GmbH|Corp|Corporation|Company|Co|LLP|PLC|Group|Holdings?|Partners|S\.A|B\.V|Pty|Industries|Solutions|Групп|Лимитед)(?=$|[\s.,«»\")])|[«»]"
)
_NAME = r"[А-ЯЁA-Z][а-яёa-z’'`-]+(?:-[А-ЯЁA-Z][а-яёa-z]+)?"
_PERSON = re.compile(
    rf"(?:(?:тов|гр|г-н|г-жа|Mr|Mrs|Ms|Dr)\.?\s+)?{_NAME}(?:\s+(?:{_NAME}|[А-ЯЁA-Z]\.?)){{1,2}}|{_NAME}\s+[А-ЯЁA-Z]\.\s*[А-ЯЁA-Z]\.?|[А-ЯЁA-Z]\.\s*(?:[А-ЯЁA-Z]\.\s*)?{_NAME}"
)
_PATRONYMIC = re.compile(r"\b[А-ЯЁ][а-яё]+(?:вич|вна|чна|ьич|ична|кызы|оглы)\b")
_ROLE = re.compile(
    r"\b(?:директор|дир\.|гендир|руководитель|начальник|менеджер|закупщик|бухгалтер|снабженец|инженер|собственник|владелец|учредитель"
    r"|секретарь|специалист|заместитель|зам\.|ceo|cto|cfo|coo|director|manager|buyer|owner|founder|head|vp|president|accountant|engineer|purchasing|procurement|assistant|officer)\b",
    re.IGNORECASE,
)
_CITY = re.compile(
    r"(?:г\.|город|обл\.?|область|край)\s*\w+|\b\w+\s(?:область|край|обл)\b|москва|мск|спб|санкт-петербург|новосибирск|екатеринбург|казань|нижний новгород"
    r"|челябинск|самара|омск|ростов(?:-на-дону)?|уфа|красноярск|воронеж|пермь|волгоград|краснодар|саратов|тюмень|тольятти|ижевск|барнаул|иркутск|хабаровск"
    r"|ярославль|владивосток|томск|тула|рязань|пенза|липецк|киров|калуга|тверь|сочи|минск|алматы|астана|new york|london|chicago|boston|denver|seattle|austin"
    r"|dallas|houston|berlin|paris|los angeles|san francisco|toronto|dublin|sydney|miami|atlanta|phoenix|portland|manchester|leeds",
    re.IGNORECASE,
)
_STEP = re.compile(
    r"(?:пере|по)?(?:звонить|звон|набрать)|отправить|выслать|встреч|согласовать|подготовить|назначить|напомнить|уточнить|дожать|сделать|сходить|написать"
    r"|call|send|meet|follow|prepare|schedule|email|visit|remind|demo|check",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    r"сайт|выставка|рекомендац|холодн|реклама|яндекс|директ|авито|соцсет|звонок|website|referral|cold call|trade (?:fair|show)|google|linkedin|ads?|inbound|outbound|webinar|partner",
    re.IGNORECASE,
)
_ENUMERATED = re.compile(r"^\s*\d+\s*[.)\-:]\s*")
_SHARE = re.compile(r"\d{1,3}(?:[.,]\d+)?\s*%")
_ERROR = re.compile(r"#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|ERROR!|SPILL!|CALC!)")
_COUNTED, _TOWN, _CODE = 6, 7, re.compile(r"[A-Z]{0,3}[\d\- ]{6,15}", re.IGNORECASE)
_TAX, _WITHOUT_COUNTRY, _WITH_COUNTRY, _ABROAD = (9, 10, 11, 12), 10, 11, (12, 13)
"""Digits of tax numbers, with their leading zero and without, and of phones."""

_DAYS = (32874, 54789)
"""Serial days from 1990 to 2049: a whole number within may be a date."""


@dataclass(frozen=True)
class Shape:
    """A column's look: how many cells are filled, how many were looked at, the share of each trait among those."""

    filled: int = 0
    traits: Mapping[str, float] = field(default_factory=dict)
    distinct: float = 0.0
    kinds: int = 0
    length: float = 0.0

    def share(self, trait: str) -> float:
        """Return the share of cells with a trait."""
        return self.traits.get(trait, 0.0)


def blank(cell: Cell) -> bool:
    """Tell whether a cell says nothing: empty, spaces, an error, a formula without its value."""
    if cell is None:
        return True
    return isinstance(cell, str) and (
        not cell.strip() or cell[0] == "=" or _ERROR.fullmatch(cell.strip()) is not None
    )


def sample(cells: Sequence[Cell], size: int = SAMPLE) -> list[Cell]:
    """Take cells evenly from the whole length of a column."""
    if len(cells) <= size:
        return list(cells)
    return [cells[at * len(cells) // size] for at in range(size)]


def shape(cells: Iterable[Cell]) -> Shape:
    """Look at a column's cells."""
    filled = [cell for cell in cells if not blank(cell)]
    seen = sample(filled)
    if not seen:
        return Shape()
    found: Counter[str] = Counter()
    for cell in seen:
        found.update(traits(cell) if not isinstance(cell, bool) else ("boolean",))
    texts = Counter(fold(clean(cell)[:LONGEST]) for cell in seen)
    shares = {trait: count / len(seen) for trait, count in found.items()}
    shares["counter"] = _counter(seen)
    lengths = sum(len(clean(cell)) for cell in seen) / len(seen)
    return Shape(len(filled), shares, len(texts) / len(seen), len(texts), lengths)


def _counter(seen: Sequence[Cell]) -> float:
    """Return the share of steps up by a small even stride: 1, 2, 3 and so on."""
    texts = [clean(cell) for cell in seen]
    numbers = [
        int(text) for text in texts if text.isascii() and text.isdigit() and len(text) <= _COUNTED
    ]
    if len(numbers) < max(3, len(seen) * 0.9) or numbers[0] > 1000:  # noqa: PLR2004  # fewer show no order
        return 0.0
    steps = [after - before for before, after in pairwise(numbers)]
    usual = max(1, sorted(steps)[len(steps) // 2])
    if usual > 5:  # noqa: PLR2004  # these are sums that grow
        return 0.0
    return sum(0 < step <= usual + 1 for step in steps) / len(steps)


@lru_cache(maxsize=50_000)
def _traits_of_text(text: str) -> frozenset[str]:
    return frozenset(_text_traits(text))


def traits(cell: Cell) -> frozenset[str]:
    """Return what one cell looks like; it may look like several things at once."""
    return (
        _traits_of_text(cell[:LONGEST].strip()) if isinstance(cell, str) else _number_traits(cell)
    )


@lru_cache(maxsize=50_000)
def _number_traits(cell: Cell) -> frozenset[str]:
    text, number = clean(cell), float(cell or 0)
    found = {"number"}
    if _DAYS[0] <= number <= _DAYS[1]:
        found.add("date")
    if text.isascii() and text.isdigit():
        found |= _digits(text)
    if 0 < number <= 1:
        found.add("share")
    return frozenset(found | _words(text))


def _digits(text: str) -> set[str]:
    found = set()
    if len(text) in _TAX:
        found.add("long_number")
        if inn.is_valid(text.zfill(10 if len(text) in _TAX[:2] else 12)):
            found.add("tax_number")
    whole = len(text) == _WITH_COUNTRY and text[0] in "78"
    if (
        whole
        or len(text) in _ABROAD
        or (len(text) == _WITHOUT_COUNTRY and "tax_number" not in found)
    ):
        found.add("phone")
    return found


def _is_date(text: str) -> bool:
    read = reader("date", "RU", None)(text)
    return read.value is not None or (
        read.fault is not None and read.fault.code in ("no_such_day", "odd_year")
    )


def _text_traits(text: str) -> set[str]:
    plain = clean(text)
    digits = sum(sign.isdigit() for sign in plain)
    found = _words(plain)
    if digits:
        found |= _written_numbers(plain, digits)
    if "@" in plain and _EMAIL_IN.search(plain):
        found.add("has_email")
        if len(_EMAIL_IN.sub("", plain).strip(" ,;/")) <= 3:  # noqa: PLR2004  # nothing but addresses
            found.add("email")
    elif _URL.fullmatch(plain):
        found.add("url")
    return found | _wordy(plain, digits)


def _written_numbers(text: str, digits: int) -> set[str]:
    found = set()
    if _is_date(text):
        return {"date"}
    bare = re.sub(r"[ \-]", "", text.split("/", maxsplit=1)[0])
    if bare.isdigit() and bare.isascii() and bare == text.split("/", maxsplit=1)[0]:
        found |= _digits(bare)
    parts = [part.strip() for part in re.split(r"[,;/]|\n| или | or ", text) if part.strip()]
    if digits >= _TOWN and not text.isdigit() and parts and all(map(_PHONE.fullmatch, parts)):
        found.add("phone")
    if _CODE.fullmatch(text):
        found.add("code")
    if _PHONE_IN.search(text):
        found.add("has_phone")
        rest = _PHONE_IN.sub("", _EMAIL_IN.sub("", text))
        if re.search(
            r"[^\W\d_]{3,}",
            re.sub(r"(?i)\b(?:тел|моб|раб|доб|факс|ext|tel|phone|email|почта)\b", "", rest),
        ):
            found.add("named_phone")
    if _SHARE.fullmatch(text):
        found.add("share")
    elif (
        reader("amount", "RU", None)(text).value is not None
        and "phone" not in found
        and "tax_number" not in found
    ):
        found.add("amount" if not text.isdigit() or len(text) < 9 else "digits")  # noqa: PLR2004  # nobody sells for a billion
    return found


def _wordy(text: str, digits: int) -> set[str]:
    found = set()
    letters = sum(sign.isalpha() for sign in text)
    if letters > digits and letters:
        found.add("text")
    if _COMPANY.search(text):
        found.add("company")
    elif _PERSON.fullmatch(text):
        found.add("person")
    if _PATRONYMIC.search(text):
        found.add("patronymic")
    for trait, pattern in (("role", _ROLE), ("city", _CITY), ("step", _STEP), ("source", _SOURCE)):
        if len(text) <= 40 and (pattern.match(text) or (trait == "role" and pattern.search(text))):  # noqa: PLR2004  # longer ones are sentences
            found.add(trait)
    if len(text) > 40 or text.count(" ") >= 4:  # noqa: PLR2004  # a sentence
        found.add("sentence")
    return found


@cache
def vocabularies() -> Mapping[str, Vocabulary]:
    """Return the dictionaries of both languages, by the type of column."""
    return {kind: dictionary(template("ru"), kind) for kind in DICTIONARIES}


def _words(text: str) -> set[str]:
    folded = fold(_ENUMERATED.sub("", text))
    return {
        f"word:{kind}"
        for kind, known in vocabularies().items()
        if folded and folded in known.spellings
    }
