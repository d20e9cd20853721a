"""Conflicts: what cannot both be true inside one article."""

from summarizer.domain.report import Conflict
from summarizer.evaluation.comparison import Comparison
from summarizer.evaluation.matching import Matching
from summarizer.evaluation.ratio import Miss, Ratio


def conflicts_recall(comparison: Comparison) -> Ratio:
    """Share of conflicts found: both rows matched, partners in conflict / conflicts of the labels."""
    found = {_ids(c) for c in comparison.system.conflicts}
    absent = [c for c in comparison.gold.conflicts if _translated(c, comparison.matching) not in found]
    misses = tuple(Miss("-".join(c.claims), f"not found: {c.why}") for c in absent)
    return Ratio(len(comparison.gold.conflicts) - len(absent), len(comparison.gold.conflicts), misses)


def conflicts_precision(comparison: Comparison) -> Ratio:
    """Share of stated conflicts that are: both rows matched to rows in conflict / conflicts of the report."""
    true = {_translated(c, comparison.matching) for c in comparison.gold.conflicts} - {None}
    wrong = [c for c in comparison.system.conflicts if _ids(c) not in true]
    misses = tuple(Miss("-".join(c.claims), f"not in the labels: {c.why}") for c in wrong)
    return Ratio(len(comparison.system.conflicts) - len(wrong), len(comparison.system.conflicts), misses)


def conflicts_f1(comparison: Comparison) -> Ratio:
    """Harmonic mean of both: 2 * found / (conflicts of the labels + conflicts of the report)."""
    recall, precision = conflicts_recall(comparison), conflicts_precision(comparison)
    return Ratio(
        recall.numerator + precision.numerator,
        recall.denominator + precision.denominator,
        recall.misses + precision.misses,
    )


def _ids(conflict: Conflict) -> frozenset[str]:
    return frozenset(conflict.claims)


def _translated(conflict: Conflict, matching: Matching) -> frozenset[str] | None:
    """Return the report's ids of a conflict of the labels; None where a row is not matched."""
    pairs = [matching.of_gold(claim_id) for claim_id in conflict.claims]
    return None if None in pairs else frozenset(p.system.id for p in pairs if p)
