"""Texts cut to fit into a message."""

from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.text.shorten import shorten


def test_a_short_text_is_kept() -> None:
    """What fits is not changed but for its white space."""
    assert shorten("the  tank\nwas full") == "the tank was full"


def test_a_cut_is_shown() -> None:
    """What does not fit ends in an ellipsis."""
    assert shorten("the tank was full", 9) == "the tank…"


@settings(deadline=None)
@given(st.text(), st.integers(2, 60))
def test_no_text_breaks_a_message(text: str, length: int) -> None:
    """Whatever the text, one harmless line of at most ``length`` characters comes back."""
    cut = shorten(text, length)
    assert len(cut) <= length
    assert "\n" not in cut
    assert "\x1b" not in cut
