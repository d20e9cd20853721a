"""Promises of the wording rules: claims without source, hedge or heat."""

import pytest

from summarizer.backends.offline.wording import coming, existing, negated, worded


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


@pytest.mark.parametrize(
    ("words", "text", "hedged"),
    [
        ("I think the pump had failed", "The pump had failed.", True),
        (
            "the signal does not appear to have been passed upstairs",
            "The signal was not passed upstairs.",
            True,
        ),
        ("the song would seem to be older", "The song is older.", True),
        ("no death has been reported to the district", "No death has been reported to the district.", False),
        ("it is quite likely", "It is quite likely.", False),
        ("That is false", "That is false.", False),
    ],
)
def test_hedges_leave_whole_sentences_behind(words: str, text: str, hedged: bool) -> None:
    """What softens is taken out and said so; what only looks like it stays."""
    put = worded(words, "clause", "Ida Renn")
    assert (put.text, put.hedged) == (text, hedged)


@pytest.mark.parametrize(
    ("words", "put"),
    [
        ("any fault in the pump", "there was a fault in the pump"),
        ("any evidence of looting", "there was evidence of looting"),
        ("any complaints", "there were complaints"),
    ],
)
def test_what_nobody_confirms_is_worded_as_a_thing(words: str, put: str) -> None:
    """A single thing takes an article, a mass and a plural none."""
    assert existing(words) == put


def test_a_counted_noun_that_is_expected_becomes_a_forecast() -> None:
    """Expecting "sales of $2m" is expecting that sales will be $2m."""
    assert coming("annual sales of $2m by May") == "annual sales will be $2m by May"


@pytest.mark.parametrize(
    ("text", "opposite"),
    [
        ("Any of her lambs are ill.", "None of her lambs are ill."),
        ("The team had anyone behind it.", "The team did not have anyone behind it."),
    ],
)
def test_a_denial_is_turned_round_in_good_english(text: str, opposite: str) -> None:
    """Nobody "has not anyone", and "any of" turns to "none of"."""
    assert negated(text) == opposite
