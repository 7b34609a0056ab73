"""Which section a tab is: by its title, borne out by the states found in it, or by the states alone."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from sheetsync.adoption.field_lexicon import Alias, alias_of, alike
from sheetsync.adoption.proposal import MIXED, TabGuess
from sheetsync.adoption.word_similarity import near, sounds, words
from sheetsync.method.policy import template
from sheetsync.method.vocabulary import section_of

HOMES = {
    "new": ("call_base", "working"),
    "contact_1": ("working",),
    "contact_2": ("working",),
    "contact_3": ("working",),
    "deal": ("working",),
    "deal_support": ("working",),
    "refusal": ("rework", "hard_refusal"),
    "call_round": ("rework",),
    "strategic_reserve": ("strategic",),
    "client": ("clients",),
}
"""State -> the sections that are its home (point 6 of the method)."""

TITLED, CONFIRMED, ALONE = 0.8, 0.6, 0.9
"""How near a title is; the share of states that bears it out; the share that decides without a title."""

_FEW, _KNOWN = 3, 0.8


class Found(NamedTuple):
    """The rows of a tab: how many have a state, how many of these are understood, and in how many each section is home.

    `could`: in how many it could be, whatever the reason of a refusal.
    """

    rows: int = 0
    states: int = 0
    understood: int = 0
    homes: Mapping[str, float] = {}
    assigned: float = 0.0
    could: Mapping[str, float] = {}


class Verdict(NamedTuple):
    """A tab's section, how sure, and why."""

    section: str
    confidence: float
    why: str


@cache
def _titles() -> tuple[Alias, ...]:
    spoken = (template("ru").words, template("en").words)
    spelt = [
        (code, spoken_words.language, words(title))
        for spoken_words in spoken
        for code, titles in spoken_words.sections.items()
        for title in titles
    ]
    heard = [
        (code, language, tuple(map(sounds, title)))
        for code, language, title in spelt
        if language == "ru"
    ]
    return tuple(alias_of(*title) for title in (*spelt, *heard))


def _contains(spelt: tuple[str, ...], alias: Alias) -> float:
    """Score a title that names a section and adds to it: “Refusals Moscow”, “Clients of March”."""
    met = [max(near(word, other) for word in spelt) for other in alias.words]
    if min(met) < 0.9:  # noqa: PLR2004  # another word
        return 0.0
    return 0.8 + 0.1 * min(1.0, sum(map(len, alias.words)) / sum(map(len, spelt)))


def titled(title: str) -> tuple[str | None, float]:
    """Return the section that a title names, and how nearly."""
    exact = section_of(title, template("ru")) or section_of(" ".join(words(title)), template("ru"))
    if exact:
        return exact, 1.0
    spelt = words(title)
    scores: defaultdict[str, float] = defaultdict(float)
    for alias in _titles() if spelt else ():
        scores[alias.field] = max(scores[alias.field], alike(spelt, alias), _contains(spelt, alias))
    best = sorted(scores.items(), key=lambda item: -item[1])[:2]
    if not best or best[0][1] < TITLED or (len(best) > 1 and best[1][1] > best[0][1] - 0.02):
        return None, 0.0
    return best[0]


def found(
    states: Iterable[str | None], refused: Iterable[str | None], managers: Iterable[bool], rows: int
) -> Found:
    """Count the rows of a tab by the homes of their states.

    `states`: each row's state ("" where its word is unknown, None where there is none); `refused`: the section that
    its reason of refusal or label sends it to; `managers`: whether it has one.
    """
    homes: Counter[str] = Counter()
    could: Counter[str] = Counter()
    known = filled = assigned = 0
    for state, sent, managed in zip(states, refused, managers, strict=True):
        filled += state is not None
        assigned += managed
        if state:
            known += 1
            could.update(HOMES.get(state, ()))
            homes.update((sent,) if state == "refusal" and sent else HOMES.get(state, ()))
    shares = {section: count / known for section, count in homes.items()}
    possible = {section: count / known for section, count in could.items()}
    return Found(rows, filled, known, shares, assigned / rows if rows else 0.0, possible)


def verdict(title: str, rows: Found) -> Verdict:
    """Tell a tab's section."""
    named, nearness = titled(title)
    understood = rows.understood / rows.states if rows.states else 0.0
    telling = rows.understood >= min(_FEW, max(rows.rows, 1)) and understood >= 0.3  # noqa: PLR2004  # fewer prove nothing
    if named and not telling:
        return Verdict(named, round(nearness * 0.9, 2), "title")
    if named and rows.homes.get(named, 0.0) >= CONFIRMED:
        return Verdict(
            named, round(min(1.0, 0.85 + 0.15 * rows.homes[named] * nearness), 2), "title+states"
        )
    if (
        named and nearness == 1.0 and rows.could.get(named, 0.0) >= CONFIRMED
    ):  # what a team calls the tab outweighs reasons
        return Verdict(named, 0.9, "title")
    return _by_states(rows, understood) if telling else Verdict(MIXED, 0.5, "no_states")


def _by_states(rows: Found, understood: float) -> Verdict:
    best = max(rows.homes.values(), default=0.0)
    near = [section for section, share in rows.homes.items() if share >= max(ALONE, best - 0.02)]
    if not near:
        return Verdict(MIXED, 0.9 if understood >= _KNOWN else 0.6, "states")
    confidence = round(0.95 * best * min(1.0, understood + 0.1), 2)
    if len(near) == 1:
        return Verdict(near[0], confidence, "states")
    if set(near) == {"call_base", "working"}:  # new clients are worked once somebody has them
        return Verdict("working" if rows.assigned >= 0.5 else "call_base", confidence, "states")  # noqa: PLR2004
    return Verdict(
        "rework", min(confidence, 0.6), "states"
    )  # whether a refusal may be worked on, nobody said


def settled(tabs: Sequence[TabGuess], understood: Mapping[int, float]) -> tuple[TabGuess, ...]:
    """Let each section be one tab: the better one keeps it, the others are mixed."""
    holder: dict[str, TabGuess] = {}
    for tab in sorted(
        tabs, key=lambda tab: (-tab.why.startswith("title"), -tab.confidence, -tab.rows)
    ):
        holder.setdefault(tab.section, tab)
    kept = []
    for tab in tabs:
        if tab.section == MIXED and len(tabs) == 1:
            kept.append(replace(tab, why="only_tab"))
        elif tab.section != MIXED and holder[tab.section] is not tab:
            sure = 0.85 if understood.get(tab.sheet_id, 0.0) >= _KNOWN else 0.5
            kept.append(replace(tab, section=MIXED, why="taken", confidence=sure))
        else:
            kept.append(tab)
    return tuple(kept)
