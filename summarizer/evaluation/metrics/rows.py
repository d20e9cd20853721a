"""Rows: which of the labels' propositions a report has, and what it has beside them."""

from summarizer.evaluation.comparison import Comparison
from summarizer.evaluation.matching import THRESHOLD, Pair
from summarizer.evaluation.ratio import Miss, Ratio


def claims_precision(comparison: Comparison) -> Ratio:
    """Share of the report's rows that are rows of the labels: matched / rows of the report."""
    extra = comparison.matching.unmatched_system
    misses = tuple(Miss(f"claims[{c.id}]", _why_extra(comparison, best)) for c, best in extra)
    return Ratio(len(comparison.matching.pairs), len(comparison.system.claims), misses)


def claims_recall(comparison: Comparison) -> Ratio:
    """Share of the labels' rows that the report has: matched / rows of the labels."""
    misses = tuple(Miss(c.id, _why_absent(best)) for c, best in comparison.matching.unmatched_gold)
    return Ratio(len(comparison.matching.pairs), len(comparison.gold.claims), misses)


def claims_f1(comparison: Comparison) -> Ratio:
    """Harmonic mean of both: 2 * matched / (rows of the labels + rows of the report)."""
    recall, precision = claims_recall(comparison), claims_precision(comparison)
    return _f1(len(comparison.matching.pairs), recall, precision)


def key_recall(comparison: Comparison) -> Ratio:
    """Share of the labels' key rows that the report has: matched key rows / key rows of the labels."""
    key = [c for c in comparison.gold.claims if c.key]
    absent = [(c, best) for c, best in comparison.matching.unmatched_gold if c.key]
    return Ratio(len(key) - len(absent), len(key), tuple(Miss(c.id, _why_absent(best)) for c, best in absent))


def rows_once(comparison: Comparison) -> Ratio:
    """Share of the report's rows that repeat no other: 1 - doubles / rows of the report.

    A double is left over though it is as like a row of the labels as a matched one must be: another row of
    the report is matched to that.
    """
    doubles = [
        (claim, best)
        for claim, best in comparison.matching.unmatched_system
        if best and best.similarity.value >= THRESHOLD and comparison.matching.of_gold(best.gold.id)
    ]
    misses = tuple(Miss(f"claims[{c.id}]", _why_extra(comparison, best)) for c, best in doubles)
    return Ratio(len(comparison.system.claims) - len(doubles), len(comparison.system.claims), misses)


def _f1(matched: int, recall: Ratio, precision: Ratio) -> Ratio:
    return Ratio(2 * matched, recall.denominator + precision.denominator, recall.misses + precision.misses)


def _why_absent(best: Pair | None) -> str:
    if best is None:
        return "no row of the report is like it"
    return f"not matched; likest is {best.system.id} ({_closeness(best)}): {best.system.text!r:.100}"


def _why_extra(comparison: Comparison, best: Pair | None) -> str:
    if best is None:
        return "no row of the labels is like it"
    partner = comparison.matching.of_gold(best.gold.id)
    if partner is None:
        return f"not matched; likest is {best.gold.id} ({_closeness(best)}): {best.gold.text!r:.100}"
    return f"likest is {best.gold.id} ({_closeness(best)}), which {partner.system.id} is matched to"


def _closeness(pair: Pair) -> str:
    s = pair.similarity
    parts = f"{s.unvetoed:.2f} = words {s.words:.2f}, evidence {s.evidence:.2f}"
    return f"{parts}; vetoed: {s.veto}" if s.veto else parts
