"""Cuts a sentence into passages, each put forward by one voice.

Direct ("X said that p"), indirect ("p, X said"), inverted ("“p”, said X"), parenthetical ("p, X said, and q")
and prepositional ("according to X, p") order are read; so are reports within reports ("X said Y had told her
that p": Y, via X).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from summarizer.backends.offline import dismissals, grammar
from summarizer.backends.offline.complements import Complement, complement, owner, pointed
from summarizer.backends.offline.naming import is_person as is_named_person
from summarizer.backends.offline.passages import (
    MASK,
    Passage,
    Shape,
    Span,
    is_quotation,
    mask,
    phrase_end,
    says_something,
    skip,
)
from summarizer.backends.offline.subjects import Subject, boundary, is_person, is_subject, subject, zone
from summarizer.text import cues
from summarizer.text.cues import Cue, CueMatch

_LONGEST = 1_500
_MOST_VOICES = 24


def attribute(text: str, quotations: tuple[Span, ...] = ()) -> tuple[Passage, ...]:
    """Cut one sentence into passages in reading order.

    Args:
        text: The sentence; what goes beyond some lines is left out.
        quotations: Spans of its quotations, marks excluded.
    """
    dateline = _DATELINE.match(text)
    masked = mask(text[:_LONGEST], quotations)
    tail = dismissals.TAIL.search(masked)
    main = masked[: tail.start()] if tail else masked
    found = _passages(main, dateline.end() if dateline else 0)
    if tail:
        found += [_denied_in_tail(tail), *_passages(masked, skip(masked, tail.end(), len(masked)))]
    return tuple(p for p in found if p.backward or text[p.start : p.end].strip(" .,;:\"'“”"))


def _denied_in_tail(tail: re.Match[str]) -> Passage:
    """Read ", a claim that the company denies" as a denial of what stands before it."""
    who = tail["by"] or tail["who"]
    start = tail.start() + 2
    return Passage(
        start,
        tail.end(),
        (start, tail.end()),
        source=who.strip(),
        stance="denies",
        shape="noun",
        backward=True,
        cued=True,
    )


_DATELINE = re.compile(
    r"[A-Z][A-Z'’. -]{2,30}(?:,[^—–-]{0,40}?)?(?:\([^)]{0,40}\)\s+)?\s*[-—–]+\s+(?=[\"“A-Z])"
)


_SETTING = re.compile(
    r"\s*(?:as|after|when|while|before|since|asked|pressed|speaking)\b[^,;]*,\s*$", re.IGNORECASE
)


def _passages(text: str, at: int) -> list[Passage]:
    """Read frame after frame; what stands before and between them is the article's own."""
    if introduced := _introduced(text, at):
        return [introduced]
    found: list[Passage] = []
    while at < len(text) and len(found) < _MOST_VOICES:
        frame = _first_frame(text, at, len(text))
        if frame is None:
            found.append(Passage(at, len(text), (at, len(text)), quoted=is_quotation(text, at, len(text))))
            break
        if says_something(text, at, frame.first) and not _SETTING.match(text[at : frame.first]):
            found.append(Passage(at, frame.first, (at, frame.first)))
        found += _innermost(text, frame)
        at = max(frame.stop, at + 1)
    return found


_INTRO = re.compile(r"(?P<intro>[^:;\"“□]{5,160}?):\s*[\"“]?(?=□)")
_FROM = re.compile(r"\b(?:from|by|with)\s+((?:[A-Z][\w.’'-]*\s+){0,3}[A-Z][\w’'-]+)(?=,|$)")


def _introduced(text: str, at: int) -> Passage | None:
    """Read 'Mayor Ida Renn, outside the hall: "p"', which has no verb of saying."""
    found = _INTRO.match(text, at)
    if found is None or next(_cues(text, at, found.end()), None):
        return None
    opening, _, rest = found["intro"].partition(",")
    named = _FROM.search(found["intro"])
    if not is_named_person(opening) and named is None:
        return None
    source = opening.strip() if is_named_person(opening) else (named[1] if named else "")
    if grammar.has_finite(grammar.lex(opening)):
        return None
    return Passage(
        found.end(), len(text), (at, len(text)), source=source, description=rest, quoted=True, cued=True
    )


@dataclass(frozen=True, slots=True)
class _Frame:
    """A cue with its source and the words it covers: ``first`` to ``stop``, where reading goes on."""

    first: int
    stop: int
    passages: tuple[Passage, ...]


