"""One-to-one assignment of the greatest total weight (the Hungarian method, by shortest augmenting paths)."""

from collections.abc import Sequence
from math import inf


def assign(weights: Sequence[Sequence[float]]) -> tuple[tuple[int, int], ...]:
    """Pair rows with columns one-to-one so that the sum of their weights is greatest.

    Pairs of weight 0 or less are left out. Time is O(rows² × columns) for the smaller side as rows.

    Args:
        weights: A matrix: one row an item of one side, one column an item of the other.

    Returns:
        (row, column) pairs in order of row.
    """
    if not weights or not weights[0]:
        return ()
    if len(weights) > len(weights[0]):
        turned = assign([list(column) for column in zip(*weights, strict=True)])
        return tuple(sorted((row, column) for column, row in turned))
    owners = _Columns(weights)
    for row in range(len(weights)):
        owners.place(row)
    pairs = sorted((row, column) for column, row in enumerate(owners.row_of[1:]) if row is not None)
    return tuple((row, column) for row, column in pairs if weights[row][column] > 0)


class _Columns:
    """Which row owns each column, and the potentials that keep reduced costs (-weight) from going negative.

    Column 0 is a dummy that holds the row being placed; real columns count from 1.
    """

    def __init__(self, weights: Sequence[Sequence[float]]) -> None:
        self.weights = weights
        self.row_of: list[int | None] = [None] * (len(weights[0]) + 1)
        self._of_row = [0.0] * len(weights)
        self._of_column = [0.0] * (len(weights[0]) + 1)

    def place(self, row: int) -> None:
        """Give ``row`` a column, moving others along the cheapest path."""
        count = len(self.row_of)
        distance, came_from, done = [inf] * count, [0] * count, [False] * count
        self.row_of[0], column = row, 0
        while (owner := self.row_of[column]) is not None:
            done[column] = True
            self._relax(owner, column, distance, came_from, done)
            nearest = min((c for c in range(1, count) if not done[c]), key=distance.__getitem__)
            self._shift(distance[nearest], distance, done)
            column = nearest
        while column:
            previous = came_from[column]
            self.row_of[column], column = self.row_of[previous], previous

    def _relax(
        self, row: int, column: int, distance: list[float], came_from: list[int], done: list[bool]
    ) -> None:
        for c in range(1, len(distance)):
            if done[c]:
                continue
            cost = -self.weights[row][c - 1] - self._of_row[row] - self._of_column[c]
            if cost < distance[c]:
                distance[c], came_from[c] = cost, column

    def _shift(self, delta: float, distance: list[float], done: list[bool]) -> None:
        for c, is_done in enumerate(done):
            if not is_done:
                distance[c] -= delta
                continue
            owner = self.row_of[c]
            if owner is not None:
                self._of_row[owner] += delta
            self._of_column[c] -= delta
