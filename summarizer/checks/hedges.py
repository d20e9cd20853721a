"""Is what the article softens marked as hedged, and nothing else?"""

import re
from collections.abc import Iterator

from summarizer.checks.reading import finding, positions, row, sentences_of, text_of
from summarizer.domain.finding import Finding
from summarizer.domain.grounded import GroundedDraft
from summarizer.domain.report import Claim, Position
from summarizer.domain.vocabulary import ARTICLE_VOICE
from summarizer.text import cues
from summarizer.text.folding import fold

CHECK = "hedges"

_STRONG = re.compile(
    r"\b(?:allegedly|reportedly|purportedly|supposedly|it (?:is|was) (?:believed|thought|rumou?red))\b",
    re.IGNORECASE,
)


def check(grounded: GroundedDraft) -> Iterator[Finding]:
    """Yield assertions flatter or softer than their evidence."""
    softened = _softened(grounded)
    for where, claim, position in positions(grounded):
        if position.stance != "asserts" or not position.evidence:
            continue
        finding = _too_soft(grounded, where, claim, position) if position.hedged else None
        if not position.hedged:
            finding = _too_flat(grounded, where, claim, position, softened)
        if finding is not None:
            yield finding


def _softened(grounded: GroundedDraft) -> frozenset[int]:
    """Return the sentences whose hedge some position carries."""
    hedged = (p for _, _, p in positions(grounded) if p.hedged or p.stance != "asserts")
    return frozenset(s.number for p in hedged for s in sentences_of(grounded, p.evidence))


def _too_flat(
    grounded: GroundedDraft, where: str, claim: Claim, position: Position, softened: frozenset[int]
) -> Finding | None:
    quotes = [fold(e.quote) for e in position.evidence]
    if not all(cues.has_hedge(quote) for quote in quotes):
        return None
    if all(s.number in softened for s in sentences_of(grounded, position.evidence)):
        return None
    words = _hedge_words(quotes[0])
    strong = position.source == ARTICLE_VOICE and all(_STRONG.search(quote) for quote in quotes)
    message = f"{row(claim)}: the evidence softens it ({words!r}), hedged is false. Set hedged where that word is about this row."
    return finding(CHECK, "error" if strong else "warning", where, message)


def _too_soft(grounded: GroundedDraft, where: str, claim: Claim, position: Position) -> Finding | None:
    cited = sentences_of(grounded, position.evidence)
    if cues.has_hedge(fold(text_of(grounded, cited))):
        return None
    numbers = ", ".join(str(s.number) for s in cited)
    message = (
        f"{row(claim)}: hedged is true, but sentence {numbers} holds no softening word. Set it to false."
    )
    return finding(CHECK, "warning", where, message)


def _hedge_words(text: str) -> str:
    if strong := _STRONG.search(text):
        return strong.group()
    if span := next(cues.find_hedges(text), None):
        return text[slice(*span)]
    passive = cues.find_passive(text)
    if passive is not None:
        return text[passive.start : passive.end]
    return next((text[m.start : m.end] for m in cues.find(text) if m.cue.hedged), "")
