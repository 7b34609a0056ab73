"""Who the managers are: one person for all spellings of a name.

Which column holds them is `column_guesses`'.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations

from rapidfuzz import fuzz

from sheetsync.adoption.people import people_in
from sheetsync.adoption.proposal import ManagerGuess, SeveralGuess
from sheetsync.adoption.word_similarity import sounds
from sheetsync.values import Cell, clean, fold, is_nobody

_LIMIT = 300
"""So many names are compared with each other; more are no team."""
_LONGEST = 100
"""Characters of a name that are looked at."""
_LIKENESS, _SHORT = 88, 5
"""Likeness, in per cent, of a mistyped name; shorter ones must sound the same."""
_LONGEST_ENDING = 2
"""Letters of an ending: Иванов and Иванова are two people."""

Spellings = Counter[str]
"""How often each spelling of one name stands in the book, but for case and signs."""


def managers_of(cells: Iterable[Cell]) -> tuple[ManagerGuess, ...]:
    """Gather the managers of a book, the busiest first."""
    names = _names(cells)
    leaders = _leaders([_commonest(spellings) for spellings in names[:_LIMIT]])
    people: defaultdict[int, list[Spellings]] = defaultdict(list)
    for number, spellings in enumerate(names):
        people[leaders.get(number, number)].append(spellings)
    return tuple(_person(group) for group in people.values())


def several_in(cells: Sequence[Cell]) -> tuple[SeveralGuess, ...]:
    """Gather the cells that name several people, the commonest first: asked about, as all are."""
    counts: Counter[str] = Counter(
        clean(cell)[:_LONGEST] for cell in cells if isinstance(cell, str)
    )
    alone = {fold(text) for text in counts if not people_in(text, ())}
    guesses: list[SeveralGuess] = []
    for text, count in counts.most_common():
        names = people_in(text, alone)
        if names:
            guesses.append(
                SeveralGuess(0.6, "several", text, names, count, names[0])
            )
    return tuple(guesses)


def _names(cells: Iterable[Cell]) -> list[Spellings]:
    """Return the names of a book, the busiest first, spellings that fold alike under one."""
    counts: Counter[str] = Counter()
    for cell in cells:
        if not is_nobody(cell) and not isinstance(cell, bool):
            counts[_bare(cell)] += 1
    by_name: defaultdict[str, Spellings] = defaultdict(Counter)
    for spelling, count in counts.items():
        by_name[fold(spelling) or spelling][spelling] += count
    return sorted(by_name.values(), key=lambda name: (-name.total(), min(name)))


def _bare(cell: Cell) -> str:
    return cell[:_LONGEST] if isinstance(cell, str) else clean(cell)


def _commonest(spellings: Spellings) -> str:
    return spellings.most_common(1)[0][0].strip()


def _person(names: Sequence[Spellings]) -> ManagerGuess:
    """Make one person of the names that are theirs; the busiest of them is the person's."""
    spellings: Spellings = Counter()
    for name in names:
        spellings.update(name)
    written = _commonest(names[0])
    others = tuple(
        word for word, _ in spellings.most_common() if word != written
    )
    if len(names) > 1:
        # Below `SURE`, so that two people are not taken for one without a question.
        return ManagerGuess(0.7, "near", written, others, spellings.total())
    if others:
        return ManagerGuess(0.95, "same", written, others, spellings.total())
    return ManagerGuess(1.0, "only", written, others, spellings.total())


def _leaders(names: Sequence[str]) -> dict[int, int]:
    """Put each name to the busier one that it is another spelling of, if that is one and no more.

    Both by their number among the names, the busiest first.
    """
    near = _near_names(names)
    leaders: dict[int, int] = {}
    for number in range(len(names)):
        busier = {
            leaders.get(other, other)
            for other in near[number]
            if other < number
        }
        if len(busier) != 1:
            continue
        leader = busier.pop()
        if not _has_rivals(near[number], names) and not _has_rivals(
            near[leader], names
        ):
            leaders[number] = leader
    return leaders


def _near_names(names: Sequence[str]) -> list[list[int]]:
    """Return, for each name, the numbers of those that may be the same person's."""
    near: list[list[int]] = []
    for number, name in enumerate(names):
        near.append([])
        for other_number, other in enumerate(names):
            if other_number != number and same_person(name, other):
                near[number].append(other_number)
    return near


def _has_rivals(near: Iterable[int], names: Sequence[str]) -> bool:
    """Tell whether two people are near: “Иванов” is no А. and no Б. where both are on the team."""
    for number, other in combinations(near, 2):
        if not same_person(names[number], names[other]):
            return True
    return False


def same_person(name: str, other: str) -> bool:
    """Tell whether two names may be one person's.

    Initials may stand for names, a name may be left out, a letter may be mistyped.
    """
    shorter, longer = sorted((_parts(name), _parts(other)), key=len)
    if not shorter:
        return False
    if _is_shortened(shorter, longer):
        return True
    if any(len(part) == 1 for part in (*shorter, *longer)):
        return False
    return _is_mistyped("".join(shorter), "".join(longer))


def _parts(name: str) -> list[str]:
    parts = [fold(part) for part in name.replace(".", ". ").split()]
    return [part for part in parts if part]


def _is_shortened(shorter: Sequence[str], longer: Sequence[str]) -> bool:
    """Tell whether all parts of a name stand in another one."""
    for part in shorter:
        if not any(_is_part(part, other) for other in longer):
            return False
    # Initials alone name nobody: one part at least must be a whole name.
    return any(len(part) > 2 and part in longer for part in shorter)  # noqa: PLR2004


def _is_part(part: str, other: str) -> bool:
    if len(part) == 1 or len(other) == 1:
        return part[0] == other[0]
    return part == other


def _is_mistyped(name: str, other: str) -> bool:
    """Tell whether a letter was mistyped; an ending is no slip."""
    shorter, longer = sorted((name, other), key=len)
    if len(shorter) < _SHORT or name[0] != other[0]:
        return sounds(name) == sounds(other)
    if (
        longer.startswith(shorter)
        and len(longer) - len(shorter) <= _LONGEST_ENDING
    ):
        return False
    return fuzz.ratio(name, other) >= _LIKENESS or sounds(name) == sounds(other)
