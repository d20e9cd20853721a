"""The cues of attribution: by which words a text says who puts something forward, and how firmly.

The lexicon is ``data/cues.toml``. All readers work on one sentence or less and are case-insensitive; they
match whole words on folded text, so curly quotes, long dashes and no-break spaces make no difference.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from summarizer.domain.vocabulary import Kind, Stance
from summarizer.text.folding import fold
from summarizer.text.lexicons import REMEMBERED
from summarizer.text.patterns import any_of


@dataclass(frozen=True, slots=True)
class Cue:
    """What one cue says about the proposition beside it.

    Attributes:
        form: The words of the lexicon, lower-cased.
        stance: Where its source stands.
        hedged: The cue itself expresses doubt.
        kind: What it makes of the proposition.
        phrase: A fixed wording rather than a verb of saying.
        backward: It is about what was put forward before, unless a proposition follows.
        action: It names a deed as often as a statement; its object is part of the proposition.
        bare: It takes an object that is no proposition.
    """

    form: str
    stance: Stance = "asserts"
    hedged: bool = False
    kind: Kind = "fact"
    phrase: bool = False
    backward: bool = False
    action: bool = False
    bare: bool = False


@dataclass(frozen=True, slots=True)
class CueMatch:
    """A cue and where it stands, auxiliaries and adverbs before it included."""

    start: int
    end: int
    cue: Cue


def find(text: str) -> Iterator[CueMatch]:
    """Yield the cues of a text in order, longest first, not overlapping."""
    return iter(_found(text))


@lru_cache(maxsize=REMEMBERED)
def _found(text: str) -> tuple[CueMatch, ...]:
    return tuple(_matches(text))


def _matches(text: str) -> Iterator[CueMatch]:
    plain, known = fold(text), False
    for match in _cue_pattern().finditer(plain):
        known = True
        yield CueMatch(match.start(), match.end(), _cues()[_plain(match["cue"])])
    unknown = None if known else _UNKNOWN.search(plain)
    if unknown is not None:
        yield CueMatch(unknown.start(), unknown.end("cue"), Cue(unknown["cue"].lower()))


_UNKNOWN = re.compile(
    r"\b(?:\w{2,20}ly\s+)?(?P<cue>(?!(?:ensur|show|prov|result|happen|requir|provid|supposed|need|agreed)\w*)[a-z]{4,20}ed)"
    r"(?=\s+that\s+(?:the|a|an|its|his|her|their|it|he|she|they|there|[A-Z]))"
)
"""A verb of saying that the lexicon does not hold or that is misspelt: it takes a whole proposition."""


def find_hedges(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of softening words in order."""
    for match in _hedge_pattern().finditer(fold(text)):
        if match.group() != "May":  # the month
            yield match.span()


