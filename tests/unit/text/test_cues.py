"""Promises of the cue lexicon and its readers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text import cues


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("The harbour office said the quay was shut.", "asserts"),
        ("The mayor has repeatedly denied that the well was sold.", "denies"),
        ("The office would neither confirm nor deny it.", "does_not_confirm"),
        ("The count could not be independently verified.", "does_not_confirm"),
        ("The brigade had found no evidence of a leak.", "does_not_confirm"),
    ],
)
def test_a_cue_tells_the_stance_of_its_source(text: str, stance: str) -> None:
    """The first cue of a sentence carries the stance that its words take."""
    assert next(iter(cues.find(text))).cue.stance == stance


def test_the_longest_wording_wins() -> None:
    """A fixed wording is found whole, not the verb inside it."""
    found = list(cues.find("The office could not confirm the toll."))
    assert [m.cue.form for m in found] == ["could not confirm"]


def test_auxiliaries_and_adverbs_belong_to_the_cue() -> None:
    """A cue's span starts at its auxiliaries, so that what stands before it is the subject."""
    text = "Oda Prell has since firmly denied the sale."
    assert text[next(cues.find(text)).start :].startswith("has since firmly denied")


@pytest.mark.parametrize(
    "text", ["It may rain.", "It reportedly rained.", "It is believed to have rained.", "They suspect rain."]
)
def test_softening_words_are_hedges(text: str) -> None:
    """Modals, adverbs, passives of belief and verbs of doubt soften."""
    assert cues.has_hedge(text)


@pytest.mark.parametrize(
    "text",
    ["It rained.", "She said it rained.", "The club insists it rained.", "The works will open in May."],
)
def test_plain_statements_and_verbs_of_saying_are_no_hedges(text: str) -> None:
    """Verbs of saying, futures and the month of May do not soften."""
    assert not cues.has_hedge(text)


def test_a_cue_inside_another_word_is_none() -> None:
    """Cues are whole words."""
    assert not cues.has_attribution("The saidbar was a toldish thing.")


def test_a_passive_of_belief_tells_what_it_looks_forward_to() -> None:
    """What is expected is a hedged forecast, what is due a flat one."""
    expected = cues.find_passive("The ferry is expected to sail.")
    due = cues.find_passive("The ferry is due to sail.")
    assert expected is not None
    assert due is not None
    assert (expected.kind, expected.hedged, due.kind, due.hedged) == ("forecast", True, "forecast", False)


def test_declining_to_comment_is_manner() -> None:
    """How a statement was made is told from what was said."""
    assert cues.is_manner("The firm declined to comment on the sale.")
    assert not cues.is_manner("The firm sold the quay.")


def test_curly_and_plain_typography_match_alike() -> None:
    """No-break spaces and line wraps do not hide a cue."""
    assert cues.has_nonconfirmation("It could\u00a0not\nbe verified.")


@given(st.text(max_size=300))
def test_matches_lie_in_any_text_in_order(text: str) -> None:
    """Whatever the text, spans are in range, in order and do not overlap."""
    spans = [(m.start, m.end) for m in cues.find(text)]
    flat = [0, *(i for span in spans for i in span), len(text)]
    assert flat == sorted(flat)
