"""Writes headline and summary from rows: the most central ones, each with who says it and how firmly."""

from summarizer.backends.offline.claims import Row
from summarizer.domain.draft import DraftClaim, DraftSentence


def write(claims: tuple[DraftClaim, ...]) -> tuple[DraftSentence, tuple[DraftSentence, ...]]:
    top = claims[:4]
    return DraftSentence(text=top[0].text if top else "", claims=tuple(c.id for c in top[:1])), tuple(DraftSentence(text=c.text, claims=(c.id,)) for c in top)
