"""What the columns of a tab whose headings nobody knows may be: told by what they hold alone.

It serves any language. Such guesses are never sure; headings that are known are `column_guesses`'.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from sheetsync.adoption.column_guesses import ObservedColumn
from sheetsync.adoption.field_lexicon import is_known
from sheetsync.adoption.field_scores import is_list_of_words, typed
from sheetsync.adoption.proposal import Alternative, ColumnGuess

CONFIDENCE = 0.5
"""How sure such a guess is: enough to be proposed, too little to be taken unasked."""

_HALF, _MOST = 0.5, 0.7
"""Shares of cells: of a column's kind; of texts that differ where each row has its own name."""
_LENGTHS_OF_PHONES = (8, 13)
"""Digits of phones, with the country's code or without."""
_FEW = 10
"""Fewer cells are no proof of how many words a list has."""
_LONGEST_NAME = 45
"""Characters that names have on average at most; longer texts are notes."""


def with_guesses_by_values(
    guesses: Sequence[ColumnGuess], observed: Sequence[ObservedColumn]
) -> tuple[ColumnGuess, ...]:
    """Add what columns hold to the guesses at a tab most of whose headings are unknown.

    A tab whose headings are known may lack its companies; these alone are looked for there.
    """
    headings = [column.heading for column in observed if column.heading]
    well_known = sum(map(is_known, headings)) * 2 > len(headings)
    by_place = {column.place: column for column in observed}
    free = {
        guess.place: by_place[guess.place]
        for guess in guesses
        if not guess.fields and not is_known(guess.heading)
    }
    taken = {field for guess in guesses for field in guess.fields}
    tests = _TESTS[:1] if well_known else _TESTS
    held = dict(_fields_held(free, taken, tests))
    return tuple(_with_field(guess, held) for guess in guesses)


def _with_field(guess: ColumnGuess, held: Mapping[int, str]) -> ColumnGuess:
    field = held.get(guess.place)
    if field is None:
        return guess
    others = [other for other in guess.alternatives if other.field != field]
    # Words that come again are the one or the other.
    rival = {"manager": "state", "state": "manager"}.get(field)
    if rival is not None:
        others.insert(0, Alternative(rival, CONFIDENCE))
    return replace(
        guess,
        fields=(field,),
        confidence=CONFIDENCE,
        why="held",
        alternatives=tuple(others),
    )


_Test = tuple[str, Callable[[ObservedColumn], bool]]


def _fields_held(
    free: Mapping[int, ObservedColumn], taken: set[str], tests: Sequence[_Test]
) -> Iterator[tuple[int, str]]:
    """Go through the columns that may be a field which no other column is, from the left."""
    left = dict(free)
    for field, may_be in tests:
        if field in taken:
            continue
        place = next(
            (place for place, column in left.items() if may_be(column)), None
        )
        if place is not None:
            del left[place]
            taken.add(field)
            yield place, field


def _is_typed(trait: str) -> Callable[[ObservedColumn], bool]:
    return lambda column: typed(column.profile) == trait


def _is_long_numbers(column: ObservedColumn) -> bool:
    """Tell whether each row has a number of its own that is as long as a phone."""
    profile = column.profile
    shortest, longest = _LENGTHS_OF_PHONES
    return (
        profile.share("number") + profile.share("digits") >= _MOST
        and profile.distinct_share >= _MOST
        and shortest <= profile.mean_length <= longest
    )


def _is_dates(column: ObservedColumn) -> bool:
    return column.profile.share("date") >= _MOST


def _is_names(column: ObservedColumn) -> bool:
    """Tell whether each row has a short text of its own."""
    profile = column.profile
    return (
        profile.share("text") >= _MOST
        and not typed(profile)
        and profile.distinct_share >= _MOST
        and profile.mean_length <= _LONGEST_NAME
    )


def _is_names_of_companies(column: ObservedColumn) -> bool:
    return _is_names(column) and column.profile.share("person") < _HALF


def _is_list(column: ObservedColumn) -> bool:
    """Tell whether words come again, as those of a list do."""
    profile = column.profile
    if typed(profile) or profile.distinct_share >= 1:
        return False
    # Of a few rows some words may stand there once.
    is_short = profile.filled < _FEW and profile.mean_length <= _LONGEST_NAME
    return is_list_of_words(profile) or (
        is_short and profile.share("text") >= _MOST
    )


def _is_list_of_people(column: ObservedColumn) -> bool:
    return _is_list(column) and _is_of_people(column)


def _is_names_of_people(column: ObservedColumn) -> bool:
    return _is_names(column) and _is_of_people(column)


def _is_of_people(column: ObservedColumn) -> bool:
    """Tell names of people; in letters that have no capitals, by their being two words or three."""
    if column.profile.share("person") >= _HALF:
        return True
    texts = [cell for cell in column.cells if isinstance(cell, str)]
    named = sum(map(_may_be_person, texts))
    return bool(texts) and named >= _HALF * len(texts)


def _may_be_person(text: str) -> bool:
    has_capitals = text.lower() != text.upper()
    return not has_capitals and len(text.split()) in (2, 3)


def _is_notes(column: ObservedColumn) -> bool:
    profile = column.profile
    return profile.share("text") >= _MOST and profile.share("sentence") >= _HALF


_TESTS: tuple[_Test, ...] = (
    ("company", _is_names_of_companies),
    ("company", _is_names),
    ("email", _is_typed("email")),
    ("phone", _is_typed("phone")),
    ("phone", _is_long_numbers),
    ("tax_number", _is_typed("tax_number")),
    ("manager", _is_list_of_people),
    ("person", _is_names_of_people),
    ("state", _is_list),
    ("manager", _is_list),
    ("last_contact", _is_dates),
    ("next_on", _is_dates),
    ("comment", _is_notes),
)
"""Fields with what tells them, the surest first; of two tests for one field the first counts."""
