"""Does our own text hold what no article asked for: template markers, foreign links, talk of instructions?"""

import re
from collections.abc import Iterator

from summarizer.checks.lexicon import words
from summarizer.checks.reading import Statement, evidence, finding, own_voice, sentences_of, text_of
from summarizer.domain.finding import Finding
from summarizer.domain.grounded import GroundedDraft
from summarizer.text.folding import fold
from summarizer.text.shorten import shorten

CHECK = "leaks"

_MARKER = re.compile(
    r"\{\{|\}\}|\{%|%\}|<\|[^|\n]{0,40}\|>|\[/?INST\]|<</?SYS>>|</?(?:script|iframe|think|system|assistant|user)\b",
    re.IGNORECASE,
)
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"'”’)\]]+", re.IGNORECASE)


def check(grounded: GroundedDraft) -> Iterator[Finding]:
    """Yield an error for each marker, link or phrase in our own text that the cited sentences do not hold."""
    for statement in own_voice(grounded):
        for fault, found in _faults(grounded, statement):
            message = (
                f"{statement.name} holds {fault} {shorten(found)!r}. Say only what the article's rows say."
            )
            yield finding(CHECK, "error", statement.where, message)


def _faults(grounded: GroundedDraft, statement: Statement) -> Iterator[tuple[str, str]]:
    if marker := _MARKER.search(statement.text):
        yield "a template or chat marker,", marker.group()
    if link := _LINK.search(statement.text):
        address = link.group().rstrip(".,;:!?")
        if address not in grounded.article.text:
            yield "a link that the article lacks,", address
    if talk := words("talk").search(fold(statement.text)):
        cited = text_of(grounded, sentences_of(grounded, evidence(statement.claims)))
        if talk.group().casefold() not in cited.casefold():
            yield "words about instructions,", talk.group()
