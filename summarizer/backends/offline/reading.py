"""Reads an article into statements, keeping in mind who was named and who is speaking."""

import re
from collections.abc import Iterator
from dataclasses import replace

from summarizer.backends.offline.attribution import attribute
from summarizer.backends.offline.cast import ARTICLE, Cast, Source
from summarizer.backends.offline.genders import genders
from summarizer.backends.offline.naming import people
from summarizer.backends.offline.passages import Passage, Span
from summarizer.backends.offline.quotations import quotations
from summarizer.backends.offline.sources import resolve
from summarizer.backends.offline.statements import Statement, Voice, statements
from summarizer.domain.sentences import Sentence, Sentences
from summarizer.text import names, orders

_CAST_REACH = 60_000
"""Characters in which people are looked for; hardly anybody is first named further down."""
_MOST_BODIES = 60
_AHEAD = 3
"""Sentences of a quotation that are looked through for its speaker."""


def read(sentences: Sentences) -> tuple[Statement, ...]:
    """Return the statements of an article in reading order; bodies answer for their spokespersons."""
    said = _one_name_each(tuple(_Reader(sentences).statements()))
    bodies = {s.source.name for s in said if s.source.is_named and not s.source.person}
    return tuple(replace(s, source=s.source.spoken_for(bodies)) for s in said)


def _one_name_each(said: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """Give a body that goes by several forms of its name the first of them."""
    held: dict[str, Source] = {}
    first: list[Source] = []
    for source in (s.source for s in said if s.source.is_named and not s.source.person):
        if source.name in held or len(first) > _MOST_BODIES:
            continue
        known = next((f for f in first if names.same(f.name, source.name)), None)
        held[source.name] = known or source
        if known is None:
            first.append(source)
    return tuple(
        replace(s, source=held[s.source.name].also(s.source.name, *s.source.aliases))
        if not s.source.person and s.source.name in held and held[s.source.name].name != s.source.name
        else s
        for s in said
    )


class _Reader:
    """Goes through the sentences once."""

    def __init__(self, sentences: Sentences) -> None:
        self._sentences = sentences
        self._quotations = quotations(sentences)
        known = people(sentences.text[:_CAST_REACH])
        told = genders(((s.paragraph, sentences.quote(s)) for s in sentences.body), known)
        self._cast = Cast(people=known, genders=told)
        self._speaker: tuple[int, Source] | None = None
        self._introduced = -1  # the paragraph that a "X said:" introduces

    def statements(self) -> Iterator[Statement]:
        """Yield the statements of all sentences that are no furniture."""
        body = self._sentences.body
        first = _first_of_body(self._sentences)
        for place, sentence in enumerate(body):
            for statement in self._of(sentence, body[place + 1 : place + 1 + _AHEAD]):
                yield replace(statement, headline=sentence.number < first)

    def _of(self, sentence: Sentence, following: tuple[Sentence, ...]) -> Iterator[Statement]:
        text = self._sentences.quote(sentence)
        quoted = self._quotations.get(sentence.number, ())
        if orders.addressed(text, quoted):
            return
        before = self._cast
        for passage in attribute(text, quoted):
            for said, source in self._voices(passage, sentence, following):
                via = resolve(said.relay, "", self._cast).name if said.relay else None
                yield from statements(Voice(sentence, text, said, source, via, before))
                if _takes_back(said, text):
                    yield from statements(
                        Voice(sentence, text, replace(said, stance="denies"), source, via, before)
                    )
        self._cast = self._cast.with_names(text)
        if text.endswith(":") and self._speaker and self._speaker[0] == sentence.paragraph:
            self._introduced = sentence.paragraph + 1

    def _voices(
        self, passage: Passage, sentence: Sentence, following: tuple[Sentence, ...]
    ) -> Iterator[tuple[Passage, Source]]:
        """Yield a passage with each source that answers for it, and remember who spoke."""
        if passage.source == "" and self._introduced == sentence.paragraph and self._speaker:
            yield passage, self._speaker[1]
            return
        if passage.source == "":
            if not (passage.quoted or self._is_quotation(sentence)):
                yield passage, ARTICLE
                return
            source = self._speaker_of_quotation(sentence, following)
            yield replace(passage, quoted=True, cued=source is not ARTICLE), source
            return
        for source in self._sources(passage, sentence):
            self._cast = self._cast.with_source(source, passage.source or "")
            self._speaker = (sentence.paragraph, source)
            yield passage, source

    def _sources(self, passage: Passage, sentence: Sentence) -> tuple[Source, ...]:
        """Return whom a passage names: one source, two that speak together, or whoever spoke before."""
        if _takes_back(passage, self._sentences.quote(sentence)):
            return (ARTICLE,)
        if passage.source is None:
            return (self._speaker[1] if self._speaker else ARTICLE,)
        joint = _JOINT.fullmatch(" ".join(passage.source.split()))
        phrases = joint.groups() if joint else (passage.source,)
        whole = self._sentences.quote(sentence)
        return tuple(resolve(phrase, passage.description, self._cast, whole) for phrase in phrases)

    def _is_quotation(self, sentence: Sentence) -> bool:
        quoted = sum(end - start for start, end in self._quotations.get(sentence.number, ()))
        return quoted > 0.8 * (sentence.end - sentence.start)

    def _speaker_of_quotation(self, sentence: Sentence, following: tuple[Sentence, ...]) -> Source:
        """Look ahead in the paragraph to whoever the quotation ends with, else back to whoever spoke last."""
        for ahead in following:
            quoted: tuple[Span, ...] = self._quotations.get(ahead.number, ())
            if ahead.paragraph != sentence.paragraph or not quoted:
                break
            for passage in attribute(self._sentences.quote(ahead), quoted):
                if passage.source:
                    return resolve(passage.source, passage.description, self._cast)
        if self._speaker and self._speaker[0] >= sentence.paragraph - 1:
            return self._speaker[1]
        return self._cast.last or ARTICLE


_CORRECTED = re.compile(
    r"(?:.*\b)?(?:an?|the)\s+(?:earlier|previous|original)\s+version\s+of\s+this\s+(?:article|story|report|page)",
    re.IGNORECASE,
)
"""What a correction takes back: the article said it, and says it no more."""
_JOINT = re.compile(
    r"((?!(?:two|three|four|some|several|many|most|one)\b)(?:both\s+)?(?:(?:the|an?|its)\s|(?-i:[A-Z])).{2,50}?)\s+and\s+((?:the|an?|its|his|her|their|[A-Z]\w+['’]s)\s.{2,50})",
    re.IGNORECASE,
)


_AMENDS = re.compile(
    r"\b(?:correct(?:ion|ed|s)?|clarification|wrong(?:ly)?|incorrect(?:ly)?|mistaken(?:ly)?|in error)\b",
    re.IGNORECASE,
)


def _takes_back(passage: Passage, sentence: str) -> bool:
    """Tell whether a passage is what a correction says the article had wrong."""
    return bool(_CORRECTED.match(passage.source or "") and _AMENDS.search(sentence))


def _first_of_body(sentences: Sentences) -> int:
    """Return the number of the sentence that opens the first whole paragraph, below the headline."""
    body = sentences.body
    last = {s.paragraph: s for s in body}
    first = {s.paragraph: s for s in reversed(body)}
    for paragraph, end in last.items():
        closed = sentences.quote(end).rstrip("\"”'’) ").endswith((".", "!", "?", ":"))
        if closed and end.end - first[paragraph].start > 70:
            return first[paragraph].number
    return 0
