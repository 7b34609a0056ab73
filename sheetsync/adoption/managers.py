"""Who the managers are: one person for all spellings of a name."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from rapidfuzz import fuzz

from sheetsync.adoption.proposal import ManagerGuess
from sheetsync.adoption.value_profiles import blank
from sheetsync.adoption.word_similarity import sounds
from sheetsync.values import Cell, clean, fold

_LIMIT = 300
"""So many names are compared with each other; more are no team."""

_NEAR, _LONG = 88, 5


def managers_of(cells: Iterable[Cell]) -> tuple[ManagerGuess, ...]:
    """Gather the managers of a book, the busiest first."""
    names: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for name, count in Counter(
        _bare(cell) for cell in cells if not blank(cell) and not isinstance(cell, bool)
    ).items():
        names[fold(name) or name][name] += count
    groups = sorted(names.values(), key=lambda found: (-found.total(), min(found)))
    leader = _leaders([found.most_common(1)[0][0].strip() for found in groups[:_LIMIT]])
    people: defaultdict[int, list[int]] = defaultdict(list)
    for at in range(len(groups)):
        people[leader.get(at, at)].append(at)
    return tuple(_person([groups[at] for at in members]) for members in people.values())


def _bare(cell: Cell) -> str:
    return cell[:100] if isinstance(cell, str) else clean(cell)


def _person(groups: list[Counter[str]]) -> ManagerGuess:
    spelt: Counter[str] = Counter()
    for found in groups:
        spelt.update(found)
    name = groups[0].most_common(1)[0][0].strip()
    others = tuple(word for word, _ in spelt.most_common() if word != name)
    why, confidence = (
        ("near", 0.7) if len(groups) > 1 else ("same", 0.95) if others else ("only", 1.0)
    )
    return ManagerGuess(confidence, why, name, others, spelt.total())


def _leaders(names: list[str]) -> dict[int, int]:
    """Put each name to the busier one that it is another spelling of, if that is one and no more."""
    near = [
        [b for b, other in enumerate(names) if b != a and same_person(name, other)]
        for a, name in enumerate(names)
    ]
    leader: dict[int, int] = {}
    for at in range(len(names)):
        roots = {leader.get(other, other) for other in near[at] if other < at}
        if (
            len(roots) == 1
            and not _rivals(near[at], names)
            and not _rivals(near[root := roots.pop()], names)
        ):
            leader[at] = root
    return leader


def _rivals(near: list[int], names: list[str]) -> bool:
    """Tell whether two people are both near: “Иванов” is neither А. nor Б. while both are on the team."""
    return any(
        not same_person(names[one], names[other]) for one in near for other in near if one < other
    )


def same_person(name: str, other: str) -> bool:
    """Tell whether two names may be one person's: initials for names, a name left out, a slip of the pen."""
    mine, others = sorted((_parts(name), _parts(other)), key=len)
    if not mine or not others:
        return False
    if all(any(_part(a, b) for b in others) for a in mine) and any(
        len(part) > 2 and part in others  # noqa: PLR2004  # initials name nobody
        for part in mine
    ):
        return True
    initials = any(len(part) == 1 for part in (*mine, *others))
    return not initials and _slip("".join(mine), "".join(others))


def _parts(name: str) -> list[str]:
    return [fold(part) for part in name.replace(".", ". ").split() if fold(part)]


def _part(one: str, other: str) -> bool:
    return one == other or ((len(one) == 1 or len(other) == 1) and one[0] == other[0])


def _slip(one: str, other: str) -> bool:
    """Tell whether a letter was mistyped; an ending is no slip: Иванов and Иванова are two."""
    if min(len(one), len(other)) < _LONG or one[0] != other[0]:
        return sounds(one) == sounds(other)
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    if longer.startswith(shorter) and len(longer) - len(shorter) <= 2:  # noqa: PLR2004  # the ending of a surname
        return False
    return fuzz.ratio(one, other) >= _NEAR or sounds(one) == sounds(other)
