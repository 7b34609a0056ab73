"""Whatever stands in a base: the search raises nothing, pairs no row with itself, and minds no order of rows."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sheetsync.i18n import language
from sheetsync.rules.duplicates import Pair, find, reason_text
from tests.builders.twins import frame

NAMES = [
    "Гранит",
    "ООО «Гранит»",
    "Granit",
    "Гранит Юг",
    "Граниит",
    "Кедр Строй",
    "Строй-Кедр",
    "ИП Котов А.",
    "ИП Катов А.",
]
PHONES, MAILS = (
    ["+79990000001", "+79990000002"],
    ["a@granit.ru", "b@granit.ru", "a@mail.ru", "c@kedr.ru"],
)
ODD = st.one_of(st.none(), st.text(max_size=12), st.floats(), st.integers(), st.booleans())
ODD_ROWS = st.lists(
    st.fixed_dictionaries(dict.fromkeys(("company", "tax_number", "phone", "email"), ODD)),
    max_size=8,
)
LIKELY_ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "company": st.sampled_from([None, *NAMES]),
            "tax_number": st.sampled_from([None, None, "7701234567", "7701234576", "5001112223"]),
            "phone": st.sampled_from([None, *PHONES]),
            "email": st.sampled_from([None, *MAILS]),
        }
    ),
    max_size=9,
)


def clients(pairs: tuple[Pair, ...]) -> set[frozenset[int]]:
    """Return the rows of each client that stands more than once."""
    of: dict[int, frozenset[int]] = {}
    for pair in pairs:
        whole = of.get(pair.first, frozenset({pair.first})) | of.get(
            pair.second, frozenset({pair.second})
        )
        of.update(dict.fromkeys(whole, whole))
    return set(of.values())


def holds(pairs: tuple[Pair, ...], rows: int) -> None:
    """Assert what is true of any answer."""
    assert list(pairs) == sorted(pairs)
    assert all(0 <= pair.first < pair.second < rows for pair in pairs)
    assert all(0 < pair.score <= 1 and reason_text(pair, language("en")) for pair in pairs)
    assert len(pairs) == sum(len(whole) - 1 for whole in clients(pairs))


@given(st.one_of(ODD_ROWS, LIKELY_ROWS))
def test_any_rows_give_an_answer(rows: list[dict[str, Any]]) -> None:
    holds(find(frame(rows)), len(rows))


@given(LIKELY_ROWS, st.randoms(use_true_random=False))
def test_the_same_clients_are_found_in_any_order(rows: list[dict[str, Any]], chance: Any) -> None:
    base = frame(rows)
    order = list(range(len(rows)))
    chance.shuffle(order)
    assert clients(find(base.loc[order])) == clients(find(base))
