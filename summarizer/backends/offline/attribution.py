"""Cuts a sentence into passages, each put forward by one voice.

Direct ("X said that p"), indirect ("p, X said"), inverted ("“p”, said X"), parenthetical ("p, X said, and
q") and prepositional ("according to X, p") order are read; so are reports within reports ("X said Y had told
her that p": Y, via X).
"""

import re
from dataclasses import dataclass, replace
from typing import Literal

from summarizer.backends.offline import grammar
from summarizer.domain.vocabulary import Kind, Stance
from summarizer.text import cues, times
from summarizer.text.cues import Cue, CueMatch

Span = tuple[int, int]
Shape = Literal["put", "clause", "gerund", "infinitive", "object", "accused", "noun", "whole"]

MASK = "□"
"""Stands for each character of a longer quotation while cues are looked for: only its speaker's words."""
_LONGEST = 1_500


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a sentence and who answers for it.

    Attributes:
        start: Where the proposition's words start in the sentence.
        end: Index after their last.
        shown: The run that shows who says it, the proposition included.
        source: The source's phrase; "" for the article's own voice, None for whoever spoke before.
        description: What stands in apposition to it.
        relay: Phrase of whoever passes it on, or "".
        stance: Where the source stands.
        hedged: The cue expresses doubt.
        kind: What the cue makes of the proposition.
        shape: How the words have to be completed to a statement.
        backward: It is about what was put forward before; there are no words.
        quoted: It is a whole quotation.
        cued: A cue stands behind it.
        hole: A run inside it that is not part of it (", X said,").
    """

    start: int
    end: int
    shown: Span
    source: str | None = ""
    description: str = ""
    relay: str = ""
    stance: Stance = "asserts"
    hedged: bool = False
    kind: Kind = "fact"
    shape: Shape = "clause"
    backward: bool = False
    quoted: bool = False
    cued: bool = False
    hole: Span | None = None


def attribute(text: str, quotations: tuple[Span, ...] = ()) -> tuple[Passage, ...]:
    """Cut one sentence into passages in reading order.

    Args:
        text: The sentence.
        quotations: Spans of its quotations, marks excluded.
    """
    masked = _mask(text[:_LONGEST], quotations)
    return tuple(
        p
        for p in _passages(masked, 0, len(masked))
        if p.backward or text[p.start : p.end].strip(" .,;:\"'“”")
    )


def _mask(text: str, quotations: tuple[Span, ...]) -> str:
    masked = text
    for start, end in quotations:
        if text.count(" ", start, end) >= 3 or end - start > 0.6 * len(text):
            masked = masked[:start] + MASK * (min(end, len(text)) - start) + masked[end:]
        else:
            masked = (
                masked[: max(start - 1, 0)] + " " + masked[start:end] + " " + masked[end + 1 :]
                if start
                else masked
            )
    masked = masked[: len(text)]
    return masked


# -- one voice after the other -----------------------------------------------------------------------------


def _passages(text: str, start: int, end: int, depth: int = 0) -> list[Passage]:
    """Read passages from left to right."""
    found: list[Passage] = []
    at = start
    while at < end and len(found) < 24:
        frame = _first_frame(text, at, end)
        if frame is None:
            found.append(Passage(at, end, (at, end), quoted=_is_quotation(text, at, end)))
            break
        found += _before(text, at, frame)
        found += _inner(text, frame, depth)
        at = max(frame.stop, at + 1)
    return found


@dataclass(frozen=True, slots=True)
class _Frame:
    """A cue with its source and the words it covers; ``stop`` is where reading goes on."""

    first: int
    stop: int
    passages: tuple[Passage, ...]


def _before(text: str, start: int, frame: _Frame) -> list[Passage]:
    """What stands before a frame is the article's own."""
    before = Passage(start, frame.first, (start, frame.first))
    return (
        [before]
        if text[start : frame.first].strip(" ,;:-—") and _says_something(text, start, frame.first)
        else []
    )


