"""Writes headline and summary from rows: each row with who says it and how firmly."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from summarizer.backends.offline import choice, grammar
from summarizer.backends.offline.claims import Row
from summarizer.backends.offline.naming import is_person
from summarizer.domain.draft import DraftClaim, DraftPosition, DraftSentence
from summarizer.domain.vocabulary import ARTICLE_VOICE, UNNAMED
from summarizer.text import names

_LONGEST_HEADLINE, _LONGEST_TOP = 14, 19
_CONSIDERED = 60
"""Rows that come into question for a summary, the weightiest first."""
_LEADING = 8
"""Rows among which a headline is looked for that is short enough."""


@dataclass(frozen=True, slots=True)
class Told:
    """A headline, a summary and the ids of the rows told: a key row is one the summary cites."""

    headline: DraftSentence
    sentences: tuple[DraftSentence, ...]
    key: frozenset[int]


def tell(rows: Sequence[Row], claims: Sequence[DraftClaim], about: Counter[str]) -> Told:
    """Return headline and summary of a claim table; both empty where it is.

    Args:
        rows: The table.
        claims: The same as claims, in the same order.
        about: Words of the article's headline.
    """
    if not claims:
        return Told(DraftSentence(text=""), (), frozenset())
    weights = choice.weights(rows, claims)
    foremost = sorted(range(len(claims)), key=lambda i: (-weights[i], i))[:_CONSIDERED]
    brief = {i: _brief(claims[i]) for i in foremost}
    costs = {i: len(_told(claim).split()) for i, claim in brief.items()}
    groups = choice.groups(rows, brief, weights, costs)
    key = frozenset(claims[i].id for group in groups for i in group)
    sentences = tuple(_sentence([brief[i] for i in group]) for group in groups)
    titled = [weight * (1 + choice.on_topic(row, about)) for weight, row in zip(weights, rows, strict=True)]
    order = sorted(range(len(claims)), key=lambda i: (-titled[i], i))
    leading = [claims[i] for i in order[:_LEADING] if titled[i] >= 0.45 * titled[order[0]]]
    return Told(_headline(leading), sentences, key)


# -- how they are told -------------------------------------------------------------------------------------


def _sentence(group: Sequence[DraftClaim]) -> DraftSentence:
    """Tell rows in one sentence; what the same sources stand on is told once, with all of them."""
    text, at = "", group[0]
    for before, claim in zip((None, *group), (*group, None), strict=True):
        if before and claim and choice.one_voice(before, claim):
            at = _joined(at, claim)
            continue
        if before:
            told = _told(at)
            text = f"{text.rstrip('.')}; {_lowered(told)}" if text else told
        at = claim or at
    return DraftSentence(text=text, claims=tuple(c.id for c in group))


def _joined(first: DraftClaim, second: DraftClaim) -> DraftClaim:
    """Return two rows of the same voices as one; what a voice says stays that voice's to the end."""
    that = (
        " and that "
        if any(p.source != ARTICLE_VOICE or p.stance != "asserts" for p in first.positions)
        else "; "
    )
    return first.model_copy(
        update={"text": f"{first.text.rstrip('.')}{that}{_lowered(_from_speaker(second))}"}
    )


def _headline(leading: Sequence[DraftClaim]) -> DraftSentence:
    """Return the top row cut to a headline's length, its voice kept; else the next row that fits one."""
    cut = _told_short(leading[0])
    told = [(cut, leading[0].id), *((_told(claim).rstrip("."), claim.id) for claim in leading[1:])]
    if len(cut.split()) <= _LONGEST_TOP:
        return DraftSentence(text=cut, claims=(leading[0].id,))
    text, number = next((pair for pair in told if len(pair[0].split()) <= _LONGEST_TOP), told[0])
    return DraftSentence(text=text, claims=(number,))


def _told_short(claim: DraftClaim) -> str:
    text = claim.text.rstrip(".")
    told = _told(claim).rstrip(".")
    while len(told.split()) > _LONGEST_HEADLINE and (shorter := _shortened(text)):
        text = shorter
        told = _told(claim.model_copy(update={"text": f"{text}."})).rstrip(".")
    return told


_LONG, _KEPT = 20, 0.6
"""Words from which a row is told shorter, and the share of them that is kept at least."""


def _brief(claim: DraftClaim) -> DraftClaim:
    """Return a long row without its brackets and last phrases of time and place."""
    text = claim.text.rstrip(".")
    least = _KEPT * len(text.split())
    while len(text.split()) > _LONG and (shorter := _shortened(text)) and len(shorter.split()) >= least:
        text = shorter
    return claim if text == claim.text.rstrip(".") else claim.model_copy(update={"text": f"{text}."})


