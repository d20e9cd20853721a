"""Says who a source's phrase means: a person without title, a body for its officials, or nobody named."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import lru_cache

from summarizer.backends.offline import grammar
from summarizer.domain.vocabulary import ARTICLE_VOICE, UNNAMED
from summarizer.text import names, times


@dataclass(frozen=True, slots=True)
class Source:
    """Who answers for a proposition.

    Attributes:
        name: As a position names it.
        aliases: Other names the article gives.
        person: It is a person.
        office: The body it is a spokesperson of, or "".
    """

    name: str
    aliases: tuple[str, ...] = ()
    person: bool = False
    office: str = ""

    def spoken_for(self, bodies: Collection[str]) -> "Source":
        """Return the body whose spokesperson this is, where it speaks itself; else this source."""
        office = next(
            (
                b
                for b in sorted(bodies)
                if self.office and _key(b).removeprefix("the ") == _key(self.office).removeprefix("the ")
            ),
            "",
        )
        if office:
            return Source(office, _merged((self.name,), self.aliases))
        return self

    @property
    def is_named(self) -> bool:
        return self.name != ARTICLE_VOICE and not self.name.startswith(UNNAMED)


ARTICLE = Source(ARTICLE_VOICE)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who has been named so far, the latest last; what pronouns and "the ministry" are resolved against."""

    persons: tuple[Source, ...] = ()
    bodies: tuple[Source, ...] = ()
    last: Source | None = None
    subject: Source | None = None
    people: frozenset[str] = frozenset()

    def with_source(self, source: Source) -> "Cast":
        """Return the cast after a source has spoken."""
        if source.name == ARTICLE_VOICE:
            return self
        if not source.is_named:
            return replace(self, last=source)
        if source.person:
            return replace(self, persons=_moved(self.persons, source), last=source, subject=source)
        return replace(self, bodies=_moved(self.bodies, source), last=source)

    def with_names(self, sentence: str) -> "Cast":
        """Return the cast after a sentence of the article has named people and bodies."""
        cast = self
        for name in names.find(sentence)[:12]:
            source = _named(name.text, "")
            source = replace(
                source,
                person=source.person and (source.name in self.people or _is_title(name.text.split()[0])),
            )
            known = cast.known(source.name)
            if (
                name.start < 30
                and (source.person or (known and known.person))
                and not sentence.startswith(("He ", "She "))
            ):
                cast = replace(cast, subject=known or source)
            if known is None and (source.person or _is_body(name.text)):
                cast = cast._joined_by(source)
            elif known is not None and known.person:
                cast = replace(cast, persons=_moved(cast.persons, known))
        return cast

    def _joined_by(self, source: Source) -> "Cast":
        if source.person:
            return replace(self, persons=(*self.persons, source)[-60:])
        return replace(self, bodies=(*self.bodies, source)[-60:])

    def known(self, name: str) -> Source | None:
        """Return who was named so before: by the full name, a surname or an alias."""
        folded = _key(name)
        for source in (*reversed(self.persons), *reversed(self.bodies)):
            if folded in {_key(source.name), *map(_key, source.aliases)}:
                return source
            if source.person and " " not in folded and _key(source.name).endswith(f" {folded}"):
                return source
        return None


def people(text: str) -> frozenset[str]:
    """Return the names of a text that are persons': titled once, or later called by the surname alone."""
    found = [n.text for n in names.find(text)]
    set_off = {m.group(1) for m in _SET_OFF.finditer(text)}
    alone = {n for n in found if " " not in n} | {
        n.rsplit(" ", 1)[-1] for n in found if _is_title(n.split()[0])
    }
    return frozenset(
        name
        for n in found
        if " " in (name := _without_titles(n))
        and (name.rsplit(" ", 1)[-1] in alone or (name in set_off and not _is_body(name)))
    )


