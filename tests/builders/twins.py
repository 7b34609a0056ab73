"""A labelled base for the search for duplicates: clients in two languages, planted duplicates, and traps that are none.

Made of real words and of ways in which people write a name a second time; the same in every run.
"""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from sheetsync.workbook.snapshot import Snapshot
from tests.builders.firm_words import (
    COMPOUNDS,
    EN_FIRST,
    EN_SECOND,
    LATIN,
    OTHER_LATIN,
    PERSONS,
    RU_FIRST,
    RU_SECOND,
    SHORT,
    SURNAMES,
)

Row = dict[str, Any]
CLIENTS, EACH = 2400, 50

_CITIES = "Казань Самара Тверь Омск Пермь Уфа Сочи Рязань Москва Воронеж".split()  # noqa: SIM905  # a list of words reads best as words
_FORMS = ("ООО «{}»", 'ООО "{}"', "АО «{}»", "ЗАО «{}»", "{}", "ПАО «{}»")
_EN_FORMS = ("{} LLC", "{}, Inc.", "{} Ltd", "{}", "{} Corp.")


def words(text: str) -> list[str]:
    """Return the words of a list."""
    return text.split()


def bare(company: str) -> str:
    """Take the legal form off, as a person would who types the name only."""
    inside = re.search(r"[«\"](.+)[»\"]", company)
    return inside[1] if inside else re.sub(r",? (LLC|Inc\.|Ltd|Corp\.)$", "", company)


def latin(text: str, table: dict[str, str]) -> str:
    """Write a Russian name in Latin letters."""
    return "".join(
        table.get(sign.lower(), sign).capitalize() if sign.isupper() else table.get(sign, sign)
        for sign in text
    )


