"""The rows of a base as evidence, and whether two of them are one client.

Which rows are compared at all is candidates.py's; what is shown of them, pairs.py's.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd
from rapidfuzz.distance import OSA

from sheetsync.rules.duplicates.company_names import (
    CompanyName,
    nearness,
    within,
    words_of,
)
from sheetsync.rules.duplicates.public_domains import company_domain
from sheetsync.values import clean

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
"""A tax number or domain that more companies share tells nobody apart: a provider's, a holding's.
"""
CROWD = 3
"""A phone or an address that so many companies of different names share is no company's own.

It is a switchboard's, or a sample's.
"""
CLOSE_TAX = 2
"""Digits in which two tax numbers may differ and be one number mistyped."""


class Evidence(NamedTuple):
    """What one row says of who it is; None where it says what tells nobody apart."""

    name: CompanyName
    tax_number: str | None
    phone: str | None
    email: str | None
    domain: str | None

    @property
    def content(self) -> tuple[str, ...]:
        """What it holds, to be sorted by: an order that is not the rows'."""
        return (*self.name.words, *(value or "" for value in self[1:]))


class ClientMatch(NamedTuple):
    """Why two rows are one client, and how sure that is: 0 to 1."""

    reasons: tuple[str, ...]
    score: float


class _Agreement(NamedTuple):
    """What two rows have in common, in the order in which reasons are given."""

    tax_number: bool
    phone: bool
    email: bool
    domain: bool
    company: bool
    similar: bool

    @property
    def reasons(self) -> tuple[str, ...]:
        return tuple(
            name
            for name, agrees in zip(self._fields, self, strict=True)
            if agrees
        )

    @property
    def named(self) -> bool:
        return self.company or self.similar

    @property
    def contact(self) -> bool:
        return self.phone or self.email


def evidence_of(base: pd.DataFrame) -> list[Evidence]:
    """Read every row of the base; a column that is not there says nothing."""
    words = [words_of(text or "") for text in _texts(base, "company")]
    names_by_words = {key: CompanyName(key) for key in set(words)}
    names = [names_by_words[key] for key in words]
    emails = _texts(base, "email")
    domains = [company_domain(email or "") for email in emails]
    columns = (
        _few(_texts(base, "tax_number"), names),
        _own(_texts(base, "phone"), names),
        _own(emails, names),
        _few(domains, names),
    )
    return [Evidence(*row) for row in zip(names, *columns, strict=True)]


def _texts(base: pd.DataFrame, field: str) -> list[str | None]:
    """Read a column of the frame as text."""
    if field not in base:
        return [None] * len(base)
    return [_text(cell) for cell in base[field]]


def _text(cell: Any) -> str | None:
    return None if pd.isna(cell) else clean(cell) or None


def _few(
    values: Sequence[str | None], names: Sequence[CompanyName]
) -> list[str | None]:
    """Leave the values that few companies share."""
    bearers = _bearers(values, names)
    return [
        value if value and len(bearers[value]) <= COMMON else None
        for value in values
    ]


def _own(
    values: Sequence[str | None], names: Sequence[CompanyName]
) -> list[str | None]:
    """Leave the values that are no crowd's."""
    crowded = _crowded(values, names)
    return [None if value in crowded else value for value in values]


def _bearers(
    values: Sequence[str | None], names: Sequence[CompanyName]
) -> dict[str, dict[Hashable, CompanyName]]:
    """Return the names beside each value, by how they sound."""
    bearers: defaultdict[str, dict[Hashable, CompanyName]] = defaultdict(dict)
    # By names and not by rows: one client that stands often is no switchboard.
    for value, name in zip(values, names, strict=True):
        if value is not None:
            bearers[value].setdefault(name.sounds, name)
    return bearers


def _crowded(
    values: Sequence[str | None], names: Sequence[CompanyName]
) -> dict[str, int]:
    """Return the values that a crowd shares, and how many companies that is at least."""
    crowded = {}
    for value, sounding in _bearers(values, names).items():
        if len(sounding) >= CROWD:
            count = _different([*sounding.values()])
            if count >= CROWD:
                crowded[value] = count
    return crowded