_BRACKETED = re.compile(r"\s*\([^()]*\)")
_SET_OFF = re.compile(
    r",\s+(?:(?:an?|the|who|which|where|including|according|\w+ing|in|on|at|of|for|from|near|about|with|after|as|early"
    r"|late|some|most|one|two|three)\b|\d)",
    re.IGNORECASE,
)
_EVERY_WORD_COUNTS = re.compile(
    r"\b(?:not?|never|only|all|every|none|nobody|without|if|unless|first|most)\b|n['’]t\b", re.IGNORECASE
)


def _shortened(text: str) -> str:
    """Return a statement without its brackets or its last phrase of time and place, or "" where none can go.

    What is left still has to be true: nothing is cut from negatives, conditions and superlatives.
    """
    if _BRACKETED.search(text):
        return _BRACKETED.sub("", text)
    if _EVERY_WORD_COUNTS.search(text) or ":" in text:
        return ""
    phrases = [
        m.start() for m in re.finditer(r",\s|\s(?=(?:in|on|at|during|with|near|after|early|late)\s)", text)
    ]
    for start in reversed(phrases):
        kept = text[:start]
        if text[start] == "," and not _SET_OFF.match(text, start):  # an item of a list
            continue
        if len(kept.split()) >= 5 and grammar.has_finite(grammar.lex(kept)) and kept.count('"') % 2 == 0:
            return kept
    return ""


def _told(claim: DraftClaim) -> str:
    """Return a row as a sentence that never states as plain fact what is only somebody's word."""
    for_it = [p for p in claim.positions if p.stance == "asserts"]
    against = [p for p in claim.positions if p.stance != "asserts"]
    denying = {p.source for p in against if p.stance == "denies"}
    against = [p for p in against if p.stance == "denies" or p.source not in denying]
    told = _asserted(claim, for_it) if for_it else ""
    if told and against:
        return f"{told.rstrip('.')}, but {_objections(claim, _distinct(against))}."
    for position in _distinct(against):
        told = _opposed(told, claim, position)
    return told


def _objections(claim: DraftClaim, against: Sequence[DraftPosition]) -> str:
    """Return who stands against a row just told: "Renn denies this, and the union did not confirm it"."""
    denying = [p for p in against if p.stance == "denies"]
    doubting = [p for p in against if p.stance != "denies" and p.source != ARTICLE_VOICE]
    turned = any(p.source in {q.source for q in claim.positions if q.stance == "asserts"} for p in denying)
    parts: list[str] = []
    if denying:
        verb = "denies" if len(denying) == 1 else "deny"
        parts.append(f"{'elsewhere ' if turned else ''}{_listed(denying)} {verb} this")
    if doubting:
        parts.append(f"{_listed(doubting)} did not confirm {'it' if parts else 'this'}")
    if len(denying) + len(doubting) < len(against):
        parts.append(f"{'it' if parts else 'this'} could not be confirmed")
    return ", and ".join(parts)


def _listed(positions: Sequence[DraftPosition]) -> str:
    *before, last = [_name(p) for p in positions]
    return f"{', '.join(before)} and {last}" if before else last


def _asserted(claim: DraftClaim, holders: Sequence[DraftPosition]) -> str:
    flat = [p for p in holders if not p.hedged]
    if any(p.source == ARTICLE_VOICE for p in flat):
        return claim.text
    said = _lowered(_from_speaker(claim))
    that = "that " if said.split()[0] in grammar.prepositions() else ""  # "said that near Marl, …"
    if flat:
        who = " and ".join(dict.fromkeys(_name(p) for p in flat[:2]))
        via = f", as reported by {flat[0].via}," if flat[0].via and _name(flat[0]) != flat[0].via else ""
        if claim.kind == "opinion":  # "the city should pay" is held, not reported
            return f"According to {who}{via.rstrip(',')}, {said}"
        return f"{_capital(who)}{via} said {that}{said}"
    first = holders[0]
    if first.source == ARTICLE_VOICE:
        return f"Reportedly, {said}"
    if re.match(rf"{UNNAMED}: (?:it )?(?:is|was|are|were)\b", first.source):
        words = first.source.split(": ", 1)[1]
        return f"{'It ' if not words.startswith('it ') else ''}{words} that {said}".replace("it ", "It ", 1)
    verb = "said it may be that" if "suggest" in said.lower() else "suggested that"
    return f"{_capital(_name(first))} {verb} {said}"


