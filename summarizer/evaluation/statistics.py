"""How sure a score of few articles is: the article is what is drawn again, never the row.

A score is a ratio of sums over articles. Rows of one article stand or fall together, so nothing here treats
them as independent.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from math import sqrt

from summarizer.errors import SettingsError

Counts = Sequence[tuple[float, float]]
"""Numerator and denominator of one metric, a pair an article."""

LEVEL = 0.95
"""Of intervals; the tests are one-sided at 1 - LEVEL."""
POWER = 0.8
_TWINS = 0.66
"""Correlation of two versions' scores of one article, where it was not measured; from published runs."""
_FLIPS = 9999


@dataclass(frozen=True, slots=True)
class Interval:
    """Where a score lies at ``LEVEL``."""

    low: float
    high: float


def can_tell() -> bool:
    """Tell whether SciPy is installed, which :func:`interval` and :func:`detectable` need."""
    return find_spec("scipy") is not None


def ratio(counts: Counts) -> float | None:
    """Return the pooled ratio: sum of numerators / sum of denominators; None where nothing was measured."""
    below = sum(d for _, d in counts)
    return sum(n for n, _ in counts) / below if below else None


def interval(counts: Counts) -> Interval | None:
    """Return the jackknife-t interval of a pooled ratio, cut at 0 and 1; None for fewer than two articles.

    theta ± t(n - 1) * se, with se^2 = (n - 1) / n * sum of (theta without article i - their mean)^2.

    Raises:
        SettingsError: The ``eval`` extra is not installed.
    """
    theta, measured = ratio(counts), _measured(counts)
    if theta is None or len(measured) < 2:
        return None
    reach = _quantile((1 + LEVEL) / 2, len(measured) - 1) * _error(measured)
    return Interval(max(0.0, theta - reach), min(1.0, theta + reach))


def p_worse(before: Counts, after: Counts, *, seed: int = 0) -> float:
    """Return how often chance alone makes a drop as large: the paired sign-flip test, one-sided.

    Of each article, ``before`` and ``after`` change places with probability 1/2; p = (1 + draws whose drop is
    at least the one seen) / (1 + draws). Equal runs give 1.

    Raises:
        ValueError: The two are not of the same articles.
    """
    pairs = list(zip(before, after, strict=True))
    seen = _drop(pairs)
    draw = random.Random(seed)  # noqa: S311 - a resampling, no secret
    as_large = sum(
        _drop([(a, b) if draw.random() < 0.5 else (b, a) for a, b in pairs]) >= seen - 1e-12
        for _ in range(_FLIPS)
    )
    return (1 + as_large) / (1 + _FLIPS)


def holm(ps: Mapping[str, float]) -> dict[str, float]:
    """Adjust p-values of several metrics by Holm's step-down rule.

    In ascending order the k-th smallest (from 0) of m is multiplied by m - k, and none may fall below the one
    before it.
    """
    adjusted: dict[str, float] = {}
    floor = 0.0
    for rank, (name, p) in enumerate(sorted(ps.items(), key=lambda item: item[1])):
        floor = max(floor, min(1.0, (len(ps) - rank) * p))
        adjusted[name] = floor
    return adjusted


def detectable(counts: Counts) -> float | None:
    """Return the smallest drop that a one-sided test on these articles sees four times of five.

    (t(LEVEL) + t(POWER)) * se * sqrt(2 * (1 - r)), r the correlation of two versions' scores of one article,
    taken as .66; None for fewer than two articles.

    Raises:
        SettingsError: The ``eval`` extra is not installed.
    """
    measured = _measured(counts)
    if len(measured) < 2:
        return None
    reach = _quantile(LEVEL, len(measured) - 1) + _quantile(POWER, len(measured) - 1)
    return reach * _error(measured) * sqrt(2 * (1 - _TWINS))


def _measured(counts: Counts) -> list[tuple[float, float]]:
    return [(n, d) for n, d in counts if d]


def _error(measured: list[tuple[float, float]]) -> float:
    """Return the jackknife standard error of a pooled ratio."""
    n = len(measured)
    above, below = sum(a for a, _ in measured), sum(b for _, b in measured)
    without = [(above - a) / (below - b) for a, b in measured]
    middle = sum(without) / n
    return sqrt((n - 1) / n * sum((w - middle) ** 2 for w in without))


def _drop(pairs: list[tuple[tuple[float, float], tuple[float, float]]]) -> float:
    before, after = ratio([b for b, _ in pairs]), ratio([a for _, a in pairs])
    return 0.0 if before is None or after is None else before - after


def _quantile(level: float, freedom: int) -> float:
    try:
        from scipy.stats import t
    except ImportError:
        raise SettingsError(
            "Intervals need SciPy.", mend="Install it: pip install 'grounded-summarizer[eval]'."
        ) from None
    return float(t.ppf(level, freedom))
