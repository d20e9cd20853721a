"""Does what we tell keep who says it: nothing attributed or contested is told as plain fact?

A source named inside the proposition itself ("the firm will close its works"), or a word of saying or doubt
that the row's own text holds too, is no attribution of it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from summarizer.checks.lexicon import words
from summarizer.checks.reading import Statement, finding, named, nameless, row, told
from summarizer.domain.finding import Finding, Severity
from summarizer.domain.grounded import GroundedDraft
from summarizer.domain.report import Claim, Position
from summarizer.domain.vocabulary import ARTICLE_VOICE, CONTESTED
from summarizer.text import cues
from summarizer.text.cues import CueMatch
from summarizer.text.folding import fold
from summarizer.text.shorten import shorten

CHECK = "attribution"

_SCARE_QUOTES = re.compile(r"(?:^|[\s:])['\"][^'\"]+['\"]")
_LABEL = re.compile(r"\w: ?['\"]?\w|\w - ?\w")  # "Premier: not a day for blame"


def check(grounded: GroundedDraft) -> Iterator[Finding]:
    """Yield sentences that tell a row flatter than its status, and disputed rows that lose a side."""
    headline, *summary = told(grounded)
    yield from _flat(headline, loose=True)
    for statement in summary:
        yield from _flat(statement)
    for statement in (headline, *summary):
        yield from _wrongly_credited(grounded, statement)
    yield from map(_one_sided, missing_sides(grounded))


@dataclass(frozen=True, slots=True)
class MissingSide:
    """A disputed row that the summary tells without one of its sides.

    Attributes:
        where: The first sentence that cites it.
        side: Who is missing, in words.
        severity: ``warning`` where a pronoun may stand for the side.
    """

    claim: Claim
    where: str
    side: str
    severity: Severity


def missing_sides(grounded: GroundedDraft) -> Iterator[MissingSide]:
    """Yield the disputed rows that the summary tells without naming who asserts and who denies them."""
    _, *summary = told(grounded)
    for claim in {c.id: c for s in summary for c in s.claims if c.status == "disputed"}.values():
        faults = [_missing_side(claim, *window) for window in _windows(claim, summary)]
        if all(faults):
            side, severity = min(filter(None, faults), key=lambda fault: fault[1] == "error")
            yield MissingSide(claim, next(s.where for s in summary if claim in s.claims), side, severity)


# -- how a text speaks ----------


@dataclass(frozen=True, slots=True)
class _Manner:
    """What a text adds to the rows it tells: words of saying, of refusing, of doubt."""

    text: str
    content: str
    speech: tuple[CueMatch, ...]
    prefixed: bool
    softened: bool
    contested: bool

    @property
    def distanced(self) -> bool:
        return bool(self.speech) or self.prefixed or self.softened or self.contested

    @property
    def asserting(self) -> bool:
        return self.prefixed or self.softened or any(m.cue.stance == "asserts" for m in self.speech)

    @property
    def refusing(self) -> bool:
        refused = any(m.cue.stance != "asserts" for m in self.speech)
        return refused or self.contested or _adds(words("negative"), self.text, self.content)

    @property
    def has_pronoun(self) -> bool:
        return _adds(words("pronouns"), self.text, self.content)

    def credits(self, position: Position) -> bool:
        """Tell whether the text names a source other than as a part of what is told."""
        if named(position, self.text):
            return not named(position, self.content)
        noun = _common_noun(position.source)
        return noun is not None and bool(noun.search(self.text)) and not noun.search(self.content)


def _common_noun(source: str) -> re.Pattern[str] | None:
    """Return the head of a source that is no proper name: "paper" of "paper in the Annals"."""
    head = re.split(r" (?:of|in|at|from|for|by|on) ", source.strip())[0].split()
    plain = head[-1] if head and head[-1].isalpha() and head[-1].islower() else ""
    return re.compile(rf"\b{plain}s?\b", re.IGNORECASE) if len(plain) > 3 else None


def _manner(text: str, claims: Iterable[Claim]) -> _Manner:
    folded, content = fold(text), fold("\n".join(claim.text for claim in claims))
    known = {content[m.start : m.end].casefold() for m in cues.find(content)}
    speech = (m for m in cues.find(folded) if _is_plain(m) or folded[m.start : m.end].casefold() not in known)
    soft = {content[slice(*span)].casefold() for span in cues.find_hedges(content)}
    softened = any(folded[slice(*span)].casefold() not in soft for span in cues.find_hedges(folded))
    return _Manner(
        text=folded,
        content=content,
        speech=tuple(speech),
        prefixed=cues.find_prefix(folded) is not None,
        softened=softened or cues.find_passive(folded) is not None,
        contested=_adds(words("dispute"), folded, content),
    )


def _is_plain(match: CueMatch) -> bool:
    """Tell a word that never is a part of what is told: "said", "says"."""
    return words("saying").fullmatch(match.cue.form) is not None


def _adds(pattern: re.Pattern[str], text: str, content: str) -> bool:
    known = {m.group().casefold() for m in pattern.finditer(content)}
    return any(m.group().casefold() not in known for m in pattern.finditer(text))


# -- told as plain fact ----------


def _flat(statement: Statement, *, loose: bool = False) -> Iterator[Finding]:
    flat = [c for c in statement.claims if c.status == "attributed" or c.status in CONTESTED]
    manner = _manner(statement.text, statement.claims)
    if not flat or manner.distanced or (loose and _is_marked(manner)):
        return
    if any(_manner(statement.text, (claim,)).credits(p) for claim in flat for p in claim.positions):
        return
    claim = next((c for c in flat if c.status in CONTESTED), flat[0])
    told_row = row(claim).replace("Row", "row", 1)
    message = f"{statement.name} tells {told_row} as plain fact; it is {claim.status}. {_mend(claim)}"
    yield finding(CHECK, "error", statement.where, message)


def _is_marked(manner: _Manner) -> bool:
    """Tell whether a headline keeps its distance by quotation marks or a speaker's label."""
    return bool(_SCARE_QUOTES.search(manner.text) or _LABEL.search(manner.text))


