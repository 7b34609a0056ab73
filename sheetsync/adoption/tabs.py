"""Which section a tab is: by its title, borne out by the states found in it, or by these alone.

Whether a tab is of clients at all is `ignored_tabs`' to say.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from sheetsync.adoption.field_lexicon import LANGUAGES, Alias, alias_of, alike
from sheetsync.adoption.proposal import TabGuess
from sheetsync.adoption.word_similarity import near, sounds, words
from sheetsync.method.codes import SectionCode, StateCode
from sheetsync.method.policy import template
from sheetsync.method.terms import MIXED
from sheetsync.method.vocabulary import section_of

HOMES: Mapping[str, tuple[str, ...]] = {
    StateCode.NEW: (SectionCode.CALL_BASE, SectionCode.WORKING),
    StateCode.CONTACT_1: (SectionCode.WORKING,),
    StateCode.CONTACT_2: (SectionCode.WORKING,),
    StateCode.CONTACT_3: (SectionCode.WORKING,),
    StateCode.DEAL: (SectionCode.WORKING,),
    StateCode.DEAL_SUPPORT: (SectionCode.WORKING,),
    StateCode.REFUSAL: (SectionCode.REWORK, SectionCode.HARD_REFUSAL),
    StateCode.CALL_ROUND: (SectionCode.REWORK,),
    StateCode.STRATEGIC_RESERVE: (SectionCode.STRATEGIC,),
    StateCode.CLIENT: (SectionCode.CLIENTS,),
}
"""State -> the sections that are its home (METHOD point 6)."""

TITLED, CONFIRMED, ALONE = 0.8, 0.6, 0.9
"""How near a title is; the share of states that bears it out; the share that decides alone."""

_AS_NEAR = 0.02
"""Scores that differ by less do not tell two sections apart."""
_WORD = 0.9
"""How near a word of a title must be to one of a section's name."""
_FEW, _SOME, _MOST = 3, 0.3, 0.8
"""Fewer states prove nothing; the shares of them that are understood for them to tell anything."""


class StateTally(NamedTuple):
    """The rows of a tab, counted by their states.

    `rows`: all of them; `filled`: those with a state; `understood`: those with a known one. Shares
    of the latter, by section: `homes`: it is their home; `possible_homes`: it could be, whatever
    the reason of a refusal. `managed`: the share of all rows that have a manager.
    """

    rows: int = 0
    filled: int = 0
    understood: int = 0
    homes: Mapping[str, float] = {}
    possible_homes: Mapping[str, float] = {}
    managed: float = 0.0

    @property
    def understood_share(self) -> float:
        """The share of states that are known."""
        return self.understood / self.filled if self.filled else 0.0

    @property
    def tells(self) -> bool:
        """Tell whether enough is understood to prove anything."""
        # A tab of one or two rows has no more states to tell by.
        enough = self.understood >= min(_FEW, max(self.rows, 1))
        return enough and self.understood_share >= _SOME


class StateOfRow(NamedTuple):
    """What a row says of its home.

    `state`: its code, "" where its word is unknown, None where there is none; `sent_to`: the
    section that its reason of refusal or label sends it to.
    """

    state: str | None
    sent_to: str | None
    has_manager: bool


class SectionGuess(NamedTuple):
    """A tab's section, how sure, and why."""

    section: str
    confidence: float
    why: str


def count_states(rows: Sequence[StateOfRow]) -> StateTally:
    """Count the rows of a tab by the homes of their states."""
    homes: Counter[str] = Counter()
    possible_homes: Counter[str] = Counter()
    for row in rows:
        possible_homes.update(HOMES.get(row.state or "", ()))
        homes.update(_homes(row))
    understood = sum(bool(row.state) for row in rows)
    managed = sum(row.has_manager for row in rows)
    return StateTally(
        rows=len(rows),
        filled=sum(row.state is not None for row in rows),
        understood=understood,
        homes={section: count / understood for section, count in homes.items()},
        possible_homes={
            section: count / understood
            for section, count in possible_homes.items()
        },
        managed=managed / len(rows) if rows else 0.0,
    )


def _homes(row: StateOfRow) -> tuple[str, ...]:
    if row.state == StateCode.REFUSAL and row.sent_to:
        return (row.sent_to,)
    return HOMES.get(row.state or "", ())


def named_section(title: str) -> tuple[str | None, float]:
    """Return the section that a title names, and how nearly."""
    spelling = words(title)
    exact = section_of(title, template("ru")) or section_of(
        " ".join(spelling), template("ru")
    )
    if exact:
        return exact, 1.0
    scores: defaultdict[str, float] = defaultdict(float)
    for alias in _section_names() if spelling else ():
        score = max(alike(spelling, alias), _contained(spelling, alias))
        scores[alias.field] = max(scores[alias.field], score)
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    if not ranked or ranked[0][1] < TITLED:
        return None, 0.0
    section, best = ranked[0]
    as_near = [score for _, score in ranked[1:] if score > best - _AS_NEAR]
    return (None, 0.0) if as_near else (section, best)


