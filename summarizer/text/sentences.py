"""Sentences of a text, each with its exact place; every character that shows lies in exactly one."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from summarizer.domain.sentences import Sentence, Sentences
from summarizer.text.furniture import recognise
from summarizer.text.layout import INVISIBLE, Line, flow, lines
from summarizer.text.placement import mark

LONGEST = 1500
"""No sentence is longer; what has no end by then is cut, at white space where there is any."""

_STOP = re.compile(
    rf"(?P<mark>[.!?…؟۔।]+|[。！？｡]+)"
    rf"(?P<close>(?:[\"'”’»)\]}}*_{INVISIBLE}]|\[\d{{1,3}}\]|\s{{1,3}}[”)\]]+(?![^\s{INVISIBLE}]))*)"
)
_GAP = re.compile(rf"[\s{INVISIBLE}]*")
_WHITE = re.compile(r"\s+")
_OPENERS = re.compile(rf"(?:[\"'“‘«„‚(\[{{¿¡*_#{INVISIBLE}]|[-–—―]+\s*)*")
_OPENING_QUOTE = re.compile("[\"'“‘«„‚]")
_CLOSING_QUOTE = re.compile("[\"'”’»]")
_WORD = re.compile(r"[^\W\d_]+")
_ARABIC_NAME = re.compile(r"(?:al|el|ad|an|as|ash|at|ibn|bin)-[A-Z]")
_ACRONYM = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]{1,2}|[A-Z]")
_LAST_PART = re.compile(r"[-–—/\"'“‘«„‚(\[{¿¡*_#]")
_CLOCK = re.compile(r"[\d:.]*(?=[apAP]\.)")
_TIME_AHEAD = re.compile(
    r"(?:(?:shortly|just|sometime|on \w+) )?(?:at|by|around|about|before|after|until|from|since)\b",
    re.IGNORECASE,
)
_ENUMERATOR = re.compile(r"\d{1,2}|[a-zA-Z]|[ivx]{1,4}")
_NUMBER = re.compile(r"\d|[IVX]+\b")
_PLAIN_END = re.compile(r"(?:^|[\s\"'“‘(])[A-Za-z]?[a-z]{2,}$")
_PLAIN_START = re.compile(r"[“\"]?[A-Z][a-z’']*\s")
_HALT = re.compile(r"[;:][\"'”’)]*\s+")
_PAUSE = re.compile(r"[,–—][\"'”’)]*\s+")
_NEAR = 40


def split(text: str) -> Sentences:
    """Cut a text into sentences and mark those that are page furniture.

    A blank line always ends a sentence; a line break does where lines are paragraphs or headlines, and
    does not where they were wrapped. A line of furniture is one sentence.

    Returns:
        The sentences in reading order: not empty, without white space around them, not overlapping, and
        together holding every character of the text that is not white space.
    """
    items: list[Sentence] = []
    paragraph, last = 0, None
    for line in mark(flow(text, recognise(lines(text)))):
        paragraph += not _continues(last, line)
        last = line
        spans = [(line.start, line.end)] if line.furniture else _spans(text, line)
        for start, end in _limited(text, spans):
            items.append(Sentence(len(items) + 1, start, end, paragraph, furniture=line.furniture))
    return Sentences(text, tuple(items))


def _continues(last: Line | None, line: Line) -> bool:
    """Whether a line belongs to the paragraph of the one before: the items of a list do."""
    return (
        last is not None
        and last.block == line.block
        and line.list_item
        and not (last.furniture or line.furniture)
    )


def _spans(text: str, line: Line) -> Iterator[tuple[int, int]]:
    """Yield the spans of the sentences in a line."""
    start = line.start
    capitals = any(map(str.isupper, line.text))
    for found in _STOP.finditer(text, line.start, line.end):
        if _ends(_stop(text, start, line.end, found), capitals=capitals):
            yield start, found.end()
            start = _after(_WHITE, text, found.end(), line.end)
    yield start, line.end


def _limited(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Cut spans that are too long."""
    for start, end in spans:
        at = start
        while end - at > LONGEST:
            cut = _cut(text, at)
            yield at, at + len(text[at:cut].rstrip())
            at = _after(_WHITE, text, cut, end)
        yield at, end


def _cut(text: str, start: int) -> int:
    """Return where to cut: after a semicolon or comma rather than at any white space."""
    middle, limit = start + LONGEST // 2, start + LONGEST
    for pattern, first in ((_HALT, middle), (_PAUSE, middle), (_WHITE, start + 1)):
        places = [found.end() for found in pattern.finditer(text, first, limit)]
        if places:
            return places[-1]
    return limit


