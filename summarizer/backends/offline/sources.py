"""Says who a source's phrase means: a person without title, a body for its officials, or nobody named."""

import re
from dataclasses import replace

from summarizer.backends.offline import grammar
from summarizer.backends.offline.cast import ARTICLE, Cast, Source, named
from summarizer.backends.offline.naming import is_body, is_person, is_title
from summarizer.domain.vocabulary import UNNAMED
from summarizer.text import loaded, names, times

_LONGEST = 120
_COUNTED = re.compile(
    r"(?:one|two|three|some|both|many|others?|another|a third|the other|none|most)\b(?! (?-i:[A-Z]))",
    re.IGNORECASE,
)
_GENERIC = re.compile(
    r"(?:the|its|their)\s+(?:company|firm|group|maker|outlet|organi[sz]ation|charity|party|press office"
    r"|office|command|spokes\w+)"
)


def resolve(phrase: str, description: str, cast: Cast, sentence: str = "") -> Source:
    """Return who a phrase of attribution means.

    Args:
        phrase: Such as "Army Col. Ida Renn", "two officers", "he", "the ministry".
        description: What stands in apposition to it, such as "a spokesman for the command".
        cast: Who was named before.
        sentence: The sentence it stands in, for "the company".
    """
    plain = _trimmed(phrase)
    lower = plain.lower()
    own = _OWN.match(lower)
    found = _pronominal({"our": "we"}.get(own[1], own[1]) if own else lower, cast)
    if found:
        return found
    if lower in {"it", "they"} and (opening := _opening(sentence)):
        return _body(opening, plain, cast)
    if _COUNTED.match(plain) or lower in _PRONOUNS:
        return _unnamed(plain)
    if _GENERIC.fullmatch(lower) and not (cast.known(plain) or cast.body_called(plain.split(" ", 1)[-1])):
        return _generic(plain, cast, sentence)
    if lower in grammar.words("speakers") and (body := _reporting(sentence)):
        return _body(body, plain, cast)
    return _described(plain, description, cast)


_OWN = re.compile(r"(its|his|her|our)\s+own\s+\w+$")
_PERSONAL = frozenset(["he", "she", "her", "him", "his", "i"])
_PRONOUNS = _PERSONAL | {"they", "we", "it", "its"}


def _pronominal(pronoun: str, cast: Cast) -> Source | None:
    """Return whom a pronoun stands for, or None where it is none or nobody was named."""
    if pronoun in {"he", "him", "his"}:
        return cast.person_called("he")
    if pronoun in {"she", "her"}:
        return cast.person_called("she")
    if pronoun in _PERSONAL:
        return cast.subject or next(reversed(cast.persons), None) or cast.last
    if pronoun == "we":  # outside quotation marks it is the outlet that speaks
        return ARTICLE
    if pronoun == "they":
        return cast.last or cast.last_body()
    return cast.topic or cast.last_body() or cast.last if pronoun in {"it", "its"} else None


_OPENING = re.compile(
    r"((?:The|An?|Its?)\s+[^,;:()]{3,60}?|[A-Z][\w.’'-]+(?:\s[A-Z][\w.’'-]+)*)\s+(?:\w+ing\b|has|have|had|is|was)\b"
)


def _opening(sentence: str) -> str:
    """Return the subject a sentence opens with ("The coalition fighting X has …"), or ""."""
    found = _OPENING.match(sentence.lstrip('"“'))
    return found[1] if found else ""


_ABBREVIATED = re.compile(r"(?:\b[A-Z]\.(?:[A-Z]\.)+|\b(?:Inc|Ltd|Corp|Co|Jr|Sr)\.)$")


def _trimmed(phrase: str) -> str:
    """Return a phrase without relative clauses, brackets, leading particles and times."""
    plain = " ".join(phrase.split()).strip(" ,;:\"“”'‘’()")
    plain = plain if _ABBREVIATED.search(plain) else plain.strip(" .")
    plain = re.sub(r"\s*\([^)]*\)", "", plain)
    plain = re.split(r",\s|\s+(?:who|which)\s|\s+working\s+on\s", plain)[0]
    plain = re.split(
        r"\s+(?:seen|obtained|reviewed|published|posted)\s+by\s|\s+(?:it|he|she|they)\s+\w+ed\b", plain
    )[0]
    plain = re.sub(r"\s+(?:himself|herself|itself|themselves)$", "", plain)
    plain = re.sub(r"^(?:both|also|as|but|and|even|only|the\s+same)\s+", "", plain, flags=re.IGNORECASE)
    outer = (t for t in times.find(plain) if t.start == 0 or t.end == len(plain))
    time = next(outer, None)
    plain = plain[: time.start] + plain[time.end :] if time else plain
    return plain.strip(" ,")[:_LONGEST].strip() or "it"


def _generic(plain: str, cast: Cast, sentence: str) -> Source:
    """Return the body "the company" means: the one its sentence opens with, else the last named."""
    opening = next(iter(names.find(sentence)), None)
    if opening and opening.start < 20 and not is_title(opening.text.split()[0]):
        return Source(opening.text, (plain,))
    body = cast.last_body()
    return body.also(plain) if body else Source(plain)


