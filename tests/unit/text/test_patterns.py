"""Patterns of many words: as fast as one word, and the same as trying them all."""

import re

from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.patterns import any_of

WORDS = st.lists(st.text("ab -", min_size=1, max_size=5).filter(lambda w: "  " not in w), min_size=1)


def one_by_one(words: list[str]) -> str:
    """Spell the alternatives out, the longest first."""
    ordered = sorted(words, key=lambda w: (-len(w), w))
    return "(?:" + "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in ordered) + ")"


@given(WORDS, st.text("abAB -", max_size=20))
def test_words_that_share_their_beginnings_match_as_one_by_one(words: list[str], text: str) -> None:
    """Whatever the words and the text, the same stretches are found, bounded or not."""
    for around in ("{}", r"\b{}\b", r"(?<!\w)({})(?=\s|$)"):
        merged, plain = (
            re.compile(around.format(pattern), re.IGNORECASE)
            for pattern in (any_of(words), one_by_one(words))
        )
        assert [m.span() for m in merged.finditer(text)] == [m.span() for m in plain.finditer(text)]
