"""Who has been named so far: what pronouns, surnames and "the ministry" are resolved against."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from summarizer.backends.offline import grammar
from summarizer.backends.offline.genders import Gender
from summarizer.backends.offline.naming import is_body, is_person, is_title, key, without_titles
from summarizer.domain.vocabulary import ARTICLE_VOICE, UNNAMED
from summarizer.text import names

_INDIVIDUAL = re.compile(
    r"(?:an?|one|the)\s+(?:[\w-]+\s+){0,3}?(?:spokes(?:man|woman|person)|official|officer|doctor|diplomat|witness|lawyer"
    r"|solicitor|resident|soldier|driver|nurse|engineer|analyst|aide)\b",
    re.IGNORECASE,
)
"""One person, described and not named."""
_PERSONAL = re.compile(r"\b(?:he|she|him|his|her|i)\b", re.IGNORECASE)
_REMEMBERED = 60
_NAMES_A_SENTENCE = 12
_SUBJECT_REACH = 30
_ARTICLE = len("The ")
_GOES_ON = re.compile(
    r"(?:It|Its|They|Their|The (?:company|firm|group|agency|ministry|office|council|union))\b"
)
"""How a sentence opens that is still about the body before it."""


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

    @property
    def is_named(self) -> bool:
        """Whether it is somebody in particular, other than the article."""
        return self.name != ARTICLE_VOICE and not self.name.startswith(UNNAMED)

    def also(self, *aliases: str) -> "Source":
        """Return the source with more names."""
        return replace(self, aliases=tuple(dict.fromkeys((*self.aliases, *aliases))))

    def spoken_for(self, bodies: Collection[str]) -> "Source":
        """Return the body whose spokesperson this is, where it speaks itself; else this source."""
        wanted = key(self.office).removeprefix("the ")
        body = next((b for b in sorted(bodies) if wanted and key(b).removeprefix("the ") == wanted), None)
        return Source(body).also(self.name, *self.aliases) if body else self


ARTICLE = Source(ARTICLE_VOICE)


def named(phrase: str, description: str = "") -> Source:
    """Return the source that a name with titles and an apposition stand for."""
    name, person = without_titles(phrase), is_person(phrase)
    surname = name.rsplit(" ", 1)[-1] if person and " " in name else ""
    apposition = " ".join(description.split()).strip(" ,.")
    if len(apposition) > 60 or re.match(r"(?:who|which|whose)\b", apposition):
        apposition = ""
    return Source(name, tuple(a for a in (phrase, surname, apposition) if a and a != name), person)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who has been named so far, the latest last.

    Attributes:
        last: Who spoke last.
        subject: The person the last sentence was about.
        recent: Persons of the last sentence, or of the one that its "he" or "she" goes back to.
        people: Names known from the whole article to be persons'.
        genders: Which pronoun stands for whom, as far as the article tells.
        topic: The body the last sentence opened with.
    """

    persons: tuple[Source, ...] = ()
    bodies: tuple[Source, ...] = ()
    last: Source | None = None
    subject: Source | None = None
    recent: tuple[str, ...] = ()
    people: frozenset[str] = frozenset()
    genders: Mapping[str, Gender] = field(default_factory=dict)
    topic: Source | None = None

    def with_source(self, source: Source, phrase: str = "") -> "Cast":
        """Return the cast after a source has spoken; "a spokesman for the firm" is who "he" is then."""
        if source.name == ARTICLE_VOICE:
            return self
        subject = source if source.person or _INDIVIDUAL.match(phrase) else self.subject
        cast = self.joined(source) if source.is_named else self
        return replace(cast, last=source, subject=subject)

    def with_names(self, sentence: str) -> "Cast":
        """Return the cast after a sentence of the article has named people and bodies."""
        cast = replace(self, recent=self._persons_of(sentence))
        pronoun = sentence.startswith(("He ", "She "))
        topic = self.topic if _GOES_ON.match(sentence) else None
        for name in names.find(sentence)[:_NAMES_A_SENTENCE]:
            source = self._read(name.text)
            known = cast.known(source.name) or source
            if name.start <= _ARTICLE and not known.person and (known is not source or is_body(name.text)):
                topic = known
            if known.person and name.start < _SUBJECT_REACH and not pronoun:
                cast = replace(cast, subject=known)
            if known.person or (known is source and is_body(name.text)):
                cast = cast.joined(known)
        return replace(cast, topic=topic)

    def _persons_of(self, sentence: str) -> tuple[str, ...]:
        """Return the persons a sentence is about, whoever its pronouns stand for included."""
        named = self.persons_in(sentence)
        if not _PERSONAL.search(sentence):
            return named
        return tuple(dict.fromkeys((*self.recent, *named)))

    def persons_in(self, text: str) -> tuple[str, ...]:
        """Return the names of persons that a text names, each once."""
        found = (self._read(n.text) for n in names.find(text)[:_NAMES_A_SENTENCE])
        known = (self.known(source.name) or source for source in found)
        return tuple(dict.fromkeys(source.name for source in known if source.person))

    def _read(self, name: str) -> Source:
        source = named(name)
        sure = source.name in self.people or is_title(name.split(maxsplit=1)[0])
        return replace(source, person=source.person and sure)

    def joined(self, source: Source) -> "Cast":
        """Return the cast with a source as the latest of its sort."""
        held = self.persons if source.person else self.bodies
        others = tuple(s for s in held if key(s.name) != key(source.name))
        moved = (*others, source)[-_REMEMBERED:]
        return replace(self, persons=moved) if source.person else replace(self, bodies=moved)

    def known(self, name: str) -> Source | None:
        """Return who was named so before: by the full name, a surname or an alias."""
        wanted = key(name)
        for source in (*reversed(self.persons), *reversed(self.bodies)):
            if wanted in {key(source.name), *map(key, source.aliases)}:
                return source
            if source.person and " " not in wanted and key(source.name).endswith(f" {wanted}"):
                return source
        return self._by_surname(name) or self._body_alike(name)

    def _by_surname(self, name: str) -> Source | None:
        """Return the one person who has this surname, though named in full only further down."""
        if " " in name or not name[:1].isupper():
            return None
        full = [person for person in self.people if key(person).endswith(f" {key(name)}")]
        return Source(full[0], (name,), person=True) if len(full) == 1 else None

    def _body_alike(self, name: str) -> Source | None:
        """Return the last body that goes by another form of a name ("Ministry of Works")."""
        words = set(key(name).split())
        if len(words) < 2 or not words & grammar.words("bodies"):
            return None
        near = (
            b for b in reversed(self.bodies) if words & set(key(b.name).split()) & grammar.words("bodies")
        )
        return next((b for b in near if names.same(b.name, name)), None)

    def body_called(self, description: str) -> Source | None:
        """Return the last body whose name holds a bare description's words ("defence ministry")."""
        words = key(description).split()
        if not words or words[-1] not in grammar.words("bodies"):
            return None
        longer = (b for b in reversed(self.bodies) if key(b.name).split() != words)
        return next((b for b in longer if set(words) <= set(key(b.name).split())), None)

    def person_called(self, pronoun: str) -> Source | None:
        """Return whom "he" or "she" stands for: whom the last sentence was about, else the latest."""
        latest = (self.subject, *reversed(self.persons))
        can_be = (s for s in latest if s is not None and self.genders.get(s.name, pronoun) == pronoun)
        return next(can_be, self.subject or next(reversed(self.persons), None) or self.last)

    def last_body(self) -> Source | None:
        """Return the body that spoke last, else the one named last."""
        spoke = self.last if self.last and self.last.is_named and not self.last.person else None
        return spoke or (self.bodies[-1] if self.bodies else None)
