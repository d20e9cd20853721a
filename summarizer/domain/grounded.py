"""A grounded draft: a draft whose pointers became exact spans of the article."""

from dataclasses import dataclass

from summarizer.domain.article import Article
from summarizer.domain.draft import Draft
from summarizer.domain.finding import Finding
from summarizer.domain.report import CitedText, Claim, Conflict, LoadedWording, Span
from summarizer.domain.sentences import Sentences


@dataclass(frozen=True, slots=True)
class GroundedDraft:
    """All of a report but its trace, beside what it was made from; checks judge it.

    Attributes:
        untied: What could not be tied to the article, as findings.
    """

    article: Article
    sentences: Sentences
    draft: Draft
    headline: CitedText
    summary: tuple[CitedText, ...]
    claims: tuple[Claim, ...]
    conflicts: tuple[Conflict, ...]
    loaded: tuple[LoadedWording, ...]
    furniture: tuple[Span, ...]
    untied: tuple[Finding, ...] = ()

    def claim(self, claim_id: str) -> Claim | None:
        """Return the claim with this id, or None."""
        return next((c for c in self.claims if c.id == claim_id), None)
