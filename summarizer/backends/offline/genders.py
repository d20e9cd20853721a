"""Tells which of an article's persons "he" and "she" can stand for, from the pronouns near their names."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Literal

Gender = Literal["he", "she"]

_TITLED = re.compile(r"\b(Mr|Mrs|Ms|Miss|Sir|Lord|Lady|Dame|King|Queen|Prince|Princess)\b\.?(?=\s[A-Z])")
_HE = frozenset(["Mr", "Sir", "Lord", "King", "Prince"])
_PRONOUN = re.compile(r"\b(he|him|his|himself|she|her|hers|herself)\b", re.IGNORECASE)
_CAPITAL = re.compile(r"[A-Z][\w’'-]+")
_QUOTED = re.compile(r"[\"“][^\"“”]*[\"”]?")
_NEXT, _TITLE = 2, 4
"""What a pronoun that opens the next sentence, and a title, count beside one in the same sentence."""


def genders(sentences: Iterable[tuple[int, str]], people: Collection[str]) -> Mapping[str, Gender]:
    """Return "he" or "she" for each person the text tells it of; others are left out.

    Args:
        sentences: Paragraph and words of each sentence, in order.
        people: Full names.
    """
    surnames = {name.rsplit(" ", 1)[-1]: name for name in people}
    votes: Counter[str] = Counter()
    before, last = -1, ""
    for paragraph, text in sentences:
        plain = _QUOTED.sub(" ", text)
        named = {
            surnames[w] for word in _CAPITAL.findall(plain) if (w := re.sub(r"[’']s$", "", word)) in surnames
        }
        pronouns = {_gender(p) for p in _PRONOUN.findall(plain)}
        only = next(iter(named)) if len(named) == 1 else ""
        if only and (title := _TITLED.search(plain)):
            votes[only] += _TITLE if title[1] in _HE else -_TITLE
        if len(pronouns) == 1:
            sign = 1 if pronouns == {"he"} else -1
            if only:
                votes[only] += sign
            elif not named and last and paragraph == before and _PRONOUN.match(plain):
                votes[last] += _NEXT * sign
        last, before = (only if named else last), paragraph
    return {name: "he" if n > 0 else "she" for name, n in votes.items() if n}


def _gender(pronoun: str) -> Gender:
    return "he" if pronoun.lower() in {"he", "him", "his", "himself"} else "she"
