"""Does the table hold the article once: nothing left out, no row twice, no contradiction unlisted?"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from summarizer.checks.reading import evidence, finding, positions, row, sentences_of
from summarizer.domain.finding import Finding, Severity
from summarizer.domain.grounded import GroundedDraft
from summarizer.domain.report import Claim, Figure, Position
from summarizer.domain.sentences import Sentence
from summarizer.text import cues
from summarizer.text.folding import fold
from summarizer.text.shorten import shorten
from summarizer.text.words import content_words

CHECK = "coverage"
SHORTEST_SENTENCE = 8
"""Words; what is shorter is often a heading, a line of credit or an exclamation."""
MOST_UNCITED = 1 / 3
SAME_TOPIC = 0.6
"""Share of content words that two rows must have in common to be about one thing."""

_OWN_ATTRIBUTION = re.compile(
    r"^according to\b|,\s*according to\b|\b(?:allegedly|reportedly|purportedly)\b", re.IGNORECASE
)


def check(grounded: GroundedDraft) -> Iterator[Finding]:
    """Yield what the table leaves out, repeats, or says where it does not belong."""
    yield from _uncited(grounded)
    yield from _worded_as_report(grounded)
    yield from _twice(grounded)
    yield from _self_contradictions(grounded)
    yield from _untold(grounded)


def _uncited(grounded: GroundedDraft) -> Iterator[Finding]:
    cited = {s.number for _, _, p in positions(grounded) for s in sentences_of(grounded, p.evidence)}
    body = [s for s in grounded.sentences.body if _is_prose(grounded.sentences.quote(s))]
    missing = [s.number for s in body if s.number not in cited]
    if missing:
        severity: Severity = "warning" if len(missing) > MOST_UNCITED * len(body) else "note"
        numbers = shorten(", ".join(map(str, missing)), 120)
        yield finding(CHECK, severity, "report", f"No row cites these sentences of the body: {numbers}.")


def _is_prose(sentence: str) -> bool:
    """Whether a sentence can hold a claim: long enough, and with a stop, which headlines lack."""
    return len(sentence.split()) >= SHORTEST_SENTENCE and sentence.rstrip("\"'”’)] ").endswith(
        (".", "!", "?", "…")
    )


def _worded_as_report(grounded: GroundedDraft) -> Iterator[Finding]:
    for claim in grounded.claims:
        if words := _reporting(fold(claim.text)):
            mend = "State the thing at issue alone."
            message = f"{row(claim)} carries its own source or hedge ({shorten(words)!r}). {mend}"
            yield finding(CHECK, "warning", f"claims[{claim.id}]", message)


def _reporting(text: str) -> str | None:
    if own := _OWN_ATTRIBUTION.search(text):
        return own.group().strip(" ,")
    for match in cues.find(text):
        if not match.cue.action and re.match(r"(?:\s+\w+){0,3}\s+that\b", text[match.end :]):
            return text[match.start : match.end]
    return None


# -- rows that repeat or rival one another ----------


def _twice(grounded: GroundedDraft) -> Iterator[Finding]:
    """Yield each row that repeats or rivals an earlier one, once; near rows only: tables can be long."""
    listed = {frozenset(c.claims) for c in grounded.conflicts}
    held: dict[str, list[_Read]] = {}
    for claim in grounded.claims:
        read = _Read(claim, _topic(claim), frozenset(s.number for s in _sentences(grounded, claim)))
        earlier = {id(r): r for word in read.topic for r in held.get(word, ())[-_COMPARED:]}
        found = (_pair(other, read, listed) for other in earlier.values())
        yield from islice(filter(None, found), 1)
        for word in read.topic:
            held.setdefault(word, []).append(read)


_COMPARED = 12
"""Earlier rows with a word in common that a row is compared with, the nearest ones."""


class _Read(NamedTuple):
    """A row, the words it is about, and the sentences it rests on."""

    claim: Claim
    topic: frozenset[str]
    where: frozenset[int]


def _pair(first: _Read, second: _Read, listed: set[frozenset[str]]) -> Finding | None:
    if len(first.topic & second.topic) < SAME_TOPIC * len(first.topic | second.topic):
        return None
    where = f"claims[{second.claim.id}]"
    pair = f"{row(first.claim)} and {row(second.claim).replace('Row', 'row', 1)}"
    if (
        first.topic == second.topic
        and first.where & second.where
        and first.claim.figures == second.claim.figures
    ):
        return finding(CHECK, "warning", where, f"{pair} say the same of the same sentence. Keep one.")
    if _rival(first.claim, second.claim) and frozenset((first.claim.id, second.claim.id)) not in listed:
        message = f"{pair} give rival figures. List them as a conflict where both cannot be true."
        return finding(CHECK, "warning", where, message)
    return None


def _sentences(grounded: GroundedDraft, claim: Claim) -> tuple[Sentence, ...]:
    return sentences_of(grounded, evidence((claim,)))


def _topic(claim: Claim) -> frozenset[str]:
    return frozenset(word for word in content_words(claim.text) if not word[0].isdigit())


def _rival(first: Claim, second: Claim) -> bool:
    if first.when and second.when and first.when.text != second.when.text:
        return False
    pairs = [(a, b) for a in first.figures for b in second.figures if a.unit == b.unit]
    return bool(pairs) and all(_exclude_each_other(a, b) for a, b in pairs)


def _exclude_each_other(a: Figure, b: Figure) -> bool:
    def below(x: float | None, y: float | None) -> bool:
        return x is not None and y is not None and x < y

    return below(a.high, b.low) or below(b.high, a.low)


# -- a source against itself ----------


def _self_contradictions(grounded: GroundedDraft) -> Iterator[Finding]:
    listed = {claim_id for c in grounded.conflicts for claim_id in c.claims}
    for claim in grounded.claims:
        source = _both_ways(claim)
        if source is not None and claim.id not in listed:
            mend = f"List the conflict [{claim.id}, {claim.id}]."
            message = f"{row(claim)}: {shorten(source)!r} both asserts and denies it. {mend}"
            yield finding(CHECK, "warning", f"claims[{claim.id}]", message)
    for index, conflict in enumerate(grounded.conflicts):
        first, second = (grounded.claim(claim_id) for claim_id in conflict.claims)
        if first is not None and first is second and not _against_itself(first):
            mend = "Name the two rows that cannot both be true."
            message = f"{row(first)} is its own conflict, but no source both asserts and denies it. {mend}"
            yield finding(CHECK, "warning", f"conflicts[{index}]", message)


def _untold(grounded: GroundedDraft) -> Iterator[Finding]:
    told = {claim_id for sentence in grounded.summary for claim_id in sentence.claims}
    for claim in grounded.claims:
        if claim.key and claim.id not in told:
            message = f"{row(claim)} is key, but no summary sentence tells it."
            yield finding(CHECK, "warning", f"claims[{claim.id}]", message)


def _against_itself(claim: Claim) -> bool:
    """Whether one source, or a body and its own part ("U.S. military", "U.S. Fleet"), holds both sides."""
    if _both_ways(claim) is not None:
        return True
    asserting = [_capitals(p) for p in claim.positions if p.stance == "asserts"]
    denying = [_capitals(p) for p in claim.positions if p.stance == "denies"]
    return any(a & b for a in asserting for b in denying)


def _capitals(position: Position) -> set[str]:
    return set(re.findall(r"\b[A-Z][\w.]+", position.source))


def _both_ways(claim: Claim) -> str | None:
    """Return the source that asserts and denies a row, under any of its names."""
    asserting = [p for p in claim.positions if p.stance == "asserts"]
    denying = {name for p in claim.positions if p.stance == "denies" for name in _called(p)}
    return next((p.source for p in asserting if _called(p) & denying), None)


def _called(position: Position) -> set[str]:
    return {name.casefold().strip() for name in (position.source, *position.aliases)}
