"""How far two annotators agree who labelled apart from each other: the ceiling of every score.

One annotator's labels are scored against the other's by the metrics that systems are scored by; F1 does not
mind who is called gold. Flags (key, kind, status, stance, hedged) are also given as Cohen's kappa, since most
rows have the same value by chance alone.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from summarizer.evaluation.comparison import Comparison, compare
from summarizer.evaluation.gold import ARTICLE_FILE, Case, load_labels
from summarizer.evaluation.gold_report import gold_report
from summarizer.evaluation.metrics import conflicts, details, disputes, positions, rows, summary
from summarizer.evaluation.ratio import Ratio

_MEASURED = {
    "rows found (F1)": rows.claims_f1,
    "source (F1)": positions.source_f1,
    "stance": positions.stance_accuracy,
    "hedged": positions.hedged_accuracy,
    "whole position (F1)": positions.positions_f1,
    "status": disputes.status_accuracy,
    "kind": details.kind_accuracy,
    "figures (F1)": details.figures_f1,
    "when (F1)": details.when_f1,
    "where (F1)": details.where_f1,
    "conflicts (F1)": conflicts.conflicts_f1,
    "loaded wording (F1)": summary.loaded_f1,
}


@dataclass(frozen=True, slots=True)
class Agreement:
    """One field: the share of agreement, and beyond chance where that can be told.

    Attributes:
        of: What the share is out of.
        kappa: Cohen's kappa; None for fields that are found rather than flagged.
    """

    field: str
    share: float | None
    of: float
    kappa: float | None = None


def agreement(passes: Iterable[tuple[Case, Case]]) -> tuple[Agreement, ...]:
    """Return the agreement of two annotators on the same articles, field by field."""
    laid = [compare(a, gold_report(b)) for a, b in passes]
    found = tuple(_measured(name, [measure(c) for c in laid]) for name, measure in _MEASURED.items())
    pairs = [(pair.gold, pair.system) for c in laid for pair in c.matching.pairs]
    held = [(g, s) for c in laid for stands in c.positions for g, s in stands.both]
    flags: dict[str, list[tuple[Hashable, Hashable]]] = {
        "key": [(a.key, b.key) for a, b in pairs],
        "kind": [(a.kind, b.kind) for a, b in pairs],
        "status": [(a.status, b.status) for a, b in pairs],
        "stance": [(a.stance, b.stance) for a, b in held],
        "hedged": [(a.hedged, b.hedged) for a, b in held],
    }
    kappas = (Agreement(f"{name} (kappa)", _same(f), len(f), kappa(f)) for name, f in flags.items())
    return (*found, _contested(laid), *kappas)


def kappa(pairs: Sequence[tuple[Hashable, Hashable]]) -> float | None:
    """Return Cohen's kappa: (observed - by chance) / (1 - by chance); None where chance explains all."""
    if not pairs:
        return None
    ours, theirs = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    chance = sum(ours[value] * theirs[value] for value in ours) / len(pairs) ** 2
    observed = _same(pairs) or 0.0
    return None if chance == 1 else (observed - chance) / (1 - chance)


def load_passes(folder: Path, cases: Iterable[Path]) -> list[tuple[Case, Case]]:
    """Read the two annotators' labels of each case that both have: ``A/<id>.yaml`` and ``B/<id>.yaml``.

    Raises:
        InputError: Labels cannot be read or do not fit their article.
    """
    both = [
        (
            case / ARTICLE_FILE,
            folder / "A" / f"{case.resolve().name}.yaml",
            folder / "B" / f"{case.resolve().name}.yaml",
        )
        for case in cases
    ]
    return [
        (load_labels(article, a), load_labels(article, b))
        for article, a, b in both
        if a.is_file() and b.is_file()
    ]


def _measured(name: str, ratios: Sequence[Ratio]) -> Agreement:
    total = sum(ratios, Ratio(0, 0))
    return Agreement(name, total.value, total.denominator)


def _contested(laid: Sequence[Comparison]) -> Agreement:
    """F1 of which rows are contested."""
    both = sum(disputes.contested_recall(c).numerator for c in laid)
    either = sum(
        disputes.contested_recall(c).denominator + disputes.contested_precision(c).denominator for c in laid
    )
    return Agreement("contested rows (F1)", 2 * both / either if either else None, either)


def _same(pairs: Sequence[tuple[Hashable, Hashable]]) -> float | None:
    return sum(a == b for a, b in pairs) / len(pairs) if pairs else None