def _described(plain: str, description: str, cast: Cast) -> Source:
    known = cast.known(plain)
    if known and known.person:
        return known
    body = _spoken_for(plain)
    if body:
        return _body(body, plain, cast)
    if is_person(plain) and not description.lstrip(" ,").startswith("which "):
        return _person(plain, description, cast)
    if _is_nameless(plain):
        return _spokesperson(plain, cast) or _unnamed(plain)
    return _body(plain, plain, cast)


_REPORT_OF = re.compile(r"\b(?:report|statement|release|briefing|letter|note)\s+(?:by|from|of)\s+(?:the\s+)?")


def _reporting(sentence: str) -> str:
    """Of "In a report by the Works Ministry, officials said …" return the body, or ""."""
    found = _REPORT_OF.search(sentence)
    inside = (n.text for n in names.find(sentence) if found and n.start <= found.end() < n.end)
    return next(inside, "")


# -- persons -----------------------------------------------------------------------------------------------


def _person(plain: str, description: str, cast: Cast) -> Source:
    new = named(plain, description)
    known = (cast.known(new.name) or new).also(plain)
    return replace(known, person=True, office=_office(plain, description, cast) or known.office)


_SPOKES = (
    re.compile(r"\bspokes\w+\s+(?:for|of)\s+(?P<body>[^,]+)"),
    re.compile(r"(?P<body>[\w’' .-]+?)\s+spokes"),
)


def _office(plain: str, description: str, cast: Cast) -> str:
    """Return the body that "Ida Renn, a spokeswoman for the command" speaks for, or ""."""
    found = next((m for words in (description, plain) for p in _SPOKES if (m := p.search(words))), None)
    if found is None:
        return ""
    body = found["body"].strip()
    return _body(re.sub(r"^(?:an?|chief|the)\s+", "", body), body, cast).name


# -- bodies ------------------------------------------------------------------------------------------------

_PLAIN_BEFORE = frozenset(["the", "a", "an", "senior", "two", "three", "several", "some", "security"])
_SPEAKER_OF = re.compile(
    r"(?:an?|the|some|two|several)?\s*(?:[\w-]+\s+)?(?P<who>\w+)\s+(?:for|from|of|at|within|in|with)\s+(?P<body>.+)$",
    re.IGNORECASE,
)


def _spoken_for(phrase: str) -> str:
    """Return the body whose nameless officials a phrase describes, or ""."""
    *before, last = phrase.split()
    if before and last.lower() in grammar.words("speakers"):
        front = [w for w in before if w.lower() not in _PLAIN_BEFORE]
        return " ".join(front) if any(w[:1].isupper() or w == "council" for w in front) else ""
    found = _SPEAKER_OF.match(phrase)
    if not found or found["who"].lower() not in grammar.words("speakers"):
        return ""
    return found["body"] if re.match(r"the\s|.*[A-Z]", found["body"]) else ""


def _body(name: str, phrase: str, cast: Cast) -> Source:
    plain = re.sub(r"^(?:the|an?|its|his|her|their|our)\s+(?=\S)", "", name, flags=re.IGNORECASE)
    heated = loaded.find(plain)
    plain = plain[heated[-1].end :].strip() or plain if heated else plain
    known = cast.known(plain) or cast.body_called(plain)
    if known and not known.person:
        return known.also(plain, phrase)
    if any(w[:1].isupper() for w in plain.split()):
        owner = re.fullmatch(r"(?P<owner>.+?)['’]s\s+[a-z]+", plain)
        own = owner["owner"] if owner and not is_body(plain) else plain
        return Source(own, tuple(a for a in dict.fromkeys((name, phrase)) if a != own))
    found = re.match(r"(?:the|an?)\s", name, re.IGNORECASE)
    article = found.group().lower() if found else ""
    return Source(f"{article}{plain}", (plain, phrase))


# -- the nameless ------------------------------------------------------------------------------------------

_QUALIFIED = re.compile(r"\s+(?:of|in|at|from|for|with|close|familiar|involved|within|near|on|an)\b")


def _is_nameless(phrase: str) -> bool:
    """Tell whether a phrase only says what somebody is ("residents of Marl", "a senior official")."""
    head = _QUALIFIED.split(phrase)[0]
    if re.search(
        r"\b(?:coast|national|border|home) guard$", head, re.IGNORECASE
    ):  # a body, not a man at a gate
        return False
    last = head.rsplit(None, 1)[-1].lower()
    return last in grammar.words("nameless") | grammar.words("speakers") and not re.search(r"\s[A-Z]", head)


def _spokesperson(phrase: str, cast: Cast) -> Source | None:
    """Resolve "the spokesman" to the last person, "a spokeswoman" to the last body."""
    if not phrase.rsplit(None, 1)[-1].lower().startswith("spokes"):
        return None
    person = None if phrase.lower().startswith(("a ", "an ")) else next(reversed(cast.persons), None)
    return person or next(reversed(cast.bodies), None)


def _unnamed(phrase: str) -> Source:
    plain = phrase[:1].lower() + phrase[1:] if phrase[:2].istitle() else phrase
    return Source(f"{UNNAMED}: {plain}", (plain,))
