"""Sections: every sentence of the body once, cut at paragraph ends, with the seam shown again."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.domain.sentences import Sentence, Sentences
from summarizer.text.sections import OPENING, SEAM, around, cut, estimate
from summarizer.text.sentences import split

PARAGRAPH = "The Orla ferry left at nine with forty people. It was full.\n\n"
TEXT = PARAGRAPH * 30


def body(lengths: list[list[int]]) -> Sentences:
    """Make sentences of these lengths, a list a paragraph."""
    items: list[Sentence] = []
    at = 0
    for paragraph, sizes in enumerate(lengths, 1):
        for size in sizes:
            items.append(Sentence(len(items) + 1, at, at + size, paragraph))
            at += size + 1
    return Sentences("x" * at, tuple(items))


layouts = st.lists(st.lists(st.integers(1, 300), min_size=1, max_size=6), min_size=1, max_size=30).map(body)


@given(layouts, st.integers(5, 200))
def test_each_sentence_of_the_body_stands_in_one_section_once(sentences: Sentences, budget: int) -> None:
    """Whatever the layout and the budget, the sections in order are the body."""
    assert tuple(s for section in cut(sentences, budget) for s in section.sentences) == sentences.body


@given(layouts, st.integers(5, 200))
def test_a_section_is_within_the_budget_or_one_sentence(sentences: Sentences, budget: int) -> None:
    """Only a sentence that is longer than the budget is a section beyond it."""
    assert all(estimate(c.sentences) <= budget or len(c.sentences) == 1 for c in cut(sentences, budget))


def test_an_article_within_the_budget_is_one_section() -> None:
    """At the budget exactly there is one section without context; one token less cuts it."""
    sentences = split(TEXT)
    whole = estimate(sentences.body)
    (only,) = cut(sentences, whole)
    assert (only.number, only.of, only.context) == (1, 1, ())
    assert len(cut(sentences, whole - 1)) == 2


def test_sections_are_about_equal_and_end_with_a_paragraph() -> None:
    """No section is a small rest, and no paragraph lies in two of them."""
    sections = cut(split(TEXT), 150)
    sizes = [estimate(section.sentences) for section in sections]
    assert max(sizes) - min(sizes) <= 2 * len(PARAGRAPH) // 4
    for one, other in pairwise(sections):
        assert one.sentences[-1].paragraph < other.sentences[0].paragraph


def test_one_long_paragraph_is_cut_between_sentences() -> None:
    """A text without paragraphs is no reason to go over the budget."""
    sections = cut(split("The ferry was full again. " * 40), 50)
    assert len(sections) > 4
    assert all(estimate(section.sentences) <= 50 for section in sections)


def test_context_is_the_opening_and_the_end_of_the_section_before() -> None:
    """A later section is shown the first sentences of the article and the last before its own, each once."""
    sections = cut(split(TEXT), 150)
    for section in sections[1:]:
        first = section.sentences[0].number
        numbers = [s.number for s in section.context]
        assert numbers == [*range(1, OPENING + 1), *range(first - SEAM, first)]


def test_a_short_first_section_is_not_shown_twice() -> None:
    """Where opening and seam overlap, each sentence is shown once."""
    sections = cut(body([[40], [40, 40, 40, 40]]), 42)
    assert [s.number for s in sections[1].context] == [1]


def test_furniture_is_in_no_section() -> None:
    """What is not the article goes to no model."""
    sentences = split("Share\n\n" + TEXT + "Leave a Reply\n")
    shown = {s.number for c in cut(sentences, 150) for s in (*c.sentences, *c.context)}
    assert shown == {s.number for s in sentences.body}


@pytest.mark.parametrize(
    ("wanted", "shown"), [([5], [4, 5, 6]), ([1], [1, 2]), ([2, 4], [1, 2, 3, 4, 5]), ([99], [])]
)
def test_neighbours_are_shown_in_reading_order(wanted: list[int], shown: list[int]) -> None:
    """Each sentence asked for comes with the ones beside it; a number that does not exist brings nothing."""
    assert [s.number for s in around(split(TEXT), wanted)] == shown
