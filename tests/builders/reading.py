"""What the tests of single cells share: reading a cell of a Russian base, and cells of every kind."""

from hypothesis import strategies as st

from sheetsync.method.policy import template
from sheetsync.method.vocabulary import DICTIONARIES, dictionary
from sheetsync.values import PLAIN, Cell, Hint, Reading, reader

RU = template("ru")
BIG = 1e300


def read(kind: str, cell: Cell, region: str = "RU", hint: Hint = PLAIN) -> Reading:
    """Read one cell of a column of this type."""
    words = dictionary(RU, kind) if kind in DICTIONARIES else None
    return reader(kind, region, words, hint)(cell)


def fault(kind: str, cell: Cell, region: str = "RU", hint: Hint = PLAIN) -> str | None:
    """Return the code of a cell's fault, of which nothing else was read."""
    found = read(kind, cell, region, hint)
    assert found.value is None
    return found.fault.code if found.fault else None


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**25), 10**25),
    st.floats(),
    st.just(10**400),
    st.text(max_size=40),
    st.text(alphabet="0123456789.,-+()/ eE%₽р²٣", max_size=40),
    st.sampled_from(
        [
            "9" * 400,
            "#REF!",
            "#ERROR!",
            "1e400",
            "0x10",
            "\x00",
            "99.99.9999",
            "0000-00-00",
            "٣١.١٢.٢٠٢٥",
        ]
    ),
)
