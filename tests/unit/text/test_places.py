"""Places: the first name behind a preposition of place, in the text's own words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text import places


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Two trawlers sank off Norra on Monday.", "off Norra"),
        ("A convoy was hit north of Ostrel.", "north of Ostrel"),
        ("Shells fell in northern Kesmara.", "in northern Kesmara"),
        ("The blast happened at the Ashgrove Hotel in Marrow.", "at the Ashgrove Hotel"),
        ("Houses burned on the outskirts of Tem.", "on the outskirts of Tem"),
    ],
)
def test_a_place_is_found_with_its_preposition(text: str, place: str) -> None:
    """The words for the place are the text's own."""
    assert places.find(text) == place


@pytest.mark.parametrize("text", ["Rates rose in March.", "Norra denied the report.", "It rained."])
def test_times_and_actors_are_no_places(text: str) -> None:
    """A month behind a preposition and a name without one give nothing."""
    assert places.find(text) is None


@given(st.text(max_size=200))
def test_any_text_gives_its_own_words_or_nothing(text: str) -> None:
    """What is found stands in the text."""
    found = places.find(text)
    assert found is None or found in text
