"""Reads names: titles, persons, bodies, and keys by which two forms of one name are told to be one."""

import re
from functools import lru_cache

from summarizer.backends.offline import grammar
from summarizer.text import names

_PARTICLES = frozenset(["al", "de", "van", "von", "bin", "el", "da", "di"])
_AFTER_PLACE = re.compile(r"\b(?:of|in|for|at|from|within|near)\s+(?:the\s+)?[A-Z][^,]*$")
_ACRONYM = re.compile(r"(?:[A-Z]\.?){2,6}")


@lru_cache(maxsize=4096)
def key(name: str) -> str:
    """Return a name without case, punctuation and possessive, spelled one way."""
    plain = name.casefold().replace("defence", "defense").replace("’s", "").replace("'s", "")
    return " ".join(re.findall(r"\w+", plain))


_ROLE = re.compile(
    r"(?:.*\s)?(?P<role>(?!and\b)[a-z][\w-]*)\s+(?:(?:and\s+)?(?:CEO|CFO|COO|CTO|MP|MEP|QC|KC|Dr|Prof)\.?\s+)?"
    r"(?P<name>(?:[A-Z][\w.’'-]*\s+)+(?:(?:al|de|van|von|bin|el|da|di)\s+)?[A-Z][\w’'-]+)$"
)


def with_role(phrase: str) -> str:
    """Return the name of "board chair Ida Renn" and "the engineer Ida Renn", or ""."""
    found = _ROLE.match(phrase)
    if found is None or not is_described(found["role"]):
        return ""
    words = found["name"].split()
    return "" if len(words) > 3 or is_body(found["name"]) else found["name"]


def is_described(role: str) -> bool:
    """Tell whether a word can say what somebody is: a noun, as far as closed classes tell."""
    closed = grammar.prepositions() | grammar.determiners() | grammar.pronouns() | grammar.auxiliaries()
    return role not in closed and role not in {"and", "or", "but", "not", "as"} and role not in _PARTICLES


def is_title(word: str) -> bool:
    """Tell whether a word is a title or rank ("Col.", "Mrs", "President")."""
    if word.lower().strip(".") in grammar.words("titles"):
        return True
    return word.endswith(".") and len(word) > 3 and not _ACRONYM.fullmatch(word)


def is_body(phrase: str) -> bool:
    """Tell whether a phrase names an institution: by one of its words, or as an acronym."""
    words = key(phrase).split()
    acronym = bool(words) and _ACRONYM.fullmatch(phrase.rsplit(maxsplit=1)[-1]) is not None
    return acronym or any(w in grammar.words("bodies") for w in words)


def is_person(phrase: str) -> bool:
    """Tell whether a phrase ends in a person's name: two capitals or a title, and no body or place."""
    words = phrase.split()
    if with_role(phrase):
        return True
    if not words or not words[-1][:1].isupper() or "and" in words or _AFTER_PLACE.search(phrase):
        return False
    titled = any(map(is_title, words))
    described = words[0].lower() in {"the", "a", "an"} and not (len(words) > 3 and words[-3].islower())
    if not titled and (is_body(phrase) or described):
        return False
    return is_title(words[0]) or sum(w[:1].isupper() for w in words) > 1


def without_titles(phrase: str) -> str:
    """Return the name after the last title before it ("Ostran Lt. Gen. Ide Renn" -> "Ide Renn")."""
    words = re.sub(r"\s+(?:himself|herself)$", "", phrase).split()
    words = with_role(phrase).split() or words
    first = 0
    for i, word in enumerate(words[:-1]):
        common = word[:1].islower() and word.split("-")[0] not in _PARTICLES
        if common or is_title(word):
            first = i + 1
    return " ".join(words[first:]).removesuffix("'s").removesuffix("’s")


_SET_OFF = re.compile(
    r"(?:[a-z]+, |(?:^|[.!?]\s)(?=[^,]{3,60}, (?:\d|who|an?\b|the\b)))"
    r"([A-Z][\w’'-]+(?: [A-Z][\w’'-]+){1,2}), (?:\d{1,3}\b|[a-z])",
    re.MULTILINE,
)


def people(text: str) -> frozenset[str]:
    """Return the names of a text that are persons': titled, described, or called by surname."""
    called = names.find(text)
    found = [n.text for n in called]
    things = {
        _last(n.text)
        for n in called
        if text[max(n.start - 4, 0) : n.start].lower() == "the " and " " not in n.text
    }
    described = {m.group(1) for m in _SET_OFF.finditer(text)}
    surnames = {_last(n) for n in found if " " not in n or is_title(n.split()[0])}
    full = [name for n in found if " " in (name := without_titles(n)) and not name.isupper()]
    surnames -= things  # "the Courant" is no Mr Courant
    return frozenset(n for n in full if _last(n) in surnames or (n in described and not is_body(n)))


def _last(name: str) -> str:
    return name.rsplit(" ", 1)[-1]
