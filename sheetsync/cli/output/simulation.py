"""How a simulation is shown: tables and sentences for a head of sales, or one JSON object."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape

from sheetsync.cli.output.terminal import table_of
from sheetsync.i18n import Language
from sheetsync.services.simulate import Simulated
from sheetsync.simulation.competing_risks import DayShares
from sheetsync.simulation.courses import Ending
from sheetsync.simulation.drift import Drift
from sheetsync.simulation.simulation import Simulation
from sheetsync.simulation.stakes import Stake
from sheetsync.simulation.win_score import Judgement
from sheetsync.simulation.wording import Wording

_DIGITS = 6
"""Decimals of a share in JSON."""


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
    shown.sentences(shown.words.counted())
    if simulation.first_rounds.frame.empty:
        return
    shown.table()
    shown.groups()
    shown.later_rounds()
    shown.sentences(shown.words.at_stake())
    shown.sentences(shown.words.drift())
    shown.sentences(shown.words.score())


class _Shown:
    """A simulation as it is printed, part by part."""

    def __init__(
        self, simulation: Simulation, language: Language, out: Console
    ) -> None:
        self.simulation = simulation
        self.language = language
        self.words = Wording(simulation, language)
        self.out = out

    def sentences(self, sentences: Iterable[str]) -> None:
        """Print sentences, a line each."""
        for sentence in sentences:
            self.out.print(sentence, markup=False, soft_wrap=True)

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
        table = table_of("", *self.words.heads(), title=title)
        for name, shares in rows:
            for day in shares:
                table.add_row(escape(name), *self.words.cells(day))
        self.out.print(table)
