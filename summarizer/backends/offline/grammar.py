"""Words of a sentence and the little grammar the rules need: finite verbs and word classes."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from summarizer.text.folding import fold
from summarizer.text.words import stem


@dataclass(frozen=True, slots=True)
class Lexeme:
    """A word, number or punctuation mark: ``text[start:end]``; ``lower`` is folded and lower-cased."""

    start: int
    end: int
    text: str
    lower: str

    @property
    def is_word(self) -> bool:
        """Whether it is a word or number, not a mark."""
        return self.lower[0].isalnum() or self.lower[0] in "$£€"


_LEXEME = re.compile(
    r"(?:[^\W\d_]\.){2,}|[$£€]?\d+(?:[.,:]\d+)*%?[^\W\d_]*(?:[-][^\W_]+)*|[^\W\d_]+(?:['&/@-][^\W_]+)*(?:\.(?=\s+[^\s]))?|[^\w\s]|_"
)


@lru_cache(maxsize=512)
def lex(text: str) -> tuple[Lexeme, ...]:
    """Cut one sentence into lexemes; the dot of an abbreviation stays with its word."""
    folded = fold(text)
    spans = (match.span() for match in _LEXEME.finditer(folded))
    return tuple(Lexeme(start, end, text[start:end], folded[start:end].lower()) for start, end in spans)


def is_finite(lexemes: Sequence[Lexeme], i: int) -> bool:
    """Guess whether lexeme ``i`` is a finite verb or the auxiliary of one."""
    word = lexemes[i].lower
    before = lexemes[i - 1].lower if i else ""
    if len(word) > 1 and lexemes[i].text.isupper():  # "IS", "US"
        return False
    if word in auxiliaries():
        return word not in {"be", "been", "being", "having"} and lexemes[i].text != "May"
    nominal = before in determiners() or before in _nominal_prepositions() or before == "to"
    if nominal or word in _not_verbs() or (i and lexemes[i].text[0].isupper()):
        return False
    if word in _pasts() or (word.endswith("ed") and len(word) > 3 and "-" not in word):
        adverb = before.endswith("ly") and word not in _pasts()
        return i > 0 and not _is_reduced(lexemes, i) and not adverb
    if word in _third_persons():
        return i > 0 and not (_plural(before) or (word == "works" and before in words("plants")))
    return word in _bases() and (before in _PLURAL_PRONOUNS or _plural(before))


_PLURAL_PRONOUNS = frozenset(["they", "we", "i", "you", "who", "which", "that"])


def has_finite(lexemes: Sequence[Lexeme], start: int = 0, end: int | None = None) -> bool:
    """Tell whether there is a finite verb among the lexemes from ``start`` to ``end``."""
    return first_finite(lexemes, start, end) is not None


def first_finite(lexemes: Sequence[Lexeme], start: int = 0, end: int | None = None) -> int | None:
    """Return the index of the first finite verb, or None."""
    stop = len(lexemes) if end is None else end
    return next((i for i in range(start, stop) if is_finite(lexemes, i)), None)


def is_base(word: str) -> bool:
    """Tell whether a word is a known verb's base form."""
    return word in _bases()


def is_gerund(word: str) -> bool:
    """Guess whether a word is a present participle."""
    return (
        word.endswith("ing")
        and len(word) > 5
        and word not in {"during", "nothing", "something", "anything", "evening"}
    )


def is_participle(word: str) -> bool:
    """Guess whether a word can be a past participle."""
    return word in _participles() or (word.endswith("ed") and len(word) > 3 and word not in _not_verbs())


def base_of_past(word: str) -> str | None:
    """Return the base form of a past form ("failed" -> "fail"), or None where it cannot be told."""
    if word in _pasts():
        return _pasts()[word]
    if not word.endswith("ed") or len(word) < 5:
        return None
    stem = word[:-2]
    if stem.endswith("i"):
        return stem[:-1] + "y"
    if stem + "e" in _bases() or stem.endswith(("v", "c", "s", "z", "u", "dg", "at", "ir", "ur")):
        return stem + "e" if stem not in _bases() else stem
    if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "lsf":
        return stem[:-1]
    return stem


