"""Which rows are worth comparing: those that share a value or a piece of a name. Never all with all."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import combinations, product

from sheetsync.rules.duplicates.company_names import TWO_TYPOS, TYPO, Name, nearness
from sheetsync.rules.duplicates.evidence import Client

Couple = tuple[int, int]
SMALL = 20
"""Up to so many rows of a block are compared each with each; of a larger block each with its hub."""
CROWDED, CROWDED_PIECE = 60, 16
"""A key that more names share is no key: it is skipped, and others find the pair."""
LONGEST = 64
"""A name that is longer is a text, in which single letters are not looked for."""
PIECE = 5
"""Letters at the beginning or the end of a long name, where two typos leave one of both whole."""


def grouped(keys: Iterable[Hashable | None]) -> list[list[int]]:
    """Return the places at which each key stands, of the keys that stand at several."""
    found: defaultdict[Hashable, list[int]] = defaultdict(list)
    for at, key in enumerate(keys):
        if key is not None:
            found[key].append(at)
    return [places for places in found.values() if len(places) > 1]


def _hub(rows: Sequence[int], clients: Sequence[Client]) -> int:
    """Return the row that goes with most others: one without a tax number; the same one in whatever order they stand."""
    return min(rows, key=lambda at: (clients[at].tax_number is not None, clients[at].content))


def _star(rows: Sequence[int], clients: Sequence[Client]) -> Iterator[Couple]:
    hub = _hub(rows, clients)
    yield from ((hub, at) for at in rows if at != hub)


def within_block(rows: Sequence[int], clients: Sequence[Client]) -> Iterator[Couple]:
    """Couple rows that share a value: all of a small block; of a large one those of one name, and all with the hub."""
    if len(rows) <= SMALL:
        yield from combinations(rows, 2)
        return
    names = [clients[at].name.words for at in rows]
    for same in grouped(names):
        yield from _star([rows[at] for at in same], clients)
    yield from _star(rows, clients)


def _across(
    left: Sequence[int], right: Sequence[int], clients: Sequence[Client]
) -> Iterator[Couple]:
    """Couple the rows of two near names."""
    if len(left) * len(right) <= SMALL * SMALL:
        yield from product(left, right)
        return
    one, other = _hub(left, clients), _hub(right, clients)
    yield from ((one, at) for at in right)
    yield from ((at, other) for at in left)


def _deletions(name: Name) -> Iterator[str]:
    """Keys of which two spellings one typo apart share at least one: the name, and the name less one letter."""
    kind, text = " ".join((*name.marks, "")), name.joined
    yield kind + text
    if name.written != text:  # a space may be missing in the other
        yield kind + name.written
    if TYPO <= len(text) <= LONGEST:
        yield from (kind + text[:at] + text[at + 1 :] for at in range(len(text)))


def _pieces(name: Name) -> Iterator[str]:
    """Keys for names several typos apart: the name less one of its words, its beginning and its end."""
    kind, words = " ".join((*name.marks, "")), name.plain
    for at in range(len(words) if len(words) > 1 else 0):
        yield f"{kind}less {' '.join(words[:at] + words[at + 1 :])}"
    if len(name.joined) >= TWO_TYPOS:
        yield f"{kind}begins {name.joined[:PIECE]}"
        yield f"{kind}ends {name.joined[-PIECE:]}"


def _sharing(
    names: Sequence[Name], keys: Callable[[Name], Iterator[str]], crowd: int
) -> set[Couple]:
    first: dict[str, int] = {}
    shared: dict[str, list[int]] = {}
    for at, name in enumerate(names):
        for key in keys(name):
            before = first.setdefault(key, at)
            if before != at:  # most keys are one name's: only the others are worth a list
                shared.setdefault(key, [before]).append(at)
    blocks = (sorted(set(ats)) for ats in shared.values() if len(ats) <= crowd)
    return {couple for block in blocks for couple in combinations(block, 2)}


def near_names(names: Sequence[Name]) -> list[Couple]:
    """Return the places of all pairs of near names among distinct ones."""
    couples = _sharing(names, _deletions, CROWDED) | _sharing(names, _pieces, CROWDED_PIECE)
    return [(left, right) for left, right in couples if nearness(names[left], names[right])]


def couples(clients: Sequence[Client]) -> Iterator[Couple]:
    """Yield every couple of rows that may be one client; some several times."""
    for values in zip(*((c.tax_number, c.phone, c.email, c.domain) for c in clients), strict=True):
        for rows in grouped(values):
            yield from within_block(rows, clients)
    bearers: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for at, client in enumerate(clients):
        if client.name.words:
            bearers[client.name.words].append(at)
    for rows in bearers.values():
        if len(rows) > 1:
            yield from within_block(rows, clients)
    names = {words: clients[rows[0]].name for words, rows in bearers.items()}
    lines = list(bearers.values())
    for left, right in near_names(list(names.values())):
        yield from _across(lines[left], lines[right], clients)
