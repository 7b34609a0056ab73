"""Whether a deal's manager, label and the like foretell that it will be won: on held-back deals.

A score that is no better than everybody's average is no score. So a naive Bayes estimate is made
from the older deals and judged on the newest ones by Brier's score, the mean square of what it was
wrong by, beside the plain share won. Only where it wins may a score be shown.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from sheetsync.simulation.courses import GROUPS, Courses, Ending

HELD_BACK = 0.4
"""The share of the newest deals, by the day they ended, on which the estimate is judged."""

LEAST_DEALS = 100
"""Of fewer ended deals nothing is judged."""


class Deal(NamedTuple):
    """A deal that has ended: its traits, and whether it was won."""

    traits: tuple[str, ...]
    won: bool


@dataclass(frozen=True)
class Judgement:
    """Brier's score of the estimate and of the plain share won; the lower, the better.

    `judged`: on how many deals.
    """

    judged: int
    by_traits: float
    by_share: float

    @property
    def holds(self) -> bool:
        """Whether the estimate says more than the share does."""
        return self.by_traits < self.by_share


@dataclass(frozen=True)
class _Bayes:
    """Deals as a naive Bayes estimate sees them: how often each trait stands among each end."""

    deals: Sequence[Deal]

    @cached_property
    def share(self) -> float:
        won = sum(deal.won for deal in self.deals)
        return won / len(self.deals)

    @cached_property
    def _ended(self) -> Counter[bool]:
        return Counter(deal.won for deal in self.deals)

    @cached_property
    def _traits(self) -> Counter[tuple[bool, int, str]]:
        counted = Counter[tuple[bool, int, str]]()
        for deal in self.deals:
            for place, trait in enumerate(deal.traits):
                counted[deal.won, place, trait] += 1
        return counted

    @cached_property
    def _kinds(self) -> list[int]:
        """How many traits of each place there are."""
        columns = zip(*(deal.traits for deal in self.deals), strict=True)
        return [len(set(column)) for column in columns]

    def chance(self, traits: tuple[str, ...]) -> float:
        """Return the chance that a deal with such traits is won."""
        won = self.share * self._likelihood(traits, won=True)
        lost = (1 - self.share) * self._likelihood(traits, won=False)
        return won / (won + lost) if won + lost else self.share

    def _likelihood(self, traits: tuple[str, ...], *, won: bool) -> float:
        likelihood = 1.0
        for place, trait in enumerate(traits):
            # One more of each (Laplace): a trait that was never seen makes nothing impossible.
            seen = self._traits[won, place, trait] + 1
            likelihood *= seen / (self._ended[won] + self._kinds[place])
        return likelihood


def judge(deals: Sequence[Deal]) -> Judgement | None:
    """Judge the estimate on the newest of some deals; None where they are too few to.

    `deals`: by the day they ended, the oldest first.
    """
    if len(deals) < LEAST_DEALS:
        return None
    older = int(len(deals) * (1 - HELD_BACK))
    known = _Bayes(deals[:older])
    newest = deals[older:]
    by_traits = [(known.chance(deal.traits) - deal.won) ** 2 for deal in newest]
    by_share = [(known.share - deal.won) ** 2 for deal in newest]
    return Judgement(
        len(newest), sum(by_traits) / len(newest), sum(by_share) / len(newest)
    )


def ended_deals(courses: Courses) -> list[Deal]:
    """Return the courses that ended won or lost, the first to end first, with their traits."""
    frame = courses.frame
    ended = frame[frame["ending"].isin([Ending.WON, Ending.LOST])]
    ended = ended.sort_values(["ended", "id"])
    traits = zip(*(ended[name] for name in GROUPS), strict=True)
    won = ended["ending"] == Ending.WON
    return [
        Deal(of_deal, bool(w)) for of_deal, w in zip(traits, won, strict=True)
    ]
