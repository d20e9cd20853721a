"""Reads what follows a verb of saying: where the proposition starts, and how its words hang on the verb."""

import re
from dataclasses import dataclass, replace

from summarizer.backends.offline import grammar
from summarizer.backends.offline.grammar import Lexeme
from summarizer.backends.offline.passages import MASK, Passage, Shape, skip
from summarizer.text import times
from summarizer.text.cues import Cue, CueMatch


@dataclass(frozen=True, slots=True)
class Complement:
    """What follows a verb of saying.

    Attributes:
        start: Where the proposition's words start.
        shape: How they hang on the verb; None where nothing that can be a proposition follows.
        plain: No "that" or verb shows that it is one; it may as well be time and place of the saying.
    """

    start: int
    shape: Shape | None
    plain: bool = False


def complement(text: str, match: CueMatch, end: int) -> Complement:
    """Read what follows a cue, past whom it was told, where and when."""
    at = match.end
    if match.cue.form in {"told", "tells"}:
        found = _ADDRESSEE.match(text, at, end)
        at = found.end() if found else at
    at = _past_setting(text, at, end)
    if _COMMA.match(text, at, end):
        return Complement(at, None, plain=True)
    found = _THAT.match(text, at, end)
    if found:
        return Complement(found.end(), "clause", plain="," in found.group())
    at = skip(text, at, end)
    return Complement(at, *_shape(text, match.cue, at, end))


_ADDRESSEE = re.compile(
    r"\s+(?:(?:me|us|him|her|them|reporters|journalists|investors|viewers|jurors|parliament|lawmakers|clients"
    r"|detectives)\b"
    r"|(?:the|a|an|this|state|local|its|his|her|their)\s+(?:[\w’'-]+\s+){0,3}?[\w’'-]+"
    r"(?=\s+(?:that|he|she|it|they|there|his|her|its|the|a|no)\b)"
    r"|(?:(?!that\b)[\w’'-]+\s+){1,9}?(?!that\b)[\w’'-]+(?=\s+that\s)"
    r"|(?:the|this|a)\s+[\w’']+"
    r"|[A-Z][\w.’'-]+(?:\s+[A-Z][\w.’'-]+)*)"
)
_SETTING = re.compile(
    r"\s+(?:in\s+(?:an?|the|its|his|her|their|comments|remarks)\s+[\w\s’'-]{2,60}?|by\s+\w+(?:\s+\w+)?"
    r"|at\s+a\s+[\w\s]{3,30}?|separately|earlier|again|twice|repeatedly|online|outside\s+court|under\s+\w+)"
    r"(?=\s+that\b|,|:|\s+[\"“]|\.?$)"
)
_COMMA = re.compile(r",(?!\s*(?:that\b|[\"“]))")
_THAT = re.compile(r"\s*,?\s*(?:that|whether|if)\b\s*")


def _past_setting(text: str, at: int, end: int) -> int:
    """Pass over "in a statement" and "on Monday" after the verb."""
    for _ in range(3):
        found = _SETTING.match(text, at, end)
        at = found.end() if found else at
        time = next(iter(times.find(text[at : at + 60])), None)
        if time and not text[at : at + time.start].strip() and at + time.end <= end:
            at += time.end
    return at


# -- shapes ------------------------------------------------------------------------------------------------

_STOP = re.compile(r";|,\s+(?:but|and|while|although|which|who)\b")
_ABOUT = re.compile(r"(?!that\b)(?:[\w’'-]+\s+){1,5}?(?:about|of|over|against)\s+(?!\w+ing\b)", re.IGNORECASE)
"""A deed and what it was about ("warned the council about cracks"), not a statement."""
_PUT = re.compile(r"(?:[\w’'-]+\s+){1,8}?(?=(?:at|closer\s+to|nearer|as\s+high\s+as)\s)")
_TO = re.compile(r"(?P<who>\S+(?:\s+\S+){0,7}?)\s+to\s+(?=[a-z]+\b)")


def _shape(text: str, cue: Cue, at: int, end: int) -> tuple[Shape | None, bool]:
    """Return how the words at ``at`` hang on the cue, and whether that is only a guess from a bare noun."""
    found = _STOP.search(text, at, end)
    rest = text[at : found.start() if found else end]
    if cue.form in {"put", "puts"}:
        return ("put" if _PUT.match(rest) else None), False
    if MASK in rest and (MASK in rest[:4] or not (cue.action or rest.startswith("to "))):
        return "clause", False
    if cue.form.startswith(("warn", "told", "tell")) and _ABOUT.match(rest):
        return None, False
    lexemes = grammar.lex(rest.replace(MASK, " "))
    if not lexemes or not (lexemes[0].is_word or lexemes[0].text in "\"“'‘("):
        return ("noun" if cue.phrase else None), True
    return _verbal(cue, rest, lexemes) or _nominal(cue, rest, lexemes)


def _verbal(cue: Cue, rest: str, lexemes: tuple[Lexeme, ...]) -> tuple[Shape | None, bool] | None:
    """Read "to do p", "doing p", "Y of doing p" and "Y to do p"."""
    opening = lexemes[0].lower
    if opening == "to":
        return ("infinitive" if cue.kind != "fact" or cue.form.startswith("claim") else None), False
    if cue.stance == "denies" and grammar.is_gerund(opening):
        return "gerund", False
    if cue.form.startswith("accus") and re.search(r"\sof\s+\w+ing\b", rest):
        return "accused", False
    asks = cue.kind in {"opinion", "forecast"} and not cue.action
    return ("object", False) if asks and _TO.match(rest) else None


