"""Words of a text: where they stand, and which of them carry its content."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from summarizer.text.folding import fold
from summarizer.text.lexicons import REMEMBERED

_TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}"  # U.S.
    r"|\d+(?:[.,:]\d+)*(?:[^\W\d_]+)?"  # 1,140 and 9.3 and 11th
    r"|\w+(?:['’&]\w+)*"  # team's, Mbeske, R&D
)
_VOWEL = re.compile(r"[aeiouy]")
_DOUBLED = re.compile(r"([bdfglmnprstz])\1$")


@dataclass(frozen=True, slots=True)
class Token:
    """A word or number: ``text`` is exactly the characters ``start`` to ``end``."""

    start: int
    end: int
    text: str


def tokens(text: str) -> tuple[Token, ...]:
    """Return the words and numbers of a text in order; hyphenated words fall into their parts."""
    return tuple(Token(found.start(), found.end(), found.group()) for found in _TOKEN.finditer(text))


@lru_cache(maxsize=REMEMBERED)
def content_words(text: str) -> tuple[str, ...]:
    """Return the words that carry content, in order, lower-cased and lightly stemmed.

    Stop words are left out. Plurals, possessives, ``-ed`` and ``-ing`` are cut to what their forms have
    in common, which need be no word: ``strikes`` and ``striking`` give ``strik``. Numbers lose the
    commas between thousands.
    """
    return tuple(filter(None, map(_content, _TOKEN.findall(text))))


@lru_cache(maxsize=8192)
def _content(word: str) -> str:
    """Return a word's stem, or nothing for a stop word."""
    plain = fold(word).casefold().replace(",", "")
    plain = plain.removesuffix("'s").rstrip(".")
    if plain in _stopwords():
        return ""
    return stem(plain)


def stem(word: str) -> str:
    """Return what a lower-case English word's plural, ``-ed`` and ``-ing`` forms have in common."""
    if not word.isalpha() or word in _wholes():
        return word
    root = _unsuffixed(word)
    root = _DOUBLED.sub(r"\1", root) if len(root) > 3 else root
    if root.endswith("y") and len(root) > 3 and root[-2] not in "aeiou":
        return root[:-1] + "i"
    return root[:-1] if root.endswith("e") and len(root) > 3 else root


def _unsuffixed(word: str) -> str:
    for suffix, put in (
        ("ies", "i"),
        ("ied", "i"),
        ("sses", "ss"),
        ("ing", ""),
        ("ed", ""),
        ("es", "e"),
        ("s", ""),
    ):
        root = word.removesuffix(suffix)
        if (
            root != word
            and len(root) >= 3
            and _VOWEL.search(root)
            and not word.endswith(("ss", "us", "is", "eed"))
        ):
            return root + put
    return word


@cache
def _stopwords() -> frozenset[str]:
    return frozenset(word for kind, words in _lists().items() if kind != "unstemmed" for word in words)


@cache
def _wholes() -> frozenset[str]:
    return frozenset(_lists()["unstemmed"])


@cache
def _lists() -> dict[str, list[str]]:
    return tomllib.loads(files("summarizer.text").joinpath("data/stopwords.toml").read_text("utf-8"))
