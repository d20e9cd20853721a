"""Is each source one that the article names, near the sentences that show its position?"""

import re
from collections.abc import Iterator

from summarizer.checks.lexicon import words
from summarizer.checks.reading import (
    around,
    finding,
    holds_name,
    named,
    nameless,
    positions,
    row,
    sentences_of,
    text_of,
)
from summarizer.domain.finding import Finding, Severity
from summarizer.domain.grounded import GroundedDraft
from summarizer.domain.report import Position
from summarizer.domain.sentences import Sentence
from summarizer.text import cues
from summarizer.text.folding import fold
from summarizer.text.shorten import shorten
from summarizer.text.words import content_words

CHECK = "sources"
LOOK_BACK = 2
"""A pronoun's name stands at most so many sentences before, as a rule."""


def check(grounded: GroundedDraft) -> Iterator[Finding]:
    """Yield sources and relays that the article does not name, or not near, or beside whom another speaks."""
    for where, claim, position in positions(grounded):
        about = f"{row(claim)}:"
        if not position.source.strip():
            message = f"{about} a position has no source. Name it, or say article or unnamed."
            yield finding(CHECK, "error", where, message)
        elif not nameless(position.source):
            yield from _unnamed(grounded, where, about, position)
        for relay in filter(str.strip, (position.via or "").split(";")):
            if not nameless(relay) and not holds_name(relay, grounded.article.text):
                mend = "Leave via out, or use its name there."
                message = f"{about} the article does not name {shorten(relay)!r}. {mend}"
                yield finding(CHECK, _foreign(relay, grounded), where, message)


def _unnamed(grounded: GroundedDraft, where: str, about: str, position: Position) -> Iterator[Finding]:
    source = shorten(position.source)
    cited = sentences_of(grounded, position.evidence)
    if not holds_name(position.source, grounded.article.text):
        severity = (
            "warning" if named(position, grounded.article.text) else _foreign(position.source, grounded)
        )
        message = f"{about} the article does not name {source!r}. Name the source as the article does."
        yield finding(CHECK, severity, where, message)
    elif not cited or named(position, _near(grounded, cited)):
        return
    elif other := _speaker(grounded, cited, position):
        message = (
            f"{about} the cited words are of {shorten(other)!r}, not {source!r}. Name who says it there."
        )
        yield finding(CHECK, "error", where, message)
    else:
        numbers = ", ".join(str(s.number) for s in cited)
        message = f"{about} {source!r} is not named in or shortly before sentence {numbers}."
        yield finding(CHECK, "warning", where, message)


def _foreign(source: str, grounded: GroundedDraft) -> Severity:
    """A source put together from the article's own words ("the firm's lawyers") is only doubtful."""
    pieced = set(content_words(source)) <= set(content_words(grounded.article.text))
    return "warning" if pieced else "error"


def _near(grounded: GroundedDraft, cited: tuple[Sentence, ...]) -> str:
    paragraphs = {s.paragraph for s in cited}
    before = {s.number for s in around(grounded, cited, before=LOOK_BACK, after=0)}
    return text_of(
        grounded, (s for s in grounded.sentences if s.number in before or s.paragraph in paragraphs)
    )


def _speaker(grounded: GroundedDraft, cited: tuple[Sentence, ...], position: Position) -> str | None:
    """Return another source of the table that all the cited sentences name as the one who speaks."""
    others = {
        p.source: p
        for _, _, p in positions(grounded)
        if not nameless(p.source) and p.source != position.source
    }
    texts = [fold(grounded.sentences.quote(s)) for s in cited]
    for source, other in others.items():
        if all(_speaks(other, text) for text in texts):
            return source
    return None


def _speaks(other: Position, text: str) -> bool:
    for match in cues.find(text):
        before, after = (
            re.split(r"[,;:\"]", text[: match.start])[-1],
            re.split(r"[,;:.\"]", text[match.end :])[0],
        )
        if named(other, before) or (
            not words("pronouns").search(before) and not before.strip() and named(other, after)
        ):
            return True
    prefix = cues.find_prefix(text)
    return prefix is not None and named(other, re.split(r"[,;:\"]", text[prefix.end() :])[0])