@dataclass
class Maker:
    """Makes rows; `pairs` holds kind -> the planted couples, `traps` the couples that must not be paired."""

    chance: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311  # sample data, not secrets
    rows: list[Row] = field(default_factory=list)
    pairs: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    traps: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    free: list[int] = field(default_factory=list)

    def add(self, company: str, **cells: str | None) -> int:
        """Add a row with contacts of its own, unless they are given."""
        number = len(self.rows)
        host = self.chance.choice(
            ("mail.ru", "gmail.com", "yandex.ru", "example.com", f"site{number}.ru", None)
        )
        own = {
            "tax_number": f"{self.chance.randrange(10**9, 10**10)}",
            "phone": f"+7{self.chance.choice((495, 812, 912, 926))}{self.chance.randrange(10**7):07}",
            "email": f"{self.chance.choice(('info', 'sales', 'office', 'zakaz'))}{number}@{host}"
            if host
            else None,
        }
        self.rows.append(
            {"section": "working", "row": number + 2, "company": company, **own, **cells}
        )
        return number

    def name(self) -> str:
        """Return a name that nobody has yet."""
        while True:
            made = self._name()
            known = " ".join(
                sorted(re.split("[ -]", made))
            )  # Фролов и Морозов are Морозов и Фролов
            if known not in self.taken:
                self.taken.add(known)
                return made

    def _name(self) -> str:
        pick, dice = self.chance.choice, self.chance.random()
        if dice < 0.35:
            return pick(words(EN_FIRST)) + " " + pick(words(EN_SECOND))
        if dice < 0.65:
            return pick(words(RU_FIRST)) + pick(("-", " ", " ")) + pick(words(RU_SECOND))
        if dice < 0.85:
            return (
                pick(words(RU_SECOND))
                + pick(words(RU_FIRST)).lower()
                + pick(("", "", " Групп", " Плюс"))
            )
        if dice < 0.93:
            return pick(words(SURNAMES)) + " и " + pick(words(SURNAMES))
        return pick(words(SURNAMES)) + " и партнёры"

    def formed(self, name: str) -> str:
        """Write a name with a legal form, or without."""
        russian = re.search("[а-яё]", name.lower())
        return self.chance.choice(_FORMS if russian else _EN_FORMS).format(name)

    def clients(self) -> None:
        """Add the clients of which duplicates are planted; every third has no tax number."""
        for _ in range(CLIENTS):
            name = self.name()
            tax = {} if self.chance.random() < 0.67 else {"tax_number": None}
            self.free.append(self.add(self.formed(name), **tax))
        self.chance.shuffle(self.free)

    def client(self, fits: Callable[[str], bool]) -> int:
        """Take a client whose bare name fits, and that has no duplicate yet."""
        at = next(at for at in self.free if fits(bare(self.rows[at]["company"])))
        self.free.remove(at)
        return at

    def typo(self, name: str) -> str:
        """Lose, double, swap or change one letter inside a word."""
        at = self.chance.choice(
            [n for n in range(1, len(name) - 1) if name[n - 1 : n + 2].isalpha()]
        )
        letter = self.chance.choice("оаеинтср" if re.search("[а-я]", name) else "oaeintsr")
        return self.chance.choice(
            (
                name[:at] + name[at + 1 :],
                name[:at] + name[at] + name[at:],
                name[:at] + name[at + 1] + name[at] + name[at + 2 :],
                name[:at] + letter + name[at + 1 :],
            )
        )

    def swapped(self, name: str) -> str:
        """Write the words the other way round."""
        return " ".join(reversed(re.split("[ -]", name)))

    def reformed(self, name: str) -> str:
        """Give a name a legal form of another kind."""
        long = (
            "Общество с ограниченной ответственностью «{}»",
            "Акционерное общество «{}»",
            "{} (ООО)",
            "ИП {}",
        )
        return self.chance.choice(
            long if re.search("[а-я]", name) else ("{} GmbH", "{} B.V.", "{} S.A.")
        ).format(name)

    def recased(self, name: str) -> str:
        """Write a name in another case, with other quotes and without ё."""
        changed = (
            self.chance.choice((str.upper, str.lower))(name).replace("ё", "е").replace("Ё", "Е")
        )
        return self.chance.choice(("ооо '{}'", "„{}“", "{}", " {}. ")).format(changed)

    def abbreviated(self, name: str) -> str:
        """Write the partners shorter."""
        return name.replace(
            "и партнёры", self.chance.choice(("и партн.", "& partners", "и Партнеры", "и п-ры"))
        )

    def plant(
        self,
        kind: str,
        fits: Callable[[str], bool],
        again: Callable[[str], str],
        *same: str,
        **cells: Any,
    ) -> None:
        """Plant duplicates: `again` writes the name a second time; the fields named in `same` are the first's."""
        for _ in range(EACH):
            first = self.client(fits)
            kept = {name: self.rows[first][name] for name in same}
            name = again(bare(self.rows[first]["company"]))
            second = self.add(name, **{"tax_number": None, **cells, **kept})
            self.pairs.setdefault(kind, []).append((first, second))

    def trap(self, kind: str, left: Row, right: Row) -> None:
        """Set a trap: two rows that look alike and are two clients."""
        self.traps.setdefault(kind, []).append((self.add(**left), self.add(**right)))


def duplicates(make: Maker) -> None:
    """Plant duplicates of every kind."""
    russian, several = re.compile("[а-яё]", re.IGNORECASE), re.compile(r"^[^ -]+[ -][^ -]+$")

    def any_name(_: str) -> bool:
        return True

    make.plant("partners abbreviated", lambda name: name.endswith("партнёры"), make.abbreviated)
    make.plant("one letter wrong", any_name, make.typo)
    make.plant(
        "in Latin letters", lambda name: bool(russian.search(name)), lambda name: latin(name, LATIN)
    )
    make.plant(
        "in other Latin letters",
        lambda name: bool(russian.search(name)),
        lambda name: latin(name, OTHER_LATIN),
    )
    make.plant("words swapped", lambda name: bool(several.search(name)), make.swapped)
    make.plant(
        "a space missing",
        lambda name: bool(several.search(name)),
        lambda name: re.sub("[ -]", "", name),
    )
    make.plant("another legal form", any_name, make.reformed)
    make.plant("case, quotes, ё", any_name, make.recased)
    for at in make.free:  # these kinds are found by what the first row has
        own = f"office@firm{at}.ru"
        make.rows[at].update(tax_number=make.rows[at]["tax_number"] or f"77{at:08}", email=own)
    make.plant(
        "the same tax number, another name",
        any_name,
        lambda _: make.formed(make.name()),
        "tax_number",
    )
    make.plant("the same phone, a letter wrong", any_name, make.typo, "phone")
    make.plant(
        "the same e-mail, another name", any_name, lambda _: make.formed(make.name()), "email"
    )
    for first, second in at_one_domain(make):
        make.pairs.setdefault("the same domain, a longer name", []).append((first, second))


