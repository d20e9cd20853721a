"""The assignment is one-to-one and of the greatest total weight."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.evaluation.assignment import assign

SIDES = st.integers(min_value=1, max_value=5)
WEIGHTS = st.integers(min_value=0, max_value=20).map(lambda n: n / 20)


def matrices() -> st.SearchStrategy[list[list[float]]]:
    """Give matrices of up to five by five weights."""
    return st.tuples(SIDES, SIDES).flatmap(
        lambda size: st.lists(
            st.lists(WEIGHTS, min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0]
        )
    )


@given(matrices())
def test_no_other_pairing_weighs_more(weights: list[list[float]]) -> None:
    """The sum of the chosen weights is that of the best of all pairings."""
    assert sum(weights[r][c] for r, c in assign(weights)) == pytest.approx(heaviest(weights))


@given(matrices())
def test_nothing_is_paired_twice_or_for_nothing(weights: list[list[float]]) -> None:
    """Each row and each column is in one pair at most, and no pair weighs nothing."""
    pairs = assign(weights)
    assert len({r for r, _ in pairs}) == len({c for _, c in pairs}) == len(pairs)
    assert all(weights[r][c] > 0 for r, c in pairs)


@pytest.mark.parametrize("weights", [[], [[]], [[], []]])
def test_an_empty_side_has_no_pairs(weights: list[list[float]]) -> None:
    """Where one side is empty nothing is paired."""
    assert assign(weights) == ()


def test_a_greedy_choice_is_not_taken() -> None:
    """The heaviest single pair is given up where the rest then weighs more."""
    assert assign([[0.9, 0.8], [0.8, 0.0]]) == ((0, 1), (1, 0))


def heaviest(weights: list[list[float]]) -> float:
    """Weigh the best pairing by trying all."""
    rows, columns = len(weights), len(weights[0])
    if rows > columns:
        return heaviest([list(column) for column in zip(*weights, strict=True)])
    return max(
        sum(weights[r][c] for r, c in enumerate(order)) for order in permutations(range(columns), rows)
    )
