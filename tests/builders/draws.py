"""How often a property is drawn: some times in every run of the tests, many times more by `make soak`."""

import os

MORE = int(os.environ.get("DRAWS", "1"))
"""How many times as many examples as usual."""


def draws(usual: int) -> int:
    """Return how many examples a property is shown of which every run of the tests shows `usual`."""
    return usual * MORE
