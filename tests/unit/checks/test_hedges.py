"""The hedges check: what the article softens is marked as hedged, and nothing else."""

from collections.abc import Callable
from typing import Any

from summarizer.checks import hedges
from summarizer.domain.grounded import GroundedDraft

Spoil = Callable[..., GroundedDraft]
Position = Callable[..., dict[str, Any]]


def test_allegedly_in_the_articles_voice_told_flat_is_an_error(spoil: Spoil, position: Position) -> None:
    """The article's own "allegedly" may not be lost."""
    (finding,) = hedges.check(spoil({4: {"positions": [position("article", 6)]}}))
    assert finding.severity == "error"
    assert "allegedly" in finding.message


def test_another_hedge_told_flat_is_a_warning(spoil: Spoil, position: Position) -> None:
    """A modal may belong to another part of the sentence."""
    text = spoil().article.text + "\nThe quay may reopen soon.\n"
    row = {"text": "The quay reopens soon.", "positions": [position("article", 10)]}
    (finding,) = hedges.check(spoil({8: row}, text=text))
    assert finding.severity == "warning"


def test_a_made_up_hedge_is_a_warning(spoil: Spoil, position: Position) -> None:
    """Flat words are not hedged."""
    (finding,) = hedges.check(spoil({5: {"positions": [position("article", 7, hedged=True)]}}))
    assert (finding.severity, finding.where) == ("warning", "claims[c5].positions[0]")


def test_the_month_of_may_is_no_hedge(spoil: Spoil, position: Position) -> None:
    """A capital May inside a sentence is a month."""
    text = spoil().article.text + "\nThe quay was built in May.\n"
    row = {"text": "The quay was built in May.", "positions": [position("article", 10)]}
    assert list(hedges.check(spoil({8: row}, text=text))) == []


def test_a_hedge_that_another_position_carries_is_enough(spoil: Spoil, position: Position) -> None:
    """Two rows may share a sentence of which only one half is hedged."""
    row = {"text": "The fire was large.", "positions": [position("article", 6)]}
    assert list(hedges.check(spoil({8: row}))) == []
