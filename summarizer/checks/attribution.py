"""Does what we tell keep who says it: nothing attributed or contested is told as plain fact?"""

import re
from collections.abc import Iterable, Iterator

from summarizer.checks.lexicon import words
from summarizer.checks.reading import Statement, finding, named, nameless, row, told
from summarizer.domain.finding import Finding, Severity
from summarizer.domain.grounded import GroundedDraft
from summarizer.domain.report import Claim, Position
from summarizer.domain.vocabulary import ARTICLE_VOICE, CONTESTED
from summarizer.text import cues
from summarizer.text.folding import fold
from summarizer.text.shorten import shorten

CHECK = "attribution"


def check(grounded: GroundedDraft) -> Iterator[Finding]:
    """Yield sentences that tell a row flatter than its status, and disputed rows that lose a side."""
    headline, *summary = told(grounded)
    for statement in (headline, *summary):
        yield from _flat(statement, loose=statement is headline)
        yield from _wrongly_credited(grounded, statement)
    yield from _one_sided(headline, summary)


# -- told as plain fact ---------------------------------------------------------------------------------------------


def _flat(statement: Statement, *, loose: bool) -> Iterator[Finding]:
    flat = [c for c in statement.claims if c.status == "attributed" or c.status in CONTESTED]
    if not flat or _is_distanced(statement.text, loose=loose):
        return
    if any(named(position, statement.text) for claim in flat for position in claim.positions):
        return
    claim = next((c for c in flat if c.status in CONTESTED), flat[0])
    message = f"{statement.name} tells {row(claim).replace('Row', 'row', 1)} as plain fact; it is {claim.status}. {_mend(claim)}"
    yield finding(CHECK, "error", statement.where, message)


def _is_distanced(text: str, *, loose: bool) -> bool:
    folded = fold(text)
    said = cues.has_attribution(folded) or cues.has_hedge(folded) or cues.has_denial(folded)
    quoted = loose and bool(re.search(r"(?:^|\s)['\"].+['\"]", folded))
    return said or cues.has_nonconfirmation(folded) or bool(words("dispute").search(folded)) or quoted


def _mend(claim: Claim) -> str:
    names = list(dict.fromkeys(p.source for p in claim.positions if not nameless(p.source)))
    return (
        f"Say that it comes from {shorten(names[0])}." if names else "Say by whom, or that it is unconfirmed."
    )


# -- credited to somebody else --------------------------------------------------------------------------------------


def _wrongly_credited(grounded: GroundedDraft, statement: Statement) -> Iterator[Finding]:
    """A sentence that names only a speaker of other rows as the one who says it."""
    held = [p for claim in statement.claims for p in claim.positions]
    if not held or any(p.source == ARTICLE_VOICE or nameless(p.source) for p in held):
        return
    if any(named(position, statement.text) for position in held):
        return
    speaker = _speaker(statement.text, (p for claim in grounded.claims for p in claim.positions))
    if speaker is not None:
        right = shorten(held[0].source)
        message = f"{statement.name} credits {shorten(speaker)!r}; the rows it cites come from {right!r}. Name that source."
        yield finding(CHECK, "error", statement.where, message)


def _speaker(text: str, candidates: Iterable[Position]) -> str | None:
    """Return the source that stands right before a word of saying."""
    folded = fold(text)
    clauses = [re.split(r"[,;:]", folded[: match.start])[-1] for match in cues.find(folded)]
    for position in candidates:
        if not nameless(position.source) and any(named(position, clause) for clause in clauses):
            return position.source
    return None


# -- both sides of a dispute ----------------------------------------------------------------------------------------


def _one_sided(headline: Statement, summary: list[Statement]) -> Iterator[Finding]:
    for claim in {c.id: c for s in summary for c in s.claims if c.status == "disputed"}.values():
        texts = tuple(_windows(claim, summary))
        faults = [_missing_side(claim, text) for text in texts]
        if all(faults):
            missing, severity = min(filter(None, faults), key=lambda fault: fault[1] == "error")
            where = next(s.where for s in summary if claim in s.claims)
            message = f"{row(claim)} is disputed; the summary does not name {missing}. Name who asserts and who denies it."
            yield finding(CHECK, severity, where, message)


def _windows(claim: Claim, summary: list[Statement]) -> Iterator[str]:
    """Yield each sentence that cites the row, joined with the next where that cites it too."""
    for statement, following in zip(summary, [*summary[1:], None], strict=True):
        if claim in statement.claims:
            goes_on = following is not None and claim in following.claims
            yield f"{statement.text} {following.text}" if goes_on and following else statement.text


def _missing_side(claim: Claim, text: str) -> tuple[str, Severity] | None:
    asserters = [p for p in claim.positions if p.stance == "asserts"]
    deniers = [p for p in claim.positions if p.stance == "denies"]
    folded = fold(text)
    refused = cues.has_denial(folded) or bool(words("dispute").search(folded))
    if not _is_named(deniers, text, cued=refused):
        return f"who denies it ({_sources(deniers)})", _by_pronoun(folded, cued=refused)
    said = cues.has_attribution(folded) or cues.has_hedge(folded)
    if not _is_named(asserters, text, cued=said):
        return f"who asserts it ({_sources(asserters)})", _by_pronoun(folded, cued=said)
    return None


def _is_named(side: list[Position], text: str, *, cued: bool) -> bool:
    if any(p.source == ARTICLE_VOICE and p.stance == "asserts" for p in side):
        return True
    return any((nameless(p.source) and cued) or named(p, text) for p in side)


def _by_pronoun(text: str, *, cued: bool) -> Severity:
    """A side that a pronoun may stand for is only doubtful."""
    return "warning" if cued and words("pronouns").search(text) else "error"


def _sources(side: list[Position]) -> str:
    return shorten(" or ".join(dict.fromkeys(p.source for p in side)), 60)
