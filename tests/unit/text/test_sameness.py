"""Sameness: equal words in equal order, and nothing that only resembles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.sameness import is_copy, wording


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The dam was closed.", "Dam is closed"),
        ("The council's boats sank.", "the council’s boats sank"),
        ("1,200 homes were flooded.", "1200 homes flooded"),
    ],
)
def test_articles_forms_of_be_and_typography_make_no_difference(one: str, other: str) -> None:
    """The same words in the same order are the same wording."""
    assert wording(one) == wording(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nine people died.", "Ten people died."),
        ("The gates opened.", "The gates did not open."),
        ("Orrin sued Tarn.", "Tarn sued Orrin."),
        ("They left before noon.", "They left after noon."),
        ("At least 250 died.", "Up to 250 died."),
        ("The ferry runs.", "The ferry will run."),
        ("42 houses in Tilm are unfit.", "42 houses in Upper Tilm are unfit."),
    ],
)
def test_another_figure_negation_order_time_bound_or_place_is_another_wording(one: str, other: str) -> None:
    """What changes the proposition changes the wording."""
    assert wording(one) != wording(other)


@pytest.mark.parametrize(
    ("given", "copy"),
    [
        ("Ledra Water opened three gates of the dam without any warning at 2:10 a.m.", True),
        ("Ledra Water opened three gates without warning at 2:10 a.m.", True),
        ("Ledra Water opened three gates of the dam without warning.", False),
        ("Ledra Water opened four gates of the dam without warning at 2:10 a.m.", False),
        ("Ledra Water never opened three gates of the dam without warning at 2:10 a.m.", False),
        ("Three gates were opened.", False),
        ("", False),
    ],
)
def test_a_copy_may_drop_or_add_a_few_words_but_no_figure_or_negation(given: str, copy: bool) -> None:
    """A row written again is known again; another figure, a negation or a mere resemblance is not."""
    original = "Ledra Water opened three gates of the dam without warning at 2:10 a.m."
    assert is_copy(given, original) is copy


@given(st.text(max_size=60), st.text(max_size=60))
def test_being_a_copy_goes_both_ways(one: str, other: str) -> None:
    """Which of two texts was first makes no difference."""
    assert is_copy(one, other) is is_copy(other, one)
