"""What a number counts: the measure or the noun phrase that follows it."""

import re
from dataclasses import dataclass
from functools import cache

from summarizer.text.numerals import any_of, lexicon

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
    unit = _measure_units()[re.sub(r"\s+", " ", match["unit"].lower())]
    return Counted(match.end(), unit, _measured(text, match.end(), compound=match["glue"] == "-"))


def noun_after(text: str, index: int) -> Counted | None:
    """Return the noun phrase counted by a number that ends at ``index``, or None."""
    words = _phrase(text, index)
    head = _head(words)
    if head is None:
        return None
    end = words[head].end()
    noun = words[head]["word"]
    phrase = " ".join(w["word"] for w in words[max(0, head + 1 - _MOST_WORDS) : head + 1])
    return Counted(end, plural(noun), phrase + _tail(text, end, head + 1))


def plural(noun: str) -> str:
    """Return a noun's plain plural: "gunship" gives "gunships"; a plural is given back as it is."""
    lower = noun.lower()
    if _is_plural(noun):
        return lower if noun[1:] == noun[1:].lower() else noun
    if noun[-1:].isupper():
        return noun + "s"
    irregular = {"person": "people", "child": "children", "man": "men", "woman": "women", "foot": "feet"}
    for singular, many in irregular.items():
        if lower.endswith(singular):
            return lower[: -len(singular)] + many
    if re.search(r"[^aeiou]y$", lower):
        return lower[:-1] + "ies"
    return lower + ("es" if re.search(r"(?:s|x|z|ch|sh)$", lower) else "s")


@cache
def _measure_units() -> dict[str, str]:
    units: dict[str, str] = {}
    for word, unit in lexicon()["measures"].items():
        units[word] = unit
        if word.isascii() and word.replace(" ", "").isalpha() and len(word) > 2:
            units.setdefault(word + "s", unit)
            units.setdefault(word.replace("degree ", "degrees "), unit)
    units["pounds sterling"] = "£"
    units["centuries"] = "centuries"
    return units


@cache
def _measure() -> re.Pattern[str]:
    signs = [u for u in _measure_units() if not u[-1].isalpha()]
    words = [u for u in _measure_units() if u[-1].isalpha()]
    return re.compile(rf"(?P<glue>\s*-?\s?)(?P<unit>{any_of(signs)}|{any_of(words)}\b)(?![/²³])", re.IGNORECASE)


@cache
def _word() -> re.Pattern[str]:
    return re.compile(r"(?P<gap>[ \t\xa0]*\r?\n?[ \t\xa0]*|-)[\"“‘]?(?P<word>[^\W\d_][\w]*(?:[.'’&-][\w]+)*\.?(?<![,;]))")


def _phrase(text: str, index: int) -> list[re.Match[str]]:
    """Return the words after a number up to where its noun phrase ends."""
    words: list[re.Match[str]] = []
    limit, name_open = min(len(text), index + _WINDOW), False
    while len(words) < 12:
        bracket = re.compile(r"\s?\(\w{1,12}\)").match(text, index, limit)
        if bracket and words:
            index = bracket.end()
        match = _word().match(text, index, limit)
        if match is None or (not match["gap"] and words):
            break
        word = match["word"]
        if word.lower() in _stops() and not (name_open and _continues_name(text, match)):
            break
        if words and _is_plural(words[-1]["word"]) and not word[0].isupper() and _ends_phrase(word):
            break
        if words and word.lower().endswith(("ing", "ed")) and words[-1]["word"][0].islower() and _is_plural(words[-1]["word"]):
            break
        name_open = word[0].isupper() or (name_open and word.lower() in ("of", "and", "the"))
        words.append(match)
        index = match.end()
        if word.endswith("."):
            break
    return words


@cache
def _stops() -> frozenset[str]:
    return frozenset(lexicon()["nouns"]["stops"])


def _continues_name(text: str, match: re.Match[str]) -> bool:
    """Tell whether a small word stands inside a capitalised name that goes on to a plural: "State of Iraq and Levant fighters"."""
    rest = text[match.end() : match.end() + 60]
    if match["word"].lower() not in ("of", "and"):
        return False
    return bool(re.match(r"\s+(?:the\s+)?(?:[A-Z][\w-]*\s+)+(?:(?:of|and)\s+(?:the\s+)?(?:[A-Z][\w-]*\s+)+)?(?:\(\w+\)\s+)?[a-z]+s\b", rest))


def _ends_phrase(word: str) -> bool:
    """Tell whether a word after a plural no longer belongs to the noun phrase."""
    return not _is_plural(word) or word.lower().endswith(("ss", "ses", "tes"))


def _head(words: list[re.Match[str]]) -> int | None:
    plurals = [i for i, w in enumerate(words) if _is_plural(w["word"].rstrip("."))]
    if plurals:
        run = plurals[0]
        while run + 1 in plurals:
            run += 1
        return run
    return None


def _is_plural(word: str) -> bool:
    nouns = lexicon()["nouns"]
    lower = word.lower()
    if lower in nouns["plurals"]:
        return True
    return len(word) > 2 and lower.endswith("s") and not lower.endswith(("ss", "us", "is", "'s", "’s")) and lower not in nouns["singulars"]


