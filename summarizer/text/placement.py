"""Page furniture known by its place: the head of a page, its forms, its comments, its foot."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import accumulate, groupby

from summarizer.text.folding import fold
from summarizer.text.furniture import LONGEST_BOILERPLATE, LONGEST_LABEL, is_foot, is_masthead, is_teaser
from summarizer.text.layout import Line

_PROSE_WORDS = 5
_HEADLINE_WORDS = 25
_LABEL_WORDS = 12
_COMMENT_WORDS = 12
_LISTED = 8
_ROWS = frozenset({"navigation", "newsletters", "bar"})
_FORM = frozenset({"newsletters", "comments", "comment heading", "comment form", "contact", "bar"})
_COMMENTS = frozenset({"comments", "comment heading", "comment form"})
_BARE_NAME = re.compile(r"[A-Z][\w'-]+(?: [A-Z][\w.'-]*| (?:de|van|von|al|bin|and|der|di|da)){1,5}")
_OPENS_PROSE = re.compile(r"[\"'“‘]|(?:He|She|They|It|We|I)\b")
# Words that sentences are rich in and headlines poor.
_NARRATIVE = re.compile(r"\b(?:had|was|were|has|have|said|that|it|he|she|they|which|his|her|their)\b")
_COMMENTER = re.compile(r"\b(?:says:?|reply)$|\d(?: ?[ap]m)?$", re.IGNORECASE)
_DATE_WORDS = re.compile(
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b"
    r"|(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?)\b"
    r"|(?:oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b|\d+(?:st|nd|rd|th|h)?|[ap]\.?m\b"
    r"|(?:gmt|utc|bst|cest?|[ecmp][sd]?t)\b|updated|published|posted|modified|last|first|on\b|at\b|ago\b"
    r"|hours?|mins?|minutes?|days?|today|yesterday|local time|\W+",
    re.IGNORECASE,
)

Found = dict[int, str]
"""Kinds of furniture by the indices of lines."""


def mark(parts: Sequence[Line]) -> tuple[Line, ...]:
    """Return the lines with those marked, too, that are furniture by their place.

    At the head of a page these are names of newspapers and sections, bare names of authors and dates;
    further down the rest of a form, readers' comments and the headlines of other stories; at the foot
    whatever follows the last paragraph and is none. Headings and subheadings of the article are left alone.

    Args:
        parts: Lines as ``furniture.recognise`` and ``layout.flow`` left them.
    """
    rules: tuple[Callable[[Sequence[Line]], Found], ...] = (
        _head,
        _forms,
        _teasers,
        _listings,
        _thread,
        _foot,
    )
    for rule in rules:
        found = rule(parts)
        parts = tuple(replace(line, kind=line.kind or found.get(i, "")) for i, line in enumerate(parts))
    return tuple(parts)


def _head(parts: Sequence[Line]) -> Found:
    """Find names of newspapers, sections and authors, and dates, before the first paragraph."""
    bare = [i for i in range(_first_prose(parts)) if not parts[i].kind]
    if _first_prose(parts) == len(parts):
        return {}
    dates = {i: "bylines" for i in bare if _is_date(parts[i].text)}
    titles = [i for i in bare if i not in dates]
    if not titles:
        return dates
    headline = max(titles, key=lambda i: _length(parts[i]))
    names = {i: "sections" for i in titles if i < headline and _is_masthead(parts, i)}
    known = dates.keys() | {i for i, line in enumerate(parts[: _first_prose(parts) + 1]) if line.kind}
    authors = {
        i: "bylines"
        for i in titles
        if i > headline and _BARE_NAME.fullmatch(parts[i].text) and known & {i - 1, i + 1}
    }
    return dates | names | authors


def _is_masthead(parts: Sequence[Line], at: int) -> bool:
    """Whether a line above the headline is the name of a section, or one of a newspaper over its menu."""
    words = [word for word in parts[at].text.split() if any(map(str.isalnum, word))]
    titled = len(words) <= 6 and all(word[0].isupper() for word in words if len(word) > 3)
    return is_masthead(words) or (titled and parts[at + 1].kind in _ROWS)


def _is_date(line: str) -> bool:
    return len(line) < 80 and not _DATE_WORDS.sub("", fold(line)) and any(map(str.isalnum, line))


def _forms(parts: Sequence[Line]) -> Found:
    """Find the rest of blocks that are forms for the better half."""
    found: Found = {}
    for _, block in groupby(range(_first_prose(parts), len(parts)), key=lambda i: parts[i].block):
        inside = list(block)
        known = [i for i in inside if parts[i].kind in _FORM]
        rest = [i for i in inside if not parts[i].kind]
        if len(known) >= len(rest) and all(_is_label(parts[i]) for i in rest):
            found |= dict.fromkeys(rest, "form")
    return found


def _is_label(line: Line) -> bool:
    return not line.ends_sentence and not line.list_item and _length(line) <= _LABEL_WORDS


def _teasers(parts: Sequence[Line]) -> Found:
    """Find lines like “Video: …” below the first paragraph; above it they are headlines."""
    below = range(_first_prose(parts), len(parts))
    return {i: "related" for i in below if not parts[i].ends_sentence and is_teaser(parts[i].text)}


def _listings(parts: Sequence[Line]) -> Found:
    """Find headlines of other stories under a heading that says so."""
    found: Found = {}
    left = 0
    for i in range(_first_prose(parts), len(parts)):
        if parts[i].kind == "related heading":
            left = _LISTED
        elif left and not parts[i].kind and _may_be_headline(parts[i]):
            found[i] = "related"
            left -= 1
        else:
            left = 0
    return found


def _may_be_headline(line: Line) -> bool:
    """Whether a line could be the headline of another story: no sentence, unless it is listed."""
    return _length(line) <= _HEADLINE_WORDS and (line.list_item or not line.ends_sentence)


def _thread(parts: Sequence[Line]) -> Found:
    """Find all that follows the heading of the comments, if it reads like comments or like no article."""
    weights = [len(line.text) if _is_prose(line) else 0 for line in parts]
    before = list(accumulate(weights, initial=0))
    paragraphs = list(accumulate((weight > 0 for weight in weights), initial=0))
    marks_left = _left([_is_comment_mark(line) for line in parts])
    articles_left = _left([_is_prose(line) and _length(line) >= _COMMENT_WORDS for line in parts])
    for i, line in enumerate(parts):
        if line.kind not in {"comment heading", "comment form"} or paragraphs[i] < 2:
            continue
        after = before[-1] - before[i]
        form = line.kind == "comment form" and 2 * after <= before[i]
        talk = marks_left[i + 1] >= max(2, (len(parts) - i) / 5)
        if form or talk or (4 * after <= before[i] and not articles_left[i + 1]):
            return {j: "comments" for j in range(i + 1, len(parts)) if not parts[j].kind}
    return {}


def _is_comment_mark(line: Line) -> bool:
    return line.kind in _COMMENTS or _COMMENTER.search(line.text[-LONGEST_LABEL:]) is not None


def _left(flags: Sequence[bool]) -> list[int]:
    """Return how many are set from each index on."""
    return list(accumulate(reversed(flags), initial=0))[::-1]


def _foot(parts: Sequence[Line]) -> Found:
    """Find what stands after the last paragraph and is none, and what sites say of themselves there."""
    found: Found = {}
    lists = _own_lists(parts)
    for i in range(len(parts) - 1, _first_prose(parts), -1):
        line = parts[i]
        if line.kind:
            continue
        if _is_prose(line) and (line.ends_sentence or not line.list_item):
            if len(line.text) > LONGEST_BOILERPLATE or not is_foot(line.text):
                break
            found[i] = "boilerplate"
        elif line.ends_sentence or i in lists or _tells(line.text):
            break
        else:
            found[i] = "foot"
    return found


def _tells(line: str) -> bool:
    """Whether a line without a full stop reads like a sentence all the same: of an article cut short."""
    return _OPENS_PROSE.match(line) is not None or len(_NARRATIVE.findall(line)) >= 2


def _own_lists(parts: Sequence[Line]) -> frozenset[int]:
    """Return the items of lists that the article leads up to: a colon or a heading stands before them."""
    own: set[int] = set()
    for i in range(1, len(parts)):
        before = parts[i - 1]
        if (
            parts[i].list_item
            and not before.kind
            and (i - 1 in own or not (before.list_item or before.ends_sentence))
        ):
            own.add(i)
    return frozenset(own)


def _first_prose(parts: Sequence[Line]) -> int:
    return next((i for i, line in enumerate(parts) if _is_prose(line)), len(parts))


def _is_prose(line: Line) -> bool:
    """Whether a line is text of an article: a sentence or more, a list's item, or too long for a headline."""
    if line.kind:
        return False
    length = _length(line)
    return length > _HEADLINE_WORDS or (length >= _PROSE_WORDS and (line.ends_sentence or line.list_item))


def _length(line: Line) -> int:
    """Return how many words a line has, as far as it matters."""
    return len(line.text[:LONGEST_LABEL].split())
