"""Sentences of a text, each with its exact place; every character that shows lies in exactly one."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from summarizer.domain.sentences import Sentence, Sentences
from summarizer.text import furniture
from summarizer.text.layout import INVISIBLE, Line, flow, lines

LONGEST = 1500
"""No sentence is longer; what has no end by then is cut at white space."""

_GAP = rf"[\s{INVISIBLE}]"
_CLOSERS = r"[\"'”’»)\]}*_]"
# A full stop or the like with what closes after it. The gap is looked at apart, never backtracked into.
_STOP = re.compile(rf"(?P<mark>[.!?…؟۔।]+|[。！？｡]+)(?P<close>(?:{_CLOSERS}|\[\d{{1,3}}\]|[{INVISIBLE}])*)")
_LATE_CLOSERS = re.compile(rf"{_GAP}{{1,3}}[”)\]]+(?={_GAP}|$)")
_SPACE = re.compile(rf"{_GAP}+")
_OPENERS = re.compile(rf"[\"'“‘«„‚(\[{{¿¡*_#{INVISIBLE}]*")
_DASH = re.compile(r"[-–—―]+\s*")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_ARABIC_NAME = re.compile(r"(?:al|el|ad|an|as|ash|at|ibn|bin)-[A-Z]")
_INITIAL = re.compile(r"[^\W\d_]")
_ACRONYM = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]{1,2}")
_ENUMERATOR = re.compile(r"(?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})")
_ROMAN_OR_DIGIT = re.compile(r"\d|[IVX]+\b")
_RUN_TOGETHER = re.compile(r"[A-Z][a-z’']+\s|[A-Z]\s|[“\"][A-Z]")
_PLAIN_WORD = re.compile(r"[a-z]{3,}")
_CUTS = tuple(re.compile(rf"[{marks}]['\"”’)]*\s+") for marks in (";:", ",–—"))
_BACK = 40


def split(text: str) -> Sentences:
    """Cut a text into sentences and mark those that are page furniture.

    A blank line always ends a sentence; a line break does where lines are paragraphs or headlines, and
    does not where they were wrapped. A line of furniture is one sentence.

    Returns:
        The sentences in reading order: not empty, without white space around them, not overlapping, and
        together holding every character of the text that is not white space.
    """
    items: list[Sentence] = []
    paragraph, last = 0, None
    for line in furniture.mark(flow(text, furniture.recognise(lines(text)))):
        paragraph += not _continues(last, line)
        last = line
        whole = line.furniture or line.blank
        for start, end in _limited(text, [(line.start, line.end)] if whole else _spans(text, line)):
            items.append(Sentence(len(items) + 1, start, end, paragraph, furniture=whole))
    return Sentences(text, tuple(items))


def _continues(last: Line | None, line: Line) -> bool:
    """Whether a line belongs to the paragraph of the one before: the items of a list do."""
    return last is not None and last.block == line.block and line.list_item and not (last.furniture or line.furniture)


def _spans(text: str, line: Line) -> Iterator[tuple[int, int]]:
    """Yield the spans of the sentences in a line."""
    start = line.start
    shouts = not any(map(str.islower, line.text))
    no_capitals = not any(map(str.isupper, line.text))
    del shouts
    at = line.start
    while found := _STOP.search(text, at, line.end):
        at = _end_of(text, found, line.end)
        stop = _Stop(text, start, found.start("mark"), found.end("mark"), at, line.end, any_case=no_capitals)
        if at < line.end and stop.ends_sentence:
            yield start, at
            start = _skip(_SPACE, text, at, line.end)
            # What shows nothing at a sentence's head stays with it.
            start = at + len(text[at:start]) - len(text[at:start].lstrip())
            at = max(at, start)
    if start < line.end:
        yield start, line.end


def _end_of(text: str, found: re.Match[str], limit: int) -> int:
    late = _LATE_CLOSERS.match(text, found.end(), limit)
    return late.end() if late else found.end()


def _skip(pattern: re.Pattern[str], text: str, at: int, limit: int) -> int:
    found = pattern.match(text, at, limit)
    return found.end() if found else at
