"""From a draft's pointers to exact spans; what could not be tied is said, never hidden and never dropped."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from summarizer.domain.article import Article
from summarizer.domain.draft import Draft, DraftClaim, DraftPosition, DraftSentence, Pointer
from summarizer.domain.finding import Finding, Severity
from summarizer.domain.grounded import GroundedDraft
from summarizer.domain.report import (
    CitedText,
    Claim,
    Conflict,
    Evidence,
    Figure,
    LoadedWording,
    Position,
    Span,
    When,
)
from summarizer.domain.sentences import Sentence, Sentences
from summarizer.domain.vocabulary import derive_self_denier
from summarizer.text import figures, folding, places, times
from summarizer.text.shorten import shorten

CHECK = "evidence"
SHORTEST_ANCHOR = 8
"""Shorter anchors ("denied", "said") say too little about which words are meant."""
LARGEST_FURNITURE = 0.5
"""Share of the body's characters that a draft may call furniture."""

_NUMBER = re.compile(r"\d[.,]\d")


def ground(draft: Draft, article: Article, sentences: Sentences) -> GroundedDraft:
    """Tie a draft to the article it is about.

    Args:
        draft: What a backend wrote; it points at sentences by number.
        article: The article as read.
        sentences: The article's text cut into numbered sentences.

    Returns:
        The claims in draft order as ``c1``, ``c2`` …, with ``text[start:end] == quote`` for every
        span; ``sentences`` with the draft's own furniture marked; ``untied`` for all that could not be tied.
    """
    ids = _ids(draft.claims)
    work = _Work(article, sentences, {number: name for name, number in reversed(ids)})
    for repeated in _repeated(draft.claims):
        work.tell(
            "report", f"Two rows have the id {repeated}; citations of it mean the first. Give each its own."
        )
    claims = tuple(work.claim(name, claim) for (name, _), claim in zip(ids, draft.claims, strict=True))
    cited = {pointer.sentence for claim in draft.claims for p in claim.positions for pointer in p.evidence}
    marked = work.furniture(draft.furniture, cited)
    return GroundedDraft(
        article=article,
        sentences=marked,
        draft=draft,
        headline=work.cited("headline", "The headline", draft.headline),
        summary=tuple(
            work.cited(f"summary[{i}]", f"Summary sentence {i + 1}", sentence)
            for i, sentence in enumerate(draft.summary)
        ),
        claims=claims,
        conflicts=work.conflicts(draft, claims),
        loaded=work.loaded(draft),
        furniture=tuple(Span(start=s.start, end=s.end) for s in marked if s.furniture),
        untied=tuple(work.untied),
    )