def _first_frame(text: str, start: int, end: int) -> _Frame | None:
    prefix = (
        _dismissing(text, start, end)
        or _pleading(text, start, end)
        or _according(text, start, end)
        or _rumoured(text, start, end)
    )
    for match in _cues(text, start, end):
        if prefix and prefix.first < match.start:
            break
        frame = _frame(text, start, end, match) if _is_verbal(text, start, match) else None
        if frame:
            return frame
    return prefix


def _cues(text: str, start: int, end: int) -> Iterator[CueMatch]:
    found = (CueMatch(start + m.start, start + m.end, m.cue) for m in cues.find(text[start:end]))
    return islice(found, _MOST_VOICES)


def _frame(text: str, start: int, end: int, match: CueMatch) -> _Frame | None:
    """Read one cue in whatever order its parts stand."""
    if match.cue.backward:
        return _backward(text, start, end, match)
    if (relative := _WHO.search(text, start, match.start)) and relative.end() == match.start:
        return _relative(text, start, end, match, relative)
    if _is_inverted(text, start, match):
        return _inverted(text, start, end, match)
    who = subject(text, zone(text, start, match.start), match.start)
    return _direct(text, start, end, match, who) if who else None


def _direct(text: str, start: int, end: int, match: CueMatch, who: Subject) -> _Frame | None:
    """Read a cue whose subject stands before it: "X said that p", "p, X said", "p, X said, and q"."""
    if match.cue.stance == "denies" and (frame := _pointing(text, start, end, match, who)):
        return frame
    what = complement(text, match, end)
    if what.shape is None or (what.plain and who.lead_says and _ends_clause(text, match.end, end)):
        if not who.lead_says and (whole := _parenthesis(text, end, match, who)):
            return _Frame(who.zone, end, (whole,))
        return _suffixed(text, end, match, who) if who.lead_says else None
    return _prefixed(text, start, end, match, who, what)


_NOT_BEFORE = frozenset(["to", "of", "for", "with", "by", "from", "in", "on", "who", "which", "such"])
_PASSIVE = frozenset(["is", "are", "was", "were", "been", "be", "being", "as", "not", "never", "than"])


def _is_verbal(text: str, start: int, match: CueMatch) -> bool:
    """Tell a verb of saying from a noun ("the reports"), a name, an infinitive and a passive ("was told")."""
    if match.cue.phrase:
        return True
    before = text[start : match.start].split()
    word = before[-1].lower() if before else ""
    if word == "who":
        return True
    first = text[match.start : match.end].lower().split()[0]
    if (before and text[match.start].isupper()) or word in grammar.determiners() | _NOT_BEFORE:
        return False
    if first == "saying":
        return True
    owned = word.endswith(("'s", "’s")) and first not in {"has", "had"}
    return word not in _PASSIVE and first != "never" and not owned


_POINTING = re.compile(
    r"\s+(?:that|this|it|them|(?:the|that|this|those|these|such)\s+(?:claim|allegation|accusation|suggestion)s?)"
    r"(?=\s*(?:[.;]|$)|,?\s+(?:and|but|saying|adding)\s)"
)
_AND_THEN = re.compile(r",?\s+(?:(?:and|but)\s+)?(?:also\s+|then\s+|instead\s+)?")


def _pointing(text: str, start: int, end: int, match: CueMatch, who: Subject) -> _Frame | None:
    """Read "X denied that", which is about what was said before, and "X denied that and said q"."""
    found = _POINTING.match(text, match.end, end)
    if found is None:
        return None
    first = who.start if who.lead_says else who.zone
    denied = _voiced(text, match.cue, who, match.end + 1, found.end())
    denied = replace(denied, shown=(who.start, found.end()), shape="noun", backward=True, quoted=False)
    joined = _AND_THEN.match(text, found.end(), end)
    second = next(_cues(text, joined.end(), end), None) if joined else None
    if joined and second and second.start == joined.end():
        what = complement(text, second, end)
        frame = _prefixed(text, start, end, second, who, what) if what.shape else None
        if frame:
            return _Frame(first, frame.stop, (denied, *frame.passages))
    return _Frame(first, found.end(), (denied,))


# -- reports within reports --------------------------------------------------------------------------------