def _is_reported(claim: DraftClaim) -> bool:
    """Tell whether a row is told as what somebody said."""
    return any(p.stance == "asserts" and p.source != ARTICLE_VOICE for p in claim.positions) and not any(
        p.stance == "asserts" and p.source == ARTICLE_VOICE and not p.hedged for p in claim.positions
    )


def _from_speaker(claim: DraftClaim) -> str:
    """Return a row's words with a speaker not named twice ("The union said that it would …")."""
    position = next(
        (p for p in claim.positions if p.stance == "asserts" and not p.hedged), claim.positions[0]
    )
    others = {p.source for p in claim.positions if p.stance == position.stance} - {position.source}
    if position.source == ARTICLE_VOICE or others:
        return claim.text
    name = position.source.removeprefix(f"{UNNAMED}: ").removeprefix("the ")
    forms = [name, name.rsplit(" ", 1)[-1]] if is_person(name) else [name]
    found = re.match(
        rf"(?:The )?(?:{'|'.join(map(re.escape, forms))})(?P<owns>['’]s|['’](?=\s))?\s",
        claim.text,
        re.IGNORECASE,
    )
    return (
        f"{_again(position, owns=bool(found['owns']))} {claim.text[found.end() :]}" if found else claim.text
    )


def _again(position: DraftPosition, *, owns: bool) -> str:
    """Return what a speaker is called the second time: the pronoun of the article, a surname, "it"."""
    said = " ".join(pointer.anchor or "" for pointer in position.evidence)
    found = re.search(r"\b(he|she|his|her)\b", said, re.IGNORECASE)
    if found:
        pronoun = {"his": "he", "her": "she"}.get(found[1].lower(), found[1].lower())
        return {"he": "his", "she": "her"}[pronoun] if owns else pronoun
    if position.source.startswith(UNNAMED):
        return "their" if owns else "they"
    if is_person(position.source):
        surname = position.source.rsplit(" ", 1)[-1]
        return f"{surname}'s" if owns else surname
    return "its" if owns else "it"


def _opposed(told: str, claim: DraftClaim, position: DraftPosition) -> str:
    """Return a row that nobody puts forward as what one source, and then another, will not have."""
    who = _name(position)
    if told:
        will_not = "denies" if position.stance == "denies" else "did not confirm"
        return f"{told.rstrip('.')}, and {who} {will_not} it."
    if position.stance == "denies":
        return f"{_capital(who)} denies {_at_issue(claim)}"
    if position.source == ARTICLE_VOICE:
        return f"It could not be confirmed {_at_issue(claim, sure=True)}"
    return f"{_capital(who)} could not confirm {_at_issue(claim)}"


def _at_issue(claim: DraftClaim, *, sure: bool = False) -> str:
    """Return a row as the object of a verb: "that …", or the bare noun phrase it is."""
    noun = not sure and not grammar.has_finite(grammar.lex(claim.text))
    return f"{'' if noun else 'that '}{_lowered(_from_speaker(claim))}"


def _distinct(positions: Sequence[DraftPosition]) -> list[DraftPosition]:
    return list({(p.source, p.stance): p for p in positions}.values())[:3]


def _name(position: DraftPosition) -> str:
    if position.source == ARTICLE_VOICE:
        return "the article"
    name = position.source.removeprefix(f"{UNNAMED}:").strip()
    return f"the {name}" if _TAKES_ARTICLE.search(name) else name or "an unnamed source"


_TAKES_ARTICLE = re.compile(
    r"^(?!(?:the|an?)\b)(?!\S+['’]s\b)(?:\S+\s)*(?:ministry|department|command|committee|council|union|mission|federation|coalition|agency|trust|board|office|alliance"
    r"|observatory|brigade|army|military|authority)\b",
    re.IGNORECASE,
)


def _lowered(text: str) -> str:
    """Lower a sentence's first letter unless it opens with a name, an acronym or a number."""
    first = re.split(r"[\s,’']", text, maxsplit=1)[0]
    common = first.lower() in grammar.determiners() | grammar.prepositions() | grammar.pronouns() | {
        "there",
        "no",
        "nobody",
        "everyone",
        "everybody",
        "according",
        "reportedly",
        "whoever",
        "coalition",
        "nothing",
        "people",
    }
    if common and first != "I":
        return text[:1].lower() + text[1:]
    named = any(name.start == 0 for name in names.find(f"{text} {text}"))
    return text if named or not first[1:].islower() or first[:1].islower() else _lowered_plural(text, first)


def _lowered_plural(text: str, first: str) -> str:
    """Lower an opening word only where it cannot be a name: a plural, an adverb."""
    return text[:1].lower() + text[1:] if first.endswith(("s", "ly")) else text


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
