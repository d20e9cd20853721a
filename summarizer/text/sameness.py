"""Whether two short texts say the same in the same words; what only resembles is never taken for the same."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from summarizer.text import figures
from summarizer.text.folding import fold
from summarizer.text.lexicons import REMEMBERED
from summarizer.text.words import stem, tokens

_EMPTY: Final = frozenset(
    {"a", "an", "the", "is", "are", "was", "were", "be", "been", "has", "have", "had", "that"}
)
_NEGATIVE: Final = frozenset(
    {
        "not",
        "no",
        "never",
        "none",
        "nobody",
        "nothing",
        "neither",
        "nor",
        "without",
        "cannot",
        "fail",
        "deny",
        "deni",
    }
)
_SHORTEST: Final = 0.6
"""Share of the words of a text that a copy of it may not fall short of."""


@lru_cache(maxsize=REMEMBERED)
def wording(text: str) -> tuple[str, ...]:
    """Return a text's words in order, stemmed, without articles and forms of "be" and "have".

    Equal wordings say the same: order, figures, negations, prepositions and qualifiers are all in them.
    """
    plain = (fold(token.text).casefold().removesuffix("'s") for token in tokens(text))
    return tuple(stem(word.replace(",", "")) for word in plain if word not in _EMPTY)


def is_copy(given: str, original: str) -> bool:
    """Tell whether a text is another, written again with a few words more or less.

    Words keep their order; figures and negations are the same in both.
    """
    short, long = sorted((wording(given), wording(original)), key=len)
    return (
        len(short) >= _SHORTEST * len(long)
        and _is_within(short, long)
        and _negations(short) == _negations(long)
        and _figures(given) == _figures(original)
    )


def _is_within(short: Sequence[str], long: Sequence[str]) -> bool:
    """Tell whether the words of one stand in the other, in order."""
    rest = iter(long)
    return bool(short) and all(word in rest for word in short)


def _negations(words: Sequence[str]) -> int:
    return sum(word in _NEGATIVE or word.endswith("n't") for word in words)


def _figures(text: str) -> tuple[object, ...]:
    bounds = tuple((figure.low, figure.high) for figure in figures.read(text))
    return bounds, tuple(number.value for number in figures.numbers(text))
