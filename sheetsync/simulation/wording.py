"""What a simulation says, in words: the same on the command line, on its tab and in the pack.

What is reckoned is simulation.py's.
"""

from collections.abc import Iterator

from sheetsync.i18n import Language, marked
from sheetsync.simulation.competing_risks import Band, DayShares
from sheetsync.simulation.courses import Ending, LeftOut
from sheetsync.simulation.drift import LEAST_AT_RISK
from sheetsync.simulation.simulation import Simulation
from sheetsync.simulation.stakes import Stake

_LEFT_OUT = {
    LeftOut.NO_BEGINNING: marked("without a day on which work began"),
    LeftOut.NO_END: marked("ended on a day that nobody wrote down"),
    LeftOut.ODD_DAYS: marked(
        "with days that cannot be: in the future, before 2000, or an end before the beginning"
    ),
    LeftOut.BEFORE_KNOWN: marked("ended before the base was complete"),
}


class Wording:
    """The sentences of a simulation, and the texts of its table."""

    def __init__(self, simulation: Simulation, language: Language) -> None:
        self.simulation = simulation
        self.language = language

    def heads(self) -> tuple[str, ...]:
        """Return the headings of the table of days."""
        text = self.language.text
        return (
            text("Day"),
            text("Won"),
            text("95% range"),
            text("Lost"),
            text("Still open"),
            text("In work that long"),
        )

    def _percent(self, share: float) -> str:
        return f"{self.language.decimal(share * 100, 2)} %"

    def _band(self, band: Band) -> str:
        low, high = (self.language.decimal(end * 100, 1) for end in band)
        return f"{low}…{high} %"

    def counted(self) -> Iterator[str]:
        """Say of how many courses it tells, and which rows are none."""
        text = self.language.text
        plural = self.language.plural
        courses = self.simulation.courses
        rows = len(courses.frame)
        if not rows:
            yield text(
                "No company has yet been worked with: there is nothing to reckon with."
            )
        else:
            counts = courses.frame["ending"].value_counts()
            yield text(
                "{courses}: {won} won, {lost} lost, {away} put away, {open} open.",
                courses=plural(
                    "{n} course of work", "{n} courses of work", rows
                ),
                won=self._count(counts.get(Ending.WON, 0)),
                lost=self._count(counts.get(Ending.LOST, 0)),
                away=self._count(counts.get(Ending.PUT_AWAY, 0)),
                open=self._count(counts.get(Ending.OPEN, 0)),
            )
        if courses.known_from is not None:
            yield text(
                "Known from {day} on: companies that were in work by then enter late.",
                day=self.language.date(courses.known_from),
            )
        for why, left_out in courses.left_out.items():
            number = plural("{n} row", "{n} rows", left_out)
            yield f"• {number}: {text(_LEFT_OUT[why])}"

    def _count(self, number: int) -> str:
        return self.language.number(int(number))

    def cells(self, shares: DayShares) -> Iterator[str]:
        """Return a day of the table as texts; where too little is known, question marks."""
        yield str(shares.day)
        if self.simulation.may_tell(shares):
            yield self._percent(shares.won)
            yield self._band(shares.won_band)
            yield self._percent(shares.lost)
            yield self._percent(shares.open)
        else:
            yield from ("?", "", "?", "?")
        yield self._count(shares.at_risk)

    def at_stake(self) -> Iterator[str]:
        """Say what each limit puts at stake, between two bounds."""
        pairs = zip(self.simulation.stakes, self.simulation.shares, strict=True)
        for stake, shares in pairs:
            if self.simulation.may_tell(shares):
                yield self._stake(stake)
            else:
                yield self._not_said(shares)

    def _stake(self, stake: Stake) -> str:
        text = self.language.text
        limit = self.language.plural("{n} day", "{n} days", stake.limit)
        if stake.estimated is None or stake.observed is None:
            return text("{limit}: nothing has been won yet.", limit=limit)
        number = self.language.number
        return text(
            "{limit}: {share} of the wins come later (of those seen: {seen}). At stake: from "
            "nothing, if all who are put away come back, to {wins} wins a month ({amount}), if "
            "none does. Freed: {freed} of {load} places; at the team's own rate they win {worth} "
            "a month ({worth_amount}).",
            limit=limit,
            share=self._percent(stake.estimated),
            seen=self._percent(stake.observed),
            wins=number(round(stake.most.number, 1)),
            amount=number(round(stake.most.amount)),
            freed=number(round(stake.freed, 1)),
            load=number(round(stake.load, 1)),
            worth=number(round(stake.worth.number, 1)),
            worth_amount=number(round(stake.worth.amount)),
        )

    def _not_said(self, shares: DayShares) -> str:
        text = self.language.text
        limit = self.language.plural("{n} day", "{n} days", shares.day)
        horizon = self.simulation.horizon
        if horizon is not None and shares.day > horizon:
            return text(
                "{limit}: nothing is said beyond {horizon} days, as rows were put away by then.",
                limit=limit,
                horizon=horizon,
            )
        return text(
            "{limit}: nothing is said, as too few companies were in work so long: {n}, where "
            "{least} are needed.",
            limit=limit,
            n=self._count(shares.at_risk),
            least=LEAST_AT_RISK,
        )

    def drift(self) -> Iterator[str]:
        """Say where the share won differs from quarter to quarter."""
        text = self.language.text
        drift = self.simulation.drift
        if not drift.differs:
            return
        shares = [
            f"{quarter.quarter.number}/{quarter.quarter.year} "
            f"{self._percent(quarter.shares.won)}"
            for quarter in drift.quarters
            if quarter.enough
        ]
        yield text(
            "The share won by day {day} changes with time, by quarter of the beginning: "
            "{shares}. The past is a weak witness here.",
            day=drift.day,
            shares=", ".join(shares),
        )

    def score(self) -> Iterator[str]:
        """Say whether deals can be foretold by their traits."""
        text = self.language.text
        score = self.simulation.score
        if score is None:
            return
        measured = {
            "judged": self._count(score.judged),
            "by_traits": self.language.decimal(score.by_traits, 4),
            "by_share": self.language.decimal(score.by_share, 4),
        }
        if score.holds:
            sentence = text(
                "Manager, label, category and source tell a win better than the average does "
                "(Brier {by_traits} against {by_share} on the {judged} newest deals).",
                **measured,
            )
        else:
            sentence = text(
                "No chance of winning is shown: manager, label, category and source tell it no "
                "better than the average does (Brier {by_traits} against {by_share} on the "
                "{judged} newest deals).",
                **measured,
            )
        yield sentence
