"""Which field each column of a tab is: every heading and all values weighed, the best total taken.

How well one column suits one field is `field_scores`'; columns of several fields are told by
`combined_columns`.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from sheetsync.adoption import combined_columns
from sheetsync.adoption.assignment import pair
from sheetsync.adoption.field_lexicon import NOBODYS, heading_scores
from sheetsync.adoption.field_scores import FieldScore, field_score
from sheetsync.adoption.foreign_headings import DEAL_NAMES, IDENTIFIERS
from sheetsync.adoption.proposal import SURE, Alternative, ColumnGuess
from sheetsync.adoption.value_profiles import ValueProfile
from sheetsync.adoption.word_similarity import words
from sheetsync.method.policy import Policy, template
from sheetsync.values import EPOCH, Cell, clean

ACCEPT = 0.5
"""A field is proposed from this score on; below it is an alternative."""

MANY = ("phone", "email", "person")
"""Fields that several columns of a tab may be."""

_HEADLESS = 0.8
"""What is left of the confidence in a column without a heading."""
_RIVAL, _DOUBTED = 0.08, 0.75
"""Another field that is as near makes a column doubtful: the confidence then."""
_PLAINLY = 0.3
"""So much better, a field is what a column plainly is, whether another column has it or not."""
_NEXT_BEST = 0.8
"""How sure it is that a deal is called by its company, where nothing else names one."""
_WORTH_SAYING, _ALTERNATIVES = 0.15, 3
"""Alternatives are told from this score on, and so many."""

_EXAMPLES, _LOOKED_AT, _LONGEST_EXAMPLE = 3, 30, 80
_DATES = frozenset(
    column.field for column in template("en").columns if column.type == "date"
)
_FIRST_DAY, _AFTER_LAST_DAY = 42_000, 51_000
"""Serial numbers of days from 2014 to 2039: what a date column of a living base holds."""


class ObservedColumn(NamedTuple):
    """A column as it was read: its place from 0, heading, filled cells, and how their like look.

    `profile`: of the columns of this heading on all tabs.
    """

    place: int
    heading: str
    cells: Sequence[Cell]
    profile: ValueProfile


FieldScores = Mapping[str, FieldScore]


def guess_columns(
    columns: Sequence[ObservedColumn], policy: Policy
) -> tuple[ColumnGuess, ...]:
    """Guess the fields of a tab's columns."""
    scores = {column.place: _scores(column, policy) for column in columns}
    combined: dict[int, tuple[str, ...]] = {}
    single = []
    for column in columns:
        fields = combined_columns.fields_of(column.heading, column.profile)
        if fields:
            combined[column.place] = fields
        else:
            single.append(column)
    assigned = _assigned(single, scores)
    if "company" not in assigned:
        assigned |= _deal_named(single, assigned)
    guesses = []
    for column in sorted(columns, key=lambda column: column.place):
        fields = combined.get(column.place, ())
        if fields:
            guesses.append(
                _guess_combined(column, fields, scores[column.place], assigned)
            )
        else:
            guesses.append(
                _guess_single(column, scores[column.place], assigned)
            )
    return tuple(guesses)


def _scores(column: ObservedColumn, policy: Policy) -> FieldScores:
    """Score a column for every field that a team fills."""
    by_heading = heading_scores(column.heading).fields
    headed = bool(column.heading)
    scores: dict[str, FieldScore] = {}
    best = 0.0
    for known in policy.columns:
        if known.owner == "team":
            heading = by_heading.get(known.field, 0.0)
            best = max(best, heading)
            score = field_score(
                known.field, policy, heading, column.profile, headed=headed
            )
            scores[known.field] = score
    if by_heading.get(NOBODYS, 0.0) >= best > 0:
        # A heading that is rather nobody's may suggest a field, but not settle it.
        scores = {field: _weakened(score) for field, score in scores.items()}
    if _is_identifier(column.heading):
        scores["phone"] = FieldScore(0.0, "values")
    return scores


def _is_identifier(heading: str) -> bool:
    """Tell whether a heading is known for one of a record's own numbers: “Record ID”."""
    is_nobodys = heading_scores(heading).fields.get(NOBODYS, 0.0) >= SURE
    return is_nobodys and not IDENTIFIERS.isdisjoint(words(heading))


def _weakened(score: FieldScore) -> FieldScore:
    """Keep a field of which a heading tells, and that is rather nobody's, below acceptance."""
    # What values say by themselves does not hang on the heading.
    if score.why == "values":
        return score
    return FieldScore(min(score.score, ACCEPT - 0.05), score.why)


def _assigned(
    columns: Sequence[ObservedColumn], scores: Mapping[int, FieldScores]
) -> dict[str, int]:
    """Give each field one column at most, so that the total is best: field -> place."""
    if not columns:
        return {}
    fields = list(scores[columns[0].place])
    table = [
        [_worth(field, scores[column.place]) for column in columns]
        for field in fields
    ]
    return {
        fields[row]: columns[column].place
        for row, column in pair(table).items()
    }


def _deal_named(
    columns: Sequence[ObservedColumn], assigned: Mapping[str, int]
) -> dict[str, int]:
    """Return the first column of deals' names that no field has, as the company's."""
    for column in columns:
        is_free = column.place not in assigned.values()
        if (
            is_free
            and column.cells
            and " ".join(words(column.heading)) in DEAL_NAMES
        ):
            return {"company": column.place}
    return {}


