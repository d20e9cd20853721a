"""Headline and summary: do they tell what matters, and keep who says it?"""

from collections.abc import Collection, Iterator

from summarizer.checks import attribution, figures, loaded, names, reading
from summarizer.domain.report import CitedText, Claim, Report
from summarizer.evaluation.assignment import assign
from summarizer.evaluation.baselines import lead
from summarizer.evaluation.comparison import Comparison
from summarizer.evaluation.matching import may_be_one, opposed
from summarizer.evaluation.ratio import Miss, Ratio
from summarizer.evaluation.spans import Intervals, intervals, shared, size
from summarizer.text import cues
from summarizer.text.figures import read
from summarizer.text.words import content_words


def key_coverage(comparison: Comparison) -> Ratio:
    """Share of key rows in the summary: key rows whose partner it tells / key rows of the labels.

    A sentence tells a row that it cites and shares at least ``_TOLD`` of the row's content words with.
    """
    told = _told(comparison.system)
    key = [c for c in comparison.gold.claims if c.key]
    misses = tuple(_coverage_misses(comparison, key, told))
    return Ratio(len(key) - len(misses), len(key), misses)


def evidence_coverage(comparison: Comparison) -> Ratio:
    """Share of key rows whose evidence the summary rests on: what extracts are to be held against.

    Key rows with all evidence of one of their positions in the evidence of the rows told / key rows of the
    labels. Unlike ``key_coverage`` it does not ask that rows be matched, which an extract has none of.
    """
    told = _told(comparison.system)
    rows = (c for c in comparison.system.claims if c.id in told)
    return _coverage(comparison, intervals(e for c in rows for p in c.positions for e in p.evidence))


def lead_coverage(comparison: Comparison) -> Ratio:
    """What the article's first sentences, as many words as the summary, cover of the key rows' evidence."""
    return extract_coverage(comparison, lead(comparison.sentences, words(comparison)))


def words(comparison: Comparison) -> int:
    """Count the words of the summary."""
    return sum(len(sentence.text.split()) for sentence in comparison.system.summary)


def extract_coverage(comparison: Comparison, numbers: Collection[int]) -> Ratio:
    """Share of key rows in an extract of the article's sentences: in it / key rows of the labels.

    In it is a row that has all evidence of one of its positions there.
    """
    return _coverage(comparison, intervals(s for s in comparison.sentences.items if s.number in numbers))


def supported(comparison: Comparison) -> Ratio:
    """1 - unsupported: sentences that say no more than their rows / sentences of headline and summary.

    Unsupported is a number or a name that the article lacks (what the checks of both find), and a sentence
    with less than half of its content words in the rows it cites, their sources and their evidence.
    """
    told = reading.told(comparison.grounded)
    foreign = {
        f.where: f.message
        for check in (figures.check, names.check)
        for f in check(comparison.grounded)
        if f.severity == "error"
    }
    misses = tuple(
        Miss(s.where, foreign.get(s.where) or f"most of it is not in its rows: {s.text!r:.80}")
        for s in told
        if s.where in foreign or not _rests_on_rows(comparison, s)
    )
    return Ratio(len(told) - len(misses), len(told), misses)


def attribution_kept(comparison: Comparison) -> Ratio:
    """Sentences that keep who says it, or the hedge / sentences that tell a row which is not plainly stated.

    What they lose is what the check of attribution finds.
    """
    telling = [s for s in reading.told(comparison.grounded) if any(c.status != "stated" for c in s.claims)]
    lost = {f.where: f.message for f in attribution.check(comparison.grounded) if f.severity == "error"}
    misses = tuple(Miss(s.where, lost[s.where]) for s in telling if s.where in lost)
    return Ratio(len(telling) - len(misses), len(telling), misses)


def consensus_true(comparison: Comparison) -> Ratio:
    """1 - false consensus: disputed rows told with both sides / disputed rows of the labels that are told.

    Both sides: the report's row is disputed too, and the check of attribution misses neither side.
    """
    told = _told(comparison.system)
    one_sided = {side.claim.id for side in attribution.missing_sides(comparison.grounded)}
    pairs = [p for p in comparison.matching.pairs if p.gold.status == "disputed" and p.system.id in told]
    misses = tuple(
        Miss(
            p.gold.id,
            f"{p.system.id} is told as {'one-sided' if p.system.status == 'disputed' else p.system.status}",
        )
        for p in pairs
        if p.system.status != "disputed" or p.system.id in one_sided
    )
    return Ratio(len(pairs) - len(misses), len(pairs), misses)


