"""Patterns that no text can make slow."""

import re
from collections.abc import Iterable

_LONGEST_GAP = 6  # white space between two words; a longer run separates them


def compile_bounded(pattern: str, flags: int = 0) -> re.Pattern[str]:
    r"""Compile a pattern with its runs of white space (``\s+``, ``\s*``) bounded, so that it stays linear."""
    bounded = pattern.replace(r"\s+", rf"\s{{1,{_LONGEST_GAP}}}").replace(r"\s*", rf"\s{{0,{_LONGEST_GAP}}}")
    return re.compile(bounded, flags)


def any_of(words: Iterable[str]) -> str:
    """Return a pattern for any of these words, the longest first; a space stands for any white space."""
    ordered = sorted(words, key=lambda w: (-len(w), w))
    return "(?:" + "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in ordered) + ")"
