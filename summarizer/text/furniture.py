"""Page furniture: lines that are not the article, known by their words or by their place."""

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import accumulate, groupby
from typing import Any

from summarizer.text.folding import fold
from summarizer.text.layout import INVISIBLE, Line

_LONGEST = 300
_LONGEST_BOILERPLATE = 900
_PROSE_WORDS = 5
_HEADLINE_WORDS = 25
_UNSEEN = re.compile(f"[{INVISIBLE}]")
_EDGES = " []{}()<>*•·|»›–-_#~=▪◦‣►▶"
_SEPARATORS = re.compile(r"\s*[|›»→·•]\s*|\s+[>/\\]\s+|[ \t]{2,}|\t")
_NUMBER = re.compile(r"[\d.,:]+[km]?")
_WORD = re.compile(r"[^\s|/,:;()\[\].!?&·•-]+(?:[-'.][^\s|/,:;()\[\].!?]+)*")
_NAME = r"(?:[A-Z][\w.'-]*|al|el|bin|ibn|de|da|di|van|von|der|den|la|le)"
_NAMES = rf"{_NAME}(?: {_NAME}){{0,4}}"
_ROLE = r"(?:desk|correspondents?|reporters?|editors?|writers?|staff|contributors?|columnists?|bureau|agency|agencies|team|newsroom|chief)"
_CREDIT = (
    r"(?i:(?:additional |with additional )?(?:photos?|photographs?|photography|pictures?|illustrations?|videos?|graphics?|words|reporting|writing"
    r"|editing|edited|written|research|compiled|translated|translation|story|powered|theme|designed|web design)"
    r"(?: and (?:editing|writing|reporting|photos|photographs|video|pictures))?) (?:by|BY)"
)
_BYLINE = re.compile(
    rf"{_CREDIT} (?:{_NAMES}|the {_NAMES})(?:(?:,|;| and| in| &) (?:(?:and |the )?{_NAMES}|{_CREDIT} {_NAMES}|staff|agencies))*(?:; {_CREDIT}|[;,.])?"
    rf"|(?i:author|writer|reporter|editor|by|source) ?: ?{_NAMES}"
    rf"|(?:By|BY|by|Words|Text|Story) (?:{_NAMES}|the {_NAMES})(?:(?:,| and| in| for| at| \||/| -| &) (?:(?:and |the |in )?{_NAMES}|[\w' -]{{0,40}}{_ROLE}))*,?"
    rf"|{_NAMES}(?:,| \|| -) [\w' ]{{0,40}}\b{_ROLE}\b(?: (?:in|at|for) {_NAMES})?"
    rf"|(?:Our|From our) (?:\w+ )?(?:reporter|correspondent)s? {_NAMES}(?: in {_NAMES})?"
    rf"|[^.?!]{{0,80}}(?<!\S)@\w{{2,30}}(?: ?\|? ?[\d:.]{{1,8}}(?: ?[ap]m)?)?"
    rf"|[A-Z][A-Z .'-]{{2,30}}(?:, [A-Z][\w .]{{1,20}})?(?: ?\([\w /.-]{{2,30}}\))? ?[-—]+"
)
_BARE_NAME = re.compile(r"[A-Z][\w'-]+(?: [A-Z][\w.'-]*| (?:de|van|von|al|bin|and|der|di|da)){1,5}")
_DATE_WORDS = re.compile(
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b|(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?"
    r"|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b|\d+(?:st|nd|rd|th|h)?|[ap]\.?m\b|gmt|utc|[ecmp][sd]?t\b|bst|cest?"
    r"|updated|published|posted|modified|last|first|on|at|ago|hours?|mins?|minutes?|days?|today|yesterday|local time|\W+",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"[\"'“‘]|(?:He|She|They|It|We|I)\b")
_COMMENTER = re.compile(r"\bsays:?$|\d(?: ?[ap]m)?,? ?(?:reply)?$", re.IGNORECASE)
_ROWS = frozenset({"navigation", "newsletters", "bar"})
_FORM = frozenset({"newsletters", "comments", "comment heading", "contact", "bar"})
_COMMENTS = frozenset({"comments", "comment heading"})
_LISTED = 8


def recognise(parts: Sequence[Line]) -> tuple[Line, ...]:
    """Return the lines with those marked that are furniture by their own words, wherever they stand."""
    marked: list[Line] = []
    open_credit = ""
    for line in parts:
        kind = open_credit or kind_of(line.text)
        marked.append(replace(line, kind=kind))
        unclosed = line.text.startswith("(") if not open_credit else True
        open_credit = kind if kind and unclosed and ")" not in line.text and len(line.text) < _LONGEST else ""
    return tuple(marked)


def mark(parts: Sequence[Line]) -> tuple[Line, ...]:
    """Return the lines with those marked, too, that are furniture by their place.

    At the head of a page these are names of newspapers and sections, bare names of authors and dates;
    further down the rest of a form or of a list of other stories; at the foot whatever follows the
    last paragraph and is no sentence. Headings and subheadings of the article are left alone.
    """
    for rule in (_head, _forms, _followers, _foot):
        found = rule(parts)
        parts = tuple(replace(line, kind=line.kind or found.get(i, "")) for i, line in enumerate(parts))
    return tuple(parts)


def kind_of(line: str) -> str:
    """Return the kind of furniture a line is by its own words, or nothing."""
    if len(line) > _LONGEST_BOILERPLATE:
        return ""
    plain = " ".join(_UNSEEN.sub("", fold(line)).split())
    if not any(map(str.isalnum, plain)):
        return "rule"
    lists = _lists()
    if lists.parts.search(plain):
        return "boilerplate"
    if len(plain) > _LONGEST:
        return ""
    key = plain.strip(_EDGES).rstrip(".!…").rstrip()
    if not key:
        return "rule"
    if _is_bar(key):
        return "bar"
    if _is_navigation(line):
        return "navigation"
    for kind, pattern in lists.kinds:
        if pattern.fullmatch(key):
            return kind
    return "bylines" if len(plain) < 100 and _BYLINE.fullmatch(plain.strip("()[] ")) else ""


def _is_bar(key: str) -> bool:
    words = _WORD.findall(key.casefold())
    lists = _lists()
    known = [word in lists.bar_words for word in words]
    fillers = lists.fillers | lists.sections if words[:1] == ["home"] else lists.fillers
    return sum(known) * 3 > len(words) and all(
        sure or word in fillers or _NUMBER.fullmatch(word) for sure, word in zip(known, words, strict=True)
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


def _head(parts: Sequence[Line]) -> dict[int, str]:
    """Find names of newspapers, sections and authors, and dates, before the first paragraph."""
    first = next((i for i, line in enumerate(parts) if _is_prose(line)), 0)
    dates = {i: "bylines" for i in range(first) if not parts[i].kind and _is_date(parts[i].text)}
    titles = [i for i in range(first) if not parts[i].kind and i not in dates]
    if not titles:
        return {}
    headline = max(titles, key=lambda i: _length(parts[i]))
    names = {i: "sections" for i in titles if i < headline and _is_masthead(parts, i)}
    authors = {
        i: "bylines"
        for i in titles
        if i > headline and _BARE_NAME.fullmatch(parts[i].text) and _beside(parts, i, dates)
    }
    return dates | names | authors


def _is_masthead(parts: Sequence[Line], at: int) -> bool:
    words = [word for word in parts[at].text.split() if any(map(str.isalnum, word))]
    name = " ".join(words).casefold()
    if name in _lists().sections:
        return True
    titled = all(word[0].isupper() for word in words if len(word) > 3) and len(words) <= 6
    return titled and (
        (name.rpartition(" ")[2] in _lists().mastheads and len(words) <= 4) or parts[at + 1].kind in _ROWS
    )


def _beside(parts: Sequence[Line], at: int, dates: dict[int, str]) -> bool:
    return any(parts[i].kind or i in dates for i in (at - 1, at + 1))


def _is_date(line: str) -> bool:
    return len(line) < 80 and not _DATE_WORDS.sub("", fold(line)) and any(map(str.isalnum, line))


def _forms(parts: Sequence[Line]) -> dict[int, str]:
    """Find the rest of blocks that are forms or lists of links for the better half."""
    found: dict[int, str] = {}
    start = next((i for i, line in enumerate(parts) if _is_prose(line)), len(parts))
    for _, block in groupby(range(start, len(parts)), key=lambda i: parts[i].block):
        inside = list(block)
        known = [i for i in inside if parts[i].kind in _FORM]
        rest = [i for i in inside if not parts[i].kind]
        if len(known) >= len(rest) and all(_is_label(parts[i]) for i in rest):
            found |= dict.fromkeys(rest, "form")
    return found


def _is_label(line: Line) -> bool:
    return not line.ends_sentence and not line.list_item and _length(line) <= 12


def _followers(parts: Sequence[Line]) -> dict[int, str]:
    """Find what belongs to a heading before it: readers' comments, and headlines of other stories."""
    found = _thread(parts) | _teasers(parts)
    listing = 0
    for i, line in enumerate(parts):
        if line.kind == "related heading":
            listing = _LISTED
        elif listing and not line.kind and _may_be_headline(line):
            found[i] = "related"
            listing -= 1
        else:
            listing = 0
    return found


def _may_be_headline(line: Line) -> bool:
    """Whether a line could be the headline of a story: no sentence, if not a question in a list."""
    return _length(line) <= _HEADLINE_WORDS and (line.list_item or not line.ends_sentence)


def _teasers(parts: Sequence[Line]) -> dict[int, str]:
    """Find lines like “Video: …” below the first paragraph; above it they are headlines."""
    first = next((i for i, line in enumerate(parts) if _is_prose(line)), len(parts))
    return {
        i: "related"
        for i in range(first, len(parts))
        if not parts[i].ends_sentence and _lists().after_prose.fullmatch(fold(parts[i].text[:_LONGEST]))
    }


def _thread(parts: Sequence[Line]) -> dict[int, str]:
    """Find all that follows the heading of the comments, where it is comments or at least no article."""
    count = len(parts)
    prose = [_is_prose(line) for line in parts]
    marks = [line.kind in _COMMENTS or _COMMENTER.search(line.text[-_LONGEST:]) is not None for line in parts]
    before = list(accumulate(prose, initial=0))
    long_after = list(
        accumulate(
            (p and _length(line) >= 20 for p, line in zip(prose[::-1], parts[::-1], strict=True)), initial=0
        )
    )[::-1]
    marks_after = list(accumulate(marks[::-1], initial=0))[::-1]
    for i, line in enumerate(parts):
        if line.kind != "comment heading" or before[i] < 2:
            continue
        if not long_after[i + 1] or marks_after[i + 1] >= max(2, (count - i) / 5):
            return {j: "comments" for j in range(i + 1, count) if not parts[j].kind}
    return {}


def _foot(parts: Sequence[Line]) -> dict[int, str]:
    """Find what stands after the last paragraph and is none, and what sites say of themselves there."""
    prose = [i for i, line in enumerate(parts) if _is_prose(line)]
    found: dict[int, str] = {}
    for i in range(len(parts) - 1, prose[0] if prose else len(parts), -1):
        line = parts[i]
        if line.kind:
            continue
        if _is_prose(line):
            if not (len(line.text) <= _LONGEST_BOILERPLATE and _lists().foot.search(fold(line.text))):
                break
            found[i] = "boilerplate"
        elif line.ends_sentence or _PRONOUN.match(line.text):
            break
        else:
            found[i] = "foot"
    return found


def _is_prose(line: Line) -> bool:
    """Whether a line is text of an article: a sentence or more, an item of a list, or too long for a headline."""
    if line.kind:
        return False
    length = _length(line)
    return length > _HEADLINE_WORDS or (length >= _PROSE_WORDS and (line.ends_sentence or line.list_item))


def _length(line: Line) -> int:
    """Return how many words a line has, as far as it matters."""
    return len(line.text[:_LONGEST].split())


@dataclass(frozen=True, slots=True)
class _Lists:
    bar_words: frozenset[str]
    fillers: frozenset[str]
    sections: frozenset[str]
    mastheads: frozenset[str]
    kinds: tuple[tuple[str, re.Pattern[str]], ...]
    after_prose: re.Pattern[str]
    parts: re.Pattern[str]
    foot: re.Pattern[str]


@cache
def _lists() -> _Lists:
    data: dict[str, Any] = tomllib.loads(
        files("summarizer.text").joinpath("data/furniture.toml").read_text("utf-8")
    )
    headings = {
        "comment heading": data["comments"]["headings"],
        "related heading": data["related"]["headings"],
    }
    patterns = {kind: entries["patterns"] for kind, entries in data.items() if "patterns" in entries}
    return _Lists(
        bar_words=frozenset(data["bars"]["words"]),
        fillers=frozenset(data["bars"]["fillers"]),
        sections=frozenset(data["sections"]["names"]),
        mastheads=frozenset(data["sections"]["mastheads"]),
        kinds=tuple((kind, _any_of(entries)) for kind, entries in (headings | patterns).items()),
        after_prose=_any_of(data["related"]["after_prose"]),
        parts=_any_of(data["boilerplate"]["parts"]),
        foot=_any_of(data["boilerplate"]["foot"]),
    )


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)
