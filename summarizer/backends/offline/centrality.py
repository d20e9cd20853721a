"""How central each row is: a random walk over their likeness, drawn towards the beginning (LexRank)."""

import math
from collections import Counter
from collections.abc import Sequence

REACH = 400
"""Rows looked at; what stands further down is never central."""
_DAMPING = 0.75
_ROUNDS = 30


def rank(texts: Sequence[Counter[str]], priors: Sequence[float]) -> tuple[float, ...]:
    """Return a weight for each text; they sum to 1, and are 0 beyond ``REACH``.

    Args:
        texts: Content words of each text.
        priors: How likely each is central for where it stands; non-negative.
    """
    vectors = _vectors(texts[:REACH])
    total = sum(priors[:REACH]) or 1.0
    prior = [p / total for p in priors[:REACH]]
    links = _links(vectors)
    weights = prior
    for _ in range(_ROUNDS):
        weights = _step(weights, links, prior)
    return (*weights, *(0.0 for _ in texts[REACH:]))


def likeness(a: Counter[str], b: Counter[str]) -> float:
    """Return the share of words two texts have in common (Dice), 0 to 1."""
    total = a.total() + b.total()
    return 2 * (a & b).total() / total if total else 0.0


def _vectors(texts: Sequence[Counter[str]]) -> list[dict[str, float]]:
    """Return a tf-idf vector of length 1 for each text."""
    spread = Counter(word for text in texts for word in text)
    vectors = []
    for text in texts:
        raw = {word: n * math.log(1 + len(texts) / spread[word]) for word, n in text.items()}
        length = math.sqrt(sum(v * v for v in raw.values())) or 1.0
        vectors.append({word: v / length for word, v in raw.items()})
    return vectors


def _links(vectors: Sequence[dict[str, float]]) -> list[list[tuple[int, float]]]:
    """Return each text's likest neighbours with shares that sum to 1, found through the words they share."""
    holders: dict[str, list[int]] = {}
    for i, vector in enumerate(vectors):
        for word in vector:
            holders.setdefault(word, []).append(i)
    links = []
    for i, vector in enumerate(vectors):
        products: dict[int, float] = {}
        for word, value in vector.items():
            for j in holders[word]:
                if j != i:
                    products[j] = products.get(j, 0.0) + value * vectors[j][word]
        total = sum(products.values())
        links.append([(j, value / total) for j, value in products.items()] if total else [])
    return links


def _step(
    weights: Sequence[float], links: Sequence[list[tuple[int, float]]], prior: Sequence[float]
) -> list[float]:
    moved = [0.0] * len(weights)
    for i, neighbours in enumerate(links):
        for j, share in neighbours:
            moved[j] += weights[i] * share
    lost = 1.0 - sum(moved)
    return [_DAMPING * (m + lost * p) + (1 - _DAMPING) * p for m, p in zip(moved, prior, strict=True)]
