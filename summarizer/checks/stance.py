"""Do stances say what the cited words say: no denial dropped, none made up?

A row whose text is itself a negative ("The firm paid no ransom") carries a denial by asserting it, so such
rows count as carriers. Where a reading is unsure a finding is a warning; precise goes before thorough.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from summarizer.checks.reading import finding, named, nameless, positions, row, sentences_of, text_of
from summarizer.domain.finding import Finding, Severity
from summarizer.domain.grounded import GroundedDraft
from summarizer.domain.report import Claim, Position
from summarizer.domain.sentences import Sentence
from summarizer.text import cues
from summarizer.text.folding import fold
from summarizer.text.shorten import shorten

CHECK = "stance"

_NEGATIVE = re.compile(
    r"\b(?:no|not|never|none|nobody|nothing|nowhere|nor|neither|without|cannot|false|untrue|wrong|incorrect|innocent"
    r"|mistaken|unfounded|baseless|nonsense|rubbish|contrary|instead|lies?|myth|hoax|refus\w+|reject\w*|dismiss\w*|den(?:y|ied|ies|ying)"
    r"|disput\w+|contradict\w*|contest\w*|oppos\w+|withdr[ae]w\w*|retract\w*|correct(?:ed|ion|s)|revis\w+|ruled out|rules out"
    r"|fail(?:ed|s|ure)?|lack\w*|absence|stopped short)\b|n't\b",
    re.IGNORECASE,
)
_UNSURE = re.compile(
    r"\b(?:un(?:able|clear|known|verified|confirmed|certain|sure)|whether|if|yet to|declin\w+|doubt\w*|question\w*|would(?:n't| not)"
    r"|difficult|impossible|evidence|verif\w+|confirm\w*|corroborat\w*|rule out)\b",
    re.IGNORECASE,
)
_PLAIN_DENIAL = re.compile(
    r"\b(?:denied|denies|deny|denying)\b|\btruth\b|\b(?:un|not )true\b|\bfalse\b", re.IGNORECASE
)
_SURE_OBJECT = re.compile(
    r"\s+(?:that\b|(?:the|these|those|any|all|such|recent|media|his|her|its|their)?\s*"
    r"(?:claims?|reports?|allegations?|accusations?|suggestions?|charges?)\b)",
    re.IGNORECASE,
)
_WITHHELD = re.compile(  # "denied bail": something was not given, nothing was disputed
    r"\s+(?:\w+\s+){0,3}?(?:bail|entry|access|visas?|asylum|parole|permission|permits?|service|services|treatment|aid|food|water|care"
    r"|boarding|passage|leave|refuge|rights?|justice|funding|credit|loans?|coverage|benefits|opportunit\w+|a (?:visa|permit|licen[cs]e))\b",
    re.IGNORECASE,
)
_NOT_SAID = re.compile(
    r"\b(?:not|never|n't|nobody|no one|nor|cannot|to|being|been|was|were|be|is|are)\s+(?:\w+ly\s+)?$",
    re.IGNORECASE,
)
_PLAIN_NONCONFIRMATION = re.compile(
    r"confirm|verif|corroborat|rule out|not ruled|no evidence|notified", re.IGNORECASE
)
_NEGATED = re.compile(
    r"\b(?:no|not|never|none|nobody|nothing|nor|neither|without|cannot|un\w{4,}|innocent|false)\b|n't\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Refusal:
    """A denial or non-confirmation that the article holds: its sentence, its words, how sure the reading is."""

    sentence: Sentence
    start: int
    words: str
    denial: bool
    sure: bool


def check(grounded: GroundedDraft) -> Iterator[Finding]:
    """Yield assertions read out of denials, denials no row carries, and denials the cited words do not hold."""
    refusals = tuple(_refusals(grounded))
    carried = _carried(grounded)
    flipped = tuple(_flipped(grounded, refusals, carried))
    yield from (finding for _, finding in flipped)
    told = carried | {number for number, _ in flipped}
    yield from _dropped(grounded, (r for r in refusals if r.sentence.number not in told))
    yield from _invented(grounded)


def _refusals(grounded: GroundedDraft) -> Iterator[_Refusal]:
    for sentence in grounded.sentences.body:
        text = fold(grounded.sentences.quote(sentence))
        for match in cues.find(text):
            if match.cue.stance == "asserts" or _is_no_refusal(text, match):
                continue
            words = text[match.start : match.end]
            denial = match.cue.stance == "denies"
            sure = _is_prose(text) and (_surely_denies(text, match) if denial else _surely_withholds(words))
            yield _Refusal(sentence, sentence.start + match.start, words, denial, sure)


def _is_no_refusal(text: str, match: cues.CueMatch) -> bool:
    if match.cue.phrase:
        return False
    return bool(_NOT_SAID.search(text[: match.start])) or bool(_WITHHELD.match(text, match.end))


def _surely_denies(text: str, match: cues.CueMatch) -> bool:
    return bool(_PLAIN_DENIAL.search(text[match.start : match.end]) or _SURE_OBJECT.match(text, match.end))


def _surely_withholds(words: str) -> bool:
    return bool(_PLAIN_NONCONFIRMATION.search(words))


def _is_prose(text: str) -> bool:
    """Tell a sentence from a headline or a bullet, which repeat the body and need no row."""
    return text.rstrip("\"')]").endswith((".", "!", "?"))


def _carried(grounded: GroundedDraft) -> frozenset[int]:
    """Return the sentences that a denying or not confirming position, or a negative row, cites."""
    return frozenset(
        sentence.number
        for _, claim, position in positions(grounded)
        if position.stance != "asserts" or _NEGATED.search(fold(claim.text))
        for sentence in sentences_of(grounded, position.evidence)
    )


def _flipped(
    grounded: GroundedDraft, refusals: tuple[_Refusal, ...], carried: frozenset[int]
) -> Iterator[tuple[int, Finding]]:
    open_denials = [r for r in refusals if r.denial and r.sentence.number not in carried]
    for where, claim, position in positions(grounded):
        for refusal in open_denials:
            if position.stance == "asserts" and _denies_here(grounded, position, refusal):
                severity: Severity = "error" if refusal.sure else "warning"
                message = (
                    f"{row(claim)}: {shorten(position.source)!r} asserts it, but sentence {refusal.sentence.number} "
                    f"holds {refusal.words!r}. Make the stance what those words say."
                )
                yield refusal.sentence.number, finding(CHECK, severity, where, message)


def _denies_here(grounded: GroundedDraft, position: Position, refusal: _Refusal) -> bool:
    if nameless(position.source) or not any(e.start <= refusal.start < e.end for e in position.evidence):
        return False
    return named(position, grounded.article.text[refusal.sentence.start : refusal.start])


def _dropped(grounded: GroundedDraft, refusals: Iterator[_Refusal]) -> Iterator[Finding]:
    seen: set[int] = set()
    for refusal in refusals:
        if refusal.sentence.number in seen:
            continue
        seen.add(refusal.sentence.number)
        kind = "denies" if refusal.denial else "does not confirm"
        message = (
            f"Sentence {refusal.sentence.number} holds {shorten(refusal.words)!r}: no row has a position that {kind} there. "
            f"Add one to the row that it is about."
        )
        yield finding(CHECK, "error" if refusal.sure else "warning", "report", message)


def _invented(grounded: GroundedDraft) -> Iterator[Finding]:
    for where, claim, position in positions(grounded):
        if position.stance == "asserts" or not position.evidence:
            continue
        cited = sentences_of(grounded, position.evidence)
        if not _refuses(fold(text_of(grounded, cited)), claim, denies=position.stance == "denies"):
            numbers = ", ".join(str(s.number) for s in cited)
            message = (
                f"{row(claim)}: {shorten(position.source)!r} {position.stance} it, but sentence {numbers} holds no such words. "
                "Never repair the text: give the stance its words give."
            )
            yield finding(CHECK, "error", where, message)


def _refuses(text: str, claim: Claim, *, denies: bool) -> bool:
    del claim
    if cues.has_denial(text) or cues.has_nonconfirmation(text) or _NEGATIVE.search(text):
        return True
    return not denies and bool(_UNSURE.search(text))
