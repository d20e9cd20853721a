"""Positions: who stands where on the rows that a report and the labels share."""

from collections.abc import Callable, Iterator
from typing import Literal

from summarizer.domain.report import Position
from summarizer.domain.vocabulary import ARTICLE_VOICE, UNNAMED
from summarizer.evaluation.comparison import Comparison, PairedPositions
from summarizer.evaluation.ratio import Miss, Ratio
from summarizer.text.names import mentioned

Place = Literal["article", "inside", "outside"]
"""Where a source is named: nowhere, as the article speaks; in the sentence of the evidence; elsewhere."""


def source_f1(comparison: Comparison) -> Ratio:
    """Who is named on matched rows: 2 * positions of the same source / positions of both sides."""
    found = [p for s in comparison.positions for p in s.both]
    misses = tuple(m for s in comparison.positions for m in _source_misses(s))
    return Ratio(2 * len(found), _positions(comparison.positions), misses)


def source_recall_article(comparison: Comparison) -> Ratio:
    """Positions of the article's own voice: same source in the report / all such on matched rows."""
    return _source_recall(comparison, "article")


def source_recall_inside(comparison: Comparison) -> Ratio:
    """Sources named in the sentence of their evidence: same source / all such positions on matched rows."""
    return _source_recall(comparison, "inside")


def source_recall_outside(comparison: Comparison) -> Ratio:
    """Sources named in another sentence only, or nameless: same source / all such on matched rows."""
    return _source_recall(comparison, "outside")


def via_accuracy(comparison: Comparison) -> Ratio:
    """Given the source, who relayed it: the same relays, or none / relayed positions of either side."""
    held = [(s.pair, g, p) for s in comparison.positions for g, p in s.both if g.via or p.via]
    wrong = [(pair, g, p) for pair, g, p in held if _relays(g.via) != _relays(p.via)]
    misses = tuple(
        Miss(
            pair.gold.id,
            f"{g.source} via {g.via or 'nobody'}, but via {p.via or 'nobody'} in {pair.system.id}",
        )
        for pair, g, p in wrong
    )
    return Ratio(len(held) - len(wrong), len(held), misses)


def stance_accuracy(comparison: Comparison) -> Ratio:
    """Given the source, the stance: same stance / positions with the same source on matched rows."""
    return _given_source(comparison, _stance_miss)


def hedged_accuracy(comparison: Comparison) -> Ratio:
    """Given the source, hedged or not: same ``hedged`` / positions with the same source on matched rows."""
    return _given_source(comparison, _hedged_miss)


def positions_f1(comparison: Comparison) -> Ratio:
    """Whole positions on matched rows: 2 * same source, stance and hedged / positions of both sides."""
    return Ratio(
        2 * _exact(comparison), _positions(comparison.positions), tuple(_position_misses(comparison))
    )


def positions_f1_all(comparison: Comparison) -> Ratio:
    """The same on all rows, unmatched included: 2 * same in all three / positions of both sides."""
    matching = comparison.matching
    every = sum(len(c.positions) for c in (*comparison.gold.claims, *comparison.system.claims))
    absent = (Miss(c.id, "the row is missing, its positions too") for c, _ in matching.unmatched_gold)
    extra = (
        Miss(f"claims[{c.id}]", "the row is too many, its positions too")
        for c, _ in matching.unmatched_system
    )
    return Ratio(2 * _exact(comparison), every, (*_position_misses(comparison), *absent, *extra))


def _positions(stands: tuple[PairedPositions, ...]) -> int:
    return sum(len(s.pair.gold.positions) + len(s.pair.system.positions) for s in stands)


def _exact(comparison: Comparison) -> int:
    return sum(_alike(g, s) for stands in comparison.positions for g, s in stands.both)


def _alike(gold: Position, system: Position) -> bool:
    return (gold.stance, gold.hedged) == (system.stance, system.hedged)


def _source_misses(stands: PairedPositions) -> Iterator[Miss]:
    pair = stands.pair
    for position in stands.gold_only:
        had = ", ".join(p.source for p in stands.system_only) or "nobody else"
        yield Miss(
            pair.gold.id, f"{position.source} {position.stance}: not in {pair.system.id}, which has {had}"
        )
    for position in stands.system_only:
        yield Miss(f"claims[{pair.system.id}]", f"{position.source} {position.stance}: not in {pair.gold.id}")


def _given_source(comparison: Comparison, miss: Callable[[Position, Position], str | None]) -> Ratio:
    held = [(s.pair, g, p) for s in comparison.positions for g, p in s.both]
    whys = [(pair, miss(g, p)) for pair, g, p in held]
    misses = tuple(Miss(pair.gold.id, f"{why} in {pair.system.id}") for pair, why in whys if why)
    return Ratio(len(held) - len(misses), len(held), misses)


def _stance_miss(gold: Position, system: Position) -> str | None:
    return None if gold.stance == system.stance else f"{gold.source} {gold.stance}, but {system.stance}"


def _hedged_miss(gold: Position, system: Position) -> str | None:
    if gold.hedged == system.hedged:
        return None
    return (
        f"{gold.source} is {'hedged' if gold.hedged else 'flat'}, but {'hedged' if system.hedged else 'flat'}"
    )


def _position_misses(comparison: Comparison) -> Iterator[Miss]:
    for stands in comparison.positions:
        yield from _source_misses(stands)
        for gold, system in stands.both:
            why = _stance_miss(gold, system) or _hedged_miss(gold, system)
            if why:
                yield Miss(stands.pair.gold.id, f"{why} in {stands.pair.system.id}")


def _source_recall(comparison: Comparison, wanted: Place) -> Ratio:
    held = [
        (stands, position)
        for stands in comparison.positions
        for position in stands.pair.gold.positions
        if place(comparison, position) == wanted
    ]
    absent = [(stands, position) for stands, position in held if position in stands.gold_only]
    misses = tuple(
        Miss(stands.pair.gold.id, f"{position.source} is not in {stands.pair.system.id}")
        for stands, position in absent
    )
    return Ratio(len(held) - len(absent), len(held), misses)


def place(comparison: Comparison, position: Position) -> Place:
    """Return where a position of the labels has its source."""
    if position.source == ARTICLE_VOICE:
        return "article"
    text = comparison.sentences_around(position.evidence)
    names = (position.source.removeprefix(f"{UNNAMED}:").strip(), *position.aliases)
    return "inside" if any(mentioned(name, text) for name in names) else "outside"


def _relays(via: str | None) -> list[str]:
    return [name.strip().casefold().removeprefix("the ") for name in (via or "").split(";") if name.strip()]
