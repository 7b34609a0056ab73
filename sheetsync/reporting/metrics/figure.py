"""A figure: a value, the one before it, and its rows; and in words, how each is counted.

How a figure is shown is the reports'. What is not known is None, never 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from sheetsync.i18n import Language, marked

Kind = Literal["number", "money", "share", "days"]

Whose = str | None
"""Whose rows a figure is of: a manager's name, "" nobody's, None everybody's."""


@dataclass(frozen=True)
class Figure:
    """One figure. Money in the book's currency, shares from 0 to 1, days as a number.

    `before`: the same for the period before. `ids`: the rows it can be followed to. `enough`:
    whether the Journal reaches back to where the period begins; where it does not, `value` is None.
    """

    code: str
    value: float | None
    before: float | None = None
    ids: tuple[str, ...] = ()
    enough: bool = True

    @property
    def kind(self) -> Kind:
        """What its value is."""
        return KINDS.get(self.code, "number")

    @property
    def how(self) -> str:
        """The sentence that says how it is counted, for `Language.text`."""
        return HOW[self.code]

    @property
    def change(self) -> float | None:
        """How much more it is than before, where both are known."""
        if self.value is None or self.before is None:
            return None
        return self.value - self.before


def unknown(code: str) -> Figure:
    """Return the figure of a period that begins before the Journal: no value, and no rows."""
    return Figure(code, None, enough=False)


NOT_ENOUGH = marked("not enough history yet")
"""What is said instead of a figure whose `enough` is False."""

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "sold_amount": "money",
        "average_deal": "money",
        "median_deal": "money",
        "open_amount": "money",
        "forecast": "money",
        "conversion": "share",
        "probability": "share",
        "step_days": "days",
        "deal_length": "days",
        "days_to_deal": "days",
    }
)
"""What is no number of companies."""

HOW: Mapping[str, str] = MappingProxyType(
    {
        "taken": marked(
            "Companies whose work has begun: from no state of work to contact 1 or further. Repeat "
            "sales are not counted. A change counts on the day a run finds it."
        ),
        "returned": marked(
            "Those of the companies taken into work that came back from an archive."
        ),
        "advanced": marked(
            "Companies that went a step or more forward, from contact 1 to client."
        ),
        "invoiced": marked(
            "Companies that came to a deal: the first time since work on them began."
        ),
        "sold": marked(
            "Companies that have paid: the first time in deal support or client since work on them "
            "began."
        ),
        "sold_amount": marked(
            "The amounts of the companies sold, as their rows have them."
        ),
        "sold_unpriced": marked(
            "Companies sold whose rows have no amount: the amount sold lacks them."
        ),
        "by_deadline": marked(
            "Companies that a run has moved because their time was up. What was undone is not "
            "counted."
        ),
        "moved_in": marked(
            "Companies that came to the working list, moved by a run or by hand. What was undone "
            "is not counted."
        ),
        "moved_out": marked(
            "Companies that left the working list, moved by a run or by hand. What was undone is "
            "not counted."
        ),
        "refused": marked(
            "Companies whose state has become a refusal, with the reason their row gives."
        ),
        "lost": marked(
            "Companies that left the work unsold: refused, or put away into an archive."
        ),
        "entered": marked(
            "Companies that came into this state in these days, each once, with the manager they "
            "had then. A change counts on the day a run finds it."
        ),
        "reached": marked(
            "Of the companies taken into work in these days, how many have come to this state or "
            "further by their last day."
        ),
        "conversion": marked(
            "Of the same companies, the share that went on to this state from the one before it."
        ),
        "step_days": marked(
            "The middle one of the days that the same companies took from this state to a further "
            "one."
        ),
        "still_open": marked(
            "Those of the same companies that stand in this state and are worked on: they may "
            "still go on."
        ),
        "average_deal": marked(
            "The amount sold, by the number of companies sold that have an amount."
        ),
        "median_deal": marked(
            "The middle one of the amounts sold: half of them are larger."
        ),
        "deal_length": marked(
            "The middle one of the days from the beginning of work to the payment, over the "
            "companies sold."
        ),
        "days_to_deal": marked(
            "The middle one of the days from the beginning of work to the deal, over the companies "
            "that came to one."
        ),
        "length": marked(
            "Companies sold whose work took so many days from its beginning to the payment."
        ),
        "in_state": marked("Rows of the manager in this state, now."),
        "in_section": marked("Rows in this section, now."),
        "score": marked(
            "The average of the head's scores for the actions of the week; the others of it are "
            "not counted."
        ),
        "score_lately": marked(
            "The average of the head's scores for the actions of the last weeks, each score alike."
        ),
        "load": marked(
            "Companies in the working list that count to the limit, now."
        ),
        "cap": marked(
            "How many companies the manager's working list may hold today."
        ),
        "overdue": marked(
            "Companies of the working list whose next step was to be done before today."
        ),
        "today": marked(
            "Companies of the working list whose next step is to be done today."
        ),
        "week": marked(
            "Companies of the working list whose next step is to be done after today and until "
            "Sunday."
        ),
        "no_step": marked(
            "Companies in work without a next step or without its date."
        ),
        "calls": marked("Companies of the archives that are due to be called."),
        "open_amount": marked(
            "The amounts of the companies in work that are not sold yet."
        ),
        "forecast": marked(
            "For every company in work its amount, times the probability of a sale from its state."
        ),
        "forecast_unpriced": marked(
            "Companies in work that have no amount, or whose state has no probability: the "
            "forecast lacks them."
        ),
        "closing": marked(
            "Companies of the working list whose time to become a deal is up within so many days."
        ),
        "fill": marked(
            "Companies of the working list and the archives that lack what their state asks for."
        ),
        "contrary": marked(
            "Companies whose row says two things that do not go together; a person decides."
        ),
        "twice": marked(
            "Companies whose tax number, phone or e-mail stands in another row too, or whose name "
            "stands twice on their tab."
        ),
        "deals": marked(
            "Companies in the state of a deal: the invoice is out, or the contract signed, and "
            "nothing is paid yet."
        ),
        "plan": marked(
            "As the Settings tab has it; a department without a plan of its own has the sum of its "
            "managers'."
        ),
        "done": marked(
            "The fact as a share of the plan; the fact is amber where less is done than of the "
            "month has passed."
        ),
        "priced": marked(
            "Companies in work in this state that have an amount."
        ),
        "share": marked("Of all rows of the base."),
        "moved": marked(
            "Companies that the run of this night has moved, by deadline or by their state."
        ),
        "probability": marked(
            "Of the companies that have left this state for good, the share that was sold; the "
            "policy's number while there are fewer than 30."
        ),
    }
)
"""By code, how a figure is counted; the note on its heading."""


def explained(code: str, language: Language) -> str:
    """Say in the reader's language how a figure is counted."""
    return language.text(HOW[code])
