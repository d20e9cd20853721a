"""Reads who stands before a verb of saying: its clause, its subject, the apposition between them."""

import re
from dataclasses import dataclass

from summarizer.backends.offline import grammar
from summarizer.backends.offline.naming import with_role
from summarizer.backends.offline.passages import MASK, Span, says_something, skip
from summarizer.text import times

BOUNDARY = re.compile(
    r";\s+|:\s+|\s[—–-]\s|,?\s+(?:but|and|while|although|though|whereas|yet)\s+|^(?:but|and|yet|nor)\s+"
    r"|,?\s+(?=(?:saying|noting|adding|claiming|warning)\b)",
    re.IGNORECASE,
)
"""What a new voice can follow."""
_LOOK_AHEAD = 8
"""Characters beyond a cue's start that the boundary pattern needs to see the cue itself."""
_LONGEST, _MOST_WORDS = 130, 18


@dataclass(frozen=True, slots=True)
class Subject:
    """Who speaks.

    Attributes:
        source: The phrase; None where the verb has no subject of its own.
        description: What stands in apposition to it.
        start: Where the phrase starts.
        zone: Where the clause starts.
        lead_says: A proposition stands before the phrase ("p, X said").
    """

    source: str | None
    description: str
    start: int
    zone: int
    lead_says: bool


def zone(text: str, start: int, cue: int) -> int:
    """Return where the clause of the cue at ``cue`` starts: after the last boundary a subject can follow."""
    at = start
    for found in BOUNDARY.finditer(text, start, cue + _LOOK_AHEAD):
        if found.end() > cue:
            break
        joins = found.group().strip(" ,").lower() == "and" and found.end() < cue
        parts = not joins or says_something(text, at, found.start())
        opening, _, rest = text[found.end() : cue].partition(",")
        if joins and opening.strip() and _SPEAKING.fullmatch(rest):  # "p and q, she said": all of it
            continue
        if parts and is_subject(opening):
            at = found.end()
    return at


_SPEAKING = re.compile(r"\s*(?:he|she|they|it|(?:Mr|Mrs|Ms|Dr)\.?\s[A-Z][\w’'-]+)\s*")


def boundary(text: str, start: int, end: int, cue: int) -> int:
    """Return where the boundary starts that ends at ``end``; ``end`` itself where there is none."""
    ends = BOUNDARY.finditer(text, start, cue + _LOOK_AHEAD)
    return next((b.start() for b in ends if b.end() == end), end)


def subject(text: str, start: int, cue: int) -> Subject | None:
    """Read the source between ``start`` and a cue, or None where nothing there can be one."""
    if not text[start:cue].strip(" ,"):
        return Subject(None, "", start, start, lead_says=False)
    pieces, description = _pieces(text, start, cue), ""
    if len(pieces) > 1 and not text[slice(*pieces[-1])].strip():
        pieces, description = _without_apposition(text, pieces[:-1])
    first, last = pieces[-1]
    first = _after_adverbial(text, first, last)
    source = re.sub(r"\s+(?:was|is|were|has\s+been)$", "", text[first:last].strip())
    if not is_subject(source):
        return None
    return Subject(source, description, first, start, says_something(text, start, first))


_NO_SUBJECT = frozenset(("to", "that", "if", "when", "because", "what", "there", "who", "which", "not"))


def is_subject(words: str) -> bool:
    """Tell whether words can be a source: short, no verb, not opening like a clause; nothing at all can."""
    plain = words.strip(" ,")
    if not plain:
        return True
    if len(plain) > _LONGEST or MASK in plain or re.search(r"\d{3,}|[?!]", plain):
        return False
    lexemes = grammar.lex(plain)
    if not lexemes or len(lexemes) > _MOST_WORDS or lexemes[0].lower in _NO_SUBJECT:
        return False
    body = [x for x in lexemes if x.lower not in {"who", "which"}]
    return not grammar.has_finite(body) and lexemes[-1].lower not in grammar.prepositions()


_PERSON = re.compile(r"(?!the |a )(?:.*\s)?[A-Z][\w'’-]+\s+(?:al-|de\s|van\s)?[A-Z][\w'’-]+", re.DOTALL)


def is_person(words: str) -> bool:
    """Tell whether a phrase ends in two capitalised words, as names of persons do."""
    return _PERSON.fullmatch(words) is not None


_CUT = re.compile(r",\s+|,?[\"”’']\s*,?\s+(?=[^\s□])|(?<=□)[\"”]\s*,?\s*")


def _pieces(text: str, start: int, end: int) -> list[Span]:
    """Cut at commas and closing quotation marks."""
    pieces, at = [], start
    for found in _CUT.finditer(text, start, end):
        if text[found.start()] == "," or MASK in text[max(start, found.start() - 2) : found.start()]:
            pieces.append((at, found.start()))
            at = found.end()
    return [*pieces, (at, end)]


def _without_apposition(text: str, pieces: list[Span]) -> tuple[list[Span], str]:
    """Of "X, a spokesman for Y" keep X; of "the leader, X" keep X as well, as the one with a name."""
    description = text[slice(*pieces[-1])].strip()
    for back in range(len(pieces) - 2, max(len(pieces) - 5, -1), -1):
        candidate = text[slice(*pieces[back])].strip()
        named = (description[:1].isupper() and is_person(description)) or with_role(description)
        if named and not is_person(candidate):
            return pieces, candidate if len(candidate) < 80 else ""
        if is_subject(candidate) and not re.match(r"(?:who|which|whose)\b", candidate):
            return pieces[: back + 1], ", ".join(text[slice(*p)].strip() for p in pieces[back + 1 :])
    return pieces, ""


_OPENERS = re.compile(
    r"\s*(?:but|and|yet|however|later|earlier|meanwhile|also|then|still|nor|so|today|hours\s+later|in\s+fact"
    r"|instead|separately|overall|as)\b,?\s+",
    re.IGNORECASE,
)
_PRONOUN_LAST = re.compile(r"\b(?:he|she|they|it)(?=\s*(?:was|is|were)?\s*$)", re.IGNORECASE)


def _after_adverbial(text: str, first: int, last: int) -> int:
    """Pass over "On Monday", "Hours later", "However" before a subject."""
    before = None
    while first != before:
        before = first
        found = _OPENERS.match(text, first, last)
        first = found.end() if found else first
        time = next(iter(times.find(text[first:last])), None)
        if time and time.start == 0 and text[first + time.end : last].strip():
            first = skip(text, first + time.end, last)
    pronoun = _PRONOUN_LAST.search(text[:last], first)
    return pronoun.start() if pronoun else first
