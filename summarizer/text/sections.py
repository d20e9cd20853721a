"""A long article cut into sections: what each reads for the first time, and what it is shown again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby

from summarizer.domain.sentences import Sentence, Sentences

CHARACTERS_A_TOKEN = 4
"""An estimate that holds for English news; what a run measures takes its place after the first article."""
SECTION_TOKENS = 6000
"""Estimated tokens of article up to which one goes out in one request, where nobody says otherwise."""
OPENING = 2
SEAM = 4
"""Sentences shown again: the article's first, and the last of the section before."""


@dataclass(frozen=True, slots=True)
class Section:
    """A run of an article's body.

    Attributes:
        number: 1, 2, 3 … in reading order.
        of: How many sections there are.
        sentences: What is new here; over all sections each sentence of the body stands in one, once.
        context: The article's first sentences and the last ones before this section, read already.
    """

    number: int
    of: int
    sentences: tuple[Sentence, ...]
    context: tuple[Sentence, ...] = ()


def cut(sentences: Sentences, budget: int) -> tuple[Section, ...]:
    """Cut an article's body at paragraph ends into the fewest sections of about equal length.

    Args:
        sentences: The article's sentences.
        budget: Estimated tokens that a section may have at most; a paragraph that is longer is cut
            between its sentences, and a sentence that is longer is a section of its own.

    Returns:
        One section where the whole body is within the budget, however it is laid out.
    """
    body = sentences.body
    runs = _runs(body, budget)
    starts = accumulate(map(len, runs), initial=0)
    return tuple(
        Section(number, len(runs), tuple(run), _shown(body[:start]))
        for number, (run, start) in enumerate(zip(runs, starts, strict=False), 1)
    )


def estimate(sentences: Iterable[Sentence]) -> int:
    """Return about how many tokens sentences have."""
    return -(-_characters(sentences) // CHARACTERS_A_TOKEN)


def around(sentences: Sentences, numbers: Iterable[int]) -> tuple[Sentence, ...]:
    """Return the body's sentences with these numbers and their neighbours, in reading order."""
    body, wanted = sentences.body, set(numbers)
    near = {j for i, s in enumerate(body) if s.number in wanted for j in (i - 1, i, i + 1)}
    return tuple(s for i, s in enumerate(body) if i in near)


def _shown(read: Sequence[Sentence]) -> tuple[Sentence, ...]:
    return tuple(dict.fromkeys((*read[:OPENING], *read[-SEAM:])))


def _runs(body: Sequence[Sentence], budget: int) -> list[list[Sentence]]:
    whole, limit = _characters(body), budget * CHARACTERS_A_TOKEN
    share = whole / max(1, -(-whole // limit))
    runs: list[list[Sentence]] = [[]]
    held = before = 0
    for unit in _units(body, limit):
        size = _characters(unit)
        # A section ends at the paragraph end nearest to its equal share of the article.
        if runs[-1] and (held + size > limit or before + held + size / 2 > share * len(runs)):
            runs.append([])
            before, held = before + held, 0
        runs[-1] += unit
        held += size
    return runs


def _units(body: Sequence[Sentence], limit: int) -> Iterable[tuple[Sentence, ...]]:
    """Give paragraphs, or the sentences of those that are too long to stay whole."""
    for _, group in groupby(body, key=lambda s: s.paragraph):
        paragraph = tuple(group)
        if _characters(paragraph) <= limit:
            yield paragraph
        else:
            yield from ((sentence,) for sentence in paragraph)


def _characters(sentences: Iterable[Sentence]) -> int:
    return sum(s.end - s.start for s in sentences)
