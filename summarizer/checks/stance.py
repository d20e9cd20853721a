"""Do stances say what the cited words say: no denial dropped, none made up?

A row whose text is itself a negative ("The firm paid no ransom") carries a denial by asserting it, so such
rows carry denials. Where a reading is unsure a finding is a warning; precise goes before thorough.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from summarizer.checks.lexicon import words
from summarizer.checks.reading import around, finding, named, nameless, positions, row, sentences_of, text_of
from summarizer.domain.finding import Finding, Severity
from summarizer.domain.grounded import GroundedDraft
from summarizer.domain.report import Claim, Position
from summarizer.domain.sentences import Sentence
from summarizer.text import cues
from summarizer.text.folding import fold
from summarizer.text.shorten import shorten
from summarizer.text.words import content_words

CHECK = "stance"
_NOUNS = ("dispute", "disputes")
_AFFIRMED = 0.5
"""Share of a row's content words which, said of it without a refusing word, make a sentence affirm it."""


@dataclass(frozen=True, slots=True)
class _Refusal:
    """A denial or non-confirmation that the article holds: where, by which words, how sure the reading is."""

    sentence: Sentence
    start: int
    words: str
    denial: bool
    prose: bool
    sure: bool


def check(grounded: GroundedDraft) -> Iterator[Finding]:
    """Yield assertions read out of denials, denials no row carries, and denials the cited words lack."""
    dropped = tuple(_uncarried(grounded))
    flipped = dict(_flipped(grounded, dropped))
    yield from flipped.values()
    yield from _dropped(r for r in dropped if r.sentence.number not in flipped)
    yield from _invented(grounded)


def _uncarried(grounded: GroundedDraft) -> Iterator[_Refusal]:
    """Yield what the article refuses and no row does; headlines only where the table refuses nothing."""
    refused = frozenset(_cited(grounded, (p for _, _, p in positions(grounded) if p.stance != "asserts")))
    negative = frozenset(_cited(grounded, (p for _, c, p in positions(grounded) if _is_negative(c))))
    for refusal in _refusals(grounded):
        carried = refused | negative if refusal.denial else refused
        if refusal.sentence.number not in carried and (refusal.prose or not refused):
            yield refusal


def _cited(grounded: GroundedDraft, held: Iterable[Position]) -> Iterator[int]:
    return (s.number for position in held for s in sentences_of(grounded, position.evidence))


def _is_negative(claim: Claim) -> bool:
    text = fold(claim.text)
    return "n't" in text or words("negated").search(text) is not None


# -- what the article refuses ----------


def _refusals(grounded: GroundedDraft) -> Iterator[_Refusal]:
    for sentence in grounded.sentences.body:
        text = fold(grounded.sentences.quote(sentence))
        for match in cues.find(text):
            if match.cue.stance != "asserts" and not _is_undone(text, match):
                denial = match.cue.stance == "denies"
                prose = _is_prose(text)
                sure = prose and (_surely_denies if denial else _surely_withholds)(text, match)
                words_used = text[match.start : match.end]
                yield _Refusal(sentence, sentence.start + match.start, words_used, denial, prose, sure)


def _is_undone(text: str, match: cues.CueMatch) -> bool:
    """Tell "was denied bail", "did not deny" and "a pay dispute" from a denial."""
    if match.cue.phrase:
        return False
    if match.cue.form in _NOUNS and not re.match(
        r"\s+(?:that|the|this|any|its|his|her|their)\b", text[match.end :]
    ):
        return True
    before, after = text[max(0, match.start - 30) : match.start], text[match.end : match.end + 50]
    undone = any(not before[m.end() :].strip() for m in words("undone").finditer(before))
    withheld = words("withheld").search(after)
    return (
        undone
        or before.endswith("n't ")
        or (withheld is not None and len(after[: withheld.start()].split()) < 4)
    )


def _surely_denies(text: str, match: cues.CueMatch) -> bool:
    if words("plain_denials").search(text[match.start : match.end]):
        return True
    after = text[match.end : match.end + 40].split()[:3]
    return after[:1] == ["that"] or any(words("deniable").fullmatch(word.strip(".,;:")) for word in after)


def _surely_withholds(text: str, match: cues.CueMatch) -> bool:
    return words("plain_nonconfirmations").search(text[match.start : match.end]) is not None


def _is_prose(text: str) -> bool:
    """Tell a sentence from a headline or a bullet, which repeat the body and need no row."""
    return text.rstrip("\"')]").endswith((".", "!", "?"))


# -- faults ----------


def _flipped(grounded: GroundedDraft, dropped: Iterable[_Refusal]) -> Iterator[tuple[int, Finding]]:
    for refusal in dropped:
        for where, claim, position in positions(grounded):
            if refusal.denial and position.stance == "asserts" and _denies(grounded, position, refusal):
                number, source = refusal.sentence.number, shorten(position.source)
                seen = f"{source!r} asserts it, but sentence {number} holds {shorten(refusal.words)!r}"
                message = f"{row(claim)}: {seen}. Make the stance what those words say."
                yield number, finding(CHECK, _severity(refusal), where, message)


def _denies(grounded: GroundedDraft, position: Position, refusal: _Refusal) -> bool:
    """Tell whether a position's evidence is the denial itself, spoken by its own source."""
    if nameless(position.source) or not any(e.start <= refusal.start < e.end for e in position.evidence):
        return False
    clause = re.split(r"[,;:]", grounded.article.text[refusal.sentence.start : refusal.start])[-1]
    if named(position, clause):
        return True
    earlier = text_of(grounded, around(grounded, (refusal.sentence,), before=2, after=-1))
    return words("pronouns").search(clause) is not None and named(position, earlier)


def _dropped(refusals: Iterable[_Refusal]) -> Iterator[Finding]:
    for refusal in {r.sentence.number: r for r in refusals}.values():
        stands = "denies" if refusal.denial else "does not confirm"
        seen = f"Sentence {refusal.sentence.number} holds {shorten(refusal.words)!r}"
        message = f"{seen}: no row has a position that {stands} there. Add one to the row that it is about."
        yield finding(CHECK, _severity(refusal), "report", message)


def _severity(refusal: _Refusal) -> Severity:
    return "error" if refusal.sure else "warning"


def _invented(grounded: GroundedDraft) -> Iterator[Finding]:
    for where, claim, position in positions(grounded):
        cited = sentences_of(grounded, position.evidence)
        if position.stance == "asserts" or not cited or _refuses(fold(text_of(grounded, cited)), position):
            continue
        numbers = ", ".join(str(s.number) for s in cited)
        seen = (
            f"{shorten(position.source)!r} {position.stance} it, but sentence {numbers} holds no such words"
        )
        message = f"{row(claim)}: {seen}. Never repair the text: give the stance its words give."
        severity: Severity = "error" if _affirms(position, claim) else "warning"
        yield finding(CHECK, severity, where, message)


def _affirms(position: Position, claim: Claim) -> bool:
    """Tell words that say the row itself from words that deny it by saying something else."""
    topic = set(content_words(claim.text))
    said = topic & {word for e in position.evidence for word in content_words(e.quote)}
    return len(said) >= _AFFIRMED * len(topic)


def _refuses(text: str, position: Position) -> bool:
    if (
        cues.has_denial(text)
        or cues.has_nonconfirmation(text)
        or "n't" in text
        or words("negative").search(text)
    ):
        return True
    return position.stance == "does_not_confirm" and words("unsure").search(text) is not None
