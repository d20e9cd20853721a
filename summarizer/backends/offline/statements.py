"""Makes statements of a passage: one proposition, one voice, one place in the text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from summarizer.backends.offline import dismissals, grammar, wording
from summarizer.backends.offline.cast import ARTICLE, Cast, Source
from summarizer.backends.offline.clauses import Clause, split
from summarizer.backends.offline.passages import Passage, Span
from summarizer.domain.sentences import Sentence
from summarizer.domain.vocabulary import UNNAMED, Kind, Stance
from summarizer.text import cues
from summarizer.text.words import content_words


@dataclass(frozen=True, slots=True)
class Statement:
    """What one voice puts forward in one clause.

    Attributes:
        sentence: Number of the sentence.
        paragraph: Number of its paragraph.
        text: The claim, worded.
        run: The run of the sentence that shows it.
        anchor: The same; None where it is the whole sentence.
        via: Who passes it on.
        backward: It has no words of its own but is about what was put forward before.
        noun: Its words are a bare noun phrase ("the liver figure").
        aside: Background from a relative clause or a tail.
        headline: It stands above the body.
        whole: The words of its sentence.
        otherwise: What it says for itself where nobody put forward what it denies.
    """

    sentence: int
    paragraph: int
    text: str
    run: str
    anchor: str | None
    source: Source
    via: str | None = None
    stance: Stance = "asserts"
    hedged: bool = False
    kind: Kind = "fact"
    backward: bool = False
    noun: bool = False
    aside: bool = False
    headline: bool = False
    whole: str = ""
    otherwise: str = ""


@dataclass(frozen=True, slots=True)
class Voice:
    """A passage of a sentence and whom it belongs to.

    Attributes:
        text: The sentence's characters.
        before: Who had been named before the sentence; its pronouns point there.
    """

    sentence: Sentence
    text: str
    passage: Passage
    source: Source
    via: str | None
    before: Cast


def statements(voice: Voice) -> Iterator[Statement]:
    """Yield what a voice puts forward, a clause at a time, idle clauses left out."""
    passage, text = voice.passage, voice.text
    if passage.backward:
        yield _statement(voice, passage.shown, wording.sentence(text[passage.start : passage.end]))
        return
    for number, clause in enumerate(split(text, passage.start, passage.end, passage.hole)):
        statement = _of_clause(voice, clause, first=number == 0)
        if statement.text and not _is_idle(statement, text, clause):
            yield statement


def _statement(voice: Voice, shown: Span, text: str) -> Statement:
    passage = voice.passage
    run = voice.text[slice(*shown)].strip(" ,;\n\t")
    return Statement(
        sentence=voice.sentence.number,
        paragraph=voice.sentence.paragraph,
        text=text,
        run=run,
        anchor=run if 0 < len(run) <= len(voice.text) - 3 else None,
        source=voice.source,
        via=voice.via,
        stance=passage.stance,
        hedged=passage.hedged,
        kind=passage.kind,
        backward=passage.backward,
        noun=passage.shape == "noun",
        whole=voice.text,
    )


def _of_clause(voice: Voice, clause: Clause, *, first: bool) -> Statement:
    passage = voice.passage
    put = _worded(voice, clause, first=first)
    statement = _statement(voice, _shown(voice, clause, first=first), put.text)
    if voice.source is not ARTICLE and statement.stance == "asserts" and (found := _dismissed(statement)):
        return found
    hearsay = voice.source is ARTICLE and _HEARSAY.match(put.text) is not None
    statement = replace(statement, hedged=statement.hedged or put.hedged or hearsay, aside=clause.aside)
    if statement.kind == "fact":
        statement = replace(statement, kind=put.kind)
    if clause.loose and passage.stance != "asserts":  # "denied it, hours after he was left out"
        return replace(statement, source=ARTICLE, stance="asserts")
    if put.nobody and (clause.aside or not passage.cued):
        return replace(statement, source=Source(f"{UNNAMED}: {put.nobody}"))
    return statement


def _dismissed(statement: Statement) -> Statement | None:
    """Return what a statement denies where it only says that something is untrue."""
    if dismissals.denies_before(statement.text):
        return replace(statement, stance="denies", backward=True)
    words = dismissals.denied(statement.text)
    if not words:
        return None
    noun = not grammar.has_finite(grammar.lex(words))
    said = statement.text
    return replace(statement, stance="denies", text=wording.sentence(words), noun=noun, otherwise=said)


_HEARSAY = re.compile(r"(?:These|Those|They|This|It|He|She|The \w+)\s+would\s+(?:be|have)\b(?!.*\bif\b)")
"""The conditional of hearsay, as translated reports have it: "these would be a commander and two guards"."""


def _worded(voice: Voice, clause: Clause, *, first: bool) -> wording.Wording:
    passage = voice.passage
    shape = passage.shape if first else "clause"
    words = clause.words(voice.text)
    if shape == "object":
        words = wording.should(words) if passage.kind == "opinion" else wording.will(words)
    words = _with_subject(words, voice) if first and shape in {"clause", "noun"} else words
    words = words if shape == "object" else _without_pronoun(words, voice)
    speaker = voice.source.name if voice.source.is_named else passage.source or ""
    if shape == "noun" and passage.stance == "denies":
        words = wording.involved(words, voice.source.name if voice.source.is_named else "")
    elif shape == "noun" and passage.stance == "does_not_confirm":
        words = wording.existing(words)
    elif shape == "noun" and passage.kind == "forecast":
        words = wording.coming(words)
    return wording.worded(words, shape, speaker)


_NOUN_BEFORE = re.compile(
    r"\b(?:an?|the|its|his|their)\s+(?:(?!(?:an?|the|its|his|their)\b)[\w’'-]+\s+){1,8}$"
)


def _with_subject(words: str, voice: Voice) -> str:
    """Complete "a hotel it says was used as …" by the noun the clause is about."""
    lexemes = grammar.lex(words)
    if not (voice.passage.cued and lexemes and lexemes[0].lower in grammar.auxiliaries()):
        return words
    found = _NOUN_BEFORE.search(voice.text[: voice.passage.shown[0]])
    return f"{found.group().strip()} {words}" if found else words


_ATTRIBUTION_REACH = 60


def _shown(voice: Voice, clause: Clause, *, first: bool) -> Span:
    """Return the run that shows a clause; the first carries the attribution before it and close behind it."""
    if not first:
        return clause.start, clause.end
    start, end = voice.passage.shown
    close = end - clause.end < _ATTRIBUTION_REACH
    return min(start, clause.start), max(clause.end, end) if close else clause.end


# -- what is no claim --------------------------------------------------------------------------------------

_JOB = re.compile(
    r"\s*(?:(?:is|was|has\s+been)\s+(?:an?|the|his|her|its|their|also|now|then|not|head|chief|director|leader|one)\b|leads?|led|heads?|headed|commands?|manages?|runs?|chairs?|works?|teaches|represents|covers"
    r"|has\s+(?:packed|worked|led|served))\b"
)
_TO_READERS = re.compile(r"\W*(?:see|read|watch|follow|click|share|sign up|subscribe)\b", re.IGNORECASE)
_TOPIC = re.compile(
    r"(?:The|This|That|These|Those)\s+(?:announcement|statement|comments?|remarks|news|move|report)\s+"
    r"(?:comes?|came|follows?|followed)\b"
)


_SUBJECTLESS = re.compile(r"(?:Will|Would|Is|Was|Were|Are|Has|Had|Have|Does|Did)\b(?!['’])")
_HOW_TOLD = re.compile(r"(?:The )?[\w ]{0,40}\b(?:differently|separately|otherwise|so)\.")
_UNFINISHED = re.compile(
    r"(?:As(?!\s+(?:many|much|few|little|well|part))|While|When|After|Because|Although|Though|Since|Until)\b[^,]*$"
)
"""A subordinate clause whose main clause went to another row."""


def _asks(text: str, clause: Clause) -> bool:
    """Tell whether a clause ends in a question mark."""
    return text[clause.end - 1 :].lstrip(" *_\"'”’)").startswith("?")


def _is_idle(statement: Statement, text: str, clause: Clause) -> bool:
    """Tell whether a clause is no claim: how a thing was said, who somebody is, too little to check."""
    words = statement.text
    if cues.is_manner(words) or _TO_READERS.match(words) or _TOPIC.match(words) or _asks(text, clause):
        return True
    if (clause.who and _JOB.match(text, clause.start)) or _UNFINISHED.match(words):
        return True
    if statement.backward:
        return False
    if _SUBJECTLESS.match(words) or _HOW_TOLD.fullmatch(words):
        return True
    if len(content_words(words)) < (2 if statement.stance == "asserts" else 1):
        return True
    return statement.source is ARTICLE and not grammar.has_finite(grammar.lex(words))


# -- pronouns ----------------------------------------------------------------------------------------------

_PRONOUN = re.compile(r"\W*(he|she|it|we)\b(?!['’])", re.IGNORECASE)
_MYSELF = re.compile(r"\W*(?-i:I)\s*(?P<verb>['’](?:ve|m|ll|d)\b|\s[a-z]+(?:n['’]t\b)?)", re.IGNORECASE)
_POSSESSIVE = re.compile(r"(his|her|its|His|Her|Its)\s+(?=[a-z])")
_AFTER_MYSELF = {
    "'ve": "has",
    "'m": "is",
    "'ll": "will",
    "'d": "would",
    "have": "has",
    "am": "is",
    "do": "does",
    "don't": "doesn't",
    "haven't": "hasn't",
}


def _without_pronoun(words: str, voice: Voice) -> str:
    """Put a name in the place of a pronoun that opens a clause, where it is safe."""
    source = voice.source
    if thought := wording.thought(words):
        return f"{thought}{_without_pronoun(words[len(thought) :], voice)}"
    if source.person and (found := _MYSELF.match(words)):
        verb = found["verb"].strip().replace("’", "'")
        verb = _AFTER_MYSELF.get(verb, grammar.third_person(verb) if grammar.is_base(verb) else verb)
        return f"{source.name} {verb}{words[found.end() :]}"
    if owned := _POSSESSIVE.match(words):
        name = _antecedent({"his": "he", "her": "she"}.get(owned[1].lower(), "it"), voice)
        speaks = voice.passage.cued and name == source.name
        return f"{name}{_S[name[-1:] == 's']} {words[owned.end() :]}" if speaks and name else words
    found = _PRONOUN.match(words)
    name = _antecedent(found[1].lower(), voice) if found else ""
    return f"{name}{words[found.end() :]}" if found and name else words


_S = ("'s", "'")


def _person_meant(pronoun: str, voice: Voice) -> str:
    """Return the one person "he" or "she" can stand for, of this sentence or the last, or ""."""
    phrase = (voice.passage.source or "").lower()
    if voice.passage.cued and voice.source.person:
        return "" if {phrase, pronoun} == {"he", "she"} else voice.source.name
    here = voice.before.persons_in(voice.text[: voice.passage.end])
    if len(here) == 1:
        return here[0]
    recent = () if here else voice.before.recent
    return recent[0] if len(recent) == 1 else ""


def _antecedent(pronoun: str, voice: Voice) -> str:
    source, cued = voice.source, voice.passage.cued
    if pronoun in {"he", "she"}:
        return _person_meant(pronoun, voice)
    before = voice.passage.shown[0] < voice.passage.start  # "the firm said it …", not "it …, the firm said"
    return source.name if cued and before and source.is_named and not source.person else ""