def _nominal(cue: Cue, rest: str, lexemes: tuple[Lexeme, ...]) -> tuple[Shape | None, bool]:
    """Tell a clause without "that" from a bare noun phrase."""
    opening = lexemes[0].lower
    if cue.phrase and opening == "of":
        return "noun", True
    counted = rest.startswith(("as many as ", "as much as "))
    if opening in grammar.prepositions() and not (cue.phrase or counted):
        return ("clause" if "," in rest and grammar.has_finite(lexemes, 2) else None), True
    verb = grammar.first_finite(lexemes)
    late = cue.stance == "denies" and opening in {"the", "a"} and (verb or 0) > 8
    shared = (
        bool(verb) and lexemes[(verb or 1) - 1].lower == "and"
    )  # "admitted one count and will be sentenced"
    if verb and not (cue.action or late or shared):
        return "clause", False
    return ("noun" if len(lexemes) > 1 else None), True


# -- objects that only point -------------------------------------------------------------------------------

_CLAIMED = re.compile(r"\b(?:claim|report|allegation|suggestion|rumour|account)s?\b[^.;]*?\bthat\s+")
_WHETHER = re.compile(r"\bwhether\s+(?P<p>[^,;]+)")
_IT = re.compile(r"(?:it|that|this|them|so|either)\b\W*(?:all\b|$|,)")
_REPORTS = re.compile(
    r"(?:the|these|those|such|all)\s+(?:reports|claims|allegations|rumours|accusations|charges)\b"
)
_ANY = re.compile(r"(?:of|that|whether|about)?\s*(?:any\b|the\s+suggestion\s+that\b)?\s*")


_CALLS = re.compile(r"(?:(?:the|all|any)\s+)?(?:calls|demands|pressure|appeals)\s+(?=to\s+[a-z]+)")
_AFTERWARDS = re.compile(r",?\s+(?:after|following|amid|as|when|over|because)\b")


def pointed(text: str, start: int, passage: Passage) -> Passage:
    """Find what is denied or not confirmed where the object only points at it ("the claims that p", "it")."""
    words = text[passage.start : passage.end]
    if passage.stance == "asserts":
        return passage
    claimed = _CLAIMED.search(words)
    if claimed and (passage.stance == "does_not_confirm" or _is_object(words[: claimed.end()])):
        return replace(passage, start=passage.start + claimed.end(), shape="clause")
    if passage.stance == "denies" and (calls := _CALLS.match(words)):
        first = passage.start + calls.end()
        last = _AFTERWARDS.search(text, first, passage.end)
        return replace(
            passage, start=first, end=last.start() if last else passage.end, shape="asked", kind="opinion"
        )
    if _IT.match(words):
        return _asked(text, start, passage) or replace(passage, backward=True)
    if passage.stance == "denies" and _REPORTS.match(words):
        return replace(passage, backward=True)
    opening = _ANY.match(words) if passage.shape == "noun" else None
    return replace(passage, start=passage.start + opening.end()) if opening else passage


def _is_object(opening: str) -> bool:
    """Tell whether "the minister's claim that" is all there is before the words of a claim: no verb yet."""
    return len(opening) < _LONGEST_OBJECT and not grammar.has_finite(grammar.lex(opening)[:-1])


_LONGEST_OBJECT = 90
_CLAIM = (
    r"(?:claims?|reports?|allegations?|accusations?|suggestions?|assertions?|accounts?|statements?|rumou?rs?)"
)
_OWNERS = (
    re.compile(rf"(?P<who>\S.{{1,60}}?)['’]s?\s+(?:\w+\s+){{0,2}}?{_CLAIM}\s+that\s+$"),
    re.compile(
        rf"(?:\w+\s+){{0,3}}?{_CLAIM}\s+(?:made\s+)?(?:by|from|of|in|on)\s+(?P<who>.{{2,60}}?)\s+that\s+$"
    ),
    re.compile(rf"an?\s+(?P<who>(?:[A-Z][\w’'&.-]*\s+){{1,4}}){_CLAIM}\s+that\s+$"),
    re.compile(r"(?:(?:\w+)\s+){0,2}?(?P<who>reports|rumou?rs)\s+that\s+$"),
)
"""Who put forward what is denied: "denied Renn's claim that", "claims by the union that", "reports that"."""


def owner(text: str, start: int, passage: Passage) -> Passage | None:
    """Return what a denied or unconfirmed claim says as the word of whoever made it, or None.

    Args:
        text: The sentence.
        start: Where the object of the denial starts.
        passage: What is denied.
    """
    opening = text[start : passage.start]
    found = next((m for m in (p.match(opening) for p in _OWNERS) if m), None)
    if found is None or passage.stance == "asserts" or MASK in opening:
        return None
    first = start + found.start("who")
    return replace(
        passage,
        source=found["who"].strip(),
        description="",
        stance="asserts",
        hedged=False,
        shown=(first, passage.end),
    )


def _asked(text: str, start: int, passage: Passage) -> Passage | None:
    """Of "X, asked whether p, would neither confirm nor deny it", return p."""
    found = _WHETHER.search(text, start, passage.start)
    if found is None:
        return None
    first, last = found.span("p")
    return replace(passage, start=first, end=last, shown=(start, passage.end), shape="clause")