def loaded_left_out(comparison: Comparison) -> Ratio:
    """1 - carry-over: loaded wordings of the labels not in headline or summary unquoted / all of them."""
    told = [statement.text for statement in reading.told(comparison.grounded)]
    wordings = comparison.gold.loaded
    misses = tuple(
        Miss(f"loaded[{n}]", f"{w.text!r:.60} is told in our own voice")
        for n, w in enumerate(wordings)
        if any(loaded.reuses(text, w.text.casefold()) for text in told)
    )
    return Ratio(len(wordings) - len(misses), len(wordings), misses)


def loaded_f1(comparison: Comparison) -> Ratio:
    """Loaded wordings found: 2 * overlapping / wordings of both sides; experts agree little here."""
    gold, system = comparison.gold.loaded, comparison.system.loaded
    pairs = assign([[float(g.start < s.end and s.start < g.end) for s in system] for g in gold])
    found = {g for g, _ in pairs}
    misses = tuple(
        Miss(f"loaded[{n}]", f"{w.text!r:.60} not found") for n, w in enumerate(gold) if n not in found
    )
    return Ratio(2 * len(pairs), len(gold) + len(system), misses)


def summary_words(comparison: Comparison) -> Ratio:
    """Words of the summary / articles."""
    return Ratio(words(comparison), 1)


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


_TOLD = 0.3
"""Of a row's content words, how many a sentence must share to tell it: citing alone is not telling."""


def _told(report: Report) -> set[str]:
    """Return the ids of the rows that the summary tells."""
    texts: dict[str, list[str]] = {}
    for sentence in report.summary:
        for claim_id in sentence.claims:
            texts.setdefault(claim_id, []).append(sentence.text)
    return {c.id for c in report.claims if c.id in texts and _tells(" ".join(texts[c.id]), c)}


def _tells(text: str, claim: Claim) -> bool:
    content = set(content_words(claim.text))
    return len(content & set(content_words(text))) >= _TOLD * len(content)


def _coverage(comparison: Comparison, spans: Intervals) -> Ratio:
    key = [c for c in comparison.gold.claims if c.key]
    misses = tuple(Miss(c.id, "its evidence is not there") for c in key if not _is_within(c, spans))
    return Ratio(len(key) - len(misses), len(key), misses)


def _is_within(claim: Claim, spans: Intervals) -> bool:
    held = (intervals(p.evidence) for p in claim.positions if p.evidence)
    return any(shared(evidence, spans) == size(evidence) for evidence in held)


def _rests_on_rows(comparison: Comparison, statement: reading.Statement) -> bool:
    rows = " ".join(claim.text for claim in statement.claims)
    sources = " ".join(n for c in statement.claims for p in c.positions for n in (p.source, *p.aliases))
    cited = comparison.sentences_around(reading.evidence(statement.claims))
    said, known = content_words(statement.text), set(content_words(f"{rows} {sources} {cited}"))
    return sum(word in known for word in said) >= 0.5 * len(said)


def _coverage_misses(comparison: Comparison, key: list[Claim], told: set[str]) -> Iterator[Miss]:
    for claim in key:
        pair = comparison.matching.of_gold(claim.id)
        if pair is None:
            yield Miss(claim.id, "the report has no such row")
        elif pair.system.id not in told:
            yield Miss(claim.id, f"the summary does not tell {pair.system.id}")


def _sentences(report: Report) -> Iterator[tuple[str, CitedText]]:
    yield "headline", report.headline
    for number, sentence in enumerate(report.summary):
        yield f"summary[{number}]", sentence


def _alarms(where: str, forbidden: str, report: Report) -> Iterator[Miss]:
    for place, sentence in _sentences(report):
        if _sounds_like(sentence.text, forbidden):
            yield Miss(where, f"{place} sounds like {forbidden!r:.80}")


def _sounds_like(sentence: str, forbidden: str) -> bool:
    content = set(content_words(forbidden))
    if not content or len(content & set(content_words(sentence))) < 0.8 * len(content):
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
