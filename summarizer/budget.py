"""What a run may spend: what an article is expected to take, what others took, and whether it still fits."""

from dataclasses import dataclass, field
from functools import cache

from summarizer import prompts
from summarizer.domain.article import Article
from summarizer.domain.report import Failure, Outcome, Report, Tokens
from summarizer.prices import Price
from summarizer.text.sentences import split

CHARACTERS_A_TOKEN = 4
"""Of English; what a run measures takes its place after the first article."""
_ANSWER = 1.75
"""Characters of an answer for one of the article's page; measured on the offline engine's tables."""


def count(text: str) -> int:
    """Estimate the tokens of a text."""
    return -(-len(text) // CHARACTERS_A_TOKEN)


def expected(article: Article) -> Tokens:
    """Estimate the tokens of one request for an article and its answer; none where nothing would be sent."""
    sentences = split(article.text)
    if not sentences.body:
        return Tokens()
    page = prompts.report_messages(article, sentences)[-1]["content"]
    return Tokens(input=_fixed() + count(page), output=round(len(page) * _ANSWER / CHARACTERS_A_TOKEN))


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

    Attributes:
        spent: USD that finished articles cost; where an endpoint reports no usage, their forecast.
        left: Ids of the articles that were not taken.
    """

    def __init__(self, limit: float, price: Price) -> None:
        self.limit, self.spent = limit, 0.0
        self.left: list[str] = []
        self._price, self._experience = price, Experience()
        self._tried, self._margin = 0, 1.0
        self._held: dict[int, _Held] = {}

    def takes(self, index: int, article: Article) -> bool:
        """Tell whether an article may be sent now, and if so, count it as in hand."""
        if len(self._held) > self._tried:
            return False
        estimate = expected(article)
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


@cache
def _fixed() -> int:
    """Estimate what is the same for every article: instructions and schema."""
    import json

    from summarizer.backends.openai.wire import Reply

    return count(prompts.instructions()) + count(json.dumps(Reply.model_json_schema()))