@dataclass(frozen=True, slots=True)
class _Work:
    """One draft's grounding: what it points into, and what was found untied on the way."""

    article: Article
    sentences: Sentences
    names: Mapping[int, str]
    untied: list[Finding] = field(default_factory=list)

    def tell(self, where: str, message: str, severity: Severity = "error") -> None:
        self.untied.append(Finding(check=CHECK, severity=severity, where=where, message=message))

    # -- claims ---------------------------------------------------------------------------------

    def claim(self, name: str, claim: DraftClaim) -> Claim:
        merged = _merged(claim.positions)
        if not merged:
            self.tell(
                f"claims[{name}]",
                f"{_row(name, claim)} has no position: say who asserts or denies it, and where.",
            )
        return Claim(
            id=name,
            text=claim.text,
            kind=claim.kind,
            key=claim.key,
            positions=tuple(self.position(name, i, claim, p) for i, p in enumerate(merged)),
            figures=tuple(_figures(claim.text)),
            when=self.when(claim),
            where=claim.where or places.find(claim.text),
        )

    def position(self, name: str, index: int, claim: DraftClaim, position: DraftPosition) -> Position:
        where, row = f"claims[{name}].positions[{index}]", _row(name, claim)
        spans = [span for p in position.evidence if (span := self.span(where, row, p)) is not None]
        if not spans:
            self.tell(
                where,
                f"{row}: the position of {shorten(position.source)!r} has no evidence. Name its sentences.",
            )
        return Position(
            source=position.source,
            aliases=position.aliases,
            via=position.via or None,
            stance=position.stance,
            hedged=position.hedged,
            evidence=tuple(self.evidence(start, end) for start, end in self.joined(spans)),
        )

    def span(self, where: str, row: str, pointer: Pointer) -> tuple[int, int] | None:
        sentence = self.sentences.numbered(pointer.sentence)
        if sentence is None:
            self.tell(where, f"{row} points at sentence {pointer.sentence}; there are {len(self.sentences)}.")
            return None
        if sentence.furniture:
            self.tell(
                where,
                f"{row} points at sentence {sentence.number}, which is page furniture, not the article.",
            )
            return None
        anchor = (pointer.anchor or "").strip()
        return self.anchored(where, row, anchor, sentence) if anchor else (sentence.start, sentence.end)

    def anchored(self, where: str, row: str, anchor: str, sentence: Sentence) -> tuple[int, int]:
        """Find the anchor's run; a refused anchor leaves the whole sentence standing as evidence."""
        quote = self.sentences.quote(sentence)
        found = folding.find(anchor, quote, whole_words=True)
        fault = _fault(anchor, found, quote)
        if fault is not None:
            mend = "Copy a run of its words exactly, or leave the anchor out."
            self.tell(where, f"{row}: anchor {shorten(anchor)!r} {fault} sentence {sentence.number}. {mend}")
        if found is None or fault:
            return sentence.start, sentence.end
        return sentence.start + found[0], sentence.start + found[1]

    def joined(self, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
        """Return the spans in reading order, those that overlap or adjoin as one."""
        joined: list[tuple[int, int]] = []
        for start, end in sorted(spans):
            if joined and self.adjoin(joined[-1][1], start):
                joined[-1] = joined[-1][0], max(end, joined[-1][1])
            else:
                joined.append((start, end))
        return joined

    def adjoin(self, end: int, start: int) -> bool:
        gap = self.article.text[end:start]
        return not gap.strip() and len(gap.splitlines()) < 2

    def evidence(self, start: int, end: int) -> Evidence:
        return Evidence(start=start, end=end, quote=self.article.text[start:end])

    def when(self, claim: DraftClaim) -> When | None:
        words = (claim.when or "").strip() or next((t.text for t in times.find(claim.text)), None)
        if words is None:
            return None
        start, end = times.resolve(words, self.article.published)
        return When(text=words, start=start, end=end)

    # -- what cites claims ----------------------------------------------------------------------

    def cited(self, where: str, name: str, sentence: DraftSentence) -> CitedText:
        for missing in dict.fromkeys(n for n in sentence.claims if n not in self.names):
            self.tell(where, f"{name} cites row {missing}, which does not exist. Cite rows of the table.")
        known = tuple(dict.fromkeys(self.names[n] for n in sentence.claims if n in self.names))
        if not known:
            self.tell(
                where, f"{name} rests on no row of the table: {shorten(sentence.text, 80)!r}. Cite its rows."
            )
        return CitedText(text=sentence.text, claims=known)

    def conflicts(self, draft: Draft, claims: Iterable[Claim]) -> tuple[Conflict, ...]:
        """Return the draft's conflicts, and one for every source that it has on both sides of a row."""
        listed: dict[frozenset[str], Conflict] = {}
        for conflict in draft.conflicts:
            first, second = (self.names.get(n) for n in conflict.claims)
            if first is None or second is None:
                pair = " and ".join(map(str, conflict.claims))
                self.tell("report", f"The conflict between rows {pair} names a row that does not exist.")
            else:
                listed.setdefault(
                    frozenset((first, second)), Conflict(claims=(first, second), why=conflict.why)
                )
        for claim in claims:
            if who := derive_self_denier(claim.positions):
                why = f"{who} both asserts and denies it"
                listed.setdefault(frozenset((claim.id,)), Conflict(claims=(claim.id, claim.id), why=why))
        return tuple(listed.values())

    # -- wording and furniture ------------------------------------------------------------------

    def loaded(self, draft: Draft) -> tuple[LoadedWording, ...]:
        found: dict[tuple[int, int], LoadedWording] = {}
        for wording in draft.loaded:
            sentence = self.sentences.numbered(wording.sentence)
            words = wording.text.strip()
            span = self.within(words, sentence) if sentence and words else None
            if span is not None:
                exact = self.article.text[slice(*span)]
                found[span] = LoadedWording(start=span[0], end=span[1], text=exact, neutral=wording.neutral)
            else:
                where = f"sentence {wording.sentence}"
                message = f"Loaded wording {shorten(words)!r} does not stand in {where}; not listed."
                self.tell("report", message, "warning")
        return tuple(found[span] for span in sorted(found))

    def within(self, words: str, sentence: Sentence) -> tuple[int, int] | None:
        found = folding.find(words, self.sentences.quote(sentence), whole_words=True)
        return None if found is None else (sentence.start + found[0], sentence.start + found[1])

    def furniture(self, numbers: Iterable[int], cited: set[int]) -> Sentences:
        """Return the sentences with the furniture a draft may name marked beside that known by rule."""
        named = {s.number: s for n in numbers if (s := self.sentences.numbered(n)) and not s.furniture}
        if both := sorted(named.keys() & cited):
            sentences = ", ".join(map(str, both))
            self.tell(
                "report",
                f"Sentences called furniture are cited as evidence: {sentences}; kept as body.",
                "warning",
            )
        chosen = {n: s for n, s in named.items() if n not in cited}
        body = sum(s.end - s.start for s in self.sentences.body)
        if sum(s.end - s.start for s in chosen.values()) > LARGEST_FURNITURE * body:
            self.tell(
                "report", "More than half of the article was called furniture; that is ignored.", "warning"
            )
            return self.sentences
        marked = (replace(s, furniture=s.furniture or s.number in chosen) for s in self.sentences)
        return replace(self.sentences, items=tuple(marked))


def _ids(claims: tuple[DraftClaim, ...]) -> list[tuple[str, int]]:
    return [(f"c{i}", claim.id) for i, claim in enumerate(claims, start=1)]


def _repeated(claims: tuple[DraftClaim, ...]) -> list[int]:
    return [number for number, times_used in Counter(claim.id for claim in claims).items() if times_used > 1]


def _merged(positions: tuple[DraftPosition, ...]) -> tuple[DraftPosition, ...]:
    """Return the positions with those that say the same of the same source as one."""
    merged: dict[tuple[str, str, bool, str], DraftPosition] = {}
    for position in positions:
        key = (
            position.source.casefold().strip(),
            position.stance,
            position.hedged,
            (position.via or "").casefold(),
        )
        first = merged.get(key)
        merged[key] = position if first is None else _joint(first, position)
    return tuple(merged.values())


def _joint(first: DraftPosition, second: DraftPosition) -> DraftPosition:
    aliases = tuple(dict.fromkeys(first.aliases + second.aliases))
    return first.model_copy(update={"aliases": aliases, "evidence": first.evidence + second.evidence})


def _figures(text: str) -> Iterable[Figure]:
    for quantity in figures.read(text):
        yield Figure(of=quantity.of, low=quantity.low, high=quantity.high, unit=quantity.unit)


def _fault(anchor: str, found: tuple[int, int] | None, quote: str) -> str | None:
    """Say why an anchor is refused, or None; one that is the whole sentence narrows nothing and is fine."""
    if found is None:
        return "does not stand, in whole words, in"
    if found == (0, len(quote)):
        return None
    if any(_NUMBER.search(quote[max(0, at - 2) : at + 2]) for at in found):
        return "cuts through a number of"
    if len(anchor) < SHORTEST_ANCHOR:
        return f"is shorter than {SHORTEST_ANCHOR} characters, too short to narrow"
    if folding.find(anchor, quote, found[0] + 1, whole_words=True) is not None:
        return "stands more than once in"
    return None


def _row(name: str, claim: DraftClaim) -> str:
    return f"Row {name} ({shorten(claim.text)!r})"