@dataclass(frozen=True, slots=True)
class _Stop:
    """A full stop, question mark or the like inside a line, and what stands around it.

    Attributes:
        mark: The marks themselves.
        close: Quotation marks and brackets that close after them.
        word: The word before them, at a full stop.
        head: All there is of the sentence before the marks, if it is short.
        gap: What shows nothing between them and what follows.
        open: Quotation marks, brackets and dashes that open what follows.
        rest: The beginning of what follows.
    """

    mark: str
    close: str
    word: str
    head: str
    gap: str
    open: str
    rest: str


def _stop(text: str, start: int, limit: int, found: re.Match[str]) -> _Stop:
    gap_end = _after(_GAP, text, found.end(), limit)
    open_end = min(_after(_OPENERS, text, gap_end, gap_end + _NEAR), limit)
    before = text[max(start, found.start() - _NEAR) : found.start()]
    word = (before.split() or [""])[-1] if before[-1:].strip() else ""
    return _Stop(
        mark=found["mark"],
        close=found["close"],
        word=_LAST_PART.split(word)[-1],
        head=text[start : found.start()] if found.start() - start <= _NEAR else "",
        gap=text[found.end() : gap_end],
        open=text[gap_end:open_end],
        rest=text[open_end : min(open_end + 2 * _NEAR, limit)],
    )


def _after(pattern: re.Pattern[str], text: str, at: int, limit: int) -> int:
    found = pattern.match(text, at, limit)
    return found.end() if found else at


def _ends(stop: _Stop, *, capitals: bool) -> bool:
    """Whether a sentence ends here and another one follows."""
    if not (stop.rest or stop.open):
        return False
    if not any(map(str.isspace, stop.gap)):
        return _is_run_together(stop)
    if not _may_open(stop.rest, capitals=capitals):
        return False
    if stop.mark != ".":
        return not (_CLOSING_QUOTE.search(stop.close) and _names_speaker(stop.rest))
    return _CLOSING_QUOTE.search(stop.close) is not None or _is_full_stop(stop)


def _is_run_together(stop: _Stop) -> bool:
    """Whether the space between two sentences was lost: “… was hit.The army …”."""
    if stop.mark[0] in "。！？｡":
        return True
    return bool(_PLAIN_END.search(stop.word) and _PLAIN_START.match(stop.open + stop.rest))


def _may_open(rest: str, *, capitals: bool) -> bool:
    if rest[:1].islower():
        return not capitals or _ARABIC_NAME.match(rest) is not None
    return rest[:1] not in tuple(".,;:!?%/")


def _names_speaker(rest: str) -> bool:
    """Whether the words after a quotation say who spoke: “Who pays?” Ms Rowe asked."""
    words = rest.split()[:5]
    if not words or (words[0] in _lexicon().openers and words[0] not in _lexicon().before_names):
        return False
    verbs = [i for i, word in enumerate(words) if word.strip(",.:") in _lexicon().speech]
    return bool(verbs) and all(word[:1].isupper() for word in words[: verbs[0]])


def _is_full_stop(stop: _Stop) -> bool:
    """Whether a full stop after a word ends a sentence, or belongs to an abbreviation."""
    lexicon, word = _lexicon(), stop.word
    plain = word.capitalize() if word.isupper() else word[:1].lower() + word[1:]
    if {word, plain} & lexicon.never or _ENUMERATOR.fullmatch(stop.head):
        return False
    if {word, plain} & lexicon.before_numbers and _NUMBER.match(stop.rest):
        return False
    clock = _CLOCK.match(word)
    if clock and word[clock.end() :] in lexicon.times:
        return _word(stop.rest) not in lexicon.after_times and not _TIME_AHEAD.match(stop.head)
    if word in lexicon.either or _ACRONYM.fullmatch(word):
        return _opens_plainly(stop)
    return True


def _opens_plainly(stop: _Stop) -> bool:
    """Whether what follows opens a sentence and cannot go on a name: a quotation, or a word like “The”."""
    if _OPENING_QUOTE.match(stop.open):
        return True
    word = _word(stop.rest)
    initial = stop.rest[len(word) : len(word) + 1] == "." and len(word) == 1
    return not stop.open and word in _lexicon().openers and not initial


def _word(rest: str) -> str:
    found = _WORD.match(rest)
    return found.group() if found else ""


@dataclass(frozen=True, slots=True)
class _Lexicon:
    never: frozenset[str]
    before_names: frozenset[str]
    before_numbers: frozenset[str]
    either: frozenset[str]
    times: frozenset[str]
    after_times: frozenset[str]
    openers: frozenset[str]
    speech: frozenset[str]


@cache
def _lexicon() -> _Lexicon:
    data = tomllib.loads(files("summarizer.text").joinpath("data/abbreviations.toml").read_text("utf-8"))
    sets = {name: frozenset(words) for name, words in data.items()}
    before_words = sets.pop("before_words")
    return _Lexicon(never=sets["before_names"] | before_words, **sets)
