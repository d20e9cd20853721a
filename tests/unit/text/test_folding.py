"""Promises of finding words in text."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.text.folding import find, fold, printable

TEXT = (
    "“We won’t go,” said Ida Rowe\u2014the mayor\xa0of Karsu.\r\nAt\u200b least 164 people, and\n  64 goats, "
    "stayed… She left on the 3rd."
)


@pytest.mark.parametrize(
    ("needle", "found"),
    [
        ('"We won\'t go," said', "“We won’t go,” said"),
        ("Rowe-the mayor of Karsu.", "Rowe\u2014the mayor\xa0of Karsu."),
        ("of Karsu. At least", "of Karsu.\r\nAt\u200b least"),
        ("people, and 64 goats", "people, and\n  64 goats"),
        (" 64  goats,\n", "64 goats,"),
        ("goats, stayed... She", "goats, stayed… She"),
    ],
)
def test_typography_makes_no_difference(needle: str, found: str) -> None:
    """Quotation marks, dashes, ellipses, line ends and invisible characters match their plain forms."""
    span = find(needle, TEXT)
    assert span is not None
    assert TEXT[slice(*span)] == found


@pytest.mark.parametrize(
    "needle", ["63 goats", "165 people", "at least", "Ida Row e", "64 goat, ", "", " \n", "stayed. She"]
)
def test_words_and_digits_make_a_difference(needle: str) -> None:
    """A changed digit, word, case or mark is not found, and neither is nothing."""
    assert find(needle, TEXT) is None


def test_whole_words_come_first() -> None:
    """Of several occurrences the first made of whole words and numbers is found."""
    assert find("64", TEXT) == (TEXT.index("64 goats"), TEXT.index("64 goats") + 2)
    assert find("64 people", TEXT) == (TEXT.index("64 people"), TEXT.index(" people") + 7)
    assert find("64 people", TEXT, whole_words=True) is None


def test_accents_match_however_they_are_encoded() -> None:
    """A letter with its accent apart matches the one with its accent on."""
    assert find("Café", "the Cafe\u0301 burned") == (4, 9)
    assert find("Cafe\u0301 b", "the Café burned") == (4, 10)
    assert find("Cafe b", "the Café burned") is None


def test_a_window_bounds_the_find() -> None:
    """Only what lies between start and end is found."""
    text = "one goat, one  goat, one goat"
    assert find("one goat", text, 1) == (10, 19)
    assert find("one goat", text, 1, 19) == (10, 19)
    assert find("one goat", text, 1, 18) is None
    assert find("one goat", text, 20, 99) == (21, 29)


ODD = st.sampled_from(
    [*"ab1 \n\t.-'\"“”’…\u200b\xa0\u2014\x00e\u0301", "...", "  ", "\r\n", "é", " \u200b ", "12"]
)
TEXTS = st.lists(ODD | st.characters(), max_size=40).map("".join)


@settings(max_examples=100, deadline=None)
@given(st.text() | TEXTS)
def test_folding_keeps_the_length(text: str) -> None:
    """For any text: folding is character by character, touches no letter or digit, and is done after once."""
    folded = fold(text)
    assert len(folded) == len(text)
    assert fold(folded) == folded
    assert all(a == b for a, b in zip(text, folded, strict=True) if a.isalnum())


@settings(max_examples=150, deadline=None)
@given(TEXTS.map("a{}".format), st.data())
def test_any_slice_is_found_where_it_stands(text: str, data: st.DataObject) -> None:
    """For any text: a slice between characters that show is found, and at its place if bounded."""
    shown = [i for i, char in enumerate(text) if shows(char)]
    start, last = sorted(data.draw(st.tuples(st.sampled_from(shown), st.sampled_from(shown))))
    end = last + 1
    assert find(text[start:end], text) is not None
    assert find(text[start:end], text, start, end) == (start, end)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="ab1 .'’…\u200b", max_size=4), st.text(alphabet="ab1 .'’…\u200b\n", max_size=40))
def test_what_is_found_says_the_same(needle: str, text: str) -> None:
    """For any two texts: what is found has the needle's letters and digits, none more and none less."""
    span = find(needle, text)
    assert span is None or letters(text[slice(*span)]) == letters(needle)


@settings(max_examples=100, deadline=None)
@given(TEXTS, TEXTS, st.sampled_from("12"))
def test_a_changed_digit_is_never_found(before: str, after: str, digit: str) -> None:
    """For any text: with one of its digits changed it is no longer found."""
    assert find(f"{before}7{after}", f"{before}{digit}{after}") is None


@settings(max_examples=100, deadline=None)
@given(TEXTS, TEXTS, st.sampled_from(["gate", "not", "no"]))
def test_a_changed_word_is_never_found(before: str, after: str, word: str) -> None:
    """For any text: with a word put in or another in its place it is no longer found."""
    assert find(f"{before} {word} {after}", f"{before} hill {after}") is None
    assert find(f"{before} {word} {after}", f"{before} {after}") is None


@settings(max_examples=100, deadline=None)
@given(st.text() | TEXTS)
def test_printable_text_is_harmless(text: str) -> None:
    """For any text: controls but newline and tab, bidirectional controls and surrogates are gone."""
    shown = printable(text)
    assert not set(shown) & {
        "\x00",
        "\x1b",
        "\r",
        "\x7f",
        "\x85",
        "\u202e",
        "\u2066",
        "\u200b",
        "\ufeff",
        "\u2028",
    }
    assert all(c >= " " or c in "\n\t" for c in shown)
    assert shown.encode().decode() == shown


def test_printable_text_keeps_what_can_be_read() -> None:
    """Letters, emoji joiners, tabs and line ends stay; ESC is shown for what it is."""
    assert printable("a\tb\r\nc \x1b[31m") == "a\tb\nc \ufffd[31m"
    assert printable("👩\u200d🚒 می\u200cروم") == "👩\u200d🚒 می\u200cروم"


def shows(char: str) -> bool:
    """Whether a character shows something by itself: it is found in itself."""
    return find(char, char) is not None


def letters(text: str) -> list[str]:
    """Return the letters and digits of a text, accents put on."""
    return [c for c in unicodedata.normalize("NFC", text) if c.isalnum()]
