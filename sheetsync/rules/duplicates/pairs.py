"""Pairs of rows that are one client, each with its reasons: the first of a client with each other.

Whether two rows are one client is evidence.py's.
"""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from sheetsync.i18n import Language, marked
from sheetsync.rules.duplicates.candidates import couples
from sheetsync.rules.duplicates.evidence import (
    ClientMatch,
    Evidence,
    Judge,
    evidence_of,
)

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
"""Row -> the rows that are one client with it, all by their places in the base."""


class Pair(NamedTuple):
    """Two rows of one client, by their index labels in the base.

    `first` stands before `second`. `score`, 0 to 1: how sure it is.
    """

    first: int
    second: int
    reasons: tuple[str, ...]
    score: float


def find(base: pd.DataFrame) -> tuple[Pair, ...]:
    """Find the clients that stand twice in `snapshot.base`, in its order.

    A client that stands n times gives n-1 pairs: its first row with each other one, or with the row
    that tells they are one where those two say nothing of each other. No row is paired with itself,
    nothing is merged.
    """
    clients = evidence_of(base)
    judge = Judge.of(clients)
    labels = list(base.index)
    matches = sorted(_matches(_links(clients, judge), clients, judge))
    return tuple(
        Pair(labels[first], labels[second], *match)
        for first, second, match in matches
    )


def reason_text(pair: Pair, language: Language) -> str:
    """Say why two rows are one client: “the same phone, nearly the same name”."""
    return ", ".join(language.text(REASONS[reason]) for reason in pair.reasons)


def _links(clients: Sequence[Evidence], judge: Judge) -> Links:
    """Say of each row which others it is linked with, in the order of rows."""
    linked: defaultdict[int, list[int]] = defaultdict(list)
    # Rows that share several values are coupled by each of them, and judged once.
    for left, right in {
        (min(couple), max(couple)) for couple in couples(clients)
    }:
        if judge.match(clients[left], clients[right]):
            linked[left].append(right)
            linked[right].append(left)
    return {row: sorted(linked[row]) for row in sorted(linked)}


def _matches(
    links: Links, clients: Sequence[Evidence], judge: Judge
) -> Iterator[tuple[int, int, ClientMatch]]:
    """Go from the first row of each client along the links to all others."""
    reached: set[int] = set()
    for first in links:
        if first in reached:
            continue
        reached.add(first)
        waiting = deque([first])
        while waiting:
            row = waiting.popleft()
            for other in links[row]:
                if other in reached:
                    continue
                reached.add(other)
                waiting.append(other)
                # The first row goes before the one that led here, so that a client's pairs name it.
                yield from _match_with((first, row), other, clients, judge)


def _match_with(
    witnesses: Sequence[int],
    other: int,
    clients: Sequence[Evidence],
    judge: Judge,
) -> Iterator[tuple[int, int, ClientMatch]]:
    """Yield the match of a row with the first of the witnesses that tells it is the same client."""
    for witness in witnesses:
        match = judge.match(clients[witness], clients[other])
        if match:
            yield min(witness, other), max(witness, other), match
            return
