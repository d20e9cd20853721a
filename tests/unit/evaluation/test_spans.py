"""Spans as sets of characters."""

from hypothesis import given
from hypothesis import strategies as st

from summarizer.domain.report import Span
from summarizer.evaluation.spans import intervals, iou, locate, locate_lines, shared, size

POINTS = st.integers(min_value=0, max_value=30)
SPANS = st.lists(st.tuples(POINTS, POINTS).map(lambda p: Span(start=min(p), end=max(p))), max_size=6)


@given(SPANS, SPANS)
def test_interval_sums_are_those_of_sets(a: list[Span], b: list[Span]) -> None:
    """Sizes, shared characters and their share of the union are what sets of indices give."""
    left, right = characters(a), characters(b)
    assert size(intervals(a)) == len(left)
    assert shared(intervals(a), intervals(b)) == len(left & right)
    assert iou(intervals(a), intervals(b)) == (len(left & right) / len(left | right) if left | right else 0.0)


def test_a_wrapped_quote_is_found_in_the_original() -> None:
    """A quote is found across a line wrap, and its span counts the article's own characters."""
    text = "The mayor  said\nthe bridge is safe."
    assert locate("mayor said the bridge", text) == (4, 26)
    assert text[4:26] == "mayor  said\nthe bridge"


def test_other_words_are_not_found() -> None:
    """A quote with one word changed, or with nothing in it, stands nowhere."""
    assert locate("the bridge was safe", "Now the bridge is safe.") is None
    assert locate("  ", "Now the bridge is safe.") is None


def test_a_furniture_line_is_not_a_word_of_the_body() -> None:
    """A line that also occurs inside a sentence is found where it stands alone, each time."""
    text = "Share\nThey share it. Share prices fell.\nShare\n"
    assert list(locate_lines("Share", text)) == [(0, 5), (40, 45)]


def characters(spans: list[Span]) -> set[int]:
    """Give the indices that spans hold."""
    return {index for span in spans for index in range(span.start, span.end)}
