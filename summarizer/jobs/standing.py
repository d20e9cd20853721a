"""How a job stands: its batches, its records, what it took so far, and what to do next."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from summarizer.backends.openai.batching import ENDED, Batch
from summarizer.backends.openai.collected import usage_of
from summarizer.domain.report import Tokens
from summarizer.jobs.answers import lines
from summarizer.jobs.folder import Job, Part
from summarizer.ledger import Outcomes
from summarizer.prices import Price


@dataclass(frozen=True, slots=True)
class Row:
    """A part, and how its batch stands at the provider while its files are there."""

    part: Part
    batch: Batch | None
    status: str
    total: int
    completed: int
    failed: int

    @property
    def problem(self) -> str | None:
        """What the provider found wrong with the batch as a whole."""
        return self.batch.problem if self.batch else self.part.ended.problem if self.part.ended else None


@dataclass(slots=True)
class Spent:
    """Tokens, and what they cost in USD; None where no price is known."""

    tokens: Tokens = field(default_factory=Tokens)
    cost: float | None = 0.0

    def add(self, tokens: Tokens, price: Price) -> None:
        """Count tokens."""
        self.tokens += tokens
        cost = price(tokens)
        self.cost = None if cost is None or self.cost is None else self.cost + cost


@dataclass(frozen=True, slots=True)
class Standing:
    """How a job stands.

    Attributes:
        rows: Its parts.
        articles: Inputs.
        reports: Records that are reports.
        failures: Records that are failures.
        again: Those of them that can be asked about again, and are not.
        left: Ids of articles left for ``summarizer run``, which have no record yet.
        spent: What its batches took so far.
    """

    rows: tuple[Row, ...]
    articles: int
    reports: int
    failures: int
    again: int
    left: tuple[str, ...]
    spent: Spent

    @property
    def running(self) -> int:
        """Batches that have not ended."""
        return sum(row.part.batch is not None and row.status not in ENDED for row in self.rows)

    @property
    def unsent(self) -> int:
        """Parts of which a batch is still to be made."""
        return sum(row.part.is_unsent for row in self.rows)

    @property
    def open(self) -> int:
        """Articles without a record that are not left."""
        return self.articles - self.reports - self.failures - len(self.left)

    @property
    def ready(self) -> bool:
        """Whether there is something to collect."""
        here = any(row.part.is_open and row.part.batch and row.status in ENDED for row in self.rows)
        return here or (self.open > 0 and not self.running and not self.unsent)


def standing(job: Job, records: Outcomes, live: Mapping[int, Batch], price: Price) -> Standing:
    """Say how a job stands.

    Args:
        job: The job.
        records: What its inputs have.
        live: How the batches stand that have not been fetched, by part.
        price: Of tokens in a batch.
    """
    spent = Spent()
    for batch in live.values():
        spent.add(batch.tokens or Tokens(), price)
    rows = tuple(_row(job, part, live.get(part.number), spent, price) for part in job.parts)
    asked_again = {index for part in job.parts if part.is_live for index in part.inputs}
    kinds, again, left = Counter[str | None](), 0, list[str]()
    for entry in job.entries():
        kind = records.of(entry.id, entry.again)
        kinds[kind] += 1
        again += kind == "failure" and entry.request is not None and entry.index not in asked_again
        if entry.left and kind is None:
            left.append(entry.id)
    return Standing(rows, kinds.total(), kinds["report"], kinds["failure"], again, tuple(left), spent)


def _row(job: Job, part: Part, batch: Batch | None, spent: Spent, price: Price) -> Row:
    if batch is not None:
        return Row(part, batch, batch.status, batch.total or part.requests, batch.completed, batch.failed)
    if part.ended is None:
        return Row(part, batch, "dropped" if part.dropped else "not sent", part.requests, 0, 0)
    completed = 0
    for _, line in lines(job, part):
        spent.add(usage_of(line), price)
        response = line.get("response")
        completed += isinstance(response, dict) and response.get("status_code") == 200
    return Row(part, batch, part.ended.status, part.requests, completed, part.requests - completed)
