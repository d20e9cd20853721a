"""The figures check: every number stands in the cited sentences, bounded from the same side."""

from collections.abc import Callable

import pytest

from summarizer.checks import figures
from summarizer.domain.grounded import GroundedDraft

Spoil = Callable[..., GroundedDraft]


@pytest.mark.parametrize("text", ["As many as 60 people were treated.", "Up to sixty people were treated."])
def test_a_number_of_the_cited_sentence_passes(spoil: Spoil, text: str) -> None:
    """Digits and words, and bounds of one side, are the same number."""
    assert list(figures.check(spoil({2: {"text": text}}))) == []


def test_an_invented_number_is_an_error(spoil: Spoil) -> None:
    """A number that the article lacks is quoted in the message."""
    (finding,) = figures.check(spoil({2: {"text": "As many as 73 people were treated."}}))
    assert finding.severity == "error"
    assert "'73'" in finding.message


def test_a_number_from_elsewhere_is_a_warning(spoil: Spoil) -> None:
    """A number of another sentence may only want one more citation."""
    (finding,) = figures.check(spoil({5: {"text": "The harbour opened 60 years ago."}}))
    assert finding.severity == "warning"


@pytest.mark.parametrize("text", ["At least 60 people were treated.", "60 people were treated."])
def test_a_changed_bound_is_an_error(spoil: Spoil, text: str) -> None:
    """An upper bound may become neither a lower one nor an exact number."""
    (finding,) = figures.check(spoil({2: {"text": text}}))
    assert finding.severity == "error"
    assert "as many as 60" in finding.message


def test_the_summary_is_held_to_the_rows_it_cites(summarised: Spoil) -> None:
    """A bound flipped in the summary is found in the summary."""
    (finding,) = figures.check(summarised("The authority said at least 60 people were treated.", 2))
    assert finding.where == "summary[0]"


def test_one_of_and_a_single_are_no_figures(spoil: Spoil) -> None:
    """Words for one say too little to be checked."""
    assert list(figures.check(spoil({4: {"text": "The fire began in one of the stores."}}))) == []
