"""Budgets: what fits is sent, what is left is named, and what a run has seen makes its guesses better."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer import batch
from summarizer.backends.openai.sectioned import ROWS
from summarizer.backends.openai.wire import Reply, to_draft
from summarizer.budget import Budget, Estimate, Experience, expected
from summarizer.domain.article import Article
from summarizer.domain.backend import Drafted
from summarizer.domain.draft import Draft, DraftRequest
from summarizer.domain.report import Failure, Outcome, Report, Tokens
from summarizer.errors import EndpointTimeout, InputNotFound, RequestRejected
from summarizer.intake.unread import Unread
from summarizer.pipeline import Pipeline
from summarizer.prompts import example
from summarizer.testing import ScriptedBackend
from summarizer.text.sections import cut
from summarizer.text.sentences import split

TEXT, REPLY = example()
GOOD = to_draft(Reply.model_validate(REPLY))


def price(tokens: Tokens) -> float:
    """Ask one USD a million tokens, whichever they are."""
    return (tokens.input + tokens.output) / 1e6


class Meter(ScriptedBackend):
    """Plays its script; every draft takes ``factor`` times the tokens that were expected, after a moment."""

    def __init__(self, script: Iterable[Draft | Exception], factor: float = 1.0) -> None:
        super().__init__(script)
        self.factor, self.at_once, self.most = factor, 0, 0

    def factor_of(self, article: Article) -> float:
        """Return how many times the expected an article takes."""
        del article
        return self.factor

    async def draft(self, request: DraftRequest) -> Drafted:
        """Give what the script holds, metered."""
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        await asyncio.sleep(0.001)
        self.at_once -= 1
        took = expected(request.article).tokens
        factor = self.factor_of(request.article)
        tokens = Tokens(input=round(took.input * factor), output=round(took.output * factor))
        return replace(await super().draft(request), tokens=tokens)


def articles(number: int) -> list[Article]:
    """Make articles that cost the same."""
    return [Article(text=f"{TEXT}\nLamp {n:03} was lit.", id=f"a{n:03}") for n in range(number)]


ONE = price(expected(articles(1)[0]).tokens)


def run(
    backend: ScriptedBackend, inputs: Iterable[Article | Unread], budget: Budget, concurrency: int = 8
) -> list[tuple[int, Outcome]]:
    """Run a batch within a budget."""
    pipeline = Pipeline(backend, price=price)

    async def collect() -> list[tuple[int, Outcome]]:
        found = batch.outcomes(pipeline, inputs, concurrency=concurrency, budget=budget)
        return [one async for one in found]

    return asyncio.run(collect())


@pytest.mark.parametrize("concurrency", [1, 4, 64])
@pytest.mark.parametrize("factor", [0.5, 1.0, 3.0])
def test_a_run_stops_before_its_limit_and_close_to_it(factor: float, concurrency: int) -> None:
    """However wrong the first guess, less than allowed is spent, and not one article's cost remains."""
    backend, budget = Meter([GOOD], factor), Budget(10.5 * ONE * factor, price)
    found = run(backend, articles(30), budget, concurrency)
    assert len(found) == len(backend.requests) == 10
    assert budget.spent == pytest.approx(10 * ONE * factor, rel=1e-3)
    assert budget.left == [f"a{n:03}" for n in range(10, 30)]


def test_the_first_article_goes_alone_and_the_others_together() -> None:
    """What the first takes is known before many are sent; soon concurrency is what was asked for."""
    backend = Meter([GOOD])
    budget = Budget(100 * ONE, price)
    pipeline = Pipeline(backend, price=price)

    async def first() -> int:
        found = batch.outcomes(pipeline, articles(9), concurrency=4, budget=budget)
        await anext(found)
        sent = len(backend.requests)
        assert len([one async for one in found]) == 8
        return sent

    assert asyncio.run(first()) == 1
    assert backend.most == 4


@pytest.mark.parametrize("concurrency", [1, 8, 64])
def test_articles_that_differ_are_given_room(concurrency: int) -> None:
    """Where every third article costs four times the others, a wide run keeps to its limit too."""

    class Uneven(Meter):
        def factor_of(self, article: Article) -> float:
            return 4.0 if int(article.id[1:]) % 3 == 1 else 1.0

    budget = Budget(60.5 * ONE, price)
    run(Uneven([GOOD]), articles(90), budget, concurrency)
    assert 50 * ONE < budget.spent <= 60.5 * ONE
    assert budget.left


def test_what_does_not_fit_at_all_is_not_sent() -> None:
    """A limit below one article leaves all of them."""
    backend, budget = Meter([GOOD]), Budget(0.5 * ONE, price)
    assert run(backend, articles(3), budget) == []
    assert backend.requests == []
    assert budget.left == ["a000", "a001", "a002"]


def test_no_number_is_no_leave_to_spend() -> None:
    """A limit that is no number allows nothing."""
    budget = Budget(float("nan"), price)
    assert run(Meter([GOOD]), articles(2), budget) == []
    assert len(budget.left) == 2


