"""Page furniture: lines that are not the article, known by their words. By their place: ``placement``."""

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from summarizer.text.folding import fold
from summarizer.text.layout import INVISIBLE, Line

LONGEST_LABEL = 300
"""Nothing longer is a label."""
LONGEST_BOILERPLATE = 900
"""Nothing longer is furniture by its words."""
_BYLINE_LENGTH = 120
_SENTENCE_WORDS = 5
_UNSEEN = re.compile(f"[{INVISIBLE}]")
_EDGES = " []{}()<>*•·|»›–-_#~=▪◦‣►▶"
_ENDS_IN_STOP = re.compile(r"\.[\"')\]]*$")
_SEPARATORS = re.compile(r"\s*[|›»→·•]\s*|\s+[>/\\]\s+|[ \t]{2,}|\t")
_NUMBER = re.compile(r"[\d.,:]+[km]?")
_WORD = re.compile(r"[^\s|/,:;()\[\].!?&·•-]+(?:[-'.][^\s|/,:;()\[\].!?]+)*")
_NAME = r"(?:[A-Z][\w.'-]*|al|el|bin|ibn|de|da|di|van|von|der|den|la|le)"
_NAMES = rf"{_NAME}(?: {_NAME}){{0,4}}"
_ROLE = (
    r"(?:desk|correspondents?|reporters?|editors?|writers?|staff|contributors?|columnists?|bureau|agency|agencies"
    r"|team|newsroom|chief)"
)
_WORK = (
    r"(?:photos?|photographs?|photography|pictures?|illustrations?|videos?|graphics?|words|reporting|writing|editing"
    r"|edited|written|research|compiled|translated|translation|story|powered|theme|designed|web design)"
)
_CREDIT = rf"(?i:(?:with )?(?:additional )?{_WORK}(?: and {_WORK})?) (?:by|BY)"
# Names count by their capitals here: “Photographs by Dov Atherley”, but not “Edited by censors”.
_BY = re.compile(rf"(?:By|BY|by) |{_CREDIT} |(?i:author|writer|reporter|editor|by|source) ?: ?")
_BETWEEN = re.compile(r"[,;|/&]| (?:and|in|for|at|-) ")
_NAMED = re.compile(rf"(?:and |the |in )?{_NAMES}")
_CREDITED = re.compile(rf"{_NAMED.pattern}|[\w' -]{{0,40}}\b{_ROLE}|{_CREDIT}(?: {_NAMES})?")
_CORRESPONDENT = re.compile(
    rf"{_NAMES}(?:,| \|| -) [\w' ]{{0,40}}\b(?i:{_ROLE})\b(?: (?:in|at|for) {_NAMES})?"
    rf"|(?:Our|From our) (?:\w+ )?(?:reporter|correspondent)s? {_NAMES}(?: in {_NAMES})?"
    r"|[^.?!]{0,80}(?<!\S)@\w{2,30}(?: ?\|? ?\d[\d:.]{0,7}(?: ?[ap]m)?)?"
    r"|[A-Z][A-Z .'-]{2,30}(?:, [A-Z][\w .]{1,20})?(?: ?\([\w /.-]{2,30}\))? ?[-—]+"
)


def recognise(parts: Sequence[Line]) -> tuple[Line, ...]:
    """Return the lines with those marked that are furniture by their own words, wherever they stand."""
    marked: list[Line] = []
    for line in parts:
        kind = kind_of(line.text)
        if not kind and marked and _is_open(marked[-1]) and marked[-1].block == line.block:
            kind = marked[-1].kind
        marked.append(replace(line, kind=kind))
    return tuple(marked)


def _is_open(line: Line) -> bool:
    """Whether a line of furniture goes on in the next: its bracket is not closed."""
    return (
        line.furniture
        and line.text.startswith("(")
        and ")" not in line.text
        and len(line.text) < LONGEST_LABEL
    )


def kind_of(line: str) -> str:
    """Return the kind of furniture a line is by its own words, or nothing."""
    if not any(map(str.isalnum, line)):
        return "rule"
    if len(line) > 2 * LONGEST_BOILERPLATE:
        return ""
    plain = " ".join(_UNSEEN.sub("", fold(line)).split())
    sentence = _ENDS_IN_STOP.search(plain) is not None and plain.count(" ") >= _SENTENCE_WORDS
    if len(plain) > LONGEST_BOILERPLATE or (sentence and _is_reported(plain)):
        return ""
    if _lists().parts.search(plain):
        return "boilerplate"
    return "" if len(plain) > LONGEST_LABEL else _kind_of_label(line, plain, sentence=sentence)


