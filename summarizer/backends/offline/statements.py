"""Reads an article into statements: one proposition, one voice, one place in the text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from summarizer.backends.offline import clauses, grammar, wording
from summarizer.backends.offline.attribution import attribute
from summarizer.backends.offline.passages import Passage
from summarizer.backends.offline.quotations import quotations
from summarizer.backends.offline.sources import ARTICLE, Cast, Source, people, resolve
from summarizer.domain.sentences import Sentence, Sentences
from summarizer.domain.vocabulary import UNNAMED, Kind, Stance
from summarizer.text import cues
from summarizer.text.words import content_words

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Statement:
    """What one voice puts forward in one clause.

    Attributes:
        sentence: Number of the sentence.
        paragraph: Number of its paragraph.
        run: The run of the sentence that shows it.
        anchor: The same; None where it is the whole sentence.
        text: The claim, worded.
        backward: It has no words of its own but is about what was put forward before.
        deed: Its words are a bare noun phrase ("the liver figure").
        aside: Background from a relative clause or a tail.
        headline: It stands above the body.
    """

    sentence: int
    paragraph: int
    anchor: str | None
    text: str
    source: Source
    run: str = ""
    via: str | None = None
    stance: Stance = "asserts"
    hedged: bool = False
    kind: Kind = "fact"
    backward: bool = False
    noun: bool = False
    aside: bool = False
    headline: bool = False


def read(sentences: Sentences) -> tuple[Statement, ...]:
    """Return the statements of an article's body in reading order."""
    said = tuple(_Reader(sentences).statements())
    bodies = {s.source.name for s in said if s.source.is_named and not s.source.person}
    return tuple(replace(s, source=s.source.spoken_for(bodies)) for s in said)


_CAST_REACH = 60_000
"""Characters in which people are looked for; nobody is first named further down."""


class _Reader:
    """Goes through the sentences once, keeping in mind who was named and who is speaking."""

    def __init__(self, sentences: Sentences) -> None:
        self._sentences = sentences
        self._quotations = quotations(sentences)
        self._cast = Cast(people=people(sentences.text[:_CAST_REACH]))
        self._speaker: tuple[int, Source] | None = None

    def statements(self) -> Iterator[Statement]:
        body = self._sentences.body
        first = _first_of_body(self._sentences)
        for place, sentence in enumerate(body):
            headline = sentence.number < first
            for statement in self._of(sentence, body[place + 1 : place + 4]):
                yield replace(statement, headline=headline)

    def _of(self, sentence: Sentence, following: tuple[Sentence, ...]) -> Iterator[Statement]:
        text = self._sentences.quote(sentence)
        quoted = self._quotations.get(sentence.number, ())
        before = self._cast
        for passage in attribute(text, quoted):
            if passage.source == "" and (passage.quoted or _wholly_quoted(text, quoted)):
                source = self._speaker_of_quotation(sentence, following)
                passage = replace(passage, quoted=True, cued=source is not ARTICLE)
            else:
                source = self._source(passage, sentence)
            if passage.source != "":
                self._cast = self._cast.with_source(source)
                self._speaker = (sentence.paragraph, source)
            yield from self._statements(sentence, text, passage, source, before)
            for other in self._others(passage, sentence):
                yield from self._statements(sentence, text, passage, other, before)
        self._cast = self._cast.with_names(text)

    def _source(self, passage: Passage, sentence: Sentence) -> Source:
        if passage.source == "":
            return ARTICLE
        if passage.source is None:
            return self._speaker[1] if self._speaker else ARTICLE
        joint = _JOINT.fullmatch(" ".join(passage.source.split()))
        phrase = joint["first"] if joint else passage.source
        return resolve(phrase, passage.description, self._cast, self._sentences.quote(sentence))

    def _others(self, passage: Passage, sentence: Sentence) -> tuple[Source, ...]:
        """Return the second of two sources that speak together ("the council and the governor's office")."""
        joint = _JOINT.fullmatch(" ".join((passage.source or "").split()))
        if joint is None:
            return ()
        return (resolve(joint["second"], "", self._cast, self._sentences.quote(sentence)),)

    def _speaker_of_quotation(self, sentence: Sentence, following: tuple[Sentence, ...]) -> Source:
        """Look ahead in the paragraph to whoever the quotation ends with, else back to whoever spoke last."""
        for ahead in following:
            if ahead.paragraph != sentence.paragraph or ahead.number not in self._quotations:
                break
            for passage in attribute(self._sentences.quote(ahead), self._quotations[ahead.number]):
                if passage.source:
                    return resolve(passage.source, passage.description, self._cast)
        if self._speaker and self._speaker[0] >= sentence.paragraph - 1:
            return self._speaker[1]
        return self._cast.last or ARTICLE

    def _statements(
        self, sentence: Sentence, text: str, passage: Passage, source: Source, before: Cast
    ) -> Iterator[Statement]:
        via = resolve(passage.relay, "", self._cast).name if passage.relay else None
        base = Statement(
            sentence.number, sentence.paragraph, None, "", source, text, via, passage.stance, passage.hedged, passage.kind,
            backward=passage.backward, noun=passage.shape == "noun",
        )  # fmt: skip
        if passage.backward:
            yield replace(
                base,
                anchor=_anchor(text, passage.shown),
                text=wording.sentence(text[passage.start : passage.end]),
            )
            return
        found = clauses.split(text, passage.start, passage.end, passage.hole)
        for number, clause in enumerate(found):
            statement = self._statement(base, text, passage, clause, number, before)
            if statement and not _is_idle(statement, text, clause):
                yield statement

    def _statement(
        self, base: Statement, text: str, passage: Passage, clause: clauses.Clause, number: int, before: Cast
    ) -> Statement | None:
        shape = passage.shape if number == 0 else "clause"
        words = _without_dateline(clause.words(text))
        if passage.shape == "object" and number == 0:
            words = wording.should(words) if passage.kind == "opinion" else wording.will(words)
        speaker = base.source.name if base.source.is_named else passage.source or ""
        words = _without_pronoun(words, base.source, before, cued=passage.cued)
        put = wording.worded(words, shape, speaker)
        if not put.text:
            return None
        source, stance = base.source, base.stance
        if clause.loose and stance != "asserts":
            source, stance = ARTICLE, "asserts"
        if put.nobody and not passage.cued:
            source = Source(f"{UNNAMED}: {put.nobody}")
        kind = base.kind if base.kind != "fact" else put.kind
        first = passage.shown[0] if number == 0 else clause.start
        shown = (
            min(first, clause.start),
            max(
                clause.end,
                passage.shown[1]
                if len(text[clause.end : passage.shown[1]]) < 60 and number == 0
                else clause.end,
            ),
        )
        return replace(
            base, anchor=_anchor(text, shown), run=text[slice(*shown)], text=put.text, source=source, stance=stance, hedged=base.hedged or put.hedged, kind=kind,
            aside=clause.aside,
        )  # fmt: skip


