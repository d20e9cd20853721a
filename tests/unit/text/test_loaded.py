"""Promises of finding loaded wording."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text import loaded

PIECES = st.sampled_from(
    [
        "so-called",
        "regime",
        "“",
        "”",
        '"',
        "'",
        "‘",
        "’",
        "thugs",
        "\n",
        "\n\n",
        "\x00",
        "sanctions",
        "don’t",
        "it",
        ".",
    ]
)
ANY_TEXT = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=25).map(" ".join))


@pytest.mark.parametrize(
    ("text", "found", "neutral"),
    [
        ("The so-called council met.", "so-called", ""),
        ("The self proclaimed duke spoke.", "self proclaimed", ""),
        ("Rebels butchered nine guards.", "butchered", "killed"),
        ("The regime fell.", "regime", "government"),
        ("Not surprisingly, he left.", "Not surprisingly", ""),
        ("A brazen theft took place.", "brazen", ""),
    ],
)
def test_loaded_wording_comes_with_a_plain_alternative(text: str, found: str, neutral: str) -> None:
    """Labels, heat and asides are found, hyphen or not, with what could stand in their place."""
    assert [(w.text, w.neutral) for w in loaded.find(text)] == [(found, neutral)]


@pytest.mark.parametrize(
    "text",
    [
        "The airstrike killed nine militants.",
        "The massacre of Orim is remembered each May.",
        "He spoke of radical Islamic terrorism.",
        "The sanctions regime was renewed.",
        "The lorry slammed into a wall.",
        "“The regime butchered them,” she said.",
        '"Thugs," he said, "brazen thugs."',
        "He spoke of a ‘brazen’ theft.",
        "'Thugs did it,' she said.",
    ],
)
def test_plain_and_quoted_words_are_not_loaded(text: str) -> None:
    """Accurate grim words, plain uses and whatever stands in quotation marks are left alone."""
    assert loaded.find(text) == ()


def test_an_apostrophe_opens_no_quotation() -> None:
    """Possessives and contractions do not hide what follows them."""
    assert [w.text for w in loaded.find("The traders' guild didn't like the thugs' ways.")] == ["thugs"]


def test_a_quotation_left_open_ends_with_its_paragraph() -> None:
    """A quotation of several paragraphs has no closing mark in the first; the next paragraph is read anew."""
    text = "“The thugs came.\n\nThe thugs left."
    assert [w.start for w in loaded.find(text)] == [text.rindex("thugs")]


@given(ANY_TEXT)
def test_any_text_can_be_searched(text: str) -> None:
    """Whatever the text: wordings are its own characters, ordered, apart and outside quotations."""
    reached = 0
    quoted = loaded.quotations(text)
    for found in loaded.find(text):
        assert reached <= found.start < found.end <= len(text)
        assert text[found.start : found.end] == found.text
        assert not any(start < found.end and found.start < end for start, end in quoted)
        reached = found.end
