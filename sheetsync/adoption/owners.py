"""Whose clients stand on a tab, or below a row, that bears a manager's name.

A tab that names its rows' managers itself needs no title to say so.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sheetsync.adoption.managers import same_person
from sheetsync.adoption.people import Likeness, likeness, people_of_title
from sheetsync.adoption.tabs import named_section
from sheetsync.method.row_words import phrase_of, row_words
from sheetsync.values import Cell, clean, fold
from sheetsync.workbook.snapshot import CellArea

_SURE, _INFLECTED, _ASKED = 0.95, 0.85, 0.6
"""How sure a title is that is a name, that has a form of a known one, and that may be one."""
_LONGEST_ENDING, _SHORTEST_INFLECTED = 2, 4
"""Letters of an ending by which a name is inflected, and of the name."""
_FEWEST_ALIKE = 2
"""Tabs without managers, under the same headings, whose titles may be names."""
_MOST_LONE, _MOST_PEOPLE = 0.5, 0.3
"""Shares of a tab's rows: of one cell, and of people as clients, beyond which none is a banner."""


class UnmanagedTab(NamedTuple):
    """A tab of clients in which no row names a manager: its title, and its headings, folded."""

    title: str
    headings: tuple[str, ...]


class TitleOwner(NamedTuple):
    """The manager whose clients stand on a tab, and how sure that is."""

    name: str
    confidence: float


def owners_by_title(
    tabs: Sequence[UnmanagedTab], managers: Iterable[str]
) -> dict[str, TitleOwner]:
    """Return title -> the manager whose clients stand there. `managers`: those known by name."""
    known = [*managers]
    owners: dict[str, TitleOwner] = {}
    perhaps: list[UnmanagedTab] = []
    for tab in tabs:
        owner = _owner_of_title(tab.title, known)
        if owner is not None:
            owners[tab.title] = owner
        elif _may_be_name(tab.title):
            perhaps.append(tab)
    some_sure = any(owner.confidence >= _SURE for owner in owners.values())
    for tab in perhaps:
        alike = [other for other in tabs if other.headings == tab.headings]
        # A word among names may be a name, and may be what the team calls its inquiries.
        if some_sure or (len(alike) >= _FEWEST_ALIKE and not known):
            owners[tab.title] = TitleOwner(tab.title.strip(), _ASKED)
    return owners


def _owner_of_title(title: str, known: Sequence[str]) -> TitleOwner | None:
    """Return the manager that a title names beyond doubt, or beside other words."""
    section, nearness = named_section(title)
    # A title that is a section's name is the section, be there a manager of that name or not.
    if section is not None and nearness == 1.0:
        return None
    for name in row_words().names_in(title):
        manager = _known_as(name, known)
        if manager:
            return TitleOwner(manager, _SURE)
        is_person = likeness(name) is Likeness.SURE
        is_as_called = not row_words().is_of_clients(title)
        if section is None and is_person and is_as_called:
            return TitleOwner(name, _SURE)
    meant = _inflected_in(title, known)
    if len(meant) == 1:
        return TitleOwner(meant[0], _INFLECTED)
    people = people_of_title(title)
    if row_words().is_of_clients(title):
        # “Клиенты Иванова” is of Иванов or of Иванова: only the team knows.
        name = row_words().names_in(title)[-1]
        people = (name,) if likeness(name) is Likeness.SURE else people
    return TitleOwner(people[0], _ASKED) if len(people) == 1 else None


def _inflected_in(title: str, known: Sequence[str]) -> list[str]:
    """Return the known managers of whom a title has a form: “Отказы Петровой” of Петрова."""
    words = [*map(fold, title.split())]
    meant: list[str] = []
    for manager in known:
        name = fold(manager)
        for word in words:
            is_ending = abs(len(word) - len(name)) <= _LONGEST_ENDING
            is_long = len(name) >= _SHORTEST_INFLECTED
            if is_long and is_ending and word.startswith(name[:-1]):
                meant.append(manager)
                break
    return meant


def _known_as(name: str, known: Sequence[str]) -> str:
    """Return the one known manager whose name this is; "" where there is none, or several."""
    same = [other for other in known if fold(other) == fold(name)]
    if len(same) == 1:
        return same[0]
    near = [other for other in known if same_person(name, other)]
    return near[0] if len(near) == 1 else ""


