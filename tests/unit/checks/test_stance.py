"""The stance check: denials are neither dropped, flipped nor made up."""

from collections.abc import Callable
from typing import Any

import pytest

from summarizer.checks import stance
from summarizer.domain.finding import Finding
from summarizer.domain.grounded import GroundedDraft

Spoil = Callable[..., GroundedDraft]
Position = Callable[..., dict[str, Any]]


def about(spoil: Spoil, sentence: str) -> list[Finding]:
    """Return the findings on an article that ends with one more sentence, which no row cites."""
    grounded = spoil()
    return list(stance.check(spoil(text=f"{grounded.article.text}\n{sentence}\n")))


def test_a_denial_read_as_assertion_is_an_error(spoil: Spoil, position: Position) -> None:
    """The denier cannot be made an asserter of what is denied."""
    (finding,) = stance.check(spoil({3: {"positions": [position("Interior Ministry", 4)]}}))
    assert (finding.severity, finding.where) == ("error", "claims[c3].positions[0]")


def test_a_dropped_denial_is_an_error(spoil: Spoil, position: Position) -> None:
    """A sentence that denies wants a row with a position that does."""
    (finding,) = stance.check(spoil({3: {"positions": [position("Port Authority", 3)]}}))
    assert finding.severity == "error"
    assert "Sentence 4 holds 'denied'" in finding.message


def test_a_dropped_non_confirmation_is_an_error(spoil: Spoil, position: Position) -> None:
    """So does one that does not confirm."""
    (finding,) = stance.check(spoil({1: {"positions": [position("Port Authority", 1)]}}))
    assert "does not confirm" in finding.message


def test_a_negative_row_carries_a_denial(spoil: Spoil, position: Position) -> None:
    """Where nobody puts the thing forward, the denial is a statement of its own."""
    row = {"text": "The tank had not been full.", "positions": [position("Interior Ministry", 4)]}
    assert list(stance.check(spoil({3: row}))) == []


def test_a_made_up_denial_is_an_error(spoil: Spoil, position: Position) -> None:
    """A garbled text is never repaired into a denial."""
    wrong = position("Port Authority", 1, stance="denies")
    rows = {1: {"positions": [wrong, position("Interior Ministry", 5, stance="does_not_confirm")]}}
    (finding,) = stance.check(spoil(rows))
    assert (finding.severity, finding.where) == ("error", "claims[c1].positions[0]")


def test_a_contradiction_in_other_words_is_only_a_warning(spoil: Spoil, position: Position) -> None:
    """Words that do not repeat the row may deny it without a word of denial."""
    wrong = position("Port Authority", 1, stance="denies")
    (finding,) = stance.check(spoil({6: {"positions": [wrong]}}))
    assert finding.severity == "warning"


@pytest.mark.parametrize(
    "sentence",
    [
        "Two sailors were denied entry to the clinic.",
        "A court denied him bail.",
        "She did not deny the report.",
        "The tank was undeniably old.",
        "The owner refused to comment.",
        "The pay dispute ended in May.",
        "Ministry denies tank was full",
    ],
)
def test_what_is_no_denial_needs_no_row(spoil: Spoil, sentence: str) -> None:
    """Things withheld, denials undone, silence and headlines are no denials."""
    assert about(spoil, sentence) == []


@pytest.mark.parametrize(
    ("sentence", "severity"),
    [
        ("The owner denies any part in it.", "error"),
        ("The owner rejected the allegation.", "error"),
        ("The owner rejected the plan.", "warning"),
        ("The claims could not be independently verified.", "error"),
        ("It is not clear whether anybody swam ashore.", "warning"),
    ],
)
def test_severity_follows_how_sure_the_reading_is(spoil: Spoil, sentence: str, severity: str) -> None:
    """Only what a careful editor would call a denial is sent back."""
    assert [f.severity for f in about(spoil, sentence)] == [severity]