def test_inputs_that_cannot_be_read_keep_their_records_behind_the_limit() -> None:
    """What costs nothing is done, before and behind it; only articles are left."""
    lost = Unread("lost", "lost.txt", InputNotFound("no such file.", where="lost.txt"))
    budget = Budget(1.5 * ONE, price)
    found = run(Meter([GOOD]), [lost, *articles(2), lost, articles(1)[0]], budget)
    kinds = {index: type(outcome) for index, outcome in found}
    assert kinds == {0: Failure, 1: Report, 3: Failure, 4: Failure}
    assert budget.left == ["a001"]


def test_failures_are_charged_what_they_took() -> None:
    """Answers that were no draft were paid for; a refused request was not; a lost answer may have been."""
    spent = Tokens(input=1000, output=500)
    script: list[Exception] = [
        RequestRejected("no.", attempts=1),
        RequestRejected("no.", attempts=2, tokens=spent),
        EndpointTimeout("late.", attempts=1),
    ]
    budget = Budget(100 * ONE, price)
    found = run(ScriptedBackend(script), articles(3), budget, concurrency=1)
    assert all(isinstance(outcome, Failure) for _, outcome in found)
    first, second = (expected(article).tokens for article in articles(3)[1:])
    lost = price(Experience().more(first, spent).forecast(second))
    assert budget.spent == pytest.approx(price(spent) + lost)


def test_an_endpoint_that_reports_no_usage_is_charged_the_estimate() -> None:
    """A limit holds there too, by estimates."""
    budget = Budget(3.5 * ONE, price)
    backend = ScriptedBackend([GOOD])
    assert len(run(backend, articles(9), budget)) == 3
    assert len(budget.left) == 6


def test_answers_of_the_cache_cost_nothing_and_teach_nothing() -> None:
    """What was kept before fits any limit that one article fits, and leaves the forecast as it was."""

    class Kept(ScriptedBackend):
        async def draft(self, request: DraftRequest) -> Drafted:
            return replace(await super().draft(request), exchanges=0, cached=True)

    budget = Budget(1.5 * ONE, price)
    assert len(run(Kept([GOOD]), articles(9), budget)) == 9
    assert (budget.spent, budget.left) == (0, [])


def test_without_anything_to_send_nothing_is_expected() -> None:
    """Empty texts and pages of nothing but furniture take no requests and no tokens."""
    assert expected(Article(text=" \n")) == expected(Article(text="Share\n\nAdvertisement\n")) == Estimate()


def test_a_longer_article_is_expected_to_take_more() -> None:
    """Both ways: more is read and more is written."""
    short, long = (expected(Article(text=f"{TEXT}\n" * times)).tokens for times in (1, 5))
    assert long.input > short.input
    assert long.output > 3 * short.output


def test_an_article_over_the_limit_is_expected_to_go_by_sections() -> None:
    """A request a section and one for the summary; earlier rows are sent along, up to the backend's limit."""
    article = Article(text="\n\n".join(f"{TEXT}\n\nLamp {n} was lit." for n in range(30)))
    whole = expected(article)
    sections = cut(split(article.text), 400)
    parts = expected(article, 400)
    assert whole.requests == 1
    assert parts.requests == len(sections) + 1 > 3
    assert expected(article, 800).requests == len(cut(split(article.text), 800)) + 1
    # Instructions with every request, the whole table with the last, and no more rows than the backend sends.
    fixed = (parts.requests - 1) * 1500
    assert whole.tokens.input + fixed < parts.tokens.input
    assert parts.tokens.input < 2 * (whole.tokens.input + fixed) + len(sections) * ROWS * 400
    assert parts.tokens.output > whole.tokens.output


def test_a_budget_cuts_articles_as_the_backend_does() -> None:
    """An article that fits as one request and not in sections is not sent where sections are short."""
    article = Article(text="\n\n".join(f"{TEXT}\n\nLamp {n} was lit." for n in range(30)))
    limit = 1.2 * price(expected(article).tokens)
    assert Budget(limit, price).takes(0, article)
    assert not Budget(limit, price, section_tokens=400).takes(0, article)


COUNTS = st.builds(Tokens, input=st.integers(1, 10**7), cached_input=st.just(0), output=st.integers(1, 10**7))


@given(COUNTS, COUNTS)
def test_a_forecast_of_what_was_seen_is_what_it_took(estimate: Tokens, took: Tokens) -> None:
    """Experience scales an estimate to what articles take."""
    assert Experience().more(estimate, took).forecast(estimate) == took


def test_a_forecast_without_experience_is_the_estimate() -> None:
    """Nothing is made up; and a cached part that was seen is expected again."""
    guess = Tokens(input=100, output=10)
    assert Experience().forecast(guess) == guess
    seen = Experience().more(guess, Tokens(input=200, cached_input=150, output=10))
    assert seen.forecast(guess).cached_input == 150
