"""Finds quotations across the sentences of a paragraph: a speaker named at the end answers for all of it."""

from summarizer.domain.sentences import Sentence, Sentences
from summarizer.text.folding import fold

Span = tuple[int, int]


def quotations(sentences: Sentences) -> dict[int, tuple[Span, ...]]:
    """Return, for each sentence that has any, the spans within it that stand in double quotation marks.

    Spans count from the sentence's start and leave the marks out. A quotation never outlives its paragraph.
    """
    found: dict[int, tuple[Span, ...]] = {}
    paragraph, open_ = -1, False
    for sentence in sentences:
        open_ = open_ and sentence.paragraph == paragraph
        paragraph = sentence.paragraph
        spans, open_ = _spans(fold(sentences.quote(sentence)), sentences, sentence, open_)
        if spans:
            found[sentence.number] = spans
    return found


def _spans(text: str, sentences: Sentences, sentence: Sentence, open_: bool) -> tuple[tuple[Span, ...], bool]:
    spans: list[Span] = []
    start = 0 if open_ else None
    for i, mark in enumerate(text):
        if mark != '"':
            continue
        exact = sentences.text[sentence.start + i]
        if start is None and exact != "”":
            start = i + 1
        elif start is not None and exact != "“":
            spans.append((start, i))
            start = None
    if start is not None:
        spans.append((start, len(text)))
    return tuple(s for s in spans if s[1] > s[0]), start is not None
