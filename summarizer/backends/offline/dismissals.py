"""Reads denials that deny in other words: "a fairy tale", "that is simply not so", "nothing of the kind"."""

import re

_MANNER = (
    r"(?:(?:\w{2,20}ly|just|all|pure|sheer|quite|so|utter|complete|total|an?|the|nothing but|no more than)"
    r"\s+){0,4}"
)
_FALSE = (
    r"(?:false|falsehoods?|untrue|not\s+true|incorrect|inaccurate|nonsense|rubbish|garbage|fiction|fictitious"
    r"|fantas(?:y|ies|tical)|fairy\s*-?tales?|lies?|invention|invented|fabricat(?:ions?|ed)|made\s+up"
    r"|guesswork|baseless|groundless|unfounded|without\s+(?:foundation|merit|basis)|impossible|hearsay|gossip"
    r"|propaganda|smears?|slander|slanderous|defamatory|absurd|ridiculous|ludicrous|laughable|preposterous|hoax|myth|rumours?"
    r"|speculation|not\s+(?:\w{2,20}ly\s+)?so|not\s+the\s+case|not\s+what\s+happened)\b"
)
_PUT = (
    r"(?:claims?|allegations?|accusations?|charges?|suggestions?|reports?|rumou?rs?|story|stories|account|version|idea|notion"
    r"|assertions?|figures?|theory|talk|tale|narrative|counts?|lot)"
)
FALSE = re.compile(rf"{_MANNER}{_FALSE}", re.IGNORECASE)
"""Words that call something untrue."""

_POINTS = re.compile(
    rf"(?:that|this|it|they|those|these|all\s+of\s+(?:it|this|that|them)"
    rf"|(?:the|that|this|those|these|such|any|his|her|their)\s+(?:\w+\s+)?{_PUT})"
    rf"(?:\s+(?:is|was|are|were)|['’]s)\s+[\"“]?{_MANNER}{_FALSE}",
    re.IGNORECASE,
)
_BARE = re.compile(rf"{_MANNER}{_FALSE}\W*", re.IGNORECASE)
_NEVER = re.compile(
    r"(?:nothing\s+of\s+the\s+(?:kind|sort)\b|(?:it|that|this)\s+(?:simply\s+)?(?:never\s+happened|did\s+not\s+happen|didn['’]t\s+happen)"
    r"|none\s+of\s+(?:it|this|that)\s+(?:is|was)\s+true|(?:\S+\s+){1,4}(?:did|had\s+done|do|does)\s+no\s+such\s+thing"
    r"|no\s+such\s+thing\b)",
    re.IGNORECASE,
)
_NAMED = re.compile(
    rf"(?:the|any|this|that|his|her|their|\S+['’]s)\s+(?:\w+\s+)?{_PUT}\s+(?:that|of|about|to)\s+(?P<what>.{{5,160}}?)\s+"
    rf"(?:is|was|are|were)\s+[\"“]?{_MANNER}{_FALSE}",
    re.IGNORECASE,
)


def denies_before(text: str) -> bool:
    """Tell whether a statement only calls untrue what was said before ("That is categorically false.")."""
    return any(p.match(text) for p in (_POINTS, _NEVER)) or _BARE.fullmatch(text) is not None


def denied(text: str) -> str:
    """Of "The claim that p is nonsense" return p, of "The allegation of x was false" x; else ""."""
    found = _NAMED.match(text)
    return found["what"].strip(' ,"“”') if found else ""


CALLED = re.compile(
    rf"\b(?:called|calls|calling|described|describes|branded|brands|labelled|labeled|dubbed|dismissed|dismisses|rejected|rejects)"
    rf"\s+(?P<what>[^\"“”.;□]{{2,80}}?)\s*(?:\bas\s+)?[\"“]?\s*{_MANNER}{_FALSE}",
    re.IGNORECASE,
)
"""What somebody calls untrue: "called the accusations a fairy tale"."""
PLEADED = re.compile(
    r"\b(?:has\s+|have\s+|had\s+)?(?:pleaded|pleads|plead|pled|entered\s+pleas?\s+of)\s+not\s+guilty\b"
    r"|\b(?:maintains?|maintained|protests|protested|insists?\s+on|insisted\s+on)\s+(?:his|her|their)\s+innocence\b",
    re.IGNORECASE,
)
"""A denial in court."""
_DENY = (
    r"(?:denied|denies|deny|disputed|disputes|dispute|rejected|rejects|contradicted|contradicts|dismissed"
    r"|dismisses)"
)
TAIL = re.compile(
    rf",\s+(?:an?|the)\s+(?:\w+\s+)?{_PUT}\s+(?:\w+ly\s+|since\s+)?{_DENY}\s+by\s+(?P<by>[^,;:\"“]{{3,80}}?)(?=[.,;]|$)"
    rf"|,\s+(?:something|which|an?\s+(?:\w+\s+)?{_PUT}(?:\s+that|\s+which)?)"
    rf"\s+(?P<who>(?!(?:is|was|has|had|were|are)\b)[^,;:\"“]{{2,60}}?)"
    rf"\s+(?:(?:has|have|had|also|\w+ly)\s+)*{_DENY}(?=[.,;]|$)",
    re.IGNORECASE,
)
"""A denial that hangs on what it denies: ", an account contradicted by the firm"."""
OBJECT = re.compile(
    rf"(?:the|any|this|that|these|those|all|\S+['’]s)\s+(?:\w+\s+)?{_PUT}\s+(?P<link>that|of|about)\s+",
    re.IGNORECASE,
)
"""What opens the words of a denied claim: "the allegation that"."""
POINTER = re.compile(
    rf"(?:that|this|it|them|these|those|all\s+(?:of\s+)?(?:it|this|that|them)"
    rf"|(?:the|that|this|those|these|such|all|all\s+the|his|her|their|\S+['’]s)\s+(?:\w+\s+)?{_PUT})",
    re.IGNORECASE,
)
"""Words that only point at what was put forward."""
