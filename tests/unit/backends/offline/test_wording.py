"""Promises of the wording rules: claims without source, hedge or heat."""

import pytest

from summarizer.backends.offline.wording import negated, worded


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("the clerk reportedly sold the quay", "The clerk sold the quay."),
        ("the clerk is believed to have sold the quay", "The clerk has sold the quay."),
        ("the clerk is expected to sell the quay", "The clerk will sell the quay."),
        ("the quay may have been sold", "The quay was sold."),
        ("the video appears to show the quay", "The video shows the quay."),
    ],
)
def test_hedges_leave_the_text_and_are_told(words: str, text: str) -> None:
    """A softened statement is worded flatly and marked as hedged."""
    put = worded(words, "clause", "")
    assert (put.text, put.hedged) == (text, True)


def test_a_plain_statement_stays_as_it_is() -> None:
    """Figures keep their qualifiers."""
    put = worded("as many as 250 crates were lost", "clause", "")
    assert (put.text, put.hedged) == ("As many as 250 crates were lost.", False)


def test_a_promise_becomes_the_promisers_forecast() -> None:
    """A promise says what the promiser will do, and is a forecast."""
    put = worded("to close the quay", "infinitive", "Ida Renn")
    assert (put.text, put.kind) == ("Ida Renn will close the quay.", "forecast")


@pytest.mark.parametrize(
    ("text", "opposite"),
    [
        ("The firm had paid a ransom.", "The firm had not paid a ransom."),
        ("The keeper failed a test.", "The keeper did not fail a test."),
        ("Any money had been paid.", "No money had been paid."),
    ],
)
def test_a_lone_denial_can_be_turned_round(text: str, opposite: str) -> None:
    """The source's own positive statement is made by one negation."""
    assert negated(text) == opposite