_THEMSELVES = frozenset(["he", "she", "it", "they", "i", "we", "its", "one"])
_NEAR = 60


def _innermost(text: str, frame: _Frame) -> list[Passage]:
    """A report within a report belongs to whoever said it first."""
    return [inner for passage in frame.passages for inner in _unnested(text, passage)]


def _unnested(text: str, passage: Passage) -> list[Passage]:
    nests = passage.shape == "clause" and passage.source != "" and passage.stance == "asserts"
    nested = _first_frame(text, passage.start, passage.end) if nests and not passage.hole else None
    if nested is None or nested.first > passage.start + _NEAR:
        return [passage]
    first = nested.passages[0]
    if first.start <= passage.start and first.source:  # "X suspects that p, Y said": Y passes it on
        return [replace(passage, end=first.end, hole=first.hole, relay=first.source)]
    found = [_relayed(inner, passage) for inner in nested.passages]
    if nested.stop < passage.end and says_something(text, nested.stop, passage.end):
        found.append(replace(passage, start=nested.stop, shown=(nested.stop, passage.end)))
    return found


def _relayed(inner: Passage, outer: Passage) -> Passage:
    inner = replace(inner, shown=(min(outer.shown[0], inner.shown[0]), inner.shown[1]), cued=True)
    if inner.source is None or inner.source.lower() in _THEMSELVES:
        hedged = inner.hedged or outer.hedged
        return replace(inner, source=outer.source, description=outer.description, hedged=hedged)
    return replace(inner, relay=outer.source or "")


# -- "…, a diver, who said that p" -------------------------------------------------------------------------

_WHO = re.compile(r",?\s+who\s+$")
_NAMED_LAST = re.compile(r"(?<![\w’'-] the )(?P<who>(?:[A-Z][\w’'.-]*\s+){1,3}[A-Z][\w’'-]+)$")
_DESCRIBED = re.compile(
    r"(?:\b(?:from|by|of|to|with|for|and|told|against)\s+|,\s+|^)"
    r"(?P<who>(?:(?:an?|the|his|her|its|their|one|two|some)\s+)?(?:[\w’'.-]+\s+){0,6}?[\w’'.-]+)$"
)


def _relative(text: str, start: int, end: int, match: CueMatch, who: re.Match[str]) -> _Frame | None:
    """Read a relative clause that ends the sentence: its subject is whoever stands before it."""
    what = complement(text, match, end)
    if what.shape not in {"clause", "infinitive"} or not says_something(text, start, who.start()):
        return None
    before = text[start : who.start()].rsplit(";", 1)[-1][-80:]
    found = _NAMED_LAST.search(before) or _DESCRIBED.search(before)
    if found is None or not is_subject(found["who"]) or MASK in found["who"]:
        return None
    speaker = Subject(found["who"], "", who.start(), who.start(), lead_says=False)
    passage = replace(
        _voiced(text, match.cue, speaker, what.start, end), shown=(who.start() + 2, end), shape=what.shape
    )
    return _Frame(who.start(), end, (replace(passage, quoted=False),))


# -- "X said that p" ---------------------------------------------------------------------------------------

_AND_THAT = re.compile(r",?\s+(?:and|but)\s+(?:that|will|would|has|had|was|is)\b")


def _prefixed(  # noqa: PLR0913, PLR0917  a frame is a stretch, a cue and what stands on its two sides
    text: str, start: int, end: int, match: CueMatch, who: Subject, what: Complement
) -> _Frame | None:
    cue = match.cue
    shape = _deed_or_noun(cue) if what.shape in {"noun", None} else what.shape
    if shape == "whole" and cue.stance != "denies" and "blame" not in cue.form:
        return None
    stop = _next_voice(text, what.start, end)
    more = _AND_THAT.search(text, what.start, stop) if shape == "noun" else None
    stop = more.start() if more else stop
    passage = replace(
        _voiced(text, cue, who, what.start, stop), shown=(who.start, stop), shape=shape or "noun"
    )
    first = who.start if who.lead_says else who.zone
    meant = pointed(text, start, replace(passage, quoted=False))
    claimed = owner(text, skip(text, match.end, stop), meant)
    return _Frame(first, stop, (claimed, meant) if claimed else (meant,))


