"""Promises of tokens and content words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.text.words import content_words, stem, tokens


def test_tokens_are_words_and_numbers() -> None:
    """Acronyms, possessives and figures stay whole; hyphenated words fall apart."""
    text = "The U.S.-led team's 1,140 men left at 11.20, R&D’s Rowe said (9.3%)."
    assert [t.text for t in tokens(text)] == [
        *[
            "The",
            "U.S.",
            "led",
            "team's",
            "1,140",
            "men",
            "left",
            "at",
            "11.20",
            "R&D’s",
            "Rowe",
            "said",
            "9.3",
        ]
    ]


@settings(max_examples=100, deadline=None)
@given(st.text())
def test_tokens_stand_where_they_say(text: str) -> None:
    """For any text: a token's characters are those at its place, and every letter and digit is in one."""
    found = tokens(text)
    assert all(text[t.start : t.end] == t.text for t in found)
    assert "".join(c for t in found for c in t.text if c.isalnum()) == "".join(c for c in text if c.isalnum())


@pytest.mark.parametrize(
    "forms",
    [
        ["strike", "strikes", "striking"],
        ["kill", "kills", "killed", "killing"],
        ["plan", "plans", "planned", "planning"],
        ["deny", "denies", "denied", "denying"],
        ["report", "reports", "reported", "reporting"],
        ["company", "companies"],
        ["press", "presses", "pressed", "pressing"],
        ["crash", "crashes", "crashed"],
        ["fall", "falls", "falling"],
        ["ministry", "ministries"],
    ],
)
def test_forms_of_a_word_share_a_stem(forms: list[str]) -> None:
    """Plurals and past and running forms of a word compare equal."""
    assert len({stem(form) for form in forms}) == 1


@pytest.mark.parametrize(
    "pair", [("new", "news"), ("his", "hi"), ("use", "us"), ("bed", "be"), ("king", "k"), ("sing", "s")]
)
def test_short_words_keep_their_ends(pair: tuple[str, str]) -> None:
    """An ending that is no ending is left on."""
    assert stem(pair[0]) != stem(pair[1])


def test_content_words_leave_stop_words_out() -> None:
    """Stop words go; negations, modal verbs and figures stay; apostrophes and commas do not matter."""
    assert content_words("The team’s 1,140 men could not have been in the towns.") == content_words(
        "team 1140 men could not towns"
    )
    assert content_words("It is of the.") == ()