def _may_be_name(title: str) -> bool:
    """Tell whether a title of one word may be a name."""
    is_one_word = len(title.split()) == 1
    return is_one_word and likeness(title) is Likeness.PERHAPS


def banner_names(
    rows: Mapping[int, Sequence[Cell]],
    company: int | None,
    merges: Sequence[CellArea],
    managers: Collection[str],
    *,
    managed: bool,
) -> Iterator[str]:
    """Go through the managers whom lone rows of a tab name above their clients.

    `rows`: by 0-based index, those below the headings; `company`: the column that names clients;
    `managed`: its rows name managers themselves.
    """
    lone, names_of_clients = _told_apart(rows, company)
    if len(lone) > _MOST_LONE * len(rows):
        return
    people = sum(likeness(name) is Likeness.SURE for name in names_of_clients)
    banners = _Banners(
        known=tuple(managers),
        added_up=frozenset(_names_added_up(lone.values())),
        several=_plain_names(lone.values()) > 1,
        managed=managed,
        of_people=people > _MOST_PEOPLE * len(names_of_clients),
    )
    for index, text in lone.items():
        if not row_words().may_add_up(text):
            name = banners.name_in(text, is_merged=_is_merged(index, merges))
            if name:
                yield name


def _told_apart(
    rows: Mapping[int, Sequence[Cell]], company: int | None
) -> tuple[dict[int, str], list[str]]:
    """Return the texts of lone rows by their index, and the names of the others' clients."""
    lone: dict[int, str] = {}
    names_of_clients: list[str] = []
    for index, cells in rows.items():
        texts = _texts(cells)
        is_lone = len(set(texts)) == 1 and not _has_contact(cells)
        if is_lone:
            lone[index] = texts[0]
        elif texts and company is not None and company < len(cells):
            names_of_clients.append(clean(cells[company]))
    return lone, names_of_clients


def _is_merged(index: int, merges: Sequence[CellArea]) -> bool:
    """Tell whether a row has cells that are merged side by side, as a heading's are."""
    return any(
        area.top <= index < area.bottom and area.right - area.left > 1
        for area in merges
    )


@dataclass(frozen=True)
class _Banners:
    """What a tab tells of the names above its clients.

    `known`: managers of the base; `added_up`: whom its totals add up; `several`: its lone rows
    name different people; `managed`, `of_people`: its rows name managers, its clients are people.
    """

    known: Sequence[str]
    added_up: frozenset[str]
    several: bool
    managed: bool
    of_people: bool

    def name_in(self, text: str, *, is_merged: bool) -> str:
        """Return the manager whom a lone row names; "" where it names none."""
        for name in row_words().names_in(text):
            known_as = _known_as(name, self.known)
            is_marked = is_merged or row_words().is_marked(text, name)
            if known_as or self._is_managers(name, is_marked=is_marked):
                return known_as or name
        return ""

    def _is_managers(self, name: str, *, is_marked: bool) -> bool:
        if " ".join(phrase_of(name)) in self.added_up:
            return True
        if self.managed:
            return False
        like = likeness(name)
        if is_marked and like is not Likeness.NONE:
            return True
        return like is Likeness.SURE and self.several and not self.of_people


def _texts(cells: Sequence[Cell]) -> list[str]:
    texts = [clean(cell) for cell in cells if isinstance(cell, str)]
    return [text for text in texts if text]


def _has_contact(cells: Sequence[Cell]) -> bool:
    """Tell whether a row of one text has long numbers beside it, such as a phone or a day."""
    return any(
        isinstance(cell, int | float)
        and not isinstance(cell, bool)
        and len(clean(cell)) >= 10  # noqa: PLR2004  # a phone or a tax number
        for cell in cells
    )


def _plain_names(texts: Iterable[str]) -> int:
    """Count the different people among the texts of lone rows."""
    people = set[str]()
    for text in texts:
        for name in row_words().names_in(text):
            if likeness(name) is Likeness.SURE:
                people.add(fold(name))
    return len(people)


def _names_added_up(texts: Iterable[str]) -> set[str]:
    """Return, as words, whom the totals of a tab may add up."""
    words = row_words()
    names: set[str] = set()
    for text in texts:
        if words.may_add_up(text):
            phrase = phrase_of(text)
            # The name stands behind “Total for”, or before “Total”.
            names.add(" ".join(phrase[:-1]))
            names.update(
                " ".join(phrase[start:]) for start in range(1, len(phrase))
            )
    return names