def _deed_or_noun(cue: Cue) -> Shape:
    """Tell whether a verb with a bare noun after it does something ("rejected the offer") or states it."""
    if cue.phrase:
        return "noun"
    deeds = ("report", "found", "told", "wr", "reject", "dismiss")
    return "whole" if cue.action or cue.hedged or cue.form.startswith(deeds) else "noun"


def _voiced(text: str, cue: Cue, who: Subject, start: int, end: int) -> Passage:
    """Return a stretch as the word of a subject, by a cue."""
    return Passage(
        start,
        end,
        (start, end),
        source=who.source,
        description=who.description,
        stance=cue.stance,
        hedged=cue.hedged,
        kind=cue.kind,
        cued=True,
        quoted=is_quotation(text, start, end),
    )


def _next_voice(text: str, at: int, end: int) -> int:
    """Return where another voice starts: at a boundary followed by a subject and a cue, or by a cue alone."""
    for match in _cues(text, at, end):
        if not _is_verbal(text, at, match):
            continue
        first = zone(text, at, match.start)
        stands = first > at and is_subject(text[first : match.start].split(",", 1)[0])
        if stands and complement(text, match, end).shape:
            return boundary(text, at, first, match.start)
    return end


# -- "p, X said" and "p, X said, and q" --------------------------------------------------------------------


def _suffixed(text: str, end: int, match: CueMatch, who: Subject) -> _Frame:
    comma = text.find(",", match.end, end)
    stop = comma if comma >= 0 else end
    follows = skip(text, stop, end)
    before = replace(_voiced(text, match.cue, who, who.zone, who.start), shown=(who.zone, stop))
    if comma < 0:
        return _Frame(who.zone, end, (before,))
    whole = _interrupted(text, end, match, who, follows)
    if whole:
        return _Frame(who.zone, end, (whole,))
    if not says_something(text, follows, end) or _opening(text, follows) in grammar.prepositions():
        return _Frame(who.zone, end, (before,))
    last = _next_voice(text, follows, end)
    return _Frame(who.zone, last, (before, _voiced(text, match.cue, who, follows, last)))


def _interrupted(text: str, end: int, match: CueMatch, who: Subject, follows: int) -> Passage | None:
    """Read a clause that a parenthetical interrupts: "the site, X said, lies …"."""
    doubt = next((m.cue for m in cues.find(text[who.zone : who.start]) if m.cue.stance != "asserts"), None)
    if doubt and text.startswith("that ", follows):
        about = _voiced(text, match.cue, who, follows + len("that "), end)
        return replace(about, shown=(who.zone, end), stance=doubt.stance)
    if _goes_on(text, follows):
        return replace(_voiced(text, match.cue, who, who.zone, end), hole=(who.start, follows))
    return None


def _goes_on(text: str, at: int) -> bool:
    """Tell whether a verb stands at ``at`` that a subject before a parenthesis can be the subject of."""
    lexemes = grammar.lex(f"this {text[at : at + 60]}")
    return len(lexemes) > 1 and grammar.is_finite(lexemes, 1)


_PAST_OR_THIRD = re.compile(r"(?:ed|s|said|told|wrote|thought|swore)$")


def _parenthesis(text: str, end: int, match: CueMatch, who: Subject) -> Passage | None:
    """Read "the order, she said, came late", where no proposition stands before the speaker yet."""
    comma = text.find(",", match.end, end)
    before = text[who.zone : who.start].rstrip()
    if match.cue.stance != "asserts" or not _PAST_OR_THIRD.search(match.cue.form):
        return None
    if (
        comma < 0
        or not before.endswith(",")
        or not before.strip(" ,")
        or not _ends_clause(text, match.end, end)
    ):
        return None
    follows = skip(text, comma, end)
    if _goes_on(text, follows) or text.startswith(MASK, follows, end) or says_something(text, follows, end):
        return replace(_voiced(text, match.cue, who, who.zone, end), hole=(who.start, follows))
    return None


def _opening(text: str, at: int) -> str:
    return next((x.lower for x in grammar.lex(text[at : at + 20])), "")


def _ends_clause(text: str, at: int, end: int) -> bool:
    """Tell whether nothing but time and place follows a cue before the next comma or the end."""
    stop = text.find(",", at, end)
    rest = text[at : stop if stop >= 0 else end]
    return len(rest.split()) <= 10 and not grammar.has_finite(grammar.lex(rest))


# -- "“p”, said X" -----------------------------------------------------------------------------------------

