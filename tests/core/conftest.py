"""The builder of small bases, for the tests of the pure rooms."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.register_assert_rewrite("tests.core.base")

if TYPE_CHECKING:
    from base import Base
else:
    from tests.core.base import Base


@pytest.fixture(scope="session")
def play() -> type[Base]:
    """Give the builder: `play(TABLE)` makes a base whose nights can be played."""
    return Base


@pytest.fixture(scope="session")
def data() -> Path:
    """Give the folder of the sample bases."""
    return Path(__file__).parents[1] / "data"
