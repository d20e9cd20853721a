"""Words around a number that say on which side of it the truth lies."""

import re
from functools import cache
from typing import Literal

from summarizer.text.lexicons import table
from summarizer.text.patterns import any_of, compile_bounded

Side = Literal["", "low", "high"]
"""Which bound a number is: "low" in "at least 5", "high" in "up to 5", neither in "about 5"."""

_WINDOW = 40


def qualified_before(text: str, start: int, *, duration: bool, joined: bool) -> tuple[Side, int]:
    """Return the side of the number that starts here and where its qualifiers ("more than about") start.

    Args:
        text: Any text.
        start: Where the number, or the currency sign before it, starts.
        duration: Whether it counts a unit of time: "over 18 months" may mean in the course of them.
        joined: Whether it is a range, which "between" belongs to.
    """
    side: Side = ""
    for _ in range(3):
        match = _before().search(text, max(0, start - _WINDOW), start)
        if match is None or _is_no_qualifier(text, match, duration=duration, joined=joined):
            break
        start = match.start("qualifier")
        side = side or _side_of(match)
    # "Never got above 96" is at most 96.
    return "high" if side == "low" and _NEVER.search(text[max(0, start - 20) : start]) else side, start


def qualified_after(text: str, number_end: int, noun_end: int) -> tuple[Side, int]:
    """Return the side that words after a number give it ("or more", "+"), and where the figure then ends."""
    for at in (number_end, noun_end):
        match = _after().match(text, at, at + _WINDOW)
        if match:
            return _side_of(match), max(noun_end, match.end())
    return "", noun_end


def past_qualifier(text: str, number_end: int) -> int:
    """Return where the noun may start: after "or more" and "+" where they stand right behind the number."""
    match = _after().match(text, number_end, number_end + _WINDOW)
    return match.end() if match else number_end


def _side_of(match: re.Match[str]) -> Side:
    groups = match.groupdict()
    if groups["low"] or groups.get("plus"):
        return "low"
    return "high" if groups["high"] else ""


def _is_no_qualifier(text: str, match: re.Match[str], *, duration: bool, joined: bool) -> bool:
    qualifier = match["qualifier"].strip().lower()
    if qualifier in ("between", "from"):
        return not joined
    if qualifier == "within":
        return joined
    if qualifier == "inside":  # "inside 90 seconds", not "inside two buildings"
        return not duration
    lead = text[max(0, match.start() - 20) : match.start()]
    if qualifier == "over":
        return duration and not _HAS_BOUND_DURATION.search(lead)
    return qualifier in (
        "some",
        "just",
        "only",
        "another",
        "further",
        "maximum of",
        "minimum of",
        "around",
    ) and bool(re.search(r"\b(?:turn|go|the)\s+$", lead))


_NEVER = compile_bounded(r"\b(?:never|not|n[’']t)\s+(?:\w+\s+)?$", re.IGNORECASE)
_HAS_BOUND_DURATION = compile_bounded(
    r"\b(?:for|in|last(?:ed|ing|s)?|took|takes|after|of|is|was|were|be|spent|served|waited|worked|ran)\s+$",
    re.IGNORECASE,
)


@cache
def _before() -> re.Pattern[str]:
    sides = table("numbers")["qualifiers"]
    groups = "|".join(rf"(?P<{side}>{any_of(sides[side])})" for side in ("low", "high", "about"))
    joint = r"between|from"
    return compile_bounded(
        rf"(?<![\w-])(?P<qualifier>(?:{joint}|{groups})\s+(?:the\s+)?|[~≈]\s?)$", re.IGNORECASE
    )


@cache
def _after() -> re.Pattern[str]:
    sides = table("numbers")["qualifiers"]
    groups = "|".join(rf"(?P<{side}>{any_of(sides['after_' + side])})" for side in ("low", "high", "about"))
    return compile_bounded(rf"(?:,?\s+|[-‐‑](?=plus\b))(?:{groups})\b|(?P<plus>\+)", re.IGNORECASE)