@cache
def _section_names() -> tuple[Alias, ...]:
    """Return the names of sections in every language, and the Russian ones in Latin letters."""
    written = [*_spellings()]
    heard = []
    for section, language, spelling in written:
        if language == "ru":
            heard.append((section, language, tuple(map(sounds, spelling))))
    return tuple(alias_of(*name) for name in (*written, *heard))


def _spellings() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for language in LANGUAGES:
        for section, titles in template(language).words.sections.items():
            for title in titles:
                yield section, language, words(title)
    for foreign in template("en").foreign_words:
        for section, titles in foreign.sections.items():
            for title in titles:
                yield section, foreign.code, words(title)


def _contained(spelling: tuple[str, ...], alias: Alias) -> float:
    """Score a title that names a section and adds to it: “Refusals Moscow”, “Clients of March”."""
    nearest = [
        max(near(word, other) for word in spelling) for other in alias.words
    ]
    if min(nearest) < _WORD:
        return 0.0
    share = sum(map(len, alias.words)) / sum(map(len, spelling))
    return 0.8 + 0.1 * min(1.0, share)


def guess_section(title: str, tally: StateTally) -> SectionGuess:
    """Tell a tab's section."""
    named, nearness = named_section(title)
    if named is None:
        return (
            _section_by_states(tally)
            if tally.tells
            else SectionGuess(MIXED, 0.5, "no_states")
        )
    if not tally.tells:
        return SectionGuess(named, round(nearness * 0.9, 2), "title")
    at_home = tally.homes.get(named, 0.0)
    if at_home >= CONFIRMED:
        confidence = min(1.0, 0.85 + 0.15 * at_home * nearness)
        return SectionGuess(named, round(confidence, 2), "title+states")
    # What a team calls the tab outweighs the reasons of its refusals.
    if nearness == 1.0 and tally.possible_homes.get(named, 0.0) >= CONFIRMED:
        return SectionGuess(named, 0.9, "title")
    return _section_by_states(tally)


def _section_by_states(tally: StateTally) -> SectionGuess:
    best = max(tally.homes.values(), default=0.0)
    lowest = max(ALONE, best - _AS_NEAR)
    sections = {
        section for section, share in tally.homes.items() if share >= lowest
    }
    if not sections:
        clear = tally.understood_share >= _MOST
        return SectionGuess(MIXED, 0.9 if clear else 0.6, "states")
    confidence = round(0.95 * best * min(1.0, tally.understood_share + 0.1), 2)
    if len(sections) == 1:
        return SectionGuess(sections.pop(), confidence, "states")
    if sections == {SectionCode.CALL_BASE, SectionCode.WORKING}:
        return SectionGuess(
            _section_of_new_clients(tally), confidence, "states"
        )
    # Whether a refusal may be worked on, nobody said.
    return SectionGuess(SectionCode.REWORK, min(confidence, 0.6), "states")


def _section_of_new_clients(tally: StateTally) -> str:
    """Tell where new clients are: they are worked once somebody has them."""
    have_managers = tally.managed >= 0.5  # noqa: PLR2004  # most of them
    return SectionCode.WORKING if have_managers else SectionCode.CALL_BASE


def settle(
    tabs: Sequence[TabGuess], understood: Mapping[int, float]
) -> tuple[TabGuess, ...]:
    """Let each section be one tab: the better one keeps it, the others are mixed.

    `understood`: the share of states that are known, by sheet id.
    """
    if len(tabs) == 1 and tabs[0].section == MIXED:
        return (replace(tabs[0], why="only_tab"),)
    holders: dict[str, TabGuess] = {}
    for tab in sorted(tabs, key=_goodness, reverse=True):
        holders.setdefault(tab.section, tab)
    settled = []
    for tab in tabs:
        if tab.section == MIXED or holders[tab.section] is tab:
            settled.append(tab)
        else:
            clear = understood.get(tab.sheet_id, 0.0) >= _MOST
            # Rows of a mixed tab go by their states: understood, they leave nothing to be asked.
            confidence = 0.85 if clear else 0.5
            settled.append(
                replace(tab, section=MIXED, why="taken", confidence=confidence)
            )
    return tuple(settled)


def _goodness(tab: TabGuess) -> tuple[bool, float, int]:
    return tab.why.startswith("title"), tab.confidence, tab.rows
