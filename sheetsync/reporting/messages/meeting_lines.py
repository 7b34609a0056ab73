"""The planning meeting's figures in a few lines (METHOD point 10): stocks, week, plan, forecast.

The figures are the metrics'. What is not known yet is left out, never told as nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sheetsync.i18n import Language, marked
from sheetsync.reporting.layout.model import capitalised
from sheetsync.reporting.layout.other_money import beside_the_sums
from sheetsync.reporting.metrics import Figure, Figures
from sheetsync.reporting.metrics.periods import week
from sheetsync.schema import money

WEEKLY = (
    ("taken", marked("taken into work {n}")),
    ("by_deadline", marked("moved by deadline {n}")),
    ("refused", marked("refused {n}")),
    ("sold", marked("sold {n}")),
)
"""What is told of a week, in this order: the code of the figure, and its words."""


def meeting_figures(figures: Figures, language: Language) -> list[str]:
    """Return the department's figures as lines, the same the meeting looks at."""
    lines = _MeetingLines(figures, language)
    return [
        lines.stands(),
        *lines.week(),
        *lines.plan(),
        *lines.forecast(),
        *lines.other_money(),
        *lines.scored(),
    ]


@dataclass(frozen=True)
class _MeetingLines:
    """The lines one by one; each but the first is there only where something is known."""

    figures: Figures
    language: Language

    def stands(self) -> str:
        """Tell what stands now."""
        text = self.language.text
        number = self.language.number
        numbers = self.figures.stocks.numbers()
        near = int(self.figures.facts.rows["near"].sum())
        days = self.figures.facts.near_days
        parts = [
            text("overdue {n}", n=number(numbers["overdue"])),
            text("today {n}", n=number(numbers["today"])),
            text("later this week {n}", n=number(numbers["week"])),
            text("no next step {n}", n=number(numbers["no_step"])),
            text("calls due {n}", n=number(numbers["calls"])),
            text("deadline within {days} days {n}", days=days, n=number(near)),
        ]
        limit = self.figures.stocks.limit().value
        # Without a manager there is no list, and no load to tell.
        if limit:
            load = text(
                "in work {n} of {max}",
                n=number(numbers["load"]),
                max=number(limit),
            )
            parts.insert(0, load)
        return capitalised(text("now: {figures}", figures=", ".join(parts)))

    def week(self) -> Iterator[str]:
        """Tell this week since Monday, against as much of the last one."""
        text = self.language.text
        flows = self.figures.flows
        period = week(self.figures.facts.today)
        parts = []
        for code, sentence in WEEKLY:
            figure = flows.figure(code, period)
            if figure.value is not None:
                words = text(sentence, n=self.language.number(figure.value))
                parts.append(words + self._was(figure))
        if not parts:
            return
        amount = flows.amount(period).value
        if amount:
            # The sales are told last: the amount belongs to them.
            worth = text("for {sum}", sum=self._money(amount))
            parts[-1] = f"{parts[-1]} {worth}"
        yield capitalised(
            text("this week: {figures}", figures=", ".join(parts))
        )

    def _was(self, figure: Figure) -> str:
        """Say what a figure was a week ago, where that is known and differs."""
        if figure.before is None or figure.before == figure.value:
            return ""
        before = self.language.number(figure.before)
        was = self.language.text("was {n}", n=before)
        return f" ({was})"

    def _money(self, amount: float) -> str:
        return money(amount, self.figures.facts.policy, self.language)

    def plan(self) -> Iterator[str]:
        """Tell how much of the month's plan is done, and how much of the month has passed."""
        against = self.figures.targets.against("amount")
        if against.done is None or not against.plan:
            return
        yield self.language.text(
            "Plan of the month: {done}% of {sum} done, {passed}% of the month has passed",
            done=round(against.done * 100),
            sum=self._money(against.plan),
            passed=round(against.elapsed * 100),
        )

    def forecast(self) -> Iterator[str]:
        """Tell what the companies in work may bring."""
        amount = self.figures.forecast.total().value
        if amount:
            yield self.language.text("Forecast: {sum}", sum=self._money(amount))

    def other_money(self) -> Iterator[str]:
        """Tell what none of these sums holds."""
        words = beside_the_sums(self.figures.facts, self.language)
        if words:
            yield words

    def scored(self) -> Iterator[str]:
        """Tell how much of the revision of actions is scored, and the average."""
        text = self.language.text
        number = self.language.number
        scores = self.figures.scores
        scored = drawn = 0
        for share in scores.sample.shares.values():
            of_manager = scores.scored_actions(share.name)
            scored += of_manager.scored
            drawn += of_manager.drawn
        if not drawn:
            return
        line = text(
            "Revision of actions: scored {n} of {m}",
            n=number(scored),
            m=number(drawn),
        )
        average = scores.average().value
        if average is not None:
            score = text("average {score}", score=number(round(average, 1)))
            line = f"{line}, {score}"
        yield line