def _inner(text: str, frame: _Frame, depth: int) -> list[Passage]:
    """A report within a report belongs to whoever said it first."""
    out: list[Passage] = []
    for passage in frame.passages:
        nested = (
            _first_frame(text, passage.start, passage.end)
            if depth == 0 and passage.shape == "clause"
            else None
        )
        if nested is None or not nested.passages or nested.first > passage.start + 60 or passage.source == "":
            out.append(passage)
            continue
        if nested.passages[0].start <= passage.start and nested.passages[0].source:
            told = nested.passages[0]
            out.append(replace(passage, end=told.end, hole=told.hole, relay=told.source or ""))
            continue
        out += [_relayed(p, passage) for p in nested.passages]
        if nested.stop < passage.end and _says_something(text, nested.stop, passage.end):
            out.append(replace(passage, start=nested.stop, shown=(nested.stop, passage.end)))
    return out


def _relayed(inner: Passage, outer: Passage) -> Passage:
    shown = (min(outer.shown[0], inner.shown[0]), inner.shown[1])
    if inner.source is None or (inner.source or "").lower() in {
        "he",
        "she",
        "it",
        "they",
        "i",
        "we",
        "its",
        "one",
    }:
        hedged = inner.hedged or outer.hedged
        return replace(
            inner, source=outer.source, description=outer.description, shown=shown, hedged=hedged, cued=True
        )
    return replace(inner, relay=outer.source or "", shown=shown, cued=True)


def _first_frame(text: str, start: int, end: int) -> _Frame | None:
    prefix = _according(text, start, end)
    for match in cues.find(text[start:end]):
        cue = CueMatch(match.start + start, match.end + start, match.cue)
        if prefix and prefix.first < cue.start:
            break
        if not _is_verbal(text, start, cue):
            continue
        frame = _frame(text, start, end, cue)
        if frame:
            return frame
    return prefix


# -- "according to" ----------------------------------------------------------------------------------------


def _according(text: str, start: int, end: int) -> _Frame | None:
    found = cues.find_prefix(text[:end], start)
    if found is None:
        return None
    stop = _phrase_end(text, found.end(), end)
    source = text[found.end() : stop].strip()
    if not source or len(source) > 160:
        return None
    head = text[start : found.start()].strip(" ,;")
    cited = _cited(text, start, stop, end, found.group().lower())
    if cited:
        return replace(cited, passages=tuple(replace(p, source=source, relay=head) for p in cited.passages))
    follows = _skip(text, stop, end)
    description, follows = _apposition(text, stop, follows, end, bool(head))
    if head and _says_something(text, start, found.start()):
        passages = [_said(start, found.start(), (start, stop), source, description)]
        if _says_something(text, follows, end):
            passages.append(_said(follows, end, (follows, end), source, description))
        return _Frame(start, end, tuple(passages))
    if head and re.match(r"(?:an?|the|its|his|her|their|this|that|[A-Z])", head):
        whole = replace(_said(start, end, (start, end), source, description), hole=(found.start(), follows))
        return _Frame(start, end, (whole,))
    return _Frame(start, end, (_said(follows, end, (start, end), source, description),))


def _cited(text: str, start: int, stop: int, end: int, cue: str) -> _Frame | None:
    """Read "X, citing Y, said that p"."""
    found = re.compile(r",\s*(?=(?:said|says|reported|reports)\b)").match(text, stop, end)
    match = next(cues.find(text[found.end() : end]), None) if found and cue == "citing" else None
    if found is None or match is None:
        return None
    moved = CueMatch(found.end() + match.start, found.end() + match.end, match.cue)
    tail = _tail(text, moved, end)
    subject = _Subject("", "", start, start, lead_says=False)
    return _prefixed(text, start, end, moved, subject, tail) if tail.shape else None


def _said(start: int, end: int, shown: Span, source: str, description: str) -> Passage:
    return Passage(start, end, shown, source=source, description=description, cued=True)


def _apposition(text: str, stop: int, follows: int, end: int, ended: bool) -> tuple[str, int]:
    """Read ", an armed group, " or ", who asked not to be named …" after a source."""
    rest = text[follows:end]
    if not re.match(r"(?:an?|the|its|his|her|who|which|whose)\s", rest) or stop == follows:
        return "", follows
    comma = rest.find(",")
    if ended and comma < 0:
        return rest, end
    if comma < 0 or (
        not rest.startswith(("who", "which", "whose")) and not _says_something(text, follows + comma + 1, end)
    ):
        return "", follows
    return rest[:comma], _skip(text, follows + comma, end)


