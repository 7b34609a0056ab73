"""Pairs of rows that are one client, each with its reasons: the first of a client with each other one."""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from sheetsync.i18n import Language, marked
from sheetsync.rules.duplicates.candidates import couples
from sheetsync.rules.duplicates.evidence import Client, Judge, Verdict, clients_of

REASONS = {
    "tax_number": marked("the same tax number"),
    "phone": marked("the same phone"),
    "email": marked("the same e-mail"),
    "domain": marked("the same e-mail domain"),
    "company": marked("the same name"),
    "similar": marked("nearly the same name"),
}
"""Code of a reason -> how it is said."""

Links = Mapping[int, Sequence[int]]


class Pair(NamedTuple):
    """Two rows of one client, by their index labels in the base; `first` stands before `second`. `score` is 0 to 1."""

    first: int
    second: int
    reasons: tuple[str, ...]
    score: float


def find(base: pd.DataFrame) -> tuple[Pair, ...]:
    """Find the clients that stand twice in `snapshot.base`, in its order.

    A client that stands n times gives n-1 pairs: its first row with each other one, or with the row that tells
    they are one where those two say nothing of each other. No row is paired with itself, nothing is merged.
    """
    clients = clients_of(base)
    judge = Judge.of(clients)
    labels = list(base.index)
    found = sorted(_pairs(_links(clients, judge), clients, judge))
    return tuple(Pair(labels[first], labels[second], *verdict) for first, second, verdict in found)


def reason_text(pair: Pair, language: Language) -> str:
    """Say why two rows are one client: “the same phone, nearly the same name”."""
    return ", ".join(language.text(REASONS[reason]) for reason in pair.reasons)


def _links(clients: Sequence[Client], judge: Judge) -> Links:
    """Say of each row which others it is linked with, in the order of rows."""
    linked: defaultdict[int, list[int]] = defaultdict(list)
    for left, right in {(min(couple), max(couple)) for couple in couples(clients)}:
        if judge.verdict(clients[left], clients[right]):
            linked[left].append(right)
            linked[right].append(left)
    return {row: sorted(linked[row]) for row in sorted(linked)}


def _pairs(
    links: Links, clients: Sequence[Client], judge: Judge
) -> Iterator[tuple[int, int, Verdict]]:
    """Go from the first row of each client along the links to all others."""
    seen: set[int] = set()
    for first in links:
        if first in seen:
            continue
        seen.add(first)
        waiting = deque([first])
        while waiting:
            row = waiting.popleft()
            for other in links[row]:
                if other in seen:
                    continue
                seen.add(other)
                waiting.append(other)
                for witness in (first, row):
                    verdict = judge.verdict(clients[witness], clients[other])
                    if verdict:
                        yield min(witness, other), max(witness, other), verdict
                        break
