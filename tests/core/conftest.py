"""The builder of small bases, for the tests of the pure rooms."""

from pathlib import Path

import pytest

pytest.register_assert_rewrite("tests.core.base")

from tests.core.base import Base  # noqa: E402  # asserts of a module are rewritten before it is imported


@pytest.fixture(scope="session")
def play() -> type[Base]:
    """Give the builder: `play(TABLE)` makes a base whose nights can be played."""
    return Base


@pytest.fixture(scope="session")
def data() -> Path:
    """Give the folder of the sample bases."""
    return Path(__file__).parents[1] / "data"