_QUOTE_ENDS = ('"', "”", "'", "’")
_NOUN_PHRASE = re.compile(r"[A-Z]|(?:the|a|an|his|her|its|one|two|their)\s")
_MORE = re.compile(r",\s+(?:adding|saying|noting)\s+(?:that\s+)?|[:.]\s+[\"“]")


def _is_inverted(text: str, start: int, match: CueMatch) -> bool:
    """Tell whether a cue follows a comma or a quotation, and its subject follows the cue."""
    before, after = text[start : match.start].rstrip(), text[match.end :].lstrip()
    quote = before.endswith(_QUOTE_ENDS)
    if match.cue.phrase or not after or not (quote or before.endswith(",")):
        return False
    told = (
        quote
        or MASK in before
        or dismissals.denies_before(before.strip(" ,"))
        or says_something(text, start, match.start)
    )
    follows = quote or MASK in before[-3:] or _NOUN_PHRASE.match(after) is not None
    return told and follows and not _ends_in_subject(before)


def _ends_in_subject(before: str) -> bool:
    """Tell whether the subject or its apposition ends right before the cue ("Renn, the mayor, said")."""
    last = before.rstrip(", ").rsplit(", ", 1)[-1]
    if re.match(r"(?:who|which|whose)\b", last):
        return True
    told = MASK in last or last.endswith(('"', "”")) or dismissals.denies_before(last.strip(" ,"))
    return not told and not grammar.has_finite(grammar.lex(last))


def _inverted(text: str, start: int, end: int, match: CueMatch) -> _Frame:
    stop = phrase_end(text, match.end, end)
    source, description = text[match.end : stop].strip(), _description(text[stop:end].strip(" ,."))
    if is_person(description) and not is_person(source):
        source, description = description, source
    who = Subject(source, description, start, start, lead_says=True)
    first = replace(_voiced(text, match.cue, who, start, match.start), shown=(start, stop))
    more = _MORE.search(text, stop, end)
    if not more:
        return _Frame(start, end, (first,))
    return _Frame(start, end, (first, _voiced(text, match.cue, who, more.end(), end)))


def _description(rest: str) -> str:
    """Return the apposition after a speaker, or ""."""
    opens = grammar.lex(rest.replace(MASK, " "))[:3]
    return rest.split(", ", maxsplit=1)[0] if rest and not grammar.has_finite(opens) else ""


# -- "X called the accusations a fairy tale" ---------------------------------------------------------------


def _dismissing(text: str, start: int, end: int) -> _Frame | None:
    """Read what somebody calls untrue in whatever words; mostly it only points at what was said before."""
    found = dismissals.CALLED.search(text, start, end)
    who = subject(text, zone(text, start, found.start()), found.start()) if found else None
    if found is None or who is None or (who.source is None and found.start() > start + 2):
        return None
    first, last = found.span("what")
    if opening := dismissals.OBJECT.match(text, first, last):
        first = opening.end()
    points = dismissals.POINTER.fullmatch(found["what"]) is not None
    stop = _next_voice(text, found.end(), end)
    joined = text.find(" and ", found.end(), end)
    stop = joined if 0 <= joined < stop else stop
    passage = replace(
        _voiced(text, Cue("called", stance="denies"), who, first, last),
        shown=(who.start, stop),
        backward=points,
    )
    before = who.start if who.lead_says else who.zone
    shape: Shape = "clause" if opening and opening["link"] == "that" else "noun"
    return _Frame(before, stop, (replace(passage, shape=shape, quoted=False),))


def _pleading(text: str, start: int, end: int) -> _Frame | None:
    """Read "X pleaded not guilty": a denial of what X is accused of."""
    found = dismissals.PLEADED.search(text, start, end)
    who = subject(text, zone(text, start, found.start()), found.start()) if found else None
    if found is None or who is None or (who.source is None and found.start() > start + 2):
        return None
    stop = _next_voice(text, found.end(), end)
    passage = _voiced(text, Cue("pleaded", stance="denies"), who, found.start(), found.end())
    passage = replace(passage, shown=(who.start, stop), backward=True, shape="noun", quoted=False)
    return _Frame(who.start if who.lead_says else who.zone, stop, (passage,))


# -- "could not be verified" -------------------------------------------------------------------------------

_THAT = re.compile(r"\s*(?:that|whether)\s+")


