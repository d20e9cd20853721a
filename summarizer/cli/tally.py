"""What came of a run: counts, tokens and money, and how they are said."""

from dataclasses import dataclass, field

from summarizer.budget import cost_of
from summarizer.domain.report import Outcome, Report, Tokens
from summarizer.prices import Price


def dollars(amount: float) -> str:
    """Write an amount: cents are too coarse for one article."""
    return f"{amount:.4f} USD" if amount < 1 else f"{amount:,.2f} USD"


def _paid(outcome: Outcome) -> Tokens:
    """Return the tokens that this run paid for: none where every answer was at hand."""
    if isinstance(outcome, Report):
        return Tokens() if outcome.trace.cached else outcome.trace.tokens
    return outcome.error.tokens


@dataclass(slots=True)
class Tally:
    """Counts outcomes as they come.

    Attributes:
        price: What tokens cost; None where no model is used.
    """

    price: Price | None = None
    done: int = 0
    failed: int = 0
    tokens: Tokens = field(default_factory=Tokens)
    cost: float = 0.0
    unpriced: int = 0

    def add(self, outcome: Outcome) -> None:
        """Count one outcome."""
        report = isinstance(outcome, Report)
        self.done += report
        self.failed += not report
        self.tokens += _paid(outcome)
        if self.price is not None:
            cost = cost_of(outcome, self.price)
            self.cost += cost or 0.0
            self.unpriced += cost is None

    def __str__(self) -> str:
        return f"{self.done} done, {self.failed} failed"

    @property
    def spent(self) -> str:
        """Tokens and cost, after a semicolon; nothing where no model is used."""
        if self.price is None:
            return ""
        took = self.tokens
        read = f"{took.input:,} tokens in ({took.cached_input:,} cached)"
        return f"; {read}, {took.output:,} out, {self._money}"

    @property
    def _money(self) -> str:
        if not self.unpriced:
            return dollars(self.cost)
        return f"at least {dollars(self.cost)}" if self.cost else "cost not known"