def is_masthead(words: Sequence[str]) -> bool:
    """Whether words are the name of a section, or of a newspaper or station by its last word."""
    name = " ".join(words).casefold()
    return name in _lists().sections or (len(words) <= 4 and name.rpartition(" ")[2] in _lists().mastheads)


def is_teaser(line: str) -> bool:
    """Whether a line below an article's first paragraph leads to something else: “Video: …”."""
    return len(line) <= LONGEST_LABEL and _lists().after_prose.fullmatch(fold(line)) is not None


def is_foot(line: str) -> bool:
    """Whether a paragraph at the foot of a page is about the site or the author."""
    return _lists().foot.search(fold(line)) is not None


def _is_reported(plain: str) -> bool:
    return not _lists().speech.isdisjoint(_WORD.findall(plain.casefold()))


def _kind_of_label(line: str, plain: str, *, sentence: bool) -> str:
    key = plain.strip(_EDGES).rstrip(".!…").rstrip()
    for kind, pattern in _lists().sentences:
        if pattern.fullmatch(key):
            return kind
    if sentence:
        return ""
    for kind, pattern in _lists().labels:
        if pattern.fullmatch(key):
            return kind
    if _is_bar(key):
        return "bar"
    if _is_navigation(line):
        return "navigation"
    return "bylines" if len(plain) <= _BYLINE_LENGTH and _is_byline(plain.strip("()[] ")) else ""


def _is_bar(key: str) -> bool:
    words = _WORD.findall(key.casefold())
    lists = _lists()
    buttons = lists.bar_words | lists.sections if words[:1] == ["home"] else lists.bar_words
    known = [word in buttons for word in words]
    return sum(known) * 3 > len(words) and all(
        sure or word in lists.fillers or _NUMBER.fullmatch(word)
        for sure, word in zip(known, words, strict=True)
    )


def _is_byline(plain: str) -> bool:
    """Whether a line only says who wrote, took or sent it, or from where."""
    if _CORRESPONDENT.fullmatch(plain):
        return True
    opening = _BY.match(plain)
    if opening is None:
        return False
    first, *others = _BETWEEN.split(plain[opening.end() :].strip(" ,;."))
    return _NAMED.fullmatch(first.strip()) is not None and all(
        not other.strip() or _CREDITED.fullmatch(other.strip()) for other in others
    )


def _is_navigation(line: str) -> bool:
    """Whether a line is a row of links: “Home > World > Kesmara”, “News | Sport | Weather”."""
    keywords = line.split(", ")
    if len(keywords) >= 6 and all(len(word.split()) <= 4 for word in keywords) and line[-1] not in ".?!:;,":
        return " and " not in line and " or " not in line
    links = [link for link in _SEPARATORS.split(line.strip(_EDGES)) if link.strip()]
    if len(links) < 3 or line.startswith("|"):
        return False
    if any(link[-1] in ".?!,;:" or _NUMBER.fullmatch(link) for link in links):
        return False
    return all(len(link.split()) <= 5 for link in links)


@dataclass(frozen=True, slots=True)
class _Lists:
    bar_words: frozenset[str]
    fillers: frozenset[str]
    sections: frozenset[str]
    mastheads: frozenset[str]
    sentences: tuple[tuple[str, re.Pattern[str]], ...]
    labels: tuple[tuple[str, re.Pattern[str]], ...]
    speech: frozenset[str]
    after_prose: re.Pattern[str]
    parts: re.Pattern[str]
    foot: re.Pattern[str]


@cache
def _lists() -> _Lists:
    data: dict[str, Any] = tomllib.loads(
        files("summarizer.text").joinpath("data/furniture.toml").read_text("utf-8")
    )
    headings = {
        "comment form": data["comments"]["forms"],
        "comment heading": data["comments"]["headings"],
        "related heading": data["related"]["headings"],
    }
    labels = {kind: lists["labels"] for kind, lists in data.items() if "labels" in lists}
    sentences = {kind: lists["patterns"] for kind, lists in data.items() if "patterns" in lists}
    return _Lists(
        bar_words=frozenset(data["bars"]["words"]),
        fillers=frozenset(data["bars"]["fillers"]),
        sections=frozenset(data["sections"]["names"]),
        mastheads=frozenset(data["sections"]["mastheads"]),
        sentences=tuple((kind, _any_of(patterns)) for kind, patterns in sentences.items()),
        labels=tuple((kind, _any_of(patterns)) for kind, patterns in (headings | labels).items()),
        speech=frozenset(data["speech"]["words"]),
        after_prose=_any_of(data["related"]["after_prose"]),
        parts=_any_of(data["boilerplate"]["parts"]),
        foot=_any_of(data["boilerplate"]["foot"]),
    )


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)
