"""What a number counts: the measure or the noun phrase that follows it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from summarizer.text.lexicons import table, words
from summarizer.text.patterns import any_of, compile_bounded

_WINDOW = 160  # characters after a number in which its noun is looked for
_MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class Counted:
    """What a number counts.

    Attributes:
        end: Index after the measure or the head noun.
        unit: A symbol or a plain plural noun; "" where the text gives none.
        of: The noun phrase counted, or what a measure measures; "" where the text gives none.
    """

    end: int
    unit: str
    of: str


def measure_after(text: str, index: int) -> Counted | None:
    """Return the measure ("%", "km", "years") written right after a number, or None."""
    match = _measure().match(text, index, min(len(text), index + _WINDOW))
    if match is None:
        return None
    unit = _units()[_spaced(match["sign"] or match["word"].lower())]
    compound = "-" in match["glue"]
    measured = _compound_of(text, match.end()) if compound else _measured(text, match.end())
    return Counted(match.end(), unit, measured)


def noun_after(text: str, index: int, *, single: bool = False) -> Counted | None:
    """Return the noun phrase a number counts: "200 vehicles", "46-page paper", "eleven of our centres".

    Args:
        text: Any text.
        index: Where the number ends.
        single: Whether one thing is counted, so that the noun is a singular.
    """
    compound = compile_bounded(r"[-‐‑]([a-z]{3,})\b(?![-‐‑])").match(text, index, index + 30)
    if compound:
        return Counted(compound.end(), plural(compound[1]), _compound_of(text, compound.end()))
    group = _GROUP.match(text, index, index + 60)
    found = _noun(text, group.end() if group else index, single=single and not group)
    # In "nine of the 14 districts" the noun belongs to the second figure.
    return replace(found, end=index) if found and group and group["number"] else found


def share_of(text: str, index: int) -> str:
    """Return what a share is a share of: "of the valley" gives "valley"; "" where the text does not say."""
    match = _SHARED.match(text, index, index + 80)
    return _until_stop(match[1].split()) if match else ""


def purpose_after(text: str, index: int) -> str:
    """Return what a sum of money is for: "in fees", "of aid"; "" where the text does not say."""
    match = _PURPOSE.match(text, index, index + 80)
    kept = list(_before_stop(match[1].split())) if match else []
    timed = kept and (kept[0] in table("numbers")["words"] or measure_after(f" {kept[-1]}", 0) is not None)
    return "" if timed else " ".join(kept)


def fate_after(text: str, index: int) -> str:
    """Return what befell those counted, as the words right behind say: "were killed" gives "killed"."""
    match = _fate().match(text, index, index + 60)
    return match[1].lower() if match else ""


def fate_before(text: str, index: int) -> str:
    """Return what befell those counted, as the verb before a figure says: "destroyed" of "two tanks"."""
    match = _fate_then_figure().search(text[max(0, index - 20) : index])
    return match[1] if match else ""


@cache
def _fate_then_figure() -> re.Pattern[str]:
    return re.compile(rf"\b({any_of(words('numbers', 'nouns', 'fates'))})\s+$")


def matter_after(text: str, index: int) -> str:
    """Return what follows "of" where a number stands without its noun: "six of fraud" gives "fraud"."""
    match = compile_bounded(r"\s+of\s+((?:[a-z]+\s+)?[a-z]+)").match(text, index, index + 40)
    return _until_stop(match[1].split()) if match else ""


def counts_people(text: str, start: int, end: int) -> bool:
    """Tell whether a number without a noun counts people: "at least 30 were killed", "put the toll at 19"."""
    casualty = _casualty().match(text, end, end + 60)
    noun = casualty and _noun(text, casualty.end(), single=False)  # "three dead gunmen"
    if casualty and not (noun and noun.end - casualty.end() < 20):
        return True
    return bool(_toll().search(text[max(0, start - 60) : start]))


def plural(noun: str) -> str:
    """Return a noun's plain plural: "gunship" gives "gunships"; a plural is given back as it is."""
    lower = noun.lower()
    if is_plural(noun):
        return lower if noun[1:].islower() else noun
    if noun[-1:].isupper():
        return noun + "s"
    for singular, many in _IRREGULAR.items():
        if lower.endswith(singular):
            return lower[: -len(singular)] + many
    if re.search(r"[^aeiou]y$", lower):
        return lower[:-1] + "ies"
    return lower + ("es" if re.search(r"(?:s|x|z|ch|sh)$", lower) else "s")


