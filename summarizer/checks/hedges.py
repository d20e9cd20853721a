"""Is what the article softens marked as hedged, and nothing else?"""

import re
from collections.abc import Iterator

from summarizer.checks.lexicon import words
from summarizer.checks.reading import finding, positions, row, sentences_of, text_of
from summarizer.domain.finding import Finding
from summarizer.domain.grounded import GroundedDraft
from summarizer.domain.report import Claim, Position
from summarizer.domain.vocabulary import ARTICLE_VOICE
from summarizer.text import cues
from summarizer.text.folding import fold
from summarizer.text.words import content_words

CHECK = "hedges"

_REACH = 6
"""Content words after a hedge that it can be about."""

_NO_HEDGE = re.compile(
    r"(?<=\w )May\b|\b(?i:suspects)(?= (?:\w+ )?(?:with|were|are|in|at|near|who)\b)"
)  # the month; persons


def check(grounded: GroundedDraft) -> Iterator[Finding]:
    """Yield assertions flatter or softer than their evidence."""
    softened = _softened(grounded)
    for where, claim, position in positions(grounded):
        if position.stance != "asserts" or not position.evidence:
            continue
        if position.hedged:
            yield from _too_soft(grounded, where, claim, position)
        elif not all(s.number in softened for s in sentences_of(grounded, position.evidence)):
            yield from _too_flat(where, claim, position)


def _softened(grounded: GroundedDraft) -> frozenset[int]:
    """Return the sentences whose hedge some position carries."""
    hedged = (p for _, _, p in positions(grounded) if p.hedged or p.stance != "asserts")
    return frozenset(s.number for p in hedged for s in sentences_of(grounded, p.evidence))


def _too_flat(where: str, claim: Claim, position: Position) -> Iterator[Finding]:
    quotes = [fold(e.quote) for e in position.evidence]
    softening = [_softening(quote) for quote in quotes]
    if all(softening):
        sure = position.source == ARTICLE_VOICE and all(_softens(claim, quote) for quote in quotes)
        mend = "Set hedged where that word is about this row."
        message = f"{row(claim)}: the evidence softens it ({softening[0]!r}), hedged is false. {mend}"
        yield finding(CHECK, "error" if sure else "warning", where, message)


def _softens(claim: Claim, quote: str) -> bool:
    """Whether a strong hedge of the quote stands before words of the claim, as hedges do."""
    strong = words("strong_hedges").search(quote)
    if strong is None:
        return False
    after = content_words(quote[strong.end() :])[:_REACH]
    return not set(after).isdisjoint(content_words(claim.text))


def _too_soft(grounded: GroundedDraft, where: str, claim: Claim, position: Position) -> Iterator[Finding]:
    cited = sentences_of(grounded, position.evidence)
    text = fold(text_of(grounded, cited))
    if not _softening(text) and not words("softening").search(text):
        numbers = ", ".join(str(s.number) for s in cited)
        message = (
            f"{row(claim)}: hedged is true, but sentence {numbers} holds no softening word. Set it to false."
        )
        yield finding(CHECK, "warning", where, message)


def _softening(text: str) -> str:
    """Return the words that soften a text, the strongest first; "" where there are none."""
    plain = _NO_HEDGE.sub(lambda m: "-" * len(m[0]), text)
    if strong := words("strong_hedges").search(plain):
        return strong.group()
    if span := next(cues.find_hedges(plain), None):
        return plain[slice(*span)]
    passive = cues.find_passive(plain)
    if passive is not None and passive.hedged:
        return plain[passive.start : passive.end]
    return next((plain[m.start : m.end] for m in cues.find(plain) if m.cue.hedged), "")