def find_removable_hedges(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of softening words that can be left out of a sentence, modals not included."""
    for match in _removable_pattern().finditer(fold(text)):
        yield match.span()


def has_attribution(text: str) -> bool:
    """Tell whether the text names a source for something: any cue verb or prefix."""
    return any(True for _ in find(text)) or bool(_prefix_pattern().search(fold(text)))


def has_denial(text: str) -> bool:
    """Tell whether somebody denies something in the text."""
    return any(match.cue.stance == "denies" for match in find(text))


def has_nonconfirmation(text: str) -> bool:
    """Tell whether somebody will not confirm something in the text."""
    return any(match.cue.stance == "does_not_confirm" for match in find(text))


def has_hedge(text: str) -> bool:
    """Tell whether the text softens what it says: modals, adverbs and verbs of doubt, passives of belief."""
    passive = find_passive(text)
    softened = any(True for _ in find_hedges(text)) or (passive is not None and passive.hedged)
    return softened or any(match.cue.hedged for match in find(text))


def is_manner(text: str) -> bool:
    """Tell whether the text says how a statement was made, or that none was ("declined to comment")."""
    return bool(_manner_pattern().search(fold(text)))


def has_pointer(text: str) -> bool:
    """Tell whether the text points back at the source before it ("he added")."""
    return bool(_pointer_pattern().search(fold(text)))


def find_prefix(text: str, start: int = 0) -> re.Match[str] | None:
    """Find the first "according to" (or the like) at or after ``start``."""
    return _prefix_pattern().search(fold(text), start)


@dataclass(frozen=True, slots=True)
class Passive:
    """A passive of saying or believing: "is believed to have", "it was announced that"."""

    start: int
    end: int
    participle: str
    auxiliary: str
    link: str
    hedged: bool
    kind: Kind


def find_passive(text: str) -> Passive | None:
    """Find the first "is believed to", "was reported to", "it is thought that" of a text."""
    match = _passive_pattern().search(fold(text))
    if match is None:
        return None
    word = match["participle"].lower()
    if match["link"].lower() not in {"to", "that"} and word != "expected":
        return None
    table = _lexicon()["passive"]
    kind: Kind = "forecast" if word in table["forecasts"] else "fact"
    hedged = word not in table["flat"]
    return Passive(
        match.start(), match.end(), word, match["aux"].lower(), match["link"].lower(), hedged, kind
    )


# -- the lexicon -------------------------------------------------------------------------------------------


@cache
def _lexicon() -> dict[str, Any]:
    return tomllib.loads(files("summarizer.text").joinpath("data/cues.toml").read_text("utf-8"))


@cache
def _cues() -> dict[str, Cue]:
    fixed = {form: _cue(form, row, phrase=True) for row in _lexicon()["phrase"] for form in row["forms"]}
    verbs = {form: _cue(form, row, phrase=False) for row in _lexicon()["verb"] for form in row["forms"]}
    return verbs | fixed


def _cue(form: str, row: dict[str, Any], *, phrase: bool) -> Cue:
    traits = {name: value for name, value in row.items() if name != "forms"}
    return Cue(form, phrase=phrase, **traits)


@cache
def _cue_pattern() -> re.Pattern[str]:
    lead = r"(?:(?:has|have|had|also|later|then|again|once|now|since|never|\w{2,20}ly)\s+){0,4}"
    return re.compile(rf"\b{lead}(?P<cue>{_alternatives(_cues())})\b", re.IGNORECASE)


@cache
def _hedge_pattern() -> re.Pattern[str]:
    table = _lexicon()["hedge"]
    return _any_of([*table["phrases"], *table["verbs"], *table["adverbs"], *table["modals"]])


@cache
def _removable_pattern() -> re.Pattern[str]:
    table = _lexicon()["hedge"]
    phrases = [phrase for phrase in table["phrases"] if not phrase.endswith(" have")]
    return _any_of([*phrases, *table["adverbs"]])


@cache
def _manner_pattern() -> re.Pattern[str]:
    return _any_of(_lexicon()["attribution"]["manner"])


@cache
def _pointer_pattern() -> re.Pattern[str]:
    return _any_of(_lexicon()["attribution"]["pointers"])


@cache
def _prefix_pattern() -> re.Pattern[str]:
    return _any_of(_lexicon()["attribution"]["prefixes"])


@cache
def _passive_pattern() -> re.Pattern[str]:
    words = _alternatives(_lexicon()["passive"]["participles"])
    lead = r"(?P<aux>is|are|was|were|been|be)\s+(?:(?:also|now|widely|still|\w{2,20}ly)\s+){0,2}"
    return re.compile(
        rf"\b{lead}(?P<participle>{words})(?:,\s+\w+,)?\s+(?P<link>to|that|in|on|by|within|next|this|later|soon|at)\b",
        re.IGNORECASE,
    )


def _any_of(forms: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_alternatives(forms)})\b", re.IGNORECASE)


def _alternatives(forms: Iterable[str]) -> str:
    """Return one pattern of all forms, longest first; a blank matches any run of white space."""
    return any_of(forms)


def _plain(words: str) -> str:
    return " ".join(words.lower().split())