def is_plural(word: str) -> bool:
    """Tell whether a word looks like a plural noun."""
    lower = word.lower()
    if lower in words("numbers", "nouns", "plurals"):
        return True
    seems = len(word) > 2 and lower.endswith("s") and not lower.endswith(("ss", "us", "is", "'s", "’s"))
    return seems and lower not in words("numbers", "nouns", "singulars")


_IRREGULAR = {"person": "people", "child": "children", "woman": "women", "man": "men", "foot": "feet"}
_POSSESSOR = r"(?:the|its|his|her|their|our|those|these|[A-Z][\w-]*(?:\s[A-Z][\w-]*)?['’]s)"
_GROUP = compile_bounded(
    rf"\s+of\s+{_POSSESSOR}(?P<number>\s+(?:[0-9]+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve))?(?=\s)"
)
_SHARED = compile_bounded(
    r"\s+(?:of\s+)?(?:(?:the|its|their|his|her|our|all|those|these|an?)\s+)*((?:[\w'’-]+\s+){0,4}[\w'’-]+)"
)
_PURPOSE = compile_bounded(
    r"\s+(?:in|of|for|worth\s+of)\s+(?:(?:the|its|their|his|her|a|an)\s+)?((?:[a-z][\w'’-]*\s+){0,3}[a-z][\w'’-]*)"
)


# Measures.


@cache
def _units() -> dict[str, str]:
    """Return the unit each spelling stands for; signs as they are written, words in lower case."""
    units: dict[str, str] = dict(table("numbers")["signs"])
    for word, unit in table("numbers")["measures"].items():
        units[word] = unit
        first, _, rest = word.partition(" ")
        plural_form = f"{first}s {rest}" if first in ("degree", "pound") and rest else f"{word}s"
        units.setdefault(plural_form, unit)
    return units


@cache
def _measure() -> re.Pattern[str]:
    signs = any_of(table("numbers")["signs"])
    spelled = any_of([u for u in _units() if u not in table("numbers")["signs"]])
    return compile_bounded(
        rf"(?P<glue>(?:[ \t\xa0]|\r?\n(?=\w))?[-‐‑]?|[ \t\xa0]{{2}})"
        rf"(?:(?P<sign>{signs})(?![\w/²³]|-\w)|(?P<word>(?i:{spelled}))\b(?!['’]s))"
    )


def _measured(text: str, end: int) -> str:
    """Return what a measure measures: "of wheat", "from the city limits"."""
    relation = _RELATION.match(text, end, end + 70)
    if relation:
        return " ".join(relation[0].split())
    return purpose_after(text, end) if compile_bounded(r"\s+of\b").match(text, end) else ""


_RELATION = compile_bounded(
    r"\s+(?:from\s+(?:the\s+)?[\w'’-]+(?:\s+(?!of\b|in\b|and\b|which\b|who\b|where\b)[a-z][\w'’-]*)?"
    r"|away|long|wide|deep|high|apart|downstream|upstream)\b"
)


def _compound_of(text: str, end: int) -> str:
    """Return the noun after a compound: "11-month" is of a "war"."""
    match = compile_bounded(r"(?:\s+[^\W\d_][\w-]*){1,3}").match(text, end, end + 60)
    return _until_stop(match[0].split()) if match else ""


# Noun phrases.


def _noun(text: str, index: int, *, single: bool) -> Counted | None:
    phrase = _phrase(text, index)
    head = _singular_head(phrase) if single else _plural_head(phrase)
    if head is None:
        return None
    noun, end = phrase[head]["word"], phrase[head].end()
    if noun.lower() in ("one", "ones"):
        return None
    return Counted(end, plural(noun), _described(phrase[: head + 1]) + _tail(text, end, head + 1))


def _phrase(text: str, index: int) -> list[re.Match[str]]:
    """Return the words after a number up to where its noun phrase ends."""
    phrase: list[re.Match[str]] = []
    limit = min(len(text), index + _WINDOW)
    while len(phrase) < 12:
        match = _WORD.match(text, index, limit)
        if match is None or (not phrase and not match["gap"]):
            break
        if match["word"].lower() in words("numbers", "nouns", "stops") and not _CONTINUED_NAME.match(
            text, match.start("word"), limit
        ):
            break
        phrase.append(match)
        index = match.end()
        bracket = _ACRONYM_IN_BRACKETS.match(text, index, limit)
        index = bracket.end() if bracket else index
    return phrase