def at_one_domain(make: Maker) -> Iterator[tuple[int, int]]:
    """Plant clients whose second row has a longer name and another mailbox of the same company."""
    for _ in range(EACH):
        first = make.client(lambda _: True)
        name = bare(make.rows[first]["company"]) + " Холдинг"
        yield (
            first,
            make.add(
                name, tax_number=None, email=make.rows[first]["email"].replace("office", "buh")
            ),
        )


def traps(make: Maker) -> None:
    """Set traps of every kind."""
    for at in range(EACH):
        first, second, third = (make.formed(make.name()) for _ in range(3))
        phone = f"+7800{at:07}"
        make.trap(
            "a holding's phone",
            {"company": first, "phone": phone},
            {"company": second, "phone": phone},
        )
        mail = [
            {"company": name, "email": f"{at}{name[-3:-1]}@holding{at}.ru"}
            for name in (make.name(), third)
        ]
        make.trap("a holding's domain", *mail)
        name, cities = make.name(), make.chance.sample(_CITIES, 2)
        shared = {"phone": f"+7801{at:07}"} if at % 2 else {}
        branches = [
            {"company": f"{name} {city}", "email": f"{at}{city[0]}@net{at}.ru", **shared}
            for city in cities
        ]
        make.trap("branches", *branches)
        name, sign = make.name(), make.chance.choice((" {}", "-{}", " № {}", "{}"))
        numbers = [
            {"company": name + sign.format(n), "tax_number": None}
            for n in make.chance.sample(range(1, 30), 2)
        ]
        make.trap("numbered names", *numbers)
        name = make.formed(make.name())
        make.trap("one name, two tax numbers", {"company": name}, {"company": name})
        letters = [
            {"company": f"ИП {words(SURNAMES)[at + 5]} {sign}.", "tax_number": None}
            for sign in make.chance.sample("ВЖЗРУЭ", 2)
        ]
        make.trap("other initials", *letters)
    for kind, listed in (
        ("short names", SHORT),
        ("near surnames", PERSONS),
        ("compounds alike", COMPOUNDS),
    ):
        for pair in words(listed):
            form = "ИП {}" if listed is PERSONS else "{}"
            sides = [
                {"company": form.format(name.replace("_", " ")), "tax_number": None}
                for name in pair.split("/")
            ]
            make.trap(kind, *sides)


def labelled() -> Maker:
    """Make the whole base; the names of listed traps are nobody else's."""
    listed = f"{SHORT} {COMPOUNDS}".replace("/", " ").split()
    make = Maker(taken={" ".join(sorted(name.split("_"))) for name in listed})
    make.clients()
    duplicates(make)
    traps(make)
    return make


def frame(rows: list[Row]) -> pd.DataFrame:
    """Return rows as the typed frame of a base, as far as the search reads it."""
    return pd.DataFrame(rows, dtype=object)


def named(*companies: str | None) -> pd.DataFrame:
    """Return a base of names alone."""
    return frame([{"company": company} for company in companies])


def places(snapshot: Snapshot) -> dict[int, tuple[str, int]]:
    """Return where each row of a base stands: tab and the sheet's number."""
    base = snapshot.base
    stands = zip(base.index, base["section"], base["row"], strict=True)
    return {at: (snapshot.tab[section].title, row) for at, section, row in stands}