# -- verbs of saying ---------------------------------------------------------------------------------------


def _is_verbal(text: str, start: int, match: CueMatch) -> bool:
    """Tell a verb of saying from a noun ("the reports"), an infinitive and a passive ("was told")."""
    before = text[start : match.start].rstrip()
    word = before.rsplit(None, 1)[-1].lower() if before else ""
    if match.cue.phrase:
        return True
    if before and text[match.start].isupper():
        return False
    if word in grammar.determiners() | {"to", "of", "for", "with", "by", "from", "in", "on", "who", "which"}:
        return False
    first = text[match.start : match.end].lower().split()[0]
    if first == "saying":
        return True
    if (
        word in {"is", "are", "was", "were", "been", "be", "being", "as", "not", "never", "than"}
        or first == "never"
    ):
        return False
    return not word.endswith("'s") or first in {"has", "had"}


def _frame(text: str, start: int, end: int, match: CueMatch) -> _Frame | None:
    zone = _zone(text, start, match.start)
    tail = _tail(text, match, end)
    if match.cue.backward:
        return _backward(text, start, end, match)
    if _inverts(text, start, match):
        return _inverted(text, start, end, match)
    subject = _subject(text, zone, match.start)
    if subject is None:
        return None
    if tail.shape is None or (tail.plain and subject.lead_says and _ends_clause(text, match.end, end)):
        return _suffixed(text, start, end, match, subject) if subject.lead_says else None
    return _prefixed(text, start, end, match, subject, tail)


def _zone(text: str, start: int, cue: int) -> int:
    """Return where the clause of the cue starts: after the last conjunction a subject can follow."""
    zone = start
    for found in _BOUNDARY.finditer(text, start, cue + 8):
        if found.end() > cue:
            break
        parts = (
            found.end() >= cue
            or not re.fullmatch(r",?\s+and\s+", found.group(), re.IGNORECASE)
            or _says_something(text, zone, found.start())
        )
        if parts and _is_subject(text[found.end() : cue].split(",", 1)[0]):
            zone = found.end()
    return zone


