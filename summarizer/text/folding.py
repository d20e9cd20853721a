"""Finding words in text: typography is folded, words and digits never are."""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from summarizer.text.layout import INVISIBLE

_SINGLE = "‘’‚‛`´′ʼʻ‹›＇"
_DOUBLE = "“”„‟″«»＂〝〞"
_DASHES = "‐‑‒–—―−⁃﹘﹣－"
_SPACES = "".join(filter(str.isspace, map(chr, range(0x3001))))
_FOLDS = str.maketrans(
    dict.fromkeys(_SINGLE, "'")
    | dict.fromkeys(_DOUBLE, '"')
    | dict.fromkeys(_DASHES, "-")
    | dict.fromkeys(_SPACES, " ")
)

# What has no counterpart of its length: runs of space, what shows nothing, and (spelled) dots and accents.
_EXACT = re.compile(rf"[ {INVISIBLE}]*(?:  |[{INVISIBLE}])[ {INVISIBLE}]*")
_SPELLED = re.compile(rf"{_EXACT.pattern}|\.\.\.|\w[\u0300-\u036f]+")
_SPELLINGS = re.compile(r"…|\.\.\.|[\u0300-\u036f]")

_LINE_ENDS = re.compile(r"\r\n?|[\v\f\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_UNSEEN = re.compile(
    "[\xad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def fold(text: str) -> str:
    """Return the text with quotation marks, dashes and spaces made plain, character by character.

    The length stays the same, so an index means the same in both; words and digits are untouched.
    """
    return text.translate(_FOLDS)


def find(
    needle: str, text: str, start: int = 0, end: int | None = None, *, whole_words: bool = False
) -> tuple[int, int] | None:
    """Find words in a text exactly, but for typography.

    Quotation marks, dashes, ellipses and accents match however they are encoded; a run of white
    space, a line break in it or not, matches a space; characters that show nothing are passed over.

    Args:
        needle: The words; white space around them does not count.
        text: Where to look.
        start: Index of the first character that may be part of the find.
        end: Index after the last; the text's end by default.
        whole_words: Refuse a find that begins or ends inside a word or number.

    Returns:
        The span in ``text`` of the first occurrence made of whole words, else of the first
        (``whole_words`` aside), or None.
    """
    bounds = (start, len(text) if end is None else end)
    for spelled in (False, True):
        wanted = _squeeze(needle, spelled=spelled).text.strip(" ")
        if not wanted or (spelled and not (_SPELLINGS.search(needle) or _has_spellings(text))):
            break
        found = _find(wanted, _squeeze(text, spelled=spelled), bounds, whole_words=whole_words)
        if found:
            return found
    return None


def printable(text: str) -> str:
    """Return the text fit for a terminal, a page or a prompt.

    Control characters (ESC and NUL among them) and lone surrogates become U+FFFD; bidirectional
    controls, tags and other characters that show nothing are left out; every line end becomes a newline.
    """
    return _UNSEEN.sub("", _CONTROLS.sub("\ufffd", _LINE_ENDS.sub("\n", text)))


@dataclass(frozen=True, slots=True)
class _Squeezed:
    """A folded text with every run of space made one, and where its characters stood.

    Attributes:
        text: The squeezed text.
        here: Indices into it from which on characters run parallel to the original again.
        there: The same places in the original.
        widths: Length in the original of the characters that stand for several.
    """

    text: str
    here: tuple[int, ...]
    there: tuple[int, ...]
    widths: dict[int, int]

    def original(self, at: int) -> int:
        """Return where a character stood."""
        piece = bisect_right(self.here, at) - 1
        return self.there[piece] + at - self.here[piece]

    def squeezed(self, at: int) -> int:
        """Return the first index that stands for the original's character ``at`` or a later one."""
        piece = bisect_right(self.there, at) - 1
        here = self.here[piece] + at - self.there[piece]
        return min(here, self.here[piece + 1]) if piece + 1 < len(self.here) else here

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original that a slice stands for."""
        return self.original(start), self.original(end - 1) + self.widths.get(end - 1, 1)


def _squeeze(text: str, *, spelled: bool) -> _Squeezed:
    return _squeeze_long(text, spelled=spelled) if len(text) > 500 else _squeeze_any(text, spelled=spelled)


def _squeeze_any(text: str, *, spelled: bool) -> _Squeezed:
    folded = fold(text)
    pieces: list[str] = []
    here, there, widths = [0], [0], {}
    length = last = 0
    for found in (_SPELLED if spelled else _EXACT).finditer(folded):
        run = found.group()
        put = _put(run)
        pieces += (folded[last : found.start()], put)
        length += found.start() - last + len(put)
        if len(put) == 1:
            widths[length - 1] = len(run)
        last = found.end()
        here.append(length)
        there.append(last)
    pieces.append(folded[last:])
    return _Squeezed("".join(pieces), tuple(here), tuple(there), widths)


# One article is searched for many quotations in a row; a few are kept so that it is squeezed once.
_squeeze_long = lru_cache(maxsize=8)(_squeeze_any)


@lru_cache(maxsize=8)
def _has_spellings(text: str) -> bool:
    return _SPELLINGS.search(text) is not None


def _put(run: str) -> str:
    if run == "...":
        return "…"
    if run[0].isalnum():
        return unicodedata.normalize("NFC", run)
    return " " if " " in run else ""


def _find(
    needle: str, hay: _Squeezed, bounds: tuple[int, int], *, whole_words: bool
) -> tuple[int, int] | None:
    first = None
    at = hay.text.find(needle, hay.squeezed(max(bounds[0], 0)))
    while at >= 0:
        span = hay.span(at, at + len(needle))
        if span[1] > bounds[1]:
            break
        if _is_whole(hay.text, at, at + len(needle)):
            return span
        first = first or span
        at = hay.text.find(needle, at + 1)
    return None if whole_words else first


def _is_whole(text: str, start: int, end: int) -> bool:
    before = start > 0 and text[start - 1].isalnum() and text[start].isalnum()
    after = end < len(text) and text[end - 1].isalnum() and text[end].isalnum()
    return not (before or after)
