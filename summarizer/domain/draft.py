"""A draft: what a backend writes about an article. It points at sentences and never holds offsets."""

from dataclasses import dataclass

from summarizer.domain.article import Article
from summarizer.domain.base import Value
from summarizer.domain.finding import Finding
from summarizer.domain.sentences import Sentences
from summarizer.domain.vocabulary import Kind, Stance


class Pointer(Value):
    """Evidence by sentence number, narrowed by a verbatim anchor where a sentence carries several claims."""

    sentence: int
    anchor: str | None = None


class DraftPosition(Value):
    """Who stands where on a claim, and the sentences that show it."""

    source: str
    aliases: tuple[str, ...] = ()
    via: str | None = None
    stance: Stance = "asserts"
    hedged: bool = False
    evidence: tuple[Pointer, ...] = ()


class DraftClaim(Value):
    """One proposition; ``id`` is the draft's own running number, which citations and conflicts use.

    ``text`` keeps figures with their qualifiers ("as many as 250"): figures are read from it.
    """

    id: int
    text: str
    kind: Kind = "fact"
    key: bool = False
    positions: tuple[DraftPosition, ...] = ()
    when: str | None = None
    where: str | None = None


class DraftSentence(Value):
    """A headline or summary sentence and the ids of the claims it rests on."""

    text: str
    claims: tuple[int, ...] = ()


class DraftConflict(Value):
    """Two claims that cannot both be true; the same id twice where one source contradicts itself on it."""

    claims: tuple[int, int]
    why: str


class DraftLoaded(Value):
    """Words of the article's own voice that take a side, verbatim, and a plain alternative."""

    sentence: int
    text: str
    neutral: str = ""


class Draft(Value):
    """All that a backend writes about one article."""

    headline: DraftSentence
    summary: tuple[DraftSentence, ...] = ()
    claims: tuple[DraftClaim, ...] = ()
    conflicts: tuple[DraftConflict, ...] = ()
    loaded: tuple[DraftLoaded, ...] = ()
    furniture: tuple[int, ...] = ()
    """Numbers of furniture sentences beyond those that rules have marked."""


@dataclass(frozen=True, slots=True)
class DraftRequest:
    """What a backend is asked: an article, cut into sentences, and what was wrong with the draft before.

    Attributes:
        feedback: Findings on ``previous``; empty at the first attempt.
        previous: The draft that the findings are about.
    """

    article: Article
    sentences: Sentences
    feedback: tuple[Finding, ...] = ()
    previous: Draft | None = None

    def with_feedback(self, draft: Draft, findings: tuple[Finding, ...]) -> "DraftRequest":
        """Return the request for a second attempt."""
        return DraftRequest(self.article, self.sentences, findings, draft)
