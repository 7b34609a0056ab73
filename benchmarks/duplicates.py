"""Times the search for clients that stand twice, on bases made in memory.

The processor's seconds, rows a second, pairs found.

Prints figures and judges nothing: machines differ. One row in twenty is another's duplicate; a
third have no tax number. A base of opportunities, where 85 companies stand over and over, is timed
as well.
"""

import random
import resource
import time
from typing import Any

import pandas as pd

from sheetsync.rules.duplicates import find

FORMS = ("ООО «{}»", "АО «{}»", "ИП {}", "{} LLC", "{}")
BEGINNINGS = (
    "Строй Агро Тех Пром Энерго Мед Авто Гео Нефте Метал Транс Эко Сиб Урал Волга Нева Дон Рос "
    "Евро Мега"
)
SYLLABLES = "ва ко ли ран тор мен са пи рол дек фа зун кир бел нор та гам лес рид овен аст ил уро"
ENDINGS = "сервис трейд инвест проект монтаж снаб торг групп системы логистик маркет завод"


def name(chance: random.Random) -> str:
    """Return a plausible company's name of one or two words."""
    word = chance.choice(BEGINNINGS.split()) + "".join(
        chance.choices(SYLLABLES.split(), k=chance.randint(2, 3))
    )
    return word + chance.choice(("", " ", "-")) + chance.choice(ENDINGS.split())


def client(chance: random.Random, companies: list[str]) -> dict[str, Any]:
    """Return one row.

    Every twentieth is a company that stands already, under another phone or with a letter lost.
    """
    again = companies and chance.random() < 0.05  # noqa: PLR2004  # a share of duplicates as bases have it
    company = chance.choice(companies) if again else name(chance)
    companies.append(company)
    if again and chance.random() < 0.5:  # noqa: PLR2004  # half of them mistyped
        at = chance.randrange(1, len(company))
        company = company[:at] + company[at + 1 :]
    hosts = ("mail.ru", "example.com", f"firm{len(companies)}.ru")
    return {
        "company": chance.choice(FORMS).format(company),
        "tax_number": f"{chance.randrange(10**9, 10**10)}"
        if chance.random() < 2 / 3
        else None,
        "phone": f"+79{chance.randrange(10**9):09}",
        "email": f"box{chance.randrange(10**7)}@{chance.choice(hosts)}",
    }


def timed(title: str, base: pd.DataFrame) -> None:
    """Print what one base took."""
    start = time.process_time()
    pairs = find(base)
    took = time.process_time() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{len(base):>7} {title}: {took:5.2f} s, {len(base) / took:7.0f} rows/s, {len(pairs)} "
        f"pairs, {memory:.0f} MB"
    )


def main() -> None:
    """Print a line a base."""
    chance = random.Random(1)  # noqa: S311  # sample data, not secrets
    for rows in (10_000, 50_000):
        companies: list[str] = []
        timed(
            "clients",
            pd.DataFrame(
                [client(chance, companies) for _ in range(rows)], dtype=object
            ),
        )
    accounts = [name(chance) for _ in range(85)]
    timed(
        "opportunities",
        pd.DataFrame(
            {"company": chance.choices(accounts, k=8_800)}, dtype=object
        ),
    )
    timed(
        "numbered names",
        pd.DataFrame(
            {"company": [f"Компания {at}" for at in range(10_000)]},
            dtype=object,
        ),
    )


if __name__ == "__main__":
    main()