def _mend(claim: Claim) -> str:
    names = list(dict.fromkeys(p.source for p in claim.positions if not nameless(p.source)))
    return (
        f"Say that it comes from {shorten(names[0])}." if names else "Say by whom, or that it is unconfirmed."
    )


# -- credited to somebody else ----------


def _wrongly_credited(grounded: GroundedDraft, statement: Statement) -> Iterator[Finding]:
    """A sentence whose words of saying belong to a speaker of other rows only."""
    held = [p for claim in statement.claims for p in claim.positions]
    if not held or any(nameless(p.source) for p in held):
        return
    manner = _manner(statement.text, statement.claims)
    clauses = tuple(_speaking(manner))
    if any(manner.credits(p) or any(named(p, clause) for clause in clauses) for p in held):
        return
    others = (p for claim in grounded.claims for p in claim.positions if not nameless(p.source))
    speaker = next((p.source for p in others if any(named(p, clause) for clause in clauses)), None)
    if speaker is not None:
        right = shorten(held[0].source)
        message = (
            f"{statement.name} credits {shorten(speaker)!r}; its rows come from {right!r}. Name that source."
        )
        yield finding(CHECK, "error", statement.where, message)


def _speaking(manner: _Manner) -> Iterator[str]:
    """Yield the words that stand right before or, where none do, right after each word of saying."""
    for match in manner.speech:
        before = re.split(r"[,;:.\"]", manner.text[: match.start])[-1]
        yield before if before.strip() else re.split(r"[,;:.\"]", manner.text[match.end :])[0]
    if (prefix := cues.find_prefix(manner.text)) is not None:
        yield re.split(r"[,;:.\"]", manner.text[prefix.end() :])[0]


# -- both sides of a dispute ----------


def _one_sided(fault: MissingSide) -> Finding:
    message = f"{row(fault.claim)} is disputed; the summary does not name {fault.side}."
    return finding(CHECK, fault.severity, fault.where, f"{message} Name who asserts and who denies it.")


def _windows(claim: Claim, summary: list[Statement]) -> Iterator[tuple[_Manner, str]]:
    """Yield each sentence that cites the row, with the next where that cites it too, and the one before."""
    texts = ["", *(s.text for s in summary)]
    for index, statement in enumerate(summary):
        if claim in statement.claims:
            goes_on = index + 1 < len(summary) and claim in summary[index + 1].claims
            text = " ".join(texts[index + 1 : index + 3] if goes_on else texts[index + 1 : index + 2])
            yield _manner(text, (claim,)), texts[index]


def _missing_side(claim: Claim, manner: _Manner, earlier: str) -> tuple[str, Severity] | None:
    asserters = [p for p in claim.positions if p.stance == "asserts"]
    deniers = [p for p in claim.positions if p.stance == "denies"]
    answered = len(manner.speech) > 1 or words("contrast").search(manner.text) is not None
    if not _is_told(deniers, manner, earlier, cued=manner.refusing or answered):
        return f"who denies it ({_sources(deniers)})", _by_pronoun(manner, cued=manner.refusing)
    if not _is_asserted(asserters, deniers, manner, earlier):
        return f"who asserts it ({_sources(asserters)})", _by_pronoun(manner, cued=manner.asserting)
    return None


def _is_asserted(asserters: list[Position], deniers: list[Position], manner: _Manner, earlier: str) -> bool:
    if any(p.source == ARTICLE_VOICE for p in asserters):
        return True
    both = {name for p in deniers for name in (p.source, *p.aliases)}
    if any(p.source not in both and not nameless(p.source) and manner.credits(p) for p in asserters):
        return True
    alleged = _adds(words("alleging"), manner.text, manner.content)
    return _is_told(asserters, manner, earlier, cued=manner.asserting or alleged)


def _is_told(side: list[Position], manner: _Manner, earlier: str, *, cued: bool) -> bool:
    """Tell whether a side stands there, by name or by a pronoun for one just named, with words of saying."""
    text = f"{earlier} {manner.text}" if manner.has_pronoun else manner.text
    return cued and any(nameless(p.source) or named(p, text) for p in side)


def _by_pronoun(manner: _Manner, *, cued: bool) -> Severity:
    """A side that a pronoun may stand for is only doubtful."""
    return "warning" if cued and manner.has_pronoun else "error"


def _sources(side: list[Position]) -> str:
    return shorten(" or ".join(dict.fromkeys(p.source for p in side)), 60)
