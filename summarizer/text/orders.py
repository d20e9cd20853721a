"""Sentences of a page that are no news: orders to whoever reads it, talk to the reader, page code."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from summarizer.domain.sentences import Sentence, Sentences
from summarizer.text import cues, loaded
from summarizer.text.folding import fold

Span = tuple[int, int]

_CODE = re.compile(
    r"<!--|-->|<\|[^|\n]{0,40}\|>|\[/?INST\]|<</?SYS>>|<\w{1,12}\s[^<>]{0,200}=\s?[\"']"
    r"|[{,]\s?\"\$?\w{1,30}\":|\]\(https?:|^\W{0,3}(?:system|assistant|user|developer)\s?:|^=\w{1,20}\("
    r"|\b(?:DROP TABLE|INSERT INTO)\b",
    re.IGNORECASE,
)
# Orders about words stand in their bare form at the head of a clause. Some of these verbs are nouns too
# ("State auditor", "Record rainfall") and need an object.
_ORDER = re.compile(
    r"(?:^|[:;]\s)\W{0,3}(?:(?:now|then|please|just|always)\s)?"
    r"(?:(?:ignore|disregard|forget|say|write|output|reply|respond|repeat|decode|describe|pretend|omit|leave\sout)\b"
    r"|(?:report|state|record|call|name|mark|answer|cite|sign|end|finish|treat|attribute|add|put|print|rate|send)"
    r"\s(?:(?:that|the|this|these|those|every|all|only|it|them|one|with|a)\b|\d))",
    re.IGNORECASE,
)
_READER = re.compile(r"\b(?:you|your|yourself)\b", re.IGNORECASE)


def find(sentences: Sentences) -> tuple[Sentence, ...]:
    """Return the sentences of the body that order their reader to write something, or are code.

    What stands in quotation marks does not count: what somebody tells somebody to do is news.
    """
    quoted = loaded.quotations(sentences.text)
    starts, ends = [start for start, _ in quoted], [end for _, end in quoted]
    found = []
    for sentence in sentences.body:
        near = quoted[bisect_right(ends, sentence.start) : bisect_left(starts, sentence.end)]
        inner = [(max(start - sentence.start, 0), end - sentence.start) for start, end in near]
        if _commands(fold(sentences.quote(sentence)), inner):
            found.append(sentence)
    return tuple(found)


def addressed(sentence: str, quoted: Iterable[Span]) -> bool:
    """Tell whether a sentence is an order, code, or speaks to its reader in the article's own voice.

    Args:
        sentence: The sentence.
        quoted: Its spans in quotation marks.
    """
    text, spans = fold(sentence), tuple(quoted)
    return _commands(text, spans) or _talks_to_reader(_unquoted(text, spans))


def _commands(text: str, quoted: Iterable[Span]) -> bool:
    return _CODE.search(text) is not None or _ORDER.search(_unquoted(text, quoted)) is not None


def _talks_to_reader(text: str) -> bool:
    """Tell "you" of the article's own from a "you" that somebody is reported to have said."""
    reader = _READER.search(text)
    return reader is not None and not any(cue.start < reader.start() for cue in cues.find(text))


def _unquoted(text: str, quoted: Iterable[Span]) -> str:
    """Blank the spans, which are in order."""
    pieces, last = [], 0
    for start, end in quoted:
        pieces += [text[last:start], " " * (min(end, len(text)) - start)]
        last = end
    return "".join((*pieces, text[last:]))
