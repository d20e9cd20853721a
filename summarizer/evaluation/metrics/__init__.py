"""What is measured: plain functions from a comparison to a ratio, each with its formula and its misses.

``METRICS`` lists them all. Ratios of articles are summed above and below the line, never averaged. *Matched*
are rows paired one-to-one (``matching.match``); *contested* is what is disputed, denied or unconfirmed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from summarizer.evaluation.comparison import Comparison
from summarizer.evaluation.metrics import (
    conflicts,
    cost,
    details,
    disputes,
    grounding,
    positions,
    rows,
    summary,
)
from summarizer.evaluation.ratio import Ratio

Group = Literal["score", "invariant", "watch", "context"]
"""``score``: the more the better; ``invariant``: less than 1 is a fault of ours; ``watch``: the more the
better, but too rough to be held; ``context``: neither good nor bad, to read the others by."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A named measure."""

    name: str
    group: Group
    measure: Callable[[Comparison], Ratio]


_FUNCTIONS: dict[Group, tuple[Callable[[Comparison], Ratio], ...]] = {
    "score": (
        rows.claims_precision,
        rows.claims_recall,
        rows.claims_f1,
        rows.key_recall,
        rows.rows_once,
        positions.source_f1,
        positions.source_recall_article,
        positions.source_recall_inside,
        positions.source_recall_outside,
        positions.stance_accuracy,
        positions.hedged_accuracy,
        positions.via_accuracy,
        positions.positions_f1,
        positions.positions_f1_all,
        disputes.status_accuracy,
        disputes.contested_recall,
        disputes.contested_precision,
        disputes.disputed_recall,
        disputes.disputed_precision,
        disputes.balance_kept,
        details.figures_f1,
        details.bounds_kept,
        details.kind_accuracy,
        details.when_f1,
        details.where_f1,
        conflicts.conflicts_recall,
        conflicts.conflicts_precision,
        conflicts.conflicts_f1,
        summary.key_coverage,
        summary.attribution_kept,
        summary.consensus_true,
        summary.supported,
        summary.loaded_left_out,
        grounding.numbers_supported,
        grounding.furniture_uncited,
    ),
    "invariant": (
        grounding.spans_exact,
        grounding.sentences_cited,
        grounding.positions_tied,
    ),
    "watch": (
        summary.never_clear,
        summary.loaded_f1,
    ),
    "context": (
        summary.evidence_coverage,
        summary.lead_coverage,
        summary.summary_words,
        cost.tokens_per_claim,
    ),
}

METRICS: tuple[Metric, ...] = tuple(
    Metric(function.__name__, group, function)
    for group, functions in _FUNCTIONS.items()
    for function in functions
)
