"""What hangs on a row: its figures, its time and place, its kind."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from summarizer.domain.report import Claim, Figure, When
from summarizer.evaluation.comparison import Comparison, PairedFigures
from summarizer.evaluation.ratio import Miss, Ratio
from summarizer.text.words import content_words

Detail = TypeVar("Detail")


def figures_f1(comparison: Comparison) -> Ratio:
    """Figures on matched rows: 2 * same bounds and compatible unit / figures of both sides."""
    rows = comparison.figures
    exact = sum(len(row.both) for row in rows)
    every = sum(len(row.pair.gold.figures) + len(row.pair.system.figures) for row in rows)
    return Ratio(2 * exact, every, tuple(m for row in rows for m in _figure_misses(row)))


def bounds_kept(comparison: Comparison) -> Ratio:
    """1 - bound flips: figures bounded alike / figures on matched rows that share a number with the labels'.

    "At least 200" told as "200" or as "up to 200" is a flip.
    """
    shared = [pair for row in comparison.figures for pair in _sharing(row)]
    flipped = [(row, g, s) for row, g, s in shared if (g.low, g.high) != (s.low, s.high)]
    misses = tuple(
        Miss(row.pair.gold.id, f"{_shown(g)} became {_shown(s)} in {row.pair.system.id}")
        for row, g, s in flipped
    )
    return Ratio(len(shared) - len(flipped), len(shared), misses)


def kind_accuracy(comparison: Comparison) -> Ratio:
    """Share of matched rows of the labels' kind: same kind / matched."""
    pairs = comparison.matching.pairs
    misses = tuple(
        Miss(p.gold.id, f"{p.gold.kind}, but {p.system.kind} in {p.system.id}")
        for p in pairs
        if p.gold.kind != p.system.kind
    )
    return Ratio(len(pairs) - len(misses), len(pairs), misses)


def when_f1(comparison: Comparison) -> Ratio:
    """Times on matched rows: 2 * same / times of both sides.

    The same: equal days where both are resolved, else words in common.
    """
    return _detail_f1(comparison, lambda claim: claim.when, _same_time)


def where_f1(comparison: Comparison) -> Ratio:
    """Places on matched rows: 2 * same / places of both sides; the same: words in common."""
    return _detail_f1(comparison, lambda claim: claim.where, _same_words)


def _detail_f1(
    comparison: Comparison, detail: Callable[[Claim], Detail | None], same: Callable[[Detail, Detail], bool]
) -> Ratio:
    both = [(p, detail(p.gold), detail(p.system)) for p in comparison.matching.pairs]
    right = [p for p, gold, system in both if gold and system and same(gold, system)]
    misses = tuple(
        Miss(p.gold.id, f"{gold!s:.60}, but {system!s:.60} in {p.system.id}")
        for p, gold, system in both
        if (gold or system) and p not in right
    )
    return Ratio(2 * len(right), sum(bool(g) + bool(s) for _, g, s in both), misses)


def _same_time(gold: When, system: When) -> bool:
    if (gold.start or gold.end) and (system.start or system.end):
        return (gold.start, gold.end) == (system.start, system.end)
    return _same_words(gold.text, system.text)


def _same_words(gold: str, system: str) -> bool:
    return bool(set(_words(gold)) & set(_words(system)))


def _words(text: str) -> tuple[str, ...]:
    return content_words(text) or (text.strip().casefold(),)


def _sharing(row: PairedFigures) -> Iterator[tuple[PairedFigures, Figure, Figure]]:
    """Give the figures of a row that are the same, and those left over that share a number and differ."""
    yield from ((row, g, s) for g, s in row.both)
    left = list(row.system_only)
    for gold in row.gold_only:
        numbers = {gold.low, gold.high} - {None}
        other = next((s for s in left if numbers & {s.low, s.high}), None)
        if other is not None:
            left.remove(other)
            yield row, gold, other


def _figure_misses(row: PairedFigures) -> Iterator[Miss]:
    if row.gold_only or row.system_only:
        wanted = ", ".join(map(_shown, row.gold_only)) or "nothing more"
        had = ", ".join(map(_shown, row.system_only)) or "nothing else"
        yield Miss(row.pair.gold.id, f"wanted {wanted}; {row.pair.system.id} has {had}")


def _shown(figure: Figure) -> str:
    bounds = [f"{b:,.12g}" if b is not None else "" for b in (figure.low, figure.high)]
    number = bounds[0] if bounds[0] == bounds[1] else "–".join(bounds)
    return f"{number} {figure.unit} ({figure.of})"
