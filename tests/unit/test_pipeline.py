"""The pipeline: second attempts are bounded, the better draft is kept, and what remains is said."""

import asyncio
from dataclasses import replace

import pytest

from summarizer import errors
from summarizer.backends.openai.wire import Reply, to_draft
from summarizer.domain.article import Article
from summarizer.domain.backend import Drafted
from summarizer.domain.draft import Draft, DraftRequest, Pointer
from summarizer.domain.report import Report, Tokens
from summarizer.pipeline import Pipeline, fingerprint
from summarizer.prices import Price
from summarizer.prompts import example
from summarizer.testing import ScriptedBackend

TEXT, REPLY = example()
GOOD = to_draft(Reply.model_validate(REPLY))


def without_evidence(draft: Draft) -> Draft:
    """Return the draft with its first claim pointing at a sentence that is not there."""
    first = draft.claims[0]
    lost = first.positions[0].model_copy(update={"evidence": (Pointer(sentence=99),)})
    broken = first.model_copy(update={"positions": (lost,)})
    return draft.model_copy(update={"claims": (broken, *draft.claims[1:])})


def summarize(backend: ScriptedBackend, attempts: int = 2, text: str = TEXT) -> Report:
    """Run one article through the pipeline."""
    return asyncio.run(Pipeline(backend, attempts=attempts).summarize(Article(text=text)))


def test_the_worked_example_passes_every_check() -> None:
    """What the prompt shows a model is a draft without a single error or warning, in one attempt."""
    backend = ScriptedBackend([GOOD])
    report = summarize(backend)
    assert len(backend.requests) == 1
    assert [finding for finding in report.findings if finding.severity != "note"] == []


def test_errors_go_back_to_the_writer_once() -> None:
    """A draft with an error is asked for again with that finding, and the mended one is kept."""
    backend = ScriptedBackend([without_evidence(GOOD), GOOD])
    report = summarize(backend)
    assert report.trace.attempts == len(backend.requests) == 2
    assert backend.requests[1].previous == without_evidence(GOOD)
    assert any(finding.check == "evidence" for finding in backend.requests[1].feedback)
    assert all(position.evidence for claim in report.claims for position in claim.positions)


def test_attempts_are_bounded_and_what_remains_is_said() -> None:
    """A writer that never mends its draft is asked no more than allowed; the error stands in the report."""
    backend = ScriptedBackend([without_evidence(GOOD)])
    report = summarize(backend, attempts=3)
    assert len(backend.requests) == 3
    assert any(finding.severity == "error" for finding in report.findings)
    assert len(report.claims) == len(GOOD.claims)


def test_a_repair_that_made_it_worse_is_not_kept() -> None:
    """Of two drafts with errors the one with fewer is the report."""
    worse = without_evidence(GOOD).model_copy(update={"summary": ()})
    report = summarize(ScriptedBackend([without_evidence(GOOD), worse]))
    assert report.summary


def test_a_failure_on_the_second_attempt_counts_both() -> None:
    """The error of a second attempt tells all requests made."""
    backend = ScriptedBackend([without_evidence(GOOD), errors.EndpointOverloaded("busy.", attempts=3)])
    with pytest.raises(errors.EndpointOverloaded) as caught:
        summarize(backend)
    assert caught.value.attempts == 4


class MeteredBackend(ScriptedBackend):
    """Plays its script and reports what each draft took."""

    took = Tokens(input=1000, cached_input=400, output=100)

    async def draft(self, request: DraftRequest) -> Drafted:
        """Give what the script holds, metered."""
        return replace(await super().draft(request), tokens=self.took)


def dear(tokens: Tokens) -> float:
    """Price tokens so that a sum shows what it is made of."""
    return tokens.input + tokens.cached_input / 1000 + tokens.output / 1_000_000


def test_tokens_and_cost_are_those_of_every_attempt() -> None:
    """A draft that was thrown away was paid for too, cached input included."""
    backend = MeteredBackend([without_evidence(GOOD), GOOD])
    report = asyncio.run(Pipeline(backend, price=dear).summarize(Article(text=TEXT)))
    assert report.trace.tokens == Tokens(input=2000, cached_input=800, output=200)
    assert report.trace.cost_usd == pytest.approx(2 * dear(backend.took))


def test_a_failure_tells_the_tokens_of_the_drafts_before_it() -> None:
    """Tokens of a first draft are not lost where the second request fails."""
    lost = errors.AnswerMalformed("no.", attempts=2, tokens=Tokens(input=10, cached_input=4, output=1))
    with pytest.raises(errors.AnswerMalformed) as caught:
        summarize(MeteredBackend([without_evidence(GOOD), lost]))
    assert caught.value.tokens == Tokens(input=1010, cached_input=404, output=101)


@pytest.mark.parametrize("price", [None, lambda _: None])
def test_without_a_price_no_cost_is_claimed(price: Price | None) -> None:
    """An unknown price is null, never 0."""
    report = asyncio.run(Pipeline(MeteredBackend([GOOD]), price=price).summarize(Article(text=TEXT)))
    assert report.trace.cost_usd is None


def test_without_reported_usage_no_cost_is_claimed() -> None:
    """An endpoint that was asked and reports no tokens has not answered for nothing."""
    report = asyncio.run(Pipeline(ScriptedBackend([GOOD]), price=dear).summarize(Article(text=TEXT)))
    assert report.trace.cost_usd is None


@pytest.mark.parametrize("text", ["", " \n\t", "\u200b", "Share\n\nAdvertisement\n\nLeave a Reply\n"])
def test_nothing_to_summarise_is_said_before_anything_is_sent(text: str) -> None:
    """Empty texts and pages of nothing but furniture cost no request."""
    backend = ScriptedBackend([GOOD])
    with pytest.raises(errors.EmptyInput):
        summarize(backend, text=text)
    assert backend.requests == []


def test_an_article_over_the_limit_is_refused() -> None:
    """The limit is named in the error."""
    pipeline = Pipeline(ScriptedBackend([GOOD]), max_characters=10)
    with pytest.raises(errors.OversizedInput, match="limit is 10"):
        asyncio.run(pipeline.summarize(Article(text="Two ships sank off Norra.")))


def test_the_fingerprint_follows_article_and_prompt() -> None:
    """Another text or prompt is another fingerprint; the same is the same."""
    one, other = ScriptedBackend([GOOD]), ScriptedBackend([GOOD])
    article = Article(text=TEXT)
    assert fingerprint(one, article) == fingerprint(other, article)
    assert fingerprint(one, article) != fingerprint(one, Article(text=TEXT + " "))
    other.prompt = "report.v9#ffffff"
    assert fingerprint(one, article) != fingerprint(other, article)


def test_equal_runs_give_equal_bytes() -> None:
    """Two reports of one draft differ in nothing but the seconds they took."""

    def data() -> dict[str, object]:
        made = summarize(ScriptedBackend([GOOD])).model_dump(mode="json")
        made["trace"].pop("seconds")
        return made

    assert data() == data()
