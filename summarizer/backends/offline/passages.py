"""A passage: a stretch of a sentence and who answers for it; and the small readers of such stretches."""

import re
from dataclasses import dataclass
from typing import Literal

from summarizer.backends.offline import grammar
from summarizer.backends.offline.dismissals import FALSE
from summarizer.domain.vocabulary import Kind, Stance
from summarizer.text import times

Span = tuple[int, int]
Shape = Literal["clause", "gerund", "infinitive", "object", "accused", "put", "noun", "whole", "asked"]
"""How the words after a cue hang on it: "that p", "doing p", "to do p", "Y to do p", "Y of doing p", "the
toll at p", asked "to do p", a bare noun phrase, or not at all (the verb is a deed, not a statement)."""

MASK = "□"
"""Stands for each character of a longer quotation while cues are looked for: only its speaker's words."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a sentence and who answers for it.

    Attributes:
        start: Where the proposition's words start in the sentence.
        end: Index after their last.
        shown: The run that shows who says it, the proposition included.
        source: The source's phrase; "" for the article's own voice, None for whoever spoke before.
        description: What stands in apposition to it.
        relay: Phrase of whoever passes it on, or "".
        stance: Where the source stands.
        hedged: The cue expresses doubt.
        kind: What the cue makes of the proposition.
        shape: How the words have to be completed to a statement.
        backward: It is about what was put forward before; there are no words.
        quoted: It is a whole quotation.
        cued: A cue stands behind it.
        hole: A run inside it that is not part of it (", X said,").
    """

    start: int
    end: int
    shown: Span
    source: str | None = ""
    description: str = ""
    relay: str = ""
    stance: Stance = "asserts"
    hedged: bool = False
    kind: Kind = "fact"
    shape: Shape = "clause"
    backward: bool = False
    quoted: bool = False
    cued: bool = False
    hole: Span | None = None


def mask(text: str, quotations: tuple[Span, ...]) -> str:
    """Hide the words of longer quotations, and only the marks of shorter ones; the length stays the same."""
    for start, end in quotations:
        last = min(end, len(text))
        false = FALSE.match(text, start, last)
        if false:  # that it calls something untrue has to be seen
            text = text[: false.end()] + MASK * (last - false.end()) + text[last:]
        elif text.count(" ", start, last) >= 4 or last - start > 0.6 * len(text):
            text = text[:start] + MASK * (last - start) + text[last:]
        elif start > 0 and last < len(text):
            text = f"{text[: start - 1]} {text[start:last]} {text[last + 1 :]}"
    return text


def says_something(text: str, start: int, end: int) -> bool:
    """Tell whether a stretch holds a proposition: a finite verb or a quotation."""
    stretch = text[start:end]
    return MASK in stretch or grammar.has_finite(grammar.lex(stretch))


def is_quotation(text: str, start: int, end: int) -> bool:
    """Tell whether a stretch is nothing but a quotation."""
    inner = text[start:end].strip(" ,.")
    return bool(inner) and inner.count(MASK) > 0.8 * len(inner)


def skip(text: str, at: int, end: int) -> int:
    """Return the index after blanks and light punctuation."""
    while at < end and (text[at].isspace() or text[at] in ",;:"):
        at += 1
    return at


_PHRASE_END = re.compile(
    r",\s|;|[\"“”]|\.$|:\s|(?<![A-Z])\.\s|\s+\(|\s+who\b"
    r"|\s+(?:in|by|on|during|at|after|as)\s+(?:a|an|the|text|his|her|court|audio|\w+day\b)"
)


def phrase_end(text: str, at: int, end: int) -> int:
    """Return where a source's phrase ends: at a comma, stop, quotation, relative clause or time."""
    found = _PHRASE_END.search(text, at, end)
    stop = found.start() if found else end
    return next((at + t.start for t in times.find(text[at:stop]) if t.start > 2), stop)
