"""What is measured: plain functions from a comparison to a ratio, each with its formula and its misses.

``METRICS`` lists them all. Ratios of articles are summed above and below the line, never averaged. *Matched*
are rows paired one-to-one (``matching.match``); *contested* is what is disputed, denied or unconfirmed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from summarizer.domain.report import CitedText, Claim, Conflict, Evidence, Figure, Position, Report
from summarizer.domain.vocabulary import CONTESTED
from summarizer.evaluation.comparison import Comparison, PairedFigures, PairedPositions
from summarizer.evaluation.gold_report import furniture
from summarizer.evaluation.matching import Matching, Pair, may_be_one, opposed
from summarizer.evaluation.ratio import Miss, Ratio
from summarizer.evaluation.spans import intervals, shared
from summarizer.text import cues
from summarizer.text.figures import read
from summarizer.text.words import content_words

# -- claims --------------------------------------------------------------------------------------------------


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


# -- positions -----------------------------------------------------------------------------------------------


def source_f1(comparison: Comparison) -> Ratio:
    """Who is named on matched rows: 2 * positions of the same source / positions of both sides."""
    found = [p for s in comparison.positions for p in s.both]
    misses = tuple(m for s in comparison.positions for m in _source_misses(s))
    return Ratio(2 * len(found), _positions(comparison.positions), misses)


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


# -- status and disputes -------------------------------------------------------------------------------------


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
    contested = [c for c in comparison.system.claims if c.status in CONTESTED]
    wrong = [c for c in contested if not _contested_in_both(comparison.matching.of_system(c.id))]
    misses = tuple(Miss(f"claims[{c.id}]", f"{c.status}, {_labels_say(comparison, c)}") for c in wrong)
    return Ratio(len(contested) - len(wrong), len(contested), misses)


# -- figures and conflicts -----------------------------------------------------------------------------------


def figures_f1(comparison: Comparison) -> Ratio:
    """Figures on matched rows: 2 * same bounds and compatible unit / figures of both sides."""
    rows = comparison.figures
    exact = sum(len(row.both) for row in rows)
    every = sum(len(row.pair.gold.figures) + len(row.pair.system.figures) for row in rows)
    return Ratio(2 * exact, every, tuple(m for row in rows for m in _figure_misses(row)))


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


# -- the summary ---------------------------------------------------------------------------------------------


def key_coverage(comparison: Comparison) -> Ratio:
    """Share of key rows in the summary: key rows whose partner it cites / key rows of the labels."""
    cited = {claim_id for sentence in comparison.system.summary for claim_id in sentence.claims}
    key = [c for c in comparison.gold.claims if c.key]
    misses = tuple(_coverage_misses(comparison, key, cited))
    return Ratio(len(key) - len(misses), len(key), misses)


def never_clear(comparison: Comparison) -> Ratio:
    """Share of forbidden statements that nothing sounds like: silent / entries of ``never``; no verdict.

    A sentence of the summary or the headline sounds like one where it holds at least four fifths of its
    content words and all its numbers, does not negate it, and holds no more cues of attribution or hedges.
    """
    never = comparison.case.gold.never
    alarms = tuple(
        m for n, forbidden in enumerate(never) for m in _alarms(f"never[{n}]", forbidden, comparison.system)
    )
    return Ratio(len(never) - len({m.where for m in alarms}), len(never), alarms)


# -- grounding: promises, not scores -------------------------------------------------------------------------


def spans_exact(comparison: Comparison) -> Ratio:
    """Spans whose quote is what stands there in the article / all spans of evidence and loaded wording."""
    spans = [*_evidence(comparison.system), *_loaded_spans(comparison.system)]
    text = comparison.article.text
    wrong = [(where, e) for where, e in spans if not 0 <= e.start < e.end or text[e.start : e.end] != e.quote]
    misses = tuple(
        Miss(where, f"{e.start}–{e.end} of the article is not {e.quote!r:.80}") for where, e in wrong
    )
    return Ratio(len(spans) - len(wrong), len(spans), misses)


def sentences_cited(comparison: Comparison) -> Ratio:
    """Sentences of headline and summary that cite a row, and none that is not there / all of them."""
    known = {c.id for c in comparison.system.claims}
    sentences = list(_sentences(comparison.system))
    bad = [(where, s) for where, s in sentences if not s.claims or not known.issuperset(s.claims)]
    misses = tuple(
        Miss(where, "cites nothing" if not s.claims else "cites a row that is not there") for where, s in bad
    )
    return Ratio(len(sentences) - len(bad), len(sentences), misses)


def furniture_uncited(comparison: Comparison) -> Ratio:
    """Spans of evidence that touch no furniture line of the labels / all spans of evidence."""
    lines = intervals(furniture(comparison.case))
    spans = list(_evidence(comparison.system))
    bad = [(where, e) for where, e in spans if shared(intervals([e]), lines)]
    misses = tuple(Miss(where, f"cites page furniture: {e.quote!r:.80}") for where, e in bad)
    return Ratio(len(spans) - len(bad), len(spans), misses)


def positions_tied(comparison: Comparison) -> Ratio:
    """Positions with evidence / all positions of the report."""
    places = [
        (f"claims[{c.id}].positions[{n}]", p)
        for c in comparison.system.claims
        for n, p in enumerate(c.positions)
    ]
    misses = tuple(Miss(where, f"no evidence for {p.source}") for where, p in places if not p.evidence)
    return Ratio(len(places) - len(misses), len(places), misses)


# -- cost ----------------------------------------------------------------------------------------------------


def tokens_per_claim(comparison: Comparison) -> Ratio:
    """Tokens in and out / rows of the report; nothing to measure where the trace tells of no tokens."""
    tokens = comparison.system.trace.tokens
    spent = tokens.input + tokens.output
    return Ratio(spent, len(comparison.system.claims) if spent else 0)


# -- the list ------------------------------------------------------------------------------------------------

Group = Literal["score", "invariant", "watch"]
"""``score``: the more the better; ``invariant``: less than 1 is a fault of ours; ``watch``: to look at."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A named measure."""

    name: str
    group: Group
    measure: Callable[[Comparison], Ratio]


