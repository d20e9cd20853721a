"""Intervals and tests over articles."""

import random
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.evaluation.statistics import detectable, holm, interval, p_worse, ratio

TWELVE = [
    (8, 10),
    (9, 10),
    (14, 20),
    (5, 8),
    (11, 12),
    (7, 9),
    (16, 18),
    (10, 15),
    (6, 6),
    (12, 16),
    (9, 11),
    (13, 14),
]


def test_a_ratio_is_pooled_over_articles() -> None:
    """A long article weighs as much as its rows, not as one score among others."""
    assert ratio([(1, 1), (0, 9)]) == 0.1
    assert ratio([(0, 0)]) is None


def test_an_interval_holds_the_true_value_about_as_often_as_it_says() -> None:
    """Of many draws of 24 articles, 95 % intervals cover the true share in 92 to 98 of 100."""
    draw = random.Random(7)

    def article() -> tuple[float, float]:
        rows, skill = draw.randint(6, 30), min(1.0, max(0.0, draw.gauss(0.8, 0.1)))
        return sum(draw.random() < skill for _ in range(rows)), rows

    truth = ratio([article() for _ in range(20_000)])
    assert truth is not None
    held = [
        found.low <= truth <= found.high
        for _ in range(400)
        if (found := interval([article() for _ in range(24)]))
    ]
    assert 0.92 <= mean(held) <= 0.98


def test_one_article_has_no_interval() -> None:
    """Nothing can be said of the spread of one article, nor of articles with nothing to measure."""
    assert interval([(3, 4)]) is None
    assert interval([(3, 4), (0, 0)]) is None
    assert detectable([(3, 4)]) is None


def test_an_interval_gets_narrower_with_more_articles() -> None:
    """Four times the articles, about half the width."""
    one, four = interval(TWELVE), interval(TWELVE * 4)
    assert one is not None
    assert four is not None
    assert 1.8 < (one.high - one.low) / (four.high - four.low) < 2.6


def test_equal_runs_are_never_worse() -> None:
    """An unchanged run has p = 1 with any seed."""
    assert {p_worse(TWELVE, TWELVE, seed=seed) for seed in range(5)} == {1.0}


def test_a_drop_in_every_article_is_no_chance() -> None:
    """Twelve of twelve articles worse: p near 1 in 4,096; the other way round near 1."""
    worse = [(n - 2, d) for n, d in TWELVE]
    assert p_worse(TWELVE, worse) < 0.002
    assert p_worse(worse, TWELVE) > 0.99


def test_runs_of_other_articles_are_refused() -> None:
    """The test is paired: it needs the same articles in both."""
    with pytest.raises(ValueError, match="zip"):
        p_worse(TWELVE, TWELVE[:-1])


def test_holm_adjusts_step_by_step() -> None:
    """The smallest of three p-values is tripled, the next doubled, and order is kept."""
    assert holm({"a": 0.01, "b": 0.04, "c": 0.03}) == pytest.approx({"a": 0.03, "c": 0.06, "b": 0.06})


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.floats(0, 1), max_size=6))
def test_holm_never_makes_a_value_smaller(ps: dict[str, float]) -> None:
    """Adjusted values are at least the given ones and at most 1."""
    adjusted = holm(ps)
    assert all(p <= adjusted[name] <= 1 for name, p in ps.items())


def test_more_articles_detect_smaller_drops() -> None:
    """What twelve articles cannot see, forty-eight may."""
    few, many = detectable(TWELVE), detectable(TWELVE * 4)
    assert few is not None
    assert many is not None
    assert 0 < many < few