def _different(names: Sequence[CompanyName]) -> int:
    """Count the names that are no spelling, and no part, of one counted before."""
    # Of a large crowd the spellings do not matter, and each would be compared with all.
    if len(names) > COMMON**2:
        return len(names)
    counted = list[CompanyName]()
    for name in names:
        if name.words and not any(
            nearness(name, other) or within(name, other) for other in counted
        ):
            counted.append(name)
    return len(counted)


class Crowd(NamedTuple):
    """A phone or an e-mail that many companies of different names share.

    `rows`: where it stands, by their labels in the base; `companies`: how many names.
    """

    field: str
    value: str
    rows: tuple[int, ...]
    companies: int


def crowds(base: pd.DataFrame) -> tuple[Crowd, ...]:
    """Return the phones and e-mails that tell nobody apart, the most shared first."""
    crowds = list[Crowd]()
    names = [
        CompanyName(words_of(text or "")) for text in _texts(base, "company")
    ]
    labels = base.index.tolist()
    for field in ("phone", "email"):
        values = _texts(base, field)
        crowded = _crowded(values, names)
        rows: defaultdict[str, list[int]] = defaultdict(list)
        for label, value in zip(labels, values, strict=True):
            if value in crowded:
                rows[str(value)].append(label)
        for value, count in crowded.items():
            crowds.append(Crowd(field, value, tuple(rows[value]), count))
    return tuple(
        sorted(crowds, key=lambda crowd: (-crowd.companies, crowd[:2]))
    )


@dataclass(frozen=True)
class Judge:
    """Says of two rows whether they are one client. `owners`: how many tax numbers bear a name."""

    owners: Mapping[tuple[str, ...], int]

    @classmethod
    def of(cls, clients: Iterable[Evidence]) -> "Judge":
        """Count who bears which name."""
        taxes: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
        for client in clients:
            if client.tax_number:
                taxes[client.name.sounds].add(client.tax_number)
        return cls({name: len(numbers) for name, numbers in taxes.items()})

    def match(self, left: Evidence, right: Evidence) -> ClientMatch | None:
        """Give the reasons for which two rows are one client, or None."""
        same_name = left.name is right.name and bool(left.name.words)
        near = 1.0 if same_name else nearness(left.name, right.name)
        agreement = _Agreement(
            tax_number=_same(left.tax_number, right.tax_number),
            phone=_same(left.phone, right.phone),
            email=_same(left.email, right.email),
            domain=_same(left.domain, right.domain)
            # One address has one domain: it would count twice.
            and left.email != right.email,
            company=same_name,
            similar=left.name is not right.name and near > 0,
        )
        if not self._is_one(left, right, agreement):
            return None
        return ClientMatch(
            agreement.reasons, _certainty(agreement.reasons, near)
        )

    def _is_one(
        self, left: Evidence, right: Evidence, agreement: _Agreement
    ) -> bool:
        if agreement.tax_number:
            return True
        if left.tax_number and right.tax_number:
            mistyped = agreement.named and _close(
                left.tax_number, right.tax_number
            )
            return agreement.contact and (agreement.company or mistyped)
        if agreement.contact:
            return True
        if agreement.domain and _may_share_domain(
            left.name, right.name, named=agreement.named
        ):
            return True
        return agreement.named and not self._is_common(left, right)

    def _is_common(self, left: Evidence, right: Evidence) -> bool:
        """Tell whether many companies bear a name of one of which the tax number is known.

        Such a name says nothing alone.
        """
        if not left.tax_number and not right.tax_number:
            return False
        return any(
            self.owners.get(row.name.sounds, 0) > COMMON
            for row in (left, right)
        )


def _same(left: str | None, right: str | None) -> bool:
    return left is not None and left == right


def _close(left: str, right: str) -> bool:
    """Tell whether two tax numbers may be one, mistyped."""
    return OSA.distance(left, right) <= CLOSE_TAX


def _may_share_domain(
    left: CompanyName, right: CompanyName, *, named: bool
) -> bool:
    """Tell whether the names let a domain count: it is one company's, or a holding's of several."""
    return named or not left.words or not right.words or within(left, right)


def _certainty(reasons: Iterable[str], near: float) -> float:
    """Return how sure reasons make together: each leaves a part of the doubt that others left."""
    doubt = 1.0
    for reason in reasons:
        weight = WEIGHTS[reason]
        if reason == "similar":
            weight *= near**2
        doubt *= 1 - weight
    return round(1 - doubt, 3)