_FUNCTIONS: dict[Group, tuple[Callable[[Comparison], Ratio], ...]] = {
    "score": (
        claims_precision,
        claims_recall,
        claims_f1,
        key_recall,
        source_f1,
        stance_accuracy,
        hedged_accuracy,
        positions_f1,
        positions_f1_all,
        status_accuracy,
        contested_recall,
        contested_precision,
        figures_f1,
        conflicts_recall,
        conflicts_precision,
        key_coverage,
    ),
    "invariant": (spans_exact, sentences_cited, positions_tied, furniture_uncited),
    "watch": (never_clear, tokens_per_claim),
}

METRICS: tuple[Metric, ...] = tuple(
    Metric(function.__name__, group, function)
    for group, functions in _FUNCTIONS.items()
    for function in functions
)


# -- helpers -------------------------------------------------------------------------------------------------


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


def _contested_in_both(pair: Pair | None) -> bool:
    return pair is not None and pair.gold.status in CONTESTED and pair.system.status in CONTESTED


def _contested_miss(comparison: Comparison, claim: Claim) -> Miss:
    pair = comparison.matching.of_gold(claim.id)
    found = f"{pair.system.status} in {pair.system.id}" if pair else "not in the report"
    return Miss(claim.id, f"{claim.status} in the labels, {found}")


def _labels_say(comparison: Comparison, claim: Claim) -> str:
    pair = comparison.matching.of_system(claim.id)
    return f"{pair.gold.status} in {pair.gold.id} of the labels" if pair else "no row of the labels"


def _figure_misses(row: PairedFigures) -> Iterator[Miss]:
    if row.gold_only or row.system_only:
        wanted = ", ".join(map(_shown, row.gold_only)) or "nothing more"
        had = ", ".join(map(_shown, row.system_only)) or "nothing else"
        yield Miss(row.pair.gold.id, f"wanted {wanted}; {row.pair.system.id} has {had}")


def _shown(figure: Figure) -> str:
    bounds = [f"{b:,.12g}" if b is not None else "" for b in (figure.low, figure.high)]
    number = bounds[0] if bounds[0] == bounds[1] else "–".join(bounds)
    return f"{number} {figure.unit} ({figure.of})"


def _ids(conflict: Conflict) -> frozenset[str]:
    return frozenset(conflict.claims)


def _translated(conflict: Conflict, matching: Matching) -> frozenset[str] | None:
    """Return the report's ids of a conflict of the labels; None where a row is not matched."""
    pairs = [matching.of_gold(claim_id) for claim_id in conflict.claims]
    return None if None in pairs else frozenset(p.system.id for p in pairs if p)


def _coverage_misses(comparison: Comparison, key: list[Claim], cited: set[str]) -> Iterator[Miss]:
    for claim in key:
        pair = comparison.matching.of_gold(claim.id)
        if pair is None:
            yield Miss(claim.id, "the report has no such row")
        elif pair.system.id not in cited:
            yield Miss(claim.id, f"the summary does not cite {pair.system.id}")


def _sentences(report: Report) -> Iterator[tuple[str, CitedText]]:
    yield "headline", report.headline
    for number, sentence in enumerate(report.summary):
        yield f"summary[{number}]", sentence


def _evidence(report: Report) -> Iterator[tuple[str, Evidence]]:
    for claim in report.claims:
        for number, position in enumerate(claim.positions):
            for evidence in position.evidence:
                yield f"claims[{claim.id}].positions[{number}]", evidence


def _loaded_spans(report: Report) -> Iterator[tuple[str, Evidence]]:
    for number, wording in enumerate(report.loaded):
        yield f"loaded[{number}]", Evidence(start=wording.start, end=wording.end, quote=wording.text)


def _alarms(where: str, forbidden: str, report: Report) -> Iterator[Miss]:
    for place, sentence in _sentences(report):
        if _sounds_like(sentence.text, forbidden):
            yield Miss(where, f"{place} sounds like {forbidden!r:.80}")


def _sounds_like(sentence: str, forbidden: str) -> bool:
    words = set(content_words(forbidden))
    if not words or len(words & set(content_words(sentence))) < 0.8 * len(words):
        return False
    return (
        _distance(sentence) <= _distance(forbidden)
        and not opposed(sentence, forbidden)
        and all(any(may_be_one(a, b) for b in read(sentence)) for a in read(forbidden))
    )


def _distance(text: str) -> int:
    """Count the words that keep a text from being plain fact in our own voice."""
    prefixed = cues.find_prefix(text) is not None
    return sum(1 for _ in cues.find(text)) + sum(1 for _ in cues.find_hedges(text)) + prefixed
