"""Spans of an article as sets of characters: finding verbatim strings, and how far two sets agree."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from summarizer.text.folding import find


class HasSpan(Protocol):
    """Anything that stands at characters ``start`` to ``end`` (exclusive) of an article."""

    @property
    def start(self) -> int:
        """Index of the first character."""

    @property
    def end(self) -> int:
        """Index after the last."""


Intervals = tuple[tuple[int, int], ...]
"""Disjoint, ascending (start, end) pairs."""


def locate(quote: str, text: str) -> tuple[int, int] | None:
    """Return where a verbatim string first stands in ``text``, white space folded; None where it does not."""
    return find(quote.strip(), text) if quote.strip() else None


def locate_lines(line: str, text: str) -> Iterator[tuple[int, int]]:
    """Give every place where a line stands between line breaks; where it never does, its first place."""
    places = list(_places(line.strip(), text))
    alone = [place for place in places if _stands_alone(place, text)]
    yield from alone or places[:1]


def intervals(spans: Iterable[HasSpan]) -> Intervals:
    """Merge spans into disjoint ascending intervals."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted((s.start, s.end) for s in spans if s.start < s.end):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def size(spans: Intervals) -> int:
    """Return how many characters the intervals hold."""
    return sum(end - start for start, end in spans)


def shared(a: Intervals, b: Intervals) -> int:
    """Return how many characters both hold."""
    total = i = j = 0
    while i < len(a) and j < len(b):
        total += max(0, min(a[i][1], b[j][1]) - max(a[i][0], b[j][0]))
        if a[i][1] <= b[j][1]:
            i += 1
        else:
            j += 1
    return total


def iou(a: Intervals, b: Intervals) -> float:
    """Return |a ∩ b| / |a ∪ b| in characters; 0 where both are empty."""
    both = shared(a, b)
    union = size(a) + size(b) - both
    return both / union if union else 0.0


def _places(quote: str, text: str) -> Iterator[tuple[int, int]]:
    place = find(quote, text) if quote else None
    while place:
        yield place
        place = find(quote, text, place[1])


def _stands_alone(place: tuple[int, int], text: str) -> bool:
    before = text[text.rfind("\n", 0, place[0]) + 1 : place[0]]
    end = text.find("\n", place[1])
    after = text[place[1] : end if end >= 0 else len(text)]
    return not before.strip() and not after.strip()
