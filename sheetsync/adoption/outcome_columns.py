"""A column of outcomes beside one of stages: “Open, won, lost”, as exports of sales programs have.

Both are the row's state, and the outcome is read first: what was won or lost is at no stage.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from sheetsync.adoption.column_guesses import ObservedColumn
from sheetsync.adoption.field_lexicon import heading_scores
from sheetsync.adoption.proposal import ColumnGuess
from sheetsync.adoption.value_profiles import blank
from sheetsync.adoption.word_guesses import meaning
from sheetsync.method.codes import StateCode
from sheetsync.values import Cell, clean, fold

OUTCOME = "outcome"
"""Why a column is a state that is read before another one of its tab."""

_ENDS = (StateCode.CLIENT, StateCode.REFUSAL)
_NAMED = 0.6
"""The score from which on a heading speaks of states."""
_SURE, _MOST_OPEN = 0.9, 1
"""How sure both are then; words for “not yet” that stand among outcomes."""


def with_outcomes(
    guesses: Sequence[ColumnGuess], observed: Sequence[ObservedColumn]
) -> tuple[ColumnGuess, ...]:
    """Take both columns of a tab for states where one tells outcomes and the other stages."""
    cells = {column.place: column.cells for column in observed}
    of_states = [guess for guess in guesses if _speaks_of_states(guess)]
    outcomes = [
        guess for guess in of_states if _tells_outcomes(cells[guess.place])
    ]
    stages = [guess for guess in of_states if guess not in outcomes]
    if len(outcomes) != 1 or len(stages) != 1:
        return tuple(guesses)
    reasons = {outcomes[0].place: OUTCOME, stages[0].place: "alias"}
    settled = []
    for guess in guesses:
        why = reasons.get(guess.place)
        if why is None:
            settled.append(guess)
        else:
            as_state = replace(
                guess, fields=("state",), confidence=_SURE, why=why
            )
            settled.append(as_state)
    return tuple(settled)


def _speaks_of_states(guess: ColumnGuess) -> bool:
    if guess.fields != ("state",) and guess.why != "twice":
        return False
    return heading_scores(guess.heading).fields.get("state", 0.0) >= _NAMED


def _tells_outcomes(cells: Iterable[Cell]) -> bool:
    """Tell whether a column says of each row that it was won, or lost, or neither yet."""
    by_word = {fold(clean(cell)): clean(cell) for cell in cells}
    codes = [meaning("states", word).code for word in by_word.values()]
    ends = [code for code in codes if code in _ENDS]
    others = [code for code in codes if code not in _ENDS]
    return bool(ends) and len(others) <= _MOST_OPEN


def told_words(column: ColumnGuess, cells: Iterable[Cell]) -> Iterator[Cell]:
    """Go through a column's cells; of outcomes only through those that say one."""
    for cell in cells:
        if column.why != OUTCOME or _is_end(cell):
            yield cell


def _is_end(cell: Cell) -> bool:
    return not blank(cell) and meaning("states", clean(cell)).code in _ENDS
