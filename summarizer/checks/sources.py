"""Is each source one that the article names, near the sentences that show its position?"""

import re
from collections.abc import Iterator

from summarizer.checks.lexicon import words
from summarizer.checks.reading import (
    around,
    finding,
    named,
    nameless,
    names,
    positions,
    row,
    sentences_of,
    text_of,
)
from summarizer.domain.finding import Finding
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
            yield finding(
                CHECK,
                "error",
                where,
                f"{about} a position has no source. Name it, or say article or unnamed.",
            )
        elif not nameless(position.source):
            yield from _source(grounded, where, about, position)
        for relay in (position.via or "").split(";"):
            if relay.strip() and not nameless(relay) and not names(relay, grounded.article.text):
                message = f"{about} via {shorten(relay)!r} is not named in the article. Use its name there, or leave via out."
                yield finding(CHECK, "error", where, message)


def _source(grounded: GroundedDraft, where: str, about: str, position: Position) -> Iterator[Finding]:
    source = shorten(position.source)
    if not names(position.source, grounded.article.text):
        known = named(position, grounded.article.text) or _is_pieced(position.source, grounded.article.text)
        message = f"{about} the article does not name {source!r}. Name the source as the article does."
        yield finding(CHECK, "warning" if known else "error", where, message)
        return
    cited = sentences_of(grounded, position.evidence)
    near = _near(grounded, cited)
    if not cited or named(position, near):
        return
    if other := _speaker(grounded, cited, position):
        message = (
            f"{about} the cited words are of {shorten(other)!r}, not {source!r}. Name who says it there."
        )
        yield finding(CHECK, "error", where, message)
    else:
        numbers = ", ".join(str(s.number) for s in cited)
        yield finding(
            CHECK,
            "warning",
            where,
            f"{about} {source!r} is not named in or shortly before sentence {numbers}.",
        )


def _is_pieced(source: str, text: str) -> bool:
    """Tell whether a source is at least put together from the article's words: "the paper in the Annals"."""
    return set(content_words(source)) <= set(content_words(text))


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
