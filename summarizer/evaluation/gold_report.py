"""Gold labels as the report a perfect system would have written."""

from collections.abc import Iterator

from summarizer.domain.report import (
    ArticleRecord,
    CitedText,
    Claim,
    Evidence,
    LoadedWording,
    Position,
    Report,
    Span,
    Trace,
)
from summarizer.domain.vocabulary import ARTICLE_VOICE, UNNAMED, Stance
from summarizer.evaluation.gold import Case, GoldClaim, GoldPosition
from summarizer.evaluation.spans import locate, locate_lines


def gold_report(case: Case) -> Report:
    """Return a report that says what the labels say; its summary tells every key row and its sources."""
    text, gold = case.article.text, case.gold
    key = [c for c in gold.claims if c.key] or gold.claims[:1]
    return Report(
        article=ArticleRecord.of(case.article),
        headline=_told(key[0]) if key else CitedText(text="", claims=()),
        summary=tuple(map(_told, key)),
        claims=tuple(_claim(c, text) for c in gold.claims),
        conflicts=gold.conflicts,
        loaded=tuple(_loaded(case)),
        furniture=furniture(case),
        trace=Trace(backend="gold", model=None, prompt=None, fingerprint=gold.sha256, attempts=0),
    )


def furniture(case: Case) -> tuple[Span, ...]:
    """Return where the article's furniture lines stand, every repetition included, in reading order."""
    text = case.article.text
    places = {place for line in case.gold.furniture for place in locate_lines(line, text)}
    return tuple(Span(start=start, end=end) for start, end in sorted(places))


def _told(claim: GoldClaim) -> CitedText:
    """Tell a row in a sentence that never states as plain fact what is only somebody's word."""
    asserted = [
        _named(p.source) for p in claim.positions if p.stance == "asserts" and p.source != ARTICLE_VOICE
    ]
    lead = f"According to {' and '.join(asserted)}: " if asserted else "Reportedly: "
    tail = "".join(
        f" {_named(p.source)} {_AGAINST[p.stance]}." for p in claim.positions if p.stance in _AGAINST
    )
    text = claim.text if claim.status == "stated" else f"{lead}{claim.text}{tail}"
    return CitedText(text=text, claims=(claim.id,))


_AGAINST: dict[Stance, str] = {"denies": "denied it", "does_not_confirm": "would not confirm it"}


def _named(source: str) -> str:
    return source.removeprefix(f"{UNNAMED}:").strip()


def _claim(claim: GoldClaim, text: str) -> Claim:
    return Claim(
        id=claim.id,
        text=claim.text,
        kind=claim.kind,
        key=claim.key,
        positions=tuple(_position(p, text) for p in claim.positions),
        figures=claim.figures,
        when=claim.when,
        where=claim.where,
    )


def _position(position: GoldPosition, text: str) -> Position:
    places = sorted(place for quote in position.evidence if (place := locate(quote, text)))
    return Position(
        source=position.source,
        aliases=position.aliases,
        via=position.via,
        stance=position.stance,
        hedged=position.hedged,
        evidence=tuple(Evidence(start=s, end=e, quote=text[s:e]) for s, e in places),
    )


def _loaded(case: Case) -> Iterator[LoadedWording]:
    text = case.article.text
    for wording in case.gold.loaded:
        if place := locate(wording.text, text):
            start, end = place
            yield LoadedWording(start=start, end=end, text=text[start:end], neutral=wording.neutral)