_BOUNDARY = re.compile(
    r";\s+|:\s+|\s[—–-]\s|,?\s+(?:but|and|while|although|though|whereas|yet)\s+|^(?:but|and|yet|nor)\s+|,?\s+(?=(?:saying|noting|adding|claiming|warning)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Subject:
    """Who speaks: ``source`` None where the verb has no subject of its own."""

    source: str | None
    description: str
    start: int
    zone: int
    lead_says: bool


def _subject(text: str, zone: int, cue: int) -> _Subject | None:
    """Read the source that stands before a cue, and whether a proposition stands before that."""
    words = text[zone:cue]
    if not words.strip(" ,"):
        return _Subject(None, "", zone, zone, lead_says=False)
    pieces = _pieces(text, zone, cue)
    description = ""
    if len(pieces) > 1 and not text[pieces[-1][0] : pieces[-1][1]].strip():
        pieces, description = _without_apposition(text, pieces[:-1])
    first, last = pieces[-1]
    first = _after_adverbial(text, first, last)
    source = re.sub(r"\s+(?:was|is|were|has\s+been)$", "", text[first:last].strip())
    if not _is_subject(source):
        return None
    return _Subject(source, description, first, zone, _says_something(text, zone, first))


def _pieces(text: str, start: int, end: int) -> list[Span]:
    """Cut at commas and closing quotation marks."""
    pieces, at = [], start
    for found in re.compile(r",\s+|,?[\"”’']\s*,?\s+(?=[^\s□])|(?<=□)[\"”]\s*,?\s*").finditer(
        text, start, end
    ):
        if text[found.start()] == "," or MASK in text[max(start, found.start() - 2) : found.start()]:
            pieces.append((at, found.start()))
            at = found.end()
    return [*pieces, (at, end)]


def _without_apposition(text: str, pieces: list[Span]) -> tuple[list[Span], str]:
    """Of "X, a spokesman for Y" keep X; of "the leader, X" keep X as well, where X is the one with a name."""
    description = text[slice(*pieces[-1])].strip()
    if len(pieces) == 1:
        return pieces, ""
    for back in range(2, min(len(pieces), 4) + 1):
        candidate = text[slice(*pieces[-back])].strip()
        if description[:1].isupper() and _is_person(description) and not _is_person(candidate):
            return pieces, candidate if len(candidate) < 80 else ""
        if _is_subject(_last_noun_phrase(candidate)) and not re.match(r"(?:who|which|whose)\b", candidate):
            joined = ", ".join(text[slice(*p)].strip() for p in pieces[len(pieces) - back + 1 :])
            return pieces[: len(pieces) - back + 1], joined
    return pieces, ""


def _last_noun_phrase(words: str) -> str:
    return words


def _is_person(words: str) -> bool:
    """Tell whether a phrase ends in two capitalised words or carries a title."""
    return bool(
        re.search(r"[A-Z][\w'’-]+\s+(?:al-|de\s|van\s)?[A-Z][\w'’-]+$", words)
    ) and not words.startswith(("the ", "a "))


def _after_adverbial(text: str, first: int, last: int) -> int:
    """Pass over "On Monday", "Hours later", "However" before a subject."""
    moved = True
    while moved:
        moved = False
        found = _OPENERS.match(text, first, last)
        if found:
            first, moved = found.end(), True
        for expression in times.find(text[first:last])[:1]:
            if expression.start == 0 and text[first + expression.end : last].strip():
                first, moved = _skip(text, first + expression.end, last), True
    pronoun = re.compile(r"\b(?:he|she|they|it)\s*$", re.IGNORECASE).search(text, first, last)
    return pronoun.start() if pronoun else first


_OPENERS = re.compile(
    r"\s*(?:but|and|yet|however|later|earlier|meanwhile|also|then|still|nor|so|today|hours\s+later|in\s+fact|instead|separately|overall|as)\b,?\s+",
    re.IGNORECASE,
)


def _is_subject(words: str) -> bool:
    """Tell whether words can be a source: short, no verb, not opening like a clause."""
    plain = words.strip(" ,")
    if not plain:
        return True
    if len(plain) > 130 or MASK in plain or re.search(r"\d{3,}|[?!]", plain):
        return False
    lexemes = grammar.lex(plain)
    if not lexemes or lexemes[0].lower in {
        "to",
        "that",
        "if",
        "when",
        "because",
        "what",
        "there",
        "who",
        "which",
        "not",
    }:
        return False
    body = [x for x in lexemes if x.lower not in {"who", "which"}]
    return (
        len(lexemes) <= 18
        and not grammar.has_finite(body)
        and lexemes[-1].lower not in grammar.prepositions()
    )


# -- what follows a verb of saying -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Tail:
    """Where the proposition after a cue starts, and its shape; None where nothing that can be one follows."""

    start: int
    shape: Shape | None
    plain: bool = False
    middle: Span | None = None


_ADDRESSEE = re.compile(
    r"\s+(?:(?:me|us|him|her|them|reporters|journalists|investors|viewers|jurors|parliament|lawmakers|clients|detectives)\b"
    r"|(?:the|a|an|this|state|local|its|his|her|their)\s+(?:[\w’'-]+\s+){0,3}?[\w’'-]+(?=\s+(?:that|he|she|it|they|there|his|her|its|the|a|no|she)\b)"
    r"|(?:the|this|a)\s+[\w’']+"
    r"|[A-Z][\w.’'-]+(?:\s+[A-Z][\w.’'-]+)*)"
)
_SETTING = re.compile(
    r"\s+(?:in\s+(?:a|an|the|its|his|her|their|comments|remarks|an?\s+\w+)\s+[\w\s’'-]{2,60}?|by\s+\w+(?:\s+\w+)?|at\s+a\s+[\w\s]{3,30}?|separately|earlier|again|online|outside\s+court|under\s+\w+)(?=\s+that\b|,|:|\s+[\"“]|\.?$)"
)


def _tail(text: str, match: CueMatch, end: int) -> _Tail:
    at = match.end
    if match.cue.form in {"told", "tells"}:
        found = _ADDRESSEE.match(text, at, end)
        at = found.end() if found else at
    at = _past_setting(text, at, end)
    if re.compile(r",(?!\s*(?:that\b|[\"“]))").match(text, at, end):
        return _Tail(at, None, plain=True)
    found = re.compile(r"\s*,?\s*(?:that|whether|if)\b\s*").match(text, at, end)
    if found:
        return _Tail(found.end(), "clause", plain="," in found.group())
    return _shaped(text, match.cue, _skip(text, at, end), end)


def _past_setting(text: str, at: int, end: int) -> int:
    """Pass over "in a statement" and "on Monday" after the verb."""
    for _ in range(3):
        found = _SETTING.match(text, at, end)
        at = found.end() if found else at
        time = next(iter(times.find(text[at : at + 60])), None)
        if time and not text[at : at + time.start].strip() and at + time.end <= end:
            at += time.end
    return at


_PUT = re.compile(r"(?:[\w’'-]+\s+){1,5}?(?=(?:at|closer\s+to|nearer|as\s+high\s+as)\s)")


def _shaped(text: str, cue: Cue, at: int, end: int) -> _Tail:
    stop = _clause_stop(text, at, end)
    rest = text[at:stop]
    if cue.form in {"put", "puts"}:
        return _Tail(at, "put" if _PUT.match(rest) else None)
    lexemes = grammar.lex(rest.replace(MASK, " ")) if rest.strip() else ()
    if MASK in rest[:4] or (MASK in rest and not cue.action and not rest.startswith("to ")):
        return _Tail(at, "clause")
    if not lexemes or (not lexemes[0].is_word and lexemes[0].text not in "\"“'‘("):
        return _Tail(at, "noun" if cue.phrase else None, plain=True)
    opening = lexemes[0].lower
    if opening == "to":
        return _Tail(at, "infinitive" if cue.kind != "fact" or cue.form.startswith("claim") else None)
    if cue.stance == "denies" and grammar.is_gerund(opening):
        return _Tail(at, "gerund")
    accused = re.search(r"\sof\s+(?=\w+ing\b)", rest)
    if cue.action and accused and cue.form.startswith("accus"):
        return _Tail(at, "accused", middle=(at + accused.start(), at + accused.end()))
    middle = re.search(r"\sto\s+(?=[a-z]+\b)", rest)
    if (
        cue.kind in {"opinion", "forecast"}
        and middle
        and not cue.action
        and len(rest[: middle.start()].split()) < 9
    ):
        return _Tail(at, "object", middle=(at + middle.start(), at + middle.end()))
    if cue.phrase and opening == "of":
        return _Tail(at, "noun", plain=True)
    if opening in grammar.prepositions() and not cue.phrase:
        return _Tail(at, "clause" if grammar.has_finite(lexemes, 2) and "," in rest else None, plain=True)
    verb = grammar.first_finite(lexemes)
    if verb and not cue.action and not (cue.stance == "denies" and opening in {"the", "a"} and verb > 8):
        return _Tail(at, "clause")
    return _Tail(at, "noun" if len(lexemes) > 1 else None, plain=True)


def _clause_stop(text: str, at: int, end: int) -> int:
    """Return where the clause around ``at`` ends: at a semicolon, or a comma with a new voice behind it."""
    found = re.compile(r";|,\s+(?:but|and|while|although|which|who)\b").search(text, at, end)
    return found.start() if found else end


def _ends_clause(text: str, at: int, end: int) -> bool:
    """Tell whether nothing but time and place follows a cue before the next comma or the end."""
    stop = text.find(",", at, end)
    rest = text[at : stop if stop >= 0 else end]
    return len(rest.split()) <= 10 and not grammar.has_finite(grammar.lex(rest))


_CLAIMED = re.compile(
    r"\b(?:claims?|reports?|allegations?|suggestions?|rumours?|accounts?)\b[^.;]*?\bthat\s+"
)
_WHETHER = re.compile(r"\bwhether\s+(?P<p>[^,;]+)")


def _object(text: str, start: int, passage: Passage) -> Passage:
    """Find what is denied or not confirmed where the object only points at it ("the claims that p", "it")."""
    words = text[passage.start : passage.end]
    if passage.stance == "asserts":
        return passage
    claimed = _CLAIMED.search(words)
    if claimed and passage.stance == "does_not_confirm":
        return replace(passage, start=passage.start + claimed.end(), shape="clause")
    asked = _WHETHER.search(text, start, passage.shown[0] + 200)
    if re.match(r"(?:it|that|this|them|so|either)\b\W*(?:all\b|$|,)", words):
        if asked and asked.end() <= passage.start:
            return replace(
                passage,
                start=asked.start("p"),
                end=asked.end("p"),
                shown=(start, passage.end),
                shape="clause",
            )
        return replace(passage, backward=True)
    if passage.stance == "denies" and re.match(
        r"(?:the|these|those|such|all)\s+(?:reports|claims|allegations|rumours|accusations|charges)\b", words
    ):
        return replace(passage, backward=True)
    opening = re.match(r"(?:of|that|whether|about)?\s*(?:any\b|the\s+suggestion\s+that\b)?\s*", words)
    return (
        replace(passage, start=passage.start + opening.end())
        if opening and passage.shape == "noun"
        else passage
    )


_AND_THAT = re.compile(r",?\s+(?:and|but)\s+that\b")


def _prefixed(
    text: str, start: int, end: int, match: CueMatch, subject: _Subject, tail: _Tail
) -> _Frame | None:
    """Read "X said that p"."""
    cue = match.cue
    shape: Shape = tail.shape or "noun"
    stop = _next_voice(text, tail.start, end)
    more = _AND_THAT.search(text, tail.start, stop) if shape == "noun" else None
    stop = more.start() if more else stop
    if shape == "noun" and (
        cue.action
        or cue.hedged
        or cue.form.startswith(("report", "found", "told", "wr", "reject", "dismiss"))
    ):
        shape = "whole"
    if cue.bare and shape == "noun":
        shape = "whole" if subject.source is None else "noun"
    first = subject.zone if not subject.lead_says else subject.start
    passage = Passage(
        tail.start,
        stop,
        (subject.start, stop),
        source=subject.source,
        description=subject.description,
        stance=cue.stance,
        hedged=cue.hedged,
        kind=cue.kind,
        shape=shape,
        cued=True,
    )
    if shape == "whole" and cue.stance != "denies" and not (cue.action and "blame" in cue.form):
        return None
    return _Frame(first, stop, (_object(text, start, passage),))


def _next_voice(text: str, at: int, end: int) -> int:
    """Return where another voice starts: a conjunction followed by a subject and a cue, or by a cue alone."""
    for match in cues.find(text[at:end]):
        cue = at + match.start
        if not _is_verbal(text, at, CueMatch(cue, at + match.end, match.cue)):
            continue
        zone = _zone(text, at, cue)
        if (
            zone > at
            and _is_subject(text[zone:cue].split(",", 1)[0])
            and _tail(text, CueMatch(cue, at + match.end, match.cue), end).shape
        ):
            boundary = [b for b in _BOUNDARY.finditer(text, at, cue + 8) if b.end() == zone]
            return boundary[0].start() if boundary else zone
    return end


def _suffixed(text: str, start: int, end: int, match: CueMatch, subject: _Subject) -> _Frame:
    """Read "p, X said" and "p, X said, and q"."""
    comma = text.find(",", match.end, end)
    stop = comma if comma >= 0 else end
    cue = match.cue

    def passage(first: int, last: int, shown: Span) -> Passage:
        return Passage(
            first, last, shown, source=subject.source, description=subject.description, stance=cue.stance,
            hedged=cue.hedged, kind=cue.kind, cued=True, quoted=_is_quotation(text, first, last),
        )  # fmt: skip

    follows = _skip(text, stop, end)
    doubt = next(
        (m for m in cues.find(text[subject.zone : subject.start]) if m.cue.stance != "asserts"), None
    )
    if comma >= 0 and doubt and text.startswith("that ", follows):
        about = passage(follows + 5, end, (subject.zone, end))
        return _Frame(subject.zone, end, (replace(about, stance=doubt.cue.stance),))
    if comma >= 0 and grammar.first_finite(grammar.lex(text[follows:end])) == 0:
        whole = replace(passage(subject.zone, end, (subject.zone, end)), hole=(subject.start, follows))
        return _Frame(subject.zone, end, (whole,))
    opening = next(iter(grammar.lex(text[follows : follows + 20])), None)
    if (
        comma < 0
        or not _says_something(text, follows, end)
        or (opening and opening.lower in grammar.prepositions())
    ):
        return _Frame(subject.zone, end, (passage(subject.zone, subject.start, (subject.zone, stop)),))
    last = _next_voice(text, follows, end)
    same = (
        passage(subject.zone, subject.start, (subject.zone, stop)),
        passage(follows, last, (follows, last)),
    )
    return _Frame(subject.zone, last, same)


def _inverts(text: str, start: int, match: CueMatch) -> bool:
    """Tell whether a cue follows a comma or a quotation and its subject follows the cue."""
    before = text[start : match.start].rstrip()
    if not before.endswith((",", '"', "”", "'", "’")) or match.cue.phrase:
        return False
    quote = before.endswith(('"', "”", "'", "’"))
    after = text[match.end :].lstrip()
    return (
        (quote or before.endswith((",”", ',"', ",")))
        and bool(after)
        and (
            quote
            or MASK in before[-3:]
            or after[:1].isupper()
            or re.match(r"(?:the|a|an|his|her|its|one|two|their)\s", after) is not None
        )
        and (quote or MASK in before or _says_something(text, start, match.start))
        and not _has_subject_before(before)
    )


def _has_subject_before(before: str) -> bool:
    """Tell whether an apposition ends right before the cue ("Vasper, the chief executive, said")."""
    pieces = before.rstrip(", ").split(", ")
    if re.match(r"(?:who|which|whose)\b", pieces[-1]):
        return True
    return (
        MASK not in pieces[-1]
        and not pieces[-1].endswith(('"', "”"))
        and not grammar.has_finite(grammar.lex(pieces[-1]))
    )


def _inverted(text: str, start: int, end: int, match: CueMatch) -> _Frame:
    """Read "“p”, said X, a baker"."""
    stop = _phrase_end(text, match.end, end)
    source = text[match.end : stop].strip()
    rest = text[stop:end].strip(" ,.")
    description = (
        rest.split(", ")[0]
        if rest and not grammar.has_finite(grammar.lex(rest.replace(MASK, " "))[:3])
        else ""
    )
    if _is_person(description) and not _is_person(source):
        source, description = description, source
    cue = match.cue
    first = Passage(
        start, match.start, (start, stop), source=source, description=description, stance=cue.stance, hedged=cue.hedged,
        kind=cue.kind, cued=True, quoted=_is_quotation(text, start, match.start),
    )  # fmt: skip
    more = re.compile(r",\s+(?:adding|saying|noting)\s+(?:that\s+)?|[:.]\s+[\"“]").search(text, stop, end)
    if not more:
        return _Frame(start, end, (first,))
    return _Frame(start, end, (first, replace(first, start=more.end(), end=end, shown=(more.end(), end))))


def _backward(text: str, start: int, end: int, match: CueMatch) -> _Frame:
    """Read "could not be verified", and "it cannot be verified that p"."""
    found = re.compile(r"\s*(?:that|whether)\s+").match(text, match.end, end)
    zone = _zone(text, start, match.start)
    if found:
        passage = Passage(found.end(), end, (zone, end), stance="does_not_confirm", cued=True)
        return _Frame(zone, end, (passage,))
    return _Frame(
        zone, end, (Passage(zone, end, (zone, end), stance="does_not_confirm", backward=True, cued=True),)
    )


# -- small readers -----------------------------------------------------------------------------------------


def _phrase_end(text: str, at: int, end: int) -> int:
    """Return where a source's phrase ends: at a comma, stop, quotation or relative."""
    found = re.compile(
        r",\s|;|[\"“”]|\.$|\s+(?:in|by|on|during|at|after|as)\s+(?:a|an|the|text|his|her|court|audio|\w+day\b)|\s+who\b|:\s|\.\s|\s+\("
    ).search(text, at, end)
    stop = found.start() if found else end
    for expression in times.find(text[at:stop]):
        if at + expression.start > at + 2:
            return at + expression.start
    return stop


def _skip(text: str, at: int, end: int) -> int:
    found = re.compile(r"[\s,;:]*").match(text, at, end)
    return found.end() if found else at


def _says_something(text: str, start: int, end: int) -> bool:
    """Tell whether a stretch holds a proposition: a finite verb or a quotation."""
    stretch = text[start:end]
    return MASK in stretch or grammar.has_finite(grammar.lex(stretch))


def _is_quotation(text: str, start: int, end: int) -> bool:
    inner = text[start:end].strip(" ,.")
    return bool(inner) and inner.count(MASK) > 0.8 * len(inner)
