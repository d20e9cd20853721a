"""How alike two rows are, by the words they share."""

from collections import Counter

REACH = 400
"""Rows looked at where rows are compared with one another; further down an article repeats itself."""


def likeness(a: Counter[str], b: Counter[str]) -> float:
    """Return the share of words two texts have in common (Dice), 0 to 1."""
    total = a.total() + b.total()
    return 2 * (a & b).total() / total if total else 0.0