def _worth(field: str, scores: FieldScores) -> float:
    """Return a column's score for a field, or nothing where it is plainly something else."""
    # Else the highest total would push a column into a field that it plainly is not.
    best = max(other.score for other in scores.values())
    score = scores[field].score
    return score if score >= max(ACCEPT, best - _PLAINLY) else 0.0


def _guess_single(
    column: ObservedColumn, scores: FieldScores, assigned: Mapping[str, int]
) -> ColumnGuess:
    ranked = sorted(scores, key=lambda field: -scores[field].score)
    field = _field_of(column, ranked[0], scores, assigned)
    others = [other for other in ranked if other != field]
    if field is None:
        fields: tuple[str, ...] = ()
        judged = _score_of_nobodys(column, scores[ranked[0]].score)
    else:
        fields = (field,)
        open_fields = [
            other for other in others if _is_open(other, column, assigned)
        ]
        rival = max((scores[other].score for other in open_fields), default=0.0)
        judged = _score_beside_rival(scores[field], rival)
        if field == "company" and judged.score < ACCEPT:
            judged = FieldScore(_NEXT_BEST, "alias")
    alternatives = _alternatives(others, scores)
    # A serial number tells nothing to a person who is asked whether the column is a date.
    likely = (*fields, *(other.field for other in alternatives[:1]))
    has_days = not _DATES.isdisjoint(likely)
    return ColumnGuess(
        confidence=_confidence(judged.score, column),
        why=judged.why,
        place=column.place,
        heading=column.heading,
        fields=fields,
        examples=_examples(column.cells, has_days=has_days),
        alternatives=alternatives,
    )


def _field_of(
    column: ObservedColumn,
    best: str,
    scores: FieldScores,
    assigned: Mapping[str, int],
) -> str | None:
    """Return the field that a column was given; a second phone is a phone all the same."""
    for field, place in assigned.items():
        if place == column.place:
            return field
    return best if best in MANY and scores[best].score >= ACCEPT else None


def _is_open(
    field: str, column: ObservedColumn, assigned: Mapping[str, int]
) -> bool:
    """Tell whether a column could be a field instead: no other one has it, and there is but one."""
    return (
        field not in MANY and assigned.get(field, column.place) == column.place
    )


def _score_beside_rival(score: FieldScore, rival: float) -> FieldScore:
    """Doubt a field where another one is as near; a heading that names it leaves no doubt."""
    if score.why.startswith("alias") or rival <= score.score - _RIVAL:
        return score
    return FieldScore(min(score.score, _DOUBTED), score.why)


def _score_of_nobodys(column: ObservedColumn, best: float) -> FieldScore:
    """Say how sure it is that a column is nobody's field, and why."""
    known = heading_scores(column.heading).fields.get(NOBODYS, 0.0)
    if best >= ACCEPT and known < SURE:
        # Another column has its field: which of them the team means is asked.
        return FieldScore(ACCEPT, "twice")
    score = 1 - best
    if column.heading and known >= SURE:
        score = known * 0.95
    return FieldScore(score, "own" if score >= SURE else "unknown")


def _alternatives(
    fields: Sequence[str], scores: FieldScores
) -> tuple[Alternative, ...]:
    alternatives = []
    for field in fields[:_ALTERNATIVES]:
        score = scores[field].score
        if score >= _WORTH_SAYING:
            alternatives.append(Alternative(field, round(score, 2)))
    return tuple(alternatives)


def _confidence(score: float, column: ObservedColumn) -> float:
    if column.heading:
        return round(score, 2)
    return round(score * _HEADLESS, 2)


def _guess_combined(
    column: ObservedColumn,
    fields: tuple[str, ...],
    scores: FieldScores,
    assigned: Mapping[str, int],
) -> ColumnGuess:
    """Guess a composite column; fields that have a column of their own are left out of it."""
    held = tuple(
        field for field in fields if field in MANY or field not in assigned
    )
    score = combined_columns.confidence(column.heading, fields, column.profile)
    others = [
        field
        for field in scores
        if field not in held and scores[field].score >= ACCEPT
    ]
    return ColumnGuess(
        confidence=_confidence(score, column),
        why="composite",
        place=column.place,
        heading=column.heading,
        fields=held,
        examples=_examples(column.cells),
        alternatives=_alternatives(others, scores),
    )


def _examples(
    cells: Sequence[Cell], *, has_days: bool = False
) -> tuple[str, ...]:
    """Return three distinct texts of a column. `has_days`: its numbers are days."""
    written = (_written(cell, has_days=has_days) for cell in cells[:_LOOKED_AT])
    return tuple(dict.fromkeys(written))[:_EXAMPLES]


def _written(cell: Cell, *, has_days: bool) -> str:
    """Write a cell as people see it."""
    day = _day(cell) if has_days else None
    return clean(cell)[:_LONGEST_EXAMPLE] if day is None else day.isoformat()


def _day(cell: Cell) -> date | None:
    """Return the day whose serial number a cell is, of those that a living base holds."""
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return None
    is_day = _FIRST_DAY <= cell < _AFTER_LAST_DAY and cell == int(cell)
    return EPOCH + timedelta(days=int(cell)) if is_day else None