_JOINT = re.compile(
    r"(?P<first>(?:both\s+)?(?:the|an?|its)\s.{2,50}?)\s+and\s+(?P<second>(?:the|an?|its|[A-Z]\w+’?'?s)\s.{2,50})",
    re.IGNORECASE,
)


def _first_of_body(sentences: Sentences) -> int:
    """Return the number of the sentence that opens the first whole paragraph; above it stands the headline."""
    body = sentences.body
    last = {s.paragraph: s for s in body}
    first = {s.paragraph: s for s in reversed(body)}
    for paragraph, end in last.items():
        closed = sentences.quote(end).rstrip("\"”'’) ").endswith((".", "!", "?", ":"))
        if closed and end.end - first[paragraph].start > 70:
            return first[paragraph].number
    return 0


def _wholly_quoted(text: str, quoted: tuple[Span, ...]) -> bool:
    return sum(end - start for start, end in quoted) > 0.8 * len(text)


def _anchor(text: str, shown: Span) -> str | None:
    """Return the run as it stands; None where it is the whole sentence or nearly."""
    run = text[shown[0] : shown[1]].strip(" ,;\n\t")
    return None if len(run) > len(text) - 3 or not run else run


# -- what is no claim --------------------------------------------------------------------------------------

_JOB = re.compile(
    r"^(?:is|was|leads?|led|heads?|headed|commands?|manages?|runs?|chairs?|works?|teaches|represents|covers|has\s+(?:packed|worked|led|served))\b"
)
_FIRST_PERSON = re.compile(r"^\W*(?:see|read|watch|follow|click|share|sign up|subscribe)\b", re.IGNORECASE)


def _is_idle(statement: Statement, text: str, clause: clauses.Clause) -> bool:
    """Tell whether a clause is no claim: how a thing was said, who somebody is, too little to check."""
    words = statement.text
    if cues.is_manner(words) or _FIRST_PERSON.match(words):
        return True
    if re.match(
        r"(?:The|This|That|These|Those)\s+(?:announcement|statement|comments?|remarks|news|move|report)\s+(?:comes?|came|follows?|followed)\b",
        words,
    ):
        return True
    if clause.who and _JOB.match(text[clause.start : clause.end].strip()):
        return True
    content = content_words(words)
    if len(content) < (2 if statement.stance == "asserts" else 1) or words.endswith("?"):
        return True
    return statement.source is ARTICLE and not grammar.has_finite(grammar.lex(words))


_DATELINE = re.compile(r"^[A-Z][A-Z'’. -]{2,30}(?:,[^—–]{0,40}?)?(?:\([^)]{0,40}\)\s+)?\s*[-—–]+\s+")


def _without_dateline(words: str) -> str:
    """Drop "PORTWEN, Oct 14 (Agency) - " before a first sentence."""
    return _DATELINE.sub("", words, count=1)


# -- pronouns ----------------------------------------------------------------------------------------------


def _without_pronoun(words: str, source: Source, cast: Cast, *, cued: bool) -> str:
    """Put a name in the place of a pronoun that opens a clause, where it is safe."""
    found = re.match(r"\W*(he|she|it|they|we|i)\b(?!['’])", words, re.IGNORECASE)
    if not found:
        return words
    name = _antecedent(found[1].lower(), source, cast, cued=cued)
    return f"{name}{words[found.end() :]}" if name else words


def _antecedent(pronoun: str, source: Source, cast: Cast, *, cued: bool) -> str:
    if pronoun in {"he", "she"}:
        if cued and source.person:
            return source.name
        return cast.persons[-1].name if cast.persons else ""
    if cued and source.is_named and not source.person:
        return source.name if pronoun in {"it", "we", "they"} else ""
    return ""
