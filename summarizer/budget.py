"""What a run may spend: what an article is expected to take, what others took, and whether it still fits."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from typing import Literal

from summarizer import prompts
from summarizer.domain.article import Article
from summarizer.domain.report import Failure, Outcome, Report, Tokens
from summarizer.domain.sentences import Sentences
from summarizer.prices import Price
from summarizer.text.sections import CHARACTERS_A_TOKEN, SECTION_TOKENS, Section, cut
from summarizer.text.sentences import split

_ANSWER = 1.75
"""Tokens of an answer for one of the article's page; measured on the offline engine's tables."""
_LISTED = 0.75
"""Tokens of an answer's rows and sources, as later requests list them, for one of the answer."""
_DIGEST = 450
"""Tokens of a long article's headline, summary and conflicts; as _LISTED, of replies to 12,000 words."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What is expected of an article: requests, and the tokens of these and their answers."""

    requests: int = 0
    tokens: Tokens = field(default_factory=Tokens)

    def __add__(self, other: "Estimate") -> "Estimate":
        return Estimate(self.requests + other.requests, self.tokens + other.tokens)


def count(text: str) -> int:
    """Estimate the tokens of a text."""
    return -(-len(text) // CHARACTERS_A_TOKEN)


def expected(article: Article, section_tokens: int = SECTION_TOKENS) -> Estimate:
    """Estimate the requests of an article's first draft; none where nothing would be sent.

    Args:
        article: The article.
        section_tokens: Estimated tokens of article up to which it goes out in one request.
    """
    sentences = split(article.text)
    if not sentences.body:
        return Estimate()
    sections = cut(sentences, section_tokens)
    if len(sections) > 1:
        return _by_sections(article, sentences, sections, section_tokens)
    page = count(prompts.report_messages(article, sentences)[-1]["content"])
    return Estimate(1, Tokens(input=_fixed("Reply") + page, output=round(page * _ANSWER)))


def cost_of(outcome: Outcome, price: Price) -> float | None:
    """Return what an outcome cost this run in USD, a failure's answers included; None where not known."""
    if isinstance(outcome, Report):
        return 0.0 if outcome.trace.cached else outcome.trace.cost_usd
    # Of a failure without tokens nothing was answered, whether or not the model has a price.
    return price(outcome.error.tokens) if outcome.error.tokens.input else 0.0


@dataclass(frozen=True, slots=True)
class Experience:
    """What a run's articles took so far, beside what was expected of them."""

    expected: Tokens = field(default_factory=Tokens)
    took: Tokens = field(default_factory=Tokens)

    def more(self, expected: Tokens, took: Tokens) -> "Experience":
        """Return this with one more article."""
        return Experience(self.expected + expected, self.took + took)

    def forecast(self, expected: Tokens) -> Tokens:
        """Scale an estimate by what the others took: second requests and a model's wordiness included."""
        read = expected.input * _ratio(self.took.input, self.expected.input)
        return Tokens(
            input=round(read),
            cached_input=round(read * self.took.cached_input / self.took.input) if self.took.input else 0,
            output=round(expected.output * _ratio(self.took.output, self.expected.output)),
        )


@dataclass(frozen=True, slots=True)
class _Held:
    """An article in hand: its estimate, and its forecast in USD."""

    expected: Tokens
    cost: float


class Budget:
    """A limit in USD on one run.

    The first article goes alone: what it takes tells what the others will. Then as many more may be in hand
    as are finished, and an article is taken where it fits beside what was spent: its forecast and those of
    the articles in hand, each with as wide a margin as the dearest article so far would have needed.

    Args:
        limit: USD.
        price: The price of tokens, which is known.
        section_tokens: Estimated tokens of article up to which one goes out in one request.

    Attributes:
        spent: USD that finished articles cost; where an endpoint reports no usage, their forecast.
        left: Ids of the articles that were not taken.
    """

    def __init__(self, limit: float, price: Price, *, section_tokens: int = SECTION_TOKENS) -> None:
        self.limit, self.spent = limit, 0.0
        self._section_tokens = section_tokens
        self.left: list[str] = []
        self._price, self._experience = price, Experience()
        self._tried, self._margin = 0, 1.0
        self._held: dict[int, _Held] = {}

    def takes(self, index: int, article: Article) -> bool:
        """Tell whether an article may be sent now, and if so, count it as in hand."""
        if len(self._held) > self._tried:
            return False
        estimate = expected(article, self._section_tokens).tokens
        cost = self._forecast(estimate)
        aside = cost + sum(held.cost for held in self._held.values())
        fits = self.spent + aside * self._margin <= self.limit
        if fits:
            self._held[index] = _Held(estimate, cost)
        return fits

    def settle(self, index: int, outcome: Outcome) -> None:
        """Put what an article cost in place of its forecast."""
        held = self._held.pop(index, None)
        if held is None:
            return
        took = outcome.trace.tokens if isinstance(outcome, Report) else outcome.error.tokens
        charge = self._charge(held, outcome)
        self.spent += charge
        if took.input:
            self._experience = self._experience.more(held.expected, took)
            self._margin = max(self._margin, _ratio(charge, self._forecast(held.expected)))
        self._tried += bool(took.input) or _is_unmetered(outcome)

    def _forecast(self, estimate: Tokens) -> float:
        return self._price(self._experience.forecast(estimate)) or 0.0

    def _charge(self, held: _Held, outcome: Outcome) -> float:
        cost = cost_of(outcome, self._price)
        if cost is None:
            return held.cost
        # An endpoint may charge for an answer that nobody waited for; it does not say how much.
        late = isinstance(outcome, Failure) and outcome.error.type == "EndpointTimeout"
        return max(cost, held.cost) if late else cost


def _is_unmetered(outcome: Outcome) -> bool:
    return isinstance(outcome, Report) and outcome.trace.cost_usd is None


def _ratio(took: float, expected: float) -> float:
    return took / expected if took and expected else 1.0


def _by_sections(
    article: Article, sentences: Sentences, sections: Sequence[Section], section_tokens: int
) -> Estimate:
    """Estimate a request for each section, with rows of those before, and one with the whole table."""
    from summarizer.backends.openai.sectioned import ROWS

    bare = prompts.ListedTable((), (), 0)
    pages = [
        count(prompts.section_messages(article, sentences, section, bare)[-1]["content"])
        for section in sections
    ]
    answers = [round(page * _ANSWER) for page in pages]
    *so_far, whole = (round(tokens * _LISTED) for tokens in accumulate(answers, initial=0))
    shown = sum(min(tokens, ROWS * section_tokens) for tokens in so_far)
    fixed = len(sections) * _fixed("Part") + _fixed("Digest")
    return Estimate(
        len(sections) + 1,
        Tokens(input=fixed + sum(pages) + shown + whole, output=sum(answers) + _DIGEST),
    )


@cache
def _fixed(shape: Literal["Reply", "Part", "Digest"]) -> int:
    """Estimate what is the same for every article: instructions and schema."""
    import json

    from summarizer.backends.openai import wire

    return count(prompts.instructions()) + count(json.dumps(getattr(wire, shape).model_json_schema()))
