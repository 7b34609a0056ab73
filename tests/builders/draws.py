"""How often a property is drawn: some times in every run of the tests, many times more by `make soak`."""

import os

MORE = int(os.environ.get("DRAWS", "1"))
"""How many times as many examples as usual."""


def draws(usual: int) -> int:
    """Return how many examples a property is shown: two thirds of `usual` in every run of the tests.

    The suite has an hour on two cores at the most; `make soak` shows many times `usual`.
    """
    return usual * MORE if MORE > 1 else max(1, usual * 2 // 3)
