"""Rows and columns of a table of scores, paired for the highest total: the Hungarian method.

What a score means is the caller's. It is our own, since scipy, the library that has it, would be
the heaviest of all dependencies, for one table of some 25 fields by 20 columns a tab.
"""

from collections.abc import Sequence

import numpy as np


def pair(scores: Sequence[Sequence[float]]) -> dict[int, int]:
    """Return row -> column with the highest total; pairs of no score are left out."""
    if not scores or not scores[0]:
        return {}
    height = len(scores)
    width = len(scores[0])
    # As many columns as rows at least: a row that lands on one of the added columns gets nothing.
    costs = np.zeros((height, max(height, width)))
    # The search looks for the lowest total, so that a high score is a low cost.
    costs[:, :width] = np.negative(scores)
    assigned = _Assignment(costs).row_of
    return {
        int(row): column
        for column, row in enumerate(assigned[:width])
        # Every row lands on some column; one that scores nothing there was only left over.
        if row >= 0 and scores[row][column] > 0
    }


class _Assignment:
    """Rows placed one after the other, each by the cheapest way; earlier ones move along it.

    `row_of`: the row that has each column, -1 for none.
    """

    def __init__(self, costs: np.ndarray) -> None:
        height, width = costs.shape
        self.costs = costs
        self.row_of = np.full(width, -1)
        self.row_prices = np.zeros(height)
        self.column_prices = np.zeros(width)
        for row in range(height):
            self._place(row)

    def _place(self, row: int) -> None:
        """Find the cheapest way from a row to a column that nobody has, and shift rows along it."""
        width = len(self.row_of)
        distance = np.full(width, np.inf)
        came_from = np.full(width, -1)
        reached = np.zeros(width, dtype=bool)
        column = -1
        visited = row
        while visited >= 0:
            cost = (
                self.costs[visited]
                - self.row_prices[visited]
                - self.column_prices
            )
            nearer = ~reached & (cost < distance)
            distance[nearer] = cost[nearer]
            came_from[nearer] = column
            column = int(np.where(reached, np.inf, distance).argmin())
            # A cost less the prices of its row and column never falls below zero: else Dijkstra's
            # search would not find the way.
            self._raise_prices(row, reached, distance[column])
            distance[~reached] -= distance[column]
            reached[column] = True
            visited = int(self.row_of[column])
        self._shift(row, column, came_from)

    def _raise_prices(self, row: int, reached: np.ndarray, step: float) -> None:
        self.row_prices[row] += step
        self.row_prices[self.row_of[reached]] += step
        self.column_prices[reached] -= step

    def _shift(self, row: int, column: int, came_from: np.ndarray) -> None:
        """Give each row on the way the column that follows its own; the new row gets the first."""
        while came_from[column] >= 0:
            before = int(came_from[column])
            self.row_of[column] = self.row_of[before]
            column = before
        self.row_of[column] = row