_SET_OFF = re.compile(
    r"(?:[a-z]+, |(?:^|[.!?]\s))([A-Z][\w’'-]+(?: [A-Z][\w’'-]+){1,2}), "
    r"(?:\d{1,3}|who\b|whose\b|an?\b|the\b|[a-z]+ed\b)",
    re.MULTILINE,
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
    if lower in {"he", "she", "her", "him", "his", "i"}:
        return cast.subject or (cast.persons[-1] if cast.persons else cast.last or _unnamed(plain))
    if lower in {"it", "they", "we", "its"}:
        return _latest_body(cast, plural=lower != "it") or _unnamed(plain)
    if re.match(
        r"(?:one|two|three|some|both|many|others?|another|a third|the other|none|most)\b(?! [A-Z])", lower
    ):
        return _unnamed(plain)
    if _GENERIC.fullmatch(lower) and not cast.known(plain) and not _by_head(plain.split(" ", 1)[-1], cast):
        return _main_body(plain, cast, sentence)
    return _described(plain, description, cast)


_GENERIC = re.compile(
    r"(?:the|its|their)\s+(?:company|firm|group|maker|outlet|organi[sz]ation|charity|party|press office|office"
    r"|command|spokes\w+)"
)


def _main_body(plain: str, cast: Cast, sentence: str) -> Source:
    """Return the body "the company" means: the one its sentence opens with, else the last named."""
    first = next(
        (n for n in names.find(sentence)[:1] if n.start < 20 and not _ends_in_person_strictly(n.text)), None
    )
    if first:
        return Source(first.text, (plain,))
    body = (
        cast.last
        if cast.last and cast.last.is_named and not cast.last.person
        else cast.bodies[-1]
        if cast.bodies
        else None
    )
    return replace(body, aliases=_merged(body.aliases, (plain,))) if body else Source(plain)


def _ends_in_person_strictly(name: str) -> bool:
    return _is_title(name.split(maxsplit=1)[0])


def _described(plain: str, description: str, cast: Cast) -> Source:
    known = cast.known(plain)
    if known and known.person:
        return known
    body = _spoken_for(plain)
    if body:
        return _body(body, plain, cast)
    if _ends_in_person(plain):
        person = _named(plain, description)
        known = cast.known(person.name)
        office = _office(plain, description, cast)
        return replace(
            known or person,
            aliases=_merged((known or person).aliases, (plain,)),
            person=True,
            office=office or (known.office if known else ""),
        )
    if _is_nameless(plain):
        return _spoken_by_cast(plain, cast) or _unnamed(plain)
    return _body(plain, plain, cast)


def _office(plain: str, description: str, cast: Cast) -> str:
    """Return the body that "Ida Renn, a spokeswoman for the command" speaks for, or ""."""
    for words in (description, plain):
        found = re.search(r"\bspokes\w+\s+(?:for|of)\s+(?P<after>[^,]+)", words) or re.search(
            r"(?P<after>[\w’' .-]+?)\s+spokes\w+\b", words
        )
        if found:
            return _body(
                re.sub(r"^(?:an?|chief|the)\s+", "", found["after"].strip()), found["after"].strip(), cast
            ).name
    return ""


def _trimmed(phrase: str) -> str:
    plain = " ".join(phrase.split()).strip(" ,;:.\"“”'‘’()")
    plain = re.sub(r"\s*\([^)]*\)", "", plain)
    plain = re.split(r",\s|\s+(?:who|which)\s|\s+working\s+on\s", plain)[0]
    plain = re.sub(r"\s+(?:himself|herself|itself|themselves)$", "", plain)
    plain = re.sub(
        r"^(?:both|also|as|but|and|even|only|the\s+same|opening the case,)\s+", "", plain, flags=re.IGNORECASE
    )
    for expression in times.find(plain):
        if expression.start == 0 or expression.end == len(plain):
            plain = (plain[: expression.start] + plain[expression.end :]).strip(" ,")
            break
    return plain[:120].strip() or "it"


# -- persons -----------------------------------------------------------------------------------------------


def _ends_in_person(phrase: str) -> bool:
    words = phrase.split()
    if (
        not words
        or not words[-1][:1].isupper()
        or re.search(r"\b(?:of|in|for|at|from|within|near)\s+(?:the\s+)?[A-Z][^,]*$", phrase)
    ):
        return False
    if _is_body(phrase) and not any(map(_is_title, words)):
        return False
    if (words[0].lower() in {"the", "a", "an"} and not any(map(_is_title, words))) or "and" in words:
        return False
    capitals = [w for w in words if w[:1].isupper()]
    return len(capitals) > 1 or _is_title(words[0]) or words[0] == "Owner"


def _named(phrase: str, description: str) -> Source:
    name = _without_titles(phrase)
    person = _ends_in_person(phrase)
    aliases = tuple(
        dict.fromkeys(a for a in (phrase, *_surname(name, person), _short(description)) if a and a != name)
    )
    return Source(name, aliases, person)


def _without_titles(phrase: str) -> str:
    """Return the name after the last title before it ("Ostran Lt. Gen. Ide Renn" -> "Ide Renn")."""
    words = re.sub(r"\s+(?:himself|herself)$", "", phrase).split()
    first = 0
    for i, word in enumerate(words[:-1]):
        small = word[:1].islower() and word.split("-")[0] not in {
            "al",
            "de",
            "van",
            "von",
            "bin",
            "el",
            "da",
            "di",
        }
        if small or _is_title(word):
            first = i + 1
    return " ".join(words[first:]).removesuffix("'s").removesuffix("’s")


def _is_title(word: str) -> bool:
    return word.lower().strip(".") in grammar.words("titles") or (word.endswith(".") and len(word) > 3)


def _surname(name: str, person: bool) -> tuple[str, ...]:
    return (name.rsplit(" ", 1)[-1],) if person and " " in name else ()


def _short(description: str) -> str:
    plain = " ".join(description.split()).strip(" ,.")
    return plain if 0 < len(plain) <= 60 and not re.match(r"(?:who|which|whose)\b", plain) else ""


# -- bodies ------------------------------------------------------------------------------------------------


def _spoken_for(phrase: str) -> str:
    """Return the body whose nameless officials a phrase describes, or ""."""
    words = phrase.split()
    lowered = [w.lower() for w in words]
    last = lowered[-1]
    if last in grammar.words("speakers") and len(words) > 1:
        front = [
            w
            for w in words[:-1]
            if w.lower() not in {"the", "a", "an", "senior", "two", "three", "several", "some", "security"}
        ]
        return " ".join(front) if any(w[:1].isupper() for w in front) or "council" in lowered else ""
    found = re.match(
        r"(?:an?|the|some|two|several)?\s*(?:[\w-]+\s+)?(\w+)\s+(?:for|from|of|at|within|in|with)\s+(.+)$",
        phrase,
        re.IGNORECASE,
    )
    if (
        found
        and found[1].lower() in grammar.words("speakers")
        and (re.search(r"[A-Z]", found[2]) or found[2].startswith("the "))
    ):
        return found[2]
    return ""


def _body(name: str, phrase: str, cast: Cast) -> Source:
    plain = re.sub(r"^(?:the|an?|its|his|her|their|our)\s+(?=\S)", "", name, flags=re.IGNORECASE)
    known = cast.known(plain) or _by_head(plain, cast)
    if known and not known.person:
        return replace(known, aliases=_merged(known.aliases, (plain, phrase)))
    if any(w[:1].isupper() for w in plain.split()):
        own = (
            plain.split("'s ")[0].split("’s ")[0]
            if re.search(r"['’]s\s+[a-z]+$", plain) and not _is_body(plain)
            else plain
        )
        return Source(own, tuple(dict.fromkeys(a for a in (name, phrase) if a != own)))
    return Source(f"the {plain}" if re.match(r"the\s", name, re.IGNORECASE) else plain, (plain, phrase))


def _by_head(plain: str, cast: Cast) -> Source | None:
    """Return the last body whose name ends in a bare description's noun ("ministry", "defence ministry")."""
    words = _key(plain).split()
    for body in reversed(cast.bodies):
        if (
            words
            and _key(body.name) != _key(plain)
            and set(words) <= set(_key(body.name).split())
            and words[-1] in grammar.words("bodies")
        ):
            return body
    return None


def _is_body(phrase: str) -> bool:
    return any(w in grammar.words("bodies") for w in _key(phrase).split()) or bool(
        re.fullmatch(r"(?:[A-Z]\.?){2,6}", phrase.rsplit(maxsplit=1)[-1])
    )


def _latest_body(cast: Cast, *, plural: bool) -> Source | None:
    if plural and cast.last:
        return cast.last
    if cast.last and not cast.last.person:
        return cast.last
    return cast.bodies[-1] if cast.bodies else cast.last


# -- the nameless ------------------------------------------------------------------------------------------


def _is_nameless(phrase: str) -> bool:
    head = re.split(r"\s+(?:of|in|at|from|for|with|close|familiar|involved|within|near|on|an)\b", phrase)[0]
    last = head.rsplit(None, 1)[-1].lower()
    return (
        last in grammar.words("nameless") | grammar.words("speakers") and head == head.lower().capitalize()
    ) or (last in grammar.words("nameless") | grammar.words("speakers") and not re.search(r"\s[A-Z]", head))


def _spoken_by_cast(phrase: str, cast: Cast) -> Source | None:
    """Resolve "the spokesman" and "a spokeswoman" to the last body."""
    last = phrase.rsplit(None, 1)[-1].lower()
    if not last.startswith("spokes"):
        return None
    if phrase.lower().startswith(("a ", "an ")):
        return cast.bodies[-1] if cast.bodies else None
    return cast.persons[-1] if cast.persons else cast.bodies[-1] if cast.bodies else None


def _unnamed(phrase: str) -> Source:
    plain = phrase[:1].lower() + phrase[1:] if phrase[:2].istitle() else phrase
    return Source(f"{UNNAMED}: {plain}", (plain,))


# -- small readers -----------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def _key(name: str) -> str:
    return " ".join(
        re.findall(r"\w+", name.casefold().replace("defence", "defense").replace("’s", "").replace("'s", ""))
    )


def _merged(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*a, *b)))


def _moved(sources: tuple[Source, ...], source: Source) -> tuple[Source, ...]:
    others = tuple(s for s in sources if _key(s.name) != _key(source.name))
    return (*others, source)[-60:]