_WORD = compile_bounded(
    r"(?P<gap>[ \t\xa0]{1,2}\r?\n?[ \t\xa0]*|\r?\n[ \t\xa0]*|[-‐‑])[\"“‘]?"
    r"(?P<word>[^\W\d_]\w*(?:(?:['’&‐‑-]|\.(?=\w))\w+)*)"
)
_ACRONYM_IN_BRACKETS = compile_bounded(r"\s?\([A-Z][\w.]{1,10}\)(?=\s)")
# "State of Iraq and Levant (X) fighters": a small word inside a capitalised name that goes on to a plural.
_CAPITALS = r"(?:[A-Z][\w-]*\s+){1,4}"
_CONTINUED_NAME = compile_bounded(
    rf"(?:of|and)\s+(?:the\s+)?{_CAPITALS}(?:(?:of|and)\s+(?:the\s+)?{_CAPITALS}){{0,2}}(?:\(\w+\)\s+)?[a-z]+s\b"
)


def _plural_head(phrase: Sequence[re.Match[str]]) -> int | None:
    """Return the place of the first plural; "women workers" are workers."""
    first = next((i for i, w in enumerate(phrase) if is_plural(w["word"])), None)
    if first is None or phrase[first]["word"].lower().endswith("s") or first + 1 == len(phrase):
        return first
    return first + 1 if is_plural(phrase[first + 1]["word"]) else first


def _singular_head(phrase: Sequence[re.Match[str]]) -> int | None:
    """Return the place of the last word before a participle: "one gunship firing"."""
    ends = (i for i, w in enumerate(phrase) if i and w["word"].lower().endswith(("ing", "ed")))
    last = next(ends, len(phrase)) - 1
    return last if phrase and not phrase[last]["word"].lower().endswith(("ed", "ly")) else None


def _described(phrase: Sequence[re.Match[str]]) -> str:
    """Return a noun with what describes it, in the text's words; the bare noun where that runs long."""
    kept = [w["word"] for w in phrase]
    return " ".join(kept) if len(kept) <= _MOST_WORDS else kept[-1]


def _tail(text: str, end: int, used: int) -> str:
    """Return a participle or a short prepositional phrase right after the head: " killed", " in need"."""
    if fate := fate_after(text, end):
        return f" {fate}"
    match = _prepositional().match(text, end, end + 60)
    extra = match[0].split() if match else []
    return " " + " ".join(extra) if extra and used + len(extra) <= _MOST_WORDS and _is_plain(extra) else ""


def _is_plain(extra: Sequence[str]) -> bool:
    """Tell whether a prepositional phrase holds no further number, time or small word."""
    small = words("numbers", "nouns", "stops") - {"the", "a", "an"}
    return not any(
        w.lower() in small or w.lower() in words("numbers", "nouns", "times") or any(c.isdigit() for c in w)
        for w in extra[1:]
    )


@cache
def _prepositional() -> re.Pattern[str]:
    prepositions, stops = (
        any_of(words("numbers", "nouns", "prepositions")),
        any_of(words("numbers", "nouns", "stops")),
    )
    return compile_bounded(rf"\s+{prepositions}\s+(?:[\w-]+\s+){{0,3}}?[\w-]+(?=[.,;:)]|\s+{stops}\b|\s*$)")


@cache
def _fate() -> re.Pattern[str]:
    fates = any_of(words("numbers", "nouns", "fates") | {"dead", "missing", "died"})
    return compile_bounded(
        rf"\s+(?:(?:were|was|are|is|had|have|has|been|being|reported|confirmed)\s+){{0,3}}({fates})\b"
    )


@cache
def _casualty() -> re.Pattern[str]:
    casualties = any_of(words("numbers", "nouns", "casualties"))
    return compile_bounded(
        rf"\s+(?:(?:were|was|are|had|have|been|being|reported|confirmed|left|more|others?)\s+){{0,3}}{casualties}\b"
    )


@cache
def _toll() -> re.Pattern[str]:
    tolls, leading = (
        any_of(words("numbers", "nouns", "tolls")),
        any_of(words("numbers", "nouns", "after_toll")),
    )
    return compile_bounded(
        rf"\b(?:{tolls}(?:\s+{leading}){{0,4}}|(?:family|group|team|crew|gang|party)\s+of)\s+$", re.IGNORECASE
    )


def _until_stop(kept: Sequence[str]) -> str:
    return " ".join(_before_stop(kept))


def _before_stop(kept: Sequence[str]) -> Iterator[str]:
    for word in kept:
        if word.lower() in words("numbers", "nouns", "stops"):
            return
        yield word


def _spaced(phrase: str) -> str:
    return re.sub(r"\s+", " ", phrase)
