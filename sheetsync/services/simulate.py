"""What limits of so many days would do in a base: read whole, with all of its Journal.

Nothing is written. What is reckoned is the simulation's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from sheetsync.errors import InputError
from sheetsync.i18n import Language
from sheetsync.reporting.metrics.facts import Facts
from sheetsync.services.read_and_decide import Options, Planned, read_and_decide
from sheetsync.services.refresh_reports import standing_base
from sheetsync.sheets.connection.open_book import Opened
from sheetsync.simulation.courses import FIRST_YEAR, GROUPS
from sheetsync.simulation.simulation import LIMITS, Simulation, simulation_of

MOST_DAYS = 3660
"""The longest limit that may be asked about, in days: as the settings have it."""

MOST_LIMITS = 12


class Question(NamedTuple):
    """What is asked: limits in days, a field of `GROUPS`, and from when on all endings are known.

    `by` None: of all together; `known_from` None: as the base itself tells.
    """

    limits: tuple[int, ...] = LIMITS
    by: str | None = None
    known_from: date | None = None


@dataclass(frozen=True)
class Simulated:
    """A simulation, and the base that it was made of."""

    planned: Planned
    simulation: Simulation


def question_of(
    days: str | None,
    by: str | None,
    known_from: date | None,
    language: Language,
) -> Question:
    """Understand a question as it was typed: `days` as `14,30,40`.

    Raises InputError where it cannot be understood, so before anything is read.
    """
    text = language.text
    if by is not None and by not in GROUPS:
        fix = text("Give one of: {names}.", names=", ".join(GROUPS))
        raise InputError(
            text("Nothing is told apart by “{name}”.", name=by), fix=fix
        )
    if known_from is not None and known_from.year < FIRST_YEAR:
        fix = text("Give the day from which on the base is complete.")
        raise InputError(
            text(
                "{day} is too long ago to be known.",
                day=language.date(known_from),
            ),
            fix=fix,
        )
    limits = LIMITS if days is None else _limits(days.split(","), language)
    return Question(limits, by, known_from)


def _limits(written: Sequence[str], language: Language) -> tuple[int, ...]:
    limits = [_limit(word.strip(), language) for word in written]
    distinct = tuple(sorted(set(limits)))
    if len(distinct) > MOST_LIMITS:
        text = language.text
        raise InputError(
            text("That is more than {n} limits.", n=MOST_LIMITS),
            fix=text("Ask about fewer at a time."),
        )
    return distinct


def _limit(word: str, language: Language) -> int:
    # "14" in other scripts' digits is a number too, and so are signs that stand alone: ASCII only.
    days = int(word) if word.isascii() and word.isdigit() else 0
    if not 1 <= days <= MOST_DAYS:
        text = language.text
        raise InputError(
            text("“{days}” is no number of days.", days=word),
            fix=text("Give whole days with commas between: `--days 14,30,40`."),
        )
    return days


def simulate(opened: Opened, options: Options, question: Question) -> Simulated:
    """Read a base with its whole Journal and reckon; writes nothing.

    Raises BookUnrecognised where there is no base or no row.
    """
    planned = read_and_decide(opened, replace(options, journal=None))
    projection, journal = standing_base(opened, planned, options)
    # What the first run would notice is no history.
    if planned.snapshot.first_run:
        journal = planned.snapshot.journal
    facts = Facts(projection, planned.policy, journal)
    simulation = simulation_of(facts, *question)
    return Simulated(planned, simulation)