def in_tense(gerund: str, verb: str) -> str:
    """Return a present participle in the tense of the finite verb it follows, or "" where that is unsure."""
    base = _base_of_gerund(gerund)
    if not base:
        return ""
    if verb in {"will", "would", "can", "could", "may", "might", "must", "shall", "should"}:
        return f"{verb} {base}"
    if verb in _pasts() or verb.endswith("ed") or verb in {"was", "were", "had"}:
        return next((past for past, b in _pasts().items() if b == base), _regular_past(base))
    return ""


def _base_of_gerund(gerund: str) -> str:
    """Return the base form of a present participle among the known verbs, or ""."""
    stem_ = gerund.removesuffix("ing")
    undoubled = stem_[:-1] if len(stem_) > 3 and stem_[-1] == stem_[-2] else stem_
    return next((b for b in (stem_, f"{stem_}e", undoubled) if b in _bases()), "")


def _regular_past(base: str) -> str:
    if base.endswith("e"):
        return f"{base}d"
    return f"{base[:-1]}ied" if base.endswith("y") and base[-2:-1] not in "aeiou" else f"{base}ed"


def third_person(base: str) -> str:
    """Inflect a base form for a singular subject ("carry" -> "carries")."""
    if base in {"be", "have", "do", "go"}:
        return {"be": "is", "have": "has", "do": "does", "go": "goes"}[base]
    if base.endswith("y") and base[-2:-1] not in "aeiou":
        return base[:-1] + "ies"
    return base + ("es" if base.endswith(("s", "x", "z", "ch", "sh")) else "s")


# -- word classes ------------------------------------------------------------------------------------------


def auxiliaries() -> frozenset[str]:
    """Forms of be, have, do and the modals, contractions included."""
    return words("auxiliaries")


def determiners() -> frozenset[str]:
    """Articles, possessives and small counting words."""
    return words("determiners")


def prepositions() -> frozenset[str]:
    """Prepositions."""
    return words("prepositions")


def pronouns() -> frozenset[str]:
    """Words that stand for a subject named elsewhere."""
    return words("pronouns")


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files("summarizer.backends.offline").joinpath("grammar.toml").read_text("utf-8"))


@cache
def words(name: str) -> frozenset[str]:
    """Return one of the word lists of grammar.toml."""
    listed: str = _table()[name]
    return frozenset(fold(listed).split())


@cache
def stems(name: str) -> frozenset[str]:
    """Return one of the word lists of grammar.toml by their stems, as content words are."""
    return frozenset(map(stem, words(name)))


@cache
def topics() -> dict[str, str]:
    """Return the topic of each word that has one, by its stem."""
    listed: dict[str, str] = _table()["topics"]
    return {stem(word): topic for topic, forms in listed.items() for word in forms.split()}


@cache
def _irregular() -> tuple[tuple[str, str, str], ...]:
    rows = (row.split() for row in _table()["irregular"].split(","))
    return tuple((base, past, participle) for base, past, participle in rows)


@cache
def _pasts() -> dict[str, str]:
    return {past: base for base, past, _ in _irregular()}


@cache
def _participles() -> frozenset[str]:
    return frozenset(participle for _, _, participle in _irregular())


@cache
def _bases() -> frozenset[str]:
    return words("present") | {base for base, _, _ in _irregular()}


@cache
def _third_persons() -> frozenset[str]:
    return frozenset(third_person(base) for base in _bases())


def _not_verbs() -> frozenset[str]:
    return words("not_verbs")


def _nominal_prepositions() -> frozenset[str]:
    return prepositions() - {"as", "before", "after", "since", "until", "up", "down", "out", "off", "over"}


def _is_reduced(lexemes: Sequence[Lexeme], i: int) -> bool:
    """Tell whether a past form rather is a participle after its noun: "a card issued by"."""
    after = lexemes[i + 1].lower if i + 1 < len(lexemes) else ""
    return after == "by" and (i == 0 or lexemes[i - 1].lower not in auxiliaries())


def _plural(word: str) -> bool:
    return (word.endswith("s") and not word.endswith(("ss", "us", "is", "'s"))) or word in {
        "people",
        "police",
        "children",
        "men",
    }
