"""One decision in the making, and the base as it leaves it."""
