"""One article, one direction: sentences, draft, grounding, checks, report."""

import hashlib
import json
import time
from dataclasses import dataclass

from summarizer import checks, grounding, telemetry
from summarizer.domain import deadline
from summarizer.domain.article import Article
from summarizer.domain.backend import Backend, Drafted, Maker
from summarizer.domain.draft import DraftRequest
from summarizer.domain.finding import Finding
from summarizer.domain.grounded import GroundedDraft
from summarizer.domain.report import ArticleRecord, Report, Tokens, Trace
from summarizer.domain.sentences import Sentences
from summarizer.errors import AnswerEmpty, BackendError, EmptyInput, EndpointTimeout, OversizedInput
from summarizer.prices import Price
from summarizer.text import sentences as sentence_splitter


@dataclass(frozen=True, slots=True)
class Attempt:
    """One draft, grounded and judged."""

    drafted: Drafted
    grounded: GroundedDraft
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Findings that go back to the writer."""
        return tuple(f for f in self.findings if f.severity == "error")


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Turns articles into reports with one backend.

    Attributes:
        backend: Who writes drafts.
        attempts: Drafts at most where checks find errors; a backend that cannot learn from findings gets 1.
        deadline: Seconds one article may take in all, without those in which it waited for its turn.
        max_characters: Longest article accepted.
        price: What tokens cost, where the backend does not say.
    """

    backend: Backend
    attempts: int = 2
    deadline: float = 900.0
    max_characters: int = 1_000_000
    price: Price | None = None

    async def summarize(self, article: Article) -> Report:
        """Summarise one article.

        Raises:
            InputError: It is empty, nothing but furniture, or too long.
            BackendError: No draft could be had.
        """
        with telemetry.summarizing(article, self.backend) as told:
            report = await self._summarize(article)
            told(report)
            return report

    async def _summarize(self, article: Article) -> Report:
        started = time.perf_counter()
        request = DraftRequest(article, self._admit(article))
        tried: list[Attempt] = []
        try:
            async with deadline.within(self.deadline):
                while len(tried) < self.attempts and (not tried or tried[-1].errors):
                    await self._try(request, tried)
                    request = request.with_feedback(tried[-1].grounded.draft, tried[-1].errors)
        except TimeoutError as late:
            raise _late(self.deadline, tried, _told(late)) from None
        return self._report(article, tried, time.perf_counter() - started)

    async def _try(self, request: DraftRequest, tried: list[Attempt]) -> None:
        try:
            drafted = await self.backend.draft(request)
        except BackendError as error:
            error.tokens = sum((a.drafted.tokens for a in tried), error.tokens)
            error.attempts += sum(a.drafted.exchanges for a in tried)
            raise
        grounded = grounding.ground(drafted.draft, request.article, request.sentences)
        tried.append(Attempt(drafted, grounded, checks.judge(grounded)))

    def _admit(self, article: Article) -> Sentences:
        """Cut the article into sentences, or say why it cannot be summarised."""
        if article.characters > self.max_characters:
            raise OversizedInput(
                f"{article.characters:,} characters; the limit is {self.max_characters:,}.",
                where=article.source or article.id,
                mend="Split it, or raise the limit: --max-characters, or max_characters in Python.",
            )
        sentences = sentence_splitter.split(article.text)
        if not sentences.body:
            what = "nothing but page furniture." if len(sentences) else "the text is empty."
            raise EmptyInput(what, where=article.source or article.id)
        return sentences

    def _report(self, article: Article, tried: list[Attempt], seconds: float) -> Report:
        # A second attempt that came out worse than the first is not kept.
        best = min(reversed(tried), key=lambda attempt: len(attempt.errors))
        if not best.grounded.claims:
            raise self._nothing(article, tried)
        costs = [self._cost(a.drafted) for a in tried]
        trace = Trace(
            backend=self.backend.name,
            model=self.backend.model,
            prompt=self.backend.prompt,
            fingerprint=fingerprint(self.backend, article),
            attempts=len(tried),
            cached=all(a.drafted.cached for a in tried),
            tokens=sum((a.drafted.tokens for a in tried), Tokens()),
            cost_usd=None if None in costs else round(sum(c for c in costs if c is not None), 10),
            seconds=round(seconds, 3),
        )
        made = best.grounded
        return Report(
            article=ArticleRecord.of(article),
            headline=made.headline,
            summary=made.summary,
            claims=made.claims,
            conflicts=made.conflicts,
            loaded=made.loaded,
            furniture=made.furniture,
            findings=best.findings,
            trace=trace,
        )

    def _nothing(self, article: Article, tried: list[Attempt]) -> EmptyInput | AnswerEmpty:
        """Return the error for a table without a row."""
        what, where = "no statement was found in it", article.source or article.id
        if self.backend.model is None:
            mend = "Is it a news article? The offline engine reads English only."
            return EmptyInput(f"{what} that could stand in a claim table.", where=where, mend=mend)
        attempts, tokens = _spent(tried)
        return AnswerEmpty(
            f"{what} by {self.backend.model}.",
            where=where,
            mend="Is it a news article? Then try another model; `summarizer doctor` looks at one.",
            attempts=attempts,
            tokens=tokens,
        )

    def _cost(self, drafted: Drafted) -> float | None:
        """Return what a draft cost; None where no price is known, or the endpoint reported no usage."""
        if drafted.cost_usd is not None or self.price is None:
            return drafted.cost_usd
        unmetered = drafted.exchanges and not drafted.tokens.input
        return None if unmetered else self.price(drafted.tokens)


def fingerprint(backend: Maker, article: Article | ArticleRecord) -> str:
    """Return 32 hex digits that name how a report of this article comes to be."""
    parts = {
        "backend": backend.name,
        "model": backend.model,
        "prompt": backend.prompt,
        "identity": dict(backend.identity),
        "article": article.sha256,
        "published": str(article.published),
        "title": article.title,
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:32]


def _late(deadline: float, tried: list[Attempt], cut: BackendError | None) -> EndpointTimeout:
    """Return the error for an article that was not done in time; all that was sent is counted."""
    attempts, tokens = _spent(tried)
    return EndpointTimeout(
        f"the article was not done within {deadline:g} s.",
        mend="Raise the deadline.",
        attempts=attempts + (cut.attempts if cut else 0),
        tokens=tokens + (cut.tokens if cut else Tokens()),
    )


def _spent(tried: list[Attempt]) -> tuple[int, Tokens]:
    """Return requests and tokens of drafts."""
    return sum(a.drafted.exchanges for a in tried), sum((a.drafted.tokens for a in tried), Tokens())


def _told(late: TimeoutError) -> BackendError | None:
    """Return what the draft that was cut off took, as far as its backend tells; see ``domain.Backend``."""
    cancelled = late.__cause__
    cut = cancelled.__cause__ if cancelled else None
    return cut if isinstance(cut, BackendError) else None