def _backward(text: str, start: int, end: int, match: CueMatch) -> _Frame:
    """Read "it cannot be verified that p"; without p it is about what was said before."""
    found = _THAT.match(text, match.end, end)
    first = zone(text, start, match.start)
    words = found.end() if found else first
    passage = Passage(words, end, (first, end), stance=match.cue.stance, backward=not found, cued=True)
    return _Frame(first, end, (passage,))


# -- "there are suspicions among X that p" -----------------------------------------------------------------

_RUMOURED = re.compile(
    r"\bthere\s+(?:is|are|was|were|have\s+been|has\s+been)\s+(?:\w+\s+){0,2}?"
    r"(?P<what>suspicions?|fears?|concerns?|speculation|rumours?|rumors?|indications?|signs|reports|claims|allegations)"
    r"(?:\s+(?:among|from|by|in)\s+(?P<who>[^,;]{3,60}?))?\s+that\s+",
    re.IGNORECASE,
)


def _rumoured(text: str, start: int, end: int) -> _Frame | None:
    found = _RUMOURED.search(text, start, end)
    if found is None or re.search(r"\bno\b", found.group(), re.IGNORECASE):
        return None
    who = Subject(found["who"] or found["what"], "", found.start(), found.start(), lead_says=False)
    passage = _voiced(text, Cue(found["what"].lower(), hedged=True), who, found.end(), end)
    return _Frame(found.start(), end, (replace(passage, shown=(found.start(), end)),))


# -- "according to X" --------------------------------------------------------------------------------------

_LONGEST_SOURCE = 160
_CITED = re.compile(r",\s*(?=(?:said|says|reported|reports|told|wrote|writes|claimed|claims|announced)\b)")
_NOUN_OPENS = re.compile(r"(?:an?|the|its|his|her|their|this|that|[A-Z])")


def _according(text: str, start: int, end: int) -> _Frame | None:
    found = cues.find_prefix(text[:end], start)
    if found is None:
        return None
    stop = phrase_end(text, found.end(), end)
    source = text[found.end() : stop].strip()
    if not source or len(source) > _LONGEST_SOURCE:
        return None
    if found.group().lower() == "citing" and (cited := _citing(text, start, stop, end)):
        relay = text[start : found.start()].strip(" ,;")
        return replace(cited, passages=tuple(replace(p, source=source, relay=relay) for p in cited.passages))
    description, follows = _apposition(text, stop, end)
    who = Subject(source, description, start, start, lead_says=False)
    return _Frame(start, end, _around(text, who, found.span(), (stop, follows), end))


def _around(text: str, who: Subject, cue: Span, gap: Span, end: int) -> tuple[Passage, ...]:
    """Return what stands around "according to X": two statements, one with a gap, or what follows."""
    start, (stop, follows) = who.zone, gap
    plain = Cue("according to")
    if says_something(text, start, cue[0]):
        before = replace(_voiced(text, plain, who, start, cue[0]), shown=(start, stop))
        after = _voiced(text, plain, who, follows, end)
        return (before, after) if says_something(text, follows, end) else (before,)
    if _NOUN_OPENS.match(text[start : cue[0]].strip(" ,;")):
        return (replace(_voiced(text, plain, who, start, end), hole=(cue[0], follows)),)
    return (replace(_voiced(text, plain, who, follows, end), shown=(start, end)),)


def _citing(text: str, start: int, stop: int, end: int) -> _Frame | None:
    """Read "X, citing Y, said that p"."""
    found = _CITED.match(text, stop, end)
    match = next(_cues(text, found.end(), end), None) if found else None
    if match is None:
        return None
    what = complement(text, match, end)
    who = Subject("", "", start, start, lead_says=False)
    return _prefixed(text, start, end, match, who, what) if what.shape else None


def _apposition(text: str, stop: int, end: int) -> tuple[str, int]:
    """Read ", an armed group, " or ", who asked not to be named …", and where the rest starts."""
    follows = skip(text, stop, end)
    rest = text[follows:end]
    if follows == stop or not re.match(r"(?:an?|the|its|his|her|who|which|whose)\s", rest):
        return "", follows
    comma = rest.find(",")
    relative = rest.startswith(("who", "which", "whose"))
    if comma < 0:
        return (rest, end) if relative else ("", follows)
    if not relative and not says_something(text, follows + comma + 1, end):
        return "", follows
    return rest[:comma], skip(text, follows + comma, end)
