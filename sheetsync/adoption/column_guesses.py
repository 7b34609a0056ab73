"""Which field each column of a tab is: every heading and all values weighed, the best total taken."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from sheetsync.adoption import combined_columns as composite
from sheetsync.adoption.assignment import pair
from sheetsync.adoption.field_lexicon import NOBODYS, scored
from sheetsync.adoption.field_scores import Together, together
from sheetsync.adoption.proposal import SURE, Alternative, ColumnGuess
from sheetsync.adoption.value_profiles import LONGEST, Shape
from sheetsync.method.policy import Policy, template
from sheetsync.values import EPOCH, Cell, clean

ACCEPT = 0.5
"""A field is proposed from this score on; below it is an alternative."""

MANY = ("phone", "email", "person")
"""Fields that several columns of a tab may be."""

_HEADLESS, _RIVAL, _DOUBTED, _WORTH_SAYING, _PLAINLY = 0.8, 0.08, 0.75, 0.15, 0.3


class Column(NamedTuple):
    """A column as it was read: its place, heading, some of its filled cells, and the look of all like it."""

    at: int
    heading: str
    cells: Sequence[Cell]
    shape: Shape


Scores = Mapping[str, Together]


def _scores(column: Column, policy: Policy) -> Scores:
    """Score a column for every field that a team fills."""
    said = scored(column.heading).fields
    fields = [known.field for known in policy.columns if known.owner == "team"]
    nobodys = (
        said.get(NOBODYS, 0.0) >= max((said.get(field, 0.0) for field in fields), default=0.0) > 0
    )
    found = {}
    for field in fields:
        score = together(
            field, policy, said.get(field, 0.0), column.shape, headed=bool(column.heading)
        )
        if nobodys and score.why != "values":
            score = Together(min(score.score, ACCEPT - 0.05), score.why)
        found[field] = score
    return found


def examples(cells: Sequence[Cell], *, days: bool = False) -> tuple[str, ...]:
    """Return three distinct texts of a column. `days`: its numbers are days."""
    return tuple(
        dict.fromkeys(_day(cell) if days else clean(cell)[:LONGEST][:80] for cell in cells[:30])
    )[:3]


def _day(cell: Cell) -> str:
    """Write a cell of a column of days as people see it."""
    if (
        isinstance(cell, int | float)
        and not isinstance(cell, bool)
        and DAYS[0] <= cell < DAYS[1]
        and cell == int(cell)
    ):
        return (EPOCH + timedelta(days=int(cell))).isoformat()
    return clean(cell)[:LONGEST][:80]


DATES = frozenset(column.field for column in template("en").columns if column.type == "date")
DAYS = (42_000, 51_000)
"""Serial numbers of days from 2014 to 2039: what a date column of a living base holds."""


def columns_of(columns: Sequence[Column], policy: Policy) -> tuple[ColumnGuess, ...]:
    """Guess the fields of a tab's columns."""
    mixed = {
        column.at: fields
        for column in columns
        if (fields := composite.fields_of(column.heading, column.shape))
    }
    single = [column for column in columns if column.at not in mixed]
    scores = {column.at: _scores(column, policy) for column in columns}
    taken = _assigned(single, scores)
    guesses = [_guess(column, scores[column.at], taken) for column in single]
    guesses += [
        _composite(column, mixed[column.at], taken, scores[column.at])
        for column in columns
        if column.at in mixed
    ]
    return tuple(sorted(guesses, key=lambda guess: guess.at))


def _assigned(columns: Sequence[Column], scores: Mapping[int, Scores]) -> dict[str, int]:
    """Give each field one column at most, so that the total is best."""
    fields = list(scores[columns[0].at]) if columns else []
    table = [[_worth(field, scores[column.at]) for column in columns] for field in fields]
    return {fields[row]: columns[column].at for row, column in pair(table).items()}


def _worth(field: str, scores: Scores) -> float:
    """Return a column's score for a field, or nothing where it is plainly something else, taken or not."""
    score = scores[field].score
    return (
        score
        if score >= max(ACCEPT, max(other.score for other in scores.values()) - _PLAINLY)
        else 0.0
    )


def _guess(column: Column, scores: Scores, taken: Mapping[str, int]) -> ColumnGuess:
    ranked = sorted(scores, key=lambda field: -scores[field].score)
    mine = next((field for field, at in taken.items() if at == column.at), None)
    best = ranked[0]
    if mine is None and best in MANY and scores[best].score >= ACCEPT:
        mine = best
    others = [field for field in ranked if field != mine]
    alternatives = tuple(
        Alternative(field, round(scores[field].score, 2))
        for field in others[:3]
        if scores[field].score >= _WORTH_SAYING
    )
    if mine is None:
        confidence, why = _own(column, scores[best].score, headed=bool(column.heading))
        fields: tuple[str, ...] = ()
    else:
        free = [
            scores[field].score
            for field in others
            if taken.get(field, column.at) == column.at and field not in MANY
        ]
        confidence, why = scores[mine].score, scores[mine].why
        fields = (mine,)
        if not why.startswith("alias") and max(free, default=0.0) > confidence - _RIVAL:
            confidence = min(confidence, _DOUBTED)
    confidence *= 1.0 if column.heading else _HEADLESS
    days = any(field in DATES for field in (*fields, *(found.field for found in alternatives[:1])))
    shown = examples(column.cells, days=days)
    return ColumnGuess(
        round(confidence, 2), why, column.at, column.heading, fields, shown, alternatives
    )


def _own(column: Column, best: float, *, headed: bool) -> tuple[float, str]:
    """Say how sure it is that a column is nobody's field, and why."""
    if best >= ACCEPT:
        return ACCEPT, "twice"
    known = scored(column.heading).fields.get(NOBODYS, 0.0) if headed else 0.0
    confidence = known * 0.95 if known >= SURE else 1 - best
    return confidence, "own" if confidence >= SURE else "unknown"


def _composite(
    column: Column, fields: tuple[str, ...], taken: Mapping[str, int], scores: Scores
) -> ColumnGuess:
    """Leave out of a composite column the fields that have one of their own, where only one column may be it."""
    left = tuple(field for field in fields if field in MANY or field not in taken)
    sure = composite.confidence(column.heading, fields, column.shape) * (
        1.0 if column.heading else _HEADLESS
    )
    others = tuple(
        Alternative(f, round(scores[f].score, 2))
        for f in scores
        if f not in left and scores[f].score >= ACCEPT
    )
    return ColumnGuess(
        round(sure, 2),
        "composite",
        column.at,
        column.heading,
        left,
        examples(column.cells),
        others[:3],
    )
