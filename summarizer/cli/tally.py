"""What came of a run: counts, tokens and money, and how they are said."""

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from summarizer.budget import cost_of
from summarizer.domain.report import Failure, Outcome, Report, Tokens
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
        found: Articles that were found done, by an earlier run into the same folder.
        changed: Articles whose report of an earlier run was of another text.
        left: Articles that a limit left.
        waiting: Articles that a batch in the same folder was asked about.
    """

    price: Price | None = None
    done: int = 0
    failed: int = 0
    cached: int = 0
    found: int = 0
    changed: int = 0
    left: int = 0
    waiting: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    tokens: Tokens = field(default_factory=Tokens)
    cost: float = 0.0
    unpriced: int = 0
    started: float = field(default_factory=time.perf_counter)

    def add(self, outcome: Outcome) -> None:
        """Count one outcome."""
        if isinstance(outcome, Failure):
            self.failed += 1
            self.errors[outcome.error.type] += 1
        else:
            self.done += 1
            self.cached += outcome.trace.cached
        self.tokens += _paid(outcome)
        if self.price is not None:
            cost = cost_of(outcome, self.price)
            self.cost += cost or 0.0
            self.unpriced += cost is None

    def __str__(self) -> str:
        found = f", {self.found:,} found done" if self.found else ""
        waiting = f", {self.waiting:,} left to the batch" if self.waiting else ""
        return f"{self.done:,} done, {self.failed:,} failed{found}{waiting}"

    @property
    def finished(self) -> int:
        """Articles that this run finished, one way or another."""
        return self.done + self.failed

    @property
    def passed(self) -> int:
        """Articles that this run had nothing to do for."""
        return self.found + self.waiting

    @property
    def seconds(self) -> float:
        """Seconds since the run began."""
        return time.perf_counter() - self.started

    @property
    def rate(self) -> float:
        """Articles a second."""
        return self.finished / max(self.seconds, 1e-6)

    @property
    def spent(self) -> str:
        """Tokens and cost, after a semicolon; nothing where no model is used."""
        if self.price is None:
            return ""
        took = self.tokens
        read = f"{took.input:,} tokens in ({took.cached_input:,} cached)"
        return f"; {read}, {took.output:,} out, {self.money}"

    @property
    def money(self) -> str:
        """What was paid, as far as it is known."""
        if not self.unpriced:
            return dollars(self.cost)
        return f"at least {dollars(self.cost)}" if self.cost else "cost not known"

    def summary(self) -> dict[str, Any]:
        """Return all counts as JSON data; see docs/operation.md."""
        return {
            "done": self.done,
            "failed": self.failed,
            "found_done": self.found,
            "changed": self.changed,
            "left": self.left,
            "waiting": self.waiting,
            "cached": self.cached,
            "errors": dict(sorted(self.errors.items())),
            "tokens": self.tokens.model_dump(),
            "cost_usd": None if self.price is None or self.unpriced else round(self.cost, 10),
            "seconds": round(self.seconds, 3),
            "articles_per_second": round(self.rate, 3),
        }
