"""Scores: every metric of every case, and micro totals over all of them."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from summarizer.domain.article import Article
from summarizer.domain.report import ErrorRecord, FailedArticle, Failure, Outcome
from summarizer.errors import BackendError, DuplicateId, MalformedInput, SummarizerError
from summarizer.evaluation.comparison import Comparison, compare
from summarizer.evaluation.gold import Case, find_cases, load_case
from summarizer.evaluation.gold_report import gold_report
from summarizer.evaluation.metrics import METRICS
from summarizer.evaluation.ratio import Miss, Ratio

Ratios = Mapping[str, Ratio]
"""A ratio for every metric of ``metrics.METRICS``, by name and in that order."""


@dataclass(frozen=True, slots=True)
class CaseScore:
    """What one report got.

    Attributes:
        sha256: Digest of the article.
        comparison: The report beside the labels, row by row; None where there is no report.
        failure: Why there is no report, or None.
    """

    id: str
    sha256: str
    metrics: Ratios
    comparison: Comparison | None = None
    failure: str | None = None

    @property
    def matched(self) -> tuple[tuple[str, str], ...]:
        """Pairs of ids: a row of the labels, the row of the report that says the same."""
        pairs = self.comparison.matching.pairs if self.comparison else ()
        return tuple((p.gold.id, p.system.id) for p in pairs)


@dataclass(frozen=True, slots=True)
class Scores:
    """What many reports got; ``totals`` sums above and below the line over all cases, failed ones too."""

    cases: tuple[CaseScore, ...]
    totals: Ratios

    @property
    def failures(self) -> tuple[CaseScore, ...]:
        """The cases that have no report."""
        return tuple(case for case in self.cases if case.failure is not None)

    def value(self, metric: str) -> float | None:
        """Return a metric over all cases; None where there was nothing to measure.

        Raises:
            KeyError: There is no such metric.
        """
        return self.totals[metric].value

    def counts(self, metric: str) -> list[tuple[float, float]]:
        """Return a metric's numerator and denominator, a pair a case.

        Raises:
            KeyError: There is no such metric.
        """
        return [(case.metrics[metric].numerator, case.metrics[metric].denominator) for case in self.cases]

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON values: totals without their misses, which stand with their cases."""
        return {
            "totals": {name: _counts(ratio) for name, ratio in self.totals.items()},
            "cases": [_case_dict(case) for case in self.cases],
        }

    def to_json(self, *, indent: int | None = 2) -> str:
        """Return the same as a JSON object."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)


def evaluate(cases: Sequence[Path], summarize: Callable[[Article], Outcome]) -> Scores:
    """Summarise the article of every case and score what comes back; what fails counts as zero.

    Args:
        cases: Case folders, or folders of case folders.
        summarize: Gives a report or a failure record; an error of ours that it raises is a failure too.

    Raises:
        InputError: A case cannot be read, or two have one id.
    """
    loaded = [load_case(folder) for folder in find_cases(cases)]
    return score_all((case, _outcome(case.article, summarize)) for case in loaded)


def score_all(outcomes: Iterable[tuple[Case, Outcome]]) -> Scores:
    """Score many outcomes.

    Raises:
        DuplicateId: Two cases have one id.
        MalformedInput: A report is about another text than its case.
    """
    cases: dict[str, CaseScore] = {}
    for case, outcome in outcomes:
        if case.id in cases:
            raise DuplicateId(f"Two cases are called {case.id!r}.", mend="Name each once.")
        cases[case.id] = score_case(case, outcome)
    scored = tuple(cases.values())
    return Scores(scored, {m.name: _total(m.name, scored) for m in METRICS})


def score_case(case: Case, outcome: Outcome) -> CaseScore:
    """Score one outcome; a failure gets 0 over what a perfect report would be measured by.

    Raises:
        MalformedInput: The report is about another text than the case.
    """
    if isinstance(outcome, Failure):
        return _failed(case, outcome)
    if outcome.article.sha256 != case.article.sha256:
        raise MalformedInput(
            "The report is about another text than the labels.",
            where=case.id,
            mend="Summarise the case's article anew.",
        )
    comparison = compare(case, outcome)
    return CaseScore(
        id=case.id,
        sha256=case.article.sha256,
        metrics={m.name: m.measure(comparison) for m in METRICS},
        comparison=comparison,
    )


def _failed(case: Case, failure: Failure) -> CaseScore:
    why = f"{failure.error.type}: {failure.error.message}"
    perfect = compare(case, gold_report(case))
    zero = {m.name: Ratio(0, m.measure(perfect).denominator, (Miss("article", why),)) for m in METRICS}
    return CaseScore(case.id, case.article.sha256, zero, failure=why)


def _outcome(article: Article, summarize: Callable[[Article], Outcome]) -> Outcome:
    try:
        return summarize(article)
    except SummarizerError as error:
        attempts = error.attempts if isinstance(error, BackendError) else 0
        record = ErrorRecord(type=type(error).__name__, message=str(error), attempts=attempts)
        return Failure(article=FailedArticle(id=article.id, sha256=article.sha256), error=record)


def _total(metric: str, cases: tuple[CaseScore, ...]) -> Ratio:
    return sum((_named(case, case.metrics[metric]) for case in cases), Ratio(0, 0))


def _named(case: CaseScore, ratio: Ratio) -> Ratio:
    """Put the case's id before where each miss is."""
    return replace(ratio, misses=tuple(Miss(f"{case.id}: {m.where}", m.why) for m in ratio.misses))


def _counts(ratio: Ratio) -> dict[str, Any]:
    return {"value": ratio.value, "numerator": ratio.numerator, "denominator": ratio.denominator}


def _case_dict(case: CaseScore) -> dict[str, Any]:
    metrics = {n: {**_counts(r), "misses": [asdict(m) for m in r.misses]} for n, r in case.metrics.items()}
    return {
        "id": case.id,
        "failure": case.failure,
        "matched": [list(p) for p in case.matched],
        "metrics": metrics,
    }
