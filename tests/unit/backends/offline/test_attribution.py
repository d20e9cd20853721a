"""Promises of the attribution rules: whose words a stretch of a sentence is."""

import pytest

from summarizer.backends.offline.attribution import attribute


@pytest.mark.parametrize(
    ("text", "source", "words"),
    [
        ("The harbour office said the quay was shut.", "The harbour office", "the quay was shut"),
        ("The quay was shut, the harbour office said on Monday.", "the harbour office", "The quay was shut"),
        ("According to the harbour office, the quay was shut.", "the harbour office", "the quay was shut"),
        ("The quay was shut, according to the harbour office.", "the harbour office", "The quay was shut"),
        (
            "Ida Renn, a clerk at the office, told reporters that the quay was shut.",
            "Ida Renn",
            "the quay was shut",
        ),
        ("On Friday Ida Renn announced that the quay was shut.", "Ida Renn", "the quay was shut"),
    ],
)
def test_direct_and_indirect_order(text: str, source: str, words: str) -> None:
    """The source and its words are found in whatever order they stand."""
    passage = next(p for p in attribute(text) if p.cued)
    assert (passage.source, text[passage.start : passage.end].strip(" ,.")) == (source, words)


def test_inverted_order_after_a_quotation() -> None:
    """A speaker named after a quotation answers for it; the apposition describes them."""
    text = '"The quay has been shut since the storm," said Ida Renn, a harbour clerk.'
    passage = attribute(text, ((1, text.index('," said')),))[0]
    assert (passage.source, passage.description) == ("Ida Renn", "a harbour clerk")


def test_two_voices_in_one_sentence_stay_apart() -> None:
    """What stands before "but the firm denied" is the article's own."""
    text = "The quay was shut, but the firm denied that it had been paid."
    own, denied = attribute(text)
    assert own.source == ""
    assert (denied.source, denied.stance) == ("the firm", "denies")
    assert text[denied.start : denied.end].startswith("it had been paid")


def test_a_report_within_a_report_belongs_to_its_originator() -> None:
    """Of "X said Y had told her that p", Y is the source and X relays it."""
    text = "Ida Renn said a crane driver had told her that the quay was shut."
    passage = attribute(text)[-1]
    assert (passage.source, passage.relay) == ("a crane driver", "Ida Renn")


@pytest.mark.parametrize(
    "text", ["The reports were long.", "He was told to leave the quay.", "The States have 240 clerks."]
)
def test_nouns_passives_and_names_are_no_cues(text: str) -> None:
    """A word of saying that is a noun, a passive or part of a name names no source."""
    assert not any(p.cued for p in attribute(text))


def test_words_in_a_long_quotation_are_no_cues() -> None:
    """A verb of saying inside a quotation is the speaker's business."""
    text = '"The clerk said the quay was shut and I believed him."'
    assert not any(p.cued for p in attribute(text, ((1, len(text) - 1),)))


def test_a_parenthetical_leaves_the_clause_whole() -> None:
    """A source set off by commas inside a clause is a hole in it, not an end of it."""
    text = "The site, according to the district office, lies by the quay."
    (passage,) = attribute(text)
    assert passage.hole is not None
    assert text[: passage.hole[0]].startswith("The site")
