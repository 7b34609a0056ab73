"""How a simulation is shown: tables and sentences for a head of sales, or one JSON object."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape

from sheetsync.cli.output.terminal import table_of
from sheetsync.i18n import Language, marked
from sheetsync.services.simulate import Simulated
from sheetsync.simulation.competing_risks import Band, DayShares
from sheetsync.simulation.courses import Ending, LeftOut
from sheetsync.simulation.drift import LEAST_AT_RISK, Drift
from sheetsync.simulation.simulation import Simulation
from sheetsync.simulation.stakes import Stake
from sheetsync.simulation.win_score import Judgement

_DIGITS = 6
"""Decimals of a share in JSON."""

_LEFT_OUT = {
    LeftOut.NO_BEGINNING: marked("without a day on which work began"),
    LeftOut.NO_END: marked("ended on a day that nobody wrote down"),
    LeftOut.ODD_DAYS: marked(
        "with days that cannot be: in the future, before 2000, or an end before the beginning"
    ),
    LeftOut.BEFORE_KNOWN: marked("ended before the base was complete"),
}


def simulation_json(
    simulated: Simulated, requests: Mapping[str, int]
) -> dict[str, Any]:
    """Return a simulation as `--json` gives it."""
    simulation = simulated.simulation
    courses = simulation.courses
    known_from = courses.known_from
    counted = courses.frame["ending"].value_counts()
    endings = {ending.value: int(counted.get(ending, 0)) for ending in Ending}
    left_out = {why.value: rows for why, rows in courses.left_out.items()}
    return {
        "book": simulated.planned.snapshot.book.id,
        "today": simulation.today.isoformat(),
        "courses": endings,
        "left_out": left_out,
        "known_from": None if known_from is None else known_from.isoformat(),
        "horizon": simulation.horizon,
        "days": _shares_json(simulation, simulation.shares),
        "returned": _shares_json(simulation, simulation.returned),
        "by": simulation.by,
        "groups": [
            {
                "name": group.name,
                "courses": group.courses,
                "days": _shares_json(simulation, group.shares),
            }
            for group in simulation.groups
        ],
        "stakes": [_stake_json(stake) for stake in simulation.stakes],
        "drift": _drift_json(simulation.drift),
        "score": _score_json(simulation.score),
        "curve": _shares_json(simulation, simulation.curve),
        "requests": dict(requests),
    }


def _shares_json(
    simulation: Simulation, shares: Iterable[DayShares]
) -> list[dict[str, Any]]:
    return [
        {**_day_json(day), "enough": simulation.may_tell(day)} for day in shares
    ]


def _day_json(shares: DayShares) -> dict[str, Any]:
    return {
        "day": shares.day,
        "won": round(shares.won, _DIGITS),
        "lost": round(shares.lost, _DIGITS),
        "open": round(shares.open, _DIGITS),
        "at_risk": shares.at_risk,
        "won_band": [round(end, _DIGITS) for end in shares.won_band],
        "lost_band": [round(end, _DIGITS) for end in shares.lost_band],
    }


def _stake_json(stake: Stake) -> dict[str, Any]:
    return {
        "limit": stake.limit,
        "wins_later_estimated": _rounded(stake.estimated),
        "wins_later_observed": _rounded(stake.observed),
        "lost_a_month": {
            "least": {"wins": 0, "amount": 0},
            "most": {
                "wins": round(stake.most.number, 2),
                "amount": round(stake.most.amount, 2),
            },
        },
        "load": round(stake.load, 2),
        "load_under_limit": round(stake.load_then, 2),
        "freed": round(stake.freed, 2),
        "worth_a_month": {
            "wins": round(stake.worth.number, 2),
            "amount": round(stake.worth.amount, 2),
        },
    }


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, _DIGITS)


def _drift_json(drift: Drift) -> dict[str, Any]:
    quarters = [
        {
            "quarter": f"{quarter.quarter.year}-Q{quarter.quarter.number}",
            "courses": quarter.courses,
            "won": round(quarter.shares.won, _DIGITS),
            "at_risk": quarter.shares.at_risk,
            "enough": quarter.enough,
        }
        for quarter in drift.quarters
    ]
    return {"day": drift.day, "differs": drift.differs, "quarters": quarters}


def _score_json(score: Judgement | None) -> dict[str, Any] | None:
    if score is None:
        return None
    return {
        "judged": score.judged,
        "brier_by_traits": round(score.by_traits, _DIGITS),
        "brier_by_share": round(score.by_share, _DIGITS),
        "holds": score.holds,
    }


def show_simulation(
    simulation: Simulation, language: Language, out: Console
) -> None:
    """Print what is known by each limit, what is at stake, and what is not said and why."""
    shown = _Shown(simulation, language, out)
    shown.counted()
    if simulation.first_rounds.frame.empty:
        return
    shown.table()
    shown.groups()
    shown.later_rounds()
    shown.at_stake()
    shown.drift()
    shown.score()


class _Shown:
    """A simulation as it is printed, part by part."""

    def __init__(
        self, simulation: Simulation, language: Language, out: Console
    ) -> None:
        self.simulation = simulation
        self.language = language
        self.out = out

    def _say(self, sentence: str) -> None:
        self.out.print(sentence, markup=False, soft_wrap=True)

    def _percent(self, share: float) -> str:
        return f"{self.language.decimal(share * 100, 2)} %"

    def _band(self, band: Band) -> str:
        low, high = (self.language.decimal(end * 100, 1) for end in band)
        return f"{low}…{high} %"

    def counted(self) -> None:
        """Say of how many courses it tells, and which rows are none."""
        text = self.language.text
        plural = self.language.plural
        courses = self.simulation.courses
        rows = len(courses.frame)
        if not rows:
            self._say(
                text(
                    "No company has yet been worked with: there is nothing to reckon with."
                )
            )
        else:
            counts = courses.frame["ending"].value_counts()
            self._say(
                text(
                    "{courses}: {won} won, {lost} lost, {away} put away, {open} open.",
                    courses=plural(
                        "{n} course of work", "{n} courses of work", rows
                    ),
                    won=self._count(counts.get(Ending.WON, 0)),
                    lost=self._count(counts.get(Ending.LOST, 0)),
                    away=self._count(counts.get(Ending.PUT_AWAY, 0)),
                    open=self._count(counts.get(Ending.OPEN, 0)),
                )
            )
        if courses.known_from is not None:
            self._say(
                text(
                    "Known from {day} on: companies that were in work by then enter late.",
                    day=self.language.date(courses.known_from),
                )
            )
        for why, left_out in courses.left_out.items():
            number = plural("{n} row", "{n} rows", left_out)
            self._say(f"• {number}: {text(_LEFT_OUT[why])}")

    def _count(self, number: int) -> str:
        return self.language.number(int(number))

    def table(self) -> None:
        """Show what had become of new companies by each limit."""
        title = self.language.text("By the end of the day")
        self._table(title, [("", self.simulation.shares)])

    def groups(self) -> None:
        """Show the same of each group."""
        simulation = self.simulation
        if simulation.by is None:
            return
        words = simulation.policy.words
        title = words.name("columns", simulation.by)
        rows = [
            (self._group_name(group.name), group.shares)
            for group in simulation.groups
        ]
        self._table(title, rows)

    def _group_name(self, name: str) -> str:
        if not name:
            return self.language.text("(none)")
        kinds = {"label": "labels", "category": "categories"}
        kind = kinds.get(self.simulation.by or "")
        if kind is None:
            return name
        return self.simulation.policy.words.name(kind, name)

    def later_rounds(self) -> None:
        """Show the same of companies that had been away before."""
        returned = self.simulation.returned
        if returned:
            title = self.language.text("Companies that came back")
            self._table(title, [("", returned)])

    def _table(
        self, title: str, rows: Sequence[tuple[str, Sequence[DayShares]]]
    ) -> None:
        text = self.language.text
        table = table_of(
            *("", text("Day"), text("Won"), text("95% range"), text("Lost")),
            *(text("Still open"), text("In work that long")),
            title=title,
        )
        for name, shares in rows:
            for day in shares:
                table.add_row(escape(name), *self._cells(day))
        self.out.print(table)

    def _cells(self, shares: DayShares) -> Iterator[str]:
        yield str(shares.day)
        if self.simulation.may_tell(shares):
            yield self._percent(shares.won)
            yield self._band(shares.won_band)
            yield self._percent(shares.lost)
            yield self._percent(shares.open)
        else:
            yield from ("?", "", "?", "?")
        yield self._count(shares.at_risk)

    def at_stake(self) -> None:
        """Say what each limit puts at stake, between two bounds."""
        pairs = zip(self.simulation.stakes, self.simulation.shares, strict=True)
        for stake, shares in pairs:
            if self.simulation.may_tell(shares):
                self._say(self._stake(stake))
            else:
                self._say(self._not_said(shares))

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

    def drift(self) -> None:
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
        self._say(
            text(
                "The share won by day {day} changes with time, by quarter of the beginning: "
                "{shares}. The past is a weak witness here.",
                day=drift.day,
                shares=", ".join(shares),
            )
        )

    def score(self) -> None:
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
        self._say(sentence)
