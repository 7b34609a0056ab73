"""The rows of a base as evidence, and whether two of them are one client."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd
from rapidfuzz.distance import OSA

from sheetsync.rules.duplicates.company_names import Name, nearness, within, words_of
from sheetsync.rules.duplicates.public_domains import company_domain
from sheetsync.values import clean

FIELDS = ("company", "tax_number", "phone", "email")
WEIGHTS = {
    "tax_number": 0.95,
    "phone": 0.75,
    "email": 0.8,
    "domain": 0.4,
    "company": 0.75,
    "similar": 0.65,
}
"""How sure each reason alone makes, in the order in which reasons are given."""
COMMON = 5
"""A phone, address or domain that more companies share is a switchboard's, a placeholder's or a provider's."""
CLOSE_TAX = 2
"""Digits in which two tax numbers may differ and be one number mistyped."""


class Client(NamedTuple):
    """What one row says of who it is. `email`, `phone` and the others are None where they tell nobody apart."""

    name: Name
    tax_number: str | None
    phone: str | None
    email: str | None
    domain: str | None

    @property
    def content(self) -> tuple[str, ...]:
        """What it holds, to be sorted by: an order that is not the rows'."""
        return (*self.name.words, *(value or "" for value in self[1:]))


class Verdict(NamedTuple):
    """Why two rows are one client, and how sure that is."""

    reasons: tuple[str, ...]
    score: float


def _told(cells: Iterable[Any]) -> list[str | None]:
    """Read a column of the frame as text."""
    return [None if pd.isna(cell) else clean(cell) or None for cell in cells]


def _apart(values: Sequence[str | None], names: Sequence[Name]) -> list[str | None]:
    """Leave the values that few companies share."""
    bearers: defaultdict[str | None, set[Hashable]] = defaultdict(set)
    for value, name in zip(values, names, strict=True):
        bearers[value].add(name.sounds)
    return [value if len(bearers[value]) <= COMMON else None for value in values]


def clients_of(base: pd.DataFrame) -> list[Client]:
    """Read every row of the base; a column that is not there says nothing."""
    company, tax, phone, email = (
        _told(base[field]) if field in base else [None] * len(base) for field in FIELDS
    )
    known: dict[tuple[str, ...], Name] = {}
    words = [words_of(text or "") for text in company]
    names = [known.setdefault(key, known.get(key) or Name(key)) for key in words]
    domain = [company_domain(address) if address else None for address in email]
    told = (_apart(column, names) for column in (tax, phone, email, domain))
    return [Client(*row) for row in zip(names, *told, strict=True)]


def _close(left: str, right: str) -> bool:
    """Tell whether two tax numbers may be one, mistyped."""
    return OSA.distance(left, right) <= CLOSE_TAX


@dataclass(frozen=True)
class Judge:
    """Says of two rows whether they are one client. `owners`: how many tax numbers bear a name."""

    owners: Mapping[tuple[str, ...], int]

    @classmethod
    def of(cls, clients: Sequence[Client]) -> "Judge":
        """Count who bears which name."""
        taxes: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
        for client in clients:
            if client.tax_number:
                taxes[client.name.sounds].add(client.tax_number)
        return cls({name: len(numbers) for name, numbers in taxes.items()})

    def common(self, name: Name) -> bool:
        """Tell whether many companies bear this name, so that it alone says nothing."""
        return self.owners.get(name.sounds, 0) > COMMON

    def verdict(self, left: Client, right: Client) -> Verdict | None:
        """Give the reasons for which two rows are one client, or None."""
        near = (
            1.0 if left.name is right.name and left.name.words else nearness(left.name, right.name)
        )
        holds = {
            "tax_number": left.tax_number is not None and left.tax_number == right.tax_number,
            "phone": left.phone is not None and left.phone == right.phone,
            "email": left.email is not None and left.email == right.email,
            "domain": left.domain is not None
            and left.domain == right.domain
            and left.email != right.email,
            "company": left.name is right.name and bool(left.name.words),
            "similar": left.name is not right.name and near > 0,
        }
        if not self._one(left, right, holds):
            return None
        reasons = tuple(reason for reason, held in holds.items() if held)
        doubt = 1.0
        for reason in reasons:
            doubt *= 1 - WEIGHTS[reason] * (near**2 if reason == "similar" else 1)
        return Verdict(reasons, round(1 - doubt, 3))

    def _one(self, left: Client, right: Client, holds: Mapping[str, bool]) -> bool:
        if holds["tax_number"]:
            return True
        named, contact = holds["company"] or holds["similar"], holds["phone"] or holds["email"]
        if left.tax_number and right.tax_number:
            return contact and (
                holds["company"] or (named and _close(left.tax_number, right.tax_number))
            )
        if contact or (holds["domain"] and self._at_one_domain(left.name, right.name, named=named)):
            return True
        taxed = left.tax_number or right.tax_number
        return named and not (taxed and (self.common(left.name) or self.common(right.name)))

    @staticmethod
    def _at_one_domain(left: Name, right: Name, *, named: bool) -> bool:
        """Tell whether the names let a domain count: it is one company's, or a holding's of several."""
        return named or not left.words or not right.words or within(left, right)
