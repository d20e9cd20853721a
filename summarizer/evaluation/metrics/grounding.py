"""Promises, not scores: every span is exact, every sentence cites a row, every position has evidence.

Two more are scores, because no code can promise them: a number that the article lacks, and that a model does
not mend when told, stands in a finding; and what is page furniture is a judgement.
"""

from collections.abc import Iterator

from summarizer.checks import figures, reading
from summarizer.domain.report import CitedText, Evidence, Report
from summarizer.evaluation.comparison import Comparison
from summarizer.evaluation.gold_report import furniture
from summarizer.evaluation.ratio import Miss, Ratio
from summarizer.evaluation.spans import intervals, shared


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


def numbers_supported(comparison: Comparison) -> Ratio:
    """Statements whose numbers the article holds, bounded from the same side / headline, sentences and rows.

    What fails is what the check of figures finds.
    """
    every = reading.own_voice(comparison.grounded)
    wrong = {f.where: f.message for f in figures.check(comparison.grounded) if f.severity == "error"}
    misses = tuple(Miss(s.where, wrong[s.where]) for s in every if s.where in wrong)
    return Ratio(len(every) - len(misses), len(every), misses)


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
