"""Loaded wording in a text's own voice (labels, intensifiers, asides, praise), with plain alternatives."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from summarizer.text.lexicons import REMEMBERED, table, words


@dataclass(frozen=True, slots=True)
class Loaded:
    """Wording that takes a side, ``text[start:end]``, and what could stand in its place ("" for nothing)."""

    start: int
    end: int
    text: str
    neutral: str


@lru_cache(maxsize=REMEMBERED)
def find(text: str) -> tuple[Loaded, ...]:
    """Return the loaded wording of a text outside quotation marks, in reading order, not overlapping."""
    return tuple(_outside(_matches(text), quotations(text)))


def quotations(text: str) -> tuple[tuple[int, int], ...]:
    """Return the spans in quotation marks, marks included; one left open holds to its paragraph's end."""
    return tuple(m.span() for m in _QUOTATION.finditer(text))


_IN_PARAGRAPH = r"|\n(?![ \t\r]*\n)"
_QUOTATION = re.compile(
    rf"“(?:[^”\n]{_IN_PARAGRAPH})*”?"
    rf"|\"(?:[^\"\n]{_IN_PARAGRAPH})*\"?"
    rf"|«(?:[^»\n]{_IN_PARAGRAPH})*»?"
    rf"|(?<!\w)[‘'](?=\w)(?:[^\n]{_IN_PARAGRAPH}){{1,300}}?(?<=[\w.,!?…])['’](?!\w)"
)


def _matches(text: str) -> Iterator[Loaded]:
    for match in _pattern().finditer(text):
        if match["loaded"]:
            yield Loaded(*match.span(), match[0], _entries()[_key(match[0])])


def _outside(found: Iterator[Loaded], quoted: tuple[tuple[int, int], ...]) -> Iterator[Loaded]:
    starts = [start for start, _ in quoted]
    for wording in found:
        before = bisect_right(starts, wording.end - 1) - 1
        if before < 0 or quoted[before][1] <= wording.start:
            yield wording


@cache
def _entries() -> dict[str, str]:
    groups = (group for name, group in table("loaded").items() if name != "plain")
    return {_key(wording): neutral for group in groups for wording, neutral in group.items()}


def _key(wording: str) -> str:
    return re.sub(r"[\s‐‑-]+", " ", wording.replace("’", "'")).lower()


@cache
def _pattern() -> re.Pattern[str]:
    plain = _alternatives(map(_key, words("loaded", "plain", "phrases")))
    return re.compile(
        rf"(?<![\w'’-])(?:{plain}|(?P<loaded>{_alternatives(_entries())}))(?![\w-])", re.IGNORECASE
    )


def _alternatives(wordings: Iterable[str]) -> str:
    """Return a pattern for any of these keys, the longest first; a space may be a hyphen."""
    ordered = sorted(wordings, key=lambda w: (-len(w), w))
    escaped = (re.escape(w).replace(r"\ ", r"(?:[‐‑-]|\s{1,3})") for w in ordered)
    return "|".join(w.replace("'", "['’]") for w in escaped)