def _tail(text: str, end: int, used: int) -> str:
    """Return a short prepositional phrase or a participle right after the head: " in need", " killed"."""
    fate = re.compile(rf"\s+(?:(?:were|was|are|is|had\s+been|have\s+been|has\s+been|being)\s+)?({any_of(lexicon()['nouns']['fates'])})\b").match(text, end, end + 40)
    if fate:
        return f" {fate[1]}"
    preposition = re.compile(rf"\s+({any_of(lexicon()['nouns']['prepositions'])})\s+((?:[\w-]+\s+){{0,3}}?[\w-]+)(?=[.,;:)]|\s+{any_of(sorted(_stops()))}\b|\s*$)").match(text, end, end + 60)
    if preposition is None:
        return ""
    extra = f"{preposition[1]} {preposition[2]}".split()
    small = any(w.lower() in _stops() - {"the", "a", "an"} or any(c.isdigit() for c in w) for w in extra[1:])
    return "" if small or used + len(extra) > _MOST_WORDS else " " + " ".join(extra)


def _measured(text: str, end: int, *, compound: bool) -> str:
    """Return what a measure measures: "of wheat", "from the city", or the noun after "11-month"."""
    if compound:
        words = re.compile(r"(?:\s+[^\W\d_][\w-]*){1,3}").match(text, end, end + 60)
        return _until_stop(words[0].split()) if words else ""
    measured = re.compile(r"\s+of\s+(?:(?:the|its|their|his|her|a|an)\s+)?((?:[\w'’-]+\s+){0,3}[\w'’-]+)").match(text, end, end + 80)
    if measured:
        return _until_stop(measured[1].split())
    relation = re.compile(r"\s+((?:from|away|long|wide|deep|high|apart)\b(?:\s+from)?(?:\s+[\w'’-]+){0,3})").match(text, end, end + 60)
    return " ".join(relation[1].split()) if relation else ""


def _until_stop(words: list[str]) -> str:
    kept: list[str] = []
    for word in words:
        if word.lower() in _stops():
            break
        kept.append(word)
    return " ".join(kept)


def noun_or_group_after(text: str, index: int, *, single: bool) -> Counted | None:
    """Return the noun counted; for "one" also a singular noun, and "of them children" after a number."""
    group = re.compile(r"\s+of\s+(?:them|whom|which)(?:\s+(?P<noun>[^\W\d_]+))?").match(text, index, index + 60)
    if group:
        noun = group["noun"]
        return Counted(group.end(), noun.lower(), noun) if noun and _is_plural(noun) else None
    of = re.compile(r"\s+of\s+(?:the|its|his|her|their|our|those|these)(?=\s)").match(text, index, index + 20)
    found = noun_after(text, of.end() if of else index)
    return found or (_singular_after(text, index) if single else None)


def _singular_after(text: str, index: int) -> Counted | None:
    words = _phrase(text, index)
    kept = words[:1]
    for word in words[1:]:
        if word["word"].lower().endswith(("ing", "ed")):
            break
        kept.append(word)
    if not kept:
        return None
    phrase = " ".join(w["word"] for w in kept[-_MOST_WORDS:])
    return Counted(kept[-1].end(), plural(kept[-1]["word"].rstrip(".")), phrase + _tail(text, kept[-1].end(), len(kept)))


def purpose_after(text: str, index: int) -> str:
    """Return what a sum of money is for: "in consultancy fees", "of aid"; "" where the text does not say."""
    match = re.compile(r"\s+(?:in|of|for|worth\s+of)\s+(?:(?:the|its|their|his|her|a|an)\s+)?((?:[a-z][\w'’-]*\s+){0,3}[a-z][\w'’-]*)").match(text, index, index + 80)
    return _until_stop(match[1].split()) if match else ""


def share_of(text: str, index: int) -> str:
    """Return what a share is a share of: "of the valley"; "" where the text does not say."""
    match = re.compile(r"\s+(?:of\s+)?(?:(?:the|its|their|his|her|our|all|those|these|an?)\s+)*((?:[\w'’-]+\s+){0,4}[\w'’-]+)").match(text, index, index + 80)
    return _until_stop(match[1].split()) if match else ""


def is_casualty(text: str, index: int) -> bool:
    """Tell whether "killed", "dead" or the like follows a number: people are counted."""
    words = any_of(lexicon()["nouns"]["casualties"])
    return bool(re.compile(rf"\s+(?:(?:were|was|are|had|have|been|being|reported|confirmed|left|more)\s+){{0,3}}{words}\b").match(text, index, index + 60))


def is_toll(text: str, index: int) -> bool:
    """Tell whether a toll leads up to a number: "put the toll at", "killing at least"."""
    words = any_of(lexicon()["nouns"]["tolls"])
    before = text[max(0, index - 50) : index]
    return bool(re.search(rf"\b{words}(?:\s+(?:at|to|of|rose|climbed|had|has|stands?|stood|reached|as|many|least|about|around|some|nearly|more|than|over|up|another))*\s+$", before))


def fate_after(text: str, index: int) -> str:
    """Return the word that says what befell those counted: "were killed" gives "killed"; "of fraud" gives "fraud"."""
    match = re.compile(rf"\s+(?:(?:were|was|are|had|have|been|being)\s+){{0,3}}({any_of(lexicon()['nouns']['fates'])}|dead|missing|died)\b").match(text, index, index + 60)
    if match:
        return f"people {match[1]}"
    matter = re.compile(r"\s+of\s+((?:[a-z]+\s+)?[a-z]+)").match(text, index, index + 40)
    return _until_stop(matter[1].split()) if matter else ""
