"""Status: which rows are contested, and whether a report sees it."""

from summarizer.domain.report import Claim
from summarizer.domain.vocabulary import CONTESTED
from summarizer.evaluation.comparison import Comparison
from summarizer.evaluation.matching import Pair
from summarizer.evaluation.ratio import Miss, Ratio


def status_accuracy(comparison: Comparison) -> Ratio:
    """Share of matched rows with the labels' status: same status / matched."""
    pairs = comparison.matching.pairs
    wrong = [p for p in pairs if p.gold.status != p.system.status]
    misses = tuple(
        Miss(p.gold.id, f"{p.gold.status} in the labels, {p.system.status} in {p.system.id}") for p in wrong
    )
    return Ratio(len(pairs) - len(wrong), len(pairs), misses)


def contested_recall(comparison: Comparison) -> Ratio:
    """Share of contested rows that are seen to be: contested in both / contested rows of the labels."""
    contested = [c for c in comparison.gold.claims if c.status in CONTESTED]
    misses = tuple(
        _contested_miss(comparison, c)
        for c in contested
        if not _contested_in_both(comparison.matching.of_gold(c.id))
    )
    return Ratio(len(contested) - len(misses), len(contested), misses)


def contested_precision(comparison: Comparison) -> Ratio:
    """Share of rows shown as contested that are: contested in both / contested rows of the report."""
    contested = [c for c in comparison.rows if c.status in CONTESTED]
    wrong = [c for c in contested if not _contested_in_both(comparison.matching.of_system(c.id))]
    misses = tuple(Miss(f"claims[{c.id}]", f"{c.status}, {_labels_say(comparison, c)}") for c in wrong)
    return Ratio(len(contested) - len(wrong), len(contested), misses)


def disputed_recall(comparison: Comparison) -> Ratio:
    """Share of disputes found with both sides: found / disputed rows of the labels.

    Found: the partner is disputed too, and has somebody right who asserts and somebody right who denies.
    """
    disputed = [c for c in comparison.gold.claims if c.status == "disputed"]
    found = _both_sides(comparison)
    misses = tuple(_contested_miss(comparison, c) for c in disputed if c.id not in found)
    return Ratio(len(disputed) - len(misses), len(disputed), misses)


def disputed_precision(comparison: Comparison) -> Ratio:
    """The same / rows that the report shows as disputed."""
    disputed = [c for c in comparison.rows if c.status == "disputed"]
    right = _both_sides(comparison).values()
    wrong = [c for c in disputed if c.id not in right]
    misses = tuple(Miss(f"claims[{c.id}]", f"disputed, {_labels_say(comparison, c)}") for c in wrong)
    return Ratio(len(disputed) - len(wrong), len(disputed), misses)


def balance_kept(comparison: Comparison) -> Ratio:
    """1 - false balance: matched rows not disputed in either / matched rows not disputed in the labels."""
    plain = [p for p in comparison.matching.pairs if p.gold.status != "disputed"]
    wrong = [p for p in plain if p.system.status == "disputed"]
    misses = tuple(
        Miss(p.gold.id, f"{p.gold.status} in the labels, disputed in {p.system.id}") for p in wrong
    )
    return Ratio(len(plain) - len(wrong), len(plain), misses)


def _both_sides(comparison: Comparison) -> dict[str, str]:
    """Return rows disputed in both with a right source on either side: the labels' id to the report's."""
    found = (stands for stands in comparison.positions if stands.pair.gold.status == "disputed")
    return {
        s.pair.gold.id: s.pair.system.id
        for s in found
        if {"asserts", "denies"} <= {g.stance for g, p in s.both if g.stance == p.stance}
    }


def _contested_in_both(pair: Pair | None) -> bool:
    return pair is not None and pair.gold.status in CONTESTED and pair.system.status in CONTESTED


def _contested_miss(comparison: Comparison, claim: Claim) -> Miss:
    pair = comparison.matching.of_gold(claim.id)
    found = f"{pair.system.status} in {pair.system.id}" if pair else "not in the report"
    return Miss(claim.id, f"{claim.status} in the labels, {found}")


def _labels_say(comparison: Comparison, claim: Claim) -> str:
    pair = comparison.matching.of_system(claim.id)
    return f"{pair.gold.status} in {pair.gold.id} of the labels" if pair else "no row of the labels"
