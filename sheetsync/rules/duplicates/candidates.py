"""Which rows are worth comparing: those that share a value or a piece of a name.

Never all are compared with all. Whether two of them are one client is evidence.py's.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import combinations, product

from sheetsync.rules.duplicates.company_names import (
    TWO_TYPOS,
    TYPO,
    CompanyName,
    nearness,
)
from sheetsync.rules.duplicates.evidence import Evidence

Couple = tuple[int, int]
"""Two rows, by their places in the base."""
SMALL = 20
"""Up to so many rows of a block are compared each with each; of a larger one each with its hub."""
CROWDED = 60
"""A key that more names share is no key: it is skipped, and others find the pair."""
CROWDED_PIECE = 16
"""The same for a key that is a piece of a name only."""
LONGEST = 64
"""A name that is longer is a text, in which single letters are not looked for."""
PIECE = 5
"""Letters at the beginning or the end of a long name, where two typos leave one of both whole."""


def couples(clients: Sequence[Evidence]) -> Iterator[Couple]:
    """Yield every couple of rows that may be one client; some several times."""
    for values in zip(
        *((c.tax_number, c.phone, c.email, c.domain) for c in clients),
        strict=True,
    ):
        for rows in grouped(values):
            yield from within_block(rows, clients)
    bearers: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for row, client in enumerate(clients):
        if client.name.words:
            bearers[client.name.words].append(row)
    blocks = list(bearers.values())
    for rows in blocks:
        if len(rows) > 1:
            yield from within_block(rows, clients)
    # A name is compared once, not once for each row that bears it.
    names = [clients[rows[0]].name for rows in blocks]
    for left, right in near_names(names):
        yield from _across(blocks[left], blocks[right], clients)


def grouped(keys: Iterable[Hashable | None]) -> list[list[int]]:
    """Return the places at which each key stands, of the keys that stand at several."""
    places: defaultdict[Hashable, list[int]] = defaultdict(list)
    for place, key in enumerate(keys):
        if key is not None:
            places[key].append(place)
    return [block for block in places.values() if len(block) > 1]


def within_block(
    rows: Sequence[int], clients: Sequence[Evidence]
) -> Iterator[Couple]:
    """Couple rows that share a value.

    All of a small block are coupled; of a large one those of one name, and all with the hub.
    """
    if len(rows) <= SMALL:
        yield from combinations(rows, 2)
        return
    names = [clients[row].name.words for row in rows]
    for same in grouped(names):
        yield from _star([rows[place] for place in same], clients)
    yield from _star(rows, clients)


def _across(
    left: Sequence[int], right: Sequence[int], clients: Sequence[Evidence]
) -> Iterator[Couple]:
    """Couple the rows of two near names."""
    if len(left) * len(right) <= SMALL * SMALL:
        yield from product(left, right)
        return
    left_hub = _hub(left, clients)
    right_hub = _hub(right, clients)
    for row in right:
        yield (left_hub, row)
    for row in left:
        yield (row, right_hub)


def _star(rows: Sequence[int], clients: Sequence[Evidence]) -> Iterator[Couple]:
    hub = _hub(rows, clients)
    for row in rows:
        if row != hub:
            yield (hub, row)


def _hub(rows: Sequence[int], clients: Sequence[Evidence]) -> int:
    """Return the row that goes with most others: one without a tax number."""
    return min(
        rows,
        key=lambda row: (
            # Two tax numbers contradict each other; a row without one may go with either.
            clients[row].tax_number is not None,
            # By what it holds: the same row is the hub in whatever order they stand.
            clients[row].content,
        ),
    )


def near_names(names: Sequence[CompanyName]) -> list[Couple]:
    """Return the places of all pairs of near names among distinct ones."""
    sharing = _sharing(names, _less_one_letter, CROWDED) | _sharing(
        names, _pieces, CROWDED_PIECE
    )
    return [
        (left, right)
        for left, right in sharing
        if nearness(names[left], names[right])
    ]


def _sharing(
    names: Sequence[CompanyName],
    keys: Callable[[CompanyName], Iterator[str]],
    crowd: int,
) -> set[Couple]:
    """Return the couples of names that share a key, which not more than `crowd` names have."""
    first: dict[str, int] = {}
    shared: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        for key in keys(name):
            before = first.setdefault(key, place)
            # Most keys are one name's: only the others are worth a list.
            if before != place:
                shared.setdefault(key, [before]).append(place)
    sharing = set[Couple]()
    for places in shared.values():
        if len(places) <= crowd:
            sharing.update(combinations(sorted(set(places)), 2))
    return sharing


def _less_one_letter(name: CompanyName) -> Iterator[str]:
    """Yield keys of which two spellings one typo apart share at least one.

    These are the name, and the name less one letter.
    """
    marks = " ".join((*name.marks, ""))
    text = name.joined
    yield marks + text
    # A space may be missing in the other.
    if name.written != text:
        yield marks + name.written
    if TYPO <= len(text) <= LONGEST:
        for place in range(len(text)):
            yield marks + text[:place] + text[place + 1 :]


def _pieces(name: CompanyName) -> Iterator[str]:
    """Yield keys for names several typos apart.

    These are the name less one of its words, its beginning and its end.
    """
    marks = " ".join((*name.marks, ""))
    words = name.plain
    if len(words) > 1:
        for place in range(len(words)):
            yield f"{marks}less {' '.join(words[:place] + words[place + 1 :])}"
    if len(name.joined) >= TWO_TYPOS:
        yield f"{marks}begins {name.joined[:PIECE]}"
        yield f"{marks}ends {name.joined[-PIECE:]}"
