"""The attribution check: nothing attributed or contested is told as plain fact."""

from collections.abc import Callable
from typing import Any

import pytest

from summarizer.checks import attribution
from summarizer.domain.grounded import GroundedDraft

Told = Callable[..., GroundedDraft]
Position = Callable[..., dict[str, Any]]


@pytest.mark.parametrize(
    "text",
    [
        "According to the Port Authority, a blast killed eleven dock workers.",
        "A blast killed eleven dock workers, officials said.",
        "A blast reportedly killed eleven dock workers.",
        "The Port Authority put the number of dock workers killed at eleven.",
        "The death of eleven dock workers could not be confirmed.",
    ],
)
def test_an_attributed_row_may_be_told_in_many_ways(summarised: Told, text: str) -> None:
    """A source, a word of saying or a hedge is enough."""
    assert list(attribution.check(summarised(text, 1))) == []


@pytest.mark.parametrize(
    ("text", "row"), [("A blast killed eleven dock workers.", 1), ("The harbour will stay shut.", 6)]
)
def test_a_row_told_as_plain_fact_is_an_error(summarised: Told, text: str, row: int) -> None:
    """Neither an unconfirmed nor an attributed row becomes our own word."""
    (finding,) = attribution.check(summarised(text, row))
    assert (finding.severity, finding.where) == ("error", "summary[0]")


def test_a_source_that_is_part_of_the_row_is_no_attribution(summarised: Told, position: Position) -> None:
    """Telling what the authority will do does not tell that the authority says so."""
    row = {"text": "The Port Authority will shut the harbour.", "positions": [position("Port Authority", 2)]}
    (finding,) = attribution.check(summarised("The Port Authority will shut the harbour.", 8, rows={8: row}))
    assert finding.severity == "error"


def test_a_stated_row_may_be_told_flat(summarised: Told) -> None:
    """What the article says in its own voice needs no source."""
    assert list(attribution.check(summarised("The harbour is 40 years old.", 5))) == []


@pytest.mark.parametrize(
    "text", ["Marl blast: 'eleven dead'", "Port chief: eleven dead", "Eleven killed, says port"]
)
def test_a_headline_may_keep_its_distance_in_short(spoil: Told, text: str) -> None:
    """Quotation marks, a label or a short word of saying do in a headline."""
    assert list(attribution.check(spoil(headline={"text": text, "claims": [1]}))) == []


def test_a_flat_headline_is_an_error(spoil: Told) -> None:
    """A headline has no right to plain fact either."""
    (finding,) = attribution.check(spoil(headline={"text": "Blast kills eleven dock workers", "claims": [1]}))
    assert finding.where == "headline"


def test_a_sentence_credited_to_another_source_is_an_error(summarised: Told) -> None:
    """A speaker of other rows cannot be given these words."""
    (finding,) = attribution.check(summarised("Oren Tas said as many as 60 people were treated.", 2))
    assert finding.severity == "error"
    assert "'Oren Tas'" in finding.message


@pytest.mark.parametrize(
    "texts",
    [
        ["The Port Authority said a tank had been full; the Interior Ministry denied it."],
        ["The Interior Ministry denied the Port Authority's claim that a tank had been full."],
        ["The Port Authority said a tank had been full.", "The Interior Ministry said it was not."],
        ["The Port Authority says a tank had been full, but the Interior Ministry says it was empty."],
    ],
)
def test_a_dispute_told_with_both_sides_passes(spoil: Told, texts: list[str]) -> None:
    """Both sides stand in one sentence, or in two that cite the row."""
    summary = [{"text": text, "claims": [3]} for text in texts]
    assert list(attribution.check(spoil(summary=summary))) == []


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("The Port Authority said that a tank had been full.", "denies"),
        ("The Interior Ministry denied that a tank had been full.", "asserts"),
    ],
)
def test_a_dispute_that_loses_a_side_is_an_error(summarised: Told, text: str, missing: str) -> None:
    """The message names the side that is missing."""
    (finding,) = attribution.check(summarised(text, 3))
    assert finding.severity == "error"
    assert f"who {missing} it" in finding.message


def test_a_side_that_a_pronoun_may_mean_is_a_warning(summarised: Told) -> None:
    """What may be there is not sent back."""
    (finding,) = attribution.check(
        summarised("They said a tank was full, which the Interior Ministry denied.", 3)
    )
    assert finding.severity == "warning"
